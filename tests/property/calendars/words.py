"""Calendars in words, drawn by Hypothesis, with windows that lie on changes of the clocks more often than not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

from hypothesis import strategies as st
from property.calendars.minute_oracle import DAYS, zone_of

HARD_ZONES = [
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "Antarctica/Troll",
    "Pacific/Kwajalein",
    "Asia/Gaza",
    "America/Havana",
    "Europe/Dublin",
    "Pacific/Chatham",
    "UTC",
]


@cache
def change_dates(name):
    """Return the dates of offset changes from 1975 on, found by asking zoneinfo day after day."""
    zone = zone_of(name)
    at, found = datetime(1975, 1, 1, tzinfo=UTC), []
    offset = at.astimezone(zone).utcoffset()
    while at.year < 2045:
        at += timedelta(days=1)
        now = at.astimezone(zone).utcoffset()
        if now != offset:
            found.append(at.date())
            offset = now
    return found or [date(2024, 2, 28)]


def clock(minute):
    return f"{minute // 60:02d}:{minute % 60:02d}"


@st.composite
def spans(draw, most=3, latest=2160):
    """Draw spans of one date that neither overlap nor touch; the last may run past midnight."""
    cuts = sorted(draw(st.sets(st.integers(0, 95), min_size=0, max_size=2 * most)))
    cuts = cuts[: len(cuts) // 2 * 2]
    found = [[15 * a, 15 * b] for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
    if found and draw(st.booleans()):
        found[-1][1] = min(latest, found[-1][1] + 15 * draw(st.integers(0, 60)))
    written = []
    for start, end in found:
        past_midnight = end > 1440 and draw(st.booleans()) and end - 1440 < start
        written.append(f"{clock(start)}-{clock(end - 1440 if past_midnight else end)}")
    return written


@st.composite
def own_words(draw, zones, day):
    """Draw one calendar around a date."""
    near = [(day + timedelta(days=step)).isoformat() for step in range(-3, 5)]
    dates = st.sampled_from(near)
    words = {"timezone": draw(st.sampled_from(zones))}
    words["hours"] = draw(st.dictionaries(st.sampled_from(DAYS), spans(), max_size=7))
    if draw(st.booleans()):
        words["hours"] = dict.fromkeys(
            DAYS,
            draw(
                st.sampled_from(
                    [["22:00-06:00"], ["00:00-24:00"], ["00:30-03:15"], ["20:00-30:30"], ["01:30-02:30"]]
                )
            ),
        )
    words["breaks"] = draw(st.dictionaries(st.sampled_from(DAYS) | dates, spans(most=2), max_size=3))
    words["breaks"] = {key: value for key, value in words["breaks"].items() if value}
    half = st.sampled_from([{}, {"hours": "09:00-12:00"}, {"hours": ["23:00-25:00"]}])
    entry = st.one_of(
        dates,
        st.builds(lambda when, more: {"date": when, **more}, dates, half),
        st.builds(lambda a, b, more: {"yearly": f"{a[5:]}..{b[5:]}", **more}, dates, dates, half).filter(
            lambda entry: "02-29" not in entry["yearly"]
        ),
        st.builds(lambda name: {"rrule": f"FREQ=WEEKLY;BYDAY={name[:2].upper()}"}, st.sampled_from(DAYS)),
    )
    words["holidays"] = draw(st.lists(entry, max_size=2))
    words["exceptions"] = draw(st.dictionaries(dates, spans(), max_size=2))
    if draw(st.booleans()):
        words["holidays_cut"] = "mask"
    if draw(st.integers(0, 3)) == 0:
        words["versions"] = [
            {"valid_from": draw(dates), "hours": draw(st.dictionaries(st.sampled_from(DAYS), spans()))}
        ]
    return words


@st.composite
def situations(draw, zones=tuple(HARD_ZONES), days=3, depth=2):
    """Draw a calendar (often an expression) and the date around which it is asked."""
    zone = draw(st.sampled_from(zones))
    day = draw(st.sampled_from(change_dates(zone))) + timedelta(days=draw(st.integers(-2, 1)))
    near = (zone, draw(st.sampled_from(zones)))

    def grown(members):
        pair = st.lists(members, min_size=2, max_size=2)
        return st.one_of(
            st.builds(lambda pair: {"union": pair}, pair),
            st.builds(lambda pair: {"intersection": pair}, pair),
            st.builds(lambda pair: {"difference": pair}, pair),
            st.builds(lambda one: {"complement": one}, members),
        )

    one = own_words(near, day)
    words = draw(one if draw(st.integers(0, 2)) else grown(grown(one) | one if depth > 1 else one))
    return words, day, days
