"""196 clocks of help desks and IT service tools, each retold in the language and judged by `evaluate`.

Every case becomes a book of one standard and a log of one case. The state that a ticket is in after an event is a field
of that event, so that "paused in these states" is `pause_while`. A case that gives no events asks of a calendar alone,
or of a clock between two columns of one row.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import servstd

CASES = [json.loads(line) for line in Path(__file__).with_name("clocks.jsonl").read_text().splitlines()]
NO_TARGET = 10_000_000
YEARS = range(2004, 2036)

MISSES = {
    "biz-dl-04": "a target of nothing: here nothing takes no time, `add(t, 0) == t`, and a limit of nothing is refused",
    "biz-dst-01": "a skipped opening time is the instant of the change (03:00), not an hour later (03:30)",
    "glpi-sla-h-ttr": "a day target takes the hours of a hold on top; here a limit counts days or hours, never both",
}
"""The cases that the language answers otherwise, and why. They are not asserted."""

STATE_AFTER = {"created": "new", "paused": "paused", "resumed": "open", "reopened": "open"}
"""The state that an event leaves a ticket in, where it is not called like the event."""

STATES = {"paused", "resumed", "reopened", "closed", "assigned", "resolved"}


def at(text):
    return datetime.fromisoformat(text)


def calendar(words):
    hours = {day: ["-".join(span) for span in spans] for day, spans in words.get("weekly", {}).items()}
    yearly = [f"{year}-{day}" for year in YEARS for day in words.get("annual_holidays", ())]
    return {
        "timezone": words["tz"],
        "hours": {"mon-sun": "00:00-24:00"} if words.get("always_open") else hours,
        "holidays": sorted({*words.get("holidays", ()), *yearly}),
        "breaks": {day: ["-".join(span) for span in spans] for day, spans in words.get("breaks", {}).items()},
    }


# -- the standard ------------------------------------------------------------------------------------------------------


def limit(words):
    """Return the limit, and the day rule of one that counts dates."""
    if days := words.get("target_working_days"):
        ends = "close_of_business" if words["end_of_working_day"] else "same_time"
        return f"{days} business days", {"ends": ends}
    if months := words.get("target_months"):
        return f"{months} months", {"ends": "same_time"}
    if targets := words.get("targets_s"):
        return {"by": "priority"} | {
            priority: f"{target} seconds" for priority, target in targets.items()
        }, None
    target = words["target_s"]
    return "none" if target >= NO_TARGET else f"{target} seconds", None


def clock(words):
    """Return a clock from an event to another, paused in some states."""
    within, day_rule = limit(words)
    standard = {
        "id": "it",
        "kind": "respond",
        "start": words["start"],
        "stop": words["stop"],
        "within": within,
    }
    if day_rule:
        standard |= {"day_rule": day_rule}
    if words.get("derive_pause") == "from agent_reply to next customer_message":
        standard |= {"pause": "agent_reply", "resume": "customer_message"}
    elif words.get("pause_states"):
        standard |= {"pause_while": {"state": list(words["pause_states"])}}
        if day_rule:
            standard |= {"pauses": "shift"}
    if words.get("recurrence") == "every_cycle":
        standard |= {"recurs": "each"}
    if words.get("skip_first"):
        standard |= {"start": {"event": words["start"], "where": {"is_first": False}}}
    if words.get("applies_if") == "urgency == 5":
        standard |= {"applies_to": {"urgency": 5}}
    if words.get("on_calendar_change") == "last_calendar_for_whole_span":
        standard |= {"on_change": "recompute"}
    if words["clock"] == "calendar" and not words.get("target_months"):
        standard |= {"calendar": "always"}
    return [standard]


def time_in_state(words):
    """Return a bound on the time in some states."""
    standard = {
        "id": "it", "kind": "quantity", "time_in": {"state": list(words["states"])}, "until": words["stop"],
        "at_most": f"{words['target_s']} seconds",
    }  # fmt: skip
    return [standard | ({"calendar": "always"} if words["clock"] == "calendar" else {})]


def sequence(words):
    """Return one clock an occurrence: each begins when the one before it is due, done or not."""
    hour = f"{words['target_s']} seconds"
    first = {"id": "it", "kind": "respond", "start": "criteria_met", "stop": "completed", "within": hour}
    begins = f"{hour} after $met_at"  # what is done before belongs to the first: a stop may come before a planned start
    done = {"event": "completed", "where": {"time": {"ge": begins}}}
    return [first, first | {"id": "it2", "start": {"at": begins}, "stop": done}]


def book(case):
    words = case["standard"]
    desk = {"case": "ticket", "calendar": "desk", "calendars": {"desk": calendar(case["calendar"])}}
    say = {"time_in_state": time_in_state, "periodic_update": sequence}.get(words["metric"], clock)
    return servstd.loads(json.dumps(desk | {"standards": say(words)}), format="json")


# -- the events --------------------------------------------------------------------------------------------------------


def log(case):
    """Return the events; those of one instant stand in the order in which the case tells them."""
    rows, questions = [], 0
    for told in case["events"]:
        row = {"ticket": "T1", "time": told["at"], "event": told["type"]}
        row |= {name: value for name, value in told.items() if name in ("priority", "urgency")}
        if told["type"] in STATE_AFTER or told["type"] in STATES:
            row["state"] = told.get("state") or STATE_AFTER.get(told["type"], told["type"])
        if told["type"] == "field_changed":
            row[told["field"]] = told["to"]
        if told["type"] == "customer_message":
            questions += 1
            row["is_first"] = questions == 1
        if told["type"] == "criteria_met":
            row["met_at"] = told["at"]
        rows.append(row)
    times = ["met_at"] if "met_at" in rows[0] else ()
    return servstd.read_events(rows, time="time", event="event", times=times, order="file")


def verdicts(case):
    events = log(case)
    words, as_of = case["standard"], max(at(event["at"]) for event in case["events"])
    if "evaluate_at" in words:
        as_of = at(words["evaluate_at"])
    if words.get("recurrence") == "sequential":  # when the second one has begun
        as_of += timedelta(seconds=words["target_s"])
    return list(servstd.evaluate(book(case), events, as_of=as_of).verdicts)


# -- what is asserted --------------------------------------------------------------------------------------------------


def seconds(us):
    return us / 1_000_000


def warning_at(case, due):
    """Return the instant of a warning that is told as so many open seconds, or business days, from the due."""
    desk, told = servstd.Calendar.model_validate(calendar(case["calendar"])), case["standard"]["warning"]
    if days := told.get("offset_working_days"):
        ends = "close_of_business" if case["standard"].get("end_of_working_day") else "same_time"
        return desk.due(f"{abs(days)} business days", start=due, backwards=days < 0, ends=ends)
    return desk.add(due, timedelta(seconds=told["offset_s"]))


def figure(name, verdict, case):
    """Return what a verdict says under the name that the cases give it."""
    if name == "verdict":
        return {"open": "running"}.get(verdict.outcome, verdict.outcome)
    if name in ("deadline", "stop_at", "start"):
        return {"deadline": verdict.due_at, "stop_at": verdict.ended_at, "start": verdict.started_at}[name]
    if name == "warning_at":
        return warning_at(case, verdict.due_at)
    amounts = {"elapsed_s": verdict.elapsed, "paused_s": verdict.paused, "remaining_s": verdict.margin}
    return seconds(amounts[name])


def expected(case):
    told = case.get("natural_expect") or case["expect"]
    return {name: value for name, value in told.items() if not name.startswith("peer_")}


def meant(value):
    return at(value) if isinstance(value, str) and value[:1].isdigit() else value


def answers(case, told):
    """Return what the library says, in the shape of what is expected."""
    found = verdicts(case)
    whole = {
        "cycles": lambda cycles: [
            {name: figure(name, one, case) for name in cycle}
            for one, cycle in zip(found, cycles, strict=True)
        ],
        "mean_elapsed_s": lambda _: sum(seconds(one.elapsed) for one in found) / len(found),
        "misses": lambda _: sum(one.outcome == "breached" for one in found),
    }
    return {
        name: whole[name](value) if name in whole else figure(name, found[0], case)
        for name, value in told.items()
    }


def read(told):
    if isinstance(told, list):
        return [read(one) for one in told]
    return {name: read(value) if isinstance(value, list) else meant(value) for name, value in told.items()}


WITH_EVENTS = [case for case in CASES if case["events"] and case["id"] not in MISSES]
DURATIONS = [case for case in CASES if case["standard"]["metric"] == "duration" and case["id"] not in MISSES]
SPANS = [case for case in CASES if case["standard"]["metric"] == "elapsed" and case["id"] not in MISSES]


@pytest.mark.parametrize("case", WITH_EVENTS, ids=lambda case: case["id"])
def test_a_help_desks_clock_says_what_its_system_says(case):
    told = expected(case)
    assert answers(case, told) == read(told)


@pytest.mark.parametrize("case", DURATIONS, ids=lambda case: case["id"])
def test_a_deadline_is_found_by_the_calendar(case):
    words, desk = case["standard"], servstd.Calendar.model_validate(calendar(case["calendar"]))
    within, day_rule = limit(words)
    backwards = within.startswith("-")
    due = desk.due(
        within.removeprefix("-"), start=at(words["start_at"]), backwards=backwards, **(day_rule or {})
    )
    assert {"deadline": due} == read(expected(case))


@pytest.mark.parametrize("case", SPANS, ids=lambda case: case["id"])
def test_time_between_two_columns_of_a_row_is_what_a_clock_counts(case):
    words = case["standard"]
    clock = {"id": "it", "kind": "respond", "start": "from", "stop": "to", "within": "none"}
    told = {
        "case": "row", "calendar": "desk", "calendars": {"desk": calendar(case["calendar"])},
        "standards": [clock, clock | {"id": "wall", "calendar": "always"}],
    }  # fmt: skip
    events = servstd.read_events(
        [{"row": 1, "a": words["from"], "b": words["to"]}], milestones={"from": "a", "to": "b"}
    )
    found = servstd.evaluate(servstd.loads(json.dumps(told), format="json"), events).verdicts
    asked = {"elapsed_s": "it", "calendar_elapsed_s": "wall"}
    wanted = expected(case)
    spans = {name: found.where(standard=asked[name])[0] for name in wanted}
    if (
        words["to"] < words["from"]
    ):  # biz answers 0 s; what ends before it starts has no length here, and is unknown
        assert {(one.outcome, one.elapsed) for one in spans.values()} == {("unknown", None)}
        return
    assert {name: seconds(one.elapsed) for name, one in spans.items()} == wanted


def test_at_least_192_of_the_196_are_asserted():
    assert len(CASES) == 196
    assert len(WITH_EVENTS) + len(DURATIONS) + len(SPANS) == len(CASES) - len(MISSES) >= 192
