"""Tables of states and signals: what time means for a case, with no time in them.

A state has one label that says what passing time means there:

    idle   no obligation              run    an obligation, its measures grow
    hold   an obligation, they stand  done   ended by its stop
    done+  ended, but closed time will count if it is opened again
    void   ended without a verdict on it

A transition carries at most one mark: `open` (a new obligation), `anchor` (measures back to zero, same obligation),
`judge` (a point obligation, decided on the spot), or none. The vocabulary is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, TypeVar

from servstd.plan.signals import Signal

Label = Literal["idle", "run", "hold", "done", "done+", "void"]
LIVE: tuple[Label, ...] = ("run", "hold")
"""The labels of a state in which there is an obligation that has not ended."""
Mark = Literal["", "open", "anchor", "judge"]
Recurs = Literal["once", "each", "latest", "every"]
Reopen = Literal["ignore", "resume", "count", "new"]
State = TypeVar("State", bound=Hashable)
ClockState = tuple[str, bool]
"""A clock's phase, and whether its case is held."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Hold one table; check itself when made: total, every state reachable, no mark out of place.

    Args:
        labels: What time means in each state; shape (states,).
        table: The next state; shape (states, signals).
        marks: The mark of each transition; same shape.
        initial: The state of a case nobody has spoken of.
        initial_held: The same while the case's hold latch is set.
    """

    labels: tuple[Label, ...]
    table: tuple[tuple[int, ...], ...]
    marks: tuple[tuple[Mark, ...], ...]
    initial: int = 0
    initial_held: int = 0
    names: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        count = len(self.labels)
        if len(self.table) != count or len(self.marks) != count:
            raise ValueError("a machine's table must have one row a state")
        for row, marks in zip(self.table, self.marks, strict=True):
            if len(row) != len(Signal) or len(marks) != len(Signal):
                raise ValueError("a machine's table must be total: one column a signal")
            if any(not 0 <= target < count for target in row):
                raise ValueError("a machine's table leads to a state that does not exist")
        if lost := set(range(count)) - self._reachable():
            raise ValueError(f"a machine's states {sorted(lost)} cannot be reached")
        for state, label in enumerate(self.labels):
            for signal in Signal:
                target = self.labels[self.table[state][signal]]
                if self.marks[state][signal] in ("open", "anchor") and target not in LIVE:
                    raise ValueError(f"state {state} ({label}) opens on {signal.name} but does not live")

    def _reachable(self) -> set[int]:
        seen = {self.initial, self.initial_held}
        edge = list(seen)
        while edge:
            fresh = set(self.table[edge.pop()]) - seen
            seen |= fresh
            edge += fresh
        return seen


def build(
    states: list[State],
    label: Callable[[State], Label],
    rule: Callable[[State, Signal], tuple[State, Mark]],
    *,
    initial: State,
    initial_held: State | None = None,
) -> Machine:
    """Return the machine whose cells are `rule(state, signal)`, without the states that nothing reaches."""
    held = initial if initial_held is None else initial_held
    seen: list[State] = [initial] if held == initial else [initial, held]
    for state in seen:  # grows while it runs
        for signal in Signal:
            target, _ = rule(state, signal)
            if target not in seen:
                seen.append(target)
    kept = [state for state in states if state in seen]
    place = {state: index for index, state in enumerate(kept)}
    cells = [[rule(state, signal) for signal in Signal] for state in kept]
    return Machine(
        labels=tuple(label(state) for state in kept),
        table=tuple(tuple(place[target] for target, _ in row) for row in cells),
        marks=tuple(tuple(mark for _, mark in row) for row in cells),
        initial=place[initial],
        initial_held=place[held],
        names=tuple(str(state) for state in kept),
    )


@cache  # a table is immutable, and made of nothing but its settings
def clock(*, recurs: Recurs = "once", reopen: Reopen = "ignore") -> Machine:
    """Return the clock: phase × held, so that a clock can be born paused.

    Under `every` each start has a lane of its own, and a lane's clock runs once.
    """
    once = recurs in ("once", "every")

    def rule(state: ClockState, signal: Signal) -> tuple[ClockState, Mark]:
        phase, held = state
        if signal is Signal.PAUSE:
            return (phase, True), ""
        if signal is Signal.RESUME:
            return (phase, False), ""
        if phase == "live":
            return _while_live((phase, held), signal, latest=recurs == "latest")
        reopening = signal is Signal.REOPEN or (signal is Signal.START and once)
        if phase == "done" and reopening:
            if reopen in ("resume", "count"):
                return ("live", held), ""
            if reopen == "new":
                return ("live", held), "open"
        if signal is Signal.START and (phase == "idle" or not once):
            return ("live", held), "open"
        return state, ""

    def label(state: ClockState) -> Label:
        phase, held = state
        if phase == "live":
            return "hold" if held else "run"
        if phase == "done":
            return "done+" if reopen == "count" else "done"
        return "idle" if phase == "idle" else "void"

    states = [(phase, held) for phase in ("idle", "live", "done", "void") for held in (False, True)]
    return build(states, label, rule, initial=("idle", False), initial_held=("idle", True))


def _while_live(state: ClockState, signal: Signal, *, latest: bool) -> tuple[ClockState, Mark]:
    _, held = state
    if signal is Signal.STOP:
        return ("done", held), ""
    if signal is Signal.CANCEL:
        return ("void", held), ""
    if signal is Signal.RESET or (signal is Signal.START and latest):
        return state, "anchor"
    return state, ""


@cache
def precedence(*, fresh: bool = False, immediately: bool = False) -> Machine:
    """Return the machine of "an event needs another before it": armed by one, judged at the other.

    A judgement by itself disarms nothing, since those of one stamp are judged alike: `reset` says that a stamp which
    judged is over, `other` that one without a needed event is.

    Args:
        fresh: The needed event must have come since the last judgement.
        immediately: Any other event of the case in between disarms.
    """

    def rule(state: str, signal: Signal) -> tuple[str, Mark]:
        if signal is Signal.START:
            return "armed", "anchor"
        if signal is Signal.JUDGE:
            return state, "judge"
        if (signal is Signal.RESET and fresh) or (signal is Signal.OTHER and immediately):
            return "none", ""
        return state, ""

    return build(["none", "armed"], lambda state: "run" if state == "armed" else "idle", rule, initial="none")


@cache
def judging() -> Machine:
    """Return the machine of an expectation: every `judge` is decided on the spot.

    A `stop` demands that there has been one since the last `stop`: where there was none, it judges the absence.
    """

    def rule(state: str, signal: Signal) -> tuple[str, Mark]:
        if signal is Signal.JUDGE:
            return "seen", "judge"
        if signal is Signal.STOP:
            return "missing", "judge" if state == "missing" else ""
        return state, ""

    return build(["missing", "seen"], lambda _: "idle", rule, initial="missing")


@cache
def first_of_case() -> Machine:
    """Return the machine that judges a case by its first stamp: by the event wanted, or by any other."""

    def rule(state: str, signal: Signal) -> tuple[str, Mark]:
        if state == "fresh" and signal in (Signal.JUDGE, Signal.OTHER):
            return "past", "judge"
        return state, ""

    return build(
        ["fresh", "past"], lambda state: "run" if state == "fresh" else "idle", rule, initial="fresh"
    )


@cache
def last_of_case() -> Machine:
    """Return the machine that knows whether the event wanted was the latest of its case."""

    def rule(state: str, signal: Signal) -> tuple[str, Mark]:
        if state == "ended":
            return state, ""
        if signal in (Signal.START, Signal.OTHER):
            target = "in" if signal is Signal.START else "out"
            return target, "open" if state == "fresh" else ""
        if signal is Signal.STOP and state != "fresh":
            return "ended", ""
        return state, ""

    labels: dict[str, Label] = {"fresh": "idle", "in": "run", "out": "hold", "ended": "done"}
    return build(["fresh", "in", "out", "ended"], lambda state: labels[state], rule, initial="fresh")
