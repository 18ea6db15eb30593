"""Spans beside an instant: `48 hours before`, `4 calendar hours after`, `1 business day before`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from servstd import durations
from servstd.errors import Problem, ServstdError, StandardsError
from servstd.expressions.values import Day, Environment, length_from, number_from
from servstd.intervals import Instant

if TYPE_CHECKING:
    from servstd.calendars import Calendar

Direction: TypeAlias = Literal["before", "after"]
MOST: Final = 1_000_000

_COUNT = r"(?P<count>[0-9]{1,7}|\$(?:[^\W\d][\w.]*|\{[^{}$]+\}))"
_DATES = re.compile(
    rf"{_COUNT}\s+(?:(?:business|working)\s+days?|(?:day|week|month|quarter|year)s?)", re.IGNORECASE
)
_VARIABLE = re.compile(r"(?P<count>\$(?:[^\W\d][\w.]*|\{[^{}$]+\}))(?P<unit>\s+[\w ]+)")


@dataclass(frozen=True, slots=True)
class SpanLimit:
    """Hold a span as written.

    Args:
        text: The span with `{}` where the count of a field goes: `48 hours`, `{} business days`.
        unit: `duration` counts time on a calendar, `dates` counts local dates.
        field: The field that holds the count, or "".
    """

    text: str
    unit: Literal["duration", "dates"]
    field: str = ""

    def sentence(self) -> str:
        """Return the span in words."""
        return self.text.replace("{}", f"the {self.field.replace('_', ' ')}")


def parse_span(text: str) -> SpanLimit:
    """Return a span as written, checked.

    Raises:
        StandardsError: SV133, it is neither a duration nor a number of dates.

    Example:
        >>> parse_span("1 business day").unit
        'dates'
    """
    if found := _DATES.fullmatch(text):
        return SpanLimit(*_counted(text, found["count"]))
    found = _VARIABLE.fullmatch(text)
    plain, _, field = _counted(text, found["count"]) if found else (text, "duration", "")
    try:
        _length(plain.replace("{}", "1"))
    except ServstdError as failure:
        raise StandardsError(
            Problem(
                "SV133",
                f"`{text}` is not a span: {failure.problems[0].message}",
                "write a number with its unit: `48 hours before $at`, `1 business day before $at`.",
            )
        ) from None
    return SpanLimit(plain, "duration", field)


def check_span(span: SpanLimit, environment: Environment) -> None:
    """Check that the environment has what the span needs.

    Raises:
        StandardsError: SV147, opening time or business days without a calendar, or dates without a zone.
    """
    words = span.text.replace("{}", "1")
    if span.unit == "duration":
        needs_calendar = _length(words).clock == "business"
    else:
        needs_calendar = "business" in words.lower() or "working" in words.lower()
    calendar = _dated(environment)
    if needs_calendar and calendar is None:
        raise StandardsError(
            Problem(
                "SV147",
                f"`{span.sentence()}` needs a calendar.",
                "add `calendar:` to the standard or the book.",
            )
        )
    if span.unit == "dates" and calendar is None and environment.timezone is None:
        raise StandardsError(
            Problem(
                "SV147",
                f"`{span.sentence()}` counts local dates and no zone is known.",
                "add `timezone:` to the book.",
            )
        )


def shifted(
    anchor: Instant,
    span: SpanLimit,
    direction: Direction,
    environment: Environment,
    *,
    amount: int | None = None,
) -> Instant | Day:
    """Return the instant, or for dates the local day, that lies a span before or after another.

    Args:
        anchor: The other instant.
        span: The span.
        direction: On which side.
        environment: Whose calendar counts.
        amount: What the field of the span holds, as `amount_of` gives it; None where a number is written.
    """
    check_span(span, environment)
    if span.unit == "dates":
        text = span.text if amount is None else span.text.replace("{}", str(amount))
        return _shifted_dates(anchor, text, direction, environment)
    length, calendar = _length(span.text.replace("{}", "1")), environment.calendar
    us = length.us if amount is None else amount
    if length.clock == "calendar" or calendar is None:
        return Instant(anchor - us if direction == "before" else anchor + us)
    return Instant(calendar.subtract_us(anchor, us) if direction == "before" else calendar.add_us(anchor, us))


def amount_of(span: SpanLimit, value: object) -> int | None:
    """Return what a field gives a span: a whole number of dates, or a length in µs; None where it gives neither.

    Example:
        >>> amount_of(parse_span("$notice hours"), "1h 30m"), amount_of(parse_span("$days days"), "3")
        (5400000000, 3)
    """
    if span.unit == "dates":
        count = number_from(value)
        return int(count) if count is not None and count == int(count) and 0 < count <= MOST else None
    length = length_from(value, _length(span.text.replace("{}", "1")).us)
    return length if length is not None and 0 < length <= durations.LONGEST_US else None


@lru_cache(maxsize=1024)
def _length(text: str) -> durations.Span:
    return durations.parse_span(text)


def _counted(text: str, count: str) -> tuple[str, Literal["duration", "dates"], str]:
    unit: Literal["duration", "dates"] = "dates" if _DATES.fullmatch(text) else "duration"
    if not count.startswith("$"):
        return text, unit, ""
    return text.replace(count, "{}", 1), unit, count[1:].strip("{}")


def _shifted_dates(
    anchor: Instant, text: str, direction: Direction, environment: Environment
) -> Instant | Day:
    """Return the local day that many dates away, or its instant where the day rule names a clock time."""
    from servstd.calendars import parse_date_limit  # noqa: PLC0415 - most spans are durations

    limit = parse_date_limit(text, **environment.day_rule)
    calendar = _dated(environment) or _every_day(environment.timezone or "UTC")
    is_backwards = direction == "before"
    if limit.inclusive:
        return Instant(calendar.due_us(limit, anchor, backwards=is_backwards))
    return Day(*calendar.due_date_us(limit, anchor, backwards=is_backwards))


def _dated(environment: Environment) -> Calendar | None:
    """Return the calendar whose dates count; `always` has none of its own."""
    from servstd.calendars import ALWAYS  # noqa: PLC0415 - as above

    calendar = environment.calendar
    return None if calendar is None or calendar.key == ALWAYS.key else calendar


@lru_cache(maxsize=64)
def _every_day(timezone: str) -> Calendar:
    from servstd.calendars import ALWAYS  # noqa: PLC0415 - as above

    return ALWAYS.in_zone(timezone)
