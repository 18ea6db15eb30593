"""A chart in one line of text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

BARS = "▁▂▃▄▅▆▇█"
MOST = 80


def sparkline(labels: Sequence[str], values: Sequence[Fraction | None], marked: Collection[int] = ()) -> str:
    """Return values as a line of bars from the least to the greatest, and a line that marks some of them.

    Args:
        labels: The name of each; the first and the last are written beside.
        values: The values; None leaves a gap.
        marked: The places to mark.

    Example:
        >>> print(sparkline(["Jan", "Feb", "Mar"], [Fraction(1), None, Fraction(8)], {2}))
        Jan ▁ █ Mar
              ×
    """
    first = max(len(values) - MOST, 0)
    shown = values[first:]
    there = [value for value in shown if value is not None]
    if not there:
        return "no value"
    low, high = min(there), max(there)
    bars = "".join(" " if value is None else _bar(value, low, high) for value in shown)
    marks = "".join("×" if place in marked else " " for place in range(first, len(values))).rstrip()
    lines = [f"{labels[first]} {bars} {labels[-1]}"]
    return "\n".join([*lines, " " * (len(labels[first]) + 1) + marks] if marks else lines)


def _bar(value: Fraction, low: Fraction, high: Fraction) -> str:
    if low == high:
        return BARS[len(BARS) // 2]
    return BARS[min(int((value - low) / (high - low) * len(BARS)), len(BARS) - 1)]
