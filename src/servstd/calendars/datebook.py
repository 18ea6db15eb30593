"""Which local dates are open, when they open and close, and what that makes of a date limit."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from servstd.calendars.almanac import FIRST_US, LAST_US, Almanac, never, outside
from servstd.calendars.civil import add_months, date_of, weekday_of
from servstd.calendars.dates import CutoffOfDay, DateLimit
from servstd.calendars.hours import DAY_S, merge
from servstd.calendars.rules import FIRST_DAY, LAST_DAY, Rules, without_many
from servstd.calendars.timeline import DAY_US
from servstd.calendars.zones import Zone
from servstd.errors import CalendarError, NeverOpens, UncoveredYear

_MARGIN = 400
_SECOND_US = 1_000_000
_PATIENCE = 366
ONGOING = 2**62
"""The end of a pause that has not ended: later than every instant."""


class OpenDays(NamedTuple):
    """The open dates of `[first, last)`: day numbers, and the instants at which each opens and closes.

    `worked_as` has the weekday of dates that are worked as another one, for a bridge day.
    """

    first: int
    last: int
    days: list[int]
    opens: list[int]
    closes: list[int]
    worked_as: Mapping[int, int] = {}

    def closing(self, index: int) -> int:
        """Return closing time of an open date: a long shift of the day before may end after those of the date."""
        if index and self.days[index - 1] == self.days[index] - 1:
            return max(self.closes[index - 1], self.closes[index])
        return self.closes[index]

    def weekday(self, day: int) -> int:
        """Return the weekday as which a date is worked, Monday 0."""
        return self.worked_as.get(day, weekday_of(day))


class DayMaker(Protocol):
    """Know the open dates of a calendar."""

    zone: Zone

    def known_days(self, day: int) -> tuple[int, int]:
        """Return the stretch of dates around a date for which everything is known."""

    def open_days(self, first: int, last: int) -> OpenDays:
        """Return the open dates of a stretch."""

    def may_open(self, day: int, *, ahead: bool) -> bool:
        """Return False when certainly no date beyond this one is open."""


class RulesDays:
    """Take the dates on which a shift starts: a night that began the evening before opens no date."""

    def __init__(self, rules: Rules, almanac: Almanac) -> None:
        self.rules, self.almanac, self.zone = rules, almanac, rules.zone

    def known_days(self, day: int) -> tuple[int, int]:
        """Return the stretch of dates that every holiday source covers."""
        return self.rules.known_days(day)

    def open_days(self, first: int, last: int) -> OpenDays:
        """Return the dates on which a shift starts, less dated breaks."""
        rules = self.rules
        cuts = rules.cuts(first, last)
        found: list[tuple[int, int, int]] = []
        pieces_on = rules.pieces_by_day(first, last)
        for day, pieces in pieces_on:
            local = merge([(day * DAY_S + low, day * DAY_S + high) for low, high in pieces])
            left = without_many(local, cuts) if cuts else local
            if left:
                found.append((day, left[0][0], left[-1][1]))
        zone = self.zone
        opens, closes = (
            zone.all_utc_us([low for _, low, _ in found]),
            [zone.utc_us(high * 1_000_000) for *_, high in found],
        )
        kept = [index for index in range(len(found)) if opens[index] < closes[index]]
        days = [found[index][0] for index in kept]
        worked_as = (
            {day: rules.weekday_at(day) for day in days if weekday_of(day) > 4} if rules.makes_up else {}
        )
        return OpenDays(first, last, days, [opens[i] for i in kept], [closes[i] for i in kept], worked_as)

    def may_open(self, day: int, *, ahead: bool) -> bool:
        """Return whether the rules may open another date."""
        return self.almanac.maker.may_open(day * DAY_US, ahead=ahead)


class ExpressionDays:
    """Take the dates of a zone on which an expression of calendars is open at all."""

    def __init__(self, zone: Zone, almanac: Almanac) -> None:
        self.zone, self.almanac = zone, almanac

    def known_days(self, day: int) -> tuple[int, int]:
        """Return the whole dates inside what the almanac knows."""
        at = min(max(self.zone.utc_us(day * DAY_US), FIRST_US), LAST_US)
        low, high = self.almanac.known_us(at)
        first, last = self.zone.local_us(low) // DAY_US, self.zone.local_us(high) // DAY_US
        return first + (low > FIRST_US), last

    def open_days(self, first: int, last: int) -> OpenDays:
        """Return the dates with an open instant; opening and closing are those of the date itself."""
        zone = self.zone
        low, high = zone.utc_us(first * DAY_US), zone.utc_us(last * DAY_US)
        found: dict[int, list[int]] = {}
        for start, end in self.almanac.between_us(max(low, FIRST_US), min(high, LAST_US)):
            day = zone.local_us(start) // DAY_US
            while (midnight := zone.utc_us(day * DAY_US)) < end:
                until = zone.utc_us((day + 1) * DAY_US)
                if start < until:
                    held = found.setdefault(day, [max(start, midnight), 0])
                    held[1] = min(end, until)
                day += 1
        days = sorted(found)
        return OpenDays(first, last, days, [found[day][0] for day in days], [found[day][1] for day in days])

    def may_open(self, day: int, *, ahead: bool) -> bool:
        """Return whether the expression may open again."""
        return self.almanac.maker.may_open(day * DAY_US, ahead=ahead)


class EveryDay:
    """Take every date of a zone: a calendar that never closes."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone

    def known_days(self, day: int) -> tuple[int, int]:  # noqa: ARG002 - one signature
        """Return every date."""
        return FIRST_DAY, LAST_DAY

    def open_days(self, first: int, last: int) -> OpenDays:
        """Return every date, from midnight to midnight."""
        days = list(range(first, last))
        midnights = [self.zone.utc_us(day * DAY_US) for day in range(first, last + 1)]
        return OpenDays(first, last, days, midnights[:-1], midnights[1:])

    def may_open(self, day: int, *, ahead: bool) -> bool:  # noqa: ARG002 - one signature
        """Return True."""
        return True


class Datebook:
    """Count dates for one calendar; grown on demand."""

    __slots__ = ("known", "maker")

    def __init__(self, maker: DayMaker) -> None:
        self.maker = maker
        self.known = OpenDays(1, 0, [], [], [])

    def due_us(
        self,
        limit: DateLimit,
        start_us: int,
        *,
        paused: Sequence[tuple[int, int]] = (),
        backwards: bool = False,
    ) -> int:
        """Return the due instant of a date limit; see `Calendar.due_us`."""
        day, clock = self.start(limit, start_us) if not backwards else self._local(start_us)
        last = self.last_day(limit, day, paused=paused, backwards=backwards)
        return self.instant(limit, last, clock)

    def start(self, limit: DateLimit, start_us: int) -> tuple[int, int]:
        """Return the local date from which a limit counts, and the clock time on it, by its settings in their order.

        A start that is moved to an opening is one of the date that opens then; the clock time is in microseconds
        after its midnight, and past 24:00 where the date opens the next morning.
        """
        day, clock = self._local(start_us)
        if limit.cutoff is None and limit.early_start == "same" and limit.closed_start == "same":
            return day, clock
        if self.is_open(day):
            return self._open_start(limit, day, clock, start_us)
        if limit.closed_start == "same":
            return day, clock
        if limit.closed_start == "next_open":
            return self._next_opening(day)
        day = self.nth(day, 1 if limit.closed_start == "next_day" else -1)
        return self._open_start(limit, day, clock, self.maker.zone.utc_us(day * DAY_US + clock))

    def _open_start(self, limit: DateLimit, day: int, clock: int, at: int) -> tuple[int, int]:
        """Apply cutoff and opening to a start on an open date, also to one that was moved there."""
        known, index = self._found(day)
        assert index is not None  # noqa: S101 - it is open
        latest = self._latest_start(limit.cutoff_on(known.weekday(day)), known, index)
        if latest is not None and at > latest:
            return self._next_opening(day)
        if limit.early_start == "open" and at < known.opens[index]:
            return self._opening(known, index)
        return day, clock

    def _latest_start(self, cutoff: CutoffOfDay, known: OpenDays, index: int) -> int | None:
        if cutoff == "close_of_business":
            return known.closing(index)
        return (
            None
            if cutoff is None
            else self.maker.zone.utc_us(known.days[index] * DAY_US + cutoff * _SECOND_US)
        )

    def _opening(self, known: OpenDays, index: int) -> tuple[int, int]:
        """Return an open date, and its opening as a clock time after its midnight."""
        day = known.days[index]
        return day, self.maker.zone.local_us(known.opens[index]) - day * DAY_US

    def last_day(
        self, limit: DateLimit, day: int, *, paused: Sequence[tuple[int, int]] = (), backwards: bool = False
    ) -> int:
        """Return the last date of a limit that starts on `day`, rolled."""
        count = -limit.count if backwards else limit.count
        step = 1 if count >= 0 else -1
        own = limit.day_one == "same"
        if paused:
            last = self._shifted(limit, day, count, own, paused)
        elif limit.unit == "business days":
            last = self.nth(day - step * own, count) if count else day
        elif limit.unit == "days":
            last = day + count - step * (own and count != 0)
        else:
            last = months_later(day, count) - step * (own and count != 0)
        return self._rolled(limit, last)

    def _rolled(self, limit: DateLimit, day: int) -> int:
        if limit.roll == "none" or self.is_open(day):
            return day
        return self.nth(day, 1 if limit.roll == "forward" else -1)

    def _shifted(
        self, limit: DateLimit, day: int, count: int, own: bool, paused: Sequence[tuple[int, int]]
    ) -> int:
        """Count dates, leaving out those at whose closing time the clock is paused."""
        step = 1 if count >= 0 else -1
        rest = abs(count)
        if limit.unit == "months":
            rest = abs(months_later(day, count) - day)
        last = self._last_looked_for(limit, paused)
        at = day - step * own
        while rest:
            at = self.nth(at, step) if limit.unit == "business days" else at + step
            if at > last:
                raise NeverOpens(never(self.maker.zone.utc_us(day * DAY_US), 1, ahead=True))
            rest -= not self._is_left_out(at, paused)
        return at

    def _last_looked_for(self, limit: DateLimit, paused: Sequence[tuple[int, int]]) -> int:
        """Return the last date on which a limit may end: while a pause goes on, only closed dates can count.

        Weeks have closed days and are soon through; holidays alone are so few that the search ends after a year.
        """
        since = [start for start, end in paused if end >= ONGOING]
        if not since:
            return LAST_DAY
        may_count = limit.unit != "business days" and not isinstance(self.maker, EveryDay)
        return self._local(min(since))[0] + may_count * _PATIENCE

    def _is_left_out(self, day: int, paused: Sequence[tuple[int, int]]) -> bool:
        """Return whether a pause takes a date: the clock stands at its closing time, so that open time of it is lost.

        A date without hours loses nothing to a pause.
        """
        known, index = self._found(day)
        return index is not None and any(start < known.closes[index] <= end for start, end in paused)

    def counted(self, limit: DateLimit, start_us: int, end_us: int) -> int:
        """Return how many dates a limit counts until an instant; see `Calendar.dates_us`."""
        return len(self._dates(limit, start_us, end_us))

    def left_out(
        self, limit: DateLimit, start_us: int, end_us: int, *, paused: Sequence[tuple[int, int]]
    ) -> list[int]:
        """Return the dates until an instant that pauses take; see `Calendar.left_out_days`."""
        if not paused:
            return []
        return [day for day in self._dates(limit, start_us, end_us) if self._is_left_out(day, paused)]

    def _dates(self, limit: DateLimit, start_us: int, end_us: int) -> Sequence[int]:
        """Return the dates that a limit would count until an instant, the date of the instant among them."""
        day, _ = self.start(limit, start_us)
        first = day if limit.day_one == "same" else day + 1
        last, _ = self._local(end_us)
        if last < first or limit.unit != "business days":
            return range(first, last + 1)
        known = self.covering(first, last).days
        return known[bisect_left(known, first) : bisect_right(known, last)]

    def instant(self, limit: DateLimit, day: int, clock: int) -> int:
        """Return the instant of a last day at which a limit ends."""
        if limit.ends == "same_time":
            return self.maker.zone.utc_us(day * DAY_US + clock)
        if isinstance(limit.ends, int):
            return self.maker.zone.utc_us(day * DAY_US + limit.ends * 1_000_000)
        if limit.ends == "close_of_business":
            known, index = self._found(day)
            if index is not None:
                return known.closing(index)
        return self.maker.zone.utc_us((day + 1) * DAY_US)

    def bounds_us(self, day: int) -> tuple[int, int]:
        """Return the instants at which a local date begins and ends."""
        return self.maker.zone.utc_us(day * DAY_US), self.maker.zone.utc_us((day + 1) * DAY_US)

    def _local(self, at: int) -> tuple[int, int]:
        return self.maker.zone.dated_us(at)

    # Open dates -------------------------------------------------------------------------------------------------

    # What is known is read once an answer: another thread may make it grow at any time.

    def is_open(self, day: int) -> bool:
        """Return whether a date is open."""
        return self._found(day)[1] is not None

    def _found(self, day: int) -> tuple[OpenDays, int | None]:
        """Return what is known, and where a date stands in it; None when it is closed."""
        known = self.covering(day, day)
        index = bisect_left(known.days, day)
        return known, index if index < len(known.days) and known.days[index] == day else None

    def _next_opening(self, day: int) -> tuple[int, int]:
        return self._opening(*self._nth(day, 1))

    def count(self, after: int, until: int) -> int:
        """Return how many open dates lie after one date, up to and including another; negative when it is earlier."""
        if until < after:
            return -self.count(until, after)
        days = self.covering(after, until).days
        return bisect_right(days, until) - bisect_right(days, after)

    def nth(self, day: int, count: int) -> int:
        """Return the `count`-th open date after a date (before it, when negative)."""
        known, index = self._nth(day, count)
        return known.days[index]

    def _nth(self, day: int, count: int) -> tuple[OpenDays, int]:
        known = self.covering(day, day)
        while True:
            index = (
                bisect_right(known.days, day) + count - 1
                if count > 0
                else bisect_left(known.days, day) + count
            )
            if 0 <= index < len(known.days):
                return known, index
            known = self._beyond(known, day, ahead=count > 0)

    def covering(self, first: int, last: int) -> OpenDays:
        """Return open dates that reach from `first` to `last`, both included."""
        known = self.known
        if known.first <= first and last < known.last:
            return known
        if not (first >= FIRST_DAY and last < LAST_DAY):
            raise CalendarError(outside((first if first < FIRST_DAY else last) * DAY_US))
        low, high = self.maker.known_days(first)
        if last >= high:
            self.maker.known_days(last)
            self.maker.known_days(high)
        wide_low, wide_high = max(low, first - _MARGIN), min(high, last + 1 + 3 * _MARGIN)
        if low <= known.first < known.last <= high:
            wide_low, wide_high = min(wide_low, known.first), max(wide_high, known.last)
        try:
            known = self.maker.open_days(wide_low, wide_high)
        except UncoveredYear:
            known = self.maker.open_days(first, last + 1)
        self.known = known
        return known

    def _beyond(self, known: OpenDays, day: int, *, ahead: bool) -> OpenDays:
        """Return open dates that reach further, or say why none can."""
        never_opens = NeverOpens(never(self.maker.zone.utc_us(day * DAY_US), 1, ahead=ahead))
        low, high = self.maker.known_days(day)
        edge = known.last if ahead else known.first
        if not self.maker.may_open(edge, ahead=ahead):
            raise never_opens
        reach = max(4 * _MARGIN, known.last - known.first)
        if ahead:
            further = self.covering(day, min(high - 1, edge + reach))
        else:
            further = self.covering(max(low, edge - reach), day)
        if edge != (further.last if ahead else further.first):
            return further
        self.maker.known_days(high if ahead else low - 1)  # refuses where nobody knows what comes
        raise never_opens


def months_later(day: int, count: int) -> int:
    """Add calendar months; a limit beyond the years that calendars answer for never ends."""
    years = date_of(day).year + count // 12
    if not 1890 <= years <= 2210:
        raise NeverOpens(never(day * DAY_US, 1, ahead=count > 0))
    return add_months(day, count)
