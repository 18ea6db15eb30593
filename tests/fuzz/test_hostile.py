"""No name and no value of a stranger is live anywhere: 50 strings, in every place, in every format.

A few strings a place are tried in each run, other ones at other places; `pytest -m fuzz` tries all of them everywhere.
"""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

import servstd
from fuzz import live
from fuzz.hostile import PLACES, STRINGS, written
from servstd.cli.running import run
from servstd.render.findings import render_text
from servstd.render.style import Style
from servstd.render.text import render

FEW = 2
LATER = datetime(2026, 3, 6, tzinfo=UTC)
REPORTS = {
    "text": live.in_text, "json": live.in_json, "markdown": live.in_markdown, "junit": live.in_xml,
    "github": live.in_github, "html": live.in_html,
}  # fmt: skip
FINDINGS = {"text": live.in_text, "json": live.in_json, "sarif": live.in_json, "github": live.in_github}
EXPLAINED = {"text": live.in_text, "json": live.in_json}


def strings_for(place):
    at = [*PLACES].index(place)
    return [STRINGS[(at * FEW + step) % len(STRINGS)] for step in range(FEW)]


def test_every_place_is_shown_somewhere():
    book, rows, words = written(None)
    shown = {name for name, _, _ in of_the_library(book, rows)}
    assert {
        "the report as junit",
        "evidence in a notebook",
        "a row in quarantine",
        "what breaches have in common at a prompt",
    } <= shown
    everything = json.dumps([book, rows])
    assert [place for place in PLACES if words[place] not in everything] == ["file", "book file", "argument"]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_live(place, tmp_path, capsys):
    assert outputs_with_something_live(place, strings_for(place), tmp_path, capsys)[0] == []


@pytest.mark.fuzz
@pytest.mark.parametrize("place", PLACES)
def test_nothing_of_all_strings_is_live(place, tmp_path, capsys):
    found, count = outputs_with_something_live(place, STRINGS, tmp_path, capsys)
    with capsys.disabled():
        print(f"\n{place}: {count} outputs of {len(STRINGS)} strings, {len(found)} live")
    assert found == []


def outputs_with_something_live(place, strings, folder, capsys):
    """Return what is live in which output of which string, and how many outputs there were."""
    found, count = [], 0
    for text in strings:
        for name, look, output in outputs(place, text, folder, capsys):
            count += 1
            found += [(text, name, one) for one in look(output)]
    return found, count


def outputs(place, text, folder, capsys):
    """Yield every output of the library and of the command line, with what finds the live in it."""
    book, rows, words = written(place, text)
    try:
        yield from of_the_library(book, rows)
    except servstd.ServstdError as error:
        yield "the error", live.in_text, str(error)
    yield from of_the_commands(book, rows, words, folder, capsys)


def of_the_library(data, rows):
    book = servstd.loads(json.dumps(data), format="json")
    log = servstd.read_events(rows, options=book.events)
    report = servstd.evaluate(book, log)
    for format_, look in REPORTS.items():
        yield f"the report as {format_}", look, report.render(format_)
    for name, shown in {"report": report, "log": log, "verdicts": report.verdicts}.items():
        yield f"the {name} in a notebook", live.in_html, shown._repr_html_()
    for name, shown in {"verdicts": report.verdicts, "attainments": report.attainments, "log": log}.items():
        yield f"the {name} at a prompt", live.in_text, repr(shown)
    yield (
        "two reports compared",
        live.in_markdown,
        servstd.compare(report, servstd.evaluate(book, log, as_of=LATER)).to_markdown(),
    )
    yield "the report in colours", live.in_colours, render(report, Style(width=80, colour=True))
    yield "findings in colours", live.in_colours, render_text(book.lint(log), 1, Style(colour=True))
    for name, ask in {
        "two reports compared": lambda: servstd.compare(report, servstd.evaluate(book, log, as_of=LATER)),
        "a curve": lambda: report.curve(book.standards[0].id),
        "a chart": lambda: report.chart(book.standards[0].id),
        "what breaches have in common": lambda: report.pareto(next(iter(data["standards"][0]["applies_to"]))),
    }.items():
        with suppress(servstd.ServstdError):
            shown = ask()
            yield f"{name} at a prompt", live.in_text, str(shown)
            yield f"{name} in a notebook", live.in_html, shown._repr_html_()
    for row in log.quarantine:
        yield "a row in quarantine", live.in_text, str(row)
    for name, calendar in book.calendars.items():
        yield f"the calendar {name}", live.in_html, calendar._repr_html_()
    for standard in book.judged:
        yield "a sentence", live.in_text, live_text(standard.sentence(book.surroundings))
    for verdict in report.verdicts:
        told = report.explain(verdict.standard, verdict.case, verdict.occurrence)
        yield "evidence as JSON", live.in_json, told.to_json()
        yield "evidence", live.in_text, str(told)
        yield "evidence in a notebook", live.in_html, told._repr_html_()


def live_text(text):
    """Return a sentence as a host prints it, behind words of its own."""
    return f"> {text}"


def of_the_commands(data, rows, words, folder, capsys):
    book, log = written_files(data, rows, words, folder)
    calls = [(["check", book, log, "--format", format_], look) for format_, look in REPORTS.items()]
    calls += [(["lint", book, "--log", log, "--format", format_], look) for format_, look in FINDINGS.items()]
    calls += [(["explain", book, log, "--format", format_], look) for format_, look in EXPLAINED.items()]
    calls += [(["explain", book, "--format", format_], look) for format_, look in EXPLAINED.items()]
    standard, named = words["standard"], words["argument"]
    calls += [
        (["explain", book, "--standard", standard], live.in_text),
        (["explain", book, log, "--standard", standard, "--case", words["case"]], live.in_text),
        (["explain", book, log, "--standard", named], live.in_text),
        (["explain", book, log, "--case", named], live.in_text),
        (["check", book, log, "--standard", named], live.in_text),
        (["check", book, log, "--segment", f"{words['field']}={named}"], live.in_text),
        (["check", book, log, "--as-of", named, "--window", named], live.in_text),
        (["check", book, log, "--time", named, "--timezone", named], live.in_text),
        (["check", book, named], live.in_text),
        (["check", named, log], live.in_text),
        (["calendar", "show", book, words["calendar"]], live.in_text),
        (
            ["calendar", "elapsed", book, words["calendar"], "2026-03-02", "2026-03-05", "--explain"],
            live.in_text,
        ),
        (["calendar", "due", book, words["calendar"], named, "2026-03-02"], live.in_text),
        (["catalog", named], live.in_text),
        ([named], live.in_text),
    ]
    for arguments, look in calls:
        code = run(arguments)
        told = capsys.readouterr()
        assert code in (0, 1, 2, 3), (arguments, told.err)
        what = f"servstd {' '.join(arguments[:1])}"
        if told.out:
            as_asked = code in (0, 1, 3) or arguments[0] == "lint" or "github" in arguments
            yield what, look if as_asked else live.in_text, told.out
        yield f"{what}, stderr", live.in_text, told.err


def written_files(data, rows, words, folder):
    """Write a book and a log, and return their paths; a name that no file can have is only called with."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    table = io.StringIO()
    writer = csv.DictWriter(table, columns)
    writer.writeheader()
    writer.writerows(rows)
    files = {f"{words['book file']}.json": json.dumps(data), f"{words['file']}.csv": table.getvalue()}
    for name, text in files.items():
        with suppress(OSError, ValueError):
            Path(folder, name).write_text(text, encoding="utf-8", newline="", errors="backslashreplace")
    return tuple(f"{folder}/{name}" for name in files)
