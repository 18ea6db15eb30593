"""From the verdicts of the standards that a rollup reads to its own: which belong to which of its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Protocol

from servstd.engine.obligation import Obligation
from servstd.events.values import key_text
from servstd.rollups.bundle import Place, bundle
from servstd.rollups.rolled import READ, CaseKey, Rolled, framed
from servstd.rollups.scorecard import scorecard
from servstd.rollups.windowing import Span
from servstd.standards.bundle import Bundle
from servstd.standards.rollup import Reads, Rollup, RollupPlan
from servstd.standards.scorecard import Scorecard


class Found(Protocol):
    """Be one verdict of a standard that is read."""

    @property
    def case(self) -> CaseKey:
        """The case's key."""

    @property
    def obligation(self) -> Obligation:
        """What came of it."""

    @property
    def told(self) -> Mapping[str, object]:
        """What its case carries."""

    @property
    def seen(self) -> Mapping[str, object]:
        """What it was decided by: the event's own fields where one event was all, then the case's."""

    @property
    def own(self) -> Mapping[str, object]:
        """What the event carries that decided it, where one event did."""

    @property
    def tie(self) -> bool:
        """Whether it would change if events of one stamp came in another order."""


def rolled(
    standard: Rollup,
    plan: RollupPlan,
    found: Mapping[str, Sequence[Found]],
    units: Mapping[str, str],
    span: Span,
) -> Iterator[Rolled]:
    """Yield the verdicts of a standard that judges cases by the verdicts of others.

    Args:
        standard: The standard.
        plan: It compiled.
        found: By id, the verdicts of each standard that it reads.
        units: By id, what their margins are counted in.
        span: From when to when the log is complete, and the instant of the judgement.
    """
    columns = member_columns(standard.reads, found)
    if isinstance(standard, Bundle):
        members = [(member.id, units[member.id]) for _, member in standard.reads]
        place = None if plan.windows is None else Place(plan.windows, span)
        made = bundle(
            columns,
            members=members,
            require=standard.require,
            waits=standard.absent == "wait",
            place=place,
        )
        yield from framed(made, plan)
    elif isinstance(standard, Scorecard):
        answers = len(standard.reads) - 1 if standard.answers else None
        made = scorecard(
            columns,
            items=standard.all_items,
            least=standard.points,
            answers=answers,
            each=standard.event is not None,
            reviewer=standard.reviewer,
        )
        yield from framed(made, plan)


def member_columns(
    reads: Iterable[Reads],
    found: Mapping[str, Sequence[Found]],
    *,
    segment: Callable[[Found], str] | None = None,
    flows: Callable[[Found], bool] | None = None,
) -> dict[str, list[Any]]:
    """Return the verdicts of all members as columns, each with the case of the reader that it belongs to.

    A verdict whose case does not carry a field of `on` belongs to no case.

    Args:
        reads: The members.
        found: By id, the verdicts of each.
        segment: The segment of a verdict as text; None where they are not told apart.
        flows: Whether its case left for another queue; None where none does.
    """
    columns: dict[str, list[Any]] = {name: [] for name in READ}
    for place, (_, member) in enumerate(reads):
        for one in found[member.id]:
            for key in _keys(one, member.on):
                told = {
                    "member": place, "case_key": key, "tie": one.tie, "fields": one.seen, "own": one.own,
                    "segment": segment(one) if segment else "", "flowed": bool(flows and flows(one)),
                }  # fmt: skip
                for name, column in columns.items():
                    column.append(told[name] if name in told else getattr(one.obligation, name))
    return columns


def _keys(one: Found, on: tuple[str, ...]) -> Iterator[CaseKey]:
    """Yield the cases of the reader that a verdict belongs to: one, or where a field holds a list, one an element."""
    if not on:
        yield one.case
        return
    values = [one.told.get(name) for name in on]
    if None not in values:
        lists = [value if isinstance(value, list) else [value] for value in values]
        yield from (tuple(key_text(part) for part in parts) for parts in product(*lists))
