"""What an explanation names: counted dates, warnings, the part that failed and its value, bounds that must not be reached."""

from __future__ import annotations

import json

import pytest

import servstd
from servstd.cli.running import run

DATED = """
timezone: Europe/London
case: t
calendars: {office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}, holidays: ["2026-03-10"]}}
standards:
- {id: plain, kind: respond, start: s, stop: e, within: 5 business days, calendar: office, warn_at: [1 hour before]}
- {id: cut, kind: respond, start: s, stop: e, within: 3 business days, calendar: office,
   day_rule: {ends: close_of_business, cutoff: "14:00"}, pause: held, resume: freed, pauses: shift}
- {id: same, kind: respond, start: s, stop: e, within: 2 days, day_rule: {day_one: same}}
- {id: many, kind: respond, start: s, stop: e, within: 20 days}
- {id: month, kind: respond, start: s, stop: e, within: 1 month}
- {id: hours, kind: respond, start: s, stop: e, within: 30 hours, calendar: office, warn_at: [50%]}
"""
# Wednesday 4 March, 15:00; held over the closing time of Friday; Tuesday 10 March is a holiday
LOG = [
    {"time": "2026-03-04T15:00Z", "event": "s", "t": "1"},
    {"time": "2026-03-06T16:30Z", "event": "held", "t": "1"},
    {"time": "2026-03-09T09:30Z", "event": "freed", "t": "1"},
    {"time": "2026-03-13T10:00Z", "event": "x"},
    {"time": "2026-03-13T09:00Z", "event": "s", "t": "2"},
]


@pytest.fixture(scope="module")
def dated():
    return servstd.evaluate(servstd.loads(DATED), servstd.read_events(LOG))


@pytest.mark.parametrize(
    ("standard", "dates"),
    [
        # the day after the start is day 1; the weekend and the holiday do not count
        pytest.param("plain", ["2026-03-05", "2026-03-06", "2026-03-09", "2026-03-11", "2026-03-12"], id="business days"),
        # after the cut-off the start is Thursday's; Friday closed while the clock was held
        pytest.param("cut", ["2026-03-09", "2026-03-11", "2026-03-12"], id="a cut-off and a pause"),
        pytest.param("same", ["2026-03-04", "2026-03-05"], id="the day of the start is day 1"),
        pytest.param("many", [f"2026-03-{day:02}" for day in range(5, 25)], id="every day"),
        pytest.param("month", [], id="months are not counted by dates"),
        pytest.param("hours", [], id="hours are no dates"),
    ],
)  # fmt: skip
def test_the_dates_that_a_limit_counts_are_named(dated, standard, dates):
    evidence = dated.explain(standard, case="1")
    assert [one.isoformat() for one in evidence.dates] == dates
    assert json.loads(evidence.to_json())["dates"] == dates


def test_few_dates_are_shown_one_by_one_and_of_many_the_ends(dated):
    shown = str(dated.explain("cut", case="1"))
    assert (
        "dates     day 1 = Mon 9 March 2026, day 2 = Wed 11 March 2026, day 3 = Thu 12 March 2026\n" in shown
    )
    many = str(dated.explain("many", case="1"))
    assert "day 1 = Thu 5 March 2026" in many
    assert "…" in many
    assert "day 20 = Tue 24 March 2026" in many
    assert "day 12" not in many


@pytest.mark.parametrize(
    ("standard", "limit"), [("plain", "5 business days"), ("month", "1 month"), ("hours", "30h")]
)
def test_a_limit_is_shown_in_its_own_unit(dated, standard, limit):
    assert f"  {limit}  set by within\n" in str(dated.explain(standard, case="1"))


def test_warnings_that_came_and_those_ahead_are_named(dated):
    # due at the end of Thursday the 12th: an hour of opening time before is 16:00
    assert "  warned    Thu 12 Mar 2026 16:00\n" in str(dated.explain("plain", case="1"))
    # 15 of 30 hours: 8 on Friday the 13th, 7 on Monday the 16th
    evidence = dated.explain("hours", case="2")
    assert "  will warn  Mon 16 Mar 2026 16:00\n" in str(evidence)
    assert json.loads(evidence.to_json())["warnings"] == ["2026-03-16T16:00:00Z"]


CHECKS = """
timezone: UTC
case: t
standards:
- {id: all, kind: check, event: o, expect: {a: 1, b: {ge: 5}}}
- {id: any, kind: check, event: o, expect: {any: [{a: 2}, {b: {ge: 5}}]}}
- {id: nested, kind: check, event: o, expect: {all: [{a: 1}, {any: [{b: {ge: 5}}, {c: x}]}, {not: {d: 1}}]}}
- {id: absent, kind: check, event: o, expect: {any: [{a: 2}, {all: [{b: {ge: 5}}, {z: 1}]}]}}
- {id: earlier, kind: check, event: o, expect: {seen: "yes"}}
- {id: items, kind: check, event: o, for_each: xs, expect: {p: 1, q: {ge: 2}}}
- {id: text, kind: check, event: o, expect: {said: {mentions: sorry}}}
- {id: kept, kind: check, event: o, expect: {a: 1}}
- {id: none, kind: check, event: never, expect: {a: 1}, missing_by: o}
"""
EVENT = {"time": "2026-03-02T01:00Z", "event": "o", "t": "1", "a": 1, "b": 3, "c": "y", "d": 1, "said": "No, never.",
         "xs": [{"p": 1, "q": 1}, {"p": 1, "q": 3}, {"p": 2, "q": 5}]}  # fmt: skip


@pytest.fixture(scope="module")
def checked():
    before = {"time": "2026-03-02T00:00Z", "event": "before", "t": "1", "seen": "no"}
    return servstd.evaluate(servstd.loads(CHECKS), servstd.read_events([before, EVENT]))


@pytest.mark.parametrize(
    ("standard", "failing", "said"),
    [
        ("all", ["b is at least 5 (it is 3)"], "it is not so that b is at least 5 (it is 3)"),
        ("any", ["a is 2 (it is 1)", "b is at least 5 (it is 3)"], "it is not so that a is 2 (it is 1), nor that b is at least 5 (it is 3)"),
        ("nested", ["b is at least 5 (it is 3)", "c is x (it is y)", "d is not 1 (it is 1)"], "nor that d is not 1 (it is 1)"),
        ("earlier", ["seen is yes (it is no)"], "seen is yes (it is no)"),
        ("items", ["xs 1: it is not so that q is at least 2 (it is 1)", "xs 3: it is not so that p is 1 (it is 2)"],
         "2 of 3 xs are not as expected: xs 1: it is not so that q is at least 2 (it is 1); xs 3: it is not so that p is 1 (it is 2)"),
        ("text", ["said mentions sorry (it is “No, never.”)"], "(it is “No, never.”)"),
        ("kept", [], "o was as expected"),
        ("none", [], "o came with no never before it"),
    ],
)  # fmt: skip
def test_the_part_that_failed_is_named_with_what_was_found(checked, standard, failing, said):
    evidence = checked.explain(standard, case="1")
    assert list(evidence.failing) == failing
    assert said in evidence.sentence


def test_the_reason_of_a_verdict_does_not_hang_on_what_was_found(checked):
    """What breaches have in common is told by their reasons, so that these hold no values."""
    (verdict,) = checked.verdicts.where(standard="all")
    assert verdict.reason == "it is not so that a is 1 and b is at least 5"


EXCLUSIVE = """
timezone: UTC
case: t
standards:
- {id: count, kind: quantity, count: o, at_most: 2, ends: x, boundary: exclusive}
- {id: sum, kind: quantity, sum: {field: n, of: o}, at_most: 4, ends: x, boundary: exclusive}
- {id: clock, kind: respond, start: o, stop: x, within: 2 hours, boundary: exclusive}
- {id: inclusive, kind: quantity, count: o, at_most: 2, ends: x}
"""


@pytest.mark.parametrize(
    ("standard", "promise", "sentence", "limit"),
    [
        ("count", "the number of o must be less than 2;", "its end came after 2 o, and less than 2 was allowed.", "less than 2 events"),
        ("sum", "the sum of n over o must be less than 4;", "it came to 4, and less than 4 was allowed.", "less than 4"),
        ("clock", "x must follow in less than 2h.", "x came after 2h, and less than 2h was allowed.", "less than 2h"),
        ("inclusive", "the number of o must be at most 2;", "its end came after 2 o, exactly at the limit.", "limit     2 events"),
    ],
)  # fmt: skip
def test_a_bound_that_must_not_be_reached_is_said_so(standard, promise, sentence, limit):
    book = servstd.loads(EXCLUSIVE)
    rows = [
        {"time": f"2026-03-02T0{hour}:00Z", "event": event, "t": 1, "n": 2}
        for hour, event in enumerate("oox")
    ]
    evidence = servstd.evaluate(book, servstd.read_events(rows)).explain(standard)
    assert promise in book[standard].sentence(book.surroundings)
    assert sentence in evidence.sentence
    assert limit in str(evidence)


HOLDERS = """
timezone: UTC
case: c
standards:
- {id: both, kind: bundle, of: [{id: quick, kind: respond, start: s, stop: t, within: 1 hour}, {kind: respond, start: s, stop: u, within: 1 day}]}
- id: card
  kind: scorecard
  items: [{id: hello, weight: 10, standard: {kind: check, event: s, expect: {a: 1}}}]
  at_least: 85
"""


@pytest.mark.parametrize(
    ("standard", "said"),
    [
        ("both", "all of `quick` (after s, t must follow within 1h) and `both.2` (after s, u must follow within 1 day) must be kept"),
        ("card", "`card.hello` (at s it must be so that a is 1) (weight 10) must together reach 85 points of 100"),
    ],
)  # fmt: skip
def test_what_is_written_in_place_is_named_with_what_it_promises(standard, said):
    book = servstd.loads(HOLDERS)
    assert said in book[standard].sentence(book.surroundings)


def test_what_is_written_in_place_can_be_explained(tmp_path, capsys):
    path = tmp_path / "book.yaml"
    path.write_text(HOLDERS)
    assert run(["explain", str(path), "--standard", "quick"]) == 0
    assert "after s, t must follow within 1h." in capsys.readouterr().out
    assert run(["explain", str(path), "--standard", "qick"]) == 2
    assert "Did you mean `quick`?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("standard", "said"),
    [
        ("kind: quantity, count: o, at_most: 3, per: {rolling: 1 day}", "at most 3 in any day."),
        ("kind: quantity, count: o, at_most: 3, per: {rolling: 1 week}", "at most 3 in any week."),
        ("kind: quantity, count: o, at_most: 3, per: {rolling: 7 days}", "at most 3 in any 7 days."),
        ("kind: quantity, count: o, at_most: 3, per: {fiscal_year: '04-01'}", "at most 3 a fiscal year from 04-01."),
        ("kind: gauge, level: {plus: a, minus: b}, above: 3, per: day", "above 3, each day by itself."),
        ("kind: respond, start: s, stop: t, within: 1 hour, objective: {share: 95%, window: {rolling: 1 month}}", "95% in any month must be met."),
        ("kind: respond, start: s, stop: t, within: 1 hour, objective: {share: 95%, window: {rolling: 3 months}}", "95% in any 3 months must be met."),
        ("kind: respond, start: s, stop: t, within: 1 hour, objective: {share: 95%, window: {week: sunday}}", "95% a week from Sunday must be met."),
        ("kind: respond, start: s, stop: t, within: 1 hour, warn_at: [50%, 10 minutes before]", "a warning comes at 50% of it and 10 minutes before its end."),
    ],
)  # fmt: skip
def test_windows_and_warnings_are_said_in_english(standard, said):
    book = servstd.loads(f"case: c\ntimezone: UTC\nstandards: [{{id: a, {standard}}}]")
    assert book["a"].sentence(book.surroundings).endswith(said)
