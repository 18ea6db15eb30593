"""Conditions: one typed tree, from a book or from Python, decided three-valued over an event and its case."""

from __future__ import annotations

from servstd.conditions.builder import FieldBuilder, field
from servstd.conditions.condition import Condition, ConditionField, parse_condition
from servstd.expressions import ABSENT, Environment, Facts, FieldFacts

__all__ = [
    "ABSENT",
    "Condition",
    "ConditionField",
    "Environment",
    "Facts",
    "FieldBuilder",
    "FieldFacts",
    "field",
    "parse_condition",
]
