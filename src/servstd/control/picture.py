"""A control chart as a Vega-Lite specification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servstd.control.chart import ControlChart

_HOUR_US = 3_600_000_000


def vega_of(chart: ControlChart) -> dict[str, Any]:
    """Return the picture of a chart: the figures as a line, centre and limits as steps, signals as red points."""
    scale, title, axis = _axis(chart)
    marked = {one.index for one in chart.signals}
    values = []
    for place, one in enumerate(chart.windows):
        found = (chart.chart.values[place], chart.chart.lower[place], chart.chart.upper[place])
        figure, lower, upper = (None if value is None else float(value) * scale for value in found)
        values.append(
            {"window": one.window, "figure": figure, "lower": lower, "upper": upper,
             "centre": float(chart.chart.centre) * scale, "signal": place in marked}
        )  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": f"{chart.standard}: {chart.objective}",
        "data": {"values": values},
        "layer": [
            *(_line(name, title, axis, mark=_LIMIT) for name in ("lower", "upper")),
            _line("centre", title, axis, mark={"type": "line", "color": "#888"}),
            _line("figure", title, axis, mark={"type": "line"}),
            _line("figure", title, axis, mark={"type": "point", "filled": True})
            | {"encoding": _points(title, axis, has_signals=bool(marked))},
        ],
    }


_LIMIT = {"type": "line", "interpolate": "step", "strokeDash": [4, 3], "color": "#888"}
_WINDOW = {"field": "window", "type": "ordinal", "title": None, "sort": None}


def _line(field: str, title: str, axis: dict[str, Any], *, mark: dict[str, Any]) -> dict[str, Any]:
    return {
        "mark": mark,
        "encoding": {
            "x": _WINDOW,
            "y": {"field": field, "type": "quantitative", "title": title, "axis": axis},
        },
    }


def _points(title: str, axis: dict[str, Any], *, has_signals: bool) -> dict[str, Any]:
    return {
        "x": _WINDOW,
        "y": {"field": "figure", "type": "quantitative", "title": title, "axis": axis},
        "color": {
            "field": "signal",
            "type": "nominal",
            "scale": {"domain": [False, True], "range": ["#4c78a8", "#c93a4a"]},
            "title": None,
            "legend": {"values": [True], "labelExpr": "'signal'"} if has_signals else None,
        },
    }


def _axis(chart: ControlChart) -> tuple[float, str, dict[str, Any]]:
    if chart.kind in ("p", "laney_p") or chart.unit == "share":
        return 1.0, "share met", {"format": "%"}
    if chart.unit == "time":
        return 1 / _HOUR_US, "hours", {}
    return 1.0, "breaches per judged" if chart.unit == "rate" else chart.unit, {}
