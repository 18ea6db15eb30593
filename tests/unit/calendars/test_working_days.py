"""Half-days, and days of the weekend that are worked for a bridge day; every answer worked out by hand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import numpy as np
import pytest

from servstd.calendars import Calendar
from servstd.calendars.civil import date_of
from servstd.calendars.countries import Country
from servstd.calendars.text import calendar_text
from servstd.errors import CalendarError, NeverOpens, UncoveredYear

BUDAPEST = "Europe/Budapest"
# In 2024 Hungary worked on Saturday 7 December for Tuesday 24 and on Saturday 14 December for Friday 27.
WEEK = {"mon-thu": "08:00-16:30", "fri": "08:00-14:00"}
DAY_US = 86_400_000_000
FOR_TUESDAY, FOR_FRIDAY = "2024-12-07", "2024-12-14"


def open_hours(calendar, day):
    low, high = calendar.zone.utc_us(day_of(day) * DAY_US), calendar.zone.utc_us((day_of(day) + 1) * DAY_US)
    return calendar.elapsed_us(low, high) / (DAY_US / 24)


def day_of(text):
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def hungary(**more):
    words = {"timezone": BUDAPEST, "hours": WEEK, "holidays": "HU", **more}
    return Calendar(**words)


HALF_DAYS = {
    "on a day on which the week is closed nothing is left": (
        {"hours": {"mon-fri": "09:00-17:00"}, "holidays": [{"yearly": "12-24", "hours": "09:00-12:00"}]},
        "2022-12-24",
        0,
    ),
    "hours outside the week's are none": (
        {"hours": {"thu": "09:00-12:00"}, "holidays": [{"date": "2026-12-24", "hours": "13:00-15:00"}]},
        "2026-12-24",
        0,
    ),
    "hours that begin earlier open no earlier": (
        {"hours": {"thu": "09:00-17:00"}, "holidays": [{"date": "2026-12-24", "hours": "07:00-12:00"}]},
        "2026-12-24",
        3,
    ),
    "the break of the week stays": (
        {
            "hours": {"thu": "09:00-17:00"},
            "breaks": {"thu": "12:00-13:00"},
            "holidays": [{"date": "2026-12-24", "hours": "09:00-14:00"}],
        },
        "2026-12-24",
        4,
    ),
    "and so does a break on that date": (
        {
            "hours": {"thu": "09:00-17:00"},
            "breaks": {"2026-12-24": "11:00-11:30"},
            "holidays": [{"date": "2026-12-24", "hours": "09:00-12:00"}],
        },
        "2026-12-24",
        2.5,
    ),
    "two half-days leave what both leave": (
        {
            "hours": {"thu": "09:00-17:00"},
            "holidays": [
                {"date": "2026-12-24", "hours": "09:00-14:00"},
                {"yearly": "12-20..12-26", "hours": "12:00-18:00"},
            ],
        },
        "2026-12-24",
        2,
    ),
    "two that leave nothing in common close it": (
        {
            "hours": {"thu": "09:00-17:00"},
            "holidays": [
                {"date": "2026-12-24", "hours": "09:00-12:00"},
                {"date": "2026-12-24", "hours": "12:00-17:00"},
            ],
        },
        "2026-12-24",
        0,
    ),
    "of a night it leaves the beginning, on the date and after it": (
        {"hours": {"thu": "22:00-06:00"}, "holidays": [{"date": "2026-12-24", "hours": "22:00-02:00"}]},
        "2026-12-24",
        2,
    ),
    "the night of the eve runs into it": (
        {"hours": {"daily": "22:00-06:00"}, "holidays": [{"date": "2026-12-24", "hours": "09:00-12:00"}]},
        "2026-12-24",
        6,
    ),
    "unless it masks": (
        {
            "hours": {"daily": "22:00-06:00"},
            "holidays": [{"date": "2026-12-24", "hours": "04:00-12:00"}],
            "holidays_cut": "mask",
        },
        "2026-12-24",
        2,
    ),
    "an exception goes first": (
        {
            "hours": {"thu": "09:00-17:00"},
            "holidays": [{"date": "2026-12-24", "hours": "09:00-12:00"}],
            "exceptions": {"2026-12-24": "14:00-20:00"},
        },
        "2026-12-24",
        6,
    ),
    # 24 December 2026 is a Thursday, and the holiday data of Germany know it as a half-day
    "a source of half-days": (
        {
            "hours": {"mon-fri": "09:00-17:00"},
            "holidays": ["DE", {"country": "GB", "only": "Good Friday", "hours": "09:00-13:00"}],
        },
        "2027-03-26",  # Good Friday in both: Germany closes it altogether
        0,
    ),
}


@pytest.mark.parametrize(("words", "day", "wanted"), HALF_DAYS.values(), ids=HALF_DAYS)
def test_a_half_day_leaves_of_its_date_what_the_week_has_there(words, day, wanted):
    assert open_hours(Calendar(timezone="UTC", **words), day) == wanted


def test_the_order_of_sources_does_not_matter():
    half = [{"date": "2026-12-24", "hours": "09:00-14:00"}, {"date": "2026-12-24", "hours": "12:00-18:00"}]
    one, other = (
        Calendar(timezone="UTC", hours={"thu": "09:00-17:00"}, holidays=each) for each in (half, half[::-1])
    )
    assert open_hours(one, "2026-12-24") == open_hours(other, "2026-12-24") == 2


def test_a_half_day_that_the_source_knows():
    """The last day of the Chinese women's day, 8 March, is a half-day for some; the categories name it."""
    calendar = Calendar(
        timezone="Asia/Shanghai",
        hours={"mon-fri": "09:00-18:00"},
        holidays=["CN", {"country": "CN", "categories": "half_day", "hours": "09:00-12:00"}],
    )
    assert open_hours(calendar, "2024-03-08") == 3  # a Friday
    assert open_hours(calendar, "2025-03-08") == 0  # a Saturday
    assert open_hours(calendar, "2024-02-04") == 9  # worked, and the second source takes nothing from it


def test_the_evidence_of_a_half_day_names_its_break_and_what_it_takes():
    calendar = Calendar(
        timezone="UTC",
        hours={"thu": "09:00-17:00"},
        breaks={"thu": "10:00-10:30"},
        holidays=[{"date": "2026-12-24", "hours": "09:00-12:00", "name": "Christmas Eve"}],
    )
    start = datetime(2026, 12, 24, 9, tzinfo=ZoneInfo("UTC"))
    told = [part.reason for part in calendar.explain(start, start + timedelta(hours=8))]
    assert told == [
        "half-day Christmas Eve 09:00–10:00",
        "break 10:00–10:30",
        "half-day Christmas Eve 10:30–12:00",
        "holiday: Christmas Eve",
    ]


# Working days that make up for bridge days -----------------------------------------------------------------------


WORKED = {
    "China worked Sunday 4 February 2024": (
        {"timezone": "Asia/Shanghai", "hours": {"mon-fri": "09:00-18:00"}, "holidays": "CN"},
        "2024-02-04",
        9,
    ),
    "Taiwan worked Saturday 17 February 2024": (
        {"timezone": "Asia/Taipei", "hours": {"mon-fri": "09:00-17:00"}, "holidays": {"country": "TW"}},
        "2024-02-17",
        8,
    ),
    "a Saturday that stands for a Tuesday has the hours of Tuesday": ({}, FOR_TUESDAY, 8.5),
    "one that stands for a Friday those of Friday": ({}, FOR_FRIDAY, 6),
    "less the breaks of that weekday": (
        {"breaks": {"tue": "12:00-12:30", "sat": "08:00-12:00"}},
        FOR_TUESDAY,
        8,
    ),
    "or the hours that the book gives": (
        {"holidays": {"country": "HU", "working_days": "08:00-12:00"}},
        FOR_TUESDAY,
        4,
    ),
    "which may be several, and go over midnight": (
        {"holidays": {"country": "HU", "working_days": ["08:00-12:00", "22:00-02:00"]}},
        FOR_TUESDAY,
        6,
    ),
    "a book may say that nobody works on them": (
        {"holidays": {"country": "HU", "working_days": False}},
        FOR_TUESDAY,
        0,
    ),
    "or that they are closed": (
        {"holidays": {"country": "HU", "working_days": "closed"}},
        FOR_TUESDAY,
        0,
    ),
    "another source that calls it a holiday closes it": ({"holidays": ["HU", FOR_TUESDAY]}, FOR_TUESDAY, 0),
    "whichever stands first": ({"holidays": [FOR_TUESDAY, "HU"]}, FOR_TUESDAY, 0),
    "another source may make it a half-day": (
        {"holidays": ["HU", {"date": FOR_TUESDAY, "hours": "08:00-12:00"}]},
        FOR_TUESDAY,
        4,
    ),
    "an exception goes first": ({"exceptions": {FOR_TUESDAY: "10:00-11:00"}}, FOR_TUESDAY, 1),
    "an exception that closes earlier keeps its hours": (
        {"exceptions": {FOR_TUESDAY: {"closes_at": "12:00"}}},
        FOR_TUESDAY,
        4,
    ),
    "a bridge day that is left out is open": (
        {"holidays": {"country": "HU", "leave_out": "Day off"}},
        "2024-12-24",
        8.5,
    ),
    "so nothing is worked for it": (
        {"holidays": {"country": "HU", "leave_out": "Day off"}},
        FOR_TUESDAY,
        0,
    ),
    "a week without Fridays has nothing to make up for": (
        {"hours": {"mon-thu": "08:00-16:30"}},
        FOR_FRIDAY,
        0,
    ),
    "and a Saturday of its own stays as it is": (
        {"hours": {"mon-thu": "08:00-16:30", "sat": "10:00-14:00"}},
        FOR_FRIDAY,
        4,
    ),
    "who works on Saturdays works then as on the weekday it stands for": (
        {"hours": {"mon-fri": "08:00-16:30", "sat": "10:00-14:00"}},
        FOR_TUESDAY,
        8.5,
    ),
    "a night of that weekday starts on it": (
        {"hours": {"mon-fri": "22:00-06:00"}},
        FOR_TUESDAY,
        8,
    ),  # Fri, Sat
    "a later version has its own hours for it": (
        {"versions": [{"valid_from": "2024-12-01", "hours": {"mon-fri": "10:00-12:00"}}]},
        FOR_TUESDAY,
        2,
    ),
    "a stock exchange stays closed": (
        {"timezone": "Asia/Shanghai", "hours": {"mon-fri": "09:30-15:00"}, "holidays": {"market": "XSHG"}},
        "2024-02-04",
        0,
    ),
}


@pytest.mark.parametrize(("more", "day", "wanted"), WORKED.values(), ids=WORKED)
def test_a_day_that_makes_up_for_a_bridge_day_is_worked(more, day, wanted):
    calendar = hungary(**more)
    assert open_hours(calendar, day) == wanted
    assert Calendar(**calendar.to_dict()) == calendar
    assert open_hours(calendar | calendar, day) == wanted


def test_the_hours_of_the_night_after_it_belong_to_it():
    night = hungary(hours={"tue": "22:00-06:00"})  # Saturday 7 December stands for a Tuesday
    assert open_hours(night, FOR_TUESDAY) == 2
    assert open_hours(night, "2024-12-08") == 6


def test_it_is_a_business_day_in_every_question():
    office = hungary()
    friday = datetime(2024, 12, 6, 15, 0, tzinfo=ZoneInfo(BUDAPEST))
    assert office.next_open(friday).isoformat() == "2024-12-07T08:00:00+01:00"
    assert office.due("1 business day", start=friday).isoformat() == "2024-12-08T00:00:00+01:00"
    assert office.due("1 day", start=friday, roll="forward").isoformat() == "2024-12-08T00:00:00+01:00"
    assert office.due("2 business days", start=friday).isoformat() == "2024-12-10T00:00:00+01:00"
    assert office.opens_on(date(2024, 12, 7))
    assert not office.opens_on(date(2024, 12, 24))
    # December 2024: 22 weekdays, less 24 to 27, plus the two Saturdays
    assert office.open_dates(*(day_of("2024-11-30"), day_of("2024-12-31"))) == 22 - 4 + 2
    days = np.array(["2024-12-06T14:00", "2024-12-13T14:00"], "datetime64[us]")
    due = office.due_array("1 business day", days, ends="close_of_business")
    assert due.astype("datetime64[m]").astype(str).tolist() == ["2024-12-07T15:30", "2024-12-14T13:00"]


def test_it_is_named_where_it_is_shown():
    office = hungary()
    saturday = datetime(2024, 12, 7, 12, tzinfo=ZoneInfo(BUDAPEST))
    (told,) = office.explain(saturday, saturday + timedelta(hours=1))
    assert (told.open, told.reason) == (True, "working day for Tue 2024-12-24 08:00–16:30")
    page = calendar_text(office, first=day_of("2024-12-01"))
    assert "2024-12-07 Sat  working day for Tue 2024-12-24: 08:00–16:30" in page


def test_a_calendar_that_opens_on_such_days_alone_is_asked_to_the_last_year_that_is_known():
    calendar = Calendar(
        timezone=BUDAPEST, hours="closed", holidays={"country": "HU", "working_days": "08:00-12:00"}
    )
    start = datetime(2024, 12, 1, tzinfo=ZoneInfo(BUDAPEST))
    assert calendar.next_open(start).isoformat() == "2024-12-07T08:00:00+01:00"
    assert not calendar.problems()
    with pytest.raises(UncoveredYear):
        calendar.add(start, timedelta(hours=4 * 200))
    shut = Calendar(timezone=BUDAPEST, hours="closed", holidays="HU")
    with pytest.raises(NeverOpens):
        shut.next_open(start)


def test_an_intersection_meets_on_a_sunday_that_is_worked():
    """No week of one and no week of the other have a common hour; the working Sundays of China do."""
    office = Calendar(timezone="Asia/Shanghai", hours={"mon-fri": "09:00-18:00"}, holidays="CN")
    sundays = Calendar(timezone="Asia/Shanghai", hours={"sun": "00:00-24:00"})
    start = datetime(2024, 2, 3, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (office & sundays).next_open(start).isoformat() == "2024-02-04T09:00:00+08:00"


SOURCES = ["AM", "AZ", "BG", "BY", "CN", "HU", "KG", "KZ", "LV", "MM", "RU", "TW", "UA", "UZ", "VN"]


@pytest.mark.parametrize("code", [*SOURCES, "XTAI"])
def test_every_working_day_of_the_library_has_the_bridge_day_that_its_name_tells(code):
    """The library names its days off `Day off (substituted from 12/07/2024)`: another way to the same pairs."""
    market = code == "XTAI"
    source = Country(code, market=market, language="en_US")
    first, last = source.years
    years = range(
        max(first, 1995), 2023 if code == "UA" else min(last + 1, 2027)
    )  # of Ukraine in the war nothing
    made = (holidays.financial_holidays if market else holidays.country_holidays)(
        code, years=years, language="en_US"
    )
    worked = {day: date_of(one.bridge) for year in years for day, one in source.working_days(year).items()}
    told = {}
    for off, name in made.items():
        for month, day, year in re.findall(r"from (\d\d)/(\d\d)/(\d{4})", name):
            told[date(int(year), int(month), int(day))] = off
    assert {date_of(day) for day in worked} == {day for day in made.weekend_workdays if day.year in years}
    assert {date_of(day): off for day, off in worked.items() if off in told.values()} == {
        day: off for day, off in told.items() if day in made.weekend_workdays
    }
    assert len(worked) > 4


def test_countries_without_such_days_have_none():
    assert not any(Country(code).makes_up for code in ("GB", "US", "DE", "JP", "FR"))
    assert all(Country(code).makes_up for code in SOURCES)


REFUSED = {
    "a country that knows no such day": ({"country": "GB", "working_days": True}, "SV241", "no working days"),
    "hours for such days where there are none": (
        {"market": "XSHG", "working_days": "09:00-12:00"},
        "SV241",
        "leave it out",
    ),
    "a word for no": ({"country": "HU", "working_days": "no"}, "SV236", "`working_days: false`"),
    "no hours at all": ({"country": "HU", "working_days": "sometimes"}, "SV230", "sometimes"),
    "a date has none": ({"date": "2024-12-07", "working_days": True}, "SV236", "unknown key"),
}


@pytest.mark.parametrize(("entry", "code", "said"), REFUSED.values(), ids=REFUSED)
def test_working_days_that_cannot_be_meant(entry, code, said):
    with pytest.raises(CalendarError) as refusal:
        hungary(holidays=entry)
    (problem,) = refusal.value.problems
    assert problem.code == code
    assert said in str(refusal.value)
    assert problem.path.startswith("holidays")


def test_a_country_without_such_days_may_say_that_they_are_not_worked():
    assert hungary(holidays={"country": "GB", "working_days": False})


@pytest.mark.parametrize("language", ["hu_HU.UTF-8", "de_DE.UTF-8", "C", "C.UTF-8"])
def test_names_are_not_those_of_the_machines_language(language):
    """The library would take its names from the environment, and `leave_out` would find others on each machine."""
    asked = (
        "from servstd.calendars import Calendar;"
        "office = Calendar(timezone='UTC', hours={'mon-fri': '09:00-17:00'}, holidays={'country': 'HU', 'leave_out': 'Day off'});"
        "print(office.elapsed_us(1_735_000_000_000_000, 1_735_084_800_000_000))"  # from 2024-12-24 00:26:40 to the next midnight
    )
    environment = {**os.environ, "LANG": language, "LANGUAGE": language, "LC_ALL": ""}
    told = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True
    )
    assert int(told.stdout) == 8 * 3_600_000_000  # the bridge day is open, which has an English name
