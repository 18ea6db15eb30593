"""The JSON Schema of a book: what the models say of their keys, in a form that editors read.

`servstd.schema.json` beside this file is made from the models and holds what `schema_text` returns, so that nothing is
built where it is only shown.
"""

from __future__ import annotations

from pathlib import Path

from servstd.schema.words import Words, summary_of, words_of

__all__ = ["SCHEMA_FILE", "Words", "schema_text", "summary_of", "words_of"]

SCHEMA_FILE = Path(__file__).with_name("servstd.schema.json")
"""Where the schema stands: in the repository, and in an installed package."""


def schema_text() -> str:
    """Return the JSON Schema of a book as JSON, within draft-07.

    Example:
        >>> import json
        >>> json.loads(schema_text())["properties"]["servstd"]["const"]
        1
    """
    return SCHEMA_FILE.read_text(encoding="utf-8")
