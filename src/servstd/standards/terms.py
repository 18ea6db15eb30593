"""From what a standard says about limit, calendar and applicability to the terms in force for a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from itertools import accumulate, repeat
from typing import TYPE_CHECKING, cast

from servstd.calendars import ALWAYS, Calendar, parse_date_limit
from servstd.conditions import Condition, Environment, parse_condition
from servstd.conditions.candidates import Candidates
from servstd.conditions.places import zone_field
from servstd.conditions.tree import Decide, every
from servstd.errors import CalendarError, Problem, StandardsError
from servstd.events.values import key_text
from servstd.expressions import ABSENT, Expression, Field, OverlaidFacts
from servstd.expressions.values import moment_from
from servstd.plan.bound import (
    Allowance,
    Combined,
    Counted,
    Dates,
    Due,
    Limit,
    Missing,
    NoLimit,
    Pauses,
    next_date,
)
from servstd.plan.measure import Measure, OpenTime, Ticks
from servstd.plan.plan import OnChange, Reader, Terms, TermsProgram
from servstd.standards.base import Standard
from servstd.standards.carried import count_of_dates, due_from, length_of_limit, limit_in_words
from servstd.standards.limit import (
    CombinedLimit,
    CountLimit,
    DatesLimit,
    DurationLimit,
    FieldDuration,
    InstantLimit,
    LimitNode,
    LimitTable,
    LimitText,
    NextLimit,
    Unlimited,
    can_be_added,
    counts_open_time,
    needs_zone,
)
from servstd.standards.override import Effective, Extend, Override
from servstd.standards.reading import fields_of, names_instant, places_of, reads_time
from servstd.standards.surroundings import DayRule, Surroundings

if TYPE_CHECKING:
    from servstd.conditions import Facts

FindLimit = Callable[["Facts", Calendar], Limit]


@dataclass(slots=True)
class LimitCompiler:
    """Compile limits into what the engine compares with, and gather the measures that they need.

    Args:
        book: Calendars and zone.
        day_rule: How date limits count.
        exclusive: Whether reaching the limit is too much.
        pauses: What a pause does to dates.
        follows: Whether the event that ends one period begins the next.
        measures: The measures so far; the first is the one that verdicts report.
    """

    book: Surroundings
    day_rule: DayRule = field(default_factory=DayRule)
    exclusive: bool = False
    pauses: Pauses | None = None
    follows: bool = False
    measures: list[Measure] = field(default_factory=list)

    def measure(self, wanted: Measure) -> int:
        """Return the index of a measure, adding it where it is new."""
        if wanted not in self.measures:
            self.measures.append(wanted)
        return self.measures.index(wanted)

    def compile(self, node: LimitNode | None) -> FindLimit:
        """Return the function that finds the limit of a case at its facts, on the calendar in force."""
        if isinstance(node, DurationLimit):
            limit: Limit = Allowance(node.us, self._time(node.clock), exclusive=self.exclusive)
            return lambda _facts, _calendar: limit
        if isinstance(node, CountLimit):
            environment = self.book.environment(None)
            index = self.measure(Ticks(node.of.compile_any(environment)))
            count: Limit = Allowance(node.count, index, exclusive=self.exclusive)
            return lambda _facts, _calendar: count
        if isinstance(node, DatesLimit):
            return self._dates(node)
        if isinstance(node, FieldDuration):
            return self._field_duration(node)
        if isinstance(node, InstantLimit):
            return self._instant(node.at)
        if isinstance(node, CombinedLimit):
            finders = [self.compile(member) for member in node.members]
            return lambda facts, calendar: Combined(
                node.which, tuple(find(facts, calendar) for find in finders)
            )
        if isinstance(node, NextLimit):
            return self._next(node)
        if isinstance(node, LimitTable):
            return self._table(node)
        if isinstance(node, Unlimited) and node.counts:
            dates = self._dates(DatesLimit(1, node.counts))
            return lambda facts, calendar: Counted(cast("Dates", dates(facts, calendar)))
        return lambda _facts, _calendar: NoLimit()

    def _time(self, clock: str) -> int:
        return self.measure(OpenTime(wall=clock == "calendar"))

    def _dates(self, node: DatesLimit) -> FindLimit:
        one = parse_date_limit(node.text(1), **self.day_rule.model_dump(exclude_none=True))

        def find(facts: Facts, calendar: Calendar) -> Limit:
            if calendar.is_template:  # it never closes, so that only dates need the zone of the case
                return Missing(f"the zone of the case (`{zone_field(calendar)}`)")
            count = node.count
            if not isinstance(count, int):
                held = count_of_dates(count.evaluate(facts), node.text(1))
                if held is None:
                    return Missing(count.sentence())
                count = held
            limit = replace(one, count=one.count * count, text=node.text(count))
            return Dates(
                limit, self.dated(calendar), exclusive=self.exclusive, pauses=self.pauses or "ignore"
            )

        return find

    def _next(self, node: NextLimit) -> FindLimit:
        """Compile the wait for a date that comes round.

        A date of the start is not the next one. It may be where a lead says how far ahead the date must lie, and of the
        ends of months, quarters and years, which end the one in which the start lies; never where periods follow each
        other.
        """
        dates = self.book.recurring(node.name)
        own = not self.follows and (node.lead is not None or self.book.is_end_of_period(node.name))
        lead = self.compile(node.lead) if node.lead else None
        lag = self._dates(node.lag) if node.lag else None
        return lambda facts, calendar: next_date(
            dates, lead(facts, calendar) if lead else None, lag(facts, calendar) if lag else None, own=own
        )

    def dated(self, calendar: Calendar) -> Calendar:
        """Return the calendar whose dates count: dates need a zone, which `always` does not have."""
        if not (calendar.is_always and calendar.timezone is None):
            return calendar
        if self.book.timezone is None:
            raise StandardsError(
                Problem(
                    "SV106",
                    "dates need a zone: this standard has neither a calendar nor a book with `timezone:`.",
                    help="write `timezone: Europe/London` in the book, or give the standard a calendar.",
                    path="within",
                )
            )
        return ALWAYS.in_zone(self.book.timezone)

    def _field_duration(self, node: FieldDuration) -> FindLimit:
        index = self._time(node.clock)

        def find(facts: Facts, calendar: Calendar) -> Limit:
            held = node.field.evaluate(facts)
            has_hours = calendar is not ALWAYS
            held_us = length_of_limit(held, node.unit_us, clock=node.clock, has_hours=has_hours)
            if held_us is None:
                return Missing(node.field.sentence())
            return Allowance(held_us, index, exclusive=self.exclusive)

        return find

    def _instant(self, at: Expression) -> FindLimit:
        index = self._time("standard") if isinstance(at, Field) else 0
        settings = self.day_rule.model_dump(exclude_none=True)

        def find(facts: Facts, calendar: Calendar) -> Limit:
            environment = self.book.environment(calendar)
            value = at.evaluate(facts, environment)
            due = due_from(value, at, environment, exclusive=self.exclusive)
            if isinstance(due, Missing) and isinstance(at, Field):
                has_hours = calendar is not ALWAYS
                dated = self.dated(calendar) if has_hours or self.book.timezone is not None else None
                told = limit_in_words(
                    value, index, dated, settings, has_hours=has_hours, exclusive=self.exclusive
                )
                return told or due
            return due

        return find

    def _table(self, node: LimitTable) -> FindLimit:
        field, rows = Field(node.by), {value: self.compile(limit) for value, limit in node.rows}
        otherwise = self.compile(node.otherwise) if node.otherwise else None

        def find(facts: Facts, calendar: Calendar) -> Limit:
            held = field.evaluate(facts)
            row = None if held is ABSENT else node.row_of(held)
            chosen = otherwise if row is None else rows[row]
            if chosen:
                return chosen(facts, calendar)
            name = node.by.replace("_", " ")
            return Missing(f"the {name}" if held is ABSENT else f"a limit for {name} {key_text(held)}")

        return find


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of overrides, compiled; its conditions also as they were read."""

    asked: Sequence[Condition]
    when: list[Decide]
    limit: FindLimit | None
    least: FindLimit | None
    calendar: Calendar | None
    fields: Mapping[str, object]
    name: str
    table: int | None
    agreed: tuple[str, str] = ("", "")

    def fits(self, facts: Facts) -> bool:
        return all(decide(facts) is True for decide in self.when)


def compile_terms(
    standard: Standard,
    book: Surroundings,
    *,
    within: LimitText | None,
    least: LimitText | None,
    compiler: LimitCompiler,
    on_change: OnChange | None = None,
    closes: LimitText | None = None,
    extended: Extend | None = None,
) -> TermsProgram:
    """Return the program that finds the terms of a case: base, overrides, applicability.

    Args:
        standard: Whose terms.
        book: Defaults and calendars.
        within: The limit as written; None for none.
        least: The least demanded; None for nothing.
        compiler: Gathers the measures.
        on_change: As written; None for the default, `carry`, under which promised instants freeze.
        closes: After which an obligation is judged as it stands; None for no such end.
        extended: What an extension gives; None for none.
    """
    base_calendar = book.find(standard.calendar)
    environment = book.environment(base_calendar, standard.counting_rule)
    base = _Row(
        (), [], compiler.compile(within.node if within else None), compiler.compile(least.node) if least else None,
        base_calendar, {}, "within", None,
    )  # fmt: skip
    if any(limit is not None and needs_zone(limit.node) for limit in (within, least, closes)):
        compiler.dated(base_calendar)
    closes_of = compiler.compile(closes.node) if closes else None
    extended_of = _extension(extended, within, compiler)
    applies = applies_when(standard, environment)
    rows = [
        row
        for place, override in enumerate(standard.override_rows)
        for row in _rows(standard, override, place, compiler=compiler, environment=environment)
    ]
    candidates = Candidates(row.asked for row in rows)
    if all(row.calendar is None or row.calendar.refuses_business_days for row in (base, *rows)):
        _refuse_open_time(limit for limit in (within, least, closes) if limit is not None)
    tables = {row.table for row in rows} - {None}
    measures = compiler.measures
    nowhere = tuple(_calendar_of(measure, ALWAYS) for measure in measures)

    def resolve(facts: Facts) -> Terms:
        fitting = [rows[place] for place in candidates.places(facts) if rows[place].fits(facts)]
        holds = applies(facts) if applies else True
        if tables and not tables <= {row.table for row in fitting}:
            holds = False
        if any(row.fields for row in fitting):
            overlaid: dict[str, object] = {}
            for row in reversed(fitting):
                overlaid.update(row.fields)
            facts = OverlaidFacts(facts, overlaid)
        calendar = _first(row.calendar for row in (*fitting, base))
        place = placed(calendar, facts) if calendar.is_template else calendar
        if isinstance(place, Missing):
            return Terms(limit=place, least=None, calendars=nowhere, applies=holds, limit_from="")
        calendar = place
        setter = next((row for row in fitting if row.limit), base)
        least_of = next((row.least for row in (*fitting, base) if row.least), None)
        limit = setter.limit(facts, calendar) if setter.limit else _NO_LIMIT
        if rivals := _rivals(row.agreed for row in fitting):
            limit = Missing(f"which of the agreements {' and '.join(rivals)} holds")
        return Terms(
            limit=limit,
            least=least_of(facts, calendar) if least_of else None,
            calendars=tuple(_calendar_of(measure, calendar) for measure in measures),
            applies=holds,
            limit_from=setter.name,
            closes=closes_of(facts, calendar) if closes_of else None,
            extended=extended_of(facts, calendar, limit) if extended_of else (),
            calendar=calendar,
        )

    zones = {zone_field(calendar) for calendar in (base_calendar, *(row.calendar for row in rows))} - {""}
    return TermsProgram(
        resolve=resolve,
        fields=fields_of(standard, within, least, closes, *_given(extended))
        | places_of(standard, environment)
        | zones,
        on_change=on_change or "carry",
        freezes_limit=on_change is None and names_instant(standard, within),
        reads_time=reads_time(standard),
    )


def _extension(
    extended: Extend | None, within: LimitText | None, compiler: LimitCompiler
) -> Callable[[Facts, Calendar, Limit], tuple[Limit, ...]] | None:
    """Return what finds the limits after each extension: a new one, or the one before with something added."""
    if extended is None:
        return None
    times, is_new = extended.times, extended.within is not None
    written = cast("LimitText", extended.within if is_new else extended.by)
    if not is_new and not can_be_added(written.node, within.node if within else None):
        raise StandardsError(
            Problem(
                "SV118",
                f"`{written.sentence()}` cannot be added to `{within.sentence() if within else 'nothing'}`.",
                help="add hours to hours, days to days, business days to business days; or write the new limit as "
                "`within`, which may be an instant that the event carries: `within: $until`.",
                path="extend.by",
            )
        )
    find = compiler.compile(written.node)

    def limits(facts: Facts, calendar: Calendar, limit: Limit) -> tuple[Limit, ...]:
        told = find(facts, calendar)
        if is_new:
            return (told,) * times
        return tuple(accumulate(repeat(told, times), _added, initial=limit))[1:]

    return limits


def _given(extended: Extend | None) -> tuple[LimitText, ...]:
    """Return what an extension gives: its event may be the first to say how long."""
    written = () if extended is None else (extended.within, extended.by)
    return tuple(cast("LimitText", one) for one in written if one is not None)


def _added(limit: Limit, more: Limit) -> Limit:
    if isinstance(limit, Allowance) and isinstance(more, Allowance) and limit.measure == more.measure:
        return replace(limit, amount=limit.amount + more.amount)
    if isinstance(limit, Dates) and isinstance(more, Dates) and limit.limit.unit == more.limit.unit:
        return replace(limit, limit=replace(limit.limit, count=limit.limit.count + more.limit.count))
    return Missing("a limit that can be added to")


def _refuse_open_time(limits: Iterable[LimitText]) -> None:
    """Refuse business hours and days where no calendar says which they are.

    Raises:
        StandardsError: SV109, a limit counts them.
    """
    for limit in limits:
        if counts_open_time(limit.node):
            raise StandardsError(
                Problem(
                    "SV109",
                    f"`{limit.sentence()}` needs a calendar: on `always` every hour and every date is open.",
                    help="give the standard a calendar, or leave `business` out.",
                    path="within",
                )
            )


def _first(values: Iterable[Calendar | None]) -> Calendar:
    return next(value for value in values if value is not None)


_NO_LIMIT = NoLimit()


def applicability(
    standard: Standard,
    environment: Environment,
    *,
    limit: Limit = _NO_LIMIT,
    least: Limit | None = None,
    calendars: tuple[Calendar | None, ...] = (),
) -> TermsProgram:
    """Return the terms of a standard whose limit is the same for every case: only whether it applies can change."""
    applies = applies_when(standard, environment)

    def resolve(facts: Facts) -> Terms:
        held = True if applies is None else applies(facts)
        return Terms(limit=limit, least=least, calendars=calendars, applies=held, limit_from="")

    return TermsProgram(
        resolve=resolve,
        fields=fields_of(standard) | places_of(standard, environment),
        reads_time=reads_time(standard),
    )


def placed(calendar: Calendar, facts: Facts) -> Calendar | Missing:
    """Return a calendar whose zone is the case's (`timezone: $zone`), with that zone; or what is missing.

    One case without a usable zone is that case's trouble alone: its verdict is unknown. A calendar that never closes
    stays as it is without one, for lengths of time need none.
    """
    name = zone_field(calendar)
    held = Field(name).evaluate(facts)
    if held is ABSENT:
        return calendar if calendar.is_always else Missing(f"the zone of the case (`{name}`)")
    try:
        return calendar.in_zone(str(held))
    except CalendarError:
        return calendar if calendar.is_always else Missing(f"the zone `{held!s:.40}` of the case (`{name}`)")


def _calendar_of(measure: Measure, calendar: Calendar) -> Calendar | None:
    if isinstance(measure, Ticks):
        return None
    return ALWAYS if measure.wall else calendar


def _rows(
    standard: Standard, override: Override, place: int, *, compiler: LimitCompiler, environment: Environment
) -> Iterator[_Row]:
    agreed = sum(1 for row in standard.override_rows if row.agreement)
    effective = [] if override.effective is None else [effective_at(override.effective, environment)]
    for line in override.lines:
        asked = asked_of(cast("Condition | None", override.when), line.chosen_by)
        when = [*effective, *(condition.compile(environment) for condition in asked)]
        terms = dict(line.sets)
        most = next((terms.pop(name) for name in ("within", "at_most") if name in terms), None)
        least = terms.pop("at_least", None)
        calendar = terms.pop("calendar", None)
        own = place - agreed
        name = f"overrides[{own}]" + (f".{line.path}" if line.path else "")
        yield _Row(
            asked,
            when,
            compiler.compile(standard.read_limit("at_most", most).node) if most is not None else None,
            compiler.compile(standard.read_limit("at_least", least).node) if least is not None else None,
            compiler.book.find(calendar) if calendar is not None else None,
            terms,
            f"agreement {override.agreement}" if override.agreement else name,
            place if override.rows is not None else None,
            (override.level, override.agreement),
        )


def asked_of(when: Condition | None, chosen_by: Mapping[str, object]) -> list[Condition]:
    """Return the conditions of a row of overrides: its own, and that the fields of a table have its values."""
    chosen = [parse_condition(dict(chosen_by))] if chosen_by else []
    return chosen if when is None else [when, *chosen]


def _rivals(agreed: Iterable[tuple[str, str]]) -> list[str]:
    """Return the agreements of one level that all set terms of a case: which of them holds nobody can tell."""
    by_level: dict[str, dict[str, None]] = {}
    for level, name in agreed:
        if name:
            by_level.setdefault(level, {})[name] = None
    return next((list(names) for names in by_level.values() if len(names) > 1), [])


def applies_when(standard: Standard, environment: Environment) -> Decide | None:
    """Return what tells whether a standard holds for a case at its start: its condition, and its dates.

    Args:
        standard: Whose `applies_to` and `effective`.
        environment: What its conditions read.

    Returns:
        A function of the facts; None where it holds for every case.
    """
    parts: list[Decide] = []
    if standard.applies_to is not None:
        parts.append(cast("Condition", standard.applies_to).compile(environment))
    if standard.effective is not None:
        parts.append(effective_at(cast("Effective", standard.effective), environment))
    return every(parts) if parts else None


def effective_at(effective: Effective, environment: Environment) -> Decide:
    """Return what tells whether a start lies between the dates, which are those of the calendar, else of the book."""
    told = {"ge": effective.from_, "lt": effective.until}
    bounds = {name: _as_text(value) for name, value in told.items() if value is not None}
    condition, calendar = parse_condition({"time": bounds}), environment.calendar
    needs_zone = any(moment_from(text, None) is None for text in bounds.values())

    @cache
    def decide_in(timezone: str | None) -> Decide:
        return condition.compile(replace(environment, timezone=timezone))

    if calendar is None or not calendar.is_template or not needs_zone:
        own = None if calendar is None else calendar.zone_name
        return decide_in(own or environment.timezone)

    def decide(facts: Facts) -> bool | None:
        place = placed(calendar, facts)
        zone = None if isinstance(place, Missing) else place.zone_name
        return None if zone is None else decide_in(zone)(facts)

    return decide


def _as_text(value: date | datetime | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def scheduled_reader(at: Expression, environment: Environment) -> Reader:
    """Return what reads the scheduled instant off a case."""

    def read(facts: Facts) -> int | None:
        limit = due_from(at.evaluate(facts, environment), at, environment, exclusive=False)
        return limit.at if isinstance(limit, Due) else None

    return read
