"""The attainment curve: the share met as a function of the limit, from one evaluation."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from servstd.errors import EvaluationError, Problem
from servstd.escaping import printable
from servstd.planning.limits import (
    LimitSpec,
    PlannedLimit,
    Share,
    ShareWithin,
    exact_percent,
    read_limit,
    read_share,
)
from servstd.results.evidence import kind_of
from servstd.results.tables import html_table, plain_table
from servstd.results.traits import one_unit, rows_of
from servstd.results.wording import amount_text, counted, is_demanded
from servstd.statistics.inputs import exact
from servstd.statistics.intervals import Bounds, clopper_pearson
from servstd.statistics.planning import limit_for
from servstd.statistics.survival import Amount, Curve, kaplan_meier

if TYPE_CHECKING:
    from servstd.results.report import Report
    from servstd.results.verdicts import Verdicts

SHARES = ("50%", "80%", "90%", "95%", "99%")
"""The shares that a curve shows unasked."""


@dataclass(frozen=True, eq=False, repr=False)
class AttainmentCurve:
    """Hold how long cases took, and answer what share a limit would keep and which limit a share would.

    One evaluation is enough for every limit. Cases that are still open are not left out, which would make a slow
    service look fast: each counts as one that takes longer than it has taken so far. So does one that was broken and
    then cancelled. Cancelled, excluded and unknown verdicts stand beside, as in an attainment.

    Args:
        standard: The standard's id.
        title: Its title.
        unit: What is measured: `time` (µs on the standard's calendar), `dates`, `count`, `items`, `level`, `amount`.
        ended: What each case used that has ended, in ascending order.
        waiting: What each case has used so far that has not.
        left_out: How many verdicts of which outcome are in neither.

    Example:
        >>> import servstd
        >>> book = servstd.loads("standards: [{id: reply, kind: respond, case: id, start: asked, stop: answered,"
        ...                      " within: 1 hour}]")
        >>> rows = [{"time": f"2026-03-02T{9 + end:02d}:00Z", "event": event, "id": case}
        ...         for case in range(1, 11) for event, end in (("asked", 0), ("answered", case))]
        >>> plan = servstd.evaluate(book, servstd.read_events(rows, time="time", event="event")).curve("reply")
        >>> print(plan.limit_for(share="80%"))
        80% within 8h (95% interval: 5h to ?; 10 verdicts, 0 of them open)
        >>> print(plan.share_within("3 hours"))
        30.0% within 3h (95% interval: 6.7% to 65.2%)
    """

    standard: str
    title: str
    unit: str
    ended: tuple[Amount, ...]
    waiting: tuple[Amount, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        """How many verdicts it rests on."""
        return len(self.ended) + len(self.waiting)

    @cached_property
    def steps(self) -> Curve:
        """The curve itself, step by step."""
        return kaplan_meier(self.ended, self.waiting)

    def limit_for(self, share: Share, *, confidence: Share = "95%") -> PlannedLimit:
        """Return the limit that a share of cases would keep, with its interval.

        To promise it, take the high end: half of all promises made at the estimate itself are too short.

        Args:
            share: `95%`, or a number between 0 and 1.
            confidence: Of the interval.

        Raises:
            StandardsError: SV153, text that is no percentage.
            StatisticsError: SV673, a number that is no share.
        """
        estimate = limit_for(read_share(share), self.ended, self.waiting, confidence=read_share(confidence))
        return PlannedLimit(estimate, self.unit)

    def share_within(self, limit: LimitSpec, *, confidence: Share = "95%") -> ShareWithin:
        """Return the share of cases that a limit would keep, with its interval.

        Exact (Clopper and Pearson) where nothing is open, Kaplan and Meier's otherwise.

        Args:
            limit: `60 minutes` or a timedelta where time is measured; else a number of days, rings or items.
            confidence: Of the interval.

        Raises:
            StandardsError: SV120 to SV122, text that is no duration.
            StatisticsError: SV673 no confidence, SV682 a number where time is measured.
        """
        amount, level = read_limit(limit, self.unit), exact(read_share(confidence))
        within = bisect_right(self.ended, amount)
        if self.waiting:
            share, bounds = self.steps.share_by(amount), self.steps.bounds_by(amount, confidence=level)
        else:
            share = within / len(self.ended)
            bounds = clopper_pearson(within, len(self.ended), confidence=level) or Bounds(0, 1)
        return ShareWithin(amount, share, bounds, level, self.unit)

    def points(self) -> list[tuple[Amount, float]]:
        """Return the steps: every amount at which something ended, and the share that has by then."""
        return list(zip(self.steps.amounts, self.steps.shares, strict=True))

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON writes it: the usual limits, and every step."""
        return {
            "standard": self.standard,
            "title": self.title,
            "unit": self.unit,
            "cases": self.cases,
            "open": len(self.waiting),
            "left_out": dict(self.left_out),
            "limits": [self.limit_for(share).to_dict() for share in SHARES],
            "points": [
                [amount if isinstance(amount, int) else str(amount), share] for amount, share in self.points()
            ],
        }

    def to_vega(self) -> dict[str, Any]:
        """Return the picture of the curve as a Vega-Lite specification; nothing needs to be installed."""
        from servstd.planning.picture import vega_of  # noqa: PLC0415 - only when asked

        return vega_of(self)

    def to_altair(self) -> Any:
        """Return the picture of the curve for a notebook.

        Raises:
            ImportError: Altair is not installed (`pip install "servstd[plot]"`).
        """
        import altair as alt  # noqa: PLC0415 - an extra

        return alt.Chart.from_dict(self.to_vega())

    def __str__(self) -> str:
        head = f"{self.standard}  {self.title}".rstrip()
        table = plain_table(_HEADER, self._rows(), right=(0, 1, 2, 3))
        return "\n".join([printable(head), self._basis(), "", table])

    def __repr__(self) -> str:
        cases = counted(self.cases, "verdict")
        return f"<AttainmentCurve: {printable(self.standard)}, {cases}, {len(self.waiting):,} open>"

    def _repr_html_(self) -> str:
        caption = f"{self.standard} {self.title}: {self._basis()}"
        return html_table(_HEADER, self._rows(), caption, right=(0, 1, 2, 3))

    def _basis(self) -> str:
        beside = "".join(
            f", {number:,} {outcome} left out" for outcome, number in self.left_out.items() if number
        )
        return f"{counted(self.cases, 'verdict')}, {len(self.waiting):,} of them still open{beside}"

    def _rows(self) -> list[list[str]]:
        found = [self.limit_for(share) for share in SHARES]
        return [
            [exact_percent(one.estimate.share), *(self._text(end) for end in (one.limit, one.low, one.high))]
            for one in found
        ]

    def _text(self, amount: Amount | None) -> str:
        if amount is None:
            return "?"
        shown = amount if isinstance(amount, int | Decimal) else Decimal(float(amount))
        return amount_text(shown, self.unit)


_HEADER = ("share", "limit", "from", "to")


def curve_of(report: Report, standard: str, *, where: Mapping[str, str] | None = None) -> AttainmentCurve:
    """Return the attainment curve of a standard; `report.curve` calls this.

    Args:
        report: The report.
        standard: The id of a standard, or of an indicator, which is the way to plan the first limit of all.
        where: Only verdicts with these traits: fields of the case, columns of verdicts, `hour_of_week`.

    Raises:
        EvaluationError: SV410 no such standard, SV680 nothing to draw a curve from, or hours and dates, SV681 a
            standard that demands at least so much, SV685 no such trait.
    """
    among = report.measures if standard in report.book.measures else None
    rows = rows_of(report, standard, where, among=among)
    verdicts = report.verdicts if among is None else among
    columns = verdicts.internal
    outcomes, elapsed = columns["outcome"], columns["elapsed"]
    _check_direction(verdicts, standard, rows)
    judged = [
        row for row in rows if outcomes[row] in ("met", "breached", "open") and elapsed[row] is not None
    ]
    if not judged:
        raise EvaluationError(_nothing(verdicts, standard, rows))
    cancelling = _cancelling(report, standard)
    waiting = [row for row in judged if _is_waiting(report, verdicts, row, cancelling)]
    still = set(waiting)
    left_out = Counter(outcomes[row] for row in rows)
    return AttainmentCurve(
        standard=standard,
        title=report.book[standard].title or "",
        unit=one_unit(verdicts, standard, judged),
        ended=_amounts(elapsed[row] for row in judged if row not in still),
        waiting=_amounts(elapsed[row] for row in waiting),
        left_out={name: left_out[name] for name in ("cancelled", "excluded", "unknown")},
    )


def _amounts(values: Iterable[Any]) -> tuple[Amount, ...]:
    return tuple(sorted(values))


def _is_waiting(report: Report, verdicts: Verdicts, row: int, cancelling: frozenset[str]) -> bool:
    """Return whether a case has not ended: it is open, broken by silence, or broken and cancelled later."""
    columns = verdicts.internal
    if columns["outcome"][row] == "met":
        return False
    if columns["ended_at"][row] is None:
        return True
    return bool(cancelling) and kind_of(report.log, columns["ended_by"][row]) in cancelling


def _cancelling(report: Report, standard: str) -> frozenset[str]:
    """Return the kinds of events that end a case without having done what was promised."""
    selections = report.book[standard].selections
    ending = [selections[name].events for name in ("cancel", "ends") if name in selections]
    stopping = selections["stop"].events if "stop" in selections else frozenset()
    return frozenset().union(*ending) - stopping


def _check_direction(verdicts: Verdicts, standard: str, rows: list[int]) -> None:
    columns = verdicts.columns
    for row in rows:
        if is_demanded(columns["elapsed"][row], columns["limit"][row], columns["margin"][row]):
            raise EvaluationError(
                Problem(
                    "SV681",
                    f"`{standard}` demands at least so much; a curve answers which limit is not passed.",
                    help="draw it for a standard with `within`, or for a quantity with `at_most`.",
                )
            )


def _nothing(verdicts: Verdicts, standard: str, rows: list[int]) -> Problem:
    outcomes = Counter(verdicts.columns["outcome"][row] for row in rows)
    there = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items())) or "no verdict"
    return Problem("SV680", f"there is nothing to draw a curve of `{standard}` from: {there}.")
