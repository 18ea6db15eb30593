"""Why a calendar is open or closed: every stretch of time with the rule that decided it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from servstd.calendars.algebra import combine
from servstd.calendars.civil import WEEKDAYS, weekday_of
from servstd.calendars.hours import DAY_S, common, day_text, merge, span_text
from servstd.calendars.rules import FIRST_DAY, LAST_DAY, Rules
from servstd.intervals import Interval

if TYPE_CHECKING:
    from servstd.calendars.calendar import Calendar

_SECOND_US = 1_000_000
_Stretch = tuple[int, int, bool, str]


def explained(calendar: Calendar, start: int, end: int) -> list[Interval]:
    """Return every stretch of `[start, end)` with its reason, in order and without gaps."""
    if end <= start:
        return []
    return [
        Interval(low, high, open=is_open, reason=reason)
        for low, high, is_open, reason in _told(calendar, start, end)
    ]


def _told(calendar: Calendar, start: int, end: int) -> list[_Stretch]:
    if calendar.is_always:
        return [(start, end, True, "always open")]
    told = (
        _rules_told(calendar, start, end)
        if calendar.operation is None
        else _expression_told(calendar, start, end)
    )
    return _joined(told)


def _joined(told: list[_Stretch]) -> list[_Stretch]:
    """Join neighbours of one reason."""
    joined: list[_Stretch] = []
    for low, high, is_open, reason in told:
        if joined and joined[-1][2:] == (is_open, reason) and joined[-1][1] == low:
            joined[-1] = (joined[-1][0], high, is_open, reason)
        elif low < high:
            joined.append((low, high, is_open, reason))
    return joined


def _rules_told(calendar: Calendar, start: int, end: int) -> list[_Stretch]:
    told: list[_Stretch] = []
    at = start
    for low, high in calendar._almanac.between_us(start, end):  # noqa: SLF001 - one room
        told += _closed(calendar, at, low)
        told += _open(calendar, low, high)
        at = high
    return told + _closed(calendar, at, end)


def _open(calendar: Calendar, low: int, high: int) -> list[_Stretch]:
    """Split an open stretch where one shift hands over to the next."""
    rules, zone = calendar._rules, calendar.zone  # noqa: SLF001
    first, last = zone.local_us(low) // _SECOND_US, zone.local_us(high) // _SECOND_US
    starts, _ = _shift_bounds(rules, first // DAY_S - rules.overhang_days - 1, last // DAY_S + 2)
    edges = {low, high, *(at for local in starts if low < (at := zone.utc_us(local * _SECOND_US)) < high)}
    inside = sorted(edges)
    return [(a, b, True, _open_reason(rules, _local_inside(calendar, a, b))) for a, b in pairwise(inside)]


def _closed(calendar: Calendar, low: int, high: int) -> list[_Stretch]:
    if low >= high:
        return []
    rules, zone = calendar._rules, calendar.zone  # noqa: SLF001
    first, last = zone.local_us(low) // _SECOND_US, -(-zone.local_us(high) // _SECOND_US)
    local = sorted({*_closed_edges(rules, min(first, last) - DAY_S, max(first, last) + DAY_S)})
    edges = sorted(
        {low, high, *(at for edge in local if low < (at := zone.utc_us(edge * _SECOND_US)) < high)}
    )
    return [(a, b, False, _closed_reason(rules, _local_inside(calendar, a, b))) for a, b in pairwise(edges)]


def _local_inside(calendar: Calendar, low: int, high: int) -> int:
    """Return the local second of the middle of a stretch: its ends may be told twice or not at all."""
    return calendar.zone.local_us((low + high) // 2) // _SECOND_US


def _open_reason(rules: Rules, local_s: int) -> str:
    """Return which shift holds an open local instant."""
    day = local_s // DAY_S
    for anchor in (day, day - 1, day - 2):
        at = local_s - anchor * DAY_S
        for low, high in rules.pieces_at(anchor):
            if low <= at < high:
                return _shift_words(rules, anchor, at, (low, high))
    return "open"


def _shift_words(rules: Rules, day: int, at: int, piece: tuple[int, int]) -> str:
    change = rules.changes.get(day)
    if change is not None:
        why = f": {change.reason}" if change.reason else ""
        return f"exception {day_text(day)} {span_text(piece)}{why}"
    closure, working = rules.closure_at(day), rules.working_day_at(day)
    if closure is not None:
        return f"half-day {closure.name} {span_text(piece)}"
    if working is not None:
        return f"working day for {_weekday(working.bridge)} {day_text(working.bridge)} {span_text(piece)}"
    version = rules.version_at(day)
    shifts = merge(version.shifts[weekday_of(day)])
    shift = next((span for span in shifts if span[0] <= at < span[1]), piece)
    since = f" (hours from {day_text(version.from_day)})" if version is not rules.versions[0] else ""
    return f"shift {_weekday(day)} {span_text(shift)}{since}"


def _shift_bounds(rules: Rules, first: int, last: int) -> tuple[list[int], list[int]]:
    """Return where shifts that start in `[first, last)` start and end, whole: breaks not cut out, none joined."""
    first, last = max(first, FIRST_DAY), min(last, LAST_DAY)
    starts: list[int] = []
    ends: list[int] = []
    for day, pieces in rules.pieces_by_day(first, last):
        starts += [day * DAY_S + low for low, _ in pieces]
        ends += [day * DAY_S + high for _, high in pieces]
    return starts, ends


def _closed_edges(rules: Rules, start_s: int, end_s: int) -> Iterator[int]:
    """Yield the local instants at which the reason for being closed may change."""
    for day in range(start_s // DAY_S - 2, end_s // DAY_S + 2):
        yield day * DAY_S
        for span in _break_spans(rules, day):
            yield day * DAY_S + span[0]
            yield day * DAY_S + span[1]
        for back in range(1, rules.overhang_days + 1):
            yield from _lost_edges(rules, day, back)


def _lost_edges(rules: Rules, day: int, back: int) -> Iterator[int]:
    anchor = day - back
    if anchor not in rules.changes and rules.closure_at(anchor) is not None:
        for _, high in rules.usual_at(anchor).shifts:
            if high > back * DAY_S:
                yield anchor * DAY_S + high


def _break_spans(rules: Rules, day: int) -> list[tuple[int, int]]:
    spans = list(rules.dated_breaks.get(day, ()))
    if day in rules.changes and rules.changes[day].spans is not None:
        return spans
    usual = rules.usual_at(day)
    left = rules.left_of(day, usual.shifts)
    breaks = rules.version_at(day).placed(usual.shifts, usual.breaks)
    return [*spans, *(span for one in breaks for span in common(left, (one,)))]


def _closed_reason(rules: Rules, local_s: int) -> str:
    """Return why a closed local instant is closed: break, exception, holiday, or no hours."""
    day = local_s // DAY_S
    for anchor in (day, day - 1, day - 2):
        at = local_s - anchor * DAY_S
        for span in _break_spans(rules, anchor):
            if span[0] <= at < span[1]:
                return f"break {span_text(span)}"
    at = local_s - day * DAY_S
    change = rules.changes.get(day)
    if change is not None:
        return f"exception {day_text(day)}: {change.reason or 'closed'}"
    closure = rules.closure_at(day)
    shifts = rules.usual_at(day).shifts
    before = _holiday_before(rules, day, at)
    if closure is not None and (rules.masks or shifts):
        return f"holiday: {closure.name}"
    if before is not None:
        return f"holiday: {before}"
    if not shifts:
        return "closed: weekend" if weekday_of(day) > 4 else f"closed: {_weekday(day)}"
    return "closed: outside hours"


def _holiday_before(rules: Rules, day: int, at: int) -> str | None:
    """Return the holiday that took the shift which would have run into this date."""
    for back in range(1, rules.overhang_days + 1):
        anchor = day - back
        closure = None if anchor in rules.changes else rules.closure_at(anchor)
        shifts = rules.usual_at(anchor).shifts
        if closure is not None and any(low <= at + back * DAY_S < high for low, high in shifts):
            return closure.name
    return None


def _weekday(day: int) -> str:
    return WEEKDAYS[weekday_of(day)].capitalize()


def _expression_told(calendar: Calendar, start: int, end: int) -> list[_Stretch]:
    members = [_told(member, start, end) for member in calendar._calendars]  # noqa: SLF001
    edges = sorted({edge for told in members for low, high, *_ in told for edge in (low, high)})
    operation = calendar.operation or "union"
    opens = combine(
        operation, [[(a, b) for a, b, is_open, _ in told if is_open] for told in members], start, end
    )
    told: list[_Stretch] = []
    places = [0] * len(members)
    index = 0
    for low, high in pairwise(edges):
        for number, stretches in enumerate(members):
            while stretches[places[number]][1] <= low:
                places[number] += 1
        while index < len(opens) and opens[index][1] <= low:
            index += 1
        is_open = index < len(opens) and opens[index][0] <= low
        held = [stretches[places[number]] for number, stretches in enumerate(members)]
        told.append(
            (low, high, is_open, _combined_reason(operation, is_open, [(each[2], each[3]) for each in held]))
        )
    return told


def _combined_reason(operation: str, is_open: bool, members: list[tuple[bool, str]]) -> str:
    """Return the reason of the members that decided."""
    if operation == "complement":
        return f"outside: {members[0][1]}" if is_open else f"taken away: {members[0][1]}"
    if operation == "difference":
        first, *others = members
        if is_open or not first[0]:
            return first[1]
        return f"taken away: {next(reason for opened, reason in others if opened)}"
    deciding = [reason for opened, reason in members if opened == is_open]
    if operation == "union" and is_open:
        return deciding[0]
    return " and ".join(dict.fromkeys(deciding))
