"""Which format a file has, by its name or else by how it begins, and the reader of each."""

from __future__ import annotations

import io
from typing import IO, TextIO

from servstd.errors import Problem, ReadingError, listed
from servstd.events.csv_files import read_csv
from servstd.events.json_files import read_json, read_ndjson
from servstd.events.options import ReadOptions
from servstd.events.tables import Table

_BY_ENDING = {
    "csv": "csv", "tsv": "csv", "tab": "csv", "ndjson": "ndjson", "jsonl": "ndjson", "json": "json",
    "parquet": "parquet", "pq": "parquet", "arrow": "arrow", "feather": "arrow", "ipc": "arrow", "xes": "xes",
}  # fmt: skip
_BINARY = {b"PAR1": "parquet", b"ARROW1": "arrow"}
_NOT_READ = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"SQLite format 3": "an SQLite database",
}
_SNIFFED = 4096


def format_of(stem: str, stream: io.BufferedReader, name: str, options: ReadOptions) -> str:
    """Return the format: as the options say, by the ending of the name, or by the first bytes.

    Raises:
        ReadingError: SV309 for content that no reader knows.
    """
    head = stream.peek(_SNIFFED)[:_SNIFFED]
    for magic, what in _NOT_READ.items():
        if head.startswith(magic):
            raise ReadingError(
                Problem(
                    "SV309",
                    f"the file is {what}, which is not read here.",
                    where=name,
                    help="save it as CSV (UTF-8), Parquet or NDJSON.",
                )
            )
    if options.format:
        return options.format
    for magic, found in _BINARY.items():
        if head.startswith(magic):
            return found
    ending = stem.rsplit(".", 1)[-1].lower() if "." in stem else ""
    return _BY_ENDING.get(ending) or text_format(head.decode("latin-1"))


def text_format(head: str) -> str:
    r"""Return the format of a text by how it begins.

    Example:
        >>> text_format('{"a": 1}\\n{"a": 2}'), text_format("[{}]"), text_format("a,b")
        ('ndjson', 'json', 'csv')
    """
    start = head.lstrip("\ufeff \t\r\n").removeprefix("\xef\xbb\xbf").lstrip()
    if start.startswith("["):
        return "json"
    if start.startswith("{"):
        line, _, rest = start.partition("\n")
        return (
            "ndjson"
            if line.rstrip().endswith("}") and (not rest.strip() or rest.lstrip()[0] == "{")
            else "json"
        )
    return "xes" if start.startswith(("<?xml", "<log")) else "csv"


def read_binary(stream: io.BufferedReader, name: str, format_: str, options: ReadOptions) -> Table:
    """Return the table of a binary file."""
    _refuse_header(options, format_, name)
    if format_ in {"parquet", "arrow"}:
        from servstd.events.arrow_frames import read_arrow_file, read_parquet  # noqa: PLC0415 - needs pyarrow

        return (read_parquet if format_ == "parquet" else read_arrow_file)(stream, name)
    if format_ == "xes":
        from servstd.events.xes_files import read_xes  # noqa: PLC0415 - XML only for XES

        return read_xes(stream, name, most_cells=options.most_cells)
    return _read_format(_decoded(stream, name, options), name, format_, options)


def read_text(text: IO[str], name: str, options: ReadOptions) -> Table:
    """Return the table of a file object that gives text."""
    stem = name.removesuffix(".gz")
    ending = stem.rsplit(".", 1)[-1].lower() if "." in stem else ""
    format_ = options.format or _BY_ENDING.get(ending) or _sniffed(text)
    _refuse_header(options, format_, name)
    if format_ == "xes":
        from servstd.events.xes_files import read_xes  # noqa: PLC0415 - XML only for XES

        return read_xes(io.BytesIO(text.read().encode()), name, most_cells=options.most_cells)
    if format_ in {"parquet", "arrow"}:
        raise ReadingError(Problem("SV309", f'{format_} is binary: open the file with `"rb"`.', where=name))
    return _read_format(text, name, format_, options)  # type: ignore[arg-type]


def _refuse_header(options: ReadOptions, format_: str, name: str) -> None:
    if format_ != "csv":
        refuse_header(
            options, {"ndjson": "NDJSON", "json": "JSON", "xes": "XES"}.get(format_, format_.title()), name
        )


def refuse_header(options: ReadOptions, what: str, name: str) -> None:
    """Refuse `header` and `skip` where they mean nothing, so that nobody believes that they were heeded.

    Raises:
        ReadingError: SV334.
    """
    given = [option for option in ("header", "skip") if getattr(options, option)]
    if given:
        raise ReadingError(
            Problem(
                "SV334",
                f"`{given[0]}` says how a CSV begins, and this is {what}, which names its columns itself.",
                path=given[0],
                where=name,
                help="leave it out; other names are given by `rename`.",
            )
        )


def _read_format(text: TextIO, name: str, format_: str, options: ReadOptions) -> Table:
    if format_ == "csv":
        return read_csv(text, name, options)
    return (read_ndjson if format_ == "ndjson" else read_json)(text, name)


def _sniffed(text: IO[str]) -> str:
    if not text.seekable():
        return "csv"
    start = text.tell()
    head = text.read(_SNIFFED)
    text.seek(start)
    return text_format(head)


def _decoded(stream: io.BufferedReader, name: str, options: ReadOptions) -> TextIO:
    head = stream.peek(_SNIFFED)[:_SNIFFED]
    encoding = options.encoding or ("utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    if options.encoding is None and encoding == "utf-8-sig":
        _refuse_binary(head, name)
    try:
        return io.TextIOWrapper(
            stream, encoding="utf-8-sig" if encoding.lower() == "utf-8" else encoding, newline=""
        )
    except (LookupError, ValueError):  # the second for names that hold a NUL or half a character
        known = listed(["utf-8", "utf-16", "latin-1", "cp1252"])
        raise ReadingError(
            Problem(
                "SV308",
                f"unknown encoding `{encoding:.40}`. Known are {known} and all that Python knows.",
                path="encoding",
            )
        ) from None


def _refuse_binary(head: bytes, name: str) -> None:
    odd = sum(byte < 9 or 13 < byte < 32 for byte in head)
    if 0 in head and odd * 20 > len(head):  # a text may hold control characters, but never a NUL
        even, uneven = head[::2].count(0), head[1::2].count(0)
        wide = max(even, uneven) * 3 > len(head) // 2
        raise ReadingError(
            Problem(
                "SV309",
                "the file is no text: it holds binary data.",
                where=name,
                help='it may be UTF-16: say `encoding="utf-16-le"` or `encoding="utf-16-be"`.'
                if wide
                else "export it again as CSV, NDJSON or Parquet; if it is one of these, say so by `format`.",
            )
        )
