"""Objectives for some cases, and segments that the book names."""

from __future__ import annotations

import json

import pytest

import servstd
from servstd.errors import StandardsError

CALENDARS = {
    "mornings": {"timezone": "Europe/London", "hours": {"mon-sun": "06:00-11:00"}},
    "noons": {"timezone": "Europe/London", "hours": {"mon-sun": "11:00-14:00"}},
}
DAYPARTS = {
    "breakfast": {"time": {"open_in": "mornings"}},
    "lunch": {"time": {"open_in": "noons"}},
    "rest": "any",
}


def book_of(*standards, **more):
    every = {"kind": "respond", "case": "c", "start": "s", "stop": "t", "within": "1 hour"}
    data = {
        "timezone": "Europe/London",
        "calendars": CALENDARS,
        "standards": [{**every, **one} for one in standards],
    }
    return servstd.loads(json.dumps(data | more), format="json")


def cases(*told):
    """Return the events of cases: (case, start, minutes, fields)."""
    for case, at, minutes, fields in told:
        day, time = f"2026-03-02T{at}Z", int(at[:2]) * 60 + int(at[3:]) + minutes
        yield {"time": day, "event": "s", "c": case, **fields}
        yield {"time": f"2026-03-02T{time // 60:02d}:{time % 60:02d}Z", "event": "t", "c": case}


def attained(book, *told):
    found = servstd.evaluate(book, servstd.read_events(list(cases(*told)))).attainments
    return [(one.objective, one.segment, one.judged, one.status) for one in found]


TOLD = (
    ("1", "07:00", 30, {"priority": "P1"}),
    ("2", "07:10", 90, {"priority": "P1"}),
    ("3", "12:00", 30, {"priority": "P2"}),
    ("4", "15:00", 90, {}),
)


def test_a_row_of_overrides_may_have_an_objective_of_its_own():
    rows = [{"when": {"priority": "P1"}, "objective": {"share": "99%", "window": "all"}}]
    book = book_of({"id": "a", "objective": "50% overall", "overrides": rows})
    assert attained(book, *TOLD) == [
        ("50% overall", "", 2, "met"),
        ("99% overall", "priority is P1", 2, "missed"),
    ]


@pytest.mark.parametrize(
    ("written", "objective"),
    [
        pytest.param({"share": "99%"}, "99% overall", id="the window is that of the standard"),
        pytest.param("99%", "99% overall", id="short"),
        pytest.param({"p90": "30 minutes"}, "p90 ≤ 30m overall", id="another figure in its place"),
        pytest.param({"min_sample": 9}, "50% overall", id="the figure is that of the standard"),
        pytest.param("99% a day", "99% a day", id="a window of its own"),
    ],
)
def test_what_a_row_leaves_out_is_that_of_the_standard(written, objective):
    book = book_of(
        {"id": "a", "objective": "50% overall", "overrides": [{"when": {"p": 1}, "objective": written}]}
    )
    assert [str(one) for row in book["a"].objective_rows for one in row.objectives] == [objective]


def test_the_first_row_that_fits_holds_and_an_unknown_field_fits_none():
    rows = [
        {"when": {"priority": ["P1", "P2"]}, "objective": {"share": "60%"}},
        {"when": {"priority": "P2"}, "objective": {"share": "70%"}},
    ]
    book = book_of({"id": "a", "objective": "50% overall", "overrides": rows})
    assert [(objective, judged) for objective, _, judged, _ in attained(book, *TOLD)] == [
        ("50% overall", 1),
        ("60% overall", 3),
        ("70% overall", 0),
    ]


def test_several_objectives_and_a_table_of_them():
    rows = [
        {"when": {"priority": "P1"}, "objectives": [{"share": "90%", "window": "all"}, {"median": "40 minutes", "window": "all"}]},
        {"by": ["priority"], "set": ["objective"], "rows": [["P2", "80% overall"], ["any", "none"]]},
    ]  # fmt: skip
    book = book_of({"id": "a", "objective": "50% overall", "overrides": rows})
    found = attained(book, *TOLD)
    assert found == [
        ("50% overall", "", 0, "no_data"),
        ("90% overall", "priority is P1", 2, "missed"),
        ("median ≤ 40m overall", "priority is P1", 2, "met"),
        ("80% overall", "priority is P2", 1, "met"),
    ]


def test_a_row_may_hold_from_a_date_on():
    rows = [{"effective": {"from": "2026-03-02T12:00:00Z"}, "objective": {"share": "60%"}}]
    book = book_of({"id": "a", "objective": "50% overall", "overrides": rows})
    assert [judged for _, _, judged, _ in attained(book, *TOLD)] == [2, 2]


@pytest.mark.parametrize(
    ("standard", "path", "code"),
    [
        pytest.param(
            {"objective": {"share": "120%"}},
            "standards[0].overrides[0].objective.share",
            "SV153",
            id="a share",
        ),
        pytest.param(
            {"objective": {"mean": "3 days"}}, "standards[0].overrides[0]", "SV602", id="another unit"
        ),
    ],
)
def test_what_a_row_cannot_mean_is_told_with_its_place(standard, path, code):
    with pytest.raises(StandardsError) as failure:
        book_of({"id": "a", "objective": "50% overall", "overrides": [{"when": {"p": 1}, **standard}]})
    assert [(one.code, one.path) for one in failure.value.problems] == [(code, path)]


def test_without_an_objective_of_the_standard_a_row_must_say_its_window():
    with pytest.raises(StandardsError) as failure:
        book_of({"id": "a", "overrides": [{"when": {"p": 1}, "objective": {"share": "99%"}}]})
    assert [one.code for one in failure.value.problems] == ["SV151"]


def test_the_sentence_says_the_objective_of_a_row():
    book = book_of(
        {
            "id": "a",
            "objective": "50% overall",
            "overrides": [{"when": {"priority": "P1"}, "objective": "99%"}],
        }
    )
    assert "of these, 99% overall must be met where priority is P1" in book["a"].sentence()


# -- segments ----------------------------------------------------------------------------------------------------------


def test_cases_are_told_apart_by_the_segments_of_the_book():
    spec = {"share": "60%", "window": "all", "by": ["daypart"]}
    book = book_of({"id": "a", "objective": spec}, segments={"daypart": DAYPARTS})
    assert attained(book, *TOLD) == [
        ("60% overall by daypart", "daypart=breakfast", 2, "missed"),
        ("60% overall by daypart", "daypart=lunch", 1, "met"),
        ("60% overall by daypart", "daypart=rest", 1, "missed"),
    ]


def test_a_case_that_no_segment_fits_and_one_of_which_nothing_is_known_are_seen():
    kinds = {"urgent": {"priority": "P1"}, "slow": {"priority": "P9"}}
    spec = {"share": "1%", "window": "all", "by": ["kind"]}
    book = book_of({"id": "a", "objective": spec}, segments={"kind": kinds})
    assert [segment for _, segment, _, _ in attained(book, *TOLD)] == [
        "kind=not known",
        "kind=other",
        "kind=urgent",
    ]


def test_a_segment_may_have_an_objective_of_its_own():
    rows = [{"when": {"daypart": "breakfast"}, "objective": {"share": "10%"}}]
    book = book_of({"id": "a", "objective": "50% overall", "overrides": rows}, segments={"daypart": DAYPARTS})
    assert [(one[0], one[2]) for one in attained(book, *TOLD)] == [("50% overall", 2), ("10% overall", 2)]


@pytest.mark.parametrize(
    ("asked", "outcomes"),
    [
        pytest.param("breakfast", ["breached", "breached", "met", "breached"], id="one"),
        pytest.param(["breakfast", "lunch"], ["breached", "breached", "breached", "breached"], id="several"),
        pytest.param({"ne": "lunch"}, ["breached", "breached", "met", "breached"], id="all but one"),
        pytest.param("rest", ["met", "breached", "met", "breached"], id="what none of the others fits"),
    ],
)
def test_a_limit_may_depend_on_a_segment(asked, outcomes):
    # the limit is an hour, and 20 minutes in the segments asked for
    book = book_of(
        {"id": "a", "overrides": [{"when": {"daypart": asked}, "within": "20 minutes"}]},
        segments={"daypart": DAYPARTS},
    )
    report = servstd.evaluate(book, servstd.read_events(list(cases(*TOLD))))
    assert [one.outcome for one in report.verdicts] == outcomes


def test_a_standard_may_hold_for_a_segment_or_leave_one_out():
    book = book_of(
        {"id": "a", "applies_to": {"daypart": "lunch"}},
        {"id": "b", "exclude": [{"when": {"kind": "urgent"}, "reason": "urgent ones"}]},
        segments={"daypart": DAYPARTS, "kind": {"urgent": {"priority": "P1"}}},
    )
    report = servstd.evaluate(book, servstd.read_events(list(cases(*TOLD))))
    assert [one.case for one in report.verdicts.where(standard="a")] == ["3"]
    assert [one.case for one in report.verdicts.where(standard="b", outcome="excluded")] == ["1", "2"]


HEAT = {"heat": {"hot": {"celsius": {"gt": 8}}, "cold": "any"}}
READ = {"time": "2026-03-02T09:00Z", "event": "read", "fridge": "F1", "celsius": 9}
CLOSED = {"time": "2026-03-02T10:00Z", "event": "closed", "fridge": "F1", "celsius": 4}


@pytest.mark.parametrize(
    ("standard", "outcome"),
    [
        pytest.param(
            {
                "kind": "respond",
                "start": {"event": "read", "where": {"heat": "hot"}},
                "stop": "closed",
                "within": "1 hour",
            },
            "met",
            id="a start",
        ),
        pytest.param(
            {
                "kind": "respond",
                "start": "read",
                "stop": {"all": [{"event": "*", "where": {"heat": "cold"}}]},
                "within": "30 minutes",
            },
            "breached",
            id="all of a stop",
        ),
        pytest.param(
            {"kind": "check", "event": "read", "expect": {"heat": {"ne": "hot"}}},
            "breached",
            id="what is expected",
        ),
        pytest.param(
            {
                "kind": "quantity",
                "count": {"event": "read", "where": {"heat": "hot"}},
                "at_most": 0,
                "ends": "over",
            },
            "breached",
            id="a count",
        ),
        pytest.param(
            {
                "kind": "quantity",
                "sum": {"field": "celsius", "of": {"event": "*", "where": {"heat": "hot"}}},
                "at_most": 9,
                "ends": "closed",
            },
            "met",
            id="a sum",
        ),
        pytest.param(
            {"kind": "quantity", "time_in": {"heat": "hot"}, "at_most": "59 minutes", "ends": "over"},
            "breached",
            id="a state",
        ),
        pytest.param(
            {
                "kind": "respond",
                "start": "read",
                "stop": "closed",
                "within": "1 minute",
                "pause_while": {"heat": "hot"},
            },
            "met",
            id="a pause",
        ),
    ],
)
def test_every_condition_may_ask_for_a_segment(standard, outcome):
    # 9 degrees from nine to ten o'clock, then 4
    book = servstd.Book.model_validate(
        {"case": "fridge", "timezone": "UTC", "segments": HEAT, "standards": [{"id": "a", **standard}]}
    )
    (verdict,) = servstd.evaluate(book, servstd.read_events([READ, CLOSED])).verdicts
    assert verdict.outcome == outcome


def test_segments_keep_their_spelling():
    book = book_of({"id": "a"}, segments={"daypart": DAYPARTS})
    assert servstd.loads(book.to_yaml()) == book


@pytest.mark.parametrize(
    ("segments", "standard"),
    [
        pytest.param({"daypart": {}}, {}, id="none"),
        pytest.param({"daypart": {"rest": "any"}}, {}, id="any alone"),
        pytest.param({"daypart": {"a": {"p": 1}, "rest": "any", "b": {"p": 2}}}, {}, id="one after any"),
        pytest.param(
            {"daypart": DAYPARTS}, {"applies_to": {"daypart": "dinner"}}, id="one that is not there"
        ),
        pytest.param(
            {"daypart": DAYPARTS}, {"applies_to": {"daypart": {"like": "b*"}}}, id="asked by a pattern"
        ),
    ],
)
def test_segments_that_cannot_be_meant_are_refused(segments, standard):
    with pytest.raises(StandardsError) as failure:
        book_of({"id": "a", **standard}, segments=segments)
    assert {one.code for one in failure.value.problems} == {"SV609"}
