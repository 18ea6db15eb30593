"""Laws of limits: the instant at which one is exceeded is the first microsecond that is, whatever the calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import servstd
from servstd.calendars.windows import Windows
from servstd.plan.bound import (
    FOREVER,
    Allowance,
    Combined,
    Due,
    Limit,
    Missing,
    NoLimit,
    ShareOf,
    Start,
    Stretch,
)

HOUR = 3_600_000_000
DAY = 24 * HOUR
BASE = int(datetime(2026, 3, 26, tzinfo=UTC).timestamp()) * 1_000_000
"""Three days before London and Berlin change their clocks."""

OFFICE = servstd.Calendar(
    timezone="Europe/London", hours={"mon-fri": "09:00-17:00"}, breaks={"mon-fri": "12:00-12:30"}
)
CALENDARS = (
    servstd.ALWAYS,
    OFFICE,
    servstd.Calendar(timezone="Europe/Berlin", hours={"sat-sun": "22:00-06:00"}, holidays=["2026-03-28"]),
    servstd.Calendar(timezone="Australia/Lord_Howe", hours={"mon-sun": "00:00-24:00"}),
    ~OFFICE,
    OFFICE & servstd.Calendar(timezone="America/New_York", hours={"mon-fri": "06:00-15:00"}),
)

instants = st.one_of(
    st.integers(BASE, BASE + 6 * DAY),
    st.integers(0, 6 * 24 * 2).map(lambda half: BASE + half * HOUR // 2),
    st.integers(0, 6 * 24 * 2).map(lambda half: BASE + half * HOUR // 2 + 1),
)
amounts = st.one_of(st.integers(0, 40 * HOUR), st.integers(0, 40).map(lambda hours: hours * HOUR), st.just(1))
counts = st.integers(0, 5)


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    """Draw a stretch with one measure of time and one that counts."""
    calendar = draw(st.sampled_from(CALENDARS))
    return Stretch(draw(instants), (draw(amounts), draw(counts)), (calendar, None), draw(st.booleans()))


def limits(*, nested: bool = True, counting: bool = True) -> st.SearchStrategy[Limit]:
    """Draw a limit of any node, those that combine others among them, and those that count unless told not to."""
    leaves = st.one_of(
        st.builds(Allowance, amounts, st.just(0), st.booleans()),
        st.builds(Allowance, counts, st.just(1), st.booleans()) if counting else st.nothing(),
        st.builds(Due, instants, st.booleans()),
        st.just(NoLimit()),
        st.just(Missing("$promised_at")),
    )
    if not nested:
        return leaves
    several = st.lists(
        st.deferred(lambda: limits(nested=False, counting=counting)), min_size=1, max_size=3
    ).map(tuple)
    return st.one_of(leaves, st.builds(Combined, st.sampled_from(("earliest", "latest")), several))


def used_at(stretch: Stretch, at: int) -> tuple[int, ...]:
    """Return what the measures hold later in a stretch in which nothing happens: time grows while the clock runs."""
    if not stretch.is_running:
        return stretch.used
    return tuple(
        held if calendar is None else held + calendar.elapsed_us(stretch.at, at)
        for held, calendar in zip(stretch.used, stretch.calendars, strict=True)
    )


@settings(max_examples=150, deadline=None)
@given(limits(), stretches(), st.lists(instants, max_size=4))
def test_a_limit_is_exceeded_from_one_microsecond_on_and_not_before(limit, stretch, others):
    first = limit.exceeded_from(stretch)
    around = [first - 1, first, first + 1, first + DAY] if first < FOREVER else [stretch.at + 400 * DAY]
    for at in (stretch.at, *around, *others):
        if at >= stretch.at:
            assert limit.is_exceeded(used_at(stretch, at), at) == (at >= first)


@settings(max_examples=150, deadline=None)
@given(limits(counting=False), stretches())
def test_nothing_is_exceeded_before_it_is_used_up(limit, stretch):
    """A count has no due instant, because silence uses nothing up."""
    assert limit.due(stretch) <= limit.exceeded_from(stretch)


@settings(max_examples=100, deadline=None)
@given(amounts, st.booleans(), stretches())
def test_the_due_of_an_allowance_is_the_earliest_instant_at_which_it_is_used_up(amount, exclusive, stretch):
    due = Allowance(amount, exclusive=exclusive).due(stretch)
    assume(due < FOREVER)
    assert due >= stretch.at
    if due > stretch.at:
        assert used_at(stretch, due)[0] == amount
        assert used_at(stretch, due - 1)[0] < amount
    else:
        assert stretch.used[0] >= amount


@settings(max_examples=100, deadline=None)
@given(limits(), stretches())
def test_what_stands_still_is_exceeded_by_an_instant_or_not_at_all(limit, stretch):
    still = Stretch(stretch.at, stretch.used, stretch.calendars, is_running=False)
    first = limit.exceeded_from(still)
    assert limit.is_exceeded(still.used, stretch.at) == (first <= stretch.at)
    if first > stretch.at:
        assert first == FOREVER or _has_instant(limit)


def _has_instant(limit: Limit) -> bool:
    return isinstance(limit, Due) or (isinstance(limit, Combined) and any(map(_has_instant, limit.members)))


@settings(max_examples=100, deadline=None)
@given(st.lists(limits(nested=False), min_size=1, max_size=4), stretches())
def test_the_earliest_of_several_is_exceeded_first_and_the_latest_last(members, stretch):
    earliest, latest = (Combined(which, tuple(members)) for which in ("earliest", "latest"))
    known = [member.exceeded_from(stretch) for member in members if member.is_known]
    assert earliest.exceeded_from(stretch) == min(known, default=FOREVER)
    assert latest.exceeded_from(stretch) == max(known, default=FOREVER)
    assert earliest.is_known == latest.is_known == bool(known)


@settings(max_examples=60, deadline=None)
@given(
    st.fractions(min_value=0, max_value=1, max_denominator=10_000),
    st.sampled_from(("day", "week", "month")),
    st.sampled_from(CALENDARS),
    instants,
)
def test_a_share_never_allows_more_than_it_says_and_loses_less_than_a_microsecond(
    share, window, calendar, at
):
    windows = Windows(window, "Europe/London")
    first, last = windows.bounds(at)
    assert first <= at < last
    allowed = ShareOf(share, windows, calendar).starting(Start(at))
    assert isinstance(allowed, Allowance)
    exact = share * calendar.elapsed_us(first, last)
    assert exact - 1 < allowed.amount <= exact


@settings(max_examples=40, deadline=None)
@given(stretches(), instants, amounts)
def test_a_limit_without_dates_does_not_depend_on_its_start(stretch, at, amount):
    for limit in (Allowance(amount), Due(at), NoLimit(), Missing("$days")):
        assert limit.starting(Start(at)).exceeded_from(stretch) == limit.exceeded_from(stretch)


def test_ten_percent_of_a_day_of_25_hours_is_two_and_a_half_hours():
    autumn = int(datetime(2026, 10, 25, 12, tzinfo=UTC).timestamp()) * 1_000_000
    share = ShareOf(Fraction(1, 10), Windows("day", "Europe/London"), servstd.ALWAYS)
    assert share.starting(Start(autumn)) == Allowance(150 * 60_000_000)
