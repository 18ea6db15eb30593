"""What the terms of a standard depend on: fields of the case, the time of its start, instants that were promised."""

from __future__ import annotations

from typing import cast

from servstd.conditions import Condition, Environment
from servstd.conditions.places import zone_field, zone_fields
from servstd.standards.base import Standard
from servstd.standards.limit import CombinedLimit, InstantLimit, LimitNode, LimitText, limit_fields


def reads_time(standard: Standard) -> bool:
    """Tell whether the terms depend on when the clock starts."""
    whens = [standard.applies_to, *(override.when for override in standard.override_rows)]
    return is_dated(standard) or any(cast("Condition", when).reads_time for when in whens if when is not None)


def is_dated(standard: Standard) -> bool:
    """Tell whether it, or a row of its overrides, holds from or until a date."""
    return standard.effective is not None or any(row.effective is not None for row in standard.override_rows)


def places_of(standard: Standard, environment: Environment) -> frozenset[str]:
    """Return the fields that hold the zones of calendars which the terms ask: in conditions, and for their dates."""
    whens = [standard.applies_to, *(row.when for row in standard.override_rows)]
    conditions = [cast("Condition", when) for when in whens if when is not None]
    own = frozenset({zone_field(environment.calendar)} - {""} if is_dated(standard) else ())
    return own.union(*(zone_fields(one.calendars, environment) for one in conditions))


def read_by(condition: Condition | None, environment: Environment) -> frozenset[str]:
    """Return the fields that a condition reads, those of the zones of its calendars among them."""
    if condition is None:
        return frozenset()
    return condition.fields | zone_fields(condition.calendars, environment)


def fields_of(standard: Standard, *limits: LimitText | None) -> frozenset[str]:
    """Return the fields whose change may change the terms of a clock that runs.

    Args:
        standard: Whose conditions and overrides.
        limits: Its limits: the most and the least allowed, the end of its scope, what an extension gives.
    """
    read = frozenset[str]().union(*(limit_fields(limit.node) for limit in limits if limit is not None))
    if standard.applies_to is not None:
        read |= cast("Condition", standard.applies_to).fields
    for override in standard.override_rows:
        if override.when is not None:
            read |= cast("Condition", override.when).fields
        for line in override.lines:
            read |= frozenset(line.chosen_by)
            for name in ("within", "at_least", "at_most"):
                if name in line.sets:
                    read |= limit_fields(standard.read_limit(name, line.sets[name]).node)
    return read


def names_instant(standard: Standard, within: LimitText | None) -> bool:
    """Tell whether a limit is a promised instant, which stays what it was at the start."""
    lines = [line for override in standard.override_rows for line in override.lines]
    limits = [standard.read_limit("within", line.sets["within"]) for line in lines if "within" in line.sets]
    return any(_holds_instant(limit.node) for limit in (within, *limits) if limit is not None)


def _holds_instant(node: LimitNode) -> bool:
    if isinstance(node, CombinedLimit):
        return any(_holds_instant(member) for member in node.members)
    return isinstance(node, InstantLimit)
