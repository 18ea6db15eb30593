"""The pictures of the pages on quality, drawn from the log of the incident desk.

python tests/docs/pictures.py     draws them anew; needs the extra `plot`
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import servstd

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "quality"
DESK = ROOT / "examples" / "incident-desk"
MODERATE = {"priority": "3 - Moderate"}
_GREY, _RED, _BLUE = "#888888", "#c93a4a", "#4c78a8"


def specs() -> dict[str, dict[str, Any]]:
    """Return every picture as a Vega-Lite specification, by its name."""
    book = servstd.load(DESK / "standards.yaml")
    log = servstd.read_events(DESK / "log.csv", options=book.events)
    report = servstd.evaluate(book, log)
    march = servstd.evaluate(book, log, as_of=datetime(2016, 3, 31, 23, tzinfo=UTC))
    return {
        "planning": march.curve("resolved").to_vega(),
        "assurance": _months(report),
        "control-resolved": report.chart("resolved", window="week").to_vega(),
        "control-closed": report.chart("closed", window="week", where=MODERATE).to_vega(),
        "improvement": _causes(report),
    }


def _months(report: servstd.Report) -> dict[str, Any]:
    """Return the share of each month with its interval, and the share that is promised."""
    rows = [
        {"month": one.window, "share": one.value, "low": one.low, "high": one.high, "decides": one.is_decided}
        for one in report.attainments
        if one.standard == "resolved" and one.judged
    ]
    x = {"field": "month", "type": "nominal", "title": None, "axis": {"labelAngle": 0}}
    y = {"type": "quantitative", "title": "share met", "axis": {"format": "%"}, "scale": {"domain": [0, 1]}}
    colour = {
        "condition": {"test": "datum.decides", "value": _BLUE},
        "value": _GREY,
    }
    return _layers(
        "resolved: 80% a month, with 95% intervals",
        rows,
        {"mark": {"type": "rule", "color": _RED, "strokeDash": [4, 3]}, "encoding": {"y": {"datum": 0.8}}},
        {"mark": {"type": "rule", "strokeWidth": 2},
         "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}, "color": colour}},
        {"mark": {"type": "point", "filled": True, "size": 70},
         "encoding": {"x": x, "y": y | {"field": "share"}, "color": colour}},
    )  # fmt: skip


def _causes(report: servstd.Report) -> dict[str, Any]:
    """Return how often incidents break by how often they were passed on, with intervals."""
    found = report.pareto("reassignment_count", standard="resolved").rows
    rows = [
        {
            "passed on": int(one.value),
            "share": float(one.rate),
            "low": one.bounds.low,
            "high": one.bounds.high,
        }
        for one in found
        if one.rate is not None and one.bounds is not None
    ]
    x = {"field": "passed on", "type": "ordinal", "title": "times passed on", "axis": {"labelAngle": 0}}
    y = {
        "type": "quantitative",
        "title": "share broken",
        "axis": {"format": "%"},
        "scale": {"domain": [0, 1]},
    }
    return _layers(
        "resolved: broken, by how often the incident was passed on",
        rows,
        {"mark": {"type": "bar", "opacity": 0.35}, "encoding": {"x": x, "y": y | {"field": "share"}}},
        {"mark": {"type": "rule", "strokeWidth": 2},
         "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}},
    )  # fmt: skip


def _layers(title: str, rows: list[dict[str, Any]], *layers: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": title,
        "data": {"values": rows},
        "layer": list(layers),
    }


def sized(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a picture as wide as a page holds."""
    return spec | {"width": 560, "height": 260, "background": "white", "padding": 10}


def mark_of(spec: dict[str, Any]) -> str:
    """Return what the file of a picture says of the data that it was drawn from."""
    text = json.dumps(sized(spec), sort_keys=True)
    return f"<!-- drawn from {hashlib.sha256(text.encode()).hexdigest()[:16]} -->"


def drawn(spec: dict[str, Any]) -> str:
    """Return a picture as SVG."""
    import altair as alt
    import vl_convert

    chart = alt.LayerChart.from_dict(sized(spec))
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    return re.sub(r"(<svg[^>]*>)", rf"\1\n{mark_of(spec)}\n", svg, count=1) + "\n"


if __name__ == "__main__":
    for name, spec in specs().items():
        (FOLDER / f"{name}.svg").write_text(drawn(spec), encoding="utf-8", newline="\n")
        sys.stdout.write(f"{name}.svg\n")
