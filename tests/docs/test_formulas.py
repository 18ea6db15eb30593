"""The page of formulas names every formula, and says what the functions say of themselves."""

from __future__ import annotations

import pytest
from docs.formulas import ASKED, FINDS, PAGE, SECTIONS, WRITTEN, functions_of, page

from servstd.control.chart import KINDS
from servstd.standards.measures import MEASURES
from servstd.statistics.special_causes import TESTS

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_says_what_the_docstrings_say():
    assert page() == TEXT, "run `python tests/docs/formulas.py` and read the diff"


@pytest.mark.parametrize("measure", MEASURES)
def test_every_formula_of_a_metric_is_named(measure):
    first, *others = (f"`{formula}`" if formula else "" for formula in MEASURES[measure])
    assert f"| `{measure}` | {first} | " in TEXT
    rows = TEXT.partition(f"| `{measure}` | ")[2].splitlines()[1:]
    assert all(row.startswith(f"|  | {name} | ") for name, row in zip(others, rows, strict=False))


@pytest.mark.parametrize("module", SECTIONS.values())
def test_every_formula_has_an_example(module):
    for name in functions_of(module):
        part = TEXT.partition(f"\n### {name}\n")[2].partition("\n##")[0]
        assert ">>> " in part, f"`{name}` has no example"


def test_what_the_page_names_is_there():
    known = {name for module in SECTIONS.values() for name in functions_of(module)}
    assert {*WRITTEN, *ASKED} <= known
    assert set(FINDS) == set(TESTS)
    assert all(f'kind="{kind}"' in TEXT for kind in KINDS)
