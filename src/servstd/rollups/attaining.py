"""From verdict columns to attainments: dated, divided by segment and window, tallied, compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat

from servstd.calendars.windows import Windows
from servstd.rollups.attainment import Attainment
from servstd.rollups.census import census_of
from servstd.rollups.coded import Coded
from servstd.rollups.deciding import attainment_of
from servstd.rollups.sample import Columns, Sample
from servstd.rollups.tally import Tally, tallies_of
from servstd.rollups.windowing import OUTSIDE, Cut, Span, Window, cut_of
from servstd.standards.objective import Objective


def attain(
    standard: str,
    objective: Objective,
    columns: Columns,
    rows: Iterable[int],
    *,
    timezone: str,
    span: Span,
    of: str = "",
) -> Sequence[Attainment]:
    """Return the attainments of one objective, in the order of segments and windows.

    Windows without any verdict are rows as well, where the log covers them whole: silence is not attainment.

    Args:
        standard: Its id.
        objective: What to reach.
        columns: Verdict columns, instants in µs; `segments` holds a mapping of case fields a verdict, `weights` one of
            numbers. With `outcome` a `Coded` of `OUTCOME_CODES`, `started_at` an int64 array and `segments` a
            `CodedSegments`, shares over calendar windows are counted with arrays.
        rows: The positions of the standard's verdicts.
        timezone: The zone in which windows begin.
        span: From when to when the log is complete, and the instant of the judgement.
        of: For which cases it holds, where it does not for all: `priority is P1`; stands before the segment.
    """
    if isinstance(columns["outcome"], Coded):
        from servstd.rollups.columnar import attain_columns  # noqa: PLC0415 - arrays need NumPy

        rows = rows if isinstance(rows, range) else list(rows)
        counted = attain_columns(standard, objective, columns, rows, timezone=timezone, span=span, of=of)
        if counted is not None:
            return counted
    sample = Sample.of(objective, columns, list(rows))
    if objective.over.shape == "census":
        found = _censuses(sample, Windows(objective.over.length, timezone), span)
    else:
        cut = cut_of(objective.over, timezone, span)
        tiles = cut.tiles(sample.instants(objective.dated_by, span.as_of_us))
        keys = list(zip(sample.segments or repeat(""), tiles, strict=False))
        tallies = tallies_of(keys, sample.outcomes, sample.used, sample.weights)
        found = _windows(cut, tallies, span, is_whole=sample.segments is None)
    return [
        attainment_of(standard, objective, ", ".join(filter(None, (of, segment))), window, tally)
        for segment, window, tally in found
    ]


def _windows(
    cut: Cut, tallies: Mapping[tuple[str, int], Tally], span: Span, *, is_whole: bool
) -> Iterator[tuple[str, Window, Tally]]:
    """Yield every segment and window with what falls into it, in order; where nothing does, the empty windows."""
    found: dict[str, dict[int, Tally]] = {}
    for (segment, tile), tally in tallies.items():
        if tile != OUTSIDE:
            found.setdefault(segment, {})[tile] = tally
    is_silent = True
    for segment, tiles in sorted(found.items()):
        for window, tally in cut.windows(tiles, span, is_whole=is_whole):
            is_silent = False
            yield segment, window, tally
    if is_silent:
        yield from (("", window, tally) for window, tally in cut.windows({}, span, is_whole=True))


def _censuses(sample: Sample, calendar: Windows, span: Span) -> Iterator[tuple[str, Window, Tally]]:
    for segment in sorted(set(sample.segments or ())) or [""]:
        for window, tally in census_of(calendar, sample.only(segment), span):
            yield segment, window, tally
