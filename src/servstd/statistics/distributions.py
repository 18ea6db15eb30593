"""Quantiles that intervals need: normal, Student's t, beta; with the standard library alone."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

_STANDARD = NormalDist()
_TINY = 1e-300
_PRECISION = 1e-16
_MOST_TERMS = 10_000_000
_MOST_STEPS = 200


@lru_cache(maxsize=256)
def normal_quantile(probability: float) -> float:
    """Return the value below which a standard normal variable lies with a probability.

    Args:
        probability: Between 0 and 1, neither included.

    Source:
        Wichura, M. J. (1988), Algorithm AS 241, Applied Statistics 37, as in `statistics.NormalDist`.

    Example:
        >>> round(normal_quantile(0.975), 6)
        1.959964
    """
    return _STANDARD.inv_cdf(probability)


def normal_share_below(value: float) -> float:
    """Return the probability that a standard normal variable is at most a value.

    Example:
        >>> round(normal_share_below(1.96), 4)
        0.975
    """
    return _STANDARD.cdf(value)


def student_quantile(probability: float, freedom: float) -> float:
    """Return the quantile of Student's t; error below 1e-8 from 1 to 1e7 degrees of freedom.

    Args:
        probability: Between 0 and 1, neither included.
        freedom: Degrees of freedom, at least 1; need not be whole.

    Source:
        Abramowitz and Stegun (1964), 26.7.1 with 26.5.27: t² = f(1 − x)/x where x is a quantile of Beta(f/2, 1/2).

    Example:
        >>> round(student_quantile(0.975, 10), 6)
        2.228139
    """
    if probability == 0.5:
        return 0.0
    tail = min(probability, 1 - probability)
    if freedom < 10:
        part = beta_quantile(2 * tail, freedom / 2, 0.5)
        ratio = (1 - part) / part
    else:  # there the part comes near to 1, and its complement keeps the digits
        rest = beta_quantile(1 - 2 * tail, 0.5, freedom / 2)
        ratio = rest / (1 - rest)
    size = sqrt(freedom * ratio)
    return size if probability > 0.5 else -size


def beta_share_below(value: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function: the share of Beta(a, b) that lies below a value.

    Source:
        DiDonato, A. R. and Morris, A. H. (1992), Algorithm 708, ACM TOMS 18: the continued fraction of 26.5.8 in
        Abramowitz and Stegun (1964), evaluated by the method of Lentz, on the side where it converges fast.

    Example:
        >>> round(beta_share_below(0.5, 2, 2), 12)
        0.5
    """
    if value <= 0:
        return 0.0
    if value >= 1:
        return 1.0
    front = exp(_log_density(value, a, b) + log(value) + log1p(-value))
    if value < (a + 1) / (a + b + 2):
        return front * _continued_fraction(value, a, b) / a
    return 1 - front * _continued_fraction(1 - value, b, a) / b


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the value below which a share of Beta(a, b) lies; absolute error below 1e-9, usually 1e-14.

    Newton's steps, kept inside a bracket that halves whenever a step would leave it, so it always ends.

    Args:
        probability: From 0 to 1.
        a: More than 0.
        b: More than 0.

    Example:
        >>> round(beta_quantile(0.5, 2, 2), 12)
        0.5
    """
    if probability <= 0:
        return 0.0
    if probability >= 1:
        return 1.0
    low, high, at = 0.0, 1.0, a / (a + b)
    for _ in range(_MOST_STEPS):
        above = beta_share_below(at, a, b) - probability
        low, high = (low, at) if above > 0 else (at, high)
        slope = exp(min(_log_density(at, a, b), 700.0))
        step = at - above / slope if slope > 0 else -1.0
        then = step if low < step < high else (low + high) / 2
        if abs(then - at) <= _PRECISION * at or then in (0.0, 1.0):
            return then
        at = then
    return at


def _log_density(value: float, a: float, b: float) -> float:
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    return scale + (a - 1) * log(value) + (b - 1) * log1p(-value)


def _continued_fraction(value: float, a: float, b: float) -> float:
    """Return the continued fraction of the incomplete beta function, term by term until nothing changes."""
    below = 1 - (a + b) * value / (a + 1)
    d = 1 / (below if abs(below) > _TINY else _TINY)
    c, product = 1.0, d
    for term in range(1, _MOST_TERMS):
        twice = 2 * term
        even = term * (b - term) * value / ((a + twice - 1) * (a + twice))
        odd = -(a + term) * (a + b + term) * value / ((a + twice) * (a + twice + 1))
        change = 1.0
        for coefficient in (even, odd):
            below = 1 + coefficient * d
            d = 1 / (below if abs(below) > _TINY else _TINY)
            above = 1 + coefficient / c
            c = above if abs(above) > _TINY else _TINY
            change = c * d
            product *= change
        if abs(change - 1) < _PRECISION * 4:
            break
    return product
