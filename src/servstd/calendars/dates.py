"""Date limits: `10 business days`, `5 days`, `2 weeks`, `1 month`, with the day rules that say which date counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from servstd.calendars.hours import by_weekday, read_clock
from servstd.errors import CalendarError, Problem, StandardsError, closest, listed

Unit = Literal["business days", "days", "months"]
EarlyStart = Literal["same", "open"]
ClosedStart = Literal["same", "next_open", "next_day", "previous_day"]
DayOne = Literal["next", "same"]
Roll = Literal["none", "forward", "backward"]
CutoffOfDay = int | Literal["close_of_business"] | None
"""The latest start of a date that is not moved: seconds after midnight, or closing time; None for any."""
Cutoff = CutoffOfDay | tuple[CutoffOfDay, ...]
"""The same for every date, or one a weekday, Monday first."""

MOST = 100_000
_UNITS: dict[str, tuple[int, Unit]] = {
    "business day": (1, "business days"),
    "working day": (1, "business days"),
    "open day": (1, "business days"),
    "day": (1, "days"),
    "calendar day": (1, "days"),
    "week": (7, "days"),
    "calendar week": (7, "days"),
    "month": (1, "months"),
    "calendar month": (1, "months"),
    "quarter": (3, "months"),
    "year": (12, "months"),
    "calendar year": (12, "months"),
}
_TEXT = re.compile(r"\s*([+-]?[0-9]{1,9}|a|an|one)\s+([a-z]+(?:[ -][a-z]+)?)\s*", re.IGNORECASE)
_CHOICES: dict[str, tuple[str, ...]] = {
    "early_start": ("same", "open"),
    "closed_start": ("same", "next_open", "next_day", "previous_day"),
    "day_one": ("next", "same"),
    "roll": ("none", "forward", "backward"),
}
_ENDS = ("end_of_day", "close_of_business", "same_time")


@dataclass(frozen=True, slots=True)
class DateLimit:
    """Hold a number of local dates and the rules by which they are counted.

    The day after the start is day 1; the limit runs to the end of the last day, so that 00:00 of the next day is late.

    Args:
        count: How many dates or months; negative counts backwards.
        unit: `business days` counts dates on which the calendar opens, `days` all, `months` calendar months.
        cutoff: A start on an open date after this time is the next open date's opening: seconds after midnight,
            `close_of_business`, or seven of these, one a weekday.
        early_start: What a start before opening on an open date is: itself, or the opening (`open`).
        closed_start: What a start on a closed date is: itself, the next open date's opening, or the same clock time
            on the next or previous open date.
        day_one: Whether day 1 is the day after the start or the start's own.
        roll: Where a last day goes on which the calendar is closed.
        ends: Which instant of the last day: `end_of_day` (exclusive), else inclusive: `close_of_business`,
            `same_time`, or seconds after midnight.
        text: What the author wrote.

    Example:
        >>> parse_date_limit("10 business days").inclusive
        False
    """

    count: int
    unit: Unit
    cutoff: Cutoff = None
    early_start: EarlyStart = "same"
    closed_start: ClosedStart = "same"
    day_one: DayOne = "next"
    roll: Roll = "none"
    ends: Literal["end_of_day", "close_of_business", "same_time"] | int = "end_of_day"
    text: str = field(default="", compare=False)

    @property
    def inclusive(self) -> bool:
        """Return whether the due instant itself is in time: always, but at the end of a day."""
        return self.ends != "end_of_day"

    def cutoff_on(self, weekday: int) -> CutoffOfDay:
        """Return the cutoff of a weekday, Monday 0."""
        return self.cutoff[weekday] if isinstance(self.cutoff, tuple) else self.cutoff

    @property
    def needs_open_dates(self) -> bool:
        """Return whether it asks which dates are open."""
        return (
            self.unit == "business days"
            or self.cutoff is not None
            or self.early_start != "same"
            or self.closed_start != "same"
            or self.roll != "none"
            or self.ends == "close_of_business"
        )

    def __str__(self) -> str:
        return self.text or f"{self.count} {self.unit}"


def parse_date_limit(text: str, **settings: Any) -> DateLimit:
    """Read `10 business days`, `5 days`, `2 weeks`, `1 month`, `1 year`, with its day rules.

    Args:
        text: A count and a unit; `working days` are `business days`. A negative count counts backwards.
        settings: `cutoff`, `early_start`, `closed_start`, `day_one`, `roll`, `ends` as `DateLimit` explains them,
            clock times as text (`"14:00"`), a cutoff by weekday as a mapping; None stands for the default.

    Returns:
        The limit.

    Raises:
        StandardsError: SV120 for a bare number, SV123 for a text that counts no dates, SV124 for a bad setting.

    Example:
        >>> parse_date_limit("2 weeks", ends="17:00")
        DateLimit(count=14, unit='days', cutoff=None, early_start='same', closed_start='same', day_one='next', \
roll='none', ends=61200, text='2 weeks')
    """
    given = {key: _frozen(value) for key, value in settings.items() if value is not None}
    return _parse(str(text), tuple(sorted(given.items(), key=lambda item: item[0])))


def _frozen(value: object) -> object:
    """Return a setting as something to be remembered by: a mapping as pairs, other things as text."""
    if isinstance(value, Mapping):
        return tuple((str(key), _frozen(inner)) for key, inner in value.items())
    return value if isinstance(value, str | int | float | None) else str(value)


def is_date_limit(text: object) -> bool:
    """Return whether a text counts dates, whatever its count is.

    Example:
        >>> is_date_limit("3 working days"), is_date_limit("3 hours")
        (True, False)
    """
    found = _TEXT.fullmatch(text) if isinstance(text, str) and len(text) < 80 else None
    return found is not None and _unit(found[2]) is not None


@lru_cache(maxsize=4096)
def _parse(text: str, settings: tuple[tuple[str, Any], ...]) -> DateLimit:
    found = _TEXT.fullmatch(text) if len(text) < 80 else None
    if found is None or _unit(found[2]) is None:
        raise StandardsError(_unreadable(text, found[2] if found else ""))
    factor, unit = _unit(found[2]) or (1, "days")
    count = factor * (1 if found[1].isalpha() else int(found[1]))
    if abs(count) > MOST:
        raise StandardsError(Problem("SV123", f"`{text}` is more than {MOST} dates."))
    return DateLimit(count, unit, text=text.strip(), **_settings(dict(settings)))


def _unit(words: str) -> tuple[int, Unit] | None:
    name = words.lower().replace("-", " ")
    return _UNITS.get(name) or _UNITS.get(name.removesuffix("s"))


def _settings(given: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for name, value in given.items():
        if name in _CHOICES:
            read[name] = value
            if value not in _CHOICES[name]:
                problems.append(_no_choice(name, value, _CHOICES[name]))
        elif name == "cutoff":
            read[name] = _cutoff(value, problems)
        elif name == "ends":
            read[name] = value if value in _ENDS else _ends_at(value, problems)
        else:
            known = [*_CHOICES, "cutoff", "ends"]
            near = closest(name, known)
            help_ = f"write `{near}`." if near else ""
            problems.append(
                Problem("SV124", f"unknown setting `{name}`. Known: {listed(known)}.", help=help_)
            )
    if problems:
        raise StandardsError(problems)
    return read


def _cutoff(value: object, problems: list[Problem]) -> Cutoff:
    if not isinstance(value, tuple):
        return _cutoff_of_day(value, "cutoff", problems)
    week = by_weekday(value, "cutoff", problems, _cutoff_of_day)
    if not any(week.values()) and not problems:
        message = "a cutoff by weekday gives a time for at least one."
        problems.append(
            Problem("SV124", message, help='write `{mon-fri: "17:00", sat: "12:00"}`.', path="cutoff")
        )
    return tuple(week.get(number) for number in range(7))


def _cutoff_of_day(value: object, path: str, problems: list[Problem]) -> CutoffOfDay:
    if value == "close_of_business":
        return "close_of_business"
    if path != "cutoff" and value in (None, "none"):
        return None
    if isinstance(value, str) and not any(sign.isdigit() for sign in value):
        problems.append(_no_choice("cutoff", value, ("close_of_business", "17:00")).at(path=path))
        return None
    return read_clock(value, path, problems)


def _ends_at(value: object, problems: list[Problem]) -> int:
    if isinstance(value, str) and ":" not in value:
        problems.append(_no_choice("ends", value, (*_ENDS, "17:00")))
        return 0
    return read_clock(value, "ends", problems) or 0


def _no_choice(name: str, value: object, known: tuple[str, ...]) -> Problem:
    near = closest(str(value), known)
    help_ = f"write `{name}: {near}`." if near else ""
    return Problem(
        "SV124", f"`{str(value)[:60]}` is no {name}. Known: {listed(known)}.", help=help_, path=name
    )


def _unreadable(text: str, unit: str) -> Problem:
    if text.strip().lstrip("+-").replace(".", "", 1).isdigit():
        message = f"`{text.strip()}` is a number without a unit, so nobody can tell days from hours."
        return Problem(
            "SV120", message, help=f"write `{text.strip()} business days`, `{text.strip()} hours`."
        )
    near = closest(unit, _UNITS) if unit else None
    return Problem(
        "SV123",
        f"`{text[:60]}` counts no dates.",
        help=f"write `{near}s`."
        if near
        else "write it like `10 business days`, `5 days`, `2 weeks` or `1 month`.",
    )


def refuse_always(limit: DateLimit) -> CalendarError:
    """Return the error of business days on a calendar that never closes."""
    return CalendarError(
        Problem(
            "SV240",
            f"`{limit}` needs a calendar: on `always` every date would be a business day.",
            help="name a calendar.",
        )
    )
