from __future__ import annotations

import json
import re

import pytest

import servstd

HOUR = 3600 * 1_000_000


def test_intervals_add_up_to_the_wall_time_and_to_what_the_verdict_says(report):
    for verdict in report.verdicts.where(standard="resolve"):
        evidence = report.explain("resolve", verdict.case)
        end = verdict.ended_at or report.as_of
        wall = (end - verdict.started_at).total_seconds() * 1_000_000
        assert sum(one.length_us for one in evidence.intervals) == evidence.wall_us == wall
        assert evidence.totals["counted"] == verdict.elapsed
        assert evidence.totals.get("paused", 0) == verdict.paused
        for before, after in zip(evidence.intervals, evidence.intervals[1:], strict=False):
            assert before.end_us == after.start_us


def test_each_interval_says_what_it_is_and_why(report):
    found = [
        (one.kind, one.length_us // HOUR, one.reason) for one in report.explain("resolve", "T-3").intervals
    ]
    kinds = [kind for kind, _, _ in found]
    assert kinds[0] == "counted"
    assert set(kinds) == {"counted", "closed"}
    assert any("holiday" in reason for kind, _, reason in found if kind == "closed")
    paused = [one for one in report.explain("resolve", "T-1").intervals if one.kind == "paused"]
    assert [(one.reason, one.length_us) for one in paused] == [("by updated (status: waiting)", HOUR)] * 2


@pytest.mark.parametrize(
    ("standard", "case", "words"),
    [
        (
            "resolve",
            "T-1",
            ["T-1 broke", "Resolve within 4 hours", "resolved came after 5h 30m", "1h 30m more", "4h"],
        ),
        ("resolve", "T-2", ["T-2 kept", "resolved came after 1h 30m of the 4h allowed"]),
        ("resolve", "T-3", ["T-3 broke", "nothing had ended it", "Tue 5 May 2026 12:00", "8h so far"]),
        ("greet", "T-2", ["T-2 kept", "greeted was as expected"]),
    ],
)
def test_the_sentence_says_what_happened(report, standard, case, words):
    sentence = report.explain(standard, case).sentence
    if case == "T-3":
        # 1 h on Friday and 7 h on Tuesday until 16:00
        words = [*words[:-1], "8h so far"]
    for word in words:
        assert word in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_the_text_shows_every_interval_and_the_sum(report):
    text = str(report.explain("resolve", "T-1"))
    assert "Europe/London" in text
    assert "5h 30m counted + 88h closed + 2h paused = 95h 30m of wall time" in text
    assert "Fri 1 May 2026 15:00" in text


def test_json_holds_integers_and_iso_instants(report):
    data = json.loads(report.explain("resolve", "T-1").to_json())
    assert data["verdict"]["outcome"] == "breached"
    assert sum(one["length_us"] for one in data["intervals"]) == data["wall_us"]
    assert data["intervals"][0] == {
        "start": "2026-05-01T14:00:00Z",
        "end": "2026-05-01T15:00:00Z",
        "class": "counted",
        "reason": data["intervals"][0]["reason"],
        "length_us": HOUR,
    }


def test_without_a_case_the_worst_breach_is_explained(report):
    assert report.explain("resolve").verdict.case == "T-3"  # 8 h against 5 h 30 min


def test_what_notebooks_show_is_escaped():
    book = servstd.loads(
        "standards: [{id: a, title: '<b>bold</b>', kind: respond, case: c, start: s, stop: t, within: 1 hour}]"
    )
    rows = [
        {"time": "2026-01-01T00:00Z", "event": "s", "c": "<script>"},
        {"time": "2026-01-01T00:30Z", "event": "t", "c": "<script>"},
    ]
    evidence = servstd.evaluate(book, servstd.read_events(rows)).explain("a")
    assert "<script>" not in evidence._repr_html_()
    assert "<b>bold" not in evidence._repr_html_()


def test_a_case_cannot_steer_the_terminal():
    book = servstd.loads("standards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour}]")
    rows = [
        {"time": "2026-01-01T00:00Z", "event": "s", "c": "T\x1b[2J"},
        {"time": "2026-01-01T03:00Z", "event": "x"},
    ]
    report = servstd.evaluate(book, servstd.read_events(rows))
    for text in (str(report), str(report.explain("a")), report.to_markdown(), report.render("github")):
        assert "\x1b" not in text


@pytest.mark.parametrize(
    ("standard", "case", "occurrence", "code", "word"),
    [
        ("reslove", None, None, "SV410", "resolve"),
        ("resolve", "T-9", None, "SV411", "T-1"),
        ("resolve", "T-1", 7, "SV412", "7"),
    ],
)
def test_what_cannot_be_explained_is_told_with_what_there_is(report, standard, case, occurrence, code, word):  # noqa: PLR0917 - one row of the table
    with pytest.raises(servstd.EvaluationError) as failure:
        report.explain(standard, case, occurrence)
    assert failure.value.problems[0].code == code
    assert word in str(failure.value)


def test_the_strip_of_a_notebook_is_as_wide_as_the_wall_time(report):
    for verdict in report.verdicts:
        evidence = report.explain(verdict.standard, verdict.case, verdict.occurrence)
        widths = [float(one) for one in re.findall(r"width:([0-9.]+)%", evidence._repr_html_())]
        assert len(widths) == (len(evidence.intervals) if evidence.wall_us else 0)
        assert not widths or abs(sum(widths) - 100) < 0.001 * len(widths) + 1e-9
