"""One event as its author writes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from servstd.errors import EventsError, Problem
from servstd.events.values import field_value
from servstd.intervals import instant_us


class Event:
    """Say that something happened: what, when, and what it carried.

    Two events with one `id` and the same content are one event. Events without an id are never merged.

    Args:
        kind: What happened: `reply.sent`.
        time: An aware datetime; a naive one is refused, because its instant is a guess.
        fields: What the event carries, case keys among it. None values are left out: "not carried".
        id: Identity in the system that recorded it; corrections and duplicates are found by it.
        sequence: Order among events of one stamp; without it they act as a set.

    Raises:
        EventsError: SV305 for a naive time, SV324 for an empty kind.

    Example:
        >>> from datetime import datetime, timezone
        >>> Event("reply.sent", datetime(2026, 3, 2, 9, tzinfo=timezone.utc), {"ticket_id": "T-1"})
        Event('reply.sent', 2026-03-02T09:00:00+00:00, {'ticket_id': 'T-1'})
    """

    __slots__ = ("fields", "id", "kind", "sequence", "time")

    kind: str
    time: datetime
    fields: Mapping[str, object]
    id: str | None
    sequence: int | None

    def __init__(
        self,
        kind: str,
        time: datetime,
        fields: Mapping[str, object] | None = None,
        *,
        id: str | int | None = None,  # noqa: A002 - the word of the domain
        sequence: int | None = None,
    ) -> None:
        if not isinstance(kind, str) or not kind.strip():
            raise EventsError(Problem("SV324", f"an event needs a kind, not `{kind!r:.60}`."))
        if not isinstance(time, datetime) or time.utcoffset() is None:
            raise EventsError(
                Problem(
                    "SV305",
                    f"the time of `{kind}` is `{time!s:.60}`, which is no instant.",
                    help="give an aware one: `datetime(2026, 3, 2, 9, tzinfo=ZoneInfo('Europe/London'))`.",
                )
            )
        values = {name: field_value(value) for name, value in (fields or {}).items()}
        put = object.__setattr__
        put(self, "kind", kind.strip())
        put(self, "time", time)
        put(self, "fields", {name: value for name, value in values.items() if value is not None})
        put(self, "id", None if id is None else str(id).strip())
        put(self, "sequence", sequence)

    @property
    def time_us(self) -> int:
        """The instant in microseconds since 1970-01-01 UTC."""
        return instant_us(self.time)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an Event is immutable: `{name}` cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"an Event is immutable: `{name}` cannot be removed")

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self.kind, self.time, dict(self.fields), self.id, self.sequence)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Event):
            return NotImplemented
        return (self.kind, self.time, self.fields, self.id, self.sequence) == (
            other.kind,
            other.time,
            other.fields,
            other.id,
            other.sequence,
        )

    def __hash__(self) -> int:
        return hash((self.kind, self.time, self.id, self.sequence))

    def __repr__(self) -> str:
        parts = [repr(self.kind), self.time.isoformat(), repr(dict(self.fields))]
        if self.id is not None:
            parts.append(f"id={self.id!r}")
        if self.sequence is not None:
            parts.append(f"sequence={self.sequence}")
        return f"Event({', '.join(parts)})"


def _restored(
    kind: str, time: datetime, fields: Mapping[str, object], id_: str | None, sequence: int | None
) -> Event:
    return Event(kind, time, fields, id=id_, sequence=sequence)
