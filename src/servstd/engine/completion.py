"""Selectors of `all`: which of their members have happened since the clock's start."""

from __future__ import annotations

from servstd.engine.facts import CaseFacts, Row
from servstd.plan.plan import SignalProgram
from servstd.plan.signals import AllOf, Signal

Member = tuple[Signal, int]
"""A member of the `all` of one signal, by its place there."""


class Completion:
    """Follow the members of every `all` of one standard through one case.

    Args:
        program: The signals of the standard.
    """

    __slots__ = ("_in_stamp", "_program", "_seen")

    def __init__(self, program: SignalProgram) -> None:
        self._program = program
        self._seen: set[Member] = set()
        self._in_stamp: list[tuple[int, Member]] = []

    def begin_stamp(self) -> None:
        """Forget which events of the last stamp were members."""
        if self._in_stamp:
            self._in_stamp = []

    def completes(self, signal: Signal, selector: AllOf, row: Row, facts: CaseFacts) -> bool:
        """Return whether an event is a member, and none is missing with it."""
        taken = [(signal, place) for place, one in enumerate(selector.members) if one.takes(row.kind, facts)]
        self._seen.update(taken)
        self._in_stamp += [(row.index, one) for one in taken]
        return bool(taken) and self._has_all(signal, selector, self._seen)

    def is_complete_since(self, signal: Signal, opener: Row | None) -> bool:
        """Return whether the stamp in which a clock starts holds all that a signal needs; always without `all`.

        Args:
            signal: The signal that this stamp gives.
            opener: The event that starts the clock; None where none does.
        """
        if opener is None:
            return True
        selector = next((one for each, one in self._program.selectors if each is signal), None)
        if not isinstance(selector, AllOf):
            return True
        return self._has_all(signal, selector, self._since(opener.index))

    def start(self, opener: int) -> None:
        """Keep only what the stamp of a start holds: all earlier members happened before the clock.

        Args:
            opener: The position of the event that starts it.
        """
        self._seen = {one for one in self._since(opener) if one[0] is not Signal.START}

    def _since(self, opener: int) -> set[Member]:
        ends_own = self._program.ends_own
        return {one for index, one in self._in_stamp if ends_own or index != opener}

    @staticmethod
    def _has_all(signal: Signal, selector: AllOf, seen: set[Member]) -> bool:
        return all((signal, place) in seen for place in range(len(selector.members)))
