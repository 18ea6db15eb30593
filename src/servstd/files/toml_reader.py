"""TOML by `tomllib`, with positions as far as its headers and keys can be found again."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from servstd.errors import Problem, StandardsError
from servstd.files.document import MOST_DEPTH, Builder, Document, Place

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
_ENTRY: Final = re.compile(
    r"""(\s*)((?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[\w-]+|"[^"\n]*"|'[^'\n]*'))*)\s*=\s*"""
)
_PART: Final = re.compile(r"""[\w-]+|"[^"\n]*"|'[^'\n]*'""")
_AT: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")


def parse_toml(text: str, name: str = "<text>") -> Document:
    r"""Read TOML text as plain data; dates and times become their ISO text, floats exact decimals.

    Args:
        text: The file, decoded.
        name: How messages call it.

    Returns:
        The data; positions are those of headers and keys, and of the key for what stands inside a value.

    Raises:
        StandardsError: SV171 it is not TOML (equal keys included), SV176 too deep, SV179 empty.

    Example:
        >>> parse_toml("[[standards]]\nid = 'a'\n").position("standards[0].id")
        (2, 1)
    """
    _limit_depth(text, name)
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as failure:
        raise StandardsError(_problem(str(failure), text, name)) from None
    except RecursionError:
        raise StandardsError(Problem("SV176", "this TOML is nested too deep.", where=f"{name}:1:1")) from None
    except ValueError as failure:
        raise StandardsError(
            Problem("SV171", f"this TOML cannot be read: {failure}.", where=f"{name}:1:1")
        ) from None
    builder = Builder(name)
    _rebuild(builder, data)
    if not data:
        raise builder.stop("SV179", "the file is empty.", "a book begins with `[[standards]]`.", 1, 1)
    document = builder.document()
    for path, line, column in _found_keys(text):
        _mark(document.place, path, line, column)
    return document


def _limit_depth(text: str, name: str) -> None:
    """Refuse brackets nested deeper than any standard needs before `tomllib`, which recurses, sees them."""
    depth = 0
    for found in re.finditer(r'"(?:[^"\\\n]|\\.)*+"|\'[^\'\n]*\'|#[^\n]*|[\[{\]}]', text):
        sign = found[0]
        depth += (sign in ("[", "{")) - (sign in ("]", "}"))
        if depth > MOST_DEPTH or sign.count(".") > MOST_DEPTH:
            line = text.count("\n", 0, found.start()) + 1
            raise StandardsError(
                Problem(
                    "SV176",
                    f"nested deeper than {MOST_DEPTH} levels.",
                    "no standard needs that.",
                    where=f"{name}:{line}:1",
                )
            )


def _problem(said: str, text: str, name: str) -> Problem:
    found = _AT.search(said)
    lines = text.count("\n") + 1
    line, column = (found[1] or lines, found[2] or 1) if found else (1, 1)
    said = _AT.sub("", said)
    code = "SV172" if "overwrite" in said or "twice" in said else "SV171"
    return Problem(
        code,
        f"this is not TOML: {said}.",
        "check the brackets and quotes before this place.",
        where=f"{name}:{line}:{column}",
    )


def _rebuild(builder: Builder, data: Any) -> None:
    """Feed plain data to the builder, which holds the limits; without recursion."""
    builder.open({}, 1, 1)
    open_: list[Iterator[Any]] = [iter(data.items())]
    while open_:
        try:
            item = next(open_[-1])
        except StopIteration:
            open_.pop()
            builder.close()
            continue
        if isinstance(builder.stack[-1].data, dict):
            key, item = item
            builder.key(key, 1, 1)
        if isinstance(item, dict | list):
            builder.open({} if isinstance(item, dict) else [], 1, 1)
            open_.append(iter(item.items()) if isinstance(item, dict) else iter(item))
        else:
            builder.scalar(_plain(builder, item), 1, 1)


def _plain(builder: Builder, value: Any) -> object:
    if isinstance(value, Decimal) and not value.is_finite():
        builder.add_problem("SV171", f"`{value}` is no number that can be compared.", "", 1, 1)
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _found_keys(text: str) -> Iterator[tuple[list[str | int], int, int]]:
    """Yield the path, line and column of every header and of every key at the start of a line."""
    table: list[str | int] = []
    counts: dict[str, int] = {}
    for line, source in enumerate(text.split("\n"), 1):
        if found := _HEADER.fullmatch(source.rstrip("\r")):
            table = _counted(
                [_bare(part) for part in _PART.findall(found[2])], counts, is_array=found[1] == "[["
            )
            yield table, line, found.start(1) + 1
        elif found := _ENTRY.match(source):
            yield [*table, *(_bare(part) for part in _PART.findall(found[2]))], line, found.start(2) + 1


def _counted(names: list[str], counts: dict[str, int], *, is_array: bool) -> list[str | int]:
    """Return the path of a header, with the index of each array of tables that it passes."""
    path: list[str | int] = []
    for at, name in enumerate(names):
        path.append(name)
        key = repr(path)
        if at == len(names) - 1 and is_array:
            counts[key] = counts.get(key, -1) + 1
        if key in counts:
            path.append(counts[key])
    return path


def _mark(place: Place, path: list[str | int], line: int, column: int) -> None:
    """Put a key where it was found, and all that it holds with it."""
    for at, part in enumerate(path):
        if part not in place.members:
            return
        if isinstance(part, str) and (at == len(path) - 1 or place.keys.get(part) == (1, 1)):
            place.keys[part] = (line, column)
        place = place.members[part]
        if (place.line, place.column) == (1, 1):
            place.line, place.column = line, column
    waiting = [place]
    while waiting:
        inner = waiting.pop()
        inner.line, inner.column = line, column
        inner.keys = dict.fromkeys(inner.keys, (line, column))
        waiting += inner.members.values()


def _bare(part: str) -> str:
    return part[1:-1] if part[:1] in "\"'" else part
