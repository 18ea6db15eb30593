"""A book of each kind with one wrong thing of every sort that concerns it: all are found, each on its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import servstd
from servstd.standards import KINDS

FOLDER = Path(__file__).parent / "kinds"
BOOKS = sorted(FOLDER.glob("*.yaml"))


def test_there_is_a_book_of_each_kind():
    assert {path.stem for path in BOOKS} == {*KINDS, "agreements"}


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_wrong_thing_is_found_on_its_line_and_nothing_else(path):
    marked = [
        (number, code)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for code in re.findall(r"# (SV\d+)$", line)
    ]
    found = [(int(one.where.split(":")[-2]), one.code) for one in servstd.load(path).lint()]
    assert sorted(found) == sorted(marked)
