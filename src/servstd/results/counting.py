"""Which verdicts count in which rows of attainments."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servstd.intervals import instant_us
from servstd.results.gathering import judgings_of
from servstd.rollups.sample import Sample

if TYPE_CHECKING:
    from servstd.results.gathering import Judging
    from servstd.results.report import Report
    from servstd.rollups import Attainment


def verdicts_in(report: Report, ids: set[str], rows: Iterable[Attainment] | None) -> list[int]:
    """Return the positions of the verdicts that count in rows.

    What is only measured has no rows and keeps its verdicts. What is written in place keeps those of the cases that
    its holder keeps.

    Args:
        report: The report.
        ids: The standards.
        rows: Their rows that are shown; None for all.
    """
    columns = report.verdicts.internal
    whole = (
        ids if rows is None else {one.id for one in report.standards if one.id in ids and not one.is_judged}
    )
    kept = {row for row, id_ in enumerate(columns["standard"]) if id_ in whole}
    if rows is not None:
        kept.update(_counting(report, ids, rows))
    cases = {(columns["standard"][row], columns["case_key"][row]) for row in kept}
    holders = _holders(report, ids)
    return [
        row
        for row, (id_, case) in enumerate(zip(columns["standard"], columns["case_key"], strict=True))
        if row in kept or (holders.get(id_), case) in cases
    ]


def _holders(report: Report, ids: set[str]) -> dict[str, str]:
    """Return by the id of what is written in place the standard that holds it."""
    entries = report.book.entries
    paths = {entry.path: entry.standard.id for entry in entries if entry.standard.id in ids}
    found: dict[str, str] = {}
    for entry in entries:
        if entry.role == "part":
            holder = next((id_ for path, id_ in paths.items() if entry.path.startswith(f"{path}.")), None)
            if holder is not None:
                found[entry.standard.id] = holder
    return found


def _counting(report: Report, ids: set[str], rows: Iterable[Attainment]) -> Iterator[int]:
    """Yield the positions of the verdicts that count in one of the rows."""
    shown: dict[tuple[str, str, str], list[Attainment]] = {}
    for row in rows:
        shown.setdefault((row.standard, row.objective, row.segment), []).append(row)
    for judging in judgings_of(report.verdicts.internal, report.book):
        if judging.standard in ids:
            yield from _counting_in(judging, shown, report)


def _counting_in(
    judging: Judging, shown: Mapping[tuple[str, str, str], Sequence[Attainment]], report: Report
) -> Iterator[int]:
    objective, places = judging.objective, list(judging.rows)
    sample = Sample.of(objective, report.verdicts.internal, places)
    instants = sample.instants(objective.dated_by, report.as_of_us)
    is_census = objective.over.shape == "census"
    counts = {
        key: _Stretches.of(found)
        for key, found in shown.items()
        if key[:2] == (judging.standard, str(objective))
    }
    for place, (row, at) in enumerate(zip(places, instants, strict=True)):
        segment = "" if sample.segments is None else sample.segments[place]
        key = judging.standard, str(objective), ", ".join(filter(None, (judging.of, segment)))
        found = counts.get(key)
        if found is None:
            continue
        if is_census:
            started, ended = sample.started[place], sample.ended[place]
            is_counted = found.has_end_in(started, ended)
        else:
            is_counted = found.holds(at)
        if is_counted:
            yield row


@dataclass(frozen=True, slots=True)
class _Stretches:
    """The windows of some rows, in order; rolling ones, which overlap, are joined."""

    is_everything: bool
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, rows: Iterable[Attainment]) -> _Stretches:
        every = list(rows)
        bounds = sorted(
            (instant_us(row.window_start), instant_us(row.window_end))
            for row in every
            if row.window_start is not None and row.window_end is not None
        )
        joined: list[tuple[int, int]] = []
        for start, end in bounds:
            if joined and start < joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        starts, ends = [start for start, _ in joined], [end for _, end in joined]
        return cls(len(bounds) < len(every), starts, ends)

    def holds(self, at: int) -> bool:
        place = bisect_right(self.starts, at) - 1
        return self.is_everything or (place >= 0 and at < self.ends[place])

    def has_end_in(self, started: int, ended: int | None) -> bool:
        """Return whether a window ends while a case is open: a census counts it there."""
        return any(started < end and (ended is None or end <= ended) for end in self.ends)
