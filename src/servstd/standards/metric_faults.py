"""What cannot be meant by a metric: settings that its formula does not read, bounds in another unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from servstd.errors import Problem, StandardsError, closest, listed
from servstd.models import shown
from servstd.standards.fitting import out_of_reach
from servstd.standards.measures import SCALES, SETTINGS, settings_of

if TYPE_CHECKING:
    from servstd.standards.base import Standard
    from servstd.standards.metric import Metric
    from servstd.standards.selector import Selection

_OF_OBJECTIVES = ("objective", "objectives")
_ENDS: Mapping[str, tuple[int, int | None]] = {"share": (0, 1), "time": (0, None), "points": (-100, 100)}
"""Between which the figures of a unit lie; those of a scale lie on it."""


def faults_of(metric: Metric) -> Iterator[Problem]:
    """Yield every fault of a metric whose formula is known."""
    yield from _settings(metric)
    yield from _names(metric)
    yield from _scales(metric)
    yield from _dimensions(metric)
    yield from _bounds(metric)


def _settings(metric: Metric) -> Iterator[Problem]:
    """Yield what is missing for the formula, and what it would not read."""
    told = [name for name in SETTINGS if _is_told(getattr(metric, name))]
    name = f"`{metric.measure}`" + (f" by `{metric.formula}`" if metric.formula else "")
    for setting in metric.spec.needs:
        if setting not in told:
            yield Problem("SV653", f"{name} needs `{setting}`.", help=f"add `{setting}:`.", path=setting)
    for setting in told:
        if setting not in settings_of(metric.spec):
            known = listed(settings_of(metric.spec)) or "nothing"
            message = f"{name} does not read `{setting}`. It reads {known} beside `of`."
            yield Problem("SV654", message, help="leave it out.", path=setting)
    for setting in _OF_OBJECTIVES:
        if getattr(metric, setting):
            message = "a metric is an objective itself."
            yield Problem("SV638", message, help="write its bound and window beside it.", path=setting)
    if (
        isinstance(metric.field, Sequence)
        and not isinstance(metric.field, str)
        and metric.spec.unit != "time"
    ):
        yield Problem("SV654", "a score is in one field.", help="name one.", path="field")


def _is_told(held: object) -> bool:
    """Tell whether a setting says something: an empty text, list or mapping says nothing."""
    return held is not None and not (isinstance(held, str | Sequence | Mapping) and not held)


def _names(metric: Metric) -> Iterator[Problem]:
    """Yield what names no field."""
    written = {"field": metric.field, "match": metric.match}
    for setting, names in written.items():
        told = [names] if isinstance(names, str) else names or ()
        if any(not name.strip().removeprefix("$") for name in told):
            yield Problem("SV654", f"`{setting}` names no field.", help="name one.", path=setting)


def _scales(metric: Metric) -> Iterator[Problem]:
    """Yield what is wrong with the scale of a survey, and with the scores that count on it."""
    if metric.measure not in SCALES:
        return
    written = metric.scale
    if written is not None and (len(written) != 2 or written[0] >= written[1]):
        help_ = "write `scale: [1, 5]`, the lower end first."
        yield Problem("SV656", f"`{shown(list(written))}` is no scale.", help=help_, path="scale")
        return
    low, high = metric.scores
    steps = high - low + 1
    if not 0 < metric.best < steps:
        message = f"{metric.best} of {steps} scores cannot be the best ones."
        yield Problem("SV656", message, help=f"write `top:` from 1 to {steps - 1}.", path="top")
    if metric.formula == "net" and 2 * metric.best > steps:
        message = f"{metric.best} easy and {metric.best} difficult ones of {steps} scores overlap."
        yield Problem("SV656", message, help=f"write `top:` up to {steps // 2}.", path="top")
    if metric.measure == "nps" and not low <= metric.detracts < metric.promotes <= high:
        ends = f"detractors up to {metric.detracts} and promoters from {metric.promotes}"
        message = f"{ends} do not fit on {low} to {high}."
        yield Problem("SV656", message, help="write `promoter: 9`, `detractor: 6`.", path="promoter")


def _dimensions(metric: Metric) -> Iterator[Problem]:
    dimensions = metric.all_dimensions
    if dimensions and not any(one.exact_weight for one in dimensions.values()):
        message = "the weights add up to 0, so nothing counts."
        yield Problem("SV641", message, help="give a dimension a weight.", path="dimensions")


def _bounds(metric: Metric) -> Iterator[Problem]:
    given = [name for name in ("at_least", "at_most") if getattr(metric, name) is not None]
    if len(given) != 1:
        message = "a metric needs one bound, " + ("and has none." if not given else "and has two.")
        yield Problem("SV655", message, help="write `at_least: 80%`; for both ends two metrics.")
    else:
        try:
            yield from _beyond(metric)
        except StandardsError as failure:
            yield from (one.at(path=given[0]) for one in failure.problems)
    if metric.certainty is not None and (
        metric.spec.unit != "share" or metric.certainty.interval == "t" or metric.over is not None
    ):
        message = f"no interval is known that could decide on {metric.spec.says}."
        yield Problem("SV657", message, help="leave it out.", path="decide_on")


def _beyond(metric: Metric) -> Iterator[Problem]:
    """Yield a bound that no figure meets: points lie from -100 to 100, a mean within its scale."""
    low, high = _ENDS.get(metric.spec.unit, (None, None))
    if metric.spec.unit == "number" and metric.measure in SCALES:
        low, high = metric.scores
    path = "at_most" if metric.bound.is_most else "at_least"
    if problem := out_of_reach(metric.bound, path, least=low, most=high):
        yield problem


class Indicated(NamedTuple):
    """Be what a metric reads, as it is measured."""

    standard: Standard
    """The standard or indicator."""
    role: str
    """Whether it is judged by itself, or only measured."""
    unit: str
    """What it measures: `time`, `count`, `items`, …"""


def indicators_of_other_units(metric: Metric, read: Mapping[str, Indicated]) -> list[Problem]:
    """Return the problem of each indicator that measures what the formula cannot take.

    A wait is a length of time, and three transfers are no wait of three millionths of a second.

    Args:
        metric: The metric.
        read: By the id that the metric names, what it reads.
    """
    found = []
    for path, member in metric.reads:
        one = read.get(member.id)
        wanted = None if one is None else _wanted(metric, one)
        if one is not None and wanted is not None:
            what = f"`{member.id}` measures {_WORDS.get(one.unit, 'a number')}"
            message = f"{metric.spec.says} is read off {wanted[0]}, and {what}."
            found.append(Problem("SV602", message, help=wanted[1], path=path))
        elif one is not None and (problem := _never_flows(metric, one.standard)):
            found.append(problem)
    return found


def _never_flows(metric: Metric, standard: Standard) -> Problem | None:
    """Return the problem of an event that lets contacts flow out, and does not end them for the indicator."""
    flows, ends = metric.flowed_out, standard.selections.get("cancel")
    if flows is None:
        return None
    named = sorted(cast("Selection", flows).events)
    if ends is not None and (set(named) & set(ends.events) or "*" in {*named, *ends.events}):
        return None
    return Problem(
        "SV615",
        f"`{listed(named)}` lets contacts flow out, and `{standard.id}` goes on waiting for them.",
        help=f"add it there: `cancel: [call.abandoned, {named[0] if named else '…'}]`.",
        path="flowed_out",
    )


def _wanted(metric: Metric, one: Indicated) -> tuple[str, str] | None:
    """Return what an indicator should measure, and how to mend it; None where it does."""
    spec = metric.spec
    if spec.reads == "flag" and one.unit not in ("items", "members", "points") and _is_unbroken(one):
        return "what is as expected or not", "name a `check` of the flag."
    is_sum = getattr(one.standard, "sum", None) is not None  # of what, only its events know
    if spec.reads == "count" and one.unit in ("time", "dates") and not is_sum:
        return "a count", "name a quantity: `{kind: quantity, count: call.transferred, ends: call.ended}`."
    is_timed = spec.reads == "time" or (spec.reads == "time of short" and metric.short is not None)
    if is_timed and not metric.field_names and one.unit not in ("time", "dates"):
        more = ", or write `field:`" if "field" in spec.takes else ""
        return "lengths of time", f"name a clock, or time in a state{more}."
    return None


def _is_unbroken(one: Indicated) -> bool:
    """Tell whether no case can break it: a clock is read without its limit, and an indicator has none."""
    return one.standard.kind == "respond" or (one.role == "indicator" and one.standard.kind != "order")


_WORDS = {
    "time": "a length of time",
    "dates": "dates",
    "items": "whether something is as expected",
    "level": "a level",
}


def no_formula(measure: str, written: str | None, known: list[str]) -> Problem:
    """Return the problem of a formula that is not named, or that there is not.

    Args:
        measure: The measure.
        written: What the author wrote; None for nothing.
        known: The formulas of the measure that have names.
    """
    near = ""
    if written is None:
        message = f"`{measure}` has several formulas, and each gives another figure: {listed(known)}."
        near = "write the one that is meant: `formula: …`."
    elif not known:
        message, near = f"`{measure}` has one formula, which has no name.", "leave it out."
    else:
        message = f"unknown formula `{written:.40}` of `{measure}`. Known: {listed(known)}."
        found = closest(written, known)
        near = f"write `{found}`." if found else ""
    return Problem("SV652", message, help=near, path="formula")
