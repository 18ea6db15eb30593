"""When a service is open: calendars, their algebra, date limits; exact across every change of the clocks."""

from __future__ import annotations

from servstd.calendars.calendar import ALWAYS, Calendar
from servstd.calendars.dates import DateLimit, is_date_limit, parse_date_limit

__all__ = ["ALWAYS", "Calendar", "DateLimit", "is_date_limit", "parse_date_limit"]
