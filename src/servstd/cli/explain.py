"""`servstd explain`: what a standard means, and why a verdict is what it is."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import click

from servstd.cli.console import Console
from servstd.cli.reading import parse_as_of, read_log, reading_flags
from servstd.cli.running import as_usage
from servstd.errors import closest, listed
from servstd.escaping import as_json, printable

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.results.evidence import Evidence
    from servstd.results.report import Report
    from servstd.rollups import Attainment
    from servstd.standards import Standard


@click.command()
@click.argument("book")
@click.argument("events", nargs=-1, metavar="[EVENTS...]")
@click.option("--standard", metavar="ID", help="Which standard; all when left out.")
@click.option(
    "--case", metavar="KEY", help="Which case; the worst breach when left out. Several fields by ` / `."
)
@click.option("--occurrence", type=click.IntRange(min=1), help="Which obligation of the case.")
@click.option("--as-of", metavar="INSTANT", help="Judge at this instant; the last event when left out.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reading_flags
@click.pass_obj
def explain(
    console: Console,
    *,
    book: str,
    events: tuple[str, ...],
    standard: str | None,
    case: str | None,
    occurrence: int | None,
    as_of: str | None,
    format_: str,
    reading: dict[str, Any],
) -> int:
    """Explain the standards of BOOK, or with EVENTS a verdict.

    Without EVENTS each standard is said back as one sentence of English; the one named by --standard also in full, with
    every short form written out. With EVENTS the time of a case is shown
    from start to end, interval by interval, adding up to the microsecond.
    """
    from servstd.loading import load  # noqa: PLC0415 - loads YAML

    standards = load(book)
    if not events:
        if case is not None or occurrence is not None:
            raise click.UsageError("--case needs EVENTS.")
        return _say_standards(standards, standard, format_, console)
    from servstd.evaluation import evaluate  # noqa: PLC0415 - loads the engine

    instant = parse_as_of(as_of, standards, reading)
    log = read_log(standards, events, reading, console)
    report = evaluate(standards, log, as_of=instant, progress=console.progress("judging"))
    if standard is not None and case is None and (rows := _windows(report, standard)):
        return _say_windows(rows, standards[standard].sentence(standards.surroundings), format_, console)
    found = _evidence(report, standard, case, occurrence)
    if format_ == "json":
        console.print_exact(_json([one.to_dict() for one in found]))
    else:
        console.print("\n\n".join(str(one) for one in found) + "\n")
    return 0


def _windows(report: Report, standard: str) -> list[Attainment]:
    """Return the attainments of a metric, which has no verdicts to explain; none of another standard."""
    from servstd.standards import Metric  # noqa: PLC0415 - loads the kinds

    metrics = {one.id for one in report.book.judged if isinstance(one, Metric)}
    return [one for one in report.attainments if one.standard == standard and standard in metrics]


def _say_windows(rows: list[Attainment], sentence: str, format_: str, console: Console) -> int:
    """Say a metric back, and what it came to in each window and segment."""
    from servstd.escaping import printable  # noqa: PLC0415 - as above
    from servstd.render.json import attainment_row  # noqa: PLC0415 - loads the report
    from servstd.render.rows import beside_text, status_text, window_text  # noqa: PLC0415 - as above

    if format_ == "json":
        console.print_exact(_json([{"sentence": sentence, **attainment_row(one)} for one in rows]))
        return 0
    said = [*textwrap.wrap(sentence, console.style().width, break_on_hyphens=False), ""]
    for one in rows:
        beside = f"; beside: {text}" if (text := beside_text(one)) else ""
        said.append(f"  {window_text(one)}: {status_text(one)}, {one.result_text}{beside}")
    console.print("".join(f"{printable(line)}\n" for line in said))
    return 0


def _evidence(
    report: Report, standard: str | None, case: str | None, occurrence: int | None
) -> list[Evidence]:
    """Return the evidence of the verdicts that are meant: of one standard, or of all that have one on the case.

    Raises:
        click.UsageError: there is none.
    """
    if standard is not None:
        return [as_usage(lambda: report.explain(standard, case, occurrence))]
    found = [
        report.explain(one.id, case, occurrence)
        for one in report.book.judged
        if len(report.verdicts.where(standard=one.id, case=case))
    ]
    if not found:
        raise click.UsageError(_no_case(report, case) if case else "there are no verdicts.")
    return found


_MOST_CASES = 20_000
"""Cases among which one of a like name is looked for; to compare a million takes seconds."""


def _no_case(report: Report, case: str) -> str:
    near = closest(case, sorted(set(report.verdicts.columns["case"]))[:_MOST_CASES])
    meant = f" Did you mean `{near}`?" if near else ""
    return f"no standard has a verdict on a case `{case}`.{meant}"


def _say_standards(book: Book, standard: str | None, format_: str, console: Console) -> int:
    """Say each standard back, or one of them.

    Raises:
        click.UsageError: there is no such standard.
    """
    every = [entry.standard for entry in book.entries]
    known = [one.id for one in every]
    if standard is not None and standard not in known:
        near = closest(standard, known)
        help_ = f" Did you mean `{near}`?" if near else ""
        raise click.UsageError(f"no standard `{standard}`.{help_} There are {listed(known)}.")
    said = [one for one in every if one.id == standard][:1] or book.judged
    if format_ == "json":
        console.print_exact(_json([_row(book, one, is_full=standard is not None) for one in said]))
        return 0
    style = console.style()
    for one in said:
        lines = textwrap.wrap(one.sentence(book.surroundings), style.width - 2, break_on_hyphens=False)
        console.print(
            style.paint(printable(one.id), "strong") + "\n" + "".join(f"  {line}\n" for line in lines)
        )
    if standard is not None:
        console.print(_in_full(book, said[0]))
    return 0


def _row(book: Book, one: Standard, *, is_full: bool) -> dict[str, Any]:
    from servstd.standards.full import in_full  # noqa: PLC0415 - only where it is asked for

    row: dict[str, Any] = {"standard": one.id, "sentence": one.sentence(book.surroundings)}
    return row | ({"in_full": in_full(one, book.surroundings)} if is_full else {})


def _in_full(book: Book, one: Standard) -> str:
    """Return a standard, and the calendar that it names, with every short form written out."""
    from servstd.files import dump_yaml  # noqa: PLC0415 - loads YAML
    from servstd.standards.full import calendar_in_full, in_full  # noqa: PLC0415

    told = in_full(one, book.surroundings)
    parts = {"in full": told}
    if (name := str(told.get("calendar"))) in book.calendars:
        parts[f"the calendar {name}"] = calendar_in_full(book.calendars[name])
    return "".join(
        f"\n{printable(title)}\n{textwrap.indent(dump_yaml(data), '  ')}" for title, data in parts.items()
    )


def _json(data: object) -> str:
    return as_json(data, indent=2, default=str) + "\n"
