"""What comes after the instant of the judgement changes nothing: no outcome, segment, weight, row, trait or payment.

A log that goes on says the same as one that ends there. Nothing here says what that is; the oracles do.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import servstd
from servstd.results.traits import traits_of
from servstd.testing import INSTANT_FIELDS, Scenario, rows_of, scenarios

OBJECTIVES = [
    {"share": "90%", "window": "all", "by": ["priority", "size"], "weight": "$minutes + 1"},
    {"share": "less than 20%", "window": "day", "by": "status"},
]
MORE: dict[str, Any] = {
    "segments": {"size": {"small": {"minutes": {"le": 30}}, "rest": "any"}},
    "agreements": [
        {"id": "acme", "for": {"vip": True}, "terms": {"s0": {"objective": {"share": "50%", "window": "all"}}}}
    ],
    "consequences": [
        {
            "standard": "s0", "on": ["breached", "met"], "flat": "2 * $minutes GBP", "when": {"status": {"ne": "dropped"}},
            "overrides": [{"when": {"by": "human"}, "flat": "9 GBP"}],
        }
    ],
}  # fmt: skip


def told(scenario: Scenario, events: list[dict[str, Any]], traits: list[str]) -> dict[str, Any]:
    """Return everything that a report says of a scenario with some of its events."""
    standards = [{**one, "objectives": OBJECTIVES} for one in scenario.book["standards"]]
    book = servstd.Book(**{**scenario.book, "standards": standards, **MORE})
    rows = rows_of(events)
    columns = {name for row in rows for name in row}
    log = servstd.read_events(
        rows, time="time", event="event", times=[name for name in INSTANT_FIELDS if name in columns],
        id="id" if "id" in columns else None, sequence="sequence" if "sequence" in columns else None,
        covers=book.events.covers if book.events else None,
    )  # fmt: skip
    seconds, us = divmod(scenario.as_of_us, 1_000_000)
    report = servstd.evaluate(book, log, as_of=datetime.fromtimestamp(seconds, UTC).replace(microsecond=us))
    every = range(len(report.verdicts))
    return {
        "verdicts": [unnumbered(one) for one in report.verdicts.to_dicts()],
        "attainments": [asdict(one) for one in report.attainments],
        "consequences": [one.to_dict() for one in report.consequences],
        "traits": {name: traits_of(report, every, name) for name in traits},
    }


def unnumbered(verdict: dict[str, Any]) -> dict[str, Any]:
    """Return a verdict without the numbers of rows in its reason: they are another where a log is shorter."""
    return {**verdict, "reason": re.sub(r"row \d+", "row", verdict["reason"])}


def is_outside(first: str, at_us: int) -> bool:
    """Tell whether what a log is said to cover begins after an instant, so that it cannot end there."""
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).date().isoformat() < first


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenario=scenarios(), cut=st.floats(0, 1))
def test_what_comes_after_the_judgement_changes_nothing(scenario: Scenario, cut: float) -> None:
    dated = sorted({one["t"] for one in scenario.events if one["t"] is not None})
    assume(len(dated) > 1)
    at = dated[int(cut * (len(dated) - 1))]
    assume("events" not in scenario.book or not is_outside(scenario.book["events"]["covers"][0], at))
    judged = Scenario(scenario.book, scenario.events, at)
    before = [one for one in scenario.events if one["t"] is None or one["t"] <= at]
    after = [one for one in scenario.events if one not in before]
    assume(
        {one["id"] for one in before}.isdisjoint({one["id"] for one in after} - {None})
    )  # none is corrected later
    assume(any("case" in one["fields"] for one in before))  # a log in which nothing names a case is refused
    traits = sorted({name for one in before for name in one["fields"]} & {"status", "vip", "priority"})
    assert told(judged, scenario.events, traits) == told(judged, before, traits)
