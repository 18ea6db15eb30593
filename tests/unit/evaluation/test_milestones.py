"""Rows of wide tables that lack an end, lack a start, or have them the wrong way round."""

from __future__ import annotations

import pytest

import servstd

BOOK = servstd.loads(
    "case: id\nstandards: [{id: done, kind: respond, start: opened, stop: closed, within: 1 hour}]"
)
NINE, HALF_PAST, NOON = "2026-03-02T09:00Z", "2026-03-02T09:30Z", "2026-03-02T12:00Z"
ROWS = {
    "both in time: met": (NINE, HALF_PAST, "met"),
    "no end, and silence after the limit: breached": (NINE, None, "breached"),
    "no start: nobody knows how long it took": (None, HALF_PAST, "unknown"),
    "the end before the start: nobody knows how long it took": (HALF_PAST, NINE, "unknown"),
}


@pytest.mark.parametrize(("opened", "closed", "outcome"), ROWS.values(), ids=ROWS)
def test_a_wide_row_is_judged(opened, closed, outcome):
    rows = [{"id": "a", "o": opened, "c": closed}, {"id": "z", "o": NOON, "c": None}]
    log = servstd.read_events(rows, milestones={"opened": "o", "closed": "c"})
    report = servstd.evaluate(BOOK, log)
    assert [verdict.outcome for verdict in report.verdicts.where(case="a")] == [outcome]


def test_reversed_rows_are_counted_for_the_reader():
    rows = [{"id": 1, "o": HALF_PAST, "c": NINE}, {"id": 2, "o": NINE, "c": HALF_PAST}]
    report = servstd.evaluate(BOOK, servstd.read_events(rows, milestones={"opened": "o", "closed": "c"}))
    assert "done: 1 end before their start; 1 of them are unknown, for want of a length" in " ".join(
        str(report).split()
    )
