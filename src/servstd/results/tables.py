"""Small tables for notebooks and prompts: plain text, escaped HTML and Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from servstd.escaping import as_html, as_markdown, printable, without_commands
from servstd.results.wording import fit, width_of

_WIDEST = 32


def plain_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[int] = (),
    widest: int = _WIDEST,
) -> str:
    """Return an aligned table; the columns numbered in `right` end together, and cells are cut at a width.

    Example:
        >>> print(plain_table(["case", "n"], [["T-1", "7"], ["T-20", "12"]], right=[1]))
        case   n
        T-1    7
        T-20  12
    """
    cells = [[fit(printable(cell), widest) for cell in row] for row in (header, *rows)]
    widths = [max(width_of(row[place]) for row in cells) for place in range(len(header))]
    lines = []
    for row in cells:
        parts = [pad(cell, widths[place], right=place in right) for place, cell in enumerate(row)]
        lines.append("  ".join(parts).rstrip())
    return without_commands("\n".join(lines))


def html_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "", *, right: Sequence[int] = ()
) -> str:
    """Return an HTML table with every text escaped; the columns numbered in `right` end together."""

    def line(cells: Sequence[str], tag: str) -> str:
        return "".join(
            f'<{tag} style="text-align:{"right" if place in right else "left"};padding:.15em .6em'
            f'{";white-space:nowrap" if place < len(cells) - 1 else ""}">'
            f"{as_html(cell)}</{tag}>"
            for place, cell in enumerate(cells)
        )

    head, body = line(header, "th"), "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    title = f'<caption style="text-align:left">{as_html(caption)}</caption>' if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    r"""Return a Markdown table with every text escaped; the columns numbered in `right` end together.

    Example:
        >>> print(markdown_table(["case", "n"], [["T_1", "7"]], right=[1]))
        | case | n |
        |---|---:|
        | T\_1 | 7 |
    """
    marks = "|".join("---:" if place in right else "---" for place in range(len(header)))
    lines = ["| " + " | ".join(as_markdown(cell) for cell in row) + " |" for row in (header, *rows)]
    return "\n".join([lines[0], f"|{marks}|", *lines[1:]])


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return a text filled up with blanks to a width in terminal columns."""
    blanks = " " * (width - width_of(text))
    return blanks + text if right else text + blanks
