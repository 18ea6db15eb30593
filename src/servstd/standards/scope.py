"""Scopes: the stretches of a case in which anything counts, and the calendar windows that cut it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, cast

from servstd.calendars import ALWAYS, Calendar
from servstd.calendars.windows import Windows
from servstd.conditions import Condition, Environment, parse_condition
from servstd.errors import Problem, StandardsError
from servstd.models import Spelled
from servstd.plan.plan import Scope
from servstd.standards.selector import Selection, parse_selection
from servstd.standards.surroundings import Surroundings

Per = Literal["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class While:
    """Hold a scope: `{from: sign.on, to: sign.off}`, or a condition on the case's fields.

    Args:
        data: What the author wrote.
        opens: The event that opens a stretch.
        closes: The event that closes it.
        holds: Instead: the condition.
    """

    data: Mapping[str, Any]
    opens: Selection | None = None
    closes: Selection | None = None
    holds: Condition | None = None

    @property
    def selections(self) -> dict[str, Selection]:
        """Its selectors, by place."""
        found = {"while.from": self.opens, "while.to": self.closes}
        return {place: selection for place, selection in found.items() if selection is not None}

    def sentence(self) -> str:
        """Return it in English."""
        if self.holds is not None:
            return f"while {self.holds.sentence()}"
        opens, closes = cast("Selection", self.opens), cast("Selection", self.closes)
        return f"from {opens.sentence()} to {closes.sentence()}"


def parse_while(data: object) -> While:
    """Read a scope.

    Raises:
        StandardsError: SV118 for anything else.

    Example:
        >>> parse_while({"from": "sign.on", "to": "sign.off"}).sentence()
        'from sign on to sign off'
    """
    if isinstance(data, While):
        return data
    if not isinstance(data, Mapping):
        raise StandardsError(
            Problem(
                "SV118",
                "`while` needs `from` and `to`, or a condition.",
                help="`{from: sign.on, to: sign.off}`.",
            )
        )
    told = cast("Mapping[str, Any]", data)
    if set(told) == {"from", "to"}:
        return While(told, parse_selection(told["from"]), parse_selection(told["to"]))
    return While(told, holds=parse_condition(told))


WhileField: TypeAlias = Annotated[
    Mapping[str, Any],
    Spelled(parse_while, lambda scope: scope.data, "while"),
]
"""A model's field that takes a scope under mypy, and holds a `While`."""


def compile_scope(scope: While | None, environment: Environment) -> Scope | None:
    """Return a scope compiled."""
    if scope is None:
        return None
    if scope.holds is not None:
        return Scope(holds=scope.holds.compile(environment))
    opens, closes = cast("Selection", scope.opens), cast("Selection", scope.closes)
    return Scope(opens.compile_any(environment), closes.compile_any(environment))


def windows_of(per: Per | None, book: Surroundings, calendar: Calendar) -> Windows | None:
    """Return the calendar windows of `per`, in the zone of the calendar or the book.

    Raises:
        StandardsError: SV106, neither has a zone.
    """
    if per is None:
        return None
    zone = book.timezone if calendar is ALWAYS or calendar.is_template else calendar.timezone
    if zone is None:
        raise StandardsError(
            Problem(
                "SV106",
                f"`per: {per}` needs a zone: there is neither a calendar nor a `timezone`.",
                help="write `timezone: Europe/London` in the book.",
                path="per",
            )
        )
    return Windows(per, zone)
