"""Clocks that run side by side are found, not searched for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.engine.desk import minute, plan_of, rows_of

from servstd.engine import Obligation, fold, step
from servstd.engine.facts import CaseFacts
from servstd.engine.lane import Lane
from servstd.engine.lanes import Lanes
from servstd.engine.obligation import Segments
from servstd.events.log import Row

MANY = 200


@pytest.mark.parametrize(
    "last_first", [True, False], ids=["the youngest ends first", "the oldest ends first"]
)
def test_an_end_finds_its_start_without_asking_the_others(
    last_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    event = CaseFacts.event
    monkeypatch.setattr(CaseFacts, "event", lambda self, name: asked.append(name) or event(self, name))
    order = range(MANY)[::-1] if last_first else range(MANY)
    story = " ".join(f"opened@{place}:item=i{place}" for place in range(MANY))
    story += " " + " ".join(f"closed@{MANY + at}:item=i{place}" for at, place in enumerate(order))
    plan = plan_of(recurs="every", match="item", within="900 minutes")
    obligations, carry = step(plan, rows_of(story), None, as_of=10**18)
    assert {one.outcome for one in obligations} == {"met"}
    assert asked.count("item") <= 4 * MANY
    assert not carry.fold.lanes._by_match


@pytest.mark.parametrize(
    ("opened", "closed"),
    [([1, "x"], [1, "x"]), ({"a": 1, "b": 2}, {"b": 2, "a": 1}), (5, 5)],
    ids=["lists", "objects", "numbers"],
)
def test_values_of_any_sort_match(opened: object, closed: object) -> None:
    rows = rows_of("opened@0 opened@1 closed@9")
    rows[0].fields["item"], rows[1].fields["item"], rows[2].fields["item"] = opened, "other", closed
    plan = plan_of(recurs="every", match="item")
    first, second = step(plan, rows, None, as_of=rows[2].time_us)[0]
    assert (first.outcome, second.outcome) == ("met", "open")


def test_a_lane_that_is_closed_is_forgotten_under_its_match() -> None:
    plan = plan_of(recurs="every", match="item")
    lanes = Lanes(plan.signals, CaseFacts())
    lanes.close(5)  # none of that number
    assert not lanes.open


@st.composite
def stories(draw: st.DrawFn) -> list[Row]:
    """Return events of one case that open and end clocks, hold it and let it go, also several at once."""
    rows = []
    at = 0
    for place in range(draw(st.integers(5, 40))):
        at += draw(st.sampled_from([0, 1, 7, 60, 600]))
        kind = draw(
            st.sampled_from(
                ["opened", "opened", "held", "freed", "held", "freed", "closed", "dropped", "moved", "longer"]
            )
        )
        fields = {"status": draw(st.sampled_from(["waiting", "open"]))} if draw(st.booleans()) else {}
        rows.append(Row(minute(at), kind, fields, place if draw(st.booleans()) else None, None, place))
    return sorted(rows, key=lambda row: (row.time_us, row.sequence is not None, row.sequence or 0))


PLANS = {
    "events hold": {"pause": "held", "resume": "freed"},
    "a status holds": {"pause_while": {"status": "waiting"}},
    "both, in office hours": {"pause": "held", "resume": "freed", "pause_while": {"status": "waiting"}, "calendar": "office"},
    "with what ends, sets back and extends": {
        "pause": "held", "resume": "freed", "cancel": "dropped", "reset": "moved", "extend": {"event": "longer", "by": "30 minutes"}},
    "reaching the limit is too much": {"pause": "held", "resume": "freed", "boundary": "exclusive"},
    "two limits": {"pause": "held", "resume": "freed", "within": {"earliest_of": ["60 minutes", "3 hours"]}},
    "another limit in between": {
        "pause": "held", "resume": "freed", "overrides": [{"when": {"status": "waiting"}, "within": "20 minutes", "calendar": "office"}]},
}  # fmt: skip


def told(obligations: list[Obligation]) -> list[Obligation]:
    """Return obligations without what began their stretches: of two that turn a latch there and back, either did."""
    for one in obligations:
        one.segments = Segments(replace(part, cause=0) for part in one.segments)
    return obligations


@pytest.mark.parametrize("standard", PLANS.values(), ids=PLANS)
@settings(max_examples=40, deadline=None)
@given(rows=stories(), cut=st.integers(0, 40))
def test_clocks_that_are_told_of_pauses_late_are_those_that_are_told_at_once(
    standard: dict[str, object], rows: list[Row], cut: int
) -> None:
    plan = plan_of(recurs="every", **standard)
    as_of = rows[-1].time_us + 7_200_000_000
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fold, "SharedHolds", type("Never", (), {"of": staticmethod(lambda _: None)}))
        at_once, _ = step(plan, rows, None, as_of=as_of)
    late, carry = step(plan, rows, None, as_of=as_of)
    assert carry.fold.shared_holds is not None
    assert told(late) == told(at_once)
    if cut < len(rows) and rows[cut - 1].time_us < rows[cut].time_us:
        _, carry = step(plan, rows[:cut], None, as_of=rows[cut].time_us - 1)
        assert told(step(plan, rows[cut:], carry.copy(), as_of=as_of)[0]) == told(at_once)


def test_turns_of_the_latch_do_not_pass_for_each_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[int] = []
    live = Lane._live
    monkeypatch.setattr(
        Lane, "_live", lambda self, *args, **named: passed.append(1) or live(self, *args, **named)
    )
    story = " ".join(
        f"opened@{3 * place} held@{3 * place + 1} freed@{3 * place + 2}" for place in range(MANY)
    )
    plan = plan_of(recurs="every", pause="held", resume="freed")
    obligations, _ = step(plan, rows_of(story), None, as_of=minute(3 * MANY))
    assert len(passed) <= 5 * MANY
    # The first clock has run two of each three minutes, and 60 of them are used up in the 89th minute: 29 pauses of one
    # minute and the first half of the thirtieth stretch of two minutes, less the one before its first pause.
    assert obligations[0].paused == MANY * 60_000_000
    assert obligations[0].due_at == minute(90)
