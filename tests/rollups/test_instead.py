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


def followed(written: str, *, ended: str | None, **fields: object) -> list[tuple[str, str, bool]]:
    """Return what follows from a supply that is cut at 9:00, as of noon: amount, label, whether it still grows."""
    book = "case: id\ntimezone: UTC\nstandards: [{id: supply, kind: respond, start: cut, stop: back, within: 1 hour}]\n"
    rows = [{"time": "2026-03-02T09:00Z", "event": "cut", "id": "1", **fields}]
    rows += [{"time": ended, "event": "back", "id": "1"}] if ended else []
    log = servstd.read_events(rows, time="time", event="event")
    made = servstd.loads(f"{book}consequences: [{{standard: supply, {written}}}]")
    report = servstd.evaluate(made, log, as_of="2026-03-02T12:00Z")
    return [(str(one.amount), one.label, one.is_running) for one in report.consequences]


def test_the_label_of_a_tier_goes_before_that_of_the_consequence():
    written = "flat: 5 GBP, label: a letter, tiers: [{from: 30 minutes, flat: 1 GBP}, {from: 1 hour, label: a visit}]"
    assert followed(written, ended="2026-03-02T10:45Z") == [("6.00", "a letter", False)]
    assert followed(written, ended="2026-03-02T11:00Z") == [("5.00", "a visit", False)]


def test_what_goes_by_a_field_does_not_grow_and_what_goes_by_time_does_until_it_is_over():
    by_field, by_time = "by: $km, tiers: [[100, 5 GBP]]", "tiers: [[1 hour, 5 GBP]]"
    assert followed(by_field, ended=None, km=100) == [("5.00", "", False)]
    assert followed(by_time, ended=None) == [("5.00", "", True)]
    assert followed(by_time, ended="2026-03-02T11:30Z") == [("5.00", "", False)]
    assert followed("flat: 5 GBP", ended=None) == [("5.00", "", False)]


@pytest.mark.parametrize(
    "stretch",
    [
        "per_started: 10 minutes",
        "per: 10 minutes",
        "per_started: 10 calendar minutes",
        "per: 10 calendar minutes",
    ],
)
def test_what_is_early_is_not_late_by_less_than_nothing(stretch):
    """Back half an hour before it was due: three times ten minutes less than nothing would be minus 12 pounds."""
    written = f"'on': met, flat: 100 GBP, {stretch}, amount: 4 GBP"
    assert followed(written, ended="2026-03-02T09:30Z") == [("100.00", "", False)]


def test_dates_are_late_at_the_place_of_the_case():
    """Due on Tuesday 9:30 in Tokyo and back on Wednesday 8:30 there: one date late; in UTC it is Tuesday all the time."""
    book = servstd.loads("""
case: id
timezone: UTC
calendars: {shop: {timezone: $tz, hours: {mon-fri: "09:00-17:00"}}}
standards: [{id: supply, kind: respond, start: cut, stop: back, within: 1 hour, calendar: shop}]
consequences: [{standard: supply, per_started: 1 day, amount: 10 GBP}]
""")
    rows = [
        {"time": "2026-03-02T07:30Z", "event": "cut", "id": "1", "tz": "Asia/Tokyo"},
        {"time": "2026-03-03T23:30Z", "event": "back", "id": "1"},
    ]
    report = servstd.evaluate(book, servstd.read_events(rows, time="time", event="event"))
    assert [str(one.amount) for one in report.consequences] == ["10.00"]
