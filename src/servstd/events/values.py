"""Field values: what an event may carry, whatever type the source had."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum

from servstd.errors import EventsError, Problem, listed
from servstd.expressions.values import Absent, Duration, Word
from servstd.intervals import Instant, instant_us

MAX_DEPTH = 64
MAX_DIGITS = 1_000
_WRITTEN_OUT = 40


class LocalTime(int):
    """Hold a local time without a zone while a table is read: µs since 1970-01-01 00:00 on that clock."""

    __slots__ = ()

    def __str__(self) -> str:
        try:
            return (_LOCAL_EPOCH + timedelta(microseconds=int(self))).isoformat()
        except OverflowError:
            return f"{int(self)}us"


_PLAIN = (bool, Instant, LocalTime, Duration, Word, Absent)
_LOCAL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the zero of local time


def field_value(value: object, depth: int = 0) -> object:
    """Return a value as events carry it: str, int, Decimal, bool, Instant, Duration, list, dict, or None for null.

    A float becomes the decimal that it prints as (never a binary fraction) and NaN is null. An aware datetime
    becomes an Instant; a naive one stays text, since its instant is unknown. A timedelta becomes a Duration, never a
    number of some unit. Texts lose the blanks around them. Unknown types become their text.

    Raises:
        EventsError: SV326 when lists and mappings are nested deeper than 64.

    Example:
        >>> field_value(0.1), field_value(float("nan")), field_value({"seats": (1, 2)})
        (Decimal('0.1'), None, {'seats': [1, 2]})
    """
    if value is None or type(value) in _PLAIN:
        return value
    if type(value) is str:
        return checked_text(value)
    if type(value) is int or isinstance(value, Decimal):
        return _checked_number(value)
    if isinstance(value, float):
        return None if math.isnan(value) else Decimal(repr(float(value)))
    if isinstance(value, datetime):
        return _moment(value)
    return _other(value, depth)


def checked_text(value: str) -> str:
    """Return the text without the blanks around it, unless it holds half a character, which no report could print."""
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise EventsError(Problem("SV326", "a text holds half a character (a lone surrogate).")) from None
    return value.strip()


def _checked_number(value: int | Decimal) -> object:
    if isinstance(value, Decimal):
        if value.is_nan():
            return None
        too_long = value.is_finite() and abs(value.adjusted()) > MAX_DIGITS
    else:
        too_long = value.bit_length() > MAX_DIGITS * 10 // 3
    if too_long:
        raise EventsError(Problem("SV326", f"a number has more than {MAX_DIGITS:,} digits."))
    return value


def table_value(value: object) -> object:
    """Return a value as a table holds it: as `field_value`, but a naive datetime is kept as a `LocalTime`."""
    if isinstance(value, datetime) and value == value and value.utcoffset() is None:  # noqa: PLR0124
        return LocalTime((value.replace(tzinfo=None) - _LOCAL_EPOCH) // timedelta(microseconds=1))
    return field_value(value)


def _moment(value: datetime) -> object:
    if value != value:  # noqa: PLR0124 - pandas' NaT is a datetime and differs from itself
        return None
    return value.isoformat() if value.utcoffset() is None else Instant(instant_us(value))


def _other(value: object, depth: int) -> object:
    if depth > MAX_DEPTH:
        raise EventsError(Problem("SV326", f"a value is nested deeper than {MAX_DEPTH} levels."))
    if isinstance(value, Enum):
        return field_value(value.value, depth + 1)
    if isinstance(value, Mapping):
        return _object(
            {checked_text(str(name)): field_value(inner, depth + 1) for name, inner in value.items()}, value
        )
    if isinstance(value, (list, tuple)):
        return [field_value(inner, depth + 1) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted((field_value(inner, depth + 1) for inner in value), key=content_key)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return Duration(value // timedelta(microseconds=1))
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "backslashreplace")
    return _foreign(value, depth)


def _object(made: dict[str, object], value: Mapping[object, object]) -> dict[str, object]:
    """Return an object as it was made of a mapping, unless two of its names are one without their blanks."""
    if len(made) < len(value):
        raise EventsError(
            Problem("SV326", f"two names of an object are one: {listed(map(str, value), most=5)}.")
        )
    return made


def _foreign(value: object, depth: int) -> object:
    if isinstance(value, (str, int)):  # subclasses: numpy's str_, IntEnum
        return checked_text(str(value)) if isinstance(value, str) else int(value)
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:  # a NumPy scalar
        inner = value.item()
        return str(value) if type(inner) is type(value) else field_value(inner, depth + 1)
    if hasattr(value, "tolist"):
        return field_value(value.tolist(), depth + 1)
    text = str(value)
    return None if text in {"NaT", "<NA>"} else text


def content_key(value: object) -> str:
    """Return a text that is equal for equal contents and orders values the same way on every machine.

    `1` and `1.0` are one number; `1` and `"1"` are not one value; a mapping's order does not count.

    Example:
        >>> content_key({"b": 1, "a": [True]}) == content_key({"a": [True], "b": Decimal("1.0")})
        True
    """
    if isinstance(value, str):
        return "s" + value
    if isinstance(value, bool):
        return "b1" if value else "b0"
    if isinstance(value, (Instant, LocalTime)):
        return f"t{int(value):+021d}"
    if isinstance(value, Duration):
        return f"d{int(value)}"
    if isinstance(value, int):
        return f"n{value}"
    if isinstance(value, Decimal):
        return f"n{_number_text(value)}"
    if isinstance(value, list):
        return "l" + json.dumps([content_key(inner) for inner in value])
    if isinstance(value, dict):
        return "m" + json.dumps({name: content_key(value[name]) for name in sorted(value)})
    return f"z{value!r}"


def _number_text(value: Decimal) -> str:
    if not value.is_finite():
        return str(value)
    sign, digits, exponent = value.as_tuple()  # `normalize` would round to 28 digits
    text = "".join(map(str, digits)).rstrip("0")
    if not text:
        return "0"
    power = int(exponent) + len(digits) - len(text)
    if 0 <= power < _WRITTEN_OUT:
        return "-" * sign + text.lstrip("0") + "0" * power
    return (
        f"{value:f}".rstrip("0") if -_WRITTEN_OUT < power < 0 else "-" * sign + f"{text.lstrip('0')}E{power}"
    )


def key_text(value: object) -> str:
    """Return a field value as the text of a case key: `T-1`, `17`, `true`, an instant in ISO UTC.

    Example:
        >>> key_text(17), key_text(True), key_text(Decimal("17.50"))
        ('17', 'true', '17.5')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _number_text(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, default=key_text, sort_keys=True)
    return str(value)
