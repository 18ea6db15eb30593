"""Facts from monitors of traces: Declare, Declare with time, Gherkin policies, signal temporal logic.

Each becomes a book and is evaluated, or stands in `REFUSED` with the reason. Error budgets, intervals, contact centres,
surveys and control charts are figures: `tests/statistics/test_cases.py` holds them.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from unit.declare import compositions

import servstd

CASES = [json.loads(line) for line in Path(__file__).with_name("monitoring.jsonl").read_text().splitlines()]
BY_ID = {case["id"]: case for case in CASES}
FIGURES = {"slo", "interval", "contact_centre", "survey", "scorecard", "spc"}
ZERO = datetime(2026, 3, 2, 9, tzinfo=UTC)

ROBUSTNESS = "a robustness at every tick is a figure of a formula, and no verdict on a case"
REFUSED = {
    "STL-004": f"{ROBUSTNESS}; `eventually` over a sliding window of ticks is a nested temporal formula",
    "STL-006": f"{ROBUSTNESS}; a gauge knows the worst level of a case, and `once` asks for the best",
    "STL-009": f"{ROBUSTNESS}; a gauge looks back over a case or a calendar window, not over a sliding one",
    "STL-010": f"{ROBUSTNESS}; a gauge looks back over a case or a calendar window, not over a sliding one",
    "STL-013": f"{ROBUSTNESS}; two standards, one a signal, say when either is broken",
    "TPR-005": "a temporal profile is mined from a log and not promised; mean and deviation of times are no verdict",
    "BND-002": "whether an event comes too late is a question to a monitor, not to an evaluation",
}

TEMPLATE = {
    "altresponse": "alternate_response", "chainprecedence": "chain_precedence", "chainresponse": "chain_response",
    "chainsuccession": "chain_succession", "coexistence": "co_existence", "noncoexistence": "not_co_existence",
    "nonsuccession": "not_succession", "nonchainsuccession": "not_chain_succession",
}  # fmt: skip
"""How pm4py calls the templates that it calls otherwise."""


def of(area):
    return [case for case in CASES if case["area"] == area and case["id"] not in REFUSED]


def judged(standards, events, *, as_of=None, **unit):
    """Return the verdicts on one case; `unit` says what the numbers of the events are: `minutes=1`, `seconds=1`."""
    rows = [
        {"case": 1, "time": ZERO + timedelta(**unit) * at, "event": event, **fields}
        for event, at, fields in events
    ]
    log = servstd.read_events(rows, time="time", event="event")
    book = servstd.loads(json.dumps({"case": "case", "standards": standards}), format="json")
    found = servstd.evaluate(
        book, log, as_of=None if as_of is None else ZERO + timedelta(**unit) * as_of
    ).verdicts
    return [one for one in found if not compositions.is_asked(one.standard)]


def outcomes(verdicts):
    return [one.outcome for one in verdicts]


def ids(case):
    return case["id"]


# -- Declare -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", of("declare"), ids=ids)
def test_a_declare_template_is_broken_by_the_same_traces(case):
    given, name = case["given"], TEMPLATE.get(case["kind"], case["kind"])
    letters = [letter for letter in (given["a"], given["b"]) if letter]
    standards = (compositions.UNARY | compositions.BINARY)[name](*letters)
    trace = [(event, minute, {}) for minute, event in enumerate([*given["trace"], "end"])]
    assert ("breached" not in outcomes(judged(standards, trace, minutes=1))) is case["expect"]["satisfied"]


def timed(given):
    """Return a template whose every activation has a verdict of its own."""
    a, name = given["a"], given["template"]
    if name == "exactly":
        return compositions.exactly(a, given["n"])
    if name == "precedence":
        return compositions.precedence(a, given["b"])
    within = f"{given['within_minutes'][1]} minutes" if "within_minutes" in given else None
    make = compositions.alternate_response if name == "alternate_response" else compositions.response
    [standard] = make(a, given["b"])
    each = {"recurs": "every", "stop_all": given["b"]}
    return [standard | each | ({"within": within} if within else {})]


def state(standards, events, *, closed):
    """Return the four-valued state of a running case: what it is, and what it would be if the case ended now."""
    end = [("end", events[-1][1] + 1, {})]
    found = judged(standards, events + end * closed, minutes=1)
    if "breached" in outcomes(found):
        return "violated"
    if closed:
        return "satisfied"
    ended = outcomes(judged(standards, events + end, minutes=1))
    return "possibly_violated" if "breached" in ended else "possibly_satisfied"


@pytest.mark.parametrize("case", of("declare_timed"), ids=ids)
def test_a_timed_template_counts_its_activations(case):
    given, told = case["given"], case["expect"]
    standards, events = timed(given), [(event, minute, {}) for event, minute in given["events"]]
    found = outcomes(judged(standards, events + [("end", 1000, {})] * given["closed"], minutes=1))
    counted = {
        "fulfilled": found.count("met"),
        "violated": found.count("breached"),
        "pending": found.count("open"),
    }
    counted["activations"] = len(found)
    wanted = {name: count for name, count in told.items() if name in counted}
    assert {name: counted[name] for name in wanted} == wanted
    assert state(standards, events, closed=given["closed"]) == told.get("state", told.get("sensible_state"))


def test_a_case_is_broken_when_its_time_has_passed_though_nothing_happens_in_it():
    case = BY_ID["MPD-017"]
    [verdict] = judged(
        timed(case["given"]), [(event, at, {}) for event, at in case["given"]["events"]], minutes=1
    )
    passed = ZERO + timedelta(minutes=case["expect"]["sensible_violated_at_minute"])
    assert (verdict.due_at, verdict.breached_at) == (passed, passed + timedelta(microseconds=1))


# -- policies in Gherkin -----------------------------------------------------------------------------------------------

_EVENT = r'x is "(\w+)"'


def policy(lines, terminal):
    """Return a policy's standard."""
    text, ends = " ".join(lines), ({"ends": terminal} if terminal else {})
    if found := re.fullmatch(rf"Then {_EVENT} never happens", text):
        return {"kind": "quantity", "count": found[1], "at_most": 0, **ends}
    if found := re.fullmatch(rf"Then {_EVENT} has happened", text):
        return {"kind": "quantity", "count": found[1], "at_least": 1, **ends}
    if found := re.fullmatch(rf"When {_EVENT} Then {_EVENT} before", text):
        return {"kind": "order", "event": found[1], "needs": found[2]}
    if found := re.fullmatch(rf'When {_EVENT} Then {_EVENT} within "(\d+)" seconds', text):
        within = f"{found[3]} seconds"
        return {"kind": "respond", "start": found[1], "stop": found[2], "within": within, "recurs": "each"}
    found = re.fullmatch(rf"Given {_EVENT} until {_EVENT} Then {_EVENT} never happens", text)
    return {"kind": "quantity", "count": found[3], "at_most": 0, "after": found[1], "until": found[2]}


def said(found, *, forbids, ended):
    """Return a policy's verdict: what must never happen can still happen until the case ends."""
    if "breached" in found:
        return "violated"
    return "pending" if "open" in found or (forbids and not ended) else "satisfied"


@pytest.mark.parametrize("case", of("rv_gherkin"), ids=ids)
def test_a_gherkin_policy_has_the_same_verdict(case):
    given, told = case["given"], case["expect"]
    events = [(event, at, {}) for event, at in given["events"]]
    found = outcomes(
        judged([{"id": "it"} | policy(given["policy"], given["terminal_event"])], events, seconds=1)
    )
    if "per_activation" in told:
        assert [said([one], forbids=False, ended=False) for one in found] == told["per_activation"]
    else:
        forbids, ended = "never happens" in given["policy"][-1], given["terminal_event"] is not None
        assert said(found, forbids=forbids, ended=ended) == told["verdict"]


# -- signals -----------------------------------------------------------------------------------------------------------


def test_the_worst_of_a_signal_so_far_is_the_margin_of_a_gauge():
    case = BY_ID["STL-005"]
    gauge = {"id": "it", "kind": "gauge", "level": {"set": "$a", "on": "tick"}, "below": 0}
    events = [("tick", minute, {"a": a}) for minute, a in enumerate(case["given"]["a"])]
    told = [judged([gauge], events, as_of=tick, minutes=1)[0].margin for tick in range(len(events))]
    assert told == case["expect"]["robustness"]


def test_a_queue_rule_is_broken_by_the_crossing_that_nobody_answers():
    case = BY_ID["STL-017"]
    gauge = {
        "id": "it", "kind": "gauge", "level": {"set": "$waiting", "on": "tick"}, "above": 3, "then": "queue.opened",
        "within": "2 minutes",
    }  # fmt: skip
    signals = list(zip(case["given"]["waiting"], case["given"]["opened"], strict=True))
    events = [("tick", minute, {"waiting": waiting}) for minute, (waiting, _) in enumerate(signals)]
    events += [("queue.opened", minute, {}) for minute, (_, opened) in enumerate(signals) if opened]
    found = judged([gauge], events, as_of=len(signals), minutes=1)
    at = {(one.started_at - ZERO) // timedelta(minutes=1): one.outcome for one in found}
    crossings = [1, 4]  # where `waiting` comes to be more than 3
    violating = case["expect"]["violating_ticks"]
    assert at == {tick: "breached" if tick in violating else "met" for tick in crossings}


def test_until_holds_where_the_signal_jumps_in_the_very_instant():
    case = BY_ID["STL-018"]
    standard = {
        "id": "it", "kind": "respond", "start": {"event": "h", "where": {"h": {"lt": 0.5}}},
        "stop": {"event": "h", "where": {"h": {"ge": 0.5}}}, "within": "1 second",
    }  # fmt: skip
    found = judged([standard], [("h", at, {"h": h}) for at, h in case["given"]["h"]], seconds=1)
    assert (outcomes(found) == ["met"]) is (case["expect"]["correct_robustness"] > 0)


def test_exactly_at_the_limit_is_in_time_unless_the_standard_says_otherwise():
    case = BY_ID["BND-001"]
    within = f"{case['given']['deadline_s']} seconds"
    standard = {"id": "it", "kind": "respond", "start": "asked", "stop": "answered", "within": within}
    events = [("asked", 0, {}), ("answered", case["given"]["reply_at_s"], {})]
    word = {"in_time": "met", "late": "breached"}
    for boundary, peer in (("inclusive", "monpoly_closed_interval"), ("exclusive", "monpoly_half_open")):
        found = outcomes(judged([standard | {"boundary": boundary}], events, seconds=1))
        assert found == [word[case["expect"][peer]]]


def test_every_case_is_asserted_or_refused_or_a_figure():
    by_hand = {"STL-005", "STL-017", "STL-018", "BND-001"}
    here = {case["id"] for area in ("declare", "declare_timed", "rv_gherkin") for case in of(area)}
    figures = {case["id"] for case in CASES if case["area"] in FIGURES}
    assert here | by_hand | set(REFUSED) | figures == set(BY_ID)
