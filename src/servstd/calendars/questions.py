"""Every question that a calendar answers: in whole microseconds, in datetimes, in arrays."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from servstd.calendars.dates import DateLimit, refuse_always
from servstd.intervals import EPOCH, Interval, datetime_utc, instant_us, timedelta_us

if TYPE_CHECKING:
    import numpy as np

    from servstd.calendars.almanac import Almanac
    from servstd.calendars.calendar import Calendar
    from servstd.calendars.datebook import Datebook
    from servstd.calendars.zones import Zone

DAY_US = 86_400_000_000


class Questions:
    """Be the questions of a calendar; what answers them is compiled by `Calendar` when first asked."""

    if TYPE_CHECKING:

        @property
        def _almanac(self) -> Almanac: ...

        @property
        def _datebook(self) -> Datebook: ...

        @property
        def refuses_business_days(self) -> bool:
            """Return whether it says `always`, so that nothing tells business days from other ones."""
            ...

        @property
        def zone(self) -> Zone:
            """Return the zone in which its dates are counted."""
            ...

    # In whole microseconds -------------------------------------------------------------------------------------------

    def elapsed_us(self, start: int, end: int) -> int:
        """Return the open microseconds from `start` to `end`, negative when `end` comes first."""
        return self._almanac.elapsed_us(start, end)

    def add_us(self, at: int, amount: int) -> int:
        """Return the earliest instant by which `amount` open microseconds have elapsed; see `add`."""
        return self._almanac.add_us(at, amount)

    def subtract_us(self, at: int, amount: int) -> int:
        """Return the latest instant from which `amount` open microseconds elapse until `at`; see `subtract`."""
        return self._almanac.subtract_us(at, amount)

    def is_open_us(self, at: int) -> bool:
        """Return whether an instant is open."""
        return self._almanac.is_open_us(at)

    def next_open_us(self, at: int) -> int:
        """Return the instant itself when open, else the next opening."""
        return self._almanac.next_open_us(at)

    def next_close_us(self, at: int) -> int:
        """Return the first closed instant at or after the next open one."""
        return self._almanac.next_close_us(at)

    def due_us(
        self,
        limit: DateLimit,
        start: int,
        *,
        paused: Sequence[tuple[int, int]] = (),
        backwards: bool = False,
    ) -> int:
        """Return the due instant of a date limit.

        Args:
            limit: The dates and their day rules; `limit.inclusive` tells whether the due instant is in time.
            start: Where it starts, in microseconds.
            paused: Stretches (µs) of a paused clock, one that goes on until `datebook.ONGOING`: a date at whose
                closing time the clock is paused does not count.
            backwards: Whether dates are counted before the start: `2 business days before`.

        Raises:
            CalendarError: SV240 for business days on `always`, SV211 without a zone.
            NeverOpens: When too few open dates are left, or none while a pause goes on.
            UncoveredYear: Where the holiday source has no data.
        """
        if limit.unit == "business days" and self.refuses_business_days:
            raise refuse_always(limit)
        return self._datebook.due_us(limit, start, paused=paused, backwards=backwards)

    def dates_us(self, limit: DateLimit, start: int, end: int) -> int:
        """Return how many dates of a limit lie up to an instant: the number of the date on which it lies.

        Args:
            limit: The dates and their day rules.
            start: Where the limit starts, in microseconds.
            end: The instant.
        """
        return self._datebook.counted(limit, start, end)

    def left_out_days(
        self, limit: DateLimit, start: int, end: int, *, paused: Sequence[tuple[int, int]]
    ) -> list[int]:
        """Return which of those dates do not count, because the clock is paused at their closing time.

        Args:
            limit: The dates and their day rules.
            start: Where the limit starts, in microseconds.
            end: The instant.
            paused: Stretches (µs) of a paused clock.

        Returns:
            Local dates as days since 1970-01-01.
        """
        return self._datebook.left_out(limit, start, end, paused=paused)

    def due_date_us(self, limit: DateLimit, start: int, *, backwards: bool = False) -> tuple[int, int]:
        """Return the instants at which the last local date of a limit begins and ends."""
        if limit.unit == "business days" and self.refuses_business_days:
            raise refuse_always(limit)
        book = self._datebook
        day, _ = divmod(self.zone.local_us(start), DAY_US) if backwards else book.start(limit, start)
        return book.bounds_us(book.last_day(limit, day, backwards=backwards))

    def explain_us(self, start: int, end: int) -> list[Interval]:
        """Return every stretch from `start` to `end`, open or closed, with its reason; together the whole time."""
        from servstd.calendars.explain import explained  # noqa: PLC0415 - only when asked

        return explained(cast("Calendar", self), start, end)

    def opens_on(self, day: date) -> bool:
        """Return whether a local date is a business day: a shift starts on it."""
        from servstd.calendars.civil import day_of  # noqa: PLC0415

        return self._datebook.is_open(day_of(day))

    def business_days(self, start: int, end: int) -> int:
        """Return how many open dates lie after the local date of `start`, up to and including that of `end`.

        It is the count by which date limits go: a start on Friday and an end on Monday are one business day apart.

        Args:
            start: Microseconds.
            end: Microseconds; when it comes first, the answer is negative.

        Example:
            >>> from servstd.calendars import Calendar
            >>> Calendar(timezone="UTC", hours={"mon-fri": "09:00-17:00"}).business_days(0, 5 * 86_400_000_000)
            3
        """
        local = self.zone.local_us
        return self.open_dates(local(start) // DAY_US, local(end) // DAY_US)

    def open_dates(self, first: int, last: int) -> int:
        """Return how many open dates lie after one date, up to and including another.

        Args:
            first: A local date as days since 1970-01-01.
            last: Another; when it comes first, the answer is negative.

        Raises:
            CalendarError: SV240 on `always`.
        """
        if self.refuses_business_days:
            raise refuse_always(DateLimit(1, "business days"))
        return self._datebook.count(first, last)

    # In datetimes ----------------------------------------------------------------------------------------------------

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from `start` to `end`, signed.

        Args:
            start: An aware datetime.
            end: An aware datetime; when it comes first, the answer is negative.

        Raises:
            CalendarError: SV201 for a naive datetime, SV205 outside 1900 to 2199.
            UncoveredYear: Where the holiday source has no data.

        Example:
            >>> from servstd.calendars import ALWAYS
            >>> ALWAYS.elapsed(datetime_utc(0), datetime_utc(5_000_000))
            datetime.timedelta(seconds=5)
        """
        # The hot path: two subtractions and two look-ups, all in timedeltas; twice as fast as by integers.
        rows = self._almanac.rows
        try:
            a, b = start - EPOCH, end - EPOCH
            edges, pieces = rows[a.days]
            is_open, less = pieces[bisect_right(edges, a)]
            if is_open:
                less = a - less
            edges, pieces = rows[b.days]
            is_open, more = pieces[bisect_right(edges, b)]
        except (KeyError, TypeError, AttributeError):
            return timedelta(microseconds=self._almanac.elapsed_us(instant_us(start), instant_us(end)))
        return b - more - less if is_open else more - less

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the earliest instant by which `amount` of open time has elapsed since `start`.

        It lands on closing time when the amount fits exactly; adding nothing changes nothing.

        Args:
            start: An aware datetime, open or not.
            amount: Open time; negative subtracts.

        Returns:
            An instant in the zone of `start`.

        Raises:
            NeverOpens: SV220 when the calendar is not open long enough.
        """
        return self._like(start, self._almanac.add_us(instant_us(start), timedelta_us(amount)))

    def subtract(self, end: datetime, amount: timedelta) -> datetime:
        """Return the latest instant from which `amount` of open time elapses until `end`.

        Raises:
            NeverOpens: SV220 when the calendar was not open long enough.
        """
        return self._like(end, self._almanac.subtract_us(instant_us(end), timedelta_us(amount)))

    def is_open(self, at: datetime) -> bool:
        """Return whether an instant is open; closing time is not."""
        return self._almanac.is_open_us(instant_us(at))

    def next_open(self, at: datetime) -> datetime:
        """Return the instant itself when open, else the next opening.

        Raises:
            NeverOpens: SV220 when it does not open any more.
        """
        return self._like(at, self._almanac.next_open_us(instant_us(at)))

    def next_close(self, at: datetime) -> datetime:
        """Return the first closed instant at or after the next open one.

        Raises:
            NeverOpens: SV220 when it never opens, or never closes, any more.
        """
        return self._like(at, self._almanac.next_close_us(instant_us(at)))

    def due(self, limit: Any, *, start: datetime, backwards: bool = False, **settings: Any) -> datetime:
        """Return the due instant of a limit: a duration, dates, or the earliest or latest of several.

        Args:
            limit: `4 hours`, `4 business hours`, `10 business days`, `1 month`, a `DateLimit`, or
                `{"earliest_of": [...]}`, `{"latest_of": [...]}`.
            start: An aware datetime.
            backwards: Whether the limit lies before `start`.
            settings: Day rules of dates: `cutoff`, `early_start`, `closed_start`, `day_one`, `roll`, `ends`.

        Returns:
            An instant in the zone of `start`. The end of a day is the first instant that is late.

        Raises:
            StandardsError: SV12x when the limit cannot be read.
            NeverOpens: SV220 when it is never reached.

        Example:
            >>> from servstd.calendars import Calendar
            >>> office = Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"})
            >>> office.due("1 business day", start=datetime_utc(0), ends="close_of_business").isoformat()
            '1970-01-02T16:00:00+00:00'
        """
        from servstd.calendars.limits import due_us  # noqa: PLC0415 - it reads limits, which calendars need not

        return self._like(
            start,
            due_us(cast("Calendar", self), limit, instant_us(start), backwards=backwards, settings=settings),
        )

    def intervals(self, start: datetime, end: datetime) -> list[Interval]:
        """Return the open stretches between two instants, cut at them."""
        return [
            Interval(low, high) for low, high in self._almanac.between_us(instant_us(start), instant_us(end))
        ]

    def explain(self, start: datetime, end: datetime) -> list[Interval]:
        """Return every stretch between two instants, open or closed, with its reason.

        Example:
            >>> from servstd.calendars import Calendar
            >>> night = Calendar(timezone="UTC", hours={"daily": "22:00-06:00"})
            >>> [str(part) for part in night.explain(datetime_utc(0), datetime_utc(7 * 3_600_000_000))]
            ['1970-01-01T00:00:00Z/1970-01-01T06:00:00Z open shift Wed 22:00\u201306:00', \
'1970-01-01T06:00:00Z/1970-01-01T07:00:00Z closed closed: outside hours']
        """
        return self.explain_us(instant_us(start), instant_us(end))

    @staticmethod
    def _like(given: datetime, us: int) -> datetime:
        return datetime_utc(us).astimezone(given.tzinfo)

    # In arrays -------------------------------------------------------------------------------------------------------

    def elapsed_array(self, starts: Any, ends: Any) -> np.ndarray[Any, Any]:
        """Return the open time of many pairs at once.

        Args:
            starts: Shape (n,): int64 microseconds since the epoch, or `datetime64[us]` in UTC.
            ends: The same.

        Returns:
            Shape (n,): int64 microseconds, or `timedelta64[us]` for datetimes; NaT where either is.

        Raises:
            CalendarError: SV205 outside 1900 to 2199, SV206 for another kind of array.
        """
        from servstd.calendars.columns import elapsed_array  # noqa: PLC0415 - NumPy only where arrays are

        found: np.ndarray[Any, Any] = elapsed_array(cast("Calendar", self), starts, ends)
        return found

    def add_array(self, starts: Any, amounts: Any) -> np.ndarray[Any, Any]:
        """Return the earliest instants by which amounts of open time have elapsed; see `add`.

        Args:
            starts: Shape (n,): int64 microseconds, or `datetime64[us]` in UTC.
            amounts: Shape (n,) or one: int64 microseconds, or `timedelta64[us]`.

        Returns:
            Shape (n,), of the kind of `starts`.
        """
        from servstd.calendars.columns import add_array  # noqa: PLC0415

        found: np.ndarray[Any, Any] = add_array(cast("Calendar", self), starts, amounts)
        return found

    def due_array(self, limit: Any, starts: Any, **settings: Any) -> np.ndarray[Any, Any]:
        """Return the due instants of one limit for many starts; see `due`.

        Args:
            limit: As for `due`.
            starts: Shape (n,): int64 microseconds, or `datetime64[us]` in UTC.
            settings: Day rules, as for `due`.

        Returns:
            Shape (n,), of the kind of `starts`.
        """
        from servstd.calendars.due_columns import due_array  # noqa: PLC0415

        found: np.ndarray[Any, Any] = due_array(cast("Calendar", self), limit, starts, settings)
        return found
