"""From a table to a log: find the events, read the fields, merge, sort, count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from servstd.errors import EventsError, Problem
from servstd.events.cells import cleaned, odd_number
from servstd.events.columns import Column, ColumnBuilder, Instants, taken
from servstd.events.fields import Cells, fields_of, renamed
from servstd.events.found import Found, one_a_row, rejection
from servstd.events.identity import NO_SEQUENCE, Contents, Identified, canonical_order, copies, one_of_each_id
from servstd.events.log import Log
from servstd.events.milestones import NO_BASE, milestones_of
from servstd.events.options import ReadOptions
from servstd.events.quarantine import Counts, QuarantinedRow
from servstd.events.roles import roles_of
from servstd.events.tables import Table
from servstd.events.times import Fault
from servstd.events.values import key_text

_SHOWN_PROBLEMS = 20
_SHOWN_NAMES = 5


def log_from_table(table: Table, options: ReadOptions) -> Log:
    """Return the log of a table.

    Raises:
        EventsError: When there are rows and none can be used, or with `strict` when one cannot.
        ReadingError: When the options do not fit.
    """
    if not table.columns:
        nothing = Fault("SV320", "the row is empty.")
        _refuse_if_useless(
            [*table.rejected, *(rejection(table, row, nothing) for row in range(len(table)))], 0
        )
        none = np.empty(0, np.intp)
        empty = Log.empty(_counted(table, none, none, 0, 0), options.planned)
        return replace(empty, covers=options.coverage, may_lack=frozenset(options.kinds))
    table = table.named(name for _, name in options.named_columns)
    roles = roles_of(table, options)
    found = one_a_row(table, roles, options) if options.milestones is None else milestones_of(table, options)
    rejected = [*table.rejected, *found.rejected]
    _refuse_if_useless(rejected, len(found.rows))
    cells = fields_of(table, roles, options)
    sequences, found, wrong = _sequences(table, found, options)
    rejected += wrong
    contents = Contents(
        found.times,
        Column(found.kind_codes, list(found.kinds)),
        taken(cells.fields, found.rows),
        _ids(table, found, options, roles.ids),
        sequences,
    )
    one = one_of_each_id(contents)
    rejected += _replaced(table, found, contents, one)
    _refuse_if_strict([*rejected, *cells.unread], options)
    order = one.kept[canonical_order(contents.take(one.kept))]
    return _log(
        table,
        options,
        found=found,
        contents=contents,
        order=order,
        rejected=rejected,
        cells=cells,
        one=one,
        ids=roles.ids,
    )


def _log(
    table: Table,
    options: ReadOptions,
    *,
    found: Found,
    contents: Contents,
    order: NDArray[np.intp],
    rejected: list[QuarantinedRow],
    cells: Cells,
    one: Identified,
    ids: Sequence[str],
) -> Log:
    kept = contents.take(order)
    rows = found.rows[order]
    place = {file: number for number, file in enumerate(table.files)}
    rejected.sort(key=lambda row: (place.get(row.file, 0), row.row))
    merged_rows = found.rows[np.array(one.merged, np.intp)]
    rename = options.rename or {}
    return Log(
        times=kept.times,
        kinds=found.kinds,
        kind_codes=found.kind_codes[order],
        fields=kept.fields,
        ids=kept.ids,
        sequences=kept.sequences,
        is_planned=found.is_planned[order],
        files=list(table.files),
        file_codes=table.file_codes[rows],
        rows=table.rows[rows],
        quarantine=tuple(rejected),
        unread=tuple(cells.unread),
        counts=_counted(table, rows, merged_rows, len(rejected), len(order)),
        planned=tuple(renamed(name, table, rename) for name in options.planned),
        milestones=frozenset(options.milestones or ()),
        covers=options.coverage,
        may_lack=frozenset(options.kinds),
        most_cases=options.most_cases,
        undated=_undated(table, found, cells, options, ids),
        unread_cells={
            name: np.flatnonzero(np.isin(rows, wrong)) for name, wrong in cells.unread_rows.items()
        },
        notes=tuple(_notes(table, kept, cells, one, options)),
    )


def _undated(
    table: Table, found: Found, cells: Cells, options: ReadOptions, ids: Sequence[str]
) -> Log | None:
    """Return the events of which nobody can read when they happened: all at 1970, each with its place in quarantine."""
    if not found.undated:
        return None
    rows = np.array([one.row for one in found.undated], np.intp)
    kinds = sorted({one.kind for one in found.undated})
    codes = np.array([kinds.index(one.kind) for one in found.undated], np.int32)
    return replace(
        Log.empty(),
        times=np.zeros(len(rows), np.int64),
        kinds=kinds,
        kind_codes=codes,
        ids=_ids(table, replace(found, rows=rows, kinds=kinds, kind_codes=codes), options, ids),
        fields=taken(cells.fields, rows),
        is_planned=np.zeros(len(rows), bool),
        files=list(table.files),
        file_codes=table.file_codes[rows],
        rows=table.rows[rows],
        quarantine=tuple(one.rejected for one in found.undated),
        milestones=frozenset(options.milestones or ()),
        most_cases=options.most_cases,
    )


def _sequences(
    table: Table, found: Found, options: ReadOptions
) -> tuple[Instants | None, Found, list[QuarantinedRow]]:
    """Return the sequence of each event, and the events without those whose sequence is no integer."""
    if options.order == "file":
        return found.rows.astype(np.int64), found, []
    if options.sequence is None:
        return None, found, []
    column = cleaned(table.columns[options.sequence], options, also_empty=True)
    numbers = [_integer(value) for value in column.values]
    of_value = np.array(
        [*(NO_SEQUENCE if number is None else number for number in numbers), NO_SEQUENCE], np.int64
    )
    is_wrong = np.array([*(number is None for number in numbers), False], bool)[column.codes][found.rows]
    wrong = [
        rejection(
            table, row, Fault("SV329", f"the sequence `{column[row]!s:.40}` is no integer."), options.sequence
        )
        for row in found.rows[is_wrong].tolist()
    ]
    right = ~is_wrong
    fewer = replace(
        found,
        rows=found.rows[right],
        times=found.times[right],
        kind_codes=found.kind_codes[right],
        is_planned=found.is_planned[right],
    )
    numbered = of_value[column.codes][fewer.rows]
    return (numbered if (numbered != NO_SEQUENCE).any() else None), fewer, wrong


def _integer(value: object) -> int | None:
    text = key_text(value).strip()
    digits = text.lstrip("+-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18 and len(text) - len(digits) <= 1):
        return None
    return int(text)


def _ids(table: Table, found: Found, options: ReadOptions, names: Sequence[str]) -> Column | None:
    """Return the id of each event; of a milestone it is the row's id and the milestone's name."""
    if not names:
        return None
    columns = [cleaned(table.columns[name], options, also_empty=True).take(found.rows) for name in names]
    texts = [column.map([key_text(value) for value in column.values]) for column in columns]
    if options.milestones is not None:
        texts.append(Column(found.kind_codes, list(found.kinds)))
    if len(texts) == 1:
        return Column.joined([texts[0], Column.absent(0)])
    whole = np.all([text.codes >= 0 for text in texts], axis=0)
    builder = ColumnBuilder()
    for row in range(len(found.rows)):
        if whole[row]:
            builder.append(
                "/".join(str(text[row]).replace("\\", "\\\\").replace("/", "\\/") for text in texts)
            )
        else:
            builder.extend_absent(1)
    return builder.column()


def _replaced(table: Table, found: Found, contents: Contents, one: Identified) -> list[QuarantinedRow]:
    return [
        rejection(
            table,
            int(found.rows[row]),
            Fault(
                "SV328",
                f"id `{contents.ids[row] if contents.ids is not None else ''}` was recorded with other "
                f"content in {'{} row {}'.format(*table.place(int(found.rows[winner])))}, which stays.",
            ),
        )
        for row, winner in one.replaced.items()
    ]


def _counted(
    table: Table, used: NDArray[np.intp], merged: NDArray[np.intp], quarantined: int, events: int
) -> Counts:
    """Count; `used` and `merged` are rows of the table from which events are in the log, or were merged."""
    is_used = np.zeros(len(table), bool)
    is_used[used] = True
    is_merged = np.zeros(len(table), bool)
    is_merged[merged] = True
    rows_used, rows_merged = int(is_used.sum()), int((is_merged & ~is_used).sum())
    rows_in = len(table) + len(table.rejected)
    return Counts(
        rows_in=rows_in,
        found=events + quarantined + len(merged),
        events=events,
        quarantined=quarantined,
        merged=len(merged),
        rows_used=rows_used,
        rows_quarantined=rows_in - rows_used - rows_merged,
        rows_merged=rows_merged,
    )


def _notes(table: Table, kept: Contents, cells: Cells, one: Identified, options: ReadOptions) -> list[str]:
    notes = [*table.notes, *_notes_on_numbers(cells, options)]
    same = copies(kept)
    if same:
        notes.append(f"exact copies among events without an id: {same:,}; all are kept, for want of an `id`.")
    if one.merged:
        notes.append(f"events merged into an equal one of the same id: {len(one.merged):,}.")
    if cells.unread:
        names = Counter(cell.column for cell in cells.unread)
        shown = ", ".join(f"{count:,} of `{name}`" for name, count in names.items())
        notes.append(f"instants that cannot be read and are absent: {shown}.")
    return notes


def _notes_on_numbers(cells: Cells, options: ReadOptions) -> list[str]:
    """Return the note on columns whose numbers have a decimal sign that `decimal` does not name, and stay text."""
    odd = {name: text for name, column in cells.fields.items() if (text := odd_number(column, options))}
    if not odd:
        return []
    shown = ", ".join(f"`{text:.40}` in `{name}`" for name, text in islice(odd.items(), _SHOWN_NAMES))
    more = f", and in {len(odd) - _SHOWN_NAMES} more columns" if len(odd) > _SHOWN_NAMES else ""
    remedy = "" if options.decimal == "," else ' Say `decimal: ","` if a comma is the decimal sign.'
    return [f"text and no numbers, since a sign in them may mean thousands: {shown}{more}.{remedy}"]


def _refuse_if_useless(rejected: Sequence[QuarantinedRow], usable: int) -> None:
    if usable or not rejected:
        return
    # Where a time cannot be read, what is counted from it follows, and is no fault of its own.
    causes = [row for row in rejected if not row.reason.endswith(NO_BASE)] or rejected
    by_code = Counter(row.code for row in causes)
    first: dict[str, QuarantinedRow] = {}
    for row in causes:
        first.setdefault(row.code, row)
    raise EventsError(
        [
            Problem(
                code,
                f"no row can be used: {first[code].reason}" if place == 0 else first[code].reason,
                where=first[code].where,
                help=f"{count:,} {_what(first[code])} are like this one." if count > 1 else "",
            )
            for place, (code, count) in enumerate(by_code.most_common(3))
        ]
    )


def _what(row: QuarantinedRow) -> str:
    return "milestones" if row.reason.startswith("milestone ") else "rows"


def _refuse_if_strict(rejected: Sequence[QuarantinedRow], options: ReadOptions) -> None:
    if not options.strict or not rejected:
        return
    problems = [Problem(row.code, row.reason, where=row.where) for row in rejected[:_SHOWN_PROBLEMS]]
    if len(rejected) > _SHOWN_PROBLEMS:
        problems.append(
            Problem("SV320", f"and {len(rejected) - _SHOWN_PROBLEMS:,} more rows that cannot be used.")
        )
    raise EventsError(problems)
