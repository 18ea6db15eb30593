"""The attainment table as plain cells, for formats that bring their own layout."""

from __future__ import annotations

from datetime import datetime, timedelta

from servstd.intervals import instant_us
from servstd.results.report import Report
from servstd.results.wording import local_text
from servstd.rollups import Attainment

HEADER = (
    "standard",
    "objective",
    "window",
    "judged",
    "met",
    "breached",
    "reached",
    "wanted",
    "status",
    "beside",
)
NUMBERS = (3, 4, 5, 6, 7)
"""Columns that are set to the right."""

_LONG = timedelta(days=2)
_TOLD = ("insufficient", "met", "missed")
"""Statuses that do not say why by themselves; nor does `no data` beside judged cases."""


def attainment_rows(report: Report) -> list[tuple[Attainment, tuple[str, ...]]]:
    """Return every attainment with its cells."""
    return [(one, _cells(one)) for one in report.attainments]


def objective_text(one: Attainment) -> str:
    """Return the objective, with the agreement that wants it."""
    return f"{one.objective} (agreement {one.agreement})" if one.agreement else one.objective


def beside_text(one: Attainment) -> str:
    """Return the verdicts that are not judged: `3 open, 1 unknown`; empty when all are."""
    parts = (
        ("open", one.open),
        ("excluded", one.excluded),
        ("cancelled", one.cancelled),
        ("unknown", one.unknown),
    )
    return ", ".join(f"{number:,} {name}" for name, number in parts if number)


def status_text(one: Attainment) -> str:
    """Return the status in words, with why where that is not plain."""
    is_told = one.status in _TOLD or (one.status == "no_data" and one.judged)
    why = f" ({one.why})" if one.why and is_told else ""
    if one.runs_out_at is not None:
        why = f" (budget gone by {_day_text(one, one.runs_out_at)})"
    return f"{one.status.replace('_', ' ')}{why}"


def _day_text(one: Attainment, at: datetime) -> str:
    """Return a date of a window, with the time of day where the window is not much longer than one."""
    text = local_text(instant_us(at), one.timezone, weekday=False)
    if one.window_start and one.window_end and one.window_end - one.window_start > _LONG:
        return text.rpartition(" ")[0]
    return text


def window_text(one: Attainment) -> str:
    """Return the window with its segment."""
    window = "all time" if one.window == "all" else one.window
    return f"{window}  {one.segment}".rstrip()


def _cells(one: Attainment) -> tuple[str, ...]:
    return (
        one.standard,
        objective_text(one),
        window_text(one),
        f"{one.judged:,}",
        f"{one.met:,}",
        f"{one.breached:,}",
        one.value_text,
        one.bound_text,
        status_text(one),
        beside_text(one),
    )
