from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest

from servstd.errors import EventsError, ReadingError
from servstd.events import read_events, suggestions
from servstd.events.columns import ColumnBuilder
from servstd.events.strptime import parser_for
from servstd.events.times import TimeRule, format_of, read_times
from servstd.events.zones import instants_from_local, zone_from
from servstd.intervals import datetime_utc, instant_us


def read(value: object, form: str = "iso", zone: str | None = None, fold: str = "earlier") -> str:
    """Return the instant as ISO text, or the code of the fault."""
    builder = ColumnBuilder()
    builder.append(value)
    found = read_times(builder.column(), TimeRule(form, zone_from(zone) if zone else None, fold))
    if found.faults:
        return found.faults[0].code
    return datetime_utc(int(found.us[0])).isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-02T09:00:00Z", "2026-01-02T09:00:00Z"),
        ("2026-01-02 09:00:00Z", "2026-01-02T09:00:00Z"),
        ("2026-01-02t09:00z", "2026-01-02T09:00:00Z"),
        ("2026-01-02T09:00+02:00", "2026-01-02T07:00:00Z"),
        ("2026-01-02T09:00+0200", "2026-01-02T07:00:00Z"),
        ("2026-01-02T09:00+02", "2026-01-02T07:00:00Z"),
        ("2026-01-02 09:00:00 +0200", "2026-01-02T07:00:00Z"),
        ("2026-01-02 09:00:00+00", "2026-01-02T09:00:00Z"),
        ("2026-01-02 09:00:00 UTC", "2026-01-02T09:00:00Z"),
        ("2026-01-02T09:00:00.123Z", "2026-01-02T09:00:00.123000Z"),
        ("2026-01-02T09:00:00.123456789Z", "2026-01-02T09:00:00.123456Z"),
        ("2026-01-02T09:00:00,5Z", "2026-01-02T09:00:00.500000Z"),
        ("  2026-01-02T09:00Z ", "2026-01-02T09:00:00Z"),
        ("2026-01-02T24:00Z", "2026-01-03T00:00:00Z"),
        ("2026-12-31T24:00:00Z", "2027-01-01T00:00:00Z"),
        ("2026-01-02T24:01Z", "SV321"),
        ("2026-01-02T25:00Z", "SV321"),
        ("2026-02-30T09:00Z", "SV321"),
        ("2026-01-02T09:00", "SV322"),
        ("2026-01-02", "SV322"),
        ("01/02/2026", "SV321"),
        ("2026/01/02 09:00Z", "SV321"),
        ("20260102T0900Z", "SV321"),
        ("2026-W01-1", "SV321"),
        ("2026-01-02x09:00Z", "SV321"),
        ("٢٠٢٦-01-02T09:00Z", "SV321"),
        ("9999-12-31T00:00Z", "SV323"),
        ("1899-12-31T23:59:59Z", "SV323"),
        ("1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z"),
        ("2199-12-31T23:59:59.999999Z", "2199-12-31T23:59:59.999999Z"),
        ("2200-01-01T00:00:00Z", "SV323"),
        ("0001-01-01T00:00+14:00", "SV323"),
        ("9999-12-31T24:00Z", "SV321"),
        ("soon", "SV321"),
    ],
)
def test_iso_text_with_an_offset(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "zone", "fold", "expected"),
    [
        # Europe/London 2026: clocks go forward on 29 March at 01:00, back on 25 October at 02:00 local.
        ("2026-07-01 09:00", "Europe/London", "earlier", "2026-07-01T08:00:00Z"),
        ("2026-03-29 01:30", "Europe/London", "earlier", "2026-03-29T01:00:00Z"),
        ("2026-03-29 01:30", "Europe/London", "later", "2026-03-29T01:00:00Z"),
        ("2026-03-29 01:00", "Europe/London", "earlier", "2026-03-29T01:00:00Z"),
        ("2026-10-25 01:30", "Europe/London", "earlier", "2026-10-25T00:30:00Z"),
        ("2026-10-25 01:30", "Europe/London", "later", "2026-10-25T01:30:00Z"),
        ("2026-10-25T01:30+00:00", "Europe/London", "earlier", "2026-10-25T01:30:00Z"),
        # Lord Howe moves by half an hour: 4 October 2026 at 02:00 forward, 5 April at 02:00 back to 01:30.
        ("2026-10-04 02:15", "Australia/Lord_Howe", "earlier", "2026-10-03T15:30:00Z"),
        ("2026-04-05 01:45", "Australia/Lord_Howe", "earlier", "2026-04-04T14:45:00Z"),
        ("2026-04-05 01:45", "Australia/Lord_Howe", "later", "2026-04-04T15:15:00Z"),
        # Samoa had no 30 December 2011.
        ("2011-12-30 12:00", "Pacific/Apia", "earlier", "2011-12-30T10:00:00Z"),
        ("2026-01-02 24:00", "Asia/Kathmandu", "earlier", "2026-01-02T18:15:00Z"),
    ],
)
def test_local_text_in_a_zone(text: str, zone: str, fold: str, expected: str) -> None:
    assert read(text, zone=zone, fold=fold) == expected


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        ("1735709029000", "epoch_ms", "2025-01-01T05:23:49Z"),
        ("1735710161000.0", "epoch_ms", "2025-01-01T05:42:41Z"),
        (1735709029, "epoch_s", "2025-01-01T05:23:49Z"),
        (Decimal("1735709029.25"), "epoch_s", "2025-01-01T05:23:49.250000Z"),
        ("1.735709029E9", "epoch_s", "2025-01-01T05:23:49Z"),
        ("-1", "epoch_s", "1969-12-31T23:59:59Z"),
        ("1735709029000", "epoch_s", "SV323"),
        ("1e999999999", "epoch_s", "SV321"),
        ("NaN", "epoch_s", "SV321"),
        (True, "epoch_s", "SV321"),
        ("2026-01-01T00:00Z", "epoch_s", "SV321"),
        (1735709029, "iso", "SV321"),
    ],
)
def test_epochs(value: object, form: str, expected: str) -> None:
    assert read(value, form) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        # a spreadsheet shows 1 March 1900 for 61 and 1 January 2000 for 36526; London was on summer time in July 2026
        ("61", "1900-03-01T00:00:00Z"),
        ("36526", "2000-01-01T00:00:00Z"),
        (46083, "2026-03-02T00:00:00Z"),
        ("46083.53125", "2026-03-02T12:45:00Z"),
        ("46083.5319444444", "2026-03-02T12:46:00Z"),  # a third of a microsecond is lost in ten digits
        (Decimal("46204.5"), "2026-07-01T11:00:00Z"),
        ("60", "SV321"),  # 29 February 1900, which never was
        ("2958465.99", "SV321"),
        ("1e999999999", "SV321"),
        ("NaN", "SV321"),
        (True, "SV321"),
        ("2026-03-02", "SV321"),
    ],
)
def test_day_numbers_of_a_spreadsheet(value: object, expected: str) -> None:
    assert read(value, "excel_days", zone="Europe/London") == expected


def test_day_numbers_need_a_zone() -> None:
    assert read("46083.5", "excel_days") == "SV322"


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("29/2/2016 06:10", "%d/%m/%Y %H:%M", "2016-02-29T06:10:00Z"),
        ("29/2/2015 06:10", "%d/%m/%Y %H:%M", "SV321"),
        ("12/31/2016 12:57:56 AM", "%m/%d/%Y %I:%M:%S %p", "2016-12-31T00:57:56Z"),
        ("12/31/2016 12:57:56 pm", "%m/%d/%Y %I:%M:%S %p", "2016-12-31T12:57:56Z"),
        ("2/19/20 2:24 PM", "%m/%d/%y %I:%M %p", "2020-02-19T14:24:00Z"),
        ("2/19/69", "%m/%d/%y", "1969-02-19T00:00:00Z"),
        ("2 Feb 2026", "%d %b %Y", "2026-02-02T00:00:00Z"),
        ("Monday, February 2, 2026", "%A, %B %d, %Y", "2026-02-02T00:00:00Z"),
        ("2026-033", "%Y-%j", "2026-02-02T00:00:00Z"),
        ("2026-02-02 09:00:00.5", "%Y-%m-%d %H:%M:%S.%f", "2026-02-02T09:00:00.500000Z"),
        ("02.02.2026 09:00 +0130", "%d.%m.%Y %H:%M %z", "2026-02-02T07:30:00Z"),
        ("02.02.2026 09:00 UTC", "%d.%m.%Y %H:%M %Z", "2026-02-02T09:00:00Z"),
        ("20260202", "%Y%m%d", "2026-02-02T00:00:00Z"),
        ("29/2/2016 06:10 ", "%d/%m/%Y %H:%M", "2016-02-29T06:10:00Z"),
        ("29/2/2016 06:10x", "%d/%m/%Y %H:%M", "SV321"),
        ("100%2026-02-02", "100%%%Y-%m-%d", "2026-02-02T00:00:00Z"),
    ],
)
def test_strptime_formats(text: str, form: str, expected: str) -> None:
    assert read(text, form, "UTC") == expected


@pytest.mark.parametrize(
    "form", ["dd/mm/yyyy", "%d/%m", "%H:%M", "%Y-%m", "%Q", "%Y-%m-%d %d", "%d/%m/%Y %I:%M", "%", "%c", ""]
)
def test_a_format_that_cannot_be_meant_is_refused_before_any_row(form: str) -> None:
    with pytest.raises(ReadingError, match="SV307"):
        read_events([], time_format=form)


def test_a_format_is_compiled_once() -> None:
    assert parser_for("%d/%m/%Y") is parser_for("%d/%m/%Y")


@pytest.mark.parametrize(
    ("formats", "column", "expected"),
    [
        ("%Y", ("a", "b"), "%Y"),
        ({"a": "%d/%m/%Y"}, "a", "%d/%m/%Y"),
        ({"a": "%d/%m/%Y"}, "b", "iso"),
        ({"a": "%d/%m/%Y", "b": "%H:%M"}, ("a", "b"), "%d/%m/%Y %H:%M"),
        ({"a": "%d/%m/%Y %H:%M"}, ("a", "b"), "%d/%m/%Y %H:%M"),
    ],
)
def test_a_format_by_column(formats: object, column: object, expected: str) -> None:
    assert format_of(formats, column) == expected


@pytest.mark.parametrize(
    ("times", "says"),
    [
        (["01/02/2026 10:00"], ['"%d/%m/%Y %H:%M"', '"%m/%d/%Y %H:%M"']),
        (["01/02/2026", "13/02/2026"], ['Say `time_format="%d/%m/%Y"`']),
        (["01.02.26 9:05 PM"], ['"%d.%m.%y %I:%M %p"', '"%m.%d.%y %I:%M %p"']),
        (["1735709029000"], ['"epoch_ms"']),
        (["46083.53125"], ['"excel_days"']),
        (["46083"], ['"excel_days"']),
        (["20260102093000"], ['"%Y%m%d%H%M%S"']),
        (["2 Feb 2026 10:00:00"], ['"%d %b %Y %H:%M:%S"']),
        (["Feb 2, 2026"], ['"%b %d, %Y"']),
        (["2026-1-2 7:29"], ['"%Y-%m-%d %H:%M"']),
    ],
)
def test_the_remedy_names_the_format_that_was_meant(times: list[str], says: list[str]) -> None:
    rows = [{"time": time, "event": "a"} for time in times]
    with pytest.raises(EventsError) as caught:
        read_events(rows, timezone="UTC")
    for part in says:
        assert part in str(caught.value)
    # and the remedy works
    form = str(caught.value).split('time_format="')[1].split('"')[0]
    assert len(read_events(rows, timezone="UTC", time_format=form)) == len(rows)


def test_a_wrong_format_is_thought_about_once_a_shape_and_not_once_a_value(monkeypatch) -> None:
    tried = []
    fitting = suggestions._fitting
    monkeypatch.setattr(suggestions, "_fitting", lambda *given: tried.append(given) or fitting(*given))
    times = [f"{month:02d}/{day:02d}/2015 {hour:02d}:{minute:02d}:07 AM"
             for month in range(1, 13) for day in range(1, 29) for hour in range(1, 12) for minute in (1, 2)]  # fmt: skip
    with pytest.raises(EventsError, match="%m/%d/%Y %I:%M:%S %p"):
        read_events(
            [{"time": time, "event": "a"} for time in times], timezone="UTC", time_format="%d/%m/%Y %H:%M"
        )
    assert len(tried) <= 3  # both orders, or either where the day is past 12


def test_no_format_is_suggested_that_would_not_read_the_value() -> None:
    for time in ("2026-02-30T09:00Z", "31/31/2026", "2026-01-01 25:00"):
        with pytest.raises(EventsError) as caught:
            read_events([{"time": time, "event": "a"}], timezone="UTC")
        assert "time_format" not in str(caught.value)


def test_an_unknown_zone_names_the_closest() -> None:
    with pytest.raises(ReadingError, match=r"Europe/Londn(.|\n)*Europe/London"):
        read_events([], timezone="Europe/Londn")


ZONES = ["Europe/London", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "America/Sao_Paulo",
         "Europe/Amsterdam", "Asia/Kathmandu", "Africa/Monrovia"]  # fmt: skip


@pytest.mark.parametrize("name", ZONES)
def test_local_times_agree_with_zoneinfo_around_every_change(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=())  # the tzdata package, as we read it
    try:
        oracle = zoneinfo.ZoneInfo.no_cache(name)
    finally:
        zoneinfo.reset_tzpath(to=before)
    zone = zone_from(name)
    around = [-7200, -3600, -1801, -60, -1, 0, 1, 60, 1799, 3599, 3600, 7200]
    changes = list(zip(zone.starts, zone.offsets, strict=True))[1:]
    changes = [change for change in changes if -2_100_000_000 < change[0] < 4_000_000_000]
    locals_ = [start + offset + step for start, offset in changes for step in around]
    for fold, name_of_fold in enumerate(("earlier", "later")):
        found = instants_from_local(np.array(locals_, np.int64) * 1_000_000, zone, name_of_fold)
        for local, us in zip(locals_, found.tolist(), strict=True):
            at = datetime.fromtimestamp(local, UTC).replace(tzinfo=oracle)
            first, second = (at.replace(fold=side).utcoffset() for side in (0, 1))
            if first < second:  # a skipped time: the change lies between the two readings
                assert instant_us(at.replace(fold=1)) <= us <= instant_us(at.replace(fold=0))
                assert datetime_utc(us).astimezone(oracle).utcoffset() == second
                assert datetime_utc(us - 1).astimezone(oracle).utcoffset() == first
            else:
                assert us == instant_us(at.replace(fold=fold))
