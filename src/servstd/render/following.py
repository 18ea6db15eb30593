"""What follows from a report, a row a consequence and status; the same in every format."""

from __future__ import annotations

from servstd.results.report import Report
from servstd.rollups.consequences import Outgoing
from servstd.standards.payment import added

TITLE = "What follows"
HEADER = ("consequence", "", "number", "comes to")
_ORDER = ("owed", "claimable", "lapsed", "unknown")
_WORDS = {
    "owed": "owed",
    "claimable": "can be claimed still",
    "lapsed": "not claimed in time",
    "unknown": "not known: what it is made of is not carried",
}


def following_rows(report: Report) -> list[tuple[str, ...]]:
    """Return the cells of the table: which consequence, its status, how many, what they come to."""
    groups: dict[tuple[str, int, str, str], list[Outgoing]] = {}
    places = {one.name: place for place, one in enumerate(report.book.all_consequences)}
    for one in report.consequences:
        key = (f"{places[one.consequence]:06d}", _ORDER.index(one.status), one.unit, one.label)
        groups.setdefault(key, []).append(one)
    return [_cells(rows) for _, rows in sorted(groups.items())]


def _cells(rows: list[Outgoing]) -> tuple[str, ...]:
    first = rows[0]
    total = added(one.amount for one in rows if one.amount is not None)
    worth = f"{total:,} {first.unit}" if first.unit else first.label or "-"
    growing = sum(one.is_running for one in rows)
    grows = f", {growing:,} still growing" if growing else ""
    return first.consequence, _WORDS[first.status] + grows, f"{len(rows):,}", worth
