"""Times that are not over yet: Kaplan and Meier's curve, its interval, its quantiles."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import exp, inf, log, log1p, prod, sqrt

from servstd.errors import Problem
from servstd.statistics.distributions import normal_quantile
from servstd.statistics.inputs import Number, bad_confidence, bad_numbers, bad_share, exact, refuse
from servstd.statistics.intervals import Bounds, clopper_pearson

Amount = int | Decimal | Fraction
"""A time in µs, a number of days or of rings; whatever it is, all of a curve are of one unit."""

_NEAR = 1e-9


@dataclass(frozen=True)
class Curve:
    """Hold the share that has ended by each amount, where some have not ended and are only known to take longer.

    Leaving out what is still open would make a slow service look fast: the open cases are the long ones. They count
    among those at risk up to the amount they have reached, and then leave.

    The counts are exact; the shares are floats, computed from exact counts as far as the last case that left early.

    Args:
        amounts: The distinct amounts at which something ended, rising.
        at_risk: How many had neither ended nor left before each of them.
        ended: How many ended at each.
        shares: The share that has ended by each.
        variances: Greenwood's sum at each; infinite where all have ended.
        cases: How many there are.
        censored: How many of them had not ended when they were last seen.

    Example:
        >>> curve = kaplan_meier([1, 2, 3], censored=[2])
        >>> curve.share_by(2), curve.quantile(Fraction(3, 4))
        (0.5, 3)
    """

    amounts: tuple[Amount, ...]
    at_risk: tuple[int, ...]
    ended: tuple[int, ...]
    shares: tuple[float, ...]
    variances: tuple[float, ...]
    cases: int
    censored: int

    def share_by(self, amount: Number) -> float:
        """Return the share that has ended by an amount, the amount itself included.

        Beyond the last end it stays what it was there, which is the least that it can be.
        """
        place = bisect_right(self.amounts, amount)
        return self.shares[place - 1] if place else 0.0

    def bounds_by(self, amount: Number, *, confidence: Number = 0.95) -> Bounds:
        """Return the interval of the share that has ended by an amount.

        Greenwood's variance on the scale of log(−log): it never leaves 0 to 1. Before the first end it is exact for
        those then at risk; once all have ended the low end stays that of the step before.

        Raises:
            StatisticsError: SV673 no confidence.

        Source:
            Kalbfleisch, J. D. and Prentice, R. L. (1980), The Statistical Analysis of Failure Time Data, 1.3;
            Greenwood, M. (1926), The natural duration of cancer.

        Example:
            >>> [round(end, 3) for end in kaplan_meier([1, 2, 3, 4]).bounds_by(2)]
            [0.155, 0.942]
        """
        refuse(bad_confidence(confidence))
        return self._bounds(bisect_right(self.amounts, amount) - 1, float(confidence))

    def quantile(self, share: Number) -> Amount | None:
        """Return the least amount by which a share has ended; None where so many have not.

        Raises:
            StatisticsError: SV673 no share.
        """
        refuse(bad_share("share", share))
        wanted = exact(share)
        for place in range(bisect_left(self.shares, float(share) - _NEAR), len(self.amounts)):
            if self._reaches(place, wanted):
                return self.amounts[place]
        return None

    def quantile_bounds(
        self, share: Number, *, confidence: Number = 0.95
    ) -> tuple[Amount | None, Amount | None]:
        """Return the ends between which the true quantile lies; None where the data does not say how far.

        They are the amounts at which the interval of the curve begins and ceases to hold the share.

        Raises:
            StatisticsError: SV673 no share or no confidence.

        Source:
            Brookmeyer, R. and Crowley, J. (1982), A confidence interval for the median survival time, Biometrics 38,
            29-41; on the scale of log(−log).

        Example:
            >>> kaplan_meier(range(1, 21)).quantile_bounds(0.5)
            (5, 15)
        """
        refuse(bad_share("share", share), bad_confidence(confidence))
        if share == 1:
            return self.quantile(1), None  # the greatest that will ever be has no upper end
        if share == 0:
            return None, None
        wanted, z = _log_hazard(exact(share)), normal_quantile((1 + float(confidence)) / 2)
        low: Amount | None = None
        for amount, (middle, scale) in zip(self.amounts, self._logs, strict=True):
            if low is None and middle + z * scale >= wanted:
                low = amount
            if middle - z * scale >= wanted:
                return low, amount
        return low, None

    @cached_property
    def _logs(self) -> tuple[tuple[float, float], ...]:
        """The curve and its standard error on the scale of log(−log), step by step; no bound where all have ended."""
        found = []
        for share, variance in zip(self.shares, self.variances, strict=True):
            if variance == inf:
                found.append((0.0, inf))
            else:
                hazard = -log(1 - share)
                found.append((log(hazard), sqrt(variance) / hazard))
        return tuple(found)

    def _bounds(self, place: int, confidence: float) -> Bounds:
        if place < 0:
            none = clopper_pearson(0, self.at_risk[0] if self.at_risk else self.cases, confidence=confidence)
            return none or Bounds(0.0, 1.0)
        if self.variances[place] == inf:
            every = clopper_pearson(self.ended[place], self.at_risk[place], confidence=confidence)
            before = self._bounds(place - 1, confidence).low if place else 0.0
            return Bounds(before if place else (every or Bounds(0.0, 1.0)).low, 1.0)
        middle, scale = self._logs[place]
        reach = normal_quantile((1 + confidence) / 2) * scale
        return Bounds(1 - exp(-exp(middle - reach)), 1 - exp(-exp(middle + reach)))

    def _reaches(self, place: int, share: Fraction) -> bool:
        """Return whether the share has ended; where floats would decide by their last digits, whole numbers do."""
        if abs(self.shares[place] - share) > _NEAR:
            return self.shares[place] > share
        steps = range(place + 1)
        rest = prod(self.at_risk[step] - self.ended[step] for step in steps)
        return rest * share.denominator <= (share.denominator - share.numerator) * prod(
            self.at_risk[step] for step in steps
        )


def _log_hazard(share: Fraction) -> float:
    """Return log(−log(1 − share)); floats forget a share, or the rest of one, of less than their last digit."""
    if share < _NEAR:
        return log(share.numerator) - log(share.denominator)
    if share < Fraction(1, 2):
        return log(-log1p(-float(share)))
    rest = 1 - share
    return log(log(rest.denominator) - log(rest.numerator))


def kaplan_meier(ended: Iterable[Amount], censored: Iterable[Amount] = ()) -> Curve:
    """Return the curve of what has ended, with what has not counted as long as it was seen.

    A case censored at an amount was at risk there: what ends at the same amount ends before it leaves. That the open
    cases are like the others is assumed: if people cancel because they wait, the curve is too kind.

    Formula: S(t) = Π over amounts up to t of (1 − ended ÷ at risk).

    Args:
        ended: The amounts of what has ended, in any order.
        censored: The amounts reached by what had not ended when last seen.

    Raises:
        StatisticsError: SV672 no number, SV675 nothing at all.

    Source:
        Kaplan, E. L. and Meier, P. (1958), Nonparametric estimation from incomplete observations, JASA 53, 457-481.

    Example:
        >>> kaplan_meier([3, 3, 5], censored=[4]).shares
        (0.5, 1.0)
    """
    ends, left = _counted("ended", ended), _counted("censored", censored)
    cases = ends.total() + left.total()
    if not cases:
        refuse(Problem("SV675", "there is no case, so there is no curve.", path="ended"))
    rows = list(_rows(ends, left, cases))
    return Curve(
        amounts=tuple(sorted(ends)),
        at_risk=tuple(at_risk for at_risk, _, _, _ in rows),
        ended=tuple(number for _, number, _, _ in rows),
        shares=tuple(share for _, _, share, _ in rows),
        variances=tuple(variance for _, _, _, variance in rows),
        cases=cases,
        censored=left.total(),
    )


def _rows(
    ends: Counter[Amount], left: Counter[Amount], cases: int
) -> Iterator[tuple[int, int, float, float]]:
    """Yield (at risk, ended, share, variance) by amount; as long as nobody leaves, shares are one division."""
    leaving = sorted(left)
    at_risk, start, before, variance, gone = cases, cases, 1.0, 0.0, 0
    for amount in sorted(ends):
        while gone < len(leaving) and leaving[gone] < amount:
            if at_risk < start:
                before *= at_risk / start
            at_risk -= left[leaving[gone]]
            start, gone = at_risk, gone + 1
        number = ends[amount]
        rest = at_risk - number
        variance += number / (at_risk * rest) if rest else inf
        share = 1.0 if not rest else (start - rest) / start if before == 1.0 else 1 - before * rest / start
        yield at_risk, number, share, variance
        at_risk = rest


def _counted(name: str, amounts: Iterable[Amount]) -> Counter[Amount]:
    taken = list(amounts)
    if not all(type(one) is int for one in taken):
        refuse(*bad_numbers(name, taken))
    return Counter(taken)
