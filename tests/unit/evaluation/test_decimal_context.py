"""Amounts are exact whatever the host has set for its own decimals: digits, rounding, traps."""

from __future__ import annotations

import decimal
import io
from decimal import Decimal

import pytest
from fuzz.mutate import books

import servstd
from servstd.events import ReadOptions

HOSTILE = decimal.Context(
    prec=1,
    rounding=decimal.ROUND_UP,
    Emin=-1,
    Emax=1,
    traps=[
        decimal.Inexact,
        decimal.Rounded,
        decimal.Overflow,
        decimal.Underflow,
        decimal.Clamped,
        decimal.FloatOperation,
    ],
)
BOOK = """
timezone: UTC
case: id
standards:
  - {id: weight, kind: quantity, sum: {field: kg, of: loaded}, at_most: "12345678901234567890123456789.35", ends: closed}
"""
LOG = """time,event,id,kg
2026-03-02T09:00Z,opened,1,
2026-03-02T09:01Z,loaded,1,12345678901234567890123456789.12
2026-03-02T09:02Z,loaded,1,0.13
2026-03-02T09:03Z,loaded,1,{last}
2026-03-02T10:00Z,closed,1,
"""


def everything(text, rows):
    """Return all that is said of a book and a log."""
    try:
        book = servstd.loads(text)
        log = servstd.read_events(rows, options=book.events or ReadOptions())
        report = servstd.evaluate(book, log)
    except servstd.ServstdError as error:
        return str(error)
    told = [str(report.explain(one.standard, one.case, one.occurrence)) for one in list(report.verdicts)[:3]]
    sentences = [one.sentence(book.surroundings) for one in book.judged]
    return report.to_json(), report.to_text(), told, sentences, [str(one) for one in book.lint(log)]


@pytest.mark.parametrize("part", range(8))
def test_nothing_that_is_said_follows_the_context(part):
    for text, rows in books()[part::40]:
        quiet = everything(text, rows)
        with decimal.localcontext(HOSTILE):
            assert everything(text, rows) == quiet


@pytest.mark.parametrize(
    ("last", "outcome", "margin"), [("0.10", "met", "0.00"), ("0.11", "breached", "-0.01")]
)
def test_sums_of_31_digits_are_exact(last, outcome, margin):
    with decimal.localcontext(HOSTILE):
        book = servstd.loads(BOOK)
        report = servstd.evaluate(book, servstd.read_events(io.StringIO(LOG.format(last=last))))
        (verdict,) = report.verdicts.where(standard="weight")
    assert (verdict.outcome, verdict.margin) == (outcome, Decimal(margin))
