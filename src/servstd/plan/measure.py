"""Measures: what grows while a clock runs. The only place where time meets a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from servstd.plan.signals import Amount, AnyOf

Unit = Literal["time", "dates", "count", "items", "level", "amount"]


@dataclass(frozen=True, slots=True)
class OpenTime:
    """Grow by the open microseconds of the calendar in force; `wall` ignores the calendar.

    Args:
        wall: Count every microsecond, whatever the calendar says (`4 calendar hours`).
    """

    wall: bool = False


@dataclass(frozen=True, slots=True)
class Ticks:
    """Grow with events: by one, by an amount that they carry, or to the highest level seen.

    Args:
        of: The events that tick; None when the gauge's own level does.
        amount: What an event adds; None adds one.
        counts_start: Whether the event that opens the obligation ticks as well.
        fold: Whether amounts add up or the highest stands.
    """

    of: AnyOf | None
    amount: Amount | None = None
    fold: Literal["sum", "max"] = "sum"
    counts_start: bool = False


Measure = OpenTime | Ticks

LOWEST = -(2**62)
"""What a highest level is before any was seen."""


def nothing_in(measures: tuple[Measure, ...]) -> tuple[int, ...]:
    """Return what measures hold before anything was measured; shape (measures,)."""
    return tuple(LOWEST if isinstance(one, Ticks) and one.fold == "max" else 0 for one in measures)
