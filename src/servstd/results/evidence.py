"""Evidence: a verdict's time from start to end, interval by interval, adding up to the microsecond."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from servstd.calendars import ALWAYS
from servstd.calendars.civil import date_of
from servstd.engine.obligation import Obligation, Segment
from servstd.escaping import as_html, as_json, printable, without_commands
from servstd.intervals import DAY_US, datetime_utc, instant_us
from servstd.results.sentence import sentence_of
from servstd.results.tables import html_table, pad, plain_table
from servstd.results.verdict import Verdict
from servstd.results.wording import (
    amount_text,
    clock_text,
    date_text,
    duration_text,
    fit,
    iso_text,
    local_text,
    moment_text,
    width_of,
)
from servstd.standards.objective import zone_of

if TYPE_CHECKING:
    from servstd.events.log import Log
    from servstd.plan.plan import Plan
    from servstd.standards import Standard

IntervalClass = Literal["counted", "closed", "paused", "ended", "reset"]

CLASSES: Mapping[str, str] = {
    "counted": "counts towards the limit",
    "closed": "the calendar was closed",
    "paused": "the clock was paused while the calendar was open",
    "ended": "ended, and reopened later",
    "reset": "before the clock was set back",
}
"""What an interval can be, and what that means."""

_MOST_LINES, _WIDTH = 60, 100
_MOST_DATES, _MOST_FIRST, _MOST_COUNTED = 12, 5, 400
"""Dates that are shown, those of the first of more, and how many are counted one by one at the most."""
_COLOURS = {
    "counted": "#2f7d4f",
    "closed": "#d0d7de",
    "paused": "#e0a030",
    "ended": "#9aa4ae",
    "reset": "#b9a6d8",
}


@dataclass(frozen=True, slots=True)
class EvidenceInterval:
    """Be one stretch of a verdict's life that is all of one kind.

    Args:
        start_us: Its first instant.
        end_us: The first instant after it.
        kind: `counted`, `closed`, `paused`, `ended` (stopped, and reopened later) or `reset` (before the clock was
            set back).
        reason: Why: the shift, the holiday by name, the event that paused the clock.
    """

    start_us: int
    end_us: int
    kind: IntervalClass
    reason: str

    @property
    def start(self) -> datetime:
        """Its first instant, aware, UTC."""
        return datetime_utc(self.start_us)

    @property
    def end(self) -> datetime:
        """The first instant after it, aware, UTC."""
        return datetime_utc(self.end_us)

    @property
    def length_us(self) -> int:
        """How long it is, µs."""
        return self.end_us - self.start_us

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON writes it."""
        return {
            "start": iso_text(self.start_us),
            "end": iso_text(self.end_us),
            "class": self.kind,
            "reason": self.reason,
            "length_us": self.length_us,
        }


class PartsTable(NamedTuple):
    """Show what a verdict rests on, where it rests on other verdicts: a row a member.

    Args:
        header: The names of the columns.
        rows: The cells as text.
        right: Which columns end together.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Show why a verdict is what it is: `print(evidence)`, or `.intervals` and `.sentence`.

    Args:
        verdict: The verdict.
        title: The promise.
        sentence: What happened, in one sentence.
        intervals: From the start to the end, or to `as_of` where nothing has ended it; they touch and do not
            overlap, so their lengths add up to the wall time.
        timezone: The zone in which instants are shown.
        opened_by: The kind of event that opened it; empty when the case itself did.
        ended_by: The kind of event that ended it.
        notes: What else a reader should know.
        noun: What is counted, where something is; the demanded event, where one never came.
        parts: What it rests on, where it rests on other verdicts.
        dates: The local dates that the limit counts, in order; empty where none are counted, or too many.
        warnings: When its warnings came and come, µs.
        failing: What an event lacked that was not as expected, each part with what was found.
        is_exclusive: Whether reaching the limit breaks it.
        dates_text: The date limit as written: `1 month`, `5 business days`; empty for other limits.
    """

    verdict: Verdict
    title: str
    sentence: str
    intervals: tuple[EvidenceInterval, ...]
    timezone: str
    opened_by: str
    ended_by: str
    notes: tuple[str, ...]
    noun: str = ""
    parts: PartsTable | None = None
    dates: tuple[date, ...] = ()
    warnings: tuple[int, ...] = ()
    failing: tuple[str, ...] = ()
    is_exclusive: bool = False
    dates_text: str = ""

    @property
    def wall_us(self) -> int:
        """The wall time from the first interval's start to the last one's end, µs."""
        return self.intervals[-1].end_us - self.intervals[0].start_us if self.intervals else 0

    @property
    def totals(self) -> dict[str, int]:
        """µs by class of interval, those that occur."""
        found: dict[str, int] = {}
        for one in self.intervals:
            found[one.kind] = found.get(one.kind, 0) + one.length_us
        return {kind: found[kind] for kind in CLASSES if kind in found}

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON writes it: instants in ISO 8601 UTC, lengths in whole µs."""
        return {
            "sentence": self.sentence,
            "verdict": self.verdict.to_row(),
            "title": self.title,
            "timezone": self.timezone,
            "opened_by": self.opened_by,
            "ended_by": self.ended_by,
            "intervals": [one.to_dict() for one in self.intervals],
            "totals_us": self.totals,
            "wall_us": self.wall_us,
            "notes": list(self.notes),
            "dates": [one.isoformat() for one in self.dates],
            "warnings": [iso_text(one) for one in self.warnings],
            "failing": list(self.failing),
        } | ({} if self.parts is None else {"parts": _as_dicts(self.parts)})

    def to_json(self) -> str:
        """Return it as JSON text."""
        return as_json(self.to_dict(), indent=2) + "\n"

    def __str__(self) -> str:
        said = textwrap.wrap(printable(self.sentence), _WIDTH, break_on_hyphens=False)
        lines = [*said, *self._facts(), *self._parts(), *self._table(), *self._notes()]
        return without_commands("\n".join(lines))

    def __repr__(self) -> str:
        return f"<Evidence: {printable(self.sentence)}>"

    def _repr_html_(self) -> str:
        rows = [
            [local_text(one.start_us, self.timezone), local_text(one.end_us, self.timezone), one.kind,
             duration_text(one.length_us), one.reason]
            for one in self.intervals
        ]  # fmt: skip
        table = (
            html_table(("from", "until", "", "length", "why"), rows, self._sums(), right=(3,)) if rows else ""
        )
        notes = "".join(f"<li>{as_html(note)}</li>" for note in self.notes)
        notes = f"<ul>{notes}</ul>" if notes else ""
        parts = "" if self.parts is None else html_table(*self.parts[:2], right=self.parts.right)
        return f"<p>{as_html(self.sentence)}</p>{parts}{self._strip()}{table}{notes}"

    def _strip(self) -> str:
        """Return the wall time as one bar, each stretch as wide as it is long."""
        if not self.wall_us or len(self.intervals) > _MOST_LINES:
            return ""
        parts = "".join(
            f'<i title="{as_html(f"{one.kind} {duration_text(one.length_us)}: {one.reason}")}" '
            f'style="width:{one.length_us * 100 / self.wall_us:.3f}%;background:{_COLOURS[one.kind]}"></i>'
            for one in self.intervals
        )
        names = "".join(
            f'<span style="margin-right:1em"><b style="color:{_COLOURS[kind]}">■</b> {kind}</span>'
            for kind in self.totals
        )
        return f'<div style="display:flex;height:.8em;max-width:48em">{parts}</div><p>{names}</p>'

    def _facts(self) -> list[str]:
        one, unit = self.verdict, self.verdict.unit
        facts = [("standard", f"{one.standard}  {self.title}".rstrip())]
        facts.append(
            ("case", one.case if one.occurrence == 1 else f"{one.case}, occurrence {one.occurrence}")
        )
        facts.append(("outcome", one.outcome + (f": {one.reason}" if one.reason else "")))
        for name, at, cause in (
            ("started", one.started_at, self.opened_by),
            ("due", one.due_at, ""),
            ("breached", one.breached_at, ""),
            ("ended", one.ended_at, self.ended_by),
        ):
            if at is not None:
                text = moment_text(instant_us(at), self.timezone)
                facts.append((name, f"{text}  {cause}".rstrip()))
            if name == "due":
                facts += self._dates()
                facts += self._warnings()
        if unit == "members" and one.elapsed is not None:
            facts.append(("broken", f"{amount_text(one.elapsed, unit)}, {one.limit} allowed"))
        elif one.limit is not None:
            source = f"  set by {one.limit_from}" if one.limit_from else ""
            less = "less than " if self.is_exclusive else ""
            name = "demanded" if unit == "points" else "limit"
            facts.append((name, less + (self.dates_text or amount_text(one.limit, unit)) + source))
        if one.elapsed is not None and unit not in ("dates", "members"):
            facts.append(("score" if unit == "points" else "used", amount_text(one.elapsed, unit)))
        wide = max(len(name) for name, _ in facts)
        return ["", *(f"  {name:<{wide}}  {printable(text)}" for name, text in facts)]

    def _dates(self) -> list[tuple[str, str]]:
        """Return which dates are counted; of many the first ones and the last."""
        told = [f"day {number} = {date_text(one)}" for number, one in enumerate(self.dates, start=1)]
        if len(told) > _MOST_DATES:
            told = [*told[:_MOST_FIRST], "…", told[-1]]
        return [
            ("dates" if number == 0 else "", ", ".join(told[number : number + 3]))
            for number in range(0, len(told), 3)
        ]

    def _warnings(self) -> list[tuple[str, str]]:
        """Return when warnings came, and when those that are ahead are due."""
        is_over = self.verdict.next_warning_at is None
        ahead = None if is_over else instant_us(cast("datetime", self.verdict.next_warning_at))
        return [
            ("warned" if ahead is None or at < ahead else "will warn", moment_text(at, self.timezone))
            for at in self.warnings
            if ahead is not None or self._has_come(at)
        ]

    def _has_come(self, at_us: int) -> bool:
        warned = self.verdict.warned_at
        return warned is not None and at_us <= instant_us(warned)

    def _parts(self) -> list[str]:
        if self.parts is None:
            return []
        lines = plain_table(self.parts.header, self.parts.rows, right=self.parts.right).splitlines()
        return ["", *(f"  {line}" for line in lines)]

    def _table(self) -> list[str]:
        if not self.intervals:
            return []
        rows = [self._line(one) for one in self.intervals]
        wide = [max(width_of(row[place]) for row in rows) for place in range(4)]
        lines = [
            f"  {pad(start, wide[0])} – {pad(end, wide[1])}  {pad(kind, wide[2])}  "
            f"{pad(length, wide[3], right=True)}  {fit(why, 48)}".rstrip()
            for start, end, kind, length, why in rows
        ]
        if len(lines) > _MOST_LINES:
            half = _MOST_LINES // 2
            lines = [*lines[:half], f"  … {len(lines) - 2 * half} more intervals …", *lines[-half:]]
        return ["", f"  {self.timezone}", *lines, "", f"  {self._sums()}"]

    def _line(self, one: EvidenceInterval) -> tuple[str, str, str, str, str]:
        start = local_text(one.start_us, self.timezone)
        end = local_text(one.end_us, self.timezone)
        if start.rsplit(" ", 1)[0] == end.rsplit(" ", 1)[0]:
            end = clock_text(one.end_us, self.timezone)
        return start, end, one.kind, duration_text(one.length_us), printable(one.reason)

    def _sums(self) -> str:
        parts = [f"{duration_text(length)} {kind}" for kind, length in self.totals.items()]
        return f"{' + '.join(parts)} = {duration_text(self.wall_us)} of wall time"

    def _notes(self) -> list[str]:
        return ["", *(f"  {printable(note)}" for note in self.notes)] if self.notes else []


def _as_dicts(parts: PartsTable) -> list[dict[str, str]]:
    return [dict(zip(parts.header, row, strict=True)) for row in parts.rows]


def evidence_of(
    standard: Standard,
    plan: Plan,
    verdict: Verdict,
    obligation: Obligation,
    log: Log,
    *,
    timezone: str | None,
    failing: tuple[str, ...] = (),
) -> Evidence:
    """Return the evidence of a verdict.

    Args:
        standard: The standard as written.
        plan: It compiled.
        verdict: The verdict as the report gives it.
        obligation: The same with its segments.
        log: The events, for their names.
        timezone: The book's zone; the calendar's comes first.
        failing: What an event lacked that was not as expected.
    """
    intervals = tuple(intervals_of(obligation, plan, log))
    zone = (
        next((found for part in obligation.segments if (found := zone_of(part.calendar))), timezone) or "UTC"
    )
    evidence = Evidence(
        verdict=verdict,
        title=standard.title or "",
        sentence="",
        intervals=intervals,
        timezone=zone,
        opened_by=kind_of(log, obligation.opened_by),
        ended_by=kind_of(log, obligation.ended_by),
        notes=_notes(verdict, obligation),
        noun=_noun(standard, plan),
        dates=dates_of(obligation),
        warnings=obligation.warned_at,
        failing=failing,
        is_exclusive=getattr(standard, "boundary", "inclusive") == "exclusive",
        dates_text="" if obligation.dates is None else obligation.dates[0].limit.text,
    )
    return replace(evidence, sentence=sentence_of(evidence, obligation))


def dates_of(obligation: Obligation) -> tuple[date, ...]:
    """Return the local dates that a date limit counts, in order; none for other limits, for months, and for many."""
    if obligation.dates is None or obligation.due_at is None:
        return ()
    limit, start = obligation.dates
    if limit.limit.unit == "months" or not 0 < limit.limit.count <= _MOST_COUNTED:
        return ()
    zone = limit.calendar.zone
    first, last = (zone.dated_us(at)[0] for at in (start.at, obligation.due_at))
    found: list[date] = []
    for day in range(first, last + 1):
        counted = limit.counted(start, zone.utc_us((day + 1) * DAY_US) - 1)
        found += [date_of(day)] * max(counted - len(found), 0)
        if len(found) >= limit.limit.count:
            break
    return tuple(found)


def _noun(standard: Standard, plan: Plan) -> str:
    """Return the event that a count counts, or that a check demands; empty where there is not just one."""
    names: set[str] = set()
    for measure in plan.measures:
        of = getattr(measure, "of", None)
        names.update(name for member in (of.members if of else ()) for name in member.names or ())
    if plan.unit == "items":
        demanded = standard.selections.get("event")
        names = set(demanded.events) if demanded else set()
    return names.pop() if len(names) == 1 else ""


def kind_of(log: Log, index: int) -> str:
    """Return the kind of the event at a position; empty for none, and for what is not in the log."""
    return log.row(index).kind if 0 <= index < len(log) else ""


def intervals_of(obligation: Obligation, plan: Plan, log: Log) -> Iterator[EvidenceInterval]:
    """Yield the stretches of an obligation's life, from its start on; they touch and do not overlap."""
    for part in obligation.segments:
        yield from _intervals(part, plan, log, is_wall=obligation.is_wall)


def _intervals(part: Segment, plan: Plan, log: Log, *, is_wall: bool) -> Iterator[EvidenceInterval]:
    if part.start_us >= part.end_us:
        return
    cause = "" if part.kind == "counted" else _cause(part, plan, log)
    if is_wall or part.kind == "reset" or part.calendar is None or part.calendar == ALWAYS:
        yield EvidenceInterval(part.start_us, part.end_us, part.kind, cause or "every hour counts")
        return
    # A pause outside opening hours costs nothing, so closed time stays closed, whatever the clock does.
    for one in part.calendar.explain_us(part.start_us, part.end_us):
        kind = part.kind if one.open else "closed"
        yield EvidenceInterval(one.start_us, one.end_us, kind, (cause if one.open else "") or one.reason)


def _cause(part: Segment, plan: Plan, log: Log) -> str:
    """Name the event that began a stretch, with the fields that made it pause."""
    if not 0 <= part.cause < len(log):
        return ""
    row = log.row(part.cause)
    fields = [
        f"{name}: {row.fields[name]}" for name in sorted(plan.signals.pause_fields) if name in row.fields
    ]
    named = f" ({', '.join(fields)})" if fields and part.kind == "paused" else ""
    return f"by {row.kind}{named}" if part.kind == "paused" else f"since {row.kind}"


def _notes(verdict: Verdict, obligation: Obligation) -> tuple[str, ...]:
    notes = list(obligation.notes)
    if obligation.dates is not None and obligation.segments:
        limit, start = obligation.dates
        lost = limit.left_out(start, obligation.segments[-1].end_us)
        days = ", ".join(date_of(day).isoformat() for day in lost)
        notes += [f"Did not count, because the clock stood at closing time: {days}."] if lost else []
    if obligation.at_limit:
        notes.append("Decided exactly at the limit.")
    if verdict.tie:
        notes.append("Would change if events of one stamp came in another order.")
    return tuple(notes)
