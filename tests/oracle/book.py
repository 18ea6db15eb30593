"""Evaluate a book: every standard for itself, over every case, in one stated order of rows."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from oracle import check, gauge, respond
from oracle.calendars import Hours
from oracle.frame import Standard
from oracle.log import Event, cases_of, read_log, stamps_of

KINDS = {"respond": respond.evaluate, "check": check.evaluate, "gauge": gauge.evaluate}
IDENTITY = ("standard", "case", "started_at", "order")


def evaluate(book: dict, events: list[dict], as_of_us: int) -> list[dict]:
    """Return the verdicts of a book over events, as they stand at `as_of_us`."""
    happened = [event for event in read_log(events) if event.t <= as_of_us]
    zone = ZoneInfo(book["timezone"]) if book.get("timezone") else None
    calendars = {
        name: Hours(spec, book.get("timezone")) for name, spec in (book.get("calendars") or {}).items()
    }
    rows = []
    for spec in book["standards"]:
        standard = Standard(spec, calendars, book.get("calendar"), zone)
        written = spec.get("case") or book["case"]
        keys = [written] if isinstance(written, str) else list(written)
        for case, members in cases_of(happened, keys).items():
            rows += rows_of_case(standard, case, members, as_of_us)
    return rows


def rows_of_case(standard: Standard, case: tuple[str, ...], events: list[Event], as_of: int) -> list[dict]:
    """Return the rows of one case, those that would change if ties were reversed being flagged."""
    judge = KINDS[standard.spec["kind"]]
    rows = numbered(judge(standard, case, stamps_of(events, backwards=False), as_of))
    other = numbered(judge(standard, case, stamps_of(events, backwards=True), as_of))
    for number, row in enumerate(rows):
        row["tie"] = number >= len(other) or any(
            row[name] != other[number][name] for name in row if name != "tie"
        )
    return rows


def numbered(rows: list[dict]) -> list[dict]:
    rows = sorted(rows, key=lambda row: (row["started_at"], row["order"]))
    for number, row in enumerate(rows):
        row["occurrence"] = number + 1
        del row["order"]
    return rows
