from __future__ import annotations

import copy
import pickle
import random
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from servstd.errors import EvaluationError, EventsError, ReadingError
from servstd.events import ReadOptions, read_events

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(minutes: float, **fields: object) -> dict[str, object]:
    return {"time": NINE + timedelta(minutes=minutes), "event": "a", **fields}


# Columns ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "options", "kind"),
    [
        (("timestamp", "activity"), {}, "k"),
        (("time", "event"), {}, "k"),
        (("time", "kind"), {}, "k"),
        (("time:timestamp", "concept:name"), {}, "k"),
        (("when", "what"), {"time": "when", "event": "what"}, "k"),
    ],
)
def test_columns_of_time_and_kind(columns: tuple[str, str], options: dict[str, str], kind: str) -> None:
    log = read_events([{columns[0]: NINE, columns[1]: "k", "x": 1}], **options)
    assert [event.kind for event in log.events] == [kind]
    assert list(log.fields) == ["x"]


def test_every_unknown_column_is_reported_with_the_closest() -> None:
    with pytest.raises(ReadingError) as caught:
        read_events(
            [at(0, Case_Id=1)], time="Tiem", event="Event", times=["case_id"], rename={"x": "y"}, id="ID"
        )
    problems = {problem.path: (problem.code, problem.help) for problem in caught.value.problems}
    assert problems["time"] == ("SV303", "write `time`.")
    assert problems["event"] == ("SV303", "write `event`.")
    assert problems["times"] == ("SV303", "write `Case_Id`.")
    assert set(problems) == {"time", "event", "times", "rename", "id"}
    assert "Known here: `time`, `event`, `Case_Id`" in str(caught.value)


def test_a_table_without_any_shape_names_the_choices() -> None:
    with pytest.raises(ReadingError) as caught:
        read_events([{"opened": "2026-01-02 09:00", "who": "ann"}])
    text = str(caught.value)
    for part in ("SV304", "look like times: `opened`", "event=", "milestones=", "snapshots=True"):
        assert part in text
    with pytest.raises(ReadingError, match=r"SV304  event(.|\n)*snapshots=True"):
        read_events([{"time": "2026-01-02 09:00", "who": "ann"}])


def test_rename_gives_fields_new_names() -> None:
    log = read_events([at(0, **{"case:concept:name": "c1"})], rename={"case:concept:name": "case_id"})
    assert [key for key, _ in log.cases("case_id")] == [("c1",)]
    with pytest.raises(ReadingError, match="SV311"):
        read_events([at(0, a=1, b=2)], rename={"a": "b"})


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"milestones": {"a": "x"}, "time": "time"}, "SV304"),
        ({"milestones": {"a": "x"}, "snapshots": True}, "SV304"),
        ({"order": "file", "sequence": "x"}, "`order` and `sequence`"),
        ({"fold": "middle"}, "middle"),
        ({"separator": ",,"}, "separator"),
        ({"format": "xml"}, "xml"),
        ({"null_values": "NULL"}, "null_values"),
    ],
)
def test_options_that_contradict(options: dict[str, object], says: str) -> None:
    with pytest.raises(ReadingError, match=says):
        read_events([], **options)


def test_options_in_one_object_and_keywords_over_them() -> None:
    options = ReadOptions(time="when", event="what", timezone="UTC")
    rows = [{"when": "2026-01-02 09:00", "what": "a", "kind": "b"}]
    assert read_events(rows, options=options).kinds == ["a"]
    assert read_events(rows, options=options, event="kind").kinds == ["b"]
    assert ReadOptions(**options.model_dump()) == options


def test_every_option_is_documented_and_in_the_function() -> None:
    import inspect

    from servstd.schema import words_of

    names = set(inspect.signature(read_events).parameters) - {"source", "options"}
    assert names == set(ReadOptions.model_fields)
    told = words_of(ReadOptions)
    for name, field in ReadOptions.model_fields.items():
        assert told[name].text, name
        default = inspect.signature(read_events).parameters[name].default
        assert default == field.default, name


# Cases ------------------------------------------------------------------------------------------------------


def test_cases_come_in_the_order_of_their_keys_with_rows_in_order_of_time() -> None:
    log = read_events([at(2, t="b"), at(0, t="b"), at(1, t="a"), at(3)])
    assert [(key, [row.time_us for row in rows]) for key, rows in log.cases(("t",))] == [
        (("a",), [log.times[1]]),
        (("b",), [log.times[0], log.times[2]]),
    ]
    assert log.without_case(("t",)) == 1


def test_a_list_puts_an_event_in_several_cases() -> None:
    log = read_events([at(0, t=["a", "b", "a"]), at(1, t="a"), at(2, t=[])])
    assert [(key, [row.index for row in rows]) for key, rows in log.cases("t")] == [
        (("a",), [0, 1]),
        (("b",), [0]),
    ]
    assert log.without_case("t") == 1


def test_two_keys_make_pairs_and_a_missing_one_no_case() -> None:
    log = read_events(
        [at(0, t=["a", "b"], u=[1, 2]), at(1, t="a", u=True), at(2, t="a"), at(3, t="a", u=None)]
    )
    assert [key for key, _ in log.cases(("t", "u"))] == [
        ("a", "1"), ("a", "2"), ("a", "true"), ("b", "1"), ("b", "2")
    ]  # fmt: skip
    assert log.without_case(("t", "u")) == 2


def test_keys_are_compared_as_text() -> None:
    log = read_events([at(0, t=17), at(1, t="17"), at(2, t=17.0)])
    assert [(key, len(rows)) for key, rows in log.cases("t")] == [(("17",), 3)]


def test_a_key_that_nothing_carries_gives_no_case() -> None:
    log = read_events([at(0)])
    assert list(log.cases("t")) == []
    assert log.without_case("t") == 1


def test_rows_share_what_they_carry() -> None:
    log = read_events([at(0, t="a", n=1), at(1, t="a")])
    (_, rows), = log.cases("t")  # fmt: skip
    assert [row.fields for row in rows] == [{"t": "a", "n": 1}, {"t": "a"}]
    assert [row.index for row in rows] == [0, 1]


# Order and identity -----------------------------------------------------------------------------------------


def test_events_of_one_stamp_follow_sequence_then_numeric_id_then_content() -> None:
    rows = [
        at(0, n=1, i="10"), at(0, n=2, i="9"), at(0, n=3, i="x"), at(0, n=5, s=2), at(0, n=6, s="1"), at(0, n=8),
        at(0, n=7),
    ]  # fmt: skip
    wanted = [7, 8, 2, 1, 3, 6, 5]
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        log = read_events(rows, id="i", sequence="s")
        assert [event.fields["n"] for event in log.events] == wanted


def test_file_order_makes_the_position_the_sequence() -> None:
    log = read_events([at(0, n="b"), at(0, n="a"), at(-1, n="c")], order="file")
    assert [(event.fields["n"], event.sequence) for event in log.events] == [("c", 2), ("b", 0), ("a", 1)]


def test_a_sequence_that_is_no_integer_costs_its_row() -> None:
    log = read_events([at(0, s="1"), at(1, s="one"), at(2, s=""), at(3, s=2.0), at(4, s="+-1")], sequence="s")
    assert [(row.row, row.code) for row in log.quarantine] == [(2, "SV329"), (5, "SV329")]
    assert [event.sequence for event in log.events] == [1, None, 2]


def test_copies_of_one_id_merge_and_copies_without_an_id_stay_and_are_counted() -> None:
    log = read_events([at(0, i="1", n=1), at(0, i="1", n=1), at(0, n=1), at(0, n=1), at(0, n=1)], id="i")
    counts = log.counts
    assert (counts.rows_in, counts.events, counts.merged, counts.quarantined) == (5, 4, 1, 0)
    assert "exact copies among events without an id: 2; all are kept, for want of an `id`." in log.notes
    assert "events merged into an equal one of the same id: 1." in log.notes


def test_of_one_id_with_other_content_the_highest_sequence_stays() -> None:
    rows = [at(0, i="1", n=1, s=1), at(5, i="1", n=3, s=3), at(9, i="1", n=2, s=2), at(9, i="1", n=2, s=2)]
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        log = read_events(rows, id="i", sequence="s")
        assert [event.fields["n"] for event in log.events] == [3]
        assert sorted(row.data["n"] for row in log.quarantine) == [1, 2]
        assert {row.code for row in log.quarantine} == {"SV328"}
        assert log.counts.merged == 1


def test_without_a_sequence_the_later_one_stays_whatever_the_order() -> None:
    rows = [at(0, i="1", n=1), at(5, i="1", n=2), at(3, i="1", n=3)]
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert [event.fields["n"] for event in read_events(rows, id="i").events] == [2]


def test_an_id_of_several_columns() -> None:
    rows = [at(0, case="a/b", no="1"), at(0, case="a", no="b/1"), at(0, case="a", no="b/1"), at(0, case="a")]
    log = read_events(rows, id=("case", "no"))
    assert [event.id for event in log.events] == [None, "a/b\\/1", "a\\/b/1"]
    assert log.counts.merged == 1


# as_of ------------------------------------------------------------------------------------------------------

DAY = 1440


@pytest.mark.parametrize(("gap", "is_asked"), [(366 * DAY, False), (366 * DAY + 1, True), (1, False)])
def test_an_event_more_than_366_days_after_the_rest_asks_for_as_of(gap: int, is_asked: bool) -> None:
    log = read_events([at(0), at(5), at(5 + gap), at(5 + gap)])
    if is_asked:
        with pytest.raises(EvaluationError, match=r"rows row [34](.|\n)*as_of"):
            log.as_of()
    else:
        assert log.as_of()[0] == log.times[-1]


def test_one_event_and_no_event() -> None:
    us, how = read_events([at(0)]).as_of()
    assert (us, how) == (1_772_442_000_000_000, "the last event (a)")
    with pytest.raises(EvaluationError, match="as_of"):
        read_events([]).as_of()


# Attributes -------------------------------------------------------------------------------------------------


def test_attributes_of_cases_are_fields_under_their_prefix() -> None:
    log = read_events([at(0, customer_id="C-1"), at(1, customer_id="C-2"), at(2)])
    people = [
        {"customer_id": "C-1", "first_name": "Ann", "age": None},
        {"customer_id": "C-3", "first_name": "Eve"},
    ]
    joined = log.with_fields(people, on="customer_id")
    assert [dict(event.fields) for event in joined.events] == [
        {"customer_id": "C-1", "customer.first_name": "Ann"},
        {"customer_id": "C-2"},
        {},
    ]
    assert joined.notes[-1] == "1 of 3 events have a `customer_id` without attributes, such as `C-2`."
    assert "customer.first_name" not in log.fields


def test_attributes_by_another_name_prefix_and_type_of_key(tmp_path) -> None:
    (tmp_path / "people.csv").write_text("no;name\n17;Ann\n17;Ann\n;Eve\n")
    log = read_events([at(0, customer=17)])
    joined = log.with_fields(tmp_path / "people.csv", on="customer", key="no", prefix="who")
    assert joined.events[0].fields["who.name"] == "Ann"
    assert "name" in log.with_fields(tmp_path / "people.csv", on="customer", key="no", prefix="").fields


@pytest.mark.parametrize(
    ("attributes", "options", "says"),
    [
        ([{"customer_id": 1, "x": 1}, {"customer_id": 1, "x": 2}], {"on": "customer_id"}, "SV328"),
        ([{"customer_id": 1}], {"on": "customer"}, "SV303(.|\n)*`customer_id`"),
        ([{"customerid": 1}], {"on": "customer_id"}, "SV303(.|\n)*`customerid`"),
        ([{"customer_id": 1, "x": 2}], {"on": "customer_id", "prefix": ""}, "SV311"),
    ],
    ids=["two rows of one key", "an unknown field", "an unknown column", "a name that is taken"],
)
def test_attributes_that_do_not_join(
    attributes: list[dict[str, object]], options: dict[str, str], says: str
) -> None:
    with pytest.raises(EventsError, match=says):
        read_events([at(0, customer_id=1, x=1)]).with_fields(attributes, **options)


# The object -------------------------------------------------------------------------------------------------


def test_a_log_survives_pickle_and_threads() -> None:
    log = read_events([at(n, t=n % 3) for n in range(50)])
    again = pickle.loads(pickle.dumps(log))  # noqa: S301
    assert again.to_rows() == log.to_rows() == copy.deepcopy(log).to_rows()
    with ThreadPoolExecutor(4) as pool:
        counts = set(pool.map(lambda _: tuple(len(rows) for _, rows in log.cases("t")), range(8)))
    assert counts == {(17, 17, 16)}
    with pytest.raises(AttributeError):
        log.kinds = []


def test_events_behave_like_a_sequence() -> None:
    log = read_events([at(n, n=n) for n in range(5)])
    assert len(log.events) == 5
    assert log.events[-1].fields["n"] == 4
    assert [event.fields["n"] for event in log.events[1:3]] == [1, 2]
    with pytest.raises(IndexError):
        log.events[5]
    assert log.times.dtype == np.int64


def test_a_log_says_what_it_holds() -> None:
    log = read_events([at(0, **{"<b>": 1}), {"time": "soon", "event": "a"}])
    assert repr(log) == (
        "<Log: 1 events, 1 kinds, 1 fields, 2026-03-02T09:00:00Z to 2026-03-02T09:00:00Z, 1 in quarantine>"
    )
    assert "&lt;b&gt;" in log._repr_html_()
    assert str(log.quarantine[0]) == "rows row 2  SV321  `soon` cannot be read as an ISO time."


def test_a_notebook_shows_how_many_of_each_kind_and_what_could_not_be_used() -> None:
    rows = [{"time": f"2026-01-0{day}T00:00Z", "event": kind} for day, kind in enumerate("aab", start=1)]
    shown = read_events([*rows, {"time": "<b>\u202esoon", "event": "a"}])._repr_html_()
    counted = re.findall(r"<td[^>]*>(\d+)</td><td[^>]*>(\w+)</td>", shown)
    assert counted == [("2", "a"), ("1", "b")]
    assert "In quarantine: 1" in shown
    assert "rows row 4" in shown
    assert "<b>soon" not in shown
    assert "\u202e" not in shown
