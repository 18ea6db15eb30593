"""Every good spelling of a selector, and what each kind makes of its short forms."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import servstd
from servstd.errors import StandardsError
from servstd.plan.plan import WarnAt
from servstd.standards.check import failing_allowed
from servstd.standards.selector import parse_selection
from servstd.standards.warning import parse_warning

SELECTORS: dict[str, tuple[Any, set[str], str]] = {
    "a name": ("reply.sent", {"reply.sent"}, "reply sent"),
    "any of several": (["reply.sent", "call.made"], {"reply.sent", "call.made"}, "reply sent or call made"),
    "a name with a condition": ({"event": "reply.sent", "where": {"by": "human"}}, {"reply.sent"}, "reply sent (where by is human)"),
    "several names with one condition": ({"event": ["a", "b"], "where": {"by": "x"}}, {"a", "b"}, "a (where by is x) or b (where by is x)"),
    "any event": ("*", {"*"}, "any event"),
    "all of several": ({"all": ["a", ["b", "c"]]}, {"a", "b", "c"}, "a and b or c"),
    "a verdict's change": ({"standard": "repair", "change": "breached"}, set(), "`repair` is breached"),
    "a verdict that has ended": ({"standard": "repair", "change": "ended"}, set(), "`repair` ended"),
    "an instant that the case carries": ({"at": "$scheduled_arrival"}, set(), ""),
}  # fmt: skip


@pytest.mark.parametrize(("data", "events", "sentence"), SELECTORS.values(), ids=SELECTORS.keys())
def test_a_selector(data, events, sentence):
    found = parse_selection(data)
    assert found.events == events
    assert found.data == data
    if sentence:
        assert found.sentence() == sentence


def test_a_selector_knows_what_it_reads():
    found = parse_selection(
        [{"event": "a", "where": {"by": "$owner"}}, {"standard": "repair", "change": "met"}]
    )
    assert found.fields == {"by", "owner"}
    assert found.standards == {"repair"}
    assert parse_selection({"at": "1 hour before $planned"}).fields == {"planned"}


ALLOWED = {
    "all of twenty": ("all", 20, 0),
    "any of twenty": ("any", 20, 19),
    "any of one": ("any", 1, 0),
    "any of none can never be": ("any", 0, -1),
    "all of none": ("all", 0, 0),
    "at least three of twenty": ({"at_least": 3}, 20, 17),
    "at least three of two can never be": ({"at_least": 3}, 2, -1),
    "90% of twenty": ("90%", 20, 2),
    "90% of nineteen": ("90%", 19, 1),
    "90% of nine": ("90%", 9, 0),
    "99.5% of two hundred": ("99.5%", 200, 1),
    "100% of twenty": ("100%", 20, 0),
    "0% of twenty": ("0%", 20, 20),
    "33.3% of three": ("33.3%", 3, 2),
}


@pytest.mark.parametrize(("require", "count", "allowed"), ALLOWED.values(), ids=ALLOWED.keys())
def test_how_many_items_may_fail(require, count, allowed):
    assert failing_allowed(require, count) == allowed


WARNINGS = {
    "80%": WarnAt(share=Fraction(4, 5)),
    "50 %": WarnAt(share=Fraction(1, 2)),
    "99.5%": WarnAt(share=Fraction(199, 200)),
    "10 minutes before": WarnAt(before=600_000_000),
    "1h30m before": WarnAt(before=5_400_000_000),
}


@pytest.mark.parametrize("text", WARNINGS)
def test_when_to_warn(text):
    assert parse_warning(text) == WARNINGS[text]


@pytest.mark.parametrize("text", ["0%", "100%", "150%", "80", "10 minutes", "before", "soon"])
def test_no_time_to_warn_at(text):
    with pytest.raises(StandardsError):
        parse_warning(text)


def plan_of(**standard: Any) -> Any:
    told = {"id": "s", "case": "c", **standard}
    return servstd.Book(standards=[told], calendars={"office": OFFICE}, timezone="Europe/London").plans[0]


OFFICE = {"timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:00"}}
UNITS = {
    "time": {"kind": "respond", "start": "a", "stop": "b", "within": "1 hour"},
    "dates": {"kind": "respond", "start": "a", "stop": "b", "within": "5 days"},
    "count": {"kind": "quantity", "count": "a", "at_most": 3, "ends": "z"},
    "amount": {"kind": "quantity", "sum": {"field": "f", "of": "a"}, "at_most": 3, "ends": "z"},
    "items": {"kind": "check", "event": "a", "expect": {"b": 1}},
    "level": {"kind": "gauge", "level": {"plus": "a", "minus": "b"}, "above": 3},
}


@pytest.mark.parametrize("unit", UNITS)
def test_each_kind_has_its_own_unit(unit):
    assert plan_of(**UNITS[unit]).unit == unit


def test_a_count_within_a_clock_is_in_counts_and_a_reaction_to_a_level_in_time():
    assert plan_of(kind="respond", start="a", stop="b", within="3 call.ring").unit == "count"
    assert plan_of(**UNITS["level"], then="x", within="1 hour").unit == "time"
    assert plan_of(kind="quantity", time_in={"a": 1}, at_most="1 hour", ends="z").unit == "time"
    assert plan_of(kind="quantity", span=["a", "b"], at_most="1 hour").unit == "time"


def test_two_plans_are_equal_when_what_was_written_and_the_calendars_are():
    one = plan_of(**UNITS["time"])
    assert one == plan_of(**UNITS["time"])
    assert one != plan_of(**{**UNITS["time"], "within": "2 hours"})
    assert one != plan_of(**UNITS["time"], boundary="exclusive")
    other = servstd.Book(
        standards=[{"id": "s", "case": "c", **UNITS["time"]}],
        calendars={"office": {**OFFICE, "holidays": ["2026-12-25"]}},
        timezone="Europe/London",
    )
    assert one != other.plans[0]
