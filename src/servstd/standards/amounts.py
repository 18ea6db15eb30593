"""The bounds of a quantity: a number, a share of the window, an expression, a length of time in a unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from servstd.calendars import Calendar
from servstd.conditions import Environment
from servstd.durations import parse_duration
from servstd.errors import Problem, StandardsError
from servstd.expressions import Constant, Expression, is_arithmetic, parse_amount, parse_figure
from servstd.expressions.nodes import exact_number
from servstd.expressions.values import Duration, length_from
from servstd.plan.bound import Allowance, Limit, Missing, ShareOf, Windows
from servstd.standards.length_unit import one_of, unitless
from servstd.standards.terms import FindLimit, LimitCompiler

if TYPE_CHECKING:
    from servstd.conditions import Facts

PERCENT = re.compile(r"(?P<percent>[0-9]{1,3}(?:\.[0-9]{1,9})?)\s*%")


@dataclass(frozen=True, slots=True)
class AmountBound:
    """Bound a quantity by a number, a share of the window, or an expression.

    Args:
        text: What the author wrote.
        figure: The number or the expression; None of a share of the window.
        unit_us: The unit of time in which it counts, µs; None for a plain number.
    """

    text: str
    figure: Expression | None = None
    unit_us: int | None = None

    @property
    def is_time(self) -> bool:
        """Whether it is a length of time."""
        return self.unit_us is not None

    @classmethod
    def read(cls, text: str, *, is_time: bool | None) -> AmountBound:
        """Read a bound, whole.

        Args:
            text: `3`, `2 * $people`, `0.01%`, `0.9 * $planned minutes`.
            is_time: Whether it bounds a length of time, so that arithmetic needs a unit; None where its unit says so.

        Raises:
            StandardsError: SV120 arithmetic without its unit, SV122 a unit that is none, SV130 to SV132 and SV194 what
                cannot be read.
        """
        if PERCENT.fullmatch(text):
            return cls(text)
        if (number := exact_number(text)) is not None:
            return cls(text, Constant(number))
        if not is_arithmetic(text) and is_time is not False and (us := _length(text)) is not None:
            return cls(text, Constant(us), 1)
        if is_time is False:
            return cls(text, parse_figure(text))
        figure, unit = parse_amount(text)
        if not unit and not is_time:
            return cls(text, figure)
        if not unit:
            raise StandardsError(unitless(text))
        one_of(unit, text)
        return cls(text, figure, parse_duration(f"1 {unit}"))

    @property
    def fields(self) -> frozenset[str]:
        """The fields of the case that it reads."""
        return self.figure.fields if self.figure is not None else frozenset()

    def sentence(self) -> str:
        """Return it in words."""
        return self.text


@dataclass(slots=True)
class AmountCompiler(LimitCompiler):
    """Compile the bounds of a quantity as well: numbers, shares of a window, expressions."""

    environment: Environment | None = None
    windows: Windows | None = None
    is_time: bool = False

    def compile(self, node: Any) -> FindLimit:
        """Return the function that finds the bound."""
        if not isinstance(node, AmountBound):
            return LimitCompiler.compile(self, node)
        return self._share(node.text) if node.figure is None else self._amount(node.figure, node.unit_us)

    def _share(self, text: str) -> FindLimit:
        found = PERCENT.fullmatch(text)
        if found is None or self.windows is None or not self.is_time:
            raise StandardsError(
                Problem(
                    "SV118",
                    f"`{text}` is a share of a window, and there is none.",
                    help="write `per: month`.",
                )
            )
        share, windows = Fraction(Decimal(found["percent"])) / 100, self.windows
        return lambda _facts, calendar: ShareOf(share, windows, calendar, exclusive=self.exclusive)

    def _amount(self, figure: Expression, unit_us: int | None) -> FindLimit:
        def find(facts: Facts, calendar: Calendar) -> Limit:  # noqa: ARG001 - one signature
            value = figure.evaluate(facts, cast("Environment", self.environment))
            held = figure_of(value) if unit_us is None else length_from(value, unit_us)
            if held is None:
                return Missing(figure.sentence())
            return Allowance(cast("int", held), exclusive=self.exclusive)

        return find


def reader_of_amounts(bounds: Sequence[AmountBound]) -> Callable[[object], int | Fraction | None]:
    """Return how the amounts of a sum are read: lengths where a length bounds them, numbers where a number does.

    A bare number is no length, and a length no number: such an amount is missing.

    Args:
        bounds: What bounds the sum; where a field does, whose value nobody knows yet, either is read.
    """
    if any(bound.is_time for bound in bounds):
        return length_from
    are_written = bounds and all(isinstance(bound.figure, Constant) for bound in bounds)
    return exact_number if are_written else figure_of


def figure_of(value: object) -> int | Fraction | None:
    """Return a number that adds up exactly, or a duration as its microseconds; None when it is neither."""
    return int(value) if isinstance(value, Duration) else exact_number(value)


def _length(text: str) -> int | None:
    """Return a length of time in µs; None when the text is none."""
    try:
        return parse_duration(text)
    except StandardsError:
        return None
