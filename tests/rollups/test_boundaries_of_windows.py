"""Section 7 at the boundaries of windows: the first instant of a month where clocks change, in every `dated_by`.

The instants are worked out from the offsets that each zone has on these dates, not asked of the library.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import servstd

MICROSECOND, MINUTE = timedelta(microseconds=1), timedelta(minutes=1)
FIRST_OF_MONTH = {
    "London: March begins in winter time": ("Europe/London", "2026-03-01T00:00Z", "2026-02", "2026-03"),
    "London: April begins in summer time": ("Europe/London", "2026-03-31T23:00Z", "2026-03", "2026-04"),
    "London: October begins in summer time": ("Europe/London", "2026-09-30T23:00Z", "2026-09", "2026-10"),
    "London: November begins in winter time": ("Europe/London", "2026-11-01T00:00Z", "2026-10", "2026-11"),
    "New York: March begins in winter time": ("America/New_York", "2026-03-01T05:00Z", "2026-02", "2026-03"),
    "New York: April begins in summer time": ("America/New_York", "2026-04-01T04:00Z", "2026-03", "2026-04"),
    "New York: November begins two hours before the change": ("America/New_York", "2026-11-01T04:00Z", "2026-10", "2026-11"),
    "New York: December begins in winter time": ("America/New_York", "2026-12-01T05:00Z", "2026-11", "2026-12"),
    "Lord Howe: April begins at +11:00": ("Australia/Lord_Howe", "2026-03-31T13:00Z", "2026-03", "2026-04"),
    "Lord Howe: May begins at +10:30": ("Australia/Lord_Howe", "2026-04-30T13:30Z", "2026-04", "2026-05"),
    "Lord Howe: October begins at +10:30": ("Australia/Lord_Howe", "2026-09-30T13:30Z", "2026-09", "2026-10"),
    "Lord Howe: November begins at +11:00": ("Australia/Lord_Howe", "2026-10-31T13:00Z", "2026-10", "2026-11"),
    "Apia: January 2012 begins at +14:00, the month before lacked a date": ("Pacific/Apia", "2011-12-31T10:00Z", "2011-12", "2012-01"),
}  # fmt: skip
HOUR = timedelta(hours=1)


def at(text):
    return datetime.fromisoformat(text)


def book(objective, zone="UTC", within="1 hour"):
    return servstd.loads(
        f"{{timezone: {zone}, case: c, standards: [{{id: r, kind: respond, start: s, stop: e, within: {within}, objective: {objective}}}]}}"
    )


def attained(told, *cases, first, as_of):
    """Return the attainments of cases: (start, end or None); the log begins with an event that starts nothing."""
    rows = [{"time": first, "event": "z", "c": "log"}]
    for number, (start, end) in enumerate(cases):
        rows.append({"time": start, "event": "s", "c": number})
        rows += [{"time": end, "event": "e", "c": number}] if end else []
    return servstd.evaluate(told, servstd.read_events(rows), as_of=as_of).attainments


def window_of(told, *case, around):
    """Return the one window into which a case falls."""
    found = attained(told, case, first=around - timedelta(days=90), as_of=around + timedelta(days=90))
    (window,) = {one.window for one in found if one.judged or one.open}
    return window


@pytest.mark.parametrize(("zone", "first", "before", "after"), FIRST_OF_MONTH.values(), ids=FIRST_OF_MONTH)
@pytest.mark.parametrize("by", ["start", "end", "due"])
def test_the_first_instant_of_a_month_lies_in_it_and_the_one_before_does_not(zone, first, before, after, by):
    told, edge = book(f"{{share: 95%, window: month, dated_by: {by}}}", zone), at(first)
    start = {"start": edge, "end": edge - 5 * MINUTE, "due": edge - HOUR}[by]
    end = edge if by == "end" else start + MINUTE
    # What is due by the end of a window lies in it: the first instant of a month is the end of the month before.
    on_edge = before if by == "due" else after
    assert window_of(told, start, end, around=edge) == on_edge
    early = start - MICROSECOND
    assert window_of(told, early, end - MICROSECOND, around=edge) == before
    late = start + MICROSECOND
    assert window_of(told, late, end + MICROSECOND, around=edge) == after


@pytest.mark.parametrize(("zone", "first", "before", "after"), FIRST_OF_MONTH.values(), ids=FIRST_OF_MONTH)
def test_by_its_end_a_breach_without_one_lies_where_it_was_breached(zone, first, before, after):
    """One hour is used up at the edge, so that the first instant of too much is one microsecond later."""
    told, edge = book("{share: 95%, window: month, dated_by: end}", zone), at(first)
    assert window_of(told, edge - HOUR - MICROSECOND, None, around=edge) == after
    assert window_of(told, edge - HOUR - 2 * MICROSECOND, None, around=edge) == before


def test_a_date_that_has_no_midnight_begins_with_its_first_instant():
    """In Beirut the clocks of 29 March 2026 go from 00:00 at +02:00 to 01:00 at +03:00."""
    told, edge = book("{share: 95%, window: day}", "Asia/Beirut"), at("2026-03-28T22:00Z")
    assert window_of(told, edge, edge + MINUTE, around=edge) == "2026-03-29"
    assert window_of(told, edge - MICROSECOND, edge + MINUTE, around=edge) == "2026-03-28"


# -- provisional, partial --------------------------------------------------------------------------------------------

SHAPES = {
    "an hour": ("hour", "2026-03-04T10:00Z", "2026-03-04T11:00Z"),
    "a day": ("day", "2026-03-04T00:00Z", "2026-03-05T00:00Z"),
    "a week": ("week", "2026-03-02T00:00Z", "2026-03-09T00:00Z"),
    "a week from Sunday": ("{week: sunday}", "2026-03-01T00:00Z", "2026-03-08T00:00Z"),
    "a month": ("month", "2026-03-01T00:00Z", "2026-04-01T00:00Z"),
    "a quarter": ("quarter", "2026-01-01T00:00Z", "2026-04-01T00:00Z"),
    "a year": ("year", "2026-01-01T00:00Z", "2027-01-01T00:00Z"),
    "a fiscal year": ('{fiscal_year: "02-15"}', "2026-02-15T00:00Z", "2027-02-15T00:00Z"),
    "a fiscal quarter": ('{fiscal_quarter: "02-15"}', "2026-02-15T00:00Z", "2026-05-15T00:00Z"),
    "a fiscal month": ('{fiscal_month: "02-15"}', "2026-02-15T00:00Z", "2026-03-15T00:00Z"),
    "a block": ("{blocks: [[2026-03-02, 2026-03-20]]}", "2026-03-02T00:00Z", "2026-03-20T00:00Z"),
    "the busiest hour of a day": ("{busiest: hour, of: day}", "2026-03-04T00:00Z", "2026-03-05T00:00Z"),
    "the busiest day of a month": ("{busiest: day, of: month}", "2026-03-01T00:00Z", "2026-04-01T00:00Z"),
}  # fmt: skip
INSIDE = at("2026-03-04T10:20Z")


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        pytest.param(0, 0, "met", id="covered to the instant"),
        pytest.param(0, -1, "provisional", id="an instant too early to judge"),
        pytest.param(1, 0, "partial", id="a log that begins an instant late"),
        pytest.param(1, -1, "provisional", id="neither"),
    ],
)
def test_a_window_decides_when_the_log_covers_all_of_it(shape, first, last, status):
    window, start, end = shape
    told = book(f"{{share: 95%, window: {window}}}")
    found = attained(
        told,
        (INSIDE, INSIDE + MINUTE),
        first=at(start) + first * MICROSECOND,
        as_of=at(end) + last * MICROSECOND,
    )
    assert [one.status for one in found if one.judged] == [status]


@pytest.mark.parametrize(
    ("first", "as_of", "status"),
    [
        pytest.param("2026-03-02T00:00Z", "2026-03-05T00:00Z", "met", id="three whole dates"),
        pytest.param("2026-03-02T00:00:00.000001Z", "2026-03-05T00:00Z", None, id="begun after midnight, no whole window holds it"),
    ],
)  # fmt: skip
def test_a_rolling_window_is_whole_or_is_no_row(first, as_of, status):
    told = book("{share: 95%, window: {rolling: 3 days}}")
    found = attained(told, (INSIDE, INSIDE + MINUTE), first=at(first), as_of=at(as_of))
    decided = [one.status for one in found if one.judged and one.window_end <= at(as_of)]
    assert decided == ([status] if status else [])


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2026-04-01T00:00Z", "missed"), ("2026-03-31T23:59:59.999999Z", "provisional")],
)
def test_a_census_of_a_month_is_final_when_the_month_is_over(as_of, status):
    told = book("{share: 95%, window: {census: month}}")
    found = attained(told, (INSIDE, None), first=at("2026-03-01T00:00Z"), as_of=at(as_of))
    assert [one.status for one in found if one.window == "2026-03"] == [status]


def test_everything_is_never_cut():
    told = book("95% overall")
    found = attained(told, (INSIDE, INSIDE + MINUTE), first=INSIDE, as_of=INSIDE + MINUTE)
    assert [one.status for one in found] == ["met"]


# -- what is judged --------------------------------------------------------------------------------------------------


def many(met, unknown, breached=0):
    """Return the rows of cases that are met, of cases of which nothing is known, and of broken ones."""
    start = at("2026-03-04T10:00Z")
    for number in range(met + unknown + breached):
        end = start + (MINUTE if number < met + unknown else 2 * HOUR)
        yield {"time": start, "event": "s", "c": number, "days": None if met <= number < met + unknown else 1}
        yield {"time": end, "event": "e", "c": number}


@pytest.mark.parametrize(
    ("met", "unknown", "more", "status"),
    [
        pytest.param(99, 1, "", "met", id="one in a hundred unknown is not more than 1 %"),
        pytest.param(98, 1, "", "insufficient", id="one in 99 is"),
        pytest.param(9, 1, ", max_unknown: 10%", "met", id="as many as the book allows"),
        pytest.param(0, 1, ", max_unknown: 100%", "insufficient", id="nothing but what is unknown"),
        pytest.param(0, 0, "", "no_data", id="nothing at all"),
        pytest.param(29, 0, ", min_sample: 30", "insufficient", id="one too few"),
        pytest.param(30, 0, ", min_sample: 30", "met", id="just enough"),
    ],
)
def test_too_few_and_too_many_unknown_decide_nothing(met, unknown, more, status):
    told = servstd.loads(
        "{timezone: UTC, case: c, standards: [{id: r, kind: respond, start: s, stop: e, within: $hours hours,"
        f" objective: {{share: 95%, window: all{more}}}}}]}}"
    )
    rows = [
        {"time": "2026-03-04T09:00Z", "event": "z", "c": "log"},
        *({**row, "hours": row.pop("days", None)} for row in many(met, unknown)),
    ]
    report = servstd.evaluate(told, servstd.read_events(rows), as_of=datetime(2026, 3, 5, tzinfo=UTC))
    (found,) = report.attainments
    assert (found.status, found.judged, found.unknown) == (status, met, unknown)
    assert report.met is (status == "met")


@pytest.mark.parametrize(("breached", "status"), [(0, "met"), (1, "missed")])
def test_all_of_all_has_a_budget_of_no_breach_and_divides_by_nothing(breached, status):
    told = book("{share: 100%, window: month}")
    rows = [{"time": "2026-03-01T00:00Z", "event": "z", "c": "log"}, *many(999, 0, breached)]
    report = servstd.evaluate(told, servstd.read_events(rows), as_of=datetime(2026, 4, 1, tzinfo=UTC))
    (found,) = report.attainments
    assert (found.status, found.budget_allowed, found.budget_used, found.budget_left) == (
        status,
        0,
        breached,
        -breached,
    )


def test_a_share_is_compared_before_it_is_rounded():
    """9,999 of 10,000 are 99.99 %, which two decimals would round to the bound of 99.995 %."""
    told = book("{share: 99.995%, window: all}")
    (found,) = servstd.evaluate(told, servstd.read_events(list(many(9_999, 0, 1)))).attainments
    assert found.status == "missed"
