"""A clock whose hours are those of the case's own place, and cases that do not say where that is."""

from __future__ import annotations

import pytest

import servstd
from servstd.errors import EvaluationError

BOOK = servstd.loads("""
calendars: {office: {timezone: $zone, hours: {mon-fri: "09:00-17:00"}}}
standards: [{id: a, case: id, kind: respond, start: asked, stop: answered, within: 1 hour, calendar: office}]
""")


@pytest.mark.parametrize(
    ("zone", "message", "help_"),
    [
        pytest.param({}, "in `zone`, and a case carries none", "quarantine", id="no zone"),
        pytest.param(
            {"zone": "Europe/Lodon"}, "in `zone`, and `Europe/Lodon` is none", "Europe/London", id="misspelt"
        ),
    ],
)
def test_a_place_without_a_clock_is_named(zone: dict[str, str], message: str, help_: str) -> None:
    log = servstd.read_events([{"time": "2026-03-02T09:00Z", "event": "asked", "id": 1, **zone}])
    with pytest.raises(EvaluationError) as caught:
        servstd.evaluate(BOOK, log)
    (problem,) = caught.value.problems
    assert problem.code == "SV405"
    assert message in problem.message
    assert help_ in problem.help
