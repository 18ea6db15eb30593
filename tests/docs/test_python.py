"""Every Python example runs: the fenced blocks of the documents, and the doctests of every module."""

from __future__ import annotations

import doctest
import shutil
from importlib import import_module

import pytest
from docs.outputs import ROOT, documents, printed_by, python_blocks, reprinted
from meta.project import blocks, module_names

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
PAGES = [path for path in documents() if blocks(path.read_text(encoding="utf-8"), "python")]


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    """Run in a folder of its own that has the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_python_blocks_of_a_page_run(path, workshop):
    """The blocks of a page are one session: a later one may use the names of an earlier one.

    A text block right below a block shows what that prints.
    """
    names: dict[str, object] = {"__name__": "page"}
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for number, (block, shown) in enumerate(python_blocks(path.read_text(encoding="utf-8")), start=1):
        label = f"{path.name} block {number}"
        if ">>>" in block:
            test = doctest.DocTestParser().get_doctest(block, names, label, str(path), 0)
            runner.run(test, clear_globs=False)
            names = test.globs
            assert runner.failures == 0, f"{label}: see the captured output"
        else:
            printed = printed_by(block, label, names)
            assert shown is None or shown == printed, (
                f"{label}: run `python tests/docs/outputs.py`, read the diff"
            )


def test_every_python_block_is_found():
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        assert [one.code for one in python_blocks(text)] == blocks(text, "python")


def test_the_readme_shows_python():
    assert ROOT / "README.md" in PAGES


@pytest.mark.parametrize("module", module_names())
def test_the_doctests_of_a_module_hold(module, workshop):
    result = doctest.testmod(import_module(module), optionflags=FLAGS, report=True)
    assert result.failed == 0


def test_most_modules_have_doctests_and_none_is_left_out():
    finder = doctest.DocTestFinder(exclude_empty=True)
    count = sum(1 for name in module_names() for test in finder.find(import_module(name)) if test.examples)
    assert count > len(module_names()) / 2


def test_a_failing_doctest_would_be_noticed():
    test = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    assert doctest.DocTestRunner().run(test, out=lambda _: None).failed == 1


def test_a_block_that_prints_something_else_than_the_page_shows_is_noticed_and_written_anew():
    page = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    (block,) = python_blocks(page)
    assert block.shown != printed_by(block.code, "wrong", {})
    assert reprinted(page) == page.replace("3", "2")
