"""The events of a log and what a case carries at an instant (semantics §1, §4.2, §5, §6)."""

from dataclasses import dataclass, field

from .instants import read_instant, zone_named

NULLS = (None, "", "?", "NULL")


@dataclass(frozen=True, eq=False)
class Event:
    time: int
    kind: str
    fields: dict = field(hash=False)
    row: int = 0
    id: object = None
    sequence: object = None

    def __repr__(self):
        from .instants import show

        return f"{show(self.time)} {self.kind} {self.fields}"


@dataclass(frozen=True, eq=False)
class Unread:
    """A row whose time could not be read (§5); `zone` says nothing of it but its fields and its kind."""

    kind: str
    fields: dict
    row: int


def read_log(rows, options):
    """Rows into events and rows that could not be read."""
    zone = zone_named(options["timezone"]) if options.get("timezone") else None
    fold = 1 if options.get("fold") == "later" else 0
    times = options.get("times", ())
    events, unread, seen = [], [], {}
    for number, row in enumerate(rows, start=1):
        fields = {k: v for k, v in row.items() if k not in ("time", "event")}
        for name in times:
            if fields.get(name) is not None:
                fields[name] = Instant(read_instant(fields[name], zone, fold))
                if fields[name].us is None:
                    del fields[name]
        us = read_instant(row.get("time"), zone, fold)
        if us is None:
            unread.append(Unread(row["event"], fields, number))
            continue
        name = row.get(options["id"]) if options.get("id") else None
        sequence = row.get(options["sequence"]) if options.get("sequence") else None
        event = Event(us, row["event"], fields, number, name, sequence)
        if (
            name is not None and name in seen
        ):  # §6: same id and content counts once; the highest sequence stays
            other = seen[name]
            if (sequence or 0, us) <= (other.sequence or 0, other.time):
                continue
            events.remove(other)
        if name is not None:
            seen[name] = event
        events.append(event)
    return sorted(events, key=order_key), unread


@dataclass(frozen=True)
class Instant:
    """A field that holds an instant."""

    us: int


def order_key(event):
    """§4.2: time, sequence; within a stamp by event id (numeric ids as numbers), then by content."""
    sequence = event.sequence if event.sequence is not None else 0
    name = str(event.id) if event.id is not None else ""
    numeric = (0, int(name), "") if name.isdigit() else (1, 0, name)
    return event.time, sequence, numeric, event.kind, sorted((k, str(v)) for k, v in event.fields.items())


class Case:
    """All events of one case, and what it carries when."""

    def __init__(self, key, events, unread=(), nulls="keep"):
        self.key, self.events, self.unread, self.nulls = key, events, list(unread), nulls
        self.stamps = sorted({event.time for event in events})

    def at(self, stamp):
        return [event for event in self.events if event.time == stamp]

    def fields(self, us):
        """The case's fields as last known at an instant, what happens at it included (§1: a null leaves the value)."""
        known = {}
        for event in self.events:
            if event.time <= us:
                for name, value in event.fields.items():
                    if value not in NULLS:
                        known[name] = value
                    elif self.nulls == "clear":
                        known.pop(name, None)
        return known


def key_of(fields, names):
    """The keys of the cases that an event belongs to: one for each element of a list (§6); none without its key."""
    keys = [()]
    for name in names:
        value = fields.get(name)
        if value in NULLS or value == []:
            return []
        values = value if isinstance(value, list) else [value]
        keys = [(*key, text(one)) for key in keys for one in values]
    return list(dict.fromkeys(keys))


def text(value):
    """The text of a value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()


def cases_of(events, unread, names):
    """The cases of a log by a standard's case fields, in the order of their keys."""
    members, doubts = {}, {}
    for event in events:
        for key in key_of(event.fields, names):
            members.setdefault(key, []).append(event)
    for row in unread:
        for key in key_of(row.fields, names):
            doubts.setdefault(key, []).append(row)
    return [Case(key, members.get(key, []), doubts.get(key, [])) for key in sorted({*members, *doubts})]
