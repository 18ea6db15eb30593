"""How amounts, instants and names are written for readers, the same in every format."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from fractions import Fraction

from servstd.calendars.zones import zone_named
from servstd.durations import format_duration
from servstd.intervals import datetime_utc, instant_text
from servstd.plan.signals import Number
from servstd.rollups.figures import figure_text
from servstd.standards.bound import Bound

CASE_SEPARATOR = " / "
"""Between the fields of a case known by several; the exact key is a tuple."""

_OWN_SLASH = re.compile(r"(?:(?<=\s)|^)\\*/(?=\s|\Z)")
"""A slash between blanks, with the backslashes before it: one more backslash tells it from the separator."""

TOO_LITTLE = ("too little", "too early")
"""The reasons of what fell short of an amount that is demanded."""

_WORDS = {
    "count": ("event", "events"),
    "items": ("item", "items"),
    "members": ("member", "members"),
    "dates": ("day", "days"),
}
_SECOND = 1_000_000


def amount_text(amount: Number | None, unit: str) -> str:
    """Return an amount in the standard's unit: `1h 12m`, `3 events`, `1 item`, `12.5`.

    Example:
        >>> amount_text(4_320_000_000, "time"), amount_text(1, "items"), amount_text(4, "level")
        ('1h 12m', '1 item', '4')
    """
    if amount is None:
        return "-"
    if unit == "time":
        return duration_text(int(amount))
    if unit == "points":
        return f"{points_text(amount)} point{'' if amount in (1, -1) else 's'}"
    one, several = _WORDS.get(unit, ("", ""))
    return f"{amount} {one if amount in (1, -1) else several}".strip()


def points_text(points: Number) -> str:
    """Return a score, or its margin, with as many digits as tell it from none.

    Example:
        >>> points_text(85), points_text(Fraction(250, 3)), points_text(Fraction(-1, 1000))
        ('85', '83.33', '-0.001')
    """
    return figure_text(Fraction(points), Bound(Fraction(0), unit="points"))


def is_demanded(elapsed: Number | None, limit: Number | None, margin: Number | None) -> bool:
    """Return whether the limit is the least and not the most: then more is better, and the margin grows with it.

    Example:
        >>> is_demanded(3, 2, 1), is_demanded(1, 2, 1), is_demanded(2, 2, 0)
        (True, False, False)
    """
    if elapsed is None or limit is None or margin is None:
        return False
    return elapsed != limit and Fraction(margin) == Fraction(elapsed) - Fraction(limit)


def margin_text(margin: Number | None, unit: str) -> str:
    """Return a margin; under a date limit it is wall time to the due instant.

    Example:
        >>> margin_text(-90_000_000, "dates")
        '-1m 30s'
    """
    return amount_text(margin, "time" if unit == "dates" else unit)


def duration_text(us: int) -> str:
    """Return a length for readers, exact to the microsecond; hours are never folded into days.

    Example:
        >>> duration_text(5_400_000_000), duration_text(1_234_567), duration_text(200 * 3_600_000_000)
        ('1h 30m', '1.234567s', '200h')
    """
    return format_duration(us)


def rough_text(us: int) -> str:
    """Return a length by its two greatest units, for columns where microseconds are noise.

    Example:
        >>> rough_text(5_461_000_000), rough_text(-1_234_567), rough_text(400 * 3_600_000_000)
        ('1h 31m', '-1.2s', '400h')
    """
    size = abs(us)
    if size >= 3600 * _SECOND:
        step = 60 * _SECOND if size < 100 * 3600 * _SECOND else 3600 * _SECOND
    elif size >= 60 * _SECOND:
        step = _SECOND
    else:
        step = 100_000 if size >= _SECOND else 1
    rounded = (size + step // 2) // step * step
    return format_duration(-rounded if us < 0 else rounded)


def local_text(us: int | None, timezone: str | None, *, weekday: bool = True) -> str:
    """Return an instant on the clock of a zone: `Mon 2 Mar 2026 09:00`, seconds where they are not 0.

    Example:
        >>> local_text(1_772_442_000_000_000, "Europe/London")
        'Mon 2 Mar 2026 09:00'
    """
    if us is None:
        return "-"
    local_us = us if timezone in (None, "UTC") else zone_named(str(timezone)).local_us(us)
    at = datetime_utc(local_us)
    day = f"{at:%a} " if weekday else ""
    return f"{day}{at.day} {at:%b %Y} {clock_text(us, timezone)}"


def moment_text(us: int, timezone: str | None) -> str:
    """Return an instant; the microsecond after a full second, which is how breaches begin, as `just after` it.

    Example:
        >>> moment_text(1_772_442_000_000_001, "UTC")
        'just after Mon 2 Mar 2026 09:00'
    """
    if us % _SECOND == 1:
        return f"just after {local_text(us - 1, timezone)}"
    return local_text(us, timezone)


def clock_text(us: int, timezone: str | None) -> str:
    """Return the time of day of an instant in a zone: `09:00`, `09:00:07`, `09:00:07.25`."""
    local_us = us if timezone in (None, "UTC") else zone_named(str(timezone)).local_us(us)
    at = datetime_utc(local_us)
    text = f"{at:%H:%M}"
    if at.second or at.microsecond:
        text += f":{at:%S}"
    if at.microsecond:
        text += f".{at.microsecond:06d}".rstrip("0")
    return text


def date_text(day: date) -> str:
    """Return a date: `Thu 5 March 2026`.

    Example:
        >>> date_text(date(2026, 3, 5))
        'Thu 5 March 2026'
    """
    return f"{day:%a} {day.day} {day:%B %Y}"


def iso_text(us: int | None) -> str | None:
    """Return an instant as machines read it: ISO 8601 in UTC, microseconds where they are not 0."""
    return None if us is None else instant_text(us)


def case_text(case: tuple[str, ...]) -> str:
    r"""Return a case key as one text; keys that differ have texts that differ.

    A slash of a field's own that would look like the separator gets a backslash.

    Example:
        >>> case_text(("T-1",)), case_text(("north", "17"))
        ('T-1', 'north / 17')
        >>> print(case_text(("a / b", "c")), "|", case_text(("a", "b / c")))
        a \/ b / c | a / b \/ c
    """
    if len(case) == 1:
        return case[0]
    return CASE_SEPARATOR.join(_OWN_SLASH.sub(r"\\\g<0>", part) for part in case)


def counted(number: int, one: str, several: str | None = None) -> str:
    """Return a number with its noun.

    Example:
        >>> counted(1, "row"), counted(1_200, "row"), counted(2, "case is", "cases are")
        ('1 row', '1,200 rows', '2 cases are')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def width_of(text: str) -> int:
    """Return how many columns of a terminal a text takes; wide characters take two, accents none.

    Example:
        >>> width_of("T-1"), width_of("案件")
        (3, 4)
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit(text: str, width: int) -> str:
    """Return a text cut to a width, an ellipsis where something is missing.

    Example:
        >>> fit("Respond to every customer", 10)
        'Respond t…'
    """
    if _kept(text, width) == len(text):
        return text
    return f"{text[: _kept(text, width - 1)].rstrip()}…" if width > 0 else ""


def _kept(text: str, width: int) -> int:
    """Return how many characters of a text fit; those behind them are not looked at, for a text may be long."""
    if text.isascii():
        return min(len(text), max(width, 0))
    taken = 0
    for place, character in enumerate(text):
        taken += _columns(character)
        if taken > width:
            return place
    return len(text)
