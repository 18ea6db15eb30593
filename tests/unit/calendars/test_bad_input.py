"""Calendars that cannot be meant: one clear error, with the value, the place and the remedy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from servstd.calendars import ALWAYS, Calendar, parse_date_limit
from servstd.errors import CalendarError, NeverOpens, StandardsError, UncoveredYear

OFFICE = {"mon-fri": "09:00-17:00"}
NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)

BAD = {
    "overlapping spans name both": (
        {"hours": {"mon": ["09:00-13:00", "12:00-17:00"]}},
        "SV233",
        ["09:00-13:00", "12:00-17:00"],
    ),
    "a span that ends when it begins": ({"hours": {"mon": "09:00-09:00"}}, "SV234", ["00:00-24:00"]),
    "25:61": ({"hours": {"mon": "25:61-26:00"}}, "SV230", ["25:61", "minutes to 59"]),
    "later than 48:00": ({"hours": {"mon": "09:00-49:00"}}, "SV230", ["49:00"]),
    "a span that begins on the next date": ({"hours": {"mon": "25:00-26:00"}}, "SV234", ["next weekday"]),
    "YAML's 22:30 as a number": ({"hours": {"mon": [["09:00", 1350]]}}, "SV230", ["1350", '"22:30"']),
    "YAML's 9:00 as the whole value": ({"hours": {"mon": 540}}, "SV230", ["540", '"09:00-17:00"']),
    "an unknown zone": ({"timezone": "Europe/Londn"}, "SV210", ["Europe/Londn", "Europe/London"]),
    "a city for a zone": ({"timezone": "Kathmandu"}, "SV210", ["Asia/Kathmandu"]),
    "a path for a zone": ({"timezone": "../../etc/passwd"}, "SV210", ["IANA"]),
    "a weekday misspelt": ({"hours": {"mondy": "09:00-17:00"}}, "SV231", ["mondy", "mon"]),
    "a weekday twice": (
        {"hours": {"mon-fri": "09:00-17:00", "wed": "09:00-12:00"}},
        "SV232",
        ["wed", "mon-fri"],
    ),
    "a country unknown": ({"holidays": {"country": "UK"}}, None, []),
    "a country in words": ({"holidays": {"country": "Germany"}}, "SV238", ["Germany", "`DE`"]),
    "a country that is none": ({"holidays": {"country": "ZZ"}}, "SV238", ["ZZ"]),
    "a subdivision unknown": (
        {"holidays": {"country": "GB", "subdivision": "ENGL"}},
        "SV238",
        ["ENGL", "ENG"],
    ),
    "a category unknown": ({"holidays": {"country": "GB", "categories": ["feast"]}}, "SV238", ["feast"]),
    "a number of categories": ({"holidays": {"country": "GB", "categories": 3}}, "SV236", ["list of texts"]),
    "a number of names": ({"holidays": {"country": "GB", "only": [3]}}, "SV236", ["`only`"]),
    "a word for yes or no": (
        {"holidays": {"country": "GB", "observed": "no"}},
        "SV236",
        ["`observed: false`"],
    ),
    "a language unknown": ({"holidays": {"country": "DE", "language": "dee"}}, "SV238", ["`de`"]),
    "a name of no holiday": (
        {"holidays": {"country": "GB", "leave_out": "Chrismas Day"}},
        "SV238",
        ["chrismas day", "`Christmas Day`"],
    ),
    "a name of no holiday, alone": (
        {"holidays": {"country": "GB", "subdivision": "ENG", "only": ["Easter Munday"]}},
        "SV238",
        ["`Easter Monday`"],
    ),
    "a market unknown": ({"holidays": {"market": "NASDAQX"}}, "SV238", ["NASDAQX"]),
    "a holiday that is no date": ({"holidays": ["christmas"]}, "SV235", ["christmas", "2026-12-25"]),
    "a holiday on 30 February": ({"holidays": ["2026-02-30"]}, "SV235", ["2026-02-30"]),
    "a holiday entry misspelt": (
        {"holidays": [{"country": "GB", "subdivison": "ENG"}]},
        "SV236",
        ["subdivision"],
    ),
    "a yearly range that is none": ({"holidays": [{"yearly": "13-01..01-02"}]}, "SV236", ["13-01"]),
    "a rule by the hour": ({"holidays": [{"rrule": "FREQ=HOURLY"}]}, "SV237", ["DAILY"]),
    "a rule without its start": (
        {"holidays": [{"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"}]},
        "SV237",
        ["start:"],
    ),
    "a rule that cannot be read": ({"holidays": [{"rrule": "FREQ=WEEKLY;BYDAY=XX"}]}, "SV237", ["BYDAY=XX"]),
    "an exception that is no date": (
        {"exceptions": {"Boxing Day": []}},
        "SV235",
        ["Boxing Day", "2026-12-25"],
    ),
    "an exception without hours": ({"exceptions": {"2026-12-24": {"reason": "eve"}}}, "SV235", ["opens_at"]),
    "an exception misspelt": ({"exceptions": {"2026-12-24": {"close_at": "12:00"}}}, "SV239", ["closes_at"]),
    "a break that is neither": ({"breaks": {"lunch": "12:00-13:00"}}, "SV231", ["lunch"]),
    "a version without its date": ({"versions": [{"hours": OFFICE}]}, "SV239", ["valid_from"]),
    "two versions from one date": (
        {"versions": [{"valid_from": "2026-01-01"}, {"valid_from": "2026-01-01"}]},
        "SV239",
        ["one date"],
    ),
    "no span at all": ({"hours": {"mon": "nine to five"}}, "SV230", ["nine", "09:00"]),
    "a thousand spans": ({"hours": {"mon": ["09:00-10:00"] * 1000}}, "SV230", ["1000"]),
    "hours of the wrong sort": ({"hours": 8}, "SV230", ["09:00-17:00"]),
    "a key misspelt": ({"holiday": []}, None, ["holidays"]),
    "a cut that is none": ({"holidays_cut": "masked"}, None, ["mask"]),
}
KNOWN_AFTER_ALL = {"a country unknown"}


@pytest.mark.parametrize(("words", "code", "said"), BAD.values(), ids=BAD)
def test_a_calendar_that_cannot_be_meant(words, code, said, request):
    whole = {"timezone": "Europe/London", "hours": OFFICE, **words}
    if request.node.callspec.id in KNOWN_AFTER_ALL:
        assert Calendar(**whole).hours == OFFICE  # the library knows this alias, so it is no error
        return
    with pytest.raises(CalendarError) as refusal:
        Calendar(**whole)
    assert code is None or refusal.value.problems[0].code == code
    for part in said:
        assert part in str(refusal.value)
    assert len(refusal.value.problems) == 1, str(refusal.value)


def test_every_problem_is_told_at_once_with_its_place():
    with pytest.raises(CalendarError) as refusal:
        Calendar(
            timezone="Mars/Base",
            hours={"mon": "9-5", "tue": "10:00-10:00"},
            holidays=["x"],
            exceptions={"y": []},
        )
    assert [problem.path for problem in refusal.value.problems] == [
        "timezone",
        "hours.mon",
        "hours.tue",
        "holidays[0]",
        "exceptions",
    ]


def test_an_empty_calendar_is_an_error():
    with pytest.raises(CalendarError, match="never opens"):
        Calendar(timezone="UTC")


def test_an_expression_has_no_hours_of_its_own():
    with pytest.raises(CalendarError, match="not both"):
        Calendar(union=(ALWAYS,), hours=OFFICE)


@pytest.mark.parametrize("ask", ["is_open", "next_open", "next_close"])
def test_naive_instants_are_refused(ask):
    with pytest.raises(CalendarError, match="SV201"):
        getattr(Calendar(timezone="UTC", hours=OFFICE), ask)(datetime(2024, 3, 5))  # noqa: DTZ001


def test_naive_pairs_are_refused():
    with pytest.raises(CalendarError, match="without a zone"):
        Calendar(timezone="UTC", hours=OFFICE).elapsed(NOON, datetime(2024, 3, 5))  # noqa: DTZ001


@pytest.mark.parametrize("year", [1850, 2250])
def test_instants_before_1900_and_after_2199_are_refused(year):
    office = Calendar(timezone="UTC", hours=OFFICE)
    at = datetime(year, 1, 1, tzinfo=UTC)
    for ask in (
        lambda: office.elapsed(NOON, at),
        lambda: office.is_open(at),
        lambda: office.add(at, timedelta(1)),
    ):
        with pytest.raises(CalendarError, match="SV205") as refusal:
            ask()
        assert "placeholder" in str(refusal.value)


def test_always_has_no_such_limits():
    assert ALWAYS.elapsed(datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)) > timedelta(
        days=3_000_000
    )


REMOVED = {
    "by a weekly rule": [{"rrule": "FREQ=WEEKLY;BYDAY=MO"}],
    "by the whole year": [{"yearly": "01-01..12-31"}],
    "by a daily rule": [{"rrule": "FREQ=DAILY"}],
    "by half-days outside its hours": [{"yearly": "01-01..12-31", "hours": "18:00-20:00"}],
}


@pytest.mark.parametrize("holidays", REMOVED.values(), ids=REMOVED)
def test_hours_that_closures_take_altogether(holidays):
    gone = Calendar(timezone="UTC", hours={"mon": "09:00-17:00"}, holidays=holidays)
    assert gone.problems()[0].code == "SV222"
    assert gone.elapsed(NOON, NOON + timedelta(days=900)) == timedelta()
    with pytest.raises(NeverOpens):
        gone.next_open(NOON)
    with pytest.raises(NeverOpens):
        gone.add(NOON, timedelta(hours=1))
    with pytest.raises(NeverOpens):
        gone.subtract(NOON, timedelta(hours=1))
    with pytest.raises(NeverOpens):
        gone.due("1 business day", start=NOON)


def test_a_calendar_without_hours_is_an_empty_one_and_says_so():
    closed = Calendar(timezone="UTC", hours={"daily": "closed"})
    assert "never opens" in closed.problems()[0].message
    assert closed.add(NOON, timedelta(0)) == NOON
    with pytest.raises(NeverOpens):
        closed.next_open(NOON)


def test_a_service_that_has_ended_was_open_once():
    """A book keeps it: what was promised before is still judged."""
    ended = Calendar(
        timezone="UTC",
        hours="closed",
        versions=[
            {"valid_from": "2024-03-04", "hours": {"mon-fri": "09:00-17:00"}},
            {"valid_from": "2024-03-09", "hours": "closed"},
        ],
    )
    assert not ended.problems()
    assert ended.elapsed(NOON, NOON + timedelta(days=900)) == timedelta(hours=5 + 3 * 8)
    with pytest.raises(NeverOpens):
        ended.next_open(NOON + timedelta(days=30))


def test_an_intersection_that_never_opens_is_found_without_walking(monkeypatch):
    """The week in the long run decides: no table beyond the first is made, and no uncovered year is met on the way."""
    office = Calendar(timezone="Europe/London", hours=OFFICE, holidays="GB-ENG")
    never = office & Calendar(timezone="Asia/Tokyo", hours={"sat": "12:00-14:00"})
    made = []
    maker = type(never._almanac.maker)
    real = maker.make
    monkeypatch.setattr(
        maker, "make", lambda self, low, high: made.append(high - low) or real(self, low, high)
    )
    with pytest.raises(NeverOpens):
        never.next_open(NOON)
    assert sum(made) < 5 * 366 * 86_400_000_000


def test_it_never_closes_is_said_too():
    for each in (ALWAYS, Calendar(timezone="UTC", hours="00:00-24:00")):
        with pytest.raises(NeverOpens, match="never closes"):
            each.next_close(NOON)


def test_an_uncovered_holiday_year_raises_and_names_the_source():
    office = Calendar(
        timezone="Europe/London", hours=OFFICE, holidays={"country": "GB", "subdivision": "ENG"}
    )
    at = datetime(2150, 1, 4, tzinfo=UTC)
    for ask in (
        lambda: office.is_open(at),
        lambda: office.elapsed(NOON, at),
        lambda: office.due("1 business day", start=at),
    ):
        with pytest.raises(UncoveredYear) as refusal:
            ask()
        assert "GB-ENG" in str(refusal.value)
        assert "covers" in str(refusal.value)


def test_going_on_beyond_the_covered_years_raises_as_well():
    office = Calendar(timezone="Europe/London", hours=OFFICE, holidays="GB")
    with pytest.raises(UncoveredYear):
        office.add(datetime(2099, 12, 1, tzinfo=UTC), timedelta(hours=5000))


def test_a_zone_is_needed_for_local_hours_and_dates():
    for ask in (
        lambda: Calendar(hours=OFFICE).is_open(NOON),
        lambda: ALWAYS.due("5 days", start=NOON),
    ):
        with pytest.raises(CalendarError, match="SV211"):
            ask()


def test_a_template_asks_for_its_zone():
    with pytest.raises(CalendarError, match="SV212") as refusal:
        Calendar(timezone="$zone", hours=OFFICE).is_open(NOON)
    assert "in_zone" in str(refusal.value)


def test_business_days_need_a_calendar():
    with pytest.raises(CalendarError, match="SV240"):
        ALWAYS.in_zone("Europe/London").due("3 business days", start=NOON)
    with pytest.raises(CalendarError, match="SV240"):
        ALWAYS.due("3 business hours", start=NOON)


LIMITS = {
    "a bare number": ("10", {}, "SV120"),
    "a unit misspelt": ("10 busines days", {}, "SV123"),
    "no count": ("business days", {}, "SV123"),
    "too many": ("999999999 days", {}, "SV123"),
    "a setting misspelt": ("1 day", {"cut_off": "14:00"}, "SV124"),
    "a choice that is none": ("1 day", {"roll": "forwards"}, "SV124"),
    "a cutoff that is no time": ("1 day", {"cutoff": "25:61"}, "SV230"),
    "a cutoff as a number": ("1 day", {"cutoff": 840}, "SV230"),
    "a cutoff in words": ("1 day", {"cutoff": "noon"}, "SV124"),
    "a cutoff as a list": ("1 day", {"cutoff": ["14:00", "15:00"]}, "SV230"),
    "a cutoff of no weekday": ("1 day", {"cutoff": {"fryday": "14:00"}}, "SV231"),
    "two cutoffs of a weekday": ("1 day", {"cutoff": {"mon-fri": "14:00", "fri": "12:00"}}, "SV232"),
    "a cutoff by weekday that is none": ("1 day", {"cutoff": {}}, "SV124"),
    "a cutoff of a weekday that is no time": ("1 day", {"cutoff": {"sun": "25:61"}}, "SV230"),
    "a cutoff of a weekday in words": ("1 day", {"cutoff": {"sun": "close"}}, "SV124"),
    "an end that is none": ("1 day", {"ends": "close"}, "SV124"),
}


@pytest.mark.parametrize(("text", "settings", "code"), LIMITS.values(), ids=LIMITS)
def test_date_limits_that_cannot_be_read(text, settings, code):
    with pytest.raises(StandardsError) as refusal:
        parse_date_limit(text, **settings)
    assert refusal.value.problems[0].code == code


ARRAYS = {
    "floats": (np.array([1.0]), np.array([1.0])),
    "two kinds": (np.array([1]), np.array(["2024-01-01"], "datetime64[us]")),
    "two lengths": (np.array([1, 2]), np.array([1])),
    "a table": (np.array([[1]]), np.array([[1]])),
    "text": (np.array(["2024-01-01"]), np.array(["2024-01-01"])),
    "finer than a microsecond": (np.array([1], "datetime64[ns]"), np.array([1], "datetime64[ns]")),
}


@pytest.mark.parametrize(("starts", "ends"), ARRAYS.values(), ids=ARRAYS)
def test_arrays_that_hold_no_instants(starts, ends):
    with pytest.raises(CalendarError, match="SV206"):
        Calendar(timezone="UTC", hours=OFFICE).elapsed_array(starts, ends)


EXPRESSIONS = {
    "a sign too many": ("office | | night", "SV226"),
    "an open bracket": ("office | (night", "SV226"),
    "nothing": ("", "SV226"),
    "code": ("__import__('os')", "SV226"),
    "too deep": ("(" * 200 + "a" + ")" * 200, "SV226"),
    "too long": ("a | " * 2000 + "a", "SV226"),
}


@pytest.mark.parametrize(("text", "code"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_expressions_that_cannot_be_read(text, code):
    with pytest.raises(Exception, match=code):
        Calendar.model_validate(text)


def test_names_are_resolved_with_the_closest_one_and_circles_are_refused():
    office = Calendar(timezone="UTC", hours=OFFICE)
    with pytest.raises(CalendarError, match="write `office`"):
        Calendar.model_validate("ofice | always").resolve({"office": office})
    a, b = Calendar.model_validate("b | office"), Calendar.model_validate("~a")
    with pytest.raises(CalendarError, match="made of each other"):
        a.resolve({"a": a, "b": b, "office": office})
    with pytest.raises(CalendarError, match="only a book knows"):
        a.is_open(NOON)


def test_expressions_of_expressions_end_somewhere():
    office = deep = Calendar(timezone="UTC", hours=OFFICE)
    assert ~~office is office
    for _ in range(24):
        deep = ~(deep | ALWAYS)
    with pytest.raises(CalendarError, match="at most 50 deep"):
        deep = ~(~(deep | ALWAYS) | ALWAYS)
    nested = {"hours": "always"}
    for _ in range(5_000):
        nested = {"complement": nested}
    with pytest.raises(CalendarError, match="nested at most"):
        Calendar(**nested)


def test_a_chain_of_one_sign_is_one_expression():
    office = Calendar(timezone="UTC", hours=OFFICE)
    chain = office
    for day in range(200):
        chain = chain - Calendar(timezone="UTC", exceptions={f"2026-03-{day % 28 + 1:02d}": "00:00-24:00"})
    assert len(chain.members) == 201
    assert not chain.is_open(datetime(2026, 3, 5, 12, tzinfo=UTC))
    assert chain.is_open(datetime(2026, 3, 31, 12, tzinfo=UTC))


def test_arrays_and_single_answers_refuse_the_same_far_dates():
    office = Calendar(timezone="UTC", hours=OFFICE)
    for limit in ("100000 months", "300 years", "99999 business days"):
        with pytest.raises(NeverOpens):
            office.due(limit, start=NOON)
        with pytest.raises(NeverOpens):
            office.due_array(limit, [0])
