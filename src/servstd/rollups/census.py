"""The census: at the end of each window, what is still open then, and whether it is within its limit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from servstd.calendars.windows import Windows
from servstd.rollups.sample import Sample
from servstd.rollups.tally import Tally
from servstd.rollups.windowing import MOST_EMPTY_WINDOWS, Span, Window

_FIELDS = ("met", "breached", "excluded", "unknown", "weight", "weight_met")


def census_of(calendar: Windows, sample: Sample, span: Span) -> Iterator[tuple[Window, Tally]]:
    """Yield the census at the end of every window that the log covers, and the one of this moment.

    A case is open at an end if it started before and did not end before: what happens in the very instant of the end
    happens in the next window. It counts as breached if its limit was exceeded before, else as met; what became of it
    later is of no matter, so a case that waits for four months is in four censuses.

    Args:
        calendar: The windows.
        sample: The verdicts; of their outcomes only `excluded` and `unknown` matter.
        span: What the log covers.
    """
    numbers = _numbers(calendar, sample, span)
    ends = [min(calendar.start_us(number + 1), span.as_of_us + 1) for number in numbers]
    changes: dict[str, list[Any]] = {name: [0] * (len(ends) + 1) for name in _FIELDS}
    for row in range(len(sample.outcomes)):
        weight = 1 if sample.weights is None or sample.weights[row] is None else sample.weights[row]
        for name, first, last in _open_in(sample, row, ends):
            for field, amount in ((name, 1), *_weighs(name, weight)):
                changes[field][first] += amount
                changes[field][last] -= amount
    begun = min(sample.started, default=None)
    totals = {name: list(accumulate(column[:-1])) for name, column in changes.items()}
    for place, number in enumerate(numbers):
        bounds = calendar.start_us(number), calendar.start_us(number + 1)
        counted: dict[str, Any] = {name: totals[name][place] for name in _FIELDS}
        window = span.window(calendar.label(number), calendar.timezone, bounds)
        has_begun = begun is not None and begun < ends[place]
        yield window._replace(has_begun_cases=has_begun), Tally(**counted)


def _weighs(name: str, weight: Any) -> list[tuple[str, Any]]:
    if name not in ("met", "breached"):
        return []
    return [("weight", weight), *([("weight_met", weight)] if name == "met" else [])]


def _numbers(calendar: Windows, sample: Sample, span: Span) -> list[int]:
    """Return the windows at whose ends is counted: from the first start, or the log's, to this moment."""
    last = calendar.number(span.as_of_us)
    begun = [at for at in (span.first_us, min(sample.started, default=None)) if at is not None]
    first = calendar.number(min(begun)) if begun else last
    return list(range(max(min(first, last), last - MOST_EMPTY_WINDOWS), last + 1))


def _open_in(sample: Sample, row: int, ends: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    """Yield as what a case is in which censuses: (outcome, first, the one after the last)."""
    ended, breached, outcome = sample.ended[row], sample.breached[row], sample.outcomes[row]
    first = bisect_right(ends, sample.started[row])
    last = len(ends) if ended is None else bisect_right(ends, ended)
    if last <= first:
        return
    if outcome in ("excluded", "unknown"):
        yield outcome, first, last
        return
    turns = last if breached is None else min(max(bisect_right(ends, breached), first), last)
    if first < turns:
        yield "met", first, turns
    if turns < last:
        yield "breached", turns, last
