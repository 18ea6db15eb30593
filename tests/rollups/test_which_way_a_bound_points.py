"""Which way a bare figure points, and shares of what is breached: each row worked by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

import servstd
from servstd.errors import StandardsError
from servstd.statistics.intervals import wilson

HOUR, MINUTE = 3_600_000_000, 60_000_000


def report_of(standard: str, events: list[str]) -> servstd.Report:
    """Judge events written `day hour:minute kind case field=value …` of March 2026; `-` is no case."""
    rows = []
    for event in events:
        day, at, kind, case, *fields = event.split()
        row = {name: int(value) for name, value in (field.split("=") for field in fields)}
        rows.append(
            {"time": f"2026-03-{int(day):02d}T{at}:00Z", "event": kind, "id": case.strip("-") or None, **row}
        )
    book = servstd.loads(f"case: id\ntimezone: UTC\nstandards:\n- {{id: it, {standard}}}")
    return servstd.evaluate(book, servstd.read_events(rows))


CLOCK = "kind: respond, start: asked, stop: answered, within: 4 hours"
CLOCKS = ["2 09:00 asked A", "2 10:00 answered A", "2 09:00 asked B", "2 12:00 answered B"]  # 1 and 3 hours
CARD = "kind: scorecard, event: rated, at_least: 85, items: [{id: p, answer: p, scale: [0, 100]}]"
CARDS = ["2 09:00 rated A p=95", "2 10:00 rated B p=80"]
VISITS = "kind: quantity, count: visit, per: day"
VISITED = [
    "1 00:00 begin -", *(f"2 {hour}:00 visit A" for hour in (10, 11, 12, 13)), "3 09:00 visit A", "3 10:00 visit A",
    "4 00:00 end -",
]  # fmt: skip
NOTICE = "kind: order, event: cut, needs: told"
NOTICES = ["2 09:00 told A", "4 09:00 cut A", "2 09:00 told B", "3 09:00 cut B"]  # 48 and 24 hours
COLD = "kind: gauge, level: {set: $celsius, on: read}, per: day"
READ = ["2 01:00 read A celsius=7", "2 09:00 read A celsius=4", "3 09:00 read A celsius=6", "4 00:00 end -"]


@pytest.mark.parametrize(
    ("standard", "events", "figure", "value", "status"),
    [
        pytest.param(CLOCK, CLOCKS, "mean: 2 hours", 2 * HOUR, "met", id="a clock: at most, reached"),
        pytest.param(CLOCK, CLOCKS, "mean: 90 minutes", 2 * HOUR, "missed", id="a clock: at most, passed"),
        pytest.param(CLOCK, CLOCKS, "p50: 1 hour", HOUR, "met", id="a clock: a percentile"),
        pytest.param(f"{CLOCK}, boundary: exclusive", CLOCKS, "max: 3 hours", 3 * HOUR, "missed", id="a clock: less than"),
        pytest.param(
            f"{CLOCK}, boundary: exclusive", CLOCKS, "share: 100%, within: 3 hours", Fraction(1, 2), "missed",
            id="a clock: less than a limit of the objective's own",
        ),
        pytest.param(CLOCK.replace("4 hours", "none"), CLOCKS, "mean: 2 hours", 2 * HOUR, "met", id="a clock without a limit"),
        pytest.param(CARD, CARDS, "mean: 85", Fraction(175, 2), "met", id="a scorecard: at least, reached"),
        pytest.param(CARD, CARDS, "mean: 88", Fraction(175, 2), "missed", id="a scorecard: at least, not reached"),
        pytest.param(CARD, CARDS, "p50: 80", 80, "met", id="a scorecard: a percentile"),
        pytest.param(CARD, CARDS, "mean: {le: 88}", Fraction(175, 2), "met", id="a scorecard: what is written goes first"),
        pytest.param(f"{VISITS}, at_least: 2", VISITED, "mean: 3", 3, "met", id="a least count"),
        pytest.param(f"{VISITS}, at_least: 2", VISITED, "mean: 3.5", 3, "missed", id="a least count, not reached"),
        pytest.param(f"{VISITS}, at_most: 4", VISITED, "mean: 3", 3, "met", id="a greatest count"),
        pytest.param(f"{VISITS}, at_most: 4", VISITED, "median: 1", 2, "missed", id="a greatest count, passed"),
        pytest.param(
            f"{VISITS}, at_least: 2, at_most: 4", VISITED, "mean: {ge: 3}", 3, "met", id="two bounds, and the direction written"
        ),
        pytest.param(f"{NOTICE}, at_least: 24 hours", NOTICES, "mean: 36 hours", 36 * HOUR, "met", id="a least notice"),
        pytest.param(f"{NOTICE}, at_least: 24 hours", NOTICES, "mean: 37 hours", 36 * HOUR, "missed", id="too short a notice"),
        pytest.param(f"{NOTICE}, within: 48 hours", NOTICES, "mean: 37 hours", 36 * HOUR, "met", id="a greatest distance"),
        pytest.param(f"{COLD}, above: 8", READ, "max: 7", 7, "met", id="the highest level of each day"),
        pytest.param(f"{COLD}, above: 8", READ, "mean: 6", Fraction(13, 2), "missed", id="their mean"),
        pytest.param(f"{COLD}, below: 2", READ, "mean: 4", 4, "met", id="the lowest level of each day"),
        pytest.param(f"{COLD}, below: 2", READ, "mean: 5", 4, "missed", id="their mean, too low"),
        pytest.param(
            f"{COLD}, below: 5, then: called, within: 1 hour".replace(", per: day", ""),
            [*READ[:2], "2 09:20 called A", *READ[2:]],
            "mean: 20 minutes",
            20 * MINUTE,
            "met",
            id="the time to the reaction, of a level",
        ),
        pytest.param(
            "kind: check, event: rated, expect: {p: {ge: 90}}", CARDS, "mean: 0.5", Fraction(1, 2), "met", id="failing items"
        ),
        pytest.param(CLOCK, CLOCKS, "count: 0", 0, "met", id="a count of those breached: at most"),
        pytest.param(CLOCK, CLOCKS, "count: 3, of: met", 2, "missed", id="a count of those met: at least"),
        pytest.param(CLOCK, CLOCKS, "rate: 1 per 2", 0, "met", id="a rate of those breached: at most"),
    ],
)  # fmt: skip
def test_a_bare_figure_points_where_the_bound_of_its_standard_does(
    standard: str, events: list[str], figure: str, value: object, status: str
) -> None:
    (row,) = report_of(f"{standard}, objective: {{{figure}, window: all}}", events).attainments
    assert (row.exact_value, row.status) == (value, status)


@pytest.mark.parametrize(
    ("standard", "objective", "code", "path"),
    [
        pytest.param(f"{VISITS}, at_least: 2, at_most: 4", "mean: 3", "SV612", "objective", id="two bounds"),
        pytest.param(f"{NOTICE}", "p90: 3 hours", "SV612", "objective", id="no bound"),
        pytest.param(f"{COLD}, above: 8, below: 2", "mean: 5", "SV613", "objective", id="a level between two bounds"),
        pytest.param(f"{COLD}, above: $limit", "mean: 5", "SV613", "objective", id="a bound that each case carries"),
        pytest.param(
            f"{NOTICE}, at_least: 24 hours", "share: 90%, within: 30 hours", "SV613", "objective.within", id="within a least"
        ),
        pytest.param(
            f"{VISITS}, at_most: 4, overrides: [{{when: {{vip: 1}}, at_least: 2}}]", "mean: 3", "SV612", "objective",
            id="a row that turns the bound",
        ),
        pytest.param(
            f"{CLOCK}, reading: a, readings: {{a: {{within: 1 hour}}, b: {{kind: respond}}}}", "p90: 5", "SV602", "objective",
            id="another unit, as before",
        ),
    ],
)  # fmt: skip
def test_what_points_nowhere_is_refused(standard: str, objective: str, code: str, path: str) -> None:
    with pytest.raises(StandardsError) as failure:
        report_of(f"{standard}, objective: {{{objective}, window: all}}", [])
    assert [(one.code, one.path.split("].", 1)[-1]) for one in failure.value.problems] == [(code, path)]


def test_the_objective_of_a_row_points_where_its_standard_does() -> None:
    rows = report_of(
        f"{VISITS}, at_least: 2, objective: {{mean: 4, window: all}}, overrides: [{{when: {{vip: 1}}, objective: {{mean: 3}}}}]",
        [*VISITED, "3 08:00 joined A vip=1"],
    ).attainments
    assert [(one.objective, one.status) for one in rows] == [
        ("mean ≥ 4 overall", "no_data"),
        ("mean ≥ 3 overall", "met"),
    ]


# -- shares of what is breached ----------------------------------------------------------------------------------------


def calls(late: int, of: int) -> list[str]:
    """Return calls of which some are answered after five hours, under a limit of four."""
    return [
        event
        for number in range(of)
        for event in (f"2 09:00 asked C{number}", f"2 {14 if number < late else 10}:00 answered C{number}")
    ]


@pytest.mark.parametrize(
    ("objective", "late", "status", "value", "allowed"),
    [
        pytest.param("less than 3% overall", 3, "missed", "3%", 2, id="exactly three of a hundred is not less than 3 %"),
        pytest.param("less than 3% overall", 2, "met", "2%", 2, id="two of a hundred are"),
        pytest.param("at most 3% overall", 3, "met", "3%", 3, id="three of a hundred are at most 3 %"),
        pytest.param("at most 3% overall", 4, "missed", "4%", 3, id="four are not"),
        pytest.param("more than 97% overall", 3, "missed", "97%", 2, id="the complement, at equality"),
        pytest.param("97% overall", 3, "met", "97%", 3, id="the complement, not strict"),
        pytest.param("at most 0% overall", 0, "met", "0%", 0, id="none at all"),
        pytest.param("{share: {lt: 3%}, window: all, within: 5 hours}", 3, "met", "0%", 2, id="under a limit of its own"),
    ],
)  # fmt: skip
def test_the_most_that_may_be_breached_is_exact(
    objective: str, late: int, status: str, value: str, allowed: int
) -> None:
    (row,) = report_of(f"{CLOCK}, objective: {objective}", calls(late, 100)).attainments
    assert (row.status, row.value_text, row.budget_allowed) == (status, value, allowed)


def test_a_share_of_what_is_breached_is_told_with_its_complement() -> None:
    report = report_of(f"{CLOCK}, objective: less than 3% overall", calls(1, 50))
    (row,) = report.attainments
    assert row.bound_text == "< 3% breached (> 97% met)"
    assert row.result_text == "1 of 50 breached, 2% reached, < 3% breached (> 97% met) wanted"
    assert (row.value, row.bound, row.budget_allowed, row.budget_used, row.burn_rate) == (
        0.02,
        0.03,
        1,
        1,
        Fraction(2, 3),
    )
    around = wilson(1, 50)
    assert around is not None
    assert (row.low, row.high) == (around.low, around.high)


@pytest.mark.parametrize(
    ("side", "late", "status"),
    [
        pytest.param("adverse", 2, "missed", id="what may well be too many, two of a hundred"),
        pytest.param("adverse", 0, "met", id="what surely is not, none of two hundred"),
        pytest.param("favourable", 9, "missed", id="what surely is too many, nine of a hundred"),
    ],
)
def test_an_end_of_the_interval_decides_on_what_is_breached(side: str, late: int, status: str) -> None:
    objective = f"{{share: {{le: 3%}}, window: all, decide_on: {{interval: wilson, side: {side}}}}}"
    (row,) = report_of(f"{CLOCK}, objective: {objective}", calls(late, 100 if late else 200)).attainments
    assert row.status == status
