"""Kind `gauge`: a level stays in bounds, or crossing a bound demands a reaction within a limit."""

from __future__ import annotations

from oracle.arithmetic import is_arithmetic, reckon
from oracle.conditions import ABSENT, gives, read_value
from oracle.frame import Standard, ends_case, finish, row
from oracle.log import Event, Stamp
from oracle.respond import SIGNALS, Clock


def evaluate(standard: Standard, case: tuple[str, ...], stamps: list[Stamp], as_of: int) -> list[dict]:
    stamps, ended = ends_case(standard, stamps, gives)
    if standard["then"] is None:
        return stay_in_bounds(standard, case, stamps, ended)
    return react(standard, case, stamps, as_of, ended)


class Level:
    """The level after each stamp; what happens in one stamp happens at once."""

    def __init__(self, standard: Standard) -> None:
        self.spec: dict = standard["level"]  # type: ignore[assignment]
        self.standard = standard
        initial = self.spec.get("initial")
        self.value: int | None = initial if "set" in self.spec else initial or 0
        self.is_known = False  # a level that nothing has touched yet is not out of bounds

    def step(self, stamp: Stamp) -> list[Event]:
        """Move the level and return the events that moved it."""
        moving = self.move(stamp)
        self.is_known = self.is_known or bool(moving)
        return moving

    def move(self, stamp: Stamp) -> list[Event]:
        moving = []
        if "set" in self.spec:
            for event in stamp.events:
                facts = stamp.facts(event, self.standard.calendars)
                if gives(self.spec["on"], facts):
                    written = self.spec["set"]
                    value = reckon(written, facts) if is_arithmetic(written) else read_value(written, facts)
                    if value is not ABSENT and value is not None:
                        moving.append(event)
                        self.value = int(value)  # type: ignore[call-overload]
            return moving
        change = 0
        for event in stamp.events:
            facts = stamp.facts(event, self.standard.calendars)
            plus, minus = gives(self.spec.get("plus"), facts), gives(self.spec.get("minus"), facts)
            if plus or minus:
                moving.append(event)
            change += plus - minus
        assert self.value is not None
        self.value = max(0, self.value + change)
        return moving

    @property
    def room(self) -> int | None:
        """How far the level is from its nearest bound: negative outside."""
        if self.value is None or not self.is_known:
            return None
        above, below = self.standard["above"], self.standard["below"]
        rooms = []
        if above is not None:
            rooms.append(int(above) - self.value)  # type: ignore[call-overload]
        if below is not None:
            rooms.append(self.value - int(below))  # type: ignore[call-overload]
        return min(rooms)

    @property
    def is_out(self) -> bool:
        return self.room is not None and self.room < 0


def stay_in_bounds(
    standard: Standard, case: tuple[str, ...], stamps: list[Stamp], ended: int | None
) -> list[dict]:
    """One verdict a case: breached at the first crossing, its margin the worst level."""
    level = Level(standard)
    clock = Clock(standard)  # for what it knows of fields and of whether the standard applies
    worst, ob = None, None
    history: list[tuple[int, int]] = []  # the worst so far, at each stamp
    away: list[bool] = []  # whether it had ceased to apply by then
    for number, stamp in enumerate(stamps):
        clock.learn(stamp)
        moved = level.step(stamp)
        if ob is None and moved:
            facts = stamp.facts(moved[0], standard.calendars)
            if standard.applies(facts) is False and standard.on_change == "freeze":
                break
            clock.open((stamp.t, number, 0), moved[0], clock.terms(facts))
            ob = clock.obligations[0]
        if ob is not None and level.room is not None:
            worst = level.room if worst is None else min(worst, level.room)
            away.append(ob.withdrawn_at is not None and ob.appears)
            history.append((stamp.t, worst))
        if ob is not None and ob.order[1] == number:
            clock.follow(ob, stamp)
    if ob is None or not ob.appears:
        return []
    if ended is not None:
        clock.end(ob, ended, "ended", None)
    while away and away[-1]:
        away.pop()
        history.pop()
    worst = history[-1][1] if history else None
    breached_at = next((t for t, room in history if room < 0), None)
    if breached_at is not None and not any(
        piece.applies is True and (later is None or later >= breached_at)
        for piece, later in zip(ob.pieces, [*(piece.at for piece in ob.pieces[1:]), None], strict=True)
    ):
        breached_at = None  # not while it was known to apply, nor since
    outcome = "open" if ob.state == "live" else "met"
    if ob.withdrawn_at is not None:
        outcome = "cancelled"
    if breached_at is not None:
        outcome = "breached"
    elif ob.pieces[-1].applies is None:
        outcome = "unknown"
    found = row(
        standard,
        case,
        ob.order,
        started_at=ob.started_at,
        ended_at=ob.ended_at if ob.withdrawn_at is None else ob.withdrawn_at,
        breached_at=breached_at,
        elapsed=None if worst is None else -worst,  # how far out of bounds it has been
        limit=0,
        margin=worst,
        unit="level",
        outcome=outcome,
    )
    last = standard.facts({}, {**ob.opener.fields, **stamps[-1].fields}, ob.started_at, ob.opener.kind)
    return [finish(standard, last, found)]


def react(
    standard: Standard, case: tuple[str, ...], stamps: list[Stamp], as_of: int, ended: int | None
) -> list[dict]:
    """A crossing demands `then` within the limit; falling back first cancels, unless `on_return: keep`."""
    level = Level(standard)
    clock = Clock(standard)
    clock.recurs = "each"  # armed on the crossing: while one runs, another crossing is no start
    for number, stamp in enumerate(stamps):
        was_out = level.is_out
        moved = level.step(stamp)
        signals: dict[str, list[Event]] = {name: [] for name in SIGNALS}
        signals["stop"] = [
            event for event in stamp.events if gives(standard["then"], stamp.facts(event, standard.calendars))
        ]
        if was_out and not level.is_out and standard["on_return"] != "keep":
            signals["cancel"] = moved[:1]
        if level.is_out and not was_out:
            signals["start"] = moved[:1]
        clock.step(number, stamp, signals)
    return clock.rows(case, as_of, ended, stamps[-1].fields)
