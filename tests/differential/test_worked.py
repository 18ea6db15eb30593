"""Cases on which the stepper and the oracle once parted, shrunk, with figures worked out by hand from the meaning.

A story is told in minutes after Monday, 2 March 2026, 09:00 in London (UTC): `note@40:minutes=15` is an event at 09:40.
Figures are minutes too; `30+` is the microsecond after minute 30. Both sides are held to the figures, and the evidence
of each verdict to its wall time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from differential import agreement

from servstd.testing import Scenario

MINUTE = 60_000_000
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
FRIDAY, SATURDAY = 5220, 6660  # 00:00 on 6 and 7 March
VIP = {"applies_to": {"vip": "yes"}}
BY_FIELD = {"within": "$minutes minutes"}


class Worked(NamedTuple):
    """Hold a story, the standard, what comes of it, and the instant of the judgement where it is not the last event's."""

    story: str
    standard: dict[str, Any]
    expected: dict[str, Any]
    as_of: int | None = None


WORKED = {
    # The 30 minutes were over when the 15 came, but nothing is broken while nobody knows whether the standard applies:
    # the limit in force when judged is 15 (section 4, 6), used up as it comes.
    "what is not known to apply is measured by the limit in force": Worked(
        "opened@0:minutes=30 note@40:minutes=15", {**VIP, **BY_FIELD},
        {"outcome": "unknown", "limit": 15, "elapsed": 40, "margin": -25, "due_at": 40, "breached_at": None},
    ),
    # 40 minutes until the stop, 60 allowed at the reopening at 60: 20 are left.
    "what is not known to apply is due by the limit of its reopening": Worked(
        "opened@0:minutes=30 closed@40 note@50:minutes=60 opened@60", {**VIP, **BY_FIELD, "reopen": "resume"},
        {"outcome": "unknown", "limit": 60, "elapsed": 40, "margin": 20, "due_at": 80, "paused": 20},
    ),
    "what is not known to apply is not extended past its limit": Worked(
        "opened@0 held@70", {**VIP, "extend": {"event": "held", "within": "90 minutes"}},
        {"outcome": "unknown", "limit": 60, "elapsed": 70, "margin": -10, "due_at": 60, "breached_at": None},
    ),
    "what is not known to apply is extended within its limit": Worked(
        "opened@0 held@60 note@80:vip=yes", {**VIP, "extend": {"event": "held", "within": "90 minutes"}},
        {"outcome": "open", "limit": 90, "elapsed": 80, "margin": 10, "due_at": 90, "breached_at": None},
    ),
    "what is not known to apply is due by its reset": Worked(
        "opened@0 moved@70 note@80", {**VIP, "reset": "moved"},
        {"outcome": "unknown", "limit": 60, "elapsed": 10, "margin": 50, "due_at": 130, "breached_at": None},
    ),
    "what comes to apply after a reset was broken before it": Worked(
        "opened@0 moved@70 note@80:vip=yes", {**VIP, "reset": "moved"},
        {"outcome": "breached", "limit": 60, "elapsed": 10, "due_at": 60, "breached_at": "60+"},
    ),
    # As if it had not been closed: 60 minutes are over at 60, and at 70 the standard is known to apply.
    "closed time that counts breaks what comes to apply in it": Worked(
        "opened@0 closed@10 note@70:vip=yes opened@80", {**VIP, "reopen": "count"},
        {"outcome": "breached", "limit": 60, "elapsed": 80, "margin": -20, "due_at": 60, "breached_at": "60+"},
    ),
    "closed time that counts cancels what ceases to apply in it": Worked(
        "opened@0:vip=yes closed@10 note@20:vip=no opened@80", {**VIP, "reopen": "count"},
        {"outcome": "cancelled", "ended_at": 20, "elapsed": 20, "margin": 40, "breached_at": None},
    ),
    "closed time that counts goes on where the standard applies again": Worked(
        "opened@0:vip=yes closed@10 note@20:vip=no note@30:vip=yes opened@40", {**VIP, "reopen": "count"},
        {"outcome": "open", "ended_at": None, "elapsed": 40, "margin": 20, "due_at": 60},
    ),
    # The new limit of 15 counts from minute 10, though the case was closed then.
    "closed time that counts is counted anew after a restart in it": Worked(
        "opened@0 closed@5 note@10:priority=P1 opened@20",
        {"within": {"by": "priority", "P1": "15 minutes", "else": "30 minutes"}, "on_change": "restart", "reopen": "count"},
        {"outcome": "open", "limit": 15, "elapsed": 10, "margin": 5, "due_at": 25},
    ),
    "closed time that counts is counted anew though the clock was held": Worked(
        "opened@0 held@2 closed@5 note@10:priority=P1 opened@20",
        {"within": {"by": "priority", "P1": "15 minutes", "else": "30 minutes"}, "on_change": "restart", "reopen": "count",
         "pause": "held", "resume": "released"},
        {"outcome": "open", "limit": 15, "elapsed": 10, "due_at": None, "paused": 0},
    ),
    # Of 30 minutes and a promise the later: 30 is used up at 30, the promise moved to 50 says so at 60.
    "the latest of a time and a promise moved into the past": Worked(
        "opened@0:promised=@90 note@60:promised=@50",
        {"within": {"latest_of": ["30 minutes", "$promised"]}, "on_change": "carry"},
        {"outcome": "breached", "limit": None, "elapsed": 60, "margin": -10, "due_at": 50, "breached_at": 60},
    ),
    "the latest of a time and a promise moved to before that time": Worked(
        "opened@0:promised=@90 note@60:promised=@20",
        {"within": {"latest_of": ["30 minutes", "$promised"]}, "on_change": "carry"},
        {"outcome": "breached", "limit": None, "elapsed": 60, "margin": -30, "due_at": 30, "breached_at": 60},
    ),
    "evidence goes on through a time in which the standard did not apply": Worked(
        "opened@0:vip=yes note@10:vip=no closed@20 opened@30:vip=yes", {**VIP, "reopen": "resume"},
        {"outcome": "open", "ended_at": None, "elapsed": 20, "paused": 10, "due_at": 70},
    ),
    # A smaller limit that comes while the case is closed comes into force as it is opened again.
    "a limit that is exceeded while the case is closed breaks at the reopening": Worked(
        "opened@0 closed@15 note@15#1:priority=P1 opened@30",
        {"within": {"by": "priority", "P1": "10 minutes", "else": "30 minutes"}, "reopen": "resume"},
        {"outcome": "breached", "limit": 10, "elapsed": 15, "due_at": 30, "breached_at": 30, "paused": 15},
    ),
    "a promise that falls due while the case is closed breaks at the reopening": Worked(
        "opened@0:promised=@30 closed@10 note@30:promised=@40 opened@50",
        {"within": "$promised", "boundary": "exclusive", "reopen": "resume"},
        {"outcome": "breached", "elapsed": 10, "due_at": 30, "breached_at": 50, "paused": 40},
    ),
    # Saturday is the one day, and rolls back to Friday: what is due at its end is late before the pause begins.
    "a date rolled back is over before a later pause": Worked(
        f"opened@{FRIDAY} held@{SATURDAY}",
        {"within": "1 day", "day_rule": {"roll": "backward"}, "calendar": "office", "pause": "held", "resume": "released",
         "pauses": "shift"},
        {"outcome": "breached", "due_at": SATURDAY, "breached_at": SATURDAY, "margin": 0},
    ),
    "open hours and plain hours are added on one calendar": Worked(
        "opened@0 note@60",
        {"within": "2 business hours", "extend": {"event": "note", "by": "30 minutes"}, "calendar": "office"},
        {"outcome": "open", "limit": 150, "elapsed": 60, "due_at": 150, "margin": 90},
    ),
    # Nobody knows whether it applies until 30, and it does not: the ring at 20 counts all the same.
    "an event in closed time that counts is counted though the standard does not apply afterwards": Worked(
        "opened@0 closed@10 call.ring@20 opened@30:cause=customer",
        {"within": "1 call.ring", "reopen": "count", "applies_to": {"cause": {"ne": "customer"}}},
        {"outcome": "cancelled", "ended_at": 30, "elapsed": "1 ring", "limit": "1 ring", "margin": "0 ring"},
    ),
    # 08:00 to 10:00 on a calendar that opens at 09:00.
    "a pause is measured anew on another calendar as if from the start": Worked(
        "opened@-120 held@-60 note@60:priority=P2",
        {"overrides": [{"when": {"priority": "P2"}, "calendar": "office"}], "on_change": "recompute", "pause": "held",
         "resume": "released"},
        {"outcome": "open", "elapsed": 0, "paused": 60, "due_at": None},
    ),
    # Sunday is the one day: closed, so that the pause costs it nothing. It rolls back to Friday, which was over at the start.
    "a closed date counts while the clock is held": Worked(
        f"held@{SATURDAY - 1} opened@{SATURDAY} note@{SATURDAY + 1}:vip=yes",
        {"within": "1 day", "day_rule": {"roll": "backward"}, "calendar": "office", "pause": "held", "resume": "released",
         "pauses": "shift", **VIP},
        {"outcome": "breached", "due_at": SATURDAY, "breached_at": SATURDAY},
    ),
    "a date that is not known while the clock is held is not broken by what becomes known": Worked(
        f"held@{SATURDAY - 1} opened@{SATURDAY} note@{SATURDAY + 1}:vip=yes",
        {"within": "1 business day", "calendar": "office", "pause": "held", "resume": "released", "pauses": "shift",
         **VIP},
        {"outcome": "open", "due_at": None, "breached_at": None},
    ),
    "several limits that are all absent leave the time known": Worked(
        "opened@0 note@20", {"within": {"latest_of": ["$minutes minutes", "$promised"]}},
        {"outcome": "unknown", "limit": None, "elapsed": 20, "margin": None, "due_at": None},
    ),
    # The 30 minutes were in force from the start, whatever became known beside them.
    "the earliest of a time that was over and a promise that comes": Worked(
        "opened@0 note@60:vip=yes,promised=@40",
        {"within": {"earliest_of": ["30 minutes", "$promised"]}, "on_change": "carry", **VIP},
        {"outcome": "breached", "elapsed": 60, "margin": -30, "due_at": 30, "breached_at": "30+"},
    ),
    "a planned start that was cancelled is not met by a stop at its instant, each": Worked(
        "opened@0:promised=@60 cancelled@10 closed@60",
        {"start": {"at": "$promised"}, "cancel": "cancelled", "within": "30 minutes", "recurs": "each"},
        {"outcome": "cancelled", "ended_at": 60, "due_at": 90},
    ),
    "a planned start that was cancelled is not met by a stop at its instant, every": Worked(
        "opened@0:promised=@60 cancelled@10 closed@60",
        {"start": {"at": "$promised"}, "cancel": "cancelled", "within": "30 minutes", "recurs": "every"},
        {"outcome": "cancelled", "ended_at": 60, "due_at": 90},
    ),
    # Whatever the stamp changes is known before what stops in it: the limit is that of P2.
    "a stop in the stamp of its start is judged by what the stamp says": Worked(
        "opened@0:priority=P1 closed@0:priority=P2", {"within": {"by": "priority", "P1": "2 hours", "P2": "30 minutes"}},
        {"outcome": "met", "limit": 30, "due_at": 30},
    ),
    "a stop in the stamp of its start is judged by what the stamp says, every": Worked(
        "opened@0:priority=P1 closed@0:priority=P2",
        {"within": {"by": "priority", "P1": "2 hours", "P2": "30 minutes"}, "recurs": "every"},
        {"outcome": "met", "limit": 30, "due_at": 30},
    ),
    "what ceases to apply in the stamp of its start is not met by a stop in it": Worked(
        "opened@0:vip=yes closed@0:vip=no", VIP, {"outcome": "cancelled", "ended_at": 0},
    ),
    # If it applies, it has been broken since 60, and the cancelling erases nothing.
    "what is not known to apply and is cancelled past its limit is not known": Worked(
        "opened@0 cancelled@90", {**VIP, "cancel": "cancelled"}, {"outcome": "unknown", "elapsed": 90, "margin": -30},
    ),
    "what is not known to apply and is cancelled within its limit is cancelled": Worked(
        "opened@0 cancelled@60", {**VIP, "cancel": "cancelled"}, {"outcome": "cancelled", "elapsed": 60, "margin": 0},
    ),
    # The 30 minutes of the field come at 60, used up, though as many had been promised before.
    "two equal times of which one comes later": Worked(
        "opened@0:promised=@60 note@60:minutes=30,promised=@20",
        {"within": {"latest_of": ["30 minutes", "$minutes minutes", "$promised"]}, "on_change": "carry"},
        {"outcome": "breached", "elapsed": 60, "margin": "0-", "due_at": 60, "breached_at": 60},
    ),
    # The 2 hours came while the case was closed, and were never in force: as they would have, the standard ceased to apply.
    "a limit that comes while the case is closed is none where the standard no longer applies": Worked(
        "opened@0:priority=P1,vip=yes closed@10 note@20:priority=P2 opened@30:vip=no",
        {"within": {"by": "priority", "P1": "30 minutes", "else": "2 hours"}, "reopen": "resume", **VIP},
        {"outcome": "cancelled", "ended_at": 30, "limit": 30, "elapsed": 10, "margin": 20, "due_at": 50, "paused": 20},
    ),
    # What the case says comes before the reopening: there is no promise any more that could be broken.
    "a promise that falls due while the case is closed breaks nothing where the standard no longer applies": Worked(
        "opened@0:vip=yes,promised=@20 closed@10 opened@30:vip=no", {"within": "$promised", "reopen": "resume", **VIP},
        {"outcome": "cancelled", "ended_at": 30, "elapsed": 10, "margin": -10, "due_at": 20, "breached_at": None},
    ),
    # What is measured from the reset is broken from the reset, as if the promise had been known then.
    "a promise that comes after a reset is measured anew from the reset": Worked(
        "opened@0 moved@10 note@20:promised=@-5", {"within": "$promised", "on_change": "recompute", "reset": "moved"},
        {"outcome": "breached", "elapsed": 10, "due_at": -5, "breached_at": 10, "margin": -25},
    ),
    # Whether it applies is frozen at the start, where nobody knew; its limit is the first that comes.
    "a frozen limit is the first that comes, whatever is known later of the standard": Worked(
        "opened@0 note@1:vip=no,minutes=15", {**BY_FIELD, "on_change": "freeze", **VIP},
        {"outcome": "unknown", "limit": 15, "elapsed": 1, "margin": 14, "due_at": 15},
    ),
    "a calendar that comes as the standard ceases to apply measures nothing": Worked(
        "opened@0:vip=yes closed@10 opened@30:vip=no,priority=P1",
        {"overrides": [{"when": {"priority": "P1"}, "calendar": "night"}], "on_change": "restart", "reopen": "resume", **VIP},
        {"outcome": "cancelled", "ended_at": 30, "elapsed": 10, "margin": 50, "paused": 20, "due_at": 80},
    ),
    "a clock that restarts while its case is closed begins anew at the reopening": Worked(
        "opened@0:minutes=30 closed@5 note@10:minutes=15 opened@20", {**BY_FIELD, "on_change": "restart", "reopen": "resume"},
        {"outcome": "open", "limit": 15, "elapsed": 0, "paused": 0, "due_at": 35},
    ),
    "a clock whose terms change and change back while its case is closed goes on": Worked(
        "opened@0:minutes=30 closed@5 note@10:minutes=15 note@15:minutes=30 opened@20",
        {**BY_FIELD, "on_change": "restart", "reopen": "resume"},
        {"outcome": "open", "limit": 30, "elapsed": 5, "paused": 15, "due_at": 45},
    ),
}  # fmt: skip
INSTANTS = ("ended_at", "due_at", "breached_at")


def minute(at: float) -> int:
    return (NINE + timedelta(minutes=at) - agreement.EPOCH) // agreement.UNIT


def scenario_of(worked: Worked) -> Scenario:
    standard = {"id": "s", "kind": "respond", "start": "opened", "stop": "closed", "within": "60 minutes"}
    book = {
        "servstd": 1, "case": "case", "timezone": "Europe/London", "standards": [standard | worked.standard],
        "calendars": {
            "office": {"timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:00"}},
            "night": {"timezone": "Europe/London", "hours": {"mon-sun": "22:00-06:00"}},
        },
    }  # fmt: skip
    events = [event_of(word, place) for place, word in enumerate(worked.story.split())]
    return Scenario(book, events, events[-1]["t"] if worked.as_of is None else minute(worked.as_of))


def event_of(word: str, place: int) -> dict[str, Any]:
    head, _, tail = word.partition(":")
    kind, _, when = head.partition("@")
    at, _, sequence = when.partition("#")
    fields = {name: value_of(value) for name, value in (one.split("=") for one in tail.split(",") if one)}
    return {
        "t": minute(int(at)), "kind": kind, "fields": {"case": "A", **fields}, "id": str(place + 1),
        "sequence": int(sequence) if sequence else None,
    }  # fmt: skip


def value_of(text: str) -> object:
    if text.startswith("@"):
        return (NINE + timedelta(minutes=int(text[1:]))).isoformat()
    return int(text) if text.isdigit() else text


def in_us(name: str, value: object) -> object:
    if isinstance(value, str) and value.endswith("+"):
        return minute(int(value[:-1])) + 1
    if value == "0-":
        return -1
    if isinstance(value, str) and value.endswith(" ring"):
        return int(value.split()[0])
    if not isinstance(value, int):
        return value
    return minute(value) if name in INSTANTS else value * MINUTE


@pytest.mark.parametrize("worked", WORKED.values(), ids=WORKED.keys())
def test_stepper_and_oracle_both_say_what_was_worked_out(worked: Worked) -> None:
    scenario = scenario_of(worked)
    expected = {name: in_us(name, value) for name, value in worked.expected.items()}
    for (found,) in (agreement.engine(scenario), agreement.expected(scenario)):
        assert {name: found[name] for name in expected} == expected
    assert agreement.differences(scenario) == []
    assert agreement.gaps(scenario, agreement.report_of(scenario)) == []
