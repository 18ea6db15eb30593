"""Attainments counted with arrays are those that are counted one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servstd.calendars.windows import Windows
from servstd.intervals import DAY_US
from servstd.rollups import attain
from servstd.rollups.attainment import STATUSES
from servstd.rollups.coded import OUTCOME_CODES, Coded, CodedSegments
from servstd.rollups.columnar import Attainments
from servstd.rollups.windowing import Span
from servstd.standards.objective import parse_objective

BASE = 1_774_000_000_000_000  # 20 March 2026; the clocks of London and Lord Howe change in the weeks after
HOUR_US = DAY_US // 24
ZONES = ("UTC", "Europe/London", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia")
WINDOWS = ("hour", "day", "week", "month", "quarter", "year", {"week": "sunday"}, {"fiscal_month": "04-06"})
SITES, KINDS = ("b", "a", None), ("x", "y")

rows = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 40 * 24), st.integers(0, 2), st.integers(0, 1)), max_size=40
)
instants = st.integers(0, 960).map(lambda hours: BASE + hours * HOUR_US)
specs = st.fixed_dictionaries(
    {
        "share": st.sampled_from(["0%", "50%", "66.6%", "100%", {"gt": "50%"}]),
        "window": st.sampled_from(WINDOWS),
    },
    optional={
        "by": st.sampled_from(["site", ["site", "kind"], ["kind", "site"]]),
        "min_sample": st.integers(1, 3),
        "max_unknown": st.sampled_from(["0%", "1%", "50%"]),
    },
)


def coded(told, start=BASE):
    """Return the verdicts as arrays: outcome, hours since the start, site, kind."""
    table = np.array(told, np.int64).reshape(len(told), 4)
    return {
        "outcome": Coded(table[:, 0].astype(np.int8), OUTCOME_CODES),
        "started_at": start + table[:, 1] * HOUR_US,
        "segments": CodedSegments({"site": Coded(table[:, 2], SITES), "kind": Coded(table[:, 3], KINDS)}),
        **dict.fromkeys(("due_at", "ended_at", "breached_at"), [None] * len(told)),
    }


def plain(columns):
    """Return the same verdicts as lists."""
    number = len(columns["outcome"])
    return {
        "outcome": list(columns["outcome"]),
        "started_at": columns["started_at"].tolist(),
        "segments": list(columns["segments"]),
        "due_at": [None] * number, "ended_at": [None] * number, "breached_at": [None] * number,
    }  # fmt: skip


def both(spec, columns, chosen, **more):
    told = [attain("s", parse_objective(spec), one, chosen, **more) for one in (columns, plain(columns))]
    return told[0], list(told[1])


@settings(max_examples=300, deadline=None)
@given(
    told=rows,
    spec=specs,
    more=st.fixed_dictionaries(
        {
            "timezone": st.sampled_from(ZONES),
            "span": st.builds(Span, st.one_of(st.none(), instants), instants),
            "of": st.sampled_from(["", "priority is P1"]),
        }
    ),
)
def test_arrays_and_lists_agree_in_every_row(told, spec, more):
    columns = coded(told)
    found, wanted = both(spec, columns, range(len(told)), **more)
    assert list(found) == wanted
    if told:
        assert isinstance(found, Attainments)
        _columns_say_what_the_rows_say(found, wanted)


def _columns_say_what_the_rows_say(found, wanted):
    columns = found.columns
    assert [STATUSES[code] for code in columns["status"]] == [one.status for one in wanted]
    assert columns["budget_allowed"].tolist() == [one.budget_allowed for one in wanted]
    for name in ("value", "low", "high", "burn_rate"):
        expected = [np.nan if getattr(one, name) is None else float(getattr(one, name)) for one in wanted]
        assert columns[name] == pytest.approx(expected, rel=1e-12, abs=1e-15, nan_ok=True)


def test_some_rows_may_be_chosen():
    columns = coded([(0, 1, 0, 0), (1, 2, 0, 0), (0, 30, 1, 0)])
    more = {"timezone": "UTC", "span": Span(BASE - DAY_US, BASE + 60 * DAY_US)}
    found, wanted = both({"share": "50%", "window": "day"}, columns, [0, 2], **more)
    assert isinstance(found, Attainments)
    assert list(found) == wanted
    assert sum(one.judged for one in found) == 2
    assert found[:1] == wanted[:1]
    assert found[-1] == wanted[-1]


@pytest.mark.parametrize(
    "spec",
    [
        {"count": 3, "window": "day"},
        {"share": "50%", "window": {"rolling": "2 days"}},
        {"share": "50%", "window": "all"},
        {"share": "50%", "window": "day", "decide_on": {"interval": "wilson", "side": "adverse"}},
    ],
    ids=str,
)
def test_what_arrays_do_not_count_is_counted_one_by_one(spec):
    columns = coded([(0, 1, 0, 0), (1, 2, 0, 0), (0, 30, 1, 0)])
    more = {"timezone": "UTC", "span": Span(BASE - DAY_US, BASE + 9 * DAY_US)}
    found, wanted = both(spec, columns, range(3), **more)
    assert isinstance(found, list)
    assert found == wanted


def test_an_instant_of_1970_does_not_make_half_a_million_arrays():
    columns = coded([(0, 1, 0, 0)] * 3)
    columns["started_at"][0] = 0
    more = {"timezone": "UTC", "span": Span(0, BASE + 9 * DAY_US)}
    many = CodedSegments({"site": Coded(np.zeros(3, np.int64), [str(site) for site in range(20)])})
    found = attain(
        "s",
        parse_objective({"share": "50%", "window": "hour", "by": "site"}),
        {**columns, "segments": many},
        range(3),
        **more,
    )
    assert [(one.window[:4], one.judged) for one in found] == [("1970", 1), ("2026", 2)]


def test_hours_with_arrays_are_those_of_the_zone():
    # Lord Howe sets its clocks by half an hour: the day of 5 April 2026 has 24 hours and a half
    from servstd.rollups.columnar import _windows_between

    hours, days = Windows("hour", "Australia/Lord_Howe"), Windows("day", "Australia/Lord_Howe")
    day = days.number(BASE + 16 * DAY_US)
    numbers, edges = _windows_between(hours, day * 32, day * 32 + 31)
    assert edges[0] == days.start_us(day)
    assert edges[-1] == days.start_us(day + 1)
    assert [hours.start_us(int(number)) for number in numbers] == edges[:-1].tolist()
