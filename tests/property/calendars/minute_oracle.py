"""A calendar by brute force: a set of open UTC minutes, found by walking them one by one with zoneinfo.

It shares no code and no data with the engine: `zoneinfo` reads its own files, dates are `datetime.date`, spans are minutes
of a day. It is slow and meant to be obvious.
"""

from __future__ import annotations

import importlib.resources
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@cache
def zone_of(name):
    with (importlib.resources.files("tzdata") / "zoneinfo" / name).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@lru_cache(maxsize=4)
def local_minutes(name, first, last):
    """Return, for each UTC minute of a stretch, what the local clock shows, as minutes since local 1970."""
    zone = zone_of(name)
    naive_epoch = EPOCH.replace(tzinfo=None)
    shown = {}
    for minute in range(first, last):
        local = (EPOCH + timedelta(minutes=minute)).astimezone(zone).replace(tzinfo=None)
        shown[minute] = (local - naive_epoch) // timedelta(minutes=1)
    return shown


class Window:
    """Some days of UTC minutes, with three days before and after in which to look for boundaries."""

    def __init__(self, day, days):
        self.first = (day - date(1970, 1, 1)).days * 1440
        self.last = self.first + days * 1440
        self.pad = 3 * 1440
        self.dates = [day + timedelta(days=step) for step in range(-3, days + 3)]

    def instant(self, name, local):
        """Return the first minute at which the local clock shows `local` or later."""
        shown = local_minutes(name, self.first - self.pad - 1440, self.last + self.pad + 1440)
        low = max(min(shown), local - 1600)
        for minute in range(low, max(shown)):
            if shown[minute] >= local:
                return minute
        return max(shown)


def clock(text):
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def spans_of(text_or_list):
    texts = [text_or_list] if isinstance(text_or_list, str) else text_or_list
    found = []
    for text in texts:
        if text == "closed":
            continue
        start, end = (clock(part) for part in text.split("-"))
        found.append((start, end if end > start else end + 1440))
    return found


def holiday_of(words, day):
    """Return None, or the minutes of a date that every closure of it leaves."""
    left = []
    for entry in words.get("holidays", []):
        if isinstance(entry, str):
            hit, hours = date.fromisoformat(entry) == day, []
        elif "date" in entry:
            hit, hours = date.fromisoformat(entry["date"]) == day, spans_of(entry.get("hours", []))
        elif "yearly" in entry:
            first, last = (entry["yearly"].split("..") * 2)[:2]
            shown = f"{day.month:02d}-{day.day:02d}"
            inside = first <= shown <= last if first <= last else shown >= first or shown <= last
            hit, hours = inside, spans_of(entry.get("hours", []))
        else:
            (weekday,) = [part[6:] for part in entry["rrule"].split(";") if part.startswith("BYDAY")]
            hit, hours = DAYS[day.weekday()][:2].upper() == weekday, spans_of(entry.get("hours", []))
        if hit:
            left.append(hours)
    if not left:
        return None
    kept = [{minute for start, end in hours for minute in range(start, end)} for hours in left]
    return set.intersection(*kept)


def version_of(words, day):
    held = {"hours": words.get("hours", {}), "breaks": words.get("breaks", {})}
    for version in sorted(words.get("versions", []), key=lambda version: version["valid_from"]):
        if date.fromisoformat(version["valid_from"]) <= day:
            held |= {key: version[key] for key in ("hours", "breaks") if key in version}
    return held


def shifts_of(words, day):
    """Return the spans of the shifts that start on a date, whether its weekly breaks apply, and what a half-day leaves."""
    key = day.isoformat()
    if key in words.get("exceptions", {}):
        return spans_of(words["exceptions"][key]), False, None
    week = spans_of(version_of(words, day)["hours"].get(DAYS[day.weekday()], []))
    return week, True, holiday_of(words, day)


def open_minutes(words, window):
    """Return the set of open UTC minutes of a calendar, or of an expression of calendars."""
    if "union" in words:
        return set().union(*(open_minutes(member, window) for member in words["union"]))
    if "intersection" in words:
        return set.intersection(*(open_minutes(member, window) for member in words["intersection"]))
    if "difference" in words:
        first, *others = (open_minutes(member, window) for member in words["difference"])
        return first.difference(*others)
    if "complement" in words:
        every = set(range(window.first - window.pad, window.last + window.pad))
        return every - open_minutes(words["complement"], window)
    return _own_minutes(words, window)


def _own_minutes(words, window):
    name = words["timezone"]
    found = set()
    for day in window.dates:
        base = (day - date(1970, 1, 1)).days * 1440
        shifts, has_breaks, kept = shifts_of(words, day)
        weekly = spans_of(version_of(words, day)["breaks"].get(DAYS[day.weekday()], [])) if has_breaks else []
        for start, end in shifts:
            minutes = _stretch(window, name, base + start, base + end)
            if kept is not None:
                minutes &= _mapped(window, name, base, kept)
            for low, high in weekly:
                touches = any(low < b and a < high for a, b in shifts)
                is_inside = not touches and low < start and low + 1440 < end and start < high + 1440
                later = 1440 if is_inside else 0
                a, b = max(low + later, start), min(high + later, end)
                if a < b:
                    minutes -= _stretch(window, name, base + a, base + b)
            if words.get("holidays_cut") == "mask":
                for other in window.dates:
                    masked = other != day and other.isoformat() not in words.get("exceptions", {})
                    if masked and (left := holiday_of(words, other)) is not None:
                        midnight = (other - date(1970, 1, 1)).days * 1440
                        taken = _stretch(window, name, midnight, midnight + 1440)
                        minutes -= taken - _mapped(window, name, midnight, left)
            found |= minutes
    for day in window.dates:
        base = (day - date(1970, 1, 1)).days * 1440
        for low, high in spans_of(words.get("breaks", {}).get(day.isoformat(), [])):
            found -= _stretch(window, name, base + low, base + high)
    return found


def _mapped(window, name, base, local):
    """Return the UTC minutes of local minutes of a date."""
    starts = sorted(minute for minute in local if minute - 1 not in local)
    ends = sorted(minute + 1 for minute in local if minute + 1 not in local)
    found = set()
    for start, end in zip(starts, ends, strict=True):
        found |= _stretch(window, name, base + start, base + end)
    return found


def _stretch(window, name, start, end):
    return set(range(window.instant(name, start), window.instant(name, end)))


def elapsed_us(minutes, start, end):
    """Return open microseconds between two instants, by adding up every open minute's share."""
    if end < start:
        return -elapsed_us(minutes, end, start)
    total = 0
    for minute in minutes:
        low, high = minute * 60_000_000, (minute + 1) * 60_000_000
        total += max(0, min(high, end) - max(low, start))
    return total


def add_us(minutes, start, amount):
    """Return the earliest instant by which an amount has elapsed, walking open minutes; None beyond the window."""
    if amount == 0:
        return start
    for minute in sorted(minutes):
        low, high = max(start, minute * 60_000_000), (minute + 1) * 60_000_000
        if high > low:
            if amount <= high - low:
                return low + amount
            amount -= high - low
    return None


def subtract_us(minutes, end, amount):
    """Return the latest instant from which an amount elapses, walking open minutes back; None beyond the window."""
    if amount == 0:
        return end
    for minute in sorted(minutes, reverse=True):
        low, high = minute * 60_000_000, min(end, (minute + 1) * 60_000_000)
        if high > low:
            if amount <= high - low:
                return high - amount
            amount -= high - low
    return None


def next_open_us(minutes, at):
    if at // 60_000_000 in minutes:
        return at
    later = [minute for minute in minutes if minute * 60_000_000 > at]
    return min(later) * 60_000_000 if later else None


def next_close_us(minutes, at, last):
    opening = next_open_us(minutes, at)
    if opening is None:
        return None
    minute = opening // 60_000_000
    while minute in minutes:
        minute += 1
    return minute * 60_000_000 if minute < last else None
