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


def with_scheduled(read: Reader, fields: frozenset[str], rows: Iterable[Row]) -> list[Row]:
    """Return the events of a case with an event at each instant that it carried as scheduled.

    An instant that is moved before it comes is replaced; one that has come stays. One that becomes known only after
    it has passed counts from then, not from when it became known.

    Args:
        read: The scheduled instant at some facts, µs; None while it is not known.
        fields: The fields it is read from.
        rows: The events in order.
    """
    listed = list(rows)
    facts = CaseFacts(fields)
    kept: list[ScheduledRow] = []
    planned: ScheduledRow | None = None
    for time_us, stamp in groupby(listed, key=lambda row: row.time_us):
        if planned and planned.time_us <= time_us:
            kept.append(planned)
            planned = None
        teacher: Row | None = None
        for row in stamp:
            if facts.learn(row):
                teacher = row
        at = read(facts.at_rest(time_us)) if teacher else None
        if teacher is None or at is None or any(at == one.time_us for one in kept):
            continue
        planned = ScheduledRow(at, teacher.fields, teacher.index)
    if planned:
        kept.append(planned)
    merged: list[Row] = [*listed, *kept]
    return sorted(merged, key=lambda row: (row.time_us, row.kind != SCHEDULED))
