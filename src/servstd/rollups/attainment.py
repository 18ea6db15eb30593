"""Attainment: what share of verdicts was met in each window, and whether that reaches the objective."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from servstd.calendars.windows import Windows
from servstd.intervals import datetime_utc
from servstd.rollups.wilson import wilson
from servstd.standards.objective import Objective, percent_text

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
    dated = [(row, *_judged_again(objective, columns, row, as_of_us)) for row in rows]
    number_of = _numbering(windows, [at_us for _, _, at_us in dated])
    counts = Counter(
        (_segment(objective, columns, row), number_of(at_us), outcome) for row, outcome, at_us in dated
    )
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


def _numbering(windows: Windows, instants: Sequence[int]) -> Callable[[int], int]:
    """Return what numbers these instants: a search among the starts of windows costs less than a zone."""
    if windows.length == "all" or not instants:
        return windows.number
    first, last = windows.number(min(instants)), windows.number(max(instants))
    if last - first > len(instants):
        return windows.number
    starts = [windows.start_us(number) for number in range(first, last + 1)]
    return lambda at_us: first + bisect_right(starts, at_us) - 1


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


def _judged_again(objective: Objective, columns: Columns, row: int, as_of_us: int) -> tuple[str, int]:
    """Return a verdict's outcome under the objective's own limit, and the instant that dates it."""
    outcome: str = columns["outcome"][row]
    limit = objective.within_us
    if limit is not None and outcome in ("met", "breached", "open"):
        elapsed, has_ended = columns["elapsed"][row], columns["ended_at"][row] is not None
        outcome = "unknown" if elapsed is None else _outcome(elapsed, limit, has_ended=has_ended)
    return outcome, _dated(objective.dated_by, outcome, columns, row, as_of_us)


def _outcome(elapsed: int, limit: int, *, has_ended: bool) -> str:
    if elapsed > limit:
        return "breached"
    return "met" if has_ended else "open"


def _dated(by: str, outcome: str, columns: Columns, row: int, as_of_us: int) -> int:
    """Return the instant that puts a verdict into a window; what is open without one is dated by now."""
    started: int = columns["started_at"][row]
    if by == "start":
        return started
    candidates = [columns["ended_at"][row], columns["breached_at"][row]]
    if by == "due":
        candidates.insert(0, columns["due_at"][row])
    if outcome in ("open", "breached"):
        candidates.append(as_of_us)
    return next((at for at in candidates if at is not None), started)


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
