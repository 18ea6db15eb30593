"""Rows that are Python objects already: mappings, and `Event`s."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from servstd.errors import EventsError, Problem, ReadingError
from servstd.events.columns import ColumnBuilder
from servstd.events.event import Event
from servstd.events.options import ReadOptions
from servstd.events.quarantine import QuarantinedRow
from servstd.events.tables import Table, cut, one_file
from servstd.events.values import table_value
from servstd.intervals import Instant

MAX_COLUMNS = 10_000
EVENT_TIME, EVENT_KIND, EVENT_ID, EVENT_SEQUENCE = "event time", "event kind", "event id", "event sequence"


class RowsBuilder:
    """Collect rows with any keys into columns; a key that a row lacks is "not carried" there."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._builders: dict[str, ColumnBuilder] = {}
        self._numbers: list[int] = []
        self.rejected: list[QuarantinedRow] = []

    def add(self, number: int, row: Mapping[object, object]) -> None:
        """Add a row; one that is too wide, or holds what no field can, goes to quarantine."""
        try:
            values = [
                (str(key), value if type(value) is str and value.isascii() else table_value(value))
                for key, value in row.items()
            ]
        except (EventsError, ValueError, RecursionError) as fault:
            reason = fault.problems[0].message if isinstance(fault, EventsError) else f"{fault}."
            self.reject(number, f"the row holds what no field can hold: {reason}", {})
            return
        have = len(self._numbers)
        for key, value in values:
            builder = self._builders.get(key)
            if builder is None:
                builder = self._new_builder(key)
            builder.extend_absent(have - len(builder))
            builder.append(value)
        self._numbers.append(number)

    def reject(self, number: int, reason: str, data: Mapping[str, object]) -> None:
        """Put a row that is no row into quarantine."""
        self.rejected.append(QuarantinedRow(self.name, number, "SV326", reason, data))

    def table(self) -> Table:
        """Return the table."""
        for builder in self._builders.values():
            builder.extend_absent(len(self._numbers) - len(builder))
        columns = {name: builder.column() for name, builder in self._builders.items()}
        return one_file(self.name, columns, np.array(self._numbers, np.int64), self.rejected)

    def _new_builder(self, key: str) -> ColumnBuilder:
        if len(self._builders) >= MAX_COLUMNS:
            raise ReadingError(
                Problem(
                    "SV310",
                    f"the rows have more than {MAX_COLUMNS:,} different keys.",
                    where=self.name,
                    help="put data under a few names, not names into the data.",
                )
            )
        return self._builders.setdefault(key, ColumnBuilder())


def read_rows(rows: Iterable[object], options: ReadOptions) -> tuple[Table, ReadOptions]:
    """Return the table of mappings or `Event`s, and the options to read it by (`Event`s bring theirs)."""
    builder = RowsBuilder("rows")
    has_events = False
    for number, row in enumerate(rows, start=1):
        if isinstance(row, Event):
            has_events = True
            builder.add(number, _event_row(row))
        elif isinstance(row, Mapping):
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
