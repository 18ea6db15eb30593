"""Recurrence rules of dates (RFC 5545): the dates of one year, in steps that depend on the rule's frequency alone.

A rule is a row of tests that a date passes or not, so a year costs at most 366 of them, also where none passes: no
rule is searched for in years that nobody asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from servstd.calendars.civil import date_of, day_from_civil, weekday_of
from servstd.calendars.zones import LAST_YEAR

FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_INTERVAL: Final = 1000
_LONGEST: Final = 300
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY: Final = re.compile(r"([-+]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL: Final = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:T[0-9]{6})?")
_BOUNDS: Final = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
    "BYEASTER": (-366, 366),
}
_KEYS: Final = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_BOUNDS)


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule of dates, read; an empty `by` asks nothing of a date.

    Args:
        frequency: `DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`.
        interval: Every which day, week, month or year.
        start: The day number from which it counts; None where the rule gives the same dates wherever it is begun.
        until: The last day number on which a date may lie; None for no end.
        count: How many dates there are in all; None for no end.
        week_start: The first day of the week, Monday 0.
        by: By the name of the part (`BYMONTH`, `BYMONTHDAY`, …), the numbers of which a date has one.
        weekdays: Weekdays, Monday 0, each with the `n` of the n-th in its month or year; 0 for each of them.
    """

    frequency: str
    interval: int
    start: int | None
    until: int | None
    count: int | None
    week_start: int
    by: Mapping[str, frozenset[int]]
    weekdays: frozenset[tuple[int, int]]
    _known: dict[int, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_memoryless(self) -> bool:
        """Whether it gives the same dates wherever it is begun."""
        named = (
            self.frequency == "DAILY"
            or self.weekdays
            or any(part in self.by for part in _DATED[self.frequency])
        )
        return self.count is None and self.interval == 1 and bool(named)

    def days(self, year: int) -> tuple[int, ...]:
        """Return its dates in one year, ascending, as day numbers."""
        if year not in self._known:
            first, last = day_from_civil(year, 1, 1), day_from_civil(year + 1, 1, 1) - 1
            first = first if self.start is None else max(first, self.start)
            last = last if self.until is None else min(last, self.until)
            found = self._of_year(year) if first <= last else ()
            self._known[year] = tuple(day for day in found if first <= day <= last)
        return self._known[year]

    def _of_year(self, year: int) -> Iterator[int]:
        for period in self._periods(year):
            if self.interval == 1 or self._is_due(period[0]):
                found = [day for day in period if self._fits(day)]
                yield from _picked(found, self.by["BYSETPOS"]) if "BYSETPOS" in self.by else found

    def _periods(self, year: int) -> Iterator[Sequence[int]]:
        """Yield the days, weeks, months or the year that touch a year, without months that the rule does not name."""
        first, after = day_from_civil(year, 1, 1), day_from_civil(year + 1, 1, 1)
        if self.frequency == "YEARLY":
            yield range(first, after)
            return
        if self.frequency == "WEEKLY":
            for monday in range(self._week_of(first), after, 7):
                yield range(monday, monday + 7)
            return
        for month in sorted(self.by.get("BYMONTH", range(1, 13))):
            days = range(*_month(date(year, month, 1)))
            yield from (days,) if self.frequency == "MONTHLY" else ((day,) for day in days)

    def _is_due(self, day: int) -> bool:
        """Tell whether the interval, counted from the start, takes the period of a day."""
        assert self.start is not None  # noqa: S101 - a rule with an interval counts from one
        return (self._period(day) - self._period(self.start)) % self.interval == 0

    def _period(self, day: int) -> int:
        when = date_of(day)
        if self.frequency == "YEARLY":
            return when.year
        if self.frequency == "MONTHLY":
            return when.year * 12 + when.month
        return self._week_of(day) // 7 if self.frequency == "WEEKLY" else day

    def _week_of(self, day: int) -> int:
        return day - (weekday_of(day) - self.week_start) % 7

    def _fits(self, day: int) -> bool:
        by, when = self.by, date_of(day)
        if "BYMONTH" in by and when.month not in by["BYMONTH"]:
            return False
        if "BYMONTHDAY" in by and not _has(by["BYMONTHDAY"], day, *_month(when)):
            return False
        if "BYYEARDAY" in by and not _has(by["BYYEARDAY"], day, *_year(when)):
            return False
        if "BYWEEKNO" in by and not self._is_week(day, by["BYWEEKNO"]):
            return False
        if "BYEASTER" in by and day - easter(when.year) not in by["BYEASTER"]:
            return False
        if not self.weekdays or (weekday_of(day), 0) in self.weekdays:
            return True
        is_of_year = self.frequency == "YEARLY" and "BYMONTH" not in by
        return self._is_weekday(day, *(_year(when) if is_of_year else _month(when)))

    def _is_weekday(self, day: int, first: int, after: int) -> bool:
        """Tell whether a day is one of the n-th weekdays of a month or a year, counted from either end."""
        place, from_end = (day - first) // 7 + 1, -((after - 1 - day) // 7 + 1)
        return any((weekday_of(day), number) in self.weekdays for number in (place, from_end))

    def _is_week(self, day: int, wanted: frozenset[int]) -> bool:
        """Tell whether a day lies in a week of such a number: week 1 is the first with four days in its year."""
        week = self._week_of(day)
        year = date_of(week + 3).year
        first, after = (self._week_of(day_from_civil(one, 1, 4)) for one in (year, year + 1))
        return (week - first) // 7 + 1 in wanted or (week - after) // 7 in wanted


_DATED: Final = {
    "DAILY": (),
    "WEEKLY": (),
    "MONTHLY": ("BYMONTHDAY",),
    "YEARLY": ("BYYEARDAY", "BYWEEKNO", "BYMONTHDAY", "BYEASTER"),
}
"""By frequency, the parts besides weekdays that name the dates of a period, so that its start need not."""


def parse_rule(text: str, start: int | None = None) -> Rule:
    """Read a recurrence rule of dates.

    What a rule leaves open is that of its start: `FREQ=MONTHLY` from the 15th is every 15th.

    Args:
        text: `FREQ=MONTHLY;BYDAY=-1FR`, in capitals.
        start: The day number from which it counts.

    Raises:
        ValueError: It is no rule, or depends on a start that is not given; the message says what is wrong.

    Example:
        >>> rule = parse_rule("FREQ=MONTHLY;BYMONTHDAY=-1")
        >>> [date_of(day).isoformat() for day in rule.days(2024)[:2]]
        ['2024-01-31', '2024-02-29']
    """
    if len(text) > _LONGEST:
        raise ValueError(f"it has more than {_LONGEST} characters")
    parts = _parts(text)
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES:
        raise ValueError("its FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY")
    interval = _whole("INTERVAL", parts.get("INTERVAL", "1"))
    if interval > MOST_INTERVAL:
        raise ValueError(f"its INTERVAL must be 1 to {MOST_INTERVAL:,}")
    rule = Rule(
        frequency,
        interval,
        start,
        _until(parts["UNTIL"]) if "UNTIL" in parts else None,
        _whole("COUNT", parts["COUNT"]) if "COUNT" in parts else None,
        _week_start(parts.get("WKST", "MO")),
        {name: frozenset(_numbers(name, parts[name])) for name in _BOUNDS if name in parts},
        frozenset(_weekdays(parts["BYDAY"], frequency)) if "BYDAY" in parts else frozenset(),
    )
    if rule.is_memoryless:
        return rule
    if start is None:
        raise ValueError("it depends on the date from which it counts, so `start:` is needed")
    rule = _completed(rule, start)
    if rule.count is None:
        return rule
    return replace(rule, until=_last_counted(rule, start, rule.count), count=None, _known={})


def easter(year: int) -> int:
    """Return the day number of Easter Sunday, by the Gregorian calendar.

    Source: the anonymous Gregorian computus, in Meeus, Astronomical Algorithms, chapter 8.

    Example:
        >>> date_of(easter(2026)).isoformat()
        '2026-04-05'
    """
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return day_from_civil(year, month, day + 1)


def _completed(rule: Rule, start: int) -> Rule:
    """Return a rule that names no dates of a period with those of its start."""
    if rule.weekdays or any(name in rule.by for name in ("BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYEASTER")):
        return rule
    when = date_of(start)
    if rule.frequency == "WEEKLY":
        return replace(rule, weekdays=frozenset({(weekday_of(start), 0)}))
    if rule.frequency == "DAILY":
        return rule
    by = {**rule.by, "BYMONTHDAY": frozenset({when.day})}
    return replace(rule, by={"BYMONTH": frozenset({when.month}), **by} if rule.frequency == "YEARLY" else by)


def _last_counted(rule: Rule, start: int, count: int) -> int | None:
    """Return the day of the last of so many dates; the end of the rule where they are fewer in all years to come."""
    for year in range(date_of(start).year, LAST_YEAR + 2):
        days = rule.days(year)
        if len(days) >= count:
            return days[count - 1]
        count -= len(days)
    return rule.until


def _has(wanted: frozenset[int], day: int, first: int, after: int) -> bool:
    """Tell whether a day is one of those numbered in a stretch, from its beginning or, below 0, from its end."""
    return day - first + 1 in wanted or day - after in wanted


def _picked(days: Sequence[int], places: Iterable[int]) -> list[int]:
    """Return the days at those places of a period, from its beginning or, below 0, from its end."""
    count = len(days)
    return sorted({days[place - 1 if place > 0 else place] for place in places if 1 <= abs(place) <= count})


def _month(when: date) -> tuple[int, int]:
    """Return the first day of a date's month, and the first one after it."""
    year, month = when.year, when.month
    return day_from_civil(year, month, 1), day_from_civil(year + month // 12, month % 12 + 1, 1)


def _year(when: date) -> tuple[int, int]:
    return day_from_civil(when.year, 1, 1), day_from_civil(when.year + 1, 1, 1)


def _parts(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.strip(";").split(";"):
        name, sign, value = part.partition("=")
        if not sign or name not in _KEYS:
            raise ValueError(f"`{part:.40}` is no part of a rule for dates")
        if name in found:
            raise ValueError(f"it names {name} twice")
        found[name] = value
    return found


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise ValueError(f"its {name} must be a whole number from 1 on")
    return int(text)


def _numbers(name: str, text: str) -> Iterator[int]:
    low, high = _BOUNDS[name]
    for one in text.split(","):
        if (
            not re.fullmatch(r"[-+]?[0-9]{1,3}", one)
            or not low <= int(one) <= high
            or (name != "BYEASTER" and not int(one))
        ):
            raise ValueError(
                f"`{name}={one:.40}` is not from {low} to {high}" + (", without 0" if low < 0 else "")
            )
        yield int(one)


def _weekdays(text: str, frequency: str) -> Iterator[tuple[int, int]]:
    for one in text.split(","):
        found = _WEEKDAY.fullmatch(one)
        number = int(found[1] or 0) if found else 0
        if not found or (found[1] and not number):
            raise ValueError(f"`BYDAY={one:.40}` is no weekday: write `MO`, `1MO` or `-1FR`")
        if number and frequency not in ("MONTHLY", "YEARLY"):
            raise ValueError(f"`BYDAY={one}` counts in a month or a year, and its FREQ is {frequency}")
        yield _WEEKDAYS.index(found[2]), number


def _week_start(text: str) -> int:
    if text not in _WEEKDAYS:
        raise ValueError(f"`WKST={text:.40}` is no weekday")
    return _WEEKDAYS.index(text)


def _until(text: str) -> int:
    found = _UNTIL.fullmatch(text)
    with suppress(ValueError):
        if found:
            return day_from_civil(int(found[1]), int(found[2]), int(found[3]))
    raise ValueError(f"`UNTIL={text:.40}` is no date: write `UNTIL=20261231`")
