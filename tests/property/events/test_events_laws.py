"""The laws of reading: order does not count, nothing is lost, and what is written is read back."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from servstd.errors import ServstdError
from servstd.events import read_events
from servstd.events.strptime import parser_for
from servstd.expressions import ABSENT, Duration, look_up
from servstd.intervals import Instant

START = datetime(2026, 10, 24, 22, tzinfo=UTC)
FAST = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])

times = st.integers(0, 40).map(lambda hour: (START + timedelta(minutes=30 * hour)).isoformat())
bad_times = st.sampled_from(["", "?", "soon", "01/02/2026", "2026-10-25 01:30", "9999-12-31T00:00Z", None])
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), max_size=6)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.decimals(-5, 5, allow_nan=False, places=1),
    st.sampled_from(["a", "b", "?", "1"]),
    st.lists(st.sampled_from(["T-1", "T-2"]), max_size=3),
)
rows = st.fixed_dictionaries(
    {"time": st.one_of(times, times, bad_times), "event": st.sampled_from(["a", "b", "c", "", None])},
    optional={
        "id": st.sampled_from(["1", "2", "10", 3, ""]),
        "n": st.sampled_from(["1", 2, "", "x", 2.5]),
        "case": st.one_of(
            st.sampled_from(["T-1", "T-2", 3]), st.lists(st.sampled_from(["T-1", "T-2"]), max_size=2)
        ),
        "x": values,
    },
)
logs = st.lists(rows, max_size=14)
options = st.sampled_from(
    [
        {},
        {"id": "id"},
        {"sequence": "n"},
        {"id": "id", "sequence": "n"},
        {"id": "id", "timezone": "Europe/London"},
        {"nulls": "clear", "null_values": ("", "?", "b")},
        {"order": "file", "id": "id"},
    ]
)


def attempt(source: object, **given_options: object) -> object:
    """Return the log, or None when no row can be used."""
    try:
        return read_events(source, **{"time": "time", "event": "event", **given_options})
    except ServstdError:
        return None


def keyed(table: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return rows that all have every column, so that options may name any."""
    return [{"id": None, "n": None, "case": None, "x": None, **row} for row in table]


def said(log: object) -> list[str]:
    return [
        repr((key, [(row.index, row.time_us, row.kind, row.fields, row.sequence, row.id) for row in members]))
        for key, members in log.cases("case")
    ]


@FAST
@given(logs, options, st.randoms(use_true_random=False))
def test_shuffled_rows_are_the_same_log(table: list, chosen: dict, random: object) -> None:
    chosen = {name: value for name, value in chosen.items() if name != "order"}
    before = attempt(keyed(table), **chosen)
    shuffled = keyed(table)
    random.shuffle(shuffled)
    after = attempt(shuffled, **chosen)
    assert (before is None) == (after is None)
    if before is not None:
        assert said(after) == said(before)
        assert after.times.tolist() == before.times.tolist()
        assert [repr(event) for event in after.events] == [repr(event) for event in before.events]
        assert after.counts == before.counts
        assert after.without_case("case") == before.without_case("case")


@FAST
@given(logs, options)
def test_rows_in_are_events_quarantined_and_merged(table: list, chosen: dict) -> None:
    log = attempt([*keyed(table), {"time": START, "event": "z", "id": None, "n": None}, 7], **chosen)
    counts = log.counts
    assert counts.rows_in == len(table) + 2 == counts.events + counts.quarantined + counts.merged
    assert counts.rows_in == counts.rows_used + counts.rows_quarantined + counts.rows_merged
    assert (counts.events, counts.quarantined) == (len(log), len(log.quarantine))
    # every row has its one place: no row is both used and in quarantine, and none is in neither unless merged
    used = {int(row) for row in log.rows}
    refused = {row.row for row in log.quarantine}
    assert not used & refused
    assert len(used) + len(refused) + counts.merged == counts.rows_in


@FAST
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "o": st.one_of(times, bad_times),
                "c": st.one_of(times, bad_times),
                "s": st.sampled_from(["", "5", "x"]),
            }
        ),
        max_size=10,
    ),
    st.booleans(),
)
def test_milestones_lose_nothing(table: list, has_id: bool) -> None:
    table = [{**row, "id": str(number % 4)} for number, row in enumerate(table)]
    table.append({"o": START.isoformat(), "c": "", "s": "", "id": "z"})
    spec = {"opened": "o", "closed": "c", "answered": {"after": "opened", "seconds": "s"}}
    log = read_events(table, milestones=spec, id="id" if has_id else None)
    counts = log.counts
    filled = sum(row[name] not in {"", "?", None} for row in table for name in "ocs")
    empty = sum(all(row[name] in {"", "?", None} for name in "ocs") for row in table)
    assert counts.found == filled + empty == counts.events + counts.quarantined + counts.merged
    assert counts.rows_in == len(table) == counts.rows_used + counts.rows_quarantined + counts.rows_merged


plain = st.lists(
    st.fixed_dictionaries(
        {"time": times, "event": st.sampled_from(["a", "b"]), "case": texts, "x": st.one_of(texts, st.none())}
    ),
    min_size=1,
    max_size=12,
)


@FAST
@given(plain)
@example([{"time": START.isoformat(), "event": "a", "case": "\x1f", "x": "\x1f\x1f"}])
def test_csv_json_and_frames_read_the_same_as_rows(table: list) -> None:
    import pyarrow as pa

    expected = [repr(event) for event in read_events(table).events]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    lines = "\n".join(json.dumps(row) for row in table)
    sources = {
        "csv": io.BytesIO(out.getvalue().encode()),
        "ndjson": io.BytesIO(lines.encode()),
        "json": io.StringIO(json.dumps({"events": table})),
        "arrow": pa.Table.from_pylist(table, schema=pa.schema([(name, pa.string()) for name in table[0]])),
    }
    for name, source in sources.items():
        form = name if name != "arrow" else None
        assert [repr(event) for event in read_events(source, format=form).events] == expected, name


@FAST
@given(logs)
def test_a_log_written_as_rows_is_read_back(table: list) -> None:
    good = {"time": START, "event": "z", "id": "z", "n": 1, "case": None, "x": None}
    log = attempt([*keyed(table), good], id="id", sequence="n")
    again = read_events(log.to_rows(), id="event_id", sequence="event_sequence", null_values=())
    assert [(e.kind, e.time, e.id, e.sequence) for e in again.events] == [
        (e.kind, e.time, e.id, e.sequence) for e in log.events
    ]
    for new, old in zip(again.events, log.events, strict=True):
        assert {name: value for name, value in new.fields.items() if name != "event_id"} == dict(old.fields)


FORMATS = ["%d/%m/%Y %H:%M", "%m/%d/%y %I:%M %p", "%Y%m%d%H%M%S", "%d %b %Y %H:%M:%S.%f", "%B %d, %Y %I:%M:%S %p",
           "%Y-%j %H:%M", "%A %d.%m.%Y", "%d/%m/%Y %H:%M:%S %z", "%b%d%Y"]  # fmt: skip


@FAST
@given(st.sampled_from(FORMATS), st.datetimes(datetime(1970, 1, 1), datetime(2068, 1, 1)), st.integers(0, 4))  # noqa: DTZ001
def test_formats_read_as_strptime_does(form: str, at: datetime, spoil: int) -> None:
    text = at.replace(tzinfo=UTC).strftime(form)
    if spoil == 1:
        text = text.replace("0", "", 1)
    elif spoil == 2:
        text = text.upper()
    elif spoil == 3:
        text = text[:-1]
    try:
        expected = datetime.strptime(text, form)  # noqa: DTZ007
    except ValueError:
        with pytest.raises(ValueError, match=r".*"):
            parser_for(form)(text)
    else:
        assert parser_for(form)(text) == expected


@FAST
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))),
       st.sampled_from([None, "csv", "json", "ndjson", "xes", "parquet", "arrow"]))  # fmt: skip
def test_any_bytes_give_a_log_or_our_own_error(data: bytes, form: str | None) -> None:
    try:
        log = read_events(io.BytesIO(data), format=form)
    except ServstdError:
        return
    assert log.counts.rows_in == log.counts.events + log.counts.quarantined + log.counts.merged


cells = st.text(st.sampled_from(list('a,;"\n\r\0 1é')), max_size=12)


@FAST
@given(st.lists(cells, max_size=8))
def test_any_text_after_a_good_header_is_counted(lines: list[str]) -> None:
    data = "time,event,case\n" + "".join(f"{line}\n" for line in lines)
    try:
        log = read_events(io.StringIO(data, newline=""))
    except ServstdError as fault:
        assert all(problem.code.startswith("SV3") for problem in fault.problems)  # noqa: PT017
        return
    assert log.counts.rows_in == log.counts.quarantined + log.counts.events
    assert log.counts.events == 0


@FAST
@given(
    st.lists(cells, max_size=6).map("\n".join),
    st.sampled_from([None, ["time"], ["time", "event"], ["a", "time", "event", ""], ["1", "a"]]),
    st.integers(0, 4),
    st.sampled_from(".,"),
    st.sampled_from([None, ",", ";", "1", " "]),
)
def test_any_text_with_any_header_is_counted(
    text: str, header: list | None, skip: int, decimal: str, separator: str | None
) -> None:
    good = "2026-03-02T09:00Z,a,x,y\n"
    for data in (text, text + "\n" + good, good + text, "time,event,case\n" + text):
        try:
            log = read_events(io.StringIO(data, newline=""), format="csv", header=header, skip=skip,
                              decimal=decimal, separator=separator)  # fmt: skip
        except ServstdError as fault:
            assert all(problem.code.startswith("SV3") for problem in fault.problems)  # noqa: PT017
            continue
        assert log.counts.rows_in == log.counts.quarantined + log.counts.events


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@FAST
@given(st.lists(json_values, max_size=5))
def test_any_json_gives_a_log_or_our_own_error(items: list) -> None:
    good = {"time": "2026-01-01T00:00Z", "event": "a"}
    log = read_events(io.StringIO(json.dumps([*items, good])), time="time", event="event")
    assert log.counts.rows_in == len(items) + 1 == log.counts.events + log.counts.quarantined
    for event in log.events:
        assert all(_is_carried(value) for value in event.fields.values())


def _is_carried(value: object) -> bool:
    if isinstance(value, list):
        return all(inner is None or _is_carried(inner) for inner in value)
    if isinstance(value, dict):
        return all(inner is None or _is_carried(inner) for inner in value.values())
    return isinstance(value, (str, int, Decimal, bool, Instant, Duration))


# Files as people write them ----------------------------------------------------------------------------------------

words = st.text(st.sampled_from("ab1 .-é"), max_size=5)
tables = st.lists(st.tuples(times, st.sampled_from(["a", "b"]), words, words), min_size=1, max_size=8)
COLUMNS = ["time", "event", "case", "x"]


def as_csv(table: list[tuple[str, ...]], separator: str = ",", *, cut: bool = False) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    for row in table:
        cells = list(row)
        while cut and len(cells) > 1 and not cells[-1].strip():
            cells.pop()
        writer.writerow(cells)
    return out.getvalue()


def events_of(text: str, **given_options: object) -> list[str]:
    return [
        repr(event)
        for event in read_events(io.StringIO(text, newline=""), format="csv", **given_options).events
    ]


@FAST
@given(tables, st.sampled_from(",;|\t"), st.booleans())
def test_a_file_without_its_header_is_the_same_log_with_the_names_given(
    table: list, separator: str, cut: bool
) -> None:
    text = as_csv(table, separator, cut=cut)
    expected = events_of(as_csv([COLUMNS, *table]))
    assert events_of(text, header=COLUMNS, separator=separator) == expected
    assert events_of(as_csv([COLUMNS], separator) + text, header=COLUMNS, separator=separator) == expected
    assert events_of(as_csv([COLUMNS], separator) + text, separator=separator) == expected


@FAST
@given(tables, st.lists(st.lists(words, max_size=6), max_size=5), st.booleans())
def test_titles_and_headers_in_between_change_nothing(table: list, titles: list, again: bool) -> None:
    above = as_csv(titles)
    middle = [*table[:1], *([COLUMNS] if again else []), *table[1:]]
    text = above + as_csv([COLUMNS, *middle])
    expected = events_of(as_csv([COLUMNS, *table]))
    assert events_of(text) == expected
    assert events_of(text, skip=above.count("\n")) == expected


numbers = st.decimals(-9999, 9999, allow_nan=False, places=2)


@FAST
@given(st.lists(st.tuples(times, numbers), min_size=1, max_size=8), st.sampled_from(";|\t"))
def test_a_decimal_comma_is_a_decimal_point(rows_: list, separator: str) -> None:
    points = [[*COLUMNS[:2], "n"], *((at, "a", str(number)) for at, number in rows_)]
    commas = [[cell.replace(".", ",") for cell in row] for row in points]
    assert events_of(as_csv(commas, separator), decimal=",") == events_of(as_csv(points))


@FAST
@given(tables, st.lists(st.sampled_from(["", " ", "  ", "\t"]), min_size=2, max_size=2))
def test_blanks_around_cells_and_names_change_nothing(table: list, around: list) -> None:
    left, right = around
    padded = [[f"{left}{cell}{right}" for cell in row] for row in [COLUMNS, *table]]
    for first, options in ((0, {}), (1, {"header": COLUMNS})):
        plain_rows = [COLUMNS, *table][first:]
        expected = events_of(as_csv(plain_rows, ";"), separator=";", **options)
        assert events_of(as_csv(padded[first:], ";"), separator=";", **options) == expected


objects = st.recursive(
    st.one_of(st.none(), st.integers(0, 3), st.sampled_from(["x", "", "?"])),
    lambda inner: st.dictionaries(st.sampled_from(["a", "b", "a.b", "b.a"]), inner, max_size=3),
    max_leaves=6,
)


@FAST
@given(
    st.lists(objects, min_size=1, max_size=5), st.sampled_from(["a", "a.b", "a.b.a", "b.a.b"]), st.booleans()
)
def test_a_name_means_in_a_column_what_it_means_in_each_row(items: list, name: str, clears: bool) -> None:
    given_rows = [
        {"time": f"2026-03-02T09:0{place}Z", "event": "e", **(item if isinstance(item, dict) else {})}
        for place, item in enumerate(items)
    ]
    log = read_events(given_rows, time="time", event="event", nulls="clear" if clears else "keep")
    column = log.column(name)
    spread = log.with_nested([name])
    for place, row in enumerate(spread.all_rows()):
        alone = look_up(log.row(place).fields, name)
        found = ABSENT if column is None or column[place] is None else column[place]
        assert found == alone
        assert row.fields.get(name, ABSENT) == alone
