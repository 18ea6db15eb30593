"""XES event logs, streamed: traces and their events, no entities, no other files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO
from xml.parsers import expat

from servstd.errors import Problem, ReadingError
from servstd.events.bounded import UnwrittenCells
from servstd.events.mappings import RowsBuilder
from servstd.events.tables import Table, cut

MAX_DEPTH = 64
_TEXTS = {"string", "date", "id", "boolean", "int", "float"}
_CONTAINERS = {"list", "container", "values"}
_LOG, _TRACE = ["log"], ["log", "trace"]
_EVENTS = (["log", "event"], ["log", "trace", "event"])


def read_xes(stream: BinaryIO, name: str, *, most_cells: int) -> Table:
    """Return the table of a XES log: a row an event, attributes of its trace under `case:`.

    Times stand in `time:timestamp`, kinds in `concept:name`, the case in `case:concept:name`. Attributes of a trace
    count for all of its events, also for those that stand before them. An event that stands elsewhere than in a trace
    or in the log, or that has two values of one key, goes to quarantine. Lists, and attributes inside attributes, are
    left out, and a note says so.

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
        self._trace = _Attributes("case:")
        self._event = _Attributes()
        self._waiting: list[tuple[int, _Attributes]] = []
        self._row = self._last_row = 0
        self._left_out = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rsplit(":", 1)[-1]  # a namespace prefix
        inside = self._open
        if len(inside) >= MAX_DEPTH:
            raise ReadingError(
                Problem("SV309", f"XML is nested deeper than {MAX_DEPTH} levels.", where=self._name)
            )
        if not inside and tag != "log":
            raise self._no_log(tag)
        if tag == "event":
            self._begin_event()
        elif tag == "trace" and inside == _LOG:
            self._trace = _Attributes("case:")
        elif tag in _TEXTS and inside in _EVENTS:
            self._event.add(attributes)
        elif tag in _TEXTS and inside == _TRACE:
            self._trace.add(attributes)
        elif (tag in _TEXTS or tag in _CONTAINERS) and ("trace" in inside or "event" in inside):
            self._left_out += 1
        inside.append(tag)

    def _begin_event(self) -> None:
        self._last_row += 1
        if self._open in (_LOG, _TRACE):
            self._row, self._event = self._last_row, _Attributes()
            return
        inside = "/".join(self._open)
        reason = f"the event stands in `{inside:.60}`; events stand in `log/trace`, or in `log`."
        self._builder.reject(self._last_row, reason, {})

    def end(self, _tag: str) -> None:
        closed = list(self._open)
        self._open.pop()
        if closed in _EVENTS:
            self._waiting.append((self._row, self._event))
        if self._open == _LOG:
            self._end_trace(self._trace if closed == _TRACE else _Attributes())

    def _end_trace(self, trace: _Attributes) -> None:
        """Add the events of a trace, whose attributes are all known now."""
        for row, event in self._waiting:
            self._unwritten.add(len(trace.values))
            whole = trace.with_those_of(event)
            if whole.twice:
                reason = f"the event, or its trace, has two values of `{whole.twice:.40}`."
                self._builder.reject(row, reason, {name: cut(value) for name, value in whole.values.items()})
            else:
                self._builder.add(row, whole.values)
        self._waiting = []

    def refuse_entities(self, *_: object) -> int:
        raise ReadingError(
            Problem(
                "SV309",
                "the XML declares entities, which an event log does not need.",
                where=self._name,
                help="remove its DOCTYPE.",
            )
        )

    def _no_log(self, tag: str) -> ReadingError:
        reason = f"the XML begins with `<{tag:.40}>` and not with `<log>`: it is no XES."
        return ReadingError(Problem("SV309", reason, where=self._name))

    def table(self) -> Table:
        table = self._builder.table()
        if self._left_out:
            table.notes.append(
                f"{self._name}: {self._left_out:,} lists and attributes inside attributes were left out."
            )
        return table


class _Attributes:
    """The attributes of a trace or an event, and the first key that has two values."""

    __slots__ = ("_prefix", "twice", "values")

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self.values: dict[str, str] = {}
        self.twice = ""

    def add(self, attributes: Mapping[str, str]) -> None:
        self.put(f"{self._prefix}{attributes.get('key', '')}", attributes.get("value", ""))

    def with_those_of(self, other: _Attributes) -> _Attributes:
        whole = _Attributes()
        whole.values, whole.twice = dict(self.values), self.twice or other.twice
        for key, value in other.values.items():
            whole.put(key, value)
        return whole

    def put(self, key: str, value: str) -> None:
        if self.values.setdefault(key, value) != value:
            self.twice = self.twice or key
