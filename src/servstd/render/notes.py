"""What a reader should know about the data, as sentences; the same in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from servstd.results.report import Report
from servstd.results.wording import counted

_FIRST_ROWS = 3


def as_of_line(report: Report) -> str:
    """Return the first line of every report: the instant of the judgement and how it was chosen."""
    at = report.as_of
    text = f"{at:%Y-%m-%d %H:%M:%S}" + (f".{at.microsecond:06d}".rstrip("0") if at.microsecond else "")
    return f"As of {text} UTC: {report.as_of_how}."


def verdict_line(report: Report) -> str:
    """Return the whole report in one sentence."""
    standards = [one.id for one in report.book.standards]
    missed = {one.standard for one in report.attainments if one.status == "missed"}
    decided = {one.standard for one in report.attainments if one.is_decided}
    undecided = len(standards) - len(decided)
    rest = f"; {counted(undecided, 'standard')} not decided" if undecided and decided else ""
    if missed:
        return f"Not met: {len(missed)} of {counted(len(standards), 'standard')} missed{rest}."
    if decided:
        return f"Met: {counted(len(decided), 'standard')} of {len(standards)}{rest}."
    return "Nothing is decided: no objective has a window that is over, covered by the log and judged."


def data_notes(report: Report) -> list[str]:
    """Return what became of every row, and everything that a reader might stumble over."""
    return [*_rows(report), *_quarantine(report), *_cases(report), *_ties(report), *_others(report)]


def _rows(report: Report) -> Iterator[str]:
    counts = report.log.counts
    if counts.found == counts.rows_in:
        yield (
            f"{counted(counts.rows_in, 'row')} in = {counted(counts.events, 'event')} + "
            f"{counts.quarantined:,} in quarantine + {counts.merged:,} merged"
        )
        return
    yield (
        f"{counted(counts.rows_in, 'row')} in = {counts.rows_used:,} used + {counts.rows_quarantined:,} in quarantine + "
        f"{counts.rows_merged:,} merged"
    )
    yield (
        f"{counted(counts.found, 'event')} found in them = {counts.events:,} used + {counts.quarantined:,} in quarantine + "
        f"{counts.merged:,} merged"
    )


def _quarantine(report: Report) -> Iterator[str]:
    by_code: dict[str, list[int]] = {}
    rows = report.log.quarantine
    for place, one in enumerate(rows):
        by_code.setdefault(one.code, []).append(place)
    for code, places in sorted(by_code.items()):
        first = [rows[place] for place in places[:_FIRST_ROWS]]
        where = ", ".join(f"{one.row}" for one in first)
        more = ", …" if len(places) > _FIRST_ROWS else ""
        yield f"quarantine {code}: {counted(len(places), 'time')} {first[0].reason} ({first[0].file} row {where}{more})"


def _cases(report: Report) -> Iterator[str]:
    for standard in report.book.standards:
        idle, skipped = report.idle.get(standard.id, 0), report.skipped.get(standard.id, 0)
        parts = [f"{counted(idle, 'case')} never activated it"] if idle else []
        if skipped:
            fields = ", ".join(f"`{name}`" for name in standard.case_in(report.book.surroundings))
            parts.append(f"{counted(skipped, 'event')} without {fields} skipped")
        if parts:
            yield f"{standard.id}: {'; '.join(parts)}"


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


def _others(report: Report) -> Iterator[str]:
    yield from report.log.notes
    yield from report.notes
