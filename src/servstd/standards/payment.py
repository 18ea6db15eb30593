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
from servstd.expressions import Expression, FieldFacts, parse_amount
from servstd.expressions.nodes import FUNCTIONS
from servstd.expressions.values import number_from
from servstd.models import shown
from servstd.standards.figures import READ

if TYPE_CHECKING:
    from servstd.conditions import Facts

_PART = re.compile(r"(?:share|(?P<percent>[0-9]{1,6}(?:\.[0-9]{1,6})?)\s?%)\s+of\s+(?=\$|\(|[a-z]+\s*\()")
"""What a payment is a share of follows: a name, a parenthesis, or a function."""
_UNIT = re.compile(r"(?:[^\W\d_]|%(?=.))(?:[^$0-9()*+=]{0,60}[^\W\d_])?")
_RECKONED = re.compile(rf"[$*/+]|\b(?:{'|'.join(FUNCTIONS)})\s*\(")
_HELP = "write `95 GBP`, `25% of $fare GBP`, `$fee GBP`, `max(0.25 * $fare, 20) GBP`; or `label:` for what is no sum."


@dataclass(frozen=True, slots=True)
class Payment:
    """Hold a payment as written: so much of a unit, or a share of what the case carries.

    Args:
        text: What the author wrote.
        share: What the figure is multiplied by; 1 but for percentages.
        figure: A number, the field or the figure that holds it, or arithmetic in these.
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
            `10 % credit`; arithmetic, for a least or a most of a share: `max(0.25 * $fare, 20) GBP`, and in the
            figures of the verdict: `2 * hours($elapsed) GBP`.

    Raises:
        StandardsError: SV700 it is none, SV701 it names no unit, SV130 to SV132 and SV194 arithmetic that cannot be
            read.

    Example:
        >>> parse_payment("25% of $fare GBP").unit, str(parse_payment("95 GBP").figure.value)
        ('GBP', '95')
    """
    if isinstance(text, Payment):
        return text
    written = text.strip() if isinstance(text, str) else ""
    part = _PART.match(written)
    try:
        figure, unit = parse_amount(written[part.end() if part else 0 :], names=READ, is_one=part is not None)
    except StandardsError:
        if _RECKONED.search(written):
            raise
        raise _no_payment(text) from None
    if (unit and not _UNIT.fullmatch(unit)) or _is_negative(figure):
        raise _no_payment(text)
    if not unit:
        raise StandardsError(Problem("SV701", f"`{text}` names no unit.", help=f"write `{written} GBP`."))
    percent = part["percent"] if part else None
    share = Fraction(Decimal(percent)) / 100 if percent else Fraction(1)
    return Payment(written, share, figure, unit, is_pro_rata=part is not None and percent is None)


def _no_payment(text: object) -> StandardsError:
    return StandardsError(Problem("SV700", f"`{shown(text)}` is no payment.", help=_HELP))


def _is_negative(figure: Expression) -> bool:
    worth = None if figure.references else number_from(figure.evaluate(FieldFacts()))
    return worth is not None and worth < 0


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
