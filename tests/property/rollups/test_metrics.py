"""Metrics against an oracle that looks at every call for itself; windows against the whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import rollup_metric

import servstd

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
AS_OF = NINE + timedelta(hours=80)
WAITS = st.integers(1, 40)  # what is cancelled in the stamp of its start is cancelled before it starts
CALLS = st.lists(
    st.fixed_dictionaries(
        {
            "fate": st.sampled_from(("answered", "answered", "abandoned", "overflowed", "waiting")),
            "waited": WAITS,
        }
    ),
    min_size=1,
    max_size=14,
)
FORMULAS = sorted(rollup_metric.VOTES)
MINUTE = timedelta(minutes=1)


def rows_of(calls):
    rows = []
    for number, call in enumerate(calls):
        start = (
            AS_OF - call["waited"] * MINUTE
            if call["fate"] == "waiting"
            else NINE + number * timedelta(hours=5)
        )
        rows.append({"time": start, "event": "offered", "call": number})
        if call["fate"] != "waiting":
            rows.append({"time": start + call["waited"] * MINUTE, "event": call["fate"], "call": number})
    return rows


def evaluated(rows, *metrics):
    book = servstd.Book(
        case="call",
        timezone="UTC",
        indicators=[
            servstd.Respond(id="wait", start="offered", stop="answered", cancel=["abandoned", "overflowed"])
        ],
        standards=metrics,
    )
    return servstd.evaluate(book, servstd.read_events(rows), as_of=AS_OF).attainments


@settings(max_examples=60, deadline=None)
@given(CALLS)
def test_every_formula_of_the_service_level_is_what_counting_call_by_call_says(calls):
    metrics = [
        servstd.Metric(
            id=name, measure="service_level", formula=name, of="wait", threshold="20 minutes", at_least="80%", window="all",
            short="5 minutes" if "short" in name else None, flowed_out="overflowed",
        )
        for name in FORMULAS
    ]  # fmt: skip
    for row in evaluated(rows_of(calls), *metrics):
        wanted = rollup_metric.service_level(calls, 20, 5, row.standard)
        assert row.exact_value == wanted, row.standard
        assert row.status == (
            "no_data" if wanted is None else "met" if wanted >= Fraction(4, 5) else "missed"
        )
        known = row.judged + row.open + row.cancelled
        assert known == len(calls), "every call is counted, or stands beside"


@settings(max_examples=60, deadline=None)
@given(CALLS)
def test_the_days_add_up_to_the_whole(calls):
    told = {
        "measure": "service_level",
        "formula": "abandoned_in_base",
        "of": "wait",
        "threshold": "20 minutes",
        "at_least": "80%",
        "flowed_out": "overflowed",
    }
    rows = evaluated(
        rows_of(calls),
        servstd.Metric(id="all", window="all", **told),
        servstd.Metric(id="days", window="day", **told),
    )
    whole = next(row for row in rows if row.standard == "all")
    for name in ("judged", "met", "breached", "open", "cancelled"):
        assert sum(getattr(row, name) for row in rows if row.standard == "days") == getattr(whole, name)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from("xy")), min_size=1, max_size=10),
    st.sampled_from(["by_repeat", "by_contact"]),
)
def test_issues_are_what_comparing_every_contact_with_every_other_says(contacts, formula):
    contacts = sorted(contacts, key=lambda one: one[0])
    rows = [
        {"time": NINE + hours * timedelta(hours=1), "event": "called", "call": f"{place:02}", "about": about}
        for place, (hours, about) in enumerate(contacts)
    ]
    book = servstd.loads(f"""
    case: call
    standards:
    - {{id: m, kind: metric, measure: fcr, formula: {formula}, of: {{kind: check, event: called}}, match: about,
       repeat_within: 4 hours, at_least: 80%, window: all}}""")
    (row,) = servstd.evaluate(book, servstd.read_events(rows), as_of=NINE + timedelta(hours=30)).attainments
    counted = {"by_repeat": rollup_metric.resolved_at_once, "by_contact": rollup_metric.settled}[formula]
    assert (row.met, row.breached, row.open) == counted(contacts, 4, 30)
