"""What a log shows of a book: which names it has, and for each standard what its cases go through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np

from servstd.conditions import Condition, Environment
from servstd.conditions.tree import walked
from servstd.engine.facts import CaseFacts
from servstd.engine.moments import stamps
from servstd.engine.stretches import OpenStretches
from servstd.expressions import ABSENT, Field
from servstd.lint.domains import constants_of
from servstd.lint.subject import BookFacts, Subject
from servstd.models import join_path
from servstd.plan.plan import Scope
from servstd.standards import Check, Gauge, Order, Quantity, Respond
from servstd.standards.exclusion import During
from servstd.standards.limit import InstantLimit, LimitTable
from servstd.standards.scope import While
from servstd.standards.selector import EventPart, Selection, parse_selection

if TYPE_CHECKING:
    from servstd.events.log import Log, Row

Fits = Callable[["Row", CaseFacts], bool]


@dataclass(slots=True)
class Story:
    """Hold what the cases of one standard go through.

    Args:
        cases: How many cases the log has.
        started: How many of them have an event that activates the standard.
        applied: How many of those does it apply to, as far as is known at the start.
        starts: How many activating events there are.
        undecided: Of how many started cases it is not known at the start whether it applies.
        lacking: By a field that `applies_to` reads: how many started cases lack it at the start.
        later: By a field that `applies_to` reads: in how many started cases it comes only after the start.
        moved: By a field that a promise reads: in how many started cases it changes after the start, and one of them.
        eventful: How many cases have the event of a check.
        again: By case, how many activating events come after the instant of the first one, where it applies.
    """

    cases: int = 0
    started: int = 0
    applied: int = 0
    starts: int = 0
    undecided: int = 0
    lacking: dict[str, int] = field(default_factory=dict)
    later: dict[str, int] = field(default_factory=dict)
    moved: dict[str, tuple[int, str]] = field(default_factory=dict)
    eventful: int = 0
    again: Counter[str] = field(default_factory=Counter)


class Observed:
    """Answer what the looks ask of a log; what takes a pass over the cases is counted once a standard.

    Args:
        book: The book.
        subjects: Its standards.
        log: The events.
    """

    def __init__(self, book: BookFacts, subjects: list[Subject], log: Log) -> None:
        self.book, self.subjects, self.log = book, subjects, log
        self._stories: dict[str, Story] = {}

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The names of its events."""
        return frozenset(self.log.kinds)

    @cached_property
    def kinds_named(self) -> frozenset[str]:
        """The events that the book names."""
        return frozenset(
            name for subject in self.subjects for one in subject.selections.values() for name in one.events
        )

    def values(self, name: str) -> list[object]:
        """Return the distinct values of a field; none where nothing carries it."""
        column = self.log.fields.get(name)
        if column is None:
            return []
        used = np.unique(column.codes[column.codes >= 0])
        return [column.values[code] for code in used.tolist()]

    def has_field(self, name: str) -> bool:
        """Tell whether anything carries a field."""
        return bool(self.values(name))

    def keyed(self, kind: str, keys: tuple[str, ...]) -> tuple[int, int]:
        """Return how many events of a kind there are, and how many of them carry every key."""
        if kind not in self.kinds:
            return 0, 0
        is_kind = self.log.kind_codes == self.log.kinds.index(kind)
        carries = is_kind.copy()
        for name in keys:
            column = self.log.fields.get(name)
            carries &= column.codes >= 0 if column is not None else False
        return int(is_kind.sum()), int(carries.sum())

    def fields_of(self, kind: str) -> list[str]:
        """Return the fields that events of a kind carry."""
        is_kind = self.log.kind_codes == self.log.kinds.index(kind)
        return [name for name, column in self.log.fields.items() if bool((column.codes[is_kind] >= 0).any())]

    def span_us(self) -> int:
        """Return how long the log is, from its first to its last event that has happened."""
        times = self.log.times[~self.log.is_planned]
        return int(times[-1] - times[0]) if len(times) else 0

    def story(self, subject: Subject) -> Story:
        """Return what the cases of a standard go through."""
        if subject.root not in self._stories:
            self._stories[subject.root] = _told(subject, self.log)
        return self._stories[subject.root]

    def nested(self, subject: Subject) -> Iterator[tuple[str, int]]:
        """Yield the path of each pair of events that bounds a stretch, and how many beginnings lie inside one.

        Those that `match` tells apart are left alone.
        """
        one = subject.standard
        scopes = ((name.rstrip("_"), getattr(one, name, None)) for name in ("time_in", "while_"))
        for path, scope in scopes:
            if isinstance(scope, While) and scope.opens and scope.closes and not scope.match and subject.case:
                cases = (rows for _, rows in self.log.cases(subject.case))
                yield path, self._inside(subject, (scope.opens, scope.closes), cases, is_case=True)
        for place, row in enumerate(one.exclusions):
            during = row.during
            if isinstance(during, During) and during.from_ is not None and not during.match:
                ends = cast("Selection", during.from_), cast("Selection", during.to)
                yield (
                    f"exclude[{place}].during",
                    self._inside(subject, ends, [self.log.all_rows()], is_case=False),
                )

    def _inside(
        self,
        subject: Subject,
        ends: tuple[Selection, Selection],
        cases: Iterable[Iterable[Row]],
        *,
        is_case: bool,
    ) -> int:
        environment = subject.book.surroundings.environment(
            subject.find(subject.calendar), subject.standard.counting_rule
        )
        opens, closes = (end.compile_any(environment) for end in ends)
        count = 0
        for rows in cases:
            facts, running = CaseFacts(), OpenStretches(Scope(opens, closes))
            for stamp in stamps(_happened(rows)):
                for row in stamp if is_case else ():
                    facts.learn(row)
                running.turn(stamp, facts)
            count += running.inside
        return count


def entry(subject: Subject) -> Selection | None:
    """Return the events that activate a standard; None where it does not hang on an event of the log."""
    one = subject.standard
    found: object = None
    if isinstance(one, Respond):
        found = one.starts
    elif isinstance(one, Order | Check):
        found = one.event
    elif isinstance(one, Quantity):
        found = one.after if one.span is None else parse_selection(one.span[0])
    elif isinstance(one, Gauge):
        parts = [
            part
            for name, each in subject.selections.items()
            if name.startswith(tuple(one.named_levels))
            for part in each.parts
        ]
        found = Selection(None, any_of=tuple(parts))
    if not isinstance(found, Selection) or found.standards or found.all_of:
        return None
    return found


def _told(subject: Subject, log: Log) -> Story:
    found = Story()
    selection = entry(subject)
    if not subject.case:
        return found
    environment = subject.book.surroundings.environment(
        subject.find(subject.calendar), subject.standard.counting_rule
    )
    starts = _fits(selection, environment) if selection is not None else None
    applies_to = subject.standard.applies_to
    applies = applies_to.compile(environment) if isinstance(applies_to, Condition) else None
    watched = _watched(applies_to) if isinstance(applies_to, Condition) else frozenset()
    promised = _promised(subject)
    names = _event_names(subject)
    for key, rows in log.cases(subject.case):
        found.cases += 1
        found.eventful += any(row.kind in names for row in rows)
        if starts is None:
            continue
        facts, at_start, ever = CaseFacts(), None, dict[str, object]()
        first_us, answer = 0, None
        moved: set[str] = set()
        for row in _happened(rows):
            facts.learn(row)
            if starts(row, facts.at(row)):
                found.starts += 1
                if at_start is not None and row.time_us > first_us and answer is not False:
                    found.again[" / ".join(key)] += 1
                if at_start is None:
                    first_us = row.time_us
                    at_start = {name: _read(facts, name) for name in watched}
                    ever = {name: _read(facts, name) for name in promised}
                    found.started += 1
                    answer = True if applies is None else applies(facts)
                    found.applied += answer is not False
                    found.undecided += answer is None
            if at_start is not None:
                for name in promised:
                    value = _read(facts, name)
                    if value is not ABSENT and ever[name] is not ABSENT and value != ever[name]:
                        moved.add(name)
        if at_start is not None:
            for name, value in at_start.items():
                if value is ABSENT:
                    found.lacking[name] = found.lacking.get(name, 0) + 1
                if value is ABSENT and _read(facts.at_rest(0), name) is not ABSENT:
                    found.later[name] = found.later.get(name, 0) + 1
        for name in moved:
            count, example = found.moved.get(name, (0, " / ".join(key)))
            found.moved[name] = count + 1, example
    return found


def _happened(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if not row.is_planned)


def _read(facts: CaseFacts, name: str) -> object:
    return Field(name).evaluate(facts)


def _fits(selection: Selection, environment: Environment) -> Fits:
    if selection.at is not None:
        at = selection.at
        return lambda _row, facts: at.evaluate(facts, environment) is not ABSENT
    compiled = selection.compile_any(environment)
    return lambda row, facts: compiled.takes(row.kind, facts)


def _watched(condition: Condition) -> frozenset[str]:
    """Return the fields of which a condition needs a value: not those of which it asks whether there is one."""
    asked = {test.field.name for test in walked(condition.root) if test.operator == "exists"}
    return condition.fields - asked


def _promised(subject: Subject) -> frozenset[str]:
    """Return the fields that hold a promised instant."""
    if getattr(subject.standard, "on_change", None) is not None:
        return frozenset()
    return frozenset(
        name for term in subject.terms if isinstance(term.node, InstantLimit) for name in term.node.at.fields
    )


def _event_names(subject: Subject) -> frozenset[str]:
    one = subject.standard
    if not isinstance(one, Check):
        return frozenset()
    return frozenset(part.name for part in cast("Selection", one.event).parts if isinstance(part, EventPart))


def told_values(subject: Subject) -> Mapping[str, list[tuple[str, str]]]:
    """Return the texts with which a standard compares fields, by field, each with its path."""
    found: dict[str, list[tuple[str, str]]] = {}
    for asked in subject.conditions:
        for test in walked(asked.condition.root):
            if test.operator in ("eq", "ne", "in", "not_in") and not test.field.is_time:
                texts = [value for value in constants_of(test) if isinstance(value, str)]
                at = f"{asked.path}.{test.field.name}"
                found.setdefault(test.field.name, []).extend((at, text) for text in texts)
    for term in subject.terms:
        if isinstance(term.node, LimitTable):
            rows = [(f"{term.path}.{value}", value) for value, _ in term.node.rows]
            found.setdefault(term.node.by, []).extend(rows)
    for row, override in subject.rows:
        for line in override.lines:
            for name, value in line.chosen_by.items():
                found.setdefault(name, []).append((join_path(row, line.path), str(value)))
    return found
