"""From the words of a calendar to its `Rules`: everything that is wrong is collected, nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from servstd.calendars.hours import (
    Spans,
    is_weekday_key,
    merge,
    read_clock,
    read_days,
    read_spans,
    read_week,
)
from servstd.calendars.rules import FIRST_DAY, Change, Rules, Version
from servstd.calendars.sources import read_closures
from servstd.calendars.zones import zone_named
from servstd.errors import CalendarError, Problem, closest, listed

_CHANGE_KEYS = ("hours", "opens_at", "closes_at", "reason")
_VERSION_KEYS = ("valid_from", "hours", "breaks", "holidays")
MOST_VERSIONS = 500


def read_rules(words: Mapping[str, Any]) -> Rules:
    """Return the rules that the fields of a calendar mean.

    Args:
        words: The fields as written: `timezone`, `hours`, `breaks`, `holidays`, `exceptions`, `versions`,
            `holidays_cut`, `overnight_breaks`.

    Raises:
        CalendarError: SV210 to SV239, every problem at once.
    """
    problems: list[Problem] = []
    zone = words.get("timezone")
    if zone is not None and not zone.startswith("$"):
        _check_zone(zone, problems)
    inside = words.get("overnight_breaks") != "as_written"
    shifts = read_week(words.get("hours"), "hours", problems)
    breaks, dated = _read_breaks(words.get("breaks"), "breaks", problems)
    sources = read_closures(words.get("holidays"), "holidays", problems)
    versions = [Version(FIRST_DAY, shifts, breaks, sources, inside)]
    versions += _read_versions(words.get("versions"), versions[0], dated, problems)
    changes = _read_exceptions(words.get("exceptions"), problems)
    if problems:
        raise CalendarError(problems)
    return Rules(zone, tuple(versions), changes, dated, masks=words.get("holidays_cut") == "mask")


def _check_zone(zone: str, problems: list[Problem]) -> None:
    try:
        zone_named(zone)
    except CalendarError as failure:
        problems += [problem.at(path="timezone") for problem in failure.problems]


def _read_breaks(
    value: object, path: str, problems: list[Problem]
) -> tuple[tuple[Spans, ...], dict[int, Spans]]:
    """Return breaks by weekday and by date; breaks of several keys that name one day add up."""
    week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    dated: dict[int, Spans] = {}
    if value is not None and not isinstance(value, Mapping):
        value = {"daily": value}
    for key, spans in (value or {}).items():
        if is_weekday_key(key):
            read = read_spans(spans, f"{path}.{key}", problems, breaks=True)
            for number in (
                number for number, found in enumerate(read_week({key: "open"}, path, [])) if found
            ):
                week[number] += read
            continue
        days = read_days(key, path, problems) if _looks_dated(key) else _no_day(key, path, problems)
        read = read_spans(spans, f"{path}.{key}", problems, breaks=True)
        for day in days:
            dated[day] = merge([*dated.get(day, ()), *read])
    return tuple(merge(spans) for spans in week), dated


def _looks_dated(key: object) -> bool:
    return not isinstance(key, str) or key.strip()[:1].isdigit()


def _no_day(key: object, path: str, problems: list[Problem]) -> range:
    near = closest(str(key), ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "daily", "mon-fri"])
    help_ = f"write `{near}`." if near else "write `mon-fri`, `sat` or `2026-05-01`."
    problems.append(
        Problem("SV231", f"`{str(key)[:60]}` is neither weekday nor date.", help=help_, path=path)
    )
    return range(0)


def _read_exceptions(value: object, problems: list[Problem]) -> dict[int, Change]:
    changes: dict[int, Change] = {}
    if value is None:
        return changes
    if not isinstance(value, Mapping):
        message = f"`{str(value)[:60]}` are no exceptions."
        help_ = 'write them by date: `{"2026-12-24": "09:00-12:00"}`.'
        problems.append(Problem("SV235", message, help=help_, path="exceptions"))
        return changes
    for key, words in value.items():
        path = f"exceptions.{key}"
        change = _read_change(words, path, problems)
        for day in read_days(key, "exceptions", problems):
            if day in changes:
                problems.append(
                    Problem("SV235", f"`{key}` repeats a date of another exception.", path="exceptions")
                )
            changes[day] = change
    return dict(sorted(changes.items()))


def _read_change(words: object, path: str, problems: list[Problem]) -> Change:
    if not isinstance(words, Mapping):
        return Change(read_spans(words, path, problems))
    problems += [_unknown_key(key, _CHANGE_KEYS, path) for key in words if key not in _CHANGE_KEYS]
    clocks = {
        key: read_clock(words[key], f"{path}.{key}", problems)
        for key in ("opens_at", "closes_at")
        if words.get(key) is not None
    }
    if clocks and "hours" in words:
        message = "`hours` replace the date, so `opens_at` and `closes_at` say nothing beside them."
        problems.append(Problem("SV235", message, help="leave one out.", path=path))
    if not clocks and "hours" not in words and words.keys() <= {*_CHANGE_KEYS}:
        message = "an exception says which hours its date has."
        problems.append(Problem("SV235", message, help="write `hours: closed`, or `opens_at:`.", path=path))
    spans = None if clocks else read_spans(words.get("hours", []), f"{path}.hours", problems)
    return Change(spans, clocks.get("opens_at"), clocks.get("closes_at"), str(words.get("reason", ""))[:200])


def _read_versions(
    value: object, first: Version, dated: dict[int, Spans], problems: list[Problem]
) -> list[Version]:
    """Return later versions, each taking over from the one before it what it does not say."""
    if value is None:
        return []
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_VERSIONS:
        message = f"versions are a list of at most {MOST_VERSIONS}."
        problems.append(
            Problem("SV239", message, help="write `- {valid_from: 2026-04-01, hours: ...}`.", path="versions")
        )
        return []
    entries: list[tuple[int, Mapping[str, Any], str]] = []
    for index, entry in enumerate(value):
        day = _valid_from(entry, f"versions[{index}]", problems)
        if day is not None:
            entries.append((day, entry, f"versions[{index}]"))
    found = [first]
    for day, entry, path in sorted(entries, key=lambda each: each[0]):
        if day == found[-1].from_day:
            problems.append(Problem("SV239", "two versions begin on one date.", path=path))
        found.append(_version(day, entry, found[-1], dated, (path, problems)))
    return found[1:]


def _valid_from(entry: object, path: str, problems: list[Problem]) -> int | None:
    if not isinstance(entry, Mapping) or "valid_from" not in entry:
        message = "a version begins on a date."
        problems.append(Problem("SV239", message, help="write `valid_from: 2026-04-01`.", path=path))
        return None
    problems += [_unknown_key(key, _VERSION_KEYS, path) for key in entry if key not in _VERSION_KEYS]
    days = read_days(entry["valid_from"], f"{path}.valid_from", problems)
    return days[0] if days else None


def _version(
    day: int,
    entry: Mapping[str, Any],
    before: Version,
    dated: dict[int, Spans],
    reports: tuple[str, list[Problem]],
) -> Version:
    path, problems = reports
    shifts, breaks, sources = before.shifts, before.breaks, before.sources
    if "hours" in entry:
        shifts = read_week(entry["hours"], f"{path}.hours", problems)
    if "breaks" in entry:
        breaks, more = _read_breaks(entry["breaks"], f"{path}.breaks", problems)
        dated.update({key: merge([*dated.get(key, ()), *spans]) for key, spans in more.items()})
    if "holidays" in entry:
        sources = read_closures(entry["holidays"], f"{path}.holidays", problems)
    return Version(day, shifts, breaks, sources, before.breaks_inside)


def _unknown_key(key: object, known: tuple[str, ...], path: str) -> Problem:
    near = closest(str(key), known)
    help_ = f"write `{near}`." if near else ""
    return Problem(
        "SV239", f"unknown key `{str(key)[:60]}`. Known here: {listed(known)}.", help=help_, path=path
    )
