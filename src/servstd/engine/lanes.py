"""Clocks of one case that run side by side: which of them each event is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from servstd.engine.facts import CaseFacts, Row
from servstd.engine.moments import ENDS_ONE, SHARED, Act
from servstd.expressions import ABSENT
from servstd.plan.plan import SignalProgram
from servstd.plan.signals import Signal


class Opening(NamedTuple):
    """The start of one clock, which its terms keep reading.

    Args:
        at_us: Its instant, µs.
        kind: The kind of the event that starts it; empty where time does.
        match: What that event carries of the fields by which an end finds its start.
    """

    at_us: int
    kind: str
    match: tuple[object, ...] = ()


class Routed(NamedTuple):
    """What one stamp says to each lane.

    Args:
        acts: By lane, in the order in which they take effect.
        opened: By lane that the stamp opens, the act that does.
        idle: The stops and cancels that find no lane to end.
    """

    acts: dict[int, list[Act]]
    opened: dict[int, Act]
    idle: list[Act]


class Lanes:
    """The open clocks of one case under `recurs: every`, the oldest first.

    Args:
        program: The signals of the standard.
        facts: What the case knows.
    """

    def __init__(self, program: SignalProgram, facts: CaseFacts) -> None:
        self.open: dict[int, Opening] = {}
        self._program = program
        self._facts = facts
        self._next = 0

    def route(
        self, rows: Sequence[Row], said: dict[Signal, list[Act]], time_us: int, *, is_decided: bool
    ) -> Routed:
        """Give each start a lane; what ends one goes to the oldest, or to the one whose fields match.

        Args:
            rows: The events of the stamp.
            said: What they say.
            time_us: Its instant, µs.
            is_decided: Whether what starts had ended before it came: a planned start.
        """
        acts: dict[int, list[Act]] = {}
        stops, stop_all = said.get(Signal.STOP, ()), self._program.stop_all
        unspent = [act for act in stops if not self._end_one(act, acts)]
        enders = [row for row in rows if stop_all and stop_all.takes(row.kind, self._facts.at(row))]
        for row in enders[:1]:
            self._end_all(row, acts)
        stoppers = {id(act.cause) for act in stops}  # what stops one does not cancel the next one
        cancels = [act for act in said.get(Signal.CANCEL, ()) if id(act.cause) not in stoppers]
        idle = [*unspent, *(act for act in cancels if not self._end_one(act, acts))]
        for act in [act for signal in SHARED for act in said.get(signal, ())]:
            for lane in [lane for lane in self.open if self._concerns(act, lane)]:
                acts.setdefault(lane, []).append(act)
        opened = {self._open(act, time_us): act for act in said.get(Signal.START, ())}
        acts |= {lane: [act] for lane, act in opened.items()}
        if is_decided:
            return Routed(acts, opened, idle)
        for act in unspent:
            self._end_one(act, acts, born=opened)
        for row in enders:
            self._end_all(row, acts, born=opened)
        return Routed(acts, opened, idle)

    def close(self, lane: int) -> None:
        """Take a lane out, where its clock has ended by itself."""
        self.open.pop(lane, None)

    def close_oldest(self) -> int:
        """Take the oldest lane out and return it."""
        lane = next(iter(self.open))
        del self.open[lane]
        return lane

    def _open(self, act: Act, time_us: int) -> int:
        lane, self._next = self._next, self._next + 1
        self.open[lane] = Opening(time_us, act.cause.kind if act.cause else "", self._match(act))
        return lane

    def _end_one(self, act: Act, acts: dict[int, list[Act]], *, born: dict[int, Act] | None = None) -> bool:
        for lane in self.open:
            is_its_own = born is not None and lane in born and born[lane].cause is act.cause
            if not is_its_own and self._concerns(act, lane):
                self._end(lane, act, acts)
                return True
        return False

    def _end_all(self, row: Row, acts: dict[int, list[Act]], *, born: dict[int, Act] | None = None) -> None:
        for lane in [lane for lane in self.open if born is None or born[lane].cause is not row]:
            self._end(lane, Act(Signal.STOP, row), acts)

    def _end(self, lane: int, act: Act, acts: dict[int, list[Act]]) -> None:
        acts.setdefault(lane, []).append(act)
        del self.open[lane]

    def _match(self, act: Act) -> tuple[object, ...]:
        if act.cause is None or not self._program.match:
            return ()
        facts = self._facts.at(act.cause)
        return tuple(facts.event(name) for name in self._program.match)

    def _concerns(self, act: Act, lane: int) -> bool:
        """Tell whether an event is about this lane: it carries the lane's match fields.

        What sets back or extends, and carries none of them, concerns every lane. So does what holds, or lets run again:
        the latch is the case's.
        """
        if not self._program.match or act.signal in (Signal.PAUSE, Signal.RESUME):
            return True
        own = self._match(act)
        if act.signal not in ENDS_ONE and all(value is ABSENT for value in own):
            return True
        return ABSENT not in own and own == self.open[lane].match
