"""Changes in mid-flight: new terms for a clock that runs, carried, recomputed, restarted or frozen out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from servstd.engine.judging import as_withdrawn, note_worst
from servstd.engine.obligation import Obligation, Segments
from servstd.plan.bound import Allowance, Combined, Dates, Due, Limit, NoLimit, Stretch
from servstd.plan.machine import LIVE
from servstd.plan.plan import Terms

if TYPE_CHECKING:
    from servstd.engine.lane import Lane


def change_terms(lane: Lane, terms: Terms) -> None:
    """Bring new terms into force, for the clock that runs or only for the next one."""
    was, lane.newest = lane.newest or lane.terms, terms
    current = lane.current
    if not is_change(was, terms):
        return
    if lane.unended is not None:
        change_terms(lane.unended, terms)
        return
    if current is None or lane.label in ("idle", "void"):
        lane.terms = terms
        return
    if lane.label in LIVE:  # after a stop they come into force if the case is opened again
        bring_into_force(lane, current, terms)


def is_change(was: Terms, now: Terms) -> bool:
    """Tell whether terms ask for something else: another row may say the same.

    Args:
        was: Those before.
        now: Those after.
    """
    return replace(now, limit_from=was.limit_from) != was


def bring_into_force(lane: Lane, current: Obligation, terms: Terms) -> None:
    """Let an obligation that lives go on under new terms.

    Args:
        lane: Its registers.
        current: The obligation.
        terms: What the case says now.
    """
    program = lane.plan.terms
    if program.on_change == "freeze":
        if lane.terms.limit.is_known or not terms.limit.is_known:
            return
        terms = replace(
            lane.terms, limit=terms.limit, limit_from=terms.limit_from
        )  # the first value that comes
    if lane.extensions and not (program.freezes_limit and lane.terms.limit.is_known):
        lane.unextended = terms
    if lane.extensions and _is_same(lane, _extended(lane, terms)):  # it holds, whatever it extended
        return
    if terms.applies is False and not lane.hidden[-1] and lane.withdrawn is None:
        lane.withdrawn = as_withdrawn(lane, current)
    if has_broken(lane, current) or (lane.withdrawn is not None and terms.applies is False):
        terms = replace(terms, limit=lane.terms.limit, limit_from=lane.terms.limit_from)
    elif program.freezes_limit and lane.terms.limit.is_known:
        terms = _with_promises(terms, lane.terms)
    elif lane.extensions:
        terms = _extended(lane, terms)
    if terms == lane.terms and program.on_change != "restart":
        return
    if not has_broken(lane, current) and (terms.limit != lane.terms.limit or program.on_change == "restart"):
        lane.unproven_due = None
        current.forget_breach()
    keeps_due = program.on_change == "carry" and terms.limit == lane.terms.limit
    lane.terms = terms
    renew(lane, current, keeps_due=keeps_due)


def extend(lane: Lane) -> None:
    """Give the running clock its next limit, from the same start, unless it is too late for that.

    It is once the limit in force is exceeded, whether or not the standard is known to apply.

    Args:
        lane: Its registers.
    """
    current = lane.current
    if lane.label not in LIVE or current is None or has_broken(lane, current):
        return
    if lane.limit.is_exceeded(lane.used, lane.at) or lane.extensions >= len(lane.terms.extended):
        return
    lane.unextended = lane.unextended if lane.extensions else lane.terms
    lane.terms = replace(lane.terms, limit=lane.terms.extended[lane.extensions], limit_from="extend")
    lane.extensions += 1
    lane.unproven_due, current.limit_from, current.due_at = None, "extend", None
    current.forget_breach()
    lane.set_limit()
    break_by_change(lane, current)


def end_extension(lane: Lane) -> None:
    """Go back to the limit that was extended, where the start that the extension counts from is no more.

    Args:
        lane: The registers of the clock.
    """
    current, before = lane.current, lane.unextended
    if not lane.extensions or before is None or current is None or has_broken(lane, current):
        return
    lane.terms = replace(lane.terms, limit=before.limit, limit_from=before.limit_from)
    lane.extensions, current.limit_from = 0, before.limit_from


def _extended(lane: Lane, terms: Terms) -> Terms:
    return replace(terms, limit=terms.extended[lane.extensions - 1], limit_from="extend")


def _is_same(lane: Lane, terms: Terms) -> bool:
    """Whether terms ask for what those in force ask for, whichever row says so."""
    told = replace(lane.terms, limit_from=terms.limit_from, extended=terms.extended)
    return terms == told


def _with_promises(now: Terms, was: Terms) -> Terms:
    """Keep promised instants what they were, also those that are one of several limits."""
    kept: Limit = was.limit
    if isinstance(now.limit, Combined) and isinstance(was.limit, Combined):
        pairs = zip(was.limit.members, now.limit.members, strict=True)
        kept = replace(now.limit, members=tuple(old if isinstance(old, Due) else new for old, new in pairs))
        return replace(now, limit=kept)
    return replace(now, limit=kept, limit_from=was.limit_from)


def has_broken(lane: Lane, current: Obligation) -> bool:
    """Tell whether a limit was broken while the standard was known to apply: until then nothing is.

    Args:
        lane: The registers of the clock.
        current: Its obligation.
    """
    if current.breached_at is None:
        return False
    if lane.withdrawn is not None:
        return lane.withdrawn.breached_at is not None
    return lane.is_known_to_apply


def renew(lane: Lane, current: Obligation, *, keeps_due: bool = False) -> None:
    """Let the present terms judge the obligation that lives.

    Args:
        lane: Its registers.
        current: The obligation.
        keeps_due: Whether an allowance that was used up before stays so: the limit is the same.
    """
    program, terms = lane.plan.terms, lane.terms
    current.limit_from = terms.limit_from
    _apply_or_withdraw(lane, current, terms)
    if current.breached_at is None and not keeps_due:
        current.due_at = None
    if program.on_change == "restart":
        lane.set_anchor()
    elif program.on_change == "recompute":
        _recompute(lane, current)
    else:
        lane.set_limit()
        if lane.is_counting(current):
            break_by_change(lane, current)


def break_by_change(lane: Lane, current: Obligation) -> None:
    """Break a limit that is already exceeded as it comes into force: at the change, but dates as from the start.

    Of several each may have been in force, and exceeded, before.
    """
    if not lane.limit.is_exceeded(lane.used, lane.at):
        return
    if isinstance(lane.terms.limit, (Dates, Combined)):
        at = max(min(lane.limit.exceeded_from(lane.at_rest()), lane.at), lane.anchor)
        current.breached_at = lane.outside_closed(at, current)
        return
    current.breached_at = lane.at
    if isinstance(lane.limit, Allowance) and lane.terms.calendars[lane.limit.measure] is not None:
        current.due_at = lane.at  # a limit that counts events is never due


def _apply_or_withdraw(lane: Lane, current: Obligation, terms: Terms) -> None:
    if terms.applies is True and current.breached_at is not None and lane.unproven_due is not None:
        current.due_at, lane.unproven_due = lane.unproven_due, None  # it was broken before a reset
    lane.is_known_to_apply |= terms.applies is True
    if terms.applies is not False:
        lane.hidden[-1] = False
        lane.withdrawn = None
    elif not lane.hidden[-1] and lane.withdrawn is None:  # it had ceased to apply before it was opened again
        lane.withdrawn = as_withdrawn(lane, current)


def _recompute(lane: Lane, current: Obligation) -> None:
    """Measure the obligation again from its anchor, as if the present terms had always held."""
    note_worst(lane, current)
    lane.used, lane.limit = _ticks_only(lane), NoLimit()
    lane.set_limit()
    for part in current.segments.since(lane.anchor_segment):
        if part.kind == "counted":
            before = Stretch(part.start_us, lane.used, lane.terms.calendars, is_running=True)
            lane.used = lane.grown(lane.used, part.start_us, part.end_us)
            lane.note_used_up(before, lane.used)
            if current.due_at is None and (due := lane.limit.due(before)) <= part.end_us:
                current.due_at = due
            if lane.is_counting(current) and lane.limit.is_exceeded(lane.used, part.end_us):
                current.breached_at = max(lane.limit.exceeded_from(before), lane.anchor)
    current.segments = Segments(
        replace(part, calendar=lane.calendar) if place >= lane.anchor_segment else part
        for place, part in enumerate(current.segments)
    )
    lane.summed = (0, 0, 0)
    if lane.is_counting(current) and lane.limit.is_exceeded(lane.used, lane.at):
        at = max(min(lane.limit.exceeded_from(lane.at_rest()), lane.at), lane.anchor)
        current.breached_at = lane.outside_closed(at, current)


def _ticks_only(lane: Lane) -> tuple[int, ...]:
    return tuple(
        amount if calendar is None else 0
        for amount, calendar in zip(lane.used, lane.terms.calendars, strict=True)
    )
