"""One plain sentence for a verdict: what happened, and why that is kept or broken."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from servstd.engine.obligation import Obligation
from servstd.results.wording import amount_text, duration_text, local_text, moment_text

if TYPE_CHECKING:
    from servstd.results.evidence import Evidence


def sentence_of(evidence: Evidence, obligation: Obligation) -> str:
    """Return what happened to the case, as one sentence.

    Args:
        evidence: The verdict with its intervals.
        obligation: The integers behind it.
    """
    verdict = evidence.verdict
    promise = f"“{evidence.title}”" if evidence.title else f"`{verdict.standard}`"
    which = (
        f"{verdict.case}" if verdict.occurrence == 1 else f"{verdict.case} (occurrence {verdict.occurrence})"
    )
    tell = _TELLERS.get(verdict.outcome, _judged)
    return f"{which} {_VERBS[verdict.outcome]} {promise}: {tell(evidence, obligation)}."


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
    if unit in ("level", "amount"):
        return _quantity(evidence, obligation)
    if obligation.elapsed is None and obligation.limit is None and obligation.due_at is None:
        return obligation.reason or f"{evidence.ended_by or evidence.opened_by} decided it"
    if obligation.limit is not None and unit != "dates":
        return _allowance(evidence, obligation) + _uncounted(evidence)
    return _instant(evidence, obligation) + _uncounted(evidence)


def _allowance(evidence: Evidence, obligation: Obligation) -> str:
    """Tell how much was used of what was allowed."""
    unit, margin, limit = evidence.verdict.unit, obligation.margin or 0, obligation.limit
    allowed = _bare(limit, unit)
    used = _used(evidence, obligation)
    opening = " of opening time" if "closed" in evidence.totals else ""
    if obligation.ended_at is None:
        since = _used_up(evidence, obligation)
        return (
            f"nothing had ended it when the {allowed} allowed{opening} were exceeded, {since}; {used} so far"
        )
    came = f"{evidence.ended_by or 'its end'} came after {used}{opening}"
    if obligation.reason in ("too little", "too early"):
        return f"{came}, {_bare(abs(margin), unit)} less than the {allowed} demanded"
    if obligation.outcome == "breached" and margin < 0:
        return f"{came}, {_bare(-margin, unit)} more than the {allowed} allowed"
    if obligation.outcome == "breached":
        return f"{came}; it had been broken {_used_up(evidence, obligation)}"
    return f"{came} of the {allowed} allowed" + ("" if margin else ", exactly at the limit")


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
        return f"{came}, exactly when it was due"
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
    return f"{where} was not as expected: {obligation.reason or failing}{allowed}"


def _quantity(evidence: Evidence, obligation: Obligation) -> str:
    unit = evidence.verdict.unit
    bound = (
        f" against a bound of {amount_text(obligation.limit, unit)}" if obligation.limit is not None else ""
    )
    why = f" ({obligation.reason})" if obligation.reason else ""
    return f"{unit} {amount_text(obligation.elapsed, unit)}{bound}{why}"


def _open(evidence: Evidence, obligation: Obligation) -> str:
    if obligation.remaining is not None and obligation.due_at is None:
        rest = _bare(obligation.remaining, evidence.verdict.unit)
        held = ", and the clock is paused" if _is_paused(evidence) else ""
        return f"{rest} of the {_bare(obligation.limit, evidence.verdict.unit)} allowed are left{held}"
    if obligation.due_at is None:
        return "nothing has ended it yet"
    return f"it is due {_at(evidence, obligation.due_at)}" + _uncounted(evidence)


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
    return f"; {' and '.join(parts)} did not count" if parts else ""


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
