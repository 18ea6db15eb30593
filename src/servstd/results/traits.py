"""What tells verdicts apart: a column, a field of the case, the hour of the week at which they began."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from servstd.calendars.civil import date_of
from servstd.calendars.zones import zone_named
from servstd.engine.known import last_known
from servstd.errors import EvaluationError, Problem, closest, listed
from servstd.events.values import key_text
from servstd.expressions import ABSENT
from servstd.plan.plan import Plan
from servstd.results.verdict import AMOUNTS, COLUMNS, INSTANTS
from servstd.results.wording import amount_text, local_text
from servstd.standards.objective import zone_of

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.events.log import Log
    from servstd.plan.signals import AnyOf
    from servstd.results.report import Report
    from servstd.results.verdicts import Verdicts

NOT_CARRIED = "not carried"
"""The value of a field that no event of the case carries."""

_DAY_US, _HOUR_US = 86_400_000_000, 3_600_000_000
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def rows_of(
    report: Report,
    standard: str | None,
    where: Mapping[str, str] | None = None,
    *,
    among: Verdicts | None = None,
) -> list[int]:
    """Return the positions of the verdicts of a standard, or of all, that have the traits asked for.

    Args:
        report: The report.
        standard: The standard's id; None for all.
        where: Trait and value, each of which must hold: `{"region": "North"}`.
        among: The verdicts to look at; those of the standards when left out.

    Raises:
        EvaluationError: SV410 no such standard, SV685 no such trait.
    """
    if standard is not None and among is None:
        check_standard(report.book, standard)
    verdicts = report.verdicts if among is None else among
    ids = verdicts.columns["standard"]
    rows = [row for row, id_ in enumerate(ids) if standard in (None, id_)]
    for name, wanted in (where or {}).items():
        values = traits_of(report, rows, name, among=verdicts)
        rows = [row for row, value in zip(rows, values, strict=True) if value == wanted]
    return rows


def check_standard(book: Book, standard: str) -> None:
    """Refuse a name that no standard of the book has.

    Raises:
        EvaluationError: SV410, with the nearest known one.
    """
    known = [entry.standard.id for entry in book.entries if entry.role != "indicator"]
    if standard in known:
        return
    near = closest(standard, known)
    raise EvaluationError(
        Problem(
            "SV410",
            f"unknown standard `{standard}`. Known here: {listed(known)}.",
            help=f"write `{near}`." if near else "",
        )
    )


def one_unit(verdicts: Verdicts, standard: str, rows: Sequence[int]) -> str:
    """Return the unit in which verdicts count; `time` where there are none.

    Args:
        verdicts: The verdicts.
        standard: Of which standard they are, for the message.
        rows: Which of them.

    Raises:
        EvaluationError: SV680, some count time and others dates, of which no figure can be made.
    """
    units = sorted({str(verdicts.columns["unit"][row]) for row in rows})
    if len(units) > 1:
        raise EvaluationError(
            Problem(
                "SV680",
                f"the cases of `{standard}` count in {listed(units)}, and one figure cannot hold both.",
                help=f'ask for one sort: `where={{"unit": "{units[0]}"}}`.',
            )
        )
    return units[0] if units else "time"


def timezone_of(report: Report, standard: str) -> str:
    """Return the zone in which a standard's times are told: its calendar's, else the book's, else UTC."""
    calendar = report.book.surroundings.find(report.book[standard].calendar)
    return zone_of(calendar) or report.book.timezone or "UTC"


def traits_of(report: Report, rows: Sequence[int], name: str, *, among: Verdicts | None = None) -> list[str]:
    """Return a trait of verdicts, as text.

    Args:
        report: The report.
        rows: The positions of the verdicts.
        name: A column of verdicts; `hour_of_week`, `weekday` or `hour` of their start, in the standard's zone; or a
            field of the case, as last known.
        among: The verdicts to look at; those of the standards when left out.

    Raises:
        EvaluationError: SV685, no such trait.
    """
    verdicts = report.verdicts if among is None else among
    if name in TIMES:
        return [TIMES[name](at_us) for at_us in _local_starts(report, verdicts, rows)]
    if name in COLUMNS:
        return _column(verdicts, rows, name)
    if report.log.column(name) is None:
        known = [*report.log.names, *TIMES, *COLUMNS]
        near = closest(name, known)
        raise EvaluationError(
            Problem(
                "SV685",
                f"`{name}` is neither a field of the log nor a column of verdicts. Known: {listed(known, most=40)}.",
                help=f"write `{near}`." if near else "",
            )
        )
    return _fields(report, verdicts, rows, name)


def _hour_of_week(local_us: int) -> str:
    return f"{_weekday(local_us)} {_hour(local_us)}"


def _weekday(local_us: int) -> str:
    return _WEEKDAYS[date_of(local_us // _DAY_US).weekday()]


def _hour(local_us: int) -> str:
    return f"{local_us % _DAY_US // _HOUR_US:02d}:00"


TIMES: Mapping[str, Callable[[int], str]] = {
    "hour_of_week": _hour_of_week,
    "weekday": _weekday,
    "hour": _hour,
}
"""Traits of the local time at which a verdict began."""


def _local_starts(report: Report, verdicts: Verdicts, rows: Sequence[int]) -> list[int]:
    columns = verdicts.columns
    zones = {id_: zone_named(timezone_of(report, id_)) for id_ in {columns["standard"][row] for row in rows}}
    return [zones[columns["standard"][row]].local_us(columns["started_at"][row]) for row in rows]


def _column(verdicts: Verdicts, rows: Sequence[int], name: str) -> list[str]:
    columns = verdicts.columns
    values = [columns[name][row] for row in rows]
    if name in INSTANTS:
        return [local_text(value, "UTC") for value in values]
    if name in AMOUNTS:
        return [amount_text(value, columns["unit"][row]) for row, value in zip(rows, values, strict=True)]
    return ["-" if value in (None, "") else key_text(value) for value in values]


def _fields(report: Report, verdicts: Verdicts, rows: Sequence[int], name: str) -> list[str]:
    columns = verdicts.internal
    read = {
        entry.standard.id: (plan.case, plan.ends if isinstance(plan, Plan) else None)
        for entry, plan in zip(report.book.entries, report.book.compiled, strict=True)
    }
    log = report.log.until(report.as_of_us)
    known: dict[object, dict[tuple[str, ...], str]] = {}
    found = []
    for row in rows:
        cases = read[columns["standard"][row]]
        if cases not in known:
            known[cases] = dict(_carried(log, *cases, name, at_us=report.as_of_us))
        found.append(known[cases].get(columns["case_key"][row], NOT_CARRIED))
    return found


def _carried(
    log: Log, keys: tuple[str, ...], ends: AnyOf | None, name: str, *, at_us: int
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the cases that carry a field, as last known, each with its value as text."""
    for key, rows in log.with_nested([name]).cases(keys):
        value = last_known(rows, at_us, ends=ends).case(name)
        if value is not ABSENT:
            yield key, key_text(value)
