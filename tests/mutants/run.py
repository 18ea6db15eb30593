# ruff: noqa: T201 - a command that prints
"""Break the rules one at a time and see that the fast tests notice: `python tests/mutants/run.py [WORD ...]`.

Each mutant is a copy of `src` with one patch. The tests run against it in stages, quickest first, until one fails; a
mutant that no stage notices survives, and the exit code is 1. Words choose the mutants whose name or file has one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from mutants.patches import MUTANTS, Mutant  # noqa: E402 - found by the line above

UNIT = ("tests/unit/engine", "tests/unit/plan", "tests/unit/standards", "tests/unit/conditions")
CALENDARS = ("tests/unit/calendars", "tests/answers")
REST = (
    "tests/unit/evaluation",
    "tests/conformance",
    "tests/differential/test_columnar.py",
    "tests/property/engine",
)
STAGES = {"calendars": (CALENDARS, UNIT, REST), "": (UNIT, REST, CALENDARS)}
FIRST_FAILURE = re.compile(r"^(?:FAILED|ERROR) (\S+?)(?:::(.*?))?(?: - .*)?$", re.MULTILINE)


class Result(NamedTuple):
    """Be what came of one mutant: the test that noticed it, empty for none, and how long that took."""

    mutant: Mutant
    killed_by: str
    seconds: float


def main(words: Sequence[str]) -> int:
    chosen = [one for one in MUTANTS if not words or any(word in f"{one.name} {one.path}" for word in words)]
    for stage in (UNIT, REST, CALENDARS):
        if failure := tests_fail(ROOT / "src", stage):
            print(f"the tests fail without a mutant: {failure}", file=sys.stderr)
            return 2
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as workers:
        results = []
        for number, result in enumerate(workers.map(judge, chosen), start=1):
            results.append(result)
            print(f"{number}/{len(chosen)} {result.mutant.name}", file=sys.stderr, flush=True)
    print(table(results))
    survivors = [one for one in results if not one.killed_by]
    print(f"\n{len(results)} mutants, {len(survivors)} survive, {time.monotonic() - began:.0f} s")
    return 1 if survivors else 0


def judge(mutant: Mutant) -> Result:
    """Run the stages against a copy of the source with the patch until one fails."""
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
        (Path(folder) / "examples").symlink_to(ROOT / "examples")  # where the catalogue looks for its books
        file = source / "servstd" / mutant.path
        file.write_text(patched(mutant, file.read_text()))
        for stage in STAGES.get(mutant.path.partition("/")[0], STAGES[""]):
            if failure := tests_fail(source, stage):
                return Result(mutant, failure, time.monotonic() - began)
    return Result(mutant, "", time.monotonic() - began)


def patched(mutant: Mutant, text: str) -> str:
    """Return a file with the patch.

    Raises:
        ValueError: the text to replace does not occur exactly once.
    """
    if text.count(mutant.old) != 1:
        raise ValueError(
            f"{mutant.name}: {mutant.path} has its text {text.count(mutant.old)} times, not once"
        )
    return text.replace(mutant.old, mutant.new)


def tests_fail(source: Path, stage: Sequence[str]) -> str:
    """Return the first test of a stage that fails against a source; empty when none does."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=no", "-p", "no:cacheprovider"]
    command += ["-p", "no:xdist", "--hypothesis-seed=0", *(path for path in stage if (ROOT / path).exists())]
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    found = FIRST_FAILURE.search(done.stdout)
    if found is None:
        return f"pytest exits with {done.returncode}: {(done.stdout + done.stderr)[-200:]}"
    return "::".join(part for part in found.groups() if part).removeprefix("tests/")


def table(results: Sequence[Result]) -> str:
    rows = [("mutant", "killed by", "seconds")]
    rows += [(one.mutant.name, one.killed_by or "SURVIVES", f"{one.seconds:.1f}") for one in results]
    rows = [
        (name, killer if len(killer) < 100 else killer[:99] + "…", seconds) for name, killer, seconds in rows
    ]
    wide = [max(len(row[place]) for row in rows) for place in range(3)]
    lines = [
        f"{name:<{wide[0]}} | {killer:<{wide[1]}} | {seconds:>{wide[2]}}" for name, killer, seconds in rows
    ]
    return "\n".join([lines[0], "-|-".join("-" * width for width in wide), *lines[1:]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
