"""Improvement: what another book would have changed, whether it got better, and what to mend first."""

from __future__ import annotations

from servstd.improvement.comparing import Comparison, VerdictChange, compare
from servstd.improvement.pareto import Cause, Pareto, pareto_of
from servstd.improvement.periods import Of, Period, PeriodComparison, PeriodSpec, compare_periods

__all__ = [
    "Cause",
    "Comparison",
    "Of",
    "Pareto",
    "Period",
    "PeriodComparison",
    "PeriodSpec",
    "VerdictChange",
    "compare",
    "compare_periods",
    "pareto_of",
]
