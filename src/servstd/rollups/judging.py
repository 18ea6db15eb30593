"""What verdicts are to one objective: judged anew where it has a bound of its own for each case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from servstd.standards.bound import Bound
from servstd.standards.objective import Objective

_ANEW = ("met", "breached", "open")


def outcomes_under(
    objective: Objective, columns: Mapping[str, Sequence[Any]], rows: Sequence[int]
) -> list[str]:
    """Return the outcomes of verdicts, judged anew where the objective holds each case against something else.

    A share with `within` takes that as the limit. A mean, a median, a maximum and a percentile take their own bound:
    what lies within it is met, what lies beyond it breached. A case that has not ended is breached as soon as what
    it has used is beyond an upper bound, whatever its standard says of it, and open until then; under a lower bound
    it is open until it ends. So a percentile and the share within it agree in every case.

    Args:
        objective: The objective.
        columns: Verdict columns.
        rows: The positions of the standard's verdicts.
    """
    outcomes = columns["outcome"]
    bound = _bound_of_a_case(objective)
    if bound is None:
        found = [outcomes[row] for row in rows]
    else:
        elapsed, ended = columns["elapsed"], columns["ended_at"]
        found = [_anew(outcomes[row], elapsed[row], bound, has_ended=ended[row] is not None) for row in rows]
    return found if objective.weight_field is None else _weighed(found, objective.weight_field, columns, rows)


def _bound_of_a_case(objective: Objective) -> Bound | None:
    if objective.within_us is not None:
        return Bound(Fraction(objective.within_us), "le", "time")
    return objective.bound if objective.statistic.is_figure else None


def _anew(outcome: str, elapsed: int | None, bound: Bound, *, has_ended: bool) -> str:
    if outcome not in _ANEW:
        return outcome
    if elapsed is None:
        return "unknown"
    if bound.admits(elapsed):
        return "met" if has_ended else "open"
    return "breached" if has_ended or bound.is_most else "open"


def _weighed(
    outcomes: list[str], field: str, columns: Mapping[str, Sequence[Any]], rows: Sequence[int]
) -> list[str]:
    """Make unknown what is judged and has no weight: it would count for nothing, unseen."""
    weights = columns["weights"]
    return [
        "unknown" if outcome in _ANEW[:2] and weights[row].get(field) is None else outcome
        for outcome, row in zip(outcomes, rows, strict=True)
    ]
