from __future__ import annotations

import json
from fractions import Fraction

import pytest

import servstd
from servstd.errors import StandardsError
from servstd.standards import Respond
from servstd.standards.bound import Bound
from servstd.standards.objective import Objective, parse_objective
from servstd.standards.window import parse_window


@pytest.mark.parametrize(
    ("text", "share", "is_strict", "window"),
    [
        ("95% a month", "95/100", False, "month"),
        ("80% per day", "80/100", False, "day"),
        ("97.5 % each quarter", "975/1000", False, "quarter"),
        ("99% weekly", "99/100", False, "week"),
        ("at least 90% yearly", "90/100", False, "year"),
        ("100% overall", "1", False, "all"),
        ("more than 99% a week", "99/100", True, "week"),
    ],
)
def test_short_forms_are_read(text, share, is_strict, window):
    objective = parse_objective(text)
    assert objective.bound == Bound(Fraction(share), "gt" if is_strict else "ge")
    assert objective.over.words() == parse_window(window).words()


@pytest.mark.parametrize(
    ("spec", "op", "share"),
    [
        ("less than 3% a month", "lt", "3/100"),
        ("Fewer than 3% breached a month", "lt", "3/100"),
        ("under 2.5 % monthly", "lt", "25/1000"),
        ("at most 3% a month", "le", "3/100"),
        ("no more than 3% breached per month", "le", "3/100"),
        ({"share": {"lt": "3%"}, "window": "month"}, "lt", "3/100"),
        ({"share": "less than 3%", "window": "month"}, "lt", "3/100"),
        ({"share": "3%", "of": "breached", "window": "month"}, "le", "3/100"),
    ],
    ids=str,
)
def test_a_greatest_share_is_one_of_what_is_breached(spec, op, share):
    objective = parse_objective(spec)
    assert objective.bound == Bound(Fraction(share), op, of="breached")
    assert objective.counts == "breached"
    assert objective.bound.kept == Bound(1 - Fraction(share), {"lt": "gt", "le": "ge"}[op])
    assert objective.spelling == spec


def test_a_greatest_share_tells_its_complement():
    objective = parse_objective("less than 3% a month")
    assert str(objective) == "< 3% breached a month"
    assert (
        objective.sentence()
        == "of these, less than 3% may be breached a month, so that more than 97% are met"
    )


def test_short_and_long_forms_mean_the_same_but_keep_their_spelling():
    short, long = parse_objective("95% a month"), parse_objective({"share": "95%", "window": "month"})
    assert short == long
    assert hash(short) == hash(long)
    assert short.spelling == "95% a month"
    assert long.spelling == {"share": "95%", "window": "month"}


def test_a_standard_keeps_the_spelling_of_its_objective():
    standard = Respond(id="a", case="c", start="s", stop="t", within="1 hour", objective="95% a month")
    assert standard.model_dump(exclude_unset=True)["objective"] == "95% a month"


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        pytest.param("95%", "SV151", id="without a window"),
        pytest.param({"share": "95%"}, "SV151", id="a mapping without a window"),
        pytest.param("95% a moth", "SV152", id="a misspelt window"),
        pytest.param({"share": 0.95, "window": "month"}, "SV153", id="a bare number"),
        pytest.param({"share": "0.95", "window": "month"}, "SV153", id="a share without a percent sign"),
        pytest.param({"share": "120%", "window": "month"}, "SV153", id="more than everything"),
        pytest.param(
            {"share": "95%", "window": "month", "max_unknown": "1"}, "SV153", id="max_unknown as a number"
        ),
        pytest.param({"window": "month"}, "SV600", id="no figure at all"),
        pytest.param({"share": "95%", "p90": "3 minutes", "window": "month"}, "SV600", id="two figures"),
        pytest.param({"mean": "soon", "window": "month"}, "SV601", id="a mean of what is no amount"),
        pytest.param({"p90": {"about": "3 minutes"}, "window": "month"}, "SV601", id="another comparison"),
        pytest.param({"count": True, "window": "month"}, "SV601", id="true is not one"),
        pytest.param({"count": 2.5, "window": "month"}, "SV601", id="half a verdict"),
        pytest.param({"count": "2 minutes", "window": "month"}, "SV601", id="a count of minutes"),
        pytest.param({"rate": "5", "window": "month"}, "SV601", id="a rate of nothing"),
        pytest.param({"rate": "5 per 0", "window": "month"}, "SV601", id="a rate per none"),
        pytest.param({"mean": "4 calendar hours", "window": "month"}, "SV154", id="another clock"),
        pytest.param({"share": {"gt": "100%"}, "window": "month"}, "SV603", id="more than all"),
        pytest.param(
            {"p90": "1 hour", "within": "2 hours", "window": "all"}, "SV604", id="a limit beside a percentile"
        ),
        pytest.param({"share": "90%", "of": "open", "window": "all"}, "SV604", id="a share of those open"),
        pytest.param(
            {"share": "3%", "of": "met", "window": "all", "mean": 1}, "SV600", id="a share and a mean"
        ),
        pytest.param({"share": {"lt": "3%"}, "of": "met", "window": "all"}, "SV614", id="few that are met"),
        pytest.param(
            {"share": {"gt": "3%"}, "of": "breached", "window": "all"}, "SV614", id="many that are breached"
        ),
        pytest.param("less than 3% met a month", "SV614", id="few that are met, in short"),
        pytest.param({"share": "less than 0%", "window": "all"}, "SV603", id="less than none"),
        pytest.param("less than 3%", "SV151", id="less than, without a window"),
        pytest.param({"max": "1 hour", "weight": "$n", "window": "all"}, "SV604", id="a weighted maximum"),
        pytest.param(
            {"mean": "1 hour", "weight": "n", "window": "all"}, "SV604", id="a weight that is no field"
        ),
        pytest.param({"p0": "1 hour", "window": "all"}, "SV605", id="the least of all"),
        pytest.param({"p100": "1 hour", "window": "all"}, "SV102", id="a percentile of three digits"),
        pytest.param({"share": "95%", "window": {"rolling": "0 days"}}, "SV606", id="no days that roll"),
        pytest.param({"share": "95%", "window": {"rolling": "24 hours"}}, "SV606", id="hours that roll"),
        pytest.param({"share": "95%", "window": {"fiscal_year": "13-01"}}, "SV185", id="a thirteenth month"),
        pytest.param({"share": "95%", "window": {"fiscal_yeer": "04-01"}}, "SV152", id="a misspelt shape"),
        pytest.param({"share": "95%", "window": {}}, "SV152", id="no shape"),
        pytest.param({"share": "95%", "window": {"week": "noday"}}, "SV152", id="no weekday"),
        pytest.param({"share": "95%", "window": {"blocks": []}}, "SV607", id="no block"),
        pytest.param(
            {"share": "95%", "window": {"blocks": [["2026-02-01", "2026-02-01"]]}},
            "SV607",
            id="an empty block",
        ),
        pytest.param(
            {
                "share": "95%",
                "window": {"blocks": [["2026-02-01", "2026-03-01"], ["2026-02-28", "2026-04-01"]]},
            },
            "SV607",
            id="blocks that overlap",
        ),
        pytest.param({"share": "95%", "window": {"blocks": [["soon", "later"]]}}, "SV607", id="no dates"),
        pytest.param({"share": "95%", "window": {"busiest": "hour"}}, "SV152", id="the busiest of nothing"),
        pytest.param({"share": "95%", "window": {"census": "fortnight"}}, "SV152", id="an unknown census"),
        pytest.param({"mean": "1 hour", "window": {"census": "month"}}, "SV604", id="a mean of a census"),
        pytest.param(
            {"share": "95%", "window": {"census": "month"}, "dated_by": "end"},
            "SV604",
            id="a census has its date",
        ),
        pytest.param({"rate": "2 per day", "window": "all"}, "SV604", id="a rate over no length of time"),
        pytest.param({"share": "95%", "window": "all", "within": "2"}, "SV120", id="within without a unit"),
        pytest.param(
            {"share": "95%", "window": "day", "timezone": "Europe/Lodnon"}, "SV210", id="an unknown zone"
        ),
        pytest.param({"share": "95%", "window": "day", "min_sample": 0}, "SV150", id="no sample at all"),
        pytest.param({"share": {"about": "5%"}, "window": "day"}, "SV150", id="a bound that is none"),
        pytest.param({"share": "95%", "widnow": "day", "window": "all"}, "SV102", id="an unknown key"),
        pytest.param({"p100": "1 hour", "window": "all"}, "SV102", id="the most as a percentile"),
        pytest.param({"mean": {"ge": True}, "window": "all"}, "SV601", id="true is no amount"),
        pytest.param({"share": "95%", "within": "", "window": "all"}, "SV122", id="an empty limit"),
        pytest.param({"share": "95%", "by": "", "window": "all"}, "SV604", id="a field without a name"),
        pytest.param({"share": "95%", "by": ["a", "a"], "window": "all"}, "SV604", id="a field twice"),
        pytest.param("often", "SV150", id="no objective at all"),
        pytest.param(7, "SV150", id="a number"),
    ],
)
def test_what_cannot_be_meant_is_refused(spec, code):
    with pytest.raises(StandardsError) as failure:
        parse_objective(spec)
    assert code in {problem.code for problem in failure.value.problems}


def test_every_fault_of_an_objective_is_told_at_once():
    with pytest.raises(StandardsError) as failure:
        Objective(share="120%", window="moth", min_sample=0)
    assert {problem.path for problem in failure.value.problems} == {"share", "window", "min_sample"}


@pytest.mark.parametrize(
    ("share", "is_strict", "met", "judged", "is_met"),
    [
        pytest.param("95/100", False, 19, 20, True, id="reaching the bound exactly is enough"),
        pytest.param("95/100", True, 19, 20, False, id="with gt it is not"),
        pytest.param("1/3", False, 1, 3, True, id="a third is a third, without rounding"),
        pytest.param("95/100", False, 949_999_999_999_999_999, 10**18, False, id="one in 10**18 short"),
        pytest.param("1", False, 10**18, 10**18, True, id="all of very many"),
        pytest.param("1", False, 10**18 - 1, 10**18, False, id="all but one of very many"),
    ],
)
def test_shares_are_compared_exactly(share, is_strict, met, judged, is_met):
    assert Bound(Fraction(share), "gt" if is_strict else "ge").is_met(met, judged) is is_met


@pytest.mark.parametrize("is_strict", [False, True])
@pytest.mark.parametrize("share", ["95%", "99%", "100%", "66.6%"])
def test_the_budget_is_the_greatest_number_of_breaches_with_which_the_bound_is_met(share, is_strict):
    bound = Bound(Fraction(share.rstrip("%")) / 100, "gt" if is_strict else "ge")
    for judged in (1, 2, 3, 19, 20, 21, 100, 135, 250):
        allowed = bound.allowed(judged)
        # the definition, by trying every number of breaches
        by_trial = [breached for breached in range(judged + 1) if bound.is_met(judged - breached, judged)]
        assert allowed == max(by_trial, default=0)


def standard_with(objective, **more):
    return {
        "id": "a",
        "kind": "respond",
        "case": "c",
        "start": "s",
        "stop": "t",
        "within": "1 hour",
        "objective": objective,
    } | more


@pytest.mark.parametrize(
    ("objective", "more", "is_refused"),
    [
        pytest.param({"p90": "40 minutes", "window": "all"}, {}, False, id="minutes of a clock"),
        pytest.param({"p90": "2 days", "window": "all"}, {}, True, id="days of a clock"),
        pytest.param({"mean": 3, "window": "all"}, {}, True, id="a number of a clock"),
        pytest.param({"mean": "2 days", "window": "all"}, {"within": "3 days"}, False, id="days of dates"),
        pytest.param({"mean": "2 hours", "window": "all"}, {"within": "3 days"}, True, id="hours of dates"),
        pytest.param({"share": "9%", "within": "1 day", "window": "all"}, {"within": "3 days"}, False, id="a day within three"),
        pytest.param({"share": "9%", "within": "1 hour", "window": "all"}, {"within": "3 days"}, True, id="an hour within three days"),
        pytest.param({"mean": 2, "window": "all"}, {"within": "3 call.ring"}, False, id="a number of events"),
        pytest.param({"mean": "2 hours", "window": "all"}, {"within": "none"}, False, id="a measure without a limit"),
        pytest.param(
            {"mean": "2 hours", "window": "all"}, {"overrides": [{"when": {"p": "low"}, "within": "3 days"}]}, True,
            id="an override in days",
        ),
        pytest.param(
            {"mean": "2 hours", "window": "all"}, {"within": {"by": "p", "a": "1 hour", "else": "3 days"}}, True,
            id="a table of both",
        ),
        pytest.param({"share": "95%", "window": "all"}, {"within": {"by": "p", "a": "1 hour", "else": "3 days"}}, False, id="a share of both"),
    ],
)  # fmt: skip
def test_an_objective_speaks_of_what_its_standard_measures(objective, more, is_refused):
    book = {"timezone": "Europe/London", "standards": [standard_with(objective, **more)]}
    if not is_refused:
        servstd.loads(json.dumps(book), format="json")
        return
    with pytest.raises(StandardsError) as failure:
        servstd.loads(json.dumps(book), format="json")
    assert [problem.code for problem in failure.value.problems] == ["SV602"]
