"""The same book and log as another system writes them: what is judged must stay the same."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

from servstd.testing.logs import FIELDS

_NAME = re.compile(r"\$(\w+)")
_DAY_S, _HOUR_S, _MINUTE_S = 86_400, 3_600, 60


def inside_objects(
    book: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], *, name: str = "ticket"
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a generated book and its rows with every field inside an object, which the book names by dotted names.

    Args:
        book: A book as `books` generates it.
        rows: Rows as `rows_of` makes them.
        name: The name of the object.

    Returns:
        The book and the rows. Columns that hold instants are `name.promised` and so on.

    Example:
        >>> book, rows = inside_objects({"case": "case", "standards": []}, [{"time": "t", "event": "e", "case": "A"}])
        >>> book["case"], rows[0]
        ('ticket.case', {'time': 't', 'event': 'e', 'ticket': {'case': 'A'}})
    """
    nested = []
    for row in rows:
        inner = {field: value for field, value in row.items() if field in FIELDS}
        nested.append({field: value for field, value in row.items() if field not in FIELDS} | {name: inner})
    return _dotted(dict(book), name), nested


def _dotted(written: Any, name: str) -> Any:
    if isinstance(written, dict):
        return {
            f"{name}.{key}" if _is_field(key, written) else key: _dotted_names(value, name)
            if _names_fields(key, written)
            else _dotted(value, name)
            for key, value in written.items()
        }
    if isinstance(written, list):
        return [_dotted(part, name) for part in written]
    return _NAME.sub(rf"${name}.\1", written) if isinstance(written, str) else written


def _names_fields(key: str, written: dict[str, Any]) -> bool:
    """Return whether a key of a book has names of fields as its value: `match: item`, the `by` of a table."""
    by = written.get("by")
    is_table = isinstance(by, list) or (isinstance(by, str) and by in FIELDS)
    return key in {"case", "match", "field", "for_each"} or (key == "by" and is_table)


def _is_field(key: str, written: dict[str, Any]) -> bool:
    """Return whether a key of a book is a field of a condition; `by` is one too, but not in a table or an extension."""
    return key in FIELDS and key != "case" and "event" not in written and not _names_fields(key, written)


def _dotted_names(written: Any, name: str) -> Any:
    if isinstance(written, list):
        return [f"{name}.{field}" for field in written]
    return _dotted(written, name) if "$" in written else f"{name}.{written}"


def as_short_csv(rows: Iterable[Mapping[str, Any]], *, with_header: bool = True) -> tuple[str, list[str]]:
    r"""Return rows as a CSV in which each row ends with its last value, and the names of its columns.

    Args:
        rows: Rows of plain values, as `rows_of` makes them; lists and objects cannot stand in a CSV.
        with_header: Whether the names stand in the first line.

    Example:
        >>> as_short_csv([{"a": 1, "b": None}, {"a": 2, "b": 3}], with_header=False)
        ('1\r\n2,3\r\n', ['a', 'b'])
    """
    rows = list(rows)
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if with_header:
        writer.writerow(names)
    for row in rows:
        cells = ["" if row.get(name) is None else str(row[name]) for name in names]
        while len(cells) > 1 and not cells[-1]:
            cells.pop()
        writer.writerow(cells)
    return out.getvalue(), names


def spelled_lengths(seconds: int) -> dict[str, str]:
    """Return a length of time as people and systems write it in cells, by the name of the spelling.

    Args:
        seconds: The length; negative ones have the spellings that can say so.

    Example:
        >>> spelled_lengths(5400)["words"], spelled_lengths(5400)["clock face"], spelled_lengths(5400)["pandas"]
        ('1h 30m 0s', '1:30:00', '0 days 01:30:00')
    """
    sign, whole = ("-", -seconds) if seconds < 0 else ("", seconds)
    hours, minutes, rest = whole // _HOUR_S, whole // _MINUTE_S % 60, whole % 60
    days, clock = (
        seconds // _DAY_S,
        seconds % _DAY_S,
    )  # of less than nothing: a day before, and the rest of it
    face = f"{clock // _HOUR_S:02d}:{clock // _MINUTE_S % 60:02d}:{clock % 60:02d}"
    found = {
        "words": f"{sign}{hours}h {minutes}m {rest}s",
        "long words": f"{sign}{hours} hours, {minutes} minutes and {rest} seconds",
        "one unit": f"{sign}{whole} sec",
        "ISO": f"{sign}PT{hours}H{minutes}M{rest}S",
        "clock face": f"{sign}{hours}:{minutes:02d}:{rest:02d}",
        "pandas": f"{days} days {'+' if days < 0 else ''}{face}",
        "Python": f"{days} day{'s' if abs(days) != 1 else ''}, {face}",
        ".NET": f"{sign}{whole // _DAY_S}.{hours % 24:02d}:{minutes:02d}:{rest:02d}",
        "ISO with days": f"{sign}P{whole // _DAY_S}DT{hours % 24}H{minutes}M{rest}S",
    }
    if not rest:
        found["hours and minutes"] = f"{sign}{hours}h{minutes:02d}"
    return found
