"""Two periods: their figures, their difference, and whether chance would explain it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

import servstd
from servstd.errors import EvaluationError, StandardsError, StatisticsError
from servstd.statistics.differences import difference_of_means, difference_of_medians, difference_of_shares

MONTH = 60 * 24 * 30
MINUTE = 60_000_000
NAIVE = datetime(2026, 3, 1)  # noqa: DTZ001 - to be refused


def cases(start, *minutes):
    return [
        row
        for number, minute in enumerate(minutes)
        for row in ((f"{start}-{number}", start, "asked"), (f"{start}-{number}", start + minute, "answered"))
    ]


BEFORE, AFTER = [30] * 60 + [90] * 40, [30] * 90 + [90] * 10
ROWS = [*cases(0, *BEFORE), *cases(MONTH, *AFTER)]
"""100 asked on 2 March 2026, 60 of them answered in time; 100 on 1 April, 90 of them."""


def test_shares_differ_by_newcombes_interval(judge):
    found = judge(ROWS).compare_periods("reply", "2026-03", "2026-04")
    assert (found.before.met, found.before.judged, found.after.met, found.after.judged) == (60, 100, 90, 100)
    assert found.difference == difference_of_shares((60, 100), (90, 100))
    assert found.is_clear
    assert str(found) == (
        "reply, share met: 2026-03 60.0% (100 verdicts) → 2026-04 90.0% (100 verdicts). "
        "+30.0 points (95% interval +18.3 to +40.8): more than chance."
    )


@pytest.mark.parametrize(("of", "theirs"), [("mean", difference_of_means), ("median", difference_of_medians)])
def test_times_differ_by_their_own_intervals(judge, of, theirs):
    found = judge(ROWS).compare_periods("reply", "2026-03", "2026-04", of=of, confidence="90%")
    one, other = ([minute * MINUTE for minute in side] for side in (BEFORE, AFTER))
    assert found.unit == "time"
    assert found.difference == theirs(one, other, confidence=0.9)
    assert found.after.value == (36 if of == "mean" else 30) * MINUTE


def test_a_small_difference_is_chance(judge):
    rows = [*cases(0, *[30] * 8, 90, 90), *cases(MONTH, *[30] * 9, 90)]
    found = judge(rows).compare_periods("reply", "2026-03", "2026-04")
    assert not found.is_clear
    assert "chance would explain it" in str(found)


def test_open_cases_stand_beside(judge):
    rows = [*ROWS, ("late", MONTH + 95, "asked")]
    found = judge(rows, as_of=MONTH + 100).compare_periods("reply", "2026-03", "2026-04")
    assert (found.after.judged, found.after.open) == (100, 1)
    assert "1 open" in str(found)


def test_a_median_rests_on_what_has_ended_and_says_how_much_has_not(judge):
    rows = [
        *cases(0, 10, 20, 30),
        *cases(MONTH, 10, 20, 30),
        ("late", MONTH, "asked"),
        ("later", MONTH + 290, "asked"),
    ]
    found = judge(rows, as_of=MONTH + 300).compare_periods("reply", "2026-03", "2026-04", of="median")
    assert (found.after.judged, found.after.cases, found.after.open) == (4, 3, 2)
    assert (found.after.value, found.difference.value) == (20 * MINUTE, 0)
    assert "2026-04 20m (3 verdicts, 2 open)" in str(found)


def test_an_empty_period_says_nothing(judge):
    found = judge(ROWS).compare_periods("reply", "2025", "2026-04")
    assert (found.before.judged, found.before.value, found.difference, found.is_clear) == (
        0,
        None,
        None,
        False,
    )
    assert "Too little to compare" in str(found)
    assert judge(ROWS).compare_periods("reply", "2025", "2026-04", of="median").difference is None


@pytest.mark.parametrize(
    ("spec", "start", "end"),
    [
        ("2026", (2026, 1, 1), (2027, 1, 1)),
        ("2026-Q4", (2026, 10, 1), (2027, 1, 1)),
        ("2026-12", (2026, 12, 1), (2027, 1, 1)),
        ("2026-W01", (2025, 12, 29), (2026, 1, 5)),
        ("2026-02-28", (2026, 2, 28), (2026, 3, 1)),
        ("2025-11..2026-01", (2025, 11, 1), (2026, 2, 1)),
        ("2026-02-27..2026-W10", (2026, 2, 27), (2026, 3, 9)),
    ],
)
def test_periods_are_named_as_windows_are(judge, spec, start, end):
    found = judge(ROWS).compare_periods("reply", spec, "2030")
    assert (found.before.start, found.before.end) == (
        datetime(*start, tzinfo=UTC),
        datetime(*end, tzinfo=UTC),
    )


def test_months_begin_in_the_standards_zone(judge):
    """1 April begins in London an hour before UTC's."""
    calendars = {"desk": {"timezone": "Europe/London", "hours": {"mon-sun": "00:00-24:00"}}}
    found = judge(ROWS, calendars=calendars, calendar="desk").compare_periods("reply", "2026-03", "2026-04")
    assert found.before.end == found.after.start == datetime(2026, 3, 31, 23, tzinfo=UTC)


def test_what_begins_with_a_month_is_in_it_and_not_in_the_one_before(judge):
    midnight = MONTH - 9 * 60  # 1 April, 00:00
    found = judge([*cases(0, 10, 20), *cases(midnight, 10, 20)]).compare_periods(
        "reply", "2026-03", "2026-04"
    )
    assert (found.before.judged, found.after.judged) == (2, 2)


def test_instants_are_taken_as_they_are(judge):
    cut = datetime(2026, 3, 15, tzinfo=UTC)
    found = judge(ROWS).compare_periods(
        "reply", (cut - timedelta(days=30), cut), (cut, cut + timedelta(days=30))
    )
    assert (found.before.judged, found.after.judged) == (100, 100)


def test_only_some_cases(judge):
    rows = [
        (case, minute, event, {"region": "North" if case.endswith("0") else "South"})
        for case, minute, event in ROWS
    ]
    found = judge(rows).compare_periods("reply", "2026-03", "2026-04", where={"region": "North"})
    assert (found.before.judged, found.after.judged) == (10, 10)


def test_it_is_data_and_markup(judge):
    found = judge(ROWS).compare_periods("reply", "2026-03", "2026-04")
    told = json.loads(json.dumps(found.to_dict()))
    assert told["before"]["start"] == "2026-03-01T00:00:00Z"
    assert told["difference"] == pytest.approx(0.3)
    assert "&lt;" not in found._repr_html_()
    assert "more than chance" in found._repr_html_()


@pytest.mark.parametrize(
    ("call", "error", "code"),
    [
        (
            lambda report: report.compare_periods("repply", "2026-03", "2026-04"),
            EvaluationError,
            "write `reply`",
        ),
        (lambda report: report.compare_periods("reply", "2026-13", "2026-04"), EvaluationError, "SV684"),
        (lambda report: report.compare_periods("reply", "2026-04-31", "2026-05"), EvaluationError, "SV684"),
        (lambda report: report.compare_periods("reply", "2026-W54", "2026-05"), EvaluationError, "SV684"),
        (lambda report: report.compare_periods("reply", "March", "2026-04"), EvaluationError, "SV684"),
        (
            lambda report: report.compare_periods("reply", "2026-04..2026-03", "2025"),
            EvaluationError,
            "SV684",
        ),
        (lambda report: report.compare_periods("reply", "2026", "2026-04"), EvaluationError, "overlap"),
        (
            lambda report: report.compare_periods("reply", "2026-03", "2026-04", of="p90"),
            StatisticsError,
            "SV674",
        ),
        (
            lambda report: report.compare_periods("reply", "2026-03", "2026-04", confidence=95),
            StatisticsError,
            "SV673",
        ),
        (
            lambda report: report.compare_periods("reply", "2026-03", "2026-04", confidence="95"),
            StandardsError,
            "SV153",
        ),
        (
            lambda report: report.compare_periods("reply", "2026-03", "2026-04", where={"x": ""}),
            EvaluationError,
            "SV685",
        ),
        (
            lambda report: report.compare_periods("reply", (NAIVE, NAIVE), "2025"),
            servstd.CalendarError,
            "SV201",
        ),
    ],
)
def test_bad_questions_are_told(judge, call, error, code):
    with pytest.raises(error, match=code):
        call(judge(ROWS))
