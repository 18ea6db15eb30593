"""How late something was: on a clock, in local dates, in months; all in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from servstd.calendars import Calendar, DateLimit
from servstd.durations import Span

_DAY_US = 86_400_000_000

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

    def time_us(self, span: Span, cause: Cause) -> int:
        """Return the µs past the limit: on the standard's own clock, its pauses left out, where it counts time."""
        if cause.counts_time and cause.over is not None and span.clock != "calendar":
            return max(int(cause.over), 0)
        if cause.due_us is None:
            return 0
        if span.clock == "business":
            return max(self.calendar.elapsed_us(cause.due_us, self.end_us(cause)), 0)
        return max(self.end_us(cause) - cause.due_us, 0)

    def dates_late(self, limit: DateLimit, cause: Cause) -> int:
        """Return how many local dates, or months, past the due instant have begun.

        The end of a day is the first instant of the next: what is due by the end of Monday and comes on Tuesday is
        one day late.
        """
        if cause.due_us is None or self.end_us(cause) < cause.due_us:
            return 0
        last = cause.due_us - 1
        if limit.unit == "months":
            return self._months(last, self.end_us(cause)) + 1
        return self._dates(limit, last, self.end_us(cause)) + self.with_due_date

    def dates_elapsed(self, limit: DateLimit, cause: Cause) -> int:
        """Return how many local dates after that of the start have begun, or how many months are over."""
        if limit.unit == "months":
            return self._months(cause.started_us, self.end_us(cause))
        return self._dates(limit, cause.started_us, self.end_us(cause))

    def _dates(self, limit: DateLimit, first_us: int, last_us: int) -> int:
        if limit.unit == "business days":
            return self.dated.business_days(first_us, last_us)
        local = self.dated.zone.local_us
        return local(last_us) // _DAY_US - local(first_us) // _DAY_US

    def _months(self, first_us: int, last_us: int) -> int:
        """Return how many months from one instant are over at another; a month is clamped to its last day."""
        number = 0
        while self.dated.due_us(DateLimit(number + 1, "months"), first_us) <= last_us:
            number += 1
        return number
