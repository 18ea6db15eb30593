"""Every mutant still fits the source that it breaks; `python tests/mutants/run.py` sees that tests notice them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from mutants.patches import MUTANTS
from mutants.run import patched

SOURCE = Path(__file__).resolve().parents[2] / "src" / "servstd"


def test_there_are_at_least_25_and_no_two_alike():
    assert len(MUTANTS) >= 25
    assert (
        len({one.name for one in MUTANTS})
        == len({(one.path, one.old, one.new) for one in MUTANTS})
        == len(MUTANTS)
    )


@pytest.mark.parametrize("mutant", MUTANTS, ids=[one.name for one in MUTANTS])
def test_a_mutant_changes_what_the_source_means(mutant):
    text = (SOURCE / mutant.path).read_text()
    assert ast.dump(ast.parse(patched(mutant, text))) != ast.dump(ast.parse(text))
