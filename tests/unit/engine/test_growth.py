"""Clocks that run side by side are found, not searched for."""

from __future__ import annotations

import pytest
from unit.engine.desk import plan_of, rows_of

from servstd.engine import step
from servstd.engine.facts import CaseFacts
from servstd.engine.lanes import Lanes

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
