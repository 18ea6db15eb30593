"""Deciding on an end of an interval, and not at all: figures of published tables and of other libraries."""

from __future__ import annotations

import json

import pytest
from unit.results.test_attainment import attained, outcomes
from unit.results.test_figures import ended, one_of

import servstd
from servstd.errors import StandardsError
from servstd.standards.objective import parse_objective


def wilson(side, **more):
    return {"interval": "wilson", "side": side, **more}


# The one-sided Wilson ends at 95% of 18 of 20 are those of a two-sided interval of 90%: 0.7383, 0.9663 (scipy.stats.binomtest).
@pytest.mark.parametrize(
    ("share", "side", "status"),
    [
        ("73%", "adverse", "met"),
        ("74%", "adverse", "missed"),
        ("96%", "favourable", "met"),
        ("97%", "favourable", "missed"),
    ],
)
def test_a_share_is_decided_on_the_end_that_was_asked_for(share, side, status):
    one = one_of({"share": share, "decide_on": wilson(side)}, *outcomes(met=18, breached=2))
    assert one.status == status
    assert (one.low, one.high) == pytest.approx((0.7383, 0.9663), abs=1e-4)
    assert side in one.why


def test_the_exact_interval_is_wider_than_wilsons():
    # the exact one-sided lower end of 18 of 20 at 95% is the 5% quantile of Beta(18, 3): 0.7174 (scipy.stats.beta)
    spec = {"share": "73%", "decide_on": {"interval": "exact", "side": "adverse"}}
    one = one_of(spec, *outcomes(met=18, breached=2))
    assert one.status == "missed"
    assert one.low == pytest.approx(0.7174, abs=5e-4)


def test_a_rate_is_at_most_so_its_adverse_end_is_the_upper_one():
    # 2 of 20 breached: between 0.0337 and 0.2617, as the complement of 18 of 20
    numbers = outcomes(met=18, breached=2)
    for side, bound, status in [
        ("adverse", "26 per 100", "missed"),
        ("adverse", "27 per 100", "met"),
        ("favourable", "4 per 100", "met"),
        ("favourable", "3 per 100", "missed"),
    ]:
        assert one_of({"rate": bound, "decide_on": wilson(side)}, *numbers).status == status


def test_a_mean_is_decided_on_students_interval():
    # 1 to 5 minutes: mean 3, s = sqrt(2.5), t(4; 0.95) = 2.132: 3 -/+ 1.5075
    verdicts = ended(1, 2, 3, 4, 5)
    spec = {"interval": "t", "confidence": "95%"}
    one = one_of({"mean": "2 minutes", "decide_on": {**spec, "side": "favourable"}}, *verdicts)
    assert (one.low / 6e7, one.high / 6e7) == pytest.approx((1.4925, 4.5075), abs=1e-3)
    assert one.status == "met"
    assert (
        one_of({"mean": "4 minutes", "decide_on": {**spec, "side": "adverse"}}, *verdicts).status == "missed"
    )


def test_one_case_has_no_interval_around_its_mean():
    one = one_of({"mean": "2 minutes", "decide_on": {"interval": "t", "side": "adverse"}}, *ended(1))
    assert (one.status, one.why) == ("insufficient", "one case has no interval")


def test_nothing_judged_decides_nothing_whatever_the_interval():
    (one,) = attained({"share": "95%", "window": "all", "decide_on": wilson("favourable")})
    assert one.status == "no_data"


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        pytest.param({"share": "95%", "decide_on": {"interval": "wilson"}}, "SV104", id="without a side"),
        pytest.param({"share": "95%", "decide_on": wilson("both")}, "SV161", id="a side that is none"),
        pytest.param(
            {"share": "95%", "decide_on": wilson("adverse", confidence="100%")}, "SV608", id="certainty"
        ),
        pytest.param(
            {"share": "95%", "decide_on": wilson("adverse", confidence="5%")}, "SV608", id="less than chance"
        ),
        pytest.param(
            {"share": "95%", "decide_on": {"interval": "t", "side": "adverse"}}, "SV604", id="t of a share"
        ),
        pytest.param({"p90": "1 hour", "decide_on": wilson("adverse")}, "SV604", id="a percentile"),
        pytest.param(
            {"share": "95%", "weight": "$n", "decide_on": wilson("adverse")}, "SV604", id="a weighted share"
        ),
        pytest.param({"share": "100%", "decide_on": wilson("adverse")}, "SV603", id="all, surely"),
    ],
)
def test_intervals_that_cannot_be_meant_are_refused(spec, code):
    with pytest.raises(StandardsError) as failure:
        parse_objective({"window": "all", **spec})
    assert [problem.code for problem in failure.value.problems] == [code]


# -- no objective ------------------------------------------------------------------------------------------------------


def report_of(*standards):
    every = {"kind": "respond", "case": "c", "start": "s", "stop": "t", "within": "1 hour"}
    book = {"standards": [{**every, **one} for one in standards]}
    log = servstd.read_events(
        [
            {"time": "2026-03-02T09:00Z", "event": "s", "c": 1},
            {"time": "2026-03-02T09:30Z", "event": "t", "c": 1},
        ]
    )
    return servstd.evaluate(servstd.loads(json.dumps(book), format="json"), log)


def test_a_standard_without_a_promise_is_measured_and_decides_nothing():
    report = report_of({"id": "a", "objective": "none"}, {"id": "b"})
    assert [one.standard for one in report.attainments] == ["b"]
    assert report.met
    assert "Met: 1 standard of 1." in str(report)
    assert "measured and not judged: a (1 met)" in str(report)


def test_a_book_of_measures_alone_is_never_green():
    report = report_of({"id": "a", "objective": "none"})
    assert not report.met
    assert not report.is_decided


def test_none_keeps_its_spelling_and_stands_alone():
    report = report_of({"id": "a", "objective": "none"})
    assert "objective: none" in report.book.to_yaml()
    assert servstd.loads(report.book.to_yaml()) == report.book
    with pytest.raises(StandardsError) as failure:
        report_of({"id": "a", "objectives": ["none", "95% a month"]})
    assert "SV112" in {problem.code for problem in failure.value.problems}


def test_a_reading_may_bring_its_own_objective():
    readings = {"strict": {"objective": "100% overall"}, "lenient": {"objective": "50% overall"}}
    report = report_of({"id": "a", "readings": readings, "reading": "lenient"})
    assert [one.objective for one in report.attainments] == ["50% overall"]
