"""A book is read in steps that grow as it does, and no more of what is wrong is looked for than is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import servstd
from servstd import book, models
from servstd.errors import MOST_PROBLEMS, Problem, StandardsError, closest
from servstd.files import document, parse_document, traps, yaml

BLOCKS = "".join(f"a{place}: >\n  some text\n  in two lines\n" for place in range(300))
TRAPS = {
    "tags": "a{}: !t x\n",
    "anchors of nothing": "a{}: &Co\n",
    "cut off by a comma": "a{}: {{b: 1, c d}}\n",
    "blocks of nothing": "a{}: >3\n",
}


def counted(patch: pytest.MonkeyPatch, owner: object, name: str) -> list[object]:
    """Return what grows by one with each call of a function."""
    calls: list[object] = []
    function = getattr(owner, name)
    patch.setattr(owner, name, lambda *args, **named: calls.append(name) or function(*args, **named))
    return calls


def test_the_lines_of_a_file_are_split_once(monkeypatch: pytest.MonkeyPatch) -> None:
    split = counted(monkeypatch, traps, "lines_of")
    assert len(parse_document(BLOCKS).data) == 300
    assert len(split) == 1


@pytest.mark.parametrize("line", TRAPS.values(), ids=TRAPS)
def test_reading_stops_after_a_hundred_problems(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    split, read = counted(monkeypatch, traps, "lines_of"), counted(monkeypatch, yaml._Reading, "_event")
    with pytest.raises(StandardsError) as caught:
        parse_document("".join(line.format(place) for place in range(5_000)))
    *told, more = caught.value.problems
    assert len(told) == MOST_PROBLEMS
    assert more.code == "SV164"
    assert len(split) == 1
    assert len(read) < 20 * MOST_PROBLEMS


def test_a_long_key_is_not_written_into_the_path_of_each_value(monkeypatch: pytest.MonkeyPatch) -> None:
    joined = counted(monkeypatch, document, "join_path")
    parse_document(f'{{"{"k" * 100_000}": [{", ".join(["[]"] * 1_000)}]}}', format="json")
    assert not joined


LONG_LINES = {
    "commas": "a: {b: 1, " + ", ".join(f"key {place}" for place in range(5_000)) + "}",
    "tags": "a: {" + ", ".join(f"k{place}: !t x" for place in range(5_000)) + "}",
    "a quote without its partner": "a: 'text " + "and text " * 5_000,
    "a colon in the text": "a: text: " + "and text " * 5_000,
}


@pytest.mark.parametrize("text", LONG_LINES.values(), ids=LONG_LINES)
def test_of_a_line_that_is_the_whole_file_only_a_part_is_shown(text: str) -> None:
    with pytest.raises(StandardsError) as caught:
        parse_document(text)
    assert all(len(problem.help) + len(problem.message) < 600 for problem in caught.value.problems)


def test_of_a_thousand_unknown_keys_a_hundred_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = counted(monkeypatch, models, "unknown_key")
    with pytest.raises(StandardsError) as caught:
        servstd.loads("standards: []\n" + "".join(f"a{place}: 1\n" for place in range(1_000)))
    assert [one.code for one in caught.value.problems] == ["SV102"] * MOST_PROBLEMS + ["SV164"]
    assert len(looked) <= MOST_PROBLEMS + 1


def test_of_a_thousand_unknown_calendars_a_hundred_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = counted(monkeypatch, book, "unknown_name")
    standard = "- {{id: s{}, kind: respond, case: c, start: a, stop: b, within: 1 hour, calendar: c{}}}\n"
    with pytest.raises(StandardsError):
        servstd.loads("standards:\n" + "".join(standard.format(place, place) for place in range(300)))
    assert len(looked) == MOST_PROBLEMS + 1


def test_problems_of_which_there_are_more_are_told_in_the_order_of_the_file() -> None:
    text = "standards:\n" + "- {id: a, kind: respond, case: c, start: a, stop: b, within: 5}\n" * 150
    with pytest.raises(StandardsError) as caught:
        servstd.loads(text)
    *told, more = caught.value.problems
    assert [one.where.split(":")[1] for one in told] == [str(line) for line in range(2, 102)]
    assert more.code == "SV164"


def test_the_first_problems_stay_the_first_where_one_error_holds_another() -> None:
    many = StandardsError(Problem("SV101", str(place)) for place in range(500))
    again = StandardsError(many.problems)
    assert again.problems == many.problems
    assert [one.message for one in again.problems[:2]] == ["0", "1"]
    assert len(again.problems) == MOST_PROBLEMS + 1


def test_the_closest_name_is_looked_for_among_a_thousand() -> None:
    taken: list[int] = []

    def names() -> Iterator[str]:
        for place in range(100_000):
            taken.append(place)
            yield f"name {place}"

    assert closest("name 7", names()) == "name 7"
    assert len(taken) <= 1_001


def test_a_very_long_name_has_no_closest_one() -> None:
    assert closest("a" * 101, ["a" * 100]) is None
