"""How sure an objective must be before it says met: `decide_on: {interval: wilson, side: adverse, confidence: 95%}`."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from servstd.errors import Problem, StandardsError
from servstd.models import Model
from servstd.standards.bound import read_percent


class DecideOn(Model):
    """Decide on an end of an interval around the figure instead of on the figure itself.

    A sample of 30 calls that reaches 80 % says little about the month. On the `adverse` side the objective is met when
    even the worse end meets the bound: the one who promises carries the doubt. On the `favourable` side it is missed
    only when even the better end misses it: a regulator who tests a few calls fines nobody by chance.

    The end is that of a one-sided interval: with 95 % the true figure lies beyond it once in twenty times.

    Raises:
        StandardsError: SV608.

    Example:
        >>> DecideOn(interval="wilson", side="adverse").words()
        'the adverse end of a 95% Wilson interval'
    """

    interval: Literal["wilson", "exact", "t"]
    """`wilson` or `exact` (Clopper and Pearson) for shares and rates; `t` (Student) for means.

    Examples: `wilson`
    """
    side: Literal["adverse", "favourable"]
    """Which end decides: the one that is worse, or better, for who promised.

    Examples: `adverse`
    """
    confidence: str = "95%"
    """How seldom the true figure lies beyond that end.

    Examples: `95%`, `90%`
    """

    @model_validator(mode="after")
    def _can_be_held(self) -> DecideOn:
        try:
            share = read_percent(self.confidence)
        except StandardsError as failure:
            raise StandardsError([problem.at(path="confidence") for problem in failure.problems]) from None
        if not Fraction(1, 2) <= share < 1:
            raise StandardsError(
                Problem(
                    "SV608",
                    f"a confidence of `{self.confidence}` is no more than chance, or certainty.",
                    help="write `confidence: 95%`, from 50% to below 100%.",
                    path="confidence",
                )
            )
        return self

    @property
    def share(self) -> Fraction:
        """The confidence, exact."""
        return read_percent(self.confidence)

    def words(self) -> str:
        """Return it in English."""
        name = {"wilson": "Wilson", "exact": "exact", "t": "t"}[self.interval]
        return f"the {self.side} end of a {self.confidence} {name} interval"
