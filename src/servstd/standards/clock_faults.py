"""What cannot be meant by a clock: half of a form, settings that rule each other out, nothing allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from servstd.errors import Problem
from servstd.standards.limit import DurationLimit, leaves
from servstd.standards.selector import Selection

if TYPE_CHECKING:
    from servstd.standards.respond import Respond


def forms_of(clock: Respond) -> list[Problem]:
    """Return what is wrong with a clock that is neither of the two forms, or both.

    Without a limit alone it is a measure, which a book may hold as an indicator.
    """
    if clock.every is None:
        absent = [name for name in ("start", "stop", "within") if getattr(clock, name) is None]
        return [missing(name) for name in absent] if absent != ["within"] else []
    given = [name for name in ("stop", "within") if getattr(clock, name) is not None]
    if given or clock.event is None or clock.recurs != "once":
        return [
            Problem(
                "SV118",
                "`every` needs `event`, and is the whole clock.",
                help="`{every: 2 hours, event: update.sent, until: ticket.closed}`, and `start:` where the case's "
                "first event is not the start.",
                path="every",
            )
        ]
    return []


def missing(name: str) -> Problem:
    """Return the problem of a clock without one of its parts."""
    more = ", as `within: 4 hours`" if name == "within" else ""
    return Problem("SV104", f"`{name}` is missing.", help=f"a clock needs `{name}:`{more}.", path=name)


def faults_of(clock: Respond) -> Iterator[Problem]:
    """Yield the settings that rule each other out, and those that would not act."""
    yield from _changes(clock)
    yield from _every_only(clock)
    yield from _reopening(clock)
    yield from _born_closed(clock)
    yield from _nothing_allowed(clock)


def _changes(clock: Respond) -> Iterator[Problem]:
    if clock.every is not None and clock.on_change not in (None, "freeze"):
        yield Problem(
            "SV115",
            "a period of `every` is judged by the terms in force when it began, whatever changes in it.",
            help="leave `on_change` out.",
            path="on_change",
        )


def _every_only(clock: Respond) -> Iterator[Problem]:
    if clock.recurs != "every":
        for name in ("match", "stop_all"):
            if getattr(clock, name) is not None:
                yield Problem(
                    "SV115",
                    f"`{name}` means something under `recurs: every` only.",
                    help="write `recurs: every`, or leave it out.",
                    path=name,
                )
    elif any(selection.all_of for selection in clock.selections.values()):
        yield Problem(
            "SV115",
            "`all` cannot be told apart between the clocks of `recurs: every`.",
            help="write `recurs: each`.",
            path="recurs",
        )


def _reopening(clock: Respond) -> Iterator[Problem]:
    """Yield what would open nothing again."""
    given = [name for name in ("reopen", "reopen_on") if getattr(clock, name) not in (None, "ignore")]
    if clock.recurs == "every":
        message = "under `recurs: every` each start has a clock of its own, and none is opened again."
        help_ = "leave it out, or write `recurs: once`."
    elif given == ["reopen_on"]:
        message, help_ = "`reopen_on` opens nothing again without `reopen`.", "write `reopen: resume`."
    elif given == ["reopen"] and clock.recurrence != "once":
        message = "a start after the stop opens a new clock here, whatever `reopen` says."
        help_ = "name the events that open the last one again: `reopen_on: ticket.reopened`."
    else:
        return
    yield from (Problem("SV115", message, help=help_, path=name) for name in given)


def _born_closed(clock: Respond) -> Iterator[Problem]:
    """Yield the problem of a clock that runs once and that its very start would always stop."""
    if clock.recurrence == "once" and cast("Selection", clock.start).is_same(clock.stops):
        yield Problem(
            "SV189",
            "`start` and `stop` are the same events: under `recurs: once` the first of them would start this "
            "clock and stop it at once.",
            help="write `recurs: each`, so that each of them ends one period and begins the next.",
            path="stop",
        )


def _nothing_allowed(clock: Respond) -> Iterator[Problem]:
    """Yield the problem of less than nothing: `0 minutes` is met at once, and never in less."""
    is_nothing = any(isinstance(one, DurationLimit) and one.us == 0 for one in leaves(clock.limit.node))
    if clock.boundary == "exclusive" and is_nothing:
        yield Problem(
            "SV123",
            f"`{clock.limit.sentence()}` with `boundary: exclusive` allows nothing, not even at once.",
            help="leave out `boundary`; to forbid an event: `kind: quantity`, `at_most: 0`.",
            path="boundary",
        )
