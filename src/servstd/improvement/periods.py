"""Two periods of one report: did it get better, or is that chance?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from servstd.errors import EvaluationError, Problem
from servstd.escaping import as_html, printable
from servstd.intervals import datetime_utc, instant_us
from servstd.results.named_periods import period_us
from servstd.results.traits import one_unit, rows_of, timezone_of
from servstd.results.wording import counted, duration_text, iso_text
from servstd.rollups.figures import share_text
from servstd.standards.bound import read_percent
from servstd.statistics.differences import (
    Difference,
    difference_of_means,
    difference_of_medians,
    difference_of_shares,
)
from servstd.statistics.inputs import Number, bad_choice, exact, refuse

if TYPE_CHECKING:
    from servstd.results.report import Report

Of = Literal["share", "mean", "median"]
PeriodSpec = str | tuple[datetime, datetime]
"""`2026`, `2026-Q1`, `2026-03`, `2026-W09`, `2026-03-02`, two of them as `2026-01..2026-03`, or two aware datetimes."""


@dataclass(frozen=True, slots=True)
class Period:
    """Be one side of a comparison.

    Args:
        name: As it was asked for.
        start: Its first instant, aware, UTC.
        end: The first instant after it.
        met: How many verdicts that began in it were met.
        judged: Met and breached.
        cases: How many the figure rests on: those judged, or for a mean or median those that have ended.
        open: How many are not judged yet, or have not ended; a recent period has more, and they are the long ones.
        value: The share, mean or median; None where there is none. Times are µs.
    """

    name: str
    start: datetime
    end: datetime
    met: int
    judged: int
    cases: int
    open: int
    value: float | None


@dataclass(frozen=True, eq=False, repr=False)
class PeriodComparison:
    """Hold by how much two periods differ, and whether chance would explain it: `print(comparison)`.

    Args:
        standard: The standard's id.
        of: `share` of met, `mean` or `median` of what cases used.
        unit: Of the values: `share`, `time` (µs), or the standard's own.
        before: The first period.
        after: The second.
        difference: After minus before, with its interval; None where a side has too little to say.
        confidence: Of the interval.
    """

    standard: str
    of: Of
    unit: str
    before: Period
    after: Period
    difference: Difference | None
    confidence: Number

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0; it is False where nothing can be said."""
        return self.difference is not None and self.difference.is_clear

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON writes it."""
        found = self.difference
        return {
            "standard": self.standard,
            "of": self.of,
            "unit": self.unit,
            "before": _as_dict(self.before),
            "after": _as_dict(self.after),
            "difference": None if found is None else found.value,
            "low": None if found is None else found.bounds.low,
            "high": None if found is None else found.bounds.high,
            "confidence": float(self.confidence),
            "is_clear": self.is_clear,
        }

    def __str__(self) -> str:
        name = "share met" if self.of == "share" else self.of
        head = f"{self.standard}, {name}: {self._side(self.before)} → {self._side(self.after)}"
        return printable(f"{head}. {self._said()}")

    def __repr__(self) -> str:
        return f"<PeriodComparison: {self}>"

    def _repr_html_(self) -> str:
        return f"<p>{as_html(str(self))}</p>"

    def _said(self) -> str:
        if self.difference is None:
            return "Too little to compare."
        low, high = self.difference.bounds
        share = exact(self.confidence)
        sure = share_text(share.numerator, share.denominator)
        interval = f"{sure} interval {self._change(low)} to {self._change(high)}".replace(" points", "")
        says = "more than chance" if self.is_clear else "chance would explain it"
        return f"{self._change(self.difference.value)} ({interval}): {says}."

    def _side(self, period: Period) -> str:
        value = "nothing" if period.value is None else self._text(period.value)
        still = f", {period.open:,} open" if period.open else ""
        return f"{period.name} {value} ({counted(period.cases, 'verdict')}{still})"

    def _text(self, value: float) -> str:
        if self.unit == "share":
            return f"{value * 100:.1f}%"
        return duration_text(round(value / 1_000_000) * 1_000_000) if self.unit == "time" else f"{value:.2f}"

    def _change(self, value: float) -> str:
        if self.unit == "share":
            return f"{value * 100:+.1f} points"
        return f"{'+' if value > 0 else ''}{self._text(value)}"


def compare_periods(
    report: Report,
    standard: str,
    before: PeriodSpec,
    after: PeriodSpec,
    *,
    of: Of = "share",
    where: Mapping[str, str] | None = None,
    confidence: str | Number = "95%",
) -> PeriodComparison:
    """Return by how much two periods differ; `report.compare_periods` calls this.

    A verdict belongs to the period in which it began. Means and medians are of cases that have ended; those still open
    are counted beside.

    Args:
        report: The report.
        standard: The standard's id.
        before: `2026-02`, `2026-01..2026-03`, or two aware datetimes, the second outside.
        after: The same.
        of: `share` of met (Newcombe's interval), `mean` (Welch's) or `median` (Price and Bonett's) of what was used.
        where: Only verdicts with these traits.
        confidence: Of the interval.

    Raises:
        EvaluationError: SV410 no such standard, SV680 a mean of hours and dates, SV684 no period or two that
            overlap, SV685 no such trait.
        StatisticsError: SV673 no confidence, SV674 no such figure.
    """
    refuse(bad_choice("of", of, _COMPARED))
    rows = rows_of(report, standard, where)
    ends = [_bounds_us(spec, timezone_of(report, standard)) for spec in (before, after)]
    if max(ends[0][0], ends[1][0]) < min(ends[0][1], ends[1][1]):
        raise EvaluationError(
            Problem(
                "SV684", f"`{_name(before)}` and `{_name(after)}` overlap; a case would stand on both sides."
            )
        )
    sides = [_rows_in(report, rows, bounds) for bounds in ends]
    level = read_percent(confidence) if isinstance(confidence, str) else confidence
    found, values = _COMPARED[of](report, sides[0], sides[1], level)
    return PeriodComparison(
        standard=standard,
        of=of,
        unit="share" if of == "share" else one_unit(report.verdicts, standard, rows),
        before=_period(report, _name(before), ends[0], sides[0], values[0], of=of),
        after=_period(report, _name(after), ends[1], sides[1], values[1], of=of),
        difference=found,
        confidence=level,
    )


_Found = tuple[Difference | None, tuple[float | None, float | None]]


def _shares(report: Report, before: Sequence[int], after: Sequence[int], confidence: Number) -> _Found:
    one, other = _judged(report, before), _judged(report, after)
    values = tuple(met / judged if judged else None for met, judged in (one, other))
    return difference_of_shares(one, other, confidence=confidence), (values[0], values[1])


def _means(report: Report, before: Sequence[int], after: Sequence[int], confidence: Number) -> _Found:
    one, other = _used(report, before), _used(report, after)
    values = tuple(sum(side) / len(side) if side else None for side in (one, other))
    return difference_of_means(one, other, confidence=confidence), (values[0], values[1])


def _medians(report: Report, before: Sequence[int], after: Sequence[int], confidence: Number) -> _Found:
    one, other = _used(report, before), _used(report, after)
    values = tuple(float(median(side)) if side else None for side in (one, other))
    return difference_of_medians(one, other, confidence=confidence), (values[0], values[1])


_COMPARED: Mapping[str, Callable[[Any, Sequence[int], Sequence[int], Number], _Found]] = {
    "share": _shares,
    "mean": _means,
    "median": _medians,
}


def _judged(report: Report, rows: Sequence[int]) -> tuple[int, int]:
    outcomes = Counter(report.verdicts.columns["outcome"][row] for row in rows)
    return outcomes["met"], outcomes["met"] + outcomes["breached"]


def _used(report: Report, rows: Sequence[int]) -> list[Any]:
    columns = report.verdicts.columns
    return [
        columns["elapsed"][row]
        for row in rows
        if columns["outcome"][row] in ("met", "breached")
        and columns["ended_at"][row] is not None
        and columns["elapsed"][row] is not None
    ]


def _period(
    report: Report, name: str, bounds: tuple[int, int], rows: Sequence[int], value: float | None, *, of: Of
) -> Period:
    met, judged = _judged(report, rows)
    columns = report.verdicts.columns
    waiting = sum(
        columns["outcome"][row] == "open"
        or (of != "share" and columns["outcome"][row] == "breached" and columns["ended_at"][row] is None)
        for row in rows
    )
    cases = judged if of == "share" else len(_used(report, rows))
    return Period(name, datetime_utc(bounds[0]), datetime_utc(bounds[1]), met, judged, cases, waiting, value)


def _rows_in(report: Report, rows: Sequence[int], bounds: tuple[int, int]) -> list[int]:
    starts = report.verdicts.columns["started_at"]
    return [row for row in rows if bounds[0] <= starts[row] < bounds[1]]


def _as_dict(period: Period) -> dict[str, Any]:
    return {
        "name": period.name,
        "start": iso_text(instant_us(period.start)),
        "end": iso_text(instant_us(period.end)),
        "met": period.met,
        "judged": period.judged,
        "cases": period.cases,
        "open": period.open,
        "value": period.value,
    }


def _name(spec: PeriodSpec) -> str:
    return spec if isinstance(spec, str) else "..".join(end.isoformat() for end in spec)


def _bounds_us(spec: PeriodSpec, timezone: str) -> tuple[int, int]:
    """Return the first instant of a period and the first after it."""
    if isinstance(spec, str):
        return period_us(spec, timezone)
    start, end = (instant_us(end) for end in spec)
    if start >= end:
        raise EvaluationError(Problem("SV684", f"`{_name(spec)}` ends before it begins."))
    return start, end
