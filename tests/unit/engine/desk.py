"""A desk for one case: a story of events in one line, a standard in keywords, verdicts in short words.

`opened@0 held@10 closed@30:by=ann` is three events at minutes after Monday, 2 March 2026, 09:00 in London (UTC), the
last of which carries a field; `#3` after the minute is a sequence. Verdicts read `0-30 met 20`: from, to, outcome,
minutes (or rings, points, items) used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import servstd
from servstd.engine import Carry, Obligation, step
from servstd.events.log import Row
from servstd.plan.plan import Plan

MINUTE = 60_000_000
NINE = int(datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp()) * 1_000_000
CALENDARS: Mapping[str, Any] = {
    "office": {"timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:00"}},
    "mornings": {"timezone": "Europe/London", "hours": {"mon-fri": "09:00-12:00"}},
    "lunch": {"timezone": "Europe/London", "hours": {"mon-fri": "12:00-13:00"}},
}


def minute(at: float) -> int:
    """Return the instant of a minute of the desk, µs."""
    return NINE + round(at * MINUTE)


def plan_of(**standard: Any) -> Plan:
    """Return a standard compiled; a `respond` within 60 minutes unless the keywords say otherwise."""
    kind = standard.get("kind", "respond")
    frame = {"start": "opened", "stop": "closed", "within": "60 minutes"} if kind == "respond" else {}
    told = {"id": "s", "kind": kind, "case": "case", **frame, **standard}
    return servstd.Book(standards=[told], calendars=CALENDARS, timezone="Europe/London").plans[0]


def rows_of(story: str, **more: Any) -> list[Row]:
    """Return the events of a story in the order in which they are written.

    Args:
        story: The events.
        more: Fields by the name of their event, where a word cannot say them: `checked={"items": [...]}`.
    """
    return [_row(word, place, more) for place, word in enumerate(story.split())]


def _row(word: str, place: int, more: Mapping[str, Any]) -> Row:
    head, _, tail = word.partition(":")
    kind, _, when = head.partition("@")
    at, _, sequence = when.partition("#")
    fields = {
        name: _value(value) for name, _, value in (one.partition("=") for one in tail.split(",") if one)
    }
    return Row(
        minute(float(at)),
        kind,
        fields | more.get(kind, {}),
        int(sequence) if sequence else None,
        str(place),
        place,
    )


def _value(text: str) -> object:
    return int(text) if text.lstrip("-").isdigit() else None if text == "" else text


def judge(
    story: str, *, as_of: float | None = None, fields: Mapping[str, Any] | None = None, **standard: Any
) -> list[Obligation]:
    """Return the obligations of a story; `as_of` is its last event's minute when left out."""
    rows = rows_of(story, **(fields or {}))
    end = max((row.time_us for row in rows), default=NINE) if as_of is None else minute(as_of)
    return step(plan_of(**standard), rows, None, as_of=end)[0]


def told(obligations: Sequence[Obligation], unit: int = MINUTE) -> list[str]:
    """Return obligations in short words: `0-30 met 20`, `0- open 40`."""
    return [_told(one, unit) for one in obligations]


def _told(one: Obligation, unit: int) -> str:
    end = "" if one.ended_at is None else _short(one.ended_at - NINE, MINUTE)
    used = "" if one.elapsed is None else " " + _short(one.elapsed, unit)
    return f"{_short(one.started_at - NINE, MINUTE)}-{end} {one.outcome}{used}"


def _short(us: int, unit: int) -> str:
    whole, rest = divmod(us, unit)
    return f"{whole}+{rest}us" if rest else str(whole)


def breached(obligations: Sequence[Obligation]) -> list[str | None]:
    """Return the minutes at which obligations were breached."""
    return [
        None if one.breached_at is None else _short(one.breached_at - NINE, MINUTE) for one in obligations
    ]


def due(obligations: Sequence[Obligation]) -> list[str | None]:
    """Return the minutes at which obligations are due."""
    return [None if one.due_at is None else _short(one.due_at - NINE, MINUTE) for one in obligations]


def begin(**standard: Any) -> tuple[Plan, Carry]:
    """Return a standard compiled and the carry of a case nobody has spoken of."""
    plan = plan_of(**standard)
    return plan, Carry.begin(plan)
