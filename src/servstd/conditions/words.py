"""A test in English words that a manager could sign."""

from __future__ import annotations

from typing import Final

from servstd.expressions import Constant, Expression, Field, Span
from servstd.expressions.nodes import field_words, words_joined
from servstd.expressions.values import is_zoneless, moment_from
from servstd.intervals import Instant

_PHRASES: Final = {
    "eq": "is",
    "ne": "is not",
    "lt": "is less than",
    "le": "is at most",
    "gt": "is more than",
    "ge": "is at least",
    "contains": "contains",
    "mentions": "mentions",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "like": "looks like",
    "matches": "matches the pattern",
}
_MOMENTS: Final = {
    "eq": "is",
    "ne": "is not",
    "lt": "is earlier than",
    "le": "is no later than",
    "gt": "is later than",
    "ge": "is no earlier than",
}


def sentence_of(field: Field, operator: str, operands: tuple[Expression, ...]) -> str:
    """Return one test in words: `minutes is at least 5`."""
    subject = subject_words(field)
    shown = [_quoted(operand) for operand in operands]
    if operator == "exists":
        is_wanted = isinstance(operands[0], Constant) and operands[0].value is True
        return f"{subject} is {'given' if is_wanted else 'not given'}"
    if operator == "open_in":
        return f"{subject} falls in the opening hours of {shown[0]}"
    if operator == "open_until":
        return f"{subject} falls in the opening hours of {shown[0]} or ends them"
    if operator in ("in", "not_in"):
        if len(shown) == 1:
            not_ = "not " if operator == "not_in" else ""
            among = "" if isinstance(operands[0], Constant) else "among "
            return f"{subject} is {not_}{among}{shown[0]}"
        return (
            f"{subject} is {words_joined(shown, 'or')}"
            if operator == "in"
            else f"{subject} is neither {words_joined(shown, 'nor')}"
        )
    phrases = _MOMENTS if operator in _MOMENTS and _is_moment(field, operands[0]) else _PHRASES
    return f"{subject} {phrases[operator]} {shown[0]}"


def subject_words(field: Field) -> str:
    """Return the left side in words."""
    if field.is_time:
        return "its time"
    return f"the {field.scope}'s {field_words(field.name)}" if field.scope else field_words(field.name)


def _is_moment(field: Field, operand: Expression) -> bool:
    if field.is_time or isinstance(operand, Span):
        return True
    if not isinstance(operand, Constant):
        return False
    value = operand.value
    return isinstance(value, Instant) or (
        isinstance(value, str) and (is_zoneless(value) or moment_from(value, None) is not None)
    )


def _quoted(operand: Expression) -> str:
    """Return an operand in words; text that could be mistaken for grammar stands in quotes."""
    text = operand.sentence()
    if isinstance(operand, Constant) and isinstance(operand.value, str) and (" " in text or not text):
        return f"“{text}”"
    return text
