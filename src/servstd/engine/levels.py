"""The levels of a case: what events make of them, and by how much they are out of bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from servstd.engine.facts import CaseFacts, Row
from servstd.expressions import OverlaidFacts, look_up
from servstd.expressions.nodes import tidy
from servstd.intervals import Instant
from servstd.plan.plan import Age, Gauging, Level
from servstd.plan.signals import Number


class Levels:
    """Follow the levels of one case. A stamp moves each of them as a whole, pluses before minuses.

    Args:
        gauging: The levels, and what is out of bounds.
    """

    def __init__(self, gauging: Gauging) -> None:
        self.gauging = gauging
        self.values: dict[str, Number] = {
            one.name: one.initial for one in gauging.levels if isinstance(one, Level)
        }
        self.waiting: dict[str, int] = {}
        self.is_out = False
        self._is_known = False
        self.ignored_minus = 0

    def read(self, rows: Sequence[Row], facts: CaseFacts, time_us: int) -> tuple[Row | None, Number | None]:
        """Move the levels; return the event that moved one first, and the worst excess of this instant.

        The excess is not positive while all is in bounds, and None where a bound is not known.
        """
        aged = self._excess(facts.at_rest(time_us)) if self.waiting else None
        touched: Row | None = None
        for one in self.gauging.levels:
            moved = self._age(one, rows, facts) if isinstance(one, Age) else self._move(one, rows, facts)
            touched = touched or moved
        self._is_known |= touched is not None
        excess = (
            self._excess(facts.at(touched) if touched else facts.at_rest(time_us)) if self._is_known else None
        )
        self.is_out = excess is not None and excess > 0
        if aged is not None and (excess is None or aged > excess):
            return touched, aged
        return touched, excess

    def _excess(self, facts: CaseFacts) -> Number | None:
        return self.gauging.excess(OverlaidFacts(facts, self._measured(facts.time_us)))

    def _measured(self, time_us: int) -> Mapping[str, object]:
        oldest = {"oldest": Instant(min(self.waiting.values()))} if self.waiting else {}
        return {**self.values, **oldest, "now": Instant(time_us)}

    def next_crossing(self) -> int | None:
        """Return the instant at which the oldest item becomes too old by itself; None where none waits."""
        age = next((one for one in self.gauging.levels if isinstance(one, Age)), None)
        if age is None or not self.waiting:
            return None
        return age.too_old_from(min(self.waiting.values()))

    def _age(self, age: Age, rows: Sequence[Row], facts: CaseFacts) -> Row | None:
        """Let items come and go; an item that comes while it waits keeps its place."""
        touched: Row | None = None
        for row in rows:
            if age.comes.takes(row.kind, facts.at(row)):
                self.waiting.setdefault(str(look_up(row.fields, age.item)), row.time_us)
                touched = touched or row
        for row in rows:
            if age.goes.takes(row.kind, facts.at(row)):
                self.waiting.pop(str(look_up(row.fields, age.item)), None)
                touched = touched or row
        return touched

    def _move(self, level: Level, rows: Sequence[Row], facts: CaseFacts) -> Row | None:
        touched: Row | None = None
        down: list[Number] = []
        value = self.values[level.name]
        for row in rows:
            at = facts.at(row)
            amount = 1 if level.amount is None else level.amount(at)
            if level.sets and level.value and level.sets.takes(row.kind, at):
                held = level.value(at)
                if held is not None:
                    value, touched = held, touched or row
            if amount is None:
                continue
            if level.plus and level.plus.takes(row.kind, at):
                value, touched = tidy(Fraction(value) + Fraction(amount)), touched or row
            if level.minus and level.minus.takes(row.kind, at):
                down.append(amount)
                touched = touched or row
        for amount in down:
            if value < amount:
                self.ignored_minus += 1
            value = tidy(max(Fraction(value) - Fraction(amount), Fraction(0)))
        self.values[level.name] = value
        return touched
