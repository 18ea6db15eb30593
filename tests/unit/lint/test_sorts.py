"""Each sort of finding: a book that shows it, and nothing else, and one that nearly does and shows nothing.

The books are data under `cases/`, from which the documentation is made as well. The line on which a finding must stand is
marked `# here` in the book, so that its place does not come from what the lint printed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import servstd
from servstd.lint.running import known_codes

CASES = Path(__file__).parent / "cases"
CODES = sorted(path.name for path in CASES.iterdir())


def findings(code, name):
    """Return a book of the cases, and what is found in it."""
    path = CASES / code / f"{name}.yaml"
    book = servstd.load(path)
    data = path.with_suffix(".csv")
    return path, book.lint(servstd.read_events(data, options=book.events) if data.exists() else None)


def test_every_sort_has_its_two_books():
    assert known_codes() == CODES


@pytest.mark.parametrize("code", CODES)
def test_the_book_that_triggers_shows_this_one_finding_where_it_stands(code):
    path, found = findings(code, "triggers")
    marked = [
        number for number, line in enumerate(path.read_text().splitlines(), 1) if line.endswith("# here")
    ]
    assert len(marked) == 1
    assert [(one.code, int(one.where.split(":")[-2])) for one in found] == [(code, marked[0])]


@pytest.mark.parametrize("code", CODES)
def test_the_book_that_nearly_triggers_shows_nothing(code):
    assert findings(code, "nearly")[1] == ()


@pytest.mark.parametrize("code", CODES)
def test_a_finding_says_what_and_what_to_write(code):
    for one in findings(code, "triggers")[1]:
        assert one.message.endswith(".")
        assert one.help.endswith(".")
        assert one.severity in ("error", "warning", "info")
        assert not any(
            word in f"{one.message} {one.help}".lower() for word in ("policy", "kpi", "violation", "sla ")
        )
