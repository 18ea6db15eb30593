"""Figures of contact centres, from contacts: service level, waits, handling, occupancy, resolution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import zip_longest
from typing import Any, cast

from servstd.calendars.windows import Windows
from servstd.conditions import ABSENT
from servstd.durations import parse_duration
from servstd.events.values import key_text
from servstd.expressions import look_up
from servstd.expressions.values import length_from
from servstd.rollups.contacts import Contact, Reached, Setting, share_interval, those
from servstd.standards.metric import Metric
from servstd.statistics.contact_centre import (
    SERVICE_LEVEL,
    Calls,
    abandonment_rate,
    average_handling_time,
    average_speed_of_answer,
    first_contact_resolution,
    occupancy,
    service_level,
    transfer_rate,
)


def of_service_level(contacts: Sequence[Contact], setting: Setting) -> Reached:
    """Return the share answered within the threshold, by the formula that is named; the threshold itself is in time."""
    metric = setting.metric
    answered, gone, waiting = those(contacts, "ended"), those(contacts, "cancelled"), those(contacts, "open")
    flowed = len(those(contacts, "flowed"))
    threshold = parse_duration(str(metric.threshold))
    short = None if metric.short is None else parse_duration(metric.short)
    formula: Any = metric.formula
    counts_waiting = formula.startswith("cisco")
    calls = Calls(
        answered_in=_within(answered, threshold),
        answered=len(answered),
        abandoned=len(gone),
        abandoned_in=_within(gone, threshold),
        abandoned_short=None if short is None else min(_within(gone, short), _within(gone, threshold)),
        waiting_long=len(waiting) - _within(waiting, threshold) if counts_waiting else 0,
        flowed_out=flowed,
    )
    if short is not None and not formula.startswith("abandoned_short"):
        calls = calls.without_short()
    in_time, base = SERVICE_LEVEL[formula](calls)
    return Reached(
        service_level(calls, formula),
        base,
        in_time,
        base - in_time,
        open=len(waiting) - calls.waiting_long,
        cancelled=len(answered) + len(gone) + flowed + calls.waiting_long - base,
        interval=share_interval(in_time, base),
    )


def _within(contacts: Sequence[Contact], limit: int) -> int:
    return sum(one.elapsed is not None and one.elapsed <= limit for one in contacts)


def of_abandonment(contacts: Sequence[Contact], setting: Setting) -> Reached:
    """Return the share of callers who gave up; short ones count neither above nor below the line."""
    answered, gone = len(those(contacts, "ended")), those(contacts, "cancelled")
    short = 0 if setting.metric.short is None else _within(gone, parse_duration(setting.metric.short))
    lost, base = len(gone) - short, answered + len(gone) - short
    value = abandonment_rate(len(gone), answered + len(gone), short=short)
    return Reached(
        value,
        base,
        base - lost,
        lost,
        open=len(those(contacts, "open")),
        cancelled=short + len(those(contacts, "flowed")),
        interval=share_interval(lost, base),
    )


def of_asa(contacts: Sequence[Contact], setting: Setting) -> Reached:
    """Return the mean wait of those answered; who gave up has no speed of answer."""

    def mean(amounts: Sequence[Any]) -> Fraction | None:
        return average_speed_of_answer(sum(amounts), len(amounts))

    return _of_amounts(those(contacts, "ended"), contacts, setting, mean)


def of_aht(contacts: Sequence[Contact], setting: Setting) -> Reached:
    """Return the mean handling time of contacts that are over: what was measured, or the times that they carry."""

    def mean(amounts: Sequence[Any]) -> Fraction | None:
        return average_handling_time(talked=sum(amounts), handled=len(amounts))

    return _of_amounts(those(contacts, "ended"), contacts, setting, mean)


def of_longest_wait(contacts: Sequence[Contact], setting: Setting) -> Reached:
    """Return the longest wait, of those answered, of those who gave up, and of those who still wait."""
    waited = those(contacts, "ended", "cancelled", "open")
    found = _of_amounts(waited, contacts, setting, lambda amounts: max(amounts, default=None))
    return replace(found, open=0, cancelled=0)


def _of_amounts(
    counted: Sequence[Contact],
    contacts: Sequence[Contact],
    setting: Setting,
    figure: Callable[[Sequence[Any]], Any],
) -> Reached:
    """Return a figure of times; those within the bound are met, those beyond it breached."""
    amounts = [_amount(one, setting.metric) for one in counted]
    known = [amount for amount in amounts if amount is not None]
    met = sum(setting.metric.bound.admits(amount) for amount in known)
    return Reached(
        figure(known),
        len(known),
        met,
        len(known) - met,
        open=len(those(contacts, "open")),
        cancelled=len(those(contacts, "cancelled")),
        unknown=len(amounts) - len(known),
    )


def _amount(one: Contact, metric: Metric) -> Fraction | int | None:
    """Return what was measured, or the times that the case carries, added up; None where one is missing."""
    if not metric.field_names:
        return cast("int | None", one.elapsed)
    total = Fraction(0)
    for name in metric.field_names:
        length = length_from(look_up(one.fields, name))
        if length is None:
            return None
        total += length
    return total


def of_occupancy(contacts: Sequence[Contact], setting: Setting) -> Reached:  # noqa: ARG001 - one signature
    """Return the share of ready time spent on contacts; what still runs counts as far as it has come."""
    counted = those(contacts, "ended", "open", "cancelled")
    handling = [one.elapsed or 0 for one in counted if not one.is_beside]
    ready = [one.elapsed or 0 for one in counted if one.is_beside]
    return Reached(occupancy(sum(handling), sum(ready)), len(counted))


def of_transfers(contacts: Sequence[Contact], setting: Setting) -> Reached:  # noqa: ARG001 - one signature
    """Return the share of contacts that were passed on, once or more often."""
    handled = [one for one in those(contacts, "ended") if one.elapsed is not None]
    passed = sum(one.elapsed > 0 for one in handled)
    value = transfer_rate(passed, len(handled))
    rest = {"open": len(those(contacts, "open")), "cancelled": len(those(contacts, "cancelled"))}
    return Reached(
        value,
        len(handled),
        len(handled) - passed,
        passed,
        interval=share_interval(passed, len(handled)),
        **rest,
    )


def of_fcr(contacts: Sequence[Contact], setting: Setting) -> Reached:
    """Return the share of issues, or of contacts, that needed no other: by flag, or by nobody coming back."""
    return (_by_flag if setting.metric.formula == "by_flag" else _by_repeat)(contacts, setting)


def _by_flag(contacts: Sequence[Contact], setting: Setting) -> Reached:  # noqa: ARG001 - one signature
    counted = those(contacts, "ended")
    first = sum(one.is_met for one in counted)
    rest = {"open": len(those(contacts, "open")), "cancelled": len(those(contacts, "cancelled"))}
    value = first_contact_resolution(first, len(counted))
    return Reached(
        value, len(counted), first, len(counted) - first, interval=share_interval(first, len(counted)), **rest
    )


def _by_repeat(contacts: Sequence[Contact], setting: Setting) -> Reached:
    """Count issues, or contacts: resolved where nobody came back in time, open while somebody still may."""
    resolved = repeated = waiting = lacking = 0
    for one in those(contacts, "ended", "open", "cancelled"):
        came_back = setting.issues.get(one.place)
        if one.place not in setting.issues:
            lacking += _issue(one, setting.metric) is None  # else it is a repeat, and no issue of its own
        elif came_back:
            repeated += 1
        elif _until(one.started_at, setting.metric, setting.days) <= setting.as_of_us:
            resolved += 1
        else:
            waiting += 1
    issues = resolved + repeated
    value = first_contact_resolution(resolved, issues)
    return Reached(
        value,
        issues,
        resolved,
        repeated,
        open=waiting,
        unknown=lacking,
        interval=share_interval(resolved, issues),
    )


def issues_of(contacts: Sequence[Contact], metric: Metric, days: Windows) -> dict[int, bool]:
    """Return the contacts that are counted, by place, each with whether another came back in time.

    By contact they all are. Else those are that begin an issue: a contact that comes back is part of the issue, and so
    is one that comes back after that.

    Args:
        contacts: All contacts; a repeat may come after the window of the first.
        metric: Which fields tell issues apart, and how long after another contact is a repeat.
        days: The local dates by which days are counted.
    """
    by_issue: dict[tuple[str, ...], list[Contact]] = {}
    for one in sorted(contacts, key=lambda one: (one.started_at, one.place)):
        key = _issue(one, metric) if one.outcome not in ("excluded", "unknown") else None
        if key is not None:
            by_issue.setdefault(key, []).append(one)
    found: dict[int, bool] = {}
    for of_one in by_issue.values():
        is_repeat = False
        for one, after in zip_longest(of_one, of_one[1:]):
            comes_back = after is not None and after.started_at < _until(one.started_at, metric, days)
            if metric.formula == "by_contact" or not is_repeat:
                found[one.place] = comes_back
            is_repeat = comes_back
    return found


def _issue(one: Contact, metric: Metric) -> tuple[str, ...] | None:
    names = (metric.match,) if isinstance(metric.match, str) else tuple(metric.match or ())
    values = [look_up(one.fields, name) for name in names]
    return None if ABSENT in values else tuple(key_text(value) for value in values)


def _until(at: int, metric: Metric, days: Windows) -> int:
    """Return the first instant at which another contact is none of the same issue."""
    count, length = metric.repeat
    return at + length + 1 if count is None else days.start_us(days.number(at) + count + 1)
