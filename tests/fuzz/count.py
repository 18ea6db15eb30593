"""How many rows a file has, by rules of its format and without anything of servstd."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET


def rows_in(text: str, format_: str) -> int | None:
    """Return the number of rows; None where the file is not of its format, so that it must be refused."""
    return {"csv": _in_csv, "ndjson": _in_ndjson, "json": _in_json, "xes": _in_xes}[format_](text)


def _in_ndjson(text: str) -> int:
    return sum(bool(line.strip()) for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")))


def _in_json(text: str) -> int | None:
    try:
        data = json.loads(text.removeprefix("\ufeff"), strict=False)
    except json.JSONDecodeError as fault:
        return _in_ndjson(text) if fault.msg == "Extra data" else None
    except (ValueError, RecursionError):
        return None
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list)]
        return len(lists[0]) if len(lists) == 1 else None
    return len(data) if isinstance(data, list) else None


def _in_xes(text: str) -> int | None:
    try:
        root = ET.fromstring(text.removeprefix("\ufeff"))
    except ET.ParseError:
        return None
    return sum(one.tag.rsplit("}")[-1] == "event" for one in root.iter())


def _in_csv(text: str) -> int:
    """Count records below the header: neither empty ones, nor those that repeat it."""
    records = [one for one in _records(text.removeprefix("\ufeff")) if one != [""]]
    if not records:
        return 0
    header = [cell.strip().casefold() for cell in records[0] or []]
    return sum(
        record is None
        or (
            (any(record) or len(record) >= len(header))
            and [cell.strip().casefold() for cell in record] != header
        )
        for record in records[1:]
    )


def _records(text: str) -> list[list[str] | None]:
    """Return the records of a CSV, None for one that is broken: what stands behind a closed quote ends its line."""
    found: list[list[str] | None] = []
    cells: list[str] = [""]
    is_quoted = False
    for line in re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text):
        bare = line.rstrip("\r\n")
        at, is_broken = 0, False
        while at < len(bare):
            sign = bare[at]
            if is_quoted:
                if sign == '"' and bare[at + 1 : at + 2] == '"':
                    cells[-1] += '"'
                    at += 1
                elif sign == '"':
                    is_quoted = False
                    if at + 1 < len(bare) and bare[at + 1] != ",":
                        is_broken = True
                        break
                else:
                    cells[-1] += sign
            elif sign == ",":
                cells.append("")
            elif not cells[-1] and sign == " ":
                pass  # blanks before a value are no part of it
            elif sign == '"' and not cells[-1] and bare[:at].rstrip(" ")[-1:] in ("", ","):
                is_quoted = True
            else:
                cells[-1] += sign
            at += 1
        if is_quoted and not is_broken:
            cells[-1] += line[len(bare) :]
            continue
        found.append(None if is_broken else cells)
        cells, is_quoted = [""], False
    return found if not is_quoted else [*found, None]
