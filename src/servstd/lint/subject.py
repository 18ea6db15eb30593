"""One standard as the lint looks at it: its limits, conditions and selectors, each with its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol, cast

from servstd.agreements import placed_rows
from servstd.calendars import Calendar
from servstd.conditions import Condition
from servstd.expressions import Expression, parse_expression
from servstd.models import join_path
from servstd.standards import Check, Gauge, Quantity, Respond, Standard, Surroundings
from servstd.standards.consequence import Consequence
from servstd.standards.limit import (
    CombinedLimit,
    LimitNode,
    LimitTable,
    LimitText,
    NextLimit,
    limit_fields,
    parse_limit,
)
from servstd.standards.objective import Objective
from servstd.standards.override import Override
from servstd.standards.scope import While
from servstd.standards.selector import Selection
from servstd.standards.sums import summed

_LIMITS = ("within", "every", "at_least", "at_most")


class Placed(Protocol):
    """Be one standard of a book with its path: `standards[2]`, or `standards[3].of[0]` where it is written in place."""

    @property
    def standard(self) -> Standard:
        """The standard."""

    @property
    def path(self) -> str:
        """Where it stands."""

    @property
    def role(self) -> str:
        """Whether it is judged by itself (`standard`), by what holds it (`part`), or only measured (`indicator`)."""


class BookFacts(Protocol):
    """Be what the lint reads of a book."""

    @property
    def entries(self) -> Sequence[Placed]:
        """Every standard, those written in place in others among them."""

    @property
    def standards(self) -> Sequence[Standard]:
        """The promises."""

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """Calendars by name."""

    @property
    def calendar(self) -> str | None:
        """The calendar of standards that name none."""

    @property
    def timezone(self) -> str | None:
        """The zone of dates without a calendar."""

    @property
    def recurrences(self) -> Mapping[str, Any]:
        """Dates that come round, by name."""

    @property
    def segments(self) -> Mapping[str, Any]:
        """Conditions by name, which are read like fields."""

    @property
    def agreements(self) -> Sequence[Any]:
        """What was promised to some customers instead or besides."""

    @property
    def consequences(self) -> Sequence[Any]:
        """What follows from verdicts and windows."""

    @property
    def accepted(self) -> Mapping[str, str]:
        """Findings that are kept for all of it."""

    @property
    def surroundings(self) -> Surroundings:
        """What its standards are compiled within."""


class Term(NamedTuple):
    """Hold one limit that a standard names, a table or a combination taken apart."""

    path: str
    name: str
    node: LimitNode
    calendar: str


class Asked(NamedTuple):
    """Hold one condition of a standard, and what it decides."""

    path: str
    role: str
    condition: Condition


class Subject:
    """Be one standard of a book, under one of its readings.

    Args:
        book: The book it stands in.
        entry: The standard, and where it stands.
        reading: Under which of its readings; the one that holds when left out.
    """

    def __init__(self, book: BookFacts, entry: Placed, reading: str | None = None) -> None:
        written, readings = entry.standard, entry.standard.readings or {}
        self.book = book
        self.root = entry.path
        self.standard = written.read_as(reading) if reading is not None else written.as_chosen
        self.id = written.id
        self.role = entry.role
        self.reading = reading or written.reading
        self.other_readings = {name: told for name, told in readings.items() if name != self.reading}
        self._entry = entry
        self._changed = readings.get(self.reading or "", {})

    @property
    def others(self) -> Iterator[Subject]:
        """The same standard under each of its other readings."""
        for name in self.other_readings:
            yield Subject(self.book, self._entry, name)

    def path(self, inner: str) -> str:
        """Return the path in the book of a key of the standard, which its reading may have changed.

        What an agreement or a consequence says of the standard stands elsewhere, and has a path of the book already.
        """
        if inner.startswith(("agreements[", "consequences[")):
            return inner
        key = inner.partition(".")[0].partition("[")[0]
        if key in self._changed:
            return f"{self.root}.readings.{self.reading}.{inner}"
        return f"{self.root}.{inner}" if inner else self.root

    @cached_property
    def rows(self) -> Sequence[tuple[str, Override]]:
        """Its overrides with their paths: first those that agreements have made of its terms, then its own."""
        return placed_rows(self.standard, self.book.agreements)

    @cached_property
    def case(self) -> tuple[str, ...]:
        """The fields that name its case."""
        return self.standard.case_fields or self.book.surroundings.case

    @cached_property
    def calendar(self) -> str:
        """The name of the calendar it counts on."""
        return self.standard.calendar or self.book.calendar or "always"

    def find(self, name: str) -> Calendar:
        """Return a calendar of the book, or `always`."""
        return self.book.surroundings.find(name)

    @cached_property
    def selections(self) -> Mapping[str, Selection]:
        """Every selector, by its place, those of exclusion windows among them."""
        return {**self.standard.selections, **self.standard.excluding}

    @cached_property
    def case_selections(self) -> Mapping[str, Selection]:
        """The selectors of events of its own cases: all but those of exclusion windows."""
        return {name: one for name, one in self.selections.items() if not name.startswith("exclude")}

    @cached_property
    def conditions(self) -> Sequence[Asked]:
        """Every condition."""
        standard = self.standard
        found = [
            Asked(name.rstrip("_"), name.rstrip("_"), value)
            for name in type(standard).model_fields
            if isinstance(value := getattr(standard, name), Condition)
        ]
        scope = getattr(standard, "while_", None)
        if isinstance(scope, While) and scope.holds is not None:
            found.append(Asked("while", "while", scope.holds))
        for place, selection in self.selections.items():
            wheres = (part.where for part in selection.parts if part.where is not None)
            found += [Asked(f"{place}.where", "where", where) for where in wheres]
        for at, override in self.rows:
            if isinstance(override.when, Condition):
                found.append(Asked(f"{at}.when", "override", override.when))
        for number, exclude in enumerate(standard.exclusions):
            if isinstance(exclude.when, Condition):
                found.append(Asked(f"exclude[{number}].when", "exclude", exclude.when))
        return found

    @cached_property
    def terms(self) -> Sequence[Term]:
        """Every limit, those of overrides, extensions and objectives among them, taken apart."""
        return list(self._terms())

    def _terms(self) -> Iterator[Term]:
        standard = self.standard
        for name in _LIMITS:
            value = getattr(standard, name, None)
            if isinstance(value, LimitText):
                yield from self._apart(name, name, value.node, self.calendar)
            elif value is not None and isinstance(standard, Quantity):
                yield Term(name, name, standard.read_limit(name, value).node, self.calendar)
        for path, override in self.rows:
            for line in override.lines:
                at = join_path(path, line.path)
                calendar = str(line.sets.get("calendar", self.calendar))
                for name in _LIMITS:
                    if name in line.sets:
                        read = standard.read_limit(name, line.sets[name])
                        yield from self._apart(f"{at}.{name}", name, read.node, calendar)
        yield from self._other_terms()

    def _other_terms(self) -> Iterator[Term]:
        if isinstance(self.standard, Respond) and self.standard.extension is not None:
            for name in ("within", "by"):
                value = getattr(self.standard.extension, name)
                if isinstance(value, LimitText):
                    yield from self._apart(f"extend.{name}", "extend", value.node, self.calendar)
        for path, objective in self.objectives:
            if objective.within is not None and isinstance(self.standard, Respond):
                node = parse_limit(objective.within).node
                yield Term(f"{path}.within", "objective", node, self.calendar)

    def _apart(self, path: str, name: str, node: LimitNode, calendar: str) -> Iterator[Term]:
        yield Term(path, name, node, calendar)
        if isinstance(node, LimitTable):
            for value, inner in node.rows:
                yield from self._apart(f"{path}.{value}", name, inner, calendar)
            if node.otherwise is not None:
                yield from self._apart(f"{path}.else", name, node.otherwise, calendar)
        elif isinstance(node, CombinedLimit):
            for place, inner in enumerate(node.members):
                yield from self._apart(f"{path}.{node.which}_of[{place}]", name, inner, calendar)
        elif isinstance(node, NextLimit):
            for part in ("lead", "lag"):
                if (apart := getattr(node, part)) is not None:
                    yield from self._apart(f"{path}.{part}", name, apart, calendar)

    @cached_property
    def objectives(self) -> Sequence[tuple[str, Objective]]:
        """Its objectives, each with its path."""
        standard = self.standard
        if standard.objectives is None:
            return [("objective", one) for one in standard.all_objectives]
        return [(f"objectives[{place}]", one) for place, one in enumerate(standard.all_objectives)]

    @cached_property
    def reads(self) -> frozenset[str]:
        """The names of all fields that it reads."""
        names: set[str] = set()
        for asked in self.conditions:
            names |= asked.condition.fields
        for selection in self.selections.values():
            names |= selection.fields
        for term in self.terms:
            names |= limit_fields(term.node)
        for figure in self._figures():
            names |= figure.fields
        if isinstance(self.standard, Check) and self.standard.for_each is not None:
            names.add(self.standard.for_each)
        return frozenset(names)

    def _figures(self) -> Iterator[Expression]:
        """Yield what is reckoned in its cases' fields, beside limits and conditions."""
        standard = self.standard
        if isinstance(standard, Quantity) and standard.sum is not None:
            yield summed(standard.sum["field"])
        if isinstance(standard, Gauge):
            levels = standard.named_levels.values()
            written = (
                standard.above,
                standard.below,
                *(one.amount for one in levels),
                *(one.set_ for one in levels),
            )
            yield from (parse_expression(one) for one in written if isinstance(one, str))
        yield from (parse_expression(end) for end in getattr(standard, "between", None) or ())

    @property
    def reckoned(self) -> Iterator[tuple[str, Expression]]:
        """What is reckoned from its verdicts, weights and payments, each with its path."""
        for path, objective in self.objectives:
            if objective.weighs is not None:
                yield f"{path}.weight", objective.weighs
        for path, one in placed_consequences(self.book):
            if one.standard == self.id:
                yield from ((f"{path}.{at}", payment.figure) for at, payment in one.payments.items())
                if one.measured_field is not None:
                    yield f"{path}.by", one.measured_field


def placed_consequences(book: BookFacts) -> Iterator[tuple[str, Consequence]]:
    """Yield every consequence with its path, those of agreements after the book's own."""
    for place, one in enumerate(book.consequences):
        yield f"consequences[{place}]", cast("Consequence", one)
    for at, agreement in enumerate(book.agreements):
        for place, one in enumerate(agreement.consequences):
            yield f"agreements[{at}].consequences[{place}]", cast("Consequence", one)
