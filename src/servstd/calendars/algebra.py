"""Calendars made of calendars: union, intersection, difference and complement, also across zones."""

from __future__ import annotations

from functools import reduce
from typing import Literal

from servstd.calendars.almanac import Almanac
from servstd.calendars.hours import merge
from servstd.calendars.rules import without_many
from servstd.calendars.timeline import closed_up
from servstd.calendars.weeks import Week

Operation = Literal["union", "intersection", "difference", "complement"]
SIGNS: dict[Operation, str] = {"union": "|", "intersection": "&", "difference": "-", "complement": "~"}
_Pairs = list[tuple[int, int]]


class ExpressionMaker:
    """Make the open stretches of an expression from those of its members.

    Args:
        operation: What is done with the members.
        members: Their almanacs, in order; the first counts in a difference, the others are taken away.
    """

    __slots__ = ("members", "operation")

    def __init__(self, operation: Operation, members: tuple[Almanac, ...]) -> None:
        self.operation = operation
        self.members = members

    def known_us(self, at: int) -> tuple[int, int]:
        """Return the stretch that every member knows."""
        bounds = [member.known_us(at) for member in self.members]
        return max(low for low, _ in bounds), min(high for _, high in bounds)

    def make(self, low: int, high: int) -> tuple[list[int], list[int]]:
        """Return the members' stretches, combined."""
        if low >= high:
            return [], []
        made = combine(self.operation, [member.stretches(low, high) for member in self.members], low, high)
        return closed_up([start for start, _ in made], [end for _, end in made])

    def settled_us(self, *, ahead: bool) -> int:
        """Return the instant beyond which every member has only weekly hours left."""
        settled = [member.settled_us(ahead=ahead) for member in self.members]
        return max(settled) if ahead else min(settled)

    def may_open(self, at: int, *, ahead: bool) -> bool:
        """Return False when the members' long-run weeks leave no open hour."""
        settled = self.settled_us(ahead=ahead)
        is_settled = at >= settled if ahead else at <= settled
        return not is_settled or bool(self.week(ahead=ahead).may)

    def week(self, *, ahead: bool) -> Week:
        """Return the bounds of the combined week."""
        weeks = [member.week(ahead=ahead) for member in self.members]
        if self.operation == "union":
            return reduce(Week.either, weeks)
        if self.operation == "intersection":
            return reduce(Week.both, weeks)
        if self.operation == "complement":
            return weeks[0].inverse()
        return reduce(Week.both, [weeks[0], *(week.inverse() for week in weeks[1:])])


def combine(operation: Operation, members: list[_Pairs], low: int, high: int) -> _Pairs:
    """Return open stretches of an expression between two instants, from those of its members.

    Example:
        >>> combine("difference", [[(0, 10)], [(2, 3)]], 0, 10)
        [(0, 2), (3, 10)]
    """
    first, *others = members
    if operation == "union":
        return list(merge([span for spans in members for span in spans]))
    if operation == "complement":
        return without_many([(low, high)], first)
    for other in others:
        taken = other if operation == "difference" else without_many([(low, high)], other)
        first = without_many(first, taken)
    return first
