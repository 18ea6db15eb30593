"""servstd on real event data, against the truth that the data carries.

    python -m benchmarks.real DATA

Each data set has a book in `benchmarks/books`; everything goes through the public functions. The data is not ours
and is not shipped: its folder is the argument.
"""

from __future__ import annotations

import csv
import gzip
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import servstd
from benchmarks.table import Figure, at_least, equals, table

BOOKS = Path(__file__).parent / "books"
HOUR = 3_600_000_000
SEED = 20_260_307


class Case:
    """Hold one data set: its book, its log and its report."""

    def __init__(self, path: Path, *, as_of: datetime | None = None) -> None:
        name = path.name.removesuffix(".csv.gz")
        print(f"{name} …", file=sys.stderr, flush=True)
        self.book = servstd.loads((BOOKS / f"{name}.yaml").read_text(encoding="utf-8"))
        self.log = servstd.read_events(path, options=self.book.events)
        self.report = servstd.evaluate(self.book, self.log, as_of=as_of)

    def outcomes(self, standard: str) -> dict[str, str]:
        """Return the outcome of each case, for a standard with one verdict a case."""
        columns = self.report.verdicts.where(standard=standard).columns
        return dict(zip(columns["case"], columns["outcome"], strict=True))

    def nothing_lost(self, name: str) -> Figure:
        """Return the row of the books kept about the rows of the file."""
        counts = self.log.counts
        kept = counts.rows_used + counts.rows_quarantined + counts.rows_merged
        said = f"{counts.rows_in:,} = {counts.rows_used:,} + {counts.rows_quarantined:,} + {counts.rows_merged:,}"
        return Figure(f"{name}: rows in = used + quarantined + merged", said, "equal", counts.rows_in == kept)


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a data set once more with nothing but the standard library: the truth must not pass through servstd."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def uci_incidents(data: Path) -> Iterator[Figure]:
    """The flag `made_sla` of each incident's last update, by priority."""
    path = data / "uci_incident_event_log.csv.gz"
    case = Case(path)
    rows = rows_of(path)
    last = {row["number"]: row for row in rows}
    had: dict[str, list[str]] = {}
    for row in rows:
        if row["priority"][0] not in had.setdefault(row["number"], []):
            had[row["number"]].append(row["priority"][0])
    verdicts = case.report.verdicts.columns
    found = {
        number: (outcome, elapsed)
        for number, outcome, elapsed in zip(
            verdicts["case"], verdicts["outcome"], verdicts["elapsed"], strict=True
        )
    }
    yield case.nothing_lost("uci_incident_event_log")
    right, confusion, misses = 0, Counter[tuple[str, str, str]](), []
    for number, row in last.items():
        outcome, elapsed = found.get(number, ("none", None))
        confusion[row["priority"], row["made_sla"], outcome] += 1
        if {"true": "met", "false": "breached"}[row["made_sla"]] == outcome:
            right += 1
        else:
            path_of = " then ".join(had[number])
            misses.append(f"{number}: priority {path_of}, {_hours(elapsed)}, flag {row['made_sla']}")
    yield at_least("uci_incident_event_log: made_sla of the last update", right, len(last), 99.8)
    for priority in sorted({row["priority"] for row in last.values()}):
        cells = [
            confusion[priority, flag, outcome]
            for flag in ("true", "false")
            for outcome in ("met", "breached")
        ]
        said = "true: {} met, {} breached; false: {} met, {} breached".format(*cells)
        yield Figure(f"  priority {priority}", said)
        pinned = [
            (found[n][1], row["made_sla"] == "true") for n, row in last.items() if row["priority"] == priority
        ]
        low, high, wrong = pinned_limit([(elapsed, flag) for elapsed, flag in pinned if elapsed is not None])
        yield Figure("    the limit lies in", f"[{_hours(low)}, {_hours(high)}) with {wrong} against it")
    yield Figure("  misses", misses[0] if misses else "none")
    yield from (Figure("", miss) for miss in misses[1:])


def pinned_limit(cases: Iterable[tuple[int, bool]]) -> tuple[int, int | None, int]:
    """Return the limits that agree best with flags: from, up to, and how many cases disagree.

    A limit changes no verdict between two neighbouring elapsed times, so data pins an interval and never a number.
    """
    by_elapsed: dict[int, Counter[bool]] = {}
    for elapsed, in_time in cases:
        by_elapsed.setdefault(elapsed, Counter())[in_time] += 1
    ordered = sorted(by_elapsed)
    wrong = sum(
        flags[True] for flags in by_elapsed.values()
    )  # a limit below every case: whoever was in time is wrong
    best: tuple[int, int, int | None] = (wrong, 0, ordered[0] if ordered else None)
    for place, elapsed in enumerate(ordered):
        wrong += by_elapsed[elapsed][False] - by_elapsed[elapsed][True]
        if wrong < best[0]:
            best = (wrong, elapsed, ordered[place + 1] if place + 1 < len(ordered) else None)
    return best[1], best[2], best[0]


def boston(data: Path, year: int) -> Iterator[Figure]:
    """The flag `ontime` of requests that are closed and have a target."""
    name = f"boston311_{year}"
    path = data / f"{name}.csv.gz"
    case = Case(path)
    by_target, closed_by = case.outcomes("by-target"), case.outcomes("closed-by-target")
    expected = {"ONTIME": "met", "OVERDUE": "breached"}
    rows = rows_of(path)
    judged = [row for row in rows if row["closed_dt"] and row["target_dt"] and row["ontime"] in expected]
    yield case.nothing_lost(name)
    for standard, found in (("by-target", by_target), ("closed-by-target", closed_by)):
        right = sum(found.get(row["case_enquiry_id"]) == expected[row["ontime"]] for row in judged)
        yield at_least(f"{name}: ontime, by `{standard}`", right, len(judged), 100)
        free = [row["case_enquiry_id"] for row in rows if not row["target_dt"]]
        decided = sum(found.get(number) in ("met", "breached") for number in free)
        yield equals(f"{name}: decided among {len(free):,} without a target, by `{standard}`", decided, 0)


def onyx(data: Path) -> Iterator[Figure]:
    """Two flags a ticket; the few that differ from their own row's times are wrong labels, and are named."""
    path = data / "onyx_technical_support.csv.gz"
    case = Case(path)
    expected = {"Within SLA": "met", "SLA Violated": "breached"}
    rows = rows_of(path)
    flags = (("first-response", "SLA For first response", 99.4), ("resolution", "SLA For Resolution", 99.9))
    yield case.nothing_lost("onyx_technical_support")
    for standard, flag, bound in flags:
        found = case.outcomes(standard)
        misses = [row["Ticket ID"] for row in rows if found.get(row["Ticket ID"]) != expected[row[flag]]]
        yield at_least(f"onyx_technical_support: {flag}", len(rows) - len(misses), len(rows), bound)
        yield Figure("  tickets labelled against their own times", ", ".join(misses) or "none")


def pwc_calls(data: Path) -> Iterator[Figure]:
    """The published figures of a call centre's quarter; of offered calls, what plain counting says."""
    path = data / "unlabelled" / "pwc_call_center_2021.csv.gz"
    case = Case(path, as_of=datetime(2021, 4, 1, tzinfo=UTC))
    yield case.nothing_lost("pwc_call_center_2021")
    answered = Counter(case.outcomes("answered").values())
    yield equals("pwc_call_center_2021: answered", _percent(answered["met"], answered.total()), "81.08 %")
    waits = [row["Speed of answer in seconds"] for row in rows_of(path)]
    for seconds, of_answered in ((30, "18.52 %"), (60, "44.30 %")):
        of_offered = _percent(sum(bool(wait) and float(wait) <= seconds for wait in waits), len(waits))
        for base, bound in (("answered", of_answered), ("offered", of_offered)):
            found = Counter(case.outcomes(f"answered-{seconds}s-of-{base}").values())
            said = _percent(found["met"], found["met"] + found["breached"])
            yield equals(f"pwc_call_center_2021: within {seconds} s, of {base}", said, bound)
    rows = {row.standard: row for row in case.report.attainments}
    for name, said in (
        ("level-30s", "18.52 % of 4,054"),
        ("level-60s", "44.30 % of 4,054"),
        ("satisfied", "49.90 % of 4,054"),
    ):
        row = rows[name]
        found = f"{_percent(row.met, row.judged)} of {row.judged:,}"
        yield equals(f"pwc_call_center_2021: metric `{name}`", found, said)


def retail_nps(data: Path) -> Iterator[Figure]:
    """A survey without times: every answer at one instant. Its score is published, and counted once more by hand."""
    rows = rows_of(data / "unlabelled" / "retail_nps_survey.csv.gz")
    book = servstd.loads((BOOKS / "retail_nps_survey.yaml").read_text(encoding="utf-8"))
    events = ({**row, "time": "2026-01-01T00:00:00Z", "event": "answered"} for row in rows)
    report = servstd.evaluate(book, servstd.read_events(events, options=book.events))
    (found,) = report.attainments
    scores = [float(row["nps"]) for row in rows if row["nps"]]
    counted = 100 * (sum(one >= 9 for one in scores) - sum(one <= 6 for one in scores)) / len(scores)
    said = f"{found.value:.3f} over {found.judged:,}"
    yield equals("retail_nps_survey: NPS", said, "53.416 over 13,612")
    yield equals(
        "retail_nps_survey: NPS, as plain counting says", said, f"{counted:.3f} over {len(scores):,}"
    )


def unlabelled(data: Path, name: str) -> Iterator[Figure]:
    """No truth here: nothing may be lost, and the order of the file may not matter."""
    path = data / "unlabelled" / f"{name}.csv.gz"
    case = Case(path)
    yield case.nothing_lost(name)
    with tempfile.TemporaryDirectory() as folder:
        shuffled = Path(folder) / path.name
        shuffle(path, shuffled)
        again = Case(shuffled)
    for what, first, second in (
        ("verdicts", case.report.verdicts.to_json(), again.report.verdicts.to_json()),
        ("whole report", case.report.to_json(), again.report.to_json()),
    ):
        said = f"{len(first.encode()):,} bytes"
        yield Figure(f"{name}: {what} of the shuffled file, as JSON", said, "identical", first == second)
    counts = Counter(case.report.verdicts.columns["outcome"])
    yield Figure("  verdicts", ", ".join(f"{count:,} {outcome}" for outcome, count in counts.most_common()))


def shuffle(source: Path, target: Path) -> None:
    """Write a table with its rows in a seeded random order."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    random.Random(SEED).shuffle(rows)
    with gzip.open(target, "wt", encoding="utf-8", newline="", compresslevel=1) as text:
        csv.writer(text).writerows([header, *rows])


def due_dates(data: Path) -> Iterator[Figure]:
    """Due dates that cities and offices really gave, from the calendars' own benchmark."""
    from benchmarks.due_dates import rows

    yield from (Figure(f"{name}: {what}", figure, bound, ok) for name, what, figure, bound, ok in rows(data))


SETS: dict[str, Callable[[Path], Iterable[Figure]]] = {
    "uci": uci_incidents,
    "boston2011": lambda data: boston(data, 2011),
    "boston2015": lambda data: boston(data, 2015),
    "onyx": onyx,
    "pwc": pwc_calls,
    "nps": retail_nps,
    "bpi2013": lambda data: unlabelled(data, "bpi2013_incidents"),
    "helpdesk": lambda data: unlabelled(data, "helpdesk_italian"),
    "bpi2012": lambda data: unlabelled(data, "bpi2012"),
    "due_dates": due_dates,
}


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "no data"


def _hours(elapsed: int | None) -> str:
    if elapsed is None:
        return "-"
    hours, rest = divmod(elapsed, HOUR)
    return f"{hours}:{rest // 60_000_000:02d} h"


def main(arguments: list[str]) -> int:
    """Print the table; return 1 if a bound does not hold, 2 if called wrongly."""
    if not arguments or not Path(arguments[0]).is_dir() or set(arguments[1:]) - set(SETS):
        print(f"usage: python -m benchmarks.real DATA_FOLDER [{' '.join(SETS)}]", file=sys.stderr)
        return 2
    data = Path(arguments[0])
    figures = [figure for name in arguments[1:] or SETS for figure in SETS[name](data)]
    print(table(figures))
    return 1 if any(figure.ok is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
