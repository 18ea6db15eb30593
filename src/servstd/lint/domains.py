"""What values a condition leaves to a field: enough of logic to see a contradiction, never more.

Only constants are compared, and only with their like: two texts, or two numbers. Whatever else stands in a condition
is taken to be possible, so nothing is found that is not so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from servstd.conditions.tree import All, Node, Not, Test
from servstd.conditions.tree import Any as AnyOf
from servstd.durations import parse_span
from servstd.expressions import Constant, Expression, Field, Span

_ORDERINGS = {"lt": (-1, True), "le": (-1, False), "gt": (1, True), "ge": (1, False)}
Anchor = Field | None


@dataclass(slots=True)
class Domain:
    """Hold what is left to one field: a set of values, values taken away, ends of a range, presence."""

    members: frozenset[object] | None = None
    without: set[object] = field(default_factory=set)
    low: tuple[Fraction, bool] | None = None
    high: tuple[Fraction, bool] | None = None
    absent: bool = False
    present: bool = False

    def is_empty(self) -> bool:
        """Tell whether nothing is left."""
        if self.absent and (self.present or self.members is not None or self.low or self.high):
            return True
        if self.members is not None:
            return not any(self._has(member) for member in self.members)
        if self.low is None or self.high is None:
            return False
        return self.low[0] > self.high[0] or (self.low[0] == self.high[0] and (self.low[1] or self.high[1]))

    def _has(self, member: object) -> bool:
        if any(_are_alike(member, other) and member == other for other in self.without):
            return False
        number = _number(member)
        if number is None:
            return True
        above = self.low is None or number > self.low[0] or (number == self.low[0] and not self.low[1])
        below = self.high is None or number < self.high[0] or (number == self.high[0] and not self.high[1])
        return above and below


def conjuncts(node: Node) -> Iterator[Test]:
    """Yield the tests that must all hold; alternatives and negations are left out."""
    if isinstance(node, Test):
        yield node
    elif isinstance(node, All):
        for part in node.parts:
            yield from conjuncts(part)


def is_conjunction(node: Node) -> bool:
    """Tell whether a condition is nothing but tests that must all hold."""
    return isinstance(node, Test) or (isinstance(node, All) and all(map(is_conjunction, node.parts)))


def contradiction(nodes: Iterable[Node]) -> Field | None:
    """Return a field to which the conditions together leave no value; None where all can hold at once."""
    for tests, anchor in _grouped(test for node in nodes for test in conjuncts(node)):
        if _domain(tests, anchor).is_empty():
            return tests[0].field
    return None


def inner_contradiction(node: Node, outside: tuple[Node, ...] = ()) -> Field | None:
    """Return the contradiction of a condition, or of one of its alternatives, with all that holds around it."""
    found = contradiction([*outside, node])
    if found is not None or isinstance(node, Test | Not):
        return found
    around = (*outside, node) if isinstance(node, All) else outside
    inner = (part for part in node.parts if isinstance(node, AnyOf) or not isinstance(part, Test))
    return next((one for part in inner if (one := inner_contradiction(part, around)) is not None), None)


def implies(one: Node, other: Node) -> bool:
    """Tell whether a condition surely holds wherever another does: `one` is the narrower of the two."""
    if not is_conjunction(other):
        return False
    mine = list(conjuncts(one))
    return all(_is_implied(test, mine) for test in conjuncts(other))


def members_of(nodes: Iterable[Node], name: str) -> frozenset[object] | None:
    """Return the only values that conditions leave to a field of a name; None where they do not say."""
    tests = [test for node in nodes for test in conjuncts(node) if test.field.name == name]
    return _domain(tests, None).members if tests else None


def constants_of(test: Test) -> list[object]:
    """Return what the author wrote on the right, where it is no expression."""
    return [operand.value for operand in test.operands if isinstance(operand, Constant)]


def _is_implied(test: Test, known: list[Test]) -> bool:
    if test in known:
        return True
    same = [one for one in known if one.field == test.field]
    held = _domain(same, None)
    if test.operator in ("eq", "in") and held.members is not None:
        wanted = constants_of(test)
        return len(wanted) == len(test.operands) and all(member in wanted for member in held.members)
    if test.operator in _ORDERINGS and len(test.operands) == 1:
        sign, strict = _ORDERINGS[test.operator]
        end = _offset(test.operands[0])
        bound = held.high if sign < 0 else held.low
        if end is None or end[1] is not None or bound is None:
            return False
        passes = bound[0] < end[0] if sign < 0 else bound[0] > end[0]
        return passes or (bound[0] == end[0] and (bound[1] or not strict))
    return test.operator == "exists" and test.operands == (Constant(True),) and bool(same)


def _grouped(tests: Iterable[Test]) -> Iterator[tuple[list[Test], Anchor]]:
    """Yield the tests of each field; those beside an instant once for each instant."""
    groups: dict[tuple[Field, Anchor], list[Test]] = {}
    for test in tests:
        groups.setdefault((test.field, _anchor(test)), []).append(test)
    for (_, anchor), members in groups.items():
        if len(members) > 1:
            yield members, anchor


def _anchor(test: Test) -> Anchor:
    if test.operator not in _ORDERINGS:
        return None
    found = _offset(test.operands[0])
    return None if found is None else found[1]


def _domain(tests: list[Test], anchor: Anchor) -> Domain:
    found = Domain()
    for test in tests:
        values = constants_of(test)
        if test.operator == "exists":
            found.present, found.absent = (
                found.present or values[0] is True,
                found.absent or values[0] is False,
            )
        elif test.operator in _ORDERINGS:
            _narrow(found, test, anchor)
        elif len(values) == len(test.operands) and not any(isinstance(value, bool) for value in values):
            _keep(found, test.operator, values)
    return found


def _narrow(domain: Domain, test: Test, anchor: Anchor) -> None:
    sign, strict = _ORDERINGS[test.operator]
    found = _offset(test.operands[0])
    if found is None or found[1] != anchor:
        return
    end = (found[0], strict)
    if sign < 0 and (domain.high is None or (end[0], not strict) < (domain.high[0], not domain.high[1])):
        domain.high = end
    if sign > 0 and (domain.low is None or (end[0], strict) > domain.low):
        domain.low = end


def _keep(domain: Domain, operator: str, values: list[object]) -> None:
    if operator in ("eq", "in"):
        held = domain.members
        if held is None:
            domain.members = frozenset(values)
        else:
            kept = [
                one for one in held if any(one == other or not _are_alike(one, other) for other in values)
            ]
            domain.members = frozenset(kept)
    elif operator in ("ne", "not_in"):
        domain.without |= set(values)


def _offset(operand: Expression) -> tuple[Fraction, Anchor] | None:
    """Return a number, or how far from an instant: µs after `$at`."""
    if isinstance(operand, Constant):
        number = _number(operand.value)
        return None if number is None else (number, None)
    if isinstance(operand, Field) and not operand.is_time:
        return Fraction(0), operand
    if isinstance(operand, Span) and operand.span.unit == "duration" and not operand.span.field:
        span = parse_span(operand.span.text)
        sign = 1 if operand.direction == "after" else -1
        # Hours of two clocks are not compared: five business hours may be more than six on the wall.
        return (Fraction(sign * span.us), operand.anchor) if span.clock == "standard" else None
    return None


def _number(value: object) -> Fraction | None:
    return Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _are_alike(one: object, other: object) -> bool:
    return type(one) is type(other) or (_number(one) is not None and _number(other) is not None)
