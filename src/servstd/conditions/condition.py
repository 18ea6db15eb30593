"""`Condition`: what stands after `where`, `applies_to`, `expect`, `when`; keeps the author's spelling."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, final

from servstd.conditions.parser import parse_tree
from servstd.conditions.tree import Decide, Node, walked
from servstd.expressions import EMPTY, Constant, Environment, Field
from servstd.models import Spelled

if TYPE_CHECKING:
    from servstd.conditions.columns import Answers, FactColumns


@final
class Condition:
    """Decide about an event and its case: true, false, or unknown where evidence is missing.

    Made by `parse_condition` or by `field("minutes") >= 5`. Two conditions are equal if they ask the same,
    whatever the spelling. `&`, `|` and `~` join them; `and`, `or` and `not` of Python cannot, and raise.

    Example:
        >>> parse_condition({"by": "human", "minutes": {"ge": 5}}).sentence()
        'by is human and minutes is at least 5'
    """

    __slots__ = ("data", "root")

    data: Mapping[str, Any]
    """What the author wrote; not to be changed."""
    root: Node
    """The typed tree."""

    def __init__(self, data: object) -> None:
        root = parse_tree(data)
        object.__setattr__(self, "root", root)
        object.__setattr__(self, "data", copy.deepcopy(getattr(data, "data", data)))

    def compile(self, environment: Environment = EMPTY) -> Decide:
        """Return the closure that decides it over `Facts`.

        A comparison with an absent value is None; `all`, `any` and `not` follow Kleene; `exists` is never
        None.

        Args:
            environment: Calendars for `open_in`, `open_until` and spans, and the zone of literals without one.

        Returns:
            A function of facts: True, False or None.

        Raises:
            StandardsError: SV103 unknown calendar, SV146 a literal without a zone, SV147 a span without a
                calendar.

        Example:
            >>> from servstd.expressions import FieldFacts
            >>> decide = parse_condition({"minutes": {"ge": 5}}).compile()
            >>> decide(FieldFacts({"minutes": "7"})), decide(FieldFacts({"minutes": "soon"}))
            (True, None)
        """
        return self.root.compile(environment)

    def columns(self, environment: Environment, facts: FactColumns) -> Answers:
        """Return what the condition answers for many rows at once: int8, 1 true, 0 false, -1 unknown.

        Each test runs once a distinct value (or combination of values), so long texts and patterns cost little.

        Args:
            environment: As for `compile`.
            facts: Times, and the events' and cases' fields as codes into distinct values.

        Returns:
            One answer a row, the same as the closure's.

        Raises:
            StandardsError: as for `compile`.
        """
        from servstd.conditions.columns import answers  # noqa: PLC0415 - columns need NumPy

        return answers(self.root, environment, facts)

    @property
    def references(self) -> frozenset[Field]:
        """Every field read, with the scope the author forced; not the event's own `time`."""
        found: set[Field] = set()
        for test in walked(self.root):
            found.add(test.field)
            for operand in test.operands:
                found |= operand.references
        return frozenset(field for field in found if not field.is_time)

    @property
    def fields(self) -> frozenset[str]:
        """The names of all fields read, without scope."""
        return frozenset(field.name for field in self.references)

    @property
    def reads_time(self) -> bool:
        """Whether it reads the event's own time, so that its answer depends on when it is asked."""
        return any(
            test.field.is_time or any(isinstance(one, Field) and one.is_time for one in test.operands)
            for test in walked(self.root)
        )

    @property
    def calendars(self) -> frozenset[str]:
        """The names of all calendars read by `open_in` and `open_until`."""
        return frozenset(
            str(test.operands[0].value)
            for test in walked(self.root)
            if test.operator in ("open_in", "open_until") and isinstance(test.operands[0], Constant)
        )

    def sentence(self) -> str:
        """Return the condition in English."""
        return self.root.sentence()

    def __and__(self, other: Condition) -> Condition:
        return _joined("all", self, other)

    def __or__(self, other: Condition) -> Condition:
        return _joined("any", self, other)

    def __invert__(self) -> Condition:
        return Condition({"not": self.data})

    def __bool__(self) -> bool:
        raise TypeError(
            "a condition is not true or false by itself: join with `&`, `|`, `~`, not `and`, `or`, `not`."
        )

    def __eq__(self, other: object) -> bool:
        return repr(self.root) == repr(other.root) if isinstance(other, Condition) else NotImplemented

    def __hash__(self) -> int:
        return hash(repr(self.root))

    def __repr__(self) -> str:
        return f"Condition({self.data!r})"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a condition cannot be changed: {name}")

    def __reduce__(self) -> tuple[type[Condition], tuple[object]]:
        return Condition, (self.data,)

    def __copy__(self) -> Condition:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Condition:
        return self


def parse_condition(data: object) -> Condition:
    """Return the condition that the author wrote.

    `field: value`, `field: [a, b]`, `field: {operator: operand}`; `all`, `any` (lists) and `not`, also
    inside one field; several entries of one mapping must all hold. `time` is the event's own instant; a
    field so named, or named `all`, is written `$event.time`, `$all`.

    Args:
        data: A mapping, or a `Condition`, which is returned as it is.

    Returns:
        The condition, with its fields, its sentence and its compilers.

    Raises:
        StandardsError: every fault, each with its path inside the condition: SV140 to SV145, SV13x.

    Example:
        >>> sorted(parse_condition({"any": [{"by": "human"}, {"team": "$owner"}]}).fields)
        ['by', 'owner', 'team']
    """
    return data if isinstance(data, Condition) else Condition(data)


def _spelling(condition: Condition) -> Mapping[str, Any]:
    return condition.data


def _joined(join: str, left: Condition, right: Condition) -> Condition:
    if not isinstance(right, Condition):
        return NotImplemented
    parts: list[Any] = []
    for side in (left, right):
        parts += side.data[join] if list(side.data) == [join] else [side.data]
    return Condition({join: parts})


ConditionField: TypeAlias = Annotated[
    Condition | Mapping[str, Any],
    Spelled(parse_condition, _spelling, "condition"),
]
"""A model's field that takes a mapping or a `Condition` under mypy, and holds a `Condition`."""
