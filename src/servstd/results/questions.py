"""What may be asked of a report beyond its verdicts: which limit to plan, chance or change, what to mend first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servstd.control import ControlChart, Kind
    from servstd.improvement import Of, Pareto, PeriodComparison, PeriodSpec
    from servstd.planning import AttainmentCurve
    from servstd.statistics.inputs import Number


class Questions:
    """Answer questions of planning, control and improvement; a report is one.

    The rooms that know the answers lie above results, so each is loaded by name when it is asked.
    """

    __slots__ = ()

    def curve(self, standard: str, *, where: Mapping[str, str] | None = None) -> AttainmentCurve:
        """Return the share met as a function of the limit, from which a limit can be planned.

        `report.curve("first-reply").limit_for(share="95%")` says which limit 95 % of cases would keep, with an
        interval. Cases that are still open count as longer than they have taken so far.

        Args:
            standard: The id of a standard, or of an indicator.
            where: Only cases with these traits: `{"region": "North"}`.

        Raises:
            EvaluationError: SV410 unknown standard, SV680 nothing to draw it from, SV681 a standard that demands at
                least so much, SV685 an unknown trait.
        """
        planning: Any = import_module("servstd.planning")
        found: AttainmentCurve = planning.curve_of(self, standard, where=where)
        return found

    def chart(
        self,
        standard: str,
        *,
        kind: Kind | None = None,
        window: str | Mapping[str, Any] | None = None,
        objective: int | None = None,
        where: Mapping[str, str] | None = None,
        base: int | None = None,
        tests: Iterable[str] | None = None,
    ) -> ControlChart:
        """Return the control chart of a standard's attainments in time: chance, or a change.

        Args:
            standard: The standard's id.
            kind: `p`, `u`, `laney_p`, `laney_u` or `xmr`; left out, `p` for shares and `xmr` for other figures.
            window: Over what, instead of the objective's own window: `week`.
            objective: Which of the standard's objectives, from 0; the first with windows when left out.
            where: Only cases with these traits: `{"region": "North"}`.
            base: The first so many windows set centre and limits; all when left out.
            tests: Names of tests for special causes; the four of Western Electric when left out.

        Raises:
            EvaluationError: SV410 unknown standard, SV683 no windows that follow each other, SV685 an unknown trait.
            StatisticsError: SV674 no such kind or test, SV675 too few windows.
        """
        control: Any = import_module("servstd.control")
        found: ControlChart = control.chart_of(
            self, standard, kind=kind, window=window, objective=objective, where=where, base=base, tests=tests
        )
        return found

    def pareto(
        self,
        by: str,
        *,
        standard: str | None = None,
        outcome: str = "breached",
        where: Mapping[str, str] | None = None,
    ) -> Pareto:
        """Return what breaches have in common, the most frequent first: what to mend first.

        Args:
            by: A field of the case (`region`), a column of verdicts (`segment`, `reason`, `limit_from`),
                `hour_of_week`, `weekday`, `hour`; or what time was spent on: `pause`, `closed`, `time`.
            standard: Only this standard; all together when left out.
            outcome: Which verdicts.
            where: Only cases with these traits: `{"region": "North"}`.

        Raises:
            EvaluationError: SV410 unknown standard, SV685 an unknown trait, SV686 time spent by what rests on other
                verdicts.
            StatisticsError: SV674 no such outcome.
        """
        improvement: Any = import_module("servstd.improvement")
        found: Pareto = improvement.pareto_of(self, by, standard=standard, outcome=outcome, where=where)
        return found

    def compare_periods(
        self,
        standard: str,
        before: PeriodSpec,
        after: PeriodSpec,
        *,
        of: Of = "share",
        where: Mapping[str, str] | None = None,
        confidence: str | Number = "95%",
    ) -> PeriodComparison:
        """Return by how much two periods differ, with an interval: a change, or chance.

        Args:
            standard: The standard's id.
            before: `2026-02`, `2026-Q1`, `2026-01..2026-03`, or two aware datetimes, the second outside.
            after: The same.
            of: `share` of met, or `mean` or `median` of what cases used.
            where: Only cases with these traits: `{"region": "North"}`.
            confidence: Of the interval.

        Raises:
            EvaluationError: SV410 unknown standard, SV684 no period or two that overlap, SV685 an unknown trait.
            StatisticsError: SV673 no confidence, SV674 no such figure.
        """
        improvement: Any = import_module("servstd.improvement")
        found: PeriodComparison = improvement.compare_periods(
            self, standard, before, after, of=of, where=where, confidence=confidence
        )
        return found
