"""Columns: every distinct value once, and a code for each row.

All reading work (nulls, times, kinds, keys) is done on distinct values; an export repeats itself a lot.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from servstd.events.values import content_key, table_value

Codes: TypeAlias = NDArray[np.int32]
Instants: TypeAlias = NDArray[np.int64]
_SPARSE = 8
"""A column is sparse where fewer than one row in so many carries something."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Hold one value a row: `values[codes[row]]`, code -1 meaning "not carried".

    Args:
        codes: int32, shape (rows,).
        values: The distinct values; no order is promised.
    """

    codes: Codes
    values: list[object]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> object:
        code = int(self.codes[row])
        return None if code < 0 else self.values[code]

    def take(self, rows: NDArray[np.intp]) -> Column:
        """Return the column at those rows, in that order."""
        return Column(self.codes[rows], self.values)

    def carried(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], Codes]:
        """Return the places among ascending rows at which something is carried, and the codes there."""
        codes = self.codes[rows]
        places = np.flatnonzero(codes >= 0)
        return places, codes[places]

    def replaced(self, is_old: Callable[[object], bool], new: object) -> Column:
        """Return the column with some values replaced; None makes them "not carried"."""
        old = [is_old(value) for value in self.values]
        if not any(old):
            return self
        return self.map([new if gone else value for value, gone in zip(self.values, old, strict=True)])

    def map(self, values: Sequence[object]) -> Column:
        """Return the column with each distinct value replaced; None becomes "not carried"."""
        kept = [code for code, value in enumerate(values) if value is not None]
        table = np.full(len(values) + 1, -1, np.int32)  # the last place answers code -1
        table[kept] = np.arange(len(kept), dtype=np.int32)
        return Column(table[self.codes], [values[code] for code in kept])

    def ranks(self, key: Callable[[object], object] = content_key) -> Codes:
        """Return int32 that order and compare as the values' contents do; -1 where nothing is carried."""
        used = self._used()
        keys = [key(self.values[code]) for code in used]
        place = {content: rank for rank, content in enumerate(sorted(set(keys)))}  # type: ignore[type-var]
        table = np.full(len(self.values) + 1, -1, np.int32)
        table[used] = [place[content] for content in keys]
        ranked: Codes = table[self.codes]
        return ranked

    def sorted_texts(self) -> Column:
        """Return a column of texts with those values that occur, each once and sorted."""
        used = self._used()
        texts = sorted({str(self.values[code]) for code in used})
        place = {text: number for number, text in enumerate(texts)}
        table = np.full(len(self.values) + 1, -1, np.int32)
        table[used] = [place[str(self.values[code])] for code in used]
        return Column(table[self.codes], list(texts))

    def _used(self) -> list[int]:
        """Return the codes that occur, ascending; codes are dense, so counting them needs no sort."""
        return np.flatnonzero(np.bincount(self._held)).tolist()

    @property
    def _held(self) -> Codes:
        """The codes of the rows that carry something, in their order."""
        held: Codes = self.codes[self.codes >= 0]
        return held

    @classmethod
    def absent(cls, rows: int) -> Column:
        """Return a column that carries nothing."""
        return cls(np.full(rows, -1, np.int32), [])

    @classmethod
    def constant(cls, value: object, rows: int) -> Column:
        """Return a column with one value everywhere."""
        return cls(np.zeros(rows, np.int32), [value])

    @classmethod
    def joined(cls, parts: Sequence[Column]) -> Column:
        """Return the columns one after another."""
        if len(parts) == 1:
            return parts[0]
        builder = ColumnBuilder()
        for part in parts:
            builder.extend_coded(part)
        return builder.column()


class SparseColumn(Column):
    """A column that few rows carry, of the size of those rows: an export may have thousands of keys that are rare.

    It reads as any other; its `codes` are made when they are asked for, and not kept.
    """

    __slots__ = ("_at", "_rows", "_size")
    _at: Codes
    _rows: NDArray[np.intp]
    _size: int

    def __init__(self, size: int, rows: NDArray[np.intp], at: Codes, values: list[object]) -> None:
        """Take the rows that carry something, ascending, and the code of each."""
        for name, value in (("_size", size), ("_rows", rows), ("_at", at), ("values", values)):
            object.__setattr__(self, name, value)

    @property
    def codes(self) -> Codes:
        """The codes of all rows."""
        codes = np.full(self._size, -1, np.int32)
        codes[self._rows] = self._at
        return codes

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, row: int) -> object:
        row += self._size if row < 0 else 0
        place = int(np.searchsorted(self._rows, row))
        is_there = place < len(self._rows) and int(self._rows[place]) == row
        return self.values[int(self._at[place])] if is_there else None

    def take(self, rows: NDArray[np.intp]) -> Column:
        """Return the column at those rows, in that order."""
        return compact(self.codes[rows], self.values)

    def carried(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], Codes]:
        """Return the places among ascending rows at which something is carried, and the codes there."""
        places = np.minimum(np.searchsorted(rows, self._rows), max(len(rows) - 1, 0))
        is_there = rows[places] == self._rows if len(rows) else np.zeros(len(places), bool)
        return places[is_there], self._at[is_there]

    def map(self, values: Sequence[object]) -> Column:
        """Return the column with each distinct value replaced; None becomes "not carried"."""
        dense = Column(self._at, self.values).map(values)
        return SparseColumn(
            self._size, self._rows[dense.codes >= 0], dense.codes[dense.codes >= 0], dense.values
        )

    @property
    def _held(self) -> Codes:
        return self._at

    def __reduce__(self) -> tuple[type[SparseColumn], tuple[object, ...]]:
        return type(self), (self._size, self._rows, self._at, self.values)


def compact(codes: Codes, values: list[object]) -> Column:
    """Return a column that is as small as it can be: sparse where few rows carry something."""
    rows = np.flatnonzero(codes >= 0)
    if len(rows) * _SPARSE < len(codes):
        return SparseColumn(len(codes), rows, codes[rows], values)
    return Column(codes, values)


def taken(columns: Mapping[str, Column], rows: NDArray[np.intp]) -> dict[str, Column]:
    """Return columns at those rows, in that order; the rows are sorted once for all columns that are sparse."""
    places: _Places | None = None
    found: dict[str, Column] = {}
    for name, column in columns.items():
        if isinstance(column, SparseColumn):
            places = places or _Places(rows)
            found[name] = places.of(column)
        else:
            found[name] = column.take(rows)
    return found


class _Places:
    """Where rows of a table stand in a selection of them."""

    def __init__(self, rows: NDArray[np.intp]) -> None:
        self._order = np.argsort(rows, kind="stable")
        self._sorted = rows[self._order]

    def of(self, column: SparseColumn) -> SparseColumn:
        """Return what a sparse column is at the selected rows."""
        first, last = (np.searchsorted(self._sorted, column._rows, side) for side in ("left", "right"))  # noqa: SLF001
        counts = last - first
        shifts = np.cumsum(counts) - counts
        places = self._order[np.repeat(first - shifts, counts) + np.arange(counts.sum())]
        ascending = np.argsort(places, kind="stable")
        at = np.repeat(column._at, counts)[ascending]  # noqa: SLF001 - the two are one thing
        return SparseColumn(len(self._order), places[ascending], at, column.values)


class ColumnBuilder:
    """Build a column from pieces; rows that carry nothing cost nothing."""

    __slots__ = ("_after_gap", "_code_of", "_codes", "_runs", "_size", "_values")

    def __init__(self) -> None:
        self._code_of: dict[object, int] = {None: -1}
        self._values: list[object] = []
        self._codes = array("i")
        self._runs = array("q")  # for each run of rows after a gap: its first row, and its place in the codes
        self._size = 0
        self._after_gap = True

    def __len__(self) -> int:
        return self._size

    def _begin(self, rows: int) -> None:
        """Make room for rows with codes."""
        if self._after_gap:
            self._runs.extend((self._size, len(self._codes)))
            self._after_gap = False
        self._size += rows

    def extend_texts(self, texts: Sequence[str | None]) -> None:
        """Add rows of text, None where a row ends before this column; the fast way, since equal texts are one key."""
        code_of = self._code_of
        for text in dict.fromkeys(texts):  # in order, so that codes do not depend on the hash seed
            if text not in code_of:
                bare = text.strip()  # type: ignore[union-attr] # None is there from the beginning
                if bare not in code_of:
                    code_of[bare] = len(self._values)
                    self._values.append(bare)
                code_of[text] = code_of[bare]
        self._begin(len(texts))
        self._codes.extend(map(code_of.__getitem__, texts))

    def extend(self, values: Iterable[object]) -> None:
        """Add rows of any values; None is a null that was written down, unlike a cell that is not there."""
        codes = list(map(self._code, map(table_value, values)))
        self._begin(len(codes))
        self._codes.extend(codes)

    def extend_alike(self, values: Sequence[object]) -> None:
        """Add rows of hashable values of one type, or None: each distinct one is looked at once."""
        code_of = {value: self._code(table_value(value)) for value in dict.fromkeys(values)}
        self._begin(len(values))
        self._codes.extend(map(code_of.__getitem__, values))

    def extend_read(self, values: Sequence[object]) -> None:
        """Add rows of values that a table holds already."""
        if set(map(type, values)) == {str}:
            self.extend_texts(values)  # type: ignore[arg-type] # as just seen
        else:
            self._begin(len(values))
            self._codes.extend(map(self._code, values))

    def append(self, value: object) -> None:
        """Add one row, its value being one that a table holds."""
        self._begin(1)
        self._codes.append(self._code(value))

    def extend_coded(self, part: Column) -> None:
        """Add the rows of another column."""
        table = np.array([*map(self._code, map(table_value, part.values)), -1], np.int32)
        self._begin(len(part))
        self._codes.frombytes(table[part.codes].tobytes())

    def extend_absent(self, rows: int) -> None:
        """Add rows that carry nothing."""
        if rows > 0:
            self._size += rows
            self._after_gap = True

    def column(self) -> Column:
        """Return what was built."""
        codes = np.array(self._codes, np.int32)
        if len(codes) == self._size:
            return compact(codes, self._values)
        begins, offsets = np.array(self._runs, np.int64).reshape(-1, 2).T
        counts = np.diff(np.append(offsets, len(codes)))
        rows = np.repeat(begins - offsets, counts) + np.arange(len(codes))
        if len(codes) * _SPARSE < self._size:
            is_there = codes >= 0
            return SparseColumn(self._size, rows[is_there], codes[is_there], self._values)
        whole = np.full(self._size, -1, np.int32)
        whole[rows] = codes
        return compact(whole, self._values)

    def _code(self, value: object) -> int:
        if type(value) is str:
            key: object = value.strip()
            value = key
        else:  # True == 1 == Decimal(1) in Python; here they are three values.
            key = type(value), content_key(value)
        code = self._code_of.get(key)
        if code is None:
            code = self._code_of[key] = len(self._values)
            self._values.append(value)
        return code
