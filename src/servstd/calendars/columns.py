"""Open time of whole arrays: a row a day, and in it a few cells, so that each instant costs a handful of look-ups.

A day of open pieces is one of few patterns. Each pattern is cut into cells so short that none meets two open
pieces, so the open time since midnight is one clip: `clip(time of day - offset, low, high)`.
Blocks of 32k rows stay in the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from servstd.calendars.almanac import AlwaysAlmanac
from servstd.calendars.timeline import DAY_US, Timeline
from servstd.errors import CalendarError, Problem

if TYPE_CHECKING:
    from servstd.calendars.calendar import Calendar

Ints: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
BLOCK = 1 << 15
_NAT = np.iinfo(np.int64).min
_WIDEST = 37
_NARROWEST = 26
"""Cells of 67 seconds; where gaps are shorter than that, bisection takes over."""


def elapsed_array(calendar: Calendar, starts: Any, ends: Any) -> Any:
    """Return open microseconds of many pairs; see `Calendar.elapsed_array`."""
    begin, end = Instants(starts, "starts"), Instants(ends, "ends")
    same_kind(begin, end)
    if begin.values.shape != end.values.shape:
        raise CalendarError(_shapes(begin.values, end.values))
    missing = begin.missing | end.missing if begin.has_missing or end.has_missing else None
    found = _elapsed(calendar, begin.filled(), end.filled())
    if missing is not None:
        found[missing] = _NAT
    return found.view("timedelta64[us]") if begin.is_datetime else found


def _elapsed(calendar: Calendar, starts: Ints, ends: Ints) -> Ints:
    if isinstance(calendar._almanac, AlwaysAlmanac):  # noqa: SLF001 - one room
        return ends - starts
    table = table_covering(calendar, starts, ends)
    out = np.empty(len(starts), np.int64)
    spare = np.empty(min(BLOCK, len(starts)), np.int64)
    read = table.reader()
    for at in range(0, len(starts), BLOCK):
        size = min(BLOCK, len(starts) - at)
        into = out[at : at + size]
        read(ends[at : at + size], into)
        read(starts[at : at + size], spare[:size])
        np.subtract(into, spare[:size], out=into)
    return out


def add_array(calendar: Calendar, starts: Any, amounts: Any) -> Any:
    """Return the earliest instants by which amounts have elapsed; see `Calendar.add_array`."""
    begin = Instants(starts, "starts")
    spans = amounts_us(amounts, len(begin.values))
    found = _added(calendar, begin.filled(), spans)
    return begin.like(found)


def _added(calendar: Calendar, starts: Ints, spans: Ints) -> Ints:
    almanac = calendar._almanac  # noqa: SLF001
    if isinstance(almanac, AlwaysAlmanac) or not len(starts):
        return starts + spans
    while True:
        table = table_covering(calendar, starts, starts)
        before = np.empty(len(starts), np.int64)
        read = table.reader()
        for at in range(0, len(starts), BLOCK):
            read(starts[at : at + BLOCK], before[at : at + BLOCK])
        wanted: Ints = before + spans
        late, early = wanted > table.total, (spans < 0) & ((wanted < 0) | (wanted >= table.total))
        if not (late.any() or early.any()):
            return table.instants(starts, spans, wanted)
        # The scalar path grows the table, or raises what the array has to raise.
        worst = int(np.argmax(wanted)) if late.any() else int(np.argmax(np.where(early, -wanted, -1)))
        almanac.add_us(int(starts[worst]), int(spans[worst]))


class Instants:
    """Hold instants as int64 microseconds, and remember the kind in which they came."""

    def __init__(self, given: Any, name: str) -> None:
        array = np.asarray(given)
        self.is_datetime = array.dtype.kind == "M"
        if array.ndim != 1 or not (self.is_datetime or array.dtype.kind in "iu" or array.size == 0):
            raise CalendarError(_no_instants(array, name))
        if self.is_datetime:
            array = _as_microseconds(array, name)
        self.values: Ints = np.ascontiguousarray(
            array.view(np.int64) if self.is_datetime else array.astype(np.int64, copy=False)
        )
        self.missing = self.values == _NAT if self.is_datetime else np.zeros(0, bool)
        self.has_missing = bool(self.missing.any())
        if not self.has_missing:
            self.missing = np.zeros(len(self.values), bool) if self.is_datetime else self.missing

    def filled(self) -> Ints:
        """Return the microseconds with a harmless instant where there is none."""
        if not self.has_missing:
            return self.values
        known = self.values[~self.missing]
        return np.where(self.missing, known[0] if len(known) else 0, self.values)

    def like(self, found: Ints) -> Any:
        """Return instants in the kind in which these came, NaT where they were NaT."""
        if self.has_missing:
            found = np.where(self.missing, _NAT, found)
        return found.view("datetime64[us]") if self.is_datetime else found


def same_kind(one: Instants, other: Instants) -> None:
    """Refuse two arrays of different kinds.

    Raises:
        CalendarError: SV206 when one holds integers and the other datetimes.
    """
    if one.is_datetime != other.is_datetime:
        message = "one array holds integers and the other datetimes."
        raise CalendarError(
            Problem("SV206", message, help="give both as int64 microseconds or as datetime64[us].")
        )


def amounts_us(amounts: Any, size: int) -> Ints:
    """Return amounts as int64 microseconds, one a row."""
    array = np.asarray(amounts)
    if array.dtype.kind == "m":
        array = array.astype("timedelta64[us]").view(np.int64)
    if (array.dtype.kind not in "iu" and array.size) or array.ndim > 1:
        message = f"amounts of kind `{array.dtype}` are no open time."
        raise CalendarError(Problem("SV206", message, help="give int64 microseconds or timedelta64[us]."))
    return np.ascontiguousarray(np.broadcast_to(array.astype(np.int64), (size,)))


# Tables --------------------------------------------------------------------------------------------------------------


class Table:
    """Hold a timeline as arrays: one row a day, one row a cell of each pattern of a day.

    Args:
        timeline: What it is made of.
        phase: Where days begin, in microseconds after UTC midnight, so that few shifts cross it.
    """

    def __init__(self, timeline: Timeline, phase: int) -> None:
        self.timeline = timeline
        self.opens = np.array(timeline.opens, np.int64)
        self.closes = np.array(timeline.closes, np.int64)
        self.totals = np.array(timeline.totals, np.int64)
        self.total = timeline.total
        self.base = (timeline.low_us - phase) // DAY_US * DAY_US + phase
        self.days = int((timeline.high_us - self.base) // DAY_US) + 1
        self.patterns, self.rows = _distinct(self._pieces_by_day())
        self.bits = _cell_bits(self.patterns)
        midnights = self.base + DAY_US * np.arange(self.days)
        self.before = self._bisected(midnights)
        if self.bits >= _NARROWEST:
            self.cells = (DAY_US >> self.bits) + 1
            self.first_cell = self.rows.astype(np.int64) * self.cells
            self.offset, self.low, self.high = _cells(self.patterns, self.cells, self.bits)

    def _pieces_by_day(self) -> Ints:
        """Return, a row a day, the pairs of start and end of its open pieces; empty ones stand at the day's end."""
        first, last = (self.opens - self.base) // DAY_US, (self.closes - 1 - self.base) // DAY_US
        parts = last - first + 1
        interval = np.repeat(np.arange(len(parts)), parts)
        step = np.arange(len(interval)) - np.repeat(np.cumsum(parts) - parts, parts)
        day = first[interval] + step
        midnight = self.base + day * DAY_US
        starts = np.maximum(self.opens[interval] - midnight, 0)
        ends = np.minimum(self.closes[interval] - midnight, DAY_US)
        counts = np.bincount(day, minlength=self.days)
        place = np.arange(len(day)) - np.repeat(np.cumsum(counts) - counts, counts)
        most = int(counts.max(initial=0)) or 1
        pieces = np.full((self.days, 2 * most), DAY_US, np.int64)
        pieces[day, 2 * place] = starts
        pieces[day, 2 * place + 1] = ends
        return pieces

    def _bisected(self, at: Ints) -> Ints:
        """Return the open time before instants, by bisection."""
        index = np.searchsorted(self.opens, at, side="right")
        if not len(self.opens):
            return np.zeros(len(at), np.int64)
        left = np.maximum(self.closes[np.maximum(index - 1, 0)] - at, 0)
        return np.where(index > 0, self.totals[index] - left, 0)

    def reader(self) -> Callable[[Ints, Ints], None]:
        """Return what writes the open time before instants into an array of the same length."""
        if self.bits < _NARROWEST:
            return self._read_bisected
        day, clock, cell, found = (np.empty(BLOCK, np.int64) for _ in range(4))
        whole = self.bits == _WIDEST

        def read(at: Ints, into: Ints) -> None:
            size = len(at)
            d, c, k, f = day[:size], clock[:size], cell[:size], found[:size]
            np.subtract(at, self.base, out=c)
            np.floor_divide(c, DAY_US, out=d)
            np.multiply(d, DAY_US, out=k)
            np.subtract(c, k, out=c)
            np.take(self.first_cell, d, out=k, mode="clip")
            if not whole:
                np.right_shift(c, self.bits, out=f)
                np.add(k, f, out=k)
            np.take(self.offset, k, out=f, mode="clip")
            np.subtract(c, f, out=c)
            np.take(self.low, k, out=f, mode="clip")
            np.maximum(c, f, out=c)
            np.take(self.high, k, out=f, mode="clip")
            np.minimum(c, f, out=c)
            np.take(self.before, d, out=f, mode="clip")
            np.add(c, f, out=into)

        return read

    def _read_bisected(self, at: Ints, into: Ints) -> None:
        into[:] = self._bisected(at)

    def instants(self, starts: Ints, spans: Ints, wanted: Ints) -> Ints:
        """Return the instants at which totals are reached: the earliest going ahead, the latest going back."""
        if not len(self.closes):
            return starts.copy()  # nothing can be added where nothing is open, and nothing is what was asked
        index = np.searchsorted(self.totals, wanted, side="left")
        ahead = self.closes[np.maximum(index - 1, 0)] - (self.totals[index] - wanted)
        found = np.where(spans == 0, starts, ahead)
        back = spans < 0
        if back.any():
            index = np.searchsorted(self.totals, wanted[back], side="right") - 1
            found[back] = self.opens[index] + (wanted[back] - self.totals[index])
        return found


def _distinct(pieces: Ints) -> tuple[Ints, Ints]:
    """Return distinct rows, and which of them each row is.

    Rows are told apart by a weighted sum, thirty times faster than by sorting them whole; should two rows ever share
    a sum, they are sorted whole.
    """
    weights = np.cumprod(np.full(pieces.shape[1], 6_364_136_223_846_793_005, np.uint64)).view(np.int64)
    sums = (pieces * weights).sum(axis=1)
    _, first, place = np.unique(sums, return_index=True, return_inverse=True)
    patterns = pieces[first]
    if not np.array_equal(patterns[place], pieces):
        patterns, place = np.unique(pieces, axis=0, return_inverse=True)
    return patterns, place.reshape(-1)


def _cell_bits(patterns: Ints) -> int:
    """Return the widest power of two, in microseconds, that no gap between two pieces of a day is shorter than."""
    if patterns.shape[1] <= 2:
        return _WIDEST
    gaps = patterns[:, 2::2] - patterns[:, 1:-1:2]
    real = gaps[patterns[:, 2::2] < DAY_US]
    return min(_WIDEST, int(real.min()).bit_length() - 1) if real.size else _WIDEST


def _cells(patterns: Ints, cells: int, bits: int) -> tuple[Ints, Ints, Ints]:
    """Return offset, low and high of each cell of each pattern."""
    starts, ends = patterns[:, ::2], patterns[:, 1::2]
    lengths = ends - starts
    before = np.concatenate([np.zeros((len(patterns), 1), np.int64), np.cumsum(lengths, axis=1)], axis=1)
    edges = np.arange(cells, dtype=np.int64) << bits
    piece = (ends[:, None, :] <= edges[None, :, None]).sum(axis=2)
    row = np.arange(len(patterns))[:, None]
    padded = np.concatenate([starts, np.full((len(patterns), 1), DAY_US)], axis=1)
    low = before[row, piece]
    high = np.concatenate([before, before[:, -1:]], axis=1)[row, piece + 1]
    return (padded[row, piece] - low).reshape(-1), low.reshape(-1), high.reshape(-1)


def table_covering(calendar: Calendar, *instants: Ints) -> Table:
    """Return a table that holds every instant; kept with the calendar until it has to grow."""
    filled = [each for each in instants if len(each)]
    low = min((int(each.min()) for each in filled), default=0)
    high = max((int(each.max()) for each in filled), default=0)
    timeline = calendar._almanac.covering(low, high)  # noqa: SLF001
    held: Table | None = calendar.__dict__.get("_table")
    if held is None or held.timeline is not timeline:
        held = calendar.__dict__["_table"] = Table(timeline, _phase(calendar, timeline))
    return held


def _phase(calendar: Calendar, timeline: Timeline) -> int:
    """Return local midnight or local noon, whichever fewer open stretches cross."""
    try:
        offset = calendar.zone.offset_s(timeline.high_us // 1_000_000) * 1_000_000
    except CalendarError:
        offset = 0
    opens, closes = np.array(timeline.opens[-500:], np.int64), np.array(timeline.closes[-500:], np.int64)

    def crossings(phase: int) -> int:
        return int(((closes - 1 - phase) // DAY_US - (opens - phase) // DAY_US).sum())

    return min((-offset % DAY_US, (DAY_US // 2 - offset) % DAY_US), key=crossings)


# Many calendars at once ------------------------------------------------------------------------------------


class Stack:
    """Answer for rows of many calendars in one call.

    Args:
        calendars: The calendars; a row names one by its place.

    Example:
        >>> from servstd.calendars import ALWAYS, Calendar
        >>> office = Calendar(timezone="UTC", hours={"thu": "09:00-17:00"})
        >>> day = np.array([0, 0]), np.array([86_400_000_000, 86_400_000_000])
        >>> (Stack([ALWAYS, office]).elapsed_array(np.array([0, 1]), *day) // 3_600_000_000).tolist()
        [24, 8]
    """

    def __init__(self, calendars: Sequence[Calendar]) -> None:
        self.calendars = tuple(calendars)
        self._laid: _Laid | None = None

    def elapsed_array(self, which: Any, starts: Any, ends: Any) -> Any:
        """Return the open time of many pairs, each on its own calendar.

        Args:
            which: Shape (n,): the place of each row's calendar.
            starts: Shape (n,): int64 microseconds, or `datetime64[us]` in UTC.
            ends: The same.

        Returns:
            Shape (n,): int64 microseconds, or `timedelta64[us]` for datetimes.
        """
        begin, end = Instants(starts, "starts"), Instants(ends, "ends")
        same_kind(begin, end)
        codes = self._codes(which, len(begin.values))
        found = self._elapsed(codes, begin.filled(), end.filled())
        if begin.has_missing or end.has_missing:
            found[begin.missing | end.missing] = _NAT
        return found.view("timedelta64[us]") if begin.is_datetime else found

    def _codes(self, which: Any, size: int) -> Ints:
        codes = np.ascontiguousarray(which)
        if (codes.dtype.kind not in "iu" and codes.size) or codes.shape != (size,):
            message = (
                f"`which` is {codes.dtype} of shape {codes.shape}; {size} places of calendars are expected."
            )
            raise CalendarError(Problem("SV206", message))
        if size and not (int(codes.min()) >= 0 and int(codes.max()) < len(self.calendars)):
            message = f"`which` names a place outside the {len(self.calendars)} calendars."
            raise CalendarError(Problem("SV206", message))
        return codes.astype(np.int64, copy=False)

    def _elapsed(self, codes: Ints, starts: Ints, ends: Ints) -> Ints:
        out = np.empty(len(starts), np.int64)
        if not len(starts):
            return out
        laid = self._stacked(starts, ends)
        spare, shift = (np.empty(min(BLOCK, len(starts)), np.int64) for _ in range(2))
        read = laid.reader()
        for at in range(0, len(starts), BLOCK):
            size = min(BLOCK, len(starts) - at)
            into, code = out[at : at + size], codes[at : at + size]
            np.take(laid.shift, code, out=shift[:size], mode="clip")
            read(code, shift[:size], ends[at : at + size], into)
            read(code, shift[:size], starts[at : at + size], spare[:size])
            np.subtract(into, spare[:size], out=into)
        return out

    def _stacked(self, starts: Ints, ends: Ints) -> _Laid:
        """Return all tables laid end to end; laid again only when one has grown."""
        low, high = min(int(starts.min()), int(ends.min())), max(int(starts.max()), int(ends.max()))
        edges = np.array([low, high])
        tables = tuple(table_covering(calendar, edges) for calendar in self.calendars)
        laid = self._laid
        if laid is None or any(a is not b for a, b in zip(tables, laid.tables, strict=True)):
            laid = self._laid = _Laid(tables)
        return laid


class _Laid:
    """Hold many tables laid end to end, in one width of cells.

    A day's open time before it and its pattern share one integer where they fit: tables of many calendars are larger
    than the cache, and one look-up that misses it costs more than all the rest.
    """

    def __init__(self, tables: tuple[Table, ...]) -> None:
        self.tables = tables
        self.bits = min(table.bits for table in tables)
        firsts = np.concatenate([[0], np.cumsum([table.days for table in tables])[:-1]])
        self.shift = firsts * DAY_US - np.array([table.base for table in tables])
        if self.bits < _NARROWEST:
            return
        self.cells = (DAY_US >> self.bits) + 1
        patterns, rows = _shared_patterns(tables)
        self.offset, self.low, self.high = _cells(patterns, self.cells, self.bits)
        before = np.concatenate([table.before for table in tables])
        self.row_bits = len(patterns).bit_length()
        self.is_packed = int(before.max(initial=0)).bit_length() + self.row_bits <= 63
        self.before, self.rows = before, rows
        if self.is_packed:
            self.before, self.rows = before << self.row_bits | rows, np.zeros(0, np.int64)

    def reader(self) -> Callable[[Ints, Ints, Ints, Ints], None]:
        """Return what writes the open time before instants, each on the calendar of its code."""
        if self.bits < _NARROWEST:
            return self._read_apart
        day, clock, cell, found = (np.empty(BLOCK, np.int64) for _ in range(4))
        mask = (1 << self.row_bits) - 1

        def read(code: Ints, shift: Ints, at: Ints, into: Ints) -> None:  # noqa: ARG001 - one signature
            size = len(at)
            d, c, k, f = day[:size], clock[:size], cell[:size], found[:size]
            np.add(at, shift, out=c)
            np.floor_divide(c, DAY_US, out=d)
            np.multiply(d, DAY_US, out=k)
            np.subtract(c, k, out=c)
            np.take(self.before, d, out=f, mode="clip")
            if self.is_packed:
                np.bitwise_and(f, mask, out=k)
                np.right_shift(f, self.row_bits, out=d)
            else:
                np.take(self.rows, d, out=k, mode="clip")
                d[:] = f
            np.multiply(k, self.cells, out=k)
            np.right_shift(c, self.bits, out=f)
            np.add(k, f, out=k)
            np.take(self.offset, k, out=f, mode="clip")
            np.subtract(c, f, out=c)
            np.take(self.low, k, out=f, mode="clip")
            np.maximum(c, f, out=c)
            np.take(self.high, k, out=f, mode="clip")
            np.minimum(c, f, out=c)
            np.add(c, d, out=into)

        return read

    def _read_apart(self, code: Ints, shift: Ints, at: Ints, into: Ints) -> None:  # noqa: ARG002 - one signature
        """Read calendar by calendar, where gaps are too short for cells."""
        for place in np.unique(code):
            rows = np.flatnonzero(code == place)
            part = np.empty(len(rows), np.int64)
            self.tables[int(place)].reader()(np.ascontiguousarray(at[rows]), part)
            into[rows] = part


def _shared_patterns(tables: tuple[Table, ...]) -> tuple[Ints, Ints]:
    """Return the patterns of all tables, each once, and the pattern of every day of every table."""
    most = max(table.patterns.shape[1] for table in tables)
    padded = [
        np.pad(table.patterns, ((0, 0), (0, most - table.patterns.shape[1])), constant_values=DAY_US)
        for table in tables
    ]
    patterns, place = _distinct(np.concatenate(padded))
    firsts = np.concatenate([[0], np.cumsum([len(table.patterns) for table in tables])[:-1]])
    rows = [place[first + table.rows] for first, table in zip(firsts, tables, strict=True)]
    return patterns, np.concatenate(rows).astype(np.int64)


def _as_microseconds(array: Any, name: str) -> Any:
    unit = np.datetime_data(array.dtype)[0]
    exact = array.astype("datetime64[us]")
    if unit in ("ns", "ps", "fs", "as") and (exact.astype(array.dtype) != array)[~np.isnat(array)].any():
        message = f"`{name}` holds instants finer than a microsecond."
        raise CalendarError(
            Problem("SV206", message, help="round them yourself: `.astype('datetime64[us]')`.")
        )
    return exact


def _no_instants(array: Any, name: str) -> Problem:
    return Problem(
        "SV206",
        f"`{name}` is an array of {array.dtype}, shape {array.shape}; instants of shape (n,) are expected.",
        help="give int64 microseconds since the epoch, or datetime64[us] in UTC.",
    )


def _shapes(one: Any, other: Any) -> Problem:
    return Problem(
        "SV206", f"{len(one)} starts and {len(other)} ends are no pairs.", help="give as many of both."
    )
