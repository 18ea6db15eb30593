"""The stepper against the oracle, as integers, on generated books and logs; and what the generator exercises."""

from __future__ import annotations

import pytest
from differential import agreement
from hypothesis import HealthCheck, given, settings

from servstd.testing import KINDS, Scenario, Statistics, scenarios

SLOW = {
    "deadline": None,
    "database": None,
    "suppress_health_check": [
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
}
EXAMPLES, MANY = 120, 3000


def agree(scenario: Scenario, statistics: Statistics | None = None) -> None:
    report = agreement.report_of(scenario)
    got = [agreement.as_integers(row) for row in report.verdicts.to_dicts()]
    assert agreement.parted(got, agreement.expected(scenario)) == []
    assert agreement.gaps(scenario, report) == []
    if statistics is not None:
        statistics.add(scenario, got)


@pytest.mark.parametrize("kind", KINDS)
def test_stepper_and_oracle_agree(kind: str) -> None:
    @settings(max_examples=EXAMPLES, derandomize=True, **SLOW)
    @given(scenarios([kind], most_standards=1))
    def judged_alike(scenario: Scenario) -> None:
        agree(scenario)

    judged_alike()


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", KINDS)
def test_stepper_and_oracle_agree_thousands_of_times(kind: str) -> None:
    @settings(max_examples=MANY, **SLOW)
    @given(scenarios([kind], most_standards=2))
    def judged_alike(scenario: Scenario) -> None:
        agree(scenario)

    judged_alike()
