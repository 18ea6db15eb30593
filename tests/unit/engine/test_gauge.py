"""Levels: what a stamp makes of one, where it crosses its bound, and what that demands."""

from __future__ import annotations

import itertools

import pytest
from unit.engine.desk import begin, breached, judge, minute, rows_of, told

from servstd.engine import step

QUEUE = {"kind": "gauge", "level": {"plus": "joined", "minus": "left"}, "above": 2}
OPENS = {**QUEUE, "then": "relieved", "within": "10 minutes"}


def story_of(text: str) -> str:
    """Return a story of letters at whole minutes: `j` joined, `l` left, `r` relieved, `.` another event."""
    words = {"j": "joined", "l": "left", "r": "relieved", ".": "tea"}
    return " ".join(f"{words[letter]}@{at}" for at, stamp in enumerate(text.split()) for letter in stamp)


DEMANDS = {
    "at the bound it demands nothing": ("j j .", []),
    "above it it does, from the crossing": ("j j j . .", ["2- open 2"]),
    "what is demanded comes in time": ("j j j . r", ["2-4 met 2"]),
    "armed on the crossing: it does not demand again while it is out": ("j j j r j j", ["2-3 met 1"]),
    "it demands again after it came back": ("j j j r l j", ["2-3 met 1", "5- open 0"]),
    "coming back cancels": ("j j j . l", ["2-4 cancelled 2"]),
    "coming back after the breach erases nothing": ("j j j . . . . . . . . . . . . l", ["2-15 breached 13"]),
    "a stamp counts as a whole: up and down at once is not a crossing": ("j j jl .", []),
    "a stamp that crosses by two": ("j jj .", ["1- open 1"]),
    "at 0 a minus is ignored": ("l l j j j", ["4- open 0"]),
    "pluses come before minuses": ("lj j j .", []),
    "what is demanded in the stamp of the crossing is in time": ("j j jr", ["2-2 met 0"]),
}


@pytest.mark.parametrize(("text", "expected"), DEMANDS.values(), ids=DEMANDS.keys())
def test_a_crossing_demands_a_reaction(text, expected):
    stamps = [list(itertools.permutations(stamp)) for stamp in text.split()]
    for order in itertools.product(*stamps):
        arranged = " ".join("".join(stamp) for stamp in order)
        assert told(judge(story_of(arranged), **OPENS)) == expected


def test_kept_a_demand_stands_when_the_level_falls_back():
    assert told(judge(story_of("j j j l r"), on_return="keep", **OPENS)) == ["2-4 met 2"]


WORST = {
    "never out of bounds: open, and how far it was": ("j j l", ["0- open"], [None], [0]),
    "at the first crossing it is breached": ("j j j l", ["0- breached"], ["2"], [-1]),
    "the margin is the worst level": ("j j j j l l", ["0- breached"], ["2"], [-2]),
    "no event of the level, no verdict": (". .", [], [], []),
}


@pytest.mark.parametrize(("text", "expected", "breach", "margins"), WORST.values(), ids=WORST.keys())
def test_without_a_reaction_there_is_one_verdict_a_case(text, expected, breach, margins):
    found = judge(story_of(text), **QUEUE)
    assert [one.rsplit(" ", 1)[0] for one in told(found, 1)] == expected
    assert breached(found) == breach
    assert [one.margin for one in found] == margins


def test_what_would_take_a_level_below_0_is_counted():
    plan, carry = begin(**QUEUE)
    step(plan, rows_of("left@0 left@1 joined@2 left@3"), carry, as_of=minute(9))
    assert carry.fold.ignored_minus == 2


READ = {"kind": "gauge", "level": {"set": "$warmth", "on": "read"}, "then": "looked", "within": "10 minutes"}
SET = {
    "above": ("read@0:warmth=8 read@1:warmth=9", {"above": 8}, ["1- open 0"]),
    "below": ("read@0:warmth=2 read@1:warmth=1", {"below": 2}, ["1- open 0"]),
    "between two bounds": ("read@0:warmth=5 read@1:warmth=1 read@2:warmth=5 read@3:warmth=9", {"above": 8, "below": 2}, ["1-2 cancelled 1", "3- open 0"]),
    "from one bound past the other it stays out": ("read@0:warmth=1 read@1:warmth=9", {"above": 8, "below": 2}, ["0- open 1"]),
    "a reading that carries no value leaves the level": ("read@0:warmth=9 read@1", {"above": 8}, ["0- open 1"]),
    "a bound that the case carries": ("site@0:most=3 read@1:warmth=4", {"above": "$most"}, ["1- open 0"]),
    "a bound that is not known is not passed": ("read@1:warmth=4", {"above": "$most"}, []),
}  # fmt: skip


@pytest.mark.parametrize(("story", "bounds", "expected"), SET.values(), ids=SET.keys())
def test_a_level_that_events_set(story, bounds, expected):
    assert told(judge(story, **READ, **bounds)) == expected


def test_a_level_starts_where_it_says():
    level = {"plus": "joined", "minus": "left", "initial": 2}
    assert told(judge("joined@0", **{**OPENS, "level": level})) == ["0- open 0"]


def test_an_amount_counts_for_as_many():
    level = {"plus": "joined", "minus": "left", "amount": "$people"}
    assert told(judge("joined@0:people=3 left@4:people=2", **{**OPENS, "level": level})) == [
        "0-4 cancelled 4"
    ]
