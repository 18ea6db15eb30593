"""What a tally says of an objective in one window: the figure, the budget, and whether it is met."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from math import sqrt
from typing import NamedTuple

from servstd.intervals import datetime_utc
from servstd.rollups.attainment import Attainment, Status
from servstd.rollups.burning import rate_of
from servstd.rollups.figures import as_float, figure_text
from servstd.rollups.tally import Tally
from servstd.rollups.windowing import Window
from servstd.standards.bound import Bound
from servstd.standards.certainty import DecideOn
from servstd.standards.objective import Objective
from servstd.statistics.budgets import BurnRate, lasts_us
from servstd.statistics.distributions import student_quantile
from servstd.statistics.intervals import clopper_pearson, wilson


def attainment_of(
    standard: str, objective: Objective, segment: str, window: Window, tally: Tally
) -> Attainment:
    """Return what a tally says of an objective in one window.

    Args:
        standard: The standard's id.
        objective: What to reach.
        segment: The segment as text; empty for all cases together.
        window: The window.
        tally: What was counted in it, under the objective's own bound where it has one.
    """
    value = figure_of(objective, tally, window)
    figured = Figured(
        objective.statistic.name,
        objective.bound,
        value,
        interval_of(objective, tally),
        _budget(objective, tally),
        _status(objective, tally, window, value),
        rate=rate_of(objective, tally),
    )
    return row_of(standard, str(objective), segment, window, tally, figured)


class Figured(NamedTuple):
    """Be a figure with all that was found about it."""

    name: str
    """`share`, `mean`, `nps`."""
    bound: Bound
    """What it is compared with."""
    value: Fraction | int | None
    """The figure, exact."""
    interval: tuple[float, float] | None
    """In which the true one lies."""
    budget: tuple[int | None, int | None]
    """How many may go wrong, and how many do."""
    standing: tuple[Status, str]
    """What it decides, and why."""
    judged: int | None = None
    """On how many it rests, where that is not those met and breached."""
    rate: BurnRate | None = None
    """How fast the budget is used."""


def row_of(  # noqa: PLR0917 - the columns of a row
    standard: str, objective: str, segment: str, window: Window, tally: Tally, figured: Figured
) -> Attainment:
    """Return the row of one window and segment.

    Args:
        standard: The standard's id.
        objective: What was promised, as text.
        segment: The segment as text.
        window: The window.
        tally: What was counted in it.
        figured: The figure.
    """
    _, bound, value, interval, (allowed, used), (status, why), judged, _ = figured
    start, end = window.bounds_us or (None, None)
    rate = figured.rate
    return Attainment(
        standard=standard,
        objective=objective,
        segment=segment,
        window=window.label,
        window_start=None if start is None else datetime_utc(start),
        window_end=None if end is None else datetime_utc(end),
        judged=tally.judged if judged is None else judged,
        met=tally.met,
        breached=tally.breached,
        open=tally.open,
        excluded=tally.excluded,
        cancelled=tally.cancelled,
        unknown=tally.unknown,
        value=None if value is None else as_float(value),
        bound=as_float(bound.value),
        status=status,
        low=None if interval is None else interval[0],
        high=None if interval is None else interval[1],
        budget_allowed=allowed,
        budget_used=used,
        why=why,
        timezone=window.timezone,
        statistic=figured.name,
        unit=bound.unit,
        burn_rate=rate,
        runs_out_at=_runs_out_at(window, rate),
        wanted=bound,
        exact_value=value,
        is_standing=window.is_standing,
    )


def _runs_out_at(window: Window, rate: BurnRate | None) -> datetime | None:
    """Return when the budget of an unfinished window is used up at this rate; None where it lasts to the end."""
    if (
        window.bounds_us is None
        or not window.is_unfinished
        or window.began_before_log
        or rate is None
        or rate <= 1
    ):
        return None
    start, end = window.bounds_us
    length = lasts_us(end - start, rate)
    return None if length is None else datetime_utc(start + int(length))


def figure_of(objective: Objective, tally: Tally, window: Window) -> Fraction | int | None:
    """Return the figure that an objective is about, exact; None where nothing gives one."""
    statistic, per = objective.statistic, objective.bound.per
    if statistic.name == "count":
        return tally.count(objective.of)
    if per is not None and per.length_us is not None:
        return _per_time(tally.count(objective.of), per.length_us, window)
    if tally.judged == 0 or tally.weight == 0:
        return None
    if per is not None:
        return Fraction(tally.count(objective.of) * per.base, tally.judged)
    if statistic.rank is not None:
        return Fraction(tally.values[statistic.place(len(tally.values)) - 1])
    if statistic.name == "mean":
        return Fraction(tally.total) / Fraction(tally.weight)
    share = Fraction(tally.weight_met) / Fraction(tally.weight)
    return 1 - share if objective.counts == "breached" else share


def _per_time(count: int, length_us: int, window: Window) -> Fraction | None:
    return Fraction(count * length_us, window.length_us) if window.length_us else None


def _budget(objective: Objective, tally: Tally) -> tuple[int | None, int | None]:
    """Return how many verdicts may go wrong, and how many do; None where a figure has no such number."""
    bound, statistic = objective.bound, objective.statistic
    if objective.weight is not None or (
        statistic.is_figure and (statistic.rank is None or not bound.is_most)
    ):
        return None, None
    if statistic.rank is not None:
        return tally.judged - statistic.place(tally.judged) if tally.judged else 0, tally.breached
    if statistic.name == "share":
        return bound.kept.allowed(tally.judged), tally.breached
    if not bound.is_most or (bound.per is not None and bound.per.length is not None):
        return None, None
    scale = Fraction(tally.judged, bound.per.base) if bound.per is not None else 1
    return bound.most(scale), tally.count(objective.of)


def _status(
    objective: Objective, tally: Tally, window: Window, value: Fraction | int | None
) -> tuple[Status, str]:
    is_counted = objective.statistic.name == "count" and not objective.bound.is_most
    is_empty_backlog = (
        window.has_begun_cases and objective.statistic.name == "count" and not tally.judged + tally.unknown
    )
    if not tally.number and not is_counted and not is_empty_backlog:
        return "no_data", "no verdict falls into it"
    needed = _needs_judged(objective) and not is_empty_backlog
    held = undecided(objective, window, tally, judged=tally.judged, needs_judged=needed)
    if held is not None:
        return held
    if value is None:
        return "no_data", "the weights add up to nothing"
    if objective.certainty is not None:
        return _surely(objective, objective.certainty, tally)
    is_met = _admits(objective, tally, value)
    return ("met" if is_met else "missed"), _in_doubt(objective, tally)


def _in_doubt(objective: Objective, tally: Tally) -> str:
    """Say that what is still open may turn a share that is decided, the other way."""
    if not tally.open or objective.statistic.name != "share" or objective.weight is not None:
        return ""
    judged = tally.judged + tally.open
    ends = {objective.bound.kept.is_met(met, judged) for met in (tally.met, tally.met + tally.open)}
    return f"{tally.open:,} open may change it" if len(ends) > 1 else ""


def undecided(
    objective: Objective, window: Window, tally: Tally, *, judged: int, needs_judged: bool = True
) -> tuple[Status, str] | None:
    """Return why a window decides nothing, whatever its figure; None where it may.

    Args:
        objective: Its samples.
        window: The window.
        tally: What was counted in it.
        judged: On how many the figure rests.
        needs_judged: Whether a figure that rests on none decides nothing.
    """
    if window.is_unfinished:
        return "provisional", "not over at as_of"
    if window.began_before_log:
        return "partial", "began before the log"
    unknown = tally.unknown
    if judged == 0 and unknown == 0 and needs_judged:
        return "no_data", "nothing is judged yet" if tally.open else "nothing was judged"
    if (judged or unknown) and Fraction(unknown, judged + unknown) > objective.unknown_share:
        return "insufficient", f"more than {objective.max_unknown} unknown"
    if judged < objective.min_sample and needs_judged:
        return "insufficient", f"{judged} judged, {objective.min_sample} needed"
    return None


def _surely(objective: Objective, certainty: DecideOn, tally: Tally) -> tuple[Status, str]:
    """Decide on an end of the interval."""
    ends = interval_of(objective, tally)
    if ends is None:
        return "insufficient", "one case has no interval" if tally.judged < 2 else "no interval is known"
    return surely(objective.bound, ends, certainty)


def surely(bound: Bound, ends: tuple[float, float], certainty: DecideOn) -> tuple[Status, str]:
    """Decide on an end of an interval: the worse one, or the better one, for who promised.

    Args:
        bound: What is promised.
        ends: The ends of one-sided intervals of the confidence that was asked for.
        certainty: Which end.
    """
    end = Fraction(ends[1] if bound.is_most is (certainty.side == "adverse") else ends[0])
    return (
        "met" if bound.admits(end) else "missed"
    ), f"{figure_text(end, bound)} at the {certainty.side} end"


def interval_of(objective: Objective, tally: Tally) -> tuple[float, float] | None:
    """Return the interval around a figure, in its unit; None where none is known.

    Where nothing else is said it is Wilson's two-sided one of 95 % around a share, for reading. Where it decides, each
    end is that of a one-sided interval of the confidence that was asked for.
    """
    certainty = objective.certainty
    if certainty is None:
        is_plain = objective.statistic.name == "share" and objective.weight is None
        return wilson(tally.count(objective.counts), tally.judged) if is_plain else None
    if objective.statistic.name == "mean":
        return _around_mean(tally, certainty.share)
    ends = wilson if certainty.interval == "wilson" else clopper_pearson
    per = objective.bound.per
    counted = tally.count(objective.counts)
    low = (
        ends(counted, tally.judged, confidence=certainty.share, side="lower")
        if counted <= tally.judged
        else None
    )
    high = (
        ends(counted, tally.judged, confidence=certainty.share, side="upper")
        if counted <= tally.judged
        else None
    )
    scale = 1 if per is None else per.base
    return None if low is None or high is None else (low.low * scale, high.high * scale)


def _around_mean(tally: Tally, confidence: Fraction) -> tuple[float, float] | None:
    """Return the ends of the one-sided t intervals around a mean.

    Formula: x̄ ± t(n − 1)·s/√n, with s² the sum of squared deviations over n − 1.

    Source:
        Student (1908), The probable error of a mean, Biometrika 6, 1-25.
    """
    number = len(tally.values)
    if number < 2:
        return None
    mean = Fraction(tally.total) / number
    squares = sum((Fraction(value) - mean) ** 2 for value in tally.values) / (number - 1)
    try:
        middle, spread = float(mean), sqrt(squares / number)
    except OverflowError:  # what one event carries may be greater than any float
        return None
    reach = student_quantile(float(confidence), number - 1) * spread
    return middle - reach, middle + reach


def _needs_judged(objective: Objective) -> bool:
    """Whether the figure rests on what is judged: all but counts of others, and of how many there are at least."""
    is_plain = objective.statistic.name == "count" and (objective.of not in ("breached", "met", "judged"))
    return not is_plain and (objective.statistic.name != "count" or objective.bound.is_most)


def _admits(objective: Objective, tally: Tally, value: Fraction | int) -> bool:
    bound: Bound = objective.bound
    if objective.statistic.name == "share":
        return bound.kept.is_met(tally.weight_met, tally.weight)
    return bound.admits(value)
