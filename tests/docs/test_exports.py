"""The page on exports: each book judges the rows beside it as the page's rows say by hand."""

from __future__ import annotations

import io
import re

import pytest
from docs.outputs import ROOT

import servstd

PAGE = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
SECTIONS = {
    found["title"]: (found["rows"], found["yaml"])
    for found in re.finditer(
        r"^## (?P<title>.+)\n(?:(?!^## ).*\n)*?```(?:csv|ndjson)\n(?P<rows>(?:(?!```).*\n)*)```\n\n```yaml\n(?P<yaml>(?:(?!```).*\n)*)```",
        PAGE,
        re.MULTILINE,
    )
}
EXPECTED = {
    # 41 minutes; 95 minutes; no reply. Urgent 3h28m of 4; Monday 16:50 to Thursday 10:00 is 0:40 + 8:30 + 8:30 + 1:00 of 40.
    "Zendesk: tickets": {
        ("reply", "35001"): "met",
        ("reply", "35002"): "breached",
        ("reply", "35003"): "breached",
        ("solve", "35001"): "met",
        ("solve", "35002"): "met",
        ("solve", "35003"): "breached",
    },
    # 2h30m of 4; Monday 09:00 to Friday 16:00 is 9 + 10 + 10 + 10 + 8 = 47 hours of 40; a duplicate
    "ServiceNow: incidents": {
        ("resolve", "INC0010001"): "met",
        ("resolve", "INC0010002"): "breached",
        ("resolve", "INC0010003"): "cancelled",
    },
    # 6h53m of 8; the end of Wednesday, and Thursday; a request is no incident
    "Jira Service Management: issues": {
        ("incidents", "DESK-101"): "met",
        ("incidents", "DESK-102"): "breached",
    },
    # exactly 20 seconds; a millisecond more; abandoned; 4 seconds
    "Calls: one row a call": {
        ("answer", "c-0001"): "met",
        ("answer", "c-0002"): "breached",
        ("answer", "c-0003"): "cancelled",
        ("answer", "c-0004"): "met",
    },
    "Calls: one row a half hour": {
        ("level", "Care / 3/2/26 9:30 AM"): "met",
        ("level", "Care / 3/2/26 10:00 AM"): "breached",
    },
    "Surveys": {},
    # 12 seconds of 20; gave up after 45; 21 seconds
    "Calls: the log of a queue": {
        ("answer", "1772442000.10"): "met",
        ("answer", "1772442100.14"): "breached",
        ("answer", "1772442300.30"): "breached",
    },
    # 09:00 to 14:00 less three hours of waiting, of the 2 hours of a High one
    "Issues as JSON": {("resolve", "DESK-1"): "met"},
    # 90 minutes, written in two ways; 45 minutes; none
    "Worklogs": {
        ("aufwand", "A-1"): "breached",
        ("aufwand", "A-2"): "breached",
        ("aufwand", "A-3"): "met",
        ("aufwand", "A-4"): "breached",
    },
    # 9 minutes; 16 minutes; never called; exactly 15 minutes on the next day
    "Queues and appointments": {
        ("warten", "2026-03-01T23:00:00Z / A001"): "met",
        ("warten", "2026-03-01T23:00:00Z / A002"): "breached",
        ("warten", "2026-03-01T23:00:00Z / A003"): "breached",
        ("warten", "2026-03-02T23:00:00Z / A001"): "met",
    },
    # 09:00 to 12:45; two days
    "Spreadsheets": {("close", "T-1"): "met", ("close", "T-2"): "breached"},
}
FIGURES = {
    ("Calls: one row a call", "level"): "50%",  # c-0001 and c-0004 of four
    ("Calls: one row a half hour", "level"): "80%",  # 40 calls of 50
    ("Surveys", "nps"): "0",  # one promoter, one passive, one detractor
}


def report_of(title):
    rows, written = SECTIONS[title]
    book = servstd.loads(written)
    log = servstd.read_events(io.StringIO(rows), options=book.events)
    return servstd.evaluate(book, log, as_of="2026-04-15T00:00Z")


def test_every_section_is_here():
    assert list(SECTIONS) == list(EXPECTED)


@pytest.mark.parametrize("title", EXPECTED)
def test_the_rows_are_judged_as_by_hand(title):
    found = {
        (one.standard, one.case)
        if one.occurrence == 1
        else (one.standard, one.case, one.occurrence): one.outcome
        for one in report_of(title).verdicts
    }
    assert found == EXPECTED[title]


@pytest.mark.parametrize(("title", "standard"), FIGURES)
def test_the_figures_are_those_by_hand(title, standard):
    (one,) = [row for row in report_of(title).attainments if row.standard == standard and row.judged]
    assert one.value_text == FIGURES[title, standard]


@pytest.mark.parametrize("title", EXPECTED)
def test_nothing_is_in_quarantine_but_the_further_headers_of_a_survey(title):
    lines = [one.row for one in report_of(title).log.quarantine]
    assert lines == ([2, 3] if title == "Surveys" else [])


def test_the_row_that_stands_twice_counts_once():
    assert report_of("Zendesk: tickets").log.counts.rows_merged == 1
