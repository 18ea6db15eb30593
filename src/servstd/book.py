"""A book of standards: the promises, the calendars they count on, and the defaults they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from servstd.agreements import (
    Agreement,
    agreement_problems,
    consequence_problems,
    followed,
    has_hours,
    has_windows,
    layered,
    placed_consequences,
    written_path,
)
from servstd.calendars import Calendar
from servstd.entries import (
    Entry,
    book_html,
    book_text,
    calendars_named,
    claim_entries,
    compiled,
    measure_id,
    measured,
    measured_of,
    members_misread,
    metrics_misread,
    out_of_role,
    promised,
    standards_read,
    tiers_unlike,
    where_read,
)
from servstd.errors import MOST_PROBLEMS, Problem, ServstdError, StandardsError, unknown_name
from servstd.events.options import ReadOptions
from servstd.models import Model, join_path, nested
from servstd.plan.plan import Plan
from servstd.standards import (
    AnyIndicator,
    AnyStandard,
    Metric,
    Published,
    Rollup,
    Source,
    Standard,
    Surroundings,
)
from servstd.standards.accepted import with_reasons
from servstd.standards.consequence import Consequence
from servstd.standards.exclusion import windows_in_no_zone
from servstd.standards.field_names import NAMES
from servstd.standards.objective import windows_without_zone
from servstd.standards.recurrence import RecurrenceSpec
from servstd.standards.rollup import RollupPlan
from servstd.standards.segments import Segments, SegmentsField
from servstd.standards.units import bounds_in_other_units

if TYPE_CHECKING:
    from servstd.events.log import Log
    from servstd.files import Document
    from servstd.lint import Finding


class Book(Model):
    """Hold standards together with what they share; the unit that is loaded, linted and evaluated.

    References are checked when it is made: calendars, standards that read other standards' verdicts, case fields.

    Raises:
        StandardsError: every fault at once, each with its code and path.

    Example:
        >>> from servstd.standards import Respond
        >>> book = Book(standards=[Respond(id="reply", case="ticket_id", start="asked", stop="answered",
        ...                                within="60 minutes")])
        >>> book["reply"].kind
        'respond'
    """

    servstd: Literal[1] = 1
    """The version of the language.

    Examples: `1`
    """
    title: str | None = None
    """What the book is about.

    Examples: `The ticket desk`
    """
    source: Source | None = None
    """Where its standards come from, for those that do not say it themselves.

    Examples: `{citation: 47 CFR 76.309(c)(1)(ii), issuer: FCC, jurisdiction: US}`
    """
    published: Published | None = None
    """How it stands in a catalogue of published standards.

    Examples: `{domain: phone, patterns: [deadline], says: full}`
    """
    case: Annotated[str | Sequence[str] | None, NAMES] = None
    """The field, or fields, whose value names a case, for standards that name none.

    Examples: `ticket_id`, `[site_id, day]`
    """
    calendar: str | None = None
    """The calendar of standards that name none; `always` when left out.

    Examples: `office`
    """
    timezone: str | None = None
    """The zone of dates that have no calendar.

    Examples: `Europe/London`
    """
    calendars: Mapping[str, Calendar] = {}
    """Calendars by name.

    Examples: `{office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:30"}}}`
    """
    events: ReadOptions | None = None
    """How to read the log, so that no flags are needed.

    Examples: `{time: time, event: event, timezone: Europe/London}`
    """
    segments: Mapping[str, SegmentsField] = {}
    """Segments of cases by name, for objectives (`by`) and for every condition of a standard.

    Examples: `{daypart: {breakfast: {time: {open_in: mornings}}, rest: any}}`
    """
    recurrences: Mapping[str, RecurrenceSpec] = {}
    """Dates that come round, by name: `{issue: {rrule: "FREQ=MONTHLY;BYMONTHDAY=15", timezone: Asia/Hong_Kong}}`.

    Examples: `{issue: {rrule: "FREQ=MONTHLY;BYMONTHDAY=15", timezone: Asia/Hong_Kong}}`
    """
    standards: Sequence[
        Annotated[Annotated[AnyStandard, Field(discriminator="kind")], AfterValidator(promised)]
    ] = ()
    """The promises.

    Examples: `[{id: first-reply, kind: respond, start: inquiry.received, stop: reply.sent, within: 60 minutes}]`
    """
    indicators: Sequence[
        Annotated[Annotated[AnyIndicator, Field(discriminator="kind")], AfterValidator(measured)]
    ] = ()
    """What is measured and not promised: a standard without its bound, for metrics, scorecards and other standards'
    clocks to read.

    Examples: `[{id: handling, kind: respond, start: call.answered, stop: call.ended}]`
    """
    agreements: Sequence[Annotated[Agreement | Mapping[str, Any], nested(Agreement)]] = ()
    """What was promised to one customer, or to a segment of them, instead or besides.

    Examples: `[{id: acme-2026, for: {customer: acme}, terms: {first-reply: {within: 30 minutes}}}]`
    """
    consequences: Sequence[Annotated[Consequence | Mapping[str, Any], nested(Consequence)]] = ()
    """What follows from verdicts and windows: payments, labels, claims; it changes none of them.

    Examples: `[{standard: first-reply, flat: 20 GBP, claim: claim.made, claim_within: 28 days}]`
    """
    accepted: Annotated[Mapping[str, str], BeforeValidator(with_reasons)] = {}
    """Findings of the lint that hold for the whole book and are kept, each with the reason.

    Examples: `{SV500: the source counts opening hours}`
    """

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, timezone: str | None) -> str | None:
        if timezone is not None:
            check_zone(timezone)
        return timezone

    @model_validator(mode="after")
    def _everything_named_is_there(self) -> Book:
        problems = list(agreement_problems(self._agreements, self.standards))
        problems += consequence_problems(
            self._placed_consequences,
            followed(self.standards, self._agreements),
            dated=lambda one: bool(self.timezone) or has_hours(one, self.calendar),
            opened=lambda one: has_hours(one, self.calendar),
            windowed=lambda one: has_windows(one, self.standards, self._agreements),
        )
        if problems:
            raise StandardsError(problems)
        problems = [*self._same_ids(), *self._calendars_that_fail(), *self._unknown_calendars()]
        if self.accepted or any(entry.standard.accepted for entry in self.entries):
            from servstd.lint.running import refused_acceptances  # noqa: PLC0415 - knows every sort of finding

            problems += refused_acceptances(self)
        problems += (self._circles() or list(metrics_misread(self.entries))) if not problems else []
        problems += self._plans_that_fail() if not problems else []
        if problems:
            raise StandardsError(problems)
        return self

    def _same_ids(self) -> list[Problem]:
        first: dict[str, str] = {}
        found = []
        for standard, path, _ in self.entries:
            if standard.id in first:
                message = f"`{standard.id}` is the id of `{first[standard.id]}` already."
                help_ = "give each standard an id of its own."
                found.append(Problem("SV107", message, help=help_, path=f"{path}.id"))
            first.setdefault(standard.id, path)
        return found

    def _calendars_that_fail(self) -> list[Problem]:
        found: list[Problem] = []
        for name, calendar in self.calendars.items():
            here = f"calendars.{name}"
            try:
                concrete = calendar.resolve(self.calendars)
            except ServstdError as failure:
                found += [problem.at(path=join_path(here, problem.path)) for problem in failure.problems]
                continue
            found += [problem.at(path=join_path(here, problem.path)) for problem in concrete.problems()]
        return found

    def _unknown_calendars(self) -> list[Problem]:
        known = [*self.calendars, "always"]
        found: list[Problem] = []
        for path, name in self._calendars_named():
            if len(found) > MOST_PROBLEMS:
                break
            if name in self.calendars and path.endswith(".during") and self._is_placed(name):
                found.append(
                    Problem(
                        "SV106",
                        f"`{name}` has the zone of each case, and an exclusion cannot ask for it.",
                        help="give it a `timezone:`, or name another calendar.",
                        path=path,
                    )
                )
            if name not in self.calendars and name != "always":
                found.append(unknown_name("SV103", "calendar", name, known).at(path=path))
        return found

    def _is_placed(self, name: str) -> bool:
        """Whether a calendar's zone is a field of the case: `timezone: $zone`."""
        return str(self.calendars[name].timezone or "").startswith("$")

    def _calendars_named(self) -> list[tuple[str, str]]:
        named = [("calendar", self.calendar)] if self.calendar else []
        for name, segments in cast("Mapping[str, Segments]", self.segments).items():
            for part, condition in segments.conditions:
                named += [(f"segments.{name}.{part}", one) for one in sorted(condition.calendars)]
        for standard, here, _ in self.entries:
            named += [
                (written_path(standard, here, path, self._agreements), name)
                for path, name in calendars_named(standard)
            ]
        for here, consequence in self._placed_consequences:
            for path, condition in consequence.conditions.items():
                named += [(f"{here}.{path}", name) for name in sorted(condition.calendars)]
        return named

    def _circles(self) -> list[Problem]:
        try:
            _ = self.reading_order
        except StandardsError as failure:
            return list(failure.problems)
        return []

    def _plans_that_fail(self) -> list[Problem]:
        """Compile every standard, so that what cannot be compiled is said now."""
        found: list[Problem] = []
        plans: dict[str, Plan | RollupPlan] = {}
        for standard, here, role in self.entries:
            if role == "part":  # those of lists have been asked one by one
                found += [one.at(path=join_path(here, one.path)) for one in out_of_role(standard, role)]
            try:
                plan = compiled(standard, self.surroundings)
            except ServstdError as failure:
                found += [
                    problem.at(path=written_path(standard, here, problem.path, self._agreements))
                    for problem in failure.problems
                ]
                continue
            plans[standard.id] = plan
            found += tiers_unlike(self._placed_consequences, standard, plan)
            calendar = self.surroundings.find(standard.calendar)
            problems = windows_without_zone(standard.placed_objectives, calendar, self.timezone)
            problems += bounds_in_other_units(standard, plan.unit)
            problems += windows_in_no_zone(standard.exclusions, self.timezone)
            found += [problem.at(path=f"{here}.{problem.path}") for problem in problems]
        return [*found, *members_misread(self.entries, plans, self.read_by)]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All that is evaluated: standards in their order, those of agreements, indicators, those in place."""
        found = [
            Entry(layered(one, self._agreements), f"standards[{place}]", "standard")
            for place, one in enumerate(self.standards)
        ]
        found += [
            Entry(one, f"agreements[{place}].standards[{number}]", "standard")
            for place, agreement in enumerate(self._agreements)
            for number, one in enumerate(agreement.own_standards)
        ]
        found += [
            Entry(one, f"indicators[{place}]", "indicator") for place, one in enumerate(self.indicators)
        ]
        waiting = list(found)
        while waiting:
            holder = waiting.pop(0)
            if isinstance(holder.standard, Rollup):
                parts = [
                    Entry(part, f"{holder.path}.{path}", role) for path, part, role in holder.standard.parts
                ]
                found += parts
                waiting = parts + waiting
        return (*found, *claim_entries(found, self._placed_consequences), *measured_of(found))

    def read_by(self, standard: Standard) -> dict[str, str]:
        """Return the ids that a standard reads, each with what is read: of a limited clock a metric reads no limit."""
        told = {name: measure_id(name) for name in standards_read(standard)}
        is_measuring = isinstance(standard, Metric)
        return {
            name: other if is_measuring and other in self.measures else name for name, other in told.items()
        }

    @property
    def judged(self) -> tuple[Standard, ...]:
        """The standards that are judged by their objectives: the book's, then those of its agreements."""
        return tuple(entry.standard for entry in self.entries if entry.role == "standard")

    @property
    def _agreements(self) -> Sequence[Agreement]:
        return cast("Sequence[Agreement]", self.agreements)

    @property
    def all_consequences(self) -> tuple[Consequence, ...]:
        """The book's consequences, then those of its agreements, each for its own cases."""
        return tuple(one for _, one in self._placed_consequences)

    @cached_property
    def _placed_consequences(self) -> list[tuple[str, Consequence]]:
        return list(placed_consequences(cast("Sequence[Consequence]", self.consequences), self._agreements))

    @property
    def owners(self) -> dict[str, str]:
        """The agreement of each standard that an agreement has of its own."""
        return {one.id: agreement.id for agreement in self._agreements for one in agreement.standards}

    @cached_property
    def measures(self) -> frozenset[str]:
        """The ids of its indicators, which are measured and never judged."""
        return frozenset(entry.standard.id for entry in self.entries if entry.role == "indicator")

    @cached_property
    def surroundings(self) -> Surroundings:
        """The defaults and calendars that its standards are compiled within."""
        case = () if self.case is None else (self.case,) if isinstance(self.case, str) else tuple(self.case)
        recurring = {name: one.recurring for name, one in self.recurrences.items()}
        return Surroundings(
            self._resolved_calendars(), self.calendar, self.timezone, case, recurring, self.segments
        )

    def _resolved_calendars(self) -> dict[str, Calendar]:
        """Return the calendars with names in expressions resolved, and the book's zone where one is missing."""
        found = {}
        for name, calendar in self.calendars.items():
            concrete = calendar.resolve(self.calendars)
            has_no_zone = concrete.timezone is None and (concrete.is_template or concrete.is_always)
            if has_no_zone and self.timezone:
                concrete = concrete.in_zone(self.timezone)
            found[name] = concrete
        return found

    @cached_property
    def reading_order(self) -> tuple[int, ...]:
        """The places of the entries, each after those whose verdicts it reads.

        Raises:
            StandardsError: SV108 a standard that is not there, SV182 standards that read each other in a circle.
        """
        place = {entry.standard.id: number for number, entry in enumerate(self.entries)}
        wanted = [sorted(self.read_by(entry.standard).values()) for entry in self.entries]
        problems = [
            unknown_name("SV108", "standard", name, list(place)).at(
                path=where_read(self.entries[number], name)
            )
            for number, names in enumerate(wanted)
            for name in names
            if name not in place
        ]
        if problems:
            raise StandardsError(problems)
        sorter = TopologicalSorter(
            {number: [place[name] for name in names] for number, names in enumerate(wanted)}
        )
        try:
            return tuple(sorter.static_order())
        except CycleError as circle:
            names = [self.entries[number].standard.id for number in circle.args[1]]
            raise StandardsError(
                Problem(
                    "SV182",
                    f"these standards read each other's verdicts in a circle: {' → '.join(names)}.",
                    help="let one of them read events instead.",
                    path=self.entries[circle.args[1][0]].path,
                )
            ) from None

    @cached_property
    def compiled(self) -> tuple[Plan | RollupPlan, ...]:
        """Every entry compiled, in their order."""
        return tuple(compiled(entry.standard, self.surroundings) for entry in self.entries)

    @cached_property
    def plans(self) -> tuple[Plan, ...]:
        """Every standard that reads events compiled, in the order of the entries."""
        return tuple(one for one in self.compiled if isinstance(one, Plan))

    def __getstate__(self) -> dict[Any, Any]:
        """Leave out what is compiled: closures cannot travel, and are made again where they are needed."""
        state = super().__getstate__()
        fields = type(self).model_fields
        return {
            **state,
            "__dict__": {name: value for name, value in state["__dict__"].items() if name in fields},
        }

    def __getitem__(self, standard: str) -> Standard:
        for entry in self.entries:
            if entry.standard.id == standard:
                return entry.standard
        known = [entry.standard.id for entry in self.entries]
        raise KeyError(str(unknown_name("SV108", "standard", standard, known)))

    def __len__(self) -> int:
        return len(self.standards)

    def __repr__(self) -> str:
        return book_text(self.title, self.standards)

    def _repr_html_(self) -> str:
        return book_html(self.title, self.standards, self.surroundings)

    def lint(self, log: Log | None = None) -> tuple[Finding, ...]:
        """Return what loads but cannot be meant, in the order of the book.

        Nothing here changes a verdict. A standard is looked at under each of its readings; what its author has
        accepted (`accepted: {SV500: the source counts opening hours}`) is left out.

        Args:
            log: Events; with them also names and values that never come, and promises that change.

        Returns:
            The findings, each with code, severity, path, remedy and, for a book from a file, `file:line:column`.

        Raises:
            EvaluationError: SV582, the log holds no event.

        Source: `docs/lint.md` has a page for each code.

        Example:
            >>> from servstd.standards import Respond
            >>> office = Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:30"})
            >>> book = Book(case="ticket_id", calendars={"office": office}, standards=[
            ...     Respond(id="fix", start="opened", stop="fixed", within="24 hours", calendar="office")])
            >>> print(book.lint()[0].message)
            `24 hours` on `office`, which is open 8h 30m a day, are 2.8 working days.
        """
        from servstd.lint import lint  # noqa: PLC0415 - only where it is asked for

        found = lint(self, log)
        document = self.document
        return tuple(one.at(where=document.where(one.path)) if document else one for one in found)

    @property
    def document(self) -> Document | None:
        """The file it was read from, which knows where everything stands; None for a book made in Python."""
        return self.__dict__.get("_document")

    def to_yaml(self) -> str:
        """Return the book as YAML, in its author's spelling: it loads to an equal book."""
        from servstd.files.yaml_writer import dump_yaml  # noqa: PLC0415 - loads PyYAML

        data = self.model_dump(by_alias=True, exclude_unset=True)
        for name, held in (("standards", self.standards), ("indicators", self.indicators)):
            if held:  # an object knows its kind without being told, a file does not
                pairs = zip(held, data[name], strict=True)
                data[name] = [{"id": one.id, "kind": one.kind, **written} for one, written in pairs]
        return dump_yaml(data)


def check_zone(name: str) -> None:
    """Refuse a zone that the time zone data does not have.

    Raises:
        StandardsError: SV109, with the closest name.
    """
    from servstd.calendars.zones import zone_named  # noqa: PLC0415 - reads the zone data

    zone_named(name)
