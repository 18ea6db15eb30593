"""SERVQUAL: how far the service that customers perceive lies from the one they expect."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from servstd.statistics.inputs import Number, bad_number, exact, refuse
from servstd.statistics.means import unpaired, weighted_mean


def gaps(expected: Mapping[str, Number], perceived: Mapping[str, Number]) -> dict[str, Fraction]:
    """Return perception minus expectation by dimension: below 0 the service falls short of what was expected.

    Args:
        expected: The mean expectation by dimension.
        perceived: The mean perception by dimension; the same names.

    Raises:
        StatisticsError: SV672 no number, SV678 a dimension on one side only.

    Source:
        Parasuraman, A., Zeithaml, V. A. and Berry, L. L. (1988), SERVQUAL, Journal of Retailing 64, 12-40.

    Example:
        >>> gaps({"reliability": 6.5}, {"reliability": 5.4})
        {'reliability': Fraction(-11, 10)}
    """
    refuse(*unpaired("expected", expected, "perceived", perceived))
    refuse(
        *(bad_number(f"expected.{name}", value) for name, value in expected.items()),
        *(bad_number(f"perceived.{name}", value) for name, value in perceived.items()),
    )
    return {name: exact(perceived[name]) - exact(expected[name]) for name in expected}


def gap_score(gap_by: Mapping[str, Number], weights: Mapping[str, Number] | None = None) -> Fraction | None:
    """Return the mean gap, each dimension weighted by what customers say it matters to them.

    Args:
        gap_by: The gap by dimension.
        weights: The importance by dimension, in any unit: points of 100; None where all matter the same.

    Returns:
        The score, or None without dimensions.

    Raises:
        StatisticsError: SV672 no number or a negative weight, SV678 a name on one side only, or weights that add to 0.

    Source:
        Parasuraman, A., Zeithaml, V. A. and Berry, L. L. (1988), SERVQUAL, Journal of Retailing 64, 12-40.

    Example:
        >>> gap_score({"reliability": -1, "empathy": -0.5}, {"reliability": 3, "empathy": 1})
        Fraction(-7, 8)
    """
    return weighted_mean("gap_by", gap_by, dict.fromkeys(gap_by, 1) if weights is None else weights)
