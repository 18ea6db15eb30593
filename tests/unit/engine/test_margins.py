"""What is left of a limit: 0 or more where it was kept, 0 or less where it was broken, also after all that moves it."""

from __future__ import annotations

import pytest
from unit.engine.desk import MINUTE, judge, minute, told

HELD = {"pause": "held", "resume": "released"}
OFFICE_FOR_P1 = [{"when": {"priority": "P1"}, "calendar": "mornings"}]
ROLLING = {
    "kind": "quantity", "sum": {"field": "paid", "of": "paid"},
    "at_most": 10, "per": {"rolling": "24 hours"},
}  # fmt: skip

MARGINS = {
    "an end in closed time, the earliest of two": (
        "opened@420 closed@700", {"within": {"earliest_of": ["1 hour", "9 hours"]}, "calendar": "office"}, ["420-700 met 60"], [0]),
    "an end in closed time, the latest of two": (
        "opened@420 closed@700", {"within": {"latest_of": ["1 hour", "30 minutes"]}, "calendar": "office"}, ["420-700 met 60"], [0]),
    "what is open in closed time has nothing left, and owes nothing": (
        "opened@420 other@700", {"within": {"earliest_of": ["1 hour", "9 hours"]}, "calendar": "office"}, ["420- open 60"], [0]),
    "the earliest of two, passed": (
        "opened@0 closed@70", {"within": {"earliest_of": ["1 hour", "9 hours"]}}, ["0-70 breached 70"], [-10]),
    "a breach that stands through a reset": ("opened@0 moved@90 closed@100", {"reset": "moved"}, ["0-100 breached 10"], [-30]),
    "however much is used after it": ("opened@0 moved@90 closed@300", {"reset": "moved"}, ["0-300 breached 210"], [-30]),
    "and through a second one": ("opened@0 moved@90 moved@95 closed@100", {"reset": "moved"}, ["0-100 breached 5"], [-30]),
    "through a start that restarts": ("opened@0 opened@90 closed@100", {"recurs": "latest"}, ["0-100 breached 10"], [-30]),
    "through terms that restart": (
        "opened@0 note@90:priority=P1 closed@100",
        {"on_change": "restart", "overrides": [{"when": {"priority": "P1"}, "within": "2 hours"}]}, ["0-100 breached 10"], [-30]),
    "of several limits": (
        "opened@0 moved@90 closed@100", {"reset": "moved", "within": {"earliest_of": ["1 hour", "2 hours"]}}, ["0-100 breached 10"], [-30]),
    "of a number of events": (
        "opened@0 call.ring@1 call.ring@2 call.ring@3 moved@4 closed@5", {"reset": "moved", "within": "1 call.ring"},
        ["0-5 breached 0"], [-2 / MINUTE]),
    "measured anew on shorter hours": (
        "opened@150 note@240:priority=P1 closed@250", {"on_change": "recompute", "calendar": "office", "overrides": OFFICE_FOR_P1},
        ["150-250 breached 30"], [-30]),
    "a reset of what is not broken": ("opened@0 moved@50 closed@100", {"reset": "moved"}, ["0-100 met 50"], [10]),
    "a limit lowered to what is used already": (
        "opened@0 note@40:priority=P1 other@40",
        {"within": {"earliest_of": [{"by": "priority", "P1": "20 minutes", "else": "1 hour"}, "9 hours"]}},
        ["0- breached 40"], [-1 / MINUTE]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "expected", "margins"), MARGINS.values(), ids=MARGINS.keys())
def test_what_is_left(story, standard, expected, margins):
    found = judge(story, **standard)
    unit = 1 if "call.ring" in story else MINUTE
    assert told(found, unit) == expected
    assert [one.margin for one in found] == [round(margin * MINUTE) for margin in margins]


def test_a_breach_that_stands_through_a_reset_keeps_its_due():
    for within in ("1 hour", {"earliest_of": ["1 hour", "2 hours"]}):
        (one,) = judge("opened@0 moved@90 closed@300", reset="moved", within=within)
        assert (one.due_at, one.breached_at) == (minute(60), minute(60) + 1)


def test_a_breach_that_comes_to_be_known_keeps_the_margin_of_the_reset_before():
    frame = {"reset": "moved", "applies_to": {"plan": "gold"}}
    (unknown,) = judge("opened@0 moved@90 closed@100", **frame)
    assert (unknown.outcome, unknown.margin) == ("unknown", 50 * MINUTE)
    (known,) = judge("opened@0 moved@90 note@95:plan=gold closed@100", **frame)
    assert (known.outcome, known.margin) == ("breached", -30 * MINUTE)


@pytest.mark.parametrize("per", [{"rolling": "24 hours"}, "day"])
def test_a_sum_that_was_passed_keeps_its_worst_when_something_is_taken_away(per):
    story = "paid@1:paid=8 paid@2:paid=7 paid@3:paid=-9 other@10"
    found = judge(story, **ROLLING | {"per": per})[0]
    assert (found.outcome, found.elapsed, found.margin) == ("breached", 6, -5)
    more = judge(f"{story} paid@11:paid=20 other@12", **ROLLING | {"per": per})[0]
    assert (more.elapsed, more.margin) == (26, -16)


def test_of_several_limits_the_event_that_is_one_too_many_is_due_just_before_it_came():
    frame = {"within": {"earliest_of": ["1 hour", "1 call.ring"]}}
    (one,) = judge("opened@0 call.ring@10 call.ring@20 closed@30", **frame)
    assert (one.outcome, one.breached_at, one.due_at) == ("breached", minute(20), minute(20) - 1)
    assert one.margin == -10 * MINUTE - 1
    (other,) = judge("opened@0 call.ring@10 closed@30", **frame)
    assert (other.outcome, other.due_at, other.margin) == ("met", minute(60), 30 * MINUTE)


WALL = {
    "what is used and what a pause costs": (
        "opened@420 held@450 released@1410 closed@1440", {"within": "20 calendar hours"}, 60, 960, 1140),
    "a pause in closed time costs time": ("opened@420 held@500 released@600 closed@700", {"within": "20 calendar hours"}, 180, 100, 1020),
    "time between a stop and a reopening": (
        "opened@420 closed@450 opened@1410 closed@1440", {"within": "20 calendar hours", "reopen": "resume"}, 60, 960, 1140),
    "on the calendar it is open time": ("opened@420 held@450 released@1410 closed@1440", {"within": "20 hours"}, 30, 30, 1170),
    "several of the wall clock": (
        "opened@420 held@450 released@1410 closed@1440", {"within": {"earliest_of": ["20 calendar hours", "40 calendar hours"]}},
        60, 960, 1140),
    "of several, one on the calendar": (
        "opened@420 held@450 released@1410 closed@1440", {"within": {"latest_of": ["1 hour", "20 calendar hours"]}}, 30, 30, None),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "elapsed", "paused", "margin"), WALL.values(), ids=WALL.keys())
def test_a_limit_on_the_wall_clock_is_measured_on_the_wall_clock(story, standard, elapsed, paused, margin):
    (one,) = judge(story, calendar="office", **HELD, **standard)
    assert (one.elapsed, one.paused) == (elapsed * MINUTE, paused * MINUTE)
    assert margin is None or one.margin == margin * MINUTE


def test_pauses_cost_what_the_limit_in_force_counts():
    within = {"by": "plan", "gold": "20 calendar hours", "else": "20 hours"}
    story = "opened@420 held@450 released@1410 {0}closed@1440"
    (open_time,) = judge(story.format(""), calendar="office", within=within, **HELD)
    (wall,) = judge(story.format("note@1420:plan=gold "), calendar="office", within=within, **HELD)
    assert (open_time.paused, wall.paused) == (30 * MINUTE, 960 * MINUTE)
    assert (open_time.elapsed, wall.elapsed) == (30 * MINUTE, 60 * MINUTE)


@pytest.mark.parametrize(
    ("bounds", "elapsed", "margin"),
    [
        ({"at_least": "48 calendar hours"}, 1020, -1860),
        ({"at_least": "48 hours"}, 60, -2820),
        ({"within": "10 calendar hours"}, 1020, -420),
        ({"within": "20 calendar hours", "at_least": "2 hours"}, 60, -60),
        ({"within": "2 hours", "at_least": "10 calendar hours"}, 60, 60),
    ],
)
def test_the_time_since_what_is_needed_is_told_on_the_clock_of_its_limit(bounds, elapsed, margin):
    frame = {"kind": "order", "event": "cut", "needs": "told", "calendar": "office"}
    (one,) = judge("told@420 cut@1440", **frame, **bounds)
    assert (one.elapsed, one.margin) == (elapsed * MINUTE, margin * MINUTE)
