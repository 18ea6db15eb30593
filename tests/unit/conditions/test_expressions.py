"""Expressions: `$name`, spans beside an instant, exact linear arithmetic."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest

from servstd.calendars import Calendar
from servstd.errors import StandardsError
from servstd.expressions import (
    ABSENT,
    Day,
    Duration,
    Environment,
    Expression,
    Field,
    FieldFacts,
    look_up,
    parse_expression,
)
from servstd.intervals import Instant, instant_us


def at(text: str) -> Instant:
    return Instant(instant_us(datetime.fromisoformat(text)))


def value(text: object, fields: dict[str, object] | None = None, **more: object) -> object:
    return parse_expression(text).evaluate(FieldFacts(fields or {}, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "fields", "expected"),
    [
        pytest.param(
            "ceil($small / 3) + ceil($big / 8)",
            {"small": "7", "big": 9},
            5,
            id="7/3 and 9/8 round up to 3 and 2",
        ),
        pytest.param("floor($a / 4)", {"a": -1}, -1, id="floor goes down below zero"),
        pytest.param("ceil($a / 4)", {"a": -1}, 0, id="ceil goes up below zero"),
        pytest.param("2 - (3 - $a)", {"a": 9}, 8, id="parentheses count"),
        pytest.param("2 - 3 - $a", {"a": 9}, -10, id="minus is read from the left"),
        pytest.param("1 + 2 * $a", {"a": 5}, 11, id="times binds closer than plus"),
        pytest.param("-$a + 1", {"a": 5}, -4, id="a minus in front"),
        pytest.param("$a * 0.1", {"a": "0.2"}, Decimal("0.02"), id="decimals are exact"),
        pytest.param("$a / 3", {"a": 1}, Fraction(1, 3), id="a third stays a third"),
        pytest.param("$a / 3 * 3", {"a": 1}, 1, id="and three thirds are one"),
        pytest.param("max($a, $b, 3)", {"a": 1, "b": "4.0"}, 4, id="the greatest of three"),
        pytest.param("min($a, 10) + 1", {"a": 99}, 11, id="the least of two"),
        pytest.param("$a + $b", {"a": 1}, ABSENT, id="an absent part leaves nothing"),
        pytest.param("$a + 1", {"a": "soon"}, ABSENT, id="a part that is no number leaves nothing"),
        pytest.param("$a + 1", {"a": True}, ABSENT, id="true is no number"),
        pytest.param("$a + 1", {"a": "1_000"}, ABSENT, id="underscores make text"),
        pytest.param("$a + 1", {"a": "1e999999999"}, ABSENT, id="a giant exponent is text"),
        pytest.param("${Speed of answer} + 1", {"Speed of answer": 4}, 5, id="braces hold any name"),
    ],
)
def test_arithmetic_is_exact(text: str, fields: dict[str, object], expected: object) -> None:
    found = value(text, fields)
    assert found == expected
    assert not isinstance(found, float)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("$x", "own", id="the event's own first"),
        pytest.param("$case.x", "case", id="the case's on demand"),
        pytest.param("$event.y", ABSENT, id="the event's only, on demand"),
        pytest.param("$y", "case y", id="else the case's"),
        pytest.param("$customer.first_name", "Ann", id="dots go through mappings"),
        pytest.param("$nothing.at.all", ABSENT, id="a dotted name that leads nowhere"),
        pytest.param("$empty", ABSENT, id="None is not carried"),
    ],
)
def test_names_read_the_event_then_the_case(text: str, expected: object) -> None:
    facts = FieldFacts(
        {"x": "own", "empty": None}, {"x": "case", "y": "case y", "customer": {"first_name": "Ann"}}
    )
    assert parse_expression(text).evaluate(facts) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain text", "plain text", id="text is itself"),
        pytest.param("$5.00", "$5.00", id="a dollar before a digit is text"),
        pytest.param("US$ 5", "US$ 5", id="a dollar before a blank is text"),
        pytest.param("$$name", "$name", id="two dollars make one"),
        pytest.param("A$$AP", "A$AP", id="also in the middle"),
        pytest.param("$$", "$$", id="two dollars alone stay"),
        pytest.param("ceil(7 / 3)", "ceil(7 / 3)", id="arithmetic without a name is text"),
        pytest.param("48 hours before noon", "48 hours before noon", id="a span beside no field is text"),
        pytest.param(2.5, Decimal("2.5"), id="a Python float as it is written"),
    ],
)
def test_all_else_is_a_literal(text: object, expected: object) -> None:
    assert value(text) == expected


def test_python_instants_and_spans_are_literals() -> None:
    noon = datetime(2026, 4, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert value(noon) == at("2026-04-01T10:00+00:00")
    assert isinstance(value(noon), Instant)
    assert value(timedelta(minutes=3)) == Duration(180_000_000)


@pytest.mark.parametrize(
    ("text", "anchor", "expected"),
    [
        pytest.param(
            "48 hours before $at",
            "2026-03-30T12:00Z",
            "2026-03-28T12:00+00:00",
            id="hours over a change of clocks are hours",
        ),
        pytest.param(
            "4 hours after $at",
            "2026-03-30T12:00+02:00",
            "2026-03-30T14:00+00:00",
            id="after, with an offset",
        ),
        pytest.param("1h30m before $at", "2026-03-30T12:00Z", "2026-03-30T10:30+00:00", id="a compound span"),
    ],
)
def test_spans_move_an_instant(text: str, anchor: str, expected: str) -> None:
    assert value(text, {"at": anchor}) == at(expected)


def office() -> Calendar:
    return Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Monday 2026-03-30 12:00 London (BST = UTC+1); the Friday before is the 27th (GMT).
        pytest.param(
            "4 hours before $at", "2026-03-27T16:00+00:00", id="three hours on Monday and one on Friday"
        ),
        pytest.param("4 business hours before $at", "2026-03-27T16:00+00:00", id="opening hours by demand"),
        pytest.param("4 calendar hours before $at", "2026-03-30T07:00+00:00", id="the wall clock by demand"),
        pytest.param("6 hours after $at", "2026-03-31T09:00+00:00", id="five today and one tomorrow"),
    ],
)
def test_spans_count_on_the_calendar(text: str, expected: str) -> None:
    facts = FieldFacts({"at": at("2026-03-30T12:00+01:00")})
    assert parse_expression(text).evaluate(facts, Environment(calendar=office())) == at(expected)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        # 2026-03-30 is a Monday: the business day before is Friday the 27th.
        pytest.param(
            "1 business day before $at",
            "2026-03-27T00:00+00:00",
            "2026-03-28T00:00+00:00",
            id="over the weekend",
        ),
        pytest.param(
            "1 day before $at", "2026-03-29T00:00+00:00", "2026-03-30T00:00+01:00", id="a day of 23 hours"
        ),
        pytest.param(
            "2 business days after $at", "2026-04-01T00:00+01:00", "2026-04-02T00:00+01:00", id="forwards"
        ),
        pytest.param(
            "$n business days before $at",
            "2026-03-26T00:00+00:00",
            "2026-03-27T00:00+00:00",
            id="a count from a field",
        ),
    ],
)
def test_dates_before_an_instant_are_local_days(text: str, start: str, end: str) -> None:
    facts = FieldFacts({"at": at("2026-03-30T12:00+01:00"), "n": "2"})
    assert parse_expression(text).evaluate(facts, Environment(calendar=office())) == Day(at(start), at(end))


def test_dates_without_a_calendar_count_in_the_books_zone() -> None:
    facts = FieldFacts({"at": at("2026-07-02T01:00+09:00")})
    found = parse_expression("1 day before $at").evaluate(facts, Environment(timezone="Asia/Tokyo"))
    assert found == Day(at("2026-07-01T00:00+09:00"), at("2026-07-02T00:00+09:00"))


def test_a_day_rule_with_a_clock_time_gives_an_instant() -> None:
    facts = FieldFacts({"at": at("2026-07-02T12:00+01:00")})
    environment = Environment(calendar=office(), day_rule={"ends": "17:00"})
    assert parse_expression("1 business day before $at").evaluate(facts, environment) == at(
        "2026-07-01T17:00+01:00"
    )


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        pytest.param(
            "1 business day before $at", Environment(timezone="UTC"), id="business days without a calendar"
        ),
        pytest.param("4 business hours before $at", Environment(), id="business hours without a calendar"),
        pytest.param("1 day before $at", Environment(), id="dates without a zone"),
    ],
)
def test_spans_that_lack_what_they_count_on_are_refused(text: str, environment: Environment) -> None:
    with pytest.raises(StandardsError, match="SV147"):
        parse_expression(text).evaluate(FieldFacts({"at": at("2026-07-02T12:00+00:00")}), environment)


@pytest.mark.parametrize("anchor", ["soon", 5, True, "2026-07-02"])
def test_a_span_beside_what_is_no_instant_is_absent(anchor: object) -> None:
    assert value("4 hours before $at", {"at": anchor}) is ABSENT


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        pytest.param(
            "sqrt($x)", "SV131", "`ceil`, `floor`, `min`, `max`", id="an unknown function lists the known"
        ),
        pytest.param("flor($x)", "SV131", "write `floor(…)`", id="a misspelt function has its closest"),
        pytest.param("$a * $b", "SV132", "one side of `*`", id="a product of fields"),
        pytest.param("1 / $b", "SV132", "the right side", id="a quotient by a field"),
        pytest.param("$a / 0", "SV132", "divides by zero", id="a quotient by zero"),
        pytest.param("$a / (2 - 2)", "SV132", "divides by zero", id="a hidden zero"),
        pytest.param("Pays $amount today", "SV130", "write `$$`", id="prose with a dollar"),
        pytest.param("$x > 5", "SV130", "at `> 5`", id="a comparison is no arithmetic"),
        pytest.param("($x", "SV130", "at its end", id="an open parenthesis"),
        pytest.param("ceil($x, 2)", "SV130", "takes one number", id="two numbers to ceil"),
        pytest.param("4 hors before $x", "SV133", "unknown unit `hors`", id="a span that is none"),
        pytest.param("(" * 10_000 + "$x" + ")" * 10_000, "SV130", "longer than", id="10,000 parentheses"),
        pytest.param("(" * 500 + "$x" + ")" * 500, "SV130", "nested deeper", id="500 parentheses"),
        pytest.param("-" * 500 + "$x", "SV130", "cannot read", id="500 minus signs"),
        pytest.param("$x" + "+1" * 900, "SV130", "more than 300 parts", id="900 terms"),
        pytest.param("__import__($os)", "SV131", "unknown function", id="no way out to Python"),
        pytest.param(None, "SV130", "exists: true", id="nothing"),
        pytest.param(float("nan"), "SV130", "nan", id="not a number"),
        pytest.param([1], "SV130", "list", id="a list"),
        pytest.param(datetime(2026, 4, 1), "SV146", "no zone", id="a naive datetime"),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_read_is_one_clear_problem(text: object, code: str, part: str) -> None:
    with pytest.raises(StandardsError) as caught:
        parse_expression(text)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert part in f"{problem.message} {problem.help}"
    assert len(str(problem)) < 3000


@pytest.mark.parametrize(
    ("text", "sentence", "fields"),
    [
        ("$customer.first_name", "the customer's first name", {"customer.first_name"}),
        ("48 hours before $appointment_at", "48 hours before the appointment time", {"appointment_at"}),
        ("ceil($small / 3) + 1", "the small divided by 3 (rounded up) plus 1", {"small"}),
        ("2 * ($a + 1)", "2 times (the a plus 1)", {"a"}),
        ("$n business days before $at", "the n business days before the at", {"n", "at"}),
        (5, "5", set()),
        (True, "true", set()),
    ],
)
def test_expressions_say_what_they_read(text: object, sentence: str, fields: set[str]) -> None:
    expression = parse_expression(text)
    assert expression.sentence() == sentence
    assert expression.fields == fields


def test_expressions_are_frozen_equal_and_picklable() -> None:
    one: Expression = parse_expression("ceil($small / 3)")
    assert one == parse_expression("ceil( $small/3 )")
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301
    assert pickle.loads(pickle.dumps(ABSENT)) is ABSENT  # noqa: S301
    assert parse_expression(one) is one
    assert parse_expression("$case.region") == Field("region", "case")


def test_a_flat_name_wins_over_a_nested_one() -> None:
    assert look_up({"a.b": "flat", "a": {"b": "nested"}}, "a.b") == "flat"


def test_the_time_of_the_event_is_an_instant() -> None:
    noon = datetime(2026, 4, 1, 12, tzinfo=UTC)
    found = parse_expression("$time").evaluate(FieldFacts(time_us=instant_us(noon)))
    assert isinstance(found, Instant)
    assert parse_expression("$time").fields == frozenset()
