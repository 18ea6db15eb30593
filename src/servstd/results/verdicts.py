"""Verdicts in columns: whole numbers inside, objects on request, Arrow for everybody else."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args, overload

from servstd.engine.obligation import Outcome
from servstd.errors import EvaluationError, unknown_name
from servstd.escaping import as_json
from servstd.events.values import key_text
from servstd.intervals import datetime_utc
from servstd.results.tables import html_table, plain_table
from servstd.results.verdict import COLUMNS, INSTANTS, LENGTHS, NUMBERS, Verdict, frame_columns, written
from servstd.results.wording import iso_text, local_text, margin_text

HIDDEN = (
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

CaseSpec = str | int | Sequence[object]
"""A case as somebody asks for it: its text, or its key by the fields."""
_SHOWN = 10
_NOT_A_TIME = -(2**63)  # what NumPy keeps for a missing instant


if TYPE_CHECKING:
    _Sequence = Sequence[Verdict]
else:
    # Frames look for a sequence before they look for Arrow columns, and would take the rows apart one by one. So it is
    # a sequence to whoever reads it and to a type checker, and none to `isinstance`.
    _Sequence = object


class Verdicts(_Sequence):
    """Verdicts as columns of whole numbers and texts; immutable.

    `columns` gives the raw ones: instants as µs since the epoch in UTC, None where there is none. Items,
    `to_dicts` and the frames give aware datetimes. `pl.DataFrame(verdicts)`, `pa.table(verdicts)` and whatever takes
    Arrow columns make a frame with the types of `to_polars()`.

    Args:
        columns: One sequence a public column, and one a hidden one; all of one length.
        standards: The ids that `where` may ask for, those without a verdict among them; any when left out.

    Example:
        >>> len(Verdicts.empty())
        0
    """

    __slots__ = ("_all", "_standards")

    def __init__(
        self, columns: Mapping[str, Sequence[Any]], *, standards: Iterable[str] | None = None
    ) -> None:
        self._all: dict[str, Sequence[Any]] = {name: columns[name] for name in (*COLUMNS, *HIDDEN)}
        self._standards = None if standards is None else tuple(standards)

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
        case: CaseSpec | None = None,
        outcome: str | Iterable[str] | None = None,
    ) -> Verdicts:
        """Return those that fit, in the same order.

        Args:
            standard: An id, or several.
            case: A case's key: as one text, or by its fields as a tuple, which needs no separator and no backslash.
            outcome: An outcome, or several.

        Raises:
            EvaluationError: SV410 no such standard, SV420 no such outcome.

        Example:
            >>> Verdicts.empty().where(outcome="breached")
            <Verdicts: none>
        """
        tests: list[Callable[[int], bool]] = []
        if standard is not None:
            names = _known_names("SV410", "standard", standard, self._standards)
            tests.append(_is_in(self._all["standard"], names))
        if outcome is not None:
            names = _known_names("SV420", "outcome", outcome, get_args(Outcome))
            tests.append(_is_in(self._all["outcome"], names))
        if isinstance(case, str):
            tests.append(_is_in(self._all["case"], {case}))
        elif case is not None:
            tests.append(_is_in(self._all["case_key"], {key_of(case)}))
        return self.pick([row for row in range(len(self)) if all(test(row) for test in tests)])

    def pick(self, rows: Sequence[int]) -> Verdicts:
        """Return the verdicts at these positions, in this order."""
        columns = {name: [column[row] for row in rows] for name, column in self._all.items()}
        return Verdicts(columns, standards=self._standards)

    def __len__(self) -> int:
        return len(self._all["standard"])

    @overload
    def __getitem__(self, index: int) -> Verdict: ...
    @overload
    def __getitem__(self, index: slice) -> Verdicts: ...
    def __getitem__(self, index: int | slice) -> Verdict | Verdicts:
        if isinstance(index, slice):
            return self.pick(range(*index.indices(len(self))))
        if not -len(self) <= index < len(self):
            raise IndexError(f"there are {len(self)} verdicts")
        row = index % len(self)
        return Verdict(*(_public(name, self._all[name][row]) for name in COLUMNS))

    def __iter__(self) -> Iterator[Verdict]:
        return (self[row] for row in range(len(self)))

    __contains__ = Sequence.__contains__
    __reversed__ = Sequence.__reversed__
    index = Sequence.index
    count = Sequence.count

    def __eq__(self, other: object) -> bool:
        return self.columns == other.columns if isinstance(other, Verdicts) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> tuple[dict[str, Sequence[Any]], tuple[str, ...] | None]:
        return self._all, self._standards

    def __setstate__(self, state: tuple[dict[str, Sequence[Any]], tuple[str, ...] | None]) -> None:
        self._all, self._standards = state

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
        lines = [as_json(row) for row in self.to_rows()]
        return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"

    def to_pandas(self) -> Any:
        """Return a pandas frame: instants are `datetime64[us, UTC]`, lengths of time `timedelta64[us]`.

        `elapsed`, `limit` and `margin` hold lengths of time. Amounts in other units stand beside them, in
        `elapsed_number`, `limit_number` and `margin_number`, as floats; the exact ones are in `columns`.

        Raises:
            ImportError: pandas is not installed (`pip install "servstd[pandas]"`).
        """
        import numpy as np  # noqa: PLC0415 - only when asked
        import pandas as pd  # noqa: PLC0415 - an extra

        data: dict[str, Any] = {}
        for name, column in frame_columns(self.columns).items():
            if name in INSTANTS or name in LENGTHS:
                # not pd.to_datetime: its cache of repeated values fails on more than 50 with a missing one
                stamps = np.array([_NOT_A_TIME if us is None else us for us in column], np.int64)
                data[name] = (
                    pd.DatetimeIndex(stamps.view("datetime64[us]")).tz_localize("UTC")
                    if name in INSTANTS
                    else pd.TimedeltaIndex(stamps.view("timedelta64[us]"))
                )
            elif name in NUMBERS:
                data[name] = np.array(column, np.float64)
            elif name == "occurrence":
                data[name] = pd.array(column, dtype="Int64")
            elif name == "outcome_otherwise":
                data[name] = pd.array(list(column), dtype="string")
            else:
                data[name] = list(column)
        return pd.DataFrame(data)

    def to_polars(self) -> Any:
        """Return a Polars frame: instants are `Datetime[us, UTC]`, lengths of time `Duration[us]`.

        Its columns are those of `to_pandas`.

        Raises:
            ImportError: Polars is not installed (`pip install "servstd[polars]"`).
        """
        import polars as pl  # noqa: PLC0415 - an extra

        return pl.DataFrame(self)

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

        return stream_of(frame_columns(self.columns), requested_schema)

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


_HEADER = ("standard", "case", "n", "outcome", "started (UTC)", "due (UTC)", "margin", "reason")


def key_of(case: CaseSpec) -> tuple[str, ...]:
    """Return the key of a case that is named by its fields.

    Example:
        >>> key_of(("north", 17)), key_of(17)
        (('north', '17'), ('17',))
    """
    fields = case if isinstance(case, Sequence) and not isinstance(case, str) else (case,)
    return tuple(map(key_text, fields))


def _is_in(column: Sequence[Any], wanted: Container[Any]) -> Callable[[int], bool]:
    return lambda row: column[row] in wanted


def _known_names(code: str, what: str, wanted: str | Iterable[str], known: Sequence[str] | None) -> set[str]:
    """Return the names that are asked for.

    Raises:
        EvaluationError: one is not among the known ones; an empty answer would look like good news.
    """
    names = {wanted} if isinstance(wanted, str) else set(wanted)
    if known is not None and (strange := sorted(names.difference(known))):
        raise EvaluationError([unknown_name(code, what, name, list(known)) for name in strange])
    return names


def _public(name: str, value: Any) -> Any:
    return datetime_utc(value) if name in INSTANTS and value is not None else value


def _written(name: str, value: Any) -> Any:
    return iso_text(value) if name in INSTANTS else written(value)
