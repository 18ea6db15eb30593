"""Overrides that hide each other or concern nobody, tables with holes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import NamedTuple

from servstd.conditions import Condition
from servstd.conditions.tree import All, Node, Test
from servstd.errors import closest
from servstd.expressions import Constant, Field
from servstd.lint.domains import contradiction, implies, members_of
from servstd.lint.sort import Seen, of_book, of_standard
from servstd.lint.subject import BookFacts, Subject
from servstd.lint.words import listed_or
from servstd.models import join_path
from servstd.standards.limit import LimitTable
from servstd.standards.override import Effective

_TERMS = ("within", "calendar", "at_least", "at_most")
_MOST_COMBINATIONS = 1_000
_MOST_SHOWN = 6
_MOST_COLUMNS = 8
_MOST_COMPARED = 200
"""Of rows with conditions, the first so many are compared: no person writes more, and each is compared with each."""


class _Row(NamedTuple):
    """Hold one row of overrides: where, in which table, for whom, what it sets, when it is in force."""

    path: str
    table: int | None
    root: Node
    values: frozenset[object]
    sets: Mapping[str, object]
    effective: Effective | None
    level: str = ""
    agreement: str = ""


def _rows(subject: Subject) -> Iterator[_Row]:
    for place, (path, override) in enumerate(subject.rows):
        for line in override.lines:
            tests: list[Node] = [
                Test(Field(name), "eq", (Constant(value),)) for name, value in line.chosen_by.items()
            ]
            if isinstance(override.when, Condition):
                tests.append(override.when.root)
            at = join_path(path, line.path)
            table = None if override.rows is None else place
            yield _Row(
                at,
                table,
                All(tuple(tests)),
                frozenset(line.chosen_by.items()),
                line.sets,
                override.effective,
                override.level,
                override.agreement,
            )


@of_standard("SV530", "error")
def overrides_that_hide_each_other(subject: Subject) -> Iterator[Seen]:
    """Find a row of overrides that never counts, because an earlier one fits all its cases.

    Two agreements of one level are in no order: a case that both fit is unknown. Of rows that are,
    each term is taken from the first row that fits and sets it. `{when: {urgent: "yes"}}` before `{when: {urgent:
    "yes", plan: gold}}` leaves the second nothing to decide: the narrower promise is never kept and never broken.

    Remedy: put the narrower row first.
    """
    earlier = _Earlier()
    for row in _rows(subject):
        hiding = [other for other in earlier.near(row) if _covers(other, row)]
        hidden = set(row.sets) <= {name for other in hiding for name in other.sets}
        rivals = [other for other in hiding if _are_rivals(other, row)]
        if rivals:
            yield Seen(
                row.path,
                f"`{rivals[0].path}` is of the same level and fits every case that this fits: which of the two holds "
                "is not known, so each such case is unknown.",
                "give one of them another `level:`, or other cases under `for:`.",
            )
        elif row.sets and hiding and hidden:
            yield Seen(
                row.path,
                f"this row never counts: `{hiding[0].path}` stands before it and fits every case that it fits.",
                "put the narrower row first, or leave this one out.",
            )
        earlier.add(row)


def _are_rivals(other: _Row, row: _Row) -> bool:
    """Tell whether two agreements of one level both set something: no order is between them."""
    return bool(
        row.agreement
        and row.sets
        and other.sets
        and other.agreement != row.agreement
        and other.level == row.level
    )


class _Earlier:
    """Know the rows before one, and which of them could fit all its cases, without comparing each with each.

    A row of a table can be covered only by one whose values are some of its own.
    """

    def __init__(self) -> None:
        self._every: list[_Row] = []
        self._by_values: dict[tuple[int | None, frozenset[object]], list[_Row]] = {}

    def add(self, row: _Row) -> None:
        """Note a row."""
        self._every.append(row)
        self._by_values.setdefault((row.table, row.values), []).append(row)

    def near(self, row: _Row) -> Iterator[_Row]:
        """Yield the rows that could cover one."""
        if row.table is None or len(row.values) > _MOST_COLUMNS:
            yield from self._every[:_MOST_COMPARED]
            return
        for count in range(len(row.values) + 1):
            for values in combinations(row.values, count):
                yield from self._by_values.get((row.table, frozenset(values)), ())


def _covers(other: _Row, row: _Row) -> bool:
    if row.table is not None and other.table != row.table:
        return False
    is_in_force = other.effective is None or other.effective == row.effective
    return is_in_force and implies(row.root, other.root)


@of_standard("SV531", "warning")
def an_override_for_nobody(subject: Subject) -> Iterator[Seen]:
    """Find a row, of overrides or of a table, for cases to which the standard does not apply.

    Where `applies_to` wants `{plan: gold}`, a row for silver is never used. Mostly the row belongs to the standard
    beside it, or `applies_to` is too narrow. The same is said of a row whose own condition contradicts itself.

    Remedy: take the row out, or widen `applies_to`.
    """
    applies = subject.standard.applies_to
    if not isinstance(applies, Condition):
        return
    for row in _rows(subject):
        field = contradiction([applies.root, row.root])
        if field is not None:
            yield Seen(
                row.path,
                f"this row is for cases to which the standard does not apply: it holds where {applies.sentence()}.",
                "take the row out, or widen `applies_to`.",
            )
    for term in subject.terms:
        if isinstance(term.node, LimitTable):
            members = members_of([applies.root], term.node.by)
            held = None if members is None else set(map(str, members))
            for value, _ in term.node.rows:
                if held is not None and value not in held:
                    yield Seen(
                        f"{term.path}.{value}",
                        f"no case has {term.node.by} `{value}`: the standard holds where {applies.sentence()}.",
                        "take the row out, or widen `applies_to`.",
                    )


@of_book("SV532", "info")
def a_table_with_holes(_book: BookFacts, subjects: list[Subject]) -> Iterator[Seen]:
    """Find a table that says nothing for values, or combinations of values, which the book itself names.

    A case that no row of `overrides` fits is one to which the standard does not apply: it gets no verdict and no
    share shows it. A case that no row of `within: {by: …}` fits is unknown. Both may be meant, and both are how a
    fourth priority is forgotten. Only values that stand in the book are looked at; with a log see SV567.

    Remedy: add the rows, or `else:`, or a last row of `any`; where nothing is promised for them, say so under
    `accepted:`.
    """
    tables = [(subject, path, node) for subject in subjects for path, node in _limit_tables(subject)]
    named: dict[tuple[object, str], set[str]] = {}
    for subject, _, node in tables:
        named.setdefault((subject.case, node.by), set()).update(value for value, _ in node.rows)
    for subject, path, node in tables:
        known = named[subject.case, node.by]
        applies = subject.standard.applies_to
        if isinstance(applies, Condition):
            known = set(map(str, members_of([applies.root], node.by) or ()))
        holes = sorted(known.difference(value for value, _ in node.rows))
        if holes and node.otherwise is None:
            yield Seen(
                subject.path(path),
                f"no limit for {node.by} {_shown(holes)}, which this book names elsewhere: such a case is unknown.",
                "add the row, `else:`, or an `applies_to` without them.",
            )
    for subject in subjects:
        for row, override in subject.rows:
            holes = _holes([line.chosen_by for line in override.lines]) if override.rows is not None else []
            if holes:
                yield Seen(
                    subject.path(row),
                    f"no row for {_shown(holes)}: to such a case `{subject.id}` does not apply.",
                    "add the rows, or a last row of `any`; if nothing is promised for them, say so under `accepted:`.",
                )


def _limit_tables(subject: Subject) -> Iterator[tuple[str, LimitTable]]:
    for term in subject.terms:
        if isinstance(term.node, LimitTable):
            yield term.path, term.node


def _holes(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Return the combinations of the values in a table that no row fits."""
    values: dict[str, list[object]] = {}
    for row in rows:
        for name, value in row.items():
            held = values.setdefault(name, [])
            if value not in held:
                held.append(value)
    count = 1
    for held in values.values():
        count *= len(held)
    if len(values) < 2 or count > _MOST_COMBINATIONS:
        return []
    every = (dict(zip(values, combination, strict=True)) for combination in product(*values.values()))
    return [
        " ".join(map(str, one.values()))
        for one in every
        if not any(all(one[name] == value for name, value in row.items()) for row in rows)
    ]


def _shown(holes: Sequence[str]) -> str:
    more = f" and {len(holes) - _MOST_SHOWN} more" if len(holes) > _MOST_SHOWN else ""
    return listed_or(holes[:_MOST_SHOWN]) + more


@of_standard("SV533", "warning")
def an_override_that_sets_what_nothing_reads(subject: Subject) -> Iterator[Seen]:
    """Find a table that sets a name which the standard never reads.

    Under `set:` stand terms (`within`, `calendar`, `at_least`, `at_most`); any other name becomes a field that the
    limit may read: `set: [days]` with `within: $days business days`. A name that is misspelt becomes a field that
    nobody reads, and the terms stay as they were.

    Remedy: write the term, or read the field.
    """
    for row, override in subject.rows:
        names = dict.fromkeys(name for line in override.lines for name in line.sets)
        for name in names:
            if name not in _TERMS and name not in subject.reads:
                near = closest(name, _TERMS)
                yield Seen(
                    f"{row}.set",
                    f"the table sets `{name}`, and nothing in this standard reads `${name}`.",
                    f"write `{near}`." if near else f"read it: `within: ${name} hours`.",
                )
