"""The attack: each mutated book and log goes through the library and the command line, and nothing may fall over.

A finding is an exception that is no error of servstd, a traceback, an exit code of a bug, a run that takes too long or
too much, or a sum that does not hold.
"""

from __future__ import annotations

import io
import json
import resource
import signal
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import servstd
from fuzz import live
from fuzz.count import rows_in
from fuzz.mutate import mutated_book, mutated_log
from servstd.cli.running import run
from servstd.events import ReadOptions

REPORTS = ("text", "json", "markdown", "junit", "github", "html")
MOST_CPU_S, MOST_KB = 5.0, 1_000_000
_LOOKS = {"text": live.in_text, "json": live.in_json, "sarif": live.in_json, "github": live.in_github,
          "markdown": live.in_markdown, "junit": live.in_xml, "html": live.in_html}  # fmt: skip


class TooLong(BaseException):
    """A run took more processor time than a run may; no handler of the library may swallow it."""


@dataclass
class Tally:
    """What came of an attack."""

    outcomes: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = ", ".join(f"{number:,} {name}" for name, number in sorted(self.outcomes.items()))
        return "\n".join([f"{counts}; {len(self.findings)} findings", *self.findings])


def attack(seed: str, *, books: range, logs: range, most_cpu_s: float = MOST_CPU_S) -> Tally:
    """Return what came of the mutated books and logs of a seed.

    Args:
        seed: Any text. With it and the number of a book or a log, a finding is found again.
        books: The numbers of the books that are tried.
        logs: The numbers of the logs.
        most_cpu_s: Seconds of processor time that one run may take.
    """
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for kind, numbers, one in (("book", books, _try_book), ("log", logs, _try_log)):
            for number in numbers:
                trial = _Trial(f"{seed}:{kind}:{number}", Path(folder), tally, most_cpu_s)
                one(trial, Random(trial.name))
    return tally


@dataclass
class _Trial:
    name: str
    folder: Path
    tally: Tally
    most_cpu_s: float

    def finds(self, what: str) -> None:
        self.tally.findings.append(f"{self.name}: {what}")

    def ask(self, what: str, ask: Callable[[], object]) -> object:
        """Return an answer of the library, None where it gave one of its errors."""
        try:
            with self._bounded(what):
                return ask()
        except servstd.ServstdError as error:
            self.tally.outcomes[f"refused by {what}"] += 1
            for one in live.in_text(str(error)):
                self.finds(f"{what}: live in the error: {one}")
        except TooLong:
            self.finds(f"{what}: more than {self.most_cpu_s} s")
        except Exception:  # noqa: BLE001 - that is what is looked for
            self.finds(f"{what}: {traceback.format_exc(limit=-3)}")
        return None

    def command(self, *arguments: str) -> None:
        out, err, what = (
            io.StringIO(),
            io.StringIO(),
            " ".join(one.replace(str(self.folder), "") for one in arguments),
        )
        try:
            with redirect_stdout(out), redirect_stderr(err), self._bounded(what):
                code = run(arguments)
        except TooLong:
            self.finds(f"{what}: more than {self.most_cpu_s} s")
            return
        except BaseException:  # noqa: BLE001 - as above
            self.finds(f"{what}: {traceback.format_exc(limit=-3)}")
            return
        self.tally.outcomes[f"exit {code}"] += 1
        said = err.getvalue()
        if code not in (0, 1, 2, 3) or "Traceback" in said:
            self.finds(f"{what}: exit {code}: {said[-300:]}")
        format_ = arguments[arguments.index("--format") + 1] if "--format" in arguments else "text"
        is_asked = code in (0, 1, 3) or arguments[0] == "lint" or format_ == "github"
        look = _LOOKS[format_] if is_asked and out.getvalue() else live.in_text
        for one in [*look(out.getvalue()), *live.in_text(said)]:
            self.finds(f"{what}: live: {one}")

    @contextmanager
    def _bounded(self, what: str) -> Iterator[None]:
        def stop(*_: object) -> None:
            raise TooLong

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        handler = signal.signal(signal.SIGPROF, stop)
        signal.setitimer(signal.ITIMER_PROF, self.most_cpu_s)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, handler)
        if (more := resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) > MOST_KB:
            self.finds(f"{what}: {more // 1000} MB")


def _try_book(trial: _Trial, random: Random) -> None:
    text, format_, rows = mutated_book(random)
    book = trial.ask("loading", lambda: servstd.loads(text, format=format_))
    if isinstance(book, servstd.Book):
        trial.tally.outcomes["books that load"] += 1
        trial.ask("lint", book.lint)
        trial.ask("sentences", lambda: [one.sentence(book.surroundings) for one in book.judged])
        trial.ask("a verdict", lambda: _judged(book, rows, random))
    file = trial.folder / f"book.{format_}"
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    log = trial.folder / "log.ndjson"
    log.write_text("".join(f"{json.dumps(row, default=str)}\n" for row in rows))
    trial.command("lint", str(file), "--format", random.choice(("text", "json", "sarif", "github")))
    trial.command("check", str(file), str(log), "--format", random.choice(REPORTS))
    trial.command("explain", str(file), *([str(log)] if random.random() < 0.5 else []))


def _judged(book: servstd.Book, rows: list[dict[str, object]], random: Random) -> None:
    report = servstd.evaluate(book, servstd.read_events(rows, options=book.events or ReadOptions()))
    report.render(random.choice(REPORTS))
    for verdict in list(report.verdicts)[:3]:
        str(report.explain(verdict.standard, verdict.case, verdict.occurrence))


def _try_log(trial: _Trial, random: Random) -> None:
    text, content, format_ = mutated_log(random)
    book = servstd.loads(text)
    file = trial.folder / f"log.{format_}"
    file.write_text(content, encoding="utf-8", errors="surrogatepass", newline="")
    options = (book.events or ReadOptions()).model_copy(update={"separator": ","} if format_ == "csv" else {})
    log = trial.ask("reading", lambda: servstd.read_events(file, options=options))
    if isinstance(log, servstd.Log):
        _add_up(trial, log, content, format_)
        trial.ask("a verdict", lambda: servstd.evaluate(book, log).render(random.choice(REPORTS)))
        trial.ask("lint", lambda: book.lint(log))
    (trial.folder / "book.yaml").write_text(text)
    trial.command("check", str(trial.folder / "book.yaml"), str(file), "--format", random.choice(REPORTS))
    trial.command("lint", str(trial.folder / "book.yaml"), "--log", str(file))


def _add_up(trial: _Trial, log: servstd.Log, content: str, format_: str) -> None:
    """Hold the sums of a log against rows that are counted without servstd."""
    counts = log.counts
    trial.tally.outcomes[f"{format_} logs that are read"] += 1
    is_told = any("above the header" in note or "before the header" in note for note in log.notes)
    if not is_told and (there := rows_in(content, format_)) != counts.rows_in:
        trial.finds(f"{there} rows in the {format_}, {counts.rows_in} are told: {content[:400]!r}")
    if counts.found != counts.events + counts.quarantined + counts.merged:
        trial.finds(f"the events do not add up: {counts}")
    if counts.rows_in != counts.rows_used + counts.rows_quarantined + counts.rows_merged:
        trial.finds(f"the rows do not add up: {counts}")
    if len(log.quarantine) != counts.quarantined or len(log.events) != counts.events:
        trial.finds(f"what is there is not what is counted: {counts}")
