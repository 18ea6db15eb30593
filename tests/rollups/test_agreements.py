"""Whose word counts: the customer's own, the customer's agreement, the segment's, the book's; and what follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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
    """Answered on 3 March, so that a claim may come until the end of the 6th; time to claim begins when it is over."""
    events = [
        {"time": f"2026-03-02T09:00:0{number}Z", "event": "asked", "id": case}
        for number, case in enumerate("ABCDE")
    ]
    events += [
        {"time": f"2026-03-03T09:00:0{number}Z", "event": "answered", "id": case}
        for number, case in enumerate("ABC")
    ]
    events += [
        {"time": "2026-03-06T23:59Z", "event": "claim.made", "id": "A"},
        {"time": "2026-03-07T00:00Z", "event": "claim.made", "id": "B"},
        {"time": "2026-03-02T09:30Z", "event": "claim.made", "id": "C"},
        {"time": "2026-03-02T10:00Z", "event": "answered", "id": "D"},
    ]
    book, log = servstd.loads(BOOK + CLAIMS), servstd.read_events(events, time="time", event="event")
    late = servstd.evaluate(book, log, as_of=datetime(2026, 3, 10, tzinfo=UTC))
    until = datetime(2026, 3, 7, tzinfo=UTC)
    assert [(one.case, one.status, one.amount, one.claim_until) for one in late.consequences] == [
        ("A", "owed", 20, until),
        ("B", "lapsed", 20, until),
        ("C", "lapsed", 20, until),  # before there was anything to claim for
        ("E", "claimable", 20, None),  # never answered, so the time to claim has not begun
    ]
    assert late.owed == {"GBP": Decimal("20.00")}
    soon = servstd.evaluate(book, log, as_of=datetime(2026, 3, 4, tzinfo=UTC))
    assert {one.status for one in soon.consequences} == {"claimable"}
    assert soon.owed == {}


@pytest.mark.parametrize(
    ("limit", "until", "last"),
    [
        ("24 calendar hours", "2026-03-04T09:00Z", "2026-03-04T09:00Z"),
        ("2 days", "2026-03-06T00:00Z", "2026-03-05T23:59:59.999999Z"),
        ("1 month", "2026-04-04T00:00Z", "2026-04-03T23:59:59.999999Z"),
    ],
)
def test_a_claim_at_the_last_instant_is_in_time_and_the_next_is_not(limit, until, last):
    """Answered on 3 March at 9:00. Hours end with their last instant, dates before the next one begins."""
    text = BOOK + CLAIMS.replace("3 days", limit)
    end = datetime.fromisoformat(last)
    for late, status in ((timedelta(), "owed"), (timedelta(microseconds=1), "lapsed")):
        claimed = (end + late).isoformat()
        events = [
            {"time": "2026-03-02T09:00Z", "event": "asked", "id": "A"},
            {"time": "2026-03-03T09:00Z", "event": "answered", "id": "A"},
            {"time": claimed, "event": "claim.made", "id": "A"},
        ]
        report = servstd.evaluate(
            servstd.loads(text), servstd.read_events(events, time="time", event="event")
        )
        (found,) = report.consequences
        assert (found.status, found.claim_until) == (status, datetime.fromisoformat(until))
        unclaimed = servstd.read_events(events[:2], time="time", event="event")
        (silent,) = servstd.evaluate(servstd.loads(text), unclaimed, as_of=end + late).consequences
        assert silent.status == ("lapsed" if late else "claimable")


def test_one_claim_is_for_all_that_is_broken_by_then_and_revives_nothing():
    """Broken on 1 and on 20 March, claimed on 22 March: the first could be claimed until the 4th."""
    text = BOOK.replace("within: 8 hours", "within: 1 hour, recurs: each") + CLAIMS
    rows = [("01", "asked"), ("01", "answered"), ("20", "asked"), ("20", "answered"), ("22", "claim.made")]
    events = [
        {"time": f"2026-03-{day}T{9 + 3 * (place % 2):02d}:00Z", "event": event, "id": "A"}
        for place, (day, event) in enumerate(rows)
    ]
    report = servstd.evaluate(servstd.loads(text), servstd.read_events(events, time="time", event="event"))
    assert [(one.occurrence, one.status) for one in report.consequences] == [(1, "lapsed"), (2, "owed")]


def test_dates_and_hours_are_those_of_the_calendar_of_the_case():
    """Due by the end of 4 March, answered at 13:30 UTC: in Sydney that is 0:30 of the 6th, in Perth 21:30 of the 5th."""
    text = """
servstd: 1
case: id
calendars:
  sydney: {timezone: Australia/Sydney, hours: {mon-fri: "09:00-17:00"}}
  perth: {timezone: Australia/Perth, hours: {mon-fri: "09:00-17:00"}}
standards:
  - id: fix
    kind: respond
    start: asked
    stop: answered
    within: 2 business days
    calendar: sydney
    overrides: [{when: {state: WA}, calendar: perth}]
consequences:
  - {id: dates, standard: fix, per_started: 1 day, amount: 10 AUD}
  - {id: hours, standard: fix, per: 1 business hour, amount: 1 AUD}
"""
    events = [
        {"time": "2026-03-02T02:00Z", "event": "asked", "id": "E", "state": "NSW"},
        {"time": "2026-03-05T13:30Z", "event": "answered", "id": "E"},
        {"time": "2026-03-02T02:00Z", "event": "asked", "id": "W", "state": "WA"},
        {"time": "2026-03-05T13:30Z", "event": "answered", "id": "W"},
    ]
    report = servstd.evaluate(servstd.loads(text), servstd.read_events(events, time="time", event="event"))
    assert [(one.consequence, one.case, one.amount) for one in report.consequences] == [
        ("dates", "E", 20), ("dates", "W", 10), ("hours", "E", 8), ("hours", "W", 8),
    ]  # fmt: skip
    placed = text.replace("sydney: {timezone: Australia/Sydney", "sydney: {timezone: $zone").replace(
        "    overrides: [{when: {state: WA}, calendar: perth}]\n", ""
    )
    zones = {"E": "Australia/Sydney", "W": "Australia/Perth"}
    events = [one | {"zone": zones[one["id"]]} for one in events]
    report = servstd.evaluate(servstd.loads(placed), servstd.read_events(events, time="time", event="event"))
    assert [one.amount for one in report.consequences] == [20, 10, 8, 8]


def test_the_windows_of_an_agreement_are_those_of_its_own_objectives():
    text = """
agreements:
  - id: acme
    for: {customer: acme}
    terms: {reply: {objective: 99% overall}}
    standards: [{id: own, kind: respond, start: asked, stop: answered, within: 1 hour, objective: 90% overall}]
    consequences:
      - {id: credit, standard: reply, on: missed, flat: 10 % credit}
      - {id: own-credit, standard: own, on: [missed, reached], flat: 5 % credit}
consequences: [{id: all, standard: reply, on: missed, flat: 1 GBP}]
"""
    report = judged(text, {"customer": "acme", "hours": 9}, {"customer": "bob", "hours": 1})
    assert [(one.standard, one.segment, one.agreement, one.status) for one in report.attainments] == [
        ("reply", "", "", "met"),
        ("reply", "customer is acme", "acme", "missed"),
        ("own", "", "acme", "missed"),
    ]
    assert [(one.consequence, one.segment, one.objective, one.amount) for one in report.consequences] == [
        ("all", "customer is acme", "99% overall", 1),
        ("credit", "customer is acme", "99% overall", 10),
        ("own-credit", "", "90% overall", 5),
    ]


def test_grades_follow_from_every_window_that_is_decided():
    text = """
consequences:
  - {standard: reply, on: [missed, reached], by: value, tiers: [{from: 50%, label: grade A}, {below: 50%, label: grade B}]}
"""
    assert [one.label for one in judged(text, {"hours": 1}, {"hours": 9}).consequences] == ["grade A"]
    assert [one.label for one in judged(text, {"hours": 9}).consequences] == ["grade B"]


def test_something_follows_from_a_standard_that_is_written_in_place():
    text = """
  - {id: both, kind: bundle, of: [reply, {id: close, kind: respond, start: asked, stop: closed, within: 2 hours}]}
consequences: [{standard: close, flat: 1 GBP}, {standard: both, flat: 2 GBP, claim: answered}]
"""
    report = judged(text, {"hours": 7})
    assert [(one.consequence, one.status, one.amount) for one in report.consequences] == [
        ("close", "owed", 1),
        ("both", "owed", 2),
    ]


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


def test_pro_rata_is_the_share_of_the_open_time_of_the_window():
    """March 2026 has 22 weekdays of eight hours, 176; closed from 13:00 on the 2nd to 11:00 on the 3rd are six of them."""
    text = """
servstd: 1
case: shop
calendars: {office: {timezone: UTC, hours: {mon-fri: "09:00-17:00"}}}
standards:
  - {id: open, kind: quantity, time_in: {door: closed}, at_most: 1%, per: month, calendar: office}
consequences:
  - {standard: open, flat: share of $rent GBP, cap: 100 GBP}
"""
    rows = [
        ("2026-03-01T00:00Z", "open"),
        ("2026-03-02T13:00Z", "closed"),
        ("2026-03-03T11:00Z", "open"),
        ("2026-04-02T00:00Z", "open"),
    ]
    events = [{"time": at, "event": "door", "shop": "S", "door": door, "rent": 1760} for at, door in rows]
    report = servstd.evaluate(servstd.loads(text), servstd.read_events(events, time="time", event="event"))
    assert [(one.amount, one.unit, one.how) for one in report.consequences] == [
        (60, "GBP", "share of $rent GBP")
    ]


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
    pytest.param("consequences: [{standard: reply, by: share, tiers: [[1%, 1 GBP]]}]", "SV713", "consequences[0].by", id="a share of a clock"),
    pytest.param("consequences: [{standard: reply, flat: share of $fee GBP}]", "SV713", "consequences[0].flat", id="pro rata of a clock"),
    pytest.param("consequences: [{standard: reply, tiers: [[15, 1 GBP]]}]", "SV713", "consequences[0].tiers", id="a number of no unit"),
    pytest.param("  - {id: m, kind: metric, measure: aht, of: h, at_most: 1 minute, window: month}\nindicators: [{id: h, kind: respond, start: a, stop: z}]\nconsequences: [{standard: m, flat: 1 GBP}]", "SV715", "consequences[0].on", id="verdicts of a metric"),
    pytest.param("consequences: [{standard: reply, per: 1 business hour, amount: 1 GBP}]", "SV109", "consequences[0]", id="business hours on always"),
    pytest.param("consequences: [{standard: reply, flat: 1 GBP, claim: c, claim_within: 3 business days}]", "SV109", "consequences[0]", id="a claim in business days on always"),
    pytest.param("agreements: [{id: a, for: {x: 1}, consequences: [{standard: reply, on: missed, flat: 1 GBP}]}]", "SV715", "agreements[0].consequences[0].on", id="windows that an agreement does not have"),
    pytest.param("  - {id: b, kind: bundle, of: [reply, {id: in, kind: order, event: e, position: first}]}\nconsequences: [{standard: in, on: missed, flat: 1 GBP}]", "SV715", "consequences[0].on", id="windows of what is written in place"),
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
    assert ["reply", "owed", "2", "times", "2,000.00", "GBP"] in lines
    assert "2,000.00 GBP" in report.to_markdown()
    page = report.to_html()
    assert "2,000.00 GBP" in page
    assert "<script>sorry" not in page
    assert "&lt;script&gt;sorry" in page
    assert '"amount": "1000.00"' in report.to_json()
