"""Opening hours by brute force: each local date is laid out, mapped to instants, and the lengths are added up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY_S = 86_400
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FURTHEST_DAYS = 1500


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


class Hours:
    """A calendar: which instants are open.

    A date's spans come from its exception, else from nothing if it is a holiday, else from its weekday. Weekly
    breaks are subtracted unless the date is an exception, dated breaks always.
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
        self.holidays = {date.fromisoformat(str(day)) for day in spec.get("holidays") or []}
        self.mask = spec.get("holidays_cut", "anchor") == "mask"
        self.exceptions = {
            date.fromisoformat(str(d)): read_spans(v) for d, v in (spec.get("exceptions") or {}).items()
        }
        self.of_date: dict[date, list[tuple[int, int]]] = {}

    def spans_on(self, day: date) -> list[tuple[int, int]]:
        """Return the local spans that start on a date, in seconds after its midnight, breaks taken out."""
        if day in self.exceptions:
            spans, breaks = self.exceptions[day], []
        elif day in self.holidays:
            spans, breaks = [], []
        else:
            spans, breaks = self.weekly[day.weekday()], self.weekly_breaks[day.weekday()]
        breaks = breaks + self.dated_breaks.get(day, [])
        open_spans: list[tuple[int, int]] = []
        for span in spans:
            pieces = [span]
            for hole in breaks:
                inside_night = span[1] > DAY_S and hole[0] < span[0]
                pieces = cut(pieces, (hole[0] + DAY_S, hole[1] + DAY_S) if inside_night else hole)
            open_spans += pieces
        return sorted(open_spans)

    def instants_of(self, day: date) -> list[tuple[int, int]]:
        """Return the open intervals of the shifts that start on a date, as instants."""
        if day not in self.of_date:
            assert self.zone is not None
            found = [
                (map_local(day, a, self.zone), map_local(day, b, self.zone)) for a, b in self.spans_on(day)
            ]
            if self.mask:
                for hidden in (day, day + timedelta(days=1)):
                    if hidden in self.holidays and hidden not in self.exceptions:
                        hole = (map_local(hidden, 0, self.zone), map_local(hidden, DAY_S, self.zone))
                        found = cut(found, hole)
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

    def is_business(self, day: date) -> bool:
        """A business day is a date on which a shift starts."""
        return self.always or bool(self.spans_on(day))

    def opening_of(self, day: date) -> int:
        return self.instants_of(day)[0][0]

    def closing_of(self, day: date) -> int:
        return max(b for _, b in self.instants_of(day))


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
