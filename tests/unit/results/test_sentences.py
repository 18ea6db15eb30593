"""Sentences are true: what is demanded is not said to be allowed, and an excess is not said to be a level."""

from __future__ import annotations

import pytest

import servstd
from servstd.render.breaches import worst_breaches

COUNT = {"kind": "quantity", "count": "ring", "until": "end"}
SUM = {"kind": "quantity", "sum": {"field": "paid", "of": ["ring", "back"]}, "until": "end"}
RESET = {
    "kind": "respond",
    "start": "ring",
    "stop": "end",
    "reset": {"event": "wait", "where": {"time": {"ge": "2026-03-02T02:00Z"}}},
}
PAID = {"ring": 5, "back": -3}
QUEUE = {"kind": "gauge", "level": {"plus": "ring", "minus": "end"}}


def _judge(standard, story):
    rows = [
        {"time": f"2026-03-02T0{hour}:00Z", "event": kind, "case": "1", "paid": PAID.get(kind)}
        for hour, kind in enumerate(story.split())
    ]
    office = {"timezone": "UTC", "hours": {"mon-fri": "09:00-17:00"}}
    book = servstd.Book(
        timezone="UTC", calendars={"office": office}, standards=[{"id": "it", "case": "case", **standard}]
    )
    report = servstd.evaluate(book, servstd.read_events(rows))
    return report, report.explain("it", "1").sentence.split(": ", 1)


@pytest.mark.parametrize(
    ("standard", "story", "verb", "told"),
    [
        pytest.param({**COUNT, "at_least": 2}, "ring", "may still keep", "1 ring so far, 2 demanded", id="least, open"),
        pytest.param({**COUNT, "at_least": 2}, "ring end", "broke", "1 less than the 2 demanded", id="least, missed"),
        pytest.param({**COUNT, "at_least": 2}, "ring ring end", "kept", "2 ring, exactly at the limit", id="least, just"),
        pytest.param({**COUNT, "at_least": 2}, "ring ring ring end", "kept", "3 ring, 2 demanded", id="least, more"),
        pytest.param({**COUNT, "at_most": 2}, "ring", "is still within", "1 of the 2 allowed is left", id="most, open"),
        pytest.param({**COUNT, "at_most": 2}, "ring end", "kept", "1 ring of the 2 allowed", id="most, kept"),
        pytest.param({**SUM, "at_least": 8}, "ring end", "broke", "came to 5, 3 less than the 8 demanded", id="sum, less"),
        pytest.param({**SUM, "at_least": 8}, "ring ring end", "kept", "came to 10, 8 demanded", id="sum, enough"),
        pytest.param({**SUM, "at_most": 8}, "ring ring end", "broke", "came to 10, 2 more than the 8 allowed", id="sum, more"),
        pytest.param({**SUM, "at_most": 8}, "ring end", "kept", "came to 5 of the 8 allowed", id="sum, kept"),
        pytest.param({**COUNT, "at_most": 2, "boundary": "exclusive"}, "ring ring end", "broke", "2 ring, and less than 2 was allowed", id="fewer, just"),
        pytest.param({**SUM, "at_most": 10, "boundary": "exclusive"}, "ring ring end", "broke", "came to 10, and less than 10 was allowed", id="sum, just"),
        pytest.param({**SUM, "at_most": 8}, "ring ring back end", "broke", "came to 7 of the 8 allowed; it had been broken before", id="sum, broken before"),
        pytest.param({**RESET, "within": "1 hour"}, "ring wait wait end", "broke",
                     "end came after 1h of the 1h allowed; it had been broken just after Mon 2 Mar 2026 01:00", id="broken before a reset"),
        pytest.param({**RESET, "within": "3 hours", "boundary": "exclusive"}, "ring x x end", "broke", "came after 3h, and less than 3h was allowed", id="less, just"),
        pytest.param({**QUEUE, "above": 1}, "ring ring ring", "broke", "first at Mon 2 Mar 2026 01:00, by 2 at the worst", id="level, broken"),
        pytest.param({**QUEUE, "above": 3}, "ring ring", "is still within", "1 away from it at the nearest", id="level, near"),
        pytest.param({**QUEUE, "above": 2}, "ring ring", "is still within", "reached its bound, and not passed it", id="level, at it"),
    ],
)  # fmt: skip
def test_a_sentence_says_what_was_demanded_and_what_allowed(standard, story, verb, told):
    _, (head, rest) = _judge(standard, story)
    assert head == f"1 {verb} `it`"
    assert rest.endswith(f"{told}.")


@pytest.mark.parametrize(
    ("standard", "story", "told"),
    [
        ({**COUNT, "at_least": 2}, "ring end", "1 of 2 demanded, 1 too little"),
        ({**COUNT, "at_most": 2}, "ring ring ring", "3 of 2 allowed, 1 too much"),
        ({**RESET, "within": "1 hour"}, "ring x wait end", "1h more than 1h allowed, earlier"),
        ({**QUEUE, "above": 1}, "ring ring ring", "2 beyond the bound"),
    ],
)
def test_a_breach_is_told_as_what_it_is(standard, story, told):
    report, _ = _judge(standard, story)
    assert [one.what for one in worst_breaches(report)] == [told]


def test_closed_time_is_not_mentioned_where_only_dates_count():
    standard = {
        "kind": "respond", "start": "ring", "stop": "end", "within": "2 business days",
        "calendar": "office",
    }  # fmt: skip
    _, (_, rest) = _judge(standard, "ring end")
    assert "did not count" not in rest


def test_a_limit_that_the_case_lacks_is_not_known():
    standard = {"kind": "respond", "start": "ring", "stop": "end", "within": "$promised"}
    _, (head, rest) = _judge(standard, "ring end")
    assert head == "1 cannot be judged by `it`"
    assert "promised" in rest
    assert rest.endswith(" is not known.")


def test_what_did_not_count_is_one_list():
    standard = {
        "kind": "respond", "start": "ring", "stop": "end", "pause": "hold", "resume": "free", "within": "4 hours",
        "reopen": "resume", "reopen_on": "again",
    }  # fmt: skip
    _, (_, rest) = _judge(standard, "ring end again hold free end")
    assert (
        rest == "end came after 3h of the 4h allowed; 1h of pause and 1h until it was reopened did not count."
    )
