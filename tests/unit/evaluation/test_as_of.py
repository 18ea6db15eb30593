"""The instant of the judgement: aware, as a datetime or as text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

import servstd
from servstd.errors import EvaluationError

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
