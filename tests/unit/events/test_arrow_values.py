"""Arrow arrays against what pyarrow and polars themselves say is in them."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import nanoarrow as na
import pyarrow as pa
import pytest

from servstd.errors import ReadingError
from servstd.events import read_events
from servstd.events.arrow_values import values_of
from servstd.expressions import Duration

LONG = "a text of more than twelve bytes, which a view keeps outside: "
TEXTS = ["short", LONG + "1", None, "", "é" * 40, "twelve bytes", LONG + "2", None]
NESTED = [{"k": LONG, "v": [1, None]}, None, {"k": None, "v": []}, {"k": "x", "v": None}]

ARRAYS = {
    "string": pa.array(TEXTS),
    "large_string": pa.array(TEXTS, pa.large_string()),
    "string_view": pa.array(TEXTS, pa.string_view()),
    "dictionary": pa.array(TEXTS).dictionary_encode(),
    "dictionary of views": pa.DictionaryArray.from_arrays(
        pa.array([0, None, 1, 0], pa.uint8()), pa.array([LONG, "b"], pa.string_view())
    ),
    "list": pa.array([[LONG, None], None, [], ["b"]], pa.list_(pa.string_view())),
    "large_list": pa.array([[LONG, None], None, [], ["b"]], pa.large_list(pa.large_string())),
    "list of one size": pa.array([[1, 2], None, [3, None]], pa.list_(pa.int16(), 2)),
    "struct": pa.array(NESTED),
    "list of structs": pa.array([NESTED, None, []]),
    "bool": pa.array([True, None, False] * 7),
    "null": pa.nulls(5),
    "decimal": pa.array([Decimal("1.10"), None, Decimal("-12345678901234567890123456789.01")], pa.decimal128(38, 2)),
    "float": pa.array([1.5, None, -0.25], pa.float32()),
    "half": pa.array([1.5, None, -0.25], pa.float32()).cast(pa.float16()),
    **{str(kind): pa.array([1, None, 127], kind) for kind in (pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(),
                                                               pa.uint32(), pa.int64(), pa.uint64())},
}  # fmt: skip


def read(array: pa.Array) -> list[object]:
    found: list[object] = []
    for chunk in na.c_array_stream(pa.table({"x": array})):
        found += values_of(chunk.child(0), chunk.offset, chunk.length)
    return found


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS.keys())
def test_arrays_whole_sliced_and_chunked(array: pa.Array) -> None:
    assert read(array) == array.to_pylist()
    for start in range(len(array)):
        for length in range(len(array) - start + 1):
            part = array.slice(start, length)
            assert read(part) == part.to_pylist()
    assert read(pa.chunked_array([array, array.slice(1)])) == array.to_pylist() + array.slice(1).to_pylist()


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([date(2026, 3, 2), None], pa.date32()), ["2026-03-02", None]),
        (pa.array([date(1969, 12, 31), None], pa.date64()), ["1969-12-31", None]),
        (pa.array([time(9, 1, 2, 3), None], pa.time64("us")), ["09:01:02.000003", None]),
        (pa.array([time(9, 1, 2), None], pa.time32("s")), ["09:01:02", None]),
        (
            pa.array([timedelta(seconds=-1, microseconds=5), None], pa.duration("us")),
            [Duration(-999_995), None],
        ),
        (pa.array([b"\x00\xff", None], pa.binary()), [b"\x00\xff", None]),
        (pa.array([b"x" * 40, None], pa.binary_view()), [b"x" * 40, None]),
        (pa.array([b"ab", None], pa.binary(2)), [b"ab", None]),
        (pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int8())), [{"k": 1}, None]),
    ],
    ids=["date32", "date64", "time64", "time32", "duration", "binary", "binary view", "fixed binary", "map"],
)
def test_types_that_become_others(array: pa.Array, expected: list[object]) -> None:
    assert read(array) == expected
    assert read(array.slice(1)) == expected[1:]


def test_a_type_that_no_field_holds_is_refused() -> None:
    union = pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1]), pa.array(["a"])])
    with pytest.raises(ReadingError, match=r"SV309(.|\n)*not read"):
        read(union)


def test_long_texts_of_polars_do_not_take_the_process_down() -> None:
    # nanoarrow 0.9 aborts when it iterates over these itself.
    import polars as pl

    rows = [
        {"time": f"2026-03-02T09:00:0{n}.000000Z", "event": LONG + str(n), "tags": [LONG] * n}
        for n in range(9)
    ]
    log = read_events(pl.DataFrame(rows))
    assert [event.kind for event in log.events] == [LONG + str(n) for n in range(9)]
    assert [event.fields["tags"] for event in log.events] == [[LONG.strip()] * n for n in range(9)]
