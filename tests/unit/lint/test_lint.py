"""What is kept, what is clean, what a file that does not load comes to."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import servstd
from servstd.loading import load_each

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted([*ROOT.glob("examples/published/*.yaml"), *ROOT.glob("examples/*/standards.yaml")])
LOGGED = [path for path in EXAMPLES if path.name == "standards.yaml"]
OFFICE = """
case: ticket_id
calendars: {office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:30"}}}
calendar: office
"""
CLOCK = "kind: respond, start: opened, stop: closed, within: 24 hours"


def codes(book):
    return [one.code for one in book.lint()]


@pytest.mark.parametrize(
    "path", EXAMPLES, ids=lambda path: path.stem if path.parent.name == "published" else path.parent.name
)
def test_the_books_of_the_examples_are_clean(path):
    assert [str(one) for one in servstd.load(path).lint()] == []


@pytest.mark.parametrize("path", LOGGED, ids=lambda path: path.parent.name)
def test_the_examples_are_clean_beside_their_logs(path):
    book = servstd.load(path)
    (data,) = path.parent.glob("log.*")
    assert [str(one) for one in book.lint(servstd.read_events(data, options=book.events))] == []


def test_a_standard_keeps_its_own_finding_and_no_other_ones():
    book = servstd.loads(
        f"{OFFICE}standards:\n"
        f"- {{id: a, {CLOCK}, accepted: {{SV500: the source counts opening hours}}}}\n"
        f"- {{id: b, {CLOCK}, applies_to: {{plan: gold}}}}\n"
    )
    assert [(one.code, one.standard) for one in book.lint()] == [("SV500", "b")]


def test_a_book_keeps_a_finding_for_all_of_its_standards():
    kept = "accepted: {SV500: the source counts opening hours}"
    book = servstd.loads(
        f"{OFFICE}{kept}\nstandards:\n- {{id: a, {CLOCK}}}\n- {{id: b, {CLOCK}, warn_at: [80%]}}\n"
    )
    assert codes(book) == []


def test_what_needs_a_log_is_not_called_unused_without_one():
    accepted = "accepted: {SV562: the vendor's spelling}"
    book = servstd.loads(
        f"{OFFICE}standards:\n- {{id: a, kind: respond, start: s, stop: t, within: 1 hour, {accepted}}}\n"
    )
    assert codes(book) == []
    log = servstd.read_events([{"time": "2026-03-02T09:00Z", "event": "s", "ticket_id": "1"}])
    assert "SV579" in [one.code for one in book.lint(log)]


@pytest.mark.parametrize(
    ("accepted", "code", "near"),
    [
        pytest.param("{SV505x: because}", "SV580", "SV500", id="no code at all"),
        pytest.param("{SV500: the source says so, in a note}", "SV178", "text", id="a comma in the reason"),
        pytest.param("{SV500: }", "SV581", "say why", id="nothing at all"),
        pytest.param("{SV599: because}", "SV580", "SV5", id="a code that no sort has"),
        pytest.param('{SV500: ""}', "SV581", "say why", id="no reason"),
        pytest.param('{SV500: "--"}', "SV581", "say why", id="no word in the reason"),
    ],
)
@pytest.mark.parametrize("where", ["book", "standard"])
def test_an_acceptance_needs_a_code_and_a_reason(accepted, code, near, where):
    inner = f", accepted: {accepted}" if where == "standard" else ""
    outer = f"accepted: {accepted}\n" if where == "book" else ""
    with pytest.raises(servstd.StandardsError) as caught:
        servstd.loads(f"{OFFICE}{outer}standards:\n- {{id: a, {CLOCK}{inner}}}\n")
    (problem,) = caught.value.problems
    assert problem.code == code
    assert near in f"{problem.message} {problem.help}"
    assert problem.where.startswith("<text>:")


def test_acceptances_survive_being_written():
    book = servstd.loads(
        f"{OFFICE}standards:\n- {{id: a, {CLOCK}, accepted: {{SV500: the source says so}}}}\n"
    )
    assert servstd.loads(book.to_yaml()) == book
    assert servstd.loads(book.to_yaml())["a"].accepted == {"SV500": "the source says so"}


def test_a_book_made_in_python_has_paths_and_no_places():
    clock = servstd.Respond(
        id="a", case="c", start="s", stop="t", within="30 minutes", warn_at=["60 minutes before"]
    )
    (found,) = servstd.Book(standards=[clock]).lint()
    assert (found.path, found.where) == ("standards[0].warn_at[0]", "")


def test_findings_travel_and_compare():
    book = servstd.loads(f"{OFFICE}standards:\n- {{id: a, {CLOCK}}}\n")
    assert pickle.loads(pickle.dumps(book.lint())) == book.lint()  # noqa: S301 - our own bytes
    sent = pickle.loads(pickle.dumps(book))  # noqa: S301 - our own bytes
    assert [one.path for one in sent.lint()] == [one.path for one in book.lint()]


def test_a_finding_stands_in_the_reading_that_holds():
    book = servstd.loads(
        f"{OFFICE}standards:\n- id: a\n  kind: respond\n  start: opened\n  stop: closed\n  within: 8 hours\n  readings:\n"
        "    short: {within: 8 hours}\n    long: {within: 48 hours}\n  reading: long\n"
    )
    (found,) = book.lint()
    assert (found.code, found.path) == ("SV500", "standards[0].readings.long.within")
    assert found.where == "<text>:13:12"


def test_what_is_written_in_place_in_a_bundle_is_looked_at_as_well():
    member = f"{{id: a, {CLOCK}, calendar: office}}"
    book = servstd.loads(f"{OFFICE}standards:\n- {{id: both, kind: bundle, of: [{member}]}}\n")
    assert [(one.code, one.path) for one in book.lint()] == [("SV500", "standards[0].of[0].within")]


def test_a_segment_that_the_book_names_is_no_field_that_the_log_lacks():
    book = servstd.loads(
        "case: ticket_id\ntimezone: UTC\nsegments: {size: {large: {seats: {ge: 100}}, small: any}}\nstandards:\n"
        "- {id: a, kind: respond, applies_to: {size: large}, start: s, stop: t, within: 1 hour}\n"
    )
    rows = [
        {"time": f"2026-03-02T0{hour}:00Z", "event": name, "ticket_id": "1", "seats": 200}
        for hour, name in ((8, "s"), (9, "t"))
    ]
    assert [str(one) for one in book.lint(servstd.read_events(rows))] == []


@pytest.fixture
def folder(tmp_path):
    """Return a function that writes books and returns their folder."""

    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


CALENDARS = 'calendars: {office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:30"}}}\n'
USER = f"case: c\nstandards: [{{id: a, {CLOCK}, calendar: office}}]\n"


def test_a_folder_whose_files_make_one_book_is_one(folder):
    (book,) = load_each(folder(calendars=CALENDARS, standards=USER))
    assert codes(book) == ["SV500"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(
            "case: other\nstandards: [{id: b, kind: respond, start: s, stop: t, within: 1 hour}]\n",
            id="two cases",
        ),
        pytest.param(
            "case: c\nstandards: [{id: a, kind: respond, start: s, stop: t, within: 1 hour}]\n",
            id="one id twice",
        ),
    ],
)
def test_files_that_contradict_each_other_are_books_of_their_own(folder, other):
    first, second = load_each(folder(one=CALENDARS + USER, two=other))
    assert (codes(first), codes(second)) == (["SV500"], [])


def test_a_file_that_does_not_load_leaves_the_others(folder):
    other = "case: other\nstandards: [{id: b, kind: respond, start: s, stop: t, within: 1 hour}]\n"
    found = load_each(folder(bad="standards: [", one=CALENDARS + USER, two=other))
    assert [type(one).__name__ for one in found] == ["StandardsError", "Book", "Book"]
