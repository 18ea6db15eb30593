"""Other terms for some cases: overrides, tables of them, extensions, and from when to when they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict, Field, PrivateAttr, model_validator

from servstd.conditions import ConditionField
from servstd.errors import Problem, StandardsError
from servstd.expressions.values import moment_from
from servstd.models import Model, shown
from servstd.standards.field_names import NAMES
from servstd.standards.limit import LimitField, LimitText
from servstd.standards.selector import SelectorField


class Effective(Model):
    """From which start on, and until which, something holds; `until` is exclusive.

    Dates are those of the calendar's zone, else of the book's; in the zone of the case where the calendar is there.

    Raises:
        StandardsError: SV118 neither of them, SV142 what is no date and no instant.
    """

    model_config = ConfigDict(populate_by_name=True)
    from_: Annotated[date | datetime | str | None, Field(alias="from")] = None
    """The first start for which it holds.

    Examples: `2026-04-01`
    """
    until: date | datetime | str | None = None
    """The first start for which it holds no longer.

    Examples: `2027-04-01`
    """

    @model_validator(mode="before")
    @classmethod
    def _can_be_read(cls, data: Any) -> Any:
        """Look at what is written: a number would pass for the seconds since 1970."""
        if not isinstance(data, Mapping):
            return data
        told = {name: data[name] for name in ("from", "from_", "until") if data.get(name) is not None}
        problems = [
            Problem(
                "SV142",
                f"`{one if isinstance(one, str) else shown(one):.60}` is neither a date nor an instant.",
                help="write `2026-04-01`, or `2026-04-01T09:00Z`.",
                path=name,
            )
            for name, one in told.items()
            if not (isinstance(one, date) or (isinstance(one, str) and moment_from(one, "UTC") is not None))
        ]
        if not told and not data.keys() - {"from", "from_", "until"}:
            help_ = "write `{from: 2026-04-01}`, or leave it out."
            problems = [Problem("SV118", "`effective` names no date.", help=help_)]
        if problems:
            raise StandardsError(problems)
        return data


class Override(Model):
    """Change terms for some cases: one row with a condition, or a table of them.

    The first row that sets a term wins, and each term is taken from the first row that sets it. With a table, a case
    that no row fits is one to which the standard does not apply.
    """

    when: ConditionField | None = None
    """A condition on the case at its start, and again when its fields change.

    Examples: `{priority: P1}`
    """
    within: LimitField | None = None
    """Another limit.

    Examples: `1 hour`
    """
    calendar: str | None = None
    """Another calendar.

    Examples: `always`
    """
    at_least: str | int | Decimal | float | None = None
    """Another lower bound.

    Examples: `2`
    """
    at_most: str | int | Decimal | float | None = None
    """Another upper bound.

    Examples: `5`
    """
    objective: str | Mapping[str, Any] | None = None
    """Another objective; what it leaves out is that of the standard's own.

    Examples: `{share: 99%}`, `99% a month`, `none`
    """
    objectives: Sequence[str | Mapping[str, Any]] | None = None
    """Several of them.

    Examples: `[{share: 90%, window: quarter}, {median: 30 minutes, window: quarter}]`
    """
    effective: Effective | None = None
    """From and until which start it holds.

    Examples: `{from: 2026-04-01}`
    """
    by: Annotated[str | Sequence[str] | None, NAMES] = None
    """The fields that choose a row of the table.

    Examples: `[plan, severity]`
    """
    set: Annotated[str | Sequence[str] | None, NAMES] = None
    """The terms that the rest of a row sets; other names become fields that limits read: `within: $days days`.

    Examples: `[within, calendar]`
    """
    rows: Sequence[Sequence[str | int | Decimal | float | bool]] | None = None
    """Values of the `by` fields (`any` fits all), then those of the `set` terms.

    Examples: `[[gold, 1, 15 minutes, always], [any, 1, 4 hours, office]]`
    """

    _agreed: tuple[str, str] = PrivateAttr(default=("", ""))

    @property
    def agreement(self) -> str:
        """The agreement that it is of; empty where the standard itself says it."""
        return self._agreed[0]

    @property
    def level(self) -> str:
        """The level of that agreement: `specification`, `customer` or `segment`."""
        return self._agreed[1]

    def of_agreement(self, name: str, level: str) -> Override:
        """Return it as what an agreement says."""
        made = self.model_copy()
        made._agreed = (name, level)  # noqa: SLF001 - a copy of itself
        return made

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
        if self.objective is not None and self.objectives is not None:
            raise StandardsError(objectives_said_twice())
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
            return [OverrideLine("", {}, told, self._objectives)]
        keys, terms = _listed(self.by), _listed(self.set)
        found = []
        for place, row in enumerate(self.rows):
            chosen = {key: value for key, value in zip(keys, row, strict=False) if value != "any"}
            sets = dict(zip(terms, row[len(keys) :], strict=True))
            own = (("objective", sets.pop("objective")),) if "objective" in sets else self._objectives
            found.append(OverrideLine(f"rows[{place}]", chosen, sets, own))
        return found

    @property
    def _objectives(self) -> tuple[tuple[str, object], ...]:
        """What is written as objectives, each with its place."""
        one = (("objective", self.objective),) if self.objective is not None else ()
        return (*one, *((f"objectives[{place}]", each) for place, each in enumerate(self.objectives or ())))


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """Hold one row of overrides: where it stands, the values that choose it, what it sets."""

    path: str
    chosen_by: Mapping[str, object]
    sets: Mapping[str, Any]
    objectives: tuple[tuple[str, object], ...] = ()
    """The objectives that it sets, as written, each with its place."""


def _listed(names: Sequence[str] | str | None) -> list[str]:
    return [] if names is None else [names] if isinstance(names, str) else list(names)


class Extend(Model):
    """Give a running clock a second limit, from the same start, if the event comes before the first is exceeded.

    A reset, or a later start under `recurs: latest`, ends the extension: it counted from a start that is no more.
    """

    event: SelectorField
    """What extends it.

    Examples: `response.holding`
    """
    within: LimitField | None = None
    """The new limit, from the same start; a field may be the event's own: `$days business days`, `$until`.

    Examples: `35 business days`, `$until`
    """
    by: LimitField | None = None
    """Instead: how much is added to the first limit.

    Examples: `5 business days`
    """
    times: Annotated[int, Field(ge=1, le=100)] = 1
    """How often it may be extended.

    Examples: `2`
    """

    @model_validator(mode="after")
    def _one_limit(self) -> Extend:
        if (self.within is None) == (self.by is None):
            raise StandardsError(
                Problem(
                    "SV118", "an extension needs either `within` or `by`.", help="`within: 35 business days`."
                )
            )
        return self


def objectives_said_twice() -> Problem:
    """Return the problem of a standard, or of a row of overrides, that has both `objective` and `objectives`."""
    return Problem(
        "SV112",
        "both `objective` and `objectives` are given.",
        help="move the one into the list.",
        path="objective",
    )


def beside_overrides(rows: Sequence[Override], names: Sequence[str]) -> str:
    """Return what to write where only overrides set a bound that the standard itself lacks; empty where none does.

    Args:
        rows: The overrides.
        names: The bounds: `within`; `at_least` and `at_most`.
    """
    set_by = [
        (row, name, line.sets[name])
        for row in rows
        for line in row.lines
        for name in names
        if name in line.sets
    ]
    if not set_by:
        return ""
    row, name, value = set_by[-1]
    value = value.data if isinstance(value, LimitText) else value
    if row.rows is not None:
        return (
            f"the table sets `{name}` for the cases that its rows fit, and no other case is judged. "
            f"Write one beside it as well: `{name}: {value}`."
        )
    others = f"`{name}: none` where they have no limit" if name == "within" else "as a bound that they keep"
    return (
        f"the overrides set `{name}` for some cases. Write it for all others: `{name}: {value}`, or {others}."
    )
