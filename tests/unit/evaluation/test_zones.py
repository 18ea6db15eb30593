"""A clock whose hours are those of the case's own place, and cases that do not say where that is."""

from __future__ import annotations

import pytest

import servstd

BOOK = servstd.loads("""
calendars: {office: {timezone: $zone, hours: {mon-fri: "09:00-17:00"}}}
standards: [{id: a, case: id, kind: respond, start: asked, stop: answered, within: 1 hour, calendar: office}]
""")


@pytest.mark.parametrize(
    ("zone", "reason"),
    [
        pytest.param({}, "the zone of the case (`zone`) is not known", id="no zone"),
        pytest.param(
            {"zone": "Europe/Lodon"},
            "the zone `Europe/Lodon` of the case (`zone`) is not known",
            id="misspelt",
        ),
    ],
)
def test_a_place_without_a_clock_makes_its_case_unknown(zone: dict[str, str], reason: str) -> None:
    log = servstd.read_events([{"time": "2026-03-02T09:00Z", "event": "asked", "id": 1, **zone}])
    (verdict,) = servstd.evaluate(BOOK, log).verdicts
    assert (verdict.outcome, verdict.reason) == ("unknown", reason)
