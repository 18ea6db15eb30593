"""What a new user writes, and how the message tells him to mend it; each id reads as the mistake."""

from __future__ import annotations

import pytest

import servstd
from servstd.errors import ServstdError

HEAD = """servstd: 1
case: t
timezone: UTC
calendars: {office: {timezone: UTC, hours: {mon-fri: '09:00-17:00'}}}
"""
CLOCK = "standards: [{id: a, kind: respond, start: opened, stop: closed, within: 1 hour, %s}]"
SCORE = "standards: [{id: a, kind: check, event: survey, expect: %s}]"
UPTIME = "standards: [{id: a, kind: quantity, time_in: {status: down}, at_most: 1%%, per: month, objective: {%s, window: month}}]"
TIMED = CLOCK % "objective: {%s, window: month}"


def problem_of(text, **more):
    """Return the one problem of a book."""
    with pytest.raises(ServstdError) as refused:
        servstd.loads(HEAD + text, **more)
    (problem,) = refused.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "code", "path", "help_"),
    [
        # -- comparisons as people write them
        pytest.param(SCORE % '{score: ">= 4"}', "SV142", "standards[0].expect.score",
                     'write `{ge: 4}`; for the text itself `{eq: ">= 4"}`.', id="a comparison in a text"),
        pytest.param(SCORE % '{score: "<4"}', "SV142", "standards[0].expect.score",
                     'write `{lt: 4}`; for the text itself `{eq: "<4"}`.', id="without a blank"),
        pytest.param(SCORE % '{score: "≥ 4"}', "SV142", "standards[0].expect.score",
                     'write `{ge: 4}`; for the text itself `{eq: "≥ 4"}`.', id="with the sign of mathematics"),
        pytest.param(SCORE % '{status: "!= closed"}', "SV142", "standards[0].expect.status",
                     'write `{ne: closed}`; for the text itself `{eq: "!= closed"}`.', id="unlike a text"),
        pytest.param(SCORE % '{score: "> $least"}', "SV142", "standards[0].expect.score", "write `{gt: $least}`.", id="with a field"),
        pytest.param(SCORE % '"score >= 4"', "SV140", "standards[0].expect", "write `score: {ge: 4}`.", id="a condition as a sentence"),
        pytest.param(SCORE % '"priority = P1"', "SV140", "standards[0].expect", "write `priority: P1`.", id="an equation"),
        # -- keys that others call otherwise
        pytest.param("standards: [{id: a, kind: respond, start: opened, end: closed, within: 1 hour}]", "SV102", "standards[0].end",
                     "write `stop`.", id="the end of a clock is its stop"),
        pytest.param(CLOCK % "end: died", "SV102", "standards[0].end", "write `ends`.", id="a second end ends the case"),
        pytest.param("standards: [{id: a, kind: respond, every: 1 hour, event: x, start: opened, end: closed}]", "SV102",
                     "standards[0].end", "write `until`.", id="updates go on until an event"),
        pytest.param("standards: [{id: a, kind: quantity, count: opened, at_most: 1, end: closed}]", "SV102", "standards[0].end",
                     "write `ends`.", id="the end of what is counted"),
        pytest.param(CLOCK % "exclude: [{during: {from: a, end: b}, reason: x}]", "SV102", "standards[0].exclude[0].during.end",
                     "write `to`.", id="the end of a stretch that excludes"),
        pytest.param("standards: [{id: a, kind: quantity, time_in: {from: a, end: b}, at_most: 1 hour, ends: x}]", "SV102",
                     "standards[0].time_in.end", "write `to`.", id="the end of a stretch is no field"),
        pytest.param("standards: [{id: a, kind: quantity, count: o, at_most: 1, ends: x, while: {start: a, to: b}}]", "SV102",
                     "standards[0].while.start", "write `from`.", id="the start of a scope is no field"),
        pytest.param(CLOCK % "effective: {from: 2026-01-01, end: 2027-01-01}", "SV102", "standards[0].effective.end",
                     "write `until`.", id="the end of what is in force"),
        # -- bounds that only a table sets
        pytest.param("standards: [{id: a, kind: respond, start: o, stop: c, overrides: [{by: p, set: within, rows: [[P1, 1 hour], [P2, 4 hours]]}]}]",
                     "SV104", "standards[0].within",
                     "the table sets `within` for the cases that its rows fit, and no other case is judged. "
                     "Write one beside it as well: `within: 4 hours`.", id="a clock with a table and no limit"),
        pytest.param("standards: [{id: a, kind: respond, start: o, stop: c, overrides: [{when: {p: P1}, within: 1 hour}]}]",
                     "SV104", "standards[0].within",
                     "the overrides set `within` for some cases. Write it for all others: `within: 1 hour`, or "
                     "`within: none` where they have no limit.", id="a clock with an override and no limit"),
        pytest.param("standards: [{id: a, kind: quantity, count: o, ends: c, overrides: [{by: p, set: at_most, rows: [[P1, 1], [P2, 4]]}]}]",
                     "SV118", "standards[0]",
                     "the table sets `at_most` for the cases that its rows fit, and no other case is judged. "
                     "Write one beside it as well: `at_most: 4`.", id="a quantity with a table and no bound"),
        pytest.param("standards: [{id: a, kind: respond, start: o, stop: c}]", "SV104", "standards[0].within",
                     "a clock needs `within:`, as `within: 4 hours`.", id="a clock without a limit"),
        pytest.param("standards: [{id: a, kind: respond, start: o, stop: c, within: {by: p, rows: [[P1, 1 hour], [P2, 2 hours]]}}]",
                     "SV122", "standards[0].within.rows", "write each as a key: `{by: p, P1: 1 hour, P2: 2 hours}`.",
                     id="rows in a limit"),
        # -- figures of objectives
        pytest.param(UPTIME % "mean: 5%", "SV601", "standards[0].objective.mean",
                     "a share of the cases is `share: 5%`. A figure is in what its standard measures: `40 minutes` of a clock and of "
                     "time in a state, `5 business days` under a date limit, else a number: `85`.", id="a mean of shares of time"),
        pytest.param(TIMED % "mean: 3 points", "SV601", "standards[0].objective.mean",
                     "write the number alone, it is in the standard's own unit: `3`.", id="a number with the name of its unit"),
        pytest.param(TIMED % "median: 1d", "SV601", "standards[0].objective.median",
                     "write `1 day` for local dates, the last of which ends at midnight, or `24 hours` for a length of time.",
                     id="a day shortened in a figure"),
        pytest.param(TIMED % "mean: 2 days", "SV602", "standards[0].objective", "write a length of time: `48 hours`.", id="days of a clock"),
        pytest.param(TIMED % "mean: 85", "SV602", "standards[0].objective", "write the unit as well: `85 minutes`, `85 hours`.",
                     id="a number of a clock"),
    ],
)  # fmt: skip
def test_the_message_says_how_to_mend_it(text, code, path, help_):
    problem = problem_of(text)
    assert (problem.code, problem.path) == (code, path)
    assert help_ in problem.help


@pytest.mark.parametrize(
    ("spans", "union"),
    [
        ("['09:00-17:00', '16:00-20:00']", "`09:00-20:00`"),
        ("['09:00-12:00', '11:00-13:00', '14:00-18:00']", '`["09:00-13:00", "14:00-18:00"]`'),
    ],
)
def test_hours_that_overlap_are_told_their_union(spans, union):
    with pytest.raises(ServstdError) as refused:
        servstd.loads(f"calendars: {{a: {{timezone: UTC, hours: {{mon-fri: {spans}}}}}}}")
    (problem,) = refused.value.problems
    assert problem.code == "SV233"
    assert problem.help == f"write their union, {union}, or let one end where the next begins."


OFICE = "{time: {open_in: ofice}}"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        pytest.param(CLOCK % f"applies_to: {OFICE}", "standards[0].applies_to", id="in applies_to"),
        pytest.param(CLOCK % f"pause_while: {OFICE}", "standards[0].pause_while", id="in pause_while"),
        pytest.param(CLOCK % f"extend: {{event: {{event: e, where: {OFICE}}}, within: 2 hours}}", "standards[0].extend.event", id="in extend"),
        pytest.param(CLOCK % "exclude: [{during: ofice, reason: x}]", "standards[0].exclude[0].during", id="in exclude.during"),
        pytest.param(CLOCK % f"exclude: [{{during: {{from: {{event: a, where: {OFICE}}}, to: b}}, reason: x}}]",
                     "standards[0].exclude[0].during.from", id="in the event that begins an exclusion"),
        pytest.param(CLOCK % f"exclude: [{{when: {OFICE}, reason: x}}]", "standards[0].exclude[0].when", id="in exclude.when"),
        pytest.param(CLOCK % "overrides: [{when: {p: 1}, calendar: ofice}]", "standards[0].overrides[0].calendar", id="in an override"),
        pytest.param(CLOCK % "overrides: [{by: p, set: [within, calendar], rows: [[P1, 1 hour, office], [P2, 1 hour, ofice]]}]",
                     "standards[0].overrides[0].rows[1].calendar", id="in a row of a table"),
        pytest.param(f"standards: [{{id: a, kind: quantity, count: o, at_most: 1, ends: x, while: {OFICE}}}]", "standards[0].while",
                     id="in while"),
        pytest.param(f"standards: [{{id: a, kind: quantity, count: o, at_most: 1, ends: x, while: {{from: {{event: b, where: {OFICE}}}, to: c}}}}]",
                     "standards[0].while.from", id="in the event that begins a scope"),
        pytest.param(f"standards: [{{id: a, kind: quantity, time_in: {OFICE}, at_most: 1 hour, ends: x}}]", "standards[0].time_in",
                     id="in time_in"),
        pytest.param(f"standards: [{{id: a, kind: gauge, level: {{plus: b, minus: c}}, above: 3, while: {OFICE}}}]", "standards[0].while",
                     id="in while of a gauge"),
        pytest.param(CLOCK % "title: x" + f"\nconsequences: [{{standard: a, flat: 1 GBP, when: {OFICE}}}]", "consequences[0].when",
                     id="in a consequence"),
        pytest.param(CLOCK % "title: x" + "\nagreements: [{id: x, for: {c: d}, terms: {a: {calendar: ofice}}}]",
                     "agreements[0].terms.a.calendar", id="in an agreement"),
        pytest.param(CLOCK % "overrides: [{when: {p: 1}, calendar: ofice}]"
                     + "\nagreements: [{id: x, for: {c: d}, terms: {a: {within: 2 hours}}}]",
                     "standards[0].overrides[0].calendar", id="in an override beside an agreement"),
    ],
)  # fmt: skip
def test_an_unknown_calendar_is_told_at_its_place_with_each_known_one_once(text, path):
    problem = problem_of(text)
    assert (problem.code, problem.path) == ("SV103", path)
    assert problem.message == "unknown calendar `ofice`. Known here: `office`, `always`."
    assert problem.help == "write `office`."
    assert problem.where


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ("exclude: [{during: {standard: bb}, reason: x}]", "SV108", "standards[0].exclude[0].during.standard"),
        ("cancel: {standard: bb, change: met}", "SV108", "standards[0].cancel"),
        ("exclude: [{during: {from: {standard: bb, change: met}, to: b}, reason: x}]", "SV118", "standards[0].exclude[0].during.from"),
    ],
)  # fmt: skip
def test_a_standard_that_is_not_there_is_told_at_its_place(more, code, path):
    problem = problem_of(CLOCK % more)
    assert (problem.code, problem.path) == (code, path)


# -- books in Python -----------------------------------------------------------------------------------------------

STANDARD = {"id": "a", "kind": "respond", "case": "c", "start": "s", "stop": "t", "within": "1 hour"}


@pytest.mark.parametrize(
    ("make", "help_"),
    [
        pytest.param(lambda: servstd.Book({"standards": [STANDARD]}), "write `Book(**mapping)`.", id="a book from a mapping"),
        pytest.param(lambda: servstd.Book("book.yaml"), "to read a file, write `servstd.load(path)`; to read text, `servstd.loads(text)`.",
                     id="a book from the name of a file"),
        pytest.param(lambda: servstd.Respond(STANDARD), "write `Respond(**mapping)`.", id="a standard from a mapping"),
        pytest.param(lambda: servstd.Calendar({"timezone": "UTC"}), "write `Calendar(**mapping)`.", id="a calendar from a mapping"),
        pytest.param(lambda: servstd.loads({"standards": [STANDARD]}), "write `servstd.Book(**mapping)`.", id="a mapping that is loaded as text"),
        pytest.param(lambda: servstd.load({"standards": [STANDARD]}), "write `servstd.Book(**mapping)`.", id="a mapping that is loaded as a file"),
        pytest.param(lambda: servstd.loads("book.yaml"), 'to read a file, write `servstd.load("book.yaml")`.', id="the name of a file as text"),
        pytest.param(lambda: servstd.evaluate({"standards": [STANDARD]}, servstd.read_events([{"time": "2026-03-02T00:00Z", "event": "s"}])),
                     "write `servstd.load(path)` for a file, `servstd.Book(**mapping)` for a mapping.", id="a mapping that is evaluated"),
        pytest.param(lambda: servstd.evaluate(servstd.Book(standards=[STANDARD]), "export.csv"),
                     "write `servstd.read_events(source)`; a source is a path, a frame, or mappings.", id="the name of a log that is evaluated"),
    ],
)  # fmt: skip
def test_what_is_no_book_says_how_to_make_one(make, help_):
    with pytest.raises(ServstdError) as refused:
        make()
    assert [problem.help for problem in refused.value.problems] == [help_]


def test_a_book_is_made_of_a_mapping_by_name():
    data = {"case": "c", "standards": [STANDARD]}
    assert servstd.Book(**data) == servstd.Book.model_validate(data)
    with pytest.raises(servstd.StandardsError, match="1 day"):
        servstd.Book.model_validate({"standards": [{**STANDARD, "within": "1d"}]})
