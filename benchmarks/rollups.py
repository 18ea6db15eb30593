"""Attainments of a million verdicts beside the same group-by in Polars.

`python -m benchmarks rollups` prints the table. A year of verdicts in four queues by the hour makes 35,040 groups. Both
count met, breached and other verdicts of every group from columns of whole numbers in memory; servstd also says of each
group what it decides, with its interval and budget. Rounds are interleaved, medians of five; the counts are compared
with Polars', and a sample of rows with the one-by-one computation, before a time is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from benchmarks.table import Figure
from servstd.intervals import instant_us
from servstd.rollups import attain
from servstd.rollups.coded import OUTCOME_CODES, Coded, CodedSegments
from servstd.rollups.windowing import Span
from servstd.standards.objective import parse_objective

ROWS, QUEUES, MOST, ROUNDS = 1_000_000, ("billing", "orders", "repairs", "sales"), 2.0, 5
FIRST, AS_OF = (instant_us(datetime(year, 1, 1, tzinfo=UTC)) for year in (2025, 2026))
HOUR_US = 3_600_000_000
OBJECTIVE = parse_objective({"share": "90%", "window": "hour", "by": ["queue"]})


def ratios() -> Iterator[Figure]:
    """Return the rows of the table."""
    columns = _columns()
    frame = _frame(columns)
    _check(columns, frame)
    ours, theirs = _times(lambda: _attain(columns), lambda: _group(frame))
    name = f"attainments of {ROWS:,} verdicts over {len(_attain(columns)):,} groups, beside Polars' group_by"
    figure = f"{ours / theirs:.2f} x ({ours * 1000:.0f} ms, {theirs * 1000:.0f} ms)"
    yield Figure(name, figure, f"<= {MOST:g} x", ours <= MOST * theirs)


def _columns() -> dict[str, Any]:
    rng = np.random.default_rng(20260302)
    outcome = rng.choice(6, ROWS, p=[0.9, 0.06, 0.01, 0.01, 0.01, 0.01]).astype(np.int8)
    return {
        "outcome": Coded(outcome, OUTCOME_CODES),
        "started_at": rng.integers(FIRST, AS_OF, ROWS),
        "segments": CodedSegments({"queue": Coded(rng.integers(0, 4, ROWS).astype(np.int8), QUEUES)}),
    }


def _frame(columns: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "outcome": columns["outcome"].codes,
            "started_at": columns["started_at"],
            "queue": columns["segments"].columns["queue"].codes,
        }
    )


def _attain(columns: dict[str, Any]) -> Any:
    return attain("s", OBJECTIVE, columns, range(ROWS), timezone="UTC", span=Span(FIRST, AS_OF))


def _group(frame: pl.DataFrame) -> pl.DataFrame:
    return (
        frame.group_by("queue", (pl.col("started_at") // HOUR_US).alias("hour"))
        .agg(*((pl.col("outcome") == code).sum().alias(name) for code, name in enumerate(OUTCOME_CODES)))
        .sort("queue", "hour")
    )


def _check(columns: dict[str, Any], frame: pl.DataFrame) -> None:
    found, wanted = _attain(columns), _group(frame)
    assert len(found) == len(wanted)
    assert np.array_equal(found.columns["start_us"] // HOUR_US, wanted["hour"].to_numpy())
    for name in OUTCOME_CODES:
        assert np.array_equal(found.columns[name], wanted[name].to_numpy()), name
    few = np.sort(np.random.default_rng(1).choice(ROWS, 2_000, replace=False))
    plain = {
        "outcome": [columns["outcome"][row] for row in few],
        "started_at": [int(columns["started_at"][row]) for row in few],
        "segments": [columns["segments"][row] for row in few],
        "due_at": [None] * len(few), "ended_at": [None] * len(few), "breached_at": [None] * len(few),
    }  # fmt: skip
    coded = {**columns, "outcome": Coded(columns["outcome"].codes, OUTCOME_CODES)}
    span = {"timezone": "UTC", "span": Span(FIRST, AS_OF)}
    assert list(attain("s", OBJECTIVE, coded, few, **span)) == list(
        attain("s", OBJECTIVE, plain, range(len(few)), **span)
    )


def _times(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for place, run in enumerate((ours, theirs)):
            began = time.perf_counter()
            run()
            spent[place].append(time.perf_counter() - began)
    return median(spent[0]), median(spent[1])
