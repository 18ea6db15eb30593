"""Dates on which the weekly hours do not hold: single dates, yearly ranges, recurrences.

`countries` has the holidays of the `holidays` library, `sources` reads what an author writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from servstd.calendars.civil import day_from_civil, weekday_of, year_of_day
from servstd.calendars.hours import Spans, common, day_text
from servstd.calendars.rrule import Rule
from servstd.errors import Problem


class Closure(NamedTuple):
    """Why a date is closed, and the hours to which a half-day cuts it down."""

    name: str
    hours: Spans = ()

    def both(self, other: Closure) -> Closure:
        """Return what two closures leave of one date: the hours that both leave."""
        left = common(self.hours, other.hours)
        if left == self.hours:
            return self
        return Closure(other.name if left == other.hours else f"{self.name}, {other.name}", left)


class WorkingDay(NamedTuple):
    """A day of the weekend that is worked, because a bridge day is not.

    Args:
        bridge: The date that it makes up for.
        hours: Those that the book gives; None for the hours of the weekday of the bridge day.
    """

    bridge: int
    hours: Spans | None = None

    @property
    def weekday(self) -> int:
        """Return the weekday it stands for, Monday 0."""
        return weekday_of(self.bridge)


class Source(Protocol):
    """What knows the closures of any year, or that it does not know them."""

    @property
    def years(self) -> tuple[int, int] | None:
        """Return the first and last year that the source covers; None for all."""

    @property
    def is_recurring(self) -> bool:
        """Return whether it closes dates for ever, as a yearly range does."""

    @property
    def makes_up(self) -> bool:
        """Return whether it may have working days that make up for bridge days."""

    @property
    def working_hours(self) -> Spans:
        """Return the hours that the book gives to such working days; none where they are those of a weekday."""

    def closures(self, year: int) -> Mapping[int, Closure]:
        """Return the closures of one year by day number."""

    def working_days(self, year: int) -> Mapping[int, WorkingDay]:
        """Return the working days of one year that make up for bridge days, by day number."""

    def words(self) -> str:
        """Return what it is, for messages."""


def united(sources: Iterable[Source], year: int) -> dict[int, Closure]:
    """Return the closures of one year: each source takes what it closes, in whatever order they stand."""
    found: dict[int, Closure] = {}
    for source in sources:
        for day, closure in source.closures(year).items():
            held = found.get(day)
            found[day] = closure if held is None else held.both(closure)
    return found


class _Written:
    """What dates have in common that the author writes: every year is covered, and no day is made up for."""

    __slots__ = ()

    years = None
    makes_up = False
    working_hours: Spans = ()

    def working_days(self, year: int) -> Mapping[int, WorkingDay]:  # noqa: ARG002 - see Source
        """Return nothing."""
        return {}


@dataclass(frozen=True, slots=True)
class Dates(_Written):
    """Close listed dates."""

    days: tuple[int, ...]
    name: str
    hours: Spans = ()

    is_recurring = False

    def closures(self, year: int) -> Mapping[int, Closure]:
        """Return the listed dates of one year."""
        return {day: Closure(self.name, self.hours) for day in self.days if year_of_day(day) == year}

    def words(self) -> str:
        """Return the first date and how many follow."""
        more = f" and {len(self.days) - 1} more" if len(self.days) > 1 else ""
        return day_text(self.days[0]) + more


@dataclass(frozen=True, slots=True)
class Yearly(_Written):
    """Close a range of the year, every year, also across New Year; 29 February only where it exists."""

    first: tuple[int, int]
    last: tuple[int, int]
    name: str
    hours: Spans = ()

    is_recurring = True

    def closures(self, year: int) -> Mapping[int, Closure]:
        """Return the range's dates in one year."""
        january, new_year = day_from_civil(year, 1, 1), day_from_civil(year + 1, 1, 1)
        closure = Closure(self.name, self.hours)
        if self.first == self.last == (2, 29) and new_year - january == 365:
            return {}
        first, last = _day_in(year, self.first, round_up=True), _day_in(year, self.last, round_up=False)
        if self.first <= self.last:
            return dict.fromkeys(range(first, last + 1), closure)
        return dict.fromkeys((*range(january, last + 1), *range(first, new_year)), closure)

    def words(self) -> str:
        """Return the range."""
        return f"{self.first[0]:02d}-{self.first[1]:02d}..{self.last[0]:02d}-{self.last[1]:02d} every year"


def _day_in(year: int, month_day: tuple[int, int], *, round_up: bool) -> int:
    try:
        return day_from_civil(year, *month_day)
    except ValueError:
        return day_from_civil(year, 3, 1) if round_up else day_from_civil(year, 2, 28)


@dataclass(frozen=True, slots=True)
class Recurrence(_Written):
    """Close the dates of an RFC 5545 recurrence rule."""

    text: str
    rule: Rule = field(hash=False)
    name: str
    hours: Spans = ()

    is_recurring = True

    def closures(self, year: int) -> Mapping[int, Closure]:
        """Return the rule's dates in one year."""
        return dict.fromkeys(self.rule.days(year), Closure(self.name, self.hours))

    def words(self) -> str:
        """Return the rule."""
        return f"`{self.text}`"


def uncovered(source: Source, year: int) -> Problem:
    """Return the problem of a year for which a source has no data."""
    years = source.years
    span = f" It covers {years[0]} to {years[1]}." if years else ""
    return Problem(
        "SV221",
        f"{source.words()} say nothing about {year}; an empty year would count every holiday as open.{span}",
        help="give the dates of that year under `holidays:`, or a version of the calendar that begins later.",
    )
