"""What a standard is compiled within: the book's calendars, zone and defaults, and the rule of its days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import model_validator

from servstd.calendars import ALWAYS, Calendar, parse_date_limit
from servstd.calendars.recurring import BUILT_IN, Recurring
from servstd.conditions import Environment
from servstd.errors import Problem, StandardsError, unknown_name
from servstd.models import Model


class DayRule(Model):
    """Say how the standard's date limits count; every standard with dates should.

    The words are those of `servstd.Calendar.due`.
    """

    cutoff: str | Mapping[str, str] | None = None
    """A later start is the next open date's opening: a clock time, `close_of_business`, or one a weekday; a weekday
    that is not named has none.

    Examples: `"14:00"`, `close_of_business`, `{mon-fri: "23:00", sun: "18:00"}`
    """
    early_start: Literal["same", "open"] = "same"
    """A start before opening on an open date: it keeps its clock time, or moves to the opening.

    Examples: `open`
    """
    closed_start: Literal["same", "next_open", "next_day", "previous_day"] = "same"
    """A start on a closed date.

    Examples: `next_open`
    """
    day_one: Literal["next", "same"] = "next"
    """Whether the day after the start is day 1, or the day of the start.

    Examples: `same`
    """
    roll: Literal["none", "forward", "backward"] = "none"
    """Where a due date goes that falls on a closed date.

    Examples: `forward`
    """
    ends: str = "end_of_day"
    """`end_of_day` (exclusive), `close_of_business`, `same_time` or a clock time (inclusive).

    Examples: `close_of_business`, `"17:00"`
    """

    @model_validator(mode="after")
    def _is_a_rule(self) -> DayRule:
        parse_date_limit("1 day", **self.model_dump(exclude_unset=True))  # SV124, before a log is read
        return self


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Be what a standard is compiled within: the book's defaults and its calendars.

    Args:
        calendars: Calendars by name; `always` is always there.
        calendar: The name of the book's default calendar, or None for `always`.
        timezone: The zone of dates and times that name none.
        case: The book's case fields.
        recurrences: Recurring dates by name.
        segments: The segments of cases that the book names (`Segments`), by name.
    """

    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    calendar: str | None = None
    timezone: str | None = None
    case: tuple[str, ...] = ()
    recurrences: Mapping[str, Recurring] = field(default_factory=dict)
    segments: Mapping[str, Any] = field(default_factory=dict)

    def recurring(self, name: str) -> Recurring:
        """Return a recurrence by name: the book's, or `month_end`, `quarter_end`, `year_end` in its zone.

        Raises:
            StandardsError: SV183 no such recurrence; SV106 a built-in one without a zone.
        """
        if name in self.recurrences:
            return self.recurrences[name]
        if name not in BUILT_IN:
            known = [*self.recurrences, *BUILT_IN]
            raise StandardsError(unknown_name("SV183", "recurrence", name, known).at(path="within.next"))
        if self.timezone is None:
            raise StandardsError(
                Problem(
                    "SV106",
                    f"`{name}` needs a zone.",
                    help="write `timezone:` in the book.",
                    path="within.next",
                )
            )
        return Recurring.of(BUILT_IN[name], self.timezone)

    def is_end_of_period(self, name: str) -> bool:
        """Return whether a recurrence is the end of each month, quarter or year, and not one of the book's own."""
        return name in BUILT_IN and name not in self.recurrences

    def find(self, name: str | Calendar | None) -> Calendar:
        """Return a calendar by name, the book's default for None.

        Raises:
            StandardsError: SV103, no such calendar.
        """
        if isinstance(name, Calendar):
            return name
        name = name or self.calendar or "always"
        if name == "always":
            return ALWAYS
        if name not in self.calendars:
            known = [*self.calendars, "always"]
            raise StandardsError(unknown_name("SV103", "calendar", name, known).at(path="calendar"))
        return self.calendars[name]

    def environment(self, calendar: Calendar | None, day_rule: DayRule | None = None) -> Environment:
        """Return what conditions of a standard on this calendar read, dates before or after an instant among it."""
        calendars = {"always": ALWAYS, **self.calendars}
        zone = self.timezone or (calendar.zone_name if calendar else None)
        rule = day_rule.model_dump(exclude_unset=True) if day_rule else {}
        return Environment(calendars, calendar, zone, rule)
