"""Kaplan and Meier against lifelines and a published example; ranks against scipy and by hand."""

from __future__ import annotations

import random
import warnings
from fractions import Fraction

import pytest
from scipy.stats import binom

from servstd.errors import StatisticsError
from servstd.statistics.intervals import clopper_pearson
from servstd.statistics.planning import limit_for, rank_bounds
from servstd.statistics.survival import kaplan_meier

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what its own dependencies warn of is not ours
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times, qth_survival_times

# Freireich et al. (1963), the 6-MP group, worked in most textbooks: weeks of remission, + for censored.
ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def fitted(ended, censored, confidence=0.95):
    fitter = KaplanMeierFitter(alpha=1 - confidence)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fitter.fit([*ended, *censored], [1] * len(ended) + [0] * len(censored))


def drawn(seed, *, ties):
    rng = random.Random(seed)
    ended, censored = [], []
    for _ in range(rng.randint(5, 200)):
        time, seen = (round(rng.expovariate(1 / 50) / ties) * ties + 1 for _ in range(2))
        (ended if time <= seen else censored).append(int(min(time, seen)))
    return ended or [1], censored


def test_the_textbook_example():
    """Kalbfleisch and Prentice print 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448 still in remission."""
    curve = kaplan_meier(ENDED, CENSORED)
    assert curve.amounts == (6, 7, 10, 13, 16, 22, 23)
    assert curve.at_risk == (21, 17, 15, 12, 11, 7, 6)
    assert [1 - share for share in curve.shares] == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    assert curve.quantile(0.5) == 23


@pytest.mark.parametrize("confidence", [0.8, 0.95])
@pytest.mark.parametrize("ties", [1, 15])
@pytest.mark.parametrize("seed", range(12))
def test_the_curve_is_that_of_lifelines(seed, ties, confidence):
    ended, censored = drawn(seed, ties=ties)
    curve, told = kaplan_meier(ended, censored), fitted(ended, censored, confidence)
    lower, upper = (told.confidence_interval_[name] for name in told.confidence_interval_)
    for amount, share, variance in zip(curve.amounts, curve.shares, curve.variances, strict=True):
        assert share == pytest.approx(1 - told.predict(amount), abs=1e-12)
        if variance != float("inf"):
            bounds = curve.bounds_by(amount, confidence=confidence)
            assert bounds == pytest.approx((1 - upper[amount], 1 - lower[amount]), abs=1e-9)


@pytest.mark.parametrize("ties", [1, 15])
@pytest.mark.parametrize("seed", range(12))
def test_the_median_and_its_interval_are_those_of_lifelines(seed, ties):
    ended, censored = drawn(seed, ties=ties)
    curve, told = kaplan_meier(ended, censored), fitted(ended, censored)
    missing = float("inf")
    assert (curve.quantile(0.5) or missing) == told.median_survival_time_
    low, high = median_survival_times(told.confidence_interval_).iloc[0]
    ours = tuple(missing if end is None else end for end in curve.quantile_bounds(0.5))
    if curve.variances[-1] != missing:
        assert ours == (low, high)
    else:  # once all have ended lifelines has no interval; ours keeps the last one
        assert ours[0] == low
        assert high in (missing, ours[1])


@pytest.mark.parametrize("share", [0.25, 0.75, 0.9])
def test_other_quantiles_are_those_of_lifelines(share):
    told = fitted(ENDED, CENSORED)
    found = kaplan_meier(ENDED, CENSORED).quantile(share)
    assert (found or float("inf")) == qth_survival_times(1 - share, told.survival_function_)


def test_without_censoring_the_curve_is_the_share_itself():
    curve = kaplan_meier([5, 3, 3, 9, 1])
    assert [curve.share_by(amount) for amount in (0, 1, 2, 3, 8.5, 9, 100)] == [0, 0.2, 0.2, 0.6, 0.8, 1, 1]


def test_leaving_out_the_open_cases_would_flatter():
    ended, waiting = [1, 2, 3], [50] * 7
    assert kaplan_meier(ended).share_by(3) == 1
    assert kaplan_meier(ended, waiting).share_by(3) == pytest.approx(0.3)
    assert kaplan_meier(ended, waiting).quantile(0.5) is None


def test_before_the_first_end_and_after_the_last_the_interval_still_says_something():
    curve = kaplan_meier([10, 20, 30], [5])
    assert curve.bounds_by(7) == clopper_pearson(0, 3)
    low, high = curve.bounds_by(30)
    assert high == 1
    assert low == curve.bounds_by(20).low > 0
    assert kaplan_meier([4, 4, 4]).bounds_by(4) == clopper_pearson(3, 3)


def test_only_open_cases_have_a_curve_that_says_nothing_has_ended():
    curve = kaplan_meier([], [3, 4, 5])
    assert (curve.amounts, curve.share_by(9), curve.quantile(0.1)) == ((), 0, None)
    assert curve.bounds_by(9) == clopper_pearson(0, 3)
    assert curve.quantile_bounds(0.5) == (None, None)


def test_a_share_that_is_reached_exactly_is_reached():
    """Products of shares are not exact in floats; whole numbers decide where those would."""
    curve = kaplan_meier([*range(1, 8)], [3, 5, *range(20, 31)])
    for place in range(len(curve.amounts)):
        rest = Fraction(1)
        for step in range(place + 1):
            rest *= Fraction(curve.at_risk[step] - curve.ended[step], curve.at_risk[step])
        assert curve.quantile(1 - rest) == curve.amounts[place]


# -- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("cases", [1, 5, 20, 50, 100, 1000])
def test_ranks_are_those_of_the_binomial(cases, share, confidence):
    tail = (1 - confidence) / 2
    low, high = rank_bounds(cases, share, confidence=confidence)
    lows = [rank for rank in range(1, cases + 1) if binom.cdf(rank - 1, cases, share) <= tail]
    highs = [rank for rank in range(1, cases + 1) if binom.cdf(rank - 1, cases, share) >= 1 - tail]
    assert low == (max(lows) if lows else None)
    assert high == (min(highs) if highs else None)


@pytest.mark.parametrize(("cases", "ranks"), [(5, (None, None)), (6, (1, 6)), (10, (2, 9)), (20, (6, 15))])
def test_the_ranks_of_the_sign_test(cases, ranks):
    """By hand for 10: P(Bin ≤ 1) = 11/1024 is within 2.5 %, P(Bin ≤ 2) = 56/1024 is not; and so from above."""
    assert rank_bounds(cases, 0.5) == ranks


def test_ninety_five_percent_needs_seventy_two_cases_for_an_upper_end():
    """1 − 0.95ⁿ ≥ 0.975 from n = 72 on."""
    assert rank_bounds(71, 0.95)[1] is None
    assert rank_bounds(72, 0.95)[1] == 72


@pytest.mark.parametrize("share", [Fraction(1, 10), Fraction(1, 2), Fraction(9, 10), Fraction(95, 100), 1])
@pytest.mark.parametrize("seed", range(6))
def test_the_limit_is_met_by_its_share_on_the_cases_it_comes_from_and_nothing_less_is(seed, share):
    ended, _ = drawn(seed, ties=5)
    limit = limit_for(share, ended).limit
    assert Fraction(sum(amount <= limit for amount in ended), len(ended)) >= share
    assert Fraction(sum(amount < limit for amount in ended), len(ended)) < share


def test_the_interval_holds_as_often_as_it_says():
    rng = random.Random(11)
    truth, held, censored_held = 50 * 2.302585, 0, 0
    for _ in range(400):
        times = [int(rng.expovariate(1 / 50) * 1000) for _ in range(120)]
        seen = [int(rng.expovariate(1 / 400) * 1000) for _ in range(120)]
        found = limit_for(0.9, times)
        held += found.low <= truth * 1000 <= found.high
        pairs = list(zip(times, seen, strict=True))
        found = limit_for(0.9, [a for a, b in pairs if a <= b], [b for a, b in pairs if b < a])
        censored_held += found.low <= truth * 1000 and (found.high is None or truth * 1000 <= found.high)
    assert held / 400 > 0.93
    assert censored_held / 400 > 0.92


def test_open_cases_move_the_limit_and_the_method():
    done = list(range(1, 101))
    assert (limit_for(0.9, done).limit, limit_for(0.9, done).method) == (90, "order_statistics")
    found = limit_for(0.9, done, [60] * 20)
    assert found.method == "kaplan_meier"
    assert found.limit > 90
    assert (found.cases, found.censored) == (120, 20)


def test_one_case():
    found = limit_for(0.95, [7])
    assert (found.limit, found.low, found.high) == (7, None, None)


def test_a_hundred_thousand_cases_take_no_time():
    found = limit_for(0.95, range(100_000), range(0, 100_000, 10))
    assert found.low < found.limit < found.high


@pytest.mark.parametrize(
    ("call", "codes"),
    [
        (lambda: kaplan_meier([]), ["SV675"]),
        (lambda: kaplan_meier([1, None], ["x"]), ["SV672"]),
        (lambda: kaplan_meier([1]).bounds_by(1, confidence=95), ["SV673"]),
        (lambda: kaplan_meier([1]).quantile(95), ["SV673"]),
        (lambda: limit_for(0, [1]), ["SV673"]),
        (lambda: limit_for(95, [1], confidence=0), ["SV673", "SV673"]),
        (lambda: limit_for(0.9, []), ["SV675"]),
        (lambda: rank_bounds(-1, 0.9), ["SV670"]),
    ],
)
def test_bad_input_is_told_at_once(call, codes):
    with pytest.raises(StatisticsError) as error:
        call()
    assert [problem.code for problem in error.value.problems] == codes
