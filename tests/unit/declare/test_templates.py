"""Every template of Declare, as a composition of the kinds, over every trace of up to six events over three letters."""

from __future__ import annotations

import json
from itertools import product

import pytest
from unit.declare.compositions import BINARY, EIGHTEEN, UNARY, composed, is_asked
from unit.declare.reference import MEANING

import servstd

TEMPLATES = [*UNARY, *BINARY]
TRACES = [trace for length in range(1, 7) for trace in product("abc", repeat=length)]


@pytest.fixture(scope="module")
def log():
    """Return every trace as a case: an event a minute, and `end` a minute after the last."""
    return servstd.read_events(
        [
            {"trace": "".join(trace), "time": f"2026-03-02T09:{minute:02d}:00Z", "event": event}
            for trace in TRACES
            for minute, event in enumerate((*trace, "end"))
        ],
        time="time",
        event="event",
    )


def broken(standards, log):
    """Return the traces for which a standard that decides is breached; every verdict is in by the end."""
    book = servstd.loads(json.dumps({"case": "trace", "standards": standards}), format="json")
    decided = [one for one in servstd.evaluate(book, log).verdicts if not is_asked(one.standard)]
    assert {one.outcome for one in decided} <= {"met", "breached", "cancelled"}
    return {one.case for one in decided if one.outcome == "breached"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_composed_of_kinds_agrees_on_every_trace(name, log):
    violated = {"".join(trace) for trace in TRACES if not MEANING[name](trace, "a", "b")}
    assert broken(composed(name), log) == violated
    assert 0 < len(violated) < len(TRACES)


def test_all_traces_and_the_eighteen_templates_are_there():
    assert len(TRACES) == 3 + 9 + 27 + 81 + 243 + 729
    assert len(set(EIGHTEEN)) == 18
    assert set(EIGHTEEN) <= set(TEMPLATES) == set(MEANING)
