"""Limits: a duration, dates, an instant, a count, none, or several of them; read for one obligation."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from oracle.arithmetic import is_arithmetic, reckon
from oracle.calendars import (
    ALWAYS,
    DAY_S,
    HOUR,
    MINUTE,
    SECOND,
    WEEKDAYS,
    Hours,
    clock_seconds,
    local_date,
    map_local,
    moment_at,
    read_days,
)
from oracle.conditions import ABSENT, Facts, as_instant, equal, holds

UNITS_US = {
    "s": SECOND,
    "sec": SECOND,
    "second": SECOND,
    "m": MINUTE,
    "min": MINUTE,
    "minute": MINUTE,
    "h": HOUR,
    "hour": HOUR,
}
DATE_UNITS = {"day": 1, "week": 7}
MONTH_UNITS = {"month": 1, "year": 12}
BUSINESS = ("business", "working", "open")
DATE_SETTINGS = ("cutoff", "early_start", "closed_start", "day_one", "roll", "ends", "pauses")


@dataclass(frozen=True)
class Limit:
    """One allowance. `kind` is duration, dates, instant, count, none, unknown, earliest_of or latest_of."""

    kind: str
    amount: int = 0
    clock: str = "standard"  # of a duration: standard, business or calendar
    unit: str = ""  # of dates: business days, days, months
    settings: tuple = ()
    of: object = field(default=None, hash=False)
    members: tuple = ()

    @property
    def is_wall(self) -> bool:
        """Say whether a duration is on the wall clock: open hours and plain ones are both on the standard's."""
        return self.clock == "calendar"

    def setting(self, name: str, default: Any) -> Any:
        return dict(self.settings).get(name, default)


UNKNOWN = Limit("unknown")
NONE = Limit("none")


def read_limit(written: object, facts: Facts, hours: Hours, settings: tuple = ()) -> Limit:
    if written is None or written == "none":
        return NONE
    if isinstance(written, dict):
        return read_mapping(written, facts, hours, settings)
    assert isinstance(written, str), f"a bare number is no limit: {written!r}"
    text = written.strip()
    found = re.fullmatch(r"(.+?) (before|after) \$([\w.]+)", text)
    if found:
        return shifted(found[1], found[2], facts.read(found[3]), hours)
    found = re.fullmatch(r"\$([\w.]+)", text)
    if found:
        value = facts.read(found[1])
        if value is ABSENT:
            return UNKNOWN
        at = as_instant(value)
        return Limit("instant", at) if at is not None else read_limit(value, facts, hours, settings)
    found = re.fullmatch(r"(.*[$].*[\w)]) (minutes|business days)", text)
    if found and is_arithmetic(found[1]):
        figure = reckon(found[1], facts)
        if figure is None or figure < 0 or (found[2] != "minutes" and figure.denominator != 1):
            return UNKNOWN
        if found[2] == "minutes":
            return Limit("duration", int(figure * MINUTE))
        return Limit("dates", int(figure), unit="business days", settings=settings)
    found = re.fullmatch(r"\$([\w.]+) (.+)", text)
    if found:
        value = facts.read(found[1])
        return UNKNOWN if value is ABSENT else read_limit(f"{value} {found[2]}", facts, hours, settings)
    duration = read_duration(text)
    if duration:
        return Limit("duration", duration[0], clock=duration[1])
    found = re.fullmatch(r"(\d+) (?:(business|working|open) )?(day|week|month|year)s?", text)
    if found:
        number, business, unit = int(found[1]), found[2], found[3]
        if business:
            return Limit("dates", number, unit="business days", settings=settings)
        if unit in DATE_UNITS:
            return Limit("dates", number * DATE_UNITS[unit], unit="days", settings=settings)
        return Limit("dates", number * MONTH_UNITS[unit], unit="months", settings=settings)
    found = re.fullmatch(r"(\d+) ([\w.]+)", text)
    assert found, f"not a limit: {written!r}"
    return Limit("count", int(found[1]), of=found[2])


def read_mapping(written: dict, facts: Facts, hours: Hours, settings: tuple) -> Limit:
    if "count" in written:
        return Limit("count", written["count"], of=written["of"])
    if "by" in written:
        value = facts.read(written["by"])
        rows = {name: limit for name, limit in written.items() if name not in ("by", "else")}
        row = None if value is ABSENT else row_of(list(rows), value)
        if row is not None:
            return read_limit(rows[row], facts, hours, settings)
        if "else" in written:
            return read_limit(written["else"], facts, hours, settings)
        return UNKNOWN  # nobody says what is allowed: not for this value, or not without one
    for kind in ("earliest_of", "latest_of"):
        if kind in written:
            members = [read_limit(each, facts, hours, settings) for each in written[kind]]
            return Limit(kind, members=tuple(members))
    own = tuple((name, written[name]) for name in DATE_SETTINGS if name in written)
    rest = next(written[name] for name in ("limit", "within", "dates") if name in written)
    return read_limit(rest, facts, hours, (*settings, *own))


def row_of(names: list[str], value: object) -> str | None:
    """Return the row that says what a value says, else the first that means it: `true` is true, and `1` is 1."""
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    if text in names:
        return text
    for name in names:
        meant: object = {"true": True, "false": False}.get(name, name)
        meant = int(name) if re.fullmatch(r"\d+", name) else meant
        if equal(value, meant):
            return name
    return None


def unit_of(written: object) -> str:
    """Return what a limit is measured in if it is a plain count or date limit; everything else is time."""
    if isinstance(written, dict):
        plain = next((written[name] for name in ("limit", "within", "dates") if name in written), None)
        return "count" if "count" in written else "time" if plain is None else unit_of(plain)
    words = str(written).split()
    if len(words) < 2 or "before" in words or "after" in words:
        return "time"
    if words[-1].removesuffix("s") in (*DATE_UNITS, *MONTH_UNITS):
        return "dates"
    is_count = len(words) == 2 and words[1].removesuffix("s") not in UNITS_US and words[1] not in UNITS_US
    return "count" if is_count and read_duration(str(written)) is None else "time"


def read_duration(text: str) -> tuple[int, str] | None:
    """Return microseconds and whose clock, or None if the text is no duration."""
    words = text.split()
    clock = "standard"
    for word in (*BUSINESS, "calendar"):
        if word in words:
            clock = "calendar" if word == "calendar" else "business"
            words.remove(word)
    plain = " ".join(words)
    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", plain)
    if found and any(found.groups()):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * HOUR + minutes * MINUTE + seconds * SECOND, clock
    parts = re.findall(r"(\d+)\s*([a-z]+)", plain)
    if not parts or re.sub(r"(\d+)\s*([a-z]+)", "", plain).strip():
        return None
    total = 0
    for number, unit in parts:
        name = unit if unit in UNITS_US else unit.removesuffix("s")
        if name not in UNITS_US:
            return None
        total += int(number) * UNITS_US[name]
    return total, clock


def shifted(span: str, direction: str, anchor: object, hours: Hours) -> Limit:
    """Return an instant so long before or after one that the case carries, on the standard's calendar."""
    at = None if anchor is ABSENT else as_instant(anchor)
    duration = read_duration(span)
    assert duration, "only durations shift an instant here"
    if at is None:
        return UNKNOWN
    clock = ALWAYS if duration[1] == "calendar" else hours
    move = clock.subtract if direction == "before" else clock.add
    return Limit("instant", move(at, duration[0]))


@dataclass(frozen=True)
class DateDue:
    """When dates are used up: the due instant, and whether being there exactly is still in time."""

    due: int | None  # None: the latch is set and nothing says that it will not stay so
    inclusive: bool
    first: date  # the date from which the counting began


Held = list[tuple[int, int | None]]
"""Stretches in which the clock stands; the end of the one that goes on is None."""


def is_lost(day: date, hours: Hours, zone: ZoneInfo, held: Held) -> bool:
    """Say whether the clock stands at closing time of a date, and open time of that date is lost by it."""
    hours = hours.dated_in(zone)
    if not hours.is_business(day):
        return False
    shifts = hours.instants_of(day)
    closing = max(end for _, end in shifts)
    return any(
        start < closing and (until is None or closing <= until) and any(start < end for _, end in shifts)
        for start, until in held
    )


def date_due(limit: Limit, start: int, hours: Hours, zone: ZoneInfo, held: Held) -> DateDue:
    """Lay a date limit out, and let what was held move it."""
    due = laid_out(limit, start, hours, zone, held)
    if limit.setting("pauses", "ignore") != "time" or due.due is None:
        return due
    at, inclusive = due.due, due.inclusive
    for begun, until in held:
        if begun > at or (begun == at and not inclusive):
            break
        lost = hours.elapsed(begun, at if until is None else until)
        if lost > 0 and until is None:
            return DateDue(None, inclusive=False, first=due.first)
        if lost > 0:
            at, inclusive = hours.add(at, lost), True
    return DateDue(at, inclusive, due.first)


def laid_out(limit: Limit, start: int, hours: Hours, zone: ZoneInfo, held: Held) -> DateDue:
    """Lay a date limit out, setting by setting, in the order of the rules."""
    hours = hours.dated_in(zone)
    moment = moment_at(start, zone)
    day = moment.date()
    clock_us = ((moment.hour * 60 + moment.minute) * 60 + moment.second) * SECOND + moment.microsecond
    at = start

    def opening_clock(on: date) -> int:
        """Return the opening of a date as a clock time after its midnight, which may be past 24:00."""
        shown = moment_at(hours.opening_of(on), zone).replace(tzinfo=None)
        return (shown - datetime(on.year, on.month, on.day)) // timedelta(microseconds=1)  # noqa: DTZ001

    is_done = False
    if not hours.is_business(day):
        moved = limit.setting("closed_start", "same")
        if moved == "next_open":
            day = next_business(day, hours, 1)
            clock_us, is_done = opening_clock(day), True
        elif moved in ("next_day", "previous_day"):
            day = next_business(day, hours, 1 if moved == "next_day" else -1)
            at = map_local(day, clock_us // SECOND, zone) + clock_us % SECOND
    if hours.is_business(day) and not is_done:  # also of a start that was moved to an open date
        latest = latest_start(limit.setting("cutoff", ""), day, hours, zone)
        if latest is not None and at > latest:
            day = next_business(day, hours, 1)
            clock_us = opening_clock(day)
        elif limit.setting("early_start", "same") == "open" and at < hours.opening_of(day):
            clock_us = opening_clock(day)
    first = day
    same = limit.setting("day_one", "next") == "same"
    shift = limit.setting("pauses", "ignore") == "shift"

    def counts(on: date) -> bool:
        return (limit.unit != "business days" or hours.is_business(on)) and not (
            shift and is_lost(on, hours, zone, held)
        )

    if limit.unit == "months" and not shift:
        day = add_months(first, limit.amount) - timedelta(days=1 if same else 0)
    else:
        left = limit.amount
        if (
            limit.unit == "months"
        ):  # as many dates as the months have, those left out that the clock is paused at
            left = (add_months(first, limit.amount) - first).days
        day = first if same else first + timedelta(days=1)
        while True:
            left -= counts(day)
            if left == 0:
                break
            day += timedelta(days=1)
            if (day - first).days > 800 + 2 * limit.amount:
                return DateDue(None, inclusive=False, first=first)
    roll = limit.setting("roll", "none")
    if roll != "none" and not hours.is_business(day):
        day = next_business(day, hours, 1 if roll == "forward" else -1)
    ends = limit.setting("ends", "end_of_day")
    if ends == "end_of_day":
        due, inclusive = map_local(day, DAY_S, zone), False
    elif ends == "close_of_business":
        is_open = hours.is_business(day)
        due, inclusive = hours.closing_of(day) if is_open else map_local(day, DAY_S, zone), True
    elif ends == "same_time":
        due, inclusive = map_local(day, clock_us // SECOND, zone) + clock_us % SECOND, True
    else:
        due, inclusive = map_local(day, clock_seconds(ends), zone), True
    return DateDue(due, inclusive, first)


def latest_start(cutoff: object, day: date, hours: Hours, zone: ZoneInfo) -> int | None:
    """Return the latest instant of an open date at which a start still belongs to it; None for any."""
    if isinstance(cutoff, dict):
        of_day = {WEEKDAYS[number]: value for key, value in cutoff.items() for number in read_days(key)}
        cutoff = of_day.get(hours.weekday_of(day))
    if cutoff in (None, "", "none"):
        return None
    return (
        hours.closing_of(day)
        if cutoff == "close_of_business"
        else map_local(day, clock_seconds(str(cutoff)), zone)
    )


def counted_dates(  # noqa: PLR0917
    limit: Limit, first: date, end: int, hours: Hours, zone: ZoneInfo, held: Held
) -> int:
    """Return how many dates have counted until `end`: the number of the day on which it lies.

    A day that has not closed by then counts: whether the clock stands at closing time is not known yet.
    """
    hours = hours.dated_in(zone)
    day = first if limit.setting("day_one", "next") == "same" else first + timedelta(days=1)
    shift = limit.setting("pauses", "ignore") == "shift"
    until_now = [(start, end if until is None else min(until, end)) for start, until in held if start < end]
    last, number = local_date(end, zone), 0
    while day <= last:
        if limit.unit != "business days" or hours.is_business(day):
            number += not (shift and is_lost(day, hours, zone, until_now))
        day += timedelta(days=1)
    return number


def next_business(day: date, hours: Hours, step: int) -> date:
    for _ in range(1500):
        day += timedelta(days=step)
        if hours.is_business(day):
            return day
    raise ValueError("no business day")


def add_months(day: date, months: int) -> date:
    """Return the same day so many calendar months later, clamped to the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def fits(table: dict, cells: list, facts: Facts) -> bool:
    wanted = dict(zip(table["by"], cells, strict=False))
    return holds({key: value for key, value in wanted.items() if value != "any"}, facts) is True


def in_force(written: object, overrides: list[dict], name: str, facts: Facts) -> object:
    """Return what the first matching row sets, else what the standard says; an unknown row does not match."""
    for row in overrides:
        if "rows" in row:
            for cells in row["rows"]:
                if name in row["set"] and fits(row, cells, facts):
                    return cells[len(row["by"]) + row["set"].index(name)]
        elif (
            name in row
            and holds(row.get("when"), facts) is True
            and is_effective(row.get("effective"), facts)
        ):
            return row[name]
    return written


def is_effective(written: dict | None, facts: Facts) -> bool:
    """Say whether a start lies between two instants; local dates are not read here."""
    bounds = {name: as_instant(value) for name, value in (written or {}).items()}
    assert None not in bounds.values(), f"not an instant: {written!r}"
    return bounds.get("from", facts.at) <= facts.at < bounds.get("until", facts.at + 1)  # type: ignore[operator]
