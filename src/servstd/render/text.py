"""The report as text for a terminal: what was reached, what was broken and why, what the data were like."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from servstd.escaping import printable
from servstd.render.breaches import Breach, worst_breaches
from servstd.render.following import TITLE, following_rows
from servstd.render.notes import (
    CONTRADICTED,
    NOT_SHOWN,
    as_of_line,
    contradictions,
    data_notes,
    head_lines,
    verdict_line,
)
from servstd.render.rows import beside_text, objective_text, status_text, window_text
from servstd.render.style import PLAIN, Style
from servstd.results.report import Report
from servstd.results.tables import pad
from servstd.results.wording import counted, fit, width_of
from servstd.rollups import Attainment

SIGNS = {"met": "✓", "missed": "✗"}
_COLOURS = {"met": "good", "missed": "bad"}
_HEADER = ("", "judged", "met", "breached", "reached", "wanted", "")
_MOST_WINDOWS, _MOST_OF_SEVERAL = 14, 8
"""Rows of a standard with one objective, and of each objective of one with several."""
_INDENT = "  "
_TIED = "\N{NO-BREAK SPACE}"
"""Between a number and what it counts, until lines are wrapped."""
_DATE = re.compile(r"\b[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}(?: [0-9]{2}:[0-9]{2})?")
_LABEL_WIDE, _LABEL_WIDEST, _STATUS_WIDE = 12, 32, 22
"""Columns of labels, and of what stands behind the numbers, which may take room from labels that are wider than the
second; a label that is longer has its own line."""


def render(report: Report, style: Style = PLAIN) -> str:
    """Return the report as text.

    Args:
        report: The report.
        style: The terminal.
    """
    parts = [
        [style.paint(line, "weak") for line in _wrapped(as_of_line(report), style.width)],
        [line for one in head_lines(report) for line in _wrapped(one, style.width)],
        list(_attainments(report, style)),
        list(_breaches(report, style)),
        list(_contradictions(report, style)),
        list(_following(report, style)),
        list(_data(report, style)),
        [_verdict(report, style)],
    ]
    lines = "\n\n".join("\n".join(part) for part in parts if part)
    return style.finish(lines + "\n")


def _verdict(report: Report, style: Style) -> str:
    if not report.is_decided:
        return style.paint(f"· {verdict_line(report)}", "strong", "warn")
    sign, how = ("✓", "good") if report.met else ("✗", "bad")
    return style.paint(f"{sign} {verdict_line(report)}", "strong", how)


# -- attainment ----------------------------------------------------------------------------------------------------


def _attainments(report: Report, style: Style) -> Iterator[str]:
    of = {one.id: [row for row in report.attainments if row.standard == one.id] for one in report.standards}
    cells = {id(row): _cells(row) for rows in of.values() for row in rows}
    wide = [
        max([width_of(_HEADER[place]), *(width_of(row[place]) for row in cells.values())])
        for place in range(6)
    ]
    behind = max((width_of(row[6]) for row in cells.values()), default=0)
    room = style.width - sum(wide[1:]) - 2 * len(wide) - behind
    wide[0] = min(max(wide[0], _LABEL_WIDE), max(room, _LABEL_WIDEST))
    yield from (style.paint(line.rstrip(), "weak") for line in _lines(_HEADER, wide, style.width))
    for standard in report.standards:
        title = f"  {printable(standard.title)}" if standard.title else ""
        room = style.width - width_of(printable(standard.id))
        yield style.paint(printable(standard.id), "strong") + fit(title, room)
        groups = [list(rows) for _, rows in groupby(of[standard.id], key=objective_text)]
        if not groups:
            why = NOT_SHOWN if standard.is_judged else "no objective: measured and not judged"
            yield style.paint(f"{_INDENT}{why}", "weak")
        most = _MOST_WINDOWS if len(groups) == 1 else _MOST_OF_SEVERAL
        for rows in groups:
            if len(groups) > 1:
                yield style.paint(f"{_INDENT}{printable(objective_text(rows[0]))}", "weak")
            shown = rows if len(rows) <= most else _chosen(rows, most - 1)
            if len(shown) < len(rows):
                yield style.paint(f"{_INDENT}… {_left_out(rows, shown)}", "weak")
            for row in shown:
                for line in _lines(cells[id(row)], wide, style.width):
                    yield style.paint(line, _COLOURS[row.status]) if row.status in _COLOURS else line


def _chosen(rows: Sequence[Attainment], most: int) -> list[Attainment]:
    """Return the latest windows; of several segments as many of each, and of too many those that were missed last."""
    segments = [list(found) for _, found in groupby(rows, key=lambda row: row.segment)]
    each = most // len(segments)
    if each > 1:
        return [row for found in segments for row in found[-each:]]
    last = [next((row for row in reversed(found) if row.is_decided), found[-1]) for found in segments]
    worst = sorted(last, key=lambda row: row.status != "missed")[:most]
    return [row for row in last if row in worst]


def _left_out(rows: Sequence[Attainment], shown: Sequence[Attainment]) -> str:
    kept = {id(row) for row in shown}
    others = [row for row in rows if id(row) not in kept]
    which = "earlier" if len({row.segment for row in rows}) == 1 else "other"
    return f"{counted(len(others), f'{which} window')}: {_summary(others)}"


def _summary(rows: Sequence[Attainment]) -> str:
    statuses: dict[str, int] = {}
    for row in rows:
        statuses[row.status] = statuses.get(row.status, 0) + 1
    return ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in statuses.items())


def _cells(row: Attainment) -> tuple[str, ...]:
    beside = beside_text(row)
    status = f"{SIGNS.get(row.status, '·')} {status_text(row)}"
    if beside:
        status += "  " + ", ".join(one.replace(" ", _TIED) for one in f"+ {beside}".split(", "))
    numbers = (f"{row.judged:,}", f"{row.met:,}", f"{row.breached:,}", row.value_text, row.bound_text)
    return (_INDENT + printable(window_text(row)), *numbers, status)


def _lines(cells: Sequence[str], wide: Sequence[int], width: int) -> list[str]:
    """Return a row; what stands beside its numbers wraps where there is no room."""
    numbers = "  ".join(pad(cells[place], wide[place], right=True) for place in range(1, 6))
    room = max(width - width_of(numbers) - _STATUS_WIDE, _LABEL_WIDE)
    beside = min(wide[0], room)
    above = [] if width_of(cells[0]) <= beside else hanging(_INDENT, cells[0].strip(), width)
    label = pad("" if above else cells[0], beside)
    return above + hanging(f"{label}  {numbers}  ", cells[6], width, least=_STATUS_WIDE - 4)


# -- breaches ------------------------------------------------------------------------------------------------------


def _breaches(report: Report, style: Style) -> Iterator[str]:
    breaches = worst_breaches(report)
    if not breaches:
        return
    yield style.paint("Broken, the worst first", "strong")
    case_wide = min(max(width_of(printable(one.case)) for one in breaches), 28)
    name_wide = min(max(width_of(printable(one.standard)) for one in breaches), 28)
    for one in breaches:
        name, case = fit(printable(one.standard), name_wide), fit(printable(one.case), case_wide)
        head = f"{_INDENT}{pad(name, name_wide)}  {pad(case, case_wide)}  "
        yield from hanging(head, _breach_text(one), style.width)
    flags = f"--standard {_quoted(breaches[0].standard)} --case {_quoted(breaches[0].key)}"
    yield style.paint(f"{_INDENT}Why, to the microsecond: servstd explain … {flags}", "weak")


def _contradictions(report: Report, style: Style) -> Iterator[str]:
    lines = contradictions(report)
    if lines:
        yield style.paint(CONTRADICTED, "strong")
        for line in lines:
            yield from hanging(_INDENT, printable(line), style.width)


def _following(report: Report, style: Style) -> Iterator[str]:
    rows = [
        (name, status, f"{number} time{'' if number == '1' else 's'}", worth)
        for name, status, number, worth in following_rows(report)
    ]
    if not rows:
        return
    yield style.paint(TITLE, "strong")
    wide = [min(max(width_of(printable(row[place])) for row in rows), 44) for place in range(4)]
    for row in rows:
        cells = [
            pad(fit(printable(cell), wide[place]), wide[place], right=place > 1)
            for place, cell in enumerate(row)
        ]
        yield _INDENT + "  ".join(cells).rstrip()


def _breach_text(one: Breach) -> str:
    """Return why and when; a date is not cut by the end of a line."""
    text = printable(f"{one.what}{'; ' + one.when if one.when else ''}")
    return _DATE.sub(lambda found: found[0].replace(" ", _TIED), text)


def _quoted(case: str) -> str:
    plain = printable(case)
    return (
        plain
        if plain.replace("-", "").replace("_", "").isalnum()
        else "'" + plain.replace("'", "'\\''") + "'"
    )


# -- data ----------------------------------------------------------------------------------------------------------


def _data(report: Report, style: Style) -> Iterator[str]:
    yield style.paint("Data", "strong")
    for note in data_notes(report):
        yield from hanging(_INDENT, printable(note), style.width)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(printable(text), width, break_long_words=True, break_on_hyphens=False) or [""]


def hanging(head: str, text: str, width: int, *, least: int = 20) -> list[str]:
    """Return a text wrapped beside its head, `least` columns wide at least."""
    blank = " " * width_of(head) if head.strip() else head + _INDENT
    room = max(width - width_of(blank), least)
    wrapped = textwrap.wrap(text, room, break_long_words=True, break_on_hyphens=False) or [""]
    lines = [line.replace(_TIED, " ") for line in wrapped]
    return [head + lines[0], *(blank + line for line in lines[1:])]
