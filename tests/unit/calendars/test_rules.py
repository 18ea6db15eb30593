"""Every rule of a calendar with an example worked out by hand."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from servstd.calendars import ALWAYS, Calendar
from servstd.calendars.zones import zone_named
from servstd.errors import CalendarError

LONDON = ZoneInfo("Europe/London")
OFFICE = Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"})


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def hours(calendar, start, end, zone="UTC"):
    return calendar.elapsed(at(start, zone), at(end, zone)) / timedelta(hours=1)


OPEN_HOURS = {
    "a day that is open all day counts 25 hours when the clocks go back": (
        {"timezone": "Europe/London", "hours": {"daily": "00:00-24:00"}},
        "2026-10-25",
        "2026-10-26",
        "Europe/London",
        25,
    ),
    "and 23 when they go forward": (
        {"timezone": "Europe/London", "hours": {"daily": "00:00-24:00"}},
        "2026-03-29",
        "2026-03-30",
        "Europe/London",
        23,
    ),
    "a night over the change lasts what it lasts": (
        {"timezone": "Europe/London", "hours": {"daily": "22:00-06:00"}},
        "2026-10-24T12:00",
        "2026-10-25T12:00",
        "Europe/London",
        9,
    ),
    "an opening that occurs twice is the first": (
        {"timezone": "Europe/London", "hours": {"sun": "01:30-03:00"}},
        "2026-10-25",
        "2026-10-26",
        "Europe/London",
        2.5,
    ),
    "a closing that occurs twice is the first as well": (
        {"timezone": "Europe/London", "hours": {"sun": "00:00-01:30"}},
        "2026-10-25",
        "2026-10-26",
        "Europe/London",
        1.5,
    ),
    "an opening that never occurs is the change": (
        {"timezone": "Europe/London", "hours": {"sun": "01:30-03:00"}},
        "2026-03-29",
        "2026-03-30",
        "Europe/London",
        1,
    ),
    "hours inside the hour that never occurs are none": (
        {"timezone": "Europe/London", "hours": {"sun": "01:15-01:45"}},
        "2026-03-29",
        "2026-03-30",
        "Europe/London",
        0,
    ),
    "half an hour of change is half an hour": (
        {"timezone": "Australia/Lord_Howe", "hours": {"daily": "00:00-24:00"}},
        "2026-04-05",
        "2026-04-06",
        "Australia/Lord_Howe",
        24.5,
    ),
    "a date that a zone left out has no hours": (
        {"timezone": "Pacific/Apia", "hours": {"fri": "09:00-17:00"}},
        "2011-12-29",
        "2012-01-01",
        "Pacific/Apia",
        0,
    ),
    "an end of 30:00 is six the next morning": (
        {"timezone": "UTC", "hours": {"mon": "22:00-30:00"}},
        "2026-03-02",
        "2026-03-04",
        "UTC",
        8,
    ),
    "a night is the shift of the date on which it starts: its holiday takes all of it": (
        {"timezone": "UTC", "hours": {"mon-tue": "22:00-06:00"}, "holidays": ["2026-03-02"]},
        "2026-03-02",
        "2026-03-05",
        "UTC",
        8,
    ),
    "a holiday that masks takes the morning too, and only its own date": (
        {
            "timezone": "UTC",
            "hours": {"mon-tue": "22:00-06:00"},
            "holidays": ["2026-03-03"],
            "holidays_cut": "mask",
        },
        "2026-03-02",
        "2026-03-05",
        "UTC",
        2,
    ),
    "a break before an overnight start is inside the shift": (
        {"timezone": "UTC", "hours": {"mon": "22:00-06:00"}, "breaks": {"mon": "02:00-03:00"}},
        "2026-03-02",
        "2026-03-04",
        "UTC",
        7,
    ),
    "unless it is to be cut as it is written": (
        {
            "timezone": "UTC",
            "hours": {"mon": "22:00-06:00"},
            "breaks": {"mon": "02:00-03:00"},
            "overnight_breaks": "as_written",
        },
        "2026-03-02",
        "2026-03-04",
        "UTC",
        8,
    ),
    "or a shift of its own date holds it": (
        {
            "timezone": "UTC",
            "hours": {"mon": ["00:00-04:00", "22:00-06:00"]},
            "breaks": {"mon": "02:00-03:00"},
        },
        "2026-03-02",
        "2026-03-04",
        "UTC",
        11,
    ),
    "a break may be written past midnight": (
        {"timezone": "UTC", "hours": {"mon": "22:00-06:00"}, "breaks": {"mon": "26:00-27:30"}},
        "2026-03-02",
        "2026-03-04",
        "UTC",
        6.5,
    ),
    "an exception beats the holiday": (
        {
            "timezone": "UTC",
            "hours": {"mon": "09:00-17:00"},
            "holidays": ["2026-03-02"],
            "exceptions": {"2026-03-02": "10:00-12:00"},
        },
        "2026-03-02",
        "2026-03-03",
        "UTC",
        2,
    ),
    "weekly breaks do not apply on an exception date, dated ones do": (
        {
            "timezone": "UTC",
            "hours": {"mon": "09:00-17:00"},
            "exceptions": {"2026-03-02": "09:00-18:00"},
            "breaks": {"mon": "12:00-13:00", "2026-03-02": "15:00-15:30"},
        },
        "2026-03-02",
        "2026-03-03",
        "UTC",
        8.5,
    ),
    "closing early keeps the rest of the day, breaks too": (
        {
            "timezone": "UTC",
            "hours": {"mon": "09:00-17:00"},
            "breaks": {"mon": "12:00-13:00"},
            "exceptions": {"2026-03-02": {"closes_at": "15:00"}},
        },
        "2026-03-02",
        "2026-03-03",
        "UTC",
        5,
    ),
    "closing later lengthens it, opening earlier too": (
        {
            "timezone": "UTC",
            "hours": {"mon": "09:00-17:00"},
            "exceptions": {"2026-03-02": {"opens_at": "08:00", "closes_at": "20:00"}},
        },
        "2026-03-02",
        "2026-03-03",
        "UTC",
        12,
    ),
    "a half-day has the hours that are given": (
        {
            "timezone": "UTC",
            "hours": {"thu": "09:00-17:00"},
            "holidays": [{"date": "2026-12-24", "hours": "09:00-12:00"}],
        },
        "2026-12-24",
        "2026-12-25",
        "UTC",
        3,
    ),
    "a date that another source closes altogether is closed": (
        {
            "timezone": "UTC",
            "hours": {"thu": "09:00-17:00"},
            "holidays": [{"date": "2026-12-24", "hours": "09:00-12:00"}, "2026-12-24"],
        },
        "2026-12-24",
        "2026-12-25",
        "UTC",
        0,
    ),
    "a yearly range runs across New Year": (
        {"timezone": "UTC", "hours": {"daily": "00:00-24:00"}, "holidays": [{"yearly": "12-24..01-02"}]},
        "2026-12-20",
        "2027-01-05",
        "UTC",
        6 * 24,
    ),
    "29 February closes leap years only": (
        {"timezone": "UTC", "hours": {"daily": "00:00-24:00"}, "holidays": [{"yearly": "02-29"}]},
        "2027-02-27",
        "2028-03-02",
        "UTC",
        (369 - 1) * 24,
    ),
    "the first Monday of each month by a rule": (
        {
            "timezone": "UTC",
            "hours": {"mon": "09:00-17:00"},
            "holidays": [{"rrule": "FREQ=MONTHLY;BYDAY=1MO"}],
        },
        "2026-03-01",
        "2026-04-01",
        "UTC",
        4 * 8,
    ),
    "every second Monday counts from its start": (
        {
            "timezone": "UTC",
            "hours": {"mon": "09:00-17:00"},
            "holidays": [{"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "start": "2026-03-02"}],
        },
        "2026-03-01",
        "2026-04-01",
        "UTC",
        2 * 8,
    ),
    "a rule that ends, ends": (
        {
            "timezone": "UTC",
            "hours": {"mon": "09:00-17:00"},
            "holidays": [{"rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=2", "start": "2026-03-02"}],
        },
        "2026-03-01",
        "2026-04-01",
        "UTC",
        3 * 8,
    ),
    "a version keeps what was in force before it": (
        {
            "timezone": "UTC",
            "hours": {"daily": "09:00-17:00"},
            "versions": [{"valid_from": "2026-03-04", "hours": {"daily": "10:00-12:00"}}],
        },
        "2026-03-02",
        "2026-03-06",
        "UTC",
        8 + 8 + 2 + 2,
    ),
    "a version takes over what it does not say": (
        {
            "timezone": "UTC",
            "hours": {"daily": "09:00-17:00"},
            "breaks": {"daily": "12:00-13:00"},
            "versions": [
                {"valid_from": "2026-03-04", "hours": {"daily": "10:00-14:00"}},
                {"valid_from": "2026-03-05", "breaks": {}},
            ],
        },
        "2026-03-03",
        "2026-03-06",
        "UTC",
        7 + 3 + 4,
    ),
    "a night that begins under the old hours ends under them": (
        {
            "timezone": "UTC",
            "hours": {"daily": "22:00-06:00"},
            "versions": [{"valid_from": "2026-03-04", "hours": {"daily": "09:00-10:00"}}],
        },
        "2026-03-03T12:00",
        "2026-03-04T12:00",
        "UTC",
        8 + 1,
    ),
    "weekdays may wrap": (
        {"timezone": "UTC", "hours": {"sat-mon": "09:00-10:00"}},
        "2026-03-02",
        "2026-03-09",
        "UTC",
        3,
    ),
    "shifts that touch across midnight are one": (
        {"timezone": "UTC", "hours": {"mon": "18:00-24:00", "tue": "00:00-06:00"}},
        "2026-03-02",
        "2026-03-04",
        "UTC",
        12,
    ),
}


@pytest.mark.parametrize(("words", "start", "end", "zone", "wanted"), OPEN_HOURS.values(), ids=OPEN_HOURS)
def test_open_hours(words, start, end, zone, wanted):
    assert hours(Calendar(**words), start, end, zone) == wanted


def test_add_lands_on_closing_time_when_it_fits_exactly_and_never_on_the_next_opening():
    assert OFFICE.add(at("2026-03-06T09:00"), timedelta(hours=8)) == at("2026-03-06T17:00")
    assert OFFICE.subtract(at("2026-03-09T09:00"), timedelta(hours=1)) == at("2026-03-06T16:00")
    assert OFFICE.subtract(at("2026-03-06T17:00"), timedelta(hours=8)) == at("2026-03-06T09:00")


def test_answers_come_in_the_zone_of_the_question():
    answer = OFFICE.add(datetime(2026, 7, 3, 16, tzinfo=LONDON), timedelta(hours=2))
    assert (answer.tzinfo, answer.hour) == (LONDON, 10)


def test_a_year_of_holidays_comes_from_the_library_by_name():
    office = Calendar(
        timezone="Europe/London",
        hours={"mon-fri": "09:00-17:00"},
        holidays={"country": "GB", "subdivision": "ENG"},
    )
    told = office.explain(at("2026-12-25T10:00"), at("2026-12-25T11:00"))
    assert [part.reason for part in told] == ["holiday: Christmas Day"]


def test_sources_are_united_and_some_holidays_may_be_left_out():
    both = Calendar(
        timezone="UTC",
        hours={"daily": "09:00-17:00"},
        holidays=["2026-06-01", "GB-ENG", {"country": "US", "only": ["Thanksgiving"]}],
    )
    closed = [
        day
        for day in ("2026-06-01", "2026-12-25", "2026-11-26", "2026-07-04")
        if not both.opens_on(date.fromisoformat(day))
    ]
    assert closed == ["2026-06-01", "2026-12-25", "2026-11-26"]
    less = Calendar(
        timezone="UTC", hours={"daily": "09:00-17:00"}, holidays={"country": "US", "leave_out": ["Columbus"]}
    )
    assert less.opens_on(date(2026, 10, 12))


def test_dates_may_be_dates_and_carry_names():
    named = Calendar(
        timezone="UTC",
        hours={"daily": "09:00-17:00"},
        holidays=[{"2026-06-01": "Founders' Day"}, date(2026, 6, 2)],
        exceptions={date(2026, 6, 3): []},
    )
    told = named.explain(at("2026-06-01T09:00"), at("2026-06-01T10:00"))
    assert told[0].reason == "holiday: Founders' Day"
    assert hours(named, "2026-06-01", "2026-06-05") == 8


def test_explain_names_shift_break_version_exception_and_weekend():
    words = {
        "timezone": "UTC",
        "hours": {"mon-fri": "09:00-17:00"},
        "breaks": {"mon-fri": "12:00-12:30"},
        "versions": [{"valid_from": "2026-03-02", "hours": {"mon-fri": "08:00-16:00"}}],
        "exceptions": {"2026-03-03": {"hours": "10:00-11:00", "reason": "move"}},
    }
    told = Calendar(**words).explain(at("2026-02-27T16:00"), at("2026-03-04T00:00"))
    assert [(part.open, part.reason) for part in told] == [
        (True, "shift Fri 09:00–17:00"),
        (False, "closed: outside hours"),
        (False, "closed: weekend"),
        (False, "closed: outside hours"),
        (True, "shift Mon 08:00–16:00 (hours from 2026-03-02)"),
        (False, "break 12:00–12:30"),
        (True, "shift Mon 08:00–16:00 (hours from 2026-03-02)"),
        (False, "closed: outside hours"),
        (False, "exception 2026-03-03: move"),
        (True, "exception 2026-03-03 10:00–11:00: move"),
        (False, "exception 2026-03-03: move"),
    ]


def test_the_morning_lost_to_the_holiday_before_names_it():
    night = Calendar(timezone="UTC", hours={"daily": "22:00-06:00"}, holidays=[{"2026-03-02": "Night off"}])
    told = night.explain(at("2026-03-02T23:00"), at("2026-03-03T07:00"))
    assert [(part.open, part.reason) for part in told] == [
        (False, "holiday: Night off"),
        (False, "closed: outside hours"),
    ]


# Algebra ---------------------------------------------------------------------------------------------------------


TOKYO = Calendar(timezone="Asia/Tokyo", hours={"mon-fri": "09:00-17:00"})


@pytest.mark.parametrize(
    ("calendar", "wanted"),
    [
        (OFFICE | TOKYO, 16 * 5),
        (OFFICE & TOKYO, 0),
        (OFFICE - TOKYO, 40),
        (~OFFICE, 168 - 40),
        (ALWAYS - OFFICE, 168 - 40),
        (OFFICE & ALWAYS, 40),
        (~~OFFICE, 40),
        ((OFFICE | TOKYO) - OFFICE, 40),
    ],
    ids=repr,
)
def test_a_winter_week_of_an_expression(calendar, wanted):
    assert hours(calendar, "2026-01-12", "2026-01-19") == wanted
    again = Calendar(**calendar.to_dict())
    assert again == calendar
    assert hours(again, "2026-01-12", "2026-01-19") == wanted
    assert eval(repr(calendar), {"Calendar": Calendar, "ALWAYS": ALWAYS}) == calendar  # noqa: S307 - its own repr


def test_an_expression_may_be_written_in_a_book():
    words = {"office": OFFICE, "tokyo": TOKYO}
    written = Calendar.model_validate("office | (tokyo - ~always)").resolve(words)
    assert hours(written, "2026-01-12", "2026-01-19") == 80
    listed = Calendar(union=["office", {"complement": "office"}]).resolve(words)
    assert hours(listed, "2026-01-12", "2026-01-19") == 168


def test_a_name_may_hold_a_hyphen_and_a_minus_stands_between_blanks():
    assert Calendar.model_validate("office-eu - shut-down").to_dict() == {
        "difference": ["office-eu", "shut-down"]
    }


def test_an_expression_counts_dates_in_the_zone_of_its_first_member():
    both = OFFICE | TOKYO
    assert both.due("1 day", start=at("2026-01-12T12:00")) == at("2026-01-14T00:00")
    assert both.explain(at("2026-01-12T10:00"), at("2026-01-12T11:00"))[0].reason == "shift Mon 09:00–17:00"


def test_a_template_becomes_concrete_in_a_zone_and_keeps_members_that_have_one():
    shop = Calendar(timezone="$zone", hours={"daily": "09:00-17:00"})
    paris = shop.in_zone("Europe/Paris")
    assert paris is shop.in_zone("Europe/Paris")
    assert paris.is_open(at("2026-01-12T08:30"))
    mixed = (shop | OFFICE).in_zone("Europe/Paris")
    assert mixed.members[1] == OFFICE
    assert not mixed.is_template
    assert ALWAYS.in_zone("Asia/Tokyo").due("1 day", start=at("2026-01-12T20:00")) == at("2026-01-14T15:00")


# What it is ----------------------------------------------------------------------------------------------------------


def test_two_spellings_of_the_same_hours_are_equal_and_other_hours_are_not():
    other = Calendar(
        timezone="Europe/London", hours={day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    )
    assert other == OFFICE
    assert hash(other) == hash(OFFICE)
    assert other.to_dict() != OFFICE.to_dict()
    assert Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:01"}) != OFFICE
    assert Calendar(timezone="Europe/Dublin", hours={"mon-fri": "09:00-17:00"}) != OFFICE


def test_what_was_written_cannot_be_changed_from_outside():
    words = {"mon": ["09:00-17:00"]}
    calendar = Calendar(timezone="UTC", hours=words)
    words["mon"].append("18:00-19:00")
    assert calendar.to_dict()["hours"] == {"mon": ["09:00-17:00"]}
    with pytest.raises(Exception, match="frozen"):
        calendar.timezone = "Asia/Tokyo"


def test_it_can_be_pickled_with_its_tables_left_behind():
    hours(OFFICE, "2026-01-12", "2026-01-19")
    again = pickle.loads(pickle.dumps(OFFICE | TOKYO))  # noqa: S301
    assert again == (OFFICE | TOKYO)
    assert "_almanac" not in again.__dict__


def test_provenance_names_what_the_answers_rest_on():
    office = Calendar(timezone="Europe/London", hours={"mon": "09:00-17:00"}, holidays="GB")
    assert set((office | ALWAYS).provenance) == {"key", "tzdata", "holidays"}
    assert set(OFFICE.provenance) == {"key", "tzdata"}
    assert OFFICE.provenance["tzdata"][:2] == "20"


def test_one_pair_needs_no_numpy_and_no_holidays():
    code = (
        "import sys; from datetime import *; from servstd.calendars import Calendar\n"
        "c = Calendar(timezone='Europe/London', hours={'mon-fri': '09:00-17:00'}, holidays=['2026-12-25'])\n"
        "t = datetime(2026, 3, 2, tzinfo=timezone.utc)\n"
        "c.elapsed(t, c.add(t, timedelta(hours=9))); c.due('3 business days', start=t); c.explain(t, t + timedelta(1))\n"
        "assert not {'numpy', 'holidays', 'dateutil', 'yaml', 'click'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_zones_do_not_come_from_the_system(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONTZPATH", str(tmp_path))
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    zone_named.cache_clear()
    assert hours(OFFICE, "2026-07-06", "2026-07-07") == 8
    assert zone_named("Europe/London").offset_s(1_783_000_000) == 3600


def test_business_days_between_instants():
    assert (
        OFFICE.business_days(
            *(int(at(t).timestamp()) * 1_000_000 for t in ("2026-03-06T20:00", "2026-03-09T08:00"))
        )
        == 1
    )
    assert (
        OFFICE.business_days(
            *(int(at(t).timestamp()) * 1_000_000 for t in ("2026-03-09T08:00", "2026-03-06T20:00"))
        )
        == -1
    )


def test_a_notebook_shows_the_week_and_escapes_what_was_written():
    html = Calendar(
        title="<b>&", timezone="UTC", hours={"mon-fri": "09:00-17:00"}, holidays=[{"2026-06-01": "<script>"}]
    )._repr_html_()
    assert "<svg" in html
    assert "&lt;b&gt;&amp;" in html
    assert "<script>" not in html


def test_members_may_not_hold_other_things():
    with pytest.raises(TypeError):
        OFFICE | 5
    with pytest.raises(CalendarError):
        Calendar(union=())


def test_a_zone_of_the_case_alone_is_every_hour_there():
    here = Calendar(timezone="$zone")
    assert here.is_template
    assert here.is_always
    assert here.elapsed(at("2026-03-02"), at("2026-03-03")) == timedelta(days=1)
    tokyo = here.in_zone("Asia/Tokyo")
    assert tokyo == Calendar(timezone="Asia/Tokyo", hours="always") == ALWAYS.in_zone("Asia/Tokyo")
    assert tokyo.due("1 day", start=at("2026-03-02T20:00")).isoformat() == "2026-03-04T15:00:00+00:00"
    assert Calendar(**here.to_dict()) == here
    assert pickle.loads(pickle.dumps(here)) == here  # noqa: S301 - what we have just written
    with pytest.raises(CalendarError, match="SV212"):
        here.due("1 day", start=at("2026-03-02T20:00"))
    with pytest.raises(CalendarError, match="SV240"):
        tokyo.due("1 business day", start=at("2026-03-02T20:00"))


@pytest.mark.parametrize(
    "words",
    [
        {"timezone": "UTC"},
        {"timezone": "$zone", "holidays": ["2026-12-25"]},
        {"timezone": "$zone", "breaks": []},
        {},
    ],
)
def test_other_calendars_say_their_hours(words):
    with pytest.raises(CalendarError, match="never opens"):
        Calendar(**words)
