"""Books and logs as nobody would write them: those of the examples, changed in their structure, values and text."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import quoteattr

import yaml

import servstd
from fuzz.hostile import STRINGS

ROOT = Path(__file__).parents[2]
FORMATS = ("csv", "ndjson", "json", "xes")

_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 7, 10**6, 10**20, -(10**30), 0.1, 1e308, float("inf"), "", " ", "0", "-0", "1e9", "1_000", "٣", "½",
    "always", "never", "all", "$", "$x", "$case", "$a + $b", "1 / 0", "(" * 40, "2 hours before $x", "ceil($x / 0)", "x" * 5_000,
    "0 minutes", "-1 hour", "99999999 days", "1 minute", "1 month", "10 business days", "1.5 hours", "1h 90m", "PT1H", "P1Y",
    "2026-02-30", "2026-03-02", "0001-01-01", "9999-12-31", "1900-01-01T00:00Z", "2200-01-01", "24:00", "25:00", "09:00-09:00",
    "22:00-06:00", "17:00-09:00", "mon", "mon-fri", "sun-mon", "Europe/London", "Mars/Base", "UTC", "America/Sao_Paulo", "GB", "XX",
    "100%", "0%", "-5%", "101%", "95% a month", "95% a week by region", "p95", "month", "rolling 7 days", "once", "every", "latest",
    "FREQ=DAILY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY;COUNT=5", "FREQ=MONTHLY;BYDAY=5FR", "FREQ=", "20 GBP", "GBP",
    [], {}, [[]], [None], ["a", "a"], {"": None}, {"a": {"b": {"c": 1}}}, {"exists": True}, {"matches": "(a+)+$"}, {"in": []}, {"ge": "x"},
    {"by": "priority", "P1": "1 hour", "else": "2 hours"}, {"event": "x", "where": {"y": {"ne": None}}}, {"any": []}, {"all": [{}]}, {"not": {}},
    "a\0b", "utf-16", "latin-1", "%d/%m/%Y", "%", "%Q", "epoch_ms", "excel_days", ",", ";", "\t", "file", "csv", "clear",
)  # fmt: skip
_TOKENS = (
    "{", "}", "[", "]", ":", ": ", "- ", "#", " #", "&a ", "*a ", "!!int ", "!x ", "|", ">", "'", '"', "\\", "\t", "\n", "\r", "\0", "%",
    "@", "`", "---\n", "...\n", "<<: ", "? ", ",", "=", "~", "\ufeff", "\x85", "\u2028", "é", "\x1b[2J", "0x", "1:2:3", "yes", "    ",
)  # fmt: skip
_TIMES = (
    "", "soon", "2026-03-02T09:00Z", "2026-03-02 09:00", "02/03/2026 09:00", "2026-03-02T09:00:00.1234567Z", "1772442000", "46083.5", "0001-01-01T00:00Z",
    "9999-12-31T23:59Z", "2026-03-29T01:30", "2026-03-02T09:00+25:00", "2026-13-01T00:00Z", "-1", "1e400", "NaN", "2026-03-02T24:00Z", "٢٠٢٦-٠٣-٠٢",
)  # fmt: skip


_RARE = """
timezone: UTC
case: [id, tags]
segments: {size: {small: {n: {lt: 3}}, large: {n: {ge: 3}}}}
recurrences:
  issue: {rrule: "FREQ=MONTHLY;BYMONTHDAY=15;COUNT=40", start: 2026-01-01, timezone: Europe/London}
calendars:
  office: {timezone: UTC, hours: {mon-fri: "09:00-17:00"}, holidays: [{rrule: "FREQ=MONTHLY;BYDAY=1MO", start: 2026-01-01}, {country: GB}]}
  late: {timezone: Asia/Kathmandu, hours: {mon-sun: "22:00-02:00"}}
  both: {union: [office, late]}
calendar: office
standards:
  - {id: reply, kind: respond, start: a, stop: b, within: 2 hours, recurs: every, match: [n], pause_while: {state: wait}, objective: 90% a week}
  - {id: due, kind: respond, start: a, stop: b, within: {by: size, small: 1 business day, else: 2 weeks}, objective: {share: 50%, window: {rolling: 7 days}}}
  - {id: heat, kind: gauge, level: {set: $n, on: a}, above: 3, then: b, within: 1 hour, objective: 95% a month}
  - {id: paid, kind: quantity, sum: {field: n, of: a}, at_most: 3, per: day}
"""
"""Of what the other books have little: rules of recurrence, cases of lists, lanes, pauses that toggle, short windows."""
_RARE_ROWS: list[dict[str, Any]] = [
    {"time": f"2026-03-{1 + step // 4:02d}T{8 + step % 4 * 3:02d}:00Z", "event": "ab"[step % 2], "id": step % 3, "tags": [step % 2, "x"], "n": step % 5,
     "state": ("wait", "work")[step % 2]}
    for step in range(60)
]  # fmt: skip


@cache
def books() -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the texts of books, each with the rows of a log that belongs to it, or of none."""
    published = sorted((ROOT / "examples" / "published").glob("*.yaml"))
    found: list[tuple[str, list[dict[str, Any]]]] = [(path.read_text(), []) for path in published]
    for folder in sorted((ROOT / "examples").iterdir()):
        if (folder / "standards.yaml").exists():
            log = next(folder.glob("log.*"))
            found.append(((folder / "standards.yaml").read_text(), _rows_of(log)[:200]))
    for path in sorted((ROOT / "tests" / "conformance").glob("*/standards.yaml")):
        log = path.parent / "events.ndjson"
        found.append((path.read_text(), _rows_of(log) if log.exists() else []))
    found += [
        (path.read_text(), [])
        for path in sorted((ROOT / "tests" / "unit" / "lint" / "cases").glob("*/*.yaml"))
    ]
    return found + [(_RARE, _RARE_ROWS)] * 40


@cache
def _cases() -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the texts of the books that load and have a log, with its rows."""
    found = []
    for text, rows in books():
        with suppress(servstd.ServstdError):
            servstd.loads(text)
            found += [(text, rows)] if rows else []
    return found


def _rows_of(path: Path) -> list[dict[str, Any]]:
    text = path.read_text()
    if path.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(text)))
    return [json.loads(line) for line in text.splitlines() if line.strip()]


@cache
def _parts() -> list[tuple[str, Any]]:
    """Return keys of all books with what stands under them: what is transplanted stands in a book somewhere."""
    found: list[tuple[str, Any]] = []
    for text, _ in books():
        found += [(str(key), value) for _, key, value in _places(yaml.safe_load(text))]
    return found


def _places(data: Any) -> list[tuple[Any, Any, Any]]:
    """Return every member of a tree: its container, its key or index, and itself."""
    found, waiting = [], [data]
    while waiting:
        one = waiting.pop()
        inside = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        for key, value in inside:
            found.append((one, key, value))
            waiting.append(value)
    return found


# -- books ---------------------------------------------------------------------------------------------------------


def mutated_book(random: Random) -> tuple[str, str, list[dict[str, Any]]]:
    """Return the text of a book, its format, and rows that belong to what it was."""
    text, rows = random.choice(books())
    if not rows:
        rows = random.choice([rows for _, rows in books() if rows])
    format_ = "yaml"
    if random.random() < 0.75:
        data = yaml.safe_load(text)
        for _ in range(random.choice((1, 1, 2, 3, 8))):
            _change(data, random)
        text, format_ = (_json(data), "json") if random.random() < 0.3 else (_yaml(data), "yaml")
    if format_ == "yaml" and random.random() < 0.4:
        text = _scribbled(text, random)
    return text, format_, rows


def _change(data: Any, random: Random) -> None:
    places = _places(data)
    if not places:
        return
    inside, key, value = random.choice(places)
    what = random.randrange(16)
    rules = [one for one in places if isinstance(one[2], str) and one[2].startswith("FREQ=")]
    if rules and random.random() < 0.3:  # one text that is a program of its own
        (inside, key, value), what = random.choice(rules), 3
    if what < 3:
        inside[key] = copy.deepcopy(random.choice(_ODD))
    elif what == 3:
        inside[key] = _nearly(value, random)
    elif what == 4:
        inside[key] = random.choice(STRINGS)
    elif what == 5:
        name, part = random.choice(_parts())
        if isinstance(inside, dict):
            inside[name] = copy.deepcopy(part)
        else:
            inside.append(copy.deepcopy(part))
    elif what == 6:
        inside[key] = [copy.deepcopy(value) for _ in range(random.choice((0, 1, 2, 50)))]
    elif what == 7 and isinstance(inside, dict):
        name = random.choice((random.choice(_parts())[0], random.choice(STRINGS), f"{key}x", str(key)[:-1]))
        inside[name] = inside.pop(key)
    elif what == 8:
        inside[key] = copy.deepcopy(random.choice(places)[2])
        if len(_places(data)) > 20_000:
            inside[key] = None
    elif what == 9:
        inside.pop(key)
    else:  # what other books say there: the most of these load
        inside[key] = copy.deepcopy(random.choice(_parts_by_key().get(str(key), [value])))


def _nearly(value: Any, random: Random) -> Any:
    """Return a value with one of its numbers, or a part of its text, changed."""
    if not isinstance(value, str):
        return value * random.choice((-1, 0, 2, 10**9)) if isinstance(value, int | float) else value
    if value.startswith("FREQ="):
        more = (
            "INTERVAL=9999",
            "BYMONTH=2;BYMONTHDAY=30",
            "BYYEARDAY=366",
            "UNTIL=19000101T000000Z",
            "BYHOUR=25",
            "BYSETPOS=-366",
        )
        return f"{random.choice((value, 'FREQ=DAILY', 'FREQ=WEEKLY', 'FREQ=YEARLY', 'FREQ=SECONDLY'))};{random.choice(more)}"
    number = str(random.choice((0, 1, 24, 31, 366, 10**4, 10**12)))
    return re.sub(r"[0-9]+", lambda found: random.choice((found[0], number)), value)


@cache
def _parts_by_key() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for key, value in _parts():
        found.setdefault(key, []).append(value)
    return found


def _json(data: Any) -> str:
    return json.dumps(_with_texts_as_keys(data), default=str)


def _with_texts_as_keys(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _with_texts_as_keys(value) for key, value in data.items()}
    return [_with_texts_as_keys(one) for one in data] if isinstance(data, list) else data


def _yaml(data: Any) -> str:
    try:
        return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    except (yaml.YAMLError, RecursionError):
        return _json(data)


def _scribbled(text: str, random: Random) -> str:
    for _ in range(random.choice((1, 1, 2, 5))):
        at = random.randrange(len(text) + 1)
        what = random.randrange(6)
        if what == 0:
            text = text[:at] + random.choice(_TOKENS) + text[at:]
        elif what == 1:
            text = text[:at] + text[at + random.choice((1, 3, 40)) :]
        elif what == 2:
            text = text[:at] + random.choice(STRINGS) + text[at:]
        elif what == 3:
            text = text[:at]
        elif what == 4:
            lines = text.split("\n")
            one, other = random.randrange(len(lines)), random.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
            text = "\n".join(lines)
        else:
            text = re.sub(
                r"(?m)^( *)",
                lambda found: found[1] + " " * random.randrange(2),
                text,
                count=random.randrange(9),
            )
    return text


# -- logs ----------------------------------------------------------------------------------------------------------


def mutated_log(random: Random) -> tuple[str, str, str]:
    """Return the text of a book that loads, the text of a log and the log's format."""
    text, rows = random.choice(_cases())
    rows = copy.deepcopy(rows[: random.choice((3, 20, 200))])
    for _ in range(random.choice((0, 1, 2, 5, 20))):
        _change_rows(rows, random)
    format_ = random.choice(FORMATS)
    log = _WRITERS[format_](rows)
    if random.random() < 0.5:
        log = _scribbled(log, random)
    return text, log, format_


def _change_rows(rows: list[dict[str, Any]], random: Random) -> None:
    if not rows:
        return
    row = random.choice(rows)
    names = list(row) or ["x"]
    name, what = random.choice(names), random.randrange(8)
    if what == 0:
        row[name] = random.choice(STRINGS)
    elif what == 1:
        row[name] = random.choice(_TIMES)
    elif what == 2:
        row[name] = copy.deepcopy(random.choice(_ODD))
    elif what == 3:
        row.pop(name, None)
    elif what == 4:
        row[random.choice(STRINGS) or "x"] = row.get(name)
    elif what == 5:
        rows.append(copy.deepcopy(row))
    elif what == 6:
        rows.insert(random.randrange(len(rows)), {})
    else:
        row[name] = copy.deepcopy(random.choice(rows).get(name))


def _csv(rows: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["time"]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([name.replace("\0", "") for name in names])
    writer.writerows(
        [str(row.get(name, "") if row.get(name) is not None else "").replace("\0", "") for name in names]
        for row in rows
    )
    return out.getvalue()


def _ndjson(rows: list[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(row, default=str)}\n" for row in rows)


def _xes(rows: list[dict[str, Any]]) -> str:
    events = []
    for row in rows:
        cells = [f"<string key={_attribute(name)} value={_attribute(value)}/>" for name, value in row.items()]
        events.append(f"<event>{''.join(cells)}</event>")
    half = len(events) // 2
    traces = [
        f'<trace><string key="concept:name" value="{place}"/>{"".join(part)}</trace>'
        for place, part in enumerate((events[:half], events[half:]))
    ]
    return f"<log>{''.join(traces)}</log>"


def _attribute(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return quoteattr("".join(one for one in text if one.isprintable()))


_WRITERS: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "csv": _csv, "ndjson": _ndjson, "json": _json, "xes": _xes,
}  # fmt: skip
