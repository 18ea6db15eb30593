"""Attainment: what share of verdicts was met in each window, and whether that reaches the objective."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from fractions import Fraction
from itertools import repeat
from typing import Any, Literal, NamedTuple

from servstd.calendars.windows import Windows
from servstd.intervals import datetime_utc
from servstd.standards.objective import Objective, percent_text
from servstd.statistics.intervals import wilson

Status = Literal["met", "missed", "insufficient", "no_data", "provisional", "partial"]
Columns = Mapping[str, Sequence[Any]]

_FOR_READERS = ("bound_text", "exact_bound")
MOST_EMPTY_WINDOWS = 5_000
"""Empty windows are rows too (`no_data`), but a year 1970 in the data must not make a million of them."""


@dataclass(frozen=True, slots=True)
class Attainment:
    """Be the share reached in one window by one segment, and what it decides.

    Only `met` and `missed` decide. `provisional`: the window is not over at `as_of`; `partial`: it began
    before the log; `insufficient`: too few were judged, or too many are unknown; `no_data`: nothing was judged.

    Args:
        standard: The standard's id.
        objective: The objective as text: `95% a month`.
        segment: The values of the fields it is told apart by: `region=North`; empty for all cases together.
        window: The window's name: `2026-03`, `2026-W09`, `all`.
        window_start: Its first instant; None for `all`.
        window_end: The first instant after it; None for `all`.
        judged: met + breached; the denominator.
        value: The share reached; None when nothing was judged. Comparisons never use it.
        bound: The share to reach.
        low: The low end of Wilson's 95 % interval.
        high: Its high end.
        budget_allowed: How many of those judged may be breached.
        budget_used: How many are.
        why: What a reader should know about the status.
    """

    standard: str
    objective: str
    segment: str
    window: str
    window_start: datetime | None
    window_end: datetime | None
    judged: int
    met: int
    breached: int
    open: int
    excluded: int
    cancelled: int
    unknown: int
    value: float | None
    bound: float
    status: Status
    low: float | None
    high: float | None
    budget_allowed: int
    budget_used: int
    why: str = ""
    timezone: str = ""
    bound_text: str = field(default="", compare=False)
    exact_bound: Fraction = field(default=Fraction(1), compare=False)

    @property
    def is_decided(self) -> bool:
        """Whether it says met or missed."""
        return self.status in ("met", "missed")

    @property
    def budget_left(self) -> int:
        """How many more may be breached; negative when too many are."""
        return self.budget_allowed - self.budget_used

    @property
    def value_text(self) -> str:
        """The share for a reader; never rounded up to a bound that it does not reach."""
        return "-" if self.judged == 0 else share_text(self.met, self.judged, self.exact_bound)

    def to_dict(self) -> dict[str, object]:
        """Return it as a mapping from column to value."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name not in _FOR_READERS}


def share_text(met: int, judged: int, bound: Fraction = Fraction(1)) -> str:
    """Return a share with as many digits as keep it on its own side of the bound, of none and of all.

    Example:
        >>> share_text(19, 20), share_text(2, 3), share_text(9_499, 10_000, Fraction(95, 100))
        ('95%', '66.7%', '94.99%')
    """
    share = Fraction(met, judged)
    marks = (Fraction(0), bound, Fraction(1))
    for places in range(1, 9):
        steps = 100 * 10**places
        shown = Fraction((share.numerator * steps * 2 + share.denominator) // (2 * share.denominator), steps)
        if all((shown > mark) == (share > mark) and (shown < mark) == (share < mark) for mark in marks):
            return percent_text(shown, places)
    return percent_text(share)


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
    outcomes = _outcomes(objective, columns, rows)
    instants = _instants(objective.dated_by, outcomes, columns, rows, as_of_us)
    segments = [_segment(objective, columns, row) for row in rows] if objective.segments else repeat("")
    counts = Counter(zip(segments, _numbers(windows, instants), outcomes, strict=False))
    tallies: dict[str, dict[int, Counter[str]]] = {}
    for (segment, number, outcome), times in counts.items():
        tallies.setdefault(segment, {}).setdefault(number, Counter())[outcome] = times
    if not tallies:
        tallies[""] = {}
    if not objective.segments:
        _add_empty(tallies[""], windows, as_of_us, first_us)
    return [
        _attainment(standard, objective, segment, _window(windows, number, as_of_us, first_us), tally)
        for segment, of_segment in sorted(tallies.items())
        for number, tally in sorted(of_segment.items())
    ]


def _numbers(windows: Windows, instants: Sequence[int]) -> list[int]:
    """Return the windows of instants: a search among the starts of windows costs less than a zone."""
    if windows.length == "all" or not instants:
        return [0] * len(instants)
    first, last = windows.number(min(instants)), windows.number(max(instants))
    if last - first > len(instants):
        return [windows.number(at_us) for at_us in instants]
    starts = [windows.start_us(number) for number in range(first, last + 1)]
    return [first - 1 + bisect_right(starts, at_us) for at_us in instants]


class _Window(NamedTuple):
    label: str
    timezone: str
    bounds_us: tuple[int, int] | None
    is_unfinished: bool
    began_before_log: bool


def _window(windows: Windows, number: int, as_of_us: int, first_us: int | None) -> _Window:
    bounds = windows.bounds_us(number)
    if bounds is None:
        return _Window("all", "", None, is_unfinished=False, began_before_log=False)
    return _Window(
        windows.label(number),
        windows.timezone,
        bounds,
        is_unfinished=as_of_us < bounds[1],
        began_before_log=first_us is None or bounds[0] < first_us,
    )


def _outcomes(objective: Objective, columns: Columns, rows: Sequence[int]) -> list[str]:
    """Return the outcomes of verdicts, judged again where the objective has a limit of its own."""
    outcomes = columns["outcome"]
    limit = objective.within_us
    if limit is None:
        return [outcomes[row] for row in rows]
    elapsed, ended = columns["elapsed"], columns["ended_at"]
    return [
        _judged_again(outcomes[row], elapsed[row], limit, has_ended=ended[row] is not None) for row in rows
    ]


def _judged_again(outcome: str, elapsed: int | None, limit: int, *, has_ended: bool) -> str:
    if outcome not in ("met", "breached", "open"):
        return outcome
    if elapsed is None:
        return "unknown"
    if elapsed > limit:
        return "breached"
    return "met" if has_ended else "open"


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
    if not names:
        return ""
    values = columns["segments"][row] if "segments" in columns else {}
    return ", ".join(f"{name}={values.get(name, 'not carried')}" for name in names)


def _add_empty(found: dict[int, Counter[str]], windows: Windows, as_of_us: int, first_us: int | None) -> None:
    """Add the windows that the log covers whole and that hold no verdict; at least one window is a row."""
    if first_us is not None and windows.length != "all":
        first, last = windows.number(first_us), windows.number(as_of_us)
        if windows.start_us(first) < first_us:
            first += 1
        if last - first <= MOST_EMPTY_WINDOWS:
            for number in range(first, last):
                if windows.start_us(number) < windows.start_us(number + 1):  # a zone may skip a whole date
                    found.setdefault(number, Counter())
    if not found:
        found[windows.number(as_of_us)] = Counter()


def _attainment(
    standard: str, objective: Objective, segment: str, window: _Window, tally: Counter[str]
) -> Attainment:
    met, breached = tally["met"], tally["breached"]
    judged = met + breached
    bounds = window.bounds_us
    status, why = _status(objective, tally, window)
    interval = wilson(met, judged)
    return Attainment(
        standard=standard,
        objective=str(objective),
        segment=segment,
        window=window.label,
        window_start=None if bounds is None else datetime_utc(bounds[0]),
        window_end=None if bounds is None else datetime_utc(bounds[1]),
        judged=judged,
        met=met,
        breached=breached,
        open=tally["open"],
        excluded=tally["excluded"],
        cancelled=tally["cancelled"],
        unknown=tally["unknown"],
        value=met / judged if judged else None,
        bound=float(objective.bound.share),
        status=status,
        low=None if interval is None else interval[0],
        high=None if interval is None else interval[1],
        budget_allowed=objective.bound.allowed(judged),
        budget_used=breached,
        why=why,
        timezone=window.timezone,
        bound_text=str(objective.bound),
        exact_bound=objective.bound.share,
    )


def _status(objective: Objective, tally: Counter[str], window: _Window) -> tuple[Status, str]:
    judged, unknown = tally["met"] + tally["breached"], tally["unknown"]
    if not tally.total():
        return "no_data", "no verdict falls into it"
    if window.is_unfinished:
        return "provisional", "not over at as_of"
    if window.began_before_log:
        return "partial", "began before the log"
    if judged == 0 and unknown == 0:
        return "no_data", "nothing is judged yet" if tally["open"] else "nothing was judged"
    if Fraction(unknown, judged + unknown) > objective.unknown_share:
        return "insufficient", f"more than {objective.max_unknown} unknown"
    if judged < objective.min_sample:
        return "insufficient", f"{judged} judged, {objective.min_sample} needed"
    return ("met" if objective.bound.is_met(tally["met"], judged) else "missed"), ""
