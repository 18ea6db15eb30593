"""The obligations of a case (semantics §4.1-5, §4.12): which clocks there are, from when to when."""

from .calendars import difference
from .clock import Clock
from .conditions import takes
from .facts import NULLS, text
from .hold import Hold
from .terms import TermsOf


class Obligations:
    """The obligations of one case under one standard, found in the whole set of its events."""

    def __init__(self, standard, case, book, as_of):
        self.standard, self.case, self.book, self.as_of = standard, case, book, as_of
        self.hold = Hold(standard, case)
        self.terms = TermsOf(standard, case, book)
        self.recurs = standard.get("recurs", "once")

    # Signals -----------------------------------------------------------------------------------------------------
    def events(self, signal, stamp):
        return [event for event in self.case.at(stamp) if takes(self.standard.get(signal), event, self.case)]

    def starts(self):
        """Stamps with a start."""
        return [stamp for stamp in self.case.stamps if self.openers(stamp)]

    def openers(self, stamp):
        """The events that start a clock. Under `freeze` a start to which the standard can never apply starts none (FAULTS.md F4)."""
        found = self.events("start", stamp)
        if self.standard.get("on_change") == "freeze" and self.recurs != "once":
            found = [
                event for event in found if self.terms.at(stamp, stamp, event, own=True).applies is not False
            ]
            if not self.terms.in_effect(self.standard.get("effective"), stamp):
                return []
        return found

    def stops_at_start(self, stamp, opener):
        """§4.2: after the starts of a stamp the stops given by other events of it."""
        return [event for event in self.events("stop", stamp) if event is not opener]

    # Ends --------------------------------------------------------------------------------------------------------
    def end_after(self, start, opener):
        """The first end of a clock: (instant, how), or None."""
        if self.recurs == "once":
            if opener in self.events("stop", start):
                return start, "stop"
            if opener in self.events("cancel", start):
                return start, "cancel"
        if self.stops_at_start(start, opener):
            return start, "stop"
        if self.events("ends", start):  # silent.md 4
            return start, "ends"
        return self.end_beyond(start)

    def end_beyond(self, start):
        for stamp in self.case.stamps:
            if stamp <= start:
                continue
            for how in ("stop", "cancel", "ends"):  # §4.1: they apply in that order
                if self.events(how, stamp):
                    return stamp, how
        return None

    def case_ended_before(self, stamp):
        return any(self.events("ends", other) for other in self.case.stamps if other < stamp)

    # Obligations -------------------------------------------------------------------------------------------------
    def all(self):
        if "every" in self.standard:
            return self.periods()
        found = {"once": self.once, "each": self.each, "latest": self.each, "every": self.every}[
            self.recurs
        ]()
        return [clock for clock in found if clock]

    def clock(self, start, opener, end, runs=None, base=None):
        horizon = end[0] if end else self.as_of
        clock = Clock(
            self.case,
            self.standard,
            self.book,
            self.terms,
            self.hold,
            start,
            opener,
            runs or [(start, horizon)],
            end[0] if end else None,
            self.as_of,
            self.on_change(),
            base,
        )
        clock.how = end[1] if end else None
        if (
            runs and self.standard.get("reopen") == "count"
        ):  # §4.5: closed time counts, whatever holds (silent.md 6)
            clock.closed_counts = difference([(start, horizon)], runs)
        return clock

    def on_change(self):
        """§4.6: `carry`, and `freeze` for promised instants."""
        if "every" in self.standard and "on_change" not in self.standard:
            return "freeze"  # a period is judged by the terms in force when it began
        if "on_change" in self.standard:
            return self.standard["on_change"]
        return "carry"

    # Periods of `every:` -----------------------------------------------------------------------------------------
    def periods(self):
        """An update ends a period and begins the next, and begins none where none runs (§4.12)."""
        clocks, running = [], None
        for stamp in self.case.stamps:
            if self.case_ended_before(stamp):
                break
            updates, untils = self.events("event", stamp), self.events("until", stamp)
            cancels = self.events("cancel", stamp)
            begins = (
                self.events("start", stamp)
                if "start" in self.standard
                else self.case.at(stamp)[:1]
                if stamp == self.case.stamps[0]
                else []
            )
            ran = running is not None
            begins = [
                event for event in begins if event not in untils
            ]  # what ends the last period begins none
            following = [event for event in updates if event not in untils and not (ran and untils)]
            if ran and (updates or untils or cancels):
                clocks.append(self.settled(*running, (stamp, "stop" if updates or untils else "cancel")))
                running = None
            if running is None and (begins or (ran and following)):
                opener = (begins + following)[0]
                running = (stamp, opener)
                if any(
                    event is not opener for event in untils
                ):  # then the stops of other events of the stamp (silent.md 14)
                    clocks.append(self.settled(*running, (stamp, "stop")))
                    running = None
            if running and self.events("ends", stamp):
                clocks.append(self.settled(*running, (stamp, "ends")))
                running = None
        return [*clocks, self.settled(*running, None)] if running else clocks

    def once(self):
        starts = [stamp for stamp in self.starts() if not self.case_ended_before(stamp)]
        if not starts:
            return []
        return self.from_opening(starts[0], self.openers(starts[0])[0])[0]

    def each(self):
        clocks, free_from, strictly = [], None, False
        for stamp in self.starts():
            if free_from is not None and (stamp < free_from or (strictly and stamp == free_from)):
                continue
            if self.case_ended_before(stamp):
                continue
            found, end = self.from_opening(stamp, self.openers(stamp)[0])
            clocks += found
            if end is None:
                break
            free_from, strictly = end[0], end[0] == stamp or end[1] == "ends"
        return clocks

    def from_opening(self, start, opener):
        """The clocks that one opening gives, and the last end: more than one where it is opened again as `new` (§4.5)."""
        how, clocks = self.standard.get("reopen", "ignore"), []
        end = self.end_after(start, opener)
        runs = [(start, end[0] if end else self.as_of)]
        while end is not None and how != "ignore":
            again = self.reopening(end, runs[-1][0] if runs else start)
            if again is None:
                break
            at, event = again
            if how == "new":
                clocks.append(self.settled(start, opener, end, runs))
                start, opener, runs = at, event, []
            end = self.end_after_reopening(at, event)
            runs.append((at, end[0] if end else self.as_of))
        return [*clocks, self.settled(start, opener, end, runs)], end

    def reopening(self, end, start):
        """The first event after an end that opens the clock again: one of `reopen_on` and, under `once`, a start."""
        if end[1] != "stop":
            return None
        for stamp in self.case.stamps:
            if stamp < end[0] or self.case_ended_before(stamp):
                continue
            again = self.events("reopen_on", stamp)
            starts = self.openers(stamp)
            if self.recurs == "once":
                again = again + starts
            elif starts and stamp > start:
                return None
            if (
                again and stamp > start
            ):  # what closes in the stamp of its opening is closed by what comes after it
                return stamp, again[0]
        return None

    def end_after_reopening(self, at, event):
        if self.stops_at_start(at, event):  # §4.2: after the starts of a stamp the stops of its other events
            return at, "stop"
        return self.end_beyond(at)

    def changes(self, clock):
        """§4.6 `restart`: a change of limit, calendar or applicability sets it back."""
        if clock.on_change != "restart":
            return []
        extended = min((at for at, how, _ in clock.extended() if how == "within"), default=None)
        found = []
        for stamp in self.case.stamps:
            if clock.start < stamp <= clock.horizon:
                was, now = clock.terms_at(stamp - 1), clock.terms_at(stamp)
                limit = was.limit != now.limit and (extended is None or stamp < extended)
                if (
                    limit
                    or was.calendar != now.calendar
                    or clock.applies_at(stamp - 1) != clock.applies_at(stamp)
                ):
                    found.append(stamp)
        return found

    def settled(self, start, opener, end, runs=None):
        """The clock with its resets; under `latest` a start while it runs is one (§4.4). The start stays (§4.9)."""
        clock = self.clock(start, opener, end, runs)
        clock.restarted_at = [
            stamp
            for stamp in self.case.stamps
            if self.recurs == "latest" and stamp > start and self.events("start", stamp)
        ]
        clock.restarts = self.changes(clock)
        clock.resets = sorted(
            clock.restarts
            + [
                stamp
                for stamp in self.case.stamps
                if start < stamp
                and (end is None or stamp < end[0] + (end[1] == "ends"))
                and (self.resets(stamp, opener) or (self.recurs == "latest" and self.events("start", stamp)))
                and any(
                    x < stamp < y or stamp == y == self.as_of or (end and end[1] == "ends" and stamp == y)
                    for x, y in clock.runs
                )
            ]
        )
        return clock

    def resets(self, stamp, opener):
        """Under `every` those of the same `match` (silent.md 5)."""
        return [
            event
            for event in self.events("reset", stamp)
            if self.recurs != "every" or self.is_match(opener, event) or not self.carries_match(event)
        ]

    def carries_match(self, event):
        return any(event.fields.get(name) not in NULLS for name in self.match_names())

    def match_names(self):
        match = self.standard.get("match")
        return [match] if isinstance(match, str) else match or []

    def is_match(self, opener, event):
        return all(equal(opener.fields.get(name), event.fields.get(name)) for name in self.match_names())

    def every(self):
        """Each start has a clock of its own; an end ends the oldest, or the one whose `match` is equal."""
        running, clocks = [], []
        for stamp in self.case.stamps:
            if self.case_ended_before(stamp):
                break
            used = []
            for how in ("stop", "cancel"):
                for event in self.events(how, stamp):
                    self.end_one(running, event, stamp, how, used)
            if self.events("stop_all", stamp):
                for one in running:
                    one[2] = (stamp, "stop")
                running.clear()
            for opener in self.openers(stamp):
                running.append([stamp, opener, None])
                clocks.append(running[-1])
            for event in self.events("stop", stamp):
                if event not in used:
                    self.end_one(
                        [one for one in running if one[0] == stamp and one[1] is not event],
                        event,
                        stamp,
                        "stop",
                        used,
                        running,
                    )
            for event in self.events("stop_all", stamp):
                for one in [one for one in running if one[0] == stamp and one[1] is not event]:
                    one[2] = (stamp, "stop")
                    running.remove(one)
            if self.events("ends", stamp):
                for one in running:
                    one[2] = (stamp, "ends")
                running.clear()
        return [self.settled(*one) for one in clocks]

    def end_one(self, among, event, stamp, how, used, running=None):
        for one in among:
            if self.is_match(one[1], event):
                one[2] = (stamp, how)
                used.append(event)
                (running if running is not None else among).remove(one)
                return


def equal(left, right):
    """§5: a comparison with an absent value is unknown, so it matches nothing."""
    return left not in NULLS and right not in NULLS and text(left) == text(right)
