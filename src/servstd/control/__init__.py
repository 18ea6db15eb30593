"""Control: whether attainments in time show a change, or the same process as before."""

from __future__ import annotations

from servstd.control.chart import ChartSignal, ControlChart, Kind, chart_of

__all__ = ["ChartSignal", "ControlChart", "Kind", "chart_of"]
