"""What breaches have in common, and what time was spent on."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from servstd.errors import EvaluationError, StatisticsError
from servstd.statistics.intervals import wilson

MINUTE = 60_000_000


def asked(case, minute, took, **fields):
    return [(case, minute, "asked", fields), (case, minute + took, "answered", {})]


ROWS = [
    *asked(1, 0, 90, region="North"), *asked(2, 0, 90, region="North"), *asked(3, 10, 90, region="North"),
    *asked(4, 0, 30, region="North"),
    *asked(5, 70, 90, region="South"), *asked(6, 70, 30, region="South"),
    *asked(7, 60 * 25, 90),
]  # fmt: skip
"""Breached: three of four in the North and one of two in the South, on Monday; one on Tuesday that names no region."""


def test_breaches_by_a_field_of_the_case(judge):
    found = judge(ROWS).pareto("region")
    assert [(one.value, one.count, one.judged) for one in found.rows] == [
        ("North", 3, 4),
        ("South", 1, 2),
        ("not carried", 1, 1),
    ]
    assert [one.cumulative for one in found.rows] == [Fraction(3, 5), Fraction(4, 5), 1]
    assert (found.rows[0].rate, found.rows[0].bounds) == (Fraction(3, 4), wilson(3, 4))
    assert found.total == 5


def test_a_field_counts_as_last_known(judge):
    rows = [
        (1, 0, "asked", {"region": "North"}),
        (1, 5, "moved", {"region": "South"}),
        (1, 90, "answered", {"region": None}),
    ]
    assert [one.value for one in judge(rows).pareto("region").rows] == ["South"]


def test_the_vital_few(judge):
    found = judge(ROWS).pareto("region")
    assert [one.value for one in found.vital()] == ["North", "South"]
    assert [one.value for one in found.vital(0.6)] == ["North"]
    assert len(found.vital(1)) == 3


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("hour_of_week", [("Mon 09:00", 3), ("Mon 10:00", 1), ("Tue 10:00", 1)]),
        ("weekday", [("Mon", 4), ("Tue", 1)]),
        ("hour", [("09:00", 3), ("10:00", 2)]),
        ("standard", [("reply", 5)]),
        ("limit", [("1h", 5)]),
        ("tie", [("false", 5)]),
        ("reason", [("-", 5)]),
    ],
)
def test_breaches_by_their_time_and_by_columns(judge, by, rows):
    assert [(one.value, one.count) for one in judge(ROWS).pareto(by).rows] == rows


def test_hours_are_those_of_the_standards_zone(judge):
    calendars = {"desk": {"timezone": "Asia/Kathmandu", "hours": {"mon-sun": "00:00-24:00"}}}
    found = judge(ROWS, calendars=calendars, calendar="desk").pareto("hour_of_week")
    assert found.rows[0].value == "Mon 14:00"  # 09:00 UTC is 14:45


def test_breaches_by_segment(judge):
    found = judge(ROWS, objective={"share": "90%", "window": "all", "by": ["region"]}).pareto("segment")
    assert [(one.value, one.count) for one in found.rows] == [
        ("region=North", 3),
        ("-", 1),
        ("region=South", 1),
    ]


def test_other_outcomes_and_only_some_cases(judge):
    report = judge(ROWS)
    assert [one.count for one in report.pareto("region", outcome="met").rows] == [1, 1]
    assert report.pareto("weekday", where={"region": "South"}).total == 1
    assert report.pareto("weekday", standard="reply").total == 5


def test_no_breach_has_no_rows(judge):
    found = judge(asked(1, 0, 30)).pareto("weekday")
    assert (found.rows, found.vital(), found.total) == ((), (), 0)
    assert "0 breached" in str(found)


# -- time --------------------------------------------------------------------------------------------------------------

PAUSED = [
    (1, 0, "asked"), (1, 10, "status", {"status": "waiting"}), (1, 40, "status", {"status": "open"}), (1, 120, "answered"),
    (2, 0, "asked"), (2, 20, "status", {"status": "parts"}), (2, 120, "status", {"status": "open"}), (2, 200, "answered"),
    (3, 0, "asked"), (3, 5, "status", {"status": "waiting"}), (3, 30, "status", {"status": "open"}), (3, 50, "answered"),
]  # fmt: skip


def test_pauses_cost_what_they_lasted_by_what_began_them(judge):
    found = judge(PAUSED, pause_while={"status": ["waiting", "parts"]}).pareto("pause")
    assert found.unit == "time"
    assert [(one.value, one.weight, one.count) for one in found.rows] == [
        ("by status (status: parts)", 100 * MINUTE, 1),
        ("by status (status: waiting)", 30 * MINUTE, 1),
    ]  # case 3 was in time
    assert found.rows[0].share == Fraction(100, 130)


def test_closed_time_by_its_reason(judge, office):
    """Asked on Friday at 16:00, answered on Monday at 10:30: the nights and the weekend were closed."""
    friday = 4 * 1440 + 7 * 60
    report = judge([(1, friday, "asked"), (1, friday + 3 * 1440 - 330, "answered")], **office)
    assert report.pareto("closed").total == (3 * 1440 - 330 - 60 - 90) * MINUTE
    everything = report.pareto("time")
    assert everything.total == (3 * 1440 - 330) * MINUTE
    assert {one.value.partition(":")[0] for one in everything.rows} == {"counted", "closed"}


def test_every_microsecond_of_the_breaches_is_in_the_table(judge):
    report = judge(PAUSED, pause_while={"status": ["waiting", "parts"]})
    assert report.pareto("time").total == (120 + 200) * MINUTE


def test_only_the_breaches_of_a_case_are_added_up(judge):
    rows = [(1, 0, "asked"), (1, 30, "answered"), (1, 100, "asked"), (1, 190, "answered")]
    assert judge(rows, recurs="each").pareto("time").total == 90 * MINUTE


def test_time_of_a_standard_that_reads_another(judge):
    follow = {
        "id": "follow", "kind": "respond", "case": "id", "start": {"standard": "reply", "change": "breached"},
        "recurs": "every", "stop": "paid", "within": "10 minutes",
    }  # fmt: skip
    reply = {
        "id": "reply",
        "kind": "respond",
        "case": "id",
        "start": "asked",
        "stop": "answered",
        "within": "1 hour",
    }
    report = judge([*asked(1, 0, 90), (1, 120, "paid")], book={"standards": [reply, follow]})
    [row] = report.pareto("time", standard="follow").rows
    assert row.count == 1


def test_what_rests_on_other_verdicts_spends_no_time(judge):
    reply = {
        "id": "reply",
        "kind": "respond",
        "case": "id",
        "start": "asked",
        "stop": "answered",
        "within": "1 hour",
    }
    report = judge(
        ROWS, book={"standards": [reply, {"id": "all", "kind": "bundle", "case": "id", "of": ["reply"]}]}
    )
    assert report.pareto("weekday", standard="all").total == 5
    with pytest.raises(EvaluationError, match="SV686"):
        report.pareto("time", standard="all")


def test_it_is_text_markup_and_data(judge):
    rows = [
        (case, minute, event, {"region": "<b>"} if fields else {}) for case, minute, event, fields in ROWS
    ]
    found = judge(rows).pareto("region")
    assert "5 breached by region: 2 values" in str(found)
    assert "<b>" not in found._repr_html_()
    told = json.loads(json.dumps(found.to_dict()))
    assert (told["rows"][0]["count"], told["rows"][0]["judged"]) == (4, 6)
    time = judge(PAUSED, pause_while={"status": ["waiting", "parts"]}).pareto("pause")
    assert "2h 10m of breached verdicts by pause" in str(time)


@pytest.mark.parametrize(
    ("call", "error", "code"),
    [
        (lambda report: report.pareto("regoin"), EvaluationError, "write `region`"),
        (lambda report: report.pareto("region", standard="x"), EvaluationError, "SV410"),
        (lambda report: report.pareto("region", outcome="late"), StatisticsError, "SV674"),
        (lambda report: report.pareto("pause", where={"x": "1"}), EvaluationError, "SV685"),
    ],
)
def test_bad_questions_are_told(judge, call, error, code):
    with pytest.raises(error, match=code):
        call(judge(ROWS))
