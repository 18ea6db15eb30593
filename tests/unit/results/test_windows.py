from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servstd.calendars.windows import Windows, first_of_year
from servstd.errors import StandardsError
from servstd.intervals import instant_us

ZONES = [
    "Europe/London",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "UTC",
]


def us(text: str, zone: str, fold: int = 0) -> int:
    return instant_us(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold))


@pytest.mark.parametrize(
    ("length", "at", "label"),
    [
        ("day", "2026-03-29T00:00", "2026-03-29"),
        ("day", "2026-03-29T23:59:59", "2026-03-29"),
        ("week", "2026-01-04T23:59", "2026-W01"),
        ("week", "2026-01-05T00:00", "2026-W02"),
        ("week", "2027-01-03T12:00", "2026-W53"),
        ("month", "2026-02-28T23:59:59", "2026-02"),
        ("month", "2026-03-01T00:00", "2026-03"),
        ("quarter", "2026-03-31T23:59:59", "2026-Q1"),
        ("quarter", "2026-04-01T00:00", "2026-Q2"),
        ("year", "2025-12-31T23:59:59", "2025"),
        ("year", "2026-01-01T00:00", "2026"),
        ("all", "2026-01-01T00:00", "all"),
    ],
)
def test_an_instant_lies_in_the_window_of_its_local_date(length, at, label):
    windows = Windows(length, "Europe/London")
    assert windows.label(windows.number(us(at, "Europe/London"))) == label


@pytest.mark.parametrize(
    ("length", "first", "at", "begins"),
    [
        ("year", "04-01", "2026-03-31T23:59:59", "2025-04-01"),
        ("year", "04-01", "2026-04-01T00:00", "2026-04-01"),
        ("year", "04-06", "2026-04-05T23:59", "2025-04-06"),
        ("year", "04-06", "2026-04-06T00:00", "2026-04-06"),
        ("quarter", "07-01", "2026-06-30T12:00", "2026-04-01"),
        ("quarter", "02-01", "2026-01-31T12:00", "2025-11-01"),
        ("month", "01-26", "2026-03-25T23:59", "2026-02-26"),
        ("month", "01-26", "2026-03-26T00:00", "2026-03-26"),
    ],
)
def test_a_fiscal_year_and_its_parts_begin_on_their_own_day(length, first, at, begins):
    windows = Windows(length, "Europe/London", first=first)
    number = windows.number(us(at, "Europe/London"))
    assert windows.label(number) == begins
    assert windows.start_us(number) == us(f"{begins}T00:00", "Europe/London")


@pytest.mark.parametrize(
    "text", ["4-1", "13-01", "04-29", "00-10", "april", "2026-04-01", 401, "-4-01", "\uff10\uff14-01"]
)
def test_a_year_begins_on_a_day_that_every_month_has(text):
    with pytest.raises(StandardsError) as caught:
        first_of_year(text)
    assert [problem.code for problem in caught.value.problems] == ["SV185"]


def test_a_month_ends_at_local_midnight_not_at_utc_midnight():
    windows = Windows("month", "Europe/London")
    # London is an hour ahead of UTC at the end of July
    assert windows.label(windows.number(us("2026-07-31T23:30", "UTC"))) == "2026-08"


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)],
    ids=["spring", "autumn", "plain"],
)
def test_a_day_lasts_as_long_as_the_clocks_make_it(day, hours):
    windows = Windows("day", "Europe/London")
    start, end = windows.bounds_us(windows.number(us(f"{day}T12:00", "Europe/London")))
    assert end - start == hours * 3600 * 1_000_000


def test_a_date_that_a_zone_skipped_holds_nothing():
    windows = Windows("day", "Pacific/Apia")
    before = windows.number(us("2011-12-29T12:00", "Pacific/Apia"))
    start, end = windows.bounds_us(before + 1)
    assert start == end
    assert windows.label(windows.number(us("2011-12-31T00:30", "Pacific/Apia"))) == "2011-12-31"


def test_a_midnight_that_a_zone_skips_begins_at_the_instant_of_the_change():
    windows = Windows("day", "America/Sao_Paulo")  # 2018-11-04 began at 01:00
    start, _ = windows.bounds_us(windows.number(us("2018-11-04T12:00", "America/Sao_Paulo")))
    assert start == us("2018-11-04T03:00", "UTC")


@settings(max_examples=150, deadline=None)
@given(
    length=st.sampled_from(["day", "week", "month", "quarter", "year"]),
    zone=st.sampled_from(ZONES),
    at=st.datetimes(datetime(1972, 1, 1), datetime(2037, 12, 31)),  # noqa: DTZ001 - hypothesis adds the zone
)
def test_every_instant_lies_in_exactly_the_window_that_its_bounds_say(length, zone, at):
    at_us = us(at.isoformat(), "UTC")
    windows = Windows(length, zone)
    number = windows.number(at_us)
    start, end = windows.bounds_us(number)
    assert start <= at_us < end
    assert windows.bounds_us(number + 1)[0] == end


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(ZONES), day=st.dates(date(1972, 1, 1), date(2037, 12, 30)), hour=st.integers(9, 20)
)
def test_windows_agree_with_the_local_date_of_zoneinfo(zone, day, hour):
    at = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone))
    at_us = instant_us(at)
    labels = {
        "day": day.isoformat(),
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month - 1) // 3 + 1}",
        "year": str(day.year),
        "week": "{}-W{:02d}".format(*day.isocalendar()[:2]),
    }
    for length, label in labels.items():
        windows = Windows(length, zone)
        assert windows.label(windows.number(at_us)) == label
    assert Windows("day", zone).number(at_us + int(timedelta(days=7).total_seconds() * 1e6)) > Windows(
        "day", zone
    ).number(at_us)
