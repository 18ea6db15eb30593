"""The frame that every standard shares."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self, cast

from pydantic import BeforeValidator, model_validator

from servstd.conditions import Condition, ConditionField
from servstd.errors import Problem, StandardsError, listed, unknown_name
from servstd.models import Model, join_path, nested
from servstd.plan.plan import Plan
from servstd.standards.accepted import with_reasons
from servstd.standards.bound import Op
from servstd.standards.exclusion import During, Exclude
from servstd.standards.field_names import NAMES
from servstd.standards.fitting import figures_without_direction
from servstd.standards.limit import LimitText, parse_limit
from servstd.standards.objective import EVERYTHING, NoObjective, Objective, ObjectiveField
from servstd.standards.override import Effective, Override, objectives_said_twice
from servstd.standards.rows import ObjectiveRow, completed
from servstd.standards.selector import Selection, SelectorField
from servstd.standards.source import Source
from servstd.standards.statistic import Bounded
from servstd.standards.surroundings import DayRule, Surroundings
from servstd.standards.tables import misread
from servstd.standards.words import framed

Category = Literal["delivery", "quality"]


class Standard(Model):
    """Hold what every kind of standard has: who it is, for which cases, on which calendar, with which objective."""

    override_terms: ClassVar[tuple[str, ...]] = ()
    """The limits that a row of overrides may set for this kind."""

    id: str
    """Its name in reports and in other standards; unique in the book.

    Examples: `first-reply`
    """
    kind: str
    """Which of the kinds it is.

    Examples: `respond`
    """
    title: str | None = None
    """The promise in one sentence.

    Examples: `Respond to every customer inquiry within 60 minutes`
    """
    description: str | None = None
    """More about it, for people; no verdict depends on it.

    Examples: `Inquiries by telephone have a standard of their own.`
    """
    category: Category | None = None
    """`delivery` (timeliness) or `quality`.

    Examples: `delivery`
    """
    dimension: str | None = None
    """responsiveness, accuracy, professionalism, effectiveness, efficiency, empathy, …

    Examples: `responsiveness`, `accuracy`
    """
    case: Annotated[str | Sequence[str] | None, NAMES] = None
    """The field whose value names the case, or several; the book's when left out.

    Examples: `ticket_id`, `[site_id, day]`
    """
    ends: SelectorField | None = None
    """Events after which the case adds nothing.

    Examples: `ticket.closed`
    """
    applies_to: ConditionField | None = None
    """For which cases it holds; read at the start.

    Examples: `{plan: gold}`, `{priority: [P1, P2], channel: {ne: phone}}`
    """
    calendar: str | None = None
    """The calendar by which time is counted; the book's, else `always`.

    Examples: `office`, `always`
    """
    objective: ObjectiveField | None = None
    """What must be reached over a window: `95% a month`; `none` where it is measured and not promised.

    Examples: `95% a month`, `{share: 95%, window: month, by: [region]}`, `{p90: 40 minutes, window: month}`, `none`
    """
    objectives: Sequence[ObjectiveField] | None = None
    """Several of them.

    Examples: `[{share: 90%, within: 15 seconds, window: month}, {share: 95%, window: month}]`
    """
    severity: str | None = None
    """How grave a breach is, in the words of its owner.

    Examples: `high`
    """
    exclude: Sequence[Annotated[Exclude | Mapping[str, Any], nested(Exclude)]] = ()
    """Cases that are left out, each with its reason.

    Examples: `[{when: {cause: customer}, reason: customer_caused}]`
    """
    overrides: Sequence[Annotated[Override | Mapping[str, Any], nested(Override)]] = ()
    """Other terms for some cases.

    Examples: `[{when: {priority: P1}, within: 1 hour, calendar: always}]`
    """
    day_rule: Annotated[DayRule | Mapping[str, Any] | None, nested(DayRule)] = None
    """How its date limits count.

    Examples: `{cutoff: "14:00", closed_start: next_open}`
    """
    readings: Mapping[str, Mapping[str, Any]] | None = None
    """Where the published words are ambiguous: what each reading of them changes.

    Examples: `{strict: {within: 3 days}, lenient: {within: 5 days}}`
    """
    reading: str | None = None
    """The reading that holds; the report says where the others part from it, in verdicts and in what they decide.

    Examples: `lenient`
    """
    effective: Annotated[Effective | Mapping[str, Any] | None, nested(Effective)] = None
    """From which start on it holds, and until which.

    Examples: `{from: 2026-04-01}`, `{from: 2025-01-01, until: 2026-01-01}`
    """
    source: Annotated[Source | Mapping[str, Any] | None, nested(Source)] = None
    """Where it comes from; the book's when left out.

    Examples: `{citation: 47 CFR 76.309(c)(1)(ii)}`
    """
    owner: str | None = None
    """Who answers for it.

    Examples: `Service desk`
    """
    tags: Sequence[str] = ()
    """Words to find it by.

    Examples: `[phone, regulated]`
    """
    accepted: Annotated[Mapping[str, str], BeforeValidator(with_reasons)] = {}
    """Findings of the lint that its author keeps, each with the reason.

    Examples: `{SV500: the source counts opening hours}`
    """

    @model_validator(mode="after")
    def _one_way_to_say_objectives(self) -> Standard:
        if self.objective is not None and self.objectives is not None:
            raise StandardsError(objectives_said_twice())
        if any(isinstance(one, NoObjective) for one in cast("Sequence[object]", self.objectives or ())):
            raise StandardsError(
                Problem(
                    "SV112",
                    "`none` stands in a list of objectives.",
                    help="write `objective: none` alone, or leave it out.",
                    path="objectives",
                )
            )
        return self

    @model_validator(mode="after")
    def _overrides_set_what_there_is(self) -> Standard:
        if problems := self.override_problems:
            raise StandardsError(problems)
        if self.reading is None and (
            problems := list(figures_without_direction(self.bounded, self.placed_objectives))
        ):
            raise StandardsError(problems)
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

    @property
    def override_problems(self) -> list[Problem]:
        """The problem of each override that sets what this kind does not have, or a name that is read elsewhere."""
        unknown = [
            Problem(
                "SV180",
                f"`{name}` cannot be overridden in a standard of kind `{self.kind}`.",
                help=f"what can be: {listed((*self.override_terms, 'calendar', 'objective'))}.",
                path=f"overrides[{place}]",
            )
            for place, row in enumerate(self.override_rows)
            for name in dict.fromkeys(name for line in row.lines for name in line.sets)
            if name in ("within", "at_least", "at_most") and name not in self.override_terms
        ]
        return [*unknown, *misread(self)]

    @property
    def calendars_named(self) -> Iterator[tuple[str, str]]:
        """The calendars that it names outside of conditions, by place; those of readings that do not hold too."""
        if self.calendar:
            yield "calendar", self.calendar
        for row, override in enumerate(self.override_rows):
            for line in override.lines:
                if "calendar" in line.sets:
                    yield f"{join_path(f'overrides[{row}]', line.path)}.calendar", str(line.sets["calendar"])
        for row, exclude in enumerate(self.exclusions):
            if isinstance(exclude.during, str):
                yield f"exclude[{row}].during", exclude.during
        for name, changed in (self.readings or {}).items():
            if isinstance(changed.get("calendar"), str):
                yield f"readings.{name}.calendar", changed["calendar"]

    def read_as(self, name: str) -> Standard:
        """Return the standard under one of its readings.

        Args:
            name: The reading.
        """
        agreed = [row for row in self.override_rows if row.agreement]
        own = self.model_copy(update={"overrides": self.overrides[len(agreed) :]}) if agreed else self
        written = own.model_dump(by_alias=True, exclude_unset=True)
        changed = dict((self.readings or {})[name])
        return type(self)(**{**written, "readings": None, "reading": None, **changed}).under(agreed)

    def under(self, agreed: Sequence[Override]) -> Self:
        """Return the standard with the terms of agreements before its own.

        Args:
            agreed: What agreements say, the first to count first.

        Raises:
            StandardsError: SV180, a term that this kind does not have.
        """
        if not agreed:
            return self
        made = self.model_copy(update={"overrides": [*agreed, *self.overrides]})
        if problems := made.override_problems:
            raise StandardsError(problems)
        _ = made.objective_rows
        return made

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
    def bounded(self) -> Bounded:
        """What the figures of its objectives are figures of, and which way its own bound points."""
        return Bounded()

    def bounded_between(self, *, least: str, most: Sequence[str], boundary: str) -> Bounded:
        """Return what it measures, by whether it has a lower bound, an upper one, or both; rows of overrides count.

        Args:
            least: The setting of the lower bound.
            most: The settings of the upper bound.
            boundary: Whether reaching the upper bound is still allowed: `inclusive`, `exclusive`.
        """
        told = {name for row in self.override_rows for line in row.lines for name in line.sets}
        told |= {name for name in (least, *most) if getattr(self, name) is not None}
        op: Op = "lt" if boundary == "exclusive" else "le"
        is_least, is_most = least in told, not told.isdisjoint(most)
        return Bounded(None if is_least is is_most else "ge" if is_least else op)

    @property
    def all_objectives(self) -> tuple[Objective, ...]:
        """Its objectives, however they were written."""
        found = self.objectives if self.objectives is not None else [self.objective] if self.objective else []
        told = (one for one in cast("Sequence[object]", found) if isinstance(one, Objective))
        return tuple(one.of_standard(self.bounded) for one in told)

    @property
    def judged_by(self) -> tuple[Objective, ...]:
        """The objectives that decide, under the reading that holds.

        A standard that names none is judged as 100 % of all, so that a book is never green by silence; one that says
        `objective: none` measures, and decides nothing.
        """
        chosen = self.as_chosen
        is_free = isinstance(chosen.objective, NoObjective)
        return chosen.all_objectives or (() if is_free else (EVERYTHING,))

    @property
    def is_judged(self) -> bool:
        """Whether any objective decides something of it: its own, or one of a row of overrides."""
        return bool(self.judged_by) or any(row.objectives for row in self.objective_rows)

    @property
    def objective_rows(self) -> tuple[ObjectiveRow, ...]:
        """The rows of its overrides that set objectives, under the reading that holds; the first that fits holds.

        Raises:
            StandardsError: SV150 to SV154, SV600 to SV608.
        """
        chosen = self.as_chosen
        found = []
        for place, row in enumerate(chosen.override_rows):
            for line in row.lines:
                path = f"overrides[{place}]" + (f".{line.path}" if line.path else "")
                read = [
                    completed(one, f"{path}.{where}", chosen.all_objectives) for where, one in line.objectives
                ]
                objectives = tuple(
                    one.of_standard(chosen.bounded) for one in read if isinstance(one, Objective)
                )
                if read:
                    when = cast("Condition | None", row.when)
                    found.append(
                        ObjectiveRow(path, when, line.chosen_by, row.effective, objectives, row.agreement)
                    )
        return tuple(found)

    @property
    def placed_objectives(self) -> list[tuple[str, Objective]]:
        """Every objective, those of overrides too, each with its path."""
        own = self.as_chosen.all_objectives
        names = (
            ["objective"]
            if self.objectives is None
            else [f"objectives[{place}]" for place in range(len(own))]
        )
        found = list(zip(names, own, strict=False))
        return found + [(row.path, one) for row in self.objective_rows for one in row.objectives]

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
    def unbounded(self) -> Problem | None:
        """The problem of a standard that promises nothing, and would be an indicator; None where it has a bound."""
        return None

    @property
    def has_bounds_in_figures(self) -> bool:
        """Whether each of its objectives brings a bound along, so that it promises something without one of its own."""
        objectives = [one for _, one in self.placed_objectives]
        return bool(objectives) and all(one.bound_of_a_case is not None for one in objectives)

    @property
    def bounding(self) -> Sequence[str]:
        """The names of the settings that bound what it measures, for an indicator to leave out."""
        return ()

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

    @property
    def excluding(self) -> Mapping[str, Selection]:
        """The selectors of its exclusion windows, by their place; their events may be of any case."""
        found: dict[str, Selection] = {}
        for place, row in enumerate(self.exclusions):
            if isinstance(row.during, During) and row.during.from_ is not None:
                found[f"exclude[{place}].during.from"] = cast("Selection", row.during.from_)
                found[f"exclude[{place}].during.to"] = cast("Selection", row.during.to)
        return found

    def promise(self) -> str:
        """Return what the standard's own kind promises, in English, without its frame."""
        raise NotImplementedError

    def sentence(self, book: Surroundings | None = None) -> str:
        """Return the standard as one sentence of English that a manager could sign.

        Args:
            book: Whose case it takes where it names none itself.
        """
        return framed(self, self.case_fields or (book.case if book else ()), book.calendar if book else None)


def fingerprint(standard: Standard, book: Surroundings) -> str:
    """Return a hash of all that decides a standard's verdicts: what its author wrote, defaults and calendars."""
    used = {name: calendar.key for name, calendar in sorted(book.calendars.items())}
    written = standard.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    told = [written, used, book.calendar, book.timezone, list(book.case)]
    if book.segments:  # conditions ask for them by name
        told.append({name: segments.data for name, segments in book.segments.items()})
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]
