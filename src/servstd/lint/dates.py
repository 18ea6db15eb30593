"""Dates without a way of counting them, zones that differ, periods that never come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, cast

from servstd.calendars import Calendar, DateLimit, parse_date_limit
from servstd.calendars.civil import WEEKDAYS, date_of, day_from_civil, weekday_of
from servstd.calendars.hours import DAY_S, read_week
from servstd.calendars.text import data_year
from servstd.calendars.zones import Zone
from servstd.conditions.tree import walked
from servstd.errors import ServstdError
from servstd.expressions import Span
from servstd.lint.sort import Seen, of_book, of_standard
from servstd.lint.subject import BookFacts, Subject, Term, placed_consequences
from servstd.standards import Check, Order, Respond
from servstd.standards.limit import DatesLimit, InstantLimit
from servstd.standards.objective import zone_of
from servstd.standards.override import Effective

_RULE = "day_rule: {day_one: next, closed_start: same, ends: end_of_day}"


@of_standard("SV510", "warning")
def business_days_without_a_day_rule(subject: Subject) -> Iterator[Seen]:
    """Find business days of which the standard does not say how they are counted.

    A start on a Saturday, a start after closing time, the end of the last day: each can be meant in several ways,
    and due dates differ by a day or more. The defaults are one choice among them, and nobody sees that it was made.

    So it is with `at_least: 30 days` before an event: may it come on the thirtieth day, or must that be over?

    Remedy: write the choice, for example `day_rule: {day_one: next, closed_start: same, ends: end_of_day}`.
    """
    if subject.standard.day_rule is not None:
        return
    yield from _days_at_the_least(subject)
    business = [(term.path, term.node.sentence()) for term in subject.terms if _is_business(term.node)]
    business += [(path, span.sentence()) for path, span in _date_spans(subject) if _names_business(span)]
    for path, words in business[:1]:
        yield Seen(
            path,
            f"`{words}`, and nothing says how a start on a closed day counts, or when the last day ends.",
            f"write what is meant, for example `{_RULE}`.",
        )


def _days_at_the_least(subject: Subject) -> Iterator[Seen]:
    """Yield the first limit of so many dates at the least of which nothing says whether the last must be over."""
    for term in subject.terms if isinstance(subject.standard, Order) else ():
        is_least = term.name == "at_least" and isinstance(term.node, DatesLimit)
        if is_least and not _is_business(term.node):
            yield Seen(
                term.path,
                f"`{term.node.sentence()}` at the least, and nothing says whether the last of them must be over.",
                'write `day_rule: {ends: end_of_day}` where it must, `day_rule: {ends: "00:00"}` where the event may '
                "come on it.",
            )
            return


def _is_business(node: object) -> bool:
    if isinstance(node, InstantLimit) and isinstance(node.at, Span):
        return _names_business(node.at)
    return isinstance(node, DatesLimit) and node.is_business


def _names_business(span: Span) -> bool:
    return span.span.unit == "dates" and any(word in span.span.text for word in ("business", "working"))


@of_standard("SV511", "warning")
def a_day_rule_that_nothing_counts_by(subject: Subject) -> Iterator[Seen]:
    """Find a day rule in a standard without any date to count.

    A day rule says how date limits count: those of `within`, of overrides and extensions, and dates beside an
    instant (`1 business day before $visit_at`). Beside `24 hours` it changes nothing, and its `cutoff` is not kept.

    Remedy: write the limit in days, or leave the rule out.
    """
    if subject.standard.day_rule is None or _counts_dates(subject):
        return
    yield Seen(
        "day_rule",
        "a day rule counts dates, and this standard has no limit in dates: it changes nothing.",
        "write the limit in days (`1 business day`), or leave `day_rule` out.",
    )


def _counts_dates(subject: Subject) -> bool:
    if any(isinstance(term.node, DatesLimit) for term in subject.terms):
        return True
    limits = (getattr(term.node, "at", None) for term in subject.terms)
    if any(isinstance(at, Span) and at.span.unit == "dates" for at in limits):
        return True
    return any(_date_spans(subject)) or any(one.at is not None for one in subject.selections.values())


def _date_spans(subject: Subject) -> Iterator[tuple[str, Span]]:
    """Yield the dates beside an instant in conditions, each with the path of its condition."""
    conditions = [(asked.path, asked.condition) for asked in subject.conditions]
    between = subject.standard.expected if isinstance(subject.standard, Check) else None
    if between is not None and not any(asked.role == "expect" for asked in subject.conditions):
        conditions.append(("between", between))
    for path, condition in conditions:
        for test in walked(condition.root):
            for one in test.operands:
                if isinstance(one, Span) and one.span.unit == "dates":
                    yield path, one


@of_standard("SV528", "warning")
def a_later_start_that_is_due_earlier(subject: Subject) -> Iterator[Seen]:
    """Find a day rule under which a case that comes later is due earlier.

    A cutoff moves a start of Friday evening to the opening of Monday, and Tuesday is its first day. A start on Saturday
    lies on a closed date, which no cutoff asks: Monday is its first day, and it is due a day before the one of Friday.
    `ends: same_time` does the same where several starts share a last day: each keeps its own clock time on it.

    Remedy: write `closed_start: next_open` beside a cutoff; beside `same_time` also `early_start: open`.
    """
    rule = subject.standard.counting_rule
    is_cut = rule.cutoff is not None and rule.closed_start != "next_open"
    if not is_cut and rule.ends != "same_time":
        return
    for term in subject.terms:
        if isinstance(term.node, DatesLimit) and (told := _due_earlier(subject, term)):
            yield Seen(
                "day_rule",
                f"`{term.node.sentence()}`: {told}.",
                "write `closed_start: next_open` beside the cutoff."
                if is_cut
                else "write `closed_start: next_open` and `early_start: open`, or another end than `same_time`.",
                None if is_cut else "info",
            )
            return


def _due_earlier(subject: Subject, term: Term) -> str | None:
    """Return two starts of a year of which the later is due earlier; None where there are none."""
    calendar = subject.find(term.calendar)
    if calendar.is_template or calendar.is_always:
        calendar = calendar.in_zone(subject.book.timezone or "UTC")
    count = getattr(term.node, "count", 1)
    try:
        limit = parse_date_limit(
            term.node.text(count if isinstance(count, int) else 1),  # type: ignore[union-attr]
            **subject.standard.counting_rule.model_dump(exclude_none=True),
        )
        starts = list(_starts_of_a_year(calendar.zone, limit))
        dues = [calendar.due_us(limit, at) for at in starts]
    except ServstdError:
        return None
    for start, after, due, next_due in zip(starts, starts[1:], dues, dues[1:], strict=False):
        if next_due < due:
            told = (_shown(at, calendar.zone) for at in (start, due, after, next_due))
            return "a start on {} is due on {}, one on {} already on {}".format(*told)
    return None


def _starts_of_a_year(zone: Zone, limit: DateLimit) -> Iterator[int]:
    """Yield instants, µs: some of each date, and those beside its cutoff."""
    cutoffs = [one for one in map(limit.cutoff_on, range(7)) if isinstance(one, int)]
    clocks = sorted({0, 7 * 3600, 12 * 3600, 23 * 3600, *cutoffs, *(one + 60 for one in cutoffs)})
    first = day_from_civil(data_year(), 1, 1)
    for day in range(first, first + 365):
        yield from (zone.utc_us((day * DAY_S + clock) * 1_000_000) for clock in clocks if clock < DAY_S)


def _shown(at: int, zone: Zone) -> str:
    """Return an instant as a person reads it: `Fri 2 Jan 2026, 14:01`."""
    day, clock = zone.dated_us(at)
    told = date_of(day)
    weekday, minute = WEEKDAYS[weekday_of(day)].capitalize(), clock // 60_000_000
    return f"{weekday} {told.day} {told:%b %Y}, {minute // 60:02d}:{minute % 60:02d}"


@of_standard("SV529", "warning")
def a_cutoff_of_a_closed_weekday(subject: Subject) -> Iterator[Seen]:
    """Find a cutoff of weekdays on which the calendar is never open.

    A cutoff is about starts on open dates. One for Saturday, on a calendar without hours on Saturdays, moves nothing:
    what comes then is a start on a closed date, of which `closed_start` says what it counts as.

    Remedy: give the calendar hours on that day, or leave its cutoff out.
    """
    cutoff, calendar = subject.standard.counting_rule.cutoff, subject.find(subject.calendar)
    week = None if calendar.is_always else calendar.usual_week_s
    if not isinstance(cutoff, Mapping) or week is None or calendar.exceptions:
        return
    for key in cutoff:
        numbers = [number for number, spans in enumerate(read_week({key: "open"}, "cutoff", [])) if spans]
        if not any(week[number] for number in numbers):
            yield Seen(
                "day_rule.cutoff",
                f"`{key}` has a cutoff, and the calendar `{subject.calendar}` is closed on it: nothing is moved.",
                f"give `{subject.calendar}` hours on `{key}`, or leave this cutoff out.",
            )


@of_book("SV537", "warning")
def half_days_that_open_holidays(book: BookFacts, _subjects: list[Subject]) -> Iterator[Seen]:
    """Find hours of half-days that the whole holidays of the same source have as well.

    `hours` of a source are what is left of each of its dates. Beside `categories: [public, half_day]` they leave
    Christmas Day half open too.

    Remedy: write two entries, the country alone and `{country: …, categories: half_day, hours: …}`.
    """
    for name, calendar in book.calendars.items():
        written = calendar.holidays
        entries = written if isinstance(written, list | tuple) else [written]
        for place, entry in enumerate(entries):
            categories = entry.get("categories") if isinstance(entry, Mapping) else None
            are_mixed = (
                isinstance(categories, list | tuple) and "half_day" in categories and len(categories) > 1
            )
            if isinstance(entry, Mapping) and are_mixed and entry.get("hours") is not None:
                code = entry.get("country", entry.get("market"))
                at = f"[{place}]" if isinstance(written, list | tuple) else ""
                yield Seen(
                    f"calendars.{name}.holidays{at}",
                    f"`{entry['hours']}` is left of every holiday of `{code}`, and not of its half-days alone.",
                    f"write `[{code}, {{country: {code}, categories: half_day, hours: …}}]`.",
                )


@of_standard("SV512", "warning")
def zones_that_differ(subject: Subject) -> Iterator[Seen]:
    """Find a standard whose calendar, windows and dates lie in different time zones.

    The limit then ends at midnight of one zone while the month begins at midnight of another, and `3 days before
    $at` is counted in a third. A case of the last evening falls into the wrong month, seldom enough that nobody
    notices.

    Remedy: give them one zone, or leave out the one that the calendar gives already.
    """
    calendar = subject.find(subject.calendar)
    own = zone_of(calendar)
    if str(calendar.timezone or "").startswith("$"):
        yield from _days_of_another_zone(subject, str(calendar.timezone))
    if own is None:
        return
    for path, objective in subject.objectives:
        zone = objective.timezone
        if zone is not None and zone != own and objective.over.needs_zone:
            yield Seen(
                f"{path}.timezone",
                f"the windows begin at midnight of `{zone}`, and the calendar `{subject.calendar}` counts in `{own}`.",
                f"write `timezone: {own}`, or leave it out.",
            )
    zone = subject.book.timezone
    if zone is not None and zone != own and any(_date_spans(subject)):
        yield Seen(
            "calendar",
            f"dates in conditions are counted in the book's `{zone}`, and the calendar `{subject.calendar}` "
            f"counts in `{own}`.",
            f"write `timezone: {own}` for the book, or give the standard a calendar in `{zone}`.",
        )


def _days_of_another_zone(subject: Subject, field: str) -> Iterator[Seen]:
    """Yield windows of a day or less where each case has hours in a zone of its own."""
    per = getattr(getattr(subject.standard, "per", None), "length", "")
    told = [(path, one.over.length) for path, one in subject.objectives] + [("per", per)]
    for path, length in told:
        if length in ("hour", "day") and subject.book.timezone is not None:
            yield Seen(
                path,
                f"a {length} begins in the book's `{subject.book.timezone}`, and each case has its hours in a zone "
                f"of its own (`{field}`).",
                f"take a longer window, or judge by zone: `by: [{field.removeprefix('$')}]`.",
                "info",
            )


@of_book("SV513", "error")
def a_period_that_never_comes(book: BookFacts, subjects: list[Subject]) -> Iterator[Seen]:
    """Find an `effective` that ends before it begins, or that lies outside the standard's own.

    The same is said of agreements and of consequences. Both ends are local dates and `until` is exclusive, so
    `{from: 2026-04-01, until: 2026-04-01}` is no day at all.
    A row of overrides that ends before its standard begins is never in force either.

    Remedy: exchange the dates, or write `until` as the first day on which it no longer holds.
    """
    for subject in subjects:
        yield from _periods_of(subject)
        for other in subject.others:
            changed = f"{subject.root}.readings."
            yield from (seen for seen in _periods_of(other) if seen.path.startswith(changed))
    placed: list[tuple[str, Any]] = [
        (f"agreements[{place}]", one) for place, one in enumerate(book.agreements)
    ]
    placed += placed_consequences(book)
    for path, one in placed:
        yield from _no_day(f"{path}.effective", one.effective)


def _periods_of(subject: Subject) -> Iterator[Seen]:
    """Yield the periods of a standard, and of its own rows."""
    own = cast("Effective | None", subject.standard.effective)
    yield from _no_day(subject.path("effective"), own)
    for path, row in subject.rows:
        if row.agreement or row.effective is None:
            continue
        here = subject.path(f"{path}.effective")
        found = list(_no_day(here, row.effective))
        yield from found
        if not found and own is not None and _are_apart(row.effective, own):
            yield Seen(
                here,
                "this row is never in force while its standard is.",
                "make the two periods overlap, or leave the row out.",
            )


def _no_day(path: str, period: Effective | None) -> Iterator[Seen]:
    start, end = (None, None) if period is None else (_text(period.from_), _text(period.until))
    if start is not None and end is not None and end <= start:
        yield Seen(
            path,
            f"it ends on {end} and begins on {start}: no day is between.",
            f"write `{{from: {end}, until: {start}}}`, or a later `until`."
            if end < start
            else "write a later `until`: the first day on which it no longer holds.",
        )


def _are_apart(one: Effective, other: Effective) -> bool:
    pairs = ((one.until, other.from_), (other.until, one.from_))
    texts = [(_text(end), _text(start)) for end, start in pairs]
    return any(end is not None and start is not None and end <= start for end, start in texts)


def _text(at: Any) -> str | None:
    """Return a date or instant as comparable text; None where nothing, or an offset, is written."""
    if isinstance(at, datetime):
        return at.isoformat() if at.tzinfo is None else None
    if isinstance(at, date):
        return at.isoformat()
    return at if isinstance(at, str) and at[:4].isdigit() and "+" not in at and "Z" not in at else None


@of_standard("SV514", "warning")
def an_exclusive_end_of_day(subject: Subject) -> Iterator[Seen]:
    """Find `boundary: exclusive` on a limit in dates that end with the day.

    The end of a day is exclusive already: 00:00 of the next day is late. So `less than six weeks`, written as an
    exclusive limit of six weeks, still allows the whole of the last day.

    Remedy: write `day_rule: {day_one: same}` for one day less, or `ends: same_time` to count to the minute.
    """
    one = subject.standard
    if not isinstance(one, Respond) or one.boundary != "exclusive" or one.counting_rule.ends != "end_of_day":
        return
    limits = [term.node for term in subject.terms if term.name in ("within", "every")]
    if limits and all(isinstance(node, DatesLimit) for node in limits):
        yield Seen(
            "boundary",
            f"`{limits[0].sentence()}` end with the last day, which is exclusive already: this changes nothing.",
            "write `day_rule: {day_one: same}` for one day less, or `ends: same_time`.",
        )


@of_standard("SV515", "info")
def business_days_without_holidays(subject: Subject) -> Iterator[Seen]:
    """Find business days on a calendar that knows no holiday.

    Who promises ten business days means a public holiday to be none. On a calendar with weekly hours alone the days
    of Christmas count, and everything is due too early. The holiday data of some countries needs its categories
    named: Hong Kong's `public` days are the 14 of the statute, not the 17 general holidays; Canada's leave out
    Victoria Day.

    Remedy: write `holidays: {country: GB, subdivision: ENG}`, or the dates; or `days` where every day counts.
    """
    for term in subject.terms:
        if not (isinstance(term.node, DatesLimit) and term.node.is_business):
            continue
        sources = list(_holidays(subject.find(term.calendar)))
        if not sources:
            yield Seen(
                term.path,
                f"`{term.node.sentence()}`, and the calendar `{term.calendar}` knows no holiday: all of them count.",
                f"write `holidays: {{country: …}}` under `calendars.{term.calendar}`, or `days` if every day counts.",
            )
            return
        for source in sources:
            wanted = _CATEGORIES.get(str(source.get("country"))) if isinstance(source, Mapping) else None
            if wanted is not None and isinstance(source, Mapping) and "categories" not in source:
                yield Seen(
                    term.path,
                    f"the `public` holidays of `{source['country']}` are fewer than its general ones, and business "
                    "days commonly leave out all of these.",
                    f"write `categories: {wanted}` beside the country, or `categories: [public]` if they are meant.",
                )
                return


_CATEGORIES = {"HK": "[public, optional]", "CA": "[public, government]"}
"""Countries whose general holidays are more than the `public` ones of the holiday data."""


def _holidays(calendar: Calendar) -> Iterator[object]:
    """Yield what closes a calendar on dates: sources and dates, of its members as well."""
    left: list[Calendar] = [calendar]
    while left:
        one = left.pop()
        left += [member for member in one.members if isinstance(member, Calendar)]
        held = one.holidays
        yield from held if isinstance(held, list | tuple) else [held] if held is not None else []
        yield from [one.exceptions] if one.exceptions else []
        yield from [version for version in one.versions or () if "holidays" in version]


@of_book("SV516", "warning")
def a_recurrence_that_skips_months(book: BookFacts, _subjects: list[Subject]) -> Iterator[Seen]:
    """Find a recurrence on a day of the month that not every month has.

    `BYMONTHDAY=31` is the last day of seven months, and no day of the other five: a limit that waits for it waits
    two months. `30` leaves out February, `29` three Februaries in four.

    Remedy: write `BYMONTHDAY=-1` for the last day, or the built-in `month_end`.
    """
    for name, one in book.recurrences.items():
        days = _MONTHDAYS.search(str(getattr(one, "rrule", "")))
        told = [int(day) for day in days[1].split(",") if day.lstrip("+-").isdigit()] if days else []
        if told and min(told) >= 29 and "BYMONTH=" not in one.rrule:
            yield Seen(
                f"recurrences.{name}.rrule",
                f"not every month has a day {min(told)}: those without it have no `{name}`.",
                "write `BYMONTHDAY=-1` for the last day, or wait for the built-in `month_end`.",
            )


_MONTHDAYS = re.compile(r"BYMONTHDAY=([0-9,+-]{1,60})")


@of_standard("SV517", "error")
def an_end_of_days_read_as_an_event(subject: Subject) -> Iterator[Seen]:
    """Find `ends: close_of_business` beside the limit, where `ends` names an event.

    `ends` of a standard is the event after which its case adds nothing. When the last day of a limit ends is said by
    `ends` of its day rule; written one level too high, it waits for an event of that name and the days end at midnight.

    Remedy: write `day_rule: {ends: close_of_business}`.
    """
    ends = subject.selections.get("ends")
    for event in sorted(ends.events & _ENDS_OF_DAYS) if ends is not None else ():
        yield Seen(
            "ends",
            f"`ends: {event}` waits for an event called `{event}`; it does not say when a day ends.",
            f"write `day_rule: {{ends: {event}}}`.",
        )


_ENDS_OF_DAYS = {"end_of_day", "close_of_business", "same_time"}
