"""The clock of semantics 4, figure by figure: what a story of events makes of one promise."""

from __future__ import annotations

import itertools

import pytest
from unit.engine.desk import breached, due, judge, minute, told

# -- met if and only if elapsed <= limit ------------------------------------------------------------------------------

BOUNDARY = {
    "before the limit it is met": ("opened@0 closed@59", {}, ["0-59 met 59"]),
    "at the limit it is met": ("opened@0 closed@60", {}, ["0-60 met 60"]),
    "a microsecond later it is breached": ("opened@0 closed@60.00000002", {}, ["0-60+1us breached 60+1us"]),
    "exclusive: at the limit it is breached": ("opened@0 closed@60", {"boundary": "exclusive"}, ["0-60 breached 60"]),
    "exclusive: a microsecond before it is met": ("opened@0 closed@59.99999998", {"boundary": "exclusive"}, ["0-59+59999999us met 59+59999999us"]),
    "no limit is never breached": ("opened@0 closed@6000", {"within": "none"}, ["0-6000 met 6000"]),
    "without a start there is no verdict": ("closed@0", {}, []),
    "what is open and in time is open": ("opened@0 other@60", {}, ["0- open 60"]),
    "silence breaches as soon as `as_of` is past": ("opened@0 other@61", {}, ["0- breached 61"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "expected"), BOUNDARY.values(), ids=BOUNDARY.keys())
def test_the_limit(story, standard, expected):
    assert told(judge(story, **standard)) == expected


def test_a_breach_is_at_the_first_microsecond_over_the_limit():
    assert breached(judge("opened@0 closed@200")) == ["60+1us"]
    assert breached(judge("opened@0 closed@200", boundary="exclusive")) == ["60"]
    assert breached(judge("opened@0 other@200")) == ["60+1us"]


def test_an_end_in_closed_time_after_a_due_at_closing_is_met_with_margin_0():
    opened_at_16 = "opened@420"
    met = judge(f"{opened_at_16} closed@700", calendar="office")
    assert told(met) == ["420-700 met 60"]
    assert due(met) == ["480"]
    assert [one.margin for one in met] == [0]
    assert [one.at_limit for one in met] == [True]
    late = judge(f"{opened_at_16} closed@1440.00000002", calendar="office")
    assert told(late) == ["420-1440+1us breached 60+1us"]


def test_the_due_is_known_while_it_runs_and_unknown_while_it_is_held():
    frame = {"pause": "held", "resume": "released"}
    assert due(judge("opened@0 other@10", **frame)) == ["60"]
    assert due(judge("opened@0 held@10 other@30", **frame)) == [None]
    assert judge("opened@0 held@10 other@30", **frame)[0].remaining == 50 * 60_000_000
    assert due(judge("opened@0 held@10 released@30 other@31", **frame)) == ["80"]


# -- several signals of one event, and events of one stamp -----------------------------------------------------------

UPDATES = {"start": ["opened", "update"], "stop": ["update", "closed"], "recurs": "each"}
SIGNALS = {
    "an update ends one period and begins the next": ("opened@0 update@10 update@30 closed@45", UPDATES, ["0-10 met 10", "10-30 met 20", "30-45 met 15"]),
    "it never closes what it itself opens": ("update@0 other@10", UPDATES, ["0- open 10"]),
    "stop comes before cancel": ("opened@0 closed@10", {"cancel": "closed"}, ["0-10 met 10"]),
    "cancel comes before reset": ("opened@0 moved@10", {"cancel": "moved", "reset": "moved"}, ["0-10 cancelled 10"]),
    "stop comes before reset": ("opened@0 closed@10", {"reset": "closed"}, ["0-10 met 10"]),
    "reset comes before pause": ("opened@0 moved@10 other@20", {"reset": "moved", "pause": "moved"}, ["0- open 0"]),
    "pause comes before resume, so both leave it running": ("opened@0 both@10 other@20", {"pause": "both", "resume": "both"}, ["0- open 20"]),
    "pause comes before start, so it is born held": ("opened@0 other@20", {"pause": "opened"}, ["0- open 0"]),
    "cancel comes before start": ("opened@0 other@20", {"cancel": "opened", "recurs": "each"}, ["0- open 20"]),
    "reset comes before start": ("opened@0 opened@10 other@20", {"recurs": "each", "reset": "opened"}, ["0- open 10"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "expected"), SIGNALS.values(), ids=SIGNALS.keys())
def test_signals_of_one_event(story, standard, expected):
    assert told(judge(story, **standard)) == expected


CLOSED = {"event": ["opened", "changed"], "where": {"status": "closed"}}
DROPPED = {"event": ["opened", "changed"], "where": {"status": "dropped"}}
BORN = {
    "what starts and stops is met with 0": ("opened@0:status=closed other@90", {"stop": CLOSED}, ["0-0 met 0"]),
    "what starts and cancels is cancelled": (
        "opened@0:status=dropped other@90", {"stop": CLOSED, "cancel": DROPPED}, ["0-0 cancelled 0"]),
    "what starts, stops and cancels is met": (
        "opened@0:status=closed other@90", {"stop": CLOSED, "cancel": CLOSED}, ["0-0 met 0"]),
    "what opens again and stops ends at once": (
        "opened@0:status=new changed@20:status=closed opened@30:status=closed other@90",
        {"stop": CLOSED, "reopen": "resume"}, ["0-30 met 20"]),
    "a clock begun anew and stopped by one event is met with 0": (
        "opened@0:status=new changed@20:status=closed opened@30:status=closed other@90",
        {"stop": CLOSED, "reopen": "new"}, ["0-20 met 20", "30-30 met 0"]),
    "born held it is met with 0 all the same": (
        "opened@0:status=closed other@90", {"stop": CLOSED, "pause": "opened"}, ["0-0 met 0"]),
    "each: it never closes what it itself opens": ("opened@0:status=closed other@9", {"stop": CLOSED, "recurs": "each"}, ["0- open 9"]),
    "latest: nor does it here": ("opened@0:status=closed other@9", {"stop": CLOSED, "recurs": "latest"}, ["0- open 9"]),
    "every: nor here": ("opened@0:status=closed other@9", {"stop": CLOSED, "recurs": "every"}, ["0- open 9"]),
    "each: it never cancels what it itself opens": (
        "opened@0:status=dropped other@9", {"stop": CLOSED, "cancel": DROPPED, "recurs": "each"}, ["0- open 9"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "expected"), BORN.values(), ids=BORN.keys())
def test_one_event_that_starts_and_ends(story, standard, expected):
    assert told(judge(story, **standard)) == expected


SETS = {
    "a clock opened and closed in one stamp is met with 0": ("opened@0 closed@0", {}, ["0-0 met 0"]),
    "an event that reopens nothing does not lend its place to what it stands beside": (
        "note@5 update@5 other@20", {**UPDATES, "reopen": "resume", "reopen_on": "note"}, ["5- open 15"]),
    "a stop ends the one that was running, and the one that another event of the stamp opens": (
        "opened@0 opened@9 closed@9 other@20", {"recurs": "each"}, ["0-9 met 9", "9-9 met 0"]),
    "but an update that ends one period leaves the next one running": ("opened@0 update@9 other@20", UPDATES, ["0-9 met 9", "9- open 11"]),
    "a stop and a cancel of one stamp: the stop first": ("opened@0 dropped@5 closed@5", {"cancel": "dropped"}, ["0-5 met 5"]),
    "a pause and a resume of one stamp leave it running": ("opened@0 released@5 held@5 other@9", {"pause": "held", "resume": "released"}, ["0- open 9"]),
    "a reset and a stop of one stamp: the stop first": ("opened@0 moved@5 closed@5", {"reset": "moved"}, ["0-5 met 5"]),
    "a cancel does not end what starts in its stamp": ("opened@5 dropped@5 other@9", {"cancel": "dropped"}, ["5- open 4"]),
    "a pause holds what starts in its stamp": ("opened@5 held@5 other@9", {"pause": "held"}, ["5- open 0"]),
    "two starts of one stamp open one clock": ("opened@0 opened@0 closed@5", {"recurs": "each"}, ["0-5 met 5"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "expected"), SETS.values(), ids=SETS.keys())
def test_events_of_one_stamp_act_as_a_set(story, standard, expected):
    for shuffled in itertools.permutations(story.split()):
        in_time = " ".join(sorted(shuffled, key=lambda word: int(word.partition("@")[2])))
        assert told(judge(in_time, **standard)) == expected


def test_a_sequence_puts_events_of_one_instant_in_order():
    assert told(judge("closed@0#1 opened@0#2 other@5#1")) == ["0- open 5"]
    assert told(judge("opened@0#1 closed@0#2 other@5#1")) == ["0-0 met 0"]


# -- recurs and reopen ------------------------------------------------------------------------------------------------

AGAIN = {
    "once": ("opened@0 opened@10 closed@30 opened@40 closed@70", ["0-30 met 30"]),
    "each": ("opened@0 opened@10 closed@30 opened@40 closed@70", ["0-30 met 30", "40-70 met 30"]),
    "latest": ("opened@0 opened@10 closed@30 opened@40 closed@70", ["0-30 met 20", "40-70 met 30"]),
    "every": ("opened@0 opened@10 closed@30 opened@40 closed@70", ["0-30 met 30", "10-70 met 60", "40- open 30"]),
}  # fmt: skip


@pytest.mark.parametrize("recurs", AGAIN)
def test_recurs(recurs):
    story, expected = AGAIN[recurs]
    assert told(judge(story, recurs=recurs)) == expected


REOPENED = {
    "ignored": ("ignore", ["0-30 met 30"]),
    "resumed, the closed time was a pause": ("resume", ["0-60 met 50"]),
    "counted, the closed time counts": ("count", ["0-60 met 60"]),
    "anew, a new obligation": ("new", ["0-30 met 30", "40-60 met 20"]),
}


@pytest.mark.parametrize(("reopen", "expected"), REOPENED.values(), ids=REOPENED.keys())
def test_what_was_closed_is_opened_again_and(reopen, expected):
    by_start = judge("opened@0 closed@30 opened@40 closed@60", reopen=reopen)
    named = {} if reopen == "ignore" else {"reopen": reopen, "reopen_on": "reopened"}
    by_event = judge("opened@0 closed@30 reopened@40 closed@60", **named)
    assert told(by_start) == told(by_event) == expected


@pytest.mark.parametrize("recurs", ["each", "latest"])
def test_a_start_after_the_stop_opens_anew_whatever_reopening_does(recurs):
    for reopen in ("resume", "count", "new"):
        story = "opened@0 closed@30 opened@40 closed@60"
        found = judge(story, recurs=recurs, reopen=reopen, reopen_on="reopened")
        assert told(found) == ["0-30 met 30", "40-60 met 20"]


def test_while_it_is_closed_only_counted_time_can_breach():
    assert told(judge("opened@0 closed@30 other@100", reopen="count")) == ["0-30 met 30"]
    counted = judge("opened@0 closed@30 opened@100 closed@101", reopen="count")
    assert told(counted) == ["0-101 breached 101"]
    assert breached(counted) == ["60+1us"]
    assert told(judge("opened@0 closed@30 opened@100 closed@101", reopen="resume")) == ["0-101 met 31"]


def test_a_breach_stands_when_it_is_opened_again():
    found = judge("opened@0 closed@70 opened@80 closed@90", reopen="resume")
    assert told(found) == ["0-90 breached 80"]
    assert breached(found) == ["60+1us"]


def test_a_reset_sets_the_measure_back_and_keeps_the_start():
    found = judge("opened@0 moved@50 closed@100", reset="moved")
    assert told(found) == ["0-100 met 50"]
    assert due(found) == ["110"]


def test_latest_keeps_the_first_start_as_the_opening():
    assert told(judge("opened@0 opened@50 closed@100", recurs="latest")) == ["0-100 met 50"]


# -- what stands, what is withdrawn -----------------------------------------------------------------------------------

STANDING = {
    "a cancel before the breach cancels": ("opened@0 dropped@60", ["0-60 cancelled 60"]),
    "a cancel after the breach erases nothing": ("opened@0 dropped@61", ["0-61 breached 61"]),
    "a reset after the breach erases nothing": ("opened@0 moved@61 closed@70", ["0-70 breached 9"]),
}


@pytest.mark.parametrize(("story", "expected"), STANDING.values(), ids=STANDING.keys())
def test_a_breach_stands(story, expected):
    assert told(judge(story, cancel="dropped", reset="moved")) == expected


def test_a_cancelled_verdict_says_by_what():
    assert judge("opened@0 dropped@10", cancel="dropped")[0].reason == "dropped"


ENDS = {
    "the end of a case cancels what runs": ("opened@0 gone@30 closed@40", ["0-30 cancelled 30"]),
    "a stop of the same event comes first": ("opened@0 finished@30", ["0-30 met 30"]),
    "what starts after the end is no part of the case": ("gone@0 opened@10 closed@20", []),
    "a breach before the end stands": ("opened@0 gone@90", ["0-90 breached 90"]),
}


@pytest.mark.parametrize(("story", "expected"), ENDS.values(), ids=ENDS.keys())
def test_a_case_ends(story, expected):
    assert told(judge(story, stop=["closed", "finished"], ends=["gone", "finished"])) == expected


def test_events_after_the_judgement_are_not_read():
    assert told(judge("opened@0 closed@30", as_of=20)) == ["0- open 20"]
    assert told(judge("opened@0 closed@30", as_of=30)) == ["0-30 met 30"]


# -- counts -----------------------------------------------------------------------------------------------------------

RINGS = {
    "the start apart, three rings are three": ("ring@0 ring@1 ring@2 ring@3 up@4", {}, 1, ["0-4 met 3"]),
    "a fourth is too many, at its instant": ("ring@0 ring@1 ring@2 ring@3 ring@4 up@5", {}, 1, ["0-5 breached 4"]),
    "one at the stop's stamp is no longer between": ("ring@0 ring@1 ring@2 ring@3 ring@4 up@4", {}, 1, ["0-4 met 3"]),
    "another one at the start's stamp is": ("ring@0 ring@0 ring@1 ring@2 ring@3 other@9", {}, 1, ["0- breached 4"]),
    "silence never breaches a count": ("ring@0 ring@1 other@99999", {}, 1, ["0- open 1"]),
    "exclusive: the third is too many": ("ring@0 ring@1 ring@2 ring@3 up@4", {"boundary": "exclusive"}, 1, ["0-4 breached 3"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "unit", "expected"), RINGS.values(), ids=RINGS.keys())
def test_a_count_of_other_events(story, standard, unit, expected):
    ringing = story.replace("ring@", "call.ring@")
    found = judge(ringing, start="call.ring", stop="up", within="3 call.ring", **standard)
    assert told(found, unit) == expected


def test_a_count_is_breached_at_the_event_that_is_one_too_many():
    story = "call.ring@0 call.ring@1 call.ring@2 call.ring@3 call.ring@4 up@5"
    assert breached(judge(story, start="call.ring", stop="up", within="3 call.ring")) == ["4"]


# -- instants that the case carries ----------------------------------------------------------------------------------


def promised(at: float) -> dict[str, object]:
    from servstd.intervals import Instant

    return {"promised": Instant(minute(at))}


def test_a_promised_instant_is_itself_in_time():
    for at, outcome in ((50, "met"), (50.00000002, "breached")):
        found = judge(f"opened@0 closed@{at}", within="$promised", fields={"opened": promised(50)})
        assert [one.outcome for one in found] == [outcome]
        assert breached(found) == [None if outcome == "met" else "50+1us"]


def test_a_limit_that_the_case_does_not_carry_makes_the_verdict_unknown():
    found = judge("opened@0 closed@30", within="$promised")
    assert told(found) == ["0-30 unknown 30"]
    assert "promised" in found[0].reason


def test_a_promise_moved_by_the_one_who_made_it_is_no_promise():
    story = "opened@0 moved@10 closed@80"
    fields = {"opened": promised(50), "moved": promised(90)}
    assert [one.outcome for one in judge(story, within="$promised", fields=fields)] == ["breached"]
    moved = judge(story, within="$promised", fields=fields, on_change="carry")
    assert [one.outcome for one in moved] == ["met"]


def test_a_promise_that_comes_after_the_start_is_the_first_one():
    found = judge("opened@0 said@10 closed@40", within="$promised", fields={"said": promised(50)})
    assert [one.outcome for one in found] == ["met"]


# -- all of several ---------------------------------------------------------------------------------------------------

ALL = {
    "the last of them stops": ("opened@0 signed@5 closed@9", {"stop": {"all": ["signed", "closed"]}}, ["0-9 met 9"]),
    "in any order": ("opened@0 closed@5 signed@9", {"stop": {"all": ["signed", "closed"]}}, ["0-9 met 9"]),
    "one of them twice is not both": ("opened@0 closed@5 closed@9", {"stop": {"all": ["signed", "closed"]}}, ["0- open 9"]),
    "what happened before the start does not count": ("signed@0 opened@1 closed@9", {"stop": {"all": ["signed", "closed"]}}, ["1- open 8"]),
    "every clock needs its own": (
        "opened@0 signed@1 closed@2 opened@3 closed@4 other@9", {"stop": {"all": ["signed", "closed"]}, "recurs": "each"}, ["0-2 met 2", "3- open 6"]),
    "what shares the stamp of the start has happened since": (
        "opened@0 signed@0 closed@9", {"stop": {"all": ["signed", "closed"]}}, ["0-9 met 9"]),
    "both of them in the stamp of the start": (
        "opened@3 signed@3 closed@3", {"stop": {"all": ["signed", "closed"]}}, ["3-3 met 0"]),
    "what came before the start is not completed by its stamp": (
        "signed@0 opened@5 closed@5 other@9", {"stop": {"all": ["signed", "closed"]}}, ["5- open 4"]),
    "once: the start itself may be one of them": (
        "opened@0 closed@9", {"stop": {"all": ["opened", "closed"]}}, ["0-9 met 9"]),
    "each: the start itself is none of them": (
        "opened@0 closed@9", {"stop": {"all": ["opened", "closed"]}, "recurs": "each"}, ["0- open 9"]),
    "two such selectors do not count for each other": (
        "opened@0 signed@1 lost@2 closed@9",
        {"stop": {"all": ["signed", "closed"]}, "cancel": {"all": ["left", "lost"]}}, ["0-9 met 9"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "expected"), ALL.values(), ids=ALL.keys())
def test_all_of_several_events(story, standard, expected):
    assert told(judge(story, **standard)) == expected
