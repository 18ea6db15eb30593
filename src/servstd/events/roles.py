"""Which column of a table is what, with every misnamed one reported at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np

from servstd.errors import Problem, ReadingError, listed, unknown_name
from servstd.events.columns import Column
from servstd.events.mappings import EVENT_ID
from servstd.events.names import column_of, every_name, has_only_objects
from servstd.events.options import EVENT_NAMES, TIME_NAMES, After, Moment, ReadOptions, columns_of
from servstd.events.suggestions import suggested_formats
from servstd.events.tables import Table
from servstd.events.times import TimeRule, read_times

_MOST_NAMES = 200
_CHOICES = (
    'for a log with one row an event: `time="…"` and `event="…"`; '
    'for a table with one row a case and several time columns: `milestones={"opened": "…", "closed": "…"}`; '
    'for one row an update of a case: `time="…"` and `snapshots=True`.'
)


@dataclass(frozen=True, slots=True)
class Roles:
    """Hold the columns that mean something; None where the table is read by milestones or snapshots.

    Args:
        time: Column, or pair of columns, with the event's instant.
        event: Column with the kind.
        ids: Columns that identify an event, maybe none.
        sequence: Column with the sequence.
        instants: Columns that stay fields and hold instants.
        taken: Columns that are no fields.
    """

    time: Moment | None
    event: str | None
    ids: tuple[str, ...]
    sequence: str | None
    instants: tuple[str, ...]
    taken: frozenset[str]


def roles_of(table: Table, options: ReadOptions) -> Roles:
    """Return what each column is.

    Raises:
        ReadingError: SV303 for unknown columns, SV304 when there is no time or no kind of event.
    """
    wrong = list(_unknown(table, options))
    if wrong:
        raise ReadingError(wrong)
    time = event = None
    if options.milestones is None:
        time = options.time or _first(table, TIME_NAMES)
        event = options.event or (None if options.snapshots else _first(table, EVENT_NAMES))
        _need_time_and_event(table, options, time, event)
        _refuse_objects(table, {"time": columns_of(time), "event": columns_of(event)})
    ids = columns_of(options.id)
    milestones = options.milestones or {}
    instants = (*options.times, *(name for name in options.planned if name not in milestones))
    taken = {*columns_of(time), *columns_of(event), *columns_of(options.sequence)}
    taken |= {EVENT_ID} & set(ids)  # the id of an `Event` is no field; an id column is, since keys hide there
    for spec in milestones.values():
        taken |= {spec.column} if isinstance(spec, After) else set(columns_of(spec))
    kept = set(instants) - set(columns_of(time))
    if milestones:
        kept -= set(options.planned) - set(options.times)
    return Roles(time, event, ids, options.sequence, tuple(dict.fromkeys(instants)), frozenset(taken - kept))


def _unknown(table: Table, options: ReadOptions) -> Iterator[Problem]:
    missing = [(path, name) for path, name in options.named_columns if name not in table.columns]
    known = every_name(table.columns) if missing else []
    for path, name in missing:
        yield unknown_name("SV303", "column", name, known).at(path=path, where=_files(table))


def _first(table: Table, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in table.columns), None)


def _need_time_and_event(table: Table, options: ReadOptions, time: Moment | None, event: str | None) -> None:
    if time is None:
        every = islice(every_name(table.columns), _MOST_NAMES)
        like = [name for name in every if _looks_like_time(column_of(table.columns, name))]
        these = f"These look like times: {listed(like)}." if like else "No column looks like a time."
        raise ReadingError(
            _no_column(table, "time", f"{these} The columns are {listed(every_name(table.columns))}.")
        )
    if event is None and not options.snapshots:
        raise ReadingError(
            _no_column(table, "event", f"The columns are {listed(every_name(table.columns))}.")
        )


def _refuse_objects(table: Table, named: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a column of objects as time or kind: every object would be a kind of its own.

    Raises:
        ReadingError: SV335, with the names of the values inside.
    """
    for path, names in named.items():
        for name in names:
            if has_only_objects(table.columns[name]):
                inside = [one for one in every_name({name: table.columns[name]}) if one != name]
                raise ReadingError(
                    Problem(
                        "SV335",
                        f"`{name}` holds objects. Inside are {listed(inside)}.",
                        path=path,
                        where=_files(table),
                        help=f'name the value that is meant: `{path}="{inside[0]}"`.' if inside else "",
                    )
                )


def _no_column(table: Table, what: str, columns: str) -> Problem:
    names = listed(TIME_NAMES if what == "time" else EVENT_NAMES)
    return Problem(
        "SV304",
        f"no {what} column: none is named and none is called {names}. {columns}",
        path=what,
        where=_files(table),
        help=_CHOICES,
    )


def _looks_like_time(column: Column | None) -> bool:
    values = [] if column is None else column.values[:20]
    sample = [value for value in values if isinstance(value, str) and value]
    plain = sum(any("%" in form for form in suggested_formats(text)) for text in sample)
    read = read_times(Column(np.empty(0, np.int32), list(sample)), TimeRule())
    iso = sum(
        read.faults[code].code == "SV322" if code in read.faults else True for code in range(len(sample))
    )
    return bool(sample) and max(plain, iso) * 2 > len(sample)


def _files(table: Table) -> str:
    return (
        table.files[0] if len(table.files) == 1 else f"{table.files[0]} and {len(table.files) - 1} more files"
    )
