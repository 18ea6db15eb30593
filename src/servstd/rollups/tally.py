"""The tally: whole numbers counted over verdicts, which add up exactly however the verdicts are divided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

Figure = int | Fraction

OUTCOMES = ("met", "breached", "open", "excluded", "cancelled", "unknown")


@dataclass(frozen=True, slots=True)
class Tally:
    """Count verdicts by outcome, and add up what an objective needs beside.

    Tallies of any division of the verdicts add up to the tally of all: nothing in it is a float or a ratio.

    Args:
        met: How many were met.
        breached: How many were breached.
        open: How many are neither yet.
        excluded: How many are left out.
        cancelled: How many ended without a judgement.
        unknown: Of how many nothing is known.
        weight: The weights of those judged, added up; their number where nothing weighs.
        weight_met: The weights of those met.
        total: What those judged have used, times their weights, added up.
        values: What those judged have used, in ascending order; empty where no figure needs it.

    Example:
        >>> (Tally(met=2, weight=2, weight_met=2) + Tally(breached=1, weight=1)).judged
        3
    """

    met: int = 0
    breached: int = 0
    open: int = 0
    excluded: int = 0
    cancelled: int = 0
    unknown: int = 0
    weight: Figure = 0
    weight_met: Figure = 0
    total: Figure = 0
    values: Sequence[Any] = ()

    @property
    def judged(self) -> int:
        """Met and breached ones: the denominator."""
        return self.met + self.breached

    @property
    def number(self) -> int:
        """All of them."""
        return self.judged + self.open + self.excluded + self.cancelled + self.unknown

    def count(self, of: str) -> int:
        """Return how many there are of an outcome, or `judged`."""
        found: int = getattr(self, of)
        return found

    def __add__(self, other: Tally) -> Tally:
        values = tuple(sorted([*self.values, *other.values]))
        return Tally(
            self.met + other.met,
            self.breached + other.breached,
            self.open + other.open,
            self.excluded + other.excluded,
            self.cancelled + other.cancelled,
            self.unknown + other.unknown,
            self.weight + other.weight,
            self.weight_met + other.weight_met,
            self.total + other.total,
            values,
        )


def tallies_of(
    keys: Sequence[Any], outcomes: Sequence[str], values: Sequence[Any] | None, weights: Sequence[Any] | None
) -> dict[Any, Tally]:
    """Return the tally of every group of verdicts.

    Args:
        keys: The group of each.
        outcomes: The outcome of each.
        values: What each has used; None where no figure needs it.
        weights: What each weighs; None where each counts as one.
    """
    counts: dict[Any, dict[str, int]] = {}
    for (key, outcome), times in Counter(zip(keys, outcomes, strict=True)).items():
        counts.setdefault(key, {})[outcome] = times
    if values is None and weights is None:
        return {key: _counted(found) for key, found in counts.items()}
    held: dict[Any, list[tuple[Any, Figure, bool]]] = {key: [] for key in counts}
    for place, (key, outcome) in enumerate(zip(keys, outcomes, strict=True)):
        if outcome in OUTCOMES[:2]:
            weight = 1 if weights is None else weights[place]
            held[key].append((0 if values is None else values[place], weight, outcome == "met"))
    return {key: _weighed(found, held[key], has_values=values is not None) for key, found in counts.items()}


def _counted(found: dict[str, int]) -> Tally:
    tally = _plain(found)
    return replace(tally, weight=tally.judged, weight_met=tally.met)


def _plain(found: dict[str, int]) -> Tally:
    met, breached, open_, excluded, cancelled, unknown = (found.get(outcome, 0) for outcome in OUTCOMES)
    return Tally(met, breached, open_, excluded, cancelled, unknown)


def _weighed(found: dict[str, int], held: list[tuple[Any, Figure, bool]], *, has_values: bool) -> Tally:
    return replace(
        _plain(found),
        weight=sum(weight for _, weight, _ in held),
        weight_met=sum(weight for _, weight, is_met in held if is_met),
        total=sum(value * weight for value, weight, _ in held),
        values=tuple(sorted(value for value, _, _ in held)) if has_values else (),
    )
