"""The holidays of countries and markets, and their working days that make up for bridge days.

The `holidays` library is imported only when a calendar names a country, and asked year by year for plain dates. It
returns an empty year in silence where it has no data; here that year is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from servstd.calendars.civil import day_of, year_of_day
from servstd.calendars.closures import Closure, Source, WorkingDay, uncovered
from servstd.calendars.hours import Spans, read_spans
from servstd.errors import Problem, UncoveredYear, closest, listed


@dataclass(frozen=True, slots=True)
class Country:
    """Close the holidays of a country or market as the `holidays` library lists them.

    Where a bridge day is closed and a day of the weekend is worked for it, the library knows both, and so does this
    source: 15 countries in version 0.109, China, Hungary, Russia and Taiwan among them.

    Args:
        country: Its two-letter code, or the code of a market.
        subdivision: Its state or province.
        market: Whether it is a market.
        categories: Those of the library; `public` where there are none.
        language: Of the names; English where there is none and the library has English names.
        observed: Whether the days on which a holiday is observed count.
        leave_out: Parts of names of holidays on which it is open.
        only: Parts of names of the only holidays that close it.
        hours: What a half-day leaves.
        works: Whether working days that make up for bridge days are worked.
        working_hours: The hours that the book gives them.
    """

    country: str
    subdivision: str | None = None
    market: bool = False
    categories: tuple[str, ...] = ()
    language: str | None = None
    observed: bool = True
    leave_out: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    hours: Spans = ()
    works: bool = True
    working_hours: Spans = ()

    is_recurring = False

    @property
    def years(self) -> tuple[int, int] | None:
        """Return the years that the library covers for this country."""
        return _library_years(self.country, self.market)

    @property
    def makes_up(self) -> bool:
        """Return whether it may have working days that make up for bridge days."""
        return self.works and _may_make_up(self.country, self.market)

    def closures(self, year: int) -> Mapping[int, Closure]:
        """Return the holidays of one year, without those left out."""
        return {
            day: Closure(name, self.hours)
            for day, name in _library_year(self, year).days
            if not any(part in name.lower() for part in self.leave_out)
            and (not self.only or any(part in name.lower() for part in self.only))
        }

    def working_days(self, year: int) -> Mapping[int, WorkingDay]:
        """Return the days of the weekend that are worked for a bridge day which this source closes.

        A bridge day that the author leaves out is open, so no other day is worked for it.
        """
        if not self.works:
            return {}
        return {
            day: WorkingDay(bridge, self.working_hours or None)
            for day, bridge in _library_year(self, year).working
            if self._closes(bridge)
        }

    def _closes(self, bridge: int) -> bool:
        """Return whether a bridge day is closed here; of a year without data the library's word is enough."""
        try:
            return bridge in self.closures(year_of_day(bridge))
        except UncoveredYear:
            return True

    def words(self) -> str:
        """Return country and subdivision."""
        where = f"{self.country}-{self.subdivision}" if self.subdivision else self.country
        return f"the holidays of {where} (holidays {holidays_version()})"


class _Year(NamedTuple):
    """What the library says of one year: its holidays, and the bridge day of each day that makes up for one."""

    days: tuple[tuple[int, str], ...]
    working: tuple[tuple[int, int], ...]


@lru_cache(maxsize=8192)
def _library_year(source: Country, year: int) -> _Year:
    made = _library_object(source, (year,))
    days = tuple((day_of(day), name) for day, name in sorted(made.items()) if day.year == year)
    if not made and not source.categories:
        raise UncoveredYear(uncovered(source, year))
    worked = sorted(day for day in getattr(made, "weekend_workdays", ()) if day.year == year)
    bridges = _bridges(made) if worked else {}
    return _Year(days, tuple((day_of(day), day_of(bridges[day])) for day in worked if day in bridges))


def _bridges(made: Any) -> dict[date, date]:
    """Return the day off for which each other day is worked.

    The library lists both in tables of its own, by the year of the day off: month and day of this one, month and day
    of the other, and its year where that is another.
    """
    tables = (getattr(made, name) for name in dir(made) if name.startswith("special_"))
    found: dict[date, date] = {}
    for table in tables:
        for year, rows in table.items() if isinstance(table, dict) else ():
            for row in rows if isinstance(rows[0], tuple) else (rows,):
                if len(row) > 3:
                    month, day, worked_month, worked_day, *other = row
                    worked = date(other[0] if other else year, worked_month, worked_day)
                    found[worked] = date(year, month, day)
    return found


def _library_object(source: Country, years: tuple[int, ...]) -> Any:
    options: dict[str, Any] = {"years": years, "observed": source.observed}
    options |= {"subdiv": source.subdivision} if source.subdivision else {}
    options |= {"categories": source.categories} if source.categories else {}
    language = source.language or _usual_language(source.country)
    options |= {"language": language} if language else {}
    return _library_class(source.market)(source.country, **options)


def _usual_language(code: str) -> str | None:
    """Return English, else the country's own language: left to itself, the library takes that of the machine."""
    known: tuple[str, ...] = _entity(code).supported_languages
    usual: str | None = "en_US" if "en_US" in known else _entity(code).default_language
    return usual


def _library_class(market: bool) -> Any:
    import holidays  # noqa: PLC0415 - lazy: half a second where no country is named

    return holidays.financial_holidays if market else holidays.country_holidays


@lru_cache(maxsize=512)
def _library_years(country: str, market: bool) -> tuple[int, int]:
    made = _library_class(market)(country)
    return int(made.start_year), int(made.end_year)


@lru_cache(maxsize=512)
def _may_make_up(country: str, market: bool) -> bool:
    """Return whether the library has tables of days off that another day is worked for."""
    return bool(getattr(_library_class(market)(country), "has_substituted_holidays", False))


def holidays_version() -> str:
    """Return the version of the `holidays` library."""
    from importlib.metadata import version  # noqa: PLC0415

    return version("holidays")


# Reading -----------------------------------------------------------------------------------------------------


def read_country(entry: Mapping[Any, Any], path: str, problems: list[Problem]) -> list[Source]:
    """Return the source of an entry that names a country or a market; what is wrong is added to `problems`."""
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
    worked = entry.get("working_days")
    source = Country(
        code,
        None if subdivision is None else str(subdivision),
        market,
        _texts(entry.get("categories")),
        entry.get("language"),
        entry.get("observed", True),
        tuple(text.lower() for text in _texts(entry.get("leave_out"))),
        tuple(text.lower() for text in _texts(entry.get("only"))),
        _spans(entry.get("hours"), f"{path}.hours", problems),
        worked is not False and worked != "closed",
        _spans(None if isinstance(worked, bool) else worked, f"{path}.working_days", problems),
    )
    if (worked is True or source.working_hours) and not _knows_working_days(source):
        problems.append(_no_working_days(source, path))
        return []
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


def _spans(value: object, path: str, problems: list[Problem]) -> Spans:
    return () if value is None else read_spans(value, path, problems)


def _knows_working_days(source: Country) -> bool:
    made = _library_object(source, tuple(years_to_look_at(source.years or (1, 9999))))
    return bool(getattr(made, "weekend_workdays", ()))


def _no_working_days(source: Country, path: str) -> Problem:
    return Problem(
        "SV241",
        f"{source.words()} have no working days that make up for bridge days, so `working_days` says nothing.",
        help="leave it out; a date that is open all the same stands under `exceptions:`.",
        path=f"{path}.working_days",
    )


_TEXTS = ("categories", "leave_out", "only")
_YES, _NO = ("yes", "on", "1", "true"), ("no", "off", "0", "false")
_YEARS = (2000, 2040)
"""Years in which a name is looked for: most holidays come every year, some with an election or a jubilee."""


def option_problems(entry: Mapping[Any, Any], path: str) -> Iterator[Problem]:
    """Yield the options of a country's entry that are of no use as they are written.

    Example:
        >>> [one.help for one in option_problems({"country": "GB", "observed": "no"}, "holidays")]
        ['write `observed: false`.']
    """
    for name in _TEXTS:
        if name in entry and not _are_texts(entry[name]):
            yield Problem(
                "SV236",
                f"`{name}` is a text or a list of texts, not `{entry[name]!r:.40}`.",
                path=f"{path}.{name}",
            )
    told = {"observed": entry.get("observed", True)}
    if str(entry.get("working_days")).lower() in (*_YES, *_NO):
        told["working_days"] = entry["working_days"]
    for name, value in told.items():
        if not isinstance(value, bool):
            meant = "true" if str(value).lower() in _YES else "false"
            yield Problem(
                "SV236",
                f"`{name}` is true or false, not `{value!r:.40}`.",
                help=f"write `{name}: {meant}`.",
                path=f"{path}.{name}",
            )


def language_problems(language: object, known: tuple[str, ...], path: str) -> Iterator[Problem]:
    """Yield the problem of a language that the library has no names in; it would be ignored."""
    if language is None or language in known or not known:
        return
    near = closest(str(language), known)
    yield Problem(
        "SV238",
        f"the `holidays` library has no names in the language `{language!s:.40}` here. It has {listed(known)}.",
        help=f"write `{near}`." if near else "",
        path=f"{path}.language",
    )


def name_problems(parts: tuple[str, ...], names: frozenset[str], option: str, path: str) -> Iterator[Problem]:
    """Yield the problem of each part of a name that no holiday has: nothing would be chosen by it.

    Args:
        parts: Parts of names in small letters.
        names: The names of all holidays there.
        option: `leave_out` or `only`.
        path: Where the entry stands.
    """
    for part in parts:
        if any(part in name.lower() for name in names):
            continue
        near = closest(part, names)
        yield Problem(
            "SV238",
            f"no holiday here is called `{part:.60}`.",
            help=f"write `{near}`." if near else f"there are {listed(sorted(names), most=40)}.",
            path=f"{path}.{option}",
        )


def country_by_name(name: str) -> str | None:
    """Return the code of a country that was written out: `Germany`, `UK`."""
    import holidays  # noqa: PLC0415 - lazy: half a second where no country is named

    wanted = name.replace(" ", "").lower()
    if wanted == "uk":
        return "GB"
    names = {row[0].replace("_", ""): row[1] for row in holidays.registry.COUNTRIES.values()}
    codes = {key.replace("_", ""): row[1] for key, row in holidays.registry.COUNTRIES.items()} | {
        row[0].lower(): row[1] for row in holidays.registry.COUNTRIES.values()
    }
    near = closest(wanted, [*codes, *names])
    return (codes | names).get(near) if near else None


def years_to_look_at(covered: tuple[int, int]) -> range:
    """Return the years in which names are looked for, of those that the library covers."""
    return range(max(covered[0], _YEARS[0]), min(covered[1] + 1, _YEARS[1]))


def _are_texts(value: object) -> bool:
    if isinstance(value, str) or value is None:
        return True
    return isinstance(value, list | tuple) and all(isinstance(part, str) for part in value)
