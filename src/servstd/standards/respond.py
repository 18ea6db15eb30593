"""`respond`: after each start, a stop within a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, cast

from pydantic import field_validator, model_validator

from servstd.conditions import Condition, ConditionField, Environment
from servstd.errors import Problem, StandardsError
from servstd.expressions import Expression
from servstd.models import nested
from servstd.plan.bound import Pauses
from servstd.plan.machine import Label, Recurs, Reopen, clock
from servstd.plan.measure import OpenTime, Unit
from servstd.plan.plan import OnChange, Plan, SignalProgram
from servstd.plan.signals import AllOf, AnyOf, Selector, Signal
from servstd.standards.base import Standard, fingerprint
from servstd.standards.clock_faults import faults_of, forms_of, missing
from servstd.standards.clock_words import clock_words
from servstd.standards.exclusion import compile_exclusions
from servstd.standards.field_names import NAMES
from servstd.standards.limit import (
    CountLimit,
    DatesLimit,
    InstantLimit,
    LimitField,
    LimitNode,
    LimitText,
    Unlimited,
    has_dates,
)
from servstd.standards.override import Extend, beside_overrides
from servstd.standards.reading import read_by
from servstd.standards.selector import Selection, SelectorField
from servstd.standards.statistic import Bounded
from servstd.standards.surroundings import Surroundings
from servstd.standards.terms import LimitCompiler, compile_terms, scheduled_reader
from servstd.standards.warning import parse_warning

_ANY = AnyOf((Selector(None),))


class Respond(Standard):
    """Promise that after each start a stop follows within a limit.

    The limit is time on the calendar, local dates, an instant that the case carries, or a number of other events.
    Met if and only if elapsed <= limit.

    Example:
        >>> Respond(id="reply", case="ticket_id", start="inquiry.received", stop="reply.sent", within="60 minutes").id
        'reply'
    """

    override_terms: ClassVar[tuple[str, ...]] = ("within",)
    kind: Literal["respond"] = "respond"
    start: SelectorField | None = None
    """What starts the clock.

    Examples: `inquiry.received`, `{at: $scheduled_arrival}`, `{standard: repair, change: breached}`
    """
    stop: SelectorField | None = None
    """What stops it.

    Examples: `reply.sent`, `{event: reply.sent, where: {by: human}}`, `{all: [reply.sent, order.shipped]}`
    """
    within: LimitField | None = None
    """How long it may run: `60 minutes`, `10 business days`, `$promised_at`, `3 call.ring`; `none` only
    measures.

    Examples: `60 minutes`, `10 business days`, `$promised_at`, `3 call.ring`,
    `{by: priority, P1: 1 hour, else: 3 days}`
    """
    every: LimitField | None = None
    """Short for an update that is due again and again: `{every: 2 hours, event: update.sent, until:
    ticket.closed}`. It begins with `start`, or else with the case's first event. Each period is judged by the terms in
    force when it began.

    Examples: `2 hours`
    """
    event: SelectorField | None = None
    """With `every`: the update, which ends one period and begins the next.

    Examples: `update.sent`
    """
    until: SelectorField | None = None
    """With `every`: what ends the last period; without it they follow each other for good.

    Examples: `ticket.closed`
    """
    recurs: Recurs = "once"
    """`once`: the first start, which may also be its end · `each`: a start while idle · `latest`: a start while running
    restarts · `every`: each start has a clock of its own.

    Examples: `each`
    """
    reopen: Reopen = "ignore"
    """What an event of `reopen_on`, or under `once` a later start, does after the stop; nothing under `every`.

    Examples: `resume`
    """
    reopen_on: SelectorField | None = None
    """The events that open it again after the stop.

    Examples: `ticket.reopened`
    """
    pause: SelectorField | None = None
    """What holds the clock.

    Examples: `customer.asked`
    """
    resume: SelectorField | None = None
    """What lets it run again.

    Examples: `customer.answered`
    """
    pause_while: ConditionField | None = None
    """A condition on the case that holds the clock as long as it is true: `{status: waiting_on_customer}`.

    Examples: `{status: waiting_on_customer}`
    """
    cancel: SelectorField | None = None
    """What ends it without a verdict; under `every` the oldest, or the one whose `match` field is equal.

    Examples: `inquiry.withdrawn`
    """
    reset: SelectorField | None = None
    """What sets it back to nothing.

    Examples: `inquiry.changed`
    """
    stop_all: SelectorField | None = None
    """Under `every`: what stops all of them.

    Examples: `shift.ended`
    """
    match: Annotated[str | Sequence[str] | None, NAMES] = None
    """Under `every`: the fields by which a stop or cancel finds its start; the oldest otherwise.

    Examples: `order_id`, `[order_id, line]`
    """
    boundary: Literal["inclusive", "exclusive"] = "inclusive"
    """Whether a stop exactly at the limit is in time.

    Examples: `exclusive`
    """
    pauses: Pauses | None = None
    """What a pause does to dates: `shift`, a date does not count at whose closing time the clock stands; `time`, the
    due moves by the open time that was held; `ignore`, nothing.

    Examples: `shift`
    """
    extend: Annotated[Extend | Mapping[str, Any] | None, nested(Extend)] = None
    """An event that gives a running clock a second limit: `{event: response.holding, within: 35 business
    days}`.

    Examples: `{event: response.holding, within: 35 business days}`
    """
    warn_at: Sequence[str] = ()
    """When to warn: `80%` of the limit, or `10 minutes before` it ends.

    Examples: `[50%, 80%]`, `[10 minutes before]`
    """
    on_change: OnChange | None = None
    """What a change of limit, calendar or applicability does to a running clock; `carry` when left out, and
    `freeze` for promised instants and for periods of `every`.

    Examples: `recompute`
    """

    @field_validator("warn_at")
    @classmethod
    def _readable_warnings(cls, warn_at: Sequence[str]) -> Sequence[str]:
        for text in warn_at:
            parse_warning(text)
        return warn_at

    @model_validator(mode="after")
    def _settings_agree(self) -> Respond:
        problems = forms_of(self) or [*self._pauses_of_dates(), *faults_of(self)]
        if problems:
            raise StandardsError(problems)
        return self

    @property
    def starts(self) -> Selection:
        """What begins a period; under `every` an update that ends one does as well."""
        if self.every is None:
            return cast("Selection", self.start)
        event = cast("Selection", self.event)
        return event if self.start is None else _either(cast("Selection", self.start), event)

    @property
    def scheduled_at(self) -> Expression | None:
        """The instant at which the clock starts by itself; None where events start it."""
        return cast("Selection", self.start).at if self.start is not None else None

    @property
    def stops(self) -> Selection:
        """What stops it."""
        if self.every is None:
            return cast("Selection", self.stop)
        event = cast("Selection", self.event)
        return event if self.until is None else _either(event, cast("Selection", self.until))

    @property
    def recurrence(self) -> Recurs:
        """Which starts count."""
        return self.recurs if self.every is None else "each"

    def _pauses_of_dates(self) -> list[Problem]:
        node = self.limit.node
        if isinstance(node, InstantLimit) and self.is_pausing:
            return [
                Problem(
                    "SV113",
                    f"`{node.sentence()}` is an instant, which does not move for pauses.",
                    help="leave out the pauses, or write the limit as a duration.",
                    path="within",
                )
            ]
        if self.has_dates and self.is_pausing and self.pauses is None:
            return [
                Problem(
                    "SV114",
                    "a date limit with pauses must say what a pause does to it.",
                    help="write `pauses: shift` (a date does not count at whose closing time the clock stands), "
                    "`pauses: time` (the due moves by the open time that was held), or `pauses: ignore`.",
                    path="pauses",
                )
            ]
        return []

    @property
    def selections(self) -> Mapping[str, Selection]:
        """Every selector it holds, those of a counted limit and of an extension among them."""
        found = dict(super().selections)
        if isinstance(self.limit.node, CountLimit):
            found["within"] = self.limit.node.of
        if self.extension is not None:
            found["extend.event"] = cast("Selection", self.extension.event)
        return found

    @property
    def extension(self) -> Extend | None:
        """The extension as read."""
        return cast("Extend | None", self.extend)

    @property
    def limit(self) -> LimitText:
        """The limit as read; `none` where there is none, which counts the days that its objectives speak of."""
        written = self.within if self.every is None else self.every
        limit = cast("LimitText", written) if written is not None else _UNLIMITED
        if limit.node != _UNLIMITED.node:
            return limit
        bounds = [one.bound_of_a_case for _, one in self.placed_objectives]
        days = {one.days for one in bounds if one is not None and one.unit == "dates"}
        return limit if not days else _COUNTING["business" if "business" in days else "calendar"]

    @property
    def bounded(self) -> Bounded:
        """What was used, of which less is better whatever the limit."""
        return Bounded("lt" if self.boundary == "exclusive" else "le")

    @property
    def unbounded(self) -> Problem | None:
        """The problem of a clock without a limit."""
        if self.within is not None or self.every is not None:
            return None
        lacks = missing("within")
        return replace(lacks, help=beside_overrides(self.override_rows, ["within"]) or lacks.help)

    @property
    def bounding(self) -> Sequence[str]:
        """The settings that limit the clock."""
        limited = (
            () if isinstance(self.limit.node, Unlimited) else ("within" if self.every is None else "every",)
        )
        told = ("extend", "warn_at")
        rows = (
            ["overrides"]
            if any("within" in line.sets for row in self.override_rows for line in row.lines)
            else []
        )
        return [*limited, *(name for name in told if getattr(self, name)), *rows]

    def measured(self, id_: str) -> Respond:
        """Return the clock without its limit, for figures of what it took; a breach would hide how it ended.

        Args:
            id_: The id of the measure.
        """
        rows = [row for row in self.override_rows if not any("within" in line.sets for line in row.lines)]
        told: dict[str, Any] = {
            "id": id_, "within": None, "every": _UNLIMITED if self.every is not None else None, "extend": None,
            "warn_at": (), "overrides": rows,
            "objective": None, "objectives": None, "pauses": None, "readings": None, "reading": None,
        }  # fmt: skip
        return self.model_copy(update=told)

    @property
    def has_dates(self) -> bool:
        """Whether a limit of it counts dates."""
        lines = [line for override in self.override_rows for line in override.lines]
        written = [line.sets["within"] for line in lines if "within" in line.sets]
        limits = [self.limit, *(self.read_limit("within", one) for one in written)]
        return any(has_dates(limit.node) for limit in limits)

    @property
    def is_pausing(self) -> bool:
        """Whether anything can hold its clock."""
        return self.pause is not None or self.pause_while is not None

    def promise(self) -> str:
        """Return the clock in English."""
        return clock_words(self)

    def plan(self, book: Surroundings) -> Plan:
        """Return the clock compiled."""
        calendar = book.find(self.calendar)
        environment = book.environment(calendar, self.counting_rule)
        compiler = LimitCompiler(
            book,
            self.counting_rule,
            exclusive=self.boundary == "exclusive",
            pauses=self.pauses,
            follows=self.every is not None or cast("Selection", self.start).is_same(self.stops),
            measures=[OpenTime()],
        )
        terms = compile_terms(
            self,
            book,
            within=self.limit,
            least=None,
            compiler=compiler,
            on_change=self.on_change if self.every is None else "freeze",
            extended=self.extension,
        )
        spoken = {
            Signal.STOP: self.stops,
            Signal.CANCEL: self.cancel,
            Signal.RESET: self.reset,
            Signal.PAUSE: self.pause,
            Signal.RESUME: self.resume,
            Signal.REOPEN: self.reopen_on,
            Signal.EXTEND: self.extension.event if self.extension else None,
            Signal.START: self.start,
        }
        selectors: list[tuple[Signal, AnyOf | AllOf]] = [
            (signal, cast("Selection", spec).compile(environment))
            for signal, spec in spoken.items()
            if spec is not None
        ]
        at = self.scheduled_at
        pause_while = cast("Condition | None", self.pause_while)
        program = SignalProgram(
            selectors=tuple(selectors),
            pause_while=pause_while.compile(environment) if pause_while is not None else None,
            pause_fields=read_by(pause_while, environment),
            lanes=self.recurrence == "every",
            match=(self.match,) if isinstance(self.match, str) else tuple(self.match or ()),
            scheduled=scheduled_reader(at, environment) if at is not None else None,
            scheduled_by=at.fields if at is not None else frozenset(),
            stop_all=cast("Selection", self.stop_all).compile_any(environment) if self.stop_all else None,
            counts_first=self.recurrence == "once",
            ends_own=self.recurrence == "once",
            passes_over=self._passing_over,
            renews=self._renewing(environment),
            begins=self._beginning(environment),
        )
        return Plan(
            standard=self.id,
            case=self.case_in(book),
            signals=program,
            machine=clock(recurs=self.recurrence, reopen=self.reopen),
            measures=tuple(compiler.measures),
            terms=terms,
            exclusions=compile_exclusions(self.exclusions, environment),
            unit=_unit_of(self.limit.node),
            warn_at=tuple(parse_warning(text) for text in self.warn_at),
            moves_dates=self.pauses in ("shift", "time"),
            ends=cast("Selection", self.ends).compile_any(environment) if self.ends else None,
            fingerprint=fingerprint(self, book),
        )

    @property
    def _passing_over(self) -> tuple[Label, ...]:
        """From which states a start is passed over to which a frozen standard does not apply."""
        if self.on_change != "freeze" or self.recurrence == "every" or self.every is not None:
            return ()
        return ("done",) if self.recurrence == "once" else ("idle", "done", "void")

    def _renewing(self, environment: Environment) -> AnyOf | None:
        """Return the updates of `every`, which begin a period with the end of one."""
        if self.every is None:
            return None
        event = cast("Selection", self.event).compile_any(environment)
        return AnyOf(event.members, but=self._last(environment))

    def _beginning(self, environment: Environment) -> AnyOf | None:
        """Return what the case's first event must be to start `every` where `start` does not say it."""
        if self.start is not None:
            return None
        return AnyOf(_ANY.members, but=self._last(environment))

    def _last(self, environment: Environment) -> tuple[AnyOf, ...]:
        """Return what ends the last period, which begins none; nothing where periods follow each other for good."""
        return () if self.until is None else (cast("Selection", self.until).compile_any(environment),)


_UNLIMITED = LimitText("none", Unlimited())
_COUNTING = {
    "business": LimitText("none", Unlimited("business days")),
    "calendar": LimitText("none", Unlimited("days")),
}


def _unit_of(node: LimitNode) -> Unit:
    """Return what a plain limit counts; of a table or of several limits, each verdict says."""
    if isinstance(node, CountLimit):
        return "count"
    return "dates" if isinstance(node, DatesLimit | Unlimited) and has_dates(node) else "time"


def _either(one: Selection, other: Selection) -> Selection:
    """Return the selection of the events that either takes."""
    return Selection([one.data, other.data], any_of=(*one.any_of, *other.any_of))
