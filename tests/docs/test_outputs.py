"""What the documents say a command prints is what it prints, to the character."""

from __future__ import annotations

import shutil

import pytest
from docs.outputs import ROOT, documents, run, shown_in

BLOCKS = [
    pytest.param(block, id=f"{path.relative_to(ROOT)}: {block[0].command}")
    for path in documents()
    for block in shown_in(path.read_text(encoding="utf-8"))
]


@pytest.fixture
def copy(tmp_path):
    """Return a folder with the examples, so that a command which writes cannot touch the work tree."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


@pytest.mark.parametrize("block", BLOCKS)
def test_a_shown_output_is_the_real_one(block, copy):
    outputs = run([shown.command for shown in block], copy)
    assert "".join(
        f"$ {shown.command}\n{output}" for shown, output in zip(block, outputs, strict=True)
    ) == "".join(f"$ {shown.command}\n{shown.output}" for shown in block)


def test_the_readme_and_every_example_show_an_output():
    shows = {path.parent.name for path in documents() if shown_in(path.read_text(encoding="utf-8"))}
    examples = {path.name for path in (ROOT / "examples").iterdir() if path.is_dir()}
    examples -= {
        path.parent.name for path in (ROOT / "examples").rglob("*.ipynb")
    }  # a notebook shows its own
    assert examples
    assert examples | {ROOT.name} <= shows


def test_a_wrong_output_would_be_noticed(copy):
    (block,) = shown_in("```console\n$ servstd --version\nservstd 0.0.0\n$ echo $?\n0\n```\n")
    version, code = run([shown.command for shown in block], copy)
    assert version != block[0].output
    assert code == block[1].output
