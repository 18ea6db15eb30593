"""What could not be read: an event of a case is put at every instant of a fine grid, and what comes out is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from oracle.frame import Standard
from oracle.log import Event, stamps_of
from oracle.quantity import is_rolling, window_begin

MINUTE = 60_000_000
DAY = 1440 * MINUTE
READ = ("update", "note", "moved")
"""Kinds of event that some standards read by `*`."""

Judge = Callable[[list[Event]], list[dict]]


def in_doubt(  # noqa: PLR0917
    standard: Standard, events: list[Event], undated: list[Event], rows: list[dict], judge: Judge, as_of: int
) -> list[dict]:
    """Return the rows of a case, those that some time for an undated event could change being unknown.

    An undated event that would open one more row and changes no other gives one unknown; so does a case that has
    nothing else.
    """
    relevant = [event for event in undated if reads(standard, event, events)]
    if not relevant:
        return rows
    changed: dict[int, Event] = {}
    more: dict[int, Event] = {}
    for placed, told in assignments(relevant, events, as_of):
        others = judge(sorted([*events, *placed], key=lambda event: (event.stamp, event.key)))
        for place in differing(standard, rows, others, events, placed):
            changed.setdefault(place, told)
        if (
            len(others) > len(rows)
            and not (is_tiled(standard) and rows)
            and not (counts_first(standard) and more)
        ):
            more.setdefault(id(told), told)
    told_rows = [unknown(row) if place in changed else row for place, row in enumerate(rows)]
    at = min(events[-1].t, as_of) if events else as_of
    blank = dict.fromkeys(("ended_at", "due_at", "breached_at", "elapsed", "limit", "margin"))
    empty = {"standard": standard.spec["id"], "paused": 0, "tie": False, "outcome_otherwise": None}
    empty["unit"] = unit_of_kind(standard)
    extra = {**blank, **empty, "outcome": "unknown", "started_at": at, "ended_at": at, "order": (2**62, 0, 0)}
    if not rows and not events:
        facts = standard.facts(
            {}, {name: v for event in relevant for name, v in event.fields.items()}, as_of, ""
        )
        return [] if standard.applies(facts) is False else [extra]
    blamed = {id(event) for event in changed.values()}
    return told_rows + [dict(extra) for event in more.values() if id(event) not in blamed]


def counts_first(standard: Standard) -> bool:
    """Say whether only the first start of a case counts, so that there is one verdict at most."""
    if standard.spec["kind"] == "quantity":
        return standard["span"] is not None
    return (
        standard.spec["kind"] == "respond"
        and standard["every"] is None
        and standard["recurs"] in (None, "once")
    )


def unit_of_kind(standard: Standard) -> str:
    """Say what the standard counts in where no verdict says it."""
    kind = standard.spec["kind"]
    if kind == "quantity":
        is_time = standard["time_in"] is not None or standard["span"] is not None
        return "time" if is_time else "count" if standard["count"] is not None else "amount"
    if kind == "gauge":
        return "level" if standard["then"] is None else "time"
    return {"check": "items"}.get(kind, standard.unit)


def reads(standard: Standard, event: Event, events: list[Event]) -> bool:
    """Say whether the standard would read the event: it names its kind, or a field that the event would change."""
    text = repr({name: value for name, value in standard.spec.items() if name != "id"})
    if is_rolling(standard) and standard["at_least"] is not None:
        return True  # the first event of the case begins a window, whatever it is
    if standard["every"] is not None and standard["start"] is None:
        return True  # and so it does a period
    if f"'{event.kind}'" in text or "'*'" in text or standard["immediately"] or standard["position"]:
        return True
    named = [name for name in event.fields if f"'{name}'" in text or f"${name}" in text]
    if not events:
        return bool(named)
    return any(any(other.fields.get(name) != event.fields[name] for other in events) for name in named)


def assignments(undated: list[Event], events: list[Event], as_of: int) -> Iterator[tuple[list[Event], Event]]:
    times = list(grid(events, as_of))
    for event in undated:
        for at in times:
            yield [replace(event, t=at)], event
    if len(undated) > 1:
        for at in times:
            yield [replace(event, t=at) for event in undated], undated[0]


def grid(events: list[Event], as_of: int) -> Iterator[int]:
    """Yield every half hour from a year before the case, thin far away, and the microseconds around each event."""
    stamps = sorted({event.t for event in events} | {as_of})
    found = {at + step for at in stamps for step in (0, 1, -1)}
    first = stamps[0]
    found |= {first - halves * DAY // 2 for halves in range(2, 30)}
    found |= {first - hours * 60 * MINUTE for hours in range(1, 25)}
    found |= {first - days * DAY for days in (40, 366)}
    at = first - DAY
    while at <= as_of:
        found |= {at, at + 1, at - 1}
        at += 30 * MINUTE if at < stamps[-1] + DAY else DAY
    for stamp in stamps:
        for minutes in (15, 16, 30, 31, 45, 60, 90, 91, 120, 240, 480):
            found |= {stamp + sign * minutes * MINUTE + step for sign in (1, -1) for step in (0, 1, -1)}
    return (at for at in sorted(found) if at <= as_of)


def differing(
    standard: Standard, rows: list[dict], others: list[dict], events: list[Event], placed: list[Event]
) -> Iterator[int]:
    """Yield the places of the rows that come out otherwise; a row is known by the event that opened it."""
    every = sorted([*events, *placed], key=lambda event: (event.stamp, event.key))
    by_opener = {identity(standard, other, every): other for other in others}
    for place, row in enumerate(rows):
        other = by_opener.get(identity(standard, row, events))
        if other is None and len(others) == len(rows):
            other = others[place]
        if other is None or result(standard, row) != result(standard, other):
            yield place


def result(standard: Standard, row: dict) -> tuple:
    measured = row["limit"] is None and row["due_at"] is None and standard["needs"] is None
    return row["outcome"], row["elapsed"] if measured else None


def is_tiled(standard: Standard) -> bool:
    return standard.spec["kind"] == "quantity" and standard["per"] is not None and not is_rolling(standard)


def identity(standard: Standard, row: dict, events: list[Event]) -> tuple:
    if is_tiled(standard):
        assert standard.zone is not None
        return ("window", window_begin(row["started_at"], standard["per"], standard.zone))
    return (row["started_at"], id(opener_of(row, events)))


def opener_of(row: dict, events: list[Event]) -> Event | None:
    """Return the event that opened a row, by the number of its stamp and its place in it."""
    _, number, place = row["order"]
    stamps = stamps_of(events)
    if number >= len(stamps) or place >= len(stamps[number].events) or stamps[number].t != row["started_at"]:
        return None
    return stamps[number].events[place]


def unknown(row: dict) -> dict:
    return row | {
        "outcome": "unknown", "outcome_otherwise": None, "breached_at": None, "elapsed": None, "margin": None,
        "reason": None,
    }  # fmt: skip
