"""The schema of a whole book, made from the models as they are now."""

from __future__ import annotations

from typing import Any

from servstd.book import Book
from servstd.schema.draft07 import Draft07
from servstd.schema.spellings import FIELDS, SPELLINGS


def build_schema() -> dict[str, Any]:
    """Return the JSON Schema of a book, made anew from the models and their docstrings.

    Within draft-07, without `null`: a key that says nothing is left out. It refuses nothing that loads; what only the
    reader can know (names that must exist, keys that belong together) it leaves to the reader.

    Example:
        >>> build_schema()["definitions"]["standard"]["required"]
        ['kind']
    """
    build = Draft07(SPELLINGS, FIELDS)
    book = build.mapping_of(Book)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "description": "A book of service standards for servstd.",
        **book,
        "definitions": dict(sorted(build.definitions.items())),
    }
