"""Clocks that start by themselves, at an instant that the case carries."""

from __future__ import annotations

from typing import Any

import pytest
from unit.engine.desk import judge, minute, plan_of, rows_of, told

from servstd.engine import step
from servstd.intervals import Instant

VISIT: dict[str, Any] = {"start": {"at": "$planned"}, "stop": "came", "within": "15 minutes"}


def planned(**minutes: float | None) -> dict[str, dict[str, Any]]:
    return {kind: {"planned": None if at is None else Instant(minute(at))} for kind, at in minutes.items()}


STORIES = {
    "it starts at that instant": ("booked@0 came@20", planned(booked=10), ["10-20 met 10"]),
    "silence after it breaches": ("booked@0 tea@40", planned(booked=10), ["10- breached 30"]),
    "before it nothing runs": ("booked@0 tea@9", planned(booked=10), []),
    "at it the clock runs": ("booked@0 tea@10", planned(booked=10), ["10- open 0"]),
    "moved before it comes it is replaced": ("booked@0 moved@5 came@40", planned(booked=10, moved=30), ["30-40 met 10"]),
    "brought forward it is replaced as well": ("booked@0 moved@5 came@20", planned(booked=30, moved=10), ["10-20 met 10"]),
    "moved after it has come it stays": ("booked@0 moved@15 came@20", planned(booked=10, moved=30), ["10-20 met 10"]),
    "moved at the very instant it has come": ("booked@0 moved@10 came@20", planned(booked=10, moved=30), ["10-20 met 10"]),
    "known only after it has passed it counts from then": ("booked@15 came@20", planned(booked=10), ["10-20 met 10"]),
    "what ends before it comes ends it as it comes": ("booked@0 came@5 tea@20", planned(booked=10), ["10-10 met 0"]),
    "what the case no longer carries does not come": ("booked@0 dropped@5 tea@40", planned(booked=10, dropped=None), []),
    "an event at that very instant is after it": ("booked@0 came@10", planned(booked=10), ["10-10 met 0"]),
}  # fmt: skip


@pytest.mark.parametrize(("story", "fields", "expected"), STORIES.values(), ids=STORIES.keys())
def test_a_scheduled_start(story, fields, expected):
    assert told(judge(story, fields=fields, **VISIT)) == expected


def test_each_instant_starts_a_clock_of_its_own_where_starts_recur():
    story = "booked@0 came@15 again@16 came@35"
    found = judge(story, fields=planned(booked=10, again=30), recurs="each", **VISIT)
    assert told(found) == ["10-15 met 5", "30-35 met 5"]


def test_a_cut_log_starts_its_clock_all_the_same():
    rows, plan = rows_of("booked@0 tea@5 tea@20 came@30", **planned(booked=10)), plan_of(**VISIT)
    for cut in range(len(rows) + 1):
        until = rows[cut - 1].time_us if cut else 0
        _, carry = step(plan, rows[:cut], None, as_of=until)
        assert told(step(plan, rows[cut:], carry, as_of=minute(30))[0]) == ["10-30 breached 20"]


def test_an_instant_known_before_the_judgement_and_after_it_does_not_start():
    assert told(judge("booked@0 tea@5", as_of=9, fields=planned(booked=10), **VISIT)) == []
    assert told(judge("booked@0 tea@5", as_of=12, fields=planned(booked=10), **VISIT)) == ["10- open 2"]
