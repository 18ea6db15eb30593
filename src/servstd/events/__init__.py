"""Events in: readers, and the columnar log that everything else reads.

Nothing is imported until it is asked for: `ReadOptions` is a field of the book, which must load without
NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servstd.events.columns import Column
    from servstd.events.event import Event
    from servstd.events.log import Log, Row
    from servstd.events.options import After, ReadOptions
    from servstd.events.quarantine import Counts, QuarantinedRow
    from servstd.events.reading import read_events

__all__ = ["After", "Column", "Counts", "Event", "Log", "QuarantinedRow", "ReadOptions", "Row", "read_events"]

_HOMES = {
    "After": "options",
    "Column": "columns",
    "Counts": "quarantine",
    "Event": "event",
    "Log": "log",
    "QuarantinedRow": "quarantine",
    "ReadOptions": "options",
    "Row": "log",
    "read_events": "reading",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module `servstd.events` has no attribute `{name}`")
    return getattr(import_module(f"servstd.events.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
