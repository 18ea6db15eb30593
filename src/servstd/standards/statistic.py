"""Which figure of the verdicts an objective is about: a share, a mean, a percentile, a count, a rate."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any, Literal, NamedTuple, get_args

from servstd.errors import Problem, StandardsError, listed
from servstd.keys import unknown_key_among
from servstd.models import shown
from servstd.standards.bound import (
    Bound,
    Op,
    read_count_bound,
    read_figure_bound,
    read_rate_bound,
    read_share_bound,
)

Of = Literal["breached", "met", "judged", "open", "cancelled", "excluded", "unknown"]

STATISTICS = ("share", "mean", "median", "max", "count", "rate")
"""Beside percentiles: `p90`."""
COUNTABLE: tuple[str, ...] = get_args(Of)
PERCENTILE = re.compile(r"p([0-9]{1,2}(?:\.[0-9]{1,3})?)")


class Statistic(NamedTuple):
    """Name a figure of many verdicts.

    Example:
        >>> Statistic.named("p90").rank, Statistic.named("median").rank
        (Fraction(9, 10), Fraction(1, 2))
    """

    name: str
    """`share`, `mean`, `median`, `max`, `p90`, `count` or `rate`."""
    rank: Fraction | None = None
    """Which part of the values lies at or below it, for what is found by rank: 1 for the maximum."""

    @classmethod
    def named(cls, name: str) -> Statistic:
        """Return the statistic of a name.

        Raises:
            StandardsError: SV605, no percentile between 0 and 100.
        """
        if name == "median":
            return cls(name, Fraction(1, 2))
        if name == "max":
            return cls(name, Fraction(1))
        found = PERCENTILE.fullmatch(name)
        if found is None:
            return cls(name)
        rank = Fraction(found[1]) / 100
        if rank == 0:
            raise StandardsError(
                Problem("SV605", f"`{name}` is the least of all, and promises nothing.", help="write `p90`.")
            )
        return cls(name, rank)

    @property
    def is_figure(self) -> bool:
        """Whether it is found from what each case used, and not from how many were met."""
        return self.rank is not None or self.name == "mean"

    def place(self, number: int) -> int:
        """Return the place, from 1, of the value by nearest rank among `number` sorted ones.

        Source:
            Nearest rank: the least value at or below which at least the asked part of all lies.

        Example:
            >>> Statistic.named("p90").place(10), Statistic.named("p90").place(11), Statistic.named("median").place(4)
            (9, 10, 2)
        """
        rank = self.rank or Fraction(1)
        return max(-(-rank.numerator * number // rank.denominator), 1)


def statistics_in(data: Mapping[str, Any]) -> list[str]:
    """Return the names of the statistics among keys: `share`, `mean`, `p90` and so on."""
    return [name for name in data if name in STATISTICS or PERCENTILE.fullmatch(str(name))]


def unknown_keys(data: Mapping[str, Any], known: list[str]) -> list[Problem]:
    """Return the problem of each key that an objective does not have.

    Args:
        data: What the author wrote.
        known: Its keys, percentiles apart.
    """
    return [
        Problem("SV102", f"unknown key `{name}`: the most of all is a `max`.", "write `max`.", path=str(name))
        if str(name).partition(".")[0] == "p100"
        else unknown_key_among(str(name), known).at(path=str(name))
        for name in data
        if name not in known and not PERCENTILE.fullmatch(str(name))
    ]


def bounds_of_no_amount(data: Mapping[str, Any]) -> list[Problem]:
    """Return the problem of each bound that is true or false, which would count as 1 or 0."""
    return [
        Problem("SV601", f"`{name}: {shown(data[name])}` is no bound.", help="write an amount.", path=name)
        for name in statistics_in(data)
        if any(isinstance(one, bool) for one in _said(data[name]))
    ]


def _said(bound: object) -> Collection[object]:
    return bound.values() if isinstance(bound, Mapping) else (bound,)


def one_statistic(data: Mapping[str, Any]) -> str:
    """Return the one statistic that an objective names.

    Raises:
        StandardsError: SV600, none or several.
    """
    found = statistics_in(data)
    if len(found) == 1:
        return found[0]
    if found:
        raise StandardsError(
            Problem(
                "SV600",
                f"an objective is about one figure, not {listed(found)}.",
                help="write several objectives: `objectives: [{share: 90%, …}, {p90: 40 minutes, …}]`.",
                path=found[1],
            )
        )
    raise StandardsError(
        Problem("SV600", "an objective without a figure promises nothing.", help="write `share: 95%`.")
    )


class Bounded(NamedTuple):
    """What the statistics of a standard are taken over, and the direction of its own bound.

    A scorecard promises at least 85 points, so a bare `mean: 85` is at least 85. The verdict of a level says by how
    much its bound was passed; the figure is the level itself.

    Example:
        >>> Bounded("le", Fraction(8)).figure(-2), Bounded("ge", Fraction(2), -1).figure(-3)
        (Fraction(6, 1), Fraction(5, 1))
    """

    op: Op | None = "le"
    """How a case stands to the standard's own bound; None where it has none, or one on either side."""
    base: Fraction | None = Fraction(0)
    """What a verdict counts from; None where no one figure can be read off it."""
    sign: int = 1
    """Whether it counts upwards from there, or downwards."""

    def figure(self, used: Any) -> Any:
        """Return the figure of a verdict, by what it says was used; None stays."""
        is_plain = not self.base and self.sign == 1
        return used if used is None or is_plain else (self.base or 0) + self.sign * Fraction(used)


def read_bound(
    name: str, written: object, *, of: str | None, bounded: Bounded, is_backlog: bool = False
) -> Bound:
    """Return the bound of a statistic.

    Args:
        name: The statistic.
        written: What the author wrote.
        of: What a share, a count or a rate counts, where the author says it; more met is better, and fewer breached.
        bounded: Which way the standard's own bound points, for a bare mean, median, maximum or percentile.
        is_backlog: Whether what is counted is still open, as in a census: then fewer is better.

    Raises:
        StandardsError: SV153, SV601, SV603, SV614.
    """
    op: Op = "ge" if of in ("met", "judged") and not is_backlog else "le"
    if name == "share":
        return read_share_bound(written, of="met" if of == "met" else "breached" if of == "breached" else "")
    if name == "count":
        return read_count_bound(written, op=op)
    if name == "rate":
        return read_rate_bound(written, op=op)
    return read_figure_bound(written, bounded.op or "le")
