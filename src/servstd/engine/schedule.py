"""Starts that the case carries as an instant: they happen at that instant, whenever it became known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from servstd.engine.facts import CaseFacts, Row
from servstd.plan.plan import Reader
from servstd.plan.signals import SCHEDULED


@dataclass(frozen=True, slots=True)
class ScheduledRow:
    """Be the event of a scheduled instant; it carries what the event that named it carried."""

    time_us: int
    fields: Mapping[str, object]
    index: int
    id: str | None = None
    sequence: int | None = None
    kind: str = SCHEDULED
    source: int = -1


class Schedule:
    """Follow the instants that one case carries as scheduled, and put an event at each.

    An instant that is moved before it comes is replaced, and one that the case no longer carries does not come; one
    that has come stays. One that becomes known only after it has passed counts from then, not from when it became
    known.

    Args:
        fields: The fields it is read from.
    """

    __slots__ = ("came", "facts", "planned")

    def __init__(self, fields: frozenset[str]) -> None:
        self.facts = CaseFacts(fields)
        self.planned: ScheduledRow | None = None
        self.came: set[int] = set()

    def merged(self, read: Reader, rows: Iterable[Row], *, as_of: int) -> list[Row]:
        """Return the next events of the case, up to `as_of`, and those at scheduled instants among them.

        Args:
            read: The scheduled instant at some facts, µs; None while it is not known.
            rows: The events in order.
            as_of: Up to which instant time has passed, µs.
        """
        listed = [row for row in rows if row.time_us <= as_of]
        arrived: list[Row] = []
        for time_us, stamp in groupby(listed, key=lambda row: row.time_us):
            arrived += self._arrive(time_us)
            teacher: Row | None = None
            for row in stamp:
                if self.facts.learn(row):
                    teacher = row
            if teacher is not None:
                at = read(self.facts.at_rest(time_us))
                self.planned = (
                    None if at is None or at in self.came else ScheduledRow(at, teacher.fields, teacher.index)
                )
        arrived += self._arrive(as_of)
        return sorted([*listed, *arrived], key=lambda row: (row.time_us, row.kind != SCHEDULED))

    def _arrive(self, time_us: int) -> list[Row]:
        """Return the event whose instant has come, if there is one."""
        planned = self.planned
        if planned is None or planned.time_us > time_us:
            return []
        self.planned = None
        self.came.add(planned.time_us)
        return [planned]
