"""Fiscal, rolling, named, busiest and counted windows: what falls into each, by the calendar on the wall."""

from __future__ import annotations

import pytest
from unit.results.test_attainment import attained, us

LONDON = "Europe/London"


def on(*days: str, outcome: str = "met", **more) -> list[dict]:
    return [{"outcome": outcome, "started_at": us(day), **more} for day in days]


def shown(found) -> list[tuple]:
    return [(one.window, one.judged, one.status) for one in found]


def test_hours_are_counted_from_local_midnight():
    # on 25 October 2026 London's clocks show 01:00 to 02:00 twice: 00:00Z is the first, 01:00Z the second
    days = on("2026-10-25T00:10", "2026-10-25T01:10", "2026-10-25T01:20")
    found = attained(
        {"share": "50%", "window": "hour"},
        *days,
        zone=LONDON,
        first=us("2026-10-25"),
        as_of=us("2026-10-25T02:00"),
    )
    assert shown(found) == [("2026-10-25T01:00", 1, "met"), ("2026-10-25T01:00 again", 2, "met")]


def test_a_week_may_begin_on_sunday():
    # 2026-02-08 is a Sunday
    days = on("2026-02-07T12:00", "2026-02-08T12:00", "2026-02-14T12:00")
    found = attained(
        {"share": "50%", "window": {"week": "sunday"}}, *days, first=us("2026-02-01"), as_of=us("2026-02-15")
    )
    assert shown(found) == [("week from 2026-02-01", 1, "met"), ("week from 2026-02-08", 2, "met")]


@pytest.mark.parametrize(
    ("window", "label"),
    [
        pytest.param({"fiscal_year": "04-01"}, "year from 2025-04-01", id="the year from April"),
        pytest.param(
            {"fiscal_quarter": "10-01"},
            "quarter from 2026-01-01",
            id="the second quarter of the year from October",
        ),
        pytest.param({"fiscal_month": "04-06"}, "month from 2026-03-06", id="a month from the sixth"),
    ],
)
def test_fiscal_windows_begin_on_their_own_date(window, label):
    found = attained(
        {"share": "50%", "window": window}, *on("2026-03-30"), first=us("2025-01-01"), as_of=us("2026-05-10")
    )
    assert [one.window for one in found if one.judged] == [label]


# -- rolling -----------------------------------------------------------------------------------------------------------


def test_every_local_date_ends_a_rolling_window():
    # three days; the log begins on the 1st, so the first whole window ends on the 3rd; today is the 6th
    days = on("2026-02-01T09:00", "2026-02-03T09:00") + on("2026-02-04T09:00", outcome="breached")
    found = attained(
        {"share": "60%", "window": {"rolling": "3 days"}},
        *days,
        first=us("2026-02-01"),
        as_of=us("2026-02-06T12:00"),
    )
    assert shown(found) == [
        ("3 days to 2026-02-03", 2, "met"),
        ("3 days to 2026-02-04", 2, "missed"),  # 2nd to 4th: one of two
        ("3 days to 2026-02-05", 2, "missed"),
        ("3 days to 2026-02-06", 1, "provisional"),
    ]


def test_a_rolling_window_without_cases_is_a_row_as_well():
    found = attained(
        {"share": "60%", "window": {"rolling": "1 day"}},
        *on("2026-02-01T09:00"),
        first=us("2026-02-01"),
        as_of=us("2026-02-03"),
    )
    assert shown(found) == [
        ("1 day to 2026-02-01", 1, "met"),
        ("1 day to 2026-02-02", 0, "no_data"),
        ("1 day to 2026-02-03", 0, "no_data"),
    ]


def test_a_log_shorter_than_the_window_has_one_row_and_it_decides_nothing():
    found = attained(
        {"share": "60%", "window": {"rolling": "30 days"}},
        *on("2026-02-02"),
        first=us("2026-02-01"),
        as_of=us("2026-02-05"),
    )
    assert shown(found) == [("30 days to 2026-02-05", 1, "provisional")]


@pytest.mark.parametrize(
    ("rolling", "start"),
    [
        ("30 days", "2026-03-01T00:00"),
        ("2 weeks", "2026-03-17T00:00"),
        pytest.param("1 month", "2026-02-28T00:00", id="a month back from the 31st is the last of February"),
    ],
)
def test_how_long_a_rolling_window_to_30_march_is(rolling, start):
    found = attained(
        {"share": "60%", "window": {"rolling": rolling}},
        *on("2026-03-30"),
        first=us("2026-01-01"),
        as_of=us("2026-04-02"),
        zone=LONDON,
    )
    one = next(one for one in found if one.window.endswith("to 2026-03-30"))
    assert one.window_start.isoformat() == f"{start}:00+00:00"
    assert one.window_end.isoformat() == "2026-03-30T23:00:00+00:00"  # London is an hour ahead since the 29th


def test_a_segment_has_the_rolling_windows_in_which_it_has_cases():
    days = on("2026-02-02", segments={"site": "a"}) + on("2026-02-04", segments={"site": "b"})
    spec = {"share": "60%", "window": {"rolling": "2 days"}, "by": "site"}
    found = attained(spec, *days, first=us("2026-02-01"), as_of=us("2026-02-06"))
    assert [(one.segment, one.window[-10:]) for one in found] == [
        ("site=a", "2026-02-02"),
        ("site=a", "2026-02-03"),
        ("site=b", "2026-02-04"),
        ("site=b", "2026-02-05"),
    ]


# -- blocks ------------------------------------------------------------------------------------------------------------


def test_a_block_ends_before_its_until_and_every_block_is_a_row():
    blocks = [["2026-02-01", "2026-02-15"], ["2026-03-01", "2026-03-15"], ["2026-05-01", "2026-05-15"]]
    days = on("2026-02-14T23:59", "2026-02-15", "2026-02-20")
    found = attained({"share": "60%", "window": {"blocks": blocks}}, *days)
    assert shown(found) == [
        ("2026-02-01 to 2026-02-15", 1, "met"),
        ("2026-03-01 to 2026-03-15", 0, "no_data"),
        ("2026-05-01 to 2026-05-15", 0, "no_data"),
    ]


def test_a_block_that_the_log_does_not_cover_is_partial_and_one_not_over_provisional():
    blocks = [["2025-12-01", "2026-02-01"], ["2026-02-01", "2026-05-01"]]
    found = attained({"share": "60%", "window": {"blocks": blocks}}, *on("2026-01-05", "2026-02-05"))
    assert [one.status for one in found] == ["partial", "provisional"]


# -- the busiest hour --------------------------------------------------------------------------------------------------


def test_the_busiest_hour_of_a_day_is_the_one_with_most_cases_those_who_gave_up_among_them():
    busy = on("2026-02-02T10:05") + on("2026-02-02T10:15", "2026-02-02T10:50", outcome="cancelled")
    quiet = on("2026-02-02T09:10", "2026-02-02T09:20", outcome="breached")
    left_out = on(*["2026-02-02T15:00"] * 5, outcome="excluded")
    spec = {"share": "60%", "window": {"busiest": "hour", "of": "day"}}
    found = attained(spec, *busy, *quiet, *left_out, first=us("2026-02-02"), as_of=us("2026-02-04"))
    assert shown(found) == [("2026-02-02T10:00", 1, "met"), ("2026-02-03", 0, "no_data")]
    assert found[0].cancelled == 2


def test_of_hours_alike_the_first_is_the_busiest():
    days = on("2026-02-02T09:10") + on("2026-02-02T10:10", outcome="breached")
    spec = {"share": "60%", "window": {"busiest": "hour", "of": "day"}}
    (one,) = attained(spec, *days, first=us("2026-02-02"), as_of=us("2026-02-03"))
    assert (one.window, one.status) == ("2026-02-02T09:00", "met")


def test_while_the_day_goes_on_its_busiest_hour_is_not_known():
    spec = {"share": "60%", "window": {"busiest": "hour", "of": "day"}}
    (one,) = attained(spec, *on("2026-02-02T09:10"), first=us("2026-02-02"), as_of=us("2026-02-02T20:00"))
    assert one.status == "provisional"


# -- census ------------------------------------------------------------------------------------------------------------

WAITING = [
    # begun in January, over its limit on 1 March, ended on 10 March: within at the end of January, and of February
    {"outcome": "breached", "started_at": us("2026-01-10"), "breached_at": us("2026-03-01T00:00:00.000001"), "ended_at": us("2026-03-10")},
    # begun and ended in February: in no census
    {"outcome": "met", "started_at": us("2026-02-03"), "ended_at": us("2026-02-20")},
    # ended in the very instant in which February ends: still open in it
    {"outcome": "met", "started_at": us("2026-02-03"), "ended_at": us("2026-03-01")},
    # never ended, over its limit in the middle of February
    {"outcome": "breached", "started_at": us("2026-01-20"), "breached_at": us("2026-02-15")},
    {"outcome": "open", "started_at": us("2026-03-20")},
    {"outcome": "excluded", "started_at": us("2026-01-20")},
]  # fmt: skip


def test_a_census_counts_what_is_open_at_the_end_of_each_month():
    found = attained({"share": "60%", "window": {"census": "month"}}, *WAITING, as_of=us("2026-04-05"))
    assert [(one.window, one.met, one.breached, one.excluded, one.status) for one in found] == [
        ("2026-01", 2, 0, 1, "met"),
        ("2026-02", 2, 1, 1, "met"),  # 2 of 3
        ("2026-03", 1, 1, 1, "missed"),
        ("2026-04", 1, 1, 1, "provisional"),
    ]


def test_a_census_may_bound_the_backlog():
    found = attained({"count": 2, "of": "judged", "window": {"census": "month"}}, *WAITING)
    assert [one.exact_value for one in found] == [2, 3, 2, 2]
    assert [one.status for one in found] == ["met", "missed", "met", "provisional"]


def test_no_backlog_is_a_figure_where_cases_had_begun_and_silence_where_none_had():
    ended = {"outcome": "met", "started_at": us("2026-02-03"), "ended_at": us("2026-02-20")}
    told = {"first": us("2026-01-01"), "as_of": us("2026-04-05")}
    backlog = {"count": 2, "of": "judged", "window": {"census": "month"}}
    found = attained(backlog, ended, **told)
    assert [(one.window, one.exact_value, one.status) for one in found] == [
        ("2026-01", 0, "no_data"),
        ("2026-02", 0, "met"),
        ("2026-03", 0, "met"),
        ("2026-04", 0, "provisional"),
    ]
    overdue = attained({**backlog, "count": 0, "of": "breached"}, ended, **told)
    assert [one.status for one in overdue] == ["no_data", "met", "met", "provisional"]
    share = attained({"share": "60%", "window": {"census": "month"}}, ended, **told)
    assert [one.status for one in share] == ["no_data"] * 4


def test_a_case_that_begins_at_the_end_of_a_month_has_not_begun_before_it():
    late = {"outcome": "met", "started_at": us("2026-03-01"), "ended_at": us("2026-03-02")}
    found = attained(
        {"count": 2, "of": "judged", "window": {"census": "month"}},
        late,
        first=us("2026-02-01"),
        as_of=us("2026-04-01"),
    )
    assert [(one.window, one.status) for one in found][:2] == [("2026-02", "no_data"), ("2026-03", "met")]


def test_what_is_unknown_or_too_few_decides_no_backlog():
    unknown = {"outcome": "unknown", "started_at": us("2026-02-03")}
    one = {"outcome": "open", "started_at": us("2026-02-03")}
    backlog = {"count": 2, "of": "judged", "window": {"census": "month"}, "min_sample": 2}
    for case in (unknown, one):
        found = attained(backlog, case, first=us("2026-02-01"), as_of=us("2026-03-01"))
        assert [row.status for row in found if row.window == "2026-02"] == ["insufficient"]


def test_a_census_by_segment_is_taken_of_each():
    waiting = [{**one, "segments": {"site": "ab"[place % 2]}} for place, one in enumerate(WAITING)]
    found = attained({"share": "60%", "window": {"census": "month"}, "by": "site"}, *waiting)
    february = {one.segment: (one.met, one.breached) for one in found if one.window == "2026-02"}
    assert february == {"site=a": (2, 0), "site=b": (0, 1)}


def test_a_census_of_nothing_is_no_data():
    found = attained(
        {"share": "60%", "window": {"census": "month"}}, first=us("2026-02-01"), as_of=us("2026-03-02")
    )
    assert shown(found) == [("2026-02", 0, "no_data"), ("2026-03", 0, "no_data")]


# -- clock changes -----------------------------------------------------------------------------------------------------


def test_months_on_both_sides_of_a_clock_change_meet_exactly():
    # London's March ends at 23:00Z, an hour before midnight UTC
    days = on("2026-03-31T22:59:59.999999", "2026-03-31T23:00")
    found = attained(
        {"share": "50%", "window": "month"},
        *days,
        zone=LONDON,
        first=us("2026-03-01"),
        as_of=us("2026-05-01"),
    )
    assert shown(found) == [("2026-03", 1, "met"), ("2026-04", 1, "met")]


# -- what readers see --------------------------------------------------------------------------------------------------


def report_of_a_month():
    """Ten days of calls under two objectives: the first five are broken."""
    import json

    import servstd

    standard = {
        "id": "a", "kind": "respond", "case": "c", "start": "s", "stop": "t", "within": "1 minute",
        "objectives": [{"share": "90%", "window": "day"}, {"p50": "30 seconds", "window": {"rolling": "3 days"}}],
    }  # fmt: skip
    book = servstd.loads(json.dumps({"timezone": "UTC", "standards": [standard]}), format="json")
    rows = []
    for day in range(1, 14):
        rows.append({"time": f"2026-02-{day:02d}T00:00Z", "event": "s", "c": day})
        rows.append({"time": f"2026-02-{day:02d}T00:0{2 if day < 7 else 0}:10Z", "event": "t", "c": day})
    return servstd.evaluate(book, servstd.read_events(rows))


def test_a_standard_with_several_objectives_names_each_above_its_rows():
    lines = str(report_of_a_month()).splitlines()
    first, second = lines.index("  90% a day"), lines.index("  p50 ≤ 30s in any 3 days")
    # 13 days, of which the last is not over; 11 windows of three days, of which the last is not over
    assert lines[first + 1].strip() == "… 6 earlier windows: 6 missed"
    assert second - first == 9
    assert lines[second + 1].split()[:6] == ["…", "4", "earlier", "windows:", "4", "missed"]


def test_the_tables_name_the_objective_of_each_row():
    report = report_of_a_month()
    head = "| standard | objective | window |"
    assert head in report.to_markdown()
    assert report.to_markdown().count("90% a day") == 1
    assert report.to_html().count(">p50 ≤ 30s in any 3 days</td></tr>") == 1


def test_many_windows_of_one_objective_make_one_annotation():
    told = [line for line in report_of_a_month().render("github").splitlines() if line.startswith("::error")]
    # six days, more than five, together; five rolling windows hold two broken days or three: one each
    assert len(told) == 1 + 5
    assert told[0].startswith(
        "::error title=a%3A 90%25 a day::a%0A6 windows, the last of them:%0A2026-02-02: 0 of 1 met"
    )
