"""Budgets: how fast they go, when they run out, what alerts say; maintenance windows and what they left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import inf

import pytest
from unit.results.test_attainment import attained, columns, outcomes, us
from unit.results.test_figures import one_of

import servstd
from servstd.errors import StandardsError
from servstd.rollups import burns_of
from servstd.standards.objective import parse_objective

HOUR = 3_600_000_000


@pytest.mark.parametrize(
    ("share", "numbers", "rate"),
    [
        pytest.param("99%", {"met": 99, "breached": 1}, 1, id="one in a hundred lasts exactly"),
        pytest.param("99%", {"met": 95, "breached": 5}, 5, id="five times as fast"),
        pytest.param("99%", {"met": 9}, 0, id="nothing used"),
        pytest.param("100%", {"met": 9, "breached": 1}, inf, id="a breach where none may be"),
        pytest.param("100%", {"met": 9}, 0, id="none where none may be"),
        pytest.param("99%", {"open": 9}, None, id="nothing judged"),
    ],
)
def test_the_burn_rate_is_used_over_allowed(share, numbers, rate):
    assert one_of({"share": share}, *outcomes(**numbers)).burn_rate == rate


def test_an_infinite_rate_is_written_as_text():
    assert one_of({"share": "100%"}, *outcomes(breached=1)).to_dict()["burn_rate"] == "infinite"


def test_other_figures_have_no_burn_rate():
    assert one_of({"count": 1}, *outcomes(breached=1)).burn_rate is None


@pytest.mark.parametrize(
    ("numbers", "day"),
    [
        # March has 31 days; at twice the rate the budget lasts for 15.5 of them
        pytest.param({"met": 98, "breached": 2}, "2026-03-16T12:00", id="twice as fast"),
        pytest.param({"met": 99, "breached": 1}, None, id="it lasts exactly"),
        pytest.param({"met": 99}, None, id="nothing used"),
    ],
)
def test_when_the_budget_of_a_running_month_is_used_up(numbers, day):
    verdicts = [{**one, "started_at": us("2026-03-05")} for one in outcomes(**numbers)]
    found = attained("99% a month", *verdicts, first=us("2026-03-01"), as_of=us("2026-03-10"))
    march = next(one for one in found if one.window == "2026-03")
    expected = None if day is None else datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert (march.status, march.runs_out_at) == ("provisional", expected)


def test_a_month_that_is_over_runs_out_no_more():
    (one,) = [one for one in attained("99% a month", *outcomes(met=1, breached=1)) if one.judged]
    assert (one.status, one.runs_out_at) == ("missed", None)


# -- alerts ------------------------------------------------------------------------------------------------------------

AS_OF = us("2026-03-20T12:00")


def at(minutes, outcome):
    return {"outcome": outcome, "started_at": AS_OF - minutes * 60_000_000}


def burning(alert, *verdicts, **more):
    spec = {"share": "99.9%", "window": {"rolling": "30 days"}, "alerts": [alert], **more}
    made = columns(*verdicts)
    return list(
        burns_of("s", parse_objective(spec), made, range(len(verdicts)), timezone="UTC", as_of_us=AS_OF)
    )


FAST = {"long": "1 hour", "short": "5 minutes", "budget": "2%"}


def test_the_threshold_is_that_of_the_workbook():
    # The Site Reliability Workbook, table 5-8: 2 % in an hour of 30 days is 14.4, 5 % in 6 hours is 6, 10 % in 3 days is 1
    for long, budget, factor in [("1 hour", "2%", "14.4"), ("6 hours", "5%", "6"), ("3 days", "10%", "1")]:
        (one,) = burning({"long": long, "short": "5 minutes", "budget": budget}, at(1, "met"))
        assert one.factor == Fraction(factor)


@pytest.mark.parametrize(
    ("verdicts", "is_burning"),
    [
        # of 100, two breached are a burn rate of 20 at 99.9 %
        pytest.param([at(30, "met")] * 98 + [at(2, "breached")] * 2, True, id="it burns, and goes on"),
        pytest.param(
            [at(30, "met")] * 98 + [at(20, "breached")] * 2 + [at(1, "met")] * 9, False, id="it is over"
        ),
        pytest.param([at(30, "met")] * 998 + [at(2, "breached")] * 2, False, id="it matters little"),
        pytest.param([at(30, "breached")] * 9, False, id="nothing in the short stretch"),
        # one of 100 is a burn rate of 10, and what was breached an hour ago would make it 92
        pytest.param(
            [at(60, "breached")] * 9 + [at(30, "met")] * 99 + [at(2, "breached")],
            False,
            id="an hour ago lies outside",
        ),
        pytest.param(
            [at(5, "breached")] * 2 + [at(30, "met")] * 98 + [at(1, "met")],
            False,
            id="five minutes ago lie outside",
        ),
        pytest.param([at(30, "met")] * 98 + [at(0, "breached")] * 2, True, id="now lies inside"),
        pytest.param(
            [at(30, "met")] * 98 + [at(1, "met")] + [at(-1, "breached")] * 2,
            False,
            id="what comes lies outside",
        ),
        pytest.param([], False, id="nothing at all"),
    ],
)
def test_an_alert_looks_back_twice(verdicts, is_burning):
    (one,) = burning(FAST, *verdicts)
    assert one.is_burning is is_burning


def test_each_segment_has_its_own_alert():
    verdicts = [{**at(1, "breached"), "segments": {"site": "a"}}, {**at(1, "met"), "segments": {"site": "b"}}]
    assert {one.segment: one.is_burning for one in burning(FAST, *verdicts, by="site")} == {
        "site=a": True,
        "site=b": False,
    }


def test_a_breach_where_none_may_be_burns_at_once():
    verdicts = [at(1, "breached")]
    (one,) = burning(
        {"long": "1 hour", "short": "5 minutes", "factor": 14.4}, *verdicts, share="100%", window="all"
    )
    assert (one.is_burning, one.to_dict()["long_rate"]) == (True, "infinite")


NEVER_ANSWERED = """
servstd: 1
timezone: UTC
case: ticket
standards:
- {{id: reply, kind: respond, start: asked, stop: answered, within: 4 hours,
   objective: {{share: 99%, window: month, dated_by: {dated_by}, alerts: [{{long: 1 day, short: {short}, factor: 2}}]}}}}
"""


@pytest.mark.parametrize(
    ("dated_by", "short", "codes", "is_burning"),
    [
        # one asked every ten minutes for a day, none answered: each is broken four hours after its start
        pytest.param("start", "2 hours", ["SV545"], False, id="no case so young can be broken"),
        pytest.param("start", "4 hours", ["SV545"], False, id="nor one as old as its limit"),
        pytest.param("start", "5 hours", [], True, id="older ones can"),
        pytest.param("end", "2 hours", [], True, id="breaches of the last two hours"),
    ],
)
def test_the_lint_names_the_alert_that_cannot_go_off(dated_by, short, codes, is_burning):
    began = datetime(2026, 3, 2, tzinfo=UTC)
    rows = [{"ticket": n, "event": "asked", "time": began + timedelta(minutes=10 * n)} for n in range(24 * 6)]
    book = servstd.loads(NEVER_ANSWERED.format(dated_by=dated_by, short=short))
    report = servstd.evaluate(
        book, servstd.read_events(rows, time="time", event="event"), as_of=began + timedelta(days=1)
    )
    assert [one.code for one in book.lint()] == codes
    assert [one.is_burning for one in report.burns] == [is_burning]


@pytest.mark.parametrize(
    ("alert", "more", "code"),
    [
        pytest.param({"long": "1 hour", "short": "5 minutes"}, {}, "SV610", id="no threshold"),
        pytest.param({**FAST, "factor": 2}, {}, "SV610", id="two thresholds"),
        pytest.param({**FAST, "short": "1 hour"}, {}, "SV610", id="as long as the long one"),
        pytest.param({**FAST, "short": "0 minutes"}, {}, "SV610", id="no length"),
        pytest.param({**FAST, "budget": "0%"}, {}, "SV610", id="no part of the budget"),
        pytest.param({"long": "1 hour", "short": "5 minutes", "factor": "fast"}, {}, "SV610", id="no rate"),
        pytest.param(FAST, {"window": "all"}, "SV604", id="a part of a budget that lasts for ever"),
        pytest.param(FAST, {"share": None, "count": 3}, "SV604", id="a count does not burn"),
    ],
)
def test_alerts_that_cannot_be_meant_are_refused(alert, more, code):
    spec = {"share": "99%", "window": "month", "alerts": [alert], **more}
    with pytest.raises(StandardsError) as failure:
        parse_objective({name: value for name, value in spec.items() if value is not None})
    assert [problem.code for problem in failure.value.problems] == [code]


# -- maintenance -------------------------------------------------------------------------------------------------------

PATCHING = {"rrule": "FREQ=WEEKLY;BYDAY=SU", "at": "02:00", "lasts": "4 hours"}


def book_of(during=PATCHING, **more):
    standard = {
        "id": "a", "kind": "respond", "case": "c", "start": "s", "stop": "t", "within": "1 hour",
        "exclude": [{"during": during, "reason": "maintenance", **more}],
    }  # fmt: skip
    return servstd.loads(json.dumps({"timezone": "Europe/London", "standards": [standard]}), format="json")


def report_of(book, *told):
    """Evaluate cases: (case, local start in London, minutes)."""
    rows = [
        {"time": "2026-03-20T12:00Z", "event": "log.began"},
        {"time": "2026-04-10T12:00Z", "event": "log.ended"},
    ]
    for case, start, minutes in told:
        begun = datetime.fromisoformat(start).replace(tzinfo=UTC)
        rows.append({"time": begun.isoformat(), "event": "s", "c": case})
        rows.append({"time": (begun + timedelta(minutes=minutes)).isoformat(), "event": "t", "c": case})
    return servstd.evaluate(book, servstd.read_events(rows))


def test_windows_that_come_round_leave_out_what_ran_in_them_and_say_so():
    # 22 March 2026 is a Sunday, and so is 5 April; from the 29th on London is an hour ahead of UTC
    report = report_of(
        book_of(),
        ("in", "2026-03-22T02:30", 90),
        (
            "before",
            "2026-03-22T00:30",
            90,
        ),  # ends at 02:00, when the window begins: it touches, and did not run in it
        ("summer", "2026-04-05T01:30", 90),  # 02:30 in London
        ("monday", "2026-03-23T02:30", 90),
    )
    outcomes_found = {one.case: one.outcome for one in report.verdicts}
    assert outcomes_found == {
        "in": "excluded",
        "before": "breached",
        "summer": "excluded",
        "monday": "breached",
    }
    # Sundays in the log: 22 and 29 March, 5 April, 4 hours each
    note = next(note for note in report.notes if note.startswith("a: "))
    assert note.startswith("a: 2 verdicts left out (maintenance) by the 4 hours from 02:00")
    assert note.endswith("3 stretches, 12h in all")


def test_windows_that_come_round_may_hold_the_clock():
    report = report_of(book_of(effect="pause"), ("over", "2026-03-22T01:30", 330))
    # 01:30 to 07:00 is 5h 30m, of which 02:00 to 06:00 do not count
    assert [(one.outcome, one.elapsed, one.paused) for one in report.verdicts] == [
        ("breached", 90 * 60_000_000, 4 * HOUR)
    ]
    assert "clocks held (maintenance)" in "\n".join(report.notes)


@pytest.mark.parametrize(
    "during",
    [
        pytest.param({**PATCHING, "rrule": "FREQ=HOURLY"}, id="hours are no dates"),
        pytest.param({**PATCHING, "lasts": "0 minutes"}, id="no length"),
        pytest.param({"rrule": PATCHING["rrule"]}, id="nobody says how long"),
        pytest.param({**PATCHING, "at": "25 o'clock"}, id="no clock time"),
        pytest.param({**PATCHING, "match": ["site"]}, id="dates carry no fields"),
        pytest.param({"from": "a", "to": "b", "lasts": "1 hour"}, id="two sorts of windows"),
        pytest.param({**PATCHING, "from": "a", "to": "b"}, id="two sources"),
        pytest.param({**PATCHING, "timezone": "Europe/Lodnon"}, id="an unknown zone"),
    ],
)
def test_windows_that_cannot_come_round_are_refused(during):
    with pytest.raises(StandardsError):
        book_of(during)


def test_dates_without_a_zone_are_refused_when_the_book_is_loaded():
    standard = {
        "id": "a",
        "kind": "respond",
        "case": "c",
        "start": "s",
        "stop": "t",
        "within": "1 hour",
        "exclude": [{"during": PATCHING}],
    }
    with pytest.raises(StandardsError) as failure:
        servstd.loads(json.dumps({"standards": [standard]}), format="json")
    assert [(one.code, one.path) for one in failure.value.problems] == [
        ("SV611", "standards[0].exclude[0].during")
    ]


def test_a_month_of_which_the_log_lacks_the_beginning_has_no_projection():
    """One of two is breached by the 10th where a tenth may be: used up five times too fast, since when nobody knows."""
    book = servstd.loads(
        "case: id\ntimezone: UTC\nstandards: [{id: s, kind: check, event: e, expect: {ok: true}, objective: 90% a month}]"
    )
    rows = [
        {"time": f"2026-03-{day}T09:00Z", "event": "e", "id": day, "ok": day == "08"} for day in ("08", "10")
    ]
    before = [{"time": "2026-02-27T09:00Z", "event": "e", "id": "0", "ok": True}]

    def of_march(told):
        found = servstd.evaluate(book, servstd.read_events(told, time="time", event="event")).attainments
        return next(row for row in found if row.window == "2026-03")

    cut = of_march(rows)
    assert (cut.status, cut.burn_rate, cut.runs_out_at) == ("provisional", 5, None)
    # A fifth of 31 days after the first of March: 6 days and 4.8 hours.
    whole = of_march(before + rows)
    assert (whole.status, whole.runs_out_at) == ("provisional", datetime(2026, 3, 7, 4, 48, tzinfo=UTC))
