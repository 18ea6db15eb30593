"""The attainment curve of a report: what is open counts, and every limit is answered by one evaluation."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

import servstd
from servstd.errors import EvaluationError, StandardsError, StatisticsError
from servstd.planning.picture import MOST_POINTS, thinned

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = 3_600_000_000


def reported(rows, *, as_of=None, calendars=(), **standard):
    """Judge rows of (case, minute, event, fields) by one standard."""
    told = {
        "id": "reply",
        "kind": "respond",
        "case": "id",
        "start": "asked",
        "stop": "answered",
        "within": "1 hour",
    }
    book = servstd.loads(
        json.dumps({"timezone": "UTC", "calendars": dict(calendars), "standards": [told | standard]}),
        format="json",
    )
    log = servstd.read_events(
        [
            {"id": case, "time": NINE + timedelta(minutes=minute), "event": event}
            | (fields[0] if fields else {})
            for case, minute, event, *fields in rows
        ],
        time="time",
        event="event",
    )
    return servstd.evaluate(book, log, as_of=None if as_of is None else NINE + timedelta(minutes=as_of))


def answered_after(*minutes):
    return [
        row
        for case, minute in enumerate(minutes, start=1)
        for row in ((case, 0, "asked"), *([(case, minute, "answered")] if minute is not None else []))
    ]


@pytest.mark.parametrize("seed", range(4))
def test_one_evaluation_answers_for_every_limit(seed):
    """Where all have ended, the share within a limit is what a book with that limit would have attained."""
    rng = random.Random(seed)
    rows = answered_after(*(rng.randint(1, 300) for _ in range(40)))
    curve = reported(rows).curve("reply")
    for minutes in (1, 17, 60, 120, 299, 300, 1000):
        [told] = reported(rows, within=f"{minutes} minutes").attainments
        assert curve.share_within(f"{minutes} minutes").share == told.met / told.judged


def test_the_limit_for_a_share_makes_a_book_that_attains_it():
    rows = answered_after(*range(1, 101))
    limit = reported(rows).curve("reply").limit_for(share="95%")
    assert limit.limit == 95 * 60_000_000
    [kept] = reported(rows, within="95 minutes", objective="95% overall").attainments
    [missed] = reported(rows, within="94 minutes", objective="95% overall").attainments
    assert (kept.status, missed.status) == ("met", "missed")


def test_the_interval_is_that_of_the_ranks():
    limit = reported(answered_after(*range(1, 101))).curve("reply").limit_for(share="90%")
    assert (limit.low, limit.high) == (
        84 * 60_000_000,
        96 * 60_000_000,
    )  # scipy: binom(100, 0.9), 2.5 % on each side
    assert str(limit) == "90% within 1h 30m (95% interval: 1h 24m to 1h 36m; 100 verdicts, 0 of them open)"


def test_open_cases_are_not_left_out():
    """Three answered in 10, 20, 30 minutes; seven asked at the same time and still open after two hours, all broken."""
    report = reported(answered_after(10, 20, 30, *[None] * 7), as_of=120)
    curve = report.curve("reply")
    assert (len(curve.ended), len(curve.waiting)) == (3, 7)
    assert curve.share_within("30 minutes").share == pytest.approx(0.3)
    assert curve.limit_for("50%").limit is None
    assert "too many are open" in str(curve.limit_for("50%"))


def test_what_is_open_and_not_yet_due_counts_as_long_as_it_was_seen():
    """1 − (4/5)(2/3): one of five answered at 10, one left sight at 15 still open, one of three answered at 20."""
    rows = [*answered_after(10, 20, 50, 50), (5, 35, "asked")]
    curve = reported(rows, as_of=50).curve("reply")
    assert curve.waiting == (15 * 60_000_000,)
    assert curve.share_within("20 minutes").share == pytest.approx(1 - 4 / 5 * 2 / 3)


def test_a_case_that_was_broken_and_then_cancelled_was_never_answered():
    rows = [*answered_after(10, None), (2, 90, "withdrawn"), (1, 95, "note")]
    curve = reported(rows, cancel="withdrawn").curve("reply")
    assert (curve.ended, curve.waiting) == ((10 * 60_000_000,), (90 * 60_000_000,))


def test_cancelled_and_excluded_verdicts_stand_beside():
    rows = [*answered_after(10, None, 20), (2, 30, "withdrawn"), (3, 30, "note", {"cause": "customer"})]
    curve = reported(
        rows, cancel="withdrawn", exclude=[{"when": {"cause": "customer"}, "reason": "customer"}]
    ).curve("reply")
    assert (len(curve.ended), len(curve.waiting)) == (1, 0)
    assert curve.left_out == {"cancelled": 1, "excluded": 1, "unknown": 0}
    assert "1 cancelled left out, 1 excluded left out" in str(curve)


def test_time_is_that_of_the_standards_calendar():
    office = {"timezone": "UTC", "hours": {"mon-fri": "09:00-17:00"}}
    rows = [(1, 0, "asked"), (1, 24 * 60 + 30, "answered")]
    assert reported(rows, calendars={"office": office}, calendar="office").curve("reply").ended == (
        8 * HOUR + HOUR // 2,
    )


def test_days_are_counted_and_limits_are_days():
    rows = answered_after(*(24 * 60 * days for days in (1, 2, 3, 4)))
    curve = reported(rows, within="2 days").curve("reply")
    assert curve.unit == "dates"
    assert curve.limit_for("75%").limit == 3
    assert str(curve.limit_for("75%")).startswith("75% within 3 days")
    assert curve.share_within(2).share == 0.5
    with pytest.raises(StatisticsError, match="SV682"):
        curve.share_within("2 hours")


def test_only_some_cases():
    rows = [
        (case, minute, event, {"region": "North" if case < 3 else "South"})
        for case, minute, event in answered_after(10, 20, 90, 100)
    ]
    report = reported(rows)
    assert report.curve("reply", where={"region": "North"}).ended == (10 * 60_000_000, 20 * 60_000_000)
    assert report.curve("reply", where={"outcome": "breached", "region": "South"}).cases == 2
    assert report.curve("reply", where={"hour_of_week": "Mon 09:00"}).cases == 4


def test_shares_as_numbers_and_as_text_are_the_same():
    curve = reported(answered_after(*range(1, 21))).curve("reply")
    assert (
        curve.limit_for("90%").limit == curve.limit_for(0.9).limit == curve.limit_for(Fraction(9, 10)).limit
    )
    assert curve.limit_for("90%", confidence="80%").low >= curve.limit_for("90%").low


def test_it_is_data_text_and_a_picture():
    curve = reported(answered_after(10, 20, None, 40), as_of=60, title="Reply <soon>").curve("reply")
    told = json.loads(json.dumps(curve.to_dict()))
    assert told["cases"] == 4
    assert told["points"][0] == [600_000_000, 0.25]
    assert [row["share"] for row in told["limits"]] == [0.5, 0.8, 0.9, 0.95, 0.99]
    assert "Reply &lt;soon&gt;" in curve._repr_html_()
    vega = curve.to_vega()
    assert [value["limit"] for value in vega["data"]["values"]] == pytest.approx([1 / 6, 1 / 3, 2 / 3])
    assert all(value["low"] <= value["share"] <= value["high"] for value in vega["data"]["values"])


def test_altair_takes_the_picture():
    alt = pytest.importorskip("altair")
    chart = reported(answered_after(10, 20, 40)).curve("reply").to_altair()
    assert isinstance(chart, alt.LayerChart)


def test_a_picture_has_no_more_points_than_can_be_seen():
    assert len(thinned(list(range(100_000)))) == MOST_POINTS
    assert thinned([1, 2]) == [1, 2]


@pytest.mark.parametrize(
    ("call", "error", "code"),
    [
        (lambda report: report.curve("repply"), EvaluationError, "write `reply`"),
        (lambda report: report.curve("reply", where={"regoin": "x"}), EvaluationError, "SV685"),
        (lambda report: report.curve("reply", where={"id": "7"}), EvaluationError, "SV680"),
        (lambda report: report.curve("reply").limit_for("95"), StandardsError, "SV153"),
        (lambda report: report.curve("reply").limit_for(95), StatisticsError, "SV673"),
        (lambda report: report.curve("reply").share_within(60), StatisticsError, "SV682"),
        (lambda report: report.curve("reply").share_within("60"), StandardsError, "SV120"),
    ],
)
def test_bad_questions_are_told(call, error, code):
    with pytest.raises(error, match=code):
        call(reported(answered_after(10)))


def test_a_standard_that_demands_at_least_so_much_has_no_such_curve():
    book = servstd.loads(
        "timezone: UTC\nstandards: [{id: bills, kind: quantity, case: id, count: bill, at_least: 2, ends: closed}]"
    )
    rows = [{"id": 1, "time": NINE, "event": "bill"}, {"id": 1, "time": NINE, "event": "closed"}]
    with pytest.raises(EvaluationError, match="SV681"):
        servstd.evaluate(book, servstd.read_events(rows, time="time", event="event")).curve("bills")


def test_an_indicator_has_a_curve_before_any_limit_is_promised():
    book = servstd.loads(
        "timezone: UTC\nindicators: [{id: speed, kind: respond, case: id, start: asked, stop: answered}]\n"
        "standards: [{id: reply, kind: respond, case: id, start: asked, stop: answered, within: 1 hour}]"
    )
    rows = [
        {
            "id": case,
            "time": NINE + timedelta(minutes=minute),
            "event": event,
            "region": "N" if case < 3 else "S",
        }
        for case, minute, event in answered_after(10, 20, None, 40)
    ]
    report = servstd.evaluate(book, servstd.read_events(rows, time="time", event="event"))
    curve = report.curve("speed")
    assert (curve.ended, curve.waiting) == (report.curve("reply").ended, report.curve("reply").waiting)
    assert report.curve("speed", where={"region": "N"}).cases == 2
