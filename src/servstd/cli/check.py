"""`servstd check`: judge a log by a book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from servstd.cli.console import Console
from servstd.cli.reading import parse_as_of, read_log, reading_flags
from servstd.cli.running import as_usage
from servstd.errors import ServstdError

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.results.report import Report

FAILURES = ("missed", "insufficient", "no_data", "quarantine", "never")
FORMATS = ("text", "json", "markdown", "junit", "github", "html")


def _split_failures(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(name.strip().replace("-", "_") for value in values for name in value.split(","))
    for name in names:
        if name not in FAILURES:
            raise click.BadParameter(f"`{name}` is none of {', '.join(FAILURES)}.")
    return names or ("missed",)


def _split_segments(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"`{text}` is no NAME=VALUE: write region=North.")
        found.setdefault(name.strip(), []).append(value.strip())
    return found


@click.command()
@click.argument("book")
@click.argument("events", nargs=-1, required=True, metavar="EVENTS...")
@click.option("--as-of", metavar="INSTANT", help="Judge at this instant; the last event when left out.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file instead of stdout.")
@click.option(
    "--fail-on",
    multiple=True,
    callback=_split_failures,
    metavar="WHAT",
    help="What makes the exit code 1: missed (default), insufficient, no_data, quarantine, by commas; or never.",
)
@click.option(
    "--standard",
    "standards",
    multiple=True,
    metavar="ID",
    help="Only this standard decides; may be repeated.",
)
@click.option(
    "--window",
    metavar="WINDOW",
    help="Only these windows decide: last (of each objective the latest finished one), 2026-03, 2026-03..2026-05.",
)
@click.option(
    "--segment",
    "segments",
    multiple=True,
    callback=_split_segments,
    metavar="NAME=VALUE",
    help="Only this segment decides; may be repeated.",
)
@reading_flags
@click.pass_obj
def check(
    console: Console,
    *,
    book: str,
    events: tuple[str, ...],
    as_of: str | None,
    format_: str,
    output: Path | None,
    fail_on: tuple[str, ...],
    standards: tuple[str, ...],
    window: str | None,
    segments: dict[str, list[str]],
    reading: dict[str, Any],
) -> int:
    """Judge the EVENTS by the standards of BOOK.

    BOOK is a file or a folder of .yaml, .json or .toml. EVENTS are .csv, .ndjson, .json, .parquet or .xes files,
    also .gz, or `-` for stdin. Flags override the book's `events:` section.

    --standard, --window and --segment choose what decides the exit code and what is shown. They change no verdict.
    """
    spare_inputs(output, [Path(one) for one in (book, *events)])
    try:
        judged = _loaded(book, standards)
        report = _judged(judged, events, as_of, reading, console)
    except ServstdError as failure:
        if format_ == "github":
            from servstd.render.findings import as_commands  # noqa: PLC0415 - loads the engine

            console.print_exact("".join(f"{line}\n" for line in as_commands(failure.problems)))
        raise
    report = as_usage(lambda: report.select(standards=standards, window=window, segment=segments))
    _write(report, format_, output, console)
    if warnings := _warnings(judged, book):
        is_read = format_ == "text" and output is None
        console.print(f"\n{warnings}\n") if is_read else console.say(warnings)
    return exit_code(report, fail_on)


def _warnings(book: Book, path: str) -> str:
    """Return how much the lint finds in a book, and how to see it; empty where it finds nothing."""
    from servstd.results.wording import counted  # noqa: PLC0415 - loads the engine

    tally = Counter(one.severity for one in book.lint())
    named = [counted(tally[one], f"lint {one}") for one in ("error", "warning") if tally[one]]
    if not named:
        return ""
    them = "it" if tally["error"] + tally["warning"] == 1 else "them"
    return f"The book has {' and '.join(named)}. To see {them}: servstd lint {quote(path)}"


def _loaded(path: str, standards: tuple[str, ...]) -> Book:
    """Return the book; an id that it lacks is told before minutes of reading."""
    from servstd.loading import load  # noqa: PLC0415 - loads YAML

    book = load(path)
    if standards:
        from servstd.results.choice import Choice  # noqa: PLC0415 - loads the engine

        as_usage(lambda: Choice.of(book.judged, standards=standards, window=None, segment=None))
    return book


def _judged(
    book: Book, events: tuple[str, ...], as_of: str | None, reading: dict[str, Any], console: Console
) -> Report:
    from servstd.evaluation import evaluate  # noqa: PLC0415 - loads the engine

    instant = parse_as_of(as_of, book, reading)
    log = read_log(book, events, reading, console)
    return evaluate(book, log, as_of=instant, progress=console.progress("judging"))


def spare_inputs(output: Path | None, inputs: Sequence[Path]) -> None:
    """Refuse to write the report over what it is made from.

    Raises:
        click.UsageError: the output is one of the inputs.
    """
    if output is None or not output.is_file():
        return
    for one in inputs:
        if one.is_file() and one.samefile(output):
            raise click.UsageError(f"`{output}` is read: write the report to another file.")


def _write(report: Report, format_: str, output: Path | None, console: Console) -> None:
    if output is not None:
        console.save(output, report.render(format_))
        from servstd.render.notes import verdict_line  # noqa: PLC0415 - talk

        console.say(f"{verdict_line(report)} Written to {output}.")
    elif format_ == "text":
        from servstd.render.text import render  # noqa: PLC0415 - the only format that knows a terminal

        console.print(render(report, console.style()))
    else:
        console.print_exact(report.render(format_))


def exit_code(report: Report, fail_on: tuple[str, ...] = ("missed",)) -> int:
    """Return 0 met, 1 failed as asked, 3 nothing decided."""
    statuses = {one.status for one in report.attainments}
    if statuses.intersection(fail_on) or ("quarantine" in fail_on and report.log.quarantine):
        return 1
    return 0 if report.is_decided else 3
