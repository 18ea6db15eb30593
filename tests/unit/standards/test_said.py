"""What people write for a limit, and the right spelling that the error gives them."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servstd.errors import ServstdError, StandardsError
from servstd.files import parse_document
from servstd.standards.limit import parse_limit
from servstd.standards.said import remedy_for

WRITTEN = [
    # (what somebody writes, what the remedy proposes, id)
    ("1d", ["1 day", "24 hours"], "a day shortened is a date or hours"),
    ("5D", ["5 days", "120 hours"], "capitals make no difference"),
    ("2 wk", ["2 weeks", "336 hours"], "weeks shortened"),
    ("1 mo", ["1 month"], "a month is no number of hours"),
    ("2 yrs", ["2 years"], "years shortened"),
    ("2d 4h", ["52 hours"], "days and hours do not add up"),
    ("1d12h", ["36 hours"], "without blanks between them"),
    ("2 days and 4 hours", ["52 hours"], "nor in full words"),
    ("1 week 2 days", ["9 days", "216 hours"], "weeks and days are dates"),
    ("1 month 2 days", ["1 month"], "months and days are not added"),
    ("1 business day 4 hours", ["1 business day"], "a business day is no number of hours"),
    ("1.5 days", ["36 hours", "2 days"], "dates are whole"),
    ("0.5d", ["12 hours", "1 day"], "half a day in figures"),
    ("half a day", ["12 hours", "1 day"], "half a day in words"),
    ("P1D", ["1 day", "24 hours"], "a day in ISO 8601"),
    ("P1DT4H", ["28 hours"], "a day and hours in ISO 8601"),
    ("two days", ["2 days", "48 hours"], "a number in words"),
    ("three business days", ["3 business days"], "business days in words"),
    ("an hour", ["1 hour"], "an hour"),
    ("half an hour", ["30 minutes"], "half an hour"),
    ("a quarter of an hour", ["15 minutes"], "a quarter of an hour"),
    ("1 fortnight", ["2 weeks", "336 hours"], "a fortnight"),
    ("5bd", ["5 business days"], "business days shortened"),
    ("10 workdays", ["10 business days"], "business days as others call them"),
    ("1 bus. day", ["1 business day"], "with a dot"),
    ("4 hours business", ["4 business hours"], "the adjective behind the unit"),
    ("4 hours (business)", ["4 business hours"], "the adjective in brackets"),
    ("48h wall clock", ["48 calendar hours"], "the wall clock"),
    ("60 minuts", ["60 minutes"], "a misspelt unit"),
    ("1,5 hours", ["1 hour 30 minutes"], "a decimal comma"),
    ("1:30", ["1 hour 30 minutes", "1 minute 30 seconds"], "a clock face that may be either"),
    ("00:20:00", ["20 minutes"], "a clock face with seconds"),
    ("within 4 hours", ["4 hours"], "the key said twice"),
    ("max 2 days", ["2 days", "48 hours"], "a word before it"),
    ("4 hours max", ["4 hours"], "a word behind it"),
    ("< 4h", ["4 hours"], "a sign before it"),
    ("-1 hour", ["1 hour"], "a sign of minus"),
    ("2-4 hours", ["4 hours"], "a range is its end"),
    ("5 to 10 business days", ["10 business days"], "a range in words"),
    ("between 2 and 4 hours", ["4 hours"], "a range from between"),
    ("4hrs/8hrs", ["{earliest_of: [4 hours, 8 hours]}"], "two limits beside a slash"),
    ("3 rings or 20 seconds", ["{earliest_of: [{count: 3, of: rings}, 20 seconds]}"], "events or time"),
    ("3 rings", ["{count: 3, of: rings}", "3 call.ring", "3 minutes"], "events are counted by their kind"),
    ("3 missed calls", ["{count: 3, of: missed calls}"], "a kind of two words"),
    ("next business day", ["1 business day"], "the next business day"),
    ("NBD", ["1 business day"], "the next business day shortened"),
    ("next day", ["1 day", "1 business day"], "the next day"),
    ("same day", ["1 day"], "the same day"),
    ("EOD", ["1 day"], "the end of the day shortened"),
    ("close of business", ["1 business day"], "closing time"),
    ("end of the month", ["{next: month_end}", "{next: month_end, lag: 15 days}"], "the end of the month"),
    ("asap", ["15 minutes"], "no figure at all"),
    ("due_at", ["$due_at"], "a field without its sign"),
    ("Due by Time", ["${Due by Time}"], "a field with blanks without its sign"),
    ("$Due by Time", ["${Due by Time}"], "a field with blanks without braces"),
    ("{Due by Time}", ["${Due by Time}"], "a field with blanks in braces without its sign"),
    ("{$Due by Time}", ["${Due by Time}"], "the sign within the braces"),
    ("$due-date", ["${due-date}"], "a field with a sign in it"),
    ("48 hours before $Due by Time", ["48 hours before ${Due by Time}"], "a span before such a field"),
    ("$free days before $Due by Time", ["$free days before ${Due by Time}"], "a span that a field counts"),
    ({"urban": "15 minutes", "rural": "30 minutes"}, ["{by: area, urban: 15 minutes, rural: 30 minutes}"],
     "a table without the field that chooses"),
    ({"field": "area", "urban": "15 minutes"}, ["{by: area, urban: 15 minutes}"], "the field under another key"),
    ({"area": {"urban": "15 minutes"}}, ["{by: area, urban: 15 minutes}"], "the field as the key of a table"),
    ({"hours": 4, "minutes": 30}, ["4 hours 30 minutes"], "a mapping of units"),
    ({"days": 2}, ["2 days", "48 hours"], "a mapping of days"),
]  # fmt: skip


def remedies(help_):
    """Return what stands in backticks, quotes taken off."""
    return [found.strip('"') for found in re.findall(r"`([^`]+)`", help_)]


@pytest.mark.parametrize(
    ("written", "proposed"), [pytest.param(text, told, id=name) for text, told, name in WRITTEN]
)
def test_the_right_spelling_is_proposed(written, proposed):
    with pytest.raises(StandardsError) as refused:
        parse_limit(written)
    (problem,) = refused.value.problems
    assert set(proposed) <= set(remedies(problem.help)), problem.help


@pytest.mark.parametrize(
    "proposal", [pytest.param(one, id=f"{name}: {one}") for _, told, name in WRITTEN for one in told]
)
def test_what_is_proposed_is_a_limit(proposal):
    written = parse_document(f"within: {proposal}" if proposal[0] == "{" else f"within: '{proposal}'").data
    parse_limit(written["within"])


@pytest.mark.parametrize(
    ("written", "message", "help_"),
    [
        pytest.param({"by": "area"}, "the table by `area` has no rows.", "by: area", id="a table without rows"),
        pytest.param({"by": "area", "else": "1 hour"}, "the table by `area` has no rows.", "by: area", id="a table of else alone"),
        pytest.param({"by": ["plan", "tier"], "P1": "1 hour"}, "`by` names the field that chooses the limit.",
                     "overrides: [{by: [plan, tier]", id="a table by two fields"),
        pytest.param(["1 hour", "2 hours"], "`[1 hour, 2 hours]` is a list, and a limit is one.", "earliest_of", id="a list"),
        pytest.param(30, "`30` is a number without a unit, so nobody can tell seconds from hours.", "`30 minutes`, `30 hours`", id="a number"),
        pytest.param("soon", "`soon` is no limit: a number is expected at `soon`.", "`60 minutes`", id="a word"),
        pytest.param("1h 1h", "`1h 1h` is no limit: it names one unit twice.", "`60 minutes`", id="one unit twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_limit_says_why(written, message, help_):
    with pytest.raises(StandardsError) as refused:
        parse_limit(written)
    (problem,) = refused.value.problems
    assert message in problem.message
    assert help_ in problem.help


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("a day", "1 day"),
        ("a business day", "1 business day"),
        ("24h", "24h"),
        ("7 calendar days", "7 calendar days"),
    ],
)
def test_what_can_be_read_is_read(written, sentence):
    assert parse_limit(written).sentence() == sentence


AMOUNTS = st.lists(
    st.sampled_from(["1", "2.5", "1,5", "99999999", "d", "days", "h", "hrs.", "business", "of", "or", "-", "to", ":", "30", "P", "T",
                     "half", "an", "$x", "${", "}", "(", ")", "max", "<", "rings", "month", "é", "١"]),  # noqa: RUF001 - digits of others
    max_size=8,
).map(" ".join)  # fmt: skip
WRITTEN_ANYHOW = (
    st.text(max_size=40)
    | AMOUNTS
    | st.dictionaries(st.text(max_size=8) | st.integers(), AMOUNTS | st.integers() | st.none(), max_size=4)
)


@given(WRITTEN_ANYHOW)
def test_whatever_is_written_is_a_limit_or_one_clear_error(written):
    with suppress(ServstdError):
        parse_limit(written)


@given(st.text(max_size=40) | AMOUNTS)
def test_whatever_a_remedy_proposes_in_place_of_an_amount_can_be_read(text):
    for proposal in re.findall(r"write `([0-9][^`]*)`", remedy_for(text)):
        parse_limit(proposal)
