"""The verdicts of one standard as one objective reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from servstd.standards.bound import Bound
from servstd.standards.objective import Objective

Columns = Mapping[str, Sequence[Any]]
Instants = Sequence["int | None"]

_ANEW = ("met", "breached", "open")


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold verdicts as an objective reads them: judged anew where it has a bound of its own for each case.

    Args:
        outcomes: What each is to the objective.
        started: When each began, µs.
        due: When each was due.
        ended: When each ended.
        breached: When each was breached.
        used: What each has used, exact; None where no figure needs it.
        weights: What each weighs; None where each counts as one.
        segments: The segment of each as text; None where cases are not told apart.
    """

    outcomes: Sequence[str]
    started: Sequence[int]
    due: Instants
    ended: Instants
    breached: Instants
    used: Sequence[Any] | None = None
    weights: Sequence[Any] | None = None
    segments: Sequence[str] | None = None

    @classmethod
    def of(cls, objective: Objective, columns: Columns, rows: Sequence[int]) -> Sample:
        """Read verdicts for an objective.

        Args:
            objective: The objective.
            columns: Verdict columns.
            rows: The positions of the verdicts.
        """
        read = {
            name: _picked(columns[name], rows)
            for name in ("outcome", "started_at", "due_at", "ended_at", "breached_at")
        }
        bound = objective.bound_of_a_case
        figure = objective.bounded.figure
        used = None if bound is None else [figure(_exact(one)) for one in _picked(columns["elapsed"], rows)]
        weights = _weights(objective, columns, rows)
        outcomes = read["outcome"]
        if bound is not None and used is not None:
            ended = read["ended_at"]
            outcomes = [
                _anew(outcome, amount, bound, has_ended=at is not None)
                for outcome, amount, at in zip(outcomes, used, ended, strict=True)
            ]
        if weights is not None:
            outcomes = [_weighed(outcome, weight) for outcome, weight in zip(outcomes, weights, strict=True)]
        return cls(
            outcomes=outcomes,
            started=read["started_at"],
            due=read["due_at"],
            ended=read["ended_at"],
            breached=read["breached_at"],
            used=used if objective.statistic.is_figure else None,
            weights=weights,
            segments=[_segment(objective, columns, row) for row in rows] if objective.segments else None,
        )

    def instants(self, by: str, as_of_us: int) -> Sequence[int]:
        """Return the instants that put verdicts into windows.

        Args:
            by: `start`; `end`, and of a breach without one the breach; `due`, else as `end`. What is due by the
                end of a window lies in it: the instant before the due counts.
            as_of_us: What dates an open verdict that has none of these.
        """
        if by == "start":
            return self.started
        due = [None if at is None else at - 1 for at in self.due]
        read = (due, self.ended, self.breached) if by == "due" else (self.ended, self.breached)
        found = []
        for row, outcome in enumerate(self.outcomes):
            otherwise = as_of_us if outcome in ("open", "breached") else self.started[row]
            found.append(next((at for column in read if (at := column[row]) is not None), otherwise))
        return found

    def only(self, segment: str) -> Sample:
        """Return the verdicts of one segment; all where cases are not told apart."""
        if self.segments is None:
            return self
        rows = [row for row, one in enumerate(self.segments) if one == segment]

        def chosen(column: Sequence[Any] | None) -> Any:
            return None if column is None else [column[row] for row in rows]

        return Sample(*(chosen(getattr(self, name)) for name in Sample.__slots__))


def _picked(column: Any, rows: Sequence[int]) -> list[Any]:
    """Return some rows of a column; numbers of an array as Python's own, which never overflow."""
    held = column.tolist() if hasattr(column, "tolist") else column
    return [held[row] for row in rows]


def _anew(outcome: str, used: Any, bound: Bound, *, has_ended: bool) -> str:
    """Judge a verdict anew.

    What has not ended is breached as soon as what it has used is beyond an upper bound, whatever its standard says of
    it, and open until then; under a lower bound it is open until it ends.
    """
    if outcome not in _ANEW:
        return outcome
    if used is None:
        return "unknown"
    if bound.admits(used):
        return "met" if has_ended else "open"
    return "breached" if has_ended or bound.is_most else "open"


def _weighed(outcome: str, weight: Any) -> str:
    """Make unknown what is judged and has no weight: it would count for nothing, unseen."""
    return "unknown" if weight is None and outcome in _ANEW[:2] else outcome


def _weights(objective: Objective, columns: Columns, rows: Sequence[int]) -> list[Any] | None:
    weight = objective.weight
    return None if weight is None else [columns["weights"][row].get(weight) for row in rows]


def _exact(amount: Any) -> Any:
    """Return an amount that adds up exactly: decimals are rounded to their context when they are added."""
    return amount if amount is None or isinstance(amount, int) else Fraction(amount)


def _segment(objective: Objective, columns: Columns, row: int) -> str:
    values = columns["segments"][row] if "segments" in columns else {}
    return ", ".join(f"{name}={values.get(name, 'not carried')}" for name in objective.segments)
