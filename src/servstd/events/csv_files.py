"""Text tables: separators, quotes and ragged rows."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, count, islice
from typing import TextIO

import numpy as np

from servstd.errors import Problem, ReadingError
from servstd.events.columns import ColumnBuilder
from servstd.events.options import ReadOptions
from servstd.events.quarantine import QuarantinedRow
from servstd.events.tables import SHOWN_COLUMNS, Table, cut, one_file

CHUNK_ROWS = 20_000
MAX_COLUMNS = 10_000
MAX_LINE = 64_000_000
MAX_FIELD = 16_000_000
SEPARATORS = (",", ";", "\t", "|")
_SHOWN_NAMES = 5


def read_csv(text: TextIO, name: str, options: ReadOptions) -> Table:
    """Return the table of a CSV; the header is row 1, and empty lines count too, as in a spreadsheet.

    Args:
        text: The decoded file, opened with `newline=""`.
        name: Its name in messages.
        options: `separator` is read here.

    Raises:
        ReadingError: SV309 for a file that is no table, SV310 for one too wide, SV311 where a numbered
            name is taken.
    """
    # Raised once and never lowered, since another thread may be reading: the default cuts off long e-mails.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_FIELD))
    damaged: list[int] = []
    lines = _lines(text, name, damaged)
    separator, skipped, lines = _separator(lines, options)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    written = _header(reader, name)
    header = _numbered(written, name)
    return _Rows(name, header, skipped + 1, damaged).read(reader, _notes(written))


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


def _separator(lines: Iterator[str], options: ReadOptions) -> tuple[str, int, Iterator[str]]:
    """Return the separator, how many rows were used up to find it, and the lines from the header on."""
    skipped = 0
    first = next(lines, "").removeprefix("\ufeff")
    while first and not first.strip():
        first, skipped = next(lines, ""), skipped + 1
    if first.lower().startswith("sep=") and len(first.strip()) <= 5:  # Excel's own mark
        mark = first.rstrip("\r\n")[4:] or ","
        return options.separator or mark, skipped + 1, lines
    outside = "".join(first.split('"')[::2])
    found = max(SEPARATORS, key=outside.count)
    return options.separator or found, skipped, chain([first], lines) if first else iter(())


def _header(reader: Iterator[list[str]], name: str) -> list[str]:
    try:
        header = next(reader, None)
    except csv.Error as fault:
        raise ReadingError(Problem("SV309", f"the first line is no header: {fault}.", where=name)) from None
    if not header:
        raise ReadingError(Problem("SV309", "the file is empty: it has no header.", where=name))
    if len(header) > MAX_COLUMNS:
        raise ReadingError(
            Problem(
                "SV310",
                f"the header has {len(header):,} columns; at most {MAX_COLUMNS:,} are read.",
                where=name,
            )
        )
    if any("\0" in cell for cell in header):
        raise ReadingError(
            Problem(
                "SV309",
                "the header holds NUL bytes: this is no UTF-8 text.",
                where=name,
                help='if it is UTF-16, say `encoding="utf-16"`.',
            )
        )
    return [cell.strip() or f"column {place}" for place, cell in enumerate(header, start=1)]


def _numbered(names: list[str], name: str) -> list[str]:
    """Return the names with those that stand several times numbered from 1, so that none can be taken for another.

    Issue trackers write a field of several values as several columns of one name.
    """
    times, seen, found = Counter(names), Counter[str](), []
    for column in names:
        seen[column] += 1
        found.append(f"{column} {seen[column]}" if times[column] > 1 else column)
    taken = next((column for column, often in Counter(found).items() if often > 1), None)
    if taken is not None:
        raise ReadingError(
            Problem(
                "SV311",
                f"the column name `{taken:.60}` stands in the header, and is also the number of a name that stands "
                "there several times.",
                where=name,
                help="give each column its own name.",
            )
        )
    return found


def _notes(names: list[str]) -> list[str]:
    """Say which columns were numbered."""
    several = {name: often for name, often in Counter(names).items() if often > 1}
    if not several:
        return []
    shown = [f"`{name:.60} 1` to `{name:.60} {often}`" for name, often in several.items()]
    more = ", …" if len(shown) > _SHOWN_NAMES else ""
    return [f"columns of one name are numbered: {', '.join(shown[:_SHOWN_NAMES])}{more}."]


class _Rows:
    """Collect the rows of one CSV."""

    def __init__(self, name: str, header: list[str], before: int, damaged: list[int]) -> None:
        self.name = name
        self.header = header
        self.number = before  # the header's own row number, then that of the row just read
        self.damaged = damaged  # lines with NUL bytes, filled while reading
        self.builders = [ColumnBuilder() for _ in header]
        self.numbers: list[np.ndarray] = []
        self.rejected: list[QuarantinedRow] = []

    def read(self, reader: Iterator[list[str]], notes: Sequence[str]) -> Table:
        while records := list(islice(self._records(reader), CHUNK_ROWS)):
            self._add(records)
        columns = {name: builder.column() for name, builder in zip(self.header, self.builders, strict=True)}
        rows = np.concatenate(self.numbers) if self.numbers else np.empty(0, np.int64)
        return one_file(self.name, columns, rows, self.rejected, notes)

    def _records(self, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
        width = len(self.header)
        while True:
            self.number += 1
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as fault:
                self._broken(str(fault))
                continue
            if len(record) == width:
                yield self.number, record
            elif record:
                self._ragged(record)

    def _add(self, records: list[tuple[int, list[str]]]) -> None:
        if self.damaged:
            records = [record for record in records if not self._is_damaged(*record)]
        self.numbers.append(np.array([number for number, _ in records], np.int64))
        for builder, texts in zip(
            self.builders, zip(*(row for _, row in records), strict=True), strict=False
        ):
            builder.extend_texts(texts)

    def _is_damaged(self, number: int, record: list[str]) -> bool:
        damaged = any("\0" in cell for cell in record)
        if damaged:
            self._reject(number, record, "the row holds a NUL byte: the file is damaged here.")
        return damaged

    def _ragged(self, record: list[str]) -> None:
        more = "more" if len(record) > len(self.header) else "fewer"
        self._reject(
            self.number,
            record,
            f"the row has {len(record):,} values, {more} than the {len(self.header)} columns of the "
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

    def _reject(self, number: int, record: list[str], reason: str) -> None:
        more = (f"value {place}" for place in count(len(self.header) + 1))
        shown = islice(zip(chain(self.header, more), record, strict=False), SHOWN_COLUMNS)
        data = {name: cut(cell) for name, cell in shown if cell}
        self.rejected.append(QuarantinedRow(self.name, number, "SV325", reason, data))
