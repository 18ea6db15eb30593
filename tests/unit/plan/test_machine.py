"""The tables themselves: what every signal does to every phase of a clock, and to the other four machines."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from servstd.plan.machine import (
    Machine,
    build,
    clock,
    first_of_case,
    judging,
    last_of_case,
    precedence,
)
from servstd.plan.signals import Signal

RECURS = ("once", "each", "latest", "every")
REOPEN = ("ignore", "resume", "count", "new")

MACHINES = {
    **{
        f"a clock that recurs {recurs} and on reopening does {reopen}": clock(recurs=recurs, reopen=reopen)  # type: ignore[arg-type]
        for recurs, reopen in itertools.product(RECURS, REOPEN)
    },
    "precedence": precedence(),
    "fresh precedence": precedence(fresh=True),
    "immediate precedence": precedence(immediately=True),
    "an expectation": judging(),
    "the first of a case": first_of_case(),
    "the last of a case": last_of_case(),
}


def walk(machine: Machine, said: str, *, held: bool = False) -> list[str]:
    """Return, for every signal said, its mark and the label it leads to: `open:run`, `:done`."""
    state = machine.initial_held if held else machine.initial
    seen = []
    for word in said.split():
        signal = Signal[word.upper()]
        mark, state = machine.marks[state][signal], machine.table[state][signal]
        seen.append(f"{mark}:{machine.labels[state]}")
    return seen


def last(machine: Machine, said: str, *, held: bool = False) -> str:
    return walk(machine, said, held=held)[-1]


@pytest.fixture(params=MACHINES.values(), ids=MACHINES.keys())
def machine(request: pytest.FixtureRequest) -> Machine:
    return request.param


def test_every_machine_answers_every_signal_in_every_state(machine):
    assert len(machine.table) == len(machine.marks) == len(machine.labels) == len(machine.names)
    assert all(len(row) == len(Signal) for row in (*machine.table, *machine.marks))


def test_every_state_of_a_machine_can_be_reached(machine):
    reached = {machine.initial, machine.initial_held}
    for _ in machine.labels:
        reached |= {target for state in reached for target in machine.table[state]}
    assert reached == set(range(len(machine.labels)))


def test_every_machine_is_small_and_its_words_are_the_closed_ones(machine):
    assert 1 <= len(machine.labels) <= 8
    assert {*machine.labels} <= {"idle", "run", "hold", "done", "done+", "void"}
    assert {mark for row in machine.marks for mark in row} <= {"", "open", "anchor", "judge"}


def test_a_tick_changes_no_state_and_has_no_mark(machine):
    for state in range(len(machine.labels)):
        assert machine.table[state][Signal.TICK] == state
        assert machine.marks[state][Signal.TICK] == ""


# -- a table that is wrong does not come into being ------------------------------------------------------------------

WIDTH = len(Signal)
QUIET = ("",) * WIDTH
WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "a row a state is missing": ("one row a state", {"table": ((0,) * WIDTH,), "marks": (QUIET, QUIET)}),
    "marks of a state are missing": ("one row a state", {"table": ((0,) * WIDTH, (1,) * WIDTH), "marks": (QUIET,)}),
    "a signal has no column": ("total", {"table": ((0,) * (WIDTH - 1), (1,) * WIDTH), "marks": (QUIET, QUIET)}),
    "a mark has no column": ("total", {"table": ((1,) * WIDTH, (1,) * WIDTH), "marks": (QUIET, QUIET[1:])}),
    "a state leads out of the table": ("does not exist", {"table": ((2,) * WIDTH, (1,) * WIDTH), "marks": (QUIET, QUIET)}),
    "a state leads before the table": ("does not exist", {"table": ((-1,) * WIDTH, (1,) * WIDTH), "marks": (QUIET, QUIET)}),
    "a state is never reached": ("cannot be reached", {"table": ((0,) * WIDTH, (1,) * WIDTH), "marks": (QUIET, QUIET)}),
    "what opens does not live": ("does not live", {"labels": ("idle", "done"), "table": ((1,) * WIDTH, (1,) * WIDTH),
                                                  "marks": (("open", *QUIET[1:]), QUIET)}),
    "what is set back does not live": ("does not live", {"labels": ("idle", "void"), "table": ((1,) * WIDTH, (1,) * WIDTH),
                                                        "marks": (("anchor", *QUIET[1:]), QUIET)}),
}  # fmt: skip


@pytest.mark.parametrize(("message", "wrong"), WRONG.values(), ids=WRONG.keys())
def test_a_table_is_refused_where(message, wrong):
    with pytest.raises(ValueError, match=message):
        Machine(**{"labels": ("idle", "run"), **wrong})


def test_states_that_nothing_reaches_are_left_out():
    made = build(["used", "unused"], lambda _: "idle", lambda state, _: (state, ""), initial="used")
    assert made.names == ("used",)
    assert made.labels == ("idle",)


def test_two_machines_with_other_names_for_their_states_are_the_same_machine():
    one = build(["a"], lambda _: "idle", lambda state, _: (state, ""), initial="a")
    other = build(["b"], lambda _: "idle", lambda state, _: (state, ""), initial="b")
    assert one == other


# -- which signal goes first -----------------------------------------------------------------------------------------


def test_one_event_says_stop_before_cancel_before_reset_before_pause_before_resume_before_start():
    said = ["stop", "cancel", "reset", "pause", "resume", "start"]
    assert sorted(said, key=lambda word: Signal[word.upper()]) == said


# -- the clock: what each signal does in each phase ------------------------------------------------------------------

EVERY_CLOCK = list(itertools.product(RECURS, REOPEN))
ALIKE = {
    "the first start opens": ("start", "open:run"),
    "nothing but a start opens: stop": ("stop", ":idle"),
    "nothing but a start opens: cancel": ("cancel", ":idle"),
    "nothing but a start opens: reset": ("reset", ":idle"),
    "nothing but a start opens: resume": ("resume", ":idle"),
    "there is nothing to open again before the first start": ("reopen", ":idle"),
    "a pause before the start holds the clock that starts": ("pause start", "open:hold"),
    "a resume before the start lets it run": ("pause resume start", "open:run"),
    "a pause holds it": ("start pause", ":hold"),
    "a second pause changes nothing": ("start pause pause", ":hold"),
    "one resume ends any number of pauses": ("start pause pause resume", ":run"),
    "a resume without a pause changes nothing": ("start resume", ":run"),
    "a reset while it runs sets it back": ("start reset", "anchor:run"),
    "a reset while it is held sets it back and leaves it held": ("start pause reset", "anchor:hold"),
    "a cancel ends it without a verdict": ("start cancel", ":void"),
    "a cancel ends one that is held": ("start pause cancel", ":void"),
    "a cancel after the stop comes too late": ("start stop cancel", None),
    "a second stop says nothing": ("start stop stop", None),
    "a reset after the stop says nothing": ("start stop reset", None),
    "a reset after the cancel says nothing": ("start cancel reset", ":void"),
    "a stop after the cancel says nothing": ("start cancel stop", ":void"),
    "what was cancelled cannot be opened again": ("start cancel reopen", ":void"),
    "an event that says nothing changes nothing": ("start other", ":run"),
}


@pytest.mark.parametrize(("said", "expected"), ALIKE.values(), ids=ALIKE.keys())
@pytest.mark.parametrize(("recurs", "reopen"), EVERY_CLOCK, ids="-".join)
def test_in_every_clock(recurs, reopen, said, expected):
    ended = ":done+" if reopen == "count" else ":done"
    assert last(clock(recurs=recurs, reopen=reopen), said) == (expected or ended)


@pytest.mark.parametrize(("recurs", "reopen"), EVERY_CLOCK, ids="-".join)
def test_a_stop_ends_it_and_closed_time_counts_only_where_it_may_have_to(recurs, reopen):
    machine = clock(recurs=recurs, reopen=reopen)
    assert last(machine, "start stop") == (":done+" if reopen == "count" else ":done")
    assert last(machine, "start pause stop") == (":done+" if reopen == "count" else ":done")


# One row for every recurs × reopen: a start while it runs, a start after the stop, a start after the cancel, and an
# event of `reopen_on` after the stop (semantics 4.4 and 4.5).
ROWS = {
    ("once", "ignore"): (":run", ":done", ":void", ":done"),
    ("once", "resume"): (":run", ":run", ":void", ":run"),
    ("once", "count"): (":run", ":run", ":void", ":run"),
    ("once", "new"): (":run", "open:run", ":void", "open:run"),
    ("each", "ignore"): (":run", "open:run", "open:run", ":done"),
    ("each", "resume"): (":run", "open:run", "open:run", ":run"),
    ("each", "count"): (":run", "open:run", "open:run", ":run"),
    ("each", "new"): (":run", "open:run", "open:run", "open:run"),
    ("latest", "ignore"): ("anchor:run", "open:run", "open:run", ":done"),
    ("latest", "resume"): ("anchor:run", "open:run", "open:run", ":run"),
    ("latest", "count"): ("anchor:run", "open:run", "open:run", ":run"),
    ("latest", "new"): ("anchor:run", "open:run", "open:run", "open:run"),
    # Under `every` a lane has one start of its own: another start is another lane's.
    ("every", "ignore"): (":run", ":done", ":void", ":done"),
    ("every", "resume"): (":run", ":run", ":void", ":run"),
    ("every", "count"): (":run", ":run", ":void", ":run"),
    ("every", "new"): (":run", "open:run", ":void", "open:run"),
}


def test_there_is_a_row_for_every_recurs_and_reopen():
    assert set(ROWS) == set(EVERY_CLOCK)


SAID = ("start start", "start stop start", "start cancel start", "start stop reopen")
WHEN = (
    "a start while it runs",
    "a start after the stop",
    "a start after the cancel",
    "a reopening after the stop",
)
CELLS = {
    f"{recurs}, {reopen}: {when}": (recurs, reopen, said, expected)
    for (recurs, reopen), row in ROWS.items()
    for when, said, expected in zip(WHEN, SAID, row, strict=True)
}


@pytest.mark.parametrize(("recurs", "reopen", "said", "expected"), CELLS.values(), ids=CELLS.keys())
def test_recurs_and_reopen(recurs, reopen, said, expected):
    assert last(clock(recurs=recurs, reopen=reopen), said).removesuffix("+") == expected


@pytest.mark.parametrize(("recurs", "reopen", "said", "expected"), CELLS.values(), ids=CELLS.keys())
def test_a_pause_holds_what_lives_and_does_not_change_what_happens(recurs, reopen, said, expected):
    held = last(clock(recurs=recurs, reopen=reopen), f"pause {said}").removesuffix("+")
    assert held == expected.replace("run", "hold")


@pytest.mark.parametrize(("recurs", "reopen"), EVERY_CLOCK, ids="-".join)
def test_a_clock_born_held_differs_from_one_that_was_paused_in_nothing(recurs, reopen):
    machine = clock(recurs=recurs, reopen=reopen)
    for said in ("start", "start resume", "start stop", "stop", "start stop start resume", "start reset"):
        assert walk(machine, said, held=True) == walk(machine, f"pause {said}")[1:]


# -- the other machines ----------------------------------------------------------------------------------------------

PRECEDENCE = {
    "with nothing before it": ({}, "judge", "judge:idle"),
    "after what it needs": ({}, "start judge", "judge:run"),
    "a second time after one that it needs": ({}, "start judge judge", "judge:run"),
    "measured from the latest of those it needs": ({}, "start start", "anchor:run"),
    "with something else in between": ({}, "start other judge", "judge:run"),
    "fresh: another one judged in its stamp": ({"fresh": True}, "start judge judge", "judge:run"),
    "fresh: the stamp over, what it needs is used up": ({"fresh": True}, "start judge reset", ":idle"),
    "fresh: after another of those it needs": ({"fresh": True}, "start judge reset start judge", "judge:run"),
    "fresh: what comes in between does not matter": ({"fresh": True}, "start other", ":run"),
    "immediately: something in between uses it up": ({"immediately": True}, "start other", ":idle"),
    "immediately: the one judged comes in between for the next": (
        {"immediately": True},
        "start judge other",
        ":idle",
    ),
}


@pytest.mark.parametrize(("how", "said", "expected"), PRECEDENCE.values(), ids=PRECEDENCE.keys())
def test_an_event_that_needs_another_is_judged(how, said, expected):
    assert last(precedence(**how), said) == expected


def test_only_an_armed_machine_counts_the_time_since():
    assert walk(precedence(), "judge start judge") == ["judge:idle", "anchor:run", "judge:run"]


EXPECTATION = {
    "each event is judged": ("judge", ["judge:idle"]),
    "one that should have come and did not is judged as well": ("stop", ["judge:idle"]),
    "one that came is not demanded again": ("judge stop", ["judge:idle", ":idle"]),
    "but once more by the next deadline": (
        "judge stop stop judge stop",
        ["judge:idle", ":idle", "judge:idle", "judge:idle", ":idle"],
    ),
}


@pytest.mark.parametrize(("said", "expected"), EXPECTATION.values(), ids=EXPECTATION.keys())
def test_an_expectation(said, expected):
    assert walk(judging(), said) == expected


FIRST = {
    "the event wanted comes first": ("judge judge other", ["judge:idle", ":idle", ":idle"]),
    "another comes first": ("other judge", ["judge:idle", ":idle"]),
}


@pytest.mark.parametrize(("said", "expected"), FIRST.values(), ids=FIRST.keys())
def test_a_case_is_judged_by_its_first_event_only(said, expected):
    assert walk(first_of_case(), said) == expected


def test_the_first_event_finds_the_machine_armed():
    machine = first_of_case()
    assert machine.labels[machine.initial] == "run"


LAST = {
    "the event wanted was the last": ("other start stop", ["open:hold", ":run", ":done"]),
    "another came after it": ("start other stop", ["open:run", ":hold", ":done"]),
    "a case that has no event has no verdict": ("stop", [":idle"]),
    "what comes after the end says nothing": (
        "start stop other start",
        ["open:run", ":done", ":done", ":done"],
    ),
}


@pytest.mark.parametrize(("said", "expected"), LAST.values(), ids=LAST.keys())
def test_a_case_knows_whether_its_latest_event_was_the_one_wanted(said, expected):
    assert walk(last_of_case(), said) == expected
