"""Texts of strangers, in each format: what steers is written out, and what is harmless stays as it is."""

from __future__ import annotations

import json

import pytest

from servstd.errors import Problem, StandardsError
from servstd.escaping import as_html, as_json, as_markdown, printable, without_commands


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Löschen 案件 ✓", "Löschen 案件 ✓", id="words of any language"),
        pytest.param("a\x1b[2J", r"a\x1b[2J", id="an escape sequence"),
        pytest.param("\x9b2J\x7f", r"\x9b2J\x7f", id="C1 and DEL, which terminals obey too"),
        pytest.param("a\nb\r\u2028c", r"a\nb\r\u2028c", id="every end of a line"),
        pytest.param("\u202eabc\u200f", r"\u202eabc\u200f", id="marks that turn a line around"),
        pytest.param("\ud800", r"\ud800", id="half a character"),
        pytest.param(
            "a##[set-output x]", r"a#\#[set-output x]", id="a mark that is obeyed anywhere in a line"
        ),
        pytest.param("###vso[x", r"##\#vso[x", id="one of another server, after one sign more"),
        pytest.param("## a [b] #[c]", "## a [b] #[c]", id="what is no mark"),
        pytest.param("::error::x", "::error::x", id="what is one only at the head of a line"),
    ],
)
def test_printable(text, shown):
    assert printable(text) == shown
    assert printable(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", r"\::error::x"),
        ("a\n  ::error::x\nb", "a\n  \\::error::x\nb"),
        ("a ::b c::d", "a ::b c::d"),
        (":a\n:", ":a\n:"),
        ("x ##[error]", r"x #\#[error]"),
        ("::::", r"\::::"),
    ],
)
def test_lines_without_commands(text, shown):
    assert without_commands(text) == shown
    assert without_commands(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x9b", r'"a\u009b"'),
        ("\x7f\u202e\u2028", r'"\u007f\u202e\u2028"'),
        ("\U000e0041", r'"\udb40\udc41"'),
        ("##[x", r'"#\u0023[x"'),
        ("## [x", '"## [x"'),
        ("Löschen", '"Löschen"'),
    ],
)
def test_json_is_read_again_as_what_it_was(text, shown):
    assert as_json(text) == shown
    assert json.loads(shown) == text
    assert json.loads(as_json({text: [text]}, indent=2)) == {text: [text]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a.b", "https:&#8203;//a.b"),
        ("www.a.b", "www&#8203;.a.b"),
        ("@me, a@b.c", r"\@&#8203;me, a\@&#8203;b.c"),
        ("T-1 #2, gh-3", r"T-1 \#&#8203;2, gh-&#8203;3"),
        ("a // b, #x, 5 @ 3", r"a // b, \#x, 5 \@ 3"),
    ],
)
def test_markdown_has_no_link_that_a_code_host_makes(text, shown):
    assert as_markdown(text) == shown


def test_html_and_xml_hold_no_command():
    assert as_html("<a>::x ##[b]") == "&lt;a&gt;:&#58;x #\\#[b]"
    assert as_html("a:::b") == "a:&#58;:b"


def test_a_problem_is_a_line_of_message_and_one_of_help_whatever_it_quotes():
    problem = Problem(
        "SV103", "unknown `a\n::error::b\x1b[2J`.", "write\n::x.", path="k\n::p", where="::f\n.yaml:1:1"
    )
    assert str(problem).split("\n") == [
        r"\::f\n.yaml:1:1  SV103  k\n::p",
        r"  unknown `a\n::error::b\x1b[2J`.",
        r"  help: write\n::x.",
    ]
    assert problem.path == "k\n::p"  # it finds the value in its file
    assert str(StandardsError([problem, problem])) == f"{problem}\n\n{problem}"
