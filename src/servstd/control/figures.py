"""The figures that a chart is drawn of: an objective's, window by window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from servstd.errors import EvaluationError, Problem
from servstd.results.traits import rows_of
from servstd.rollups import Attainment, attain
from servstd.standards.objective import EVERYTHING, Objective, window_timezone

if TYPE_CHECKING:
    from servstd.results.report import Report

SEPARATE = ("calendar", "blocks")
"""Shapes of windows that do not share a case, so that one does not repeat the other."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold an objective's figures by window, in order of time.

    Args:
        objective: The objective, as text.
        statistic: `share`, `mean`, `median`, `p90` and so on.
        windows: The attainments whose windows are whole.
        left_out: The names of those that are not over, or began before the log.
    """

    objective: str
    statistic: str
    windows: tuple[Attainment, ...]
    left_out: tuple[str, ...]


def figures_of(
    report: Report,
    standard: str,
    *,
    window: str | Mapping[str, Any] | None,
    objective: int | None,
    where: Mapping[str, str] | None,
) -> Figures:
    """Return an objective's figures, window by window.

    Args:
        report: The report.
        standard: The standard's id.
        window: Over what, instead of the objective's own window.
        objective: Which of the standard's objectives, from 0; left out, the first whose windows follow each other.
        where: Only verdicts with these traits.

    Raises:
        EvaluationError: SV410 no such standard, SV683 no windows that follow each other or no such objective, SV685 no
            such trait.
        StandardsError: SV152 no such window.
    """
    rows = rows_of(report, standard, where)
    model = report.book[standard]
    chosen = _chosen(standard, model.all_objectives, window, objective)
    found = attain(
        standard,
        chosen,
        report.verdicts.internal,
        rows,
        timezone=window_timezone(chosen, report.book.surroundings.find(model.calendar), report.book.timezone)
        or "UTC",
        span=report.span,
    )
    whole = [one for one in found if one.status not in ("provisional", "partial")]
    return Figures(
        objective=str(chosen),
        statistic=chosen.statistic.name,
        windows=tuple(whole),
        left_out=tuple(one.window for one in found if one.status in ("provisional", "partial")),
    )


def _chosen(
    standard: str,
    objectives: tuple[Objective, ...],
    window: str | Mapping[str, Any] | None,
    place: int | None,
) -> Objective:
    if place is not None and not -len(objectives) <= place < len(objectives):
        raise EvaluationError(
            Problem("SV683", f"`{standard}` has {len(objectives)} objectives; there is none at {place}.")
        )
    if place is not None:
        chosen = objectives[place]
    else:
        following = (one for one in objectives if one.over.shape in SEPARATE)
        chosen = next(following, objectives[0] if objectives else EVERYTHING)
    # Segments are chosen by `where`: the chart is of one series.
    written = {name: value for name, value in chosen.model_dump(exclude_unset=True).items() if name != "by"}
    chosen = Objective(**(written if window is None else written | {"window": window})).of_standard(
        chosen.bounded
    )
    if chosen.over.shape not in SEPARATE:
        raise EvaluationError(
            Problem(
                "SV683",
                f"`{chosen}` of `{standard}` gives no windows that follow each other.",
                help='say over what to draw: `window="month"`.',
            )
        )
    return chosen
