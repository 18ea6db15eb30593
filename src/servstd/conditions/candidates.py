"""Which of many conditions can hold, by one look at the value of one field: tables may have thousands of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from servstd.conditions.compare import is_missing
from servstd.conditions.operators import reader
from servstd.conditions.tree import All, Node, Test
from servstd.expressions import Constant, Facts, Field
from servstd.expressions.values import number_from

if TYPE_CHECKING:
    from servstd.conditions.condition import Condition


class Candidates:
    """The rows of conditions that can hold for a case; whether they do is still to be asked.

    The field is chosen to which the rows give most different values. A row that does not ask whether it equals a
    text or a number is always a candidate.

    Args:
        rows: The conditions of each row, all of which must hold.
    """

    def __init__(self, rows: Iterable[Sequence[Condition]]) -> None:
        asked = [dict(_equalities(conditions)) for conditions in rows]
        values: dict[Field, set[object]] = {}
        for row in asked:
            for field, value in row.items():
                values.setdefault(field, set()).add(value)
        self._every = range(len(asked))
        self._field = max(values, key=lambda field: len(values[field]), default=None)
        self._always: list[int] = []
        self._by_text: dict[str, list[int]] = {}
        self._by_number: dict[object, list[int]] = {}
        self._numbers_in_text: dict[object, list[int]] = {}
        for place, row in enumerate(asked):
            self._add(place, None if self._field is None else row.get(self._field))

    def _add(self, place: int, value: object) -> None:
        if value is None:
            self._always.append(place)
        elif isinstance(value, str):
            self._by_text.setdefault(value, []).append(place)
            if (number := number_from(value)) is not None:
                self._numbers_in_text.setdefault(number, []).append(place)
        else:
            self._by_number.setdefault(value, []).append(place)

    def places(self, facts: Facts) -> Sequence[int]:
        """Return the places of the rows that can hold, in their order.

        Args:
            facts: What the case knows.
        """
        if self._field is None:
            return self._every
        value = reader(self._field)(facts)
        if is_missing(value):
            return self._always
        number = number_from(value)
        if isinstance(value, str):  # a text equals a text, or a number that it spells
            found = (self._by_text.get(value, []), self._by_number.get(number, []))
        elif number is not None:
            found = (self._by_number.get(number, []), self._numbers_in_text.get(number, []))
        else:  # an instant, a length, a list: rows may spell them in many ways
            return self._every
        return sorted({*self._always, *found[0], *found[1]})


def _equalities(conditions: Sequence[Condition]) -> Iterator[tuple[Field, object]]:
    """Yield the fields that must equal a text or a number for conditions to hold, each with the value."""
    for condition in conditions:
        yield from _required(condition.root)


def _required(node: Node) -> Iterator[tuple[Field, object]]:
    if isinstance(node, All):
        for part in node.parts:
            yield from _required(part)
    elif isinstance(node, Test) and node.operator == "eq" and isinstance(node.operands[0], Constant):
        value = node.operands[0].value
        if type(value) in (str, int, Decimal):
            yield node.field, value
