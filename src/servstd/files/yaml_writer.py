"""Plain data as YAML that our reader, and every YAML 1.1 reader, reads back as the same data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

from servstd.errors import Problem, StandardsError
from servstd.files.scalars import resolved
from servstd.models import shown

WIDTH: Final = 100
MOST_DEPTH: Final = 100

# Text that may stand plain: begins with a letter, a digit or `$`, and holds nothing that means something.
_PLAIN = re.compile(r"[^\W_][^\x00-\x1f\x7f-\x9f:#\[\]{},\u2028\u2029\ufeff\ud800-\udfff]*|\$[\w.]+")
# What YAML 1.1 readers take for a boolean, a null, a number (base 60, underscores), a date, or a merge.
_MISREAD = re.compile(
    r"y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"
    r"|null|Null|NULL|~"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?[0-9._][0-9_.]*(?:[eE][-+]?[0-9]+)?"
    r"|0b[01_]+|0x[0-9a-fA-F_]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|=|<<"
)


def dump_yaml(data: Any) -> str:
    """Write plain data as YAML; `parse_yaml` reads back exactly the same.

    Text that a YAML 1.1 reader would misread (`no`, `22:30`, `2026-04-01`) stands in quotes. Lists of plain
    values that fit stand in one line.

    Args:
        data: Mappings with text keys, lists, text, int, Decimal, bool, None; dates and times become text.

    Returns:
        The text, ending in a newline.

    Raises:
        StandardsError: SV101, it holds something else, or is nested too deep.

    Example:
        >>> print(dump_yaml({"stop": {"event": "reply.sent", "where": {"by": ["me", "no"]}}}), end="")
        stop:
          event: reply.sent
          where:
            by: [me, "no"]
    """
    if not isinstance(data, Mapping | list | tuple) or not data:
        return f"{_inline(data)}\n"
    return "\n".join(_lines(data, 0)) + "\n"


def _lines(data: Any, depth: int) -> Iterator[str]:
    if depth > MOST_DEPTH:
        raise StandardsError(Problem("SV101", f"nested deeper than {MOST_DEPTH} levels."))
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _entry(f"{_key(key)}:", value, depth)
        return
    for item in data:
        if isinstance(item, Mapping | list | tuple) and not _fits(item):
            first, *rest = _lines(item, depth + 1)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
        else:
            yield f"- {_inline(item)}"


def _entry(head: str, value: Any, depth: int) -> Iterator[str]:
    if not isinstance(value, Mapping | list | tuple) or _fits(value):
        yield f"{head} {_inline(value)}"
        return
    yield head
    yield from (f"  {line}" for line in _lines(value, depth + 1))


def _fits(data: Any) -> bool:
    """Tell whether a value stands in one line: empty, or a short list of plain values."""
    if not data:
        return True
    if not isinstance(data, list | tuple) or any(isinstance(item, Mapping | list | tuple) for item in data):
        return False
    return sum(len(str(item)) + 2 for item in data) < WIDTH


def _inline(value: Any) -> str:
    if isinstance(value, Mapping) and not value:
        return "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_inline(item) for item in value)}]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if type(value) is int:
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        text = format(value, "f")
        return text if "." in text else f"{text}.0"  # a whole Decimal stays one when it is read
    if isinstance(value, date | time):
        return _text(value.isoformat())
    raise StandardsError(Problem("SV101", f"only plain data can be written, not `{type(value).__name__}`."))


def _key(key: object) -> str:
    if not isinstance(key, str) or not key:
        raise StandardsError(Problem("SV101", f"a key is text, not `{shown(key)}`."))
    return _text(key)


def _text(text: str) -> str:
    is_plain = (
        _PLAIN.fullmatch(text)
        and not _MISREAD.fullmatch(text)
        and text == text.strip()
        and text.isprintable()
        and _is_text(text)
    )
    return text if is_plain else _double_quoted(text)


def _is_text(text: str) -> bool:
    try:
        return resolved(text) == text
    except ValueError:
        return False


_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


def _double_quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(character) or _escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
