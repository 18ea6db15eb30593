"""Periods by name: `2026`, `2026-Q1`, `2026-03`, `2026-W09`, `2026-03-02`, and two of them as `2026-01..2026-03`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from servstd.calendars.civil import add_months, date_of, day_from_civil
from servstd.calendars.zones import zone_named
from servstd.errors import EvaluationError, Problem

_DAY_US = 86_400_000_000
_LABEL = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>[0-9]{2})|(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?))?"
)


def period_us(name: str, timezone: str) -> tuple[int, int]:
    """Return the first instant of a period and the first after it, µs.

    Args:
        name: One period, or the first and the last one as `2026-01..2026-03`.
        timezone: The zone of its dates.

    Raises:
        EvaluationError: SV684, it is no period, or ends before it begins.

    Example:
        >>> start, end = period_us("2026-03", "UTC")
        >>> (end - start) // 86_400_000_000
        31
    """
    first, dots, last = name.partition("..")
    zone = zone_named(timezone)
    start = zone.utc_us(_days(first, name)[0] * _DAY_US)
    end = zone.utc_us(_days(last if dots else first, name)[1] * _DAY_US)
    if start >= end:
        raise EvaluationError(Problem("SV684", f"`{name}` ends before it begins."))
    return start, end


def _days(label: str, spec: str) -> tuple[int, int]:
    """Return the first day of a labelled period and the first after it."""
    found = _LABEL.fullmatch(label.strip())
    if found is None:
        raise EvaluationError(_no_period(spec))
    try:
        return _LENGTHS[found.lastgroup or ""](found)
    except ValueError:  # a month 13, a 31 April
        raise EvaluationError(_no_period(spec)) from None


def _no_period(spec: str) -> Problem:
    return Problem(
        "SV684",
        f"`{spec[:40]}` is no period.",
        help="write `2026`, `2026-Q1`, `2026-03`, `2026-W09`, `2026-03-02`, or two of them as `2026-01..2026-03`.",
    )


def _first_of(found: re.Match[str], month: int) -> int:
    return day_from_civil(int(found["year"]), month, 1)


def _year(found: re.Match[str]) -> tuple[int, int]:
    return _months(_first_of(found, 1), 12)


def _quarter(found: re.Match[str]) -> tuple[int, int]:
    return _months(_first_of(found, int(found["quarter"]) * 3 - 2), 3)


def _month(found: re.Match[str]) -> tuple[int, int]:
    if not 1 <= int(found["month"]) <= 12:
        raise ValueError(found["month"])
    return _months(_first_of(found, int(found["month"])), 1)


def _months(first: int, months: int) -> tuple[int, int]:
    return first, add_months(first, months)


def _week(found: re.Match[str]) -> tuple[int, int]:
    first = (date.fromisocalendar(int(found["year"]), int(found["week"]), 1) - date_of(0)).days
    return first, first + 7


def _day(found: re.Match[str]) -> tuple[int, int]:
    first = (date.fromisoformat(found[0]) - date_of(0)).days
    return first, first + 1


_LENGTHS: Mapping[str, Callable[[re.Match[str]], tuple[int, int]]] = {
    "year": _year,
    "quarter": _quarter,
    "week": _week,
    "month": _month,
    "day": _day,
}
