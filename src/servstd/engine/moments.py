"""What a stamp says: its acts, the moment in which they take effect, and the order in which some of them do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from servstd.engine.facts import Row
from servstd.plan.plan import Terms
from servstd.plan.signals import Signal

ENDS_ONE = (Signal.STOP, Signal.CANCEL)
"""What is said to one lane of a case: the oldest, or the one that it names."""
SHARED = (Signal.RESET, Signal.PAUSE, Signal.RESUME, Signal.EXTEND)
"""What is said to every lane of a case at once."""
BEFORE_START = (*ENDS_ONE, *SHARED)
"""What takes effect before a start of the same stamp."""


class Act(NamedTuple):
    """Be one thing that one event says.

    Args:
        signal: What it says.
        cause: The event that says it; None when the case itself does (a scheduled instant, the end).
        value: With `tick`: (measure, amount). With `judge`: what was found.
    """

    signal: Signal
    cause: Row | None
    value: object = None


class Moment(NamedTuple):
    """Be what one stamp says to one lane, in order, and the terms that come into force before it does.

    Args:
        lane: Which lane.
        time_us: When.
        acts: What is said.
        terms: The terms in force from here; None when they stay.
    """

    lane: int
    time_us: int
    acts: Sequence[Act]
    terms: Terms | None


def stamps(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the sets of events that act together: those of one instant, or of one place in its sequence."""
    for _, stamp in groupby(rows, key=lambda row: (row.time_us, row.sequence)):
        yield list(stamp)


def ordered_to_judge(said: dict[Signal, list[Act]]) -> list[Act]:
    """Order a stamp in which events are judged by what came before: another event of the stamp may be that.

    An event does not come before itself, and what else happens at that instant does not come in between. One that
    is judged and needed by others serves those of its own stamp, or else the next; those of one stamp are judged alike.
    """
    judged = said.get(Signal.JUDGE, [])
    causes = {id(act.cause) for act in judged}
    starts = said.get(Signal.START, [])
    only = [act for act in starts if id(act.cause) not in causes]
    both = [act for act in starts if id(act.cause) in causes]
    over = [Act(Signal.RESET, None)] if judged else []
    over += [Act(Signal.OTHER, None)] if not starts and (judged or Signal.OTHER in said) else []
    if len(judged) <= 1:
        return [*only, *judged, *over, *both]
    if only or len(both) != 1:
        return [*only, *both, *judged, *over]
    own = [act for act in judged if act.cause is both[0].cause]
    return [*own, *both, *(act for act in judged if act.cause is not both[0].cause), *over]
