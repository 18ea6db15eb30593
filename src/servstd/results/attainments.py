"""The attainments of a report: a tuple that a notebook shows as a table and a library of frames takes."""

from __future__ import annotations

from typing import Any

from servstd.results.tables import html_table, plain_table
from servstd.rollups import Attainment

_SHOWN = 20
_HEADER = (
    "standard",
    "objective",
    "segment",
    "window",
    "judged",
    "met",
    "breached",
    "reached",
    "wanted",
    "status",
)
_NUMBERS = (4, 5, 6, 7, 8)


class Attainments(tuple[Attainment, ...]):
    """Hold one row a standard, objective, segment and window; a tuple, and a frame where one is wanted.

    Example:
        >>> Attainments().to_dicts()
        []
    """

    __slots__ = ()

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one mapping a row, its columns as of `Attainment`, instants as aware datetimes in UTC."""
        return [one.to_dict() for one in self]

    def to_pandas(self) -> Any:
        """Return a pandas frame.

        Raises:
            ImportError: pandas is not installed (`pip install "servstd[pandas]"`).
        """
        import pandas as pd  # noqa: PLC0415 - an extra

        return pd.DataFrame(self.to_dicts(), columns=Attainment.columns())

    def to_polars(self) -> Any:
        """Return a Polars frame.

        Raises:
            ImportError: Polars is not installed (`pip install "servstd[polars]"`).
        """
        import polars as pl  # noqa: PLC0415 - an extra

        schema = None if self else dict.fromkeys(Attainment.columns(), pl.Null)
        return pl.DataFrame(self.to_dicts(), schema=schema, infer_schema_length=None)

    def __repr__(self) -> str:
        if not self:
            return "<Attainments: none>"
        more = f"\n… and {len(self) - _SHOWN:,} more" if len(self) > _SHOWN else ""
        return f"<Attainments: {len(self):,}>\n{plain_table(_HEADER, self._rows(), right=_NUMBERS)}{more}"

    def _repr_html_(self) -> str:
        more = f", the first {_SHOWN}" if len(self) > _SHOWN else ""
        return html_table(_HEADER, self._rows(), f"{len(self):,} attainments{more}", right=_NUMBERS)

    def _rows(self) -> list[list[str]]:
        return [
            [
                *(one.standard, one.objective, one.segment, one.window),
                *(f"{number:,}" for number in (one.judged, one.met, one.breached)),
                *(one.value_text, one.bound_text, one.status.replace("_", " ")),
            ]
            for one in self[:_SHOWN]
        ]
