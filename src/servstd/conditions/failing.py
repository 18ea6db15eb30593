"""Which parts of a condition do not hold, each with the value that was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from servstd.conditions.tree import All, Any, Node, Not, Test
from servstd.expressions import ABSENT, Environment, Facts

_LONGEST = 60
_OPPOSITES = {
    "eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "in": "not_in", "not_in": "in",
}  # fmt: skip


def failing_parts(node: Node, facts: Facts, environment: Environment) -> Iterator[str]:
    """Yield the tests of a condition for which it does not hold, with what was found: `b is at least 5 (it is 3)`.

    Of several that must all hold those that do not; of several of which one must hold all of them.

    Args:
        node: The condition, which does not hold.
        facts: What the event and its case carry.
        environment: What the condition asks.
    """
    if isinstance(node, Not):
        opposite = _OPPOSITES.get(node.part.operator) if isinstance(node.part, Test) else None
        if isinstance(node.part, Test) and opposite is not None:
            yield from failing_parts(replace(node.part, operator=opposite), facts, environment)
        else:
            yield f"it is otherwise than “{node.part.sentence()}”"
    elif isinstance(node, All | Any):
        for part in node.parts:
            if part.compile(environment)(facts) is not True:
                yield from failing_parts(part, facts, environment)
    else:
        found = node.field.evaluate(facts, environment)
        yield f"{node.sentence()} (it is {_shown(found)})"


def not_so(parts: Iterable[str]) -> str:
    """Return failing parts as one clause.

    Example:
        >>> not_so(["a is 2 (it is 1)", "b is at least 5 (it is 3)"])
        'it is not so that a is 2 (it is 1), nor that b is at least 5 (it is 3)'
    """
    return f"it is not so that {', nor that '.join(parts)}"


def _shown(value: object) -> str:
    if value is ABSENT:
        return "not carried"
    text = str(value)
    cut = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"“{cut}”" if isinstance(value, str) and not value.isalnum() else cut
