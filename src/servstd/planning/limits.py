"""Answers of a curve: a share within a limit, a limit for a share; with the interval of each, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from servstd.durations import parse_duration
from servstd.errors import Problem, StatisticsError
from servstd.intervals import timedelta_us
from servstd.results.wording import amount_text, counted
from servstd.rollups.figures import share_text
from servstd.standards.bound import read_percent
from servstd.statistics.inputs import Number
from servstd.statistics.intervals import Bounds
from servstd.statistics.planning import LimitEstimate
from servstd.statistics.survival import Amount

Share = str | Number
"""`95%`, or a number between 0 and 1."""
LimitSpec = str | timedelta | int | Decimal
"""`60 minutes` or a timedelta where time is measured; else a number of days, rings or items."""


@dataclass(frozen=True, slots=True)
class PlannedLimit:
    """Say which limit a share of cases keeps: `print(limit)`, or `.limit`, `.low` and `.high`.

    Args:
        estimate: The figures.
        unit: Their unit: `time` (µs), `dates`, `count`, `items`, `level` or `amount`.
    """

    estimate: LimitEstimate
    unit: str

    @property
    def limit(self) -> Amount | None:
        """The least limit that the share keeps; None where so many have not ended."""
        return self.estimate.limit

    @property
    def low(self) -> Amount | None:
        """The low end of its interval; None where there are too few cases to say."""
        return self.estimate.low

    @property
    def high(self) -> Amount | None:
        """The high end: what to promise if the share must hold; None where nobody can say."""
        return self.estimate.high

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON writes it."""
        one = self.estimate
        return {
            "share": float(one.share),
            "limit": _plain(one.limit),
            "low": _plain(one.low),
            "high": _plain(one.high),
            "unit": self.unit,
            "confidence": float(one.confidence),
            "method": one.method,
            "cases": one.cases,
            "open": one.censored,
        }

    def __repr__(self) -> str:
        return f"<PlannedLimit: {self}>"

    def __str__(self) -> str:
        one = self.estimate
        share, confidence = exact_percent(one.share), exact_percent(one.confidence)
        basis = f"{counted(one.cases, 'verdict')}, {one.censored:,} of them open"
        if one.limit is None:
            return f"{share} within no limit seen so far: too many are open ({basis})"
        low = "?" if one.low is None else amount_text(_amount(one.low), self.unit)
        high = "?" if one.high is None else amount_text(_amount(one.high), self.unit)
        limit = amount_text(_amount(one.limit), self.unit)
        return f"{share} within {limit} ({confidence} interval: {low} to {high}; {basis})"


@dataclass(frozen=True, slots=True)
class ShareWithin:
    """Say which share of cases a limit keeps.

    Args:
        limit: The limit.
        share: The share that ends within it, open cases counted as long as they were seen.
        bounds: The interval of the share.
        confidence: Of the interval.
        unit: The unit of the limit.
    """

    limit: Amount
    share: float
    bounds: Bounds
    confidence: Fraction
    unit: str

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON writes it."""
        return {
            "limit": _plain(self.limit),
            "share": self.share,
            "low": self.bounds.low,
            "high": self.bounds.high,
            "unit": self.unit,
            "confidence": float(self.confidence),
        }

    def __repr__(self) -> str:
        return f"<ShareWithin: {self}>"

    def __str__(self) -> str:
        ends = f"{percent(self.bounds.low)} to {percent(self.bounds.high)}"
        limit = amount_text(_amount(self.limit), self.unit)
        return f"{percent(self.share)} within {limit} ({exact_percent(self.confidence)} interval: {ends})"


def read_share(share: Share) -> Number:
    """Return a share as a number: `95%` by its words, numbers as they are.

    Raises:
        StandardsError: SV153, text that is no percentage.
    """
    return read_percent(share) if isinstance(share, str) else share


def read_limit(limit: LimitSpec, unit: str) -> Amount:
    """Return a limit as a number in a unit.

    Raises:
        StandardsError: SV120 to SV122, text that is no duration.
        StatisticsError: SV682, a number where time is measured, or time where something else is.
    """
    if unit == "time" and isinstance(limit, timedelta):
        return timedelta_us(limit)
    if unit == "time" and isinstance(limit, str):
        return parse_duration(limit)
    if unit != "time" and isinstance(limit, int | Decimal):
        return limit
    wanted = "`60 minutes` or a timedelta" if unit == "time" else f"a number of {unit}"
    raise StatisticsError(
        Problem("SV682", f"`{limit!s:.40}` is no limit here: {wanted} is expected.", path="limit")
    )


def percent(share: float) -> str:
    """Return a share for readers, with one decimal.

    Example:
        >>> percent(0.9461)
        '94.6%'
    """
    return f"{share * 100:.1f}%"


def exact_percent(share: Fraction) -> str:
    """Return an exact share for readers.

    Example:
        >>> exact_percent(Fraction(975, 1000))
        '97.5%'
    """
    return share_text(share.numerator, share.denominator)


def _amount(amount: Amount) -> int | Decimal:
    return (
        amount
        if isinstance(amount, int | Decimal)
        else Decimal(amount.numerator) / Decimal(amount.denominator)
    )


def _plain(amount: Amount | None) -> object:
    return amount if amount is None or isinstance(amount, int) else str(amount)
