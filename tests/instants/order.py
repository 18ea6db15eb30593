"""Kind `order` (semantics §5, §6): an event needs another before it, or comes first or last."""

from .calendars import length
from .conditions import Facts, takes
from .limits import resolve
from .verdicts import Verdict


def judge(standard, case, book, as_of):
    calendar = book.calendar(standard.get("calendar") or book.spec.get("calendar") or "always")
    if "position" in standard:
        return position(standard, case, calendar)
    judged = [event for event in case.events if takes(standard["event"], event, case)]
    return [verdict_on(standard, case, calendar, event, judged) for event in judged]


def needed_before(standard, case, event, judged):
    """The events that may serve: two events of one stamp may stand in either order."""
    found = [
        other
        for other in case.events
        if other is not event and other.time <= event.time and takes(standard["needs"], other, case)
    ]
    if standard.get("fresh"):
        earlier = [other.time for other in judged if other is not event and other.time < event.time]
        since = max(earlier, default=-(10**20))
        found = [
            other
            for other in found
            if other.time > since
            or (other.time == since and not served(standard, case, other, event, judged))
        ]
    if standard.get("immediately"):  # §6: all events of the case count as between
        found = [
            other
            for other in found
            if not any(other.time < between.time < event.time for between in case.events)
        ]
    return found


def served(standard, case, needed, event, judged):
    """Whether an event judged before, in the stamp of the needed one, has used it: each serves once (silent.md 35)."""
    before = [other for other in judged if other is not event and other.time == needed.time]
    return any(all(one is needed for one in needed_before(standard, case, other, judged)) for other in before)


def verdict_on(standard, case, calendar, event, judged):
    at = event.time
    facts = Facts(case.fields(at), event)
    least = resolve(standard["at_least"], facts).us if "at_least" in standard else None
    most = standard.get("at_most") or standard.get("within")
    most = resolve(most, facts).us if most else None
    open_time = lambda other: length(calendar.open_in(other.time, at))
    found = sorted(needed_before(standard, case, event, judged), key=lambda other: -other.time)
    too_much = (
        (lambda used: used >= most) if standard.get("boundary") == "exclusive" else (lambda used: used > most)
    )
    fits = [
        other
        for other in found
        if (least is None or open_time(other) >= least) and (most is None or not too_much(open_time(other)))
    ]
    if fits:
        used = open_time(fits[0])
        return Verdict(
            "met",
            at,
            None,
            None,
            at,
            used,
            limit_of(least, most, used),
            margin_of(least, most, used),
            opener=event,
        )
    if not found:
        return Verdict("breached", at, None, at, at, None, None, None, opener=event)
    used = open_time(found[0])
    return Verdict(
        "breached",
        at,
        None,
        at,
        at,
        used,
        limit_of(least, most, used),
        margin_of(least, most, used),
        opener=event,
    )


def limit_of(least, most, used):
    """Of two bounds it is that of `at_most`, unless it is too early (silent.md 24)."""
    return least if most is None or (least is not None and used < least) else most


def margin_of(least, most, used):
    if least is None and most is None:
        return None
    return used - least if limit_of(least, most, used) is least and most is not least else most - used


def position(standard, case, calendar):
    raise NotImplementedError("position")
