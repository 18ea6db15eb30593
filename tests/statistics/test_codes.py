"""docs/errors.md has an entry for every code of this room; its examples are run with the documents."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENTRIES = re.findall(
    r"^### (SV6[789]\d) .*\n((?:(?!^##).*\n?)*)", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE
)


def test_every_code_has_one_entry_and_an_example_that_raises_it():
    used = set()
    for file in (ROOT / "src" / "servstd").rglob("*.py"):
        used |= set(re.findall(r'"(SV6[789]\d)"', file.read_text()))
    entries = [code for code, _ in ENTRIES]
    assert sorted(set(entries)) == entries
    assert used == set(entries)
    assert [code for code, text in ENTRIES if "pytest.raises(" not in text] == []
