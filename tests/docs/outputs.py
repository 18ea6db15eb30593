"""What the documents show that something prints: run it and compare, or write it anew.

Commands stand with their outputs in ```console blocks; what a ```python block prints stands in a ```text block right
below it.

python tests/docs/outputs.py     rewrites every shown output from what is printed; read the diff
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```console\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(
    r"^```python\n(?P<code>(?:(?!```).*\n)*)```\n(?:\n```text\n(?P<shown>(?:(?!```).*\n)*)```\n)?",
    re.MULTILINE,
)
_KNOWN = ("servstd", "echo $?", "python -m benchmarks")


class Shown(NamedTuple):
    """Hold one command of a console block and what the document says that it prints."""

    command: str
    output: str


def documents() -> list[Path]:
    folders = [ROOT / "docs", ROOT / "examples"]
    pages = [path for folder in folders for path in folder.rglob("*.md")]
    return sorted([*ROOT.glob("*.md"), *pages])


def shown_in(text: str) -> list[list[Shown]]:
    """Return the commands of each console block, each with its output."""
    return [list(_split(found["body"])) for found in _BLOCK.finditer(text)]


def _split(body: str) -> Iterator[Shown]:
    parts = re.split(r"^\$ (.*)\n", body, flags=re.MULTILINE)
    assert not parts[0].strip(), f"a console block begins with a command after `$ `: {parts[0]!r}"
    for command, output in zip(parts[1::2], parts[2::2], strict=True):
        yield Shown(command, output)


def run(commands: list[str], folder: Path) -> list[str]:
    """Run a block's commands in a folder, one after the other, and return what each writes to stdout."""
    outputs, code = [], 0
    for command in commands:
        if command == "echo $?":
            outputs.append(f"{code}\n")
            continue
        name, *arguments = shlex.split(command)
        assert name == "servstd", f"only servstd is run in console blocks, not `{command}`"
        program = [sys.executable, "-c", "from servstd.cli import main; main()", *arguments]
        done = subprocess.run(program, cwd=folder, capture_output=True, check=False)
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        outputs.append(done.stdout.decode())
        code = done.returncode
    return outputs


def refreshed(text: str, folder: Path) -> str:
    """Return a document with what its commands print now."""

    def block(found: re.Match[str]) -> str:
        shown = list(_split(found["body"]))
        outputs = run([one.command for one in shown], folder)
        lines = [f"$ {one.command}\n{output}" for one, output in zip(shown, outputs, strict=True)]
        return f"```console\n{''.join(lines)}```"

    return _BLOCK.sub(block, text)


class PythonBlock(NamedTuple):
    """Hold one Python block and what the page says that it prints; None where the page does not say."""

    code: str
    shown: str | None


def python_blocks(text: str) -> list[PythonBlock]:
    """Return the Python blocks of a page."""
    return [PythonBlock(found["code"], found["shown"]) for found in _PYTHON.finditer(text)]


def printed_by(code: str, label: str, names: dict[str, object]) -> str:
    """Run a block and return what it prints, without spaces at the ends of lines."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, label, "exec"), names)  # noqa: S102 - our own documents
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def reprinted(text: str) -> str:
    """Return a page with what its Python blocks print now; they run in the folder in which one stands."""
    names: dict[str, object] = {"__name__": "page"}

    def block(found: re.Match[str]) -> str:
        if ">>>" in found["code"]:
            return found[0]
        out = printed_by(found["code"], "page", names)
        return found[0] if found["shown"] is None else f"```python\n{found['code']}```\n\n```text\n{out}```\n"

    return _PYTHON.sub(block, text)


def _rewrite() -> None:
    for path in documents():
        before = path.read_text(encoding="utf-8")
        after = refreshed(before, ROOT)
        if any(one.shown is not None for one in python_blocks(before)):
            after = reprinted(after)
        if after != before:
            path.write_text(after, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}: outputs written anew\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as workshop:
        shutil.copytree(ROOT / "examples", Path(workshop) / "examples")
        os.chdir(workshop)  # a block that writes cannot touch the work tree
        _rewrite()
