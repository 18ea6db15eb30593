"""Kind `check` (semantics §5): an event, or each item it lists, is as expected."""

from fractions import Fraction
from math import ceil

from .conditions import Facts, holds, takes
from .verdicts import Verdict


def judge(standard, case, book, as_of):
    verdicts = []
    for stamp in case.stamps:
        for event in case.at(stamp):
            if takes(standard["event"], event, case):
                verdicts.append(on_event(standard, case, event))
        for event in case.at(stamp):
            if takes(standard.get("missing_by"), event, case) and not happened(standard, case, event):
                verdicts.append(Verdict("breached", stamp, None, stamp, stamp, None, 0, -1, opener=event))
                break
    return sorted(verdicts, key=lambda verdict: verdict.started_at)


def happened(standard, case, by):
    """`missing_by` demands one since the last `missing_by`; what happens at its stamp has happened."""
    before = [
        event.time
        for event in case.events
        if event.time < by.time and takes(standard["missing_by"], event, case)
    ]
    since = max(before, default=-(10**20))
    return any(
        since < event.time <= by.time and takes(standard["event"], event, case) for event in case.events
    )


def on_event(standard, case, event):
    fields = case.fields(event.time)
    marks = marks_of(standard, Facts(fields, event), fields, event)
    at = event.time
    if marks is None:  # over an absent list nothing is known
        return Verdict("unknown", at, None, None, at, None, 0, None, opener=event)
    total, good, bad = len(marks), marks.count(True), marks.count(False)
    needed = needed_of(standard.get("require", "all"), total)
    allowed = total - needed
    if good >= needed:
        outcome = "met"
    elif total - bad < needed:
        outcome = "breached"
    else:
        outcome = "unknown"
    known = outcome != "unknown"
    return Verdict(
        outcome,
        at,
        None,
        at if outcome == "breached" else None,
        at,
        bad if known else None,
        allowed,
        allowed - bad if known else None,
        opener=event,
    )


def marks_of(standard, facts, fields, event):
    expect = standard.get("expect") or {}
    if "for_each" not in standard:
        return [holds(expect, facts)]
    items = facts.get(standard["for_each"])
    if items is None:
        return None
    return [
        holds(expect, Facts({**fields, **event.fields}, extra=item if isinstance(item, dict) else {}))
        for item in items
    ]


def needed_of(require, total):
    if require == "all":
        return total
    if require == "any":
        return 1
    if isinstance(require, dict):
        return require["at_least"]
    return ceil(Fraction(require.rstrip("%")) * total / 100)
