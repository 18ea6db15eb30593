"""Opening hours by brute force: each local date is laid out, mapped to instants, and the lengths are added up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import holidays

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY_S = 86_400
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FURTHEST_DAYS = 1500
YEARS = range(2023, 2031)


class NeverOpens(Exception):
    """Nothing within four years answers the question."""


def instant_us(moment: datetime) -> int:
    return (moment.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


def moment_at(us: int, zone: ZoneInfo) -> datetime:
    return (EPOCH + timedelta(microseconds=us)).astimezone(zone)


def local_date(us: int, zone: ZoneInfo) -> date:
    return moment_at(us, zone).date()


def map_local(day: date, seconds: int, zone: ZoneInfo) -> int:
    """Return the instant of a local clock time: the first of two, the change itself for one that is skipped."""
    naive = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001
    early = instant_us(naive.replace(tzinfo=zone, fold=0))
    late = instant_us(naive.replace(tzinfo=zone, fold=1))
    if late >= early:  # unambiguous, or repeated: the first occurrence
        return early
    # A gap: `late` lies before the change and `early` after it. Halve until the change is found.
    before, after = late, early
    offset = moment_at(before, zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if moment_at(middle, zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def clock_seconds(text: str) -> int:
    hours, minutes, *seconds = (int(part) for part in text.strip().split(":"))
    return hours * 3600 + minutes * 60 + (seconds[0] if seconds else 0)


def read_spans(value: object) -> list[tuple[int, int]]:
    """Return spans in seconds after local midnight; one that ends before its start ends the next day."""
    if value == "closed" or value is None:
        return []
    texts = [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]
    spans = []
    for text in texts:
        first, last = text if isinstance(text, (list, tuple)) else text.split("-")
        start, end = clock_seconds(first), clock_seconds(last)
        spans.append((start, end if end >= start else end + DAY_S))
    return spans


def read_days(key: str) -> list[int]:
    days: list[int] = []
    for part in key.split(","):
        name = part.strip().lower()
        if "-" in name:
            first, last = (WEEKDAYS.index(end.strip()) for end in name.split("-"))
            days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
        else:
            days.append(WEEKDAYS.index(name))
    return days


def cut(spans: list[tuple[int, int]], hole: tuple[int, int]) -> list[tuple[int, int]]:
    kept = []
    for start, end in spans:
        kept += [(start, min(end, hole[0])), (max(start, hole[1]), end)]
    return [(start, end) for start, end in kept if start < end]


def cut_out(spans: list[tuple[int, int]], holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    for hole in holes:
        spans = cut(spans, hole)
    return spans


@dataclass(frozen=True)
class Closure:
    """A holiday: on which dates, and which hours it leaves."""

    dates: set[date] | None
    yearly: str
    left: list[tuple[int, int]]

    def takes(self, day: date) -> bool:
        if self.dates is not None:
            return day in self.dates
        first, last = (self.yearly.split("..") * 2)[:2]
        shown = f"{day.month:02d}-{day.day:02d}"
        return first <= shown <= last if first <= last else shown >= first or shown <= last


class Hours:
    """A calendar: which instants are open.

    A date's spans come from its exception, else from its weekday. Weekly breaks are subtracted unless the date is an
    exception, dated breaks always; each holiday leaves of them what it leaves.
    """

    def __init__(self, spec: dict | None, timezone: str | None = None) -> None:
        self.always = spec is None
        spec = spec or {}
        self.timezone = spec.get("timezone") or timezone
        self.zone = ZoneInfo(self.timezone) if self.timezone else None
        if not self.always and self.zone is None:
            raise ValueError("every local date needs a zone")
        self.weekly: list[list[tuple[int, int]]] = [[] for _ in range(7)]
        for key, value in (spec.get("hours") or {}).items():
            for day in read_days(key):
                self.weekly[day] += read_spans(value)
        self.weekly_breaks: list[list[tuple[int, int]]] = [[] for _ in range(7)]
        self.dated_breaks: dict[date, list[tuple[int, int]]] = {}
        for key, value in (spec.get("breaks") or {}).items():
            if key[:1].isdigit():
                self.dated_breaks[date.fromisoformat(key)] = read_spans(value)
            else:
                for day in read_days(key):
                    self.weekly_breaks[day] += read_spans(value)
        self.closures: list[Closure] = []
        self.worked: dict[date, date] = {}
        written = spec.get("holidays") or []
        for entry in written if isinstance(written, list) else [written]:
            self.close(entry if isinstance(entry, dict) else {"date": str(entry)})
        self.mask = spec.get("holidays_cut", "anchor") == "mask"
        self.exceptions = {
            date.fromisoformat(str(d)): read_spans(v) for d, v in (spec.get("exceptions") or {}).items()
        }
        self.of_date: dict[date, list[tuple[int, int]]] = {}

    def close(self, entry: dict) -> None:
        """Take in one entry of holidays: a date, dates of every year, or a country with what it works for them."""
        left = read_spans(entry["hours"]) if "hours" in entry else []
        if "yearly" in entry:
            self.closures.append(Closure(None, entry["yearly"], left))
            return
        code = entry.get("country", entry.get("date", ""))
        if "country" not in entry and len(code) != 2:
            self.closures.append(Closure({date.fromisoformat(code)}, "", left))
            return
        named = holidays.country_holidays(
            code, subdiv=entry.get("subdivision"), years=YEARS, language="en_US"
        )
        self.closures.append(Closure(set(named), "", left))
        if entry.get("working_days", True):
            for off, name in named.items():
                for month, day, year in re.findall(r"substituted from (\d\d)/(\d\d)/(\d{4})", name):
                    self.worked[date(int(year), int(month), int(day))] = off

    def spans_on(self, day: date) -> list[tuple[int, int]]:
        """Return the local spans that start on a date, in seconds after its midnight, breaks taken out.

        They are those of its exception, else of its weekday, or of the one for which it is worked; of them each closure
        leaves what it leaves.
        """
        weekday, left = day.weekday(), [closure.left for closure in self.closures if closure.takes(day)]
        if day in self.worked and self.weekly[self.worked[day].weekday()]:
            weekday = self.worked[day].weekday()
        if day in self.exceptions:
            spans, breaks, left = self.exceptions[day], [], []
        else:
            spans, breaks = self.weekly[weekday], self.weekly_breaks[weekday]
        breaks = breaks + self.dated_breaks.get(day, [])
        open_spans: list[tuple[int, int]] = []
        for span in spans:
            pieces = [span]
            for hole in breaks:
                inside_night = span[1] > DAY_S and hole[0] < span[0]
                pieces = cut(pieces, (hole[0] + DAY_S, hole[1] + DAY_S) if inside_night else hole)
            open_spans += pieces
        for hours in left:
            both = [(max(a, low), min(b, high)) for a, b in open_spans for low, high in hours]
            open_spans = [(a, b) for a, b in both if a < b]
        return sorted(open_spans)

    def instants_of(self, day: date) -> list[tuple[int, int]]:
        """Return the open intervals of the shifts that start on a date, as instants."""
        if day not in self.of_date:
            assert self.zone is not None
            found = [
                (map_local(day, a, self.zone), map_local(day, b, self.zone)) for a, b in self.spans_on(day)
            ]
            for hidden in (day, day + timedelta(days=1)) if self.mask else ():
                for closure in self.closures if hidden not in self.exceptions else ():
                    if closure.takes(hidden):
                        for low, high in cut_out([(0, DAY_S)], closure.left):
                            found = cut(
                                found, (map_local(hidden, low, self.zone), map_local(hidden, high, self.zone))
                            )
            self.of_date[day] = [(a, b) for a, b in found if a < b]
        return self.of_date[day]

    def intervals(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the open intervals within [start, end), joined where they touch."""
        if start >= end:
            return []
        if self.always:
            return [(start, end)]
        assert self.zone is not None
        day, last = local_date(start, self.zone) - timedelta(days=2), local_date(end, self.zone)
        found: list[tuple[int, int]] = []
        while day <= last:
            found += self.instants_of(day)
            day += timedelta(days=1)
        joined: list[tuple[int, int]] = []
        for a, b in sorted((max(a, start), min(b, end)) for a, b in found if a < end and b > start):
            if joined and a <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
            else:
                joined.append((a, b))
        return joined

    def elapsed(self, start: int, end: int) -> int:
        if end < start:
            return -self.elapsed(end, start)
        return sum(b - a for a, b in self.intervals(start, end))

    def add(self, start: int, amount: int) -> int:
        """Return the earliest instant with that much open time since `start`."""
        if amount < 0:
            return self.subtract(start, -amount)
        if amount == 0:
            return start
        if self.always:
            return start + amount
        days = 3
        while days < FURTHEST_DAYS:
            left = amount
            for a, b in self.intervals(start, start + days * DAY_S * SECOND):
                if b - a >= left:
                    return a + left
                left -= b - a
            days *= 3
        raise NeverOpens

    def subtract(self, end: int, amount: int) -> int:
        """Return the latest instant with that much open time until `end`."""
        if amount == 0:
            return end
        if self.always:
            return end - amount
        days = 3
        while days < FURTHEST_DAYS:
            left = amount
            for a, b in reversed(self.intervals(end - days * DAY_S * SECOND, end)):
                if b - a >= left:
                    return b - left
                left -= b - a
            days *= 3
        raise NeverOpens

    def is_open(self, at: int) -> bool:
        return self.elapsed(at, at + 1) == 1

    def next_open(self, at: int) -> int:
        return self.add(at, 1) - 1

    def next_close(self, at: int) -> int:
        if self.always:
            raise NeverOpens
        start, days = self.next_open(at), 3
        while days < FURTHEST_DAYS:
            until = start + days * DAY_S * SECOND
            _, end = self.intervals(start, until)[0]
            if end < until:
                return end
            days *= 3
        raise NeverOpens

    def dated_in(self, zone: ZoneInfo) -> Hours:
        """Return a calendar whose dates can be asked: one that never closes has every date of a zone, all day."""
        return every_date(zone.key) if self.always else self

    def is_business(self, day: date) -> bool:
        """A business day is a date on which a shift starts."""
        return bool(self.instants_of(day))

    def opening_of(self, day: date) -> int:
        return self.instants_of(day)[0][0]

    def own_closing_of(self, day: date) -> int:
        return max(b for _, b in self.instants_of(day))

    def closing_of(self, day: date) -> int:
        """Return closing time of an open date; a long shift of the day before may end after those of the date."""
        dates = [each for each in (day - timedelta(days=1), day) if self.instants_of(each)]
        return max(self.own_closing_of(each) for each in dates)

    def weekday_of(self, day: date) -> str:
        """Return the weekday as which a date is worked."""
        other = self.worked.get(day)
        return WEEKDAYS[(other if other and self.weekly[other.weekday()] else day).weekday()]


@cache
def every_date(timezone: str) -> Hours:
    return Hours({"timezone": timezone, "hours": {"mon-sun": "00:00-24:00"}})


class Elsewhere:
    """A calendar in a zone that each case carries."""

    def __init__(self, spec: dict) -> None:
        self.spec, self.field = spec, str(spec["timezone"]).removeprefix("$")

    def at(self, zone: object) -> Hours | None:
        """Return the hours at a place; None where nobody knows where that is."""
        if not isinstance(zone, str) or zone not in available_timezones():
            return None
        return Hours({**self.spec, "timezone": zone})


ALWAYS = Hours(None)
