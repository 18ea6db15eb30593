"""Columns of few distinct values: whole numbers that point at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OUTCOME_CODES = ("met", "breached", "open", "excluded", "cancelled", "unknown")
"""The outcomes in the order of their codes."""


class Coded(Sequence[Any]):
    """Hold a column as codes into its distinct values; read as a sequence it gives the values.

    Args:
        codes: One a row, from 0; shape (rows,).
        values: What they stand for.

    Example:
        >>> import numpy as np
        >>> list(Coded(np.array([1, 0, 1]), ("met", "breached")))
        ['breached', 'met', 'breached']
    """

    __slots__ = ("codes", "values")

    def __init__(self, codes: NDArray[np.integer[Any]], values: Sequence[Any]) -> None:
        self.codes, self.values = codes, values

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Coded: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Coded(self.codes[index], self.values)
        return self.values[self.codes[index]]


class CodedSegments(Sequence[Mapping[str, str]]):
    """Hold the segments of verdicts as one coded column a name; read as a sequence it gives a mapping a row.

    Args:
        columns: By name; a value of None is not carried.

    Example:
        >>> import numpy as np
        >>> CodedSegments({"site": Coded(np.array([1, 0]), ("a", "b"))})[0]
        {'site': 'b'}
    """

    __slots__ = ("columns",)

    def __init__(self, columns: Mapping[str, Coded]) -> None:
        self.columns = dict(columns)

    def __len__(self) -> int:
        return max((len(column) for column in self.columns.values()), default=0)

    @overload
    def __getitem__(self, index: int) -> Mapping[str, str]: ...
    @overload
    def __getitem__(self, index: slice) -> CodedSegments: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return CodedSegments({name: column[index] for name, column in self.columns.items()})
        return {name: value for name, column in self.columns.items() if (value := column[index]) is not None}
