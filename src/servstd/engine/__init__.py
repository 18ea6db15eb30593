"""The executors: they read plans and rows, and know no standard by name."""

from __future__ import annotations

from servstd.engine.obligation import Obligation, Segment
from servstd.engine.stepper import Carry, step

__all__ = ["Carry", "Obligation", "Segment", "step"]
