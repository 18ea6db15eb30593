"""`quantity`: a count, a sum, the time in a state, or a span, per case and scope, within bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, cast

from pydantic import ConfigDict, Field, model_validator

from servstd.calendars import Calendar
from servstd.conditions import Condition, ConditionField, Environment
from servstd.durations import parse_duration
from servstd.errors import Problem, StandardsError
from servstd.expressions import parse_expression
from servstd.expressions.nodes import tidy
from servstd.expressions.values import Duration, number_from
from servstd.plan.bound import Allowance, Limit, Missing, ShareOf, Windows
from servstd.plan.machine import clock
from servstd.plan.measure import Measure, OpenTime, Ticks, Unit
from servstd.plan.plan import OnChange, Plan, SignalProgram
from servstd.plan.signals import AllOf, AnyOf, Number, Selector, Signal
from servstd.standards.base import Standard, fingerprint
from servstd.standards.exclusion import compile_exclusions
from servstd.standards.limit import LimitField, LimitNode, LimitText, parse_limit
from servstd.standards.scope import Per, While, WhileField, compile_scope, windows_of
from servstd.standards.selector import Selection, SelectorField, parse_selection
from servstd.standards.surroundings import Surroundings
from servstd.standards.terms import FindLimit, LimitCompiler, compile_terms

if TYPE_CHECKING:
    from servstd.conditions import Facts

Amount = int | Decimal | float | str

_PERCENT = re.compile(r"(?P<percent>[0-9]{1,3}(?:\.[0-9]{1,9})?)\s*%")
_ANY = AnyOf((Selector(None),))
_FORMS = ("count", "time_in", "sum", "span")


class Quantity(Standard):
    """Promise how many, how much or how long, per case and scope.

    `at_most` is breached when it is passed; `at_least` is judged when the scope ends: at `until`, at the end of
    `within` or of the window (`per`), or when the case ends.

    Example:
        >>> Quantity(id="bills", case="customer_id", count="bill.sent", at_least=2, per="year").per
        'year'
    """

    model_config = ConfigDict(populate_by_name=True)
    override_terms: ClassVar[tuple[str, ...]] = ("at_most", "at_least")
    kind: Literal["quantity"] = "quantity"
    count: SelectorField | None = None
    """Events that are counted.

    Examples: `bill.sent`, `{event: call.made, where: {outcome: missed}}`
    """
    time_in: ConditionField | None = None
    """A condition on the case; the open time during which it holds is measured.

    Examples: `{status: down}`
    """
    sum: Mapping[str, Any] | None = None
    """`{field: amount, of: refund.paid}`: what events carry, added up.

    Examples: `{field: amount, of: refund.paid}`
    """
    span: Sequence[Any] | None = None
    """`[a, b]`: the open time from the one event to the other.

    Examples: `[visit.begun, visit.ended]`
    """
    at_least: Amount | None = None
    """The least: a number, a duration for times, or an expression.

    Examples: `2`, `30 minutes`, `$assignment`
    """
    at_most: Amount | None = None
    """The most; for times also a share of the window: `0.01%`.

    Examples: `3`, `5 minutes`, `0.01%`, `2 * $people`
    """
    after: SelectorField | None = None
    """The event that opens the scope; the case's first event when left out.

    Examples: `problem.resolved`
    """
    until: SelectorField | None = None
    """The event that closes it.

    Examples: `contract.ended`
    """
    within: LimitField | None = None
    """How long the scope lasts from its opening.

    Examples: `7 days`
    """
    per: Per | None = None
    """One verdict a case and calendar window.

    Examples: `month`
    """
    while_: Annotated[WhileField | None, Field(alias="while")] = None
    """The stretches in which anything counts: `{from: sign.on, to: sign.off}`, or a condition on the case.

    Examples: `{from: sign.on, to: sign.off}`, `{status: active}`
    """
    boundary: Literal["inclusive", "exclusive"] = "inclusive"
    """Whether exactly the most allowed is still allowed.

    Examples: `exclusive`
    """
    on_change: OnChange | None = None
    """What a change of a bound, or of whether it applies, does; `carry` when left out.

    Examples: `recompute`
    """

    @model_validator(mode="after")
    def _one_quantity(self) -> Quantity:
        problems = []
        given = [form for form in _FORMS if getattr(self, form) is not None]
        if len(given) != 1:
            problems.append(
                Problem(
                    "SV118",
                    f"a quantity needs one of `count`, `time_in`, `sum`, `span`, not {len(given)}.",
                    help="`count: bill.sent`, or `time_in: {status: hold}`.",
                )
            )
        if self.per and (self.after is not None or self.until is not None or self.within is not None):
            problems.append(
                Problem(
                    "SV118",
                    "`per` is a scope of its own, beside `after`, `until` and `within`.",
                    help="leave out one or the other.",
                    path="per",
                )
            )
        ended = self.per or any(x is not None for x in (self.until, self.within, self.ends, self.span))
        if self.at_least is not None and not ended:
            problems.append(
                Problem(
                    "SV119",
                    "`at_least` can be judged only when something ends, and nothing does.",
                    help="write `until:`, `within:`, `per:` or `ends:`.",
                    path="at_least",
                )
            )
        if problems:  # without a bound alone it is a measure, which a book may hold as an indicator
            raise StandardsError([*problems, *([self.unbounded] if self.unbounded is not None else [])])
        self._bounds()
        return self

    @property
    def unbounded(self) -> Problem | None:
        """The problem of a quantity without a bound."""
        if self.bounding:
            return None
        message = "a quantity without a bound promises nothing."
        return Problem("SV118", message, help="write `at_most: 3`, or `at_least: 1`.")

    @property
    def bounding(self) -> Sequence[str]:
        """Its bounds."""
        return [name for name in ("at_least", "at_most") if getattr(self, name) is not None]

    @property
    def is_time(self) -> bool:
        """Whether time is measured, and not events."""
        return self.time_in is not None or self.span is not None

    @property
    def unit(self) -> Unit:
        """What is counted."""
        if self.is_time or (self.sum is not None and self._sums_time):
            return "time"
        return "amount" if self.sum is not None else "count"

    @property
    def _sums_time(self) -> bool:
        bounds = [str(bound) for bound in (self.at_least, self.at_most) if bound is not None]
        return all(number_from(bound) is None and "$" not in bound for bound in bounds)

    def _bounds(self) -> tuple[LimitText | None, LimitText | None]:
        return self._bound("at_least"), self._bound("at_most")

    def _bound(self, name: Literal["at_least", "at_most"]) -> LimitText | None:
        written = getattr(self, name)
        return None if written is None else self.read_limit(name, written)

    def read_limit(self, name: str, written: Any) -> LimitText:  # noqa: ARG002 - both bounds read alike
        """Return a bound as read: a number, a share, an expression; a duration where time is measured."""
        text = str(written).strip()
        if self.is_time and not _PERCENT.fullmatch(text) and "$" not in text:
            return parse_limit(text if isinstance(written, str) else written)
        return LimitText(written, cast("LimitNode", AmountBound(text)))

    def promise(self) -> str:
        """Return the quantity in English."""
        least, most = self._bounds()
        bounds = [
            f"at least {least.sentence()}" if least else "",
            f"at most {most.sentence()}" if most else "",
        ]
        if not least and not most:
            return f"{self._what()} is measured{self._scope_words()}"
        return (
            f"{self._what()} must be {' and '.join(bound for bound in bounds if bound)}{self._scope_words()}"
        )

    def _what(self) -> str:
        if self.count is not None:
            return f"the number of {cast('Selection', self.count).sentence()}"
        if self.time_in is not None:
            return f"the time in which {cast('Condition', self.time_in).sentence()}"
        if self.span is not None:
            first, last = (parse_selection(end).sentence() for end in self.span)
            return f"the time from {first} to {last}"
        told = cast("Mapping[str, Any]", self.sum)
        return (
            f"the sum of {str(told['field']).replace('_', ' ')} over {parse_selection(told['of']).sentence()}"
        )

    def _scope_words(self) -> str:
        said = f" a {self.per}" if self.per else ""
        if self.after is not None:
            said += f" after {cast('Selection', self.after).sentence()}"
        if self.within is not None:
            said += f" within {cast('LimitText', self.within).sentence()}"
        if self.until is not None:
            said += f" until {cast('Selection', self.until).sentence()}"
        if self.while_ is not None:
            said += f", counted {cast('While', self.while_).sentence()}"
        return said

    def plan(self, book: Surroundings) -> Plan:
        """Return the quantity compiled."""
        calendar = book.find(self.calendar)
        environment = book.environment(calendar, self.counting_rule)
        windows = windows_of(self.per, book, calendar)
        measure = self._measure(environment)
        compiler = AmountCompiler(
            book,
            self.counting_rule,
            exclusive=self.boundary == "exclusive",
            measures=[measure],
            environment=environment,
            windows=windows,
            is_time=self.is_time,
        )
        least, most = self._bounds()
        scope = cast("LimitText | None", self.within)
        terms = compile_terms(
            self, book, within=most, least=least, compiler=compiler, on_change=self.on_change, closes=scope
        )
        state = cast("Condition | None", self.time_in)
        program = SignalProgram(
            selectors=tuple(self._selectors(environment)),
            pause_while=_not(state.compile(environment)) if state is not None else None,
            pause_fields=state.fields if state is not None else frozenset(),
            windows=windows,
            scope=compile_scope(cast("While | None", self.while_), environment),
            born_held=state is not None,
        )
        return Plan(
            standard=self.id,
            case=self.case_in(book),
            signals=program,
            machine=clock(recurs="each" if self.after is not None or self.per else "once"),
            measures=tuple(compiler.measures),
            terms=terms,
            exclusions=compile_exclusions(self.exclusions, environment),
            unit=self.unit,
            ends=cast("Selection", self.ends).compile_any(environment) if self.ends else None,
            at_end=Signal.STOP,
            fingerprint=fingerprint(self, book),
        )

    @property
    def selections(self) -> Mapping[str, Selection]:
        """Every selector it holds, those of `sum` and `span` among them."""
        found = dict(super().selections)
        if self.sum is not None:
            found["sum.of"] = parse_selection(self.sum.get("of"))
        for place, end in enumerate(self.span or ()):
            found[f"span[{place}]"] = parse_selection(end)
        scope = cast("While | None", self.while_)
        return found | (scope.selections if scope else {})

    def _selectors(self, environment: Environment) -> list[tuple[Signal, AnyOf | AllOf]]:
        found: list[tuple[Signal, AnyOf | AllOf]] = []
        if self.span is not None:
            opens, closes = (parse_selection(end).compile_any(environment) for end in self.span)
            return [(Signal.STOP, closes), (Signal.START, opens)]
        if self.until is not None:
            found.append((Signal.STOP, cast("Selection", self.until).compile(environment)))
        after = cast("Selection", self.after).compile(environment) if self.after is not None else _ANY
        return [*found, (Signal.START, after)]

    def _measure(self, environment: Environment) -> Measure:
        if self.is_time:
            return OpenTime()
        if self.count is not None:
            return Ticks(
                cast("Selection", self.count).compile_any(environment), counts_start=self.after is None
            )
        told = cast("Mapping[str, Any]", self.sum)
        amount = parse_expression(f"$event.{told['field']}")
        return Ticks(
            parse_selection(told["of"]).compile_any(environment),
            amount=lambda facts: _figure(amount.evaluate(facts, environment)),
            counts_start=self.after is None,
        )


@dataclass(frozen=True, slots=True)
class AmountBound:
    """Bound a quantity by a number, a share of the window, or an expression."""

    text: str

    def sentence(self) -> str:
        """Return it in words."""
        return self.text


@dataclass(slots=True)
class AmountCompiler(LimitCompiler):
    """Compile the bounds of a quantity as well: numbers, shares of a window, expressions."""

    environment: Environment | None = None
    windows: Windows | None = None
    is_time: bool = False

    def compile(self, node: Any) -> FindLimit:
        """Return the function that finds the bound."""
        if isinstance(node, AmountBound):
            return self._amount(node.text)
        return LimitCompiler.compile(self, node)

    def _amount(self, text: str) -> FindLimit:
        if found := _PERCENT.fullmatch(text):
            share = Fraction(Decimal(found["percent"])) / 100
            if self.windows is None or not self.is_time:
                raise StandardsError(
                    Problem(
                        "SV118",
                        f"`{text}` is a share of a window, and there is none.",
                        help="write `per: month`.",
                    )
                )
            windows = self.windows
            return lambda _facts, calendar: ShareOf(share, windows, calendar, exclusive=self.exclusive)
        expression = parse_expression(text if "$" in text else _written(text))

        def find(facts: Facts, calendar: Calendar) -> Limit:  # noqa: ARG001 - one signature
            held = _figure(expression.evaluate(facts, cast("Environment", self.environment)))
            return (
                Missing(expression.sentence())
                if held is None
                else Allowance(cast("int", held), exclusive=self.exclusive)
            )

        return find


def _figure(value: object) -> Number | None:
    """Return a number in its simplest exact type, or a duration as its microseconds."""
    held = int(value) if isinstance(value, Duration) else number_from(value)
    return None if held is None else tidy(Fraction(held))


def _written(text: str) -> Number:
    """Return a bound as written: a number, or a duration as its microseconds."""
    held = _figure(text)
    return parse_duration(text) if held is None else held


def _not(decide: Callable[[Facts], bool | None]) -> Callable[[Facts], bool | None]:
    def opposite(facts: Facts) -> bool | None:
        found = decide(facts)
        return None if found is None else not found

    return opposite
