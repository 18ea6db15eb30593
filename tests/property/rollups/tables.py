"""Generated tables of verdicts, as a rollup reads them and as an oracle does."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from servstd.rollups.rolled import READ

OUTCOMES = ("met", "met", "breached", "breached", "open", "unknown", "excluded", "cancelled")


@st.composite
def _row(draw: st.DrawFn, members: int) -> dict[str, Any]:
    outcome = draw(st.sampled_from(OUTCOMES))
    start = draw(st.integers(0, 9))
    end = start + draw(st.integers(0, 9))
    has_ended = outcome in {"met", "cancelled"} or (outcome != "open" and draw(st.booleans()))
    return {
        "case": draw(st.sampled_from("ab")),
        "member": draw(st.integers(0, members - 1)),
        "outcome": outcome,
        "started_at": start,
        "due_at": draw(st.none() | st.integers(start, start + 9)),
        "ended_at": end if has_ended else None,
        "breached_at": draw(st.integers(start, start + 9)) if outcome == "breached" else None,
    }


def rows(members: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return strategies of verdicts of several standards on two cases."""
    return st.lists(_row(members), max_size=9)


def columns(found: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return rows as the columns that a rollup reads."""
    shared = {
        "elapsed": None,
        "limit": None,
        "margin": None,
        "reason": "",
        "opened_id": "",
        "tie": False,
        "fields": {},
        "own": {},
    }
    told = [
        {**shared, **row, "case_key": (row["case"],), "opened_by": place} for place, row in enumerate(found)
    ]
    return {name: [row.get(name) for row in told] for name in READ}
