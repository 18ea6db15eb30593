"""Objectives whose window is too thin, that another one implies, or that nobody wrote."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from typing import cast

from servstd.entries import standards_read
from servstd.lint.sort import Seen, of_book, of_standard
from servstd.lint.subject import BookFacts, Subject
from servstd.standards import Bundle, Metric, Quantity, Respond
from servstd.standards.bound import Bound
from servstd.standards.limit import DurationLimit, LimitTable, Unlimited
from servstd.standards.objective import Objective
from servstd.standards.scope import Per
from servstd.standards.scorecard import Scorecard

_THIN = {"day": 200, "week": 1_000, "month": 5_000}
"""From how many judged cases a window on, without which one breach misses it, the share is worth a word."""
_USUAL_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_DAY_US = 86_400_000_000
_LENGTHS = ("hour", "day", "week", "month", "quarter", "year", "all")


def share_of(objective: Objective) -> Bound | None:
    """Return the share of met verdicts that an objective demands; None where it demands another figure."""
    return objective.bound.kept if objective.share is not None else None


def cases_for_one_breach(objective: Objective) -> int | None:
    """Return how many judged cases a window needs before one of them may be broken; None where none ever may.

    Example:
        >>> from servstd.standards import Objective
        >>> cases_for_one_breach(Objective(share="99.9%", window="day"))
        1000
    """
    bound = share_of(objective)
    if bound is None or bound.value == 1:
        return None
    least = ceil(1 / (1 - bound.value))
    return least if bound.allowed(least) else least + 1


def calendar_window(objective: Objective) -> str:
    """Return the windows of the calendar over which an objective is taken: `day`, `month`; else an empty text."""
    return objective.over.length if objective.over.shape == "calendar" else ""


@of_standard("SV540", "info")
def a_window_too_thin_for_its_share(subject: Subject) -> Iterator[Seen]:
    """Find a share so high, over a window so short, that one broken case misses it on any ordinary day.

    99.9 % a day allows nothing to be broken until a day has 1,000 cases. Whoever has fewer has promised 100 % and
    may not know it. Without a log only the share and the window are known; with one see SV568.

    Remedy: take a longer window, or write `min_sample:` so that thin windows decide nothing.
    """
    for path, objective in subject.objectives:
        need, window = cases_for_one_breach(objective), calendar_window(objective)
        if need is not None and need >= _THIN.get(window, need + 1) and objective.min_sample < need:
            yield Seen(
                path,
                f"`{objective}`: a {window} with fewer than {need:,} cases is missed by a single broken one.",
                f"take a longer window, or write `min_sample: {need}`.",
            )


@of_standard("SV541", "warning")
def an_objective_that_another_implies(subject: Subject) -> Iterator[Seen]:
    """Find an objective that is met whenever another one of the same standard is.

    Several objectives on one clock make a staircase: a higher share under a longer limit. `90% within 15 seconds`
    beside `80% within 20 seconds` is no step: what is within 15 is within 20, so the second can never be missed
    alone.

    Remedy: exchange the shares, or leave the weaker one out.
    """
    alike: dict[str, list[tuple[str, Objective]]] = {}
    for path, one in subject.objectives:
        if share_of(one) is not None:
            alike.setdefault(_setting(one), []).append((path, one))
    for told in alike.values():
        for path, weak in told:
            strong = next(
                (one for at, one in told[:_MOST_STEPS] if at != path and _hides(subject, one, weak)), None
            )
            if strong is not None:
                yield Seen(
                    path,
                    f"`{weak}` is met whenever `{strong}` is, so it decides nothing.",
                    "exchange the shares, or leave the weaker one out.",
                )


_MOST_STEPS = 100
_STEP = {"share", "within"}


def _setting(one: Objective) -> str:
    """Return all that an objective says beside its share and its limit: only equals can imply each other."""
    told = {name: value for name, value in one.model_dump().items() if name not in _STEP}
    return repr({**told, "window": repr(one.over), "by": one.segments})


def _hides(subject: Subject, strong: Objective, weak: Objective) -> bool:
    """Tell whether one objective decides all that another does; of two equal ones the first as written."""
    if not _implies(subject, strong, weak):
        return False
    if not _implies(subject, weak, strong):
        return True
    order = [id(one) for _, one in subject.objectives]
    return order.index(id(strong)) < order.index(id(weak))


def _implies(subject: Subject, strong: Objective, weak: Objective) -> bool:
    one, other = cast("Bound", share_of(strong)), cast("Bound", share_of(weak))
    if strong.bound_of_a_case != weak.bound_of_a_case:
        limits = _limit_of(subject, strong), _limit_of(subject, weak)
        if limits[0] is None or limits[1] is None:
            return False
        if limits[0].unit != limits[1].unit or limits[0].value > limits[1].value:
            return False
    return one.value > other.value or (one.value == other.value and one.is_strict >= other.is_strict)


def _limit_of(subject: Subject, objective: Objective) -> Bound | None:
    """Return the limit that an objective is about; None where it is not one length for every case."""
    if objective.bound_of_a_case is not None:
        return objective.bound_of_a_case
    if subject.standard.override_rows or not isinstance(subject.standard, Respond):
        return None
    node = subject.standard.limit.node
    return Bound(Fraction(node.us), "le", "time") if isinstance(node, DurationLimit) else None


@of_book("SV542", "info")
def a_standard_without_an_objective(_book: BookFacts, subjects: list[Subject]) -> Iterator[Seen]:
    """Find the standard without an objective in a book where most of the others have one.

    A standard without objectives is judged as 100 % of everything: a single broken case misses it. Beside others
    that allow five in a hundred this is seldom what was meant. Measures (`within: none`), metrics, which are objectives
    themselves, and standards that only others read are left alone.

    Remedy: write its objective; `100% overall` where every case must be met.
    """
    read = frozenset().union(*(standards_read(one.standard) for one in subjects))
    silent = [one for one in subjects if not one.objectives and one.id not in read and _promises(one)]
    told = sum(1 for one in subjects if one.objectives)
    if told < 2 or len(silent) >= told:
        return
    for subject in silent:
        yield Seen(
            subject.root,
            f"`{subject.id}` has no objective, so one broken case misses it; {told} others of this book have one.",
            "write `objective:`, `100% overall` where every case must be met.",
        )


def _promises(subject: Subject) -> bool:
    one = subject.standard
    is_measure = isinstance(one, Respond) and isinstance(one.limit.node, Unlimited)
    decides_itself = isinstance(one, Metric)  # over its own window
    return subject.role == "standard" and not is_measure and not decides_itself


@of_standard("SV543", "warning")
def segments_of_one_case(subject: Subject) -> Iterator[Seen]:
    """Find an objective by a field that tells every case from every other.

    `by: [ticket_id]` judges each ticket as a group of its own, so a share of 95 % is 100 % of each.

    Remedy: name the field by which cases are grouped: a region, a team, a priority.
    """
    for path, objective in subject.objectives:
        by = set(objective.segments)
        if by and subject.case and set(subject.case) <= by:
            yield Seen(
                f"{path}.by",
                f"`{', '.join(objective.segments)}` names a single case, so each segment holds one case.",
                "name the field by which cases are grouped, or leave `by` out.",
            )


@of_standard("SV544", "warning")
def a_window_shorter_than_its_quantity(subject: Subject) -> Iterator[Seen]:
    """Find an objective over a shorter window than the one for which each verdict is given.

    `per: year` gives one verdict a case and year, dated by the first of January: of an objective a month only
    January ever holds any.

    Remedy: take a window at least as long as `per`, or `overall`.
    """
    one = subject.standard
    per = cast("Per", one.per).length if isinstance(one, Quantity | Bundle) and one.per is not None else ""
    if per not in _LENGTHS:
        return
    for path, objective in subject.objectives:
        window = objective.over.length or objective.over.shape
        if window in _LENGTHS and _LENGTHS.index(window) < _LENGTHS.index(per):
            yield Seen(
                path,
                f"one verdict a {per} is asked for, and judged by the {window}: most windows stay empty.",
                f"write `{objective.bound} a {per}`, or `overall`." if share_of(objective) else "",
            )


@of_standard("SV545", "error")
def an_alert_that_cannot_go_off(subject: Subject) -> Iterator[Seen]:
    """Find a burn alert whose short stretch is over before any case that began in it can be broken.

    Cases are dated by their start unless the objective says otherwise. Of those that began in the last 5 minutes, under
    a limit of 4 hours, none can be broken yet: the short burn rate is 0 whatever happens, and the alert is silent.

    Remedy: write `dated_by: end`, which dates a breach that nothing has ended by the breach; or take stretches that are
    longer than the limit.
    """
    for path, objective in subject.objectives:
        least = _least_limit_us(subject, objective)
        if least is None or objective.dated_by != "start":
            continue
        for place, alert in enumerate(objective.burn_alerts):
            if alert.short_us <= least:
                yield Seen(
                    f"{path}.alerts[{place}].short",
                    f"of cases that began in the last {alert.short} none can be broken yet: this alert cannot go off.",
                    "write `dated_by: end`, or stretches that are longer than the limit.",
                )


@of_standard("SV583", "warning")
def a_figure_bounded_the_other_way(subject: Subject) -> Iterator[Seen]:
    """Find a mean, median or percentile that is bounded on the other side than the promise.

    A scorecard promises at least 85 points, and its objective says `mean: {le: 85}`: the better a month is, the
    surer it is missed. A figure without a sign takes the direction of its standard.

    Remedy: write the figure without a sign, or turn the sign round.
    """
    wanted = _direction(subject)
    for path, objective in subject.objectives:
        if wanted and objective.statistic.is_figure and objective.bound.is_most != (wanted == "at most"):
            name = objective.statistic.name
            other = "ge" if wanted == "at least" else "le"
            figure = str(objective.bound._replace(op="ge")).removeprefix("≥ ")
            yield Seen(
                f"{path}.{name}",
                f"`{subject.id}` promises {wanted} so much, and `{objective}` wants it the other way.",
                f"write `{name}: {{{other}: {figure}}}`, or keep the finding, with the reason, under `accepted:`.",
            )


def _direction(subject: Subject) -> str:
    """Return on which side of its bound a standard promises cases to be; empty where it has none, or two."""
    one = subject.standard
    if isinstance(one, Scorecard):
        return "at least"
    if isinstance(one, Respond):
        return "" if isinstance(one.limit.node, Unlimited) else "at most"
    if isinstance(one, Quantity):
        sides = [side for side in ("at_least", "at_most") if getattr(one, side) is not None]
        return sides[0].replace("_", " ") if len(sides) == 1 else ""
    return ""


@of_standard("SV584", "warning")
def an_alert_slower_than_its_budget(subject: Subject) -> Iterator[Seen]:
    """Find a burn alert that goes off although the budget lasts.

    A burn rate of 1 uses the budget up exactly by the end of the window. `budget: 2%` in `long: 3 days` of a month is a
    rate of 0.2: an alert that goes off while only a fifth of the budget is being used says nothing.

    Remedy: write a larger part of the budget, a shorter stretch, or `factor:` with a rate above 1.
    """
    for path, objective in subject.objectives:
        for place, alert in enumerate(objective.burn_alerts):
            factor = alert.threshold(_usual_length_us(objective))
            if factor is not None and factor < 1:
                key = "factor" if alert.budget is None else "budget"
                yield Seen(
                    f"{path}.alerts[{place}].{key}",
                    f"`{alert.words()}` is a burn rate of {float(factor):.2g}: this alert goes off although the budget "
                    "lasts.",
                    "write a rate above 1: `factor: 6`, or a larger part of the budget in a shorter stretch.",
                )


def _usual_length_us(objective: Objective) -> int | None:
    """Return how long a window of an objective usually is; None where it has no length."""
    over = objective.over
    if over.shape == "rolling":
        return over.count * _USUAL_DAYS[over.unit] * _DAY_US
    return _USUAL_DAYS[over.length] * _DAY_US if over.length in _USUAL_DAYS else None


def _least_limit_us(subject: Subject, objective: Objective) -> int | None:
    """Return the shortest time in which a case can be broken; None where that is no plain length."""
    one = subject.standard
    if not isinstance(one, Respond):
        return None
    own = objective.bound_of_a_case
    if own is not None:
        return int(own.value) if own.unit == "time" else None
    nodes = [
        term.node for term in subject.terms if term.name == "within" and not isinstance(term.node, LimitTable)
    ]
    lengths = [node.us for node in nodes if isinstance(node, DurationLimit)]
    return min(lengths) if lengths and len(lengths) == len(nodes) else None
