"""Books that no person would write are looked at in a time that grows with them, not with their square."""

from __future__ import annotations

import time

import pytest

import servstd

HEAD = "case: c\ntimezone: UTC\nstandards:\n"


def clocks(count):
    return HEAD + "".join(
        f"- {{id: s{i}, kind: respond, start: a{i}, stop: b, within: {{by: p, P1: {i + 1} minutes, else: 2 hours}}}}\n"
        for i in range(count)
    )


def updates(count):
    return HEAD + "".join(
        f"- {{id: s{i}, kind: respond, start: a, every: {i + 1} minutes, event: u, until: b}}\n"
        for i in range(count)
    )


def table(count):
    rows = ", ".join(f"[v{i}, w{i % 7}, {i + 1} minutes]" for i in range(count))
    clock = "{id: s, kind: respond, start: a, stop: b, within: 1 hour"
    return f"{HEAD}- {clock}, overrides: [{{by: [x, y], set: [within], rows: [{rows}]}}]}}\n"


@pytest.mark.parametrize("text", [clocks, updates, table], ids=lambda text: text.__name__)
def test_four_times_the_book_takes_less_than_ten_times_as_long(text):
    times = []
    for count in (150, 600):
        book = servstd.loads(text(count))
        took = []
        for _ in range(3):
            began = time.process_time()
            book.lint()
            took.append(time.process_time() - began)
        times.append(min(took))
    assert times[1] < 10 * times[0]
