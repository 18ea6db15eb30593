"""Figures of contact centres; published cases are in `test_cases.py`."""

from __future__ import annotations

from fractions import Fraction
from math import exp, factorial, inf
from typing import get_args

import pytest

from servstd.errors import StatisticsError
from servstd.statistics.contact_centre import (
    SERVICE_LEVEL,
    Calls,
    ServiceLevelFormula,
    abandonment_rate,
    average_handling_time,
    average_speed_of_answer,
    first_contact_resolution,
    occupancy,
    service_level,
    transfer_rate,
)
from servstd.statistics.staffing import agents_needed, erlang_c, positions_with_shrinkage

ICMI = Calls(answered_in=860, answered=1000, abandoned=60, abandoned_in=20, abandoned_short=10)
"""ICMI, QueueTips, July 2002: 1,000 answered, 860 of them within 20 s; 60 abandoned, 20 within 20 s, 10 within 5 s."""


@pytest.mark.parametrize(
    ("formula", "percent"),
    [
        # the percentages that ICMI prints for its formulas 1 to 5
        ("abandoned_in_met", 83),
        ("abandoned_ignored", 86),
        ("abandoned_in_base", 81),
        ("abandoned_in_excluded", 83),
        ("abandoned_short_met", 82),
    ],
)
def test_the_five_of_icmi(formula, percent):
    assert round(service_level(ICMI, formula) * 100) == percent


def test_the_five_of_icmi_are_five_figures():
    formulas = (
        "abandoned_in_met",
        "abandoned_ignored",
        "abandoned_in_base",
        "abandoned_in_excluded",
        "abandoned_short_met",
    )
    assert len({service_level(ICMI, formula) for formula in formulas}) == 5


@pytest.mark.parametrize(
    ("formula", "share"),
    [
        ("cisco_ignore", Fraction(70, 90)),
        ("cisco_negative", Fraction(70, 100)),
        ("cisco_positive", Fraction(80, 100)),
    ],
)
@pytest.mark.parametrize("waiting", [0, 12])
def test_the_three_of_cisco(formula, share, waiting):
    """70 answered in time, 10 abandoned in time, 20 longer than the threshold: answered, abandoned or still waiting."""
    calls = Calls(
        answered_in=70,
        answered=78 - waiting // 2,
        abandoned=22 - waiting // 2,
        abandoned_in=10,
        waiting_long=waiting,
    )
    assert service_level(calls, formula) == share


def test_short_abandons_can_be_left_out_of_any_formula():
    calls = ICMI.without_short()
    assert calls == Calls(860, 1000, abandoned=50, abandoned_in=10, abandoned_short=0)
    assert service_level(calls, "abandoned_in_base") == service_level(ICMI, "abandoned_short_excluded")


def test_every_formula_has_its_name_and_every_name_its_formula():
    assert set(get_args(ServiceLevelFormula)) == set(SERVICE_LEVEL)


@pytest.mark.parametrize("formula", SERVICE_LEVEL)
def test_no_calls_have_no_service_level(formula):
    assert service_level(Calls(0, 0, abandoned_in=0, abandoned_short=0), formula) is None


@pytest.mark.parametrize("formula", SERVICE_LEVEL)
def test_all_in_time_is_all_by_every_formula(formula):
    assert service_level(Calls(7, 7, abandoned_in=0, abandoned_short=0), formula) == 1


def test_a_count_that_the_formula_needs_is_never_taken_for_none():
    with pytest.raises(StatisticsError, match="SV676") as error:
        service_level(Calls(860, 1000, abandoned=60), "abandoned_in_excluded")
    assert error.value.problems[0].path == "abandoned_in"
    assert service_level(Calls(860, 1000, abandoned=60), "abandoned_in_base") == Fraction(860, 1060)


def test_the_nearest_formula_is_named():
    with pytest.raises(StatisticsError, match="write `abandoned_in_base`"):
        service_level(ICMI, "abandons_in_base")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (average_speed_of_answer(1_500, 100), 15),
        (average_speed_of_answer(0, 0), None),
        (average_handling_time(talked=300, held=60, wrapped_up=120, handled=2), 240),
        (average_handling_time(talked=0, handled=0), None),
        (abandonment_rate(50, 1000), Fraction(5, 100)),
        (abandonment_rate(50, 1000, short=10), Fraction(40, 990)),
        (abandonment_rate(5, 5, short=5), None),
        (occupancy(50, 10), Fraction(5, 6)),
        (occupancy(0, 0), None),
        (transfer_rate(0, 10), 0),
        (first_contact_resolution(10, 10), 1),
        (first_contact_resolution(0, 0), None),
    ],
)
def test_rates_and_means(found, told):
    assert found == told


def direct_erlang_c(agents, traffic):
    """The textbook sum, fit for few agents only."""
    last = traffic**agents / factorial(agents) * agents / (agents - traffic)
    return last / (sum(traffic**k / factorial(k) for k in range(agents)) + last)


@pytest.mark.parametrize(("agents", "traffic"), [(1, 0.3), (2, 1.9), (14, 10), (40, 33.3), (90, 89.5)])
def test_erlang_c_is_the_textbook_sum(agents, traffic):
    found = erlang_c(agents, calls=traffic, handling_time=1, interval=1, target_wait=0.25)
    waits = direct_erlang_c(agents, traffic)
    assert found.waiting_probability == pytest.approx(waits, rel=1e-12)
    assert found.service_level == pytest.approx(1 - waits * exp(-(agents - traffic) * 0.25), rel=1e-12)
    assert found.average_wait == pytest.approx(waits / (agents - traffic), rel=1e-12)
    assert found.occupancy == pytest.approx(traffic / agents)


def test_one_agent_is_the_queue_of_one():
    """M/M/1: whoever comes waits with the probability that the one is busy."""
    assert erlang_c(1, calls=1, handling_time=1, interval=2).waiting_probability == pytest.approx(0.5)


def test_a_thousand_agents_do_not_overflow():
    found = erlang_c(3000, calls=2950, handling_time=1, interval=1)
    assert 0 < found.waiting_probability < 1


@pytest.mark.parametrize("agents", [0, 9, 10])
def test_a_queue_that_only_grows(agents):
    found = erlang_c(agents, calls=100, handling_time=3, interval=30, target_wait=1)
    assert found == (agents, 1, 0, 1, inf)


def test_without_calls_nobody_waits():
    assert erlang_c(0, calls=0, handling_time=3, interval=30) == (0, 0, 1, 0, 0)
    assert agents_needed(calls=0, handling_time=3, interval=30, target_wait=1, service_level=0.8).agents == 0


@pytest.mark.parametrize(("max_occupancy", "agents", "positions"), [(0.85, 14, 20), (0.7, 15, 22)])
def test_how_many_agents(max_occupancy, agents, positions):
    """pyworkforce, README and tests: 80 % in 20 s of 100 calls of 3 min in half an hour; shrinkage 30 %."""
    need = agents_needed(
        calls=100,
        handling_time=3,
        interval=30,
        target_wait=1 / 3,
        service_level=0.8,
        max_occupancy=max_occupancy,
    )
    assert need == erlang_c(agents, calls=100, handling_time=3, interval=30, target_wait=1 / 3)
    assert positions_with_shrinkage(need.agents, 0.3) == positions


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8, 0.95, 0.9999])
def test_one_agent_fewer_would_not_do(share):
    given = {"calls": 240, "handling_time": 4, "interval": 60, "target_wait": 0.5}
    need = agents_needed(**given, service_level=share)
    assert need.service_level >= share
    assert erlang_c(need.agents - 1, **given).service_level < share


def test_whole_quotients_are_not_rounded_up():
    assert positions_with_shrinkage(14, 0.3) == 20
    assert positions_with_shrinkage(9, 0.1) == 10
    assert positions_with_shrinkage(0, 0.5) == 0


@pytest.mark.parametrize(
    ("call", "codes"),
    [
        (lambda: Calls(11, 10), ["SV671"]),
        (lambda: Calls(1.5, 10, waiting_long=-1), ["SV670", "SV670"]),
        (lambda: Calls(1, 10, abandoned=2, abandoned_in=3), ["SV671"]),
        (lambda: ICMI.without_short().__class__(1, 2).without_short(), ["SV676"]),
        (lambda: average_speed_of_answer(-1, 1.5), ["SV672", "SV670"]),
        (lambda: abandonment_rate(11, 10), ["SV671"]),
        (lambda: transfer_rate(11, 10), ["SV671"]),
        (lambda: first_contact_resolution(11, 10), ["SV671"]),
        (lambda: occupancy(float("inf"), 1), ["SV672"]),
        (lambda: positions_with_shrinkage(3, 1), ["SV673"]),
        (lambda: erlang_c(3, calls=-1, handling_time=0, interval=0), ["SV672"] * 3),
        (
            lambda: agents_needed(calls=1, handling_time=1, interval=1, target_wait=1, service_level=1),
            ["SV673"],
        ),
        (
            lambda: agents_needed(
                calls=1, handling_time=1, interval=1, target_wait=1, service_level=80, max_occupancy=0
            ),
            ["SV673", "SV672"],
        ),
    ],
)
def test_bad_input_is_told_at_once(call, codes):
    with pytest.raises(StatisticsError) as error:
        call()
    assert [problem.code for problem in error.value.problems] == codes
