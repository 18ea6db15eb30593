"""The worked cases of the published standards in the oracle as well: every figure of every verdict."""

from __future__ import annotations

import pytest
from conformance.published.test_published import judged
from differential import published
from differential.agreement import COMPARED, as_integers, parted

import servstd

WORKED = sorted(path.parent.name for path in published.WORKED.glob("*/expected.json"))
READ = [name for name in WORKED if published.is_read(name)]


@pytest.mark.parametrize("name", READ)
def test_engine_and_oracle_agree_on_the_published_book(name):
    book = servstd.load(published.BOOKS / f"{name}.yaml")
    found = [as_integers(row) for row in judged(book, name, published.told_case(name)).verdicts.to_dicts()]
    wanted = [
        {column: row[column] for column in COMPARED} | {"case": " / ".join(row["case"])}
        for row in published.judged(name)
    ]
    assert parted(found, wanted) == []


def test_the_oracle_reads_most_of_the_published_books():
    assert len(READ) >= 70
