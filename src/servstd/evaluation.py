"""Evaluate a book over a log: every standard, every case, in one stated order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import cast

from servstd.book import Book
from servstd.engine import Carry, Obligation, step
from servstd.entries import selected_standards, standards_read
from servstd.errors import EvaluationError, Problem, closest, listed
from servstd.events.log import CaseKey, Log, Row
from servstd.intervals import instant_us
from servstd.outside import Known, Stretches, left_out, merged, nested_words, starts_words, verdict_rows
from servstd.plan.plan import Plan
from servstd.results.marking import marker_of
from servstd.results.report import Judged, Report
from servstd.rollups import Attainment
from servstd.rollups.metric import measure
from servstd.rollups.rolling import Found, member_columns, rolled
from servstd.rollups.windowing import Span
from servstd.standards import Metric, Rollup, Standard
from servstd.standards.objective import window_timezone
from servstd.standards.rollup import RollupPlan
from servstd.standards.segments import with_segments

Progress = Callable[[int, int], None]


def evaluate(
    book: Book, log: Log, *, as_of: datetime | str | None = None, progress: Progress | None = None
) -> Report:
    """Judge every case of a log by every standard of a book.

    Verdicts are a function of the set of events: their order in the file, and copies of an event with an id, change
    nothing. Silence breaches as soon as `as_of` is past the limit.

    Args:
        book: The standards.
        log: The events.
        as_of: The instant of the judgement, aware, or text with its offset (`2026-03-31T18:00Z`); the last event
            that has happened when left out.
        progress: Called with (standards done, standards in all).

    Returns:
        The report: verdicts in the order of standard, case, start and opening event; attainments; notes.

    Raises:
        EvaluationError: SV401 nothing has happened, SV402 a last event that may stand for `never`, SV403 an `as_of`
            that is no instant.

    Example:
        >>> import servstd
        >>> book = servstd.loads("standards: [{id: reply, kind: respond, case: id, start: asked, stop: answered,"
        ...                      " within: 1 hour}]")
        >>> log = servstd.read_events([{"time": "2026-03-02T09:00Z", "event": "asked", "id": 1},
        ...                            {"time": "2026-03-02T09:30Z", "event": "answered", "id": 1}],
        ...                           time="time", event="event")
        >>> servstd.evaluate(book, log).verdicts[0].outcome
        'met'
    """
    as_of_us, how = _as_of(log, as_of)
    run = Evaluation(book, log, as_of_us)
    run.check_keys()
    for done, place in enumerate(book.reading_order, start=1):
        run.judge(place)
        if progress:
            progress(done, len(book.entries))
    return Report.build(
        book=book,
        log=log,
        as_of_us=as_of_us,
        as_of_how=how,
        judged=run.judged,
        measured=run.measured,
        idle=run.idle,
        skipped=run.skipped,
        notes=run.notes,
        explain=run.explain,
    )


def _as_of(log: Log, as_of: datetime | str | None) -> tuple[int, str]:
    if as_of is None:
        return log.as_of()
    try:
        at = datetime.fromisoformat(as_of.strip()) if isinstance(as_of, str) else as_of
    except ValueError:
        raise _no_instant(as_of, "is no instant") from None
    if not isinstance(at, datetime):
        raise _no_instant(as_of, "has no time of day")
    if at.tzinfo is None:
        raise _no_instant(at.isoformat(), "names no zone")
    return instant_us(at), "given"


def _no_instant(as_of: object, why: str) -> EvaluationError:
    help_ = "give an aware datetime, or text with its offset: `2026-03-31T18:00+01:00`."
    return EvaluationError(Problem("SV403", f"`as_of` is `{as_of!s:.40}`, which {why}.", help=help_))


@dataclass(slots=True)
class Evaluation:
    """Hold one run of a book over a log.

    Args:
        book: The standards.
        log: The events.
        as_of: The instant of the judgement, µs.
    """

    book: Book
    log: Log
    as_of: int
    idle: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    measured: dict[str, list[Attainment]] = field(default_factory=dict)
    _judged: dict[int, list[Judged]] = field(default_factory=dict)
    _known: dict[str, list[Known]] = field(default_factory=dict)
    _cases: dict[tuple[str, ...], list[tuple[CaseKey, list[Row]]]] = field(default_factory=dict)
    _stretches: dict[int, Stretches] = field(default_factory=dict)

    @property
    def judged(self) -> list[Judged]:
        """Every obligation, in the order of standard, case, start and opening event."""
        return [one for place in range(len(self.book.entries)) for one in self._judged.get(place, ())]

    def judge(self, place: int) -> None:
        """Judge every case by one standard; those whose verdicts it reads have been judged before."""
        standard, plan = self.book.entries[place].standard, self.book.compiled[place]
        if isinstance(standard, Rollup):
            self._roll(place, standard, cast("RollupPlan", plan))
        else:
            self._fold(place, standard, cast("Plan", plan))

    def _roll(self, place: int, standard: Rollup, plan: RollupPlan) -> None:
        """Judge every case by what other standards' verdicts come to."""
        read = self.book.read_by(standard)
        members = {member.id: self._known[read[member.id]] for _, member in standard.reads}
        if isinstance(standard, Metric):
            self._judged[place] = []
            self.measured[standard.id] = self._measure(standard, plan, members)
            return
        units = {name: self._unit(name) for name in members}
        found = list(rolled(standard, plan, members, units))
        times: Counter[CaseKey] = Counter()
        judged = self._judged[place] = []
        for one in found:
            times[one.case] += 1
            judged.append(
                Judged(
                    standard, plan, one.case, times[one.case], one.obligation, one.tie, one.parts, one.fields
                )
            )
        self._known[standard.id] = [
            Known(plan, one.case, one.obligation, one.fields, one.tie) for one in found
        ]

    def _measure(
        self, metric: Metric, plan: RollupPlan, members: Mapping[str, Sequence[Known]]
    ) -> list[Attainment]:
        """Return what a metric comes to in every window and segment."""
        mark = marker_of(metric, self.book, self.log)
        names = metric.frame.segments

        def segment(one: Found) -> str:
            found = mark(one.case, one.obligation, one.seen).segments
            return ", ".join(f"{name}={found.get(name, 'not carried')}" for name in names)

        calendar = self.book.surroundings.find(metric.calendar)
        return list(
            measure(
                metric,
                plan,
                member_columns(metric.reads, members, segment=segment if names else None),
                timezone=window_timezone(metric.frame, calendar, self.book.timezone) or "UTC",
                span=Span(int(self.log.times[0]) if len(self.log) else None, self.as_of),
            )
        )

    def _unit(self, id_: str) -> str:
        pairs = zip(self.book.entries, self.book.compiled, strict=True)
        return next(plan.unit for entry, plan in pairs if entry.standard.id == id_)

    def _fold(self, place: int, standard: Standard, plan: Plan) -> None:
        """Judge every case by its events."""
        self.skipped[standard.id] = self.log.without_case(plan.case)
        judged = self._judged[place] = []
        known = self._known[standard.id] = []
        is_read = standard.id in self._read
        is_followed = any(one.standard == standard.id for one in self.book.all_consequences)
        idle = ignored = nested = 0
        again: list[int] = []
        for key, rows in self.cases(place):
            obligations, carry = step(plan, rows, self._begin(place, rows), as_of=self.as_of)
            ignored += carry.fold.ignored_minus
            nested += carry.fold.nested
            if obligations and carry.fold.passed_over:
                again.append(carry.fold.passed_over)
            idle += not obligations
            ties = self._ties(place, rows, obligations)
            for occurrence, one in enumerate(obligations, start=1):
                tie = _opening(one) in ties
                carried = carry.fold.facts.known if is_followed else None
                judged.append(Judged(standard, plan, key, occurrence, one, tie=tie, fields=carried))
                if is_read:
                    known.append(Known(plan, key, one, carry.fold.facts.known, tie, self._own(one)))
        self._note_readings(place)
        if place in self._stretches and len(self.log):
            span = int(self.log.times[0]), self.as_of
            told = [one.obligation for one in judged]
            self.notes += left_out(standard, self._stretches[place], told, span)
        reversed_rows = sum(one.obligation.is_reversed for one in judged)
        if reversed_rows:
            self.notes.append(
                f"{standard.id}: {reversed_rows} ended before their start, and count as ended at once"
            )
        self.idle[standard.id] = idle
        if again:
            self.notes.append(f"{standard.id}: {starts_words(standard, sum(again), len(again))}")
        if nested:
            self.notes.append(f"{standard.id}: {nested_words(nested, plan.stretch_fields)}")
        if ignored:
            self.notes.append(
                f"{standard.id}: {ignored} events would take the level below 0 and were ignored"
            )

    def _note_readings(self, place: int) -> None:
        """Count where the other readings of a standard part from the one that holds."""
        standard = self.book.entries[place].standard
        chosen = [(one.case, _result(one.obligation)[:2]) for one in self._judged[place]]
        for name in standard.readings or ():
            if name == standard.reading:
                continue
            plan = with_segments(standard.read_as(name), self.book.surroundings.segments).plan(
                self.book.surroundings
            )
            found = [
                (key, _result(one)[:2])
                for key, rows in self.cases(place)
                for one in step(plan, rows, self._begin(place, rows, plan), as_of=self.as_of)[0]
            ]
            parted = len((Counter(chosen) - Counter(found)).keys())
            self.notes.append(
                f"{standard.id}: read as `{name}` instead of `{standard.reading}`, "
                f"{parted} of {len(chosen)} verdicts would differ"
            )

    @property
    def _read(self) -> frozenset[str]:
        """The standards whose verdicts others read."""
        return frozenset().union(*(self.book.read_by(entry.standard).values() for entry in self.book.entries))

    def cases(self, place: int) -> Sequence[tuple[CaseKey, list[Row]]]:
        """Return the cases of a standard; those of the log alone are read once for all that share their keys."""
        standard, keys = self.book.entries[place].standard, self.book.compiled[place].case
        extra = [one for name in sorted(selected_standards(standard)) for one in self._known[name]]
        if keys not in self._cases:
            self._cases[keys] = list(self.log.cases(keys))
        if not extra:
            return self._cases[keys]
        return merged(self._cases[keys], verdict_rows(extra), keys)

    def explain(self, standard: str, case: CaseKey) -> tuple[Plan, list[Obligation]]:
        """Judge one case again and return its obligations with their segments."""
        place = self._ready(standard)
        rows = next((rows for key, rows in self.cases(place) if key == case), [])
        return self._again(place, rows)

    def explain_all(self, standard: str) -> Iterator[tuple[CaseKey, tuple[Plan, list[Obligation]]]]:
        """Judge every case again and yield its obligations with their segments."""
        place = self._ready(standard)
        for key, rows in self.cases(place):
            yield key, self._again(place, rows)

    def _ready(self, standard: str) -> int:
        """Return the place of a standard, once everything that it may read is judged."""
        place = next(place for place, one in enumerate(self.book.entries) if one.standard.id == standard)
        for before in self.book.reading_order:
            if before == place:
                break
            if before not in self._judged:
                self.judge(before)
        return place

    def _again(self, place: int, rows: Sequence[Row]) -> tuple[Plan, list[Obligation]]:
        plan = self._plan(place)
        obligations, _ = step(plan, rows, self._begin(place, rows), as_of=self.as_of)
        return plan, obligations

    def _own(self, one: Obligation) -> Mapping[str, object]:
        """Return what the event carries that decided an obligation on the spot."""
        if not 0 <= one.opened_by < len(self.log) or one.ended_by != one.opened_by:
            return {}
        row = self.log.row(one.opened_by)
        return row.fields if row.time_us == one.started_at == one.ended_at else {}

    def _plan(self, place: int) -> Plan:
        return cast("Plan", self.book.compiled[place])

    def _begin(self, place: int, rows: Sequence[Row], plan: Plan | None = None) -> Carry:
        if place not in self._stretches:
            self._stretches[place] = Stretches.of(
                self.book.entries[place].standard,
                self.book.surroundings,
                self.log,
                self._known,
                as_of=self.as_of,
            )
        return Carry.begin(
            plan or self._plan(place),
            milestones=self.log.milestones,
            stretches=self._stretches[place].concerning(rows),
        )

    def check_keys(self) -> None:
        """Refuse a book none of whose standards finds its case in the log; note each that does not.

        Raises:
            EvaluationError: SV404, with the fields that are carried.
        """
        problems = []
        for (standard, _, _), plan in zip(self.book.entries, self.book.compiled, strict=True):
            if isinstance(standard, Rollup):
                continue
            missing = [key for key in plan.case if key not in self.log.fields]
            if missing and not standards_read(standard):
                near = closest(missing[0], self.log.fields)
                message = f"no event carries `{missing[0]}`, which names the case of `{standard.id}`."
                self.notes.append(message + (f" Is it `{near}`?" if near else ""))
                help_ = (
                    f"write `case: {near}`." if near else "write `case:` with the field that names the case."
                )
                problems.append(
                    Problem(
                        "SV404", f"{message} Carried: {listed(self.log.fields) or 'nothing'}.", help=help_
                    )
                )
        if problems and len(problems) == len(self.book.plans) and len(self.log):
            raise EvaluationError(problems)

    def _ties(self, place: int, rows: list[Row], obligations: list[Obligation]) -> set[tuple[int, int]]:
        """Return the openers of the verdicts that would change if events of one stamp came one by one."""
        tied = [here for here, then in pairwise(rows) if _is_tie(here, then)]
        if not obligations or not tied:
            return set()
        found: set[tuple[int, int]] = set()
        for order in (rows, _reversed_ties(rows)):
            carry = self._begin(place, rows)
            other, _ = step(self._plan(place), order, carry, as_of=self.as_of, together=False)
            others = Counter(_result(one) for one in other)
            for one in obligations:
                result = _result(one)
                others[result] -= 1
                if others[result] < 0:
                    found.add(_opening(one))
        return found


def _is_tie(here: Row, then: Row) -> bool:
    return here.time_us == then.time_us and here.sequence == then.sequence


def _opening(obligation: Obligation) -> tuple[int, int]:
    return obligation.opened_by, obligation.started_at


def _result(obligation: Obligation) -> tuple[object, ...]:
    one = obligation
    return one.started_at, one.outcome, one.ended_at, one.breached_at, one.elapsed


def _reversed_ties(rows: list[Row]) -> list[Row]:
    return [row for stamp in _stamps(rows) for row in reversed(stamp)]


def _stamps(rows: list[Row]) -> Iterator[list[Row]]:
    together: list[Row] = []
    for row in rows:
        if together and not _is_tie(together[-1], row):
            yield together
            together = []
        together.append(row)
    if together:
        yield together
