"""Findings of the lint as text, as JSON and as GitHub workflow commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import servstd
from servstd.errors import Problem
from servstd.escaping import as_json
from servstd.lint import SEVERITIES, Finding, Severity
from servstd.lint.words import counted
from servstd.render.github import command
from servstd.render.style import PLAIN, Style

_COLOURS = {"error": "bad", "warning": "warn", "info": "weak"}
_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def severity_of(problem: Problem) -> Severity:
    """Return how grave a finding is; what keeps a book from loading is an error."""
    return problem.severity if isinstance(problem, Finding) else "error"


def render_text(found: Sequence[Problem], books: int, style: Style = PLAIN) -> str:
    """Return findings as loading shows its problems, and one line that counts them.

    Args:
        found: The findings, and the problems of books that do not load.
        books: How many books were looked at.
        style: The terminal.
    """
    parts = []
    for one in found:
        head, *rest = str(one).split("\n")
        parts.append("\n".join([style.paint(head, _COLOURS[severity_of(one)]), *rest]))
    line = summary(found, books)
    how = "bad" if any(severity_of(one) == "error" for one in found) else "warn" if found else "good"
    return style.finish("\n\n".join([*parts, style.paint(line, "strong", how)]) + "\n")


def summary(found: Sequence[Problem], books: int) -> str:
    """Return how much was found, in one line.

    Example:
        >>> summary([], 1), summary([Finding("SV500", "x", severity="warning")], 2)
        ('✓ Nothing found in 1 book.', '· 1 warning in 2 books.')
    """
    where = f"in {counted(books, 'book')}."
    if not found:
        return f"✓ Nothing found {where}"
    counts = Counter(map(severity_of, found))
    told = ", ".join(
        counted(counts[one], {"info": "note"}.get(one, one)) for one in SEVERITIES if counts[one]
    )
    return f"{'✗' if counts['error'] else '·'} {told} {where}"


def render_json(found: Sequence[Problem], books: int) -> str:
    """Return findings as JSON, keys in a stable order."""
    counts = Counter(map(severity_of, found))
    told = {
        "servstd": servstd.__version__,
        "books": books,
        "counts": {severity: counts[severity] for severity in SEVERITIES},
        "findings": [_row(one) for one in found],
    }
    return as_json(told, indent=2) + "\n"


def _row(one: Problem) -> dict[str, str | int | None]:
    file, line, column = place_of(one)
    return {
        "code": one.code,
        "severity": severity_of(one),
        "message": one.message,
        "help": one.help,
        "standard": one.standard if isinstance(one, Finding) else "",
        "path": one.path,
        "file": file,
        "line": line,
        "column": column,
    }


def render_github(found: Sequence[Problem], books: int) -> str:
    """Return findings as workflow commands: an annotation at each line."""
    return "\n".join([*as_commands(found), summary(found, books)]) + "\n"


def as_commands(found: Sequence[Problem]) -> list[str]:
    """Return a workflow command for each problem, at its place where that is known."""
    lines = []
    for one in found:
        file, line, column = place_of(one)
        place: dict[str, str | int] = {} if file is None else {"file": file}
        if line is not None and column is not None:
            place |= {"line": line, "col": column}
        words = [one.message, *([f"help: {one.help}"] if one.help else [])]
        lines.append(command(_LEVELS[severity_of(one)], one.code, "\n".join(words), **place))
    return lines


def place_of(one: Problem) -> tuple[str | None, int | None, int | None]:
    """Return file, line and column of a finding, as far as they are known.

    Example:
        >>> place_of(Problem("SV500", "x", where="a:b.yaml:3:5"))
        ('a:b.yaml', 3, 5)
    """
    file, _, column = one.where.rpartition(":")
    file, _, line = file.rpartition(":")
    if file and line.isdigit() and column.isdigit():
        return file, int(line), int(column)
    return one.where or None, None, None
