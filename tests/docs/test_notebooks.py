"""Notebooks of the examples: their code runs, on a log of the same shape as theirs, and what they show was printed by it."""

from __future__ import annotations

import csv
import gzip
import json
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from docs.outputs import ROOT

NOTEBOOKS = sorted((ROOT / "examples").rglob("*.ipynb"))
PLACES = ("North End", "South End")


def code_of(path: Path) -> list[dict[str, object]]:
    return [
        cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"
    ]


def write_requests(folder: Path) -> None:
    """Write a year of requests as Boston publishes them; those of one place take twice as long, some stay open."""
    chosen = random.Random(5)
    with gzip.open(folder / "boston311_2015.csv.gz", "wt", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["case_enquiry_id", "open_dt", "closed_dt", "type", "neighborhood"])
        for number in range(600):
            place = chosen.choice(PLACES)
            opened = datetime(2015, 1, 1) + timedelta(hours=number * 14)  # noqa: DTZ001 - as the city writes it
            days = chosen.expovariate(1 / (20 if place == "South End" else 10))
            closed = f"{opened + timedelta(days=days):%m/%d/%Y %I:%M:%S %p}" if chosen.random() > 0.1 else ""
            opened_text = f"{opened:%m/%d/%Y %I:%M:%S %p}"
            rows.writerow([number, opened_text, closed, "Street Light Outages", place])


def test_there_is_a_notebook():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_code_of_a_notebook_runs(path, tmp_path, monkeypatch):
    pytest.importorskip("altair", reason="pictures need the extra `plot`")
    write_requests(tmp_path)
    monkeypatch.setenv("SERVSTD_DATA", str(tmp_path))
    names: dict[str, object] = {"__name__": "notebook"}
    for number, cell in enumerate(code_of(path), start=1):
        exec(compile("".join(cell["source"]), f"{path.name} cell {number}", "exec"), names)  # noqa: S102 - our own
    report = names["report"]
    assert {one.segment for one in report.attainments} == {"", *(f"neighborhood={place}" for place in PLACES)}
    assert names["worst"].value == "South End"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_notebook_was_run_to_its_end_in_order(path):
    cells = code_of(path)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert not [out for cell in cells for out in cell["outputs"] if out["output_type"] == "error"]
