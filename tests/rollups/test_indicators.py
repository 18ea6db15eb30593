"""Indicators: the same kinds without a bound; measured, and never judged."""

from __future__ import annotations

import pytest
from stories import report

import servstd
from servstd.errors import StandardsError

BOOK = """
timezone: UTC
case: call
indicators:
- {id: wait, kind: respond, start: offered, stop: answered, cancel: hung.up}
- {id: rings, kind: quantity, count: rang, ends: ended}
- {id: asked, kind: check, event: asked}
- {id: queue, kind: gauge, case: site, level: {plus: offered, minus: [answered, hung.up]}, ends: shut}
standards:
- {id: sorry, kind: respond, start: {standard: wait, change: cancelled}, stop: called.back, within: 1 hour}
"""
DAY = (
    "09:00 offered call=1 site=S", "09:00 rang call=1", "09:01 offered call=2 site=S", "09:01 rang call=1",
    "09:02 answered call=1 site=S", "09:05 hung.up call=2 site=S", "09:30 called.back call=2",
    "09:40 ended call=1", "10:00 asked call=1", "18:00 shut site=S",
)  # fmt: skip


def test_an_indicator_measures_and_is_in_no_verdict_and_no_attainment():
    found = report(BOOK, *DAY)
    assert (
        {one.standard for one in found.verdicts} == {row.standard for row in found.attainments} == {"sorry"}
    )
    told = [(one.standard, one.case, one.outcome, one.elapsed, one.limit) for one in found.measures]
    minute = 60_000_000
    assert told == [
        ("wait", "1", "met", 2 * minute, None),
        ("wait", "2", "cancelled", 4 * minute, None),
        ("rings", "1", "met", 2, None),
        ("rings", "2", "open", 0, None),
        ("asked", "1", "met", 0, 0),
        ("queue", "S", "met", 2, None),  # two callers waited at 09:01
    ]


def test_what_an_indicator_measures_starts_other_clocks():
    (one,) = report(BOOK, *DAY).verdicts
    assert (one.case, one.outcome, f"{one.started_at:%H:%M}") == ("2", "met", "09:05")


def test_a_book_with_indicators_comes_back_from_yaml():
    book = servstd.loads(BOOK)
    assert servstd.loads(book.to_yaml()) == book
    assert book["queue"].sentence(book.surroundings) == (
        "For each site: the highest of the number of offered less answered or hung up is measured; until shut ends the case."
    )


REFUSED = {
    "a limit": ("{id: a, kind: respond, start: x, stop: y, within: 1 hour}", "SV637", "indicators[0].within"),
    "a limit for some": (
        "{id: a, kind: respond, start: x, stop: y, overrides: [{when: {p: 1}, within: 1 hour}]}", "SV637", "indicators[0].overrides",
    ),
    "a bound": ("{id: a, kind: quantity, count: x, at_most: 3, ends: z}", "SV637", "indicators[0].at_most"),
    "an objective": ("{id: a, kind: check, event: x, objective: 90% overall}", "SV637", "indicators[0].objective"),
    "a standard that reads verdicts": ("{id: a, kind: bundle, of: [b]}", "SV160", "indicators[0].kind"),
}  # fmt: skip


@pytest.mark.parametrize(("spec", "code", "path"), REFUSED.values(), ids=REFUSED)
def test_an_indicator_promises_nothing(spec, code, path):
    with pytest.raises(StandardsError) as caught:
        servstd.loads(f"case: c\nindicators: [{spec}]\n")
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [(code, path)]


UNBOUNDED = {
    "a clock": ("{id: a, kind: respond, start: x, stop: y}", "SV104"),
    "a quantity": ("{id: a, kind: quantity, count: x}", "SV118"),
    "an event": ("{id: a, kind: check, event: x}", "SV104"),
    "a level": ("{id: a, kind: gauge, level: {plus: x, minus: y}}", "SV117"),
}


@pytest.mark.parametrize(("spec", "code"), UNBOUNDED.values(), ids=UNBOUNDED)
def test_a_standard_needs_what_an_indicator_leaves_out(spec, code):
    assert len(servstd.loads(f"case: c\nindicators: [{spec}]\n").indicators) == 1
    for book in (f"standards: [{spec}]", f"standards: [{{id: b, kind: bundle, of: [{spec}]}}]"):
        with pytest.raises(StandardsError) as caught:
            servstd.loads(f"case: c\n{book}\n")
        assert [problem.code for problem in caught.value.problems] == [code]
