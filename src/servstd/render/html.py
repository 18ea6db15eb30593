"""The report as one HTML page that needs nothing else: no script, no font, no network."""

from __future__ import annotations

from servstd.escaping import as_html
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
from servstd.rollups import Attainment

_CSS = """
.servstd{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;
color:#1b1f24;background:#fff}
.servstd h1{font-size:1.35rem;margin:.2rem 0}.servstd h2{font-size:1.05rem;margin:2rem 0 .5rem}
.servstd .weak{color:#57606a}.servstd .met{color:#116329}.servstd .missed{color:#a40e26}
.servstd table{border-collapse:collapse;width:100%;table-layout:auto;margin:0;font-size:inherit}
.servstd tbody tr{background:none}
.servstd th,.servstd td{padding:.3rem .6rem;text-align:left;
border-bottom:1px solid #d8dee4;vertical-align:top}.servstd th{font-weight:600;color:#57606a}
.servstd .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.servstd .bar{position:relative;background:#eaeef2;height:.5rem;min-width:7rem;margin-top:.5rem}
.servstd .bar i{position:absolute;inset:0 auto 0 0;background:#8c959f}.servstd .bar.met i{background:#4c8c5c}
.servstd .bar.missed i{background:#c93a4a}
.servstd .bar b{position:absolute;top:-.2rem;bottom:-.2rem;width:2px;background:#1b1f24}
.servstd tr.first th{border-top:2px solid #afb8c1;padding-top:.9rem;color:#1b1f24}
.servstd tr.first span{font-weight:400}.servstd tr.of td{color:#57606a}.servstd .whole{white-space:nowrap}
@media (max-width:640px){.servstd{padding:0 .4rem;font-size:12px}.servstd th,.servstd td{padding:.3rem .2rem}
.servstd .bar{min-width:2rem}.servstd .whole{white-space:normal}}
""".replace(".servstd", ".servstd.servstd")  # twice, to outweigh what a notebook says of every table
_SIGNS = {"met": "✓", "missed": "✗"}
_WINDOW = HEADER.index("window")


def render(report: Report) -> str:
    """Return the report as a page; every text is escaped."""
    title = as_html(report.book.title or "Service standards")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"</head><body>\n{fragment(report)}</body></html>\n"
    )


def fragment(report: Report) -> str:
    """Return the report as one `div`, for a notebook."""
    state = "met" if report.met else "missed" if report.is_decided else "weak"
    title = f'<p class="weak">{as_html(report.book.title)}</p>' if report.book.title else ""
    head = "".join(f"<p>{as_html(line)}</p>\n" for line in head_lines(report))
    notes = "".join(f"<li>{as_html(note)}</li>" for note in data_notes(report))
    return (
        f'<style>{_CSS}</style>\n<div class="servstd">{title}<h1 class="{state}">{as_html(verdict_line(report))}</h1>\n'
        f'<p class="weak">{as_html(as_of_line(report))}</p>\n{head}{_table(report)}{_breaches(report)}'
        f"{_contradictions(report)}{_following(report)}"
        f"<h2>Data</h2><ul>{notes}</ul></div>\n"
    )


def _table(report: Report) -> str:
    """Return the windows, those of a standard below its name, those of an objective below that."""
    titles = {one.id: one.title or "" for one in report.standards}
    head = "".join(_cell("th", HEADER[place], place) for place in range(_WINDOW, len(HEADER)))
    rows, last, told = [], "", ""
    for one, cells in attainment_rows(report):
        if one.standard != last:
            title = f" <span>{as_html(titles[one.standard])}</span>" if titles[one.standard] else ""
            rows.append(_heading("first", "th", f"{as_html(one.standard)}{title}"))
        if (one.standard, cells[1]) != (last, told):
            rows.append(_heading("of", "td", as_html(cells[1])))
        last, told = one.standard, cells[1]
        rows.append(f"<tr>{_row(one, cells)}</tr>")
    body = "\n".join(rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>\n"


def _heading(name: str, tag: str, inner: str) -> str:
    return f'<tr class="{name}"><{tag} colspan="{len(HEADER) - _WINDOW}">{inner}</{tag}></tr>'


def _row(one: Attainment, cells: tuple[str, ...]) -> str:
    """Return the cells of one window; a number and what it counts stay on one line."""
    window, _, segment = cells[_WINDOW].partition("  ")
    inner = f"<td>{_whole(window)}{f' {as_html(segment)}' if segment else ''}</td>"
    inner += "".join(_cell("td", cells[place], place) for place in range(_WINDOW + 1, 6))
    inner += f'<td class="n">{as_html(cells[6])}{_bar(one)}</td>{_cell("td", cells[7], 7)}'
    status = f"{_SIGNS.get(one.status, '·')}&nbsp;{as_html(cells[8])}"
    beside = ", ".join(_whole(part) for part in cells[9].split(", ") if part)
    return f'{inner}<td class="{as_html(one.status)}">{status}</td><td>{beside}</td>'


def _whole(text: str) -> str:
    return f'<span class="whole">{as_html(text)}</span>'


def _bar(one: Attainment) -> str:
    """Return a share as a bar, the bound as a mark on it; no other figure has an end to fill the bar up to."""
    if one.value is None or one.unit != "share":
        return ""
    decided = f" {one.status}" if one.is_decided else ""
    return (
        f'<div class="bar{decided}"><i style="width:{one.value * 100:.2f}%"></i>'
        f'<b style="left:calc({one.bound * 100:.2f}% - 1px)"></b></div>'
    )


def _breaches(report: Report) -> str:
    rows = "\n".join(
        f"<tr><td>{as_html(one.standard)}</td><td>{as_html(one.case)}</td><td>{as_html(one.what)}</td>"
        f"<td>{as_html(one.when)}</td></tr>"
        for one in worst_breaches(report)
    )
    if not rows:
        return ""
    head = "<tr><th>standard</th><th>case</th><th>why</th><th>when</th></tr>"
    return f"<h2>Broken, the worst first</h2><table><thead>{head}</thead><tbody>\n{rows}\n</tbody></table>\n"


def _contradictions(report: Report) -> str:
    lines = "".join(f"<li>{as_html(line)}</li>" for line in contradictions(report))
    return f"<h2>{CONTRADICTED}</h2><ul>{lines}</ul>\n" if lines else ""


def _following(report: Report) -> str:
    lines = [
        f"<tr><td>{as_html(name)}</td><td>{as_html(status)}</td>"
        f'<td class="n">{as_html(number)}</td><td class="n">{as_html(worth)}</td></tr>'
        for name, status, number, worth in following_rows(report)
    ]
    if not lines:
        return ""
    body = "\n".join(lines)
    first, state, number, worth = HEADER_FOLLOWING
    head = f'<tr><th>{first}</th><th>{state}</th><th class="n">{number}</th><th class="n">{worth}</th></tr>'
    return f"<h2>{TITLE}</h2><table><thead>{head}</thead><tbody>\n{body}\n</tbody></table>\n"


def _cell(tag: str, text: str, place: int) -> str:
    number = ' class="n"' if place in NUMBERS else ""
    return f"<{tag}{number}>{as_html(text)}</{tag}>"
