"""Expressions: what may stand on the right of a comparison, or as a bound.

`$name` is the event's field, else the case's; `48 hours before $appointment_at` an instant; `ceil($small /
3)` linear arithmetic. All is parsed into a frozen tree, exact, and evaluated over `Facts`; nothing is ever
`eval`ed.
"""

from __future__ import annotations

from servstd.expressions.nodes import Arithmetic, Call, Constant, Expression, Field, Span
from servstd.expressions.parser import (
    field_from,
    is_arithmetic,
    parse_amount,
    parse_expression,
    parse_figure,
    parse_name,
    written_names,
)
from servstd.expressions.values import (
    ABSENT,
    EMPTY,
    Absent,
    Day,
    Duration,
    Environment,
    Facts,
    FieldFacts,
    OverlaidFacts,
    look_up,
)

__all__ = [
    "ABSENT",
    "EMPTY",
    "Absent",
    "Arithmetic",
    "Call",
    "Constant",
    "Day",
    "Duration",
    "Environment",
    "Expression",
    "Facts",
    "Field",
    "FieldFacts",
    "OverlaidFacts",
    "Span",
    "field_from",
    "is_arithmetic",
    "look_up",
    "parse_amount",
    "parse_expression",
    "parse_figure",
    "parse_name",
    "written_names",
]
