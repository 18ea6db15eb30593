"""Columns: every distinct value once, and a code for each row.

All reading work (nulls, times, kinds, keys) is done on distinct values; an export repeats itself a lot.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from servstd.events.values import content_key, table_value

Codes: TypeAlias = NDArray[np.int32]
Instants: TypeAlias = NDArray[np.int64]


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
        return np.flatnonzero(np.bincount(self.codes[self.codes >= 0])).tolist()

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


class ColumnBuilder:
    """Build a column from pieces."""

    __slots__ = ("_code_of", "_codes", "_values")

    def __init__(self) -> None:
        self._code_of: dict[object, int] = {None: -1}
        self._values: list[object] = []
        self._codes = array("i")

    def __len__(self) -> int:
        return len(self._codes)

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
        self._codes.extend(map(code_of.__getitem__, texts))

    def extend(self, values: Iterable[object]) -> None:
        """Add rows of any values; None is a null that was written down, unlike a cell that is not there."""
        self._codes.extend(map(self._code, map(table_value, values)))

    def extend_alike(self, values: Sequence[object]) -> None:
        """Add rows of hashable values of one type, or None: each distinct one is looked at once."""
        code_of = {value: self._code(table_value(value)) for value in dict.fromkeys(values)}
        self._codes.extend(map(code_of.__getitem__, values))

    def extend_read(self, values: Sequence[object]) -> None:
        """Add rows of values that a table holds already."""
        if set(map(type, values)) == {str}:
            self.extend_texts(values)  # type: ignore[arg-type] # as just seen
        else:
            self._codes.extend(map(self._code, values))

    def append(self, value: object) -> None:
        """Add one row, its value being one that a table holds."""
        self._codes.append(self._code(value))

    def extend_coded(self, part: Column) -> None:
        """Add the rows of another column."""
        table = np.array([*map(self._code, map(table_value, part.values)), -1], np.int32)
        self._codes.frombytes(table[part.codes].tobytes())

    def extend_absent(self, rows: int) -> None:
        """Add rows that carry nothing."""
        if rows > 0:
            self._codes.extend([-1] * rows)

    def column(self) -> Column:
        """Return what was built."""
        return Column(np.array(self._codes, np.int32), self._values)

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
