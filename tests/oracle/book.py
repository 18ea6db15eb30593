"""Evaluate a book: every standard for itself, over every case, in one stated order of rows."""

from __future__ import annotations

from datetime import date, datetime
from itertools import zip_longest
from zoneinfo import ZoneInfo

from oracle import check, gauge, order, quantity, respond
from oracle.calendars import Elsewhere, Hours, map_local
from oracle.frame import Standard
from oracle.log import Event, cases_of, one_by_one, read_log, stamps_of, undated_in
from oracle.unread import in_doubt

KINDS = {
    "respond": respond.evaluate,
    "check": check.evaluate,
    "gauge": gauge.evaluate,
    "order": order.evaluate,
    "quantity": quantity.evaluate,
}


def evaluate(book: dict, events: list[dict], as_of_us: int) -> list[dict]:
    """Return the verdicts of a book over events, as they stand at `as_of_us`."""
    happened = [event for event in read_log(events) if event.t <= as_of_us]
    lost = undated_in(events)
    zone = ZoneInfo(book["timezone"]) if book.get("timezone") else None
    calendars = {
        name: Elsewhere(spec)
        if str(spec.get("timezone")).startswith("$")
        else Hours(spec, book.get("timezone"))
        for name, spec in (book.get("calendars") or {}).items()
    }
    rows = []
    for spec in book["standards"]:
        standard = Standard(
            spec,
            calendars,
            book.get("calendar"),
            zone,
            known_from(book, happened),
            known_until(book, as_of_us),
        )
        written = spec.get("case") or book["case"]
        keys = [written] if isinstance(written, str) else list(written)
        cases, undated = cases_of(happened, keys), cases_of(lost, keys)
        for case in sorted({*cases, *undated}):
            rows += rows_of_case(standard, case, cases.get(case, []), undated.get(case, []), as_of_us)
    return rows


def known_from(book: dict, happened: list[Event]) -> int | None:
    """Return from when on the log is complete: what `covers` says, else its first event."""
    covers = (book.get("events") or {}).get("covers")
    if covers is not None:
        return instant(covers[0], book["timezone"])
    return min((event.t for event in happened), default=None)


def known_until(book: dict, as_of: int) -> int | None:
    """Return until when the log is complete, where that was said and lies before the judgement."""
    covers = (book.get("events") or {}).get("covers")
    until = None if covers is None else instant(covers[1], book["timezone"])
    return None if until is None or until >= as_of else until


def instant(text: str, timezone: str) -> int:
    """Return a local date's first instant, or an instant written with its offset, µs."""
    if len(text) == len("2026-03-01"):
        return map_local(date.fromisoformat(text), 0, ZoneInfo(timezone))
    return round(datetime.fromisoformat(text).timestamp() * 1_000_000)


def rows_of_case(
    standard: Standard, case: tuple[str, ...], events: list[Event], undated: list[Event], as_of: int
) -> list[dict]:
    """Return the rows of one case, those that change if events of one stamp come one by one being flagged."""
    judge = KINDS[standard.spec["kind"]]

    def judged(members: list[Event]) -> list[dict]:
        found = judge(standard, case, stamps_of(members), as_of) if members else []
        return sorted(found, key=lambda row: (row["started_at"], row["order"]))

    rows = judged(events)
    is_unread = [False] * len(rows)
    if undated:
        told = in_doubt(standard, events, undated, rows, judged, as_of)
        is_unread = [row is not other for row, other in zip_longest(told, rows)]
        rows = [{**row, "case": case} for row in told]
    shares = len(stamps_of(events)) < len(
        events
    )  # a planned start is no event of the log, and ties with none
    for way in (False, True) if shares else ():
        others = [result_of(row) for row in judge(standard, case, one_by_one(events, backwards=way), as_of)]
        for row, is_lost in zip(rows, is_unread, strict=True):
            if is_lost:
                continue
            if result_of(row) in others:
                others.remove(result_of(row))
            else:
                row["tie"] = True
    for number, row in enumerate(rows):
        row["occurrence"] = number + 1
        del row["order"]
    return rows


def result_of(row: dict) -> tuple:
    """Return what came of a start; which of two equal events was the start does not matter."""
    return row["started_at"], row["outcome"], row["ended_at"], row["breached_at"], row["elapsed"]
