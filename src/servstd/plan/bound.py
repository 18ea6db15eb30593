"""Limits as the engine sees them: integers to compare measures and instants with, and their inverses.

A limit is a small tree. Its leaves are an allowance on a measure, a due instant, a due date still to be counted from
a start, nothing, or a value that is missing. Its branches take the earliest or the latest of several.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import zip_longest
from typing import Literal, Protocol, Self, TypeVar

from servstd.calendars import Calendar, DateLimit
from servstd.calendars.datebook import ONGOING
from servstd.calendars.recurring import Recurring
from servstd.errors import NeverOpens

FOREVER = ONGOING
"""Later than every instant: the due of a clock that stands still, and the end of a pause that goes on."""
Pauses = Literal["shift", "time", "ignore"]
"""What a pause does to dates."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Be a stretch of a case's life in which nothing happens: what a limit needs to look ahead.

    Args:
        at: Its first instant, µs.
        used: What each measure holds at that instant.
        calendars: The calendar of each measure; None for one that counts.
        is_running: Whether the measures of time grow.
    """

    at: int
    used: tuple[int, ...]
    calendars: tuple[Calendar | None, ...]
    is_running: bool


@dataclass(frozen=True, slots=True)
class Start:
    """The start that dates are counted from, and the pauses since; one that goes on ends with `FOREVER`."""

    at: int
    paused: tuple[tuple[int, int], ...] = ()


class Windows(Protocol):
    """Cut time into windows."""

    def bounds(self, at_us: int, /) -> tuple[int, int]:
        """Return the window that an instant lies in: its start, and its end, exclusive."""
        ...


class Limit(Protocol):
    """Be one node of a limit."""

    def starting(self, start: Start) -> Limit:
        """Return the limit with its dates counted from `start`."""
        ...

    def is_exceeded(self, used: tuple[int, ...], at: int) -> bool:
        """Tell whether measures and instant are past the limit."""
        ...

    def due(self, stretch: Stretch) -> int:
        """Return the earliest instant at which the limit is used up, or `FOREVER`."""
        ...

    def exceeded_from(self, stretch: Stretch) -> int:
        """Return the earliest microsecond at which the limit is exceeded, or `FOREVER`."""
        ...

    @property
    def is_known(self) -> bool:
        """Tell whether nothing it needs is missing."""
        ...


def _when_used(stretch: Stretch, measure: int, amount: int) -> int:
    """Return the earliest instant at which a measure of time holds `amount`."""
    rest = amount - stretch.used[measure]
    if rest <= 0:
        return stretch.at
    calendar = stretch.calendars[measure]
    if calendar is None or not stretch.is_running:
        return FOREVER
    try:
        return calendar.add_us(stretch.at, rest)
    except NeverOpens:
        return FOREVER


class _Unstarted:
    """Be a limit that means nothing before the start it is counted from is known."""

    __slots__ = ()

    def is_exceeded(self, used: tuple[int, ...], at: int) -> bool:  # noqa: ARG002 - see Limit
        """Refuse: nobody may ask yet."""
        raise AssertionError(f"{type(self).__name__} was asked before its start was known")

    def due(self, stretch: Stretch) -> int:  # noqa: ARG002 - see Limit
        """Refuse, as above."""
        raise AssertionError(f"{type(self).__name__} was asked before its start was known")

    exceeded_from = due


class _Endless:
    """Be a limit that is never exceeded."""

    __slots__ = ()

    def starting(self, start: Start) -> Self:  # noqa: ARG002 - see Limit
        """Return itself."""
        return self

    def is_exceeded(self, used: tuple[int, ...], at: int) -> bool:  # noqa: ARG002 - see Limit
        """Tell that it is not."""
        return False

    def due(self, stretch: Stretch) -> int:  # noqa: ARG002 - see Limit
        """Return `FOREVER`."""
        return FOREVER

    exceeded_from = due


Endless = TypeVar("Endless", bound=_Endless)


@dataclass(frozen=True, slots=True)
class Allowance:
    """Allow a measure to reach `amount` (µs of open time, or a count), and no more.

    Args:
        amount: The most that is allowed.
        measure: The index of the measure.
        exclusive: Whether reaching the amount is already too much.
        used_up_at: When it was used up, µs, where that is known: as one of several it may be long before they all are.
        passed_at: The first microsecond with more than is allowed, likewise.
    """

    amount: int
    measure: int = 0
    exclusive: bool = False
    used_up_at: int | None = None
    passed_at: int | None = None

    is_known = True

    def starting(self, start: Start) -> Limit:  # noqa: ARG002 - dates only
        """Return itself: it counts from wherever its measure does."""
        return self

    def is_exceeded(self, used: tuple[int, ...], at: int) -> bool:  # noqa: ARG002 - instants only
        """Tell whether the measure holds more than is allowed."""
        held = used[self.measure]
        return held >= self.amount if self.exclusive else held > self.amount

    def due(self, stretch: Stretch) -> int:
        """Return the instant at which the allowance is used up."""
        if self.used_up_at is not None:
            return self.used_up_at
        if stretch.calendars[self.measure] is None:
            return FOREVER
        return _when_used(stretch, self.measure, self.amount)

    def noting(self, before: Stretch, used: tuple[int, ...]) -> Allowance:
        """Return the same, with the instant at which it was used up if it is.

        Args:
            before: A stretch in which it may have come to be.
            used: What each measure holds at its end.
        """
        if self.passed_at is not None or used[self.measure] < self.amount:
            return self
        if before.calendars[self.measure] is None:  # a count is kept until the event that is one too many
            is_over = self.is_exceeded(used, before.at)
            last = before.at - (not self.exclusive)
            return replace(self, used_up_at=last, passed_at=before.at) if is_over else self
        due = self.due(before)
        passed = self.exceeded_from(before) if self.is_exceeded(used, before.at) else FOREVER
        return replace(
            self, used_up_at=None if due == FOREVER else due, passed_at=None if passed == FOREVER else passed
        )

    def exceeded_from(self, stretch: Stretch) -> int:
        """Return the first microsecond with more than is allowed."""
        if self.passed_at is not None:
            return self.passed_at
        return _when_used(stretch, self.measure, self.amount + (not self.exclusive))


@dataclass(frozen=True, slots=True)
class ShareOf(_Unstarted):
    """Allow a share of the open time of the window that the obligation starts in.

    Args:
        share: Between 0 and 1; the product is rounded down to a microsecond.
        windows: The windows.
        calendar: Whose open time.
        exclusive: Whether reaching the share is already too much.
    """

    share: Fraction
    windows: Windows
    calendar: Calendar
    exclusive: bool = False

    is_known = True

    def starting(self, start: Start) -> Limit:
        """Return the allowance of the window in which `start` lies."""
        first, last = self.windows.bounds(start.at)
        whole = self.calendar.elapsed_us(first, last)
        return Allowance(whole * self.share.numerator // self.share.denominator, exclusive=self.exclusive)


@dataclass(frozen=True, slots=True)
class Due:
    """Allow until an instant.

    Args:
        at: The instant, µs.
        inclusive: Whether an end at that very instant is in time: true for promised instants and closing times, false
            for the end of a day, because 00:00 of the next day is late.
        since: From when it is in force, µs, where it came later than the start: it is not late before.
    """

    at: int
    inclusive: bool = True
    since: int = 0

    is_known = True

    def starting(self, start: Start) -> Limit:  # noqa: ARG002 - dates only
        """Return itself: an instant does not depend on the start."""
        return self

    def is_exceeded(self, used: tuple[int, ...], at: int) -> bool:  # noqa: ARG002 - measures only
        """Tell whether the instant has passed."""
        return at > self.at if self.inclusive else at >= self.at

    def due(self, stretch: Stretch) -> int:  # noqa: ARG002 - the same at every moment
        """Return the instant."""
        return self.at

    def exceeded_from(self, stretch: Stretch) -> int:  # noqa: ARG002 - the same at every moment
        """Return the first microsecond that is late."""
        return max(self.at + self.inclusive, self.since)


@dataclass(frozen=True, slots=True)
class Dates(_Unstarted):
    """Allow a number of local dates from a start not yet known.

    Args:
        limit: The dates and their day rule.
        calendar: Whose dates.
        exclusive: Whether the due instant itself is late under every rule.
        pauses: What a pause does: `shift` leaves out the dates at whose closing time the clock stands, `time` moves the
            due by the open time that was held, `ignore` does nothing.
    """

    limit: DateLimit
    calendar: Calendar
    exclusive: bool = False
    pauses: Pauses = "ignore"

    is_known = True

    def counted(self, start: Start, at: int) -> int:
        """Return how many of the dates have counted by an instant."""
        return self.calendar.dates_us(self.limit, start.at, at) - len(self.left_out(start, at))

    def left_out(self, start: Start, at: int) -> tuple[int, ...]:
        """Return the dates until an instant that pauses have left out, as day numbers."""
        paused = self._shifting(start)
        return tuple(self.calendar.left_out_days(self.limit, start.at, at, paused=paused)) if paused else ()

    def _shifting(self, start: Start) -> tuple[tuple[int, int], ...]:
        return start.paused if self.pauses == "shift" else ()

    def starting(self, start: Start) -> Limit:
        """Return the due instant, counted from `start`; none is known while a pause that goes on may move it."""
        is_going_on = any(end == FOREVER for _, end in self._shifting(start))
        try:
            at = self.calendar.due_us(self.limit, start.at, paused=self._shifting(start))
        except NeverOpens:
            if not is_going_on:
                raise
            return Waiting()
        due = Due(at, inclusive=self.limit.inclusive and not self.exclusive)
        return self._moved(due, start.paused) if self.pauses == "time" else due

    def _moved(self, due: Due, paused: tuple[tuple[int, int], ...]) -> Limit:
        """Return a due moved by the open time of each pause that began before it had passed."""
        for start, end in paused:
            if due.is_exceeded((), start):
                break
            held = self.calendar.elapsed_us(start, due.at if end == FOREVER else end)
            if held > 0 and end == FOREVER:
                return Waiting()
            if held > 0:
                due = Due(self.calendar.add_us(due.at, held), inclusive=not self.exclusive)
        return due


@dataclass(frozen=True, slots=True)
class NextDate(_Unstarted):
    """Allow until the end of the next date of a recurrence that lies a lead after the start, or of dates after it.

    Args:
        dates: The recurrence.
        lead: What must lie between start and that date; None for nothing.
        lag: The dates that may pass after that date, the one after it being day 1; None for none.
        own: Whether the date of the start may be that date.
    """

    dates: Recurring
    lead: Limit | None = None
    lag: Limit | None = None
    own: bool = False

    is_known = True

    def starting(self, start: Start) -> Limit:
        """Return the due instant, found from `start`."""
        ends = [self.dates.next_end_us(start.at, own=self.own)]
        if isinstance(self.lead, Allowance):
            ends.append(self.dates.next_end_us(start.at + self.lead.amount))
        elif isinstance(self.lead, Dates):
            started = self.lead.starting(Start(start.at))
            ends += [self.dates.next_end_us(started.at - 1)] if isinstance(started, Due) else []
        end = max(ends)
        # The end of a date is the first instant of the next: its last one is what later dates are counted from.
        return (
            Due(end, inclusive=False) if self.lag is None else self.lag.starting(Start(end - 1, start.paused))
        )


def next_date(dates: Recurring, lead: Limit | None, lag: Limit | None, *, own: bool) -> Limit:
    """Return the limit that ends with the next date of a recurrence; missing where a part of it is.

    Args:
        dates: The recurrence.
        lead: What must lie between start and that date; None for nothing.
        lag: The dates after it; None for none.
        own: Whether the date of the start may be that date.
    """
    missing = next((part for part in (lead, lag) if part is not None and not part.is_known), None)
    return missing or NextDate(dates, lead, lag, own)


@dataclass(frozen=True, slots=True)
class NoLimit(_Endless):
    """Allow anything: a measure without a promise (`within: none`)."""

    is_known = True


@dataclass(frozen=True, slots=True)
class Waiting(_Endless):
    """Allow anything for now: the clock stands, and how long it will decides which dates count."""

    is_known = True


@dataclass(frozen=True, slots=True)
class Counted(_Endless):
    """Allow anything, and count dates and not time: a measure without a promise, of which objectives speak in days.

    Args:
        dates: How they are counted; their number is of no matter.
    """

    dates: Dates

    is_known = True

    def counted(self, start: Start, at: int) -> int:
        """Return how many of the dates have counted by an instant."""
        return self.dates.counted(start, at)


@dataclass(frozen=True, slots=True)
class Running(_Endless):
    """Demand, as the least, that the clock was running when it ended."""

    is_known = True

    def due(self, stretch: Stretch) -> int:
        """Return the instant itself while the clock runs, else `FOREVER`."""
        return stretch.at if stretch.is_running else FOREVER

    exceeded_from = due


@dataclass(frozen=True, slots=True)
class Missing(_Endless):
    """Stand for a limit whose value the case does not carry: the verdict is unknown.

    Args:
        what: What is missing, as the author wrote it.
    """

    what: str

    is_known = False


def measures_of(limit: Limit | None) -> set[int]:
    """Return the measures that a limit counts; dates are those of the first one's calendar, instants count nothing."""
    if isinstance(limit, Combined):
        return set().union(*(measures_of(member) for member in limit.members))
    if isinstance(limit, Dates):
        return {0}
    return {limit.measure} if isinstance(limit, Allowance) else set()


def _as_written(limit: Limit) -> Limit:
    """Return a limit without what is known of its past."""
    if isinstance(limit, Allowance):
        return replace(limit, used_up_at=None, passed_at=None)
    return replace(limit, since=0) if isinstance(limit, Due) else limit


def _coming(limit: Limit, at: int) -> Limit:
    """Return a limit as it comes into force: an instant that has passed by then is late from then on."""
    return replace(limit, since=at) if isinstance(limit, Due) else limit


@dataclass(frozen=True, slots=True)
class Combined:
    """Take the earliest or the latest of several limits; those that are missing are left out.

    Args:
        which: Whether the first or the last of them to pass decides.
        members: The limits.
    """

    which: Literal["earliest", "latest"]
    members: tuple[Limit, ...]

    @property
    def known(self) -> tuple[Limit, ...]:
        """The members that are there."""
        return tuple(member for member in self.members if member.is_known)

    @property
    def is_known(self) -> bool:
        """Tell whether at least one member is there."""
        return bool(self.known)

    def starting(self, start: Start) -> Limit:
        """Return the same with all dates counted."""
        return Combined(self.which, tuple(member.starting(start) for member in self.members))

    def noting(self, before: Stretch, used: tuple[int, ...]) -> Combined:
        """Return the same, each allowance that is used up with the instant at which it came to be.

        Args:
            before: A stretch in which some may have come to be.
            used: What each measure holds at its end.
        """
        noted = (one.noting(before, used) if isinstance(one, Allowance) else one for one in self.members)
        return replace(self, members=tuple(noted))

    def remembering(self, was: Limit, at: int) -> Combined:
        """Return the same, with what is known of those that were in force before; others come into force now.

        Args:
            was: What was in force.
            at: Now, µs.
        """
        if not isinstance(was, Combined):
            return self
        pairs = zip_longest(self.members, was.members[: len(self.members)])
        members = (old if old and _as_written(old) == new else _coming(new, at) for new, old in pairs)
        return replace(self, members=tuple(members))

    def is_exceeded(self, used: tuple[int, ...], at: int) -> bool:
        """Tell whether any (earliest) or all (latest) members are exceeded."""
        passed = [member.is_exceeded(used, at) for member in self.known]
        return any(passed) if self.which == "earliest" else bool(passed) and all(passed)

    def is_reached(self, used: tuple[int, ...], at: int) -> bool:
        """Tell whether a member is exactly used up, to the microsecond or the event."""
        return any(
            used[one.measure] == one.amount
            if isinstance(one, Allowance)
            else isinstance(one, Due) and at == one.at
            for one in self.members
        )

    def due(self, stretch: Stretch) -> int:
        """Return the earliest or latest due."""
        return self._pick(member.due(stretch) for member in self.known)

    def exceeded_from(self, stretch: Stretch) -> int:
        """Return the first microsecond at which the combination is exceeded."""
        return self._pick(member.exceeded_from(stretch) for member in self.known)

    def _pick(self, instants: Iterable[int]) -> int:
        pick = min if self.which == "earliest" else max
        return pick(instants, default=FOREVER)


def is_kept_by_instant(limit: Limit, at: int) -> bool | None:
    """Tell whether an end at an instant keeps a limit, whenever its clock began; None where that decides.

    Args:
        limit: A limit, its dates not yet counted.
        at: The instant of the end, µs.
    """
    if isinstance(limit, Due):
        return not limit.is_exceeded((), at)
    if not isinstance(limit, Combined) or not limit.is_known:
        return None
    kept = [is_kept_by_instant(member, at) for member in limit.known]
    decides = (
        limit.which == "latest"
    )  # the latest is kept with any of its members, the earliest broken with any
    if decides in kept:
        return decides
    return None if None in kept else not decides
