"""A standard in full is the standard: its short forms are written out, and its verdicts are the same."""

from __future__ import annotations

import json

import pytest
from meta.project import ROOT

import servstd
from servstd.calendars import Calendar
from servstd.standards.full import calendar_in_full, in_full

CONFORMANCE = ROOT / "tests" / "conformance"
PUBLISHED = ROOT / "examples" / "published"
OFFICE = 'calendars: {office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:00", sat: closed}}}\n'


def full(text):
    book = servstd.loads(f"case: ticket_id\ncalendar: office\n{OFFICE}standards:\n- {text}")
    return in_full(book.standards[0], book.surroundings)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("objective: 80% a month", {"objective": {"share": "80%", "window": "month"}}),
        ("objective: more than 99% weekly", {"objective": {"share": {"gt": "99%"}, "window": "week"}}),
        (
            "objectives: [95% quarterly, {p90: 3 hours, window: all}]",
            {"objectives": [{"share": "95%", "window": "quarter"}, {"p90": "3 hours", "window": "all"}]},
        ),
        ("within: 10 working days", {"within": "10 business days"}),
        ("within: 4 open hours", {"within": "4 business hours"}),
        (
            "within: {by: plan, gold: 1 working day, else: 2 weeks}",
            {"within": {"by": "plan", "gold": "1 business day", "else": "2 weeks"}},
        ),
        (
            "extend: {event: holding.sent, within: 5 working days}",
            {"extend": {"event": "holding.sent", "within": "5 business days"}},
        ),
        (
            "overrides: [{when: {note: 5 working days}, within: 5 working days}]",
            {"overrides": [{"when": {"note": "5 working days"}, "within": "5 business days"}]},
        ),
    ],
)
def test_a_short_form_becomes_the_long_one(short, long):
    limit = (
        "" if "within:" in short and not short.startswith(("extend", "overrides")) else "within: 8 hours, "
    )
    found = full(f"{{id: a, kind: respond, start: s, stop: t, {limit}{short}}}")
    assert {name: found[name] for name in long} == long


def test_a_periodic_update_stays_what_it_is():
    """An update outside a period begins none (decision 0022), which a start by each update would."""
    found = full(
        "{id: a, kind: respond, start: opened, every: 2 open hours, event: updated, until: [closed, dropped]}"
    )
    assert found == {
        "id": "a", "kind": "respond", "case": "ticket_id", "calendar": "office", "start": "opened",
        "every": "2 business hours", "event": "updated", "until": ["closed", "dropped"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "expect"),
    [
        ("", {"time": {"ge": "1 hour before $at", "le": "$at"}}),
        (
            ", expect: {by: human}",
            {"all": [{"by": "human"}, {"time": {"ge": "1 hour before $at", "le": "$at"}}]},
        ),
    ],
    ids=["alone", "beside an expectation"],
)
def test_between_is_an_expectation_on_the_time(told, expect):
    found = full(f"{{id: a, kind: check, event: e, between: [1 hour before $at, $at]{told}}}")
    assert found["expect"] == expect
    assert "between" not in found


def test_the_reading_that_holds_is_what_is_shown():
    found = full(
        "{id: a, kind: respond, start: s, stop: t, within: 1 day, readings: {strict: {within: 3 days}, lenient: "
        "{within: 5 days}}, reading: lenient}"
    )
    assert found["within"] == "5 days"
    assert not {"readings", "reading"} & set(found)


def test_a_standard_says_its_own_case_and_calendar():
    found = full("{id: a, kind: respond, case: [a, b], calendar: always, start: s, stop: t, within: 1 hour}")
    assert (list(found["case"]), found["calendar"]) == (["a", "b"], "always")


def test_a_calendar_has_the_hours_of_each_weekday():
    words = {"fri": "closed", "mon-thu": ["09:00-12:00", "13:00-17:30"], "sat": "22:00-06:00", "sun": "open"}
    calendar = Calendar(timezone="Europe/London", hours=words)
    day = ["09:00-12:00", "13:00-17:30"]
    assert calendar_in_full(calendar)["hours"] == {
        "mon": day, "tue": day, "wed": day, "thu": day, "fri": [], "sat": ["22:00-30:00"], "sun": ["00:00-24:00"],
    }  # fmt: skip
    assert Calendar(**calendar_in_full(calendar)) == calendar


def test_an_expression_of_calendars_stays_one():
    assert calendar_in_full(Calendar(union=("a", "b"))) == {"union": ["a", "b"]}


# The same verdicts -------------------------------------------------------------------------------------------------


def whole(book):
    """Return a book with every standard and calendar in full."""
    told = {name: getattr(book, name) for name in book.model_fields_set}
    told["standards"] = [in_full(one, book.surroundings) for one in book.standards]
    told["calendars"] = {name: calendar_in_full(one) for name, one in book.calendars.items()}
    return servstd.Book(**told)


def rows(report):
    """Return the verdicts, without the name of the row that set a limit."""
    return [{**verdict.to_dict(), "limit_from": None} for verdict in report.verdicts]


@pytest.mark.parametrize(
    "path", sorted(CONFORMANCE.glob("published/*/expected.json")), ids=lambda path: path.parent.name
)
def test_published_standards_in_full_give_the_same_verdicts(path):
    book = servstd.load(PUBLISHED / f"{path.parent.name}.yaml")
    reading = {"time": "time", "event": "event"} | book.events.model_dump(exclude_unset=True)
    log = servstd.read_events(path.parent / "events.ndjson", **reading)
    told = json.loads(path.read_text(encoding="utf-8"))
    as_of = instant(told["as_of"], told["timezone"])
    found = rows(servstd.evaluate(whole(book), log, as_of=as_of))
    assert found == rows(servstd.evaluate(book, log, as_of=as_of))
    assert found


def instant(text, zone):
    from datetime import datetime
    from zoneinfo import ZoneInfo

    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
