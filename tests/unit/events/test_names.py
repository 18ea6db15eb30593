"""Dotted names: a column of that name, else the value inside an object, wherever a column is named."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from servstd.errors import ReadingError
from servstd.events import Log, read_events
from servstd.expressions import ABSENT, Duration
from servstd.intervals import Instant

NINE = "2026-03-02T09:00:00Z"
NINE_US = 1_772_442_000_000_000


def nested(**fields: object) -> dict[str, object]:
    return {"time": NINE, "event": "a", **fields}


def read(*rows: dict[str, object], **options: Any) -> Log:
    return read_events(list(rows), **{"time": "time", "event": "event", **options})


def values(log: Log, name: str) -> list[object]:
    column = log.column(name)
    return [] if column is None else [column[row] for row in range(len(log))]


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"a": {"b": {"c": 1}}}, 1),
        ({"a.b": {"c": 1}}, 1),
        ({"a": {"b.c": 1}}, 1),
        ({"a.b.c": 1}, 1),
        ({"a.b.c": 1, "a": {"b": {"c": 2}}}, 1),
        ({"a.b": {"c": 1}, "a": {"b": {"c": 2}}}, 1),
        ({"a": {"b.c": 1, "b": {"c": 2}}}, 1),
        ({"a.b": "text", "a": {"b": {"c": 2}}}, 2),
        ({"a": {"b": {"c": [1, 2]}}}, [1, 2]),
        ({"a": {"b": {"c": {"d": 1}}}}, {"d": 1}),
        ({"a": {"b": "text"}}, None),
        ({"a": [{"b": {"c": 1}}]}, None),
        ({"a": {}}, None),
    ],
)
def test_what_a_name_means(fields: dict[str, object], value: object) -> None:
    # a row without it beside it, so that a column is no constant
    found = values(read(nested(**fields), {**nested(), "time": "2026-03-02T10:00Z"}), "a.b.c")
    assert found == ([] if value is None else [value, None])


def test_rows_of_one_column_may_be_flat_or_nested() -> None:
    rows = [nested(**{"s.n": "flat"}), {**nested(s={"n": "nested"}), "time": "2026-03-02T10:00Z"}]
    assert values(read(*rows), "s.n") == ["flat", "nested"]


def test_a_null_object_holds_nulls() -> None:
    rows = [nested(s={"n": "a"}), {**nested(s=None), "time": "2026-03-02T10:00Z"}]
    assert values(read(*rows), "s.n") == ["a", None]
    assert values(read(*rows, nulls="clear"), "s.n") == ["a", ABSENT]
    for null in ("", None, "NULL"):
        rows[1] = {**rows[1], "s": {"n": null}}
        assert values(read(*rows), "s.n") == ["a", None]
        assert values(read(*rows, nulls="clear"), "s.n") == ["a", ABSENT]
        assert "s.n" not in read(*rows).with_nested(["s.n"]).row(1).fields


def test_the_names_that_a_book_can_use_are_listed() -> None:
    log = read(nested(t={"id": 1, "by": {"name": "x"}}, tags=["a"]), nested(t={"no": 2}, k=1))
    assert log.names == ["t", "tags", "k", "t.id", "t.by.name", "t.no"]
    wide = read(nested(t={f"n{number}": number for number in range(3000)}))
    assert len(wide.names) == 1000


def test_a_log_with_nested_values_carries_them_as_fields() -> None:
    log = read(nested(t={"id": 1}), {**nested(t={"no": 2}), "time": "2026-03-02T10:00Z"})
    spread = log.with_nested(["t.id", "t.no", "t.none", "x", "x.y"])
    assert list(spread.fields) == ["t", "t.id", "t.no"]
    assert [row.fields for row in spread.all_rows()] == [
        {"t": {"id": 1}, "t.id": 1}, {"t": {"no": 2}, "t.no": 2},
    ]  # fmt: skip
    assert log.with_nested(["x"]) is log
    flat = read(nested(t=1))
    assert flat.with_nested(["t.id"]) is flat


def test_cases_are_named_by_values_inside() -> None:
    log = read(nested(t={"id": " 7 "}), nested(t={"id": 7}), nested(t={}), nested(t={"id": ["7", "8"]}))
    assert [(key, len(rows)) for key, rows in log.cases("t.id")] == [(("7",), 3), (("8",), 1)]
    assert log.without_case("t.id") == 1


def test_an_object_names_no_case() -> None:
    log = read(nested(t={"id": 7, "status": "open"}), nested(t={"id": 7, "status": "closed"}), nested(t="7"))
    assert [(key, len(rows)) for key, rows in log.cases("t")] == [(("7",), 1)]
    assert log.without_case("t") == 2


# The options of the reader ----------------------------------------------------------------------------------------

ROW = {
    "meta": {"at": NINE, "no": 5, "n": 1},
    "action": {"name": "opened"},
    "ticket": {"id": "T-1", "due": "2026-03-02T10:00:00Z", "opened": NINE, "spent": "1:30"},
}


def written(form: str, row: dict[str, Any], folder: Path) -> Any:
    import polars as pl
    import pyarrow as pa
    import pyarrow.parquet as pq

    if form == "parquet":
        pq.write_table(pa.Table.from_pylist([row]), folder / "log.parquet")
    return {
        "rows": lambda: [row],
        "ndjson": lambda: io.StringIO(json.dumps(row)),
        "json": lambda: io.StringIO(json.dumps({"events": [row]})),
        "arrow": lambda: pa.Table.from_pylist([row]),
        "polars": lambda: pl.DataFrame([row]),
        "parquet": lambda: folder / "log.parquet",
    }[form]()


@pytest.mark.parametrize("form", ["rows", "ndjson", "json", "arrow", "polars", "parquet"])
def test_every_option_takes_a_dotted_name(form: str, tmp_path: Path) -> None:
    log = read_events(
        written(form, ROW, tmp_path),
        format="json" if form == "json" else None,
        time="meta.at",
        event="action.name",
        id="meta.no",
        sequence="meta.n",
        times=["ticket.due"],
        planned=["ticket.due"],
        rename={"ticket.id": "ticket_id"},
    )
    (event,) = log.events
    assert (event.kind, event.time, event.id, event.sequence) == (
        "opened",
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        "5",
        1,
    )
    assert event.fields["ticket_id"] == "T-1"
    assert event.fields["ticket.due"] == Instant(NINE_US + 3_600_000_000)


def test_milestones_take_dotted_names() -> None:
    milestones = {"opened": "ticket.opened", "done": {"after": "ticket.opened", "hours": "ticket.spent"}}
    log = read_events([ROW], milestones=milestones)
    assert [(event.kind, f"{event.time:%H:%M}") for event in log.events] == [
        ("opened", "09:00"),
        ("done", "10:30"),
    ]


def test_date_and_time_of_day_inside() -> None:
    log = read(nested(w={"day": "02.03.2026", "at": "09:00"}), time=("w.day", "w.at"), timezone="UTC",
               time_format={"w.day": "%d.%m.%Y", "w.at": "%H:%M"})  # fmt: skip
    assert log.times.tolist() == [NINE_US]


def test_stamps_inside_frames_are_instants_or_local_text() -> None:
    import pyarrow as pa

    at = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - a frame without a zone
    for unit in ("s", "ms", "us", "ns"):
        kind = pa.struct(
            [("at", pa.timestamp(unit)), ("due", pa.timestamp(unit, "UTC")), ("took", pa.duration(unit))]
        )
        table = pa.table(
            {"m": pa.array([{"at": at, "due": at, "took": timedelta(hours=1)}, None], kind), "e": ["a", "b"]}
        )
        log = read_events(table, time="m.at", event="e", times=["m.due"], timezone="Europe/Berlin")
        (event,) = log.events
        assert event.time == datetime(2026, 3, 2, 8, tzinfo=UTC)
        assert event.fields["m.due"] == Instant(NINE_US)
        assert event.fields["m"] == {
            "at": "2026-03-02T09:00:00", "due": Instant(NINE_US), "took": Duration(3_600_000_000),
        }  # fmt: skip
        assert [one.code for one in log.quarantine] == ["SV320"]


def test_a_new_name_of_an_object_is_that_of_what_is_inside() -> None:
    log = read(nested(sla={"due": NINE, "name": "x"}), rename={"sla": "promise"}, times=["sla.due"])
    assert list(log.fields) == ["promise", "promise.due"]
    assert values(log, "promise.name") == ["x"]


def test_a_flat_column_keeps_its_name_beside_a_renamed_one() -> None:
    log = read(nested(**{"sla": "x", "sla.due": NINE}), rename={"sla": "promise"}, times=["sla.due"])
    assert sorted(log.fields) == ["promise", "sla.due"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"time": "meta.att"}, r"SV303  time(.|\n)*unknown column `meta.att`(.|\n)*write `meta.at`"),
        ({"event": "action.nam"}, r"SV303  event(.|\n)*write `action.name`"),
        ({"times": ["ticket.do"]}, r"SV303  times(.|\n)*`ticket.due`"),
        (
            {"event": "action"},
            r"SV335  event(.|\n)*`action` holds objects. Inside are `action.name`(.|\n)*event=\"action.name\"",
        ),
        ({"time": "meta"}, r"SV335  time(.|\n)*`meta.at`"),
    ],
)
def test_a_name_that_means_nothing_is_refused_with_those_that_do(options: dict[str, Any], says: str) -> None:
    with pytest.raises(ReadingError, match=says):
        read_events([ROW], **{"time": "meta.at", "event": "action.name", **options})


def test_a_time_inside_an_object_is_suggested() -> None:
    with pytest.raises(
        ReadingError, match=r"SV304(.|\n)*These look like times: `meta.at`, `ticket.due`, `ticket.opened`"
    ):
        read_events([ROW], event="action.name")


def test_a_row_that_goes_to_quarantine_shows_the_whole_object() -> None:
    log = read_events([ROW, {**ROW, "meta": {"at": "soon"}}], time="meta.at", event="action.name")
    (row,) = log.quarantine
    assert (row.code, row.column) == ("SV321", "meta.at")
    assert row.data["meta"] == {"at": "soon"}


# Attributes -------------------------------------------------------------------------------------------------------


def test_attributes_join_by_a_dotted_name_and_may_hold_objects() -> None:
    log = read(nested(customer={"id": 5}))
    joined = log.with_fields(
        [{"id": "5", "name": "Ann", "address": {"city": "Rome"}}], on="customer.id", key="id"
    )
    assert values(joined, "customer.name") == ["Ann"]
    assert values(joined, "customer.address.city") == ["Rome"]
    by_object = log.with_fields(
        [{"who": {"id": 5}, "name": "Ann"}], on="customer.id", key="who.id", prefix=""
    )
    assert values(by_object, "name") == ["Ann"]


def test_an_attribute_that_the_event_holds_inside_is_refused() -> None:
    log = read(nested(customer={"id": 5, "name": "Bo"}))
    with pytest.raises(ReadingError, match=r"SV311(.|\n)*`customer.name`"):
        log.with_fields([{"id": 5, "name": "Ann"}], on="customer.id", key="id")
    with pytest.raises(ReadingError, match=r"SV303  on(.|\n)*`customer.id`"):
        log.with_fields([{"id": 5}], on="customer.idd")
    with pytest.raises(ReadingError, match=r"SV303(.|\n)*`who.id`"):
        log.with_fields([{"who": {"id": 5}}], on="customer.id", key="who.idd")
