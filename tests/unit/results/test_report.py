from __future__ import annotations

import json
import pickle
import random
from datetime import UTC, datetime

import pytest

import servstd

from .conftest import EVENTS


def judged(objective: str, *outcomes: str, **options) -> servstd.Report:
    """Return a report on one standard with these outcomes over February 2026."""
    book = servstd.loads(
        "timezone: UTC\nstandards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour, "
        f"objective: {objective}}}]"
    )
    rows = [{"time": "2026-01-31T23:00Z", "event": "x", "c": "idle"}]
    for number, outcome in enumerate(outcomes):
        rows.append({"time": f"2026-02-10T{number:02d}:00Z", "event": "s", "c": str(number)})
        if outcome == "met":
            rows.append({"time": f"2026-02-10T{number:02d}:30Z", "event": "t", "c": str(number)})
    as_of = options.get("as_of", datetime(2026, 3, 1, tzinfo=UTC))
    return servstd.evaluate(book, servstd.read_events(rows), as_of=as_of)


@pytest.mark.parametrize(
    ("objective", "outcomes", "as_of", "is_met", "is_decided"),
    [
        pytest.param("100% a month", ["met"], datetime(2026, 3, 1, tzinfo=UTC), True, True, id="met"),
        pytest.param(
            "100% a month", ["met", "breached"], datetime(2026, 3, 1, tzinfo=UTC), False, True, id="missed"
        ),
        pytest.param(
            "50% a month", ["met", "breached"], datetime(2026, 3, 1, tzinfo=UTC), True, True, id="enough"
        ),
        pytest.param("100% a month", ["met"], datetime(2026, 2, 20, tzinfo=UTC), False, False, id="not over"),
        pytest.param(
            "100% a month", ["breached"], datetime(2026, 2, 20, tzinfo=UTC), False, False, id="nor missed"
        ),
        pytest.param("100% a month", [], datetime(2026, 3, 1, tzinfo=UTC), False, False, id="silence"),
    ],
)
def test_met_needs_something_met_and_nothing_missed(objective, outcomes, as_of, is_met, is_decided):
    report = judged(objective, *outcomes, as_of=as_of)
    assert (report.met, report.is_decided) == (is_met, is_decided)
    if is_met:
        report.assert_met()
    else:
        with pytest.raises(AssertionError):
            report.assert_met()


def test_a_standard_without_objectives_is_judged_as_all_of_all(report):
    assert [(one.standard, one.objective, one.window, one.status) for one in report.attainments] == [
        ("resolve", "100% overall", "all", "missed"),
        ("greet", "100% overall", "all", "met"),
    ]
    assert not report.met


def test_cases_that_a_standard_did_not_activate_are_counted_apart(report):
    assert report.idle == {"resolve": 0, "greet": 2}
    assert report.skipped == {"resolve": 1, "greet": 1}


def test_windows_take_the_zone_of_the_calendar_before_that_of_the_book():
    book = servstd.loads(
        "timezone: UTC\n"
        "calendars: {tokyo: {timezone: Asia/Tokyo, hours: {mon-sun: '00:00-24:00'}}}\n"
        "standards:\n"
        "- {id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour, calendar: tokyo, objective: 95% a day}\n"
        "- {id: b, kind: respond, case: c, start: s, stop: t, within: 1 hour, objective: 95% a day}\n"
    )
    rows = [{"time": "2026-02-10T20:00Z", "event": "s", "c": "1"}]
    report = servstd.evaluate(book, servstd.read_events(rows))
    assert {one.standard: one.window for one in report.attainments} == {"a": "2026-02-11", "b": "2026-02-10"}


def test_a_month_without_a_zone_is_an_error_that_names_the_remedy():
    with pytest.raises(servstd.StandardsError, match="timezone"):
        servstd.loads(
            "standards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour, objective: 95% a month}]"
        )


def test_segments_are_read_from_the_case_as_last_known():
    book = servstd.loads(
        "standards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour, "
        "objective: {share: 100%, window: all, by: region}}]"
    )
    rows = [
        {"time": "2026-02-10T20:00Z", "event": "s", "c": "1", "region": "north"},
        {"time": "2026-02-10T20:10Z", "event": "t", "c": "1"},
        {"time": "2026-02-10T20:00Z", "event": "s", "c": "2"},
        {"time": "2026-02-10T23:00Z", "event": "t", "c": "2", "region": "south"},
    ]
    report = servstd.evaluate(book, servstd.read_events(rows))
    assert [(one.segment, one.status) for one in report.attainments] == [
        ("region=north", "met"),
        ("region=south", "missed"),
    ]
    assert report.verdicts.columns["segment"] == ["region=north", "region=south"]


def test_a_report_can_be_pickled_and_still_explains(report):
    again = pickle.loads(pickle.dumps(report))  # noqa: S301 - our own
    assert again.verdicts == report.verdicts
    assert again.attainments == report.attainments
    assert str(again.explain("resolve", "T-1")) == str(report.explain("resolve", "T-1"))


def test_shuffled_rows_give_the_same_bytes(book, report):
    shuffled = random.Random(7).sample(EVENTS, len(EVENTS))
    assert servstd.evaluate(book, servstd.read_events(shuffled)).to_json() == report.to_json()


def test_json_holds_everything_in_a_stable_order(report):
    data = json.loads(report.to_json())
    assert list(data) == [
        "servstd", "as_of", "as_of_how", "selection", "head", "met", "decided", "standards", "attainments", "consequences",
        "alerts",
        "watermelons", "data",
        "notes", "verdicts",
    ]  # fmt: skip
    assert data["as_of"] == "2026-05-05T15:00:00Z"
    assert data["data"]["rows_in"] == data["data"]["events"] == len(EVENTS)
    assert data["verdicts"] == json.loads(report.verdicts.to_json())
    assert data["attainments"][0]["value"] == pytest.approx(1 / 3)


def test_the_first_line_of_every_text_says_as_of_and_how(report):
    assert report.to_text().splitlines()[0] == "As of 2026-05-05 15:00:00 UTC: the last event (other)."
    assert "As of 2026-05-05 15:00:00 UTC" in report.to_markdown()
    assert "As of 2026-05-05 15:00:00 UTC" in report.to_html()


def test_an_unknown_format_is_refused(report):
    with pytest.raises(ValueError, match="markdown"):
        report.render("marcdown")


def test_reports_can_be_written_to_files(report, tmp_path):
    assert report.to_html(tmp_path / "r.html") == (tmp_path / "r.html").read_text(encoding="utf-8")
