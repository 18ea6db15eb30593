"""The spellings that a type cannot tell: limits, selectors, conditions, objectives, the words of calendars.

Each takes what its reader takes, as far as draft-07 can say it without refusing what loads; the reader says the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from servstd.calendars.civil import WEEKDAYS
from servstd.conditions.operators import MEMBERSHIP, OPERATORS
from servstd.conditions.parser import JOINS
from servstd.schema.draft07 import Draft07, Schema, Spelling, is_kind
from servstd.standards import KINDS, AnyIndicator
from servstd.standards.bundle import Bundle
from servstd.standards.objective import Objective
from servstd.standards.scope import PER_WORDS
from servstd.standards.selector import CHANGES

_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_TEXTS: Final[Schema] = {
    "type": ["string", "array"],
    "minLength": 1,
    "if": {"type": "array"},
    "then": {"items": _TEXT, "minItems": 1},
}
_SCALAR: Final[Schema] = {"type": ["string", "number", "boolean"]}
_OPERATORS: Final = {
    "eq": "Equal.",
    "ne": "Not equal.",
    "lt": "Less, or before.",
    "le": "At most, or not after.",
    "gt": "More, or after.",
    "ge": "At least, or not before.",
    "in": "One of a list, or of a field that holds one: `[gold, platinum]`.",
    "not_in": "None of a list.",
    "contains": "A list holds it, or a text has it in it.",
    "mentions": "A text has these whole words in it, in any case.",
    "starts_with": "A text begins so.",
    "ends_with": "A text ends so.",
    "like": "A text fits a pattern with `*` and `?`.",
    "matches": "A text fits a regular expression (needs the extra `servstd[regex]`).",
    "exists": "Whether the field is there at all; never unknown.",
    "open_in": "The instant lies in the opening hours of this calendar; closing time does not.",
    "open_until": "The same of an end: closing time lies in them, and opening time does not.",
}
_MEMBER: Final = "#/definitions/member"
_CLOSED: Final[Schema] = {"additionalProperties": False}


def limit(build: Draft07) -> Schema:
    """Return how a limit is written."""
    one = {"$ref": "#/definitions/limit"}
    parts: Schema = {
        "earliest_of": _told(
            "Whichever of these ends first.", {"type": "array", "items": one, "minItems": 1}
        ),
        "latest_of": _told("Whichever of these ends last.", {"type": "array", "items": one, "minItems": 1}),
        "count": _told("How many other events may come before the stop.", {"type": "integer", "minimum": 0}),
        "of": _told("With `count`: which events are counted.", build.spelling("selector")),
        "next": _told(
            "Until the next date of a recurrence after the date of the start: one of the book's, or `month_end`, "
            "`quarter_end`, `year_end`, which end the one that the start lies in.",
            _TEXT,
        ),
        "lead": _told(
            "With `next`: how far ahead of the start that date lies at least; `0 days` lets it be the same.",
            one,
        ),
        "lag": _told("With `next`: how many dates after that one, the day after it being day 1.", _TEXT),
    }
    table: Schema = {
        "by": _told("The field whose value chooses the limit; the other keys are its values.", _TEXT),
        "else": _told("The limit for every other value.", one),
    }
    return {
        "type": ["string", "object"],
        "pattern": r"[^\d.\s]",  # a bare number is refused
        "minProperties": 1,
        "if": {"type": "object", "required": ["by"]},
        "then": {"properties": table, "additionalProperties": one},
        "else": {
            "properties": {"by": table["by"], **parts},
            "dependencies": {"count": ["of"], "of": ["count"], "lead": ["next"], "lag": ["next"]},
            **_CLOSED,
        },
    }


def selector(build: Draft07) -> Schema:
    """Return how events are named."""
    one = {"$ref": "#/definitions/selector"}
    keys: Schema = {
        "event": _told("The name of the event, or several; `*` takes any.", _TEXTS),
        "where": _told("A condition on the event.", build.spelling("condition")),
        "all": _told(
            "All of these: the last of them counts.", {"type": "array", "items": one, "minItems": 1}
        ),
        "at": _told("An instant that the case carries: `$booked_at`.", _TEXT),
        "standard": _told("Another standard of the book, whose verdicts are the events.", _TEXTS),
        "change": _told("What its verdict does.", {"enum": list(CHANGES)}),
    }
    return {
        "type": ["string", "array", "object"],
        "minLength": 1,
        "items": one,
        "minItems": 1,
        "properties": keys,
        "minProperties": 1,
        "dependencies": {"standard": ["change"], "change": ["standard"]},
        **_CLOSED,
    }


def condition(build: Draft07) -> Schema:
    """Return how a condition is written."""
    one = {"$ref": "#/definitions/condition"}
    return {
        "type": "object",
        "minProperties": 1,
        "properties": _joined(one),
        "additionalProperties": build.define("test", _test),
    }


def _test() -> Schema:
    one = {"$ref": "#/definitions/test"}
    kinds: dict[str, Schema] = {
        name: {"type": ["array", "string"], "minLength": 1, "items": _SCALAR, "minItems": 1}
        for name in MEMBERSHIP
    }
    kinds |= {"exists": {"type": "boolean"}}
    kinds |= dict.fromkeys(("like", "matches", "open_in", "open_until"), _TEXT)
    operators = {name: _told(_OPERATORS[name], kinds.get(name, _SCALAR)) for name in OPERATORS}
    return {
        "type": ["string", "number", "boolean", "array", "object"],
        "items": _SCALAR,
        "minItems": 1,
        "properties": _joined(one) | operators,
        "minProperties": 1,
        **_CLOSED,
    }


def _joined(one: Schema) -> Schema:
    told = {"all": "All of these hold.", "any": "At least one of these holds.", "not": "This does not hold."}
    several: Schema = {"type": "array", "items": one, "minItems": 1}
    return {name: _told(told[name], one if name == "not" else several) for name in JOINS}


def objective(build: Draft07) -> Schema:
    """Return how an objective is written."""
    return {
        "type": ["string", "object"],
        "minLength": 1,
        "if": {"type": "object"},
        "then": build.model(Objective),
    }


def segments(build: Draft07) -> Schema:
    """Return how segments are written: each a condition, or `any` for all others."""
    one: Schema = {
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": {"const": "any"},
        "else": build.spelling("condition"),
    }
    return {"type": "object", "minProperties": 1, "additionalProperties": one}


def while_(build: Draft07) -> Schema:
    """Return how a scope is written."""
    event = build.spelling("selector")
    ends = {
        "from": _told("The event that opens a stretch.", event),
        "to": _told("The event that closes it.", event),
        "match": _told("The fields by which an end finds its beginning, where stretches overlap.", _TEXTS),
    }
    return {
        "type": "object",
        "if": {
            "anyOf": [
                {"required": ["from", "to"], "maxProperties": 2},
                {"required": ["from", "to", "match"], "maxProperties": 3},
            ]
        },
        "then": {"properties": ends},
        "else": build.spelling("condition"),
    }


def per(_build: Draft07) -> Schema:
    """Return how windows are written."""
    date: Schema = {"type": "string", "pattern": "^(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$"}
    keys = {
        "fiscal_year": _told("Years that begin on this month and day: `04-01`.", date),
        "fiscal_quarter": _told("Quarters of the year that begins on this month and day.", date),
        "rolling": _told("Any window of this length: `12 months`, `30 days`, `24 hours`.", _TEXT),
    }
    return {
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": {"enum": [*PER_WORDS]},
        "else": {"properties": keys, "minProperties": 1, "maxProperties": 1, **_CLOSED},
    }


def standard(build: Draft07) -> Schema:
    """Return how a standard of any kind is written, without what only a promise, or only one of a list, needs."""
    return build.told_apart(KINDS)


def standards(build: Draft07) -> Schema:
    """Return how the promises of a book are written: each has an id and, by its kind, a bound."""
    needs: list[Schema] = [
        {"if": is_kind(kind), "then": {"anyOf": [{"required": list(form)} for form in FORMS[model.__name__]]}}
        for kind, model in KINDS.items()
        if model.__name__ in FORMS
    ]
    one: Schema = {"required": ["id"], "allOf": [build.spelling("standard"), *needs]}
    return {"type": "array", "items": one}


def indicators(build: Draft07) -> Schema:
    """Return how what is measured is written: by some of the kinds, without a bound."""
    kinds = [kind for kind, model in KINDS.items() if model in get_args(AnyIndicator)]
    one: Schema = {
        "required": ["id"],
        "properties": {"kind": {"enum": kinds}},
        "allOf": [build.spelling("standard")],
    }
    return {"type": "array", "items": one}


def member(build: Draft07) -> Schema:
    """Return how a standard that another reads is written: its id, with the fields that join them, or in place."""
    keys: Schema = {
        "standard": _told("A standard of the book by its id, or written in place.", {"$ref": _MEMBER}),
        "on": _told("The fields of its case that name the case here, where the two differ.", _TEXTS),
    }
    return {
        "type": ["string", "object"],
        "minLength": 1,
        "if": {"type": "object", "required": ["kind"]},
        "then": build.spelling("standard"),
        "else": {"properties": keys, "required": ["standard"], **_CLOSED},
    }


def phase(build: Draft07) -> Schema:
    """Return how a phase of a journey is written: its members, or a bundle without its `kind`."""
    bundle = build.mapping_of(Bundle)
    return {
        "type": ["array", "object"],
        "if": {"type": "array"},
        "then": {"items": build.spelling("member"), "minItems": 1},
        "else": {"properties": {**bundle["properties"], "kind": {"const": "bundle"}}, **_CLOSED},
    }


# Calendars -------------------------------------------------------------------------------------------------------


def spans(build: Draft07) -> Schema:  # noqa: ARG001 - the signature of a spelling
    """Return how the hours of one day are written."""
    day: Schema = {"type": ["string", "array"], "minLength": 1, "items": _TEXT, "minItems": 2, "maxItems": 2}
    return {"type": ["string", "array"], "minLength": 1, "items": day}


def weekly(build: Draft07) -> Schema:
    """Return how weekly hours are written."""
    one = build.spelling("spans")
    told = {
        "mon-fri": "Monday to Friday; any range of days may stand here, and lists: `mon,wed`.",
        **dict.fromkeys(WEEKDAYS, "The hours of this day."),
        "weekdays": "Monday to Friday.",
        "weekend": "Saturday and Sunday.",
        "daily": "Every day.",
    }
    names = r"^\s*[A-Za-z][A-Za-z ,\-–—]*$"
    return {
        "type": ["string", "array", "object"],
        "if": {"type": "object"},
        "then": {
            "properties": {name: _told(text, one) for name, text in told.items()},
            "patternProperties": {names: one},
            **_CLOSED,
        },
        "else": one,
    }


def breaks(build: Draft07) -> Schema:
    """Return how breaks are written: by weekday, or by date."""
    one = build.spelling("spans")
    days = {name: _told("The breaks of this day.", one) for name in ("mon-fri", *WEEKDAYS)}
    by_day: Schema = {"properties": days, "additionalProperties": one}
    return {
        "type": ["string", "array", "object"],
        "if": {"type": "object"},
        "then": by_day,
        "else": one,
    }


def holidays(build: Draft07) -> Schema:
    """Return how holidays are written."""
    one = build.define("holiday", lambda: _holiday(build))
    return {
        "type": ["string", "array", "object"],
        "if": {"type": "array"},
        "then": {"items": one},
        "else": one,
    }


def _holiday(build: Draft07) -> Schema:
    keys: dict[str, Schema] = {
        "country": _told("Two-letter ISO code of a country whose public holidays are closed.", _TEXT),
        "subdivision": _told("Its state, province or nation: `ENG`.", _TEXT),
        "market": _told("Code of a financial market: `XNYS`.", _TEXT),
        "categories": _told("Categories of the holiday data, `public` when left out.", _TEXTS),
        "language": _told(
            "The language of the names, in the evidence and in `leave_out`; English when left out.", _TEXT
        ),
        "observed": _told("Whether the days on which a holiday is observed count.", {"type": "boolean"}),
        "leave_out": _told("Names, or parts of them, of holidays on which it is open.", _TEXTS),
        "only": _told("Names, or parts of them, of the only holidays that close it.", _TEXTS),
        "working_days": _told(
            "Whether days of the weekend are worked that make up for a bridge day, as in China, Hungary or Taiwan; or "
            "the hours of these days, where they are not those of the weekday that they stand for.",
            {
                "type": ["boolean", "string", "array"],
                "if": {"type": "boolean"},
                "else": build.spelling("spans"),
            },
        ),
        "yearly": _told("A date, or a range of dates, of every year: `12-24..01-02`.", _TEXT),
        "rrule": _told("Dates by a recurrence rule (RFC 5545): `FREQ=MONTHLY;BYDAY=1MO`.", _TEXT),
        "start": _told("The date from which the rule counts.", _TEXT),
        "date": _told("One date, or a range: `2026-12-24..2026-12-31`.", _TEXTS),
        "dates": _told("Several dates.", _TEXTS),
        "name": _told("What the evidence calls it.", _TEXT),
        "hours": _told("What is left open of it: a half-day.", build.spelling("spans")),
    }
    return {
        "type": ["string", "object"],
        "minLength": 1,
        "properties": keys,
        "patternProperties": {r"^\d{4}-": _TEXT},
        "minProperties": 1,
        **_CLOSED,
    }


def exceptions(build: Draft07) -> Schema:
    """Return how the hours of single dates are written."""
    one = build.spelling("spans")
    told: dict[str, Schema] = {
        "hours": _told("The hours of that date.", one),
        "opens_at": _told("A later opening than usual: `10:00`.", _TEXT),
        "closes_at": _told("An earlier closing than usual: `16:00`.", _TEXT),
        "reason": _told("What the evidence says.", _TEXT),
    }
    day: Schema = {
        "type": ["string", "array", "object"],
        "if": {"type": "object"},
        "then": {"properties": told, **_CLOSED},
        "else": one,
    }
    return {"type": "object", "patternProperties": {r"^\s*\d{4}": day}, **_CLOSED}


def versions(build: Draft07) -> Schema:
    """Return how later hours are written."""
    keys: dict[str, Schema] = {
        "valid_from": _told("The date from which these hours hold.", _TEXT),
        "hours": _told("Weekly hours from then on.", build.spelling("weekly")),
        "breaks": _told("Breaks from then on.", build.spelling("breaks")),
        "holidays": _told("Holidays from then on.", build.spelling("holidays")),
    }
    row: Schema = {"type": "object", "required": ["valid_from"], "properties": keys, **_CLOSED}
    return {"type": "array", "items": row}


def calendar(build: Draft07) -> Schema:
    """Return how a calendar of the book is written: with its hours, or as an expression of others."""
    from servstd.calendars import Calendar  # noqa: PLC0415 - beside its own words

    return {
        "type": ["string", "object"],
        "minLength": 1,
        "if": {"type": "object"},
        "then": build.model(Calendar),
    }


def _told(description: str, schema: Schema) -> Schema:
    return {"description": description} | ({"allOf": [schema]} if "$ref" in schema else schema)


SPELLINGS: Final[Mapping[str, Spelling]] = {
    "limit": limit,
    "selector": selector,
    "condition": condition,
    "objective": objective,
    "segments": segments,
    "while": while_,
    "per": per,
    "standard": standard,
    "member": member,
    "phase": phase,
    "spans": spans,
    "weekly": weekly,
    "breaks": breaks,
    "holidays": holidays,
}
"""Spellings that are defined once and referred to."""
FIELDS: Final[Mapping[tuple[str, str], Spelling]] = {
    ("Calendar", "hours"): lambda build: build.spelling("weekly"),
    ("Calendar", "breaks"): lambda build: build.spelling("breaks"),
    ("Calendar", "holidays"): lambda build: build.spelling("holidays"),
    ("Calendar", "exceptions"): exceptions,
    ("Calendar", "versions"): versions,
    ("Book", "standards"): standards,
    ("Book", "indicators"): indicators,
    ("Agreement", "standards"): standards,
    ("Book", "calendars"): lambda build: {"type": "object", "additionalProperties": calendar(build)},
}
"""Fields whose type says less than their reader knows."""
FORMS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "Respond": (
        ("start", "stop", "within"),
        ("every", "event"),
        ("start", "stop", "objective"),
        ("start", "stop", "objectives"),
    ),
    "Order": (("needs",), ("position",)),
    "Quantity": tuple(
        (what, bound) for what in ("count", "time_in", "sum", "span") for bound in ("at_most", "at_least")
    ),
    "Check": (("expect",), ("between",)),
    "Bundle": (("of",), ("phases",)),
    "Gauge": (("level", "above"), ("level", "below"), ("levels", "expect")),
}
"""The keys that a kind cannot do without, one of several sets; its validator says the same in words."""
