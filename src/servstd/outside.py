"""What a case learns from outside its own events: other standards' verdicts, and stretches of time that concern it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, cast

from servstd.durations import format_duration
from servstd.engine.facts import CaseFacts
from servstd.events.log import CaseKey, Log, Row
from servstd.standards.exclusion import During
from servstd.standards.selector import CHANGES, Selection, verdict_event
from servstd.standards.surroundings import Surroundings

if TYPE_CHECKING:
    from servstd.engine import Obligation
    from servstd.plan.plan import Plan
    from servstd.standards import Standard
    from servstd.standards.rollup import RollupPlan

Stretch = tuple[int, int]


class Known(NamedTuple):
    """Be one obligation of a standard that others read, with what its case knew at last.

    Args:
        plan: The standard compiled.
        case: The case's key.
        obligation: What came of it.
        fields: What the case carried at last.
        tie: Whether it would change if events of one stamp came in another order.
        own: What the event carries that opened and ended it, where one event did both.
    """

    plan: Plan | RollupPlan
    case: CaseKey
    obligation: Obligation
    fields: Mapping[str, object]
    tie: bool = False
    own: Mapping[str, object] = {}

    @property
    def seen(self) -> dict[str, object]:
        """What it was decided by: the event's own fields where one event was all, then the case's."""
        return {**self.told, **self.own}

    @property
    def told(self) -> dict[str, object]:
        """What the case carried, the fields that name it among them."""
        return {**self.fields, **dict(zip(self.plan.case, self.case, strict=True))}


def verdict_rows(known: Iterable[Known]) -> Iterator[Row]:
    """Yield the events that verdicts are: one a change, at its instant, with the case's fields and the figures.

    The changes are opened, warned, breached, met, ended and cancelled; `elapsed`, `limit` and `margin` are durations
    where the standard counts time, else numbers.
    """
    for one in known:
        for change, at in _changes(one.obligation):
            fields = {**one.told, **one.obligation.figures(one.plan.unit)}
            kind = verdict_event(one.plan.standard, change)
            yield Row(at, kind, fields, None, None, one.obligation.opened_by)


def _changes(obligation: Obligation) -> Iterator[tuple[str, int]]:
    if obligation.outcome in ("excluded", "unknown"):
        return
    yield CHANGES[0], obligation.started_at
    yield from (("warned", at) for at in obligation.warned_at)
    if obligation.breached_at is not None:
        yield "breached", obligation.breached_at
    if obligation.ended_at is not None:
        if obligation.outcome == "cancelled":
            yield "cancelled", obligation.ended_at
            return
        if obligation.outcome == "met":
            yield "met", obligation.ended_at
        yield "ended", obligation.ended_at


@dataclass(slots=True)
class Stretches:
    """Find the stretches of time that concern a case, for every exclusion of a standard that names some.

    Args:
        match: By the place of the exclusion, the fields that stretch and case must share.
        found: By that place and the values of those fields, the stretches, µs.
    """

    match: dict[int, tuple[str, ...]] = field(default_factory=dict)
    found: dict[tuple[int, tuple[str, ...]], list[Stretch]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        standard: Standard,
        book: Surroundings,
        log: Log,
        known: Mapping[str, Sequence[Known]],
        *,
        as_of: int,
    ) -> Stretches:
        """Read them off a log, or off the verdicts of other standards.

        Args:
            standard: Whose exclusions.
            book: What its selectors are compiled within.
            log: All events, whichever case they are of.
            known: The obligations of the standards that are read, by id.
            as_of: Where a stretch that nothing closes ends, µs.
        """
        made = cls()
        for place, row in enumerate(standard.exclusions):
            during = row.during
            if isinstance(during, During):
                made.match[place] = tuple(during.match)
                if during.rrule is not None:
                    made._add_rounds(place, during, book, log, as_of)
                elif during.standard is not None:
                    made._add_verdicts(place, during, known[during.standard], as_of)
                else:
                    made._add_events(place, during, book, log, as_of)
        return made

    def _add_rounds(self, place: int, during: During, book: Surroundings, log: Log, as_of: int) -> None:
        if len(log):
            first, last = int(log.times[0]), max(as_of, int(log.times[-1]))
            self.found[place, ()] = during.rounds(book.timezone, first, last)

    def _add_verdicts(self, place: int, during: During, known: Sequence[Known], as_of: int) -> None:
        for one in known:
            if one.obligation.outcome == during.outcome:
                end = as_of + 1 if one.obligation.ended_at is None else one.obligation.ended_at
                self._add(place, one.told, (one.obligation.started_at, end))

    def _add_events(self, place: int, during: During, book: Surroundings, log: Log, as_of: int) -> None:
        environment = book.environment(None)
        opens = cast("Selection", during.from_).compile_any(environment)
        closes = cast("Selection", during.to).compile_any(environment)
        running: dict[tuple[str, ...], int] = {}
        facts = CaseFacts()
        for row in log.all_rows():
            if row.time_us > as_of:
                break
            facts.known = {}
            key = self._key(place, row.fields)
            if key is None:
                continue
            if closes.takes(row.kind, facts.at(row)) and key in running:
                self.found.setdefault((place, key), []).append((running.pop(key), row.time_us))
            if opens.takes(row.kind, facts.at(row)):
                running.setdefault(key, row.time_us)
        for key, start in running.items():
            self.found.setdefault((place, key), []).append((start, as_of + 1))

    def _add(self, place: int, fields: Mapping[str, object], stretch: Stretch) -> None:
        key = self._key(place, fields)
        if key is not None:
            self.found.setdefault((place, key), []).append(stretch)

    def _key(self, place: int, fields: Mapping[str, object]) -> tuple[str, ...] | None:
        values = [fields.get(name) for name in self.match[place]]
        return None if None in values else tuple(str(value) for value in values)

    def lasting(self, place: int, first_us: int, last_us: int) -> tuple[int, int]:
        """Return how many stretches of an exclusion touch a span of time, and how long they last within it, µs.

        Stretches of cases that share no field with each other are counted each.

        Args:
            place: The place of the exclusion.
            first_us: The first instant.
            last_us: The first instant after it.
        """
        held = [
            min(end, last_us) - max(start, first_us)
            for (one, _), stretches in self.found.items()
            if one == place
            for start, end in stretches
            if start < last_us and end > first_us
        ]
        return len(held), sum(held)

    def concerning(self, known: Mapping[str, object]) -> dict[int, list[Stretch]]:
        """Return the stretches that concern a case, by the fields that it carries as last known."""
        found = {}
        for place in self.match:
            key = self._key(place, known)
            if key is not None:
                found[place] = self.found.get((place, key), [])
        return found


def left_out(
    standard: Standard, stretches: Stretches, obligations: Sequence[Obligation], span: tuple[int, int]
) -> Iterator[str]:
    """Yield what each exclusion by stretches of time has left out, for an auditor.

    Args:
        standard: Whose exclusions.
        stretches: Their stretches.
        obligations: What came of all its cases.
        span: From the log's first event to the instant of the judgement, µs.
    """
    reasons = Counter(one.reason for one in obligations if one.outcome == "excluded")
    for place, row in enumerate(standard.exclusions):
        if not isinstance(row.during, During):
            continue
        number, length = stretches.lasting(place, span[0], span[1] + 1)
        number_out = reasons[row.reason]
        out = f"{number_out:,} verdict{'' if number_out == 1 else 's'} left out"
        what = "clocks held" if row.effect == "pause" else out
        yield (
            f"{standard.id}: {what} ({row.reason.replace('_', ' ')}) by {row.during.sentence()}: "
            f"{number:,} stretch{'' if number == 1 else 'es'}, {format_duration(length)} in all"
        )


def merged(
    cases: Sequence[tuple[CaseKey, list[Row]]], extra: Iterable[Row], keys: tuple[str, ...]
) -> list[tuple[CaseKey, list[Row]]]:
    """Return cases with further events, each in the case that its fields name; new cases among them.

    Args:
        cases: The cases of the log.
        extra: The further events; one that lacks a key belongs to no case.
        keys: The fields that name a case.
    """
    by_key = {key: list(rows) for key, rows in cases}
    touched = set()
    for row in extra:
        values = [row.fields.get(name) for name in keys]
        if None not in values:
            key = tuple(str(value) for value in values)
            by_key.setdefault(key, []).append(row)
            touched.add(key)
    for key in touched:
        by_key[key].sort(key=lambda row: (row.time_us, row.sequence is not None, row.sequence or 0))
    return sorted(by_key.items())
