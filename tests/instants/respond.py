"""Kind `respond` (semantics §4.6, §4.7, §4.9, §5): the verdict on each obligation."""

from .limits import Count, Dates, Length, Nothing, Unknown
from .obligations import Obligations
from .verdicts import Verdict


def judge(standard, case, book, as_of):
    """The verdicts of one case."""
    if not case.events:
        return []
    verdicts = []
    for clock in Obligations(standard, case, book, as_of).all():
        verdict = verdict_on(clock)
        if verdict:
            verdicts.append(verdict)
    return verdicts


def verdict_on(clock):
    """§4.7, §4.9, §5: the verdict on one clock."""
    if not ever_applies(clock):
        return None
    since = ceased(clock)
    if since is not None:
        clock.end = clock.horizon = since
        clock.how = "ceased"
        clock.resets = [stamp for stamp in clock.resets if stamp < since]
    legs = clock.legs(clock.resets)
    broken, leg = next(((leg.breach(), leg) for leg in legs if leg.breach()), (None, legs[-1]))
    last = clock.horizon - (
        clock.how == "ceased" and clock.horizon > clock.start
    )  # the terms before it ceased
    judged_at, limit = (broken[2], broken[1]) if broken else (last, legs[-1].limit_at(last))
    used = legs[-1].used(limit, clock.horizon)
    outcome, due = outcome_of(clock, broken, limit), leg.due(limit, judged_at)
    return Verdict(
        clock=clock,
        opener=clock.opener,
        outcome=outcome,
        started_at=clock.start,
        ended_at=clock.end,
        breached_at=broken[0] if broken else None,
        due_at=due,
        elapsed=used,
        limit=limit_number(limit),
        margin=margin(leg, limit, outcome, due, judged_at if broken else None),
        paused=legs[-1].paused(),
    )


def margin(leg, limit, outcome, due, judged_at):
    """What is left of the limit; of a breach that stands through a reset, what was left at the reset (§4.7)."""
    if isinstance(limit, (Nothing, Unknown)):
        return None
    if isinstance(limit, (Length, Count)):
        return limit_number(limit) - leg.used(limit, leg.horizon, judged_at)
    if due is None:
        return None
    left = due - leg.horizon  # dates and instants compare instants
    if outcome == "breached":
        return min(left, 0)
    return left if leg.breach(known=False) else max(left, 0)  # an end in closed time has a margin of 0


def limit_number(limit):
    return (
        limit.number if isinstance(limit, (Count, Dates)) else limit.us if isinstance(limit, Length) else None
    )


def ever_applies(clock):
    """§5: `applies_to` reads the fields at the start; it may come to apply later (§4.6). `effective` is read at the start."""
    if not clock.terms.in_effect(clock.standard.get("effective"), clock.start):
        return False
    return any(applies is not False for applies in clock.applied())


def ceased(clock):
    """§4.6: since when a standard no longer applies, if it does not at the end (silent.md 8 and 9); None while it does."""
    if clock.on_change == "freeze" or clock.applies_at(clock.horizon) is not False:
        return None
    since = None
    for stamp in clock.grid(clock.start, clock.horizon):
        before = clock.at_first().applies if stamp == clock.start else clock.applies_at(stamp - 1)
        if before is not False and clock.applies_at(stamp) is False:
            since = stamp
    return since


def outcome_of(clock, broken, limit):
    if clock.how == "ceased":
        return "breached" if broken else "cancelled"
    if broken:
        return "breached"
    late = isinstance(limit, Length) and clock.used(limit, clock.horizon) > limit.us - clock.exclusive
    if clock.applies_at(clock.horizon) is None and (late or clock.how not in ("cancel", "ends")):
        return "unknown"
    if clock.how in ("cancel", "ends"):
        return "cancelled"
    if isinstance(limit, Unknown):
        return "unknown"
    return "open" if clock.end is None else "met"
