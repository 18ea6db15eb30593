"""The frame that every standard shares, and what it is compiled within."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from pydantic import ConfigDict, Field, model_validator

from servstd.calendars import ALWAYS, Calendar
from servstd.calendars.recurring import BUILT_IN, Recurring
from servstd.conditions import Condition, ConditionField, Environment
from servstd.errors import Problem, StandardsError
from servstd.models import Model, join_path, nested, unknown_name
from servstd.plan.plan import Exclusion, Plan
from servstd.standards.limit import LimitField, LimitText, parse_limit
from servstd.standards.objective import Objective, ObjectiveField
from servstd.standards.selector import Selection, SelectorField

Category = Literal["delivery", "quality"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Be what a standard is compiled within: the book's defaults and its calendars.

    Args:
        calendars: Calendars by name; `always` is always there.
        calendar: The name of the book's default calendar, or None for `always`.
        timezone: The zone of dates and times that name none.
        case: The book's case fields.
        recurrences: Recurring dates by name.
    """

    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    calendar: str | None = None
    timezone: str | None = None
    case: tuple[str, ...] = ()
    recurrences: Mapping[str, Recurring] = field(default_factory=dict)

    def recurring(self, name: str) -> Recurring:
        """Return a recurrence by name: the book's, or `month_end`, `quarter_end`, `year_end` in its zone.

        Raises:
            StandardsError: SV183 no such recurrence; SV106 a built-in one without a zone.
        """
        if name in self.recurrences:
            return self.recurrences[name]
        if name not in BUILT_IN:
            known = [*self.recurrences, *BUILT_IN]
            raise StandardsError(unknown_name("SV183", "recurrence", name, known).at(path="within.next"))
        if self.timezone is None:
            raise StandardsError(
                Problem(
                    "SV106",
                    f"`{name}` needs a zone.",
                    help="write `timezone:` in the book.",
                    path="within.next",
                )
            )
        return Recurring.of(BUILT_IN[name], self.timezone)

    def find(self, name: str | Calendar | None) -> Calendar:
        """Return a calendar by name, the book's default for None.

        Raises:
            StandardsError: SV103, no such calendar.
        """
        if isinstance(name, Calendar):
            return name
        name = name or self.calendar or "always"
        if name == "always":
            return ALWAYS
        if name not in self.calendars:
            known = [*self.calendars, "always"]
            raise StandardsError(unknown_name("SV103", "calendar", name, known).at(path="calendar"))
        return self.calendars[name]

    def environment(self, calendar: Calendar | None, day_rule: DayRule | None = None) -> Environment:
        """Return what conditions of a standard on this calendar read, dates before or after an instant among it."""
        calendars = {"always": ALWAYS, **self.calendars}
        zone = self.timezone or (calendar.timezone if calendar and calendar is not ALWAYS else None)
        rule = day_rule.model_dump(exclude_unset=True) if day_rule else {}
        return Environment(calendars, calendar, zone, rule)


class Source(Model):
    """Say where a standard comes from."""

    citation: str = ""
    """The paragraph: `47 CFR 76.309(c)(1)(ii)`."""
    url: str = ""
    """Where to read it."""


class Effective(Model):
    """Say from which start on, and until which, something holds; dates are local, `until` is exclusive."""

    model_config = ConfigDict(populate_by_name=True)
    from_: Annotated[date | datetime | str | None, Field(alias="from")] = None
    until: date | datetime | str | None = None


class During(Model):
    """Name stretches of time: from one event to another, or those of another standard's broken verdicts."""

    model_config = ConfigDict(populate_by_name=True)
    from_: Annotated[SelectorField | None, Field(alias="from")] = None
    """The event that opens a stretch."""
    to: SelectorField | None = None
    """The event that closes it; it lasts until `as_of` where none does."""
    standard: str | None = None
    """Instead of events: the stretches of this standard's verdicts with `outcome`."""
    outcome: Literal["breached", "met"] = "breached"
    match: Sequence[str] = ()
    """Fields that the stretch and the case must share; all cases when there are none."""

    @model_validator(mode="after")
    def _one_source(self) -> During:
        if (self.from_ is None) == (self.standard is None) or (self.from_ is None) != (self.to is None):
            raise StandardsError(
                Problem(
                    "SV118",
                    "an exclusion window needs `from` and `to`, or a `standard`.",
                    help="`during: {from: storm.declared, to: storm.ended, match: [region]}`.",
                )
            )
        return self

    def sentence(self) -> str:
        """Return it in English."""
        shared = f" of the same {' and '.join(self.match)}" if self.match else ""
        if self.standard is not None:
            return f"`{self.standard}` being {self.outcome}{shared}"
        opens, closes = cast("Selection", self.from_), cast("Selection", self.to)
        return f"the time from {opens.sentence()} to {closes.sentence()}{shared}"


class Exclude(Model):
    """Leave verdicts out, for a reason that the report names."""

    when: ConditionField | None = None
    """A condition on the case as last known."""
    during: Annotated[During | str | Mapping[str, Any] | None, nested(During)] = None
    """Stretches of time, or the name of a calendar whose open time is meant: a verdict whose clock ran in them."""
    reason: str = "excluded"
    """What the report says."""
    effect: Literal["exclude", "pause"] = "exclude"
    """Whether the verdict is left out, or the clock held meanwhile."""

    @model_validator(mode="after")
    def _one_cause(self) -> Exclude:
        if (self.when is None) == (self.during is None):
            raise StandardsError(
                Problem(
                    "SV118",
                    "an exclusion needs either `when` or `during`.",
                    help="`when: {cause: customer}`.",
                )
            )
        if self.effect == "pause" and not isinstance(self.during, During):
            raise StandardsError(
                Problem(
                    "SV118",
                    "`effect: pause` holds the clock during windows between events.",
                    help="to hold it on a calendar, take that calendar off the standard's own: `office - closed`.",
                    path="effect",
                )
            )
        return self


class Override(Model):
    """Change terms for some cases: one row with a condition, or a table of them.

    The first row that sets a term wins, and each term is taken from the first row that sets it. With a table, a case
    that no row fits is one to which the standard does not apply.
    """

    when: ConditionField | None = None
    """A condition on the case at its start, and again when its fields change."""
    within: LimitField | None = None
    calendar: str | None = None
    at_least: str | int | float | None = None
    at_most: str | int | float | None = None
    effective: Effective | None = None
    """From and until which start it holds."""
    by: Sequence[str] | str | None = None
    """The fields that choose a row of the table."""
    set: Sequence[str] | str | None = None
    """The terms that the rest of a row sets; other names become fields, `$name`."""
    rows: Sequence[Sequence[str | int | float | bool]] | None = None
    """Values of the `by` fields (`any` fits all), then those of the `set` terms."""

    @model_validator(mode="after")
    def _one_form(self) -> Override:
        table = [self.by, self.set, self.rows]
        if any(part is not None for part in table) and (None in table or self.when is not None):
            raise StandardsError(
                Problem(
                    "SV180",
                    "a table of overrides needs `by`, `set` and `rows`, and no `when`.",
                    help="`{by: [plan, severity], set: [within], rows: [[gold, 1, 15 minutes], [any, 1, 4 hours]]}`.",
                )
            )
        if self.rows is None and self.when is None and self.effective is None:
            raise StandardsError(
                Problem(
                    "SV180",
                    "an override without a condition is the standard itself.",
                    help="give it `when:`.",
                )
            )
        width = len(_listed(self.by)) + len(_listed(self.set))
        problems = [
            Problem(
                "SV180",
                f"a row of {len(row)} values in a table of {width} columns.",
                help=f"write the {width} values of {', '.join([*_listed(self.by), *_listed(self.set)])}.",
                path=f"rows[{place}]",
            )
            for place, row in enumerate(self.rows or ())
            if len(row) != width
        ]
        if problems:
            raise StandardsError(problems)
        return self

    @property
    def lines(self) -> list[OverrideLine]:
        """Every row: the values that choose it, and what it sets."""
        if self.rows is None:
            names = ("within", "calendar", "at_least", "at_most")
            told = {name: value for name in names if (value := getattr(self, name)) is not None}
            return [OverrideLine("", {}, told)]
        keys, terms = _listed(self.by), _listed(self.set)
        return [
            OverrideLine(
                f"rows[{place}]",
                {key: value for key, value in zip(keys, row, strict=False) if value != "any"},
                dict(zip(terms, row[len(keys) :], strict=True)),
            )
            for place, row in enumerate(self.rows)
        ]


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """Hold one row of overrides: where it stands, the values that choose it, what it sets."""

    path: str
    chosen_by: Mapping[str, object]
    sets: Mapping[str, Any]


def _listed(names: Sequence[str] | str | None) -> list[str]:
    return [] if names is None else [names] if isinstance(names, str) else list(names)


class Extend(Model):
    """Give a running clock a second limit, from the same start, if the event comes before the first is broken."""

    event: SelectorField
    """What extends it."""
    within: LimitField | None = None
    """The new limit, from the same start."""
    by: LimitField | None = None
    """Instead: how much is added to the first limit."""
    times: Annotated[int, Field(ge=1, le=100)] = 1
    """How often it may be extended."""

    @model_validator(mode="after")
    def _one_limit(self) -> Extend:
        if (self.within is None) == (self.by is None):
            raise StandardsError(
                Problem(
                    "SV118", "an extension needs either `within` or `by`.", help="`within: 35 business days`."
                )
            )
        return self


class DayRule(Model):
    """Say how the standard's date limits count; every standard with dates should.

    The words are those of `servstd.Calendar.due`.
    """

    cutoff: str | None = None
    """A later start is the next open date's opening: `14:00`."""
    early_start: Literal["same", "open"] = "same"
    """A start before opening on an open date: it keeps its clock time, or moves to the opening."""
    closed_start: Literal["same", "next_open", "next_day", "previous_day"] = "same"
    """A start on a closed date."""
    day_one: Literal["next", "same"] = "next"
    """Whether the day after the start is day 1, or the day of the start."""
    roll: Literal["none", "forward", "backward"] = "none"
    """Where a due date goes that falls on a closed date."""
    ends: str = "end_of_day"
    """`end_of_day` (exclusive), `close_of_business`, `same_time` or a clock time (inclusive)."""


class Standard(Model):
    """Hold what every kind of standard has: who it is, for which cases, on which calendar, with which objective."""

    id: str
    """Its name in reports and in other standards; unique in the book."""
    kind: str
    """Which of the kinds it is."""
    title: str | None = None
    """The promise in one sentence."""
    description: str | None = None
    category: Category | None = None
    """`delivery` (timeliness) or `quality`."""
    dimension: str | None = None
    """responsiveness, accuracy, professionalism, effectiveness, efficiency, empathy, …"""
    case: str | Sequence[str] | None = None
    """The field whose value names the case, or several; the book's when left out."""
    ends: SelectorField | None = None
    """Events after which the case adds nothing."""
    applies_to: ConditionField | None = None
    """For which cases it holds; read at the start."""
    calendar: str | None = None
    """The calendar by which time is counted; the book's, else `always`."""
    objective: ObjectiveField | None = None
    """What share must be met over a window: `95% a month`."""
    objectives: Sequence[ObjectiveField] | None = None
    """Several of them."""
    severity: str | None = None
    exclude: Sequence[Annotated[Exclude | Mapping[str, Any], nested(Exclude)]] = ()
    """Cases that are left out, each with its reason."""
    overrides: Sequence[Annotated[Override | Mapping[str, Any], nested(Override)]] = ()
    """Other terms for some cases."""
    day_rule: Annotated[DayRule | Mapping[str, Any] | None, nested(DayRule)] = None
    """How its date limits count."""
    readings: Mapping[str, Mapping[str, Any]] | None = None
    """Where the published words are ambiguous: what each reading of them changes."""
    reading: str | None = None
    """The reading that holds; the report counts where the others part from it."""
    effective: Annotated[Effective | Mapping[str, Any] | None, nested(Effective)] = None
    source: Annotated[Source | Mapping[str, Any] | None, nested(Source)] = None
    owner: str | None = None
    tags: Sequence[str] = ()

    @model_validator(mode="after")
    def _one_way_to_say_objectives(self) -> Standard:
        if self.objective is not None and self.objectives is not None:
            raise StandardsError(
                Problem(
                    "SV112",
                    "both `objective` and `objectives` are given.",
                    help="move the one into the list.",
                    path="objective",
                )
            )
        return self

    @model_validator(mode="after")
    def _readings_can_be_read(self) -> Standard:
        if (self.readings is None) != (self.reading is None):
            raise StandardsError(
                Problem(
                    "SV184",
                    "`readings` and `reading` belong together.",
                    help="say which reading holds: `reading: lenient`.",
                )
            )
        if self.readings is None or self.reading is None:
            return self
        if self.reading not in self.readings:
            raise StandardsError(
                unknown_name("SV184", "reading", self.reading, list(self.readings)).at(path="reading")
            )
        for name in self.readings:
            try:
                self.read_as(name)
            except StandardsError as failure:
                raise StandardsError(
                    [one.at(path=join_path(f"readings.{name}", one.path)) for one in failure.problems]
                ) from None
        return self

    def read_as(self, name: str) -> Standard:
        """Return the standard under one of its readings.

        Args:
            name: The reading.
        """
        written = self.model_dump(by_alias=True, exclude_unset=True)
        changed = dict((self.readings or {})[name])
        return type(self)(**{**written, "readings": None, "reading": None, **changed})

    @property
    def as_chosen(self) -> Standard:
        """The standard under the reading that holds; itself where there is one reading only."""
        return self.read_as(self.reading) if self.reading is not None else self

    @property
    def case_fields(self) -> tuple[str, ...]:
        """Its own case fields; empty when it takes the book's."""
        if self.case is None:
            return ()
        return (self.case,) if isinstance(self.case, str) else tuple(self.case)

    @property
    def all_objectives(self) -> tuple[Objective, ...]:
        """Its objectives, however they were written."""
        found = self.objectives if self.objectives is not None else [self.objective] if self.objective else []
        return tuple(cast("Objective", one) for one in found)

    def read_limit(self, name: str, written: Any) -> LimitText:  # noqa: ARG002 - a kind may tell them apart
        """Return a limit of this kind as read, in the standard itself or in an override.

        Args:
            name: Which: `within`, `at_least`, `at_most`.
            written: What the author wrote.
        """
        return parse_limit(written)

    def case_in(self, book: Surroundings) -> tuple[str, ...]:
        """Return the case fields, the book's where the standard names none.

        Raises:
            StandardsError: SV105, neither names a case.
        """
        found = self.case_fields or book.case
        if not found:
            raise StandardsError(
                Problem(
                    "SV105",
                    f"`{self.id}` does not say what a case is.",
                    help="write `case: ticket_id`, here or for the whole book.",
                    path="case",
                )
            )
        return found

    def plan(self, book: Surroundings) -> Plan:
        """Return the standard compiled.

        Args:
            book: The defaults and calendars it is compiled within.

        Raises:
            StandardsError: something it names is not there.
        """
        raise NotImplementedError

    @property
    def exclusions(self) -> tuple[Exclude, ...]:
        """Its exclusions as read."""
        return tuple(cast("Exclude", row) for row in self.exclude)

    @property
    def override_rows(self) -> tuple[Override, ...]:
        """Its overrides as read."""
        return tuple(cast("Override", row) for row in self.overrides)

    @property
    def counting_rule(self) -> DayRule:
        """How its date limits count, the defaults where it does not say."""
        return cast("DayRule", self.day_rule) if self.day_rule is not None else DayRule()

    @property
    def selections(self) -> Mapping[str, Selection]:
        """Every selector it holds, by its place."""
        return {
            name: value
            for name in type(self).model_fields
            if isinstance(value := getattr(self, name), Selection)
        }

    def promise(self) -> str:
        """Return what the standard's own kind promises, in English, without its frame."""
        raise NotImplementedError

    def sentence(self, book: Surroundings | None = None) -> str:
        """Return the standard as one sentence of English that a manager could sign.

        Args:
            book: Whose case it takes where it names none itself.
        """
        return framed(self, self.case_fields or (book.case if book else ()))


def framed(standard: Standard, case: tuple[str, ...]) -> str:
    """Return a promise with all that its frame says: for which cases, on which hours, but for whom, how often."""
    who = f"For each {' and '.join(name.replace('_', ' ') for name in case)}" if case else "For each case"
    if standard.applies_to is not None:
        who += f" where {cast('Condition', standard.applies_to).sentence()}"
    said = [f"{who}: {standard.as_chosen.promise()}"]
    if standard.calendar:
        said.append(f"counted on the calendar `{standard.calendar}`")
    said += [_override_words(standard, row) for row in standard.override_rows]
    said += [f"but not {_exclusion_words(row)}" for row in standard.exclusions]
    if standard.ends is not None:
        said.append(f"until {cast('Selection', standard.ends).sentence()} ends the case")
    said += [f"of these, {one} must be met" for one in standard.all_objectives]
    return "; ".join(said) + "."


def _override_words(standard: Standard, row: Override) -> str:
    told = []
    for line in row.lines:
        parts = [cast("Condition", row.when).sentence()] if row.when is not None else []
        parts += [f"{name.replace('_', ' ')} is {value}" for name, value in line.chosen_by.items()]
        where = f"where {' and '.join(parts)}" if parts else "otherwise"
        told.append(f"{_set_words(standard, line.sets)} {where}")
    return "but " + ", ".join(told)


def _set_words(standard: Standard, sets: Mapping[str, Any]) -> str:
    words = []
    for name, value in sets.items():
        if name == "calendar":
            words.append(f"on the calendar `{value}`")
        elif name in ("within", "at_least", "at_most"):
            words.append(f"{name.replace('_', ' ')} {standard.read_limit(name, value).sentence()}")
        else:
            words.append(f"{name.replace('_', ' ')} {value}")
    return " ".join(words)


def _exclusion_words(row: Exclude) -> str:
    if row.when is not None:
        where = f"where {cast('Condition', row.when).sentence()}"
    elif isinstance(row.during, During):
        where = f"during {row.during.sentence()}"
    else:
        where = f"during the open hours of `{row.during}`"
    held = ", when the clock stands still" if row.effect == "pause" else ""
    return f"{where}{held} ({row.reason.replace('_', ' ')})"


def compile_exclusions(standard: Standard, environment: Environment) -> tuple[Exclusion, ...]:
    """Return a standard's exclusions compiled, in their order."""
    return tuple(_exclusion(row, place, environment) for place, row in enumerate(standard.exclusions))


def _exclusion(row: Exclude, place: int, environment: Environment) -> Exclusion:
    if row.when is not None:
        return Exclusion(place, row.reason, when=cast("Condition", row.when).compile(environment))
    if isinstance(row.during, str):
        return Exclusion(place, row.reason, calendar=environment.calendars[row.during])
    return Exclusion(place, row.reason, pauses=row.effect == "pause")


def fingerprint(standard: Standard, book: Surroundings) -> str:
    """Return a hash of all that decides a standard's verdicts: what its author wrote, defaults and calendars."""
    used = {name: calendar.key for name, calendar in sorted(book.calendars.items())}
    written = standard.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    told = [written, used, book.calendar, book.timezone, list(book.case)]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]
