"""Every YAML example of the pages loads: a whole book as it is, a list of standards in a book around it."""

from __future__ import annotations

import pytest
from docs.outputs import ROOT
from meta.project import blocks

import servstd

AROUND = """
servstd: 1
case: case_id
timezone: Europe/London
calendars: {office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:30"}}}
standards:
"""
DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    DOCS / "standards.md",
    DOCS / "exports.md",
    DOCS / "agreements.md",
    DOCS / "metrics.md",
    *sorted((DOCS / "language").glob("*.md")),
]
BOOKS = [
    pytest.param(block, id=f"{path.name} block {number}")
    for path in PAGES
    for number, block in enumerate(blocks(path.read_text(encoding="utf-8"), "yaml"), start=1)
]


@pytest.mark.parametrize("block", BOOKS)
def test_a_book_in_a_page_loads(block):
    book = servstd.loads(AROUND + block if block.startswith("- ") else block)
    assert len(book) > 0
    assert servstd.loads(book.to_yaml()) == book


def test_the_book_in_the_readme_is_the_one_of_the_example():
    (block,) = blocks((ROOT / "README.md").read_text(encoding="utf-8"), "yaml")
    assert block == (ROOT / "examples" / "ticket-desk" / "standards.yaml").read_text(encoding="utf-8")
