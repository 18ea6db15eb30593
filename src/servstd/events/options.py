"""How to read an export: one model for the Python call, the book's `events:` and the command line's flags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, ClassVar, Literal, TypeAlias

from pydantic import Field, field_validator, model_validator

from servstd.calendars.zones import zone_named
from servstd.errors import Problem, ReadingError, ServstdError
from servstd.events.covers import Covers
from servstd.events.strptime import check_directives, parser_for
from servstd.models import Model

TIME_NAMES = ("timestamp", "time", "time:timestamp")
EVENT_NAMES = ("activity", "event", "kind", "concept:name")
"""The columns of time and kind where none are named."""
EPOCH_UNITS_US = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
EXCEL_DAYS = "excel_days"
NUMBER_FORMATS = (*EPOCH_UNITS_US, EXCEL_DAYS)
"""Formats of times that are numbers."""
SPAN_UNITS = {
    "milliseconds": 1_000,
    "seconds": 1_000_000,
    "minutes": 60_000_000,
    "hours": 3_600_000_000,
    "days": 86_400_000_000,
}


class After(Model):
    """Place a milestone a number of seconds (minutes, hours, days) after another one, or after a column.

    Exactly one of the units names the column. A bare number counts in that unit; a cell may also say its own:
    `1h 30m`, `90 min`, `PT1H30M`, `0 days 01:30:00`. `1:30` is 1 hour 30 minutes in a column of hours, and 1 minute 30
    seconds in one of minutes or seconds.

    Example:
        >>> After(after="called", seconds="Speed of answer in seconds").column
        'Speed of answer in seconds'
    """

    error: ClassVar[type[ServstdError]] = ReadingError

    after: str
    """The milestone, or the column with the instant, from which the number counts.

    Examples: `called`
    """
    milliseconds: str | None = None
    """The column of lengths whose bare numbers are milliseconds.

    Examples: `Wait in ms`
    """
    seconds: str | None = None
    """The column of lengths whose bare numbers are seconds.

    Examples: `Speed of answer in seconds`
    """
    minutes: str | None = None
    """The column of lengths whose bare numbers are minutes.

    Examples: `Wait in minutes`
    """
    hours: str | None = None
    """The column of lengths whose bare numbers are hours.

    Examples: `Age in hours`
    """
    days: str | None = None
    """The column of lengths whose bare numbers are days of exactly 24 hours.

    Examples: `Age in days`
    """

    @model_validator(mode="after")
    def _one_unit(self) -> After:
        if sum(getattr(self, unit) is not None for unit in SPAN_UNITS) != 1:
            raise ReadingError(
                Problem(
                    "SV301",
                    f"a milestone after `{self.after}` needs one column of seconds.",
                    help="`{after: called, seconds: Speed of answer in seconds}`; also minutes, hours, days.",
                )
            )
        return self

    @property
    def unit(self) -> str:
        """The unit that is given."""
        return next(unit for unit in SPAN_UNITS if getattr(self, unit) is not None)

    @property
    def column(self) -> str:
        """The column with the number."""
        return str(getattr(self, self.unit))


Moment: TypeAlias = str | tuple[str, str]
"""A column with an instant, or a column with the date and one with the time of day."""


class ReadOptions(Model):
    """Say what the columns of an export mean.

    Columns are named as in the file, whatever `rename` makes of them later; a dotted name (`meta.at`) is a value inside
    an object.

    Example:
        >>> ReadOptions(time="when", event="what", timezone="Europe/London").fold
        'earlier'
    """

    error: ClassVar[type[ServstdError]] = ReadingError

    time: Moment | None = None
    """Column with the instant, or two columns with date and time of day. Default: `timestamp`, else `time`,
    else XES's `time:timestamp`.

    Examples: `timestamp`, `[Date, Time]`
    """
    event: str | None = None
    """Column with the kind of event. Default: `activity`, else `event`, else `kind`, else XES's `concept:name`.

    Examples: `activity`
    """
    timezone: str | None = None
    """Zone of times that are written without an offset: `Europe/London`. Offsets in the text are honoured.

    Examples: `Europe/London`
    """
    fold: Literal["earlier", "later"] = "earlier"
    """Which of the two a local time means that occurs twice when clocks go back.

    Examples: `later`
    """
    time_format: str | dict[str, str] = "iso"
    """`iso`, a strptime format, `epoch_s`, `epoch_ms`, `epoch_us` or `excel_days`; or a mapping from columns to
    these, the others being iso. `01/02/2026` is never guessed.

    Examples: `epoch_ms`, `"%d/%m/%Y %H:%M"`, `{closed: "%d/%m/%Y"}`
    """
    times: tuple[str, ...] = ()
    """Other columns that hold instants and stay fields: `target_dt`, for `within: $target_dt`.

    Examples: `[target_dt]`
    """
    planned: tuple[str, ...] = ()
    """Columns or milestones that are plans, not facts: they never move `as_of`.

    Examples: `[target_dt]`
    """
    milestones: dict[str, str | tuple[str, str] | After] | None = None
    """For tables with one row a case: event kind to its column, to a pair of date and time columns, or to a length of
    time after another one, `{after: …, seconds: …}`. One event a filled cell; all other columns are fields on each.

    Examples: `{opened: open_dt, closed: [closed_date, closed_time]}`,
    `{answered: {after: called, seconds: Speed of answer in seconds}}`
    """
    covers: tuple[str, str] | None = None
    """From when to when the log is complete, half-open: local dates of the book's zone, or instants with an offset.

    Its end is then the instant of the judgement, and windows that it holds whole are judged. Events before its
    beginning are still read for the state of their case. Default: the log begins with its first event.

    Examples: `[2026-03-01, 2026-04-01]`, `["2026-03-01T00:00Z", "2026-03-08T00:00Z"]`
    """
    kinds: tuple[str, ...] = ()
    """Kinds of event that the log may lack: a standard names them, and that none came is no slip of the pen.

    Examples: `[reopened, survey.answered]`
    """
    snapshots: bool = False
    """One row an update of a case's state: each is an event `updated` (or `event`'s value) with all its fields.

    Examples: `true`
    """
    null_values: tuple[str, ...] = ("", "?", "NULL")
    """Texts that mean no value.

    Examples: `["", "NULL", n/a]`
    """
    nulls: Literal["keep", "clear"] = "keep"
    """What a null in a field does to the value the case had: `keep` it, or `clear` it.

    Examples: `clear`
    """
    order: Literal["file"] | None = None
    """`file`: among events of one stamp the position in the file is the sequence. Default: they are a set.

    Examples: `file`
    """
    id: str | tuple[str, ...] | None = None
    """Column or columns that identify an event: copies are merged, corrections replace. They stay fields.

    Examples: `event_id`, `[ticket, line]`
    """
    sequence: str | None = None
    """Column with an integer that orders events of one stamp and corrections of one id.

    Examples: `number`
    """
    rename: dict[str, str] | None = None
    """New names of fields: `{"case:concept:name": "case_id"}`.

    Examples: `{"case:concept:name": case_id}`
    """
    header: tuple[str, ...] | None = None
    """Names of the columns of a CSV that has no header, in their order. The last fields of a short row are absent.

    Examples: `[time, callid, queue, agent, event, d1, d2]`
    """
    skip: int = Field(default=0, ge=0)
    """How many lines of a CSV stand before its header, or before its first row where `header` names the columns.
    Lines before a header that holds the named columns are found by themselves.

    Examples: `2`
    """
    decimal: Literal[".", ","] = "."
    """The decimal sign in numbers that are written as text. The other sign, which may mean thousands, makes a text no
    number.

    Examples: `","`
    """
    most_cells: int = Field(default=50_000_000, ge=1)
    """How many cells a file may have that it does not write: those that short rows of a CSV lack, and the attributes of
    a trace on each event of XES. A file with more is refused (SV310).

    Examples: `200000000`
    """
    most_cases: int = Field(default=1_000, ge=1)
    """To how many cases one event may belong, where fields that name the case hold lists. An event of more goes to
    quarantine (SV336).

    Examples: `5000`
    """
    strict: bool = False
    """Make anything that would go to quarantine an error.

    Examples: `true`
    """
    separator: str | None = Field(default=None, min_length=1, max_length=1)
    r"""Separator of a CSV: `,` `;` `|` or a tab. Default: the one most frequent in the header.

    Examples: `";"`
    """
    encoding: str | None = None
    """Encoding of text files: `latin-1`, `cp1252`, `utf-16`. Default: UTF-8, with or without BOM.

    Examples: `latin-1`
    """
    format: Literal["csv", "ndjson", "json", "parquet", "arrow", "xes"] | None = None
    """Format of a file whose name does not say it.

    Examples: `ndjson`
    """

    @field_validator("covers", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        """Take dates and datetimes of Python as the text that a book would hold."""
        if not isinstance(value, (list, tuple)):
            return value
        return tuple(one.isoformat() if isinstance(one, (date, datetime)) else one for one in value)

    @property
    def coverage(self) -> Covers | None:
        """What the log covers, where that is said.

        Raises:
            ReadingError: SV342 no date or instant, SV415 an end before its beginning.
        """
        return None if self.covers is None else Covers(*self.covers, timezone=self.timezone)

    @property
    def named_columns(self) -> Iterator[tuple[str, str]]:
        """Every column that is named, each with the option that names it."""
        yield from (("time", name) for name in columns_of(self.time))
        yield from ((path, name) for path in ("event", "sequence") if (name := getattr(self, path)))
        yield from (("id", name) for name in columns_of(self.id))
        yield from (("times", name) for name in self.times)
        milestones = self.milestones or {}
        inside = {
            name
            for spec in milestones.values()
            for name in ([] if isinstance(spec, After) else columns_of(spec))
        }
        yield from (
            ("planned", name) for name in self.planned if name not in milestones and name not in inside
        )
        yield from (("rename", name) for name in self.rename or {})
        if isinstance(self.time_format, dict):
            yield from (("time_format", name) for name in self.time_format)
        for kind, spec in milestones.items():
            path = f"milestones.{kind}"
            if not isinstance(spec, After):
                yield from ((path, name) for name in columns_of(spec))
                continue
            yield path, spec.column
            if spec.after not in milestones:
                yield path, spec.after

    @model_validator(mode="after")
    def _one_shape(self) -> ReadOptions:
        problems = list(self._contradictions())
        if problems:
            raise ReadingError(problems)
        return self

    def _contradictions(self) -> list[Problem]:
        found = []
        if self.milestones is not None:
            found += [
                Problem(
                    "SV304",
                    f"`milestones` and `{name}` cannot both be given.",
                    path=name,
                    help="a wide table takes its times and kinds from `milestones` alone.",
                )
                for name in ("time", "event", "snapshots")
                if getattr(self, name)
            ]
            if not self.milestones:
                found.append(Problem("SV301", "`milestones` is empty.", path="milestones"))
        if self.order is not None and self.sequence is not None:
            found.append(
                Problem(
                    "SV301",
                    "`order` and `sequence` cannot both be given.",
                    path="order",
                    help="`order: file` makes the position the sequence; drop one of them.",
                )
            )
        found += self._bad_header()
        found += self._bad_times()
        try:
            self.coverage  # noqa: B018 - it is checked by being made
        except ReadingError as wrong:
            found += wrong.problems
        return found

    def _bad_header(self) -> list[Problem]:
        if self.header is None:
            return []
        if not self.header:
            return [Problem("SV301", "`header` is empty.", path="header")]
        twice = [name for name, often in Counter(map(str.strip, self.header)).items() if often > 1 and name]
        return [
            Problem(
                "SV332",
                f"`header` names `{name:.60}` twice.",
                path="header",
                help="give each column a name of its own; an empty text is a column that is not needed.",
            )
            for name in twice
        ]

    def _bad_times(self) -> list[Problem]:
        formats = [self.time_format] if isinstance(self.time_format, str) else [*self.time_format.values()]
        found: list[Problem] = []
        for format_ in formats:
            if format_ != "iso" and format_ not in NUMBER_FORMATS:
                # The format of one column may be that of a time of day alone, which joins a date.
                check = parser_for if isinstance(self.time_format, str) else check_directives
                found += _problems_of(check, format_, "time_format")
        if self.timezone is not None:
            found += _problems_of(zone_named, self.timezone, "timezone")
        return found


def columns_of(moment: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the columns of a moment or an id, which is one column or several."""
    return () if moment is None else (moment,) if isinstance(moment, str) else moment


def _problems_of(check: Callable[[str], object], text: str, path: str) -> list[Problem]:
    try:
        check(text)
    except ServstdError as wrong:
        return [problem.at(path=path) for problem in wrong.problems]
    return []
