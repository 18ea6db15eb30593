"""How figures are written for readers: as short as can be without ever crossing the bound."""

from __future__ import annotations

from fractions import Fraction
from math import copysign, inf
from sys import float_info

from servstd.durations import HOUR, MINUTE, SECOND, format_duration
from servstd.standards.bound import Bound, exact_text, number_text, percent_text

_STEPS_US = (HOUR, MINUTE, SECOND, SECOND // 10, SECOND // 1000, 1)
_SHORT = {"share": 1, "dates": 1, "rate": 2}
"""Decimals of a figure where one more is noise."""


def share_text(met: int, judged: int, bound: Fraction = Fraction(1)) -> str:
    """Return a share with as many digits as keep it on its own side of the bound, of none and of all.

    Example:
        >>> share_text(19, 20), share_text(2, 3), share_text(9_499, 10_000, Fraction(95, 100))
        ('95%', '66.7%', '94.99%')
    """
    return figure_text(Fraction(met, judged), Bound(bound))


def figure_text(value: int | Fraction, bound: Bound) -> str:
    """Return a figure with as many digits as keep it on its own side of the bound; of a share, of none and of all.

    Args:
        value: The figure, in the unit of the bound.
        bound: What it is compared with.

    Example:
        >>> figure_text(Fraction(2_104_000_001, 1), Bound(Fraction(2_104_000_000), "le", "time"))
        '35m 4.000001s'
        >>> figure_text(Fraction(7, 3), Bound(Fraction(3), "le", "number"))
        '2.33'
    """
    exact = Fraction(value)
    marks = [bound.value, Fraction(0), *([Fraction(1)] if bound.unit == "share" else [])]
    for shown in _roundings(exact, bound.unit):
        if all((shown > mark) == (exact > mark) and (shown < mark) == (exact < mark) for mark in marks):
            return _text(shown, bound)
    nearest = min(marks, key=lambda mark: abs(mark - exact))
    return f"just {'over' if exact > nearest else 'under'} {_text(nearest, bound)}"


def as_float(value: int | Fraction) -> float:
    """Return a figure for reading; one beyond every float is the greatest of them, for JSON knows no infinity.

    Example:
        >>> as_float(Fraction(1, 4)), as_float(10**400) > 10**300
        (0.25, True)
    """
    try:
        return float(value)
    except OverflowError:
        return copysign(float_info.max, value > 0 or -1)


def rate_text(rate: Fraction | float | None) -> str:
    """Return a burn rate for a reader: `14.4 ×`, `infinite`, `-` where nothing was judged.

    Example:
        >>> rate_text(Fraction(72, 5)), rate_text(float("inf")), rate_text(None)
        ('14.4 ×', 'infinite', '-')
    """
    if rate is None:
        return "-"
    return "infinite" if rate == inf else f"{number_text(_rounded(Fraction(rate), Fraction(1, 100)), 2)} ×"


def written_rate(rate: Fraction | float | None) -> float | str | None:
    """Return a burn rate as JSON can write it: `infinite` is no number there."""
    return rate if rate is None else "infinite" if rate == inf else float(rate)


def _roundings(value: Fraction, unit: str) -> list[Fraction]:
    """Return a figure rounded, the shortest first."""
    if unit == "time":
        return [_rounded(value, Fraction(step)) for step in _STEPS_US if step <= _coarsest(abs(value))]
    first = _SHORT.get(unit, 2)
    return [
        _rounded(value, Fraction(1, (100 if unit == "share" else 1) * 10**places))
        for places in range(first, 10)
    ]


def _coarsest(size: Fraction) -> int:
    """Return the step beside which a length of this size has two greatest units."""
    if size >= 100 * HOUR:
        return HOUR
    if size >= HOUR:
        return MINUTE
    if size >= MINUTE:
        return SECOND
    return SECOND // 10 if size >= SECOND else 1


def _rounded(value: Fraction, step: Fraction) -> Fraction:
    """Return the nearest multiple of a step, the one away from 0 of two."""
    half = Fraction(1, 2)
    return step * (int(abs(value) / step + half)) * (-1 if value < 0 else 1)


def _text(value: Fraction, bound: Bound) -> str:
    if bound.unit == "time":
        return format_duration(int(value))
    if bound.unit == "share":
        return percent_text(value)
    if bound.unit == "rate":
        return number_text(value)
    return exact_text(value, bound.unit)
