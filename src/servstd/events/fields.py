"""The columns that events carry: nulls, instants, new names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servstd.errors import EventsError, Problem, ReadingError
from servstd.events.cells import cleaned
from servstd.events.columns import Column
from servstd.events.found import rejection
from servstd.events.names import has_objects
from servstd.events.options import ReadOptions
from servstd.events.quarantine import QuarantinedRow
from servstd.events.roles import Roles
from servstd.events.tables import Table
from servstd.events.times import Fault, TimeRule, as_instants, read_times
from servstd.events.values import LocalTime
from servstd.expressions import ABSENT
from servstd.expressions.values import splits


@dataclass(frozen=True, slots=True)
class Cells:
    """The fields of a table by their new names, and the cells that should hold an instant and could not be read.

    Args:
        fields: The fields.
        unread: Those cells.
        unread_rows: By field, the rows of the table that they stand in.
    """

    fields: dict[str, Column]
    unread: list[QuarantinedRow]
    unread_rows: dict[str, NDArray[np.intp]]


def fields_of(table: Table, roles: Roles, options: ReadOptions) -> Cells:
    """Return every column that is a field.

    A null is "not carried", or with `nulls="clear"` absent; a cell that is not there (a JSON object without
    the key) is always "not carried". An instant that cannot be read makes the field absent: an older value
    must not stand in for it.

    Raises:
        EventsError: When no value of an instant column can be read.
        ReadingError: SV311 when two fields would have one name.
    """
    null = ABSENT if options.nulls == "clear" else None
    rename = options.rename or {}
    fields: dict[str, Column] = {}
    unread: list[QuarantinedRow] = []
    unread_rows: dict[str, NDArray[np.intp]] = {}
    for name, column in table.columns.items():
        if name in roles.taken:
            continue
        column = cleaned(column, options, null=null)  # noqa: PLW2901 - the same column, cleaned
        if name in roles.instants:
            column, cells, rows = _instants(table, name, column, options)  # noqa: PLW2901
            unread += cells
            if cells:
                unread_rows[(options.rename or {}).get(name, name)] = rows
        elif LocalTime in set(map(type, column.values)):
            column = _placed(column, options)  # noqa: PLW2901
        new = renamed(name, table, rename)
        if new in fields:
            raise ReadingError(Problem("SV311", f"two fields would be called `{new}`.", path="rename"))
        fields[new] = column
    return Cells(fields, unread, unread_rows)


def renamed(name: str, table: Table, rename: Mapping[str, str]) -> str:
    """Return the new name of a field; what stood inside an object goes by the object's new name."""
    if name not in rename:
        for outer, rest in splits(name):
            if outer in rename and has_objects(table.columns[outer]):
                return f"{rename[outer]}.{rest}"
    return rename.get(name, name)


def _instants(
    table: Table, name: str, column: Column, options: ReadOptions
) -> tuple[Column, list[QuarantinedRow], NDArray[np.intp]]:
    values = column.replaced(lambda value: value is ABSENT or value == "", None)
    read = read_times(values, TimeRule.of(options, name))
    if read.faults and len(read.faults) == len(values.values):
        first = next(iter(read.faults.values()))
        raise EventsError(
            Problem(
                first.code,
                f"no value of `{name}` is an instant: {first.reason}",
                path="times",
                where=table.files[0],
            )
        )
    unread = []
    rows = np.flatnonzero(np.isin(values.codes, list(read.faults)))
    for row in rows.tolist():
        fault = read.faults[int(values.codes[row])]
        unread.append(rejection(table, row, Fault("SV330", f"`{name}`: {fault.reason}"), name))
    instants = as_instants(values, read, ABSENT)
    if options.nulls == "clear":
        cleared = column.codes[:, None] == [
            code for code, value in enumerate(column.values) if value is ABSENT
        ]
        instants = _where(cleared.any(axis=1), ABSENT, instants)
    return instants, unread, rows


def _where(rows: np.ndarray, value: object, column: Column) -> Column:
    values = [*column.values, value]
    return Column(np.where(rows, np.int32(len(values) - 1), column.codes).astype(np.int32), values)


def _placed(column: Column, options: ReadOptions) -> Column:
    """Return local times as instants where a zone is given, else as the text they are."""
    local = [isinstance(value, LocalTime) for value in column.values]
    if options.timezone is None:
        return column.map(
            [str(v) if is_local else v for v, is_local in zip(column.values, local, strict=True)]
        )
    codes = np.arange(len(local), dtype=np.int32)
    read = read_times(Column(codes, list(column.values)), TimeRule.of(options, ""))
    instants = as_instants(Column(codes, list(column.values)), read, ABSENT).values
    return column.map(
        [i if is_local else v for i, v, is_local in zip(instants, column.values, local, strict=True)]
    )
