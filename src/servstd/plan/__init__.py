"""What an executor reads: signals, a machine, measures, terms. The vocabulary, and no loop over events."""

from __future__ import annotations

from servstd.plan.bound import Limit
from servstd.plan.machine import Machine
from servstd.plan.plan import Plan, SignalProgram, Terms
from servstd.plan.signals import Signal

__all__ = ["Limit", "Machine", "Plan", "Signal", "SignalProgram", "Terms"]
