"""What a log costs grows with what is written in it: rare keys, lists in the fields of a case, ids, short rows."""

from __future__ import annotations

import io
import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import servstd
from servstd import remembered
from servstd.errors import ReadingError
from servstd.events import log as logs
from servstd.events import read_events
from servstd.events.columns import Column, ColumnBuilder, SparseColumn, compact, taken
from servstd.events.identity import Contents, canonical_order
from servstd.expressions.values import _number_of

VALUES = ["a", "b", "c"]
CODES = st.lists(st.sampled_from([-1] * 20 + [0, 1, 2]), min_size=1, max_size=60)


def pair(codes: list[int]) -> tuple[Column, SparseColumn]:
    dense = np.array(codes, np.int32)
    rows = np.flatnonzero(dense >= 0)
    return Column(dense, VALUES), SparseColumn(len(dense), rows, dense[rows], VALUES)


@given(CODES, st.data())
def test_a_sparse_column_reads_as_the_whole_one(codes: list[int], data: st.DataObject) -> None:
    whole, sparse = pair(codes)
    rows = np.array(data.draw(st.lists(st.integers(0, len(codes) - 1))), np.intp)
    ascending = np.unique(rows)
    assert len(sparse) == len(whole)
    assert sparse.codes.tolist() == codes
    assert [sparse[row] for row in range(-len(codes), len(codes))] == [
        whole[row] for row in range(-len(codes), len(codes))
    ]
    assert sparse.take(rows).codes.tolist() == whole.take(rows).codes.tolist()
    assert taken({"x": sparse}, rows)["x"].codes.tolist() == whole.take(rows).codes.tolist()
    assert [part.tolist() for part in sparse.carried(ascending)] == [
        part.tolist() for part in whole.carried(ascending)
    ]
    assert sparse.ranks().tolist() == whole.ranks().tolist()
    assert sparse.map(["x", None, "z"]).codes.tolist() == whole.map(["x", None, "z"]).codes.tolist()
    assert pickle.loads(pickle.dumps(sparse)).codes.tolist() == codes  # noqa: S301 - our own


@given(st.lists(st.tuples(CODES.map(lambda codes: (codes * 60)[:30]), st.booleans()), min_size=1, max_size=5))
def test_events_of_one_stamp_stand_in_one_order_however_their_fields_are_held(
    fields: list[tuple[list[int], bool]],
) -> None:
    def contents(*, sparse: bool) -> Contents:
        columns = {
            f"f{place}": pair(codes)[sparse and is_rare] for place, (codes, is_rare) in enumerate(fields)
        }
        return Contents(np.zeros(30, np.int64), Column(np.zeros(30, np.int32), ["a"]), columns, None, None)

    assert canonical_order(contents(sparse=True)).tolist() == canonical_order(contents(sparse=False)).tolist()


def test_rows_that_lack_a_key_are_not_written_down() -> None:
    builder = ColumnBuilder()
    for place in range(1_000):
        builder.extend_absent(999)
        builder.append(place % 3)
    assert len(builder) == 1_000_000
    assert len(builder._codes) == 1_000
    column = builder.column()
    assert isinstance(column, SparseColumn)
    assert [column[999], column[1_999], column[2_000]] == [0, 1, None]


def test_a_column_that_many_rows_carry_is_held_whole() -> None:
    assert type(compact(np.array([-1, -1, 0], np.int32), ["a"])) is Column


def test_a_log_of_rare_keys_holds_what_is_written() -> None:
    lines = "\n".join(
        json.dumps({"time": "2026-03-02T09:00Z", "event": "a", "c": f"C-{place}", f"key {place}": place})
        for place in range(500)
    )
    log = read_events(io.BytesIO(lines.encode()), format="ndjson")
    held = sum(
        len(column._at) if isinstance(column, SparseColumn) else len(column.codes)
        for column in log.fields.values()
    )
    assert held <= 2 * 500
    assert sorted((one.fields["c"], *sorted(set(one.fields) - {"c"})) for one in log.events)[:2] == [
        ("C-0", "key 0"), ("C-1", "key 1")]  # fmt: skip
    assert log.until(0).fields.keys() == log.fields.keys()


def test_one_row_reads_one_id(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"time": "2026-03-02T09:00Z", "event": "a", "id": place} for place in range(500)]
    log = read_events(rows, id="id")
    read: list[object] = []
    key_text = logs.key_text
    monkeypatch.setattr(logs, "key_text", lambda value: read.append(value) or key_text(value))
    assert log.row(7).id == "7"
    assert len(read) == 1
    assert [one.id for one in log.events][:2] == ["0", "1"]
    assert len(read) == 1 + 500


LISTS = {"time": "2026-03-02T09:00Z", "event": "a", "x": [1, 2, 3], "y": [1, 2, 3, 4]}
PLAIN = {"time": "2026-03-02T09:00Z", "event": "a", "x": 1, "y": 1}
BOOK = "standards: [{id: s, kind: respond, case: [x, y], start: a, stop: b, within: 1 hour}]"


def test_an_event_of_more_cases_than_are_allowed_goes_to_quarantine() -> None:
    log = read_events([PLAIN, LISTS], most_cases=11)
    report = servstd.evaluate(servstd.loads(BOOK), log, as_of="2026-03-02T11:00Z")
    assert [one.case for one in report.verdicts] == ["1 / 1"]
    (row,) = report.log.quarantine
    assert (row.where, row.code) == ("rows row 2", "SV336")
    assert "12 cases by `x` and `y`" in row.reason
    assert "11 are allowed (`most_cases`)" in row.reason
    counts = report.log.counts
    assert (counts.rows_in, counts.events, counts.quarantined) == (2, 1, 1)
    assert (counts.rows_used, counts.rows_quarantined) == (1, 1)
    assert len(log.quarantine) == 0  # the log itself is as it was read


def test_an_event_of_as_many_cases_as_are_allowed_belongs_to_each() -> None:
    report = servstd.evaluate(
        servstd.loads(BOOK), read_events([LISTS], most_cases=12), as_of="2026-03-02T11:00Z"
    )
    assert len(report.verdicts) == 12


def test_a_row_of_a_wide_table_is_used_while_one_of_its_events_is() -> None:
    rows = [
        {"opened": "2026-03-02T09:00Z", "closed": "", "x": [1, 2], "y": 1},
        {"opened": "2026-03-02T09:00Z", "x": 1, "y": 1},
    ]
    log = read_events(rows, milestones={"a": "opened", "b": "closed"}, most_cases=1)
    counts = servstd.evaluate(servstd.loads(BOOK), log).log.counts
    assert (counts.rows_in, counts.rows_used, counts.rows_quarantined) == (2, 1, 1)


def test_what_cannot_be_dated_does_not_multiply_either() -> None:
    rows = [PLAIN, {**LISTS, "time": "soon"}]
    report = servstd.evaluate(
        servstd.loads(BOOK), read_events(rows, most_cases=11), as_of="2026-03-02T11:00Z"
    )
    assert len(report.verdicts) == 1
    assert [row.code for row in report.log.quarantine] == ["SV321"]


def test_lists_of_a_hundred_thousand_elements_are_counted_and_not_multiplied() -> None:
    many = [f"{place}" for place in range(100_000)]
    rows = [PLAIN, {**PLAIN, "x": many, "y": many}]
    report = servstd.evaluate(servstd.loads(BOOK), read_events(rows), as_of="2026-03-02T11:00Z")
    assert "10,000,000,000 cases" in report.log.quarantine[0].reason


def test_cells_that_short_rows_lack_are_limited() -> None:
    text = "time,event,a,b,c\n" + "2026-03-02T09:00Z,x\n" * 4
    assert len(read_events(io.StringIO(text), most_cells=12)) == 4
    with pytest.raises(ReadingError, match="SV310") as caught:
        read_events(io.StringIO(text), most_cells=11)
    assert "more than 11 cells" in caught.value.problems[0].message
    assert "`most_cells`" in caught.value.problems[0].help


def test_attributes_that_events_take_from_their_trace_are_limited() -> None:
    trace = "".join(f'<string key="a{place}" value="x"/>' for place in range(3))
    event = '<event><string key="concept:name" value="e"/><date key="time:timestamp" value="2026-03-02T09:00:00Z"/></event>'
    xes = f"<log><trace>{trace}{event * 4}</trace></log>".encode()
    assert len(read_events(io.BytesIO(xes), format="xes", most_cells=12)) == 4
    with pytest.raises(ReadingError, match="SV310"):
        read_events(io.BytesIO(xes), format="xes", most_cells=11)


def test_no_text_of_a_log_is_remembered_after_the_call_that_read_it() -> None:
    read: list[str] = []
    upper = remembered.remembered(10)(lambda text: read.append(text) or text.upper())
    call = remembered.forgets_texts(lambda: [upper("a"), upper("a"), upper("b" * 101), upper("b" * 101)])
    assert call()[:2] == ["A", "A"]
    assert read == ["a", "b" * 101, "b" * 101]  # a long text is read each time
    call()
    assert read.count("a") == 2


def test_an_evaluation_leaves_no_text_behind() -> None:
    rows = [{**PLAIN, "z": "12345"}]
    book = servstd.loads("standards: [{id: s, kind: check, case: x, event: a, expect: {z: {ge: 5}}}]")
    assert servstd.evaluate(book, read_events(rows)).verdicts[0].outcome == "met"
    kept = next(
        cell.cell_contents for cell in _number_of.__closure__ if hasattr(cell.cell_contents, "cache_info")
    )
    assert kept.cache_info().currsize == 0
