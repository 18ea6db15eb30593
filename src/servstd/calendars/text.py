"""A calendar for people: one line, and a page of a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servstd.calendars.calendar import Calendar


def calendar_repr(calendar: Calendar) -> str:
    """Return the calendar as an expression that gives it back."""
    words = ", ".join(f"{name}={value!r}" for name, value in calendar.to_dict().items())
    return f"Calendar({words})"


def calendar_html(calendar: Calendar) -> str:
    """Return a page of a notebook."""
    return calendar_repr(calendar)
