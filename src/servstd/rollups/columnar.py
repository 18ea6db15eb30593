"""Attainments of very many verdicts: shares over calendar windows, counted with arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from servstd.calendars.windows import Windows
from servstd.rollups.attainment import STATUSES, Attainment
from servstd.rollups.coded import OUTCOME_CODES, Coded, CodedSegments
from servstd.rollups.deciding import attainment_of
from servstd.rollups.sample import Columns
from servstd.rollups.tally import Tally
from servstd.rollups.windowing import CalendarCut, Span, covered
from servstd.standards.objective import Objective
from servstd.statistics.distributions import normal_quantile

Ints = NDArray[np.int64]
Arrays = dict[str, NDArray[Any]]
Floats = NDArray[np.float64]

_HOUR_US = 3_600_000_000
_MOST_CELLS = 4_000_000
"""Windows times segments that are worth arrays; a year 1970 in the data makes half a million hours of them."""
_WIDE = 8
"""Room for the codes of outcomes in a key, a power of two."""


class Place(NamedTuple):
    """Say which windows there are, and what of them the log covers."""

    calendar: Windows
    span: Span


class Attainments(Sequence[Attainment]):
    """Hold the attainments of one objective in columns; the objects are made when somebody asks for one.

    `columns` has, one a row: `segment` (code into `segments`), `window` (number), `start_us`, `end_us`, the counts by
    outcome, `judged`, `value` (NaN where nothing was judged), `low`, `high`, `status` (code into `STATUSES`),
    `budget_allowed` and `burn_rate`.
    """

    def __init__(
        self, standard: str, objective: Objective, *, place: Place, segments: Sequence[str], columns: Arrays
    ) -> None:
        self._standard, self._objective, self._place = standard, objective, place
        self.segments = segments
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns["status"])

    @overload
    def __getitem__(self, index: int) -> Attainment: ...
    @overload
    def __getitem__(self, index: slice) -> list[Attainment]: ...
    def __getitem__(self, index: int | slice) -> Attainment | list[Attainment]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        row = {name: column[index].item() for name, column in self.columns.items()}
        counts = [row[name] for name in OUTCOME_CODES]
        tally = Tally(
            **dict(zip(OUTCOME_CODES, counts, strict=True)), weight=row["judged"], weight_met=row["met"]
        )
        window = CalendarCut(self._place.calendar).window(row["window"], self._place.span)
        return attainment_of(self._standard, self._objective, self.segments[row["segment"]], window, tally)


def attain_columns(
    standard: str,
    objective: Objective,
    columns: Columns,
    rows: Iterable[int],
    *,
    timezone: str,
    span: Span,
    of: str = "",
) -> Attainments | None:
    """Return the attainments of an objective from coded columns, or None where it is not one of those counted here.

    Counted here are shares of met verdicts over calendar windows, dated by their start, without weights, a limit of
    their own or an interval that decides.

    Args:
        standard: The standard's id.
        objective: What to reach.
        columns: Verdict columns: `outcome` a `Coded` of `OUTCOME_CODES`, `started_at` int64 µs, `segments` a
            `CodedSegments` where the objective tells cases apart.
        rows: The positions of the standard's verdicts.
        timezone: The zone in which windows begin.
        span: What the log covers.
        of: For which cases the objective holds, where it does not for all.
    """
    outcome: Any
    started: Any
    outcome, started, segments = columns["outcome"], columns["started_at"], columns.get("segments")
    if not _is_counted_here(objective, outcome, started, segments) or not len(started):
        return None
    chosen = _Chosen.of(rows, len(started))
    calendar = Windows(objective.over.length, timezone, objective.over.first)
    starts_at: Ints = chosen.pick(started)
    if not len(starts_at):
        return None
    pieces = _Pieces.around(calendar, starts_at, span, is_whole=not objective.segments)
    names, codes = _segment_codes(objective, segments, chosen)
    if len(names) * len(pieces.numbers) > _MOST_CELLS + len(starts_at):
        return None
    keys = (codes * len(pieces.numbers) + pieces.places(starts_at)) * _WIDE + chosen.pick(outcome.codes)
    size = len(names) * len(pieces.numbers) * _WIDE
    counts = np.bincount(keys, minlength=size).reshape(len(names), len(pieces.numbers), _WIDE)
    is_row: NDArray[np.bool_] = np.asarray(counts.any(axis=2))
    if not objective.segments:
        is_row |= pieces.is_covered
    order = np.argsort(np.array(names)) if len(names) > 1 else np.zeros(1, np.int64)
    segment, piece = np.nonzero(is_row[order])
    segment = order[segment]
    found = _decided(objective, counts[segment, piece], pieces, piece, span)
    texts = [", ".join(filter(None, (of, name))) for name in names]
    columns_found = {"segment": segment, **found}
    return Attainments(
        standard, objective, place=Place(calendar, span), segments=texts, columns=columns_found
    )


def _is_counted_here(objective: Objective, outcome: Any, started: Any, segments: Any) -> bool:
    return (
        objective.statistic.name == "share"
        and objective.counts == "met"
        and objective.bound_of_a_case is None
        and objective.weight is None
        and objective.certainty is None
        and objective.dated_by == "start"
        and objective.over.shape == "calendar"
        and objective.bound.value.denominator < 2**31
        and isinstance(outcome, Coded)
        and tuple(outcome.values) == OUTCOME_CODES
        and isinstance(started, np.ndarray)
        and (not objective.segments or isinstance(segments, CodedSegments))
    )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Pick rows; None are all."""

    rows: NDArray[np.int64] | None

    @classmethod
    def of(cls, rows: Iterable[int], number: int) -> _Chosen:
        if isinstance(rows, range) and rows == range(number):
            return cls(None)
        return cls(np.fromiter(rows, np.int64))

    def pick(self, column: NDArray[Any]) -> NDArray[Any]:
        return column if self.rows is None else column[self.rows]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Be the windows that hold anything, in order, none of them empty.

    Args:
        numbers: Their numbers.
        edges: Their first instants, and the end of the last.
        is_covered: Which the log covers whole, for a promise that is shown where nothing falls into it.
    """

    numbers: Ints
    edges: Ints
    is_covered: NDArray[np.bool_]

    @classmethod
    def around(cls, calendar: Windows, starts_at: Ints, span: Span, *, is_whole: bool) -> _Pieces:
        """Return the windows from the first to the last instant, and those that the log covers."""
        shown = list(covered(calendar, span)) if is_whole else []
        ends = (int(starts_at.min()), int(starts_at.max()))
        first, last = (calendar.number(at) for at in ends)
        first, last = min([first, *shown[:1]]), max([last, *shown[-1:]])
        numbers, edges = _windows_between(calendar, first, last)
        return cls(numbers, edges, np.isin(numbers, np.array(shown, np.int64)))

    def places(self, instants: Ints) -> NDArray[np.int64]:
        """Return the place of the window of each instant.

        A table of equal steps, none longer than a window, says where to look: no step holds two edges, so that one
        comparison decides. A search costs ten times as much where instants come in no order.
        """
        step = int(np.diff(self.edges).min())
        origin = int(self.edges[0])
        steps = np.arange(origin, int(self.edges[-1]), step)
        table = np.searchsorted(self.edges, steps, side="right") - 1
        found = table[(instants - origin) // step]
        return found + (instants >= self.edges[found + 1])


def _windows_between(calendar: Windows, first: int, last: int) -> tuple[Ints, Ints]:
    """Return the windows of a range that are not empty: a zone may skip a date, and dates have 23 to 25 hours."""
    if calendar.length != "hour":
        numbers = np.arange(first, last + 2)
        edges = np.array([calendar.start_us(int(number)) for number in numbers])
    else:
        numbers, edges = _hours_between(calendar, first, last)
    is_there = np.append(np.diff(edges) > 0, True)
    return numbers[is_there][:-1], edges[is_there]


def _hours_between(calendar: Windows, first: int, last: int) -> tuple[Ints, Ints]:
    """Return the hours of every date of a range, without asking the zone for each."""
    days = Windows("day", calendar.timezone)
    bounds = [days.start_us(day) for day in range(first // 32, last // 32 + 2)]
    numbers, edges = [], []
    for day, (start, end) in enumerate(pairwise(bounds), start=first // 32):
        hours = np.arange(-(-(end - start) // _HOUR_US))
        numbers.append(day * 32 + hours)
        edges.append(start + hours * _HOUR_US)
    numbers.append(np.array([(last // 32 + 1) * 32]))
    edges.append(np.array([bounds[-1]]))
    return np.concatenate(numbers), np.concatenate(edges)


def _segment_codes(
    objective: Objective, segments: Any, chosen: _Chosen
) -> tuple[list[str], NDArray[np.int64] | int]:
    """Return the segments as text, and the code of each verdict."""
    if not objective.segments:
        return [""], 0
    read = [segments.columns[name] for name in objective.segments]
    codes: NDArray[np.int64] = np.zeros(1, np.int64)
    for column in read:
        codes = codes * len(column.values) + chosen.pick(column.codes)
    values = [["not carried" if one is None else str(one) for one in column.values] for column in read]
    names = [
        ", ".join(f"{name}={value}" for name, value in zip(objective.segments, one, strict=True))
        for one in product(*values)  # in the order of the codes: the last name varies first
    ]
    return names, codes


def _decided(
    objective: Objective, counts: NDArray[np.int64], pieces: _Pieces, piece: Ints, span: Span
) -> dict[str, NDArray[Any]]:
    """Return the columns that follow from counts, as `attainment_of` has them one by one."""
    found: dict[str, NDArray[Any]] = {name: counts[:, code] for code, name in enumerate(OUTCOME_CODES)}
    met, breached, unknown = found["met"], found["breached"], found["unknown"]
    start, end, judged = pieces.edges[piece], pieces.edges[piece + 1], met + breached
    share, strict = objective.bound.value, objective.bound.is_strict
    wanted, reached = share.numerator * judged, met * share.denominator
    needed = wanted // share.denominator + 1 if strict else -(-wanted // share.denominator)
    most = objective.unknown_share
    is_vague = unknown * most.denominator > (judged + unknown) * most.numerator
    first_us = span.as_of_us + 1 if span.first_us is None else span.first_us
    status = np.select(
        [
            counts.sum(axis=1) == 0, span.known_us < end, start < first_us, (judged == 0) & (unknown == 0),
            is_vague | (judged < objective.min_sample), reached > wanted if strict else reached >= wanted,
        ],
        [STATUSES.index(name) for name in ("no_data", "provisional", "partial", "no_data", "insufficient", "met")],
        STATUSES.index("missed"),
    )  # fmt: skip
    low, high = _wilson(met, judged)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = met / judged
        burn = (
            (breached / judged) / float(1 - share) if share < 1 else np.where(breached > 0, np.inf, value * 0)
        )
    return found | {
        "window": pieces.numbers[piece], "start_us": start, "end_us": end, "judged": judged, "value": value, "low": low,
        "high": high, "status": status, "budget_allowed": np.maximum(judged - needed, 0), "burn_rate": burn,
    }  # fmt: skip


def _wilson(met: Ints, judged: Ints) -> tuple[Floats, Floats]:
    """Return Wilson's two-sided intervals of 95 %, NaN where nothing was judged; see `servstd.statistics.wilson`."""
    z = normal_quantile(0.975)
    with np.errstate(divide="ignore", invalid="ignore"):
        share, square = met / judged, z * z
        middle = share + square / (2 * judged)
        spread = z * np.sqrt(share * (1 - share) / judged + square / (4 * judged * judged))
        low, high = (middle - spread) / (1 + square / judged), (middle + spread) / (1 + square / judged)
    return np.where(met == 0, 0.0 * share, np.maximum(low, 0.0)), np.where(
        met == judged, np.minimum(1.0 + 0.0 * share, 1.0), np.minimum(high, 1.0)
    )
