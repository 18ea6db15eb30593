"""What follows from a report: consequences reckoned from its verdicts and its attainments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from servstd.calendars import ALWAYS, Calendar, DateLimit
from servstd.engine.facts import CaseFacts
from servstd.intervals import instant_us
from servstd.plan.bound import Missing
from servstd.plan.plan import Plan
from servstd.results.wording import case_text
from servstd.rollups.consequences import Outgoing, Reckoning
from servstd.rollups.lateness import Cause, Claim, Lateness
from servstd.standards.consequence import Consequence
from servstd.standards.terms import placed

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.conditions import Facts
    from servstd.results.report import Judged
    from servstd.rollups import Attainment

CaseKey = tuple[str, ...]
_STATUS = {"missed": "missed", "reached": "met"}


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
        following = _Following.of(model, book, as_of_us)
        causes = following.windows(windows) if model.reads_windows else following.verdicts(judged)
        yield from (found for found in causes if found is not None)


@dataclass(slots=True)
class _Following:
    """Reckon one consequence over a report."""

    model: Consequence
    book: Book
    as_of_us: int
    calendar: Calendar
    reckoning: Reckoning
    facts: CaseFacts = field(default_factory=CaseFacts)
    _late: dict[Calendar, Lateness] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Consequence, book: Book, as_of_us: int) -> _Following:
        standard = book[model.standard]
        calendar = book.surroundings.find(standard.calendar)
        environment = book.surroundings.environment(calendar, standard.counting_rule)
        return cls(model, book, as_of_us, calendar, Reckoning.of(model, environment))

    # -- windows ---------------------------------------------------------------------------------------------------

    def windows(self, attainments: Iterable[Attainment]) -> Iterator[Outgoing | None]:
        """Yield what follows from each window that was missed, or reached."""
        wanted = {_STATUS[one] for one in self.model.causes}
        for one in attainments:
            if (
                one.standard == self.model.standard
                and one.status in wanted
                and self.model.agreement in ("", one.agreement)
            ):
                cause = self._window(one)
                facts = self.facts.at_rest(cause.started_us)
                yield self.reckoning.follow(cause, facts, self._lateness(self.calendar))

    def _window(self, one: Attainment) -> Cause:
        first = self.as_of_us if one.window_start is None else instant_us(one.window_start)
        last = self.as_of_us if one.window_end is None else instant_us(one.window_end)
        value = None if one.exact_value is None else Fraction(one.exact_value)
        return Cause(
            "", 0, one.window, one.segment, first, last,
            ended_us=last, share=value, unit=one.unit, objective=one.objective,
        )  # fmt: skip

    # -- verdicts --------------------------------------------------------------------------------------------------

    def verdicts(self, judged: Sequence[Judged]) -> Iterator[Outgoing | None]:
        """Yield what follows from each verdict."""
        claimed = self._claimed(judged)
        for one in judged:
            told = one.obligation
            if one.standard.id != self.model.standard or told.outcome not in self.model.causes:
                continue
            at = told.breached_at if told.outcome == "breached" else told.ended_at
            at = told.started_at if at is None else at
            self.facts.known = dict(one.fields or {})
            facts = self.facts.at_rest(told.started_at)
            calendar = self._calendar(one, facts)
            lateness = self._lateness(calendar)
            claim = (
                None if self.model.claim is None else self._claim(one, claimed.get((one.case, at)), lateness)
            )
            figures = told.figures(one.plan.unit)
            yield self.reckoning.follow(self._cause(one, at, calendar, claim), facts, lateness, figures)

    def _cause(self, one: Judged, at: int, calendar: Calendar, claim: Claim | None) -> Cause:
        told = one.obligation
        return Cause(
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
            counts_time=told.unit_of(one.plan.unit) == "time",
            share=self._share(one, calendar),
            claim=claim,
        )

    def _share(self, one: Judged, calendar: Calendar) -> Fraction | None:
        """Return the share of its time that was used: open time in a state, of the open time of the month.

        Where no calendar says when that time ends, it is not known before the end.
        """
        told = one.obligation
        if not self.model.needs_share or not isinstance(one.plan, Plan):
            return None
        if one.plan.signals.windows is not None:
            first, last = one.plan.signals.windows.bounds(told.started_at)
        elif told.ended_at is not None:
            first, last = told.started_at, told.ended_at
        else:
            return None
        whole = calendar.elapsed_us(first, last)
        return None if told.elapsed is None or whole == 0 else Fraction(told.elapsed) / whole

    # -- calendars -------------------------------------------------------------------------------------------------

    def _calendar(self, one: Judged, facts: Facts) -> Calendar:
        """Return the calendar of a case: that of the row that sets one, in the zone of the case."""
        found = one.plan.terms.resolve(facts).calendar if isinstance(one.plan, Plan) else None
        calendar = self.calendar if found is None else found
        place = placed(calendar, facts) if calendar.is_template else calendar
        return calendar if isinstance(place, Missing) else place

    def _lateness(self, calendar: Calendar) -> Lateness:
        if calendar not in self._late:
            self._late[calendar] = Lateness(
                calendar,
                _dated(calendar, self.book.timezone),
                self.as_of_us,
                with_due_date=self.model.day_one == "same",
            )
        return self._late[calendar]

    # -- claims ----------------------------------------------------------------------------------------------------

    def _claimed(self, judged: Sequence[Judged]) -> dict[tuple[CaseKey, int], int]:
        """Return when claims came, by the case and the instant from which they could be made."""
        return {
            (one.case, one.obligation.started_at): one.obligation.ended_at
            for one in judged
            if self.model.claim is not None
            and one.standard.id == self.model.claim_id
            and one.obligation.ended_at is not None
        }

    def _claim(self, one: Judged, claimed: int | None, lateness: Lateness) -> Claim:
        """Return what came of a claim; the time for it begins when the breach is over."""
        limit, over = self.model.claim_limit, one.obligation.ended_at
        if limit is None or over is None:
            return Claim("claimable" if claimed is None else "owed", None, claimed)
        # 30 days after a quarter are counted from its last day, not from the midnight that ends it.
        ends_a_window = isinstance(limit, DateLimit) and over == _window_end(one)
        until = lateness.until_us(limit, over - ends_a_window)
        last = until - isinstance(limit, DateLimit)  # the end of a day is the first instant of the next
        if claimed is None:
            return Claim("claimable" if self.as_of_us <= last else "lapsed", until, None)
        return Claim("owed" if claimed <= last else "lapsed", until, claimed)


def _window_end(one: Judged) -> int | None:
    """Return the end of the window that a verdict is of, exclusive; None where it is of none."""
    windows = one.plan.signals.windows if isinstance(one.plan, Plan) else None
    return None if windows is None else windows.bounds(one.obligation.started_at)[1]


def _dated(calendar: Calendar, timezone: str | None) -> Calendar:
    """Return the calendar whose dates count; the book refuses consequences that count dates without a zone."""
    if calendar is not ALWAYS and not calendar.is_template:
        return calendar
    return ALWAYS.in_zone(timezone or "UTC")
