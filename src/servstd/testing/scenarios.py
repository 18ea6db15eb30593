"""A book with a log and an instant to judge it at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from servstd.testing.books import KINDS, books
from servstd.testing.logs import BASES, MINUTE_US, logs


@dataclass(frozen=True)
class Scenario:
    """Hold one book with one log and the instant at which they are judged.

    Args:
        book: A book of standards, as plain data.
        events: The events in order of arrival: mappings with `t` (microseconds since the epoch, UTC; None where the
            time cannot be read), `kind`,
            `fields`, `id` (text or None) and `sequence` (int or None).
        as_of_us: Microseconds since the epoch, UTC.
    """

    book: dict[str, Any]
    events: list[dict[str, Any]]
    as_of_us: int


def scenarios(kinds: Sequence[str] = KINDS, *, most_standards: int = 2) -> st.SearchStrategy[Scenario]:
    """Generate books with logs that concern them, and an instant to judge at.

    The instant is that of the last event, or lies among the events or after them, so that `open`, `breached`
    by silence and events that have not happened yet all occur.

    Args:
        kinds: Kinds of standard to draw from.
        most_standards: The most standards in one book.

    Returns:
        A strategy of scenarios.

    Example:
        >>> from hypothesis import find
        >>> find(scenarios(["check"]), lambda scenario: bool(scenario.events)).book["standards"][0]["kind"]
        'check'
    """
    return _scenarios(tuple(kinds), most_standards)


@st.composite
def _scenarios(draw: st.DrawFn, kinds: tuple[str, ...], most: int) -> Scenario:
    book = draw(books(kinds, most_standards=most))
    events = draw(logs(book))
    times = sorted({event["t"] for event in events if event["t"] is not None}) or [BASES[0]]
    later = draw(st.sampled_from((0, 0, 0, 1, 30, 60, 1440, 7200)))
    at = times[-1] if draw(st.integers(0, 4)) else draw(st.sampled_from(times))
    if events and not draw(st.integers(0, 3)):
        book = {**book, "events": {"covers": draw(_covers(times[0], times[-1]))}}
    return Scenario(book, events, at + later * MINUTE_US)


@st.composite
def _covers(draw: st.DrawFn, first_us: int, last_us: int) -> list[str]:
    """Return from when to when a log is said to be complete; at least its last event lies there."""
    days = [datetime.fromtimestamp(us // 1_000_000, UTC).date() for us in (first_us, last_us)]
    before = draw(st.sampled_from((0, 1, 1, 2, 7, 31, 400)))
    start = min(days[0] - timedelta(days=before) if before else days[0] + timedelta(days=1), days[1])
    return [start.isoformat(), (days[1] + timedelta(days=2)).isoformat()]
