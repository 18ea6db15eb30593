"""Standards and calendars in full: every short form as the one long form that it stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from servstd.calendars import Calendar
from servstd.calendars.civil import WEEKDAYS
from servstd.calendars.hours import Spans, read_week
from servstd.standards.base import Standard
from servstd.standards.objective import Objective
from servstd.standards.surroundings import Surroundings

_BUSINESS: Final = re.compile(r"\b(?:working|open) (?=(?:day|hour|minute|second)s?\b)", re.IGNORECASE)
_LIMITS: Final = ("within", "at_least", "at_most", "every", "extend", "between")
_TOLD: Final = ("id", "kind", "title")


def in_full(standard: Standard, book: Surroundings | None = None) -> dict[str, Any]:
    """Return a standard with its short forms written out; it loads to a standard that gives the same verdicts.

    `95% a month` becomes `share` and `window`; `between` an expectation on the time; `working` days are business
    days. What its author left out and the book says (case, calendar) stands in it, and so does the reading that holds.

    Two forms are no short ones, since nothing else says the same: `every` (an update outside a period begins none), and
    a limit by a field (`{by: priority, …}`, which unlike overrides knows what to do where the field is absent).

    Args:
        standard: The standard as loaded.
        book: Whose case and calendar it takes where it names none.

    Example:
        >>> from servstd.standards import Respond
        >>> reply = Respond(id="a", start="b", stop="c", within="3 working days", objective="95% monthly")
        >>> full = in_full(reply)
        >>> full["within"], full["objective"]
        ('3 business days', {'share': '95%', 'window': 'month'})
    """
    chosen = standard.as_chosen
    told = chosen.model_dump(by_alias=True, exclude_unset=True, exclude_none=True)
    told = {"id": chosen.id, "kind": chosen.kind, **told, **_from_book(chosen, book)}
    told |= {name: _words(told[name]) for name in _LIMITS if name in told}
    if "overrides" in told:
        told["overrides"] = _words(told["overrides"])
    told = _timely(told) if "between" in told else told
    told |= _objectives(chosen)
    return {name: told[name] for name in dict.fromkeys((*_TOLD, *told)) if name in told}


def calendar_in_full(calendar: Calendar) -> dict[str, Any]:
    """Return a calendar with the hours of each weekday; other words of it as its author wrote them.

    Example:
        >>> office = Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00", "sat": "closed"})
        >>> calendar_in_full(office)["hours"]["fri"], calendar_in_full(office)["hours"]["sat"]
        (['09:00-17:00'], [])
    """
    told = calendar.to_dict()
    if not isinstance(told.get("hours"), Mapping):
        return told
    week = read_week(told["hours"], "hours", [])
    return {**told, "hours": {day: _texts(spans) for day, spans in zip(WEEKDAYS, week, strict=True)}}


def _from_book(standard: Standard, book: Surroundings | None) -> dict[str, Any]:
    if book is None:
        return {}
    found: dict[str, Any] = {}
    if standard.case is None and book.case:
        found["case"] = book.case[0] if len(book.case) == 1 else list(book.case)
    if standard.calendar is None and book.calendar:
        found["calendar"] = book.calendar
    return found


def _words(data: Any) -> Any:
    """Return the limits in a value with one word for business time."""
    if isinstance(data, str):
        return _BUSINESS.sub("business ", data)
    if isinstance(data, Mapping):
        return {
            key: value if key in ("when", "event", "of") else _words(value) for key, value in data.items()
        }
    return [_words(part) for part in data] if isinstance(data, list | tuple) else data


def _timely(told: dict[str, Any]) -> dict[str, Any]:
    first, last = told.pop("between")
    timely = {"time": {"ge": first, "le": last}}
    return {**told, "expect": {"all": [told["expect"], timely]} if "expect" in told else timely}


def _objectives(standard: Standard) -> dict[str, Any]:
    found = [_objective(one) for one in standard.all_objectives]
    if standard.objectives is not None:
        return {"objectives": found}
    return {"objective": found[0]} if found else {}


def _objective(objective: Objective) -> dict[str, Any]:
    return objective.model_dump(exclude_unset=True, by_alias=True)


def _texts(spans: Spans) -> list[str]:
    return [f"{_clock(start)}-{_clock(end)}" for start, end in spans]


def _clock(second: int) -> str:
    clock = f"{second // 3600:02d}:{second % 3600 // 60:02d}"
    return f"{clock}:{second % 60:02d}" if second % 60 else clock
