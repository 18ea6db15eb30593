"""JSON and TOML through the same limits."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servstd.errors import Problem, StandardsError
from servstd.files import parse_document, read_document


def problem_of(text: str, format: str) -> Problem:  # noqa: A002
    with pytest.raises(StandardsError) as caught:
        parse_document(text, format=format)
    (problem,) = caught.value.problems
    return problem


DATA = st.recursive(
    st.one_of(st.text(), st.integers(-(10**30), 10**30), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=15,
)


@settings(max_examples=150, deadline=None)
@given(DATA, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_reads_what_the_standard_library_writes(data: Any, indent: Any, is_ascii: bool) -> None:
    try:
        text = json.dumps(data, indent=indent, ensure_ascii=is_ascii)
        text.encode()
    except UnicodeEncodeError:
        return
    assert parse_document(text, format="json").data == json.loads(text)


def test_json_has_positions_and_exact_numbers() -> None:
    document = parse_document('{\n  "a": [1.50, {"b": 1e2}]\n}', format="json")
    assert document.data == {"a": [Decimal("1.50"), {"b": Decimal(100)}]}
    assert document.position("a[1].b") == (2, 16)


@pytest.mark.parametrize(
    ("text", "code", "where", "part"),
    [
        pytest.param('{"a": 1,}', "SV171", "1:9", "a key should stand here, not `}`", id="a comma too many"),
        pytest.param('{"a": 1 "b": 2}', "SV171", "1:9", "a comma or the end", id="a comma too few"),
        pytest.param("{'a': 1}", "SV171", "1:2", "a key or `}`", id="single quotes"),
        pytest.param('{"a" 1}', "SV171", "1:6", "a colon", id="no colon"),
        pytest.param('{"a": 01}', "SV171", "1:7", "a value", id="a leading zero"),
        pytest.param('{"a": NaN}', "SV171", "1:7", "a value", id="NaN"),
        pytest.param('{"a": 1} // no', "SV171", "1:10", "the end of the file", id="a comment"),
        pytest.param("[1, 2", "SV171", "1:6", "the end of the file", id="an open bracket"),
        pytest.param("[1, 2}", "SV171", "1:6", "not `}`", id="the wrong bracket"),
        pytest.param('{"a": "x\ny"}', "SV171", "1:7", "a value", id="a line's end in text"),
        pytest.param('{"a": 1, "a": 2}', "SV172", "1:10", "twice", id="equal keys"),
        pytest.param("", "SV179", "1:1", "empty", id="nothing"),
        pytest.param('{"a":' * 10_000, "SV176", "1:501", "deeper than 100", id="10,000 braces"),
        pytest.param('"' + "\\" * 20_001 + '"', "SV171", "1:1", "a value", id="twenty thousand backslashes"),
    ],
)
def test_what_is_not_json_is_said_as_json_people_say_it(text: str, code: str, where: str, part: str) -> None:
    problem = problem_of(text, "json")
    assert (problem.code, problem.where) == (code, f"<text>:{where}")
    assert part in problem.message


TOML = """\
servstd = 1
[calendars.office]
timezone = "Europe/London"

[[standards]]
id = "a"
stop = {event = "x", where = {by = "human"}}
[[standards]]
id = "b"
[standards.where]
"customer.first_name" = "Ann"
price = 1.50
day = 2026-04-01
at = 2026-04-01T09:00:00Z
"""


def test_toml_reads_exactly() -> None:
    assert parse_document(TOML, format="toml").data == {
        "servstd": 1,
        "calendars": {"office": {"timezone": "Europe/London"}},
        "standards": [
            {"id": "a", "stop": {"event": "x", "where": {"by": "human"}}},
            {
                "id": "b",
                "where": {
                    "customer.first_name": "Ann",
                    "price": Decimal("1.50"),
                    "day": "2026-04-01",
                    "at": "2026-04-01T09:00:00+00:00",
                },
            },
        ],
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("servstd", 1),
        ("calendars.office", 2),
        ("calendars.office.timezone", 3),
        ("standards[0].id", 6),
        ("standards[0].stop.where.by", 7),
        ("standards[1]", 8),
        ("standards[1].id", 9),
        ("standards[1].where", 10),
        ("standards[1].where.customer.first_name", 11),
        ("standards[1].where.price", 12),
    ],
)
def test_toml_positions_are_those_of_headers_and_keys(path: str, line: int) -> None:
    assert parse_document(TOML, format="toml").position(path)[0] == line


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        pytest.param("a = 1\na = 2\n", "SV172", "2:6", id="equal keys"),
        pytest.param("a = \n", "SV171", "1:5", id="no value"),
        pytest.param("a = inf\n", "SV171", "1:1", id="infinity"),
        pytest.param("", "SV179", "1:1", id="nothing"),
        pytest.param("a = " + "[" * 5000 + "]" * 5000, "SV176", "1:1", id="5,000 brackets"),
        pytest.param(".".join("a" * 3000) + " = 1", "SV176", "1:1", id="3,000 dots"),
    ],
)
def test_what_is_not_toml_is_one_problem(text: str, code: str, where: str) -> None:
    problem = problem_of(text, "toml")
    assert (problem.code, problem.where) == (code, f"<text>:{where}")


def test_an_unknown_format_is_refused() -> None:
    assert problem_of("a: 1", "xml").code == "SV170"


def test_a_missing_file_has_the_closest_name(tmp_path: Path) -> None:
    (tmp_path / "standards.yaml").write_text("a: 1")
    with pytest.raises(StandardsError, match=r"(?s)SV170.*is it `.*standards.yaml`"):
        read_document(tmp_path / "standard.yaml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StandardsError, match="SV170"):
        read_document(tmp_path)


def test_a_file_of_fifty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "big.yaml"
    with file.open("wb") as opened:
        opened.truncate(50_000_000)
    with pytest.raises(StandardsError, match=r"SV175(?s:.)*the file has 50 MB"):
        read_document(file)


@pytest.mark.parametrize(
    ("name", "text"), [("a.json", '{"a": "no"}'), ("a.toml", 'a = "no"'), ("a.yml", "a: no"), ("a", "a: no")]
)
def test_the_ending_says_the_format(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert read_document(tmp_path / name).data == {"a": "no"}
