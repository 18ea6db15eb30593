"""Control charts of attainments: which windows are drawn, of which figure, and what the tests find."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

import servstd
from servstd.control.sparkline import MOST, sparkline
from servstd.errors import EvaluationError, StandardsError, StatisticsError
from servstd.statistics.control_charts import laney_p_chart, p_chart, xmr_charts

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def reported(days, *, objective="90% a day", **fields):
    """Judge `(met, breached)` by day; a lone event before and after makes the days between whole."""
    told = {
        "id": "reply",
        "kind": "respond",
        "case": "id",
        "start": "asked",
        "stop": "answered",
        "within": "1 hour",
    }
    told |= {"objectives": objective} if isinstance(objective, list) else {"objective": objective}
    book = servstd.loads(json.dumps({"timezone": "UTC", "standards": [told]}), format="json")
    rows = [{"id": "x", "time": FIRST - timedelta(hours=1), "event": "note"}]
    for day, (met, breached) in enumerate(days):
        for case in range(met + breached):
            at = FIRST + timedelta(days=day, seconds=case)
            carried = {name: values[case % len(values)] for name, values in fields.items()}
            took = timedelta(minutes=30 if case < met else 90)
            rows += [{"id": f"{day}-{case}", "time": at, "event": "asked"} | carried]
            rows += [{"id": f"{day}-{case}", "time": at + took, "event": "answered"}]
    rows.append({"id": "x", "time": FIRST + timedelta(days=len(days)), "event": "note"})
    return servstd.evaluate(book, servstd.read_events(rows, time="time", event="event"))


DAYS = [(19, 1), (18, 2), (20, 0), (17, 3), (19, 1), (8, 12), (18, 2)]


def test_the_share_met_of_every_whole_day_is_drawn():
    chart = reported(DAYS).chart("reply")
    assert chart.chart == p_chart([(met, met + breached) for met, breached in DAYS])
    assert [one.window for one in chart.windows] == [f"2026-01-{day:02d}" for day in range(1, 8)]
    assert [(one.window, one.is_above, one.test) for one in chart.signals] == [
        ("2026-01-06", False, "beyond_limits")
    ]


def test_a_day_that_began_before_the_log_is_not_drawn():
    rows = [
        {"id": day, "time": FIRST + timedelta(days=day, hours=hour), "event": event}
        for day in range(4)
        for hour, event in ((9, "asked"), (9, "answered"))
    ]
    book = servstd.loads(
        "timezone: UTC\nstandards: [{id: reply, kind: respond, case: id, start: asked, stop: answered, within: 1 hour}]"
    )
    chart = servstd.evaluate(book, servstd.read_events(rows, time="time", event="event")).chart(
        "reply", window="day"
    )
    assert [one.window for one in chart.windows] == ["2026-01-02", "2026-01-03"]
    assert chart.left_out == ("2026-01-01", "2026-01-04")


def test_an_empty_day_is_a_gap():
    chart = reported([(9, 1), (0, 0), (8, 2)]).chart("reply")
    assert chart.chart.values == (Fraction(9, 10), None, Fraction(8, 10))
    assert "█" in str(chart)


def test_another_window_than_the_objectives():
    report = reported([(9, 1)] * 28, objective="90% a month")
    assert len(report.chart("reply", window="day").windows) == 28
    assert [one.judged for one in report.chart("reply", window="week").windows] == [70, 70, 70]


def test_a_standard_that_is_judged_over_everything_needs_a_window():
    report = reported(DAYS, objective="90% overall")
    with pytest.raises(EvaluationError, match="SV683"):
        report.chart("reply")
    assert len(report.chart("reply", window="day").windows) == 7


def test_rolling_windows_share_their_cases_and_are_refused():
    with pytest.raises(EvaluationError, match="SV683"):
        reported(DAYS).chart("reply", window={"rolling": "3 days"})


def test_the_base_sets_the_limits():
    chart = reported([(19, 1)] * 6 + [(8, 12)]).chart("reply", base=6)
    assert chart.chart.centre == Fraction(19, 20)
    assert [one.window for one in chart.signals] == ["2026-01-07"]


def test_kinds_draw_what_they_say():
    report = reported(DAYS)
    shares = [(met, met + breached) for met, breached in DAYS]
    assert report.chart("reply", kind="laney_p").chart == laney_p_chart(shares)
    u = report.chart("reply", kind="u")
    assert (u.chart.values[5], u.unit) == (Fraction(12, 20), "rate")
    x = report.chart("reply", kind="xmr")
    assert (x.chart, x.moving) == xmr_charts([Fraction(met, met + breached) for met, breached in DAYS])
    assert report.chart("reply", kind="laney_u").kind == "laney_u"


def test_a_mean_is_drawn_as_single_values():
    report = reported(DAYS, objective={"mean": "50 minutes", "window": "day"})
    chart = report.chart("reply")
    assert (chart.kind, chart.unit) == ("xmr", "time")
    assert chart.chart.values[0] == (19 * 30 + 90) * 60_000_000 // 20
    with pytest.raises(StatisticsError, match="SV674"):
        report.chart("reply", kind="p")


def test_one_of_several_objectives():
    objectives = ["90% overall", "80% a day", {"p90": "1 hour", "window": "week"}]
    report = reported(DAYS * 4, objective=objectives)
    assert report.chart("reply").objective == "80% a day"
    assert report.chart("reply", objective=2).kind == "xmr"
    with pytest.raises(EvaluationError, match="SV683"):
        report.chart("reply", objective=3)


def test_only_some_cases():
    chart = reported(DAYS, region=["North", "South"]).chart("reply", where={"region": "North"})
    assert [one.judged for one in chart.windows] == [10] * 7


def test_steady_months_are_in_control_and_a_shift_is_not():
    rng = random.Random(5)
    steady = [(met := sum(rng.random() < 0.9 for _ in range(50)), 50 - met) for _ in range(20)]
    worse = [(met := sum(rng.random() < 0.75 for _ in range(50)), 50 - met) for _ in range(10)]
    assert reported(steady).chart("reply", tests=["beyond_limits"]).is_in_control
    chart = reported(steady + worse).chart("reply", base=20)
    assert {one.index for one in chart.signals} & set(range(20, 30))


def test_a_p_chart_of_many_says_that_the_share_wanders_by_itself():
    wild = reported([(300, 100), (380, 20), (310, 90), (370, 30)]).chart("reply")
    assert wild.wandering == laney_p_chart([(300, 400), (380, 400), (310, 400), (370, 400)]).spread
    assert "`laney_p` allows for it" in str(wild)
    assert "allows for it" not in str(reported([(19, 1), (18, 2), (19, 1)]).chart("reply"))
    assert "times as much" in str(reported([(300, 100), (380, 20), (310, 90)]).chart("reply", kind="laney_p"))


def test_one_window_alone_has_a_p_chart():
    chart = reported([(9, 1)]).chart("reply")
    assert (len(chart.windows), chart.wandering) == (1, None)


def test_signals_name_their_source():
    [signal] = reported(DAYS).chart("reply").signals
    assert "Shewhart" in signal.source


def test_it_is_data_text_and_a_picture():
    chart = reported(DAYS).chart("reply")
    told = json.loads(json.dumps(chart.to_dict()))
    assert [point["value"] for point in told["points"]] == [met / (met + breached) for met, breached in DAYS]
    assert told["points"][0]["start"] == "2026-01-01T00:00:00Z"
    assert [one["window"] for one in told["signals"]] == ["2026-01-06"]
    assert str(chart).splitlines()[3:5] == ["2026-01-01 █▇█▇█▁▇ 2026-01-07", " " * 16 + "×"]
    assert "below: beyond limits" in str(chart)
    assert "<table>" in chart._repr_html_()
    json.dumps(reported(DAYS).chart("reply", kind="xmr").to_dict(), allow_nan=False)
    vega = chart.to_vega()
    assert [value["signal"] for value in vega["data"]["values"]] == [False] * 5 + [True, False]
    json.dumps(vega, allow_nan=False)


@pytest.mark.parametrize("kind", ["p", "u", "xmr"])
def test_altair_takes_the_picture(kind):
    alt = pytest.importorskip("altair")
    assert isinstance(reported(DAYS).chart("reply", kind=kind).to_altair(), alt.LayerChart)


def test_a_sparkline_is_cut_to_the_last():
    labels = [str(place) for place in range(MOST + 20)]
    line = sparkline(labels, [Fraction(place) for place in range(MOST + 20)])
    assert line.startswith("20 ▁")
    assert line.endswith(f"█ {MOST + 19}")
    assert sparkline(["a", "b"], [None, None]) == "no value"


@pytest.mark.parametrize(
    ("call", "error", "code"),
    [
        (lambda report: report.chart("repply"), EvaluationError, "write `reply`"),
        (lambda report: report.chart("reply", kind="q"), StatisticsError, "SV674"),
        (lambda report: report.chart("reply", tests=["nelson"]), StatisticsError, "SV674"),
        (lambda report: report.chart("reply", base=0), StatisticsError, "SV670"),
        (lambda report: report.chart("reply", window="moon"), StandardsError, "SV152"),
        (lambda report: report.chart("reply", window="year"), StatisticsError, "SV675"),
        (lambda report: report.chart("reply", where={"x": "1"}), EvaluationError, "SV685"),
    ],
)
def test_bad_questions_are_told(call, error, code):
    with pytest.raises(error, match=code):
        call(reported(DAYS))
