"""How late something was: on a clock, in local dates, in months; all in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from servstd.calendars import Calendar, DateLimit
from servstd.calendars.civil import add_months
from servstd.durations import Span
from servstd.intervals import DAY_US

_LONGEST_MONTH = 31

Owed = Literal["owed", "claimable", "lapsed", "unknown"]


class Cause(NamedTuple):
    """Be what a consequence follows from, in whole microseconds.

    Args:
        case: The case's key as text; empty for a window.
        occurrence: Which verdict of the case; 0 for a window.
        window: The window's name.
        segment: Its segment.
        started_us: The start of the verdict or of the window.
        at_us: When it arose.
        due_us: The due instant; None where there is none.
        ended_us: The end; None while nothing has ended it.
        elapsed: What was used, in the standard's unit.
        over: By how much the limit is passed, in that unit; None where it has none.
        counts_time: Whether that unit is open time.
        share: The exact share of its window that was used, or the value of the objective.
        unit: The unit of an objective's value: `share`, `time`, …; empty for a verdict.
        objective: The objective as text; empty for a verdict.
        claim: What came of the claim; None where none is needed.
    """

    case: str
    occurrence: int
    window: str
    segment: str
    started_us: int
    at_us: int
    due_us: int | None = None
    ended_us: int | None = None
    elapsed: int | Decimal | None = None
    over: int | Decimal | None = None
    counts_time: bool = False
    share: Fraction | None = None
    unit: str = ""
    objective: str = ""
    claim: Claim | None = None


class Claim(NamedTuple):
    """Be what came of a claim, in whole microseconds."""

    status: Owed
    until_us: int | None
    claimed_us: int | None


@dataclass(frozen=True, slots=True)
class Lateness:
    """Measure how long something took, and how far past its due instant it was.

    Args:
        calendar: Whose hours are open time.
        dated: Whose dates count; it has a zone.
        as_of_us: The end of what nothing has ended.
        with_due_date: Whether the due date itself counts as a late one.
    """

    calendar: Calendar
    dated: Calendar
    as_of_us: int
    with_due_date: bool = False

    def end_us(self, cause: Cause) -> int:
        """Return the end, or now."""
        return self.as_of_us if cause.ended_us is None else cause.ended_us

    def time_us(self, span: Span, cause: Cause) -> int | None:
        """Return the µs past the limit: on the standard's own clock, its pauses left out, where it counts time.

        None where there is nothing to be late for.
        """
        if cause.counts_time and cause.over is not None and span.clock != "calendar":
            return max(int(cause.over), 0)
        if cause.due_us is None:
            return None
        return max(self._passed_us(span, cause.due_us, cause), 0)

    def time_taken_us(self, span: Span, cause: Cause) -> int:
        """Return the µs from the start: on the standard's own clock, where it counts time."""
        if cause.counts_time and cause.elapsed is not None and span.clock != "calendar":
            return int(cause.elapsed)
        return self._passed_us(span, cause.started_us, cause)

    def _passed_us(self, span: Span, from_us: int, cause: Cause) -> int:
        if span.clock == "business":
            return self.calendar.elapsed_us(from_us, self.end_us(cause))
        return self.end_us(cause) - from_us

    def dates_late(self, limit: DateLimit, cause: Cause) -> int | None:
        """Return how many local dates, or months, past the due instant have begun; None where nothing is due.

        The end of a day is the first instant of the next: what is due by the end of Monday and comes on Tuesday is
        one day late. What is still in time at its due instant has that instant's date as its due date.
        """
        if cause.due_us is None:
            return None
        last, end = self._date(_in_time_us(cause)), self._date(self.end_us(cause))
        if self.end_us(cause) < cause.due_us:
            return 0
        if limit.unit == "months":
            return self._months(last, end) + 1
        return self._dates(limit, last, end) + self.with_due_date

    def dates_over(self, limit: DateLimit, cause: Cause) -> int | None:
        """Return how many of these dates, or months, are over as well: that of the end is not."""
        if cause.due_us is None:
            return None
        last, end = self._date(_in_time_us(cause)), self._date(self.end_us(cause))
        if end <= last:
            return 0
        if limit.unit == "months":
            return self._months(last, end)
        return self._dates(limit, last, end - 1) + self.with_due_date

    def dates_elapsed(self, limit: DateLimit, cause: Cause) -> int:
        """Return how many local dates after that of the start have begun, or how many months are over."""
        first, last = self._date(cause.started_us), self._date(self.end_us(cause))
        return self._months(first, last) if limit.unit == "months" else self._dates(limit, first, last)

    def until_us(self, limit: Span | DateLimit, from_us: int) -> int:
        """Return the instant until which something may come, counted from another."""
        if isinstance(limit, DateLimit):
            return self.dated.due_us(limit, from_us)
        if limit.clock == "calendar":
            return from_us + limit.us
        return self.calendar.add_us(from_us, limit.us)

    def _dates(self, limit: DateLimit, first: int, last: int) -> int:
        """Return how many dates lie after one, up to another; open ones where those are meant."""
        return self.dated.open_dates(first, last) if limit.unit == "business days" else last - first

    def _date(self, at_us: int) -> int:
        """Return a local date as its number."""
        return self.dated.zone.local_us(at_us) // DAY_US

    def _months(self, first: int, last: int) -> int:
        """Return how many months from one date are over at another; a month is clamped to its last day."""
        number = max((last - first - 1) // _LONGEST_MONTH, 0)
        while add_months(first, number + 1) < last:
            number += 1
        return number


def _in_time_us(cause: Cause) -> int:
    """Return the last instant that was in time: the due instant, or, where that is late itself, the one before."""
    due = cause.due_us or 0
    return due - (cause.at_us <= due)
