"""What every reader hands over: named columns, and where each row stood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from servstd.events.columns import Column
from servstd.events.names import with_nested
from servstd.events.quarantine import QuarantinedRow

SHOWN_COLUMNS = 40
SHOWN_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Table:
    """Hold the rows of one source, or of several one after another.

    Args:
        columns: Columns of equal length, in the order of the file.
        rows: The row numbers, as a spreadsheet shows them; int64.
        files: The names of the files, in order.
        file_codes: Which file each row is from; int32.
        rejected: Rows that are no rows: ragged, not an object.
        notes: What the user should know about the file.
    """

    columns: Mapping[str, Column]
    rows: NDArray[np.int64]
    files: Sequence[str]
    file_codes: NDArray[np.int32]
    rejected: Sequence[QuarantinedRow] = ()
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, row: int) -> tuple[str, int]:
        """Return file and row number."""
        return self.files[int(self.file_codes[row])], int(self.rows[row])

    def data(self, row: int) -> dict[str, object]:
        """Return the row as it was read, cut to a size that can be shown."""
        shown = list(self.columns.items())[:SHOWN_COLUMNS]
        return {name: cut(column[row]) for name, column in shown if column.codes[row] >= 0}

    def named(self, names: Iterable[str]) -> Table:
        """Return the table with a column for every name that means a value inside an object."""
        return replace(self, columns=with_nested(self.columns, names))

    def map(self, change: Callable[[Column], Column]) -> Table:
        """Return the table with every column changed."""
        columns = {name: change(column) for name, column in self.columns.items()}
        return Table(columns, self.rows, self.files, self.file_codes, self.rejected, self.notes)


def one_file(
    name: str,
    columns: Mapping[str, Column],
    rows: NDArray[np.int64],
    rejected: Sequence[QuarantinedRow] = (),
    notes: Sequence[str] = (),
) -> Table:
    """Return the table of a single source."""
    return Table(columns, rows, [name], np.zeros(len(rows), np.int32), rejected, list(notes))


def stacked(tables: Sequence[Table]) -> Table:
    """Return the tables one after another; a column that one of them lacks is "not carried" there."""
    if len(tables) == 1:
        return tables[0]
    names = dict.fromkeys(name for table in tables for name in table.columns)
    columns = {
        name: Column.joined([table.columns.get(name) or Column.absent(len(table)) for table in tables])
        for name in names
    }
    starts = [0]
    for table in tables:
        starts.append(starts[-1] + len(table.files))
    codes = [table.file_codes + start for table, (start, _) in zip(tables, pairwise(starts), strict=True)]
    return Table(
        columns,
        np.concatenate([table.rows for table in tables]),
        [name for table in tables for name in table.files],
        np.concatenate(codes).astype(np.int32),
        [row for table in tables for row in table.rejected],
        [note for table in tables for note in table.notes],
    )


def cut(value: object) -> object:
    """Return a value short enough to be shown."""
    if isinstance(value, str) and len(value) > SHOWN_LENGTH:
        return f"{value[:SHOWN_LENGTH]}… ({len(value):,} characters)"
    return value
