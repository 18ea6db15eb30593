"""The open times of one calendar, compiled when asked and grown on demand, never cut short in silence."""

from __future__ import annotations

from typing import Protocol

from servstd.calendars.civil import day_from_civil
from servstd.calendars.rules import FIRST_DAY, Rules
from servstd.calendars.timeline import DAY_US, AlwaysRows, Rows, Timeline, closed_up, cut
from servstd.calendars.weeks import WHOLE_WEEK, Week, week_of
from servstd.calendars.zones import FIRST_YEAR, LAST_YEAR
from servstd.errors import CalendarError, NeverOpens, Problem, UncoveredYear
from servstd.intervals import instant_text

FIRST_US = day_from_civil(FIRST_YEAR, 1, 1) * DAY_US
LAST_US = day_from_civil(LAST_YEAR + 1, 1, 1) * DAY_US
ALL_US = LAST_US - FIRST_US
_MARGIN_US = 400 * DAY_US


class Maker(Protocol):
    """Make open stretches: a calendar's rules, or an expression of others."""

    def known_us(self, at: int) -> tuple[int, int]:
        """Return the stretch around an instant for which everything is known; refuse where it is not."""

    def make(self, low: int, high: int) -> tuple[list[int], list[int]]:
        """Return where open stretches between two instants start and end."""

    def may_open(self, at: int, *, ahead: bool) -> bool:
        """Return False when it is certain that nothing opens beyond an instant."""

    def week(self, *, ahead: bool) -> Week:
        """Return the hours of the week at which it may be and must be open in the long run, in UTC."""

    def settled_us(self, *, ahead: bool) -> int:
        """Return the instant beyond which `week` holds."""


class Almanac:
    """Answer in whole microseconds for one calendar.

    Args:
        maker: What makes its open stretches.
    """

    __slots__ = ("maker", "rows", "timeline")

    def __init__(self, maker: Maker) -> None:
        self.maker = maker
        self.timeline = Timeline([], [], 1, 0)
        self.rows = Rows(self.timeline)

    def elapsed_us(self, start: int, end: int) -> int:
        """Return the open time from `start` to `end`, negative when `end` comes first."""
        known = self.timeline
        if not (known.low_us <= start <= known.high_us and known.low_us <= end <= known.high_us):
            known = self.covering(min(start, end), max(start, end))
        return known.open_us(end) - known.open_us(start)

    def add_us(self, at: int, amount: int) -> int:
        """Return the earliest instant by which `amount` has elapsed since `at`."""
        if amount <= 0:
            return at if amount == 0 else self.subtract_us(at, -amount)
        known = self.covering(at, at)
        while (found := known.earliest(known.open_us(at) + amount)) is None:
            known = self._further(known, at, amount)
        return found

    def subtract_us(self, at: int, amount: int) -> int:
        """Return the latest instant from which `amount` elapses until `at`."""
        if amount <= 0:
            return at if amount == 0 else self.add_us(at, -amount)
        known = self.covering(at, at)
        while (found := known.latest(known.open_us(at) - amount)) is None:
            known = self._earlier(known, at, amount)
        return found

    def is_open_us(self, at: int) -> bool:
        """Return whether an instant is open; a closing instant is not."""
        return self.covering(at, at).is_open(at)

    def next_open_us(self, at: int) -> int:
        """Return the instant itself when open, else the next opening."""
        known = self.covering(at, at)
        while (found := known.next_open(at)) is None:
            known = self._further(known, at, 1)
        return found

    def next_close_us(self, at: int) -> int:
        """Return the first closed instant at or after the next open one."""
        self.next_open_us(at)
        known = self.covering(at, at)
        while (found := known.next_close(at)) is None:
            known = self._further(known, at, 0)
        return found

    def between_us(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the open stretches between two instants."""
        return self.covering(start, end).between(start, end) if start < end else []

    def known_us(self, at: int) -> tuple[int, int]:
        """Return the stretch around an instant for which everything is known."""
        return self.maker.known_us(at)

    def settled_us(self, *, ahead: bool) -> int:
        """Return the instant beyond which only weekly hours are left."""
        return self.maker.settled_us(ahead=ahead)

    def week(self, *, ahead: bool) -> Week:
        """Return the bounds of its week in the long run."""
        return self.maker.week(ahead=ahead)

    def stretches(self, low: int, high: int) -> list[tuple[int, int]]:
        """Return `between_us` for an expression: what is not known is made for this question only."""
        known = self.timeline
        if known.low_us <= low and high <= known.high_us:
            return known.between(low, high)
        return list(zip(*self.maker.make(low, high), strict=True))

    # Growing -----------------------------------------------------------------------------------------------------

    def covering(self, low: int, high: int) -> Timeline:
        """Return a timeline that knows everything from `low` to `high`.

        Raises:
            CalendarError: SV205 before 1900 or after 2199.
            UncoveredYear: SV221 where a holiday source has no data.
        """
        known = self.timeline
        if known.low_us <= low and high <= known.high_us:
            return known
        first, last = self._known(low, high)
        wide_low, wide_high = low - _MARGIN_US, high + _MARGIN_US
        if first <= known.low_us < known.high_us <= last:
            # Growing again: by half of what is known, so that growing day by day stays linear.
            more = _MARGIN_US + (known.high_us - known.low_us) // 2
            low, high = min(low, known.low_us), max(high, known.high_us)
            wide_low = low if low == known.low_us else low - more
            wide_high = high if high == known.high_us else high + more
        try:
            return self._compile(max(first, wide_low), min(last, wide_high))
        except UncoveredYear:
            return self._compile(low, high)

    def _compile(self, low: int, high: int) -> Timeline:
        opens, closes = self.maker.make(low, high)
        self.timeline = Timeline(opens, closes, low, high)
        self.rows = Rows(self.timeline)
        return self.timeline

    def _known(self, low: int, high: int) -> tuple[int, int]:
        for at in (low, high):
            if not FIRST_US <= at <= LAST_US:
                raise CalendarError(outside(at))
        first, last = self.maker.known_us(low)
        if high > last:
            self.maker.known_us(high)
            self.maker.known_us(last + 1)
        return first, last

    def _further(self, known: Timeline, at: int, amount: int) -> Timeline:
        """Return a timeline that reaches further ahead, or say why none can."""
        if not self.maker.may_open(max(at, known.high_us), ahead=True) and amount:
            raise NeverOpens(never(at, amount, ahead=True))
        if known.high_us >= LAST_US:
            raise NeverOpens(never(at, amount, ahead=True))
        _, last = self.maker.known_us(at)
        if known.high_us >= last:
            self.maker.known_us(last + 1)
        reach = max(2 * _MARGIN_US, known.high_us - known.low_us, _estimate(known, amount))
        return self.covering(at, min(last, known.high_us + reach))

    def _earlier(self, known: Timeline, at: int, amount: int) -> Timeline:
        """Return a timeline that reaches further back, or say why none can."""
        if known.low_us <= FIRST_US or not self.maker.may_open(min(at, known.low_us), ahead=False):
            raise NeverOpens(never(at, amount, ahead=False))
        first, _ = self.maker.known_us(at)
        if known.low_us <= first:
            self.maker.known_us(first - 1)
        reach = max(2 * _MARGIN_US, known.high_us - known.low_us, _estimate(known, amount))
        return self.covering(max(first, known.low_us - reach), at)


class AlwaysAlmanac(Almanac):
    """Answer for a calendar that never closes: wall time, in any year."""

    __slots__ = ()

    def __init__(self, maker: Maker) -> None:
        super().__init__(maker)
        self.rows = AlwaysRows(self.timeline)

    def elapsed_us(self, start: int, end: int) -> int:
        """Return the wall time from `start` to `end`."""
        return end - start

    def add_us(self, at: int, amount: int) -> int:
        """Return the instant `amount` later."""
        return at + amount

    def subtract_us(self, at: int, amount: int) -> int:
        """Return the instant `amount` earlier."""
        return at - amount

    def is_open_us(self, at: int) -> bool:  # noqa: ARG002 - one signature
        """Return True."""
        return True

    def next_open_us(self, at: int) -> int:
        """Return the instant itself."""
        return at

    def next_close_us(self, at: int) -> int:
        """Refuse: it never closes."""
        raise NeverOpens(never(at, 0, ahead=True))

    def between_us(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the whole stretch."""
        return [(start, end)] if start < end else []


class AlwaysMaker:
    """Make one stretch of all time; it needs no zone."""

    __slots__ = ()

    def known_us(self, at: int) -> tuple[int, int]:  # noqa: ARG002 - one signature
        """Return every instant."""
        return FIRST_US, LAST_US

    def make(self, low: int, high: int) -> tuple[list[int], list[int]]:
        """Return the stretch itself."""
        return [low], [high]

    def may_open(self, at: int, *, ahead: bool) -> bool:  # noqa: ARG002 - one signature
        """Return True."""
        return True

    def settled_us(self, *, ahead: bool) -> int:
        """Return the beginning or the end of time: nothing is dated."""
        return FIRST_US if ahead else LAST_US

    def week(self, *, ahead: bool) -> Week:  # noqa: ARG002 - one signature
        """Return the whole week."""
        return Week(WHOLE_WEEK, WHOLE_WEEK)


class RulesMaker:
    """Make the open stretches of one calendar's rules."""

    __slots__ = ("rules",)

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def known_us(self, at: int) -> tuple[int, int]:
        """Return the stretch around an instant that every holiday source covers."""
        zone, rules = self.rules.zone, self.rules
        day = zone.local_us(at) // DAY_US
        first, last = rules.known_days(day)
        settles = first + rules.overhang_days if first > FIRST_DAY else first
        low, high = zone.utc_us(settles * DAY_US), zone.utc_us(last * DAY_US)
        if at < low:
            rules.known_days(first - 1)
        return max(low, FIRST_US), min(high, LAST_US)

    def make(self, low: int, high: int) -> tuple[list[int], list[int]]:
        """Return open stretches, from the shifts of every date that can matter."""
        zone, rules = self.rules.zone, self.rules
        if low >= high:
            return [], []
        known_first, known_last = rules.known_days(zone.local_us((low + high) // 2) // DAY_US)
        first = max(known_first, zone.local_us(low) // DAY_US - rules.overhang_days - 1)
        last = min(known_last, zone.local_us(high) // DAY_US + 2)
        starts, ends = rules.pieces(first, last)
        opens, closes = closed_up(zone.all_utc_us(starts), zone.all_utc_us(ends))
        return cut(opens, closes, low, high)

    def may_open(self, at: int, *, ahead: bool) -> bool:
        """Return whether dated rules are left, or weekly hours that closures do not eat up."""
        settled = self.settled_us(ahead=ahead)
        is_settled = at >= settled if ahead else at <= settled
        return not is_settled or self.rules.opens_weekly(ahead=ahead)

    def settled_us(self, *, ahead: bool) -> int:
        """Return the instant beyond which only weekly hours and recurring closures are left."""
        day = self.rules.last_dated_day() if ahead else self.rules.first_dated_day()
        return day * DAY_US

    def week(self, *, ahead: bool) -> Week:
        """Return the hours at which it may be and must be open, whatever the offset of the day."""
        return week_of(self.rules, ahead=ahead)


def _estimate(known: Timeline, amount: int) -> int:
    """Return how much further an amount lies at the rate seen so far, and a tenth."""
    if not known.total:
        return 0
    return min(ALL_US, amount * (known.high_us - known.low_us) // known.total * 11 // 10)


def outside(at: int) -> Problem:
    """Return the problem of an instant outside the years that calendars answer for."""
    return Problem(
        "SV205",
        f"`{instant_text(at)}` lies outside {FIRST_YEAR} to {LAST_YEAR}; no calendar is known to hold there.",
        help="it is probably a placeholder for `never` or `unknown`: read it as null (`null_values=`).",
    )


def never(at: int, amount: int, *, ahead: bool) -> Problem:
    """Return the problem of an instant beyond which the calendar does not open (or close) any more."""
    where = "after" if ahead else "before"
    if not amount:
        return Problem("SV220", f"the calendar never closes {where} {instant_text(at)}.")
    message = (
        f"the calendar is not open (long enough) {where} {instant_text(at)}, so that amount is never reached."
    )
    return Problem("SV220", message, help="give it hours, or look at which closures take them all.")
