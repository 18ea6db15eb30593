"""What a reader should know about the data, as sentences; the same in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from servstd.calendars.zones import zone_named
from servstd.events.quarantine import QuarantinedRow
from servstd.intervals import DAY_US, datetime_utc, instant_us
from servstd.results.report import Report
from servstd.results.silence import told
from servstd.results.wording import counted

_FIRST_ROWS = 3
_NEARLY = 10
"""A window is nearly over when a tenth of it is left: then the export may well have been made after its end. Where
nothing else is decided, every window may be."""
_UNREAD = "a row that could not be read might change it"
_REPLACED = "SV328"
"""A row that a later one of its id replaces: nothing is lost with it."""


def as_of_line(report: Report) -> str:
    """Return the first line of every report: the instant of the judgement, how it was chosen, and what is shown."""
    at = report.as_of
    text = f"{at:%Y-%m-%d %H:%M:%S}" + (f".{at.microsecond:06d}".rstrip("0") if at.microsecond else "")
    shown = "; ".join(one.words() for one in report.choices)
    return f"As of {text} UTC: {report.as_of_how}." + (f" Shown and deciding: {shown}." if shown else "")


def head_lines(report: Report) -> list[str]:
    """Return what a reader must know before any figure: what stands right below the first line of a report."""
    return [*told(report.absent), *_undecided_cases(report)]


def _undecided_cases(report: Report) -> Iterator[str]:
    """Yield the line that counts the cases undecided because of rows that could not be read."""
    columns = report.verdicts.internal
    cases = {
        key for key, is_unread in zip(columns["case_key"], columns["is_unread"], strict=True) if is_unread
    }
    if not cases:
        return
    rows = _unreadable_rows(report)
    yield (
        f"{counted(len(cases), 'case')} {'is' if len(cases) == 1 else 'are'} undecided because "
        f"{counted(len(rows), 'row')} could not be read in full: {_rows_named(rows)}."
    )


def _unreadable_rows(report: Report) -> list[tuple[str, int]]:
    """Return the rows, each with its file, of which an instant could not be read."""
    log = report.log
    undated = log.undated.quarantine if log.undated is not None else ()
    place = {file: number for number, file in enumerate(log.files)}
    every = {(one.file, one.row) for one in (*undated, *log.unread)}
    return sorted(every, key=lambda row: (place.get(row[0], 0), row[1]))


def _rows_named(rows: Sequence[tuple[str, int]]) -> str:
    """Return the first rows for a reader: `export.csv row 3, 7, 9, …`."""
    file = rows[0][0] if rows else ""
    shown = [str(row) for other, row in rows[:_FIRST_ROWS] if other == file]
    return f"{file} row {', '.join(shown)}" + (", …" if len(rows) > len(shown) else "")


def verdict_line(report: Report) -> str:
    """Return the whole report in one sentence."""
    standards = [one.id for one in report.standards if one.is_judged]
    missed = {one.standard for one in report.attainments if one.status == "missed"}
    decided = {one.standard for one in report.attainments if one.is_decided}
    undecided = len(standards) - len(decided)
    rest = f"; {counted(undecided, 'standard')} not decided" if undecided and decided else ""
    rest += _unusable(report)
    if missed:
        return f"Not met: {len(missed)} of {counted(len(standards), 'standard')} missed{rest}."
    if decided:
        return f"Met: {counted(len(decided), 'standard')} of {len(standards)}{rest}."
    return f"Nothing is decided: {_undecided(report)}{_unusable(report)}."


def _unusable(report: Report) -> str:
    """Say beside the verdict that it rests on a part of the data only, from 1 % on."""
    found = report.log.counts.found
    lost = sum(one.code != _REPLACED for one in report.log.quarantine)
    if not lost or lost * 100 < found:
        return ""
    return f"; {lost:,} of {counted(found, 'event')} in quarantine ({lost * 100 // found}%)"


def _undecided(report: Report) -> str:
    tally = Counter(one.status for one in report.attainments)
    named = [f"{number:,} {_UNDECIDED.get(status, status)}" for status, number in tally.items()]
    if named:
        return ", ".join(named)
    if not report.standards:
        return "the book has no standards"
    if not any(one.is_judged for one in report.standards):
        return "no standard has an objective, and what is only measured decides nothing"
    return NOT_SHOWN


NOT_SHOWN = "no window of what is shown is over"
"""What is said of standards with objectives whose windows a selection leaves out."""


_UNDECIDED = {
    "no_data": "without data",
    "provisional": "not over at as_of",
    "partial": "begun before the log",
    "insufficient": "with too few judged or too many unknown",
}


CONTRADICTED = "Green outside, red inside"
"""The title above standards that were met in a window in which the customers were not content."""


def contradictions(report: Report) -> list[str]:
    """Return a line for each standard that is met where a score of customers is missed in the same window."""
    found = []
    for one in report.watermelons:
        row = one.standard
        window = "all time" if row.window == "all" else row.window
        found.append(f"{f'{window}  {row.segment}'.rstrip()}: {one.words}")
    return found


def data_notes(report: Report) -> list[str]:
    """Return what became of every row, and everything that a reader might stumble over."""
    return [
        *_rows(report),
        *_quarantine(report),
        *_cases(report),
        *_unknown(report),
        *_ties(report),
        *_others(report),
    ]


def _rows(report: Report) -> Iterator[str]:
    counts = report.log.counts
    if counts.found == counts.rows_in:
        used = counted(counts.events, "event")
        yield f"{counted(counts.rows_in, 'row')} in = {used} + {_rest(counts.quarantined, counts.merged)}"
        return
    rows, events = counted(counts.rows_in, "row"), counted(counts.found, "event")
    yield f"{rows} in = {counts.rows_used:,} used + {_rest(counts.rows_quarantined, counts.rows_merged)}"
    yield f"{events} found in them = {counts.events:,} used + {_rest(counts.quarantined, counts.merged)}"


def _rest(quarantined: int, merged: int) -> str:
    return f"{quarantined:,} in quarantine + {merged:,} merged"


def _quarantine(report: Report) -> Iterator[str]:
    kinds: dict[tuple[str, str], list[QuarantinedRow]] = {}
    for one in report.log.quarantine:
        kinds.setdefault((one.code, one.column), []).append(one)
    for (code, _), rows in sorted(kinds.items()):
        first = rows[0]
        where = _rows_named([(one.file, one.row) for one in rows])
        like = "" if all(one.reason == first.reason for one in rows) else "like "
        yield f"quarantine {code}, {len(rows):,} × {like}{first.reason} ({where})"


def _cases(report: Report) -> Iterator[str]:
    idles: list[str] = []
    lacking: dict[str, int] = {}
    for standard in report.standards:
        idle, skipped = report.idle.get(standard.id, 0), report.skipped.get(standard.id, 0)
        if idle:
            idles.append(f"{idle:,} by {standard.id}")
        if skipped:
            fields = " and ".join(f"`{name}`" for name in standard.case_in(report.book.surroundings))
            lacking[fields] = skipped
    if idles:
        yield f"cases that activated nothing: {', '.join(idles)}"
    if lacking:
        named = ", ".join(f"{number:,} lack {fields}" for fields, number in lacking.items())
        yield f"events outside the cases of some standards: {named}"


def _unknown(report: Report) -> Iterator[str]:
    """Say of verdicts that are not known why, the most frequent reason of each standard first."""
    columns = report.verdicts.internal
    if "unknown" not in columns["outcome"]:
        return
    told: dict[str, dict[str, list[int]]] = {one.id: {} for one in report.standards}
    for row, outcome in enumerate(columns["outcome"]):
        if outcome == "unknown":
            by_reason = told.setdefault(columns["standard"][row], {})
            reason = columns["reason"][row] or "for no reason that is kept"
            by_reason.setdefault(_UNREAD if columns["is_unread"][row] else reason, []).append(row)
    for standard, by_reason in told.items():
        reasons = sorted(by_reason.items(), key=lambda one: (-len(one[1]), one[0]))
        for reason, rows in reasons[:_FIRST_ROWS]:
            cases = ", ".join(columns["case"][row] for row in rows[:_FIRST_ROWS])
            more = ", …" if len(rows) > _FIRST_ROWS else ""
            yield f"unknown, {len(rows):,} of {standard}: {reason} (case {cases}{more})"
        if len(reasons) > _FIRST_ROWS:
            rest = sum(len(rows) for _, rows in reasons[_FIRST_ROWS:])
            yield f"unknown, {rest:,} more of {standard}: other reasons"


def _ties(report: Report) -> Iterator[str]:
    columns = report.verdicts.internal
    ties = sum(columns["tie"])
    if ties:
        yield f"{counted(ties, 'verdict')} would change if events of one stamp came in another order"
    at_limit = Counter(
        standard for standard, is_at in zip(columns["standard"], columns["at_limit"], strict=True) if is_at
    )
    if at_limit:
        named = ", ".join(f"{number:,} of {standard}" for standard, number in at_limit.items())
        yield f"decided exactly at the limit: {named}"


def burn_lines(report: Report) -> list[str]:
    """Return what the alerts on budgets say, those that burn first."""
    told = sorted(report.burns, key=lambda one: not one.is_burning)
    return [f"{'budget burning' if one.is_burning else 'budget holding'}: {one}" for one in told]


def _others(report: Report) -> Iterator[str]:
    yield from burn_lines(report)
    for standard in report.standards:
        if not standard.is_judged:
            named = [f"{number:,} {outcome}" for outcome, number in report.outcomes[standard.id].items()]
            yield f"measured and not judged: {standard.id} ({', '.join(named) or 'no verdict'})"
    yield from report.log.notes
    yield from report.notes
    yield from _uncovered(report)


def _uncovered(report: Report) -> Iterator[str]:
    """Yield the hint to give `--covers`, where a window is cut that the export may hold whole."""
    covers = covering(report)
    if covers is not None:
        start, end = covers
        yield (
            "windows that the first or the last event cuts decide nothing; if the export is complete, say so: "
            f"`--covers {start}..{end}`"
        )


def covering(report: Report) -> tuple[date, date] | None:
    """Return what a log would have to cover for the windows at its ends to be whole.

    Args:
        report: The report.

    Returns:
        The first date, and the first date after the last; None where no window is cut, or what it covers was said.
    """
    if report.log.covers is not None:
        return None
    span = report.span
    first = span.first_us or 0
    cut = [
        (instant_us(one.window_start), instant_us(one.window_end), one.timezone)
        for one in report.attainments
        if one.status in ("partial", "provisional") and one.window_start and one.window_end
    ]
    begun = [(start, zone) for start, end, zone in cut if start < first <= end]
    over = _NEARLY if report.is_decided else 0
    ending = [
        (end, zone)
        for start, end, zone in cut
        if start <= span.as_of_us < end and (end - span.as_of_us) * over <= end - start
    ]
    if not begun and not ending:
        return None
    zone = cut[0][2]
    starts = [_local_date(at, zone) for at, zone in begun] or [_local_date(first, zone)]
    ends = [_local_date(at, zone) for at, zone in ending] or [_local_date(span.as_of_us + DAY_US - 1, zone)]
    return min(starts), max(ends)


def _local_date(at_us: int, timezone: str) -> date:
    offset_s = zone_named(timezone or "UTC").offset_s(at_us // 1_000_000)
    return (datetime_utc(at_us) + timedelta(seconds=offset_s)).date()
