"""Dates that come round, as a book names them."""

from __future__ import annotations

from functools import cached_property

from pydantic import model_validator

from servstd.calendars.recurring import Recurring
from servstd.models import Model


class RecurrenceSpec(Model):
    """Name dates that come round, for limits like `{next: issue}`."""

    rrule: str
    """A recurrence rule of dates (RFC 5545): `FREQ=MONTHLY;BYMONTHDAY=15`.

    Examples: `FREQ=MONTHLY;BYMONTHDAY=15`
    """
    timezone: str
    """The zone of the dates.

    Examples: `Asia/Hong_Kong`
    """
    start: str | None = None
    """The date from which it counts, where the rule depends on one.

    Examples: `2026-01-15`
    """

    @model_validator(mode="after")
    def _can_be_read(self) -> RecurrenceSpec:
        _ = self.recurring
        return self

    @cached_property
    def recurring(self) -> Recurring:
        """The dates."""
        return Recurring.of(self.rrule, self.timezone, self.start)
