"""From obligations to columns, and from columns to attainments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from servstd.results.verdict import COLUMNS
from servstd.results.verdicts import HIDDEN
from servstd.results.wording import case_text
from servstd.rollups import Attainment, attain
from servstd.standards import Rollup
from servstd.standards.objective import window_timezone

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.events.log import Log
    from servstd.results.report import Judged
    from servstd.standards import Standard

_COPIED = (
    "outcome", "outcome_otherwise", "started_at", "due_at", "ended_at", "breached_at", "elapsed", "limit", "margin",
    "paused", "reason", "limit_from", "opened_by", "opened_id", "ended_by", "remaining", "at_limit", "notes",
)  # fmt: skip


def columns_of(judged: Iterable[Judged], *, book: Book, log: Log) -> dict[str, list[Any]]:
    """Return verdict columns, public and hidden, in the order in which obligations come."""
    columns: dict[str, list[Any]] = {name: [] for name in (*COLUMNS, *HIDDEN)}
    put = {name: column.append for name, column in columns.items()}
    known = {one.id: _known_of(one, log, book) for one, _, _ in book.entries if not isinstance(one, Rollup)}
    telling = {one.id: _segment_fields(one) for one, _, _ in book.entries}
    weighing = {one.id: _weight_fields(one) for one, _, _ in book.entries}
    for standard, plan, case, occurrence, obligation, tie, parts, fields in judged:
        carried = known[standard.id].get(case, {}) if fields is None else fields
        segments = _segments(telling[standard.id], carried)
        put["parts"](parts)
        put["standard"](standard.id)
        put["case"](case_text(case))
        put["case_key"](case)
        put["occurrence"](occurrence)
        put["unit"](plan.unit)
        put["tie"](tie)
        put["segments"](segments)
        put["weights"](_weights(weighing[standard.id], carried))
        put["segment"](", ".join(f"{name}={value}" for name, value in segments.items()))
        for name in _COPIED:
            put[name](getattr(obligation, name))
    return columns


def _known_of(standard: Standard, log: Log, book: Book) -> dict[tuple[str, ...], dict[str, object]]:
    """Return, by case, the fields by which the standard's objectives tell cases apart and weigh them.

    A field counts as last known, as in `exclude`: a case has one segment, whatever it was called on the way.
    """
    fields = [*_segment_fields(standard), *_weight_fields(standard)]
    found: dict[tuple[str, ...], dict[str, object]] = {}
    for key, rows in log.cases(standard.case_in(book.surroundings)) if fields else ():
        known = found[key] = {}
        for row in rows:
            known.update((name, row.fields[name]) for name in fields if name in row.fields)
    return found


def _segment_fields(standard: Standard) -> list[str]:
    return sorted({name for one in standard.judged_by for name in one.segments})


def _weight_fields(standard: Standard) -> list[str]:
    return sorted({one.weight_field for one in standard.judged_by if one.weight_field is not None})


def _segments(fields: Sequence[str], known: Mapping[str, object]) -> dict[str, str]:
    """Return the values of the fields that tell segments apart, as text."""
    if not fields:
        return {}
    from servstd.events.values import key_text  # noqa: PLC0415 - only where objectives have segments

    return {name: key_text(known[name]) for name in fields if known.get(name) is not None}


def _weights(fields: Sequence[str], known: Mapping[str, object]) -> dict[str, int | Fraction]:
    """Return the numbers that verdicts are weighed by; what is no number, or less than 0, is no weight."""
    if not fields:
        return {}
    from servstd.expressions.values import number_from  # noqa: PLC0415 - only where objectives weigh

    numbers = {name: number_from(known.get(name)) for name in fields}
    return {
        name: number if isinstance(number, int) else Fraction(number)
        for name, number in numbers.items()
        if number is not None and number >= 0
    }


def attainments_of(
    columns: Mapping[str, Sequence[Any]], *, book: Book, log: Log, as_of_us: int
) -> Iterator[Attainment]:
    """Yield the attainments of every standard and objective; a standard without any is judged as 100 % of all."""
    rows: dict[str, list[int]] = {entry.standard.id: [] for entry in book.entries}
    for row, standard_id in enumerate(columns["standard"]):
        rows[standard_id].append(row)
    first_us = int(log.times[0]) if len(log) else None
    for standard in book.judged:
        calendar = book.surroundings.find(standard.calendar)
        for objective in standard.judged_by:
            yield from attain(
                standard.id,
                objective,
                columns,
                rows[standard.id],
                timezone=window_timezone(objective, calendar, book.timezone) or "UTC",
                as_of_us=as_of_us,
                first_us=first_us,
            )
