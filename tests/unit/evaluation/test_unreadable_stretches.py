"""A stretch of time that leaves verdicts out, and of which one end cannot be read: what it could leave out is unknown."""

from __future__ import annotations

import pytest

import servstd

LOST = "some day"
HOURS = {"id": "s", "kind": "respond", "start": "a", "stop": "b", "within": "1 hour"}


def judged(during, *events, effect="exclude", more=(), **options):
    """Return the verdicts of `s` by case, given events `(time of day, kind, case, fields)` of 2 March 2026."""
    rows = [
        {"time": at if at is LOST else f"2026-03-02T{at}Z", "event": kind, "id": case, **fields}
        for at, kind, case, fields in ((*event, {}) if len(event) == 3 else event for event in events)
    ]
    rows.append({"time": "2026-03-02T23:00Z", "event": "log.ended", "id": None})
    standard = {**HOURS, "exclude": [{"during": during, "reason": "storm", "effect": effect}]}
    book = servstd.Book(case="id", timezone="UTC", standards=[*more, standard])
    report = servstd.evaluate(book, servstd.read_events(rows, **options))
    return {one.case: one.outcome for one in report.verdicts if one.standard == "s"}


STORM = {"from": "storm", "to": "calm"}
LATE = [("09:00", "a", "1"), ("11:00", "b", "1")]
CASES = {
    "a beginning that nobody can date may have come before": ([*LATE, (LOST, "storm", None)], "unknown"),
    "an end that nobody can date may have come before": ([("08:00", "storm", None), (LOST, "calm", None), *LATE], "unknown"),
    "an end that nobody can date changes nothing where nothing had begun": ([*LATE, (LOST, "calm", None)], "breached"),
    "an end between a beginning and an end that are known comes after all": (
        [*LATE, ("12:00", "storm", None), (LOST, "calm", None), ("13:00", "calm", None)], "breached",
    ),
    "another kind is no end": ([*LATE, (LOST, "rain", None)], "breached"),
}  # fmt: skip


@pytest.mark.parametrize(("events", "outcome"), CASES.values(), ids=CASES)
def test_an_end_of_a_stretch_that_cannot_be_read(events, outcome):
    assert judged(STORM, *events) == {"1": outcome}


def test_the_reason_names_the_row():
    rows = [{"time": "2026-03-02T09:00Z", "event": "a", "id": "1"}, {"time": LOST, "event": "storm"}]
    standard = {**HOURS, "exclude": [{"during": STORM, "reason": "storm"}]}
    book = servstd.Book(case="id", timezone="UTC", standards=[standard])
    (verdict,) = servstd.evaluate(book, servstd.read_events(rows), as_of="2026-03-02T12:00Z").verdicts
    assert verdict.reason.startswith("rows row 2 could not be read: `some day`")


def test_what_is_met_whatever_was_held_stays_met():
    events = [
        ("09:00", "a", "1"),
        ("09:30", "b", "1"),
        *((at, kind, "2") for at, kind, _ in LATE),
        (LOST, "storm", None),
    ]
    assert judged(STORM, *events, effect="pause") == {"1": "met", "2": "unknown"}


def test_only_cases_that_share_the_field_are_in_doubt():
    here, there = {"region": "N"}, {"region": "S"}
    events = [
        ("09:00", "a", "1", here), ("11:00", "b", "1"), ("09:00", "a", "2", there), ("11:00", "b", "2"),
        (LOST, "storm", None, here),
    ]  # fmt: skip
    assert judged({**STORM, "match": ["region"]}, *events) == {"1": "unknown", "2": "breached"}


def test_a_verdict_that_is_not_known_may_be_a_stretch():
    storm = {
        "id": "storm",
        "kind": "respond",
        "case": "net",
        "start": "out",
        "stop": "up",
        "within": "1 hour",
    }
    during = {"standard": "storm", "outcome": "breached", "match": ["net"]}
    net = {"net": "N"}
    events = [
        ("08:00", "out", None, net),
        (LOST, "up", None, net),
        ("09:00", "a", "1", net),
        ("11:00", "b", "1", net),
    ]
    assert judged(during, *events, more=[storm]) == {"1": "unknown"}


def test_in_a_wide_table_the_other_end_of_the_row_is_known():
    """Case 2 ran from 9 to 12, and was held until 11: from when on nobody can read. Case 3 has no hold at all."""
    rows = [
        {
            "id": "1",
            "a": "2026-03-02T09:00Z",
            "b": "2026-03-02T12:00Z",
            "hold": "2026-03-02T10:00Z",
            "go": "2026-03-02T11:00Z",
        },
        {
            "id": "2",
            "a": "2026-03-02T09:00Z",
            "b": "2026-03-02T12:00Z",
            "hold": "2/3 10am",
            "go": "2026-03-02T11:00Z",
        },
        {"id": "3", "a": "2026-03-02T09:00Z", "b": "2026-03-02T12:00Z"},
    ]
    standard = {
        **HOURS,
        "exclude": [{"during": {"from": "hold", "to": "go", "match": ["id"]}, "reason": "held"}],
    }
    book = servstd.Book(case="id", timezone="UTC", standards=[standard])
    log = servstd.read_events(rows, milestones={name: name for name in ("a", "b", "hold", "go")})
    assert [one.outcome for one in servstd.evaluate(book, log).verdicts] == [
        "excluded",
        "unknown",
        "breached",
    ]


def test_a_beginning_after_its_end_in_one_row_begins_nothing():
    rows = [
        {
            "id": "1",
            "a": "2026-03-02T09:00Z",
            "b": "2026-03-02T12:00Z",
            "hold": "2026-03-02T10:00Z",
            "go": "2026-03-02T08:00Z",
        },
    ]
    standard = {
        **HOURS,
        "exclude": [{"during": {"from": "hold", "to": "go", "match": ["id"]}, "reason": "held"}],
    }
    book = servstd.Book(case="id", timezone="UTC", standards=[standard])
    log = servstd.read_events(rows, milestones={name: name for name in ("a", "b", "hold", "go")})
    assert [one.outcome for one in servstd.evaluate(book, log).verdicts] == ["breached"]


def test_each_exclusion_tells_what_it_left_out_itself():
    two = [
        {"during": STORM, "reason": "weather"},
        {"during": {"from": "flood", "to": "dry"}, "reason": "weather"},
    ]
    rows = [
        {"time": f"2026-03-02T{at}Z", "event": kind, "id": case}
        for at, kind, case in (
            ("08:00", "storm", None),
            ("10:00", "calm", None),
            ("09:00", "a", "1"),
            ("09:30", "b", "1"),
        )
    ] + [{"time": f"2026-03-02T{at}Z", "event": kind} for at, kind in (("12:00", "flood"), ("13:00", "dry"))]
    book = servstd.Book(case="id", timezone="UTC", standards=[{**HOURS, "exclude": two}])
    notes = [one for one in servstd.evaluate(book, servstd.read_events(rows)).notes if "left out" in one]
    assert [one.split(" left out")[0] for one in notes] == ["s: 1 verdict", "s: 0 verdicts"]
    assert [one.rpartition(": ")[2] for one in notes] == ["1 stretch, 2h in all", "1 stretch, 1h in all"]
