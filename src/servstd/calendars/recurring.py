"""Dates that come round: by a recurrence rule, or the ends of months, quarters and years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from servstd.calendars.civil import date_of
from servstd.calendars.closures import Source
from servstd.calendars.sources import read_closures
from servstd.calendars.zones import Zone, zone_named
from servstd.errors import CalendarError, Problem

DAY_US = 86_400_000_000
_YEARS = 60
BUILT_IN: Mapping[str, str] = {
    "month_end": "FREQ=MONTHLY;BYMONTHDAY=-1",
    "quarter_end": "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1",
    "year_end": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31",
}


@dataclass(frozen=True, slots=True)
class Recurring:
    """Know the dates of a recurrence in a zone.

    Args:
        source: The dates, year by year.
        zone: Whose local dates they are.

    Example:
        >>> end = Recurring.of("FREQ=MONTHLY;BYMONTHDAY=-1", "Europe/London")
        >>> end.next_end_us(1_775_000_000_000_000)  # 31 March 2026, 23:33 UTC: 1 April in London
        1777590000000000
    """

    source: Source
    zone: Zone

    @classmethod
    def of(cls, rule: str, timezone: str, start: str | None = None) -> Recurring:
        """Read a recurrence rule of dates (RFC 5545).

        Args:
            rule: `FREQ=MONTHLY;BYMONTHDAY=15`.
            timezone: The zone of the dates.
            start: The date from which it counts, where the rule depends on one.

        Raises:
            CalendarError: SV237 no rule for dates; SV210 no such zone.
        """
        entry: dict[str, Any] = {"rrule": rule} if start is None else {"rrule": rule, "start": start}
        problems: list[Problem] = []
        sources = read_closures([entry], "rrule", problems)
        if problems:
            raise CalendarError(problems)
        return cls(sources[0], zone_named(timezone))

    def days(self, first_us: int, last_us: int) -> list[int]:
        """Return its dates from that of one instant to that of another, both included, as day numbers."""
        first, last = (self.zone.dated_us(at)[0] for at in (first_us, last_us))
        years = range(date_of(first).year, date_of(last).year + 1)
        return [day for year in years for day in sorted(self.source.closures(year)) if first <= day <= last]

    def next_end_us(self, at_us: int, *, own: bool = True) -> int:
        """Return the end of the next such date, µs, exclusive.

        Args:
            at_us: From when on, µs.
            own: Whether the date of that instant may be the one; else the date is a later one.

        Raises:
            CalendarError: SV237, none comes in the next 60 years.
        """
        day = self.zone.dated_us(at_us)[0] + (not own)
        first = date_of(day).year
        for year in range(first, first + _YEARS):
            ahead = [one for one in self.source.closures(year) if one >= day]
            if ahead:
                return self.zone.utc_us((min(ahead) + 1) * DAY_US)
        raise CalendarError(Problem("SV237", f"{self.source.words()} names no date within {_YEARS} years."))
