"""Books and logs that once gave a confident wrong figure, the smallest of each kind; see the head of `faults.yaml`."""

from __future__ import annotations

import re
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

import servstd
from servstd.cli.running import run
from servstd.errors import ServstdError

CASES = {case["id"]: case for case in yaml.safe_load((Path(__file__).parent / "faults.yaml").read_text())}


PENDING: set[str] = set()  # fmt: skip
"""Those that are still wrong; each leaves this set with the change that mends its kind."""


def judged(case, folder):
    """Return the book, the log and the report of a case."""
    log = folder / ("log.ndjson" if "ndjson" in case else "log.csv")
    log.write_text(case.get("ndjson") or case["log"])
    book = servstd.loads(case["book"])
    events = servstd.read_events(log, options=book.events or servstd.ReadOptions())
    as_of = case.get("as_of")
    return (
        book,
        events,
        servstd.evaluate(book, events, as_of=datetime.fromisoformat(as_of) if as_of else None),
    )


def printed(case, folder, capsys):
    """Return what the command line prints for a case: the report and the lint of the log."""
    (folder / "book.yaml").write_text(case["book"])
    log = next(folder.glob("log.*"))
    as_of = ["--as-of", case["as_of"]] if "as_of" in case else []
    code = run(["check", str(folder / "book.yaml"), str(log), *as_of])
    run(["lint", str(folder / "book.yaml"), "--log", str(log)])
    shown = capsys.readouterr()
    return code, shown.out + shown.err


def options(text):
    return dict(part.split("=", 1) for part in text.split() if "=" in part)


def says_verdict(want, report):
    """Return whether the report holds the verdict that is wanted: `ID CASE[#n] OUTCOME [due=…] [elapsed=…]`."""
    standard, case, outcome, *rest = want.split()
    case, _, number = case.partition("#")
    found = [
        one
        for one in report.verdicts
        if one.standard == standard and str(one.case) == case and one.occurrence == int(number or 1)
    ]
    if outcome == "absent":
        return not found
    told = options(" ".join(rest))
    return len(found) == 1 and (
        found[0].outcome == outcome
        and ("due" not in told or found[0].due_at == datetime.fromisoformat(told["due"]))
        and ("elapsed" not in told or found[0].elapsed == int(told["elapsed"]) * 1_000_000)
        and ("margin" not in told or found[0].margin == int(told["margin"]) * 1_000_000)
    )


def says_row(want, report):
    """Return whether the report holds the row that is wanted: `row ID WINDOW|name=value STATUS [value=x]`."""
    _, standard, window, status, *rest = want.split()
    value = options(" ".join(rest)).get("value")
    found = [
        one
        for one in report.attainments
        if one.standard == standard and (window in (one.window, one.segment))
    ]
    return any(
        one.status == status and (value is None or one.exact_value == Fraction(value)) for one in found
    )


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xfail) if name in PENDING else name for name in CASES]
)
def test_what_once_was_wrong_is_right(name, tmp_path, capsys):
    case = CASES[name]
    refused = [want.removeprefix("refused ") for want in case["want"] if want.startswith("refused ")]
    if refused:
        with pytest.raises(ServstdError) as error:
            judged(case, tmp_path)
        assert all(text in str(error.value) for text in refused)
        return
    _, _, report = judged(case, tmp_path)
    exit_code, output = printed(case, tmp_path, capsys)
    for want in case["want"]:
        if want.startswith("row "):
            assert says_row(want, report), (want, [one.to_dict() for one in report.attainments])
        elif want.startswith("says "):
            assert want.removeprefix("says ") in re.sub(r"\s+", " ", output), (want, output)
        elif want.startswith("exit "):
            assert exit_code == int(want.removeprefix("exit ")), output
        else:
            assert says_verdict(want, report), (want, [one.to_dict() for one in report.verdicts])
