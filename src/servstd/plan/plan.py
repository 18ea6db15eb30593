"""A plan: one standard, compiled. Signals × machine × measures × terms, and nothing that loops over events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, Protocol

from servstd.calendars import Calendar
from servstd.plan.bound import Limit, Windows
from servstd.plan.machine import Label, Machine
from servstd.plan.measure import Measure, Unit
from servstd.plan.signals import AllOf, Amount, AnyOf, Judge, Reads, Signal

if TYPE_CHECKING:
    from servstd.conditions import Facts

OnChange = Literal["carry", "recompute", "restart", "freeze"]


@dataclass(frozen=True, slots=True)
class Level:
    """Build a level from events.

    Args:
        name: The name under which expressions read it.
        plus: Events that add to it.
        minus: Events that take from it; at 0 they are ignored and counted.
        sets: Events that set it to `value`.
        value: What they set it to.
        amount: What one event adds or takes; None is one.
        initial: What it starts at.
    """

    name: str
    plus: AnyOf | None
    minus: AnyOf | None
    sets: AnyOf | None = None
    value: Amount | None = None
    amount: Amount | None = None
    initial: int = 0


class TooOld(Protocol):
    """Tell when something that came at an instant becomes too old."""

    def __call__(self, came_us: int, /) -> int | None:
        """Return the first microsecond at which it is; None for never."""
        ...


@dataclass(frozen=True, slots=True)
class Age:
    """Follow how long the oldest of several items has waited.

    Args:
        comes: Events with which an item comes.
        goes: Events with which it goes.
        item: The field that tells the items apart.
        too_old_from: When an item that came at an instant has waited too long.
    """

    comes: AnyOf
    goes: AnyOf
    item: str
    too_old_from: TooOld


@dataclass(frozen=True, slots=True)
class Gauging:
    """Follow levels and tell by how much they are out of bounds.

    Args:
        levels: The levels; conditions and expressions read them by name.
        excess: By how much they are out of bounds; not positive while they are in, None where that is not known.
        cancels_on_return: Whether coming back into bounds cancels the demand.
    """

    levels: tuple[Level | Age, ...]
    excess: Amount
    cancels_on_return: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """Limit what counts to stretches of a case: between two events, or while a condition holds.

    Args:
        opens: Events that open a stretch; None where a condition decides.
        closes: Events that close it; the stamp that does still belongs to it.
        holds: The condition.
        match: The fields by which an event that closes finds the one that opened; empty where any does.
    """

    opens: AnyOf | None = None
    closes: AnyOf | None = None
    holds: Reads | None = None
    match: tuple[str, ...] = ()


Asked = tuple[tuple[Signal, AnyOf | AllOf], ...]
"""Signals and the selectors that give them."""


class Reader(Protocol):
    """Read a value off the facts of a case."""

    def __call__(self, facts: Facts, /) -> int | None:
        """Return the value, or None when the case does not carry it."""
        ...


@dataclass(frozen=True, slots=True)
class SignalProgram:
    """Turn the events of a case into signals.

    Args:
        selectors: Which events give which signal.
        pause_while: A level of the case's fields that holds the clock while it is true.
        gauging: Levels whose crossings start and cancel.
        scope: The stretches of the case in which anything counts; None for all of it.
        judge: What decides a `judge` on the spot.
        lanes: Whether each start has a lane of its own (`recurs: every`).
        match: The fields by which a stop finds its lane; empty takes the oldest.
        stop_all: Events that stop every lane.
        precedes: Whether events are judged by what came before them.
        keeps_earlier: Whether an earlier needed event serves where the latest came too late to.
        windows: Windows that close obligations: calendar ones, each of which opens the next as well; with `lanes` one
            for each obligation.
        passes_over: The labels of a state from which a start is passed over if the standard never applies to it.
        begins: What the first event of the case must be to start a clock; None where it starts none.
        renews: Of the events that stop, those that begin the next obligation with the end of one.
        stretches: Two events between which a clock runs, and is held otherwise.
        starts_on: The signal that starts a clock as well: time in a state begins, or ends.
        born_held: Whether the clock is held until something lets it run (time in a state nobody has named yet).
        counts_first: Whether only the first start of a case counts, so that later ones are told.
        ends_own: Whether an event may stop or cancel what it itself starts: a clock that runs once does not begin the
            next period with the end of one.
        scheduled_by: The fields that scheduled instant is read from.
        scheduled: The instant at which a clock starts by itself, as the case carries it.
    """

    selectors: tuple[tuple[Signal, AnyOf | AllOf], ...]
    pause_while: Reads | None = None
    pause_fields: frozenset[str] = frozenset()
    gauging: Gauging | None = None
    scope: Scope | None = None
    judge: Judge | None = None
    lanes: bool = False
    match: tuple[str, ...] = ()
    stop_all: AnyOf | None = None
    precedes: bool = False
    keeps_earlier: bool = False
    windows: Windows | None = None
    scheduled: Reader | None = None
    scheduled_by: frozenset[str] = frozenset()
    born_held: bool = False
    counts_first: bool = False
    ends_own: bool = False
    passes_over: tuple[Label, ...] = ()
    begins: AnyOf | None = None
    renews: AnyOf | None = None
    stretches: Scope | None = None
    starts_on: Signal | None = None
    _asked: dict[str, Asked] = field(init=False, repr=False, compare=False, default_factory=dict)

    def asked_of(self, kind: str) -> Asked:
        """Return the selectors that may recognise events of a kind, each with its signal; most kinds have none.

        Args:
            kind: The kind; it is looked up once a plan.
        """
        asked = self._asked.get(kind)
        if asked is None:
            asked = tuple(pair for pair in self.selectors if pair[1].may_take(kind))
            self._asked[kind] = asked
        return asked


@dataclass(frozen=True, slots=True)
class Terms:
    """Be the terms in force for a case at one moment.

    Args:
        limit: The most that is allowed, dates not yet counted.
        least: The least that is demanded; None for nothing.
        calendars: The calendar of each measure; None for one that counts.
        applies: Whether the standard applies; None when that is not known.
        limit_from: Which row of the book set the limit.
        closes: After which the obligation is judged as it stands; None for no such end.
        extended: The limits, from the same start, after a first extension, a second, and so on.
        calendar: The calendar of the case, whatever its measures count; None for that of the standard.
    """

    limit: Limit
    least: Limit | None
    calendars: tuple[Calendar | None, ...]
    applies: bool | None
    limit_from: str
    closes: Limit | None = None
    extended: tuple[Limit, ...] = ()
    calendar: Calendar | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TermsProgram:
    """Find the terms in force from the facts of a case.

    Args:
        resolve: The terms at these facts.
        fields: The fields they depend on; with none the terms never change.
        on_change: What happens to a running clock when they change.
        reads_time: Whether they depend on when the clock starts (`time: {open_in: mornings}`, `effective`).
        freezes_limit: Whether the limit stays what it was at the start all the same: a promised instant moved by the
            one who promised is no promise. A limit that is missing at the start is the first one that comes.
    """

    resolve: Callable[[Facts], Terms]
    fields: frozenset[str]
    on_change: OnChange = "carry"
    freezes_limit: bool = False
    reads_time: bool = False


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Leave a verdict out: by a condition on the case as last known, by a calendar, or by stretches of time.

    Args:
        place: Its place in the book, by which the stretches of a case are found.
        reason: What the report says.
        when: The condition; None where time decides.
        calendar: The calendar in whose open time a clock must not have run; None where events name the stretches.
        pauses: Whether the clock is held meanwhile instead.
        dated_by: Which instant of the verdict must lie in the time that is meant; None where any part of its clock is
            enough.
    """

    place: int
    reason: str
    when: Reads | None = None
    calendar: Calendar | None = None
    pauses: bool = False
    dated_by: Literal["start", "end", "due"] | None = None


@dataclass(frozen=True, slots=True)
class WarnAt:
    """Say when a warning is due: at a share of the limit, or some time before its end.

    Args:
        share: Of the limit, between 0 and 1; None where `before` says it.
        before: µs before the due, on the calendar.
    """

    share: Fraction | None = None
    before: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold everything an executor needs for one standard.

    Two plans are equal when their fingerprints are: the standard as written and the calendars it uses.

    Args:
        standard: The standard's id.
        case: The fields whose values name the case.
        signals: What events say.
        machine: What is done about it.
        measures: What grows meanwhile; the first is the one that verdicts report.
        terms: The limit, calendar and applicability in force.
        exclusions: When a verdict is left out.
        unit: What limits and margins are counted in.
        ends: Events after which the case adds nothing.
        at_end: What the end of the case says to a clock that still runs: judge it as it stands, or cancel it.
        moves_dates: Whether dates are counted anew as a pause begins or ends.
        warn_at: When warnings are due.
        fingerprint: A hash of what the author wrote and the calendars named.
    """

    standard: str
    case: tuple[str, ...]
    signals: SignalProgram = field(compare=False)
    machine: Machine = field(compare=False)
    measures: tuple[Measure, ...] = field(compare=False)
    terms: TermsProgram = field(compare=False)
    exclusions: tuple[Exclusion, ...] = field(compare=False, default=())
    unit: Unit = "time"
    ends: AnyOf | None = field(compare=False, default=None)
    at_end: Literal[Signal.STOP, Signal.CANCEL] = Signal.CANCEL
    moves_dates: bool = False
    warn_at: tuple[WarnAt, ...] = ()
    fingerprint: str = ""

    @property
    def stretch_fields(self) -> tuple[str, ...]:
        """The fields by which the end of a stretch finds its beginning; none where any end ends."""
        scopes = self.signals.stretches, self.signals.scope
        return next((one.match for one in scopes if one is not None and one.match), ())
