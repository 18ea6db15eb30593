"""The language reference holds every key of a book, as the models say it, and an example that runs on each page."""

from __future__ import annotations

import pytest
from docs.language import homes, keys_of, names_in, pages, refreshed, schema, table
from meta.project import ROOT, blocks

from servstd.standards import KINDS

TOLD_IN_WORDS = {"standard", "phase", "weekly", "breaks"}
"""Definitions whose keys are told elsewhere: kinds, those of a bundle, weekdays."""
PAGES = [page for page in pages() if names_in(page)]


def test_every_mapping_of_the_schema_has_its_table():
    wanted = {name for name in schema()["definitions"] if keys_of(name)} - TOLD_IN_WORDS | {
        "Book",
        "frame",
        "functions",
    }
    assert wanted - set(homes()) == set(), (
        "give it a table: `<!-- keys: NAME -->` and `<!-- end -->` in a page"
    )
    assert set(homes()) - wanted == set()


def test_every_kind_has_a_page_of_its_own():
    assert [kind for kind in KINDS if not (PAGES[0].parent / f"{kind}.md").exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_tables_are_fresh(page):
    assert page.read_text(encoding="utf-8") == refreshed(page), (
        "run `python tests/docs/language.py`, read the diff"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_a_book_or_a_call_that_runs(page):
    """What is shown is run by test_yaml.py and test_python.py."""
    text = page.read_text(encoding="utf-8")
    assert blocks(text, "yaml") or blocks(text, "python")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_every_page_is_in_the_navigation(page):
    assert f"language/{page.name}" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_a_table_says_type_default_and_example():
    rows = {line.split(" | ")[0].strip("| "): line for line in table("Respond").splitlines()}
    assert "`once` · `each` · `latest` · `every` | `once`" in rows["`recurs`"]
    assert "[limit](limits.md#" in rows["`within`"]
    assert "`60 minutes`" in rows["`within`"]
