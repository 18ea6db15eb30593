"""Evidence that could not be read: which verdicts of its case some time for it could change.

What could not be read is not what did not happen. A row whose time cannot be read is tried at every instant at which it
could make a difference; a verdict that comes out otherwise at one of them is not known. Nothing here knows a kind of
standard or a rule of a clock: the engine is asked what would be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from servstd.calendars import ALWAYS
from servstd.engine import Carry, Obligation, step
from servstd.engine.facts import CaseFacts
from servstd.engine.fold import Fold
from servstd.errors import CalendarError, ServstdError
from servstd.events.log import CaseKey, Log, Row, placed
from servstd.intervals import DAY_US, Instant
from servstd.lint.subject import Subject
from servstd.plan.bound import Allowance, Combined, Dates, Limit, Missing
from servstd.plan.plan import Plan, Terms
from servstd.plan.signals import Signal
from servstd.standards.selector import CHANGES, VerdictPart, verdict_event

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.conditions import Facts
    from servstd.entries import Entry
    from servstd.outside import Known, Stretch, Stretches

Judge = Callable[[Sequence[Row]], Sequence[Obligation]]
"""What the obligations of a case come to, given its events."""

FIRST = -2
"""The position of the first undated row; below -1, which stands for no event, and in no log."""
_MOST_STEPS = 20_000
"""How many events a case is judged over again before what is still not shown to be safe counts as not known."""
_HOUR_US = DAY_US // 24
_APART_US = (
    *(hour * _HOUR_US for hour in range(1, 25)),
    *(half * DAY_US // 2 for half in range(3, 15)),
    *(days * DAY_US for days in (10, 40, 366)),
)
"""How far before the events of its case a row is tried: each hour of a day, since conditions may ask the time of day;
the days of a week; and long before."""
_MOST_DATES = 40


@dataclass(frozen=True, slots=True, eq=False)
class Unreadable:
    """One event without a readable time, or one instant of an event that cannot be read.

    Args:
        reason: Why a verdict is not known: where it stands, and what is wrong with it.
        row: The event, its time meaning nothing; None where it is only a field that cannot be read.
        events: The positions in the log of the events that carry the field.
        field: Its name; empty for an event.
    """

    reason: str
    row: Row | None = None
    events: frozenset[int] = frozenset()
    field: str = ""

    def is_beside(self, other: Unreadable) -> bool:
        """Tell whether it is the same event as another one, or a milestone of the same row.

        Args:
            other: The other one.
        """
        if self.row is None or other.row is None:
            return self is other
        return self.row.index == other.row.index or -1 < self.row.source == other.row.source

    def placed(self, rows: Sequence[Row], at: int) -> list[Row]:
        """Return the events of the case if this one were of an instant.

        Args:
            rows: The events of the case, in order.
            at: The instant, µs.
        """
        if self.row is None:
            return [
                replace(row, fields={**row.fields, self.field: Instant(at)})
                if row.index in self.events
                else row
                for row in rows
            ]
        return placed(rows, replace(self.row, time_us=at))


def unreadable_by_case(
    log: Log, keys: tuple[str, ...], cases: Iterable[tuple[CaseKey, Sequence[Row]]]
) -> dict[CaseKey, list[Unreadable]]:
    """Return what could not be read, by the case that it belongs to.

    Args:
        log: The events.
        keys: The fields that name a case.
        cases: The cases of the log, with their events.
    """
    found: dict[CaseKey, list[Unreadable]] = {}
    if log.undated is not None:
        told = log.undated.quarantine
        for key, rows in log.undated.cases(keys):
            for row in rows:
                undated = replace(row, index=FIRST - row.index)
                found.setdefault(key, []).append(Unreadable(told[row.index].why_unread, undated))
    if log.unread_cells:
        cells = _cells(log)
        for key, events in cases:
            in_case = dict.fromkeys(cell for row in events for cell in cells.get(row.index, ()))
            if in_case:
                found.setdefault(key, []).extend(in_case)
    return found


def _cells(log: Log) -> dict[int, list[Unreadable]]:
    """Return the fields that cannot be read, by the position of each event that carries them."""
    told = {(one.where, one.column): one for one in log.unread}
    found: dict[int, list[Unreadable]] = {}
    for field, positions in log.unread_cells.items():
        events: dict[str, list[int]] = {}
        for position in positions.tolist():
            events.setdefault(log.where(position), []).append(position)
        for where, members in events.items():
            reason = (
                told[where, field].why_unread
                if (where, field) in told
                else f"{where}: `{field}` could not be read"
            )
            cell = Unreadable(reason, events=frozenset(members), field=field)
            for position in members:
                found.setdefault(position, []).append(cell)
    return found


def unknown_verdicts(known: Iterable[Known], keys: tuple[str, ...]) -> Iterator[tuple[CaseKey, Unreadable]]:
    """Yield the events that the verdicts of other standards would be if it were known what came of them.

    Args:
        known: The obligations of the standards that are read.
        keys: The fields that name a case of the standard that reads them.
    """
    for number, one in enumerate(known):
        values = [one.told.get(name) for name in keys]
        if not one.obligation.is_unread or None in values:
            continue
        for place, change in enumerate(CHANGES):
            kind = verdict_event(one.plan.standard, change)
            row = Row(0, kind, one.told, None, None, FIRST - len(CHANGES) * number - place)
            reason = f"what came of `{one.plan.standard}` is not known: {one.obligation.reason}"
            yield tuple(str(value) for value in values), Unreadable(reason, row)


class Reads(NamedTuple):
    """What a standard reads of the events of its cases.

    Args:
        kinds: The kinds of event that it names; None for every kind.
        fields: The fields that it reads.
    """

    kinds: frozenset[str] | None
    fields: frozenset[str]

    def concerns(self, one: Unreadable, rows: Sequence[Row]) -> bool:
        """Tell whether the standard would read it: by its kind, or for a field that it would change.

        Args:
            one: What could not be read.
            rows: The events of its case.
        """
        if one.row is None:
            return one.field in self.fields
        if self.kinds is None or one.row.kind in self.kinds:
            return True
        own = one.row.fields
        if not rows:
            return not self.fields.isdisjoint(own)
        return any(
            name in own and any(row.fields.get(name) != own[name] for row in rows) for name in self.fields
        )


def reads_of(book: Book, entry: Entry, plan: Plan) -> Reads:
    """Return what a standard reads, under whichever of its readings.

    Args:
        book: The book it stands in.
        entry: The standard in its place.
        plan: It compiled.
    """
    subject = Subject(book, entry)
    subjects = [subject, *subject.others]
    every = [one for each in subjects for one in each.case_selections.values()]
    kinds = {kind for one in every for kind in one.events}
    kinds |= {part.event for one in every for part in one.parts if isinstance(part, VerdictPart)}
    hears_all = "*" in kinds or plan.signals.begins is not None
    hears_all |= any(signal is Signal.OTHER for signal, _ in plan.signals.selectors)
    fields = plan.terms.fields | plan.signals.pause_fields | frozenset(plan.signals.match)
    fields = fields.union(*(each.reads for each in subjects))
    fields |= {name.partition(".")[0] for name in fields}
    return Reads(None if hears_all else frozenset(kinds), fields)


def could_change(
    found: Sequence[Obligation], rows: Sequence[Row], unreadable: Sequence[Unreadable], trial: Trial
) -> list[Obligation]:
    """Return the obligations of a case, those that some time for an unreadable row could change being unknown.

    Each row is tried alone, then all of them at one instant. A row with which there would be one more obligation, and
    that changes no other, gives one unknown; so does a case that has nothing but such rows.

    Args:
        found: The obligations without those rows.
        rows: The readable events of the case, in order.
        unreadable: What could not be read and the standard would read.
        trial: How the case is judged again.
    """
    rows = [row for row in rows if row.time_us <= trial.as_of]  # what comes later has not happened
    causes: dict[int, Unreadable] = {}
    opening: list[Unreadable] = []
    steps = 0
    for cause, changed in _tried(rows, unreadable, trial.instants(rows, found)):
        steps += len(changed)
        if steps > _MOST_STEPS:
            for place, one in enumerate(found):
                if place not in causes and trial.concerns(cause, one, rows):
                    causes[place] = cause
            break
        try:
            others = trial.judge(changed)
        except ServstdError:  # no calendar is known at that instant
            continue
        for place in trial.parted(found, others):
            causes.setdefault(place, cause)
        if (
            len(others) > len(found)
            and not (trial.is_tiled and found)
            and trial.opens_another(cause, opening)
        ):
            opening.append(cause)
        if len(causes) == len(found) and len(opening) == len(unreadable):
            break
    told = [
        _unknown(one, causes[place].reason) if place in causes else one for place, one in enumerate(found)
    ]
    if not found and not rows:
        return [_nobody_knows(unreadable[0], rows, trial.as_of)] if trial.applies(unreadable) else []
    unheard = [cause for cause in opening if cause not in causes.values()]
    return [*told, *(_nobody_knows(cause, rows, trial.as_of) for cause in unheard)]


def could_be_left_out(
    found: Sequence[Obligation],
    rows: Sequence[Row],
    trial: Trial,
    *,
    stretches: Stretches,
    known: Mapping[str, object],
    judge: Callable[[dict[int, list[Stretch]]], Sequence[Obligation]],
) -> list[Obligation]:
    """Return the obligations of a case, those being unknown that an unreadable end of a stretch could change.

    Args:
        found: The obligations.
        rows: The events of the case, in order.
        trial: How the case is judged again, and what is compared.
        stretches: Those of the exclusions of the standard.
        known: What the case carries as last known.
        judge: What the obligations come to, given the stretches that concern the case.
    """
    causes: dict[int, str] = {}
    sure = [place for place, one in enumerate(found) if not one.is_unread]
    for doubt in stretches.doubts_about(known) if sure else ():
        now = stretches.found.get(doubt.place, {}).get(doubt.key, [])
        ends = [at + step for stretch in now for at in stretch for step in (0, 1)]
        instants = trial.instants(rows, found, ends) if doubt.row is not None else [trial.as_of]
        tried: set[tuple[Stretch, ...]] = {tuple(now)}
        for at in instants:
            other = stretches.read_at(doubt, at)
            if tuple(other) in tried:
                continue
            tried.add(tuple(other))
            again = judge(stretches.concerning(known, (doubt.place, doubt.key, other)))
            for place in trial.parted(found, again):
                causes.setdefault(place, doubt.reason)
            if all(place in causes for place in sure):
                break
    return [
        _unknown(one, causes[place]) if place in causes and not one.is_unread else one
        for place, one in enumerate(found)
    ]


def without_calendars(
    plan: Plan, rows: Sequence[Row], carry: Carry, failure: CalendarError, *, as_of: int
) -> tuple[list[Obligation], Carry]:
    """Return the obligations of a case that no calendar can judge: each is unknown, and says why.

    Args:
        plan: The compiled standard.
        rows: The events of the case.
        carry: That of a case nobody has spoken of.
        failure: What the calendar said: a year that it does not cover, hours that never come.
        as_of: The instant of the judgement, µs.
    """
    why = failure.problems[0].message

    def resolve(facts: Facts) -> Terms:
        terms = plan.terms.resolve(facts)
        calendars = tuple(None if one is None else ALWAYS for one in terms.calendars)
        return replace(terms, limit=Missing(why), least=None, calendars=calendars, closes=None, extended=())

    asked = tuple(one for one in plan.exclusions if one.calendar is None)
    timeless = replace(plan, terms=replace(plan.terms, resolve=resolve), exclusions=asked)
    carry = replace(carry, fold=Fold(timeless, milestones=carry.fold.milestones))
    found, carry = step(timeless, rows, carry, as_of=as_of)
    told = [one if one.outcome == "excluded" else _not_known(one, why) for one in found]
    return told, carry


def _not_known(one: Obligation, why: str) -> Obligation:
    return replace(
        one, outcome="unknown", breached_at=None, due_at=None, elapsed=None, margin=None, remaining=None,
        warned_at=(), at_limit=False, reason=why,
    )  # fmt: skip


def _tried(
    rows: Sequence[Row], unreadable: Sequence[Unreadable], instants: Sequence[int]
) -> Iterator[tuple[Unreadable, list[Row]]]:
    for one in unreadable:
        for at in instants:
            yield one, one.placed(rows, at)
    if len(unreadable) > 1:
        for at in instants:
            together = list(rows)
            for one in unreadable:
                together = one.placed(together, at)
            yield unreadable[0], together


def _unknown(one: Obligation, reason: str) -> Obligation:
    """Return an obligation of which it is not known what came of it."""
    return replace(_not_known(one, reason), due_at=one.due_at, outcome_otherwise=None, is_unread=True)


def _nobody_knows(cause: Unreadable, rows: Sequence[Row], as_of: int) -> Obligation:
    """Return the obligation of a start that cannot be dated: it stands at the last event of its case."""
    at = rows[-1].time_us if rows else as_of
    made = Obligation(-1, at, outcome="unknown", reason=cause.reason, is_unread=True)
    made.ended_at = at
    return made


@dataclass(frozen=True, slots=True)
class Trial:
    """How a case is judged again, and what is compared.

    Args:
        plan: The compiled standard.
        judge: What the obligations of a case come to.
        as_of: The instant of the judgement, µs.
    """

    plan: Plan
    judge: Judge
    as_of: int

    def parted(self, found: Sequence[Obligation], others: Sequence[Obligation]) -> Iterator[int]:
        """Yield the places of the obligations that come out otherwise, or not at all.

        Args:
            found: The obligations.
            others: Those of the trial.
        """
        by_opening = {self._opening(one): one for one in others}
        for place, one in enumerate(found):
            other = by_opening.get(self._opening(one))
            if other is None and len(others) == len(found):
                other = others[place]
            if other is None or self._result(other) != self._result(one):
                yield place

    def _result(self, one: Obligation) -> tuple[object, ...]:
        """Return what must stay the same: the outcome; where nothing is promised, what was measured."""
        is_measured = one.limit is None and one.due_at is None and not self.plan.signals.precedes
        return one.outcome, one.elapsed if is_measured else None

    def opens_another(self, cause: Unreadable, opening: Sequence[Unreadable]) -> bool:
        """Tell whether a row would open one more verdict than others do: not a second column of one row.

        Args:
            cause: The row.
            opening: Those that would open one each.
        """
        if self.plan.signals.counts_first:
            return not opening
        return all(not cause.is_beside(other) for other in opening)

    @property
    def is_tiled(self) -> bool:
        """Whether its obligations are windows side by side."""
        return self.plan.signals.windows is not None and not self.plan.signals.lanes

    def _opening(self, one: Obligation) -> tuple[int, int]:
        """Return what tells an obligation from others: its event, or the window it is of."""
        windows = self.plan.signals.windows
        if windows is not None and self.is_tiled:
            return -1, windows.bounds(one.started_at)[0]
        return one.opened_by, one.started_at

    def concerns(self, cause: Unreadable, one: Obligation, rows: Sequence[Row]) -> bool:
        """Tell whether an unreadable row may be about an obligation: with `match`, if it carries the same.

        Args:
            cause: The row.
            one: The obligation.
            rows: The events of the case.
        """
        match = self.plan.signals.match
        if not match or cause.row is None:
            return True
        opener = next((row for row in rows if row.index == one.opened_by), None)
        own = [cause.row.fields.get(name) for name in match]
        return opener is None or None in own or own == [opener.fields.get(name) for name in match]

    def applies(self, unreadable: Sequence[Unreadable]) -> bool:
        """Tell whether the standard may apply to a case that has nothing but unreadable rows.

        Args:
            unreadable: They.
        """
        rows = [replace(one.row, time_us=self.as_of) for one in unreadable if one.row is not None]
        return self._terms_of(rows).applies is not False

    def _terms_of(self, rows: Sequence[Row]) -> Terms:
        facts = CaseFacts()
        for row in rows:
            facts.learn(row)
        return self.plan.terms.resolve(facts.at_rest(self.as_of))

    def instants(
        self, rows: Sequence[Row], found: Sequence[Obligation], more: Sequence[int] = ()
    ) -> list[int]:
        """Return the instants at which one more event could make a difference, the most telling first.

        Around each event and each instant of a verdict; a limit before and after them; long before the case.

        Args:
            rows: The events of the case, in order.
            found: Its obligations.
            more: Further instants.
        """
        known = [one.time_us for one in rows]
        points = [
            at
            for one in found
            for at in (one.started_at, one.due_at, one.ended_at, one.breached_at)
            if at is not None
        ]
        points = list(dict.fromkeys([*points, *known, self.as_of]))
        first = min(points)
        around = [at + step for step in (0, 1, -1) for at in points]
        early = [first - length for length in _APART_US] if not self.is_tiled else []
        late = [max(known, default=first) + length for length in _APART_US]
        apart = [at for point in points for at in self._a_limit_away(point, rows)]
        tried = dict.fromkeys([*around, *more, *early, *late, *apart])
        return [at for at in tried if at <= self.as_of]

    def _a_limit_away(self, point: int, rows: Sequence[Row]) -> Iterator[int]:
        terms = self._terms_of(rows)
        for limit in (terms.limit, terms.least, terms.closes, *terms.extended):
            for part in _parts(limit):
                yield from self._apart_by(part, terms, point)

    @staticmethod
    def _apart_by(limit: Limit, terms: Terms, point: int) -> Iterator[int]:
        if isinstance(limit, Dates):
            for days in range(min(2 * limit.limit.count + 8, _MOST_DATES)):
                yield point - days * DAY_US
        if isinstance(limit, Allowance) and limit.amount >= 0:
            calendar = terms.calendars[limit.measure] or ALWAYS
            with suppress(ServstdError):  # no such instant on this calendar
                back, on = calendar.subtract_us(point, limit.amount), calendar.add_us(point, limit.amount)
                yield from (back, back - 1, back + 1, on, on + 1)


def _parts(limit: Limit | None) -> Iterator[Limit]:
    if isinstance(limit, Combined):
        for member in limit.members:
            yield from _parts(member)
    elif limit is not None:
        yield limit
