"""Generated books and logs, for tests of servstd and of what is built on it.

Everything generated is plain data, as a YAML or JSON file would load it: numbers are int, the rest text,
lists and mappings. A book is for `servstd.Book(**book)`, a log for `servstd.read_events(rows_of(events))`.

Needs Hypothesis (`pip install servstd[test]`). Logs are small and dense on purpose: a few days, a handful of
instants shared by many events, limits that instants hit exactly. That is where two readings of a rule part.
"""

from __future__ import annotations

from servstd.testing.books import KINDS, books
from servstd.testing.logs import INSTANT_FIELDS, logs, rows_of
from servstd.testing.scenarios import Scenario, scenarios
from servstd.testing.spellings import as_short_csv, inside_objects, spelled_lengths
from servstd.testing.statistics import Statistics

__all__ = [
    "INSTANT_FIELDS",
    "KINDS",
    "Scenario",
    "Statistics",
    "as_short_csv",
    "books",
    "inside_objects",
    "logs",
    "rows_of",
    "scenarios",
    "spelled_lengths",
]
