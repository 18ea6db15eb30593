"""A condition over columns: each test runs once a distinct value, and its answers are spread by code.

Answers are int8: 1 true, 0 false, -1 unknown. A test that reads several columns runs once a distinct combination.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from servstd.conditions.operators import placed_calendar, value_test
from servstd.conditions.places import zone_field
from servstd.conditions.tree import All, Node, Not, Test
from servstd.expressions import ABSENT, Constant, Environment, Field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Answers: TypeAlias = NDArray[np.int8]


class CodedColumn(Protocol):
    """One field of all rows: `values[codes[row]]`; code -1 is not carried."""

    @property
    def codes(self) -> NDArray[np.int32]:
        """The code of each row."""

    @property
    def values(self) -> Sequence[object]:
        """The distinct values."""


class FactColumns(Protocol):
    """What a condition reads of many rows at once; the columns of `Facts`."""

    def __len__(self) -> int:
        """Return the number of rows."""

    @property
    def times(self) -> NDArray[np.int64]:
        """The instant of each row, µs since the epoch, UTC."""

    @property
    def kinds(self) -> CodedColumn | None:
        """The kind of each row's event; None where rows have none."""

    def event(self, name: str, /) -> CodedColumn | None:
        """Return the events' own field; None where no event carries it."""

    def case(self, name: str, /) -> CodedColumn | None:
        """Return the field as each row's case last knew it; None where no case does."""


def answers(node: Node, environment: Environment, facts: FactColumns) -> Answers:
    """Return what a condition answers for each row: 1, 0 or -1."""
    import numpy as np  # noqa: PLC0415 - one pair needs no NumPy

    if isinstance(node, Test):
        return _test(node, environment, facts)
    if isinstance(node, Not):
        found = answers(node.part, environment, facts)
        return np.where(found < 0, np.int8(-1), np.int8(1) - found)
    parts = [answers(part, environment, facts) for part in node.parts]
    return _every(parts) if isinstance(node, All) else _some(parts)


def _every(parts: list[Answers]) -> Answers:
    """Return Kleene's *and*: false wins, then unknown."""
    import numpy as np  # noqa: PLC0415 - as above

    result = parts[0].copy()
    for part in parts[1:]:
        is_false = (result == 0) | (part == 0)
        is_unknown = (result < 0) | (part < 0)
        result = np.where(is_false, 0, np.where(is_unknown, -1, 1)).astype(np.int8)
    return result


def _some(parts: list[Answers]) -> Answers:
    """Return Kleene's *or*: true wins, then unknown."""
    import numpy as np  # noqa: PLC0415 - as above

    result = parts[0].copy()
    for part in parts[1:]:
        is_true = (result == 1) | (part == 1)
        is_unknown = (result < 0) | (part < 0)
        result = np.where(is_true, 1, np.where(is_unknown, -1, 0)).astype(np.int8)
    return result


@dataclass(frozen=True, slots=True)
class _Codes:
    codes: NDArray[np.int64]
    values: Sequence[object]


@dataclass(frozen=True, slots=True)
class _Row:
    """The facts of one distinct combination of codes."""

    found: dict[Field, object]
    time_us: int
    kind: str = ""

    def event(self, name: str) -> object:
        """Return the event's own field, or what an unscoped name means."""
        return self.found.get(Field(name), self.found.get(Field(name, "event"), ABSENT))

    def case(self, name: str) -> object:
        """Return the case's field."""
        return self.found.get(Field(name, "case"), ABSENT)


def _test(test: Test, environment: Environment, facts: FactColumns) -> Answers:
    import numpy as np  # noqa: PLC0415 - as above

    placed = placed_calendar(test.operator, test.operands, environment)
    if placed is None and all(isinstance(one, Constant) for one in test.operands) and not test.field.is_time:
        test.compile(environment)  # what can be refused before any event is refused here too
        operands = tuple(operand.value for operand in test.operands if isinstance(operand, Constant))
        decide = value_test(test.operator, operands, environment)
        column = _column(test.field, facts)
        table = [_answer(decide(value)) for value in (*column.values, ABSENT)]
        return np.array(table, dtype=np.int8)[column.codes]
    return _combined(test, environment, facts, place=zone_field(placed))


def _combined(test: Test, environment: Environment, facts: FactColumns, *, place: str) -> Answers:
    import numpy as np  # noqa: PLC0415 - as above

    fields = {test.field}.union(*(operand.references for operand in test.operands))
    fields |= {Field(place)} if place else set()
    reads_time = any(field.is_time for field in fields)
    columns = {field: _column(field, facts) for field in fields if not field.is_time}
    keys = [column.codes for column in columns.values()]
    if reads_time:
        keys.append(np.asarray(facts.times, dtype=np.int64))
    distinct, back = np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)
    decide = test.compile(environment)
    table = np.empty(len(distinct), dtype=np.int8)
    for at, row in enumerate(distinct.tolist()):
        found = {
            field: column.values[code] if code >= 0 else ABSENT
            for (field, column), code in zip(columns.items(), row, strict=False)
        }
        table[at] = _answer(decide(_Row(found, row[-1] if reads_time else 0)))
    return table[back.reshape(-1)]


def _column(field: Field, facts: FactColumns) -> _Codes:
    """Return one field's codes, -1 last: the event's own, else the case's."""
    import numpy as np  # noqa: PLC0415 - as above

    own = None if field.scope == "case" else facts.event(field.name)
    case = None if field.scope == "event" else facts.case(field.name)
    if field.is_kind:
        case = facts.kinds  # where it carries no field of that name
    codes = np.full(len(facts), -1, dtype=np.int64) if own is None else own.codes.astype(np.int64)
    values = [] if own is None else list(own.values)
    if case is not None:
        codes = np.where((codes < 0) & (case.codes >= 0), case.codes.astype(np.int64) + len(values), codes)
        values += case.values
    return _Codes(codes, values)


def _answer(found: bool | None) -> int:
    return -1 if found is None else int(found)
