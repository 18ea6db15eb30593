"""The page of public names is the public face, no more and no less."""

from __future__ import annotations

import re

from docs.names import PAGE, grouped, page

import servstd


def test_the_page_names_everything_public_once():
    shown = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(shown) == sorted(servstd.__all__)


def test_the_page_says_what_the_docstrings_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python tests/docs/names.py` and read the diff"


def test_every_name_has_a_heading_of_its_own():
    assert "More" not in grouped(), "a new public name: give it its group in names.py"
