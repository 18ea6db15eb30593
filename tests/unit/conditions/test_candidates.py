"""Of many rows of conditions only those are asked that can hold; none that holds is missed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import servstd
from servstd.conditions import Environment, FieldFacts, parse_condition
from servstd.conditions.candidates import Candidates
from servstd.intervals import Instant
from servstd.standards import terms

OPERANDS = st.sampled_from(
    ["a", "b", "5", "5.0", "2026-03-02", "1h", 5, 6, Decimal("5.0"), True, "$y", ["a", "b"], {"ge": 5}]
)
CARRIED = st.sampled_from(
    ["a", "b", "5", "5.0", " 5", 5, 6, Decimal("5.00"), True, None, ["a"], {"a": 1}, Instant(0)]
)
ROWS = st.lists(st.dictionaries(st.sampled_from(["x", "y"]), OPERANDS, min_size=1), max_size=6)


@given(ROWS, st.dictionaries(st.sampled_from(["x", "y"]), CARRIED))
def test_no_row_that_holds_is_missed(written: list[dict[str, object]], carried: dict[str, object]) -> None:
    rows = [parse_condition(row) for row in written]
    facts = FieldFacts({}, carried)
    holding = [
        place for place, row in enumerate(rows) if row.compile(Environment(timezone="UTC"))(facts) is True
    ]
    places = list(Candidates([row] for row in rows).places(facts))
    assert set(holding) <= set(places)
    assert places == sorted(places)


@pytest.mark.parametrize(("value", "asked"), [("P7", [7, 20]), ("P99", [20]), (None, [20])])
def test_a_table_is_asked_for_the_rows_of_one_value(value: object, asked: list[int]) -> None:
    rows = [[parse_condition({"plan": f"P{place}", "region": "north"})] for place in range(20)] + [
        [parse_condition({"region": "north"})]
    ]
    assert list(Candidates(rows).places(FieldFacts({}, {"plan": value, "region": "north"}))) == asked


def test_each_case_asks_few_rows_of_a_long_table(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    fits = terms._Row.fits
    monkeypatch.setattr(terms._Row, "fits", lambda self, facts: asked.append(1) or fits(self, facts))
    table = ", ".join(f"[P{place}, {place + 1} hours]" for place in range(200))
    book = servstd.loads(
        "standards: [{id: s, kind: respond, case: c, start: a, stop: b, within: 9 hours, "
        f"overrides: [{{by: [plan], set: [within], rows: [{table}]}}]}}]"
    )
    rows = [
        {"time": "2026-03-02T09:00Z", "event": "a", "c": f"C{place}", "plan": f"P{place}"}
        for place in range(100)
    ]
    report = servstd.evaluate(book, servstd.read_events(rows), as_of="2026-03-02T09:00Z")
    limits = {one.case: one.limit for one in report.verdicts}
    assert limits == {f"C{place}": (place + 1) * 3_600_000_000 for place in range(100)}
    assert len(asked) <= 5 * 100
