"""How soon servstd is ready: cold starts beside `import pydantic`, and the published books loaded.

`python -m benchmarks loading` prints the table. Cold starts are whole processes, interleaved, the median of their
processor times, with byte code written before: what a user has from the second run on.
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
    programs = {"pydantic": ["-c", "import pydantic"], "servstd": ["-c", "import servstd"]}
    for name, holidays in HOLIDAYS.items():
        book = folder / f"{name[0]}.yaml"
        book.write_text(BOOK % holidays, encoding="utf-8")
        programs[name] = ["-m", "servstd", "check", str(book), str(log)]
    took = _medians(programs, folder / "bytecode")
    yield _row("import servstd / import pydantic", took["servstd"] / took["pydantic"], 1.3)
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
    files = sorted(PUBLISHED.glob("*.yaml"))
    began = time.process_time()
    books = [servstd.load(file) for file in files]
    loaded = time.process_time()
    for book in books:
        book.lint()
    linted = time.process_time()
    standards = sum(len(book) for book in books)
    yield Figure(
        f"load and lint {len(files)} published books, {standards} standards, cold",
        f"{linted - began:.3f} s",
        f"<= {MOST_LOAD_S} s",
        linted - began <= MOST_LOAD_S,
    )
    share = (linted - loaded) / (loaded - began)
    yield Figure("the lint, of their loading", f"{share:.1%}", f"<= {MOST_LINT:.0%}", share <= MOST_LINT)


def _row(name: str, ratio: float, bound: float) -> Figure:
    return Figure(name, f"{ratio:.2f}", f"<= {bound:g}", ratio <= bound)
