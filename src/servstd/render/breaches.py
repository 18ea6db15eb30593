"""The few worst breaches of a report, each with why in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from servstd.results.marking import OWN
from servstd.results.report import Report
from servstd.results.wording import TOO_LITTLE, clock_text, local_text, points_text, rough_text
from servstd.standards.objective import zone_of

if TYPE_CHECKING:
    from servstd.standards import Standard

EACH, ALL = 3, 12
"""How many are shown of one standard, and in all."""


class Breach(NamedTuple):
    """Be one broken case, told shortly."""

    standard: str
    key: str
    case: str
    what: str
    when: str


def worst_breaches(report: Report, *, each: int = EACH, most: int = ALL) -> list[Breach]:
    """Return the worst breaches of each standard, greatest excess first; ties in the order of the verdicts.

    What is only measured (`objective: none`) breaks no promise, so it is not among them.
    """
    columns = report.verdicts.internal
    promised = {one.id: _promised_rows(one) for one in report.standards}
    by_standard: dict[str, list[int]] = {id_: [] for id_ in promised}
    for row, outcome in enumerate(columns["outcome"]):
        id_ = columns["standard"][row]
        if outcome == "breached" and columns["objective_row"][row] in promised.get(id_, ()):
            by_standard[id_].append(row)
    found: list[Breach] = []
    for rows in by_standard.values():
        rows.sort(key=lambda row: columns["margin"][row] if columns["margin"][row] is not None else 0)
        found += [_breach(report, row) for row in rows[:each]]
    return found[:most]


def _promised_rows(standard: Standard) -> set[int]:
    """Return the rows of overrides whose cases an objective decides; `OWN` where the standard's own does."""
    rows = {place for place, row in enumerate(standard.objective_rows) if row.objectives}
    return rows | ({OWN} if standard.judged_by else set())


def _breach(report: Report, row: int) -> Breach:
    columns = {name: column[row] for name, column in report.verdicts.columns.items()}
    standard = report.book[columns["standard"]]
    zone = zone_of(report.book.surroundings.find(standard.calendar)) or report.book.timezone or "UTC"
    case = columns["case"] if columns["occurrence"] == 1 else f"{columns['case']} #{columns['occurrence']}"
    return Breach(columns["standard"], columns["case"], case, _what(columns), _when(columns, zone))


def _what(one: dict[str, Any]) -> str:
    unit, margin, limit, reason = str(one["unit"]), one["margin"], one["limit"], str(one["reason"])
    if unit == "points" and one["elapsed"] and limit is not None:
        return f"{points_text(one['elapsed'])} of {points_text(limit)} points demanded"
    if unit in ("items", "members", "points"):
        return _failing(one)
    if not isinstance(margin, int) or margin >= 0:
        return reason or "broken"
    over = rough_text(-margin) if unit in ("time", "dates") else str(-margin)
    if unit == "level":
        return f"{over} beyond the bound" + (f" ({reason})" if reason else "")
    if limit is not None and reason in TOO_LITTLE:
        return f"{_shown(one['elapsed'], unit)} of {_shown(limit, unit)} demanded, {over} {reason}"
    if limit is None or unit == "dates":
        text = f"{over} late"
    elif (
        one["elapsed"] != limit - margin
    ):  # it was set back, or something was taken away, and the breach stands
        text = f"{over} more than {_shown(limit, unit)} allowed, earlier"
    else:
        text = f"{_shown(one['elapsed'], unit)} of {_shown(limit, unit)} allowed, {over} too much"
    return f"{text} ({reason})" if reason else text


def _shown(amount: object, unit: str) -> str:
    if unit == "time" and isinstance(amount, int):
        return rough_text(amount)
    return str(amount)


def _failing(one: dict[str, Any]) -> str:
    reason = str(one["reason"])
    if reason == "missing":
        return "never came"
    return reason or "not as expected"


def _when(one: dict[str, Any], zone: str) -> str:
    started, due, ended, breached = (
        one[name] for name in ("started_at", "due_at", "ended_at", "breached_at")
    )
    if one["unit"] == "items" or started == ended:
        return _at(_whole(started), zone)
    if due is None and ended is not None and breached == ended:
        return _at(_whole(ended), zone)
    first = due if due is not None else breached
    if first is not None and ended is not None and _whole(first) != _whole(ended):
        first, ended = _whole(first), _whole(ended)
    parts = [] if first is None else [("due " if due is not None else "broken ") + _at(first, zone)]
    parts.append("not ended" if ended is None else "ended " + _at(ended, zone, beside=first))
    return ", ".join(parts)


def _whole(us: int) -> int:
    """Return the second of an instant: more is shown only where it tells two of them apart."""
    return us - us % 1_000_000


def _at(us: int, zone: str, *, beside: int | None = None) -> str:
    """Return an instant; on the date of another that stands before it, the time of day is enough."""
    text = local_text(us, zone, weekday=False)
    if beside is None:
        return text
    return clock_text(us, zone) if text[:11] == local_text(beside, zone, weekday=False)[:11] else text
