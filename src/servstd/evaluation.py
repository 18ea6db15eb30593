"""Evaluate a book over a log: every standard, every case, in one stated order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple, cast

from servstd.book import Book
from servstd.engine import Carry, Obligation, step
from servstd.engine.known import last_known
from servstd.entries import selected_standards, standards_read
from servstd.errors import CalendarError, EvaluationError, Problem, closest, listed
from servstd.events.log import CaseKey, Log, Row
from servstd.events.names import has_only_objects
from servstd.events.sprawling import within_cases
from servstd.expressions import written_names
from servstd.intervals import instant_us
from servstd.outside import (
    Known,
    Stretch,
    Stretches,
    left_out,
    merged,
    nested_words,
    starts_words,
    verdict_rows,
)
from servstd.plan.plan import Plan
from servstd.remembered import forgets_texts
from servstd.results.gathering import decisions_of
from servstd.results.marking import NOTHING, flows_of, marker_of
from servstd.results.readings import parted
from servstd.results.report import Judged, Report
from servstd.results.wording import counted
from servstd.rollups import Attainment
from servstd.rollups.metric import measure
from servstd.rollups.rolling import Found, member_columns, rolled
from servstd.rollups.windowing import Span
from servstd.standards import Metric, Rollup, Standard
from servstd.standards.objective import window_timezone
from servstd.standards.rollup import RollupPlan
from servstd.standards.segments import with_segments
from servstd.unreadable import (
    Trial,
    Unreadable,
    could_be_left_out,
    could_change,
    reads_of,
    unknown_verdicts,
    unreadable_by_case,
    without_calendars,
)

Progress = Callable[[int, int], None]


@forgets_texts
def evaluate(
    book: Book, log: Log, *, as_of: datetime | str | None = None, progress: Progress | None = None
) -> Report:
    """Judge every case of a log by every standard of a book.

    Verdicts are a function of the set of events: their order in the file, and copies of an event with an id, change
    nothing. Silence breaches as soon as `as_of` is past the limit. Nothing after `as_of` is read, in no figure: neither
    for outcomes nor for segments, weights and payments.

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
            that is no instant, SV404 a log that carries no case of the book, SV423 no book or no log.

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
    _check_arguments(book, log)
    as_of_us, how = _as_of(book, log, as_of)
    log = within_cases(log.with_nested(written_names(book)), (plan.case for plan in book.plans))
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


def _check_arguments(book: object, log: object) -> None:
    wanted = (
        (book, Book, "`servstd.load(path)` for a file, `servstd.Book(**mapping)` for a mapping."),
        (log, Log, "`servstd.read_events(source)`; a source is a path, a frame, or mappings."),
    )
    problems = [
        Problem("SV423", f"a `{sort.__name__}` is needed, not a `{type(given).__name__}`.", f"write {help_}")
        for given, sort, help_ in wanted
        if not isinstance(given, sort)
    ]
    if problems:
        raise EvaluationError(problems)


def _as_of(book: Book, log: Log, as_of: datetime | str | None) -> tuple[int, str]:
    if as_of is None:
        return log.as_of(book.timezone)
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


class Reading(NamedTuple):
    """One way to read a standard, besides the one that holds."""

    name: str
    standard: Standard
    plan: Plan


@dataclass(slots=True)
class Evaluation:
    """Hold one run of a book over a log.

    Args:
        book: The standards.
        log: The events; those after the instant of the judgement are left out.
        as_of: The instant of the judgement, µs.

    Raises:
        EvaluationError: SV413 a first event that may stand for "none", SV414 to SV416 for what the log covers.
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
    _stretches: dict[tuple[int, str], Stretches] = field(default_factory=dict)
    _unreadable: dict[int, Mapping[CaseKey, Sequence[Unreadable]]] = field(default_factory=dict)
    span: Span = field(init=False)

    def __post_init__(self) -> None:
        self.span = Span.of(self.log, self.book.timezone, self.as_of)
        self.log = self.log.until(self.as_of)

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
        found = list(rolled(standard, plan, members, units, self.span))
        times: Counter[CaseKey] = Counter()
        judged = self._judged[place] = []
        mark = marker_of(standard, self.book, self.log, plan.unit)
        for one in found:
            times[one.case] += 1
            marks = mark(one.obligation, one.fields) if mark else NOTHING
            judged.append(
                Judged(
                    standard, plan, one.case, times[one.case], one.obligation, one.tie, one.parts, marks, one.fields
                )
            )  # fmt: skip
        self._known[standard.id] = [
            Known(plan, one.case, one.obligation, one.fields, one.tie) for one in found
        ]

    def _measure(
        self, metric: Metric, plan: RollupPlan, members: Mapping[str, Sequence[Known]]
    ) -> list[Attainment]:
        """Return what a metric comes to in every window and segment."""
        mark = marker_of(metric, self.book, self.log, plan.unit)
        names = metric.frame.segments

        def segment(one: Found) -> str:
            found = mark(one.obligation, one.seen).segments if mark else {}
            return ", ".join(f"{name}={found.get(name, 'not carried')}" for name in names)

        calendar, flows = self.book.surroundings.find(metric.calendar), flows_of(metric, self.book, self.log)
        return list(
            measure(
                metric,
                plan,
                member_columns(metric.reads, members, segment=segment if names else None, flows=flows),
                timezone=window_timezone(metric.frame, calendar, self.book.timezone) or "UTC",
                span=self.span,
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
        mark = marker_of(standard, self.book, self.log, plan.unit)
        idle = ignored = nested = 0
        again: list[int] = []
        unknown: Counter[tuple[str, str]] = Counter()
        for key, rows in self.cases(place):
            obligations, carry = self._obligations(place, key, rows)
            ignored += carry.fold.ignored_minus
            if carry.fold.unknown:
                unknown.update(carry.fold.unknown)
            nested += carry.fold.nested
            if obligations and carry.fold.passed_over:
                again.append(carry.fold.passed_over)
            idle += not obligations
            ties = self._ties(place, rows, obligations)
            carried = (
                last_known(rows, self.as_of, ends=plan.ends).known if mark or is_followed or is_read else {}
            )
            for occurrence, one in enumerate(obligations, start=1):
                tie = _opening(one) in ties
                marks = mark(one, carried) if mark else NOTHING
                fields = carried if is_followed else None
                judged.append(Judged(standard, plan, key, occurrence, one, tie, marks=marks, fields=fields))
                if is_read:
                    known.append(Known(plan, key, one, carried, tie, self._own(one)))
        self._note_readings(place)
        if (place, "") in self._stretches and len(self.log):
            told = [one.obligation for one in judged]
            span = self.span.first_us or 0, self.as_of
            self.notes += left_out(standard.as_chosen, self._stretches[place, ""], told, span)
        reversed_rows = [one.obligation for one in judged if one.obligation.is_reversed]
        if reversed_rows:
            lost = sum(one.outcome == "unknown" for one in reversed_rows)
            self.notes.append(
                f"{standard.id}: {len(reversed_rows):,} end before their start; {lost:,} of them are unknown, for want "
                "of a length"
            )
        self.idle[standard.id] = idle
        self.notes += unknown_answers(standard.id, unknown)
        if again:
            self.notes.append(f"{standard.id}: {starts_words(standard, sum(again), len(again))}")
        if nested:
            self.notes.append(f"{standard.id}: {nested_words(nested, plan.stretch_fields)}")
        if ignored:
            told_events = counted(ignored, "event")
            self.notes.append(f"{standard.id}: {told_events} would take the level below 0 and did not count")

    def _note_readings(self, place: int) -> None:
        """Tell where the other readings of a standard part from the one that holds."""
        standard = self.book.entries[place].standard
        if standard.reading is None:
            return
        chosen = self._judged[place]
        mine = decisions_of(standard, chosen, book=self.book, span=self.span)
        for name in standard.readings or ():
            if name != standard.reading:
                read = standard.read_as(name)
                found = list(self._judge_as(place, read, name))
                theirs = decisions_of(read, found, book=self.book, span=self.span)
                said = parted([_told(one) for one in chosen], [_told(one) for one in found], mine, theirs)
                self.notes.append(f"{standard.id}: read as `{name}` instead of `{standard.reading}`, {said}")

    def _judge_as(self, place: int, read: Standard, name: str) -> Iterator[Judged]:
        """Judge every case by a standard under another reading."""
        surroundings = self.book.surroundings
        plan = with_segments(read, surroundings.segments).plan(surroundings)
        mark = marker_of(read, self.book, self.log, plan.unit)
        for key, rows in self.cases(place):
            known = last_known(rows, self.as_of, ends=plan.ends).known if mark else {}
            for occurrence, one in enumerate(
                self._obligations(place, key, rows, Reading(name, read, plan))[0], start=1
            ):
                marks = mark(one, known) if mark else NOTHING
                yield Judged(read, plan, key, occurrence, one, marks=marks)

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
        found = self._cases[keys]
        if extra:
            found = merged(found, verdict_rows(extra), keys)
        unreadable = self._unreadable_in(place, extra)
        if not unreadable:
            return found
        there = {key for key, _ in found}
        lost: list[tuple[CaseKey, list[Row]]] = [(key, []) for key in unreadable if key not in there]
        return sorted([*found, *lost], key=itemgetter(0)) if lost else found

    def _unreadable_in(self, place: int, read: Sequence[Known]) -> Mapping[CaseKey, Sequence[Unreadable]]:
        """Return what could not be read and a standard would read, by case."""
        if place not in self._unreadable:
            keys = self._plan(place).case
            found = unreadable_by_case(self.log, keys, self._cases[keys])
            for key, one in unknown_verdicts(read, keys):
                found.setdefault(key, []).append(one)
            by_key = {
                key: [row for row in rows if row.time_us <= self.as_of]
                for key, rows in (self._cases[keys] if found else ())
                if key in found
            }
            reads = reads_of(self.book, self.book.entries[place], self._plan(place)) if found else None
            self._unreadable[place] = {
                key: concerned
                for key, every in found.items()
                if reads and (concerned := [one for one in every if reads.concerns(one, by_key.get(key, ()))])
            }
        return self._unreadable[place]

    def _obligations(
        self, place: int, key: CaseKey, rows: list[Row], reading: Reading | None = None
    ) -> tuple[list[Obligation], Carry]:
        """Judge one case by a standard, or by another reading of it."""
        plan = reading.plan if reading else self._plan(place)
        try:
            found, carry = step(plan, rows, self._begin(place, rows, reading), as_of=self.as_of)
        except CalendarError as failure:  # that case's trouble alone
            carry = self._begin(place, rows, reading)
            return without_calendars(plan, rows, carry, failure, as_of=self.as_of)
        unreadable = self._unreadable[place].get(key)
        if unreadable:

            def judge(rows: Sequence[Row]) -> Sequence[Obligation]:
                return step(plan, rows, self._begin(place, rows, reading), as_of=self.as_of)[0]

            found = could_change(found, rows, unreadable, Trial(plan, judge, self.as_of))
        stretches = self._stretches[place, reading.name if reading else ""]
        if stretches.doubts:

            def judge_in(other: dict[int, list[Stretch]]) -> Sequence[Obligation]:
                return step(plan, rows, self._begin(place, rows, reading, other), as_of=self.as_of)[0]

            known = last_known(rows, self.as_of, ends=plan.ends).known
            trial = Trial(plan, lambda _: (), self.as_of)
            found = could_be_left_out(found, rows, trial, stretches=stretches, known=known, judge=judge_in)
        return found, carry

    def explain(self, standard: str, case: CaseKey) -> tuple[Plan, list[Obligation]]:
        """Judge one case again and return its obligations with their segments."""
        place = self._ready(standard)
        rows = next((rows for key, rows in self.cases(place) if key == case), [])
        return self._again(place, case, rows)

    def explain_all(self, standard: str) -> Iterator[tuple[CaseKey, tuple[Plan, list[Obligation]]]]:
        """Judge every case again and yield its obligations with their segments."""
        place = self._ready(standard)
        for key, rows in self.cases(place):
            yield key, self._again(place, key, rows)

    def _ready(self, standard: str) -> int:
        """Return the place of a standard, once everything that it may read is judged."""
        place = next(place for place, one in enumerate(self.book.entries) if one.standard.id == standard)
        for before in self.book.reading_order:
            if before == place:
                break
            if before not in self._judged:
                self.judge(before)
        return place

    def _again(self, place: int, key: CaseKey, rows: list[Row]) -> tuple[Plan, list[Obligation]]:
        plan = self._plan(place)
        return plan, self._obligations(place, key, rows)[0]

    def _own(self, one: Obligation) -> Mapping[str, object]:
        """Return what the event carries that decided an obligation on the spot."""
        if not 0 <= one.opened_by < len(self.log) or one.ended_by != one.opened_by:
            return {}
        row = self.log.row(one.opened_by)
        return row.fields if row.time_us == one.started_at == one.ended_at else {}

    def _plan(self, place: int) -> Plan:
        return cast("Plan", self.book.compiled[place])

    def _begin(
        self,
        place: int,
        rows: Sequence[Row],
        reading: Reading | None = None,
        other: dict[int, list[Stretch]] | None = None,
    ) -> Carry:
        plan, key = reading.plan if reading else self._plan(place), (place, reading.name if reading else "")
        if key not in self._stretches:
            standard = reading.standard if reading else self.book.entries[place].standard.as_chosen
            self._stretches[key] = Stretches.of(
                standard, self.book.surroundings, self.log, self._known, as_of=self.as_of
            )
        stretches = self._stretches[key]
        if other is None and stretches.match:
            other = stretches.concerning(last_known(rows, self.as_of, ends=plan.ends).known)
        return Carry.begin(
            plan,
            milestones=self.log.milestones,
            stretches=other,
            covered=self.span.covered_us,
        )

    def check_keys(self) -> None:
        """Refuse a book none of whose standards finds its case in the log; note each that does not.

        Raises:
            EvaluationError: SV404, with the fields that are carried.
        """
        problems = []
        objects = {name for name, column in self.log.fields.items() if has_only_objects(column)}
        for (standard, _, _), plan in zip(self.book.entries, self.book.compiled, strict=True):
            if isinstance(standard, Rollup):
                continue
            missing = [key for key in plan.case if key not in self.log.fields or key in objects]
            if missing and not standards_read(standard):
                names = [name for name in self.log.names if name not in objects]
                inside = [name for name in names if name.startswith(f"{missing[0]}.")]
                near = closest(f"{missing[0]}.id", inside) if inside else closest(missing[0], names)
                what = f"`{missing[0]}` holds objects" if inside else f"no event carries `{missing[0]}`"
                message = f"{what}, which names the case of `{standard.id}`."
                self.notes.append(message + (f" Is it `{near}`?" if near else ""))
                help_ = (
                    f"write `case: {near}`." if near else "write `case:` with the field that names the case."
                )
                problems.append(
                    Problem("SV404", f"{message} Carried: {listed(names) or 'nothing'}.", help=help_)
                )
        if problems and len(problems) == len(self.book.plans) and len(self.log):
            raise EvaluationError(problems)

    def _ties(self, place: int, rows: list[Row], obligations: list[Obligation]) -> set[tuple[int, int]]:
        """Return the openers of the verdicts that would change if events of one stamp came one by one."""
        tied = [here for here, then in pairwise(rows) if _is_tie(here, then)]
        told = [one for one in obligations if not one.is_unread]
        if not told or not tied:
            return set()
        found: set[tuple[int, int]] = set()
        for order in (rows, _reversed_ties(rows)):
            carry = self._begin(place, rows)
            other, _ = step(self._plan(place), order, carry, as_of=self.as_of, together=False)
            others = Counter(_result(one) for one in other)
            for one in told:
                result = _result(one)
                others[result] -= 1
                if others[result] < 0:
                    found.add(_opening(one))
        return found


def unknown_answers(id_: str, unknown: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """Yield what is told of conditions whose answer is not known: such an event is not taken, nothing is left out.

    Args:
        id_: The standard.
        unknown: How often, by what was asked (a signal, or `exclude`) and the kind of event (or the reason).
    """
    for (asked, name), number in sorted(unknown.items()):
        if asked == "exclude":
            verdicts = "1 verdict" if number == 1 else f"{number:,} verdicts"
            yield f"{id_}: {verdicts} not left out ({name}), because it is not known whether the exclusion holds"
        else:
            events = "1 event" if number == 1 else f"{number:,} events"
            yield f"{id_}: {events} `{name}` not taken as {asked}, because it is not known whether `where` holds"


def _is_tie(here: Row, then: Row) -> bool:
    return here.time_us == then.time_us and here.sequence == then.sequence


def _opening(obligation: Obligation) -> tuple[int, int]:
    return obligation.opened_by, obligation.started_at


def _result(obligation: Obligation) -> tuple[object, ...]:
    one = obligation
    return one.started_at, one.outcome, one.ended_at, one.breached_at, one.elapsed


def _told(one: Judged) -> tuple[object, ...]:
    """Return what a verdict says, for a reader who asks whether another reading says otherwise."""
    return one.case, one.obligation.started_at, one.obligation.outcome


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
