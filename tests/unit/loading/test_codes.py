"""docs/errors.md has an entry for every code of a book, and its examples give that code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servstd.errors import StandardsError
from servstd.loading import loads

ROOT = Path(__file__).parents[3]
ENTRIES = re.findall(
    r"^### (SV(?:1|60|61|63|64|65|66|70|71)\d+) .*\n((?:(?!^##).*\n?)*)",
    (ROOT / "docs" / "errors.md").read_text(),
    re.MULTILINE,
)
EXAMPLES = [
    (code, block) for code, text in ENTRIES for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
]


def test_every_code_has_one_entry() -> None:
    used = set()
    for file in (ROOT / "src" / "servstd").rglob("*.py"):
        used |= set(re.findall(r'"(SV(?:1\d\d|6[013-6]\d|7[01]\d))"', file.read_text()))
    entries = [code for code, _ in ENTRIES]
    assert len(set(entries)) == len(entries)
    assert used - {"SV100"} == set(entries)


@pytest.mark.parametrize(("code", "text"), EXAMPLES, ids=[code for code, _ in EXAMPLES])
def test_each_example_gives_its_code(code: str, text: str) -> None:
    with pytest.raises(StandardsError) as caught:
        loads(text)
    assert code in {problem.code for problem in caught.value.problems}
    assert all(problem.where.startswith("<text>:") for problem in caught.value.problems)
