"""What a standard passes over is told: later starts, beginnings inside a stretch, time that exclusions have in common."""

from __future__ import annotations

import pytest

import servstd
from servstd.outside import united

FIRST = {"kind": "respond", "start": "lost", "stop": "back", "within": "12 hours"}
SPAN = {"kind": "quantity", "span": ["lost", "back"], "at_most": "12 hours"}
DOWN = {"kind": "quantity", "time_in": {"from": "lost", "to": "back"}, "at_most": "12 hours", "per": "day"}
OPEN = {
    "kind": "quantity",
    "count": "call",
    "at_most": 3,
    "while": {"from": "lost", "to": "back"},
    "per": "day",
}
TWICE = "lost@0 back@1 lost@5 back@6"
NESTED = "lost@0:i=1 lost@1:i=2 back@2:i=2 back@5:i=1"


def notes(standard, story, *others, case="A"):
    """Return what the report tells of a story of hours, one case unless an event names another."""
    rows = []
    for word in story.split():
        head, _, tail = word.partition(":")
        kind, _, hour = head.partition("@")
        fields = dict(one.split("=") for one in tail.split(",") if one)
        rows.append({"time": f"2026-03-02T{int(hour):02}:00Z", "event": kind, "case": case, **fields})
    book = servstd.Book(
        timezone="UTC",
        standards=[*({"case": "case", **one} for one in others), {"id": "it", "case": "case", **standard}],
    )
    report = servstd.evaluate(book, servstd.read_events(rows))
    return report, [note.removeprefix("it: ") for note in report.notes if note.startswith("it: ")]


LATER = "1 later start in 1 case passed over, for under `recurs: once` the first one counts; if each counts: `recurs: each`"


@pytest.mark.parametrize(
    ("standard", "story", "told"),
    [
        pytest.param(FIRST, TWICE, [LATER], id="after the first has ended"),
        pytest.param(FIRST, "lost@0 lost@1 back@2", [LATER], id="while it runs"),
        pytest.param({**FIRST, "cancel": "void"}, "lost@0 void@1 lost@5", [LATER], id="after it was cancelled"),
        pytest.param({**FIRST, "recurs": "once"}, TWICE, [LATER], id="said in the book"),
        pytest.param(FIRST, f"{TWICE} {TWICE.replace('@', '@1')}", [LATER.replace("1 later start ", "3 later starts ")], id="three"),
        pytest.param(FIRST, "lost@0 back@1 lost@5 lost@0:case=B back@1:case=B", [LATER], id="a case of its own"),
        pytest.param({**FIRST, "recurs": "each"}, TWICE, [], id="each counts"),
        pytest.param({**FIRST, "recurs": "every"}, "lost@0 lost@1 back@2", [], id="every one counts"),
        pytest.param({**FIRST, "reopen": "resume"}, TWICE, [], id="a later start opens it again"),
        pytest.param({**FIRST, "reopen": "resume"}, "lost@0 lost@1 back@2", [LATER], id="but not while it runs"),
        pytest.param(FIRST, "lost@0 lost@0 back@2", [], id="two of one stamp are one"),
        pytest.param({**FIRST, "applies_to": {"plan": "gold"}}, "lost@0:plan=tin back@1 lost@5", [], id="it does not apply"),
        pytest.param({**FIRST, "ends": "gone"}, "lost@0 back@1 gone@2 lost@5", [], id="the case is over"),
        pytest.param(
            SPAN, TWICE,
            ["1 later beginning in 1 case passed over, for a span is measured once a case; if each counts: `kind: respond`, `recurs: each`"],
            id="a second span",
        ),
        pytest.param({**OPEN, "while": {"plan": "gold"}}, TWICE, [], id="a count has no start"),
    ],
)  # fmt: skip
def test_later_starts_are_told(standard, story, told):
    assert notes(standard, story)[1] == told


INSIDE = "1 beginning inside a stretch began nothing, and the first end ends it (`match:` tells overlapping ones apart)"


@pytest.mark.parametrize(
    ("standard", "story", "told"),
    [
        pytest.param(DOWN, NESTED, [INSIDE], id="time between events"),
        pytest.param(OPEN, NESTED, [INSIDE], id="a scope"),
        pytest.param(DOWN, TWICE, [], id="one after the other"),
        pytest.param(DOWN, "lost@0 back@2 lost@2 back@3", [], id="an end and a beginning of one stamp"),
        pytest.param({**DOWN, "time_in": {"from": "lost", "to": "back", "match": "i"}}, NESTED, [], id="told apart by `match`"),
        pytest.param(
            {**DOWN, "time_in": {"from": "lost", "to": "back", "match": "i"}}, "lost@0:i=1 lost@1:i=1 back@2:i=1",
            ["1 beginning inside a stretch began nothing"], id="twice the same",
        ),
    ],
)  # fmt: skip
def test_beginnings_inside_a_stretch_are_told(standard, story, told):
    assert notes(standard, story)[1] == told


def test_time_that_stretches_have_in_common_is_counted_once():
    storm = {"id": "storm", "kind": "quantity", "count": "fault", "at_most": 1, "per": {"rolling": "6 hours"}}
    excluded = {**FIRST, "exclude": [{"during": {"standard": "storm", "match": ["case"]}, "reason": "storm"}]}
    report, told = notes(excluded, "fault@0 fault@1 fault@2 fault@3 lost@4 back@20", storm)
    assert [one.outcome for one in report.verdicts if one.standard == "it"] == ["excluded"]
    # three windows are broken: 0-6, 1-7, 2-8
    assert told == [
        "1 verdict left out (storm) by `storm` being breached of the same case: 3 stretches, 8h in all"
    ]


def test_stretches_of_an_exclusion_that_overlap_are_told_and_counted_once():
    during = {"from": "fault", "to": "fixed"}
    story = "fault@0:f=1 fault@1:f=2 fixed@2:f=2 lost@3 back@4 fixed@5:f=1"
    first_end = {**FIRST, "exclude": [{"during": during, "reason": "fault"}]}
    _, told = notes(first_end, story)
    assert told == [
        f"0 verdicts left out (fault) by the time from fault to fixed: 1 stretch, 2h in all; {INSIDE}"
    ]
    paired = {**FIRST, "exclude": [{"during": {**during, "match": ["f"]}, "reason": "fault"}]}
    report, told = notes(paired, story)
    assert [one.outcome for one in report.verdicts] == ["excluded"]
    assert told == [
        "1 verdict left out (fault) by the time from fault to fixed of the same f: 2 stretches, 5h in all"
    ]


def test_stretches_that_overlap_or_touch_are_one():
    assert united([]) == []
    assert united([(5, 9), (1, 3), (2, 6), (10, 11)]) == [(1, 9), (10, 11)]
    assert united([(1, 5), (5, 6), (2, 3)]) == [(1, 6)]
