"""Tests for special causes: patterns of a control chart that chance alone rarely makes, each with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from servstd.statistics.inputs import bad_choice, refuse

Deviations = Sequence[float | None]
"""How many σ each point lies above the centre; None where a point has no value."""


class SpecialCause(NamedTuple):
    """Be one test for special causes.

    Args:
        name: What it looks for.
        source: Who published it.
        length: How many points it looks at together, at most.
        least: How many it needs: two of three are found with two.
        finds: Whether so many deviations in a row, oldest first, are a signal.
    """

    name: str
    source: str
    length: int
    least: int
    finds: Callable[[Sequence[float]], bool]


@dataclass(frozen=True, slots=True)
class Signal:
    """Be a pattern that was found.

    Args:
        index: The point that completes it, counted from 0; it lies on the side that the pattern is about.
        test: The name of the test.
        points: The points that were looked at together.

    Example:
        >>> signals([0.1, 3.2], tests=["beyond_limits"])
        (Signal(index=1, test='beyond_limits', points=(1,)),)
    """

    index: int
    test: str
    points: tuple[int, ...]


def signals(deviations: Deviations, *, tests: Iterable[str] | None = None) -> tuple[Signal, ...]:
    """Return every signal, in the order of points and tests.

    A point exactly on the centre lies on no side; one exactly on a limit is not beyond it. A point without a value
    interrupts every pattern. A pattern that goes on signals again at each further point.

    Args:
        deviations: How many σ each point lies above the centre; None where it has no value.
        tests: Names of `TESTS`; the four of Western Electric when left out. Each more test is one more false alarm.

    Raises:
        StatisticsError: SV674 no such test.

    Example:
        >>> [one.index for one in signals([0.5] * 9, tests=["eight_on_one_side"])]
        [7, 8]
    """
    names = WESTERN_ELECTRIC if tests is None else tuple(tests)
    refuse(*(bad_choice("test", name, TESTS) for name in names))
    found = []
    start = 0
    for index, deviation in enumerate(deviations):
        if deviation is None:
            start = index + 1
            continue
        for name in names:
            points = tuple(range(max(start, index + 1 - TESTS[name].length), index + 1))
            stretch = [one for one in (deviations[point] for point in points) if one is not None]
            if len(stretch) >= TESTS[name].least and TESTS[name].finds(stretch):
                found.append(Signal(index, name, points))
    return tuple(found)


def _on_last_side(stretch: Sequence[float], sigmas: float) -> int:
    """Return how many points lie further out than so many σ on the side of the last; 0 if the last does not."""
    side = 1 if stretch[-1] > 0 else -1
    return sum(point * side > sigmas for point in stretch) if stretch[-1] * side > sigmas else 0


def _at_least(count: int, sigmas: float) -> Callable[[Sequence[float]], bool]:
    return lambda stretch: _on_last_side(stretch, sigmas) >= count


def _is_trend(stretch: Sequence[float]) -> bool:
    steps = [then - here for here, then in pairwise(stretch)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)


def _alternates(stretch: Sequence[float]) -> bool:
    steps = [then - here for here, then in pairwise(stretch)]
    return all(here * then < 0 for here, then in pairwise(steps))


def _stays_near(stretch: Sequence[float]) -> bool:
    return all(abs(point) < 1 for point in stretch)


def _keeps_away(stretch: Sequence[float]) -> bool:
    return all(abs(point) > 1 for point in stretch)


_SHEWHART = "Shewhart (1931)"
_WESTERN = "Western Electric (1956), Statistical Quality Control Handbook, p. 25-28"
_NELSON = (
    "Nelson (1984), The Shewhart control chart: tests for special causes, J. Quality Technology 16, 237-239"
)

TESTS: Mapping[str, SpecialCause] = {
    one.name: one
    for one in (
        SpecialCause(
            "beyond_limits", f"{_SHEWHART}; Western Electric test 1; Nelson test 1", 1, 1, _at_least(1, 3)
        ),
        SpecialCause(
            "two_of_three_beyond_2_sigma", f"{_WESTERN}, test 2; Nelson test 5", 3, 2, _at_least(2, 2)
        ),
        SpecialCause(
            "four_of_five_beyond_1_sigma", f"{_WESTERN}, test 3; Nelson test 6", 5, 4, _at_least(4, 1)
        ),
        SpecialCause("eight_on_one_side", f"{_WESTERN}, test 4", 8, 8, _at_least(8, 0)),
        SpecialCause("nine_on_one_side", f"{_NELSON}, test 2", 9, 9, _at_least(9, 0)),
        SpecialCause("six_rising_or_falling", f"{_NELSON}, test 3", 6, 6, _is_trend),
        SpecialCause("fourteen_alternating", f"{_NELSON}, test 4", 14, 14, _alternates),
        SpecialCause("fifteen_within_1_sigma", f"{_NELSON}, test 7", 15, 15, _stays_near),
        SpecialCause("eight_beyond_1_sigma", f"{_NELSON}, test 8", 8, 8, _keeps_away),
    )
}
"""Every test by name."""

WESTERN_ELECTRIC: tuple[str, ...] = (
    "beyond_limits", "two_of_three_beyond_2_sigma", "four_of_five_beyond_1_sigma", "eight_on_one_side",
)  # fmt: skip
"""The four zone tests of Western Electric."""

NELSON: tuple[str, ...] = (
    "beyond_limits", "nine_on_one_side", "six_rising_or_falling", "fourteen_alternating",
    "two_of_three_beyond_2_sigma", "four_of_five_beyond_1_sigma", "fifteen_within_1_sigma", "eight_beyond_1_sigma",
)  # fmt: skip
"""Nelson's eight, in his order."""
