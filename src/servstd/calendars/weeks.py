"""The week in the long run: the hours at which a calendar may, and must, be open once all dated rules are past.

It decides without walking whether an expression of calendars ever opens: hours that no member may have cannot come.
"""

from __future__ import annotations

from typing import NamedTuple

from servstd.calendars.civil import day_from_civil
from servstd.calendars.hours import DAY_S, Spans, common, merge
from servstd.calendars.rules import Rules, without_many
from servstd.calendars.zones import FIRST_YEAR, LAST_YEAR

WEEK_S = 7 * DAY_S
WHOLE_WEEK: Spans = ((0, WEEK_S),)
_FIRST_S = day_from_civil(FIRST_YEAR, 1, 1) * DAY_S
_LAST_S = day_from_civil(LAST_YEAR + 1, 1, 1) * DAY_S


class Week(NamedTuple):
    """Hold spans of the UTC week (Monday 00:00 is 0): an outer and an inner bound of the open hours."""

    may: Spans
    must: Spans

    def either(self, other: Week) -> Week:
        """Return the bounds of the union."""
        return Week(merge((*self.may, *other.may)), merge((*self.must, *other.must)))

    def both(self, other: Week) -> Week:
        """Return the bounds of the intersection."""
        return Week(common(self.may, other.may), common(self.must, other.must))

    def inverse(self) -> Week:
        """Return the bounds of the complement."""
        return Week(_rest(self.must), _rest(self.may))


def week_of(rules: Rules, *, ahead: bool) -> Week:
    """Return the bounds of one calendar's rules, over every offset of its zone in that direction."""
    version = rules.versions[-1 if ahead else 0]
    edge = (rules.last_dated_day() if ahead else rules.first_dated_day()) * DAY_S
    offsets = (
        rules.zone.offsets_between(edge, _LAST_S) if ahead else rules.zone.offsets_between(_FIRST_S, edge)
    )
    spans = [(day * DAY_S + low, day * DAY_S + high) for day in range(7) for low, high in version.pieces[day]]
    usual = [span for pieces in version.pieces for span in pieces]
    worked = [span for source in version.sources if source.makes_up for span in source.working_hours or usual]
    spans += [(day * DAY_S + low, day * DAY_S + high) for low, high in worked for day in range(7)]
    if not rules.opens_weekly(ahead=ahead):
        return Week((), ())
    may = merge([span for offset in offsets for span in _wrapped(spans, -offset)])
    if version.sources:
        return Week(may, ())
    must = WHOLE_WEEK
    for offset in offsets:
        must = common(must, merge(_wrapped(spans, -offset)))
    return Week(may, must)


def _wrapped(spans: list[tuple[int, int]], shift: int) -> list[tuple[int, int]]:
    """Return spans moved and folded into one week."""
    folded: list[tuple[int, int]] = []
    for low, high in spans:
        start = (low + shift) % WEEK_S
        end = start + min(high - low, WEEK_S)
        folded.append((start, min(end, WEEK_S)))
        if end > WEEK_S:
            folded.append((0, end - WEEK_S))
    return folded


def _rest(spans: Spans) -> Spans:
    return tuple(without_many(WHOLE_WEEK, list(spans)))
