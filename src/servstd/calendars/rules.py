"""What a calendar's words mean: for each local date its open pieces, and why.

Everything here is local and in whole seconds; `timeline` turns it into instants.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import le
from typing import NamedTuple

from servstd.calendars.civil import day_from_civil, weekday_of, year_of_day
from servstd.calendars.closures import Closure, Source, WorkingDay, uncovered, united
from servstd.calendars.hours import DAY_S, LATEST_S, Spans, common, merge, without
from servstd.calendars.zones import FIRST_YEAR, LAST_YEAR, Zone, zone_named
from servstd.errors import CalendarError, Problem, UncoveredYear

FIRST_DAY = day_from_civil(FIRST_YEAR, 1, 1) - 3
LAST_DAY = day_from_civil(LAST_YEAR + 1, 1, 1) + 3
_WEEK_S = 7 * DAY_S


class Change(NamedTuple):
    """Hold what an exception says about its date: hours in place of the usual, or a later start, an earlier end."""

    spans: Spans | None
    opens_at: int | None = None
    closes_at: int | None = None
    reason: str = ""


class DatedDays(NamedTuple):
    """What holiday sources say of the dates of one year."""

    closures: Mapping[int, Closure]
    working: Mapping[int, WorkingDay]


class Usual(NamedTuple):
    """The hours of a date before exceptions and closures: shifts, their breaks, and the pieces that breaks leave."""

    shifts: Spans
    breaks: Spans
    pieces: Spans


@dataclass(frozen=True)
class Version:
    """The weekly rules that are in force from a date on."""

    from_day: int
    shifts: tuple[Spans, ...]
    breaks: tuple[Spans, ...]
    sources: tuple[Source, ...]
    breaks_inside: bool = True

    @cached_property
    def pieces(self) -> tuple[Spans, ...]:
        """Return the open pieces of each weekday, its breaks cut out."""
        return tuple(
            merge(without(shifts, self.placed(shifts, breaks)))
            for shifts, breaks in zip(self.shifts, self.breaks, strict=True)
        )

    def placed(self, shifts: Spans, breaks: Spans) -> Spans:
        """Return the breaks where they fall in these shifts.

        A break earlier than an overnight start is the break inside the shift: 02:00 of a night that begins at 22:00
        is 26:00. It stays where it is written when a shift of its own date holds it there.
        """
        return tuple(self._placed(span, shifts) for span in breaks)

    def _placed(self, span: tuple[int, int], shifts: Spans) -> tuple[int, int]:
        start, end = span
        is_held = any(low < end and start < high for low, high in shifts)
        later = (start + DAY_S, end + DAY_S)
        is_inside = any(start < low < later[1] and later[0] < high for low, high in shifts)
        return later if self.breaks_inside and is_inside and not is_held else span

    def days_of(self, year: int) -> DatedDays:
        """Return the closures and the working days of one year.

        Raises:
            UncoveredYear: SV221 when a source does not cover it.
        """
        uncovering = self.uncovered_source(year)
        if uncovering is not None:
            raise UncoveredYear(uncovered(uncovering, year))
        working = {day: one for source in self.sources for day, one in source.working_days(year).items()}
        return DatedDays(united(self.sources, year), working)

    def opens_in(self, years: Iterable[int]) -> bool:
        """Return whether weekly hours, less recurring closures, or working days are open in any of these years."""
        if any(source.working_hours for source in self.sources):
            return True
        recurring = [source for source in self.sources if source.is_recurring]
        if not recurring or not any(self.pieces):
            return any(self.pieces)
        return any(_opens_in(self.pieces, recurring, year) for year in years)

    @property
    def source_years(self) -> tuple[int, int]:
        """Return the years that every source of this version covers."""
        spans = [source.years for source in self.sources if source.years]
        low = max((low for low, _ in spans), default=FIRST_YEAR - 1)
        return low, min((high for _, high in spans), default=LAST_YEAR + 1)

    def uncovered_source(self, year: int) -> Source | None:
        """Return the source that does not cover a year."""
        for source in self.sources:
            if source.years and not source.years[0] <= year <= source.years[1]:
                return source
        return None


@dataclass(frozen=True)
class Rules:
    """Hold one calendar's rules, read and checked; answer for any local date.

    Args:
        zone_name: The IANA zone, or None while it is not known.
        versions: In order; the first is in force from the beginning of time.
        changes: What dated exceptions say.
        dated_breaks: Breaks on single dates, which always cut.
        masks: Whether a holiday closes every instant of its local date, not only the shifts that start on it.
    """

    zone_name: str | None
    versions: tuple[Version, ...]
    changes: Mapping[int, Change] = field(default_factory=dict)
    dated_breaks: Mapping[int, Spans] = field(default_factory=dict)
    masks: bool = False

    @cached_property
    def zone(self) -> Zone:
        """Return the zone.

        Raises:
            CalendarError: SV211 when the calendar has none, SV212 when it is the case's field.
        """
        if self.zone_name is None:
            message = "this calendar has no time zone, so its local hours are no instants."
            raise CalendarError(
                Problem("SV211", message, help="give it `timezone=`, or the book one `timezone:` for all.")
            )
        if self.zone_name.startswith("$"):
            message = f"the time zone of this calendar is the case's field `{self.zone_name}`."
            raise CalendarError(
                Problem("SV212", message, help='ask a concrete one: `calendar.in_zone("Europe/Paris")`.')
            )
        return zone_named(self.zone_name)

    @cached_property
    def is_always(self) -> bool:
        """Return whether no rule ever closes it, in any zone."""
        only = self.versions[0]
        return (
            len(self.versions) == 1
            and all(pieces == ((0, DAY_S),) for pieces in only.pieces)
            and not (only.sources or self.changes or self.dated_breaks)
        )

    @cached_property
    def overhang_days(self) -> int:
        """Return how many dates later a shift may still be open."""
        ends = [end for version in self.versions for pieces in version.shifts for _, end in pieces]
        ends += [end for change in self.changes.values() for _, end in change.spans or ()]
        ends += [
            end for version in self.versions for source in version.sources for _, end in source.working_hours
        ]
        return max(0, -(-max(ends, default=0) // DAY_S) - 1)

    def version_at(self, day: int) -> Version:
        """Return the rules in force on a date."""
        return self.versions[max(0, bisect_right(self._from_days, day) - 1)]

    @cached_property
    def _from_days(self) -> list[int]:
        return [version.from_day for version in self.versions]

    @cached_property
    def _dated(self) -> dict[tuple[int, int], DatedDays]:
        return {}

    def days_of(self, version: Version, year: int) -> DatedDays:
        """Return a version's closures and working days of a year, kept for the next question."""
        key = (version.from_day, year)
        known = self._dated.get(key)
        if known is None:
            known = self._dated[key] = version.days_of(year)
        return known

    def closure_at(self, day: int) -> Closure | None:
        """Return the closure of a date, or None."""
        version = self.version_at(day)
        return self.days_of(version, year_of_day(day)).closures.get(day) if version.sources else None

    def working_day_at(self, day: int) -> WorkingDay | None:
        """Return the working day that makes up for a bridge day, or None."""
        version = self.version_at(day)
        return self.days_of(version, year_of_day(day)).working.get(day) if version.sources else None

    def weekday_at(self, day: int) -> int:
        """Return the weekday as which a date is worked: of one that makes up for a bridge day that of the bridge day.

        A week without hours on that weekday has nothing to make up for, and the date keeps its own.
        """
        working = self.working_day_at(day)
        if working is None or not (working.hours or self.version_at(day).pieces[working.weekday]):
            return weekday_of(day)
        return working.weekday

    def usual_at(self, day: int) -> Usual:
        """Return the hours of a date before exceptions and closures."""
        working = self.working_day_at(day)
        if working is not None and working.hours is not None:
            return Usual(working.hours, (), merge(working.hours))
        version, weekday = self.version_at(day), self.weekday_at(day)
        return Usual(version.shifts[weekday], version.breaks[weekday], version.pieces[weekday])

    def pieces_at(self, day: int) -> Spans:
        """Return the open pieces of the shifts that start on a date: exception over holiday over weekly hours."""
        return self.left_of(day, self.usual_at(day).pieces)

    def left_of(self, day: int, usual: Spans) -> Spans:
        """Return what an exception or a closure makes of the usual spans of a date."""
        change = self.changes.get(day)
        if change is not None:
            return self._changed(change, usual)
        closure = self.closure_at(day)
        return usual if closure is None else common(usual, closure.hours)

    def _changed(self, change: Change, usual: Spans) -> Spans:
        if change.spans is not None:
            return merge(change.spans)
        return _closing(_opening(usual, change.opens_at), change.closes_at)

    # Which dates may be asked ----------------------------------------------------------------------------------

    def known_days(self, day: int) -> tuple[int, int]:
        """Return the stretch of dates around `day` that every holiday source covers.

        Raises:
            UncoveredYear: SV221 when the date itself is not covered.
        """
        low, high = FIRST_DAY, LAST_DAY
        for index, version in enumerate(self.versions):
            begins = version.from_day if index else FIRST_DAY
            ends = self.versions[index + 1].from_day if index + 1 < len(self.versions) else LAST_DAY
            first, last = version.source_years
            for hole in ((begins, _january(first)), (max(begins, _january(last + 1)), ends)):
                start, end = max(hole[0], begins), min(hole[1], ends)
                if start >= end:
                    continue
                if start <= day < end:
                    year = year_of_day(day)
                    source = version.uncovered_source(year) or version.sources[0]
                    raise UncoveredYear(uncovered(source, year))
                low, high = (max(low, end), high) if end <= day else (low, min(high, start))
        return low, high

    # The whole of a stretch ------------------------------------------------------------------------------------

    def pieces(self, first: int, last: int) -> tuple[list[int], list[int]]:
        """Return where open pieces start and end in local seconds, for shifts that start in `[first, last)`."""
        starts: list[int] = []
        ends: list[int] = []
        for version, begin, end in self._stretches(first, last):
            at = begin
            for day in self._special_days(version, begin, end):
                _add_regular(version.pieces, at, day, starts, ends)
                for low, high in self.pieces_at(day):
                    starts.append(day * DAY_S + low)
                    ends.append(day * DAY_S + high)
                at = day + 1
            _add_regular(version.pieces, at, end, starts, ends)
        cuts = self.cuts(first, last)
        if cuts:
            return _split(without_many(_joined(starts, ends), cuts))
        return _split(_joined(starts, ends)) if _need_joining(starts, ends) else (starts, ends)

    def pieces_by_day(self, first: int, last: int) -> Iterator[tuple[int, Spans]]:
        """Yield the dates of `[first, last)` on which a shift starts, and their open pieces."""
        for version, begin, end in self._stretches(first, last):
            special = {day: self.pieces_at(day) for day in self._special_days(version, begin, end)}
            for day in range(begin, end):
                pieces = special[day] if day in special else version.pieces[(day + 3) % 7]
                if pieces:
                    yield day, pieces

    def _stretches(self, first: int, last: int) -> Iterator[tuple[Version, int, int]]:
        for index, version in enumerate(self.versions):
            begin = max(first, version.from_day) if index else first
            end = min(last, self.versions[index + 1].from_day) if index + 1 < len(self.versions) else last
            if begin < end:
                yield version, begin, end

    def _special_days(self, version: Version, begin: int, end: int) -> list[int]:
        days = {day for day in self.changes if begin <= day < end}
        if version.sources:
            for year in range(_clamped_year(begin), _clamped_year(end - 1) + 1):
                dated = self.days_of(version, year)
                days.update(day for day in (*dated.closures, *dated.working) if begin <= day < end)
        return sorted(days)

    def cuts(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return what always closes: dated breaks, and the dates of holidays that mask."""
        cuts = [
            (day * DAY_S + low, day * DAY_S + high)
            for day, spans in self.dated_breaks.items()
            if first - 2 <= day < last + 2
            for low, high in spans
        ]
        if self.masks:
            until = last + self.overhang_days
            for version, begin, end in self._stretches(first, until):
                for day in self._special_days(version, begin, end):
                    closure = self.closure_at(day)
                    if closure is not None and day not in self.changes:
                        closed = without(((0, DAY_S),), closure.hours)
                        cuts += [(day * DAY_S + a, day * DAY_S + b) for a, b in closed]
        return list(merge(cuts))

    # Will it open again ----------------------------------------------------------------------------------------

    def last_dated_day(self) -> int:
        """Return the date after which only weekly hours and recurring closures are left."""
        days = [*self.changes, *self.dated_breaks, *self._from_days[1:], FIRST_DAY]
        return max(days) + 3

    def first_dated_day(self) -> int:
        """Return the date before which only the first version's weekly hours are left."""
        days = [*self.changes, *self.dated_breaks, *self._from_days[1:], LAST_DAY]
        return min(days) - 3

    @cached_property
    def makes_up(self) -> bool:
        """Return whether a date may be worked as another weekday, for a bridge day."""
        return any(source.makes_up for version in self.versions for source in version.sources)

    @property
    def has_hours(self) -> bool:
        """Return whether any version has weekly hours."""
        return any(pieces for version in self.versions for pieces in version.pieces)

    def opens_weekly(self, *, ahead: bool) -> bool:
        """Return whether weekly hours, less recurring closures, are open for ever in one direction."""
        dated = self.last_dated_day() if ahead else self.first_dated_day()
        edge = year_of_day(max(FIRST_DAY + 3, min(LAST_DAY - 4, dated)))
        years = range(edge, LAST_YEAR + 1) if ahead else range(edge, FIRST_YEAR - 1, -1)
        return self.versions[-1 if ahead else 0].opens_in(years)

    @property
    def opens_some_week(self) -> bool:
        """Return whether weekly hours, less recurring closures, are open while any version is in force."""
        ends = [*(day - 1 for day in self._from_days[1:]), LAST_DAY - 4]
        spans = zip(self.versions, ends, strict=True)
        return any(
            one.opens_in(range(_clamped_year(one.from_day), _clamped_year(end) + 1)) for one, end in spans
        )


def without_many(spans: Iterable[tuple[int, int]], cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ascending spans less ascending cuts, in one sweep."""
    kept: list[tuple[int, int]] = []
    index = 0
    for start, end in spans:
        at = start
        while index < len(cuts) and cuts[index][1] <= at:
            index += 1
        step = index
        while step < len(cuts) and cuts[step][0] < end:
            if cuts[step][0] > at:
                kept.append((at, cuts[step][0]))
            at = max(at, cuts[step][1])
            step += 1
        if at < end:
            kept.append((at, end))
    return kept


def _opening(usual: Spans, at: int | None) -> Spans:
    """Return the usual pieces, opened at another time: later cuts, earlier lengthens the first piece."""
    if at is None or not usual:
        return usual
    if at < usual[0][0]:
        return ((at, usual[0][1]), *usual[1:])
    return tuple((max(start, at), end) for start, end in usual if end > at)


def _closing(usual: Spans, at: int | None) -> Spans:
    """Return the usual pieces, closed at another time: earlier cuts, later lengthens the last piece."""
    if at is None or not usual:
        return usual
    if at > usual[-1][1]:
        return (*usual[:-1], (usual[-1][0], at))
    return tuple((start, min(end, at)) for start, end in usual if start < at)


def _add_regular(
    pieces: tuple[Spans, ...], first: int, last: int, starts: list[int], ends: list[int]
) -> None:
    """Add the weekly pieces of `[first, last)`; whole weeks in one comprehension, because it is ten times faster."""
    monday = first + -(first + 3) % 7
    until = last - (last + 3) % 7
    if until - monday >= 7:
        _add_days(pieces, first, monday, starts, ends)
        week = [
            (number * DAY_S + low, number * DAY_S + high)
            for number in range(7)
            for low, high in pieces[number]
        ]
        opens, closes = [low for low, _ in week], [high for _, high in week]
        starts += [base + at for base in range(monday * DAY_S, until * DAY_S, _WEEK_S) for at in opens]
        ends += [base + at for base in range(monday * DAY_S, until * DAY_S, _WEEK_S) for at in closes]
        first = until
    _add_days(pieces, first, last, starts, ends)


def _add_days(pieces: tuple[Spans, ...], first: int, last: int, starts: list[int], ends: list[int]) -> None:
    for day in range(first, last):
        for low, high in pieces[(day + 3) % 7]:
            starts.append(day * DAY_S + low)
            ends.append(day * DAY_S + high)


def _need_joining(starts: list[int], ends: list[int]) -> bool:
    return any(map(le, starts[1:], ends))


def _joined(starts: list[int], ends: list[int]) -> Spans:
    return merge(list(zip(starts, ends, strict=True)))


def _split(spans: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
    pairs = list(spans)
    return [start for start, _ in pairs], [end for _, end in pairs]


def _opens_in(pieces: tuple[Spans, ...], sources: list[Source], year: int) -> bool:
    closures, whole = united(sources, year), Closure("", ((0, LATEST_S),))
    return any(
        common(pieces[weekday_of(day)], closures.get(day, whole).hours)
        for day in range(_january(year), _january(year + 1))
    )


def _january(year: int) -> int:
    return day_from_civil(year, 1, 1)


def _clamped_year(day: int) -> int:
    return year_of_day(min(max(day, FIRST_DAY), LAST_DAY))
