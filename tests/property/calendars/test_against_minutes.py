"""Every answer of a calendar against a walk over minutes that shares no code with it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from property.calendars import minute_oracle as oracle
from property.calendars.words import HARD_ZONES, situations

from servstd.calendars import Calendar
from servstd.calendars.zones import zone_names
from servstd.errors import NeverOpens

MINUTE = 60_000_000
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
LATER = sorted(zone_names())


@st.composite
def instants(draw, window):
    """Draw instants on whole minutes, and between them."""
    return draw(st.integers(window.first, window.last)) * MINUTE + draw(
        st.sampled_from([0, 0, 1, 59_999_999, 30_000_000])
    )


def check(words, day, days, data):
    window = oracle.Window(day, days)
    minutes = oracle.open_minutes(words, window)
    calendar = Calendar(**words)
    asked = sorted(data.draw(instants(window)) for _ in range(4))
    for start, end in pairwise(asked):
        assert calendar.elapsed_us(start, end) == oracle.elapsed_us(minutes, start, end)
        assert calendar.elapsed_us(end, start) == -oracle.elapsed_us(minutes, start, end)
    for at in asked:
        assert calendar.is_open_us(at) == (at // MINUTE in minutes)
        inside = {minute for minute in minutes if minute < window.last + 1440}
        amount = data.draw(st.sampled_from([0, 1, MINUTE, 60 * MINUTE, 7 * 60 * MINUTE, 90_000_001]))
        expect(calendar.add_us, oracle.add_us(inside, at, amount), at, amount)
        outside = {minute for minute in minutes if minute >= window.first - 1440}
        expect(calendar.subtract_us, oracle.subtract_us(outside, at, amount), at, amount)
        expect(calendar.next_open_us, oracle.next_open_us(inside, at), at)
        expect(calendar.next_close_us, oracle.next_close_us(minutes, at, window.last + 1440), at)
    check_explained(calendar, asked[0], asked[-1])
    check_arrays(calendar, asked)
    assert Calendar(**calendar.to_dict()) == calendar
    again = Calendar.model_validate(calendar.to_dict())
    assert again.elapsed_us(asked[0], asked[-1]) == calendar.elapsed_us(asked[0], asked[-1])
    double = ~~calendar
    assert double.elapsed_us(asked[0], asked[-1]) == calendar.elapsed_us(asked[0], asked[-1])


def expect(ask, wanted, *args):
    if wanted is not None:
        assert ask(*args) == wanted


def check_explained(calendar, start, end):
    told = calendar.explain_us(start, end)
    if start == end:
        assert told == []
        return
    assert (told[0].start_us, told[-1].end_us) == (start, end)
    assert all(a.end_us == b.start_us for a, b in pairwise(told))
    assert sum(part.length_us for part in told if part.open) == calendar.elapsed_us(start, end)
    assert all(part.reason for part in told)


def check_arrays(calendar, asked):
    starts, ends = np.array(asked), np.array(asked[::-1])
    assert calendar.elapsed_array(starts, ends).tolist() == [
        calendar.elapsed_us(a, b) for a, b in zip(asked, asked[::-1], strict=True)
    ]
    try:
        wanted = [calendar.add_us(at, 3_600_000_001) for at in asked]
    except NeverOpens:
        with pytest.raises(NeverOpens):
            calendar.add_array(starts, np.full(len(asked), 3_600_000_001))
    else:
        assert calendar.add_array(starts, np.full(len(asked), 3_600_000_001)).tolist() == wanted


@settings(max_examples=80, deadline=None, suppress_health_check=QUIET)
@given(situations(), st.data())
def test_a_calendar_agrees_with_a_walk_over_minutes(situation, data):
    check(*situation, data)


@settings(max_examples=25, deadline=None, suppress_health_check=QUIET)
@given(situations(zones=tuple(LATER[::29]), depth=1), st.data())
def test_calendars_of_a_sample_of_zones_agree(situation, data):
    check(*situation, data)


@pytest.mark.fuzz
@pytest.mark.parametrize("zone", LATER[::3])
def test_calendars_of_two_hundred_zones_agree(zone):
    @settings(max_examples=15, deadline=None, suppress_health_check=QUIET)
    @given(situations(zones=(zone,)), st.data())
    def run(situation, data):
        check(*situation, data)

    run()


@pytest.mark.fuzz
@settings(max_examples=3000, deadline=None, suppress_health_check=QUIET)
@given(situations(zones=tuple(HARD_ZONES)), st.data())
def test_many_calendars_agree(situation, data):
    check(*situation, data)
