"""Differences: whether after is better than before, or whether chance alone explains it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt
from typing import NamedTuple

from servstd.statistics.distributions import beta_share_below, normal_quantile, student_quantile
from servstd.statistics.inputs import Number, bad_confidence, bad_float, exact, refuse
from servstd.statistics.intervals import Bounds, wilson


class Difference(NamedTuple):
    """Be a difference, second minus first, with its interval.

    Example:
        >>> Difference(0.1, Bounds(0.02, 0.18)).is_clear
        True
    """

    value: float
    bounds: Bounds

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0: such a difference is more than chance would explain."""
        return not self.bounds.has(0)


def difference_of_shares(
    first: tuple[int, int], second: tuple[int, int], *, confidence: Number = 0.95
) -> Difference | None:
    """Return by how much the second share lies above the first, with Newcombe's hybrid score interval.

    Two intervals that overlap do not show that two shares are equal: the difference has an interval of its own,
    which this is. Built of the two Wilson intervals, it stays within −1 to 1 and holds for small samples.

    Formula: with d = p₂ − p₁ and Wilson's ends l, u of each: d − √((p₂−l₂)² + (u₁−p₁)²) to d + √((u₂−p₂)² + (p₁−l₁)²).

    Args:
        first: (met, judged) before.
        second: (met, judged) after.
        confidence: Between 0 and 1, neither included.

    Returns:
        The difference and its ends, or None where nothing was judged on one side.

    Raises:
        StatisticsError: SV670 no count, SV671 more met than judged, SV673 no confidence.

    Source:
        Newcombe, R. G. (1998), Interval estimation for the difference between independent proportions, Statistics in
        Medicine 17, 873-890, method 10.

    Example:
        >>> found = difference_of_shares((48, 80), (56, 70))
        >>> round(found.value, 4), [round(end, 4) for end in found.bounds]
        (0.2, [0.0524, 0.3339])
    """
    (met_1, judged_1), (met_2, judged_2) = first, second
    one = wilson(met_1, judged_1, confidence=confidence)
    two = wilson(met_2, judged_2, confidence=confidence)
    if one is None or two is None:
        return None
    p_1, p_2 = met_1 / judged_1, met_2 / judged_2
    value = float(Fraction(met_2, judged_2) - Fraction(met_1, judged_1))
    below = sqrt((p_2 - two.low) ** 2 + (one.high - p_1) ** 2)
    above = sqrt((two.high - p_2) ** 2 + (p_1 - one.low) ** 2)
    return Difference(value, Bounds(max(value - below, -1.0), min(value + above, 1.0)))


def difference_of_means(
    first: Sequence[Number], second: Sequence[Number], *, confidence: Number = 0.95
) -> Difference | None:
    """Return by how much the second mean lies above the first, with Welch's interval, variances unequal.

    Times have long tails: a mean follows its few longest cases, and with fewer than about thirty on a side the
    interval is rough. `difference_of_medians` does not mind tails.

    Formula: d ± t(f)·√(s₁²/n₁ + s₂²/n₂), with the degrees of freedom f after Welch and Satterthwaite.

    Args:
        first: Amounts before, in any unit.
        second: Amounts after, in the same unit.
        confidence: Between 0 and 1, neither included.

    Returns:
        The difference and its ends, or None where a side holds fewer than two.

    Raises:
        StatisticsError: SV672 no number, SV673 no confidence.

    Source:
        Welch, B. L. (1947), The generalization of Student's problem when several different population variances are
        involved, Biometrika 34, 28-35.

    Example:
        >>> found = difference_of_means([10, 12, 14], [15, 17, 19])
        >>> found.value, [round(end, 3) for end in found.bounds]
        (5.0, [0.466, 9.534])
    """
    one, two = _amounts("first", first), _amounts("second", second)
    refuse(bad_confidence(confidence))
    if len(one) < 2 or len(two) < 2:
        return None
    mean_1, error_1 = _mean_and_error(one)
    mean_2, error_2 = _mean_and_error(two)
    value, variance = float(mean_2 - mean_1), error_1 + error_2
    if variance == 0:
        return Difference(value, Bounds(value, value))
    freedom = variance**2 / (error_1**2 / (len(one) - 1) + error_2**2 / (len(two) - 1))
    reach = student_quantile((1 + float(confidence)) / 2, float(freedom)) * sqrt(variance)
    return Difference(value, Bounds(value - reach, value + reach))


def difference_of_medians(
    first: Sequence[Number], second: Sequence[Number], *, confidence: Number = 0.95
) -> Difference | None:
    """Return by how much the second median lies above the first; no shape of the amounts is assumed.

    The standard error of each median comes from two of its order statistics, about √n apart on either side.

    Formula: with a = round(n/2 − √n), at least 1: se = (y₍ₙ₋ₐ₊₁₎ − y₍ₐ₎) / 2z, where 1 − Φ(z) = P(Bin(n, ½) ≤ a − 1).

    Args:
        first: Amounts before, in any unit.
        second: Amounts after, in the same unit.
        confidence: Between 0 and 1, neither included.

    Returns:
        The difference and its ends, or None where a side holds fewer than two.

    Raises:
        StatisticsError: SV672 no number, SV673 no confidence.

    Source:
        Price, R. M. and Bonett, D. G. (2002), Distribution-free confidence intervals for difference and ratio of
        medians, Journal of Statistical Computation and Simulation 72, 119-124.

    Example:
        >>> found = difference_of_medians([1, 2, 3, 4, 5, 6, 7, 8, 9], [11, 12, 13, 14, 15, 16, 17, 18, 19])
        >>> found.value, found.is_clear
        (10.0, True)
    """
    one, two = _amounts("first", first), _amounts("second", second)
    refuse(bad_confidence(confidence))
    if len(one) < 2 or len(two) < 2:
        return None
    value = float(_median(two) - _median(one))
    reach = normal_quantile((1 + float(confidence)) / 2) * sqrt(_median_variance(one) + _median_variance(two))
    return Difference(value, Bounds(value - reach, value + reach))


# -- helpers -----------------------------------------------------------------------------------------------------------


def _amounts(name: str, values: Sequence[Number]) -> list[Fraction]:
    refuse(*(bad_float(f"{name}[{place}]", value) for place, value in enumerate(values)))
    return sorted(exact(value) for value in values)


def _mean_and_error(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Return the mean and the squared standard error, both exact."""
    count = len(values)
    mean = sum(values, Fraction(0)) / count
    squares = sum(((value - mean) ** 2 for value in values), Fraction(0))
    return mean, squares / (count - 1) / count


def _median(ordered: Sequence[Fraction]) -> Fraction:
    half, is_odd = divmod(len(ordered), 2)
    return ordered[half] if is_odd else (ordered[half - 1] + ordered[half]) / 2


def _median_variance(ordered: Sequence[Fraction]) -> float:
    count = len(ordered)
    place = max(round(count / 2 - sqrt(count)), 1)
    z = -normal_quantile(beta_share_below(0.5, count - place + 1, place))  # P(Bin(n, ½) ≤ place − 1)
    return (float(ordered[count - place] - ordered[place - 1]) / (2 * z)) ** 2
