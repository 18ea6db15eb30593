"""What many windows of one case count in common: each event once, however many windows it lies in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from servstd.engine.moments import Act
from servstd.engine.obligation import AMOUNT_MISSING, Obligation
from servstd.plan.bound import Allowance
from servstd.plan.measure import Ticks
from servstd.plan.plan import Plan

if TYPE_CHECKING:
    from servstd.engine.lane import Lane


class SharedTicks:
    """Keep what ticked in a case, in order, so that a lane is told of it only when it is asked or ends.

    A window of 30 days may be open for each of a million events; to tell every event to every window would take
    their product. A lane finds what it holds, and what was one too many, by two looks into the running sum.
    """

    __slots__ = ("amounts", "causes", "has_negative", "missing", "sums", "times", "told")

    def __init__(self) -> None:
        self.times: list[int] = []
        self.causes: list[int] = []
        self.amounts: list[int | None] = []
        self.sums: list[int] = [0]
        self.missing: list[int] = [0]
        self.has_negative = False
        self.told = 0

    @classmethod
    def of(cls, plan: Plan) -> SharedTicks | None:
        """Return what lanes of a plan share; None where each counts for itself."""
        signals, measures = plan.signals, plan.measures
        is_counting = len(measures) == 1 and isinstance(measures[0], Ticks)
        return cls() if signals.lanes and signals.windows is not None and is_counting else None

    def add(self, acts: Sequence[Act], time_us: int) -> None:
        """Take the ticks of a stamp; what ticked before it is what lanes may be told at it."""
        self.told = len(self.times)
        for act in acts:
            _, amount = cast("tuple[int, int | None]", act.value)
            self.times.append(time_us)
            self.causes.append(act.cause.index if act.cause else -1)
            self.amounts.append(amount)
            self.sums.append(self.sums[-1] + (amount or 0))
            self.missing.append(self.missing[-1] + (amount is None))
            self.has_negative |= amount is not None and amount < 0

    def tell(self, lane: Lane, until: int) -> None:
        """Tell a lane what has ticked since it was told last.

        Args:
            lane: Its registers.
            until: Up to which place.
        """
        first, lane.heard = lane.heard, until
        current = lane.current
        if first >= until or lane.label != "run" or current is None:
            return
        before = lane.used[0] - self.sums[first]
        missing = self.missing[until] - self.missing[first]
        own = None if lane.counts_start else self._own(first, until, current)
        if own is not None:  # the event that opens the window lies outside it, with its amount or without one
            before -= self.amounts[own] or 0
            missing -= self.amounts[own] is None
        if missing:
            current.note(AMOUNT_MISSING)
        lane.used = (before + self.sums[until],)
        if lane.is_counting(current):
            at = self._exceeds(lane, before, first, until)
            if at < until:
                current.breached_at = self.times[at]
        if self.has_negative and current.breached_at is not None and isinstance(lane.limit, Allowance):
            since = bisect_left(self.times, current.breached_at)
            most = max(
                (before + self.sums[place + 1] for place in range(max(first, since), until)), default=0
            )
            rest = lane.limit.amount - most
            current.worst_margin = rest if current.worst_margin is None else min(rest, current.worst_margin)

    def _own(self, first: int, until: int, current: Obligation) -> int | None:
        """Return the place at which the event that opened a window ticked itself; None where it did not."""
        for place in range(first, until):
            if self.times[place] != current.started_at:
                break
            if self.causes[place] == current.opened_by:
                return place
        return None

    def _exceeds(self, lane: Lane, before: int, first: int, until: int) -> int:
        """Return the place of the tick that is one too many, or `until`."""

        def is_too_much(place: int) -> bool:
            return lane.limit.is_exceeded((before + self.sums[place + 1],), self.times[place])

        if self.has_negative:
            return next((place for place in range(first, until) if is_too_much(place)), until)
        return bisect_left(range(until), 1, lo=first, key=is_too_much)
