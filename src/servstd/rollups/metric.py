"""From what an indicator measured to the attainments of a metric: one a segment and window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from servstd.calendars.windows import Windows
from servstd.engine.facts import CaseFacts
from servstd.rollups.attainment import Attainment, Status
from servstd.rollups.calls import issues_of
from servstd.rollups.contacts import Contact, Reached, Setting
from servstd.rollups.deciding import Figured, row_of, surely, undecided
from servstd.rollups.measures import reached
from servstd.rollups.rolled import Columns
from servstd.rollups.tally import Tally
from servstd.rollups.windowing import OUTSIDE, Span, Window, cut_of
from servstd.standards.metric import Metric
from servstd.standards.rollup import RollupPlan
from servstd.statistics.intervals import clopper_pearson, wilson

_OUTCOMES = {"met": "ended", "breached": "ended"}


def measure(
    metric: Metric, plan: RollupPlan, columns: Columns, *, timezone: str, span: Span
) -> Iterator[Attainment]:
    """Yield the attainments of a metric, in the order of segments and windows.

    Windows, segments, empty ones, and what decides nothing are those of objectives.

    Args:
        metric: The metric.
        plan: Which cases it counts.
        columns: What its indicators measured; see `rolled.READ`. The first is member 0, that of `over` member 1.
        timezone: The zone in which windows begin.
        span: What the log covers.
    """
    contacts, rows = _contacts(plan, columns)
    days = Windows("day", timezone)
    issues = issues_of(contacts, metric, days) if metric.repeat_within is not None else {}
    setting = Setting(metric, days, span.as_of_us, issues)
    cut = cut_of(metric.frame.over, timezone, span)
    tiles = cut.tiles(_instants(metric, columns, rows, span.as_of_us))
    segments = [columns["segment"][row] for row in rows]
    by_segment: dict[str, dict[int, list[int]]] = {}
    for place, (of, tile) in enumerate(zip(segments, tiles, strict=True)):
        if tile != OUTSIDE:
            by_segment.setdefault(of, {}).setdefault(tile, []).append(place)
    for of, places in sorted(by_segment.items()) or [("", {})]:
        tallies = {tile: _tally(contacts, held) for tile, held in places.items()}
        for window, tally in cut.windows(tallies, span, is_whole=not of):
            found = reached([contacts[place] for place in tally.values], setting)
            yield _row(metric, of, window, found)


def _contacts(plan: RollupPlan, columns: Columns) -> tuple[list[Contact], list[int]]:
    """Return the cases that the metric counts, and their rows."""
    contacts: list[Contact] = []
    rows: list[int] = []
    facts = CaseFacts()
    for row, outcome in enumerate(columns["outcome"]):
        facts.known = columns["fields"][row]
        facts.at_rest(columns["started_at"][row])
        applies = True if plan.applies is None else plan.applies(facts)
        if applies is False:
            continue
        is_excluded = any(one.when is not None and one.when(facts) is True for one in plan.exclusions)
        told = "excluded" if is_excluded else "unknown" if applies is None else _told(columns, row, outcome)
        rows.append(row)
        contacts.append(
            Contact(
                told,
                outcome == "met",
                columns["started_at"][row],
                _exact(columns["elapsed"][row]),
                columns["fields"][row],
                len(contacts),
                columns["member"][row] == 1,
            )
        )
    return contacts, rows


def _told(columns: Columns, row: int, outcome: str) -> str:
    """Return what became of a contact: one that is broken and has no end still waits."""
    if columns["flowed"][row]:
        return "flowed"
    if outcome == "breached" and columns["ended_at"][row] is None:
        return "open"
    return _OUTCOMES.get(outcome, outcome)


def _exact(amount: Any) -> Any:
    return amount if amount is None or isinstance(amount, int) else Fraction(amount)


def _instants(metric: Metric, columns: Columns, rows: Sequence[int], as_of_us: int) -> list[int]:
    starts = [columns["started_at"][row] for row in rows]
    if metric.dated_by == "start":
        return starts
    ends = [columns["ended_at"][row] for row in rows]
    return [as_of_us if end is None else end for end in ends]


def _tally(contacts: Sequence[Contact], places: Sequence[int]) -> Tally:
    """Hold the contacts of a piece of time as a tally, so that windows can gather them as they gather verdicts."""
    excluded = sum(contacts[place].outcome == "excluded" for place in places)
    return Tally(met=len(places) - excluded, excluded=excluded, values=tuple(sorted(places)))


def _row(metric: Metric, segment: str, window: Window, found: Reached) -> Attainment:
    tally = Tally(found.met, found.breached, found.open, found.excluded, found.cancelled, found.unknown)
    interval = found.interval
    if metric.certainty is not None:
        interval = _sure_interval(metric, found)
    standing = _standing(metric, window, tally, found, interval)
    figured = Figured(
        metric.measure, metric.bound, found.value, interval, _budget(metric, found), standing, found.judged
    )
    return row_of(metric.id, metric.words(), segment, window, tally, figured)


def _standing(
    metric: Metric, window: Window, tally: Tally, found: Reached, interval: tuple[float, float] | None
) -> tuple[Status, str]:
    """Return what a window decides, and why."""
    if not tally.number and not found.judged:
        return "no_data", "no verdict falls into it"
    held = undecided(metric.frame, window, tally, judged=found.judged)
    if held is not None:
        return held
    if found.value is None:
        return "no_data", "nothing gives a figure"
    if metric.certainty is not None and interval is not None:
        return surely(metric.bound, interval, metric.certainty)
    return ("met" if metric.bound.admits(found.value) else "missed"), ""


def _budget(metric: Metric, found: Reached) -> tuple[int | None, int | None]:
    """Return how many may speak against it, and how many do; None where a figure has no such number."""
    if metric.spec.unit != "share" or metric.over is not None or metric.bound.is_most:
        return None, None
    return metric.bound.allowed(found.judged), found.breached


def _sure_interval(metric: Metric, found: Reached) -> tuple[float, float] | None:
    """Return the one-sided ends around a share; of one that is better when it is less, around those against it."""
    certainty = metric.certainty
    if certainty is None:
        return None
    ends = wilson if certainty.interval == "wilson" else clopper_pearson
    counted = found.breached if metric.spec.less_is_better else found.met
    low = ends(counted, found.judged, confidence=certainty.share, side="lower")
    high = ends(counted, found.judged, confidence=certainty.share, side="upper")
    return None if low is None or high is None else (low.low, high.high)
