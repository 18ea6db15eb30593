"""Events to cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servstd.events.columns import Column
from servstd.events.values import key_text
from servstd.expressions import ABSENT


@dataclass(frozen=True, slots=True)
class Groups:
    """Hold events grouped by case: `members[start:stop]` for each key, in the order of the log.

    Args:
        keys: The cases, sorted.
        members: Positions in the log.
        stops: Where each case ends.
        without: How many events belong to none.
    """

    keys: list[tuple[str, ...]]
    members: NDArray[np.intp]
    stops: NDArray[np.intp]
    without: int

    def __iter__(self) -> Iterator[tuple[tuple[str, ...], int, int]]:
        start = 0
        for key, stop in zip(self.keys, self.stops.tolist(), strict=True):
            yield key, start, stop
            start = stop


def groups_of(columns: Sequence[Column]) -> Groups:
    """Return the cases that columns identify; a list in one puts an event in the case of each element."""
    size = len(columns[0]) if columns else 0
    members = np.arange(size)
    case_of = np.zeros(size, np.int64)
    keys: list[tuple[str, ...]] = [()]
    for column in columns:
        members, case_of, keys = _split(column, members, case_of, keys)
    order = np.lexsort((members, case_of))
    stops = np.cumsum(np.bincount(case_of, minlength=len(keys))) if size else np.zeros(len(keys), np.intp)
    without = size - int(np.count_nonzero(np.bincount(members, minlength=size)))
    return Groups(
        keys if len(members) else [], members[order], stops[: len(keys) if len(members) else 0], without
    )


def cases_an_event(columns: Sequence[Column]) -> NDArray[np.float64]:
    """Return to how many cases each event belongs: the product of what the lists in its keys hold."""
    counts = np.ones(
        len(columns[0]) if columns else 0, np.float64
    )  # no whole number holds what a stranger may ask
    for column in columns:
        of_value = np.array([*(len(_key_texts(value)) for value in column.values), 0], np.float64)
        counts *= of_value[column.codes]
    return counts


def _split(
    column: Column, members: NDArray[np.intp], case_of: NDArray[np.int64], keys: list[tuple[str, ...]]
) -> tuple[NDArray[np.intp], NDArray[np.int64], list[tuple[str, ...]]]:
    """Return the groups split by one more column, their keys sorted."""
    texts = [_key_texts(value) for value in column.values]
    names = sorted({text for some in texts for text in some})
    place = {text: number for number, text in enumerate(names)}
    # The elements of all values in one row, each value knowing where its own begin; the last one answers code -1.
    counts = np.array([*map(len, texts), 0], np.intp)
    starts = np.cumsum(counts) - counts
    elements = np.array([place[text] for some in texts for text in some], np.int64)
    codes = column.codes[members]
    each = counts[codes]
    rows = np.repeat(np.arange(len(members)), each)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(each) - each, each)
    pairs = case_of[rows] * max(len(names), 1) + elements[starts[codes][rows] + within]
    seen, numbers = np.unique(pairs, return_inverse=True)
    new_keys = [(*keys[pair // len(names)], names[pair % len(names)]) for pair in seen.tolist()]
    return members[rows], numbers.astype(np.int64), new_keys


def _key_texts(value: object) -> list[str]:
    """Return the cases that a value names; an object names none, since two of one case seldom hold the same."""
    values = value if isinstance(value, list) else [value]
    named = (one for one in values if one is not None and one is not ABSENT and not isinstance(one, dict))
    return list(dict.fromkeys(map(key_text, named)))
