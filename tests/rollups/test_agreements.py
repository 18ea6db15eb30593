"""Whose word counts: the customer's own, the customer's agreement, the segment's, the book's; and what follows."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

import servstd
from servstd.errors import StandardsError

BOOK = """
servstd: 1
case: id
timezone: UTC
standards:
  - {id: reply, kind: respond, start: asked, stop: answered, within: 8 hours, objective: 50% overall}
"""


def judged(text: str, *cases: dict[str, Any], as_of: datetime | None = None) -> servstd.Report:
    """Judge cases asked on 2 March 2026 at 09:00 and answered so many hours later."""
    events = []
    for number, case in enumerate(cases):
        told = {"id": f"C{number}", **{name: value for name, value in case.items() if name != "hours"}}
        start = case.get("on", 2)
        events.append({"time": f"2026-03-{start:02d}T09:00Z", "event": "asked", **told})
        if "hours" in case:
            at = f"2026-03-{start + (9 + case['hours']) // 24:02d}T{(9 + case['hours']) % 24:02d}:00Z"
            events.append({"time": at, "event": "answered", **told})
    book = servstd.loads(BOOK + text)
    return servstd.evaluate(book, servstd.read_events(events, time="time", event="event"), as_of=as_of)


def outcomes(report: servstd.Report, standard: str = "reply") -> list[tuple[str, str]]:
    return [(one.outcome, one.limit_from) for one in report.verdicts.where(standard=standard)]


def test_the_first_level_that_sets_a_limit_gives_it_whatever_the_order_in_the_book():
    text = """
agreements:
  - {id: gold, level: segment, for: {plan: gold}, terms: {reply: {within: 4 hours}}}
  - {id: acme, for: {customer: acme}, terms: {reply: {within: 6 hours}}}
  - {id: acme-own, level: specification, for: {customer: acme, topic: outage}, terms: {reply: {within: 1 hour}}}
"""
    report = judged(
        text,
        {"plan": "iron", "customer": "bob", "topic": "other", "hours": 7},
        {"plan": "gold", "customer": "bob", "topic": "other", "hours": 5},
        {"plan": "gold", "customer": "acme", "topic": "other", "hours": 5},
        {"plan": "gold", "customer": "acme", "topic": "outage", "hours": 5},
    )
    assert outcomes(report) == [
        ("met", "within"),
        ("breached", "agreement gold"),
        ("met", "agreement acme"),
        ("breached", "agreement acme-own"),
    ]


def test_limit_and_calendar_come_from_different_levels():
    """Asked on Monday 9:00, four office hours are over at 13:00; the segment's six hours hold until 15:00."""
    text = """
calendars: {late: {timezone: UTC, hours: {mon-fri: "12:00-20:00"}}}
agreements:
  - {id: gold, level: segment, for: {plan: gold}, terms: {reply: {within: 2 hours}}}
  - {id: acme, for: {customer: acme}, terms: {reply: {calendar: late}}}
"""
    report = judged(text, {"plan": "gold", "customer": "acme", "hours": 5}, {"plan": "gold", "hours": 5})
    first, second = report.verdicts
    assert (first.outcome, first.due_at) == ("met", datetime(2026, 3, 2, 14, tzinfo=UTC))
    assert (second.outcome, second.due_at) == ("breached", datetime(2026, 3, 2, 11, tzinfo=UTC))


def test_an_agreement_holds_from_its_first_to_before_its_last_start():
    text = """
agreements:
  - {id: acme, for: {customer: acme}, effective: {from: 2026-03-03, until: 2026-03-05}, terms: {reply: {within: 1 hour}}}
"""
    report = judged(text, *({"customer": "acme", "hours": 2, "on": day} for day in (2, 3, 4, 5)))
    assert [outcome for outcome, _ in outcomes(report)] == ["met", "breached", "breached", "met"]


def test_rows_of_one_agreement_tell_its_own_cases_apart():
    text = """
agreements:
  - id: acme
    for: {customer: acme}
    terms: {reply: [{when: {priority: P1}, within: 1 hour}, {within: 4 hours}]}
"""
    report = judged(
        text,
        {"customer": "acme", "priority": "P1", "hours": 3},
        {"customer": "acme", "priority": "P3", "hours": 3},
        {"customer": "bob", "priority": "P1", "hours": 3},
    )
    assert [outcome for outcome, _ in outcomes(report)] == ["breached", "met", "met"]


def test_two_agreements_of_one_level_leave_the_limit_unknown_and_are_named():
    text = """
agreements:
  - {id: acme-2025, for: {customer: acme}, terms: {reply: {within: 6 hours}}}
  - {id: acme-2026, for: {customer: acme}, terms: {reply: {within: 4 hours}}}
"""
    report = judged(text, {"customer": "acme", "hours": 5}, {"customer": "bob", "hours": 5})
    one, other = report.verdicts
    assert (one.outcome, one.reason) == (
        "unknown",
        "which of the agreements acme-2025 and acme-2026 holds is not known",
    )
    assert other.outcome == "met"


def test_a_customers_own_standard_is_for_that_customer_only():
    text = """
agreements:
  - id: acme
    level: specification
    for: {customer: acme}
    standards:
      - {id: by-name, title: Call us by our name, kind: check, event: answered, expect: {text: {mentions: Acme}}, objective: 100% overall}
"""
    report = judged(
        text,
        {"customer": "acme", "hours": 1, "text": "Dear Acme"},
        {"customer": "acme", "hours": 1, "text": "Dear customer"},
        {"customer": "bob", "hours": 1, "text": "Dear customer"},
    )
    assert [one.outcome for one in report.verdicts.where(standard="by-name")] == ["met", "breached"]
    assert [(one.standard, one.status) for one in report.attainments] == [
        ("reply", "met"),
        ("by-name", "missed"),
    ]


def test_the_readings_of_a_standard_keep_what_was_agreed():
    text = """
  - {id: two, kind: respond, start: asked, stop: answered, within: 9 hours, readings: {a: {within: 9 hours}, b: {within: 2 hours}}, reading: b}
agreements:
  - {id: acme, for: {customer: acme}, terms: {two: {within: 4 hours}}}
"""
    report = judged(text, {"customer": "acme", "hours": 3}, {"customer": "bob", "hours": 3})
    assert outcomes(report, "two") == [("met", "agreement acme"), ("breached", "within")]


def test_the_book_comes_back_from_yaml_as_it_was_written():
    text = """
agreements:
  - {id: acme, for: {customer: acme}, terms: {reply: {within: 6 hours}}, consequences: [{id: c, standard: reply, flat: 5 GBP}]}
consequences:
  - {standard: reply, tiers: [[1 hour, 5 GBP], {above: 2 hours, flat: 9 GBP}], claim: claimed, claim_within: 28 days}
"""
    book = servstd.loads(BOOK + text)
    assert servstd.loads(book.to_yaml()) == book


CLAIMS = """
consequences:
  - {standard: reply, flat: 20 GBP, claim: claim.made, claim_within: 3 days}
"""


def test_what_must_be_claimed_is_owed_if_the_claim_came_in_time():
    """Due on 2 March at 17:00, so that a claim may come until the end of the 5th."""
    events = [
        {"time": f"2026-03-02T09:00:0{number}Z", "event": "asked", "id": case}
        for number, case in enumerate("ABCD")
    ]
    events += [
        {"time": "2026-03-05T23:59Z", "event": "claim.made", "id": "A"},
        {"time": "2026-03-06T00:00Z", "event": "claim.made", "id": "B"},
        {"time": "2026-03-02T09:30Z", "event": "claim.made", "id": "C"},
        {"time": "2026-03-02T10:00Z", "event": "answered", "id": "D"},
    ]
    book, log = servstd.loads(BOOK + CLAIMS), servstd.read_events(events, time="time", event="event")
    late = servstd.evaluate(book, log, as_of=datetime(2026, 3, 10, tzinfo=UTC))
    assert [(one.case, one.status, one.amount) for one in late.consequences] == [
        ("A", "owed", 20),
        ("B", "lapsed", 20),
        ("C", "lapsed", 20),  # before there was anything to claim for
    ]
    assert late.owed == {"GBP": Decimal("20.00")}
    soon = servstd.evaluate(book, log, as_of=datetime(2026, 3, 4, tzinfo=UTC))
    assert {one.status for one in soon.consequences} == {"claimable"}
    assert soon.owed == {}


def test_consequences_change_no_verdict_and_no_attainment():
    cases = [{"hours": 7}, {"hours": 9}, {"hours": 30}]
    plain, followed = judged("", *cases), judged(CLAIMS, *cases)
    assert followed.attainments == plain.attainments
    assert followed.verdicts.where(standard="reply") == plain.verdicts


def test_excluded_and_unknown_verdicts_have_no_consequence():
    text = BOOK.replace("objective:", "exclude: [{when: {cause: storm}, reason: force_majeure}], objective:")
    text += "consequences: [{standard: reply, flat: 20 GBP}]"
    events = [
        {"time": "2026-03-02T09:00Z", "event": "asked", "id": "A", "cause": "storm"},
        {"time": "2026-03-02T09:00Z", "event": "asked", "id": "B", "cause": "us"},
        {"time": "2026-03-03T09:00Z", "event": "answered", "id": "B"},
    ]
    report = servstd.evaluate(servstd.loads(text), servstd.read_events(events, time="time", event="event"))
    assert [one.case for one in report.consequences] == ["B"]


def test_a_missed_window_has_a_consequence_of_its_own():
    text = """
  - {id: monthly, kind: respond, start: asked, stop: answered, within: 1 hour, objective: 90% overall}
consequences:
  - {standard: monthly, on: missed, by: value, tiers: [{below: 90%, flat: 10 % credit}, {below: 50%, flat: 30 % credit}]}
"""
    report = judged(text, {"hours": 1}, {"hours": 2}, {"hours": 3})
    (found,) = report.consequences
    assert (found.amount, found.unit, found.window, found.case) == (30, "% credit", "all", "")


def test_a_share_of_the_month_is_of_its_open_time():
    """March has 744 hours: 7.44 of them are one percent. Down for eight hours is more than 1 % and less than 5 %."""
    text = """
servstd: 1
case: service
timezone: UTC
standards:
  - {id: uptime, kind: quantity, time_in: {status: down}, at_most: 0.01%, per: month}
consequences:
  - {standard: uptime, by: share, tiers: [{above: 0.01%, flat: 10 % credit}, {above: 1%, flat: 25 % credit}, {above: 5%, flat: 100 % credit}]}
"""
    rows = [
        ("2026-03-01T00:00Z", "up"),
        ("2026-03-05T00:00Z", "down"),
        ("2026-03-05T08:00Z", "up"),
        ("2026-04-02T00:00Z", "up"),
    ]
    events = [{"time": at, "event": "status", "service": "S", "status": status} for at, status in rows]
    report = servstd.evaluate(servstd.loads(text), servstd.read_events(events, time="time", event="event"))
    assert [(one.amount, one.unit) for one in report.consequences] == [(25, "% credit")]


REFUSED = [
    pytest.param("agreements: [{id: a, for: {x: 1}, terms: {replay: {within: 1 hour}}}]", "SV108", "agreements[0].terms.replay", id="an unknown standard"),
    pytest.param("agreements: [{id: a, for: {x: 1}}]", "SV710", "agreements[0].terms", id="agrees nothing"),
    pytest.param("agreements: [{id: a, terms: {reply: {within: 1 hour}}}]", "SV104", "agreements[0].for", id="for nobody"),
    pytest.param("agreements: [{id: a, for: {x: 1}, effective: {from: 2026-01-01}, terms: {reply: {within: 1 hour, effective: {from: 2026-02-01}}}}]", "SV711", "agreements[0].terms.reply.effective", id="validity twice"),
    pytest.param("agreements: [{id: a, for: {x: 1}, terms: {reply: {by: p, set: within, rows: [[1, 1 hour]]}}}]", "SV712", "agreements[0].terms.reply.by", id="a table"),
    pytest.param("agreements: [{id: a, for: {x: 1}, terms: {reply: {at_least: 1}}}]", "SV180", "agreements[0].terms.reply", id="a term that the kind lacks"),
    pytest.param("agreements: [{id: a, for: {x: 1}, terms: {reply: {within: 60}}}]", "SV120", "agreements[0].terms.reply.within", id="a bare number"),
    pytest.param("agreements: [{id: a, for: {x: 1}, terms: {reply: {within: 1 hour}}}, {id: a, for: {x: 2}, terms: {reply: {within: 1 hour}}}]", "SV107", "agreements[1].id", id="one id twice"),
    pytest.param("agreements: [{id: a, for: {x: 1}, standards: [{id: reply, kind: order, event: e, position: first}]}]", "SV107", "agreements[0].standards[0].id", id="the id of a standard of the book"),
    pytest.param("consequences: [{standard: replay, flat: 1 GBP}]", "SV108", "consequences[0].standard", id="a consequence of nothing"),
    pytest.param("consequences: [{standard: reply, flat: 1 GBP}, {standard: reply, flat: 2 GBP}]", "SV107", "consequences[1].id", id="one name twice"),
    pytest.param("agreements: [{id: a, for: {x: 1}, consequences: [{standard: gone, flat: 1 GBP}]}]", "SV108", "agreements[0].consequences[0].standard", id="of an agreement"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "path"), REFUSED)
def test_what_cannot_be_meant_is_refused_with_its_place(text, code, path):
    with pytest.raises(StandardsError) as refused:
        servstd.loads(BOOK + text)
    assert (code, path) in {(problem.code, problem.path) for problem in refused.value.problems}


def test_dates_need_a_zone():
    text = (
        BOOK.replace("timezone: UTC\n", "")
        + "consequences: [{standard: reply, per_started: 1 day, amount: 1 GBP}]"
    )
    with pytest.raises(StandardsError) as refused:
        servstd.loads(text)
    assert [(problem.code, problem.path) for problem in refused.value.problems] == [
        ("SV106", "consequences[0]")
    ]


def test_every_format_tells_what_follows_and_escapes_it():
    text = """
consequences: [{standard: reply, flat: 1000 GBP}, {id: "<b>x", standard: reply, label: "<script>sorry"}]
"""
    report = judged(text, {"hours": 30}, {"hours": 31})
    lines = [line.split() for line in report.to_text().splitlines()]
    assert ["reply", "owed", "2", "2,000.00", "GBP"] in lines
    assert "2,000.00 GBP" in report.to_markdown()
    page = report.to_html()
    assert "2,000.00 GBP" in page
    assert "<script>sorry" not in page
    assert "&lt;script&gt;sorry" in page
    assert '"amount": "1000.00"' in report.to_json()
