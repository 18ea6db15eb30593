"""Agreements: what was promised to one customer, or to a segment, instead of what the book promises to all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import ConfigDict, Field, model_validator

from servstd.conditions import Condition, ConditionField, parse_condition
from servstd.errors import Problem, StandardsError, listed, unknown_name
from servstd.escaping import printable
from servstd.models import Model, join_path, nested
from servstd.standards import AnyStandard, Metric, Rollup, Standard
from servstd.standards.consequence import Consequence
from servstd.standards.override import Effective, Override
from servstd.standards.source import Source

Level = Literal["specification", "customer", "segment"]
"""Whose word goes before whose: the customer's own specification, the agreement of the customer, of the segment."""

LEVELS: tuple[str, ...] = get_args(Level)


class Agreement(Model):
    """Bind a customer, or a segment of them, to a book: other terms, standards of their own, consequences.

    Each of limit, calendar and objective is taken from the first level that sets it: the customer's own
    specification, the agreement of the customer, the agreement of the segment, the book. Two agreements of one level
    that both set terms of one case leave its limit unknown: which of them holds is nothing to be guessed.

    Raises:
        StandardsError: SV710 an agreement about nothing, SV711 validity said twice.

    Example:
        >>> from servstd.agreements import Agreement
        >>> acme = Agreement(id="acme", **{"for": {"customer_id": "acme"}}, terms={"reply": {"within": "30 minutes"}})
        >>> acme.level
        'customer'
    """

    model_config = ConfigDict(populate_by_name=True)
    id: str
    """Its name in evidence and reports.

    Examples: `acme-2026`
    """
    title: str | None = None
    """What it is: `Support contract 2026`.

    Examples: `Support contract 2026`
    """
    level: Level = "customer"
    """`specification` (the customer's own), `customer`, or `segment`.

    Examples: `customer`, `segment`
    """
    for_: Annotated[ConditionField, Field(alias="for")]
    """Whose cases: `{customer_id: acme}`, `{plan: gold}`.

    Examples: `{customer_id: acme}`, `{plan: gold}`
    """
    effective: Annotated[Effective | Mapping[str, Any] | None, nested(Effective)] = None
    """From and until which start of a case it holds.

    Examples: `{from: 2026-01-01, until: 2027-01-01}`
    """
    terms: Mapping[str, Mapping[str, Any] | Sequence[Mapping[str, Any]]] = {}
    """By standard of the book, its other terms: `{reply: {within: 30 minutes, objective: 99% a month}}`, or rows.

    Examples: `{reply: {within: 30 minutes}}`
    """
    standards: Sequence[Annotated[AnyStandard, Field(discriminator="kind")]] = ()
    """Standards of these cases only: reply in French, call by the first name.

    Examples: `[{id: acme-name, kind: check, event: greeting, expect: {text: {mentions: Acme}}}]`
    """
    consequences: Sequence[Annotated[Consequence | Mapping[str, Any], nested(Consequence)]] = ()
    """What follows for these cases only.

    Examples: `[{standard: reply, flat: 20 GBP}]`
    """
    source: Annotated[Source | Mapping[str, Any] | None, nested(Source)] = None
    """The document.

    Examples: `{citation: Contract 2026-17}`
    """

    @model_validator(mode="after")
    def _about_something(self) -> Agreement:
        problems = [] if self.terms or self.standards or self.consequences else [_about_nothing(self.id)]
        problems += self._unreadable_terms()
        if self.effective is not None:
            problems += [_said_twice(path) for path, has_dates in self._dated() if has_dates]
        if problems:
            raise StandardsError(problems)
        return self

    def _unreadable_terms(self) -> Iterator[Problem]:
        yield from (_no_terms(f"terms.{name}") for name, told in self.terms.items() if not told)
        for path, row in self._written_rows():
            if row and not row.keys() - {"when", "effective"}:
                yield _no_terms(path)
            if tables := [name for name in ("by", "set", "rows") if name in row]:
                yield _no_table(f"{path}.{tables[0]}")
                continue
            try:
                self._override(row)
            except StandardsError as failure:
                yield from (one.at(path=join_path(path, one.path)) for one in failure.problems)

    def _dated(self) -> Iterator[tuple[str, bool]]:
        yield from ((f"{path}.effective", "effective" in row) for path, row in self._written_rows())
        for place, standard in enumerate(self.standards):
            yield f"standards[{place}].effective", standard.effective is not None
        for place, one in enumerate(self.consequences):
            yield f"consequences[{place}].effective", cast("Consequence", one).effective is not None

    def _written_rows(self, standard: str | None = None) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for name, told in self.terms.items():
            if standard in (None, name) and isinstance(told, Mapping):
                yield f"terms.{name}", told
            elif standard in (None, name):
                rows = cast("Sequence[Mapping[str, Any]]", told)
                yield from ((f"terms.{name}[{place}]", row) for place, row in enumerate(rows))

    def _override(self, row: Mapping[str, Any]) -> Override:
        whose = cast("Condition", self.for_)
        when = whose & parse_condition(row["when"]) if "when" in row else whose
        told = {**row, "when": when, "effective": row.get("effective", self.effective)}
        return Override(**told).of_agreement(self.id, self.level)

    def layers(self, standard: str) -> list[Override]:
        """Return its terms for one standard as overrides of its cases, in its own order."""
        return [self._override(row) for _, row in self._written_rows(standard)]

    @property
    def own_standards(self) -> list[Standard]:
        """Its standards, each for its cases only and while it holds."""
        return [self._narrowed(one) for one in self.standards]

    def has_objective(self, standard: str) -> bool:
        """Return whether it sets an objective of a standard of the book."""
        return any({"objective", "objectives"} & row.keys() for _, row in self._written_rows(standard))

    @property
    def own_consequences(self) -> list[Consequence]:
        """Its consequences, each for its cases only and while it holds."""
        return [self._concerning(cast("Consequence", one)) for one in self.consequences]

    def _narrowed(self, standard: Standard) -> Standard:
        whose = cast("Condition", self.for_)
        where = whose if standard.applies_to is None else whose & cast("Condition", standard.applies_to)
        return standard.model_copy(
            update={"applies_to": where, "effective": standard.effective or self.effective}
        )

    def _concerning(self, one: Consequence) -> Consequence:
        whose = cast("Condition", self.for_)
        when = whose if one.when is None else whose & cast("Condition", one.when)
        return one.model_copy(
            update={
                "when": None if one.reads_windows else when,
                "effective": one.effective or self.effective,
            }
        ).of_agreement(self.id)

    def problems(self, known: Mapping[str, Standard]) -> Iterator[Problem]:
        """Yield what is wrong with its terms: a standard that the book does not have, a term that a kind does not.

        Args:
            known: The book's standards by id.
        """
        for name in self.terms:
            path = f"terms.{name}"
            if name not in known:
                yield unknown_name("SV108", "standard", name, list(known)).at(path=path)
                continue
            try:
                known[name].under(self.layers(name))
            except StandardsError as failure:
                yield from (one.at(path=path) for one in failure.problems)

    def sentence(self) -> str:
        """Return whom it binds, and to what, in English."""
        whose = f"{self.level.replace('_', ' ')} agreement, where {cast('Condition', self.for_).sentence()}"
        told = [f"other terms of {listed(self.terms)}"] if self.terms else []
        told += [f"{listed([one.id for one in self.standards])} of their own"] if self.standards else []
        told += [f"{len(self.consequences)} consequences"] if self.consequences else []
        return printable(f"{whose}: {'; '.join(told)}.")


def by_level(agreements: Sequence[Agreement]) -> list[Agreement]:
    """Return agreements in the order in which their word counts; those of one level stay as written."""
    return sorted(agreements, key=lambda one: LEVELS.index(one.level))


def layered(standard: Standard, agreements: Sequence[Agreement]) -> Standard:
    """Return a standard with the terms of agreements before its own overrides.

    Args:
        standard: A standard of the book.
        agreements: All of the book's.
    """
    rows = [row for one in by_level(agreements) for row in one.layers(standard.id)]
    return standard.under(rows) if rows else standard


def placed_rows(standard: Standard, agreements: Sequence[Agreement]) -> list[tuple[str, Override]]:
    """Return the overrides of a standard, those of agreements first, each with where it is written.

    Args:
        standard: The standard, layered.
        agreements: The agreements of the book.

    Returns:
        Paths below the standard (`overrides[0]`), or for what agreements say in the book (`agreements[0].terms.reply`).
    """
    found: list[tuple[str, Override]] = []
    told: dict[str, int] = {}
    own = 0
    for row in standard.override_rows:
        if row.agreement:
            told[row.agreement] = told.get(row.agreement, -1) + 1
            place, one = next((at, one) for at, one in enumerate(agreements) if one.id == row.agreement)
            path = f"agreements[{place}].terms.{standard.id}"
            is_single = isinstance(one.terms.get(standard.id), Mapping)
            found.append((path if is_single else f"{path}[{told[row.agreement]}]", row))
        else:
            found.append((f"overrides[{own}]", row))
            own += 1
    return found


def written_path(standard: Standard, root: str, inner: str, agreements: Sequence[Agreement]) -> str:
    """Return where something is written that a standard holds.

    Args:
        standard: The standard, layered.
        root: Where the standard stands.
        inner: The path below it, overrides counted with those that agreements have made.
        agreements: The agreements of the book.
    """
    found = re.match(r"overrides\[([0-9]+)\]", inner)
    if found is None:
        return join_path(root, inner)
    place = placed_rows(standard, agreements)[int(found[1])][0] + inner[found.end() :]
    return place if place.startswith("agreements[") else join_path(root, place)


def placed_consequences(
    own: Sequence[Consequence], agreements: Sequence[Agreement]
) -> Iterator[tuple[str, Consequence]]:
    """Yield every consequence with its path: the book's, then those of its agreements, each for its own cases."""
    for place, one in enumerate(own):
        yield f"consequences[{place}]", one
    for place, agreement in enumerate(agreements):
        for number, one in enumerate(agreement.own_consequences):
            yield f"agreements[{place}].consequences[{number}]", one


def agreement_problems(agreements: Sequence[Agreement], standards: Sequence[Standard]) -> Iterator[Problem]:
    """Yield what is wrong with agreements in a book: unknown standards, terms a kind lacks, one id twice."""
    known = {one.id: one for one in standards}
    ids = [one.id for one in agreements]
    for place, agreement in enumerate(agreements):
        here = f"agreements[{place}]"
        yield from (one.at(path=join_path(here, one.path)) for one in agreement.problems(known))
        if agreement.id in ids[:place]:
            yield _named_twice("agreement", agreement.id, f"{here}.id")


def followed(standards: Sequence[Standard], agreements: Sequence[Agreement]) -> dict[str, Standard]:
    """Return by id the standards from whose verdicts something can follow, those written in place among them."""
    waiting = [*standards, *(one for agreement in agreements for one in agreement.standards)]
    found: dict[str, Standard] = {}
    for one in waiting:
        found.setdefault(one.id, one)
        if isinstance(one, Rollup):
            waiting += [part for _, part, role in one.parts if role == "part"]
    return found


def has_hours(standard: Standard, calendar: str | None) -> bool:
    """Return whether a standard counts on a calendar with hours, in some of its cases at least.

    Args:
        standard: The standard.
        calendar: That of the book, for standards that name none.
    """
    named = (standard.calendar or calendar, *(row.calendar for row in standard.override_rows))
    return any(name not in (None, "always") for name in named)


def has_windows(
    consequence: Consequence, standards: Sequence[Standard], agreements: Sequence[Agreement]
) -> bool:
    """Return whether the standard of a consequence is judged over windows: for an agreement's, over its own."""
    name = consequence.standard
    if not consequence.agreement:
        own = [one for agreement in agreements for one in agreement.standards]
        return name in {one.id for one in (*standards, *own)}
    agreed = next(one for one in agreements if one.id == consequence.agreement)
    return name in {one.id for one in agreed.standards} or agreed.has_objective(name)


def consequence_problems(
    placed: Iterable[tuple[str, Consequence]],
    standards: Mapping[str, Standard],
    *,
    dated: Callable[[Standard], bool],
    opened: Callable[[Standard], bool],
    windowed: Callable[[Consequence], bool],
) -> Iterator[Problem]:
    """Yield what is wrong with consequences within a book: unknown standards, one name twice, dates without a zone.

    Args:
        placed: The consequences with their paths.
        standards: The standards that they may read, by id.
        dated: Whether somebody names the zone in which dates of a standard are counted.
        opened: Whether a standard counts on a calendar with hours.
        windowed: Whether a consequence has windows to read.
    """
    names: set[str] = set()
    for path, one in placed:
        if one.standard not in standards:
            yield unknown_name("SV108", "standard", one.standard, list(standards)).at(path=f"{path}.standard")
        elif one.counts_dates and not dated(standards[one.standard]):
            yield _dates_without_zone(path)
        elif one.counts_open_time and not opened(standards[one.standard]):
            yield _no_hours(path)
        elif one.reads_windows and not windowed(one):
            yield _no_windows(one).at(path=f"{path}.on")
        elif isinstance(standards[one.standard], Metric) and not one.reads_windows:
            yield _windows_only(one.standard).at(path=f"{path}.on")
        if one.name in names:
            yield _named_twice("consequence", one.name, f"{path}.id")
        names.add(one.name)


def _named_twice(what: str, name: str, path: str) -> Problem:
    return Problem(
        "SV107", f"two {what}s are called `{name}`.", help=f"give each {what} an `id:` of its own.", path=path
    )


def _dates_without_zone(path: str) -> Problem:
    return Problem(
        "SV106",
        "it counts local dates, and there is neither a calendar nor a `timezone`.",
        help="write `timezone: Europe/London` in the book.",
        path=path,
    )


def _no_hours(path: str) -> Problem:
    return Problem(
        "SV109",
        "it counts business days or hours, and on `always` every date and every hour is open.",
        help="give the standard a calendar, or leave `business` out.",
        path=path,
    )


def _no_windows(one: Consequence) -> Problem:
    whose = f"the agreement `{one.agreement}`" if one.agreement else "the book"
    return Problem(
        "SV715",
        f"`{one.standard}` has no objective of its own in {whose}, so no window of it is missed or reached.",
        help=f"write `terms: {{{one.standard}: {{objective: 99% a month}}}}` in the agreement."
        if one.agreement
        else "let it read verdicts, or a standard of the list.",
    )


def _windows_only(name: str) -> Problem:
    return Problem(
        "SV715",
        f"`{name}` is judged over windows and has no verdicts.",
        help="write `on: missed` or `on: reached`.",
    )


def _about_nothing(id_: str) -> Problem:
    return Problem(
        "SV710",
        f"the agreement `{id_}` agrees nothing.",
        help="give it `terms:`, `standards:` or `consequences:`.",
        path="terms",
    )


def _no_terms(path: str) -> Problem:
    return Problem(
        "SV710",
        f"nothing is agreed on `{path.removeprefix('terms.')}`.",
        help="write what differs, `{within: 30 minutes}`, or leave it out.",
        path=path,
    )


def _no_table(path: str) -> Problem:
    return Problem(
        "SV712",
        "an agreement has no table: a case that none of its rows fits keeps the terms of the book.",
        help="write a list of rows, each with its `when:`.",
        path=path,
    )


def _said_twice(path: str) -> Problem:
    return Problem(
        "SV711",
        "the agreement says from when and until when it holds already.",
        help="leave it out here, or write a second agreement.",
        path=path,
    )
