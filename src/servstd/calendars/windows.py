"""Calendar windows: which one holds an instant, and where it begins and ends in a zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from servstd.calendars.civil import WEEKDAYS, date_of, day_from_civil
from servstd.calendars.zones import Zone, zone_named
from servstd.errors import Problem, StandardsError

if TYPE_CHECKING:
    from servstd.calendars.calendar import Calendar
    from servstd.calendars.dates import DateLimit

_HOUR_US = 3_600_000_000
_DAY_US = 24 * _HOUR_US
_HOURS = 32
"""Numbers that the hours of a date take up; those past its last hour are empty."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Windows:
    """Number the calendar windows of one length in one zone.

    A window begins at the first instant of its first local date, so a day in October may last 25 hours and
    the months on both sides of a clock change meet exactly.

    Args:
        length: `hour`, `day`, `week`, `month`, `quarter`, `year`, or `all`. Hours are counted from local midnight, so a
            day of 25 hours has 25.
        timezone: The zone of the dates; no part in `all`.
        first: The month and day on which a year begins, `04-01` for a fiscal year from 1 April; its quarters and months
            begin on the same day of the month. Of weeks the weekday on which they begin, Monday otherwise. No part in
            hours, days and `all`.

    Example:
        >>> months = Windows("month", "Europe/London")
        >>> months.label(months.number(1_774_828_800_000_000))  # 30 March 2026
        '2026-03'
        >>> years = Windows("year", "Europe/London", first="04-01")
        >>> years.label(years.number(1_774_828_800_000_000))
        '2025-04-01'
    """

    length: str
    timezone: str = "UTC"
    first: str = "01-01"
    _known: dict[int, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def _zone(self) -> Zone:
        return zone_named(self.timezone)

    def number(self, at_us: int) -> int:
        """Return the number of the window that holds an instant; later windows have greater numbers."""
        if self.length == "all":
            return 0
        day = self._zone.local_us(at_us) // _DAY_US
        if self.length == "hour":
            days = Windows("day", self.timezone)
            day = days._later(day, at_us)
            return day * _HOURS + (at_us - days.start_us(day)) // _HOUR_US
        number = self._known.get(day)
        if number is None:
            number = self._known[day] = _number_of_day(self.length, day, self.first)
        return self._later(number, at_us)

    def _later(self, number: int, at_us: int) -> int:
        """Mend the number where a zone skips or repeats midnight: the bounds decide, not the clock's face."""
        if at_us >= self.start_us(number + 1):
            return number + 1
        return number - 1 if at_us < self.start_us(number) else number

    def start_us(self, number: int) -> int:
        """Return the first instant of a window; it is the end of the one before."""
        if self.length == "hour":
            days, (day, hour) = Windows("day", self.timezone), divmod(number, _HOURS)
            return min(days.start_us(day) + hour * _HOUR_US, days.start_us(day + 1))
        return self._zone.utc_us(_first_day(self.length, number, self.first) * _DAY_US)

    def bounds_us(self, number: int) -> tuple[int, int] | None:
        """Return the first instant of a window and the first after it; None for `all`."""
        return None if self.length == "all" else (self.start_us(number), self.start_us(number + 1))

    def bounds(self, at_us: int) -> tuple[int, int]:
        """Return the window that an instant lies in: its first instant, and the first after it."""
        number = self.number(at_us)
        return self.start_us(number), self.start_us(number + 1)

    def label(self, number: int) -> str:
        """Return the name of a window, as ISO 8601 writes it where it does; else the date on which it begins.

        Example:
            >>> Windows("quarter").label(2026 * 4), Windows("week").label(2930)
            ('2026-Q1', '2026-W10')
        """
        if self.length == "all":
            return "all"
        if self.length == "hour":
            return self._hour_label(number)
        if self.first != "01-01" and (self.length in _MONTHS or self.first in WEEKDAYS[1:]):
            return date_of(_first_day(self.length, number, self.first)).isoformat()
        return _LABELS[self.length](_first_day(self.length, number, self.first))

    def _hour_label(self, number: int) -> str:
        """Return the local time at which an hour begins; of two that begin alike the later says so."""
        shown = [self._zone.local_us(self.start_us(one)) for one in (number, number - 1)]
        day, of_day = divmod(shown[0], _DAY_US)
        minutes = of_day // 60_000_000
        again = " again" if shown[0] == shown[1] and number % _HOURS else ""
        return f"{date_of(day).isoformat()}T{minutes // 60:02d}:{minutes % 60:02d}{again}"


@dataclass(frozen=True, slots=True)
class WindowsFrom:
    """Let a window of one length begin at any instant: any 12 months, any 24 hours.

    Args:
        length: Dates of `calendar`, or µs of wall time.
        calendar: Whose dates.
        is_after: Whether the window lies after its instant, which is not in it; else the instant, and its date, is the
            first of the window. After 15 January, 12 months reach to the end of 15 January; with it, of 14 January.

    Example:
        >>> WindowsFrom(1_000, None).bounds(500), WindowsFrom(1_000, None, is_after=True).bounds(500)
        ((500, 1500), (500, 1501))
    """

    length: DateLimit | int
    calendar: Calendar | None
    is_after: bool = False

    def bounds(self, at_us: int) -> tuple[int, int]:
        """Return the instant, and the first one after the window that begins with it."""
        if isinstance(self.length, int):
            return at_us, at_us + self.length + self.is_after
        assert self.calendar is not None  # noqa: S101 - dates have a calendar
        return at_us, self.calendar.due_us(self.length, at_us)


def first_of_year(text: object) -> str:
    """Return the month and day on which a fiscal year begins.

    The day must be one that every month has (1 to 28), so that quarters and months of that year can begin on it too;
    31 March would end some years in the month that began them.

    Raises:
        StandardsError: SV185, it is none.

    Example:
        >>> first_of_year("04-06")
        '04-06'
    """
    month, _, day = str(text).partition("-") if isinstance(text, str) else ("", "", "")
    is_read = len(month) == len(day) == 2 and f"{month}{day}".isascii() and f"{month}{day}".isdigit()
    if is_read and 1 <= int(month) <= 12 and 1 <= int(day) <= 28:
        return f"{month}-{day}"
    raise StandardsError(
        Problem(
            "SV185",
            f"`{text!s:.40}` is no date on which every fiscal year can begin.",
            help='write month and day, the day from 01 to 28: `{fiscal_year: "04-01"}`.',
            path="fiscal_year",
        )
    )


def _number_of_day(length: str, day: int, first: str) -> int:
    if length == "day":
        return day
    if length == "week":
        return (day - _before_week(first) - 4) // 7
    month, of_month = int(first[:2]), int(first[3:])
    at: date = date_of(day)
    return (at.year * 12 + at.month - month - (at.day < of_month)) // _MONTHS[length]


def _first_day(length: str, number: int, first: str) -> int:
    if length == "day":
        return number
    if length == "week":
        return number * 7 + 4 + _before_week(first)  # 1970-01-05 was a Monday
    year, month = divmod(number * _MONTHS[length] + int(first[:2]) - 1, 12)
    return day_from_civil(year, month + 1, int(first[3:]))


def _before_week(first: str) -> int:
    """Return by how many days a week begins after Monday."""
    return WEEKDAYS.index(first) if first in WEEKDAYS else 0


def _week_label(day: int) -> str:
    year, week, _ = date_of(day).isocalendar()
    return f"{year}-W{week:02d}"


def _quarter_label(day: int) -> str:
    date = date_of(day)
    return f"{date.year}-Q{(date.month + 2) // 3}"


_LABELS: dict[str, Callable[[int], str]] = {
    "day": lambda day: date_of(day).isoformat(),
    "week": _week_label,
    "month": lambda day: date_of(day).isoformat()[:7],
    "quarter": _quarter_label,
    "year": lambda day: date_of(day).isoformat()[:4],
}
