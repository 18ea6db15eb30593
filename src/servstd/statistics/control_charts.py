"""Control charts: is this month a change, or the same process as before?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import copysign, inf, sqrt
from typing import Literal

from servstd.errors import Problem
from servstd.statistics.inputs import (
    Number,
    bad_count,
    bad_float,
    bad_number,
    bad_part,
    exact,
    refuse,
    too_few,
)
from servstd.statistics.special_causes import Deviations, Signal, signals

ChartKind = Literal["p", "u", "np", "c", "x", "mr", "laney_p", "laney_u"]
"""What a chart shows: shares, counts a unit, counts, single values, their moving range, and Laney's two."""

D2 = 1.128
"""The mean range of two values of a normal distribution, in σ: 2/√π as tables print it."""
D4 = 3.267
"""The upper limit of a moving range of two, in mean ranges, as tables print it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Hold a control chart as data: a value, two limits and a σ a point, the centre, and the signals found.

    Limits are three σ from the centre, cut where the figure cannot go (a share beyond 0 or 1): such a side never
    signals. They describe the process, not what was promised: a process can be in control and miss every objective.

    Args:
        kind: Which chart.
        values: The values in order; None where nothing was counted.
        centre: The centre line; exact.
        lower: The lower limit by point; None where there is no value.
        upper: The upper limit by point.
        sigma: The standard deviation by point, from which the limits and the zones come.
        spread: σ of the process ÷ σ that chance alone gives; 1 except in Laney's charts.
        signals: What the tests found.

    Example:
        >>> chart = p_chart([(3, 50), (5, 50), (4, 50), (19, 50)])
        >>> [(one.index, one.test) for one in chart.signals]
        [(3, 'beyond_limits')]
    """

    kind: ChartKind
    values: tuple[Fraction | None, ...]
    centre: Fraction
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    sigma: tuple[float | None, ...]
    spread: float
    signals: tuple[Signal, ...]

    @property
    def is_in_control(self) -> bool:
        """Whether no test found anything."""
        return not self.signals


# -- shares and counts -------------------------------------------------------------------------------------------------


def p_chart(
    counts: Iterable[tuple[int, int]], *, base: slice | None = None, tests: Iterable[str] | None = None
) -> Chart:
    """Return the chart of shares: how many of how many, by subgroup.

    Formula: p̄ = Σx ÷ Σn, limits p̄ ± 3√(p̄(1−p̄)/nᵢ). With thousands in a subgroup everything is out of control,
    because the share itself wanders: `laney_p_chart` is for that.

    Args:
        counts: (counted, of how many) by subgroup, in order of time.
        base: The subgroups that the centre and the limits come from; all when left out.
        tests: Names of tests for special causes; those of Western Electric when left out.

    Raises:
        StatisticsError: SV670 no count, SV671 more counted than there are, SV674 no such test, SV675 nothing counted.

    Source:
        Montgomery, D. C. (2013), Introduction to Statistical Quality Control, 7th ed., 7.2.

    Example:
        >>> chart = p_chart([(117 // 20, 100)] * 19 + [(117 - 95, 100)])
        >>> float(chart.centre), round(chart.upper[0], 4)
        (0.0585, 0.1289)
    """
    pairs = _shares(counts)
    centre = _pooled(pairs, base)
    noise = [_share_sigma(centre, size) for _, size in pairs]
    return _chart("p", _ratios(pairs), centre, noise, bounds=(0, 1), tests=tests)


def np_chart(
    counts: Sequence[int], size: int, *, base: slice | None = None, tests: Iterable[str] | None = None
) -> Chart:
    """Return the chart of counts in subgroups of one size: a p chart in cases.

    Args:
        counts: How many were counted, by subgroup.
        size: Of how many, in each.
        base: The subgroups that the centre and the limits come from.
        tests: Names of tests for special causes.

    Raises:
        StatisticsError: as `p_chart`.

    Source:
        Montgomery, D. C. (2013), Introduction to Statistical Quality Control, 7th ed., 7.2.1.

    Example:
        >>> np_chart([4, 6, 5], 50).centre
        Fraction(5, 1)
    """
    pairs = _shares((count, size) for count in counts)
    share = _pooled(pairs, base)
    noise = [size * (_share_sigma(share, size) or 0.0) for _ in pairs]
    values = [Fraction(count) for count in counts]
    return _chart("np", values, share * size, noise, bounds=(0, size), tests=tests)


def u_chart(
    counts: Iterable[tuple[int, Number]], *, base: slice | None = None, tests: Iterable[str] | None = None
) -> Chart:
    """Return the chart of counts a unit: complaints a thousand contacts, breaches a day.

    Formula: ū = Σc ÷ Σn, limits ū ± 3√(ū/nᵢ).

    Args:
        counts: (counted, units) by subgroup; units need not be whole.
        base: The subgroups that the centre and the limits come from; all when left out.
        tests: Names of tests for special causes; those of Western Electric when left out.

    Raises:
        StatisticsError: SV670 no count, SV672 no number of units, SV674 no such test, SV675 nothing counted.

    Source:
        Montgomery, D. C. (2013), Introduction to Statistical Quality Control, 7th ed., 7.3.

    Example:
        >>> chart = u_chart([(5, 50), (8, 100), (3, 40)])
        >>> round(float(chart.centre), 6), [round(limit, 4) for limit in chart.upper]
        (0.084211, [0.2073, 0.1713, 0.2219])
    """
    pairs = _counts(counts)
    centre = _pooled(pairs, base)
    noise = [_count_sigma(centre, units) for _, units in pairs]
    return _chart("u", _ratios(pairs), centre, noise, bounds=(0, inf), tests=tests)


def c_chart(counts: Iterable[int], *, base: slice | None = None, tests: Iterable[str] | None = None) -> Chart:
    """Return the chart of counts where every subgroup is the same amount of work: a u chart of one unit each.

    Args:
        counts: How many were counted, by subgroup.
        base: The subgroups that the centre and the limits come from.
        tests: Names of tests for special causes.

    Raises:
        StatisticsError: as `u_chart`.

    Source:
        Montgomery, D. C. (2013), Introduction to Statistical Quality Control, 7th ed., 7.3.1.

    Example:
        >>> c_chart([16, 14, 18]).upper[0]
        28.0
    """
    pairs = _counts((count, 1) for count in counts)
    centre = _pooled(pairs, base)
    noise = [_count_sigma(centre, units) for _, units in pairs]
    return _chart("c", _ratios(pairs), centre, noise, bounds=(0, inf), tests=tests)


def laney_p_chart(
    counts: Iterable[tuple[int, int]], *, base: slice | None = None, tests: Iterable[str] | None = None
) -> Chart:
    """Return Laney's p′ chart: shares of great subgroups, with limits that allow for the share's own wandering.

    Formula: zᵢ = (pᵢ − p̄)/σᵢ, spread = mean |zᵢ − zᵢ₋₁| ÷ 1.128, limits p̄ ± 3·σᵢ·spread. Where the spread is 1 it is
    a p chart; above, the p chart would cry wolf.

    Args:
        counts: (counted, of how many) by subgroup, in order of time.
        base: The subgroups that centre, spread and limits come from; all when left out.
        tests: Names of tests for special causes; those of Western Electric when left out.

    Raises:
        StatisticsError: as `p_chart`; SV675 also for fewer than two subgroups.

    Source:
        Laney, D. B. (2002), Improved control charts for attributes, Quality Engineering 14, 531-537.

    Example:
        >>> chart = laney_p_chart([(520, 10_000), (610, 10_000), (480, 10_000), (590, 10_000)])
        >>> chart.spread > 3, chart.is_in_control
        (True, True)
    """
    pairs = _shares(counts)
    centre = _pooled(pairs, base)
    noise = [_share_sigma(centre, size) for _, size in pairs]
    spread = _spread(_ratios(pairs), centre, noise, base)
    return _chart("laney_p", _ratios(pairs), centre, noise, bounds=(0, 1), tests=tests, spread=spread)


def laney_u_chart(
    counts: Iterable[tuple[int, Number]], *, base: slice | None = None, tests: Iterable[str] | None = None
) -> Chart:
    """Return Laney's u′ chart: counts a unit, with limits that allow for the rate's own wandering.

    Args:
        counts: (counted, units) by subgroup; units need not be whole.
        base: The subgroups that centre, spread and limits come from; all when left out.
        tests: Names of tests for special causes; those of Western Electric when left out.

    Raises:
        StatisticsError: as `u_chart`; SV675 also for fewer than two subgroups.

    Source:
        Laney, D. B. (2002), Improved control charts for attributes, Quality Engineering 14, 531-537.

    Example:
        >>> laney_u_chart([(520, 1000), (610, 1000), (480, 1000)]).kind
        'laney_u'
    """
    pairs = _counts(counts)
    centre = _pooled(pairs, base)
    noise = [_count_sigma(centre, units) for _, units in pairs]
    spread = _spread(_ratios(pairs), centre, noise, base)
    return _chart("laney_u", _ratios(pairs), centre, noise, bounds=(0, inf), tests=tests, spread=spread)


# -- single values -----------------------------------------------------------------------------------------------------


def xmr_charts(
    values: Iterable[Number | None], *, base: slice | None = None, tests: Iterable[str] | None = None
) -> tuple[Chart, Chart]:
    """Return the charts of single values and of their moving range: the one for any figure, a value a period.

    Formula: x̄ ± 3·mR̄/1.128 (Wheeler's 2.66), ranges up to 3.267·mR̄. The second is tested for its upper limit only.

    Args:
        values: One a period, in order; None where a period has none, which also takes the ranges beside it.
        base: The periods that the centres and the limits come from; all when left out.
        tests: Names of tests for special causes on the values; those of Western Electric when left out.

    Returns:
        The chart of the values and that of the moving ranges, whose first point is None.

    Raises:
        StatisticsError: SV672 no number, SV674 no such test, SV675 fewer than two values in a row.

    Source:
        Wheeler, D. J. (2000), Understanding Variation, 2nd ed.; constants of Montgomery (2013), appendix VI.

    Example:
        >>> x, mr = xmr_charts([10, 12, 11, 14, 13, 12, 15, 11])
        >>> float(x.centre), round(x.upper[0], 2), round(mr.upper[1], 2)
        (12.25, 17.95, 7.0)
    """
    taken = list(values)
    refuse(*(bad_float(f"values[{place}]", value) for place, value in enumerate(taken) if value is not None))
    read = [None if value is None else exact(value) for value in taken]
    based = [value for value in read[base or slice(None)] if value is not None]
    ranges = _moving_ranges(read)
    based_ranges = [value for value in _moving_ranges(read[base or slice(None)]) if value is not None]
    refuse(too_few("values in a row", len(based_ranges) + 1 if based_ranges else len(based), 2))
    refuse(too_few("moving ranges", len(based_ranges), 1))
    centre, mean_range = (
        sum(based, Fraction(0)) / len(based),
        sum(based_ranges, Fraction(0)) / len(based_ranges),
    )
    sigma = float(mean_range) / D2
    of_values = [None if value is None else sigma for value in read]
    of_ranges = [None if value is None else float(mean_range) * (D4 - 1) / 3 for value in ranges]
    x = _chart("x", read, centre, of_values, bounds=(-inf, inf), tests=tests)
    mr = _chart("mr", ranges, mean_range, of_ranges, bounds=(0, inf), tests=("beyond_limits",))
    return x, mr


def _moving_ranges(values: Sequence[Fraction | None]) -> list[Fraction | None]:
    found = [None if here is None or then is None else abs(then - here) for here, then in pairwise(values)]
    return [None, *found] if values else []


# -- helpers -----------------------------------------------------------------------------------------------------------

_Pairs = list[tuple[int, Fraction]]


def _shares(counts: Iterable[tuple[int, int]]) -> _Pairs:
    taken = list(counts)
    refuse(
        *(
            bad_part(f"counts[{place}].counted", count, f"counts[{place}].of", size)
            for place, (count, size) in enumerate(taken)
        )
    )
    return [(count, Fraction(size)) for count, size in taken]


def _counts(counts: Iterable[tuple[int, Number]]) -> _Pairs:
    taken = list(counts)
    refuse(
        *(bad_count(f"counts[{place}].counted", count) for place, (count, _) in enumerate(taken)),
        *(bad_number(f"counts[{place}].units", units, least=0) for place, (_, units) in enumerate(taken)),
    )
    refuse(
        *(_from_nothing(place, count) for place, (count, units) in enumerate(taken) if count and not units)
    )
    return [(count, exact(units)) for count, units in taken]


def _from_nothing(place: int, count: int) -> Problem:
    return Problem("SV671", f"{count} counted in 0 units.", path=f"counts[{place}].counted")


def _ratios(pairs: _Pairs) -> list[Fraction | None]:
    return [Fraction(count) / size if size else None for count, size in pairs]


def _pooled(pairs: _Pairs, base: slice | None) -> Fraction:
    """Return all counted ÷ all there is: subgroups weigh by their size."""
    used = pairs[base or slice(None)]
    whole = sum((size for _, size in used), Fraction(0))
    if not whole:
        refuse(
            Problem(
                "SV675", "nothing was counted, so there is no centre.", path="base" if pairs else "counts"
            )
        )
    return sum(count for count, _ in used) / whole


def _share_sigma(share: Fraction, size: Number) -> float | None:
    return sqrt(share * (1 - share) / exact(size)) if size else None


def _count_sigma(rate: Fraction, units: Fraction) -> float | None:
    return sqrt(rate / units) if units else None


def _spread(
    values: Sequence[Fraction | None], centre: Fraction, noise: Sequence[float | None], base: slice | None
) -> float:
    """Return Laney's σz: how far neighbours lie apart, in σ of chance, ÷ 1.128."""
    used = [one for one in _deviations(values, centre, noise)[base or slice(None)] if one is not None]
    refuse(too_few("subgroups", len(used), 2))
    ranges = [abs(then - here) for here, then in pairwise(used)]
    return sum(ranges) / len(ranges) / D2


def _chart(
    kind: ChartKind,
    values: Sequence[Fraction | None],
    centre: Fraction,
    noise: Sequence[float | None],
    *,
    bounds: tuple[float, float],
    tests: Iterable[str] | None,
    spread: float = 1.0,
) -> Chart:
    sigma = [None if one is None else one * spread for one in noise]
    least, most = bounds
    return Chart(
        kind=kind,
        values=tuple(values),
        centre=centre,
        lower=tuple(None if one is None else max(float(centre) - 3 * one, least) for one in sigma),
        upper=tuple(None if one is None else min(float(centre) + 3 * one, most) for one in sigma),
        sigma=tuple(sigma),
        spread=spread,
        signals=signals(_deviations(values, centre, sigma), tests=tests),
    )


def _deviations(
    values: Sequence[Fraction | None], centre: Fraction, sigma: Sequence[float | None]
) -> Deviations:
    return [_deviation(value, centre, one) for value, one in zip(values, sigma, strict=True)]


def _deviation(value: Fraction | None, centre: Fraction, sigma: float | None) -> float | None:
    """Return how many σ a value lies above the centre; where nothing may vary, any difference is beyond measure."""
    if value is None or sigma is None:
        return None
    difference = float(value - centre)
    if not sigma:
        return copysign(inf, difference) if difference else 0.0
    return difference / sigma
