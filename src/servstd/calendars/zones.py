"""Time zones from the `tzdata` package, as plain lists of offset changes.

The system's zone files are never read, so every machine agrees and the version can be named.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise

from servstd.calendars.civil import day_from_civil, year_of_day
from servstd.errors import CalendarError, Problem, closest

FIRST_YEAR = 1900
LAST_YEAR = 2199
DAY_S = 86_400
DAY_US = DAY_S * 1_000_000
_FAR_PAST = -(10**12)


class Zone:
    """Map local time to instants and back, in whole seconds.

    The map from local time is monotone: a repeated local time is its first occurrence, a skipped one is the instant
    of the change.

    Args:
        name: The IANA name.
        changes: Pairs (instant of the change, offset from then on), the first from the beginning of time.
    """

    __slots__ = ("name", "offsets", "reach", "starts")

    def __init__(self, name: str, changes: list[tuple[int, int]]) -> None:
        self.name = name
        self.starts = [start for start, _ in changes]
        self.offsets = [offset for _, offset in changes]
        self.reach = _latest_local_times(changes)

    def offset_s(self, utc_s: int) -> int:
        """Return local time minus UTC at an instant, in seconds."""
        return self.offsets[bisect_right(self.starts, utc_s) - 1]

    def utc_us(self, local_us: int) -> int:
        """Return the first instant at which the local clock shows `local_us` or later."""
        local_s, micros = divmod(local_us, 1_000_000)
        index = bisect_right(self.reach, local_s)
        exact = (local_s - self.offsets[index]) * 1_000_000 + micros
        return max(exact, self.starts[index] * 1_000_000)

    def local_us(self, utc_us: int) -> int:
        """Return what the local clock shows at an instant, as microseconds since local 1970-01-01 00:00."""
        return utc_us + self.offset_s(utc_us // 1_000_000) * 1_000_000

    def dated_us(self, utc_us: int) -> tuple[int, int]:
        """Return the local date of an instant, as a day number, and the clock time on it in microseconds.

        A date that has begun is not left again: clocks that go back over midnight, as those of Newfoundland did, show
        the day before once more, at 00:00 of the date.
        """
        index = bisect_right(self.starts, utc_us // 1_000_000) - 1
        local_us = utc_us + self.offsets[index] * 1_000_000
        day = local_us // DAY_US
        if index and day < (begun := (self.reach[index - 1] * 1_000_000 - 1) // DAY_US):
            return begun, 0
        return day, local_us - day * DAY_US

    def all_utc_us(self, local_s: list[int]) -> list[int]:
        """Return the instants, in microseconds, of ascending local seconds; one list comprehension an offset."""
        found: list[int] = []
        done = 0
        index = bisect_right(self.reach, local_s[0]) if local_s else 0
        while done < len(local_s):
            until = bisect_right(local_s, self.reach[index] - 1, done)
            offset, start = self.offsets[index], self.starts[index]
            while done < until and local_s[done] - offset < start:
                found.append(start * 1_000_000)
                done += 1
            found += [(at - offset) * 1_000_000 for at in local_s[done:until]]
            done = until
            index += 1
        return found

    def offsets_between(self, first_s: int, last_s: int) -> set[int]:
        """Return every offset in force between two instants, both included."""
        low, high = bisect_right(self.starts, first_s) - 1, bisect_right(self.starts, last_s)
        return set(self.offsets[max(low, 0) : high])

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return zone_named, (self.name,)


@lru_cache(maxsize=1024)
def zone_named(name: str) -> Zone:
    """Return the zone of an IANA name.

    Raises:
        CalendarError: SV210 when `tzdata` has no such zone; the closest name is the remedy.

    Example:
        >>> zone_named("Europe/London").offset_s(1_750_000_000)
        3600
    """
    import pkgutil  # noqa: PLC0415 - `import servstd` stays small

    if name not in zone_names():
        raise CalendarError(_unknown(name))
    data = pkgutil.get_data("tzdata", f"zoneinfo/{name}")
    if data is None:  # pragma: no cover - a broken installation of tzdata
        raise CalendarError(Problem("SV210", f"the `tzdata` package has no file for `{name}`."))
    return Zone(name, _read_tzif(data))


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return every zone name that the installed `tzdata` knows."""
    import pkgutil  # noqa: PLC0415

    listing = pkgutil.get_data("tzdata", "zones")
    return frozenset((listing or b"").decode("ascii").split())


def tzdata_version() -> str:
    """Return the version of the zone data, as IANA counts it: `2025b`."""
    import tzdata  # noqa: PLC0415

    return str(tzdata.IANA_VERSION)


def _unknown(name: str) -> Problem:
    cities = {known.rsplit("/", 1)[-1]: known for known in sorted(zone_names())}
    near = closest(name, sorted(zone_names())) or cities.get(closest(name.replace(" ", "_"), cities) or "")
    return Problem(
        "SV210",
        f"unknown time zone `{name[:60]}`; zones are IANA names from the `tzdata` package ({tzdata_version()}).",
        help=f"write `{near}`." if near else "write an IANA name such as `Europe/London`.",
    )


def _latest_local_times(changes: list[tuple[int, int]]) -> list[int]:
    """Return, for each offset, the latest local time shown by the end of it; never falling."""
    reach: list[int] = []
    latest = _FAR_PAST * 2
    for (_, offset), (following, _) in pairwise(changes):
        latest = max(latest, following + offset)
        reach.append(latest)
    return [*reach, 10**13]


def _read_tzif(data: bytes) -> list[tuple[int, int]]:
    """Read offset changes from a TZif file, version 2 or later (RFC 8536), up to the last year."""
    first = _block_size(data, 0, 4)
    at = 44 + first
    isut, isstd, leap, times, types, chars = struct.unpack_from(">6l", data, at + 20)
    at += 44
    instants = struct.unpack_from(f">{times}q", data, at)
    indices = struct.unpack_from(f">{times}B", data, at + 8 * times)
    at += 9 * times
    offsets = [struct.unpack_from(">l", data, at + 6 * index)[0] for index in range(types)]
    at += 6 * types + chars + 12 * leap + isstd + isut
    footer = data[at:].strip(b"\n").decode("ascii")
    changes = [(_FAR_PAST, offsets[0])]
    changes += [(instant, offsets[index]) for instant, index in zip(instants, indices, strict=True)]
    after = instants[-1] if instants else _FAR_PAST
    changes += _footer_changes(footer, after)
    return _without_repeats(changes)


def _block_size(data: bytes, at: int, time_size: int) -> int:
    if data[:4] != b"TZif" or data[4:5] < b"2":
        raise CalendarError(Problem("SV210", "the `tzdata` package holds a zone file of an unknown version."))
    isut, isstd, leap, times, types, chars = struct.unpack_from(">6l", data, at + 20)
    size: int = times * (time_size + 1) + types * 6 + chars + leap * (time_size + 4) + isstd + isut
    return size


def _without_repeats(changes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept = changes[:1]
    for change in changes[1:]:
        if change[1] != kept[-1][1]:
            kept.append(change)
    return kept


_NAME = r"(?:<[^>]{1,12}>|[A-Za-z]{3,12})"
_OFFSET = r"([+-]?\d{1,3}(?::\d{2}){0,2})"
_FOOTER = re.compile(rf"{_NAME}{_OFFSET}(?:{_NAME}{_OFFSET}?,([^,]+),([^,]+))?")


def _footer_changes(footer: str, after_s: int) -> list[tuple[int, int]]:
    """Return the changes that the POSIX rule at the end of a zone file gives after its last listed one."""
    found = _FOOTER.fullmatch(footer)
    if found is None:
        return []
    standard = -_clock_s(found[1])
    if found[3] is None:
        return [(after_s, standard)] if after_s > _FAR_PAST else []
    summer = -_clock_s(found[2]) if found[2] else standard + 3600
    first_year = max(FIRST_YEAR - 1, year_of_day(after_s // DAY_S)) if after_s > _FAR_PAST else FIRST_YEAR - 1
    changes = []
    for year in range(first_year, LAST_YEAR + 3):
        changes.append((_rule_local_s(found[3], year) - standard, summer))
        changes.append((_rule_local_s(found[4], year) - summer, standard))
    return [change for change in sorted(changes) if change[0] > after_s]


def _rule_local_s(rule: str, year: int) -> int:
    """Return the local second of `M3.5.0/2`, `J60` or `59` in a year."""
    date, _, clock = rule.partition("/")
    at = _clock_s(clock) if clock else 7200
    january = day_from_civil(year, 1, 1)
    if date[0] == "M":
        month, week, weekday = (int(part) for part in date[1:].split("."))
        day = _nth_weekday(year, month, week, weekday)
    elif date[0] == "J":
        number = int(date[1:])
        leap = day_from_civil(year + 1, 1, 1) - january == 366
        day = january + number - 1 + (leap and number >= 60)
    else:
        day = january + int(date)
    return day * DAY_S + at


def _nth_weekday(year: int, month: int, week: int, weekday: int) -> int:
    """Return the day number of the `week`-th weekday (Sunday is 0) of a month; week 5 is the last."""
    first = day_from_civil(year, month, 1)
    next_month = day_from_civil(year + month // 12, month % 12 + 1, 1)
    day = first + (weekday - (first + 4)) % 7 + 7 * (week - 1)
    while day >= next_month:
        day -= 7
    return day


def _clock_s(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    parts = [int(part) for part in text.lstrip("+-").split(":")]
    parts += [0] * (3 - len(parts))
    return sign * (parts[0] * 3600 + parts[1] * 60 + parts[2])
