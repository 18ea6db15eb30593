"""What many clocks of one case have in common: what ticks in their windows, and the pauses that hold them all."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from servstd.engine.moments import Act, Moment
from servstd.engine.obligation import AMOUNT_MISSING, Obligation, Segment
from servstd.plan.bound import Allowance, NoLimit, Stretch
from servstd.plan.machine import LIVE
from servstd.plan.measure import OpenTime, Ticks
from servstd.plan.plan import Plan
from servstd.plan.signals import Signal

if TYPE_CHECKING:
    from servstd.calendars import Calendar
    from servstd.engine.facts import Row
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


@dataclass(slots=True)
class _Passed:
    """The stretches between the turns of a latch, for clocks on the same calendars.

    Args:
        calendars: What each measure counts on.
        segments: By turn, the stretch from it to the next one.
        used: By turn, what each measure would hold at it if it had run since the first turn.
        paused: By turn, what pauses have cost since the first turn: on the wall clock, and in open time.
    """

    calendars: tuple[Calendar | None, ...]
    segments: list[Segment]
    used: list[tuple[int, ...]]
    paused: list[tuple[int, int]]


class SharedHolds:
    """Keep when the latch of a case was turned, so that a clock hears of it only when it is asked or ends.

    A thousand clocks may be open while the case is held and let go a thousand times; to let each turn pass for each
    clock would take their product. Clocks on the same calendars have the same stretches between two turns, so what one
    of them has counted is the difference of two sums.
    """

    __slots__ = ("_at_once", "_passed", "causes", "held", "is_held", "times", "told")

    def __init__(self, *, is_held: bool) -> None:
        self.times: list[int] = []
        self.held: list[bool] = []
        self.causes: list[Row | None] = []
        self.is_held = is_held
        self.told = 0
        self._at_once = [0]
        self._passed: list[_Passed] = []

    @classmethod
    def of(cls, plan: Plan) -> SharedHolds | None:
        """Return what lanes of a plan share; None where a pause moves dates, or events are counted one by one."""
        is_time = all(isinstance(one, OpenTime) for one in plan.measures)
        signals = plan.signals
        return cls(is_held=signals.born_held) if signals.lanes and is_time and not plan.moves_dates else None

    def turn(self, acts: Sequence[Act], time_us: int, *, is_held: bool) -> None:
        """Take what a stamp says to the latch; how it was turned before is what lanes may be told at it."""
        self.told = len(self.times)
        if is_held is self.is_held:
            return
        self.is_held = is_held
        is_at_once = bool(self.times) and self.times[-1] == time_us
        self.times.append(time_us)
        self.held.append(is_held)
        self.causes.append(acts[0].cause if acts else None)
        self._at_once.append(self._at_once[-1] + is_at_once)

    def tell(self, lane: Lane, until: int) -> None:
        """Tell a lane how the latch was turned since it was told last.

        Args:
            lane: Its registers.
            until: Up to which turn.
        """
        first, lane.turned = lane.turned, max(lane.turned, until)
        if first >= until or lane.label not in LIVE:
            return
        self._turn(lane, first)
        last = until - 1
        current = lane.current
        if first == last or current is None:
            return
        held = lane.used
        if self._at_once[until] > self._at_once[first + 1] or not _is_plain(lane):
            for place in range(first + 1, until):
                self._turn(lane, place)
            return
        passed = self._between(lane.terms.calendars, lane.calendar, last)
        self._use_up(lane, current, passed, first, last)
        paused = _less(passed.paused[last], passed.paused[first])
        lane.pass_over(passed.segments, first, last, paused=paused)
        lane.used = _after(held, passed, first, last)
        lane.at = self.times[last]
        lane.turn(Signal.PAUSE if self.held[last] else Signal.RESUME, self.causes[last])

    def _turn(self, lane: Lane, place: int) -> None:
        signal = Signal.PAUSE if self.held[place] else Signal.RESUME
        lane.take(Moment(0, self.times[place], [Act(signal, self.causes[place])], None))

    def _use_up(self, lane: Lane, current: Obligation, passed: _Passed, first: int, last: int) -> None:
        """Find when the limit was used up, and when it was exceeded, by a look into the sums."""
        limit, held = lane.limit, lane.used
        if not isinstance(limit, Allowance):
            return

        def is_used_up(place: int) -> bool:
            return _after(held, passed, first, place)[limit.measure] >= limit.amount

        def is_exceeded(place: int) -> bool:
            return limit.is_exceeded(_after(held, passed, first, place), self.times[place])

        def before(end: int) -> Stretch:
            used = _after(held, passed, first, end - 1)
            return Stretch(self.times[end - 1], used, lane.terms.calendars, is_running=True)

        places = range(last + 1)
        if current.due_at is None:
            end = bisect_left(places, 1, lo=first + 1, key=is_used_up)
            if end <= last:
                current.due_at = limit.due(before(end))
        if lane.is_counting(current):
            end = bisect_left(places, 1, lo=first + 1, key=is_exceeded)
            if end <= last:
                current.breached_at = max(limit.exceeded_from(before(end)), lane.anchor)

    def _between(
        self, calendars: tuple[Calendar | None, ...], calendar: Calendar | None, until: int
    ) -> _Passed:
        """Return the stretches between turns on some calendars, up to a turn."""
        for passed in self._passed:
            if len(passed.calendars) == len(calendars) and all(map(_is_same, passed.calendars, calendars)):
                break
        else:
            passed = _Passed(calendars, [], [(0,) * len(calendars)], [(0, 0)])
            self._passed.append(passed)
        for place in range(len(passed.segments), until):
            start, end, is_held = self.times[place], self.times[place + 1], self.held[place]
            cause = self.causes[place]
            segment = Segment(
                start, end, "paused" if is_held else "counted", calendar, -1 if cause is None else cause.index
            )
            passed.segments.append(segment)
            wall, opened = passed.paused[-1]
            passed.paused.append(
                (wall + segment.cost(is_wall=True), opened + segment.cost(is_wall=False))
                if is_held
                else (wall, opened)
            )
            passed.used.append(
                passed.used[-1]
                if is_held
                else tuple(
                    amount if one is None else amount + one.elapsed_us(start, end)
                    for amount, one in zip(passed.used[-1], calendars, strict=True)
                )
            )
        return passed


def _is_plain(lane: Lane) -> bool:
    """Tell whether what a lane holds says all about its limit, which is not used up yet."""
    limit = lane.limit
    if isinstance(limit, Allowance):
        return lane.used[limit.measure] < limit.amount
    return isinstance(limit, NoLimit)


def _is_same(one: object, other: object) -> bool:
    return one is other


def _after(held: tuple[int, ...], passed: _Passed, first: int, place: int) -> tuple[int, ...]:
    """Return what measures hold at a turn, which held something at an earlier one."""
    pairs = zip(held, passed.used[place], passed.used[first], strict=True)
    return tuple(amount + now - then for amount, now, then in pairs)


def _less(now: tuple[int, int], then: tuple[int, int]) -> tuple[int, int]:
    return now[0] - then[0], now[1] - then[1]
