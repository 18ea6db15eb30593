"""The report as GitHub workflow commands: an annotation for each missed objective."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from servstd.escaping import printable, without_commands
from servstd.render.breaches import worst_breaches
from servstd.render.notes import as_of_line, head_lines, verdict_line
from servstd.render.rows import objective_text, status_text, window_text
from servstd.results.report import Report
from servstd.results.wording import counted
from servstd.rollups import Attainment

_MOST = 5
"""Windows of one objective that have an annotation each; a server shows few of them."""


def render(report: Report) -> str:
    """Return workflow commands; nothing in the data can become a command of its own."""
    titles = {one.id: one.title or one.id for one in report.standards}
    lines = [without_commands(printable(as_of_line(report)))]
    lines += [command("warning", "data", line) for line in head_lines(report)]
    breaches = worst_breaches(report)
    several = Counter(
        standard for standard, _ in {(one.standard, objective_text(one)) for one in report.attainments}
    )
    for (standard, objective), rows in groupby(
        report.attainments, key=lambda one: (one.standard, objective_text(one))
    ):
        every = list(rows)
        of = f"{standard}, {objective}" if several[standard] > 1 else standard
        missed = [one for one in every if one.status == "missed"]
        silent = [one for one in every if one.status in ("insufficient", "no_data")]
        worst = [f"{breach.case}: {breach.what}" for breach in breaches if breach.standard == standard]
        worst = ["the worst of the standard:", *worst] if worst else []
        lines += [
            command("error", name, "\n".join([titles[standard], *said, *worst]))
            for name, said in _told(missed, of, standard)
        ]
        lines += [
            command("warning", name, "\n".join([titles[standard], *said]))
            for name, said in _told(silent, of, standard)
        ]
    lines += [
        command("warning", f"{burn.standard}: budget burning", str(burn))
        for burn in report.burns
        if burn.is_burning
    ]
    if report.log.quarantine:
        lines.append(
            command("warning", "data", f"in quarantine: {counted(len(report.log.quarantine), 'row')}")
        )
    said = printable(verdict_line(report))
    if not report.is_decided:  # the exit code is 3: a failed job without a word would be a riddle
        lines.append(command("warning", "nothing is decided", said))
    return "\n".join([*lines, without_commands(said)]) + "\n"


def _told(rows: Sequence[Attainment], of: str, standard: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the title of an annotation and its lines: one a window, or one for all where there are many."""
    if len(rows) > _MOST:
        last = [f"{window_text(one)}: {_said(one)}" for one in rows[-_MOST:]]
        yield f"{standard}: {objective_text(rows[0])}", [f"{len(rows)} windows, the last of them:", *last]
        return
    yield from ((f"{of}: {window_text(one)}", [_said(one)]) for one in rows)


def _said(one: Attainment) -> str:
    if one.status == "missed":
        return one.result_text
    told = one.result_text if one.judged else f"{one.bound_text} wanted"
    return f"{status_text(one)}: {told}"


def command(level: str, title: str, message: str, **place: str | int) -> str:
    """Return one workflow command; nothing in its words can end it or begin another.

    Args:
        level: `error`, `warning` or `notice`.
        title: What stands above the annotation.
        message: Its lines.
        place: `file`, `line` and `col`, where it belongs to one.

    Example:
        >>> command("warning", "a, b", "50 %", file="x.yaml", line=3)
        '::warning file=x.yaml,line=3,title=a%2C b::50 %25'
    """
    lines = "\n".join(printable(line) for line in message.splitlines())
    told = {**place, "title": title}
    properties = ",".join(f"{name}={_property(printable(str(value)))}" for name, value in told.items())
    return f"::{level} {properties}::{_data(lines)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
