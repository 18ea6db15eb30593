"""Planning: which limit could be promised for a share of cases, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal

from servstd.errors import Problem
from servstd.statistics.distributions import beta_share_below
from servstd.statistics.inputs import Number, bad_confidence, bad_count, bad_share, exact, refuse
from servstd.statistics.survival import Amount, Curve, kaplan_meier

Method = Literal["order_statistics", "kaplan_meier"]


@dataclass(frozen=True, slots=True)
class LimitEstimate:
    """Be the limit that a share of cases keeps, and the ends between which the true one lies.

    Args:
        share: The share to be met.
        limit: The least amount within which at least that share ends; None where so many have not ended.
        low: The low end of the interval; None where there are too few cases to say.
        high: The high end; the limit to promise if the share must hold. None where too few, or too many open.
        confidence: Of the interval.
        method: How it was computed.
        cases: How many cases it rests on.
        censored: How many of them had not ended.

    Example:
        >>> limit_for(Fraction(9, 10), range(1, 101)).limit
        90
    """

    share: Fraction
    limit: Amount | None
    low: Amount | None
    high: Amount | None
    confidence: Fraction
    method: Method
    cases: int
    censored: int


def limit_for(
    share: Number, ended: Iterable[Amount], censored: Iterable[Amount] = (), *, confidence: Number = 0.95
) -> LimitEstimate:
    """Return the limit that a share of cases would keep.

    It is the nearest rank: the least amount that was reached with at least that share at or below it, so that `95 %
    within x` is met on the very cases it comes from. Where all have ended the interval comes from the ranks; where
    some have not, from Kaplan and Meier's curve.

    Args:
        share: The share to be met, more than 0.
        ended: The amounts of what has ended.
        censored: The amounts reached by what has not.
        confidence: Of the interval.

    Raises:
        StatisticsError: SV672 no number, SV673 no share, SV675 nothing at all.

    Source:
        Hyndman, R. J. and Fan, Y. (1996), Sample quantiles in statistical packages, The American Statistician 50,
        definition 1; the interval as `rank_bounds` and `Curve.quantile_bounds`.

    Example:
        >>> found = limit_for(0.9, range(1, 101))
        >>> found.limit, found.low, found.high
        (90, 84, 96)
        >>> limit_for(0.9, [1, 2, 3], censored=[3, 4, 5]).limit is None
        True
    """
    refuse(_bad_share_to_meet(share), bad_confidence(confidence))
    done, waiting = list(ended), list(censored)
    if waiting or not all(type(one) is int for one in done) or not done:
        curve = kaplan_meier(done, waiting)  # refuses what is no number
        if waiting:
            return limit_on(curve, share, confidence=confidence)
    done.sort()
    first, last = rank_bounds(len(done), share, confidence=confidence)
    return LimitEstimate(
        share=exact(share),
        limit=done[ceil(len(done) * exact(share)) - 1],
        low=None if first is None else done[first - 1],
        high=None if last is None else done[last - 1],
        confidence=exact(confidence),
        method="order_statistics",
        cases=len(done),
        censored=0,
    )


def limit_on(curve: Curve, share: Number, *, confidence: Number = 0.95) -> LimitEstimate:
    """Return the limit that a share of cases would keep, from a curve that is there already.

    Args:
        curve: Kaplan and Meier's curve.
        share: The share to be met, more than 0.
        confidence: Of the interval.

    Raises:
        StatisticsError: SV673 no share.

    Source:
        As `limit_for`, where something is open.

    Example:
        >>> limit_on(kaplan_meier([1, 2, 3], [3, 4, 5]), 0.5).limit
        3
    """
    refuse(_bad_share_to_meet(share), bad_confidence(confidence))
    low, high = curve.quantile_bounds(share, confidence=confidence)
    return LimitEstimate(
        share=exact(share),
        limit=curve.quantile(share),
        low=low,
        high=high,
        confidence=exact(confidence),
        method="kaplan_meier",
        cases=curve.cases,
        censored=curve.censored,
    )


def rank_bounds(cases: int, share: Number, *, confidence: Number = 0.95) -> tuple[int | None, int | None]:
    """Return the ranks of the sorted amounts between which a quantile lies, whatever their distribution.

    With d = (1 − confidence)/2, the low rank is the greatest l with P(Bin(n, p) < l) ≤ d, the high one the least u with
    P(Bin(n, p) < u) ≥ 1 − d.
    A high quantile of few cases has no upper end: 95 % of 50 cases needs a longer one than any seen.

    Args:
        cases: How many there are, n.
        share: The quantile, p, more than 0.
        confidence: Between 0 and 1, neither included.

    Returns:
        The ranks, counted from 1; None where no case is far enough out.

    Raises:
        StatisticsError: SV670 no count, SV673 no share or no confidence.

    Source:
        Conover, W. J. (1999), Practical Nonparametric Statistics, 3rd ed., 3.2; Hahn, G. J. and Meeker, W. Q. (1991),
        Statistical Intervals, 5.2.

    Example:
        >>> rank_bounds(100, 0.9), rank_bounds(50, 0.95)
        ((84, 96), (44, None))
    """
    refuse(bad_count("cases", cases), _bad_share_to_meet(share), bad_confidence(confidence))
    if share == 1:
        return (cases or None), None  # the greatest of all that will ever be has no upper end
    tail, p = (1 - float(confidence)) / 2, float(share)
    low = _first_rank(cases, p, tail) - 1  # the last that is not above it
    high = _first_rank(cases, p, 1 - tail, reaching=True)
    return (low if low >= 1 else None), (high if high <= cases else None)


def _first_rank(cases: int, share: float, level: float, *, reaching: bool = False) -> int:
    """Return the least rank r with P(Bin < r) above a level, or reaching it; one more than there are if none does."""
    below, above = 0, cases + 1
    while above - below > 1:
        middle = (below + above) // 2
        found = _below(middle, cases, share)
        if found > level or (reaching and found == level):
            above = middle
        else:
            below = middle
    return above


def _below(rank: int, cases: int, share: float) -> float:
    """Return P(Bin(cases, share) < rank), for ranks from 1 to all."""
    return beta_share_below(1 - share, cases - rank + 1, rank)


def _bad_share_to_meet(share: object) -> Problem | None:
    wrong = bad_share("share", share)
    if wrong is None and share == 0:
        wrong = Problem("SV673", "`share` is 0: no limit is needed for that.", path="share")
    return wrong
