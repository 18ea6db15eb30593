"""What stands in a book and nobody uses, is asked of nobody, or is asked twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from servstd.calendars import Calendar
from servstd.lint.domains import conjuncts
from servstd.lint.sort import Seen, of_book, of_standard
from servstd.lint.subject import BookFacts, Subject
from servstd.lint.words import event_words
from servstd.standards import Check, Respond, Standard
from servstd.standards.exclusion import During
from servstd.standards.limit import NextLimit, Unlimited
from servstd.standards.selector import Selection, VerdictPart


@of_standard("SV550", "info")
def a_check_that_nothing_demands(subject: Subject) -> Iterator[Seen]:
    """Find a check that says when its case ends, and does not demand that the checked event ever happens.

    A check judges events that happen. Where the greeting is left out altogether there is nothing to judge, and the
    share of good greetings stays at a hundred per cent. Checks of what need not happen (a cancellation, a complaint)
    are the usual case, so only one whose own words say when the case is over is found; with a log also one whose
    event is missing in most cases.

    Remedy: write `missing_by:` with the event by which one must have happened.
    """
    one = subject.standard
    if not isinstance(one, Check) or one.missing_by is not None:
        return
    scope = getattr(one.while_, "closes", None)
    over = one.ends if isinstance(one.ends, Selection) else scope if isinstance(scope, Selection) else None
    if over is not None and isinstance(one.event, Selection) and not _is_told_apart(one.event):
        yield Seen(
            "event",
            f"a case without {event_words(one.event)} is not judged: nothing demands one.",
            f"write `missing_by: {next(iter(sorted(over.events)), 'case.ended')}` if there must be one.",
        )


def _is_told_apart(selection: Selection) -> bool:
    """Tell whether only some events of a name are meant, so that a case may well have none."""
    return any(part.where is not None for part in selection.parts)


@of_standard("SV556", "info")
def broken_twice_for_one_case(subject: Subject) -> Iterator[Seen]:
    """Find a check that whoever is late breaks twice: as missing, and again on arrival.

    `between: [$from, $to]` with `missing_by` at the end of the slot: who comes after it was missing then, and comes
    too late afterwards. One appointment gives two breaches, and the share counts both.

    Remedy: check only who comes in time, `event: {event: arrived, where: {time: {le: $to}}}`; or promise it as
    `respond`. Where late and missing are two failings, say so under `accepted:`.
    """
    one = subject.standard
    if not isinstance(one, Check) or one.missing_by is None or one.expected is None:
        return
    is_bounded = one.between is not None or (
        cast("Selection", one.missing_by).at is not None
        and any(test.field.is_time and test.operator in ("le", "lt") for test in conjuncts(one.expected.root))
    )
    is_told = any(
        part.where is not None and part.where.reads_time for part in cast("Selection", one.event).parts
    )
    if is_bounded and not is_told:
        yield Seen(
            "missing_by",
            f"{event_words(cast('Selection', one.event))} after that was missing first and is late then: "
            "two breaches of one case.",
            "let the event be one in time (`where: {time: {le: $slot_end}}`), or promise it as `respond`.",
        )


@of_book("SV551", "warning")
def unused_calendars_and_recurrences(book: BookFacts, subjects: list[Subject]) -> Iterator[Seen]:
    """Find a calendar, or a recurrence, that no standard counts on.

    Mostly a standard was meant to count on it and counts on the wall clock instead.

    Remedy: write `calendar:` in the standard that is meant, or take it out of the book.
    """
    if not subjects or not (book.calendars or book.recurrences):
        return
    told = {name for subject in subjects for name in _calendars_named(subject)}
    told |= {book.calendar} if book.calendar else set()
    told |= {name for one in book.segments.values() for _, part in one.conditions for name in part.calendars}
    used: set[str] = set()
    while more := {name for name in told - used if name in book.calendars}:
        used |= more
        told |= {member for name in more for member in _member_names(book.calendars[name])}
    for name in book.calendars:
        if name not in used:
            message = f"no standard counts on the calendar `{name}`."
            help_ = f"write `calendar: {name}` where it is meant, or take it out."
            yield Seen(f"calendars.{name}", message, help_)
    dates = {name for subject in subjects for name in _recurrences_named(subject)}
    for name in book.recurrences:
        if name not in dates:
            message = f"no limit waits for the recurrence `{name}`."
            help_ = f"write `within: {{next: {name}}}` where it is meant, or take it out."
            yield Seen(f"recurrences.{name}", message, help_)


def _calendars_named(subject: Subject) -> Iterator[str]:
    """Yield every calendar that a standard names; of readings that do not hold, every word."""
    standard = subject.standard
    if standard.calendar:
        yield standard.calendar
    for override in standard.override_rows:
        yield from (str(line.sets["calendar"]) for line in override.lines if "calendar" in line.sets)
    for row in standard.exclusions:
        if isinstance(row.during, str):
            yield row.during
    for asked in subject.conditions:
        yield from asked.condition.calendars
    yield from _words_in(subject.other_readings)


def _recurrences_named(subject: Subject) -> Iterator[str]:
    yield from (term.node.name for term in subject.terms if isinstance(term.node, NextLimit))
    yield from _words_in(subject.other_readings)


def _words_in(data: object) -> Iterator[str]:
    """Yield every text in what was written."""
    left = [data]
    while left:
        one = left.pop()
        if isinstance(one, Mapping):
            left += one.values()
        elif isinstance(one, list | tuple):
            left += one
        elif isinstance(one, str):
            yield one


def _member_names(calendar: Calendar) -> Iterator[str]:
    left: list[Calendar | str] = [calendar]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        else:
            left += one.members


@of_book("SV552", "error")
def a_change_that_cannot_happen(book: BookFacts, subjects: list[Subject]) -> Iterator[Seen]:
    """Find a selector that waits for a change which another standard's verdicts never go through.

    Only a standard with `warn_at` is ever `warned`, and a measure (`within: none`) is never `breached`.

    Remedy: write `warn_at:` there, or wait for another change.
    """
    by_id = {one.id: one for one in book.standards}
    for subject in subjects:
        for place, selection in subject.selections.items():
            for part in selection.parts:
                other = by_id.get(part.standard) if isinstance(part, VerdictPart) else None
                if (
                    isinstance(part, VerdictPart)
                    and other is not None
                    and not _goes_through(other, part.change)
                ):
                    yield Seen(
                        subject.path(place),
                        f"`{part.standard}` is never {part.change}: it has "
                        f"{'no `warn_at`' if part.change == 'warned' else 'no limit'}.",
                        "write `warn_at: [80%]` there."
                        if part.change == "warned"
                        else "wait for another change.",
                    )


def _goes_through(standard: Standard, change: str) -> bool:
    if change == "warned":
        return bool(getattr(standard, "warn_at", ()))
    is_measure = isinstance(standard, Respond) and isinstance(standard.as_chosen.limit.node, Unlimited)  # type: ignore[attr-defined]
    return change != "breached" or not is_measure


@of_standard("SV553", "warning")
def an_exclusion_that_takes_everybody(subject: Subject) -> Iterator[Seen]:
    """Find an exclusion by another standard's verdicts that no field joins to the case.

    Without `match` the stretches of every case of that standard count for every case of this one: one broken line
    excludes all customers.

    Remedy: write under `match:` the fields that both share, for example `match: [line_id]`.
    """
    for place, row in enumerate(subject.standard.exclusions):
        if isinstance(row.during, During) and row.during.standard is not None and not row.during.match:
            yield Seen(
                f"exclude[{place}].during",
                f"every {row.during.outcome} verdict of `{row.during.standard}`, of whichever case, excludes all "
                "cases of this standard.",
                "write `match:` with the fields that both share.",
            )


_SAYS_NOTHING = {
    "id",
    "title",
    "description",
    "source",
    "owner",
    "tags",
    "category",
    "dimension",
    "severity",
    "accepted",
}


@of_book("SV554", "warning")
def one_question_asked_twice(book: BookFacts, _subjects: list[Subject]) -> Iterator[Seen]:
    """Find two standards that differ in nothing but their names.

    They give the same verdicts twice, and every share of the book counts them twice. One was copied and not changed.

    Remedy: change what was to be changed, or leave one out.
    """
    first: dict[str, str] = {}
    for place in _alike(book):
        one = book.standards[place]
        written = one.model_dump(exclude_defaults=True, exclude=_SAYS_NOTHING, by_alias=True)
        meaning = repr(sorted(written.items()))
        if meaning in first:
            yield Seen(
                f"standards[{place}]",
                f"`{one.id}` asks the same as `{first[meaning]}`.",
                "change what differs, or leave one out; several thresholds on one clock are `objectives:`.",
            )
        first.setdefault(meaning, one.id)


def _alike(book: BookFacts) -> list[int]:
    """Return the places of standards that set the same keys as another one, which alone are worth comparing."""
    groups: dict[tuple[str, frozenset[str]], list[int]] = {}
    for place, one in enumerate(book.standards):
        groups.setdefault((one.kind, frozenset(one.model_fields_set - _SAYS_NOTHING)), []).append(place)
    return sorted(place for places in groups.values() if len(places) > 1 for place in places)
