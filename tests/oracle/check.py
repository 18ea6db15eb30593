"""Kind `check`: an expectation on an event, or on each item in it."""

from __future__ import annotations

from oracle.conditions import ABSENT, Facts, gives, holds
from oracle.frame import Standard, ends_case, finish, row
from oracle.log import Event, Stamp


def evaluate(standard: Standard, case: tuple[str, ...], stamps: list[Stamp], as_of: int) -> list[dict]:
    stamps, _ = ends_case(standard, stamps, gives)
    last = stamps[-1].fields
    rows: list[dict] = []
    seen = False  # since the last `missing_by`
    for number, stamp in enumerate(stamps):
        facts = {id(event): stamp.facts(event, standard.calendars) for event in stamp.events}
        for place, event in enumerate(stamp.events):
            if gives(standard["event"], facts[id(event)]):
                seen = True
                verdict = judge(standard, facts[id(event)])
                rows += write(
                    standard, case, (stamp.t, number, place), event, facts[id(event)], verdict, last
                )
        demanding = [event for event in stamp.events if gives(standard["missing_by"], facts[id(event)])]
        if demanding:  # several in one stamp demand one
            event = demanding[0]
            order = (stamp.t, number, stamp.events.index(event))
            if not seen:
                rows += write(
                    standard, case, order, event, facts[id(event)], (False, None, 0), last, missing=1
                )
            seen = False
    return rows


def judge(standard: Standard, facts: Facts) -> tuple[bool | None, int | None, int]:
    """Return whether the expectation holds, how many items fail and how many may."""
    expect, items_in = standard["expect"], standard["for_each"]
    if items_in is None:
        found = holds(expect, facts)
        return found, None if found is None else int(not found), 0
    items = facts.read(str(items_in).removeprefix("$"))
    if items is ABSENT:
        return None, None, 0
    assert isinstance(items, list)
    found_each = [holds(expect, facts.with_item(item)) for item in items]
    failing, unknown, number = found_each.count(False), found_each.count(None), len(items)
    needed = at_least(standard["require"] or "all", number)
    passing = number - failing - unknown
    outcome = True if passing >= needed else False if passing + unknown < needed else None
    return outcome, failing, number - needed


def at_least(require: object, number: int) -> int:
    """Return how many of so many items have to pass."""
    if require == "all":
        return number
    if require == "any":
        return 1
    if isinstance(require, dict):
        return int(require["at_least"])
    percent = int(str(require).removesuffix("%"))
    return -(-number * percent // 100)  # rounded up: 90 % of 5 items are 5


def write(  # noqa: PLR0917
    standard: Standard,
    case: tuple[str, ...],
    order: tuple,
    event: Event,
    facts: Facts,
    verdict: tuple,
    last: dict,
    missing: int = 0,
) -> list[dict]:
    applies = standard.applies(facts)
    if applies is False:
        return []
    held, failing, allowed = verdict
    if held is None:
        failing = None  # what is known of the items says nothing of the rest
    outcome = "unknown" if held is None or applies is None else "met" if held else "breached"
    found = row(
        standard,
        case,
        order,
        started_at=facts.at,
        ended_at=facts.at,
        breached_at=facts.at if held is False and outcome == "breached" else None,
        elapsed=failing,
        limit=allowed,
        margin=-missing if missing else None if failing is None else allowed - failing,
        unit="items",
        outcome=outcome,
    )
    known = standard.facts({}, {**facts.own, **last}, facts.at, facts.kind)
    return [finish(standard, known, found)]
