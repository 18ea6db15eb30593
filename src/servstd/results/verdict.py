"""A verdict: what one standard says of one case, as an object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from servstd.intervals import instant_us
from servstd.results.wording import iso_text, margin_text
from servstd.rollups.figures import as_float

if TYPE_CHECKING:
    from servstd.engine.obligation import Outcome

Amount = int | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say what became of one obligation. Made on request from the columns of `Verdicts`.

    Args:
        standard: The standard's id.
        case: The case's key as one text, for reading; several fields are joined by ` / `.
        case_key: The case's key by its fields: `("north", "17")`. Two cases never share it, nor its text (decision
            0240).
        occurrence: 1 for the first obligation of the case; for reading only.
        outcome: `met`, `breached`, `open`, `cancelled`, `excluded` or `unknown`.
        outcome_otherwise: What an excluded verdict would have been.
        started_at: When the obligation began, aware, UTC.
        due_at: When the allowance is used up, given what is known; None while paused or where nothing expires.
        ended_at: When it ended; None while it is open, and for a breach that nothing ended.
        breached_at: The first microsecond at which the limit was exceeded.
        warned_at: When the latest of its warnings (`warn_at`) came; None where none has come.
        next_warning_at: When the next warning comes, given what is known; None while it is paused, and once it is over.
        elapsed: What was used, µs on the standard's calendar or in its own unit.
        limit: What is allowed, in the same unit; None where an instant is.
        margin: What is left of it; negative when breached. Under date limits µs of wall time to `due_at`.
        unit: `time` (µs), `dates`, `count`, `items`, `level`, `amount`, `members` or `points`.
        paused: µs during which the clock was paused.
        reason: Why it is cancelled, excluded, unknown, or what was found.
        segment: The values of the fields by which objectives tell cases apart.
        limit_from: Which row of the book set the limit.
        tie: Whether it would change if events of one stamp came in another order.
    """

    standard: str
    case: str
    case_key: tuple[str, ...]
    occurrence: int
    outcome: Outcome
    outcome_otherwise: Outcome | None
    started_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    breached_at: datetime | None
    warned_at: datetime | None
    next_warning_at: datetime | None
    elapsed: Amount | None
    limit: Amount | None
    margin: Amount | None
    unit: str
    paused: int
    reason: str
    segment: str
    limit_from: str
    tie: bool

    @property
    def is_judged(self) -> bool:
        """Whether it counts in a share: met or breached."""
        return self.outcome in ("met", "breached")

    def to_dict(self) -> dict[str, object]:
        """Return it as a mapping from column to value."""
        return {name: getattr(self, name) for name in COLUMNS}

    def to_row(self) -> dict[str, object]:
        """Return it as JSON writes it: instants as ISO 8601 in UTC, amounts whole or as text."""
        return {name: written(getattr(self, name)) for name in COLUMNS}

    def __str__(self) -> str:
        margin = f", margin {margin_text(self.margin, self.unit)}" if self.margin is not None else ""
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.standard} {self.case}: {self.outcome}{margin}{reason}"


def written(value: object) -> object:
    """Return a value as JSON writes it: an instant as ISO 8601 in UTC, a Decimal as text, never as a float."""
    if isinstance(value, datetime):
        return iso_text(instant_us(value))
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, (str, int)) else str(value)


COLUMNS: tuple[str, ...] = tuple(one.name for one in fields(Verdict))
INSTANTS = ("started_at", "due_at", "ended_at", "breached_at", "warned_at", "next_warning_at")
"""Columns that hold µs since the epoch, UTC."""
AMOUNTS = ("elapsed", "limit", "margin")
"""Columns in the verdict's own unit."""
LENGTHS = (*AMOUNTS, "paused")
"""Columns of a frame that hold lengths of time."""
NUMBERS = tuple(f"{name}_number" for name in AMOUNTS)
"""Columns of a frame that hold amounts in other units than time."""


def frame_columns(columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Return verdict columns as a frame has them: lengths of time apart from amounts in other units.

    A frame has one type a column, and a book may promise hours beside rings. So an amount stands in `elapsed` where it
    is time and in `elapsed_number` where it is not; the other of the two is empty (decision 0241). Under a date limit
    dates are counted, and the margin is time.

    Args:
        columns: The public columns, raw.
    """
    found: dict[str, Sequence[Any]] = {}
    for name, values in columns.items():
        if name == "unit":
            found |= {f"{one}_number": _numbers(one, columns) for one in AMOUNTS}
        found[name] = _lengths(name, columns) if name in AMOUNTS else values
    return found


def _lengths(name: str, columns: Mapping[str, Sequence[Any]]) -> list[int | None]:
    pairs = zip(columns[name], columns["unit"], strict=True)
    return [value if is_time(name, unit) else None for value, unit in pairs]


def _numbers(name: str, columns: Mapping[str, Sequence[Any]]) -> list[float | None]:
    pairs = zip(columns[name], columns["unit"], strict=True)
    return [None if value is None or is_time(name, unit) else as_float(value) for value, unit in pairs]


def is_time(name: str, unit: str) -> bool:
    """Return whether an amount of a verdict in this unit is a length of time, µs.

    Example:
        >>> is_time("elapsed", "dates"), is_time("margin", "dates")
        (False, True)
    """
    return unit == "time" or (name == "margin" and unit == "dates")
