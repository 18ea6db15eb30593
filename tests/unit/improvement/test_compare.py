"""What another book would have changed, verdict by verdict."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction

import servstd

ROWS = [
    (1, 0, "asked"), (1, 30, "answered"),
    (2, 0, "asked"), (2, 90, "answered"),
    (3, 0, "asked"), (3, 200, "answered"),
    (4, 460, "asked"), (4, 1440 + 10, "answered"),
]  # fmt: skip


def test_a_longer_limit_mends_some_and_moves_the_due_of_all(judge):
    comparison = servstd.compare(judge(ROWS), judge(ROWS, within="2 hours"))
    assert comparison.moves == {
        ("reply", "breached", "breached"): 2,
        ("reply", "breached", "met"): 1,
        ("reply", "met", "met"): 1,
    }
    changed = {one.before.case: one.what for one in comparison.changes}
    assert changed == {
        "1": ("due_at", "margin"), "2": ("outcome", "due_at", "margin"), "3": ("due_at", "margin"), "4": ("due_at", "margin"),
    }  # fmt: skip
    [share] = comparison.shares
    assert (share.before, share.after, share.difference) == ((1, 4), (2, 4), Fraction(1, 4))


def test_another_calendar(judge, office):
    """Case 4 is asked at 16:40 and answered at 09:10 the next day: half an hour of opening time."""
    comparison = servstd.compare(judge(ROWS), judge(ROWS, **office))
    [change] = [one for one in comparison.changes if "outcome" in one.what]
    assert (change.before.case, change.before.outcome, change.after.outcome) == ("4", "breached", "met")
    assert change.after.margin == 30 * 60_000_000


def test_a_report_does_not_differ_from_itself(judge):
    report = judge(ROWS)
    comparison = servstd.compare(report, pickle.loads(pickle.dumps(report)))  # noqa: S301 - our own
    assert comparison.is_same
    assert comparison.to_dicts() == []
    assert comparison.moves == {("reply", "breached", "breached"): 3, ("reply", "met", "met"): 1}


def test_verdicts_of_one_side_only(judge):
    rows = [(1, 0, "asked"), (1, 10, "asked"), (1, 20, "answered")]
    comparison = servstd.compare(judge(rows, recurs="each"), judge(rows, recurs="every"))
    assert (len(comparison.only_before), len(comparison.only_after)) == (0, 1)
    assert comparison.moves["reply", "-", "open"] == 1
    back = servstd.compare(judge(rows, recurs="every"), judge(rows, recurs="each"))
    assert len(back.only_before) == 1
    assert [row["what"] for row in back.to_dicts() if row["after"] is None] == [["presence"]]


def test_another_standard_is_another_promise(judge):
    comparison = servstd.compare(judge(ROWS), judge(ROWS, id="answer"))
    assert (len(comparison.only_before), len(comparison.only_after)) == (4, 4)
    assert [one.standard for one in comparison.shares] == ["reply", "answer"]
    assert comparison.shares[0].difference is None


def test_several_verdicts_that_one_event_opens_are_told_apart(judge):
    rows = [(1, 0, "asked"), (1, 0, "asked"), (1, 70, "answered")]
    comparison = servstd.compare(
        judge(rows, recurs="every", stop_all="answered"),
        judge(rows, recurs="every", stop_all="answered", within="2 hours"),
    )
    assert comparison.moves == {("reply", "breached", "met"): 2}


def test_each_of_two_that_begin_at_once_meets_its_own(judge):
    """The stop closes the older one: the first is met, the second broken, and each is the same in both reports."""
    rows = [(1, 0, "asked"), (1, 0, "asked"), (1, 50, "answered"), (1, 90, "answered")]
    report = judge(rows, recurs="every")
    assert sorted(report.verdicts.columns["outcome"]) == ["breached", "met"]
    assert servstd.compare(report, judge(rows, recurs="every")).is_same


def test_an_event_with_an_id_is_the_same_though_its_time_was_corrected(judge):
    rows = [(case, minute, event, {"event_id": f"{case}{event}"}) for case, minute, event in ROWS]
    moved = [(case, minute + (event == "asked"), event, carried) for case, minute, event, carried in rows]
    comparison = servstd.compare(judge(rows, ids="event_id"), judge(moved, ids="event_id"))
    assert (comparison.only_before, comparison.only_after) == ((), ())
    assert {one.what for one in comparison.changes} == {("due_at", "margin")}
    without = servstd.compare(judge(ROWS), judge([row[:3] for row in moved]))
    assert (len(without.only_before), len(without.only_after)) == (4, 4)


def test_two_instants_and_two_logs_are_noted(judge):
    comparison = servstd.compare(judge(ROWS), judge([*ROWS, (5, 2000, "asked")], as_of=3000))
    assert any("two instants" in note for note in comparison.notes)
    assert any("8 and 9 events" in note for note in comparison.notes)
    assert len(comparison.only_after) == 1


def test_it_is_text_markup_and_data(judge):
    rows = [(f"<b>|{case}", minute, event) for case, minute, event in ROWS]
    comparison = servstd.compare(judge(rows), judge(rows, within="2 hours"))
    text = str(comparison)
    assert (
        "4 verdicts: 1 changed their outcome, 3 their due or margin alone, 0 only before, 0 only after"
        in text
    )
    assert "breached → met" in text
    assert "+25.0" in text
    assert "<b>" not in comparison._repr_html_()
    markdown = comparison.to_markdown()
    assert "| reply | 25% of 4 | 50% of 4 | \\+25.0 |" in markdown
    assert "<b>" not in markdown
    told = json.loads(json.dumps(comparison.to_dict()))
    assert told["shares"] == [{"standard": "reply", "before": [1, 4], "after": [2, 4]}]
    assert told["verdicts"][1]["before"]["outcome"] == "breached"


def test_empty_reports_are_compared_too(judge):
    comparison = servstd.compare(judge([(1, 0, "note")]), judge([(1, 0, "note")]))
    assert comparison.is_same
    assert "0 verdicts" in str(comparison)
