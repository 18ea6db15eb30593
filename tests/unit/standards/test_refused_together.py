"""What loads part by part, and means nothing together."""

from __future__ import annotations

import pytest

import servstd

CLOCK = "kind: respond, case: c, start: a, stop: b"
ZONED = "calendars: {local: {timezone: $zone, hours: {mon-fri: '09:00-17:00'}}}\n"
REFUSED = {
    "an extension by another sort of limit": (
        f"standards: [{{id: x, {CLOCK}, within: 24 hours, extend: {{event: e, by: 1 month}}}}]\ntimezone: UTC",
        "standards[0].extend.by",
        "cannot be added to",
    ),
    "a limit that a kind does not have, in a row of overrides": (
        "standards: [{id: x, kind: quantity, case: c, count: e, at_most: 2, overrides: [{when: {a: 1}, within: 2 hours}]}]",
        "standards[0].overrides[0]",
        "`within` cannot be overridden in a standard of kind `quantity`",
    ),
    "a calendar of each case's zone, asked by an exclusion": (
        f"{ZONED}standards: [{{id: x, {CLOCK}, within: 1 hour, exclude: [{{during: local}}]}}]",
        "standards[0].exclude[0].during",
        "has the zone of each case",
    ),
}


@pytest.mark.parametrize(("book", "path", "words"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_when_the_book_loads(book, path, words):
    with pytest.raises(servstd.StandardsError) as failure:
        servstd.loads(book)
    assert [(one.path, words in one.message) for one in failure.value.problems] == [(path, True)]
