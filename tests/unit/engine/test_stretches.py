"""Stretches between two events: which end belongs to which beginning, and what overlaps is one."""

from __future__ import annotations

import pytest
from unit.engine.desk import judge, told

BETWEEN = {"kind": "quantity", "at_most": "9 hours", "ends": "over"}
ANY = {**BETWEEN, "time_in": {"from": "on", "to": "off"}}
MATCH = {**BETWEEN, "time_in": {"from": "on", "to": "off", "match": "i"}}
TWO = {**BETWEEN, "time_in": {"from": "on", "to": "off", "match": ["i", "j"]}}

STRETCHES = {
    "the first end ends it": (ANY, "on@0 on@5 off@10 off@20 over@30", 10),
    "with a match its own end does": (MATCH, "on@0:i=1 on@5:i=2 off@10:i=2 off@20:i=1 over@30", 20),
    "what overlaps counts once": (MATCH, "on@0:i=1 on@5:i=2 off@10:i=1 off@20:i=2 over@30", 20),
    "what does not overlap counts each": (MATCH, "on@0:i=1 off@5:i=1 on@10:i=2 off@20:i=2 over@30", 15),
    "an end of another ends nothing": (MATCH, "on@0:i=1 off@10:i=2 over@30", 30),
    "the second beginning of one begins nothing": (MATCH, "on@0:i=1 on@5:i=1 off@10:i=1 over@30", 10),
    "what names none belongs to what names none": (MATCH, "on@0 on@5:i=1 off@10 off@20:i=1 over@30", 20),
    "several fields together": (TWO, "on@0:i=1,j=1 on@0:i=1,j=2 off@10:i=1,j=2 off@20:i=1,j=1 over@30", 20),
    "a number and its text are one": (MATCH, "on@0:i=1 off@10:i=1 over@30", 10),
    "both ends of one stamp leave it as it was": (MATCH, "on@0:i=1 on@5:i=2 off@5:i=2 off@20:i=1 over@30", 20),
    "an end and another beginning of one stamp": (MATCH, "on@0:i=1 off@5:i=1 on@5:i=2 off@20:i=2 over@30", 20),
    "an end before any beginning": (MATCH, "off@0:i=1 on@5:i=1 off@10:i=1 over@30", 5),
}  # fmt: skip


@pytest.mark.parametrize(("standard", "story", "minutes"), STRETCHES.values(), ids=STRETCHES.keys())
def test_how_long_something_was_on(standard, story, minutes):
    assert told(judge(story, **standard)) == [f"0-30 met {minutes}"]


def test_a_scope_lasts_until_the_last_has_ended():
    scope = {"kind": "quantity", "count": "call", "at_most": 9, "ends": "over"}
    story = "on@0:i=1 on@1:i=2 call@2 off@3:i=1 call@4 off@5:i=2 call@6 over@9"
    assert judge(story, **scope, **{"while": {"from": "on", "to": "off", "match": "i"}})[0].elapsed == 2
    assert judge(story, **scope, **{"while": {"from": "on", "to": "off"}})[0].elapsed == 1


def test_the_evidence_names_what_began_the_first_and_ended_the_last():
    (one,) = judge("note@0 on@1:i=1 on@5:i=2 off@10:i=1 off@20:i=2 over@30", **MATCH)
    assert [(part.kind, part.cause) for part in one.segments] == [
        ("paused", 0),
        ("counted", 1),
        ("paused", 4),
    ]
