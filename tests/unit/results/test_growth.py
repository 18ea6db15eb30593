"""Reports are written in steps that grow as they do."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

import servstd
from servstd.render import junit
from servstd.results import wording
from servstd.results.wording import fit, width_of

BOOK = """
timezone: UTC
standards:
- {id: s, kind: respond, case: c, start: a, stop: b, within: 1 hour, objective: 95% a day}
- {id: t, kind: respond, case: c, start: a, stop: b, within: 3 hours, objective: 95% a day}
"""


def rows() -> list[dict[str, str]]:
    found = []
    for day in range(1, 29):
        found.append({"time": f"2026-02-{day:02}T09:00Z", "event": "a", "c": f"C-{day}"})
        found.append({"time": f"2026-02-{day:02}T11:00Z", "event": "b", "c": f"C-{day}"})
    return found


def test_junit_asks_for_the_worst_breaches_once(monkeypatch: pytest.MonkeyPatch) -> None:
    report = servstd.evaluate(servstd.loads(BOOK), servstd.read_events(rows()))
    asked: list[int] = []
    worst = junit.worst_breaches
    monkeypatch.setattr(
        junit, "worst_breaches", lambda *args, **named: asked.append(1) or worst(*args, **named)
    )
    suites = ET.fromstring(report.to_junit())  # noqa: S314 - our own
    assert len(asked) == 1
    failures = {suite.get("name"): suite.findall(".//failure") for suite in suites}
    # The last day is cut by the end of the log and decides nothing, so 26 or 27 windows are missed.
    assert len(failures["s"]) >= 26
    assert failures["t"] == []
    assert all("C-1: " in (failure.text or "") for failure in failures["s"])


@pytest.mark.parametrize("letter", ["é", "案", "e\u0301"], ids=["narrow", "wide", "with an accent"])
def test_fitting_a_long_text_looks_at_what_fits(letter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    columns = wording._columns
    monkeypatch.setattr(wording, "_columns", lambda one: looked.append(one) or columns(one))
    cut = fit(letter * 100_000, 40)
    assert len(looked) < 200
    monkeypatch.undo()
    assert cut.endswith("…")
    assert width_of(cut) in (39, 40)


@pytest.mark.parametrize(
    ("text", "width", "wanted"),
    [
        ("short", 5, "short"),
        ("short", 4, "sho…"),
        ("short", 1, "…"),
        ("short", 0, ""),
        ("", 0, ""),
        ("案件案件", 8, "案件案件"),
        ("案件案件", 7, "案件案…"),
        ("案件案件", 6, "案件…"),
        ("one two", 5, "one…"),
        ("e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
    ],
)
def test_a_text_is_cut_at_a_width(text: str, width: int, wanted: str) -> None:
    assert fit(text, width) == wanted
