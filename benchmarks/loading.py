"""How soon servstd is ready: cold starts beside `import pydantic`, and the published books loaded.

`python -m benchmarks loading` prints the table. Cold starts are whole processes, interleaved, the median of their
processor times, with byte code written before: what a user has from the second run on. Beside them stands what cannot
be less: the libraries that a check needs, imported and nothing done.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import servstd
from benchmarks.table import Figure
from servstd.published import entries

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "examples" / "published"
MOST_LOAD_S = 0.5
MOST_LINT = 0.25
ROUNDS = 9
BOOK = """
servstd: 1
case: ticket_id
events: {time: time, event: event, timezone: Europe/London}
calendars:
  office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:30"}, holidays: %s}
standards:
  - {id: reply, kind: respond, start: asked, stop: answered, within: 60 minutes, calendar: office, recurs: each}
"""
HOLIDAYS = {"listed holidays": '["2026-04-03"]', "a country's holidays": "{country: GB}"}


def ratios() -> Iterator[Figure]:
    """Return the rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _cold_starts(Path(folder))
    yield from _published()


def _cold_starts(folder: Path) -> Iterator[Figure]:
    log = folder / "log.csv"
    log.write_text(_log(), encoding="utf-8")
    programs = {
        "pydantic": ["-c", "import pydantic"],
        "servstd": ["-c", "import servstd"],
        "libraries": ["-c", "import click, numpy, yaml; from pydantic import BaseModel, Field"],
    }
    for name, holidays in HOLIDAYS.items():
        book = folder / f"{name[0]}.yaml"
        book.write_text(BOOK % holidays, encoding="utf-8")
        programs[name] = ["-m", "servstd", "check", str(book), str(log)]
    took = _medians(programs, folder / "bytecode")
    yield _row("import servstd / import pydantic", took["servstd"] / took["pydantic"], 1.3)
    yield Figure(
        "click, numpy, yaml and pydantic's models / import pydantic",
        f"{took['libraries'] / took['pydantic']:.2f}",
    )
    for name in HOLIDAYS:
        yield _row(f"servstd check, 1,000 rows, {name} / import pydantic", took[name] / took["pydantic"], 6.0)


def _log() -> str:
    first = datetime.fromisoformat("2026-03-02T09:00")
    rows = ["time,event,ticket_id"]
    for case in range(500):
        start = first + timedelta(minutes=7 * case)
        rows.append(f"{start:%Y-%m-%d %H:%M},asked,T-{case}")
        rows.append(f"{start + timedelta(minutes=case % 90):%Y-%m-%d %H:%M},answered,T-{case}")
    return "\n".join(rows)


def _medians(programs: dict[str, list[str]], bytecode: Path) -> dict[str, float]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    took: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(ROUNDS + 1):
        for name, arguments in programs.items():
            before = getrusage(RUSAGE_CHILDREN)
            done = subprocess.run(  # noqa: S603 - our own programs
                [sys.executable, *arguments], env=environment, capture_output=True, check=False, cwd=ROOT
            )
            assert b"Traceback" not in done.stderr, done.stderr.decode()
            after = getrusage(RUSAGE_CHILDREN)
            if turn:  # the first turn writes the byte code
                took[name].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {name: statistics.median(times) for name, times in took.items()}


def _published() -> Iterator[Figure]:
    """Load and lint every book, the models and the holiday data loaded before: the median of rounds."""
    files = sorted(PUBLISHED.glob("*.yaml"))
    rounds = [_round(files) for _ in range(ROUNDS)][1:]
    load_s = statistics.median(loaded for loaded, _, _ in rounds)
    lint_s = statistics.median(linted for _, linted, _ in rounds)
    standards = rounds[0][2]
    yield Figure(
        f"load and lint {len(files)} published books, {standards} standards",
        f"{load_s + lint_s:.3f} s",
        f"<= {MOST_LOAD_S} s",
        load_s + lint_s <= MOST_LOAD_S,
    )
    share = lint_s / load_s
    yield Figure("the lint, of their loading", f"{share:.1%}", f"<= {MOST_LINT:.0%}", share <= MOST_LINT)
    list_s = statistics.median(_listed() for _ in range(ROUNDS))
    yield Figure("list the catalogue, of loading it", f"{list_s / load_s:.1%}")


def _round(files: list[Path]) -> tuple[float, float, int]:
    began = time.process_time()
    books = [servstd.load(file) for file in files]
    loaded = time.process_time()
    for book in books:
        book.lint()
    return loaded - began, time.process_time() - loaded, sum(len(book) for book in books)


def _listed() -> float:
    entries.cache_clear()
    began = time.process_time()
    entries()
    return time.process_time() - began


def _row(name: str, ratio: float, bound: float) -> Figure:
    return Figure(name, f"{ratio:.2f}", f"<= {bound:g}", ratio <= bound)
