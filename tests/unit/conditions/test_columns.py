"""A condition over columns answers what its closure answers, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servstd.calendars import Calendar
from servstd.conditions import Environment, FieldFacts, parse_condition

LOCAL = Calendar(timezone="$zone", hours={"mon-sun": "08:00-21:00"})
ENVIRONMENT = Environment(calendars={"local": LOCAL}, timezone="Europe/London")


@dataclass
class Coded:
    codes: Any
    values: list[object]


@dataclass
class Rows:
    events: list[dict[str, object]]
    cases: list[dict[str, object]]
    moments: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.events)

    @property
    def times(self) -> Any:
        return np.array(self.moments, dtype=np.int64)

    @property
    def kinds(self) -> Coded | None:
        return coded([{"kind": "reply.sent"}] * len(self.events), "kind")

    def event(self, name: str) -> Coded | None:
        return coded(self.events, name)

    def case(self, name: str) -> Coded | None:
        return coded(self.cases, name)


def coded(rows: list[dict[str, object]], name: str) -> Coded | None:
    values: list[object] = []
    codes = []
    for row in rows:
        if name not in row:
            codes.append(-1)
            continue
        keys = [repr(value) for value in values]
        if repr(row[name]) not in keys:
            values.append(row[name])
            keys.append(repr(row[name]))
        codes.append(keys.index(repr(row[name])))
    return Coded(np.array(codes, dtype=np.int32), values) if values else None


VALUES = st.sampled_from(["a", "ab", "5", "10", "soon", 5, 7, True, "yes", "2026-04-01T09:00Z"])
ZONES = st.sampled_from(["Europe/London", "Pacific/Auckland", "Mars/Olympus", 5])
FIELDS = st.one_of(
    st.dictionaries(st.sampled_from(["x", "y"]), VALUES),
    st.fixed_dictionaries({"zone": ZONES}, optional={"x": VALUES, "kind": VALUES}),
)
TESTS = st.sampled_from(
    [
        {"x": "a"}, {"x": ["a", "5"]}, {"x": 5}, {"x": {"ge": 6}}, {"x": {"ne": "a"}}, {"x": {"exists": True}}, {"x": True},
        {"x": {"contains": "a"}}, {"x": {"like": "a*"}}, {"x": {"matches": "^a"}}, {"x": "$y"}, {"x": {"ge": "$y + 1"}},
        {"$case.x": "a"}, {"$event.y": {"exists": False}}, {"time": {"ge": "2026-04-01"}}, {"time": {"lt": "1 hour after $x"}},
        {"$event.x": {"ne": "$case.x"}}, {"x": {"in": ["$y", "a"]}}, {"time": {"open_in": "always"}},
        {"time": {"open_in": "local"}}, {"x": {"open_in": "local"}}, {"x": {"open_until": "local"}}, {"$event.kind": "reply.sent"}, {"$event.kind": "$x"},
    ]
)  # fmt: skip
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=5,
)
ROWS = st.lists(
    st.tuples(FIELDS, FIELDS, st.integers(1_774_990_000_000_000, 1_775_040_000_000_000)), max_size=8
)


@settings(max_examples=150, deadline=None)
@given(CONDITIONS, ROWS)
def test_columns_answer_as_the_closure_does(data: Any, rows: list[Any]) -> None:
    condition = parse_condition(data)
    decide = condition.compile(ENVIRONMENT)
    expected = [decide(FieldFacts(own, case, time_us=at, kind="reply.sent")) for own, case, at in rows]
    found = condition.columns(
        ENVIRONMENT, Rows([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    )
    assert found.dtype == np.int8
    assert found.tolist() == [{True: 1, False: 0, None: -1}[answer] for answer in expected]


def test_a_test_runs_once_a_distinct_value(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("servstd.conditions.texts.mentions", lambda text, words: asked.append(text) or True)
    rows = Rows([{"x": "one"}, {"x": "two"}] * 500, [{}] * 1000, [0] * 1000)
    found = parse_condition({"x": {"mentions": "a"}}).columns(ENVIRONMENT, rows)
    assert found.tolist() == [1] * 1000
    assert sorted(asked) == ["one", "two"]
