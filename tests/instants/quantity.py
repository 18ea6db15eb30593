"""Kind `quantity` (semantics §4.11, §4.12, §5): how many, how much, how long, per case and scope."""

from .calendars import add, intersection, length, union
from .conditions import Facts, holds, number, takes
from .limits import length_of, resolve
from .verdicts import Verdict
from .windows import windows_between


class Scope:
    """A stretch in which a quantity is counted: [begin, end), and its end where it is known."""

    def __init__(self, begin, end, includes_end=False, cut=False, opener=None, window=None):
        self.begin, self.end, self.includes_end, self.cut, self.opener, self.window = (
            begin,
            end,
            includes_end,
            cut,
            opener,
            window,
        )

    def holds(self, event):
        """Whether an event lies in it; its own opener does not (silent.md 26)."""
        at = event.time
        return (
            event is not self.opener
            and self.begin <= at
            and (self.end is None or at < self.end or (self.includes_end and at == self.end))
        )


class Measure:
    """The quantity of one standard in one case, asked of all its events."""

    def __init__(self, standard, case, book, as_of):
        self.standard, self.case, self.book, self.as_of = standard, case, book, as_of
        self.calendar = book.calendar(standard.get("calendar") or book.spec.get("calendar") or "always")
        ends = [event.time for event in case.events if takes(standard.get("ends"), event, case)]
        self.case_end = min(ends, default=None)

    # Scopes --------------------------------------------------------------------------------------------------
    def scopes(self, log_begin):
        standard, case = self.standard, self.case
        if "per" in standard and isinstance(standard["per"], dict):
            return self.rolling(standard["per"]["rolling"])
        if "per" in standard:
            return self.windows(log_begin)
        found, free_from = [], -(10**20)
        for stamp in case.stamps:
            openers = (
                [event for event in case.at(stamp) if takes(standard["after"], event, case)]
                if "after" in standard
                else case.at(stamp)[:1]
            )
            if not openers or stamp < free_from or (self.case_end is not None and stamp > self.case_end):
                continue
            end, includes = self.end_of(stamp, openers[0] if "after" in standard else None)  # silent.md 23
            includes = includes and end > stamp  # silent.md 28
            found.append(Scope(stamp, end, includes, opener=openers[0] if "after" in standard else None))
            if end is None or "after" not in standard:
                break
            free_from = end if end > stamp else end + 1
        return found

    def end_of(self, begin, opener):
        """The first end of a scope that begins there: (instant, whether what happens at it counts)."""
        ends = []
        for event in self.case.events:
            if (
                event.time >= begin
                and event is not opener
                and takes(self.standard.get("until"), event, self.case)
            ):
                ends.append((event.time, False))  # half-open
                break
        if "within" in self.standard:
            limit = resolve(self.standard["within"], Facts(self.case.fields(begin)))
            over = limit.us + (self.standard.get("boundary") != "exclusive")  # silent.md 27
            ends.append((add(self.calendar, begin, over), False))  # the earliest instant beyond it
        if self.case_end is not None:
            ends.append((self.case_end, True))
        ends = [end for end in ends if end[0] <= self.as_of]
        return min(ends, default=(None, False), key=lambda end: end[0])

    def windows(self, log_begin):
        zone = self.book.zone_of(self.standard)
        begin = self.case.stamps[0]
        last = min(self.as_of, self.case_end if self.case_end is not None else self.as_of)
        for a, b in windows_between(zone, begin, last, self.standard["per"]):
            if a > last or (self.case_end is not None and a > self.case_end):
                break
            end, includes = b, False
            if self.case_end is not None and self.case_end < b:
                end, includes = self.case_end, True
            yield Scope(
                max(a, begin), end if end <= self.as_of else None, includes, cut=a < log_begin, window=a
            )

    def rolling(self, span):
        us = length_of(span)
        least = "at_least" in self.standard
        openers = [event for event in self.case.events if takes(self.standard["count"], event, self.case)]
        if least and not any(event.time == self.case.stamps[0] for event in openers):
            openers.insert(0, self.case.events[0])
        for opener in openers:
            end = opener.time + us + least
            yield Scope(opener.time, end if end <= self.as_of else None, opener=opener if least else None)

    # What is counted -----------------------------------------------------------------------------------------
    def amounts(self, scope):
        """(instant, amount) of all that counts in a scope; an amount may be None (missing)."""
        if "count" in self.standard:
            return [
                (event.time, 1)
                for event in self.case.events
                if scope.holds(event) and takes(self.standard["count"], event, self.case)
            ]
        spec = self.standard["sum"]
        return [
            (event.time, number(event.fields.get(spec["field"])))
            for event in self.case.events
            if scope.holds(event) and takes(spec["of"], event, self.case)
        ]

    def state(self, upto):
        """The stretches in which the state lasts (§4.12: a stamp that holds both ends leaves it as it was)."""
        spec, stretches = self.standard["time_in"], []
        if "from" not in spec:
            stamps = self.case.stamps
            return union(
                [
                    (a, b)
                    for a, b in zip(stamps, [*stamps[1:], upto], strict=False)
                    if a < upto and holds(spec, Facts(self.case.fields(a))) is True
                ]
            )
        begun = None
        for stamp in self.case.stamps:
            opens = any(takes(spec["from"], event, self.case) for event in self.case.at(stamp))
            closes = any(takes(spec["to"], event, self.case) for event in self.case.at(stamp))
            if opens and closes:
                continue
            if opens and begun is None:
                begun = stamp
            if closes and begun is not None:
                stretches.append((begun, stamp))
                begun = None
        if begun is not None and begun < upto:
            stretches.append((begun, upto))
        return union(stretches)


def judge(standard, case, book, as_of, log_begin=None):
    if not case.events:
        return []
    measure = Measure(standard, case, book, as_of)
    scopes = list(measure.scopes(log_begin if log_begin is not None else case.stamps[0]))
    on = over_time if "time_in" in standard else over_amounts
    return [on(standard, measure, scope, as_of) for scope in scopes]


def over_amounts(standard, measure, scope, as_of):
    amounts = measure.amounts(scope)
    known = [(at, amount) for at, amount in amounts if amount is not None]
    total, missing = sum(amount for _, amount in known), len(known) < len(amounts)
    most, least = (number(standard[name]) if name in standard else None for name in ("at_most", "at_least"))
    broken, running = None, 0
    for at in sorted({scope.begin, *(at for at, _ in known)}):
        running += sum(amount for time, amount in known if time == at)
        over = most is not None and (
            running >= most if standard.get("boundary") == "exclusive" else running > most
        )
        if over and broken is None:
            broken = at
    outcome = "open" if scope.end is None else "met"
    if broken is not None:
        outcome = "breached"
    elif scope.end is not None and least is not None and total < least and not missing and not scope.cut:
        outcome, broken = "breached", scope.end
    elif scope.end is not None and (missing or (scope.cut and not (most is None and total >= least))):
        outcome = "unknown"
    little = outcome == "breached" and least is not None and total < least
    limit, margin = (least, total - least) if most is None or little else (most, most - total)  # silent.md 24
    return Verdict(
        outcome,
        scope.begin,
        None,
        broken,
        scope.end,
        total,
        limit,
        margin,
        opener=scope.window or scope.opener,
    )


def over_time(standard, measure, scope, as_of):
    until = scope.end if scope.end is not None else as_of
    state = intersection(measure.calendar.open_in(scope.begin, until), measure.state(until))
    used = length(state)
    most, least = (
        length_of(standard[name]) if name in standard else None for name in ("at_most", "at_least")
    )
    enough = None if most is None else most if standard.get("boundary") == "exclusive" else most + 1
    broken = instant_of(state, enough) if most is not None and used >= enough else None
    due = instant_of(state, most) if most is not None and used >= most else None
    if most is not None and due is None and in_state(measure, scope, until):
        due = add(measure.calendar, until, most - used)
    outcome = "open" if scope.end is None else "met"
    if broken is not None:
        outcome = "breached"
    elif scope.end is not None and least is not None and used < least and not scope.cut:
        outcome, broken = "breached", scope.end
    elif scope.end is not None and scope.cut and not (most is None and used >= least):
        outcome = "unknown"
    margin = min(([most - used] if most is not None else []) + ([used - least] if least is not None else []))
    paused = length(measure.calendar.open_in(scope.begin, until)) - used
    return Verdict(
        outcome,
        scope.begin,
        due,
        broken,
        scope.end,
        used,
        most if most is not None else least,
        margin,
        paused,
        opener=scope.window or scope.opener,
    )


def in_state(measure, scope, at):
    """Whether the state lasts when the scope ends, or at as_of."""
    if scope.end is None or scope.includes_end:
        return any(a <= at < b for a, b in measure.state(at + 1))
    return any(a < at <= b for a, b in measure.state(at))


def instant_of(pieces, amount):
    total = 0
    for a, b in pieces:
        if total + b - a >= amount:
            return a + amount - total
        total += b - a
    return None
