"""`recurs: every`: each start has a clock of its own, and every stop finds one."""

from __future__ import annotations

import pytest
from unit.engine.desk import judge, told

EVERY = {"recurs": "every"}
MATCH = {"recurs": "every", "match": "item"}
LANES = {
    "a stop closes the oldest": ("opened@0 opened@10 closed@20 closed@40", EVERY, ["0-20 met 20", "10-40 met 30"]),
    "one stop closes one": ("opened@0 opened@10 closed@20", EVERY, ["0-20 met 20", "10- open 10"]),
    "a stop with nothing open says nothing": ("closed@0 opened@10", EVERY, ["10- open 0"]),
    "a stop closes the one whose field is equal": (
        "opened@0:item=x opened@10:item=y closed@20:item=y closed@40:item=x", MATCH, ["0-40 met 40", "10-20 met 10"]),
    "the oldest of those whose field is equal": (
        "opened@0:item=x opened@5:item=y opened@10:item=y closed@20:item=y", MATCH, ["0- open 20", "5-20 met 15", "10- open 10"]),
    "a stop for which there is no start says nothing": ("opened@0:item=x closed@20:item=y", MATCH, ["0- open 20"]),
    "a stop that does not carry the field closes none": ("opened@0:item=x closed@20", MATCH, ["0- open 20"]),
    "a stop that does not carry the field does not close what carries none either": ("opened@0 closed@20", MATCH, ["0- open 20"]),
    "the case's field is not the event's": ("note@0:item=x opened@5 closed@20:item=x", MATCH, ["5- open 15"]),
    "stop_all closes every one": (
        "opened@0 opened@10 ended@20 opened@30", {**EVERY, "stop_all": "ended"}, ["0-20 met 20", "10-20 met 10", "30- open 0"]),
    "a cancel ends the oldest": (
        "opened@0 opened@10 dropped@20 dropped@30", {**EVERY, "cancel": "dropped"}, ["0-20 cancelled 20", "10-30 cancelled 20"]),
    "what stops one does not cancel the next": (
        "opened@0 opened@10 closed@20", {**EVERY, "cancel": "closed"}, ["0-20 met 20", "10- open 10"]),
    "two cancels of one stamp end two": (
        "opened@0 opened@10 opened@15 dropped@20 dropped@20", {**EVERY, "cancel": "dropped"},
        ["0-20 cancelled 20", "10-20 cancelled 10", "15- open 5"]),
    "a stop and a cancel of one stamp: the oldest is stopped, the next cancelled": (
        "opened@0 opened@10 dropped@20 closed@20", {**EVERY, "cancel": "dropped"}, ["0-20 met 20", "10-20 cancelled 10"]),
    "a cancel does not end what starts with it": ("opened@0 other@9", {**EVERY, "cancel": "opened"}, ["0- open 9"]),
    "a cancel that carries the field ends its own": (
        "opened@0:item=x opened@10:item=y dropped@20:item=x", {**MATCH, "cancel": "dropped"}, ["0-20 cancelled 20", "10- open 10"]),
    "a cancel that does not carry it ends none": (
        "opened@0:item=x opened@10:item=y dropped@20", {**MATCH, "cancel": "dropped"}, ["0- open 20", "10- open 10"]),
    "a cancel ends the oldest of those whose field is equal": (
        "opened@0:item=x opened@5:item=y opened@10:item=y dropped@20:item=y", {**MATCH, "cancel": "dropped"},
        ["0- open 20", "5-20 cancelled 15", "10- open 10"]),
    "a reset concerns every one": ("opened@0 opened@10 moved@20 other@30", {**EVERY, "reset": "moved"}, ["0- open 10", "10- open 10"]),
    "an update closes the oldest and opens one": (
        "opened@0 opened@5 update@10 other@20",
        {**EVERY, "start": ["opened", "update"], "stop": ["closed", "update"]},
        ["0-10 met 10", "5- open 15", "10- open 10"]),
    "what it opens it does not close": (
        "update@10 other@20", {**EVERY, "start": ["opened", "update"], "stop": ["closed", "update"]}, ["10- open 10"]),
    "opened and closed in one stamp is met with 0": ("opened@0 closed@0", EVERY, ["0-0 met 0"]),
    "a stop that has closed one is used up": ("opened@0 opened@9 closed@9 other@20", EVERY, ["0-9 met 9", "9- open 11"]),
    "two starts of one stamp are two obligations": ("opened@0 opened@0 closed@5", EVERY, ["0-5 met 5", "0- open 5"]),
    "a start after the cancel opens its own": ("opened@0 dropped@10 opened@20", {**EVERY, "cancel": "dropped"}, ["0-10 cancelled 10", "20- open 0"]),
    "each is breached by its own silence": ("opened@0 opened@30 other@80", EVERY, ["0- breached 80", "30- open 50"]),
    "the end of the case ends them all": ("opened@0 opened@30 gone@40", {**EVERY, "ends": "gone"}, ["0-40 cancelled 40", "30-40 cancelled 10"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "expected"), LANES.values(), ids=LANES.keys())
def test_every_start_has_a_clock_of_its_own(story, standard, expected):
    assert told(judge(story, **standard)) == expected


def test_an_event_that_ends_all_does_not_end_what_it_opens():
    found = judge(
        "opened@0 opened@5 again@10 other@20", recurs="every", start=["opened", "again"], stop_all="again"
    )
    assert told(found) == ["0-10 met 10", "5-10 met 5", "10- open 10"]


def test_each_clock_counts_the_events_between_its_own_start_and_stop():
    story = "opened@0 call.ring@1 opened@2 call.ring@3 closed@4 call.ring@5 closed@6"
    found = judge(story, recurs="every", within="2 call.ring")
    assert told(found, 1) == ["0-4 met 2", "2-6 met 2"]


DATED = [
    {"when": {"plan": "gold"}, "within": "5 minutes"},
    {"effective": {"from": "2026-03-03"}, "within": "30 minutes"},
]


def test_each_clock_reads_the_dates_of_its_terms_at_its_own_start():
    story = "opened@860 opened@905 note@910:plan=silver closed@936 closed@936"
    before, after = judge(story, recurs="every", overrides=DATED)
    assert (before.limit_from, before.outcome) == ("within", "breached")  # 76 of 60 minutes
    assert (after.limit_from, after.outcome) == ("overrides[1]", "breached")  # 31 of 30
    assert after.limit == 30 * 60_000_000


def test_a_row_for_one_kind_of_start_holds_as_long_as_its_clock():
    chats = {"when": {"$event.kind": "chat"}, "within": "10 minutes"}
    standard = {
        "start": ["opened", "chat"],
        "overrides": [chats, {"when": {"plan": "gold"}, "within": "1 minute"}],
    }
    story = "chat@0 opened@1 note@5:plan=silver closed@11 closed@12"
    assert [one.limit_from for one in judge(story, recurs="every", **standard)] == ["overrides[0]", "within"]
    assert [one.limit_from for one in judge(story, **standard)] == ["overrides[0]"]
