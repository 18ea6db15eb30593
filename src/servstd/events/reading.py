"""`read_events`: from any source to a log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from servstd.events.assembly import log_from_table
from servstd.events.log import Log
from servstd.events.options import After, Moment, ReadOptions
from servstd.events.sources import Source, read_tables
from servstd.remembered import forgets_texts


@forgets_texts
def read_events(
    source: Source,
    *,
    options: ReadOptions | None = None,
    time: Moment | None = None,
    event: str | None = None,
    timezone: str | None = None,
    fold: Literal["earlier", "later"] = "earlier",
    time_format: str | Mapping[str, str] = "iso",
    times: tuple[str, ...] | list[str] = (),
    planned: tuple[str, ...] | list[str] = (),
    milestones: Mapping[str, str | tuple[str, str] | list[str] | Mapping[str, str] | After] | None = None,
    covers: tuple[str | date, str | date] | list[str | date] | None = None,
    kinds: tuple[str, ...] | list[str] = (),
    snapshots: bool = False,
    null_values: tuple[str, ...] | list[str] = ("", "?", "NULL"),
    nulls: Literal["keep", "clear"] = "keep",
    order: Literal["file"] | None = None,
    id: str | tuple[str, ...] | list[str] | None = None,  # noqa: A002 - the word of the domain
    sequence: str | None = None,
    rename: Mapping[str, str] | None = None,
    header: tuple[str, ...] | list[str] | None = None,
    skip: int = 0,
    decimal: Literal[".", ","] = ".",
    most_cells: int = 50_000_000,
    most_cases: int = 1_000,
    strict: bool = False,
    separator: str | None = None,
    encoding: str | None = None,
    format: str | None = None,  # noqa: A002 - what everybody calls it
) -> Log:
    """Read events from a file, several files, Python rows or a frame.

    Every row is accounted for: it is in the log, in `log.quarantine` with its file, row number and reason, or
    merged into an equal event of the same id (`log.counts`). Times are never guessed: `01/02/2026` needs a
    `time_format`, and a local time needs a `timezone`.

    Args:
        source: A path (`.csv .tsv .ndjson .jsonl .json .parquet .arrow .feather .xes`, each also `.gz`), a
            glob, a list of paths, a file object, an iterable of mappings or `Event`s, or an object with
            `__arrow_c_stream__`.
        options: All of the following in one object; a keyword that differs from its default wins over it.
        time: Column with the instant, or two columns with date and time of day.
        event: Column with the kind of event.
        timezone: Zone of times without an offset.
        fold: Which of the two a local time means that occurs twice. One that never occurs is the instant of
            the change.
        time_format: `iso`, a strptime format, `epoch_s`, `epoch_ms`, `epoch_us`, `excel_days`, or a
            mapping by column.
        times: Other columns that hold instants and stay fields.
        planned: Columns or milestones that are plans: they never move `as_of`.
        milestones: Wide tables: event kind to column, pair of columns, or `{"after": …, "seconds": …}`.
        covers: From when to when the log is complete, half-open: local dates of the book's zone, or instants.
            Its end is then the instant of the judgement.
        kinds: Kinds of event that a standard names and that need not have happened.
        snapshots: One row an update of a case's state; each is an event `updated`.
        null_values: Texts that mean no value.
        nulls: What a null does to the value the case had: `keep` or `clear`.
        order: `file` makes the position in the file the sequence.
        id: Column or columns that identify an event.
        sequence: Column with an integer that orders events of one stamp.
        rename: New names of fields.
        header: Names of the columns of a CSV that has no header.
        skip: How many lines of a CSV stand before its header; found by themselves where the named columns stand in a
            later line.
        decimal: The decimal sign in numbers that are written as text.
        most_cells: How many cells a file may have without writing them: those that short rows of a CSV lack, and
            attributes of a trace on each event of XES.
        most_cases: To how many cases one event may belong; one of more goes to quarantine when the log is judged.
        strict: Make quarantine an error.
        separator: Separator of a CSV; found by itself.
        encoding: Encoding of text files; UTF-8.
        format: Format of a file whose name does not say it.

    Returns:
        The log.

    Raises:
        EventsError: When no row can be used, or (`strict`) when one cannot: SV320 to SV331.
        ReadingError: When the options do not fit the file: SV301 to SV313, SV332 to SV335.

    Example:
        >>> log = read_events([{"time": "2026-03-02T09:00Z", "event": "inquiry.received", "ticket": "T-1"}])
        >>> len(log), log.kinds, log.events[0].fields
        (1, ['inquiry.received'], {'ticket': 'T-1'})
    """
    given: dict[str, Any] = {
        name: value for name, value in locals().items() if name not in {"source", "options"}
    }
    defaults = {name: field.default for name, field in ReadOptions.model_fields.items()}
    changed = {name: value for name, value in given.items() if value != defaults[name]}
    if options is None:
        options = ReadOptions(**changed)
    elif changed:
        options = ReadOptions(**{**options.model_dump(exclude_unset=True), **changed})
    table, options = read_tables(source, options)
    return log_from_table(table, options)
