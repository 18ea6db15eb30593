"""Verdicts in columns: whole numbers inside, objects on request, Arrow for everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, overload

from servstd.intervals import datetime_utc
from servstd.results.tables import html_table, plain_table
from servstd.results.verdict import COLUMNS, INSTANTS, Verdict, are_int64, written
from servstd.results.wording import case_text, iso_text, local_text, margin_text

HIDDEN = (
    "case_key",
    "opened_by",
    "opened_id",
    "ended_by",
    "remaining",
    "at_limit",
    "is_unread",
    "notes",
    "segments",
    "weights",
    "objective_row",
    "parts",
)
"""What the report needs beside the public columns."""

_SHOWN = 10
_NOT_A_TIME = -(2**63)  # what NumPy keeps for a missing instant


class Verdicts(Sequence[Verdict]):
    """Hold verdicts as columns of integers and texts; immutable.

    `columns` gives the raw ones: instants as µs since the epoch in UTC, None where there is none. Items,
    `to_dicts` and the frames give aware datetimes.

    Args:
        columns: One sequence a public column, and one a hidden one; all of one length.

    Example:
        >>> len(Verdicts.empty())
        0
    """

    __slots__ = ("_all",)

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self._all: dict[str, Sequence[Any]] = {name: columns[name] for name in (*COLUMNS, *HIDDEN)}

    @classmethod
    def empty(cls) -> Verdicts:
        """Return no verdicts."""
        return cls({name: [] for name in (*COLUMNS, *HIDDEN)})

    @property
    def columns(self) -> dict[str, Sequence[Any]]:
        """The public columns by name, raw: instants and lengths are whole microseconds."""
        return {name: self._all[name] for name in COLUMNS}

    @property
    def internal(self) -> Mapping[str, Sequence[Any]]:
        """All columns, those that only the report reads among them."""
        return self._all

    def where(
        self,
        *,
        standard: str | Iterable[str] | None = None,
        case: str | tuple[str, ...] | None = None,
        outcome: str | Iterable[str] | None = None,
    ) -> Verdicts:
        """Return those that fit, in the same order.

        Args:
            standard: An id, or several.
            case: A case's key; a tuple where several fields name it.
            outcome: An outcome, or several.

        Example:
            >>> Verdicts.empty().where(outcome="breached")
            <Verdicts: none>
        """
        tests: list[Callable[[int], bool]] = []
        if standard is not None:
            tests.append(_is_in(self._all["standard"], standard))
        if outcome is not None:
            tests.append(_is_in(self._all["outcome"], outcome))
        if case is not None:
            tests.append(_is_in(self._all["case"], case if isinstance(case, str) else case_text(case)))
        return self._pick([row for row in range(len(self)) if all(test(row) for test in tests)])

    def _pick(self, rows: Sequence[int]) -> Verdicts:
        return Verdicts({name: [column[row] for row in rows] for name, column in self._all.items()})

    def __len__(self) -> int:
        return len(self._all["standard"])

    @overload
    def __getitem__(self, index: int) -> Verdict: ...
    @overload
    def __getitem__(self, index: slice) -> Verdicts: ...
    def __getitem__(self, index: int | slice) -> Verdict | Verdicts:
        if isinstance(index, slice):
            return self._pick(range(*index.indices(len(self))))
        if not -len(self) <= index < len(self):
            raise IndexError(f"there are {len(self)} verdicts")
        row = index % len(self)
        return Verdict(*(_public(name, self._all[name][row]) for name in COLUMNS))

    def __eq__(self, other: object) -> bool:
        return self.columns == other.columns if isinstance(other, Verdicts) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Sequence[Any]]:
        return self._all

    def __setstate__(self, state: dict[str, Sequence[Any]]) -> None:
        self._all = state

    # -- out -------------------------------------------------------------------------------------------------------

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one mapping a verdict, instants as aware datetimes in UTC."""
        shown = {name: [_public(name, value) for value in self._all[name]] for name in COLUMNS}
        return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*shown.values(), strict=True)]

    def to_rows(self) -> list[dict[str, Any]]:
        """Return one mapping a verdict as JSON writes it: instants as ISO 8601 in UTC, Decimals as text."""
        shown = {name: [_written(name, value) for value in self._all[name]] for name in COLUMNS}
        return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*shown.values(), strict=True)]

    def to_json(self) -> str:
        """Return the verdicts as one JSON array, a verdict a line; equal verdicts give equal bytes."""
        import json  # noqa: PLC0415 - only when asked

        lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in self.to_rows()]
        return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"

    def to_pandas(self) -> Any:
        """Return a pandas frame; instants are `datetime64[us, UTC]`, amounts `Int64`.

        Raises:
            ImportError: pandas is not installed (`pip install "servstd[pandas]"`).
        """
        import numpy as np  # noqa: PLC0415 - only when asked
        import pandas as pd  # noqa: PLC0415 - an extra

        data: dict[str, Any] = {}
        for name, column in self.columns.items():
            if name in INSTANTS:
                # not pd.to_datetime: its cache of repeated values fails on more than 50 with a missing one
                stamps = np.array([_NOT_A_TIME if us is None else us for us in column], np.int64)
                data[name] = pd.DatetimeIndex(stamps.view("datetime64[us]")).tz_localize("UTC")
            elif name in _WHOLE:
                data[name] = (
                    pd.array(column, dtype="Int64")
                    if are_int64(column)
                    else pd.Series(list(column), dtype=object)
                )
            elif name == "outcome_otherwise":
                data[name] = pd.array(list(column), dtype="string")
            else:
                data[name] = list(column)
        return pd.DataFrame(data, columns=list(COLUMNS))

    def to_polars(self) -> Any:
        """Return a Polars frame.

        Raises:
            ImportError: Polars is not installed (`pip install "servstd[polars]"`).
        """
        import polars as pl  # noqa: PLC0415 - an extra

        return pl.DataFrame(_Stream(self))  # as a sequence an empty one would have no columns

    def to_arrow(self) -> Any:
        """Return a pyarrow table.

        Raises:
            ImportError: pyarrow is not installed (`pip install "servstd[arrow]"`).
        """
        import pyarrow as pa  # noqa: PLC0415 - an extra

        return pa.table(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the verdicts to any library that takes Arrow; nothing but nanoarrow is needed."""
        from servstd.results.arrow import stream_of  # noqa: PLC0415 - loads nanoarrow

        return stream_of(self.columns, requested_schema)

    def __repr__(self) -> str:
        if not len(self):
            return "<Verdicts: none>"
        more = f"\n… and {len(self) - _SHOWN:,} more" if len(self) > _SHOWN else ""
        return f"<Verdicts: {len(self):,}>\n{plain_table(_HEADER, self._first_rows(), right=[2, 6])}{more}"

    def _repr_html_(self) -> str:
        more = f", the first {_SHOWN}" if len(self) > _SHOWN else ""
        return html_table(_HEADER, self._first_rows(), f"{len(self):,} verdicts{more}", right=(2, 6))

    def _first_rows(self) -> list[list[str]]:
        shown = []
        for row in range(min(len(self), _SHOWN)):
            one = {name: self._all[name][row] for name in COLUMNS}
            shown.append(
                [
                    one["standard"], one["case"], str(one["occurrence"]), one["outcome"],
                    local_text(one["started_at"], "UTC", weekday=False),
                    local_text(one["due_at"], "UTC", weekday=False),
                    margin_text(one["margin"], one["unit"]), one["reason"],
                ]
            )  # fmt: skip
        return shown


class _Stream:
    """Be nothing but an Arrow stream."""

    def __init__(self, verdicts: Verdicts) -> None:
        self._verdicts = verdicts

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._verdicts.__arrow_c_stream__(requested_schema)


_HEADER = ("standard", "case", "n", "outcome", "started (UTC)", "due (UTC)", "margin", "reason")
_WHOLE = ("occurrence", "elapsed", "limit", "margin", "paused")


def _is_in(column: Sequence[Any], wanted: str | Iterable[str]) -> Callable[[int], bool]:
    names = {wanted} if isinstance(wanted, str) else set(wanted)
    return lambda row: column[row] in names


def _public(name: str, value: Any) -> Any:
    return datetime_utc(value) if name in INSTANTS and value is not None else value


def _written(name: str, value: Any) -> Any:
    return iso_text(value) if name in INSTANTS else written(value)
