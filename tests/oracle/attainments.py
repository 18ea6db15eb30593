"""Attainments, slow and obvious: written from section 7 of what a verdict means and the decisions 0030 to 0033, 0230, 0231.

A specification says besides which way the bound of its standard points, `way`: `le`, `lt` or `ge`. Every window is made with `datetime` and `zoneinfo` and every verdict is put into it by looking at it. No code is shared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = 60_000_000


@dataclass(frozen=True)
class Row:
    """One window of one segment."""

    segment: str
    start: datetime | None
    end: datetime | None
    counts: tuple[int, ...]
    value: Fraction | None
    status: str


COUNTED = ("met", "breached", "open", "excluded", "cancelled", "unknown")


def instant(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def midnight(on: date, zone: str) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def months_later(on: date, months: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    first_after = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (first_after - timedelta(days=1)).day
    return date(year, month + 1, min(on.day, last))


# -- one case ----------------------------------------------------------------------------------------------------------


def amount(text: str) -> int:
    number, *unit = text.split()
    return int(number) * {"minute": MINUTE, "hour": 60 * MINUTE, "day": 1}[unit[-1].rstrip("s")]


def figure_of(spec: dict) -> tuple[str, str, Any]:
    """Return the statistic, the comparison and the bound as written."""
    (name,) = [
        key
        for key in spec
        if key in ("share", "mean", "median", "max", "count", "rate") or re.fullmatch(r"p\d+", key)
    ]
    written = spec[name]
    if isinstance(written, dict):
        ((op, written),) = written.items()
        return name, op, written
    for words, op in WORDS.items():
        if isinstance(written, str) and written.startswith(words):
            return (
                name,
                op,
                written.removeprefix(words).split()[0] if name == "share" else written[len(words) :],
            )
    if is_of_cases(name):
        return name, spec.get("way", "le"), written
    more_is_better = (name == "share" and spec.get("of") != "breached") or (
        name in ("count", "rate") and spec.get("of") in ("met", "judged")
    )
    if isinstance(spec["window"], dict) and "census" in spec["window"] and name != "share":
        more_is_better = False  # what is counted is still open
    return name, "ge" if more_is_better else "le", written


WORDS = {"less than ": "lt", "fewer than ": "lt", "more than ": "gt", "at most ": "le", "at least ": "ge"}


def is_share_of_breached(spec: dict) -> bool:
    """Tell whether a share is the most that is breached, and not the least that is met."""
    name, op, _ = figure_of(spec)
    return name == "share" and op in ("le", "lt")


def holds(op: str, figure: Any, bound: Any) -> bool:
    return {"ge": figure >= bound, "gt": figure > bound, "le": figure <= bound, "lt": figure < bound}[op]


def is_of_cases(name: str) -> bool:
    return name in ("mean", "median", "max") or name.startswith("p")


def outcome_of(spec: dict, verdict: dict) -> str:
    """Return what a verdict is to an objective: judged anew where cases are held against something of its own."""
    name, op, written = figure_of(spec)
    if is_of_cases(name):
        limit = amount(written)
    elif "within" in spec:
        op, limit = "lt" if spec.get("way") == "lt" else "le", amount(spec["within"])
    else:
        limit = None
    outcome = verdict["outcome"]
    if limit is not None and outcome in ("met", "breached", "open"):
        if verdict["elapsed"] is None:
            return "unknown"
        is_good = holds(op, verdict["elapsed"], limit)
        if verdict["ended_at"] is not None:
            outcome = "met" if is_good else "breached"
        elif op in ("le", "lt") and not is_good:
            outcome = "breached"
        else:
            outcome = "open"
    if "weight" in spec and outcome in ("met", "breached") and weight_of(spec, verdict) is None:
        return "unknown"
    return outcome


def weight_of(spec: dict, verdict: dict) -> Any:
    return verdict["weights"].get(spec["weight"]) if "weight" in spec else 1


def dated(spec: dict, verdict: dict, as_of: datetime) -> datetime:
    by = spec.get("dated_by", "start")
    if by == "start":
        return instant(verdict["started_at"])
    if by == "due" and verdict["due_at"] is not None:
        return instant(verdict["due_at"]) - MICROSECOND  # due by the end of a window is due in it
    for name in ("ended_at", "breached_at"):
        if verdict[name] is not None:
            return instant(verdict[name])
    return as_of if outcome_of(spec, verdict) in ("open", "breached") else instant(verdict["started_at"])


# -- windows -----------------------------------------------------------------------------------------------------------


def starts_of(length: str, first: str, around: date) -> date:
    """Return the date on which the window begins that holds a date."""
    if length == "day":
        return around
    if length == "week":
        weekday = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(first)
        while around.weekday() != weekday:
            around -= timedelta(days=1)
        return around
    month, day = (int(part) for part in first.split("-"))
    every = {"month": 1, "quarter": 3, "year": 12}[length]
    while not (around.day == day and (around.month - month) % every == 0):
        around -= timedelta(days=1)
    return around


def calendar_windows(
    window: Any, zone: str, low: datetime, high: datetime
) -> list[tuple[datetime, datetime]]:
    """Return the calendar windows from the one that holds `low` to the one that holds `high`."""
    length, first = window, "mon" if window == "week" else "01-01"
    if isinstance(window, dict):
        ((shape, first),) = window.items()
        length = shape.removeprefix("fiscal_")
        first = first[:3] if length == "week" else first
    days = [low.astimezone(ZoneInfo(zone)).date() - timedelta(days=2)]
    while days[-1] < high.astimezone(ZoneInfo(zone)).date() + timedelta(days=2):
        days.append(days[-1] + timedelta(days=1))
    if length == "hour":
        found = []
        for day in days:
            start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
            while start < end:
                found.append((start, min(start + timedelta(hours=1), end)))
                start += timedelta(hours=1)
    else:
        begins = sorted({starts_of(length, first, day) for day in days})
        begins.append(starts_of(length, first, begins[-1] + timedelta(days=400)))
        after = {
            one: next(
                x
                for x in (one + timedelta(days=n) for n in range(1, 400))
                if starts_of(length, first, x) == x
            )
            for one in begins[:-1]
        }
        found = [(midnight(one, zone), midnight(end, zone)) for one, end in after.items()]
    return [(start, end) for start, end in found if end > low and start <= high]


def rolling_start(text: str, last: date) -> date:
    count, unit = text.split()
    if unit.startswith("month"):
        return months_later(last + timedelta(days=1), -int(count))
    return last + timedelta(days=1) - timedelta(days=int(count) * (7 if unit.startswith("week") else 1))


# -- rows --------------------------------------------------------------------------------------------------------------


def attainments(
    spec: dict, verdicts: list[dict], *, zone: str, as_of: datetime, first: datetime | None
) -> list[Row]:
    """Return the rows of an objective, by segment and window."""
    names = spec.get("by", [])
    found: list[Row] = []
    for segment in sorted({segment_of(names, one) for one in verdicts}):
        chosen = [one for one in verdicts if segment_of(names, one) == segment]
        found += rows_of(spec, chosen, segment, zone=zone, as_of=as_of, first=first, is_whole=not names)
    # A promise that nothing falls into is shown all the same, without a segment.
    return found or list(rows_of(spec, [], "", zone=zone, as_of=as_of, first=first, is_whole=True))


def segment_of(names: list[str], verdict: dict) -> str:
    return ", ".join(f"{name}={verdict['segments'].get(name, 'not carried')}" for name in names)


def rows_of(
    spec: dict,
    verdicts: list[dict],
    segment: str,
    *,
    zone: str,
    as_of: datetime,
    first: datetime | None,
    is_whole: bool,
) -> Iterator[Row]:
    window = spec["window"]
    shape = next(iter(window)) if isinstance(window, dict) else window
    at = {id(one): dated(spec, one, as_of) for one in verdicts}

    def within(start: datetime, end: datetime) -> list[dict]:
        return [one for one in verdicts if start <= at[id(one)] < end]

    def row(
        start: datetime, end: datetime, inside: list[dict], bounds: tuple[datetime, datetime] | None = None
    ) -> Row:
        lower, upper = bounds or (start, end)
        state = "provisional" if as_of < upper else "partial" if first is None or lower < first else ""
        return judged_row(spec, segment, (start, end), inside, state)

    if window == "all":
        yield judged_row(spec, segment, (None, None), verdicts, "")
    elif shape == "blocks":
        for lower, upper in window["blocks"]:
            start, end = midnight(date.fromisoformat(lower), zone), midnight(date.fromisoformat(upper), zone)
            if is_whole or within(start, end):
                yield row(start, end, within(start, end))
    elif shape == "census":
        yield from censuses(spec, verdicts, segment, window["census"], zone=zone, as_of=as_of, first=first)
    elif shape == "rolling":
        today = as_of.astimezone(ZoneInfo(zone)).date()
        last = (first or as_of).astimezone(ZoneInfo(zone)).date() if verdicts else today
        while last <= today:
            start, end = (
                midnight(rolling_start(window["rolling"], last), zone),
                midnight(last + timedelta(days=1), zone),
            )
            is_cut = first is None or start < first
            if (last == today or not is_cut) and (is_whole or within(start, end)):
                yield row(start, end, within(start, end))
            last += timedelta(days=1)
    else:
        length = window["of"] if shape == "busiest" else window
        low = min([*at.values(), as_of, *([first] if first else [])])
        high = max([*at.values(), as_of])
        rows = []
        for start, end in calendar_windows(length, zone, low, high):
            inside = within(start, end)
            is_covered = first is not None and start >= first and end <= as_of
            if not inside and not (is_whole and is_covered):
                continue
            if shape == "busiest" and inside:
                parts = [
                    part
                    for part in calendar_windows(window["busiest"], zone, start, end - MICROSECOND)
                    if start <= part[0] < end
                ]
                busy = [sum(one["outcome"] != "excluded" for one in within(*part)) for part in parts]
                part = (
                    parts[busy.index(max(busy))]
                    if max(busy)
                    else next(part for part in parts if within(*part))
                )
                rows.append(row(*part, within(*part), (start, end)))
            else:
                rows.append(row(start, end, inside))
        if not rows:
            start, end = next(
                one for one in calendar_windows(length, zone, as_of, as_of) if one[0] <= as_of < one[1]
            )
            rows.append(row(start, end, []))
        yield from rows


def censuses(
    spec: dict,
    verdicts: list[dict],
    segment: str,
    length: str,
    *,
    zone: str,
    as_of: datetime,
    first: datetime | None,
) -> Iterator[Row]:
    began = [instant(one["started_at"]) for one in verdicts] + ([first] if first else [])
    low = min([*began, as_of])
    for start, end in calendar_windows(length, zone, low, as_of):
        moment = min(end, as_of + MICROSECOND)
        waiting = []
        for one in verdicts:
            ended, breached = one["ended_at"], one["breached_at"]
            if instant(one["started_at"]) < moment and (ended is None or instant(ended) >= moment):
                outcome = outcome_of(spec, one)
                if outcome not in ("excluded", "unknown"):
                    outcome = "breached" if breached is not None and instant(breached) < moment else "met"
                waiting.append({**one, "outcome": outcome})
        state = "provisional" if as_of < end else "partial" if first is None or start < first else ""
        has_begun = any(instant(one["started_at"]) < moment for one in verdicts)
        yield judged_row({**spec, "now": True, "has_begun": has_begun}, segment, (start, end), waiting, state)


def judged_row(spec: dict, segment: str, bounds: tuple, inside: list[dict], state: str) -> Row:
    told = [one["outcome"] if "now" in spec else outcome_of(spec, one) for one in inside]
    counts = {name: told.count(name) for name in COUNTED}
    judged = [one for one, outcome in zip(inside, told, strict=True) if outcome in ("met", "breached")]
    met = [one for one, outcome in zip(inside, told, strict=True) if outcome == "met"]
    value = figure(spec, counts, judged, met, bounds)
    return Row(segment, *bounds, tuple(counts.values()), value, state_of(spec, counts, value, state))


def figure(spec: dict, counts: dict, judged: list[dict], met: list[dict], bounds: tuple) -> Fraction | None:
    start, end = bounds
    name, _, written = figure_of(spec)
    of = spec.get("of", "breached")
    number = len(judged) if of == "judged" else counts[of]
    if name == "count":
        return Fraction(number)
    if name == "rate" and "day" in written:
        if start is None or end is None or start == end:
            return None
        return Fraction(number) * Fraction(86_400_000_000, (end - start) // MICROSECOND)
    if not judged:
        return None
    if name == "rate":
        return Fraction(number * int(written.split()[-1]), len(judged))
    weights = [weight_of(spec, one) for one in judged]
    if sum(weights) == 0:
        return None
    if name == "share":
        good = Fraction(sum(weight_of(spec, one) for one in met)) / Fraction(sum(weights))
        return 1 - good if is_share_of_breached(spec) else good
    if name == "mean":
        return Fraction(
            sum(one["elapsed"] * weight for one, weight in zip(judged, weights, strict=True))
        ) / Fraction(sum(weights))
    percent = {"median": 50, "max": 100}.get(name) or int(name[1:])
    ordered = sorted(one["elapsed"] for one in judged)
    return Fraction(ordered[ceil(Fraction(percent, 100) * len(ordered)) - 1])


def state_of(spec: dict, counts: dict, value: Fraction | None, state: str) -> str:
    name, op, written = figure_of(spec)
    of = spec.get("of", "breached")
    judged = counts["met"] + counts["breached"]
    at_least_so_many = name == "count" and op in ("ge", "gt")
    # Decision 0095: where cases had begun, none open is 0 open, and needs no sample.
    is_empty_backlog = name == "count" and spec.get("has_begun", False) and judged + counts["unknown"] == 0
    if sum(counts.values()) == 0 and not at_least_so_many and not is_empty_backlog:
        return "no_data"
    if state:
        return state
    rests_on_judged = name != "count" or (
        of in ("breached", "met", "judged") and not at_least_so_many and not is_empty_backlog
    )
    if judged == 0 and counts["unknown"] == 0 and rests_on_judged:
        return "no_data"
    most = Fraction(spec.get("max_unknown", "1%").rstrip("%")) / 100
    if judged + counts["unknown"] and Fraction(counts["unknown"], judged + counts["unknown"]) > most:
        return "insufficient"
    if rests_on_judged and judged < spec.get("min_sample", 1):
        return "insufficient"
    if value is None:
        return "no_data"
    return "met" if holds(op, value, bound_of(name, written)) else "missed"


def bound_of(name: str, written: Any) -> Fraction:
    if name == "share":
        return Fraction(written.rstrip("%")) / 100
    if name == "count":
        return Fraction(written)
    if name == "rate":
        return Fraction(written.split()[0])
    return Fraction(amount(written))
