"""Open a file, decode it, and read it by its format."""

from __future__ import annotations

import os
from pathlib import Path as FilePath
from typing import Final

from servstd.errors import Problem, StandardsError, listed
from servstd.escaping import printable
from servstd.files.document import MOST_BYTES, Document

FORMATS: Final = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"}
_LOGS: Final = (".csv", ".tsv", ".ndjson", ".jsonl", ".parquet", ".arrow", ".xes")


def parse_document(text: str | bytes, *, format: str = "yaml", name: str = "<text>") -> Document:  # noqa: A002 - the public name
    """Read text as plain data with positions.

    Args:
        text: At most 5 MB; bytes are UTF-8, with or without a byte order mark.
        format: `yaml`, `json` or `toml`.
        name: How messages call it.

    Returns:
        The data and where everything stood.

    Raises:
        StandardsError: SV170 an unknown format, SV171 to SV179.

    Example:
        >>> parse_document('{"a": [1]}', format="json").data
        {'a': [1]}
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    _limit_size(len(data), name)
    text = decoded(data, name).removeprefix("\ufeff")
    if format == "yaml":
        from servstd.files.yaml import parse_yaml  # noqa: PLC0415 - loaded when it is needed

        return parse_yaml(text, name)
    if format == "json":
        from servstd.files.json_reader import parse_json  # noqa: PLC0415 - as above

        return parse_json(text, name)
    if format == "toml":
        from servstd.files.toml_reader import parse_toml  # noqa: PLC0415 - as above

        return parse_toml(text, name)
    raise StandardsError(
        Problem(
            "SV170",
            f"unknown format `{format}`. Known here: {listed(sorted(set(FORMATS.values())))}.",
            where=name,
        )
    )


def read_document(path: str | os.PathLike[str]) -> Document:
    """Read one file as plain data with positions; its ending says the format.

    Raises:
        StandardsError: SV170 it cannot be opened, SV171 to SV179 it cannot be read.
    """
    file = FilePath(path)
    name = file.as_posix()
    if name.lower().removesuffix(".gz").endswith(_LOGS):
        raise StandardsError(
            Problem(
                "SV179",
                f"`{name}` is a log of events by its ending, and no book.",
                "a book is YAML, JSON or TOML. `servstd check` takes the book first, `servstd lint` a log as `--log`.",
                where=name,
            )
        )
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
            size = max(len(data), os.fstat(opened.fileno()).st_size)
    except (OSError, ValueError) as failure:
        raise StandardsError(_unopened(file, name, failure)) from None
    _limit_size(size, name)
    return parse_document(data, format=format_of(file), name=name)


def format_of(path: FilePath) -> str:
    """Return the format of a file by its ending; what is not `.json` or `.toml` is read as YAML.

    Example:
        >>> format_of(FilePath("book.yml"))
        'yaml'
    """
    return FORMATS.get(path.suffix.lower(), "yaml")


def decoded(data: bytes, name: str) -> str:
    """Return bytes as text.

    Raises:
        StandardsError: SV177, they are not UTF-8; names the line and the byte.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise StandardsError(
            Problem("SV177", "the file is UTF-16, not UTF-8.", "save it as UTF-8.", where=f"{name}:1:1")
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as failure:
        before = data[: failure.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        byte = data[failure.start]
        read = f" In Latin-1 it would be `{chr(byte)}`." if byte >= 0xA0 else ""
        raise StandardsError(
            Problem(
                "SV177",
                f"the byte 0x{byte:02X} is not UTF-8.{read}",
                "save the file as UTF-8 (`iconv -f latin1 -t utf-8`).",
                where=f"{name}:{line}:{column}",
            )
        ) from None


def _limit_size(size: int, name: str) -> None:
    if size > MOST_BYTES:
        raise StandardsError(
            Problem(
                "SV175",
                f"the file has {size // 1_000_000:,} MB; at most {MOST_BYTES // 1_000_000} are read.",
                "is it a log of events? Else split it into several files in one folder.",
                where=name,
            )
        )


def _unopened(file: FilePath, name: str, failure: Exception) -> Problem:
    if isinstance(failure, FileNotFoundError):
        near = _similar(file)
        return Problem("SV170", f"there is no file `{name}`.", f"is it `{near}`?" if near else "", where=name)
    reason = failure.strerror if isinstance(failure, OSError) and failure.strerror else str(failure)
    return Problem("SV170", f"the file `{name}` cannot be opened: {reason}.", where=printable(name))


def _similar(file: FilePath) -> str | None:
    import difflib  # noqa: PLC0415 - only for a message

    try:
        names = [entry.name for entry in os.scandir(file.parent)][:1000]
    except OSError:
        return None
    found = difflib.get_close_matches(file.name, names, n=1)
    return (file.parent / found[0]).as_posix() if found else None
