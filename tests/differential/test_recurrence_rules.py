"""Recurrence rules against dateutil, which shares no code with ours: random rules, every date of some years."""

from __future__ import annotations

import warnings
from datetime import date, datetime
from typing import Any

import pytest
from dateutil.easter import easter as oracle
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from servstd.calendars.civil import date_of, day_of
from servstd.calendars.rrule import easter, parse_rule

STARTS = st.dates(date(2019, 1, 1), date(2025, 12, 31))
WEEKDAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])


def lists(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[str]:
    return st.lists(numbers, min_size=1, max_size=4, unique=True).map(lambda some: ",".join(map(str, some)))


def both_ways(most: int) -> st.SearchStrategy[int]:
    return st.integers(1, most) | st.integers(-most, -1)


@st.composite
def rules(draw: Any) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    options = {
        "INTERVAL": st.integers(1, 5).map(str),
        "BYMONTH": lists(st.integers(1, 12)),
        "BYMONTHDAY": lists(both_ways(31)),
        "BYYEARDAY": lists(both_ways(366)),
        "COUNT": st.integers(1, 40).map(str),
        "UNTIL": st.dates(date(2019, 1, 1), date(2030, 1, 1)).map(lambda day: f"{day:%Y%m%d}"),
        "WKST": WEEKDAYS,
    }
    if frequency == "YEARLY":
        options |= {"BYWEEKNO": lists(st.integers(1, 53)), "BYEASTER": lists(st.integers(-60, 60))}
    chosen = draw(st.lists(st.sampled_from(sorted(options)), max_size=3, unique=True))
    parts += [f"{name}={draw(options[name])}" for name in chosen]
    if draw(st.booleans()):
        # dateutil joins plain and numbered weekdays of one rule by "and"; RFC 5545 by "or"
        number = (
            both_ways(5).map(str)
            if frequency in ("MONTHLY", "YEARLY") and draw(st.booleans())
            else st.just("")
        )
        parts.append(
            "BYDAY="
            + ",".join(draw(st.lists(st.builds(str.__add__, number, WEEKDAYS), min_size=1, max_size=3)))
        )
    if (
        frequency in ("MONTHLY", "YEARLY")
        and any(part.startswith("BY") for part in parts)
        and draw(st.booleans())
    ):
        parts.append(f"BYSETPOS={draw(lists(both_ways(6)))}")
    return ";".join(parts)


@settings(max_examples=50, deadline=None)
@given(rules(), STARTS)
def test_the_dates_of_a_rule_are_those_of_dateutil(rule: str, start: date) -> None:
    first, last = datetime(2019, 1, 1), datetime(2028, 12, 31)  # noqa: DTZ001 - dateutil's own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = rrulestr(rule, dtstart=datetime.combine(start, datetime.min.time()))
    # Where no date follows, dateutil searches to the year 9999; that is why it is slow here and no part of the library.
    if told._count is None:
        told = told.replace(until=min(last, told._until or last))
    wanted = sorted({at.date() for at in told if first <= at <= last})
    read = parse_rule(rule, day_of(start))
    assert [date_of(day) for year in range(2019, 2029) for day in read.days(year)] == wanted


@pytest.mark.parametrize("year", [1900, 1954, 1981, 2000, 2011, 2026, 2038, 2049, 2076, 2100])
def test_easter_is_that_of_dateutil(year: int) -> None:
    assert date_of(easter(year)) == oracle(year)
