"""What a case knows at one moment: its own fields so far, and the event at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from servstd.expressions import look_up


class Row(Protocol):
    """Be one event of one case, as a log gives it."""

    @property
    def time_us(self) -> int:
        """Its instant, µs."""

    @property
    def kind(self) -> str:
        """Its name."""

    @property
    def fields(self) -> Mapping[str, object]:
        """What it carries; None clears a field."""

    @property
    def sequence(self) -> int | None:
        """Its place among events of one stamp, where the log has one."""

    @property
    def id(self) -> str | None:
        """Its own id, where the log has one."""

    @property
    def index(self) -> int:
        """Its position in the log."""

    @property
    def source(self) -> int:
        """Which row of a wide table it is a milestone of; -1 where a row is one event."""


_NOTHING: Mapping[str, object] = {}


class CaseFacts:
    """Know a case: what its events have carried so far, and the event that is being read.

    `$name` reads the event's field, else the case's; a condition on the case alone reads no event.

    Args:
        watched: The fields whose changes matter; with none, nothing is ever news.
    """

    __slots__ = ("_watched", "kind", "known", "own", "time_us")

    def __init__(self, watched: frozenset[str] = frozenset()) -> None:
        self.known: dict[str, object] = {}
        self.own: Mapping[str, object] = _NOTHING
        self.kind = ""
        self.time_us = 0
        self._watched = tuple(watched)

    def learn(self, row: Row) -> bool:
        """Take over what an event carries; tell whether a watched field is new by it.

        A field carried as None is one that the case no longer has.
        """
        known, fields = self.known, row.fields
        news = any(name in fields and known.get(name) != fields[name] for name in self._watched)
        known.update(fields)
        return news

    def at(self, row: Row) -> CaseFacts:
        """Read from this event, then from the case."""
        self.own, self.kind, self.time_us = row.fields, row.kind, row.time_us
        return self

    def at_rest(self, time_us: int, kind: str = "") -> CaseFacts:
        """Read from the case alone, at an instant; of the event that happened then only the kind is known."""
        self.own, self.kind, self.time_us = _NOTHING, kind, time_us
        return self

    def event(self, name: str, /) -> object:
        """Return a field of the event, or `ABSENT`."""
        return look_up(self.own, name)

    def case(self, name: str, /) -> object:
        """Return a field of the case, or `ABSENT`."""
        return look_up(self.known, name)
