"""Staffing: what Erlang C expects of a queue, how many agents it needs, how many to put on the roster."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, exp, inf
from typing import NamedTuple

from servstd.errors import Problem
from servstd.statistics.inputs import Number, bad_count, bad_number, bad_share, exact, refuse

MOST_AGENTS = 10_000_000
"""More than anybody employs; a handling time in another unit than the interval would ask for them."""


class Queue(NamedTuple):
    """Be what Erlang C expects of a queue.

    Args:
        agents: How many serve it.
        waiting_probability: The share of callers who have to wait at all.
        service_level: The share answered within the target wait.
        occupancy: The share of their time in which agents are busy.
        average_wait: The mean wait of all callers, in the unit of the times given; `inf` where the queue only grows.
    """

    agents: int
    waiting_probability: float
    service_level: float
    occupancy: float
    average_wait: float


def erlang_c(
    agents: int, *, calls: Number, handling_time: Number, interval: Number, target_wait: Number = 0
) -> Queue:
    """Return what becomes of a queue: calls at random, handling times exponential, nobody gives up.

    Since callers do give up, it errs on the safe side near full occupancy. With no more agents than work comes in,
    the queue only grows: everybody waits, nobody is answered in time.

    Formula: with A = calls × handling time ÷ interval and Erlang's B, C = B ÷ (1 − (A/N)(1 − B)) and
    SL = 1 − C·e^(−(N − A)·wait/handling time).

    Args:
        agents: How many serve, N.
        calls: How many come in the interval.
        handling_time: The mean of it, in any one unit of time.
        interval: How long the interval is, in the same unit.
        target_wait: Within what a call is answered in time, in the same unit.

    Raises:
        StatisticsError: SV670 no count, SV672 no amount, or more agents than can be meant.

    Source:
        Erlang, A. K. (1917), Solution of some problems in the theory of probabilities of significance in automatic
        telephone exchanges; B by the recursion 1/B(n) = 1 + (n/A)/B(n − 1), which does not overflow.

    Example:
        >>> found = erlang_c(14, calls=100, handling_time=3, interval=30, target_wait=1 / 3)
        >>> round(found.waiting_probability, 4), round(found.service_level, 4), round(found.occupancy, 4)
        (0.1741, 0.8884, 0.7143)
    """
    refuse(
        bad_count("agents", agents),
        bad_number("calls", calls, least=0),
        bad_number("handling_time", handling_time, above=0),
        bad_number("interval", interval, above=0),
        bad_number("target_wait", target_wait, least=0),
    )
    refuse(_too_many(agents, "agents"))
    traffic = _traffic(calls, handling_time, interval)
    if traffic == 0:
        return Queue(agents, 0.0, 1.0, 0.0, 0.0)
    if traffic >= agents:
        return Queue(agents, 1.0, 0.0, 1.0, inf)
    return _queue(agents, float(traffic), _blocked(float(traffic), agents), handling_time, target_wait)


def agents_needed(
    *,
    calls: Number,
    handling_time: Number,
    interval: Number,
    target_wait: Number,
    service_level: Number,
    max_occupancy: Number = 1,
) -> Queue:
    """Return the queue with the fewest agents that reaches a service level and keeps them no busier than a share.

    Args:
        calls: How many come in the interval.
        handling_time: The mean of it, in any one unit of time.
        interval: How long the interval is, in the same unit.
        target_wait: Within what a call is answered in time, in the same unit.
        service_level: The share to reach, less than 1: with a queue nobody can promise everybody.
        max_occupancy: The share of time in which an agent may be busy, more than 0.

    Raises:
        StatisticsError: SV672 no amount, or more agents than can be meant, SV673 no share.

    Source:
        As `erlang_c`.

    Example:
        >>> need = agents_needed(calls=100, handling_time=3, interval=30, target_wait=1 / 3, service_level=0.8)
        >>> need.agents, positions_with_shrinkage(need.agents, 0.3)
        (14, 20)
    """
    refuse(
        bad_number("calls", calls, least=0),
        bad_number("handling_time", handling_time, above=0),
        bad_number("interval", interval, above=0),
        bad_number("target_wait", target_wait, least=0),
        bad_share("service_level", service_level),
        bad_share("max_occupancy", max_occupancy) or bad_number("max_occupancy", max_occupancy, above=0),
    )
    if service_level == 1:
        refuse(
            Problem(
                "SV673",
                "`service_level` is 1: no number of agents answers everybody in time.",
                path="service_level",
            )
        )
    traffic = _traffic(calls, handling_time, interval)
    if traffic == 0:
        return Queue(0, 0.0, 1.0, 0.0, 0.0)
    agents = max(traffic.__floor__() + 1, ceil(traffic / exact(max_occupancy)))
    refuse(_too_many(agents, "calls"))
    blocked = _blocked(float(traffic), agents)
    while (
        found := _queue(agents, float(traffic), blocked, handling_time, target_wait)
    ).service_level < service_level:
        agents += 1
        blocked = _one_more(blocked, float(traffic), agents)
    return found


def positions_with_shrinkage(agents: int, shrinkage: Number) -> int:
    """Return how many must be on the roster so that so many are at their desks: agents ÷ (1 − shrinkage), rounded up.

    Args:
        agents: How many are needed at work.
        shrinkage: The share of paid time in which people are not available: 0.3; less than 1.

    Raises:
        StatisticsError: SV670 no count, SV672 or SV673 no shrinkage.

    Source:
        Cleveland, B. (2012), Call Center Management on Fast Forward, 3rd ed., `rostered staff factor`.

    Example:
        >>> positions_with_shrinkage(14, 0.3), positions_with_shrinkage(15, 0.3)
        (20, 22)
    """
    refuse(bad_count("agents", agents), bad_share("shrinkage", shrinkage))
    if shrinkage == 1:
        refuse(Problem("SV673", "`shrinkage` is 1: then nobody is ever available.", path="shrinkage"))
    return ceil(agents / (1 - exact(shrinkage)))


def _too_many(agents: int, name: str) -> Problem | None:
    """Return the problem of a queue that nobody runs: the recursion takes a step an agent."""
    if agents <= MOST_AGENTS:
        return None
    return Problem(
        "SV672",
        f"{agents:,} agents: at most {MOST_AGENTS:,} are reckoned with.",
        help="is the handling time in the unit of the interval?",
        path=name,
    )


def _traffic(calls: Number, handling_time: Number, interval: Number) -> Fraction:
    return exact(calls) * exact(handling_time) / exact(interval)


def _blocked(traffic: float, agents: int) -> float:
    """Return Erlang's B: the share that finds all lines busy."""
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = _one_more(blocked, traffic, number)
    return blocked


def _one_more(blocked: float, traffic: float, agents: int) -> float:
    return traffic * blocked / (agents + traffic * blocked)


def _queue(agents: int, traffic: float, blocked: float, handling_time: Number, target_wait: Number) -> Queue:
    spare = agents - traffic
    waits = blocked / (1 - traffic / agents * (1 - blocked))
    late = waits * exp(-spare * float(target_wait) / float(handling_time))
    return Queue(agents, waits, 1 - late, traffic / agents, waits * float(handling_time) / spare)
