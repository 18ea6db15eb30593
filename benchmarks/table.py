"""One table for every benchmark: name, figure, bound, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Figure(NamedTuple):
    """Hold one row of a benchmark's table.

    Args:
        name: What was measured.
        value: What came out, as text.
        bound: What was to come out, as text; empty where there is no bound.
        ok: Whether it holds; None where there is no bound.
    """

    name: str
    value: str
    bound: str = ""
    ok: bool | None = None


def table(figures: Iterable[Figure]) -> str:
    """Return the figures in aligned columns: `name value bound ok`."""
    rows = [("name", "figure", "bound", "ok"), *((f.name, f.value, f.bound, _word(f.ok)) for f in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    return "\n".join(
        f"{name:<{widths[0]}}  {value:>{widths[1]}}  {bound:<{widths[2]}}  {ok}".rstrip()
        for name, value, bound, ok in rows
    )


def at_least(name: str, part: int, whole: int, bound: float) -> Figure:
    """Return the row of a share that must reach a bound, both in percent."""
    share = 100 * part / whole if whole else 0.0
    return Figure(
        name, f"{share:.3f} % ({part:,} of {whole:,})", f">= {bound:g} %", whole > 0 and share >= bound
    )


def equals(name: str, value: object, bound: object) -> Figure:
    """Return the row of a figure that must be exactly this."""
    return Figure(name, str(value), f"= {bound}", value == bound)


def _word(ok: bool | None) -> str:
    return "" if ok is None else "yes" if ok else "NO"
