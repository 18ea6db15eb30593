"""Date limits: each setting with an example worked out by hand, forwards, backwards, with pauses."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from servstd.calendars import Calendar, parse_date_limit
from servstd.calendars.civil import date_of
from servstd.errors import NeverOpens
from servstd.intervals import instant_us

LONDON = ZoneInfo("Europe/London")
OFFICE = Calendar(
    timezone="Europe/London", hours={"mon-fri": "09:00-17:00"}, holidays=["2026-04-03", "2026-04-06"]
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


# 2026-03-02 is a Monday; 2026-04-03 and 2026-04-06 (Good Friday, Easter Monday) are holidays.
DUE = {
    "the day after the start is day 1, to its end": (
        "1 business day",
        {},
        "2026-03-02T10:00",
        "2026-03-04T00:00",
    ),
    "a weekend does not count": ("1 business day", {}, "2026-03-06T10:00", "2026-03-10T00:00"),
    "nor a holiday": ("2 business days", {}, "2026-04-01T10:00", "2026-04-08T00:00"),
    "working days are business days": ("10 working days", {}, "2026-03-02T10:00", "2026-03-17T00:00"),
    "days are all days": ("5 days", {}, "2026-03-06T23:59", "2026-03-12T00:00"),
    "a week is seven": ("2 weeks", {}, "2026-03-06T23:59", "2026-03-21T00:00"),
    "a month is clamped to its last day": ("1 month", {}, "2026-01-31T10:00", "2026-03-01T00:00"),
    "and not in a leap year": ("1 month", {}, "2028-01-31T10:00", "2028-03-01T00:00"),
    "a quarter is three": ("1 quarter", {}, "2026-01-31T10:00", "2026-05-01T00:00"),
    "a year from 29 February": ("1 year", {}, "2028-02-29T10:00", "2029-03-01T00:00"),
    "a local day of 23 hours is a day": (
        "1 day",
        {"ends": "same_time"},
        "2026-03-28T10:00",
        "2026-03-29T10:00",
    ),
    "a clock time that comes twice is the first": (
        "1 day",
        {"ends": "same_time"},
        "2026-10-24T01:30",
        "2026-10-25T01:30",
    ),
    "at the cutoff is in time": (
        "1 business day",
        {"cutoff": "14:00"},
        "2026-03-02T14:00",
        "2026-03-04T00:00",
    ),
    "after the cutoff is the next opening": (
        "1 business day",
        {"cutoff": "14:00"},
        "2026-03-02T14:01",
        "2026-03-05T00:00",
    ),
    "which has its own clock time": (
        "1 business day",
        {"cutoff": "14:00", "ends": "same_time"},
        "2026-03-06T15:00",
        "2026-03-10T09:00",
    ),
    "an early start keeps its clock time": (
        "1 business day",
        {"ends": "same_time"},
        "2026-03-02T07:00",
        "2026-03-03T07:00",
    ),
    "or is the opening": (
        "1 business day",
        {"ends": "same_time", "early_start": "open"},
        "2026-03-02T07:00",
        "2026-03-03T09:00",
    ),
    "a closed start is itself": (
        "1 business day",
        {"ends": "same_time"},
        "2026-03-07T11:00",
        "2026-03-09T11:00",
    ),
    "or the next opening": (
        "1 business day",
        {"ends": "same_time", "closed_start": "next_open"},
        "2026-03-07T11:00",
        "2026-03-10T09:00",
    ),
    "or its time on the next open date": (
        "1 business day",
        {"ends": "same_time", "closed_start": "next_day"},
        "2026-03-07T11:00",
        "2026-03-10T11:00",
    ),
    "which obeys the cutoff there": (
        "1 business day",
        {"ends": "same_time", "closed_start": "next_day", "cutoff": "10:00"},
        "2026-03-07T11:00",
        "2026-03-11T09:00",
    ),
    "or on the one before": (
        "1 business day",
        {"ends": "same_time", "closed_start": "previous_day"},
        "2026-03-07T11:00",
        "2026-03-09T11:00",
    ),
    "the start's own date may be day 1": (
        "1 business day",
        {"day_one": "same"},
        "2026-03-02T10:00",
        "2026-03-03T00:00",
    ),
    "unless it is closed": ("1 business day", {"day_one": "same"}, "2026-03-07T10:00", "2026-03-10T00:00"),
    "a last day that is closed stays": ("5 days", {}, "2026-03-02T10:00", "2026-03-08T00:00"),
    "or rolls on": ("5 days", {"roll": "forward"}, "2026-03-02T10:00", "2026-03-10T00:00"),
    "or back": ("5 days", {"roll": "backward"}, "2026-03-02T10:00", "2026-03-07T00:00"),
    "the end of business": (
        "1 business day",
        {"ends": "close_of_business"},
        "2026-03-02T10:00",
        "2026-03-03T17:00",
    ),
    "of a closed day there is none: its end": (
        "5 days",
        {"ends": "close_of_business"},
        "2026-03-02T10:00",
        "2026-03-08T00:00",
    ),
    "a clock time": ("1 business day", {"ends": "12:30"}, "2026-03-02T10:00", "2026-03-03T12:30"),
}


@pytest.mark.parametrize(("text", "settings", "start", "wanted"), DUE.values(), ids=DUE)
def test_due(text, settings, start, wanted):
    assert OFFICE.due(text, start=at(start), **settings) == at(wanted)
    assert OFFICE.due_array(text, [instant_us(at(start))], **settings).tolist() == [instant_us(at(wanted))]


BACK = {
    "not after 17:00 on the business day before": (
        "1 business day",
        {"ends": "17:00"},
        "2026-03-09T10:00",
        "2026-03-06T17:00",
    ),
    "nor after close of business on it": (
        "1 business day",
        {"ends": "close_of_business"},
        "2026-04-07T10:00",
        "2026-04-02T17:00",
    ),
    "48 hours before": ("48 hours", {}, "2026-03-30T12:00", "2026-03-20T12:00"),
    "48 calendar hours before, over the change": (
        "48 calendar hours",
        {},
        "2026-03-30T12:00",
        "2026-03-28T11:00",
    ),
    "two weeks before": ("2 weeks", {"ends": "same_time"}, "2026-03-30T12:00", "2026-03-16T12:00"),
    "a month before": ("1 month", {"ends": "same_time"}, "2026-03-31T12:00", "2026-02-28T12:00"),
}


@pytest.mark.parametrize(("text", "settings", "start", "wanted"), BACK.values(), ids=BACK)
def test_backwards(text, settings, start, wanted):
    assert OFFICE.due(text, start=at(start), backwards=True, **settings) == at(wanted)


SHOP = Calendar(
    timezone="Europe/London",
    hours={"mon-thu": ["09:00-12:00", "13:00-17:00"], "fri": "22:00-06:00", "sun": "00:00-18:00"},
    holidays=[{"date": "2026-03-04", "hours": "08:00-12:00"}],
)
# 2026-03-01 is a Sunday; Saturdays are closed; Wednesday 4 March is a half-day.
CUTOFFS = {
    "one a weekday": ({"mon-fri": "14:00", "sun": "18:00"}, "2026-03-02T14:01", "2026-03-03"),
    "at which a start is in time": ({"mon-fri": "14:00", "sun": "18:00"}, "2026-03-02T14:00", "2026-03-02"),
    "another on Sunday": ({"mon-fri": "14:00", "sun": "18:00"}, "2026-03-01T15:00", "2026-03-01"),
    "after which the next open date counts": (
        {"mon-fri": "14:00", "sun": "18:00"},
        "2026-03-01T18:00:01",
        "2026-03-02",
    ),
    "the others have none": ({"mon": "14:00"}, "2026-03-03T23:59", "2026-03-03"),
    "days may be lists and none": ({"mon,wed": "10:00", "tue": "none"}, "2026-03-03T11:00", "2026-03-03"),
    "closing time is in time": ("close_of_business", "2026-03-02T17:00", "2026-03-02"),
    "and a microsecond later is not": ("close_of_business", "2026-03-02T17:00:00.000001", "2026-03-03"),
    "lunch is no closing time": ("close_of_business", "2026-03-02T12:30", "2026-03-02"),
    "of a half-day it is noon": ("close_of_business", "2026-03-04T12:01", "2026-03-05"),
    "of a night it is the next morning": ("close_of_business", "2026-03-06T23:30", "2026-03-06"),
    "on a closed date there is none, and it is moved": (
        "close_of_business",
        "2026-03-07T04:00",
        "2026-03-08",
    ),
    "one weekday may close and another have a time": (
        {"mon": "close_of_business", "tue": "10:00"},
        "2026-03-03T10:01",
        "2026-03-04",
    ),
}


@pytest.mark.parametrize(("cutoff", "start", "wanted"), CUTOFFS.values(), ids=CUTOFFS)
def test_cutoffs(cutoff, start, wanted):
    """Day 1 is the date of the start, so the due date says to which date it belongs."""
    rule = {"cutoff": cutoff, "closed_start": "next_open", "day_one": "same", "ends": "12:00"}
    assert SHOP.due("1 business day", start=at(start), **rule) == at(f"{wanted}T12:00")
    assert SHOP.due_array("1 business day", [instant_us(at(start))], **rule).tolist() == [
        instant_us(at(f"{wanted}T12:00"))
    ]


MOVED = {
    "kept where it is, no cutoff asks": ("same", "2026-03-08"),
    "moved to the opening, none asks again": ("next_open", "2026-03-08"),
    "moved with its clock time, that of the date asks": ("next_day", "2026-03-09"),
    "also back": ("previous_day", "2026-03-08"),
}


@pytest.mark.parametrize(("closed_start", "wanted"), MOVED.values(), ids=MOVED)
def test_a_cutoff_and_a_start_on_a_closed_date(closed_start, wanted):
    """On Saturday 7 March at 23:00: late on Sunday (18:00) and on Friday (22:30), so each of them passes it on."""
    rule = {"cutoff": {"sun": "18:00", "fri": "22:30"}, "closed_start": closed_start, "day_one": "same"}
    assert SHOP.due("1 business day", start=at("2026-03-07T23:00"), ends="00:00", **rule) == at(
        f"{wanted}T00:00"
    )


def test_a_cutoff_in_the_hour_that_comes_twice_is_its_first():
    always = Calendar(timezone="Europe/London", hours="00:00-24:00")
    rule = {"cutoff": "01:30", "closed_start": "next_open", "day_one": "same", "ends": "23:00"}
    second = datetime.fromisoformat("2026-10-25T01:10+00:00")  # 01:10 for the second time
    assert always.due("1 day", start=second, **rule) == at("2026-10-26T23:00")
    assert always.due("1 day", start=second.replace(hour=0), **rule) == at("2026-10-25T23:00")


def test_a_day_that_is_worked_for_another_has_the_cutoff_of_that_weekday():
    china = Calendar(timezone="Asia/Shanghai", hours={"mon-fri": "09:00-18:00"}, holidays="CN")
    rule = {"cutoff": {"mon-fri": "14:00"}, "closed_start": "next_open", "day_one": "same"}
    sunday = datetime(2024, 2, 4, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert china.due("1 business day", start=sunday, **rule).isoformat() == "2024-02-06T00:00:00+08:00"
    assert (china | china).due(
        "1 business day", start=sunday, **rule
    ).isoformat() == "2024-02-05T00:00:00+08:00"


def test_a_start_that_is_moved_to_an_opening_belongs_to_the_date_that_opens():
    """Monday's night begins at half past midnight, after its break; the start of Sunday counts from Monday."""
    night = Calendar(timezone="UTC", hours={"mon-tue": "22:00-30:00"}, breaks={"mon": "22:00-24:30"})
    rule = {"closed_start": "next_open", "day_one": "same"}
    sunday, monday = (datetime.fromisoformat(f"2026-03-0{day}T10:00+00:00") for day in (1, 2))
    assert night.due("1 business day", start=sunday, **rule) == night.due(
        "1 business day", start=monday, **rule
    )
    assert night.due("1 business day", start=sunday, **rule).isoformat() == "2026-03-03T00:00:00+00:00"
    same_time = night.due("1 business day", start=sunday, ends="same_time", **rule)
    assert same_time.isoformat() == "2026-03-03T00:30:00+00:00"


def test_a_date_that_has_begun_is_not_left_again():
    """At 00:01 on 29 October 2006 the clocks of Newfoundland went back to 23:01 of the day before."""
    desk = Calendar(timezone="America/St_Johns", hours="00:00-24:00")
    before, after = (datetime.fromisoformat(f"2006-10-29T02:{minute}+00:00") for minute in ("30:30", "45:00"))
    assert before.astimezone(ZoneInfo("America/St_Johns")).isoformat() == "2006-10-29T00:00:30-02:30"
    assert after.astimezone(ZoneInfo("America/St_Johns")).isoformat() == "2006-10-28T23:15:00-03:30"
    assert desk.due("1 day", start=before) == desk.due("1 day", start=after)


def test_closing_time_is_that_of_the_shift_which_ends_last():
    """The shift of Friday ends on Saturday at six, after that of Saturday, which ends at five."""
    shop = Calendar(
        timezone="UTC", hours={"mon-thu": "09:00-17:00", "fri": "22:00-06:00", "sat": "00:00-05:00"}
    )
    dues = [
        shop.due(
            "1 business day",
            start=datetime.fromisoformat(f"2026-03-0{day}T10:00+00:00"),
            ends="close_of_business",
        )
        for day in (5, 6, 7)
    ]
    assert [due.isoformat()[:16] for due in dues] == [
        "2026-03-07T06:00",
        "2026-03-07T06:00",
        "2026-03-09T17:00",
    ]


def test_the_earliest_and_the_latest_of_several():
    start = at("2026-03-06T16:00")
    both = ["4 hours", "1 business day"]
    assert OFFICE.due({"earliest_of": both}, start=start) == at("2026-03-09T12:00")
    assert OFFICE.due({"latest_of": both}, start=start) == at("2026-03-10T00:00")
    assert OFFICE.due_array({"latest_of": both}, [instant_us(start)]).tolist() == [
        instant_us(at("2026-03-10T00:00"))
    ]


def test_a_due_time_that_comes_twice_or_never():
    twice = OFFICE.due("1 day", start=at("2026-10-24T01:30"), ends="same_time")
    assert instant_us(twice) == instant_us(datetime.fromisoformat("2026-10-25T00:30+00:00"))
    never = OFFICE.due("1 day", start=at("2026-03-28T01:30"), ends="same_time")
    assert instant_us(never) == instant_us(datetime.fromisoformat("2026-03-29T01:00+00:00"))


def test_one_day_is_not_24_hours():
    saturday = at("2026-03-28T10:00")
    assert OFFICE.due("24 calendar hours", start=saturday) == at("2026-03-29T11:00")
    assert OFFICE.due("1 day", start=saturday, ends="same_time") == at("2026-03-29T10:00")
    assert OFFICE.due("1 day", start=saturday) == at("2026-03-30T00:00")


def test_only_the_end_of_a_day_is_exclusive():
    assert not parse_date_limit("1 day").inclusive
    assert all(
        parse_date_limit("1 day", ends=ends).inclusive for ends in ("same_time", "close_of_business", "17:00")
    )


PAUSED = Calendar(
    timezone="Europe/London",
    hours={"mon-thu": ["09:00-12:00", "13:00-17:00"], "fri": "22:00-06:00"},
    holidays=[{"date": "2026-03-04", "hours": "08:00-12:00"}, "2026-03-10"],
)
# From Monday 2 March, 10:00. Wednesday closes at noon, Friday's night on Saturday at six, 10 March is a holiday.
LEFT_OUT = {
    "a half-day closes at noon": ("2 business days", "2026-03-04T11:00", "2026-03-04T13:00", ["2026-03-04"]),
    "so that its afternoon costs nothing": ("2 business days", "2026-03-04T12:00", "2026-03-05T09:00", []),
    "lunch is no closing time": ("2 business days", "2026-03-03T11:00", "2026-03-03T13:30", []),
    "a night closes the next morning": (
        "5 business days",
        "2026-03-06T23:00",
        "2026-03-07T07:00",
        ["2026-03-06"],
    ),
    "before its end it has not closed": ("5 business days", "2026-03-06T23:00", "2026-03-07T05:00", []),
    "a weekend within a pause is lost to nobody": (
        "8 days",
        "2026-03-05T16:00",
        "2026-03-09T10:00",
        ["2026-03-05", "2026-03-06"],
    ),
    "nor is a holiday": ("9 days", "2026-03-09T16:00", "2026-03-11T10:00", ["2026-03-09"]),
}


@pytest.mark.parametrize(("text", "start", "end", "left_out"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_dates_at_whose_closing_time_the_clock_is_paused(text, start, end, left_out):
    limit, begun = parse_date_limit(text), instant_us(at("2026-03-02T10:00"))
    paused = [(instant_us(at(start)), instant_us(at(end)))]
    until = instant_us(at("2026-03-20T00:00"))
    days = PAUSED.left_out_days(limit, begun, until, paused=paused)
    assert [date_of(day).isoformat() for day in days] == left_out
    more = parse_date_limit(f"{limit.count + len(left_out)} {limit.unit}")
    assert PAUSED.due_us(limit, begun, paused=paused) == PAUSED.due_us(more, begun)


def test_nothing_is_due_when_no_date_is_left():
    once = Calendar(timezone="UTC", exceptions={"2026-03-02": "09:00-17:00"})
    assert once.due("1 business day", start=at("2026-02-20T10:00")) == at("2026-03-03T00:00")
    with pytest.raises(NeverOpens):
        once.due("2 business days", start=at("2026-02-20T10:00"))
    with pytest.raises(NeverOpens):
        once.due_array("2 business days", [instant_us(at("2026-02-20T10:00"))])


def test_the_bounds_of_the_last_date():
    low, high = OFFICE.due_date_us(parse_date_limit("1 business day"), instant_us(at("2026-03-27T10:00")))
    assert (low, high) == (instant_us(at("2026-03-30T00:00")), instant_us(at("2026-03-31T00:00")))


def test_a_night_is_a_business_day_of_the_date_on_which_it_starts():
    night = Calendar(timezone="Europe/London", hours={"mon": "22:00-06:00"})
    assert night.due("1 business day", start=at("2026-03-03T03:00"), ends="close_of_business") == at(
        "2026-03-10T06:00"
    )
