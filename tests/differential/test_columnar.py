"""The stepper and the columns read the same tables: their obligations are the same integers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from differential.columnar import Found, can_read, columnar
from hypothesis import HealthCheck, given, settings
from property.engine.test_carry_laws import log_of
from unit.engine.desk import minute, plan_of, rows_of
from unit.engine.test_clock import BOUNDARY, SETS, SIGNALS
from unit.engine.test_hold import LATCH
from unit.engine.test_lanes import LANES
from unit.engine.test_order_and_judgement import ORDERS, POSITIONS

import servstd
from servstd.engine import step
from servstd.plan.plan import Plan
from servstd.testing import Scenario, scenarios

SETTINGS = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def steady(standard: dict[str, Any]) -> dict[str, Any]:
    """Return a standard whose terms never change: for every case, on one calendar, within a time or a count."""
    made = {
        name: value
        for name, value in standard.items()
        if name not in ("applies_to", "effective", "overrides", "pauses", "day_rule", "extend")
    }
    if "every" in made:
        made["every"] = "60 minutes"
    within = made.get("within")
    if isinstance(within, dict) or (
        isinstance(within, str) and ("$" in within or within.split()[-1] in DATES)
    ):
        made["within"] = "60 minutes"
    if made["kind"] == "quantity" and (made.pop("per", None) or made.pop("within", None)):
        made.pop("after", None)
        made.setdefault("ends", "ended")  # a scope that time closes by itself is nothing for columns yet
    return made


DATES = ("day", "days", "week", "weeks", "month")


def stepped(plan: Plan, cases: list[Any], as_of: int) -> list[Found]:
    return [
        Found(number, one.started_at, one.ended_at, one.outcome_otherwise or one.outcome, one.elapsed)
        for number, rows in enumerate(cases)
        for one in step(plan, rows, None, as_of=as_of)[0]
    ]


def check(scenario: Scenario, seen: Counter[str]) -> None:
    book = {**scenario.book, "standards": [steady(one) for one in scenario.book["standards"]]}
    log = log_of(scenario.events)
    for plan in servstd.Book(**book).plans:
        if not can_read(plan) or not set(plan.case) <= set(log.fields):
            seen["left out"] += 1
            continue
        cases = [rows for _, rows in log.cases(plan.case)]
        expected = stepped(plan, cases, scenario.as_of_us)
        assert sorted(columnar(plan, cases, scenario.as_of_us), key=repr) == sorted(expected, key=repr)
        seen.update(one.outcome for one in expected)


KINDS_AND_OUTCOMES = {
    "respond": {"met", "breached", "open"},
    "order": {"met", "breached"},
    "quantity": {"met", "breached", "open"},
    "check": {"met", "breached", "unknown"},
    "gauge": {"breached", "open"},
}


@pytest.mark.parametrize(("kind", "outcomes"), KINDS_AND_OUTCOMES.items(), ids=KINDS_AND_OUTCOMES.keys())
def test_the_columns_agree_with_the_stepper_on(kind, outcomes):
    seen: Counter[str] = Counter()

    @SETTINGS
    @given(scenarios([kind], most_standards=2))
    def agree(scenario: Scenario) -> None:
        check(scenario, seen)

    agree()
    assert outcomes <= set(seen), seen
    assert seen["left out"] < seen.total() / 2, seen


FIRST_OR_LAST = {"kind": "order", "event": "hello", "ends": "gone"}
NOTICE = {"kind": "order", "event": "cut", "needs": "notice"}
STORIES = {
    **BOUNDARY,
    **SIGNALS,
    **SETS,
    **LATCH,
    **LANES,
    **{name: (told[0], {**NOTICE, **told[1]}) for name, told in ORDERS.items()},
    **{name: (told[0], {**FIRST_OR_LAST, "position": told[1]}) for name, told in POSITIONS.items()},
}


@pytest.mark.parametrize("told", STORIES.values(), ids=STORIES.keys())
def test_the_columns_agree_with_the_stepper_on_a_story_where(told):
    story, standard = told[:2]
    plan, rows = plan_of(**standard), rows_of(story)
    assert can_read(plan)
    for as_of in {row.time_us for row in rows} | {minute(10_000)}:
        assert sorted(columnar(plan, [rows], as_of), key=repr) == sorted(
            stepped(plan, [rows], as_of), key=repr
        )


@pytest.mark.fuzz
@settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenarios())
def test_the_columns_agree_with_the_stepper_long(scenario):
    check(scenario, Counter())
