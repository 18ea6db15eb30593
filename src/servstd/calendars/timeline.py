"""Open time as two sorted lists of instants and their running total: every question is one or two bisections."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import timedelta
from itertools import accumulate
from operator import gt, lt, sub
from typing import TypeAlias

DAY_US = 86_400_000_000


class Timeline:
    """Answer for `[low_us, high_us]`; know nothing outside, and say so by returning None.

    Args:
        opens: Where each open stretch starts, in microseconds, ascending; stretches never touch.
        closes: Where each ends.
        low_us: The first instant that is known.
        high_us: The instant up to which it is known.
    """

    __slots__ = ("_near", "closes", "high_us", "low_us", "opens", "total", "totals")

    def __init__(self, opens: list[int], closes: list[int], low_us: int, high_us: int) -> None:
        self.opens, self.closes = opens, closes
        self.low_us, self.high_us = low_us, high_us
        self.totals: list[int] = list(accumulate(map(sub, closes, opens), initial=0))
        self.total = self.totals[-1]
        self._near: dict[int, tuple[int, int]] = {}

    def _index(self, at: int) -> int:
        """Return how many stretches start at an instant or before: a bisection within its day, once the day is known.

        A bisection of forty years misses the cache at every step, which costs more than all the rest.
        """
        day = at // DAY_US
        near = self._near.get(day)
        if near is None:
            low = bisect_right(self.opens, day * DAY_US)
            near = self._near[day] = low, bisect_right(self.opens, day * DAY_US + DAY_US, low)
        return bisect_right(self.opens, at, *near)

    def open_us(self, at: int) -> int:
        """Return the open time from `low_us` to an instant."""
        index = self._index(at)
        if not index:
            return 0
        left = self.closes[index - 1] - at
        return self.totals[index] - left if left > 0 else self.totals[index]

    def is_open(self, at: int) -> bool:
        """Return whether an instant lies in an open stretch; its end does not."""
        index = self._index(at)
        return index > 0 and at < self.closes[index - 1]

    def earliest(self, total: int) -> int | None:
        """Return the earliest instant by which `total` is used up (on closing time when it fits exactly)."""
        if total > self.total:
            return None
        index = bisect_left(self.totals, total)
        return self.closes[index - 1] - (self.totals[index] - total)

    def latest(self, total: int) -> int | None:
        """Return the latest instant by which no more than `total` is used up."""
        if total < 0 or total >= self.total:
            return None
        index = bisect_right(self.totals, total) - 1
        return self.opens[index] + (total - self.totals[index])

    def next_open(self, at: int) -> int | None:
        """Return the instant itself when open, else the next opening."""
        index = self._index(at)
        if index and at < self.closes[index - 1]:
            return at
        return self.opens[index] if index < len(self.opens) else None

    def next_close(self, at: int) -> int | None:
        """Return the first closed instant at or after the next open one; None when it lies beyond what is known."""
        index = self._index(at)
        if not (index and at < self.closes[index - 1]):
            index += 1
        closing = self.closes[index - 1] if index <= len(self.closes) else self.high_us
        return closing if closing < self.high_us else None

    def between(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the open stretches between two instants, cut at them."""
        first, last = bisect_right(self.closes, start), bisect_left(self.opens, end)
        return [
            (max(low, start), min(high, end))
            for low, high in zip(self.opens[first:last], self.closes[first:last], strict=True)
        ]


Row: TypeAlias = tuple[list[timedelta], list[tuple[bool, timedelta]]]


class Rows(dict[int, Row]):
    """Hold the pieces of each UTC day as timedeltas since the epoch, so that no datetime becomes an integer.

    A row is the ends of its pieces, and for each piece whether it is open, and what to take from an instant in it (or,
    closed, what to give in its place). A day that is not known whole raises KeyError.

    Args:
        timeline: What is known.
    """

    __slots__ = ("timeline",)

    def __init__(self, timeline: Timeline) -> None:
        super().__init__()
        self.timeline = timeline

    def __missing__(self, day: int) -> Row:
        known, low = self.timeline, day * DAY_US
        high = low + DAY_US
        if not (known.low_us <= low and high <= known.high_us):
            raise KeyError(day)
        edges: list[timedelta] = []
        pieces: list[tuple[bool, timedelta]] = []
        before = known.open_us(low)
        for start, end in known.between(low, high):
            edges += [_span(start), _span(end)]
            pieces += [(False, _span(before)), (True, _span(start - before))]
            before += end - start
        row = self[day] = edges, [*pieces, (False, _span(before))]
        return row


class AlwaysRows(Rows):
    """Hold one open piece for every day."""

    __slots__ = ()

    def __missing__(self, day: int) -> Row:
        return [], [(True, timedelta())]


def _span(us: int) -> timedelta:
    return timedelta(microseconds=us)


def closed_up(opens: list[int], closes: list[int]) -> tuple[list[int], list[int]]:
    """Return ascending stretches without empty ones, and with those that touch joined."""
    if all(map(lt, opens, closes)) and all(map(gt, opens[1:], closes)):
        return opens, closes
    firsts: list[int] = []
    lasts: list[int] = []
    for low, high in zip(opens, closes, strict=True):
        if low >= high:
            continue
        if lasts and low <= lasts[-1]:
            lasts[-1] = max(lasts[-1], high)
        else:
            firsts.append(low)
            lasts.append(high)
    return firsts, lasts


def cut(opens: list[int], closes: list[int], low: int, high: int) -> tuple[list[int], list[int]]:
    """Return the part of ascending stretches inside `[low, high]`."""
    first, last = bisect_right(closes, low), bisect_left(opens, high)
    opens, closes = opens[first:last], closes[first:last]
    if opens:
        opens[0], closes[-1] = max(opens[0], low), min(closes[-1], high)
    return opens, closes
