"""Opening hours at the place of each case: `open_in`, `open_until` a calendar whose zone is a field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from servstd.errors import CalendarError
from servstd.expressions import ABSENT, Environment, Facts, Field
from servstd.expressions.values import instant_from

if TYPE_CHECKING:
    from servstd.calendars import Calendar


def zone_field(calendar: Calendar | None) -> str:
    """Return the field that holds a calendar's zone; empty where it has one of its own.

    Example:
        >>> from servstd.calendars import Calendar
        >>> zone_field(Calendar(timezone="$customer.zone", hours={"daily": "08:00-21:00"}))
        'customer.zone'
    """
    if calendar is None or not calendar.is_template:
        return ""
    return (calendar.timezone or "$timezone").removeprefix("$")


def zone_fields(names: Iterable[str], environment: Environment) -> frozenset[str]:
    """Return the fields that hold the zones of calendars, by the names of these."""
    return frozenset(zone_field(environment.calendars.get(name)) for name in names) - {""}


def is_open_at_place(
    calendar: Calendar, value: object, facts: Facts, environment: Environment, *, early_us: int = 0
) -> bool | None:
    """Tell whether an instant lies in the hours of a calendar at the place of the case.

    A zone that the case does not carry, or that does not exist, is not known, and so is the answer.

    Args:
        calendar: Its hours.
        value: The instant.
        facts: Where the zone is read.
        environment: What reading it needs.
        early_us: How much earlier the hours are asked, µs: 1 where closing time belongs to them.
    """
    at = instant_from(value)
    if calendar.is_always:
        return None if at is None else True
    zone = Field(zone_field(calendar)).evaluate(facts, environment)
    if at is None or zone is ABSENT:
        return None
    try:
        return calendar.in_zone(str(zone)).is_open_us(at - early_us)
    except CalendarError:
        return None
