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
    from servstd.results.report import Judged

_COPIED = (
    "outcome", "outcome_otherwise", "started_at", "due_at", "ended_at", "breached_at", "elapsed", "limit", "margin",
    "paused", "reason", "limit_from", "opened_by", "opened_id", "ended_by", "remaining", "at_limit",
    "is_unread", "notes",
)  # fmt: skip


def columns_of(judged: Iterable[Judged]) -> dict[str, list[Any]]:
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
        for name in _COPIED:
            put[name](getattr(obligation, name))
    return columns


class _Judging(NamedTuple):
    """Be one objective with the verdicts that it judges."""

    standard: str
    objective: Objective
    rows: Sequence[int]
    timezone: str
    of: str
    agreement: str


def _judgings(columns: Mapping[str, Sequence[Any]], book: Book) -> Iterator[_Judging]:
    """Yield every objective of every standard, those of rows of overrides after the standard's own."""
    rows: dict[tuple[str, int], list[int]] = {}
    for row, key in enumerate(zip(columns["standard"], columns["objective_row"], strict=True)):
        rows.setdefault(key, []).append(row)
    owners = book.owners
    for standard in book.judged:
        if isinstance(standard, Metric):
            continue
        calendar = book.surroundings.find(standard.calendar)
        groups = [(OWN, "", standard.judged_by, owners.get(standard.id, ""))]
        groups += [
            (place, row.words(), row.objectives, row.agreement)
            for place, row in enumerate(standard.objective_rows)
        ]
        for place, of, objectives, agreement in groups:
            for objective in objectives:
                zone = window_timezone(objective, calendar, book.timezone) or "UTC"
                judged = rows.get((standard.id, place), ())
                yield _Judging(standard.id, objective, judged, zone, of, agreement)


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
    judgings: dict[str, list[_Judging]] = {}
    for judging in _judgings(columns, book):
        judgings.setdefault(judging.standard, []).append(judging)
    owners = book.owners
    for one in book.judged:
        yield from _agreed(measured.get(one.id, ()), owners.get(one.id, ""))
        for standard, objective, rows, zone, of, agreement in judgings.get(one.id, ()):
            found = attain(standard, objective, columns, rows, timezone=zone, span=span, of=of)
            yield from _agreed(found, agreement)


def _agreed(found: Iterable[Attainment], agreement: str) -> Iterable[Attainment]:
    return [replace(one, agreement=agreement) for one in found] if agreement else found


def burning_of(columns: Mapping[str, Sequence[Any]], *, book: Book, as_of_us: int) -> Iterator[Burn]:
    """Yield what the alerts of every objective say as of an instant."""
    for standard, objective, rows, zone, of, _ in _judgings(columns, book):
        yield from burns_of(standard, objective, columns, rows, timezone=zone, as_of_us=as_of_us, of=of)
