"""The benchmarks need data that is not shipped; what can be held without it is held here."""

from __future__ import annotations

import subprocess
import sys

import pytest
from meta.project import ROOT

import servstd

BOOKS = sorted((ROOT / "benchmarks" / "books").glob("*.yaml"))


def python(code_or_module: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *code_or_module], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_book_loads_and_says_how_its_data_is_read(path):
    book = servstd.load(path)
    assert book.events is not None
    assert len(book) > 0


def test_without_a_folder_of_data_it_says_how_it_is_called():
    done = python(["-m", "benchmarks.real", "no-such-folder"])
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m benchmarks.real DATA_FOLDER")
    assert done.stdout == ""


def test_a_limit_is_pinned_between_the_last_kept_and_the_first_broken_case():
    """Any limit from 6 to below 7 is wrong about the case at 4 alone; one from 3 to below 4 about those at 5 and 6."""
    code = (
        "from benchmarks.real import pinned_limit;"
        "print(pinned_limit([(1, True), (3, True), (4, False), (5, True), (6, True), (7, False)]))"
    )
    assert python(["-c", code]).stdout == "(6, 7, 1)\n"


def test_a_limit_that_nobody_kept_is_below_every_case():
    code = "from benchmarks.real import pinned_limit; print(pinned_limit([(4, False), (6, False)]))"
    assert python(["-c", code]).stdout == "(0, 4, 0)\n"


def test_a_bound_that_does_not_hold_is_shown_as_such():
    code = "from benchmarks.table import at_least, table; print(table([at_least('x', 1, 2, 60), at_least('y', 0, 0, 60)]))"
    shown = python(["-c", code]).stdout.splitlines()
    assert [line.split()[-1] for line in shown] == ["ok", "NO", "NO"]
