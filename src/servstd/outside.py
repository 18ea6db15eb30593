"""What a case learns from outside its own events: other standards' verdicts, and stretches of time that concern it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, cast

from servstd.durations import format_duration
from servstd.engine.facts import CaseFacts
from servstd.engine.moments import stamps
from servstd.engine.stretches import Key, OpenStretches, key_of
from servstd.events.log import CaseKey, Log, Row, placed
from servstd.plan.plan import Scope
from servstd.standards.exclusion import During
from servstd.standards.quantity import Quantity
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


class Doubt(NamedTuple):
    """What may begin or end a stretch of an exclusion, and cannot be read: an event without a time, or a verdict.

    Args:
        place: The place of the exclusion.
        key: What it carries of the fields that stretch and case must share.
        reason: Why it is not known.
        row: The event, its time meaning nothing; None for a verdict.
        stretch: Of a verdict the stretch that it would be, µs.
    """

    place: int
    key: Key
    reason: str
    row: Row | None = None
    stretch: Stretch = (0, 0)


@dataclass(slots=True)
class Stretches:
    """Find the stretches of time that concern a case, for every exclusion of a standard that names some.

    Args:
        match: By the place of the exclusion, the fields that stretch and case must share.
        found: By that place, then by the values of those fields, the stretches, µs.
        inside: By that place, how many beginnings lay inside a stretch, and began nothing.
        pairing: The places whose fields also tell which end belongs to which beginning.
        doubts: What may begin or end one, and cannot be read.
    """

    as_of: int
    match: dict[int, tuple[str, ...]] = field(default_factory=dict)
    found: dict[int, dict[Key, list[Stretch]]] = field(default_factory=dict)
    inside: dict[int, int] = field(default_factory=dict)
    pairing: set[int] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)
    _between: dict[int, tuple[Scope, bool]] = field(default_factory=dict)
    _events: dict[tuple[int, Key], list[Row]] = field(default_factory=dict)
    _concerning: dict[tuple[int, Key], list[Stretch]] = field(default_factory=dict)

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
        made = cls(as_of)
        for place, row in enumerate(standard.exclusions):
            during = row.during
            if isinstance(during, During):
                made.match[place] = tuple(during.match)
                if during.rrule is not None:
                    made._add_rounds(place, during, book, log)
                elif during.standard is not None:
                    made._add_verdicts(place, during, known[during.standard])
                else:
                    made._add_events(place, during, book, log)
        return made

    def _add_rounds(self, place: int, during: During, book: Surroundings, log: Log) -> None:
        if len(log):
            first, last = int(log.times[0]), max(self.as_of, int(log.times[-1]))
            self.found[place] = {(): during.rounds(book.timezone, first, last)}

    def _add_verdicts(self, place: int, during: During, known: Sequence[Known]) -> None:
        facts = CaseFacts()
        for one in known:
            start, ended = one.obligation.started_at, one.obligation.ended_at
            facts.own = one.told
            key = key_of(facts, during.match)
            if None in key:
                continue
            stretch = start, self.as_of + 1 if ended is None else ended
            if one.obligation.outcome == during.outcome:
                self._add(place, key, stretch)
            elif one.obligation.is_unread:
                reason = f"what came of `{during.standard}` is not known: {one.obligation.reason}"
                self.doubts.append(Doubt(place, key, reason, stretch=(start, self.as_of + 1)))

    def _add_events(self, place: int, during: During, book: Surroundings, log: Log) -> None:
        environment = book.environment(None)
        opens = cast("Selection", during.from_).compile_any(environment)
        closes = cast("Selection", during.to).compile_any(environment)
        scope, rows = Scope(opens, closes, match=tuple(during.match)), log.all_rows()
        self.pairing.add(place)
        self._between[place] = scope, bool(log.milestones)
        running, self.found[place] = self._turned(place, rows)
        self.inside[place] = running.inside
        if log.undated is not None:
            self._doubt(place, scope, rows, log.undated)

    def _turned(self, place: int, rows: Sequence[Row]) -> tuple[OpenStretches, dict[Key, list[Stretch]]]:
        """Return the stretches that events begin and end, by what these carry."""
        scope, is_wide = self._between[place]
        running, facts = OpenStretches(scope, is_wide=is_wide), CaseFacts()
        found: dict[Key, list[Stretch]] = {}
        for stamp in stamps(rows):
            now = stamp[0].time_us
            if now > self.as_of:
                break
            for key, start in running.turn(stamp, facts).ended:
                found.setdefault(key, []).append((start, now))
        for key, start in running.open.items():
            found.setdefault(key, []).append((start, self.as_of + 1))
        return running, found

    def _doubt(self, place: int, scope: Scope, rows: Sequence[Row], undated: Log) -> None:
        """Note the events whose time cannot be read, and those among which they may have been."""
        facts = CaseFacts()

        def key(row: Row) -> Key | None:
            at = facts.at(row)
            is_told = any(end and end.takes(row.kind, at) for end in (scope.opens, scope.closes))
            return key_of(at, scope.match) if is_told else None

        for row in undated.all_rows():
            own = key(row)
            if own is not None:
                self.doubts.append(Doubt(place, own, undated.quarantine[row.index].why_unread, row))
        wanted = {one.key for one in self.doubts if one.place == place}
        for row in rows if wanted else ():
            own = key(row)
            if own is not None and own in wanted:
                self._events.setdefault((place, own), []).append(row)

    def read_at(self, doubt: Doubt, at: int) -> list[Stretch]:
        """Return the stretches of what a doubt carries if its event were of an instant, or its verdict one.

        Args:
            doubt: What cannot be read.
            at: The instant, µs; of a verdict it means nothing.
        """
        if doubt.row is None:
            return [*self.found.get(doubt.place, {}).get(doubt.key, ()), doubt.stretch]
        rows = placed(self._events.get((doubt.place, doubt.key), ()), replace(doubt.row, time_us=at))
        return self._turned(doubt.place, rows)[1].get(doubt.key, [])

    def doubts_about(self, known: Mapping[str, object]) -> list[Doubt]:
        """Return what cannot be read and may concern a case, by the fields that it carries as last known."""
        facts = CaseFacts()
        facts.own = known
        keys = {place: key_of(facts, names) for place, names in self.match.items()}
        return [one for one in self.doubts if self._is_shared(keys[one.place], one.key)]

    @staticmethod
    def _is_shared(case: Key, stretch: Key) -> bool:
        return all(own in (None, its) for own, its in zip(case, stretch, strict=True))

    def _add(self, place: int, key: Key, stretch: Stretch) -> None:
        self.found.setdefault(place, {}).setdefault(key, []).append(stretch)

    def lasting(self, place: int, first_us: int, last_us: int) -> tuple[int, int]:
        """Return how many stretches of an exclusion touch a span of time, and how long they last within it, µs.

        Time that several of them have in common is counted once.

        Args:
            place: The place of the exclusion.
            first_us: The first instant.
            last_us: The last.
        """
        held = [
            (max(start, first_us), min(end, last_us))
            for stretches in self.found.get(place, {}).values()
            for start, end in stretches
            if start <= last_us and end > first_us
        ]
        return len(held), sum(end - start for start, end in united(held))

    def concerning(
        self, known: Mapping[str, object], instead: tuple[int, Key, list[Stretch]] | None = None
    ) -> dict[int, list[Stretch]]:
        """Return the stretches that concern a case, by the fields that it carries as last known.

        Between two events a field that the case does not carry only says which end belongs to which beginning.

        Args:
            known: The fields.
            instead: Other stretches of one exclusion, and of what they carry, than those that were found.
        """
        if not self.match:
            return {}
        facts = CaseFacts()
        facts.own = known
        found = {}
        for place, names in self.match.items():
            key = key_of(facts, names)
            if place in self.pairing or None not in key:
                found[place] = (
                    self._shared(key, self.found.get(place, {}) | {instead[1]: instead[2]})
                    if instead and instead[0] == place
                    else self._of(place, key)
                )
        return found

    def _of(self, place: int, key: Key) -> list[Stretch]:
        if (place, key) not in self._concerning:
            self._concerning[place, key] = self._shared(key, self.found.get(place, {}))
        return self._concerning[place, key]

    def _shared(self, key: Key, found: Mapping[Key, Sequence[Stretch]]) -> list[Stretch]:
        """Return the stretches that share with a case what it carries, those that overlap as one."""
        shared = (stretches for other, stretches in found.items() if self._is_shared(key, other))
        return united(one for stretches in shared for one in stretches)


def united(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches in order, those that overlap or touch as one.

    Example:
        >>> united([(5, 9), (1, 3), (2, 6), (10, 11)])
        [(1, 9), (10, 11)]
    """
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
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
    number_out = Counter(one.left_out_by for one in obligations)
    for place, row in enumerate(standard.exclusions):
        if not isinstance(row.during, During):
            continue
        number, length = stretches.lasting(place, *span)
        out = f"{number_out[place]:,} verdict{'' if number_out[place] == 1 else 's'} left out"
        what = "clocks held" if row.effect == "pause" else out
        inside = stretches.inside.get(place, 0)
        yield (
            f"{standard.id}: {what} ({row.reason.replace('_', ' ')}) by {row.during.sentence()}: "
            f"{number:,} stretch{'' if number == 1 else 'es'}, {format_duration(length)} in all"
            f"{f'; {nested_words(inside, row.during.match)}' if inside else ''}"
        )


def starts_words(standard: Standard, starts: int, cases: int) -> str:
    """Return what is said of later starts that a standard passes over.

    Args:
        standard: Which counts the first start of a case.
        starts: How many later ones there are.
        cases: In how many cases.
    """
    several = "" if starts == 1 else "s"
    where = f"in {cases:,} case{'' if cases == 1 else 's'}"
    if isinstance(standard, Quantity):
        return (
            f"{starts:,} later beginning{several} {where} passed over, for a span is measured once a case; "
            "if each counts: `kind: respond`, `recurs: each`"
        )
    return (
        f"{starts:,} later start{several} {where} passed over, for under `recurs: once` the first one counts; "
        "if each counts: `recurs: each`"
    )


def nested_words(inside: int, match: Sequence[str]) -> str:
    """Return what is said of beginnings that lay inside a stretch.

    Args:
        inside: How many.
        match: The fields by which an end finds its beginning; none where any end ends.
    """
    told = f"{inside:,} beginning{'' if inside == 1 else 's'} inside a stretch began nothing"
    return told if match else f"{told}, and the first end ends it (`match:` tells overlapping ones apart)"


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
