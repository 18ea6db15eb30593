"""Pareto: what most breaches have in common, and which pauses and closed hours cost most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from servstd.engine import Obligation
from servstd.errors import EvaluationError, Problem
from servstd.escaping import printable
from servstd.evaluation import Evaluation
from servstd.plan.plan import Plan
from servstd.results.evidence import intervals_of
from servstd.results.tables import html_table, plain_table
from servstd.results.traits import rows_of, traits_of
from servstd.results.wording import counted, rough_text
from servstd.rollups.figures import share_text
from servstd.standards import Rollup
from servstd.statistics.inputs import bad_choice, refuse
from servstd.statistics.intervals import Bounds, wilson

if TYPE_CHECKING:
    from servstd.results.report import Report

SPENT = {
    "pause": ("paused",),
    "closed": ("closed",),
    "time": ("counted", "paused", "closed", "ended", "reset"),
}
"""What time was spent on, by name, and the classes of intervals that it adds up."""
OUTCOMES = ("breached", "met", "open", "cancelled", "excluded", "unknown")
_SHOWN = 20
_WIDEST = 60  # a pause names its event and field


@dataclass(frozen=True, slots=True)
class Cause:
    """Be one row of a Pareto table.

    Args:
        value: What these verdicts share: `North`, `Mon 09:00`, `by status.changed (status: waiting)`.
        count: How many verdicts of the outcome.
        weight: What rows are ordered by: the count, or µs where time is spent.
        share: Its share of all weight.
        cumulative: That of this row and all before it.
        judged: How many verdicts with this value are met or breached; None where time is spent.
        rate: The share of these that is breached; None where none is judged.
        bounds: The 95 % interval of the rate: a rare value may have a high rate by chance.
    """

    value: str
    count: int
    weight: int
    share: Fraction
    cumulative: Fraction
    judged: int | None = None
    rate: Fraction | None = None
    bounds: Bounds | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Pareto:
    """Hold what verdicts have in common, the most frequent first: `print(pareto)`, `.rows`, `.vital(...)`.

    Args:
        by: What they are told apart by.
        outcome: Of which outcome they are.
        unit: Of the weights: `verdicts`, or `time` (µs).
        rows: The rows, by falling weight.
    """

    by: str
    outcome: str
    unit: str
    rows: tuple[Cause, ...]

    @property
    def total(self) -> int:
        """All weight together."""
        return sum(one.weight for one in self.rows)

    def vital(self, share: float | Fraction = Fraction(4, 5)) -> tuple[Cause, ...]:
        """Return the fewest rows that together make up a share of all weight: where to begin.

        Args:
            share: Between 0 and 1.
        """
        return tuple(one for one in self.rows if one.cumulative - one.share < share)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON writes it."""
        return {
            "by": self.by,
            "outcome": self.outcome,
            "unit": self.unit,
            "total": self.total,
            "rows": [
                {
                    "value": one.value,
                    "count": one.count,
                    "weight": one.weight,
                    "share": float(one.share),
                    "cumulative": float(one.cumulative),
                    "judged": one.judged,
                    "rate": None if one.rate is None else float(one.rate),
                    "low": None if one.bounds is None else one.bounds.low,
                    "high": None if one.bounds is None else one.bounds.high,
                }
                for one in self.rows
            ],
        }

    def __str__(self) -> str:
        table = plain_table(self._header, self._cells(), right=range(1, len(self._header)), widest=_WIDEST)
        more = len(self.rows) - _SHOWN
        return "\n".join(
            [printable(self._head()), "", table, *([f"… and {more:,} more"] if more > 0 else [])]
        )

    def __repr__(self) -> str:
        return f"<Pareto: {printable(self._head())}>"

    def _repr_html_(self) -> str:
        return html_table(self._header, self._cells(), self._head(), right=range(1, len(self._header)))

    def _head(self) -> str:
        amount = rough_text(self.total) if self.unit == "time" else f"{self.total:,}"
        what = f"{amount} of {self.outcome} verdicts" if self.unit == "time" else f"{amount} {self.outcome}"
        return f"{what} by {self.by.replace('_', ' ')}: {counted(len(self.rows), 'value')}"

    @property
    def _header(self) -> tuple[str, ...]:
        spent = (self.by, "time", "share", "together", "verdicts")
        return (
            spent
            if self.unit == "time"
            else (self.by, self.outcome, "share", "together", "judged", "rate", "interval")
        )

    def _cells(self) -> list[list[str]]:
        return [
            [
                one.value,
                rough_text(one.weight) if self.unit == "time" else f"{one.weight:,}",
                _percent(one.share),
                _percent(one.cumulative),
                *([f"{one.count:,}"] if self.unit == "time" else _rate(one)),
            ]
            for one in self.rows[:_SHOWN]
        ]


def pareto_of(
    report: Report,
    by: str,
    *,
    standard: str | None = None,
    outcome: str = "breached",
    where: Mapping[str, str] | None = None,
) -> Pareto:
    """Return what the verdicts of an outcome have in common; `report.pareto` calls this.

    Args:
        report: The report.
        by: A field of the case (`region`), a column of verdicts (`segment`, `reason`, `limit_from`), `hour_of_week`,
            `weekday`, `hour`; or what time was spent on: `pause`, `closed`, or all of it, `time`.
        standard: Only this standard; all together when left out.
        outcome: Which verdicts: `breached`.
        where: Only verdicts with these traits.

    Raises:
        EvaluationError: SV410 no such standard, SV685 no such trait, SV686 time spent by what rests on other verdicts.
        StatisticsError: SV674 no such outcome.
    """
    refuse(bad_choice("outcome", outcome, OUTCOMES))
    rows = rows_of(report, standard, where)
    outcomes = report.verdicts.columns["outcome"]
    if by in SPENT:
        return _by_time(report, by, outcome, [row for row in rows if outcomes[row] == outcome])
    values = traits_of(report, rows, by)
    counts = Counter(zip(values, (outcomes[row] for row in rows), strict=True))
    weights = {value: counts[value, outcome] for value in values if counts[value, outcome]}
    found = []
    for value, count, share, cumulative in _ranked(weights):
        breached = counts[value, "breached"]
        judged = breached + counts[value, "met"]
        rate = Fraction(breached, judged) if judged else None
        found.append(Cause(value, count, count, share, cumulative, judged, rate, wilson(breached, judged)))
    return Pareto(by, outcome, "verdicts", tuple(found))


def _by_time(report: Report, by: str, outcome: str, rows: Sequence[int]) -> Pareto:
    """Add up the time that verdicts spent, by the reason of each stretch."""
    spent: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    for reasons in _spent(report, by, rows):
        spent.update(reasons)
        verdicts.update(reasons.keys())
    found = [
        Cause(value, verdicts[value], weight, share, cumulative)
        for value, weight, share, cumulative in _ranked(spent)
    ]
    return Pareto(by, outcome, "time", tuple(found))


def _spent(report: Report, by: str, rows: Sequence[int]) -> Iterator[Counter[str]]:
    """Yield, by verdict, the µs of each reason. The cases are judged again, since reports keep no stretches."""
    run = Evaluation(report.book, report.log, report.as_of_us)
    columns = report.verdicts.internal
    wanted: dict[str, set[tuple[tuple[str, ...], int]]] = {}
    for row in rows:
        key = columns["case_key"][row], columns["occurrence"][row]
        wanted.setdefault(columns["standard"][row], set()).add(key)
    for standard, known in wanted.items():
        if isinstance(report.book[standard], Rollup):
            raise EvaluationError(
                Problem(
                    "SV686",
                    f"`{standard}` rests on verdicts of other standards and spends no time of its own.",
                    help="ask about one of its members.",
                )
            )
        for case, (plan, obligations) in run.explain_all(standard):
            for occurrence, obligation in enumerate(obligations, start=1):
                if (case, occurrence) in known:
                    yield _reasons(obligation, plan, report, by)


def _reasons(obligation: Obligation, plan: Plan, report: Report, by: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in intervals_of(obligation, plan, report.log):
        if one.kind in SPENT[by]:
            found[f"{one.kind}: {one.reason}" if by == "time" else one.reason or one.kind] += one.length_us
    return found


def _ranked(weights: Mapping[str, int]) -> Iterator[tuple[str, int, Fraction, Fraction]]:
    """Yield values by falling weight, equal ones by name, with their share and that of all so far."""
    total, so_far = sum(weights.values()), 0
    for value, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
        if weight:
            so_far += weight
            yield value, weight, Fraction(weight, total), Fraction(so_far, total)


def _percent(share: Fraction) -> str:
    return share_text(share.numerator, share.denominator)


def _rate(one: Cause) -> list[str]:
    if one.rate is None or one.bounds is None:
        return [f"{one.judged or 0:,}", "-", "-"]
    ends = f"{one.bounds.low * 100:.0f}–{one.bounds.high * 100:.0f}%"
    return [f"{one.judged:,}", _percent(one.rate), ends]
