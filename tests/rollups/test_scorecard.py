"""Scorecards: marks weighed together, what fails all, what does not apply; and who agrees with whom."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from stories import report

import servstd
from servstd.errors import EvaluationError, StandardsError

CARD = """
timezone: UTC
case: call
standards:
- {id: greeting, kind: check, event: greeted, expect: {by: human}}
- id: quality
  title: Handle calls well
  kind: scorecard
  event: reviewed
  reviewer: who
  items:
  - {id: hello, weight: 10, standard: greeting}
  - {id: tone, weight: 20, answer: tone, scale: [1, 5]}
  - {id: law, weight: 10, answer: law, auto_fail: true}
  - {id: sale, weight: 10, answer: sale}
  at_least: 85 points
"""


def quality(*lines: str, card: str = CARD) -> list[servstd.results.Verdict]:
    return list(report(card, *lines).verdicts.where(standard="quality"))


HELLO = "09:00 greeted call=1 by=human"
REVIEWS = {
    # the weights are 10, 20, 10, 10; a tone of 4 on 1 to 5 is three quarters
    "every full mark": ("tone=5 law=yes sale=yes", "met", 100, 15),
    "a part of a mark": ("tone=4 law=yes sale=yes", "met", 90, 5),
    "exactly the score that is promised": ("tone=3.5 law=yes sale=yes", "met", 85, 0),
    "too few points": ("tone=3 law=yes sale=yes", "breached", 80, -5),
    "what does not apply is left out, and the rest weighs all": ("tone=4 law=yes sale=N/A", "met", Fraction(175, 2), Fraction(5, 2)),
    "what fails all sets the score to 0": ("tone=5 law=no sale=yes", "breached", 0, -85),
    "what fails all fails whatever is not known": ("law=no", "breached", 0, -85),
    "an answer that is not there is not known": ("tone=5 sale=yes", "unknown", None, None),
    "an answer outside its scale is not known": ("tone=7 law=yes sale=yes", "unknown", None, None),
    "an answer that is neither yes nor no is not known": ("tone=5 law=perhaps sale=yes", "unknown", None, None),
    "no answer at all": ("", "unknown", None, None),
    "the rest cannot reach it": ("tone=1 law=yes", "breached", None, None),  # 30 of 50 at the most
}  # fmt: skip


@pytest.mark.parametrize(("answers", "outcome", "score", "margin"), REVIEWS.values(), ids=REVIEWS)
def test_what_an_evaluation_comes_to(answers, outcome, score, margin):
    (one,) = quality(HELLO, f"10:00 reviewed call=1 who=R {answers}")
    assert (one.outcome, one.elapsed, one.margin, one.unit) == (outcome, score, margin, "points")


def test_reasons_say_what_failed_all_what_is_missing_and_what_is_out_of_reach():
    told = {
        "tone=5 law=no sale=yes": "failed all: law; 80 points without it",  # 10 + 20 + 10 of 50
        "tone=9 sale=yes": "tone: 9 is not from 1 to 5; law: not answered",
        "tone=1 law=yes": "no more than 60 points can be reached",
    }
    for answers, reason in told.items():
        assert quality(HELLO, f"10:00 reviewed call=1 {answers}")[0].reason == reason


def test_every_review_is_an_evaluation_with_its_own_answers():
    # the second reviewer left out the tone: the first one's answer is not his
    found = quality(
        HELLO, "10:00 reviewed call=1 tone=5 law=yes sale=yes", "11:00 reviewed call=1 law=yes sale=yes"
    )
    assert [(one.occurrence, one.outcome, f"{one.started_at:%H:%M}") for one in found] == [
        (1, "met", "10:00"),
        (2, "unknown", "11:00"),
    ]


def test_without_an_event_the_answers_of_the_case_are_one_evaluation():
    card = CARD.replace("  event: reviewed\n", "")
    found = quality(
        HELLO, "10:00 reviewed call=1 tone=5 law=no", "11:00 corrected call=1 law=yes", "12:00 sold call=1 sale=yes",
        "12:00 greeted call=2 by=human", card=card,
    )  # fmt: skip
    told = [(one.case, one.outcome, f"{one.started_at:%H:%M}", f"{one.ended_at:%H:%M}") for one in found]
    assert told == [("1", "met", "10:00", "12:00")]


def test_a_standard_is_marked_by_the_share_that_is_kept_and_waited_for_while_it_is_open():
    card = """
    case: call
    standards:
    - {id: back, kind: respond, start: missed, stop: called, within: 1 hour, recurs: each}
    - {id: quality, kind: scorecard, items: [{id: back, standard: back, weight: 3}, {id: all, standard: back2, weight: 1}], at_least: 60}
    - {id: back2, kind: respond, start: missed, stop: called, within: 5 hours}"""
    lines = ["08:00 missed call=1", "08:30 called call=1", "09:00 missed call=1", "11:00 called call=1"]
    (one,) = quality(*lines, card=card)
    assert (one.outcome, one.elapsed) == ("met", Fraction(125, 2))  # (3 × 1/2 + 1) / 4
    (one,) = quality(*lines[:3], card=card)
    assert (one.outcome, one.elapsed, one.ended_at) == ("open", None, None)


def test_what_a_broken_standard_fails_breaks_at_its_breach():
    card = """
    case: call
    standards:
    - id: quality
      kind: scorecard
      items:
      - {id: tone, answer: tone}
      - {id: back, weight: 0, auto_fail: true, standard: {kind: respond, start: missed, stop: called, within: 1 hour}}
      at_least: 50 points"""
    found = report(card, "08:00 missed call=1", "08:10 tone.heard call=1 tone=yes", as_of="20:00")
    (one,) = found.verdicts.where(standard="quality")
    assert (one.outcome, one.reason) == ("breached", "failed all: back; 100 points without it")
    assert str(one.breached_at.time()) == "09:00:00.000001"
    assert [row.outcome for row in found.verdicts.where(standard="quality.back")] == ["breached"]
    assert {row.standard for row in found.attainments} == {"quality"}


def test_nothing_that_applies_is_no_score():
    card = (
        "{case: call, standards: [{id: quality, kind: scorecard, items: [{id: a, answer: a}], at_least: 50}]}"
    )
    (one,) = quality("10:00 reviewed call=1 a=N/A", card=card)
    assert (one.outcome, one.reason) == ("cancelled", "no item applies")


def test_answers_from_a_list_and_on_a_scale_that_fails_below():
    card = """
    case: call
    standards:
    - id: quality
      kind: scorecard
      items:
      - {id: a, answer: a, values: {good: 1, fair: 0.5, poor: 0}, na: [unheard]}
      - {id: b, answer: b, scale: [0, 10], auto_fail: {below: 3}}
      at_least: 50"""
    told = {
        "a=Fair b=5": ("met", 50),
        "a=unheard b=10": ("met", 100),
        "a=good b=2.9": ("breached", 0),
        "a=bad b=5": ("unknown", None),
    }
    for answers, wanted in told.items():
        (one,) = quality(f"10:00 reviewed call=1 {answers}", card=card)
        assert (one.outcome, one.elapsed) == wanted, answers


def test_the_case_of_another_system():
    """QA-002: a failed critical item gives 0 and keeps the raw score of 85."""
    lines = (Path(__file__).parents[1] / "answers" / "monitoring.jsonl").read_text().splitlines()
    given, expect = next(
        (one["given"], one["expect"]) for one in map(json.loads, lines) if one["id"] == "QA-002"
    )
    items = [
        {"id": name, "answer": name, "weight": weight, "auto_fail": name in given["auto_fail"]}
        for name, weight in given["weights"].items()
    ]
    card = servstd.Scorecard(id="quality", case="contact", items=items, at_least=80)
    event = {"time": datetime(2026, 3, 2, tzinfo=UTC), "event": "reviewed", "contact": 1, **given["scores"]}
    found = servstd.evaluate(servstd.Book(standards=[card]), servstd.read_events([event]))
    (one,) = found.verdicts
    assert (one.elapsed, one.outcome == "met") == (expect["score"], expect["passed"])
    points = {row["item"]: row["points"] for row in found.explain("quality").to_dict()["parts"]}
    assert sum(map(int, points.values())) == expect["raw_score"]
    assert one.reason == "failed all: compliance; 85 points without it"


def test_the_evidence_shows_every_mark():
    one = report(CARD, HELLO, "10:00 reviewed call=1 tone=4 law=no sale=N/A").explain("quality")
    assert one.sentence == (
        "1 broke “Handle calls well”: 0 points, 85 demanded; failed all: law; 62.5 points without it; "
        "points were lost on tone (4) and law (no); sale did not apply."
    )
    assert "\n  tone       20  4        75%    37.5" in str(one)
    assert "\n  law        10  no        0%       0  fails all" in str(one)
    assert "quality  1  failed all: law" in str(
        report(CARD, HELLO, "10:00 reviewed call=1 tone=4 law=no sale=N/A")
    )


def test_a_scorecard_comes_back_from_yaml_and_is_said_in_english():
    book = servstd.loads(CARD)
    assert servstd.loads(book.to_yaml()) == book
    assert book["quality"].sentence(book.surroundings) == (
        "For each call: at reviewed, `greeting` (weight 10), the answer on tone (weight 20), the answer on law (weight 10), "
        "the answer on sale (weight 10) must together reach 85 points of 100; failing `law` fails all."
    )


# -- reviewers and agents ----------------------------------------------------------------------------------------------


def test_reviewers_of_the_same_calls_are_compared_item_by_item():
    rows = [("1", "A", "yes", 5), ("1", "B", "yes", 4), ("2", "A", "yes", 3), ("2", "B", "no", 3), ("3", "A", "no", 1),
            ("3", "B", "no", 1), ("4", "A", "no", 2), ("4", "B", "no", 2), ("5", "A", "no", 2)]  # fmt: skip
    lines = [
        f"10:0{n} reviewed call={call} who={who} law={law} tone={tone} sale=yes"
        for n, (call, who, law, tone) in enumerate(rows)
    ]
    found = {one.item: one for one in report(CARD, *lines).calibration("quality")}
    assert list(found) == ["tone", "law", "sale"]
    # law: three of four the same; Cohen: chance is 2/4·1/4 + 2/4·3/4 = 1/2, so (3/4 − 1/2)/(1/2)
    assert (found["law"].cases, found["law"].agreement, found["law"].kappa) == (
        4,
        Fraction(3, 4),
        Fraction(1, 2),
    )
    # sale: all say yes, and nothing could have differed
    assert (found["sale"].agreement, found["sale"].alpha, found["sale"].kappa) == (1, None, None)
    # law, Krippendorff: 3 yes and 5 no of 8; Do = 2/8, De = 2·3·5/(8·7), so 1 − (1/4)/(15/28)
    assert found["law"].alpha == 1 - Fraction(1, 4) / Fraction(15, 28)


def test_the_last_evaluation_of_a_case_by_a_reviewer_counts_for_calibration():
    """Ann says no at first and yes an hour later, as Bob does: they agree, in whatever order the rows come."""
    lines = [
        "10:00 reviewed call=1 who=ann law=no tone=1 sale=no",
        "10:30 reviewed call=1 who=bob law=yes tone=4 sale=no",
        "11:00 reviewed call=1 who=ann law=yes tone=4 sale=no",
    ]
    for told in (lines, lines[::-1]):
        found = {one.item: one for one in report(CARD, *told).calibration("quality")}
        assert [found[item].agreement for item in ("tone", "law", "sale")] == [1, 1, 1]
        assert [found[item].cases for item in ("tone", "law", "sale")] == [1, 1, 1]


def test_only_a_scorecard_has_reviewers():
    found = report(CARD, HELLO)
    with pytest.raises(EvaluationError, match="SV651"):
        found.calibration("greeting")
    with pytest.raises(EvaluationError, match="SV410"):
        found.calibration("qualty")


def ranked(*agents: tuple[str, int, int]) -> list[tuple[int, str]]:
    """Return place and names of agents with so many reviews met of so many."""
    card = """
    case: review
    standards: [{id: quality, kind: scorecard, event: reviewed, items: [{id: a, answer: a}], at_least: 50,
                 objective: {share: 80%, window: all, by: agent}}]"""
    rows = [
        {
            "time": "2026-03-06T10:00Z",
            "event": "reviewed",
            "review": f"{name}-{n}",
            "agent": name,
            "a": n < met,
        }
        for name, met, number in agents
        for n in range(number)
    ]
    found = servstd.evaluate(servstd.loads(card), servstd.read_events(rows))
    return [
        (tier.place, " ".join(row.segment[6:] for row in tier.members))
        for tier in servstd.rank(found.attainments)
    ]


def test_agents_whose_intervals_overlap_are_not_ranked():
    # Wilson: 90 of 100 is 82.6 to 94.5 %, 85 of 100 is 76.7 to 90.7 %, 40 of 100 is 30.9 to 49.8 %
    assert ranked(("Ann", 90, 100), ("Bob", 85, 100), ("Cid", 40, 100)) == [(1, "Ann Bob"), (3, "Cid")]
    assert ranked(("Zoe", 9, 10), ("Ann", 7, 10)) == [(1, "Ann Zoe")]


def test_a_chain_of_overlaps_is_one_group():
    # 95 of 100 (88.8 to 97.8 %) lies wholly above 75 of 100 (65.7 to 82.5 %), and 87 of 100 (79.0 to 92.2 %) overlaps both
    assert ranked(("A", 95, 100), ("C", 75, 100)) == [(1, "A"), (2, "C")]
    assert ranked(("A", 95, 100), ("B", 87, 100), ("C", 75, 100)) == [(1, "A B C")]


def test_intervals_that_touch_are_not_apart():
    """One ends where the other begins: the true shares may be the same, so nobody is placed above the other."""
    book = """
    timezone: UTC
    standards: [{id: a, kind: check, case: c, event: e, expect: {x: 1}, objective: {share: 80%, window: all, by: [g]}}]"""
    one, two = report(book, "09:00 e c=1 x=1 g=1", "11:00 e c=2 x=1 g=2").attainments
    better, worse = replace(one, low=0.5, high=0.9), replace(two, low=0.1, high=0.5)
    assert [tier.place for tier in servstd.rank([worse, better])] == [1]
    assert [tier.place for tier in servstd.rank([replace(worse, high=0.49), better])] == [1, 2]


def test_segments_of_several_windows_are_not_ranked_together():
    book = """
    timezone: UTC
    standards: [{id: a, kind: check, case: c, event: e, expect: {x: 1}, objective: {share: 80%, window: hour, by: [g]}}]"""
    found = report(book, "09:00 e c=1 x=1 g=1", "11:00 e c=2 x=1 g=1", "12:00 e c=2 x=1 g=1")
    with pytest.raises(EvaluationError, match="SV650"):
        servstd.rank(found.attainments)


TONE = "{id: t, answer: t}"
REFUSED = {
    "no items": ("items: []", "SV640", ".items"),
    "an item of nothing": ("items: [{id: t}]", "SV640", ".items[0]"),
    "an item of two things": ("items: [{id: t, answer: t, standard: a}]", "SV640", ".items[0]"),
    "an event that carries no answer": ("event: e, items: [{id: t, standard: a}]", "SV640", ".event"),
    "a weight below 0": ("items: [{id: t, answer: t, weight: -1}]", "SV641", ".items[0].weight"),
    "a weight that is no number": ("items: [{id: t, answer: t, weight: much}]", "SV641", ".items[0].weight"),
    "weights that add up to 0": ("items: [{id: t, answer: t, weight: 0}]", "SV641", ".items"),
    "two items of one id": (f"items: [{TONE}, {TONE}]", "SV642", ".items[1].id"),
    "a scale upside down": ("items: [{id: t, answer: t, scale: [5, 1]}]", "SV643", ".items[0].scale"),
    "a scale of three": ("items: [{id: t, answer: t, scale: [1, 2, 3]}]", "SV643", ".items[0].scale"),
    "a scale and values": ("items: [{id: t, answer: t, scale: [1, 5], values: {a: 1}}]", "SV643", ".items[0].values"),
    "a value beyond the full mark": ("items: [{id: t, answer: t, values: {a: 2}}]", "SV643", ".items[0].values.a"),
    "a standard on a scale": ("items: [{id: t, standard: a, scale: [1, 5]}]", "SV643", ".items[0].scale"),
    "a score above 100": (f"items: [{TONE}], at_least: 120 points", "SV644", ".at_least"),
    "a score that is none": (f"items: [{TONE}], at_least: good", "SV644", ".at_least"),
    "a scale that fails nobody knows where": ("items: [{id: t, answer: t, scale: [1, 5], auto_fail: true}]", "SV645", ".items[0].auto_fail"),
    "a fail below without a scale": ("items: [{id: t, answer: t, auto_fail: {below: 3}}]", "SV645", ".items[0].auto_fail"),
    "a standard that is not there": ("items: [{id: t, standard: b}]", "SV108", ".items[0].standard"),
    "a standard of another case": ("case: d, items: [{id: t, standard: a}]", "SV632", ".items[0].standard"),
    "a scorecard of itself": ("items: [{id: t, standard: s}]", "SV182", ""),
}  # fmt: skip


@pytest.mark.parametrize(("spec", "code", "path"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_meant_is_refused(spec, code, path):
    least = "" if "at_least" in spec else ", at_least: 85 points"
    text = f"""
    case: c
    standards:
    - {{id: a, kind: respond, start: x, stop: y, within: 1 hour}}
    - {{id: s, kind: scorecard, {spec}{least}}}"""
    with pytest.raises(StandardsError) as caught:
        servstd.loads(text)
    assert (code, f"standards[1]{path}") in {
        (problem.code, problem.path) for problem in caught.value.problems
    }


def test_a_score_is_broken_by_its_review_and_not_before_there_was_one():
    """The greeting fails at 9:00 and the review comes at 10:00: it is the review whose score is 0, from 10:00 on."""
    book = servstd.loads("""
case: id
timezone: UTC
standards:
  - {id: hello, kind: check, event: greeting, expect: {polite: true}, objective: none}
  - id: card
    kind: scorecard
    event: review
    items: [{id: greets, weight: 1, standard: hello, auto_fail: true}, {id: tone, weight: 1, answer: tone, scale: [1, 5]}]
    at_least: 50 points
""")
    rows = [
        {"time": "2026-03-02T09:00Z", "event": "greeting", "id": "1", "polite": False},
        {"time": "2026-03-02T10:00Z", "event": "review", "id": "1", "tone": 5},
    ]
    report = servstd.evaluate(book, servstd.read_events(rows, time="time", event="event"))
    (verdict,) = report.verdicts.where(standard="card")
    assert (verdict.outcome, verdict.elapsed, verdict.margin) == ("breached", 0, -50)
    assert verdict.started_at == verdict.breached_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
