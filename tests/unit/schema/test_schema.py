"""The JSON Schema takes what loads, refuses what is broken, and knows the same words as the readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft7Validator
from meta.project import ROOT, SOURCE
from pydantic import TypeAdapter

import servstd
from servstd.calendars import hours, reading, sources
from servstd.conditions.operators import OPERATORS
from servstd.conditions.parser import JOINS
from servstd.files import parse_document, read_document
from servstd.schema import schema_text
from servstd.schema.draft07 import Draft07
from servstd.schema.spellings import FIELDS, FORMS, SPELLINGS
from servstd.schema.words import words_of
from servstd.standards import KINDS, selector
from servstd.testing import books

SCHEMA = json.loads(schema_text())
VALIDATOR = Draft7Validator(SCHEMA)
DEFINED = SCHEMA["definitions"]
EXAMPLES = sorted(
    [*(ROOT / "examples").rglob("*.yaml"), *(ROOT / "benchmarks").rglob("*.yaml"), *SOURCE.rglob("*.yaml")]
)
CONFORMANCE = sorted((ROOT / "tests" / "conformance").rglob("standards.yaml"))
HEAD = "servstd: 1\ncase: c\nstandards:\n"
GOOD = "- {id: a, kind: respond, start: s, stop: t, within: 1 hour}\n"


def faults(text):
    """Return where a book is wrong, deepest first."""
    found = []
    waiting = list(VALIDATOR.iter_errors(parse_document(text, format="yaml", name="text").data))
    while waiting:
        fault = waiting.pop()
        waiting += fault.context
        found.append(("/".join(map(str, fault.absolute_path)), fault.validator))
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_book_of_the_project_is_valid(path):
    assert [fault.message for fault in VALIDATOR.iter_errors(read_document(path).data)] == []


def test_every_conformance_book_that_loads_is_valid():
    refused = []
    for path in CONFORMANCE:
        try:
            servstd.load(path)
        except servstd.ServstdError:
            continue
        refused += [path.parent.name for _ in VALIDATOR.iter_errors(read_document(path).data)]
    assert refused == []


@given(books())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_generated_book_is_valid(book):
    assert [fault.message for fault in VALIDATOR.iter_errors(book)] == []


@pytest.mark.parametrize(
    ("text", "where", "why"),
    [
        (HEAD + "- {id: a, kind: respond, strt: s, stop: t, within: 1 hour}", "standards/0", "additionalProperties"),
        (HEAD + "- {id: a, kind: respnd, start: s}", "standards/0/kind", "enum"),
        (HEAD + "- {id: a, start: s, stop: t, within: 1 hour}", "standards/0", "required"),
        (HEAD + "- {kind: respond, start: s, stop: t, within: 1 hour}", "standards/0", "required"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t}", "standards/0", "required"),
        (HEAD + "- {id: a, kind: check, event: e}", "standards/0", "required"),
        (HEAD + "- {id: a, kind: gauge, level: {plus: p}}", "standards/0", "required"),
        (HEAD + "- {id: a, kind: quantity, count: e}", "standards/0", "required"),
        (HEAD + "- {id: a, kind: bundle}", "standards/0", "required"),
        (HEAD + "- {id: a, kind: bundle, of: [{kind: respond, strt: s}]}", "standards/0/of/0", "additionalProperties"),
        (HEAD + "- {id: a, kind: bundle, of: [{standrd: b}]}", "standards/0/of/0", "required"),
        (HEAD + "- {id: a, kind: order, event: e}", "standards/0", "required"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t, within: 60}", "standards/0/within", "type"),
        (HEAD + '- {id: a, kind: respond, start: s, stop: t, within: "60"}', "standards/0/within", "pattern"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t, within: {count: 3}}", "standards/0/within", "dependencies"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t, within: {earliest: [1 hour]}}", "standards/0/within", "additionalProperties"),
        (HEAD + "- {id: a, kind: respond, start: {evnt: s}, stop: t, within: 1 hour}", "standards/0/start", "additionalProperties"),
        (HEAD + "- {id: a, kind: respond, start: {standard: b}, stop: t, within: 1 hour}", "standards/0/start", "dependencies"),
        (HEAD + "- {id: a, kind: respond, start: {standard: b, change: broke}, stop: t, within: 1 hour}", "standards/0/start/change", "enum"),
        (HEAD + "- {id: a, kind: respond, start: 5, stop: t, within: 1 hour}", "standards/0/start", "type"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t, within: 1 hour, recurs: always}", "standards/0/recurs", "enum"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t, within: 1 hour, applies_to: {x: {gte: 5}}}", "standards/0/applies_to/x", "additionalProperties"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t, within: 1 hour, applies_to: [x]}", "standards/0/applies_to", "type"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t, within: 1 hour, applies_to: {all: {x: 1}}}", "standards/0/applies_to/all", "type"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t, within: 1 hour, exclude: [{wen: {x: 1}}]}", "standards/0/exclude/0", "additionalProperties"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t, within: 1 hour, overrides: [{when: {x: 1}, witin: 1 hour}]}", "standards/0/overrides/0", "additionalProperties"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t, within: 1 hour, objective: {share: 95%, windw: month}}", "standards/0/objective", "additionalProperties"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t, within: 1 hour, day_rule: {roll: up}}", "standards/0/day_rule/roll", "enum"),
        (HEAD + "- {id: a, kind: respond, start: s, stop: t, within: 1 hour, extend: {event: e, times: 0}}", "standards/0/extend/times", "minimum"),
        (HEAD + "- {id: a, kind: gauge, level: {pls: p}, above: 3}", "standards/0/level", "additionalProperties"),
        (HEAD + "- {id: a, kind: quantity, count: e, at_most: 3, per: fortnight}", "standards/0/per", "enum"),
        ("servstd: 1\ncase: c\nindicators: [{id: a, kind: bundle, of: [b]}]", "indicators/0/kind", "enum"),
        ("servstd: 2\nstandards: []", "servstd", "const"),
        ("servstd: 1\nstandrds: []", "", "additionalProperties"),
        ("servstd: 1\ncalendars: {o: {timezone: Europe/London, hourz: x}}", "calendars/o", "additionalProperties"),
        ("servstd: 1\ncalendars: {o: {timezone: Europe/London, hours: {1: x}}}", "calendars/o/hours", "additionalProperties"),
        ("servstd: 1\ncalendars: {o: {hours: always, holidays: {contry: GB}}}", "calendars/o/holidays", "additionalProperties"),
        ("servstd: 1\ncalendars: {o: {hours: always, versions: [{hours: always}]}}", "calendars/o/versions/0", "required"),
        ("servstd: 1\nevents: {time: t, fold: erlier}", "events/fold", "enum"),
    ],
)  # fmt: skip
def test_a_broken_book_is_refused_where_it_is_broken(text, where, why):
    assert (where, why) in faults(text)
    with pytest.raises(servstd.ServstdError):
        servstd.loads(text)


def test_the_book_around_the_broken_ones_is_whole():
    assert faults(HEAD + GOOD) == []
    assert faults("servstd: 1\ncase: c\nindicators: [{id: a, kind: respond, start: s, stop: t}]") == []


# The same words as the readers ------------------------------------------------------------------------------------


def test_the_kinds_are_those_of_the_models():
    items = DEFINED["standard"]
    assert items["properties"]["kind"]["enum"] == list(KINDS)
    assert [row["if"]["properties"]["kind"]["const"] for row in items["allOf"]] == list(KINDS)


def test_conditions_have_the_operators_and_joins_of_their_reader():
    assert set(DEFINED["test"]["properties"]) == {*OPERATORS, *JOINS}
    assert set(DEFINED["condition"]["properties"]) == set(JOINS)


def test_selectors_have_the_keys_and_changes_of_their_reader():
    keys = {"all", "at", *selector._EVENT_KEYS, *selector._VERDICT_KEYS}
    assert set(DEFINED["selector"]["properties"]) == keys
    assert DEFINED["selector"]["properties"]["change"]["enum"] == list(selector.CHANGES)


def test_calendars_have_the_words_of_their_reader():
    dated = DEFINED["Calendar"]["properties"]
    assert set(DEFINED["holiday"]["properties"]) == {key for some in sources._KEYS.values() for key in some}
    (day,) = dated["exceptions"]["patternProperties"].values()
    assert set(day["then"]["properties"]) == set(reading._CHANGE_KEYS)
    assert set(dated["versions"]["items"]["properties"]) == set(reading._VERSION_KEYS)
    assert all(hours.is_weekday_key(key) for key in DEFINED["weekly"]["then"]["properties"])


def test_limits_have_the_keys_of_their_reader():
    """Each key that the reader knows, in a limit that it takes; the schema has these and no more."""
    limits = [
        {"earliest_of": ["1 hour"]}, {"latest_of": ["1 hour"]}, {"count": 3, "of": "call.ring"},
        {"next": "month_end", "lead": "6 days"}, {"next": "month_end", "lag": "6 days"}, {"by": "plan", "gold": "1 hour", "else": "2 hours"},
    ]  # fmt: skip
    for one in limits:
        servstd.Respond(id="a", start="s", stop="t", within=one)
    known = {*DEFINED["limit"]["then"]["properties"], *DEFINED["limit"]["else"]["properties"]}
    assert known == {key for one in limits for key in one} - {"gold"}


# Words ------------------------------------------------------------------------------------------------------------


class Gathering(Draft07):
    """Remember which models a schema is made of."""

    def __init__(self):
        super().__init__(SPELLINGS, FIELDS)
        self.models = []

    def mapping_of(self, model):
        self.models.append(model)
        return super().mapping_of(model)


def described():
    build = Gathering()
    build.mapping_of(servstd.Book)
    for model in build.models:
        for name, words in words_of(model).items():
            yield pytest.param(model, name, words, id=f"{model.__name__}.{name}")


@pytest.mark.parametrize(("model", "name", "words"), list(described()))
def test_every_key_has_a_description_and_examples_that_load(model, name, words):
    assert words.text, "a docstring under the field says what it is"
    field = model.model_fields[name]
    if name == "kind":
        return
    assert words.examples, "the docstring ends with a paragraph `Examples:`, each in backticks"
    key = field.alias or name
    place = DEFINED.get(model.__name__, SCHEMA)["properties"][key]
    for value in words.values:
        assert [
            one.message for one in Draft7Validator({**place, "definitions": DEFINED}).iter_errors(value)
        ] == []
        if (model.__name__, name) not in {
            ("Book", "standards"),
            ("Book", "indicators"),
        }:  # a whole standard names its case in the book
            TypeAdapter(field.rebuild_annotation()).validate_python(value)


def test_the_fields_and_forms_that_are_named_are_there():
    build = Gathering()
    build.mapping_of(servstd.Book)
    models = {model.__name__: model for model in build.models}
    assert [key for key in FIELDS if key[1] not in models[key[0]].model_fields] == []
    for name, forms in FORMS.items():
        assert {key for form in forms for key in form} <= set(models[name].model_fields)
        assert models[name]  # each is a kind of its own


def test_the_committed_file_is_where_an_installed_package_has_it():
    assert (
        Path(servstd.__file__).parent / "schema" / "servstd.schema.json"
        == SOURCE / "schema" / "servstd.schema.json"
    )
