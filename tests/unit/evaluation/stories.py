"""Tell a log in one line a event: `09:00 opened id=1 region=N`."""

from __future__ import annotations

import servstd


def report(book: str, *lines: str, as_of: str | None = None) -> servstd.Report:
    """Return the report of a book over events of 6 March 2026, UTC."""
    rows = [_row(line) for line in lines]
    log = servstd.read_events(rows, time="time", event="event")
    if as_of is None:
        return servstd.evaluate(servstd.loads(book), log)
    from datetime import datetime

    return servstd.evaluate(
        servstd.loads(book), log, as_of=datetime.fromisoformat(f"2026-03-06T{as_of}:00+00:00")
    )


def _row(line: str) -> dict[str, object]:
    at, event, *fields = line.split()
    row: dict[str, object] = {"time": f"2026-03-06T{at}:00Z", "event": event}
    return row | dict(field.split("=", 1) for field in fields)


def told(found: servstd.Report, standard: str) -> list[str]:
    """Return `case outcome minutes` for each verdict of a standard."""
    return [
        f"{one.case} {one.outcome} {'-' if one.elapsed is None else _minutes(one)}"
        for one in found.verdicts.where(standard=standard)
    ]


def _minutes(one: object) -> object:
    elapsed = one.elapsed  # type: ignore[attr-defined]
    return elapsed // 60_000_000 if one.unit == "time" else elapsed  # type: ignore[attr-defined]
