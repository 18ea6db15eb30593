"""Events of a case as sets of one stamp, and the fields of the case after each."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from functools import cached_property

from oracle.conditions import Facts


@dataclass(frozen=True, eq=False)
class Event:
    t: int
    kind: str
    fields: dict
    id: str | None
    sequence: int | None

    @cached_property
    def key(self) -> tuple:
        """The order inside a stamp: by id, numeric ids as numbers, then by content; never by position."""
        if self.id is None:
            name: tuple = (0, 0, "")
        elif self.id.isdecimal():
            name = (1, int(self.id), self.id)
        else:
            name = (2, 0, self.id)
        return (*name, self.kind, json.dumps(self.fields, sort_keys=True, default=str))

    @cached_property
    def order(self) -> tuple:
        return (self.t, -1 if self.sequence is None else self.sequence, self.key)


@dataclass
class Stamp:
    """The events of one (time, sequence), in the order in which their field changes apply."""

    t: int
    sequence: int | None
    events: list[Event]
    fields: dict
    changes: list[dict]

    def facts(self, event: Event, calendars: dict) -> Facts:
        return Facts(event.fields, self.fields, event.t, event.kind, calendars)


def read_log(rows: list[dict]) -> list[Event]:
    """Merge what has the same id: equal content counts once, of different content the highest sequence stays."""
    by_id: dict[str, Event] = {}
    kept = []
    for row in rows:
        fields = {name: value for name, value in row["fields"].items() if value is not None}
        event = Event(row["t"], row["kind"], fields, row.get("id"), row.get("sequence"))
        if event.id is None:
            kept.append(event)
            continue
        other = by_id.get(event.id)
        if other is None or (event.sequence is not None and event.sequence > (other.sequence or -1)):
            by_id[event.id] = event
    return sorted(kept + list(by_id.values()), key=lambda event: event.order)


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


def stamps_of(events: list[Event], *, backwards: bool) -> list[Stamp]:
    """Group the events of a case by stamp; `backwards` reverses the order inside each (to find ties that matter)."""
    stamps, fields = [], {}
    for (t, _), group in itertools.groupby(events, key=lambda event: event.order[:2]):
        members = sorted(group, key=lambda event: event.key, reverse=backwards)
        fields = dict(fields)
        for event in members:
            fields.update(event.fields)
        stamps.append(Stamp(t, members[0].sequence, members, fields, [event.fields for event in members]))
    return stamps
