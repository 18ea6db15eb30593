"""Kind `quantity`: how many, how much or how long, in a scope of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from oracle.arithmetic import is_arithmetic, reckon
from oracle.calendars import DAY_S, HOUR, Hours, NeverOpens, local_date, map_local
from oracle.clock import Meter, Obligation, Piece, hours_for, judge_one, paused_time, settle
from oracle.conditions import ABSENT, Facts, gives, holds
from oracle.frame import Standard, ends_case, finish, row
from oracle.limits import NONE, UNKNOWN, Limit, add_months, in_force, read_limit
from oracle.log import Event, Stamp

NOBODY = Event(0, "", {}, None, None, ())


def evaluate(standard: Standard, case: tuple[str, ...], stamps: list[Stamp], as_of: int) -> list[dict]:
    stamps, ended = ends_case(standard, stamps, gives)
    tallies = [Tally(standard)]
    if is_rolling(standard):  # each window by itself, as if there were no other
        tallies = [Tally(standard, opener) for opener in openers(standard, stamps)]
    scopes = []
    for tally in tallies:
        for number, stamp in enumerate(stamps):
            tally.pass_time(stamp.t, stamp)
            tally.step(number, stamp)
        if ended is None:
            tally.pass_time(as_of, None)
        else:
            tally.close(ended, is_cut=is_rolling(standard) and standard["at_least"] is not None)
        scopes += [scope for scope in tally.scopes if scope.appears]
    until = as_of if ended is None else ended
    return [write(standard, case, scope, until, stamps[-1].fields) for scope in scopes]


def is_rolling(standard: Standard) -> bool:
    return isinstance(standard["per"], dict) and "rolling" in standard["per"]


def openers(standard: Standard, stamps: list[Stamp]) -> list[tuple[int, int]]:
    """Return which events begin a window: those that count, or those with which a state begins or ends."""
    demands = standard["at_least"] is not None
    found = [(0, 0)] if demands else []
    state = Tally(standard)
    for number, stamp in enumerate(stamps):
        facts = {id(event): stamp.facts(event, standard.calendars) for event in stamp.events}
        before = state.in_state
        state.move(stamp, facts)
        if state.in_state not in {before, demands}:
            found.append((number, state.place_of_change(stamp, facts)))
        for place, event in enumerate(stamp.events):
            if not state.is_time and state.counts(facts[id(event)]):
                found.append((number, place))
    return list(dict.fromkeys(found))


class Tally:
    """The scopes of one case, one after the other, and what counts in each; or the one window of an opener."""

    def __init__(self, standard: Standard, opener: tuple[int, int] | None = None) -> None:
        self.standard = standard
        self.opener = opener
        self.in_state = False  # of `time_in` and `span`
        self.running: set[object] = set()  # what is open between two events, by what `match` tells apart
        self.fields: dict = {}
        self.scopes: list[Obligation] = []
        self.closing: int | None = None  # when time alone closes the open scope

    @property
    def open_scope(self) -> Obligation | None:
        return self.scopes[-1] if self.scopes and self.scopes[-1].state == "live" else None

    @property
    def is_time(self) -> bool:
        return self.standard["time_in"] is not None or self.standard["span"] is not None

    def terms(self, facts: Facts) -> tuple[Limit, Hours, bool | None]:
        hours = self.standard.hours(facts)
        written = in_force(self.standard["at_most"], self.standard.overrides, "at_most", facts)
        return amount(written, facts, hours), hours, self.standard.applies(facts)

    def pass_time(self, until: int, stamp: Stamp | None) -> None:
        """Close scopes whose time is over by then, the instant itself included; a window opens the next one."""
        while self.open_scope is not None and self.closing is not None and self.closing <= until:
            at = self.closing
            before = self.scopes[-1]
            self.close(at)
            if self.standard["per"] is not None and not is_rolling(self.standard):
                facts = self.standard.facts({}, self.fields, at, "")
                if stamp is not None and at == stamp.t:
                    facts = self.standard.facts({}, stamp.fields, at, "")
                self.open((at, before.order[1], len(self.scopes)), NOBODY, facts)

    def close(self, at: int, *, is_cut: bool = False) -> None:
        scope = self.open_scope
        if scope is not None:
            scope.state, scope.ended_at = "cancelled" if is_cut else "ended", at

    def open(self, order: tuple, event: Event, facts: Facts) -> None:
        at = order[0]
        limit, hours, applies = self.terms(facts)
        scope = Obligation(at, event, order, opened_by=event)
        running = self.in_state or not self.is_time
        scope.pieces = [Piece(at, running, not running, limit, hours, applies=applies)]
        self.scopes.append(scope)
        self.closing = None
        if self.standard["per"] is not None:
            zone = hours.zone or self.standard.zone
            assert zone is not None
            self.closing = next_window(at, self.standard["per"], zone)
            if is_rolling(self.standard):
                demands = self.standard["at_least"] is not None
                self.closing = window_end(at, self.standard["per"]["rolling"], zone, is_after=demands)  # type: ignore[index]
        elif self.standard["within"] is not None:
            within = read_limit(self.standard["within"], facts, hours)
            try:
                self.closing = hours_for(within, hours).add(at, within.amount + 1)
            except NeverOpens:
                self.closing = None

    def step(self, number: int, stamp: Stamp) -> None:
        facts = {id(event): stamp.facts(event, self.standard.calendars) for event in stamp.events}
        self.learn(stamp)
        until = [event for event in stamp.events if gives(self.standard["until"], facts[id(event)])]
        if until:
            self.close(stamp.t)
        self.move(stamp, facts)
        after = self.standard["after"]
        for place, event in enumerate(stamp.events):
            is_first = after is None and (number, place) == (self.opener or (0, 0))
            opens = is_first or (after is not None and gives(after, facts[id(event)]))
            if opens and self.open_scope is None:
                self.open((stamp.t, number, place), event, facts[id(event)])
        scope = self.open_scope
        is_new = scope is not None and scope.order[1] == number and len(stamp.events) > 1
        is_once = after is None and self.standard["per"] is None
        if scope is not None and any(is_once or event is not scope.opened_by for event in until):
            if is_new:  # what the stamp says is known before what ends in it
                self.renew(stamp)
            self.close(stamp.t)
        self.tick(stamp, facts)
        if is_new:
            self.renew(stamp)

    def learn(self, stamp: Stamp) -> None:
        known, changed = dict(self.fields), False
        for fields in stamp.changes:
            changed |= any(
                name in self.standard.watched and known.get(name) != value for name, value in fields.items()
            )
            known |= fields
        self.fields = known
        if changed:
            self.renew(stamp)

    def renew(self, stamp: Stamp) -> None:
        """Read the terms anew from the case; new terms begin a new piece."""
        scope = self.open_scope
        if scope is None or self.standard.on_change == "freeze":
            return
        facts = self.standard.facts({}, stamp.fields, scope.started_at, scope.opener.kind)
        limit, hours, applies = self.terms(facts)
        here = scope.pieces[-1]
        if applies is False and scope.appears:
            limit = here.limit
        if (limit, hours, applies) != (here.limit, here.hours, here.applies):
            scope.pieces.append(replace(here, at=stamp.t, limit=limit, hours=hours, applies=applies))

    def move(self, stamp: Stamp, facts: dict[int, Facts]) -> None:
        """Enter or leave the state whose time is measured."""
        before = self.in_state
        if self.standard["time_in"] is not None and not self.has_stretches:
            now = holds(self.standard["time_in"], self.standard.facts({}, stamp.fields, stamp.t, ""))
            if now is not None:
                self.in_state = now
        if self.standard["span"] is not None:
            first, last = self.standard["span"]  # type: ignore[misc]
            if any(gives(last, facts[id(event)]) for event in stamp.events):
                self.in_state = False
            if any(gives(first, facts[id(event)]) for event in stamp.events):
                self.in_state = True
        if self.has_stretches:
            begun, over = ({key for key, _ in self.at_ends(stamp, facts, name)} for name in ("from", "to"))
            self.running = self.running - (over - begun) | (
                begun - over
            )  # both of one stamp leave it as it was
            self.in_state = bool(self.running)
        scope = self.open_scope
        if self.in_state != before and scope is not None:
            scope.pieces.append(
                replace(scope.pieces[-1], at=stamp.t, running=self.in_state, held=not self.in_state)
            )

    @property
    def has_stretches(self) -> bool:
        written = self.standard["time_in"]
        return isinstance(written, dict) and {"from", "to"} <= set(written)

    def at_ends(self, stamp: Stamp, facts: dict[int, Facts], name: str) -> list[tuple[object, int]]:
        """Return the events of a stamp at one end of a stretch: what `match` reads of them, and their places."""
        written: dict = self.standard["time_in"]  # type: ignore[assignment]
        field = written.get("match")
        return [
            (None if field is None else str(event.fields.get(field)), place)
            for place, event in enumerate(stamp.events)
            if gives(written[name], facts[id(event)])
        ]

    def place_of_change(self, stamp: Stamp, facts: dict[int, Facts]) -> int:
        """Return which event of a stamp brought the state about, or ended it: the first that can have."""
        if self.has_stretches:
            here = [key for key, _ in self.at_ends(stamp, facts, "to" if self.in_state else "from")]
            ends = self.at_ends(stamp, facts, "from" if self.in_state else "to")
            return next(place for key, place in ends if key not in here)
        written: dict = self.standard["time_in"]  # type: ignore[assignment]
        return next(place for place, event in enumerate(stamp.events) if set(written) & set(event.fields))

    def counts(self, facts: Facts) -> bool:
        summed: dict = self.standard["sum"] or {}  # type: ignore[assignment]
        return gives(summed.get("of", self.standard["count"]), facts)

    def tick(self, stamp: Stamp, facts: dict[int, Facts]) -> None:
        """Count what counts: an amount of thirty is thirty ticks."""
        scope = self.open_scope
        if scope is None or self.is_time:
            return
        summed: dict = self.standard["sum"] or {}  # type: ignore[assignment]
        for event in stamp.events:
            is_apart = self.standard["after"] is not None or (
                is_rolling(self.standard) and self.standard["at_least"] is not None
            )
            if event is scope.opener and is_apart:
                continue
            if self.counts(facts[id(event)]):
                own = Facts(event.fields, {}, event.t, event.kind)
                value = amount_of(str(summed["field"]), own) if summed else 1
                if value is ABSENT:
                    scope.lacks_amount = True
                else:
                    scope.ticks += [(stamp.t, len(scope.pieces) - 1)] * int(value)  # type: ignore[call-overload]


def amount_of(written: str, own: Facts) -> object:
    """Return what an event adds: what it carries itself, or arithmetic in that."""
    if not is_arithmetic(written):
        return own.read(written.removeprefix("$"))
    figure = reckon(written, own)
    return ABSENT if figure is None else figure


def amount(written: object, facts: Facts, hours: Hours) -> Limit:
    if written is None:
        return NONE
    if isinstance(written, str) and is_arithmetic(written) and not written.endswith(" minutes"):
        figure = reckon(written, facts)
        return UNKNOWN if figure is None else Limit("count", int(figure))
    return Limit("count", written) if isinstance(written, int) else read_limit(written, facts, hours)


def window_end(at: int, length: str, zone: ZoneInfo, *, is_after: bool) -> int:
    """Return the first instant after the window that begins with an instant, or lies after it."""
    number, unit = length.split()
    hours = {"minute": HOUR // 60, "hour": HOUR}.get(unit.removesuffix("s"))
    if hours is not None:
        return at + int(number) * hours + is_after
    day = local_date(at, zone)
    if unit.removesuffix("s") in ("day", "week"):
        day += timedelta(days=int(number) * (7 if unit.startswith("week") else 1))
    else:
        day = add_months(day, int(number) * (12 if unit.startswith("year") else 1))
    return map_local(day, DAY_S if is_after else 0, zone)


def next_window(at: int, per: object, zone: ZoneInfo) -> int:
    """Return the first instant of the next calendar window, or window of a fiscal year."""
    day = local_date(at, zone)
    if isinstance(per, dict):
        ((name, first),) = per.items()
        if name == "rolling":
            return at
        begin = date.fromisoformat(f"{day.year - 2}-{first}")
        while begin <= day:
            begin = add_months(begin, 12 if name == "fiscal_year" else 3)
        return map_local(begin, 0, zone)
    if per == "day":
        day += timedelta(days=1)
    elif per == "week":
        day += timedelta(days=7 - day.weekday())
    else:
        months = {"month": 1, "quarter": 3, "year": 12}[str(per)]
        number = (day.month - 1) // months * months + months
        day = date(day.year + number // 12, number % 12 + 1, 1)
    return map_local(day, 0, zone)


def window_begin(at: int, per: object, zone: ZoneInfo) -> int:
    """Return the first instant of the window that holds an instant: the one before it from which it is reached."""
    day = local_date(at, zone)
    while next_window(map_local(day, 0, zone) - 1, per, zone) > at or map_local(day, 0, zone) > at:
        day -= timedelta(days=1)
    while next_window(map_local(day, 0, zone) - 1, per, zone) != map_local(day, 0, zone):
        day -= timedelta(days=1)
    return map_local(day, 0, zone)


def is_cut(standard: Standard, scope: Obligation, hours: Hours) -> bool:
    """Say whether a window lies partly outside what the log covers: what it held there is not known."""
    per, zone = standard["per"], hours.zone or standard.zone
    if per is None or zone is None:
        return False
    if (
        standard.known_until is not None
        and scope.ended_at is not None
        and scope.ended_at > standard.known_until
    ):
        return True
    first = scope.started_at if is_rolling(standard) else window_begin(scope.started_at, per, zone)
    return standard.known_from is not None and first < standard.known_from


def write(standard: Standard, case: tuple[str, ...], scope: Obligation, until: int, last: dict) -> dict:
    """Judge one scope: what may not be passed when it is, what is demanded when it closes."""
    end = until if scope.ended_at is None else scope.ended_at
    withdrawn = scope.withdrawn_at
    if withdrawn is not None:
        end = withdrawn
    pieces = settle(scope.judged_pieces, standard.terms)
    found = judge_one(scope, pieces, end, standard.terms)
    is_time = standard["time_in"] is not None or standard["span"] is not None

    def used_by(limit: Limit) -> int:
        endless = Limit("duration" if is_time else "count", 2**62, clock=limit.clock)
        counting = [replace(piece, limit=endless) for piece in pieces]
        return Meter(scope, counting, len(pieces) - 1, standard.terms).used(end)

    facts = standard.facts({}, {**scope.opener.fields, **last}, scope.started_at, scope.opener.kind)
    least = amount(
        in_force(standard["at_least"], standard.overrides, "at_least", facts), facts, pieces[-1].hours
    )
    short = least.kind != "none" and used_by(least) < least.amount
    outcome, breached_at = "open" if scope.ended_at is None else "met", found.breached_at
    limit, margin, told = found.amount, found.margin, found.limit
    if breached_at is not None:
        outcome = "breached"
    elif withdrawn is not None or scope.state == "cancelled":
        outcome = "cancelled"
    elif (
        pieces[-1].applies is None
        or found.limit.kind == "unknown"
        or (scope.ended_at is not None and scope.lacks_amount)
    ):
        outcome = "unknown"
    elif scope.ended_at is not None and short:
        outcome, breached_at = "breached", scope.ended_at
    is_decided = found.breached_at is not None or (outcome == "met" and found.limit.kind == "none")
    if outcome in ("met", "breached") and not is_decided and is_cut(standard, scope, pieces[-1].hours):
        outcome, breached_at = "unknown", None
    if least.kind != "none" and (
        found.limit.kind == "none" or (breached_at is not None and found.breached_at is None)
    ):
        limit, margin, told = least.amount, used_by(least) - least.amount, least
    verdict = row(
        standard,
        case,
        scope.order,
        started_at=scope.started_at,
        ended_at=scope.ended_at if withdrawn is None else withdrawn,
        due_at=found.due_at,
        breached_at=breached_at,
        paused=paused_time(pieces, end, standard.terms, told),
        elapsed=used_by(told),
        limit=limit,
        margin=margin,
        unit="time" if is_time else "count" if standard["count"] is not None else "amount",
        outcome=outcome,
    )
    return finish(standard, facts, verdict)
