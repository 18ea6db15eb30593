"""What a report tells of verdicts that are not known, and of rows that are longer than a line."""

from __future__ import annotations

import servstd
from servstd.render.style import Style
from servstd.render.text import render

DOUBLE = """
case: t
timezone: UTC
standards:
- {id: reply, kind: respond, start: s, stop: e, within: 8 hours}
agreements:
- {id: gold, level: segment, for: {plan: gold}, terms: {reply: {within: 4 hours}}}
- {id: north, level: segment, for: {region: north}, terms: {reply: {within: 2 hours}}}
"""
CARD = """
case: t
standards:
- {id: card, kind: scorecard, event: e, items: [{id: tone, answer: tone, scale: [1, 5]}], at_least: 50}
"""


def events(*told):
    """Return an event a case: (case, kind, fields)."""
    return servstd.read_events(
        [
            {"time": f"2026-03-02T09:{minute:02d}Z", "event": event, "t": case, **fields}
            for minute, (case, event, fields) in enumerate(told)
        ]
    )


def told(text, log, width=100):
    return render(servstd.evaluate(servstd.loads(text), log), Style(width=width)).splitlines()


def test_two_agreements_of_one_level_are_named_where_they_leave_a_case_unknown():
    both, one = {"plan": "gold", "region": "north"}, {"plan": "gold", "region": "south"}
    log = events(("1", "s", both), ("1", "e", {}), ("2", "s", one), ("2", "e", {}))
    lines = told(DOUBLE, log)
    assert (
        "  not known, 1 of reply: which of the agreements gold and north holds is not known (case 1)" in lines
    )
    assert any("insufficient (more than 1% unknown)" in line for line in lines)


def test_a_score_outside_its_scale_and_a_missing_one_are_told_apart_the_most_frequent_first():
    log = events(("1", "e", {}), ("2", "e", {"tone": 9}), ("3", "e", {}), ("4", "e", {"tone": 4}))
    assert [line for line in told(CARD, log) if "not known" in line] == [
        "  not known, 2 of card: tone: not answered (case 1, 3)",
        "  not known, 1 of card: tone: 9 is not from 1 to 5 (case 2)",
    ]


def test_weights_that_add_up_to_nothing_say_so_beside_the_cases_that_have_them():
    text = "{case: t, standards: [{id: reply, kind: respond, start: s, stop: e, within: 1 hour, objective: {share: 95%, window: all, weight: $n}}]}"
    lines = told(text, events(("1", "s", {"n": 0}), ("1", "e", {})))
    assert any(line.endswith("no data (the weights add up to nothing)") for line in lines)


def test_of_many_reasons_the_rest_is_counted():
    log = events(*((str(score), "e", {"tone": score}) for score in (6, 7, 8, 9, 9)))
    lines = [line for line in told(CARD, log) if "not known" in line]
    assert lines[0] == "  not known, 2 of card: tone: 9 is not from 1 to 5 (case 9, 9)"
    assert lines[-1] == "  not known, 1 more of card: other reasons"


def test_a_number_and_what_it_counts_stay_on_one_line():
    both, silver = {"plan": "gold", "region": "north"}, {"plan": "silver"}
    log = events(("1", "s", both), ("1", "e", {}), ("2", "s", silver), ("3", "s", silver))
    for width in range(60, 110):
        lines = told(DOUBLE, log, width)
        (row,) = [place for place, line in enumerate(lines) if line.startswith("  all time")]
        ends = [line.split()[-1] for line in lines[row : row + 3] if line.strip()]
        assert not {"+", "1", "2"} & set(ends), width
        assert "\N{NO-BREAK SPACE}" not in "".join(lines)
