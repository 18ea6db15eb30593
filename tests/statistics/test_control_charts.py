"""Control charts against worked examples of the NIST handbook and Montgomery; the tests for special causes by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import sqrt

import pytest

from servstd.errors import StatisticsError
from servstd.statistics.control_charts import (
    c_chart,
    laney_p_chart,
    laney_u_chart,
    np_chart,
    p_chart,
    u_chart,
    xmr_charts,
)
from servstd.statistics.special_causes import NELSON, TESTS, WESTERN_ELECTRIC, signals

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.2: nonconforming of 50 chips on each of 30 wafers;
# the same numbers are Montgomery's orange juice cans, example 7.1: p̄ 0.2313, limits 0.0524 and 0.4102, samples 15 and
# 23 out of control.
WAFERS = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
]  # fmt: skip
# 6.3.3.1: defects on each of 25 wafers; c̄ 16, limits 4 and 28; wafer 24 is out, wafer 3 lies on the limit.
DEFECTS = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]
# 6.3.2.2: flow rates; x̄ 50.81, mean range 1.8778, limits 45.8159 and 55.8041.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def beyond(chart):
    return [one.index + 1 for one in chart.signals if one.test == "beyond_limits"]


def test_the_p_chart_of_the_handbook():
    chart = p_chart([(count, 50) for count in WAFERS])
    assert float(chart.centre) == pytest.approx(0.2313, abs=5e-5)
    assert chart.lower[0] == pytest.approx(0.0524, abs=5e-5)
    assert chart.upper[0] == pytest.approx(0.4102, abs=5e-5)
    assert beyond(chart) == [15, 23]


def test_the_c_chart_of_the_handbook_has_a_point_on_its_limit_that_is_not_beyond_it():
    chart = c_chart(DEFECTS)
    assert (chart.centre, chart.lower[0], chart.upper[0]) == (16, 4, 28)
    assert beyond(chart) == [24]


def test_the_individuals_chart_of_the_handbook():
    x, mr = xmr_charts(FLOW)
    assert float(x.centre) == pytest.approx(50.81)
    assert float(mr.centre) == pytest.approx(1.8778, abs=5e-5)
    assert x.upper[0] == pytest.approx(55.8041, abs=5e-5)
    assert x.lower[0] == pytest.approx(45.8159, abs=5e-5)
    assert mr.upper[1] == pytest.approx(3.267 * 1.8778, abs=1e-3)
    assert x.is_in_control
    assert mr.is_in_control


def test_a_base_sets_the_limits_for_what_comes_after():
    """Montgomery 7.1 goes on: without samples 15 and 23 the centre is 301/1400 = 0.2150."""
    kept = [count for place, count in enumerate(WAFERS) if place not in (14, 22)]
    chart = p_chart([(count, 50) for count in [*kept, 22, 24]], base=slice(0, 28))
    assert chart.centre == Fraction(301, 1400)
    assert chart.upper[0] == pytest.approx(0.3893, abs=5e-5)  # Montgomery's revised limit
    assert beyond(chart)[-2:] == [29, 30]


def test_an_np_chart_is_a_p_chart_in_cases():
    p, np = p_chart([(count, 50) for count in WAFERS]), np_chart(WAFERS, 50)
    assert np.centre == p.centre * 50
    assert np.upper[0] == pytest.approx(p.upper[0] * 50)
    assert np.signals == p.signals


def test_limits_follow_the_size_of_the_subgroup():
    chart = p_chart([(10, 100), (40, 400), (1, 25)])
    assert [chart.upper[i] - float(chart.centre) for i in range(3)] == pytest.approx(
        [3 * sqrt(float(chart.centre * (1 - chart.centre)) / n) for n in (100, 400, 25)]
    )
    assert chart.lower[2] == 0  # cut: a share is never below 0


def test_laneys_chart_by_hand():
    """p̄ ½ of 100 each, so σ 0.05 and z 0, 2, −2, 0; ranges 2, 4, 2; spread 8/3 ÷ 1.128."""
    chart = laney_p_chart([(50, 100), (60, 100), (40, 100), (50, 100)])
    assert chart.spread == pytest.approx(8 / 3 / 1.128)
    assert chart.upper[1] == pytest.approx(0.5 + 3 * 0.05 * 8 / 3 / 1.128)


def test_great_subgroups_cry_wolf_on_a_p_chart_and_not_on_laneys():
    counts = [(9_480 + 40 * (month % 5) - 25 * (month % 3), 10_000) for month in range(24)]
    assert len(beyond(p_chart(counts))) > 5
    assert beyond(laney_p_chart(counts)) == []


def test_laneys_chart_of_rates_has_the_spread_of_its_own_noise():
    counts, units = [52, 61, 48, 59, 70], 10
    rate = Fraction(sum(counts), units * len(counts))
    z = [(count / units - float(rate)) / sqrt(rate / units) for count in counts]
    spread = sum(abs(b - a) for a, b in pairwise(z)) / 4 / 1.128
    chart = laney_u_chart([(count, units) for count in counts])
    assert chart.spread == pytest.approx(spread)
    assert chart.upper[0] == pytest.approx(float(rate) + 3 * sqrt(rate / units) * spread)


def test_an_empty_month_is_a_gap_and_no_nought():
    chart = p_chart([(5, 10), (0, 0), (5, 10)])
    assert chart.values == (Fraction(1, 2), None, Fraction(1, 2))
    assert (chart.lower[1], chart.upper[1], chart.sigma[1]) == (None, None, None)
    x, mr = xmr_charts([1, 3, None, 5, 6])
    assert mr.values == (None, 2, None, None, 1)
    assert x.centre == Fraction(15, 4)


def test_where_nothing_may_vary_any_difference_is_beyond():
    assert p_chart([(10, 10)] * 5).is_in_control
    assert beyond(p_chart([*[(10, 10)] * 5, (9, 10)], base=slice(0, 5))) == [6]
    x, _ = xmr_charts([4, 4, 4, 5], base=slice(0, 3))
    assert beyond(x) == [4]


# -- tests for special causes ------------------------------------------------------------------------------------------

FOUND = {
    "beyond_limits": ([3.01], [3.0]),
    "two_of_three_beyond_2_sigma": ([2.1, 0, 2.1], [2.1, 0, 0, 2.1]),
    "four_of_five_beyond_1_sigma": ([1.1, 1.1, -3, 1.1, 1.1], [1.1, 1.1, 0, 0, 1.1]),
    "eight_on_one_side": ([0.1] * 8, [0.1] * 7 + [0]),
    "nine_on_one_side": ([-0.1] * 9, [-0.1] * 8),
    "six_rising_or_falling": ([1, 2, 3, 4, 5, 6], [1, 2, 3, 3, 5, 6]),
    "fourteen_alternating": ([1, 2] * 7, [1, 2] * 6 + [1, 1]),
    "fifteen_within_1_sigma": ([0.9, -0.9, 0] * 5, [0.9] * 14 + [1]),
    "eight_beyond_1_sigma": ([1.1, -1.1] * 4, [1.1] * 7 + [1]),
}


@pytest.mark.parametrize("name", TESTS)
def test_a_special_cause_is_found_and_its_neighbour_is_not(name):
    there, not_there = FOUND[name]
    assert [(one.index, one.test) for one in signals(there, tests=[name])] == [(len(there) - 1, name)]
    assert signals([-value for value in there], tests=[name])
    assert signals(not_there, tests=[name]) == ()
    assert signals(there[1:], tests=[name]) == ()


@pytest.mark.parametrize("name", [name for name in TESTS if TESTS[name].length > 1])
def test_a_gap_interrupts_every_pattern(name):
    there, _ = FOUND[name]
    assert signals([*there[:-1], None, there[-1]], tests=[name]) == ()


def test_the_point_that_completes_the_pattern_lies_on_its_side():
    """Two of three: the second completes it; the third, back near the centre or across it, is no signal of its own."""
    for back in (0.5, -0.5, -2.1):
        found = signals([0, 2.1, 2.1, back], tests=["two_of_three_beyond_2_sigma"])
        assert [(one.index, one.points) for one in found] == [(2, (0, 1, 2))]


def test_two_of_three_need_no_third():
    found = signals([2.1, 2.1, 0.5], tests=["two_of_three_beyond_2_sigma"])
    assert [(one.index, one.points) for one in found] == [(1, (0, 1))]
    assert [one.index for one in signals([1.1] * 4, tests=["four_of_five_beyond_1_sigma"])] == [3]
    assert signals([2.1, None, 2.1], tests=["two_of_three_beyond_2_sigma"]) == ()


def test_the_sets_hold_known_tests_and_every_test_names_its_source():
    assert set(WESTERN_ELECTRIC) | set(NELSON) == set(TESTS)
    assert all("19" in one.source for one in TESTS.values())


@pytest.mark.parametrize(
    ("call", "codes"),
    [
        (lambda: p_chart([(11, 10), (-1, 5)]), ["SV671", "SV670"]),
        (lambda: p_chart([]), ["SV675"]),
        (lambda: p_chart([(0, 0)]), ["SV675"]),
        (lambda: p_chart([(1, 2)], base=slice(5, 9)), ["SV675"]),
        (lambda: u_chart([(1, 0)]), ["SV671"]),
        (lambda: u_chart([(1, -2), (1.5, 1)]), ["SV670", "SV672"]),
        (lambda: xmr_charts([5]), ["SV675"]),
        (lambda: xmr_charts([]), ["SV675"]),
        (lambda: xmr_charts([5, None, 6]), ["SV675"]),
        (lambda: xmr_charts([5, "6", float("nan")]), ["SV672", "SV672"]),
        (lambda: laney_p_chart([(1, 2)]), ["SV675"]),
        (lambda: p_chart([(1, 2)], tests=["nine_on_one_sid"]), ["SV674"]),
    ],
)
def test_bad_input_is_told_at_once(call, codes):
    with pytest.raises(StatisticsError) as error:
        call()
    assert [problem.code for problem in error.value.problems] == codes
