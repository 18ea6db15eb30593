"""What rollups that judge cases read and give: verdict columns in, one row a verdict out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from servstd.engine.facts import CaseFacts
from servstd.engine.obligation import Obligation, Outcome
from servstd.plan.signals import Number
from servstd.standards.rollup import RollupPlan

CaseKey = tuple[str, ...]
Columns = Mapping[str, Sequence[Any]]

READ = (
    "member", "case_key", "outcome", "started_at", "due_at", "ended_at", "breached_at", "elapsed", "limit", "margin",
    "reason", "opened_by", "opened_id", "tie", "fields", "own", "segment", "flowed",
)  # fmt: skip
"""The columns that a rollup reads: `member` is the place of the standard among those read, `case_key` the case of the
reader, `fields` what the verdict's case carries, `own` what the event does
that alone decided it, `segment` its segment as text where cases are told apart, `flowed` whether it left for another
queue."""


class Part(NamedTuple):
    """Be what one member or item contributed to a verdict, for its evidence.

    Args:
        name: The member's or the item's id.
        outcome: What it came to; `none` where there is no verdict of it.
        verdicts: How many verdicts of the case it rests on.
        started_at: When it began, µs.
        due_at: When it is due, µs.
        ended_at: When all of it had ended, µs.
        breached_at: When it was first broken, µs.
        margin: What was left, in the member's own unit.
        unit: That unit.
        reason: What its own verdict says.
    """

    name: str
    outcome: str
    verdicts: int = 0
    started_at: int | None = None
    due_at: int | None = None
    ended_at: int | None = None
    breached_at: int | None = None
    margin: Number | None = None
    unit: str = ""
    reason: str = ""


class Rolled(NamedTuple):
    """Be one verdict that a rollup gives.

    Args:
        case: The case's key.
        obligation: The verdict, as a plan would give it.
        parts: What it rests on.
        fields: What the case carries.
        tie: Whether a verdict that it rests on would change if events of one stamp came in another order.
    """

    case: CaseKey
    obligation: Obligation
    parts: tuple[Any, ...]
    fields: Mapping[str, object]
    tie: bool


def rows_by_case(columns: Columns) -> Iterator[tuple[CaseKey, list[int]]]:
    """Yield the cases in order, each with its rows."""
    found: dict[CaseKey, list[int]] = {}
    for row, key in enumerate(columns["case_key"]):
        found.setdefault(key, []).append(row)
    yield from sorted(found.items())


def fields_of(columns: Columns, rows: Iterable[int]) -> dict[str, object]:
    """Return what a case carries by all of its rows; the later row counts."""
    found: dict[str, object] = {}
    for row in rows:
        found.update(columns["fields"][row])
    return found


def framed(rolled: Iterable[Rolled], plan: RollupPlan) -> Iterator[Rolled]:
    """Yield the verdicts that hold: for the cases to which the standard applies, less what it excludes.

    Args:
        rolled: What a rollup gives.
        plan: The standard compiled.
    """
    facts = CaseFacts()
    for one in rolled:
        facts.known = dict(one.fields)
        facts.at_rest(one.obligation.started_at)
        applies = True if plan.applies is None else plan.applies(facts)
        if applies is False:
            continue
        told = one.obligation
        if applies is None:
            told = replace(told, outcome="unknown", breached_at=None, reason="applies_to is not known")
        for exclusion in plan.exclusions:
            if exclusion.when is not None and exclusion.when(facts) is True:
                otherwise: Outcome = told.outcome
                told = replace(told, outcome="excluded", outcome_otherwise=otherwise, reason=exclusion.reason)
                break
        yield one._replace(obligation=told)
