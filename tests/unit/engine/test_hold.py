"""The hold latch of a case: a level, events that set it, stretches of time, and what a pause costs."""

from __future__ import annotations

import pytest
from unit.engine.desk import begin, due, judge, minute, plan_of, rows_of, told

from servstd.engine import Carry, step

WAITING = {"pause_while": {"status": "waiting"}}
EVENTS = {"pause": "held", "resume": "released"}

LATCH = {
    "a level holds from the event that makes it true": ("opened@0 note@10:status=waiting note@30:status=working closed@40", WAITING, ["0-40 met 20"]),
    "it is read whether or not a clock runs": ("note@0:status=waiting opened@10 closed@40", WAITING, ["10-40 met 0"]),
    "it is read after the event's own field changes": ("opened@0:status=waiting closed@40", WAITING, ["0-40 met 0"]),
    "an event that does not carry the field leaves it": ("opened@0 note@10:status=waiting note@30:by=ann closed@40", WAITING, ["0-40 met 10"]),
    "what is not known does not hold": ("opened@0 closed@40", WAITING, ["0-40 met 40"]),
    "a field that is cleared makes it unknown, which leaves the latch": (
        "opened@0:status=waiting note@10:status= closed@40", WAITING, ["0-40 met 0"]),
    "the stop that ends the waiting ends it held": ("opened@0 note@10:status=waiting closed@40:status=solved", WAITING, ["0-40 met 10"]),
    "pause and resume set the same latch": ("opened@0 held@10 released@30 closed@40", EVENTS, ["0-40 met 20"]),
    "an event releases what a level holds": ("opened@0 note@10:status=waiting released@20 closed@40", {**WAITING, **EVENTS}, ["0-40 met 30"]),
    "a level releases what an event holds, when it becomes false": (
        "opened@0 note@5:status=waiting held@10 note@20:status=working closed@40", {**WAITING, **EVENTS}, ["0-40 met 25"]),
    "a level that stays false releases nothing": (
        "opened@0:status=working held@10 note@20:status=new closed@40", {**WAITING, **EVENTS}, ["0-40 met 10"]),
    "a clock that starts while it is held is born held": ("held@0 opened@10 released@20 closed@40", EVENTS, ["10-40 met 20"]),
    "the next clock is held too": (
        "opened@0 held@10 closed@20 opened@30 closed@40", {**EVENTS, "recurs": "each"}, ["0-20 met 10", "30-40 met 0"]),
    "all open obligations of a case share it": (
        "opened@0 opened@10 held@20 released@30 closed@40 closed@50", {**EVENTS, "recurs": "every"}, ["0-40 met 30", "10-50 met 30"]),
    "a lane that opens while it is set is born held": (
        "held@0 opened@10 released@20 closed@40", {**EVENTS, "recurs": "every"}, ["10-40 met 20"]),
    "silence does not breach what is held": ("opened@0 held@10 other@9999", EVENTS, ["0- open 10"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "expected"), LATCH.values(), ids=LATCH.keys())
def test_the_latch(story, standard, expected):
    assert told(judge(story, **standard)) == expected


def test_a_pause_outside_opening_hours_costs_nothing():
    story = "opened@420 held@450 released@1470 closed@1480"  # held from 16:30 to 09:30 of the next day
    found = judge(story, calendar="office", **EVENTS)
    assert told(found) == ["420-1480 met 40"]
    assert [one.paused for one in found] == [60 * 60_000_000]
    assert due(found) == ["1500"]


def test_a_pause_wholly_outside_opening_hours_costs_nothing_at_all():
    found = judge("opened@420 held@500 released@1400 closed@1450", calendar="office", **EVENTS)
    assert told(found) == ["420-1450 breached 70"]
    assert [one.paused for one in found] == [0]


SHIFTS = {
    "a date at whose closing time the clock is held does not count": ("opened@60 held@1800 released@3000 closed@3779", "shift", ["met"]),
    "a second date at whose closing time it is held does not count either": (
        "opened@60 held@1800 released@3000 held@3340 released@5000 closed@5219", "shift", ["met"]),
    "held after closing time, it counts": (
        "opened@60 held@1800 released@3000 held@3400 released@5000 closed@5000", "shift", ["breached"]),
    "by time, the due moves by what was open of the hold": ("opened@60 held@1800 released@3000 closed@3120", "time", ["met"]),
    "and not further": ("opened@60 held@1860 released@2940 closed@3001", "time", ["breached"]),
    "after the date that was added it is late": ("opened@60 held@1800 released@3000 closed@3780", "shift", ["breached"]),
    "ignored, a pause moves nothing": ("opened@60 held@1800 released@3000 closed@2339", "ignore", ["met"]),
    "ignored, the next day is late": ("opened@60 held@1800 released@3000 closed@2340", "ignore", ["breached"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "pauses", "outcome"), SHIFTS.values(), ids=SHIFTS.keys())
def test_pauses_and_dates(story, pauses, outcome):
    """One business day from Monday 10:00: 00:00 of Wednesday (minute 2340) is late; one date later, of Thursday (3780).

    Tuesday closes at minute 1920, Wednesday opens at 2880 and closes at 3360. From 1800 to 3000 are 4 open hours, from 1860 to
    2940 two, and two hours from the opening of Wednesday is minute 3000.
    """
    story = " ".join(sorted(story.split(), key=lambda word: int(word.partition("@")[2])))
    found = judge(story, calendar="office", within="1 business day", pauses=pauses, **EVENTS)
    assert [one.outcome for one in found] == outcome


# -- stretches of time ------------------------------------------------------------------------------------------------


def held_between(story: str, *stretches: tuple[float, float], **standard: object) -> list[str]:
    plan, carry = begin(**standard)
    for start, end in stretches:
        carry.fold.hold_between(minute(start), minute(end))
    return told(step(plan, rows_of(story), carry, as_of=minute(1000))[0])


STRETCHES = {
    "time within is not counted": ("opened@0 closed@40", [(10, 30)], {}, ["0-40 met 20"]),
    "its end is exclusive, its start inclusive": ("opened@10 opened@30 closed@40", [(10, 30)], {"recurs": "latest"}, ["10-40 met 10"]),
    "two that overlap count once": ("opened@0 closed@50", [(10, 30), (20, 40)], {}, ["0-50 met 20"]),
    "two that touch count as one": ("opened@0 closed@50", [(10, 30), (30, 40)], {}, ["0-50 met 20"]),
    "a clock that starts within is born held": ("opened@20 closed@40", [(10, 30)], {}, ["20-40 met 10"]),
    "one that starts before the clock and ends after it": ("opened@20 closed@40", [(10, 60)], {}, ["20-40 met 0"]),
    "a pause within it changes nothing": ("opened@0 held@15 released@25 closed@40", [(10, 30)], EVENTS, ["0-40 met 20"]),
    "a pause that outlasts it holds on": ("opened@0 held@15 released@35 closed@40", [(10, 30)], EVENTS, ["0-40 met 15"]),
    "a resume within it does not let it run": ("opened@0 held@5 released@15 closed@40", [(10, 30)], EVENTS, ["0-40 met 15"]),
    "silence in it breaches nothing": ("opened@0", [(10, 2000)], {}, ["0- open 10"]),
    "its lanes are held too": ("opened@0 opened@5 closed@40 closed@50", [(10, 30)], {"recurs": "every"}, ["0-40 met 20", "5-50 met 25"]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("story", "stretches", "standard", "expected"), STRETCHES.values(), ids=STRETCHES.keys()
)
def test_a_stretch_of_time_holds_every_clock_of_the_case(story, stretches, standard, expected):
    assert held_between(story, *stretches, **standard) == expected


def test_a_book_says_which_stretches_pause_by_their_place():
    windows = {"from": "storm", "to": "calm"}
    plan = plan_of(exclude=[{"during": windows, "reason": "storm", "effect": "pause"}])
    carry = Carry.begin(plan, stretches={0: [(minute(10), minute(30))]})
    assert told(step(plan, rows_of("opened@0 closed@40"), carry, as_of=minute(50))[0]) == ["0-40 met 20"]
