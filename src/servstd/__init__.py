"""Service-level standards: declare a promise, evaluate it over events, prove every verdict."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servstd.agreements import Agreement
    from servstd.book import Book
    from servstd.calendars import ALWAYS, Calendar
    from servstd.conditions import field
    from servstd.errors import (
        CalendarError,
        EvaluationError,
        EventsError,
        NeverOpens,
        Problem,
        ReadingError,
        ServstdError,
        StandardsError,
        StatisticsError,
        UncoveredYear,
    )
    from servstd.evaluation import evaluate
    from servstd.events import Event, Log, ReadOptions, read_events
    from servstd.improvement import Comparison, compare
    from servstd.lint import Finding
    from servstd.loading import load, loads
    from servstd.published import catalog
    from servstd.results.report import Report
    from servstd.rollups import rank
    from servstd.standards import (
        Bundle,
        Check,
        Consequence,
        Gauge,
        Metric,
        Objective,
        Order,
        Quantity,
        Respond,
        Scorecard,
    )

__version__ = "0.1.0"

_HOMES = {
    "servstd.agreements": ("Agreement",),
    "servstd.book": ("Book",),
    "servstd.calendars": ("ALWAYS", "Calendar"),
    "servstd.conditions": ("field",),
    "servstd.errors": (
        "CalendarError", "EvaluationError", "EventsError", "NeverOpens", "Problem", "ReadingError", "ServstdError",
        "StandardsError", "StatisticsError", "UncoveredYear",
    ),
    "servstd.evaluation": ("evaluate",),
    "servstd.events": ("Event", "Log", "ReadOptions", "read_events"),
    "servstd.lint": ("Finding",),
    "servstd.improvement": ("Comparison", "compare"),
    "servstd.loading": ("load", "loads"),
    "servstd.published": ("catalog",),
    "servstd.results.report": ("Report",),
    "servstd.rollups": ("rank",),
    "servstd.standards": (
        "Bundle", "Check", "Consequence", "Gauge", "Metric", "Objective", "Order", "Quantity", "Respond", "Scorecard",
    ),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ALWAYS",
    "Agreement",
    "Book",
    "Bundle",
    "Calendar",
    "CalendarError",
    "Check",
    "Comparison",
    "Consequence",
    "EvaluationError",
    "Event",
    "EventsError",
    "Finding",
    "Gauge",
    "Log",
    "Metric",
    "NeverOpens",
    "Objective",
    "Order",
    "Problem",
    "Quantity",
    "ReadOptions",
    "ReadingError",
    "Report",
    "Respond",
    "Scorecard",
    "ServstdError",
    "StandardsError",
    "StatisticsError",
    "UncoveredYear",
    "catalog",
    "compare",
    "evaluate",
    "field",
    "load",
    "loads",
    "rank",
    "read_events",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module `servstd` has no attribute `{name}`")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
