"""Conditions written in Python: `field("minutes") >= 5`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, final

from servstd.conditions.condition import Condition
from servstd.durations import format_duration
from servstd.intervals import timedelta_us

_PLAIN = re.compile(r"[^\W\d]\w*(?:\.\w+)*")


def field(name: str) -> FieldBuilder:
    """Return a field to compare: the event's, else the case's (`$event.x` and `$case.x` force one).

    Args:
        name: The field, as in a book: `minutes`, `customer.first_name`, `$case.region`, `time`.

    Returns:
        An object whose comparisons are conditions, equal to those of a book.

    Example:
        >>> (field("minutes") >= 5).data
        {'minutes': {'ge': 5}}
        >>> ((field("by") == "human") & ~field("tags").contains("spam")).sentence()
        'by is human and it is not so that tags contains spam'
    """
    return FieldBuilder(name)


@final
class FieldBuilder:
    """Hold a field's name until it is compared."""

    __slots__ = ("name",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return Condition({self.name: _plain(other)})

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return self._test("ne", other)

    def __lt__(self, other: object) -> Condition:
        return self._test("lt", other)

    def __le__(self, other: object) -> Condition:
        return self._test("le", other)

    def __gt__(self, other: object) -> Condition:
        return self._test("gt", other)

    def __ge__(self, other: object) -> Condition:
        return self._test("ge", other)

    def in_(self, members: Iterable[object]) -> Condition:
        """Return that the field is one of several values."""
        return self._test("in", [_plain(member) for member in members])

    def not_in(self, members: Iterable[object]) -> Condition:
        """Return that the field is none of several values."""
        return self._test("not_in", [_plain(member) for member in members])

    def contains(self, part: object) -> Condition:
        """Return that the field's text holds a part, case counting, or its list a member."""
        return self._test("contains", part)

    def mentions(self, words: object) -> Condition:
        """Return that the field's text holds whole words, in any case."""
        return self._test("mentions", words)

    def starts_with(self, start: object) -> Condition:
        """Return that the field's text starts so."""
        return self._test("starts_with", start)

    def ends_with(self, end: object) -> Condition:
        """Return that the field's text ends so."""
        return self._test("ends_with", end)

    def like(self, pattern: str) -> Condition:
        """Return that the field's whole text fits a glob of `*` and `?`."""
        return self._test("like", pattern)

    def matches(self, pattern: str) -> Condition:
        """Return that an RE2 pattern is found in the field's text."""
        return self._test("matches", pattern)

    def exists(self, is_wanted: bool = True) -> Condition:
        """Return that the field is carried, or is not."""
        return self._test("exists", is_wanted)

    def open_in(self, calendar: str) -> Condition:
        """Return that the field's instant lies in the opening hours of a calendar of the book."""
        return self._test("open_in", calendar)

    def open_until(self, calendar: str) -> Condition:
        """Return that the field's instant lies in the opening hours of a calendar, or is the closing time itself."""
        return self._test("open_until", calendar)

    def __bool__(self) -> bool:
        raise TypeError(
            f'field("{self.name}") is a name, not a value: compare it, as in `field("{self.name}") == 1`.'
        )

    def __repr__(self) -> str:
        return f"field({self.name!r})"

    def _test(self, operator: str, operand: object) -> Condition:
        return Condition({self.name: {operator: _plain(operand)}})


def _plain(operand: object) -> Any:
    """Return an operand as a book would spell it."""
    if isinstance(operand, FieldBuilder):
        bare = operand.name.removeprefix("$")
        return f"${bare}" if _PLAIN.fullmatch(bare) or bare.startswith("{") else f"${{{bare}}}"
    if isinstance(operand, datetime) and operand.tzinfo is not None:
        return operand.isoformat()
    if isinstance(operand, date) and not isinstance(operand, datetime):
        return operand.isoformat()
    return format_duration(timedelta_us(operand)) if isinstance(operand, timedelta) else operand
