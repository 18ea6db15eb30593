"""Alerts on how fast a budget goes: `alerts: [{long: 1 hour, short: 5 minutes, budget: 2%}]`."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from pydantic import model_validator

from servstd.durations import parse_duration
from servstd.errors import Problem, StandardsError
from servstd.expressions.values import number_from
from servstd.models import Model
from servstd.standards.bound import read_percent

_DAYS = re.compile(r"([0-9]{1,3})\s+days?", re.IGNORECASE)
_DAY_US = 86_400_000_000
_MOST_FACTOR = 1_000_000_000_000
"""A share with nine decimals burns no faster than this."""


class BurnAlert(Model):
    """Say that a budget goes too fast: in a long stretch of time, and still in a short one.

    The long one shows that it matters, the short one that it goes on. Both end at `as_of`. The threshold is a burn
    rate: 1 uses the budget up exactly by the end of the window; `budget: 2%` in `long: 1 hour` is the rate at which
    that part of it goes in that time.

    Raises:
        StandardsError: SV610.

    Source:
        Beyer, B. et al. (2018), The Site Reliability Workbook, chapter 5, "multiwindow, multi-burn-rate alerts".

    Example:
        >>> float(BurnAlert(long="1 hour", short="5 minutes", budget="2%").threshold(30 * 86_400_000_000))
        14.4
    """

    long: str
    """The long stretch, up to `as_of`: a length of time, or days of 24 hours.

    Examples: `1 hour`, `3 days`
    """
    short: str
    """The short one.

    Examples: `5 minutes`
    """
    budget: str | None = None
    """The part of the window's budget that is used up in the long stretch at the rate that alerts.

    Examples: `2%`
    """
    factor: str | int | Decimal | float | None = None
    """Instead: the burn rate itself.

    Examples: `6`
    """

    @model_validator(mode="after")
    def _can_be_meant(self) -> BurnAlert:
        if (self.budget is None) == (self.factor is None):
            raise StandardsError(_no_alert("either `budget` or `factor` is the threshold.", ""))
        if self.short_us >= self.long_us:
            raise StandardsError(_no_alert("the short stretch is shorter than the long one.", "short"))
        if self.budget is not None and not 0 < read_percent(self.budget) <= 1:
            raise StandardsError(_no_alert("no budget is used by no events.", "budget"))
        if self.factor is not None and self._factor <= 0:
            raise StandardsError(_no_alert("a burn rate is more than 0.", "factor"))
        return self

    @property
    def long_us(self) -> int:
        """The long stretch in µs."""
        return _length(self.long, "long")

    @property
    def short_us(self) -> int:
        """The short stretch in µs."""
        return _length(self.short, "short")

    @property
    def _factor(self) -> Fraction:
        found = number_from(str(self.factor))
        if found is None or found > _MOST_FACTOR:
            raise StandardsError(_no_alert(f"`{self.factor!s:.20}` is no burn rate.", "factor"))
        return Fraction(found)

    def threshold(self, window_us: int | None) -> Fraction | None:
        """Return the burn rate that alerts; None where a part of a budget is meant and the window has no length.

        Args:
            window_us: How long the window of the objective is.
        """
        if self.budget is None:
            return self._factor
        return None if window_us is None else read_percent(self.budget) * window_us / self.long_us

    def words(self) -> str:
        """Return it in English."""
        at = f"{self.budget} of the budget" if self.budget is not None else f"burn rate {self.factor}"
        return f"{at} in {self.long} and still in {self.short}"


def _length(text: str, path: str) -> int:
    if found := _DAYS.fullmatch(text.strip()):
        us = int(found[1]) * _DAY_US
    else:
        try:
            us = parse_duration(text)
        except StandardsError as failure:
            raise StandardsError([one.at(path=path) for one in failure.problems]) from None
    if us <= 0:
        raise StandardsError(_no_alert("a stretch has a length.", path))
    return us


def _no_alert(why: str, path: str) -> Problem:
    return Problem(
        "SV610", f"this is no alert: {why}", help="`{long: 1 hour, short: 5 minutes, budget: 2%}`.", path=path
    )
