"""The report as GitHub workflow commands: an annotation for each missed objective."""

from __future__ import annotations

from servstd.render.breaches import worst_breaches
from servstd.render.notes import as_of_line, verdict_line
from servstd.render.rows import status_text, window_text
from servstd.results.report import Report
from servstd.results.wording import printable


def render(report: Report) -> str:
    """Return workflow commands; nothing in the data can become a command of its own."""
    titles = {one.id: one.title or one.id for one in report.book.standards}
    lines = [printable(as_of_line(report))]
    breaches = worst_breaches(report)
    for one in report.attainments:
        said = one.result_text
        name = f"{one.standard}: {window_text(one)}"
        if one.status == "missed":
            worst = [
                f"{breach.case}: {breach.what}" for breach in breaches if breach.standard == one.standard
            ]
            lines.append(_command("error", name, "\n".join([titles[one.standard], said, *worst])))
        elif one.status in ("insufficient", "no_data"):
            lines.append(_command("warning", name, f"{titles[one.standard]}\n{status_text(one)}: {said}"))
    if report.log.quarantine:
        lines.append(_command("warning", "data", f"{len(report.log.quarantine)} rows are in quarantine"))
    return "\n".join([*lines, printable(verdict_line(report))]) + "\n"


def _command(level: str, title: str, message: str) -> str:
    lines = "\n".join(printable(line) for line in message.splitlines())
    return f"::{level} title={_property(printable(title))}::{_data(lines)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
