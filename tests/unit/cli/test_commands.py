from __future__ import annotations

import json
import subprocess
import sys

import pytest

from servstd.cli.demo import demo_report

SERVSTD = [sys.executable, "-m", "servstd"]


def test_help_lists_the_commands(servstd_run):
    code, out, _ = servstd_run("--help")
    assert code == 0
    for name in ("check", "explain", "demo"):
        assert f"\n  {name} " in out
    assert "0 met, 1 a decided objective missed" in " ".join(out.split())


def test_the_version_is_told(servstd_run):
    import servstd

    assert servstd_run("--version")[1].strip() == f"servstd, version {servstd.__version__}"


def test_explain_shows_a_verdict_interval_by_interval(servstd_run, book, broken):
    code, out, _ = servstd_run("explain", book, broken, "--standard", "reply", "--case", "1")
    assert code == 0
    assert out.startswith(
        "1 broke “Reply within an hour”: answered came after 2h 30m, 1h 30m more than the 1h allowed."
    )
    assert "2h 30m counted = 2h 30m of wall time" in out


METRIC = """
events: {time: when, event: what}
standards:
- {id: wait, kind: metric, case: ticket, measure: asa, of: {kind: respond, start: asked, stop: answered}, at_most: 1 hour, window: all}
"""


def test_explain_says_a_metric_back_with_what_it_came_to(servstd_run, write, broken):
    book = write("metric.yaml", METRIC)
    code, out, _ = servstd_run("explain", book, broken, "--standard", "wait")
    assert code == 0
    assert out == (
        "Of all cases: the mean wait of those answered of `wait.of` (the time from asked to answered is\n"
        "measured) must be at most 1h overall.\n\n"
        "  all time: missed, 1 counted, asa 2h 30m reached, ≤ 1h wanted\n"
    )
    (row,) = json.loads(servstd_run("explain", book, broken, "--standard", "wait", "--format", "json")[1])
    assert (row["status"], row["value"], row["statistic"]) == ("missed", 9_000_000_000.0, "asa")


def test_explain_as_json_adds_up(servstd_run, book, broken):
    (one,) = json.loads(servstd_run("explain", book, broken, "--format", "json")[1])
    assert sum(part["length_us"] for part in one["intervals"]) == one["wall_us"] == 9_000_000_000


def test_explain_without_events_says_each_standard_back(servstd_run, book):
    code, out, _ = servstd_run("explain", book)
    assert code == 0
    assert out.startswith("reply\n")
    assert "answered" in out


EXPECTED = {
    # what the log says, worked out by hand
    "rings": {"C-1": "met", "C-2": "breached", "C-3": "met"},
    "first-name": {"C-1": "met", "C-2": "breached", "C-3": "breached"},
    "reply-60": {"T-1": "met", "T-1 again": "breached", "T-2": "breached"},
    "new-queue": {"Leeds": "met", "York": "breached", "Hull": "cancelled"},
    "belts": {"SV101": "met", "SV102": "breached"},
    # P-1: 30 min on Friday, 2 h 30 min on Tuesday; P-2: 5 h 30 min without its pause; P-3 waits
    "resolve-4h": {"P-1": "met", "P-2": "breached", "P-3": "open"},
}


@pytest.mark.parametrize("standard", EXPECTED)
def test_the_demo_keeps_and_breaks_each_of_the_six_sentences(standard):
    found = {
        one.case if one.occurrence == 1 else f"{one.case} again": one.outcome
        for one in demo_report().verdicts.where(standard=standard)
    }
    assert found == EXPECTED[standard]
    assert {"met", "breached"} <= set(found.values())


def test_the_demo_tells_why(servstd_run):
    code, out, _ = servstd_run("demo")
    assert code == 0
    for title in (one.title for one in demo_report().book.standards):
        assert title in out
    assert "✗ C-2 broke: call.answered came after 5 call.ring, 2 more than the 3 allowed." in out


def test_the_demo_can_be_written_and_checked(servstd_run, tmp_path):
    assert servstd_run("demo", "--write", str(tmp_path / "demo"))[0] == 0
    book, events = str(tmp_path / "demo" / "standards.yaml"), str(tmp_path / "demo" / "events.ndjson")
    code, out, _ = servstd_run("check", book, events, "--format", "json")
    assert code == 1
    assert json.loads(out)["verdicts"] == json.loads(demo_report().verdicts.to_json())


def run(*args, **options):
    return subprocess.run([*SERVSTD, *args], capture_output=True, timeout=60, check=False, **options)


def test_a_reader_that_goes_away_is_no_error(book, broken):
    script = f'"{sys.executable}" -m servstd check "{book}" "{broken}" --format json | head -c 1; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=60, check=False)
    assert b"Broken" not in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 1)


def test_a_terminal_without_unicode_gets_ascii(book, broken):
    done = run("check", book, broken, env={"PYTHONIOENCODING": "ascii", "PATH": ""})
    assert done.returncode == 1
    assert done.stdout.isascii()
    assert b"x missed" in done.stdout


def test_json_is_utf8_even_on_a_terminal_without_unicode(write, book):
    events = write("u.csv", "when,what,ticket\n2026-03-02T09:00Z,asked,Grüße\n")
    done = run("check", book, events, "--format", "json", env={"PYTHONIOENCODING": "ascii", "PATH": ""})
    assert "Grüße" in done.stdout.decode("utf-8")


def test_progress_is_shown_only_to_somebody(book, broken):
    done = run("check", book, broken)
    assert done.stderr == b""


def test_events_can_come_from_stdin(book):
    rows = b'{"when": "2026-03-02T09:00Z", "what": "asked", "ticket": 1}\n'
    rows += b'{"when": "2026-03-02T09:05Z", "what": "answered", "ticket": 1}\n'
    done = run("check", book, "-", "--read-as", "ndjson", input=rows)
    assert done.returncode == 0, done.stderr


def test_the_command_line_starts_without_heavy_modules():
    code = (
        "import sys; from servstd.cli.running import run; run(['--version']);"
        "heavy = {'numpy', 'yaml', 'holidays', 'pydantic', 'pyarrow', 'pandas', 'polars', 'nanoarrow'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_explain_names_the_case_that_looks_like_it(servstd_run, book, write):
    log = write(
        "cases.csv", "when,what,ticket\n2026-03-02T09:00Z,asked,T-1042\n2026-03-02T12:00Z,answered,T-1042\n"
    )
    code, _, err = servstd_run("explain", book, log, "--case", "T-104")
    assert (code, "Did you mean `T-1042`?" in err) == (2, True)


@pytest.mark.parametrize("command", [["lint", ""], ["explain", ""], ["check", "", "events.csv"]])
def test_an_empty_name_of_a_book_is_no_folder(servstd_run, command, tmp_path, monkeypatch):
    (tmp_path / "book.yaml").write_text("standards: []")
    monkeypatch.chdir(tmp_path)
    code, out, err = servstd_run(*command)
    assert code == 2
    assert "no file is named" in out + err


def test_an_encoding_that_no_codec_can_be_called_is_one_error(servstd_run, write, kept):
    text = r"""{events: {time: when, event: what, encoding: "a\0b"}, standards: []}"""
    code, _, err = servstd_run("check", write("book.yaml", text), kept)
    assert code == 2
    assert "SV308" in err
    assert "unknown encoding" in err
