"""JSON and NDJSON: numbers exactly, duplicate keys and bottomless nesting refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import TextIO

from servstd.errors import Problem, ReadingError, listed
from servstd.events.mappings import RowsBuilder
from servstd.events.tables import Table, cut

MAX_TEXT = 1 << 30
MAX_LINE = 64_000_000


def read_ndjson(text: TextIO, name: str) -> Table:
    """Return the table of one JSON object a line; an empty line is passed over but counts as a row.

    A line that is no object goes to quarantine.
    """
    builder = RowsBuilder(name)
    load = _loader()
    for number, line in enumerate(iter(partial(text.readline, MAX_LINE), ""), start=1):
        if len(line) == MAX_LINE:
            raise ReadingError(
                Problem("SV310", f"line {number} is longer than {MAX_LINE:,} characters.", where=name)
            )
        if line.isspace():
            continue
        try:
            row = load(line)
        except (ValueError, RecursionError) as fault:
            builder.reject(number, f"the line is no JSON: {_why(fault)}.", {"line": cut(line.rstrip())})
            continue
        _add(builder, number, row)
    return builder.table()


def read_json(text: TextIO, name: str) -> Table:
    """Return the table of a JSON array of objects, or of an object that holds exactly one such list.

    Raises:
        ReadingError: SV309 for text that is no JSON, or holds no list or several.
    """
    content = text.read(MAX_TEXT + 1)
    if len(content) > MAX_TEXT:
        raise ReadingError(
            Problem(
                "SV310",
                f"the file holds more than {MAX_TEXT >> 30} GB of JSON.",
                where=name,
                help="write one object a line: NDJSON is read piece by piece.",
            )
        )
    content = content.removeprefix("\ufeff")
    if not content.strip():
        raise ReadingError(Problem("SV309", "the file is empty.", where=name))
    try:
        document = _loader()(content)
    except json.JSONDecodeError as fault:
        if fault.msg == "Extra data":  # objects one a line, under the name .json
            return _read_lines(content, name)
        raise ReadingError(_no_json(name, fault)) from None
    except (ValueError, RecursionError) as fault:
        raise ReadingError(_no_json(name, fault)) from None
    builder = RowsBuilder(name)
    for number, row in enumerate(_rows_in(document, name), start=1):
        _add(builder, number, row)
    return builder.table()


def _read_lines(content: str, name: str) -> Table:
    import io  # noqa: PLC0415 - the rare way

    return read_ndjson(io.StringIO(content), name)


def _rows_in(document: object, name: str) -> list[object]:
    if isinstance(document, list):
        return document
    lists = {}
    if isinstance(document, Mapping):
        lists = {key: value for key, value in document.items() if isinstance(value, list)}
        if len(lists) == 1:
            return next(iter(lists.values()))
    found = f"lists are {listed(lists)}" if lists else "there is none"
    raise ReadingError(
        Problem(
            "SV309",
            f"events stand in a list of objects, or an object with one list; {found}.",
            where=name,
            help="write the list alone, or one object a line as `.ndjson`.",
        )
    )


def _add(builder: RowsBuilder, number: int, row: object) -> None:
    if isinstance(row, Mapping):
        builder.add(number, row)
    else:
        builder.reject(number, f"a row is an object, not `{row!r:.40}`.", {"row": cut(repr(row)[:500])})


def _loader() -> Callable[[str], object]:
    decoder = json.JSONDecoder(
        parse_float=Decimal, parse_constant=_odd_number, object_pairs_hook=_object, strict=False
    )
    return decoder.decode


def _odd_number(text: str) -> object:
    """Read NaN as null; an infinity is carried, and is no number to any comparison."""
    return None if text == "NaN" else Decimal(text)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(name for name, often in Counter(name for name, _ in pairs).items() if often > 1)
        raise ValueError(f"the key `{twice:.40}` stands twice in one object")
    return made


def _why(fault: Exception) -> str:
    if isinstance(fault, json.JSONDecodeError):
        return f"{fault.msg.removesuffix(' at')} at column {fault.colno}"
    if isinstance(fault, RecursionError):
        return "it is nested too deep"
    return "a number has too many digits" if "integer string conversion" in str(fault) else str(fault)[:100]


def _no_json(name: str, fault: Exception) -> Problem:
    line = f" in line {fault.lineno}" if isinstance(fault, json.JSONDecodeError) else ""
    return Problem("SV309", f"the file is no JSON{line}: {_why(fault)}.", where=name)
