"""Generated logs of events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from servstd.testing.selectors import weighted

UNREADABLE = "some time in March"
"""What stands in place of a time that cannot be read."""
INSTANT_FIELDS = ("promised",)
"""The fields of generated events that hold instants, as ISO 8601 text: for `read_events(times=...)`."""

MINUTE_US = 60_000_000
CASES = ("A", "B", "C")

# Midnights UTC: a Friday before a Saturday that China worked, an ordinary week, and the weekends on which New York and
# London change their clocks.
BASES = tuple(
    int(datetime(year, month, day, tzinfo=UTC).timestamp()) * 1_000_000
    for year, month, day in ((2026, 2, 27), (2026, 3, 2), (2026, 3, 6), (2026, 3, 27), (2026, 10, 23))
)
_GAPS_MINUTES = (0, 1, 15, 15, 30, 30, 30, 60, 60, 120, 240, 480, 960, 1440)

_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "priority": st.sampled_from((None, None, "P1", "P2", "P3")),
    "status": st.sampled_from((None, None, "waiting", "waiting", "working", "dropped")),
    "by": st.sampled_from(("human", None, "human", "bot")),
    "item": st.sampled_from(("x", "y", "y", None)),
    "cause": st.sampled_from((None, None, None, None, "customer", "ours")),
    "minutes": st.sampled_from((None, 15, 30, 31, 90)),
    "vip": st.sampled_from((None, None, True, False, False, "yes", "no", "true", "maybe")),
    "grade": st.sampled_from((None, 0, 0, "0", 1, "1", 2)),
    "passengers": st.one_of(
        st.none(),
        st.lists(
            st.sampled_from(({"belt": "fastened"}, {"belt": "fastened"}, {"belt": "open"}, {"seat": 4})),
            max_size=4,
        ),
    ),
}
_REFERENCED = (
    "priority",
    "status",
    "by",
    "item",
    "cause",
    "minutes",
    "vip",
    "grade",
    "passengers",
    "promised",
)
FIELDS = ("case", *_REFERENCED)
"""Every field that generated events may carry."""


def logs(book: Mapping[str, Any], *, most_events: int = 20) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Generate logs that concern a book: its kinds of event and the fields it reads, and a few it does not.

    Several events share an instant; the time of some cannot be read (`t` is None); cases interleave; some rows arrive
    twice, and all arrive in any order;
    some logs have a sequence, some no ids; some events belong to no case and some to two.

    Args:
        book: A book as `books` generates it.
        most_events: The most events, copies apart.

    Returns:
        A strategy of lists of events, in order of arrival.

    Example:
        >>> from hypothesis import find
        >>> book = {"standards": [{"id": "s", "kind": "check", "event": "checked", "expect": {"by": "ann"}}]}
        >>> log = find(logs(book), lambda events: any(event["kind"] == "checked" for event in events))
        >>> sorted(log[0])
        ['fields', 'id', 'kind', 'sequence', 't']
    """
    return _logs(json.dumps(book), most_events)


@st.composite
def _logs(draw: st.DrawFn, book_text: str, most: int) -> list[dict[str, Any]]:
    book = json.loads(book_text)
    kinds = ["note", *(kind for standard in book["standards"] for kind in weighted(standard))]
    names = [name for name in _REFERENCED if name in book_text]
    pool = draw(_instants())
    identified = draw(st.integers(0, 7)) > 0
    sequenced = draw(st.integers(0, 6)) == 0
    events = []
    for number in range(draw(st.one_of(st.integers(0, most), st.integers(most // 2, most)))):
        at = draw(st.sampled_from(pool))
        keys = ("A", *CASES, *CASES, "A", "A", "A", "B", ["A", "B"], None)
        fields = {"case": draw(st.sampled_from(keys if number else CASES))}
        for name in names:
            fields[name] = _promise(draw, at) if name == "promised" else draw(_FIELDS[name])
        events.append(
            {
                "t": at,
                "kind": draw(st.sampled_from(kinds)),
                "fields": {name: value for name, value in fields.items() if value is not None},
                "id": str(number + 1) if identified else None,
                "sequence": draw(st.integers(0, 3)) if sequenced else None,
            }
        )
    for _ in range(draw(st.integers(0, 2)) if events else 0):
        again = draw(st.sampled_from(events))
        if sequenced and identified and draw(st.booleans()):
            again = {**again, "t": draw(st.sampled_from(pool)), "sequence": 4}  # a correction
        events.append(again)
    if len(events) > 1 and draw(st.integers(0, 19)) == 0:
        for _ in range(draw(st.integers(1, 2))):
            place = draw(st.integers(1, len(events) - 1))
            events[place] = {**events[place], "t": None, "sequence": None}
    draw(st.randoms(use_true_random=False)).shuffle(events)
    return events


@st.composite
def _instants(draw: st.DrawFn) -> list[int]:
    at = draw(st.sampled_from(BASES)) + draw(st.sampled_from((0, 8, 9, 9, 16, 21))) * 60 * MINUTE_US
    pool = [at]
    for gap in draw(st.lists(st.sampled_from(_GAPS_MINUTES), min_size=1, max_size=9)):
        at += gap * MINUTE_US
        pool.append(at + draw(st.sampled_from((0, 0, 0, 0, 0, 0, 1, -1))))
    return pool


def _promise(draw: st.DrawFn, at: int) -> str | None:
    minutes = draw(st.sampled_from((None, None, -30, 0, 30, 60, 600)))
    if minutes is None:
        return None
    return datetime.fromtimestamp((at // MINUTE_US + minutes) * 60, UTC).isoformat().replace("+00:00", "Z")


def rows_of(events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return generated events as rows for `read_events`.

    The rows have the columns `time` (an aware datetime), `event`, the fields, and `id` and `sequence` where
    the log has them. Read them with `time="time", event="event", times=INSTANT_FIELDS`, and `id="id"`,
    `sequence="sequence"` where there are such columns.

    Args:
        events: Events as `logs` generates them.

    Returns:
        One mapping an event, in the same order.

    Example:
        >>> opened = {"t": 0, "kind": "opened", "fields": {"case": "A"}, "id": "1", "sequence": None}
        >>> rows_of([opened])[0]["event"]
        'opened'
    """
    rows = []
    for event in events:
        row: dict[str, Any] = {"time": UNREADABLE, "event": event["kind"]}
        if event["t"] is not None:
            seconds, us = divmod(event["t"], 1_000_000)
            row["time"] = datetime.fromtimestamp(seconds, UTC).replace(microsecond=us)
        row |= event["fields"]
        row |= {name: event[name] for name in ("id", "sequence") if event[name] is not None}
        rows.append(row)
    return rows
