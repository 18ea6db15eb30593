"""Read and write spans of time: `60 minutes`, `PT4H`, `1h30m`, `4 business hours`.

In a book a day is not a duration: `1 day` is a local date that may last 23 or 25 hours, so it belongs to
`servstd.calendars` and is refused with that explanation. In a cell of an export, which holds what was measured, a day
is 24 hours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from servstd.errors import Problem, StandardsError, closest
from servstd.remembered import remembered

Clock = Literal["standard", "business", "calendar"]
"""Which clock a span runs on: the standard's own, opening hours by demand, or the wall clock."""

MICROSECOND = 1
MILLISECOND = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

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
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,30})?")
_WORD = re.compile(r"[^\W\d_]+")
_FILLER = {"and"}
_CELL_UNITS = {**_UNITS, "d": DAY, "day": DAY, "w": 7 * DAY, "wk": 7 * DAY, "week": 7 * DAY}
_NEXT = {HOUR: MINUTE, MINUTE: SECOND}
"""The unit of a last number without one: `1h30` is 1 hour 30 minutes."""
_LIKE_A_CELL = re.compile(r"[-+]? ?[0-9P]", re.IGNORECASE)
_CLOCK_FACE = re.compile(
    r"(?P<sign>[-+]?) ?(?:(?P<days>[0-9]{1,9})(?:(?P<dot>\.)(?=[0-9]{2}:)| ?d(?:ays?)?(?P<comma>,?) ?))?"
    r"(?P<own>[-+]?)(?P<first>[0-9]{1,9}):(?P<second>[0-5]?[0-9])"
    r"(?::(?P<third>[0-5]?[0-9])(?:[.,](?P<fraction>[0-9]{1,30}))?)?",
    re.IGNORECASE,
)
_SHORT_DAYS = re.compile(r"(?:P?)(?P<number>[0-9]{1,6})\s*(?P<unit>d|days?|w|weeks?)", re.IGNORECASE)


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
    total, clock = _parse_iso(words) if words[0] in "Pp" else _parse_words(words)
    return Span(_whole(total, words), clock)


@remembered(4096)
def cell_us(text: str, unit_us: int | None = None) -> int | None:
    """Return the length of time that a cell of an export holds, or None where it holds none.

    A cell may hold what `parse_duration` reads, days and weeks (of 24 hours and 7 days), a sign, and a clock face:
    `102:26:15`, `1 day 2:03:04`. Two parts are hours and minutes in a column of hours, minutes and seconds in a
    column of minutes or seconds; elsewhere nobody can tell, and `1:30` is no length. What is finer than a
    microsecond is cut. A number alone is no length: whoever knows the unit multiplies it.

    Args:
        text: The cell.
        unit_us: The unit of the column, in microseconds; None where it has none.

    Returns:
        The length in microseconds, negative with a minus sign.

    Example:
        >>> cell_us("1:30", HOUR) == cell_us("1h 30m") == cell_us("PT1H30M") == cell_us("0 days 01:30:00")
        True
        >>> cell_us("1:30", MINUTE), cell_us("1:30")
        (90000000, None)
    """
    words = " ".join(text.replace("\N{MINUS SIGN}", "-").split())
    if len(words) > LONGEST_TEXT or not _LIKE_A_CELL.match(words):
        return None
    if face := _CLOCK_FACE.fullmatch(words):
        return _face_us(face, unit_us)
    bare = words.lstrip("-+").lstrip() if words[1:2] not in ("-", "+") else words
    try:
        total, clock = (
            _parse_iso(bare, _CELL_ISO_DATES) if bare[0] in "Pp" else _parse_words(bare, _CELL_UNITS)
        )
    except StandardsError:
        return None
    if clock != "standard" or abs(total) > LONGEST_US:
        return None
    return -int(total) if words[0] == "-" else int(total)


def _face_us(face: re.Match[str], unit_us: int | None) -> int | None:
    """Return what a clock face shows: `h:mm:ss`, or two parts in the unit of the column."""
    first, second = int(face["first"]), int(face["second"])
    if face["third"] is not None:
        fraction = int((face["fraction"] or "").ljust(6, "0")[:6])
        shown = first * HOUR + second * MINUTE + int(face["third"]) * SECOND + fraction
    elif len(face["second"]) < 2 or (not face["days"] and unit_us not in (HOUR, MINUTE, SECOND)):
        return None
    elif face["days"] or unit_us == HOUR:
        shown = first * HOUR + second * MINUTE
    else:
        shown = first * MINUTE + second * SECOND
    return _signed(face, int(face["days"] or 0) * DAY, shown)


def _signed(face: re.Match[str], days: int, shown: int) -> int | None:
    """Return days and clock face together.

    pandas writes an hour less than nothing as `-1 days +23:00:00`, Python as `-1 day, 23:00:00`, .NET as `-01:00:00`;
    `-1 day 23:00:00` may be either, so it is no length.
    """
    minus = face["sign"] == "-"
    if face["days"] is None:
        return None if face["sign"] and face["own"] else -shown if minus or face["own"] == "-" else shown
    if face["own"] or face["comma"]:
        return (-days if minus else days) + (-shown if face["own"] == "-" else shown)
    if minus and days and not face["dot"]:
        return None
    return -(days + shown) if minus else days + shown


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


def _parse_words(text: str, units: Mapping[str, int] = _UNITS) -> tuple[Fraction, Clock]:
    """Read `1 hour 30 minutes`, `1h30m`, `4 business hours`: number, adjective, unit, over and over."""
    total = Fraction(0)
    clock: Clock = "standard"
    seen: set[int] = set()
    at, unit = 0, 0
    while at < len(text):
        number, at = _number_at(text, at)
        if at == len(text) and unit in _NEXT and number < 60:
            unit, adjective = _NEXT[unit], None
        else:
            unit, adjective, at = _unit_at(text, at, units)
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
    return total, clock


def _number_at(text: str, at: int) -> tuple[Fraction, int]:
    found = _NUMBER.match(text, at)
    if found is None:
        raise StandardsError(_unreadable(text, f"a number is expected at `{text[at : at + 20]}`"))
    return Fraction(found.group()), found.end()


def _unit_at(text: str, at: int, units: Mapping[str, int]) -> tuple[int, Clock | None, int]:
    word, at = _word_at(text, at)
    adjective = _ADJECTIVES.get(word)
    if adjective is not None:
        word, at = _word_at(text, at)
    unit = units.get(word) or units.get(word.removesuffix("s"))
    if unit is None:
        raise StandardsError(_unknown_unit(text, word))
    return unit, adjective, at


def _word_at(text: str, at: int) -> tuple[str, int]:
    while at < len(text) and text[at] in " -\t":
        at += 1
    found = _WORD.match(text, at)
    if found is None:
        raise StandardsError(_unreadable(text, "a unit is missing after a number"))
    end = found.end()
    return found.group().lower(), end + (text[end : end + 1] == ".")  # `30 min.`


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


_ISO_TIMES = {"H": HOUR, "M": MINUTE, "S": SECOND}
_CELL_ISO_DATES = {"W": 7 * DAY, "D": DAY}
_ISO_PART = re.compile(r"(-?[0-9]{1,15}(?:[.,][0-9]{1,30})?)([A-Z])")


def _parse_iso(text: str, dates: Mapping[str, int] | None = None) -> tuple[Fraction, Clock]:
    """Read `PT4H`, `PT1H30M`, `PT0.5S`; days and weeks only where `dates` says how long they are."""
    date, _, time = text[1:].upper().partition("T")
    if date and dates is None:
        raise StandardsError(
            _days(text) if date[-1:] in "DWMY" and date[:1].isdigit() else _unreadable(text, "")
        )
    if not date and not time:
        raise StandardsError(_unreadable(text, "it has no number"))
    parts = [*_iso_parts(date, dates or {}, text), *_iso_parts(time, _ISO_TIMES, text)]
    total = sum(parts, Fraction(0))
    if total < 0 and dates is None:
        raise StandardsError(_unreadable(text, "it is negative"))
    return total, "standard"


def _iso_parts(part: str, units: Mapping[str, int], text: str) -> Iterable[Fraction]:
    found = _ISO_PART.findall(part)
    names = [unit for _, unit in found]
    if "".join(number + unit for number, unit in found) != part or names != [
        one for one in units if one in names
    ]:
        raise StandardsError(_unreadable(text, "`H`, `M` and `S` are expected, in this order"))
    return [Fraction(number.replace(",", ".")) * units[unit] for number, unit in found]


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
    s = "" if shown == "1" else "s"
    return Problem(
        "SV120",
        f"`{shown}` is a number without a unit, so nobody can tell seconds from hours.",
        help=f"write `{shown} minute{s}`, `{shown} hour{s}`, or the unit you mean.",
    )


def _not_text(value: object) -> Problem:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _bare(value)
    return _unreadable(value, "")


def _days(text: str) -> Problem:
    found = _SHORT_DAYS.fullmatch(text.strip())
    help_ = "write hours (`24 hours`) for a length of time; dates stand where a limit or a window is wanted."
    if found:
        number, unit = int(found["number"]), "week" if found["unit"][0] in "wW" else "day"
        hours = 24 * number * (7 if unit == "week" else 1)
        dates = f"{number} {unit}{'' if number == 1 else 's'}"
        help_ = f"write `{hours} hours` for a length of time; where dates may stand, `{dates}`."
    return Problem(
        "SV121",
        f"`{_shown(text)}` counts local dates, which last 23, 24 or 25 hours; a duration is wanted.",
        help=help_,
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
