"""The project around the code: the README's promise, the wheel, the words that do not belong."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from meta.project import ROOT, SOURCE, blocks, project_files, section, source_files

# Written backwards so that this file does not find itself.
FOREIGN = tuple(
    word[::-1]
    for word in ("/krow/", "yrarbil.", "hcneb-mraf", "tnegabus", "sboj_hsab", "vnev/pmt/", "dm.FEIRB")
)
TEXT = {
    ".py",
    ".md",
    ".yaml",
    ".yml",
    ".toml",
    ".json",
    ".ndjson",
    ".csv",
    ".txt",
    ".cfg",
    ".html",
    ".sh",
    "",
}


def test_start_has_exactly_two_sh_blocks_one_that_works_and_one_that_tests():
    found = blocks(section((ROOT / "README.md").read_text(), "Start"), "sh")
    assert len(found) == 2
    job, tests = found
    for block in found:
        assert "python3 -m venv" in block
        assert "pip install" in block
    assert "servstd check examples/" in job
    assert "pytest" not in job
    assert "pytest -q" in tests


def test_the_files_that_start_names_are_there():
    text = section((ROOT / "README.md").read_text(), "Start")
    named = re.findall(r"examples/[\w./-]+", text)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    "name", ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", ".ci/run"]
)
def test_the_project_has(name):
    assert (ROOT / name).stat().st_size > 0


def test_links_between_the_documents_lead_somewhere():
    broken = []
    for path in project_files():
        if path.suffix == ".md":
            text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
            links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
            broken += [
                f"{path.relative_to(ROOT)}: {link}" for link in links if not (path.parent / link).exists()
            ]
    assert broken == []


def test_no_path_or_word_of_another_place_is_in_the_project():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in project_files()
        if path.suffix in TEXT
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if any(word in line for word in FOREIGN)
    ]
    assert found == []


def test_the_data_folder_beside_the_project_is_only_an_argument_of_the_benchmarks():
    outside = "".join(reversed("/derahs"))
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in project_files()
        if path.suffix in TEXT
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if outside in line and not re.search(rf"python -m benchmarks\.\w+ \.\./{outside}data", line)
    ]
    assert found == []


def lines_with(pattern: str, *, but: str = " ") -> list[str]:
    """Return the lines of the source that a pattern finds, without those of one room."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in source_files()
        if but not in path.relative_to(SOURCE).parts
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(pattern, line)
    ]


def test_nothing_reads_the_clock_or_the_system_zone():
    assert (
        lines_with(r"datetime\.now|utcnow|date\.today|time\.time\(|localtime|tzlocal|\.astimezone\(\)") == []
    )


def test_only_the_command_line_reads_the_environment():
    """There it decides about colours and tracebacks, never about a verdict."""
    assert lines_with(r"os\.environ|getenv", but="cli") == []


def test_nothing_evaluates_text():
    assert lines_with(r"(?<![\w.])(eval|exec)\(|__import__\(|pickle\.loads?\(|yaml\.(unsafe_)?load\(") == []


def test_the_change_log_is_kept():
    text = (ROOT / "CHANGELOG.md").read_text()
    assert "keepachangelog.com" in text
    assert re.search(r"^## \[(Unreleased|\d+\.\d+\.\d+)\]", text, re.MULTILINE)


def test_each_decision_has_a_number_of_its_own_and_says_what_was_decided():
    paths = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [int(path.name[:4]) for path in paths]
    assert len(set(numbers)) == len(numbers)
    for path in paths:
        text = path.read_text()
        assert text.startswith(f"# {path.name[:4]} "), path.name
        for heading in ("## Question", "## Decision", "## Why"):
            assert heading in text, f"{path.name} lacks {heading}"


def test_the_rooms_of_the_architecture_are_the_layers_in_the_order_of_imports():
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0][
        "layers"
    ]
    height = {
        name.strip().removeprefix("servstd."): place
        for place, layer in enumerate(reversed(layers))
        for name in layer.split("|")
    }
    table = section((ROOT / "ARCHITECTURE.md").read_text(), "One way through the house")
    rows = re.findall(r"^\| (`.+?`) \| ", table, re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(listed) == sorted(height)
    assert [height[name] for name in listed] == sorted(height.values())


def test_the_site_lists_every_decision_in_the_order_of_numbers():
    listed = re.findall(r"^ +- decisions/(.+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    assert listed == sorted(path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))


@pytest.fixture(scope="module")
def check_wheel():
    spec = spec_from_file_location("check_wheel", ROOT / ".ci" / "check_wheel.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory):
    pytest.importorskip("hatchling", reason="hatchling is not installed; .ci/run builds the wheel")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_package_its_type_marker_and_its_data(wheel_names, check_wheel):
    assert check_wheel.problems_of(wheel_names) == []
    data = {
        path.relative_to(SOURCE.parent).as_posix()
        for path in (SOURCE / "demo").rglob("*")
        if path.suffix in {".yaml", ".csv", ".ndjson"}
    }
    assert data
    assert data <= wheel_names


def test_the_check_of_the_wheel_notices_what_is_missing_and_what_is_strange(check_wheel):
    found = check_wheel.problems_of({"servstd/__init__.py", "tests/test_x.py"})
    assert "does not belong: tests/test_x.py" in found
    assert "missing: servstd/py.typed" in found
    assert "no licence" in found
