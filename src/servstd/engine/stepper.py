"""The stepper: one case, one stamp after another, every register in sight; others are held against it."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from servstd.engine.facts import CaseFacts, Row
from servstd.engine.fold import Fold
from servstd.engine.lane import Lane
from servstd.engine.moments import stamps
from servstd.engine.obligation import Covered, Obligation
from servstd.engine.schedule import Schedule
from servstd.errors import EvaluationError, Problem
from servstd.expressions.nodes import tidy
from servstd.intervals import instant_text
from servstd.plan.bound import FOREVER
from servstd.plan.plan import Exclusion, Plan
from servstd.plan.signals import AnyOf, Signal

MOST_WINDOWS = 20_000
"""How many windows a case may have: 54 years of days. One wrong date must not make a million of them."""
Stretches = Mapping[int, Sequence[tuple[int, int]]]
_AMOUNTS = ("elapsed", "limit", "margin", "remaining")


@dataclass(slots=True)
class Carry:
    """Hold all that one plan knows of one case between two calls.

    Args:
        fold: What the case's events have said so far: fields, latch, level, open lanes.
        lanes: The machine's registers, one set a lane.
        schedule: The instants at which a clock of the case starts by itself.
        ended_at: When the case ended; nothing after it counts.
        stretches: By the place of an exclusion, the stretches of time that concern the case.
        covered: From when and until when the log is complete, µs; None for always.
    """

    fold: Fold
    lanes: dict[int, Lane]
    schedule: Schedule
    ended_at: int | None = None
    stretches: Stretches = field(default_factory=dict)
    covered: Covered = (None, None)

    @classmethod
    def begin(
        cls,
        plan: Plan,
        *,
        milestones: frozenset[str] = frozenset(),
        stretches: Stretches | None = None,
        covered: Covered = (None, None),
    ) -> Carry:
        """Return the carry of a case nobody has spoken of.

        Args:
            plan: The compiled standard.
            milestones: The kinds of event that were columns of a wide table.
            stretches: By the place of an exclusion, the stretches of time that concern this case, µs.
            covered: From when and until when the log is complete, µs: windows that begin before or end after are
                cut. None for always.
        """
        fold, schedule = Fold(plan, milestones=milestones), Schedule(plan.signals.scheduled_by)
        carry = cls(fold, {}, schedule, stretches=stretches or {}, covered=covered)
        for exclusion in plan.exclusions:
            if exclusion.pauses:
                for start, end in carry.stretches.get(exclusion.place, ()):
                    carry.fold.hold_between(start, end)
        return carry

    def copy(self) -> Carry:
        """Return a carry that can go its own way; the plan itself is shared."""
        memo = {id(self.fold.plan): self.fold.plan}
        return copy.deepcopy(self, memo)


def step(
    plan: Plan, rows: Iterable[Row], carry: Carry | None, *, as_of: int, together: bool = True
) -> tuple[list[Obligation], Carry]:
    """Take the next events of a case and tell what its obligations are at `as_of`.

    Args:
        plan: The compiled standard.
        rows: Events of one case, in order of time, sequence, id; none earlier than those already carried.
        carry: What an earlier call returned; None for a new case. It is changed: copy it to keep it.
        as_of: The instant of the judgement, µs. Events after it are not read.
        together: Whether events of one stamp act as a set; one by one otherwise, to find ties that decide.

    Returns:
        The obligations in the order in which they were opened, and the carry for the next call.
    """
    carry = Carry.begin(plan) if carry is None else carry
    if plan.signals.scheduled:
        rows = carry.schedule.merged(plan.signals.scheduled, rows, as_of=as_of)
    for stamp in stamps(rows) if together else ([row] for row in rows):
        now = stamp[0].time_us
        if now > as_of or carry.ended_at is not None:
            break
        _ring_before(plan, carry, now)
        take(plan, stamp, now, carry)
        if plan.ends and any(plan.ends.takes(row.kind, carry.fold.facts.at(row)) for row in stamp):
            _end_case(plan, carry, now)
    _ring_before(plan, carry, as_of + 1)
    return settle(plan, carry, as_of=as_of), carry


def _tell_all(carry: Carry) -> None:
    """Tell every lane what they count in common; what was told already is not told again."""
    ticks, holds = carry.fold.shared, carry.fold.shared_holds
    for lane in carry.lanes.values():
        if ticks is not None:
            ticks.tell(lane, len(ticks.times))
        if holds is not None:
            holds.tell(lane, len(holds.times))


def _ring_before(plan: Plan, carry: Carry, time_us: int) -> None:
    """Let the alarms before an instant take effect, each at its own."""
    while (at := carry.fold.next_alarm()) is not None and at < time_us:
        take(plan, (), at, carry)


def _end_case(plan: Plan, carry: Carry, now: int) -> None:
    """End every clock that still runs: the case adds nothing from here."""
    carry.ended_at = now
    carry.fold.alarms.clear()
    _tell_all(carry)
    for lane in carry.lanes.values():
        lane.end_with_case(plan.at_end, now)


def take(plan: Plan, stamp: Sequence[Row], time_us: int, carry: Carry) -> None:
    """Let what one instant says take effect.

    Args:
        plan: The compiled standard.
        stamp: The events of that instant; none when only an alarm rings.
        time_us: The instant.
        carry: What is known of the case; changed.
    """
    fold = carry.fold
    heard: set[int] = set()
    for moment in fold.read(stamp, time_us):
        lane = carry.lanes.get(moment.lane)
        if lane is None:
            is_born_held = fold.is_held_now if plan.signals.lanes else plan.signals.born_held
            terms = moment.terms or fold.present_terms(time_us)
            lane = carry.lanes[moment.lane] = Lane.begin(plan, moment, terms, is_held=is_born_held)
            lane.covered = carry.covered
            lane.heard = fold.shared.told if fold.shared is not None else 0
            lane.turned = len(fold.shared_holds.times) if fold.shared_holds is not None else 0
        elif (
            fold.shared is not None
        ):  # what ticks in a stamp comes before the terms that are known at its end
            fold.shared.tell(lane, len(fold.shared.times) if moment.lane in heard else fold.shared.told)
        elif fold.shared_holds is not None:  # at an instant the latch is turned after clocks have ended
            fold.shared_holds.tell(lane, fold.shared_holds.told)
        heard.add(moment.lane)
        opened, was_armed = len(lane.obligations), lane.label == "run"
        lane.take(moment)
        fold.state = lane.state
        if len(lane.obligations) > opened:
            if lane.is_lasting or (was_armed and lane.label != "run"):
                fold.completion.start(lane.obligations[-1].opened_by)
            _set_alarms(plan, fold, lane)
            opener = next((act.cause for act in moment.acts if act.signal is Signal.START), None)
            _stop_early(fold, lane, opener, moment.time_us)
            if (act := fold.early.pop(moment.time_us, None)) is not None:
                lane.answer_early(act)
                fold.lanes.close(moment.lane)
            fold.state = lane.state
    _remember_early_stop(fold, stamp)


def settle(plan: Plan, carry: Carry, *, as_of: int) -> list[Obligation]:
    """Return the obligations as they stand at `as_of`."""
    _tell_all(carry)
    unknown = carry.fold.unknown
    found = [obligation for lane in carry.lanes.values() for obligation in lane.settled(as_of)]
    found = found or _without_start(carry)
    facts = carry.fold.facts.at_rest(as_of)
    for obligation in found:
        for exclusion in plan.exclusions:
            is_excluded = _is_excluded(exclusion, obligation, facts, carry.stretches, as_of=as_of)
            if is_excluded is None:
                unknown["exclude", exclusion.reason] += 1
            if is_excluded:
                obligation.outcome_otherwise, obligation.outcome = obligation.outcome, "excluded"
                obligation.reason, obligation.left_out_by = exclusion.reason, exclusion.place
                break
    for obligation in found:
        _tidy(obligation)
    return found


def _tidy(obligation: Obligation) -> None:
    """Write amounts that were added up as fractions, and so exactly, as decimals again."""
    for name in _AMOUNTS:
        amount: object = getattr(obligation, name)
        if isinstance(amount, Fraction):
            setattr(obligation, name, tidy(amount))


def _without_start(carry: Carry) -> list[Obligation]:
    """Return the verdict of a wide row that has an end and no start: nobody knows how long it took."""
    ends = list(carry.fold.early_stops.values())
    if not ends or any(lane.obligations for lane in carry.lanes.values()):
        return []
    end = ends[-1]
    if carry.fold.present_terms(end.time_us).applies is False:
        return []
    made = Obligation(
        end.index, end.time_us, opened_id=end.id or "", outcome="unknown", reason="it has no start"
    )
    made.ended_at, made.ended_by = end.time_us, end.index
    return [made]


def _is_excluded(
    exclusion: Exclusion, obligation: Obligation, facts: CaseFacts, stretches: Stretches, *, as_of: int
) -> bool | None:
    """Tell whether an exclusion is about this obligation: a condition holds, or its clock ran in a stretch."""
    if exclusion.when is not None:
        return exclusion.when(facts)
    if exclusion.pauses:
        return False
    if exclusion.dated_by is not None:
        at = _dated(obligation, exclusion.dated_by)
        return at is not None and _holds_instant(exclusion, stretches, at)
    start = obligation.started_at
    end = as_of if obligation.ended_at is None else obligation.ended_at
    if exclusion.calendar is not None:
        return exclusion.calendar.is_open_us(start) or exclusion.calendar.elapsed_us(start, end) > 0
    return any(
        start < last and (first < end or first <= start)  # half-open: to touch is not to run in it
        for first, last in stretches.get(exclusion.place, ())
    )


def _dated(obligation: Obligation, by: str) -> int | None:
    """Return the instant that dates a verdict: of the due the one before it, without an end that of the breach."""
    if by == "start":
        return obligation.started_at
    if by == "due":
        return None if obligation.due_at is None else obligation.due_at - 1
    return obligation.breached_at if obligation.ended_at is None else obligation.ended_at


def _holds_instant(exclusion: Exclusion, stretches: Stretches, at: int) -> bool:
    if exclusion.calendar is not None:
        return exclusion.calendar.is_open_us(at)
    return any(first <= at < last for first, last in stretches.get(exclusion.place, ()))


def _set_alarms(plan: Plan, fold: Fold, lane: Lane) -> None:
    """Set the alarms of an obligation that has just opened: the end of its scope, the end of its window."""
    if lane.terms.closes:
        at = lane.when_exceeded(lane.terms.closes)
        fold.forget_alarms(Signal.STOP)
        if at < FOREVER:
            fold.set_alarm(at, Signal.STOP)
    if plan.signals.windows:
        if len(lane.obligations) > MOST_WINDOWS:
            raise EvaluationError(_too_many_windows(plan, lane))
        end = plan.signals.windows.bounds(lane.at)[1]
        following = () if plan.signals.lanes else (Signal.START,)
        fold.set_alarm(end, Signal.STOP, *following)


def _too_many_windows(plan: Plan, lane: Lane) -> Problem:
    first = instant_text(lane.obligations[0].started_at)
    return Problem(
        "SV417",
        f"a case has more than {MOST_WINDOWS:,} windows of `{plan.standard}`: the first begins at {first}.",
        help="say what the log covers (`covers: [2026-01-01, 2027-01-01]`), or write longer windows.",
    )


def _remember_early_stop(fold: Fold, stamp: Sequence[Row]) -> None:
    """Remember a milestone that ends a clock which has not begun: rows of wide tables may be reversed."""
    if not fold.milestones:
        return
    for row in stamp:
        if row.kind in fold.milestones and row.source not in fold.begun and _says_stop(fold, row):
            fold.early_stops[row.source] = row


def _says_stop(fold: Fold, row: Row) -> bool:
    facts = fold.facts.at(row)
    return any(
        signal is Signal.STOP and isinstance(selector, AnyOf) and selector.takes(row.kind, facts)
        for signal, selector in fold.plan.signals.selectors
    )


def _stop_early(fold: Fold, lane: Lane, opener: Row | None, time_us: int) -> None:
    """End at once a clock whose stop was recorded before its start, in the same row of a wide table."""
    if not fold.milestones or opener is None:
        return
    fold.begun.add(opener.source)
    stop = fold.early_stops.pop(opener.source, None)
    if stop is not None and stop.time_us < time_us:
        lane.end_before_start(stop, time_us)
