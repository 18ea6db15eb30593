"""Ranking: segments in groups of equals, never in an order that chance could turn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from servstd.errors import EvaluationError, Problem, listed
from servstd.rollups.attainment import Attainment


class Tier(NamedTuple):
    """Be a group of segments that nothing tells apart.

    Args:
        place: 1 for the best group; the next counts from there, so after a group of two comes the third place.
        members: The attainments, by name and not by figure.
    """

    place: int
    members: tuple[Attainment, ...]


def rank(attainments: Iterable[Attainment]) -> tuple[Tier, ...]:
    """Return segments, agents or teams, in groups of equals, the best group first.

    A group begins only where the interval of every member before lies wholly above that of every member after. So
    nobody is placed above another whose interval overlaps his own, and a chain of overlaps is one group: people are
    not told apart by what chance alone would give. Segments without an interval, because nothing was judged or the
    figure has none, are left out.

    Args:
        attainments: Of one objective and one window, one a segment.

    Returns:
        The groups; the place of a group is one more than the number of those before it.

    Raises:
        EvaluationError: SV650, attainments of several objectives or windows.

    Source:
        Goldstein, H. and Spiegelhalter, D. J. (1996), League tables and their limitations, JRSS A 159: overlapping
        intervals do not rank.

    Example:
        >>> rank([])
        ()
    """
    rows = [one for one in attainments if one.low is not None and one.high is not None]
    _refuse_several(rows)
    less_is_better = bool(rows) and rows[0].wanted.is_most
    rows.sort(key=lambda one: -_ends(one, turned=less_is_better)[1])
    found: list[Tier] = []
    begun = 0
    for cut in range(1, len(rows) + 1):
        if cut == len(rows) or _is_apart(rows[:cut], rows[cut:], turned=less_is_better):
            members = sorted(rows[begun:cut], key=lambda one: one.segment)
            found.append(Tier(begun + 1, tuple(members)))
            begun = cut
    return tuple(found)


def _ends(one: Attainment, *, turned: bool) -> tuple[float, float]:
    """Return the ends of an interval, so turned that more is better."""
    low, high = one.low or 0.0, one.high or 0.0
    return (-high, -low) if turned else (low, high)


def _is_apart(before: list[Attainment], after: list[Attainment], *, turned: bool) -> bool:
    worst = min(_ends(one, turned=turned)[0] for one in before)
    best = max(_ends(one, turned=turned)[1] for one in after)
    return worst > best


def _refuse_several(rows: list[Attainment]) -> None:
    named = {f"{one.standard}: {one.objective}, {one.window}": None for one in rows}
    if len(named) > 1:
        raise EvaluationError(
            Problem(
                "SV650",
                f"these attainments are of several objectives or windows: {listed(named, most=4)}.",
                help="rank the segments of one: `[row for row in report.attainments if row.window == '2026-03']`.",
            )
        )
