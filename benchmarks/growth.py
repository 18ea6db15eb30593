"""How time grows with what a stranger may send: every input at n and at 2n, and the ratio of the two times.

`python -m benchmarks growth` prints the table. Doubling an input may at most multiply the time by 2.4: twice for the
input itself, and a little for sorting and for memory. The times are of the processor, the best of several rounds, and
n is so large that what every run costs is small beside it.
"""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import servstd
from benchmarks.table import Figure
from servstd.results.wording import fit

MOST, ROUNDS, ENOUGH_S, TOO_LONG_S = 2.4, 5, 1.0, 5.0
FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)
Run = Callable[[], object]


class Input(NamedTuple):
    """One input that may grow.

    Args:
        name: What it is.
        number: How many of it there are in the smaller run.
        prepared: Returns for a number what is to be run.
    """

    name: str
    number: int
    prepared: Callable[[int], Run]


def ratios() -> Iterator[Figure]:
    """Return a row an input."""
    for name, number, prepared in INPUTS:
        small, large = _seconds(prepared(number), prepared(2 * number))
        figure = f"{large / small:.2f} x ({small:.3f} s for {number:,}, {large:.3f} s for {2 * number:,})"
        yield Figure(name, figure, f"<= {MOST:g} x", large <= MOST * small)


def _seconds(*runs: Run) -> list[float]:
    """Return the processor time of each run, the best of several; runs take turns, and short ones more of them."""
    took: list[list[float]] = [[] for _ in runs]
    while len(took[0]) < ROUNDS or sum(map(sum, took)) < ENOUGH_S:
        for run, times in zip(runs, took, strict=True):
            began = time.process_time()
            run()
            times.append(time.process_time() - began)
        if max(map(max, took)) > TOO_LONG_S:
            break
    return [min(times) for times in took]


def _refused(run: Run) -> Run:
    """Return a run that ends with an error of the book or the log."""

    def refused() -> None:
        with contextlib.suppress(servstd.ServstdError):
            run()
            raise AssertionError("nothing was refused")

    return refused


# Books ------------------------------------------------------------------------------------------------------------


def _block_scalars(count: int) -> Run:
    text = "standards:\n" + "".join(
        f"- id: s{place}\n  kind: respond\n  case: c\n  start: a\n  stop: b\n  within: 1 hour\n"
        f"  title: >\n    Number {place} of many,\n    in two lines.\n"
        for place in range(count)
    )
    return lambda: servstd.loads(text)


def _problems(line: str, count: int) -> Run:
    text = "standards: []\n" + "".join(line.replace("#", str(place)) for place in range(count))
    return _refused(lambda: servstd.loads(text))


def _unknown_keys(count: int) -> Run:
    text = "standards:\n" + "".join(
        f"- {{id: s{place}, kind: respond, case: c, strt: a, start: a, stop: b, within: 1 hour, calendar: c{place}}}\n"
        for place in range(count)
    )
    return _refused(lambda: servstd.loads(text))


def _title(count: int) -> Run:
    text = "é" * count
    return lambda: [fit(text, 40) for _ in range(200)]


def _rules(count: int) -> Run:
    """Rules that match no date: every year is looked through in vain."""
    rules = [
        f"{{rrule: 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT={place + 1}', start: 1990-01-01}}"
        for place in range(count)
    ]
    text = (
        "calendars: {office: {timezone: UTC, hours: {mon-fri: '09:00-17:00'}, holidays: ["
        + ", ".join(rules)
        + "]}}\n"
        "standards: [{id: s, kind: respond, case: c, start: a, stop: b, within: 1 hour, calendar: office}]\n"
    )
    log = servstd.read_events(_rows(50))
    return lambda: servstd.evaluate(servstd.loads(text), log)


# Logs -------------------------------------------------------------------------------------------------------------


def _at(minute: int) -> str:
    return f"{FIRST + timedelta(minutes=minute):%Y-%m-%dT%H:%MZ}"


def _rows(cases: int, **more: Callable[[int], object]) -> list[dict[str, object]]:
    """Return a start and an end for each of so many cases."""
    return [
        {
            "time": _at(3 * place + 90 * (event == "b")),
            "event": event,
            "c": f"C-{place}",
            **{name: tell(place) for name, tell in more.items()},
        }
        for place in range(cases)
        for event in ("a", "b")
    ]


def _evaluated(book: str, rows: list[dict[str, object]], **options: object) -> Run:
    loaded, log = servstd.loads(book), servstd.read_events(rows, **options)
    return lambda: servstd.evaluate(loaded, log)


def _lanes_with_match(count: int) -> Run:
    """As many clocks of one case, all open together; the youngest ends first."""
    rows: list[dict[str, object]] = [
        {"time": _at(place), "event": "a", "c": "C", "item": f"I-{place}"} for place in range(count)
    ]
    rows += [
        {"time": _at(count + place), "event": "b", "c": "C", "item": f"I-{count - 1 - place}"}
        for place in range(count)
    ]
    book = (
        "standards: [{id: s, kind: respond, case: c, start: a, stop: b, "
        "within: 1 hour, recurs: every, match: [item]}]"
    )
    return _evaluated(book, rows)


def _lanes_with_pause(count: int) -> Run:
    """As many clocks of one case, all open together, and between two starts the case is held and let go."""
    rows: list[dict[str, object]] = []
    for place in range(count):
        rows.append({"time": _at(3 * place), "event": "a", "c": "C", "status": "open"})
        rows.append({"time": _at(3 * place + 1), "event": "held", "c": "C", "status": "waiting"})
        rows.append({"time": _at(3 * place + 2), "event": "back", "c": "C", "status": "open"})
    book = (
        "standards: [{id: s, kind: respond, case: c, start: a, stop: b, within: 1 hour, recurs: every, "
        "pause_while: {status: waiting}}]"
    )
    return _evaluated(book, rows)


def _missed_windows(count: int) -> Run:
    rows: list[dict[str, object]] = []
    for place in range(count):
        rows.append({"time": _at(1440 * place), "event": "a", "c": f"C-{place}"})
        rows.append({"time": _at(1440 * place + 120), "event": "b", "c": f"C-{place}"})
    book = (
        "timezone: UTC\nstandards: [{id: s, kind: respond, case: c, start: a, stop: b, within: 1 hour, "
        "objective: 95% a day}]"
    )
    report = servstd.evaluate(servstd.loads(book), servstd.read_events(rows))
    return report.to_junit


def _ids(count: int) -> Run:
    """Each event of a log, one by one."""
    log = servstd.read_events(
        [{"time": _at(place), "event": "a", "c": f"C-{place}", "id": f"E-{place}"} for place in range(count)],
        id="id",
    )
    return lambda: [log.row(place) for place in range(count)]


def _override_rows(count: int) -> Run:
    """A table of as many rows over half as many cases."""
    table = ", ".join(f"[P-{place}, {place % 50 + 1} hours]" for place in range(count))
    book = (
        "standards: [{id: s, kind: respond, case: c, start: a, stop: b, within: 1 hour, "
        "overrides: [{by: [plan], set: [within], rows: [" + table + "]}]}]"
    )
    return _evaluated(book, _rows(count // 2, plan=lambda place: f"P-{place}"))


def _distinct_keys(count: int) -> Run:
    lines = "\n".join(
        json.dumps({"time": _at(place), "event": "a", "c": f"C-{place}", f"key {place}": place})
        for place in range(count)
    )
    return lambda: servstd.read_events(io.BytesIO(lines.encode()), format="ndjson")


def _list_valued_keys(count: int) -> Run:
    rows: list[dict[str, object]] = [
        {
            "time": _at(0),
            "event": "a",
            "c": [f"C-{place}" for place in range(count)],
            "d": [f"D-{place}" for place in range(count)],
        },
        *_rows(count * 5, d=lambda place: f"D-{place}"),
    ]
    book = "standards: [{id: s, kind: respond, case: [c, d], start: a, stop: b, within: 1 hour}]"
    return _evaluated(book, rows)


INPUTS = (
    Input("block scalars in a book", 1_000, _block_scalars),
    Input("problems in a book: tags", 20_000, lambda count: _problems("a#: !t #\n", count)),
    Input("problems in a book: anchors of nothing", 20_000, lambda count: _problems("a#: &Co\n", count)),
    Input(
        "problems in a book: values cut off by commas",
        20_000,
        lambda count: _problems("a#: {b: 1, c d}\n", count),
    ),
    Input("problems in a book: keys twice", 20_000, lambda count: _problems("a: #\n", count)),
    Input("problems in a book: keys and calendars that are unknown", 500, _unknown_keys),
    Input("lanes with `match`", 2_000, _lanes_with_match),
    Input("lanes with a toggling pause", 2_000, _lanes_with_pause),
    Input("missed windows in JUnit", 800, _missed_windows),
    Input("ids in a log", 4_000, _ids),
    Input("override rows, and cases", 1_000, _override_rows),
    Input("title length", 200_000, _title),
    Input("distinct keys", 4_000, _distinct_keys),
    Input("list-valued keys of a case", 200, _list_valued_keys),
    Input("RRULE entries that match nothing", 20, _rules),
)
