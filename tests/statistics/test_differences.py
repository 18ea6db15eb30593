"""Differences against statsmodels and scipy; the one of medians worked by hand."""

from __future__ import annotations

import math
import random
from statistics import NormalDist

import pytest
from scipy.stats import binom, ttest_ind
from statsmodels.stats.proportion import confint_proportions_2indep

from servstd.errors import StatisticsError
from servstd.statistics.differences import difference_of_means, difference_of_medians, difference_of_shares


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((48, 80), (56, 70)),
        ((0, 10), (0, 10)),
        ((10, 10), (0, 10)),
        ((900, 1000), (50, 50)),
        ((1, 2), (3, 4)),
    ],
)
def test_shares_differ_as_in_statsmodels(first, second, confidence):
    found = difference_of_shares(first, second, confidence=confidence)
    told = confint_proportions_2indep(*second, *first, method="newcomb", alpha=1 - confidence)
    assert found.value == pytest.approx(second[0] / second[1] - first[0] / first[1])
    assert found.bounds == pytest.approx(told, abs=1e-9)


def test_shares_differ_as_newcombe_published():
    """Newcombe 1998, table II: 56/70 − 48/80 by method 10 is 0.0524 to 0.3339."""
    assert difference_of_shares((48, 80), (56, 70)).bounds == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_overlapping_intervals_may_still_differ():
    from servstd.statistics.intervals import wilson

    before, after = (400, 1000), (450, 1000)
    assert wilson(*before).high > wilson(*after).low
    assert difference_of_shares(before, after).is_clear


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
@pytest.mark.parametrize("seed", range(6))
def test_means_differ_as_in_scipy(seed, confidence):
    rng = random.Random(seed)
    first = [rng.lognormvariate(1, 1) for _ in range(rng.randint(2, 60))]
    second = [rng.gauss(3, 0.2) for _ in range(rng.randint(2, 60))]
    told = ttest_ind(second, first, equal_var=False).confidence_interval(confidence)
    found = difference_of_means(first, second, confidence=confidence)
    assert found.bounds == pytest.approx((told.low, told.high), rel=1e-8)


def test_the_difference_of_medians_is_the_formula():
    """n = 25: a = round(12.5 − 5) = 8, so the 8th and the 18th of each; both sides are 0…24, and 100 more."""
    first, second = list(range(25)), [value + 100 for value in range(25)]
    z = NormalDist().inv_cdf(1 - binom.cdf(7, 25, 0.5))
    reach = NormalDist().inv_cdf(0.975) * math.sqrt(2) * (17 - 7) / (2 * z)
    found = difference_of_medians(first, second)
    assert found.value == 100
    assert found.bounds == pytest.approx((100 - reach, 100 + reach), rel=1e-12)


def test_the_interval_of_medians_holds_about_as_often_as_it_says():
    rng = random.Random(7)
    held = 0
    for _ in range(1000):
        first = [rng.expovariate(1) for _ in range(30)]
        second = [rng.expovariate(1) * 3 for _ in range(40)]
        held += difference_of_medians(first, second).bounds.has(2 * math.log(2))
    assert 0.93 < held / 1000 < 0.98


@pytest.mark.parametrize("ours", [difference_of_means, difference_of_medians])
@pytest.mark.parametrize(("first", "second"), [([], [1, 2]), ([1, 2], [3])])
def test_fewer_than_two_on_a_side_say_nothing(ours, first, second):
    assert ours(first, second) is None


def test_nothing_judged_on_a_side_says_nothing():
    assert difference_of_shares((0, 0), (1, 2)) is None


@pytest.mark.parametrize("ours", [difference_of_means, difference_of_medians])
def test_equal_amounts_do_not_differ(ours):
    found = ours([5, 5, 5], [5, 5])
    assert (found.value, found.bounds, found.is_clear) == (0, (0, 0), False)


def test_a_long_list_takes_no_time():
    assert difference_of_medians(range(20_001), range(20_000)).value == -0.5


def test_what_is_no_number_is_named_by_its_place():
    with pytest.raises(StatisticsError) as error:
        difference_of_means([1, None, float("inf")], [1, 2])
    assert [(problem.code, problem.path) for problem in error.value.problems] == [
        ("SV672", "first[1]"), ("SV672", "first[2]"),
    ]  # fmt: skip
