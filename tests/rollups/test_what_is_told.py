"""What a report tells of verdicts that are not known, and of rows that are longer than a line."""

from __future__ import annotations

import servstd
from servstd.render.style import Style
from servstd.render.text import render

DOUBLE = """
case: t
timezone: UTC
standards:
- {id: reply, kind: respond, start: s, stop: e, within: 8 hours}
agreements:
- {id: gold, level: segment, for: {plan: gold}, terms: {reply: {within: 4 hours}}}
- {id: north, level: segment, for: {region: north}, terms: {reply: {within: 2 hours}}}
"""
CARD = """
case: t
standards:
- {id: card, kind: scorecard, event: e, items: [{id: tone, answer: tone, scale: [1, 5]}], at_least: 50}
"""


def events(*told):
    """Return an event a case: (case, kind, fields)."""
    return servstd.read_events(
        [
            {"time": f"2026-03-02T09:{minute:02d}Z", "event": event, "t": case, **fields}
            for minute, (case, event, fields) in enumerate(told)
        ]
    )


def told(text, log, width=100):
    return render(servstd.evaluate(servstd.loads(text), log), Style(width=width)).splitlines()


def test_two_agreements_of_one_level_are_named_where_they_leave_a_case_unknown():
    both, one = {"plan": "gold", "region": "north"}, {"plan": "gold", "region": "south"}
    log = events(("1", "s", both), ("1", "e", {}), ("2", "s", one), ("2", "e", {}))
    lines = told(DOUBLE, log)
    assert (
        "  unknown, 1 of reply: which of the agreements gold and north holds is not known (case 1)" in lines
    )
    assert any("insufficient (more than 1% unknown)" in line for line in lines)


def test_a_score_outside_its_scale_and_a_missing_one_are_told_apart_the_most_frequent_first():
    log = events(("1", "e", {}), ("2", "e", {"tone": 9}), ("3", "e", {}), ("4", "e", {"tone": 4}))
    assert [line for line in told(CARD, log) if line.startswith("  unknown, ")] == [
        "  unknown, 2 of card: tone: not answered (case 1, 3)",
        "  unknown, 1 of card: tone: 9 is not from 1 to 5 (case 2)",
    ]


def test_weights_that_add_up_to_nothing_say_so_beside_the_cases_that_have_them():
    text = "{case: t, standards: [{id: reply, kind: respond, start: s, stop: e, within: 1 hour, objective: {share: 95%, window: all, weight: $n}}]}"
    lines = told(text, events(("1", "s", {"n": 0}), ("1", "e", {})))
    assert any(line.endswith("no data (the weights add up to nothing)") for line in lines)


def test_of_many_reasons_the_rest_is_counted():
    log = events(*((str(score), "e", {"tone": score}) for score in (6, 7, 8, 9, 9)))
    lines = [line for line in told(CARD, log) if line.startswith("  unknown, ")]
    assert lines[0] == "  unknown, 2 of card: tone: 9 is not from 1 to 5 (case 9, 9)"
    assert lines[-1] == "  unknown, 1 more of card: other reasons"


def test_a_number_and_what_it_counts_stay_on_one_line():
    both, silver = {"plan": "gold", "region": "north"}, {"plan": "silver"}
    log = events(("1", "s", both), ("1", "e", {}), ("2", "s", silver), ("3", "s", silver))
    for width in range(60, 110):
        lines = told(DOUBLE, log, width)
        (row,) = [place for place, line in enumerate(lines) if line.startswith("  all time")]
        ends = [line.split()[-1] for line in lines[row : row + 3] if line.strip()]
        assert not {"+", "1", "2"} & set(ends), width
        assert "\N{NO-BREAK SPACE}" not in "".join(lines)


SEGMENTS = """
case: t
timezone: UTC
standards:
- {id: reply, kind: respond, start: s, stop: e, within: 1 hour, objectives: [{share: 95%, window: all, by: [region]}, {share: 90%, window: month}]}
"""


def test_a_long_label_has_its_own_line_and_is_never_cut():
    far = "the far north east of the whole country and beyond it"
    lines = told(
        SEGMENTS, events(("1", "s", {"region": far}), ("1", "e", {}), ("2", "s", {"region": "near"}))
    )
    (place,) = [place for place, line in enumerate(lines) if line == f"  all time  region={far}"]
    numbers, near = (
        lines[place + 1],
        next(line for line in lines if line.startswith("  all time  region=near")),
    )
    assert numbers.split()[:5] == ["1", "1", "0", "100%", "95%"]
    assert numbers.index("95%") == near.index("95%")


def test_an_annotation_names_the_objective_where_a_standard_has_several_and_counts_in_the_singular():
    log = servstd.read_events(
        [
            {"time": "2026-02-01T00:00Z", "event": "s", "t": "1", "region": "north"},
            {"time": "2026-02-01T05:00Z", "event": "e", "t": "1"},
            {"time": "2026-03-01T00:00Z", "event": "z", "t": "1"},
            {"time": "never", "event": "z", "t": "1"},
        ]
    )
    lines = servstd.evaluate(servstd.loads(SEGMENTS), log).render("github").splitlines()
    titles = [line.partition("::")[2].partition("::")[0] for line in lines if line.startswith("::")]
    assert titles == [
        "error title=reply%2C 95%25 overall by region%3A all time  region=north",
        "error title=reply%2C 90%25 a month%3A 2026-02",
        "warning title=data",
    ]
    assert "::warning title=data::in quarantine: 1 row" in lines
    assert lines[1].endswith("%0Athe worst of the standard:%0A1: 5h of 1h allowed, 4h too much")


def test_an_annotation_of_a_window_without_data_says_no_figure():
    lines = servstd.evaluate(servstd.loads(CARD), events(("1", "z", {}))).render("github").splitlines()
    assert "::warning title=card%3A all time::card%0Ano data: 100%25 wanted" in lines


def test_a_bar_is_of_no_colour_that_means_something_while_nothing_is_decided():
    """The only case of March is met; the month goes on."""
    log = events(("1", "s", {"region": "north"}), ("1", "e", {}))
    page = servstd.evaluate(servstd.loads(SEGMENTS), log).to_html()
    assert [page.count(f'<div class="bar{kind}">') for kind in (" met", " missed", "")] == [1, 0, 1]


def test_a_date_is_not_cut_by_the_end_of_a_line_and_seconds_are_enough():
    rows = [
        {"time": "2026-03-02T09:00:00.123456Z", "event": "s", "t": "1"},
        {"time": "2026-03-04T11:00:00.654321Z", "event": "e", "t": "1"},
    ]
    log = servstd.read_events(rows)
    for width in range(60, 110):
        lines = told(SEGMENTS, log, width)
        dates = [sum(date in line for line in lines) for date in ("2 Mar 2026 10:00,", "4 Mar 2026 11:00")]
        assert dates == [1, 1], width
        assert not any("654321" in line for line in lines[1:])


def test_what_is_too_late_by_less_than_a_second_is_shown_to_the_microsecond():
    rows = [
        {"time": "2026-03-02T09:00:00Z", "event": "s", "t": "1"},
        {"time": "2026-03-02T10:00:00.25Z", "event": "e", "t": "1"},
    ]
    (line,) = [one for one in told(SEGMENTS, servstd.read_events(rows)) if one.startswith("  reply  1  ")]
    assert line.endswith("due 2 Mar 2026 10:00, ended 10:00:00.25")
