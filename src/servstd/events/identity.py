"""What makes two events one, and the one order that any shuffling of the rows leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from servstd.events.columns import Column, Instants, SparseColumn, taken
from servstd.events.values import key_text

Key: TypeAlias = NDArray[np.signedinteger]

NO_SEQUENCE = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Contents:
    """Hold what events say, in columns of equal length.

    Args:
        times: Instants.
        kinds: Kinds of event.
        fields: What they carry, by name.
        ids: Their ids, if the source has any.
        sequences: Their sequences, `NO_SEQUENCE` where there is none.
    """

    times: Instants
    kinds: Column
    fields: Mapping[str, Column]
    ids: Column | None
    sequences: Instants | None

    def take(self, rows: NDArray[np.intp]) -> Contents:
        """Return the events at those positions."""
        return Contents(
            self.times[rows],
            self.kinds.take(rows),
            taken(self.fields, rows),
            None if self.ids is None else self.ids.take(rows),
            None if self.sequences is None else self.sequences[rows],
        )

    def content_ranks(self) -> list[Key]:
        """Return ranks of kind and fields, by name, that compare as the contents do."""
        columns = [self.fields[name] for name in sorted(self.fields)]
        if not any(isinstance(column, SparseColumn) for column in columns):
            return [self.kinds.ranks(), *(column.ranks() for column in columns)]
        return [self.kinds.ranks(), _joint_ranks(columns, len(self.times))]


def _joint_ranks(columns: Sequence[Column], size: int) -> Key:
    """Return one rank for all fields of an event, that orders as the ranks of each field one after another do.

    Of thousands of rare fields it looks only at those that an event carries. The field that comes first decides: who
    carries it comes after who does not, so its place counts downwards.
    """
    every = np.arange(size)
    said: list[list[int]] = [[] for _ in range(size)]
    for place, column in enumerate(columns):
        rows, _ = column.carried(every)
        for row, rank in zip(rows.tolist(), column.take(rows).ranks().tolist(), strict=True):
            said[row] += (-place, rank)
    contents = [tuple(one) for one in said]
    rank_of = {content: rank for rank, content in enumerate(sorted(set(contents)))}
    return np.array([rank_of[content] for content in contents], np.int64)


def canonical_order(contents: Contents) -> NDArray[np.intp]:
    """Return the positions by time, sequence, id (numeric ids as numbers), content; never by place."""
    times, sequences = contents.times, contents.sequences
    if sequences is None:
        order = np.argsort(times, kind="stable")
        tied = _tied(times[order])
    else:
        order = np.lexsort((sequences, times))
        tied = _tied(times[order], sequences[order])
    places = np.flatnonzero(tied)
    if len(places):
        rows = order[places]
        some = contents.take(rows)
        keys: list[Key] = [some.times, *([] if some.sequences is None else [some.sequences])]
        keys += [] if some.ids is None else [some.ids.ranks(id_key)]
        keys += some.content_ranks()
        order[places] = rows[np.lexsort(keys[::-1])]
    return order


def copies(contents: Contents) -> int:
    """Return how many events without an id say exactly what another one says, sequences apart."""
    rows = np.arange(len(contents.times))
    if contents.ids is not None:
        rows = np.flatnonzero(contents.ids.codes < 0)
    order = rows[np.argsort(contents.times[rows], kind="stable")]
    some = contents.take(order[_tied(contents.times[order])])
    if not len(some.times):
        return 0
    keys: list[Key] = [some.times, *some.content_ranks()]
    by_content = np.lexsort(keys[::-1])
    same = np.ones(len(by_content) - 1, bool)
    for key in keys:
        same &= key[by_content][1:] == key[by_content][:-1]
    return int(same.sum())


@dataclass(frozen=True, slots=True)
class Identified:
    """Hold which events stay: positions kept, merged into an equal one, and replaced by a correction."""

    kept: NDArray[np.intp]
    merged: list[int]
    replaced: dict[int, int]


def one_of_each_id(contents: Contents) -> Identified:
    """Return one event of each id: copies are merged, of different contents the highest sequence stays.

    Without a sequence the later one stays, and of one stamp the last by content: the answer never depends on
    the order of the rows.
    """
    everything = np.arange(len(contents.times))
    if contents.ids is None:
        return Identified(everything, [], {})
    ids = contents.ids.map([key_text(value) for value in contents.ids.values]).ranks()
    counts = np.bincount(ids[ids >= 0]) if len(ids) else np.empty(0, np.int64)
    rows = np.flatnonzero((ids >= 0) & (np.append(counts, 0)[ids] > 1))
    if not len(rows):
        return Identified(everything, [], {})
    groups: dict[int, list[tuple[tuple[int, ...], tuple[int, ...], int]]] = {}
    some = contents.take(rows)
    said = np.column_stack([some.times, *some.content_ranks()]).tolist()
    ranks = some.sequences if some.sequences is not None else np.zeros(len(rows), np.int64)
    for place, row in enumerate(rows.tolist()):
        content = tuple(said[place])
        groups.setdefault(int(ids[row]), []).append(((int(ranks[place]), *content), content, row))
    return _resolved(groups, everything)


def _resolved(
    groups: dict[int, list[tuple[tuple[int, ...], tuple[int, ...], int]]], everything: NDArray[np.intp]
) -> Identified:
    merged: list[int] = []
    replaced: dict[int, int] = {}
    for group in groups.values():
        (_, stays, winner), *others = sorted(group, reverse=True)
        seen = {stays}
        for _, content, row in others:
            if content in seen:
                merged.append(row)
            else:
                seen.add(content)
                replaced[row] = winner
    gone = np.zeros(len(everything), bool)
    gone[merged + list(replaced)] = True
    return Identified(everything[~gone], sorted(merged), replaced)


def id_key(value: object) -> tuple[int, int, str]:
    """Return what orders ids: numeric ones as numbers and first, then the others as text.

    Example:
        >>> sorted(["10", "9", "b", "a"], key=id_key)
        ['9', '10', 'a', 'b']
    """
    text = key_text(value)
    if text.isascii() and text.isdigit() and len(text) < 40:
        return 0, int(text), text
    return 1, 0, text


def _tied(*sorted_keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which rows equal a neighbour in every key."""
    count = len(sorted_keys[0])
    if count < 2:
        return np.zeros(count, bool)
    same = np.ones(count - 1, bool)
    for key in sorted_keys:
        same &= key[1:] == key[:-1]
    tied = np.zeros(count, bool)
    tied[1:] |= same
    tied[:-1] |= same
    return tied
