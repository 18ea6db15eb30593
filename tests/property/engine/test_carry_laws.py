"""Laws of the stepper: where a log is cut, in which order it arrives and how often it is asked changes nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import servstd
from servstd.engine import Carry, Obligation, step
from servstd.engine.moments import stamps
from servstd.engine.stepper import settle
from servstd.events.log import Log, Row
from servstd.plan.plan import Plan
from servstd.testing import INSTANT_FIELDS, KINDS, Scenario, rows_of, scenarios

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))


def log_of(events: list[dict[str, Any]]) -> Log:
    rows = rows_of(events)
    columns = {name for row in rows for name in row}
    return servstd.read_events(
        rows,
        time="time",
        event="event",
        times=[name for name in INSTANT_FIELDS if name in columns],
        id="id" if "id" in columns else None,
        sequence="sequence" if "sequence" in columns else None,
    )


def cases(scenario: Scenario) -> Iterator[tuple[Plan, list[Row]]]:
    """Yield every case of a scenario with the plan of each of its standards, events up to `as_of` only."""
    log = log_of(scenario.events)
    for plan in servstd.Book(**scenario.book).plans:
        if set(plan.case) <= set(log.fields):
            for _, rows in log.cases(plan.case):
                yield plan, [row for row in rows if row.time_us <= scenario.as_of_us]


def verdicts(scenario: Scenario, events: list[dict[str, Any]]) -> list[dict[str, object]]:
    seconds, us = divmod(scenario.as_of_us, 1_000_000)
    as_of = datetime.fromtimestamp(seconds, UTC).replace(microsecond=us)
    report = servstd.evaluate(servstd.Book(**scenario.book), log_of(events), as_of=as_of)
    rows = zip(report.verdicts.to_dicts(), report.verdicts.internal["is_unread"], strict=True)
    return [
        {**row, "reason": ""} if is_unread else row for row, is_unread in rows
    ]  # which names the row of the file


def check_that_cuts_change_nothing(scenario: Scenario, cut: float) -> None:
    for plan, rows in cases(scenario):
        whole, _ = step(plan, rows, None, as_of=scenario.as_of_us)
        together = list(stamps(rows))
        place = int(cut * (len(together) + 1))
        first = [row for stamp in together[:place] for row in stamp]
        rest = [row for stamp in together[place:] for row in stamp]
        until = first[-1].time_us if first else 0
        _, carry = step(plan, first, None, as_of=until)
        found, _ = step(plan, rest, carry, as_of=scenario.as_of_us)
        assert found == whole


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(st.data(), st.floats(0, 1, exclude_max=True))
def test_a_log_cut_in_two_gives_what_the_whole_gives(kind, data, cut):
    check_that_cuts_change_nothing(data.draw(scenarios([kind], most_standards=1)), cut)


@pytest.mark.fuzz
@MANY
@given(scenarios(), st.floats(0, 1, exclude_max=True))
def test_a_log_cut_in_two_gives_what_the_whole_gives_long(scenario, cut):
    check_that_cuts_change_nothing(scenario, cut)


@FEW
@given(scenarios())
def test_stepping_one_stamp_at_a_time_gives_what_the_whole_gives(scenario):
    for plan, rows in cases(scenario):
        whole, _ = step(plan, rows, None, as_of=scenario.as_of_us)
        carry = Carry.begin(plan)
        for stamp in stamps(rows):
            _, carry = step(plan, stamp, carry, as_of=stamp[0].time_us)
        assert step(plan, (), carry, as_of=scenario.as_of_us)[0] == whole


@FEW
@given(scenarios(), st.lists(st.integers(0, 10_000), max_size=3))
def test_asking_changes_nothing(scenario, minutes):
    for plan, rows in cases(scenario):
        whole, carry = step(plan, rows, None, as_of=scenario.as_of_us)
        for later in minutes:
            settle(plan, carry, as_of=scenario.as_of_us + later * 60_000_000)
        assert settle(plan, carry, as_of=scenario.as_of_us) == whole


@FEW
@given(scenarios())
def test_a_copy_of_a_carry_goes_its_own_way(scenario):
    for plan, rows in cases(scenario):
        together = list(stamps(rows))
        half = [row for stamp in together[: len(together) // 2] for row in stamp]
        rest = [row for stamp in together[len(together) // 2 :] for row in stamp]
        until = half[-1].time_us if half else 0
        before, carry = step(plan, half, None, as_of=until)
        step(plan, rest, carry.copy(), as_of=scenario.as_of_us)
        assert settle(plan, carry, as_of=until) == before


@FEW
@given(scenarios(), st.integers(0, 2**32))
def test_the_order_in_which_rows_arrive_changes_no_verdict(scenario, seed):
    shuffled = list(scenario.events)
    random.Random(seed).shuffle(shuffled)
    if all(event["id"] is not None for event in scenario.events):
        assert verdicts(scenario, shuffled) == verdicts(scenario, scenario.events)
    else:  # rows without an id are told apart by their content alone
        ours, theirs = (
            sorted(map(repr, verdicts(scenario, events))) for events in (shuffled, scenario.events)
        )
        assert ours == theirs


@FEW
@given(scenarios())
def test_the_parts_of_an_obligation_touch_and_add_up_to_its_wall_time(scenario):
    for plan, rows in cases(scenario):
        for one in step(plan, rows, None, as_of=scenario.as_of_us)[0]:
            check_parts(one, as_of=scenario.as_of_us, is_timed=any(c is not None for c in _calendars(one)))


def _calendars(one: Obligation) -> list[object]:
    return [part.calendar for part in one.segments]


def check_parts(one: Obligation, *, as_of: int, is_timed: bool) -> None:
    for here, then in zip(one.segments, one.segments[1:], strict=False):
        assert here.end_us == then.start_us
    assert all(part.start_us < part.end_us for part in one.segments)
    end = as_of if one.ended_at is None else one.ended_at
    if not one.segments:
        assert one.started_at == end
        return
    assert one.segments[0].start_us == one.started_at
    if one.reason != "no longer applies":
        assert one.segments[-1].end_us == end
    if is_timed and one.limit is not None:
        assert one.paused == sum(
            part.calendar.elapsed_us(part.start_us, part.end_us)
            for part in one.segments
            if part.kind in ("paused", "ended") and part.calendar is not None
        )


@FEW
@given(scenarios(["respond"]))
def test_what_counted_is_what_elapsed_says(scenario):
    """For a limit in time on one calendar, the open time of the counted parts is the elapsed time."""
    for plan, rows in cases(scenario):
        if plan.unit != "time" or plan.terms.fields or len(plan.measures) > 1:
            continue
        for one in step(plan, rows, None, as_of=scenario.as_of_us)[0]:
            if one.limit is None or one.elapsed is None:
                continue
            counted = sum(
                part.calendar.elapsed_us(part.start_us, part.end_us)
                for part in one.segments
                if part.kind == "counted" and part.calendar is not None
            )
            assert counted == one.elapsed
            assert one.margin == one.limit - one.elapsed


@FEW
@given(scenarios())
def test_what_an_obligation_says_agrees_with_itself(scenario):
    for plan, rows in cases(scenario):
        for one in step(plan, rows, None, as_of=scenario.as_of_us)[0]:
            outcome = one.outcome_otherwise or one.outcome
            assert (one.breached_at is not None) == (outcome == "breached")
            if one.breached_at is not None:
                assert one.started_at <= one.breached_at <= scenario.as_of_us
            if one.ended_at is not None:
                assert one.started_at <= one.ended_at <= scenario.as_of_us
            if outcome in ("met", "cancelled"):
                assert one.ended_at is not None
            if outcome == "open":
                assert one.ended_at is None
            assert (one.outcome_otherwise is not None) == (one.outcome == "excluded")


@FEW
@given(scenarios(), st.integers(0, 20_000))
def test_a_breach_found_by_asking_later_is_at_the_same_instant(scenario, minutes):
    """What is breached at `as_of` was breached then, however long one waits before asking."""
    for plan, rows in cases(scenario):
        now, carry = step(plan, rows, None, as_of=scenario.as_of_us)
        later = settle(plan, carry, as_of=scenario.as_of_us + minutes * 60_000_000)
        assert [one.started_at for one in now] == [one.started_at for one in later]
        for here, then in zip(now, later, strict=True):
            if here.breached_at is not None:
                assert then.breached_at == here.breached_at
            elif then.breached_at is not None:
                assert then.breached_at > scenario.as_of_us
