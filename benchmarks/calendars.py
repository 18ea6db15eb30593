"""How fast calendars are, and how often the libraries people use are wrong on the same pairs.

`python -m benchmarks.calendars` prints `name ratio bound ok`. Times are processor time of this one-threaded process,
so that a busy machine shows less; rounds of a figure and of what it is compared with are interleaved, equality with
single answers is checked first, and a fresh table is compiled where compiling is measured. Peers that are not installed
are left out.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from servstd.calendars import Calendar
from servstd.calendars.almanac import Almanac, RulesMaker
from servstd.calendars.columns import Stack
from servstd.intervals import datetime_utc

Row = tuple[str, str, str, str, bool]
LOW = int(np.datetime64("1985-01-01", "us").astype(np.int64))
HIGH = int(np.datetime64("2025-01-01", "us").astype(np.int64))
DAY_US = 86_400_000_000
ROUNDS = 7
ZONES = ("Europe/London", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo")


def office(zone: str = "Europe/London", hours: str = "09:10-17:35") -> Calendar:
    """Return the calendar of the bound: weekdays 09:10 to 17:35, two breaks, public holidays."""
    return Calendar(
        timezone=zone,
        hours={"mon-fri": hours},
        breaks={"mon-fri": ["12:00-12:30", "15:00-15:15"]},
        holidays={"country": "GB", "subdivision": "ENG"},
    )


def rows(*, size: int = 10_000_000, calendars: int = 200) -> list[Row]:
    """Return name, what, figure, bound and whether it holds."""
    pairs = _pairs(size)
    return [
        *_arrays(pairs),
        *_stacked(pairs, calendars),
        *_one_pair(pairs),
        *_compiling(),
    ]


def _pairs(size: int) -> tuple[Any, Any]:
    generator = np.random.default_rng(20_260_301)
    return generator.integers(LOW, HIGH, size), generator.integers(LOW, HIGH, size)


# Ratios ----------------------------------------------------------------------------------------------------------


def _arrays(pairs: tuple[Any, Any]) -> Iterator[Row]:
    starts, ends = pairs
    calendar = office()
    _agree(calendar, starts, ends, calendar.elapsed_array(starts, ends))
    ratio, ours, theirs = _ratio(
        lambda: calendar.elapsed_array(starts, ends), lambda: np.subtract(ends, starts)
    )
    both = f"{_per(ours, starts)}, against np.subtract, {_per(theirs, starts)}"
    what = f"elapsed_array of {len(starts):,} pairs over 40 years: {both}"
    yield _row("elapsed_array", what, ratio, 15)
    amounts = (ends - starts) // 8
    few = slice(0, len(starts) // 10)
    expected = [calendar.add_us(int(a), int(n)) for a, n in zip(starts[:500], amounts[:500], strict=True)]
    assert calendar.add_array(starts[:500], amounts[:500]).tolist() == expected
    ratio, ours, theirs = _ratio(
        lambda: calendar.add_array(starts[few], amounts[few]), lambda: starts[few] + amounts[few]
    )
    yield _row("add_array", f"add_array ({_per(ours, starts[few])}), against np.add", ratio, None)


def _stacked(pairs: tuple[Any, Any], count: int) -> Iterator[Row]:
    starts, ends = pairs
    hours = [
        f"{7 + place % 4:02d}:{place * 5 % 60:02d}-{16 + place % 5:02d}:{place * 7 % 60:02d}"
        for place in range(count)
    ]
    many = [office(ZONES[place % len(ZONES)], each) for place, each in enumerate(hours)]
    which = np.random.default_rng(7).integers(0, count, len(starts))
    stack, one = Stack(many), office()
    began = time.process_time()
    found = stack.elapsed_array(which, starts, ends)
    compiled = time.process_time() - began
    for place in range(0, len(starts), max(1, len(starts) // 500)):
        expected = many[int(which[place])].elapsed_us(int(starts[place]), int(ends[place]))
        assert found[place] == expected
    ratio, ours, _ = _ratio(
        lambda: stack.elapsed_array(which, starts, ends), lambda: one.elapsed_array(starts, ends)
    )
    what = f"{count} calendars in one call ({_per(ours, starts)}; first call {compiled:.1f} s), against one"
    yield _row("stack", what, ratio, 1.5)


def _one_pair(pairs: tuple[Any, Any]) -> Iterator[Row]:
    calendar = office()
    for name, zone in (("UTC", UTC), ("Europe/London", ZoneInfo("Europe/London"))):
        instants = [datetime_utc(int(at)).astimezone(zone) for at in pairs[0][:2_001]]
        asked = list(pairwise(instants))

        def ours(asked: list[tuple[datetime, datetime]] = asked) -> None:
            for start, end in asked:
                calendar.elapsed(start, end)

        def theirs(asked: list[tuple[datetime, datetime]] = asked) -> None:
            for start, _ in asked:
                start.timestamp()

        ours()
        ratio, spent, _ = _ratio(ours, theirs, rounds=25)
        what = f"elapsed of one pair of {name} datetimes ({spent / 2_000 * 1e9:.0f} ns), against timestamp()"
        yield _row("elapsed", what, ratio, 4)


def _compiling() -> Iterator[Row]:
    low, high = LOW, LOW + 20 * 366 * DAY_US
    office().elapsed_us(low, high)
    spent = []
    for minute in range(15):
        fresh = Almanac(RulesMaker(office(hours=f"09:{minute:02d}-17:35")._rules))  # noqa: SLF001 - no table is kept
        began = time.process_time()
        fresh.elapsed_us(low, high)
        spent.append(time.process_time() - began)
    milliseconds = statistics.median(spent) * 1000
    yield "compile", "compile 20 years", f"{milliseconds:.1f} ms", "<= 10 ms", milliseconds <= 10


def _ratio(
    ours: Callable[[], Any], theirs: Callable[[], Any], *, rounds: int = ROUNDS
) -> tuple[float, float, float]:
    """Return the ratio of medians of interleaved rounds, and both medians in seconds."""
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for call, seconds in zip((ours, theirs), spent, strict=True):
            began = time.process_time()
            call()
            seconds.append(time.process_time() - began)
    one, other = (statistics.median(seconds) for seconds in spent)
    return one / other, one, other


def _agree(calendar: Calendar, starts: Any, ends: Any, found: Any) -> None:
    for place in range(0, len(starts), max(1, len(starts) // 2_000)):
        assert found[place] == calendar.elapsed_us(int(starts[place]), int(ends[place]))


def _per(seconds: float, array: Any) -> str:
    return f"{seconds / len(array) * 1e9:.1f} ns each"


def _row(name: str, what: str, ratio: float, bound: float | None) -> Row:
    return name, what, f"{ratio:.2f}", "" if bound is None else f"<= {bound}", bound is None or ratio <= bound


# Peers -----------------------------------------------------------------------------------------------------------

SCHEDULES = {
    "office": {"mon-fri": "09:00-17:00"},
    "office with lunch": {"mon-fri": ["09:00-12:00", "13:00-17:00"]},
    "nights on weekdays": {"mon-fri": "22:00-06:00"},
    "every night": {"daily": "22:00-06:00"},
    "every day, round the clock": {"daily": "00:00-24:00"},
}
ZONE = "Europe/London"
PAIRS = 400


def peers() -> list[tuple[str, str, str, str]]:
    """Return peer, schedule, share of wrong answers and cost of a pair, over random pairs of one year of London.

    A peer is asked in the way that its documentation shows. What it cannot express is said, and not counted. An answer
    is wrong when it is off by more than a second; for pandas, which counts business hours, by more than an hour.
    """
    found = []
    for schedule, hours in SCHEDULES.items():
        calendar = Calendar(timezone=ZONE, hours=hours)
        generator = np.random.default_rng(11)
        base = int(np.datetime64("2023-01-02", "us").astype(np.int64))
        first = base + generator.integers(0, 365 * 1440, PAIRS) * 60_000_000
        last = first + generator.integers(0, 21 * 1440, PAIRS) * 60_000_000
        zone = ZoneInfo(ZONE)
        asked = [
            (datetime_utc(int(a)).astimezone(zone), datetime_utc(int(b)).astimezone(zone))
            for a, b in zip(first, last, strict=True)
        ]
        wanted = [calendar.elapsed(start, end) for start, end in asked]
        for name, make in PEERS.items():
            slack = timedelta(hours=1) if name.startswith("pandas") else timedelta(seconds=1)
            found.append((name, schedule, *_judged(make(hours), asked, wanted, slack)))
        began = time.process_time()
        for start, end in asked:
            calendar.elapsed(start, end)
        spent = (time.process_time() - began) / len(asked) * 1e6
        found.append(("servstd", schedule, "the reference", f"{spent:.2f} µs"))
    return found


Ask = Callable[[datetime, datetime], timedelta]


def _judged(
    ask: Ask | str, asked: list[tuple[datetime, datetime]], wanted: list[timedelta], slack: timedelta
) -> tuple[str, str]:
    if isinstance(ask, str):
        return ask, ""
    wrong = 0
    began = time.process_time()
    answers = []
    for start, end in asked:
        try:
            answers.append(ask(start, end))
        except (ValueError, TypeError, IndexError, OverflowError):
            answers.append(None)
    spent = (time.process_time() - began) / len(asked) * 1e6
    for answer, right in zip(answers, wanted, strict=True):
        wrong += answer is None or abs(answer - right) > slack
    return f"{wrong / len(asked):.1%} wrong", f"{spent:.1f} µs"


def _spans(hours: dict[str, Any]) -> list[tuple[int, int]]:
    (texts,) = hours.values()
    texts = [texts] if isinstance(texts, str) else texts
    return [tuple(int(part[:2]) for part in text.split("-")) for text in texts]  # type: ignore[misc]


def _days(hours: dict[str, Any]) -> list[int]:
    return [0, 1, 2, 3, 4, 5, 6] if "daily" in hours else [0, 1, 2, 3, 4]


def _business_duration(hours: dict[str, Any]) -> Ask | str:
    if find_spec("business_duration") is None:
        return "not installed"
    from business_duration import businessDuration

    spans = _spans(hours)
    if len(spans) > 1 or spans[0][1] < spans[0][0]:
        return "cannot say it"
    opening, closing = (datetime(2000, 1, 1, hour % 24, tzinfo=UTC).time() for hour in spans[0])

    def ask(start: datetime, end: datetime) -> timedelta:
        local = (start.replace(tzinfo=None), end.replace(tzinfo=None))
        kept = {} if spans[0] == (0, 24) else {"starttime": opening, "endtime": closing}
        weekend = [] if "daily" in hours else [5, 6]
        return timedelta(seconds=float(businessDuration(*local, unit="sec", weekendlist=weekend, **kept)))

    return ask


def _businesstimedelta(hours: dict[str, Any]) -> Ask | str:
    if find_spec("businesstimedelta") is None:
        return "not installed"
    import businesstimedelta as peer
    import pytz

    spans = _spans(hours)

    def clock(hour: int) -> Any:
        return datetime(2000, 1, 1, hour % 24, tzinfo=UTC).time()

    if spans[0] == (0, 24):
        return "does not end"
    parts = [
        peer.WorkDayRule(
            start_time=clock(low), end_time=clock(high), working_days=_days(hours), tz=pytz.timezone(ZONE)
        )
        for low, high in spans
    ]
    rules = peer.Rules(parts)

    def ask(start: datetime, end: datetime) -> timedelta:
        found = rules.difference(start, end)
        return timedelta(hours=found.hours, seconds=found.seconds)

    return ask


def _pandas(hours: dict[str, Any]) -> Ask | str:
    if find_spec("pandas") is None:
        return "not installed"
    import pandas as pd

    spans = _spans(hours)
    if spans[0] == (0, 24):
        return "cannot say it"
    offset = pd.offsets.CustomBusinessHour(
        weekmask=[day in _days(hours) for day in range(7)],
        start=[f"{low:02d}:00" for low, _ in spans],
        end=[f"{high % 24:02d}:00" for _, high in spans],
    )

    def ask(start: datetime, end: datetime) -> timedelta:
        """Count the points of a range of business hours: to the hour, which is all that it can say."""
        points = pd.date_range(start.replace(tzinfo=None), end.replace(tzinfo=None), freq=offset)
        return timedelta(hours=max(0, len(points) - 1))

    return ask


def _busday(hours: dict[str, Any]) -> Ask | str:
    """Count whole days with numpy and take the hours at both ends from the clock: the usual recipe."""
    spans = _spans(hours)
    if any(high < low for low, high in spans):
        return "cannot say it"
    a_day = sum(high - low for low, high in spans)
    days = _days(hours)

    def within(at: datetime) -> float:
        hour = at.hour + at.minute / 60 + at.second / 3600
        return (
            sum(min(max(hour - low, 0), high - low) for low, high in spans) if at.weekday() in days else 0.0
        )

    def ask(start: datetime, end: datetime) -> timedelta:
        whole = int(np.busday_count(start.date(), end.date(), weekmask=[day in days for day in range(7)]))
        return timedelta(hours=whole * a_day + within(end) - within(start))

    return ask


PEERS: dict[str, Callable[[dict[str, Any]], Ask | str]] = {
    "business-duration": _business_duration,
    "businesstimedelta": _businesstimedelta,
    "pandas BusinessHour": _pandas,
    "numpy busday_count": _busday,
}


def main(arguments: list[str]) -> int:
    """Print ratios, then peers; end with 1 when a bound is missed."""
    small = "--small" in arguments
    found = rows(size=400_000, calendars=20) if small else rows()
    for name, what, figure, bound, ok in found:
        print(f"{name:<14} {figure:>9} {bound:<9} {'ok' if ok else 'MISSED':<7} {what}")
    print()
    for name, schedule, wrong, spent in peers():
        print(f"{name:<20} {schedule:<28} {wrong:>14} {spent:>10}")
    return 0 if all(row[-1] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
