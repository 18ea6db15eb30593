"""A clock in English: from what to what, within what, and what else may happen to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, cast

from servstd.conditions import Condition
from servstd.standards.limit import DatesLimit, DurationLimit, InstantLimit, LimitText, Unlimited
from servstd.standards.selector import Selection

if TYPE_CHECKING:
    from servstd.plan.machine import Recurs, Reopen
    from servstd.standards.respond import Respond

_RECURS_WORDS: Final[dict[Recurs, str]] = {
    "once": "",
    "each": "each time anew",
    "latest": "counted from the latest",
    "every": "for each of them by itself",
}
_REOPEN_WORDS: Final[dict[Reopen, str]] = {
    "resume": "lets it run on, the time between not counted",
    "count": "lets it run on, the time between counted",
    "new": "begins a new one",
}


def clock_words(clock: Respond) -> str:
    """Return what a clock promises, or measures, in English and without its frame."""
    start = cast("Selection", clock.start).sentence() if clock.start is not None else "its first event"
    if isinstance(clock.limit.node, Unlimited):
        said = [f"the time from {start} to {clock.stops.sentence()} is measured"]
    else:
        limit = _limit_words(clock.limit, exclusive=clock.boundary == "exclusive")
        said = [f"after {start}, {clock.stops.sentence()} must follow {limit}"]
    again = _RECURS_WORDS[clock.recurs]
    if clock.every is not None:
        again = f"and again after each {cast('Selection', clock.event).sentence()}"
    said += [words for words in (again, _reopen_words(clock)) if words]
    said += _pause_words(clock)
    return "; ".join([", ".join(said), *_turns(clock)])


def _turns(clock: Respond) -> Iterator[str]:
    """Yield what else may happen to the clock."""
    if clock.cancel is not None:
        yield f"{cast('Selection', clock.cancel).sentence()} ends it without a verdict"
    if clock.reset is not None:
        yield f"{cast('Selection', clock.reset).sentence()} sets the clock back to nothing"
    if clock.extension is not None:
        longer = clock.extension.within if clock.extension.within is not None else clock.extension.by
        added = "" if clock.extension.within is not None else "by "
        event = cast("Selection", clock.extension.event).sentence()
        yield f"{event} extends it {added or 'to '}{cast('LimitText', longer).sentence()}"
    if clock.warn_at:
        told = [f"at {text} of it" if text.endswith("%") else f"{text} its end" for text in clock.warn_at]
        yield f"a warning comes {' and '.join(told)}"


def _reopen_words(clock: Respond) -> str:
    if clock.reopen == "ignore":
        return ""
    again = cast("Selection", clock.reopen_on).sentence() if clock.reopen_on is not None else "a later start"
    return f"{again} {_REOPEN_WORDS[clock.reopen]}"


def _pause_words(clock: Respond) -> list[str]:
    """Return what is not counted; dates that ignore pauses count on, those that shift are left out whole."""
    counting, dates = "not counting", ""
    if isinstance(clock.limit.node, DatesLimit):
        counting = _DATES_WORDS.get(clock.pauses or "", counting)
    elif clock.pauses == "ignore":
        dates = ", except in dates"
    said = []
    if clock.pause_while is not None:
        said.append(f"{counting} the time while {cast('Condition', clock.pause_while).sentence()}{dates}")
    if clock.pause is not None:
        until = cast("Selection", clock.resume).sentence() if clock.resume is not None else "for good"
        event = cast("Selection", clock.pause).sentence()
        said.append(f"{counting} the time from {event} to {until}{dates}")
    return said


_DATES_WORDS = {"ignore": "counting on in", "shift": "leaving out the dates that close in"}


def _limit_words(limit: LimitText, *, exclusive: bool) -> str:
    """Return a limit as it follows `must follow`."""
    if isinstance(limit.node, InstantLimit):
        return f"{'before' if exclusive else 'by'} {limit.sentence()}"
    if exclusive and isinstance(limit.node, DurationLimit):
        return f"in less than {limit.sentence()}"
    return f"within {limit.sentence()}{', and before that is used up' if exclusive else ''}"
