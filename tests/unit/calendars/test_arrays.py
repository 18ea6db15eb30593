"""Arrays give the same integers as single answers, whatever the shape of the calendar."""

from __future__ import annotations

import random

import numpy as np
import pytest

from servstd.calendars import ALWAYS, Calendar, parse_date_limit
from servstd.calendars.columns import Stack
from servstd.errors import CalendarError, NeverOpens

DAY = 86_400_000_000
LOW, HIGH = 0, 20_000 * DAY

CALENDARS = {
    "office hours with two breaks": Calendar(
        timezone="Europe/London",
        hours={"mon-fri": "09:10-17:35"},
        breaks={"mon-fri": ["12:00-12:30", "15:00-15:15"]},
        holidays="GB-ENG",
    ),
    "nights": Calendar(
        timezone="America/New_York", hours={"daily": "22:00-06:00"}, breaks={"daily": "02:00-02:30"}
    ),
    "round the clock on weekdays": Calendar(timezone="Asia/Tokyo", hours={"mon-fri": "00:00-24:00"}),
    "always": ALWAYS,
    "hours by the second, with gaps too short for cells": Calendar(
        timezone="UTC", hours={"daily": ["09:00:01-12:00:00", "12:00:30-17:00:59"]}
    ),
    "twenty spans a day": Calendar(
        timezone="Australia/Lord_Howe",
        hours={"daily": [f"{hour:02d}:00-{hour:02d}:37" for hour in range(20)]},
    ),
    "one exception and nothing else": Calendar(
        timezone="Pacific/Apia", exceptions={"2011-12-29": "00:00-30:00"}
    ),
    "never": Calendar(timezone="UTC", hours={}),
    "an expression across zones": Calendar(timezone="Europe/Paris", hours={"mon-fri": "09:00-17:00"})
    | ~Calendar(timezone="America/Sao_Paulo", hours={"daily": "00:00-20:00"}),
}


def instants(count, seed):
    generator = random.Random(seed)
    whole = [generator.randrange(LOW, HIGH) for _ in range(count)]
    return np.array([each - each % 1_000_000 if generator.random() < 0.5 else each for each in whole])


@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
def test_elapsed(calendar):
    starts, ends = instants(700, 1), instants(700, 2)
    wanted = [calendar.elapsed_us(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]
    assert calendar.elapsed_array(starts, ends).tolist() == wanted


@pytest.mark.parametrize(
    "name", [name for name in CALENDARS if name not in ("never", "one exception and nothing else")]
)
def test_add(name):
    calendar = CALENDARS[name]
    starts = instants(400, 3)
    amounts = np.array([random.Random(4 + index).randrange(-40, 41) * 1_800_000_001 for index in range(400)])
    wanted = [calendar.add_us(int(a), int(n)) for a, n in zip(starts, amounts, strict=True)]
    assert calendar.add_array(starts, amounts).tolist() == wanted


def test_every_edge_of_every_stretch():
    """Instants on opening and closing, and a microsecond beside them, are where tables go wrong."""
    for calendar in CALENDARS.values():
        edges = [at for span in calendar._almanac.between_us(LOW, LOW + 60 * DAY) for at in span]
        near = np.array(sorted({edge + step for edge in edges for step in (-1, 0, 1)} | {LOW}))
        wanted = [calendar.elapsed_us(LOW, int(at)) for at in near]
        assert calendar.elapsed_array(np.full(len(near), LOW), near).tolist() == wanted


def test_what_comes_in_goes_out():
    calendar = CALENDARS["nights"]
    starts = instants(50, 5)
    ends = instants(50, 6)
    times = calendar.elapsed_array(starts.view("datetime64[us]"), ends.view("datetime64[us]"))
    assert times.dtype == "timedelta64[us]"
    assert times.view(np.int64).tolist() == calendar.elapsed_array(starts, ends).tolist()
    assert calendar.add_array(starts.view("datetime64[us]"), np.timedelta64(2, "h")).dtype == "datetime64[us]"
    assert (
        calendar.elapsed_array(
            starts.view("datetime64[us]").astype("datetime64[s]"),
            ends.view("datetime64[us]").astype("datetime64[s]"),
        ).dtype
        == "timedelta64[us]"
    )


def test_a_missing_instant_gives_a_missing_answer():
    calendar = CALENDARS["nights"]
    starts = np.array(["2024-01-01", "NaT", "2024-01-02"], "datetime64[us]")
    found = calendar.elapsed_array(starts, starts[::-1])
    assert np.isnat(found).tolist() == [False, True, False]
    assert np.isnat(calendar.add_array(starts, np.timedelta64(1, "h"))).tolist() == [False, True, False]
    assert np.isnat(calendar.due_array("1 business day", starts)).tolist() == [False, True, False]
    nothing = np.array(["NaT"], "datetime64[us]")
    assert np.isnat(calendar.elapsed_array(nothing, nothing)).all()


def test_empty_arrays_and_plain_lists():
    calendar = CALENDARS["nights"]
    assert calendar.elapsed_array([], []).tolist() == []
    assert calendar.due_array("1 business day", []).tolist() == []
    assert calendar.elapsed_array([0], [DAY]).tolist() == [calendar.elapsed_us(0, DAY)]


def test_tables_grow_and_are_never_cut_short():
    calendar = Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"})
    for reach in (10, 1_000, 20_000, 40_000):
        ends = np.array([reach * DAY, -reach * DAY // 2])
        assert calendar.elapsed_array(np.zeros(2, np.int64), ends).tolist() == [
            calendar.elapsed_us(0, int(end)) for end in ends
        ]
        far = calendar.add_array(np.zeros(1, np.int64), np.array([reach * DAY // 5]))
        assert calendar.elapsed_us(0, int(far[0])) == reach * DAY // 5


def test_an_array_raises_what_one_pair_raises():
    with pytest.raises(NeverOpens):
        CALENDARS["one exception and nothing else"].add_array(np.array([0, 20_000 * DAY]), np.array([1, 1]))
    with pytest.raises(CalendarError, match="SV205"):
        CALENDARS["nights"].elapsed_array(np.array([0]), np.array([200_000 * DAY]))


def test_many_calendars_in_one_call():
    calendars = list(CALENDARS.values())
    for stack in (
        calendars,
        [each for each in calendars if "second" not in str(each.hours)][:4],
        calendars[:1],
    ):
        which = np.array([random.Random(index).randrange(len(stack)) for index in range(900)], np.uint8)
        starts, ends = instants(900, 7), instants(900, 8)
        wanted = [stack[k].elapsed_us(int(a), int(b)) for k, a, b in zip(which, starts, ends, strict=True)]
        assert Stack(stack).elapsed_array(which, starts, ends).tolist() == wanted


def test_a_stack_refuses_places_that_it_does_not_have():
    with pytest.raises(CalendarError, match="SV206"):
        Stack([ALWAYS]).elapsed_array(np.array([1]), np.array([0]), np.array([0]))
    with pytest.raises(CalendarError, match="SV206"):
        Stack([ALWAYS]).elapsed_array(np.array([0.0]), np.array([0]), np.array([0]))


def test_an_exact_fit_lands_on_closing_time_and_on_opening_time_going_back():
    calendar = Calendar(timezone="UTC", hours={"mon-fri": "09:00-17:00"})
    monday, hour = 4 * DAY, DAY // 24  # 1970-01-05
    starts = np.array([monday + 9 * hour, monday, monday + 16 * hour, monday + DAY])
    amounts = np.array([8 * hour, 16 * hour, hour, -8 * hour])
    wanted = [monday + 17 * hour, monday + DAY + 17 * hour, monday + 17 * hour, monday + 9 * hour]
    assert calendar.add_array(starts, amounts).tolist() == wanted
    assert [calendar.add_us(int(a), int(n)) for a, n in zip(starts, amounts, strict=True)] == wanted


@pytest.mark.parametrize("step", range(0, 48, 3))
def test_a_stretch_made_for_one_question_holds_the_night_that_began_before_it(step):
    """Expressions ask their members for exactly the time in question, wherever in a night that begins or ends."""
    night = Calendar(
        timezone="Australia/Lord_Howe", hours={"daily": "20:00-44:00"}, breaks={"daily": "23:00-23:30"}
    )
    low = 19_000 * DAY + step * DAY // 48
    high = low + DAY // 3
    opens, closes = night._almanac.maker.make(low, high)
    whole = night._almanac.maker.make(low - 9 * DAY, high + 9 * DAY)
    inside = [(max(a, low), min(b, high)) for a, b in zip(*whole, strict=True) if a < high and b > low]
    assert list(zip(opens, closes, strict=True)) == inside


NOTHING_OPEN = {
    "no hours at all": Calendar(timezone="UTC", hours={}),
    "closed, with holidays": Calendar(timezone="UTC", hours="closed", holidays=["2026-12-25"]),
    "an exception that closes": Calendar(timezone="UTC", exceptions={"2026-03-04": []}),
    "the complement of always": ~ALWAYS,
    "a calendar less itself": CALENDARS["nights"] - CALENDARS["nights"],
}


@pytest.mark.parametrize("calendar", NOTHING_OPEN.values(), ids=NOTHING_OPEN)
def test_adding_nothing_where_nothing_is_open_changes_nothing(calendar):
    starts = instants(50, 7)
    assert calendar.add_array(starts, 0).tolist() == starts.tolist()
    assert calendar.add_array(starts, np.zeros(50, np.int64)).tolist() == starts.tolist()
    assert not calendar.elapsed_array(starts, starts[::-1]).any()
    for amount in (1, -1):
        with pytest.raises(NeverOpens):
            calendar.add_array(starts, amount)
    with pytest.raises(NeverOpens):
        calendar.add_array(starts, np.arange(50))


@pytest.mark.parametrize("calendar", [*CALENDARS.values(), *NOTHING_OPEN.values()])
def test_no_rows_have_no_answers(calendar):
    for empty in ([], np.array([], np.int64), np.array([], "datetime64[us]")):
        assert calendar.elapsed_array(empty, empty).tolist() == []
        assert calendar.add_array(empty, []).tolist() == []
        assert calendar.add_array(empty, 3_600_000_000).tolist() == []
        assert calendar.due_array("4 hours", empty).tolist() == []
        assert Stack([calendar]).elapsed_array([], empty, empty).tolist() == []
        assert Stack([]).elapsed_array([], empty, empty).tolist() == []


def test_an_empty_stack_has_no_calendar_for_a_row():
    with pytest.raises(CalendarError, match="outside the 0 calendars"):
        Stack([]).elapsed_array(np.array([0]), np.array([0]), np.array([1]))


def test_a_stack_of_calendars_that_are_open_always_and_never():
    calendars = [ALWAYS, ALWAYS.in_zone("Asia/Tokyo"), Calendar(timezone="$zone"), *NOTHING_OPEN.values()]
    which = np.arange(len(calendars))
    starts = np.full(len(calendars), 20_000 * DAY)
    assert Stack(calendars).elapsed_array(which, starts, starts + DAY).tolist() == [DAY] * 3 + [0] * 5


DATES_WITHOUT_HOURS = {
    "days that are open all day": Calendar(timezone="Europe/London", hours={"mon-fri": "open"}),
    "every day": Calendar(timezone="Europe/London", hours="always"),
    "no hours at all": Calendar(timezone="Europe/London", hours="closed"),
    "one day alone": Calendar(timezone="Europe/London", exceptions={"2026-03-04": "open"}),
}


@pytest.mark.parametrize("ends", ["end_of_day", "close_of_business", "same_time", "17:00"])
@pytest.mark.parametrize("calendar", DATES_WITHOUT_HOURS.values(), ids=DATES_WITHOUT_HOURS)
def test_days_are_counted_where_there_are_no_hours(calendar, ends):
    starts = instants(200, 3)
    wanted = [calendar.due_array("3 days", [int(at)], ends=ends).tolist()[0] for at in starts]
    assert calendar.due_array("3 days", starts, ends=ends).tolist() == wanted
    assert [calendar.due_us(parse_date_limit("3 days", ends=ends), int(at)) for at in starts] == wanted
