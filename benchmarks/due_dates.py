"""Due dates that real services printed, recomputed from calendars and date limits.

`python -m benchmarks.due_dates DATA` prints one row a data set. Numbers of days are fitted on the data, one a
request type (or one a type and month); hours, holidays and day rules are written down here.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from servstd.calendars import Calendar, DateLimit, parse_date_limit
from servstd.errors import CalendarError
from servstd.intervals import datetime_utc, instant_us

Row = tuple[str, str, str, str, bool]
MINUTE_US = 60_000_000
DAY_US = 86_400_000_000
OFFICE = {"mon-fri": "08:30-17:00"}


class Promise(NamedTuple):
    """Hold what a service printed: the type of request, its start and its due instant, in microseconds."""

    kind: str
    start: int
    due: int
    month: tuple[int, int]


def rows(data_dir: str | Path) -> list[Row]:
    """Return name, what, figure, bound and whether it holds, for every data set that is there."""
    folder = Path(data_dir)
    found: list[Row] = []
    for file, make in SETS.items():
        if (folder / file).exists():
            found += make(folder / file)
    return found


# Boston, New York time -----------------------------------------------------------------------------------------------


def boston_2015(path: Path) -> list[Row]:
    """Weekday hours; a start out of hours moves to the next opening; Massachusetts holidays.

    They are the federal ones and Patriots' Day; 4 July 2015, a Saturday, is not observed on the Friday.
    """
    calendar = Calendar(
        timezone="America/New_York", hours=OFFICE, holidays={"country": "US", "subdivision": "MA"}
    )
    moved = {"cutoff": "17:00", "early_start": "open", "closed_start": "next_open", "ends": "same_time"}
    promises = _boston(path, "%m/%d/%Y %I:%M:%S %p")
    once = _share(calendar, promises, moved, lambda promise: promise.kind)
    monthly = _share(calendar, promises, moved, lambda promise: (promise.kind, promise.month))
    return [
        _row("boston_2015", "due dates within 60 s, one number of days a type", once, 0.94),
        _row("boston_2015", "due dates within 60 s, one number a type and month", monthly, 0.955),
    ]


def boston_2011(path: Path) -> list[Row]:
    """Same hours, no holidays; an early start keeps its clock time, a closed date moves to the next open one."""
    calendar = Calendar(timezone="America/New_York", hours=OFFICE)
    kept = {"cutoff": "17:00", "closed_start": "next_day", "ends": "same_time"}
    found = _share(calendar, _boston(path, "%Y-%m-%d %H:%M:%S"), kept, lambda promise: promise.kind)
    return [_row("boston_2011", "due dates within 60 s, one number of days a type", found, 0.96)]


def _boston(path: Path, pattern: str) -> list[Promise]:
    return [
        _promise(row["type"], _local(row["open_dt"], pattern), _local(row["target_dt"], pattern))
        for row in _read(path)
        if row["target_dt"]
    ]


def _local(text: str, pattern: str, zone: str = "America/New_York") -> datetime:
    return datetime.strptime(text, pattern).replace(tzinfo=ZoneInfo(zone))


def _promise(kind: str, start: datetime, due: datetime) -> Promise:
    return Promise(kind, instant_us(start), instant_us(due), (start.year, start.month))


# Fitting -------------------------------------------------------------------------------------------------------------


def _share(
    calendar: Calendar,
    promises: list[Promise],
    rules: dict[str, str],
    group: Callable[[Promise], Any],
) -> tuple[int, int]:
    """Return how many due instants one limit a group gives back, and of how many."""
    groups: dict[Any, list[Promise]] = defaultdict(list)
    for promise in promises:
        groups[group(promise)].append(promise)
    return sum(_best(calendar, members, rules) for members in groups.values()), len(promises)


def _best(calendar: Calendar, promises: list[Promise], rules: dict[str, str]) -> int:
    """Return the hits of the best limit: business days by the rules, or plain days at the same time."""
    return max(_hits(calendar, promises, limit) for limit in _candidates(calendar, promises, rules))


def _candidates(calendar: Calendar, promises: list[Promise], rules: dict[str, str]) -> Iterator[DateLimit]:
    business, plain = Counter[int](), Counter[int]()
    probe = parse_date_limit("1 business day", **rules)
    for promise in promises:
        business[_business_days(calendar, probe, promise)] += 1
        plain[(_day(calendar, promise.due) - _day(calendar, promise.start))] += 1
    ends = {"ends": rules.get("ends", "end_of_day")}
    for count, _ in business.most_common(3):
        yield parse_date_limit(f"{max(count, 1)} business days", **rules)
    for count, _ in plain.most_common(3):
        yield parse_date_limit(f"{max(count, 1)} days", **ends)


def _business_days(calendar: Calendar, probe: DateLimit, promise: Promise) -> int:
    """Return how many business days lie between a start, moved by the rules, and the due date."""
    first, _ = calendar.due_date_us(probe, promise.start)
    return 1 + calendar.business_days(first, promise.due)


def _day(calendar: Calendar, at: int) -> int:
    return calendar.zone.local_us(at) // DAY_US


def _hits(calendar: Calendar, promises: list[Promise], limit: DateLimit) -> int:
    try:
        starts, dues = (
            np.array([getattr(promise, name) for promise in promises]) for name in ("start", "due")
        )
        return int((abs(calendar.due_array(limit, starts) - dues) <= MINUTE_US).sum())
    except CalendarError:
        return 0


# Kansas City, Amsterdam, Washington -----------------------------------------------------------------------


def kansas_city(path: Path) -> list[Row]:
    """Two business days; a start at the weekend counts from the Friday before.

    The flag of a row that was closed on the due date itself follows no rule, so those rows are left out.
    """
    calendar = Calendar(
        timezone="America/Chicago", hours={"mon-fri": "08:00-17:00"}, holidays={"country": "US"}
    )
    limit = parse_date_limit("2 business days", closed_start="previous_day")
    agreed = asked = 0
    for row in _read(path):
        if not row["CLOSED DATE"]:
            continue
        start = _local(
            f"{row['CREATION DATE']} {row['CREATION TIME']}", "%m/%d/%y %I:%M %p", "America/Chicago"
        )
        begins, ends = calendar.due_date_us(limit, instant_us(start))
        closed = instant_us(_local(row["CLOSED DATE"], "%m/%d/%y", "America/Chicago"))
        if begins <= closed < ends:
            continue
        asked += 1
        agreed += (closed >= ends) == (row["EXCEEDED EST TIMEFRAME"] == "Y")
    return [_row("kansas_city", "EXCEEDED flags of rows not closed on the due date", (agreed, asked), 0.995)]


def receipt_permits(path: Path) -> list[Row]:
    """Whole local days across the change of the clocks: a deadline has the local clock time of its start."""
    calendar = Calendar(timezone="Europe/Amsterdam", hours="00:00-24:00")
    agreed = asked = wall = 0
    for row in _read(path):
        if not row["case:deadline"]:
            continue
        start = instant_us(datetime.fromisoformat(row["case:startdate"]))
        due = instant_us(datetime.fromisoformat(row["case:deadline"]))
        days = _day(calendar, due) - _day(calendar, start)
        limit = parse_date_limit(f"{days} days", ends="same_time")
        asked += 1
        agreed += abs(calendar.due_us(limit, start) - due) <= MINUTE_US
        wall += abs(start + days * DAY_US - due) <= MINUTE_US
    hours = f" ({wall / asked:.1%} were they multiples of 24 hours)"
    return [_row("receipt_permits", f"deadlines that are whole local days{hours}", (agreed, asked), 0.90)]


def washington(path: Path) -> list[Row]:
    """Types whose due times stand at 23:59 end with their day; all others at the time of the start."""
    calendar = Calendar(
        timezone="America/New_York",
        hours={"mon-fri": "08:30-17:00"},
        holidays={"country": "US", "subdivision": "DC"},
    )
    promises = [
        _promise(row["SERVICECODEDESCRIPTION"], _epoch_ms(row["ADDDATE"]), _epoch_ms(row["SERVICEDUEDATE"]))
        for row in _read(path)
        if row["SERVICEDUEDATE"]
    ]
    late = [promise for promise in promises if _clock_minute(calendar, promise.due) == 1439]
    types = {promise.kind for promise in late}
    ended = [promise for promise in promises if promise.kind in types]
    others = [promise for promise in promises if promise.kind not in types]
    found = _share(calendar, others, {"ends": "same_time"}, lambda promise: promise.kind)
    shown = f"due times of {', '.join(sorted(types))} that are 23:59, the end of a day"
    return [
        _row("washington", shown, (len(late), len(ended)), 0.95),
        _row(
            "washington", "due dates of all other types within 60 s, one number of days a type", found, 0.80
        ),
    ]


def _clock_minute(calendar: Calendar, at: int) -> int:
    return calendar.zone.local_us(at) % DAY_US // MINUTE_US


def _epoch_ms(text: str) -> datetime:
    return datetime_utc(int(text.partition(".")[0]) * 1000)


SETS: dict[str, Callable[[Path], list[Row]]] = {
    "boston311_2015.csv.gz": boston_2015,
    "boston311_2011.csv.gz": boston_2011,
    "kansascity311_potholes_2020.csv.gz": kansas_city,
    "receipt_cases_deadlines.csv.gz": receipt_permits,
    "dc311_2025_sample.csv.gz": washington,
}


def _read(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _row(name: str, what: str, found: tuple[int, int], bound: float) -> Row:
    agreed, asked = found
    share = agreed / asked if asked else 0.0
    return name, what, f"{share:.2%} ({agreed} of {asked})", f">= {bound:.1%}", share >= bound


def main(arguments: list[str]) -> int:
    """Print the table; end with 1 when a bound is missed."""
    found = rows(arguments[0] if arguments else ".")
    for name, what, figure, bound, ok in found:
        print(f"{name:<16} {figure:<26} {bound:<9} {'ok' if ok else 'MISSED':<7} {what}")
    return 0 if found and all(row[-1] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
