"""Clocks of one case that run side by side: which of them each event is about."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from typing import NamedTuple, TypeAlias

from servstd.engine.facts import CaseFacts, Row
from servstd.engine.moments import ENDS_ONE, SHARED, Act
from servstd.events.values import content_key
from servstd.expressions import ABSENT
from servstd.plan.plan import SignalProgram
from servstd.plan.signals import Signal

Match: TypeAlias = tuple[str, ...]
"""What an event carries of the fields of `match`, as texts that are equal where the values are."""


class Opening(NamedTuple):
    """The start of one clock, which its terms keep reading.

    Args:
        at_us: Its instant, µs.
        kind: The kind of the event that starts it; empty where time does.
        match: What that event carries of the fields by which an end finds its start; None where it lacks one.
    """

    at_us: int
    kind: str
    match: Match | None = ()


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
        # Linked, for the oldest goes first: a plain dict would look through all that are gone each time.
        self.open: OrderedDict[int, Opening] = OrderedDict()
        self._by_match: dict[Match | None, OrderedDict[int, None]] = {}
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
            for lane in self._concerned(act):
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
        opening = self.open.pop(lane, None)
        if opening is not None:
            alike = self._by_match[opening.match]
            del alike[lane]
            if not alike:
                del self._by_match[opening.match]

    def close_oldest(self) -> int:
        """Take the oldest lane out and return it."""
        lane = next(iter(self.open))
        self.close(lane)
        return lane

    def _open(self, act: Act, time_us: int) -> int:
        lane, self._next = self._next, self._next + 1
        match = self._match(act)
        self.open[lane] = Opening(time_us, act.cause.kind if act.cause else "", match)
        self._by_match.setdefault(match, OrderedDict())[lane] = None
        return lane

    def _end_one(self, act: Act, acts: dict[int, list[Act]], *, born: dict[int, Act] | None = None) -> bool:
        for lane in self._concerned(act):
            if born is None or lane not in born or born[lane].cause is not act.cause:
                self._end(lane, act, acts)
                return True
        return False

    def _end_all(self, row: Row, acts: dict[int, list[Act]], *, born: dict[int, Act] | None = None) -> None:
        for lane in [lane for lane in self.open if born is None or born[lane].cause is not row]:
            self._end(lane, Act(Signal.STOP, row), acts)

    def _end(self, lane: int, act: Act, acts: dict[int, list[Act]]) -> None:
        acts.setdefault(lane, []).append(act)
        self.close(lane)

    def _match(self, act: Act) -> Match | None:
        if act.cause is None or not self._program.match:
            return ()
        values = self._matched(act.cause)
        return None if ABSENT in values else tuple(map(content_key, values))

    def _matched(self, cause: Row) -> list[object]:
        facts = self._facts.at(cause)
        return [facts.event(name) for name in self._program.match]

    def _concerned(self, act: Act) -> Collection[int]:
        """Return the lanes that an event is about, the oldest first: those whose match fields it carries.

        What sets back or extends, and carries none of them, concerns every lane. So does what holds, or lets run again:
        the latch is the case's.
        """
        if not self._program.match or act.signal in (Signal.PAUSE, Signal.RESUME):
            return self.open
        if act.signal not in ENDS_ONE and (
            act.cause is None or all(value is ABSENT for value in self._matched(act.cause))
        ):
            return self.open
        own = self._match(act)
        return () if own is None else self._by_match.get(own, ())
