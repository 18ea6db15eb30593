"""`gauge`: a level built from events stays in bounds, or crossing one demands a reaction."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, cast

from pydantic import ConfigDict, Field, model_validator

from servstd.conditions import Environment
from servstd.errors import Problem, StandardsError
from servstd.expressions import Expression, parse_expression
from servstd.expressions.values import number_from
from servstd.models import Model
from servstd.plan.bound import Allowance
from servstd.plan.machine import clock
from servstd.plan.measure import Measure, OpenTime, Ticks
from servstd.plan.plan import Level, Plan, SignalProgram
from servstd.plan.signals import AllOf, Amount, AnyOf, Signal
from servstd.standards.base import Standard, Surroundings, compile_exclusions, fingerprint
from servstd.standards.limit import LimitField, LimitText
from servstd.standards.selector import Selection, SelectorField
from servstd.standards.terms import LimitCompiler, applicability, compile_terms

Figure = int | float | Decimal | str
"""A number, or an expression in the case's fields: `0.05 * $subscribers`."""


class LevelOf(Model):
    """Build a level: events that add and take away, or events that set it."""

    model_config = ConfigDict(populate_by_name=True)
    plus: SelectorField | None = None
    """Events that add one, or `amount`."""
    minus: SelectorField | None = None
    """Events that take it away; at 0 they are ignored and counted."""
    amount: str | None = None
    """The field that holds how much: `$people`."""
    initial: int = 0
    """What it starts at."""
    set_: Annotated[str | None, Field(alias="set")] = None
    """What an event of `on` sets it to: `$temperature`."""
    on: SelectorField | None = None
    """Events that set it."""

    @model_validator(mode="after")
    def _one_way(self) -> LevelOf:
        moves, sets = self.plus is not None or self.minus is not None, self.set_ is not None
        if moves == sets or sets != (self.on is not None):
            raise StandardsError(
                Problem(
                    "SV117",
                    "a level needs `plus` and `minus`, or `set` and `on`.",
                    help="`{plus: customer.joined, minus: customer.served}`, or "
                    "`{set: $temperature, on: temperature.read}`.",
                )
            )
        return self


class Gauge(Standard):
    """Promise that a level stays in bounds; or, with `then`, that a crossing is answered within a limit.

    Armed on the crossing: it demands again only after the level came back. Without `then` there is one verdict a
    case, breached at the first crossing.

    Example:
        >>> Gauge(id="queue", case="site_id", level={"plus": "joined", "minus": "served"}, above=3, then="queue.opened",
        ...       within="2 minutes").on_return
        'cancel'
    """

    kind: Literal["gauge"] = "gauge"
    level: LevelOf | Mapping[str, Any]
    """What is measured."""
    above: Figure | None = None
    """Out of bounds above this."""
    below: Figure | None = None
    """Out of bounds below this."""
    then: SelectorField | None = None
    """What must follow a crossing."""
    within: LimitField | None = None
    """How soon."""
    on_return: Literal["cancel", "keep"] = "cancel"
    """Whether coming back into bounds ends the demand."""

    @model_validator(mode="after")
    def _bounds_and_reaction(self) -> Gauge:
        if self.above is None and self.below is None:
            raise StandardsError(
                Problem(
                    "SV117",
                    "a gauge without a bound is always in bounds.",
                    help="write `above: 3` or `below: 1`.",
                )
            )
        if (self.then is None) != (self.within is None):
            raise StandardsError(
                Problem("SV117", "`then` and `within` belong together.", help="write both, or neither.")
            )
        return self

    @property
    def level_of(self) -> LevelOf:
        """The level as read."""
        return cast("LevelOf", self.level)

    def plan(self, book: Surroundings) -> Plan:
        """Return the gauge compiled."""
        calendar = book.find(self.calendar)
        environment = book.environment(calendar)
        selectors: list[tuple[Signal, AnyOf | AllOf]] = []
        if self.then is not None:
            selectors.append((Signal.STOP, cast("Selection", self.then).compile(environment)))
        measures: tuple[Measure, ...]
        if self.then is not None:
            compiler = LimitCompiler(book, self.day_rule, measures=[OpenTime()])
            within = cast("LimitText | None", self.within)
            terms = compile_terms(self, book, within=within, least=None, compiler=compiler)
            measures = tuple(compiler.measures)
        else:
            measures = (Ticks(None, fold="max", counts_start=True),)
            terms = applicability(self, environment, limit=Allowance(0), calendars=(None,))
        return Plan(
            standard=self.id,
            case=self.case_in(book),
            signals=SignalProgram(tuple(selectors), level=self._level(environment)),
            machine=clock(recurs="each" if self.then is not None else "once"),
            measures=measures,
            terms=terms,
            exclusions=compile_exclusions(self, environment),
            unit="time" if self.then is not None else "level",
            ends=cast("Selection", self.ends).compile_any(environment) if self.ends else None,
            at_end=Signal.CANCEL if self.then is not None else Signal.STOP,
            fingerprint=fingerprint(self, book),
        )

    def _level(self, environment: Environment) -> Level:
        level = self.level_of
        return Level(
            plus=_events(level.plus, environment),
            minus=_events(level.minus, environment),
            sets=_events(level.on, environment),
            value=_number(level.set_, environment) if level.set_ is not None else None,
            amount=_number(level.amount, environment) if level.amount is not None else None,
            initial=level.initial,
            above=_number(self.above, environment) if self.above is not None else None,
            below=_number(self.below, environment) if self.below is not None else None,
            cancels_on_return=self.on_return == "cancel",
        )


def _events(spec: object, environment: Environment) -> AnyOf | None:
    return cast("Selection", spec).compile_any(environment) if spec is not None else None


def _number(spec: Figure, environment: Environment) -> Amount:
    """Return what reads a number off the facts; text that is a number is one."""
    plain = number_from(str(spec)) if not isinstance(spec, str) or "$" not in spec else None
    if plain is not None:
        return lambda _facts: plain
    expression: Expression = parse_expression(spec)
    return lambda facts: number_from(expression.evaluate(facts, environment))
