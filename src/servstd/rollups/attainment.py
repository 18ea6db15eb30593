"""Attainment: what was reached in one window by one segment, and whether that is what the objective wants."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from fractions import Fraction
from typing import Literal, get_args

from servstd.rollups.figures import figure_text, written_rate
from servstd.standards.bound import Bound
from servstd.standards.measures import MEASURES

Status = Literal["met", "missed", "insufficient", "no_data", "provisional", "partial"]
STATUSES: tuple[str, ...] = get_args(Status)

_OF_OUTCOMES = ("share", "count", "rate")
"""Figures that hold no case against a bound of their own."""
_INSIDE = ("wanted", "exact_value", "is_standing")
"""What is not for JSON: exact figures, beside which those for reading stand, and what `window` says already."""


@dataclass(frozen=True, slots=True)
class Attainment:
    """Be the figure reached in one window by one segment, and what it decides.

    Only `met` and `missed` decide. `provisional`: the window is not over at `as_of`; `partial`: it began
    before the log; `insufficient`: too few were judged, or too many are unknown; `no_data`: nothing was judged.

    Args:
        standard: The standard's id.
        objective: The objective as text: `95% a month`.
        segment: The values of the fields it is told apart by: `region=North`; empty for all cases together.
        window: The window's name: `2026-03`, `2026-W09`, `all`.
        window_start: Its first instant; None for `all`.
        window_end: The first instant after it; None for `all`.
        judged: met + breached; the denominator. Beside a mean, a median, a maximum or a percentile those within the
            bound are met, those beyond it breached.
        value: The figure reached, for reading: a share between 0 and 1, µs, or a number; None when there is none. Where
            the bound is the most that is breached, the share of those. Comparisons use `exact_value`.
        bound: What it is compared with, for reading.
        low: The low end of Wilson's 95 % interval; None for anything but a share.
        high: Its high end.
        budget_allowed: How many may be breached; None for what has no budget, such as a mean.
        budget_used: How many are.
        why: What a reader should know about the status.
        statistic: Which figure: `share`, `mean`, `median`, `max`, `p90`, `count`, `rate`, or the name of a metric.
        unit: Of `value` and `bound`: `share`, `time` (µs), `dates`, `number`, `rate`, or a metric's own.
        burn_rate: How many times faster than allowed the budget of a share is used; 1 lasts exactly, `inf` is a breach
            where none is allowed; None for anything but a share.
        runs_out_at: When the budget of a window that is not over is used up if it goes on like this; None if it lasts.
        wanted: The bound, exact.
        exact_value: The figure, exact.
        agreement: The agreement that wants it; empty where the standard itself does.
        is_standing: Whether the window is everything, or a rolling one.
    """

    standard: str
    objective: str
    segment: str
    window: str
    window_start: datetime | None
    window_end: datetime | None
    judged: int
    met: int
    breached: int
    open: int
    excluded: int
    cancelled: int
    unknown: int
    value: float | None
    bound: float
    status: Status
    low: float | None
    high: float | None
    budget_allowed: int | None
    budget_used: int | None
    why: str = ""
    timezone: str = ""
    statistic: str = "share"
    unit: str = "share"
    burn_rate: Fraction | float | None = None
    runs_out_at: datetime | None = None
    wanted: Bound = field(default=Bound(Fraction(1)))
    exact_value: Fraction | int | None = None
    agreement: str = ""
    is_standing: bool = False

    @property
    def is_decided(self) -> bool:
        """Whether it says met or missed."""
        return self.status in ("met", "missed")

    @property
    def budget_left(self) -> int | None:
        """How many more may be breached; negative when too many are."""
        if self.budget_allowed is None or self.budget_used is None:
            return None
        return self.budget_allowed - self.budget_used

    @property
    def value_text(self) -> str:
        """The figure for a reader; never rounded to a bound that it does not reach."""
        return "-" if self.exact_value is None else figure_text(self.exact_value, self.wanted)

    @property
    def bound_text(self) -> str:
        """The bound for a reader: `95%`, `≤ 40m`; of those breached with those met, `< 3% breached (> 97% met)`."""
        return f"{self.wanted} ({self.wanted.kept} met)" if self.wanted.of else str(self.wanted)

    @property
    def result_text(self) -> str:
        """What was reached, of what was wanted, in words: `19 of 20 met, 95% reached, 95% wanted`."""
        counted = f"{self.met} of {self.judged} {'met' if self.statistic in _OF_OUTCOMES else 'within'}"
        if self.statistic in MEASURES:  # what speaks for a metric is not always within anything
            counted = f"{self.judged} counted"
        if self.wanted.of:
            counted = f"{self.breached} of {self.judged} breached"
        name = "" if self.statistic == "share" else f"{self.statistic} "
        return f"{counted}, {name}{self.value_text} reached, {self.bound_text} wanted"

    @classmethod
    def columns(cls) -> list[str]:
        """Return the names under which `to_dict` gives what it holds."""
        return [one.name for one in fields(cls) if one.name not in _INSIDE]

    def to_dict(self) -> dict[str, object]:
        """Return it as a mapping from column to value."""
        found: dict[str, object] = {name: getattr(self, name) for name in self.columns()}
        return found | {"burn_rate": written_rate(self.burn_rate)}
