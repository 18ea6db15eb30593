"""Stretches from one event to another: which of them are open, and which end belongs to which beginning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from servstd.engine.facts import CaseFacts, Row
from servstd.expressions import ABSENT
from servstd.plan.plan import Scope

Key: TypeAlias = tuple[str | None, ...]
"""What an event carries of the fields by which an end finds its beginning; empty where any end ends."""


class Turn(NamedTuple):
    """What one stamp does to the stretches.

    Args:
        opener: The first event that opens one; None where none does.
        closer: The first event that closes one.
        ended: What has ended: its key and its beginning, µs.
        is_both: Whether the stamp begins and ends a stretch of one key, which leaves it as it was.
        backwards: A beginning that stands after its end in one row of a wide table; it begins nothing.
    """

    opener: Row | None
    closer: Row | None
    ended: Sequence[tuple[Key, int]]
    is_both: bool
    backwards: Row | None = None


_NOTHING = Turn(None, None, (), is_both=False)


class OpenStretches:
    """The stretches that are open; those of one key are one, and overlapping ones of several are open side by side.

    Args:
        scope: What opens and what closes them, and the fields by which an end finds its beginning.
        is_wide: Whether the events are columns of a wide table, where one row may end before it begins.
    """

    __slots__ = ("_begun", "_ends", "_is_wide", "_scope", "inside", "open")

    def __init__(self, scope: Scope, *, is_wide: bool = False) -> None:
        self._scope, self._is_wide = scope, is_wide
        self._begun: set[int] = set()
        self._ends: dict[int, int] = {}
        self.open: dict[Key, int] = {}
        self.inside = 0
        """How many beginnings lay inside a stretch of their own key, and began nothing."""

    def turn(self, rows: Sequence[Row], facts: CaseFacts) -> Turn:
        """Let the events of one stamp begin and end stretches.

        Args:
            rows: The events.
            facts: What the case knows.
        """
        begun, over = self._keyed(rows, facts, is_end=False), self._keyed(rows, facts, is_end=True)
        if not begun and not over:
            return _NOTHING
        backwards = self._take_backwards(begun, over) if self._is_wide else None
        ended = [(key, self.open.pop(key)) for key in over if key in self.open and key not in begun]
        opened = [key for key in begun if key not in over and key not in self.open]
        self.inside += sum(len(begun[key]) for key in begun if key in self.open and key not in over)
        for key in opened:
            self.open[key] = begun[key][0].time_us
        return Turn(
            begun[opened[0]][0] if opened else None,
            over[ended[0][0]][0] if ended else None,
            ended,
            is_both=any(key in over for key in begun),
            backwards=backwards,
        )

    def _take_backwards(self, begun: dict[Key, list[Row]], over: dict[Key, list[Row]]) -> Row | None:
        """Take out the beginnings that stand after their end in one row; return the first of them."""
        for row in (row for rows in over.values() for row in rows):
            if row.source not in self._begun:
                self._ends.setdefault(row.source, row.time_us)
        found = None
        for key, rows in list(begun.items()):
            self._begun.update(row.source for row in rows)
            forward = [row for row in rows if self._ends.get(row.source, row.time_us) >= row.time_us]
            found = found or next((row for row in rows if row not in forward), None)
            if forward:
                begun[key] = forward
            else:
                del begun[key]
        return found

    def _keyed(self, rows: Sequence[Row], facts: CaseFacts, *, is_end: bool) -> dict[Key, list[Row]]:
        """Return the events at one end of stretches, by key."""
        selector = self._scope.closes if is_end else self._scope.opens
        found: dict[Key, list[Row]] = {}
        for row in rows:
            at = facts.at(row)
            if selector is not None and selector.takes(row.kind, at):
                found.setdefault(key_of(at, self._scope.match), []).append(row)
        return found


def key_of(facts: CaseFacts, names: Sequence[str]) -> Key:
    """Return what the event at hand carries of some fields, as text; None for what it does not carry."""
    values = [facts.event(name) for name in names]
    return tuple(None if value is ABSENT or value is None else str(value).strip() for value in values)
