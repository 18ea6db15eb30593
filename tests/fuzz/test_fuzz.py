"""Mutated books and logs, a few in each run and as many as asked for by `pytest -m fuzz`; see CONTRIBUTING.md.

SERVSTD_FUZZ_SEED=7 SERVSTD_FUZZ_BOOKS=5000 SERVSTD_FUZZ_LOGS=2000 pytest -m fuzz tests/fuzz/test_fuzz.py
SERVSTD_FUZZ_SEED=7 SERVSTD_FUZZ_ONLY=book:17 pytest -m fuzz tests/fuzz/test_fuzz.py
"""

from __future__ import annotations

import os
import secrets

import pytest

from fuzz.attack import attack
from fuzz.count import rows_in


def test_a_few_mutated_books_and_logs():
    tally = attack("each run", books=range(30), logs=range(40), most_cpu_s=120)
    assert not tally.findings, str(tally)
    assert tally.outcomes["books that load"] > 0
    assert all(tally.outcomes[f"{one} logs that are read"] > 0 for one in ("csv", "ndjson", "json", "xes"))


@pytest.mark.fuzz
def test_many_mutated_books_and_logs(capsys):
    seed = os.environ.get("SERVSTD_FUZZ_SEED") or secrets.token_hex(4)
    only, _, number = os.environ.get("SERVSTD_FUZZ_ONLY", "").partition(":")
    counts = {
        "books": os.environ.get("SERVSTD_FUZZ_BOOKS", "500"),
        "logs": os.environ.get("SERVSTD_FUZZ_LOGS", "200"),
    }
    every = {name: range(int(count)) for name, count in counts.items()}
    if only:
        every = {
            name: range(int(number), int(number) + 1) if name == f"{only}s" else range(0) for name in every
        }
    tally = attack(seed, **every)
    with capsys.disabled():
        print(f"\nseed {seed}, {len(every['books']):,} books, {len(every['logs']):,} logs: {tally}")
    assert len(tally.findings) == 0


@pytest.mark.parametrize(
    ("text", "format_", "rows"),
    [
        ("a,b\n1,2\n\n3,4\n", "csv", 2),
        ('a,b\n"1\n2",3\n4,5', "csv", 2),
        ('a,b\n"1"x,2\n3,4\n', "csv", 2),
        ("a,b\n1,2,3\n,\na,b\n", "csv", 2),
        ("{}\n\nx\r\n[1]\n", "ndjson", 3),
        ('{"rows": [1, {}]}', "json", 2),
        ("[", "json", None),
        ("<log><trace><event><event/></event></trace></log>", "xes", 2),
        ("<log>", "xes", None),
    ],
)
def test_rows_are_counted_as_their_format_says(text, format_, rows):
    assert rows_in(text, format_) == rows
