"""The raw record of one obligation: integers, and nothing that a report adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, overload

from servstd.calendars import Calendar
from servstd.expressions.values import Duration
from servstd.intervals import Instant

if TYPE_CHECKING:
    from servstd.plan.bound import Dates, Start

Outcome = Literal["met", "breached", "open", "cancelled", "excluded", "unknown"]
AMOUNT_MISSING = "an amount is missing"
REVERSED = "an end was recorded before its beginning"
WINDOW_CUT = "its window began before the log"
WINDOW_UNSEEN = "its window ends after what the log covers"
Covered: TypeAlias = tuple[int | None, int | None]
"""From when and until when a log is complete, µs; None for always."""
UNMEASURED = (AMOUNT_MISSING, REVERSED)
"""Why it is not known how much there was: notes of an obligation that cannot be met any more, only breached."""
FIGURES: Final = ("outcome", "elapsed", "limit", "margin", "due_at")
"""What a verdict tells besides the fields of its case, by the names under which expressions read it."""
SegmentKind = Literal["counted", "paused", "ended", "reset"]


@dataclass(frozen=True, slots=True)
class Segment:
    """Be a stretch of an obligation's life, for its evidence.

    Args:
        start_us: First instant.
        end_us: First instant after it.
        kind: `counted` on the calendar; `paused`; `ended` between a stop and a reopening; `reset`, before the
            measure was set back.
        calendar: The calendar in force; None for the wall clock.
        cause: Position in the log of the event that began it; -1 for none.
    """

    start_us: int
    end_us: int
    kind: SegmentKind
    calendar: Calendar | None
    cause: int

    def cost(self, *, is_wall: bool) -> int:
        """Return how much time a clock would have counted in it, µs: open time, unless it counts on the wall clock."""
        if is_wall or self.calendar is None:
            return self.end_us - self.start_us
        return self.calendar.elapsed_us(self.start_us, self.end_us)


class Segments(Sequence[Segment]):
    """The stretches of an obligation, in order; a run of them that many clocks have in common is held once for all.

    Args:
        own: The stretches.
    """

    __slots__ = ("_own", "_runs")

    def __init__(self, own: Iterable[Segment] = ()) -> None:
        self._runs: list[
            tuple[list[Segment], int, int]
        ] = []  # what comes before: a list, and which part of it
        self._own = list(own)

    def __len__(self) -> int:
        return len(self._own) + sum(last - first for _, first, last in self._runs)

    def __iter__(self) -> Iterator[Segment]:
        for run, first, last in self._runs:
            yield from run[first:last]
        yield from self._own

    @overload
    def __getitem__(self, index: int) -> Segment: ...
    @overload
    def __getitem__(self, index: slice) -> list[Segment]: ...
    def __getitem__(self, index: int | slice) -> Segment | list[Segment]:
        if index == -1 and self._own:
            return self._own[-1]
        return list(self)[index]

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Segments) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # it can grow

    def __repr__(self) -> str:
        return f"Segments({list(self)!r})"

    def since(self, place: int) -> list[Segment]:
        """Return those from a place on."""
        found: list[Segment] = []
        for run, first, last in self._runs:
            found += run[min(first + place, last) : last]
            place = max(0, place - (last - first))
        return found + self._own[place:]

    def append(self, segment: Segment) -> None:
        """Add one."""
        self._own.append(segment)

    def extend(self, segments: Iterable[Segment]) -> None:
        """Add several."""
        self._own += segments

    def share(self, run: list[Segment], first: int, last: int) -> None:
        """Add a part of a list that others hold as well, and that only grows."""
        if self._own:
            self._runs.append((self._own, 0, len(self._own)))
            self._own = []
        self._runs.append((run, first, last))

    def replace_last(self, segment: Segment) -> None:
        """Put another one for the last."""
        if not self._own:
            run, first, last = self._runs.pop()
            self._runs += [(run, first, last - 1)] if last - 1 > first else []
            self._own = [segment]
        else:
            self._own[-1] = segment

    def clear(self) -> None:
        """Forget all."""
        self._runs, self._own = [], []

    def copy(self) -> Segments:
        """Return a copy that can grow by itself."""
        made = Segments(self._own)
        made._runs = list(self._runs)
        return made


@dataclass(slots=True)
class Obligation:
    """Be what one start asked for and what came of it. All times µs, amounts in the standard's unit.

    Args:
        opened_by: Position in the log of the event that opened it; -1 for none.
        started_at: When.
        dates: The dates that its limit counts and from where, so that evidence can name them.
        kept_margin: The margin of its breach as the clock was set back; the breach keeps it.
        worst_margin: The margin of its breach before what was used became less: measured anew, or taken away from.
        left_out_by: The place of the exclusion that leaves it out; -1 for none.
        is_wall: Whether its limit is counted on the wall clock, so that closed time counts as well.
    """

    opened_by: int
    started_at: int
    opened_id: str = ""
    outcome: Outcome = "open"
    outcome_otherwise: Outcome | None = None
    ended_at: int | None = None
    ended_by: int = -1
    due_at: int | None = None
    breached_at: int | None = None
    elapsed: int | None = None
    limit: int | None = None
    in_dates: bool = False
    margin: int | None = None
    remaining: int | None = None
    paused: int = 0
    reason: str = ""
    limit_from: str = ""
    notes: tuple[str, ...] = ()
    warned_at: tuple[int, ...] = ()
    at_limit: bool = False
    kept_margin: int | None = None
    worst_margin: int | None = None
    is_reversed: bool = False
    left_out_by: int = -1
    is_unread: bool = False
    is_wall: bool = False
    segments: Segments = field(default_factory=Segments)
    dates: tuple[Dates, Start] | None = field(default=None, compare=False)

    def unit_of(self, unit: str) -> str:
        """Return the unit of what was used: dates or time, as its own limit counts, where a standard has both.

        Args:
            unit: That of the standard.
        """
        if unit not in ("time", "dates"):
            return unit
        is_time = not self.in_dates and self.elapsed is not None
        return "dates" if self.in_dates else "time" if is_time else unit

    def figures(self, unit: str) -> dict[str, object]:
        """Return what it tells besides the fields of its case, by `FIGURES`; what there is none of is left out.

        `elapsed`, `limit` and `margin` are lengths of time where time is counted, else numbers.

        Args:
            unit: That of the standard.
        """
        found: dict[str, object] = {"outcome": self.outcome}
        for name in ("elapsed", "limit", "margin"):
            value = getattr(self, name)
            if value is not None:
                found[name] = Duration(value) if self.unit_of(unit) == "time" else value
        if self.due_at is not None:
            found["due_at"] = Instant(self.due_at)
        return found

    def note(self, what: str) -> None:
        """Note something once.

        Args:
            what: Such as that an event was to be added up and carried no number (decision 0120).
        """
        if what not in self.notes:
            self.notes = (*self.notes, what)

    def forget_breach(self) -> None:
        """Take a breach back that was none: it was not known whether the standard applied, and the limit is another."""
        self.breached_at = self.kept_margin = self.worst_margin = None

    def copy(self) -> Obligation:
        """Return a copy that can go its own way."""
        return replace(self, segments=self.segments.copy())
