"""Whether objectives and payments speak of what their standard measures: time, days under a date limit, events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servstd.errors import Problem, listed
from servstd.models import join_path
from servstd.standards.base import Standard
from servstd.standards.bound import Bound, number_text
from servstd.standards.figures import unreckonable
from servstd.standards.limit import CountLimit, LimitNode, counts_open_time, has_dates, leaves
from servstd.standards.metric import Metric
from servstd.standards.respond import Respond
from servstd.standards.tiers import MEASURED_AS

if TYPE_CHECKING:
    from servstd.standards.consequence import Consequence

_WORDS = {
    "time": "a length of time, as `40 minutes`",
    "dates": "days, as `5 business days`",
    "number": "a number",
}
_THRESHOLDS = {"percent": "`99%`", "time": "`40 minutes`", "number": "`3`"}


def bounds_in_other_units(standard: Standard, unit: str) -> list[Problem]:
    """Return the problem of each objective that holds cases against an amount of another unit than their standard's.

    A standard some of whose limits count dates and others time has cases that cannot be held against one amount.

    Args:
        standard: The standard.
        unit: What it measures.
    """
    kinds = sorted({_kind(one) for one in _units_of(standard, unit)})
    found: list[Problem] = []
    days = _days_of(standard)
    for path, objective in standard.placed_objectives:
        bound: Bound | None = objective.bound_of_a_case
        if objective.weighs is not None:
            found += unreckonable(objective.weighs, kinds, path=join_path(path, "weight"))
        if bound is not None and kinds != [bound.unit]:
            found.append(_other_unit(str(objective), bound, kinds).at(path=path))
        elif bound is not None and bound.unit == "dates" and (other := _other_days(bound, days)):
            found.append(
                Problem(
                    "SV602",
                    f"`{objective}` counts other days than its standard, which counts {other}.",
                    help=f"write `{number_text(bound.value)} {other}`.",
                    path=path,
                )
            )
    return found


def _other_days(bound: Bound, days: set[str]) -> str:
    """Return which days a standard counts, where a bound is about others; plain days are those of the standard."""
    meant = "business days" if bound.days == "business" else "days"
    return next(iter(days), "") if bound.days and meant not in days else ""


def tiers_in_other_units(
    consequence: Consequence, standard: Standard, unit: str, *, has_share: bool
) -> Iterator[Problem]:
    """Yield the problems of tiers and payments that read what the verdicts, or windows, of their standard do not have.

    Args:
        consequence: The consequence.
        standard: Its standard.
        unit: What that measures.
        has_share: Whether that is a share of some time: time in a state, `per` month.
    """
    if consequence.reads_windows:
        yield from _tiers_of_no_window(consequence, standard)
        return
    if consequence.needs_share and not has_share:
        yield Problem(
            "SV713",
            "a share is the time in a state of all the time, which its standard does not measure.",
            help="let it read a quantity of time: `time_in: {status: down}, per: month`.",
            path="by" if consequence.by == "share" else "flat",
        )
    kinds = {_kind(one) for one in _units_of(standard, unit)}
    reckoned = {path: payment.figure for path, payment in consequence.payments.items()}
    if consequence.measured_field is not None:
        reckoned["by"] = consequence.measured_field
    for path, figure in reckoned.items():
        yield from unreckonable(figure, kinds, path=path)
    tiers = [tier for terms in consequence.all_terms for tier in terms.tiers]
    if consequence.by in ("late", "elapsed") and unit in ("time", "dates"):
        for tier in tiers:
            if tier.measures == "number":
                yield Problem(
                    "SV713",
                    f"`{tier.written}` is no length of time, and its standard measures time.",
                    help=f"write `{tier.written} minutes`, `{tier.written} hours` or `{tier.written} days`.",
                    path="tiers",
                )


def _tiers_of_no_window(consequence: Consequence, standard: Standard) -> Iterator[Problem]:
    """Yield the problem of each tier that no figure of the objectives read can be compared with."""
    if isinstance(standard, Metric):
        bounds = [standard.bound]
    else:
        groups = [standard.judged_by] if not consequence.agreement else []
        groups += [
            row.objectives for row in standard.objective_rows if consequence.agreement in ("", row.agreement)
        ]
        bounds = [one.bound for group in groups for one in group]
    sorts = sorted({MEASURED_AS.get(bound.unit, "number") for bound in bounds})
    for tier in consequence.terms.tiers if sorts else ():
        if tier.measures not in sorts:
            yield Problem(
                "SV713",
                f"`{tier.written}` is compared with no figure of `{standard.id}`: {listed(map(str, bounds))}.",
                help=f"write a threshold like {' or '.join(_THRESHOLDS[one] for one in sorts)}.",
                path="tiers",
            )


def _kind(unit: str) -> str:
    return unit if unit in ("time", "dates") else "number"


def _units_of(standard: Standard, unit: str) -> Iterator[str]:
    """Yield what the limits of a standard count, its overrides among them."""
    yield unit
    if unit in ("time", "dates"):
        for leaf in _leaves_of(standard):
            yield "dates" if has_dates(leaf) else "count" if isinstance(leaf, CountLimit) else "time"


def _days_of(standard: Standard) -> set[str]:
    """Return which days the limits of a standard count: `business days`, `days`."""
    dated = [leaf for leaf in _leaves_of(standard) if has_dates(leaf)]
    return {"business days" if counts_open_time(leaf) else "days" for leaf in dated}


def _leaves_of(standard: Standard) -> Iterator[LimitNode]:
    """Yield the limits of a clock, its overrides among them; nothing of other kinds."""
    chosen = standard.as_chosen
    if isinstance(chosen, Respond):
        yield from leaves(chosen.limit.node)
        for line in (line for row in chosen.override_rows for line in row.lines if "within" in line.sets):
            yield from leaves(chosen.read_limit("within", line.sets["within"]).node)


def _other_unit(objective: str, bound: Bound, kinds: list[str]) -> Problem:
    if len(kinds) > 1:
        return Problem(
            "SV602",
            f"`{objective}` holds all cases against one amount, and the limits of the standard count days and time.",
            help="write two standards, one for each.",
        )
    return Problem(
        "SV602",
        f"`{objective}` is in another unit than its standard, which measures {_WORDS[kinds[0]]}.",
        help=_converted(bound, kinds[0]) or f"write {_WORDS[kinds[0]]}.",
    )


def _converted(bound: Bound, unit: str) -> str:
    """Return an amount in the unit that is wanted, where there is one that may be meant."""
    number = number_text(bound.value)
    if (bound.unit, unit) == ("dates", "time"):
        return f"write a length of time: `{number_text(bound.value * 24)} hours`."
    if (bound.unit, unit) == ("number", "time"):
        return f"write the unit as well: `{number} minutes`, `{number} hours`."
    if (bound.unit, unit) == ("number", "dates"):
        return f"write the unit as well: `{number} days`."
    return ""
