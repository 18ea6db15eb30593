"""Which verdicts are left out, and when a clock is held: exclusions by condition, by calendar, by stretches of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, cast

from pydantic import ConfigDict, Field, model_validator

from servstd.calendars.hours import read_clock
from servstd.calendars.recurring import DAY_US, Recurring
from servstd.conditions import Condition, ConditionField, Environment
from servstd.durations import parse_duration
from servstd.errors import CalendarError, Problem, StandardsError
from servstd.models import Model, nested
from servstd.plan.plan import Exclusion
from servstd.standards.field_names import NAMES
from servstd.standards.selector import Selection, SelectorField


class During(Model):
    """Name stretches of time: from one event to another, or those of another standard's broken verdicts."""

    model_config = ConfigDict(populate_by_name=True)
    from_: Annotated[SelectorField | None, Field(alias="from")] = None
    """The event that opens a stretch.

    Examples: `storm.declared`
    """
    to: SelectorField | None = None
    """The event that closes it; it lasts until `as_of` where none does.

    Examples: `storm.ended`
    """
    standard: str | None = None
    """Instead of events: the stretches of this standard's verdicts with `outcome`.

    Examples: `normal-load`
    """
    outcome: Literal["breached", "met"] = "breached"
    """Which of its verdicts are meant.

    Examples: `breached`
    """
    rrule: str | None = None
    """Instead of events: dates that come round (RFC 5545), each with one stretch, as of maintenance.

    Examples: `FREQ=MONTHLY;BYDAY=1SU`
    """
    at: str = "00:00"
    """At which local time a stretch of `rrule` begins.

    Examples: `02:00`
    """
    lasts: str | None = None
    """How long a stretch of `rrule` lasts: a length of time.

    Examples: `4 hours`
    """
    timezone: str | None = None
    """The zone of the dates of `rrule`; the book's when left out.

    Examples: `Europe/London`
    """
    start: str | None = None
    """The date from which `rrule` counts, where it depends on one.

    Examples: `2026-01-04`
    """
    match: Annotated[Sequence[str], NAMES] = ()
    """Fields that the stretch and the case must share; all cases when there are none. Between two events an end finds
    its beginning by them too, and a field that the case does not carry does only that.

    Examples: `[region]`, `[region, incident_id]`
    """

    @model_validator(mode="after")
    def _one_source(self) -> During:
        sources = [one for one in (self.from_, self.standard, self.rrule) if one is not None]
        if len(sources) != 1 or (self.from_ is None) != (self.to is None):
            raise StandardsError(
                Problem(
                    "SV118",
                    "an exclusion window needs `from` and `to`, a `standard`, or an `rrule`.",
                    help="`during: {from: storm.declared, to: storm.ended, match: [region]}`.",
                )
            )
        if verdicts := [
            end for end in (self.from_, self.to) if end is not None and cast("Selection", end).standards
        ]:
            name = min(cast("Selection", verdicts[0]).standards)
            raise StandardsError(
                Problem(
                    "SV118",
                    "a stretch of time begins and ends with events, not with verdicts.",
                    help=f"write `during: {{standard: {name}}}` for the time in which its verdicts are broken.",
                    path="from" if verdicts[0] is self.from_ else "to",
                )
            )
        if problems := self._round_problems():
            raise StandardsError(problems)
        return self

    def _round_problems(self) -> list[Problem]:
        """Name what cannot be meant of stretches that come round."""
        extra = [name for name in ("at", "lasts", "timezone", "start") if name in self.model_fields_set]
        if self.rrule is None:
            help_ = "leave it out."
            return [
                Problem("SV611", f"`{name}` is of windows by `rrule`.", help=help_, path=name)
                for name in extra
            ]
        problems: list[Problem] = []
        if self.match:
            problems.append(
                Problem("SV611", "dates carry no fields to match.", help="leave it out.", path="match")
            )
        if self.lasts is None or parse_duration(self.lasts) == 0:
            problems.append(
                Problem(
                    "SV611", "a window by `rrule` has a length.", help="write `lasts: 4 hours`.", path="lasts"
                )
            )
        read_clock(self.at, "at", problems)
        try:
            Recurring.of(self.rrule, self.timezone or "UTC", self.start)
        except CalendarError as failure:
            problems += [one.at(path="rrule") for one in failure.problems]
        return problems

    def rounds(self, timezone: str | None, first_us: int, last_us: int) -> list[tuple[int, int]]:
        """Return the stretches of `rrule` that touch a span of time, µs.

        Args:
            timezone: The book's zone.
            first_us: The first instant.
            last_us: The last one.

        Raises:
            StandardsError: SV611, nobody names a zone.
        """
        zone = self.timezone or timezone
        if zone is None:
            raise StandardsError(no_zone(str(self.rrule)))
        length = parse_duration(self.lasts)
        clock_us = (read_clock(self.at, "at", []) or 0) * 1_000_000
        dates = Recurring.of(str(self.rrule), zone, self.start)
        starts = [
            dates.zone.utc_us(day * DAY_US + clock_us) for day in dates.days(first_us - length, last_us)
        ]
        return [(start, start + length) for start in starts if start <= last_us and start + length > first_us]

    def sentence(self) -> str:
        """Return it in English."""
        if self.rrule is not None:
            return f"the {self.lasts} from {self.at} on the dates of {self.rrule}"
        shared = f" of the same {' and '.join(self.match)}" if self.match else ""
        if self.standard is not None:
            return f"`{self.standard}` being {self.outcome}{shared}"
        opens, closes = cast("Selection", self.from_), cast("Selection", self.to)
        return f"the time from {opens.sentence()} to {closes.sentence()}{shared}"


def windows_in_no_zone(rows: Sequence[Exclude], timezone: str | None) -> list[Problem]:
    """Return the problem of each exclusion whose dates come round in nobody's zone.

    Args:
        rows: The exclusions of a standard.
        timezone: The book's zone.
    """
    return [
        no_zone(row.during.rrule).at(path=f"exclude[{place}].during")
        for place, row in enumerate(rows)
        if isinstance(row.during, During) and row.during.rrule and not (row.during.timezone or timezone)
    ]


def no_zone(rule: str) -> Problem:
    """Return the problem of dates that come round in nobody's zone."""
    return Problem(
        "SV611",
        f"the dates of `{rule:.40}` are local, and no zone is named.",
        help="write `timezone:` here or for the book.",
    )


class Exclude(Model):
    """Leave verdicts out, for a reason that the report names."""

    when: ConditionField | None = None
    """A condition on the case as last known.

    Examples: `{cause: customer}`
    """
    during: Annotated[During | str | Mapping[str, Any] | None, nested(During)] = None
    """Stretches of time, or the name of a calendar whose open time is meant: a verdict whose clock ran in them.

    Examples: `{from: storm.declared, to: storm.ended, match: [region]}`, `maintenance`
    """
    reason: str = "excluded"
    """What the report says.

    Examples: `force_majeure`
    """
    dated_by: Literal["start", "end", "due"] | None = None
    """With `during`: the instant of the verdict that must lie in that time, instead of any part of its clock.

    Examples: `start`
    """
    effect: Literal["exclude", "pause"] = "exclude"
    """Whether the verdict is left out, or the clock held meanwhile.

    Examples: `pause`
    """

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
        if self.dated_by is not None and (self.during is None or self.effect == "pause"):
            raise StandardsError(
                Problem(
                    "SV118",
                    "`dated_by` says which instant must lie in a stretch of time, and here nothing asks for one.",
                    help="leave it out, or name the time: `during: {from: storm.declared, to: storm.ended}`.",
                    path="dated_by",
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


def compile_exclusions(rows: Sequence[Exclude], environment: Environment) -> tuple[Exclusion, ...]:
    """Return a standard's exclusions compiled, in their order."""
    return tuple(_exclusion(row, place, environment) for place, row in enumerate(rows))


def _exclusion(row: Exclude, place: int, environment: Environment) -> Exclusion:
    if row.when is not None:
        return Exclusion(place, row.reason, when=cast("Condition", row.when).compile(environment))
    if isinstance(row.during, str):
        return Exclusion(place, row.reason, calendar=environment.calendars[row.during], dated_by=row.dated_by)
    return Exclusion(place, row.reason, pauses=row.effect == "pause", dated_by=row.dated_by)
