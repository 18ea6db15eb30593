"""From what the caller gives to one table: paths, globs, file objects, rows, frames."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterable, Mapping
from glob import glob
from itertools import chain
from pathlib import Path
from typing import IO, Any, TypeAlias

from servstd.errors import Problem, ReadingError, ServstdError, closest, listed
from servstd.events.bounded import BoundedBytes
from servstd.events.formats import format_of, read_binary, read_text, refuse_header
from servstd.events.mappings import read_rows
from servstd.events.options import ReadOptions
from servstd.events.tables import Table, stacked

Source: TypeAlias = Any
"""A path, a glob, paths, a file object, an iterable of mappings or `Event`s, or an Arrow stream."""


def read_tables(source: Source, options: ReadOptions) -> tuple[Table, ReadOptions]:
    """Return the table of a source, and the options to read it by.

    Raises:
        ReadingError: SV302 for a missing file, SV308 for another encoding, SV309 for another format, SV310
            for one that is too large.
    """
    if isinstance(source, (str, os.PathLike)):
        return _read_paths(_paths(source), options), options
    if hasattr(source, "__arrow_c_stream__"):
        from servstd.events.arrow_frames import read_stream  # noqa: PLC0415 - pyarrow only for frames

        refuse_header(options, "a frame", "frame")
        return read_stream(source, "frame"), options
    if hasattr(source, "read"):
        return _read_object(source, options), options
    if isinstance(source, (bytes, bytearray, Mapping)) or not isinstance(source, Iterable):
        raise ReadingError(_no_source(source))
    return _read_iterable(source, options)


def _read_iterable(source: Iterable[object], options: ReadOptions) -> tuple[Table, ReadOptions]:
    items = iter(source)
    first = next(items, None)
    if isinstance(first, (str, os.PathLike)):
        paths = [path for item in chain([first], items) for path in _paths(item)]
        return _read_paths(paths, options), options
    refuse_header(options, "rows of Python", "rows")
    return read_rows([] if first is None else chain([first], items), options)


def _no_source(source: object) -> Problem:
    help_ = "give a path, a file object, an iterable of mappings, or a frame."
    if isinstance(source, Mapping):
        help_ = "a mapping is one row: give a list of them."
    elif isinstance(source, (bytes, bytearray)):
        help_ = "wrap the content of a file: `io.BytesIO(data)`."
    return Problem("SV302", f"events cannot be read from `{type(source).__name__}`.", help=help_)


def _paths(source: object) -> list[Path]:
    if not isinstance(source, (str, os.PathLike)):
        raise ReadingError(Problem("SV302", f"`{source!r:.60}` stands among paths and is none."))
    text = os.fspath(source)
    if not text:
        raise ReadingError(Problem("SV302", "no file is named: the path is empty."))
    if isinstance(text, bytes) or "\0" in text or "\n" in text:
        raise ReadingError(
            Problem(
                "SV302",
                f"`{text!r:.60}` is no path.",
                help="wrap the content of a file: `io.StringIO(text)`.",
            )
        )
    path = Path(text)
    try:
        is_there, is_folder = path.exists(), path.is_dir()
    except OSError as fault:
        raise ReadingError(Problem("SV302", f"`{text:.80}` cannot be opened: {fault.strerror}.")) from None
    if is_folder:
        raise ReadingError(
            Problem("SV302", f"`{text}` is a folder.", help=f"name the files in it: `{path / '*.csv'}`.")
        )
    if is_there:
        return [path]
    found = sorted(glob(text, recursive=True)) if any(char in text for char in "*?[") else []  # noqa: PTH207
    if not found:
        raise ReadingError(_missing(path))
    return [Path(name) for name in found if not Path(name).is_dir()]


def _missing(path: Path) -> Problem:
    if any(char in str(path) for char in "*?["):
        return Problem("SV302", f"no file matches `{path}`.")
    beside = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
    near = closest(path.name, beside)
    return Problem(
        "SV302", f"there is no file `{path}`.", help=f"is it `{path.parent / near}`?" if near else ""
    )


def _read_paths(paths: list[Path], options: ReadOptions) -> Table:
    names = [path.name for path in paths]
    tables = [
        _read_path(path, str(path) if names.count(path.name) > 1 else path.name, options) for path in paths
    ]
    table = stacked(tables)
    for one in tables:
        lacks = [name for name in table.columns if name not in one.columns]
        if lacks and one.columns and len(lacks) < len(table.columns):
            table.notes.append(
                f"{one.files[0]} lacks columns that other files have: {listed(lacks, most=5)}."
            )
    return table


def _read_path(path: Path, name: str, options: ReadOptions) -> Table:
    try:
        with path.open("rb") as raw:
            return _read_guarded(raw, name, options)
    except OSError as fault:
        raise ReadingError(
            Problem("SV302", f"the file cannot be opened: {fault.strerror or fault}.", where=name)
        ) from None


def _read_object(source: IO[Any], options: ReadOptions) -> Table:
    name = getattr(source, "name", None)
    name = Path(name).name if isinstance(name, str) and name else "file"
    if isinstance(source.read(0), str):
        return _guarded(name, lambda: read_text(source, name, options))
    return _read_guarded(source, name, options)


def _read_guarded(raw: IO[bytes], name: str, options: ReadOptions) -> Table:
    """Read a binary file, unpacking gzip by what it holds and not by how it is called."""
    packed = BoundedBytes(raw, name)
    reader = io.BufferedReader(packed, 1 << 16)

    def read() -> Table:
        stem = name
        stream: io.BufferedReader[Any] = reader
        if reader.peek(2)[:2] == b"\x1f\x8b":
            stem = name.removesuffix(".gz")
            inner = BoundedBytes(gzip.GzipFile(fileobj=reader), name, packed)
            stream = io.BufferedReader(inner, 1 << 20)
        return read_binary(stream, name, format_of(stem, stream, name, options), options)

    return _guarded(name, read)


def _guarded(name: str, read: Callable[[], Table]) -> Table:
    """Turn what files can do to their readers into one clear error."""
    try:
        table = read()
    except ServstdError:
        raise
    except UnicodeError as fault:
        raise ReadingError(_not_decoded(name, fault)) from None
    except (OSError, EOFError, zlib.error) as fault:
        problem = Problem(
            "SV309", f"the file is damaged or cut short: {fault or type(fault).__name__}.", where=name
        )
        raise ReadingError(problem) from None
    except (RecursionError, MemoryError):
        raise ReadingError(
            Problem("SV310", "the file is nested too deep or too large to be read.", where=name)
        ) from None
    return table


def _not_decoded(name: str, fault: UnicodeError) -> Problem:
    bad = fault.object[fault.start : fault.start + 1].hex() if isinstance(fault, UnicodeDecodeError) else ""
    what = (
        f"byte 0x{bad} is no {fault.encoding} text" if isinstance(fault, UnicodeDecodeError) else str(fault)
    )
    return Problem(
        "SV308", f"the file cannot be decoded: {what}.", where=name,
        help='say which encoding it has: `encoding="cp1252"` (Windows), `"latin-1"`, `"utf-16"`.',
    )  # fmt: skip
