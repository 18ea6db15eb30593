from __future__ import annotations

import gzip
import io
import tempfile
from pathlib import Path

import pytest

from servstd.errors import EventsError, ReadingError
from servstd.events import read_events

HEAD = "time,event,case\n"
ROW = "2026-01-02T09:00Z,a,1\n"


def numbers(log: object) -> list[tuple[int, str]]:
    return [(row.row, row.code) for row in log.quarantine]


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (HEAD + ROW, {"case": "1"}),
        ("\ufeff" + HEAD + ROW, {"case": "1"}),
        ((HEAD + ROW).replace(",", ";"), {"case": "1"}),
        ((HEAD + ROW).replace(",", "\t"), {"case": "1"}),
        ((HEAD + ROW).replace(",", "|"), {"case": "1"}),
        ("sep=;\n" + (HEAD + ROW).replace(",", ";"), {"case": "1"}),
        ((HEAD + ROW).replace("\n", "\r\n"), {"case": "1"}),
        ((HEAD + ROW).replace("\n", "\r"), {"case": "1"}),
        (HEAD.replace("case", '"a;b, ""c"""') + ROW, {'a;b, "c"': "1"}),
        (HEAD + '2026-01-02T09:00Z,a,"two\nlines, and a comma"\n', {"case": "two\nlines, and a comma"}),
        (HEAD + ROW.rstrip(), {"case": "1"}),
        ("\n\n" + HEAD + ROW, {"case": "1"}),
        (HEAD.replace("case", "") + ROW, {"column 3": "1"}),
    ],
    ids=["plain", "BOM", "semicolons", "tabs", "bars", "Excel's sep line", "CRLF", "CR", "separators in quotes",
         "a line break in quotes", "no line break at the end", "empty lines first", "a column without a name"],
)  # fmt: skip
def test_shapes_of_csv(data: str, fields: dict[str, str]) -> None:
    for source in (io.StringIO(data, newline=""), io.BytesIO(data.encode())):
        log = read_events(source)
        assert [dict(event.fields) for event in log.events] == [fields]
        assert log.counts.rows_in == log.counts.events == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_unicode_encodings_are_known_by_their_mark(encoding: str) -> None:
    log = read_events(io.BytesIO((HEAD + ROW.replace("a", "café")).encode(encoding)))
    assert log.kinds == ["café"]


def test_latin_1_is_an_error_with_the_option_that_reads_it() -> None:
    data = (HEAD + ROW.replace("a", "café")).encode("latin-1")
    with pytest.raises(ReadingError, match=r"SV308(.|\n)*0xe9(.|\n)*encoding="):
        read_events(io.BytesIO(data))
    assert read_events(io.BytesIO(data), encoding="latin-1").kinds == ["café"]


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(ReadingError, match=r"SV308(.|\n)*klingon"):
        read_events(io.BytesIO(b"a"), encoding="klingon")


def test_ragged_rows_go_to_quarantine_with_the_row_a_spreadsheet_shows() -> None:
    data = HEAD + ROW + "x,y,z,\n" + "\n" + ROW + '1,2,3,"4\n5"\n' + ROW + "soon,a,1\n"
    log = read_events(io.StringIO(data, newline=""))
    # header 1, row 2, ragged 3, empty 4, row 5, ragged 6 (two lines, one row), row 7, unreadable 8
    assert numbers(log) == [(3, "SV325"), (6, "SV325"), (8, "SV321")]
    assert log.quarantine[1].data == {"time": "1", "event": "2", "case": "3", "value 4": "4\n5"}
    assert log.counts.rows_in == 6
    assert {log.where(index) for index in range(3)} == {"file row 2", "file row 5", "file row 7"}


def test_a_stray_quote_costs_one_row() -> None:
    log = read_events(io.StringIO(HEAD + ROW + '2026-01-02T09:00Z,"a"b,1\n' + ROW))
    assert numbers(log) == [(3, "SV325")]
    assert len(log) == 2


def test_a_quote_that_is_never_closed_is_an_error_naming_its_row() -> None:
    with pytest.raises(ReadingError, match="opens in row 3 is never closed"):
        read_events(io.StringIO(HEAD + ROW + '2026-01-02T09:00Z,"a,1\n' + ROW * 5))


def test_nul_bytes_cost_the_rows_that_hold_them() -> None:
    log = read_events(io.StringIO(HEAD + ROW + ROW.replace("a", "\0") + ROW))
    assert numbers(log) == [(3, "SV325")]
    assert len(log) == 2


def test_a_long_text_is_read() -> None:
    log = read_events(io.StringIO(HEAD + f"2026-01-02T09:00Z,a,{'z' * 300_000}\n"))
    assert len(str(log.events[0].fields["case"])) == 300_000


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("", "SV309(.|\n)*empty"),
        ("\n\n", "SV309(.|\n)*empty"),
        ("time,event,a,a,a 2\n", "SV311(.|\n)*`a 2` stands in the header"),
        (",".join(map(str, range(20_000))), "SV310(.|\n)*20,000 columns"),
        ("a\0b,c\n1,2\n", "SV309(.|\n)*NUL"),
    ],
    ids=["empty", "empty lines", "a numbered name that is taken", "a very wide header", "NUL in the header"],
)
def test_headers_that_cannot_be_read(data: str, says: str) -> None:
    with pytest.raises(ReadingError, match=says):
        read_events(io.StringIO(data))


def test_columns_of_one_name_are_numbered() -> None:
    # as Jira writes comments and labels: a field of several values is several columns
    log = read_events(io.StringIO("time,event,Comment,Labels,Comment\n2026-01-02T09:00Z,a,first,x,second\n"))
    assert log.events[0].fields == {"Comment 1": "first", "Labels": "x", "Comment 2": "second"}
    assert list(log.notes) == ["columns of one name are numbered: `Comment 1` to `Comment 2`."]


def test_a_column_that_stands_twice_is_no_time() -> None:
    # nobody can tell which of the two is meant
    with pytest.raises(ReadingError, match=r"SV303(.|\n)*`Created 1`, `Created 2`"):
        read_events(
            io.StringIO("Created,Created\n2026-01-02T09:00Z,2026-01-03T09:00Z\n"),
            milestones={"opened": "Created"},
        )


def test_a_header_without_rows_is_an_empty_log() -> None:
    log = read_events(io.StringIO(HEAD))
    assert (len(log), log.counts.rows_in, list(log.fields)) == (0, 0, ["case"])


def test_a_row_with_three_million_values_goes_to_quarantine() -> None:
    log = read_events(io.StringIO(HEAD + ROW + "x," * 3_000_000 + "\n" + ROW))
    assert numbers(log) == [(3, "SV325")]
    assert "3,000,001 values" in log.quarantine[0].reason
    assert len(log.quarantine[0].data) < 100


def test_one_endless_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servstd.events.csv_files.MAX_LINE", 1000)
    with pytest.raises(ReadingError, match="SV310"):
        read_events(io.StringIO(HEAD + "x" * 2000))


def test_random_bytes_named_csv_are_one_error() -> None:
    import random

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "noise.csv"
        path.write_bytes(random.Random(1).randbytes(1_000_000))
        with pytest.raises(ReadingError, match=r"noise.csv  SV309(.|\n)*binary"):
            read_events(path)


def test_gzip_is_known_by_its_bytes_and_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = gzip.compress((HEAD + ROW * 1000).encode())
    path = tmp_path / "export.csv"
    path.write_bytes(whole)
    assert len(read_events(path)) == 1000
    path.write_bytes(whole[:-20])
    with pytest.raises(ReadingError, match=r"SV309(.|\n)*cut short"):
        read_events(path)
    monkeypatch.setattr("servstd.events.bounded.BOMB_BYTES", 100_000)
    monkeypatch.setattr("servstd.events.bounded.BOMB_RATIO", 50)
    path.write_bytes(gzip.compress((HEAD + ROW * 200_000).encode(), 9))
    with pytest.raises(ReadingError, match=r"SV310(.|\n)*50 times its size"):
        read_events(path)


def test_more_bytes_than_a_machine_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servstd.events.bounded.MAX_BYTES", 1000)
    with pytest.raises(ReadingError, match="SV310"):
        read_events(io.BytesIO((HEAD + ROW * 100).encode()))


def test_no_usable_row_is_one_error_naming_the_first() -> None:
    data = HEAD + "soon,a,1\nlater,a,1\n,a,1\n"
    with pytest.raises(EventsError) as caught:
        read_events(io.StringIO(data))
    assert [(problem.code, problem.where) for problem in caught.value.problems] == [
        ("SV321", "file row 2"),
        ("SV320", "file row 4"),
    ]
    assert "2 rows are like this one" in str(caught.value)


def test_strict_reports_every_row_at_once() -> None:
    data = HEAD + ROW + "soon,a,1\n2026-01-02T09:00Z,,1\n"
    with pytest.raises(EventsError) as caught:
        read_events(io.StringIO(data), strict=True)
    assert [problem.code for problem in caught.value.problems] == ["SV321", "SV324"]
    assert len(read_events(io.StringIO(HEAD + ROW), strict=True)) == 1
