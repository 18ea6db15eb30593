from __future__ import annotations

import io

import pytest

from servstd.errors import EvaluationError, EventsError, ReadingError
from servstd.events import After, ReadOptions, read_events
from servstd.expressions import ABSENT
from servstd.intervals import Instant, instant_text

WIDE = """ticket,open_dt,target_dt,closed_dt,who
1,2026-01-02 09:00,2026-01-05 09:00,2026-01-03 09:00,ann
2,2026-01-02 10:00,,,bob
3,2026-01-04 09:00,2026-01-05 09:00,2026-01-01 09:00,
4,,,,eve
5,soon,,2026-01-03 10:00,ann
6,soon,,,ann
"""
OPTIONS = {
    "milestones": {"opened": "open_dt", "closed": "closed_dt"},
    "times": ["target_dt"],
    "timezone": "UTC",
}


def listed(log: object) -> list[tuple[str, str, str]]:
    return [(str(e.fields.get("ticket")), e.kind, e.time.isoformat()[:16]) for e in log.events]


def wide(**changes: object) -> object:
    return read_events(io.StringIO(WIDE), **{**OPTIONS, **changes})


def test_one_event_a_filled_milestone_and_reversed_ones_stay() -> None:
    assert listed(wide()) == [
        ("3", "closed", "2026-01-01T09:00"),
        ("1", "opened", "2026-01-02T09:00"),
        ("2", "opened", "2026-01-02T10:00"),
        ("1", "closed", "2026-01-03T09:00"),
        ("5", "closed", "2026-01-03T10:00"),
        ("3", "opened", "2026-01-04T09:00"),
    ]


def test_every_event_of_a_row_carries_its_other_columns() -> None:
    log = wide()
    first = {event.kind: dict(event.fields) for event in log.events if event.fields["ticket"] == "1"}
    due = Instant(1_767_603_600_000_000)
    assert instant_text(due) == "2026-01-05T09:00:00Z"
    assert first == {
        "opened": {"ticket": "1", "target_dt": due, "who": "ann"},
        "closed": {"ticket": "1", "target_dt": due, "who": "ann"},
    }


def test_rows_and_events_are_counted_apart() -> None:
    counts = wide().counts
    # row 4 has nothing; row 5 an unreadable opening and a closing; row 6 only an unreadable opening
    assert (counts.rows_in, counts.rows_used, counts.rows_quarantined, counts.rows_merged) == (6, 4, 2, 0)
    assert (counts.found, counts.events, counts.quarantined, counts.merged) == (9, 6, 3, 0)


def test_quarantine_names_the_milestone() -> None:
    assert [(row.row, row.code, row.column) for row in wide().quarantine] == [
        (5, "SV327", ""),
        (6, "SV321", "opened"),
        (7, "SV321", "opened"),
    ]


def test_a_milestone_column_may_stay_a_field() -> None:
    log = wide(times=["target_dt", "open_dt"])
    fields = log.events[1].fields
    assert isinstance(fields["open_dt"], Instant)
    assert "closed_dt" not in fields


def test_an_instant_in_a_field_that_cannot_be_read_is_absent_and_reported() -> None:
    rows = [
        {"id": n, "open": "2026-01-02T09:00Z", "due": due}
        for n, due in ((1, "2026-01-03T09:00Z"), (2, "soon"))
    ]
    log = read_events(rows, milestones={"opened": "open"}, times=("due",))
    assert [event.fields["due"] for event in log.events] == [Instant(1_767_430_800_000_000), ABSENT]
    assert [(row.row, row.code, row.column) for row in log.unread] == [(2, "SV330", "due")]
    assert log.quarantine == ()
    assert "instants that cannot be read and are absent: 1 of `due`." in log.notes


def test_a_column_of_instants_of_which_none_can_be_read_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"no value of `due` is an instant(.|\n)*%d/%m/%Y"):
        read_events(
            [{"open": "2026-01-02T09:00Z", "due": "13/01/2026"}], milestones={"a": "open"}, times=("due",)
        )


def test_date_and_time_in_two_columns() -> None:
    rows = [
        {"n": "1", "day": "2/19/20", "at": "2:24 PM", "end": "2/25/20"},
        {"n": "2", "day": "2/19/20", "at": "", "end": ""},
        {"n": "3", "day": "", "at": "2:24 PM", "end": "2/25/20"},
    ]
    log = read_events(
        rows,
        milestones={"created": ("day", "at"), "closed": "end"},
        time_format={"day": "%m/%d/%y", "at": "%I:%M %p", "end": "%m/%d/%y"},
        timezone="America/Chicago",
    )
    assert [(event.kind, event.time.isoformat()) for event in log.events] == [
        ("created", "2020-02-19T20:24:00+00:00"),
        ("closed", "2020-02-25T06:00:00+00:00"),
        ("closed", "2020-02-25T06:00:00+00:00"),
    ]
    assert [(row.row, row.code) for row in log.quarantine] == [(2, "SV321")]
    assert "without its time of day" in log.quarantine[0].reason


def test_a_date_that_milestones_share_says_of_none_that_it_happened() -> None:
    # a queue writes one date a ticket, and a time of day for each step; nobody was called at an empty one
    rows = [
        {"n": "A1", "date": "2026-03-02", "drawn": "09:00", "called": "09:12"},
        {"n": "A2", "date": "2026-03-02", "drawn": "09:05", "called": ""},
        {"n": "A3", "date": "2026-03-02", "drawn": "", "called": ""},
    ]
    log = read_events(
        rows, milestones={"drawn": ("date", "drawn"), "called": ("date", "called")}, timezone="UTC"
    )
    assert [(event.kind, event.fields["n"]) for event in log.events] == [
        ("drawn", "A1"),
        ("drawn", "A2"),
        ("called", "A1"),
    ]
    assert [(row.row, row.code) for row in log.quarantine] == [(3, "SV327")]


def test_what_is_counted_from_a_time_that_cannot_be_read_is_no_second_fault() -> None:
    rows = [{"at": "3/2/26 8:53:00 AM", "wait": "20"}]
    with pytest.raises(EventsError) as caught:
        read_events(
            rows,
            milestones={"offered": "at", "answered": {"after": "offered", "seconds": "wait"}},
            timezone="UTC",
        )
    assert [problem.code for problem in caught.value.problems] == ["SV321"]


def test_a_pair_of_columns_as_the_time_of_an_event_log() -> None:
    log = read_events([{"d": "2026-01-02", "t": "09:00:01", "event": "a"}], time=("d", "t"), timezone="UTC")
    assert log.events[0].time.isoformat() == "2026-01-02T09:00:01+00:00"
    assert list(log.fields) == []


@pytest.mark.parametrize(
    ("unit", "value", "after"),
    [
        ("seconds", "109.0", "09:01:49"),
        ("seconds", 1, "09:00:01"),
        ("seconds", "00:02:23", "09:02:23"),
        ("milliseconds", "1500", "09:00:01.500000"),
        ("minutes", "1.5", "09:01:30"),
        ("hours", "-1", "08:00:00"),
        ("days", "0", "09:00:00"),
    ],
)
def test_a_milestone_some_time_after_another(unit: str, value: object, after: str) -> None:
    log = read_events(
        [{"at": "2026-01-02T09:00Z", "span": value}],
        milestones={"answered": {"after": "called", unit: "span"}, "called": "at"},
    )
    answered = next(event for event in log.events if event.kind == "answered")
    assert answered.time.isoformat() == f"2026-01-02T{after}+00:00"


def test_a_milestone_after_a_column_and_after_one_after_another() -> None:
    log = read_events(
        [{"at": "2026-01-02T09:00Z", "wait": 60, "talk": 30}],
        milestones={
            "answered": {"after": "at", "seconds": "wait"},
            "ended": {"after": "answered", "seconds": "talk"},
        },
    )
    assert [(event.kind, event.time.isoformat()[11:19]) for event in log.events] == [
        ("answered", "09:01:00"),
        ("ended", "09:01:30"),
    ]


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ({"at": "2026-01-02T09:00Z", "wait": "soon"}, ["SV331"]),
        ({"at": "2026-01-02T09:00Z", "wait": "1e99"}, ["SV323"]),
        ({"at": "2026-01-02T09:00Z", "wait": "9e11"}, ["SV323"]),
        ({"at": "", "wait": "60"}, ["SV331"]),
        ({"at": "2026-01-02T09:00Z", "wait": ""}, []),
        ({"at": "2026-01-02T09:00Z", "wait": True}, ["SV331"]),
    ],
    ids=[
        "no number",
        "a monstrous number",
        "out of all years",
        "nothing to count from",
        "no span is no event",
        "true",
    ],
)
def test_spans_that_give_no_milestone(row: dict[str, object], codes: list[str]) -> None:
    good = {"at": "2026-01-02T09:00Z", "wait": "1"}
    log = read_events(
        [good, row], milestones={"called": "at", "answered": {"after": "called", "seconds": "wait"}}
    )
    assert [entry.code for entry in log.quarantine] == codes
    assert log.counts.found == log.counts.events + len(codes)


@pytest.mark.parametrize(
    ("milestones", "says"),
    [
        ({"a": {"after": "b", "seconds": "s"}, "b": {"after": "a", "seconds": "s"}}, "circle: a → b → a"),
        ({"a": {"after": "a", "seconds": "s"}}, "circle: a → a"),
        ({"a": {"after": "at"}}, "one column of seconds"),
        ({"a": {"after": "at", "seconds": "s", "hours": "s"}}, "one column of seconds"),
        ({"a": {"after": "at", "second": "s"}}, "seconds"),
        ({"a": "att"}, "unknown column `att`(.|\n)*write `at`"),
        ({"a": ("at", "clock")}, "unknown column `clock`"),
        ({"a": {"after": "att", "seconds": "S"}}, "unknown column `S`(.|\n)*unknown column `att`"),
        ({}, "empty"),
    ],
)
def test_milestones_that_cannot_be_meant(milestones: dict[str, object], says: str) -> None:
    with pytest.raises(ReadingError, match=says):
        read_events([{"at": "2026-01-02T09:00Z", "s": 1}], milestones=milestones)


def test_planned_milestones_stay_and_never_move_as_of() -> None:
    rows = [{"n": 1, "open": "2026-01-02T09:00Z", "visit": "2059-01-05T09:00Z"}]
    for planned in (["visited"], ["visit"]):
        log = read_events(rows, milestones={"opened": "open", "visited": "visit"}, planned=planned)
        assert [(row.kind, row.is_planned) for row in next(iter(log.cases("n")))[1]] == [
            ("opened", False),
            ("visited", True),
        ]
        assert instant_text(log.as_of()[0]) == "2026-01-02T09:00:00Z"
        assert log.planned == tuple(planned)


def test_planned_columns_that_are_fields_are_instants() -> None:
    log = read_events(
        [{"time": "2026-01-02T09:00Z", "event": "a", "due": "2059-01-05T09:00Z"}], planned=["due"]
    )
    assert isinstance(log.events[0].fields["due"], Instant)
    assert instant_text(log.as_of()[0]) == "2026-01-02T09:00:00Z"


def test_a_log_of_plans_alone_has_no_as_of() -> None:
    log = read_events([{"time": "2026-01-02T09:00Z", "event": "a"}], time="time", planned=["time"])
    with pytest.raises(EvaluationError, match="as_of"):
        log.as_of()


def test_ids_of_rows_tell_their_milestones_apart_and_merge_copies() -> None:
    row = {"n": "7", "open": "2026-01-02T09:00Z", "close": "2026-01-03T09:00Z"}
    changed = {**row, "close": "2026-01-04T09:00Z"}
    log = read_events([row, row, changed], milestones={"opened": "open", "closed": "close"}, id="n")
    assert [(event.id, event.time.day) for event in log.events] == [("7/opened", 2), ("7/closed", 4)]
    counts = log.counts
    assert (counts.found, counts.events, counts.merged, counts.quarantined) == (6, 2, 3, 1)
    assert [entry.code for entry in log.quarantine] == ["SV328"]


def test_the_short_form_in_python_and_its_long_form_are_one() -> None:
    short = ReadOptions(milestones={"a": {"after": "b", "seconds": "c"}})
    assert short.milestones == {"a": After(after="b", seconds="c")}
    assert ReadOptions(milestones={"a": ["d", "t"]}).milestones == {"a": ("d", "t")}


# Snapshots --------------------------------------------------------------------------------------------------

UPDATES = """number,state,at,closed_at
1,New,1/3/2016 09:00,?
1,Closed,1/3/2016 10:00,1/3/2016 10:00
2,New,1/3/2016 09:30,?
"""


def test_each_row_of_snapshots_is_an_update_with_all_its_fields() -> None:
    log = read_events(
        io.StringIO(UPDATES),
        time="at",
        snapshots=True,
        times=("closed_at",),
        time_format="%d/%m/%Y %H:%M",
        timezone="UTC",
    )
    assert log.kinds == ["updated"]
    assert [dict(event.fields) for event in log.events] == [
        {"number": "1", "state": "New"},
        {"number": "2", "state": "New"},
        {"number": "1", "state": "Closed", "closed_at": Instant(1_456_826_400_000_000)},
    ]


def test_snapshots_may_name_their_kind() -> None:
    log = read_events(
        io.StringIO(UPDATES),
        time="at",
        snapshots=True,
        event="state",
        time_format="%d/%m/%Y %H:%M",
        timezone="UTC",
    )
    assert log.kinds == ["Closed", "New"]


def test_a_null_leaves_a_value_or_clears_it() -> None:
    rows = [
        {"time": "2026-01-02T09:00Z", "event": "a", "x": value} for value in ("?", None, "NULL", "", " ? ")
    ]
    rows += [{"time": "2026-01-02T09:00Z", "event": "a"}]
    assert [dict(event.fields) for event in read_events(rows).events] == [{}] * 6
    cleared = read_events(rows, nulls="clear")
    # a key that is not there says nothing, whatever nulls do
    assert sorted(str(dict(event.fields)) for event in cleared.events) == ["{'x': ABSENT}"] * 5 + ["{}"]


def test_a_null_in_a_column_of_instants_clears_too() -> None:
    rows = [{"time": "2026-01-02T09:00Z", "event": "a", "due": due} for due in ("2026-01-03T09:00Z", "?")]
    log = read_events(rows, times=["due"], nulls="clear")
    assert [event.fields["due"] for event in log.events].count(ABSENT) == 1
    assert log.unread == ()


def test_other_nulls_are_named() -> None:
    rows = [{"time": "2026-01-02T09:00Z", "event": "a", "x": -100, "y": "?"}]
    log = read_events(rows, null_values=("-100",))
    assert dict(log.events[0].fields) == {"y": "?"}


def test_a_comma_in_a_length_is_not_guessed_and_is_named() -> None:
    rows = [{"id": "1", "at": "2026-01-01T00:00Z", "wait": wait} for wait in ("2,173", "soon")]
    milestones = {"asked": "at", "answered": {"after": "asked", "minutes": "wait"}}
    log = read_events(rows, milestones=milestones)
    assert [("thousands or decimals" in one.reason) for one in log.quarantine] == [True, False]
    assert log.counts.found == log.counts.events + log.counts.quarantined == 4
