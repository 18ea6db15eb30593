"""A name that is spelt in another way is told; an event that simply never came is not."""

from __future__ import annotations

import servstd


def _report(*kinds: str, **fields: object) -> servstd.Report:
    standard = servstd.Respond(id="a", case="c", start="asked", stop="answered", within="1 hour", **fields)
    rows = [{"time": f"2026-01-01T0{place}:00Z", "event": kind, "c": "1"} for place, kind in enumerate(kinds)]
    return servstd.evaluate(servstd.Book(standards=[standard]), servstd.read_events(rows))


def test_a_misspelt_event_is_named_with_the_closest():
    assert _report("askd", "answered").notes == ("a: no event is called `asked`. Is it `askd`?",)


def test_a_standard_without_verdicts_says_which_events_it_waits_for():
    assert _report("updated").notes == (
        "a: no event is called `answered`. Known: `updated`.",
        "a: no event is called `asked`. Known: `updated`.",
    )


def test_a_hold_that_nobody_used_is_no_news():
    assert _report("asked", "answered", pause="held", resume="freed").notes == ()


def test_a_name_that_the_book_uses_elsewhere_is_no_misspelling():
    assert _report("asked", "answered", "held.on", pause="held.on", resume="held.off").notes == ()
