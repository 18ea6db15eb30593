"""Run the conformance cases: a book, events, and the verdicts that the rules give. See `docs/conformance.md`."""

from __future__ import annotations

import json
import random
import re
from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest

import servstd
from servstd.errors import ServstdError

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/expected.json"))
INSTANTS = {"started_at", "due_at", "ended_at", "breached_at", "warned_at", "next_warning_at"}
AMOUNTS = {"elapsed", "limit", "margin", "paused"}
UNITS = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "us": 1}


def told(name):
    return json.loads((HERE / name / "expected.json").read_text())


def rows(name):
    return [json.loads(line) for line in (HERE / name / "events.ndjson").read_text().splitlines()]


EXPECTED = {name: told(name) for name in CASES}
JUDGED = [name for name in CASES if "refused" not in EXPECTED[name]]
REFUSED = [name for name in CASES if "refused" in EXPECTED[name]]


@pytest.fixture(autouse=True)
def a_decimal_context_of_two_digits():
    """Figures are exact whatever the host has set for its own decimals."""
    with localcontext(prec=2):
        yield


def microseconds(text):
    """Return `-1h 30m` as microseconds, `-1.5` as a decimal number; a whole number stays."""
    if not isinstance(text, str):
        return text
    if re.fullmatch(r"-?\d+\.\d+", text):
        return Decimal(text)
    parts = re.findall(r"(\d+)(us|h|m|s)", text)
    assert parts, text
    return sum(int(count) * UNITS[unit] for count, unit in parts) * (-1 if text.startswith("-") else 1)


def report_of(name, events):
    book = servstd.load(HERE / name / "standards.yaml")
    reading = book.events.model_dump(exclude_unset=True) if book.events else {}
    columns = ("time", "event", "milestones", "snapshots")
    if not any(name in reading for name in columns):
        reading |= {"time": "time", "event": "event"}
    expected = EXPECTED[name]
    is_given = "as_of" in expected and expected.get("as_of_from") != "log"
    as_of = datetime.fromisoformat(expected["as_of"]) if is_given else None
    return servstd.evaluate(book, servstd.read_events(events, **reading), as_of=as_of)


def meant(row):
    """Return an expected row with instants and amounts as the library gives them."""
    read = {name: value for name, value in row.items() if name != "evidence"}
    for name in INSTANTS & set(row):
        read[name] = row[name] and datetime.fromisoformat(row[name])
    for name in AMOUNTS & set(row):
        read[name] = microseconds(row[name])
    if "case_key" in row:
        read["case_key"] = tuple(row["case_key"])
    return read


def said(report, expected):
    """Return the rows of a report, each with the columns that the expected row of its place names."""
    found = [verdict.to_dict() for verdict in report.verdicts]
    named = [*expected, *({"standard": "", "case": "", "outcome": ""} for _ in found[len(expected) :])]
    return [
        {name: row[name] for name in wanted if name != "evidence"}
        for row, wanted in zip(found, named, strict=False)
    ]


def evidence(report, row):
    """Return the intervals of a verdict, neighbours of one class joined."""
    shown = report.explain(row["standard"], case=row["case"], occurrence=row["occurrence"]).intervals
    joined = []
    for one in shown:
        if joined and joined[-1][0] == one.kind:
            joined[-1] = (one.kind, joined[-1][1], one.end)
        else:
            joined.append((one.kind, one.start, one.end))
    return joined


@pytest.mark.parametrize("name", JUDGED)
def test_the_verdicts_are_those_that_the_rules_give(name):
    expected, report = EXPECTED[name], report_of(name, rows(name))
    assert said(report, expected["verdicts"]) == [meant(row) for row in expected["verdicts"]]
    assert report.as_of == datetime.fromisoformat(expected["as_of"])
    counts = {
        "idle": dict(report.idle), "skipped": dict(report.skipped), "quarantined": report.log.counts.quarantined,
        "merged": report.log.counts.merged,
    }  # fmt: skip
    wanted = expected.get("report", {})
    assert {key: counts[key] for key in wanted} == wanted


@pytest.mark.parametrize("name", [name for name in JUDGED if "attainments" in EXPECTED[name]])
def test_the_attainments_are_those_that_the_rules_give(name):
    """Each row names some columns of the attainment in its place; there are no others."""
    report, rows_told = report_of(name, rows(name)), EXPECTED[name]["attainments"]
    assert len(report.attainments) == len(rows_told)
    for one, row in zip(report.attainments, rows_told, strict=True):
        found = one.to_dict() | {"value": one.exact_value}
        wanted = {key: row[key] for key in row}
        for key in {"window_start", "window_end"} & row.keys():
            wanted[key] = datetime.fromisoformat(row[key])
        if "value" in row:
            wanted["value"] = Fraction(microseconds(row["value"]))
        assert {key: found[key] for key in row} == wanted


@pytest.mark.parametrize("name", [name for name in JUDGED if "consequences" in EXPECTED[name]])
def test_what_follows_is_what_the_rules_give(name):
    """Each row names some columns of the consequence in its place, and why; there are no others."""
    report, rows_told = report_of(name, rows(name)), EXPECTED[name]["consequences"]
    assert len(report.consequences) == len(rows_told)
    for one, row in zip(report.consequences, rows_told, strict=True):
        assert len(row["why"]) > 20
        wanted = {key: row[key] for key in row if key != "why"}
        for key in {"at", "claim_until", "claimed_at"} & row.keys():
            wanted[key] = row[key] and datetime.fromisoformat(row[key])
        if row.get("amount") is not None:
            wanted["amount"] = Decimal(row["amount"])
        found = one.to_dict()
        assert {key: found[key] for key in wanted} == wanted


@pytest.mark.parametrize("name", [name for name in JUDGED if not EXPECTED[name].get("order_matters")])
def test_the_order_of_the_events_does_not_matter(name):
    expected, events = EXPECTED[name]["verdicts"], rows(name)
    shuffled = random.Random(name).sample(events, len(events))
    for order in (events[::-1], shuffled):
        assert said(report_of(name, order), expected) == [meant(row) for row in expected]


@pytest.mark.parametrize("name", JUDGED)
def test_the_evidence_adds_up_to_the_wall_time(name):
    report = report_of(name, rows(name))
    for row, verdict in zip(EXPECTED[name]["verdicts"], report.verdicts, strict=True):
        intervals = report.explain(row["standard"], case=row["case"], occurrence=row["occurrence"]).intervals
        until = verdict.ended_at or max(report.as_of, verdict.started_at)
        wall = sum((one.end - one.start for one in intervals), timedelta())
        assert wall == until - verdict.started_at
        if "evidence" in row:
            shown = [
                (one["class"], *map(datetime.fromisoformat, (one["from"], one["to"])))
                for one in row["evidence"]
            ]
            assert evidence(report, row) == shown


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused(name):
    with pytest.raises(ServstdError):
        report_of(name, rows(name))


def test_there_are_at_least_150_cases_each_with_its_sentence_and_rule():
    assert len(CASES) >= 150
    for name in CASES:
        sentence, rule = (HERE / name / "standards.yaml").read_text().splitlines()[:2]
        assert re.fullmatch(r"# .+\.", sentence), name
        assert re.match(r"# Rule: (semantics\.md §\d|agreements\.md, )", rule), name
        assert EXPECTED[name]["rule"] in rule, name
