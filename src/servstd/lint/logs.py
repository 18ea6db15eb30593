"""What only a log shows: names and values that never come, keys that do not join, dates read as instants."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from servstd.calendars.zones import zone_named
from servstd.conditions import Condition
from servstd.conditions.compare import equals
from servstd.conditions.tree import Test, walked
from servstd.durations import SECOND
from servstd.engine.obligation import FIGURES
from servstd.errors import closest, listed
from servstd.events.values import key_text
from servstd.expressions import Constant, Field
from servstd.expressions.values import number_from
from servstd.intervals import Instant
from servstd.lint.conditions import plain
from servstd.lint.domains import contradiction
from servstd.lint.observed import Observed, told_values
from servstd.lint.sort import Seen, of_log
from servstd.lint.subject import Subject
from servstd.standards import Check, Gauge
from servstd.standards.figures import READ
from servstd.standards.limit import InstantLimit, LimitTable, limit_fields
from servstd.standards.objective import zone_of
from servstd.standards.selector import EventPart

_MOST = 6
_MOST_VALUES = 1_000
_ALIKE = 0.8
_LONGEST = 100
"""Longer texts are no names: comparing them costs the square of their length."""
DEMANDED = ("stop", "then", "needs", "missing_by", "until")
"""The selectors whose events must come: without them a case is broken, or never ends."""


@of_log("SV560", "warning")
def an_event_that_the_log_lacks(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find an event that a standard names and the log never shows, although it has one of nearly that name.

    One letter makes another event: the clock then never stops, and everything is broken. An event that ends or
    answers is found also where nothing is like it, because its absence breaks every case. A hold that nobody used is
    no fault.

    Remedy: write the name of the log, or rename the events when reading them.
    """
    unused = sorted(observed.kinds - observed.kinds_named)
    for place, selection in subject.selections.items():
        for name in sorted(selection.events - observed.kinds - {"*"}):
            near = closest(name, unused)
            if near:
                yield Seen(place, f"no event of the log is called `{name}`.", f"write `{near}`.")
            elif place in DEMANDED and not selection.events & observed.kinds:
                known = listed(sorted(observed.kinds), most=_MOST)
                yield Seen(
                    place, f"no event of the log is called `{name}`. It has {known}.", "write one of these."
                )


@of_log("SV562", "warning")
def a_value_never_seen(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a value that the log never has in this field, while it has one of nearly the same spelling.

    Values are compared as they stand: `Waiting on customer` is not `waiting_on_customer`. A value that is merely
    rare is not found; one is only where another value, which the book does not know, looks like it.

    Remedy: write the value of the log.
    """
    for name, told in told_values(subject).items():
        values = observed.values(name)
        if not values or len(values) > _MOST_VALUES:
            continue
        known = {text for _, text in told}
        strange = [value for value in values if isinstance(value, str) and value not in known]
        for path, text in told:
            if number_from(text) is None and not any(equals(value, text) for value in values):
                near = _alike(text, strange)
                if near is not None:
                    yield Seen(path, f"`{name}` is never `{text}` in this log.", f"write `{near}`.")


def _alike(text: str, values: list[str]) -> str | None:
    """Return the value that is nearly the same text: capitals, blanks and signs apart, or a letter."""
    known = {plain(value): value for value in values if len(value) <= _LONGEST}
    found = get_close_matches(plain(text[:_LONGEST]), known, n=1, cutoff=_ALIKE)
    return known[found[0]] if found else None


@of_log("SV563", "warning")
def a_field_that_nothing_carries(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a field that a standard, a weight or a payment reads and no event of the log carries.

    A comparison with what is absent is unknown, never false, and its verdicts are unknown with it; so is what is
    reckoned from it. Fields of which the standard itself asks whether they exist are left alone.

    Remedy: write the name of the log; give the field when reading (`with_fields`); or ask `{exists: true}` first.
    """
    expected = _given_elsewhere(subject)
    carried = observed.log.names
    read = [(where_read(subject, name), name, carried) for name in sorted(subject.reads - expected)]
    for path, figure in subject.reckoned:
        names = {one.name for one in figure.references if one.scope or one.name not in READ}
        read += [(path, name, [*carried, *(f"${one}" for one in READ)]) for name in sorted(names)]
    for path, name, known in read:
        if observed.has_field(name) or _asks_whether(subject, name):
            continue
        near = closest(name, [one for one in known if one != name])
        is_empty = name in known
        yield Seen(
            path,
            f"`{name}` is a column of the log and is always empty, so what reads it is unknown."
            if is_empty
            else f"no event of the log carries `{name}`, so what reads it is unknown.",
            f"write `{near}`." if near else "give the field when the log is read, or leave it out.",
        )


def _given_elsewhere(subject: Subject) -> set[str]:
    """Return the names that are no fields of the log: levels, items, what overrides set, figures of verdicts."""
    one = subject.standard
    found = {name for override in one.override_rows for line in override.lines for name in line.sets}
    found |= set(subject.book.segments)
    if isinstance(one, Gauge):
        found |= set(one.named_levels)
    if isinstance(one, Check) and one.for_each is not None:
        found |= one.expected.fields if one.expected is not None else frozenset()
    if any(selection.standards for selection in subject.selections.values()):
        found |= set(FIGURES)
    return found


def _asks_whether(subject: Subject, name: str) -> bool:
    tests = (test for asked in subject.conditions for test in walked(asked.condition.root))
    return any(test.operator == "exists" and test.field.name == name for test in tests)


def where_read(subject: Subject, name: str) -> str:
    """Return the path of the first condition, or limit, that reads a field."""
    for asked in subject.conditions:
        if name in asked.condition.fields:
            return f"{asked.path}.{name}"
    return next((term.path for term in subject.terms if name in limit_fields(term.node)), "")


@of_log("SV564", "error")
def keys_that_do_not_join(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find events of one standard of which some carry the case and others never do.

    The start is filed under `ticket_id` and the reply under `ticketId`, so no reply ever meets its inquiry: every
    clock runs out.

    Remedy: rename the field when reading (`rename: {ticketId: ticket_id}`), or write the key that all of them carry.
    """
    counts = {
        name: observed.keyed(name, subject.case)
        for selection in subject.case_selections.values()
        for name in selection.events
        if name in observed.kinds
    }
    if not subject.case or not any(carried for _, carried in counts.values()):
        return
    key = subject.case[0]
    for place, selection in subject.case_selections.items():
        for name in sorted(selection.events & set(counts)):
            every, carried = counts[name]
            if every and not carried:
                missing = next(one for one in subject.case if not observed.keyed(name, (one,))[1])
                near = _alike(missing, observed.fields_of(name))
                yield Seen(
                    place,
                    f"no event `{name}` carries `{missing}`, of {every:,} in the log, "
                    f"so they belong to no case of `{key}`.",
                    f"they carry `{near}`: rename it when reading, `rename: {{{near}: {missing}}}`."
                    if near
                    else "write as `case:` what all of them carry.",
                )


@of_log("SV567", "warning")
def a_hole_that_cases_fall_into(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a value of the log for which a table of limits has no row.

    Such a case has no limit: its verdict is unknown, and more than one in a hundred of them decide that nothing is
    decided.

    Remedy: add the row, or `else:`.
    """
    applies = subject.standard.applies_to
    for term in subject.terms:
        node = term.node
        if not isinstance(node, LimitTable) or node.otherwise is not None:
            continue
        values = observed.values(node.by)
        holes = [
            key_text(value)
            for value in values
            if node.row_of(value) is None and _is_meant(applies, node.by, value)
        ]
        if holes and len(values) <= _MOST_VALUES and len(holes) < len(values):
            shown = listed(sorted(holes), most=_MOST)
            yield Seen(
                term.path,
                f"the log has {node.by} {shown}, and the table no row for it.",
                "add the row, or `else:`.",
            )


def _is_meant(applies: object, name: str, value: object) -> bool:
    """Tell whether a standard may apply to a case with this value."""
    told = Test(Field(name), "eq", (Constant(value),))
    return not isinstance(applies, Condition) or contradiction([applies.root, told]) is None


@of_log("SV571", "info")
def a_field_borrowed_from_another_event(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a condition on an event that may be fulfilled by what another event has said.

    A plain field is the event's own, else the case's, which any earlier event may have set. `reply.sent` with
    `where: {complete: "yes"}` is then fulfilled by a reply that says nothing, after a form that was complete. It is
    found where some events of this kind carry the field, some do not, and events of other kinds carry it too.

    Remedy: write `$event.complete` for the event's own word, `$case.complete` where the case's is meant.
    """
    for place, selection in subject.case_selections.items():
        for part in selection.any_of:
            if isinstance(part, EventPart) and part.where is not None and part.name in observed.kinds:
                for name in _borrowed(part.where, part.name, observed):
                    yield Seen(
                        f"{place}.where.{name}",
                        f"some events `{part.name}` carry no `{name}`, and then what another event said of it counts.",
                        f"write `$event.{name}` for the event's own word, `$case.{name}` if the case's is meant.",
                    )


def _borrowed(where: Condition, kind: str, observed: Observed) -> Iterator[str]:
    names = {
        test.field.name for test in walked(where.root) if not test.field.scope and not test.field.is_time
    }
    for name in sorted(names):
        every, carried = observed.keyed(kind, (name,))
        others = any(observed.keyed(other, (name,))[1] for other in observed.kinds - {kind})
        if 0 < carried < every and others:
            yield name


@of_log("SV572", "warning")
def a_date_that_was_read_as_an_instant(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a promised date that the reader has turned into midnight.

    A column of dates under `times:` becomes instants at 00:00, so a promise for the fifth is broken as soon as the
    fifth begins. Left out of `times:` it stays a date, and the whole day counts.

    Remedy: take the column out of `times:`.
    """
    zone = zone_of(subject.find(subject.calendar)) or subject.book.timezone
    if zone is None:
        return
    for term in subject.terms:
        at = term.node.at if isinstance(term.node, InstantLimit) else None
        values = observed.values(at.name) if isinstance(at, Field) else []
        if isinstance(at, Field) and values and all(_is_midnight(value, zone) for value in values):
            yield Seen(
                term.path,
                f"every `{at.name}` of this log is midnight: it is a date, and its day is not allowed.",
                f"take `{at.name}` out of `times:`, so that the whole day counts.",
            )


def _is_midnight(value: object, zone: str) -> bool:
    if not isinstance(value, Instant):
        return False
    local_s = int(value) // SECOND + zone_named(zone).offset_s(int(value) // SECOND)
    return int(value) % SECOND == 0 and local_s % 86_400 == 0
