"""The evidence of a verdict that rests on other verdicts: a sentence, and a table of what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from servstd.escaping import printable
from servstd.intervals import instant_us
from servstd.results.evidence import Evidence, EvidenceInterval, PartsTable
from servstd.results.sentence import subject_of
from servstd.results.verdict import Verdict
from servstd.results.wording import amount_text, local_text, margin_text, moment_text, points_text
from servstd.rollups.rolled import Part
from servstd.rollups.scorecard import ItemPart
from servstd.standards.bound import number_text, percent_text

if TYPE_CHECKING:
    from servstd.standards import Standard

_WORDS = {
    "breached": "was broken",
    "met": "was kept",
    "open": "is open",
    "unknown": "is not known",
    "excluded": "is left out",
    "cancelled": "was cancelled",
    "none": "never began",
}


def evidence_of_parts(
    standard: Standard, verdict: Verdict, parts: Sequence[Part | ItemPart], *, as_of_us: int, timezone: str
) -> Evidence:
    """Return the evidence of a verdict that rests on members or items.

    Args:
        standard: The standard as written.
        verdict: The verdict as the report gives it.
        parts: What it rests on.
        as_of_us: The instant of the judgement, µs.
        timezone: The zone in which instants are shown.
    """
    subject = subject_of(verdict, standard.title or "")
    members = [part for part in parts if isinstance(part, Part)]
    items = [part for part in parts if isinstance(part, ItemPart)]
    said = _told(verdict, members, timezone) if members else _scored(verdict, items)
    return Evidence(
        verdict=verdict,
        title=standard.title or "",
        sentence=f"{subject}: {said}.",
        intervals=tuple(_intervals(verdict, parts, as_of_us)),
        timezone=timezone,
        opened_by="",
        ended_by="",
        notes=("Would change if events of one stamp came in another order.",) if verdict.tie else (),
        parts=_table(members, timezone) if members else _item_table(items),
    )


def _told(verdict: Verdict, parts: Sequence[Part], zone: str) -> str:
    said = []
    for outcome, words in _WORDS.items():
        named = [_name(part, zone) for part in parts if part.outcome == outcome]
        if named:
            verb = words if len(named) == 1 else words.replace("was", "were").replace("is ", "are ")
            said.append(f"{_listed(named)} {verb}")
    lead = f"{verdict.reason}; " if verdict.outcome in ("excluded", "cancelled") and verdict.reason else ""
    return lead + "; ".join(said)


def _name(part: Part, zone: str) -> str:
    if part.outcome == "breached" and part.breached_at is not None:
        return f"{part.name} ({moment_text(part.breached_at, zone)})"
    if part.outcome == "open" and part.due_at is not None:
        return f"{part.name} (due {local_text(part.due_at, zone)})"
    return part.name


def _scored(verdict: Verdict, parts: Sequence[ItemPart]) -> str:
    """Tell the score, what failed all, and the items that lost points."""
    said = []
    if verdict.elapsed is not None and verdict.limit is not None:
        said.append(f"{amount_text(verdict.elapsed, 'points')}, {points_text(verdict.limit)} demanded")
    if verdict.reason:
        said.append(verdict.reason)
    short = [
        f"{one.name} ({one.mark.said})" for one in parts if one.mark.share is not None and one.mark.share < 1
    ]
    if short:
        said.append(f"points were lost on {_listed(short)}")
    left = [part.name for part in parts if part.outcome == "n/a"]
    if left:
        said.append(f"{_listed(left)} did not apply")
    return "; ".join(said) or "every item got its full mark"


def _item_table(parts: Sequence[ItemPart]) -> PartsTable:
    rows = [
        (
            part.name,
            number_text(part.weight, 4),
            printable(part.mark.said),
            "-" if part.mark.share is None else percent_text(part.mark.share, 1),
            "-" if part.points is None else points_text(part.points),
            "fails all" if part.mark.fails else "",
        )
        for part in parts
    ]
    return PartsTable(("item", "weight", "answer", "mark", "points", ""), tuple(rows), (1, 3, 4))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _table(parts: Sequence[Part], zone: str) -> PartsTable:
    rows = [
        (
            part.name,
            part.outcome,
            local_text(part.started_at, zone),
            local_text(part.due_at, zone),
            local_text(part.ended_at, zone),
            margin_text(part.margin, part.unit),
            part.reason,
        )
        for part in parts
    ]
    return PartsTable(("member", "outcome", "started", "due", "ended", "margin", "reason"), tuple(rows), (5,))


def _intervals(
    verdict: Verdict, parts: Sequence[Part | ItemPart], as_of_us: int
) -> Iterator[EvidenceInterval]:
    """Yield the time from start to end, cut where a member begins or ends, with those that run in between."""
    start = instant_us(verdict.started_at)
    end = max(as_of_us, start) if verdict.ended_at is None else instant_us(verdict.ended_at)
    stretches = [
        (part.name, part.started_at, end if part.ended_at is None else part.ended_at)
        for part in parts
        if part.started_at is not None
    ]
    cuts = sorted({start, end, *(at for _, *ends in stretches for at in ends if start < at < end)})
    for here, then in pairwise(cuts):
        running = [name for name, begun, over in stretches if begun <= here and then <= over]
        reason = f"{_listed(running)} running" if running else "nothing running"
        yield EvidenceInterval(here, then, "counted" if running else "ended", reason)
