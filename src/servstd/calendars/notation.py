"""Expressions of calendars as text, `office | (saturday - holidays)`, and names that a book fills in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from servstd.errors import CalendarError, Problem, closest, listed

if TYPE_CHECKING:
    from servstd.calendars.calendar import Calendar

_TOKEN = re.compile(r"\s*(?:([|&~()])|(?:(?<=\s)|^)(-)(?=\s)|([A-Za-z_][\w.-]*))")
LONGEST = 2_000
DEEPEST = 50
_LEVELS = (("|", "union"), ("&", "intersection"), ("-", "difference"))


def parse_expression(text: str) -> dict[str, Any]:
    """Return an expression as the fields of a calendar whose members are names.

    `~` binds most, then `-` (with blanks around it, since names may hold it), `&`, `|`.

    Raises:
        CalendarError: SV226 when it cannot be read.

    Example:
        >>> parse_expression("office | (saturday - ~fair)")
        {'union': ('office', {'difference': ('saturday', {'complement': 'fair'})})}
    """
    if len(text) > LONGEST:
        raise CalendarError(_unreadable(text, f"it is longer than {LONGEST} characters"))
    reader = _Reader(text, _tokens(text))
    read = reader.level(0, 0)
    if reader.tokens:
        raise CalendarError(_unreadable(text, f"`{reader.tokens[0]}` is not expected there"))
    return read if isinstance(read, dict) else {"union": (read,)}


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        token = _TOKEN.match(text, at)
        if token is None:
            raise CalendarError(_unreadable(text, f"`{text[at : at + 20].strip()}` is not expected there"))
        found.append(token[1] or token[2] or token[3])
        at = token.end()
    return found


class _Reader:
    def __init__(self, text: str, tokens: list[str]) -> None:
        self.text, self.tokens = text, tokens

    def level(self, number: int, depth: int) -> Any:
        """Read members joined by the sign of one level."""
        if number == len(_LEVELS):
            return self.member(depth)
        sign, operation = _LEVELS[number]
        members = [self.level(number + 1, depth)]
        while self.tokens and self.tokens[0] == sign:
            self.tokens.pop(0)
            members.append(self.level(number + 1, depth))
        return members[0] if len(members) == 1 else {operation: tuple(members)}

    def member(self, depth: int) -> Any:
        if not self.tokens or depth > DEEPEST:
            raise CalendarError(
                _unreadable(self.text, "a name is missing" if not self.tokens else "it is too deep")
            )
        word = self.tokens.pop(0)
        if word == "~":
            return {"complement": self.member(depth + 1)}
        if word == "(":
            inside = self.level(0, depth + 1)
            if not self.tokens or self.tokens.pop(0) != ")":
                raise CalendarError(_unreadable(self.text, "a `)` is missing"))
            return inside
        if word in "|&-)":
            raise CalendarError(_unreadable(self.text, f"`{word}` is not expected there"))
        return word


def resolved(calendar: Calendar, calendars: Mapping[str, Calendar]) -> Calendar:
    """Return a calendar with the names in its expression replaced; see `Calendar.resolve`."""
    return _resolved(calendar, calendars, ())


def _resolved(calendar: Calendar, calendars: Mapping[str, Calendar], within: tuple[str, ...]) -> Calendar:
    from servstd.calendars.calendar import _expression  # noqa: PLC0415 - they need each other

    if calendar.operation is None:
        return calendar
    members = tuple(
        _named(member, calendars, within) if isinstance(member, str) else _resolved(member, calendars, within)
        for member in calendar.members
    )
    if all(new is old for new, old in zip(members, calendar.members, strict=True)):
        return calendar
    return _expression(calendar.operation, members, title=calendar.title, timezone=calendar.timezone)


def _named(name: str, calendars: Mapping[str, Calendar], within: tuple[str, ...]) -> Calendar:
    from servstd.calendars.calendar import ALWAYS  # noqa: PLC0415 - they need each other

    if name in within or len(within) > DEEPEST:
        path = " → ".join((*within[-5:], name))
        raise CalendarError(
            Problem("SV225", f"these calendars are made of each other: {path}.", help="break the circle.")
        )
    if name not in calendars:
        if name == "always":
            return ALWAYS
        near = closest(name, [*calendars, "always"])
        known = listed(dict.fromkeys([*calendars, "always"]))
        help_ = f"write `{near}`, or add it under `calendars:`." if near else "add it under `calendars:`."
        raise CalendarError(
            Problem("SV103", f"unknown calendar `{name[:60]}`. Known here: {known}.", help=help_)
        )
    return _resolved(calendars[name], calendars, (*within, name))


def _unreadable(text: str, why: str) -> Problem:
    return Problem(
        "SV226",
        f"`{text[:80]}` is no expression of calendars: {why}.",
        help="write it like `office | saturday`, `office & ~maintenance`, `office - holidays`.",
    )
