"""What an override of a consequence sets goes instead of what stands above it, and nothing else does."""

from __future__ import annotations

import pytest

import servstd
from servstd.errors import StandardsError

BOOK = """
case: id
%s
standards:
  - {id: supply, kind: respond, start: cut, stop: back, within: 1 hour}
consequences:
  - standard: supply
    flat: 100 GBP
    then: {per_started: 1 hour, amount: 10 GBP}
    tiers: [[2 hours, 1 GBP]]
    cap: 120 GBP
    label: a letter
    overrides: [{when: {business: true}, %s}]
"""

# Three hours without supply are two past the hour: 100 + 2 × 10 + 1 = 121, at most 120; beside it what holds instead.
INSTEAD = {
    "another payment": ("flat: 50 GBP", "71.00", "a letter"),
    "a lower cap": ("cap: 20 GBP", "20.00", "a letter"),
    "a higher cap": ("cap: 4000 GBP", "121.00", "a letter"),
    "more by time": ("flat: 0 GBP, then: {per: 1 hour, amount: 25 GBP}", "51.00", "a letter"),
    "other tiers": ("flat: 50 GBP, tiers: [[90 minutes, 3 GBP]]", "73.00", "a letter"),
    "no tiers": ("flat: 50 GBP, tiers: []", "70.00", "a letter"),
    "another label": ("label: a visit", "120.00", "a visit"),
    "no label": ("label: ''", "120.00", ""),
}


@pytest.mark.parametrize(("sets", "amount", "label"), INSTEAD.values(), ids=INSTEAD)
def test_an_override_holds_instead_and_for_its_cases_alone(sets, amount, label):
    rows = []
    for case, business in (("1", True), ("2", False)):
        rows.append({"time": "2026-03-02T09:00Z", "event": "cut", "id": case, "business": business})
        rows.append({"time": "2026-03-02T12:00Z", "event": "back", "id": case})
    log = servstd.read_events(rows, time="time", event="event")
    report = servstd.evaluate(servstd.loads(BOOK % ("timezone: UTC", sets)), log)
    found = [(one.case, str(one.amount), one.label) for one in report.consequences]
    assert found == [("1", amount, label), ("2", "120.00", "a letter")]


@pytest.mark.parametrize(
    ("sets", "code"),
    [
        ("then: {per_started: 1 day, amount: 10 GBP}", "SV106"),
        ("tiers: [[2 days, 10 GBP]]", "SV106"),
        ("then: {per_started: 1 business hour, amount: 10 GBP}", "SV109"),
    ],
)
def test_lengths_of_time_in_an_override_need_what_lengths_of_time_need(sets, code):
    with pytest.raises(StandardsError, match=rf"{code}  consequences\[0\]"):
        servstd.loads(BOOK % ("", sets))
