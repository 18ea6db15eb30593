"""From obligations to columns, and from columns to attainments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from servstd.results.marking import OWN
from servstd.results.verdict import COLUMNS
from servstd.results.verdicts import HIDDEN
from servstd.results.wording import case_text
from servstd.rollups import Attainment, Burn, attain, burns_of
from servstd.rollups.windowing import Span
from servstd.standards import Metric
from servstd.standards.objective import Objective, window_timezone

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.engine.obligation import Obligation
    from servstd.results.report import Judged
    from servstd.standards import Standard

_COPIED = (
    "outcome", "outcome_otherwise", "started_at", "due_at", "ended_at", "breached_at", "elapsed", "limit", "margin",
    "paused", "reason", "limit_from", "opened_by", "opened_id", "ended_by", "remaining", "at_limit",
    "is_unread", "notes",
)  # fmt: skip

Decided = tuple[int, int, str, str]
"""The row of objectives, the place in it, the segment and the window of an attainment."""


def columns_of(judged: Iterable[Judged], *, as_of_us: int) -> dict[str, list[Any]]:
    """Return verdict columns, public and hidden, in the order in which obligations come."""
    columns: dict[str, list[Any]] = {name: [] for name in (*COLUMNS, *HIDDEN)}
    put = {name: column.append for name, column in columns.items()}
    for standard, plan, case, occurrence, obligation, tie, parts, marks, _ in judged:
        put["parts"](parts)
        put["standard"](standard.id)
        put["case"](case_text(case))
        put["case_key"](case)
        put["occurrence"](occurrence)
        put["unit"](obligation.unit_of(plan.unit))
        put["tie"](tie)
        put["segments"](marks.segments)
        put["weights"](marks.weights)
        put["objective_row"](marks.row)
        put["segment"](", ".join(f"{name}={value}" for name, value in marks.segments.items()))
        warned_at, next_warning_at = _warnings(obligation, as_of_us)
        put["warned_at"](warned_at)
        put["next_warning_at"](next_warning_at)
        for name in _COPIED:
            put[name](getattr(obligation, name))
    return columns


def _warnings(obligation: Obligation, as_of_us: int) -> tuple[int | None, int | None]:
    """Return when the latest warning came and when the next one comes."""
    past = [at for at in obligation.warned_at if at <= as_of_us]
    ahead = [at for at in obligation.warned_at if at > as_of_us and obligation.outcome == "open"]
    return max(past, default=None), min(ahead, default=None)


class Judging(NamedTuple):
    """One objective with the verdicts that it judges."""

    standard: str
    objective: Objective
    rows: Sequence[int]
    timezone: str
    of: str
    agreement: str
    place: tuple[int, int]
    """Which row of objectives it is of, and which of them it is."""


_Rows = Mapping[tuple[str, int], Sequence[int]]


def _grouped(columns: Mapping[str, Sequence[Any]]) -> _Rows:
    """Return the verdicts of each standard and row of objectives."""
    rows: dict[tuple[str, int], list[int]] = {}
    for row, key in enumerate(zip(columns["standard"], columns["objective_row"], strict=True)):
        rows.setdefault(key, []).append(row)
    return rows


def judgings_of(columns: Mapping[str, Sequence[Any]], book: Book) -> Iterator[Judging]:
    """Yield every objective of every standard, those of rows of overrides after the standard's own."""
    grouped = _grouped(columns)
    for standard in book.judged:
        yield from _judgings(standard, grouped, book)


def _judgings(standard: Standard, rows: _Rows, book: Book) -> Iterator[Judging]:
    """Yield every objective of a standard, those of rows of overrides after its own."""
    if isinstance(standard, Metric):
        return
    calendar = book.surroundings.find(standard.as_chosen.calendar)
    groups = [(OWN, "", standard.judged_by, book.owners.get(standard.id, ""))]
    groups += [
        (place, row.words(), row.objectives, row.agreement)
        for place, row in enumerate(standard.objective_rows)
    ]
    for place, of, objectives, agreement in groups:
        judged = rows.get((standard.id, place), ())
        for number, objective in enumerate(objectives):
            zone = window_timezone(objective, calendar, book.timezone) or "UTC"
            yield Judging(standard.id, objective, judged, zone, of, agreement, (place, number))


class Framed(NamedTuple):
    """An objective, or the promise of a metric, with the zone of its windows."""

    standard: str
    words: str
    objective: Objective
    timezone: str


def frames_of(book: Book) -> Iterator[Framed]:
    """Yield every objective of the standards that are judged, those of metrics among them, as attainments name it."""
    for standard in book.judged:
        calendar = book.surroundings.find(standard.calendar)
        if isinstance(standard, Metric):
            told = [(standard.words(), standard.frame)]
        else:
            rows = [one for row in standard.objective_rows for one in row.objectives]
            told = [(str(one), one) for one in (*standard.judged_by, *rows)]
        for words, objective in told:
            zone = window_timezone(objective, calendar, book.timezone) or "UTC"
            yield Framed(standard.id, words, objective, zone)


def attainments_of(
    columns: Mapping[str, Sequence[Any]],
    *,
    book: Book,
    span: Span,
    measured: Mapping[str, Sequence[Attainment]],
) -> Iterator[Attainment]:
    """Yield the attainments of every standard and objective; a standard without any is judged as 100 % of all.

    Args:
        columns: Verdict columns.
        book: The standards.
        span: From when to when the log is complete, and the instant of the judgement.
        measured: By id, the attainments of metrics, which no verdict gives.
    """
    grouped = _grouped(columns)
    for one in book.judged:
        yield from _agreed(measured.get(one.id, ()), book.owners.get(one.id, ""))
        for standard, objective, rows, zone, of, agreement, _ in _judgings(one, grouped, book):
            found = attain(standard, objective, columns, rows, timezone=zone, span=span, of=of)
            yield from _agreed(found, agreement)


def decisions_of(
    standard: Standard, judged: Iterable[Judged], *, book: Book, span: Span
) -> dict[Decided, Attainment]:
    """Return the attainments of one standard, each by its objective, segment and window.

    Args:
        standard: The standard, under one reading.
        judged: Its obligations under that reading.
        book: Its surroundings.
        span: From when to when the log is complete, and the instant of the judgement.
    """
    columns = columns_of(judged, as_of_us=span.as_of_us)
    return {
        (*place, one.segment, one.window): one
        for id_, objective, rows, zone, of, _, place in _judgings(standard, _grouped(columns), book)
        for one in attain(id_, objective, columns, rows, timezone=zone, span=span, of=of)
    }


def _agreed(found: Iterable[Attainment], agreement: str) -> Iterable[Attainment]:
    return [replace(one, agreement=agreement) for one in found] if agreement else found


def burning_of(columns: Mapping[str, Sequence[Any]], *, book: Book, as_of_us: int) -> Iterator[Burn]:
    """Yield what the alerts of every objective say as of an instant."""
    for standard, objective, rows, zone, of, *_ in judgings_of(columns, book):
        yield from burns_of(standard, objective, columns, rows, timezone=zone, as_of_us=as_of_us, of=of)
