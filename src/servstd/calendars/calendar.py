"""The calendar: what its author writes, and every question it answers."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from pydantic import Field, SkipValidation, model_validator

from servstd.calendars.algebra import ExpressionMaker, Operation
from servstd.calendars.almanac import AlwaysAlmanac, AlwaysMaker, Almanac, RulesMaker
from servstd.calendars.datebook import Datebook, EveryDay, ExpressionDays, RulesDays
from servstd.calendars.dates import DateLimit, refuse_always
from servstd.calendars.reading import read_rules
from servstd.calendars.rules import Rules
from servstd.calendars.zones import Zone, tzdata_version, zone_named
from servstd.errors import CalendarError, Problem
from servstd.intervals import EPOCH, Interval, datetime_utc, instant_us, timedelta_us
from servstd.models import Model

if TYPE_CHECKING:
    import numpy as np

HoursOfDay: TypeAlias = str | Sequence[str | Sequence[str]]
Hours: TypeAlias = HoursOfDay | Mapping[str, HoursOfDay]
Breaks: TypeAlias = HoursOfDay | Mapping[str | date, HoursOfDay] | Mapping[str, HoursOfDay]
Holiday: TypeAlias = str | date | Mapping[str, Any]
Holidays: TypeAlias = Holiday | Sequence[Holiday]
ExceptionWords: TypeAlias = HoursOfDay | Mapping[str, Any]
Exceptions: TypeAlias = Mapping[str, ExceptionWords] | Mapping[date, ExceptionWords]

_OPERATIONS: tuple[Operation, ...] = ("union", "intersection", "difference", "complement")
_LOCAL = ("hours", "breaks", "holidays", "exceptions", "versions", "holidays_cut", "overnight_breaks")
MOST_MEMBERS = 1_000


class Calendar(Model):
    """Say when a service is open, in local time, and count open time exactly.

    Open time is elapsed seconds between opening and closing: an open day of 25 hours counts 25. Closing time itself is
    not open, yet `add` lands on it when the amount fits exactly.

    A calendar is written either with hours or as an expression of calendars (`union`, `intersection`, `difference`,
    `complement`); `a | b`, `a & b`, `a - b` and `~a` give the latter.

    Source: `docs/calendars/reference.md` states every rule.

    Example:
        >>> office = Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"})
        >>> friday = datetime.fromisoformat("2026-03-06T16:00:00+00:00")
        >>> office.add(friday, timedelta(hours=2)).isoformat()
        '2026-03-09T10:00:00+00:00'
    """

    error: ClassVar[type[CalendarError]] = CalendarError

    title: str | None = None
    """A name for people; it changes no answer."""
    timezone: str | None = Field(default=None, examples=["Europe/London", "$zone"])
    """IANA zone of the hours, or `$field`: the case's. Without one the book's `timezone` holds."""
    hours: SkipValidation[Hours | None] = None
    """Weekly hours: `{mon-fri: "09:00-17:00", sat: ["10:00-12:00", "13:00-14:00"], sun: closed}`."""
    breaks: SkipValidation[Breaks | None] = None
    """Breaks by weekday, or by date; those by date always cut."""
    holidays: SkipValidation[Holidays | None] = None
    """Dates, `{country, subdivision}`, `{yearly: 12-24..01-02}`, `{rrule: ...}`: united."""
    exceptions: SkipValidation[Exceptions | None] = None
    """Hours of single dates, in place of everything else said about them."""
    versions: SkipValidation[Sequence[Mapping[str, Any]] | None] = None
    """Later hours, each from its `valid_from`; past events keep the hours that were in force."""
    holidays_cut: Literal["anchor", "mask"] = "anchor"
    """Whether a holiday removes the shifts that start on it, or every open instant of its local date."""
    overnight_breaks: Literal["inside", "as_written"] = "inside"
    """Whether a weekly break earlier than an overnight start is the break inside the shift."""
    union: tuple[Calendar | str, ...] | None = None
    """Open when any of these calendars is."""
    intersection: tuple[Calendar | str, ...] | None = None
    """Open when all of these calendars are."""
    difference: tuple[Calendar | str, ...] | None = None
    """Open when the first of these calendars is and no other."""
    complement: Calendar | str | None = None
    """Open when this calendar is not."""

    @model_validator(mode="before")
    @classmethod
    def _own_words(cls, data: Any) -> Any:
        """Read `office | saturday`; keep a copy of what was written, which nobody else can change."""
        if isinstance(data, str):
            from servstd.calendars.notation import parse_expression  # noqa: PLC0415 - rarely written

            return parse_expression(data)
        if not isinstance(data, Mapping):
            return data
        words = {key: deepcopy(value) if key in _LOCAL else value for key, value in data.items()}
        zone = words.get("timezone")
        if zone is not None and not isinstance(zone, str) and hasattr(zone, "key"):
            words["timezone"] = zone.key
        return words

    @model_validator(mode="after")
    def _readable(self) -> Calendar:
        """Refuse at once what cannot be meant."""
        if self.operation is None:
            self._check_words()
            self.__dict__["_rules"] = read_rules(
                {name: getattr(self, name) for name in ("timezone", *_LOCAL)}
            )
        else:
            self._check_expression()
        return self

    def _check_words(self) -> None:
        if self.hours is None and self.exceptions is None and not self.versions:
            message = "a calendar without hours never opens."
            raise CalendarError(
                Problem("SV222", message, help='write `hours: {mon-fri: "09:00-17:00"}`, or `hours: always`.')
            )

    def _check_expression(self) -> None:
        given = [
            name
            for name in (*_OPERATIONS, *_LOCAL)
            if name in self.model_fields_set and getattr(self, name) is not None
        ]
        if len(given) > 1:
            message = f"a calendar is one expression or has hours of its own, not both: {', '.join(given)}."
            raise CalendarError(Problem("SV223", message, help="put the hours in a calendar of their own."))
        members = self.members
        if not members or len(members) > MOST_MEMBERS:
            raise CalendarError(
                Problem("SV223", f"an expression has 1 to {MOST_MEMBERS} members, not {len(members)}.")
            )

    # What it is -------------------------------------------------------------------------------------------------

    @property
    def operation(self) -> Operation | None:
        """Return which expression it is; None when it has hours of its own."""
        return next((name for name in _OPERATIONS if getattr(self, name) is not None), None)

    @property
    def members(self) -> tuple[Calendar | str, ...]:
        """Return the calendars of an expression, or the names that stand for them."""
        if self.operation is None:
            return ()
        if self.operation == "complement":
            return (self.complement,)  # type: ignore[return-value]
        held: tuple[Calendar | str, ...] = getattr(self, self.operation)
        return held

    @property
    def is_template(self) -> bool:
        """Return whether its zone is still to be filled in: `$field`, or none at all."""
        if self.operation is None:
            return not self.is_always and (self.timezone is None or self.timezone.startswith("$"))
        return any(isinstance(member, str) or member.is_template for member in self.members)

    @cached_property
    def is_always(self) -> bool:
        """Return whether no rule ever closes it."""
        return self.operation is None and self._rules.is_always

    @cached_property
    def key(self) -> str:
        """Return a hash of what it means: equal for two spellings of the same hours."""
        return hashlib.sha256(repr(self._meaning).encode()).hexdigest()[:32]

    @property
    def _meaning(self) -> tuple[Any, ...]:
        if self.operation is not None:
            return (
                self.operation,
                self.timezone,
                *(m if isinstance(m, str) else m.key for m in self.members),
            )
        rules = self._rules
        versions = [
            (v.from_day, v.pieces, v.shifts, v.breaks, v.sources, v.breaks_inside) for v in rules.versions
        ]
        dated = (sorted(rules.changes.items()), sorted(rules.dated_breaks.items()))
        return (rules.zone_name, versions, *dated, rules.masks, self._refuses_business_days)

    @cached_property
    def provenance(self) -> dict[str, str]:
        """Return what its answers rest on: content hash, version of the zone data, of the holiday data if used."""
        used = {"key": self.key, "tzdata": tzdata_version()}
        if self._uses_library:
            from servstd.calendars.closures import holidays_version  # noqa: PLC0415

            used["holidays"] = holidays_version()
        return used

    @property
    def _uses_library(self) -> bool:
        if self.operation is None:
            return any(source.years for version in self._rules.versions for source in version.sources)
        return any(not isinstance(member, str) and member._uses_library for member in self.members)  # noqa: SLF001

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, Calendar) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __getstate__(self) -> dict[Any, Any]:
        """Leave compiled tables behind: they are made again where they are needed."""
        state = super().__getstate__()
        fields = type(self).model_fields
        return {
            **state,
            "__dict__": {name: value for name, value in state["__dict__"].items() if name in fields},
        }

    # Compiled, when first asked -------------------------------------------------------------------------------------

    @cached_property
    def _rules(self) -> Rules:
        return read_rules({name: getattr(self, name) for name in ("timezone", *_LOCAL)})

    @cached_property
    def _almanac(self) -> Almanac:
        if self.operation is None:
            return AlwaysAlmanac(AlwaysMaker()) if self.is_always else Almanac(RulesMaker(self._rules))
        return Almanac(ExpressionMaker(self.operation, tuple(m._almanac for m in self._calendars)))  # noqa: SLF001

    @property
    def _calendars(self) -> tuple[Calendar, ...]:
        names = [member for member in self.members if isinstance(member, str)]
        if names:
            message = f"`{names[0]}` is the name of a calendar that only a book knows."
            raise CalendarError(
                Problem("SV224", message, help="`calendar.resolve({name: calendar})` puts it in.")
            )
        return self.members  # type: ignore[return-value]

    @cached_property
    def zone(self) -> Zone:
        """Return the zone in which its dates are counted: of an expression its own, or the first member's.

        Raises:
            CalendarError: SV211 when there is none, SV212 when it is the case's field.
        """
        if self.operation is None:
            return self._rules.zone
        if self.timezone is not None:
            return zone_named(self.timezone)
        zoned = [member for member in self._calendars if not (member.is_always and member.timezone is None)]
        return (zoned or self._calendars)[0].zone

    @cached_property
    def _datebook(self) -> Datebook:
        if self.operation is not None:
            return Datebook(ExpressionDays(self.zone, self._almanac))
        return Datebook(EveryDay(self.zone) if self.is_always else RulesDays(self._rules, self._almanac))

    @property
    def _refuses_business_days(self) -> bool:
        return isinstance(self.hours, str) and self.hours.strip().lower() == "always"

    # In whole microseconds -------------------------------------------------------------------------------------------

    def elapsed_us(self, start: int, end: int) -> int:
        """Return the open microseconds from `start` to `end`, negative when `end` comes first."""
        return self._almanac.elapsed_us(start, end)

    def add_us(self, at: int, amount: int) -> int:
        """Return the earliest instant by which `amount` open microseconds have elapsed; see `add`."""
        return self._almanac.add_us(at, amount)

    def subtract_us(self, at: int, amount: int) -> int:
        """Return the latest instant from which `amount` open microseconds elapse until `at`; see `subtract`."""
        return self._almanac.subtract_us(at, amount)

    def is_open_us(self, at: int) -> bool:
        """Return whether an instant is open."""
        return self._almanac.is_open_us(at)

    def next_open_us(self, at: int) -> int:
        """Return the instant itself when open, else the next opening."""
        return self._almanac.next_open_us(at)

    def next_close_us(self, at: int) -> int:
        """Return the first closed instant at or after the next open one."""
        return self._almanac.next_close_us(at)

    def due_us(
        self,
        limit: DateLimit,
        start: int,
        *,
        paused: Sequence[tuple[int, int]] = (),
        backwards: bool = False,
    ) -> int:
        """Return the due instant of a date limit.

        Args:
            limit: The dates and their day rules; `limit.inclusive` tells whether the due instant is in time.
            start: Where it starts, in microseconds.
            paused: Stretches (µs) of a paused clock: a date at whose end it is paused does not count.
            backwards: Whether dates are counted before the start: `2 business days before`.

        Raises:
            CalendarError: SV240 for business days on `always`, SV211 without a zone.
            NeverOpens: When too few open dates are left.
            UncoveredYear: Where the holiday source has no data.
        """
        if limit.unit == "business days" and self._refuses_business_days:
            raise refuse_always(limit)
        return self._datebook.due_us(limit, start, paused=paused, backwards=backwards)

    def dates_us(
        self, limit: DateLimit, start: int, end: int, *, paused: Sequence[tuple[int, int]] = ()
    ) -> int:
        """Return how many dates of a limit have counted by an instant: the number of the date on which it lies.

        Args:
            limit: The dates and their day rules.
            start: Where the limit starts, in microseconds.
            end: The instant.
            paused: Stretches (µs) of a paused clock: a date at whose end it is paused does not count.
        """
        return self._datebook.counted(limit, start, end, paused=paused)

    def due_date_us(self, limit: DateLimit, start: int, *, backwards: bool = False) -> tuple[int, int]:
        """Return the instants at which the last local date of a limit begins and ends."""
        if limit.unit == "business days" and self._refuses_business_days:
            raise refuse_always(limit)
        book = self._datebook
        day, _ = divmod(self.zone.local_us(start), 86_400_000_000) if backwards else book.start(limit, start)
        return book.bounds_us(book.last_day(limit, day, backwards=backwards))

    def explain_us(self, start: int, end: int) -> list[Interval]:
        """Return every stretch from `start` to `end`, open or closed, with its reason; together the whole time."""
        from servstd.calendars.explain import explained  # noqa: PLC0415 - only when asked

        return explained(self, start, end)

    def opens_on(self, day: date) -> bool:
        """Return whether a local date is a business day: a shift starts on it."""
        from servstd.calendars.civil import day_of  # noqa: PLC0415

        return self._datebook.index_of(day_of(day)) is not None

    def business_days(self, start: int, end: int) -> int:
        """Return how many open dates lie after the local date of `start`, up to and including that of `end`.

        It is the count by which date limits go: a start on Friday and an end on Monday are one business day apart.

        Args:
            start: Microseconds.
            end: Microseconds; when it comes first, the answer is negative.

        Example:
            >>> Calendar(timezone="UTC", hours={"mon-fri": "09:00-17:00"}).business_days(0, 5 * 86_400_000_000)
            3
        """
        if self._refuses_business_days:
            raise refuse_always(DateLimit(1, "business days"))
        local = self.zone.local_us
        return self._datebook.count(local(start) // 86_400_000_000, local(end) // 86_400_000_000)

    # In datetimes ----------------------------------------------------------------------------------------------------

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from `start` to `end`, signed.

        Args:
            start: An aware datetime.
            end: An aware datetime; when it comes first, the answer is negative.

        Raises:
            CalendarError: SV201 for a naive datetime, SV205 outside 1900 to 2199.
            UncoveredYear: Where the holiday source has no data.

        Example:
            >>> ALWAYS.elapsed(datetime_utc(0), datetime_utc(5_000_000))
            datetime.timedelta(seconds=5)
        """
        # The hot path: two subtractions and two look-ups, all in timedeltas; twice as fast as by integers.
        rows = self._almanac.rows
        try:
            a, b = start - EPOCH, end - EPOCH
            edges, pieces = rows[a.days]
            is_open, less = pieces[bisect_right(edges, a)]
            if is_open:
                less = a - less
            edges, pieces = rows[b.days]
            is_open, more = pieces[bisect_right(edges, b)]
        except (KeyError, TypeError, AttributeError):
            return timedelta(microseconds=self._almanac.elapsed_us(instant_us(start), instant_us(end)))
        return b - more - less if is_open else more - less

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the earliest instant by which `amount` of open time has elapsed since `start`.

        It lands on closing time when the amount fits exactly; adding nothing changes nothing.

        Args:
            start: An aware datetime, open or not.
            amount: Open time; negative subtracts.

        Returns:
            An instant in the zone of `start`.

        Raises:
            NeverOpens: SV220 when the calendar is not open long enough.
        """
        return self._like(start, self._almanac.add_us(instant_us(start), timedelta_us(amount)))

    def subtract(self, end: datetime, amount: timedelta) -> datetime:
        """Return the latest instant from which `amount` of open time elapses until `end`.

        Raises:
            NeverOpens: SV220 when the calendar was not open long enough.
        """
        return self._like(end, self._almanac.subtract_us(instant_us(end), timedelta_us(amount)))

    def is_open(self, at: datetime) -> bool:
        """Return whether an instant is open; closing time is not."""
        return self._almanac.is_open_us(instant_us(at))

    def next_open(self, at: datetime) -> datetime:
        """Return the instant itself when open, else the next opening.

        Raises:
            NeverOpens: SV220 when it does not open any more.
        """
        return self._like(at, self._almanac.next_open_us(instant_us(at)))

    def next_close(self, at: datetime) -> datetime:
        """Return the first closed instant at or after the next open one.

        Raises:
            NeverOpens: SV220 when it never opens, or never closes, any more.
        """
        return self._like(at, self._almanac.next_close_us(instant_us(at)))

    def due(self, limit: Any, *, start: datetime, backwards: bool = False, **settings: Any) -> datetime:
        """Return the due instant of a limit: a duration, dates, or the earliest or latest of several.

        Args:
            limit: `4 hours`, `4 business hours`, `10 business days`, `1 month`, a `DateLimit`, or
                `{"earliest_of": [...]}`, `{"latest_of": [...]}`.
            start: An aware datetime.
            backwards: Whether the limit lies before `start`.
            settings: Day rules of dates: `cutoff`, `early_start`, `closed_start`, `day_one`, `roll`, `ends`.

        Returns:
            An instant in the zone of `start`. The end of a day is the first instant that is late.

        Raises:
            StandardsError: SV12x when the limit cannot be read.
            NeverOpens: SV220 when it is never reached.

        Example:
            >>> office = Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"})
            >>> office.due("1 business day", start=datetime_utc(0), ends="close_of_business").isoformat()
            '1970-01-02T16:00:00+00:00'
        """
        from servstd.calendars.limits import due_us  # noqa: PLC0415 - it reads limits, which calendars need not

        return self._like(
            start, due_us(self, limit, instant_us(start), backwards=backwards, settings=settings)
        )

    def intervals(self, start: datetime, end: datetime) -> list[Interval]:
        """Return the open stretches between two instants, cut at them."""
        return [
            Interval(low, high) for low, high in self._almanac.between_us(instant_us(start), instant_us(end))
        ]

    def explain(self, start: datetime, end: datetime) -> list[Interval]:
        """Return every stretch between two instants, open or closed, with its reason.

        Example:
            >>> night = Calendar(timezone="UTC", hours={"daily": "22:00-06:00"})
            >>> [str(part) for part in night.explain(datetime_utc(0), datetime_utc(7 * 3_600_000_000))]
            ['1970-01-01T00:00:00Z/1970-01-01T06:00:00Z open shift Wed 22:00\u201306:00', \
'1970-01-01T06:00:00Z/1970-01-01T07:00:00Z closed closed: outside hours']
        """
        return self.explain_us(instant_us(start), instant_us(end))

    @staticmethod
    def _like(given: datetime, us: int) -> datetime:
        return datetime_utc(us).astimezone(given.tzinfo)

    # In arrays -------------------------------------------------------------------------------------------------------

    def elapsed_array(self, starts: Any, ends: Any) -> np.ndarray[Any, Any]:
        """Return the open time of many pairs at once.

        Args:
            starts: Shape (n,): int64 microseconds since the epoch, or `datetime64[us]` in UTC.
            ends: The same.

        Returns:
            Shape (n,): int64 microseconds, or `timedelta64[us]` for datetimes; NaT where either is.

        Raises:
            CalendarError: SV205 outside 1900 to 2199, SV206 for another kind of array.
        """
        from servstd.calendars.columns import elapsed_array  # noqa: PLC0415 - NumPy only where arrays are

        return elapsed_array(self, starts, ends)

    def add_array(self, starts: Any, amounts: Any) -> np.ndarray[Any, Any]:
        """Return the earliest instants by which amounts of open time have elapsed; see `add`.

        Args:
            starts: Shape (n,): int64 microseconds, or `datetime64[us]` in UTC.
            amounts: Shape (n,) or one: int64 microseconds, or `timedelta64[us]`.

        Returns:
            Shape (n,), of the kind of `starts`.
        """
        from servstd.calendars.columns import add_array  # noqa: PLC0415

        return add_array(self, starts, amounts)

    def due_array(self, limit: Any, starts: Any, **settings: Any) -> np.ndarray[Any, Any]:
        """Return the due instants of one limit for many starts; see `due`.

        Args:
            limit: As for `due`.
            starts: Shape (n,): int64 microseconds, or `datetime64[us]` in UTC.
            settings: Day rules, as for `due`.

        Returns:
            Shape (n,), of the kind of `starts`.
        """
        from servstd.calendars.due_columns import due_array  # noqa: PLC0415

        return due_array(self, limit, starts, settings)

    # Other calendars --------------------------------------------------------------------------------------------------

    def __or__(self, other: Calendar) -> Calendar:
        return _combined("union", self, other)

    def __and__(self, other: Calendar) -> Calendar:
        return _combined("intersection", self, other)

    def __sub__(self, other: Calendar) -> Calendar:
        return _combined("difference", self, other)

    def __invert__(self) -> Calendar:
        return Calendar(complement=self)

    def in_zone(self, timezone: str) -> Calendar:
        """Return this calendar with its zone filled in: the one of `timezone="$field"`, or where none stands.

        Args:
            timezone: An IANA name.

        Returns:
            A concrete calendar, the same object for the same zone. The members of an expression that have a zone
            keep it.

        Example:
            >>> shop = Calendar(timezone="$zone", hours={"daily": "09:00-17:00"})
            >>> shop.in_zone("Europe/Paris").timezone
            'Europe/Paris'
        """
        known = self._in_zones.get(timezone)
        if known is None:
            known = self._in_zones[timezone] = self._moved(timezone)
        return known

    @cached_property
    def _in_zones(self) -> dict[str, Calendar]:
        return {}

    def _moved(self, timezone: str) -> Calendar:
        if self.operation is None:
            return Calendar(**{**self.to_dict(), "timezone": timezone})
        members = tuple(
            m.in_zone(timezone) if isinstance(m, Calendar) and m._wants_zone else m for m in self.members
        )  # noqa: SLF001
        own = {"timezone": self.timezone} if self.timezone and not self.timezone.startswith("$") else {}
        return _expression(self.operation, members, title=self.title, **own)

    @property
    def _wants_zone(self) -> bool:
        return self.is_template or (self.is_always and self.timezone is None)

    def resolve(self, calendars: Mapping[str, Calendar]) -> Calendar:
        """Return this calendar with the names in its expression replaced by calendars.

        Args:
            calendars: By name; `always` is known.

        Raises:
            CalendarError: SV103 for an unknown name, SV225 for calendars that are made of each other.
        """
        from servstd.calendars.notation import resolved  # noqa: PLC0415

        return resolved(self, calendars)

    def to_dict(self) -> dict[str, Any]:
        """Return what the author wrote, as plain text, lists and mappings: `Calendar(**it)` equals this one."""
        return self.model_dump(mode="json", exclude_none=True, exclude_unset=True)

    def problems(self) -> list[Problem]:
        """Return what loads but cannot be meant: a calendar that never opens."""
        if self.operation is None and not self.is_template and not self.is_always:
            dated = any(change.spans or change.opens_at for change in self._rules.changes.values())
            if not dated and not any(v for version in self._rules.versions for v in version.pieces):
                return [
                    Problem("SV222", "this calendar never opens: it has no hours.", help="give it `hours:`.")
                ]
            if not dated and not self._rules.opens_weekly(ahead=True):
                return [
                    Problem(
                        "SV222",
                        "this calendar never opens: its closures take all its hours.",
                        path="holidays",
                    )
                ]
        return []

    def __repr__(self) -> str:
        from servstd.calendars.text import calendar_repr  # noqa: PLC0415

        return calendar_repr(self)

    def __str__(self) -> str:
        return repr(self)

    def _repr_html_(self) -> str:
        from servstd.calendars.text import calendar_html  # noqa: PLC0415

        return calendar_html(self)


def _combined(operation: Operation, one: Calendar, other: Calendar) -> Calendar:
    if not isinstance(other, Calendar):
        return NotImplemented
    if one.operation == operation and one.title is None and one.timezone is None:
        return _expression(operation, (*one.members, other))
    return _expression(operation, (one, other))


def _expression(operation: Operation, members: tuple[Calendar | str, ...], **more: Any) -> Calendar:
    given = {name: value for name, value in more.items() if value is not None}
    held = members[0] if operation == "complement" else members
    return Calendar(**{operation: held}, **given)


ALWAYS = Calendar(hours="always")
"""The calendar that never closes; it has no zone of its own (`ALWAYS.in_zone(...)` has)."""
