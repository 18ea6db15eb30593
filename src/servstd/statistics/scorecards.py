"""Weighted scores of one reviewed contact: items that do not apply, items that fail it all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from servstd.errors import Problem, closest, listed
from servstd.statistics.inputs import Number, bad_share, refuse
from servstd.statistics.means import unpaired, weighted_mean


class Score(NamedTuple):
    """Be the score of one scorecard, in points of 100.

    Args:
        points: What counts: 0 where an item failed it all.
        raw_points: What it would be without that, so that coaching can see it; None where no item applied.
        failed_on: The items that failed it all.
        left_out: The items that did not apply; the others share their weight.

    Example:
        >>> weighted_score({"hello": 1, "law": 0}, {"hello": 3, "law": 1}, auto_fail=["law"])
        Score(points=Fraction(0, 1), raw_points=Fraction(75, 1), failed_on=('law',), left_out=())
    """

    points: Fraction | None
    raw_points: Fraction | None
    failed_on: tuple[str, ...]
    left_out: tuple[str, ...]

    def reaches(self, least: Number) -> bool | None:
        """Return whether the points are at least so many; None where nothing was scored."""
        return None if self.points is None else self.points >= least


def weighted_score(
    scores: Mapping[str, Number | None], weights: Mapping[str, Number], *, auto_fail: Iterable[str] = ()
) -> Score:
    """Return the weighted score of a reviewed contact.

    An item that does not apply (None) is left out and the rest weighs the whole: it is neither full marks nor none.
    An auto-fail item that is not fully met sets the points to 0 and keeps the raw ones beside.

    Args:
        scores: What each item reached, as a share of its full mark, 0 to 1; None where it does not apply.
        weights: The weight by item, in any unit.
        auto_fail: The items without which nothing else counts.

    Raises:
        StatisticsError: SV672 a negative weight, SV673 no share, SV678 an item without a weight or weights that add
            to 0.

    Source:
        The zero for a failed critical item: Amazon Connect, EvaluationScore.AutomaticFail; renormalising what does not
        apply is common to quality forms.

    Example:
        >>> weighted_score({"hello": 1, "tone": 0.5, "sale": None}, {"hello": 1, "tone": 1, "sale": 2}).points
        Fraction(75, 1)
    """
    failing = tuple(auto_fail)
    refuse(
        *(bad_share(f"scores.{name}", score) for name, score in scores.items() if score is not None),
        *(_unknown_item(name, scores) for name in failing if name not in scores),
        *unpaired("scores", scores, "weights", weights),
    )
    there = {name: score for name, score in scores.items() if score is not None}
    left_out = tuple(name for name in scores if name not in there)
    share = weighted_mean("scores", there, {name: weights[name] for name in there})
    failed = tuple(name for name in failing if there.get(name, 1) < 1)
    raw = None if share is None else share * 100
    return Score(Fraction(0) if failed else raw, raw, failed, left_out)


def _unknown_item(name: str, scores: Mapping[str, object]) -> Problem:
    near = closest(name, scores)
    return Problem(
        "SV674",
        f"unknown item `{name}`. Known: {listed(scores)}.",
        help=f"write `{near}`." if near else "",
        path="auto_fail",
    )
