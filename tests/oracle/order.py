"""Kind `order`: an event needs another before it, or comes first or last in its case."""

from __future__ import annotations

from dataclasses import replace

from oracle.clock import Obligation, hours_for, paused_time
from oracle.conditions import gives, holds
from oracle.frame import Standard, ends_case, finish, row
from oracle.limits import NONE, Limit, in_force, read_limit
from oracle.log import Event, Stamp
from oracle.respond import Clock


def evaluate(standard: Standard, case: tuple[str, ...], stamps: list[Stamp], as_of: int) -> list[dict]:
    stamps, ended = ends_case(standard, stamps, gives)
    if standard["position"] == "first":
        return first(standard, case, stamps)
    if standard["position"] == "last":
        return last(standard, case, stamps, ended, as_of)
    rows = []
    for number, stamp in enumerate(stamps):
        for place, event in enumerate(stamp.events):
            facts = stamp.facts(event, standard.calendars)
            if gives(standard["event"], facts) and holds(standard["applies_to"], facts) is not False:
                found = judge(standard, stamps, number, event)
                if holds(standard["applies_to"], facts) is None:
                    found |= {"outcome": "unknown", "breached_at": None}
                verdict = row(
                    standard, case, (stamp.t, number, place), started_at=stamp.t, ended_at=stamp.t, **found
                )
                known = standard.facts({}, {**event.fields, **stamps[-1].fields}, stamp.t, event.kind)
                rows.append(finish(standard, known, verdict))
    return rows


def judge(standard: Standard, stamps: list[Stamp], number: int, event: Event) -> dict:
    """Judge one event by what came before it in its case."""
    stamp = stamps[number]
    served = needed_at(standard, stamps, number, event)
    if not served:
        return {"outcome": "breached", "breached_at": stamp.t}
    each = [judge_since(standard, stamp, event, at) for at in served]
    return next((found for found in each if found["outcome"] == "met"), each[0])


def judge_since(standard: Standard, stamp: Stamp, event: Event, at: int) -> dict:
    """Judge one event by one that it needs."""
    facts = stamp.facts(event, standard.calendars)
    hours = standard.hours(facts)

    def since(limit: Limit) -> int:
        return hours_for(limit, hours).elapsed(at, stamp.t)

    def bound(name: str) -> Limit:
        written = in_force(standard[name], standard.overrides, name, facts)
        return NONE if written is None else read_limit(written, facts, hours, standard.settings)

    most = bound("within") if standard["within"] is not None else bound("at_most")
    least = bound("at_least")
    if "unknown" in (most.kind, least.kind):
        return {"outcome": "unknown", "elapsed": since(least if most.kind == "none" else most)}
    late = most.kind == "duration" and not (
        since(most) < most.amount if standard["boundary"] == "exclusive" else since(most) <= most.amount
    )
    early = least.kind == "duration" and since(least) < least.amount
    found: dict = {"outcome": "breached" if late or early else "met", "elapsed": since(most)}
    found["breached_at"] = stamp.t if late or early else None
    if least.kind == "duration" and (early or most.kind == "none"):
        found |= {"elapsed": since(least), "limit": least.amount, "margin": since(least) - least.amount}
    elif most.kind == "duration":
        found |= {"limit": most.amount, "margin": most.amount - since(most)}
    return found


def needed_at(standard: Standard, stamps: list[Stamp], number: int, event: Event) -> list[int]:
    """Return when the needed events came that may serve this one, the latest first; what shares its instant is before."""
    found: list[int] = []
    for earlier in range(number, -1, -1):
        stamp = stamps[earlier]
        if earlier < number - 1 and standard["immediately"]:
            return found  # all events of the case count as between, but not those of the two instants
        for other in stamp.events:
            if other is not event and gives(standard["needs"], stamp.facts(other, standard.calendars)):
                if earlier < number and standard["fresh"] and is_used(standard, stamp, other):
                    continue
                found.append(stamp.t)
                if standard["immediately"]:
                    return found  # a later one lies between the event and any other
                break
        judged = [
            other
            for other in stamp.events
            if other is not event and gives(standard["event"], stamp.facts(other, standard.calendars))
        ]
        if standard["fresh"] and judged and earlier < number:
            return found  # what came before the previous judged event is not fresh
    return found


def is_used(standard: Standard, stamp: Stamp, needed: Event) -> bool:
    """Say whether an event judged in the same stamp had this one before it: then it has not come since."""
    return any(
        other is not needed and gives(standard["event"], stamp.facts(other, standard.calendars))
        for other in stamp.events
    )


def first(standard: Standard, case: tuple[str, ...], stamps: list[Stamp]) -> list[dict]:
    """Judge a case by its first stamp: is the event wanted in it?"""
    stamp = stamps[0]
    wanted = [e for e in stamp.events if gives(standard["event"], stamp.facts(e, standard.calendars))]
    opener = (wanted or stamp.events)[0]
    applies = holds(standard["applies_to"], stamp.facts(opener, standard.calendars))
    if applies is False:
        return []
    order = (stamp.t, 0, stamp.events.index(opener))
    verdict = row(
        standard, case, order, started_at=stamp.t, ended_at=stamp.t, outcome="met" if wanted else "breached"
    )
    if wanted:
        verdict["elapsed"] = 0  # there is nothing before it
    else:
        verdict["breached_at"] = stamp.t
    if applies is None:
        verdict |= {"outcome": "unknown", "breached_at": None}
    known = standard.facts({}, {**opener.fields, **stamps[-1].fields}, stamp.t, opener.kind)
    return [finish(standard, known, verdict)]


def last(
    standard: Standard, case: tuple[str, ...], stamps: list[Stamp], ended: int | None, as_of: int
) -> list[dict]:
    """Judge a case by its last event when it ends; the event that ends it is none unless it is the one wanted."""
    clock = Clock(standard)
    ob: Obligation | None = None
    for number, stamp in enumerate(stamps):
        clock.learn(stamp)
        wanted = [e for e in stamp.events if gives(standard["event"], stamp.facts(e, standard.calendars))]
        others = [e for e in stamp.events if not gives(standard["ends"], stamp.facts(e, standard.calendars))]
        moving = wanted or others
        if not moving:
            continue
        if ob is None:
            facts = stamp.facts(moving[0], standard.calendars)
            if standard.applies(facts) is False and standard.on_change == "freeze":
                return []
            clock.open((stamp.t, number, stamp.events.index(moving[0])), moving[0], clock.terms(facts))
            ob = clock.obligations[0]
            ob.pieces = [replace(ob.pieces[0], running=bool(wanted), held=not wanted)]
            clock.follow(ob, stamp)
        elif ob.pieces[-1].held == bool(wanted):  # of one stamp, the one wanted may be the last
            ob.add(replace(ob.pieces[-1], at=stamp.t, running=bool(wanted), held=not wanted))
    if ob is None or not ob.appears:
        return []
    is_last = not ob.pieces[-1].held
    if ended is not None:
        clock.end(ob, ended, "ended", None)
    end = ob.withdrawn_at if ob.withdrawn_at is not None else as_of if ended is None else ended
    outcome = "open" if ended is None else "met" if is_last else "breached"
    if ob.withdrawn_at is not None:
        outcome = "cancelled"
    elif ob.pieces[-1].applies is None:
        outcome = "unknown"
    verdict = row(
        standard,
        case,
        ob.order,
        started_at=ob.started_at,
        ended_at=ob.withdrawn_at if ob.withdrawn_at is not None else ended,
        breached_at=ended if outcome == "breached" else None,
        paused=paused_time(
            ob.judged_pieces, end, standard.terms
        ),  # as long as the latest event is another one
        outcome=outcome,
    )
    known = standard.facts({}, {**ob.opener.fields, **stamps[-1].fields}, ob.started_at, ob.opener.kind)
    return [finish(standard, known, verdict)]
