"""`gauge`: a level built from events stays in bounds, or crossing one demands a reaction."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, cast

from pydantic import ConfigDict, Field, model_validator

from servstd.calendars import Calendar
from servstd.conditions import Condition, ConditionField, Environment
from servstd.durations import parse_duration
from servstd.errors import NeverOpens, Problem, StandardsError
from servstd.expressions import Expression, parse_figure
from servstd.expressions.nodes import exact_number
from servstd.models import Model, nested
from servstd.plan.bound import Allowance, NoLimit
from servstd.plan.machine import clock
from servstd.plan.measure import Measure, OpenTime, Ticks
from servstd.plan.plan import Age, Gauging, Level, Plan, SignalProgram
from servstd.plan.signals import AllOf, Amount, AnyOf, Number, Signal
from servstd.standards.base import Standard, fingerprint
from servstd.standards.exclusion import compile_exclusions
from servstd.standards.field_names import NAMES
from servstd.standards.limit import LimitField, LimitText
from servstd.standards.scope import Per, PerField, While, WhileField, compile_scope, windows_of
from servstd.standards.selector import Selection, SelectorField
from servstd.standards.statistic import Bounded
from servstd.standards.surroundings import Surroundings
from servstd.standards.terms import LimitCompiler, applicability, compile_terms

if TYPE_CHECKING:
    from servstd.conditions import Facts

Figure = int | float | Decimal | str
"""A number, or an expression in the case's fields: `0.05 * $subscribers`; for ages a duration."""


class LevelOf(Model):
    """Build a level: events that add and take away, events that set it, or how long the oldest item waits."""

    model_config = ConfigDict(populate_by_name=True)
    plus: SelectorField | None = None
    """Events that add one, or `amount`.

    Examples: `customer.joined`
    """
    minus: SelectorField | None = None
    """Events that take it away; at 0 they are ignored and counted.

    Examples: `[customer.served, customer.left]`
    """
    amount: str | None = None
    """The field that holds how much: `$people`.

    Examples: `$people`
    """
    initial: int = 0
    """What it starts at.

    Examples: `0`
    """
    set_: Annotated[str | None, Field(alias="set")] = None
    """What an event of `on` sets it to: `$temperature`.

    Examples: `$temperature`
    """
    on: SelectorField | None = None
    """Events that set it.

    Examples: `temperature.read`
    """
    oldest: SelectorField | None = None
    """Events with which an item begins to wait.

    Examples: `customer.joined`
    """
    until: SelectorField | None = None
    """Events with which it no longer does.

    Examples: `customer.served`
    """
    item: Annotated[str | None, NAMES] = None
    """The field that tells the items apart.

    Examples: `customer_id`
    """

    @model_validator(mode="after")
    def _one_way(self) -> LevelOf:
        moves = self.plus is not None or self.minus is not None
        sets = self.set_ is not None and self.on is not None
        waits = self.oldest is not None and self.until is not None and self.item is not None
        half = (self.set_ is None) != (self.on is None) or (
            not waits and any(part is not None for part in (self.oldest, self.until, self.item))
        )
        if [moves, sets, waits].count(True) != 1 or half:
            raise StandardsError(
                Problem(
                    "SV117",
                    "a level needs `plus` and `minus`; or `set` and `on`; or `oldest`, `until` and `item`.",
                    help="`{plus: customer.joined, minus: customer.served}`, or "
                    "`{set: $temperature, on: temperature.read}`.",
                )
            )
        return self

    def sentence(self) -> str:
        """Return the level in English."""
        if self.set_ is not None:
            return f"{parse_figure(self.set_).sentence()} at {cast('Selection', self.on).sentence()}"
        if self.oldest is not None:
            oldest, until = (
                cast("Selection", self.oldest).sentence(),
                cast("Selection", self.until).sentence(),
            )
            return f"the wait of the oldest {str(self.item).replace('_', ' ')} from {oldest} to {until}"
        parts = [f"{cast('Selection', self.plus).sentence()}" if self.plus is not None else "nothing"]
        if self.minus is not None:
            parts.append(f"less {cast('Selection', self.minus).sentence()}")
        return f"the number of {' '.join(parts)}"


LevelSpec = Annotated[LevelOf | Mapping[str, Any], nested(LevelOf)]


class Gauge(Standard):
    """Promise that a level stays in bounds; or, with `then`, that a crossing is answered within a limit.

    Armed on the crossing: it demands again only after the level came back. Without `then` there is one verdict a
    case, and `per` window, breached at the first crossing.

    Example:
        >>> Gauge(id="queue", case="site_id", level={"plus": "joined", "minus": "served"}, above=3,
        ...       then="queue.opened", within="2 minutes").on_return
        'cancel'
    """

    model_config = ConfigDict(populate_by_name=True)
    override_terms: ClassVar[tuple[str, ...]] = ("within",)
    kind: Literal["gauge"] = "gauge"
    level: LevelSpec | None = None
    """What is measured.

    Examples: `{plus: customer.joined, minus: customer.served}`, `{set: $temperature, on: temperature.read}`
    """
    levels: Mapping[str, LevelSpec] | None = None
    """Several levels, which `expect` compares: `{staff: {plus: staff.in, minus: staff.out}, …}`.

    Examples: `{staff: {plus: staff.in, minus: staff.out}, small: {plus: child.in, minus: child.out}}`
    """
    above: Figure | None = None
    """Out of bounds above this.

    Examples: `3`, `0.05 * $subscribers`, `10 minutes`
    """
    below: Figure | None = None
    """Out of bounds below this.

    Examples: `1`
    """
    expect: ConditionField | None = None
    """Out of bounds when this is not so: `{staff: {ge: ceil($small / 3)}}`.

    Examples: `{staff: {ge: ceil($small / 3)}}`
    """
    then: SelectorField | None = None
    """What must follow a crossing.

    Examples: `queue.opened`
    """
    within: LimitField | None = None
    """How soon.

    Examples: `2 minutes`
    """
    on_return: Literal["cancel", "keep"] = "cancel"
    """Whether coming back into bounds ends the demand.

    Examples: `keep`
    """
    while_: Annotated[WhileField | None, Field(alias="while")] = None
    """The stretches in which it holds: `{from: sign.on, to: sign.off}`, or a condition on the case.

    Examples: `{from: shop.opened, to: shop.closed}`, `{status: active}`
    """
    per: PerField | None = None
    """Without `then`: one verdict a case and calendar window, or window of a fiscal year.

    Examples: `day`, `{fiscal_year: "04-01"}`
    """

    @model_validator(mode="after")
    def _bounds_and_reaction(self) -> Gauge:
        problems = []
        if (self.level is None) == (self.levels is None):
            problems.append(Problem("SV117", "a gauge needs either `level` or `levels`.", help="write one."))
        aged = self.level is not None and cast("LevelOf", self.level).oldest is not None
        if self.unbounded is not None and (self.then is not None or self.levels is not None or aged):
            problems.append(self.unbounded)
        if (self.expect is None) == (self.levels is not None):
            problems.append(
                Problem(
                    "SV117",
                    "`levels` and `expect` belong together.",
                    help="write both, or `level` and a bound.",
                )
            )
        if (self.then is None) != (self.within is None):
            problems.append(
                Problem("SV117", "`then` and `within` belong together.", help="write both, or neither.")
            )
        if self.then is not None and self.per is not None:
            problems.append(
                Problem("SV117", "`per` has no meaning beside `then`.", help="leave it out.", path="per")
            )
        if self.per is not None and cast("Per", self.per).rolling is not None:
            problems.append(
                Problem(
                    "SV187",
                    "a level is in bounds at each instant or is not; a rolling window adds nothing to it.",
                    help="leave `per` out, or count events: `kind: quantity`.",
                    path="per",
                )
            )
        if problems:
            raise StandardsError(problems)
        return self

    @property
    def bounded(self) -> Bounded:
        """The time until the reaction; else the level, where one plain number bounds it on one side."""
        if self.then is not None:
            return Bounded()
        bounds = {
            name: exact_number(one) for name in ("above", "below") if (one := getattr(self, name)) is not None
        }
        ((name, bound), *others) = bounds.items() or [("", None)]
        if others or bound is None or self.named_levels.keys() != {"level"}:
            return Bounded(None, None)
        return Bounded("le", Fraction(bound)) if name == "above" else Bounded("ge", Fraction(bound), -1)

    @property
    def unbounded(self) -> Problem | None:
        """The problem of a gauge that is always in bounds."""
        if self.above is not None or self.below is not None or self.expect is not None:
            return None
        return Problem(
            "SV117",
            "a gauge without a bound is always in bounds.",
            help="write `above: 3`, `below: 1`, or `expect:` with several levels.",
        )

    @property
    def named_levels(self) -> dict[str, LevelOf]:
        """Its levels by name; a single one is called `level`."""
        if self.levels is not None:
            return {name: cast("LevelOf", one) for name, one in self.levels.items()}
        return {"level": cast("LevelOf", self.level)}

    @property
    def selections(self) -> Mapping[str, Selection]:
        """Every selector it holds, those of its levels and scope among them."""
        found = dict(super().selections)
        for name, level in self.named_levels.items():
            for part in ("plus", "minus", "on", "oldest", "until"):
                if (held := getattr(level, part)) is not None:
                    found[f"{name}.{part}"] = held
        scope = cast("While | None", self.while_)
        return found | (scope.selections_at("while") if scope else {})

    def promise(self) -> str:
        """Return the gauge in English."""
        named = self.named_levels
        what = named["level"].sentence() if "level" in named else "the levels"
        if self.expect is not None:
            levels = "; ".join(f"{name} is {level.sentence()}" for name, level in named.items())
            crossed = f"it is not so that {cast('Condition', self.expect).sentence()} ({levels})"
        else:
            bounds = [
                f"{word} {value}"
                for word, value in (("above", self.above), ("below", self.below))
                if value is not None
            ]
            crossed = f"{what} is {' or '.join(bounds)}"
        scope = f" {cast('While', self.while_).sentence()}" if self.while_ is not None else ""
        if self.unbounded is not None:
            return f"the highest of {what} is measured{scope}" + (
                f" {cast('Per', self.per).sentence()}" if self.per else ""
            )
        if self.then is None:
            per = (
                f", each {cast('Per', self.per).sentence().removeprefix('a ')} by itself" if self.per else ""
            )
            return f"it must never be that {crossed}{scope}{per}"
        then, within = cast("Selection", self.then).sentence(), cast("LimitText", self.within).sentence()
        kept = "" if self.on_return == "cancel" else ", even if it returns before"
        return f"when {crossed}{scope}, {then} must follow within {within}{kept}"

    def plan(self, book: Surroundings) -> Plan:
        """Return the gauge compiled."""
        calendar = book.find(self.calendar)
        environment = book.environment(calendar, self.counting_rule)
        selectors: list[tuple[Signal, AnyOf | AllOf]] = []
        if self.then is not None:
            selectors.append((Signal.STOP, cast("Selection", self.then).compile(environment)))
        measures: tuple[Measure, ...]
        if self.then is not None:
            compiler = LimitCompiler(book, self.counting_rule, measures=[OpenTime()])
            within = cast("LimitText | None", self.within)
            terms = compile_terms(self, book, within=within, least=None, compiler=compiler)
            measures = tuple(compiler.measures)
        else:
            measures = (Ticks(None, fold="max", counts_start=True),)
            limit = Allowance(0) if self.unbounded is None else NoLimit()
            terms = applicability(self, environment, limit=limit, calendars=(None,))
        return Plan(
            standard=self.id,
            case=self.case_in(book),
            signals=SignalProgram(
                tuple(selectors),
                gauging=self._gauging(calendar, environment),
                scope=compile_scope(cast("While | None", self.while_), environment),
                windows=windows_of(cast("Per | None", self.per), book, calendar),
            ),
            machine=clock(recurs="each" if self.then is not None or self.per else "once"),
            measures=measures,
            terms=terms,
            exclusions=compile_exclusions(self.exclusions, environment),
            unit="time" if self.then is not None else "level",
            ends=cast("Selection", self.ends).compile_any(environment) if self.ends else None,
            at_end=Signal.CANCEL if self.then is not None else Signal.STOP,
            fingerprint=fingerprint(self, book),
        )

    def _gauging(self, calendar: Calendar, environment: Environment) -> Gauging:
        levels = [self._level(name, one, calendar, environment) for name, one in self.named_levels.items()]
        return Gauging(
            tuple(levels), self._excess(calendar, environment), cancels_on_return=self.on_return == "cancel"
        )

    def _level(self, name: str, level: LevelOf, calendar: Calendar, environment: Environment) -> Level | Age:
        place = "level" if self.level is not None else f"levels.{name}"
        if level.oldest is not None:
            comes, goes = _events(level.oldest, environment), _events(level.until, environment)
            limit_us = parse_duration(str(self.above))
            assert comes and goes and level.item  # noqa: S101, PT018 - the level has checked them
            return Age(comes, goes, level.item, lambda came: _too_old_from(calendar, came, limit_us))
        return Level(
            name,
            plus=_events(level.plus, environment),
            minus=_events(level.minus, environment),
            sets=_events(level.on, environment),
            value=_number(level.set_, environment, f"{place}.set") if level.set_ is not None else None,
            amount=_number(level.amount, environment, f"{place}.amount")
            if level.amount is not None
            else None,
            initial=level.initial,
        )

    def _excess(self, calendar: Calendar, environment: Environment) -> Amount:
        if self.expect is not None:
            decide = cast("Condition", self.expect).compile(environment)
            return lambda facts: None if (found := decide(facts)) is None else int(not found)
        level = self.named_levels["level"]
        if level.oldest is not None:
            return _age_excess(calendar, parse_duration(str(self.above)))
        if self.unbounded is not None:
            return lambda facts: cast("Number", facts.event("level"))
        above = _number(self.above, environment, "above") if self.above is not None else None
        below = _number(self.below, environment, "below") if self.below is not None else None
        return lambda facts: _beyond(cast("Number", facts.event("level")), above, below, facts)


def _too_old_from(calendar: Calendar, came_us: int, limit_us: int) -> int | None:
    try:
        return calendar.add_us(came_us, limit_us + 1)
    except NeverOpens:
        return None


def _age_excess(calendar: Calendar, limit_us: int) -> Amount:
    """Return what tells by how much the oldest item has waited too long; with none waiting, all is in bounds."""

    def excess(facts: Facts) -> Number:
        oldest = facts.event("oldest")
        waited = calendar.elapsed_us(oldest, facts.time_us) if isinstance(oldest, int) else 0
        return waited - limit_us

    return excess


def _beyond(value: Number, above: Amount | None, below: Amount | None, facts: Facts) -> Number | None:
    """Return by how much a level is out of its bounds; None where no bound is known."""
    high = above(facts) if above else None
    low = below(facts) if below else None
    over = [Fraction(value) - Fraction(high)] if high is not None else []
    under = [Fraction(low) - Fraction(value)] if low is not None else []
    return exact_number(max(over + under)) if over or under else None


def _events(spec: object, environment: Environment) -> AnyOf | None:
    return cast("Selection", spec).compile_any(environment) if spec is not None else None


def _number(spec: Figure, environment: Environment, path: str) -> Amount:
    """Return what reads a number off the facts; text that is a number is one."""
    plain = exact_number(str(spec))
    if plain is not None:
        return lambda _facts: plain
    try:
        expression: Expression = parse_figure(spec)
    except StandardsError as failure:
        raise StandardsError([one.at(path=path) for one in failure.problems]) from None
    return lambda facts: exact_number(expression.evaluate(facts, environment))
