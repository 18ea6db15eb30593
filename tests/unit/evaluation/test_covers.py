"""What a log covers: windows that it holds whole decide, whatever the minute of its first event was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

import servstd
from servstd.errors import EvaluationError, ReadingError
from servstd.render.notes import covering

HOUR = {"id": "reply", "kind": "respond", "start": "asked", "stop": "answered", "within": "1 hour"}
MARCH = ("2026-03-01", "2026-04-01")
ROWS = [
    {"time": "2026-03-01T00:05+00:00", "event": "asked", "t": "A"},
    {"time": "2026-03-01T00:15+00:00", "event": "answered", "t": "A"},
    {"time": "2026-03-31T00:05+01:00", "event": "asked", "t": "B"},
    {"time": "2026-03-31T00:25+01:00", "event": "answered", "t": "B"},
]


def report(standard, rows=ROWS, *, covers=MARCH, as_of=None, zone="Europe/London", **options):
    book = servstd.Book(case="t", timezone=zone, standards=[standard])
    return servstd.evaluate(book, servstd.read_events(rows, covers=covers, **options), as_of=as_of)


def windows(standard, **given):
    return [(one.window, one.status) for one in report(standard, **given).attainments]


WINDOWS = {
    "a month that is covered decides": ("month", MARCH, [("2026-03", "met")]),
    "and one of which the first hours are not, does not": ("month", ("2026-03-02", "2026-04-01"), [("2026-03", "partial")]),
    "and one of which the last days are not, does not": ("month", ("2026-03-01", "2026-03-31"), [("2026-03", "provisional")]),
    "a quarter needs a quarter": ("quarter", MARCH, [("2026-Q1", "partial")]),
    "instants may stand there": ("month", ("2026-03-01T00:00Z", "2026-03-31T23:00Z"), [("2026-03", "met")]),
    "and one of them alone": ("month", ("2026-03-01", "2026-03-31T23:00Z"), [("2026-03", "met")]),
    "blocks follow it": (
        {"blocks": [["2026-03-01", "2026-04-01"]]}, MARCH, [("2026-03-01 to 2026-04-01", "met")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("window", "covers", "expected"), WINDOWS.values(), ids=WINDOWS)
def test_windows_follow_what_the_log_covers(window, covers, expected):
    standard = {**HOUR, "objective": {"share": "90%", "window": window}}
    assert windows(standard, covers=covers) == expected


def test_a_rolling_window_that_ends_with_the_log_is_whole():
    standard = {**HOUR, "objective": {"share": "90%", "window": {"rolling": "30 days"}}}
    statuses = dict(windows(standard))
    assert statuses["30 days to 2026-03-30"] == "met"
    assert "partial" not in statuses.values()


def test_a_rate_counts_the_whole_window():
    # two breaches in a March of 31 days: 2 / 31 a day, which is less than 0.1
    rows = [{"time": f"2026-03-{day}T09:00Z", "event": "asked", "t": str(day)} for day in (10, 20)]
    standard = {**HOUR, "objective": {"rate": "0.1 per day", "of": "breached", "window": "month"}}
    (row,) = report(standard, rows).attainments
    assert row.status == "met"
    assert row.exact_value == Fraction(2 * 24, 31 * 24 - 1)  # March has an hour less in London


def test_the_end_is_the_instant_of_the_judgement():
    found = report(HOUR)
    assert found.as_of == datetime(2026, 3, 31, 23, tzinfo=UTC)
    assert found.as_of_how == "the end of what the log covers"


def test_a_later_as_of_does_not_finish_what_the_log_does_not_cover():
    standard = {**HOUR, "objective": "90% a month"}
    assert windows(standard, covers=("2026-03-01", "2026-03-31"), as_of="2026-04-05T00:00Z") == [
        ("2026-03", "provisional")
    ]


def test_earlier_events_are_read_for_state_and_their_windows_are_cut():
    rows = [
        {"time": "2026-02-28T23:50Z", "event": "asked", "t": "C"},
        *ROWS,
        {"time": "2026-03-01T00:20Z", "event": "answered", "t": "C"},
    ]
    found = report({**HOUR, "objective": "90% a month"}, rows)
    assert [(one.case, one.outcome) for one in found.verdicts] == [("A", "met"), ("B", "met"), ("C", "met")]
    assert [(one.window, one.status, one.judged) for one in found.attainments] == [
        ("2026-02", "partial", 1),
        ("2026-03", "met", 2),
    ]


VISITS = {
    "at least, and enough": ({"at_least": 1}, 1, "met"),
    "at least, and too few": ({"at_least": 2}, 1, "unknown"),
    "at most, and no more": ({"at_most": 1}, 1, "unknown"),
    "at most, and too many": ({"at_most": 1}, 2, "breached"),
    "between, and too many": ({"at_least": 1, "at_most": 2}, 3, "breached"),
    "between, and between": ({"at_least": 1, "at_most": 2}, 1, "unknown"),
}


@pytest.mark.parametrize(("bounds", "number", "expected"), VISITS.values(), ids=VISITS)
def test_a_window_of_which_the_log_shows_a_part_decides_only_what_it_shows(bounds, number, expected):
    standard = {"id": "visits", "kind": "quantity", "count": "visit", "per": "month", **bounds}
    rows = [
        {"time": f"2026-03-30T{hour:02}:00Z", "event": "visit", "t": "A"} for hour in range(9, 9 + number)
    ]
    rows.append({"time": "2026-04-02T00:00Z", "event": "other", "t": "B"})
    cut = report(standard, rows, covers=None).verdicts.where(case="A")[0]
    assert cut.outcome == expected
    assert cut.reason == ("its window began before the log" if expected == "unknown" else cut.reason)
    whole = report(standard, rows, covers=("2026-03-01", "2026-04-02")).verdicts.where(case="A")[0]
    assert whole.outcome == {"unknown": "breached" if bounds == {"at_least": 2} else "met"}.get(
        expected, expected
    )


def test_the_first_day_of_a_level_is_what_it_is_said_to_be_initially():
    standard = {
        "id": "queue",
        "kind": "gauge",
        "level": {"plus": "joined", "minus": "left"},
        "above": 3,
        "per": "day",
    }
    rows = [
        {"time": "2026-03-30T09:00Z", "event": "joined", "t": "A"},
        {"time": "2026-04-02T00:00Z", "event": "x", "t": "B"},
    ]
    assert report(standard, rows, covers=None).verdicts.where(case="A")[0].outcome == "met"


REFUSED = {
    "the wrong way round": (("2026-04-01", "2026-03-01"), "does not lie after its beginning"),
    "nothing at all": (("2026-03-01", "2026-03-01"), "does not lie after its beginning"),
    "a local time": (("2026-03-01 09:00", "2026-04-01"), "write `2026-03-01 09:00Z` for UTC"),
    "no date": (("March", "2026-04-01"), "neither a date nor an instant"),
    "a date that there is not": (("2026-02-30", "2026-04-01"), "neither a date nor an instant"),
}


@pytest.mark.parametrize(("covers", "why"), REFUSED.values(), ids=REFUSED)
def test_what_no_log_can_cover_is_refused(covers, why):
    with pytest.raises(ReadingError, match=why):
        servstd.read_events(ROWS, covers=covers)


def test_dates_and_datetimes_of_python_may_stand_there():
    covers = (date(2026, 3, 1), datetime(2026, 3, 31, 23, tzinfo=UTC))
    assert windows({**HOUR, "objective": "90% a month"}, covers=covers) == [("2026-03", "met")]


def test_local_dates_need_a_zone():
    with pytest.raises(EvaluationError, match="no zone is known"):
        report(HOUR, zone=None)
    assert report(HOUR, zone=None, timezone="Europe/London").as_of == datetime(2026, 3, 31, 23, tzinfo=UTC)


def test_a_log_none_of_whose_events_lies_there_is_the_wrong_one():
    with pytest.raises(EvaluationError, match="none of its events lies there"):
        report(HOUR, covers=("2026-05-01", "2026-06-01"))


def test_a_log_without_events_may_cover_a_month():
    found = report({**HOUR, "objective": "90% a month"}, [])
    assert [(one.window, one.status) for one in found.attainments] == [("2026-03", "no_data")]


EARLY = {
    "one row": (["1900-01-01T00:00Z"], "1900"),
    "many rows of one instant": (["1970-01-01T00:00Z"] * 5, "1970"),
}


@pytest.mark.parametrize(("times", "year"), EARLY.values(), ids=EARLY)
def test_a_lonely_first_date_is_refused_with_its_row(times, year):
    rows = [*ROWS, *({"time": at, "event": "noted", "t": str(n)} for n, at in enumerate(times))]
    with pytest.raises(EvaluationError, match=rf"(?s)rows row 5.*{year}-01-01.*covers: \[2026-03-01"):
        report(HOUR, rows, covers=None)
    assert report(HOUR, rows).verdicts  # it is said what the log covers


def test_a_plan_is_no_first_event():
    rows = [{"t": "A", "asked": "2026-03-01T00:05Z", "answered": None, "plan": "2020-03-01T00:00Z"}]
    book = servstd.Book(case="t", timezone="UTC", standards=[{**HOUR, "objective": "90% a month"}])
    log = servstd.read_events(
        rows, milestones={"asked": "asked", "answered": "answered", "planned": "plan"}, planned=["planned"]
    )
    assert servstd.evaluate(book, log, as_of="2026-04-01T00:00Z").attainments[0].status == "partial"


def test_windows_a_case_are_bounded():
    standard = {"id": "few", "kind": "quantity", "count": "y", "at_most": 2, "per": "day"}
    rows = [{"time": f"{year}-03-01T00:00Z", "event": "y", "t": "A"} for year in range(1960, 2027)]
    with pytest.raises(EvaluationError, match="more than 20,000 windows of `few`"):
        report(standard, rows, covers=("1960-01-01", "2026-04-01"))


PROPOSED = {
    "a month of which a day is left": ("month", "2026-03-31T00:30Z", ("2026-03-01", "2026-04-01")),
    "a month that has just begun is left alone": ("month", "2026-04-02T00:30Z", ("2026-03-01", "2026-04-03")),
}


@pytest.mark.parametrize(("window", "last", "expected"), PROPOSED.values(), ids=PROPOSED)
def test_the_report_proposes_what_would_make_its_windows_whole(window, last, expected):
    rows = [*ROWS[:2], {"time": last, "event": "asked", "t": "Z"}]
    rows += [
        {"time": "2026-03-20T09:00Z", "event": "asked", "t": "Y"},
        {"time": "2026-03-20T09:01Z", "event": "answered", "t": "Y"},
    ]
    found = report({**HOUR, "objective": {"share": "90%", "window": window}}, rows, covers=None)
    if not found.is_decided and expected[1] == "2026-04-03":
        expected = ("2026-03-01", "2026-05-01")  # nothing else is decided: every window may be over
    assert tuple(map(str, covering(found) or ())) == expected


def cuts(*days, **spec):
    """Return the outcomes of a quantity over events of one case, on days of a year that the log covers from 2026 on."""
    rows = [{"time": f"{day}T12:00Z", "event": "cut", "t": "A"} for day in days]
    standard = {"id": "s", "kind": "quantity", "count": "cut", **spec}
    given = {"rows": rows, "covers": ("2026-01-01", "2027-01-01"), "zone": "UTC"}
    return [one.outcome for one in report(standard, **given).verdicts]


def test_a_rolling_window_that_began_before_the_log_covers_it_is_not_known():
    """From 15 December on for a month: what came in December is not known, and what begins in January is."""
    spec = {"per": {"rolling": "1 month"}}
    assert cuts("2025-12-15", "2026-01-10", at_most=3, **spec) == ["unknown", "met"]
    assert cuts("2025-12-15", "2026-01-10", at_least=2, **spec) == ["unknown", "breached"]


def test_and_keeps_its_verdict_where_what_is_seen_decides():
    spec = {"per": {"rolling": "1 month"}}
    assert cuts("2025-12-15", "2026-01-10", at_most=1, **spec) == ["breached", "met"]
    assert cuts("2025-12-15", "2026-01-10", "2026-01-11", at_least=2, **spec)[0] == "met"


def test_a_window_of_a_quantity_that_ends_after_the_log_covers_it_is_not_known():
    """Nobody saw April: it is not silent because the export ends in March."""
    standard = {"id": "s", "kind": "quantity", "count": "asked", "at_least": 1, "per": "month"}
    found = report(standard, as_of="2026-05-10T00:00Z").verdicts
    march, april, *_ = [(one.outcome, one.reason) for one in found if one.case == "A"]
    assert march == ("met", "")
    assert april == ("unknown", "its window ends after what the log covers")


def test_everything_is_what_the_log_covers():
    """A late answer of February stands beside, and does not decide about March."""
    early = [
        {"time": "2026-02-26T09:00Z", "event": "asked", "t": "0"},
        {"time": "2026-02-26T12:00Z", "event": "answered", "t": "0"},
    ]
    standard = {**HOUR, "objective": {"share": "90%", "window": "all"}}
    assert windows(standard, rows=[*early, *ROWS]) == [("earlier", "partial"), ("all", "met")]
    assert windows(standard, rows=ROWS) == [("all", "met")]


def test_what_is_dated_after_it_decides_nothing_either():
    later = [
        {"time": "2026-04-10T09:00Z", "event": "asked", "t": "9"},
        {"time": "2026-04-10T12:00Z", "event": "answered", "t": "9"},
    ]
    standard = {**HOUR, "objective": {"share": "90%", "window": "all"}}
    found = windows(standard, rows=[*ROWS, *later], as_of="2026-05-01T00:00Z")
    assert found == [("all", "met"), ("later", "provisional")]
