from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest


def test_a_met_run_leaves_with_0(servstd_run, book, kept):
    code, out, err = servstd_run("check", book, kept)
    assert code == 0
    assert out.startswith("As of 2026-03-02 09:30:00 UTC: the last event")
    assert "✓ Met: 1 standard of 1." in out
    assert err == ""


def test_a_missed_run_leaves_with_1_and_says_why(servstd_run, book, broken):
    code, out, _ = servstd_run("check", book, broken)
    assert code == 1
    assert "2h 30m of 1h allowed" in out


def test_a_run_that_decides_nothing_leaves_with_3(servstd_run, book, write):
    silent = write("silent.csv", "when,what,ticket\n2026-03-02T09:00Z,opened,1\n")
    code, out, _ = servstd_run("check", book, silent)
    assert code == 3
    assert "Nothing is decided" in out
    assert "--as-of" not in out  # nothing was judged: a later instant would not help


def test_a_month_that_is_not_over_says_how_it_may_be(servstd_run, write):
    book = write(
        "monthly.yaml",
        "case: ticket\ntimezone: UTC\nevents: {time: when, event: what}\nstandards:\n"
        "- {id: a, kind: respond, start: opened, stop: closed, within: 1 hour, objective: 90% a month}\n",
    )
    log = write(
        "march.csv",
        "when,what,ticket\n2026-03-01T00:00Z,begun,0\n2026-03-02T09:00Z,opened,1\n2026-03-02T09:10Z,closed,1\n",
    )
    code, out, _ = servstd_run("check", book, log)
    assert (
        code,
        "if the export is complete, say so: `--covers 2026-03-01..2026-04-01`" in " ".join(out.split()),
    ) == (
        3,
        True,
    )
    code, out, _ = servstd_run("check", book, log, "--covers", "2026-03-01..2026-04-01")
    assert (code, "--covers" in out) == (0, False)


@pytest.mark.parametrize(
    ("args", "word"),
    [
        pytest.param(["chek"], "check", id="a misspelt command"),
        pytest.param(["check"], "BOOK", id="no arguments"),
        pytest.param(["check", "{book}"], "EVENTS", id="no events"),
        pytest.param(["check", "{book}", "{kept}", "--formt", "json"], "--format", id="a misspelt flag"),
        pytest.param(["check", "{book}", "{kept}", "--format", "jsn"], "json", id="an unknown format"),
        pytest.param(
            ["check", "{book}", "{kept}", "--fail-on", "misssed"], "missed", id="an unknown condition"
        ),
        pytest.param(["check", "no.yaml", "{kept}"], "no.yaml", id="no such book"),
        pytest.param(["check", "{kept}", "{book}"], "log of events", id="book and log the wrong way round"),
        pytest.param(["check", "{book}", "no.csv"], "no.csv", id="no such events"),
        pytest.param(["check", "{book}", "{kept}", "--time", "wen"], "when", id="an unknown column"),
        pytest.param(
            ["check", "{book}", "{kept}", "--timezone", "Europe/Lodnon"], "London", id="an unknown zone"
        ),
        pytest.param(["check", "{book}", "{kept}", "--as-of", "tomorrow"], "2026-04-01", id="no instant"),
        pytest.param(
            ["check", "{book}", "{kept}", "--output", "{kept}/x/y"], "cannot write", id="nowhere to write"
        ),
        pytest.param(["check", "{book}", "-"], "--read-as", id="stdin without a format"),
        pytest.param(["explain", "{book}", "--standard", "relpy"], "reply", id="an unknown standard"),
        pytest.param(
            ["explain", "{book}", "{kept}", "--standard", "relpy"], "reply", id="the same with events"
        ),
        pytest.param(
            ["explain", "{book}", "{kept}", "--standard", "reply", "--case", "9"], "1", id="no such case"
        ),
        pytest.param(["explain", "{book}", "--case", "1"], "EVENTS", id="a case without events"),
    ],
)
def test_bad_usage_leaves_with_2_and_one_clear_error(servstd_run, book, kept, args, word):
    code, out, err = servstd_run(*(one.format(book=book, kept=kept) for one in args))
    assert code == 2
    assert out == ""
    assert word in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("standards: [{id: a, kind: respnd}]", "respond"),
        ("standards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 60}]", "minutes"),
        ("standards: [", "yaml"),
    ],
)
def test_a_faulty_book_leaves_with_2(servstd_run, write, kept, text, word):
    code, out, err = servstd_run("check", write("bad.yaml", text), kept)
    assert (code, out) == (2, "")
    assert word in err


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(b"when,what,ticket\n", "empty.csv", id="no rows"),
        pytest.param(os.urandom(4096), "noise.csv", id="random bytes"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(4096), "picture.csv", id="a picture"),
        pytest.param(b"PAR1 nothing", "cut.parquet", id="a damaged file"),
        pytest.param(b"when,what,ticket\nsoon,asked,1\n", "times.csv", id="no usable time"),
    ],
)
def test_unusable_data_leave_with_3(servstd_run, book, tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    code, out, err = servstd_run("check", book, str(path))
    assert code == 3
    assert out == ""
    assert err
    assert "Traceback" not in err


def test_a_fault_of_our_own_is_called_one(servstd_run, book, kept, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("servstd.evaluation.evaluate", fail)
    code, _, err = servstd_run("check", book, kept)
    assert code == 70
    assert "bug in servstd (ZeroDivisionError: boom)" in err
    assert "SERVSTD_TRACEBACK" in err
    monkeypatch.setenv("SERVSTD_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        servstd_run("check", book, kept)


@pytest.mark.parametrize(
    ("fail_on", "code"), [("missed", 1), ("never", 0), ("insufficient,no-data", 0), ("no_data,missed", 1)]
)
def test_what_fails_a_run_can_be_chosen(servstd_run, book, broken, fail_on, code):
    assert servstd_run("check", book, broken, "--fail-on", fail_on)[0] == code


def test_quarantine_can_fail_a_run(servstd_run, book, write):
    mixed = write(
        "mixed.csv",
        "when,what,ticket\n2026-03-02T09:00Z,asked,1\n2026-03-02T09:30Z,answered,1\nsoon,asked,2\n",
    )
    assert servstd_run("check", book, mixed)[0] == 3  # one of two cases is unknown, more than 1 %
    assert servstd_run("check", book, mixed, "--fail-on", "insufficient")[0] == 1
    assert servstd_run("check", book, mixed, "--fail-on", "missed,quarantine")[0] == 1
    assert servstd_run("check", book, mixed, "--strict")[0] == 3


def test_flags_override_the_book(servstd_run, write, book):
    events = write("other.csv", "at,kind,ticket\n2026-03-02 09:00,asked,1\n2026-03-02 09:30,answered,1\n")
    assert servstd_run("check", book, events)[0] == 2
    flags = ["--time", "at", "--event", "kind", "--timezone", "America/New_York"]
    code, out, _ = servstd_run("check", book, events, *flags)
    assert code == 0
    assert "As of 2026-03-02 14:30:00 UTC" in out  # New York is five hours behind


def test_a_flag_wins_even_where_it_is_the_readers_default(servstd_run, write):
    text = "events: {fold: later, timezone: Europe/London, time: at, event: kind}\n"
    text += "standards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour}]\n"
    events = write("fold.csv", "at,kind,c\n2026-10-25 01:30,s,1\n")
    later = servstd_run("check", write("b.yaml", text), events, "--format", "json")[1]
    earlier = servstd_run("check", write("b.yaml", text), events, "--format", "json", "--fold", "earlier")[1]
    assert json.loads(later)["as_of"] == "2026-10-25T01:30:00Z"
    assert json.loads(earlier)["as_of"] == "2026-10-25T00:30:00Z"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-02T12:00Z", "2026-03-02T12:00:00Z"),
        ("2026-07-02T12:00+02:00", "2026-07-02T10:00:00Z"),
        ("2026-07-02T12:00", "2026-07-02T11:00:00Z"),  # the book's zone, London in summer
    ],
)
def test_as_of_is_read_in_its_zone(servstd_run, book, kept, text, instant):
    out = servstd_run("check", book, kept, "--format", "json", "--as-of", text)[1]
    assert json.loads(out)["as_of"] == instant


def test_output_goes_to_a_file_and_talk_to_stderr(servstd_run, book, broken, tmp_path):
    target = tmp_path / "r.json"
    code, out, err = servstd_run("check", book, broken, "--format", "json", "--output", str(target))
    assert (code, out) == (1, "")
    assert "1 standard missed" in err
    assert json.loads(target.read_text(encoding="utf-8"))["met"] is False


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "junit", "github", "html"])
def test_every_format_writes_something_to_stdout(servstd_run, book, broken, format_):
    code, out, err = servstd_run("check", book, broken, "--format", format_)
    assert code == 1
    assert "reply" in out
    assert err == ""


def test_several_files_are_one_log(servstd_run, book, write):
    one = write("one.csv", "when,what,ticket\n2026-03-02T09:00Z,asked,1\n")
    two = write("two.csv", "when,what,ticket\n2026-03-02T09:30Z,answered,1\n")
    assert servstd_run("check", book, one, two)[0] == 0


def test_shuffled_rows_give_the_same_bytes(servstd_run, book, write):
    rows = ["2026-03-02T09:00Z,asked,1", "2026-03-02T09:30Z,answered,1", "2026-03-02T09:00Z,asked,2"]
    first = write("a.csv", "\n".join(["when,what,ticket", *rows]))
    second = write("b.csv", "\n".join(["when,what,ticket", *reversed(rows)]))
    outs = {servstd_run("check", book, path, "--format", "json")[1] for path in (first, second)}
    assert len(outs) == 1


def test_an_encoding_that_there_is_not_is_bad_usage(servstd_run, book, kept):
    code, _, err = servstd_run("check", book, kept, "--encoding", "klingon")
    assert code == 2
    assert "klingon" in err


def test_a_message_about_an_option_names_its_flag(servstd_run, book, write):
    naive = write("naive.csv", "when,what,ticket\n2026-03-02 09:00,asked,1\n")
    code, _, err = servstd_run("check", book, naive)
    assert code == 3
    assert "--timezone" in err
    code, _, err = servstd_run("check", book, write("none.csv", "when,what,ticket\n"))
    assert code == 3
    assert "--as-of" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_full_disk_is_no_bug_of_ours(book, kept, format_):
    args = [sys.executable, "-m", "servstd", "check", book, kept, "--format", format_]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(args, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "cannot write: No space left on device.\n"


def test_a_verdict_on_part_of_the_data_says_so(servstd_run, book, write):
    rows = "".join(f"{when},asked,1\n" for when in ("2026-03-02T09:00Z", "soon"))
    half = write("half.csv", f"when,what,ticket\n{rows}2026-03-02T09:30Z,answered,1\nsoon,answered,1\n")
    code, out, _ = servstd_run("check", book, half)
    assert code == 3  # nobody knows whether it was asked earlier than at nine
    assert "2 of 4 events in quarantine (50%)." in out
    assert "1 case is undecided because 2 rows could not be read in full: half.csv row 3, 5." in out
    assert "SV321, 2 × `soon` cannot be read as an ISO time. (half.csv row 3, 5)" in out


@pytest.mark.parametrize("which", ["book", "kept"])
def test_a_report_is_never_written_over_what_it_reads(servstd_run, book, kept, which):
    target = Path({"book": book, "kept": kept}[which])
    before = target.read_bytes()
    code, _, err = servstd_run("check", book, kept, "--output", str(target))
    assert code == 2
    assert "another file" in err
    assert target.read_bytes() == before


def test_a_faulty_book_is_an_annotation_on_github(servstd_run, write, kept):
    book = write("bad.yaml", "case: ticket\nstandrds: []\n")
    code, out, err = servstd_run("check", book, kept, "--format", "github")
    assert code == 2
    assert out.startswith("::error file=")
    assert ",line=2,col=1,title=SV102::unknown key `standrds`" in out
    assert "SV102" in err


# -- the lint, at the end ------------------------------------------------------------------------------------------

ON_OFFICE = """
timezone: Europe/London
events: {time: when, event: what}
calendars: {office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}}}
standards:
- {id: reply, kind: respond, case: ticket, start: asked, stop: answered, within: 24 hours, calendar: office, objective: 50% overall}
"""
ALSO_PAUSED = ON_OFFICE.replace("calendar: office", "calendar: office, pause: held")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(ON_OFFICE, "The book has 1 lint warning. To see it: servstd lint {}", id="one"),
        pytest.param(ALSO_PAUSED, "The book has 2 lint warnings. To see them: servstd lint {}", id="two"),
        pytest.param(ON_OFFICE.replace("50% overall", "none"), "The book has 1 lint warning. To see it: servstd lint {}",
                     id="though nothing is decided"),
    ],
)  # fmt: skip
def test_a_check_ends_with_the_number_of_lint_warnings(servstd_run, write, kept, text, line):
    path = write("a book.yaml", text)
    _, out, err = servstd_run("check", path, kept)
    assert out.splitlines()[-1] == line.format(f"'{path}'")
    assert err == ""
    command = out.splitlines()[-1].partition(": ")[2]
    code, listed, _ = servstd_run(*shlex.split(command)[1:])
    assert code == 1
    assert f"{line.split()[3]} warning" in listed.splitlines()[-1]


@pytest.mark.parametrize("format_", ["json", "markdown", "junit", "github", "html"])
def test_for_machines_the_number_of_lint_warnings_is_talk(servstd_run, write, kept, format_):
    path = write("book.yaml", ON_OFFICE)
    _, out, err = servstd_run("check", path, kept, "--format", format_)
    assert "lint" not in out
    assert err == f"The book has 1 lint warning. To see it: servstd lint {path}\n"


def test_a_report_in_a_file_has_no_line_of_the_lint(servstd_run, write, kept, tmp_path):
    target = tmp_path / "report.txt"
    _, out, err = servstd_run("check", write("book.yaml", ON_OFFICE), kept, "--output", str(target))
    assert out == ""
    assert "1 lint warning" in err
    assert "lint" not in target.read_text(encoding="utf-8")


def test_a_clean_book_and_a_finding_that_is_kept_are_not_told(servstd_run, write, book, kept):
    assert "lint" not in servstd_run("check", book, kept)[1]
    accepted = ON_OFFICE + "accepted: {SV500: the source counts opening hours}\n"
    assert "lint" not in servstd_run("check", write("kept.yaml", accepted), kept)[1]


SPOKEN = """
timezone: Europe/London
events: {time: when, event: what, timezone: UTC}
standards:
- {id: reply, kind: respond, case: ticket, start: asked, stop: answered, within: $target hours}
"""


def test_a_file_without_a_header_is_read_by_flags(servstd_run, write):
    book = write("spoken.yaml", SPOKEN)
    rows = "made by hand\n2026-03-02 09:00;asked;T-1;0,5\n2026-03-02 09:45;answered;T-1\n"
    flags = ["--header", "when, what, ticket, target", "--skip", "1", "--decimal", ","]
    code, out, _ = servstd_run("check", book, write("rows.csv", rows), *flags)
    assert code == 1
    assert "45m" in out
    assert "row 3 is shorter than the 4 columns" in out
    code, _, err = servstd_run("check", book, write("rows.csv", rows))
    assert code != 0
    assert "unknown column `when`" in err


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--skip", "-1"], "--skip"),
        (["--decimal", "'"], "--decimal"),
        (["--header", "a,b,a"], "names `a` twice"),
    ],
)
def test_flags_of_reading_that_cannot_be_meant_are_refused(servstd_run, book, kept, flags, says):
    code, _, err = servstd_run("check", book, kept, *flags)
    assert code in (2, 3)
    assert says in err
