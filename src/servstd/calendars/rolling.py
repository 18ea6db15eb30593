"""Rolling windows: the last 30 days, for every local date on which they may end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from servstd.calendars.civil import add_months, date_of
from servstd.calendars.windows import Windows

Unit = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Rolling:
    """Be the windows of one length that end with a local date, one a date; each is known by the number of that date.

    Thirty days to 30 March begin at local midnight on 1 March and end at local midnight after 30 March. One month to
    30 March begins on 28 February: counted back from 31 March, clamped as every month is.

    Args:
        count: How many dates, weeks or months.
        unit: Of which.
        timezone: The zone of the dates.

    Example:
        >>> month = Rolling(30, "day", "Europe/London")
        >>> month.label(month.last(1_774_828_800_000_000))  # 30 March 2026
        '30 days to 2026-03-30'
    """

    count: int
    unit: Unit
    timezone: str = "UTC"
    days: Windows = field(init=False, compare=False, repr=False)
    """The dates."""

    def __post_init__(self) -> None:
        """Keep the dates, which remember what they looked up."""
        object.__setattr__(self, "days", Windows("day", self.timezone))

    def first_day(self, number: int) -> int:
        """Return the first date of the window that ends with a date; both as day numbers."""
        if self.unit == "month":
            return add_months(number + 1, -self.count)
        return number + 1 - self.count * (7 if self.unit == "week" else 1)

    def last(self, at_us: int) -> int:
        """Return the window that ends with the date of an instant."""
        return self.days.number(at_us)

    def bounds_us(self, number: int) -> tuple[int, int]:
        """Return the first instant of a window, and the first after it."""
        return self.days.start_us(self.first_day(number)), self.days.start_us(number + 1)

    def label(self, number: int) -> str:
        """Return the name of a window: its length and the date it ends with."""
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'} to {date_of(number).isoformat()}"
