"""What formulas of metrics read and give: contacts in, a figure with its counts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from servstd.calendars.windows import Windows
from servstd.standards.metric import Metric
from servstd.statistics.intervals import wilson

Interval = tuple[float, float] | None


class Contact(NamedTuple):
    """Be one case as a metric reads it.

    Args:
        outcome: `ended`, `cancelled`, `flowed` (to another queue), `open`, `excluded` or `unknown`.
        is_met: Whether what is expected of it was so; only a `check` says otherwise.
        started_at: When it began, µs.
        elapsed: What was measured, exact.
        fields: What it carries.
        place: Its place among all contacts.
        is_beside: Whether it is of the second indicator (`over`).
    """

    outcome: str
    is_met: bool
    started_at: int
    elapsed: Any
    fields: Mapping[str, object]
    place: int
    is_beside: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """Be what a formula gives.

    Args:
        value: The figure, exact; None where nothing gives one.
        judged: How many it rests on.
        met: Of these, how many speak for it; 0 where none does by itself.
        breached: How many speak against it.
        open: How many may still count.
        excluded: How many are left out.
        cancelled: How many were given up and do not count.
        unknown: Of how many nothing is known.
        interval: In which the true figure lies, 95 % of the time; None where none is known.
    """

    value: Fraction | int | None
    judged: int
    met: int = 0
    breached: int = 0
    open: int = 0
    excluded: int = 0
    cancelled: int = 0
    unknown: int = 0
    interval: Interval = None


class Setting(NamedTuple):
    """Be what formulas read beside contacts.

    Args:
        metric: The metric.
        days: The local dates by which repeats are counted.
        as_of_us: The instant of the judgement.
        issues: Where repeats are counted, the contacts that count and whether another came back.
    """

    metric: Metric
    days: Windows
    as_of_us: int
    issues: Mapping[int, bool] = {}


def those(contacts: Sequence[Contact], *outcomes: str) -> list[Contact]:
    """Return the contacts of which one of these became."""
    return [one for one in contacts if one.outcome in outcomes]


def share_interval(met: int, base: int) -> Interval:
    """Return Wilson's interval of 95 % around a share."""
    found = wilson(met, base)
    return None if found is None else (found.low, found.high)
