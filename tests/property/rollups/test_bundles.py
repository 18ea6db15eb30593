"""Bundles against an oracle that tries every way in which what is pending may turn out."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import rollup_bundle
from property.rollups.tables import columns, rows

from servstd.rollups.bundle import Place, bundle
from servstd.rollups.windowing import Span

MEMBERS = 3
REQUIRED = ("all", "any", {"at_least": 2}, "60%")
COMPARED = ("outcome", "started_at", "due_at", "ended_at", "breached_at", "margin")


def test_a_bundle_is_what_the_oracle_says_and_no_outcome_is_rare():
    seen: Counter[str] = Counter()

    @settings(max_examples=400, deadline=None)
    @given(rows(MEMBERS), st.sampled_from(REQUIRED), st.booleans())
    def agree(found, require, waits):
        members = [(str(number), "time") for number in range(MEMBERS)]
        made = list(bundle(columns(found), members=members, require=require, waits=waits))
        wanted = rollup_bundle.evaluate(found, MEMBERS, require, waits=waits)
        said = [
            {"case": one.case[0], **{name: getattr(one.obligation, name) for name in COMPARED}}
            for one in made
        ]
        assert said == [{name: row[name] for name in ("case", *COMPARED)} for row in wanted]
        seen.update(row["outcome"] for row in wanted)

    agree()
    assert set(seen) == {"met", "breached", "open", "unknown", "excluded", "cancelled"}
    assert min(seen.values()) >= 3, seen


class Fives:
    """Windows of five instants, from 0."""

    def number(self, at_us):
        return at_us // 5

    def start_us(self, number):
        return number * 5


def test_a_bundle_by_windows_is_what_looking_at_each_of_them_says():
    seen: Counter[tuple[str, bool]] = Counter()

    @settings(max_examples=400, deadline=None)
    @given(rows(MEMBERS), st.sampled_from(REQUIRED), st.booleans(), st.integers(0, 6), st.integers(4, 12))
    def agree(found, require, waits, known_from, now):
        members = [(str(number), "time") for number in range(MEMBERS)]
        place = Place(Fives(), Span(known_from, now))
        made = list(bundle(columns(found), members=members, require=require, waits=waits, place=place))
        wanted = rollup_bundle.evaluate_per(
            found, MEMBERS, require, waits=waits, length=5, known_from=known_from, now=now
        )
        said = [
            {"case": one.case[0], **{name: getattr(one.obligation, name) for name in COMPARED}}
            for one in made
        ]
        assert said == [{name: row[name] for name in ("case", *COMPARED)} for row in wanted]
        seen.update((row["outcome"], row["started_at"] >= 5) for row in wanted)

    agree()
    outcomes = {"met", "breached", "open", "unknown", "excluded", "cancelled"}
    assert set(seen) >= {(outcome, later) for outcome in outcomes for later in (True, False)}


@settings(max_examples=200, deadline=None)
@given(rows(MEMBERS))
def test_demanding_more_never_helps(found):
    """What is broken under `any` is broken under `at_least: 2`, and that under `all`; kept the other way round."""
    members = [(str(number), "time") for number in range(MEMBERS)]
    told = columns(found)
    by_case = [
        {one.case: one.obligation.outcome for one in bundle(told, members=members, require=require)}
        for require in ("any", {"at_least": 2}, "all")
    ]
    for easier, harder in pairwise(by_case):
        assert easier.keys() == harder.keys()
        assert all(harder[case] == "breached" for case in easier if easier[case] == "breached")
        assert all(easier[case] == "met" for case in harder if harder[case] == "met")
