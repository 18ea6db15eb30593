"""Expressions as frozen trees: literals, fields, spans beside an instant, linear arithmetic."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from servstd.durations import HOUR, MINUTE, SECOND, format_duration
from servstd.errors import Problem, StandardsError
from servstd.expressions import spans
from servstd.expressions.values import (
    ABSENT,
    EMPTY,
    Day,
    Duration,
    Environment,
    Facts,
    Number,
    instant_from,
    length_from,
    moment_from,
    number_from,
)
from servstd.intervals import Instant, datetime_utc

Scope: TypeAlias = Literal["", "event", "case"]


@dataclass(frozen=True, slots=True)
class Constant:
    """Stand for a value that the author wrote: text, number, boolean, instant or duration."""

    value: object

    @property
    def references(self) -> frozenset[Field]:
        """No fields."""
        return frozenset()

    @property
    def fields(self) -> frozenset[str]:
        """No fields."""
        return frozenset()

    def evaluate(self, facts: Facts, environment: Environment = EMPTY) -> object:  # noqa: ARG002 - one signature
        """Return the value itself."""
        return self.value

    def sentence(self) -> str:
        """Return the value in words."""
        return literal_words(self.value)


@dataclass(frozen=True, slots=True)
class Field:
    """Stand for `$name`: the event's field, else the case's; `$event.name` and `$case.name` force one.

    `time` without a scope is the event's own instant; `$event.kind` is its kind (`reply.sent`), unless it carries a
    field of that name.
    """

    name: str
    scope: Scope = ""

    @property
    def references(self) -> frozenset[Field]:
        """The field itself."""
        return frozenset({self})

    @property
    def fields(self) -> frozenset[str]:
        """The one name, without its scope; nothing for the event's own `time`."""
        return frozenset() if self.is_time else frozenset({self.name})

    @property
    def spelled(self) -> str:
        """Itself as it is written: `$x`, `$case.x`, `${any name}`."""
        whole = f"{self.scope}.{self.name}" if self.scope else self.name
        return f"${whole}" if re.fullmatch(r"\w+(?:\.\w+)*", whole) else f"${{{whole}}}"

    @property
    def is_kind(self) -> bool:
        """Whether this is the event's own kind, where it carries no field of that name."""
        return self.name == "kind" and self.scope == "event"

    @property
    def is_time(self) -> bool:
        """Whether this is the event's own instant."""
        return self.name == "time" and not self.scope

    def evaluate(self, facts: Facts, environment: Environment = EMPTY) -> object:  # noqa: ARG002 - one signature
        """Return the field's value, or `ABSENT`."""
        if self.is_time:
            return Instant(facts.time_us)
        value: object = ABSENT
        if self.scope != "case":
            value = facts.event(self.name)
        if self.is_kind and (value is ABSENT or value is None):
            value = facts.kind or ABSENT
        if self.scope != "event" and (value is ABSENT or value is None):
            value = facts.case(self.name)
        return ABSENT if value is None else value

    def sentence(self) -> str:
        """Return the field in words: `the customer's first name`, `the appointment time`."""
        if self.is_time:
            return "the time of the event"
        words = field_words(self.name)
        owner = f" of the {self.scope}" if self.scope else ""
        return f"the {words[:-3]} time{owner}" if words.endswith(" at") else f"the {words}{owner}"


@dataclass(frozen=True, slots=True)
class Span:
    """Stand for `SPAN before|after INSTANT`.

    A duration counts on the environment's calendar (`calendar hours`: on the wall clock) and gives an
    instant. A date limit gives the local day it names, so that `le` means *not later than that day*.
    """

    span: spans.SpanLimit
    direction: spans.Direction
    anchor: Field

    @property
    def references(self) -> frozenset[Field]:
        """The fields read, with their scope."""
        return frozenset({self.anchor, Field(self.span.field)} if self.span.field else {self.anchor})

    @property
    def fields(self) -> frozenset[str]:
        """The names read."""
        return names_of(self.references)

    def evaluate(self, facts: Facts, environment: Environment = EMPTY) -> object:
        """Return an `Instant` or a `Day`; `ABSENT` when the anchor is not an instant."""
        value = self.anchor.evaluate(facts, environment)
        if isinstance(value, str):
            moment = moment_from(value, environment.timezone)
            value = Instant(moment.start_us) if isinstance(moment, Day) else moment
        anchor = instant_from(value)
        if anchor is None:
            return ABSENT
        amount: int | None = None
        if self.span.field:
            amount = spans.amount_of(self.span, Field(self.span.field).evaluate(facts))
            if amount is None:
                return ABSENT
        return spans.shifted(anchor, self.span, self.direction, environment, amount=amount)

    def sentence(self) -> str:
        """Return the span in words."""
        return f"{self.span.sentence()} {self.direction} {self.anchor.sentence()}"


Operator: TypeAlias = Literal["+", "-", "*", "/"]
FUNCTIONS: Final[Mapping[str, str]] = {
    "ceil": "The least whole number that is not below the number: `ceil($staff / 3)`.",
    "floor": "The greatest whole number that is not above the number: `floor($hours)`.",
    "min": "The least of several numbers: `min($fee, 50)`.",
    "max": "The greatest of several numbers: `max(0.1 * $fee, 20)`.",
    "hours": "A length of time as a number of hours: `hours($elapsed)` is 1.5 for 90 minutes.",
    "minutes": "A length of time as a number of minutes.",
    "seconds": "A length of time as a number of seconds.",
}
"""Every function of the language, and what it gives."""
LENGTHS: Final[Mapping[str, int]] = {"hours": HOUR, "minutes": MINUTE, "seconds": SECOND}
"""The functions that take a length of time, each with its unit in µs."""
_ROUNDED: Final = {"ceil": "up", "floor": "down"}
_PRECEDENCE: Final = {"+": 1, "-": 1, "*": 2, "/": 2}


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Stand for `left operator right`, exactly: no float ever."""

    operator: Operator
    left: Expression
    right: Expression

    @property
    def references(self) -> frozenset[Field]:
        """The fields read, with their scope."""
        return self.left.references | self.right.references

    @property
    def fields(self) -> frozenset[str]:
        """The names read."""
        return names_of(self.references)

    def evaluate(self, facts: Facts, environment: Environment = EMPTY) -> object:
        """Return an int, else a Decimal, else a Fraction; `ABSENT` when a part is not a number."""
        left = exact(self.left.evaluate(facts, environment))
        right = exact(self.right.evaluate(facts, environment))
        if left is None or right is None:
            return ABSENT
        if self.operator == "+":
            return tidy(left + right)
        if self.operator == "-":
            return tidy(left - right)
        if self.operator == "*":
            return tidy(left * right)
        return tidy(left / right) if right else ABSENT

    def sentence(self) -> str:
        """Return the arithmetic in words and signs."""
        sign = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}[self.operator]
        left, right = (
            f"({side.sentence()})" if self._is_looser(side, is_right=side is self.right) else side.sentence()
            for side in (self.left, self.right)
        )
        return f"{left} {sign} {right}"

    def _is_looser(self, side: Expression, *, is_right: bool) -> bool:
        if not isinstance(side, Arithmetic):
            return False
        mine, theirs = _PRECEDENCE[self.operator], _PRECEDENCE[side.operator]
        return theirs < mine or (is_right and theirs == mine and self.operator in "-/")


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language over numbers, or over a length of time: `max(0.1 * $fee, 20)`, `hours($elapsed)`."""

    function: str
    arguments: tuple[Expression, ...]

    @property
    def references(self) -> frozenset[Field]:
        """The fields read, with their scope."""
        return frozenset().union(*(argument.references for argument in self.arguments))

    @property
    def fields(self) -> frozenset[str]:
        """The names read."""
        return names_of(self.references)

    def evaluate(self, facts: Facts, environment: Environment = EMPTY) -> object:
        """Return the number; `ABSENT` when an argument is not one, or no length of time where one is asked for."""
        if self.function in LENGTHS:
            us = length_from(self.arguments[0].evaluate(facts, environment))
            return ABSENT if us is None else tidy(Fraction(us, LENGTHS[self.function]))
        numbers = [exact(argument.evaluate(facts, environment)) for argument in self.arguments]
        present = [number for number in numbers if number is not None]
        if len(present) < len(numbers):
            return ABSENT
        if self.function == "ceil":
            return math.ceil(present[0])
        if self.function == "floor":
            return math.floor(present[0])
        return tidy(min(present) if self.function == "min" else max(present))

    def sentence(self) -> str:
        """Return the call in words."""
        inside = [argument.sentence() for argument in self.arguments]
        if self.function in LENGTHS:
            return f"{inside[0]} in {self.function}"
        if self.function in _ROUNDED:
            return f"{inside[0]} (rounded {_ROUNDED[self.function]})"
        return f"the {'least' if self.function == 'min' else 'greatest'} of {words_joined(inside, 'and')}"


Expression: TypeAlias = Constant | Field | Span | Arithmetic | Call


def names_of(references: frozenset[Field]) -> frozenset[str]:
    """Return the names of fields; the event's own `time` has none."""
    return frozenset(field.name for field in references if not field.is_time)


def exact(value: object) -> Fraction | None:
    """Return a value as a Fraction, reading text; None when it is not a number."""
    number = number_from(value)
    return None if number is None else Fraction(number)


def exact_number(value: object) -> int | Fraction | None:
    """Return a value as a whole number or a fraction; None when it is not a number.

    Sums of these are exact. A sum of decimals would be rounded to the decimal context of the host.

    Example:
        >>> exact_number("4.50"), exact_number(Decimal("3.0")), exact_number("soon")
        (Fraction(9, 2), 3, None)
    """
    number = exact(value)
    return number if number is None or number.denominator != 1 else number.numerator


def tidy(number: Fraction) -> Number:
    """Return the simplest exact type: int, else Decimal where it terminates, else Fraction.

    Example:
        >>> tidy(Fraction(6, 3)), tidy(Fraction(1, 4)), tidy(Fraction(1, 3))
        (2, Decimal('0.25'), Fraction(1, 3))
    """
    if number.denominator == 1:
        return number.numerator
    rest, places = number.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    while rest % 5 == 0:
        rest, places = rest // 5, places + 1
    while rest % 2 == 0:
        rest, places = rest // 2, places + 1
    if rest != 1:
        return number
    scaled = number.numerator * 10**places // number.denominator
    digits = tuple(int(digit) for digit in str(abs(scaled)))
    return Decimal((int(scaled < 0), digits, -places))


def walked(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and every part of it."""
    yield expression
    if isinstance(expression, Arithmetic):
        yield from walked(expression.left)
        yield from walked(expression.right)
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            yield from walked(argument)


def of_event(expression: Expression) -> Expression:
    """Return an expression whose names read the event alone, where they do not say whom they read.

    Example:
        >>> of_event(Field("amount")), of_event(Field("rate", "case"))
        (Field(name='amount', scope='event'), Field(name='rate', scope='case'))
    """
    if isinstance(expression, Field):
        return expression if expression.scope or expression.is_time else Field(expression.name, "event")
    if isinstance(expression, Arithmetic):
        return Arithmetic(expression.operator, of_event(expression.left), of_event(expression.right))
    if isinstance(expression, Call):
        return Call(expression.function, tuple(of_event(argument) for argument in expression.arguments))
    return expression


def refuse(code: str, message: str, help_: str = "") -> StandardsError:
    """Return the error of an expression that cannot be read."""
    return StandardsError(Problem(code, message, help_))


def field_words(name: str) -> str:
    """Return a field's name in words.

    Example:
        >>> field_words("customer.first_name")
        "customer's first name"
    """
    return "'s ".join(part.replace("_", " ") for part in name.split("."))


def literal_words(value: object) -> str:
    """Return a written value in words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Instant):
        return datetime_utc(value).isoformat(sep=" ").replace("+00:00", " UTC")
    if isinstance(value, Duration):
        return format_duration(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def words_joined(parts: list[str], word: str) -> str:
    """Return `a, b or c`.

    Example:
        >>> words_joined(["a", "b", "c"], "or")
        'a, b or c'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"
