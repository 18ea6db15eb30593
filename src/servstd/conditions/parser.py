"""Read a condition from what the author wrote, naming every fault at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from servstd.conditions import texts
from servstd.conditions.operators import (
    EQUALITY,
    MEMBERSHIP,
    OPENINGS,
    OPERATORS,
    ORDERINGS,
    PATTERNS,
    TEXTUAL,
)
from servstd.conditions.tree import All, Any, Node, Not, Test
from servstd.errors import Problem, StandardsError, closest, listed
from servstd.expressions import Constant, Expression, Field, parse_expression, parse_name
from servstd.models import join_path, shown

MOST_DEPTH: Final = 40
MOST_TESTS: Final = 10_000
JOINS: Final = ("all", "any", "not")

_SIGNS: Final = {
    "=": "eq",
    "==": "eq",
    "!=": "ne",
    "<>": "ne",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
    "is": "eq",
    "equals": "eq",
    "equal": "eq",
    "not_equal": "ne",
    "gte": "ge",
    "lte": "le",
    "min": "ge",
    "at_least": "ge",
    "max": "le",
    "at_most": "le",
    "regex": "matches",
    "startswith": "starts_with",
    "endswith": "ends_with",
    "one_of": "in",
    "none_of": "not_in",
    "before": "lt",
    "after": "gt",
    "≥": "ge",
    "≤": "le",
    "=>": "ge",
    "=<": "le",
}
_COMPARISON: Final = re.compile(
    r"(?P<sign>>=|<=|=>|=<|==|!=|<>|≥|≤|[<>=])\s*(?P<value>[-+]?\.?[0-9$].*)|(?P<not>!=|<>|==)\s*(?P<text>\S.*)"
)
_SENTENCE: Final = re.compile(
    r"\$?(?P<field>[^\W\d][\w.]*)\s*(?P<sign>>=|<=|=>|=<|==|!=|<>|≥|≤|[<>=]|\bis\b)\s*(?P<value>\S.*)"
)


def parse_tree(data: object) -> Node:
    """Return the tree of a condition.

    Raises:
        StandardsError: every fault found, each with its path inside the condition: SV140 the shape, SV141 an
            unknown operator, SV142 an operand of the wrong sort, SV143 and SV144 patterns, SV145 too deep,
            SV13x expressions.
    """
    reading = _Reading()
    node = reading.condition(data, "", 0)
    if reading.problems or node is None:
        raise StandardsError(reading.problems)
    return node


class _Reading:
    """Collect problems while reading one condition."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.tests = 0

    def refuse(self, code: str, message: str, help_: str, path: str) -> None:
        self.problems.append(Problem(code, message, help_, path=path))

    def condition(self, data: object, path: str, depth: int) -> Node | None:
        data = getattr(data, "data", data)
        if not isinstance(data, Mapping):
            self._refuse_shape(data, path)
            return None
        if not data:
            self.refuse(
                "SV140", "an empty condition holds always.", "leave it out, or write `field: value`.", path
            )
            return None
        if self._is_too_deep(path, depth):
            return None
        parts = [self._entry(key, value, path, depth) for key, value in data.items()]
        return _joined(All, parts)

    def _entry(self, key: object, value: object, path: str, depth: int) -> Node | None:
        if not isinstance(key, str) or not key.strip():
            self.refuse("SV140", f"a field's name is text, not `{shown(key)}`.", "put it in quotes.", path)
            return None
        inner = join_path(path, key)
        if key in ("all", "any"):
            return self._several(key, value, inner, lambda part, at: self.condition(part, at, depth + 1))
        if key == "not":
            part = self.condition(value, inner, depth + 1)
            return None if part is None else Not(part)
        try:
            field = parse_name(key)
        except StandardsError as failure:
            self.problems += [problem.at(path=inner) for problem in failure.problems]
            return None
        return self._field(field, value, inner, depth)

    def _several(self, key: str, value: object, path: str, read: object) -> Node | None:
        if not isinstance(value, list | tuple) or not value:
            self.refuse(
                "SV140",
                f"`{key}` takes a list of conditions.",
                f"write `{key}: [{{by: human}}, {{minutes: {{ge: 5}}}}]`.",
                path,
            )
            return None
        parts = [read(part, f"{path}[{at}]") for at, part in enumerate(value)]  # type: ignore[operator]
        return _joined(All if key == "all" else Any, parts)

    def _field(self, field: Field, value: object, path: str, depth: int) -> Node | None:
        if isinstance(value, Mapping):
            return self._operators(field, value, path, depth)
        if isinstance(value, str) and (found := _COMPARISON.fullmatch(value.strip()[:200])):
            sign, other = found["sign"] or found["not"], found["value"] or found["text"]
            itself = "." if "$" in value else f'; for the text itself `{{eq: "{value}"}}`.'
            self.refuse(
                "SV142",
                f"`{value[:60]}` would be compared as text, sign and all.",
                f"write `{{{_SIGNS[sign]}: {other}}}`{itself}",
                path,
            )
            return None
        return self._test(field, "in" if isinstance(value, list | tuple) else "eq", value, path)

    def _operators(self, field: Field, data: Mapping[object, object], path: str, depth: int) -> Node | None:
        if not data:
            self.refuse(
                "SV140",
                f"nothing is asked of `{field.name}`.",
                "to ask whether it is there: `exists: true`.",
                path,
            )
            return None
        if self._is_too_deep(path, depth):
            return None
        parts: list[Node | None] = []
        for key, value in data.items():
            inner = join_path(path, str(key))
            if key in ("all", "any"):
                parts.append(
                    self._several(
                        str(key), value, inner, lambda part, at: self._field(field, part, at, depth + 1)
                    )
                )
            elif key == "not":
                part = self._field(field, value, inner, depth + 1)
                parts.append(None if part is None else Not(part))
            elif key in OPERATORS:
                parts.append(self._test(field, str(key), value, inner))
            else:
                self._refuse_operator(field, key, path, inner)
        return _joined(All, parts)

    def _test(self, field: Field, operator: str, value: object, path: str) -> Node | None:
        self.tests += 1
        if self.tests == MOST_TESTS + 1:
            self.refuse(
                "SV145",
                f"the condition has more than {MOST_TESTS:,} tests.",
                "write long lists as `in: [...]`.",
                path,
            )
        if self.tests > MOST_TESTS:
            return None
        try:
            operands = self._operands(operator, value)
            if operator in (*EQUALITY, *MEMBERSHIP):
                operands = tuple(map(_without_blanks, operands))
            return Test(field, operator, operands)
        except StandardsError as failure:
            self.problems += [problem.at(path=join_path(path, problem.path)) for problem in failure.problems]
            return None

    def _operands(self, operator: str, value: object) -> tuple[Expression, ...]:
        if operator in MEMBERSHIP:
            return _members(operator, value)
        if isinstance(value, list | tuple):
            raise _wrong(operator, value, "one value", "write `in: [a, b]` for one of several.")
        if isinstance(value, Mapping):
            raise _wrong(operator, value, "one value", "write the value itself.")
        if operator == "exists":
            if not isinstance(value, bool):
                raise _wrong(operator, value, "true or false", "write `exists: true`.")
            return (Constant(value),)
        if operator in (*PATTERNS, *OPENINGS):
            if not isinstance(value, str) or not value:
                raise _wrong(operator, value, "text", f'write `{operator}: "..."`.')
            if operator in PATTERNS:
                (texts.glob if operator == "like" else texts.regex)(value)
            return (Constant(value),)
        expression = parse_expression(value)
        _check_operand(operator, expression)
        return (expression,)

    def _is_too_deep(self, path: str, depth: int) -> bool:
        if depth <= MOST_DEPTH:
            return False
        self.refuse(
            "SV145",
            f"conditions are nested deeper than {MOST_DEPTH}.",
            "flatten `all` and `any`.",
            path[:200],
        )
        return True

    def _refuse_shape(self, data: object, path: str) -> None:
        if isinstance(data, list | tuple):
            self.refuse(
                "SV140",
                "a list is no condition: it does not say whether all or any must hold.",
                "write `all: [...]` or `any: [...]`.",
                path,
            )
        else:
            self.refuse(
                "SV140",
                f"a condition is a mapping of fields, not `{shown(data)}`.",
                _said_as_sentence(data) or "write `field: value`, as in `by: human`.",
                path,
            )

    def _refuse_operator(self, field: Field, key: object, path: str, inner: str) -> None:
        name = str(key)
        near = _SIGNS.get(name.lower()) or closest(name, [*OPERATORS, *JOINS])
        help_ = (
            f"write `{near}`."
            if near
            else f"for a field inside `{field.name}` write `{field.name}.{name}` in one word."
        )
        self.refuse(
            "SV141",
            f"unknown operator `{name:.60}`. Known here: {listed([*OPERATORS, *JOINS], most=20)}.",
            help_,
            inner if len(inner) < 400 else path,
        )


def _without_blanks(operand: Expression) -> Expression:
    """Return a written value without the blanks around it, which the values of a log have not either."""
    is_text = isinstance(operand, Constant) and isinstance(operand.value, str)
    return Constant(operand.value.strip()) if is_text else operand  # type: ignore[union-attr]


def _said_as_sentence(data: object) -> str:
    """Return how to write `score >= 4`; empty for anything else."""
    found = _SENTENCE.fullmatch(data.strip()[:200]) if isinstance(data, str) else None
    if found is None:
        return ""
    operator, value = _SIGNS[found["sign"]], found["value"]
    return f"write `{found['field']}: {value if operator == 'eq' else f'{{{operator}: {value}}}'}`."


def _members(operator: str, value: object) -> tuple[Expression, ...]:
    if isinstance(value, str):
        expression = parse_expression(value)
        if isinstance(expression, Field):
            return (expression,)
    if not isinstance(value, list | tuple | set | frozenset):
        raise _wrong(
            operator,
            value,
            "a list",
            f"write `{operator}: [a, b]`, or `{operator}: $field` for a field that holds a list.",
        )
    if not value:
        raise _wrong(operator, value, "at least one value", "an empty list is never met.")
    problems: list[Problem] = []
    members: list[Expression] = []
    for at, member in enumerate(value):
        try:
            if isinstance(member, list | tuple | Mapping):
                raise _wrong(operator, member, "plain values", "write them in one list.")
            members.append(parse_expression(member))
        except StandardsError as failure:
            problems += [problem.at(path=f"[{at}]") for problem in failure.problems]
    if problems:
        raise StandardsError(problems)
    return tuple(members)


def _check_operand(operator: str, expression: Expression) -> None:
    if not isinstance(expression, Constant):
        return
    value = expression.value
    if operator in ORDERINGS and isinstance(value, bool):
        raise _wrong(
            operator,
            value,
            "a number, an instant, a duration or text",
            "true and false have no order: write `eq`.",
        )
    if operator in TEXTUAL and (not isinstance(value, str | int | Decimal) or value == ""):
        raise _wrong(operator, value, "text that is not empty", f'write `{operator}: "..."`.')
    if operator in EQUALITY and value == "":
        raise _wrong(operator, value, "a value", "to ask whether the field is there: `exists: true`.")


def _wrong(operator: str, value: object, wanted: str, help_: str) -> StandardsError:
    return StandardsError(Problem("SV142", f"`{operator}` takes {wanted}, not `{shown(value)}`.", help_))


def _joined(join: type[All | Any], parts: list[Node | None]) -> Node | None:
    present = tuple(part for part in parts if part is not None)
    if not present or len(present) < len(parts):
        return None
    return present[0] if len(present) == 1 else join(present)
