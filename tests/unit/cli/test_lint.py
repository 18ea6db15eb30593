"""`servstd lint`: formats, folders, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "unit" / "lint" / "cases"
WARNS = str(CASES / "SV500" / "triggers.yaml")
ERRS = str(CASES / "SV509" / "triggers.yaml")
NOTES = str(CASES / "SV532" / "triggers.yaml")
CLEAN = str(ROOT / "examples" / "ticket-desk" / "standards.yaml")

SARIF = {  # what sections 3.13 to 3.30 of SARIF 2.1.0 demand of the parts that are written
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {"type": "object", "required": ["id"]},
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"type": "object", "required": ["text"]},
                                "partialFingerprints": {
                                    "type": "object",
                                    "additionalProperties": {"type": "string"},
                                },
                                "locations": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "properties": {
                                            "physicalLocation": {
                                                "type": "object",
                                                "required": ["artifactLocation"],
                                                "properties": {
                                                    "artifactLocation": {
                                                        "type": "object",
                                                        "properties": {
                                                            "uri": {"type": "string", "pattern": "^[^ ]*$"}
                                                        },
                                                    },
                                                    "region": {
                                                        "type": "object",
                                                        "properties": {
                                                            "startLine": {"type": "integer", "minimum": 1},
                                                            "startColumn": {"type": "integer", "minimum": 1},
                                                        },
                                                    },
                                                },
                                            },
                                            "logicalLocations": {
                                                "type": "array",
                                                "items": {
                                                    "type": "object",
                                                    "properties": {"fullyQualifiedName": {"type": "string"}},
                                                },
                                            },
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}


@pytest.mark.parametrize(
    ("args", "code"),
    [
        pytest.param([CLEAN], 0, id="nothing found"),
        pytest.param([WARNS], 1, id="a warning"),
        pytest.param([ERRS], 1, id="an error"),
        pytest.param([NOTES], 0, id="a note is no failure"),
        pytest.param([NOTES, "--fail-on", "info"], 1, id="a note when asked"),
        pytest.param([WARNS, "--fail-on", "error"], 0, id="a warning where only errors count"),
        pytest.param([WARNS, ERRS, "--fail-on", "never"], 0, id="never"),
        pytest.param([CLEAN, WARNS], 1, id="the second of two books"),
        pytest.param([CLEAN, "--fail-on", "missed"], 2, id="a severity that there is not"),
        pytest.param(["no-such.yaml"], 2, id="no such file"),
        pytest.param([], 2, id="no book"),
    ],
)
def test_the_exit_code_says_what_was_found(servstd_run, args, code):
    assert servstd_run("lint", *args)[0] == code


def test_text_looks_like_an_error_of_loading(servstd_run):
    _, out, err = servstd_run("lint", WARNS)
    first, second, third, *_ = out.splitlines()
    assert first == f"{WARNS}:8:5  SV500 warning  standards[0].within"
    assert second == "  `24 hours` on `office`, which is open 8h 30m a day, are 2.8 working days."
    assert third.startswith("  help: write `24 calendar hours`")
    assert out.splitlines()[-1] == "· 1 warning in 1 book."
    assert err == ""


def test_json_has_every_part_of_a_finding(servstd_run, loaded):
    told = loaded(servstd_run("lint", WARNS, NOTES, "--format", "json")[1])
    assert told["counts"] == {"error": 0, "warning": 1, "info": 1}
    assert told["books"] == 2
    one = told["findings"][0]
    assert [one[name] for name in ("code", "severity", "standard", "path", "file", "line", "column")] == [
        "SV500", "warning", "resolve", "standards[0].within", WARNS, 8, 5,
    ]  # fmt: skip


def test_sarif_is_what_the_standard_demands(servstd_run, loaded, write):
    bad = write("a book.yaml", "standards: [{id: a, kind: respnd}]")
    code, out, _ = servstd_run("lint", WARNS, ERRS, NOTES, bad, "--format", "sarif")
    told = loaded(out)
    jsonschema.validate(told, SARIF)
    (run,) = told["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert code == 2
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [
        one["ruleId"] for one in run["results"]
    ]
    assert [one["level"] for one in run["results"]] == ["warning", "error", "note", "error"]
    assert run["results"][-1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith(
        "a%20book.yaml"
    )


def test_fingerprints_stay_when_lines_move(servstd_run, loaded, write):
    text = Path(WARNS).read_text(encoding="utf-8")
    path = write("book.yaml", text)
    before = loaded(servstd_run("lint", path, "--format", "sarif")[1])
    write("book.yaml", "# one more line\n" + text)
    after = loaded(servstd_run("lint", path, "--format", "sarif")[1])
    prints = [one["runs"][0]["results"][0]["partialFingerprints"] for one in (before, after)]
    assert prints[0] == prints[1]
    assert before != after


def test_annotations_stand_at_the_line_and_cannot_be_forged(servstd_run, write):
    path = write("x,y.yaml", 'case: c\nstandards:\n- {id: a, title: "in 5 minutes%0A::error::x\\n::error::y", kind: respond,'
                 " start: s, stop: t, within: 1 hour}\n")  # fmt: skip
    _, out, _ = servstd_run("lint", path, "--format", "github")
    commands = [line for line in out.splitlines() if line.startswith("::")]
    assert len(commands) == 1
    assert commands[0].startswith("::warning file=")
    assert "x%2Cy.yaml,line=3,col=11,title=SV555::" in commands[0]


def test_a_log_shows_more(servstd_run):
    case = CASES / "SV560"
    assert servstd_run("lint", str(case / "triggers.yaml"))[0] == 0
    code, out, _ = servstd_run("lint", str(case / "triggers.yaml"), "--log", str(case / "triggers.csv"))
    assert code == 1
    assert "SV560" in out


def test_events_that_cannot_be_used_leave_with_3(servstd_run, write):
    data = write("empty.csv", "time,event,ticket_id\n")
    assert servstd_run("lint", str(CASES / "SV560" / "triggers.yaml"), "--log", data)[0] == 3


def test_a_shelf_is_looked_at_book_by_book(servstd_run):
    code, out, err = servstd_run("lint", str(ROOT / "examples" / "published"))
    count = len(list((ROOT / "examples" / "published").glob("*.yaml")))
    assert (code, out) == (0, f"✓ Nothing found in {count} books.\n")
    assert "each looked at by itself" in err


def test_a_book_that_does_not_load_is_told_beside_the_others(servstd_run, write):
    bad = write("bad.yaml", "standards: [{id: a, kind: respnd}]")
    code, out, _ = servstd_run("lint", bad, WARNS)
    assert code == 2
    assert "SV160  standards[0].kind" in out
    assert "SV500 warning" in out
    assert out.splitlines()[-1] == "✗ 1 error, 1 warning in 2 books."


def test_output_goes_to_a_file(servstd_run, tmp_path):
    target = tmp_path / "lint.sarif"
    code, out, err = servstd_run("lint", WARNS, "--format", "sarif", "--output", str(target))
    assert (code, out) == (1, "")
    assert "1 warning in 1 book." in err
    assert json.loads(target.read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_output_is_never_written_over_a_book(servstd_run, write):
    path = write("book.yaml", Path(WARNS).read_text(encoding="utf-8"))
    code, _, err = servstd_run("lint", path, "--output", path)
    assert code == 2
    assert "another file" in err
    assert Path(path).read_text(encoding="utf-8") == Path(WARNS).read_text(encoding="utf-8")
