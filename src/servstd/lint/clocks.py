"""Clocks that count on the wrong hours, cannot end, or lose what an event says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import cast

from servstd.calendars import Calendar
from servstd.conditions.tree import walked
from servstd.durations import HOUR, SECOND, format_duration, parse_span
from servstd.expressions import Span, parse_expression
from servstd.lint.sort import Seen, of_book, of_standard
from servstd.lint.subject import BookFacts, Subject
from servstd.lint.words import event_words, inside, listed_or
from servstd.standards import Gauge, Quantity, Respond
from servstd.standards.limit import (
    CountLimit,
    DatesLimit,
    DurationLimit,
    InstantLimit,
    LimitNode,
    LimitTable,
    Unlimited,
)
from servstd.standards.selector import Part, Selection
from servstd.standards.warning import parse_warning

_DAY_US = 24 * HOUR


@of_standard("SV500", "warning")
def hours_on_an_office_clock(subject: Subject) -> Iterator[Seen]:
    """Find `24 hours`, `48 hours` and the like on a calendar that closes at night.

    Whoever writes 24, 48 or 72 hours mostly means days of the wall clock. On an office that is open 8 hours 30
    minutes a day, `24 hours` end after 2.8 working days. The figure is computed from the calendar's usual week; a
    limit that is a whole number of its open weeks was evidently counted on it and is left alone.

    Remedy: write `24 calendar hours` for the wall clock, `1 business day` for a date, or `24 business hours` where
    opening hours are meant.
    """
    for term in subject.terms:
        node = term.node
        if not isinstance(node, DurationLimit) or node.clock != "standard":
            continue
        calendar = subject.find(term.calendar)
        working_days = _days_for_hours(node.us, calendar)
        if working_days:
            hours, days = node.us // HOUR, node.us // _DAY_US
            yield Seen(
                term.path,
                f"`{hours} hours` on `{term.calendar}`, which is open {_open_day(calendar)} a day, "
                f"are {working_days} working days.",
                f"write `{hours} calendar hours` for the wall clock, `{_business_days(days)}` for days, "
                f"or `{hours} business hours` where opening hours are meant.",
            )


@of_standard("SV585", "warning")
def hours_before_an_instant_on_an_office_clock(subject: Subject) -> Iterator[Seen]:
    """Find `48 hours before $visit_at` and the like on a calendar that closes at night.

    Such hours count on the standard's calendar. Before a visit on Friday morning, 48 hours of an office that is open 8
    hours a day begin on Thursday of the week before. Whoever writes 24, 48 or 72 hours mostly means the wall clock.

    Remedy: write `48 calendar hours before $visit_at` for the wall clock, `2 business days before $visit_at` for
    days, or `48 business hours before $visit_at` where opening hours are meant.
    """
    for path, span, name in _spans(subject):
        length = parse_span(span.span.text) if span.span.unit == "duration" and not span.span.field else None
        if length is None or length.clock != "standard":
            continue
        calendar = subject.find(name)
        working_days = _days_for_hours(length.us, calendar)
        if working_days:
            hours, days = length.us // HOUR, length.us // _DAY_US
            rest = f"{span.direction} ${span.anchor.name}"
            yield Seen(
                path,
                f"`{hours} hours {rest}` counts on `{name}`, which is open {_open_day(calendar)} a day: "
                f"these are {working_days} working days.",
                f"write `{hours} calendar hours {rest}` for the wall clock, `{_business_days(days)} {rest}` for days, "
                f"or `{hours} business hours {rest}` where opening hours are meant.",
            )


def _spans(subject: Subject) -> Iterator[tuple[str, Span, str]]:
    """Yield every span before or after an instant, with its path and the calendar that it counts on."""
    for term in subject.terms:
        if isinstance(term.node, InstantLimit) and isinstance(term.node.at, Span):
            yield term.path, term.node.at, term.calendar
    for asked in subject.conditions:
        for test in walked(asked.condition.root):
            found = (one for one in test.operands if isinstance(one, Span))
            yield from ((f"{asked.path}.{test.field.name}", one, subject.calendar) for one in found)
    for number, end in enumerate(getattr(subject.standard, "between", None) or ()):
        if isinstance(end, str) and isinstance(span := parse_expression(end), Span):
            yield f"between[{number}]", span, subject.calendar
    for place, selection in subject.selections.items():
        if isinstance(selection.at, Span):
            yield f"{place}.at", selection.at, subject.calendar


def _days_for_hours(us: int, calendar: Calendar) -> str:
    """Return how many working days some days' worth of hours are; empty where days are meant that way, or none are.

    A whole number of open weeks was evidently counted on the calendar.
    """
    day_us = _open_day_us(calendar)
    if us <= 0 or us % _DAY_US or day_us is None or day_us >= _DAY_US or not us % _open_week_us(calendar):
        return ""
    return f"{float(Fraction(us) / day_us):.1f}"


def _open_day(calendar: Calendar) -> str:
    return format_duration(int(_open_day_us(calendar) or 0))


def _business_days(count: int) -> str:
    return f"{count} business day{'s' if count > 1 else ''}"


def _open_day_us(calendar: Calendar) -> Fraction | None:
    """Return how long a usual open day is; None where no weekly hours say."""
    week = calendar.usual_week_s
    open_days = [one for one in week or () if one]
    return Fraction(sum(open_days) * SECOND, len(open_days)) if open_days else None


def _open_week_us(calendar: Calendar) -> int:
    return sum(calendar.usual_week_s or ()) * SECOND


@of_book("SV501", "info")
def no_way_out(_book: BookFacts, subjects: list[Subject]) -> Iterator[Seen]:
    """Find a clock that never ends by itself although the book knows an event that ends its case.

    A limit that counts events (`3 call.ring`) is never broken by silence, and `none` is no limit at all. If the
    caller rings off, such a clock stays open for ever and its case is never judged. The sort is found only where
    another standard of the same case names the event that ends it, so that there is something to write.

    Remedy: write that event under `cancel:` or `ends:`.
    """
    ending = _ends_by_case(subjects)
    for subject in subjects:
        one = subject.standard
        if not isinstance(one, Respond) or one.every is not None or one.cancel or one.ends:
            continue
        if not isinstance(one.limit.node, CountLimit | Unlimited):
            continue
        own = {name for selection in subject.case_selections.values() for name in selection.events}
        ends = sorted(ending[subject.case] - own)
        if ends:
            yield Seen(
                subject.path("within"),
                f"if {event_words(one.stops)} never comes, this clock stays open for ever: "
                f"a limit of {one.limit.sentence()} is not broken by silence.",
                f"write `cancel: {ends[0]}`, with which the case ends elsewhere in this book.",
            )


def _ends_by_case(subjects: list[Subject]) -> Mapping[tuple[str, ...], set[str]]:
    """Return the events with which cases end, by what the standards of that sort of case say."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for subject in subjects:
        for name in ("ends", "missing_by"):
            selection = getattr(subject.standard, name, None)
            found[subject.case] |= selection.events if isinstance(selection, Selection) else set()
    return found


@of_standard("SV502", "warning")
def start_inside_stop(subject: Subject) -> Iterator[Seen]:
    """Find a clock, of which only the first start counts, that is started by an event which also stops it.

    Such events are updates: each ends one period and begins the next. Under `recurs: once` only the first period is
    judged. Where such an event comes first, it starts the clock and stops it at once.

    Remedy: write `recurs: each`, or the short form `every: 2 hours, event: update.sent, until: ticket.closed`.
    """
    one = subject.standard
    if not isinstance(one, Respond) or one.recurrence != "once":
        return
    both = inside(one.starts, one.stops)
    if both:
        yield Seen(
            "recurs" if "recurs" in one.model_fields_set else "stop",
            f"{_named(both)} both starts and stops this clock, and under `recurs: once` only the first period "
            "is judged.",
            "write `recurs: each`, so that each of them ends one period and begins the next.",
        )


@of_standard("SV503", "warning")
def a_signal_that_is_lost(subject: Subject) -> Iterator[Seen]:
    """Find one event that is told to do two things of which one undoes the other.

    What one event says acts in a fixed order: stop, cancel, reset, pause, resume, start. So an event that stops and
    cancels only stops, one that pauses and resumes does nothing, one that adds to a level and takes away leaves it.

    Remedy: take the event out of one of the two, or tell the two apart by `where`.
    """
    found = subject.selections
    for kept, lost, what in _LOST:
        if kept in found and lost in found:
            both = inside(found[lost], found[kept])
            if both:
                yield Seen(
                    lost,
                    f"{_named(both)} stands under `{kept}` and under `{lost}`: {what}.",
                    f"take it out of `{lost}`, or tell the two apart by `where:`.",
                )
    one = subject.standard
    levels = one.named_levels if isinstance(one, Gauge) else {}
    for name in levels:
        for more, less in (("plus", "minus"), ("oldest", "until")):
            opening, closing = found.get(f"{name}.{more}"), found.get(f"{name}.{less}")
            both = inside(opening, closing) if opening and closing else []
            if both:
                at = f"level.{less}" if "level" in levels else f"levels.{name}.{less}"
                message = (
                    f"{_named(both)} stands under `{more}` and under `{less}`: it leaves the level as it is."
                )
                yield Seen(at, message, f"take it out of `{less}`, or tell the two apart by `where:`.")


_LOST = (
    ("stop", "cancel", "it stops the clock first, so it never cancels"),
    ("resume", "pause", "it holds the clock and lets it go at once"),
    ("event", "missing_by", "whenever one is demanded there is one, so the demand is never broken"),
)


@of_standard("SV504", "warning")
def a_pause_that_cannot_end(subject: Subject) -> Iterator[Seen]:
    """Find a clock that is held by an event and that nothing lets run again before it is stopped.

    One `pause` event then holds the clock for good, and the standard can never be broken afterwards. The same holds
    where only the events that stop the clock would resume it. A `resume` without any pause has nothing to resume.

    Remedy: write under `resume:` the event after which time counts again.
    """
    one = subject.standard
    if not isinstance(one, Respond):
        return
    pause, resume = cast("Selection | None", one.pause), cast("Selection | None", one.resume)
    if resume is not None and pause is None and one.pause_while is None:
        yield Seen(
            "resume",
            f"{event_words(resume)} resumes a clock that nothing pauses.",
            "write under `pause:` what holds the clock, or leave `resume` out.",
        )
    if pause is None or one.pause_while is not None:
        return
    if resume is None:
        yield Seen(
            "pause",
            f"after {event_words(pause)} the clock is held for good: nothing resumes it.",
            "write `resume:` with the event after which time counts again.",
        )
    elif one.recurrence == "once" and len(inside(resume, one.stops)) == len(resume.any_of):
        yield Seen(
            "resume",
            f"only {event_words(resume)} resumes the clock, and that stops it: the pause lasts to the end.",
            "write under `resume:` the event after which time counts again.",
        )


@of_standard("SV505", "warning")
def pause_inside_start(subject: Subject) -> Iterator[Seen]:
    """Find a clock that is held by the very event that starts it.

    A clock that starts while the hold is set is born paused. Where every start pauses, no time ever counts until
    something resumes it, and often nothing does.

    Remedy: take the event out of `pause:`, or tell by `where` which of them hold the clock.
    """
    one = subject.standard
    if not isinstance(one, Respond) or one.pause is None:
        return
    both = inside(one.starts, cast("Selection", one.pause))
    if both:
        yield Seen(
            "pause",
            f"{_named(both)} starts the clock and pauses it: the clock is born held.",
            "take it out of `pause:`, or tell the two apart by `where:`.",
        )


@of_standard("SV506", "warning")
def a_count_that_names_its_own_start(subject: Subject) -> Iterator[Seen]:
    """Find a limit that counts the very event which starts the clock.

    A counted limit counts other events between start and stop, the start itself apart. `3 call.ring` on a clock that
    a ring starts allows four rings in all.

    Remedy: write one less, or start the clock by an event of its own (`call.ringing`).
    """
    one = subject.standard
    if not isinstance(one, Respond):
        return
    for term in subject.terms:
        if isinstance(term.node, CountLimit):
            both = inside(one.starts, term.node.of)
            if both:
                count = term.node.count
                yield Seen(
                    term.path,
                    f"{_named(both)} starts the clock and is what it counts; the start is not counted itself, "
                    f"so {count + 1} are allowed in all.",
                    (f"write {count - 1} if {count} in all are meant, or s" if count > 1 else "s")
                    + "tart the clock by another event.",
                )


@of_book("SV507", "warning")
def updates_before_the_first_reply(_book: BookFacts, subjects: list[Subject]) -> Iterator[Seen]:
    """Find updates that are due more often than the first reply, from the same start.

    Where an update is owed every two hours and the first reply within four, the first update is due before the first
    reply: one of the two figures is not what was meant.

    Remedy: make the interval at least as long as the first reply, or start the updates by the reply.
    """
    by_start: dict[object, list[Subject]] = defaultdict(list)
    for one in subjects:
        if isinstance(one.standard, Respond) and one.standard.every is None:
            by_start[one.case, _start_names(one.standard)].append(one)
    for updates in subjects:
        every = updates.standard
        if not isinstance(every, Respond) or every.every is None or every.start is None:
            continue
        for reply in by_start[updates.case, _start_names(every)]:
            if _is_first_reply(reply, updates):
                limit = cast("Respond", reply.standard).limit
                pair = _shorter(every.limit.node, limit.node)
                if pair:
                    yield Seen(
                        updates.path("every"),
                        f"an update is due every {pair[0]}, and the first reply (`{reply.id}`) only within "
                        f"{pair[1]}: the update comes due first.",
                        f"write `every: {pair[1]}` or more, or start the updates by the reply.",
                    )


def _start_names(one: Respond) -> frozenset[str]:
    """Return the events that start a clock as written, without the updates that start it again."""
    return cast("Selection", one.start).events


def _is_first_reply(reply: Subject, updates: Subject) -> bool:
    one, other = cast("Respond", reply.standard), cast("Respond", updates.standard)
    if (reply.case, reply.calendar) != (updates.case, updates.calendar):
        return False
    is_end = other.until is not None and inside(cast("Selection", other.until), one.stops)
    return one.start == other.start and not is_end and one.applies_to == other.applies_to


def _shorter(every: LimitNode, reply: LimitNode) -> tuple[str, str] | None:
    """Return the interval and the limit that is longer, in words; of tables the first row where it is so."""
    if isinstance(every, LimitTable) and isinstance(reply, LimitTable) and every.by == reply.by:
        rows = dict(reply.rows)
        pairs = (_shorter(node, rows[value]) for value, node in every.rows if value in rows)
        return next((pair for pair in pairs if pair), None)
    if isinstance(every, DurationLimit) and isinstance(reply, DurationLimit) and every.clock == reply.clock:
        return (every.sentence(), reply.sentence()) if every.us < reply.us else None
    if isinstance(every, DatesLimit) and isinstance(reply, DatesLimit) and every.unit == reply.unit:
        counts = every.count, reply.count
        if isinstance(counts[0], int) and isinstance(counts[1], int) and counts[0] < counts[1]:
            return every.sentence(), reply.sentence()
    return None


@of_standard("SV508", "warning")
def a_warning_before_the_start(subject: Subject) -> Iterator[Seen]:
    """Find a warning that would be due before its clock starts.

    `60 minutes before` the end of a limit of 30 minutes lies half an hour before the start, so the warning comes
    with the start itself, on every case.

    Remedy: write a share (`80%`), or a time shorter than the limit.
    """
    one = subject.standard
    if not isinstance(one, Respond) or not one.warn_at:
        return
    limits = [term.node.us for term in subject.terms if isinstance(term.node, DurationLimit)]
    for place, text in enumerate(one.warn_at):
        before = parse_warning(text).before
        if limits and before >= min(limits):
            yield Seen(
                f"warn_at[{place}]",
                f"a warning `{text}` the end of {format_duration(min(limits))} comes no later than the start.",
                "write a share of the limit (`80%`), or a time shorter than the limit.",
            )


@of_standard("SV509", "error")
def an_extension_that_shortens(subject: Subject) -> Iterator[Seen]:
    """Find an extension whose limit is not longer than the one it extends.

    An extension gives a new limit from the same start. One of 10 business days to a limit of 15 takes time away.

    Remedy: write the whole new limit under `within:`, or what is added under `by:`.
    """
    one = subject.standard
    if not isinstance(one, Respond) or one.extension is None or one.extension.within is None:
        return
    longer = cast("object", one.extension.within)
    node, limit = getattr(longer, "node", None), one.limit.node
    if isinstance(node, DurationLimit | DatesLimit) and node != limit:
        is_shorter = _shorter(node, limit)
    else:
        is_shorter = (one.limit.sentence(), one.limit.sentence()) if node == limit else None
    if is_shorter:
        yield Seen(
            "extend",
            f"the extension to {is_shorter[0]} is no longer than the limit of {is_shorter[1]} that it extends.",
            "write the whole new limit, counted from the same start, or what is added: `by: 5 business days`.",
        )


@of_standard("SV518", "warning")
def a_state_that_the_clock_decides(subject: Subject) -> Iterator[Seen]:
    """Find a state that depends on the time of day, and is asked only when an event comes.

    `pause_while: {time: {open_in: nights}}` is read with each event of the case. Night falls between two events, and
    nothing sees it: the pause begins with the next event, hours too late. So it is with `time_in`, and with the `while`
    of a level or of a time. Conditions on single events (`where`, `expect`, the `while` of a count) are right: these
    events have a time.

    Remedy: write hours as the calendar of the standard; judge readings one by one with a `check`.
    """
    for asked in subject.conditions:
        is_state = asked.role in ("pause_while", "time_in") or (asked.role == "while" and _lasts(subject))
        if is_state and asked.condition.reads_time:
            yield Seen(
                asked.path,
                f"`{asked.role}` asks the time, and is asked only when an event comes: hours that begin or end between "
                "two events are not seen.",
                "judge each reading: `kind: check, event: …, while: …`."
                if isinstance(subject.standard, Gauge)
                else "write these hours as the calendar: `calendar: office`.",
            )


def _lasts(subject: Subject) -> bool:
    """Tell whether a standard measures what lasts from one event to the next."""
    one = subject.standard
    return isinstance(one, Gauge) or (isinstance(one, Quantity) and one.is_time)


def _named(parts: Iterable[Part]) -> str:
    return listed_or([getattr(part, "name", "") or getattr(part, "standard", "") for part in parts])
