"""The pages of the catalogue are what the books and their worked cases say, and show every one of them."""

from __future__ import annotations

import pytest
from docs.catalogue import FOLDER, SUBJECTS, pages, shown_apart, worked

from servstd.published import DISCLAIMER, entries, values_of

PAGES = {path: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}


def test_the_pages_say_what_the_books_say():
    found = pages()
    assert set(found) == set(PAGES)
    stale = [path.name for path, text in found.items() if shown_apart(PAGES[path]) != shown_apart(text)]
    assert not stale, "run `python tests/docs/catalogue.py` and read the diff"


def test_every_subject_has_a_page():
    assert sorted(SUBJECTS) == values_of("domain")


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_page_says_that_it_is_no_legal_advice(name):
    assert DISCLAIMER in PAGES[FOLDER / f"{name}.md"]


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.id)
def test_a_standard_stands_on_the_page_of_its_subject_with_book_source_and_cases(entry):
    page = PAGES[FOLDER / f"{entry.domain}.md"]
    part = page.partition(f"\n## {entry.id}\n")[2].partition("\n## ")[0]
    assert entry.path.read_text(encoding="utf-8").strip() in part
    assert entry.issuer in part
    assert all(f"- **{one.id}**: " in part for one in entry.load().standards)
    cases = part.partition("\nWorked cases, ")[2]
    assert all(
        row["why"].replace("|", "\\|").replace("*", "\\*")[:20] in cases
        for row in worked(entry.id)["verdicts"]
    )
