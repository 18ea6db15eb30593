"""Rows whose time could not be read (semantics §5): what they could change is unknown."""

import itertools

from .calendars import add, subtract
from .conditions import Facts, fields_read, kinds
from .facts import NULLS, Case, Event
from .instants import DAY
from .limits import Length, names_in, resolve
from .verdicts import Verdict

SIGNALS = (
    "start",
    "stop",
    "cancel",
    "reset",
    "pause",
    "resume",
    "reopen_on",
    "stop_all",
    "ends",
    "event",
    "until",
    "needs",
    "missing_by",
    "then",
    "count",
    "after",
)


def doubt(standard, case, judge, verdicts, as_of, calendar=None):
    """The verdicts of a case, those that some time for an unreadable row could change made `unknown`."""
    rows = [row for row in case.unread if is_read(standard, row)]
    if not rows:
        return verdicts
    if not case.events and not any(is_named(standard, row) for row in rows):
        return verdicts  # FAULTS.md F7
    if not case.events:
        return [only_unreadable(as_of)]
    changed, opens = set(), False
    for row in rows:
        for at in candidates(standard, case, verdicts, as_of, calendar):
            event = Event(at, row.kind, row.fields, row.row, row.fields.get("id"))
            other = judge(Case(case.key, sorted([*case.events, event], key=order), (), case.nulls))
            opens = opens or len(other) > len(verdicts)
            changed |= differing(verdicts, other)
    told = [unknown(verdict) if number in changed else verdict for number, verdict in enumerate(verdicts)]
    return (
        [*told, only_unreadable(case.stamps[-1])]
        if opens and not changed and not isinstance(standard.get("per"), str)
        else told
    )  # silent.md 30


def differing(verdicts, others):
    """The numbers of the verdicts that come out otherwise: each is held against that of its opening event, else by position (silent.md 29)."""
    by_opener = {other.opener: other for other in others if other.opener is not None}
    openers = {verdict.opener for verdict in verdicts}
    rest = iter([other for other in others if other.opener is None or other.opener not in openers])
    found = set()
    for number, verdict in enumerate(verdicts):
        other = by_opener.get(verdict.opener) if verdict.opener is not None else None
        other = other or next(rest, None)
        other_start = next((one for one in others if one.started_at == verdict.started_at), None)
        if verdict.clock is not None and verdict.opener not in by_opener and other_start is not None:
            other = other_start
            by_opener[verdict.opener] = other
        same = other is not None and other.outcome == verdict.outcome
        if not same or (
            verdict.outcome == "unknown" and verdict.clock is not None and other.elapsed != verdict.elapsed
        ):
            found.add(number)
    return found


def order(event):
    from .facts import order_key

    return order_key(event)


def is_named(standard, row):
    """A kind the standard names."""
    named = set().union(*(kinds(standard.get(signal)) for signal in SIGNALS))
    level, state, total = (standard.get(key) or {} for key in ("level", "time_in", "sum"))
    for selector in (
        level.get("plus"),
        level.get("minus"),
        level.get("on"),
        state.get("from"),
        state.get("to"),
        total.get("of"),
    ):
        named |= kinds(selector)
    for key in ("extend",):
        named |= kinds((standard.get(key) or {}).get("event"))
    for limit in (standard.get("within"), standard.get("every")):
        if isinstance(limit, dict) and "of" in limit:
            named |= kinds(limit["of"])
    return row.kind in named or "*" in named or bool(standard.get("immediately"))


def is_read(standard, row):
    """A kind the standard names, or a field it reads."""
    if is_named(standard, row):
        return True
    level, state, total = (standard.get(key) or {} for key in ("level", "time_in", "sum"))
    names = (
        fields_read(standard.get("pause_while"))
        | fields_read(standard.get("applies_to"))
        | names_in(standard.get("within") or standard.get("every"))
    )
    names |= {total["field"]} if "field" in total else set()
    names |= {level["set"].lstrip("$")} if "set" in level else set()
    names |= fields_read(state) if state and "from" not in state else set()
    names |= fields_read(standard.get("expect")) | {standard.get("for_each")}
    for signal in SIGNALS:
        names |= fields_in(standard.get(signal))
    for override in standard.get("overrides", ()):
        names |= fields_read(override.get("when"))
    return bool(names & {name for name, value in row.fields.items() if value not in NULLS})


def fields_in(selector):
    """The fields that the conditions of a selector read."""
    if isinstance(selector, list):
        return set().union(*(fields_in(one) for one in selector))
    return fields_read(selector.get("where")) if isinstance(selector, dict) else set()


def spans(words):
    """The lengths of time that a standard names, wherever they stand."""
    if isinstance(words, dict):
        return set().union(*map(spans, words.values()))
    if isinstance(words, list):
        return set().union(*map(spans, words))
    try:
        limit = resolve(words, Facts({})) if isinstance(words, str) and words[:1] in "0123456789P" else None
    except (ValueError, KeyError):
        return set()
    return {limit.us} if isinstance(limit, Length) else set()


def candidates(standard, case, verdicts, as_of, calendar=None):
    """Every instant at which the row could make a difference: about each that matters, between them, before and after all."""
    marks = {as_of, *case.stamps}
    for verdict in verdicts:
        marks |= {
            at
            for at in (verdict.due_at, verdict.breached_at, verdict.ended_at, verdict.started_at)
            if at is not None
        }
    marks |= {at + by for at in list(marks) for span in spans(standard) for by in (-span, span)}
    if calendar is not None:
        for span in spans(standard):
            marks |= {way(calendar, at, span) for at in list(case.stamps) for way in (add, subtract)}
    near = sorted({at + by for at in marks for by in (-1, 0, 1)} | {min(marks) - DAY})
    between = [(a + b) // 2 for a, b in itertools.pairwise(near)]
    return sorted({at for at in [*near, *between] if at <= as_of})


def unknown(verdict):
    verdict.outcome, verdict.elapsed, verdict.margin, verdict.breached_at = "unknown", None, None, None
    return verdict


def only_unreadable(at):
    return Verdict("unknown", at, None, None, at, None, None, None, 0)
