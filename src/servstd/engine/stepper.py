"""The stepper: one case, one stamp after another, every register in sight. What every other executor is held against."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from servstd.engine.facts import Row
from servstd.engine.fold import Fold, stamps
from servstd.engine.lane import Lane
from servstd.engine.obligation import Obligation
from servstd.plan.plan import Plan
from servstd.plan.signals import Signal


@dataclass(slots=True)
class Carry:
    """Hold all that one plan knows of one case between two calls.

    Args:
        fold: What the case's events have said so far: fields, latch, level, open lanes.
        lanes: The machine's registers, one set a lane.
    """

    fold: Fold
    lanes: dict[int, Lane]

    @classmethod
    def begin(cls, plan: Plan, *, milestones: frozenset[str] = frozenset()) -> Carry:
        """Return the carry of a case nobody has spoken of."""
        return cls(Fold(plan, milestones=milestones), {})

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
    for stamp in stamps(rows) if together else ([row] for row in rows):
        if stamp[0].time_us > as_of:
            break
        take(plan, stamp, carry)
    return settle(plan, carry, as_of=as_of), carry


def take(plan: Plan, stamp: Sequence[Row], carry: Carry) -> None:
    """Let the events of one stamp take effect."""
    fold = carry.fold
    for moment in fold.read(stamp):
        lane = carry.lanes.get(moment.lane)
        if lane is None:
            is_born_held = plan.signals.lanes and fold.is_held
            lane = carry.lanes[moment.lane] = Lane.begin(plan, moment, is_held=is_born_held)
        opened = len(lane.obligations)
        lane.take(moment)
        if len(lane.obligations) > opened:
            fold.seen.clear()
            _stop_early(fold, lane, moment.time_us)
    _remember_early_stop(fold, stamp, carry)


def settle(plan: Plan, carry: Carry, *, as_of: int) -> list[Obligation]:
    """Return the obligations as they stand at `as_of`, without changing the carry."""
    found = [obligation for lane in carry.lanes.values() for obligation in lane.settled(as_of)]
    facts = carry.fold.facts.at_rest(as_of)
    for obligation in found:
        for exclusion in plan.exclusions:
            if exclusion.when(facts) is True:
                obligation.outcome_otherwise, obligation.outcome = obligation.outcome, "excluded"
                obligation.reason = exclusion.reason
                break
    return found


def _remember_early_stop(fold: Fold, stamp: Sequence[Row], carry: Carry) -> None:
    """Remember a milestone that ends a clock which has not begun: rows of wide tables may be reversed."""
    if not fold.milestones or carry.lanes and any(lane.obligations for lane in carry.lanes.values()):
        return
    for row in stamp:
        if row.kind in fold.milestones and _says_stop(fold, row):
            fold.early_stop = row


def _says_stop(fold: Fold, row: Row) -> bool:
    facts = fold.facts.at(row)
    return any(
        signal is Signal.STOP and hasattr(selector, "takes") and selector.takes(row.kind, facts)
        for signal, selector in fold.plan.signals.selectors
    )


def _stop_early(fold: Fold, lane: Lane, time_us: int) -> None:
    """End at once a clock whose stop was recorded before its start, in the same row of a wide table."""
    if fold.early_stop is not None:
        lane.end_before_start(fold.early_stop, time_us)
        fold.early_stop = None
