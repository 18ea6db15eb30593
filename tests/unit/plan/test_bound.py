"""Limits, node by node: the edges that people get wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest

import servstd
from servstd.calendars import parse_date_limit
from servstd.calendars.recurring import Recurring
from servstd.calendars.windows import Windows
from servstd.plan.bound import (
    FOREVER,
    Allowance,
    Combined,
    Dates,
    Due,
    Missing,
    NextDate,
    NoLimit,
    Running,
    ShareOf,
    Start,
    Stretch,
    Waiting,
)

HOUR = 3_600_000_000
OFFICE = servstd.Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"}, holidays=["2026-12-25"])
NEVER_AGAIN = servstd.Calendar(timezone="Europe/London", exceptions={"2026-03-02": "09:00-17:00"})


def at(text: str) -> int:
    """Return an instant of London's winter, in which its clocks show UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


MONDAY_16 = at("2026-03-02 16:00")
RUNNING = Stretch(MONDAY_16, (3 * HOUR, 2), (OFFICE, None), is_running=True)
HELD = Stretch(MONDAY_16, (3 * HOUR, 2), (OFFICE, None), is_running=False)

# limit, the stretch, its due, and the first microsecond that exceeds it
EDGES = {
    "an hour that fits before closing is due before closing": (
        Allowance(3 * HOUR + 30 * 60_000_000), RUNNING, at("2026-03-02 16:30"), at("2026-03-02 16:30") + 1),
    "one that fits exactly is due at closing and exceeded at the next opening": (
        Allowance(4 * HOUR), RUNNING, at("2026-03-02 17:00"), at("2026-03-03 09:00") + 1),
    "one microsecond more is due at the next opening": (
        Allowance(4 * HOUR + 1), RUNNING, at("2026-03-03 09:00") + 1, at("2026-03-03 09:00") + 2),
    "exclusive: reaching it exceeds it": (
        Allowance(4 * HOUR, exclusive=True), RUNNING, at("2026-03-02 17:00"), at("2026-03-02 17:00")),
    "what is used up already is due now": (Allowance(3 * HOUR), RUNNING, MONDAY_16, MONDAY_16 + 1),
    "what is exceeded already is exceeded now": (Allowance(HOUR), RUNNING, MONDAY_16, MONDAY_16),
    "a held clock is due never": (Allowance(4 * HOUR), HELD, FOREVER, FOREVER),
    "a count never expires by silence": (Allowance(2, 1), RUNNING, FOREVER, FOREVER),
    "a count that is exceeded is exceeded now": (Allowance(1, 1), RUNNING, FOREVER, MONDAY_16),
    "a count whose last event is too many is exceeded now": (Allowance(2, 1, exclusive=True), RUNNING, FOREVER, MONDAY_16),
    "a calendar that does not open again uses nothing up": (
        Allowance(5 * HOUR), Stretch(MONDAY_16, (3 * HOUR,), (NEVER_AGAIN,), is_running=True), FOREVER, FOREVER),
    "a promised instant is itself in time": (Due(at("2026-03-04 12:00")), RUNNING, at("2026-03-04 12:00"), at("2026-03-04 12:00") + 1),
    "the end of a day is not": (Due(at("2026-03-04"), inclusive=False), RUNNING, at("2026-03-04"), at("2026-03-04")),
    "an instant does not wait for a held clock": (Due(at("2026-03-04 12:00")), HELD, at("2026-03-04 12:00"), at("2026-03-04 12:00") + 1),
    "no limit is due never": (NoLimit(), RUNNING, FOREVER, FOREVER),
    "a missing limit is due never": (Missing("$promised_at"), RUNNING, FOREVER, FOREVER),
    "the earliest of an hour and an instant": (
        Combined("earliest", (Allowance(4 * HOUR), Due(at("2026-03-04 12:00")))), RUNNING, at("2026-03-02 17:00"), at("2026-03-03 09:00") + 1),
    "the latest of an hour and an instant": (
        Combined("latest", (Allowance(4 * HOUR), Due(at("2026-03-04 12:00")))), RUNNING, at("2026-03-04 12:00"), at("2026-03-04 12:00") + 1),
    "the earliest of what is missing and an instant": (
        Combined("earliest", (Missing("$a"), Due(at("2026-03-04 12:00")))), RUNNING, at("2026-03-04 12:00"), at("2026-03-04 12:00") + 1),
    "the latest of what is missing and an instant": (
        Combined("latest", (Missing("$a"), Due(at("2026-03-04 12:00")))), RUNNING, at("2026-03-04 12:00"), at("2026-03-04 12:00") + 1),
    "the latest of a held clock and an instant waits for the clock": (
        Combined("latest", (Allowance(4 * HOUR), Due(at("2026-03-04 12:00")))), HELD, FOREVER, FOREVER),
    "the latest of nothing but missing": (Combined("latest", (Missing("$a"), Missing("$b"))), RUNNING, FOREVER, FOREVER),
}  # fmt: skip


@pytest.mark.parametrize(("limit", "stretch", "due", "exceeded"), EDGES.values(), ids=EDGES.keys())
def test_a_limit_is_due_and_exceeded(limit, stretch, due, exceeded):
    assert limit.due(stretch) == due
    assert limit.exceeded_from(stretch) == exceeded


@pytest.mark.parametrize("which", ["earliest", "latest"])
def test_of_limits_that_are_all_missing_nothing_is_known_and_nothing_exceeded(which):
    nothing = Combined(which, (Missing("$a"), Missing("$b")))
    assert not nothing.is_known
    assert not nothing.is_exceeded((10**18,), 10**18)


def test_one_member_that_is_there_is_enough():
    assert Combined("latest", (Missing("$a"), Due(0))).is_known


def test_the_latest_of_two_is_exceeded_when_both_are_and_the_earliest_when_one_is():
    both = Allowance(1), Due(100)
    assert Combined("earliest", both).is_exceeded((2,), 50)
    assert not Combined("latest", both).is_exceeded((2,), 50)
    assert Combined("latest", both).is_exceeded((2,), 101)


# -- dates ------------------------------------------------------------------------------------------------------------

DATES = {
    "a business day ends with the next open date, exclusive": (
        "1 business day",
        {},
        "2026-03-04 00:00",
        False,
    ),
    "close of business is inclusive": (
        "1 business day",
        {"ends": "close_of_business"},
        "2026-03-03 17:00",
        True,
    ),
    "the same time is inclusive": ("1 business day", {"ends": "same_time"}, "2026-03-03 16:00", True),
    "a clock time is inclusive": ("1 business day", {"ends": "12:00"}, "2026-03-03 12:00", True),
    "five business days skip the weekend": ("5 business days", {}, "2026-03-10 00:00", False),
    "day one may be the start's own": ("1 business day", {"day_one": "same"}, "2026-03-03 00:00", False),
}


@pytest.mark.parametrize(("text", "rule", "due", "inclusive"), DATES.values(), ids=DATES.keys())
def test_dates_become_an_instant_at_their_start(text, rule, due, inclusive):
    limit = Dates(parse_date_limit(text, **rule), OFFICE)
    assert limit.starting(Start(MONDAY_16)) == Due(at(due), inclusive=inclusive)


def test_exclusive_dates_make_even_the_close_of_business_late():
    limit = Dates(parse_date_limit("1 business day", ends="close_of_business"), OFFICE, exclusive=True)
    assert limit.starting(Start(MONDAY_16)) == Due(at("2026-03-03 17:00"), inclusive=False)


CHANGES = {
    "a clock time that occurs twice is its first occurrence": ("Europe/London", "2026-10-24 12:00", "01:30", "2026-10-25 00:30"),
    "one that never occurs is the instant of the change": ("Europe/London", "2026-03-28 12:00", "01:30", "2026-03-29 01:00"),
    "the end of a day whose midnight never occurs is the instant of the change": ("America/Sao_Paulo", "2018-11-02 12:00", "end_of_day", "2018-11-04 03:00"),
    "the end of a day whose midnight occurs twice is the first of them": ("America/Havana", "2026-10-30 12:00", "end_of_day", "2026-11-01 04:00"),
}  # fmt: skip


@pytest.mark.parametrize(("zone", "start", "ends", "due"), CHANGES.values(), ids=CHANGES.keys())
def test_a_day_that_ends_where_the_clocks_change(zone, start, ends, due):
    """All in UTC. Havana's clocks go back from 01:00 to 00:00 of 1 November: that midnight occurs twice, the first counts."""
    limit = Dates(parse_date_limit("1 day", ends=ends), servstd.ALWAYS.in_zone(zone))
    assert limit.starting(Start(at(start))).due(RUNNING) == at(due)


ONE_DAY = parse_date_limit("1 business day")  # Monday 16:00, due as Tuesday 3 March ends
SHIFTED = {
    "a pause over closing time makes the date not count": (
        [("2026-03-03 16:00", "2026-03-04 10:00")],
        "2026-03-05",
    ),
    "a pause within a date costs no date": ([("2026-03-03 10:00", "2026-03-03 16:00")], "2026-03-04"),
    "a pause over two closing times costs two": ([("2026-03-03 16:00", "2026-03-05 10:00")], "2026-03-06"),
    "two pauses cost two": (
        [("2026-03-03 16:00", "2026-03-04 10:00"), ("2026-03-04 16:59", "2026-03-05 08:00")],
        "2026-03-06",
    ),
    "a pause that ends at closing time costs the date": (
        [("2026-03-03 16:00", "2026-03-03 17:00")],
        "2026-03-05",
    ),
    "one that begins at closing time costs nothing": (
        [("2026-03-03 17:00", "2026-03-04 09:00")],
        "2026-03-04",
    ),
    "a pause of closed time costs nothing": ([("2026-03-03 19:30", "2026-03-04 07:00")], "2026-03-04"),
    "a pause over the end of the start's own date costs nothing": (
        [("2026-03-02 16:30", "2026-03-03 10:00")],
        "2026-03-04",
    ),
}


@pytest.mark.parametrize(("pauses", "due"), SHIFTED.values(), ids=SHIFTED.keys())
def test_dates_that_shift(pauses, due):
    start = Start(MONDAY_16, paused=tuple((at(start), at(end)) for start, end in pauses))
    assert Dates(ONE_DAY, OFFICE, pauses="shift").starting(start) == Due(at(due), inclusive=False)
    assert Dates(ONE_DAY, OFFICE).starting(start) == Due(at("2026-03-04"), inclusive=False)


MOVED = {
    "by the open time that was held": ([("2026-03-03 10:00", "2026-03-03 12:00")], "2026-03-04 11:00"),
    "over the night it is what was open of it": (
        [("2026-03-03 16:00", "2026-03-04 10:00")],
        "2026-03-04 11:00",
    ),
    "two pauses add up": (
        [("2026-03-03 10:00", "2026-03-03 11:00"), ("2026-03-03 12:00", "2026-03-03 13:30")],
        "2026-03-04 11:30",
    ),
    "a second pause before the moved due moves it again": (
        [("2026-03-03 10:00", "2026-03-03 11:00"), ("2026-03-04 09:30", "2026-03-04 10:30")],
        "2026-03-04 11:00",
    ),
    "a pause after it has passed moves nothing": (
        [("2026-03-03 10:00", "2026-03-03 11:00"), ("2026-03-04 12:00", "2026-03-04 13:00")],
        "2026-03-04 10:00",
    ),
    "by a second, at the next opening": (
        [("2026-03-03 16:59:59", "2026-03-03 18:00")],
        "2026-03-04 09:00:01",
    ),
}


@pytest.mark.parametrize(("pauses", "due"), MOVED.values(), ids=MOVED.keys())
def test_dates_that_move_by_time(pauses, due):
    """The date ends at midnight, exclusive; where open time was held the moved instant is itself in time."""
    start = Start(MONDAY_16, paused=tuple((at(start), at(end)) for start, end in pauses))
    assert Dates(ONE_DAY, OFFICE, pauses="time").starting(start) == Due(at(due))
    assert Dates(ONE_DAY, OFFICE, exclusive=True, pauses="time").starting(start) == Due(
        at(due), inclusive=False
    )


def test_a_pause_of_closed_time_moves_nothing_and_leaves_the_end_of_the_day_exclusive():
    start = Start(MONDAY_16, paused=((at("2026-03-02 17:00"), at("2026-03-03 09:00")),))
    assert Dates(ONE_DAY, OFFICE, pauses="time").starting(start) == Due(at("2026-03-04"), inclusive=False)


CLOSING = parse_date_limit("1 business day", ends="close_of_business")
GOING_ON = {
    "before closing time of the last date nobody knows": (ONE_DAY, "2026-03-03 16:59", Waiting(), Waiting()),
    "after it the end of the day is known": (
        ONE_DAY,
        "2026-03-03 17:00",
        Due(at("2026-03-04"), inclusive=False),
        Due(at("2026-03-04"), inclusive=False),
    ),
    "at the due itself it is known": (
        CLOSING,
        "2026-03-03 17:00",
        Due(at("2026-03-03 17:00")),
        Due(at("2026-03-03 17:00")),
    ),
    "days count while they are closed": (
        parse_date_limit("2 days"),
        "2026-03-02 16:30",
        Due(at("2026-03-09"), inclusive=False),  # Saturday and Sunday
        Waiting(),
    ),
}


@pytest.mark.parametrize(("limit", "since", "shift", "time"), GOING_ON.values(), ids=GOING_ON.keys())
def test_dates_while_a_pause_goes_on(limit, since, shift, time):
    start = Start(MONDAY_16, paused=((at(since), FOREVER),))
    assert Dates(limit, OFFICE, pauses="shift").starting(start) == shift
    assert Dates(limit, OFFICE, pauses="time").starting(start) == time


def test_every_day_waits_while_a_pause_goes_on():
    start = Start(MONDAY_16, paused=((MONDAY_16, FOREVER),))
    desk = servstd.ALWAYS.in_zone("Europe/London")
    assert Dates(parse_date_limit("5 days"), desk, pauses="shift").starting(start) == Waiting()


MONDAYS = Recurring.of("FREQ=WEEKLY;BYDAY=MO", "Europe/London")
NEXT = {
    "from a Monday the Monday in a week": (NextDate(MONDAYS), "2026-03-10"),
    "or that Monday, where it may be its own": (NextDate(MONDAYS, own=True), "2026-03-03"),
    "a lead looks further ahead": (NextDate(MONDAYS, Allowance(8 * 24 * HOUR), own=True), "2026-03-17"),
    "and no lead brings it nearer": (NextDate(MONDAYS, Allowance(HOUR)), "2026-03-10"),
}


@pytest.mark.parametrize(("limit", "due"), NEXT.values(), ids=NEXT.keys())
def test_dates_that_come_round(limit, due):
    assert limit.starting(Start(MONDAY_16)) == Due(at(due), inclusive=False)


def test_dates_inside_a_combination_are_counted_too():
    limit = Combined("earliest", (Dates(parse_date_limit("1 business day"), OFFICE), Allowance(HOUR)))
    started = limit.starting(Start(MONDAY_16))
    assert started == Combined("earliest", (Due(at("2026-03-04"), inclusive=False), Allowance(HOUR)))


@pytest.mark.parametrize(
    "limit",
    [
        Dates(parse_date_limit("1 day"), OFFICE),
        ShareOf(Fraction(1, 2), Windows("day", "Europe/London"), OFFICE),
    ],
    ids=["dates without a start", "a share without a window"],
)
def test_what_has_no_meaning_yet_refuses_to_be_asked(limit):
    for ask in (
        lambda: limit.is_exceeded((0,), 0),
        lambda: limit.due(RUNNING),
        lambda: limit.exceeded_from(RUNNING),
    ):
        with pytest.raises(AssertionError, match="before"):
            ask()


# -- shares and the state at the end ---------------------------------------------------------------------------------

SHARES = {
    "a hundredth of a percent of March, an hour short": (Fraction(1, 10_000), "month", servstd.ALWAYS, 743 * HOUR // 10_000),
    "half of an office day": (Fraction(1, 2), "day", OFFICE, 4 * HOUR),
    "an office week": (Fraction(1), "week", OFFICE, 40 * HOUR),
    "a third rounds down": (Fraction(1, 3), "day", servstd.ALWAYS, 8 * HOUR),
    "a seventh of a day rounds down": (Fraction(1, 7), "day", servstd.ALWAYS, 12_342_857_142),
}  # fmt: skip


@pytest.mark.parametrize(("share", "window", "calendar", "amount"), SHARES.values(), ids=SHARES.keys())
def test_a_share_is_of_the_open_time_of_its_window(share, window, calendar, amount):
    limit = ShareOf(share, Windows(window, "Europe/London"), calendar, exclusive=True)
    assert limit.starting(Start(MONDAY_16)) == Allowance(amount, exclusive=True)


def test_the_demand_to_have_been_running_is_fulfilled_by_running():
    assert Running().due(RUNNING) == MONDAY_16
    assert Running().due(HELD) == FOREVER
    assert Running().is_known
