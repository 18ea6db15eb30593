"""The log: every event in columns, in one order that does not depend on the order of the files."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from servstd.errors import EvaluationError, Problem, ReadingError
from servstd.events.columns import Codes, Column, Instants, taken
from servstd.events.covers import Covers, outside
from servstd.events.event import Event
from servstd.events.grouping import Groups, groups_of
from servstd.events.identity import NO_SEQUENCE, id_key
from servstd.events.names import column_of, every_name, has_objects, with_nested
from servstd.events.options import ReadOptions
from servstd.events.quarantine import Counts, QuarantinedRow
from servstd.events.showing import log_html
from servstd.events.values import content_key, key_text
from servstd.intervals import datetime_utc, instant_text

if TYPE_CHECKING:
    from servstd.events.sources import Source

CaseKey: TypeAlias = tuple[str, ...]
SENTINEL_US = 366 * 86_400_000_000


@dataclass(slots=True)
class Row:
    """Hold one event as the engine reads it; shared, so never to be changed.

    Args:
        time_us: The instant.
        kind: The kind of event.
        fields: What this event itself carries.
        sequence: Its order among events of one stamp, if the source has one.
        id: Its id, if the source has one.
        index: Its position in the log.
        is_planned: Whether it is a plan and not a fact.
        source: Which row of a wide table it is a milestone of; -1 where a row is one event.
    """

    time_us: int
    kind: str
    fields: dict[str, object]
    sequence: int | None
    id: str | None
    index: int
    is_planned: bool = False
    source: int = -1


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Return events of one instant in the order of a log: by sequence, by id, then by content, what is absent first.

    Args:
        rows: The events.
    """
    names = sorted({name for row in rows for name in row.fields})

    def key(row: Row) -> tuple[object, ...]:
        content = [(1, content_key(row.fields[name])) if name in row.fields else (0, "") for name in names]
        return (
            NO_SEQUENCE if row.sequence is None else row.sequence,
            (-1, 0, "") if row.id is None else id_key(row.id),
            row.kind,
            content,
        )

    return sorted(rows, key=key)


def placed(rows: Sequence[Row], one: Row) -> list[Row]:
    """Return events in the order of a log, one more among them.

    Args:
        rows: The events, in order.
        one: The one more.
    """
    first, last = (side(rows, one.time_us, key=attrgetter("time_us")) for side in (bisect_left, bisect_right))
    return [*rows[:first], *in_order([*rows[first:last], one]), *rows[last:]]


@dataclass(frozen=True, eq=False, repr=False)
class Log:
    """Hold events in columns; immutable, picklable, shared between threads.

    Events stand in the order of time, sequence, id and content, never of the file, so that a shuffled export
    is the same log.

    Args:
        times: Instants, int64 µs since the epoch.
        kinds: The kinds of event there are.
        kind_codes: The kind of each.
        fields: What events carry, by name.
        ids: Their ids, or None when the source has none.
        sequences: int64, `NO_SEQUENCE` where there is none; None when the source has none.
        is_planned: Which events are plans.
        files: The sources, by name.
        file_codes: The source of each event.
        rows: Its row number there, as a spreadsheet shows it.
        quarantine: Rows and milestones that could not be used.
        unread: Instants in fields that could not be read and are absent.
        counts: What became of every row.
        planned: Names of columns and milestones that are plans.
        notes: What a reader should know: copies, merged events.
        milestones: The kinds of event that were columns of a wide table, where one row may be reversed.
        covers: From when to when it is complete, where its reader was told.
        may_lack: Kinds of event that a standard may name though none is there.
        most_cases: To how many cases one event may belong.
        undated: The events whose time cannot be read, as a log whose times mean nothing and whose `quarantine` says of
            each what is wrong; None where every time was read.
        unread_cells: By field, the events in which its instant cannot be read.
    """

    times: Instants
    kinds: list[str]
    kind_codes: Codes
    fields: Mapping[str, Column]
    ids: Column | None
    sequences: Instants | None
    is_planned: NDArray[np.bool_]
    files: list[str]
    file_codes: Codes
    rows: NDArray[np.int64]
    quarantine: tuple[QuarantinedRow, ...]
    unread: tuple[QuarantinedRow, ...]
    counts: Counts
    planned: tuple[str, ...]
    notes: tuple[str, ...]
    milestones: frozenset[str] = frozenset()
    covers: Covers | None = None
    may_lack: frozenset[str] = frozenset()
    most_cases: int = 1_000
    undated: Log | None = None
    unread_cells: Mapping[str, NDArray[np.intp]] = field(default_factory=dict)

    @classmethod
    def empty(cls, counts: Counts | None = None, planned: tuple[str, ...] = ()) -> Log:
        """Return a log without events."""
        none = np.empty(0, np.int64)
        codes = np.empty(0, np.int32)
        return cls(none, [], codes, {}, None, None, np.empty(0, bool), [], codes, none, (), (),
                   counts or Counts(), planned, ())  # fmt: skip

    def __len__(self) -> int:
        return len(self.times)

    @property
    def events(self) -> Sequence[Event]:
        """The events as objects, made when asked for."""
        return _Events(self)

    def row(self, index: int) -> Row:
        """Return the event at a position."""
        if "_every_row" in self.__dict__:
            return self._every_row[index]
        return self._made_rows(np.array([index], np.intp))[0]

    def until(self, at_us: int) -> Log:
        """Return the log as it was known at an instant: without the events after it.

        Events keep their positions. The fields that events may carry stay the same.

        Args:
            at_us: The instant, µs; events of that very instant are known.

        Example:
            >>> from servstd.events import read_events
            >>> log = read_events([{"time": "2026-03-02T09:00Z", "event": "asked"},
            ...                    {"time": "2026-03-05T09:00Z", "event": "moved"}])
            >>> log.until(int(log.times[0])).kinds
            ['asked']
        """
        stop = int(np.searchsorted(self.times, at_us, side="right"))
        if stop == len(self):
            return self
        return self.taken(np.arange(stop))

    def taken(self, known: NDArray[np.intp]) -> Log:
        """Return the log with some of its events.

        Args:
            known: Their positions, ascending.
        """
        there, codes = np.unique(self.kind_codes[known], return_inverse=True)
        return replace(
            self,
            times=self.times[known],
            kinds=[self.kinds[code] for code in there.tolist()],
            kind_codes=codes.astype(np.int32),
            fields=taken(self.fields, known),
            ids=None if self.ids is None else self.ids.take(known),
            sequences=None if self.sequences is None else self.sequences[known],
            is_planned=self.is_planned[known],
            file_codes=self.file_codes[known],
            rows=self.rows[known],
            unread_cells={
                name: np.flatnonzero(np.isin(known, cells)) for name, cells in self.unread_cells.items()
            },
        )

    def where(self, index: int) -> str:
        """Return where an event was read: `export.csv row 17`."""
        return f"{self.files[int(self.file_codes[index])]} row {int(self.rows[index])}"

    def cases(self, keys: tuple[str, ...] | str) -> Iterator[tuple[CaseKey, list[Row]]]:
        """Yield every case with its events in order, cases in the order of their keys.

        An event that lacks one of the keys belongs to no case (`without_case` counts it); one whose key
        holds a list belongs to the case of each element. A field that nothing carries gives no case.

        Args:
            keys: The field or fields that identify a case.
        """
        groups = self._groups(keys)
        rows = self._every_row
        for key, start, stop in groups:
            yield key, [rows[index] for index in groups.members[start:stop].tolist()]

    def all_rows(self) -> list[Row]:
        """Return every event, in order."""
        return list(self._every_row)

    def column(self, name: str) -> Column | None:
        """Return what a name means: the field so called, else a value inside an object (`status.name`); or None.

        Example:
            >>> from servstd.events import read_events
            >>> log = read_events([{"time": "2026-03-02T09:00Z", "event": "a", "status": {"name": "open"}}])
            >>> log.column("status.name").values
            ['open']
        """
        return column_of(self.fields, name)

    @property
    def names(self) -> list[str]:
        """Every name that a book can use: the fields, and the values inside objects by their dotted names."""
        return every_name(self.fields)

    def with_nested(self, names: Iterable[str]) -> Log:
        """Return the log with a field for every name that means a value inside an object.

        A dotted field is carried like any other: an event whose `ticket` lacks `priority` leaves `ticket.priority`
        as it was.

        Args:
            names: Names of any sort; those that mean nothing here are passed over.
        """
        if not any(map(has_objects, self.fields.values())):
            return self
        wanted = tuple(names)
        fields = with_nested(self.fields, wanted)
        if fields is self.fields:
            return self
        undated = self.undated and self.undated.with_nested(wanted)
        return replace(self, fields=fields, undated=undated)

    def without_case(self, keys: tuple[str, ...] | str) -> int:
        """Return how many events carry no case key."""
        return self._groups(keys).without

    def with_fields(
        self,
        attributes: Source,
        *,
        on: str,
        key: str | None = None,
        prefix: str | None = None,
        options: ReadOptions | None = None,
    ) -> Log:
        """Return the log with attributes of its cases: `$customer.first_name`.

        Every event whose `on` is in the attributes carries them. Keys compare as text, so `17` finds `"17"`.

        Args:
            attributes: One row a key: whatever `read_events` reads.
            on: The log's field.
            key: The attributes' column; default: the same name.
            prefix: What stands before the dot; default: `on` without `_id`. Empty: the bare names.
            options: How to read the attributes (`null_values`, `separator`, `encoding`).

        Raises:
            ReadingError: SV303 for an unknown field or column, SV311 for a name that is taken.
            EventsError: SV328 for a key with two different rows.

        Example:
            >>> from servstd.events import read_events
            >>> log = read_events([{"time": "2026-03-02T09:00Z", "event": "greeting", "customer_id": "C-1"}])
            >>> log = log.with_fields([{"customer_id": "C-1", "first_name": "Ann"}], on="customer_id")
            >>> log.events[0].fields
            {'customer_id': 'C-1', 'customer.first_name': 'Ann'}
        """
        from servstd.events.joining import joined  # noqa: PLC0415 - it reads sources, and sources make logs

        return joined(self, attributes, on, key or on, prefix, options or ReadOptions())

    @cached_property
    def _every_row(self) -> list[Row]:
        return self._made_rows(np.arange(len(self)))

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "_every_row"}

    def _groups(self, keys: tuple[str, ...] | str) -> Groups:
        return groups_of(self.columns((keys,) if isinstance(keys, str) else tuple(keys)))

    def columns(self, names: Sequence[str]) -> list[Column]:
        """Return what several names mean; a column that carries nothing for one that means nothing."""
        return [self.column(name) or Column.absent(len(self)) for name in names]

    def _made_rows(self, once: NDArray[np.intp]) -> list[Row]:
        fields = self._field_dicts(once)
        kinds = [self.kinds[code] for code in self.kind_codes[once].tolist()]
        ids = self._texts(self.ids, once)
        sequences = self._sequence_list(once)
        every = zip(self.times[once].tolist(), kinds, fields, sequences, ids, once.tolist(),
                    self.is_planned[once].tolist(), self._sources(once), strict=True)  # fmt: skip
        return [Row(*parts) for parts in every]

    def _sources(self, members: NDArray[np.intp]) -> list[int]:
        """Return which row of which file each event is a milestone of; -1 where a row is one event."""
        if not self.milestones:
            return [-1] * len(members)
        sources: list[int] = (self.file_codes[members].astype(np.int64) << 40 | self.rows[members]).tolist()
        return sources

    def _field_dicts(self, members: NDArray[np.intp]) -> list[dict[str, object]]:
        made: list[dict[str, object]] = [{} for _ in range(len(members))]
        for name, column in self.fields.items():
            values = column.values
            carried, codes = column.carried(members)
            for number, code in zip(carried.tolist(), codes.tolist(), strict=True):
                made[number][name] = values[code]
        return made

    @staticmethod
    def _texts(column: Column | None, members: NDArray[np.intp]) -> list[str | None]:
        if column is None:
            return [None] * len(members)
        return [
            None if code < 0 else key_text(column.values[code]) for code in column.codes[members].tolist()
        ]

    def _sequence_list(self, members: NDArray[np.intp]) -> list[int | None]:
        if self.sequences is None:
            return [None] * len(members)
        return [None if number == NO_SEQUENCE else number for number in self.sequences[members].tolist()]

    def as_of(self, timezone: str | None = None) -> tuple[int, str]:
        """Return the instant to judge at when none is given, and how it was chosen.

        It is the end of what the log covers, where that was said; else the last instant at which something happened.
        Plans never count. Every other event does, whether a standard uses it or not.

        Args:
            timezone: The zone of the book, for local dates of `covers`.

        Raises:
            EvaluationError: SV401 for a log in which nothing happened; SV402 when the last event lies more
                than 366 days after the one before it, which is how a sentinel of year 2059 looks; SV414, SV415 for
                what the log covers.
        """
        if self.covers is not None:
            return self.covers.bounds_us(timezone)[1], "the end of what the log covers"
        happened = self._happened
        if not len(happened):
            raise EvaluationError(
                Problem(
                    "SV401",
                    "the log holds no event that has happened, so there is no `as_of` to judge at.",
                    help="give `as_of`.",
                )
            )
        last = int(happened[-1])
        last_us = int(self.times[last])
        earlier = self.times[happened]
        earlier = earlier[earlier < last_us]
        if len(earlier) and last_us - int(earlier[-1]) > SENTINEL_US:
            raise EvaluationError(self._lonely_last(last, int(earlier[-1])))
        # Named by its kind, not by its row: a shuffled file must read alike.
        return last_us, f"the last event ({self.kinds[int(self.kind_codes[last])]})"

    def begins_us(self, timezone: str | None = None, *, as_of_us: int | None = None) -> int | None:
        """Return from when on the log is complete, µs: as its reader was told, else its first event; None without any.

        Args:
            timezone: The zone of the book, for local dates of `covers`.
            as_of_us: The instant of the judgement: what comes later is not read. None reads all.

        Raises:
            EvaluationError: SV413 when the first event lies more than 366 days before the next one, which is how
                many systems write "none"; SV416 when no event lies in what the log is said to cover; SV414, SV415.
        """
        happened = self._happened
        if self.covers is not None:
            start, end = self.covers.bounds_us(timezone)
            if len(happened):
                times = self.times[happened]
                if not ((times >= start) & (times < end)).any():
                    raise EvaluationError(outside(self.covers, int(times[0]), int(times[-1])))
            return start
        if not len(happened):
            return int(self.times[0]) if len(self) else None
        first = int(happened[0])
        first_us = int(self.times[first])
        later = self.times[happened]
        later = later[later > first_us]
        if as_of_us is not None:
            later = later[later <= as_of_us]
        if len(later) and int(later[0]) - first_us > SENTINEL_US:
            raise EvaluationError(self._lonely_first(first, int(later[0])))
        return first_us

    @cached_property
    def _happened(self) -> NDArray[np.intp]:
        """The positions of the events that are no plans."""
        return np.flatnonzero(~self.is_planned)

    def _lonely_last(self, last: int, before_us: int) -> Problem:
        return Problem(
            "SV402",
            f"the last event is dated {instant_text(int(self.times[last]))}, more than 366 days after the "
            f"one before it ({instant_text(before_us)}): it may stand for `never`.",
            where=self.where(last),
            help=f"give `as_of`, for example `as_of={instant_text(before_us)}`; or name the value in "
            "`null_values`, or the column in `planned`.",
        )

    def _lonely_first(self, first: int, next_us: int) -> Problem:
        return Problem(
            "SV413",
            f"the first event is dated {instant_text(int(self.times[first]))}, more than 366 days before the "
            f"next one ({instant_text(next_us)}): it may stand for `none`.",
            where=self.where(first),
            help="name the value in `null_values`; or, if it is true, say from when to when the log is complete: "
            f"`covers: [{instant_text(next_us)[:10]}, …]`.",
        )

    def to_rows(
        self,
        *,
        time: str = "time",
        event: str = "event",
        id: str = "event_id",  # noqa: A002 - the word of the domain
        sequence: str = "event_sequence",
    ) -> list[dict[str, object]]:
        """Return the events as mappings that `read_events` reads back, given the same names.

        Args:
            time: Column for the instants, as aware datetimes.
            event: Column for the kinds.
            id: Column for the ids, if the log has any.
            sequence: Column for the sequences, if the log has any.

        Raises:
            ReadingError: SV311 when a field has one of these names.
        """
        taken = [name for name in (time, event, id, sequence) if name in self.fields]
        if taken:
            raise ReadingError(
                Problem("SV311", f"the log has a field `{taken[0]}`.", help="give the column another name.")
            )
        made = []
        for row in self._every_row:
            one: dict[str, object] = {time: datetime_utc(row.time_us), event: row.kind, **row.fields}
            one |= {id: row.id} if self.ids is not None else {}
            one |= {sequence: row.sequence} if self.sequences is not None else {}
            made.append(one)
        return made

    def __repr__(self) -> str:
        return f"<Log: {self._summary()}>"

    def _repr_html_(self) -> str:
        return log_html(self, self._summary())

    def _summary(self) -> str:
        parts = [f"{len(self):,} events", f"{len(self.kinds):,} kinds", f"{len(self.fields):,} fields"]
        if len(self):
            parts.append(f"{instant_text(int(self.times[0]))} to {instant_text(int(self.times[-1]))}")
        if self.quarantine:
            parts.append(f"{len(self.quarantine):,} in quarantine")
        return ", ".join(parts)


class _Events(Sequence[Event]):
    """Show a log's rows as events."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def __iter__(self) -> Iterator[Event]:
        return map(_event, self._log.all_rows())

    def __len__(self) -> int:
        return len(self._log)

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Event]: ...
    def __getitem__(self, index: int | slice) -> Event | Sequence[Event]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(f"the log has {len(self)} events")
        return _event(self._log.row(index % len(self)))

    def __repr__(self) -> str:
        return f"<{len(self):,} events>"


def _event(row: Row) -> Event:
    return Event(row.kind, datetime_utc(row.time_us), row.fields, id=row.id, sequence=row.sequence)
