"""Text tables: separators, quotes and ragged rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, islice, repeat
from itertools import count as numbers_from
from typing import TextIO

import numpy as np

from servstd.errors import Problem, ReadingError
from servstd.events.bounded import UnwrittenCells
from servstd.events.columns import ColumnBuilder
from servstd.events.csv_header import Head, read_head
from servstd.events.options import ReadOptions
from servstd.events.quarantine import QuarantinedRow
from servstd.events.tables import SHOWN_COLUMNS, Table, cut, one_file

CHUNK_ROWS = 20_000
MAX_LINE = 64_000_000
MAX_FIELD = 16_000_000


def read_csv(text: TextIO, name: str, options: ReadOptions) -> Table:
    """Return the table of a CSV; its first line is row 1, and empty lines count too, as in a spreadsheet.

    A row that ends early lacks its last fields; a row that repeats the header is no row. Both are told.

    Args:
        text: The decoded file, opened with `newline=""`.
        name: Its name in messages.
        options: `separator`, `header` and `skip` are read here.

    Raises:
        ReadingError: SV309 for a file that is no table, SV310 for one too wide or with too many cells that short
            rows lack, SV311 where a numbered name is taken, SV333 where `skip` does not fit the file.
    """
    # Raised once and never lowered, since another thread may be reading: the default cuts off long e-mails.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_FIELD))
    damaged: list[int] = []
    head = read_head(_lines(text, name, damaged), name, options)
    return _Rows(name, head, damaged, UnwrittenCells(options.most_cells, name)).read()


def _lines(text: TextIO, name: str, damaged: list[int]) -> Iterator[str]:
    for number, line in enumerate(iter(partial(text.readline, MAX_LINE), ""), start=1):
        if len(line) == MAX_LINE:
            raise ReadingError(
                Problem(
                    "SV310",
                    f"line {number} is longer than {MAX_LINE:,} characters: this is no CSV.",
                    where=name,
                )
            )
        if "\0" in line:
            damaged.append(number)
        yield line


class _Rows:
    """Collect the rows of one CSV."""

    def __init__(self, name: str, head: Head, damaged: list[int], unwritten: UnwrittenCells) -> None:
        self.name = name
        self.unwritten = unwritten
        self.head = head
        self.number = head.before  # that of the row just read
        self.damaged = damaged  # lines with NUL bytes, filled while reading
        self.builders = [ColumnBuilder() for _ in head.names]
        self.numbers: list[np.ndarray] = []
        self.rejected: list[QuarantinedRow] = []
        self.short: list[int] = []  # rows that end early
        self.repeated: list[int] = []  # rows that repeat the header
        self.folded = [cell.strip().casefold() for cell in head.written]

    def read(self) -> Table:
        records = self._records()
        while some := list(islice(records, CHUNK_ROWS)):
            self._add(some)
        columns = {
            name: builder.column() for name, builder in zip(self.head.names, self.builders, strict=True)
        }
        rows = np.concatenate(self.numbers) if self.numbers else np.empty(0, np.int64)
        return one_file(self.name, columns, rows, self.rejected, [*self.head.notes, *self._notes(len(rows))])

    def _notes(self, rows: int) -> Iterator[str]:
        if len(self.short) == rows > 1:
            yield f"every row is shorter than the {len(self.head.names)} columns: the last fields are absent."
        elif self.short:
            which = _counted(self.short, "is shorter", "are shorter")
            yield f"{which} than the {len(self.head.names)} columns: the last fields are absent there."
        if self.repeated:
            which = _counted(self.repeated, "repeats the header and is", "repeat the header and are")
            yield f"{which} passed over."

    def _records(self) -> Iterator[tuple[int, Sequence[str | None]]]:
        width = len(self.head.names)
        while True:
            self.number += 1
            try:
                record = next(self.head.rows)
            except StopIteration:
                return
            except csv.Error as fault:
                self._broken(str(fault))
                continue
            if len(record) == width:
                yield self.number, record
            elif len(record) > width:
                self._reject_long(record)
            elif any(record):
                self.short.append(self.number)
                self.unwritten.add(width - len(record))
                yield self.number, [*record, *repeat(None, width - len(record))]

    def _add(self, records: list[tuple[int, Sequence[str | None]]]) -> None:
        if self.damaged:
            records = [record for record in records if not self._is_damaged(*record)]
        if not self.numbers:
            # The first row of a file whose columns the options name may be a header all the same.
            records[:1] = [record for record in records[:1] if not self._is_header(*record)]
        columns = list(zip(*(row for _, row in records), strict=True))
        if columns and self.head.written[0] in columns[0]:
            records = [record for record in records if not self._is_header(*record)]
            columns = list(zip(*(row for _, row in records), strict=True))
        self.numbers.append(np.array([number for number, _ in records], np.int64))
        for builder, texts in zip(self.builders, columns, strict=False):
            builder.extend_texts(texts)

    def _is_header(self, number: int, record: Sequence[str | None]) -> bool:
        is_header = [(cell or "").strip().casefold() for cell in record] == self.folded
        if is_header:
            self.repeated.append(number)
        return is_header

    def _is_damaged(self, number: int, record: Sequence[str | None]) -> bool:
        damaged = any("\0" in cell for cell in record if cell)
        if damaged:
            self._reject(number, record, "the row holds a NUL byte: the file is damaged here.")
        return damaged

    def _reject_long(self, record: Sequence[str | None]) -> None:
        self._reject(
            self.number,
            record,
            f"the row has {len(record):,} values, more than the {len(self.head.names)} columns of the "
            "header; a text that holds the separator or a line break needs quotes.",
        )

    def _broken(self, fault: str) -> None:
        if "unexpected end" in fault:
            raise ReadingError(
                Problem(
                    "SV309",
                    f"a quote that opens in row {self.number} is never closed.",
                    where=self.name,
                    help='close it, or write a quote inside a text twice: `""`.',
                )
            )
        if "field larger" in fault:
            raise ReadingError(
                Problem(
                    "SV310",
                    f"row {self.number} holds a text longer than {csv.field_size_limit():,} characters.",
                    where=self.name,
                    help="a quote in that row may never be closed.",
                )
            )
        self._reject(self.number, [], f"the row is no CSV: {fault}.")

    def _reject(self, number: int, record: Sequence[str | None], reason: str) -> None:
        more = (f"value {place}" for place in numbers_from(len(self.head.names) + 1))
        shown = islice(zip(chain(self.head.names, more), record, strict=False), SHOWN_COLUMNS)
        data = {name: cut(cell) for name, cell in shown if cell}
        self.rejected.append(QuarantinedRow(self.name, number, "SV325", reason, data))


def _counted(rows: Sequence[int], one: str, several: str) -> str:
    """Return rows as the subject of a sentence: `row 7 is shorter`, `3 rows (row 7 the first) are shorter`."""
    first, count = min(rows), len(rows)
    return f"row {first} {one}" if count == 1 else f"{count:,} rows (row {first} the first) {several}"
