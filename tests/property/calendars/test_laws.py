"""The laws of open time over generated calendars, over spans of seconds and of decades."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from property.calendars.words import HARD_ZONES, situations

from servstd.calendars import Calendar
from servstd.errors import NeverOpens
from servstd.intervals import datetime_utc

DAY = 86_400_000_000
QUIET = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
INSTANTS = st.integers(16_000 * DAY, 22_000 * DAY) | st.integers(19_000 * DAY, 19_010 * DAY)
AMOUNTS = st.integers(0, 400 * DAY) | st.sampled_from([0, 1, 1_800_000_000, 3_600_000_000])
WORDS = situations(zones=tuple(HARD_ZONES)).map(lambda situation: situation[0])


@QUIET
@given(WORDS, INSTANTS, INSTANTS, INSTANTS)
def test_elapsed_is_antisymmetric_additive_and_monotone(words, a, b, c):
    calendar = Calendar(**words)
    assert calendar.elapsed_us(a, b) == -calendar.elapsed_us(b, a)
    assert calendar.elapsed_us(a, b) + calendar.elapsed_us(b, c) == calendar.elapsed_us(a, c)
    low, middle, high = sorted((a, b, c))
    assert 0 <= calendar.elapsed_us(low, middle) <= calendar.elapsed_us(low, high) <= high - low


@QUIET
@given(WORDS, INSTANTS, AMOUNTS)
def test_add_lands_on_the_earliest_instant_and_subtract_on_the_latest(words, at, amount):
    calendar = Calendar(**words)
    assert calendar.add_us(at, 0) == calendar.subtract_us(at, 0) == at
    assume(amount > 0)
    try:
        later, earlier = calendar.add_us(at, amount), calendar.subtract_us(at, amount)
    except NeverOpens:
        assume(False)
    assert calendar.elapsed_us(at, later) == amount == calendar.elapsed_us(earlier, at)
    assert calendar.elapsed_us(at, later - 1) == amount - 1
    assert calendar.elapsed_us(earlier + 1, at) == amount - 1
    assert calendar.add_us(at, -amount) == earlier


@QUIET
@given(WORDS, INSTANTS)
def test_next_open_and_next_close_are_where_openness_changes(words, at):
    calendar = Calendar(**words)
    try:
        opening = calendar.next_open_us(at)
        closing = calendar.next_close_us(at)
    except NeverOpens:
        assume(False)
    assert (opening == at) == calendar.is_open_us(at)
    assert calendar.is_open_us(opening)
    assert not calendar.is_open_us(closing)
    assert calendar.elapsed_us(at, opening) == 0
    assert calendar.elapsed_us(opening, closing) == closing - opening
    assert opening == at or not calendar.is_open_us(opening - 1)


@QUIET
@given(WORDS, WORDS, INSTANTS, INSTANTS)
def test_sets_of_time_obey_the_laws_of_sets(one, other, a, b):
    a, b = sorted((a, b))
    x, y = Calendar(**one), Calendar(**other)
    open_us = {
        name: each.elapsed_us(a, b)
        for name, each in {"x": x, "y": y, "or": x | y, "and": x & y, "minus": x - y}.items()
    }
    assert open_us["or"] + open_us["and"] == open_us["x"] + open_us["y"]
    assert open_us["minus"] == open_us["x"] - open_us["and"]
    assert (~x).elapsed_us(a, b) == (b - a) - open_us["x"]
    assert (~(x | y)).elapsed_us(a, b) == (~x & ~y).elapsed_us(a, b)


@QUIET
@given(WORDS, st.lists(INSTANTS, min_size=2, max_size=6))
def test_the_order_of_questions_changes_no_answer(words, asked):
    """Tables grow on demand: what was asked before must not show."""
    fresh = [Calendar(**words).elapsed_us(a, b) for a, b in pairwise(asked)]
    grown = Calendar(**words)
    assert [grown.elapsed_us(a, b) for a, b in pairwise(asked)] == fresh
    assert [grown.elapsed_us(a, b) for a, b in pairwise(asked)][::-1] == fresh[::-1]


@QUIET
@given(WORDS, INSTANTS, INSTANTS, st.sampled_from([UTC, None]))
def test_datetimes_and_microseconds_agree(words, a, b, zone):
    calendar = Calendar(**words)
    start, end = (datetime_utc(at).astimezone(zone) for at in (a, b))
    assert calendar.elapsed(start, end) == timedelta(microseconds=calendar.elapsed_us(a, b))
    assert isinstance(calendar.elapsed(start, end), timedelta)
    assert calendar.elapsed(start, end) == calendar.elapsed(start, end)  # once by making rows, once from them
