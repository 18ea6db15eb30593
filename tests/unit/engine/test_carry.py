"""The carry: what one plan knows of one case between two calls."""

from __future__ import annotations

import copy
import pickle

from unit.engine.desk import begin, judge, minute, plan_of, rows_of, told

import servstd
from servstd.engine import Carry, step
from servstd.engine.stepper import settle

HELD = {"calendar": "office", "pause": "held", "resume": "released"}
STORY = rows_of("opened@0 tea@10 held@20 tea@30 released@40 closed@50")


def test_a_case_nobody_has_spoken_of_has_no_obligation():
    plan, carry = begin()
    assert step(plan, (), carry, as_of=minute(100))[0] == []
    assert settle(plan, Carry.begin(plan), as_of=minute(100)) == []


def test_the_carry_of_a_copy_goes_its_own_way_and_shares_plan_and_calendars():
    plan = plan_of(**HELD)
    _, carry = step(plan, STORY[:3], None, as_of=minute(20))
    twin = carry.copy()
    assert twin.fold.plan is plan
    assert twin.lanes[0].terms.calendars[0] is carry.lanes[0].terms.calendars[0]
    assert told(step(plan, STORY[3:], twin, as_of=minute(50))[0]) == ["0-50 met 30"]
    assert told(settle(plan, carry, as_of=minute(20))) == ["0- open 20"]


def test_a_copy_of_a_calendar_is_that_calendar():
    office = servstd.Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"})
    for calendar in (servstd.ALWAYS, office):
        assert copy.copy(calendar) is copy.deepcopy(calendar) is calendar
        assert pickle.loads(pickle.dumps(calendar)) == calendar  # noqa: S301 - our own


def test_what_is_told_of_the_future_is_not_kept():
    plan = plan_of(**HELD)
    _, carry = step(plan, STORY[:1], None, as_of=minute(0))
    assert told(settle(plan, carry, as_of=minute(100))) == ["0- breached 100"]
    assert told(step(plan, STORY[1:], carry, as_of=minute(50))[0]) == ["0-50 met 30"]


def test_obligations_that_are_given_out_are_not_those_that_are_kept():
    plan = plan_of(recurs="each")
    found, carry = step(plan, rows_of("opened@0 closed@10 opened@20"), None, as_of=minute(20))
    for one in found:
        one.outcome, one.elapsed = "unknown", -1
        one.segments.clear()
    assert told(settle(plan, carry, as_of=minute(30))) == ["0-10 met 10", "20- open 10"]


def test_the_parts_of_a_life_name_what_began_them():
    (one,) = judge("opened@0 held@20 released@40 closed@50", **HELD)
    assert [(part.kind, part.start_us, part.end_us, part.cause) for part in one.segments] == [
        ("counted", minute(0), minute(20), 0),
        ("paused", minute(20), minute(40), 1),
        ("counted", minute(40), minute(50), 2),
    ]
    (one,) = judge("opened@0 closed@20 opened@40 closed@50", reopen="resume")
    assert [part.kind for part in one.segments] == ["counted", "ended", "counted"]
    (one,) = judge("opened@0 closed@20 opened@40 closed@50", reopen="count")
    assert sum(part.end_us - part.start_us for part in one.segments if part.kind == "counted") == minute(
        50
    ) - minute(0)
    (one,) = judge("opened@0 moved@20 closed@50", reset="moved")
    assert [part.kind for part in one.segments] == ["reset", "counted"]
