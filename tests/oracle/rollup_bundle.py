"""A bundle, slowly: every way in which what is pending may still turn out, and every instant tried in turn."""

from __future__ import annotations

import itertools
from fractions import Fraction


def evaluate_per(
    rows: list[dict], members: int, require: object, *, waits: bool, length: int, known_from: int, now: int
) -> list[dict]:
    """Return one row a case and window of so many instants: of what begins in it, looked at for itself."""
    found = []
    for case in sorted({row["case"] for row in rows}):
        own = [row for row in rows if row["case"] == case]
        for start in range(0, max(row["started_at"] for row in own) + 1, length):
            inside = [row for row in own if start <= row["started_at"] < start + length]
            if not inside:
                continue
            is_over = start + length <= now
            one = of_case(inside, case, members, require, waits and not is_over)
            if one["outcome"] != "breached" and not is_over:  # something may still begin in it
                is_open = one["outcome"] == "open"
                nobody = one["outcome"] in ("excluded", "cancelled")
                broken = 0 if nobody else broken_members(inside, members)
                allowed = None if nobody else allowed_of(inside, members, require, waits)
                one |= {
                    "outcome": "open",
                    "ended_at": None,
                    "due_at": one["due_at"] if is_open else None,
                    "margin": None if allowed is None else allowed - broken,
                }
            elif one["outcome"] == "met" and start < known_from:  # nobody saw what began before
                one |= {"outcome": "unknown", "margin": None}
            found.append(one)
    return found


def broken_members(rows: list[dict], members: int) -> int:
    return sum(
        state_of([row for row in rows if row["member"] == number]) == "breached" for number in range(members)
    )


def allowed_of(rows: list[dict], members: int, require: object, waits: bool) -> int:
    states = [
        state_of([row for row in rows if row["member"] == number]) or ("open" if waits else None)
        for number in range(members)
    ]
    counted = len([state for state in states if state in {"met", "breached", "open", "unknown"}])
    return counted - how_many(require, counted)


def evaluate(rows: list[dict], members: int, require: object, *, waits: bool) -> list[dict]:
    """Return one row a case, from rows with `case`, `member` and the columns of a verdict."""
    cases = sorted({row["case"] for row in rows})
    return [
        of_case([row for row in rows if row["case"] == case], case, members, require, waits) for case in cases
    ]


def of_case(rows: list[dict], case: object, members: int, require: object, waits: bool) -> dict:
    by_member = [[row for row in rows if row["member"] == number] for number in range(members)]
    states = [state_of(of_one) or ("open" if waits else None) for of_one in by_member]
    counted = [
        number for number, state in enumerate(states) if state in {"met", "breached", "open", "unknown"}
    ]
    found = {"case": case, "started_at": min(row["started_at"] for row in asked(rows) or rows)}
    if not counted:
        outcomes = {row["outcome"] for row in rows}
        ends = [row["ended_at"] for row in rows]
        return found | {
            "outcome": "excluded" if "excluded" in outcomes else "cancelled",
            "margin": None, "due_at": None, "breached_at": None, "ended_at": None if None in ends else max(ends),
        }  # fmt: skip
    needed = how_many(require, len(counted))
    broken = [number for number in counted if states[number] == "breached"]
    outcome = outcome_of([states[number] for number in counted], needed)
    breaks = {number: min(row["breached_at"] for row in broken_of(by_member[number])) for number in broken}
    dues = {number: due_of(by_member[number], states[number]) for number in counted}
    ends = {number: end_of(by_member[number]) for number in counted}
    allowed = len(counted) - needed
    kept = [number for number in counted if states[number] == "met"]
    if outcome == "met":
        known = [dues[number] for number in kept if dues[number] is not None]
        due = max(known) if known else None
        end = first_instant([ends[number] for number in kept], more_than=needed - 1)
    else:
        due = first_instant([dues[number] for number in counted if number not in kept], more_than=allowed)
        every = list(ends.values())
        end = None if outcome == "open" or None in every else max(every)
    return found | {
        "outcome": outcome,
        "margin": None if outcome == "unknown" else allowed - len(broken),
        "due_at": due,
        "breached_at": first_instant(list(breaks.values()), more_than=allowed)
        if outcome == "breached"
        else None,
        "ended_at": end,
    }


def asked(rows: list[dict]) -> list[dict]:
    return [row for row in rows if row["outcome"] not in {"excluded", "cancelled"}]


def state_of(rows: list[dict]) -> str | None:
    """Return what a member comes to: broken once is broken, and it is kept when nothing else is left to know."""
    outcomes = {row["outcome"] for row in rows}
    for state in ("breached", "open", "unknown", "met", "excluded", "cancelled"):
        if state in outcomes:
            return state
    return None


def broken_of(rows: list[dict]) -> list[dict]:
    return [row for row in rows if row["outcome"] == "breached"]


def how_many(require: object, number: int) -> int:
    """Return how many of so many members have to be kept."""
    if require == "all":
        return number
    if require == "any":
        return 1
    if isinstance(require, dict):
        return min(require["at_least"], number)
    share = Fraction(str(require).removesuffix("%")) / 100
    needed = 0
    while needed < share * number:  # the least whole number that is not below the share
        needed += 1
    return needed


def outcome_of(states: list[str], needed: int) -> str:
    """Return what all the ways agree in, in which the pending members may turn out."""
    ways = [("met", "breached") if state in {"open", "unknown"} else (state,) for state in states]
    results = {way.count("met") >= needed for way in itertools.product(*ways)}
    if results == {True}:
        return "met"
    if results == {False}:
        return "breached"
    return "open" if "open" in states else "unknown"


def due_of(rows: list[dict], state: str) -> int | None:
    dues = [row["due_at"] for row in rows if row["outcome"] == state and row["due_at"] is not None]
    if not dues:
        return None
    return max(dues) if state == "met" else min(dues)


def end_of(rows: list[dict]) -> int | None:
    ends = [row["ended_at"] for row in asked(rows)]
    return None if None in ends or not ends else max(ends)


def first_instant(instants: list[int | None], *, more_than: int) -> int | None:
    """Return the first instant at which more than so many have come; None when that never happens."""
    known = [at for at in instants if at is not None]
    for at in sorted(known):
        if len([other for other in known if other <= at]) > more_than:
            return at
    return None
