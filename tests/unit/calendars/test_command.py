"""`servstd calendar`: a calendar of a book, or one that options describe."""

from __future__ import annotations

import pytest

from servstd.cli.running import run

BOOK = """
servstd: 1
timezone: Europe/London
calendars:
  office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}, exceptions: {2026-12-24: {closes_at: "12:00", reason: eve}}}
  night: {hours: {daily: "22:00-06:00"}}
  both: office | night
"""


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "book.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return str(path)


def said(capsys, *args):
    code = run(["calendar", *args])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_show_draws_a_week_and_lists_what_is_dated(capsys, book):
    code, out, err = said(capsys, "show", book, "office", "--from", "2026-12-01")
    assert (code, err) == (0, "")
    monday = next(line for line in out.splitlines() if line.startswith("Mon"))
    assert monday.count("█") == 16
    assert "2026-12-24 Thu  exception: 09:00" in out
    assert "(eve)" in out


def test_show_draws_an_expression_and_a_calendar_in_the_zone_of_the_book(capsys, book):
    code, out, _ = said(capsys, "show", book, "both")
    assert code == 0
    assert "16h" in out


def test_elapsed_reads_local_times_in_the_zone_of_the_calendar(capsys, book):
    assert said(capsys, "elapsed", book, "office", "2026-07-06T16:00", "2026-07-07T10:00")[1] == "2h\n"
    assert said(capsys, "elapsed", book, "office", "2026-07-06T16:00Z", "2026-07-07T10:00Z")[1] == "2h\n"
    assert said(capsys, "elapsed", book, "office", "2026-07-07T10:00", "2026-07-06T16:00")[1] == "-2h\n"


def test_elapsed_explains_every_stretch(capsys, book):
    _, out, _ = said(capsys, "elapsed", book, "office", "2026-12-24T11:00", "2026-12-24T13:00", "--explain")
    assert out.splitlines()[0] == "1h"
    assert "exception 2026-12-24: eve" in out


def test_due_takes_every_setting(capsys, book):
    _, out, _ = said(
        capsys,
        "due",
        book,
        "office",
        "1 business day",
        "2026-03-06T18:00",
        "--cutoff",
        "17:00",
        "--ends",
        "same_time",
    )
    assert out == "2026-03-10T09:00:00+00:00\n"
    assert (
        said(capsys, "due", book, "office", "4 hours", "2026-07-03T16:00", "--backwards")[1]
        == "2026-07-03T12:00:00+01:00\n"
    )


def test_a_calendar_may_be_described(capsys):
    described = [
        "--timezone",
        "Asia/Tokyo",
        "--hours",
        "mon-fri 09:00-12:00, 13:00-17:00",
        "--breaks",
        "fri 15:00-15:30",
        "--holidays",
        "JP",
    ]
    code, out, _ = said(capsys, "elapsed", *described, "2026-01-01T00:00", "2026-01-10T00:00")
    assert (code, out) == (
        0,
        "41h\n",
    )  # 1 January is the only weekday that Japan closes: six days of seven hours, two Fridays with a break


WRONG = {
    "no book and no hours": (["show"], "describe a calendar with --hours"),
    "an unknown calendar": (["show", "{book}", "ofice"], "write `office`"),
    "a missing file": (["show", "nowhere.yaml", "office"], "nowhere.yaml"),
    "an instant that is none": (["elapsed", "{book}", "office", "noon", "2026-01-01"], "no instant"),
    "a date that is none": (["show", "{book}", "office", "--from", "May"], "no date"),
    "too few words": (["due", "{book}", "office", "4 hours"], "LIMIT and START"),
    "a bare number": (["due", "{book}", "office", "10", "2026-01-01"], "without a unit"),
    "hours that are none": (["show", "--hours", "09:00-17:00"], "names no day"),
    "an overlap": (["show", "--hours", "mon 09:00-12:00,11:00-13:00"], "overlap"),
    "a naive setting": (["due", "{book}", "office", "1 day", "2026-01-01", "--roll", "up"], "no roll"),
}


@pytest.mark.parametrize(("args", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_without_a_traceback(capsys, book, args, words):
    code, out, err = said(capsys, *(arg.format(book=book) for arg in args))
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
