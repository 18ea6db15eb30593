"""Calendar windows (semantics §7): half-open, beginning at local midnight."""

from datetime import date, timedelta

from .instants import date_of, local_date_time


def first_date(day, window):
    if window == "week":
        return day - timedelta(days=day.weekday())
    if window == "month":
        return day.replace(day=1)
    if window == "quarter":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    if window == "year":
        return date(day.year, 1, 1)
    return day


def next_date(day, window):
    """The first date of the next window, from the first date of one."""
    if window in ("day", "week"):
        return day + timedelta(days=7 if window == "week" else 1)
    months = {"month": 1, "quarter": 3, "year": 12}[window]
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, 1)


def window_of(zone, us, window):
    """The window that an instant lies in, as instants."""
    day = first_date(date_of(zone, us), window)
    return local_date_time(zone, day, 0), local_date_time(zone, next_date(day, window), 0)


def windows_between(zone, first, last, window):
    """All windows from the one that holds `first` to the one that holds `last`."""
    at = first
    while True:
        begin, end = window_of(zone, at, window)
        yield begin, end
        if end > last:
            return
        at = end
