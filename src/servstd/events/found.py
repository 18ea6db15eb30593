"""Events as they are found in the rows of a table, before anything is merged or sorted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from servstd.events.cells import cleaned
from servstd.events.columns import Codes, Column, Instants
from servstd.events.options import Moment, ReadOptions, columns_of
from servstd.events.quarantine import QuarantinedRow
from servstd.events.roles import Roles
from servstd.events.tables import Table
from servstd.events.times import Fault, ReadTimes, TimeRule, read_times
from servstd.events.values import LocalTime, key_text

SNAPSHOT_KIND = "updated"


class Undated(NamedTuple):
    """An event that happened, nobody can read when: an empty time is no such thing, it says that nothing happened.

    Args:
        row: The row of the table.
        kind: Its kind.
        rejected: What stands of it in quarantine.
    """

    row: int
    kind: str
    rejected: QuarantinedRow


@dataclass(frozen=True, slots=True)
class Found:
    """Hold the usable events of a table.

    Args:
        rows: The row of the table that each event comes from.
        times: Its instant; int64 µs.
        kinds: The kinds there are.
        kind_codes: Its kind.
        is_planned: Whether it is a plan and not a fact.
        rejected: What could not be used.
        undated: Of these, the events whose kind is known and whose time cannot be read.
    """

    rows: NDArray[np.intp]
    times: Instants
    kinds: list[str]
    kind_codes: Codes
    is_planned: NDArray[np.bool_]
    rejected: list[QuarantinedRow] = field(default_factory=list)
    undated: list[Undated] = field(default_factory=list)


def one_a_row(table: Table, roles: Roles, options: ReadOptions) -> Found:
    """Return one event a row: of a log of events, or of snapshots."""
    assert roles.time is not None  # noqa: S101 - roles_of has seen to it
    column, read = moments(table, roles.time, options)
    if roles.event is None:
        kinds = Column.constant(SNAPSHOT_KIND, len(table))
    else:
        kinds = cleaned(table.columns[roles.event], options)
    usable = np.ones(len(table), bool)
    rejected = _reject_times(table, roles.time, column, read, usable)
    undated = [
        Undated(row, key_text(kinds[row]), one)
        for row, one in zip(np.flatnonzero(~usable).tolist(), rejected, strict=True)
        if column.codes[row] >= 0 and kinds.codes[row] >= 0
    ]
    for row in np.flatnonzero((kinds.codes < 0) & usable).tolist():
        fault = Fault("SV324", f"the row has no kind of event: `{roles.event}` is empty.")
        rejected.append(rejection(table, row, fault, str(roles.event)))
        usable[row] = False
    rows = np.flatnonzero(usable)
    planned = bool(set(columns_of(roles.time)) & set(options.planned))
    coded = kinds.take(rows).map([key_text(kind) for kind in kinds.values])
    merged = coded.sorted_texts()  # `1` and `"1"` are one kind
    return Found(
        rows, read.us[column.codes[rows]], [str(kind) for kind in merged.values], merged.codes,
        np.full(len(rows), planned), rejected, undated,
    )  # fmt: skip


def moments(
    table: Table, moment: Moment, options: ReadOptions, *, needs_clock: bool = False
) -> tuple[Column, ReadTimes]:
    """Return a moment's column, or its pair of columns as one, and the instants of its values.

    Args:
        table: The rows.
        moment: A column, or a pair of them.
        options: How they are read.
        needs_clock: Whether a date without its time of day is nothing, instead of a fault.
    """
    names = columns_of(moment)
    columns = [cleaned(table.columns[name], options, also_empty=True) for name in names]
    column = columns[0] if len(columns) == 1 else paired(*columns)
    if needs_clock:
        column = column.replaced(lambda value: isinstance(value, HalfMoment), None)
    return column, read_times(column, TimeRule.of(options, moment))


def paired(dates: Column, clocks: Column) -> Column:
    """Return date and time of day as one text a row; nothing where there is no date."""
    width = len(clocks.values) + 1
    both, place = np.unique(dates.codes.astype(np.int64) * width + clocks.codes + 1, return_inverse=True)
    values: list[object] = []
    for code in both.tolist():
        date, clock = divmod(code, width)
        values.append(
            _joined(dates.values[date], clocks.values[clock - 1] if clock else None) if date >= 0 else None
        )
    return Column(place.astype(np.int32), values).map(values)


class HalfMoment:
    """Stand for a date whose time of day is empty: no instant, and no midnight either."""

    def __init__(self, date: str) -> None:
        self._date = date

    def __str__(self) -> str:
        return f"{self._date} (without its time of day)"


def _joined(date: object, clock: object) -> object:
    day = str(date)[:10] if isinstance(date, LocalTime) else str(date)
    return HalfMoment(day) if clock is None else f"{day} {clock}"


def rejection(table: Table, row: int, fault: Fault, column: str = "") -> QuarantinedRow:
    """Return a row's place in quarantine."""
    file, number = table.place(row)
    return QuarantinedRow(file, number, fault.code, fault.reason, table.data(row), column)


def _reject_times(
    table: Table,
    moment: Moment,
    column: Column,
    read: ReadTimes,
    usable: NDArray[np.bool_],
) -> list[QuarantinedRow]:
    name = " and ".join(columns_of(moment))
    empty = Fault("SV320", f"the row has no time: `{name}` is empty.")
    bad = column.codes < 0
    if read.faults:
        bad |= np.isin(column.codes, list(read.faults))
    usable &= ~bad
    return [
        rejection(table, row, read.faults.get(int(column.codes[row]), empty), name)
        for row in np.flatnonzero(bad).tolist()
    ]
