"""The flags that say how to read an export; each overrides the book's `events:`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.cli.console import Console
    from servstd.events import Log

F = TypeVar("F", bound=Callable[..., Any])

_FLAGS = (
    click.option("--time", metavar="COLUMN", help="Column with the instant."),
    click.option("--event", metavar="COLUMN", help="Column with the kind of event."),
    click.option("--timezone", metavar="ZONE", help="Zone of times without an offset: Europe/London."),
    click.option("--fold", type=click.Choice(["earlier", "later"]), help="Which of two equal local times is meant."),
    click.option("--time-format", metavar="FORMAT", help="iso, epoch_s, epoch_ms, excel_days or a strptime format."),
    click.option("--times", metavar="COLUMNS", help="Other columns that hold instants, by commas."),
    click.option("--planned", metavar="COLUMNS", help="Columns that are plans and never move as_of, by commas."),
    click.option("--covers", metavar="FROM..TO", help="The log is complete from this date to that one, exclusive."),
    click.option("--kinds", metavar="KINDS", help="Kinds of event that need not have happened, by commas."),
    click.option("--snapshots", is_flag=True, default=None, help="One row an update of a case's state."),
    click.option("--null-values", metavar="TEXTS", help="Texts that mean no value, by commas."),
    click.option("--order", type=click.Choice(["file"]), help="The position in the file orders equal times."),
    click.option("--id", metavar="COLUMN", help="Column that identifies an event."),
    click.option("--sequence", metavar="COLUMN", help="Column that orders events of one stamp."),
    click.option("--header", metavar="COLUMNS", help="Names of the columns of a CSV without a header, by commas."),
    click.option("--skip", type=click.IntRange(0), metavar="LINES", help="Lines of a CSV before its header."),
    click.option("--decimal", type=click.Choice([".", ","]), help="Decimal sign of numbers that are text."),
    click.option("--separator", metavar="SIGN", help="Separator of a CSV; found by itself."),
    click.option("--encoding", metavar="NAME", help="Encoding of text files; UTF-8."),
    click.option(
        "--read-as",
        type=click.Choice(["csv", "ndjson", "json", "parquet", "arrow", "xes"]),
        help="Format of a file whose name does not say it.",
    ),
    click.option("--most-cells", type=click.IntRange(1), help="Cells that a file may have without writing them."),
    click.option("--most-cases", type=click.IntRange(1), help="Cases to which one event may belong."),
    click.option("--strict", is_flag=True, default=None, help="Make rows that cannot be used an error."),
)  # fmt: skip
_LISTS = ("times", "planned", "null_values", "kinds", "header")


def reading_flags(command: F) -> F:
    """Give a command the flags of `read_events`; it gets those that were used as `reading`."""
    names = [name for flag in _FLAGS for name in _names_of(flag)]

    @wraps(command)
    def with_reading(*args: Any, **values: Any) -> Any:
        used = {name: values.pop(name) for name in names}
        return command(*args, reading=_options_from(used), **values)

    made: Any = with_reading
    for flag in reversed(_FLAGS):
        made = flag(made)
    found: F = made
    return found


def read_log(book: Book, sources: Sequence[str], reading: dict[str, Any], console: Console) -> Log:
    """Return the log of files, read by the book's options and the flags.

    Args:
        book: Its `events:` are the defaults.
        sources: Files, or `-` for stdin.
        reading: The flags that were used.
        console: Where progress is shown.
    """
    from servstd.events import ReadOptions, read_events  # noqa: PLC0415 - loads NumPy

    given = book.events.model_dump(exclude_unset=True) if book.events else {}
    options = ReadOptions(**{**given, **reading})
    console.doing(f"reading {', '.join(sources)}")
    try:
        return read_events(_source(sources, options), options=options)
    finally:
        console.doing("")


def parse_as_of(text: str | None, book: Book, reading: dict[str, Any]) -> datetime | None:
    """Return the instant of `--as-of`; one without an offset is read in the zone of the flags, else the book's.

    Raises:
        click.BadParameter: it is no instant, or no zone is known.
    """
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise click.BadParameter(
            f"`{text}` is no instant: write 2026-04-01T00:00Z.", param_hint="--as-of"
        ) from None
    if at.tzinfo is not None:
        return at
    from servstd.calendars.zones import zone_named  # noqa: PLC0415 - reads the zone data
    from servstd.intervals import datetime_utc  # noqa: PLC0415

    zone = reading.get("timezone") or (book.events.timezone if book.events else None) or book.timezone
    if zone is None:
        message = f"`{text}` names no zone: write {text}Z for UTC, or give --timezone."
        raise click.BadParameter(message, param_hint="--as-of")
    naive_us = round((at - datetime(1970, 1, 1)).total_seconds()) * 1_000_000 + at.microsecond  # noqa: DTZ001 - a difference of clock faces
    return datetime_utc(zone_named(zone).utc_us(naive_us))


def option_flags() -> dict[str, str]:
    """Return the flag of every reading option, by its name in Python and in books."""
    names = [name for flag in _FLAGS for name in _names_of(flag)]
    return {{"read_as": "format"}.get(name, name): "--" + name.replace("_", "-") for name in names}


def _options_from(used: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in used.items() if value is not None}
    if "read_as" in found:
        found["format"] = found.pop("read_as")
    if found.get("separator") in ("\\t", "tab"):
        found["separator"] = "\t"
    if "covers" in found:
        start, dots, end = found["covers"].partition("..")
        if not dots:
            message = f"`{start}` is no stretch of time: write 2026-03-01..2026-04-01."
            raise click.BadParameter(message, param_hint="--covers")
        found["covers"] = (start.strip(), end.strip())
    return {name: _split(value) if name in _LISTS else value for name, value in found.items()}


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _names_of(flag: Callable[[Any], Any]) -> list[str]:
    """Return the parameter names that a click decorator adds."""

    def probe() -> None:
        """Stand in for a command."""

    flag(probe)
    return [parameter.name for parameter in probe.__click_params__]  # type: ignore[attr-defined]


def _source(sources: Sequence[str], options: Any) -> Any:
    if list(sources) == ["-"]:
        if options.format is None:
            raise click.UsageError("events from stdin need --read-as csv, ndjson or json.")
        return sys.stdin.buffer
    return sources[0] if len(sources) == 1 else list(sources)
