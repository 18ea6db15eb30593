"""Kind `respond`: after each start, a stop within a limit."""

from __future__ import annotations

import itertools
from dataclasses import replace

from oracle.calendars import Hours
from oracle.clock import Obligation, Piece, is_over
from oracle.conditions import ABSENT, Facts, gives, holds
from oracle.frame import Standard, clock_row, ends_case, names_in
from oracle.limits import UNKNOWN, Limit, read_limit
from oracle.log import Event, Stamp, laid_out

SIGNALS = ("stop", "stop_all", "cancel", "reset", "pause", "resume", "extend", "start", "reopen_on")


def evaluate(standard: Standard, case: tuple[str, ...], stamps: list[Stamp], as_of: int) -> list[dict]:
    if standard["every"] is not None:
        told = {"within": standard["every"], "recurs": "each", "on_change": "freeze"}
        standard = replace(standard, spec={**standard.spec, **told})
    if is_planned(standard):
        stamps = with_planned(standard, stamps, as_of)
    stamps, ended = ends_case(standard, stamps, gives)
    last = stamps[-1].fields
    clock = Clock(standard)
    for number, stamp in enumerate(stamps):
        clock.step(number, stamp, clock.signals(stamp))
    return clock.rows(case, as_of, ended, last)


def is_planned(standard: Standard) -> bool:
    return isinstance(standard["start"], dict) and "at" in standard["start"]


def planned_at(standard: Standard, fields: dict, t: int) -> int | None:
    """Return the instant that the case carries as its start."""
    facts = standard.facts({}, fields, t, "")
    found = read_limit(standard["start"]["at"], facts, standard.hours(facts))  # type: ignore[index]
    return found.amount if found.kind == "instant" else None


def with_planned(standard: Standard, stamps: list[Stamp], as_of: int) -> list[Stamp]:
    """Put an event at each planned instant: moved until it comes, and where it was known late, in the past."""
    made: list[Event] = []
    came: set[int] = set()
    planned: Event | None = None
    known: dict = {}
    watched = names_in(standard["start"])

    def arrive(t: int) -> None:
        if planned is not None and planned.t <= t and planned.t not in came:
            came.add(planned.t)
            made.append(planned)

    for t, together in itertools.groupby(stamps, key=lambda stamp: stamp.t):
        arrive(t)
        teacher = None
        for event in (event for stamp in together for event in stamp.events):
            if any(name in watched and known.get(name) != value for name, value in event.fields.items()):
                teacher = event
            known |= event.fields
        if teacher is not None:
            at = planned_at(standard, known, t)
            planned = None if at is None else Event(at, PLANNED, teacher.fields, None, None, ())
    arrive(as_of)
    is_alone = stamps[0].is_alone
    groups = [(stamp.t, [*stamp.events]) for stamp in stamps]
    for event in made:
        same = [group for t, group in groups if t == event.t and group[0].sequence is None]
        if same and not is_alone:
            same[0].insert(0, event)
        else:
            groups.append((event.t, [event]))
    groups.sort(key=lambda group: (group[0], group[1][0].kind != PLANNED))
    return laid_out([group for _, group in groups], is_alone=is_alone)


PLANNED = "@planned"


class Clock:
    """The clock of one case, driven stamp by stamp."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.recurs = standard["recurs"] or "once"
        self.reopen = standard["reopen"] or "ignore"
        self.held = False
        self.level = False
        self.has_started = False
        self.has_begun = False
        self.early: dict[int, tuple[str, str | None]] = {}  # what ended a planned start before it came
        self.updates: list[Event] = []  # of `every`: what ends a period and begins the next
        self.fields: dict = {}
        self.obligations: list[Obligation] = []

    @property
    def live(self) -> list[Obligation]:
        return [ob for ob in self.obligations if ob.state == "live"]

    def signals(self, stamp: Stamp) -> dict[str, list[Event]]:
        """Return which events of a stamp give which signal."""
        facts = {id(event): stamp.facts(event, self.standard.calendars) for event in stamp.events}
        if self.standard["every"] is not None:
            return self.periods(stamp, facts)
        return {
            name: [event for event in stamp.events if gives(self.selector(name), facts[id(event)])]
            for name in SIGNALS
        }

    def periods(self, stamp: Stamp, facts: dict[int, Facts]) -> dict[str, list[Event]]:
        """Return the signals of `every`: an update ends a period and begins the next, the last one only ends it."""
        found: dict[str, list[Event]] = {
            name: [event for event in stamp.events if gives(self.selector(name), facts[id(event)])]
            for name in SIGNALS
        }
        last = [event for event in stamp.events if gives(self.standard["until"], facts[id(event)])]
        self.updates = [
            event
            for event in stamp.events
            if event not in last and gives(self.standard["event"], facts[id(event)])
        ]
        found["stop"] = [event for event in stamp.events if event in last or event in self.updates]
        if self.standard["start"] is None and not self.has_begun and stamp.events[0] not in last:
            found["start"] = stamp.events[:1]
        self.has_begun = True
        if self.live and not last:
            found["start"] = found["start"] + self.updates[:1]
        return found

    def selector(self, name: str) -> object:
        written = self.standard[name]
        if name == "start" and is_planned(self.standard):
            return PLANNED
        return written["event"] if name == "extend" and isinstance(written, dict) else written

    def rows(self, case: tuple[str, ...], as_of: int, ended: int | None, last: dict) -> list[dict]:
        """Return the verdicts; what still runs when the case ends is cancelled."""
        if ended is not None:
            for ob in self.live:
                self.end(ob, ended, "cancelled", "the case ended")
        return [clock_row(self.standard, case, ob, as_of, last) for ob in self.obligations if ob.appears]

    def step(self, number: int, stamp: Stamp, signals: dict[str, list[Event]]) -> None:
        facts = {id(event): stamp.facts(event, self.standard.calendars) for event in stamp.events}
        # What ends a period of `every` says how long the next one may be, not the one that it ends.
        self.learn(
            stamp, follows=self.standard["every"] is None or not (signals["stop"] or signals["cancel"])
        )
        was_idle = not self.live
        # Phase 1, in the order of the signals: what runs is stopped, cancelled, reset, paused or resumed.
        used = [event for event in signals["stop"] if self.stop(event, stamp.t)]
        for event in signals["stop_all"]:
            self.stop_every(event, stamp.t)
        cancelled = [
            event
            for event in signals["cancel"]
            if event not in signals["stop"] and self.cancel(event, stamp.t)
        ]
        if is_planned(self.standard):
            self.answer_early(stamp, signals, [*used, *cancelled], was_idle=was_idle)
        for event in signals["reset"]:
            for ob in self.concerned(event):
                self.reset(ob, stamp.t)
        self.hold(stamp, signals, facts)
        for event in signals["extend"]:
            for ob in self.concerned(event):
                self.extend(ob, stamp)
        # Phase 2: starts, after what opens again.
        for name, begin in (("reopen_on", self.reopened), ("start", self.start)):
            for event in signals[name]:
                begin((stamp.t, number, stamp.events.index(event)), event, facts[id(event)])
        for ob in self.obligations:
            if ob.order[1] == number:
                self.follow(ob, stamp)
        # Phase 3: the stops given by other events than the one that opened.
        for event in stamp.events:
            if event in self.updates:
                continue  # it has no period to end but the one before
            if event in signals["stop"] and not (self.recurs == "every" and event in used):
                self.stop(event, stamp.t)
        for event in signals["stop_all"]:
            self.stop_every(event, stamp.t)
        for event in signals["cancel"] if self.recurs == "once" else []:
            for ob in self.live:
                if ob.opened_by is event:  # what it starts, and does not stop, it cancels
                    self.end(ob, stamp.t, "cancelled", event.kind)
        self.count(stamp, facts)

    def answer_early(
        self, stamp: Stamp, signals: dict[str, list[Event]], used: list[Event], *, was_idle: bool
    ) -> None:
        """Let a stop that ends nothing end the start that is planned, and a cancel cancel it, before it comes."""
        at = planned_at(self.standard, stamp.fields, stamp.t)
        busy = signals["start"] or signals["reopen_on"] or (self.recurs != "every" and not was_idle)
        if at is None or at <= stamp.t or busy:
            return
        cancels = [event for event in signals["cancel"] if event not in [*used, *signals["stop"]]]
        if any(event not in used for event in signals["stop"]):
            self.early.setdefault(at, ("ended", None))
        elif cancels:
            self.early.setdefault(at, ("cancelled", cancels[0].kind))

    def learn(self, stamp: Stamp, *, follows: bool = True) -> None:
        """Read the terms anew, from the case, when a field they read changes; new terms begin a new piece."""
        known, watched, changed = dict(self.fields), self.standard.watched, False
        for fields in stamp.changes:
            changed |= any(name in watched and known.get(name) != value for name, value in fields.items())
            known |= fields
        self.fields = known
        for ob in self.obligations if changed and follows else []:
            facts = self.standard.facts({}, known, ob.started_at, ob.opener.kind)
            self.renew(ob, stamp.t, self.terms(facts))

    def current(self, ob: Obligation) -> Piece:
        return (ob.pieces + ob.after)[-1]

    def terms(self, facts: Facts) -> tuple[Limit, Hours, bool | None]:
        """Return the limit, the calendar, and whether the standard applies."""
        return self.standard.limit(facts), self.standard.hours(facts), self.standard.applies(facts)

    def follow(self, ob: Obligation, stamp: Stamp) -> None:
        """Let an obligation that has just begun follow the case, where others of the stamp changed its fields."""
        if len(stamp.events) > 1:
            facts = self.standard.facts({}, stamp.fields, ob.started_at, ob.opener.kind)
            self.renew(ob, stamp.t, self.terms(facts))

    def renew(self, ob: Obligation, t: int, terms: tuple[Limit, Hours, bool | None]) -> None:
        """Begin a new piece where what is in force changes."""
        here = self.current(ob)
        limit, hours, applies = terms
        if self.standard.on_change == "freeze":
            applies = here.applies
        facts = self.standard.facts({}, self.fields, ob.started_at, ob.opener.kind)
        limit = self.extended(ob, limit, facts)
        if applies is False and ob.appears:
            limit = here.limit
        if (limit, hours, applies) != (here.limit, here.hours, here.applies):
            ob.add(
                replace(
                    here,
                    at=t,
                    limit=limit,
                    hours=hours,
                    applies=applies,
                    resets=False,
                    restarts=False,
                    extends=False,
                    unextends=False,
                )
            )

    def concerned(self, event: Event) -> list[Obligation]:
        """Return the obligations that a reset or an extension touches: all that run, or those of its lane."""
        match = self.standard["match"]
        if self.recurs != "every" or match is None:
            return self.live
        if self.lane_of(event) is ABSENT:
            return self.live  # an event that names no lane concerns them all
        return [ob for ob in self.live if ob.lane == self.lane_of(event)]

    def lane_of(self, event: Event) -> object:
        return event.fields.get(str(self.standard["match"]), ABSENT)

    def stop(self, event: Event, t: int) -> bool:
        """Close what runs; only under `once` also what this very event opened."""
        ob = self.meant(event)
        if ob is not None:
            self.end(ob, t, "ended", None)
        return ob is not None

    def cancel(self, event: Event, t: int) -> bool:
        ob = self.meant(event)
        if ob is not None:
            self.end(ob, t, "cancelled", event.kind)
        return ob is not None

    def meant(self, event: Event) -> Obligation | None:
        """Return what a stop or cancel ends: under `every` the oldest, or that of its lane."""
        candidates = [ob for ob in self.live if self.recurs == "once" or ob.opened_by is not event]
        if self.recurs == "every" and self.standard["match"] is not None:
            candidates = [ob for ob in candidates if ob.lane is not ABSENT and ob.lane == self.lane_of(event)]
        return candidates[0] if candidates else None

    def stop_every(self, event: Event, t: int) -> None:
        for ob in self.live:
            if ob.opened_by is not event:
                self.end(ob, t, "ended", None)

    def end(self, ob: Obligation, t: int, state: str, reason: str | None) -> None:
        here = self.current(ob)
        ob.state, ob.ended_at, ob.reason = state, t, reason
        ob.after = [replace(here, at=t, running=False, resets=False, gap=True)]
        ob.ticks_after = []

    def reset(self, ob: Obligation, t: int, *, restarts: bool = False) -> None:
        """Begin to count anew; an extension was one of the start before."""
        here = replace(self.current(ob), at=t, resets=True, restarts=restarts, extends=False, unextends=False)
        if ob.extensions:
            ob.extensions = 0
            facts = self.standard.facts({}, self.fields, ob.started_at, ob.opener.kind)
            limit = self.terms(facts)[0]
            limit = here.limit if limit.kind == "away" or here.applies is False else limit
            here = replace(here, limit=limit, unextends=True)
        ob.add(here)

    def extend(self, ob: Obligation, stamp: Stamp) -> None:
        """Give a new limit from the same start to what runs and is not breached."""
        written: dict = self.standard["extend"]  # type: ignore[assignment]
        if ob.extensions >= written.get("times", 1) or is_over(ob, stamp.t, self.standard.terms):
            return
        ob.extensions += 1
        here = self.current(ob)
        facts = self.standard.facts({}, stamp.fields, ob.started_at, ob.opener.kind)
        limit = self.extended(ob, self.terms(facts)[0], facts)
        ob.add(
            replace(
                here, at=stamp.t, limit=limit, resets=False, restarts=False, extends=True, unextends=False
            )
        )

    def extended(self, ob: Obligation, limit: Limit, facts: Facts) -> Limit:
        """Return the limit in force after the extensions so far: the new one, or the old with something added."""
        if not ob.extensions:
            return limit
        written: dict = self.standard["extend"]  # type: ignore[assignment]
        hours = self.standard.hours(facts)
        if "within" in written:
            return read_limit(written["within"], facts, hours, self.standard.settings)
        more = read_limit(written["by"], facts, hours, self.standard.settings)
        same = (limit.kind, limit.unit, limit.is_wall) == (more.kind, more.unit, more.is_wall)
        return replace(limit, amount=limit.amount + ob.extensions * more.amount) if same else UNKNOWN

    def hold(self, stamp: Stamp, signals: dict[str, list[Event]], facts: dict[int, Facts]) -> None:
        """Set the latch: a level that rises is a pause, one that falls a resume; pauses go before resumes."""
        before = self.held
        pause, resume = bool(signals["pause"]), bool(signals["resume"])
        if self.standard["pause_while"] is not None:
            level = holds(self.standard["pause_while"], self.standard.facts({}, stamp.fields, stamp.t, ""))
            if level is not None and level != self.level:
                self.level = level
                pause, resume = pause or level, resume or not level
        if pause:
            self.held = True
        if resume:
            self.held = False
        if self.held != before:
            for ob in self.obligations:
                here = self.current(ob)
                running = not self.held and ob.state == "live"
                ob.add(
                    replace(here, at=stamp.t, running=running, held=self.held, resets=False, restarts=False)
                )

    def start(self, order: tuple, event: Event, facts: Facts) -> None:
        limit, hours, applies = self.terms(facts)
        if self.recurs == "once" and self.has_started and not self.obligations:
            return  # the first start counts, and the standard did not apply to it and never will
        self.has_started = True
        last = self.obligations[-1] if self.obligations else None
        if self.recurs != "every" and last is not None:
            if last.state == "live":
                if self.recurs == "latest":
                    self.reset(last, order[0], restarts=True)
                return
            if self.recurs == "once" and self.reopen != "new":
                self.reopened(order, event, facts)
                return
            if self.recurs == "once" and last.state == "cancelled":
                return
        never = applies is False and self.standard.on_change == "freeze"
        if not never or self.standard["every"] is not None:  # the next period follows one that does not show
            self.open(order, event, (limit, hours, applies))

    def open(self, order: tuple, event: Event, terms: tuple[Limit, Hours, bool | None]) -> None:
        t, (limit, hours, applies) = order[0], terms
        ob = Obligation(t, event, order, opened_by=event)
        if self.standard["match"] is not None:
            ob.lane = self.lane_of(event)
        ob.pieces = [Piece(t, not self.held, self.held, limit, hours, applies=applies)]
        self.obligations.append(ob)
        if event.kind == PLANNED and t in self.early:
            state, reason = self.early.pop(t)
            self.end(ob, t, state, reason)

    def reopened(self, order: tuple, event: Event, facts: Facts) -> None:
        """Open the last obligation again: its closed time was a pause, or counts as if it had never been closed."""
        last = self.obligations[-1] if self.obligations else None
        if last is None or last.state != "ended" or self.live or self.reopen == "ignore":
            return
        t = order[0]
        if self.reopen == "new":
            self.open(order, event, self.terms(facts))
            return
        counts, before, now = self.reopen == "count", last.pieces[-1], self.current(last)
        if counts:
            last.ticks += [(at, len(last.pieces) + number) for at, number in last.ticks_after]
            last.pieces += [replace(piece, running=True, held=False, gap=False) for piece in last.after]
        else:  # a pause: what the terms have become comes into force as it ends
            last.pieces += [
                replace(before, at=piece.at, running=False, held=piece.held, resets=False, restarts=False,
                        extends=False, gap=True)
                for piece in last.after
            ]  # fmt: skip
            if now.applies is False and before.applies is not False:
                now = replace(now, limit=before.limit)
        last.state, last.ended_at = "live", None
        again = replace(now, at=t, running=not self.held, held=self.held, gap=False)
        ceases = not counts and again.applies is False
        hours = before.hours if ceases else again.hours
        last.pieces += [replace(again, applies=last.pieces[-1].applies, hours=hours, ceases=ceases), again]
        last.after = []
        last.opened_by = event

    def count(self, stamp: Stamp, facts: dict[int, Facts]) -> None:
        """Count the other events of a count limit, in [start, stop) and while the clock runs."""
        for ob in self.obligations:
            limit = self.current(ob).limit
            if limit.kind != "count":
                continue
            for event in stamp.events:
                if limit.of is not None and event is not ob.opener and gives(limit.of, facts[id(event)]):
                    if ob.state == "live" and not self.held:
                        ob.ticks.append((stamp.t, len(ob.pieces) - 1))
                    elif ob.state == "ended":
                        ob.ticks_after.append((stamp.t, len(ob.after) - 1))
