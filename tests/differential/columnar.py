"""A short columnar reading of the machines' own tables: many cases at once, no loop over states, no clock that ticks.

Each signal is a function on states. Closing a case's functions under composition by a prefix scan gives the state
before and after every row; a measure is a cumulative sum that grows where its label says so, and every elapsed time
is a difference of two of its values. It reads the plans whose terms do not change in mid-flight, and holds the tables
that the stepper reads to their meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from servstd.engine.fold import Fold, stamps
from servstd.events.log import Row
from servstd.plan.bound import Allowance, NoLimit
from servstd.plan.measure import Ticks
from servstd.plan.plan import Age, Plan, Terms
from servstd.plan.signals import AllOf, Judged, Signal

LIVE = ("run", "hold")


class Found(NamedTuple):
    """Be one obligation: what the stepper must say as well."""

    case: int
    start: int
    end: int | None
    outcome: str
    elapsed: int | None


def can_read(plan: Plan) -> bool:
    """Tell whether the terms of a plan never change, and nothing but its events says anything."""
    program = plan.signals
    levels = program.gauging.levels if program.gauging else ()
    quiet = not (
        plan.terms.fields or plan.terms.reads_time or program.windows or program.scheduled or program.scope
    )
    plain = not any(isinstance(selector, AllOf) for _, selector in program.selectors)
    return quiet and plain and not plan.shifts_dates and not any(isinstance(one, Age) for one in levels)


def columnar(plan: Plan, cases: Sequence[Sequence[Row]], as_of: int) -> list[Found]:
    """Return the obligations of many cases, in the order of case, lane and opening."""
    rows = list(_signal_rows(plan, cases, as_of))
    if not rows:
        return []
    case, series, initial, time, signal, cause, value = (list(column) for column in zip(*rows, strict=True))
    order = np.argsort(np.array(series), kind="stable")
    series, initial, time, signal, cause = (
        np.array(column)[order] for column in (series, initial, time, signal, cause)
    )
    values = [value[place] for place in order]
    table, labels, marks = (
        np.array(column) for column in (plan.machine.table, plan.machine.labels, plan.machine.marks)
    )
    first = np.r_[True, series[1:] != series[:-1]]

    state = np.ascontiguousarray(table.T[signal])  # the function of each row; of a first row, a constant
    state[first] = table[initial[first], signal[first]][:, None]
    reach = 1
    while reach < len(state):
        later = np.arange(reach, len(state))
        later = later[(state[later] != state[later, :1]).any(1)]
        state[later] = np.take_along_axis(state[later], state[later - reach], 1)
        reach *= 2
    after = state[:, 0]
    before = np.where(first, initial, np.r_[0, after[:-1]])
    was, now, mark = labels[before], labels[after], marks[before, signal]

    place = np.arange(len(time))
    opens = np.flatnonzero(mark == "open")
    opened = np.maximum.accumulate(np.where(mark == "open", place, -1))
    anchor = np.maximum.accumulate(np.where((mark == "open") | (mark == "anchor"), place, -1))
    since = np.where(first, place, np.r_[0, anchor[:-1]])  # the anchor of what grew up to a row
    is_opener = (cause == cause[opened]) & (time == time[opened]) & (opened >= 0)
    terms = plan.terms.resolve(Fold(plan).facts)

    def grown(index: int) -> Any:
        """Return what a measure held since its anchor, at every row."""
        measure, calendar = plan.measures[index], terms.calendars[index]
        if isinstance(measure, Ticks):
            ticks = (signal == Signal.TICK) & (was == "run") & (measure.counts_start | ~is_opener)
            amounts = [
                told[1] if ok and told and told[0] == index else None
                for ok, told in zip(ticks, values, strict=True)
            ]
            if measure.fold == "max":
                return _highest(amounts, opened)
            total = np.cumsum([amount or 0 for amount in amounts])
        else:
            open_time = calendar.elapsed_array(np.where(first, time, np.r_[0, time[:-1]]), time)
            total = np.cumsum(np.where(np.isin(was, ("run", "done+")), open_time, 0))
        return total - np.where(since >= 0, total[since], 0)

    held = {index: grown(index) for index in range(len(plan.measures))}
    judged = [
        _judged(plan, terms, values[row], signal[row] == Signal.JUDGE, was[row] == "run", row, held)
        for row in np.flatnonzero(mark == "judge")
    ]
    points = [
        Found(0, int(time[row]), int(time[row]), *one)
        for row, one in zip(np.flatnonzero(mark == "judge"), judged, strict=True)
    ]

    limit, least = terms.limit, terms.least
    used = held[limit.measure if isinstance(limit, Allowance) else 0] if held else None
    over = (
        used > limit.amount - limit.exclusive if isinstance(limit, Allowance) else np.zeros(len(time), bool)
    )
    ends = np.maximum.accumulate(np.where(np.isin(was, LIVE) & ~np.isin(now, LIVE), place, -1))
    lasting = []
    for start, then in zip(opens, np.r_[opens, len(time)][1:], strict=True):
        last = min(then, start + int(np.argmax(np.r_[first[start + 1 :], True])) + 1) - 1
        is_live = now[last] in LIVE
        end = last if is_live else ends[last]
        if over[start + 1 : end + 1].any():
            outcome = "breached"
        elif not is_live and now[end] == "void":
            outcome = "cancelled"
        elif is_live:
            outcome = "open"
        else:
            outcome = "breached" if least and held[least.measure][end] < least.amount else "met"
        at = None if is_live else int(time[end])
        lasting.append(Found(0, int(time[start]), at, outcome, int(used[end]) if used is not None else None))
    rows_of = [*np.flatnonzero(mark == "judge"), *opens]
    found = [
        one._replace(case=case[order[row]]) for row, one in zip(rows_of, [*points, *lasting], strict=True)
    ]
    return [one for _, one in sorted(zip(rows_of, found, strict=True), key=lambda pair: pair[0])]


def _signal_rows(plan: Plan, cases: Sequence[Sequence[Row]], as_of: int) -> Iterator[tuple[Any, ...]]:
    """Yield case, series, its initial state, instant, signal, cause and value; a tick of nothing ends each series."""
    machine, count = plan.machine, 0
    for case, rows in enumerate(cases):
        fold, lanes = Fold(plan), {}
        for stamp in stamps(row for row in rows if row.time_us <= as_of):
            at = stamp[0].time_us
            for moment in fold.read(stamp, at):
                if moment.lane not in lanes:
                    is_held = plan.signals.born_held or (plan.signals.lanes and fold.is_held_now)
                    lanes[moment.lane] = case, count, machine.initial_held if is_held else machine.initial
                    count += 1
                for act in moment.acts:
                    yield *lanes[moment.lane], at, act.signal, act.cause.index if act.cause else -1, act.value
            if plan.ends and any(plan.ends.takes(row.kind, fold.facts.at(row)) for row in stamp):
                yield from ((*lane, at, plan.at_end, -1, None) for lane in lanes.values())
                break
        yield from ((*lane, as_of, Signal.TICK, -1, None) for lane in lanes.values())


def _judged(
    plan: Plan, terms: Terms, value: object, is_there: bool, is_armed: bool, row: int, held: Any
) -> tuple[str, int | None]:
    """Return the outcome of what is decided on the spot, and the figure that decided it."""
    if isinstance(value, Judged):
        if value.failing is None:
            return "unknown", None
        return "met" if value.failing <= value.allowed else "breached", value.failing
    if not (is_there and is_armed):
        return "breached", None
    limit, least = terms.limit, terms.least
    is_late = not isinstance(limit, NoLimit) and held[limit.measure][row] > limit.amount - limit.exclusive
    is_early = least is not None and held[least.measure][row] < least.amount
    return "breached" if is_late or is_early else "met", int(held[0][row])


def _highest(amounts: Sequence[Any], opened: Any) -> Any:
    """Return the highest amount since the opening, at every row."""
    highest: list[int] = []
    for place, amount in enumerate(amounts):
        so_far = highest[-1] if place and opened[place] == opened[place - 1] else -(2**62)
        highest.append(so_far if amount is None else max(so_far, amount))
    return np.array(highest)
