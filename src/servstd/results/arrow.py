"""Verdict columns as an Arrow stream, through nanoarrow alone."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import accumulate, chain
from typing import Any

import nanoarrow as na
from nanoarrow.c_array_stream import CArrayStream

from servstd.results.verdict import INSTANTS, LENGTHS, NUMBERS


def stream_of(columns: Mapping[str, Sequence[Any]], requested_schema: object = None) -> object:
    """Return a capsule with one batch.

    The type of a column follows from its name alone (decision 0241): instants are timestamp[us, UTC], lengths of time
    duration[us], amounts in other units float64, the parts of a key list<text>, the rest as it is.

    Args:
        columns: The columns of a frame.
        requested_schema: What the taker asks for.
    """
    children = {name: _column(name, values) for name, values in columns.items()}
    schema = na.struct({name: child.schema for name, child in children.items()})
    length = len(next(iter(columns.values())))
    batch = na.c_array_from_buffers(schema, length, [None], children=list(children.values()))
    stream = CArrayStream.from_c_arrays([batch], batch.schema, move=False, validate=False)
    return stream.__arrow_c_stream__(requested_schema)


def _column(name: str, values: Sequence[Any]) -> Any:
    if name in INSTANTS:
        return _integers(values, na.timestamp("us", timezone="UTC"))
    if name in LENGTHS:
        return _integers(values, na.duration("us"))
    if name in NUMBERS:
        return na.c_array(list(values), na.float64())
    if name == "occurrence":
        return _integers(values, na.int64())
    if name == "tie":
        return na.c_array(list(values), na.bool_())
    if name == "case_key":
        return _lists(values)
    return na.c_array(list(values), na.string())


def _integers(values: Sequence[int | None], schema: Any) -> Any:
    """Return a column of int64 with a bitmap of what is there."""
    missing = sum(value is None for value in values)
    data = array("q", [0 if value is None else value for value in values])
    bitmap = _bitmap(values) if missing else None
    return na.c_array_from_buffers(schema, len(values), [bitmap, data], null_count=missing)


def _lists(values: Sequence[Sequence[str]]) -> Any:
    ends = array("i", accumulate(map(len, values), initial=0))
    texts = na.c_array(list(chain.from_iterable(values)), na.string())
    return na.c_array_from_buffers(na.list_(na.string()), len(values), [None, ends], children=[texts])


def _bitmap(values: Sequence[int | None]) -> bytes:
    bits = bytearray((len(values) + 7) // 8)
    for place, value in enumerate(values):
        if value is not None:
            bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)
