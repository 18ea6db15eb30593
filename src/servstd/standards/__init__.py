"""The kinds of standard: models that say what is promised, and compile to a plan."""

from __future__ import annotations

from servstd.standards.base import DayRule, Exclude, Override, Source, Standard, Surroundings
from servstd.standards.check import Check
from servstd.standards.gauge import Gauge
from servstd.standards.objective import Objective
from servstd.standards.order import Order
from servstd.standards.quantity import Quantity
from servstd.standards.respond import Respond

AnyStandard = Respond | Order | Quantity | Check | Gauge
KINDS: dict[str, type[Standard]] = {
    "respond": Respond,
    "order": Order,
    "quantity": Quantity,
    "check": Check,
    "gauge": Gauge,
}

__all__ = [
    "KINDS",
    "AnyStandard",
    "Check",
    "DayRule",
    "Exclude",
    "Gauge",
    "Objective",
    "Order",
    "Override",
    "Quantity",
    "Respond",
    "Source",
    "Standard",
    "Surroundings",
]
