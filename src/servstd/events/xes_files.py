"""XES event logs, streamed: traces and their events, no entities, no other files."""

from __future__ import annotations

from typing import BinaryIO
from xml.parsers import expat

from servstd.errors import Problem, ReadingError
from servstd.events.bounded import UnwrittenCells
from servstd.events.mappings import RowsBuilder
from servstd.events.tables import Table

MAX_DEPTH = 64
_TEXTS = {"string", "date", "id", "boolean", "int", "float"}
_CONTAINERS = {"list", "container", "values"}


def read_xes(stream: BinaryIO, name: str, *, most_cells: int) -> Table:
    """Return the table of a XES log: a row an event, attributes of its trace under `case:`.

    Times stand in `time:timestamp`, kinds in `concept:name`, the case in `case:concept:name`. Lists inside an
    attribute are left out, and a note says so.

    Args:
        stream: The file.
        name: Its name in messages.
        most_cells: How many attributes of traces its events may have in all.

    Raises:
        ReadingError: SV309 for XML that is damaged, declares entities, or holds no trace; SV310 for one too large.
    """
    log = _XesLog(name, UnwrittenCells(most_cells, name))
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = log.start
    parser.EndElementHandler = log.end
    parser.EntityDeclHandler = log.refuse_entities
    parser.ExternalEntityRefHandler = log.refuse_entities
    try:
        while chunk := stream.read(1 << 20):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as fault:
        reason = f"the file is no XML: {expat.ErrorString(fault.code)} in line {fault.lineno}."
        raise ReadingError(Problem("SV309", reason, where=name)) from None
    return log.table()


class _XesLog:
    """Collect events from the parser's calls."""

    def __init__(self, name: str, unwritten: UnwrittenCells) -> None:
        self._name = name
        self._unwritten = unwritten
        self._builder = RowsBuilder(name)
        self._open: list[str] = []
        self._trace: dict[object, object] = {}
        self._event: dict[object, object] = {}
        self._number = 0
        self._left_out = 0
        self._has_log = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rsplit(":", 1)[-1]  # a namespace prefix
        above = self._open[-1] if self._open else ""
        self._open.append(tag)
        if len(self._open) > MAX_DEPTH:
            raise ReadingError(
                Problem("SV309", f"XML is nested deeper than {MAX_DEPTH} levels.", where=self._name)
            )
        if tag == "log":
            self._has_log = True
        elif tag == "trace":
            self._trace = {}
        elif tag == "event":
            self._event = {}
        elif above == "event" and tag in _TEXTS:
            self._event[attributes.get("key", "")] = attributes.get("value", "")
        elif above == "trace" and tag in _TEXTS:
            self._trace[f"case:{attributes.get('key', '')}"] = attributes.get("value", "")
        elif tag in _CONTAINERS and {"trace", "event"} & set(self._open):
            self._left_out += 1

    def end(self, tag: str) -> None:
        self._open.pop()
        if tag.rsplit(":", 1)[-1] == "event":
            self._number += 1
            self._unwritten.add(len(self._trace))
            self._builder.add(self._number, {**self._trace, **self._event})

    def refuse_entities(self, *_: object) -> int:
        raise ReadingError(
            Problem(
                "SV309",
                "the XML declares entities, which an event log does not need.",
                where=self._name,
                help="remove its DOCTYPE.",
            )
        )

    def table(self) -> Table:
        if not self._has_log:
            raise ReadingError(Problem("SV309", "the XML holds no `<log>`: it is no XES.", where=self._name))
        table = self._builder.table()
        if self._left_out:
            table.notes.append(f"{self._name}: {self._left_out:,} lists inside attributes were left out.")
        return table
