from __future__ import annotations

import pytest

import servstd

BOOK = """
timezone: Europe/London
calendars:
  office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}, holidays: ["2026-05-04"]}
standards:
- id: resolve
  title: Resolve within 4 hours
  kind: respond
  case: ticket
  start: opened
  stop: resolved
  within: 4 hours
  calendar: office
  pause_while: {status: waiting}
- {id: greet, kind: check, case: ticket, event: greeted, expect: {by: human}}
"""

EVENTS = [
    # Friday 1 May 2026; Monday the 4th is a holiday
    {"time": "2026-05-01T15:00+01:00", "event": "opened", "ticket": "T-1", "status": "open"},
    {"time": "2026-05-01T16:00+01:00", "event": "updated", "ticket": "T-1", "status": "waiting"},
    {"time": "2026-05-05T10:00+01:00", "event": "updated", "ticket": "T-1", "status": "open"},
    {"time": "2026-05-05T14:30+01:00", "event": "resolved", "ticket": "T-1"},
    {"time": "2026-05-01T09:00+01:00", "event": "opened", "ticket": "T-2", "status": "open"},
    {"time": "2026-05-01T10:30+01:00", "event": "resolved", "ticket": "T-2"},
    {"time": "2026-05-01T16:00+01:00", "event": "opened", "ticket": "T-3", "status": "open"},
    {"time": "2026-05-01T09:01+01:00", "event": "greeted", "ticket": "T-2", "by": "human"},
    {"time": "2026-05-05T16:00+01:00", "event": "other", "shift": "late"},
]


@pytest.fixture
def book():
    return servstd.loads(BOOK)


@pytest.fixture
def report(book):
    return servstd.evaluate(book, servstd.read_events(EVENTS))
