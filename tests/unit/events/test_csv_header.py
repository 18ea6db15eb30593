"""Where the rows of a CSV begin: titles, no header, a header again; and rows that end early."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from servstd.errors import EventsError, ReadingError
from servstd.events import Log, ReadOptions, read_events

NINE = "2026-03-02 09:00"
HEAD = "time,event,case,note\n"
ROW = f"{NINE},opened,T-1,x\n"


def read(text: str, **options: Any) -> Log:
    return read_events(io.StringIO(text, newline=""), timezone="UTC", **options)


def said(log: Log) -> list[tuple[str, dict[str, object]]]:
    return [(event.kind, dict(event.fields)) for event in log.events]


PLAIN = said(read(HEAD + ROW))
TITLES = [
    ("Report\n", 1),
    ("Report of March, all desks; by Ann\n\n", 2),
    ('"A title, ""quoted"""\nfrom,to\n2026-03-01,2026-03-31\n', 3),
    ("\ufeffReport\n", 1),
    ("a;b;c;d;e;f\n", 1),
]


@pytest.mark.parametrize(
    ("titles", "lines"), TITLES, ids=["one line", "a blank line", "a table of its own", "BOM", "wider"]
)
def test_titles_before_the_header_are_found_and_told(titles: str, lines: int) -> None:
    for options in ({}, {"time": "time"}, {"event": "event"}, {"skip": lines}, {"skip": 1}):
        log = read(titles + HEAD + ROW + "soon,opened,T-2,\n", **options)
        assert said(log) == PLAIN
        assert [row.row for row in log.quarantine] == [lines + 3]
        if "skip" not in options:
            assert f"{lines} line" in log.notes[0]
            assert "passed over" in log.notes[0]


def test_titles_are_found_by_milestones_times_and_ids_too() -> None:
    text = f"Report\nid;opened;closed;due\n1;{NINE};;2026-03-03 09:00\n"
    log = read(text, milestones={"opened": "opened", "closed": "closed"}, times=["due"], id="id")
    assert [event.kind for event in log.events] == ["opened"]
    assert log.notes == ("1 line before the header is passed over: `Report`.",)


def test_a_header_with_line_breaks_below_a_title() -> None:
    log = read(f'Report\n"Created\nat",event\n{NINE},a\n', time="Created\nat")
    assert [event.kind for event in log.events] == ["a"]


def test_a_name_that_is_misspelled_below_a_title_is_told_with_those_that_there_are() -> None:
    with pytest.raises(
        ReadingError, match=r"unknown column `wen`. Known here: `when`, `event`(.|\n)*write `when`"
    ):
        read(f"Report of March\nwhen,event\n{NINE},a\n", time="wen")


def test_one_file_of_several_has_titles(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text(HEAD + ROW)
    (tmp_path / "2.csv").write_text("Report\n" + HEAD.replace(",", ";") + ROW.replace(",", ";"))
    log = read_events(str(tmp_path / "*.csv"), timezone="UTC")
    assert said(log) == PLAIN * 2
    assert {log.where(index) for index in range(2)} == {"1.csv row 2", "2.csv row 3"}


def test_titles_above_attributes() -> None:
    log = read(HEAD.replace("case", "customer_id") + ROW)
    log = log.with_fields(io.StringIO("Customers\n\ncustomer_id,name\nT-1,Ann\n"), on="customer_id")
    assert log.events[0].fields["customer.name"] == "Ann"


@pytest.mark.parametrize(
    ("skip", "says"),
    [
        (3, r"SV333(.|\n)*stands in line 3, and `skip: 3` passes over it(.|\n)*write `skip: 2`"),
        (4, r"SV333(.|\n)*passes over the whole file"),
        (400, r"SV333(.|\n)*nothing stands after line 400"),
    ],
)
def test_a_skip_that_is_wrong_is_refused(skip: int, says: str) -> None:
    with pytest.raises(ReadingError, match=says):
        read("one\ntwo\n" + HEAD + (ROW if skip == 3 else ""), skip=skip)


def test_no_skip_is_below_nothing() -> None:
    with pytest.raises(ReadingError, match="skip"):
        ReadOptions(skip=-1)


# Without a header -------------------------------------------------------------------------------------------------

NAMES = ["time", "event", "case", "note"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_names_are_given_where_a_file_has_none(separator: str) -> None:
    text = ROW.replace(",", separator)
    assert said(read(text, header=NAMES)) == PLAIN
    assert read(text, header=NAMES).rows.tolist() == [1]
    assert said(read("# a comment\n" + text, header=NAMES, skip=1)) == PLAIN


def test_the_separator_is_the_one_that_gives_the_columns_of_the_header() -> None:
    log = read(f"{NINE};a, b, c, d and e;T-1\n", header=["time", "event", "case"])
    assert log.kinds == ["a, b, c, d and e"]


def test_the_separator_is_the_one_that_gives_the_named_columns() -> None:
    log = read(f"time;event;note, long, longer, longest\n{NINE};a;x, y\n")
    assert said(log) == [("a", {"note, long, longer, longest": "x, y"})]


@pytest.mark.parametrize("first", [HEAD, HEAD.upper(), " time , event, case,note\n"])
def test_a_header_that_is_there_all_the_same_is_passed_over_and_told(first: str) -> None:
    log = read(first + ROW, header=NAMES)
    assert said(log) == PLAIN
    assert log.notes == ("row 1 repeats the header and is passed over.",)
    assert log.counts.rows_in == 1


def test_other_names_for_a_file_that_has_a_header() -> None:
    log = read(HEAD + ROW, skip=1, header=["time", "event", "ticket", "text"])
    assert said(log) == [("opened", {"ticket": "T-1", "text": "x"})]


def test_a_column_that_is_not_needed_has_an_empty_name() -> None:
    assert said(read(ROW, header=["time", "event", "case", ""])) == [
        ("opened", {"case": "T-1", "column 4": "x"})
    ]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (["time", "event", "time"], r"SV332(.|\n)*`header` names `time` twice"),
        (["time", "event", " time "], r"SV332(.|\n)*`time` twice"),
        ([], r"SV301(.|\n)*`header` is empty"),
    ],
)
def test_a_header_that_cannot_be_meant_is_refused(header: list[str], says: str) -> None:
    with pytest.raises(ReadingError, match=says):
        read(ROW, header=header)


def test_a_header_that_is_too_short_is_one_error() -> None:
    with pytest.raises(
        EventsError, match=r"4 values, more than the 3 columns(.|\n)*2 rows are like this one"
    ):
        read(ROW * 2, header=["time", "event", "case"])


def test_a_header_that_is_too_long_is_told() -> None:
    log = read(ROW * 2, header=[*NAMES, "more"])
    assert said(log) == PLAIN * 2
    assert log.notes[0] == "every row is shorter than the 5 columns: the last fields are absent."


@pytest.mark.parametrize(
    ("source", "form", "what"),
    [
        (io.StringIO('{"time": "2026-03-02T09:00Z", "event": "a"}\n'), "ndjson", "NDJSON"),
        (io.StringIO('[{"time": "2026-03-02T09:00Z", "event": "a"}]'), "json", "JSON"),
        (io.BytesIO(b'{"time": "2026-03-02T09:00Z", "event": "a"}\n'), "ndjson", "NDJSON"),
        (io.BytesIO(b"PAR1"), "parquet", "Parquet"),
        (io.BytesIO(b"<log/>"), "xes", "XES"),
        ([{"time": "2026-03-02T09:00Z", "event": "a"}], None, "rows of Python"),
    ],
)
@pytest.mark.parametrize("options", [{"header": ["time", "event"]}, {"skip": 1}], ids=["header", "skip"])
def test_only_a_csv_begins_with_a_header(
    source: Any, form: str | None, what: str, options: dict[str, Any]
) -> None:
    with pytest.raises(ReadingError, match=rf"SV334(.|\n)*{next(iter(options))}(.|\n)*this is {what}"):
        read_events(source, format=form, **options)


def test_a_frame_has_names_of_its_own() -> None:
    import pyarrow as pa

    with pytest.raises(ReadingError, match="SV334"):
        read_events(pa.table({"time": ["2026-03-02T09:00Z"], "event": ["a"]}), header=["time", "event"])


# Rows -------------------------------------------------------------------------------------------------------------


def test_a_short_row_lacks_its_last_fields_and_is_counted() -> None:
    log = read(HEAD + ROW + f"{NINE},closed,T-1\n{NINE},closed\n")
    assert sorted(map(str, said(log))) == sorted(
        ["('closed', {'case': 'T-1'})", "('closed', {})", *map(str, PLAIN)]
    )
    assert log.notes == (
        "2 rows (row 3 the first) are shorter than the 4 columns: the last fields are absent there.",
    )
    assert log.counts.rows_in == log.counts.events == 3


def test_a_field_that_is_not_there_is_no_null() -> None:
    # an empty cell clears what the case had; a row that ends before the cell says nothing of it
    log = read(HEAD + f"{NINE},a,T-1,\n{NINE},b,T-1\n", nulls="clear")
    assert [sorted(event.fields) for event in log.events] == [["case", "note"], ["case"]]
    log = read(HEAD + f"{NINE},a,T-1,\n{NINE},b,T-1\n", null_values=())
    assert [event.fields.get("note") for event in log.events] == ["", None]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("T-9", "SV320"),
        ("T-9,opened", "SV320"),
        (f"T-9,,{NINE}", "SV324"),
        ("Total: 5 rows", "SV320"),
        (f"T-9,opened,{NINE},x,more", "SV325"),
    ],
)
def test_a_row_without_a_time_or_a_kind_goes_to_quarantine_however_long(row: str, code: str) -> None:
    log = read(f"case,event,time,note\nT-1,opened,{NINE},x\n{row}\n")
    assert [(one.row, one.code, one.data["case"]) for one in log.quarantine] == [
        (3, code, row.split(",", maxsplit=1)[0])
    ]


def test_a_milestone_that_is_not_there_is_no_event() -> None:
    log = read(
        f"id,opened,closed\n1,{NINE},{NINE}\n2,{NINE}\n3\n",
        milestones={"opened": "opened", "closed": "closed"},
    )
    assert [(event.kind, event.fields["id"]) for event in log.events] == [
        ("closed", "1"), ("opened", "1"), ("opened", "2"),
    ]  # fmt: skip
    assert [(row.row, row.code) for row in log.quarantine] == [(4, "SV327")]


def test_a_file_that_is_cut_inside_a_quote_is_an_error() -> None:
    with pytest.raises(ReadingError, match=r"SV309(.|\n)*opens in row 3 is never closed"):
        read(HEAD + ROW + f'{NINE},closed,T-1,"and th')


def test_a_header_in_the_middle_is_passed_over_and_told() -> None:
    log = read(HEAD + ROW + HEAD + ROW + HEAD)
    assert said(log) == PLAIN * 2
    assert log.notes[0] == "2 rows (row 3 the first) repeat the header and are passed over."
    assert log.counts.rows_in == 2


def test_a_row_that_only_begins_like_the_header_is_a_row() -> None:
    log = read(HEAD + ROW + "time,event,case,x\n")
    assert [(row.row, row.code) for row in log.quarantine] == [(3, "SV321")]


def test_lines_of_blanks_are_empty_lines() -> None:
    log = read(HEAD + ROW + "   \n" + ROW)
    assert (len(log), log.counts.rows_in, [int(row) for row in log.rows]) == (2, 2, [2, 4])


def test_a_quote_may_follow_a_blank() -> None:
    log = read(f'time, event, case, note\n{NINE}, opened, T-1, "x, y"\n')
    assert said(log) == [("opened", {"case": "T-1", "note": "x, y"})]


def test_short_rows_of_many_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servstd.events.csv_files.CHUNK_ROWS", 2)
    log = read(HEAD + (ROW + f"{NINE},closed\n" + HEAD) * 5)
    assert (len(log), log.counts.rows_in) == (10, 10)
    assert sum("case" in event.fields for event in log.events) == 5
