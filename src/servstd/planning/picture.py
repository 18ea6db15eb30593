"""The attainment curve as a Vega-Lite specification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servstd.planning.curve import AttainmentCurve

MOST_POINTS = 500
"""Steps that are drawn; between more than these nobody sees a difference."""

_HOUR_US = 3_600_000_000


def vega_of(curve: AttainmentCurve) -> dict[str, Any]:
    """Return the picture of a curve: a step line of the share by the limit, with its 95 % interval as a band."""
    scale, title = (1 / _HOUR_US, "limit (hours)") if curve.unit == "time" else (1.0, f"limit ({curve.unit})")
    values = []
    for amount, share in thinned(curve.points()):
        bounds = curve.steps.bounds_by(amount)
        values.append(
            {"limit": float(amount) * scale, "share": share, "low": bounds.low, "high": bounds.high}
        )
    x = {"field": "limit", "type": "quantitative", "title": title}
    axis = {"format": "%"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": f"{curve.standard}: share met by limit",
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.2},
                "encoding": {
                    "x": x,
                    "y": {"field": "low", "type": "quantitative", "title": "share met", "axis": axis},
                    "y2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "line", "interpolate": "step-after"},
                "encoding": {"x": x, "y": {"field": "share", "type": "quantitative", "axis": axis}},
            },
        ],
    }


def thinned(points: list[Any], *, most: int = MOST_POINTS) -> list[Any]:
    """Return at most so many of the points, evenly taken, the first and the last among them.

    Example:
        >>> thinned([0, 1, 2, 3, 4, 5, 6, 7, 8], most=3)
        [0, 4, 8]
    """
    if len(points) <= most:
        return points
    places = [round(step * (len(points) - 1) / (most - 1)) for step in range(most)]
    return [points[place] for place in places]
