"""From the events of a case to what they say: one `Moment` a stamp and lane, in the order in which it takes effect."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence

from servstd.engine.completion import Completion
from servstd.engine.facts import CaseFacts, Row
from servstd.engine.lanes import Lanes, Opening
from servstd.engine.levels import Levels
from servstd.engine.moments import BEFORE_START, ENDS_ONE, Act, Moment, ordered_to_judge
from servstd.engine.shared import SharedHolds, SharedTicks
from servstd.engine.stretches import OpenStretches
from servstd.plan.machine import LIVE
from servstd.plan.measure import Ticks
from servstd.plan.plan import Plan, Scope, Terms
from servstd.plan.signals import AllOf, AnyOf, Number, Signal

_RENEWS = object()
"""The value of a stop that begins the next period as well."""
_SILENT = -1
"""An alarm that only lets time be looked at."""


class Fold:
    """Read the stamps of one case in order and say what each means. It knows events and fields, and no time.

    Owns precedence, the hold latch, levels and their crossings, lanes, and the terms in force.
    """

    def __init__(self, plan: Plan, *, milestones: frozenset[str] = frozenset()) -> None:
        self.plan = plan
        self.milestones = milestones
        self.facts = CaseFacts(plan.terms.fields | plan.signals.pause_fields)
        self.is_held = plan.signals.born_held
        self.stretches = (
            OpenStretches(plan.signals.stretches, is_wide=bool(milestones))
            if plan.signals.stretches
            else None
        )
        self.scope = OpenStretches(plan.signals.scope) if plan.signals.scope else None
        self._has_begun = False
        self._is_paused_by_level = plan.signals.born_held
        self._has_read_level = False
        self.levels = Levels(plan.signals.gauging) if plan.signals.gauging else None
        self.is_in_scope = self._was_in_scope = plan.signals.scope is None
        self._has_scope_moved = False
        self.terms: Terms | None = None
        self.state = plan.machine.initial_held if plan.signals.born_held else plan.machine.initial
        self.opening: Opening | None = None
        self.lanes = Lanes(plan.signals, self.facts)
        self.completion = Completion(plan.signals)
        self.unknown: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.passed_over = 0
        self.early_stops: dict[int, Row] = {}
        self.begun: set[int] = set()
        self.early: dict[int, Act] = {}
        self.shared = SharedTicks.of(plan)
        self.shared_holds = SharedHolds.of(plan)
        self.alarms: list[tuple[int, int]] = []
        self.holds: list[tuple[int, int]] = []
        self._has_set_holds = False
        self._is_held_by_time = False
        self._was_held = False
        self._is_shared = False
        self._ticking = [
            (index, measure) for index, measure in enumerate(plan.measures) if isinstance(measure, Ticks)
        ]

    def read(self, rows: Sequence[Row], time_us: int) -> list[Moment]:
        """Return what one instant says, a moment a lane that it touches.

        Args:
            rows: The events of that stamp; none when only an alarm rings.
            time_us: The instant.
        """
        news = False
        self._is_shared = len(rows) > 1
        self.completion.begin_stamp()
        for row in rows:
            news |= self.facts.learn(row)
        self._move_scope(rows, time_us)
        said = self._listen(rows)
        self._begin(rows, said)
        self._keep_to_scope(said)
        timed = self._ring(time_us, said)
        self._was_held = self.is_held
        self._latch(rows, said, time_us, news=news)
        self._hold_by_time(time_us, said)
        starts_on = self.plan.signals.starts_on
        if starts_on in said:
            said.setdefault(Signal.START, []).append(Act(Signal.START, said[starts_on][0].cause))
        if self.levels:
            self._read_levels(rows, said, time_us)
        if self.plan.signals.lanes:
            over = [Moment(self.lanes.close_oldest(), time_us, [act], None) for act in timed]
            return [*over, *self._to_lanes(rows, said, time_us, self._standing_lanes(news=news))]
        standing = self._standing_terms(news=news)
        if self.plan.machine.labels[self.state] not in LIVE and Signal.REOPEN not in said:
            self._end_early([act for signal in ENDS_ONE for act in said.get(signal, ())], said, time_us)
        if self.plan.signals.renews and not said.keys().isdisjoint(ENDS_ONE):
            standing = None  # what ends a period says how long the next one may be, not this one
        before, after = self._ordered(said)
        moments = [Moment(0, time_us, timed, None)] if timed else []
        moments += [Moment(0, time_us, before, standing)] if before or standing else []
        if after:
            moments += self._opening([*timed, *before], after, time_us)
        return moments

    def _opening(self, before: Sequence[Act], after: Sequence[Act], time_us: int) -> list[Moment]:
        """Return what starts and what is judged, under the terms of the event that opens or is judged.

        Only a clock that runs once is stopped, or cancelled, by the very event that starts it.
        """
        machine, state = self.plan.machine, self.state
        for act in before:
            state = machine.table[state][act.signal]
        moments: list[Moment] = []
        opener: Row | None = None
        is_born = follows = False
        for act in after:
            if self._is_about_others(act, opener, is_own=is_born and act.cause is opener):
                continue
            if time_us in self.early and act.signal in ENDS_ONE:
                continue  # what was planned for now had ended before
            if opener is not None and act.signal in ENDS_ONE and not follows:
                moments, follows = self._followed(moments, time_us), True
            was, mark = machine.labels[state], machine.marks[state][act.signal]
            if mark == "open" and was in self.plan.signals.passes_over and self._never_applies(act, time_us):
                continue
            before_act, state = state, machine.table[state][act.signal]
            if act.signal is Signal.START and state == before_act and not (mark or is_born):
                self.passed_over += self.plan.signals.counts_first
            if was not in LIVE and machine.labels[state] in LIVE:
                opener, is_born = act.cause, True
            terms = self._terms_at(act, time_us) if mark in ("open", "judge") else None
            if mark == "open":
                self.opening = Opening(time_us, act.cause.kind if act.cause else "")
            if terms or not moments:
                moments.append(Moment(0, time_us, [act], terms))
            else:
                moments[-1] = moments[-1]._replace(acts=[*moments[-1].acts, act])
        return self._followed(moments, time_us) if is_born and not follows else moments

    def _followed(self, moments: list[Moment], time_us: int) -> list[Moment]:
        """Return moments, and after them that others of the stamp may change what its opener carries."""
        if self.opening is None or not (self._is_shared and self.plan.terms.fields):
            return moments
        self.terms = self._terms_since(self.opening)
        return [*moments, Moment(0, time_us, [], self.terms)]

    def _is_about_others(self, act: Act, opener: Row | None, *, is_own: bool) -> bool:
        """Tell whether a stop or cancel in the stamp of a start leaves alone what has just started."""
        if act.signal is Signal.CANCEL:
            return not is_own
        if act.signal is not Signal.STOP:
            return False
        ends_own = self.plan.signals.ends_own
        return (is_own and not ends_own) or not self.completion.is_complete_since(act.signal, opener)

    def _never_applies(self, act: Act, time_us: int) -> bool:
        """Tell whether the standard does not apply to what this act opens, where that is decided for good."""
        facts = self.facts.at(act.cause) if act.cause else self.facts.at_rest(time_us)
        return self.plan.terms.resolve(facts).applies is False

    # -- what time says by itself ----------------------------------------------------------------------------------

    def next_alarm(self) -> int | None:
        """Return the instant of the next alarm, or None."""
        return self.alarms[0][0] if self.alarms else None

    def set_alarm(self, time_us: int, *signals: Signal) -> None:
        """Let time itself say something at an instant: a window closes, a scope ends."""
        for code in [int(signal) for signal in signals] or [_SILENT]:
            heapq.heappush(self.alarms, (time_us, code))

    def forget_alarms(self, signal: Signal) -> None:
        """Take back what time would have said: the end of a scope that another has followed."""
        self.alarms = [alarm for alarm in self.alarms if alarm[1] != signal]
        heapq.heapify(self.alarms)

    @property
    def is_held_now(self) -> bool:
        """Whether anything holds the case's clocks: its own latch, or a stretch of time."""
        return self.is_held or self._is_held_by_time

    @property
    def nested(self) -> int:
        """How many beginnings lay inside a stretch, and began nothing."""
        return sum(one.inside for one in (self.stretches, self.scope) if one is not None)

    @property
    def ignored_minus(self) -> int:
        """How many events would have taken a level below 0."""
        return self.levels.ignored_minus if self.levels else 0

    def hold_between(self, start_us: int, end_us: int) -> None:
        """Hold the case's clocks during a stretch of time, whatever its own events say."""
        self.holds.append((start_us, end_us))

    def _hold_by_time(self, time_us: int, said: dict[Signal, list[Act]]) -> None:
        """Join the case's own latch with the stretches that hold it: the clock runs when neither does."""
        if not self.holds and self.plan.signals.scope is None:
            return
        if not self._has_set_holds:
            self._has_set_holds = True
            for edge in {edge for stretch in self.holds for edge in stretch if edge > time_us}:
                self.set_alarm(edge)
        was = self._is_held_by_time
        now = not self.is_in_scope or any(start <= time_us < end for start, end in self.holds)
        self._is_held_by_time = now
        own_was, own = self._was_held, self.is_held
        if not (was or now):
            return
        own_acts = {signal: said.pop(signal, []) for signal in (Signal.PAUSE, Signal.RESUME)}
        if (own or now) != (own_was or was):
            signal = Signal.PAUSE if own or now else Signal.RESUME
            said[signal] = own_acts[signal] or [Act(signal, None)]

    def _ring(self, time_us: int, said: dict[Signal, list[Act]]) -> list[Act]:
        """Let time say what it has to, and return what it ends: that comes before all that a stamp's events say."""
        timed: list[Act] = []
        while self.alarms and self.alarms[0][0] <= time_us:
            code = heapq.heappop(self.alarms)[1]
            if code == Signal.STOP:
                timed.append(Act(Signal.STOP, None))
            elif code != _SILENT:
                said.setdefault(Signal(code), []).append(Act(Signal(code), None))
        return timed

    # -- what is said ---------------------------------------------------------------------------------------------

    def _end_early(self, acts: Sequence[Act], said: dict[Signal, list[Act]], time_us: int) -> None:
        """Remember what ends or cancels a start that is planned and has not come, where it finds no clock to end."""
        program = self.plan.signals
        if not acts or program.scheduled is None or program.judge is not None or Signal.START in said:
            return
        at = program.scheduled(self.facts.at_rest(time_us))
        if at is not None and at > time_us:
            self.early.setdefault(at, acts[0])

    def _listen(self, rows: Sequence[Row]) -> dict[Signal, list[Act]]:
        said: dict[Signal, list[Act]] = {}
        program = self.plan.signals
        for row in rows:
            facts = self.facts.at(row)
            for signal, selector in program.asked_of(row.kind):
                if isinstance(selector, AllOf):
                    if self.completion.completes(signal, selector, row, facts):
                        said.setdefault(signal, []).append(Act(signal, row))
                elif selector.takes(row.kind, facts):
                    value = program.judge(facts) if signal is Signal.JUDGE and program.judge else None
                    said.setdefault(signal, []).append(Act(signal, row, value))
                elif selector.is_unknown(row.kind, facts):
                    self.unknown[signal.name.lower(), row.kind] += 1
            for index, measure in self._ticking:
                if measure.of is not None and measure.of.takes(row.kind, facts):
                    amount = 1 if measure.amount is None else measure.amount(facts)
                    said.setdefault(Signal.TICK, []).append(Act(Signal.TICK, row, (index, amount)))
        return said

    def _begin(self, rows: Sequence[Row], said: dict[Signal, list[Act]]) -> None:
        """Let the first event of the case start a clock where the plan says so."""
        begins = self.plan.signals.begins
        if self._has_begun or not rows:
            return
        self._has_begun = True
        if begins is None or not begins.takes(rows[0].kind, self.facts.at(rows[0])):
            return
        starts = said.setdefault(Signal.START, [])
        if all(act.cause is not rows[0] for act in starts):
            starts.insert(0, Act(Signal.START, rows[0]))

    def _latch(self, rows: Sequence[Row], said: dict[Signal, list[Act]], time_us: int, *, news: bool) -> None:
        program = self.plan.signals
        if program.pause_while and (news or not self._has_read_level):
            self._has_read_level = True
            now = program.pause_while(self.facts.at_rest(time_us))
            if now is not None and now is not self._is_paused_by_level:
                cause = next((row for row in rows if not program.pause_fields.isdisjoint(row.fields)), None)
                signal = Signal.PAUSE if now else Signal.RESUME
                said.setdefault(signal, []).append(Act(signal, cause))
            if now is not None:
                self._is_paused_by_level = now
        if self.stretches is not None:
            self._move_stretch(self.stretches, rows, said)
        if Signal.PAUSE in said:
            self.is_held = True
        if Signal.RESUME in said:
            self.is_held = False

    def _move_stretch(
        self, stretches: OpenStretches, rows: Sequence[Row], said: dict[Signal, list[Act]]
    ) -> None:
        """Run while a stretch between two events is open, however many are."""
        was = bool(stretches.open)
        turn = stretches.turn(rows, self.facts)
        if turn.backwards:  # what began has no length, and the amount is unknown
            said.setdefault(Signal.TICK, []).append(Act(Signal.TICK, turn.backwards))
        if bool(stretches.open) is not was:
            signal, cause = (Signal.PAUSE, turn.closer) if was else (Signal.RESUME, turn.opener)
            said.setdefault(signal, []).append(Act(signal, cause))

    def _read_levels(self, rows: Sequence[Row], said: dict[Signal, list[Act]], time_us: int) -> None:
        levels = self.levels
        assert levels is not None  # noqa: S101 - asked only where there are levels
        was = levels.is_out
        touched, excess = levels.read(rows, self.facts, time_us)
        if not self.is_in_scope and not self._was_in_scope:
            levels.is_out = False
            return
        if (at := levels.next_crossing()) is not None and at > time_us:
            self.set_alarm(at)
        for index, measure in self._ticking:
            if measure.of is None:
                self._tick_level(touched, said, index, excess)
                return
        if levels.is_out and not was:
            said.setdefault(Signal.START, []).append(Act(Signal.START, touched))
        elif was and not levels.is_out and levels.gauging.cancels_on_return:
            said.setdefault(Signal.CANCEL, []).append(Act(Signal.CANCEL, touched))

    def _tick_level(
        self, touched: Row | None, said: dict[Signal, list[Act]], index: int, excess: Number | None
    ) -> None:
        """Let the level itself tick, where the worst of it is the verdict; the first level opens that verdict.

        A window that time begins has the level of the one before.
        """
        is_waiting = self.levels is not None and bool(self.levels.waiting)
        if touched or self._has_scope_moved or is_waiting or Signal.START in said:
            said.setdefault(Signal.START, []).append(Act(Signal.START, touched))
            said.setdefault(Signal.TICK, []).append(Act(Signal.TICK, touched, (index, excess)))

    def _move_scope(self, rows: Sequence[Row], time_us: int) -> None:
        """Open and close the stretch in which anything counts; both of its ends belong to it."""
        scope = self.plan.signals.scope
        self._was_in_scope = self.is_in_scope
        if scope is None:
            return
        was = self.is_in_scope
        self._turn_scope(scope, rows, time_us)
        self._has_scope_moved = self.is_in_scope is not was
        if self.is_in_scope:
            self._was_in_scope = True

    def _turn_scope(self, scope: Scope, rows: Sequence[Row], time_us: int) -> None:
        if scope.holds is not None:
            self.is_in_scope = scope.holds(self.facts.at_rest(time_us)) is True
            return
        if self.scope is not None:
            turn = self.scope.turn(rows, self.facts)
            self.is_in_scope = bool(self.scope.open)
            self._was_in_scope |= turn.is_both  # a stamp that begins and ends one belongs to it

    def _keep_to_scope(self, said: dict[Signal, list[Act]]) -> None:
        """Leave out what counts or is judged outside the stretch."""
        if not self.is_in_scope and not self._was_in_scope:
            said.pop(Signal.TICK, None)
            said.pop(Signal.JUDGE, None)
            if (
                self.plan.signals.lanes
            ):  # where each event that counts begins a window, one that does not begins none
                said.pop(Signal.START, None)

    # -- in which order -------------------------------------------------------------------------------------------

    def _ordered(self, said: dict[Signal, list[Act]]) -> tuple[list[Act], list[Act]]:
        """Return what a stamp says to the clock that may be running, then what it says to the next one."""
        if not said:  # most stamps say nothing
            return [], []
        if self.plan.signals.precedes:
            return [], ordered_to_judge(said)
        if (
            self.plan.signals.judge
        ):  # the event judged may be the one demanded, and one demand a stamp is enough
            return [], [*said.get(Signal.JUDGE, ()), *said.get(Signal.STOP, ())[:1]]
        if Signal.JUDGE in said:
            return [], [*said[Signal.JUDGE], *said.get(Signal.OTHER, ())]
        if self.plan.signals.renews:
            self._renew(self.plan.signals.renews, said)
        before = [act for signal in BEFORE_START for act in said.get(signal, ())]
        after = [*said.get(Signal.REOPEN, ()), *said.get(Signal.START, ())]
        if after:
            after += [act for act in said.get(Signal.STOP, ()) if act.value is not _RENEWS]
            after += said.get(Signal.CANCEL, ()) if self.plan.signals.ends_own else ()
        after += said.get(Signal.TICK, ())
        if Signal.START not in said:  # of one stamp, the event wanted may be the last
            after += said.get(Signal.OTHER, ())
        return before, after

    def _renew(self, renews: AnyOf, said: dict[Signal, list[Act]]) -> None:
        """Let what ends one period begin the next; not the last, and nothing once the last has ended.

        Those of one stamp are one, and one in the stamp of the start has nothing to end.
        """
        stops = said.get(Signal.STOP, [])
        updates = [
            act for act in stops if act.cause and renews.takes(act.cause.kind, self.facts.at(act.cause))
        ]
        if not updates:
            return
        said[Signal.STOP] = [act._replace(value=_RENEWS) if act in updates else act for act in stops]
        if len(updates) == len(stops) and self.plan.machine.labels[self.state] in LIVE:
            said.setdefault(Signal.START, []).append(Act(Signal.START, updates[0].cause))

    def _to_lanes(
        self, rows: Sequence[Row], said: dict[Signal, list[Act]], time_us: int, standing: dict[int, Terms]
    ) -> list[Moment]:
        """Return what a stamp says to the clocks that run side by side, and to those that it starts."""
        if self.shared_holds is not None:
            turns = [*said.pop(Signal.PAUSE, ()), *said.pop(Signal.RESUME, ())]
            turns = [
                act for act in turns if act.signal is (Signal.PAUSE if self.is_held_now else Signal.RESUME)
            ]
            self.shared_holds.turn(turns, time_us, is_held=self.is_held_now)
        acts, opened, idle = self.lanes.route(rows, said, time_us, is_decided=time_us in self.early)
        self._end_early(idle, said, time_us)
        if self.shared is not None:
            self.shared.add(said.get(Signal.TICK, ()), time_us)
        else:
            for act in said.get(Signal.TICK, ()):
                for lane in self.lanes.open:
                    acts.setdefault(lane, []).append(act)
        terms = standing | {lane: self._terms_at(act, time_us) for lane, act in opened.items()}
        moments = [
            Moment(lane, time_us, acts.get(lane, ()), terms.get(lane)) for lane in {**standing, **acts}
        ]
        if not (self._is_shared and self.plan.terms.fields):
            return moments
        return [part for one in moments for part in self._parts(one, opened.get(one.lane))]

    def _parts(self, moment: Moment, start: Act | None) -> list[Moment]:
        """Return what a stamp says to one clock, and between its start and its end what others of the stamp change."""
        if start is None:
            return [moment]
        begin, at_us = moment._replace(acts=moment.acts[:1]), moment.time_us
        terms = self._terms_since(Opening(at_us, start.cause.kind if start.cause else ""))
        return [begin, Moment(moment.lane, at_us, moment.acts[1:], terms)]

    # -- under which terms ----------------------------------------------------------------------------------------

    def _standing_terms(self, *, news: bool) -> Terms | None:
        """Return the terms of the clock that runs if what the case carries has changed them; else None."""
        if self.terms is None or self.opening is None or not (news and self.plan.terms.fields):
            return None
        was, self.terms = self.terms, self._terms_since(self.opening)
        return None if was == self.terms else self.terms

    def _standing_lanes(self, *, news: bool) -> dict[int, Terms]:
        """Return the terms of the clocks that run side by side, where what the case carries may have changed them."""
        return self._terms_of(list(self.lanes.open)) if news and self.plan.terms.fields else {}

    def _terms_of(self, lanes: Sequence[int]) -> dict[int, Terms]:
        """Return the terms of each lane; they differ only where they read its start."""
        program = self.plan.terms
        if not lanes:
            return {}
        if program.reads_time or "kind" in program.fields:
            return {lane: self._terms_since(self.lanes.open[lane]) for lane in lanes}
        return dict.fromkeys(lanes, self._terms_since(self.lanes.open[lanes[0]]))

    def _terms_since(self, opening: Opening) -> Terms:
        """Return the terms that a clock has now.

        Its start stays the time that conditions read: a call taken in office hours does not stop being one at night.
        """
        return self.plan.terms.resolve(self.facts.at_rest(opening.at_us, opening.kind))

    def present_terms(self, time_us: int) -> Terms:
        """Return the terms in force, found from what the case carries where nothing has opened yet."""
        if self.terms is None:
            self.terms = self.plan.terms.resolve(self.facts.at_rest(time_us))
        return self.terms

    def _terms_at(self, act: Act, time_us: int) -> Terms:
        """Return the terms for what this act opens or judges, by the fields that its own event carries."""
        program = self.plan.terms
        if self.terms is None or program.fields or program.reads_time:
            facts = self.facts.at(act.cause) if act.cause else self.facts.at_rest(time_us)
            self.terms = program.resolve(facts)
        return self.terms
