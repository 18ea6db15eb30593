"""The committed JSON Schema is that of the models, and within draft-07."""

from __future__ import annotations

import json

from docs.schema import text
from jsonschema import Draft7Validator

from servstd.schema import schema_text

# The keywords of https://json-schema.org/draft-07/schema that a book needs; nothing of OpenAPI or later drafts.
KEYWORDS = {
    "$schema", "$ref", "title", "description", "default", "examples", "type", "enum", "const", "definitions",
    "properties", "patternProperties", "additionalProperties", "required", "dependencies", "minProperties",
    "maxProperties", "items", "minItems", "maxItems", "minLength", "maxLength", "pattern", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "allOf", "anyOf", "not", "if", "then", "else",
}  # fmt: skip
NAMED = {"properties", "patternProperties", "definitions"}
ONE = {"additionalProperties", "not", "if", "then", "else"}


def keywords(schema):
    """Yield every keyword of a schema and of those in it; names of properties and values are none."""
    waiting = [schema]
    while waiting:
        here = waiting.pop()
        if isinstance(here, bool):
            continue
        for word, value in here.items():
            yield word, here
            if word in NAMED:
                waiting += value.values()
            elif word in ONE:
                waiting.append(value)
            elif word in ("allOf", "anyOf"):
                waiting += value
            elif word == "items":
                waiting += value if isinstance(value, list) else [value]


def test_the_schema_is_fresh():
    assert schema_text() == text(), "run `python tests/docs/schema.py` and read the diff"


def test_nothing_is_outside_draft_07():
    schema = json.loads(schema_text())
    Draft7Validator.check_schema(schema)
    assert {word for word, _ in keywords(schema)} <= KEYWORDS


def test_beside_a_reference_nothing_stands_that_draft_07_would_ignore():
    assert [
        here for word, here in keywords(json.loads(schema_text())) if word == "$ref" and len(here) > 1
    ] == []


def test_every_reference_leads_somewhere_and_every_definition_is_used():
    schema = json.loads(schema_text())
    named = {here["$ref"] for word, here in keywords(schema) if word == "$ref"}
    assert named == {f"#/definitions/{name}" for name in schema["definitions"]}
