"""The tables of the language reference, made from the models and their schema.

python tests/docs/language.py     writes the tables in docs/language/ anew; the words around them are written by hand

A page holds a table where it says `<!-- keys: Respond -->` … `<!-- end -->`; the name is that of a definition in the
schema, `Book`, `frame` for what all kinds share, or `functions` for those of expressions.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from servstd.book import Book
from servstd.expressions.nodes import FUNCTIONS
from servstd.schema import schema_text
from servstd.schema.draft07 import Draft07
from servstd.schema.spellings import FIELDS, SPELLINGS
from servstd.schema.words import Words, words_of
from servstd.standards import Standard

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "language"
BLOCK = re.compile(r"<!-- keys: (?P<name>[\w ]+) -->\n(?P<table>.*?)<!-- end -->", re.DOTALL)
_HEAD = "| key | takes | default | says |\n|---|---|---|---|\n"


class _Gathering(Draft07):
    """Remember the models that the schema is made of."""

    def __init__(self) -> None:
        super().__init__(SPELLINGS, FIELDS)
        self.models: dict[str, type[BaseModel]] = {}

    def mapping_of(self, model: type[BaseModel]) -> dict[str, Any]:
        self.models[model.__name__] = model
        return super().mapping_of(model)


@cache
def models() -> dict[str, type[BaseModel]]:
    """Return every model of a book by its name."""
    build = _Gathering()
    build.mapping_of(Book)
    return build.models


@cache
def schema() -> dict[str, Any]:
    """Return the committed schema."""
    found: dict[str, Any] = json.loads(schema_text())
    return found


def pages() -> list[Path]:
    """Return the pages of the reference."""
    return sorted(FOLDER.glob("*.md"))


def names_in(page: Path) -> list[str]:
    """Return the names whose tables a page holds."""
    return [found["name"] for found in BLOCK.finditer(page.read_text(encoding="utf-8"))]


@cache
def homes() -> dict[str, Path]:
    """Return the page of each table."""
    return {name: page for page in pages() for name in names_in(page)}


def refreshed(page: Path) -> str:
    """Return a page with its tables as they are now."""
    return BLOCK.sub(
        lambda found: f"<!-- keys: {found['name']} -->\n\n{table(found['name'])}\n<!-- end -->",
        page.read_text(encoding="utf-8"),
    )


def table(name: str) -> str:
    """Return the table of a definition."""
    if name == "functions":
        rows = (f"| `{one}` | {says} |\n" for one, says in FUNCTIONS.items())
        return f"| function | gives |\n|---|---|\n{''.join(rows)}"
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in _rows(name))


def _rows(name: str) -> Iterator[tuple[str, str, str, str]]:
    told = _words(name)
    for key, shape in keys_of(name).items():
        words = told.get(key, Words(shape.get("description", ""), ()))
        says = words.text.partition("\n\n")[0]
        if more := [f"`{one}`" for one in words.examples if f"`{one}`" not in says]:
            says += f" For example {', '.join(more)}."
        default = f"`{json.dumps(shape['default'])}`".replace('"', "") if "default" in shape else ""
        needed = "**required**" if key in _needed(name) else default
        yield f"`{key}`", takes(shape), needed, says.replace("|", "\\|")


def keys_of(name: str) -> dict[str, Any]:
    """Return the keys of a definition: of a kind its own, without those of the frame."""
    shape = _definition(name)
    found = {part: keys for one in _parts_of(shape) for part, keys in one.get("properties", {}).items()}
    if name == "frame":
        return {key: keys for key, keys in found.items() if key in Standard.model_fields}
    if _is_kind(name):
        return {key: keys for key, keys in found.items() if key not in Standard.model_fields}
    return found


def _parts_of(shape: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a schema and its branches, which hold keys of the same mapping."""
    yield shape
    for word in ("then", "else"):
        if isinstance(shape.get(word), dict):
            yield from _parts_of(shape[word])


def _definition(name: str) -> dict[str, Any]:
    if name == "Book":
        return schema()
    found: dict[str, Any] = schema()["definitions"]["Respond" if name == "frame" else name]
    return found


def _is_kind(name: str) -> bool:
    model = models().get(name)
    return model is not None and issubclass(model, Standard)


def _needed(name: str) -> list[str]:
    if name == "frame":
        return ["id", "kind"]
    return [*_definition(name).get("required", [])]


def _words(name: str) -> dict[str, Words]:
    model = Standard if name == "frame" else models().get(name)
    if model is None:
        return {}
    return {field.alias or key: words_of(model)[key] for key, field in model.model_fields.items()}


def takes(shape: dict[str, Any]) -> str:
    """Return what a key takes, in words, with links to the tables of mappings."""
    if "$ref" in shape:
        return _linked(shape["$ref"].rpartition("/")[2])
    if len(shape.get("allOf", ())) == 1:
        return takes(shape["allOf"][0])
    if "allOf" in shape:  # a standard, and what its kind needs
        return takes(shape["allOf"][0])
    if "enum" in shape:
        return " · ".join(f"`{value}`" for value in shape["enum"])
    if "const" in shape:
        return f"`{shape['const']}`"
    if "anyOf" in shape:
        return " or ".join(dict.fromkeys(takes(one) for one in shape["anyOf"]))
    sorts = shape.get("type", [])
    names = [sorts] if isinstance(sorts, str) else sorts
    return " or ".join(dict.fromkeys(_sort(name, shape) for name in names)) or "anything"


_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}


def _sort(sort: str, shape: dict[str, Any]) -> str:
    if sort == "array":
        items = shape.get("items", shape.get("then", {}).get("items", {}))
        return f"list of {takes(items)}" if isinstance(items, dict) and items else "list"
    if sort == "object":
        if "$ref" in shape.get("then", {}):
            return takes(shape["then"])
        values = shape.get("additionalProperties")
        return f"mapping to {takes(values)}" if isinstance(values, dict) else "mapping"
    return _WORDS[sort]


def _linked(name: str) -> str:
    shown = name if name[0].islower() else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    page = homes().get(name)
    return f"[{shown}]({page.name}#{anchor(name, page)})" if page else shown


def anchor(name: str, page: Path) -> str:
    """Return the anchor of the heading above a table."""
    text = page.read_text(encoding="utf-8")
    above = text[: text.index(f"<!-- keys: {name} -->")]
    heading = re.findall(r"^#+ (.+)$", above, re.MULTILINE)[-1]
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


if __name__ == "__main__":
    for path in pages():
        if (after := refreshed(path)) != path.read_text(encoding="utf-8"):
            path.write_text(after, encoding="utf-8", newline="\n")
            sys.stdout.write(f"{path.name}: tables written anew\n")
