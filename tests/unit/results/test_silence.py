"""A kind of event that no event has is told; one that is there with a slip of the pen decides nothing."""

from __future__ import annotations

import pytest

import servstd
from servstd.render.notes import head_lines
from servstd.results.silence import is_slip

HOUR = {"start": "asked", "stop": "answered", "within": "1 hour"}


def _report(*kinds: str, may_lack: tuple[str, ...] = (), **fields: object) -> servstd.Report:
    standard = servstd.Respond(id="a", case="c", **{**HOUR, **fields})
    rows = [{"time": f"2026-01-01T0{place}:00Z", "event": kind, "c": "1"} for place, kind in enumerate(kinds)]
    return servstd.evaluate(servstd.Book(standards=[standard]), servstd.read_events(rows, kinds=may_lack))


def _head(*kinds: str, **fields: object) -> str:
    return " ".join(head_lines(_report(*kinds, **fields)))


def test_a_slip_is_named_with_the_kind_that_is_there():
    head = _head("asked", "anwsered", "answred")
    assert (
        "No event is called `answered`, which `a` names. There is `answred`, which the book does not use."
        in head
    )


def test_the_objectives_of_a_standard_that_names_a_slip_decide_nothing_and_its_verdicts_stand():
    report = _report("asked", "answred")
    assert [one.outcome for one in report.verdicts] == ["open"]
    report = _report("asked", "noted", "answred")
    (row,) = report.attainments
    assert (row.status, row.breached) == ("insufficient", 1)
    assert row.why == "no event is called `answered`; `answred` is there"


@pytest.mark.parametrize("named", ["answered", "answred"])
def test_a_kind_that_is_said_to_be_absent_decides_and_is_not_told(named):
    report = _report("asked", "noted", "answred", may_lack=(named,))
    assert [row.status for row in report.attainments] == ["missed"]
    assert "decide nothing" not in " ".join(head_lines(report))


def test_what_reads_a_standard_that_names_a_slip_decides_nothing_either():
    one = servstd.Respond(id="a", case="c", **HOUR)
    both = servstd.Bundle(id="both", case="c", of=["a"])
    rows = [
        {"time": f"2026-01-01T0{n}:00Z", "event": k, "c": "1"}
        for n, k in enumerate(("asked", "z", "answred"))
    ]
    report = servstd.evaluate(servstd.Book(standards=[one, both]), servstd.read_events(rows))
    assert [row.status for row in report.attainments] == ["insufficient", "insufficient"]


def test_a_kind_that_never_came_is_told_at_the_head():
    assert _head("asked", "answered", pause="held", resume="freed") == (
        "No event is called `held` (`a` names), `freed` (`a` names)."
    )


def test_a_kind_that_the_book_uses_elsewhere_is_no_slip():
    assert "There is" not in _head("asked", "answered", "held.on", pause="held.on", resume="held.off")


SLIPS = {
    "a letter too many": ("replied", "repplied", True),
    "a letter too few": ("replied", "replid", True),
    "another letter": ("replied", "repliad", True),
    "capitals": ("reply.sent", "Reply.Sent", True),
    "separators": ("reply.sent", "reply_sent", True),
    "no separator": ("reply.sent", "replysent", True),
    "two letters": ("replied", "rplyed", False),
    "a prefix": ("opened", "reopened", False),
    "a prefix that stands apart": ("opened", "re-opened", False),
    "a letter before the first": ("mailed", "emailed", False),
    "other digits": ("level 1", "level 2", False),
    "a digit more": ("step1", "step12", False),
    "names too short for a slip": ("b", "e", False),
    "another word": ("answered", "unanswered", False),
}


@pytest.mark.parametrize(("one", "other", "expected"), SLIPS.values(), ids=SLIPS)
def test_what_is_a_slip_of_the_pen(one, other, expected):
    assert is_slip(one, other) is expected
    assert is_slip(other, one) is expected
