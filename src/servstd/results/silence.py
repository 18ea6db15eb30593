"""What a standard waits for and a log never says: mostly a name that is spelt in another way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servstd.errors import closest, listed

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.events.log import Log
    from servstd.standards import Standard

_MOST = 6


def absent_kinds(book: Book, log: Log, judging: frozenset[str]) -> Iterator[str]:
    """Yield a note on each event that a standard names and the log lacks.

    An event that never came is no fault by itself: a hold that nobody used. It is told where the standard has no
    verdict at all, and where the log has a name like it that the book does not use.

    Args:
        book: The standards.
        log: The events.
        judging: The ids of the standards with at least one verdict.
    """
    there = set(log.kinds)
    if not there:
        return
    named = {entry.standard.id: _named(entry.standard) for entry in book.entries}
    unused = sorted(there.difference(*named.values()))
    for id_, kinds in named.items():
        silent = id_ not in judging
        for kind in sorted(kinds - there):
            near = closest(kind, unused)
            if near:
                yield f"{id_}: no event is called `{kind}`. Is it `{near}`?"
            elif silent:
                yield f"{id_}: no event is called `{kind}`. Known: {listed(sorted(there), most=_MOST)}."


def _named(standard: Standard) -> set[str]:
    return {kind for one in standard.selections.values() for kind in one.events if kind != "*"}
