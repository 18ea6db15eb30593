"""From verdict columns to attainments: dated, divided by segment and window, tallied, compared."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import repeat
from typing import Any, NamedTuple

from servstd.calendars.windows import Windows
from servstd.intervals import datetime_utc
from servstd.rollups.attainment import Attainment, Status
from servstd.rollups.judging import outcomes_under
from servstd.rollups.tally import Tally, tallies_of
from servstd.standards.bound import Bound
from servstd.standards.objective import Objective
from servstd.statistics.intervals import wilson

Columns = Mapping[str, Sequence[Any]]

MOST_EMPTY_WINDOWS = 5_000
"""Empty windows are rows too (`no_data`), but a year 1970 in the data must not make a million of them."""


def attain(
    standard: str,
    objective: Objective,
    columns: Columns,
    rows: Iterable[int],
    *,
    timezone: str,
    as_of_us: int,
    first_us: int | None,
) -> list[Attainment]:
    """Return the attainments of one objective, in the order of segments and windows.

    Windows without any verdict are rows as well, where the log covers them whole: silence is not attainment.

    Args:
        standard: Its id.
        objective: What to reach.
        columns: Verdict columns, instants in µs; `segments` holds a mapping of case fields a verdict.
        rows: The positions of the standard's verdicts.
        timezone: The zone in which windows begin.
        as_of_us: The instant of the judgement.
        first_us: The first event of the log; None for an empty log.
    """
    windows = Windows(objective.window, timezone)
    rows = list(rows)
    outcomes = outcomes_under(objective, columns, rows)
    instants = _instants(objective.dated_by, outcomes, columns, rows, as_of_us)
    segments = [_segment(objective, columns, row) for row in rows] if objective.segments else repeat("")
    keys = list(zip(segments, _numbers(windows, instants), strict=False))
    found = tallies_of(keys, outcomes, *_amounts(objective, columns, rows))
    tallies: dict[str, dict[int, Tally]] = {}
    for (segment, number), tally in found.items():
        tallies.setdefault(segment, {})[number] = tally
    if not tallies:
        tallies[""] = {}
    if not objective.segments:
        _add_empty(tallies[""], windows, as_of_us, first_us)
    return [
        attainment_of(standard, objective, segment, _window(windows, number, as_of_us, first_us), tally)
        for segment, of_segment in sorted(tallies.items())
        for number, tally in sorted(of_segment.items())
    ]


def _amounts(
    objective: Objective, columns: Columns, rows: Sequence[int]
) -> tuple[list[Any] | None, list[Any] | None]:
    """Return what verdicts have used and what they weigh, where the objective asks."""
    elapsed = [_exact(columns["elapsed"][row]) for row in rows] if objective.statistic.is_figure else None
    weights = None
    if (field := objective.weight_field) is not None:
        weights = [columns["weights"][row].get(field) for row in rows]
    return elapsed, weights


def _exact(amount: Any) -> Any:
    """Return an amount that adds up exactly: decimals are rounded to their context when they are added."""
    return amount if amount is None or isinstance(amount, int) else Fraction(amount)


def _numbers(windows: Windows, instants: Sequence[int]) -> list[int]:
    """Return the windows of instants: a search among the starts of windows costs less than a zone."""
    if windows.length == "all" or not instants:
        return [0] * len(instants)
    first, last = windows.number(min(instants)), windows.number(max(instants))
    if last - first > len(instants):
        return [windows.number(at_us) for at_us in instants]
    starts = [windows.start_us(number) for number in range(first, last + 1)]
    return [first - 1 + bisect_right(starts, at_us) for at_us in instants]


class Window(NamedTuple):
    """Be one window as the report names it."""

    label: str
    """`2026-03`, `all`."""
    timezone: str
    """The zone it begins in."""
    bounds_us: tuple[int, int] | None
    """Its first instant, and the first after it; None for everything."""
    is_unfinished: bool
    """Whether it is not over at `as_of`."""
    began_before_log: bool
    """Whether it began before the log's first event."""


def _window(windows: Windows, number: int, as_of_us: int, first_us: int | None) -> Window:
    bounds = windows.bounds_us(number)
    if bounds is None:
        return Window("all", "", None, is_unfinished=False, began_before_log=False)
    return Window(
        windows.label(number),
        windows.timezone,
        bounds,
        is_unfinished=as_of_us < bounds[1],
        began_before_log=first_us is None or bounds[0] < first_us,
    )


def _instants(
    by: str, outcomes: Sequence[str], columns: Columns, rows: Sequence[int], as_of_us: int
) -> list[int]:
    """Return the instants that put verdicts into windows; what is open without one is dated by now."""
    starts = columns["started_at"]
    if by == "start":
        return [starts[row] for row in rows]
    names = ("due_at", "ended_at", "breached_at") if by == "due" else ("ended_at", "breached_at")
    read = [columns[name] for name in names]
    found = []
    for row, outcome in zip(rows, outcomes, strict=True):
        otherwise = as_of_us if outcome in ("open", "breached") else starts[row]
        found.append(next((at for column in read if (at := column[row]) is not None), otherwise))
    return found


def _segment(objective: Objective, columns: Columns, row: int) -> str:
    names = objective.segments
    values = columns["segments"][row] if "segments" in columns else {}
    return ", ".join(f"{name}={values.get(name, 'not carried')}" for name in names)


def _add_empty(found: dict[int, Tally], windows: Windows, as_of_us: int, first_us: int | None) -> None:
    """Add the windows that the log covers whole and that hold no verdict; at least one window is a row."""
    if first_us is not None and windows.length != "all":
        first, last = windows.number(first_us), windows.number(as_of_us)
        if windows.start_us(first) < first_us:
            first += 1
        if last - first <= MOST_EMPTY_WINDOWS:
            for number in range(first, last):
                if windows.start_us(number) < windows.start_us(number + 1):  # a zone may skip a whole date
                    found.setdefault(number, Tally())
    if not found:
        found[windows.number(as_of_us)] = Tally()


def attainment_of(
    standard: str, objective: Objective, segment: str, window: Window, tally: Tally
) -> Attainment:
    """Return what a tally says of an objective in one window.

    Args:
        standard: The standard's id.
        objective: What to reach.
        segment: The segment as text; empty for all cases together.
        window: The window.
        tally: What was counted in it, under the objective's own bound where it has one.
    """
    bound, name = objective.bound, objective.statistic.name
    value = figure_of(objective, tally, window)
    status, why = _status(objective, tally, window, value)
    interval = wilson(tally.met, tally.judged) if name == "share" and objective.weight is None else None
    start, end = window.bounds_us or (None, None)
    allowed, used = _budget(objective, tally)
    return Attainment(
        standard=standard,
        objective=str(objective),
        segment=segment,
        window=window.label,
        window_start=None if start is None else datetime_utc(start),
        window_end=None if end is None else datetime_utc(end),
        judged=tally.judged,
        met=tally.met,
        breached=tally.breached,
        open=tally.open,
        excluded=tally.excluded,
        cancelled=tally.cancelled,
        unknown=tally.unknown,
        value=None if value is None else float(value),
        bound=float(bound.value),
        status=status,
        low=None if interval is None else interval[0],
        high=None if interval is None else interval[1],
        budget_allowed=allowed,
        budget_used=used,
        why=why,
        timezone=window.timezone,
        statistic=name,
        unit=bound.unit,
        wanted=bound,
        exact_value=value,
    )


def figure_of(objective: Objective, tally: Tally, window: Window) -> Fraction | int | None:
    """Return the figure that an objective is about, exact; None where nothing gives one."""
    statistic, per = objective.statistic, objective.bound.per
    if statistic.name == "count":
        return tally.count(objective.of)
    if per is not None and per.length_us is not None:
        return _per_time(tally.count(objective.of), per.length_us, window)
    if tally.judged == 0 or tally.weight == 0:
        return None
    if per is not None:
        return Fraction(tally.count(objective.of) * per.base, tally.judged)
    if statistic.rank is not None:
        return Fraction(tally.values[statistic.place(len(tally.values)) - 1])
    if statistic.name == "mean":
        return Fraction(tally.total) / Fraction(tally.weight)
    return Fraction(tally.weight_met) / Fraction(tally.weight)


def _per_time(count: int, length_us: int, window: Window) -> Fraction | None:
    if window.bounds_us is None:
        return None
    start, end = window.bounds_us
    return Fraction(count * length_us, end - start) if end > start else None


def _budget(objective: Objective, tally: Tally) -> tuple[int | None, int | None]:
    """Return how many verdicts may go wrong, and how many do; None where a figure has no such number."""
    bound, statistic = objective.bound, objective.statistic
    if objective.weight is not None or (
        statistic.is_figure and (statistic.rank is None or not bound.is_most)
    ):
        return None, None
    if statistic.rank is not None:
        return tally.judged - statistic.place(tally.judged) if tally.judged else 0, tally.breached
    if statistic.name == "share":
        return bound.allowed(tally.judged), tally.breached
    if not bound.is_most or (bound.per is not None and bound.per.length is not None):
        return None, None
    scale = Fraction(tally.judged, bound.per.base) if bound.per is not None else 1
    return bound.most(scale), tally.count(objective.of)


def _status(
    objective: Objective, tally: Tally, window: Window, value: Fraction | int | None
) -> tuple[Status, str]:
    is_counted = objective.statistic.name == "count" and not objective.bound.is_most
    if not tally.number and not is_counted:
        return "no_data", "no verdict falls into it"
    if window.is_unfinished:
        return "provisional", "not over at as_of"
    if window.began_before_log:
        return "partial", "began before the log"
    judged, unknown = tally.judged, tally.unknown
    if judged == 0 and unknown == 0 and _needs_judged(objective):
        return "no_data", "nothing is judged yet" if tally.open else "nothing was judged"
    if (judged or unknown) and Fraction(unknown, judged + unknown) > objective.unknown_share:
        return "insufficient", f"more than {objective.max_unknown} unknown"
    if judged < objective.min_sample and _needs_judged(objective):
        return "insufficient", f"{judged} judged, {objective.min_sample} needed"
    if value is None:
        return "no_data", "the weights add up to nothing"
    return ("met" if _admits(objective, tally, value) else "missed"), ""


def _needs_judged(objective: Objective) -> bool:
    """Whether the figure rests on what is judged: all but counts of others, and of how many there are at least."""
    is_plain = objective.statistic.name == "count" and (objective.of not in ("breached", "met", "judged"))
    return not is_plain and (objective.statistic.name != "count" or objective.bound.is_most)


def _admits(objective: Objective, tally: Tally, value: Fraction | int) -> bool:
    bound: Bound = objective.bound
    if objective.statistic.name == "share":
        return bound.is_met(tally.weight_met, tally.weight)
    return bound.admits(value)
