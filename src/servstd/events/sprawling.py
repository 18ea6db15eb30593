"""Events that would belong to more cases than anybody means: lists in the fields of a case multiply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from servstd.events.grouping import cases_an_event
from servstd.events.log import Log
from servstd.events.quarantine import QuarantinedRow
from servstd.events.tables import cut

_Sprawling: TypeAlias = dict[int, tuple[tuple[str, ...], int]]
"""By position, the fields by which an event belongs to too many cases, and to how many."""


def within_cases(log: Log, keys: Iterable[tuple[str, ...]]) -> Log:
    """Return a log without the events that belong to more cases than it allows; they are in its quarantine.

    Two lists of 300 in the fields of a case name 90,000 cases.

    Args:
        log: The events; its `most_cases` is the limit.
        keys: The fields by which cases are named, one tuple a sort of case.

    Example:
        >>> from servstd.events import read_events
        >>> rows = [{"time": "2026-03-02T09:00Z", "event": "sold", "article": ["A", "B", "C"]}]
        >>> log = within_cases(read_events(rows, most_cases=2), [("article",)])
        >>> len(log), log.quarantine[0].code
        (0, 'SV336')
    """
    named = list(dict.fromkeys(keys))
    if log.undated is not None and (lost := _found(log.undated, named)):
        kept = np.setdiff1d(np.arange(len(log.undated)), list(lost))
        told = tuple(log.undated.quarantine[index] for index in kept.tolist())
        log = replace(log, undated=replace(log.undated.taken(kept), quarantine=told))
    found = _found(log, named)
    return _without(log, found) if found else log


def _found(log: Log, keys: Iterable[tuple[str, ...]]) -> _Sprawling:
    found: _Sprawling = {}
    for names in keys:
        counts = cases_an_event(log.columns(names))
        for index in np.flatnonzero(counts > log.most_cases).tolist():
            found.setdefault(index, (names, int(counts[index])))
    return found


def _without(log: Log, found: _Sprawling) -> Log:
    kept = log.taken(np.setdiff1d(np.arange(len(log)), list(found)))
    rejected = [_rejected(log, index, *found[index]) for index in sorted(found)]
    # A row of a wide table gives several events, and is used while one of them is.
    used = set(zip(kept.file_codes.tolist(), kept.rows.tolist(), strict=True))
    gone = {(int(log.file_codes[index]), int(log.rows[index])) for index in found} - used
    counts = replace(
        log.counts,
        events=log.counts.events - len(rejected),
        quarantined=log.counts.quarantined + len(rejected),
        rows_used=log.counts.rows_used - len(gone),
        rows_quarantined=log.counts.rows_quarantined + len(gone),
    )
    return replace(kept, quarantine=(*log.quarantine, *rejected), counts=counts)


def _rejected(log: Log, index: int, names: tuple[str, ...], cases: int) -> QuarantinedRow:
    columns = log.columns(names)
    return QuarantinedRow(
        log.files[int(log.file_codes[index])],
        int(log.rows[index]),
        "SV336",
        f"the event belongs to {cases:,} cases by {' and '.join(f'`{name}`' for name in names)}, and at most "
        f"{log.most_cases:,} are allowed (`most_cases`); no case learns of it.",
        {name: cut(str(column[index])) for name, column in zip(names, columns, strict=True)},
    )
