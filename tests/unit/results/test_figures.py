"""Means, percentiles, counts and rates: each figure worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.results.test_attainment import AS_OF, attained, outcomes, us

from servstd.rollups import Tally
from servstd.rollups.figures import figure_text
from servstd.rollups.tally import tallies_of
from servstd.standards.bound import Bound

MINUTE = 60_000_000


def ended(*minutes: int, outcome: str = "met", **more) -> list[dict]:
    return [
        {"outcome": outcome, "elapsed": int(number * MINUTE), "ended_at": AS_OF, **more} for number in minutes
    ]


def running(*minutes: int, outcome: str = "open") -> list[dict]:
    return [{"outcome": outcome, "elapsed": int(number * MINUTE), "ended_at": None} for number in minutes]


def one_of(spec, *verdicts, **more):
    (one,) = attained({"window": "all", **spec}, *verdicts, **more)
    return one


TEN = ended(*range(1, 11))  # 1, 2, … 10 minutes


@pytest.mark.parametrize(
    ("spec", "verdicts", "text", "status"),
    [
        pytest.param({"mean": "330 seconds"}, TEN, "5m 30s", "met", id="the mean of 1 to 10 is 5.5"),
        pytest.param({"mean": {"lt": "330 seconds"}}, TEN, "5m 30s", "missed", id="less than is not at most"),
        pytest.param({"median": "5 minutes"}, TEN, "5m", "met", id="of two middle ones the lower"),
        pytest.param({"p90": "9 minutes"}, TEN, "9m", "met", id="nine of ten lie at or below the ninth"),
        pytest.param({"p91": "9 minutes"}, TEN, "10m", "missed", id="91% of ten is more than nine of them"),
        pytest.param({"p5": "1 minute"}, TEN, "1m", "met", id="the least of ten at the lowest ranks"),
        pytest.param({"max": "10 minutes"}, TEN, "10m", "met", id="the most"),
        pytest.param({"max": "599 seconds"}, TEN, "10m", "missed", id="the most, a second too much"),
        pytest.param({"mean": {"ge": "5 minutes"}}, TEN, "5m 30s", "met", id="at least"),
        pytest.param({"p90": "9 minutes"}, ended(7), "7m", "met", id="one case is every percentile"),
        pytest.param({"mean": "7 minutes"}, ended(7, 7, 7), "7m", "met", id="all the same"),
    ],
)
def test_figures_of_what_cases_used(spec, verdicts, text, status):
    one = one_of(spec, *verdicts)
    assert (one.value_text, one.status, one.unit) == (text, status, "time")


@pytest.mark.parametrize(
    ("spec", "verdicts", "counted", "status"),
    [
        pytest.param({"mean": "5 minutes"}, [*ended(4), *running(3)], (1, 1), "met", id="within the bound, beside"),
        pytest.param({"mean": "5 minutes"}, [*ended(4), *running(7)], (2, 0), "missed", id="beyond it, counted"),
        pytest.param({"mean": "5 minutes"}, running(1, 2), (0, 2), "no_data", id="all open and none beyond"),
        pytest.param({"mean": "5 minutes"}, running(6), (1, 0), "missed", id="all open and beyond"),
        pytest.param({"max": "5 minutes"}, [*ended(1), *running(5.1)], (2, 0), "missed", id="a maximum passed"),
        pytest.param(
            {"max": "9 minutes"}, [*ended(1), *running(8, outcome="breached")], (1, 1), "met",
            id="a breach without an end that is within the bound is open to it",
        ),
        pytest.param(
            {"mean": {"ge": "5 minutes"}}, [*ended(6), *running(1, 9)], (1, 2), "met",
            id="what must be at least is known at the end only",
        ),
        pytest.param(
            {"mean": {"lt": "5 minutes"}}, [*ended(4), *running(5)], (2, 0), "met",
            id="exactly at a strict bound it can only pass it",
        ),
        pytest.param(
            {"mean": "5 minutes"}, [*ended(4), *outcomes(excluded=1, cancelled=2, unknown=0)], (1, 0), "met",
            id="excluded and cancelled ones are in no figure",
        ),
        pytest.param(
            {"mean": "5 minutes"}, [*ended(4), {"outcome": "met", "elapsed": None}], (1, 0), "insufficient",
            id="what it used is not known",
        ),
    ],
)  # fmt: skip
def test_leaving_cases_open_makes_no_figure_better(spec, verdicts, counted, status):
    one = one_of(spec, *verdicts)
    assert ((one.judged, one.open), one.status) == (counted, status)


@pytest.mark.parametrize(
    ("spec", "numbers", "value", "status"),
    [
        pytest.param({"count": 3}, {"met": 7, "breached": 3}, 3, "met", id="so many and no more"),
        pytest.param({"count": 3}, {"met": 7, "breached": 4}, 4, "missed", id="one more"),
        pytest.param({"count": {"lt": 3}}, {"breached": 3}, 3, "missed", id="fewer than"),
        pytest.param({"count": 0}, {"met": 7}, 0, "met", id="none"),
        pytest.param({"count": 0}, {}, 0, "no_data", id="none of nothing is never green"),
        pytest.param({"count": 3}, {"open": 7}, 0, "no_data", id="nothing judged"),
        pytest.param({"count": 5, "of": "met"}, {"met": 5}, 5, "met", id="met ones: at least"),
        pytest.param(
            {"count": 5, "of": "judged"}, {"met": 3, "breached": 1}, 4, "missed", id="too few judged"
        ),
        pytest.param({"count": 5, "of": "judged"}, {}, 0, "missed", id="none where five were promised"),
        pytest.param({"count": 5, "of": "open"}, {"open": 6}, 6, "missed", id="a backlog"),
        pytest.param({"count": 5, "of": "cancelled"}, {"cancelled": 5}, 5, "met", id="withdrawn ones"),
        pytest.param({"rate": "5 per 100"}, {"met": 95, "breached": 5}, 5, "met", id="five in a hundred"),
        pytest.param(
            {"rate": "5 per 100"}, {"met": 19, "breached": 2}, Fraction(200, 21), "missed", id="two in 21"
        ),
        pytest.param({"rate": "5 per 100"}, {}, None, "no_data", id="a rate of nothing"),
    ],
)
def test_counts_and_rates(spec, numbers, value, status):
    one = one_of(spec, *outcomes(**numbers))
    assert (one.exact_value, one.status) == (value, status)


def test_a_rate_over_time_is_per_hours_of_the_window():
    # February 2026 has 28 days; 7 breaches are one in four days
    verdicts = outcomes(met=3, breached=7)
    found = attained({"rate": "0.25 per day", "window": "month"}, *verdicts, first=us("2026-02-01"))
    february = next(one for one in found if one.window == "2026-02")
    assert (february.exact_value, february.status) == (Fraction(1, 4), "met")


def test_weights_make_a_mean_of_customers():
    # 100 customers for 60 minutes and 300 for 20: 12,000 customer minutes over 400 customers
    verdicts = ended(60, weights={"$n": 100}) + ended(20, weights={"$n": 300})
    one = one_of({"mean": "30 minutes", "weight": "$n"}, *verdicts)
    assert (one.value_text, one.status) == ("30m", "met")


def test_weights_make_a_share_of_customers():
    verdicts = ended(1, weights={"$n": 1}) + ended(1, outcome="breached", weights={"$n": 3})
    one = one_of({"share": "50%", "weight": "$n"}, *verdicts)
    assert (one.value_text, one.status, one.low, one.budget_allowed) == ("25%", "missed", None, None)


def test_a_case_without_a_weight_is_unknown_and_never_counted_as_nothing():
    verdicts = ended(1, weights={"$n": 1}) + ended(9, weights={})
    one = one_of({"mean": "5 minutes", "weight": "$n"}, *verdicts)
    assert (one.judged, one.unknown, one.status) == (1, 1, "insufficient")


def test_weights_that_add_up_to_nothing_decide_nothing():
    one = one_of({"mean": "5 minutes", "weight": "$n"}, *ended(1, 2, weights={"$n": 0}))
    assert (one.exact_value, one.status, one.why) == (None, "no_data", "the weights add up to nothing")


@pytest.mark.parametrize(
    ("spec", "numbers", "allowed", "used"),
    [
        pytest.param({"count": 3}, {"met": 9, "breached": 5}, 3, 5, id="a count is its own budget"),
        pytest.param({"count": {"lt": 3}}, {"met": 9}, 2, 0, id="fewer than three are two"),
        pytest.param({"rate": "5 per 100"}, {"met": 50}, 2, 0, id="2.5 of fifty are two"),
        pytest.param({"mean": "5 minutes"}, {"met": 9}, None, None, id="a mean has none"),
        pytest.param({"count": 5, "of": "met"}, {"met": 9}, None, None, id="nor has what must be at least"),
    ],
)
def test_budgets_are_in_verdicts_where_there_is_one(spec, numbers, allowed, used):
    one = one_of(spec, *outcomes(**numbers))
    assert (one.budget_allowed, one.budget_used) == (allowed, used)


def test_the_budget_of_a_percentile_is_that_of_the_share_within_it():
    one = one_of({"p90": "9 minutes"}, *ended(*range(1, 21)))  # 20 cases: two may be beyond, eleven are
    assert (one.budget_allowed, one.budget_used, one.budget_left) == (2, 11, -9)


@pytest.mark.parametrize(
    ("value", "bound", "text"),
    [
        pytest.param(Fraction(35_400_000), Bound(Fraction(35_000_000), "le", "time"), "35.4s", id="seconds"),
        pytest.param(
            Fraction(35_000_000) + Fraction(1, 3), Bound(Fraction(35_000_000), "le", "time"), "just over 35s",
            id="a third of a microsecond over",
        ),
        pytest.param(Fraction(3_599_999_999), Bound(Fraction(3_600_000_000), "le", "time"), "59m 59.999999s", id="under"),
        pytest.param(Fraction(400 * 3_600_000_000 + 9), Bound(Fraction(9), "le", "time"), "400h", id="far from it"),
        pytest.param(Fraction(949_999_999_999, 10**12), Bound(Fraction(95, 100)), "just under 95%", id="a hair"),
        pytest.param(Fraction(9, 2), Bound(Fraction(5), "le", "dates"), "4.5 days", id="days"),
    ],
)  # fmt: skip
def test_figures_are_never_rounded_across_their_bound(value, bound, text):
    assert figure_text(value, bound) == text


VERDICTS = st.lists(
    st.fixed_dictionaries(
        {
            "outcome": st.sampled_from(["met", "breached", "open", "excluded", "cancelled"]),
            "elapsed": st.integers(0, 12).map(lambda minutes: minutes * MINUTE),
            "ended_at": st.sampled_from([None, AS_OF]),
        }
    ),
    max_size=25,
)


@settings(max_examples=300, deadline=None)
@given(verdicts=VERDICTS, percent=st.integers(1, 99), minutes=st.integers(0, 12))
def test_a_percentile_and_the_share_within_it_agree(verdicts, percent, minutes):
    rank = one_of({f"p{percent}": f"{minutes} minutes"}, *verdicts)
    share = one_of({"share": f"{percent}%", "within": f"{minutes} minutes"}, *verdicts)
    assert rank.status == share.status
    assert (rank.judged, rank.met, rank.open) == (share.judged, share.met, share.open)
    assert (rank.budget_allowed, rank.budget_used) == (share.budget_allowed, share.budget_used)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["met", "breached", "open", "excluded", "cancelled", "unknown"]),
            st.integers(0, 10**15),
            st.fractions(0, 100, max_denominator=1000),
        ),
        max_size=30,
    ),
    parts=st.lists(st.integers(0, 3), min_size=30, max_size=30),
)
def test_tallies_of_any_division_add_up_to_the_tally_of_all(rows, parts):
    def tally(chosen):
        found = tallies_of(["all"] * len(chosen), *zip(*chosen, strict=True)) if chosen else {}
        return found.get("all", Tally())

    whole = tally(rows)
    divided = [tally([row for row, at in zip(rows, parts, strict=False) if at == part]) for part in range(4)]
    assert sum(divided, Tally()) == whole
    assert sum(divided[::-1], Tally()) == whole
