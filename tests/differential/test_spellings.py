"""A log is judged alike however it is written: in objects, in short rows, with lengths in words."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from differential import agreement
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st

import servstd
from servstd.testing import (
    INSTANT_FIELDS,
    KINDS,
    Scenario,
    as_short_csv,
    inside_objects,
    logs,
    rows_of,
    scenarios,
    spelled_lengths,
)

SLOW: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
}


def verdicts(book: dict, source: object, scenario: Scenario, **options: Any) -> list[dict[str, Any]]:
    """Return the verdicts of a source, as the oracle's are compared."""
    log = servstd.read_events(source, time="time", event="event", **options)
    seconds, us = divmod(scenario.as_of_us, 1_000_000)
    as_of = datetime.fromtimestamp(seconds, UTC).replace(microsecond=us)
    report = servstd.evaluate(servstd.Book(**book), log, as_of=as_of)
    return [agreement.as_integers(row) for row in report.verdicts.to_dicts()]


def identity(rows: list[dict]) -> dict[str, str]:
    return {name: name for name in ("id", "sequence") if any(name in row for row in rows)}


@pytest.mark.parametrize("kind", KINDS)
def test_fields_inside_objects_are_fields(kind: str) -> None:
    @given(scenarios([kind]))
    def agree(scenario: Scenario) -> None:
        rows = rows_of(scenario.events)
        assume(
            rows and "id" in rows[0]
        )  # without ids events of one stamp stand by content, which is another one here
        book, nested = inside_objects(scenario.book, rows)
        times = [f"ticket.{name}" for name in INSTANT_FIELDS if any(name in row for row in rows)]
        got = verdicts(book, nested, scenario, times=times, **identity(rows))
        assert got == agreement.engine(scenario)

    seed(0)(settings(max_examples=30, **SLOW)(agree))()


@pytest.mark.parametrize("with_header", [True, False], ids=["with a header", "without one"])
@pytest.mark.parametrize("kind", ["respond", "order", "quantity"])
def test_rows_that_end_with_their_last_value_are_whole_rows(kind: str, with_header: bool) -> None:
    @given(scenarios([kind]))
    def agree(scenario: Scenario) -> None:
        events = [event for event in scenario.events if not isinstance(event["fields"].get("case"), list)]
        assume(events)
        part = Scenario(scenario.book, events, scenario.as_of_us)
        rows = rows_of(events)
        text, names = as_short_csv(rows, with_header=with_header)
        options = {"header": None if with_header else names, "null_values": ("",), **identity(rows)}
        times = [name for name in INSTANT_FIELDS if name in names]
        got = verdicts(scenario.book, io.StringIO(text, newline=""), part, times=times, **options)
        assert got == agreement.engine(part)

    seed(0)(settings(max_examples=30, **SLOW)(agree))()


BOOK = {
    "servstd": 1, "case": "case", "timezone": "Europe/London",
    "standards": [
        {"id": "s", "kind": "respond", "start": "opened", "stop": "closed", "recurs": "each", "within": "$minutes minutes"},
        {"id": "sum", "kind": "quantity", "sum": {"field": "minutes", "of": "note"}, "at_most": "45 minutes", "per": "day"},
        {"id": "check", "kind": "check", "event": "closed", "expect": {"minutes": {"le": "30 minutes"}}},
    ],
}  # fmt: skip
SPELLED = list(spelled_lengths(60))


@pytest.mark.parametrize("spelling", SPELLED)
def test_a_length_is_the_same_in_every_spelling(spelling: str) -> None:
    @given(logs(BOOK), st.integers(0, 600))
    def agree(events: list[dict[str, Any]], later: int) -> None:
        assume(events)
        scenario = Scenario(BOOK, events, max(event["t"] for event in events) + later * 60_000_000)
        rows = rows_of(events)
        plain = [row | {"minutes": f"{row['minutes']} minutes"} if "minutes" in row else row for row in rows]
        spelled = [
            row | {"minutes": spelled_lengths(row["minutes"] * 60)[spelling]} if "minutes" in row else row
            for row in rows
        ]
        chosen = identity(rows)
        assert verdicts(BOOK, spelled, scenario, **chosen) == verdicts(BOOK, plain, scenario, **chosen)

    seed(0)(settings(max_examples=15, **SLOW)(agree))()


def test_what_is_compared_reads_the_lengths() -> None:
    # one case by hand, so that the law above cannot hold by reading nothing: 30 minutes of 30, 31 of 45 and no more
    minutes = {"opened": "0:30:00", "note": "PT31M", "closed": "31 min"}
    rows = [
        {"time": f"2026-03-02T09:{at}Z", "event": kind, "case": "A", "minutes": minutes[kind]}
        for at, kind in (("00", "opened"), ("10", "note"), ("30", "closed"))
    ]
    found = verdicts(BOOK, rows, Scenario(BOOK, [], 1_772_488_800_000_000))
    told = {row["standard"]: (row["outcome"], row["elapsed"]) for row in found}
    assert told == {"s": ("met", 1_800_000_000), "sum": ("open", 1_860_000_000), "check": ("breached", 1)}


def test_the_fields_of_generated_books_are_all_found() -> None:
    # what `inside_objects` leaves flat would be absent, and the law would compare nothing with nothing
    flat = re.compile(r"(?<![.\w])(priority|status|cause|item|passengers|promised)\b")

    @given(scenarios())
    def renamed(scenario: Scenario) -> None:
        book, _ = inside_objects(scenario.book, [])
        assert not flat.search(str(book["standards"]))

    settings(max_examples=100, **SLOW)(renamed)()
