"""A calendar for people: one line of Python, a page of text, a page of a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servstd.calendars.algebra import SIGNS
from servstd.calendars.civil import WEEKDAYS, day_from_civil, weekday_of
from servstd.calendars.hours import DAY_S, day_text, span_text
from servstd.calendars.zones import tzdata_version
from servstd.durations import format_duration
from servstd.errors import ServstdError
from servstd.escaping import as_html, printable

if TYPE_CHECKING:
    from servstd.calendars.calendar import Calendar

_CELL_S = 1800
_DAY_US = 86_400_000_000
_SECOND_US = 1_000_000
_BLOCKS = ("·", "▌", "█")
_PLAIN = (".", "+", "#")
_MOST = 20


def calendar_repr(calendar: Calendar) -> str:
    """Return the calendar as Python: an expression by its signs, hours as keyword arguments."""
    if calendar == _always():
        return "ALWAYS"
    if calendar.operation is not None and calendar.title is None and calendar.timezone is None:
        if calendar.operation == "complement":
            return f"~{_member_repr(calendar.members[0])}"
        sign = SIGNS[calendar.operation]
        return f" {sign} ".join(_member_repr(member) for member in calendar.members)
    words = ", ".join(f"{name}={value!r}" for name, value in calendar.to_dict().items())
    return f"Calendar({words})"


def _always() -> Calendar:
    from servstd.calendars.calendar import ALWAYS  # noqa: PLC0415 - they need each other

    return ALWAYS


def _member_repr(member: Calendar | str) -> str:
    if isinstance(member, str):
        return member
    shown = calendar_repr(member)
    return f"({shown})" if member.operation not in (None, "complement") else shown


def data_year() -> int:
    """Return the year of the zone data: a year to show that does not depend on the day one looks."""
    return int(tzdata_version()[:4])


def calendar_text(calendar: Calendar, *, first: int | None = None, ascii_only: bool = False) -> str:
    """Return a page: zone and sources, a strip for each weekday, closures and exceptions of the year that follows.

    Args:
        calendar: The calendar.
        first: The day number from which dates are listed and at whose week the strip is taken; the first of January
            of the year of the zone data when left out.
        ascii_only: Whether the page must do without block characters and dashes.
    """
    start = day_from_civil(data_year(), 1, 1) if first is None else first
    marks = _PLAIN if ascii_only else _BLOCKS
    lines = [_headline(calendar), "", f"     {_ruler()}"]
    for name, cells, words in _week(calendar, start):
        strip = "".join(marks[_shade(cell)] for cell in cells)
        lines.append(f"{name:<4} {strip}  {words}".rstrip())
    dated = list(_dated(calendar, start, start + 366))
    if dated:
        lines += ["", f"From {day_text(start)}:"]
        lines += [f"  {day_text(day)} {_weekday(day)}  {words}" for day, words in dated[:_MOST]]
        lines += [f"  and {len(dated) - _MOST} more within a year"] if len(dated) > _MOST else []
    text = "\n".join(map(printable, lines)) + "\n"
    return text.replace("\u2013", "-").replace("·", "-") if ascii_only else text


def calendar_html(calendar: Calendar) -> str:
    """Return a page of a notebook: the week as strips, closures of the year of the zone data."""
    start = day_from_civil(data_year(), 1, 1)
    try:
        week, dated = list(_week(calendar, start)), list(_dated(calendar, start, start + 366))
    except ServstdError as failure:
        week, dated = [], [(start, str(failure))]
    rows = "".join(
        f"<tr><th style='text-align:left;padding-right:8px'>{as_html(name)}</th><td>{_svg(cells)}</td>"
        f"<td style='padding-left:8px'>{as_html(words)}</td></tr>"
        for name, cells, words in week
    )
    days = "".join(
        f"<li>{day_text(day)} {_weekday(day)}: {as_html(words)}</li>" for day, words in dated[:_MOST]
    )
    listed = (
        f"<details><summary>{len(dated)} dates in {data_year()}</summary><ul>{days}</ul></details>"
        if dated
        else ""
    )
    return f"<div><b>{as_html(_headline(calendar))}</b><table>{rows}</table>{listed}</div>"


def _svg(cells: list[int]) -> str:
    width = 6
    boxes = "".join(
        f"<rect x='{index * width}' width='{width}' height='14' fill='#2a7' fill-opacity='{cell / _CELL_S:.2f}'/>"
        for index, cell in enumerate(cells)
        if cell
    )
    return (
        f"<svg width='{width * len(cells)}' height='14' role='img' aria-label='opening hours'>"
        f"<rect width='100%' height='14' fill='#8883'/>{boxes}</svg>"
    )


def _headline(calendar: Calendar) -> str:
    used = calendar.provenance
    zone = calendar.timezone or ("expression" if calendar.operation else "no time zone")
    parts = [
        calendar.title,
        zone,
        f"tzdata {used['tzdata']}",
        f"holidays {used['holidays']}" if "holidays" in used else None,
    ]
    return " · ".join(part for part in parts if part)


def _ruler() -> str:
    return "00          06          12          18          "


def _shade(cell: int) -> int:
    return 0 if cell == 0 else 2 if cell == _CELL_S else 1


def _weekday(day: int) -> str:
    return WEEKDAYS[weekday_of(day)].capitalize()


def _week(calendar: Calendar, start: int) -> Iterator[tuple[str, list[int], str]]:
    """Yield each weekday, its open seconds in each half hour, and its hours in words."""
    if calendar.is_always:
        for name in WEEKDAYS:
            yield name.capitalize(), [_CELL_S] * 48, "00:00\u201324:00"
        return
    monday = start + -weekday_of(start) % 7
    if calendar.operation is None:
        version = calendar._rules.version_at(start)  # noqa: SLF001 - one room
        for number, name in enumerate(WEEKDAYS):
            own = version.pieces[number]
            spilled = [(low - DAY_S, high - DAY_S) for low, high in version.pieces[number - 1]]
            words = ", ".join(span_text(span) for span in own) or "closed"
            yield name.capitalize(), _filled([*own, *spilled]), words
        return
    for day in range(monday, monday + 7):
        midnight, following = (calendar.zone.utc_us(at * _DAY_US) for at in (day, day + 1))
        spans = [
            tuple((calendar.zone.local_us(at) - day * _DAY_US) // _SECOND_US for at in span)
            for span in calendar._almanac.between_us(midnight, following)  # noqa: SLF001
        ]
        open_us = calendar.elapsed_us(midnight, following)
        yield (
            _weekday(day),
            _filled([(low, high) for low, high in spans]),
            f"{day_text(day)}: {format_duration(open_us)}",
        )


def _filled(spans: list[tuple[int, int]]) -> list[int]:
    edges = range(0, DAY_S, _CELL_S)
    return [
        min(_CELL_S, sum(max(0, min(high, at + _CELL_S) - max(low, at)) for low, high in spans))
        for at in edges
    ]


def _dated(calendar: Calendar, first: int, last: int) -> Iterator[tuple[int, str]]:
    """Yield closures, exceptions, dated breaks and versions between two dates, with their words."""
    if calendar.operation is not None or calendar.is_always:
        return
    rules = calendar._rules  # noqa: SLF001
    starts = {version.from_day for version in rules.versions[1:]}
    for day in range(first, last):
        if day in starts:
            yield day, "other hours from here on"
        change, closure = rules.changes.get(day), None
        if change is None:
            closure = rules.closure_at(day)
        hours = ", ".join(span_text(span) for span in rules.pieces_at(day)) or "closed"
        if change is not None:
            yield day, f"exception: {hours}" + (f" ({change.reason})" if change.reason else "")
        elif closure is not None:
            yield day, closure.name + (f": {hours}" if closure.hours else "")
        elif (working := rules.working_day_at(day)) is not None:
            yield day, f"working day for {_weekday(working.bridge)} {day_text(working.bridge)}: {hours}"
        if day in rules.dated_breaks:
            yield day, "break " + ", ".join(span_text(span) for span in rules.dated_breaks[day])
