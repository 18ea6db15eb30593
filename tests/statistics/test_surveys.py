"""Surveys and scorecards; published cases are in `test_cases.py`."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from servstd.errors import StatisticsError
from servstd.statistics.intervals import wilson
from servstd.statistics.scorecards import weighted_score
from servstd.statistics.servqual import gap_score, gaps
from servstd.statistics.surveys import (
    NetPromoter,
    effort_mean,
    effort_top_box,
    net_ease,
    net_promoter,
    net_promoter_of,
    response_rate,
    top_box,
)


def test_satisfaction_is_a_share_with_an_interval():
    found = top_box([5, 4, 4, 3, 2, 1, 5, 4])
    assert (found.value, found.counted, found.answers) == (Fraction(5, 8), 5, 8)
    assert found.bounds == wilson(5, 8)


@pytest.mark.parametrize(
    ("least", "scale", "share"),
    [(4, (1, 5), Fraction(2, 5)), (5, (1, 5), Fraction(1, 5)), (1, (1, 5), 1), (5, (0, 5), Fraction(1, 5))],
)
def test_what_counts_as_satisfied_is_said(least, scale, share):
    assert top_box([1, 2, 3, 4, 5], least=least, scale=scale).value == share


def test_counts_by_score_are_the_scores_themselves():
    scores = [1] * 3 + [4] * 5 + [5] * 2
    assert top_box(scores) == top_box({1: 3, 4: 5, 5: 2})
    assert net_promoter_of(scores) == net_promoter_of({1: 3, 4: 5, 5: 2})


def test_effort_has_three_figures_that_do_not_agree():
    scores = {7: 10, 6: 10, 5: 20, 4: 30, 3: 10, 2: 10, 1: 10}
    assert effort_top_box(scores).value == Fraction(40, 100)
    assert effort_mean(scores, scale=(1, 7)) == Fraction(70 + 60 + 100 + 120 + 30 + 20 + 10, 100)
    assert net_ease(scores) == Fraction(40 - 30, 100)


@pytest.mark.parametrize(
    "found",
    [top_box([]), effort_mean([]), net_ease({}), net_promoter(0, 0, 0), response_rate(0, 3, undelivered=3)],
)
def test_no_answers_have_no_figure(found):
    assert found is None


def test_the_variance_of_a_net_promoter_score_is_that_of_ones_noughts_and_minus_ones():
    found = net_promoter(5, 3, 2)
    values = [1] * 5 + [0] * 3 + [-1] * 2
    mean = Fraction(sum(values), 10)
    assert found.share == mean
    assert found.variance == sum((value - mean) ** 2 for value in values) / 10


def test_the_margin_of_a_published_score():
    """Cross Validated and talkstats: −9 ± 4.4 of 1,162 answers."""
    found = net_promoter(291, 476, 395)
    assert float(found.points) == pytest.approx(-8.95, abs=0.005)
    assert found.margin() == pytest.approx(4.3877, abs=5e-5)


def test_three_happy_people_do_not_make_certainty():
    found = net_promoter(3, 0, 0)
    assert found.margin() == 0
    low, high = found.bounds()
    # (3 + ¾)/6 promoters and ¾/6 detractors: 0.5 ± 1.96·√((0.75 − 0.25)/6)
    assert (low, high) == pytest.approx((50 - 100 * 1.959964 * (0.5 / 6) ** 0.5, 100), abs=1e-3)


def test_the_interval_of_a_net_promoter_score_holds_about_as_often_as_it_says():
    rng = random.Random(3)
    held = 0
    for _ in range(1500):
        answers = rng.choices([1, 0, -1], weights=[60, 30, 10], k=25)
        found = net_promoter(answers.count(1), answers.count(0), answers.count(-1))
        held += found.bounds().has(50)
    assert 0.93 < held / 1500 < 0.98


def test_shares_alone_have_no_margin():
    found = NetPromoter.of_shares(Fraction(1, 2), Fraction(1, 6))
    assert (found.points, found.margin(), found.bounds()) == (Fraction(100, 3), None, None)
    assert found.variance == Fraction(5, 9)


def test_surveys_without_a_nought_have_the_same_bounds_of_promoters():
    assert net_promoter_of([1, 6, 7, 8, 9, 10], scale=(1, 10)).points == 0


def test_gaps_are_perception_minus_expectation():
    expected, perceived = {"empathy": 6, "assurance": 5.5}, {"assurance": 5.8, "empathy": 5}
    found = gaps(expected, perceived)
    assert found == {"empathy": -1, "assurance": Fraction(3, 10)}
    assert gap_score(found) == Fraction(-35, 100)
    assert gap_score(found, {"empathy": 1, "assurance": 9}) == Fraction(17, 100)
    assert gap_score({}) is None


def test_who_could_not_be_reached_did_not_refuse():
    assert response_rate(20, 105, undelivered=5).value == Fraction(1, 5)
    assert response_rate(20, 100).value == Fraction(1, 5)


# -- scorecards --------------------------------------------------------------------------------------------------------

WEIGHTS = {"hello": 10, "tone": 30, "law": 60}


def test_what_does_not_apply_is_neither_full_marks_nor_none():
    found = weighted_score({"hello": 1, "tone": 0, "law": None}, WEIGHTS)
    assert (found.points, found.left_out) == (25, ("law",))


def test_a_failed_critical_item_sets_the_score_to_nothing_and_keeps_the_raw_one():
    found = weighted_score({"hello": 1, "tone": 1, "law": 0.5}, WEIGHTS, auto_fail=["law", "tone"])
    assert (found.points, found.raw_points, found.failed_on) == (0, 70, ("law",))
    assert found.reaches(0)
    assert not found.reaches(1)


def test_a_critical_item_that_does_not_apply_fails_nothing():
    assert weighted_score({"hello": 1, "tone": 1, "law": None}, WEIGHTS, auto_fail=["law"]).points == 100


def test_if_nothing_applies_there_is_no_score():
    found = weighted_score(dict.fromkeys(WEIGHTS), WEIGHTS)
    assert (found.points, found.raw_points, found.reaches(0)) == (None, None, None)


@pytest.mark.parametrize(
    ("call", "codes"),
    [
        (lambda: top_box([6]), ["SV677"]),
        (lambda: top_box([-100, "5", 4.5]), ["SV670", "SV677"]),
        (lambda: top_box({5: -1}), ["SV670"]),
        (lambda: top_box([1], least=6), ["SV677"]),
        (lambda: top_box([], scale=(5, 5)), ["SV677"]),
        (lambda: net_ease([1], top=4, bottom=4), ["SV677"]),
        (lambda: net_promoter(-1, 2.5, 0), ["SV670", "SV670"]),
        (lambda: net_promoter_of([0], scale=(1, 10)), ["SV677"]),
        (lambda: net_promoter_of([5], promoter=6, detractor=6), ["SV677"]),
        (lambda: NetPromoter.of_shares(0.7, 0.6), ["SV673"]),
        (lambda: NetPromoter.of_shares(0.7, 0.2, 10).margin(confidence=95), ["SV673"]),
        (lambda: response_rate(11, 12, undelivered=2), ["SV671"]),
        (lambda: gaps({"empathy": 1}, {"emphaty": 1}), ["SV678", "SV678"]),
        (lambda: gap_score({"a": 1, "b": None}, {"a": -1, "b": 1}), ["SV672", "SV672"]),
        (lambda: gap_score({"a": 1}, {"a": 0}), ["SV678"]),
        (lambda: weighted_score({"hello": 1}, {"helo": 1}, auto_fail=["x"]), ["SV674", "SV678", "SV678"]),
        (lambda: weighted_score({"hello": 85}, {"hello": 1}), ["SV673"]),
        (lambda: weighted_score({"hello": 1, "x": None}, {"hello": 0, "x": 1}), ["SV678"]),
    ],
)
def test_bad_input_is_told_at_once(call, codes):
    with pytest.raises(StatisticsError) as error:
        call()
    assert [problem.code for problem in error.value.problems] == codes


def test_the_nearest_dimension_is_named():
    with pytest.raises(StatisticsError, match="is it `emphaty`"):
        gaps({"empathy": 1}, {"emphaty": 1})
