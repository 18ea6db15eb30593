"""Rows that are Python objects already: mappings, and `Event`s."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from servstd.errors import EventsError, Problem, ReadingError
from servstd.events.columns import ColumnBuilder
from servstd.events.event import Event
from servstd.events.options import ReadOptions
from servstd.events.quarantine import QuarantinedRow
from servstd.events.tables import Table, cut, one_file
from servstd.events.values import checked_text, table_value
from servstd.intervals import Instant

MAX_COLUMNS = 10_000
_MOST_WAITING = 10_000
EVENT_TIME, EVENT_KIND, EVENT_ID, EVENT_SEQUENCE = "event time", "event kind", "event id", "event sequence"


class RowsBuilder:
    """Collect rows with any keys into columns; a key that a row lacks is "not carried" there."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._builders: dict[str, ColumnBuilder] = {}
        self._numbers: list[int] = []
        self._keys: tuple[object, ...] = ()  # those of the rows at hand
        self._names: list[str] = []  # the columns that they name
        self._rows: list[list[object]] = []  # rows with equal keys, waiting to become columns
        self.rejected: list[QuarantinedRow] = []

    def add(self, number: int, row: Mapping[Any, object]) -> None:
        """Add a row; one that is too wide, or holds what no field can, goes to quarantine."""
        try:
            values = [
                value if type(value) is str and value.isascii() else table_value(value)
                for value in row.values()
            ]
            keys = tuple(row)
            if keys != self._keys:
                self._begin(keys)
        except (EventsError, ValueError, RecursionError) as fault:
            if isinstance(fault, ReadingError):
                raise
            reason = fault.problems[0].message if isinstance(fault, EventsError) else f"{fault}."
            self.reject(number, f"the row holds what no field can hold: {reason}", {})
            return
        if len(self._rows) >= _MOST_WAITING:
            self._flush()
        self._rows.append(values)
        self._numbers.append(number)

    def _begin(self, keys: tuple[object, ...]) -> None:
        """Put the rows at hand into columns and go on with rows of other keys."""
        names = [checked_text(str(key)) for key in keys]
        if len(set(names)) < len(names):
            twice = next(name for name, often in Counter(names).items() if often > 1)
            raise EventsError(Problem("SV326", f"two keys are called `{twice:.40}`."))
        self._flush()
        for name in names:
            if name not in self._builders:
                self._new_builder(name)
        self._keys, self._names = keys, names

    def _flush(self) -> None:
        have = len(self._numbers) - len(self._rows)
        for name, values in zip(self._names, zip(*self._rows, strict=True), strict=False):
            builder = self._builders[name]
            builder.extend_absent(have - len(builder))
            builder.extend_read(values)
        self._rows = []

    def reject(self, number: int, reason: str, data: Mapping[str, object]) -> None:
        """Put a row that is no row into quarantine."""
        self.rejected.append(QuarantinedRow(self.name, number, "SV326", reason, data))

    def table(self) -> Table:
        """Return the table."""
        self._flush()
        for builder in self._builders.values():
            builder.extend_absent(len(self._numbers) - len(builder))
        columns = {name: builder.column() for name, builder in self._builders.items()}
        return one_file(self.name, columns, np.array(self._numbers, np.int64), self.rejected)

    def _new_builder(self, key: str) -> None:
        if len(self._builders) >= MAX_COLUMNS:
            raise ReadingError(
                Problem(
                    "SV310",
                    f"the rows have more than {MAX_COLUMNS:,} different keys.",
                    where=self.name,
                    help="put data under a few names, not names into the data.",
                )
            )
        self._builders[key] = ColumnBuilder()


def read_rows(rows: Iterable[object], options: ReadOptions) -> tuple[Table, ReadOptions]:
    """Return the table of mappings or `Event`s, and the options to read it by (`Event`s bring theirs)."""
    builder = RowsBuilder("rows")
    has_events = False
    for number, row in enumerate(rows, start=1):
        if isinstance(row, Event):
            has_events = True
            builder.add(number, _event_row(row))
        elif type(row) is dict or isinstance(row, Mapping):
            builder.add(number, row)
        else:
            builder.reject(
                number,
                f"a row is a mapping or an Event, not `{type(row).__name__}`.",
                {"row": cut(repr(row)[:500])},
            )
    if not has_events:
        return builder.table(), options
    named = {"time": EVENT_TIME, "event": EVENT_KIND, "id": EVENT_ID, "sequence": EVENT_SEQUENCE}
    return builder.table(), options.model_copy(update=named)


def _event_row(event: Event) -> dict[object, object]:
    row: dict[object, object] = {}
    row.update(event.fields)
    row[EVENT_TIME] = Instant(event.time_us)
    row[EVENT_KIND] = event.kind
    row[EVENT_ID] = event.id
    row[EVENT_SEQUENCE] = event.sequence
    return row
