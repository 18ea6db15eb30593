"""Limits of dates (semantics §3, §4.8): local dates on a calendar, and what a day rule says of them."""

from datetime import date, timedelta

from .calendars import intersection, length, union, weekdays
from .instants import DAY, clock_of, clock_text, date_of, local_date_time

RULE = {
    "cutoff": None,
    "early_start": "same",
    "closed_start": "same",
    "day_one": "next",
    "roll": "none",
    "ends": "end_of_day",
}


class Dates:
    """The dates of one clock under one limit."""

    def __init__(self, calendar, zone, rule):
        self.calendar, self.zone, self.rule = calendar, zone, RULE | (rule or {})

    # Which dates are open ----------------------------------------------------------------------------------------
    def is_open(self, day):
        return self.calendar.is_open_date(day)

    def opening(self, day):
        return self.hours(day)[0][0]

    def closing(self, day):
        return self.hours(day)[-1][1]

    def hours(self, day):
        if hasattr(self.calendar, "of_date"):
            return self.calendar.of_date(day)
        return [(local_date_time(self.zone, day, 0), local_date_time(self.zone, day, DAY))]

    def step(self, day, by=1):
        """The next (or last) open date after (or before) a date."""
        for _ in range(4000):
            day += timedelta(days=by)
            if self.is_open(day):
                return day
        raise ValueError("the calendar never opens")

    # Where the count begins --------------------------------------------------------------------------------------
    def begin(self, start):
        """The instant from which the dates are counted: cutoff, early_start, closed_start, in this order."""
        day = date_of(self.zone, start)
        if self.is_open(day):
            return self.begin_on_open(day, start)
        how = self.rule["closed_start"]
        if how == "next_open":
            return self.opening(self.step(day))
        if how in (
            "next_day",
            "previous_day",
        ):  # they keep the clock time, which the cutoff is held against (silent.md 22)
            other = self.step(day, 1 if how == "next_day" else -1)
            return self.begin_on_open(other, local_date_time(self.zone, other, clock_of(self.zone, start)))
        return start

    def begin_on_open(self, day, start):
        cutoff = self.cutoff(day)
        if cutoff is not None and start > cutoff:
            return self.opening(self.step(day))
        if self.rule["early_start"] == "open" and start < self.opening(day):
            return self.opening(day)
        return start

    def cutoff(self, day):
        cutoff = self.rule["cutoff"]
        if isinstance(cutoff, dict):
            cutoff = next((value for key, value in cutoff.items() if day.weekday() in weekdays(key)), None)
        if cutoff is None:
            return None
        return (
            self.closing(day)
            if cutoff == "close_of_business"
            else local_date_time(self.zone, day, clock_text(cutoff))
        )

    # Counting ----------------------------------------------------------------------------------------------------
    def last_day(self, limit, start, counts=lambda day: True):
        day = date_of(self.zone, self.begin(start))
        if limit.unit == "month":
            last = months_later(day, limit.number)
            return last - timedelta(days=1) if self.rule["day_one"] == "same" else last
        number = limit.number * (7 if limit.unit == "week" else 1)
        if self.rule["day_one"] == "next":
            day += timedelta(days=1)
        for _ in range(4000):
            if (not limit.business or self.is_open(day)) and counts(day):
                number -= 1
                if number <= 0:
                    return day
            day += timedelta(days=1)
        return None

    def due(self, limit, start, counts=lambda day: True):
        """The due, and whether it is inclusive."""
        day = self.last_day(limit, start, counts)
        if day is None:
            return None, False
        if self.rule["roll"] != "none" and not self.is_open(day):
            day = self.step(day, 1 if self.rule["roll"] == "forward" else -1)
        return self.end_of(day, start)

    def end_of(self, day, start):
        ends = self.rule["ends"]
        if ends == "end_of_day":
            return local_date_time(self.zone, day, DAY), False
        if ends == "close_of_business":
            return (self.closing(day) if self.is_open(day) else local_date_time(self.zone, day, DAY)), True
        if ends == "same_time":
            return local_date_time(self.zone, day, clock_of(self.zone, self.begin(start))), True
        return local_date_time(self.zone, day, clock_text(ends)), True

    def passed(self, limit, start, at, counts):
        """How many dates count from the start to an instant."""
        day, last = date_of(self.zone, self.begin(start)), date_of(self.zone, at)
        if self.rule["day_one"] == "next":
            day += timedelta(days=1)
        number = 0
        while day <= last:
            number += (not limit.business or self.is_open(day)) and counts(day)
            day += timedelta(days=1)
        return number


def months_later(day, number):
    year, month = divmod(day.month - 1 + number, 12)
    year, month = day.year + year, month + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return None


def of_clock(clock, judged_at):
    name = clock.terms_at(judged_at).calendar
    calendar = clock.book.calendar(name, clock.case, judged_at)
    zone = calendar.zone if calendar.zone is not None else clock.book.zone
    return Dates(calendar, zone, clock.standard.get("day_rule"))


def due_of_dates(clock, limit, judged_at):
    """§4.8: the due under the pauses of the clock."""
    dates = of_clock(clock, judged_at)
    how = clock.standard.get("pauses")
    if how == "shift":
        forever = (clock.end is None and clock.hold.at(clock.horizon)) or (
            clock.end is not None and clock.is_held_at_horizon()
        )
        return dates.due(limit, clock.base, lambda day: not stands(clock, dates, day, forever))
    due, inclusive = dates.due(limit, clock.base)
    held = clock.paused_open_time(judged_at)
    if how == "time" and held:
        from .calendars import add

        return add(dates.calendar, due, held), True
    return due, inclusive


def stands(clock, dates, day, forever=False):
    """A date at whose closing time the clock stands does not count, if the pause has cost open time of that date."""
    hours = dates.hours(day) if dates.is_open(day) else []
    if not hours or (hours[-1][1] > clock.horizon and not forever):
        return False
    held = clock.hold.stretches(clock.horizon)
    if forever:  # as far as is known, it will be held on
        held = union(held, [(clock.horizon, clock.horizon + 5000 * DAY)])
    at_close = any(a < hours[-1][1] <= b for a, b in held)
    return at_close and length(intersection(hours, held)) > 0


def passed(clock, limit, us):
    dates = of_clock(clock, us)
    counts = (
        (lambda day: not stands(clock, dates, day))
        if clock.standard.get("pauses") == "shift"
        else (lambda day: True)
    )
    return dates.passed(limit, clock.base, us, counts)
