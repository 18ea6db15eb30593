"""What only a log shows: names and values that never come, keys that do not join, promises that move."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from servstd.calendars.zones import zone_named
from servstd.conditions import Condition
from servstd.conditions.compare import equals
from servstd.conditions.tree import Test, walked
from servstd.durations import SECOND
from servstd.errors import closest, listed
from servstd.expressions import Constant, Field
from servstd.expressions.values import number_from
from servstd.intervals import Instant
from servstd.lint.domains import contradiction
from servstd.lint.objectives import calendar_window, cases_for_one_breach
from servstd.lint.observed import Observed, entry, told_values
from servstd.lint.sort import Seen, of_log
from servstd.lint.subject import Subject
from servstd.lint.words import counted, event_words
from servstd.standards import Check, Gauge
from servstd.standards.limit import InstantLimit, LimitTable, limit_fields
from servstd.standards.objective import zone_of
from servstd.standards.selector import EventPart, Selection

__all__ = ["Observed"]

_MOST = 6
_MOST_VALUES = 1_000
_ALIKE = 0.8
_DAY_US = 86_400_000_000
_WINDOW_US = {
    "day": _DAY_US,
    "week": 7 * _DAY_US,
    "month": 30 * _DAY_US,
    "quarter": 91 * _DAY_US,
    "year": 365 * _DAY_US,
}
_DEMANDED = ("stop", "then", "needs", "missing_by", "until")


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
            elif place in _DEMANDED and not selection.events & observed.kinds:
                known = listed(sorted(observed.kinds), most=_MOST)
                yield Seen(
                    place, f"no event of the log is called `{name}`. It has {known}.", "write one of these."
                )


@of_log("SV561", "warning")
def a_standard_that_no_event_activates(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a standard that gives no verdict on any case of the log.

    What nothing activates stays out of every share, and a report without it looks like one in which it was kept.
    Either no event starts it, or every case that starts it is one to which it does not apply.

    Remedy: write the event, or the value, that the log has; or read a log that belongs to the book.
    """
    selection, story = entry(subject), observed.story(subject)
    if selection is None or not story.cases:
        return
    if not story.started:
        yield Seen(
            "",
            f"nothing activates `{subject.id}`: in {counted(story.cases, 'case')} there is no {selection.sentence()}.",
            f"the log has {listed(sorted(observed.kinds), most=_MOST)}.",
        )
    elif not story.applied:
        yield Seen(
            "applies_to",
            f"`{subject.id}` applies to no case, of {story.started:,} that start it.",
            "look at the values of the log, or leave the condition out.",
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
    plain = _plain(text)
    scored = [(SequenceMatcher(None, plain, _plain(value)).ratio(), value) for value in values]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= _ALIKE else None


def _plain(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())


@of_log("SV563", "warning")
def a_field_that_nothing_carries(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a field that a standard reads and no event of the log carries.

    A comparison with what is absent is unknown, never false, and its verdicts are unknown with it. Fields of which
    the standard itself asks whether they exist are left alone.

    Remedy: write the name of the log; give the field when reading (`with_fields`); or ask `{exists: true}` first.
    """
    expected = _given_elsewhere(subject)
    for name in sorted(subject.reads - expected):
        if observed.has_field(name) or _asks_whether(subject, name):
            continue
        near = closest(name, observed.log.fields)
        yield Seen(
            _where_read(subject, name),
            f"no event of the log carries `{name}`, so what reads it is unknown.",
            f"write `{near}`." if near else "give the field when the log is read, or leave it out.",
        )


def _given_elsewhere(subject: Subject) -> set[str]:
    """Return the names that are no fields of the log: levels, items, what overrides set, figures of verdicts."""
    one = subject.standard
    found = {name for override in one.override_rows for line in override.lines for name in line.sets}
    if isinstance(one, Gauge):
        found |= set(one.named_levels)
    if isinstance(one, Check) and one.for_each is not None:
        found |= one.expected.fields if one.expected is not None else frozenset()
    if any(selection.standards for selection in subject.selections.values()):
        found |= {"elapsed", "limit", "margin", "outcome", "due_at"}
    return found


def _asks_whether(subject: Subject, name: str) -> bool:
    tests = (test for asked in subject.conditions for test in walked(asked.condition.root))
    return any(test.operator == "exists" and test.field.name == name for test in tests)


def _where_read(subject: Subject, name: str) -> str:
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


@of_log("SV565", "warning")
def a_promise_that_moves(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a field that holds a promised instant and changes after the clock has started.

    A promise moved by the one who made it is no promise, so the first value holds (`on_change: freeze`). Where the
    date was moved at the customer's wish, that is not what is meant. Nothing is found where `on_change` says it
    already.

    Remedy: write `on_change: freeze` if the first date binds, `on_change: carry` if the last one does.
    """
    story = observed.story(subject)
    for name, (count, example) in sorted(story.moved.items()):
        yield Seen(
            _where_read(subject, name),
            f"`{name}` changes after the start in {count:,} of {counted(story.started, 'case')} (`{example}` is one), "
            "and the first value holds.",
            "write `on_change: freeze` if the first one binds, `on_change: carry` if the last one does.",
        )


@of_log("SV566", "warning")
def a_condition_on_what_is_known_only_later(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find an `applies_to` that reads a field which comes only after the start.

    Whether a standard applies is read at the start. A field that is set when the ticket is closed is not known then,
    and a promise that depends on it can be known by nobody while it runs.

    Remedy: read a field that is known at the start, or leave those cases out afterwards with `exclude:`.
    """
    story = observed.story(subject)
    for name, count in sorted(story.later.items()):
        if count * 10 >= story.started:
            yield Seen(
                f"applies_to.{name}",
                f"in {count:,} of {counted(story.started, 'case')} `{name}` comes only after the start.",
                "read what is known at the start, or leave those cases out afterwards with `exclude:`.",
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
        rows = {value for value, _ in node.rows}
        values = observed.values(node.by)
        holes = [
            str(value) for value in values if str(value) not in rows and _is_meant(applies, node.by, value)
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


@of_log("SV568", "warning")
def a_window_with_too_few_cases(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find an objective whose windows have fewer cases than its share needs.

    95 % allows one in twenty: with twelve cases a month a single broken one misses the month, and the promise is 100
    % in all but name. Counted over the whole log, where it covers three windows or more.

    Remedy: take a longer window, or write `min_sample:` so that thin windows decide nothing.
    """
    starts = observed.story(subject).starts
    for path, objective in subject.objectives:
        need, window = cases_for_one_breach(objective), calendar_window(objective)
        count = observed.span_us() // _WINDOW_US.get(window, observed.span_us() + 1)
        if need is None or count < 3 or not starts or objective.min_sample >= need:
            continue
        if starts < need * count:
            yield Seen(
                path,
                f"`{objective}` needs {need:,} cases a {window} before one may be broken, "
                f"and in the {count:,} {window}s of this log start {starts:,}, about {starts // count:,} a {window}.",
                f"take a longer window, or write `min_sample: {need}`.",
            )


@of_log("SV569", "info")
def a_check_that_most_cases_escape(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a check whose event most cases never have, and that nothing demands.

    The share of good greetings says nothing of the calls without one. Checks of only some events (`where:`), and
    events that another standard of the same case waits for, are left alone.

    Remedy: write `missing_by:` with the event by which one must have happened.
    """
    one = subject.standard
    if not isinstance(one, Check) or one.missing_by is not None or not isinstance(one.event, Selection):
        return
    others = [other for other in observed.subjects if other is not subject and other.case == subject.case]
    waited = {
        name
        for other in others
        for place, selection in other.selections.items()
        if place in _DEMANDED
        for name in selection.events
    }
    is_partial = any(part.where is not None for part in one.event.parts) or one.applies_to is not None
    story = observed.story(subject)
    if not is_partial and not one.event.events & waited and 0 < story.eventful * 2 < story.cases:
        yield Seen(
            "event",
            f"only {story.eventful:,} of {counted(story.cases, 'case')} have {event_words(one.event)}; "
            "the others are not judged.",
            "write `missing_by:` if there must be one.",
        )


@of_log("SV570", "warning")
def a_condition_that_is_unknown_at_the_start(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find an `applies_to` of which many cases do not say whether it holds.

    A comparison with what is absent is unknown, and so is its opposite: `{not: {plan: free}}` is not true of a case
    without a plan. Its verdict is unknown, and more than one in a hundred of them decide that nothing is decided.

    Remedy: say what holds without the field: `any: [{plan: {exists: false}}, {plan: {ne: free}}]`.
    """
    story = observed.story(subject)
    missing = [name for name, count in story.lacking.items() if count and name not in story.later]
    if (
        story.undecided * 10 >= story.started > 0
        and missing
        and not set(missing) & _never_carried(missing, observed)
    ):
        yield Seen(
            "applies_to",
            f"of {story.undecided:,} of {counted(story.started, 'case')} it is unknown whether this holds: they lack "
            f"{listed(sorted(missing))}.",
            f"say what holds without it: `any: [{{{missing[0]}: {{exists: false}}}}, …]`.",
        )


def _never_carried(names: list[str], observed: Observed) -> set[str]:
    """Return the fields that nothing carries at all, which is another finding."""
    return {name for name in names if not observed.has_field(name)}


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
    plain = {
        test.field.name for test in walked(where.root) if not test.field.scope and not test.field.is_time
    }
    for name in sorted(plain):
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
