"""What is decided on the spot: an event that needs another before it, first and last, expectations; and quantities."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from unit.engine.desk import breached, judge, minute, told

NOTICE = {"kind": "order", "event": "cut", "needs": "notice"}
ORDERS = {
    "after what it needs": ("notice@0 cut@10", {}, ["10-10 met 10"]),
    "with nothing before it": ("cut@10", {}, ["10-10 breached"]),
    "with what it needs only afterwards": ("cut@10 notice@20", {}, ["10-10 breached"]),
    "measured from the latest": ("notice@0 notice@5 cut@10", {}, ["10-10 met 5"]),
    "one notice serves many": ("notice@0 cut@10 cut@20", {}, ["10-10 met 10", "20-20 met 20"]),
    "fresh: one notice serves one": ("notice@0 cut@10 cut@20", {"fresh": True}, ["10-10 met 10", "20-20 breached"]),
    "immediately: what comes between disarms": ("notice@0 tea@5 cut@10", {"immediately": True}, ["10-10 breached"]),
    "immediately: with nothing between": ("notice@0 cut@10", {"immediately": True}, ["10-10 met 10"]),
    "immediately: what else happens at that instant is not between": ("notice@0 cut@10 tea@10", {"immediately": True}, ["10-10 met 10"]),
    "immediately: what happens with the notice is not between": ("notice@0 tea@0 cut@10", {"immediately": True}, ["10-10 met 10"]),
    "immediately: what happens with the event judged is between for the next": (
        "notice@0 cut@10 tea@10 cut@20", {"immediately": True}, ["10-10 met 10", "20-20 breached"]),
    "at least: exactly is enough": ("notice@0 cut@10", {"at_least": "10 minutes"}, ["10-10 met 10"]),
    "at least: a minute too early": ("notice@0 cut@9", {"at_least": "10 minutes"}, ["9-9 breached 9"]),
    "at most: exactly is in time": ("notice@0 cut@10", {"at_most": "10 minutes"}, ["10-10 met 10"]),
    "at most: a minute too late": ("notice@0 cut@11", {"at_most": "10 minutes"}, ["11-11 breached 11"]),
    "within is at most": ("notice@0 cut@11", {"within": "10 minutes"}, ["11-11 breached 11"]),
    "exclusive: exactly is too late": ("notice@0 cut@10", {"at_most": "10 minutes", "boundary": "exclusive"}, ["10-10 breached 10"]),
    "exclusive: the least stays inclusive": ("notice@0 cut@10", {"at_least": "10 minutes", "boundary": "exclusive"}, ["10-10 met 10"]),
    "a notice of the same instant is before it": ("notice@10 cut@10", {}, ["10-10 met 0"]),
    "two of one instant are judged each": ("notice@0 cut@10 cut@10", {}, ["10-10 met 10", "10-10 met 10"]),
    "it is counted on the calendar": ("notice@470 cut@1450", {"calendar": "office", "at_least": "20 minutes"}, ["1450-1450 met 20"]),
    "after the end of the case nothing is judged": ("notice@0 gone@5 cut@10", {"ends": "gone"}, []),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "expected"), ORDERS.values(), ids=ORDERS.keys())
def test_an_event_that_needs_another_is_judged(story, standard, expected):
    stamps = [
        list(words) for _, words in itertools.groupby(story.split(), key=lambda word: word.partition("@")[2])
    ]
    for order in itertools.product(*map(itertools.permutations, stamps)):
        in_time = " ".join(itertools.chain(*order))
        assert told(judge(in_time, **NOTICE, **standard)) == expected


def test_an_event_is_never_before_itself():
    found = judge("both@0 both@10", kind="order", event="both", needs="both")
    assert told(found) == ["0-0 breached", "10-10 met 10"]


def test_all_of_several_needed_events_must_have_come():
    needs = {"all": ["asked", "paid"]}
    story = "asked@0 cut@5 paid@6 cut@10 cut@11"
    found = judge(story, kind="order", event="cut", needs=needs)
    assert told(found) == ["5-5 breached", "10-10 met 4", "11-11 met 5"]
    again = judge(
        "asked@0 paid@6 cut@10 paid@11 cut@12 asked@13 cut@14",
        kind="order",
        event="cut",
        needs=needs,
        fresh=True,
    )
    assert told(again) == ["10-10 met 4", "12-12 breached", "14-14 met 1"]


POSITIONS = {
    "first: it is": ("hello@0 tea@1", "first", ["0-0 met 0"]),
    "first: another is": ("tea@0 hello@1", "first", ["0-0 breached"]),
    "first: one of the first instant is": ("hello@0 tea@0", "first", ["0-0 met 0"]),
    "first: only the first is judged": ("hello@0 tea@1 hello@2", "first", ["0-0 met 0"]),
    "last: it is": ("tea@0 hello@1 gone@2", "last", ["0-2 met"]),
    "last: another came after it": ("hello@0 tea@1 gone@2", "last", ["0-2 breached"]),
    "last: it never came": ("tea@0 gone@2", "last", ["0-2 breached"]),
    "last: what comes after the end does not matter": ("hello@0 gone@2 tea@3", "last", ["0-2 met"]),
    "last: it is open until the case ends": ("hello@0 tea@1", "last", ["0- open"]),
}


@pytest.mark.parametrize(("story", "position", "expected"), POSITIONS.values(), ids=POSITIONS.keys())
def test_first_and_last(story, position, expected):
    found = judge(story, kind="order", event="hello", position=position, ends="gone")
    assert told(found) == expected


# -- expectations -----------------------------------------------------------------------------------------------------

BELTS = {"kind": "check", "event": "checked", "for_each": "seats", "expect": {"belt": "on"}}


def seats(text: str) -> dict[str, Any]:
    """Return passengers: `+` with the belt on, `-` with it off, `?` not looked at."""
    return {
        "checked": {
            "seats": [{"+": {"belt": "on"}, "-": {"belt": "off"}, "?": {"seat": 1}}[one] for one in text]
        }
    }


ITEMS = {
    "all: every one is": ("+++", "all", "met", 0),
    "all: one is not": ("++-", "all", "breached", -1),
    "all: one is not known": ("++?", "all", "unknown", None),
    "all: one is not, and another not known": ("+-?", "all", "breached", -1),
    "all: of none, none is not": ("", "all", "met", 0),
    "any: one is": ("--+", "any", "met", 0),
    "any: none is": ("---", "any", "breached", -1),
    "any: one may be": ("--?", "any", "unknown", None),
    "any: of none, none is": ("", "any", "breached", -1),
    "at least two: two are": ("++-", {"at_least": 2}, "met", 0),
    "at least two: one is": ("+--", {"at_least": 2}, "breached", -1),
    "at least two: one is, one may be": ("+-?", {"at_least": 2}, "unknown", None),
    "at least two: of one": ("+", {"at_least": 2}, "breached", -1),
    "90%: of ten, one may fail": ("+++++++++-", "90%", "met", 0),
    "90%: of nine, none may fail": ("++++++++-", "90%", "breached", -1),
    "60%: of five, two may fail": ("+++--", "60%", "met", 0),
    "60%: of four, one may fail": ("++--", "60%", "breached", -1),
}


@pytest.mark.parametrize(("items", "require", "outcome", "margin"), ITEMS.values(), ids=ITEMS.keys())
def test_each_item_is_as_expected(items, require, outcome, margin):
    (found,) = judge("checked@0", fields=seats(items), require=require, **BELTS)
    assert (found.outcome, found.margin) == (outcome, margin)


def test_a_list_that_is_not_there_makes_it_unknown():
    assert [one.outcome for one in judge("checked@0", **BELTS)] == ["unknown"]


def test_a_list_of_the_case_is_as_good_as_one_of_the_event():
    story = "boarded@0 checked@5"
    found = judge(story, fields={"boarded": seats("+-")["checked"]}, **BELTS)
    assert [one.outcome for one in found] == ["breached"]


GREETED = {"kind": "check", "event": "greeting", "expect": {"by": "ann"}, "missing_by": "ended"}
MISSING = {
    "an event as expected": ("greeting@0:by=ann ended@5", ["0-0 met 0"]),
    "one that is not": ("greeting@0:by=bob ended@5", ["0-0 breached 1"]),
    "one of which it is not known": ("greeting@0 ended@5", ["0-0 unknown"]),
    "none at all": ("ended@5", ["5-5 breached"]),
    "one at the same instant is in time": ("ended@5 greeting@5:by=ann", ["5-5 met 0"]),
    "two demands of one instant are one": ("ended@5 ended@5", ["5-5 breached"]),
    "one since the last demand, none since": (
        "greeting@0:by=ann ended@5 ended@9",
        ["0-0 met 0", "9-9 breached"],
    ),
    "a demand that has not come demands nothing": ("other@5", []),
}


@pytest.mark.parametrize(("story", "expected"), MISSING.values(), ids=MISSING.keys())
def test_an_expectation_may_demand_the_event(story, expected):
    assert told(judge(story, **GREETED), 1) == expected


# -- quantities -------------------------------------------------------------------------------------------------------

CALLS = {"kind": "quantity", "count": "call"}
QUANTITIES = {
    "at most: exactly is allowed": ("call@0 call@1 call@2", {**CALLS, "at_most": 3, "ends": "over"}, 1, ["0- open 3"]),
    "at most: one more is not, and it is breached at once": ("call@0 call@1 call@2 call@3", {**CALLS, "at_most": 3, "ends": "over"}, 1, ["0- breached 4"]),
    "at least: exactly is enough": ("call@0 call@1 gone@9", {**CALLS, "at_least": 2, "ends": "gone"}, 1, ["0-9 met 2"]),
    "at least: one is too little": ("call@0 gone@9", {**CALLS, "at_least": 2, "ends": "gone"}, 1, ["0-9 breached 1"]),
    "at least: open until the end": ("call@0", {**CALLS, "at_least": 2, "ends": "gone"}, 1, ["0- open 1"]),
    "without `after` the first event of the case opens the scope": ("tea@0 call@1", {**CALLS, "at_most": 3, "ends": "over"}, 1, ["0- open 1"]),
    "the event that opens the scope does not count in it": (
        "call@0 call@1 call@2", {**CALLS, "after": "call", "at_most": 1, "ends": "over"}, 1, ["0- breached 2"]),
    "`until` closes it, and the next `after` opens another": (
        "on@0 call@1 off@2 call@3 on@4 off@5", {**CALLS, "after": "on", "until": "off", "at_most": 0}, 1, ["0-2 breached 1", "4-5 met 0"]),
    "`within` closes it by itself": ("on@0 call@5 call@11", {**CALLS, "after": "on", "within": "10 minutes", "at_least": 2}, 1, ["0-10+1us breached 1"]),
    "an event exactly at the end of `within` counts": ("on@0 call@5 call@10 tea@20", {**CALLS, "after": "on", "within": "10 minutes", "at_least": 2}, 1, ["0-10+1us met 2"]),
    "the end of a scope that another has followed says nothing to that one": (
        "on@0 off@3 on@5 call@12 call@13 tea@20", {**CALLS, "after": "on", "until": "off", "within": "10 minutes", "at_most": 5}, 1,
        ["0-3 met 0", "5-15+1us met 2"]),
    "a sum": ("paid@0:amount=30 paid@1:amount=20", {"kind": "quantity", "sum": {"field": "amount", "of": "paid"}, "at_most": 50, "ends": "over"}, 1, ["0- open 50"]),
    "a sum passes its bound": (
        "paid@0:amount=30 paid@1:amount=21", {"kind": "quantity", "sum": {"field": "amount", "of": "paid"}, "at_most": 50, "ends": "over"}, 1, ["0- breached 51"]),
    "time in a state": (
        "note@0:status=hold note@10:status=ok note@20:status=hold note@35:status=ok",
        {"kind": "quantity", "time_in": {"status": "hold"}, "at_most": "30 minutes", "ends": "over"}, 60_000_000, ["0- open 25"]),
    "time in a state that lasts": ("note@0:status=hold note@31", {"kind": "quantity", "time_in": {"status": "hold"}, "at_most": "30 minutes", "ends": "over"}, 60_000_000, ["0- breached 31"]),
    "time in a state nobody has named is not time in it": ("note@0 note@50", {"kind": "quantity", "time_in": {"status": "hold"}, "at_most": "30 minutes", "ends": "over"}, 60_000_000, ["0- open 0"]),
    "a span": ("on@0 off@25", {"kind": "quantity", "span": ["on", "off"], "at_most": "30 minutes"}, 60_000_000, ["0-25 met 25"]),
    "a span that is too short": ("on@0 off@25", {"kind": "quantity", "span": ["on", "off"], "at_least": "30 minutes"}, 60_000_000, ["0-25 breached 25"]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("story", "standard", "unit", "expected"), QUANTITIES.values(), ids=QUANTITIES.keys()
)
def test_a_quantity(story, standard, unit, expected):
    assert told(judge(story, **standard), unit) == expected


def test_a_window_closes_at_its_end_and_the_next_begins_there():
    """A month of London: one verdict for March and one for April, which begins an hour before UTC's does."""
    days = 24 * 60
    found = judge(f"call@0 call@{10 * days} call@{32 * days}", per="month", at_most=1, **CALLS)
    april = minute(0) + (29 * 24 + 14) * 60 * 60_000_000  # from 2 March 09:00 GMT to 1 April 00:00 BST
    assert [(one.outcome, one.elapsed, one.started_at, one.ended_at) for one in found] == [
        ("breached", 2, minute(0), april),
        ("open", 1, april, None),
    ]


def test_a_quantity_is_breached_at_the_event_that_is_too_many():
    assert breached(judge("call@0 call@7 call@8", at_most=1, ends="over", **CALLS)) == ["7"]
