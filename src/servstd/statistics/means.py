"""Weighted means, exact."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from servstd.errors import Problem, closest
from servstd.statistics.inputs import Number, bad_number, exact, refuse


def weighted_mean(name: str, values: Mapping[str, Number], weights: Mapping[str, Number]) -> Fraction | None:
    """Return Σ weight × value ÷ Σ weight, exact; None without values.

    Raises:
        StatisticsError: SV672 no number or a negative weight, SV678 a name on one side only, or weights that add to 0.

    Example:
        >>> weighted_mean("marks", {"a": 1, "b": 0}, {"a": 3, "b": 1})
        Fraction(3, 4)
    """
    refuse(*unpaired(name, values, "weights", weights))
    refuse(
        *(bad_number(f"{name}.{one}", value) for one, value in values.items()),
        *(bad_number(f"weights.{one}", weight, least=0) for one, weight in weights.items()),
    )
    if not values:
        return None
    whole = sum((exact(weight) for weight in weights.values()), Fraction(0))
    if whole == 0:
        refuse(Problem("SV678", "the weights add to 0, so nothing counts.", path="weights"))
    return sum((exact(values[one]) * exact(weights[one]) for one in values), Fraction(0)) / whole


def unpaired(
    one: str, first: Mapping[str, object], other: str, second: Mapping[str, object]
) -> list[Problem]:
    """Return a problem for each name that only one of two mappings has."""
    found = []
    for here, names, there, others in ((one, first, other, second), (other, second, one, first)):
        for name in names:
            if name not in others:
                near = closest(str(name), map(str, others))
                help_ = f"is it `{near}`?" if near else ""
                found.append(
                    Problem("SV678", f"`{name}` is in `{here}` and not in `{there}`.", help=help_, path=here)
                )
    return found
