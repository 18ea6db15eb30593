"""Read and write spans of time: `60 minutes`, `PT4H`, `1h30m`, `4 business hours`.

A day is not a duration here: `1 day` is a local date that may last 23 or 25 hours, so it belongs to
`servstd.calendars` and is refused with that explanation.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from servstd.errors import Problem, StandardsError, closest

Clock = Literal["standard", "business", "calendar"]
"""Which clock a span runs on: the standard's own, opening hours by demand, or the wall clock."""

MICROSECOND = 1
MILLISECOND = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

LONGEST_US = 400 * 366 * 24 * HOUR
LONGEST_TEXT = 200

_UNITS = {
    "us": MICROSECOND,
    "µs": MICROSECOND,
    "microsecond": MICROSECOND,
    "ms": MILLISECOND,
    "millisecond": MILLISECOND,
    "s": SECOND,
    "sec": SECOND,
    "second": SECOND,
    "m": MINUTE,
    "min": MINUTE,
    "minute": MINUTE,
    "h": HOUR,
    "hr": HOUR,
    "hour": HOUR,
}
_DATE_UNITS = {"d", "day", "w", "week", "month", "quarter", "y", "yr", "year"}
_ADJECTIVES: dict[str, Clock] = {
    "business": "business",
    "working": "business",
    "open": "business",
    "opening": "business",
    "calendar": "calendar",
    "wall": "calendar",
    "elapsed": "calendar",
}
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
_WORD = re.compile(r"[^\W\d_]+")
_FILLER = {"and"}


class Span(NamedTuple):
    """Hold a span of time together with the clock that its author named.

    Example:
        >>> parse_span("4 business hours")
        Span(us=14400000000, clock='business')
    """

    us: int
    """How long, in microseconds."""
    clock: Clock
    """`standard` unless an adjective was written."""


def parse_duration(text: object) -> int:
    """Read a duration as whole microseconds.

    `1 day` is refused: a local day may have 23 or 25 hours, so `1 day` and `24 hours` are different
    promises. An adjective is refused too; `parse_span` keeps it.

    Args:
        text: `60 minutes`, `4 hours`, `PT4H`, `1h30m`, `20s`, `1 hour 30 minutes`, `1.5 hours`.

    Returns:
        The length in microseconds, exact and never negative.

    Raises:
        StandardsError: SV120 for a bare number, SV121 for days, SV122 for anything else that is no duration.

    Example:
        >>> parse_duration("1h30m") == parse_duration("90 minutes") == 5_400_000_000
        True
    """
    span = parse_span(text)
    if span.clock != "standard":
        message = f"`{_shown(text)}` names a clock where only a length is expected."
        raise StandardsError(Problem("SV122", message, help="leave the adjective out."))
    return span.us


def parse_span(text: object) -> Span:
    """Read a duration that may name its clock: `4 business hours`, `4 calendar hours`, `4 hours`.

    Args:
        text: As for `parse_duration`, with `business`, `working`, `open` or `calendar` before the unit.

    Returns:
        The length and the clock: `business` for opening hours by demand, `calendar` for the wall clock
        whatever the calendar, `standard` where no adjective stands.

    Raises:
        StandardsError: SV120 for a bare number, SV121 for days, SV122 for anything else that is no duration.

    Example:
        >>> parse_span("PT4H").clock
        'standard'
    """
    if not isinstance(text, str):
        raise StandardsError(_not_text(text))
    words = text.strip()
    if not words or len(words) > LONGEST_TEXT:
        raise StandardsError(_unreadable(text, "it is empty" if not words else "it is too long"))
    if _is_number(words):
        raise StandardsError(_bare(words))
    return _parse_iso(words) if words[0] in "Pp" else _parse_words(words)


def format_duration(us: int) -> str:
    """Write microseconds as people say them: hours are never folded into days.

    `24 hours` and `1 day` are different limits, so 36 hours stays `36h`.

    Args:
        us: A length in microseconds, of either sign.

    Returns:
        `1h 30m`, `20s`, `1.5s`, `0s`, `-4h`; readable again by `parse_duration` when not negative.

    Example:
        >>> format_duration(5_400_000_000), format_duration(1_500_000), format_duration(0)
        ('1h 30m', '1.5s', '0s')
    """
    sign, rest = ("-", -us) if us < 0 else ("", us)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, micros = divmod(rest, SECOND)
    fraction = f".{micros:06d}".rstrip("0") if micros else ""
    parts = [f"{hours}h" if hours else "", f"{minutes}m" if minutes else ""]
    if seconds or micros:
        parts.append(f"{seconds}{fraction}s")
    return sign + (" ".join(part for part in parts if part) or "0s")


def _parse_words(text: str) -> Span:
    """Read `1 hour 30 minutes`, `1h30m`, `4 business hours`: number, adjective, unit, over and over."""
    total = Fraction(0)
    clock: Clock = "standard"
    seen: set[int] = set()
    at = 0
    while at < len(text):
        number, at = _number_at(text, at)
        unit, adjective, at = _unit_at(text, at)
        if adjective is not None:
            if clock not in ("standard", adjective):
                raise StandardsError(_unreadable(text, "it names two clocks"))
            clock = adjective
        if unit in seen:
            raise StandardsError(_unreadable(text, "it names one unit twice"))
        seen.add(unit)
        total += number * unit
        at = _skip(text, at)
    if text.lower().endswith(("and", ",")):
        raise StandardsError(_unreadable(text, "something is missing at its end"))
    return Span(_whole(total, text), clock)


def _number_at(text: str, at: int) -> tuple[Fraction, int]:
    found = _NUMBER.match(text, at)
    if found is None:
        raise StandardsError(_unreadable(text, f"a number is expected at `{text[at : at + 20]}`"))
    return Fraction(found.group()), found.end()  # a decimal would round to its context


def _unit_at(text: str, at: int) -> tuple[int, Clock | None, int]:
    word, at = _word_at(text, at)
    adjective = _ADJECTIVES.get(word)
    if adjective is not None:
        word, at = _word_at(text, at)
    unit = _UNITS.get(word) or _UNITS.get(word.removesuffix("s"))
    if unit is None:
        raise StandardsError(_unknown_unit(text, word))
    return unit, adjective, at


def _word_at(text: str, at: int) -> tuple[str, int]:
    while at < len(text) and text[at] in " -\t":
        at += 1
    found = _WORD.match(text, at)
    if found is None:
        raise StandardsError(_unreadable(text, "a unit is missing after a number"))
    return found.group().lower(), found.end()


def _skip(text: str, at: int) -> int:
    """Step over blanks, commas and `and` between two parts."""
    while at < len(text):
        if text[at] in " ,\t":
            at += 1
        elif text[at : at + 3].lower() in _FILLER:
            at += 3
        else:
            break
    return at


_ISO_UNITS = {"H": HOUR, "M": MINUTE, "S": SECOND}


def _parse_iso(text: str) -> Span:
    """Read `PT4H`, `PT1H30M`, `PT0.5S`; ISO days and months are dates and refused as such."""
    body = text[1:].upper()
    if not body.startswith("T"):
        raise StandardsError(
            _days(text) if body[-1:] in "DWMY" and body[:1].isdigit() else _unreadable(text, "")
        )
    at, total, last = 1, Fraction(0), "Z"
    order = "HMS"
    while at < len(body):
        number, at = _number_at(body, at)
        unit = body[at : at + 1]
        if unit not in _ISO_UNITS or (last in order and order.index(unit) <= order.index(last)):
            raise StandardsError(_unreadable(text, "`H`, `M` and `S` are expected, in this order"))
        total += number * _ISO_UNITS[unit]
        last, at = unit, at + 1
    if last == "Z":
        raise StandardsError(_unreadable(text, "it has no number"))
    return Span(_whole(total, text), "standard")


def _whole(total: Fraction, text: str) -> int:
    us = int(total)
    if us != total:
        raise StandardsError(_unreadable(text, "it is finer than a microsecond"))
    if us > LONGEST_US:
        raise StandardsError(_unreadable(text, "it is longer than 400 years"))
    return us


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text.lstrip("+-")) is not None


def _shown(value: object) -> str:
    return str(value)[:60]


def _bare(value: object) -> Problem:
    shown = _shown(value)
    return Problem(
        "SV120",
        f"`{shown}` is a number without a unit, so nobody can tell seconds from hours.",
        help=f"write `{shown} minutes`, `{shown} hours`, or the unit you mean.",
    )


def _not_text(value: object) -> Problem:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _bare(value)
    return _unreadable(value, "")


def _days(text: str) -> Problem:
    return Problem(
        "SV121",
        f"`{_shown(text)}` counts local dates, which last 23, 24 or 25 hours; a duration is wanted.",
        help="write hours (`24 hours`) for a length of time; dates stand where a limit or a window is wanted.",
    )


def _unknown_unit(text: str, word: str) -> Problem:
    if word in _DATE_UNITS or word.removesuffix("s") in _DATE_UNITS:
        return _days(text)
    near = closest(word, [name for name in _UNITS if len(name) > 2]) if len(word) > 2 else None
    return Problem(
        "SV122",
        f"`{_shown(text)}` is no duration: unknown unit `{word}`.",
        help=f"write `{near}s`." if near else "units are seconds, minutes, hours (`20s`, `4 hours`).",
    )


def _unreadable(text: object, why: str) -> Problem:
    reason = f": {why}" if why else ""
    return Problem(
        "SV122",
        f"`{_shown(text)}` is no duration{reason}.",
        help="write it like `60 minutes`, `4 hours`, `1h30m`, `20s` or `PT4H`.",
    )
