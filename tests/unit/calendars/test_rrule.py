"""Recurrence rules: dates worked out by hand from a wall calendar, what is refused, and how long a rule is searched."""

from __future__ import annotations

import re
from datetime import date

import pytest

from servstd.calendars import rrule
from servstd.calendars.civil import date_of, day_of
from servstd.calendars.rrule import parse_rule

# March 2026 begins on a Sunday; Easter 2026 is 5 April.
DATES = {
    "each Monday of March": ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20260331", "2026-03-01", ["03-02", "03-09", "03-16", "03-23", "03-30"]),
    "each other Monday": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=3", "2026-03-02", ["03-02", "03-16", "03-30"]),
    "the last weekday of a month": ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "2026-01-01", ["01-30", "02-27", "03-31"]),
    "first Mondays and last Fridays": ("FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=4", "2026-03-01", ["03-02", "03-27", "04-06", "04-24"]),
    "plain and numbered weekdays beside each other": ("FREQ=MONTHLY;BYDAY=SU,1MO;UNTIL=20260315", "2026-03-01", ["03-01", "03-02", "03-08", "03-15"]),
    "the day of the start, where none is named": ("FREQ=MONTHLY;COUNT=2", "2026-01-31", ["01-31", "03-31"]),
    "the date of the start, each year": ("FREQ=YEARLY;COUNT=1", "2026-05-04", ["05-04"]),
    "the third day, counted": ("FREQ=DAILY;INTERVAL=3;COUNT=3", "2026-02-27", ["02-27", "03-02", "03-05"]),
    "week 1 begins in December": ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,TH", "2026-01-01", ["01-01"]),
    "Good Friday": ("FREQ=YEARLY;BYEASTER=-2", "2026-01-01", ["04-03"]),
    "the last day of the year": ("FREQ=YEARLY;BYYEARDAY=-1", "2026-01-01", ["12-31"]),
    "until and count, whichever comes first": ("FREQ=DAILY;COUNT=9;UNTIL=20260302", "2026-03-01", ["03-01", "03-02"]),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "start", "wanted"), DATES.values(), ids=DATES)
def test_a_rule_gives_these_dates(rule: str, start: str, wanted: list[str]) -> None:
    days = parse_rule(rule, day_of(date.fromisoformat(start))).days(2026)
    assert [f"{date_of(day):%m-%d}" for day in days] == wanted


REFUSED = {
    "FREQ=HOURLY": "its FREQ must be",
    "FREQ=DAILY;FREQ=DAILY": "names FREQ twice",
    "FREQ=DAILY;HOURS=3": "`HOURS=3` is no part",
    "FREQ=DAILY;BYHOUR=3": "`BYHOUR=3` is no part",
    "FREQ=DAILY;INTERVAL=1001": "its INTERVAL must be 1 to 1,000",
    "FREQ=DAILY;COUNT=0": "its COUNT must be a whole number",
    "FREQ=DAILY;BYMONTH=13": "is not from 1 to 12",
    "FREQ=MONTHLY;BYMONTHDAY=0": "is not from -31 to 31, without 0",
    "FREQ=WEEKLY;BYDAY=1MO": "counts in a month or a year",
    "FREQ=WEEKLY;BYDAY=XX": "no weekday",
    "FREQ=WEEKLY;BYDAY=MO;WKST=XX": "no weekday",
    "FREQ=DAILY;UNTIL=20260230": "is no date",
    "FREQ=MONTHLY": "depends on the date from which it counts",
    "FREQ=DAILY;" + "BYMONTH=1," * 40: "more than 300 characters",
}


@pytest.mark.parametrize(("rule", "why"), REFUSED.items(), ids=[rule[:40] for rule in REFUSED])
def test_what_is_no_rule_says_why(rule: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        parse_rule(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYDAY=MO;BYYEARDAY=366;BYMONTH=1",
    ],
)
def test_a_rule_that_matches_nothing_is_searched_in_the_year_that_is_asked_for(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tested: list[int] = []
    fits = rrule.Rule._fits
    monkeypatch.setattr(rrule.Rule, "_fits", lambda self, day: tested.append(day) or fits(self, day))
    read = parse_rule(rule)
    assert read.days(2026) == read.days(2026) == ()
    assert len(tested) <= 53 * 7
    assert {date_of(day).year for day in tested} <= {2025, 2026, 2027}


def test_the_dates_of_a_count_are_searched_for_in_the_years_of_calendars_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tested: list[int] = []
    fits = rrule.Rule._fits
    monkeypatch.setattr(rrule.Rule, "_fits", lambda self, day: tested.append(day) or fits(self, day))
    parse_rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", day_of(date(2026, 1, 1)))
    assert date_of(max(tested)).year <= rrule.LAST_YEAR + 1
