"""What a reader should know about the data, as sentences; the same in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from servstd.events.quarantine import QuarantinedRow
from servstd.results.report import Report
from servstd.results.wording import counted

_FIRST_ROWS = 3
_REPLACED = "SV328"
"""A row that a later one of its id replaces: nothing is lost with it."""


def as_of_line(report: Report) -> str:
    """Return the first line of every report: the instant of the judgement, how it was chosen, and what is shown."""
    at = report.as_of
    text = f"{at:%Y-%m-%d %H:%M:%S}" + (f".{at.microsecond:06d}".rstrip("0") if at.microsecond else "")
    shown = "; ".join(one.words() for one in report.choices)
    return f"As of {text} UTC: {report.as_of_how}." + (f" Shown and deciding: {shown}." if shown else "")


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
        where = ", ".join(f"{one.row}" for one in rows[:_FIRST_ROWS] if one.file == first.file)
        more = ", …" if len(rows) > _FIRST_ROWS else ""
        like = "" if all(one.reason == first.reason for one in rows) else "like "
        yield f"quarantine {code}, {len(rows):,} × {like}{first.reason} ({first.file} row {where}{more})"


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
            by_reason.setdefault(columns["reason"][row] or "for no reason that is kept", []).append(row)
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
    yield from _young(report)


def _young(report: Report) -> Iterator[str]:
    """Say how a window gets over that is undecided for the sole reason that the log's last event lies in it."""
    is_chosen = report.as_of_how.startswith("the last event")
    is_waiting = any(one.status == "provisional" for one in report.attainments)
    has_nothing = not report.attainments and any(one.is_judged for one in report.standards)
    if is_chosen and not report.is_decided and (is_waiting or has_nothing):
        yield "no window is over at the last event; if the export was made later, say when: `--as-of`"
