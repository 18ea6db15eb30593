"""`servstd demo`: the bundled example, judged and told."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servstd.cli.console import Console

if TYPE_CHECKING:
    from servstd.render.style import Style
    from servstd.results.report import Report
    from servstd.standards import Standard

FILES = ("standards.yaml", "events.ndjson")
_SIGNS = {"met": ("✓", "good"), "breached": ("✗", "bad")}
_ALONE = {
    "was released from": "was released",
    "is still within": "is still open",
    "is left out of": "is left out",
    "cannot be judged by": "cannot be judged",
}
"""Verbs without their object, which is the heading here."""


@click.command()
@click.option("--write", type=click.Path(path_type=Path), metavar="FOLDER", help="Write the two files there.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def demo(console: Console, *, write: Path | None, format_: str) -> int:
    """Judge six promises on a small log: a phone line, a ticket desk, a shop queue, a flight."""
    if write is not None:
        _write(write, console)
        return 0
    report = demo_report()
    if format_ == "json":
        console.print_exact(report.to_json())
    else:
        style = console.style()
        console.print(_told(report, style))
    return 0


def demo_report() -> Report:
    """Return the report on the bundled example."""
    import json  # noqa: PLC0415 - one use

    from servstd.evaluation import evaluate  # noqa: PLC0415 - loads the engine
    from servstd.events import read_events  # noqa: PLC0415 - loads NumPy
    from servstd.loading import loads  # noqa: PLC0415 - loads YAML

    book = loads(_text("standards.yaml"), name="standards.yaml")
    rows = [json.loads(line) for line in _text("events.ndjson").splitlines() if line]
    return evaluate(book, read_events(rows, options=book.events))


def _told(report: Report, style: Style) -> str:
    parts = [_about(standard, report, style) for standard in report.book.judged]
    parts.append(
        "Try it on your own files:\n"
        "  servstd demo --write demo\n"
        "  servstd check demo/standards.yaml demo/events.ndjson\n"
        "  servstd explain demo/standards.yaml demo/events.ndjson --standard resolve-4h\n"
    )
    return "\n\n".join(parts)


def _about(standard: Standard, report: Report, style: Style) -> str:
    from servstd.render.text import hanging  # noqa: PLC0415 - rendering

    lines = [style.paint(standard.title or standard.id, "strong")]
    for verdict in report.verdicts.where(standard=standard.id):
        sign, how = _SIGNS.get(verdict.outcome, ("·", "weak"))
        sentence = report.explain(standard.id, verdict.case, verdict.occurrence).sentence
        told = sentence.replace(f" “{standard.title}”", "")
        for end, alone in _ALONE.items():
            told = told.replace(f" {end}:", f" {alone}:", 1)
        lines += [style.paint(line, how) for line in hanging(f"  {sign} ", told, style.width)]
    return "\n".join(lines)


def _write(folder: Path, console: Console) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise click.UsageError(f"cannot make the folder `{folder}`: {failure.strerror}.") from None
    for name in FILES:
        console.save(folder / name, _text(name))
    console.say(f"Wrote {' and '.join(FILES)} to {folder}.")


def _text(name: str) -> str:
    return resources.files("servstd.demo").joinpath(name).read_text(encoding="utf-8")
