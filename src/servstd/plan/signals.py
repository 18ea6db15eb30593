"""What events say to a machine: signals, the selectors that recognise them, and the program that joins both."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from servstd.conditions import Facts


SCHEDULED = "@scheduled"
"""The name of the event that a scheduled start is; no log can hold it, and `*` does not take it."""


class Signal(IntEnum):
    """Name what an event can say; the number is the order in which one event says it.

    `stop` comes before `start`, so an update ends one period and begins the next. `tick` adds to a measure, `judge`
    decides on the spot, `other` is any event of the case that says nothing else. `extend` gives a running clock its
    second limit; it comes after whatever ends, holds or resets the clock.
    """

    STOP = 0
    CANCEL = 1
    RESET = 2
    PAUSE = 3
    RESUME = 4
    REOPEN = 5
    START = 6
    TICK = 7
    JUDGE = 8
    OTHER = 9
    EXTEND = 10


class Reads(Protocol):
    """Answer a question about one event of a case; None when the answer is not known."""

    def __call__(self, facts: Facts, /) -> bool | None:
        """Return the answer at these facts."""
        ...


@dataclass(frozen=True, slots=True)
class Selector:
    """Recognise events by name and by what they carry.

    Args:
        names: The event names it takes; None takes every event.
        where: A compiled condition that must be true as well; unknown is not enough.
        condition_key: A stable text of that condition, so that equal selectors compare equal.
    """

    names: frozenset[str] | None
    where: Reads | None = None
    condition_key: str = ""

    def takes(self, kind: str, facts: Facts) -> bool:
        """Tell whether it recognises an event of this name in these facts."""
        if kind not in self.names if self.names is not None else kind == SCHEDULED:
            return False
        return self.where is None or self.where(facts) is True


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Recognise an event that any of several selectors takes, and none of `but` does."""

    members: tuple[Selector, ...]
    but: tuple[AnyOf, ...] = ()

    def takes(self, kind: str, facts: Facts) -> bool:
        """Tell whether a member recognises the event."""
        return any(member.takes(kind, facts) for member in self.members) and not any(
            other.takes(kind, facts) for other in self.but
        )

    def may_take(self, kind: str) -> bool:
        """Tell whether it may recognise events of this name, whatever they carry."""
        return any(
            kind in member.names if member.names is not None else kind != SCHEDULED for member in self.members
        )

    def is_unknown(self, kind: str, facts: Facts) -> bool:
        """Tell whether it is not known if it recognises an event: then it does not take it, and that is told."""
        return any(
            member.where is not None
            and member.names is not None
            and kind in member.names
            and member.where(facts) is None
            for member in self.members
        )


@dataclass(frozen=True, slots=True)
class AllOf:
    """Recognise the event with which the last of several has happened since the clock's start."""

    members: tuple[AnyOf, ...]

    def may_take(self, kind: str) -> bool:
        """Tell whether one of its members may recognise events of this name."""
        return any(member.may_take(kind) for member in self.members)


Number = int | Decimal | Fraction


class Amount(Protocol):
    """Read a number off the event that the facts are at; None when it carries none."""

    def __call__(self, facts: Facts, /) -> Number | None:
        """Return the number at these facts."""
        ...


@dataclass(frozen=True, slots=True)
class Judged:
    """Hold what a judgement on one event found.

    Args:
        failing: How many items fail; None when that is not known.
        allowed: How many may fail.
        note: What was found, for the evidence.
    """

    failing: int | None
    allowed: int
    note: str = ""


class Judge(Protocol):
    """Judge the event that the facts are at."""

    def __call__(self, facts: Facts, /) -> Judged:
        """Return what was found at these facts."""
        ...
