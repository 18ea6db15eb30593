"""Objectives whose own bound is the promise: no limit for one case, days counted where they speak of days."""

from __future__ import annotations

from fractions import Fraction

import pytest

import servstd
from servstd.errors import StandardsError

BOOK = """
case: id
timezone: UTC
calendars: {{office: {{timezone: UTC, hours: {{mon-fri: "09:00-17:00"}}}}}}
standards:
- {{id: it, kind: respond, start: asked, stop: answered, {}}}
"""
# From Monday 2 March to Wednesday, from Friday 6 March to Monday, and one that waits since Monday 2 March, on Tuesday the 10th.
EVENTS = [
    ("2026-03-02T10:00Z", "asked", "A"), ("2026-03-04T12:00Z", "answered", "A"),
    ("2026-03-06T10:00Z", "asked", "B"), ("2026-03-09T12:00Z", "answered", "B"),
    ("2026-03-02T10:00Z", "asked", "C"), ("2026-03-10T10:00Z", "noted", None),
]  # fmt: skip


def report_of(standard: str) -> servstd.Report:
    log = servstd.read_events([{"time": at, "event": kind, "id": case} for at, kind, case in EVENTS])
    return servstd.evaluate(servstd.loads(BOOK.format(standard)), log)


@pytest.mark.parametrize(
    ("standard", "value", "status"),
    [
        pytest.param("calendar: office, objective: {mean: 3 business days, window: all}", 3, "met", id="2, 1 and 6 business days"),
        pytest.param(
            "calendar: office, within: none, objective: {mean: 2.5 business days, window: all}", 3, "missed", id="within: none"
        ),
        pytest.param("objective: {mean: 4 days, window: all}", Fraction(13, 3), "missed", id="2, 3 and 8 days"),
        pytest.param("objective: {p50: 3 days, window: all}", 3, "met", id="a percentile"),
        pytest.param(
            "calendar: office, objective: {share: 60%, within: 2 business days, window: all}", Fraction(2, 3), "met",
            id="a share within days of its own",
        ),
        pytest.param(
            "calendar: office, objectives: [{p50: 2 business days, window: all}]", 2, "met", id="among several"
        ),
        pytest.param("objective: {max: 72 hours, window: all}", 192 * 3_600_000_000, "missed", id="hours stay hours"),
    ],
)  # fmt: skip
def test_a_clock_without_a_limit_counts_what_its_objectives_speak_of(
    standard: str, value: object, status: str
) -> None:
    (row,) = report_of(standard).attainments
    assert (row.exact_value, row.status, row.judged + row.open) == (value, status, 3)


def test_days_are_counted_by_the_day_rule_and_pauses_as_under_a_limit() -> None:
    log = servstd.read_events(
        [
            {"time": "2026-03-02T15:00Z", "event": "asked", "id": "A", "state": "open"},
            {"time": "2026-03-04T16:00Z", "event": "noted", "id": "A", "state": "waiting"},
            {"time": "2026-03-05T12:00Z", "event": "noted", "id": "A", "state": "open"},
            {"time": "2026-03-06T12:00Z", "event": "answered", "id": "A"},
        ]
    )
    found = {}
    for limit in ("9 business days", "none"):
        standard = (
            f"within: {limit}, calendar: office, day_rule: {{cutoff: '14:00'}}, pauses: shift, pause_while: {{state: waiting}}, "
            "objective: {mean: 3 business days, window: all}"
        )
        (row,) = servstd.evaluate(servstd.loads(BOOK.format(standard)), log).attainments
        found[limit] = row.exact_value
    # After the cut-off, so from Tuesday's opening: day 1 is Wednesday, whose end lies in the pause; Thursday and Friday count.
    assert found == {"9 business days": 2, "none": 2}


@pytest.mark.parametrize(
    ("standard", "code", "path"),
    [
        pytest.param("objective: 95% overall", "SV104", "within", id="a share of what no limit breaks"),
        pytest.param("title: x", "SV104", "within", id="no objective at all"),
        pytest.param("objective: {mean: 3 business days, window: all}", "SV109", "within", id="business days without a calendar"),
        pytest.param(
            "calendar: office, pause_while: {s: 1}, objective: {mean: 3 business days, window: all}", "SV114", "pauses",
            id="pauses that say nothing of days",
        ),
        pytest.param(
            "calendar: office, within: 5 business days, objective: {mean: 3 calendar days, window: all}", "SV602", "objective",
            id="other days than the limit's",
        ),
        pytest.param(
            "calendar: office, within: 5 days, objective: {mean: 3 business days, window: all}", "SV602", "objective",
            id="business days under a limit of days",
        ),
        pytest.param(
            "calendar: office, objectives: [{mean: 3 business days, window: all}, {max: 9 hours, window: all}]", "SV602",
            "objectives[1]", id="days and hours",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused(standard: str, code: str, path: str) -> None:
    with pytest.raises(StandardsError) as failure:
        report_of(standard)
    assert [(one.code, one.path) for one in failure.value.problems] == [(code, f"standards[0].{path}")]


def test_a_quantity_may_be_promised_in_a_mean_alone() -> None:
    log = servstd.read_events(
        [
            {"time": f"2026-03-0{day}T10:00Z", "event": "visit", "id": "A"}
            for day in (2, 2, 2, 3, 4)  # without ids, equal rows are events of their own
        ]
        + [{"time": "2026-03-01T00:00Z", "event": "begun"}, {"time": "2026-03-05T00:00Z", "event": "over"}]
    )
    book = servstd.loads(
        "{case: id, timezone: UTC, standards: "
        "[{id: it, kind: quantity, count: visit, per: day, objective: {mean: {ge: 1.5}, window: all}}]}"
    )
    (row,) = servstd.evaluate(book, log).attainments
    assert (row.exact_value, row.status) == (Fraction(5, 3), "met")
