"""What could not be read is not what did not happen: it makes unknown what some time for it could change."""

from __future__ import annotations

import pytest

import servstd
from servstd.render.notes import head_lines

LOST = "some day"
"""A time that nobody can read."""


def judged(standard, *events, times=(), milestones=None, more=(), **book):
    """Return the report of one standard over events `(time of day, kind, fields)` of 2 March 2026, one case."""
    rows = [
        {"time": at if at is LOST or "-" in at else f"2026-03-02T{at}Z", "event": kind, "id": "1", **fields}
        for at, kind, fields in ((*event, {}) if len(event) == 2 else event for event in events)
    ]
    rows.append({"time": "2026-03-02T23:00Z", "event": "log.ended", "id": None})
    books = servstd.Book(case="id", timezone="UTC", standards=[{"id": "s", **standard}, *more], **book)
    return servstd.evaluate(books, servstd.read_events(rows, times=times))


def outcomes(standard, *events, **given):
    return [one.outcome for one in judged(standard, *events, **given).verdicts if one.standard == "s"]


HOUR = {"kind": "respond", "start": "a", "stop": "b", "within": "1 hour"}
PAUSED = {**HOUR, "pause": "p", "resume": "r"}
EACH = {**HOUR, "recurs": "each"}
MATCHED = {**HOUR, "recurs": "every", "match": "item"}
FEW = {"kind": "quantity", "count": "y", "at_most": 2, "ends": "e"}
MANY = {"kind": "quantity", "count": "y", "at_least": 2, "ends": "e"}
NOTICE = {"kind": "order", "event": "cut", "needs": "told", "at_least": "2 hours"}
GREETED = {"kind": "check", "event": "greeted", "expect": {"by": "name"}, "missing_by": "ended"}
QUEUE = {
    "kind": "gauge",
    "level": {"plus": "joined", "minus": "left"},
    "above": 1,
    "then": "opened",
    "within": "10 minutes",
}

CASES = {
    "an end may have come in time": (HOUR, [("09:00", "a"), (LOST, "b")], ["unknown"]),
    "an end after one in time changes nothing": (HOUR, [("09:00", "a"), ("09:30", "b"), (LOST, "b")], ["met"]),
    "an end after a late one may have come before it": (HOUR, [("09:00", "a"), ("11:00", "b"), (LOST, "b")], ["unknown"]),
    "what the standard does not name changes nothing": (HOUR, [("09:00", "a"), (LOST, "c")], ["breached"]),
    "a start may have been earlier": (HOUR, [("09:00", "a"), ("09:30", "b"), (LOST, "a")], ["unknown"]),
    "a start that cannot be dated is one unknown": (HOUR, [(LOST, "a"), ("09:30", "b")], ["unknown"]),
    "one more start may have been earlier": (EACH, [("09:00", "a"), ("09:30", "b"), (LOST, "a")], ["unknown"]),
    "a start of another lane is one more unknown": (
        MATCHED,
        [("09:00", "a", {"item": "x"}), ("09:30", "b", {"item": "x"}), (LOST, "a", {"item": "y"})],
        ["met", "unknown"],
    ),
    "a pause may have been long enough": (PAUSED, [("09:00", "a"), ("11:00", "b"), (LOST, "p")], ["unknown"]),
    "a pause never makes late what was in time": (PAUSED, [("09:00", "a"), ("09:30", "b"), (LOST, "p")], ["met"]),
    "a cancelling may have come first": (
        {**HOUR, "cancel": "c"}, [("09:00", "a"), ("11:00", "b"), (LOST, "c")], ["unknown"],
    ),
    "with match only what carries the same": (
        MATCHED,
        [("09:00", "a", {"item": "x"}), ("09:00", "a", {"item": "y"}), (LOST, "b", {"item": "y"})],
        ["breached", "unknown"],
    ),
    "one more of what had to come before changes nothing": (
        {"kind": "order", "event": "b", "needs": "a"}, [("09:00", "a"), ("10:00", "b"), (LOST, "a")], ["met"],
    ),
    "a case of nothing but a row with a field that is read is one unknown": (
        {**HOUR, "within": {"by": "grade", "A": "1 hour", "else": "2 hours"}}, [(LOST, "c", {"grade": "A"})], ["unknown"],
    ),
    "a list of items that cannot be dated may have been the case's": (
        {"kind": "check", "event": "a", "for_each": "items", "expect": {"ok": True}},
        [("09:00", "a", {"items": [{"ok": True}]}), ("11:00", "a"), (LOST, "p", {"items": [{"ok": False}]})],
        ["met", "unknown"],
    ),
    "a level that may have begun in a day that nothing else began": (
        {"kind": "gauge", "level": {"plus": "joined", "minus": "left"}, "above": 1, "per": "day"},
        [("09:00", "o"), (LOST, "joined")], ["unknown"],
    ),
    "too much stays too much": (FEW, [(at, "y") for at in ("09:00", "09:10", "09:20", LOST)] + [("10:00", "e")], ["breached"]),
    "one more would be too much": (FEW, [("09:00", "y"), ("09:10", "y"), (LOST, "y"), ("10:00", "e")], ["unknown"]),
    "one more leaves room": (FEW, [("09:00", "y"), (LOST, "y"), ("10:00", "e")], ["met"]),
    "two more, each alone allowed, are too much together": (
        FEW, [("09:00", "y"), (LOST, "y"), (LOST, "y"), ("10:00", "e")], ["unknown"],
    ),
    "one more would be enough": (MANY, [("09:00", "y"), (LOST, "y"), ("10:00", "e")], ["unknown"]),
    "one more would not be enough": (MANY, [("09:00", "n"), (LOST, "y"), ("10:00", "e")], ["breached"]),
    "enough stays enough": (MANY, [("09:00", "y"), ("09:10", "y"), (LOST, "y"), ("10:00", "e")], ["met"]),
    "the end of a case cannot be dated": (MANY, [("09:00", "y"), (LOST, "e")], ["unknown"]),
    "a notice may have been given": (NOTICE, [("12:00", "cut"), (LOST, "told")], ["unknown"]),
    "a notice that was long enough stays so": (NOTICE, [("09:00", "told"), ("12:00", "cut"), (LOST, "told")], ["met"]),
    "what is checked may have come": (GREETED, [(LOST, "greeted", {"by": "name"}), ("10:00", "ended")], ["unknown"]),
    "what is checked would not have helped": (
        GREETED, [(LOST, "greeted", {"by": "title"}), ("10:00", "ended")], ["breached", "unknown"],
    ),
    "a level may have been crossed": (QUEUE, [("09:00", "joined"), ("09:30", "joined"), (LOST, "left")], ["unknown"]),
    "only rows that cannot be dated are one unknown": (HOUR, [(LOST, "b"), (LOST, "a")], ["unknown"]),
    "an end alone that cannot be dated is one unknown": (HOUR, [(LOST, "b")], ["unknown"]),
    "a standard that does not apply gives none": (
        {**HOUR, "applies_to": {"vip": "yes"}}, [(LOST, "a", {"vip": "no"})], [],
    ),
    "a field that cannot be dated may have changed the limit": (
        {**HOUR, "within": {"by": "urgent", "yes": "10 minutes", "else": "1 hour"}},
        [("09:00", "a", {"urgent": "no"}), ("09:30", "b"), (LOST, "c", {"urgent": "yes"})],
        ["unknown"],
    ),
    "a field that says what is known changes nothing": (
        {**HOUR, "within": {"by": "urgent", "yes": "10 minutes", "else": "1 hour"}},
        [("09:00", "a", {"urgent": "no"}), ("09:30", "b", {"urgent": "no"}), (LOST, "c", {"urgent": "no"})],
        ["met"],
    ),
    "what is only measured may have been longer": (
        {**HOUR, "within": "none", "objective": {"mean": "1 hour", "window": "all"}},
        [("09:00", "a"), ("09:30", "b"), (LOST, "b")],
        ["unknown"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("standard", "events", "expected"), CASES.values(), ids=CASES)
def test_a_verdict_that_some_time_could_change_is_unknown(standard, events, expected):
    assert outcomes(standard, *events) == expected


PROMISED = {
    "a promise that cannot be read": ("$due", "10:00", "unknown"),
    "the earliest of a time that is past and a promise": ({"earliest_of": ["30 minutes", "$due"]}, "10:00", "breached"),
    "the earliest of a time that is not past and a promise": ({"earliest_of": ["2 hours", "$due"]}, "10:00", "unknown"),
    "the latest of a time that is not past and a promise": ({"latest_of": ["2 hours", "$due"]}, "10:00", "met"),
    "the latest of a time that is past and a promise": ({"latest_of": ["30 minutes", "$due"]}, "10:00", "unknown"),
    "a time alone": ("2 hours", "10:00", "met"),
}  # fmt: skip


@pytest.mark.parametrize(("within", "end", "expected"), PROMISED.values(), ids=PROMISED)
def test_an_instant_in_a_field_that_cannot_be_read(within, end, expected):
    events = [("09:00", "a", {"due": "soon"}), (end, "b")]
    other = {"time": "2026-03-02T09:00Z", "event": "x", "id": "2", "due": "2026-03-02T10:00Z"}
    rows = [
        {"time": f"2026-03-02T{at}Z", "event": kind, "id": "1", **dict(*more)} for at, kind, *more in events
    ]
    book = servstd.Book(case="id", standards=[{"id": "s", **HOUR, "within": within}])
    (verdict,) = servstd.evaluate(book, servstd.read_events([*rows, other], times=["due"])).verdicts
    assert verdict.outcome == expected
    if expected == "unknown":
        assert verdict.reason.startswith("rows row 1 could not be read: `due`")


def test_the_reason_names_file_and_row_and_the_evidence_says_it():
    report = judged(HOUR, ("09:00", "a"), (LOST, "b"))
    (verdict,) = report.verdicts
    assert verdict.reason.startswith("rows row 2 could not be read: `some day` cannot be read as an ISO time")
    assert (verdict.elapsed, verdict.margin, verdict.breached_at) == (None, None, None)
    assert "rows row 2 could not be read" in str(report.explain("s", case="1"))


def test_the_evidence_of_a_case_with_nothing_else():
    report = judged(HOUR, (LOST, "a"))
    assert "rows row 1 could not be read" in str(report.explain("s", case="1"))


def test_the_head_says_how_many_cases_are_undecided_and_they_count_as_unknown():
    report = judged({**HOUR, "objective": "50% overall"}, ("09:00", "a"), (LOST, "b"))
    assert (
        head_lines(report)[-1] == "1 case is undecided because 1 row could not be read in full: rows row 2."
    )
    (row,) = report.attainments
    assert (row.unknown, row.status) == (1, "insufficient")


def test_a_standard_that_reads_an_unknown_verdict_is_unknown_too():
    follows = {
        "id": "paid", "kind": "respond", "start": {"standard": "s", "change": "breached"}, "stop": "paid",
        "within": "1 hour",
    }  # fmt: skip
    report = judged(HOUR, ("09:00", "a"), (LOST, "b"), more=[follows])
    assert [(one.standard, one.outcome) for one in report.verdicts] == [("s", "unknown"), ("paid", "unknown")]


def test_another_case_is_not_touched():
    rows = [
        {"time": "2026-03-02T09:00Z", "event": "a", "id": "1"},
        {"time": "2026-03-02T09:00Z", "event": "a", "id": "2"},
        {"time": "soon", "event": "b", "id": "2"},
        {"time": "2026-03-02T23:00Z", "event": "z"},
    ]
    report = servstd.evaluate(
        servstd.Book(case="id", standards=[{"id": "s", **HOUR}]), servstd.read_events(rows)
    )
    assert [(one.case, one.outcome) for one in report.verdicts] == [("1", "breached"), ("2", "unknown")]


def test_the_order_of_the_rows_does_not_matter():
    events = [("09:00", "a"), (LOST, "b"), ("11:00", "b"), (LOST, "p")]
    forth, back = (judged(PAUSED, *some).verdicts[0].to_dict() for some in (events, events[::-1]))
    assert {**forth, "reason": ""} == {**back, "reason": ""}


WIDE = {
    "a length needs its start": ("1 hour", "met", "unknown"),
    "an instant is compared with the end": ("$due", "met", "met"),
    "an instant that the end has passed": ("$early", "met", "breached"),
    "dates need their start": ("2 days", "met", "unknown"),
}  # fmt: skip


@pytest.mark.parametrize(("within", "forth", "back"), WIDE.values(), ids=WIDE)
def test_a_row_whose_end_stands_before_its_start(within, forth, back):
    at = {"due": "2026-03-02T10:30Z", "early": "2026-03-02T08:30Z"}
    rows = [
        {"id": "1", "o": "2026-03-02T08:00Z", "c": "2026-03-02T08:30Z", **at},
        {"id": "2", "o": "2026-03-02T12:00Z", "c": "2026-03-02T09:00Z", **at},
    ]
    standard = {"id": "s", "kind": "respond", "start": "opened", "stop": "closed", "within": within}
    log = servstd.read_events(rows, milestones={"opened": "o", "closed": "c"}, times=["due", "early"])
    report = servstd.evaluate(servstd.Book(case="id", timezone="UTC", standards=[standard]), log)
    assert [one.outcome for one in report.verdicts] == [forth, back]


def test_the_end_of_one_row_is_not_the_end_of_another():
    rows = [
        {"who": "A", "o": "2026-03-02T12:00Z", "c": "2026-03-02T09:00Z"},
        {"who": "A", "o": "2026-03-02T10:00Z", "c": "2026-03-02T11:00Z"},
    ]
    standard = {
        "id": "s",
        "kind": "respond",
        "start": "opened",
        "stop": "closed",
        "within": "2 hours",
        "recurs": "each",
    }
    log = servstd.read_events(rows, milestones={"opened": "o", "closed": "c"})
    report = servstd.evaluate(servstd.Book(case="who", standards=[standard]), log)
    assert [one.outcome for one in report.verdicts] == ["met", "unknown"]


def test_time_between_two_milestones_the_wrong_way_round_has_no_length():
    rows = [
        {"id": "1", "o": "2026-03-02T12:00Z", "c": "2026-03-02T09:00Z", "e": "2026-03-02T20:00Z"},
        {"id": "2", "o": "2026-03-02T09:00Z", "c": "2026-03-02T10:00Z", "e": "2026-03-02T20:00Z"},
    ]
    standard = {
        "id": "s", "kind": "quantity", "time_in": {"from": "opened", "to": "closed"}, "at_most": "2 hours", "ends": "ended",
    }  # fmt: skip
    log = servstd.read_events(rows, milestones={"opened": "o", "closed": "c", "ended": "e"})
    report = servstd.evaluate(servstd.Book(case="id", standards=[standard]), log)
    assert [one.outcome for one in report.verdicts] == ["unknown", "met"]


ZONES = {
    "a zone that exists": ("Europe/London", "met"),
    "none": (None, "unknown"),
    "one that does not exist": ("Asia/Tokio", "unknown"),
}  # fmt: skip


@pytest.mark.parametrize("within", ["2 hours", "1 business day"])
def test_a_case_without_a_usable_zone_is_that_cases_trouble(within):
    rows = [
        {"time": f"2026-03-02T{at}Z", "event": kind, "id": str(number), "zone": zone}
        for number, (zone, _) in enumerate(ZONES.values())
        for at, kind in (("09:00", "a"), ("10:00", "b"))
    ]
    hours = {"timezone": "$zone", "hours": {"daily": "08:00-20:00"}}
    book = servstd.Book(
        case="id", calendars={"c": hours}, standards=[{"id": "s", **HOUR, "within": within, "calendar": "c"}]
    )
    report = servstd.evaluate(book, servstd.read_events(rows))
    assert [one.outcome for one in report.verdicts] == [outcome for _, outcome in ZONES.values()]
    assert "Asia/Tokio" in report.verdicts[2].reason


def test_a_case_in_a_year_that_the_holidays_do_not_cover_is_that_cases_trouble():
    rows = [
        {"time": f"{year}-03-02T{at}Z", "event": kind, "id": str(year)}
        for year in (2026, 2190)
        for at, kind in (("09:00", "a"), ("10:00", "b"))
    ]
    office = {"timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:00"}, "holidays": {"country": "GB"}}
    book = servstd.Book(
        case="id", calendars={"office": office},
        standards=[{"id": "s", **HOUR, "calendar": "office"}], events={"covers": ["2026-01-01", "2199-01-01"]},
        timezone="Europe/London",
    )  # fmt: skip
    log = servstd.read_events(rows, options=book.events)
    report = servstd.evaluate(book, log, as_of="2190-03-03T00:00Z")
    assert [one.outcome for one in report.verdicts] == ["met", "unknown"]
    assert "2190" in report.verdicts[1].reason


def test_a_where_that_cannot_be_answered_takes_nothing_and_is_told():
    standard = {**HOUR, "stop": {"event": "b", "where": {"by": "human"}}}
    report = judged(standard, ("09:00", "a"), ("09:30", "b"))
    assert report.verdicts[0].outcome == "breached"
    assert "s: 1 event `b` not taken as stop, because it is not known whether `where` holds" in report.notes


def test_an_exclusion_that_cannot_be_answered_excludes_nothing_and_is_told():
    standard = {**HOUR, "exclude": [{"when": {"cause": "ours"}, "reason": "ours"}]}
    report = judged(standard, ("09:00", "a"))
    assert report.verdicts[0].outcome == "breached"
    assert (
        "s: 1 verdict not left out (ours), because it is not known whether the exclusion holds"
        in report.notes
    )
