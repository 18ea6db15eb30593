"""The law of margins, over generated books: met is 0 or more, breached 0 or less, and 0 only where equality breaches."""

from __future__ import annotations

import json
from typing import Any

import pytest
from differential import agreement
from hypothesis import HealthCheck, given, settings

from servstd.testing import KINDS, Scenario, scenarios

SLOW: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
}
DATES = ("day", "week", "month")


def breaks_by_equality(standard: dict[str, Any]) -> bool:
    """Return whether an end at the very limit may be late: `boundary: exclusive`, or 00:00 after the last date."""
    written = json.dumps([standard.get(name) for name in ("within", "every", "overrides", "extend")])
    return standard.get("boundary") == "exclusive" or any(word in written for word in DATES)


@pytest.mark.parametrize("kind", KINDS)
def test_the_sign_of_a_margin_says_whether_the_promise_was_kept(kind: str) -> None:
    @settings(max_examples=200, **SLOW)
    @given(scenarios([kind], most_standards=1))
    def holds(scenario: Scenario) -> None:
        standard = scenario.book["standards"][0]
        for one in agreement.engine(scenario):
            margin, outcome = one["margin"], one["outcome"]
            if margin is None:
                continue
            assert outcome != "met" or margin >= 0, one
            assert outcome != "breached" or margin <= 0, one
            assert outcome != "breached" or margin < 0 or breaks_by_equality(standard), one

    holds()


@pytest.mark.parametrize("kind", ["respond", "quantity"])
def test_a_breach_does_not_come_before_what_was_allowed_is_used_up(kind: str) -> None:
    @settings(max_examples=200, **SLOW)
    @given(scenarios([kind], most_standards=1))
    def holds(scenario: Scenario) -> None:
        for one in agreement.engine(scenario):
            due, breached = one["due_at"], one["breached_at"]
            assert due is None or breached is None or due <= breached, one

    holds()
