"""Dates on which the weekly hours do not hold: single dates, yearly ranges, recurrences, and the `holidays` library.

The library is imported only when a calendar names a country, and asked year by year for plain dates. It returns an
empty year in silence where it has no data; here that year is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from servstd.calendars.civil import date_of, day_from_civil, day_of, year_of_day
from servstd.calendars.country_options import (
    country_by_name,
    language_problems,
    name_problems,
    option_problems,
    years_to_look_at,
)
from servstd.calendars.hours import Spans, day_text, read_days, read_spans
from servstd.errors import Problem, UncoveredYear, closest, listed


class Closure(NamedTuple):
    """Hold why a date is closed, and the hours that are left of it (a half-day)."""

    name: str
    hours: Spans = ()


class Source(Protocol):
    """Know the closures of any year, or that it does not know them."""

    @property
    def years(self) -> tuple[int, int] | None:
        """Return the first and last year that the source covers; None for all."""

    @property
    def is_recurring(self) -> bool:
        """Return whether it closes dates for ever, as a yearly range does."""

    def closures(self, year: int) -> Mapping[int, Closure]:
        """Return the closures of one year by day number."""

    def words(self) -> str:
        """Return what it is, for messages."""


@dataclass(frozen=True, slots=True)
class Dates:
    """Close listed dates."""

    days: tuple[int, ...]
    name: str
    hours: Spans = ()

    years = None
    is_recurring = False

    def closures(self, year: int) -> Mapping[int, Closure]:
        """Return the listed dates of one year."""
        return {day: Closure(self.name, self.hours) for day in self.days if year_of_day(day) == year}

    def words(self) -> str:
        """Return the first date and how many follow."""
        more = f" and {len(self.days) - 1} more" if len(self.days) > 1 else ""
        return day_text(self.days[0]) + more


@dataclass(frozen=True, slots=True)
class Yearly:
    """Close a range of the year, every year, also across New Year; 29 February only where it exists."""

    first: tuple[int, int]
    last: tuple[int, int]
    name: str
    hours: Spans = ()

    years = None
    is_recurring = True

    def closures(self, year: int) -> Mapping[int, Closure]:
        """Return the range's dates in one year."""
        january, new_year = day_from_civil(year, 1, 1), day_from_civil(year + 1, 1, 1)
        closure = Closure(self.name, self.hours)
        if self.first == self.last == (2, 29) and new_year - january == 365:
            return {}
        first, last = _day_in(year, self.first, round_up=True), _day_in(year, self.last, round_up=False)
        if self.first <= self.last:
            return dict.fromkeys(range(first, last + 1), closure)
        return dict.fromkeys((*range(january, last + 1), *range(first, new_year)), closure)

    def words(self) -> str:
        """Return the range."""
        return f"{self.first[0]:02d}-{self.first[1]:02d}..{self.last[0]:02d}-{self.last[1]:02d} every year"


def _day_in(year: int, month_day: tuple[int, int], *, round_up: bool) -> int:
    try:
        return day_from_civil(year, *month_day)
    except ValueError:
        return day_from_civil(year, 3, 1) if round_up else day_from_civil(year, 2, 28)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Close the dates of an RFC 5545 recurrence rule."""

    rule: str
    start: int | None
    name: str
    hours: Spans = ()

    years = None
    is_recurring = True

    def closures(self, year: int) -> Mapping[int, Closure]:
        """Return the rule's dates in one year."""
        days = _recurrence_days(self.rule, self.start, year)
        return dict.fromkeys(days, Closure(self.name, self.hours))

    def words(self) -> str:
        """Return the rule."""
        return f"`{self.rule}`"


@lru_cache(maxsize=4096)
def _recurrence_days(rule: str, start: int | None, year: int) -> tuple[int, ...]:
    """Expand a rule within one year; a rule that only depends on the calendar is begun in that year."""
    import warnings  # noqa: PLC0415 - lazy

    from dateutil.rrule import rrulestr  # noqa: PLC0415 - lazy

    first = datetime(year, 1, 1)  # noqa: DTZ001 - dateutil: naive dtstart and UNTIL only
    begins = first
    if start is not None:
        begins = datetime.combine(date_of(start), datetime.min.time())
        if begins.year > year:
            return ()
        if _is_memoryless(rule):
            begins = max(begins, first)
    until = datetime(year, 12, 31, 23, 59)  # noqa: DTZ001
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: Any = rrulestr(rule, dtstart=begins)
        limit = getattr(found, "_until", None)
        found = found.replace(until=min(limit, until) if limit else until)
        return tuple(sorted({day_of(at.date()) for at in found.between(first, until, inc=True)}))


_BY_DATE = {
    "YEARLY": ("BYYEARDAY", "BYWEEKNO", "BYMONTHDAY", "BYDAY", "BYEASTER"),
    "MONTHLY": ("BYMONTHDAY", "BYDAY"),
}
_BY_DATE |= {"WEEKLY": ("BYDAY",), "DAILY": ("FREQ",)}


def _is_memoryless(rule: str) -> bool:
    """Return whether a rule gives the same dates wherever it is begun."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    if "COUNT" in parts or parts.get("INTERVAL", "1") != "1":
        return False
    named = any(part in parts for part in _BY_DATE.get(parts.get("FREQ", ""), ()))
    return named or ("BYMONTH" in parts and parts.get("FREQ") == "DAILY")


@dataclass(frozen=True, slots=True)
class Country:
    """Close the holidays of a country or market as the `holidays` library lists them."""

    country: str
    subdivision: str | None = None
    market: bool = False
    categories: tuple[str, ...] = ()
    language: str | None = None
    observed: bool = True
    leave_out: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    hours: Spans = ()

    is_recurring = False

    @property
    def years(self) -> tuple[int, int] | None:
        """Return the years that the library covers for this country."""
        return _library_years(self.country, self.market)

    def closures(self, year: int) -> Mapping[int, Closure]:
        """Return the holidays of one year, without those left out."""
        return {
            day: Closure(name, self.hours)
            for day, name in _library_days(self, year)
            if not any(part in name.lower() for part in self.leave_out)
            and (not self.only or any(part in name.lower() for part in self.only))
        }

    def words(self) -> str:
        """Return country and subdivision."""
        where = f"{self.country}-{self.subdivision}" if self.subdivision else self.country
        return f"the holidays of {where} (holidays {holidays_version()})"


@lru_cache(maxsize=8192)
def _library_days(source: Country, year: int) -> tuple[tuple[int, str], ...]:
    listed_days = _library_object(source, (year,))
    if not listed_days and not source.categories:
        raise UncoveredYear(uncovered(source, year))
    return tuple((day_of(day), name) for day, name in sorted(listed_days.items()) if day.year == year)


def _library_object(source: Country, years: tuple[int, ...]) -> dict[date, str]:
    import holidays  # noqa: PLC0415 - lazy: half a second where no country is named

    make: Any = holidays.financial_holidays if source.market else holidays.country_holidays
    options: dict[str, Any] = {"years": years, "observed": source.observed}
    options |= {"subdiv": source.subdivision} if source.subdivision else {}
    options |= {"categories": source.categories} if source.categories else {}
    options |= {"language": source.language} if source.language else {}
    return dict(make(source.country, **options))


@lru_cache(maxsize=512)
def _library_years(country: str, market: bool) -> tuple[int, int]:
    import holidays  # noqa: PLC0415

    make: Any = holidays.financial_holidays if market else holidays.country_holidays
    made = make(country)
    return int(made.start_year), int(made.end_year)


def uncovered(source: Source, year: int) -> Problem:
    """Return the problem of a year for which a source has no data."""
    years = source.years
    span = f" It covers {years[0]} to {years[1]}." if years else ""
    return Problem(
        "SV221",
        f"{source.words()} say nothing about {year}; an empty year would count every holiday as open.{span}",
        help="give the dates of that year under `holidays:`, or a version of the calendar that begins later.",
    )


def holidays_version() -> str:
    """Return the version of the `holidays` library."""
    from importlib.metadata import version  # noqa: PLC0415

    return version("holidays")


# Reading -----------------------------------------------------------------------------------------------------

_KEYS = {
    "date": ("date", "name", "hours"),
    "dates": ("dates", "name", "hours"),
    "yearly": ("yearly", "name", "hours"),
    "rrule": ("rrule", "start", "name", "hours"),
    "country": ("country", "subdivision", "categories", "language", "observed", "leave_out", "only", "hours"),
    "market": ("market", "categories", "language", "observed", "leave_out", "only", "hours"),
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
            return _read_country({"country": country[1], "subdivision": country[2]}, path, problems)
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
    read = {"yearly": _read_yearly, "rrule": _read_rule, "country": _read_country, "market": _read_country}
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
    why = _rule_fault(text, start)
    if why:
        message = f"`{text[:80]}` is no recurrence rule for dates: {why}."
        help_ = (
            "write it like `FREQ=MONTHLY;BYDAY=1MO` (RFC 5545), with `start:` where it counts from a date."
        )
        problems.append(Problem("SV237", message, help=help_, path=path))
        return []
    return [Recurrence(text, start, _name(entry, "recurring closure"), _hours(entry, path, problems))]


def _rule_fault(text: str, start: int | None) -> str:
    if len(text) > 300 or "\n" in text:
        return "it is too long"
    parts = dict(part.partition("=")[::2] for part in text.split(";"))
    if parts.get("FREQ") not in _BY_DATE:
        return "its FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY"
    if any(part in parts for part in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        return "it names clock times; give `hours:` for a part of the day"
    if start is None and not _is_memoryless(text):
        return "it depends on the date from which it counts, so `start:` is needed"
    try:
        interval = int(parts.get("INTERVAL", "1"))
        if not 1 <= interval <= 1000:
            return "its INTERVAL must be 1 to 1000"
        _recurrence_days(text, start, 2024)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as failure:
        return str(failure) or "it cannot be read"
    return ""


def _read_country(entry: Mapping[Any, Any], path: str, problems: list[Problem]) -> list[Source]:
    market = "market" in entry
    code, subdivision = str(entry["market" if market else "country"]), entry.get("subdivision")
    known = _known(market=market)
    if code not in known:
        near = closest(code, known) or country_by_name(code)
        help_ = f"write `{near}`." if near else f"known: {listed(sorted(known))}."
        what = "market" if market else "country"
        message = f"unknown {what} `{code[:60]}` (holidays {holidays_version()}, two-letter ISO codes)."
        problems.append(Problem("SV238", message, help=help_, path=path))
        return []
    if subdivision is not None and str(subdivision) not in (parts := list(_entity(code).subdivisions)):
        near = closest(str(subdivision), parts)
        help_ = f"write `{near}`." if near else f"known for {code}: {listed(parts, most=60) or 'none'}."
        message = f"unknown subdivision `{str(subdivision)[:60]}` of `{code}`."
        problems.append(Problem("SV238", message, help=help_, path=path))
        return []
    known_languages = tuple(_entity(code).supported_languages)
    wrong = [*option_problems(entry, path), *language_problems(entry.get("language"), known_languages, path)]
    if wrong:
        problems.extend(wrong)
        return []
    source = Country(
        code,
        None if subdivision is None else str(subdivision),
        market,
        _texts(entry.get("categories")),
        entry.get("language"),
        entry.get("observed", True),
        tuple(text.lower() for text in _texts(entry.get("leave_out"))),
        tuple(text.lower() for text in _texts(entry.get("only"))),
        _hours(entry, path, problems),
    )
    return [source] if _categories_are_known(source, path, problems) else []


def _categories_are_known(source: Country, path: str, problems: list[Problem]) -> bool:
    if not source.categories and not source.language:
        return _names_are_known(source, path, problems)
    try:
        _library_object(source, (2024,))
    except ValueError as failure:
        problems.append(
            Problem("SV238", f"the `holidays` library refuses this: {str(failure)[:200]}", path=path)
        )
        return False
    return _names_are_known(source, path, problems)


def _names_are_known(source: Country, path: str, problems: list[Problem]) -> bool:
    if not source.leave_out and not source.only:
        return True
    days = _library_object(source, tuple(years_to_look_at(source.years or (1, 9999))))
    names = frozenset(part for name in days.values() for part in name.split("; "))
    wrong = [
        *name_problems(source.leave_out, names, "leave_out", path),
        *name_problems(source.only, names, "only", path),
    ]
    problems.extend(wrong)
    return not wrong


@lru_cache(maxsize=2)
def _known(*, market: bool) -> frozenset[str]:
    """Return the codes of all countries, or markets; asking the library for their subdivisions loads every one."""
    from holidays.registry import EntityLoader  # noqa: PLC0415

    codes = EntityLoader.get_financial_codes if market else EntityLoader.get_country_codes
    return frozenset(codes(include_aliases=True))


def _entity(code: str) -> Any:
    import holidays  # noqa: PLC0415

    return getattr(holidays, code)


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


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
