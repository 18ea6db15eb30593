"""A bundle's verdicts: what several standards together come to, case by case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from servstd.calendars.windows import Windows
from servstd.engine.obligation import WINDOW_CUT, Obligation, Outcome
from servstd.rollups.rolled import Columns, Part, Rolled, fields_of, rows_by_case
from servstd.rollups.windowing import Span, Window
from servstd.standards.check import Require, failing_allowed

_LEFT_OUT = ("excluded", "cancelled", "none")
_WORST_FIRST = ("breached", "open", "unknown", "met", "excluded", "cancelled")
_NEVER = 2**63


class Place(NamedTuple):
    """The windows of a bundle, and what is known of them."""

    windows: Windows
    span: Span


def bundle(
    columns: Columns,
    *,
    members: Sequence[tuple[str, str]],
    require: Require,
    waits: bool = False,
    place: Place | None = None,
) -> Iterator[Rolled]:
    """Yield one verdict for each case, and window, in which at least one member has a verdict.

    What counts is what may be broken: of c members that count, `require` lets f be broken. The bundle is broken
    with the first member beyond f, kept once c - f are kept, `open` while that is not settled, and `unknown` where
    nothing but what is unknown keeps it from being settled.

    A member's verdict belongs to the window in which it begins. Until the window is over another may begin, so that the
    bundle is `open` unless it is broken. Of a window that began before the log nobody knows what began in it, so that
    what would be kept is `unknown`.

    Args:
        columns: The members' verdicts; see `rolled.READ`.
        members: Id and unit of each member, in their order.
        require: How many must be kept.
        waits: Whether a member without a verdict is waited for.
        place: The windows, with one verdict each; None for one verdict a case.
    """
    for key, every in rows_by_case(columns):
        for window, rows in _by_window(columns, every, place):
            of_member: dict[int, list[int]] = {}
            for row in rows:
                of_member.setdefault(columns["member"][row], []).append(row)
            is_waited_for = waits and (window is None or window.is_unfinished)
            parts = tuple(
                _part(columns, of_member.get(number, []), name, unit, waits=is_waited_for)
                for number, (name, unit) in enumerate(members)
            )
            first = min(rows, key=lambda row: (columns["started_at"][row], columns["opened_by"][row]))
            made = Obligation(columns["opened_by"][first], 0, opened_id=columns["opened_id"][first])
            _judge(made, parts, require)
            if window is not None:
                _within(made, window)
            yield Rolled(key, made, parts, fields_of(columns, rows), any(columns["tie"][row] for row in rows))


def _by_window(
    columns: Columns, rows: Sequence[int], place: Place | None
) -> Iterator[tuple[Window | None, list[int]]]:
    """Yield the windows of a case in order, each with the rows that begin in it; all rows where there are none."""
    if place is None:
        yield None, list(rows)
        return
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(place.windows.number(columns["started_at"][row]), []).append(row)
    for number, held in sorted(found.items()):
        bounds = place.windows.start_us(number), place.windows.start_us(number + 1)
        yield place.span.window("", "", bounds), held


def _within(made: Obligation, window: Window) -> None:
    """Leave open what may still be broken, and unknown what nobody has seen the beginning of."""
    if window.is_unfinished and made.outcome not in ("open", "breached"):
        made.outcome, made.ended_at, made.due_at, made.reason = "open", None, None, ""
        made.margin = None if made.limit is None or made.elapsed is None else made.limit - made.elapsed
    elif window.began_before_log and made.outcome == "met":
        made.outcome, made.margin, made.reason = "unknown", None, WINDOW_CUT


def _part(columns: Columns, rows: Sequence[int], name: str, unit: str, *, waits: bool) -> Part:
    """Return what a member comes to on a case: the worst of its verdicts that are not left out."""
    if not rows:
        return Part(name, "open" if waits else "none")
    outcomes = columns["outcome"]
    outcome = min((outcomes[row] for row in rows), key=_WORST_FIRST.index)
    like = [row for row in rows if outcomes[row] == outcome]
    counted = [row for row in rows if outcomes[row] not in _LEFT_OUT] or rows
    ends = [columns["ended_at"][row] for row in counted]
    margins = [margin for row in like if (margin := columns["margin"][row]) is not None]
    dues = [due for row in like if (due := columns["due_at"][row]) is not None]
    breaches = [at for row in like if (at := columns["breached_at"][row]) is not None]
    return Part(
        name,
        outcome,
        len(rows),
        started_at=min(columns["started_at"][row] for row in counted),
        due_at=(max if outcome == "met" else min)(dues, default=None),
        ended_at=None if None in ends else max(ends),
        breached_at=min(breaches, default=None),
        margin=min(margins, default=None),
        unit=unit,
        reason=next((columns["reason"][row] for row in like if columns["reason"][row]), ""),
    )


class _Count(NamedTuple):
    """How many members count, and how many of them may be broken."""

    counted: list[Part]
    allowed: int

    def of(self, *outcomes: str) -> list[Part]:
        return [part for part in self.counted if part.outcome in outcomes]


def _judge(made: Obligation, parts: Sequence[Part], require: Require) -> None:
    """Write what a case comes to."""
    begun = [part for part in parts if part.started_at is not None]
    counted = [part for part in parts if part.outcome not in _LEFT_OUT]
    started = [part for part in begun if part.outcome not in _LEFT_OUT] or begun
    made.started_at = min(part.started_at for part in started if part.started_at is not None)
    if not counted:
        _leave_out(made, begun)
        return
    count = _Count(counted, max(failing_allowed(require, len(counted)), 0))
    made.outcome = _outcome(count)
    made.elapsed, made.limit = len(count.of("breached")), count.allowed
    made.margin = None if made.outcome == "unknown" else count.allowed - made.elapsed
    made.due_at, made.ended_at = _due(count, made.outcome), _end(count, made.outcome)
    if made.outcome == "breached":
        broken = count.of("breached")
        made.breached_at = sorted(_broken_at(part) for part in broken)[count.allowed]
        made.reason = f"broken: {_names(broken)}"
    elif made.outcome == "unknown":
        made.reason = f"not known: {_names(count.of('unknown'))}"


def _leave_out(made: Obligation, parts: Sequence[Part]) -> None:
    """A case of which every member is left out is left out itself."""
    excluded = [part for part in parts if part.outcome == "excluded"]
    made.outcome = "excluded" if excluded else "cancelled"
    reasons = [part.reason for part in excluded or parts if part.reason]
    made.reason = ", ".join(dict.fromkeys(reasons))
    ends = [part.ended_at for part in parts]
    made.ended_at = None if None in ends else max(at for at in ends if at is not None)


def _outcome(count: _Count) -> Outcome:
    needed = len(count.counted) - count.allowed
    if len(count.of("breached")) > count.allowed:
        return "breached"
    if len(count.of("met")) >= needed:
        return "met"
    return "open" if count.of("open") else "unknown"


def _due(count: _Count, outcome: Outcome) -> int | None:
    """Return when the bundle is broken if nothing more happens; for one that is kept, when the last was due."""
    if outcome == "met":
        return max((part.due_at for part in count.of("met") if part.due_at is not None), default=None)
    ahead = [
        _NEVER if part.due_at is None else part.due_at for part in count.of("open", "breached", "unknown")
    ]
    at = sorted(ahead)[count.allowed]
    return None if at == _NEVER else at


def _end(count: _Count, outcome: Outcome) -> int | None:
    """Return when the last member that was needed was kept; else when all had ended."""
    if outcome == "open":
        return None
    needed = len(count.counted) - count.allowed
    ends = [part.ended_at for part in (count.of("met") if outcome == "met" else count.counted)]
    known = sorted(at for at in ends if at is not None)
    if outcome == "met":
        return known[needed - 1] if len(known) >= needed > 0 else None
    return known[-1] if len(known) == len(ends) else None


def _broken_at(part: Part) -> int:
    return next(at for at in (part.breached_at, part.ended_at, part.started_at) if at is not None)


def _names(parts: Sequence[Part]) -> str:
    return ", ".join(part.name for part in parts)
