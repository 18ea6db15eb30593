"""Bytes that end before the machine does."""

from __future__ import annotations

import io
from typing import Protocol

from servstd.errors import Problem, ReadingError

MAX_BYTES = 16 << 30
BOMB_BYTES = 8 << 20
BOMB_RATIO = 400


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class BoundedBytes(io.RawIOBase):
    """Pass bytes on and count them; refuse more than `MAX_BYTES`, or gzip that unpacks to 400 times its size.

    Closing it leaves the file below open: whoever opened that closes it.

    Args:
        below: What is read.
        name: Its name in messages.
        packed: The packed bytes, when `below` unpacks them.
    """

    def __init__(self, below: _Readable, name: str, packed: BoundedBytes | None = None) -> None:
        super().__init__()
        self._below = below
        self._name = name
        self._packed = packed
        self.count = 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill a buffer."""
        data = self._below.read(len(buffer)) or b""
        if not isinstance(data, bytes):
            raise ReadingError(
                Problem("SV302", f"`read()` gives `{type(data).__name__}`, not bytes.", where=self._name)
            )
        buffer[: len(data)] = data
        self.count += len(data)
        self._check()
        return len(data)

    def _check(self) -> None:
        if self.count > MAX_BYTES:
            raise ReadingError(
                Problem(
                    "SV310",
                    f"the file holds more than {MAX_BYTES >> 30} GB.",
                    where=self._name,
                    help='split it, and read the parts as one log: `read_events("part-*.csv")`.',
                )
            )
        if self._packed and self.count > BOMB_BYTES and self.count > BOMB_RATIO * self._packed.count:
            raise ReadingError(
                Problem(
                    "SV310",
                    f"the file unpacks to more than {BOMB_RATIO} times its size: no export does.",
                    where=self._name,
                    help="unpack it yourself if you trust it.",
                )
            )


class UnwrittenCells:
    """Count the cells that a file has without writing them, and refuse more than its reader allows.

    A short row of a CSV lacks fields, an event of XES has the attributes of its trace: a small file may so mean a
    table that no machine holds.

    Args:
        most: The option `most_cells`.
        name: The file in messages.
    """

    def __init__(self, most: int, name: str) -> None:
        self._left = self._most = most
        self._name = name

    def add(self, cells: int) -> None:
        """Count some cells.

        Raises:
            ReadingError: SV310, they are more than `most_cells`.
        """
        self._left -= cells
        if self._left < 0:
            raise ReadingError(
                Problem(
                    "SV310",
                    f"the file has more than {self._most:,} cells that it does not write: those that short rows lack, "
                    "or that events take from their trace.",
                    where=self._name,
                    help="leave out the columns that are not needed; or, if you trust it, raise `most_cells`.",
                )
            )
