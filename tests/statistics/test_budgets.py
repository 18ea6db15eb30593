"""Budgets, worked by hand; published cases are in `test_cases.py`."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import pytest

from servstd.errors import StatisticsError
from servstd.statistics.budgets import (
    Budget,
    attained_share,
    burn_factor,
    burn_rate,
    exhausted_at_us,
    is_burning,
    lasts_us,
    longest_spell_us,
    ratio_timeslices,
    share_without,
    timeslices,
)

HOUR = 3_600_000_000
DAY = 24 * HOUR


def test_a_budget_is_exact_although_the_share_is_written_as_a_float():
    budget = Budget.of_events(0.999, good=999, bad=1, window_us=30 * DAY)
    assert budget.left_events == 0
    assert budget.allowed_us == Fraction(432, 10) * HOUR / 60
    assert budget.burn_rate == 1
    assert not budget.is_overspent


def test_a_share_of_everything_allows_nothing_and_divides_by_nothing():
    kept, failed = Budget.of_events(1, good=10, bad=0), Budget.of_events(1, good=9, bad=1)
    assert (kept.burn_rate, kept.left, kept.is_overspent, kept.left_events) == (0, 1, False, 0)
    assert (failed.burn_rate, failed.left, failed.is_overspent, failed.left_events) == (inf, -inf, True, -1)
    assert not failed.is_less_than_one_event


def test_no_events_have_neither_a_share_nor_a_speed():
    budget = Budget.of_events(0.99, good=0, bad=0, window_us=DAY)
    assert (budget.attained, budget.gap, budget.burn_rate, budget.left, budget.used_us) == (None,) * 5
    assert budget.allowed_events == budget.used_events == 0
    assert not budget.is_overspent


def test_of_a_share_alone_no_events_are_told():
    budget = Budget.of_share(0.99, attained=0.7)
    assert (budget.allowed_events, budget.used_events, budget.left_events) == (None, None, None)
    assert (budget.consumed, budget.left) == (30, -29)


def test_an_alert_needs_both_windows_and_is_loud_where_nothing_may_fail():
    factor = burn_factor(0.02, period_us=30 * DAY, window_us=HOUR)
    assert factor == Fraction(144, 10)
    assert not is_burning(factor, factor, 20)  # at the factor is not above it
    assert is_burning(factor, burn_rate(1, 0.999), burn_rate(1, 0))
    assert not is_burning(factor, 20, None)


@pytest.mark.parametrize(
    ("rate", "left", "days"),
    [(14, 1, 2), (Fraction(1, 2), 1, 56), (2, Fraction(1, 2), 7), (0, 1, None), (inf, 1, 0), (3, -2, 0)],
)
def test_how_long_a_budget_lasts(rate, left, days):
    assert lasts_us(28 * DAY, rate, left=left) == (None if days is None else days * DAY)


@pytest.mark.parametrize(
    ("allowed", "used", "at"),
    [(6, 2, 30), (6, 6, 10), (6, 12, 5), (0, 1, 0), (6, 0, None)],
)
def test_when_a_budget_is_gone_if_it_goes_on_like_this(allowed, used, at):
    assert exhausted_at_us(0, 10, allowed=allowed, used=used) == at


@pytest.mark.parametrize(
    ("usual", "worst", "spell"),
    [
        (1, 0, 5),  # the whole budget at once: 5 of 100
        (0.95, 0, 0),
        (0.9, 0.1, 0),  # ordinary time is too bad already
        (0.99, 0.96, None),  # the spell is still good enough
    ],
)
def test_how_long_a_bad_spell_may_last(usual, worst, spell):
    assert longest_spell_us(100, 0.95, usual=usual, worst=worst) == spell


def test_slices_weigh_the_same_and_events_weigh_the_same_and_these_are_two_figures():
    slices = [(90, 10), (0, 1), (0, 0)]
    assert attained_share(90, 11) == Fraction(90, 101)
    assert ratio_timeslices(slices) == Fraction(9, 20)
    assert timeslices(slices, 0.9) == Fraction(1, 2)
    assert timeslices(slices, 0.91) == 0


@pytest.mark.parametrize("found", [timeslices([], 0.9), ratio_timeslices([(0, 0)]), share_without(0, 0)])
def test_nothing_counted_has_no_share(found):
    assert found is None


@pytest.mark.parametrize(
    ("call", "codes"),
    [
        (lambda: Budget.of_events(99, good=-1, bad=1.5), ["SV673", "SV670", "SV670"]),
        (lambda: Budget.of_share(0.99, attained=1.2, window_us=0), ["SV673", "SV670"]),
        (lambda: share_without(3, 2), ["SV671"]),
        (lambda: burn_rate(0.99, float("nan")), ["SV672"]),
        (lambda: burn_factor(2, period_us=0, window_us=0), ["SV673", "SV670", "SV670"]),
        (lambda: is_burning(14.4), ["SV675"]),
        (lambda: lasts_us(0, -1), ["SV670", "SV672"]),
        (lambda: exhausted_at_us(10, 10, allowed=1, used=1), ["SV672"]),
        (lambda: longest_spell_us(10, 0.9, usual=0.5, worst=0.5), ["SV672"]),
    ],
)
def test_bad_input_is_told_at_once(call, codes):
    with pytest.raises(StatisticsError) as error:
        call()
    assert [problem.code for problem in error.value.problems] == codes
