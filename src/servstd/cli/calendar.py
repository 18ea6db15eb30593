"""`servstd calendar`: show a calendar, count the time between two instants, find a due date."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from servstd.cli.console import Console
from servstd.escaping import printable

if TYPE_CHECKING:
    from servstd.calendars import Calendar

_DESCRIBED = """
Name the calendar of a book (`standards.yaml office`), or describe one with --timezone, --hours, --breaks and
--holidays. Instants are ISO 8601; one without an offset is read in the calendar's own zone.
"""


@click.group(epilog=_DESCRIBED)
def calendar() -> None:
    """Ask a calendar: its hours, the open time between two instants, a due date."""


def _described(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that describe a calendar in place of a book's."""
    for option in reversed(
        (
            click.option("--timezone", help="IANA zone: Europe/London."),
            click.option(
                "--hours", multiple=True, help='Weekly hours: "mon-fri 09:00-17:00"; may be repeated.'
            ),
            click.option(
                "--breaks", multiple=True, help='Breaks: "mon-fri 12:00-12:30" or "2026-05-01 10:00-11:00".'
            ),
            click.option(
                "--holidays", multiple=True, help="A date, a country (GB, GB-ENG) or a yearly range."
            ),
        )
    ):
        command = option(command)
    return command


@calendar.command()
@click.argument("words", nargs=-1, metavar="[BOOK NAME]")
@click.option("--from", "first", help="List dates from here: 2026-01-01.")
@_described
@click.pass_obj
def show(console: Console, /, *, words: tuple[str, ...], first: str | None, **described: Any) -> None:
    """Show a calendar: its week, and its closures and exceptions for a year."""
    from servstd.calendars.civil import day_of  # noqa: PLC0415 - only what is asked is loaded
    from servstd.calendars.text import calendar_text  # noqa: PLC0415

    found, rest = _calendar(words, described)
    _expect(rest, ())
    start = None if first is None else day_of(_date(first))
    console.print(calendar_text(found, first=start, ascii_only=not _shows_blocks()))


@calendar.command()
@click.argument("words", nargs=-1, metavar="[BOOK NAME] START END")
@click.option("--explain", is_flag=True, help="List every stretch with its reason.")
@_described
@click.pass_obj
def elapsed(console: Console, /, *, words: tuple[str, ...], explain: bool, **described: Any) -> None:
    """Count the open time between two instants."""
    from servstd.durations import format_duration  # noqa: PLC0415

    found, rest = _calendar(words, described)
    _expect(rest, ("START", "END"))
    start, end = (_instant(text, found) for text in rest)
    console.print(format_duration(found.elapsed_us(start, end)) + "\n")
    if explain:
        for part in found.explain_us(min(start, end), max(start, end)):
            state = "open  " if part.open else "closed"
            stretch = f"{_shown(part.start_us, found)}  {_shown(part.end_us, found)}"
            console.print(f"  {stretch}  {state}  {printable(part.reason)}\n")


@calendar.command()
@click.argument("words", nargs=-1, metavar="[BOOK NAME] LIMIT START")
@click.option("--backwards", is_flag=True, help="The limit lies before START.")
@click.option("--cutoff", help="A later start is the next open date's opening: 14:00 or close_of_business.")
@click.option("--early-start", help="same or open.")
@click.option("--closed-start", help="same, next_open, next_day or previous_day.")
@click.option("--day-one", help="next or same.")
@click.option("--roll", help="none, forward or backward.")
@click.option("--ends", help="end_of_day, close_of_business, same_time or a clock time.")
@_described
@click.pass_obj
def due(console: Console, /, *, words: tuple[str, ...], backwards: bool, **options: Any) -> None:
    """Find the due instant of a limit: `4 hours`, `10 business days`, `1 month`."""
    from servstd.calendars.limits import due_us  # noqa: PLC0415

    described = {name: options.pop(name) for name in ("timezone", "hours", "breaks", "holidays")}
    settings = {name: value for name, value in options.items() if value is not None}
    found, rest = _calendar(words, described)
    _expect(rest, ("LIMIT", "START"))
    limit, start = rest[0], _instant(rest[1], found)
    at = due_us(found, limit, start, backwards=backwards, settings=settings)
    console.print(_shown(at, found) + "\n")


def _calendar(words: tuple[str, ...], described: Mapping[str, Any]) -> tuple[Calendar, tuple[str, ...]]:
    """Return the calendar that is described, or named in a book, and the words that are left."""
    from servstd.calendars import ALWAYS, Calendar  # noqa: PLC0415

    if described["hours"]:
        fields = {name: described[name] for name in ("breaks", "holidays") if described[name]}
        if "breaks" in fields:
            fields["breaks"] = _by_day(fields["breaks"], "--breaks")
        hours = _by_day(described["hours"], "--hours")
        return Calendar(timezone=described["timezone"] or "UTC", hours=hours, **fields), words
    if len(words) < 2:
        message = "name a book and one of its calendars, or describe a calendar with --hours."
        raise click.UsageError(message)
    book_path, name, *rest = words
    if name == "always":
        return ALWAYS.in_zone(described["timezone"] or "UTC"), tuple(rest)
    found = _from_book(book_path, name)
    if described["timezone"]:
        found = found.in_zone(described["timezone"])
    return found, tuple(rest)


def _from_book(path: str, name: str) -> Calendar:
    from servstd.errors import StandardsError, unknown_name  # noqa: PLC0415
    from servstd.loading import load  # noqa: PLC0415

    book = load(path)
    if name not in book.calendars:
        raise StandardsError(
            unknown_name("SV103", "calendar", name, [*book.calendars, "always"]).at(where=path)
        )
    found = book.calendars[name].resolve(book.calendars)
    return found.in_zone(book.timezone) if found.is_template and book.timezone else found


def _by_day(texts: tuple[str, ...], option: str) -> dict[str, list[str]]:
    """Read `mon-fri 09:00-17:00`; a key may be repeated."""
    found: dict[str, list[str]] = {}
    for text in texts:
        day, _, spans = text.strip().partition(" ")
        if not spans:
            raise click.UsageError(f'`{text}` names no day and hours: write {option} "mon-fri 09:00-17:00".')
        found.setdefault(day, []).extend(part.strip() for part in spans.split(","))
    return found


def _expect(rest: tuple[str, ...], names: tuple[str, ...]) -> None:
    if len(rest) != len(names):
        wanted = " and ".join(names) or "nothing more"
        raise click.UsageError(f"{wanted} expected after the calendar, not {len(rest)} words.")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"`{text}` is no date: write it like 2026-01-01.") from None


def _instant(text: str, found: Calendar) -> int:
    """Read an instant; a local time is one of the calendar's zone: the first of two, or the change that skips it."""
    from servstd.intervals import EPOCH, instant_us, timedelta_us  # noqa: PLC0415

    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"`{text}` is no instant: write it like 2026-03-02T09:00+00:00.") from None
    if at.tzinfo is not None:
        return instant_us(at)
    return found.zone.utc_us(timedelta_us(at - EPOCH.replace(tzinfo=None)))


def _shown(at: int, found: Calendar) -> str:
    from servstd.errors import CalendarError  # noqa: PLC0415
    from servstd.intervals import datetime_utc  # noqa: PLC0415

    try:
        offset = found.zone.offset_s(at // 1_000_000)
    except CalendarError:
        return datetime_utc(at).isoformat()
    local = datetime_utc(at + offset * 1_000_000).replace(tzinfo=None)
    sign, rest = ("-", -offset) if offset < 0 else ("+", offset)
    return f"{local.isoformat()}{sign}{rest // 3600:02d}:{rest // 60 % 60:02d}"


def _shows_blocks() -> bool:
    """Return whether stdout can show block characters."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        "█▌·–".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
