from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime

import pytest

import servstd
from servstd.results import Verdict, Verdicts
from servstd.results.verdict import COLUMNS

API = [
    "standard",
    "case",
    "occurrence",
    "outcome",
    "outcome_otherwise",
    "started_at",
    "due_at",
    "ended_at",
    "breached_at",
    "elapsed",
    "limit",
    "margin",
    "unit",
    "paused",
    "reason",
    "segment",
    "limit_from",
    "tie",
]
HOUR = 3600 * 1_000_000


def test_the_columns_are_those_of_the_public_face():
    assert list(COLUMNS) == API
    assert list(Verdicts.empty().columns) == API


def test_a_verdict_is_made_from_the_columns(report):
    verdict = report.verdicts.where(standard="resolve", case="T-1")[0]
    assert isinstance(verdict, Verdict)
    # 1 h on Friday and 4 h 30 min on Tuesday count
    assert (verdict.outcome, verdict.elapsed, verdict.limit, verdict.margin) == (
        "breached", 5 * HOUR + HOUR // 2, 4 * HOUR, -HOUR - HOUR // 2,
    )  # fmt: skip
    assert verdict.started_at == datetime(2026, 5, 1, 14, tzinfo=UTC)
    assert verdict.paused == 2 * HOUR  # an hour on Friday and one on Tuesday; closed time costs nothing


def test_verdicts_can_be_chosen(report):
    verdicts = report.verdicts
    assert [one.case for one in verdicts.where(standard="resolve", outcome="breached")] == ["T-1", "T-3"]
    assert len(verdicts.where(outcome=["met", "breached"])) == 4
    assert [one.standard for one in verdicts.where(case="T-2")] == ["resolve", "greet"]
    assert [one.standard for one in verdicts.where(case=("T-2",))] == ["resolve", "greet"]
    assert len(verdicts.where(case="nobody")) == 0


def test_verdicts_are_a_sequence(report):
    verdicts = report.verdicts
    assert len(verdicts[1:3]) == 2
    assert verdicts[-1] == verdicts[len(verdicts) - 1]
    assert next(iter(verdicts)) == verdicts[0]
    with pytest.raises(IndexError):
        verdicts[len(verdicts)]


def test_raw_columns_are_whole_microseconds(report):
    columns = report.verdicts.columns
    assert all(isinstance(at, int) for at in columns["started_at"])
    assert all(at is None or isinstance(at, int) for at in columns["ended_at"])


def test_verdicts_can_be_pickled(report):
    assert pickle.loads(pickle.dumps(report.verdicts)) == report.verdicts  # noqa: S301 - our own


def test_dicts_hold_aware_instants(report):
    first = report.verdicts.to_dicts()[0]
    assert list(first) == API
    assert first["started_at"].tzinfo is UTC


def test_frames_hold_the_same_as_the_columns(report):
    verdicts = report.verdicts
    raw = verdicts.columns
    table, polars, pandas = verdicts.to_arrow(), verdicts.to_polars(), verdicts.to_pandas()
    for name in API:
        assert table.column_names == polars.columns == list(pandas.columns) == API
        expected = [getattr(one, name) for one in verdicts]
        assert table[name].to_pylist() == expected
        assert polars[name].to_list() == expected
        assert [
            None if missing else one for one, missing in zip(pandas[name], pandas[name].isna(), strict=True)
        ] == expected
    starts = pandas["started_at"].astype("int64").tolist()
    assert starts == raw["started_at"]
    assert str(table.schema.field("started_at").type) == "timestamp[us, tz=UTC]"


def test_a_pandas_frame_of_many_verdicts_with_repeated_and_missing_instants():
    # sixty cases of one start; every third has no end
    rows = [{"time": "2026-03-02T09:00Z", "event": "asked", "id": f"T-{n:02}"} for n in range(60)]
    rows += [
        {"time": f"2026-03-02T09:{n:02}Z", "event": "answered", "id": f"T-{n:02}"} for n in range(60) if n % 3
    ]
    reply = servstd.Respond(id="reply", start="asked", stop="answered", within="2 hours")
    book = servstd.Book(servstd=1, case="id", timezone="UTC", standards=[reply])
    frame = servstd.evaluate(book, servstd.read_events(rows)).verdicts.to_pandas()
    assert frame["ended_at"].isna().sum() == 20
    assert frame["ended_at"].min().isoformat() == "2026-03-02T09:01:00+00:00"
    assert str(frame["started_at"].dtype) == "datetime64[us, UTC]"


def test_no_verdicts_still_have_their_columns():
    empty = Verdicts.empty()
    assert (
        empty.to_arrow().column_names == empty.to_polars().columns == list(empty.to_pandas().columns) == API
    )
    assert json.loads(empty.to_json()) == []
    assert repr(empty) == "<Verdicts: none>"


def test_json_is_one_verdict_a_line(report):
    text = report.verdicts.to_json()
    rows = json.loads(text)
    assert [list(row) for row in rows] == [API] * len(report.verdicts)
    assert len(text.splitlines()) == len(rows) + 2
    assert rows[0]["started_at"].endswith("Z")


def test_what_notebooks_show_is_escaped(report):
    columns = {name: list(column) for name, column in report.verdicts.internal.items()}
    columns["case"][0] = "<script>alert(1)</script>"
    columns["reason"][0] = "\x1b[2J"
    verdicts = Verdicts(columns)
    assert "<script" not in verdicts._repr_html_()
    assert "\x1b" not in repr(verdicts)
