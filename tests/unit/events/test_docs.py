"""The page on events shows what its examples print."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "events.md"


def test_every_output_on_the_page_is_what_the_example_before_it_prints() -> None:
    names: dict[str, object] = {}
    printed = ""
    shown = 0
    for language, block in re.findall(
        r"```(python|text)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    ):
        if language == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(block, names)  # noqa: S102 - our own document
            printed = out.getvalue()
        else:
            assert printed == block
            shown += 1
    assert shown > 5


def test_every_option_is_on_the_page() -> None:
    from servstd.events import ReadOptions

    text = PAGE.read_text(encoding="utf-8")
    table = text[text.index("| option |") : text.index("## One row a case")]
    assert set(
        re.findall(
            r"`(\w+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if line.startswith("|"))
        )
    ) >= set(ReadOptions.model_fields)
