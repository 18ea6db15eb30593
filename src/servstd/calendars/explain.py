"""Why a calendar is open or closed: every stretch of time with the rule that decided it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from servstd.calendars.algebra import combine
from servstd.calendars.hours import DAY_S
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
    starts, _ = rules.shift_bounds(first // DAY_S - rules.overhang_days - 1, last // DAY_S + 2)
    edges = {low, high, *(at for local in starts if low < (at := zone.utc_us(local * _SECOND_US)) < high)}
    inside = sorted(edges)
    return [(a, b, True, rules.open_reason(_local_inside(calendar, a, b))) for a, b in pairwise(inside)]


def _closed(calendar: Calendar, low: int, high: int) -> list[_Stretch]:
    if low >= high:
        return []
    rules, zone = calendar._rules, calendar.zone  # noqa: SLF001
    first, last = zone.local_us(low) // _SECOND_US, -(-zone.local_us(high) // _SECOND_US)
    local = sorted({*rules.closed_edges(min(first, last) - DAY_S, max(first, last) + DAY_S)})
    edges = sorted(
        {low, high, *(at for edge in local if low < (at := zone.utc_us(edge * _SECOND_US)) < high)}
    )
    return [(a, b, False, rules.closed_reason(_local_inside(calendar, a, b))) for a, b in pairwise(edges)]


def _local_inside(calendar: Calendar, low: int, high: int) -> int:
    """Return the local second of the middle of a stretch: its ends may be told twice or not at all."""
    return calendar.zone.local_us((low + high) // 2) // _SECOND_US


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
