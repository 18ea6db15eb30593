"""The page of what the lint finds is made from its table and its cases, and names every code."""

from __future__ import annotations

import re

from docs.lint import GROUPS, PAGE, ROOT, page

from servstd.lint.running import known_codes


def test_the_page_is_what_the_table_says():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python tests/docs/lint.py` and read the diff"


def test_every_code_stands_under_one_heading():
    assert all(sum(int(code[2:]) in numbers for numbers in GROUPS.values()) == 1 for code in known_codes())
    headings = re.findall(r"^### (SV\d+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == known_codes()


def test_every_code_of_the_source_is_on_the_page():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "servstd").rglob("*.py"))
    assert set(re.findall(r'"(SV5[0-8]\d)"', source)) <= set(
        re.findall(r"SV5\d\d", PAGE.read_text(encoding="utf-8"))
    )
