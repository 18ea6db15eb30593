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


def engine(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the verdicts of servstd, instants as microseconds."""
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
    )
    seconds, us = divmod(scenario.as_of_us, 1_000_000)
    as_of = datetime.fromtimestamp(seconds, UTC).replace(microsecond=us)
    return [as_integers(row) for row in servstd.evaluate(book, log, as_of=as_of).verdicts.to_dicts()]


def as_integers(row: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name in COMPARED:
        value = row[name]
        if isinstance(value, datetime):
            value = (value - datetime(1970, 1, 1, tzinfo=UTC)) // UNIT
        found[name] = value
    return found


UNIT = datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)


def expected(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the verdicts of the oracle."""
    rows = oracle.evaluate(scenario.book, scenario.events, scenario.as_of_us)
    return [{name: row[name] for name in COMPARED} | {"case": " / ".join(row["case"])} for row in rows]


def differences(scenario: Scenario) -> list[str]:
    """Return a line for every figure in which the two part."""
    got, wanted = engine(scenario), expected(scenario)
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
