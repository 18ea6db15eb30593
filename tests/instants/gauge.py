"""Kind `gauge` (semantics §5): a level stays in bounds, or crossing one demands a reaction."""

from .conditions import Facts, number, takes
from .limits import resolve
from .verdicts import Verdict
from .windows import windows_between


class Level:
    """What the level is at an instant, asked of all events up to it."""

    def __init__(self, spec, case):
        self.spec, self.case = spec, case
        self.moves = [event for event in case.events if self.moves_it(event)]
        self.stamps = sorted({event.time for event in self.moves})

    def moves_it(self, event):
        if "set" in self.spec:
            return takes(self.spec["on"], event, self.case) and self.value(event) is not None
        signals = ("plus", "minus")
        return any(takes(self.spec.get(signal), event, self.case) for signal in signals)

    def value(self, event):
        """An event of `on` that carries no number, and whose case does not, sets nothing."""
        return number(Facts(self.case.fields(event.time), event).get(self.spec["set"].lstrip("$")))

    def at(self, us):
        level = number(self.spec.get("initial", 0)) if "set" not in self.spec else None
        for stamp in self.stamps:
            if stamp > us:
                break
            if "set" in self.spec:
                for event in self.case.at(stamp):
                    if takes(self.spec["on"], event, self.case) and self.value(event) is not None:
                        level = self.value(event)
                continue
            for event in self.case.at(stamp):
                level += takes(self.spec.get("plus"), event, self.case)
            for event in self.case.at(stamp):  # a minus at 0 is ignored
                if takes(self.spec.get("minus"), event, self.case) and level > 0:
                    level -= 1
        return level


def beyond(standard, level):
    """How far a level is out of bounds; negative within them."""
    if level is None:
        return None
    parts = []
    if "above" in standard:
        parts.append(level - number(standard["above"]))
    if "below" in standard:
        parts.append(number(standard["below"]) - level)
    return max(parts)


def judge(standard, case, book, as_of):
    level = Level(standard["level"], case)
    if not level.stamps:
        return []
    ends = [event.time for event in case.events if takes(standard.get("ends"), event, case)]
    end = min(ends, default=None)
    if end is not None and end < level.stamps[0]:
        return []
    if "then" in standard:
        return reactions(standard, case, book, as_of, level, end)
    begin = level.stamps[0]
    if "per" not in standard:
        return [over(standard, level, begin, end, as_of, True)]
    zone = book.zone_of(standard)
    last = min(as_of, end if end is not None else as_of)
    verdicts = []
    for a, b in windows_between(zone, begin, last, standard["per"]):
        if a > last or (end is not None and a >= end):
            break
        stop = b if end is None else min(b, end)
        verdicts.append(
            over(
                standard,
                level,
                max(a, begin),
                stop if stop <= as_of else None,
                as_of,
                end is not None and stop == end,
            )
        )
        verdicts[-1].opener = a
    return verdicts


def over(standard, level, begin, end, as_of, closed):
    """One verdict over a stretch; what the events of its end say is of the next (§4.12), but of the case's end (`closed`)."""
    last = as_of if end is None else end
    inside = [
        stamp
        for stamp in level.stamps
        if begin < stamp and (stamp <= last if closed or end is None else stamp < last)
    ]
    grid = [begin, *inside]
    worst = max(beyond(standard, level.at(at)) for at in grid)
    broken = next((at for at in grid if beyond(standard, level.at(at)) > 0), None)
    outcome = "breached" if broken is not None else "open" if end is None else "met"
    return Verdict(outcome, begin, None, broken, end, worst, 0, -worst)


def reactions(standard, case, book, as_of, level, end):
    """§5: with `then` it opens at the crossing, and is cancelled if the level falls back first."""
    from .calendars import add, length

    calendar = book.calendar(standard.get("calendar") or book.spec.get("calendar") or "always")
    out = lambda at: beyond(standard, level.at(at)) > 0
    verdicts, free_from = [], -(10**20)
    for stamp in level.stamps:
        before = [other for other in level.stamps if other < stamp]
        crossed = out(stamp) and not (before and out(before[-1]))
        if not crossed or stamp < free_from or (end is not None and stamp > end):
            continue
        limit = resolve(standard["within"], Facts(case.fields(stamp))).us
        answers = [
            (event.time, "stop")
            for event in case.events
            if event.time >= stamp and takes(standard["then"], event, case)
        ]
        returns = (
            [(at, "cancel") for at in level.stamps if at > stamp and not out(at)]
            if standard.get("on_return") != "keep"
            else []
        )
        closing = [(end, "cancel")] if end is not None else []
        found = min(answers + returns + closing, default=None, key=lambda one: (one[0], one[1] != "stop"))
        until = found[0] if found else as_of
        used = length(calendar.open_in(stamp, until))
        due = add(calendar, stamp, limit)
        broken = used > limit
        outcome = (
            "breached" if broken else "open" if not found else "met" if found[1] == "stop" else "cancelled"
        )
        at = first_open_after(calendar, stamp, limit) if broken else None
        verdicts.append(
            Verdict(
                outcome, stamp, due, at, found[0] if found else None, used, limit, limit - used, opener=stamp
            )
        )
        free_from = found[0] if found else 10**20
    return verdicts


def first_open_after(calendar, start, limit):
    from .calendars import add

    return add(calendar, start, limit + 1)
