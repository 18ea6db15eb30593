"""From what the caller gives to tables: paths, file objects, rows, frames."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from servstd.errors import Problem, ReadingError
from servstd.events.csv_files import read_csv
from servstd.events.mappings import read_rows
from servstd.events.options import ReadOptions
from servstd.events.tables import Table, stacked

Source: TypeAlias = Any
"""A path, a glob, paths, a file object, an iterable of mappings or `Event`s, or an Arrow stream."""


def read_tables(source: Source, options: ReadOptions) -> tuple[Table, ReadOptions]:
    """Return the table of a source, and the options to read it by."""
    if isinstance(source, (str, Path)):
        return _read_path(Path(source), options), options
    return read_rows(source, options)


def _read_path(path: Path, options: ReadOptions) -> Table:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as binary:
        text = io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
        return read_csv(text, path.name, options)
