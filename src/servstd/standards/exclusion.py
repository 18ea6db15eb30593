"""Which verdicts are left out, and when a clock is held: exclusions by condition, by calendar, by stretches of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, cast

from pydantic import ConfigDict, Field, model_validator

from servstd.conditions import Condition, ConditionField, Environment
from servstd.errors import Problem, StandardsError
from servstd.models import Model, nested
from servstd.plan.plan import Exclusion
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
    match: Sequence[str] = ()
    """Fields that the stretch and the case must share; all cases when there are none.

    Examples: `[region]`
    """

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
        return Exclusion(place, row.reason, calendar=environment.calendars[row.during])
    return Exclusion(place, row.reason, pauses=row.effect == "pause")
