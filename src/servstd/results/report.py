"""The report: verdicts, what share of them was met, and every question that can be asked of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from servstd.engine.obligation import Obligation
from servstd.errors import EvaluationError, Problem, closest, listed
from servstd.intervals import datetime_utc, instant_text
from servstd.results.attainments import Attainments
from servstd.results.choice import Choice, SegmentSpec, selected
from servstd.results.evidence import Evidence, evidence_of
from servstd.results.failing import failing_of
from servstd.results.following import outgoings
from servstd.results.gathering import attainments_of, burning_of, columns_of
from servstd.results.marking import NOTHING, Marks
from servstd.results.parts import evidence_of_parts
from servstd.results.questions import Questions
from servstd.results.silence import AbsentKind, absent_kinds, misnamed, withheld
from servstd.results.traits import check_standard
from servstd.results.verdicts import CaseSpec, Verdicts, key_of
from servstd.results.watermelon import Watermelon, watermelons
from servstd.results.wording import case_text, counted
from servstd.rollups.calibration import Calibration, calibrate
from servstd.rollups.consequences import totals
from servstd.rollups.windowing import Span
from servstd.standards import Metric, Scorecard
from servstd.standards.objective import zone_of
from servstd.standards.segments import with_segments

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.events.log import Log
    from servstd.plan.plan import Plan
    from servstd.rollups import Attainment, Burn
    from servstd.rollups.consequences import Outgoing
    from servstd.standards import Standard
    from servstd.standards.rollup import RollupPlan

CaseKey = tuple[str, ...]
Explain = Callable[[str, CaseKey], "tuple[Plan, Sequence[Obligation]]"]


class Judged(NamedTuple):
    """Be one obligation as an executor hands it over.

    Args:
        standard: The standard as written.
        plan: It compiled.
        case: The case's key.
        occurrence: 1 for the first obligation of the case.
        obligation: What came of it.
        tie: Whether it would change if events of one stamp came in another order.
        parts: What it rests on, where it rests on other verdicts.
        marks: Its segments and weights, and the row of objectives that holds for it.
        fields: What its case carries as last known, where a consequence reads it.
    """

    standard: Standard
    plan: Plan | RollupPlan
    case: CaseKey
    occurrence: int
    obligation: Obligation
    tie: bool = False
    parts: tuple[Any, ...] = ()
    marks: Marks = NOTHING
    fields: Mapping[str, object] | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Report(Questions):
    """Hold what a book says of a log at one instant; immutable, picklable.

    Args:
        book: The standards.
        log: The events.
        as_of: The instant of the judgement, aware, UTC.
        as_of_how: How it was chosen.
        verdicts: In the order of standard, case, start, opening event.
        attainments: One row a standard, objective, segment and window.
        burns: What the alerts on budgets say, one a standard, objective, segment and alert.
        measures: What indicators measured, in the same columns; never judged, so their outcomes promise nothing.
        consequences: One row for each verdict or window from which something follows.
        absent: Kinds of event that standards name and the log lacks.
        notes: What a reader should know.
        idle: By standard, how many cases it did not activate; they are in no denominator.
        skipped: By standard, how many events lack its case key.
        choices: What was asked of it by `select`, one after the other.
        shown: The ids of the standards that a selection has left; None for all.
    """

    book: Book
    log: Log
    as_of_us: int
    as_of_how: str
    verdicts: Verdicts
    attainments: Attainments
    burns: tuple[Burn, ...] = ()
    measures: Verdicts = field(default_factory=Verdicts.empty)
    consequences: tuple[Outgoing, ...] = ()
    absent: tuple[AbsentKind, ...] = ()
    notes: tuple[str, ...] = ()
    idle: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    shown: tuple[str, ...] | None = None
    _explain: Explain | None = None

    @classmethod
    def build(
        cls,
        *,
        book: Book,
        log: Log,
        as_of_us: int,
        as_of_how: str,
        judged: Iterable[Judged],
        measured: Mapping[str, Sequence[Attainment]] | None = None,
        notes: Iterable[str] = (),
        idle: Mapping[str, int] | None = None,
        skipped: Mapping[str, int] | None = None,
        explain: Explain | None = None,
    ) -> Report:
        """Make a report from what an executor found.

        Args:
            book: The standards.
            log: The events.
            as_of_us: The instant of the judgement, µs.
            as_of_how: How it was chosen, for a reader.
            judged: The obligations, in the stated order.
            measured: By id, the attainments of metrics.
            notes: What a reader should know beside what the log says.
            idle: By standard, how many cases it did not activate.
            skipped: By standard, how many events lack its case key.
            explain: (standard, case key) to the plan and all obligations of that case, with their segments.

        """
        found = list(judged)
        measures = book.measures
        columns = columns_of((one for one in found if one.standard.id not in measures), as_of_us=as_of_us)
        of_indicators = columns_of((one for one in found if one.standard.id in measures), as_of_us=as_of_us)
        absent = absent_kinds(book, log.until(as_of_us))
        span = Span.of(log, book.timezone, as_of_us)
        attained = attainments_of(columns, book=book, span=span, measured=measured or {})
        attainments = Attainments(withheld(attained, misnamed(book, absent)))
        return cls(
            book=book,
            log=log,
            as_of_us=as_of_us,
            as_of_how=as_of_how,
            verdicts=Verdicts(
                columns, standards=[id_ for one in book.entries if (id_ := one.standard.id) not in measures]
            ),
            measures=Verdicts(of_indicators, standards=measures),
            attainments=attainments,
            burns=tuple(burning_of(columns, book=book, as_of_us=as_of_us)),
            consequences=tuple(outgoings(book, found, attainments, as_of_us=as_of_us)),
            absent=absent,
            notes=tuple(notes),
            idle=dict(idle or {}),
            skipped=dict(skipped or {}),
            _explain=explain,
        )

    @property
    def as_of(self) -> datetime:
        """The instant of the judgement, aware, UTC."""
        return datetime_utc(self.as_of_us)

    @property
    def span(self) -> Span:
        """From when to when the log is complete, and the instant of the judgement."""
        return Span.of(self.log, self.book.timezone, self.as_of_us)

    @property
    def standards(self) -> tuple[Standard, ...]:
        """The standards that it shows, in the order of the book: those that are judged, and are selected."""
        return tuple(one for one in self.book.judged if self.shown is None or one.id in self.shown)

    def select(
        self,
        standards: str | Iterable[str] | None = None,
        window: str | None = None,
        segment: SegmentSpec | None = None,
    ) -> Report:
        r"""Return the report of which only these standards, windows and segments decide and are shown.

        No case is judged otherwise. Verdicts, breaches, consequences and alerts are those that belong to what is
        shown. A window that names a period takes the windows that lie wholly inside; objectives over the whole log and
        over rolling windows always stay. With `last` of each objective the latest finished window stays, be it rolling
        or not.

        Args:
            standards: The id of a standard, or several.
            window: `last`; a period: `2026-03`, `2026-Q1`, `2026-03..2026-05`; or a window as the report names it.
            segment: `{"region": "North"}`, with a list where any of several will do, or `"region=North"`.

        Returns:
            The report. It decides nothing where no window is left.

        Raises:
            EvaluationError: SV410 no such standard, SV421 no such window, SV422 no such segment.

        Example:
            >>> import servstd
            >>> book = servstd.loads("timezone: UTC\nstandards: [{id: reply, kind: respond, case: id, start: asked,"
            ...                      " stop: answered, within: 1 hour, objective: 90% a day}]")
            >>> log = servstd.read_events([{"time": "2026-03-02T00:00Z", "event": "asked", "id": 1},
            ...                            {"time": "2026-03-03T09:00Z", "event": "asked", "id": 2},
            ...                            {"time": "2026-03-03T09:30Z", "event": "answered", "id": 2},
            ...                            {"time": "2026-03-04T09:00Z", "event": "asked", "id": 3}])
            >>> report = servstd.evaluate(book, log)
            >>> report.met, report.select(window="last").met
            (False, True)
        """
        wanted = Choice.of(self.standards, standards=standards, window=window, segment=segment)
        return selected(self, wanted) if wanted != Choice() else self

    @property
    def met(self) -> bool:
        """Whether no decided objective is missed and at least one is met; silence is not attainment."""
        statuses = {one.status for one in self.attainments}
        return "met" in statuses and "missed" not in statuses

    @property
    def is_decided(self) -> bool:
        """Whether at least one objective is met or missed."""
        return any(one.is_decided for one in self.attainments)

    @property
    def owed(self) -> dict[str, Decimal]:
        """What the consequences that are owed come to, by unit: currencies are never added to each other."""
        return totals(self.consequences)

    @cached_property
    def outcomes(self) -> dict[str, dict[str, int]]:
        """How many verdicts of each outcome, by standard, in the order of the book."""
        found: dict[str, dict[str, int]] = {
            one.standard.id: {} for one in self.book.entries if one.role != "indicator"
        }
        columns = self.verdicts.columns
        for standard, outcome in zip(columns["standard"], columns["outcome"], strict=True):
            tally = found.setdefault(standard, {})
            tally[outcome] = tally.get(outcome, 0) + 1
        return found

    def explain(self, standard: str, case: CaseSpec | None = None, occurrence: int | None = None) -> Evidence:
        """Return the evidence of one verdict.

        Args:
            standard: The standard's id.
            case: The case's key, a sequence where several fields name it; left out, the standard's worst breach.
            occurrence: Which obligation of the case; the first breached one, else the first, when left out.

        Raises:
            EvaluationError: SV410 unknown standard, SV411 no such case, SV412 no such occurrence.
        """
        row = self._find(standard, case, occurrence)
        internal = self.verdicts.internal
        model = self.book[standard]
        if internal["parts"][row]:
            zone = zone_of(self.book.surroundings.find(model.calendar)) or self.book.timezone or "UTC"
            return evidence_of_parts(
                model, self.verdicts[row], internal["parts"][row], as_of_us=self.as_of_us, timezone=zone
            )
        key: CaseKey = internal["case_key"][row]
        plan, obligations = self._explainer()(standard, key)
        obligation = obligations[internal["occurrence"][row] - 1]
        surroundings = self.book.surroundings
        environment = surroundings.environment(surroundings.find(model.calendar), model.counting_rule)
        chosen = with_segments(model.as_chosen, surroundings.segments)
        failing = failing_of(chosen, plan, obligation, self.log, case=key, environment=environment)
        timezone = self.book.timezone
        return evidence_of(
            model, plan, self.verdicts[row], obligation, self.log, timezone=timezone, failing=failing
        )

    @property
    def watermelons(self) -> tuple[Watermelon, ...]:
        """What is green outside and red inside: standards met in a window in which a score of customers is missed."""
        return tuple(watermelons(self.book, self.attainments))

    def calibration(self, scorecard: str) -> tuple[Calibration, ...]:
        """Return how far the reviewers of a scorecard agree on the cases that several of them have evaluated.

        Args:
            scorecard: The scorecard's id.

        Returns:
            A row an item that reviewers answer.

        Raises:
            EvaluationError: SV410 no such standard, SV651 it is no scorecard.
        """
        check_standard(self.book, scorecard)
        card = self.book[scorecard]
        if not isinstance(card, Scorecard):
            message = f"`{scorecard}` is a {card.kind}, and only a scorecard has reviewers."
            raise EvaluationError(Problem("SV651", message, help="name a scorecard."))
        internal = self.verdicts.internal
        return calibrate(
            card, internal, [row for row, id_ in enumerate(internal["standard"]) if id_ == scorecard]
        )

    def assert_met(self) -> None:
        """Raise unless the report is met; for tests.

        Raises:
            AssertionError: with the objectives that are missed, or that nothing is decided.
        """
        if self.met:
            return
        missed = [
            f"{one.standard}: {one.result_text} ({one.window})"
            for one in self.attainments
            if one.status == "missed"
        ]
        raise AssertionError("\n".join(missed) or "no objective is decided: nothing was judged")

    # -- out -------------------------------------------------------------------------------------------------------

    def render(self, format: str) -> str:  # noqa: A002 - the word of the command line
        """Return the report as text in a format: text, json, markdown, junit, github, html.

        Raises:
            ValueError: there is no such format.
        """
        if format not in FORMATS:
            raise ValueError(f"unknown format `{format}`. Known: {listed(FORMATS)}.")
        # By name, because results lie below rendering and know no format.
        writer: Any = import_module(f"servstd.render.{FORMATS[format]}")
        text: str = writer.render(self)
        return text

    def to_text(self, path: str | Path | None = None) -> str:
        """Return the report for a terminal, 100 columns wide; write it to `path` if given."""
        return self._written("text", path)

    def to_json(self, path: str | Path | None = None) -> str:
        """Return the report as JSON: keys in a stable order, equal reports in equal bytes."""
        return self._written("json", path)

    def to_markdown(self, path: str | Path | None = None) -> str:
        """Return the report as Markdown, for a pull request or a wiki."""
        return self._written("markdown", path)

    def to_junit(self, path: str | Path | None = None) -> str:
        """Return the report as JUnit XML: a suite a standard, a test an objective and window."""
        return self._written("junit", path)

    def to_html(self, path: str | Path | None = None) -> str:
        """Return the report as one HTML page that needs nothing else."""
        return self._written("html", path)

    def _written(self, format: str, path: str | Path | None) -> str:  # noqa: A002 - as above
        text = self.render(format)
        if path is not None:
            Path(path).write_text(text, encoding="utf-8", newline="\n")
        return text

    def __str__(self) -> str:
        return self.render("text")

    def __repr__(self) -> str:
        state = "met" if self.met else "not met" if self.is_decided else "nothing decided"
        verdicts = counted(len(self.verdicts), "verdict")
        return f"<Report: {state}, {verdicts}, as of {instant_text(self.as_of_us)}>"

    def _repr_html_(self) -> str:
        writer: Any = import_module("servstd.render.html")
        text: str = writer.fragment(self)
        return text

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the executor's memory; it is found again when evidence is asked for."""
        return {**self.__dict__, "_explain": None}

    def _explainer(self) -> Explain:
        if self._explain is not None:
            return self._explain
        # By name, because evaluation lies above results.
        evaluation: Any = import_module("servstd.evaluation")
        found: Explain = evaluation.Evaluation(self.book, self.log, self.as_of_us).explain
        return found

    # -- finding a verdict -----------------------------------------------------------------------------------------

    def _find(self, standard: str, case: CaseSpec | None, occurrence: int | None) -> int:
        check_standard(self.book, standard)
        columns = self.verdicts.internal
        rows = [row for row, id_ in enumerate(columns["standard"]) if id_ == standard]
        if case is not None:
            name = case if isinstance(case, str) else case_text(key_of(case))
            rows = self._rows_of_case(standard, name, rows)
        if occurrence is not None:
            rows = [row for row in rows if columns["occurrence"][row] == occurrence]
        if not rows:
            raise EvaluationError(_no_verdict(self.book[standard], occurrence))
        return self._worst(rows) if occurrence is None else rows[0]

    def _rows_of_case(self, standard: str, case: str, rows: list[int]) -> list[int]:
        cases = self.verdicts.columns["case"]
        found = [row for row in rows if cases[row] == case]
        if not found:
            there = sorted({cases[row] for row in rows})
            near = closest(case, there)
            message = (
                f"`{standard}` has no verdict on a case `{case}`. It has: {listed(there, most=6) or 'none'}."
            )
            raise EvaluationError(Problem("SV411", message, help=f"write `{near}`." if near else ""))
        return found

    def _worst(self, rows: list[int]) -> int:
        outcomes, margins = self.verdicts.columns["outcome"], self.verdicts.columns["margin"]
        breached = [row for row in rows if outcomes[row] == "breached"]
        if not breached:
            return rows[0]
        return min(breached, key=lambda row: margins[row] if margins[row] is not None else 0)


FORMATS: Mapping[str, str] = {
    "text": "text",
    "json": "json",
    "markdown": "markdown",
    "junit": "junit",
    "github": "github",
    "html": "html",
}
"""Formats of a report, and the module of `servstd.render` that writes each."""


def _no_verdict(standard: Standard, occurrence: int | None) -> Problem:
    if isinstance(standard, Metric):
        message = f"`{standard.id}` is a metric, which is judged by window and has no verdicts on cases."
        return Problem("SV411", message, help="see the attainments, or ask for the standard that it reads.")
    if occurrence is not None:
        return Problem("SV412", f"`{standard.id}` has no occurrence {occurrence} on this case.")
    return Problem("SV411", f"`{standard.id}` has no verdicts: no case activated it.")
