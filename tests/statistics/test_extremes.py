"""Where numbers are very small, very near to one or very great: an answer, or one clear error."""

from __future__ import annotations

from fractions import Fraction

import pytest
import scipy.stats

from servstd.errors import StatisticsError
from servstd.statistics.control_charts import xmr_charts
from servstd.statistics.differences import difference_of_means, difference_of_medians
from servstd.statistics.intervals import clopper_pearson, margin_of_error, sample_size, wilson
from servstd.statistics.planning import limit_for
from servstd.statistics.staffing import agents_needed, erlang_c
from servstd.statistics.surveys import response_rate
from servstd.statistics.survival import kaplan_meier

NEARLY_NONE = Fraction(1, 10**30)
NEARLY_ALL = 1 - NEARLY_NONE


def test_a_share_of_nearly_none_is_had_with_the_first_end():
    """The curve steps to 1/4, so no smaller share needs more than the first amount, however small it is."""
    curve = kaplan_meier([1, 2, 3], censored=[2])
    assert curve.quantile_bounds(NEARLY_NONE) == curve.quantile_bounds(0.001) == (1, 1)
    found = limit_for(NEARLY_NONE, [1, 2, 3], [2])
    assert (found.limit, found.low, found.high) == (1, 1, 1)


def test_a_share_of_nearly_all_is_had_with_the_last_end_and_has_no_upper_end():
    curve = kaplan_meier([1, 2, 3], censored=[2])
    assert curve.quantile_bounds(NEARLY_ALL) == (3, None)
    found = limit_for(NEARLY_ALL, [1, 2, 3], [2])
    assert (found.limit, found.low, found.high) == (3, 3, None)


@pytest.mark.parametrize("share", [0.001, 0.25, 0.4999, 0.5, 0.5001, 0.75])
def test_the_ends_of_a_quantile_never_fall_as_the_share_grows(share):
    curve = kaplan_meier(range(1, 200), censored=range(1, 200, 3))
    less = [NEARLY_NONE, Fraction(1, 10**9), Fraction(1, 10**8), Fraction(str(share))]
    lows = [curve.quantile_bounds(one)[0] or 0 for one in less]
    assert lows == sorted(lows)


@pytest.mark.parametrize(
    "call",
    [
        lambda: wilson(1, 5, confidence=NEARLY_ALL),
        lambda: clopper_pearson(1, 5, confidence=NEARLY_ALL, side="lower"),
        lambda: kaplan_meier([1, 2, 3]).bounds_by(1, confidence=NEARLY_ALL),
        lambda: limit_for(0.5, [1, 2, 3], confidence=NEARLY_ALL),
        lambda: margin_of_error(100, confidence=NEARLY_ALL),
        lambda: response_rate(5, 10, confidence=NEARLY_ALL),
    ],
)
def test_a_confidence_that_a_float_takes_for_certainty_is_told(call):
    with pytest.raises(StatisticsError, match=r"(?s)SV673.*too near to 1"):
        call()


def test_a_confidence_of_nearly_nothing_is_one():
    """Half of 1 + c is a half: the interval of Wilson shrinks to the share itself."""
    assert wilson(1, 5, confidence=NEARLY_NONE) == pytest.approx((0.2, 0.2))


def test_a_margin_of_nearly_nothing_needs_nearly_everybody():
    z = scipy.stats.norm.ppf(0.975)
    assert sample_size(1e-200) / 10**400 == pytest.approx(z * z / 4)
    assert sample_size(1e-200, population=1000) == 1000


@pytest.mark.parametrize(
    "call",
    [
        lambda: xmr_charts([10**400, 1, 2]),
        lambda: difference_of_means([1, 2], [10**400, 1]),
        lambda: difference_of_medians([1, 2], [1, -(10**400)]),
    ],
)
def test_a_number_beyond_every_float_is_told_where_a_root_is_taken(call):
    with pytest.raises(StatisticsError, match=r"(?s)SV672.*\[\d\]` is greater than any float"):
        call()


def test_a_curve_needs_no_floats_of_amounts():
    assert kaplan_meier([10**400, 1]).quantile(1) == 10**400


def test_a_queue_of_more_agents_than_there_are_is_told_at_once():
    """A billion calls of an hour each in a minute are 60 billion agents."""
    with pytest.raises(StatisticsError, match=r"(?s)SV672.*60,000,000,001 agents.*unit"):
        agents_needed(calls=10**9, handling_time=60, interval=1, target_wait=1, service_level=0.8)
    with pytest.raises(StatisticsError, match=r"(?s)SV672.*2,000,000,000 agents"):
        agents_needed(
            calls=2, handling_time=60, interval=60, target_wait=1, service_level=0.8, max_occupancy=1e-9
        )
    with pytest.raises(StatisticsError, match=r"(?s)SV672.*20,000,000 agents"):
        erlang_c(20_000_000, calls=1, handling_time=1, interval=1)
