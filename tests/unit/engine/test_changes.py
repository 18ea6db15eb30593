"""Changes in mid-flight: of the limit, the calendar and applicability, in every mode; extensions."""

from __future__ import annotations

import pytest
from unit.engine.desk import breached, due, judge, minute, told

from servstd.intervals import Instant

LIMITS = {"within": {"by": "priority", "P1": "30 minutes", "else": "60 minutes"}}

# A change of the limit at minute 20 (then 50), story, mode -> told, breached at
LIMIT = {
    "carry: a smaller limit applies from the start": ("opened@0 note@20:priority=P1 closed@40", "carry", "0-40 breached 40", "30+1us"),
    "carry: a smaller limit already exceeded breaches at the change": ("opened@0 note@50:priority=P1 closed@55", "carry", "0-55 breached 55", "50"),
    "carry: one that is just used up does not": ("opened@0 note@30:priority=P1 closed@30", "carry", "0-30 met 30", None),
    "carry: a larger limit gives more time": ("opened@0:priority=P1 note@20:priority=P2 closed@60", "carry", "0-60 met 60", None),
    "carry: a larger limit does not erase a breach": ("opened@0:priority=P1 note@40:priority=P2 closed@50", "carry", "0-50 breached 50", "30+1us"),
    "recompute: a smaller limit already exceeded breaches when it would have": (
        "opened@0 note@50:priority=P1 closed@55", "recompute", "0-55 breached 55", "30+1us"),
    "recompute: a larger limit gives more time": ("opened@0:priority=P1 note@20:priority=P2 closed@60", "recompute", "0-60 met 60", None),
    "restart: the new limit counts from the change": ("opened@0 note@20:priority=P1 closed@50", "restart", "0-50 met 30", None),
    "restart: and can be exceeded": ("opened@0 note@20:priority=P1 closed@51", "restart", "0-51 breached 31", "50+1us"),
    "freeze: the limit of the start stays": ("opened@0 note@20:priority=P1 closed@60", "freeze", "0-60 met 60", None),
    "freeze: and can be exceeded": ("opened@0:priority=P1 note@20:priority=P2 closed@60", "freeze", "0-60 breached 60", "30+1us"),
}  # fmt: skip


@pytest.mark.parametrize(("story", "mode", "expected", "breach"), LIMIT.values(), ids=LIMIT.keys())
def test_the_limit_changes(story, mode, expected, breach):
    found = judge(story, on_change=mode, **LIMITS)
    assert told(found) == [expected]
    assert breached(found) == [breach]


def test_carry_is_the_default_of_durations():
    for story, mode, *_ in LIMIT.values():
        if mode == "carry":
            assert told(judge(story, **LIMITS)) == told(judge(story, on_change="carry", **LIMITS))


def test_the_next_clock_has_the_newest_terms_even_under_freeze():
    story = "opened@0 note@20:priority=P1 closed@25 opened@40 closed@80"
    found = judge(story, on_change="freeze", recurs="each", **LIMITS)
    assert told(found) == ["0-25 met 25", "40-80 breached 40"]


def test_the_due_moves_with_the_limit():
    assert due(judge("opened@0 note@20:priority=P1", **LIMITS)) == ["30"]
    assert due(judge("opened@0 note@20:priority=P1", on_change="restart", **LIMITS)) == ["50"]
    assert due(judge("opened@0 note@20:priority=P1", on_change="freeze", **LIMITS)) == ["60"]


CALENDARS = {
    "calendar": "mornings",
    "overrides": [{"when": {"plan": "gold"}, "calendar": "always"}],
    "within": "2 hours",
}

# Mornings close at minute 180. From 170, gold from 300: ten minutes were counted until then.
CALENDAR = {
    "carry: each span is measured on the calendar in force": ("opened@170 note@300:plan=gold closed@410", "carry", "170-410 met 120", None),
    "carry: and may be exceeded on the new one": ("opened@170 note@300:plan=gold closed@411", "carry", "170-411 breached 121", "410+1us"),
    "recompute: as if it had always been the new one": ("opened@170 note@280:plan=gold closed@290", "recompute", "170-290 met 120", None),
    "recompute: exceeded when it would have been": ("opened@170 note@300:plan=gold closed@310", "recompute", "170-310 breached 140", "290+1us"),
    "restart: counts from the change on the new one": ("opened@170 note@300:plan=gold closed@420", "restart", "170-420 met 120", None),
    "freeze: the calendar of the start stays": ("opened@170 note@300:plan=gold closed@700", "freeze", "170-700 met 10", None),
}  # fmt: skip


@pytest.mark.parametrize(("story", "mode", "expected", "breach"), CALENDAR.values(), ids=CALENDAR.keys())
def test_the_calendar_changes(story, mode, expected, breach):
    found = judge(story, on_change=mode, **CALENDARS)
    assert told(found) == [expected]
    assert breached(found) == [breach]


VIP = {"applies_to": {"vip": "yes"}}
APPLIES = {
    "what does not apply at the start gives no verdict": ("opened@0:vip=no closed@30", ["carry"], []),
    "what comes to apply gives one, from its start": ("opened@0:vip=no note@10:vip=yes closed@30", ["carry", "recompute"], ["0-30 met 30"]),
    "what no longer applies is cancelled then": ("opened@0:vip=yes note@10:vip=no closed@30", ["carry", "recompute"], ["0-10 cancelled 10"]),
    "what applies again was never away": ("opened@0:vip=yes note@10:vip=no note@20:vip=yes closed@30", ["carry"], ["0-30 met 30"]),
    "a breach stands when it no longer applies": ("opened@0:vip=yes note@70:vip=no closed@80", ["carry"], ["0-70 breached 70"]),
    "what no longer applies is not breached later": ("opened@0:vip=yes note@10:vip=no closed@90", ["carry"], ["0-10 cancelled 10"]),
    "frozen: what applied at the start applies": ("opened@0:vip=yes note@10:vip=no closed@30", ["freeze"], ["0-30 met 30"]),
    "frozen: what did not apply at the start does not": ("opened@0:vip=no note@10:vip=yes closed@30", ["freeze"], []),
    "what is not known to apply is unknown": ("opened@0 closed@30", ["carry", "freeze"], ["0-30 unknown 30"]),
    "what is known later is known": ("opened@0 note@10:vip=yes closed@30", ["carry"], ["0-30 met 30"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "modes", "expected"), APPLIES.values(), ids=APPLIES.keys())
def test_applicability_changes(story, modes, expected):
    for mode in modes:
        assert told(judge(story, on_change=mode, **VIP)) == expected


def test_an_exclusion_is_read_at_last_and_keeps_what_would_have_been():
    theirs = [{"when": {"cause": "customer"}, "reason": "customer_caused"}]
    found = judge("opened@0 closed@90 note@100:cause=customer", exclude=theirs)
    assert [(one.outcome, one.outcome_otherwise, one.reason) for one in found] == [
        ("excluded", "breached", "customer_caused")
    ]
    found = judge("opened@0 closed@90 note@100:cause=ours", exclude=theirs)
    assert [one.outcome for one in found] == ["breached"]
    found = judge("opened@0 closed@90", exclude=theirs)
    assert [one.outcome for one in found] == ["breached"]


def test_the_first_reason_to_exclude_is_the_one_told():
    two = [{"when": {"cause": "customer"}, "reason": "first"}, {"when": {"by": "bot"}, "reason": "second"}]
    assert judge("opened@0:cause=customer,by=bot closed@9", exclude=two)[0].reason == "first"
    assert judge("opened@0:cause=ours,by=bot closed@9", exclude=two)[0].reason == "second"


# -- dates and instants ----------------------------------------------------------------------------------------------


def test_for_dates_carry_is_recompute():
    rows = [{"when": {"plan": "gold"}, "within": "1 business day"}]
    frame = {"calendar": "office", "within": "5 business days", "overrides": rows}
    two_days_on = 2 * 1440 + 60
    for mode in ("carry", "recompute"):
        found = judge(
            f"opened@0 note@{two_days_on}:plan=gold closed@{two_days_on + 60}", on_change=mode, **frame
        )
        assert [one.outcome for one in found] == ["breached"]
        assert due(found) == [str(2 * 1440 - 540)]  # 00:00 of Wednesday


def test_an_instant_that_is_moved_moves_only_where_the_book_says_so():
    fields = {"opened": {"promised": Instant(minute(30))}, "moved": {"promised": Instant(minute(90))}}
    story = "opened@0 moved@10 closed@60"
    outcomes = {
        mode: judge(story, within="$promised", on_change=mode, fields=fields)[0].outcome
        for mode in ("freeze", "carry")
    }
    assert outcomes == {"freeze": "breached", "carry": "met"}
    assert judge(story, within="$promised", fields=fields)[0].outcome == "breached"


# -- extensions -------------------------------------------------------------------------------------------------------

MORE = {"extend": {"event": "holding", "within": "2 hours"}}
EXTENDED = {
    "while it runs it gives the new limit from the same start": ("opened@0 holding@50 closed@120", MORE, ["0-120 met 120"]),
    "the new limit can be exceeded": ("opened@0 holding@50 closed@121", MORE, ["0-121 breached 121"]),
    "exactly at the first limit it is still in time": ("opened@0 holding@60 closed@120", MORE, ["0-120 met 120"]),
    "after the breach it comes too late": ("opened@0 holding@61 closed@90", MORE, ["0-90 breached 90"]),
    "before the start it says nothing": ("holding@0 opened@10 closed@100", MORE, ["10-100 breached 90"]),
    "the next clock has the first limit again": (
        "opened@0 holding@50 closed@110 opened@200 closed@270", {**MORE, "recurs": "each"}, ["0-110 met 110", "200-270 breached 70"]),
    "`by` adds to the first limit": ("opened@0 holding@50 closed@90", {"extend": {"event": "holding", "by": "30 minutes"}}, ["0-90 met 90"]),
    "and not more than it says": ("opened@0 holding@50 closed@91", {"extend": {"event": "holding", "by": "30 minutes"}}, ["0-91 breached 91"]),
    "once, unless it says more": ("opened@0 holding@50 holding@80 closed@100", {"extend": {"event": "holding", "by": "30 minutes"}}, ["0-100 breached 100"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "expected"), EXTENDED.values(), ids=EXTENDED.keys())
def test_an_extension(story, standard, expected):
    assert told(judge(story, **standard)) == expected


GOLD = {**MORE, "applies_to": {"plan": "gold"}}
ANEW = {**MORE, "reset": "moved"}
STARTS = {
    "it may come before the standard is known to apply": ("opened@0 holding@50 note@70:plan=gold closed@110", GOLD, ["0-110 met 110"]),
    "but not once the limit is exceeded, known to apply or not": (
        "opened@0 holding@70 note@80:plan=gold closed@110", GOLD, ["0-110 breached 110"]),
    "nor after a limit was lowered below what is used": (
        "opened@0 note@40:priority=P1 holding@50 note@80:plan=gold closed@110",
        {**GOLD, "within": {"by": "priority", "P1": "30 minutes", "else": "1 hour"}}, ["0-110 breached 110"]),
    "a reset ends it": ("opened@0 holding@50 moved@70 closed@140", ANEW, ["0-140 breached 70"]),
    "and it may be given anew": ("opened@0 holding@50 moved@70 holding@80 closed@180", ANEW, ["0-180 met 110"]),
    "a later start ends it under latest": (
        "opened@0 holding@50 opened@70 closed@140", {**MORE, "recurs": "latest"}, ["0-140 breached 70"]),
    "a later start means nothing while it runs": ("opened@0 holding@50 opened@70 closed@110", MORE, ["0-110 met 110"]),
    "a reset brings back the limit that was frozen": (
        "opened@0:minutes=30 holding@10 note@15:minutes=90 moved@20 closed@60",
        {**ANEW, "within": "$minutes minutes", "on_change": "freeze"}, ["0-60 breached 40"]),
    "a reset brings back the limit as it is by then": (
        "opened@0:minutes=30 holding@10 note@15:minutes=90 moved@20 closed@60",
        {**ANEW, "within": "$minutes minutes"}, ["0-60 met 40"]),
    "a reset before it is known to apply ends it as well": (
        "opened@0 holding@50 moved@70 note@80:plan=gold closed@140", {**GOLD, "reset": "moved"}, ["0-140 breached 70"]),
    "it heals no breach that stands through a reset": ("opened@0 moved@90 holding@95 closed@100", ANEW, ["0-100 breached 10"]),
    "what ends with the clock is not given to the next": (
        "opened@0 holding@50 closed@70 opened@80 closed@150", {**MORE, "recurs": "each"}, ["0-70 met 70", "80-150 breached 70"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "standard", "expected"), STARTS.values(), ids=STARTS.keys())
def test_an_extension_counts_from_its_start(story, standard, expected):
    assert told(judge(story, **standard)) == expected


def test_what_was_broken_under_an_extension_keeps_it_through_a_reset():
    (one,) = judge("opened@0 holding@50 moved@130 closed@140", **ANEW)
    assert (one.limit, one.limit_from, one.margin) == (120 * 60_000_000, "extend", -10 * 60_000_000)


def test_an_extension_by_some_time_can_be_given_several_times():
    twice = {"event": "holding", "by": "30 minutes", "times": 2}
    assert told(judge("opened@0 holding@50 holding@80 closed@120", extend=twice)) == ["0-120 met 120"]
    assert told(judge("opened@0 holding@50 holding@80 holding@110 closed@121", extend=twice)) == [
        "0-121 breached 121"
    ]


def test_the_evidence_names_what_set_the_limit():
    assert judge("opened@0 holding@50 closed@110", **MORE)[0].limit_from == "extend"
    rows = [{"when": {"plan": "gold"}, "within": "10 minutes"}]
    assert judge("opened@0:plan=gold closed@5", overrides=rows)[0].limit_from == "overrides[0]"
    assert judge("opened@0:plan=tin closed@5", overrides=rows)[0].limit_from == "within"


def test_an_extension_after_the_breach_gives_no_other_limit():
    late = judge("opened@0 holding@61 closed@90", **MORE)[0]
    assert (late.limit, late.limit_from, late.margin) == (60 * 60_000_000, "within", -30 * 60_000_000)
    assert due([late]) == ["60"]


def test_what_is_frozen_is_the_first_limit_that_is_known():
    fields = {"said": {"promised": Instant(minute(50))}, "moved": {"promised": Instant(minute(90))}}
    for mode in ("freeze", None):
        found = judge(
            "opened@0 said@10 moved@20 closed@60", within="$promised", on_change=mode, fields=fields
        )
        assert [one.outcome for one in found] == ["breached"]
        assert breached(found) == ["50+1us"]


@pytest.mark.parametrize("mode", ["carry", "recompute", "restart"])
def test_a_raised_limit_neither_erases_a_breach_nor_replaces_the_limit_that_was_broken(mode):
    (one,) = judge("opened@0:priority=P1 note@40:priority=P2 closed@50", on_change=mode, **LIMITS)
    assert (one.outcome, one.limit) == ("breached", 30 * 60_000_000)
    assert breached([one]) == ["30+1us"]
