"""The pictures of the documents are those of what the library says now, and stand where pages show them."""

from __future__ import annotations

import re

import pytest
from docs.outputs import documents
from docs.pictures import FOLDER, drawn, mark_of, specs

SPECS = specs()


@pytest.mark.parametrize("name", SPECS)
def test_a_picture_was_drawn_from_what_the_report_says_now(name):
    picture = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert mark_of(SPECS[name]) in picture, "run `python tests/docs/pictures.py` and look at the pictures"


def test_pictures_can_be_drawn():
    pytest.importorskip("vl_convert", reason="pictures need the extra `plot`")
    picture = drawn(SPECS["assurance"])
    assert picture.startswith("<svg")
    assert mark_of(SPECS["assurance"]) in picture


def test_every_picture_is_shown_and_small():
    shown = {
        (page.parent / name).resolve()
        for page in documents()
        for name in re.findall(r"!\[[^\]]+\]\(([^)]+\.svg)\)", page.read_text(encoding="utf-8"))
    }
    pictures = set(FOLDER.glob("*.svg"))
    assert shown == pictures
    assert all(picture.stat().st_size < 40_000 for picture in pictures)
