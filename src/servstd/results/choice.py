"""What of a report decides and is shown: some standards, some windows, some segments. No case is judged otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any

from servstd.calendars.windows import Windows
from servstd.errors import EvaluationError, Problem, closest, listed, unknown_name
from servstd.intervals import datetime_utc, instant_us
from servstd.results.counting import verdicts_in
from servstd.results.gathering import frames_of
from servstd.results.named_periods import period_us
from servstd.rollups import Attainment
from servstd.rollups.windowing import CalendarCut, Span, Window

if TYPE_CHECKING:
    from servstd.results.gathering import Framed
    from servstd.results.report import Report
    from servstd.rollups.consequences import Outgoing
    from servstd.standards import Standard

LAST = "last"
SegmentSpec = str | Mapping[str, "str | Sequence[str]"]
"""`region=North`, or by name the value, or the values of which any will do."""

_MOST = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader asks of a report.

    Args:
        standards: Ids; all where there are none.
        window: `last`, a period as `2026-03` or `2026-03..2026-05`, or a window as the report names it.
        segments: Names with the values of which any will do; all cases where there are none.
    """

    standards: tuple[str, ...] = ()
    window: str = ""
    segments: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(
        cls,
        known: Iterable[Standard],
        *,
        standards: str | Iterable[str] | None,
        window: str | None,
        segment: SegmentSpec | None,
    ) -> Choice:
        """Return what is asked for, its names checked as far as no report is needed.

        Args:
            known: The standards that may be named.
            standards: Ids.
            window: The windows.
            segment: The segments.

        Raises:
            EvaluationError: SV410 no such standard, SV421 an empty window, SV422 a segment that is no `name=value`.
        """
        ids = (standards,) if isinstance(standards, str) else tuple(standards or ())
        there = [one.id for one in known]
        if problems := [unknown_name("SV410", "standard", id_, there) for id_ in ids if id_ not in there]:
            raise EvaluationError(problems)
        if window is not None and not window.strip():
            help_ = "write `last`, or a period such as `2026-03`."
            raise EvaluationError(Problem("SV421", "an empty text names no window.", help_))
        return cls(tuple(dict.fromkeys(ids)), (window or "").strip(), tuple(_pairs(segment)))

    def words(self) -> str:
        """Return it for a reader: `standards a, b; windows inside 2026-03; region=North`."""
        said = []
        if self.standards:
            said.append(f"standard{'s' * (len(self.standards) > 1)} {', '.join(self.standards)}")
        if self.window:
            is_last = self.window == LAST
            said.append(
                "the last finished window of each objective" if is_last else f"windows inside {self.window}"
            )
        said += [f"{name}={' or '.join(values)}" for name, values in self.segments]
        return "; ".join(said)

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON writes it."""
        return {
            "standards": list(self.standards),
            "window": self.window,
            "segment": {name: list(values) for name, values in self.segments},
        }


def _pairs(segment: SegmentSpec | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(segment, str):
        name, equals, value = segment.partition("=")
        if not equals or not name.strip():
            raise EvaluationError(
                Problem(
                    "SV422",
                    f"`{segment:.60}` is no segment.",
                    "write its name and its value: `region=North`.",
                )
            )
        yield name.strip(), (value.strip(),)
        return
    for name, values in (segment or {}).items():
        yield name, (values,) if isinstance(values, str) else tuple(values)


def selected(report: Report, wanted: Choice) -> Report:
    """Return a report of which only what is wanted decides and is shown.

    Raises:
        EvaluationError: SV421 no such window, SV422 no such segment.
    """
    shown = tuple(one for one in report.standards if not wanted.standards or one.id in wanted.standards)
    ids = {one.id for one in shown}
    rows = [one for one in report.attainments if one.standard in ids]
    if wanted.segments:
        rows = _of_segments(report, rows, wanted.segments)
        with_rows = {one.standard for one in rows}
        shown = tuple(one for one in shown if one.id in with_rows)
    if wanted.window:
        rows = _of_windows(report, rows, wanted.window)
    return _shown_by(report, shown, rows, wanted)


# -- segments ------------------------------------------------------------------------------------------------------


def _of_segments(
    report: Report, rows: Sequence[Attainment], segments: Sequence[tuple[str, tuple[str, ...]]]
) -> list[Attainment]:
    names = {name for one in frames_of(report.book) for name in one.objective.segments}
    pairs = {segment: _parts(segment, names) for segment in {row.segment for row in rows}}
    there = sorted({pair for found in pairs.values() for pair in found.items()})
    problems = [
        _no_segment(name, value, there)
        for name, values in segments
        for value in values
        if (name, value) not in there
    ]
    if problems:
        raise EvaluationError(problems)
    return [row for row in rows if all(pairs[row.segment].get(name) in values for name, values in segments)]


def _parts(segment: str, names: Iterable[str]) -> dict[str, str]:
    """Return the names and values of a segment's text; a value may hold commas and signs of equality."""
    known = "|".join(map(re.escape, names))
    found = re.split(rf", (?=(?:{known})=)", segment) if known else []
    told = (part.partition("=") for part in found)
    return {name: value for name, equals, value in told if equals and name in names}


def _no_segment(name: str, value: str, there: Sequence[tuple[str, str]]) -> Problem:
    names = list(dict.fromkeys(one for one, _ in there))
    if not names:
        message = f"no row has the segment `{name}={value}`: no objective that is shown has `by:`."
        return Problem("SV422", message, "leave the segment out, or write `by:` in the objective.")
    if name not in names:
        near = closest(name, names)
        help_ = f"write `{near}={value}`." if near else ""
        return Problem(
            "SV422", f"no row tells cases apart by `{name:.60}`. Some do by {listed(names)}.", help_
        )
    values = [other for one, other in there if one == name]
    near = closest(value, values)
    told = listed((f"{name}={other}" for other in values), most=_MOST)
    help_ = f"write `{name}={near}`." if near else ""
    return Problem("SV422", f"no row has the segment `{name}={value:.60}`. There are {told}.", help_)


# -- windows -------------------------------------------------------------------------------------------------------


def _of_windows(report: Report, rows: Sequence[Attainment], window: str) -> list[Attainment]:
    """Return the rows of the windows that are asked for; everything always stays (decision 0242)."""
    if window == LAST:
        return list(_last(report, rows))
    named = [row for row in rows if not row.is_standing]
    found = {id(row) for row in named if row.window == window or _is_inside(row, window)}
    if not found and (named or _why_no_period(window)):
        raise EvaluationError(_no_window(window, named))
    return [row for row in rows if row.is_standing or id(row) in found]


def _is_inside(row: Attainment, window: str) -> bool:
    if row.window_start is None or row.window_end is None:
        return False
    try:
        start, end = period_us(window, row.timezone or "UTC")
    except EvaluationError:
        return False
    return start <= instant_us(row.window_start) and instant_us(row.window_end) <= end


def _no_window(window: str, rows: Sequence[Attainment]) -> Problem:
    """Return the problem of windows that there are not, with the latest of those that there are."""
    message = _why_no_period(window) or f"no window of an objective lies inside `{window:.60}`."
    # by the shape of the name, since months and weeks are listed apart: the names with the lengths of their windows
    sorts: dict[str, dict[str, int]] = {}
    for row in sorted(rows, key=_end):
        sorts.setdefault(re.sub("[0-9]", "0", row.window), {})[row.window] = _end(row) - _start(row)
    longest_first = [list(names) for names in sorted(sorts.values(), key=lambda names: -max(names.values()))]
    told = ", ".join(
        listed(names[-_MOST:]) + (f" and {len(names) - _MOST} earlier ones" if len(names) > _MOST else "")
        for names in longest_first
    )
    names = [LAST, *chain.from_iterable(longest_first)]
    near = next((name for name in names if ".." not in window and window.startswith(name)), None) or closest(
        window, names, cutoff=0.75
    )
    help_ = (
        f"write `{near}`."
        if near
        else "write `last`, a period such as `2026-Q1`, or two as `2026-03..2026-05`."
    )
    return Problem("SV421", f"{message} There are {told}." if told else message, help_)


def _why_no_period(window: str) -> str:
    try:
        period_us(window, "UTC")
    except EvaluationError as failure:
        return failure.problems[0].message
    return ""


def _last(report: Report, rows: Sequence[Attainment]) -> Iterator[Attainment]:
    """Yield of each objective the rows of its latest finished window, or that nothing is known of it.

    Cases that are told apart have rows only where they have verdicts. A latest window without any is silence, and the
    one before it must not speak for it.
    """
    frames = {(one.standard, one.words): one for one in frames_of(report.book)}
    for key, group in groupby(rows, key=lambda row: (row.standard, row.objective)):
        every = list(group)
        finished = [row for row in every if row.window_end is not None and _is_finished(report, row)]
        yield from (row for row in every if row.window_start is None)
        if not finished:
            continue
        latest = max(map(_end, finished))
        before = _before(frames.get(key), report.as_of_us)
        if before is not None and before.bounds_us is not None and before.bounds_us[1] > latest:
            yield _silent(every, before.label, before.bounds_us)
            continue
        yield from (row for row in finished if _end(row) == latest)


def _before(frame: Framed | None, as_of_us: int) -> Window | None:
    """Return the calendar window that was over last."""
    if frame is None or frame.objective.over.shape != "calendar":
        return None
    over = frame.objective.over
    cut = CalendarCut(Windows(over.length, frame.timezone, over.first))
    return cut.window(cut.calendar.number(as_of_us) - 1, Span(None, as_of_us))


def _is_finished(report: Report, row: Attainment) -> bool:
    return row.status != "provisional" and _end(row) <= report.as_of_us


def _start(row: Attainment) -> int:
    return 0 if row.window_start is None else instant_us(row.window_start)


def _end(row: Attainment) -> int:
    return 0 if row.window_end is None else instant_us(row.window_end)


def _silent(rows: Sequence[Attainment], window: str, bounds_us: tuple[int, int]) -> Attainment:
    """Return the row of a window into which no verdict falls, beside rows of other windows."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("judged", "met", "breached", "open", "excluded", "cancelled", "unknown"), 0
    ) | dict.fromkeys(
        ("value", "exact_value", "low", "high", "budget_allowed", "budget_used", "burn_rate", "runs_out_at")
    )
    start, end = map(datetime_utc, bounds_us)
    segments = {row.segment for row in rows}
    return replace(
        rows[-1], segment=segments.pop() if len(segments) == 1 else "", window=window, window_start=start,
        window_end=end, status="no_data", why="no verdict falls into it", **nothing,
    )  # fmt: skip


# -- what is shown -------------------------------------------------------------------------------------------------


def _shown_by(
    report: Report, shown: tuple[Standard, ...], rows: Sequence[Attainment], wanted: Choice
) -> Report:
    """Return the report with what counts in the rows that are shown."""
    ids = {one.id for one in shown}
    kept = verdicts_in(report, ids, rows if wanted.window or wanted.segments else None)
    verdicts = report.verdicts.pick(kept)
    columns = verdicts.columns
    told = set(zip(columns["standard"], columns["case"], columns["occurrence"], strict=True))
    windows = {(row.standard, row.objective, row.window, row.segment) for row in rows}
    segments = {(row.standard, row.objective, row.segment) for row in rows}
    others = {one.id for one in report.book.judged} - ids
    return replace(
        report,
        shown=tuple(one.id for one in shown),
        verdicts=verdicts,
        attainments=type(report.attainments)(rows),
        burns=tuple(one for one in report.burns if (one.standard, one.objective, one.segment) in segments),
        consequences=tuple(one for one in report.consequences if _follows(one, told, windows)),
        notes=tuple(note for note in report.notes if note.partition(": ")[0] not in others),
        choices=(*report.choices, wanted),
    )


def _follows(
    one: Outgoing, verdicts: set[tuple[str, str, int]], windows: set[tuple[str, str, str, str]]
) -> bool:
    if one.window:
        return (one.standard, one.objective, one.window, one.segment) in windows
    return (one.standard, one.case, one.occurrence) in verdicts
