"""The import budget and the layers: promises about what is loaded when, and who may know whom."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from meta.project import ROOT, SOURCE, module_names, source_files

HEAVY = (
    "numpy",
    "holidays",
    "yaml",
    "click",
    "rich",
    "nanoarrow",
    "pyarrow",
    "polars",
    "pandas",
    "pydantic",
    "dateutil",
)
MODEL_NAMES = ("Book", "Respond", "Check", "Gauge", "Objective")
LOADED_BY_MODELS = ("numpy", "holidays", "yaml", "click", "rich", "nanoarrow", "pyarrow", "polars", "pandas")


def modules_after(statements: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after these statements."""
    code = f"import sys, json\n{statements}\njson.dump(sorted({{name.partition('.')[0] for name in sys.modules}}), sys.stdout)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_importing_servstd_loads_nothing_heavy():
    assert not modules_after("import servstd").intersection(HEAVY)


def test_asking_for_the_version_loads_nothing_heavy():
    assert not modules_after("import servstd; servstd.__version__; dir(servstd)").intersection(HEAVY)


def test_writing_standards_in_python_loads_no_numpy_yaml_or_frame_library():
    used = "; ".join(f"servstd.{name}" for name in MODEL_NAMES)
    assert not modules_after(f"import servstd; {used}").intersection(LOADED_BY_MODELS)


def test_one_pair_on_a_calendar_needs_no_numpy():
    statements = """
import servstd
from datetime import UTC, datetime
office = servstd.Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"})
assert office.elapsed(datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)).total_seconds() == 3600
"""
    assert "numpy" not in modules_after(statements)


def test_models_load_without_reading_their_own_source():
    """Docstrings are read when a schema or a page is made; it took a third of the import."""
    statements = """
import ast
def parse(*_, **__): raise AssertionError("source read at import")
ast.parse = parse
import servstd
servstd.Book(standards=[servstd.Order(id="a", case="c", event="b", position="first")])
"""
    assert "pydantic" in modules_after(statements)


def test_the_budget_would_notice_a_heavy_import():
    assert "numpy" in modules_after("import servstd, numpy")


@pytest.mark.parametrize("module", [name for name in module_names() if name.count(".") < 2])
def test_every_room_imports_alone(module):
    """A room that imports only when another came first hides a circle."""
    subprocess.run([sys.executable, "-W", "error", "-c", f"import {module}"], check=True)


def test_imports_go_one_way():
    linter = Path(sys.executable).with_name("lint-imports")
    if not linter.exists():
        pytest.skip("import-linter is not installed; .ci/run runs it")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_room_has_its_layer():
    """A room that the contract does not name would be free to import anything."""
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    named = {
        room.strip() for contract in contracts for layer in contract["layers"] for room in layer.split("|")
    }
    tops = {path for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    rooms = {
        f"servstd.{path.stem}" for path in tops if path.stem not in {"__init__", "__main__", "__pycache__"}
    }
    assert rooms == named


def test_the_engine_knows_no_kind():
    """A kind is a plan; an executor that asks which kind it runs has stopped being one executor."""
    kinds = ("respond", "quantity", "gauge", "metric", "scorecard", "bundle")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in source_files()
        if "engine" in path.relative_to(SOURCE).parts
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if any(kind in line.lower() for kind in kinds)
        or "'check'" in line
        or '"check"' in line
        or '"order"' in line
    ]
    assert found == []
