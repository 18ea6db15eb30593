"""What follows from a report: consequences reckoned from its verdicts and its attainments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from servstd.calendars import ALWAYS, Calendar
from servstd.engine.facts import CaseFacts
from servstd.intervals import instant_us
from servstd.plan.plan import Plan
from servstd.results.wording import case_text
from servstd.rollups.consequences import Outgoing, Reckoning
from servstd.rollups.lateness import Cause, Claim, Lateness
from servstd.standards.consequence import OF_OBJECTIVES, Consequence

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.engine.obligation import Obligation
    from servstd.results.report import Judged
    from servstd.rollups import Attainment

CaseKey = tuple[str, ...]
_STATUS = {"missed": "missed", "reached": "met"}
_NO_FACTS: Mapping[str, object] = {}


def outgoings(
    book: Book, judged: Sequence[Judged], attainments: Iterable[Attainment], *, as_of_us: int
) -> Iterator[Outgoing]:
    """Yield what follows from verdicts and windows, in the order of the consequences.

    Args:
        book: Its consequences, those of its agreements among them.
        judged: Every obligation; those of standards with consequences carry what their cases know.
        attainments: Every window.
        as_of_us: The instant of the judgement.
    """
    windows = list(attainments)
    for model in book.all_consequences:
        reckoning = _reckoning(book, model, as_of_us)
        causes = (
            _windows(model, windows, as_of_us)
            if model.on in OF_OBJECTIVES
            else _verdicts(model, judged, book)
        )
        facts = CaseFacts()
        for cause, known in causes:
            facts.known = dict(known)
            found = reckoning.follow(cause, facts.at_rest(cause.started_us))
            if found is not None:
                yield found


def _reckoning(book: Book, model: Consequence, as_of_us: int) -> Reckoning:
    standard = book[model.standard]
    calendar = book.surroundings.find(standard.calendar)
    lateness = Lateness(
        calendar, _dated(calendar, book.timezone), as_of_us, with_due_date=model.day_one == "same"
    )
    return Reckoning.of(model, lateness, book.surroundings.environment(calendar, standard.counting_rule))


def _dated(calendar: Calendar, timezone: str | None) -> Calendar:
    """Return the calendar whose dates count; the book refuses consequences that count dates without a zone."""
    if calendar is not ALWAYS and not calendar.is_template:
        return calendar
    return ALWAYS.in_zone(timezone or "UTC")


def _verdicts(
    model: Consequence, judged: Sequence[Judged], book: Book
) -> Iterator[tuple[Cause, Mapping[str, object]]]:
    claims = _claims(model, judged)
    for one in judged:
        told = one.obligation
        if one.standard.id != model.standard or told.outcome != model.on:
            continue
        at = told.breached_at if model.on == "breached" else told.ended_at
        at = told.started_at if at is None else at
        waiting = claims.get((one.case, at), [])
        cause = Cause(
            case=case_text(one.case),
            occurrence=one.occurrence,
            window="",
            segment="",
            started_us=told.started_at,
            at_us=at,
            due_us=told.due_at,
            ended_us=told.ended_at,
            elapsed=told.elapsed,
            over=None if told.margin is None else -told.margin,
            counts_time=one.plan.unit == "time",
            share=_share(model, one, book),
            claim=waiting.pop(0) if waiting else None,
        )
        yield cause, one.fields or _NO_FACTS


def _share(model: Consequence, one: Judged, book: Book) -> Fraction | None:
    """Return the share of its window that was used: open time in a state, of the open time of the month."""
    if model.by != "share" or not isinstance(one.plan, Plan) or one.plan.signals.windows is None:
        return None
    first, last = one.plan.signals.windows.bounds(one.obligation.started_at)
    whole = book.surroundings.find(one.standard.calendar).elapsed_us(first, last)
    used = one.obligation.elapsed
    return None if used is None or whole == 0 else Fraction(used) / whole


def _claims(model: Consequence, judged: Sequence[Judged]) -> dict[tuple[CaseKey, int], list[Claim]]:
    """Return what came of each claim by the case and the instant from which it could be made."""
    found: dict[tuple[CaseKey, int], list[Claim]] = {}
    for one in judged:
        if model.claim is not None and one.standard.id == model.claim_id:
            found.setdefault((one.case, one.obligation.started_at), []).append(_claim(one.obligation))
    return found


def _claim(told: Obligation) -> Claim:
    if told.outcome == "met":
        return Claim("owed", told.due_at, told.ended_at)
    return Claim("claimable" if told.outcome == "open" else "lapsed", told.due_at, told.ended_at)


def _windows(
    model: Consequence, attainments: Iterable[Attainment], as_of_us: int
) -> Iterator[tuple[Cause, Mapping[str, object]]]:
    for one in attainments:
        if one.standard == model.standard and one.status == _STATUS[model.on]:
            first = as_of_us if one.window_start is None else instant_us(one.window_start)
            last = as_of_us if one.window_end is None else instant_us(one.window_end)
            value = None if one.exact_value is None else Fraction(one.exact_value)
            yield Cause("", 0, one.window, one.segment, first, last, ended_us=last, share=value), _NO_FACTS
