"""The typed tree of a condition, its three-valued reading, and its words.

`Test` compares one field; `All`, `Any` and `Not` join. A tree compiles once to closures over `Facts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from servstd.conditions import operators, words
from servstd.expressions import Environment, Expression, Facts, Field

Decision: TypeAlias = bool | None
Decide: TypeAlias = Callable[[Facts], Decision]


@dataclass(frozen=True, slots=True)
class Test:
    """Compare one field with what the author wrote.

    Args:
        field: What is read on the left.
        operator: `eq`, `ne`, `lt`, … as in the language.
        operands: One expression; for `in` and `not_in` one for each member.
    """

    field: Field
    operator: str
    operands: tuple[Expression, ...]

    def compile(self, environment: Environment) -> Decide:
        """Return the closure that decides it."""
        return operators.compiled(self.field, self.operator, self.operands, environment)

    def sentence(self) -> str:
        """Return it in words."""
        return words.sentence_of(self.field, self.operator, self.operands)


@dataclass(frozen=True, slots=True)
class All:
    """Hold when every part does: false if one is false, else unknown if one is."""

    parts: tuple[Node, ...]

    def compile(self, environment: Environment) -> Decide:
        """Return the closure that decides it."""
        return every([part.compile(environment) for part in self.parts])

    def sentence(self) -> str:
        """Return it in words."""
        return " and ".join(_inside(part, Any) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Any:
    """Hold when one part does: true if one is true, else unknown if one is."""

    parts: tuple[Node, ...]

    def compile(self, environment: Environment) -> Decide:
        """Return the closure that decides it."""
        return some([part.compile(environment) for part in self.parts])

    def sentence(self) -> str:
        """Return it in words."""
        return " or ".join(_inside(part, All) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    """Hold when the part does not; unknown stays unknown."""

    part: Node

    def compile(self, environment: Environment) -> Decide:
        """Return the closure that decides it."""
        return negated(self.part.compile(environment))

    def sentence(self) -> str:
        """Return it in words."""
        return f"it is not so that {_inside(self.part, All, Any)}"


Node: TypeAlias = Test | All | Any | Not


def walked(node: Node) -> Iterator[Test]:
    """Yield every test of a tree, left to right."""
    if isinstance(node, Test):
        yield node
    elif isinstance(node, Not):
        yield from walked(node.part)
    else:
        for part in node.parts:
            yield from walked(part)


def every(decides: list[Decide]) -> Decide:
    """Return Kleene's *and*."""
    if len(decides) == 1:
        return decides[0]

    def decide(facts: Facts) -> Decision:
        result: Decision = True
        for part in decides:
            found = part(facts)
            if found is False:
                return False
            if found is None:
                result = None
        return result

    return decide


def some(decides: list[Decide]) -> Decide:
    """Return Kleene's *or*."""
    if len(decides) == 1:
        return decides[0]

    def decide(facts: Facts) -> Decision:
        result: Decision = False
        for part in decides:
            found = part(facts)
            if found is True:
                return True
            if found is None:
                result = None
        return result

    return decide


def negated(decide: Decide) -> Decide:
    """Return Kleene's *not*."""

    def opposite(facts: Facts) -> Decision:
        found = decide(facts)
        return None if found is None else not found

    return opposite


def _inside(part: Node, *looser: type) -> str:
    return f"({part.sentence()})" if isinstance(part, looser) else part.sentence()
