"""An unknown key is told with the place where such a key stands, or with our word for it."""

from __future__ import annotations

import pytest

import servstd
from servstd.errors import StandardsError
from servstd.keys import known_keys, unknown_key, unknown_key_among
from servstd.standards import Respond

CLOCK = {"id": "reply", "kind": "respond", "start": "asked", "stop": "answered", "within": "1 hour"}


def help_for(key, value, **more):
    with pytest.raises(StandardsError) as caught:
        servstd.Book(servstd=1, case="id", standards=[{**CLOCK, **more, key: value}])
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("SV102", f"standards[0].{key}")
    return problem.help


@pytest.mark.parametrize(
    ("key", "help_"),
    [
        pytest.param(
            "cutoff", "it stands in `day_rule`: write `day_rule: {cutoff: …}`.", id="a key of a section"
        ),
        pytest.param(
            "dated_by",
            "it stands in `objective` or `exclude`: write `objective: {dated_by: …}`.",
            id="of two",
        ),
        pytest.param(
            "when", "it stands in `exclude` or `overrides`: write `exclude: [{when: …}]`.", id="of rows"
        ),
        pytest.param("for_each", "it is a key of `kind: check`.", id="of another kind"),
        pytest.param("witin", "write `within`.", id="a slip of the pen"),
        pytest.param("Pause_While", "write `pause_while`.", id="capital letters"),
        pytest.param("deadline", "write `within`.", id="the word of others"),
        pytest.param("SLA", "write `within`.", id="in capitals"),
        pytest.param("target", "write `objective`.", id="a target"),
        pytest.param("unless", "write `exclude`.", id="an exception"),
        pytest.param(
            "timezone", "a zone is the book's, or a calendar's: write it there.", id="a key of the book"
        ),
        pytest.param("priority", "", id="nothing that we know"),
    ],
)
def test_an_unknown_key_of_a_standard(key, help_):
    assert help_for(key, "x") == help_


def test_what_is_a_key_of_its_own_kind_is_not_sent_to_the_overrides():
    # rows of overrides may set the bounds of every kind
    assert (
        help_for("at_least", 3)
        == "it is a key of `kind: metric`, `kind: order`, `kind: quantity`, `kind: scorecard`."
    )


@pytest.mark.parametrize(
    ("written", "help_"),
    [
        ({"target": "90%", "window": "month"}, "write `share`."),
        ({"share": "90%", "windw": "month"}, "write `window`."),
    ],
)
def test_an_unknown_key_of_an_objective(written, help_):
    with pytest.raises(StandardsError) as caught:
        servstd.Book(servstd=1, case="id", standards=[{**CLOCK, "objective": written}])
    assert help_ in [problem.help for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("place", "terms", "path", "help_"),
    [
        pytest.param("respond", {"stop": {"evnt": "b"}}, "stop.evnt", "write `event`.", id="selector"),
        pytest.param("respond", {"start": {"al": ["a"]}}, "start.al", "write `all`.", id="all of a selector"),
        pytest.param(
            "respond", {"start": [{"stanard": "x"}]}, "start[0].stanard", "write `standard`.", id="of a list"
        ),
        pytest.param(
            "respond", {"within": {"earlist_of": ["1 day"]}}, "within.earlist_of", "write `earliest_of`."
        ),
        pytest.param("respond", {"within": {"net": "month_end"}}, "within.net", "write `next`."),
        pytest.param("respond", {"within": {"next": "m", "led": "1 day"}}, "within.led", "write `lead`."),
        pytest.param(
            "quantity", {"count": "a", "per": {"roling": "1 day"}}, "per.roling", "write `rolling`."
        ),
        pytest.param(
            "quantity", {"count": "a", "while": {"frm": "b", "to": "c"}}, "while.frm", "write `from`."
        ),
        pytest.param("quantity", {"time_in": {"from": "b", "too": "c"}}, "time_in.too", "write `to`."),
        pytest.param("quantity", {"sum": {"fild": "x", "of": "a"}}, "sum.fild", "write `field`."),
        pytest.param(
            "quantity", {"sum": {"field": "x", "of": {"evnt": "a"}}}, "sum.of.evnt", "write `event`."
        ),
        pytest.param("quantity", {"span": ["a", {"evnt": "b"}]}, "span[1].evnt", "write `event`."),
    ],
)
def test_a_slip_in_a_short_form(place, terms, path, help_):
    base = CLOCK if place == "respond" else {"id": "q", "kind": "quantity", "at_most": "3 hours", "ends": "z"}
    if "per" in terms:
        base = {"id": "q", "kind": "quantity", "at_most": 3}
    with pytest.raises(StandardsError) as caught:
        servstd.Book(servstd=1, case="id", timezone="UTC", standards=[{**base, **terms}])
    (problem,) = caught.value.problems
    assert (problem.code, problem.path, problem.help) == ("SV102", f"standards[0].{path}", help_)


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        pytest.param({"sum": {"of": "a"}}, "sum", id="without a field"),
        pytest.param({"sum": {"field": "x"}}, "sum", id="without events"),
        pytest.param({"sum": {"field": 3, "of": "a"}}, "sum.field", id="a number for a field"),
        pytest.param({"span": ["a"]}, "span", id="one event"),
        pytest.param({"span": ["a", "b", "c"]}, "span", id="three events"),
    ],
)
def test_a_sum_and_a_span_are_whole(terms, path):
    with pytest.raises(StandardsError) as caught:
        servstd.Book(
            servstd=1,
            case="id",
            standards=[{"id": "q", "kind": "quantity", "at_most": "3 hours", "ends": "z", **terms}],
        )
    assert [(one.code, one.path) for one in caught.value.problems] == [("SV118", f"standards[0].{path}")]


def test_conditions_on_other_fields_are_none_of_these():
    # a field `tier` beside one `from` is a condition on the case, and no slip of `to`
    quantity = {
        "id": "q",
        "kind": "quantity",
        "time_in": {"from": "north", "tier": "gold"},
        "at_most": "3 hours",
    }
    assert servstd.Book(servstd=1, case="id", standards=[{**quantity, "ends": "z"}]).standards[0].id == "q"


def test_without_a_model_nothing_is_known():
    assert known_keys(None, {}, ()) == []
    assert unknown_key("x", None, {}, ()).message == "unknown key `x`."
    assert "within" in known_keys(Respond, CLOCK, ())


def test_a_name_without_end_is_cut():
    assert len(unknown_key_among("x" * 10_000, ["share"]).message) < 200


def problems_of(text):
    with pytest.raises(StandardsError) as caught:
        servstd.loads(text)
    return [(one.code, one.path, one.help) for one in caught.value.problems]


ON_A_CALENDAR = """
case: id
timezone: UTC
calendars: {office: {hours: {mon-fri: "09:00-17:00"}}}
standards:
- {id: a, kind: respond, start: s, stop: t, within: 2 business days, calendar: office, %s}
"""


def test_a_rule_of_days_is_read_with_its_book_and_not_with_a_log():
    # `end_o_day` would else wait for the first case that counts dates
    assert problems_of(ON_A_CALENDAR % 'day_rule: {cutoff: "1400", ends: end_o_day}') == [
        ("SV230", "standards[0].day_rule.cutoff", "write it like `09:00`, `17:30` or `24:00`."),
        ("SV124", "standards[0].day_rule.ends", "write `ends: end_of_day`."),
    ]


@pytest.mark.parametrize("reading", ["one", "two"])
def test_a_reading_that_does_not_hold_names_no_unknown_calendar_either(reading):
    text = ON_A_CALENDAR % f"reading: {reading}, readings: {{one: {{}}, two: {{calendar: ofice}}}}"
    assert problems_of(text) == [("SV103", "standards[0].readings.two.calendar", "write `office`.")]


@pytest.mark.parametrize(("key", "slip"), [("case", "cae"), ("timezone", "timezon")])
def test_a_slip_in_a_key_of_the_book_is_one_error(key, slip):
    # what is missing for want of the key is no error of its own
    text = (
        "case: id\ntimezone: UTC\nstandards:\n"
        "- {id: a, kind: respond, start: s, stop: t, within: 2 days, objective: 90% a month}\n"
    )
    assert problems_of(text.replace(f"{key}:", f"{slip}:")) == [("SV102", slip, f"write `{key}`.")]
