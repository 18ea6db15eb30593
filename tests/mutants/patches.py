"""Ways to read the rules wrongly: each a small patch of the engine, the plan, the kinds or the calendars.

A patch names its file under `src/servstd`, a text that occurs there exactly once, and what stands there instead.
"""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """Be one wrong reading.

    Args:
        name: What is read wrongly.
        path: The file, under `src/servstd`.
        old: What stands there, exactly once.
        new: What stands there instead.
    """

    name: str
    path: str
    old: str
    new: str


FOLD, LANE, STEPPER = "engine/fold.py", "engine/lane.py", "engine/stepper.py"
OBLIGATION, STRETCHES = "engine/obligation.py", "engine/stretches.py"
MOMENTS, COMPLETION, LANES = "engine/moments.py", "engine/completion.py", "engine/lanes.py"
CHANGES, JUDGING = "engine/changes.py", "engine/judging.py"
LEVELS, MACHINE, BOUND = "engine/levels.py", "plan/machine.py", "plan/bound.py"
CHECK, TERMS, TREE = "standards/check.py", "standards/terms.py", "conditions/tree.py"
ZONES, RULES, DATEBOOK, DATES, TIMELINE = (
    f"calendars/{name}.py" for name in ("zones", "rules", "datebook", "dates", "timeline")
)

MUTANTS = (
    # -- which signal goes first, and what acts together
    Mutant("cancel comes before stop", MOMENTS, "ENDS_ONE = (Signal.STOP, Signal.CANCEL)", "ENDS_ONE = (Signal.CANCEL, Signal.STOP)"),
    Mutant("resume comes before pause", MOMENTS, "Signal.PAUSE, Signal.RESUME", "Signal.RESUME, Signal.PAUSE"),
    Mutant("starts come before stops", FOLD, "        return before, after\n", "        return [], [*after, *before]\n"),
    Mutant("a stop closes what its own event opened", FOLD, "(is_own and not ends_own) or", "False or"),
    Mutant("what starts under `once` cannot end itself", FOLD, "ends_own = self.plan.signals.ends_own", "ends_own = False"),
    Mutant("a cancel of the stamp reaches what starts in it", FOLD, "            return not is_own\n", "            return False\n"),
    Mutant("a stop of the stamp does not reach what starts in it", FOLD, "after += [act for act in said.get(Signal.STOP, ()) if act.value is not _RENEWS]", "pass"),
    Mutant("events of one instant act by position", MOMENTS, "key=lambda row: (row.time_us, row.sequence)", "key=lambda row: (row.time_us, row.index)"),
    Mutant("a sequence does not part events of one instant", MOMENTS, "key=lambda row: (row.time_us, row.sequence)", "key=lambda row: row.time_us"),
    Mutant("a member of one `all` counts for another", COMPLETION, "taken = [(signal, place) for place", "taken = [(other, place) for other in Signal for place"),
    Mutant("what came before the start completes `all`", COMPLETION, "{one for one in self._since(opener) if one[0] is not Signal.START}", "set(self._seen)"),
    Mutant("what came before the start completes `all` in its stamp", COMPLETION, "return self._has_all(signal, selector, self._since(opener.index))", "return True"),
    Mutant("what is needed may be the event itself", MOMENTS, "only = [act for act in starts if id(act.cause) not in causes]", "only = starts"),
    Mutant("what happens at the same instant is in between", MOMENTS, "if not starts and (judged", "if True and (judged"),
    # -- the latch
    Mutant("the latch does not hold what starts", LANE, "state = machine.initial_held if is_held else machine.initial", "state = machine.initial"),
    Mutant("pause_while is unknown and counts as false", FOLD, "now = program.pause_while(self.facts.at_rest(time_us))", "now = program.pause_while(self.facts.at_rest(time_us)) is True"),
    Mutant("a level that stays false lets it run", FOLD, "if now is not None and now is not self._is_paused_by_level:", "if now is not None:"),
    Mutant("the end of a stretch still holds", FOLD, "any(start <= time_us < end for start, end in self.holds)", "any(start <= time_us <= end for start, end in self.holds)"),
    Mutant("a pause costs closed time as well", OBLIGATION, "if is_wall or self.calendar is None:", "if True:"),
    Mutant("a pause of a limit on the wall clock costs open time", OBLIGATION, "if is_wall or self.calendar is None:", "if self.calendar is None:"),
    Mutant("a verdict tells the time on the calendar, whatever its limit counts", LANE, "return found.pop() if len(found) == 1 else 0", "return 0"),
    Mutant("closed time is closed on the wall clock as well", "results/evidence.py", "if is_wall or part.kind", "if part.kind"),
    Mutant("a breach loses its margin with a reset", LANE, "            current.kept_margin = margin_of(self, current)\n", ""),
    Mutant("a breach loses its due with a reset", LANE, "            if not has_broken(self, current):\n                if current.breached_at", "            if True:\n                if current.breached_at"),
    Mutant("a breach is measured anew where the clock is", JUDGING, "return worst if worst is not None and rest is not None and rest > 0 else rest", "return rest"),
    Mutant("what is used up owes closed time", JUDGING, "return rest if limit.is_exceeded(lane.used, lane.at) else max(rest, 0)", "return rest"),
    Mutant("a limit lowered to what is used is equal to it", JUDGING, "return rest if rest or limit.is_reached(lane.used, lane.at) else -1", "return rest"),
    Mutant("one event too many is due with the last that was allowed", BOUND, "last = before.at - (not self.exclusive)", "last = before.at"),
    Mutant("a held clock counts events", LANE, 'if act.value is None or self.label != "run":', 'if act.value is None or self.label not in ("run", "hold"):'),
    # -- lanes
    Mutant("a stop closes the newest", LANES, "for lane in self._concerned(act):\n            if born", "for lane in reversed(list(self._concerned(act))):\n            if born"),
    Mutant("a period follows what becomes known of its case", "standards/respond.py", 'on_change=self.on_change if self.every is None else "freeze"', "on_change=self.on_change"),
    Mutant("what ends a period says how long it was allowed", FOLD, "standing = None  # what ends", "pass  # what ends"),
    Mutant("clocks side by side share the start of the oldest", FOLD, 'if program.reads_time or "kind" in program.fields:', "if False:"),
    Mutant("a clock forgets the kind of its start", FOLD, "self.facts.at_rest(opening.at_us, opening.kind)", "self.facts.at_rest(opening.at_us)"),
    Mutant("what stops one cancels the next", LANES, "if id(act.cause) not in stoppers]", "]"),
    Mutant("the field that matches is not looked at", LANES, "if not self._program.match or act.signal in (Signal.PAUSE, Signal.RESUME):", "if True:"),
    Mutant("a stop closes the lane its own event opened", LANES, "if born is None or lane not in born or born[lane].cause is not act.cause:", "if True:"),
    Mutant("a pause of the stamp that ends a clock holds it", STEPPER, "fold.shared_holds.tell(lane, fold.shared_holds.told)", "fold.shared_holds.tell(lane, len(fold.shared_holds.times))"),
    Mutant("pauses that are told late cost nothing", "engine/shared.py", "_less(passed.paused[last], passed.paused[first])", "(0, 0)"),
    Mutant("a limit used up between two turns is not seen", "engine/shared.py", "self._use_up(lane, current, passed, first, last)", "pass"),
    Mutant("an event that ends all ends what it opens", LANES, "if born is None or born[lane].cause is not row]", "]"),
    Mutant("a reminder breaks a kept promise", "engine/judging.py", "lane = _latest_that_fits(lane)", "pass"),
    # -- windows
    Mutant("a window of events of its end", FOLD, "moments = [Moment(0, time_us, timed, None)] if timed else []", "moments = [Moment(0, time_us, timed, standing)] if timed else []"),
    Mutant("a window hears what ticks as it closes", STEPPER, "len(fold.shared.times) if moment.lane in heard else fold.shared.told", "len(fold.shared.times)"),
    Mutant("both ends of one stamp turn a state on", STRETCHES, "opened = [key for key in begun if key not in over and", "opened = [key for key in begun if"),
    Mutant("both ends of one stamp turn a state off", STRETCHES, "for key in over if key in self.open and key not in begun]", "for key in over if key in self.open]"),
    Mutant("any end ends a stretch, whatever it is of", STRETCHES, "names: Sequence[str]) -> Key:\n", "names: Sequence[str]) -> Key:\n    return ()\n"),
    Mutant("what overlaps is over with the first end", FOLD, "if bool(stretches.open) is not was:", "if turn.opener or turn.closer:"),
    Mutant("a start while it runs is not told", FOLD, "self.passed_over += self.plan.signals.counts_first", "self.passed_over += self.plan.signals.counts_first and was not in LIVE"),
    Mutant("a start of the same stamp is told", FOLD, "not (mark or is_born):", "not mark:"),
    Mutant("overlapping stretches are counted each", "outside.py", "sum(end - start for start, end in united(held))", "sum(end - start for start, end in held)"),
    Mutant("a field that pairs ends must be the case's as well", "outside.py", "return all(own in (None, its)", "return all(own == its"),
    Mutant("the amount that the opener lacks is missing from its window", "engine/shared.py", "            missing -= self.amounts[own] is None\n", ""),
    Mutant("an update begins a period after the last", FOLD, "if len(updates) == len(stops) and self.plan.machine.labels[self.state] in LIVE:", "if len(updates) == len(stops):"),
    Mutant("a window that holds its event ends a day later", "standards/scope.py", 'day_one="next" if is_after else "same"', 'day_one="next"'),
    Mutant("any instant of a verdict dates it", "engine/stepper.py", "return at is not None and _holds_instant(exclusion, stretches, at)", "return at is not None"),
    Mutant("a start that never applies takes the clock", FOLD, "and was in self.plan.signals.passes_over and", "and False and"),
    Mutant("the promise of the first start holds under latest", LANE, "if act.signal is Signal.START:\n                self._promise_anew()", "if False:\n                self._promise_anew()"),
    Mutant("a stop before a planned start is none", FOLD, "self.early.setdefault(at, acts[0])", "pass"),
    # -- recurrence and reopening
    Mutant("once: a later start opens anew", MACHINE, 'if signal is Signal.START and (phase == "idle" or not once):', "if signal is Signal.START:"),
    Mutant("latest: a start while it runs is ignored", MACHINE, 'latest=recurs == "latest"', "latest=False"),
    Mutant("a reopening is a new obligation", MACHINE, 'if reopen in ("resume", "count"):', "if False:"),
    Mutant("count and resume are the same", LANE, 'if self.label == "done+":\n            self.unended', "if False:\n            self.unended"),
    Mutant("what was cancelled can be reopened", MACHINE, 'if phase == "done" and reopening:', 'if phase in ("done", "void") and reopening:'),
    Mutant("closed time that counts stands still", LANE, "self.unended._pass(until)  #", "pass  #"),
    Mutant("a reset keeps the measure", LANE, "        self.used = nothing_in(self.plan.measures)\n        self.anchor = self.at\n", "        self.anchor = self.at\n"),
    Mutant("a reset erases a breach", LANE, "            self.anchor_segment = len(current.segments)\n", "            self.anchor_segment = len(current.segments)\n            current.breached_at = None\n"),
    Mutant("the start counts among the events between", LANE, "return current.started_at == self.at and not self.counts_start", "return False"),
    # -- limits
    Mutant("exactly at the limit is too late", BOUND, "return held >= self.amount if self.exclusive else held > self.amount", "return held >= self.amount"),
    Mutant("breached when it is used up", BOUND, "return _when_used(stretch, self.measure, self.amount + (not self.exclusive))", "return _when_used(stretch, self.measure, self.amount)"),
    Mutant("a promised instant is itself late", BOUND, "return at > self.at if self.inclusive else at >= self.at", "return at >= self.at"),
    Mutant("the end of a day is itself in time", BOUND, "return at > self.at if self.inclusive else at >= self.at", "return at > self.at"),
    Mutant("a member that is missing decides", BOUND, "tuple(member for member in self.members if member.is_known)", "self.members"),
    Mutant("the latest of several is the earliest", BOUND, 'pick = min if self.which == "earliest" else max', "pick = min"),
    Mutant("dates do not shift for pauses", BOUND, 'return start.paused if self.pauses == "shift" else ()', "return ()"),
    Mutant("a pause after the due moves it", BOUND, "            if due.is_exceeded((), start):\n                break\n", ""),
    Mutant("dates wait for a pause that can take none", BOUND, "            if held > 0 and end == FOREVER:\n", "            if end == FOREVER:\n"),
    Mutant("a pause that goes on is over", LANE, '((self.at, FOREVER),) if self.label == "hold" else ()', "()"),
    Mutant("the next Monday is today", BOUND, "own: bool = False\n\n    is_known = True\n\n    def starting", "own: bool = True\n\n    is_known = True\n\n    def starting"),
    Mutant("the least must be passed", JUDGING, "return lane.used[least.measure] >= least.amount", "return lane.used[least.measure] > least.amount"),
    Mutant("silence does not breach", LANE, "            ahead._pass(as_of)", "            pass"),
    Mutant("a cancel erases a breach", LANE, "if is_void and current.breached_at is None and not is_in_doubt:", "if is_void and not is_in_doubt:"),
    # -- terms in mid-flight
    Mutant("carry is recompute", CHANGES, 'elif program.on_change == "recompute":', 'elif program.on_change in ("carry", "recompute"):'),
    Mutant("recompute is carry", CHANGES, 'elif program.on_change == "recompute":', "elif False:"),
    Mutant("restart is carry", CHANGES, '    if program.on_change == "restart":', "    if False:"),
    Mutant("freeze does not freeze", CHANGES, 'if program.on_change == "freeze":', "if False:"),
    Mutant("freeze keeps a limit that is missing", CHANGES, "if lane.terms.limit.is_known or not terms.limit.is_known:", "if True:"),
    Mutant("a promise that is moved is a promise", CHANGES, "    elif program.freezes_limit and lane.terms.limit.is_known:\n", "    elif False:\n"),
    Mutant("a raised limit erases a breach", CHANGES, "    lane.terms = terms\n    renew(", "    current.breached_at = None\n    lane.terms = terms\n    renew("),
    Mutant("a restart erases a breach", CHANGES, "if not has_broken(lane, current) and (terms.limit", "if True and (terms.limit"),
    Mutant("a raised limit replaces the one that was broken", CHANGES, "if has_broken(lane, current) or (lane.withdrawn", "if (lane.withdrawn"),
    Mutant("what no longer applies goes on", JUDGING, "    if lane.withdrawn is not None:\n        _withdraw(", "    if False:\n        _withdraw("),
    Mutant("the next clock has the terms of the last", LANE, "self.terms = self.newest or self.terms", "pass"),
    Mutant("what is exceeded is extended while it is not known to apply", CHANGES, "if lane.limit.is_exceeded(lane.used, lane.at) or lane.extensions", "if lane.extensions"),
    Mutant("an extension outlives its start", LANE, "            end_extension(self)\n", ""),
    Mutant("a reset after a breach brings back the shorter limit", CHANGES, "before is None or current is None or has_broken(lane, current):", "before is None or current is None:"),
    Mutant("a reset brings back the limit that was extended, whatever has changed since", CHANGES, "        lane.unextended = terms\n", "        pass\n"),
    Mutant("an extension heals a breach", CHANGES, "if lane.label not in LIVE or current is None or has_broken(lane, current):\n        return\n    if lane.limit", "if lane.label not in LIVE or current is None:\n        return\n    if lane.limit"),
    Mutant("applies_to is unknown and counts as true", JUDGING, "    if not lane.is_known_to_apply:\n", "    if False:\n"),
    # -- exclusion, the end of a case, the judgement
    Mutant("the last reason to exclude wins", STEPPER, "= exclusion.reason, exclusion.place\n                break\n", "= exclusion.reason, exclusion.place\n"),
    Mutant("an exclusion is unknown and counts as true", STEPPER, "return exclusion.when(facts)\n    if exclusion.pauses", "return exclusion.when(facts) is not False\n    if exclusion.pauses"),
    Mutant("a case does not end", STEPPER, "if plan.ends and any(", "if False and any("),
    Mutant("a case ends at its clock's last event", LANE, "        if self.label in LIVE:\n            self._pass(time_us)\n", "        if self.label in LIVE:\n"),
    Mutant("what happens at the judgement is not read", STEPPER, "if now > as_of or carry.ended_at is not None:", "if now >= as_of or carry.ended_at is not None:"),
    Mutant("a judgement uses up what was needed", STEPPER, "if lane.is_lasting or (was_armed", "if True or (was_armed"),
    Mutant("the end of a scope ends the next one", STEPPER, "        fold.forget_alarms(Signal.STOP)\n", ""),
    # -- levels
    Mutant("a level crosses when it reaches its bound", LEVELS, "self.is_out = excess is not None and excess > 0", "self.is_out = excess is not None and excess >= 0"),
    Mutant("a level falls below 0", LEVELS, "value = tidy(max(Fraction(value) - Fraction(amount), Fraction(0)))", "value = tidy(Fraction(value) - Fraction(amount))"),
    Mutant("what is ignored at 0 is not counted", LEVELS, "                self.ignored_minus += 1\n", "                pass\n"),
    Mutant("a level demands as long as it is out", FOLD, "if levels.is_out and not was:", "if levels.is_out:"),
    Mutant("coming back never cancels", FOLD, "elif was and not levels.is_out and levels.gauging.cancels_on_return:", "elif False:"),
    Mutant("coming back always cancels", FOLD, "elif was and not levels.is_out and levels.gauging.cancels_on_return:", "elif was and not levels.is_out:"),
    # -- expectations and conditions
    Mutant("an item of which nothing is known fails", CHECK, "if unknown and failing <= allowed < failing + unknown:", "if False:"),
    Mutant("any item of which nothing is known makes all unknown", CHECK, "if unknown and failing <= allowed < failing + unknown:", "if unknown:"),
    Mutant("of none, one is as expected", CHECK, "return max(count - 1, 0) if count else -1", "return max(count - 1, 0)"),
    Mutant("not unknown is true", TREE, "return None if found is None else not found", "return not found"),
    Mutant("unknown and true is true", TREE, "        result: Decision = True\n        for part in decides:\n            found = part(facts)\n            if found is False:\n                return False\n            if found is None:\n                result = None\n", "        result: Decision = True\n        for part in decides:\n            found = part(facts)\n            if found is False:\n                return False\n"),
    # -- calendars
    Mutant("a local time that occurs twice is its second occurrence", ZONES, "        index = bisect_right(self.reach, local_s)\n        exact", "        index = bisect_right(self.reach, local_s)\n        index += index + 1 < len(self.starts) and local_s - self.offsets[index + 1] >= self.starts[index + 1]\n        exact"),
    Mutant("a local time that never occurs is shifted", ZONES, "        return max(exact, self.starts[index] * 1_000_000)\n", "        return exact\n"),
    Mutant("a shift begins at a local time that never occurs", ZONES, "while done < until and local_s[done] - offset < start:", "while False:"),
    Mutant("a holiday always masks its date", RULES, "        if self.masks:\n            until", "        if True:\n            until"),
    Mutant("a holiday never masks its date", RULES, "        if self.masks:\n            until", "        if False:\n            until"),
    Mutant("a holiday goes before an exception", RULES, "        if change is not None:\n            return self._changed", "        if change is not None and self.closure_at(day) is None:\n            return self._changed"),
    Mutant("a break inside a night stays in the evening before", RULES, "return later if self.breaks_inside and is_inside and not is_held else span", "return span"),
    Mutant("the end of a shift is open", TIMELINE, "return index > 0 and at < self.closes[index - 1]", "return index > 0 and at <= self.closes[index - 1]"),
    Mutant("time that fits exactly ends at the next opening", TIMELINE, "        index = bisect_left(self.totals, total)\n        return self.closes[index - 1] - (self.totals[index] - total)", "        index = min(bisect_right(self.totals, total), len(self.opens))\n        return self.opens[index - 1] + (total - self.totals[index - 1])"),
    Mutant("the day of the start is day one", DATEBOOK, 'own = limit.day_one == "same"', 'own = limit.day_one == "next"'),
    Mutant("a cutoff counts its own instant as later", DATEBOOK, "if latest is not None and at > latest:", "if latest is not None and at >= latest:"),
    Mutant("a day worked for another has the cutoff of its own weekday", DATEBOOK, "return self.worked_as.get(day, weekday_of(day))", "return weekday_of(day)"),
    Mutant("a later date closes earlier", DATEBOOK, "return max(self.closes[index - 1], self.closes[index])", "return self.closes[index]"),
    Mutant("a half-day opens what the week has closed", RULES, "return usual if closure is None else common(usual, closure.hours)", "return usual if closure is None else closure.hours"),
    Mutant("a day worked for another has the hours of its own weekday", RULES, "        return working.weekday\n", "        return weekday_of(day)\n"),
    Mutant("a bridge day that is open is worked for", "calendars/countries.py", "            if self._closes(bridge)\n", ""),
    Mutant("a date is left again", ZONES, "            return begun, 0\n", "            return day, local_us - day * DAY_US\n"),
    Mutant("the last day ends when it begins", DATEBOOK, "        return self.maker.zone.utc_us((day + 1) * DAY_US)\n\n    def bounds_us", "        return self.maker.zone.utc_us(day * DAY_US)\n\n    def bounds_us"),
    Mutant("the end of a day is inclusive", DATES, 'return self.ends != "end_of_day"', "return True"),
    Mutant("a date at whose closing time a pause ends counts", DATEBOOK, "any(start < known.closes[index] <= end for start, end in paused)", "any(start < known.closes[index] < end for start, end in paused)"),
)  # fmt: skip
