"""SV528 names the day rules that break the law of date limits, and no other ones: held against a walk over starts."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import servstd
from servstd.calendars import Calendar, parse_date_limit
from servstd.calendars.civil import day_from_civil
from servstd.calendars.text import data_year
from servstd.lint import dates

HOURS = {"mon-thu": "09:00-17:00", "fri": "09:00-14:00", "sat": "22:00-02:00"}
OFFICE = Calendar(timezone="UTC", hours=HOURS)
NAMES = ("cutoff", "closed_start", "early_start", "day_one", "ends")
RULES = [
    {name: value for name, value in zip(NAMES, rule, strict=True) if value is not None}
    for rule in product(
        (None, "12:00", "close_of_business", {"mon": "10:00", "sat": "23:00"}),
        ("same", "next_open", "next_day", "previous_day"),
        ("same", "open"),
        ("next", "same"),
        ("close_of_business", "same_time"),
    )
]
QUARTERS = day_from_civil(data_year(), 1, 1) * 86_400_000_000 + 900_000_000 * np.arange(96 * 70)
"""Every quarter of an hour of ten weeks."""


def is_broken(limit, rule):
    return bool((np.diff(OFFICE.due_array(parse_date_limit(limit, **rule), QUARTERS)) < 0).any())


def names_it(limit, rule):
    clock = {
        "id": "a",
        "kind": "respond",
        "start": "asked",
        "stop": "answered",
        "within": limit,
        "calendar": "office",
    }
    book = servstd.Book(
        case="ticket",
        calendars={"office": {"timezone": "UTC", "hours": HOURS}},
        standards=[{**clock, "day_rule": rule}],
    )
    return "SV528" in {one.code for one in book.lint()}


@pytest.mark.parametrize("limit", ["2 business days", "3 days", "1 month"])
def test_the_lint_names_the_rules_that_break_the_law(limit):
    broken = [rule for rule in RULES if is_broken(limit, rule)]
    assert [rule for rule in RULES if names_it(limit, rule)] == broken
    assert 0 < len(broken) < len(RULES)


@pytest.mark.parametrize("limit", ["2 business days", "3 days", "1 month"])
def test_no_rule_for_which_the_law_is_stated_breaks_it(limit):
    stated = [
        rule
        for rule in RULES
        if rule["ends"] != "same_time" and ("cutoff" not in rule or rule["closed_start"] == "next_open")
    ]
    assert [rule for rule in stated if is_broken(limit, rule)] == []


def test_a_finding_shows_two_starts(monkeypatch):
    """The first of them that a year has: Friday 2 January 2026, after the cutoff, and Saturday the 3rd."""
    monkeypatch.setattr(dates, "data_year", lambda: 2026)
    book = servstd.loads("""
case: ticket
calendars: {office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}, holidays: GB-ENG}}
standards:
  - {id: a, kind: respond, start: asked, stop: answered, within: 1 business day, calendar: office, day_rule: {cutoff: "14:00"}}
""")
    (found,) = [one for one in book.lint() if one.code == "SV528"]
    assert "a start on Fri 2 Jan 2026, 23:00 is due on Wed 7 Jan 2026, 00:00" in found.message
    assert "one on Sat 3 Jan 2026, 00:00 already on Tue 6 Jan 2026, 00:00" in found.message
    assert found.severity == "warning"
    assert found.help == "write `closed_start: next_open` beside the cutoff."


def test_a_calendar_that_never_closes_breaks_nothing():
    book = servstd.loads("""
case: ticket
timezone: UTC
standards:
  - {id: a, kind: respond, start: asked, stop: answered, within: 2 days, day_rule: {cutoff: "14:00"}}
""")
    assert "SV528" not in {one.code for one in book.lint()}


def test_same_time_alone_is_told_as_a_hint():
    book = servstd.loads("""
case: ticket
calendars: {office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}, holidays: GB-ENG}}
standards:
  - {id: a, kind: respond, start: asked, stop: answered, within: 1 business day, calendar: office, day_rule: {ends: same_time}}
""")
    (found,) = [one for one in book.lint() if one.code == "SV528"]
    assert found.severity == "info"
    assert "early_start: open" in found.help
