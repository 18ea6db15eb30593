"""The evidence of a verdict that rests on other verdicts: a sentence, and a table of what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from servstd.intervals import instant_us
from servstd.results.evidence import Evidence, EvidenceInterval, PartsTable
from servstd.results.sentence import subject_of
from servstd.results.verdict import Verdict
from servstd.results.wording import local_text, margin_text, moment_text
from servstd.rollups.rolled import Part

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
    standard: Standard, verdict: Verdict, parts: Sequence[Part], *, as_of_us: int, timezone: str
) -> Evidence:
    """Return the evidence of a verdict that rests on members.

    Args:
        standard: The standard as written.
        verdict: The verdict as the report gives it.
        parts: What it rests on.
        as_of_us: The instant of the judgement, µs.
        timezone: The zone in which instants are shown.
    """
    subject = subject_of(verdict, standard.title or "")
    return Evidence(
        verdict=verdict,
        title=standard.title or "",
        sentence=f"{subject}: {_told(verdict, parts, timezone)}.",
        intervals=tuple(_intervals(verdict, parts, as_of_us)),
        timezone=timezone,
        opened_by="",
        ended_by="",
        notes=("Would change if events of one stamp came in another order.",) if verdict.tie else (),
        parts=_table(parts, timezone),
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


def _intervals(verdict: Verdict, parts: Sequence[Part], as_of_us: int) -> Iterator[EvidenceInterval]:
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
