"""Loading a book: every problem at once, placed, with its remedy; folders; round trips."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import servstd
from servstd.errors import Problem, StandardsError
from servstd.loading import load, load_each, loads

GOOD = """\
servstd: 1
case: ticket_id
calendars:
  office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:30"}}
standards:
  - id: first-reply
    kind: respond
    title: Respond to every customer inquiry within 60 minutes
    start: inquiry.received
    stop: {event: reply.sent, where: {by: human, minutes: {ge: 1.50}, code: "22:30"}}
    within: 60 minutes
    calendar: office
    recurs: each
    objective: 95% a month
"""

SIX = """\
- {id: rings, title: Answer the phone within 3 rings, kind: respond, case: call_id, start: call.ringing, stop: call.answered, within: 3 call.ring}
- {id: first-name, title: Greet each customer by their first name, kind: check, case: call_id, event: greeting, expect: {text: {mentions: $customer.first_name}}, missing_by: call.ended}
- {id: reply-60, title: Respond to every customer inquiry within 60 minutes, kind: respond, case: ticket_id, start: inquiry.received, stop: reply.sent, within: 60 minutes, recurs: each}
- {id: new-queue, title: Open a new queue if more than 3 customers are waiting, kind: gauge, case: site_id,
   level: {plus: customer.joined, minus: [customer.served, customer.left]}, above: 3, then: queue.opened, within: 2 minutes}
- {id: belts, title: Check each passenger has their seat belt fastened, kind: check, case: flight_id, event: cabin.checked, for_each: passengers, expect: {belt: fastened}}
- {id: resolve-4h, title: Resolve a client problem within 4 hours, kind: respond, case: ticket_id, start: problem.opened, stop: problem.resolved, within: 4 hours,
   calendar: office, pause_while: {status: waiting_on_customer}}
"""
OFFICE = 'calendars: {office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:30"}}}\n'


def problems_of(text: str, **more: Any) -> list[Problem]:
    with pytest.raises(StandardsError) as caught:
        loads(text, **more)
    return list(caught.value.problems)


def edited(before: str, after: str) -> str:
    assert before in GOOD
    return GOOD.replace(before, after)


def test_the_six_sentences_load_as_written() -> None:
    book = loads(f"{OFFICE}standards:\n{SIX}")
    assert [standard.id for standard in book.standards] == [
        "rings",
        "first-name",
        "reply-60",
        "new-queue",
        "belts",
        "resolve-4h",
    ]


@pytest.mark.parametrize("text", [GOOD, f"{OFFICE}standards:\n{SIX}"], ids=["a book", "the six sentences"])
def test_a_book_survives_the_round_trip(text: str) -> None:
    book = loads(text)
    again = loads(book.to_yaml())
    assert again == book
    assert again.to_yaml() == book.to_yaml()


def test_the_round_trip_keeps_the_spelling() -> None:
    written = loads(GOOD).to_yaml()
    for spelling in (
        "within: 60 minutes",
        "objective: 95% a month",
        "ge: 1.50",
        'code: "22:30"',
        "by: human",
    ):
        assert spelling in written


def test_json_and_toml_give_the_same_book() -> None:
    book = loads(GOOD)
    data = {
        "servstd": 1, "case": "ticket_id",
        "calendars": {"office": {"timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:30"}}},
        "standards": [{
            "id": "first-reply", "kind": "respond", "title": "Respond to every customer inquiry within 60 minutes",
            "start": "inquiry.received",
            "stop": {"event": "reply.sent", "where": {"by": "human", "minutes": {"ge": 1.5}, "code": "22:30"}},
            "within": "60 minutes", "calendar": "office", "recurs": "each", "objective": "95% a month",
        }],
    }  # fmt: skip
    toml = """
servstd = 1
case = "ticket_id"
[calendars.office]
timezone = "Europe/London"
hours = {mon-fri = "09:00-17:30"}
[[standards]]
id = "first-reply"
kind = "respond"
title = "Respond to every customer inquiry within 60 minutes"
start = "inquiry.received"
stop = {event = "reply.sent", where = {by = "human", minutes = {ge = 1.50}, code = "22:30"}}
within = "60 minutes"
calendar = "office"
recurs = "each"
objective = "95% a month"
"""
    assert loads(toml, format="toml") == book
    assert loads(json.dumps(data).replace("1.5}", "1.50}"), format="json") == book


@pytest.mark.parametrize(
    ("before", "after", "code", "where", "path", "part"),
    [
        pytest.param("kind: respond", "kind: respnd", "SV160", "7:5", "standards[0].kind", "write `respond`", id="a misspelt kind"),
        pytest.param("    kind: respond\n", "", "SV104", "6:5", "standards[0]", "`kind` is missing", id="no kind"),
        pytest.param("    start:", "    strt:", "SV102", "9:5", "standards[0].strt", "write `start`", id="a misspelt key"),
        pytest.param("    start: inquiry.received\n", "", "SV104", "6:5", "standards[0].start", "`start` is missing", id="a key left out"),
        pytest.param("calendars:", "calendrs:", "SV102", "3:1", "calendrs", "write `calendars`", id="a misspelt key of the book"),
        pytest.param("calendar: office", "calendar: ofice", "SV103", "12:5", "standards[0].calendar", "write `office`", id="an unknown calendar"),
        pytest.param("60 minutes\n    c", "60\n    c", "SV120", "11:5", "standards[0].within", "without a unit", id="a bare number"),
        pytest.param("60 minutes\n    c", "60 minuts\n    c", "SV122", "11:5", "standards[0].within", "minutes", id="an unknown unit"),
        pytest.param("ge: 1.50", "gte: 1.50", "SV141", "10:60", "standards[0].stop.where.minutes.gte", "write `ge`", id="an unknown operator"),
        pytest.param("id: first-reply", "id: 5", "SV101", "6:5", "standards[0].id", 'write `"5"`', id="a number as id"),
        pytest.param("recurs: each", "recurs: eech", "SV161", "13:5", "standards[0].recurs", "write `each`", id="an unknown choice"),
        pytest.param("servstd: 1", "servstd: 2", "SV161", "1:1", "servstd", "`1`", id="an unknown version"),
        pytest.param("95% a month", "120% a month", "SV153", "14:5", "standards[0].objective.share", "100%", id="a percentage over 100"),
        pytest.param("95% a month", "95%", "SV151", "14:5", None, "window", id="an objective without a window"),
        pytest.param("within: 60 minutes", "within: {count: -1, of: call.ring}", "SV123", "11:5", "standards[0].within", "count of events", id="a limit of less than nothing"),
    ],
)  # fmt: skip
def test_each_slip_is_placed_and_mended(  # noqa: PLR0917 - a row of the table
    before: str, after: str, code: str, where: str, path: str | None, part: str
) -> None:
    found = problems_of(edited(before, after), name="b.yaml")
    problem = next(one for one in found if one.code == code)
    assert problem.where == f"b.yaml:{where}"
    assert path is None or problem.path == path
    assert part in f"{problem.message} {problem.help}"


MANY = """\
servstd: 1
calendrs: {}
calendars:
  office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:30"}}
case: ticket_id
standards:
  - id: a
    kind: respnd
    calendar: ofice
  - id: b
    kind: respond
    strt: x
    stop: y
    within: 60
    calendar: officee
    applies_to: {minutes: {gte: 5}, by: {in: []}}
  - id: c
    kind: respond
    start: x
    stop: y
    within: 1 hour
    calendar: offfice
"""


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    found = problems_of(MANY, name="b.yaml")
    assert [(one.where, one.code, one.path) for one in found] == [
        ("b.yaml:2:1", "SV102", "calendrs"),
        ("b.yaml:8:5", "SV160", "standards[0].kind"),
        ("b.yaml:9:5", "SV103", "standards[0].calendar"),
        ("b.yaml:12:5", "SV102", "standards[1].strt"),
        ("b.yaml:14:5", "SV120", "standards[1].within"),
        ("b.yaml:15:5", "SV103", "standards[1].calendar"),
        ("b.yaml:16:28", "SV141", "standards[1].applies_to.minutes.gte"),
        ("b.yaml:16:42", "SV142", "standards[1].applies_to.by.in"),
        ("b.yaml:22:5", "SV103", "standards[2].calendar"),
    ]


def test_the_error_reads_as_the_design_shows_it() -> None:
    text = edited("office:", "office-eu:").replace("calendar: office\n", "calendar: ofice-eu\n")
    (problem,) = problems_of(text, name="standards/support.yaml")
    assert str(problem) == (
        "standards/support.yaml:12:5  SV103  standards[0].calendar\n"
        "  unknown calendar `ofice-eu`. Known here: `office-eu`, `always`.\n"
        "  help: write `office-eu`."
    )


def keys_of(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every key in plain data."""
    found: list[tuple[Any, ...]] = []
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        found += [(*path, key)] if isinstance(key, str) else []
        found += keys_of(value, (*path, key))
    return found


def plain() -> Any:
    import yaml

    class Text(yaml.SafeLoader):
        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own name

    data = yaml.load(GOOD, Text)  # noqa: S506 - our own text
    return data | {"servstd": 1}


WRONG = [5, True, None, "", "¿", [], {}, [[]], {"x": {"y": {}}}, -1, ["a", 5], {"": 1}]
FREE = {"customer", "by", "code", "minutes", "title"}  # any value may stand here


@pytest.mark.parametrize("path", keys_of(plain()), ids=lambda path: ".".join(map(str, path)))
def test_a_wrong_value_anywhere_is_a_placed_problem_or_has_a_meaning(path: tuple[Any, ...]) -> None:
    for wrong in WRONG:
        data = plain()
        inner = data
        for part in path[:-1]:
            inner = inner[part]
        inner[path[-1]] = wrong
        try:
            loads(json.dumps(data), format="json", name="b.json")
        except StandardsError as failure:
            for problem in failure.problems:
                assert problem.where.startswith("b.json:1:")
                assert problem.code.startswith("SV")
                assert problem.message


@pytest.mark.parametrize(
    "path",
    [
        p
        for p in keys_of(plain())
        if not FREE & {p[-1]}
        and p[:-1] not in (("calendars",), ("standards", 0, "stop"))
        and "hours" not in p[:-1]
    ],
    ids=lambda path: ".".join(map(str, path)),
)
def test_a_misspelt_key_anywhere_is_refused(path: tuple[Any, ...]) -> None:
    data = plain()
    inner = data
    for part in path[:-1]:
        inner = inner[part]
    name = path[-1]
    inner[name + "x"] = inner.pop(name)
    with pytest.raises(StandardsError) as caught:
        loads(json.dumps(data), format="json")
    assert any(
        problem.path.endswith(name + "x") and f"`{name}`" in str(problem) for problem in caught.value.problems
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("- id: a\n", "put `standards:` above the list"),
        ("5", "a mapping, not `5`"),
        ("just words", "a mapping"),
        ("---\n", "a mapping"),
    ],
)
def test_what_is_no_mapping_is_no_book(text: str, part: str) -> None:
    (problem,) = problems_of(text)
    assert problem.code == "SV179"
    assert part in str(problem)


def test_the_faults_of_the_file_come_before_those_of_the_book() -> None:
    assert [problem.code for problem in problems_of("  standards: 1\n case: 2\n")] == ["SV171"]
    assert [problem.code for problem in problems_of("[" * 10_000)] == ["SV176"]


# Several files -----------------------------------------------------------------------------------------------


def written(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


REPLY = "standards: [{id: reply, kind: respond, start: a, stop: b, within: 1 hour, calendar: office}]\n"
CLOSE = '{"case": "ticket_id", "standards": [{"id": "close", "kind": "respond", "start": "a", "stop": "c", "within": "1 day", "calendar": "office"}]}'


def test_a_folder_is_one_book(tmp_path: Path) -> None:
    written(tmp_path, a_yaml=REPLY, b_json=CLOSE, sub__calendars_yaml=OFFICE, notes_txt="not: [a book")
    book = load(tmp_path)
    assert [standard.id for standard in book.standards] == ["reply", "close"]
    assert book == load(tmp_path / "a.yaml", tmp_path / "b.json", tmp_path / "sub")
    assert book == load([tmp_path / "a.yaml", str(tmp_path / "b.json")], tmp_path / "sub")


def test_problems_name_the_file_in_which_they_stand(tmp_path: Path) -> None:
    written(tmp_path, a_yaml=REPLY + OFFICE, b_json=CLOSE.replace("1 day", "1"))
    with pytest.raises(StandardsError) as caught:
        load(tmp_path)
    (problem,) = caught.value.problems
    assert problem.where.startswith(f"{(tmp_path / 'b.json').as_posix()}:1:")
    assert problem.code == "SV120"


def test_two_files_that_say_different_things_are_refused(tmp_path: Path) -> None:
    other = OFFICE.replace("London", "Paris")
    written(tmp_path, a_yaml=f"case: x\n{OFFICE}", b_yaml=f"case: y\n{other}", c_yaml=f"case: x\n{OFFICE}")
    with pytest.raises(StandardsError) as caught:
        load(tmp_path)
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [
        ("SV163", "case"),
        ("SV163", "calendars.office"),
    ]


def test_every_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    written(tmp_path, a_yaml="a: [", b_json="{", c_toml="=")
    with pytest.raises(StandardsError) as caught:
        load(tmp_path)
    assert [Path(problem.where.split(":")[0]).name for problem in caught.value.problems] == [
        "a.yaml",
        "b.json",
        "c.toml",
    ]


def a_link(folder: Path) -> None:
    (folder / "other.yaml").symlink_to(folder.parent / "secret.yaml")


def a_link_that_leads_nowhere(folder: Path) -> None:
    (folder / "other.yaml").symlink_to(folder / "gone.yaml")


def a_linked_folder(folder: Path) -> None:
    (folder / "more").symlink_to(folder.parent)


def a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "other.yaml")


@pytest.mark.parametrize("put", [a_link, a_link_that_leads_nowhere, a_linked_folder, a_pipe])
def test_a_folder_is_not_left_by_links(tmp_path: Path, put: Callable[[Path], None]) -> None:
    (tmp_path / "secret.yaml").write_text("password: hunter2")
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "book.yaml").write_text("standards: []")
    put(folder)
    for read in (load, load_each):
        with pytest.raises(StandardsError) as told:
            read(folder)
        (problem,) = told.value.problems
        assert problem.code == "SV165"
        assert problem.where.startswith(folder.as_posix())
        assert "hunter2" not in str(told.value)
    linked = tmp_path / "linked"
    linked.symlink_to(folder / "book.yaml")
    assert not load(linked).standards  # a link that is named is meant


@pytest.mark.parametrize("source", ["", [""], ["", "x.yaml"]])
def test_an_empty_name_is_not_the_folder_at_hand(source: Any) -> None:
    with pytest.raises(StandardsError, match=r"SV170(.|\n)*no file is named"):
        load(source)


@pytest.mark.parametrize("make", [lambda folder: folder / "none.yaml", lambda folder: folder])
def test_nothing_to_load_is_said(tmp_path: Path, make: Any) -> None:
    with pytest.raises(StandardsError, match="SV170"):
        load(make(tmp_path))


def test_load_without_a_source_is_said() -> None:
    with pytest.raises(StandardsError, match="SV170"):
        load()


def test_load_and_loads_are_public(tmp_path: Path) -> None:
    written(tmp_path, a_yaml=GOOD)
    assert servstd.load(tmp_path / "a.yaml") == servstd.loads(GOOD)
