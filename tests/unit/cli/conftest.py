from __future__ import annotations

import json

import pytest

BOOK = """
timezone: Europe/London
events: {time: when, event: what}
standards:
- {id: reply, title: Reply within an hour, kind: respond, case: ticket, start: asked, stop: answered, within: 1 hour}
"""


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file and returns its path as text."""

    def write_file(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write_file


@pytest.fixture
def book(write):
    return write("standards.yaml", BOOK)


@pytest.fixture
def kept(write):
    return write("kept.csv", "when,what,ticket\n2026-03-02T09:00Z,asked,1\n2026-03-02T09:30Z,answered,1\n")


@pytest.fixture
def broken(write):
    return write("broken.csv", "when,what,ticket\n2026-03-02T09:00Z,asked,1\n2026-03-02T11:30Z,answered,1\n")


@pytest.fixture
def servstd_run(capsys):
    """Run the command line in this process; return (exit code, stdout, stderr)."""
    from servstd.cli.running import run

    def call(*args: str) -> tuple[int, str, str]:
        code = run(args)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def loaded():
    return json.loads
