"""Read what an author writes under `holidays`: dates, ranges, recurrences, countries and markets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from servstd.calendars.closures import Dates, Recurrence, Source, Yearly
from servstd.calendars.countries import read_country
from servstd.calendars.hours import Spans, read_days, read_spans
from servstd.calendars.rrule import parse_rule
from servstd.errors import Problem, closest, listed

_LONGEST_RULE = 300
_KEYS = {
    "date": ("date", "name", "hours"),
    "dates": ("dates", "name", "hours"),
    "yearly": ("yearly", "name", "hours"),
    "rrule": ("rrule", "start", "name", "hours"),
    "country": (
        "country",
        "subdivision",
        "categories",
        "language",
        "observed",
        "leave_out",
        "only",
        "hours",
        "working_days",
    ),
    "market": ("market", "categories", "language", "observed", "leave_out", "only", "hours", "working_days"),
}
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")
_COUNTRY = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,5}))?")
MOST_ENTRIES = 10_000


def read_closures(value: object, path: str, problems: list[Problem]) -> tuple[Source, ...]:
    """Return the sources of a `holidays` field: one entry or a list of dates, countries, ranges and rules."""
    if value is None:
        return ()
    entries = [value] if isinstance(value, (str, Mapping, date)) else value
    if not isinstance(entries, Sequence) or isinstance(entries, (bytes, bytearray)):
        problems.append(_no_entry(value, path))
        return ()
    if len(entries) > MOST_ENTRIES:
        problems.append(Problem("SV236", f"{len(entries)} holidays are more than {MOST_ENTRIES}.", path=path))
        return ()
    many = len(entries) > 1 or entries is value
    found = (
        source
        for index, entry in enumerate(entries)
        for source in _read_entry(entry, f"{path}[{index}]" if many else path, problems)
    )
    return tuple(found)


def _read_entry(entry: object, path: str, problems: list[Problem]) -> list[Source]:
    if isinstance(entry, Mapping):
        return _read_mapping(entry, path, problems)
    if isinstance(entry, str):
        country = _COUNTRY.fullmatch(entry.strip())
        if country:
            return read_country({"country": country[1], "subdivision": country[2]}, path, problems)
        if _MONTH_DAY.match(entry.strip()) and len(entry.strip()) in (5, 12):
            return _read_yearly({"yearly": entry.strip()}, path, problems)
    if isinstance(entry, (str, date)):
        days = tuple(read_days(entry, path, problems))
        return [Dates(days, "holiday")] if days else []
    problems.append(_no_entry(entry, path))
    return []


def _read_mapping(entry: Mapping[Any, Any], path: str, problems: list[Problem]) -> list[Source]:
    kind = next((key for key in _KEYS if key in entry), None)
    if kind is None:
        return _read_named_dates(entry, path, problems)
    unknown = [key for key in entry if key not in _KEYS[kind]]
    for key in unknown:
        near = closest(str(key), _KEYS[kind])
        help_ = f"write `{near}`." if near else ""
        problems.append(
            Problem(
                "SV236", f"unknown key `{key}`. Known here: {listed(_KEYS[kind])}.", help=help_, path=path
            )
        )
    read = {"yearly": _read_yearly, "rrule": _read_rule, "country": read_country, "market": read_country}
    return read.get(kind, _read_dates)(entry, path, problems)


def _read_named_dates(entry: Mapping[Any, Any], path: str, problems: list[Problem]) -> list[Source]:
    """Read `{2026-12-25: Christmas Day}`."""
    found: list[Source] = []
    for key, name in entry.items():
        is_date = isinstance(key, date) or (isinstance(key, str) and key[:4].isdigit())
        if not is_date or not isinstance(name, str):
            problems.append(_no_entry({key: name}, path))
            continue
        days = tuple(read_days(key, path, problems))
        if days:
            found.append(Dates(days, name))
    return found


def _read_dates(entry: Mapping[Any, Any], path: str, problems: list[Problem]) -> list[Source]:
    given = entry.get("dates", entry.get("date"))
    listed_days = given if isinstance(given, (list, tuple)) else [given]
    days = tuple(sorted({day for one in listed_days for day in read_days(one, path, problems)}))
    return [Dates(days, _name(entry, "holiday"), _hours(entry, path, problems))] if days else []


def _read_yearly(entry: Mapping[Any, Any], path: str, problems: list[Problem]) -> list[Source]:
    text = str(entry["yearly"]).strip()
    first, _, last = text.partition("..")
    ends = [_month_day(part) for part in (first.strip(), (last or first).strip())]
    if None in ends:
        message = f"`{text[:60]}` is no date or range of a year."
        problems.append(Problem("SV236", message, help="write it like `12-25` or `12-24..01-02`.", path=path))
        return []
    low, high = (end for end in ends if end is not None)
    return [Yearly(low, high, _name(entry, "yearly closure"), _hours(entry, path, problems))]


def _month_day(text: str) -> tuple[int, int] | None:
    found = _MONTH_DAY.fullmatch(text)
    try:
        return (date(2024, int(found[1]), int(found[2])).month, int(found[2])) if found else None
    except ValueError:
        return None


def _read_rule(entry: Mapping[Any, Any], path: str, problems: list[Problem]) -> list[Source]:
    text = str(entry["rrule"]).strip().upper().removeprefix("RRULE:")
    start = None
    if entry.get("start") is not None:
        days = read_days(entry["start"], path, problems)
        start = days[0] if days else None
    try:
        rule = parse_rule(text, start)
    except ValueError as failure:
        help_ = (
            "write it like `FREQ=MONTHLY;BYDAY=1MO` (RFC 5545), with `start:` where it counts from a date."
        )
        message = f"`{text[:80]}` is no recurrence rule for dates: {failure}."
        problems.append(Problem("SV237", message, help=help_, path=path))
        return []
    return [Recurrence(text, rule, _name(entry, "recurring closure"), _hours(entry, path, problems))]


def _name(entry: Mapping[Any, Any], otherwise: str) -> str:
    return str(entry.get("name", otherwise))[:200]


def _hours(entry: Mapping[Any, Any], path: str, problems: list[Problem]) -> Spans:
    return read_spans(entry["hours"], f"{path}.hours", problems) if entry.get("hours") is not None else ()


def _no_entry(value: object, path: str) -> Problem:
    return Problem(
        "SV236",
        f"`{str(value)[:60]}` is no holiday.",
        help="write `2026-12-25`, `{country: GB, subdivision: ENG}`, `{yearly: 12-24..01-02}` or `{rrule: ...}`.",
        path=path,
    )
