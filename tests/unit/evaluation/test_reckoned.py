"""What is reckoned from verdicts, payments and weights; and names of fields, with and without their dollar signs."""

from __future__ import annotations

from typing import Any

import pytest

import servstd
from servstd import StandardsError, read_events
from servstd.book import Book
from servstd.engine.obligation import FIGURES, Obligation
from servstd.expressions.values import Duration

CLOCK = {"id": "it", "kind": "respond", "start": "asked", "stop": "answered", "within": "1 hour"}
DAYS = {**CLOCK, "within": "2 days"}
CALLS = {"id": "it", "kind": "quantity", "count": "called", "per": "month", "at_most": 2}
ASKED = {"time": "2026-03-02T09:00:00Z", "event": "asked", "ticket": "T1"}
ANSWERED = {"time": "2026-03-02T11:30:00Z", "event": "answered", "ticket": "T1"}


def evaluated(standard: dict[str, Any], *events: dict[str, Any], **book: Any) -> Any:
    made = Book(case="ticket", timezone="UTC", standards=[standard], **book)
    return servstd.evaluate(made, read_events(list(events) or [ASKED, ANSWERED]))


def codes(standard: dict[str, Any], **book: Any) -> list[str]:
    with pytest.raises(StandardsError) as refused:
        Book(case="ticket", timezone="UTC", standards=[standard], **book)
    return [problem.code for problem in refused.value.problems]


def test_a_verdict_tells_its_figures_by_their_names():
    whole = Obligation(0, 0, outcome="breached", due_at=3, elapsed=5, limit=3, margin=-2)
    assert tuple(whole.figures("count")) == FIGURES
    assert whole.figures("time")["elapsed"] == Duration(5)
    assert Obligation(0, 0).figures("time") == {"outcome": "open"}


@pytest.mark.parametrize(
    ("standard", "flat"),
    [
        pytest.param(CLOCK, "2 * $elapsed GBP", id="a length of time times a number"),
        pytest.param(CLOCK, "$limit GBP", id="a length of time alone"),
        pytest.param(CLOCK, "max($margin, 5) GBP", id="a length of time and a number"),
        pytest.param(DAYS, "hours($elapsed) GBP", id="days as a length of time"),
        pytest.param(CALLS, "hours($elapsed) GBP", id="a number of calls as a length of time"),
        pytest.param(CALLS, "$outcome GBP", id="an outcome"),
        pytest.param(CALLS, "10% of $due_at GBP", id="an instant"),
        pytest.param(CALLS, "$event.fee GBP", id="a field of an event"),
        pytest.param(CALLS, "$time GBP", id="the time of an event"),
    ],
)
def test_what_can_never_be_a_number_is_refused_when_the_book_is_loaded(standard, flat):
    assert codes(standard, consequences=[{"standard": "it", "flat": flat}]) == ["SV196"]


def test_it_is_refused_wherever_something_is_reckoned():
    assert codes({**CLOCK, "objective": {"share": "90%", "window": "all", "weight": "$elapsed"}}) == ["SV196"]
    tiers = {"standard": "it", "by": "2 * $elapsed", "tiers": [[3, "5 GBP"]]}
    assert codes(CLOCK, consequences=[tiers]) == ["SV196"]
    for key in ({"cap": "$limit GBP"}, {"overrides": [{"when": {"a": 1}, "flat": "$limit GBP"}]}):
        assert codes(CLOCK, consequences=[{"standard": "it", "flat": "5 GBP", **key}]) == ["SV196"]


@pytest.mark.parametrize(
    ("standard", "flat", "amount"),
    [
        pytest.param(CLOCK, "10 * hours($elapsed) GBP", "25.00", id="two and a half hours"),
        pytest.param(CLOCK, "10 * hours($limit) GBP", "10.00", id="what was allowed"),
        pytest.param(CLOCK, "-1 * minutes($margin) GBP", "90.00", id="what is left is less than nothing"),
        pytest.param(CLOCK, "10% of seconds($elapsed) GBP", "900.00", id="a tenth of nine thousand seconds"),
        pytest.param(CLOCK, "2 * $case.elapsed + $fee GBP", "15.00", id="the field of the case"),
    ],
)
def test_a_payment_reads_the_verdict_and_then_the_case(standard, flat, amount):
    asked = {**ASKED, "elapsed": 7, "fee": 1}
    report = evaluated(standard, asked, ANSWERED, consequences=[{"standard": "it", "flat": flat}])
    assert [str(row.amount) for row in report.consequences] == [amount]


def test_a_payment_in_days_reads_them_as_numbers():
    """Two days allowed, until the end of the 4th; done on the 7th, so five were used."""
    late = {**ANSWERED, "time": "2026-03-07T10:00:00Z"}
    report = evaluated(
        DAYS, ASKED, late, consequences=[{"standard": "it", "flat": "3 * ($elapsed - $limit) GBP"}]
    )
    assert [str(row.amount) for row in report.consequences] == ["9.00"]


def test_a_payment_that_reads_what_still_grows_is_running():
    told = [
        {"id": "a", "standard": "it", "flat": "hours($elapsed) GBP"},
        {"id": "b", "standard": "it", "flat": "hours($limit) GBP"},
    ]
    made = Book(case="ticket", timezone="UTC", standards=[CLOCK], consequences=told)
    report = servstd.evaluate(made, read_events([ASKED]), as_of="2026-03-02T12:00:00Z")
    assert [(str(row.amount), row.is_running) for row in report.consequences] == [
        ("3.00", True),
        ("1.00", False),
    ]


def test_tiers_may_measure_arithmetic():
    tiers = {"standard": "it", "by": "$km - $free", "tiers": [[10, "5 GBP"], [20, "9 GBP"]]}
    for km, amount in ((25, "5.00"), (35, "9.00")):
        report = evaluated(CLOCK, {**ASKED, "km": km, "free": 15}, ANSWERED, consequences=[tiers])
        assert [str(row.amount) for row in report.consequences] == [amount]
    assert (
        evaluated(CLOCK, {**ASKED, "km": 24, "free": 15}, ANSWERED, consequences=[tiers]).consequences == ()
    )


@pytest.mark.parametrize("name", ["ticket", "$ticket", "${ticket}", "$case.ticket"])
def test_a_case_is_named_with_or_without_a_dollar(name):
    made = Book(case=name, timezone="UTC", standards=[CLOCK])
    assert [one.outcome for one in servstd.evaluate(made, read_events([ASKED, ANSWERED])).verdicts] == [
        "breached"
    ]


@pytest.mark.parametrize(
    "standard",
    [
        pytest.param({**CLOCK, "recurs": "every", "match": "$a + $b"}, id="match"),
        pytest.param({**CLOCK, "case": ["x", "2 * $x"]}, id="case"),
        pytest.param({**CLOCK, "within": {"by": "2 * $x", "1": "1 hour"}}, id="a table of limits"),
        pytest.param({**CLOCK, "overrides": [{"by": "$a + $b", "set": "within", "rows": [[1, "1 hour"]]}]}, id="a table of overrides"),
        pytest.param({**CLOCK, "objective": {"share": "90%", "window": "all", "by": ["$a - $b"]}}, id="segments"),
        pytest.param({**CLOCK, "applies_to": {"$a - $b": 3}}, id="the key of a condition"),
        pytest.param({**CLOCK, "exclude": [{"during": {"from": "x", "to": "y", "match": ["$a + $b"]}, "reason": "r"}]}, id="what a stretch shares"),
        pytest.param({"id": "it", "kind": "gauge", "level": {"oldest": "a", "until": "b", "item": "$a + $b"}, "above": "9 minutes"}, id="items"),
        pytest.param({"id": "it", "kind": "check", "event": "a", "for_each": "$a + $b", "expect": {"x": 1}}, id="a list of items"),
    ],
)  # fmt: skip
def test_nothing_is_reckoned_where_a_name_stands(standard):
    assert codes(standard) == ["SV197"]


def test_a_segment_and_a_row_are_chosen_by_a_name_with_its_dollar():
    told = {**CLOCK, "overrides": [{"by": "$vip", "set": "within", "rows": [["yes", "3 hours"]]}],
            "objective": {"share": "90%", "window": "all", "by": "${vip}"}}  # fmt: skip
    report = evaluated(told, {**ASKED, "vip": "yes"}, ANSWERED)
    assert [one.outcome for one in report.verdicts] == ["met"]
    assert [one.segment for one in report.attainments] == ["vip=yes"]
