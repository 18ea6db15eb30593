"""Whom an agreement binds, and when: its terms, its own standards and what follows hold for its cases only, while it holds."""

from __future__ import annotations

from typing import Any

import pytest

import servstd

BOOK = """
servstd: 1
case: id
timezone: Europe/London
standards:
  - {id: reply, kind: respond, start: asked, stop: answered, within: 1 hour, objective: 50% overall}
agreements:
  - id: acme
    for: {customer: acme}
    effective: {from: 2026-03-10, until: 2026-03-20}
"""
TERMS = "    terms: {reply: {within: 30 minutes}}\n"
PAYS = "    consequences: [{standard: reply, on: [met, breached], flat: 9 GBP}]\n"
OWN = "    standards: [{id: thanks, kind: check, event: answered, expect: {text: {mentions: thanks}}, objective: 1% overall}]\n"


def judged(agreed: str, *cases: dict[str, Any], as_of: str | None = None) -> servstd.Report:
    """Judge cases that are answered 40 minutes after they were asked."""
    rows = []
    for number, case in enumerate(cases):
        told = {"id": f"C{number}", **{name: held for name, held in case.items() if name != "on"}}
        day, _, hour = case.get("on", "15 12:00").partition(" ")
        rows.append({"time": f"2026-03-{day}T{hour}Z", "event": "asked", **told})
        minute = int(hour[:2]) * 60 + int(hour[3:5]) + 40
        at = f"2026-03-{int(day) + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}{hour[5:] or ':00'}Z"
        rows.append({"time": at, "event": "answered", "id": told["id"], "text": "thanks"})
    log = servstd.read_events(rows, time="time", event="event")
    return servstd.evaluate(servstd.loads(BOOK + agreed), log, as_of=as_of)


# In March London is on UTC, so local dates begin at 00:00Z: from the 10th on, and until the 20th, which is outside.
BOUNDARIES = {"09 23:59:59": False, "10 00:00": True, "19 23:59:59": True, "20 00:00": False}


@pytest.mark.parametrize(("on", "holds"), BOUNDARIES.items())
def test_terms_hold_for_starts_from_the_first_date_to_the_one_before_the_last(on, holds):
    (verdict,) = judged(TERMS, {"customer": "acme", "on": on}).verdicts
    assert (verdict.outcome, verdict.limit_from) == (
        ("breached", "agreement acme") if holds else ("met", "within")
    )


@pytest.mark.parametrize(("on", "holds"), BOUNDARIES.items())
def test_what_follows_holds_for_the_same_starts(on, holds):
    report = judged(PAYS, {"customer": "acme", "on": on})
    assert [str(one.amount) for one in report.consequences] == (["9.00"] if holds else [])


@pytest.mark.parametrize(
    ("on", "holds"), {"09 23:19:59": False, "09 23:20": True, "19 23:19:59": True, "19 23:20": False}.items()
)
def test_standards_of_its_own_hold_for_the_starts_of_their_own_cases(on, holds):
    """A check starts with the event that it judges: it is the answer, 40 minutes after the question, that is dated."""
    report = judged(OWN, {"customer": "acme", "on": on})
    assert [one.outcome for one in report.verdicts.where(standard="thanks")] == (["met"] if holds else [])


def test_a_condition_of_its_own_narrows_an_agreement_and_never_widens_it():
    """Of acme and bob, each once about outages and once not: what acme says of outages is said of one case."""
    agreed = """    terms: {reply: {when: {topic: outage}, within: 30 minutes}}
    standards: [{id: thanks, kind: check, event: answered, applies_to: {topic: outage}, expect: {text: {mentions: thanks}}}]
    consequences: [{standard: reply, on: [met, breached], when: {topic: outage}, flat: 9 GBP}]
"""
    whose = [("acme", "outage"), ("acme", "other"), ("bob", "outage"), ("bob", "other")]
    report = judged(agreed, *({"customer": customer, "topic": topic} for customer, topic in whose))
    assert [one.outcome for one in report.verdicts.where(standard="reply")] == [
        "breached",
        "met",
        "met",
        "met",
    ]
    assert [one.case for one in report.verdicts.where(standard="thanks")] == ["C0"]
    assert [(one.case, str(one.amount)) for one in report.consequences] == [("C0", "9.00")]


def test_a_consequence_reads_the_windows_of_several_objectives_of_its_agreement():
    """Acme has one case, 40 minutes: 100 % within the hour and 0 % within 30 minutes. Bob's window is the book's."""
    agreed = """    terms: {reply: {objectives: [100% overall, {share: 50%, within: 30 minutes, window: all}]}}
    consequences:
      - {id: missed, standard: reply, on: missed, flat: 9 GBP}
      - {id: reached, standard: reply, on: reached, flat: 1 GBP}
"""
    report = judged(agreed, {"customer": "acme"}, {"customer": "bob"})
    assert [(one.consequence, one.objective, str(one.amount)) for one in report.consequences] == [
        ("missed", "50% within 30 minutes overall", "9.00"),
        ("reached", "100% overall", "1.00"),
    ]


def test_a_customer_who_is_renamed_while_the_clock_runs_is_bound_by_what_holds_then():
    """Renamed after 20 minutes the 30 minutes no longer hold; renamed after 35 they have been exceeded before."""
    for minute, outcome in ((20, "met"), (35, "breached")):
        rows = [
            {"time": "2026-03-15T12:00Z", "event": "asked", "id": "1", "customer": "acme"},
            {"time": f"2026-03-15T12:{minute}Z", "event": "renamed", "id": "1", "customer": "acme ltd"},
            {"time": "2026-03-15T12:40Z", "event": "answered", "id": "1"},
        ]
        log = servstd.read_events(rows, time="time", event="event")
        (verdict,) = servstd.evaluate(servstd.loads(BOOK + TERMS), log).verdicts
        assert verdict.outcome == outcome
