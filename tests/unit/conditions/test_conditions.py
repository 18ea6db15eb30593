"""Conditions: each operator by its rule, Kleene's logic, coercion by the operand, refusals, words, Python."""

from __future__ import annotations

import pickle
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

import servstd
from servstd.calendars import Calendar
from servstd.conditions import Condition, ConditionField, Environment, FieldFacts, field, parse_condition
from servstd.errors import StandardsError
from servstd.expressions import ABSENT, Duration, look_up, written_names
from servstd.expressions.values import Word
from servstd.intervals import Instant, instant_us
from servstd.models import Model

LONDON = Environment(timezone="Europe/London")


def at(text: str) -> Instant:
    return Instant(instant_us(datetime.fromisoformat(text)))


def decide(
    data: Any, fields: dict[str, object], environment: Environment = LONDON, **more: Any
) -> bool | None:
    return parse_condition(data).compile(environment)(FieldFacts(fields, **more))


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        pytest.param("human", "human", True, id="text equals itself"),
        pytest.param("human", "Human", False, id="case counts"),
        pytest.param(["a", "b"], "b", True, id="a list is one of several"),
        pytest.param(["a", "b"], "c", False, id="none of the list"),
        pytest.param(5, "5.0", True, id="a number reads text as a number"),
        pytest.param(5, "soon", False, id="text that is no number is not equal"),
        pytest.param({"ne": 5}, "soon", True, id="and so it differs"),
        pytest.param({"ge": 5}, "soon", None, id="and its order is unknown"),
        pytest.param({"ge": 5}, "10", True, id="numbers are not compared as text"),
        pytest.param({"ge": "5"}, "10", True, id="also where the book has quotes"),
        pytest.param({"lt": Decimal("0.3")}, "0.1e1", False, id="exponents are read"),
        pytest.param({"gt": 5}, "１０", None, id="digits of other scripts are text"),  # noqa: RUF001
        pytest.param({"gt": 5}, "nan", None, id="nan is text"),
        pytest.param(5, True, False, id="true is not a number"),
        pytest.param(1, True, False, id="not even one"),
        pytest.param(True, "Yes", True, id="yes is true"),
        pytest.param(False, "N", True, id="n is false"),
        pytest.param(True, 1, True, id="1 is true"),
        pytest.param(True, "maybe", False, id="maybe is not true"),
        pytest.param(False, "maybe", False, id="nor false"),
        pytest.param("yes", True, True, id="a JSON true is the text yes"),
        pytest.param("no", False, True, id="a JSON false is the text no"),
        pytest.param("1", 1, True, id="text in the book, number in the log"),
        pytest.param({"gt": "3 minutes"}, Duration(200_000_000), True, id="durations compare with durations"),
        pytest.param({"gt": "3 minutes"}, "PT4M", True, id="and with their text"),
        pytest.param({"gt": "3 minutes"}, 4, None, id="but not with bare numbers"),
        pytest.param({"lt": "b"}, "a", True, id="text by code point"),
        pytest.param({"contains": "part"}, "a party", True, id="part of a text"),
        pytest.param({"contains": "Part"}, "a party", False, id="case counts in contains"),
        pytest.param({"contains": "b"}, ["a", "b"], True, id="a member of a list"),
        pytest.param({"contains": 2}, ["1", "2"], True, id="a member read as number"),
        pytest.param({"contains": "b"}, ["ab"], False, id="not a part of a member"),
        pytest.param({"starts_with": "INC"}, "INC12", True, id="the start"),
        pytest.param({"ends_with": "12"}, 12012, True, id="the end of a number's text"),
        pytest.param({"like": "INC*-?"}, "INC0042-A", True, id="a glob over the whole text"),
        pytest.param({"like": "INC"}, "INC12", False, id="a glob is not a start"),
        pytest.param({"like": "*a*b*"}, "xxaxxbxx", True, id="stars in between"),
        pytest.param({"like": "*ab*ab"}, "ab", False, id="two parts do not share letters"),
        pytest.param({"like": r"100\*"}, "100*", True, id="an escaped star"),
        pytest.param({"like": "[ab]"}, "[ab]", True, id="brackets are themselves"),
        pytest.param({"like": "a?c"}, "a\nc", True, id="a line's end is one character"),
        pytest.param({"matches": "^INC[0-9]+$"}, "INC12", True, id="a pattern"),
        pytest.param({"matches": "[0-9]{2}"}, "INC12x", True, id="a pattern is searched"),
        pytest.param({"matches": r"\d"}, at("2026-04-01T09:00+00:00"), False, id="an instant is no text"),
        pytest.param({"exists": True}, "", True, id="empty text is carried"),
        pytest.param({"exists": False}, "x", False, id="carried, so it exists"),
        pytest.param({"in": [1, "a"]}, "1.0", True, id="members of two types"),
        pytest.param({"not_in": ["a"]}, "b", True, id="none of one"),
        pytest.param({"ge": 2, "lt": 5}, "5", False, id="two operators must both hold"),
        pytest.param({"any": [{"lt": 2}, {"gt": 5}]}, 6, True, id="any inside one field"),
        pytest.param({"all": [{"contains": "a"}, {"contains": "b"}]}, "ab", True, id="all inside one field"),
        pytest.param({"not": {"in": ["a", "b"]}}, "c", True, id="not inside one field"),
        pytest.param({"not": "a"}, "b", True, id="not of a plain value"),
        pytest.param("a", ["a"], False, id="a list is not its member"),
    ],
)
def test_an_operator_means_its_rule(test: Any, value: object, expected: bool | None) -> None:
    assert decide({"x": test}, {"x": value}) is expected


@pytest.mark.parametrize(
    "test",
    ["a", 5, True, ["a"], *({name: 5} for name in ("eq", "ne", "lt", "le", "gt", "ge", "contains", "mentions", "starts_with", "ends_with")),
     {"in": [1]}, {"not_in": [1]}, {"like": "*"}, {"matches": "."}, {"open_in": "always"}, {"eq": "$y"}, {"in": "$y"}],
    ids=str,
)  # fmt: skip
def test_every_comparison_with_an_absent_value_is_unknown(test: Any) -> None:
    assert decide({"x": test}, {"y": 5}) is None
    assert decide({"x": test}, {"y": 5, "x": None}) is None


@pytest.mark.parametrize(
    "test", [{"eq": "$y"}, {"ne": "$y"}, {"ge": "$y + 1"}, {"mentions": "$y"}, {"in": ["a", "$y"]}], ids=str
)
def test_every_comparison_with_an_absent_operand_is_unknown(test: Any) -> None:
    assert decide({"x": test}, {"x": "5"}) is None


def test_exists_is_never_unknown() -> None:
    assert decide({"x": {"exists": True}}, {}) is False
    assert decide({"x": {"exists": False}}, {}) is True


def test_membership_is_known_where_one_member_is_equal() -> None:
    assert decide({"x": {"in": ["a", "$y"]}}, {"x": "a"}) is True
    assert decide({"x": {"not_in": ["a", "$y"]}}, {"x": "a"}) is False


# Kleene's tables, written out: the strongest of `not`, and the weakest and strongest of two.
ORDER = {False: 0, None: 1, True: 2}
FIELDS = {True: {"eq": 1}, False: {"eq": 2}}


@pytest.mark.parametrize(("left", "right"), list(product((True, False, None), repeat=2)))
def test_all_any_and_not_follow_kleene(left: bool | None, right: bool | None) -> None:
    facts: dict[str, object] = {"one": 1}
    parts = [{"one" if side is not None else "absent": FIELDS[bool(side)]} for side in (left, right)]
    assert decide({"all": parts}, facts) is min(left, right, key=ORDER.__getitem__)
    assert decide({"any": parts}, facts) is max(left, right, key=ORDER.__getitem__)
    assert decide({"not": parts[0]}, facts) is {True: False, False: True, None: None}[left]


@pytest.mark.parametrize(
    ("test", "moment", "expected"),
    [
        pytest.param({"ge": "2026-04-01T09:00+02:00"}, "2026-04-01T07:00+00:00", True, id="offsets count"),
        pytest.param(
            {"lt": "2026-04-01T09:00Z"},
            "2026-04-01T09:00+00:00",
            False,
            id="the instant itself is not before",
        ),
        pytest.param(
            {"lt": "2026-04-01T09:00"},
            "2026-04-01T08:30+00:00",
            False,
            id="without an offset: the book's zone, BST",
        ),
        pytest.param("2026-04-01", "2026-03-31T23:30+00:00", True, id="a date is a local day"),
        pytest.param({"le": "2026-04-01"}, "2026-04-01T22:59:59+00:00", True, id="to its end"),
        pytest.param({"le": "2026-04-01"}, "2026-04-01T23:00+00:00", False, id="exclusive"),
        pytest.param({"gt": "2026-04-01"}, "2026-04-01T22:59:59+00:00", False, id="after means a later day"),
        pytest.param({"ge": "2026-04-01"}, "2026-03-31T23:00+00:00", True, id="from its first instant"),
        pytest.param({"ge": 5}, "2026-04-01T00:00+00:00", None, id="an instant is no number"),
        pytest.param({"ne": 5}, "2026-04-01T00:00+00:00", True, id="and differs from every number"),
    ],
)
def test_the_time_of_the_event_compares_with_instants_and_days(
    test: Any, moment: str, expected: bool | None
) -> None:
    assert decide({"time": test}, {}, time_us=at(moment)) is expected


def test_the_everett_rule_holds_to_the_end_of_the_business_day_before() -> None:
    """language.md: `expect: {time: {le: 1 business day before $visit_at}}`; §3: the end of a day is exclusive."""
    office = Environment(calendar=Calendar(timezone="America/New_York", hours={"mon-fri": "09:00-17:00"}))
    test = {"time": {"le": "1 business day before $visit_at"}}
    fields = {"visit_at": "2026-06-15T10:00:00-04:00"}  # a Monday
    last = at("2026-06-13T00:00-04:00")  # the midnight after Friday
    assert decide(test, dict(fields), office, time_us=last - 1) is True
    assert decide(test, dict(fields), office, time_us=last) is False


def test_open_in_asks_a_calendar_of_the_book() -> None:
    mornings = Calendar(timezone="UTC", hours={"mon-sun": "08:00-12:00"})
    environment = Environment({"mornings": mornings})
    test = {"time": {"open_in": "mornings"}}
    assert decide(test, {}, environment, time_us=at("2026-06-15T08:00+00:00")) is True
    assert decide(test, {}, environment, time_us=at("2026-06-15T12:00+00:00")) is False
    assert decide({"x": {"open_in": "mornings"}}, {"x": "soon"}, environment) is None
    assert decide({"x": {"open_in": "always"}}, {"x": "2026-06-15T08:00Z"}, environment) is True


@pytest.mark.parametrize(
    ("clock", "starts", "ends"),
    [
        ("07:59", False, False),
        ("08:00", True, False),
        ("08:01", True, True),
        ("12:00", False, True),
        ("12:01", False, False),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "$zone"])
def test_closing_time_belongs_to_an_end_and_opening_time_to_a_start(clock, starts, ends, zone) -> None:
    mornings = Calendar(timezone=zone, hours={"mon-sun": "08:00-12:00"})
    environment = Environment({"mornings": mornings})
    fields = {"x": f"2026-06-15T{clock}Z", "zone": "UTC"}
    assert decide({"x": {"open_in": "mornings"}}, fields, environment) is starts
    assert decide({"x": {"open_until": "mornings"}}, fields, environment) is ends
    assert decide({"x": {"open_until": "always"}}, fields, environment) is True
    assert decide({"x": {"open_until": "mornings"}}, {"zone": "UTC"}, environment) is None


def test_what_the_environment_lacks_is_refused_before_any_event() -> None:
    with pytest.raises(
        StandardsError, match=r"(?s)SV103.*unknown calendar `morning`.*write `open_in: mornings`"
    ):
        parse_condition({"time": {"open_in": "morning"}}).compile(
            Environment({"mornings": Calendar(timezone="UTC", hours={"mon": "08:00-12:00"})})
        )
    with pytest.raises(StandardsError, match="SV146"):
        parse_condition({"time": {"ge": "2026-04-01"}}).compile(Environment())
    with pytest.raises(StandardsError, match="SV147"):
        parse_condition({"time": {"ge": "1 business day before $x"}}).compile(LONDON)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        pytest.param("Good morning, ANN!", "Ann", True, id="any case, before a sign"),
        pytest.param("Planning", "Ann", False, id="not inside a word"),
        pytest.param("ann_smith", "ann", False, id="an underscore is part of a word"),
        pytest.param("Ann's dog", "Ann", True, id="an apostrophe ends it"),
        pytest.param("Hi Anne-Marie", "Anne", True, id="a hyphen ends it"),
        pytest.param("Hi Mary Ann Smith", "mary  ann", False, id="blanks are as written"),
        pytest.param("Hi Mary Ann Smith", "mary ann", True, id="several words"),
        pytest.param("STRASSE 5", "straße", True, id="sharp s folds"),
        pytest.param("Bonjour Rene\u0301", "René", True, id="accents however encoded"),
        pytest.param("Bonjour René", "Rene", False, id="accents count"),
        pytest.param("Bonjour Rene\u0301", "Rene", False, id="also when they stand apart"),
        pytest.param("王さん、こんにちは", "王", True, id="scripts without blanks"),
        pytest.param("नमस्ते राम जी", "राम", True, id="vowel signs belong to the word"),
        pytest.param("नमस्ते रामी", "राम", False, id="and continue it"),
        pytest.param("Здравствуйте, ИВАН", "Иван", True, id="Cyrillic in any case"),
        pytest.param("ananan an", "an", True, id="a later place is found"),
    ],
)
def test_mentions_finds_whole_words_in_any_case(text: str, words: str, expected: bool) -> None:
    assert decide({"text": {"mentions": words}}, {"text": text}) is expected


@pytest.mark.parametrize("operator", ["mentions", "contains", "starts_with", "ends_with"])
def test_an_empty_name_says_nothing(operator: str) -> None:
    assert decide({"text": {operator: "$name"}}, {"text": "Hello", "name": ""}) is None


@pytest.mark.parametrize(
    ("test", "text"),
    [
        pytest.param({"matches": "(a+)+$"}, "a" * 50_000 + "!", id="nested repetition under RE2"),
        pytest.param({"matches": "(a|a)*b"}, "a" * 50_000, id="alternatives under RE2"),
        pytest.param({"like": "*a" * 200 + "b"}, "a" * 50_000, id="two hundred stars"),
        pytest.param({"like": "?*" * 200}, "a" * 50_000, id="stars and question marks"),
        pytest.param({"mentions": "a" * 500}, "a" * 50_000, id="a long word in a longer one"),
        pytest.param({"contains": "a" * 500 + "b"}, "a" * 50_000, id="a part that is nearly there"),
        pytest.param({"ge": 5}, "1e" + "9" * 50_000, id="a number with a giant exponent"),
        pytest.param({"ge": 5}, "9" * 50_000, id="a number of fifty thousand digits"),
    ],
)
def test_no_pattern_hangs(test: Any, text: str) -> None:
    condition = parse_condition({"x": test}).compile()
    begun = time.process_time()
    condition(FieldFacts({"x": text}))
    assert time.process_time() - begun < 2


DEEP: Any = {"x": 1}
for _ in range(10_000):
    DEEP = {"not": DEEP}
DEEP_VALUE: Any = 1
for _ in range(10_000):
    DEEP_VALUE = [DEEP_VALUE]


@pytest.mark.parametrize(
    ("data", "code", "path", "part"),
    [
        pytest.param({"a": {"gte": 5}}, "SV141", "a.gte", "write `ge`", id="a known foreign operator"),
        pytest.param({"a": {">=": 5}}, "SV141", "a.>=", "write `ge`", id="a sign"),
        pytest.param(
            {"a": {"mention": "x"}}, "SV141", "a.mention", "write `mentions`", id="a misspelt operator"
        ),
        pytest.param(
            {"customer": {"first_name": "Ann"}},
            "SV141",
            "customer.first_name",
            "`customer.first_name`",
            id="a nested field",
        ),
        pytest.param([{"a": 1}], "SV140", "", "all: [...]", id="a list"),
        pytest.param({}, "SV140", "", "leave it out", id="nothing asked"),
        pytest.param({"a": {}}, "SV140", "a", "exists: true", id="nothing asked of a field"),
        pytest.param("by is human", "SV140", "", "by: human", id="prose"),
        pytest.param(None, "SV140", "", "mapping", id="nothing"),
        pytest.param({1: "a"}, "SV140", "", "name is text", id="a key that is no text"),
        pytest.param({"a": None}, "SV130", "a", "exists: true", id="an empty value"),
        pytest.param({"all": []}, "SV140", "all", "list of conditions", id="all of nothing"),
        pytest.param({"any": {"a": 1}}, "SV140", "any", "list of conditions", id="any of a mapping"),
        pytest.param({"not": [1]}, "SV140", "not", "list", id="not of a list"),
        pytest.param({"a": {"in": []}}, "SV142", "a.in", "at least one", id="in nothing"),
        pytest.param({"a": {"in": "x"}}, "SV142", "a.in", "a list", id="in a text"),
        pytest.param({"a": {"in": [[1]]}}, "SV142", "a.in[0]", "plain values", id="in a list of lists"),
        pytest.param({"a": [1, None]}, "SV130", "a[1]", "empty value", id="an empty member"),
        pytest.param({"a": {"eq": [1]}}, "SV142", "a.eq", "in: [a, b]", id="eq a list"),
        pytest.param({"a": {"eq": {"x": 1}}}, "SV142", "a.eq", "one value", id="eq a mapping"),
        pytest.param({"a": ""}, "SV142", "a", "exists: true", id="eq empty text"),
        pytest.param({"a": {"lt": True}}, "SV142", "a.lt", "no order", id="an order of booleans"),
        pytest.param({"a": {"contains": ""}}, "SV142", "a.contains", "not empty", id="contains nothing"),
        pytest.param({"a": {"exists": "yes"}}, "SV142", "a.exists", "true or false", id="exists a text"),
        pytest.param({"a": {"open_in": 5}}, "SV142", "a.open_in", "text", id="open in a number"),
        pytest.param({"a": {"like": 5}}, "SV142", "a.like", "text", id="like a number"),
        pytest.param({"a": {"like": "*" * 2000}}, "SV143", "a.like", "longer than", id="a giant glob"),
        pytest.param({"a": {"matches": "("}}, "SV143", "a.matches", "cannot be read", id="a broken pattern"),
        pytest.param(
            {"a": {"matches": r"(a)\1"}}, "SV143", "a.matches", "back-references", id="a back-reference"
        ),
        pytest.param({"a": {"matches": "(?=a)"}}, "SV143", "a.matches", "look-around", id="a look-ahead"),
        pytest.param(
            {"a": {"ge": "sqrt($x)"}}, "SV131", "a.ge", "unknown function", id="an unknown function"
        ),
        pytest.param(DEEP, "SV145", None, "nested deeper", id="10,000 times not"),
        pytest.param(
            {"a": {"in": DEEP_VALUE}}, "SV142", "a.in[0]", "plain values", id="a value nested 10,000 deep"
        ),
        pytest.param({"any": [{"a": 1}] * 20_000}, "SV145", None, "more than 10,000", id="20,000 tests"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_path_and_remedy(
    data: Any, code: str, path: str | None, part: str
) -> None:
    with pytest.raises(StandardsError) as caught:
        parse_condition(data)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert path is None or problem.path == path
    assert part in f"{problem.message} {problem.help}"
    assert len(str(problem)) < 2000


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(StandardsError) as caught:
        parse_condition({"a": {"lt": True, "bogus": 1}, "all": [], "b": {"any": [{"in": []}, "x"]}})
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [
        ("SV142", "a.lt"),
        ("SV141", "a.bogus"),
        ("SV140", "all"),
        ("SV142", "b.any[0].in"),
    ]


def test_matches_without_re2_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    with pytest.raises(StandardsError, match=r"(?s)SV144.*servstd\[regex\]"):
        parse_condition({"a": {"matches": "x"}})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"by": "human", "minutes": {"ge": 5}}, "by is human and minutes is at least 5"),
        ({"cause": ["customer", "third_party"]}, "cause is customer or third_party"),
        ({"x": {"not_in": ["a", "b"]}}, "x is neither a nor b"),
        ({"text": {"mentions": "$customer.first_name"}}, "text mentions the customer's first name"),
        (
            {"time": {"le": "1 business day before $visit_at"}},
            "its time is no later than 1 business day before the visit time",
        ),
        ({"any": [{"a": 1, "b": 2}, {"c": {"exists": False}}]}, "(a is 1 and b is 2) or c is not given"),
        ({"all": [{"any": [{"a": 1}, {"b": 2}]}, {"c": 3}]}, "(a is 1 or b is 2) and c is 3"),
        ({"not": {"a": {"like": "x*"}}}, "it is not so that a looks like x*"),
        ({"$case.region": {"ne": "far north"}}, "the case's region is not “far north”"),
        ({"time": {"open_in": "mornings"}}, "its time falls in the opening hours of mornings"),
        ({"to": {"open_until": "mornings"}}, "to falls in the opening hours of mornings or ends them"),
        ({"elapsed": {"gt": "3 minutes"}}, "elapsed is more than “3 minutes”"),
    ],
)
def test_a_condition_is_a_sentence(data: Any, sentence: str) -> None:
    assert parse_condition(data).sentence() == sentence


def test_a_condition_names_what_it_reads() -> None:
    condition = parse_condition(
        {
            "$event.a": 1,
            "$time": {"ge": "$b"},
            "any": [{"$all": "$case.d"}, {"e": {"ge": "ceil($f / 2)"}}],
            "time": {"open_in": "m"},
        }
    )
    assert condition.fields == {"a", "b", "all", "d", "e", "f"}
    assert condition.calendars == {"m"}
    assert {(one.name, one.scope) for one in condition.references} >= {
        ("a", "event"),
        ("d", "case"),
        ("b", ""),
    }


@pytest.mark.parametrize(
    ("built", "data"),
    [
        (field("by") == "human", {"by": "human"}),
        (field("minutes") >= 5, {"minutes": {"ge": 5}}),
        (field("minutes") < Decimal("2.5"), {"minutes": {"lt": Decimal("2.5")}}),
        (field("x") != "a", {"x": {"ne": "a"}}),
        (field("x").in_(["a", "b"]), {"x": {"in": ["a", "b"]}}),
        (field("x").not_in(("a",)), {"x": {"not_in": ["a"]}}),
        (field("x") <= field("y"), {"x": {"le": "$y"}}),
        (field("x") > field("far away"), {"x": {"gt": "${far away}"}}),
        (
            field("text").mentions(field("$customer.first_name")),
            {"text": {"mentions": "$customer.first_name"}},
        ),
        (field("x").exists(), {"x": {"exists": True}}),
        (field("time").open_in("mornings"), {"time": {"open_in": "mornings"}}),
        (field("x").like("a*"), {"x": {"like": "a*"}}),
        (field("x").matches("a"), {"x": {"matches": "a"}}),
        (field("x").contains("a"), {"x": {"contains": "a"}}),
        (
            field("x").starts_with("a") & field("x").ends_with("b"),
            {"all": [{"x": {"starts_with": "a"}}, {"x": {"ends_with": "b"}}]},
        ),
        ((field("a") == 1) & (field("b") == 2) & (field("c") == 3), {"all": [{"a": 1}, {"b": 2}, {"c": 3}]}),
        ((field("a") == 1) | ~(field("b") == 2), {"any": [{"a": 1}, {"not": {"b": 2}}]}),
        (field("at") >= datetime(2026, 4, 1, tzinfo=UTC), {"at": {"ge": "2026-04-01T00:00:00+00:00"}}),
        (field("elapsed") > timedelta(minutes=3), {"elapsed": {"gt": "3m"}}),
    ],
    ids=lambda item: str(item) if isinstance(item, dict) else "",
)
def test_python_builds_what_a_book_says(built: Condition, data: Any) -> None:
    assert built.data == data
    assert built == parse_condition(data)


def test_field_is_public() -> None:
    assert (servstd.field("minutes") >= 5).data == {"minutes": {"ge": 5}}


@pytest.mark.parametrize(
    "misuse", [lambda: bool(field("a") == 1), lambda: bool(field("a")), lambda: 1 < field("a") < 5]
)
def test_python_and_or_not_are_refused(misuse: Any) -> None:
    with pytest.raises(TypeError):
        misuse()


def test_a_condition_is_frozen_equal_by_meaning_and_picklable() -> None:
    written: dict[str, Any] = {"by": {"eq": "human"}}
    condition = parse_condition(written)
    written["by"] = "bot"
    assert condition.data == {"by": {"eq": "human"}}
    assert condition == parse_condition({"by": "human"})
    assert hash(condition) == hash(parse_condition({"by": "human"}))
    assert parse_condition({"by": 1}) != parse_condition({"by": True})
    assert pickle.loads(pickle.dumps(condition)) == condition  # noqa: S301
    with pytest.raises(AttributeError):
        condition.data = {}


class Sample(Model):
    where: ConditionField | None = None


def test_a_model_takes_both_and_keeps_the_spelling() -> None:
    assert Sample(where={"a": [1, 2]}).model_dump() == {"where": {"a": [1, 2]}}
    assert Sample(where=field("a") == 1).model_dump() == {"where": {"a": 1}}
    with pytest.raises(StandardsError) as caught:
        Sample(where={"a": {"gte": 1}})
    assert [problem.path for problem in caught.value.problems] == ["where.a.gte"]


# Cells as exports write them ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        pytest.param({"le": "5 minutes"}, "0:04:20", True, id="a clock face"),
        pytest.param({"le": "5 minutes"}, "4m 20s", True, id="words"),
        pytest.param({"le": "5 minutes"}, "0 days 00:05:01", False, id="days"),
        pytest.param({"ge": "24 hours"}, "1 day", True, id="a day of a cell is 24 hours"),
        pytest.param({"le": "5 minutes"}, Duration(300_000_000), True, id="a length of Python"),
        pytest.param({"le": timedelta(minutes=5)}, "PT5M", True, id="a length in the condition"),
        pytest.param({"le": "5 minutes"}, "-0:01:00", True, id="less than nothing"),
        pytest.param({"le": "0:05:00"}, "0:04:20", True, id="a clock face in the condition"),
        pytest.param({"lt": "9:00:00"}, "10:00:00", False, id="clock faces are no texts"),
        pytest.param({"le": "5 minutes"}, "4:20", None, id="two parts without a unit"),
        pytest.param({"le": "5 minutes"}, "260", None, id="a bare number"),
        pytest.param({"le": "5 minutes"}, "soon", None, id="no length"),
        pytest.param({"le": 5}, Duration(300_000_000), None, id="a length is no number"),
        pytest.param({"eq": " Waiting "}, "Waiting", True, id="blanks around what is written"),
        pytest.param({"in": [" a", "b "]}, "b", True, id="blanks in a list"),
        pytest.param({"contains": " b "}, "a b c", True, id="blanks that are looked for"),
        pytest.param({"eq": "1.234"}, Word("1.234"), True, id="a text that is no number is a text"),
        pytest.param({"ge": 1}, Word("1.234"), None, id="a text that is no number is none"),
        pytest.param({"le": "10,5"}, Word("1.000"), None, id="a text that is no number has no order"),
        pytest.param({"starts_with": "1."}, Word("1.234"), True, id="a text that is no number has a start"),
        pytest.param({"in": ["1.234"]}, Word("1.234"), True, id="a text that is no number in a list"),
    ],
)
def test_a_cell_is_read_as_what_it_is_compared_with(test: Any, value: object, expected: bool | None) -> None:
    assert decide({"x": test}, {"x": value}) is expected


def test_a_length_before_an_instant_may_stand_in_a_cell() -> None:
    condition = {"time": {"le": "$notice hours before $visit"}}
    visit = "2026-03-02T12:00Z"
    for notice, expected in (
        ("1:30", True),
        ("PT1H30M", True),
        (1, True),
        ("1:31", False),
        ("-1", None),
        ("x", None),
    ):
        found = decide(
            condition, {"notice": notice, "visit": visit}, time_us=int(at("2026-03-02T10:30:00+00:00"))
        )
        assert found is expected, notice


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"a": {"b": {"c": 1}}}, "a.b.c", 1),
        ({"a.b": {"c": 1}, "a": {"b": {"c": 2}}}, "a.b.c", 1),
        ({"a": {"b.c": 1}}, "a.b.c", 1),
        ({"a.b.c": 1, "a": {"b": {"c": 2}}}, "a.b.c", 1),
        ({"a.b": None, "a": {"b": 2}}, "a.b", ABSENT),
        ({"a": None}, "a.b", ABSENT),
        ({"a": 5}, "a.b", ABSENT),
    ],
)
def test_a_dotted_name_is_looked_up_flat_first(fields: dict[str, object], name: str, value: object) -> None:
    assert look_up(fields, name) == value


def test_every_text_of_a_book_that_may_be_a_name_is_found() -> None:
    book = {
        "case": "ticket.id",
        "within": "$sla.days business days",
        "standards": [
            {"when": {"$case.plan.name": 1}, "by": ["a.b"], "flat": "25% of ${the fee.amount} GBP"}
        ],
    }
    names = set(written_names(book))
    assert {"ticket.id", "sla.days", "plan.name", "case.plan.name", "a.b", "the fee.amount", "when"} <= names
