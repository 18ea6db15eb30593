"""Kind `gauge`: a level stays in bounds, or crossing a bound demands a reaction within a limit."""

from __future__ import annotations

from oracle.clock import Obligation, Piece
from oracle.conditions import ABSENT, gives, holds, read_value
from oracle.frame import Standard, clock_row, ends_case, finish, row
from oracle.log import Event, Stamp


def evaluate(standard: Standard, case: tuple[str, ...], stamps: list[Stamp], as_of: int) -> list[dict]:
    stamps, ended = ends_case(standard, stamps, gives)
    if standard["then"] is None:
        return stay_in_bounds(standard, case, stamps, ended)
    return react(standard, case, stamps, as_of if ended is None else ended)


class Level:
    """The level after each stamp; what happens in one stamp happens at once."""

    def __init__(self, standard: Standard) -> None:
        self.spec: dict = standard["level"]  # type: ignore[assignment]
        self.standard = standard
        initial = self.spec.get("initial")
        self.value: int | None = initial if "set" in self.spec else initial or 0

    def step(self, stamp: Stamp) -> list[Event]:
        """Move the level and return the events that moved it."""
        moving = []
        if "set" in self.spec:
            for event in stamp.events:
                facts = stamp.facts(event, self.standard.calendars)
                if gives(self.spec["on"], facts):
                    value = read_value(self.spec["set"], facts)
                    if value is not ABSENT:
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
        if self.value is None:
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
    opened: tuple | None = None
    breached_at, worst, seen, applies, cancelled_at = None, None, {}, True, None
    for number, stamp in enumerate(stamps):
        was_out = level.is_out
        moved = level.step(stamp)
        if opened is None:
            if not moved or holds(standard["applies_to"], stamp.facts(moved[0], standard.calendars)) is False:
                continue
            opened = ((stamp.t, number, 0), moved[0])
            seen = {**stamp.fields, **moved[0].fields}
        for fields in stamp.changes if stamp.t != opened[0][0] or number != opened[0][1] else []:
            seen = {**seen, **fields}
        applies = holds(standard["applies_to"], standard.facts({}, seen, opened[0][0], opened[1].kind))
        if applies is False:
            cancelled_at = stamp.t
            break
        if moved and level.room is not None:
            worst = level.room if worst is None else min(worst, level.room)
        if breached_at is None and level.is_out and not was_out:
            breached_at = stamp.t
    if opened is None:
        return []
    order, opener = opened
    outcome = "breached" if breached_at is not None else "met" if ended is not None else "open"
    if cancelled_at is not None and breached_at is None:
        outcome = "cancelled"
    if applies is None:
        outcome, breached_at = "unknown", None
    found = row(
        standard,
        case,
        order,
        opener,
        started_at=order[0],
        ended_at=ended if cancelled_at is None else cancelled_at,
        breached_at=breached_at,
        elapsed=None if worst is None else -worst,  # how far out of bounds it has been
        limit=0,
        margin=worst,
        unit="level",
        outcome=outcome,
    )
    last = standard.facts({}, {**opener.fields, **stamps[-1].fields}, order[0], opener.kind)
    return [finish(standard, last, found)]


def react(standard: Standard, case: tuple[str, ...], stamps: list[Stamp], as_of: int) -> list[dict]:
    """A crossing demands `then` within the limit; falling back first cancels, unless `on_return: keep`."""
    level = Level(standard)
    obligations: list[Obligation] = []

    def running() -> Obligation | None:
        return obligations[-1] if obligations and obligations[-1].state == "live" else None

    def end(ob: Obligation, t: int, state: str, reason: str | None) -> None:
        ob.state, ob.ended_at, ob.reason = state, t, reason

    for number, stamp in enumerate(stamps):
        was_out = level.is_out
        moved = level.step(stamp)
        reacting = [e for e in stamp.events if gives(standard["then"], stamp.facts(e, standard.calendars))]
        ob = running()
        if ob is not None:
            for fields in stamp.changes:
                ob.seen = {**ob.seen, **fields}
            facts = standard.facts({}, ob.seen, ob.started_at, ob.opener.kind)
            here = ob.pieces[-1]
            now = Piece(
                stamp.t, running=True, held=False, limit=standard.limit(facts), hours=standard.hours(facts)
            )
            if (now.limit, now.hours) != (here.limit, here.hours):
                ob.pieces.append(now)
            if reacting:
                end(ob, stamp.t, "ended", None)
            elif was_out and not level.is_out and standard["on_return"] != "keep":
                end(ob, stamp.t, "cancelled", "returned")
            else:
                applies = holds(standard["applies_to"], facts)
                ob.known = applies is not None
                if applies is False:
                    end(ob, stamp.t, "cancelled", "applies_to")
        if level.is_out and not was_out and running() is None:
            opener = moved[0]
            facts = stamp.facts(opener, standard.calendars)
            applies = holds(standard["applies_to"], facts)
            if applies is not False:
                ob = Obligation(stamp.t, opener, (stamp.t, number, 0), {**stamp.fields, **opener.fields})
                ob.known = applies is True
                ob.pieces = [Piece(stamp.t, True, False, standard.limit(facts), standard.hours(facts))]
                obligations.append(ob)
                if any(event is not opener for event in reacting):
                    end(ob, stamp.t, "ended", None)
    return [clock_row(standard, case, ob, as_of, stamps[-1].fields) for ob in obligations]
