"""`servstd lint`: what loads but cannot be meant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servstd.cli.check import spare_inputs
from servstd.cli.console import Console
from servstd.cli.reading import read_log, reading_flags

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.errors import Problem, StandardsError

FORMATS = ("text", "json", "sarif", "github")
FAILURES = ("error", "warning", "info", "never")
_CLEAN, _FOUND, _BAD_BOOK = 0, 1, 2


def _split_failures(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(name.strip() for value in values for name in value.split(","))
    for name in names:
        if name not in FAILURES:
            raise click.BadParameter(f"`{name}` is none of {', '.join(FAILURES)}.")
    return names or ("error", "warning")


@click.command()
@click.argument("books", nargs=-1, required=True, metavar="BOOK...")
@click.option(
    "--log", "logs", multiple=True, metavar="EVENTS", help="Events to look at as well; may be repeated."
)
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file instead of stdout.")
@click.option(
    "--fail-on",
    multiple=True,
    callback=_split_failures,
    metavar="SEVERITY",
    help="What makes the exit code 1: error, warning (both by default), info, by commas; or never.",
)
@reading_flags
@click.pass_obj
def lint(
    console: Console,
    *,
    books: tuple[str, ...],
    logs: tuple[str, ...],
    format_: str,
    output: Path | None,
    fail_on: tuple[str, ...],
    reading: dict[str, Any],
) -> int:
    """Find what loads but cannot be meant.

    BOOK is a file or a folder of .yaml, .json or .toml. Files that cannot be one book, because they give a default or
    an id twice, are looked at each by itself. With --log also names and values that the events never have.

    Exit codes: 0 nothing found, 1 findings of the severities of --fail-on, 2 bad usage or a book that does not load,
    3 unusable events.
    """
    from servstd.render.findings import severity_of  # noqa: PLC0415 - loads the engine

    spare_inputs(output, [Path(one) for one in (*books, *logs)])
    shelf = [book for source in books for book in _shelf(source, console)]
    found: list[Problem] = []
    for book in shelf:
        found += _findings(book, logs, reading, console)
    _write(found, len(shelf), format_, output, console)
    if any(isinstance(book, Exception) for book in shelf):
        return _BAD_BOOK
    return _FOUND if {severity_of(one) for one in found}.intersection(fail_on) else _CLEAN


def _shelf(source: str, console: Console) -> Sequence[Book | StandardsError]:
    from servstd.loading import load_each  # noqa: PLC0415 - loads YAML

    found = load_each(source)
    if len(found) > 1:
        console.say(f"{len(found)} books in {source}, each looked at by itself.")
    return found


def _findings(
    book: Book | StandardsError, logs: Sequence[str], reading: dict[str, Any], console: Console
) -> Sequence[Problem]:
    if isinstance(book, Exception):
        return book.problems
    return book.lint(read_log(book, logs, reading, console) if logs else None)


def _write(found: Sequence[Problem], books: int, format_: str, output: Path | None, console: Console) -> None:
    from servstd.render import findings  # noqa: PLC0415 - loads the engine

    if format_ == "text" and output is None:
        console.print(findings.render_text(found, books, console.style()))
        return
    if format_ == "text":
        text = findings.render_text(found, books)
    elif format_ == "sarif":
        from servstd.render.sarif import render  # noqa: PLC0415 - only one format is wanted

        text = render(found)
    else:
        text = (findings.render_json if format_ == "json" else findings.render_github)(found, books)
    if output is None:
        console.print_exact(text)
    else:
        console.save(output, text)
        console.say(f"{findings.summary(found, books)} Written to {output}.")
