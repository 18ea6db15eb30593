"""One snapshot a format, of the bundled demo: read by eye when they change, never the source of an expected value.

`SERVSTD_SNAPSHOTS=write pytest tests/snapshots` writes them anew; the difference is for a reader to judge.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import servstd
from servstd.cli.demo import demo_report
from servstd.cli.running import run

HERE = Path(__file__).parent
FORMATS = {
    "text": "report.txt",
    "json": "report.json",
    "markdown": "report.md",
    "junit": "report.xml",
    "github": "report.github.txt",
    "html": "report.html",
}


def compare(name: str, text: str) -> None:
    text = text.replace(f'"servstd": "{servstd.__version__}"', '"servstd": "VERSION"')
    path = HERE / name
    if os.environ.get("SERVSTD_SNAPSHOTS") == "write":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8"), f"{name} has changed; see the docstring of this file"


@pytest.fixture(scope="module")
def report():
    return demo_report()


@pytest.mark.parametrize("format_", FORMATS)
def test_the_demo_in_each_format(report, format_):
    compare(FORMATS[format_], report.render(format_))


@pytest.mark.parametrize(
    ("standard", "case"), [("resolve-4h", "P-1"), ("reply-60", "T-2"), ("belts", "SV102")]
)
def test_the_evidence_of_a_case(report, standard, case):
    compare(f"evidence-{standard}.txt", str(report.explain(standard, case)) + "\n")


def test_the_demo_command(capsys):
    assert run(["demo"]) == 0
    compare("demo.txt", capsys.readouterr().out)
