"""`servstd catalog`: find a published standard, and read it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from servstd.cli.console import Console
from servstd.errors import closest
from servstd.escaping import as_json
from servstd.published import DISCLAIMER, Entry, entries
from servstd.published import catalog as find


@click.command()
@click.argument("words", nargs=-1, metavar="[WORDS...]")
@click.option("--domain", metavar="WORD", help="Only those on this subject: phone, repair, complaint, …")
@click.option("--issuer", metavar="WORDS", help="Only those of this issuer, or a part of its name.")
@click.option("--feature", metavar="WORD", help="Only those with this feature or pattern: biz_days, rate, …")
@click.option("--jurisdiction", metavar="CODE", help="Only those that bind there: US, UK-ENG, INT.")
@click.option("--yaml", "is_yaml", is_flag=True, help="Print the book of the one standard that is found.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def catalog(
    console: Console,
    *,
    words: tuple[str, ...],
    domain: str | None,
    issuer: str | None,
    feature: str | None,
    jurisdiction: str | None,
    is_yaml: bool,
    format_: str,
) -> int:
    """List published standards, those in which each of WORDS stands; or show the one whose id it is.

    They restate a source and are not legal advice.
    """
    named = [entry for entry in entries() if words == (entry.id,)]
    found = named or find(
        words=" ".join(words), domain=domain, issuer=issuer, feature=feature, jurisdiction=jurisdiction
    )
    if is_yaml:
        console.print_exact(_only(found).path.read_text(encoding="utf-8"))
    elif format_ == "json":
        console.print_exact(_json(found))
    else:
        console.print(
            _shown(found[0], console) if len(found) == 1 else _table(found, console, " ".join(words))
        )
        console.say(DISCLAIMER)
    return 0


def _only(found: Sequence[Entry]) -> Entry:
    """Return the one that is found.

    Raises:
        click.UsageError: there are several, or none.
    """
    if len(found) != 1:
        raise click.UsageError(f"--yaml prints one book, and {len(found)} are found: name it by its id.")
    return found[0]


def _table(found: Sequence[Entry], console: Console, words: str) -> str:
    style = console.style()
    wide = max((len(entry.id) for entry in found), default=0)
    where = max((len(entry.jurisdiction) for entry in found), default=0)
    subject = max((len(entry.domain) for entry in found), default=0)
    lines = [
        f"{entry.id:<{wide}}  {entry.jurisdiction:<{where}}  {entry.domain:<{subject}}  {entry.title}"
        for entry in found
    ]
    cut = [line if len(line) <= style.width else f"{line[: style.width - 1]}…" for line in lines]
    count = f"{len(found)} of {len(entries())} published standards"
    if not found and (near := closest(words, [entry.id for entry in entries()])):
        count += f"; did you mean `{near}`?"
    return "\n".join([*cut, "", count, ""] if cut else [count, ""])


def _shown(entry: Entry, console: Console) -> str:
    style = console.style()
    rows = {
        "source": f"{entry.citation}, {entry.issuer}" if entry.issuer else entry.citation,
        "binds in": entry.jurisdiction,
        "subject": entry.domain,
        "features": ", ".join((*entry.patterns, *entry.features)),
        "says it": f"in {entry.says}" + (f": {entry.note}" if entry.note else ""),
        "file": str(entry.path),
    }
    lines = [f"{style.paint(entry.id, 'strong')}  {entry.title}", ""]
    for name, value in rows.items():
        if value:
            lines += textwrap.wrap(
                f"{name:<8}  {value}",
                style.width - 2,
                initial_indent="  ",
                subsequent_indent=" " * 12,
                break_long_words=False,
                break_on_hyphens=False,
            )
    book = entry.load()
    for one in book.standards:
        said = textwrap.wrap(one.sentence(book.surroundings), style.width - 2, break_on_hyphens=False)
        lines += ["", style.paint(one.id, "strong"), *(f"  {line}" for line in said)]
    return "\n".join([*lines, ""])


def _json(found: Sequence[Entry]) -> str:
    rows: list[dict[str, Any]] = [{**asdict(entry), "path": str(entry.path)} for entry in found]
    return as_json(rows, indent=2) + "\n"
