"""Scorecards against an oracle that tries every way in which what is pending may still be marked."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import rollup_scorecard

from servstd.rollups.rolled import READ
from servstd.rollups.scorecard import scorecard
from servstd.standards.scorecard import Item

ANSWERS = {"0": 0, "1": 1, "N/A": "n/a", "half": Fraction(1, 2), "": None, "strange": None}
OUTCOMES = ("met", "met", "breached", "open", "unknown", "excluded", "cancelled")
WEIGHTS = st.sampled_from((0, 1, 2, 5))

ANSWERED = st.fixed_dictionaries(
    {"weight": WEIGHTS, "auto_fail": st.booleans(), "text": st.sampled_from(list(ANSWERS))}
)
JUDGED = st.fixed_dictionaries(
    {
        "weight": WEIGHTS,
        "auto_fail": st.booleans(),
        "outcomes": st.lists(st.sampled_from(OUTCOMES), max_size=2),
    }
)


def columns(cards):
    """Return the rows of one case: the verdicts of each standard, then one record of the answers."""
    rows, answers, member = [], {}, 0
    for place, item in enumerate(cards):
        if "outcomes" in item:
            rows += [(member, outcome, {}) for outcome in item["outcomes"]]
            member += 1
        elif item["text"]:
            answers[f"q{place}"] = item["text"]
    rows.append((member, "met", answers))
    told = [
        {
            "member": place, "case_key": ("c",), "outcome": outcome, "started_at": 1, "ended_at": 2, "opened_by": number,
            "opened_id": "", "tie": False, "fields": {}, "own": carried,
        }
        for number, (place, outcome, carried) in enumerate(rows)
    ]  # fmt: skip
    return {name: [row.get(name) for row in told] for name in READ}, member


def test_a_scorecard_is_what_the_oracle_says_and_no_outcome_is_rare():
    seen: Counter[str] = Counter()

    @settings(max_examples=600, deadline=None)
    @given(st.lists(ANSWERED | JUDGED, min_size=1, max_size=4), st.sampled_from((50, 85, 100)))
    def agree(cards, least):
        items = [
            Item(id=str(place), weight=one["weight"], standard="s", auto_fail=one["auto_fail"])
            if "outcomes" in one
            else Item(
                id=str(place), weight=one["weight"], answer=f"q{place}", auto_fail=one["auto_fail"],
                values={"0": 0, "1": 1, "half": "0.5"},
            )
            for place, one in enumerate(cards)
        ]  # fmt: skip
        told, answers = columns(cards)
        (made,) = scorecard(told, items=items, least=Fraction(least), answers=answers, each=True)
        asked = [one | ({"answer": ANSWERS[one["text"]]} if "text" in one else {}) for one in cards]
        wanted = rollup_scorecard.evaluate(asked, least)
        assert made.obligation.outcome == wanted["outcome"]
        found = made.obligation.elapsed
        assert (None if found is None else Fraction(found)) == wanted["score"]
        if wanted["score"] is not None:
            assert Fraction(made.obligation.margin) == wanted["score"] - least
        if wanted["raw"] is not None:
            assert sum(part.points or 0 for part in made.parts) == wanted["raw"]
        seen[wanted["outcome"]] += 1

    agree()
    assert set(seen) == {"met", "breached", "open", "unknown", "cancelled"}
    assert min(seen.values()) >= 15, seen
