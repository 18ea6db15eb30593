"""The report as GitHub workflow commands: an annotation for each missed objective."""

from __future__ import annotations

from servstd.render.breaches import worst_breaches
from servstd.render.notes import as_of_line, verdict_line
from servstd.render.rows import status_text, window_text
from servstd.results.report import Report
from servstd.results.wording import printable


def render(report: Report) -> str:
    """Return workflow commands; nothing in the data can become a command of its own."""
    titles = {one.id: one.title or one.id for one in report.book.judged}
    lines = [printable(as_of_line(report))]
    breaches = worst_breaches(report)
    for one in report.attainments:
        said = one.result_text
        name = f"{one.standard}: {window_text(one)}"
        if one.status == "missed":
            worst = [
                f"{breach.case}: {breach.what}" for breach in breaches if breach.standard == one.standard
            ]
            lines.append(command("error", name, "\n".join([titles[one.standard], said, *worst])))
        elif one.status in ("insufficient", "no_data"):
            lines.append(command("warning", name, f"{titles[one.standard]}\n{status_text(one)}: {said}"))
    lines += [
        command("warning", f"{burn.standard}: budget burning", str(burn))
        for burn in report.burns
        if burn.is_burning
    ]
    if report.log.quarantine:
        lines.append(command("warning", "data", f"{len(report.log.quarantine)} rows are in quarantine"))
    return "\n".join([*lines, printable(verdict_line(report))]) + "\n"


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
