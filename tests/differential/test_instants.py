"""The stepper against the oracle that asks each question of all events, instant by instant, on books and logs by a seed.

Whoever wrote `tests/instants` had read the rules and not the engine. `tests/instants/silent.md` lists where the rules say
nothing; `tests/instants/faults.md` where the engine is wrong by them and still is.
"""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from instants import attainments, evaluate
from instants.generator import Generator
from instants.instants import micros
from instants.verdicts import COLUMNS

import servstd

INSTANTS = ("started_at", "due_at", "breached_at", "ended_at")
FIGURES = ("judged", "met", "breached", "open", "excluded", "cancelled", "unknown", "status", "exact_value")
SIMPLE = ("calendars", "pauses", "recurs", "signals", "tables")
GROUPS = {
    "clocks": ("respond", SIMPLE, 300),
    "clocks by dates": ("respond", ("calendars", "dates", "signals"), 100),
    "clocks by counts": ("respond", ("calendars", "counts", "recurs", "signals"), 150),
    "periods": ("respond", ("calendars", "every", "signals", "tables"), 150),
    "checks": ("check", SIMPLE, 150),
    "orders": ("order", SIMPLE, 150),
    "levels": ("gauge", SIMPLE, 150),
    "quantities": ("quantity", SIMPLE, 150),
    "rows that cannot be read": ("respond", ("unread", "calendars", "pauses"), 60),
    "attainments": ("attainment", SIMPLE, 150),
}
"""By name: the kind, what the generator may use, and how many seeds are tried."""


def us(text):
    return None if text is None else micros(datetime.fromisoformat(text))


def judged(book, rows, options, as_of):
    log = servstd.read_events(rows, **options)
    return servstd.evaluate(servstd.loads(json.dumps(book)), log, as_of=as_of)


def verdicts(report):
    return numbered(
        {
            "standard": one["standard"],
            "case": one["case"],
            **{name: micros(one[name]) if name in INSTANTS and one[name] else one[name] for name in COLUMNS},
        }
        for one in report.verdicts.to_dicts()
    )


def numbered(rows):
    """Return verdicts by case and number; those that begin at one instant in the order of what they say."""
    found = {}
    for row in sorted(rows, key=lambda row: (row["started_at"], repr(sorted(row.items())))):
        told = {name: value for name, value in row.items() if name != "occurrence"}
        number = sum(key[:2] == (row["standard"], row["case"]) for key in found)
        found[row["standard"], row["case"], number] = told
    return found


def figures(report):
    found = {}
    for row in report.attainments:
        told = {name: getattr(row, name) for name in FIGURES}
        if any(told[name] for name in ("judged", "open", "excluded", "cancelled", "unknown")):
            found[row.segment, row.window_start and micros(row.window_start)] = told
    return found


def differences(kind, features, seeds):
    """Yield what the engine and the oracle say, where they differ; a book that is refused is passed over."""
    for seed in seeds:
        book, rows, options, as_of = Generator(seed, features, kind).pair()
        if {"fresh", "immediately"} & set(book["standards"][0]):
            continue  # faults 11 and 12
        try:
            report = judged(book, rows, options, as_of)
        except servstd.ServstdError:
            continue
        if kind == "attainment":
            ours, theirs = figures(report), attainments(book, rows, options, us(as_of))
        else:
            told = evaluate(book, rows, options, us(as_of))
            ours, theirs = verdicts(report), numbered(one.row() for one in told)
        if ours != theirs:
            keys = sorted({key for key in {*ours, *theirs} if ours.get(key) != theirs.get(key)}, key=str)
            yield seed, book, rows, [(key, ours.get(key), theirs.get(key)) for key in keys]


@pytest.mark.parametrize("name", GROUPS)
def test_the_engine_says_what_the_instants_say(name):
    kind, features, count = GROUPS[name]
    assert next(differences(kind, features, range(1, count + 1)), None) is None


@pytest.mark.fuzz
@pytest.mark.parametrize("name", GROUPS)
def test_the_engine_says_what_the_instants_say_many_times(name):
    kind, features, count = GROUPS[name]
    assert next(differences(kind, features, range(10_000, 10_000 + 20 * count)), None) is None
