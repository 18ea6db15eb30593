"""Wide tables: one row a case, one event a filled milestone."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servstd.errors import Problem, ReadingError
from servstd.events.cells import cleaned
from servstd.events.columns import Instants
from servstd.events.found import Found, Undated, moments, rejection
from servstd.events.options import SPAN_UNITS, After, Moment, ReadOptions, columns_of
from servstd.events.tables import Table
from servstd.events.times import END_US, FIRST_US, Fault
from servstd.expressions.values import Word, length_from, number_from

NO_BASE = "which has no time in this row."
"""How the reason of a milestone ends that has nothing to count from."""
_COMMAS = re.compile(r"-?[0-9.]*,[0-9,.]*")


@dataclass(frozen=True, slots=True)
class _Milestone:
    """Hold one milestone's instant a row: `usable`, or empty, or a fault."""

    us: Instants
    usable: NDArray[np.bool_]
    faults: dict[int, Fault]


def milestones_of(table: Table, options: ReadOptions) -> Found:
    """Return one event a filled milestone; a row without any is rejected.

    Milestones that come in another order than they should are kept as they are: a closing before the opening
    is a fact about the data.

    Raises:
        ReadingError: SV301 when milestones are placed after each other in a circle.
    """
    specs = options.milestones or {}
    read = {kind: _read(table, kind, options, ()) for kind in specs}
    undated = [one for kind in specs for one in _faulty(table, kind, read[kind], specs[kind])]
    rejected = [one.rejected for one in undated]
    touched = np.zeros(len(table), bool)
    for milestone in read.values():
        touched |= milestone.usable
        touched[list(milestone.faults)] = True
    names = ", ".join(f"`{kind}`" for kind in specs)
    empty = Fault("SV327", f"no milestone of {names} has a time in this row.")
    rejected += [rejection(table, row, empty) for row in np.flatnonzero(~touched).tolist()]
    rows = [np.flatnonzero(milestone.usable) for milestone in read.values()]
    plans = [_is_planned(kind, spec, options) for kind, spec in specs.items()]
    sizes = [len(some) for some in rows]
    return Found(
        np.concatenate(rows),
        np.concatenate([read[kind].us[some] for kind, some in zip(specs, rows, strict=True)]),
        list(specs),
        np.repeat(np.arange(len(specs), dtype=np.int32), sizes),
        np.repeat(np.array(plans, bool), sizes),
        rejected,
        undated,
    )


def _is_planned(kind: str, spec: Moment | After, options: ReadOptions) -> bool:
    names = {kind, *(() if isinstance(spec, After) else columns_of(spec))}
    return bool(names & set(options.planned))


def _faulty(table: Table, kind: str, milestone: _Milestone, spec: Moment | After) -> list[Undated]:
    name = spec.column if isinstance(spec, After) else " and ".join(columns_of(spec))
    told = {
        row: Fault(fault.code, f"milestone `{kind}` (`{name}`): {fault.reason}")
        for row, fault in milestone.faults.items()
    }
    return [Undated(row, kind, rejection(table, row, fault, kind)) for row, fault in told.items()]


def _read(table: Table, kind: str, options: ReadOptions, above: tuple[str, ...]) -> _Milestone:
    if kind in above:
        path = " → ".join([*above[above.index(kind) :], kind])
        raise ReadingError(Problem("SV301", f"milestones are placed after each other in a circle: {path}.",
                                   path=f"milestones.{kind}"))  # fmt: skip
    spec = (options.milestones or {}).get(kind, kind)  # `after` may name a plain column
    if isinstance(spec, After):
        return _read_after(table, spec, options, (*above, kind))
    return _read_moment(table, spec, options)


def _shares_its_date(moment: Moment, options: ReadOptions) -> bool:
    """Return whether other milestones have the same column of dates: then a date says of no single one that it was."""
    pairs = [spec for spec in (options.milestones or {}).values() if isinstance(spec, tuple)]
    return isinstance(moment, tuple) and sum(pair[0] == moment[0] for pair in pairs) > 1


def _read_moment(table: Table, moment: Moment, options: ReadOptions) -> _Milestone:
    column, read = moments(table, moment, options, needs_clock=_shares_its_date(moment, options))
    us = np.append(read.us, 0)[column.codes]
    usable = column.codes >= 0
    faults = {}
    if read.faults:
        bad = np.isin(column.codes, list(read.faults))
        faults = {row: read.faults[int(column.codes[row])] for row in np.flatnonzero(bad).tolist()}
        usable &= ~bad
    return _Milestone(us, usable, faults)


def _read_after(table: Table, spec: After, options: ReadOptions, above: tuple[str, ...]) -> _Milestone:
    base = _read(table, spec.after, options, above)
    column = cleaned(table.columns[spec.column], options, also_empty=True)
    spans = [length_from(value, SPAN_UNITS[spec.unit]) for value in column.values]
    span = np.array([*(_bounded(us or 0) for us in spans), 0], np.int64)[column.codes]
    unread = np.array([*(us is None for us in spans), False], bool)[column.codes]
    has_span = column.codes >= 0
    us = base.us + span
    inside = (us >= FIRST_US) & (us < END_US)
    usable = base.usable & has_span & ~unread & inside
    faults = {
        row: _after_fault(column[row], spec, is_length=not unread[row], has_base=bool(base.usable[row]))
        for row in np.flatnonzero(has_span & ~usable).tolist()
    }
    return _Milestone(us, usable, faults)


def _bounded(us: int) -> int:
    """Return a length that columns can hold; beyond 400 years each is as wrong as the other."""
    return max(-2 * END_US, min(us, 2 * END_US))


def _after_fault(value: object, spec: After, *, is_length: bool, has_base: bool) -> Fault:
    if not is_length:
        return Fault("SV331", f"`{value!s:.60}` is no length of time: {_remedy(value, spec.unit)}")
    length = f"`{value!s:.60}`" + (f" {spec.unit}" if number_from(value) is not None else "")
    if not has_base:
        return Fault("SV331", f"{length} after `{spec.after}`, {NO_BASE}")
    return Fault("SV323", f"{length} after `{spec.after}` lies outside the years 1900 to 2199.")


def _remedy(value: object, unit: str) -> str:
    """Return how to write a length of time, or why a comma is not guessed: `2,173` may mean 2173 or 2.173."""
    if isinstance(value, Word):
        return 'with `decimal: ","` a point may mean thousands. Export numbers without it.'
    if _COMMAS.fullmatch(str(value)[:60]):
        return (
            "the comma may mean thousands or decimals. Export it without the comma, or say "
            '`decimal: ","` if it is the decimal sign.'
        )
    example = {"hours": ", `1:30`", "minutes": ", `90:00`", "seconds": ", `1:30`"}.get(unit, "")
    return f"write a number of {unit}, `1h 30m`, `90 min`, `PT1H30M`{example} or `1:30:00`."
