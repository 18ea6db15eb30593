"""Anything that hands over an Arrow stream, and Arrow's own files; pyarrow is needed for the files alone."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import nanoarrow as na
import numpy as np

from servstd.errors import Problem, ReadingError, ServstdError
from servstd.events.arrow_values import has_zone, indices_of, stamps_us, valid_of, values_of
from servstd.events.columns import Column, ColumnBuilder
from servstd.events.tables import Table, one_file
from servstd.events.values import LocalTime
from servstd.intervals import Instant

MAX_COLUMNS = 10_000


def read_stream(source: Any, name: str) -> Table:
    """Return the table of a frame: polars, pandas, pyarrow, DuckDB, any other with `__arrow_c_stream__`.

    Timestamps with a zone are instants; those without one need the reader's `timezone`.

    Raises:
        ReadingError: SV309 when the frame does not hand over rows, or a column holds Python objects, SV311 for two
            equal column names.
    """
    _refuse_python_objects(source, name)
    try:
        return _table(na.c_array_stream(source), name)
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
                f"the frame does not hand over its rows: {str(fault)[:200].rstrip('.')}.",
                where=name,
                help='give its rows as mappings: `read_events(frame.to_dict("records"), ...)`.',
            )
        ) from None


def _refuse_python_objects(source: Any, name: str) -> None:
    """Refuse columns of polars' `Object`: what it hands over of them are addresses in memory, as bytes."""
    schema = getattr(source, "schema", None)
    if not isinstance(schema, Mapping):
        return
    columns = [str(column) for column, type_ in schema.items() if str(type_) == "Object"]
    if columns:
        raise ReadingError(
            [
                Problem(
                    "SV309",
                    f"the column `{column:.60}` holds Python objects (`Object`), which no frame can hand over.",
                    where=name,
                    help="make it a column of texts or numbers, or drop it.",
                )
                for column in columns
            ]
        )


def _table(stream: Any, name: str) -> Table:
    schema = stream.get_schema()
    if schema.format != "+s":
        raise ReadingError(Problem("SV309", f"a stream of `{schema.format}` has no columns.", where=name))
    found = [schema.child(place).name for place in range(schema.n_children)]
    names = [column.strip() or f"column {place}" for place, column in enumerate(found, start=1)]
    if len(names) > MAX_COLUMNS:
        raise ReadingError(Problem("SV310", f"the frame has more than {MAX_COLUMNS:,} columns.", where=name))
    twice = next((column for column, often in Counter(names).items() if often > 1), None)
    if twice is not None:
        raise ReadingError(Problem("SV311", f"the column name `{twice:.60}` stands twice.", where=name))
    builders = [ColumnBuilder() for _ in names]
    count = 0
    for chunk in stream:
        count += chunk.length
        for place, builder in enumerate(builders):
            _extend(builder, chunk.child(place), chunk.offset, chunk.length)
    columns = {column: builder.column() for column, builder in zip(names, builders, strict=True)}
    return one_file(name, columns, np.arange(1, count + 1))


def _extend(builder: ColumnBuilder, array: Any, start: int, count: int) -> None:
    """Add elements of an array; repeated values are looked at once where that is cheap."""
    form = array.schema.format
    if array.dictionary is not None:
        values = values_of(array.dictionary)
        codes = indices_of(array, start, count)
        builder.extend_coded(
            Column(np.where(codes < 0, len(values), codes).astype(np.int32), [*values, None])
        )
    elif form.startswith("ts"):
        builder.extend_coded(_stamps(array, start, count))
    elif form.startswith("+"):
        builder.extend(values_of(array, start, count))
    else:
        builder.extend_alike(values_of(array, start, count))


def _stamps(array: Any, start: int, count: int) -> Column:
    """Return timestamps by their integers: datetimes would cost ten times more."""
    make = Instant if has_zone(array) else LocalTime
    us = stamps_us(array, array.offset + start, count)
    there = valid_of(array, start, count)
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
