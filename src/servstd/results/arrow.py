"""Verdict columns as an Arrow stream, through nanoarrow alone."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import nanoarrow as na
from nanoarrow.c_array_stream import CArrayStream

from servstd.results.verdict import AMOUNTS, INSTANTS, are_int64
from servstd.rollups.figures import as_float

_WHOLE = (*AMOUNTS, "occurrence", "paused")


def stream_of(columns: Mapping[str, Sequence[Any]], requested_schema: object = None) -> object:
    """Return a capsule with one batch: instants as timestamp[us, UTC], amounts as int64, the rest as text.

    An amount with decimals, or of more than 64 bits, makes its column float64, because Arrow columns have one type.
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
    if name in _WHOLE:
        if are_int64(values):
            return _integers(values, na.int64())
        return na.c_array([None if value is None else as_float(value) for value in values], na.float64())
    if name == "tie":
        return na.c_array(list(values), na.bool_())
    return na.c_array(list(values), na.string())


def _integers(values: Sequence[int | None], schema: Any) -> Any:
    """Return a column of int64 with a bitmap of what is there."""
    missing = sum(value is None for value in values)
    data = array("q", [0 if value is None else value for value in values])
    bitmap = _bitmap(values) if missing else None
    return na.c_array_from_buffers(schema, len(values), [bitmap, data], null_count=missing)


def _bitmap(values: Sequence[int | None]) -> bytes:
    bits = bytearray((len(values) + 7) // 8)
    for place, value in enumerate(values):
        if value is not None:
            bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)
