from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import servstd
from servstd.results import Verdict, Verdicts
from servstd.results.verdict import COLUMNS
from servstd.results.wording import case_text

API = [
    "standard",
    "case",
    "case_key",
    "occurrence",
    "outcome",
    "outcome_otherwise",
    "started_at",
    "due_at",
    "ended_at",
    "breached_at",
    "warned_at",
    "next_warning_at",
    "elapsed",
    "limit",
    "margin",
    "unit",
    "paused",
    "reason",
    "segment",
    "limit_from",
    "tie",
]
HOUR = 3600 * 1_000_000


def test_the_columns_are_those_of_the_public_face():
    assert list(COLUMNS) == API
    assert list(Verdicts.empty().columns) == API


def test_a_verdict_is_made_from_the_columns(report):
    verdict = report.verdicts.where(standard="resolve", case="T-1")[0]
    assert isinstance(verdict, Verdict)
    # 1 h on Friday and 4 h 30 min on Tuesday count
    assert (verdict.outcome, verdict.elapsed, verdict.limit, verdict.margin) == (
        "breached", 5 * HOUR + HOUR // 2, 4 * HOUR, -HOUR - HOUR // 2,
    )  # fmt: skip
    assert verdict.started_at == datetime(2026, 5, 1, 14, tzinfo=UTC)
    assert verdict.paused == 2 * HOUR  # an hour on Friday and one on Tuesday; closed time costs nothing


def test_verdicts_can_be_chosen(report):
    verdicts = report.verdicts
    assert [one.case for one in verdicts.where(standard="resolve", outcome="breached")] == ["T-1", "T-3"]
    assert len(verdicts.where(outcome=["met", "breached"])) == 4
    assert [one.standard for one in verdicts.where(case="T-2")] == ["resolve", "greet"]
    assert [one.standard for one in verdicts.where(case=("T-2",))] == ["resolve", "greet"]
    assert len(verdicts.where(case="nobody")) == 0


def test_verdicts_are_a_sequence(report):
    verdicts = report.verdicts
    assert len(verdicts[1:3]) == 2
    assert verdicts[-1] == verdicts[len(verdicts) - 1]
    assert next(iter(verdicts)) == verdicts[0]
    with pytest.raises(IndexError):
        verdicts[len(verdicts)]


def test_raw_columns_are_whole_microseconds(report):
    columns = report.verdicts.columns
    assert all(isinstance(at, int) for at in columns["started_at"])
    assert all(at is None or isinstance(at, int) for at in columns["ended_at"])


def test_verdicts_can_be_pickled(report):
    assert pickle.loads(pickle.dumps(report.verdicts)) == report.verdicts  # noqa: S301 - our own


def test_dicts_hold_aware_instants(report):
    first = report.verdicts.to_dicts()[0]
    assert list(first) == API
    assert first["started_at"].tzinfo is UTC


FRAME = [
    *API[: API.index("unit")],
    "elapsed_number",
    "limit_number",
    "margin_number",
    *API[API.index("unit") :],
]
"""A frame has a column more for each amount, for the units that are no time."""

MIXED = """
timezone: UTC
case: call
standards:
- {id: answer, kind: respond, start: rang, stop: answered, within: 1 hour, warn_at: [50%]}
- {id: rings, kind: respond, start: rang, stop: answered, within: {count: 3, of: ring}}
- {id: days, kind: respond, start: rang, stop: answered, within: 2 days}
- {id: polite, kind: check, event: answered, expect: {greeting: "yes"}}
"""
CALL = [
    {"time": "2026-03-02T09:00Z", "event": "rang", "call": "1"},
    {"time": "2026-03-02T09:10Z", "event": "ring", "call": "1"},
    {"time": "2026-03-02T09:20Z", "event": "ring", "call": "1"},
    {"time": "2026-03-02T09:40Z", "event": "answered", "call": "1", "greeting": "yes"},
]


@pytest.fixture
def mixed():
    """Return the verdicts of a book that promises time, rings, dates and a greeting."""
    return servstd.evaluate(servstd.loads(MIXED), servstd.read_events(CALL)).verdicts


def test_frames_have_the_columns_and_those_for_other_units_than_time(mixed):
    assert mixed.to_arrow().column_names == FRAME
    assert mixed.to_polars().columns == FRAME
    assert list(mixed.to_pandas().columns) == FRAME


def test_frames_hold_the_same_as_the_columns(report):
    verdicts = report.verdicts
    raw = verdicts.columns
    table, polars, pandas = verdicts.to_arrow(), verdicts.to_polars(), verdicts.to_pandas()
    for name in set(API) - {"elapsed", "limit", "margin", "paused", "case_key"}:
        expected = [getattr(one, name) for one in verdicts]
        assert table[name].to_pylist() == expected
        assert polars[name].to_list() == expected
        assert [
            None if missing else one for one, missing in zip(pandas[name], pandas[name].isna(), strict=True)
        ] == expected
    starts = pandas["started_at"].astype("int64").tolist()
    assert starts == raw["started_at"]


TYPES = {"started_at": "timestamp[us, tz=UTC]", "next_warning_at": "timestamp[us, tz=UTC]", "case_key": "list<item: string>",
         "elapsed": "duration[us]", "limit": "duration[us]", "margin": "duration[us]", "paused": "duration[us]",
         "elapsed_number": "double", "tie": "bool", "occurrence": "int64", "reason": "string"}  # fmt: skip


@pytest.mark.parametrize("units", ["only time", "mixed units", "no verdicts"])
def test_the_type_of_a_column_does_not_depend_on_what_is_in_it(report, mixed, units):
    verdicts = {"only time": report.verdicts, "mixed units": mixed, "no verdicts": Verdicts.empty()}[units]
    schema = verdicts.to_arrow().schema
    assert {name: str(schema.field(name).type) for name in TYPES} == TYPES
    polars, pandas = verdicts.to_polars().schema, verdicts.to_pandas().dtypes
    for name in ("elapsed", "limit", "margin", "paused"):
        assert str(polars[name]) == "Duration(time_unit='us')"
        assert str(pandas[name]) == "timedelta64[us]"
    assert str(pandas["elapsed_number"]) == str(polars["elapsed_number"]).lower() == "float64"


@pytest.mark.parametrize(
    ("standard", "times", "numbers"),
    [
        pytest.param("answer", (40, 60, 20), (None, None, None), id="time stands in the columns of time"),
        pytest.param("rings", (None, None, None), (2, 3, 1), id="a count stands in those of numbers"),
        # 2 days from Monday end with Wednesday: 5 March 00:00 is 62 h 20 min after Monday 09:40; it was used 0 dates
        pytest.param("days", (None, None, 62 * 60 + 20), (0, 2, None), id="of dates only the margin is time"),
        pytest.param("polite", (None, None, None), (0, 0, 0), id="items are numbers"),
    ],
)
def test_an_amount_stands_where_its_unit_belongs(mixed, standard, times, numbers):
    row = mixed.where(standard=standard).to_polars().to_dicts()[0]
    assert tuple(row[name] for name in ("elapsed", "limit", "margin")) == tuple(
        None if minutes is None else timedelta(minutes=minutes) for minutes in times
    )
    assert tuple(row[f"{name}_number"] for name in ("elapsed", "limit", "margin")) == numbers


def test_polars_takes_verdicts_as_they_are(report):
    import polars as pl

    assert pl.DataFrame(report.verdicts).equals(report.verdicts.to_polars())
    assert pl.DataFrame(Verdicts.empty()).columns == FRAME


def test_a_frame_round_trips_through_arrow(mixed):
    import polars as pl

    assert pl.from_arrow(mixed.to_arrow()).equals(mixed.to_polars())
    assert pl.from_pandas(mixed.to_pandas())["margin"].to_list() == mixed.to_polars()["margin"].to_list()


# -- keys of several fields ----------------------------------------------------------------------------------------

PLACES = [("a / b", "c"), ("a", "b / c"), ("a|b", "c"), ("a", "b|c"), ("/", "/"), (r"a \/ b", "c")]


@pytest.fixture
def places():
    """Return the report on a standard whose cases two fields name, each of them kept."""
    book = servstd.loads(
        "timezone: UTC\nstandards: [{id: a, kind: respond, case: [site, lane], start: s, stop: t, within: 1 hour}]"
    )
    rows = [
        {"time": f"2026-03-02T09:{minute}Z", "event": event, "site": site, "lane": lane}
        for site, lane in PLACES
        for event, minute in (("s", "00"), ("t", "10"))
    ]
    return servstd.evaluate(book, servstd.read_events(rows))


@pytest.mark.parametrize("key", PLACES, ids=" and ".join)
def test_a_case_of_several_fields_is_found_by_its_parts_and_by_its_text(places, key):
    (verdict,) = places.verdicts.where(case=key)
    assert verdict.case_key == key
    assert list(places.verdicts.where(case=verdict.case)) == [verdict]
    assert places.explain("a", case=key).verdict == verdict
    assert places.explain("a", case=verdict.case).verdict == verdict
    assert key in [tuple(row["case_key"]) for row in json.loads(places.to_json())["verdicts"]]
    assert key in [tuple(parts) for parts in places.verdicts.to_polars()["case_key"].to_list()]


def test_parts_of_a_key_that_are_numbers_may_be_given_as_numbers():
    book = servstd.loads(
        "timezone: UTC\nstandards: [{id: a, kind: respond, case: [site, lane], start: s, stop: t, within: 1 hour}]"
    )
    rows = [{"time": "2026-03-02T09:00Z", "event": "s", "site": "N", "lane": 17}]
    report = servstd.evaluate(book, servstd.read_events(rows))
    assert report.explain("a", case=("N", 17)).verdict.case == "N / 17"
    assert len(report.verdicts.where(case=["N", 17])) == 1
    one = servstd.loads(
        "timezone: UTC\nstandards: [{id: a, kind: respond, case: lane, start: s, stop: t, within: 1 hour}]"
    )
    assert servstd.evaluate(one, servstd.read_events(rows)).explain("a", case=17).verdict.case_key == ("17",)


@given(
    st.integers(2, 3).flatmap(
        lambda n: st.tuples(*[st.lists(st.text("ab/\\ \n", max_size=5), min_size=n, max_size=n)] * 2)
    )
)
def test_two_keys_never_share_a_text(pair):
    one, other = (tuple(parts) for parts in pair)
    assert (case_text(one) == case_text(other)) == (one == other)


# -- names that nothing has ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "code", "help_"),
    [
        ({"standard": "reslove"}, "SV410", "write `resolve`."),
        ({"standard": ["resolve", "gret"]}, "SV410", "write `greet`."),
        ({"outcome": "breeched"}, "SV420", "write `breached`."),
        ({"outcome": ["met", "kept"]}, "SV420", ""),
    ],
)
def test_a_name_that_nothing_has_is_refused_rather_than_answered_by_nothing(report, asked, code, help_):
    with pytest.raises(servstd.EvaluationError) as error:
        report.verdicts.where(**asked)
    (problem,) = error.value.problems
    assert (problem.code, problem.help) == (code, help_)


def test_a_standard_without_a_verdict_is_known(report):
    silent = servstd.evaluate(
        report.book, servstd.read_events([{"time": "2026-05-01T09:00Z", "event": "other", "ticket": "T-9"}])
    )
    assert len(silent.verdicts.where(standard="greet")) == 0


# -- warnings ------------------------------------------------------------------------------------------------------

WARNED = """
timezone: UTC
case: t
standards:
- {id: hours, kind: respond, start: s, stop: e, within: 10 hours, warn_at: [50%, 1 hour before]}
- {id: promise, kind: respond, start: s, stop: e, within: $due, warn_at: [50%, 80%]}
"""


@pytest.mark.parametrize("standard", ["hours", "promise"])
@pytest.mark.parametrize(
    ("case", "warned", "following"),
    [
        pytest.param("early", None, None, id="ended before the first warning"),
        pytest.param("late", 5, None, id="ended after the first warning"),
        pytest.param("waiting", 5, {"hours": 9, "promise": 8}, id="open, one warning ahead"),
        pytest.param("fresh", None, 6 + 5, id="open, no warning yet"),
    ],
)
def test_warnings_that_came_and_the_next_one_ahead(standard, case, warned, following):
    # due 10:00: half of it is 05:00, an hour before 09:00, 80 % 08:00; `fresh` starts at 06:00 and is due 16:00
    rows = [
        {"time": f"2026-03-02T{hour:02}:00Z", "event": "s", "t": t, "due": f"2026-03-02T{hour + 10:02}:00Z"}
        for t, hour in (("early", 0), ("late", 0), ("waiting", 0), ("fresh", 6))
    ]
    rows += [{"time": "2026-03-02T01:00Z", "event": "e", "t": "early"}]
    rows += [{"time": "2026-03-02T05:30Z", "event": "e", "t": "late"}]
    rows += [{"time": "2026-03-02T07:00Z", "event": "x"}]
    report = servstd.evaluate(servstd.loads(WARNED), servstd.read_events(rows, times=["due"]))
    verdict = report.verdicts.where(standard=standard, case=case)[0]
    ahead = following[standard] if isinstance(following, dict) else following

    def at(hour):
        return None if hour is None else datetime(2026, 3, 2, hour, tzinfo=UTC)

    assert (verdict.warned_at, verdict.next_warning_at) == (at(warned), at(ahead))


def test_a_pandas_frame_of_many_verdicts_with_repeated_and_missing_instants():
    # sixty cases of one start; every third has no end
    rows = [{"time": "2026-03-02T09:00Z", "event": "asked", "id": f"T-{n:02}"} for n in range(60)]
    rows += [
        {"time": f"2026-03-02T09:{n:02}Z", "event": "answered", "id": f"T-{n:02}"} for n in range(60) if n % 3
    ]
    reply = servstd.Respond(id="reply", start="asked", stop="answered", within="2 hours")
    book = servstd.Book(servstd=1, case="id", timezone="UTC", standards=[reply])
    frame = servstd.evaluate(book, servstd.read_events(rows)).verdicts.to_pandas()
    assert frame["ended_at"].isna().sum() == 20
    assert frame["ended_at"].min().isoformat() == "2026-03-02T09:01:00+00:00"
    assert str(frame["started_at"].dtype) == "datetime64[us, UTC]"


def test_no_verdicts_still_have_their_columns():
    empty = Verdicts.empty()
    assert (
        empty.to_arrow().column_names == empty.to_polars().columns == list(empty.to_pandas().columns) == FRAME
    )
    assert json.loads(empty.to_json()) == []
    assert repr(empty) == "<Verdicts: none>"


def test_json_is_one_verdict_a_line(report):
    text = report.verdicts.to_json()
    rows = json.loads(text)
    assert [list(row) for row in rows] == [API] * len(report.verdicts)
    assert len(text.splitlines()) == len(rows) + 2
    assert rows[0]["started_at"].endswith("Z")


def test_what_notebooks_show_is_escaped(report):
    columns = {name: list(column) for name, column in report.verdicts.internal.items()}
    columns["case"][0] = "<script>alert(1)</script>"
    columns["reason"][0] = "\x1b[2J"
    verdicts = Verdicts(columns)
    assert "<script" not in verdicts._repr_html_()
    assert "\x1b" not in repr(verdicts)
