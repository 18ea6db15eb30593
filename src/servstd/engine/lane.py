"""The registers of one lane: the machine's state, the measures, and the obligation in the making."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, field, replace
from typing import cast

from servstd.calendars import Calendar
from servstd.engine.facts import Row
from servstd.engine.fold import Act, Moment
from servstd.engine.obligation import Obligation, Segment, SegmentKind
from servstd.plan.bound import FOREVER, Allowance, Dates, Limit, NoLimit, Start, Stretch
from servstd.plan.machine import LIVE
from servstd.plan.measure import Ticks
from servstd.plan.plan import Plan, Terms, WarnAt
from servstd.plan.signals import Judged, Signal

_TOO_LITTLE = ("too little", "too early")
LOWEST = -(2**62)
"""What a highest level is before any was seen."""


@dataclass(slots=True)
class Lane:
    """Hold what one clock of a case needs to know between two stamps.

    Args:
        plan: The compiled standard.
        terms: The terms in force.
        at: Up to which instant time has been counted, µs.
        state: The machine's state.
        used: What each measure holds since its anchor.
        limit: The limit in force, dates counted from the anchor.
        least: The same of what is demanded at least.
    """

    plan: Plan
    terms: Terms
    at: int
    state: int
    used: tuple[int, ...]
    limit: Limit = field(default_factory=NoLimit)
    least: Limit | None = None
    anchor: int = 0
    anchor_segment: int = 0
    closed_used: tuple[int, ...] = ()
    closed_breach: int = FOREVER
    closed_due: int = FOREVER
    is_known_to_apply: bool = True
    cause: int = -1
    ends_at: int = FOREVER
    obligations: list[Obligation] = field(default_factory=list)
    was_running: bool = False
    extensions: int = 0
    is_lasting: bool = False
    hidden: list[bool] = field(default_factory=list)
    withdrawn: tuple[int, tuple[int, ...]] | None = None
    newest: Terms | None = None

    @classmethod
    def begin(cls, plan: Plan, moment: Moment, terms: Terms, *, is_held: bool) -> Lane:
        """Return the registers of a lane before its first moment."""
        machine = plan.machine
        state = machine.initial_held if is_held else machine.initial
        return cls(plan, terms, moment.time_us, state, _zeros(plan))

    # -- time passes, then things happen ---------------------------------------------------------------------------

    def take(self, moment: Moment) -> None:
        """Let time pass up to the moment, then its terms come into force, then its acts."""
        self._pass(moment.time_us)
        if moment.terms is not None:
            self._change(moment.terms)
        for act in moment.acts:
            self._apply(act)

    @property
    def label(self) -> str:
        """What time means in the present state."""
        return self.plan.machine.labels[self.state]

    @property
    def current(self) -> Obligation | None:
        """The obligation opened last, whether it has ended or not; None where events are judged on the spot."""
        return self.obligations[-1] if self.obligations and self.is_lasting else None

    @property
    def _amount(self) -> int | None:
        """What verdicts report as elapsed: the first measure."""
        return self.used[0] if self.used else None

    def _pass(self, until: int) -> None:
        label = self.label
        if until > self.at:
            if label in LIVE:
                self._live(until, is_running=label == "run")
            elif label == "done+":
                self._count_closed(until)
        self.at = until

    def _live(self, until: int, *, is_running: bool) -> None:
        before = Stretch(self.at, self.used, self.terms.calendars, is_running)
        if is_running:
            self.used = self._grown(self.used, self.at, until)
        current = self.current
        if current is None:
            return
        if not is_running:
            current.paused += self._open_time(self.at, until)
        self._note_segment(current, until, "counted" if is_running else "paused")
        if self._is_suspended(is_running=is_running):
            return
        if current.due_at is None and (due := self._reached(before, until)) is not None:
            current.due_at = due
        if self._is_counting(current) and self.limit.is_exceeded(self.used, until):
            current.breached_at = max(self.limit.exceeded_from(before), current.started_at)

    def _reached(self, before: Stretch, until: int) -> int | None:
        """Return when the limit was used up, if that was before `until`; cheap when plainly not."""
        if isinstance(self.limit, Allowance) and self.used[self.limit.measure] < self.limit.amount:
            return None
        due = self.limit.due(before)
        return due if due <= until else None

    def _is_suspended(self, *, is_running: bool) -> bool:
        """Tell whether the due moves with the pause: dates that shift are counted anew when it ends."""
        return not is_running and self.plan.shifts_dates

    def _open_time(self, start: int, end: int) -> int:
        """Return what a pause cost: the time that would have counted; a pause outside opening hours costs nothing."""
        calendar = self._calendar
        return end - start if calendar is None else calendar.elapsed_us(start, end)

    def _grown(self, used: tuple[int, ...], start: int, end: int) -> tuple[int, ...]:
        return tuple(
            amount if calendar is None else amount + calendar.elapsed_us(start, end)
            for amount, calendar in zip(used, self.terms.calendars, strict=True)
        )

    def _count_closed(self, until: int) -> None:
        """Count the time after a stop beside the verdict: it joins it if the case is opened again."""
        before = Stretch(self.at, self.closed_used, self.terms.calendars, is_running=True)
        self.closed_used = self._grown(self.closed_used, self.at, until)
        if self.closed_due == FOREVER:
            due = self.limit.due(before)
            self.closed_due = due if due <= until else FOREVER
        if self.closed_breach == FOREVER and self.limit.is_exceeded(self.closed_used, until):
            self.closed_breach = self.limit.exceeded_from(before)

    def _note_segment(self, current: Obligation, until: int, kind: SegmentKind) -> None:
        calendar = self._calendar
        last = current.segments[-1] if current.segments else None
        if last and last.kind == kind and last.calendar is calendar and last.end_us == self.at:
            current.segments[-1] = Segment(last.start_us, until, kind, calendar, last.cause)
        else:
            current.segments.append(Segment(self.at, until, kind, calendar, self.cause))

    @property
    def _calendar(self) -> Calendar | None:
        return next((calendar for calendar in self.terms.calendars if calendar is not None), None)

    # -- what is said ----------------------------------------------------------------------------------------------

    def _apply(self, act: Act) -> None:
        if act.signal is Signal.TICK:
            self._tick(act)
            return
        if act.signal is Signal.EXTEND:
            self._extend()
            return
        machine = self.plan.machine
        was, mark = self.label, machine.marks[self.state][act.signal]
        self.state = machine.table[self.state][act.signal]
        now = self.label
        if mark == "judge":
            self._judge(act, is_armed=was == "run")
            return
        if mark == "open":
            self._open(act)
        elif mark == "anchor":
            self._anchor()
        elif was not in LIVE and now in LIVE:
            self._reopen()
        if self.is_lasting and was in LIVE and now not in LIVE:
            self._end(act, was_running=was == "run", is_void=now == "void")
        elif was == "hold" and now == "run":
            self._recount_dates()
        if was != now or mark:
            self.cause = act.cause.index if act.cause else -1

    def _open(self, act: Act) -> None:
        cause = act.cause
        index = cause.index if cause else -1
        opened = Obligation(index, self.at, opened_id=(cause.id or "") if cause else "")
        self.terms = self.newest or self.terms
        opened.limit_from = self.terms.limit_from
        self.obligations.append(opened)
        self.is_lasting = True
        self.hidden.append(self.terms.applies is False)
        self.is_known_to_apply = self.terms.applies is True
        self.closed_breach = self.closed_due = FOREVER
        self.withdrawn = None
        self.extensions = 0
        self._anchor()

    def _anchor(self) -> None:
        """Set the measures back to nothing; a breach so far stands."""
        self.used = _zeros(self.plan)
        self.anchor = self.at
        current = self.current
        if current is not None:
            if current.breached_at is None:
                current.due_at = None
            current.segments = [
                Segment(part.start_us, part.end_us, "reset", part.calendar, part.cause)
                for part in current.segments
            ]
            current.paused = 0
            self.anchor_segment = len(current.segments)
        self._set_limit()
        if current is not None and self._is_counting(current) and self.limit.is_exceeded(self.used, self.at):
            current.breached_at = self.at

    def _set_limit(self) -> None:
        start = Start(self.anchor, self._pauses())
        self.limit = self.terms.limit.starting(start)
        self.least = self.terms.least.starting(start) if self.terms.least else None

    def when_exceeded(self, limit: Limit) -> int:
        """Return the first microsecond past a limit that is counted from this lane's anchor."""
        started = limit.starting(Start(self.anchor))
        return started.exceeded_from(Stretch(self.at, self.used, self.terms.calendars, is_running=True))

    def _pauses(self) -> tuple[tuple[int, int], ...]:
        current = self.current
        if current is None:
            return ()
        parts = current.segments[self.anchor_segment :]
        return tuple((part.start_us, part.end_us) for part in parts if part.kind in ("paused", "ended"))

    def _recount_dates(self) -> None:
        if self.plan.shifts_dates:
            self._set_limit()

    def _reopen(self) -> None:
        """Go on with an obligation that had ended: the time since was a pause, or counts."""
        current = self.current
        assert current is not None and current.ended_at is not None  # noqa: S101, PT018 - it had ended
        counts = self.plan.machine.labels.count("done+") > 0
        if counts:
            self.used = self.closed_used
            if current.breached_at is None and self.closed_breach != FOREVER:
                current.breached_at = self.closed_breach
            if self.closed_due != FOREVER:
                current.due_at = min(current.due_at or FOREVER, self.closed_due)
        else:
            current.paused += self._open_time(current.ended_at, self.at)
        if self.at > current.ended_at:
            kind: SegmentKind = "counted" if counts else "ended"
            cause = current.ended_by
            current.segments.append(Segment(current.ended_at, self.at, kind, self._calendar, cause))
        # Under `resume` a due that was still ahead at the stop moves with the closed time.
        passed = self.at if counts else current.ended_at
        if current.due_at is not None and current.due_at > passed:
            current.due_at = None
        current.ended_at, current.ended_by = None, -1
        current.reason = ""
        self._recount_dates()

    def _end(self, act: Act, *, was_running: bool, is_void: bool) -> None:
        current = self.current
        assert current is not None  # noqa: S101 - a live state has an obligation
        current.ended_at = self.at
        current.ended_by = act.cause.index if act.cause else -1
        self.closed_used = self.used
        self.closed_breach = self.closed_due = FOREVER
        self.was_running = was_running
        self._judge_now(current)
        if is_void and current.breached_at is None:
            current.outcome, current.reason = "cancelled", act.cause.kind if act.cause else "the case ended"

    def _tick(self, act: Act) -> None:
        if self.label != "run":
            return
        current = self.current
        if current and act.cause and act.cause.index == current.opened_by and self._is_opening(current):
            return
        index, amount = cast("tuple[int, int | None]", act.value)
        if amount is None:
            if current:
                current.notes = (*current.notes, "an amount is missing")
            return
        measure = self.plan.measures[index]
        assert isinstance(measure, Ticks)  # noqa: S101 - only they tick
        held = self.used[index]
        value = held + amount if measure.fold == "sum" else max(held, amount)
        self.used = (*self.used[:index], value, *self.used[index + 1 :])
        if current and self._is_counting(current) and self.limit.is_exceeded(self.used, self.at):
            current.breached_at = self.at

    def _is_opening(self, current: Obligation) -> bool:
        counts_start = any(isinstance(m, Ticks) and m.counts_start for m in self.plan.measures)
        return current.started_at == self.at and not counts_start

    def _extend(self) -> None:
        """Give the running clock its second limit, from the same start, unless it is too late for that."""
        current = self.current
        if self.label not in LIVE or current is None or current.breached_at is not None:
            return
        if self.extensions < len(self.terms.extended):
            self.terms = replace(self.terms, limit=self.terms.extended[self.extensions], limit_from="extend")
            self.extensions += 1
            current.limit_from, current.due_at = "extend", None
            self._set_limit()

    def end_before_start(self, row: Row, time_us: int) -> None:
        """End at its very start a clock whose stop was recorded earlier still."""
        self._pass(time_us)
        self._apply(Act(Signal.STOP, row))
        if self.current:
            self.current.notes = (*self.current.notes, f"`{row.kind}` was recorded before the start")

    def end_with_case(self, signal: Signal, time_us: int) -> None:
        """End with the case: judged as it stands, or cancelled."""
        if self.label in LIVE:
            self._pass(time_us)
            self._apply(Act(signal, None))

    # -- judging ---------------------------------------------------------------------------------------------------

    def _judge(self, act: Act, *, is_armed: bool) -> None:
        """Decide a point obligation on the spot."""
        cause = act.cause
        verdict = Obligation(
            cause.index if cause else -1, self.at, opened_id=(cause.id or "") if cause else ""
        )
        verdict.ended_at, verdict.ended_by = self.at, verdict.opened_by
        verdict.limit_from = self.terms.limit_from
        self.obligations.append(verdict)
        self.hidden.append(self.terms.applies is False)
        if isinstance(act.value, Judged):
            self._judge_items(verdict, act.value)
        elif act.signal is not Signal.JUDGE:
            verdict.outcome, verdict.breached_at, verdict.reason = "breached", self.at, "missing"
            if act.signal is Signal.STOP:
                verdict.limit, verdict.margin = 0, -1
        elif not is_armed:
            verdict.outcome, verdict.breached_at, verdict.reason = "breached", self.at, "nothing before it"
        else:
            self._judge_distance(verdict)
        if self.terms.applies is None:
            verdict.outcome, verdict.reason = "unknown", "applies_to is not known"
            verdict.breached_at = None

    def _judge_items(self, verdict: Obligation, found: Judged) -> None:
        verdict.reason = found.note
        verdict.limit = found.allowed
        if found.failing is None:
            verdict.outcome = "unknown"
            return
        verdict.elapsed, verdict.margin = found.failing, found.allowed - found.failing
        verdict.outcome = "breached" if verdict.margin < 0 else "met"
        verdict.breached_at = self.at if verdict.margin < 0 else None

    def _judge_distance(self, verdict: Obligation) -> None:
        """Judge by the time since what armed: not too long, and long enough."""
        self._set_limit()
        verdict.elapsed = self._amount
        is_late = self.limit.is_exceeded(self.used, self.at)
        is_early = self.least is not None and not self._is_enough(self.least)
        verdict.outcome = "breached" if is_late or is_early else "met"
        verdict.breached_at = self.at if is_late or is_early else None
        verdict.reason = "too early" if is_early else "too late" if is_late else ""
        self._set_margin(verdict)
        if not (self.limit.is_known and (self.least is None or self.least.is_known)):
            verdict.outcome, verdict.breached_at = "unknown", None

    def _is_enough(self, least: Limit) -> bool:
        if isinstance(least, Allowance):
            return self.used[least.measure] >= least.amount
        return least.due(Stretch(self.at, self.used, self.terms.calendars, self.was_running)) <= self.at

    def _judge_now(self, current: Obligation) -> None:
        """Write outcome, elapsed, margin and due as they are at this instant."""
        current.elapsed = self._amount
        if not self.is_known_to_apply and self.withdrawn is None:
            current.outcome, current.reason = "unknown", "applies_to is not known"
            current.breached_at = None
        elif self.withdrawn is not None:
            self._withdraw(current, *self.withdrawn)
            return
        elif current.breached_at is not None:
            current.outcome = "breached"
        elif not self.limit.is_known:
            current.outcome, current.reason = "unknown", getattr(self.limit, "what", "the limit is missing")
        elif current.ended_at is None:
            current.outcome = "open"
        elif self.least is not None and not self._is_enough(self.least):
            current.outcome, current.breached_at, current.reason = "breached", self.at, "too little"
        else:
            current.outcome = "met"
        self._set_due(current)
        self._set_margin(current)

    def _withdraw(self, current: Obligation, at: int, used: tuple[int, ...]) -> None:
        current.ended_at, current.elapsed = at, used[0] if used else None
        current.segments = [
            replace(part, end_us=min(part.end_us, at)) for part in current.segments if part.start_us < at
        ]
        if current.breached_at is not None:
            current.outcome = "breached"
        else:
            current.outcome, current.reason = "cancelled", "no longer applies"

    def _set_due(self, current: Obligation) -> None:
        if current.due_at is not None:
            return
        is_running = self.label == "run" if current.ended_at is None else self.was_running
        if self._is_suspended(is_running=is_running):
            return
        due = self.limit.due(Stretch(self.at, self.used, self.terms.calendars, is_running))
        current.due_at = None if due == FOREVER else due

    def _set_margin(self, current: Obligation) -> None:
        """Set limit, margin and what remains, each in the standard's own unit, never mixed."""
        limit, least = self.limit, self.least
        if isinstance(limit, Allowance):
            current.limit = limit.amount
            current.margin = limit.amount - self.used[limit.measure]
            current.elapsed = self.used[limit.measure]
            if current.ended_at is None:
                current.remaining = max(current.margin, 0)
        elif current.due_at is not None:
            self._count_dates(current)
            current.margin = current.due_at - self.at
        if isinstance(least, Allowance) and (current.margin is None or current.reason in _TOO_LITTLE):
            current.limit = least.amount
            current.margin = self.used[least.measure] - least.amount
        current.at_limit = current.margin == 0
        if self.plan.warn_at:
            current.warned_at = self._warnings(current)

    def _warnings(self, current: Obligation) -> tuple[int, ...]:
        """Return when warnings are due: those that have been, and those ahead as far as is known."""
        found = [self._warning(current, one) for one in self.plan.warn_at]
        return tuple(sorted(at for at in found if at is not None))

    def _warning(self, current: Obligation, warning: WarnAt) -> int | None:
        limit = self.limit
        calendar = self._calendar
        if isinstance(limit, Allowance) and self.terms.calendars[limit.measure] is not None:
            amount = limit.amount - warning.before if warning.share is None else limit.amount * warning.share
            return self._when_held(current, limit.measure, math.ceil(amount))
        if current.due_at is None:
            return None
        if warning.share is not None:
            return self.anchor + math.ceil((current.due_at - self.anchor) * warning.share)
        return (
            current.due_at - warning.before
            if calendar is None
            else calendar.subtract_us(current.due_at, warning.before)
        )

    def _when_held(self, current: Obligation, measure: int, amount: int) -> int | None:
        """Return when a measure held an amount, going through the stretches since the anchor; else when it will."""
        used = _zeros(self.plan)
        parts = [part for part in current.segments[self.anchor_segment :] if part.kind == "counted"]
        stretches = [Stretch(part.start_us, used, self.terms.calendars, is_running=True) for part in parts]
        for part, stretch in zip(parts, stretches, strict=True):
            before = replace(stretch, used=used)
            used = self._grown(used, part.start_us, part.end_us)
            if used[measure] >= amount:
                return Allowance(amount, measure).due(before)
        if current.ended_at is not None:
            return None
        at = Allowance(amount, measure).due(Stretch(self.at, used, self.terms.calendars, self.label == "run"))
        return None if at == FOREVER else at

    def _count_dates(self, current: Obligation) -> None:
        """Report dates where dates are allowed; the margin stays wall time to the due instant."""
        limit = self.terms.limit
        if isinstance(limit, Dates):
            current.limit = limit.limit.count
            current.elapsed = limit.counted(Start(self.anchor, self._pauses()), self.at)

    def settled(self, as_of: int) -> list[Obligation]:
        """Return copies of the obligations as they stand at `as_of`, time passed up to then; this lane stays."""
        out = [obligation.copy() for obligation in self.obligations]
        if out and self.is_lasting and self.label in LIVE:
            ahead = copy.copy(self)
            ahead.obligations = out
            ahead.hidden = [*self.hidden]
            ahead._pass(as_of)  # noqa: SLF001 - its own kind
            ahead._judge_now(out[-1])  # noqa: SLF001 - as above
        return [made for made, hidden in zip(out, self.hidden, strict=True) if not hidden]

    # -- terms change in mid-flight --------------------------------------------------------------------------------

    def _change(self, terms: Terms) -> None:
        """Bring new terms into force, for the clock that runs or only for the next one."""
        if terms == (self.newest or self.terms):
            return
        self.newest = terms
        current = self.current
        if self.label not in LIVE or current is None:
            self.terms = terms
            return
        program = self.plan.terms
        if program.on_change == "freeze":
            return
        if current.breached_at is not None or (program.freezes_limit and self.terms.limit.is_known):
            terms = replace(terms, limit=self.terms.limit, limit_from=self.terms.limit_from)
        elif self.extensions:
            terms = replace(terms, limit=terms.extended[self.extensions - 1], limit_from="extend")
        self.terms = terms
        current.limit_from = terms.limit_from
        self._apply_or_withdraw(terms)
        if current.breached_at is None:
            current.due_at = None
        if program.on_change == "restart":
            self._anchor()
        elif program.on_change == "recompute":
            self._recompute(current)
        else:
            self._set_limit()
            if self._is_counting(current) and self.limit.is_exceeded(self.used, self.at):
                current.breached_at = self.at

    def _is_counting(self, current: Obligation) -> bool:
        return current.breached_at is None and self.withdrawn is None

    def _apply_or_withdraw(self, terms: Terms) -> None:
        self.is_known_to_apply |= terms.applies is True
        if terms.applies is not False:
            self.hidden[-1] = False
            self.withdrawn = None
        elif not self.hidden[-1] and self.withdrawn is None:
            self.withdrawn = (self.at, self.used)

    def _recompute(self, current: Obligation) -> None:
        """Measure the obligation again from its anchor, as if the present terms had always held."""
        self._set_limit()
        self.used = self._ticks_only()
        for part in current.segments[self.anchor_segment :]:
            if part.kind == "counted":
                before = Stretch(part.start_us, self.used, self.terms.calendars, is_running=True)
                self.used = self._grown(self.used, part.start_us, part.end_us)
                if self._is_counting(current) and self.limit.is_exceeded(self.used, part.end_us):
                    current.breached_at = self.limit.exceeded_from(before)
        current.segments[self.anchor_segment :] = [
            replace(part, calendar=self._calendar) for part in current.segments[self.anchor_segment :]
        ]
        if self._is_counting(current) and self.limit.is_exceeded(self.used, self.at):
            at_rest = Stretch(self.at, self.used, self.terms.calendars, is_running=False)
            current.breached_at = min(self.limit.exceeded_from(at_rest), self.at)

    def _ticks_only(self) -> tuple[int, ...]:
        return tuple(
            amount if calendar is None else 0
            for amount, calendar in zip(self.used, self.terms.calendars, strict=True)
        )


def _zeros(plan: Plan) -> tuple[int, ...]:
    return tuple(LOWEST if isinstance(one, Ticks) and one.fold == "max" else 0 for one in plan.measures)
