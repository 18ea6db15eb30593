"""strptime formats, compiled: the same answers as `datetime.strptime` in English, five times faster.

`datetime.strptime` reads month names in the machine's locale; an export read here must mean the same
everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from servstd.errors import Problem, ReadingError

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _any_of(names: tuple[str, ...]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_DIRECTIVES = {
    "Y": r"(?P<Y>[0-9]{4})",
    "y": r"(?P<y>[0-9]{2})",
    "m": r"(?P<m>1[0-2]|0[1-9]|[1-9])",
    "d": r"(?P<d>3[0-1]|[1-2][0-9]|0[1-9]|[1-9]| [1-9])",
    "H": r"(?P<H>2[0-3]|[0-1][0-9]|[0-9])",
    "I": r"(?P<I>1[0-2]|0[1-9]|[1-9]| [1-9])",
    "M": r"(?P<M>[0-5][0-9]|[0-9])",
    "S": r"(?P<S>[0-5][0-9]|[0-9])",
    "f": r"(?P<f>[0-9]{1,6})",
    "p": r"(?P<p>am|pm)",
    "j": r"(?P<j>36[0-6]|3[0-5][0-9]|[1-2][0-9][0-9]|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9])",
    "b": rf"(?P<b>{_any_of(tuple(name[:3] for name in _MONTHS))})",
    "B": rf"(?P<B>{_any_of(_MONTHS)})",
    "a": rf"(?:{_any_of(tuple(name[:3] for name in _DAYS))})",
    "A": rf"(?:{_any_of(_DAYS)})",
    "z": r"(?P<z>[+-][0-9]{2}:?[0-5][0-9]|z)",
    "Z": r"(?P<Z>utc|gmt)",
    "%": "%",
}


@lru_cache(maxsize=64)
def parser_for(format_: str) -> Callable[[str], datetime]:
    """Return a function from text to datetime that raises ValueError for other text.

    Args:
        format_: Directives `%Y %y %m %d %H %I %M %S %f %p %j %b %B %a %A %z %Z %%`; a space matches any
            whitespace, and everything else itself. It must name a whole date: year with month and day, or
            with `%j`.

    Raises:
        ReadingError: SV307 for another directive, one given twice, or a format without a date.

    Example:
        >>> parser_for("%d/%m/%Y %H:%M")("29/2/2016 06:10")
        datetime.datetime(2016, 2, 29, 6, 10)
    """
    pattern, names = _compiled(format_)
    groups = tuple(pattern.groupindex)
    _need_a_date(format_, names)
    match = pattern.fullmatch

    def parse(text: str) -> datetime:
        found = match(text)
        if found is None:
            raise ValueError(text)
        return _moment(dict(zip(groups, found.groups(), strict=True)))

    return _plain_parser(match, groups) or parse


def check_directives(format_: str) -> None:
    """Refuse a format with unknown directives, or without any.

    Raises:
        ReadingError: SV307.
    """
    if not _compiled(format_)[1]:
        raise _bad_format(format_, "it has no directives")


def _plain_parser(
    match: Callable[[str], re.Match[str] | None], groups: tuple[str, ...]
) -> Callable[[str], datetime] | None:
    """Return the short way for formats of numbers alone, which most are."""
    if not set(groups) <= set("YmdHMS") or not set("Ymd") <= set(groups):
        return None
    order = [groups.index(name) for name in "YmdHMS" if name in groups]

    def parse(text: str) -> datetime:
        found = match(text)
        if found is None:
            raise ValueError(text)
        parts = found.groups()
        return datetime(*[int(parts[place]) for place in order])  # type: ignore[arg-type] # noqa: DTZ001

    return parse if [name for name in "YmdHMS" if name in groups] == list("YmdHMS")[: len(order)] else None


def _compiled(format_: str) -> tuple[re.Pattern[str], set[str]]:
    pieces: list[str] = []
    names: set[str] = set()
    place = 0
    while place < len(format_):
        char = format_[place]
        place += 1
        if char.isspace():
            if not pieces or pieces[-1] != r"\s+":
                pieces.append(r"\s+")
            continue
        if char != "%":
            pieces.append(re.escape(char))
            continue
        name = format_[place : place + 1]
        place += 1
        if name not in _DIRECTIVES or (name in names and name != "%"):
            raise _bad_format(
                format_, f"`%{name}` is not known here" if name not in names else f"`%{name}` stands twice"
            )
        names.add(name)
        pieces.append(_DIRECTIVES[name])
    return re.compile("".join(pieces), re.IGNORECASE | re.ASCII), names


def _need_a_date(format_: str, names: set[str]) -> None:
    if not names & {"Y", "y"}:
        raise _bad_format(format_, "it has no year (`%Y` or `%y`)")
    if "j" not in names and not (names & {"m", "b", "B"} and "d" in names):
        raise _bad_format(format_, "it has no day: `%m` (or `%b`) and `%d` are needed")
    if "I" in names and "p" not in names:
        raise _bad_format(format_, "`%I` is a 12-hour clock and needs `%p`; for 24 hours write `%H`")


def _bad_format(format_: str, why: str) -> ReadingError:
    return ReadingError(
        Problem(
            "SV307",
            f"time_format `{format_:.80}`: {why}.",
            path="time_format",
            help="use `iso`, `epoch_s`, `epoch_ms`, `excel_days`, or directives as in `%d/%m/%Y %H:%M`; "
            "known are %Y %y %m %d %H %I %M %S %f %p %j %b %B %a %A %z %Z.",
        )
    )


def _moment(parts: dict[str, str]) -> datetime:
    year = int(parts["Y"]) if "Y" in parts else _century(int(parts["y"]))
    month, day = _month_day(parts, year)
    zone = _zone(parts["z"]) if "z" in parts else UTC if "Z" in parts else None
    fraction = int(parts["f"].ljust(6, "0")) if "f" in parts else 0
    return datetime(
        year, month, day, _hour(parts), int(parts.get("M", 0)), int(parts.get("S", 0)), fraction, zone
    )


def _century(year: int) -> int:
    return year + (2000 if year <= 68 else 1900)  # POSIX, as strptime has it


def _month_day(parts: dict[str, str], year: int) -> tuple[int, int]:
    if "d" not in parts:
        first = datetime(year, 1, 1)  # noqa: DTZ001 - a date only
        at = first + timedelta(days=int(parts["j"]) - 1)
        return at.month, at.day
    if "m" in parts:
        return int(parts["m"]), int(parts["d"])
    name = (parts.get("b") or parts["B"]).lower()[:3]
    return 1 + next(place for place, month in enumerate(_MONTHS) if month.startswith(name)), int(parts["d"])


def _hour(parts: dict[str, str]) -> int:
    if "I" not in parts:
        return int(parts.get("H", 0))
    hour = int(parts["I"]) % 12
    return hour + 12 if parts["p"].lower() == "pm" else hour


def _zone(text: str) -> timezone:
    if text in "zZ":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
