"""Limits as authors write them: four types, never confused."""

from __future__ import annotations

import pytest

from servstd.errors import StandardsError
from servstd.standards.limit import (
    CombinedLimit,
    CountLimit,
    DatesLimit,
    DurationLimit,
    FieldDuration,
    InstantLimit,
    LimitTable,
    Unlimited,
    can_be_added,
    counts_open_time,
    has_dates,
    limit_fields,
    parse_limit,
)

SECOND = 1_000_000
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND

DURATIONS = {
    "60 minutes": (60 * MINUTE, "standard"),
    "1 minute": (MINUTE, "standard"),
    "4 hours": (4 * HOUR, "standard"),
    "24 hours": (24 * HOUR, "standard"),
    "20s": (20 * SECOND, "standard"),
    "1h30m": (90 * MINUTE, "standard"),
    "1.5 hours": (90 * MINUTE, "standard"),
    "PT4H": (4 * HOUR, "standard"),
    "PT1H30M": (90 * MINUTE, "standard"),
    "4 business hours": (4 * HOUR, "business"),
    "4 working hours": (4 * HOUR, "business"),
    "4 calendar hours": (4 * HOUR, "calendar"),
    "  4 hours ": (4 * HOUR, "standard"),
}


@pytest.mark.parametrize("text", DURATIONS)
def test_a_duration(text):
    us, clock = DURATIONS[text]
    assert parse_limit(text).node == DurationLimit(us, clock)


DATES = {
    "10 business days": (10, "business days"),
    "1 business day": (1, "business day"),
    "10 working days": (10, "working days"),
    "1 day": (1, "day"),
    "5 days": (5, "days"),
    "2 weeks": (2, "weeks"),
    "1 month": (1, "month"),
}


@pytest.mark.parametrize("text", DATES)
def test_dates(text):
    assert parse_limit(text).node == DatesLimit(*DATES[text])
    assert parse_limit(text).node.is_business == text.endswith(
        ("business days", "business day", "working days")
    )


def test_a_day_is_a_date_and_24_hours_are_time():
    assert isinstance(parse_limit("1 day").node, DatesLimit)
    assert isinstance(parse_limit("24 hours").node, DurationLimit)


FIELDS = {
    "$promised_at": (InstantLimit, {"promised_at"}),
    "48 hours before $appointment_at": (InstantLimit, {"appointment_at"}),
    "1 business day before $visit_at": (InstantLimit, {"visit_at"}),
    "$days business days": (DatesLimit, {"days"}),
    "$days days": (DatesLimit, {"days"}),
    "$minutes minutes": (FieldDuration, {"minutes"}),
    "$hours business hours": (FieldDuration, {"hours"}),
    "$terms.hours hours": (FieldDuration, {"terms.hours"}),
}


@pytest.mark.parametrize("text", FIELDS)
def test_a_field_may_hold_the_limit(text):
    kind, fields = FIELDS[text]
    node = parse_limit(text).node
    assert isinstance(node, kind)
    assert limit_fields(node) == fields


def test_a_count_of_other_events():
    for spelling in ("3 call.ring", {"count": 3, "of": "call.ring"}):
        node = parse_limit(spelling).node
        assert isinstance(node, CountLimit)
        assert (node.count, node.of.events) == (3, {"call.ring"})
    assert parse_limit({"count": 3, "of": "email received"}).node.of.events == {"email received"}


def test_the_earliest_and_the_latest_of_several():
    node = parse_limit({"earliest_of": ["4 hours", {"latest_of": ["1 day", "$promised_at"]}]}).node
    assert isinstance(node, CombinedLimit)
    assert (node.which, node.members[1].which) == ("earliest", "latest")
    assert limit_fields(node) == {"promised_at"}
    assert has_dates(node)


def test_a_table_by_a_field():
    node = parse_limit({"by": "priority", "P1": "4 hours", 2: "$hours hours", "else": "1 day"}).node
    assert isinstance(node, LimitTable)
    assert [key for key, _ in node.rows] == ["P1", "2"]
    assert limit_fields(node) == {"priority", "hours"}
    assert has_dates(node)
    assert not has_dates(parse_limit({"by": "priority", "P1": "4 hours"}).node)


def test_none_measures_without_a_promise():
    assert parse_limit("none").node == parse_limit("NONE").node == Unlimited()


def test_a_limit_keeps_its_spelling_and_equals_another_of_the_same_meaning():
    assert parse_limit("90 minutes").data == "90 minutes"
    assert parse_limit("90 minutes") == parse_limit("1h30m")
    assert parse_limit(parse_limit("1 day")) == parse_limit("1 day")


REFUSED = {
    "a bare number": (60, "SV120"),
    "a bare number as text": ("60", "SV120"),
    "a fraction as text": (".5", "SV122"),
    "a negative duration": ("-4 hours", None),
    "a unit nobody knows": ("4 fortnights", None),
    "words": ("soon", None),
    "an empty text": ("", None),
    "a truth": (True, None),
    "a list": (["4 hours"], None),
    "an empty mapping": ({}, "SV122"),
    "a mapping of something else": ({"hours": 4}, "SV122"),
    "the earliest of nothing": ({"earliest_of": []}, "SV122"),
    "the earliest of one that is not in a list": ({"earliest_of": "4 hours"}, "SV122"),
    "the earliest of some, and more": ({"earliest_of": ["4 hours"], "x": 1}, "SV122"),
    "a member that cannot be read": ({"earliest_of": ["4 hours", 60]}, "SV120"),
    "a count that is text": ({"count": "3", "of": "a"}, "SV122"),
    "a count that is a truth": ({"count": True, "of": "a"}, "SV122"),
    "a negative count": ({"count": -1, "of": "a"}, "SV123"),
    "a count of nothing": ({"count": 3, "of": []}, "SV110"),
    "a table by a number": ({"by": 3, "P1": "4 hours"}, "SV122"),
    "a row that cannot be read": ({"by": "priority", "P1": 4}, "SV120"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_limit_is_refused(data, code):
    with pytest.raises(StandardsError) as refusal:
        parse_limit(data)
    (problem,) = refusal.value.problems
    assert code is None or problem.code == code
    assert problem.code.startswith("SV12") or problem.code == "SV110"


PLACES = {
    "in a list": ({"latest_of": ["4 hours", {"earliest_of": [5]}]}, "latest_of[1].earliest_of[0]"),
    "in a table": ({"by": "p", "P1": "4 hours", "else": 4}, "else"),
    "in a table's row": ({"by": "p", "P1": "4 what"}, "P1"),
}


@pytest.mark.parametrize(("data", "path"), PLACES.values(), ids=PLACES.keys())
def test_the_place_of_a_fault_is_told(data, path):
    with pytest.raises(StandardsError) as refusal:
        parse_limit(data)
    assert refusal.value.problems[0].path == path


@pytest.mark.parametrize("written", ["-3 days", {"next": "year_end", "lead": "-60 days"}])
def test_dates_before_their_start_are_refused(written):
    with pytest.raises(StandardsError) as refused:
        parse_limit(written)
    assert [problem.code for problem in refused.value.problems] == ["SV123"]


def test_a_lag_counts_dates():
    limit = parse_limit({"next": "quarter_end", "lag": "10 business days"})
    assert limit.sentence() == "10 business days after the next quarter end"
    assert counts_open_time(limit.node)
    with pytest.raises(StandardsError) as refused:
        parse_limit({"next": "quarter_end", "lag": "24 hours"})
    assert [(one.code, one.path) for one in refused.value.problems] == [("SV122", "lag")]


def test_hours_that_a_case_carries_are_added_to_hours():
    assert can_be_added(parse_limit("$hours hours").node, parse_limit("20 hours").node)
    assert not can_be_added(parse_limit("$hours calendar hours").node, parse_limit("20 hours").node)
