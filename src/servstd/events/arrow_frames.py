"""Anything that hands over an Arrow stream, and Arrow's own files.

nanoarrow reads every kind of text that frames use (string, large_string, string_view, dictionaries of these)
at the speed of a list, so pyarrow is needed for Parquet alone.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import nanoarrow as na
import numpy as np

from servstd.errors import Problem, ReadingError, ServstdError
from servstd.events.columns import Column, ColumnBuilder
from servstd.events.tables import Table, one_file
from servstd.events.values import LocalTime
from servstd.intervals import Instant

MAX_COLUMNS = 10_000
_UNITS_US = {"SECOND": 1_000_000, "MILLI": 1_000, "MICRO": 1}
_ALIKE = {"BOOL", "STRING", "LARGE_STRING", "STRING_VIEW", "FLOAT", "DOUBLE", "HALF_FLOAT", "DATE32",
          "DATE64", "TIME32", "TIME64", "DECIMAL32", "DECIMAL64", "DECIMAL128", "DECIMAL256", "BINARY",
          "LARGE_BINARY",
          *(f"{sign}INT{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64))}  # fmt: skip


def read_stream(source: Any, name: str) -> Table:
    """Return the table of a frame: polars, pandas, pyarrow, DuckDB, any other with `__arrow_c_stream__`.

    Timestamps with a zone are instants; those without one need the reader's `timezone`.

    Raises:
        ReadingError: SV309 when the frame does not hand over rows, SV311 for two equal column names.
    """
    try:
        return _table(na.ArrayStream(source), name)
    except ServstdError:
        raise
    except (RecursionError, MemoryError):
        raise ReadingError(
            Problem("SV310", "the frame is nested too deep or too large.", where=name)
        ) from None
    except Exception as fault:  # noqa: BLE001 - what a foreign library raises while it exports
        raise ReadingError(
            Problem(
                "SV309",
                f"the frame does not hand over its rows: {str(fault)[:200]}.",
                where=name,
                help='give its rows as mappings: `read_events(frame.to_dict("records"), ...)`.',
            )
        ) from None


def _table(stream: na.ArrayStream, name: str) -> Table:
    schema = stream.schema
    if schema.type.name != "STRUCT":
        raise ReadingError(
            Problem("SV309", f"a stream of `{schema.type.name.lower()}` has no columns.", where=name)
        )
    fields = [schema.field(place) for place in range(schema.n_fields)]
    names = [field.name or f"column {place}" for place, field in enumerate(fields, start=1)]
    twice = (
        next((column for column in names if names.count(column) > 1), None)
        if len(names) <= MAX_COLUMNS
        else ""
    )
    if twice is not None:
        what = f"the column name `{twice}` stands twice." if twice else f"more than {MAX_COLUMNS:,} columns."
        raise ReadingError(Problem("SV311", what, where=name))
    builders = [ColumnBuilder() for _ in names]
    count = 0
    for chunk in stream:
        count += len(chunk)
        for place, builder in enumerate(builders):
            if fields[place].type.name == "NULL":  # which polars and nanoarrow store differently
                builder.extend([None] * len(chunk))
            else:
                _extend(builder, chunk.child(place))
    columns = {column: builder.column() for column, builder in zip(names, builders, strict=True)}
    return one_file(name, columns, np.arange(1, count + 1))


def _extend(builder: ColumnBuilder, array: na.Array) -> None:
    kind = array.schema.type.name
    if kind == "TIMESTAMP":
        for chunk in array.iter_chunks():
            builder.extend_coded(_stamps(chunk))
    elif kind in _ALIKE or (kind == "DICTIONARY" and array.schema.value_type.type.name in _ALIKE):
        builder.extend_alike(list(array.iter_py()))
    else:
        builder.extend(array.iter_py())


def _stamps(chunk: na.Array) -> Column:
    """Return timestamps by their integers: datetimes would warn of nanoseconds and cost ten times more."""
    make = Instant if chunk.schema.timezone else LocalTime
    first, count = chunk.offset, len(chunk)
    stored = np.asarray(chunk.buffer(1)).view(np.int64)[first : first + count]
    unit = chunk.schema.unit.name
    us = stored // 1_000 if unit == "NANO" else stored * _UNITS_US[unit]
    if unit in {"SECOND", "MILLI"}:  # a product that does not fit is no time
        us = np.where(us // _UNITS_US[unit] == stored, us, np.iinfo(np.int64).max)
    bits = np.asarray(chunk.buffer(0)).view(np.uint8)
    valid = np.unpackbits(bits, bitorder="little")[first : first + count] if len(bits) else np.ones(count)
    there = valid.astype(bool)
    distinct, codes = np.unique(us[there], return_inverse=True)
    coded = np.full(count, len(distinct), np.int32)
    coded[there] = codes
    return Column(coded, [*map(make, distinct.tolist()), None])


def read_parquet(stream: io.BufferedReader, name: str) -> Table:
    """Return the table of a Parquet file.

    Raises:
        ReadingError: SV312 without pyarrow, SV309 for a damaged file.
    """
    return _with_pyarrow(stream, name, "Parquet")


def read_arrow_file(stream: io.BufferedReader, name: str) -> Table:
    """Return the table of an Arrow IPC file or stream, which Feather is too."""
    return _with_pyarrow(stream, name, "Arrow")


def _with_pyarrow(stream: io.BufferedReader, name: str, format_: str) -> Table:
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        import pyarrow.ipc  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise ReadingError(
            Problem(
                "SV312",
                f"{format_} files are read by pyarrow, which is not installed.",
                where=name,
                help='`pip install "servstd[arrow]"`, or export CSV or NDJSON.',
            )
        ) from None
    data = io.BytesIO(stream.read())
    try:
        if format_ == "Parquet":
            batches: Iterable[Any] = pq.ParquetFile(data).iter_batches()
            schema = pq.ParquetFile(data).schema_arrow
            source = pa.RecordBatchReader.from_batches(schema, batches)
        else:
            is_file = data.getvalue()[:6] == b"ARROW1"
            source = pa.ipc.open_file(data).read_all() if is_file else pa.ipc.open_stream(data)
        return read_stream(source, name)
    except (pa.ArrowException, OSError) as fault:
        raise ReadingError(
            Problem("SV309", f"the file is no {format_} file, or damaged: {str(fault)[:200]}.", where=name)
        ) from None
