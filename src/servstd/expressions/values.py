"""The values that conditions and expressions handle, and how text becomes one of them.

Text files give text, JSON gives numbers, Python gives instants: the other side of a comparison decides how a
value is read, and a value that cannot be read that way is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, final

from servstd.durations import cell_us, format_duration
from servstd.intervals import Instant, instant_us
from servstd.remembered import remembered

if TYPE_CHECKING:
    from servstd.calendars import Calendar

Number: TypeAlias = int | Decimal | Fraction


@final
class Absent:
    """Be the value of a field that no event has carried; there is only one, `ABSENT`, and it is false.

    Example:
        >>> bool(ABSENT), ABSENT
        (False, ABSENT)
    """

    _only: Absent | None = None

    def __new__(cls) -> Absent:  # noqa: D102 - as other magic methods
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "ABSENT"

    def __reduce__(self) -> tuple[type[Absent], tuple[()]]:
        return Absent, ()


ABSENT: Final = Absent()


@final
class Duration(int):
    """Hold a length of time in microseconds, so that it is not confused with a number.

    Example:
        >>> Duration(60_000_000), str(Duration(5_400_000_000))
        (Duration('60s'), '1h 30m')
    """

    __slots__ = ()

    def __str__(self) -> str:
        return format_duration(self)

    def __repr__(self) -> str:
        seconds, rest = divmod(int(self), 1_000_000)
        return f"Duration('{seconds}s')" if not rest else f"Duration('{int(self)}us')"


@final
class Word(str):
    """A text that looks like a number and is read as text: `1.234` in a file whose numbers have a decimal comma.

    Example:
        >>> number_from(Word("1.234")), Word("1.234") == "1.234"
        (None, True)
    """

    __slots__ = ()


@final
@dataclass(frozen=True, slots=True)
class Day:
    """Hold one local date as its two ends; an instant compares with it as *before*, *within* or *after*.

    Args:
        start_us: The first instant of the date, µs since the epoch, UTC.
        end_us: The first instant of the next date; exclusive, so `le` a day means before `end_us`.
    """

    start_us: int
    end_us: int


class Facts(Protocol):
    """What a condition reads: one event, and what its case knows.

    `event` and `case` return `ABSENT` for a field that is not carried. Dotted names are looked up flat first,
    then through nested mappings (`look_up`).
    """

    @property
    def time_us(self) -> int:
        """The event's own instant, µs since the epoch, UTC."""

    @property
    def kind(self) -> str:
        """The event's kind: `reply.sent`."""

    def event(self, name: str, /) -> object:
        """Return the event's own field."""

    def case(self, name: str, /) -> object:
        """Return the field as the case last knew it."""


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """Be facts over plain mappings: for items of a list, for tests, for one event by hand.

    Example:
        >>> FieldFacts({"by": "human"}).event("by")
        'human'
    """

    fields: Mapping[str, object] = field(default_factory=dict)
    case_fields: Mapping[str, object] = field(default_factory=dict)
    time_us: int = 0
    kind: str = ""

    def event(self, name: str) -> object:
        """Return the event's own field."""
        return look_up(self.fields, name)

    def case(self, name: str) -> object:
        """Return the case's field."""
        return look_up(self.case_fields, name)


@dataclass(frozen=True, slots=True)
class OverlaidFacts:
    """Read some fields before those of other facts: the item of a list, a row of a table, a level.

    Args:
        inner: The facts below.
        fields: What is read first, flat and then nested.

    Example:
        >>> OverlaidFacts(FieldFacts({"belt": "open", "seat": "1A"}), {"belt": "fastened"}).event("belt")
        'fastened'
    """

    inner: Facts
    fields: Mapping[str, object]

    @property
    def time_us(self) -> int:
        """The event's own instant, µs since the epoch, UTC."""
        return self.inner.time_us

    @property
    def kind(self) -> str:
        """The event's kind."""
        return self.inner.kind

    def event(self, name: str) -> object:
        """Return the field that lies over the event's, else the event's."""
        held = look_up(self.fields, name)
        return self.inner.event(name) if held is ABSENT else held

    def case(self, name: str) -> object:
        """Return the case's field."""
        return self.inner.case(name)


@dataclass(frozen=True, slots=True)
class Environment:
    """Hold what a condition needs beside the facts.

    Args:
        calendars: Calendars by name, for `open_in`.
        calendar: The standard's calendar, on which spans (`48 hours before $x`) are counted; None: the wall
            clock.
        timezone: IANA zone in which a date or time without a zone is read; None: such a literal is an error.
        day_rule: Settings of spans that count dates: `ends`, `roll`, … as `servstd.calendars.DateLimit`
            names them.
    """

    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    calendar: Calendar | None = None
    timezone: str | None = None
    day_rule: Mapping[str, Any] = field(default_factory=dict)


EMPTY: Final = Environment()


def look_up(fields: Mapping[str, object], name: str) -> object:
    """Return the field, flat first, then through nested mappings; `ABSENT` when it is not there or None.

    Example:
        >>> look_up({"customer": {"first_name": "Ann"}}, "customer.first_name")
        'Ann'
    """
    found = fields.get(name, NOT_THERE)
    if found is NOT_THERE and "." in name:
        found = inside(fields, name)
    return ABSENT if found is None or found is NOT_THERE else found


NOT_THERE: Final = object()
"""What `inside` returns where there is nothing, since None is a null that was written down."""


def inside(fields: Mapping[str, object], name: str) -> object:
    """Return what a mapping holds under a dotted name, itself before nested ones; `NOT_THERE` where it holds nothing.

    A null on the way is a null at the end: whoever writes `"assignee": null` says that `assignee.name` is none.

    Example:
        >>> inside({"a": {"b": 1}, "a.b": 2}, "a.b"), inside({"a": None}, "a.b"), inside({"a": {}}, "a.b") is NOT_THERE
        (2, None, True)
    """
    if name in fields:
        return fields[name]
    for outer, rest in splits(name):
        found = below(fields.get(outer, NOT_THERE), rest)
        if found is not NOT_THERE:
            return found
    return NOT_THERE


def below(held: object, path: str) -> object:
    """Return what a value holds at a path: see `inside`."""
    if isinstance(held, Mapping):
        return inside(held, path)
    return held if held is None or held is ABSENT else NOT_THERE


def splits(name: str) -> Iterator[tuple[str, str]]:
    """Yield a dotted name cut in two at each dot, the longest first part first.

    Example:
        >>> list(splits("a.b.c"))
        [('a.b', 'c'), ('a', 'b.c')]
    """
    at = name.rfind(".")
    while at > 0:
        yield name[:at], name[at + 1 :]
        at = name.rfind(".", 0, at)


# A plain decimal number in ASCII; `1_000`, `NaN`, `1e999999` and other scripts' digits are text.
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,300}(?:\.[0-9]{0,300})?|\.[0-9]{1,300})(?:[eE][+-]?[0-9]{1,3})?")
_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?) ?(Z|z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_TRUTH = {
    "true": True,
    "yes": True,
    "y": True,
    "1": True,
    "false": False,
    "no": False,
    "n": False,
    "0": False,
}


def number_from(value: object) -> Number | None:
    """Return the value as an exact number, reading text; None when it is not one.

    Instants, durations, booleans and `Word`s are not numbers.

    Example:
        >>> number_from("4.50"), number_from("soon")
        (Decimal('4.50'), None)
    """
    kind = type(value)
    if kind is int or kind is Decimal or kind is Fraction:
        return value if kind is not Decimal or value.is_finite() else None  # type: ignore[return-value, attr-defined]
    return _number_of(value) if isinstance(value, str) and kind is str else None


def length_from(value: object, unit_us: int | None = None) -> int | None:
    """Return the value as a length of time in microseconds, reading text as `cell_us` does; None when it is not one.

    A bare number counts in the unit of its column or limit; where there is none it is no length, since nobody can tell
    seconds from hours.

    Args:
        value: What an event carries.
        unit_us: The unit of numbers, in microseconds; None where none is known.

    Example:
        >>> length_from("1.5", 3_600_000_000) == length_from("1h 30m") == length_from("1:30:00")
        True
        >>> length_from("1.5") is None
        True
    """
    if isinstance(value, Duration):
        return int(value)
    number = number_from(value)
    if number is not None:
        return None if unit_us is None else int(Fraction(number) * unit_us)
    return cell_us(value, unit_us) if type(value) is str else None


@remembered(16_384)
def _number_of(text: str) -> Decimal | None:
    bare = text.strip()
    return Decimal(bare) if len(bare) < 1000 and _NUMBER.fullmatch(bare) else None


def truth_from(value: object) -> bool | None:
    """Return the value as a boolean: `true false yes no y n 1 0` in any case; None when it is not one.

    Example:
        >>> truth_from("Yes"), truth_from("maybe")
        (True, None)
    """
    if isinstance(value, bool):
        return value
    if type(value) is int:
        return {0: False, 1: True}.get(value)
    if isinstance(value, str):
        return _TRUTH.get(value.strip().lower())
    return None


def instant_from(value: object) -> Instant | None:
    """Return the value as an instant: an `Instant`, or ISO text with an offset; None when it is not one.

    Example:
        >>> int(instant_from("1970-01-01T01:00:00+01:00"))
        0
    """
    if isinstance(value, Instant):
        return value
    if isinstance(value, str):
        found = moment_from(value, None)
        return found if isinstance(found, Instant) else None
    return None


@remembered(4096)
def moment_from(text: str, timezone: str | None) -> Instant | Day | None:
    """Return what ISO text means: an instant, or the local day of a bare date; None when it is neither.

    Args:
        text: `2026-04-01`, `2026-04-01T09:00`, `2026-04-01T09:00:00Z`.
        timezone: The zone for text without an offset; without it such text has no meaning.
    """
    found = _ISO.fullmatch(text.strip())
    if not found:
        return None
    on, at, offset = found.groups()
    try:
        if at is None:
            return _day(date.fromisoformat(on), timezone)
        local = datetime.fromisoformat(f"{on}T{at.replace(',', '.')}{(offset or '').upper()}")
    except (ValueError, OverflowError):
        return None
    if offset:
        return Instant(instant_us(local))
    return None if timezone is None else Instant(_local_us(local, timezone))


def is_zoneless(text: str) -> bool:
    """Tell whether text is an ISO date or time that means nothing without a zone.

    Example:
        >>> is_zoneless("2026-04-01"), is_zoneless("2026-04-01T09:00Z")
        (True, False)
    """
    found = _ISO.fullmatch(text.strip())
    return found is not None and not found[3]


def _day(on: date, timezone: str | None) -> Day | None:
    if timezone is None:
        return None
    start = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - a local wall time, zoned in _local_us
    return Day(_local_us(start, timezone), _local_us(start + timedelta(days=1), timezone))


def _local_us(local: datetime, timezone: str) -> int:
    """Return the instant of a local time: of a repeated one the first, of a skipped one the change."""
    from servstd.calendars.zones import zone_named  # noqa: PLC0415 - only zoneless literals need it

    return zone_named(timezone).utc_us(instant_us(local.replace(tzinfo=UTC)))
