"""The report as Markdown, for a pull request, a wiki, a mail."""

from __future__ import annotations

from collections.abc import Iterator

from servstd.escaping import as_markdown
from servstd.render.breaches import worst_breaches
from servstd.render.following import HEADER as HEADER_FOLLOWING
from servstd.render.following import TITLE, following_rows
from servstd.render.notes import (
    CONTRADICTED,
    as_of_line,
    contradictions,
    data_notes,
    head_lines,
    verdict_line,
)
from servstd.render.rows import HEADER, NUMBERS, attainment_rows
from servstd.results.report import Report

_SIGNS = {"met": "✅ ", "missed": "❌ "}


def render(report: Report) -> str:
    """Return the report as GitHub-flavoured Markdown; nothing in the data can become markup."""
    parts = [
        [f"**{as_markdown(verdict_line(report))}**"],
        [as_markdown(as_of_line(report))],
        [f"- {as_markdown(line)}" for line in head_lines(report)],
        list(_table(report)),
    ]
    parts += [list(_breaches(report)), list(_contradictions(report)), list(_following(report))]
    parts += [["### Data", "", *(f"- {as_markdown(note)}" for note in data_notes(report))]]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _table(report: Report) -> Iterator[str]:
    titles = {one.id: one.title or "" for one in report.standards}
    yield "| " + " | ".join(HEADER) + " |"
    yield "|" + "|".join("---:" if place in NUMBERS else "---" for place in range(len(HEADER))) + "|"
    last = told = ""
    for one, cells in attainment_rows(report):
        objective = as_markdown(cells[1]) if (one.standard, cells[1]) != (last, told) else ""
        name = (
            ""
            if one.standard == last
            else f"**{as_markdown(one.standard)}** {as_markdown(titles[one.standard])}".rstrip()
        )
        last, told = one.standard, cells[1]
        status = _SIGNS.get(one.status, "") + as_markdown(cells[8])
        yield (
            "| "
            + " | ".join([name, objective, *map(as_markdown, cells[2:8]), status, as_markdown(cells[9])])
            + " |"
        )


def _breaches(report: Report) -> Iterator[str]:
    breaches = worst_breaches(report)
    if not breaches:
        return
    yield "### Broken, the worst first"
    yield ""
    for one in breaches:
        when = f"; {one.when}" if one.when else ""
        yield f"- **{as_markdown(one.standard)}** {as_markdown(one.case)}: {as_markdown(one.what + when)}"


def _contradictions(report: Report) -> Iterator[str]:
    lines = contradictions(report)
    if lines:
        yield f"### {CONTRADICTED}"
        yield ""
        yield from (f"- {as_markdown(line)}" for line in lines)


def _following(report: Report) -> Iterator[str]:
    rows = following_rows(report)
    if not rows:
        return
    yield f"### {TITLE}"
    yield ""
    yield "| " + " | ".join(HEADER_FOLLOWING) + " |"
    yield "|---|---|---:|---:|"
    for row in rows:
        yield "| " + " | ".join(as_markdown(cell) for cell in row) + " |"
