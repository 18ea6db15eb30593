"""An unknown key is told with the place where such a key stands, or with our word for it."""

from __future__ import annotations

import pytest

import servstd
from servstd.errors import StandardsError
from servstd.keys import known_keys, unknown_key, unknown_key_among
from servstd.standards import Respond

CLOCK = {"id": "reply", "kind": "respond", "start": "asked", "stop": "answered", "within": "1 hour"}


def help_for(key, value, **more):
    with pytest.raises(StandardsError) as caught:
        servstd.Book(servstd=1, case="id", standards=[{**CLOCK, **more, key: value}])
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("SV102", f"standards[0].{key}")
    return problem.help


@pytest.mark.parametrize(
    ("key", "help_"),
    [
        pytest.param(
            "cutoff", "it stands in `day_rule`: write `day_rule: {cutoff: …}`.", id="a key of a section"
        ),
        pytest.param(
            "dated_by",
            "it stands in `objective` or `exclude`: write `objective: {dated_by: …}`.",
            id="of two",
        ),
        pytest.param(
            "when", "it stands in `exclude` or `overrides`: write `exclude: [{when: …}]`.", id="of rows"
        ),
        pytest.param("for_each", "it is a key of `kind: check`.", id="of another kind"),
        pytest.param("witin", "write `within`.", id="a slip of the pen"),
        pytest.param("Pause_While", "write `pause_while`.", id="capital letters"),
        pytest.param("deadline", "write `within`.", id="the word of others"),
        pytest.param("SLA", "write `within`.", id="in capitals"),
        pytest.param("target", "write `objective`.", id="a target"),
        pytest.param("unless", "write `exclude`.", id="an exception"),
        pytest.param(
            "timezone", "a zone is the book's, or a calendar's: write it there.", id="a key of the book"
        ),
        pytest.param("priority", "", id="nothing that we know"),
    ],
)
def test_an_unknown_key_of_a_standard(key, help_):
    assert help_for(key, "x") == help_


def test_what_is_a_key_of_its_own_kind_is_not_sent_to_the_overrides():
    # rows of overrides may set the bounds of every kind
    assert (
        help_for("at_least", 3)
        == "it is a key of `kind: metric`, `kind: order`, `kind: quantity`, `kind: scorecard`."
    )


@pytest.mark.parametrize(
    ("written", "help_"),
    [
        ({"target": "90%", "window": "month"}, "write `share`."),
        ({"share": "90%", "windw": "month"}, "write `window`."),
    ],
)
def test_an_unknown_key_of_an_objective(written, help_):
    with pytest.raises(StandardsError) as caught:
        servstd.Book(servstd=1, case="id", standards=[{**CLOCK, "objective": written}])
    assert help_ in [problem.help for problem in caught.value.problems]


def test_without_a_model_nothing_is_known():
    assert known_keys(None, {}, ()) == []
    assert unknown_key("x", None, {}, ()).message == "unknown key `x`."
    assert "within" in known_keys(Respond, CLOCK, ())


def test_a_name_without_end_is_cut():
    assert len(unknown_key_among("x" * 10_000, ["share"]).message) < 200
