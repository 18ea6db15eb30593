"""Intervals: how far a share, a difference or a middle may lie from the true one; how many cases to look at."""

from __future__ import annotations

from math import ceil, exp, expm1, log, sqrt
from typing import Literal, NamedTuple, get_args

from servstd.statistics.distributions import (
    beta_quantile,
    normal_quantile,
)
from servstd.statistics.inputs import (
    Number,
    bad_choice,
    bad_confidence,
    bad_count,
    bad_number,
    bad_part,
    bad_share,
    exact,
    refuse,
)

Side = Literal["both", "lower", "upper"]
"""`both` ends; or one end only: `lower` says `at least this`, `upper` says `at most this`."""
SIDES: tuple[str, ...] = get_args(Side)


class Bounds(NamedTuple):
    """Be the two ends of an interval.

    Example:
        >>> Bounds(0.25, 0.75).width
        0.5
    """

    low: float
    high: float

    @property
    def width(self) -> float:
        """How far apart the ends are."""
        return self.high - self.low

    def has(self, value: Number) -> bool:
        """Return whether a value lies inside; the ends do."""
        return self.low <= value <= self.high


# -- a share -----------------------------------------------------------------------------------------------------------


def wilson(met: int, judged: int, *, confidence: Number = 0.95, side: Side = "both") -> Bounds | None:
    """Return Wilson's score interval for a share.

    It never leaves 0 to 1, and says something even where all or none are met: 38 of 38 is not certainty. Its
    coverage is right on average over shares, not for each; where the promise must hold for each, see
    `clopper_pearson`. A one-sided end spends the whole doubt on one side, so it lies further in.

    Formula: with p = met/n, (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n).

    Args:
        met: How many were met.
        judged: Of how many, n.
        confidence: Between 0 and 1, neither included.
        side: `both`; `lower` for [low, 1]; `upper` for [0, high].

    Returns:
        Its ends, or None when nothing was judged.

    Raises:
        StatisticsError: SV670 no count, SV671 more met than judged, SV673 no confidence, SV674 unknown side.

    Source:
        Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212.

    Example:
        >>> [round(end, 7) for end in wilson(3, 10)]
        [0.1077913, 0.6032219]
        >>> [round(end, 7) for end in wilson(3, 10, side="upper")]
        [0.0, 0.5583002]
    """
    _check_share(met, judged, confidence, side)
    if judged == 0:
        return None
    z = _deviate(confidence, side)
    share, square = met / judged, z * z
    middle = share + square / (2 * judged)
    spread = z * sqrt(share * (1 - share) / judged + square / (4 * judged * judged))
    low, high = (middle - spread) / (1 + square / judged), (middle + spread) / (1 + square / judged)
    return _clipped(low, high, met, judged, side)


def wilson_corrected(
    met: int, judged: int, *, confidence: Number = 0.95, side: Side = "both"
) -> Bounds | None:
    """Return Wilson's interval with a correction for continuity: wider, and close to the exact one.

    Args:
        met: How many were met.
        judged: Of how many.
        confidence: Between 0 and 1, neither included.
        side: `both`, `lower` or `upper`.

    Returns:
        Its ends, or None when nothing was judged.

    Raises:
        StatisticsError: as `wilson`.

    Source:
        Newcombe, R. G. (1998), Two-sided confidence intervals for the single proportion, Statistics in Medicine 17,
        857-872, method 4.

    Example:
        >>> [round(end, 7) for end in wilson_corrected(3, 10)]
        [0.0809478, 0.6463293]
    """
    _check_share(met, judged, confidence, side)
    if judged == 0:
        return None
    z = _deviate(confidence, side)
    missed, square = judged - met, z * z
    below = square - 2 - 1 / judged + 4 * met * (missed + 1) / judged
    above = square + 2 - 1 / judged + 4 * met * (missed - 1) / judged
    whole = 2 * (judged + square)
    low = (2 * met + square - 1 - z * sqrt(max(below, 0.0))) / whole
    high = (2 * met + square + 1 + z * sqrt(max(above, 0.0))) / whole
    return _clipped(low, high, met, judged, side)


def clopper_pearson(
    met: int, judged: int, *, confidence: Number = 0.95, side: Side = "both"
) -> Bounds | None:
    """Return the exact interval for a share: it holds at least as often as it says, whatever the true share.

    The ends are quantiles of Beta(met, n − met + 1) and Beta(met + 1, n − met), which this library computes itself;
    the error is below 1e-9 up to a million million cases.

    Args:
        met: How many were met.
        judged: Of how many, n.
        confidence: Between 0 and 1, neither included.
        side: `both`; `lower` for [low, 1]; `upper` for [0, high].

    Returns:
        Its ends, or None when nothing was judged.

    Raises:
        StatisticsError: as `wilson`.

    Source:
        Clopper, C. J. and Pearson, E. S. (1934), The use of confidence or fiducial limits illustrated in the case of
        the binomial, Biometrika 26, 404-413.

    Example:
        >>> [round(end, 7) for end in clopper_pearson(0, 10)]
        [0.0, 0.3084971]
    """
    _check_share(met, judged, confidence, side)
    if judged == 0:
        return None
    tail = (1 - float(confidence)) / (2 if side == "both" else 1)
    missed = judged - met
    # A product of equal chances has a closed form, which is exact where everything or nothing is met.
    alone = exp(log(tail) / judged), -expm1(log(tail) / judged)
    low = alone[0] if missed == 0 else beta_quantile(tail, met, missed + 1) if met else 0.0
    high = alone[1] if met == 0 else beta_quantile(1 - tail, met + 1, missed) if missed else 1.0
    return _clipped(low, high, met, judged, side)


def margin_of_error(
    sample: int, *, share: Number = 0.5, confidence: Number = 0.95, population: int | None = None
) -> float | None:
    """Return the half width of the plain interval around a share that is to be sampled.

    It is for planning and for reading surveys, where a share near one half is meant; near 0 or 1, or of few
    answers, it is wrong, and `wilson` is right. Where the sample is a good part of a small population, give it.

    Formula: z·√(p(1−p)/n · (N−n)/(N−1)).

    Args:
        sample: How many are asked, n.
        share: The share expected, p; one half is the worst case.
        confidence: Between 0 and 1, neither included.
        population: Of how many in all, N; None where that is much more.

    Returns:
        The half width as a share, or None when nobody is asked.

    Raises:
        StatisticsError: SV670 no count, SV671 more asked than there are, SV673 no share.

    Source:
        Cochran, W. G. (1977), Sampling Techniques, 3rd ed., 3.2 and 3.6.

    Example:
        >>> round(margin_of_error(1080), 4)
        0.0298
        >>> margin_of_error(50, population=50)
        0.0
    """
    refuse(
        bad_count("sample", sample)
        if population is None
        else bad_part("sample", sample, "population", population),
        bad_share("share", share),
        bad_confidence(confidence),
    )
    if sample == 0:
        return None
    variance = float(exact(share) * (1 - exact(share)) / sample)
    if population is not None:
        variance *= (population - sample) / (population - 1) if population > 1 else 0.0
    return _deviate(confidence, "both") * sqrt(variance)


def sample_size(
    margin: Number, *, share: Number = 0.5, confidence: Number = 0.95, population: int | None = None
) -> int:
    """Return how many cases to sample, so that a share is known to within a margin.

    Formula: n₀ = z²p(1−p)/e², and in a population of N: n₀ / (1 + (n₀ − 1)/N), rounded up.

    Args:
        margin: The half width that is good enough, e, as a share: 0.05 for five points.
        share: The share expected, p; one half is the worst case.
        confidence: Between 0 and 1, neither included.
        population: Of how many in all, N; None where that is much more.

    Returns:
        The least number, never more than the population.

    Raises:
        StatisticsError: SV670 no count, SV672 a margin of 0 or less, SV673 no share.

    Source:
        Cochran, W. G. (1977), Sampling Techniques, 3rd ed., 4.4: sample size with finite population correction.

    Example:
        >>> sample_size(0.05), sample_size(0.05, population=1000)
        (385, 278)
    """
    refuse(
        bad_number("margin", margin, above=0),
        bad_share("share", share),
        bad_confidence(confidence),
        None if population is None else bad_count("population", population),
    )
    z = _deviate(confidence, "both")
    needed = exact(z * z) * exact(share) * (1 - exact(share)) / exact(margin) ** 2
    if population is None:
        return ceil(needed)
    if population == 0:
        return 0
    return min(ceil(needed / (1 + (needed - 1) / population)), population) if needed else 0


# -- helpers -----------------------------------------------------------------------------------------------------------


def _check_share(met: int, judged: int, confidence: Number, side: str) -> None:
    """Refuse bad input; the usual case is told apart first, since a report asks for thousands."""
    if (
        type(met) is int
        and type(judged) is int
        and 0 <= met <= judged
        and confidence == 0.95
        and side in SIDES
    ):
        return
    refuse(
        bad_part("met", met, "judged", judged), bad_confidence(confidence), bad_choice("side", side, SIDES)
    )


def _deviate(confidence: Number, side: Side) -> float:
    return normal_quantile((1 + float(confidence)) / 2 if side == "both" else float(confidence))


def _clipped(low: float, high: float, met: int, judged: int, side: Side) -> Bounds:
    """Return the ends as far as the side asks for them; what is certain is so to the last digit."""
    if side == "upper" or met == 0:
        low = 0.0
    if side == "lower" or met == judged:
        high = 1.0
    return Bounds(max(low, 0.0), min(high, 1.0))
