"""Judging: what an obligation is at an instant, by how much, and when its warnings are due."""

from __future__ import annotations

import copy
import math
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from servstd.engine.moments import Act
from servstd.engine.obligation import UNMEASURED, Obligation
from servstd.plan.bound import (
    FOREVER,
    Allowance,
    Combined,
    Counted,
    Dates,
    Limit,
    Missing,
    NoLimit,
    Start,
    Stretch,
    is_kept_by_instant,
)
from servstd.plan.measure import LOWEST, nothing_in
from servstd.plan.plan import WarnAt
from servstd.plan.signals import Judged, Signal

if TYPE_CHECKING:
    from servstd.engine.lane import Lane

_TOO_LITTLE = ("too little", "too early")
_STATE = (
    "outcome", "ended_at", "due_at", "breached_at", "elapsed", "limit", "in_dates", "margin", "remaining", "paused",
    "is_wall", "reason", "limit_from", "warned_at", "at_limit",
)  # fmt: skip


def judge_event(lane: Lane, act: Act, *, is_armed: bool) -> None:
    """Decide a point obligation on the spot."""
    cause = act.cause
    verdict = Obligation(cause.index if cause else -1, lane.at, opened_id=(cause.id or "") if cause else "")
    verdict.ended_at, verdict.ended_by = lane.at, verdict.opened_by
    verdict.limit_from = lane.terms.limit_from
    lane.obligations.append(verdict)
    lane.hidden.append(lane.terms.applies is False)
    if isinstance(act.value, Judged):
        _judge_items(lane, verdict, act.value)
    elif act.signal is not Signal.JUDGE:
        verdict.outcome, verdict.breached_at, verdict.reason = "breached", lane.at, "missing"
        if act.signal is Signal.STOP:
            verdict.limit, verdict.margin = 0, -1
    elif not is_armed:
        verdict.outcome, verdict.breached_at, verdict.reason = "breached", lane.at, "nothing before it"
    else:
        _judge_distance(lane, verdict)
    if lane.terms.applies is None:
        verdict.outcome, verdict.reason = "unknown", "applies_to is not known"
        verdict.breached_at = None


def _judge_items(lane: Lane, verdict: Obligation, found: Judged) -> None:
    verdict.reason = found.note
    verdict.limit = found.allowed
    if found.failing is None:
        verdict.outcome = "unknown"
        return
    verdict.elapsed, verdict.margin = found.failing, found.allowed - found.failing
    verdict.outcome = "breached" if verdict.margin < 0 else "met"
    verdict.breached_at = lane.at if verdict.margin < 0 else None


def _judge_distance(lane: Lane, verdict: Obligation) -> None:
    """Judge by the time since what armed: not too long, and long enough; of several, the latest that is both."""
    lane.set_limit()
    lane = _latest_that_fits(lane)
    verdict.elapsed = lane.amount
    is_late = lane.limit.is_exceeded(lane.used, lane.at)
    is_early = lane.least is not None and not _is_enough(lane, lane.least)
    verdict.outcome = "breached" if is_late or is_early else "met"
    verdict.breached_at = lane.at if is_late or is_early else None
    verdict.reason = "too early" if is_early else "too late" if is_late else ""
    _set_margin(lane, verdict)
    if not (lane.limit.is_known and (lane.least is None or lane.least.is_known)):
        verdict.outcome, verdict.breached_at = "unknown", None


def _latest_that_fits(lane: Lane) -> Lane:
    """Return the lane as measured from the latest anchor that is neither too late nor too early; itself where none is.

    The older an anchor, the longer ago: the latest that is long enough ago is the one that is least likely too long.
    """
    if not lane.earlier or lane.least is None or _is_enough(lane, lane.least):
        return lane
    enough = bisect_left(
        range(len(lane.earlier)), 1, key=lambda place: not _is_enough(since := lane.since(place), since.least)
    )
    since = lane.since(enough - 1) if enough else lane
    return lane if since.limit.is_exceeded(since.used, since.at) else since


def _is_enough(lane: Lane, least: Limit | None) -> bool:
    if least is None:
        return True
    if isinstance(least, Allowance):
        return lane.used[least.measure] >= least.amount
    return least.due(Stretch(lane.at, lane.used, lane.terms.calendars, lane.was_running)) <= lane.at


def judge_now(lane: Lane, current: Obligation) -> None:
    """Write outcome, elapsed, margin and due as they are at this instant."""
    if lane.withdrawn is not None:
        _withdraw(current, lane.withdrawn)
        return
    current.elapsed = None if lane.amount == LOWEST else lane.amount
    current.is_wall = lane.is_wall(lane.reported)
    if not lane.is_known_to_apply:
        current.outcome, current.reason = "unknown", "applies_to is not known"
        current.breached_at = None
    elif current.breached_at is not None:
        current.outcome = "breached"
    elif not lane.limit.is_known:
        current.outcome, current.reason = "unknown", _what_is_missing(lane.limit)
    elif lane.label != "void" and lane.least is not None and not lane.least.is_known:
        current.outcome, current.reason = "unknown", _what_is_missing(lane.least)
    elif current.ended_at is None:
        current.outcome = "open"
    elif unmeasured := [note for note in current.notes if note in UNMEASURED]:
        current.outcome, current.reason = "unknown", unmeasured[0]
    elif lane.label != "void" and lane.least is not None and not _is_enough(lane, lane.least):
        if cut := lane.cut(current):  # what the log does not cover may make up for it
            current.outcome, current.reason = "unknown", cut
        else:
            current.outcome, current.breached_at, current.reason = "breached", lane.at, "too little"
    elif (cut := lane.cut(current)) and not isinstance(lane.limit, NoLimit):  # there may have been more
        current.outcome, current.reason = "unknown", cut
    else:  # what is cut short demands nothing
        current.outcome = "met"
    set_due(lane, current)
    _set_margin(lane, current)
    current.paused = lane.paused(current)


def judge_reversed(lane: Lane, current: Obligation, ended_us: int) -> None:
    """Judge a clock whose end was recorded before its start: by a promised instant, or not at all.

    Args:
        lane: Its registers.
        current: Its obligation, ended at its start.
        ended_us: When the end was recorded, µs.
    """
    if current.outcome not in ("met", "breached"):
        return
    kept = is_kept_by_instant(lane.terms.limit, ended_us)
    current.elapsed = None
    if kept is None:
        current.outcome, current.reason = "unknown", "its end was recorded before its start"
        current.breached_at = current.margin = None
        current.at_limit = False
        return
    current.outcome = "met" if kept else "breached"
    current.breached_at = None if kept else lane.at
    if current.due_at is not None:
        current.margin = current.due_at - ended_us
        current.at_limit = current.margin == 0


def _what_is_missing(limit: Limit) -> str:
    """Say which value of the case is not there."""
    missing = limit.members if isinstance(limit, Combined) else (limit,)
    named = [one.what for one in missing if isinstance(one, Missing)]
    return f"{' and '.join(named) or 'the limit'} is not known"


def _withdraw(current: Obligation, then: Obligation) -> None:
    """Let the obligation be what it was when the standard ceased to apply."""
    for name in _STATE:
        setattr(current, name, getattr(then, name))
    current.segments = then.segments.copy()


def as_withdrawn(lane: Lane, current: Obligation) -> Obligation:
    """Return the obligation as it stands now that the standard ceases to apply."""
    then = current.copy()
    then.ended_at = lane.at
    is_broken = current.breached_at is not None and lane.is_known_to_apply
    if not is_broken:
        then.forget_breach()
    ahead = copy.copy(lane)
    ahead.was_running = lane.label == "run"
    ahead.is_known_to_apply = True
    judge_now(ahead, then)
    if then.outcome != "breached" or not is_broken:
        then.outcome, then.reason, then.breached_at = "cancelled", "no longer applies", None
    return then


def set_due(lane: Lane, current: Obligation) -> None:
    """Note when the limit is used up, as far as is known at this instant; what is noted stays.

    Args:
        lane: The registers of the clock.
        current: Its obligation.
    """
    if current.due_at is not None:
        return
    is_running = lane.label == "run" if current.ended_at is None else lane.was_running
    due = lane.limit.due(Stretch(lane.at, lane.used, lane.terms.calendars, is_running))
    current.due_at = None if due == FOREVER else due


def margin_of(lane: Lane, current: Obligation) -> int | None:
    """Return what is left of the limit, below 0 what is too much; None where nobody can tell.

    A breach that stands through a reset keeps the margin with which it stood, and one from whose amount something is
    taken away its worst.

    Args:
        lane: The registers of the clock.
        current: Its obligation; its due is known by now, where it can be.
    """
    if current.breached_at is None:
        return _rest(lane, current)
    if current.kept_margin is not None:
        return current.kept_margin
    rest, worst = _rest(lane, current), current.worst_margin
    return worst if worst is not None and rest is not None and rest > 0 else rest


def _rest(lane: Lane, current: Obligation) -> int | None:
    """Return what is left of the limit at this instant, as the present terms measure it."""
    limit = lane.limit
    if isinstance(limit, Allowance):
        return limit.amount - lane.used[limit.measure]
    if current.due_at is None:
        return None
    rest = current.due_at - lane.at
    if not isinstance(limit, Combined):
        return rest
    if current.breached_at is None:  # used up it may have been long ago, where time has not counted since
        return rest if limit.is_exceeded(lane.used, lane.at) else max(rest, 0)
    # One that is exceeded as it comes into force is due at the change, which is no equality.
    return rest if rest or limit.is_reached(lane.used, lane.at) else -1


def note_worst(lane: Lane, current: Obligation) -> None:
    """Keep the margin of a breach before what was used becomes less.

    Args:
        lane: The registers of the clock.
        current: Its obligation.
    """
    if current.breached_at is not None and (rest := _rest(lane, current)) is not None:
        current.worst_margin = rest if current.worst_margin is None else min(rest, current.worst_margin)


def _set_margin(lane: Lane, current: Obligation) -> None:
    """Set limit, margin and what remains, each in the standard's own unit, never mixed."""
    limit, least = lane.limit, lane.least
    current.in_dates = False
    current.margin = margin_of(lane, current)
    if isinstance(limit, Allowance):
        current.limit = limit.amount
        if lane.used[limit.measure] == LOWEST:  # no level was seen, so that there is nothing to tell of it
            current.elapsed = current.margin = None
        elif current.ended_at is None:
            current.remaining = max(limit.amount - lane.used[limit.measure], 0)
    else:
        _count_dates(lane, current)
    if isinstance(least, Allowance) and (current.margin is None or current.reason in _TOO_LITTLE):
        current.limit, current.elapsed = least.amount, lane.used[least.measure]
        current.margin, current.is_wall = current.elapsed - least.amount, lane.is_wall(least.measure)
    current.at_limit = current.margin == 0
    if lane.plan.warn_at:
        current.warned_at = warnings_of(lane, current)


def _count_dates(lane: Lane, current: Obligation) -> None:
    """Report dates where dates are allowed; the margin stays wall time to the due instant."""
    limit = lane.terms.limit
    if isinstance(limit, Dates | Counted):
        start = Start(lane.anchor, lane.pauses())
        current.in_dates = True
        current.elapsed = limit.counted(start, lane.at)
        if isinstance(limit, Dates):
            current.limit, current.dates = limit.limit.count, (limit, start)


def warnings_of(lane: Lane, current: Obligation) -> tuple[int, ...]:
    """Return when warnings are due: those that have been, and those ahead as far as is known; none after the end."""
    found = [_warning(lane, current, one) for one in lane.plan.warn_at]
    over = FOREVER if current.ended_at is None else current.ended_at
    return tuple(sorted(at for at in found if at is not None and at <= over))


def _warning(lane: Lane, current: Obligation, warning: WarnAt) -> int | None:
    limit = lane.limit
    calendar = None if current.is_wall else lane.calendar
    if isinstance(limit, Allowance) and lane.terms.calendars[limit.measure] is not None:
        amount = limit.amount - warning.before if warning.share is None else limit.amount * warning.share
        return _when_held(lane, current, limit.measure, math.ceil(amount))
    if current.due_at is None:
        return None
    if warning.share is not None:
        return lane.anchor + math.ceil((current.due_at - lane.anchor) * warning.share)
    return (
        current.due_at - warning.before
        if calendar is None
        else calendar.subtract_us(current.due_at, warning.before)
    )


def _when_held(lane: Lane, current: Obligation, measure: int, amount: int) -> int | None:
    """Return when a measure held an amount, going through the stretches since the anchor; else when it will."""
    used = nothing_in(lane.plan.measures)
    parts = [part for part in current.segments.since(lane.anchor_segment) if part.kind == "counted"]
    stretches = [Stretch(part.start_us, used, lane.terms.calendars, is_running=True) for part in parts]
    for part, stretch in zip(parts, stretches, strict=True):
        before = replace(stretch, used=used)
        used = lane.grown(used, part.start_us, part.end_us)
        if used[measure] >= amount:
            return Allowance(amount, measure).due(before)
    if current.ended_at is not None:
        return None
    at = Allowance(amount, measure).due(Stretch(lane.at, used, lane.terms.calendars, lane.label == "run"))
    return None if at == FOREVER else at
