"""What an event lacked that was not as expected, found again for its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, cast

from servstd.conditions.failing import failing_parts, not_so
from servstd.engine.facts import CaseFacts
from servstd.expressions.values import OverlaidFacts
from servstd.standards import Check

if TYPE_CHECKING:
    from servstd.conditions import Condition, Environment, Facts
    from servstd.engine.obligation import Obligation
    from servstd.events.log import Log
    from servstd.plan.plan import Plan
    from servstd.standards import Standard

_MOST_ITEMS = 3


def failing_of(
    standard: Standard,
    plan: Plan,
    obligation: Obligation,
    log: Log,
    *,
    case: tuple[str, ...],
    environment: Environment,
) -> tuple[str, ...]:
    """Return the parts of an expectation that an event did not fulfil, each with what was found.

    Args:
        standard: The standard.
        plan: It compiled.
        obligation: What came of the event.
        log: The events.
        case: The case.
        environment: What the expectation asks.

    Returns:
        The parts in words; none for what is no such breach.
    """
    expected = standard.expected if isinstance(standard, Check) else None
    at = obligation.opened_by
    if expected is None or obligation.outcome != "breached" or obligation.reason == "missing" or at < 0:
        return ()
    facts = CaseFacts()
    rows = next((rows for key, rows in log.cases(plan.case) if key == case), [])
    for row in rows:
        if row.time_us <= obligation.started_at:
            facts.learn(row)
    judged = next((row for row in rows if row.index == at), None)
    if judged is None:
        return ()
    facts.at(judged)
    for_each = cast("Check", standard).for_each
    if for_each is None:
        return tuple(failing_parts(expected.root, facts, environment))
    return tuple(islice(_items(for_each, expected, facts, environment), _MOST_ITEMS))


def _items(name: str, expected: Condition, facts: Facts, environment: Environment) -> Iterator[str]:
    held = facts.event(name)
    items = held if isinstance(held, Sequence) and not isinstance(held, str) else facts.case(name)
    decide = expected.compile(environment)
    for number, item in enumerate(items if isinstance(items, Sequence) else (), start=1):
        fields = item if isinstance(item, Mapping) else {"item": item}
        seen = OverlaidFacts(facts, fields)
        if decide(seen) is False:
            yield f"{name} {number}: {not_so(failing_parts(expected.root, seen, environment))}"
