"""Attributes of cases from a second table: `$customer.first_name`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from servstd.errors import EventsError, Problem, ReadingError, unknown_name
from servstd.events.cells import cleaned, null_test
from servstd.events.columns import Column
from servstd.events.names import every_name
from servstd.events.options import ReadOptions
from servstd.events.sources import Source, read_tables
from servstd.events.tables import Table
from servstd.events.values import LocalTime, content_key, key_text

if TYPE_CHECKING:
    from servstd.events.log import Log


def joined(log: Log, attributes: Source, on: str, key: str, prefix: str | None, options: ReadOptions) -> Log:  # noqa: PLR0917
    """Return the log with the attributes' columns as fields of every event that carries the key."""
    held = log.column(on)
    if held is None:
        raise ReadingError(unknown_name("SV303", "field", on, log.names).at(path="on"))
    table = read_tables(attributes, options)[0].named([key])
    if key not in table.columns:
        known = every_name(table.columns)
        raise ReadingError(unknown_name("SV303", "column", key, known).at(where=table.files[0]))
    row_of = _rows_by_key(table, key, options)
    attributes_of = {name: _cleaned(column, options) for name, column in table.columns.items() if name != key}
    with_them = _with_attributes(log, attributes_of, row_of, on, prefix)
    if log.undated is not None and log.undated.column(on) is not None:
        return replace(with_them, undated=_with_attributes(log.undated, attributes_of, row_of, on, prefix))
    return with_them


def _with_attributes(
    log: Log, attributes: Mapping[str, Column], row_of: Mapping[str, int], on: str, prefix: str | None
) -> Log:
    held = log.column(on) or Column.absent(len(log))
    found = [row_of.get(key_text(value), -1) for value in held.values]
    rows = np.array([*found, -1], np.int64)[held.codes]
    before = _prefix(on) if prefix is None else prefix
    fields = dict(log.fields)
    for name, column in attributes.items():
        new = f"{before}.{name}" if before else name
        if log.column(new) is not None:
            raise ReadingError(
                Problem(
                    "SV311",
                    f"the log has a field `{new}` already.",
                    path="prefix",
                    help='give another prefix: `with_fields(..., prefix="account")`.',
                )
            )
        fields[new] = _spread(column, rows)
    return replace(log, fields=fields, notes=(*log.notes, *_unmatched(log, on, held, found)))


def _prefix(on: str) -> str:
    return re.sub(r"[ ._-]?id$", "", on, flags=re.IGNORECASE) or on


def _rows_by_key(table: Table, key: str, options: ReadOptions) -> dict[str, int]:
    is_null = null_test(options, also_empty=True)
    row_of: dict[str, int] = {}
    for row, code in enumerate(table.columns[key].codes.tolist()):
        value = None if code < 0 else table.columns[key].values[code]
        if is_null(value):
            continue
        before = row_of.setdefault(key_text(value), row)
        if before != row and _content(table, before) != _content(table, row):
            (file, first), (_, second) = table.place(before), table.place(row)
            raise EventsError(
                Problem(
                    "SV328",
                    f"`{key}` `{value!s:.60}` stands in rows {first} and {second} with different attributes.",
                    where=file,
                    help="keep one row for each.",
                )
            )
    return row_of


def _content(table: Table, row: int) -> list[str]:
    return [content_key(column[row]) for column in table.columns.values()]


def _cleaned(column: Column, options: ReadOptions) -> Column:
    column = cleaned(column, options)
    return column.map([str(value) if isinstance(value, LocalTime) else value for value in column.values])


def _spread(column: Column, rows: np.ndarray) -> Column:
    return Column(np.append(column.codes, np.int32(-1))[rows], column.values)


def _unmatched(log: Log, on: str, held: Column, found: list[int]) -> list[str]:
    missing = [code for code, row in enumerate(found) if row < 0]
    events = int(np.isin(held.codes, missing).sum())
    if not events:
        return []
    such = f"`{held.values[missing[0]]!s:.40}`"
    return [f"{events:,} of {len(log):,} events have a `{on}` without attributes, such as {such}."]
