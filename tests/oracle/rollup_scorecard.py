"""A scorecard, slowly: every way in which what is pending may still be marked, each score added up by hand."""

from __future__ import annotations

import itertools
from fractions import Fraction


def evaluate(items: list[dict], least: int) -> dict:
    """Return outcome, score and raw score of one evaluation.

    Args:
        items: `weight`, `auto_fail` and either `answer` (0 to 1, `n/a` or None) or `outcomes` of a standard's verdicts.
        least: How many points of 100 are promised.
    """
    marks = [mark_of(item) for item in items]
    pending = [mark for mark in marks if mark in {"open", "unknown"}]
    if any(item["auto_fail"] and fails(item) for item in items):
        raw = points_of(items, marks) if not pending else None
        return {"outcome": "breached", "score": 0, "raw": raw}
    if not pending:
        score = points_of(items, marks)
        if score is None:
            return {"outcome": "cancelled", "score": None, "raw": None}
        return {"outcome": "met" if score >= least else "breached", "score": score, "raw": score}
    results = {result_of(items, way, least) for way in ways_of(marks)}
    if results == {False}:
        outcome = "breached"
    elif results == {True} and "open" not in pending:
        outcome = "met"
    else:
        outcome = "open" if "open" in pending else "unknown"
    return {"outcome": outcome, "score": None, "raw": None}


def mark_of(item: dict) -> object:
    if "answer" in item:
        return "unknown" if item["answer"] is None else item["answer"]
    outcomes = item["outcomes"]
    if "breached" in outcomes and item["auto_fail"]:
        outcomes = [outcome for outcome in outcomes if outcome in {"met", "breached"}]
    for state in ("open", "unknown"):
        if state in outcomes:
            return state
    judged = [outcome == "met" for outcome in outcomes if outcome in {"met", "breached"}]
    return Fraction(sum(judged), len(judged)) if judged else "n/a"


def fails(item: dict) -> bool:
    return item["answer"] == 0 if "answer" in item else "breached" in item["outcomes"]


def ways_of(marks: list[object]) -> list[tuple]:
    """Return all the ways in which pending items may be marked: nothing, half, all, or not at all."""
    choices = [(0, Fraction(1, 2), 1, "n/a") if mark in {"open", "unknown"} else (mark,) for mark in marks]
    return list(itertools.product(*choices))


def result_of(items: list[dict], way: tuple, least: int) -> bool | None:
    """Return whether a score is reached; a critical item with nothing fails all."""
    for item, mark in zip(items, way, strict=True):
        if item["auto_fail"] and mark == 0:
            return False
    score = points_of(items, list(way))
    return None if score is None else score >= least


def points_of(items: list[dict], marks: list) -> Fraction | None:
    won = whole = Fraction(0)
    for item, mark in zip(items, marks, strict=True):
        if mark != "n/a":
            whole += item["weight"]
            won += item["weight"] * Fraction(mark)
    return won * 100 / whole if whole else None
