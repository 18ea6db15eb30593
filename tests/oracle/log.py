"""Events of a case as sets of one stamp, and the fields of the case after each."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass

from oracle.conditions import Facts


@dataclass(frozen=True, eq=False)
class Event:
    t: int
    kind: str
    fields: dict
    id: str | None
    sequence: int | None
    content: tuple  # kind, then field by field

    @property
    def key(self) -> tuple:
        """The order inside a stamp: by id, numeric ids as numbers, then by content; never by position."""
        if self.id is None:
            return (0, 0, "", self.content)
        if self.id.isdecimal():
            return (1, int(self.id), self.id, self.content)
        return (2, 0, self.id, self.content)

    @property
    def stamp(self) -> tuple[int, int]:
        return (self.t, -1 if self.sequence is None else self.sequence)


@dataclass
class Stamp:
    """The events of one (time, sequence), in the order in which their field changes apply."""

    t: int
    sequence: int | None
    events: list[Event]
    fields: dict
    changes: list[dict]
    is_alone: bool = False  # whether events of one stamp are taken one by one

    def facts(self, event: Event, calendars: dict) -> Facts:
        return Facts(event.fields, self.fields, event.t, event.kind, calendars)


def undated_in(rows: list[dict]) -> list[Event]:
    """Return the events whose time cannot be read, as if of 1970; none of them is merged with another."""
    names = sorted({name for row in rows for name in row["fields"]})
    found = []
    for row in rows:
        if row["t"] is None:
            fields = {name: value for name, value in row["fields"].items() if value is not None}
            content = (row["kind"], *(as_text(fields.get(name)) for name in names))
            found.append(Event(0, row["kind"], fields, row.get("id"), None, content))
    return found


def read_log(rows: list[dict]) -> list[Event]:
    """Merge what has the same id: equal content counts once, of different content the highest sequence stays.

    Without a sequence the later one stays, and of one stamp the last by content. Rows without an id never merge.
    """
    names = sorted({name for row in rows for name in row["fields"]})
    rows = [row for row in rows if row["t"] is not None]
    by_id: dict[str, Event] = {}
    kept = []
    for row in rows:
        fields = {name: value for name, value in row["fields"].items() if value is not None}
        content = (row["kind"], *(as_text(fields.get(name)) for name in names))
        event = Event(row["t"], row["kind"], fields, row.get("id"), row.get("sequence"), content)
        if event.id is None:
            kept.append(event)
        elif event.id not in by_id or rank(event) > rank(by_id[event.id]):
            by_id[event.id] = event
    return sorted(kept + list(by_id.values()), key=lambda event: (event.stamp, event.key))


def rank(event: Event) -> tuple:
    return (event.stamp[1], event.t, event.content)


def as_text(value: object) -> str:
    """Return what a field carries as text that tells types apart; nothing carried comes first."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "s" + value
    if isinstance(value, bool):
        return "b" + str(int(value))
    if isinstance(value, int):
        return f"n{value}"
    if isinstance(value, list):
        return "l" + json.dumps([as_text(each) for each in value])
    assert isinstance(value, dict)
    return "m" + json.dumps({name: as_text(value[name]) for name in sorted(value)})


def cases_of(events: list[Event], keys: list[str]) -> dict[tuple[str, ...], list[Event]]:
    """Return the events of each case; one whose key is a list belongs to the case of each element."""
    found: dict[tuple[str, ...], list[Event]] = {}
    for event in events:
        if any(event.fields.get(key) is None for key in keys):
            continue
        values = [event.fields[key] for key in keys]
        for case in sorted(set(itertools.product(*(v if isinstance(v, list) else [v] for v in values)))):
            found.setdefault(tuple(str(part) for part in case), []).append(event)
    return dict(sorted(found.items()))


def stamps_of(events: list[Event]) -> list[Stamp]:
    """Group the events of a case by stamp."""
    return laid_out([list(group) for _, group in itertools.groupby(events, key=lambda event: event.stamp)])


def one_by_one(events: list[Event], *, backwards: bool) -> list[Stamp]:
    """Let the events of one stamp come one by one, to find the ties that matter."""
    order = sorted(events, key=lambda event: event.key, reverse=backwards)
    return laid_out([[event] for event in sorted(order, key=lambda event: event.stamp)], is_alone=True)


def laid_out(groups: list[list[Event]], *, is_alone: bool = False) -> list[Stamp]:
    stamps, fields = [], {}
    for members in groups:
        fields = dict(fields)
        for event in members:
            fields.update(event.fields)
        stamps.append(
            Stamp(
                members[0].t,
                members[0].sequence,
                members,
                fields,
                [event.fields for event in members],
                is_alone,
            )
        )
    return stamps
