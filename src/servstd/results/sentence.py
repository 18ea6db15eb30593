"""One plain sentence for a verdict: what happened, and why that is kept or broken."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from servstd.conditions.failing import not_so
from servstd.engine.obligation import Obligation
from servstd.escaping import printable
from servstd.results.wording import (
    TOO_LITTLE,
    amount_text,
    duration_text,
    is_demanded,
    local_text,
    moment_text,
)

if TYPE_CHECKING:
    from servstd.results.evidence import Evidence
    from servstd.results.verdict import Verdict


def sentence_of(evidence: Evidence, obligation: Obligation) -> str:
    """Return what happened to the case, as one sentence.

    Args:
        evidence: The verdict with its intervals.
        obligation: The integers behind it.
    """
    verdict = evidence.verdict
    tell = _TELLERS.get(verdict.outcome, _judged)
    verb = ""
    if verdict.outcome == "open" and is_demanded(obligation.elapsed, obligation.limit, obligation.margin):
        verb = "may still keep"
    return printable(f"{subject_of(verdict, evidence.title, verb)}: {tell(evidence, obligation)}.")


def subject_of(verdict: Verdict, title: str, verb: str = "") -> str:
    """Return which case did what to which promise: `T-1 kept “Reply within an hour”`.

    Args:
        verdict: The verdict.
        title: The promise; the standard's id where there is none.
        verb: What it did, where its outcome does not say.
    """
    promise = f"“{title}”" if title else f"`{verdict.standard}`"
    which = verdict.case if verdict.occurrence == 1 else f"{verdict.case} (occurrence {verdict.occurrence})"
    return f"{which} {verb or _VERBS[verdict.outcome]} {promise}"


_VERBS = {
    "met": "kept",
    "breached": "broke",
    "open": "is still within",
    "cancelled": "was released from",
    "excluded": "is left out of",
    "unknown": "cannot be judged by",
}


def _judged(evidence: Evidence, obligation: Obligation) -> str:
    unit = evidence.verdict.unit
    if unit == "items":
        return _items(evidence, obligation)
    if unit == "level":
        return _level(evidence, obligation)
    if unit == "amount":
        return _amount(obligation)
    if obligation.elapsed is None and obligation.limit is None and obligation.due_at is None:
        return obligation.reason or f"{evidence.ended_by or evidence.opened_by} decided it"
    if obligation.limit is not None and unit != "dates":
        return _allowance(evidence, obligation) + _uncounted(evidence)
    return _instant(evidence, obligation)


def _allowance(evidence: Evidence, obligation: Obligation) -> str:
    """Tell how much was used of what was allowed."""
    unit, margin, limit = evidence.verdict.unit, obligation.margin or 0, obligation.limit
    allowed = _bare(limit, unit)
    used = _used(evidence, obligation)
    opening = " of opening time" if "closed" in evidence.totals and unit == "time" else ""
    if obligation.ended_at is None:
        since = _used_up(evidence, obligation)
        return (
            f"nothing had ended it when the {allowed} allowed{opening} were exceeded, {since}; {used} so far"
        )
    came = f"{evidence.ended_by or 'its end'} came after {used}{opening}"
    if obligation.reason in TOO_LITTLE:
        return f"{came}, {_bare(abs(margin), unit)} less than the {allowed} demanded"
    if is_demanded(obligation.elapsed, limit, margin):
        return f"{came}, {allowed} demanded"
    if obligation.outcome == "breached" and _is_told(obligation):
        return f"{came}, {_bare(-margin, unit)} more than the {allowed} allowed"
    if obligation.outcome == "breached" and not margin:
        return f"{came}, and less than {allowed} was allowed"
    if obligation.outcome == "breached":
        return f"{came} of the {allowed} allowed; it had been broken {_used_up(evidence, obligation)}"
    return f"{came} of the {allowed} allowed" if margin else f"{came}, exactly at the limit"


def _is_told(obligation: Obligation) -> bool:
    """Return whether what was used says how the limit was broken: after a reset the breach stands, and it does not."""
    if obligation.elapsed is None or obligation.limit is None or obligation.margin is None:
        return False
    return obligation.margin < 0 and obligation.elapsed - obligation.limit == -obligation.margin


def _instant(evidence: Evidence, obligation: Obligation) -> str:
    """Tell on which side of a due instant the end came."""
    due = _at(evidence, obligation.due_at)
    if obligation.ended_at is None:
        return f"nothing had ended it by {due}, when it was due"
    came = f"{evidence.ended_by or 'its end'} came at {_at(evidence, obligation.ended_at)}"
    if obligation.due_at is None:
        return came + (f", {obligation.reason}" if obligation.reason else "")
    late = obligation.ended_at - obligation.due_at
    if late == 0:
        return f"{came}, exactly when it was due" + (
            ", and it had to come before" if obligation.outcome == "breached" else ""
        )
    side = "after" if late > 0 else "before"
    return f"{came}, {duration_text(abs(late))} {side} it was due ({due})"


def _items(evidence: Evidence, obligation: Obligation) -> str:
    if obligation.reason == "missing":
        return f"{evidence.ended_by or 'the end'} came with no {evidence.noun or 'such event'} before it"
    failing = amount_text(obligation.elapsed, "items")
    allowed = f", {obligation.limit} allowed" if obligation.limit else ""
    where = evidence.opened_by or "it"
    if obligation.outcome == "met":
        return f"{where} was as expected" + (f", {failing} failing{allowed}" if obligation.elapsed else "")
    return f"{where} was not as expected: {_failing(evidence, obligation) or failing}{allowed}"


def _failing(evidence: Evidence, obligation: Obligation) -> str:
    """Tell which parts of what was expected are not so; of items how many, and the first of them."""
    if not evidence.failing:
        return obligation.reason
    number, of_items, _ = obligation.reason.partition(_OF_ITEMS)
    if of_items:
        return f"{number}{of_items}{'; '.join(evidence.failing)}"
    return not_so(evidence.failing)


_OF_ITEMS = " are not as expected: "


def _amount(obligation: Obligation) -> str:
    amount, limit, margin = obligation.elapsed, obligation.limit, obligation.margin
    if amount is None or limit is None or margin is None:
        return obligation.reason or "there is no amount"
    if obligation.reason in TOO_LITTLE:
        return f"it came to {amount}, {abs(margin)} less than the {limit} demanded"
    if margin < 0 and _is_told(obligation):
        return f"it came to {amount}, {-margin} more than the {limit} allowed"
    if obligation.outcome == "breached" and not margin:
        return f"it came to {amount}, and less than {limit} was allowed"
    if obligation.outcome == "breached":
        return f"it came to {amount} of the {limit} allowed; it had been broken before"
    if is_demanded(amount, limit, margin):
        return f"it came to {amount}, {limit} demanded"
    return (
        f"it came to {amount} of the {limit} allowed"
        if margin
        else f"it came to {amount}, exactly at the limit"
    )


def _level(evidence: Evidence, obligation: Obligation) -> str:
    """Tell how far the level went beyond its bound; that, and not the level, is what a gauge measures."""
    beyond = obligation.elapsed
    if obligation.outcome == "breached":
        first = f"first at {_used_up(evidence, obligation)}" if obligation.breached_at is not None else ""
        if not beyond or beyond <= 0:
            return f"{obligation.reason or 'it was out of bounds'} {first}".rstrip()
        return f"the level was out of bounds {first}, by {beyond} at the worst".replace(" ,", ",")
    if beyond is None or beyond > 0:
        return obligation.reason or "the level has stayed within its bound"
    if beyond == 0:
        return "the level has reached its bound, and not passed it"
    return f"the level has stayed within its bound, {-beyond} away from it at the nearest"


def _open(evidence: Evidence, obligation: Obligation) -> str:
    unit, limit = evidence.verdict.unit, obligation.limit
    if unit == "level":
        return _level(evidence, obligation)
    if is_demanded(obligation.elapsed, limit, obligation.margin):
        return f"{_used(evidence, obligation)} so far, {_bare(limit, unit)} demanded"
    if obligation.remaining is not None and obligation.due_at is None:
        rest = _bare(obligation.remaining, unit)
        held = ", and the clock is paused" if _is_paused(evidence) else ""
        return f"{rest} of the {_bare(limit, unit)} allowed {'is' if rest == '1' else 'are'} left{held}"
    if obligation.due_at is None:
        return "nothing has ended it yet"
    counts_time = unit == "time" and limit is not None
    return f"it is due {_at(evidence, obligation.due_at)}" + (_uncounted(evidence) if counts_time else "")


def _cancelled(evidence: Evidence, obligation: Obligation) -> str:
    when = f" at {_at(evidence, obligation.ended_at)}" if obligation.ended_at is not None else ""
    return f"{obligation.reason or 'cancelled'}{when}"


def _excluded(evidence: Evidence, obligation: Obligation) -> str:
    otherwise = obligation.outcome_otherwise
    would = f"; it would have been {otherwise}" if otherwise else ""
    return f"{obligation.reason or evidence.verdict.reason or 'excluded'}{would}"


def _unknown(evidence: Evidence, obligation: Obligation) -> str:  # noqa: ARG001 - one of several tellers
    return obligation.reason or "evidence is missing"


def _uncounted(evidence: Evidence) -> str:
    """Tell what did not count, where something did not."""
    totals = evidence.totals
    parts = []
    if totals.get("paused"):
        parts.append(f"{duration_text(totals['paused'])} of pause")
    if totals.get("ended"):
        parts.append(f"{duration_text(totals['ended'])} until it was reopened")
    if totals.get("closed"):
        parts.append(f"{duration_text(totals['closed'])} of closed time")
    return (
        f"; {', '.join(parts[:-1])}{' and ' if parts[1:] else ''}{parts[-1]} did not count" if parts else ""
    )


def _used(evidence: Evidence, obligation: Obligation) -> str:
    """Return what was used, a count with the name of what is counted."""
    if evidence.verdict.unit == "count" and evidence.noun:
        return f"{obligation.elapsed} {evidence.noun}"
    return amount_text(obligation.elapsed, evidence.verdict.unit)


def _bare(amount: int | Decimal | None, unit: str) -> str:
    """Return an amount that stands beside another of its kind, so that a count needs no noun."""
    return amount_text(amount, unit) if unit == "time" else str(amount)


def _used_up(evidence: Evidence, obligation: Obligation) -> str:
    return moment_text(obligation.breached_at or 0, evidence.timezone)


def _is_paused(evidence: Evidence) -> bool:
    return bool(evidence.intervals) and evidence.intervals[-1].kind == "paused"


def _at(evidence: Evidence, us: int | None) -> str:
    return local_text(us, evidence.timezone)


_TELLERS = {"open": _open, "cancelled": _cancelled, "excluded": _excluded, "unknown": _unknown}
