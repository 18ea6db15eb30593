"""The instant of the judgement: aware, as a datetime or as text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

import servstd
from servstd.errors import EvaluationError
from servstd.results.traits import rows_of

BOOK = servstd.loads(
    "standards: [{id: a, case: id, kind: respond, start: asked, stop: answered, within: 1 hour}]"
)
LOG = servstd.read_events([{"time": "2026-03-02T09:00Z", "event": "asked", "id": 1}])


@pytest.mark.parametrize(
    ("as_of", "outcome"),
    [
        pytest.param("2026-03-02T10:00Z", "open", id="text at the limit"),
        pytest.param(" 2026-03-02T11:00:01+01:00 ", "breached", id="text with an offset and blanks"),
        pytest.param(datetime(2026, 3, 2, 10, tzinfo=UTC), "open", id="a datetime"),
    ],
)
def test_the_instant_may_be_text(as_of: datetime | str, outcome: str) -> None:
    assert servstd.evaluate(BOOK, LOG, as_of=as_of).verdicts[0].outcome == outcome


@pytest.mark.parametrize(
    ("as_of", "why"),
    [
        pytest.param("2026-03-02T10:00", "names no zone", id="text without an offset"),
        pytest.param(datetime(2026, 3, 2, 10), "names no zone", id="a naive datetime"),  # noqa: DTZ001
        pytest.param("yesterday", "is no instant", id="a word"),
        pytest.param(date(2026, 3, 2), "has no time of day", id="a date"),
    ],
)
def test_what_is_no_instant_is_refused(as_of: Any, why: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        servstd.evaluate(BOOK, LOG, as_of=as_of)
    (problem,) = caught.value.problems
    assert problem.code == "SV403"
    assert why in problem.message
    assert "2026-03-31T18:00+01:00" in problem.help


# -- nothing after it is read ------------------------------------------------------------------------------------------

THIRD = "2026-03-03T00:00Z"


def report_of(
    standards: str, events: list[str], *, more: str = "", as_of: str | None = THIRD
) -> servstd.Report:
    """Judge events written `day hour kind case field=value …` of March 2026."""
    rows = []
    for event in events:
        day, hour, kind, case, *fields = event.split()
        row = dict(field.split("=") for field in fields)
        rows.append({"time": f"2026-03-{int(day):02d}T{int(hour):02d}:00Z", "event": kind, "id": case, **row})
    book = servstd.loads(f"case: id\ntimezone: UTC\n{more}\nstandards:\n- {standards}")
    return servstd.evaluate(book, servstd.read_events(rows), as_of=as_of)


CLOCK = "id: a, kind: respond, start: asked, stop: answered, within: 2 hours"
EVENTS = [
    "2 9 asked A region=north people=9 fee=40",
    "2 10 answered A plan=gold",
    "2 9 asked B region=south people=1 fee=20 plan=plain",
    "2 12 answered B",
]
LATER = [
    "5 9 moved A region=south plan=plain people=1 fee=10 cause=customer",
    "5 9 moved B region=north plan=gold",
]


def rows(report: servstd.Report) -> set[tuple[str, str, object]]:
    return {(one.segment, one.status, one.exact_value) for one in report.attainments}


@pytest.mark.parametrize(
    ("standard", "more", "expected"),
    [
        pytest.param(
            f"{{{CLOCK}, objective: {{share: 100%, window: all, by: region}}}}",
            "",
            {("region=north", "met", 1), ("region=south", "missed", 0)},
            id="segments",
        ),
        pytest.param(
            f"{{{CLOCK}, objective: {{share: 90%, window: all, weight: $people}}}}",
            "",
            {("", "met", Fraction(9, 10))},
            id="weights",
        ),
        pytest.param(
            f"{{{CLOCK}, objective: {{share: 100%, window: all}}, overrides: [{{when: {{plan: plain}}, objective: 0%}}]}}",
            "",
            {("", "met", 1), ("plan is plain", "met", 0)},
            id="rows of overrides",
        ),
        pytest.param(
            f"{{{CLOCK}, objective: {{share: 100%, window: all, by: sort}}}}",
            "segments: {sort: {good: {plan: gold}, rest: any}}",
            {("sort=good", "met", 1), ("sort=rest", "missed", 0)},
            id="segments of the book",
        ),
        pytest.param(
            f"{{{CLOCK}, objective: {{share: 50%, window: all}}, exclude: [{{when: {{cause: customer}}, reason: theirs}}]}}",
            "",
            {("", "met", Fraction(1, 2))},
            id="exclusions",
        ),
        pytest.param(
            "{id: a, kind: metric, measure: asa, of: {kind: respond, start: asked, stop: answered}, at_most: 2 hours, "
            "window: all, by: region}",
            "",
            {("region=north", "met", 3_600_000_000), ("region=south", "missed", 10_800_000_000)},
            id="segments of a metric",
        ),
    ],
)
def test_what_happens_later_changes_no_figure(standard: str, more: str, expected: set[Any]) -> None:
    for events in (EVENTS, [*EVENTS, *LATER]):
        assert rows(report_of(standard, events, more=more)) == expected
    assert rows(report_of(standard, [*EVENTS, *LATER], more=more, as_of=None)) != expected


def test_what_happens_later_changes_no_payment() -> None:
    more = "consequences: [{standard: a, on: [breached, met], flat: 10% of $fee GBP}]"
    report = report_of(f"{{{CLOCK}}}", [*EVENTS, *LATER], more=more)
    assert [str(one.amount) for one in report.consequences] == ["4.00", "2.00"]


def test_what_happens_later_changes_no_trait() -> None:
    report = report_of(f"{{{CLOCK}}}", [*EVENTS, *LATER])
    assert rows_of(report, "a", {"region": "south"}) == [1]


def test_a_stretch_of_time_concerns_a_case_by_what_was_known_of_it() -> None:
    standard = (
        f"{{{CLOCK}, exclude: [{{during: {{from: storm, to: calm, match: [region]}}, reason: storm}}]}}"
    )
    storm = ["2 9 storm X region=south", "2 20 calm X region=south"]
    report = report_of(standard, [*EVENTS, *storm, *LATER])
    assert [one.outcome for one in report.verdicts] == ["met", "excluded"]


def test_a_case_that_is_not_there_yet_is_not_counted() -> None:
    report = report_of(f"{{{CLOCK}}}", [*EVENTS, "5 9 moved Z"])
    assert report.idle == {"a": 0}


def test_what_happens_after_the_end_of_a_case_is_no_segment_of_it() -> None:
    standard = f"{{{CLOCK}, ends: answered, objective: {{share: 100%, window: all, by: region}}}}"
    report = report_of(standard, [*EVENTS, *LATER], as_of=None)
    assert rows(report) == {("region=north", "met", 1), ("region=south", "missed", 0)}
