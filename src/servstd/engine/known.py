"""What a case carries as last known at an instant: the one answer for segments, weights, traits and consequences."""

from __future__ import annotations

from collections.abc import Sequence

from servstd.engine.facts import CaseFacts, Row
from servstd.engine.moments import stamps
from servstd.plan.signals import AnyOf


def last_known(rows: Sequence[Row], at_us: int, *, ends: AnyOf | None = None) -> CaseFacts:
    """Return what a case carries as last known at an instant.

    What happens later is not known yet, and an event after the end of the case adds nothing to it.

    Args:
        rows: The events of the case, in order.
        at_us: The instant, µs; events of that very instant are known.
        ends: The events that end the case; None where nothing does.
    """
    facts = CaseFacts()
    for stamp in stamps(rows) if ends else ([row] for row in rows):
        if stamp[0].time_us > at_us:
            break
        for row in stamp:
            facts.learn(row)
        if ends and any(ends.takes(row.kind, facts.at(row)) for row in stamp):
            break
    return facts.at_rest(at_us)
