"""Which settings of an objective go together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from servstd.errors import Problem
from servstd.standards.bound import Bound, exact_text

if TYPE_CHECKING:
    from servstd.standards.objective import Objective


def settings_that_do_not_go(objective: Objective) -> list[Problem]:
    """Return the problem of each setting that means nothing for the figure, the window or the interval of an objective.

    Args:
        objective: The objective, each of whose settings can be read.
    """
    found = []
    if objective.within is not None and objective.statistic.is_figure:
        found.append(
            _does_not_go("within", objective.statistic.name, "the bound is what cases are held against.")
        )
    if objective.weight is not None and objective.statistic.name not in ("share", "mean"):
        found.append(_does_not_go("weight", objective.statistic.name, "shares and means can be weighted."))
    if "of" in objective.model_fields_set and objective.statistic.name not in ("count", "rate"):
        found.append(_does_not_go("of", objective.statistic.name, "`of` says what a count or a rate counts."))
    if objective.weight is not None and not re.fullmatch(r"\$[^\W\d][\w.-]{0,199}", objective.weight):
        found.append(
            Problem(
                "SV604",
                f"`{objective.weight:.40}` names no field.",
                help="write `weight: $customers`.",
                path="weight",
            )
        )
    if objective.alerts and (objective.statistic.name != "share" or objective.weight is not None):
        found.append(
            _does_not_go("alerts", objective.statistic.name, "a budget that burns is that of a share.")
        )
    if problem := _segments_that_do_not_go(objective.segments):
        found.append(problem)
    has_no_length = objective.over.shape in ("all", "blocks", "busiest", "census")
    if has_no_length and any(one.budget is not None for one in objective.burn_alerts):
        found.append(
            Problem(
                "SV604",
                "`budget` of an alert is a part of what lasts a window long, and this window has no length.",
                help="write `factor`: how many times faster than allowed.",
                path="alerts",
            )
        )
    is_least_known = objective.statistic.name == "count" or objective.bound.unit != "number"
    if problem := out_of_reach(
        objective.bound, objective.statistic.name, least=0 if is_least_known else None
    ):
        found.append(problem)
    return [*found, *_windows_that_do_not_go(objective), *_intervals_that_do_not_go(objective)]


def out_of_reach(bound: Bound, path: str, *, least: int | None, most: int | None = None) -> Problem | None:
    """Return the problem of a bound that no figure meets; None of one that some do.

    Args:
        bound: What the figure is compared with.
        path: Where it stands.
        least: The least figure there is; None where there is none.
        most: The greatest there is.
    """
    best = least if bound.is_most else most
    if best is None or bound.admits(best):
        return None
    end = "least" if bound.is_most else "most"
    return Problem(
        "SV603",
        f"no figure is {bound.sentence()}: the {end} there can be is {exact_text(Fraction(best), bound.unit)}.",
        help="write the figure that is meant.",
        path=path,
    )


def _segments_that_do_not_go(names: Sequence[str]) -> Problem | None:
    """Name a field that tells no cases apart: one without a name, and one that is named twice."""
    blank = any(not name.strip() for name in names)
    if not blank and len(set(names)) == len(names):
        return None
    said = "a field has no name." if blank else "a field is named twice."
    return Problem("SV604", f"`by` tells no cases apart: {said}", help="write `by: [region]`.", path="by")


def _windows_that_do_not_go(objective: Objective) -> list[Problem]:
    """Name what cannot be said of the windows."""
    per = objective.bound.per
    found = []
    if objective.over.shape == "census":
        if objective.statistic.is_figure or (per is not None and per.length is not None):
            found.append(
                _does_not_go(
                    "window", objective.statistic.name, "a census counts what is open at an instant."
                )
            )
        found += [
            _does_not_go(name, "census", "what is open is judged by its own limit, at the end.")
            for name in ("within", "dated_by")
            if name in objective.model_fields_set
        ]
    elif per is not None and per.length is not None and objective.over.shape == "all":
        found.append(_does_not_go("window", objective.statistic.name, "everything has no length of time."))
    return found


def _intervals_that_do_not_go(objective: Objective) -> list[Problem]:
    """Name what no interval is known for."""
    if objective.certainty is None:
        return []
    is_share = objective.statistic.name == "share" or (
        objective.bound.per is not None and objective.bound.per.length is None
    )
    if is_share and objective.of not in ("breached", "met"):
        why = "an interval is known for those met or breached, which are a part of those judged."
        return [_does_not_go("decide_on", f"of: {objective.of}", why)]
    known = ("wilson", "exact") if is_share else ("t",) if objective.statistic.name == "mean" else ()
    if objective.weight is not None or objective.certainty.interval not in known:
        why = "shares and rates have `wilson` and `exact`, means have `t`, weighted ones have none."
        return [_does_not_go("decide_on", objective.statistic.name, why)]
    if (
        objective.statistic.name == "share"
        and objective.bound.value == 1
        and objective.certainty.side == "adverse"
    ):
        return [
            Problem(
                "SV603",
                "no number of cases makes sure that all are met, so that this can never be met.",
                help="leave `decide_on` out: `100%` is decided by the first breach.",
                path="decide_on",
            )
        ]
    return []


def _does_not_go(setting: str, name: str, why: str) -> Problem:
    return Problem(
        "SV604", f"`{setting}` does not go with `{name}`: {why}", help="leave it out.", path=setting
    )
