"""Plain scalars by the core schema of YAML 1.2: `22:30`, `no`, `on` and dates are text; numbers are exact."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

MOST_DIGITS: Final = 300

_WORDS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def resolved(text: str) -> object:
    """Return what a plain scalar means: None, bool, int, Decimal or text.

    Raises:
        ValueError: it is infinite, not a number, or longer than 300 digits.

    Example:
        >>> [resolved(text) for text in ("no", "22:30", "0o17", "017", ".5", "1_000", "2026-04-01")]
        ['no', '22:30', 15, 17, Decimal('0.5'), '1_000', '2026-04-01']
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"`{text}` is no number that can be compared.")
    return number_of(text)


def number_of(text: str) -> object:
    """Return an exact number, or the text itself when it is not written as one.

    Raises:
        ValueError: it is longer than 300 digits.
    """
    for pattern, base in ((_INT, 10), (_OCTAL, 8), (_HEX, 16)):
        if pattern.fullmatch(text):
            return int(_limited(text), base)
    return Decimal(_limited(text)) if _FLOAT.fullmatch(text) else text


def _limited(text: str) -> str:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"`{text[:20]}…` is a number of more than {MOST_DIGITS} digits.")
    return text
