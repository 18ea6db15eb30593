"""Agreement against Krippendorff's published example and statsmodels."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest
from statsmodels.stats.inter_rater import cohens_kappa as kappa_of_statsmodels

from servstd.errors import StatisticsError
from servstd.statistics.agreement import cohens_kappa, krippendorffs_alpha, percent_agreement

_ = None
# Krippendorff (2011), section C: four observers, twelve units, missing data; nominal 0.743, interval 0.849.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
UNITS = list(zip(*OBSERVERS, strict=True))


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("interval", 0.849)])
def test_alpha_is_that_of_the_published_example(level, alpha):
    assert float(krippendorffs_alpha(UNITS, level=level)) == pytest.approx(alpha, abs=5e-4)


@pytest.mark.parametrize("seed", range(5))
def test_kappa_is_that_of_statsmodels(seed):
    rng = random.Random(seed)
    first = [rng.choice("abc") for _ in range(60)]
    second = [answer if rng.random() < 0.6 else rng.choice("abc") for answer in first]
    seen = Counter(zip(first, second, strict=True))
    told = kappa_of_statsmodels([[seen[a, b] for b in "abc"] for a in "abc"]).kappa
    assert float(cohens_kappa(first, second)) == pytest.approx(told, abs=1e-12)


def test_kappa_by_hand():
    """Cohen's scheme: 20 + 15 of 50 agree; yes 25/50 and 30/50 by habit: (0.7 − 0.5)/(1 − 0.5)."""
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohens_kappa(first, second) == Fraction(2, 5)


def test_a_unit_that_one_left_out_is_left_out():
    assert cohens_kappa(["a", "b", None, "a"], ["a", "b", "b", None]) == 1
    assert percent_agreement([("a", None), ("a", "a"), ("a", "b", None)]) == Fraction(1, 2)


def test_percent_agreement_counts_pairs():
    assert percent_agreement([("a", "a", "b"), ("a", "a")]) == Fraction(2 * 1 + 2, 6 + 2)


def test_agreement_on_one_answer_alone_shows_nothing():
    assert percent_agreement([("pass", "pass")] * 9) == 1
    assert cohens_kappa(["pass"] * 9, ["pass"] * 9) is None
    assert krippendorffs_alpha([("pass", "pass")] * 9) is None
    assert krippendorffs_alpha([(5, 5)] * 9, level="interval") is None


@pytest.mark.parametrize("level", ["nominal", "interval"])
def test_full_agreement_is_one_and_less_than_chance_is_negative(level):
    assert krippendorffs_alpha([(1, 1), (2, 2), (3, 3)], level=level) == 1
    assert krippendorffs_alpha([(1, 2), (2, 1)], level=level) < 0


def test_near_misses_weigh_less_at_the_level_of_intervals():
    units = [(1, 2), (9, 8), (5, 5), (2, 3)]
    assert krippendorffs_alpha(units, level="interval") > krippendorffs_alpha(units)


@pytest.mark.parametrize("units", [[], [("a", None)], [(None, None)]])
def test_nothing_in_common_has_no_agreement(units):
    assert percent_agreement(units) is None
    assert krippendorffs_alpha(units) is None
    assert cohens_kappa([], []) is None


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: cohens_kappa(["a"], []), "SV678"),
        (lambda: krippendorffs_alpha([("a", "b")], level="interval"), "SV672"),
        (lambda: krippendorffs_alpha([(1, 2)], level="ordnal"), "SV674"),
    ],
)
def test_bad_input_is_told(call, code):
    with pytest.raises(StatisticsError, match=code):
        call()
