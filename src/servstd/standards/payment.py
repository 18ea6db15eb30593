"""What a consequence is worth: `95 GBP`, `25% of $fare GBP`, `$fee GBP`, `7 days of rent`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from servstd.errors import Problem, StandardsError
from servstd.expressions import Constant, Expression, parse_expression
from servstd.expressions.values import number_from

if TYPE_CHECKING:
    from servstd.conditions import Facts

_NAME = r"\$(?:[^\W\d]\w*(?:\.\w+)*|\{[^{}$]{1,100}\})"
_WRITTEN = re.compile(
    rf"(?:(?P<part>share\s+of\s+)(?P<whole>{_NAME})"
    rf"|(?P<percent>[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?)\s?%\s+of\s+(?P<base>{_NAME})"
    rf"|(?P<field>{_NAME})"
    r"|(?P<number>[0-9]{1,15}(?:\.[0-9]{1,9})?))"
    r"(?:\s*(?P<unit>[^\W\d_%$][^$0-9]{0,60}|%[^$0-9]{1,60}))?"
)
_MOST_CHARACTERS = 300
_RECKONED = re.compile(r"(?P<figure>[^$]*?\$.*?[)\w}])\s+(?P<unit>[^\W\d_][^\W\d]*(?:\s[^\W\d]+){0,8})")
"""Arithmetic in the fields of the case, and a unit of plain words: `max(0.125 * $fee, 20) GBP`."""


@dataclass(frozen=True, slots=True)
class Payment:
    """Hold a payment as written: so much of a unit, or a share of what the case carries.

    Args:
        text: What the author wrote.
        share: What the figure is multiplied by; 1 but for percentages.
        figure: A number, the field that holds it, or arithmetic in such fields.
        unit: A currency, or any other words: `GBP`, `days of rent`; empty where none is written.
        is_pro_rata: Whether it is multiplied by the share of its time that was used as well.
    """

    text: str
    share: Fraction
    figure: Expression
    unit: str
    is_pro_rata: bool = False

    @property
    def fields(self) -> frozenset[str]:
        """The fields that it reads."""
        return self.figure.fields

    def worth(self, facts: Facts) -> Fraction | None:
        """Return the payment in its unit, exactly; None where the case does not carry the figure.

        Args:
            facts: What the case carried at last.
        """
        held = number_from(self.figure.evaluate(facts))
        return None if held is None else self.share * Fraction(held)

    def __str__(self) -> str:
        return self.text


def parse_payment(text: object) -> Payment:
    """Read a payment.

    A number needs its unit, for 20 pounds and 20 euros differ; a share needs what it is a share of. `share of $fee
    USD` is pro rata: as much of the fee as of the month was without service.

    Args:
        text: `95 GBP`, `10.34 GBP`, `25% of $fare GBP`, `share of $fee GBP`, `$fee GBP`, `7 days of rent`,
            `10 % credit`; arithmetic, for a least or a most of a share: `max(0.25 * $fare, 20) GBP`.

    Raises:
        StandardsError: SV700 it cannot be read, SV701 it names no unit.

    Example:
        >>> parse_payment("25% of $fare GBP").unit, str(parse_payment("95 GBP").figure.value)
        ('GBP', '95')
    """
    if isinstance(text, Payment):
        return text
    found = _WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None and isinstance(text, str) and (reckoned := _reckoned(text.strip())):
        return reckoned
    if found is None:
        raise StandardsError(
            Problem(
                "SV700",
                f"`{str(text)[:60]}` is no payment.",
                help="write `95 GBP`, `25% of $fare GBP`, `$fee GBP`, `max(0.25 * $fare, 20) GBP`, or `label:` for "
                "what is not counted.",
            )
        )
    unit = (found["unit"] or "").strip()
    if not unit:
        raise StandardsError(
            Problem("SV701", f"`{text}` names no unit.", help=f"write `{str(text).strip()} GBP`.")
        )
    if found["number"]:
        return Payment(found.string, Fraction(1), Constant(Decimal(found["number"])), unit)
    share = Fraction(Decimal(found["percent"])) / 100 if found["percent"] else Fraction(1)
    figure = parse_expression(found["whole"] or found["base"] or found["field"])
    return Payment(found.string, share, figure, unit, is_pro_rata=bool(found["part"]))


def _reckoned(text: str) -> Payment | None:
    """Return a payment whose figure is arithmetic; None where the text has no figure and unit."""
    found = _RECKONED.fullmatch(text) if len(text) <= _MOST_CHARACTERS else None
    if found is None:
        return None
    return Payment(text, Fraction(1), parse_expression(found["figure"]), found["unit"])


def rounded(worth: Fraction) -> Decimal:
    """Return a payment to two decimals, halves up, as money is paid; exact, however great it is.

    Example:
        >>> rounded(Fraction(1, 3)), rounded(Fraction(5, 1000)), rounded(Fraction(95))
        (Decimal('0.33'), Decimal('0.01'), Decimal('95.00'))
    """
    return _of_hundredths((worth.numerator * 200 + worth.denominator) // (2 * worth.denominator))


def added(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum of rounded payments, exactly: a decimal context would keep 28 digits.

    Example:
        >>> added([Decimal("0.10"), Decimal("0.20")]), added([])
        (Decimal('0.30'), Decimal('0.00'))
    """
    return _of_hundredths(int(sum((Fraction(one) for one in amounts), Fraction(0)) * 100))


def _of_hundredths(number: int) -> Decimal:
    sign, digits, _ = Decimal(number).as_tuple()
    return Decimal((sign, digits, -2))


def _spelling(payment: Payment) -> str:
    return payment.text


PaymentField: TypeAlias = Annotated[
    str,
    PlainValidator(parse_payment),
    PlainSerializer(_spelling),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A payment with its unit: `95 GBP`, `25% of $fare GBP`, `max(0.25 * $fare, 20) GBP`.",
            "examples": [
                "95 GBP",
                "25% of $fare GBP",
                "share of $fee GBP",
                "$fee GBP",
                "max(0.25 * $fare, 20) GBP",
            ],
        }
    ),
]
"""A model's field that takes text under mypy, and holds a `Payment`."""

Totals = Mapping[str, Decimal]
"""Sums by unit: payments of different units are never added."""
