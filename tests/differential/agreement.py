"""Run servstd and the oracle on one scenario, and say where they part."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import oracle

import servstd
from servstd.testing import INSTANT_FIELDS, Scenario, rows_of

COMPARED = (
    "standard",
    "case",
    "occurrence",
    "outcome",
    "outcome_otherwise",
    "started_at",
    "ended_at",
    "due_at",
    "breached_at",
    "elapsed",
    "limit",
    "margin",
    "unit",
    "paused",
    "tie",
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNIT = EPOCH.replace(microsecond=1) - EPOCH


def report_of(scenario: Scenario) -> servstd.Report:
    """Return what servstd says."""
    book = servstd.Book(**scenario.book)
    rows = rows_of(scenario.events)
    columns = {name for row in rows for name in row}
    log = servstd.read_events(
        rows,
        time="time",
        event="event",
        times=[name for name in INSTANT_FIELDS if name in columns],
        id="id" if "id" in columns else None,
        sequence="sequence" if "sequence" in columns else None,
        covers=book.events.covers if book.events else None,
    )
    seconds, us = divmod(scenario.as_of_us, 1_000_000)
    as_of = datetime.fromtimestamp(seconds, UTC).replace(microsecond=us)
    return servstd.evaluate(book, log, as_of=as_of)


def engine(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the verdicts of servstd, instants as microseconds."""
    return [as_integers(row) for row in report_of(scenario).verdicts.to_dicts()]


def as_integers(row: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name in COMPARED:
        value = row[name]
        found[name] = (value - EPOCH) // UNIT if isinstance(value, datetime) else value
    return found


def expected(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the verdicts of the oracle."""
    rows = oracle.evaluate(scenario.book, scenario.events, scenario.as_of_us)
    return [{name: row[name] for name in COMPARED} | {"case": " / ".join(row["case"])} for row in rows]


def differences(scenario: Scenario) -> list[str]:
    """Return a line for every figure in which the two part."""
    return parted(engine(scenario), expected(scenario))


def parted(got: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[str]:
    if len(got) != len(wanted):
        return [
            f"{len(got)} verdicts, the oracle has {len(wanted)}",
            *map(str, got),
            "oracle:",
            *map(str, wanted),
        ]
    return [
        f"{one['standard']} {one['case']} #{one['occurrence']} {name}: {one[name]!r}, the oracle says {other[name]!r}"
        for one, other in zip(got, wanted, strict=True)
        for name in COMPARED
        if one[name] != other[name]
    ]


def gaps(scenario: Scenario, report: servstd.Report) -> list[str]:
    """Return a line for every verdict whose evidence does not add up to its wall time, to the microsecond."""
    found = []
    for row in report.verdicts:
        evidence = report.explain(row.standard, row.case.split(" / "), row.occurrence)
        start = (row.started_at - EPOCH) // UNIT
        end = scenario.as_of_us if row.ended_at is None else (row.ended_at - EPOCH) // UNIT
        at = start
        for interval in evidence.intervals:
            if interval.start_us != at or interval.end_us < at:
                found.append(
                    f"{row.standard} {row.case} #{row.occurrence}: an interval begins at {interval.start_us}, not {at}"
                )
            at = interval.end_us
        if at != max(end, start):
            found.append(f"{row.standard} {row.case} #{row.occurrence}: the intervals end at {at}, not {end}")
        paused = sum(one.length_us for one in evidence.intervals if one.kind == "paused")
        was_closed = any(
            one.kind == "ended" for one in evidence.intervals
        )  # closed hours are not told apart there
        if not was_closed and paused != row.paused:
            found.append(
                f"{row.standard} {row.case} #{row.occurrence}: {paused} paused, the verdict says {row.paused}"
            )
    return found
