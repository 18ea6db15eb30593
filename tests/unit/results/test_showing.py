"""What a prompt and a notebook show of books, standards and attainments."""

from __future__ import annotations

import pickle

import pytest

import servstd
from servstd.render.breaches import worst_breaches
from servstd.results.attainments import Attainments


@pytest.fixture
def book():
    return servstd.Book(
        title="The <desk>",
        case="id",
        timezone="UTC",
        standards=[
            servstd.Respond(
                id="reply", start="asked", stop="answered", within="1 hour", objective="50% a month"
            )
        ],
    )


@pytest.fixture
def report(book):
    rows = [
        {"time": "2026-02-01T00:00Z", "event": "begun", "id": "0"},
        {"time": "2026-03-02T09:00Z", "event": "asked", "id": "1"},
        {"time": "2026-03-02T09:30Z", "event": "answered", "id": "1"},
        {"time": "2026-03-03T09:00Z", "event": "asked", "id": "2"},
        {"time": "2026-03-03T12:00Z", "event": "answered", "id": "2"},
    ]
    return servstd.evaluate(book, servstd.read_events(rows), as_of="2026-04-01T00:00Z")


def test_a_book_is_shown_by_what_it_promises(book):
    assert repr(book) == "<Book: 'The <desk>', `reply`>"
    assert "For each id: after asked, answered must follow within 1h" in book._repr_html_()
    assert "The &lt;desk&gt;" in book._repr_html_()
    assert repr(servstd.Book(case="id")) == "<Book: no standards>"


def test_a_standard_is_shown_as_it_was_written(book):
    reply = book["reply"]
    assert repr(reply) == (
        "Respond(id='reply', objective='50% a month', start='asked', stop='answered', within='1 hour')"
    )
    assert servstd.Respond(**reply.model_dump(exclude_unset=True)) == reply


def test_attainments_are_a_tuple_that_is_shown_as_a_table(report):
    attainments = report.attainments
    assert isinstance(attainments, tuple)
    assert pickle.loads(pickle.dumps(attainments)) == attainments  # noqa: S301 - our own
    # one of two was answered within the hour
    march = next(line for line in repr(attainments).splitlines() if "2026-03" in line)
    assert march.split() == ["reply", "50%", "a", "month", "2026-03", "2", "1", "1", "50%", "50%", "met"]
    assert "<td" in attainments._repr_html_()
    assert repr(Attainments()) == "<Attainments: none>"


def test_attainments_are_frames(report):
    attainments = report.attainments
    for frame in (attainments.to_pandas(), attainments.to_polars()):
        assert list(frame["window"]) == [one.window for one in attainments]
        assert list(frame["judged"]) == [one.judged for one in attainments]
        assert list(frame.columns) == list(attainments[0].to_dict())
    for frame in (Attainments().to_pandas(), Attainments().to_polars()):
        assert (len(frame), list(frame.columns)) == (0, list(attainments[0].to_dict()))


def test_a_planned_limit_is_shown_in_words(report):
    curve = report.curve("reply")
    assert repr(curve.limit_for("50%")).startswith("<PlannedLimit: 50% within 30m (")
    assert repr(curve.share_within("1 hour")).startswith("<ShareWithin: 50.0% within 1h (")


MEASURED = """
timezone: UTC
case: c
standards:
- {id: measured, kind: respond, start: s, stop: t, within: 1 minute, objective: none}
- {id: promised, kind: respond, start: s, stop: t, within: 20 minutes, objective: 90% overall}
- {id: some, kind: respond, start: s, stop: t, within: 10 minutes, objective: none, overrides: [{when: {plan: gold}, objective: 90% overall}]}
"""
MEASURED_LOG = [
    {"time": f"2026-03-02T09:{minute}Z", "event": event, "c": case, "plan": plan}
    for case, plan in (("g", "gold"), ("s", "silver"))
    for event, minute in (("s", "00"), ("t", "30"))
]


@pytest.mark.parametrize("format_", ["text", "markdown", "html", "github", "junit"])
def test_what_is_only_measured_is_never_among_the_broken(format_):
    report = servstd.evaluate(servstd.loads(MEASURED), servstd.read_events(MEASURED_LOG))
    shown = [(one.standard, one.case) for one in worst_breaches(report)]
    assert shown == [("promised", "g"), ("promised", "s"), ("some", "g")]
    told = report.render(format_)
    assert "29m" not in told  # how far the measured ones are over
    assert "10m" in told


def test_a_book_that_only_measures_says_so():
    book = servstd.loads(
        "case: c\nstandards: [{id: a, kind: respond, start: s, stop: t, within: 1 hour, objective: none}]"
    )
    shown = servstd.evaluate(book, servstd.read_events(MEASURED_LOG)).to_text()
    assert "Broken" not in shown
    assert shown.splitlines()[-1] == (
        "· Nothing is decided: no standard has an objective, and what is only measured decides nothing."
    )
    empty = servstd.evaluate(servstd.loads("case: c"), servstd.read_events(MEASURED_LOG)).to_text()
    assert empty.splitlines()[-1] == "· Nothing is decided: the book has no standards."
