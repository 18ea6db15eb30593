"""The oracle itself, against values worked out by hand from the rules; each row says which rule in one sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from oracle import evaluate

HOUR = 3_600_000_000
MINUTE = 60_000_000
OFFICE = {"timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:00"}}


def at(text: str, day: int = 2) -> int:
    """Return an instant of March 2026 (the 2nd is a Monday; London is UTC until the 29th)."""
    hours, minutes = text.split(":")
    moment = datetime(2026, 3, day, int(hours), int(minutes), tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000


def log(text: str, *, case: str = "A") -> list[dict]:
    """Read `09:00 start by=human; 3T10:30 stop`: day (default 2), clock, kind, fields."""
    events = []
    for number, part in enumerate(filter(None, (each.strip() for each in text.split(";")))):
        when, kind, *pairs = part.split()
        day, _, clock = when.rpartition("T")
        fields: dict = {"case": case}
        sequence = None
        for pair in pairs:
            name, value = pair.split("=")
            if name == "seq":
                sequence = int(value)
            else:
                fields[name] = int(value) if value.lstrip("-").isdigit() else value
        when_us = at(clock, int(day or 2))
        events.append(
            {"t": when_us, "kind": kind, "fields": fields, "id": str(number + 1), "sequence": sequence}
        )
    return events


@dataclass
class Row:
    says: str
    standard: dict
    events: str
    expected: list[dict]
    as_of: str = "20T00:00"
    book: dict = field(default_factory=dict)


def run(row: Row) -> list[dict]:
    day, _, clock = row.as_of.rpartition("T")
    standard = {"id": "it", "kind": "respond"} | row.standard
    if standard["kind"] == "respond":
        standard = {"start": "start", "stop": "stop"} | standard
    book = {"case": "case", "calendars": {"office": OFFICE}, "standards": [standard]} | row.book
    return evaluate(book, log(row.events), at(clock, int(day or 2)))


def check_row(row: Row) -> None:
    found = run(row)
    assert [
        {name: got[name] for name in wanted} for got, wanted in zip(found, row.expected, strict=False)
    ] == row.expected
    assert len(found) == len(row.expected)


def hm(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * HOUR + int(minutes) * MINUTE


ROWS = [
    # -- elapsed is primary ---------------------------------------------------------------------------------
    Row(
        "an end within the limit is met, the margin is what is left",
        {"within": "60 minutes"},
        "09:00 start; 09:45 stop",
        [
            {
                "outcome": "met",
                "elapsed": hm("0:45"),
                "margin": hm("0:15"),
                "due_at": at("10:00"),
                "breached_at": None,
            }
        ],
    ),
    Row(
        "elapsed equal to the limit is met",
        {"within": "60 minutes"},
        "09:00 start; 10:00 stop",
        [{"outcome": "met", "margin": 0}],
    ),
    Row(
        "with an exclusive boundary it is breached, at the due instant",
        {"within": "60 minutes", "boundary": "exclusive"},
        "09:00 start; 10:00 stop",
        [{"outcome": "breached", "margin": 0, "breached_at": at("10:00"), "due_at": at("10:00")}],
    ),
    Row(
        "a late end is breached one microsecond after the due instant",
        {"within": "60 minutes"},
        "09:00 start; 10:01 stop",
        [{"outcome": "breached", "margin": -MINUTE, "breached_at": at("10:00") + 1, "due_at": at("10:00")}],
    ),
    Row(
        "silence breaches as soon as as_of is past the limit",
        {"within": "60 minutes"},
        "09:00 start",
        [{"outcome": "breached", "ended_at": None, "breached_at": at("10:00") + 1, "elapsed": hm("1:01")}],
        as_of="10:01",
    ),
    Row(
        "at the due instant itself nothing is late yet",
        {"within": "60 minutes"},
        "09:00 start",
        [{"outcome": "open", "ended_at": None, "due_at": at("10:00"), "margin": 0}],
        as_of="10:00",
    ),
    Row(
        "on a calendar the night does not count: 16:00 to 10:00 are two open hours",
        {"within": "2 hours", "calendar": "office"},
        "16:00 start; 3T10:00 stop",
        [{"outcome": "met", "elapsed": hm("2:00"), "due_at": at("10:00", 3), "margin": 0}],
    ),
    Row(
        "an end after the due instant in closed time is met with margin 0",
        {"within": "1 hour", "calendar": "office"},
        "16:00 start; 20:00 stop",
        [{"outcome": "met", "elapsed": hm("1:00"), "due_at": at("17:00"), "margin": 0}],
    ),
    Row(
        "used up at closing, it is breached in the first microsecond of the next opening",
        {"within": "1 hour", "calendar": "office"},
        "16:00 start",
        [{"outcome": "breached", "due_at": at("17:00"), "breached_at": at("09:00", 3) + 1}],
        as_of="3T12:00",
    ),
    Row(
        "calendar hours are the wall clock whatever the calendar",
        {"within": "4 calendar hours", "calendar": "office"},
        "16:00 start; 20:00 stop",
        [{"outcome": "met", "elapsed": hm("4:00"), "margin": 0}],
    ),
    # -- signals --------------------------------------------------------------------------------------------
    Row(
        "opened and closed within one stamp is met with elapsed 0, whatever the order of the rows",
        {"within": "60 minutes"},
        "09:00 stop; 09:00 start",
        [{"outcome": "met", "elapsed": 0, "ended_at": at("09:00"), "tie": True}],
    ),
    Row(
        "with sequences the stop came first and closes nothing",
        {"within": "60 minutes"},
        "09:00 stop seq=1; 09:00 start seq=2",
        [{"outcome": "open", "ended_at": None}],
        as_of="09:30",
    ),
    Row(
        "an update ends one period and begins the next, and does not close what it opens",
        {"within": "60 minutes", "start": ["start", "update"], "stop": "update", "recurs": "each"},
        "09:00 start; 09:30 update; 10:15 update",
        [
            {"started_at": at("09:00"), "ended_at": at("09:30"), "outcome": "met"},
            {"started_at": at("09:30"), "ended_at": at("10:15"), "outcome": "met"},
            {"started_at": at("10:15"), "ended_at": None, "outcome": "open"},
        ],
        as_of="10:20",
    ),
    Row(
        "a cancel before the limit cancels, for the reason of its event",
        {"within": "60 minutes", "cancel": "withdrawn"},
        "09:00 start; 09:30 withdrawn; 09:40 stop",
        [{"outcome": "cancelled", "ended_at": at("09:30"), "reason": "withdrawn"}],
    ),
    Row(
        "a breach stands: a later cancel does not erase it",
        {"within": "60 minutes", "cancel": "withdrawn"},
        "09:00 start; 10:30 withdrawn",
        [{"outcome": "breached", "ended_at": at("10:30"), "breached_at": at("10:00") + 1}],
    ),
    Row(
        "stop goes before cancel in one stamp",
        {"within": "60 minutes", "cancel": "withdrawn"},
        "09:00 start; 09:30 withdrawn; 09:30 stop",
        [{"outcome": "met", "ended_at": at("09:30")}],
    ),
    Row(
        "a reset sets elapsed back to zero",
        {"within": "60 minutes", "reset": "moved"},
        "09:00 start; 09:50 moved; 10:40 stop",
        [{"outcome": "met", "elapsed": hm("0:50"), "due_at": at("10:50"), "started_at": at("09:00")}],
    ),
    Row(
        "a reset after the breach does not erase it",
        {"within": "60 minutes", "reset": "moved"},
        "09:00 start; 10:30 moved; 10:40 stop",
        [{"outcome": "breached", "breached_at": at("10:00") + 1, "due_at": at("10:00")}],
    ),
    # -- the latch ------------------------------------------------------------------------------------------
    Row(
        "time while the latch is set does not count",
        {"within": "60 minutes", "pause": "hold", "resume": "back"},
        "09:00 start; 09:10 hold; 11:10 back; 11:40 stop",
        [{"outcome": "met", "elapsed": hm("0:40"), "paused": hm("2:00"), "due_at": at("12:00")}],
    ),
    Row(
        "a pause outside opening hours costs nothing",
        {"within": "2 hours", "calendar": "office", "pause": "hold", "resume": "back"},
        "16:00 start; 18:00 hold; 3T08:00 back; 3T09:30 stop",
        [{"outcome": "met", "elapsed": hm("1:30"), "paused": 0}],
    ),
    Row(
        "while paused there is no due instant, only what remains",
        {"within": "60 minutes", "pause": "hold", "resume": "back"},
        "09:00 start; 09:10 hold",
        [{"outcome": "open", "elapsed": hm("0:10"), "due_at": None, "margin": hm("0:50")}],
        as_of="15:00",
    ),
    Row(
        "a clock that starts while the latch is set is born paused",
        {"within": "60 minutes", "pause": "hold", "resume": "back"},
        "08:00 hold; 09:00 start; 11:00 back; 11:30 stop",
        [{"outcome": "met", "elapsed": hm("0:30"), "paused": hm("2:00")}],
    ),
    Row(
        "resume goes after pause in one stamp, so the clock runs",
        {"within": "60 minutes", "pause": "hold", "resume": "back"},
        "09:00 start; 09:10 back; 09:10 hold; 09:50 stop",
        [{"outcome": "met", "elapsed": hm("0:50"), "paused": 0}],
    ),
    Row(
        "pause_while is read after the event's own field changes, whether or not a clock runs",
        {"within": "60 minutes", "pause_while": {"status": "waiting"}},
        "08:00 note status=waiting; 09:00 start; 10:00 note status=open; 10:30 stop",
        [{"outcome": "met", "elapsed": hm("0:30"), "paused": hm("1:00")}],
    ),
    Row(
        "events and the level set one latch: the level resumes what an event paused, at its change",
        {"within": "60 minutes", "pause": "hold", "resume": "back", "pause_while": {"status": "waiting"}},
        "09:00 start status=open; 09:10 note status=waiting; 09:20 back; 09:30 note status=waiting; 09:40 stop",
        [{"outcome": "met", "elapsed": hm("0:30"), "paused": hm("0:10")}],
    ),
    Row(
        "the field changes of one stamp apply by id, so the latch is read once, at the end: not waiting",
        {"within": "60 minutes", "pause_while": {"status": "waiting"}},
        "09:00 start; 09:10 note status=waiting; 09:10 note status=open; 09:30 stop",
        [{"outcome": "met", "elapsed": hm("0:30"), "paused": 0, "tie": True}],
    ),
    # -- recurs ---------------------------------------------------------------------------------------------
    Row(
        "once: only the first start counts",
        {"within": "60 minutes"},
        "09:00 start; 09:10 start; 09:30 stop; 12:00 start",
        [{"started_at": at("09:00"), "ended_at": at("09:30"), "outcome": "met"}],
    ),
    Row(
        "each: the oldest unanswered start counts, and every idle start opens",
        {"within": "60 minutes", "recurs": "each"},
        "09:00 start; 09:50 start; 10:05 stop; 11:00 start; 11:10 stop",
        [
            {"started_at": at("09:00"), "outcome": "breached", "occurrence": 1},
            {"started_at": at("11:00"), "outcome": "met", "occurrence": 2},
        ],
    ),
    Row(
        "latest: a start while running restarts the clock",
        {"within": "60 minutes", "recurs": "latest"},
        "09:00 start; 09:50 start; 10:45 stop",
        [{"started_at": at("09:00"), "outcome": "met", "elapsed": hm("0:55"), "due_at": at("10:50")}],
    ),
    Row(
        "every: each start opens its own and a stop closes the oldest",
        {"within": "60 minutes", "recurs": "every"},
        "09:00 start; 09:10 start; 09:30 stop; 09:40 stop",
        [
            {"started_at": at("09:00"), "ended_at": at("09:30")},
            {"started_at": at("09:10"), "ended_at": at("09:40")},
        ],
    ),
    Row(
        "every with match: a stop closes the lane whose field is equal",
        {"within": "60 minutes", "recurs": "every", "match": "item"},
        "09:00 start item=x; 09:10 start item=y; 09:30 stop item=y; 09:40 stop item=z",
        [
            {"started_at": at("09:00"), "ended_at": None, "outcome": "open"},
            {"started_at": at("09:10"), "ended_at": at("09:30"), "outcome": "met"},
        ],
        as_of="09:50",
    ),
    Row(
        "every: one stop event closes at most one lane, even in the stamp of a start",
        {"within": "60 minutes", "recurs": "every"},
        "09:00 start; 09:30 stop; 09:30 start",
        [
            {"started_at": at("09:00"), "ended_at": at("09:30")},
            {"started_at": at("09:30"), "ended_at": None},
        ],
        as_of="09:40",
    ),
    Row(
        "stop_all ends every lane",
        {"within": "60 minutes", "recurs": "every", "stop_all": "closed"},
        "09:00 start; 09:10 start; 09:30 closed",
        [{"ended_at": at("09:30"), "outcome": "met"}, {"ended_at": at("09:30"), "outcome": "met"}],
    ),
    # -- reopen ---------------------------------------------------------------------------------------------
    Row(
        "resume: the closed time was a pause",
        {"within": "60 minutes", "reopen": "resume", "reopen_on": "again"},
        "09:00 start; 09:30 stop; 11:00 again; 11:20 stop",
        [{"outcome": "met", "elapsed": hm("0:50"), "ended_at": at("11:20"), "paused": hm("1:30")}],
    ),
    Row(
        "count: the closed time counts, so the limit passed while closed",
        {"within": "60 minutes", "reopen": "count", "reopen_on": "again"},
        "09:00 start; 09:30 stop; 11:00 again; 11:20 stop",
        [{"outcome": "breached", "elapsed": hm("2:20"), "breached_at": at("10:00") + 1}],
    ),
    Row(
        "new: a later start opens another obligation under once",
        {"within": "60 minutes", "reopen": "new"},
        "09:00 start; 09:30 stop; 11:00 start; 11:20 stop",
        [{"outcome": "met", "elapsed": hm("0:30")}, {"outcome": "met", "elapsed": hm("0:20")}],
    ),
    Row(
        "ignore is the default",
        {"within": "60 minutes", "reopen_on": "again"},
        "09:00 start; 09:30 stop; 11:00 again; 11:20 stop",
        [{"outcome": "met", "elapsed": hm("0:30"), "ended_at": at("09:30")}],
    ),
    # -- limits ---------------------------------------------------------------------------------------------
    Row(
        "a count limit counts other events in [start, stop), not the one at the stop",
        {"within": "2 ring"},
        "09:00 start; 09:01 ring; 09:02 ring; 09:03 ring; 09:03 stop",
        [{"outcome": "met", "elapsed": 2, "limit": 2, "margin": 0, "unit": "count", "due_at": None}],
    ),
    Row(
        "one more is breached, at that event",
        {"within": "2 ring"},
        "09:00 start; 09:01 ring; 09:02 ring; 09:03 ring; 09:04 stop",
        [{"outcome": "breached", "elapsed": 3, "margin": -1, "breached_at": at("09:03")}],
    ),
    Row(
        "the start itself is not counted, and silence never breaches a count",
        {"within": "2 ring", "start": "ring"},
        "09:00 ring; 09:01 ring; 09:02 ring",
        [{"outcome": "open", "elapsed": 2, "margin": 0}],
    ),
    Row(
        "an instant that the case carries; being there exactly is in time",
        {"within": "$promised"},
        "09:00 start promised=2026-03-02T10:00:00Z; 10:00 stop",
        [{"outcome": "met", "due_at": at("10:00"), "margin": 0}],
    ),
    Row(
        "a promise moved after the start is no promise",
        {"within": "$promised"},
        "09:00 start promised=2026-03-02T10:00:00Z; 09:30 note promised=2026-03-02T12:00:00Z; 11:00 stop",
        [{"outcome": "breached", "due_at": at("10:00"), "breached_at": at("10:00") + 1, "margin": -HOUR}],
    ),
    Row(
        "an absent promise is unknown",
        {"within": "$promised"},
        "09:00 start; 11:00 stop",
        [{"outcome": "unknown"}],
    ),
    Row(
        "two business days from Monday end with Wednesday; 00:00 of Thursday is late",
        {"within": "2 business days", "calendar": "office"},
        "10:00 start; 5T00:00 stop",
        [{"outcome": "breached", "due_at": at("00:00", 5), "breached_at": at("00:00", 5)}],
    ),
    Row(
        "one minute earlier it is met, on the second day",
        {"within": "2 business days", "calendar": "office"},
        "10:00 start; 4T23:59 stop",
        [{"outcome": "met", "elapsed": 2, "limit": 2, "margin": MINUTE}],
    ),
    Row(
        "the weekend has no business days: Friday's second is Tuesday",
        {"within": "2 business days", "calendar": "office"},
        "6T10:00 start; 10T12:00 stop",
        [{"outcome": "met", "due_at": at("00:00", 11)}],
    ),
    Row(
        "after the cutoff the start is the next open date's opening",
        {"within": "1 business day", "calendar": "office", "cutoff": "14:00"},
        "14:01 start; 4T12:00 stop",
        [{"outcome": "met", "due_at": at("00:00", 5)}],
    ),
    Row(
        "same_time is inclusive",
        {"within": {"limit": "1 business day", "ends": "same_time"}, "calendar": "office"},
        "10:00 start; 3T10:00 stop",
        [{"outcome": "met", "due_at": at("10:00", 3), "margin": 0}],
    ),
    Row(
        "the earlier of a duration and a promise decides",
        {"within": {"earliest_of": ["2 hours", "$promised"]}},
        "09:00 start promised=2026-03-02T10:00:00Z; 10:30 stop",
        [{"outcome": "breached", "due_at": at("10:00")}],
    ),
    Row(
        "a member whose field is absent is left out",
        {"within": {"earliest_of": ["2 hours", "$promised"]}},
        "09:00 start; 10:30 stop",
        [{"outcome": "met", "due_at": at("11:00")}],
    ),
    Row(
        "a smaller limit already exceeded breaches at the change",
        {"within": "4 hours", "overrides": [{"when": {"priority": "P1"}, "within": "1 hour"}]},
        "09:00 start priority=P2; 11:00 note priority=P1; 12:00 stop",
        [{"outcome": "breached", "breached_at": at("11:00"), "limit": HOUR}],
    ),
    Row(
        "carried elapsed: three hours replaced by two after one are due at noon",
        {"within": "3 hours", "overrides": [{"when": {"priority": "high"}, "within": "2 hours"}]},
        "10:00 start priority=medium; 11:00 note priority=high",
        [{"outcome": "open", "due_at": at("12:00")}],
        as_of="11:30",
    ),
    # -- applicability and exclusion ------------------------------------------------------------------------
    Row(
        "what does not apply at the start gives no verdict",
        {"within": "60 minutes", "applies_to": {"tier": "gold"}},
        "09:00 start tier=tin; 09:30 stop",
        [],
    ),
    Row(
        "what ceases to apply is cancelled",
        {"within": "60 minutes", "applies_to": {"tier": "gold"}},
        "09:00 start tier=gold; 09:20 note tier=tin; 09:30 stop",
        [{"outcome": "cancelled", "ended_at": at("09:20")}],
    ),
    Row(
        "an exclusion reads what is last known and keeps what would have been",
        {"within": "60 minutes", "exclude": [{"when": {"cause": "customer"}, "reason": "theirs"}]},
        "09:00 start; 11:00 stop; 12:00 note cause=customer",
        [{"outcome": "excluded", "outcome_otherwise": "breached", "reason": "theirs"}],
    ),
    Row(
        "whether it applies is unknown without the field",
        {"within": "60 minutes", "applies_to": {"tier": "gold"}},
        "09:00 start; 09:30 stop",
        [{"outcome": "unknown"}],
    ),
    Row(
        "a where that is unknown does not stop the clock",
        {"within": "60 minutes", "stop": {"event": "reply", "where": {"by": "human"}}},
        "09:00 start; 09:20 reply; 09:30 reply by=human",
        [{"outcome": "met", "ended_at": at("09:30")}],
    ),
    # -- check ----------------------------------------------------------------------------------------------
    Row(
        "an expectation on an event",
        {"kind": "check", "event": "greeting", "expect": {"text": {"mentions": "$name"}}},
        "09:00 greeting text=hello-ada name=Ada; 09:10 greeting text=hello-adam",
        [{"outcome": "met", "margin": 0}, {"outcome": "breached", "margin": -1, "breached_at": at("09:10")}],
    ),
    Row(
        "an expectation on an absent field is unknown",
        {"kind": "check", "event": "greeting", "expect": {"text": "hello"}},
        "09:00 greeting",
        [{"outcome": "unknown", "margin": None}],
    ),
    Row(
        "missing_by demands an event that never came",
        {"kind": "check", "event": "greeting", "expect": {"text": "hello"}, "missing_by": "ended"},
        "09:00 ended",
        [{"outcome": "breached", "started_at": at("09:00"), "margin": -1}],
    ),
    # -- gauge ----------------------------------------------------------------------------------------------
    Row(
        "crossing a bound demands the reaction within the limit",
        {
            "kind": "gauge",
            "level": {"plus": "in", "minus": "out"},
            "above": 1,
            "then": "opened",
            "within": "2 minutes",
        },
        "09:00 in; 09:01 in; 09:03 opened",
        [{"outcome": "met", "started_at": at("09:01"), "elapsed": 2 * MINUTE}],
    ),
    Row(
        "a level that falls back first cancels, and the next crossing opens anew",
        {
            "kind": "gauge",
            "level": {"plus": "in", "minus": "out"},
            "above": 1,
            "then": "opened",
            "within": "2 minutes",
        },
        "09:00 in; 09:01 in; 09:02 out; 09:05 in; 09:08 opened",
        [
            {"outcome": "cancelled", "ended_at": at("09:02")},
            {"outcome": "breached", "breached_at": at("09:07") + 1},
        ],
    ),
    Row(
        "on_return keep demands it all the same",
        {
            "kind": "gauge",
            "level": {"plus": "in", "minus": "out"},
            "above": 1,
            "then": "opened",
            "within": "2 minutes",
            "on_return": "keep",
        },
        "09:00 in; 09:01 in; 09:02 out; 09:03 opened",
        [{"outcome": "met", "started_at": at("09:01"), "ended_at": at("09:03")}],
    ),
    Row(
        "a minus at 0 is ignored, so one plus is one",
        {"kind": "gauge", "level": {"plus": "in", "minus": "out"}, "above": 0},
        "09:00 out; 09:01 out; 09:02 in",
        [{"outcome": "breached", "breached_at": at("09:02"), "margin": -1, "unit": "level"}],
    ),
    Row(
        "without a reaction there is one verdict, its margin the worst level",
        {"kind": "gauge", "level": {"plus": "in", "minus": "out"}, "above": 1},
        "09:00 in; 09:01 in; 09:02 in; 09:03 out; 09:04 out",
        [{"outcome": "breached", "breached_at": at("09:01"), "margin": -2, "started_at": at("09:00")}],
    ),
    Row(
        "a level that nothing has touched is not out of bounds",
        {"kind": "gauge", "level": {"set": "$degrees", "on": "read"}, "below": 135},
        "09:00 note; 09:10 read degrees=140",
        [{"outcome": "open", "started_at": at("09:10"), "margin": 5}],
    ),
    # -- what the text leaves open: docs/decisions/0012 -------------------------------------------------------
    Row(
        "an escalated ticket appears as from its start",
        {"within": "4 hours", "applies_to": {"priority": "P1"}},
        "09:00 start priority=P2; 11:00 note priority=P1; 12:00 stop",
        [{"outcome": "met", "started_at": at("09:00"), "elapsed": hm("3:00"), "due_at": at("13:00")}],
    ),
    Row(
        "under restart its clock begins at the change",
        {"within": "4 hours", "applies_to": {"priority": "P1"}, "on_change": "restart"},
        "09:00 start priority=P2; 11:00 note priority=P1; 12:00 stop",
        [{"outcome": "met", "started_at": at("09:00"), "elapsed": hm("1:00"), "due_at": at("15:00")}],
    ),
    Row(
        "under freeze it never appears",
        {"within": "4 hours", "applies_to": {"priority": "P1"}, "on_change": "freeze"},
        "09:00 start priority=P2; 11:00 note priority=P1; 12:00 stop",
        [],
    ),
    Row(
        "what was broken before it ceased to apply stays broken, and ends there",
        {"within": "1 hour", "applies_to": {"priority": "P1"}},
        "09:00 start priority=P1; 11:00 note priority=P2; 12:00 stop",
        [{"outcome": "breached", "ended_at": at("11:00"), "elapsed": hm("2:00"), "limit": HOUR}],
    ),
    Row(
        "as long as nobody knows whether it applies nothing is broken",
        {"within": "1 hour", "applies_to": {"priority": "P1"}},
        "09:00 start; 12:00 stop",
        [{"outcome": "unknown", "breached_at": None}],
    ),
    Row(
        "a promise that is absent at the start is the first value that comes, and stays",
        {"within": "$promised"},
        "09:00 start; 09:10 note promised=2026-03-02T10:00:00Z; 09:20 note promised=2026-03-02T12:00:00Z; 10:30 stop",
        [{"outcome": "breached", "due_at": at("10:00"), "margin": -hm("0:30")}],
    ),
    Row(
        "when the case ends a clock that runs is cancelled",
        {"within": "1 hour", "ends": "over"},
        "09:00 start; 09:30 over; 09:40 stop",
        [{"outcome": "cancelled", "ended_at": at("09:30"), "reason": "the case ended"}],
    ),
    Row(
        "each deadline demands an event since the one before, several of one stamp only one",
        {"kind": "check", "event": "greeting", "expect": {"text": "hello"}, "missing_by": "ended"},
        "09:00 greeting text=hello; 09:10 ended; 09:10 ended; 09:20 ended",
        [
            {"outcome": "met"},
            {"outcome": "breached", "started_at": at("09:20"), "limit": 0, "margin": -1, "elapsed": None},
        ],
    ),
    Row(
        "an extension gives a new limit from the same start",
        {"within": "1 hour", "extend": {"event": "holding", "within": "3 hours"}},
        "09:00 start; 09:30 holding; 11:30 stop",
        [{"outcome": "met", "limit": 3 * HOUR, "due_at": at("12:00")}],
    ),
    Row(
        "an extension comes too late for what is broken",
        {"within": "1 hour", "extend": {"event": "holding", "within": "3 hours"}},
        "09:00 start; 10:30 holding; 11:30 stop",
        [{"outcome": "breached", "limit": HOUR}],
    ),
    Row(
        "a case that no row of a table fits is one to which the standard does not apply",
        {
            "within": "1 hour",
            "overrides": [{"by": ["plan"], "set": ["within"], "rows": [["gold", "2 hours"]]}],
        },
        "09:00 start plan=tin; 09:30 stop",
        [],
    ),
    # -- order ----------------------------------------------------------------------------------------------
    Row(
        "an event needs another before it",
        {"kind": "order", "event": "cut", "needs": "notice", "at_least": "1 hour"},
        "09:00 notice; 09:30 cut; 10:00 cut; 11:00 cut",
        [
            {"outcome": "breached", "elapsed": hm("0:30"), "limit": HOUR, "margin": -hm("0:30")},
            {"outcome": "met", "margin": 0},
            {"outcome": "met", "margin": HOUR},
        ],
    ),
    Row(
        "with nothing before it, it is broken",
        {"kind": "order", "event": "cut", "needs": "notice"},
        "09:30 cut; 10:00 notice",
        [{"outcome": "breached", "breached_at": at("09:30"), "elapsed": None}],
    ),
    Row(
        "another event of the same instant is before, itself is not",
        {"kind": "order", "event": ["cut", "both"], "needs": ["notice", "both"]},
        "09:00 both; 10:00 cut; 10:00 notice",
        [{"outcome": "breached"}, {"outcome": "met", "elapsed": 0}],
    ),
    Row(
        "fresh: one since the previous judged event, which those of one stamp share",
        {"kind": "order", "event": "cut", "needs": "notice", "fresh": True},
        "09:00 notice; 10:00 cut; 10:00 cut; 11:00 cut; 12:00 notice; 12:30 cut",
        [{"outcome": "met"}, {"outcome": "met"}, {"outcome": "breached"}, {"outcome": "met"}],
    ),
    Row(
        "immediately: any event of the case comes in between, but not those of the two instants",
        {"kind": "order", "event": "cut", "needs": "notice", "immediately": True},
        "09:00 notice; 09:00 note; 10:00 note; 10:00 cut; 11:00 notice; 11:30 note; 12:00 cut",
        [{"outcome": "met"}, {"outcome": "breached"}],
    ),
    Row(
        "the event wanted is the first of its case",
        {"kind": "order", "event": "hello", "position": "first"},
        "09:00 note; 09:10 hello",
        [{"outcome": "breached", "breached_at": at("09:00")}],
    ),
    Row(
        "the last of its case is known when the case ends",
        {"kind": "order", "event": "bye", "position": "last", "ends": "over"},
        "09:00 note; 09:10 bye; 09:20 over",
        [{"outcome": "met", "started_at": at("09:00"), "ended_at": at("09:20")}],
    ),
    # -- quantity -------------------------------------------------------------------------------------------
    Row(
        "without after the case's first event opens the scope and counts",
        {"kind": "quantity", "count": "ring", "at_most": 2},
        "09:00 ring; 09:01 ring; 09:02 ring",
        [
            {
                "outcome": "breached",
                "breached_at": at("09:02"),
                "elapsed": 3,
                "margin": -1,
                "started_at": at("09:00"),
            }
        ],
    ),
    Row(
        "with after the event that opens does not count, and what closes does not either",
        {"kind": "quantity", "count": "ring", "at_least": 2, "after": "ring", "until": "stop"},
        "09:00 ring; 09:01 ring; 09:02 stop",
        [{"outcome": "breached", "breached_at": at("09:02"), "elapsed": 1, "limit": 2, "margin": -1}],
    ),
    Row(
        "a scope closes at the first microsecond past its length",
        {"kind": "quantity", "count": "ring", "at_most": 1, "after": "start", "within": "1 hour"},
        "09:00 start; 10:00 ring; 10:30 ring",
        [{"outcome": "met", "elapsed": 1, "ended_at": at("10:00") + 1}],
    ),
    Row(
        "every calendar window has its verdict, empty ones too",
        {"kind": "quantity", "count": "ring", "at_least": 1, "per": "day"},
        "09:00 ring; 4T10:00 ring",
        [
            {"outcome": "met", "started_at": at("09:00"), "ended_at": at("00:00", 3)},
            {
                "outcome": "breached",
                "started_at": at("00:00", 3),
                "breached_at": at("00:00", 4),
                "elapsed": 0,
            },
            {"outcome": "open", "started_at": at("00:00", 4), "elapsed": 1},
        ],
        as_of="4T12:00",
        book={"timezone": "Europe/London"},
    ),
    Row(
        "time in a state is open time on the calendar",
        {"kind": "quantity", "time_in": {"status": "down"}, "at_most": "1 hour", "calendar": "office"},
        "16:30 note status=down; 3T09:15 note status=up; 3T10:00 note status=down",
        [{"outcome": "breached", "breached_at": at("10:15", 3) + 1, "due_at": at("10:15", 3)}],
        as_of="3T11:00",
    ),
    Row(
        "a sum adds what the events carry themselves",
        {"kind": "quantity", "sum": {"field": "amount", "of": "refund"}, "at_most": 100},
        "09:00 refund amount=60; 09:10 refund; 09:20 refund amount=40",
        [{"outcome": "open", "elapsed": 100, "margin": 0, "unit": "amount"}],
    ),
    Row(
        "a level read from a field",
        {"kind": "gauge", "level": {"set": "$degrees", "on": "read"}, "below": 135},
        "09:00 read degrees=140; 09:10 read degrees=130; 09:20 read degrees=150",
        [{"outcome": "breached", "breached_at": at("09:10"), "margin": -5}],
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.says)
def test_oracle_follows_the_rule(row: Row) -> None:
    check_row(row)


ITEMS = [
    ("all", ["on", "on"], "met", 0),
    ("all", ["on", "off"], "breached", -1),
    ("all", [], "met", 0),
    ("all", None, "unknown", None),
    ("any", ["off", "on"], "met", 0),
    ("any", [], "breached", -1),
    ({"at_least": 2}, ["on", "on", "off"], "met", 0),
    ({"at_least": 2}, ["on", "off", "off"], "breached", -1),
    ("90%", ["on"] * 9 + ["off"], "met", 0),
    ("90%", ["on"] * 8 + ["off"] * 2, "breached", -1),
    ("all", ["on", None], "unknown", None),
    ("all", ["off", None], "breached", -1),
]


@pytest.mark.parametrize(("require", "belts", "outcome", "margin"), ITEMS)
def test_items_are_counted_three_valued(
    require: object, belts: list | None, outcome: str, margin: int | None
) -> None:
    fields: dict = {"case": "A"}
    if belts is not None:
        fields["passengers"] = [{"belt": belt} if belt else {"seat": 1} for belt in belts]
    event = {"t": 0, "kind": "checked", "fields": fields, "id": "1", "sequence": None}
    standard = {
        "id": "it",
        "kind": "check",
        "event": "checked",
        "for_each": "passengers",
        "expect": {"belt": "on"},
    }
    book = {"case": "case", "standards": [standard | {"require": require}]}
    (row,) = evaluate(book, [event], 0)
    assert (row["outcome"], row["margin"]) == (outcome, margin)


def test_equal_copies_count_once_and_the_highest_sequence_stays() -> None:
    start, stop = log("09:00 start; 09:30 stop")
    moved = stop | {"t": at("10:30"), "sequence": 2}
    first = stop | {"sequence": 1}
    book = {
        "case": "case",
        "standards": [{"id": "it", "kind": "respond", "start": "start", "stop": "stop", "within": "1 hour"}],
    }
    (row,) = evaluate(book, [moved, start, first, start], at("12:00"))
    assert row["outcome"] == "breached"
    assert row["ended_at"] == at("10:30")


def test_a_list_as_key_puts_the_event_in_the_case_of_each() -> None:
    start = {"t": 0, "kind": "start", "fields": {"case": ["B", "A"]}, "id": "1", "sequence": None}
    book = {
        "case": "case",
        "standards": [{"id": "it", "kind": "respond", "start": "start", "stop": "stop", "within": "1 hour"}],
    }
    assert [row["case"] for row in evaluate(book, [start], 0)] == [("A",), ("B",)]
