from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

import servstd

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
OFFICE = {"timezone": "UTC", "hours": {"mon-fri": "09:00-17:00"}}


@pytest.fixture
def judge():
    """Return a function that judges rows of (case, minute, event, fields) by one standard."""

    def judged(rows, *, as_of=None, calendars=(), book=(), ids=None, **standard):
        told = {
            "id": "reply", "kind": "respond", "case": "id", "start": "asked", "stop": "answered", "within": "1 hour",
        }  # fmt: skip
        whole = {"timezone": "UTC", "calendars": dict(calendars), "standards": [told | standard]} | dict(book)
        log = servstd.read_events(
            [
                {"id": case, "time": NINE + timedelta(minutes=minute), "event": event}
                | (fields[0] if fields else {})
                for case, minute, event, *fields in rows
            ],
            time="time",
            event="event",
            id=ids,
        )
        until = None if as_of is None else NINE + timedelta(minutes=as_of)
        return servstd.evaluate(servstd.loads(json.dumps(whole), format="json"), log, as_of=until)

    return judged


@pytest.fixture
def office():
    return {"calendars": {"office": OFFICE}, "calendar": "office"}
