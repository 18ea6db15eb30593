"""Local dates as day numbers: days since 1970-01-01, so that arithmetic on them is arithmetic on integers."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

_EPOCH = date(1970, 1, 1).toordinal()
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def day_from_civil(year: int, month: int, day: int) -> int:
    """Return the day number of a date.

    Example:
        >>> day_from_civil(1970, 1, 2)
        1
    """
    return date(year, month, day).toordinal() - _EPOCH


def day_of(when: date) -> int:
    """Return the day number of a `date`."""
    return when.toordinal() - _EPOCH


def date_of(day: int) -> date:
    """Return the `date` of a day number."""
    return date.fromordinal(day + _EPOCH)


def year_of_day(day: int) -> int:
    """Return the year in which a day lies."""
    return date.fromordinal(day + _EPOCH).year


def weekday_of(day: int) -> int:
    """Return the weekday of a day number: Monday is 0."""
    return (day + 3) % 7


def add_months(day: int, months: int) -> int:
    """Return the same day of the month, months later, clamped to the last day of that month.

    Example:
        >>> date_of(add_months(day_from_civil(2024, 1, 31), 1)).isoformat()
        '2024-02-29'
    """
    start = date_of(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return day_from_civil(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
