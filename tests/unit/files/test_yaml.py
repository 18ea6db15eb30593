"""YAML by the core schema of 1.2, with positions, limits, and the traps in our own words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from servstd.errors import Problem, StandardsError
from servstd.files import Document, dump_yaml, parse_document


def problem_of(text: str | bytes, **more: Any) -> Problem:
    with pytest.raises(StandardsError) as caught:
        parse_document(text, **more)
    (problem,) = caught.value.problems
    return problem


@pytest.fixture(params=["C", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)


# Source: YAML 1.2.2, §10.3.2 "Tag resolution" of the core schema.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((word, word) for word in ("no", "No", "NO", "yes", "on", "On", "off", "y", "n", "22:30", "1:2:3", "1_000", "2026-04-01")),
        *((word, word) for word in ("0b11", "+.5.1", "1e", "--1", "0x", "1 000", "2026-04-01T09:00:00Z", "nulL", "tRue", "=", "12e")),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, False) for word in ("false", "False", "FALSE")),
        *((word, None) for word in ("null", "Null", "NULL", "~", "")),
        ("0", 0), ("-19", -19), ("+12", 12), ("017", 17), ("0o17", 15), ("0xFF", 255),
        (".5", Decimal("0.5")), ("5.", Decimal(5)), ("-1.50", Decimal("-1.50")), ("1e3", Decimal(1000)), ("12e-2", Decimal("0.12")),
        ('"no"', "no"), ("'5'", "5"), ('"22:30"', "22:30"), ("$x", "$x"), ("a: b".replace(": ", ":"), "a:b"),
    ],
    ids=repr,
)  # fmt: skip
@pytest.mark.usefixtures("parser")
def test_scalars_follow_the_core_schema(text: str, expected: object) -> None:
    found = parse_document(f"key: {text}\n").data["key"]
    assert found == expected
    assert type(found) is type(expected)


def test_numbers_lose_nothing() -> None:
    text = "0.1000000000000000055511151231257827021181583404541015625"
    assert str(parse_document(f"x: {text}").data["x"]) == text


@pytest.mark.usefixtures("parser")
def test_keys_are_text_as_written() -> None:
    assert parse_document("on: 1\nno: 2\n5: 3\ntrue: 4\n1.50: 5\n22:30: 6\n").data == {
        "on": 1, "no": 2, "5": 3, "true": 4, "1.50": 5, "22:30": 6,
    }  # fmt: skip


BOOK = """\
servstd: 1
standards:
  - id: a
    stop: {event: x, where: {by: human}}
  -
    id: b
    tags: [one,
      two]
    where:
      customer.first_name: Ann
"""


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ("servstd", (1, 1)),
        ("standards[0]", (3, 5)),
        ("standards[0].id", (3, 5)),
        ("standards[0].stop.where.by", (4, 30)),
        ("standards[1]", (6, 5)),
        ("standards[1].tags[1]", (8, 7)),
        ("standards[1].where.customer.first_name", (10, 7)),
        ("standards[1].within", (6, 5)),
        (("standards", 0, "respond", "stop", "event"), (4, 12)),
        ("", (1, 1)),
    ],
)
@pytest.mark.usefixtures("parser")
def test_every_path_has_a_position(path: Any, position: tuple[int, int]) -> None:
    assert parse_document(BOOK).position(path) == position


def test_values_have_positions_too() -> None:
    assert parse_document(BOOK, name="b.yaml").value_position("standards[0].id") == (3, 9)
    assert parse_document(BOOK, name="b.yaml").where("standards[0].id") == "b.yaml:3:5"


def test_aliases_stand_for_what_they_name() -> None:
    document = parse_document("a: &office {zone: UTC}\nb: *office\n")
    assert document.data == {"a": {"zone": "UTC"}, "b": {"zone": "UTC"}}
    assert document.position("b.zone") == (1, 13)


@pytest.mark.parametrize(
    ("text", "where", "mended"),
    [
        pytest.param("title: Answer: at once\n", "1:8", 'title: "Answer: at once"', id="a colon in a title"),
        pytest.param(
            'a:\n  - id: x\n    title: Say "hi": twice  # why\n',
            "3:12",
            'title: "Say \\"hi\\": twice"',
            id="a colon after quotes, before a comment",
        ),
        pytest.param(
            "- {id: x, title: Greet: all}\n",
            "1:18",
            '- {id: x, title: "Greet: all"}',
            id="a colon inside braces",
        ),
        pytest.param("above: > 3\nb: 1\n", "1:8", 'above: "> 3"', id="greater than, with a blank"),
        pytest.param("above: >3\nb: 1\n", "1:8", 'above: ">3"', id="greater than, without"),
        pytest.param("like: *foo*\n", "1:7", 'like: "*foo*"', id="a star on both sides"),
        pytest.param("like: *foo\n", "1:7", 'like: "*foo"', id="a star that names nothing"),
        pytest.param("like: *\n", "1:7", 'like: "*"', id="a star alone"),
        pytest.param(
            "x: {like: *foo*, b: 1}\n", "1:11", 'x: {like: "*foo*", b: 1}', id="a star inside braces"
        ),
        pytest.param("by: @me\n", "1:5", 'by: "@me"', id="an at sign"),
        pytest.param("share: %95\n", "1:8", 'share: "%95"', id="a percent sign in front"),
        pytest.param("a: `b`\n", "1:4", 'a: "`b`"', id="a backtick"),
        pytest.param("a: &Co\nb: 1\n", "1:4", 'a: "&Co"', id="an ampersand"),
        pytest.param("a: [P1] ticket\nb: 1\n", "1:4", 'a: "[P1] ticket"', id="a bracket with text after it"),
        pytest.param(
            'a: "P1" ticket\nb: 1\n', "1:4", 'a: "\\"P1\\" ticket"', id="a quote with text after it"
        ),
        pytest.param('a: "open\nb: 1\n', "1:4", 'a: "\\"open"', id="a quote that does not end"),
        pytest.param(
            "x: {citation: Act 7, 19 and 20, issuer: UK}\n",
            "1:15",
            'x: {citation: "Act 7, 19 and 20", issuer: UK}',
            id="a comma inside braces",
        ),
        pytest.param(
            "- {title: Greet, seat, and serve}\n",
            "1:11",
            '- {title: "Greet, seat, and serve"}',
            id="several commas, up to the brace",
        ),
        pytest.param("title:Answer\nb: 1\n", "1:6", "title: Answer", id="a colon without a blank"),
    ],
)
@pytest.mark.usefixtures("parser")
def test_the_traps_show_the_line_as_it_should_be(text: str, where: str, mended: str) -> None:
    problem = problem_of(text, name="b.yaml")
    assert problem.code == "SV178"
    assert problem.where == f"b.yaml:{where}"
    assert f"write `{mended}`" in problem.help

    parse_document(mended)  # and so it is right


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    "text", ["x: {a: , b: 1}", "x: {a, b: 1}", "x: {a: [1], b}", 'x: {a: "1", b}', "? a\n? b\n"]
)
def test_a_key_without_a_value_is_no_text_that_a_comma_cuts(text: str) -> None:
    assert None in _values(parse_document(text).data)


def _values(data: object) -> list[object]:
    return [one for held in data.values() for one in _values(held)] if isinstance(data, dict) else [data]


@pytest.mark.parametrize(
    ("text", "code", "where", "part"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", "SV172", "3:1", "in line 1 and in line 3", id="equal keys"),
        pytest.param("{a: 1, 'a': 2}", "SV172", "1:8", "stands twice", id="equal keys, one in quotes"),
        pytest.param("a: !foo b\n", "SV173", "1:4", "`!foo`", id="a tag"),
        pytest.param(
            "a: !!python/object/apply:os.system [ls]\n",
            "SV173",
            "1:4",
            "python",
            id="a tag that would run code",
        ),
        pytest.param("a: !!str 5\n", "SV173", "1:4", "`!!str`", id="even a harmless tag"),
        pytest.param("<<: {a: 1}\n", "SV174", "1:1", "merge keys", id="a merge key"),
        pytest.param("a: &x [*x]\n", "SV174", "1:8", "inside what it names", id="an alias of itself"),
        pytest.param("a: 1\n---\nb: 2\n", "SV179", "2:1", "second document", id="two documents"),
        pytest.param("", "SV179", "1:1", "empty", id="nothing"),
        pytest.param("# only talk\n", "SV179", "1:1", "empty", id="only a comment"),
        pytest.param("a:\n\tb: 1\n", "SV171", "2:1", "tab", id="a tab"),
        pytest.param("? [a]\n: 1\n", "SV171", "1:3", "a key is text", id="a list as key"),
        pytest.param("x: &k a\n*k : 1\n", "SV171", "2:1", "cannot be a key", id="an alias as key"),
        pytest.param("'': 1\n", "SV171", "1:1", "a key is empty", id="an empty key"),
        pytest.param("a: .inf\n", "SV171", "1:4", "no number", id="infinity"),
        pytest.param("a: .nan\n", "SV171", "1:4", "no number", id="not a number"),
        pytest.param("a: " + "9" * 5000, "SV171", "1:4", "300 digits", id="five thousand digits"),
        pytest.param("a: {b: 1\nc: 2", "SV178", "1:4", "its partner", id="an open brace"),
        pytest.param("  a: 1\n b: 2\n", "SV171", None, "not YAML", id="crooked indentation"),
        pytest.param("a: \x00b\n", "SV177", "1:4", "U+0000", id="a null byte"),
        pytest.param("a: b\nc: \x07\n", "SV177", "2:4", "U+0007", id="a bell in line two"),
        pytest.param(
            "a: 1\ncafé: 1\n".encode("latin-1"), "SV177", "2:4", "Latin-1 it would be `é`", id="Latin-1"
        ),
        pytest.param("a: 1".encode("utf-16"), "SV177", "1:1", "UTF-16", id="UTF-16"),
        pytest.param("a: \ud800", "SV177", "1:4", "not UTF-8", id="half a character"),
        pytest.param(  # where depends on which of libyaml and we notice first
            "[" * 10_000, "SV176", None, "deeper than 100", id="10,000 open brackets"
        ),
        pytest.param(
            "[" * 10_000 + "]" * 10_000, "SV176", None, "deeper than 100", id="10,000 pairs of brackets"
        ),
        pytest.param("- " * 10_000 + "x", "SV176", "1:201", "deeper than 100", id="10,000 dashes"),
        pytest.param("{a: " * 10_000, "SV176", "1:401", "deeper than 100", id="10,000 braces"),
        pytest.param(
            "\n".join(" " * depth + "a:" for depth in range(1000)),
            "SV176",
            "101:101",
            "deeper",
            id="1,000 indents",
        ),
        pytest.param(
            b"\x93NUMPY" + bytes(range(256)) * 40, "SV177", "1:1", "not UTF-8", id="bytes of something else"
        ),
    ],
)
@pytest.mark.usefixtures("parser")
def test_what_is_no_file_of_standards_is_one_clear_problem(
    text: Any, code: str, where: str | None, part: str
) -> None:
    problem = problem_of(text)
    assert problem.code == code
    assert where is None or problem.where == f"<text>:{where}"
    assert part in problem.message
    assert len(str(problem)) < 600


def bomb() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return "\n".join(lines)


def test_an_alias_bomb_is_refused() -> None:
    assert problem_of(bomb()).code == "SV174"


def test_aliases_cannot_hide_depth() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [[[[[[[[[[*a{n - 1}]]]]]]]]]]" for n in range(1, 12)]
    assert problem_of("\n".join(lines)).code == "SV176"


def test_a_giant_file_is_refused_before_it_is_read() -> None:
    problem = problem_of("x" * 5_000_001)
    assert (problem.code, problem.where) == ("SV175", "<text>")


def test_a_byte_order_mark_and_line_ends_of_windows_are_read() -> None:
    document = parse_document("\ufeffa: 1\r\nb: é\r\n".encode())
    assert document.data == {"a": 1, "b": "é"}
    assert document.position("b") == (2, 1)


def test_all_faults_that_can_be_seen_are_told_at_once() -> None:
    with pytest.raises(StandardsError) as caught:
        parse_document("a: !x 1\nb: 2\nb: 3\n<<: 4\nc: .nan\n")
    assert [problem.code for problem in caught.value.problems] == ["SV173", "SV172", "SV174", "SV171"]


# Writing ------------------------------------------------------------------------------------------------------

TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(["no", "22:30", "2026-04-01", "1e3", "0o17", "~", "", " a", "a ", "a: b", "- a", "#", "a #b", "$x", "<<", "=", "1_000", "\n", "a\nb", "'", '"', "0x1F", ".5", "y", "\u2028", "\x85", "*", "&a", "!b", "?", "%", "@"]),
)  # fmt: skip
PLAIN = st.recursive(
    st.one_of(
        TEXT, st.integers(-(10**20), 10**20), st.booleans(), st.none(),
        st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda number: number + Decimal("0.0005")),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT.filter(bool), inner, max_size=4)),
    max_leaves=12,
)  # fmt: skip


def types(data: Any) -> Any:
    """Return data with its types, so that 1, True and Decimal(1) differ."""
    if isinstance(data, dict):
        return {key: types(value) for key, value in data.items()}
    return [types(value) for value in data] if isinstance(data, list) else (type(data).__name__, data)


@settings(max_examples=100, deadline=None)
@given(PLAIN)
@example(Decimal(10) ** 27)
def test_what_is_written_is_read_back(data: Any) -> None:
    document: Document = parse_document(dump_yaml(data))
    assert types(document.data) == types(data)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(TEXT.filter(bool), TEXT))
def test_readers_of_yaml_1_1_read_the_same_text(data: dict[str, str]) -> None:
    assert yaml.safe_load(dump_yaml(data)) == data


@pytest.mark.parametrize("data", [float("nan"), 0.5, {1: 2}, {"a": object()}, {"a": {"b"}}])
def test_what_is_no_plain_data_is_not_written(data: Any) -> None:
    with pytest.raises(StandardsError, match="SV101"):
        dump_yaml(data)
