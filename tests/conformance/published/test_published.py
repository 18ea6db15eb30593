"""Run the worked cases of the published standards: each book stands in `examples/published`.

`expected.json` holds a `timezone`, in which its instants are local, an `as_of`, and every verdict with the arithmetic
(`why`) by which it was found by hand. `covers` says from when to when the log is complete, where the first window would else be cut.
`readings` holds the verdicts that another reading of ambiguous words gives.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import servstd
from servstd.book import Book

HERE = Path(__file__).parent
BOOKS = Path(__file__).parents[3] / "examples" / "published"
EVERY_BOOK = sorted(path.stem for path in BOOKS.glob("*.yaml"))
WORKED = sorted(path.parent.name for path in HERE.glob("*/expected.json"))
ENTRIES = 141  # of the corpus: each has a book, in full or in part, or is refused
INSTANTS = {"started_at", "due_at", "ended_at", "breached_at"}
AMOUNTS = {"elapsed", "limit", "margin", "paused"}
UNITS = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000}


def told(name):
    return json.loads((HERE / name / "expected.json").read_text(encoding="utf-8"))


def instant(text, zone):
    """Return an instant as written: local in the zone of the case, or with an offset of its own."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def amount(text):
    """Return `1h 30m` as microseconds; a number is one already."""
    if not isinstance(text, str):
        return text
    parts = re.findall(r"(\d+)([hms])", text)
    assert parts, text
    return sum(int(count) * UNITS[unit] for count, unit in parts) * (-1 if text.startswith("-") else 1)


def meant(row, zone):
    read = {name: value for name, value in row.items() if name != "why"}
    for name in INSTANTS & set(row):
        read[name] = row[name] and instant(row[name], zone)
    for name in AMOUNTS & set(row):
        read[name] = amount(row[name])
    return read


def identity(row):
    return (row["standard"], row["case"], row.get("occurrence", 1))


def judged(book, name, expected):
    reading = {"time": "time", "event": "event"} | book.events.model_dump(exclude_unset=True)
    if "covers" in expected:
        reading["covers"] = tuple(expected["covers"])
    log = servstd.read_events(HERE / name / "events.ndjson", **reading)
    assert log.counts.quarantined == 0
    return servstd.evaluate(book, log, as_of=instant(expected["as_of"], expected["timezone"]))


def compare(report, rows, zone):
    wanted = {identity(row): meant(row, zone) for row in rows}
    found = {identity(row): row for row in (verdict.to_dict() for verdict in report.verdicts)}
    assert len(wanted) == len(rows)
    shown = {key: {name: row[name] for name in wanted.get(key, row)} for key, row in found.items()}
    assert shown == wanted


def read_otherwise(book, reading):
    """Return a book in which every standard that has this reading is taken by it."""
    standards = [one.read_as(reading) if reading in (one.readings or {}) else one for one in book.standards]
    return Book(**{name: getattr(book, name) for name in book.model_fields_set} | {"standards": standards})


@pytest.mark.parametrize("name", WORKED)
def test_the_verdicts_are_those_worked_out_by_hand(name):
    expected = told(name)
    report = judged(servstd.load(BOOKS / f"{name}.yaml"), name, expected)
    compare(report, expected["verdicts"], expected["timezone"])
    zone = ZoneInfo(expected["timezone"])
    found = {
        (one.standard, str(one.objective), one.segment, first_date(one, zone)): one
        for one in report.attainments
    }
    for row in expected.get("attainments", []):
        one = found[row["standard"], row["objective"], row.get("segment", ""), row["window"]]
        assert (one.judged, one.met, one.status) == (row["judged"], row["met"], row["status"])
        assert "value" not in row or one.exact_value == amount(row["value"])


@pytest.mark.parametrize("name", [name for name in WORKED if "consequences" in told(name)])
def test_what_follows_is_what_was_worked_out_by_hand(name):
    """Every consequence stands in `expected.json`, amounts as text: `20.00`."""
    expected = told(name)
    report = judged(servstd.load(BOOKS / f"{name}.yaml"), name, expected)
    wanted = {followed(row): row for row in expected["consequences"]}
    found = {followed(row.to_dict()): row.to_dict() for row in report.consequences}
    assert len(wanted) == len(expected["consequences"])
    assert wanted.keys() == found.keys()
    for key, row in wanted.items():
        assert len(row["why"]) > 20
        told_of = {field: found[key][field] for field in row if field not in ("why", "amount")}
        instants = {"at", "claim_until", "claimed_at"} & {field for field in told_of if row[field]}
        read = {field: instant(row[field], expected["timezone"]) for field in instants}
        assert told_of == {field: row[field] for field in told_of} | read
        assert str(found[key]["amount"]) == str(row["amount"])


def followed(row):
    """Return what tells a consequence apart: its case and occurrence, or its window and segment."""
    window = row.get("window", "")
    return (
        row["consequence"],
        row["case"],
        row.get("occurrence", 0 if window else 1),
        window,
        row.get("segment", ""),
    )


def first_date(attainment, zone):
    """Return the local date on which a window begins, or `all` for the whole log."""
    begins = attainment.window_start
    return str(begins.astimezone(zone).date()) if begins is not None else "all"


READINGS = [(name, reading) for name in WORKED for reading in told(name).get("readings", {})]


@pytest.mark.parametrize(("name", "reading"), READINGS)
def test_another_reading_of_the_words_gives_other_verdicts(name, reading):
    expected = told(name)
    book = read_otherwise(servstd.load(BOOKS / f"{name}.yaml"), reading)
    changed = {identity(row): row for row in expected["readings"][reading]}
    rows = [changed.get(identity(row), row) for row in expected["verdicts"]]
    rows = [row for row in rows if row["outcome"] is not None]  # under this reading it is not judged
    assert changed.keys() <= {identity(row) for row in expected["verdicts"]}
    compare(judged(book, name, expected), rows, expected["timezone"])


@pytest.mark.parametrize("name", EVERY_BOOK)
def test_every_book_loads_names_its_source_and_comes_back_as_written(name):
    book = servstd.load(BOOKS / f"{name}.yaml")
    assert servstd.loads(book.to_yaml()) == book
    for one in book.standards:
        assert one.title, one.id
        assert one.source is not None, one.id
        assert one.source.citation, one.id
        assert one.source.url, one.id
        assert one.sentence(book.surroundings).startswith("For each "), one.id


@pytest.mark.parametrize("name", WORKED)
def test_each_standard_is_kept_and_broken_and_says_why(name):
    rows = told(name)["verdicts"]
    assert all(len(row.get("why", "")) > 20 for row in rows)
    assert len(rows) >= 3
    outcomes = {row["outcome"] for row in rows}
    assert {"met", "breached"} <= outcomes or "measure" in told(name)


def test_the_catalogue_names_every_book_and_counts_them():
    page = (BOOKS.parents[1] / "docs" / "catalogue" / "index.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| \[([\w-]+)\]\(\w+\.md#\1\)", page, re.MULTILINE)) == EVERY_BOOK
    found = {entry.id: entry for entry in servstd.catalog()}
    assert sorted(found) == EVERY_BOOK
    full = sum(entry.says == "full" for entry in found.values())
    counts = f"{len(found)} books: {full} say their entry in full, {len(found) - full} in part"
    assert f"{counts}, and none of the {ENTRIES} entries is refused." in page
    assert len(found) == ENTRIES


@pytest.mark.parametrize("name", EVERY_BOOK)
def test_each_book_says_where_it_comes_from_and_how_it_stands_in_the_catalogue(name):
    """Under `source:` and `published:`, above its standards; a part that is left out is named."""
    book = servstd.load(BOOKS / f"{name}.yaml")
    assert all((book.source.citation, book.source.issuer, book.source.jurisdiction))
    assert all((book.published.domain, book.published.patterns, book.published.features))
    assert book.published.says == "full" or book.published.note
