"""Pydantic's faults as our problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, field_validator

from servstd.errors import Problem, StandardsError
from servstd.models import Model, path_parts, path_text, shown


class Cat(Model):
    kind: Literal["cat"] = "cat"
    lives: Annotated[int, Field(ge=1)] = 9


class Dog(Model):
    kind: Literal["dog"] = "dog"
    tricks: Sequence[str] = ()
    master: str | dict[str, int] | None = None

    @field_validator("master")
    @classmethod
    def _no_nobody(cls, master: Any) -> Any:
        if master == "nobody":
            raise StandardsError(Problem("SV199", "nobody is no master.", path="name"))
        return master


class Home(Model):
    pets: list[Annotated[Cat | Dog, Field(discriminator="kind")]]
    colour: Literal["red", "green"] = "red"
    city_name: Annotated[str, Field(alias="city")] = ""


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, [("SV104", "pets", "")]),
        ({"pets": 5}, [("SV101", "pets", "")]),
        ({"pets": [{"kind": "cta"}]}, [("SV160", "pets[0].kind", "write `cat`.")]),
        ({"pets": [{}]}, [("SV104", "pets[0]", "add `kind:`.")]),
        ({"pets": [{"kind": "dog", "trick": []}]}, [("SV102", "pets[0].trick", "write `tricks`.")]),
        ({"pets": [{"kind": "cat", "tricks": []}]}, [("SV102", "pets[0].tricks", "")]),
        ({"pets": [{"kind": "cat", "lives": 0}]}, [("SV162", "pets[0].lives", "")]),
        ({"pets": [{"kind": "dog", "master": 5}]}, [("SV101", "pets[0].master", "")]),
        ({"pets": [{"kind": "dog", "master": {"a": "x"}}]}, [("SV101", "pets[0].master.a", "")]),
        ({"pets": [{"kind": "dog", "master": "nobody"}]}, [("SV199", "pets[0].master.name", "")]),
        ({"pets": [], "colour": "gren"}, [("SV161", "colour", "write `green`.")]),
        ({"pets": [], "city": 5}, [("SV101", "city", 'for the text itself write `"5"`.')]),
        ({"pets": [], "ctiy": "x"}, [("SV102", "ctiy", "write `city`.")]),
        ({"pets": [{"kind": "cat", "lives": 0}, 5], "colour": 1}, [("SV162", "pets[0].lives", ""), ("SV101", "pets[1]", ""), ("SV161", "colour", "")]),
    ],
    ids=str,
)  # fmt: skip
def test_a_fault_has_its_code_path_and_remedy(data: Any, expected: list[tuple[str, str, str]]) -> None:
    with pytest.raises(StandardsError) as caught:
        Home(**data)
    found = caught.value.problems
    assert [(problem.code, problem.path) for problem in found] == [(code, path) for code, path, _ in expected]
    for problem, (_, _, help_) in zip(found, expected, strict=True):
        assert help_ in problem.help


def test_a_union_says_once_what_it_takes() -> None:
    with pytest.raises(StandardsError, match="expected text or a mapping, not `5`"):
        Dog(master=5)  # type: ignore[arg-type]


def test_a_key_that_is_only_misspelt_is_not_also_missing() -> None:
    with pytest.raises(StandardsError) as caught:
        Home(pest=[])  # type: ignore[call-arg]
    assert [problem.code for problem in caught.value.problems] == ["SV102"]


@pytest.mark.parametrize("path", ["standards[2].calendar", "a", "a.b[0][1].c", "[3].x"])
def test_paths_are_read_as_they_are_written(path: str) -> None:
    assert path_text(tuple(path_parts(path))) == path


def test_what_is_shown_is_short_whatever_it_is() -> None:
    deep: Any = 1
    for _ in range(10_000):
        deep = [deep]
    for value in (deep, "x" * 10_000, list(range(10_000)), {str(n): n for n in range(1000)}):
        assert len(shown(value)) < 200
