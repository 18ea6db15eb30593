"""The kinds of standard: models that say what is promised, and compile to a plan."""

from __future__ import annotations

from servstd.standards.base import Standard
from servstd.standards.bundle import Bundle
from servstd.standards.check import Check
from servstd.standards.consequence import Consequence
from servstd.standards.exclusion import Exclude
from servstd.standards.gauge import Gauge
from servstd.standards.metric import Metric
from servstd.standards.objective import Objective
from servstd.standards.order import Order
from servstd.standards.override import Override
from servstd.standards.quantity import Quantity
from servstd.standards.respond import Respond
from servstd.standards.rollup import Rollup
from servstd.standards.scorecard import Item, Scorecard
from servstd.standards.source import Published, Source
from servstd.standards.surroundings import DayRule, Surroundings

AnyIndicator = Respond | Order | Quantity | Check | Gauge
AnyStandard = Respond | Order | Quantity | Check | Gauge | Bundle | Scorecard | Metric
KINDS: dict[str, type[Standard]] = {
    "respond": Respond,
    "order": Order,
    "quantity": Quantity,
    "check": Check,
    "gauge": Gauge,
    "bundle": Bundle,
    "scorecard": Scorecard,
    "metric": Metric,
}

__all__ = [
    "KINDS",
    "AnyIndicator",
    "AnyStandard",
    "Bundle",
    "Check",
    "Consequence",
    "DayRule",
    "Exclude",
    "Gauge",
    "Item",
    "Metric",
    "Objective",
    "Order",
    "Override",
    "Published",
    "Quantity",
    "Respond",
    "Rollup",
    "Scorecard",
    "Source",
    "Standard",
    "Surroundings",
]
