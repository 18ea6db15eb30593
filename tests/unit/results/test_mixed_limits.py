"""A standard whose limits are hours for some cases and dates for others: each verdict counts in its own unit."""

from __future__ import annotations

import pytest

import servstd
from servstd.errors import EvaluationError

OFFICE = """
timezone: UTC
standards:
  - {id: a, case: id, kind: respond, start: asked, stop: answered, within: {by: level, 1: 4 hours, else: 3 days}, recurs: each}
  - {id: sorry, case: id, kind: quantity, count: {standard: a, change: ended, where: {elapsed: {gt: 1 hour}}}, at_most: 0, ends: closed}
"""
EVENTS = [
    {"time": "2026-03-02T09:00Z", "event": "asked", "id": "fast", "level": 1},
    {"time": "2026-03-02T14:30Z", "event": "answered", "id": "fast"},
    {"time": "2026-03-02T14:40Z", "event": "closed", "id": "fast"},
    {"time": "2026-03-02T09:00Z", "event": "asked", "id": "slow", "level": 2},
    {"time": "2026-03-06T12:00Z", "event": "answered", "id": "slow"},
    {"time": "2026-03-02T09:00Z", "event": "asked", "id": "none"},
]


@pytest.fixture
def report() -> servstd.Report:
    return servstd.evaluate(servstd.loads(OFFICE), servstd.read_events(EVENTS))


def test_each_verdict_counts_in_the_unit_of_its_own_limit(report: servstd.Report) -> None:
    found = {one.case: (one.unit, one.elapsed, one.limit) for one in report.verdicts.where(standard="a")}
    hour = 3_600_000_000
    assert found["fast"] == ("time", 11 * hour // 2, 4 * hour)
    assert found["slow"] == ("dates", 4, 3)  # 3, 4, 5 and 6 March, of three dates


def test_the_list_of_breaches_writes_each_in_its_own(report: servstd.Report) -> None:
    text = report.to_text()
    assert "5h 30m of 4h allowed, 1h 30m too much" in text
    assert "12h late; due 6 Mar 2026 00:00" in text


def test_a_condition_on_what_was_used_compares_time_with_time(report: servstd.Report) -> None:
    found = {one.case: one.outcome for one in report.verdicts.where(standard="sorry")}
    assert found["fast"] == "breached"


def test_no_one_figure_is_made_of_both(report: servstd.Report) -> None:
    with pytest.raises(EvaluationError, match="SV680") as caught:
        report.curve("a")
    assert 'where={"unit": "dates"}' in caught.value.problems[0].help
    assert report.curve("a", where={"unit": "time"}).unit == "time"
    with pytest.raises(EvaluationError, match="SV680"):
        report.compare_periods("a", "2026-03", "2026-04", of="mean")


@pytest.mark.parametrize(
    ("limits", "unit"),
    [
        ("within: 3 days, overrides: [{when: {level: 1}, within: 4 hours}]", "time"),
        ("within: 3 days", "dates"),
    ],
)
def test_an_override_may_change_the_unit(limits: str, unit: str) -> None:
    book = servstd.loads(
        f"timezone: UTC\nstandards: [{{id: a, case: id, kind: respond, start: asked, stop: answered, {limits}}}]"
    )
    found = servstd.evaluate(book, servstd.read_events(EVENTS)).verdicts.where(case="fast")
    assert [one.unit for one in found] == [unit]


def test_the_report_says_that_a_field_is_not_known_by_its_name() -> None:
    book = servstd.loads(
        "standards: [{id: a, case: id, kind: respond, start: asked, stop: answered, within: {by: level, 1: 4 hours}}]"
    )
    reasons = {one.case: one.reason for one in servstd.evaluate(book, servstd.read_events(EVENTS)).verdicts}
    assert reasons["none"] == "the level is not known"
    assert reasons["slow"] == "a limit for level 2 is not known"
