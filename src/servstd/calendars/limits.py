"""Any limit that a calendar can turn into an instant: durations, dates, the earliest or latest of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from servstd.calendars.dates import DateLimit, is_date_limit, parse_date_limit
from servstd.durations import Span, parse_span
from servstd.errors import CalendarError, Problem, StandardsError
from servstd.intervals import timedelta_us

if TYPE_CHECKING:
    from servstd.calendars.calendar import Calendar

MOST_MEMBERS = 100


def due_us(
    calendar: Calendar,
    limit: Any,
    start: int,
    *,
    backwards: bool = False,
    settings: Mapping[str, Any] | None = None,
) -> int:
    """Return the due instant of a limit from (or, backwards, before) a start, in microseconds.

    Raises:
        StandardsError: SV12x when the limit cannot be read.
    """
    settings = settings or {}
    chosen = choices(limit)
    if chosen is not None:
        name, members = chosen
        dues = [due_us(calendar, each, start, backwards=backwards, settings=settings) for each in members]
        return min(dues) if name == "earliest_of" else max(dues)
    if isinstance(limit, Mapping):
        words = dict(limit)
        return due_us(
            calendar, words.pop("dates", None), start, backwards=backwards, settings={**settings, **words}
        )
    read = read_limit(limit, **settings)
    if isinstance(read, DateLimit):
        return calendar.due_us(read, start, backwards=backwards)
    return after_us(calendar, read, start, backwards=backwards)


def choices(limit: Any) -> tuple[str, Sequence[Any]] | None:
    """Return the name and the members of `{earliest_of: [...]}` or `{latest_of: [...]}`, else None."""
    if isinstance(limit, Mapping) and len(limit) == 1:
        ((name, members),) = limit.items()
        if name in ("earliest_of", "latest_of"):
            return name, _listed(members)
    return None


def read_limit(limit: Any, **settings: Any) -> DateLimit | Span:
    """Return a limit as dates or as a length of time."""
    if isinstance(limit, (DateLimit, Span)):
        return limit
    if isinstance(limit, timedelta):
        return Span(timedelta_us(limit), "standard")
    if is_date_limit(limit):
        return parse_date_limit(limit, **settings)
    return parse_span(limit)


def after_us(calendar: Calendar, span: Span, start: int, *, backwards: bool, check_only: bool = False) -> int:
    """Return the instant a length of time after (or before) another, on the clock that it names."""
    if span.clock == "business" and calendar.is_always:
        message = "opening hours need a calendar: `always` has none."
        raise CalendarError(Problem("SV240", message, help="name a calendar, or leave `business` out."))
    if span.clock == "calendar":
        return start - span.us if backwards else start + span.us
    if check_only:
        return start
    return calendar.subtract_us(start, span.us) if backwards else calendar.add_us(start, span.us)


def _listed(members: Any) -> Sequence[Any]:
    if isinstance(members, (list, tuple)) and 1 <= len(members) <= MOST_MEMBERS:
        return members
    message = f"`earliest_of` and `latest_of` hold 1 to {MOST_MEMBERS} limits."
    raise StandardsError(Problem("SV122", message, help="write `{earliest_of: [4 hours, 1 business day]}`."))
