"""Date limits of whole arrays: every rule of `datebook`, as look-ups in a table of open dates."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from servstd.calendars.columns import Instants, _added
from servstd.calendars.datebook import Datebook, OpenDays, months_later
from servstd.calendars.dates import DateLimit, refuse_always
from servstd.calendars.limits import after_us, choices, read_limit
from servstd.calendars.timeline import DAY_US
from servstd.calendars.zones import Zone
from servstd.durations import Span

if TYPE_CHECKING:
    from servstd.calendars.calendar import Calendar

Ints: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
_SECOND_US = 1_000_000


def due_array(calendar: Calendar, limit: Any, starts: Any, settings: Mapping[str, Any]) -> Any:
    """Return due instants of many starts; see `Calendar.due_array`."""
    begin = Instants(starts, "starts")
    return begin.like(_due(calendar, limit, begin.filled(), settings))


def _due(calendar: Calendar, limit: Any, starts: Ints, settings: Mapping[str, Any]) -> Ints:
    chosen = choices(limit)
    if chosen is not None:
        name, members = chosen
        pick = np.minimum if name == "earliest_of" else np.maximum
        return pick.reduce([_due(calendar, member, starts, settings) for member in members])  # type: ignore[no-any-return]
    if isinstance(limit, Mapping):
        words = dict(limit)
        return _due(calendar, words.pop("dates", None), starts, {**settings, **words})
    read = read_limit(limit, **settings)
    if isinstance(read, Span):
        after_us(calendar, read, 0, backwards=False, check_only=True)
        return (
            starts + read.us
            if read.clock == "calendar"
            else _added(calendar, starts, np.full(len(starts), read.us))
        )
    if read.unit == "business days" and calendar.refuses_business_days:
        raise refuse_always(read)
    return Days(calendar._datebook).due(read, starts) if len(starts) else starts.copy()  # noqa: SLF001


class Days:
    """Count dates of arrays with the open dates that a calendar's datebook knows.

    Args:
        book: The calendar's datebook; it is made to grow as far as the rows need.
    """

    def __init__(self, book: Datebook) -> None:
        self.book = book
        self.zone = _zones_of(book.maker.zone)
        self.known: OpenDays | None = None

    def due(self, limit: DateLimit, starts: Ints) -> Ints:
        """Return the due instants."""
        day, clock = self.zone.local(starts)
        if limit.needs_open_dates:
            self._know(int(day.min()), int(day.max()))
            day, clock = self._start(limit, starts, day, clock)
        last = self._last_day(limit, day)
        return self._instants(limit, last, clock)

    def _start(self, limit: DateLimit, starts: Ints, day: Ints, clock: Ints) -> tuple[Ints, Ints]:
        """Move starts by cutoff, early_start and closed_start, as `Datebook.start` does for one."""
        is_open = self._is_open(day)
        moved = day.copy()
        to_opening = np.zeros(len(day), bool)
        if limit.closed_start == "next_open":
            to_opening |= ~is_open
        elif limit.closed_start != "same" and not is_open.all():
            moved[~is_open] = self._nth(day[~is_open], 1 if limit.closed_start == "next_day" else -1)
            is_open = np.ones(len(day), bool)
        at = np.where(moved == day, starts, self.zone.utc(moved, clock))
        early = np.zeros(len(day), bool)
        if limit.cutoff is not None:
            to_opening |= is_open & (at > self._latest_start(limit, moved, is_open))
        if limit.early_start == "open":
            early = is_open & ~to_opening & (at < self._of_date(self.opens, moved, is_open))
        if not (to_opening.any() or early.any()):
            return moved, clock
        moved[to_opening] = self._nth(moved[to_opening], 1)
        shifted = to_opening | early
        clock = clock.copy()
        opening = self._of_date(self.opens, moved[shifted], np.ones(int(shifted.sum()), bool))
        clock[shifted] = self.zone.shown(opening) - moved[shifted] * DAY_US
        return moved, clock

    def _latest_start(self, limit: DateLimit, day: Ints, is_open: Any) -> Ints:
        """Return, for open dates, the latest start that is not moved."""
        cutoffs = [limit.cutoff_on(number) for number in range(7)]
        clocks = np.array([one * _SECOND_US if isinstance(one, int) else 0 for one in cutoffs], np.int64)
        weekday = self.weekday[day - self.first]
        latest = self.zone.utc(day, clocks[weekday])
        closing = np.array([one == "close_of_business" for one in cutoffs])[weekday]
        if closing.any():
            latest = np.where(closing, self._of_date(self.closings, day, is_open), latest)
        none = np.array([one is None for one in cutoffs])[weekday]
        return np.where(none, np.iinfo(np.int64).max, latest)

    def _last_day(self, limit: DateLimit, day: Ints) -> Ints:
        step = 1 if limit.count >= 0 else -1
        own = step * (limit.day_one == "same" and limit.count != 0)
        if limit.unit == "business days":
            last = self._nth(day - own, limit.count) if limit.count else day
        elif limit.unit == "days":
            last = day + limit.count - own
        else:
            last = _add_months(day, limit.count) - own
        if limit.roll == "none":
            return last
        self._know(int(last.min()), int(last.max()))
        closed = ~self._is_open(last)
        if closed.any():
            last = last.copy()
            last[closed] = self._nth(last[closed], 1 if limit.roll == "forward" else -1)
        return last

    def _instants(self, limit: DateLimit, day: Ints, clock: Ints) -> Ints:
        if limit.ends == "same_time":
            return self.zone.utc(day, clock)
        if isinstance(limit.ends, int):
            return self.zone.utc(day, np.full(len(day), limit.ends * _SECOND_US))
        midnight = self.zone.utc(day + 1, np.zeros(len(day), np.int64))
        if limit.ends == "end_of_day":
            return midnight
        self._know(int(day.min()), int(day.max()))
        is_open = self._is_open(day)
        return np.where(is_open, self._of_date(self.closings, day, is_open), midnight)

    # Open dates ------------------------------------------------------------------------------------------------------

    def _know(self, first: int, last: int) -> None:
        known = self.book.covering(first, last)
        if known is self.known:
            return
        self.known, self.first = known, known.first
        self.days = np.array(known.days, np.int64)
        self.opens = np.array(known.opens, np.int64)
        self.closings = np.array(known.closes, np.int64)
        follows = self.days[1:] == self.days[:-1] + 1
        self.closings[1:] = np.maximum(
            self.closings[1:], np.where(follows, self.closings[:-1], self.closings[1:])
        )
        flags = np.zeros(known.last - known.first, np.int64)
        flags[self.days - known.first] = 1
        self.flags = flags.astype(bool)
        self.rank = np.cumsum(flags)
        self.weekday = (np.arange(known.first, known.last) + 3) % 7
        for day, weekday in known.worked_as.items():
            self.weekday[day - known.first] = weekday

    def _is_open(self, day: Ints) -> Any:
        return self.flags[day - self.first]

    def _of_date(self, instants: Ints, day: Ints, is_open: Any) -> Ints:
        """Return the instant of each open date, its opening or its closing; of others anything."""
        index = np.where(is_open, self.rank[day - self.first] - 1, 0)
        return instants[index] if len(instants) else np.zeros(len(day), np.int64)

    def _nth(self, day: Ints, count: int) -> Ints:
        """Return the `count`-th open dates after dates (before them, when negative)."""
        if not len(day):
            return day
        edge = int(day.max()) if count > 0 else int(day.min())
        self._know(int(day.min()), int(day.max()))
        # The scalar path makes the datebook grow, or raises what the array has to raise.
        self.book.nth(edge, count)
        self._know(int(day.min()), int(day.max()))
        rank = self.rank[day - self.first]
        if count > 0:
            found: Ints = self.days[rank + count - 1]
        else:
            found = self.days[rank - self._is_open(day) + count]
        return found


class Zones:
    """Map arrays of local times to instants and back; the array twin of `zones.Zone`."""

    def __init__(self, zone: Zone) -> None:
        self.starts = np.array(zone.starts, np.int64)
        self.offsets = np.array(zone.offsets, np.int64)
        self.reach = np.array(zone.reach, np.int64)
        self.begun = np.concatenate([self.starts[:1], (self.reach[:-1] * _SECOND_US - 1) // DAY_US])

    def shown(self, at: Ints) -> Ints:
        """Return what local clocks show at instants, in microseconds since local 1970-01-01 00:00."""
        local: Ints = at + self.offsets[self._index(at)] * _SECOND_US
        return local

    def local(self, at: Ints) -> tuple[Ints, Ints]:
        """Return local dates, as day numbers, and the clock times (µs) on them; see `Zone.dated_us`."""
        index = self._index(at)
        local = at + self.offsets[index] * _SECOND_US
        day = np.maximum(local // DAY_US, self.begun[index])
        return day, np.maximum(local - day * DAY_US, 0)

    def _index(self, at: Ints) -> Ints:
        found: Ints = np.searchsorted(self.starts, at // _SECOND_US, side="right") - 1
        return found

    def utc(self, day: Ints, clock: Ints) -> Ints:
        """Return the first instants at which local clocks show a time or later."""
        local = day * DAY_US + clock
        index = np.searchsorted(self.reach, local // _SECOND_US, side="right")
        found: Ints = np.maximum(local - self.offsets[index] * _SECOND_US, self.starts[index] * _SECOND_US)
        return found


@lru_cache(maxsize=64)
def _zones_of(zone: Zone) -> Zones:
    return Zones(zone)


def _add_months(day: Ints, count: int) -> Ints:
    """Add calendar months, clamped to the last day of the month."""
    for edge in (int(day.min()), int(day.max())):
        months_later(edge, count)  # raises what the array has to raise
    dates = day.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    in_month = day - month.astype("datetime64[D]").astype(np.int64)
    target = month + np.timedelta64(count, "M")
    begins = target.astype("datetime64[D]").astype(np.int64)
    length = (target + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - begins
    found: Ints = begins + np.minimum(in_month, length - 1)
    return found
