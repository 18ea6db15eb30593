"""Date limits against an oracle that counts `datetime.date`s one by one, and arrays against single answers."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from property.calendars.minute_oracle import DAYS, zone_of
from property.calendars.words import HARD_ZONES, change_dates

from servstd.calendars import Calendar, parse_date_limit
from servstd.intervals import instant_us

ONE = timedelta(days=1)


def midnight(day):
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - what a wall clock shows


@cache
def first_instant(name, day, minute, micros=0):
    """Return the first instant at which the local clock shows that time or later, by trying minute after minute."""
    zone = zone_of(name)
    wanted = midnight(day) + timedelta(minutes=minute, microseconds=micros)
    at = (wanted - timedelta(hours=30)).replace(tzinfo=UTC)
    while at.astimezone(zone).replace(tzinfo=None) < wanted:
        at += timedelta(minutes=1)  # no larger: Newfoundland went back one minute past midnight
    shown = at.astimezone(zone).replace(tzinfo=None)
    exact = at - (shown - wanted)
    if exact.astimezone(zone).replace(tzinfo=None) == wanted:
        return exact
    return at.replace(second=0, microsecond=0)  # skipped: the change itself


def minutes(text):
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


class Oracle:
    def __init__(self, words):
        self.words, self.name = words, words["timezone"]

    def first(self, day, minute, micros=0):
        return first_instant(self.name, day, minute, micros)

    def shown(self, at):
        return at.astimezone(zone_of(self.name)).replace(tzinfo=None)

    def dated(self, at):
        """Return the date that has begun last, and the clock time on it."""
        shown = self.shown(at)
        if self.first(shown.date() + ONE, 0) <= at:
            return shown.date() + ONE, timedelta(0)
        return shown.date(), shown - midnight(shown)

    def shifts(self, day):
        """Return the instants at which the shifts of a date open and close; none where they are cut away."""
        spans = [
            tuple(minutes(part) for part in text.split("-"))
            for text in self.words["hours"].get(DAYS[day.weekday()], [])
        ]
        for entry in self.words["holidays"]:
            if entry["date"] == day.isoformat():
                low, high = (minutes(part) for part in entry.get("hours", "00:00-00:00").split("-"))
                spans = [(max(start, low), min(end, high)) for start, end in spans]
        instants = [(self.first(day, start), self.first(day, end)) for start, end in spans if start < end]
        return [(start, end) for start, end in instants if start < end]

    def is_open(self, day):
        return bool(self.shifts(day))

    def opening(self, day):
        return self.shifts(day)[0][0]

    def closing(self, day):
        return max(end for each in (day - ONE, day) for _, end in self.shifts(each))

    def step(self, day, count):
        while count:
            day += ONE if count > 0 else -ONE
            count -= (1 if count > 0 else -1) if self.is_open(day) else 0
        return day

    def due(self, count, unit, start, rules):
        day, clock = self.start(start, rules)
        sign = 1 if count >= 0 else -1
        own = rules["day_one"] == "same" and count != 0
        if unit == "business days":
            day = self.step(day - sign * ONE * own, count)
        elif unit == "days":
            day += count * ONE - sign * ONE * own
        else:
            month = day.year * 12 + day.month - 1 + count
            year, month = month // 12, month % 12 + 1
            day = date(year, month, min(day.day, monthrange(year, month)[1])) - sign * ONE * own
        if rules["roll"] != "none" and not self.is_open(day):
            day = self.step(day, 1 if rules["roll"] == "forward" else -1)
        if rules["ends"] == "same_time":
            return self.first(day, 0, clock // timedelta(microseconds=1))
        if rules["ends"] == "close_of_business" and self.is_open(day):
            return self.closing(day)
        if rules["ends"] == "17:00":
            return self.first(day, 1020)
        return self.first(day + ONE, 0)

    def start(self, start, rules):
        day, clock = self.dated(start)
        if not self.is_open(day):
            if rules["closed_start"] == "next_open":
                return self.opened(self.step(day, 1))
            if rules["closed_start"] == "same":
                return day, clock
            day = self.step(day, 1 if rules["closed_start"] == "next_day" else -1)
            start = self.first(day, 0, clock // timedelta(microseconds=1))
        if self.is_late(start, day, rules["cutoff"]):
            return self.opened(self.step(day, 1))
        if rules["early_start"] == "open" and start < self.opening(day):
            return self.opened(day)
        return day, clock

    def is_late(self, start, day, cutoff):
        if isinstance(cutoff, dict):
            cutoff = cutoff.get(DAYS[day.weekday()])
        if cutoff is None:
            return False
        return start > (
            self.closing(day) if cutoff == "close_of_business" else self.first(day, minutes(cutoff))
        )

    def opened(self, day):
        """Return an open date and its opening as a clock time, past 24:00 where it opens the next morning."""
        return day, self.shown(self.opening(day)) - midnight(day)


SPANS = [
    ["09:00-17:00"],
    ["00:30-02:30"],
    ["02:15-23:00"],
    ["09:00-12:00", "13:00-17:00"],
    ["22:00-30:00"],
    ["20:30-46:00"],
    ["00:00-24:00"],
]
CUTOFFS = [
    None,
    "14:00",
    "01:45",
    "close_of_business",
    {"tue": "12:00", "sat": "close_of_business"},
    {"sun": "00:20"},
]


@st.composite
def questions(draw):
    zone = draw(st.sampled_from(HARD_ZONES))
    day = draw(st.sampled_from(change_dates(zone))) + timedelta(days=draw(st.integers(-12, 3)))
    open_days = draw(st.lists(st.sampled_from(DAYS), min_size=1, unique=True))
    near = {day + timedelta(days=draw(st.integers(-20, 30))) for _ in range(draw(st.integers(0, 4)))}
    words = {
        "timezone": zone,
        "hours": {name: draw(st.sampled_from(SPANS)) for name in open_days},
        "holidays": [
            {"date": each.isoformat(), **draw(st.sampled_from([{}, {"hours": "08:00-14:30"}]))}
            for each in sorted(near)
        ],
    }
    rules = {
        "cutoff": draw(st.sampled_from(CUTOFFS)),
        "early_start": draw(st.sampled_from(["same", "open"])),
        "closed_start": draw(st.sampled_from(["same", "next_open", "next_day", "previous_day"])),
        "day_one": draw(st.sampled_from(["next", "same"])),
        "roll": draw(st.sampled_from(["none", "forward", "backward"])),
        "ends": draw(st.sampled_from(["end_of_day", "close_of_business", "same_time", "17:00"])),
    }
    count, unit = draw(
        st.sampled_from(
            [
                (1, "business days"),
                (3, "business days"),
                (10, "business days"),
                (5, "days"),
                (1, "days"),
                (1, "months"),
                (14, "months"),
            ]
        )
    )
    starts = [
        datetime(day.year, day.month, day.day, tzinfo=UTC)
        + timedelta(minutes=draw(st.integers(-1440, 2880)), microseconds=draw(st.sampled_from([0, 1])))
        for _ in range(3)
    ]
    return words, rules, count, unit, starts


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions())
def test_due_dates_agree_with_counting_dates(question):
    check(question)


@pytest.mark.fuzz
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions())
def test_many_due_dates_agree(question):
    check(question)


def check(question):
    words, rules, count, unit, starts = question
    calendar, oracle = Calendar(**words), Oracle(words)
    limit = parse_date_limit(f"{count} {unit}", **rules)
    wanted = [oracle.due(count, unit, start, rules) for start in starts]
    assert [calendar.due(limit, start=start) for start in starts] == wanted
    at = np.array([instant_us(start) for start in starts])
    assert calendar.due_array(limit, at).tolist() == [instant_us(each) for each in wanted]
    if not any(span[-5:] > "24:00" for spans in words["hours"].values() for span in spans):
        # The same dates through an expression: what is open, and when, is the same while no shift leaves its date.
        doubled = calendar | calendar
        assert [doubled.due(limit, start=start) for start in starts] == wanted


def test_a_date_that_never_was_is_no_business_day():
    """Kwajalein went from Friday 20 to Sunday 22 August 1993: one business day from Friday is Monday."""
    words = {
        "timezone": "Pacific/Kwajalein",
        "hours": {"mon": ["09:00-17:00"], "tue": ["09:00-17:00"], "sat": ["09:00-17:00"]},
        "holidays": [],
    }
    rules = {
        "cutoff": None, "early_start": "same", "closed_start": "same", "day_one": "next", "roll": "none",
        "ends": "end_of_day",
    }  # fmt: skip
    friday = datetime(1993, 8, 21, 0, 0, tzinfo=UTC)  # noon of the 20th there
    assert Calendar(**words).due("1 business day", start=friday) == datetime(1993, 8, 23, 12, 0, tzinfo=UTC)
    check((words, rules, 1, "business days", [friday] * 3))
