"""The calendar: what its author writes, and what it means."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Literal, TypeAlias

from pydantic import SkipValidation, model_validator

from servstd.calendars.algebra import ExpressionMaker, Operation
from servstd.calendars.almanac import Almanac, AlwaysAlmanac, AlwaysMaker, RulesMaker
from servstd.calendars.datebook import Datebook, EveryDay, ExpressionDays, RulesDays
from servstd.calendars.questions import Questions
from servstd.calendars.reading import read_rules
from servstd.calendars.rules import Rules
from servstd.calendars.zones import Zone, tzdata_version, zone_named
from servstd.errors import CalendarError, Problem
from servstd.models import Model

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
DEEPEST = 50


class Calendar(Questions, Model):
    """Say when a service is open, in local time, and count open time exactly.

    Open time is elapsed seconds between opening and closing: an open day of 25 hours counts 25. Closing time itself is
    not open, yet `add` lands on it when the amount fits exactly.

    A calendar is written either with hours or as an expression of calendars (`union`, `intersection`, `difference`,
    `complement`); `a | b`, `a & b`, `a - b` and `~a` give the latter.

    Source: `docs/calendars/reference.md` states every rule.

    Example:
        >>> from datetime import datetime, timedelta
        >>> office = Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"})
        >>> friday = datetime.fromisoformat("2026-03-06T16:00:00+00:00")
        >>> office.add(friday, timedelta(hours=2)).isoformat()
        '2026-03-09T10:00:00+00:00'
    """

    error: ClassVar[type[CalendarError]] = CalendarError

    title: str | None = None
    """A name for people; it changes no answer.

    Examples: `Office hours`
    """
    timezone: str | None = None
    """IANA zone of the hours, or `$field`: the case's; alone, every hour there. Without one the book's `timezone`
    holds.

    Examples: `Europe/London`, `$zone`
    """
    hours: SkipValidation[Hours | None] = None
    """Weekly hours: `{mon-fri: "09:00-17:00", sat: ["10:00-12:00", "13:00-14:00"], sun: closed}`.

    Examples: `{mon-fri: "09:00-17:00", sat: ["10:00-12:00", "13:00-14:00"], sun: closed}`, `always`
    """
    breaks: SkipValidation[Breaks | None] = None
    """Breaks by weekday, or by date; those by date always cut.

    Examples: `{mon-fri: "12:00-12:30", "2026-05-01": ["10:00-11:00"]}`
    """
    holidays: SkipValidation[Holidays | None] = None
    """Dates, `{country, subdivision}`, `{yearly: 12-24..01-02}`, `{rrule: ...}`: united.

    Examples: `{country: GB, subdivision: ENG}`, `["2026-12-25", {yearly: 12-24..01-02, name: Works holiday}]`
    """
    exceptions: SkipValidation[Exceptions | None] = None
    """Hours of single dates, in place of everything else said about them.

    Examples: `{"2026-12-24": "09:00-12:00", "2026-12-31": closed}`
    """
    versions: SkipValidation[Sequence[Mapping[str, Any]] | None] = None
    """Later hours, each from its `valid_from`; past events keep the hours that were in force.

    Examples: `[{valid_from: "2026-04-01", hours: {mon-fri: "08:00-18:00"}}]`
    """
    holidays_cut: Literal["anchor", "mask"] = "anchor"
    """Whether a holiday removes the shifts that start on it, or every open instant of its local date.

    Examples: `mask`
    """
    overnight_breaks: Literal["inside", "as_written"] = "inside"
    """Whether a weekly break earlier than an overnight start is the break inside the shift.

    Examples: `as_written`
    """
    union: tuple[Calendar | str, ...] | None = None
    """Open when any of these calendars is.

    Examples: `[office, saturday]`
    """
    intersection: tuple[Calendar | str, ...] | None = None
    """Open when all of these calendars are.

    Examples: `[office, supplier]`
    """
    difference: tuple[Calendar | str, ...] | None = None
    """Open when the first of these calendars is and no other.

    Examples: `[office, maintenance]`
    """
    complement: Calendar | str | None = None
    """Open when this calendar is not.

    Examples: `office`
    """

    @model_validator(mode="before")
    @classmethod
    def _own_words(cls, data: Any) -> Any:
        """Read `office | saturday`; keep a copy of what was written, which nobody else can change."""
        if isinstance(data, str):
            from servstd.calendars.notation import parse_expression  # noqa: PLC0415 - rarely written

            return parse_expression(data)
        if not isinstance(data, Mapping):
            return data
        _check_depth(data)
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
            self.__dict__["_rules"] = read_rules(self._words)
        else:
            self._check_expression()
        return self

    def _check_words(self) -> None:
        if self.hours is None and self.exceptions is None and not self.versions and not self._is_zone_alone:
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
            message = f"an expression has 1 to {MOST_MEMBERS} members, not {len(members)}."
            raise CalendarError(Problem("SV223", message))
        if self._depth > DEEPEST:
            message = f"an expression of expressions is at most {DEEPEST} deep."
            raise CalendarError(
                Problem("SV223", message, help="join what one sign can join: `a | b | c` is one.")
            )

    @cached_property
    def _depth(self) -> int:
        """Return how deep its expression is; members know theirs, so nothing recurses."""
        return 1 + max((m._depth for m in self.members if isinstance(m, Calendar)), default=0)  # noqa: SLF001

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
            return not self.is_always if self.timezone is None else self.timezone.startswith("$")
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
        return (rules.zone_name, versions, *dated, rules.masks, self.refuses_business_days)

    @cached_property
    def provenance(self) -> dict[str, str]:
        """Return what its answers rest on: content hash, version of the zone data, of the holiday data if used."""
        used = {"key": self.key, "tzdata": tzdata_version()}
        if self._uses_library:
            from servstd.calendars.countries import holidays_version  # noqa: PLC0415

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

    def __copy__(self) -> Calendar:
        """Return itself: it cannot change, and its compiled tables are worth keeping."""
        return self

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Calendar:
        """Return itself, as above; `always` stays the one that it is."""
        return self

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
        return read_rules(self._words)

    @property
    def _words(self) -> dict[str, Any]:
        """Return what was written of its hours; the zone of the case alone stands for every hour there."""
        words = {name: getattr(self, name) for name in ("timezone", *_LOCAL)}
        return {**words, "hours": "always"} if self._is_zone_alone else words

    @property
    def _is_zone_alone(self) -> bool:
        given = [getattr(self, name) for name in ("hours", "breaks", "holidays", "exceptions", "versions")]
        return given == [None] * 5 and str(self.timezone).startswith("$")

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

    @property
    def zone_name(self) -> str | None:
        """Return the zone in which its dates are counted; None where it has none, or takes that of the case."""
        try:
            return None if self.is_template else self.zone.name
        except CalendarError:
            return None

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
    def refuses_business_days(self) -> bool:
        """Return whether it says `always`, so that nothing tells business days from other ones."""
        written = self._words["hours"] if self.operation is None else None
        return isinstance(written, str) and written.strip().lower() == "always"

    @cached_property
    def usual_week_s(self) -> tuple[int, ...] | None:
        """The open seconds of each weekday, Monday first, by its weekly hours less breaks; None of an expression.

        Holidays and exceptions are left out, and of several versions the last is taken: what people mean when they say
        how long an office is open.

        Example:
            >>> Calendar(timezone="Europe/London", hours={"mon-tue": "09:00-17:30"}).usual_week_s
            (30600, 30600, 0, 0, 0, 0, 0)
        """
        if self.operation is not None:
            return None
        return tuple(sum(end - start for start, end in spans) for spans in self._rules.versions[-1].pieces)

    # Other calendars --------------------------------------------------------------------------------------------------

    def __or__(self, other: Calendar) -> Calendar:
        return _combined("union", self, other)

    def __and__(self, other: Calendar) -> Calendar:
        return _combined("intersection", self, other)

    def __sub__(self, other: Calendar) -> Calendar:
        return _combined("difference", self, other)

    def __invert__(self) -> Calendar:
        if self.operation == "complement" and isinstance(self.complement, Calendar):
            return self.complement
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
            hours = {"hours": "always"} if self._is_zone_alone else {}
            return Calendar(**{**self.to_dict(), **hours, "timezone": timezone})
        members = tuple(_in_zone(member, timezone) for member in self.members)
        own = {"timezone": self.timezone} if self.timezone and not self.timezone.startswith("$") else {}
        return _expression(self.operation, members, title=self.title, **own)

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
            if not dated and not self._rules.opens_some_week:
                why = "its closures take all its hours" if self._rules.has_hours else "it has no hours"
                place = {"path": "holidays"} if self._rules.has_hours else {"help": "give it `hours:`."}
                return [Problem("SV222", f"this calendar never opens: {why}.", **place)]
        return []

    def __repr__(self) -> str:
        from servstd.calendars.text import calendar_repr  # noqa: PLC0415

        return calendar_repr(self)

    def __str__(self) -> str:
        return repr(self)

    def _repr_html_(self) -> str:
        from servstd.calendars.text import calendar_html  # noqa: PLC0415

        return calendar_html(self)


def _check_depth(data: Mapping[str, Any]) -> None:
    """Refuse words nested beyond any meaning, without recursing into them."""
    level: list[Any] = [data]
    for _ in range(2 * DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, (Mapping, list, tuple))
            for inner in (each.values() if isinstance(each, Mapping) else each)
        ]
        if not level:
            return
    raise CalendarError(Problem("SV223", f"a calendar is nested at most {2 * DEEPEST} deep."))


def _in_zone(member: Calendar | str, timezone: str) -> Calendar | str:
    if isinstance(member, str):
        return member
    wants_zone = member.is_template or (member.is_always and member.timezone is None)
    return member.in_zone(timezone) if wants_zone else member


def _combined(operation: Operation, one: Calendar, other: Calendar) -> Calendar:
    if not isinstance(other, Calendar):
        return NotImplemented
    if one.operation == operation and one.title is None and one.timezone is None:
        return _expression(operation, (*one.members, other))
    return _expression(operation, (one, other))


def _expression(operation: Operation, members: tuple[Calendar | str, ...], **more: Any) -> Calendar:
    given: dict[str, Any] = {name: value for name, value in more.items() if value is not None}
    given[operation] = members[0] if operation == "complement" else members
    return Calendar(**given)


ALWAYS = Calendar(hours="always")
"""The calendar that never closes; it has no zone of its own (`ALWAYS.in_zone(...)` has)."""
