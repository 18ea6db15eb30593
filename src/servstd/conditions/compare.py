"""How two values compare: the operand says how the value is read; what cannot be read is never guessed.

A value that is not of the operand's sort is *not equal* to it, and an ordering between them is unknown
(None). So over the text `soon` `minutes: {ge: 5}` is neither true nor false, and `minutes: 5` is false.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from servstd.durations import cell_us, parse_duration
from servstd.errors import ServstdError
from servstd.expressions.values import (
    ABSENT,
    Day,
    Duration,
    Word,
    instant_from,
    is_zoneless,
    length_from,
    moment_from,
    number_from,
    truth_from,
)
from servstd.intervals import Instant
from servstd.remembered import remembered


def equals(value: object, operand: object, timezone: str | None = None) -> bool | None:
    """Tell whether a value equals an operand, read by the operand's type; None where one is absent.

    Args:
        value: What the event carries.
        operand: What the author wrote, or another field's value.
        timezone: The zone of dates and times written without one.

    Example:
        >>> equals("5.0", 5), equals("soon", 5), equals(True, "yes")
        (True, False, True)
    """
    if is_missing(value) or is_missing(operand):
        return None
    if isinstance(value, str) and isinstance(operand, str):
        return value == operand
    if isinstance(operand, bool):
        return truth_from(value) is operand
    if isinstance(value, bool):
        return truth_from(operand) is value if isinstance(operand, str) else False
    if isinstance(value, Instant) and isinstance(operand, str) and timezone is None and is_zoneless(operand):
        return None
    if isinstance(value, list | dict) or isinstance(operand, list | dict):
        return type(value) is type(operand) and value == operand
    return order(value, operand, timezone) == 0


def order(value: object, operand: object, timezone: str | None = None) -> int | None:
    """Return -1, 0 or 1 as the value lies before, at or after the operand; None when they do not compare.

    Two texts compare as numbers if the operand is one, else as instants, else as durations, else by code
    point. What an event carries is read as the length that a cell may hold: `0:04:20`, `4m 20s`.

    Example:
        >>> order("10", 9), order("10", "9"), order("soon", 9)
        (1, 1, None)
    """
    if isinstance(operand, Instant | Day):
        return _order_moments(_moment(value, timezone), operand)
    if isinstance(operand, Duration):
        return _order_plain(length_from(value), operand)
    if any(isinstance(one, bool | Word) for one in (value, operand)):
        return None
    if isinstance(operand, int | Decimal | Fraction):
        return _order_plain(number_from(value), operand)
    if isinstance(operand, str):
        return _order_text(value, operand, timezone)
    return None


def is_missing(value: object) -> bool:
    """Tell whether a value is not carried."""
    return value is ABSENT or value is None


def _order_text(value: object, operand: str, timezone: str | None) -> int | None:
    if isinstance(value, Instant):
        return _order_moments(value, moment_from(operand, timezone))
    if isinstance(value, Duration):
        return _order_plain(value, _operand_length(operand))
    number = number_from(operand)
    if not isinstance(value, str):
        return _order_plain(number_from(value), number)
    if number is not None:
        return _order_plain(number_from(value), number)
    if (moment := moment_from(operand, timezone)) is not None:
        return _order_moments(_moment(value, timezone), moment)
    if (length := _operand_length(operand)) is not None:
        return _order_plain(length_from(value), length)
    return _sign(value, operand)


def _order_moments(left: Instant | Day | None, right: Instant | Day | None) -> int | None:
    if left is None or right is None:
        return None
    if isinstance(left, Day):
        if isinstance(right, Day):
            return _sign(left.start_us, right.start_us)
        return -_in_day(int(right), left)
    return _in_day(int(left), right) if isinstance(right, Day) else _sign(int(left), int(right))


def _in_day(at_us: int, day: Day) -> int:
    return -1 if at_us < day.start_us else 1 if at_us >= day.end_us else 0


def _order_plain(left: object, right: object) -> int | None:
    if left is None or right is None:
        return None
    if isinstance(left, Fraction) or isinstance(right, Fraction):
        left, right = Fraction(left), Fraction(right)  # type: ignore[call-overload]
    return _sign(left, right)


def _sign(left: object, right: object) -> int:
    return (left > right) - (left < right)  # type: ignore[operator, no-any-return]


def _moment(value: object, timezone: str | None) -> Instant | Day | None:
    return moment_from(value, timezone) if isinstance(value, str) else instant_from(value)


@remembered(1024)
def _operand_length(text: str) -> int | None:
    """Return the length that an operand names: as in a book, where a day is none, or as the clock face of a cell."""
    try:
        return parse_duration(text)
    except ServstdError:
        return cell_us(text) if ":" in text else None
