"""The registers of one lane: the machine's state, the measures, and the obligation in the making."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from typing import cast

from servstd.calendars import Calendar
from servstd.engine.changes import (
    break_by_change,
    bring_into_force,
    change_terms,
    end_extension,
    extend,
    has_broken,
    is_change,
)
from servstd.engine.facts import Row
from servstd.engine.judging import judge_event, judge_now, judge_reversed, margin_of, note_worst, set_due
from servstd.engine.moments import Act, Moment
from servstd.engine.obligation import (
    AMOUNT_MISSING,
    REVERSED,
    WINDOW_CUT,
    WINDOW_UNSEEN,
    Covered,
    Obligation,
    Segment,
    SegmentKind,
    Segments,
)
from servstd.plan.bound import FOREVER, Allowance, Combined, Limit, NoLimit, Start, Stretch, measures_of
from servstd.plan.machine import LIVE
from servstd.plan.measure import OpenTime, Ticks, nothing_in
from servstd.plan.plan import Plan, Terms
from servstd.plan.signals import Signal

_GOES_ON = (
    "terms", "used", "limit", "least", "anchor", "anchor_segment", "is_known_to_apply", "extensions", "unextended",
    "withdrawn", "unproven_due", "earlier", "total", "summed",
)  # fmt: skip
"""The registers of an obligation that goes on."""


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
        unextended: What would be in force without its extensions.
        heard: Up to which tick it has been told what its windows count in common with others.
        turned: Up to which turn of the case's latch it has been told.
        summed: Of how many segments since the anchor it is known what they have cost as pauses, and what: on the wall
            clock, and in open time.
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
    is_known_to_apply: bool = True
    cause: int = -1
    obligations: list[Obligation] = field(default_factory=list)
    was_running: bool = False
    extensions: int = 0
    unextended: Terms | None = None
    is_lasting: bool = False
    hidden: list[bool] = field(default_factory=list)
    withdrawn: Obligation | None = None
    newest: Terms | None = None
    newest_at_end: Terms | None = None
    closed: list[Segment] = field(default_factory=list)
    unproven: int | None = None
    unproven_due: int | None = None
    underneath: Obligation | None = None
    unended: Lane | None = None
    heard: int = 0
    turned: int = 0
    summed: tuple[int, int, int] = (0, 0, 0)
    earlier: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    total: tuple[int, ...] = ()
    covered: Covered = (None, None)

    @classmethod
    def begin(cls, plan: Plan, moment: Moment, terms: Terms, *, is_held: bool) -> Lane:
        """Return the registers of a lane before its first moment."""
        machine = plan.machine
        state = machine.initial_held if is_held else machine.initial
        nothing = nothing_in(plan.measures)
        return cls(plan, terms, moment.time_us, state, nothing, total=nothing)

    # -- time passes, then things happen ---------------------------------------------------------------------------

    def take(self, moment: Moment) -> None:
        """Let time pass up to the moment, then its terms come into force, then its acts."""
        self._pass(moment.time_us)
        if moment.terms is not None:
            change_terms(self, moment.terms)
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
    def amount(self) -> int | None:
        """What verdicts report as elapsed."""
        return self.used[self.reported] if self.used else None

    def _pass(self, until: int) -> None:
        label = self.label
        if until > self.at:
            if label in LIVE:
                self._live(until, is_running=label == "run")
            elif self.unended is not None:
                self.unended._pass(until)  # noqa: SLF001 - its own kind
            elif label == "done":
                self._pass_closed(until)
        self.at = until

    def _live(self, until: int, *, is_running: bool) -> None:
        before = Stretch(self.at, self.used, self.terms.calendars, is_running)
        if is_running:
            self.used = self.grown(self.used, self.at, until)
            self.note_used_up(before, self.used)
        current = self.current
        if current is None:
            return
        self._note_segment(current, until, "counted" if is_running else "paused")
        if current.due_at is None and (due := self._reached(before, until)) is not None:
            current.due_at = due
        if self.is_counting(current) and self.limit.is_exceeded(self.used, until):
            current.breached_at = max(self.limit.exceeded_from(before), self.anchor)

    def note_used_up(self, before: Stretch, used: tuple[int, ...]) -> None:
        """Remember when each of several allowances was used up: all of them may be much later.

        Args:
            before: The stretch in which some may have come to be.
            used: What each measure holds at its end.
        """
        if isinstance(self.limit, Combined):
            self.limit = self.limit.noting(before, used)

    def _reached(self, before: Stretch, until: int) -> int | None:
        """Return when the limit was used up, if that was before `until`; cheap when plainly not."""
        if isinstance(self.limit, Allowance) and self.used[self.limit.measure] < self.limit.amount:
            return None
        due = self.limit.due(before)
        return due if due <= until else None

    def paused(self, current: Obligation) -> int:
        """Return what pauses have cost since the anchor: the time that would have counted towards the limit.

        Args:
            current: The obligation.
        """
        places, wall, opened = self.summed
        parts = current.segments.since(self.anchor_segment + places)
        rest = (part.cost(is_wall=current.is_wall) for part in parts if part.kind in ("paused", "ended"))
        return (wall if current.is_wall else opened) + sum(rest)

    def pass_over(self, segments: list[Segment], first: int, last: int, *, paused: tuple[int, int]) -> None:
        """Let stretches pass that other clocks have as well, of which it is known what they have cost as pauses.

        Args:
            segments: A list that holds them.
            first: The place of the first one.
            last: The place behind the last one.
            paused: What pauses in them have cost: on the wall clock, and in open time.
        """
        current = self.current
        assert current is not None  # noqa: S101 - clocks that run have an obligation
        places, wall, opened = self.summed
        for part in current.segments.since(self.anchor_segment + places):
            if part.kind in ("paused", "ended"):
                wall, opened = wall + part.cost(is_wall=True), opened + part.cost(is_wall=False)
        current.segments.share(segments, first, last)
        self.summed = (len(current.segments) - self.anchor_segment, wall + paused[0], opened + paused[1])

    def turn(self, signal: Signal, cause: Row | None) -> None:
        """Let the latch of the case turn at this instant.

        Args:
            signal: A pause, or that it is over.
            cause: The event that turns it; None where time does.
        """
        self._apply(Act(signal, cause))
        self.cause = cause.index if cause else -1  # also where it had turned there and back before

    @property
    def reported(self) -> int:
        """The measure that a verdict tells: the one in which its limit is counted, else the first."""
        limit = self.terms.limit
        counted = limit if isinstance(limit, Allowance | Combined) else self.terms.least
        found = measures_of(counted)
        if isinstance(limit, Combined):  # what several limits have in common is time
            found = {one for one in found if isinstance(self.plan.measures[one], OpenTime)}
        return found.pop() if len(found) == 1 else 0

    def is_wall(self, measure: int) -> bool:
        """Tell whether a measure is time on the wall clock, so that closed time counts as well."""
        told = self.plan.measures[measure] if self.plan.measures else None
        return isinstance(told, OpenTime) and told.wall

    def grown(self, used: tuple[int, ...], start: int, end: int) -> tuple[int, ...]:
        """Return what measures hold after a stretch of running time, on the calendars in force."""
        return tuple(
            amount if calendar is None else amount + calendar.elapsed_us(start, end)
            for amount, calendar in zip(used, self.terms.calendars, strict=True)
        )

    def _pass_closed(self, until: int) -> None:
        """Keep the time after a stop, on the calendar in force, for the case that it is opened again."""
        current = self.current
        if current is not None:
            self.closed.append(Segment(self.at, until, "ended", self.calendar, current.ended_by))

    def _note_segment(self, current: Obligation, until: int, kind: SegmentKind) -> None:
        calendar = self.calendar
        last = current.segments[-1] if current.segments else None
        if last and last.kind == kind and last.calendar is calendar and last.end_us == self.at:
            current.segments.replace_last(Segment(last.start_us, until, kind, calendar, last.cause))
        else:
            current.segments.append(Segment(self.at, until, kind, calendar, self.cause))

    def cut(self, current: Obligation) -> str:
        """Return why part of the window of an obligation is not known: it lies outside what the log covers.

        A level is what it was set to before its first event, so its windows have no beginning to miss.
        """
        windows, (known_from, known_until) = self.plan.signals.windows, self.covered
        if windows is None:
            return ""
        if known_until is not None and current.ended_at is not None and current.ended_at > known_until:
            return WINDOW_UNSEEN
        if known_from is None or self.plan.signals.gauging is not None:
            return ""
        rolls = self.plan.signals.lanes  # each window begins with its own event
        first = current.started_at if rolls else windows.bounds(current.started_at)[0]
        return WINDOW_CUT if first < known_from else ""

    @property
    def calendar(self) -> Calendar | None:
        """The calendar on which the clock runs; None where only events are counted."""
        return next((calendar for calendar in self.terms.calendars if calendar is not None), None)

    # -- what is said ----------------------------------------------------------------------------------------------

    def _apply(self, act: Act) -> None:
        if act.signal is Signal.TICK:
            self._tick(act)
            return
        if act.signal is Signal.EXTEND:
            extend(self)
            return
        machine = self.plan.machine
        was, mark = self.label, machine.marks[self.state][act.signal]
        self.state = machine.table[self.state][act.signal]
        now = self.label
        if mark == "judge":
            judge_event(self, act, is_armed=was == "run")
            return
        if mark == "open":
            self._open(act)
        elif mark == "anchor":
            self._keep_earlier()
            end_extension(self)
            if act.signal is Signal.START:
                self._promise_anew()
            self.set_anchor()
        elif was not in LIVE and now in LIVE:
            self._reopen()
        if self.is_lasting and was in LIVE and now not in LIVE:
            self._end(act, was_running=was == "run", is_void=now == "void")
        elif was in LIVE and now in LIVE and was != now and self.plan.moves_dates:
            self.set_limit()
            if self.current is not None and self.is_counting(self.current):
                break_by_change(self, self.current)  # what is known now may have been due in between
        if now == "idle":
            self.earlier = []
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
        self.withdrawn = self.unproven_due = self.unended = None
        self.extensions = 0
        self.set_anchor()

    def set_anchor(self) -> None:
        """Set the measures back to nothing; a breach so far stands."""
        current = self.current
        if current is not None and current.breached_at is not None:
            set_due(self, current)
            current.kept_margin = margin_of(self, current)
        self.used = nothing_in(self.plan.measures)
        self.anchor = self.at
        self.limit = NoLimit()  # what of several was used up before says nothing any more
        if current is not None:
            if not has_broken(self, current):
                if current.breached_at is not None and self.unproven_due is None:
                    self.unproven_due = current.due_at
                current.due_at = None
            current.segments = Segments(
                Segment(part.start_us, part.end_us, "reset", part.calendar, part.cause)
                for part in current.segments
            )
            self.anchor_segment = len(current.segments)
            self.summed = (0, 0, 0)
        self.set_limit()
        if current is not None and self.is_counting(current) and self.limit.is_exceeded(self.used, self.at):
            current.breached_at = self.at

    def _promise_anew(self) -> None:
        """Read what is frozen at the start anew, where a start restarts a clock that has broken nothing."""
        program, current = self.plan.terms, self.current
        is_frozen = program.on_change == "freeze" or program.freezes_limit
        if is_frozen and self.newest is not None and current is not None and not has_broken(self, current):
            if self.newest.limit != self.terms.limit:
                current.forget_breach()
            self.terms = replace(self.newest, applies=self.terms.applies)
            current.limit_from = self.terms.limit_from

    def _keep_earlier(self) -> None:
        """Remember the anchor so far: what is judged may need an earlier one than the latest."""
        if self.plan.signals.keeps_earlier:
            self.total = tuple(before + used for before, used in zip(self.total, self.used, strict=True))
            self.earlier.append((self.at, self.total))

    def since(self, place: int) -> Lane:
        """Return the lane as measured from an earlier anchor.

        Args:
            place: Which, counted from the first that may serve.
        """
        anchor, total = self.earlier[place]
        since = copy.copy(self)
        since.anchor = anchor
        since.used = tuple(
            now + used - before for now, used, before in zip(self.total, self.used, total, strict=True)
        )
        since.set_limit()
        return since

    def set_limit(self) -> None:
        """Count the limits in force from the anchor, past the pauses so far and the one that goes on."""
        going_on = ((self.at, FOREVER),) if self.label == "hold" else ()
        start, was = Start(self.anchor, (*self.pauses(), *going_on)), self.limit
        limit = self.terms.limit
        self.limit = (limit.remembering(was, self.at) if isinstance(limit, Combined) else limit).starting(
            start
        )
        self.note_used_up(self.at_rest(), self.used)
        self.least = self.terms.least.starting(start) if self.terms.least else None

    def at_rest(self) -> Stretch:
        """Return the present instant, as a stretch in which no time passes."""
        return Stretch(self.at, self.used, self.terms.calendars, is_running=False)

    def outside_closed(self, at: int, current: Obligation) -> int:
        """Return when something that time does takes effect: what falls between a stop and a reopening, at that.

        Args:
            at: When it would, µs.
            current: The obligation, its segments up to now.
        """
        is_moved = False
        for part in current.segments:
            if part.kind == "ended" and (
                part.start_us < at <= part.end_us or (is_moved and part.start_us == at)
            ):
                at, is_moved = part.end_us, True
        return at

    def when_exceeded(self, limit: Limit) -> int:
        """Return the first microsecond past a limit that is counted from this lane's anchor."""
        started = limit.starting(Start(self.anchor))
        return started.exceeded_from(Stretch(self.at, self.used, self.terms.calendars, is_running=True))

    def pauses(self) -> tuple[tuple[int, int], ...]:
        """Return the stretches since the anchor in which the clock stood, µs."""
        current = self.current
        if current is None:
            return ()
        parts = current.segments.since(self.anchor_segment)
        return tuple((part.start_us, part.end_us) for part in parts if part.kind in ("paused", "ended"))

    def _recount_dates(self) -> None:
        """Count dates anew as a pause begins or ends."""
        if self.plan.moves_dates:
            self.set_limit()

    def _reopen(self) -> None:
        """Go on with an obligation that had ended: the time since was a pause, or counts."""
        current = self.current
        assert current is not None and current.ended_at is not None  # noqa: S101, PT018 - it had ended
        if self.unended is not None:
            self._become(self.unended)
            self._recount_dates()
            return
        if self.underneath is not None:  # what it was when the standard ceased to apply may be over
            current.segments = self.underneath.segments
            self.summed = (0, 0, 0)
            current.due_at, self.underneath = self.underneath.due_at, None
        current.breached_at = self.unproven
        if current.due_at is not None and current.due_at > current.ended_at:
            current.due_at = None  # it was what the stop foresaw
        current.segments.extend(self.closed)
        current.ended_at, current.ended_by = None, -1
        current.reason = ""
        self._recount_dates()
        if self.newest and self.newest_at_end and is_change(self.newest_at_end, self.newest):
            bring_into_force(self, current, self.newest)
        if self.is_counting(current) and self.limit.is_exceeded(self.used, self.at):
            current.breached_at = self.at  # it passed in between

    def _without_end(self, cause: int) -> Lane:
        """Return the lane as if the stop at hand had not been: its time goes on to count, held or not."""
        going_on = copy.copy(self)
        going_on.obligations = [self.obligations[-1].copy()]
        going_on.hidden = [self.hidden[-1]]
        going_on.state = self.plan.machine.labels.index("run")
        going_on.cause = cause
        going_on._recount_dates()  # noqa: SLF001 - its own kind
        return going_on

    def _become(self, other: Lane) -> None:
        """Take over what would be if the last obligation had not ended."""
        for name in _GOES_ON:
            setattr(self, name, getattr(other, name))
        self.obligations[-1], self.hidden[-1] = other.obligations[-1], other.hidden[-1]
        self.unended = None

    def _end(self, act: Act, *, was_running: bool, is_void: bool) -> None:
        current = self.current
        assert current is not None  # noqa: S101 - a live state has an obligation
        if self.label == "done+":
            self.unended = self._without_end(act.cause.index if act.cause else -1)
        current.ended_at = self.at
        current.ended_by = act.cause.index if act.cause else -1
        self.closed, self.unproven = [], current.breached_at
        self.newest_at_end = self.newest or self.terms
        self.was_running = was_running
        self.underneath = current.copy() if self.withdrawn is not None else None
        judge_now(self, current)
        is_in_doubt = self.unproven is not None and not self.is_known_to_apply and self.withdrawn is None
        if is_void and current.breached_at is None and not is_in_doubt:  # it may have been broken before
            current.outcome, current.reason = "cancelled", act.cause.kind if act.cause else "the case ended"

    def _tick(self, act: Act) -> None:
        if self.unended is not None:
            self.unended._tick(act)  # noqa: SLF001 - its own kind
        current = self.current
        if act.value is None and current:
            current.note(REVERSED)
        if act.value is None or self.label != "run":
            return
        if current and act.cause and act.cause.index == current.opened_by and self._is_opening(current):
            return
        index, amount = cast("tuple[int, int | None]", act.value)
        if amount is None:
            if current:
                current.note(AMOUNT_MISSING)
            return
        measure = self.plan.measures[index]
        assert isinstance(measure, Ticks)  # noqa: S101 - only they tick
        if current and amount < 0:
            note_worst(self, current)
        used = _ticked(self.used, index, measure, amount)
        if isinstance(self.limit, Combined):
            self.note_used_up(self.at_rest(), used)
        self.used = used
        if current and self.is_counting(current) and self.limit.is_exceeded(self.used, self.at):
            current.breached_at = self.at

    @property
    def counts_start(self) -> bool:
        """Whether the event that opens an obligation ticks as well."""
        return any(isinstance(one, Ticks) and one.counts_start for one in self.plan.measures)

    def _is_opening(self, current: Obligation) -> bool:
        return current.started_at == self.at and not self.counts_start

    def end_before_start(self, row: Row, time_us: int) -> None:
        """End at its very start a clock whose stop was recorded earlier still.

        A measured time below zero is no time; an instant that was promised is compared with the recorded end.
        """
        self._pass(time_us)
        self._apply(Act(Signal.STOP, row))
        if self.current:
            self.current.is_reversed = True
            self.current.notes = (*self.current.notes, f"`{row.kind}` was recorded before the start")
            judge_reversed(self, self.current, row.time_us)

    def answer_early(self, act: Act) -> None:
        """End, or cancel, at its very start a clock that was answered while it was still planned."""
        self._apply(act)
        if self.current and act.cause:
            self.current.notes = (*self.current.notes, f"`{act.cause.kind}` came before the start")

    def end_with_case(self, signal: Signal, time_us: int) -> None:
        """End with the case: judged as it stands, or cancelled."""
        if self.label in LIVE:
            self._pass(time_us)
            self._apply(Act(signal, None))

    def settled(self, as_of: int) -> list[Obligation]:
        """Return copies of the obligations as they stand at `as_of`, time passed up to then; this lane stays."""
        out = [obligation.copy() for obligation in self.obligations]
        if out and self.is_lasting and self.label in LIVE:
            ahead = copy.copy(self)
            ahead.obligations = out
            ahead.hidden = [*self.hidden]
            ahead._pass(as_of)  # noqa: SLF001 - its own kind
            judge_now(ahead, out[-1])
        shown = [made for made, hidden in zip(out, self.hidden, strict=True) if not hidden]
        return sorted(shown, key=lambda made: (made.started_at, made.opened_by))

    def is_counting(self, current: Obligation) -> bool:
        """Tell whether a breach can still come."""
        return current.breached_at is None


def _ticked(used: tuple[int, ...], index: int, measure: Ticks, amount: int) -> tuple[int, ...]:
    value = used[index] + amount if measure.fold == "sum" else max(used[index], amount)
    return (*used[:index], value, *used[index + 1 :])
