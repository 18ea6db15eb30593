"""Metrics, slowly: every call looked at for itself, every contact against every other."""

from __future__ import annotations

from fractions import Fraction


def service_level(calls: list[dict], threshold: int, short: int, formula: str) -> Fraction | None:
    """Return the share of calls in time, counted call by call.

    Args:
        calls: `fate` (`answered`, `abandoned`, `overflowed`, `waiting`) and `waited`, in any unit of time.
        threshold: Up to which an answer is in time.
        short: Up to which a caller who gives up had not really called.
        formula: Its name.
    """
    for_it = counted = 0
    for call in calls:
        vote = VOTES[formula](call["fate"], call["waited"] <= threshold, call["waited"] <= short)
        counted += vote is not None
        for_it += vote is True
    return Fraction(for_it, counted) if counted else None


def _vote(abandoned_in: bool | None, abandoned_later: bool | None, *, waiting: bool = False):
    """Return how a call counts: for the figure (True), against it (False), or not at all (None)."""

    def vote(fate: str, is_in: bool, is_short: bool) -> bool | None:
        if fate == "answered":
            return is_in
        if fate == "overflowed":
            return None  # another queue's call
        if fate == "waiting":
            return False if waiting and not is_in else None
        return abandoned_in if is_in else abandoned_later

    return vote


def _short(vote_of_short: bool | None):
    def vote(fate: str, is_in: bool, is_short: bool) -> bool | None:
        if fate == "answered":
            return is_in
        if fate in ("waiting", "overflowed"):
            return None
        return vote_of_short if is_short else False

    return vote


def _flowed(fate: str, is_in: bool, is_short: bool) -> bool | None:
    if fate == "waiting":
        return None
    return fate == "answered" and is_in


VOTES = {
    "abandoned_in_met": _vote(True, False),
    "abandoned_ignored": _vote(None, None),
    "abandoned_in_base": _vote(False, False),
    "abandoned_in_excluded": _vote(None, False),
    "abandoned_short_met": _short(True),
    "abandoned_short_excluded": _short(None),
    "flowed_out_in_base": _flowed,
    "cisco_ignore": _vote(None, False, waiting=True),
    "cisco_negative": _vote(False, False, waiting=True),
    "cisco_positive": _vote(True, False, waiting=True),
}


def resolved_at_once(contacts: list[tuple[int, str]], within: int, now: int) -> tuple[int, int, int]:
    """Return how many issues were resolved at once, came back, and may still come back.

    Args:
        contacts: When, and about what; those of one instant in their order.
        within: How long after another contact one is a repeat.
        now: The instant of the judgement.
    """
    resolved = repeated = waiting = 0
    for place, (at, about) in enumerate(contacts):
        before = [
            then
            for other, (then, what) in enumerate(contacts)
            if what == about and (then, other) < (at, place) and at - then <= within
        ]
        if before:
            continue  # a repeat, and no issue of its own
        after = [
            then
            for other, (then, what) in enumerate(contacts)
            if what == about and (then, other) > (at, place) and then - at <= within
        ]
        if after:
            repeated += 1
        elif at + within < now:
            resolved += 1
        else:
            waiting += 1
    return resolved, repeated, waiting


def settled(contacts: list[tuple[int, str]], within: int, now: int) -> tuple[int, int, int]:
    """Return after how many contacts nobody came back, after how many somebody did, and after how many somebody may."""
    nobody = somebody = may = 0
    for place, (at, about) in enumerate(contacts):
        after = [
            then
            for other, (then, what) in enumerate(contacts)
            if what == about and (then, other) > (at, place) and then - at <= within
        ]
        if after:
            somebody += 1
        elif at + within < now:
            nobody += 1
        else:
            may += 1
    return nobody, somebody, may
