from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from servstd.errors import EventsError, ReadingError
from servstd.events import read_events
from servstd.intervals import Instant, instant_us

CSV = "time,event,case\n2026-01-02T09:00Z,a,1\n"
NINE = datetime(2026, 1, 2, 9, tzinfo=UTC)


def rows(log: object) -> list[tuple[str, dict[str, object]]]:
    return [(event.kind, dict(event.fields)) for event in log.events]


# Paths ------------------------------------------------------------------------------------------------------


def test_several_files_are_one_log_and_rows_keep_their_file(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text(CSV)
    (tmp_path / "2.csv").write_text("time,event,who\n2026-01-03T09:00Z,b,ann\nsoon,b,ann\n")
    for source in (str(tmp_path / "*.csv"), [tmp_path / "1.csv", str(tmp_path / "2.csv")]):
        log = read_events(source)
        assert rows(log) == [("a", {"case": "1"}), ("b", {"who": "ann"})]
        assert [log.where(0), log.where(1)] == ["1.csv row 2", "2.csv row 2"]
        assert [row.where for row in log.quarantine] == ["2.csv row 3"]
        assert "2.csv lacks columns that other files have: `case`." in log.notes


def test_files_of_one_name_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.csv").write_text(CSV)
    log = read_events(str(tmp_path / "*" / "a.csv"))
    assert log.where(0) != log.where(1)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("there-is-no-such-file.csv", "SV302(.|\n)*no file"),
        ("no-such-*.csv", "no file matches"),
        ("time,event\n1,2", "io.StringIO"),
        ("a\0b", "no path"),
        (b"abc", "io.BytesIO"),
        ({"time": 1}, "list of them"),
        (3, "SV302"),
        (None, "SV302"),
        ("x" * 5000, "SV302"),
    ],
    ids=["missing", "an empty glob", "text instead of a path", "NUL in a path", "bytes", "one mapping", "a number",
         "None", "a name too long"],
)  # fmt: skip
def test_what_is_no_source_says_what_is(source: object, says: str) -> None:
    with pytest.raises(ReadingError, match=says):
        read_events(source)


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(CSV)
    with pytest.raises(ReadingError, match=r"is it `.*export.csv`"):
        read_events(tmp_path / "exprt.csv")


def test_a_folder_says_how_to_name_its_files(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"folder(.|\n)*\*\.csv"):
        read_events(tmp_path)


def test_a_file_object_stays_open(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV)
    for mode in ("r", "rb"):
        with (tmp_path / "a.csv").open(mode) as file:
            assert len(read_events(file)) == 1
            assert not file.closed
    binary = io.BytesIO(CSV.encode())
    read_events(binary)
    assert not binary.closed


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04....", "Excel"),
        (b"%PDF-1.4", "PDF"),
        (b"BZh9", "bzip2"),
        (b"SQLite format 3\0", "SQLite"),
    ],
)
def test_other_formats_are_named(data: bytes, says: str) -> None:
    with pytest.raises(ReadingError, match=rf"SV309(.|\n)*{says}"):
        read_events(io.BytesIO(data))


# JSON -------------------------------------------------------------------------------------------------------

EVENT = {
    "time": "2026-01-02T09:00Z",
    "event": "a",
    "n": 1.5,
    "big": 12345678901234567890,
    "yes": True,
    "gone": None,
}
SEEN = ("a", {"n": Decimal("1.5"), "big": 12345678901234567890, "yes": True})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", json.dumps([EVENT])),
        ("a.json", json.dumps({"meta": {"page": 1}, "events": [EVENT]})),
        ("a.json", json.dumps(EVENT) + "\n" + json.dumps(EVENT)),
        ("a.ndjson", json.dumps(EVENT) + "\n\n" + json.dumps(EVENT) + "\n"),
        ("a.jsonl", "\ufeff" + json.dumps(EVENT)),
        ("unnamed", json.dumps([EVENT], indent=2)),
        ("unnamed", json.dumps(EVENT) + "\n" + json.dumps(EVENT)),
        ("unnamed", json.dumps({"events": [EVENT]}, indent=2)),
    ],
    ids=["array", "object with a list", "lines named json", "lines", "a BOM", "array unnamed", "lines unnamed",
         "object unnamed"],
)  # fmt: skip
def test_json_in_its_shapes(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    log = read_events(tmp_path / name)
    assert set(map(str, rows(log))) == {str(SEEN)}
    assert type(log.events[0].fields["yes"]) is bool


def test_numbers_are_exact_and_nan_is_null() -> None:
    text = '{"time": 1735709029.25, "event": "a", "x": 0.1, "y": NaN, "n": 1.10}\n'
    log = read_events(io.StringIO(text), time_format="epoch_s")
    assert log.events[0].time == datetime(2025, 1, 1, 5, 23, 49, 250_000, tzinfo=UTC)
    assert dict(log.events[0].fields) == {"x": Decimal("0.1"), "n": Decimal("1.10")}


def test_nested_values_stay_nested() -> None:
    log = read_events([{"time": NINE, "event": "a", "customer": {"name": "Ann"}, "seats": [{"belt": 1.0}]}])
    assert dict(log.events[0].fields) == {"customer": {"name": "Ann"}, "seats": [{"belt": Decimal("1.0")}]}


def test_lines_that_are_no_events_go_to_quarantine() -> None:
    good = json.dumps(EVENT)
    lines = [
        good,
        "{",
        "null",
        "[1]",
        '{"time": 1, "time": 2}',
        '{"a" 1}',
        "[" * 100_000,
        "9" * 5000,
        good,
    ]
    log = read_events(io.StringIO("\n".join(lines)))
    assert [(row.row, row.code) for row in log.quarantine] == [(number, "SV326") for number in range(2, 9)]
    assert "`time` stands twice" in log.quarantine[3].reason
    assert log.counts.rows_in == 9


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("3", "there is none"),
        ('{"a": 1}', "there is none"),
        ('{"a": [], "b": []}', "`a`, `b`"),
        ('[{"a": 1', "no JSON in line 1"),
        ("[" * 100_000, "too deep"),
    ],
    ids=["empty", "a number", "no list", "two lists", "cut short", "bottomless"],
)
def test_json_without_events_says_what_it_holds(text: str, says: str) -> None:
    with pytest.raises(ReadingError, match=rf"SV309(.|\n)*{says}"):
        read_events(io.StringIO(text), format="json")


def test_a_value_nested_too_deep_costs_its_row() -> None:
    loop: dict[str, object] = {"time": NINE, "event": "a"}
    loop["self"] = loop
    log = read_events([loop, {"time": NINE, "event": "a"}])
    assert [row.code for row in log.quarantine] == ["SV326"]


# Python rows ------------------------------------------------------------------------------------------------


def test_rows_with_different_keys() -> None:
    log = read_events(iter([{"time": NINE, "event": "a", "x": 1}, {"time": NINE, "event": "b", "y": True}]))
    assert rows(log) == [("a", {"x": 1}), ("b", {"y": True})]


def test_one_and_true_and_the_text_1_are_three_values() -> None:
    values = [1, True, "1", Decimal(1)]
    log = read_events([{"time": NINE, "event": "a", "x": value} for value in values])
    assert sorted(str(type(event.fields["x"]).__name__) for event in log.events) == [
        "Decimal",
        "bool",
        "int",
        "str",
    ]


def test_datetimes_need_a_zone_or_the_option() -> None:
    aware = NINE.astimezone(timezone(timedelta(hours=5, minutes=45)))
    naive = datetime(2026, 1, 2, 9)  # noqa: DTZ001
    assert read_events([{"time": aware, "event": "a"}]).events[0].time == NINE
    assert read_events([{"time": naive, "event": "a"}], timezone="UTC").events[0].time == NINE
    with pytest.raises(EventsError, match="SV322"):
        read_events([{"time": naive, "event": "a"}])


def test_no_rows_are_an_empty_log() -> None:
    log = read_events([])
    assert (len(log), log.kinds, list(log.cases("x")), log.without_case("x")) == (0, [], [], 0)


def test_items_that_are_no_rows_go_to_quarantine() -> None:
    log = read_events([{"time": NINE, "event": "a"}, 3, None])
    assert [(row.row, row.code) for row in log.quarantine] == [(2, "SV326"), (3, "SV326")]


def test_endless_keys_are_refused() -> None:
    with pytest.raises(ReadingError, match="SV310"):
        read_events({"time": NINE, "event": "a", f"k{number}": 1} for number in range(20_000))


# Frames -----------------------------------------------------------------------------------------------------

STAMPS = [datetime(2026, 1, 2, 9, 0, 0, 5, tzinfo=UTC), datetime(2026, 7, 1, 9, tzinfo=UTC)]


def arrow_table(text: str, unit: str = "us", zone: str | None = "Europe/London") -> object:
    import pyarrow as pa

    kind = {"dictionary": pa.dictionary(pa.int8(), pa.string())}.get(text) or getattr(pa, text)()
    return pa.table(
        {
            "time": pa.array([instant_us(at) for at in STAMPS], pa.timestamp("us")).cast(pa.timestamp(unit), safe=False)
            .cast(pa.timestamp(unit, zone)),
            "event": pa.array(["a", "b"], kind) if text != "dictionary" else pa.array(["a", "b"]).dictionary_encode(),
            "who": pa.array([None, "ann"], kind) if text != "dictionary" else pa.array([None, "ann"]).dictionary_encode(),
            "n": pa.array([1.5, float("nan")]),
            "i": pa.array([None, 2**60]),
            "ok": pa.array([True, None]),
            "day": pa.array([NINE.date(), None]),
            "amount": pa.array([Decimal("1.10"), None]),
            "due": pa.array([NINE, None], pa.timestamp("ms", "UTC")),
            "seats": pa.array([[{"belt": "on"}], None]),
            "none": pa.nulls(2),
        }
    )  # fmt: skip


EXPECTED = [
    ("a", {"n": Decimal("1.5"), "ok": True, "day": "2026-01-02", "amount": Decimal("1.10"),
           "due": Instant(instant_us(NINE)), "seats": [{"belt": "on"}]}),
    ("b", {"who": "ann", "i": 2**60}),
]  # fmt: skip


@pytest.mark.parametrize("text", ["string", "large_string", "string_view", "dictionary"])
def test_frames_hand_over_every_kind_of_text(text: str) -> None:
    log = read_events(arrow_table(text))
    assert rows(log) == EXPECTED
    assert [event.time for event in log.events] == STAMPS


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", None])
def test_timestamps_of_every_unit_with_and_without_a_zone(unit: str, zone: str | None) -> None:
    log = read_events(arrow_table("string", unit, zone), timezone=None if zone else "UTC")
    cut = {"s": 0, "ms": 0, "us": 5, "ns": 5}[unit]
    assert log.events[0].time == STAMPS[0].replace(microsecond=cut)


def test_a_frame_without_a_zone_needs_the_option() -> None:
    with pytest.raises(EventsError, match="SV322"):
        read_events(arrow_table("string", "us", None))


def test_slices_and_chunks_of_a_frame() -> None:
    import pyarrow as pa

    table = arrow_table("string")
    many = pa.concat_tables([table.slice(1), table, table.slice(0, 1)])
    assert [event.kind for event in read_events(many).events] == ["a", "a", "b", "b"]
    assert rows(read_events(table.slice(1))) == EXPECTED[1:]


def test_frames_of_polars_and_pandas() -> None:
    import pandas as pd
    import polars as pl

    table = arrow_table("string")
    assert rows(read_events(pl.from_arrow(table))) == EXPECTED
    polars = pl.from_arrow(table).with_columns(pl.col("event").cast(pl.Categorical))
    assert rows(read_events(polars)) == EXPECTED
    pandas = pd.DataFrame(
        {"time": pd.to_datetime(["2026-01-02 09:00", None, "2026-01-02 10:00"]), "event": ["a", "a", None],
         "n": [1.5, None, 2.0], "c": pd.Categorical(["x", "y", "x"])}
    )  # fmt: skip
    log = read_events(pandas, timezone="UTC")
    assert rows(log) == [("a", {"n": Decimal("1.5"), "c": "x"})]
    assert [row.code for row in log.quarantine] == ["SV320", "SV324"]


def test_two_columns_of_one_name_in_a_frame() -> None:
    import pyarrow as pa

    with pytest.raises(ReadingError, match="SV311"):
        read_events(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]))


def test_a_frame_that_fails_to_export_is_one_error() -> None:
    class Broken:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            raise RuntimeError("no")

    with pytest.raises(ReadingError, match=r"SV309(.|\n)*to_dict"):
        read_events(Broken())


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.bin"])
def test_parquet_and_arrow_files(tmp_path: Path, name: str) -> None:
    import pyarrow.feather
    import pyarrow.parquet

    if name.endswith("arrow"):
        pyarrow.feather.write_feather(arrow_table("string"), tmp_path / name)
    else:
        pyarrow.parquet.write_table(arrow_table("string"), tmp_path / name)
    assert rows(read_events(tmp_path / name)) == EXPECTED


def test_a_damaged_parquet_file() -> None:
    with pytest.raises(ReadingError, match=r"SV309(.|\n)*Parquet"):
        read_events(io.BytesIO(b"PAR1" + b"x" * 100))


def test_parquet_without_pyarrow_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ReadingError, match=r"SV312(.|\n)*pip install"):
        read_events(io.BytesIO(b"PAR1"))


def test_a_column_of_python_objects_is_refused_by_its_name() -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"time": ["2026-01-02T09:00Z"], "event": ["a"]}).with_columns(
        pl.Series("who", [object()], dtype=pl.Object)
    )
    with pytest.raises(ReadingError, match=r"SV309(.|\n)*column `who` holds Python objects"):
        read_events(frame)
    assert rows(read_events(frame.drop("who"))) == [("a", {})]


@pytest.mark.parametrize("encoding", ["a\0b", "\ud800", "klingon", "hex"])
def test_an_encoding_that_is_none_is_one_error(encoding: str) -> None:
    with pytest.raises(ReadingError) as told:
        read_events(io.BytesIO(CSV.encode()), encoding=encoding)
    assert [problem.code for problem in told.value.problems] == ["SV308"]


def test_an_empty_path_is_not_the_folder_at_hand() -> None:
    with pytest.raises(ReadingError, match=r"SV302(.|\n)*no file is named"):
        read_events("")


# XES --------------------------------------------------------------------------------------------------------

XES = """<?xml version="1.0"?>
<log xmlns="http://www.xes-standard.org/"><global scope="event"><string key="concept:name" value="none"/></global>
<trace><string key="concept:name" value="c1"/><int key="amount" value="5"/>
<event><string key="concept:name" value="A"/><date key="time:timestamp" value="2026-01-02T10:00:00.000+01:00"/>
<list key="l"><values/></list></event>
<event><string key="concept:name" value="B"/></event></trace></log>"""


def test_xes_gives_events_with_the_attributes_of_their_trace() -> None:
    for source in (io.StringIO(XES), io.BytesIO(XES.encode())):
        log = read_events(source)
        assert rows(log) == [("A", {"case:concept:name": "c1", "case:amount": "5"})]
        assert log.events[0].time == NINE
        assert [(row.row, row.code) for row in log.quarantine] == [(2, "SV320")]
        assert any("left out" in note for note in log.notes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<!DOCTYPE l [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><log>&b;</log>', "entities"),
        ('<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><log>&a;</log>', "entities"),
        ("<log>" + "<a>" * 1000, "deeper"),
        ("<log><trace>", "no XML"),
        ("<html/>", "no XES"),
        ("<x><log/></x>", "no XES"),
        ("", "no XML"),
    ],
    ids=[
        "an entity bomb",
        "an outside entity",
        "bottomless",
        "cut short",
        "another XML",
        "a log inside another",
        "empty",
    ],
)
def test_hostile_xml(text: str, says: str) -> None:
    with pytest.raises(ReadingError, match=rf"SV309(.|\n)*{says}"):
        read_events(io.StringIO(text), format="xes")


def xes(inner: str) -> Any:
    return read_events(io.StringIO(f"<log>{inner}</log>"), format="xes")


def an_event(kind: str, more: str = "") -> str:
    return (
        f'<event><string key="concept:name" value="{kind}"/>'
        f'<date key="time:timestamp" value="2026-01-02T09:00:00Z"/>{more}</event>'
    )


NAME = '<string key="concept:name" value="c1"/>'
OTHER_NAME = NAME.replace("c1", "c2")
ONE, TWO = '<int key="n" value="1"/>', '<int key="n" value="2"/>'
OTHER_TRACE = '<string key="case:concept:name" value="c2"/>'


@pytest.mark.parametrize(
    ("inner", "used", "lost", "says"),
    [
        (f"<trace>{an_event('a')}{NAME}</trace>", [("a", "c1")], [], ""),
        (f"<trace>{NAME}{an_event('a')}</trace>{an_event('b')}", [("a", "c1"), ("b", None)], [], ""),
        (f"<trace>{NAME}{an_event('a', an_event('b'))}</trace>", [("a", "c1")], [2], "stands in `log/trace/event`"),
        (f"<trace>{NAME}<trace>{an_event('b')}</trace>{an_event('a')}</trace>", [("a", "c1")], [1], "`log/trace/trace`"),
        (f"<trace>{NAME}{an_event('a')}{an_event('b', ONE + TWO)}</trace>",
         [("a", "c1")], [2], "two values of `n`"),
        (f"<trace>{NAME}{an_event('a', ONE + ONE)}</trace>", [("a", "c1")], [], ""),
        (f"<trace>{NAME}{an_event('a')}{OTHER_NAME}</trace><trace>{NAME}{an_event('b')}</trace>",
         [("b", "c1")], [1], "two values of `case:concept:name`"),
        (f"<trace>{NAME}{an_event('a')}{an_event('b', OTHER_TRACE)}</trace>",
         [("a", "c1")], [2], "two values of `case:concept:name`"),
    ],
    ids=[
        "the name of a trace stands after its events",
        "an event outside of traces has no trace",
        "an event inside an event",
        "a trace inside a trace",
        "an event with two values of one key",
        "a value that is said twice is one value",
        "a trace with two names",
        "an event that names another trace",
    ],
)  # fmt: skip
def test_every_event_of_an_odd_xes_is_read_right_or_in_quarantine(
    inner: str, used: list[tuple[str, str | None]], lost: list[int], says: str
) -> None:
    log = xes(inner)
    found = sorted((event.kind, event.fields.get("case:concept:name")) for event in log.events)
    assert found == used
    assert [(row.row, row.code) for row in log.quarantine] == [(row, "SV326") for row in lost]
    assert all(says in row.reason for row in log.quarantine)
    assert log.counts.rows_in == inner.count("<event>") == len(used) + len(lost)


def test_keys_that_are_one_text_cost_their_row_and_shift_no_other() -> None:
    good = {"time": NINE, "event": "a", "1": "x"}
    log = read_events([good, {**good, 1: "y"}, {"time": NINE, "event": "b", 1: "z"}, {**good, "\ud800": 1}])
    assert rows(log) == [("a", {"1": "x"}), ("b", {"1": "z"})]
    assert [(row.row, row.code) for row in log.quarantine] == [(2, "SV326"), (4, "SV326")]


def test_rows_of_changing_shapes_keep_their_values() -> None:
    table = [{"time": NINE, "event": "a", "n": n, **({"x": n} if n % 3 else {}), **({"y": str(n)} if n % 2 else {})}
             for n in range(50)]  # fmt: skip
    seen = sorted((dict(event.fields) for event in read_events(table).events), key=lambda row: row["n"])
    assert seen == [
        {key: value for key, value in row.items() if key not in {"time", "event"}} for row in table
    ]


@pytest.mark.parametrize("rows", [[{}], [{}, {}], io.StringIO("{}\n{}\n")])
def test_rows_that_hold_nothing_are_no_empty_log(rows: Any) -> None:
    with pytest.raises(EventsError, match="the row is empty"):
        read_events(rows, format="ndjson" if isinstance(rows, io.StringIO) else None)


def test_one_object_of_many_keys_with_one_twice_is_one_row_in_quarantine() -> None:
    many = ", ".join(
        f'"k{number}": 1' for number in range(200_000)
    )  # minutes, where each key counts all others
    log = read_events(
        io.StringIO(f'{{"time": "2026-01-02T09:00Z", "event": "a"}}\n{{{many}, "k199999": 2}}\n'),
        format="ndjson",
    )
    assert [(row.row, row.code) for row in log.quarantine] == [(2, "SV326")]
    assert "`k199999` stands twice" in log.quarantine[0].reason
