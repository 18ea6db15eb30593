"""`check`: an expectation on an event, or on each item in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from pydantic import ConfigDict, Field, field_validator, model_validator

from servstd.conditions import Condition, ConditionField, Environment, parse_condition
from servstd.errors import Problem, StandardsError
from servstd.expressions import ABSENT, OverlaidFacts
from servstd.models import shown
from servstd.plan.machine import judging
from servstd.plan.plan import Plan, SignalProgram
from servstd.plan.signals import AllOf, AnyOf, Judged, Signal
from servstd.standards.base import Standard, fingerprint
from servstd.standards.exclusion import compile_exclusions
from servstd.standards.field_names import NAMES
from servstd.standards.scope import While, WhileField, compile_scope
from servstd.standards.selector import Selection, SelectorField
from servstd.standards.surroundings import Surroundings
from servstd.standards.terms import applicability, scheduled_reader

if TYPE_CHECKING:
    from servstd.conditions import Facts

_NO_EXPECTATION = Problem(
    "SV104",
    "`expect` is missing.",
    help="say what must be true: `expect: {belt: fastened}`.",
    path="expect",
)
Require = Literal["all", "any"] | str | Mapping[str, int]
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%")


class Check(Standard):
    """Promise that an event, or each item it lists, is as expected.

    It judges events that happen; `missing_by` demands one as well: where the case has had none since the last
    `missing_by`, that is a breach.

    Example:
        >>> Check(id="belts", case="flight_id", event="cabin.checked", for_each="passengers",
        ...       expect={"belt": "fastened"}).require
        'all'
    """

    model_config = ConfigDict(populate_by_name=True)
    kind: Literal["check"] = "check"
    event: SelectorField
    """The event that is judged.

    Examples: `cabin.checked`
    """
    expect: ConditionField | None = None
    """What must be true of it, or of each item.

    Examples: `{belt: fastened}`, `{text: {mentions: $customer.first_name}}`
    """
    between: Sequence[str] | None = None
    """Short for an expectation on the event's time: `[15 minutes before $at, 15 minutes after $at]`, both
    inclusive.

    Examples: `[15 minutes before $at, 15 minutes after $at]`
    """
    for_each: Annotated[str | None, NAMES] = None
    """The field that lists the items.

    Examples: `passengers`
    """
    require: Require = "all"
    """How many items must be as expected: `all`, `any`, `{at_least: 3}`, `90%`.

    Examples: `any`, `{at_least: 3}`, `90%`
    """
    while_: Annotated[WhileField | None, Field(alias="while")] = None
    """The stretches in which events are judged: `{from: sign.on, to: sign.off}`, or a condition on the case.

    Examples: `{from: sign.on, to: sign.off}`, `{status: active}`
    """
    missing_by: SelectorField | None = None
    """The event by which one must have happened.

    Examples: `call.ended`, `{at: $departs_at}`
    """

    @field_validator("require")
    @classmethod
    def _is_a_number_of_items(cls, require: Require) -> Require:
        failing_allowed(require, 1)
        return require

    @model_validator(mode="after")
    def _items_are_named(self) -> Check:
        if self.between is not None:
            if len(self.between) != 2:
                raise StandardsError(
                    Problem("SV118", f"`between` has two ends, not {len(self.between)}.", path="between")
                )
            _ = self.expected
        if self.for_each is not None and self.unbounded is not None:
            raise StandardsError(_NO_EXPECTATION)
        if self.require != "all" and self.for_each is None:
            raise StandardsError(
                Problem(
                    "SV116",
                    "`require` counts items, and none are listed.",
                    help="name the list: `for_each: passengers`.",
                    path="require",
                )
            )
        return self

    @property
    def unbounded(self) -> Problem | None:
        """The problem of an event of which nothing is expected."""
        return _NO_EXPECTATION if self.expect is None and self.between is None else None

    @property
    def expected(self) -> Condition | None:
        """What must be true, the time between two ends among it; None where it need only happen."""
        told = cast("Condition | None", self.expect)
        if self.between is None:
            return told
        first, last = self.between
        timely = parse_condition({"time": {"ge": first, "le": last}})
        return timely if told is None else told & timely

    @property
    def selections(self) -> Mapping[str, Selection]:
        """Every selector it holds, those of its scope among them."""
        scope = cast("While | None", self.while_)
        return dict(super().selections) | (scope.selections_at("while") if scope else {})

    def promise(self) -> str:
        """Return the expectation in English."""
        event = cast("Selection", self.event).sentence()
        if self.for_each is None:
            expected = self.expected
            said = f"{event} is recorded"
            if expected is not None:
                said = f"at {event} it must be so that {expected.sentence()}"
        else:
            how_many = {"all": "all", "any": "at least one of the"}.get(str(self.require), str(self.require))
            if isinstance(self.require, Mapping):
                how_many = f"at least {self.require.get('at_least')} of the"
            items = self.for_each.replace("_", " ")
            said = f"at {event}, {how_many} {items} must be so that {cast('Condition', self.expected).sentence()}"
        if self.while_ is not None:
            said += f", {cast('While', self.while_).sentence()}"
        if self.missing_by is not None:
            said += f", and it must have happened by {cast('Selection', self.missing_by).sentence()}"
        return said

    def plan(self, book: Surroundings) -> Plan:
        """Return the expectation compiled."""
        calendar = book.find(self.calendar)
        environment = book.environment(calendar, self.counting_rule)
        selectors: list[tuple[Signal, AnyOf | AllOf]] = [
            (Signal.JUDGE, cast("Selection", self.event).compile(environment))
        ]
        if self.missing_by is not None:
            selectors.append((Signal.STOP, cast("Selection", self.missing_by).compile(environment)))
        demanded = cast("Selection | None", self.missing_by)
        at = demanded.at if demanded is not None else None
        return Plan(
            standard=self.id,
            case=self.case_in(book),
            signals=SignalProgram(
                tuple(selectors),
                judge=self._judge(environment),
                scheduled=scheduled_reader(at, environment) if at is not None else None,
                scheduled_by=at.fields if at is not None else frozenset(),
                scope=compile_scope(cast("While | None", self.while_), environment),
            ),
            machine=judging(),
            measures=(),
            terms=applicability(self, environment),
            exclusions=compile_exclusions(self.exclusions, environment),
            unit="items",
            ends=cast("Selection", self.ends).compile_any(environment) if self.ends else None,
            fingerprint=fingerprint(self, book),
        )

    def _judge(self, environment: Environment) -> Callable[[Facts], Judged]:
        expected = self.expected
        if expected is None:
            return _Expectation(lambda _facts: True, "")
        decide = expected.compile(environment)
        if self.for_each is None:
            return _Expectation(decide, expected.sentence())
        return _Items(decide, expected.sentence(), self.for_each, self.require)


@dataclass(frozen=True, slots=True)
class _Expectation:
    """Judge one event as a whole."""

    decide: Callable[[Facts], bool | None]
    sentence: str

    def __call__(self, facts: Facts) -> Judged:
        found = self.decide(facts)
        if found is None:
            return Judged(None, 0, f"it is not known whether {self.sentence}")
        return Judged(0 if found else 1, 0, self.sentence if found else f"it is not so that {self.sentence}")


@dataclass(frozen=True, slots=True)
class _Items:
    """Judge each item of a list; an empty one has nothing wrong, an absent one is not known."""

    decide: Callable[[Facts], bool | None]
    sentence: str
    name: str
    require: Require

    def __call__(self, facts: Facts) -> Judged:
        items = facts.event(self.name)
        if items is ABSENT:
            items = facts.case(self.name)
        if not isinstance(items, Sequence) or isinstance(items, str):
            return Judged(None, 0, f"`{self.name}` is not there, or is no list")
        found = [self.decide(OverlaidFacts(facts, _fields_of(item))) for item in items]
        failing, unknown = found.count(False), found.count(None)
        allowed = failing_allowed(self.require, len(found))
        note = f"{failing} of {len(found)} {self.name} are not as expected: {self.sentence}"
        if unknown and failing <= allowed < failing + unknown:
            return Judged(None, allowed, f"{unknown} of {len(found)} {self.name} are not known")
        return Judged(failing, allowed, note if failing else "")


def _fields_of(item: object) -> Mapping[str, object]:
    """Return what is read first of an item: its fields, or itself as `item` where it has none."""
    return cast("Mapping[str, object]", item) if isinstance(item, Mapping) else {"item": item}


def failing_allowed(require: Require, count: int) -> int:
    """Return how many of `count` items may fail.

    Raises:
        StandardsError: SV116, the requirement cannot be read.

    Example:
        >>> [failing_allowed(require, 20) for require in ("all", "any", "90%", {"at_least": 3})]
        [0, 19, 2, 17]
    """
    if require == "all":
        return 0
    if require == "any":
        return max(count - 1, 0) if count else -1
    if isinstance(require, Mapping):
        least: Any = require.get("at_least")
        if len(require) == 1 and isinstance(least, int) and not isinstance(least, bool) and least > 0:
            return count - least
    elif found := _PERCENT.fullmatch(require):
        share = Fraction(Decimal(found[1])) / 100
        if share <= 1:
            return int(count * (1 - share))
    raise StandardsError(
        Problem(
            "SV116",
            f"`{require if isinstance(require, str) else shown(require)}` is no number of items.",
            help="write `all`, `any`, `{at_least: 3}` or `90%`.",
        )
    )
