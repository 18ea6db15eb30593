"""Which settings of an objective go together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from servstd.errors import Problem, StandardsError
from servstd.expressions import is_arithmetic, parse_figure
from servstd.standards.bound import Bound, exact_text
from servstd.standards.figures import READ
from servstd.standards.statistic import COUNTABLE, Bounded

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
    counted = {"count": COUNTABLE, "rate": COUNTABLE, "share": ("met", "breached")}
    if "of" in objective.model_fields_set and objective.of not in counted.get(objective.statistic.name, ()):
        why = "`of` says what a count or a rate counts; a share is of those met, or of those breached."
        found.append(_does_not_go("of", objective.statistic.name, why))
    if objective.weight is not None:
        found += _unweighed(objective.weight)
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
        objective.bound,
        objective.statistic.name,
        least=0 if is_least_known else None,
        most=1 if objective.bound.unit == "share" else None,
    ):
        found.append(problem)
    return [*found, *_windows_that_do_not_go(objective), *_intervals_that_do_not_go(objective)]


def figures_without_direction(
    bounded: Bounded, objectives: Iterable[tuple[str, Objective]]
) -> Iterator[Problem]:
    """Yield the problem of each objective whose figure no verdict of its standard has, or whose direction nobody says.

    Args:
        bounded: What the standard measures.
        objectives: Its objectives, each with its path.
    """
    for path, one in objectives:
        if one.bound_of_a_case is None:
            continue
        if bounded.base is None:
            yield Problem(
                "SV613",
                f"`{one}`: there is no one figure for it, since the level may be out of bounds in several ways.",
                help="write `share`, `count` or `rate`; or a standard with one plain bound for each figure.",
                path=path,
            )
        elif one.within is not None and bounded.op not in ("le", "lt"):
            yield Problem(
                "SV613",
                f"`within: {one.within}` is the most that is allowed, and the standard does not promise a most alone.",
                help="write a second standard with the bound that is meant.",
                path=f"{path}.within",
            )
        elif one.is_bare and bounded.op is None:
            name, amount = one.statistic.name, one.bound.sentence().removeprefix("at most ")
            yield Problem(
                "SV612",
                f"`{name}: {amount}` may be the least or the most, and no bound of the standard says which.",
                help=f"write `{name}: {{ge: {amount}}}` or `{name}: {{le: {amount}}}`.",
                path=path,
            )


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
    if is_share and objective.counts not in ("breached", "met"):
        why = "an interval is known for those met or breached, which are a part of those judged."
        return [_does_not_go("decide_on", f"of: {objective.of}", why)]
    known = ("wilson", "exact") if is_share else ("t",) if objective.statistic.name == "mean" else ()
    if objective.weight is not None or objective.certainty.interval not in known:
        why = "shares and rates have `wilson` and `exact`, means have `t`, weighted ones have none."
        return [_does_not_go("decide_on", objective.statistic.name, why)]
    if (
        objective.statistic.name == "share"
        and objective.bound.kept.value == 1
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


def _unweighed(weight: str) -> Iterator[Problem]:
    """Yield what is wrong with a weight as written: it names a field, or reckons with some."""
    if not is_arithmetic(weight):
        said = f"`{weight:.40}` names no field."
        yield Problem("SV604", said, help="write `weight: $customers`.", path="weight")
        return
    try:
        parse_figure(weight, names=READ)
    except StandardsError as failure:
        yield from (problem.at(path="weight") for problem in failure.problems)


def _does_not_go(setting: str, name: str, why: str) -> Problem:
    return Problem(
        "SV604", f"`{setting}` does not go with `{name}`: {why}", help="leave it out.", path=setting
    )
