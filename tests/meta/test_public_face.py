"""The public face: what `servstd` promises by name."""

from __future__ import annotations

import inspect
import re
import tomllib
from importlib import import_module
from importlib.metadata import version

import pytest
from meta.project import ROOT, module_names

import servstd

ROOMS_WITH_A_FACE = sorted(
    name for name in module_names() if name.count(".") == 1 and "__all__" in vars(import_module(name))
)


def test_all_is_sorted_and_without_doubles():
    assert servstd.__all__ == sorted(
        set(servstd.__all__), key=lambda name: (not name.isupper(), name.islower(), name)
    )


@pytest.mark.parametrize("name", servstd.__all__)
def test_every_public_name_is_there_and_explained(name):
    value = getattr(servstd, name)
    if inspect.isclass(value) or inspect.isroutine(value):
        first = (inspect.getdoc(value) or "").splitlines()[0]
        assert first.endswith("."), f"{name}: the docstring's first line is no sentence: {first!r}"


@pytest.mark.parametrize(
    "name", [name for name in servstd.__all__ if inspect.isroutine(getattr(servstd, name))]
)
def test_every_public_function_shows_an_example(name):
    assert ">>>" in (getattr(servstd, name).__doc__ or "")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="Calender"):
        servstd.Calender  # noqa: B018


def test_dir_shows_the_public_names():
    assert set(servstd.__all__) <= set(dir(servstd))


def test_type_checkers_see_what_the_interpreter_loads():
    """The lazy table and the `TYPE_CHECKING` imports must name the same things."""
    text = (ROOT / "src" / "servstd" / "__init__.py").read_text()
    typed = text.partition("if TYPE_CHECKING:")[2].partition("\n\n")[0]
    names = set(re.findall(r"\b\w+\b", re.sub(r"from [\w.]+ import", "", typed)))
    assert names == set(servstd.__all__)


@pytest.mark.parametrize("room", ROOMS_WITH_A_FACE)
def test_every_name_a_room_exports_is_there(room):
    module = import_module(room)
    missing = [name for name in module.__all__ if not hasattr(module, name)]
    assert missing == []


def test_there_is_one_version():
    written = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert servstd.__version__ == version("servstd")
    assert written.get("version", servstd.__version__) == servstd.__version__
    assert f"## [{servstd.__version__}]" in (ROOT / "CHANGELOG.md").read_text() or (
        "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()
    )
