"""`quantity`: a count, a sum, the time in a state, or a span, per case and scope, within bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, cast

from pydantic import ConfigDict, Field, model_validator

from servstd.conditions import Condition, Environment
from servstd.errors import Problem, StandardsError
from servstd.plan.machine import Recurs, clock
from servstd.plan.measure import Measure, OpenTime, Ticks, Unit
from servstd.plan.plan import OnChange, Plan, SignalProgram
from servstd.plan.signals import AllOf, AnyOf, Selector, Signal
from servstd.standards.amounts import PERCENT, AmountBound, AmountCompiler, reader_of_amounts
from servstd.standards.base import Standard, fingerprint
from servstd.standards.exclusion import compile_exclusions
from servstd.standards.limit import LimitField, LimitNode, LimitText, parse_limit
from servstd.standards.override import beside_overrides
from servstd.standards.reading import read_by
from servstd.standards.scope import (
    Per,
    PerField,
    StateField,
    While,
    WhileField,
    compile_scope,
    windows_of,
)
from servstd.standards.selector import Selection, SelectorField, parse_selection
from servstd.standards.statistic import Bounded
from servstd.standards.sums import (
    BOUNDS,
    endless_problems,
    span_problems,
    sum_problems,
    summed,
    summed_words,
)
from servstd.standards.surroundings import Surroundings
from servstd.standards.terms import compile_terms
from servstd.standards.words import bound_words

if TYPE_CHECKING:
    from servstd.conditions import Facts

Amount = int | Decimal | float | str

_RECKONED = re.compile(r"[$*/+(]")
_NOTHING = re.compile(r"0+\s*[a-z]{1,12}", re.IGNORECASE)
"""`0 minutes`: to allow nothing is to forbid the state."""
_ANY = AnyOf((Selector(None),))
_FORMS = ("count", "time_in", "sum", "span")


class Quantity(Standard):
    """Promise how many, how much or how long, per case and scope.

    `at_most` is breached when it is passed, and kept when the scope ends; `at_least` is judged then. A scope ends at
    `until`, at the end of `within` or of the window (`per`), or when the case ends: one of these must be written.

    Example:
        >>> Quantity(id="bills", case="customer_id", count="bill.sent", at_least=2, per="year").promise()
        'the number of bill sent must be at least 2 a year'
    """

    model_config = ConfigDict(populate_by_name=True)
    override_terms: ClassVar[tuple[str, ...]] = ("at_most", "at_least")
    kind: Literal["quantity"] = "quantity"
    count: SelectorField | None = None
    """Events that are counted.

    Examples: `bill.sent`, `{event: call.made, where: {outcome: missed}}`
    """
    time_in: StateField | None = None
    """A condition on the case, or `{from: event, to: event}`; the open time in that state is measured. Stretches that
    overlap are told apart by `match`, and count once.

    Examples: `{status: down}`, `{from: supply.lost, to: supply.restored}`,
    `{from: incident.opened, to: incident.resolved, match: incident_id}`
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
    """The least: a number, or an expression; for times a duration, or an expression with a unit.

    Examples: `2`, `30 minutes`, `$assignment`, `0.9 * $planned_minutes minutes`
    """
    at_most: Amount | None = None
    """The most, kept when the scope ends; for times also a share of the window: `0.01%`.

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
    per: PerField | None = None
    """One verdict a case and window; with `{rolling: 12 months}` a window of that length begins with each event that
    counts, so that none of them holds too much or too little.

    Examples: `month`, `{fiscal_year: "04-01"}`, `{rolling: 12 months}`
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
        problems += self._rolling_problems()
        problems += sum_problems(self.sum) if self.sum is not None else ()
        problems += span_problems(self.span) if self.span is not None else ()
        problems += endless_problems(self)
        if problems:  # without a bound alone it is a measure, which a book may hold as an indicator
            raise StandardsError([*problems, *([self.unbounded] if self.unbounded is not None else [])])
        self._bounds()
        return self

    def _rolling_problems(self) -> list[Problem]:
        if self.per is None or cast("Per", self.per).rolling is None:
            return []
        found = []
        if self.at_least is not None and self.at_most is not None:
            found.append(
                Problem(
                    "SV187",
                    "windows for `at_most` begin with an event, those for `at_least` after one.",
                    help="write two standards, one a bound.",
                    path="per",
                )
            )
        if self.span is not None:
            found.append(
                Problem(
                    "SV187",
                    "a span has an end of its own, and no window begins with it.",
                    help="write `time_in: {from: a, to: b}`.",
                    path="span",
                )
            )
        return found

    @property
    def is_rolling(self) -> bool:
        """Whether its windows begin with events."""
        return self.per is not None and cast("Per", self.per).rolling is not None

    @property
    def bounded(self) -> Bounded:
        """What its figures are figures of, by its bounds."""
        return self.bounded_between(least="at_least", most=("at_most",), boundary=self.boundary)

    @property
    def unbounded(self) -> Problem | None:
        """The problem of a quantity without a bound."""
        if self.bounding:
            return None
        message = "a quantity without a bound promises nothing."
        beside = beside_overrides(self.override_rows, ["at_least", "at_most"])
        return Problem("SV118", message, help=beside or "write `at_most: 3`, or `at_least: 1`.")

    @property
    def bounding(self) -> Sequence[str]:
        """Its bounds."""
        return [name for name in BOUNDS if getattr(self, name) is not None]

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
        amounts = self._amounts
        return bool(amounts) and all(one.is_time for one in amounts)

    @property
    def _amounts(self) -> list[AmountBound]:
        """Its bounds, those of overrides too, where they are numbers or lengths of time that are added up."""
        names = ("at_least", "at_most")
        written = [(name, getattr(self, name)) for name in names]
        sets = [line.sets for row in self.override_rows for line in row.lines]
        found: list[AmountBound] = []
        for name, value in (*written, *((name, told.get(name)) for told in sets for name in names)):
            with suppress(StandardsError):  # what cannot be read is told at its place
                node = None if value is None else cast("Any", self.read_limit(name, value).node)
                found += [node] if isinstance(node, AmountBound) else []
        return found

    @property
    def override_problems(self) -> list[Problem]:
        """What is wrong with its overrides, and with a sum that is bounded by a length of time here, a number there."""
        problems = super().override_problems
        if self.sum is None or len({one.is_time for one in self._amounts}) <= 1:
            return problems
        message = "one bound of the sum is a length of time, and another a number."
        return [*problems, Problem("SV118", message, help="write all of them in one unit.", path="sum")]

    def _bounds(self) -> tuple[LimitText | None, LimitText | None]:
        return self._bound("at_least"), self._bound("at_most")

    def _bound(self, name: Literal["at_least", "at_most"]) -> LimitText | None:
        written = getattr(self, name)
        if written is None:
            return None
        try:
            return self.read_limit(name, written)
        except StandardsError as failure:
            raise StandardsError([one.at(path=one.path or name) for one in failure.problems]) from None

    def read_limit(self, name: str, written: Any) -> LimitText:  # noqa: ARG002 - both bounds read alike
        """Return a bound as read: a number, a share, an expression; a duration where time is measured."""
        text = str(written).strip()
        is_plain = not (_NOTHING.fullmatch(text) or PERCENT.fullmatch(text) or _RECKONED.search(text))
        if self.is_time and is_plain:
            return parse_limit(text if isinstance(written, str) else written)
        is_time = True if self.is_time else None if self.sum is not None else False
        return LimitText(written, cast("LimitNode", AmountBound.read(text, is_time=is_time)))

    def promise(self) -> str:
        """Return the quantity in English."""
        exclusive = self.boundary == "exclusive"
        bounds = [
            f"{bound_words(name, exclusive=exclusive)} {bound.sentence()}"
            for name, bound in zip(("at_least", "at_most"), self._bounds(), strict=True)
            if bound
        ]
        must = f"must be {' and '.join(bounds)}" if bounds else "is measured"
        return f"{self._what()} {must}{self._scope_words()}"

    def _what(self) -> str:
        if self.count is not None:
            return f"the number of {cast('Selection', self.count).sentence()}"
        if isinstance(self.time_in, While):
            return f"the time {self.time_in.sentence()}"
        if self.time_in is not None:
            return f"the time in which {cast('Condition', self.time_in).sentence()}"
        if self.span is not None:
            first, last = (parse_selection(end).sentence() for end in self.span)
            return f"the time from {first} to {last}"
        told = cast("Mapping[str, Any]", self.sum)
        return f"the sum of {summed_words(told['field'])} over {parse_selection(told['of']).sentence()}"

    def _scope_words(self) -> str:
        said = f" {cast('Per', self.per).sentence()}" if self.per else ""
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
        demands = self.at_least is not None
        windows = windows_of(cast("Per | None", self.per), book, calendar, is_after=demands)
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
        state = self.time_in if isinstance(self.time_in, Condition) else None
        stretches = self.time_in if isinstance(self.time_in, While) else None
        program = SignalProgram(
            selectors=tuple(self._selectors(environment)),
            pause_while=_not(state.compile(environment)) if state is not None else None,
            pause_fields=read_by(state, environment),
            windows=windows,
            scope=compile_scope(cast("While | None", self.while_), environment),
            born_held=self.time_in is not None,
            counts_first=self.span is not None,
            ends_own=self._recurrence == "once",
            stretches=compile_scope(stretches, environment),
            **self._window_starts(),
        )
        return Plan(
            standard=self.id,
            case=self.case_in(book),
            signals=program,
            machine=clock(recurs=self._recurrence),
            measures=tuple(compiler.measures),
            terms=terms,
            exclusions=compile_exclusions(self.exclusions, environment),
            unit=self.unit,
            ends=cast("Selection", self.ends).compile_any(environment) if self.ends else None,
            at_end=Signal.CANCEL if self.is_rolling and demands else Signal.STOP,
            fingerprint=fingerprint(self, book),
        )

    @property
    def _recurrence(self) -> Recurs:
        if self.is_rolling:
            return "every"
        return "each" if self.after is not None or self.per else "once"

    def _window_starts(self) -> dict[str, Any]:
        """Return what begins windows besides the events that count: the case, and coming into a state or out of it."""
        if not self.is_rolling:
            return {}
        demands = self.at_least is not None
        found: dict[str, Any] = {"lanes": True, "begins": _ANY if demands else None}
        if self.time_in is not None:
            found["starts_on"] = Signal.PAUSE if demands else Signal.RESUME
        return found

    @property
    def selections(self) -> Mapping[str, Selection]:
        """Every selector it holds, those of `sum` and `span` among them."""
        found = dict(super().selections)
        if self.sum is not None:
            found["sum.of"] = parse_selection(self.sum.get("of"))
        for place, end in enumerate(self.span or ()):
            found[f"span[{place}]"] = parse_selection(end)
        if isinstance(self.time_in, While):
            found |= self.time_in.selections_at("time_in")
        scope = cast("While | None", self.while_)
        return found | (scope.selections_at("while") if scope else {})

    def _selectors(self, environment: Environment) -> list[tuple[Signal, AnyOf | AllOf]]:
        found: list[tuple[Signal, AnyOf | AllOf]] = []
        if self.is_rolling:
            counted = self._counted(environment)
            return [(Signal.START, counted)] if counted is not None else []
        if self.span is not None:
            opens, closes = (parse_selection(end).compile_any(environment) for end in self.span)
            return [(Signal.STOP, closes), (Signal.START, opens)]
        if self.until is not None:
            found.append((Signal.STOP, cast("Selection", self.until).compile(environment)))
        after = cast("Selection", self.after).compile(environment) if self.after is not None else _ANY
        return [*found, (Signal.START, after)]

    def _counted(self, environment: Environment) -> AnyOf | None:
        """Return the events that count; None where time does."""
        if self.count is not None:
            return cast("Selection", self.count).compile_any(environment)
        return parse_selection(self.sum["of"]).compile_any(environment) if self.sum is not None else None

    def _measure(self, environment: Environment) -> Measure:
        counted = self._counted(environment)
        if counted is None:
            return OpenTime()
        counts_start = self.after is None and not (self.is_rolling and self.at_least is not None)
        if self.sum is None:
            return Ticks(counted, counts_start=counts_start)
        amount, read = summed(self.sum["field"]), reader_of_amounts(self._amounts)
        return Ticks(
            counted,
            amount=lambda facts: read(amount.evaluate(facts, environment)),
            counts_start=counts_start,
        )


def _not(decide: Callable[[Facts], bool | None]) -> Callable[[Facts], bool | None]:
    def opposite(facts: Facts) -> bool | None:
        found = decide(facts)
        return None if found is None else not found

    return opposite
