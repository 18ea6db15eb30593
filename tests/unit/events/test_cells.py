"""Cells: which are numbers under which decimal sign, which are null, and the blanks around them."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest

from servstd.events import Event, Log, read_events
from servstd.expressions.values import ABSENT, Word, number_from

NINE = "2026-03-02T09:00Z"


def row(**fields: object) -> dict[str, object]:
    return {"time": NINE, "event": "a", **fields}


def field(value: object, **options: Any) -> object:
    return read_events([row(x=value)], **options).events[0].fields.get("x")


NUMBERS = [
    ("1,5", Decimal("1.5")),
    ("-12,50", Decimal("-12.50")),
    ("+0,5", Decimal("0.5")),
    ("1,5e3", Decimal("1.5e3")),
    ("12", Decimal(12)),
    ("1.234", None),
    ("1.234,5", None),
    ("1.234.567", None),
    ("12.5", None),
    ("1,234,567", None),
    ("soon", None),
]


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_a_decimal_comma_makes_numbers_and_a_point_none(text: str, number: Decimal | None) -> None:
    found = field(text, decimal=",")
    assert number_from(found) == number
    if number is None:
        assert found == text  # the text itself stays


def test_numbers_inside_objects_and_lists_have_the_same_sign() -> None:
    found = field({"sum": "1,5", "parts": ["2,5", {"of": "1.5"}]}, decimal=",")
    assert found == {"sum": "1.5", "parts": ["2.5", {"of": "1.5"}]}
    assert number_from(found["parts"][1]["of"]) is None  # type: ignore[call-overload, index]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1,5 h", "1.5 h"),
        ("1 h 30,5 min", "1 h 30.5 min"),
        ("1:30:00,5", "1:30:00,5"),
        ("1 day, 2:03:04", "1 day, 2:03:04"),
        ("10,5 furlongs", "10,5 furlongs"),
        ("T-1,2", "T-1,2"),
        ("02.03.2026", "02.03.2026"),
    ],
)
def test_a_comma_in_a_length_is_a_decimal_sign_and_in_a_text_a_comma(text: str, read: str) -> None:
    assert field(text, decimal=",") == read


def test_a_length_with_a_point_is_none_under_a_decimal_comma() -> None:
    assert isinstance(field("1.5 h", decimal=","), Word)


def test_json_numbers_have_no_sign() -> None:
    log = read_events(
        io.StringIO('{"time": "2026-03-02T09:00Z", "event": "a", "x": 1.5}'), format="ndjson", decimal=","
    )
    assert log.events[0].fields["x"] == Decimal("1.5")


@pytest.mark.parametrize(
    ("options", "values", "note"),
    [
        (
            {},
            ["12", "1,5"],
            "text and no numbers, since a sign in them may mean thousands: `1,5` in `x`. Say `decimal",
        ),
        ({}, ["2,173,000.50"], "`2,173,000.50` in `x`"),
        ({}, ["1 234,50"], "`1 234,50` in `x`"),
        ({}, ["1\u202f234.5"], "`1\u202f234.5` in `x`"),
        ({"decimal": ","}, ["1'234,50"], "`1'234,50` in `x`"),
        ({}, ["1,2,3", "a,b", "1.5", "020 123 456"], None),
        (
            {"decimal": ","},
            ["1,5", "1.234"],
            "text and no numbers, since a sign in them may mean thousands: `1.234` in `x`.",
        ),
        ({"decimal": ","}, ["1.2.3", "1,5", "a.b"], None),
    ],
)
def test_numbers_with_the_other_sign_are_told(
    options: dict[str, Any], values: list[str], note: str | None
) -> None:
    notes = [
        one for one in read_events([row(x=value) for value in values], **options).notes if "no numbers" in one
    ]
    assert len(notes) == (note is not None)
    assert note is None or note in notes[0]


def test_of_many_columns_some_are_named() -> None:
    log = read_events([row(**{f"x{number}": "1,5" for number in range(8)})])
    assert "and in 3 more columns" in log.notes[0]


def semicolons(spent: str) -> Log:
    text = f"id;opened;spent\n1;2026-03-02T09:00Z;{spent}\n"
    milestones = {"opened": "opened", "done": {"after": "opened", "hours": "spent"}}
    return read_events(io.StringIO(text), milestones=milestones, decimal=",")


@pytest.mark.parametrize("spent", ["1,5", "1:30", "1,5 h", '"1,5"', "90 min", " 1,5 "])
def test_hours_with_a_decimal_comma(spent: str) -> None:
    assert [f"{event.time:%H:%M}" for event in semicolons(spent).events] == ["09:00", "10:30"]


@pytest.mark.parametrize("spent", ["1.5", "1.234,5", "1.5 h"])
def test_hours_with_a_point_are_not_guessed(spent: str) -> None:
    log = semicolons(spent)
    assert [(one.code, one.column, one.data["spent"]) for one in log.quarantine] == [("SV331", "done", spent)]
    assert "may mean thousands" in log.quarantine[0].reason


def test_times_and_sequences_that_are_numbers_have_the_sign_too() -> None:
    rows = [{"day": "46083,53125", "event": "a", "n": "1"}, {"day": "46083.53125", "event": "b", "n": "2"}]
    log = read_events(rows, time="day", time_format="excel_days", timezone="UTC", sequence="n", decimal=",")
    assert [f"{event.time:%Y-%m-%d %H:%M}" for event in log.events] == ["2026-03-02 12:45"]
    assert [one.code for one in log.quarantine] == ["SV321"]


def test_a_comma_separates_only_where_nothing_else_does() -> None:
    log = read_events(
        io.StringIO("2026-03-02T09:00Z;1,5;2,5;3,5;4,5\n"),
        header=[*"tabcd"],
        time="t",
        event="a",
        decimal=",",
    )
    assert log.events[0].fields == {"b": "2.5", "c": "3.5", "d": "4.5"}
    log = read_events(io.StringIO('time,event,x\n2026-03-02T09:00Z,a,"1,5"\n'), decimal=",")
    assert log.events[0].fields == {"x": "1.5"}


# Nulls ------------------------------------------------------------------------------------------------------------


def test_a_null_inside_an_object_is_a_null() -> None:
    value = {"name": "?", "id": 7, "more": {"at": "", "by": "NULL", "n": 0}}
    assert field(value) == {"id": 7, "more": {"n": 0}}
    assert field(value, nulls="clear") == {
        "name": ABSENT,
        "id": 7,
        "more": {"at": ABSENT, "by": ABSENT, "n": 0},
    }
    assert field({"n": -100, "m": None}, null_values=("-100",)) == {}
    assert field({}, null_values=("{}",)) is None


def test_nulls_in_lists_are_left() -> None:
    # an item of `for_each` keeps its place
    assert field(["", {"belt": ""}]) == ["", {"belt": ""}]


# Blanks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        io.StringIO(" time , event,case \n2026-03-02T09:00Z , opened , T-1 \n2026-03-02T09:00Z,opened,T-1\n"),
        [{" time": NINE, "event ": " opened ", "case": " T-1"}, {"time": NINE, "event": "opened", " case ": "T-1 "}],
        io.StringIO('[{"time ": "2026-03-02T09:00Z", "event": "opened ", " case": "T-1\\t"}, '
                    '{"time": "2026-03-02T09:00Z", "event": "opened", "case": "T-1"}]'),
    ],
    ids=["csv", "rows", "json"],
)  # fmt: skip
def test_blanks_around_names_kinds_and_keys_are_none_of_them(source: Any) -> None:
    log = read_events(source)
    assert [(key, len(rows)) for key, rows in log.cases("case")] == [(("T-1",), 2)]
    assert log.kinds == ["opened"]
    assert list(log.fields) == ["case"]


def test_blanks_of_frames_events_and_what_is_inside() -> None:
    import pyarrow as pa

    log = read_events(pa.table({" time": [NINE], "event ": ["a "], "o": [{" k ": " v "}]}))
    assert [dict(event.fields) for event in log.events] == [{"o": {"k": "v"}}]
    event = Event(" a ", read_events([row()]).events[0].time, {" x ": " y "}, id=" 7 ")
    assert (event.kind, event.id) == ("a", "7")
    assert read_events([event]).events[0].fields == {"x": "y"}


def test_blanks_do_not_make_two_ids_or_two_attributes() -> None:
    log = read_events([row(id="7", c="K"), row(id=" 7 ", c=" K")], id="id")
    assert (len(log), log.counts.merged) == (1, 1)
    assert log.with_fields([{"c": "K ", "name": "Ann"}], on="c").events[0].fields["c.name"] == "Ann"


def test_two_names_that_are_one_without_blanks_are_refused() -> None:
    log = read_events([row(), {**row(), " event": "b"}, row(o={"k": 1, " k": 2})], time="time", event="event")
    assert [one.code for one in log.quarantine] == ["SV326", "SV326"]
    assert "two names of an object are one" in log.quarantine[1].reason


def test_a_text_of_blanks_is_empty() -> None:
    assert field(" \t ", nulls="clear") is ABSENT
    assert field("  ", null_values=()) == ""
