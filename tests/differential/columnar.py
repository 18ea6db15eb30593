"""A short columnar reading of the machines' own tables: many cases at once, no loop over states, no clock that ticks.

Each signal is a function on states. Composing a case's functions by a prefix scan gives the state before and after
every row; a measure is a cumulative sum that grows where its label says so, and every elapsed time is a difference of
two of its values. It reads the plans whose terms do not change in mid-flight, and so holds the tables that the
stepper reads to their meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from servstd.engine.fold import Fold
from servstd.engine.moments import stamps
from servstd.events.log import Row
from servstd.plan.bound import Allowance, Running
from servstd.plan.machine import LIVE
from servstd.plan.measure import Ticks
from servstd.plan.plan import Age, Plan
from servstd.plan.signals import AllOf, Judged, Signal


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
    changes = plan.terms.fields or plan.terms.reads_time or plan.moves_dates
    by_itself = (
        program.begins
        or program.renews
        or program.stretches
        or program.windows
        or program.scheduled
        or program.scope
        or any(isinstance(one, Age) for one in levels)
    )
    hard = any(signal is Signal.EXTEND or isinstance(one, AllOf) for signal, one in program.selectors)
    return not (changes or by_itself or hard) and plan.terms.resolve(Fold(plan).facts).closes is None


def columnar(plan: Plan, cases: Sequence[Sequence[Row]], as_of: int) -> list[Found]:
    """Return the obligations of many cases, in the order in which they open."""
    rows = sorted(_signal_rows(plan, cases, as_of), key=lambda row: row[1])
    if not rows:
        return []
    *columns, values = zip(*rows, strict=True)
    case, series, initial, time, signal, cause = map(np.array, columns)
    table, labels, marks = map(np.array, (plan.machine.table, plan.machine.labels, plan.machine.marks))
    first, place = np.r_[True, series[1:] != series[:-1]], np.arange(len(rows))

    state = table.T[signal]  # the function of each row; of a first row, a constant
    state[first] = table[initial[first], signal[first]][:, None]
    reach = 1
    while reach < len(rows):
        later = place[reach:][(state[reach:] != state[reach:, :1]).any(1)]
        state[later] = np.take_along_axis(state[later], state[later - reach], 1)
        reach *= 2
    before = np.where(first, initial, np.r_[0, state[:-1, 0]])
    was, now, mark = labels[before], labels[state[:, 0]], marks[before, signal]

    opened = np.maximum.accumulate(np.where(mark == "open", place, -1))
    anchor = np.maximum.accumulate(np.where((mark == "open") | (mark == "anchor"), place, -1))
    since = np.where(first, place, np.r_[0, anchor[:-1]])  # where what has grown up to a row began
    is_opener = (opened >= 0) & (cause == cause[opened]) & (time == time[opened])
    grows = (was == "run") | (was == "done+")
    terms = plan.terms.resolve(Fold(plan).facts)

    totals: dict[int, Any] = {}
    lacks = np.zeros(len(rows), bool)  # what was to be added up carried no number

    def grown(index: int) -> Any:
        """Return what a measure holds at every row, since its anchor."""
        measure, calendar = plan.measures[index], terms.calendars[index]
        if isinstance(measure, Ticks):
            ticks = (signal == Signal.TICK) & grows & (measure.counts_start | ~is_opener)
            of = [
                told[1] if is_tick and told and told[0] == index else None
                for is_tick, told in zip(ticks, values, strict=True)
            ]
            if measure.fold == "max":
                return _highest(of, opened)
            is_own = [bool(told) and told[0] == index for told in values]
            lacks[:] |= ticks & is_own & [amount is None for amount in of]
            total = np.cumsum([amount or 0 for amount in of])
        else:
            open_time = calendar.elapsed_array(np.where(first, time, np.r_[0, time[:-1]]), time)
            total = np.cumsum(np.where(grows, open_time, 0))
        totals[index] = total
        return total - np.where(since >= 0, total[since], 0)

    held = [grown(index) for index in range(len(plan.measures))]
    limit, least = terms.limit, terms.least
    told = next((one.measure for one in (limit, least) if isinstance(one, Allowance)), 0)
    figure = held[told] if held else [None] * len(rows)
    is_over = (
        figure > limit.amount - limit.exclusive if isinstance(limit, Allowance) else np.zeros(len(rows), bool)
    )
    is_short = (was != "run") & isinstance(least, Running)
    if isinstance(least, Allowance):
        is_short = held[least.measure] < least.amount
    ended = np.maximum.accumulate(np.where(np.isin(was, LIVE) & ~np.isin(now, LIVE), place, -1))

    def judged(row: int) -> Found:
        """Return what is decided on the spot."""
        value, at = values[row], int(time[row])
        if isinstance(value, Judged):
            outcome = (
                "unknown"
                if value.failing is None
                else "met"
                if value.failing <= value.allowed
                else "breached"
            )
            return Found(int(case[row]), at, at, outcome, value.failing)
        if signal[row] != Signal.JUDGE or was[row] != "run":
            return Found(int(case[row]), at, at, "breached", None)
        used = earlier(row) if plan.signals.keeps_earlier and is_short[row] else None
        if used is not None:
            return Found(int(case[row]), at, at, "met", used)
        if is_short[row] and isinstance(least, Allowance):
            return Found(int(case[row]), at, at, "breached", int(held[least.measure][row]))
        return Found(int(case[row]), at, at, "breached" if is_over[row] else "met", int(figure[row]))

    def earlier(row: int) -> int | None:
        """Return how long ago the latest anchor is that is long enough ago, where that is not too long."""
        assert isinstance(least, Allowance)
        for past in range(row - 1, -1, -1):
            if series[past] != series[row] or now[past] != "run":
                return None
            used = {one: int(total[row] - total[past]) for one, total in totals.items()}
            if mark[past] == "anchor" and used[least.measure] >= least.amount:
                most = limit.amount - limit.exclusive if isinstance(limit, Allowance) else used[told]
                return used[told] if used[told] <= most else None
        return None

    def lasting(row: int, last: int) -> Found:
        """Return what opened at a row and belongs to no later one than `last`."""
        is_live = now[last] in LIVE
        end = last if is_live else ended[last]
        ending = (
            "open"
            if is_live
            else "cancelled"
            if now[end] == "void"
            else "unknown"
            if lacks[row : end + 1].any()
            else "breached"
            if is_short[end]
            else "met"
        )
        was_over = bool(is_over[row + 1 : end + 1].any())
        outcome = "breached" if was_over else ending
        is_too_little = ending == "breached" and not was_over and isinstance(least, Allowance)
        amounts = held[least.measure] if is_too_little else figure
        used = None if amounts[end] is None else int(amounts[end])
        return Found(int(case[row]), int(time[row]), None if is_live else int(time[end]), outcome, used)

    starts = np.flatnonzero((mark == "open") | (mark == "judge"))
    until = np.sort(np.r_[np.flatnonzero(first), np.flatnonzero(mark == "open"), len(rows)])
    return [
        judged(row) if mark[row] == "judge" else lasting(row, until[np.searchsorted(until, row, "right")] - 1)
        for row in starts
    ]


def _signal_rows(plan: Plan, cases: Sequence[Sequence[Row]], as_of: int) -> Iterator[tuple[Any, ...]]:
    """Yield case, series, its initial state, instant, signal, cause and value; a tick of nothing ends each series."""
    machine, count = plan.machine, 0
    for case, rows in enumerate(cases):
        fold, lanes = Fold(plan), {}
        fold.shared_holds = None  # each lane hears of each pause at its instant; the stepper tells them late
        for stamp in stamps(row for row in rows if row.time_us <= as_of):
            at = stamp[0].time_us
            for moment in fold.read(stamp, at):
                if moment.lane not in lanes:
                    is_held = plan.signals.born_held or (plan.signals.lanes and fold.is_held_now)
                    lanes[moment.lane] = case, count, machine.initial_held if is_held else machine.initial
                    count += 1
                for act in moment.acts:
                    fold.state = machine.table[fold.state][act.signal]
                    yield *lanes[moment.lane], at, act.signal, act.cause.index if act.cause else -1, act.value
            if plan.ends and any(plan.ends.takes(row.kind, fold.facts.at(row)) for row in stamp):
                yield from ((*lane, at, plan.at_end, -1, None) for lane in lanes.values())
                break
        yield from ((*lane, as_of, Signal.TICK, -1, None) for lane in lanes.values())


def _highest(amounts: Sequence[Any], opened: Any) -> Any:
    """Return the highest amount since the opening, at every row."""
    highest: list[int] = []
    for place, amount in enumerate(amounts):
        so_far = highest[-1] if place and opened[place] == opened[place - 1] else -(2**62)
        highest.append(so_far if amount is None else max(so_far, amount))
    return np.array(highest)
