"""Texts, numbers and datetimes to instants; each distinct value is read once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import partial
from typing import Literal

import numpy as np

from servstd.calendars.zones import Zone
from servstd.events.columns import Column, Instants
from servstd.events.options import EPOCH_UNITS_US, EXCEL_DAYS, Moment, ReadOptions
from servstd.events.strptime import parser_for
from servstd.events.suggestions import Remedies
from servstd.events.values import LocalTime
from servstd.events.zones import instants_from_local, zone_from
from servstd.expressions.values import number_from
from servstd.intervals import Instant

FIRST_US = -2_208_988_800_000_000  # 1900-01-01
END_US = 7_258_118_400_000_000  # 2200-01-01

_DAY_MS = 86_400_000
_EXCEL_ZERO_US = -2_209_161_600_000_000  # 1899-12-30, from which days count that come after February 1900
_FIRST_SURE_DAY, _END_OF_DAYS = 61, 1_000_000
_LOCAL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the zero of local time
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO_TAIL = re.compile(
    r"(?:\s*(?P<zulu>Z|UTC|GMT)|\s+(?P<offset>[+-][0-9]{2}(?::?[0-9]{2})?))$", re.IGNORECASE
)
_DAY_END = re.compile(r"([0-9-]{10}[T ])24:00(:00(?:[.,]0+)?)?(?=$|[Z+-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """Say why a value is no usable instant."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class TimeRule:
    """Say how one column's values become instants.

    Args:
        format: `iso`, a strptime format, `epoch_…` or `excel_days`.
        zone: For values without an offset; None refuses them.
        fold: Which of the two a local time means that occurs twice.
    """

    format: str = "iso"
    zone: Zone | None = None
    fold: Literal["earlier", "later"] = "earlier"

    @classmethod
    def of(cls, options: ReadOptions, column: Moment) -> TimeRule:
        """Return the rule for a column, or for a pair of date and time columns joined by a space."""
        zone = None if options.timezone is None else zone_from(options.timezone)
        return cls(format_of(options.time_format, column), zone, options.fold)


def format_of(formats: str | Mapping[str, str], column: Moment) -> str:
    """Return the time format of a column; of a pair, both formats or that of the date for the joined text.

    Example:
        >>> format_of({"day": "%d/%m/%Y", "at": "%H:%M"}, ("day", "at"))
        '%d/%m/%Y %H:%M'
    """
    if isinstance(formats, str):
        return formats
    if isinstance(column, str):
        return formats.get(column, "iso")
    given = [formats[name] for name in column if name in formats]
    return " ".join(given) if given else "iso"


@dataclass(frozen=True, slots=True)
class ReadTimes:
    """Hold the instants of a column's distinct values.

    Args:
        us: int64, one a value; 0 where there is a fault.
        faults: Why, by code.
    """

    us: Instants
    faults: Mapping[int, Fault]


def read_times(column: Column, rule: TimeRule) -> ReadTimes:
    """Return the instant of every distinct value, or why it has none.

    Instants lie in [1900-01-01, 2200-01-01); `24:00` is the next day's 00:00; digits past the microsecond are
    cut.
    """
    read, remedies = _reader(rule), Remedies(column.values)
    count = len(column.values)
    us = np.zeros(count, np.int64)
    is_local = np.zeros(count, bool)
    faults: dict[int, Fault] = {}
    for code, value in enumerate(column.values):
        try:
            us[code], is_local[code] = read(value)
        except (ValueError, OverflowError, InvalidOperation):
            faults[code] = _unreadable(value, remedies, rule)
    _place_local(us, is_local, rule, faults, column.values)
    for code in np.flatnonzero((us < FIRST_US) | (us >= END_US)).tolist():
        faults.setdefault(code, _outside(column.values[code], rule))
        us[code] = 0
    return ReadTimes(us, faults)


def as_instants(column: Column, read: ReadTimes, otherwise: object) -> Column:
    """Return the column with instants as values, and `otherwise` where one cannot be read."""
    every = zip(range(len(column.values)), read.us.tolist(), strict=True)
    return column.map([otherwise if code in read.faults else Instant(us) for code, us in every])


def _place_local(
    us: Instants, is_local: np.ndarray, rule: TimeRule, faults: dict[int, Fault], values: Sequence[object]
) -> None:
    inside = (us >= FIRST_US) & (us < END_US)
    local = np.flatnonzero(is_local & inside)
    if rule.zone is not None:
        us[local] = instants_from_local(us[local], rule.zone, rule.fold)
        return
    for code in local.tolist():
        faults[code] = Fault(
            "SV322",
            f"`{values[code]}` has no offset, so its instant is unknown: give `timezone`, such as "
            '`timezone="Europe/London"` (and `fold` for times that occur twice).',
        )


def _reader(rule: TimeRule) -> Callable[[object], tuple[int, bool]]:
    if rule.format in EPOCH_UNITS_US:
        return partial(_from_epoch, unit_us=EPOCH_UNITS_US[rule.format])
    if rule.format == EXCEL_DAYS:
        return _from_excel
    parse = _from_iso if rule.format == "iso" else parser_for(rule.format)

    def read(value: object) -> tuple[int, bool]:
        if isinstance(value, (Instant, LocalTime)):
            return int(value), isinstance(value, LocalTime)
        if not isinstance(value, str):
            raise ValueError(value)  # noqa: TRY004 - one fault for all that cannot be read
        return _split(parse(value.strip()))

    return read


def _split(at: datetime) -> tuple[int, bool]:
    is_local = at.tzinfo is None
    since = at - (_LOCAL_EPOCH if is_local else _EPOCH)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds, is_local


def _from_iso(text: str) -> datetime:
    if len(text) < 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        raise ValueError(text)
    if len(text) > 10 and text[10] not in "T t":
        raise ValueError(text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _from_loose_iso(text)


def _from_loose_iso(text: str) -> datetime:
    """Read what fromisoformat of some Python versions refuses: ` UTC`, ` +00`, `24:00`, a comma."""
    tail = _ISO_TAIL.search(text)
    if tail:
        text = text[: tail.start()] + (tail["offset"] or "+00:00")
    day_end = _DAY_END.match(text)
    if day_end:
        text = f"{day_end[1]}00:00{text[day_end.end() :]}"
    if len(text) > 48:
        raise ValueError(text)
    return datetime.fromisoformat(text) + timedelta(days=1 if day_end else 0)


def _from_epoch(value: object, *, unit_us: int) -> tuple[int, bool]:
    if isinstance(value, (Instant, LocalTime)):
        return int(value), isinstance(value, LocalTime)
    number = _written_number(value)
    if not number.is_finite() or number.adjusted() > 20:  # 1e999999999 must not become an int
        raise OverflowError
    return int(number * unit_us), False


def _from_excel(value: object) -> tuple[int, bool]:
    """Read a day number of a spreadsheet as the local time that it shows, to the millisecond.

    Day 1 is 1900-01-01 and day 60 the 29 February 1900 that never was, so that numbers below 61 are no sure date.
    """
    if isinstance(value, (Instant, LocalTime)):
        return int(value), isinstance(value, LocalTime)
    number = _written_number(value)
    if not number.is_finite() or not _FIRST_SURE_DAY <= number < _END_OF_DAYS:
        raise OverflowError
    return round(Fraction(+number) * _DAY_MS) * 1_000 + _EXCEL_ZERO_US, True


def _written_number(value: object) -> Decimal:
    """Return a number that stands for a time, as a file or a frame holds it."""
    number = number_from(value)
    if not isinstance(number, (int, Decimal)):
        raise ValueError(value)  # noqa: TRY004 - one fault for all that cannot be read
    return Decimal(number)


def _unreadable(value: object, remedies: Remedies, rule: TimeRule) -> Fault:
    return Fault(
        "SV321", f"`{value!s:.60}` cannot be read as {_named(rule.format)}. {remedies.of(value)}".rstrip()
    )


def _outside(value: object, rule: TimeRule) -> Fault:
    hint = "If it means `no value`, name it in `null_values`."
    if rule.format in EPOCH_UNITS_US:
        hint = f"The unit may be another than `{rule.format}`."
    return Fault("SV323", f"`{value!s:.60}` lies outside the years 1900 to 2199. {hint}")


def _named(format_: str) -> str:
    return {"iso": "an ISO time"}.get(format_, f"`{format_}`")
