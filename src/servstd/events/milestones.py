"""Wide tables: one row a case, one event a filled milestone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import numpy as np
from numpy.typing import NDArray

from servstd.errors import Problem, ReadingError
from servstd.events.columns import Instants
from servstd.events.found import Found, Undated, moments, nulls_out, rejection
from servstd.events.options import SPAN_UNITS, After, Moment, ReadOptions
from servstd.events.roles import columns_of
from servstd.events.tables import Table
from servstd.events.times import END_US, FIRST_US, Fault

NO_BASE = "which has no time in this row."
"""How the reason of a milestone ends that has nothing to count from."""
_COMMAS = re.compile(r"-?[0-9.]*,[0-9,.]*")
_CLOCK = re.compile(r"(-?)([0-9]{1,6}):([0-5]?[0-9]):([0-5]?[0-9](?:\.[0-9]{1,6})?)")


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
    column = nulls_out(table.columns[spec.column], options, also_empty=True)
    spans = [span_us(value, SPAN_UNITS[spec.unit]) for value in column.values]
    span = np.array([*(us or 0 for us in spans), 0], np.int64)[column.codes]
    unread = np.array([*(us is None for us in spans), False], bool)[column.codes]
    has_span = column.codes >= 0
    us = base.us + span
    inside = (us >= FIRST_US) & (us < END_US)
    usable = base.usable & has_span & ~unread & inside
    faults = {
        row: _after_fault(column[row], spec, is_number=not unread[row], has_base=bool(base.usable[row]))
        for row in np.flatnonzero(has_span & ~usable).tolist()
    }
    return _Milestone(us, usable, faults)


def _after_fault(value: object, spec: After, *, is_number: bool, has_base: bool) -> Fault:
    if not is_number:
        return Fault("SV331", f"`{value!s:.60}` is no number of {spec.unit}.{_comma(value)}")
    if not has_base:
        return Fault("SV331", f"`{value!s:.60}` {spec.unit} after `{spec.after}`, {NO_BASE}")
    return Fault(
        "SV323", f"`{value!s:.60}` {spec.unit} after `{spec.after}` lies outside the years 1900 to 2199."
    )


def _comma(value: object) -> str:
    """Say why a comma is not guessed: `2,173` is two thousand in one country and two and a bit in another."""
    is_number = _COMMAS.fullmatch(str(value)[:60].strip())
    return " Export it without the comma, which may mean thousands or decimals." if is_number else ""


def span_us(value: object, unit_us: int) -> int | None:
    """Return a length of time in microseconds, a part of one cut; None when the value is none.

    Example:
        >>> span_us("109.0", 1_000_000), span_us("00:02:23", 1_000_000), span_us("soon", 1_000_000)
        (109000000, 143000000, None)
    """
    if isinstance(value, str):
        clock = _CLOCK.fullmatch(value.strip())
        if clock:
            sign, hours, minutes, seconds = clock.groups()
            total = int(hours) * 3_600_000_000 + int(minutes) * 60_000_000 + int(Decimal(seconds) * 1_000_000)
            return -total if sign else total
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    if number.adjusted() > 12 or abs(number) * unit_us > 2 * END_US:  # 1e999999999 must not become an int
        return -2 * END_US if number < 0 else 2 * END_US
    return int(number * unit_us)
