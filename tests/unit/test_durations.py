"""Durations: what is read, exactly, and what is refused with a remedy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servstd.durations import Span, cell_us, format_duration, parse_duration, parse_span
from servstd.errors import CalendarError, StandardsError
from servstd.expressions.values import Duration, Word, length_from
from servstd.intervals import Instant, Interval, datetime_utc, instant_us, timedelta_us
from servstd.testing import spelled_lengths

SECOND, MINUTE, HOUR = 1_000_000, 60_000_000, 3_600_000_000

READ = [
    ("60 minutes", 60 * MINUTE),
    ("4 hours", 4 * HOUR),
    ("1 hour", HOUR),
    ("PT4H", 4 * HOUR),
    ("pt1h30m", 90 * MINUTE),
    ("PT0.5S", 500_000),
    ("1h30m", 90 * MINUTE),
    ("1h 30m", 90 * MINUTE),
    ("20s", 20 * SECOND),
    ("1 hour 30 minutes", 90 * MINUTE),
    ("1 hour, 30 minutes and 5 seconds", 90 * MINUTE + 5 * SECOND),
    ("1.5 hours", 90 * MINUTE),
    ("0.1 s", 100_000),
    ("250 ms", 250_000),
    ("7 µs", 7),
    ("  2 Hrs ", 2 * HOUR),
    ("90-minute", 90 * MINUTE),
    ("0 seconds", 0),
]


@pytest.mark.parametrize(("text", "us"), READ, ids=[text for text, _ in READ])
def test_a_duration_is_read_exactly(text, us):
    assert parse_duration(text) == us


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("4 business hours", Span(4 * HOUR, "business")),
        ("4 working hours", Span(4 * HOUR, "business")),
        ("4 open hours", Span(4 * HOUR, "business")),
        ("4 calendar hours", Span(4 * HOUR, "calendar")),
        ("4 business hours 30 business minutes", Span(4 * HOUR + 30 * MINUTE, "business")),
        ("4 hours", Span(4 * HOUR, "standard")),
    ],
)
def test_an_adjective_names_the_clock(text, span):
    assert parse_span(text) == span


REFUSED = [
    (60, "SV120", "60 minutes"),
    (Decimal("1.5"), "SV120", "1.5 minutes"),
    ("60", "SV120", "`60 minutes`"),
    ("-60", "SV120", "unit"),
    ("1 day", "SV121", "24 hours"),
    ("P1D", "SV121", "24 hours"),
    ("2 weeks", "SV121", "local dates"),
    ("1 month", "SV121", "local dates"),
    ("1 business day", "SV121", "local dates"),
    ("4 hour and", "SV122", ""),
    ("4 houers", "SV122", "write `hours`"),
    ("4 furlongs", "SV122", "units are"),
    ("", "SV122", "empty"),
    ("-4 hours", "SV122", "a number is expected"),
    ("4 hours 2 hours", "SV122", "one unit twice"),
    ("4 business hours 2 calendar minutes", "SV122", "two clocks"),
    ("PT", "SV122", "no number"),
    ("PT30M4H", "SV122", "in this order"),
    ("0.0000001 s", "SV122", "finer than a microsecond"),
    ("999999999999999 hours", "SV122", "longer than 400 years"),
    ("1 " * 200, "SV122", "too long"),
    (None, "SV122", "write it like"),
    (True, "SV122", "write it like"),
]


@pytest.mark.parametrize(
    ("text", "code", "words"), REFUSED, ids=[str(text)[:24] or "empty" for text, *_ in REFUSED]
)
def test_what_is_no_duration_is_refused_with_a_remedy(text, code, words):
    with pytest.raises(StandardsError) as refusal:
        parse_duration(text)
    problem = refusal.value.problems[0]
    assert problem.code == code
    assert words in str(problem)
    assert problem.help or "expected" in problem.message


def test_a_clock_is_refused_where_only_a_length_is_expected():
    with pytest.raises(StandardsError, match="names a clock"):
        parse_duration("4 business hours")


@given(st.integers(0, 10**15))
def test_what_is_written_is_read_back(us):
    assert parse_duration(format_duration(us)) == us


@pytest.mark.parametrize(
    ("us", "text"),
    [(0, "0s"), (36 * HOUR, "36h"), (-90 * MINUTE, "-1h 30m"), (1, "0.000001s"), (HOUR + SECOND, "1h 1s")],
)
def test_hours_are_never_folded_into_days(us, text):
    assert format_duration(us) == text


# Instants and intervals ------------------------------------------------------------------------------------------


def test_an_instant_is_exact_whatever_its_offset():
    at = datetime(2024, 3, 1, 0, 30, 0, 7, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    assert datetime_utc(instant_us(at)) == at


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_goes_there_and_back(at):
    assert datetime_utc(instant_us(at)) == at


def test_a_naive_datetime_is_refused_with_its_remedy():
    with pytest.raises(CalendarError) as refusal:
        instant_us(datetime(2024, 3, 1))  # noqa: DTZ001
    assert refusal.value.problems[0].code == "SV201"
    assert "timezone=" in refusal.value.problems[0].help


@pytest.mark.parametrize("thing", ["2024-03-01", 5, None])
def test_what_is_no_datetime_is_no_instant(thing):
    with pytest.raises(CalendarError, match="SV202"):
        instant_us(thing)


def test_an_instant_in_a_field_is_an_int_that_says_what_it_is():
    assert Instant(0) + 1 == 1
    assert repr(Instant(0)) == "Instant('1970-01-01T00:00:00Z')"


@pytest.mark.parametrize(
    ("other", "left"),
    [
        ((0, 5), [(5, 10)]),
        ((2, 3), [(0, 2), (3, 10)]),
        ((10, 20), [(0, 10)]),
        ((0, 10), []),
        ((4, 4), [(0, 10)]),
    ],
)
def test_an_interval_less_another(other, left):
    assert [(part.start_us, part.end_us) for part in Interval(0, 10).subtract(Interval(*other))] == left


def test_touching_intervals_have_nothing_in_common():
    assert Interval(0, 10).intersect(Interval(10, 20)) is None


def test_an_interval_cannot_end_before_it_starts():
    with pytest.raises(CalendarError, match="SV204"):
        Interval(1, 0)


def test_a_timedelta_is_whole_microseconds():
    assert timedelta_us(timedelta(days=-1, microseconds=1)) == -86_400 * SECOND + 1


# Cells --------------------------------------------------------------------------------------------------------------

DAY = 24 * HOUR
CELLS = [
    # text, unit of the column, what it is
    ("1h 30m", None, 90 * MINUTE),
    ("1h30m", None, 90 * MINUTE),
    ("1h30", None, 90 * MINUTE),
    ("1 h 30", None, 90 * MINUTE),
    ("5m20", None, 5 * MINUTE + 20 * SECOND),
    ("90 min", None, 90 * MINUTE),
    ("90 min.", None, 90 * MINUTE),
    ("90\u00a0min", None, 90 * MINUTE),
    ("90m", HOUR, 90 * MINUTE),
    ("1.5 hours", MINUTE, 90 * MINUTE),
    ("PT1H30M", None, 90 * MINUTE),
    ("PT1,5H", None, 90 * MINUTE),
    ("P1DT2H", None, 26 * HOUR),
    ("P2W", None, 14 * DAY),
    ("1:30", HOUR, 90 * MINUTE),
    ("1:30", MINUTE, 90 * SECOND),
    ("1:30", SECOND, 90 * SECOND),
    ("0:05", HOUR, 5 * MINUTE),
    ("90:00", MINUTE, 90 * MINUTE),
    ("102:26:15", HOUR, 102 * HOUR + 26 * MINUTE + 15 * SECOND),
    ("00:02:23", SECOND, 2 * MINUTE + 23 * SECOND),
    ("00:00:01.5", None, 1_500_000),
    ("00:00:01,500", None, 1_500_000),
    ("00:00:00.1234567", None, 123_456),
    ("1 day 2:03:04", None, 26 * HOUR + 3 * MINUTE + 4 * SECOND),
    ("1 day, 2:03:04", None, 26 * HOUR + 3 * MINUTE + 4 * SECOND),
    ("2 days 03:04", None, 51 * HOUR + 4 * MINUTE),
    ("0 days 01:30:00", None, 90 * MINUTE),
    ("1.02:03:04", None, 26 * HOUR + 3 * MINUTE + 4 * SECOND),
    ("1d 2h", None, 26 * HOUR),
    ("1w 1d", None, 8 * DAY),
    ("-1h 30m", None, -90 * MINUTE),
    ("\u22121h 30m", None, -90 * MINUTE),
    ("-0:30", HOUR, -30 * MINUTE),
    ("-PT1H", None, -HOUR),
    ("PT-1H-30M", None, -90 * MINUTE),
    ("-1 days +22:30:00", None, -90 * MINUTE),  # pandas
    ("-1 day, 22:30:00", None, -90 * MINUTE),  # Python
    ("-1.02:00:00", None, -26 * HOUR),  # .NET
    ("2.333333333333333 h", None, 8_399_999_999),  # a part of a microsecond is cut
]


@pytest.mark.parametrize(
    ("text", "unit_us", "us"), CELLS, ids=[f"{text} in {unit}" for text, unit, _ in CELLS]
)
def test_a_cell_is_read_exactly(text, unit_us, us):
    assert cell_us(text, unit_us) == us


NO_LENGTHS = [
    ("1:30", None),  # hours and minutes, or minutes and seconds
    ("1:30", DAY),
    ("1:5", HOUR),  # five minutes past, or half past
    ("1:75", HOUR),
    ("1:30 PM", HOUR),
    ("-1 day 22:30:00", None),  # an hour and a half before, or more than a day
    ("1h90", None),
    ("90", None),
    ("soon", HOUR),
    ("3 months", None),
    ("P1M", None),
    ("PT", None),
    ("P", None),
    ("--1h", None),
    ("-", None),
    ("", None),
    ("1h 2h", None),
    ("4 business hours", None),
    ("1 h" * 100, None),
    ("999999999999999 h", None),
]


@pytest.mark.parametrize(
    ("text", "unit_us"), NO_LENGTHS, ids=[f"{text[:20]} in {unit}" for text, unit in NO_LENGTHS]
)
def test_what_nobody_can_tell_is_no_length(text, unit_us):
    assert cell_us(text, unit_us) is None


@given(st.integers(-(10**8), 10**8))
def test_a_length_is_read_back_in_every_spelling(seconds):
    assert {name: cell_us(text) for name, text in spelled_lengths(seconds).items()} == dict.fromkeys(
        spelled_lengths(seconds), seconds * SECOND
    )


@given(
    st.text(st.sampled_from("0123456789:.,-+ dhms PTDayHM"), max_size=24),
    st.sampled_from([None, SECOND, HOUR]),
)
def test_any_text_is_a_length_or_none(text, unit_us):
    found = cell_us(text, unit_us)
    assert found is None or isinstance(found, int)


@given(st.integers(0, 10**6), st.sampled_from(["hours", "minutes", "seconds"]))
def test_a_number_and_a_clock_face_are_one_in_the_unit_of_their_column(number, unit):
    unit_us = {"hours": HOUR, "minutes": MINUTE, "seconds": SECOND}[unit]
    us = number * (MINUTE if unit == "hours" else SECOND)  # what two parts can show
    first, second = divmod(us // (MINUTE if unit == "hours" else SECOND), 60)
    assert length_from(f"{first}:{second:02d}", unit_us) == us
    assert length_from(Fraction(us, unit_us), unit_us) == us


def test_a_bare_number_is_a_length_only_where_a_unit_is_known():
    assert length_from("1.5", HOUR) == length_from(Decimal("1.5"), HOUR) == 90 * MINUTE
    assert [length_from(value) for value in ("1.5", 90, Decimal(2), True, None, Instant(5))] == [None] * 6
    assert length_from(Duration(7), HOUR) == 7
    assert length_from(Word("1.5"), HOUR) is None
