"""The law of date limits: under one rule and one calendar, a later start is never due earlier.

It holds for every end but `same_time`, without pauses, and where a cutoff stands with `closed_start: next_open`.
"""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from property.calendars.words import situations

from servstd.calendars import Calendar, parse_date_limit
from servstd.errors import NeverOpens

MINUTE = 60_000_000
DAY = 1440 * MINUTE
EARLY, CLOSED = ["same", "open"], ["same", "next_open", "next_day", "previous_day"]
DAY_ONE, ROLL = ["next", "same"], ["none", "forward", "backward"]
ENDS = ["end_of_day", "close_of_business", "17:00", "30:00"]
CUTOFFS = [
    "01:45",
    "08:00",
    "23:30",
    "close_of_business",
    {"mon-fri": "14:00", "sun": "close_of_business"},
    {"sat": "02:30", "tue": "23:59"},
]
NAMES = ("cutoff", "early_start", "closed_start", "day_one", "roll", "ends")
RULES = [
    dict(zip(NAMES, rule, strict=True))
    for rule in (
        *product([None], EARLY, CLOSED, DAY_ONE, ROLL, ENDS),
        *product(CUTOFFS, EARLY, ["next_open"], DAY_ONE, ROLL, ENDS),
    )
]
"""Every rule for which the law is stated."""
LIMITS = ["1 business day", "3 business days", "4 days", "1 month"]


def day_number(day):
    return (day - date(1970, 1, 1)).days


def check(calendar, rule, limit, starts):
    read = parse_date_limit(limit, **rule)
    due = calendar.due_array(read, starts)
    falls = np.flatnonzero(np.diff(due) < 0)
    assert not len(falls), [(int(starts[at]), int(due[at]), int(due[at + 1])) for at in falls[:3]]
    for at in (0, len(starts) // 2, len(starts) - 1):
        assert calendar.due_us(read, int(starts[at])) == due[at]


HARD = {
    "Newfoundland shows the evening of Saturday once more, at a minute past its midnight": (
        {"timezone": "America/St_Johns", "hours": {"fri-mon": "09:00-17:00", "tue": "22:00-30:00"}},
        date(2006, 10, 29),
    ),
    "the shift of Friday ends after that of Saturday": (
        {
            "timezone": "Europe/London",
            "hours": {"mon-thu": ["09:00-12:00", "13:00-17:00"], "fri": "22:00-06:00", "sat": "00:00-05:00"},
            "holidays": [{"date": "2026-10-26", "hours": "08:00-12:30"}],
        },
        date(2026, 10, 25),
    ),
    "a shift of eighteen hours over a change of half an hour": (
        {"timezone": "Australia/Lord_Howe", "hours": {"sun,tue": "22:00-40:00", "mon,wed": "08:00-10:00"}},
        date(2026, 4, 5),
    ),
    "midnight comes twice in Havana, where Saturday closes on Sunday evening": (
        {
            "timezone": "America/Havana",
            "hours": {"sat": "23:30-47:30", "sun": "00:30-02:30"},
            "exceptions": {"2026-11-03": "23:00-23:30", "2026-11-04": []},
        },
        date(2026, 11, 1),
    ),
    "a date that Samoa left out": (
        {"timezone": "Pacific/Apia", "hours": {"mon-fri": "09:00-17:00"}},
        date(2011, 12, 31),
    ),
    "a Sunday that is worked for a Thursday": (
        {
            "timezone": "Asia/Shanghai",
            "hours": {"mon-fri": "09:00-18:00", "sat": "10:00-12:00"},
            "holidays": "CN",
        },
        date(2024, 2, 4),
    ),
    "a night that opens the next morning": (
        {"timezone": "UTC", "hours": {"daily": "22:00-30:00"}, "breaks": {"mon,thu": "22:00-24:30"}},
        date(2026, 3, 3),
    ),
    "holidays that mask the end of a night": (
        {
            "timezone": "America/New_York",
            "hours": {"daily": "20:00-32:00"},
            "holidays": ["2026-11-01", {"date": "2026-11-03", "hours": "00:00-04:00"}],
            "holidays_cut": "mask",
        },
        date(2026, 11, 1),
    ),
    "dates of two zones": (
        {
            "union": [
                {"timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:00"}},
                {"timezone": "Asia/Tokyo", "hours": {"mon,sat": "09:00-17:00"}},
            ]
        },
        date(2026, 10, 25),
    ),
    "a calendar that never closes": (
        {"timezone": "Europe/London", "hours": "00:00-24:00"},
        date(2026, 10, 25),
    ),
}


@pytest.mark.parametrize(("words", "day"), HARD.values(), ids=HARD)
def test_under_every_rule_a_later_start_is_never_due_earlier(words, day):
    """Starts each 29 minutes over five days, and twice a minute around midnight and two."""
    midnight = day_number(day) * DAY
    coarse = midnight - 3 * DAY + MINUTE * 29 * np.arange(5 * 50)
    fine = midnight + MINUTE // 2 * np.arange(-90, 2 * 10 * 60 if words.get("timezone") else 0, 3)
    starts = np.unique(np.concatenate([coarse, fine, fine + 1]))
    calendar = Calendar(**words)
    for rule, limit in product(RULES, LIMITS):
        check(calendar, rule, limit, starts)


@st.composite
def questions(draw):
    """Draw a calendar, a rule, a limit, and a start each minute around a change of the clocks."""
    words, day, _ = draw(situations(days=3, depth=1))
    first = (day_number(day) - draw(st.integers(1, 3))) * DAY + draw(st.sampled_from([0, 1, 59_999_999]))
    starts = first + MINUTE * np.arange(5 * 1440)
    return words, draw(st.sampled_from(RULES)), draw(st.sampled_from(LIMITS)), starts


def check_drawn(words, *question):
    try:
        check(Calendar(**words), *question)
    except NeverOpens:
        assume(False)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions())
def test_a_later_start_is_never_due_earlier_on_any_calendar(question):
    check_drawn(*question)


@pytest.mark.fuzz
@settings(max_examples=4000, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions())
def test_a_later_start_is_never_due_earlier_on_many_calendars(question):
    check_drawn(*question)
