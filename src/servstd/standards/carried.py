"""Limits that a case carries: what the value of a field allows."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from servstd.calendars import Calendar, DateLimit, is_date_limit, parse_date_limit
from servstd.calendars.dates import MOST
from servstd.durations import Clock, parse_span
from servstd.errors import ServstdError, StandardsError
from servstd.expressions import Environment, Expression
from servstd.expressions.values import Day, instant_from, length_from, moment_from, number_from
from servstd.intervals import Instant
from servstd.plan.bound import Allowance, Dates, Due, Limit, Missing


def due_from(value: object, at: Expression, environment: Environment, *, exclusive: bool) -> Limit:
    """Return the due that a value names: an instant, or the end of a local day."""
    found: object = instant_from(value)
    if found is None and isinstance(value, str):
        found = moment_from(value, environment.timezone)
    if found is None and isinstance(value, Day):
        found = value
    if isinstance(found, Day):
        return Due(found.end_us, inclusive=False)
    if isinstance(found, Instant):
        return Due(int(found), inclusive=not exclusive)
    return Missing(at.sentence())


def limit_in_words(
    value: object,
    measure: int,
    dated: Calendar | None,
    settings: Mapping[str, Any],
    *,
    has_hours: bool,
    exclusive: bool,
) -> Limit | None:
    """Return the limit that a field holds in words, `2 business days` or `1h 30m`; None where it holds none.

    A limit that no calendar or zone can count is none: one such case must not stop the others.

    Args:
        value: What the case carries.
        measure: The measure of time on the standard's calendar.
        dated: The calendar whose dates count; None where no zone is known.
        settings: How dates count, as `parse_date_limit` reads it.
        has_hours: Whether that calendar says which dates are open.
        exclusive: Whether reaching the limit is too much.
    """
    if is_date_limit(value):
        limit = _dates_in(value, settings)
        if limit is None or dated is None or limit.count < 0 or (limit.needs_open_dates and not has_hours):
            return None
        return Dates(limit, dated, exclusive=exclusive)
    length = length_of_limit(value, has_hours=has_hours)
    return None if length is None else Allowance(length, measure, exclusive=exclusive)


def length_of_limit(
    value: object, unit_us: int | None = None, *, clock: Clock = "standard", has_hours: bool
) -> int | None:
    """Return how much time a field allows, µs: `5` in the unit of the limit, `1h 30m`, `4 business hours`.

    Args:
        value: What the case carries.
        unit_us: The unit of a bare number; None where the limit names none.
        clock: The clock that the limit names; the field may name the same one.
        has_hours: Whether the standard's own clock counts the opening hours of a calendar.
    """
    length = length_from(value, unit_us)
    if length is None and isinstance(value, str):
        length = _on_its_clock(value, clock, has_hours=has_hours)
    return None if length is None or length < 0 else length


def _on_its_clock(text: str, clock: Clock, *, has_hours: bool) -> int | None:
    try:
        span = parse_span(text)
    except ServstdError:
        return None
    is_meant = span.clock == clock or (span.clock == "business" and clock == "standard" and has_hours)
    return span.us if is_meant else None


def count_of_dates(value: object, one: str) -> int | None:
    """Return how many dates a field allows: a whole number, or as many dates of that sort in words.

    Args:
        value: What the case carries: `5`, `5 business days`.
        one: One of the dates that are meant: `1 business days`.
    """
    held = number_from(value)
    told = _dates_in(value, {}) if held is None else None
    if told is not None:
        meant = parse_date_limit(one)
        held = Fraction(told.count, meant.count) if told.unit == meant.unit else None
    return None if held is None or held != int(held) or not 0 <= held <= MOST else int(held)


def _dates_in(value: object, settings: Mapping[str, Any]) -> DateLimit | None:
    """Return the dates that a value names; None where it names none, or more than anybody can mean."""
    try:
        return parse_date_limit(str(value), **settings) if is_date_limit(value) else None
    except StandardsError:
        return None
