"""Where another reading parts from the one that holds: in verdicts, and in what they decide."""

from __future__ import annotations

import pytest
from stories import report

BOOK = """
timezone: UTC
case: id
{agreements}
standards:
- {{id: it, kind: respond, start: asked, stop: answered, within: 1 hour, {standard}}}
"""
LINES = [
    "01:00 asked id=1 region=N", "01:30 answered id=1", "01:00 asked id=2 region=S", "03:00 answered id=2",
    "05:00 asked id=3 region=N", "05:30 answered id=3", "10:00 noted",
]  # fmt: skip


def note(standard: str, agreements: str = "") -> str:
    (found,) = [
        one
        for one in report(BOOK.format(standard=standard, agreements=agreements), *LINES).notes
        if "read as" in one
    ]
    return found.removeprefix("it: read as `b` instead of `a`, ")


def readings(a: str, b: str) -> str:
    return f"reading: a, readings: {{a: {{{a}}}, b: {{{b}}}}}"


@pytest.mark.parametrize(
    ("standard", "said"),
    [
        pytest.param(
            readings("objective: {share: 100%, window: all}", "objective: {share: 50%, window: all}"),
            "0 of 3 verdicts would differ; `50% overall` would be met, and `100% overall` is missed",
            id="another share",
        ),
        pytest.param(
            readings("objective: {share: 60%, window: all}", "objective: {share: 50%, window: all}"),
            "0 of 3 verdicts would differ, and no decision",
            id="another share that decides the same",
        ),
        pytest.param(
            readings("objective: 100% overall", "objective: 100% overall, within: 3 hours"),
            "1 of 3 verdicts would differ; `100% overall` would be met, and is missed",
            id="another limit, which changes a verdict and with it the decision",
        ),
        pytest.param(
            readings("objective: {share: 50%, window: all, min_sample: 9}", "objective: {share: 50%, window: all}"),
            "0 of 3 verdicts would differ; `50% overall` would be met, and is insufficient",
            id="another sample",
        ),
        pytest.param(
            readings("objective: {mean: 1 hour, window: all}", "objective: {mean: 1 hour, window: all, dated_by: end}"),
            "0 of 3 verdicts would differ, and no decision",
            id="another date",
        ),
        pytest.param(
            readings("objective: {share: 60%, window: all}", "objective: {share: 60%, window: all, by: region}"),
            "0 of 3 verdicts would differ; it has 1 met, 1 missed windows where this one has 1 met window",
            id="segments",
        ),
        pytest.param(
            readings("objective: {share: 60%, window: all}", "objective: {share: 60%, window: hour}"),
            "0 of 3 verdicts would differ; it has 1 missed, 7 no data, 1 met windows where this one has 1 met window",
            id="other windows",
        ),
        pytest.param(
            readings(
                "objectives: [{share: 60%, window: all}, {mean: 2 hours, window: all}]",
                "objectives: [{share: 70%, window: all}, {mean: 1 minute, window: all}]",
            ),
            "0 of 3 verdicts would differ; `70% overall` would be missed, and `60% overall` is met; "
            "`mean ≤ 1m overall` would be missed, and `mean ≤ 2h overall` is met",
            id="several objectives",
        ),
        pytest.param(
            readings("objective: 60% overall", "objective: none"),
            "0 of 3 verdicts would differ; it has no other window where this one has 1 met window",
            id="nothing promised",
        ),
        pytest.param(
            readings(
                "objective: 60% overall, exclude: []",
                "objective: 70% overall, exclude: [{when: {region: S}, reason: storm}]",
            ),
            "1 of 3 verdicts would differ, and no decision",
            id="another exclusion and another share",
        ),
        pytest.param(
            readings(
                "overrides: [{when: {region: S}, objective: 0% overall}], objective: 100% overall",
                "overrides: [{when: {region: S}, objective: 50% overall}], objective: 100% overall",
            ),
            "0 of 3 verdicts would differ; `50% overall` would be missed (region is S), and `0% overall` is met",
            id="the objective of a row",
        ),
        pytest.param(
            readings(
                "objective: 60% overall, exclude: [{during: {from: storm, to: calm}, reason: storm}]",
                "objective: 60% overall, exclude: [{during: {from: asked, to: answered, match: [region]}, reason: storm}]",
            ),
            "3 of 3 verdicts would differ; `60% overall` would be no data, and is met",
            id="other stretches of time, in which each of them runs",
        ),
    ],
)  # fmt: skip
def test_another_reading_is_held_against_the_one_that_holds_by_what_it_decides(standard, said):
    assert note(standard) == said


def test_readings_are_held_against_each_other_under_an_agreement():
    agreements = (
        "agreements: [{id: south, level: segment, for: {region: S}, terms: {it: {objective: 100% overall}}}]"
    )
    said = note(readings("objective: 90% overall", "objective: 90% overall, within: 3 hours"), agreements)
    assert said == ("1 of 3 verdicts would differ; `100% overall` would be met (region is S), and is missed")
