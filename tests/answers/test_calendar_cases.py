"""363 facts from the test suites of other systems, each recomputed by an independent implementation.

Their conventions differ from the language in three spellings, all of them resolved here and not in the library: spans
of one date that overlap are one span, a span that ends when it begins is none, and a weekly break is cut where it is
written, on its own date.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from servstd.calendars import Calendar
from servstd.errors import NeverOpens
from servstd.intervals import datetime_utc, instant_us

CASES = [json.loads(line) for line in Path(__file__).with_name("calendars.jsonl").read_text().splitlines()]
SECOND = 1_000_000


def minutes(clock):
    hours, _, rest = clock.partition(":")
    return int(hours) * 60 + int(rest)


def spans(pairs):
    """Return pairs as the language writes them: overlapping ones joined, empty ones left out."""
    joined = []
    for start, end in sorted(
        (minutes(a), minutes(b) + 1440 * (minutes(b) < minutes(a))) for a, b in pairs if a != b
    ):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return [f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in joined]


def calendar(words):
    return Calendar(
        timezone=words["tz"],
        hours={day: spans(pairs) for day, pairs in words["weekly"].items()},
        breaks={day: spans(pairs) for day, pairs in words["breaks"].items()},
        holidays=words["holidays"],
        exceptions={day: spans(pairs) for day, pairs in words["exceptions"].items()},
        overnight_breaks="as_written",
    )


def at(text):
    return instant_us(datetime.fromisoformat(text))


def answer(cal, op, args):
    if op == "between":
        return cal.elapsed_us(at(args["start"]), at(args["end"]))
    now = at(args["at"])
    try:
        if op in ("add", "subtract"):
            return getattr(cal, f"{op}_us")(now, args["seconds"] * SECOND)
        return getattr(cal, f"{op}_us")(now)
    except NeverOpens:
        return None


def expected(case):
    wanted = case["expect"]
    if isinstance(wanted, str):
        return at(wanted)
    return wanted * SECOND if case["op"] == "between" else wanted


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_answers_as_the_independent_implementation_did(case):
    got = answer(calendar(case["calendar"]), case["op"], case["args"])
    assert got == expected(case), f"{case['id']}: {got if got is None else datetime_utc(got)}"


def test_every_case_was_read():
    assert len(CASES) == 363
    assert {case["op"] for case in CASES} == {
        "between",
        "add",
        "subtract",
        "is_open",
        "next_open",
        "next_close",
    }


def test_a_break_before_an_overnight_start_is_inside_the_shift_unless_it_is_to_be_cut_as_written():
    """The one case whose convention is not the language's default: it names both answers."""
    case = next(case for case in CASES if "break_read_inside_the_shift" in case.get("alternatives", {}))
    words = calendar(case["calendar"]).to_dict()
    del words["overnight_breaks"]
    got = answer(Calendar(**words), case["op"], case["args"])
    assert got == case["alternatives"]["break_read_inside_the_shift"] * SECOND
