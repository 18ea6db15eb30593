"""Intervals of a share, against published figures and against scipy and statsmodels."""

from __future__ import annotations

from fractions import Fraction

import pytest
from scipy.stats import beta, binomtest, t
from statsmodels.stats.proportion import proportion_confint

from servstd.errors import StatisticsError
from servstd.statistics.distributions import beta_quantile, student_quantile
from servstd.statistics.intervals import (
    clopper_pearson,
    margin_of_error,
    sample_size,
    wilson,
    wilson_corrected,
)

SHARES = [
    (0, 1),
    (1, 1),
    (0, 10),
    (3, 10),
    (10, 10),
    (7, 50),
    (100, 200),
    (999, 1000),
    (1, 100_000),
    (54_321, 1_000_000),
]
ALTERNATIVE = {"both": "two-sided", "lower": "greater", "upper": "less"}


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95, 0.99, 0.9999])
@pytest.mark.parametrize("side", ALTERNATIVE)
@pytest.mark.parametrize("counts", SHARES)
@pytest.mark.parametrize(
    ("ours", "method"), [(wilson, "wilson"), (clopper_pearson, "exact"), (wilson_corrected, "wilsoncc")]
)
def test_an_interval_is_that_of_scipy(ours, method, counts, side, confidence):
    told = binomtest(*counts, alternative=ALTERNATIVE[side]).proportion_ci(confidence, method)
    assert ours(*counts, confidence=confidence, side=side) == pytest.approx(
        (told.low, told.high), abs=1e-9, rel=0
    )


@pytest.mark.parametrize(("ours", "method"), [(wilson, "wilson"), (clopper_pearson, "beta")])
@pytest.mark.parametrize(("met", "judged"), SHARES)
def test_an_interval_is_that_of_statsmodels(ours, method, met, judged):
    told = proportion_confint(met, judged, alpha=0.1, method=method)
    assert ours(met, judged, confidence=0.9) == pytest.approx(told, abs=1e-9, rel=0)


@pytest.mark.parametrize("judged", [10**7, 10**9, 10**12])
@pytest.mark.parametrize("part", [Fraction(1, 10**6), Fraction(1, 3), Fraction(999, 1000)])
def test_the_exact_interval_stays_exact_where_cases_are_many(judged, part):
    """Held by scipy's distribution function: its inverse is wrong by half at 1,000 of 10⁹."""
    met = int(judged * part)
    low, high = clopper_pearson(met, judged)
    assert beta.cdf(low - 1e-9, met, judged - met + 1) < 0.025 < beta.cdf(low + 1e-9, met, judged - met + 1)
    assert beta.cdf(high - 1e-9, met + 1, judged - met) < 0.975 < beta.cdf(high + 1e-9, met + 1, judged - met)


@pytest.mark.parametrize("a", [0.5, 1, 2.5, 40, 1e4])
@pytest.mark.parametrize("b", [0.5, 1, 3, 77, 1e5])
@pytest.mark.parametrize("probability", [1e-9, 0.005, 0.3, 0.5, 0.975, 0.999999])
def test_quantiles_of_beta(a, b, probability):
    found = beta_quantile(probability, a, b)
    assert beta.cdf(found - 1e-9, a, b) <= probability <= beta.cdf(found + 1e-9, a, b)


@pytest.mark.parametrize("freedom", [1, 1.5, 2, 9.99, 10, 30, 1e3, 1e7])
@pytest.mark.parametrize("probability", [1e-9, 0.025, 0.5, 0.6, 0.975, 0.9999])
def test_quantiles_of_student(freedom, probability):
    told = t.ppf(probability, freedom)
    assert student_quantile(probability, freedom) == pytest.approx(told, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("ours", [wilson, wilson_corrected, clopper_pearson])
@pytest.mark.parametrize(("met", "judged", "end"), [(0, 77, 0), (38, 38, 1)])
def test_none_and_all_are_exact_at_their_end_and_doubtful_at_the_other(ours, met, judged, end):
    """38 of 38 and 0 of 77 left 0 to 1 by a rounding in another library."""
    low, high = ours(met, judged)
    assert end in (low, high)
    assert 0 <= low < high <= 1


@pytest.mark.parametrize("ours", [wilson, wilson_corrected, clopper_pearson])
def test_nothing_judged_has_no_interval(ours):
    assert ours(0, 0) is None


@pytest.mark.parametrize("ours", [wilson, wilson_corrected, clopper_pearson])
def test_one_end_alone_lies_further_in_than_the_end_of_two(ours):
    both, lower, upper = (ours(7, 50, side=side) for side in ("both", "lower", "upper"))
    assert (lower.high, upper.low) == (1, 0)
    assert both.low < lower.low < 7 / 50 < upper.high < both.high


def test_the_rule_of_three():
    """None of n breached: at most about 3/n are, at 95 %, exactly 1 − 0.05^(1/n)."""
    high = clopper_pearson(0, 1000, side="upper").high
    assert high == pytest.approx(1 - 0.05 ** (1 / 1000), rel=1e-12)
    assert high == pytest.approx(3 / 1000, rel=0.005)


@pytest.mark.parametrize(
    ("kwargs", "expected"),
    [
        ({"margin": 0.05}, 385),  # Cochran: 1.96² · 0.25 / 0.0025 = 384.16, rounded up
        ({"margin": 0.03}, 1068),  # the poll of a thousand
        ({"margin": 0.05, "population": 1000}, 278),  # 384.15 / (1 + 383.15/1000) = 277.7
        ({"margin": 0.05, "population": 1}, 1),
        ({"margin": 0.05, "population": 0}, 0),
        ({"margin": 0.05, "share": 0}, 0),
        ({"margin": 0.1, "share": 0.8, "confidence": 0.9}, 44),  # 1.6449² · 0.16 / 0.01 = 43.29
        ({"margin": 2}, 1),
    ],
)
def test_sample_sizes(kwargs, expected):
    assert sample_size(**kwargs) == expected


@pytest.mark.parametrize("population", [None, 500, 10_000])
@pytest.mark.parametrize("margin", [0.01, 0.05, 0.2])
def test_the_sample_that_is_asked_for_reaches_its_margin_and_one_less_does_not(margin, population):
    """Cochran's correction has N for N − 1: a margin of the whole population may be missed by that much."""
    size = sample_size(margin, population=population)
    slack = 1 if population is None else (population / (population - 1)) ** 0.5
    assert margin_of_error(size, population=population) <= margin * slack
    assert margin_of_error(size - 1, population=population) > margin


@pytest.mark.parametrize(
    ("sample", "kwargs", "expected"),
    [(1080, {}, 0.0298199), (50, {"population": 50}, 0), (1, {"population": 1}, 0), (100, {"share": 1}, 0)],
)
def test_margins(sample, kwargs, expected):
    assert margin_of_error(sample, **kwargs) == pytest.approx(expected, abs=1e-7)


def test_nobody_asked_has_no_margin():
    assert margin_of_error(0) is None


@pytest.mark.parametrize(
    ("call", "codes"),
    [
        (lambda: wilson(11, 10), ["SV671"]),
        (lambda: wilson(-1, 10), ["SV670"]),
        (lambda: wilson(1.5, 10), ["SV670"]),
        (lambda: wilson("3", 10), ["SV670"]),
        (lambda: wilson(3, 10, confidence=95), ["SV673"]),
        (lambda: wilson(3, 10, confidence=1), ["SV673"]),
        (lambda: wilson(3, 10, confidence=float("nan")), ["SV672"]),
        (lambda: clopper_pearson(3, 10, side="lowr"), ["SV674"]),
        (lambda: clopper_pearson(11, 10, side="left", confidence=2), ["SV671", "SV673", "SV674"]),
        (lambda: sample_size(0), ["SV672"]),
        (lambda: sample_size(0.05, share=95, population=-3), ["SV673", "SV670"]),
        (lambda: margin_of_error(51, population=50), ["SV671"]),
    ],
)
def test_bad_input_is_told_at_once(call, codes):
    with pytest.raises(StatisticsError) as error:
        call()
    assert [problem.code for problem in error.value.problems] == codes


def test_the_nearest_known_side_is_named():
    with pytest.raises(StatisticsError, match="write `lower`"):
        wilson(3, 10, side="lowr")
