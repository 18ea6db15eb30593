"""What cannot be meant is refused, each with its code, its place and how to mend it."""

from __future__ import annotations

from typing import Any

import pytest

import servstd
from servstd.errors import StandardsError

RESPOND: dict[str, Any] = {"kind": "respond", "start": "opened", "stop": "closed", "within": "60 minutes"}
ORDER: dict[str, Any] = {"kind": "order", "event": "cut"}
QUANTITY: dict[str, Any] = {"kind": "quantity"}
CHECK: dict[str, Any] = {"kind": "check", "event": "checked", "expect": {"by": "ann"}}
GAUGE: dict[str, Any] = {"kind": "gauge", "level": {"plus": "joined", "minus": "left"}}
TABLE = {"by": "road", "set": ["deep"], "rows": [["lane", 8], ["any", 5]]}
DEEP = {"event": "read", "where": {"cm": {"gt": "$deep"}}}
DATES = {**RESPOND, "calendar": "office", "within": "10 business days"}

# The standard, the code, the place, a part of the message, a part of the remedy.
REFUSED: dict[str, tuple[dict[str, Any], str, str, str, str]] = {
    # -- names of tables, where no table reaches
    "a name of a table in a start": ({**RESPOND, "start": DEEP, "overrides": [TABLE]}, "SV188", "start", "only limits read", "any: ["),
    "a name of a table in what holds a clock": (
        {**RESPOND, "pause_while": {"cm": {"gt": "$deep"}}, "overrides": [TABLE]}, "SV188", "pause_while", "only limits read", "any: ["
    ),
    "a name of a table in one of all": ({**RESPOND, "stop": {"all": ["closed", DEEP]}, "overrides": [TABLE]}, "SV188", "stop", "only limits", ""),
    "a name of a table in a count": (
        {**QUANTITY, "count": DEEP, "at_most": 0, "overrides": [TABLE]}, "SV188", "count", "only limits read", "any: ["
    ),
    "a name of a table in a sum": (
        {**QUANTITY, "sum": {"field": "cm", "of": DEEP}, "at_most": 9, "overrides": [TABLE]}, "SV188", "sum.of.where.cm.gt", "only limits", ""
    ),
    "a name of a table in an expectation": (
        {**CHECK, "expect": {"cm": {"le": "$deep"}}, "overrides": [TABLE]}, "SV188", "expect", "only limits read", "any: ["
    ),
    "a name of a table in a bound of a level": (
        {**GAUGE, "above": "$deep", "overrides": [TABLE]}, "SV188", "above", "only limits read", "take it out of `set:`"
    ),
    "a name of a table in another row": (
        {**RESPOND, "overrides": [TABLE, {"when": {"cm": {"gt": "$deep"}}, "within": "1 hour"}]},
        "SV188", "overrides[1].when", "only limits read", "any: [",
    ),
    "an extension in another unit": (
        {**DATES, "extend": {"event": "told", "by": "30 days"}}, "SV118", "extend.by", "cannot be added", "within: $until"
    ),
    # -- selectors
    "a selector that is a number": ({**RESPOND, "stop": 3}, "SV110", "stop", "names no event", "reply.sent"),
    "a selector that is empty": ({**RESPOND, "stop": " "}, "SV110", "stop", "names no event", "reply.sent"),
    "a list of nothing": ({**RESPOND, "stop": []}, "SV110", "stop", "names no event", "reply.sent"),
    "a list that holds a number": ({**RESPOND, "stop": ["a", 3]}, "SV110", "stop.[1]", "names no event", "reply.sent"),
    "a mapping without an event": ({**RESPOND, "stop": {"where": {"a": 1}}}, "SV110", "stop", "names no event", "reply.sent"),
    "all of nothing": ({**RESPOND, "stop": {"all": []}}, "SV110", "stop.all", "needs a list of events", ""),
    "all of one that is not a list": ({**RESPOND, "stop": {"all": "a"}}, "SV110", "stop.all", "needs a list of events", ""),
    "all as one of several": ({**RESPOND, "stop": ["a", {"all": ["b", "c"]}]}, "SV110", "stop", "alternatives", "alone"),
    "an instant as one of several": ({**RESPOND, "start": ["a", {"at": "$t"}]}, "SV110", "start", "alternatives", "alone"),
    "a key that no selector has": ({**RESPOND, "stop": {"event": "a", "wher": {"b": 1}}}, "SV102", "stop.wher", "unknown key", "where:"),
    "a change that no verdict has": ({**RESPOND, "start": {"standard": "t", "change": "braeched"}}, "SV111", "start.change", "unknown change", "breached"),
    "a change that is not said": ({**RESPOND, "start": {"standard": "t"}}, "SV111", "start.change", "missing", "change: breached"),
    # -- the frame
    "one objective and several": (
        {**RESPOND, "objective": "95% a month", "objectives": ["90% a week"]}, "SV112", "objective", "both", "into the list"),
    "an exclusion for nothing": ({**RESPOND, "exclude": [{"reason": "x"}]}, "SV118", "exclude[0]", "either `when` or `during`", "when:"),
    "an exclusion for two things": (
        {**RESPOND, "exclude": [{"when": {"a": 1}, "during": "office"}]}, "SV118", "exclude[0]", "either `when` or `during`", "when:"),
    "a window without an end": ({**RESPOND, "exclude": [{"during": {"from": "storm"}}]}, "SV118", "exclude[0].during", "`from` and `to`", "storm.declared"),
    "a window of events and of a standard": (
        {**RESPOND, "exclude": [{"during": {"from": "a", "to": "b", "standard": "t"}}]}, "SV118", "exclude[0].during", "`from` and `to`", "storm.declared"),
    "a pause for a condition": (
        {**RESPOND, "exclude": [{"when": {"a": 1}, "effect": "pause"}]}, "SV118", "exclude[0].effect", "windows between events", "calendar"),
    "a pause on a calendar": (
        {**RESPOND, "exclude": [{"during": "office", "effect": "pause"}]}, "SV118", "exclude[0].effect", "windows between events", "calendar"),
    "an override without a condition": ({**RESPOND, "overrides": [{"within": "1 hour"}]}, "SV180", "overrides[0]", "without a condition", "when:"),
    "half a table": ({**RESPOND, "overrides": [{"by": ["a"], "rows": [["x"]]}]}, "SV180", "overrides[0]", "`by`, `set` and `rows`", "by:"),
    "a table with a condition": (
        {**RESPOND, "overrides": [{"when": {"a": 1}, "by": "a", "set": "within", "rows": [["x", "1 hour"]]}]},
        "SV180", "overrides[0]", "no `when`", "by:"),
    "a row that is too short": (
        {**RESPOND, "overrides": [{"by": ["a"], "set": ["within"], "rows": [["x", "1 hour"], ["y"]]}]},
        "SV180", "overrides[0].rows[1]", "a row of 1 values in a table of 2", "a, within"),
    # -- respond
    "a clock without a stop": ({"kind": "respond", "start": "a", "within": "1 hour"}, "SV104", "stop", "missing", "stop:"),
    "a promised instant with pauses": (
        {**RESPOND, "within": "$promised", "pause": "held", "resume": "released"}, "SV113", "within", "does not move for pauses", "duration"),
    "a promised instant with a level that pauses": (
        {**RESPOND, "within": "$promised", "pause_while": {"a": 1}}, "SV113", "within", "does not move for pauses", "duration"),
    "dates with pauses that say nothing": ({**DATES, "pause": "held", "resume": "released"}, "SV114", "pauses", "must say", "shift"),
    "dates in an override with pauses that say nothing": (
        {**RESPOND, "calendar": "office", "pause_while": {"a": 1}, "overrides": [{"when": {"b": 1}, "within": "1 business day"}]},
        "SV114", "pauses", "must say", "shift"),
    "dates among others with pauses that say nothing": (
        {**DATES, "within": {"earliest_of": ["4 hours", "1 business day"]}, "pause_while": {"a": 1}}, "SV114", "pauses", "must say", "shift"),
    "match without every": ({**RESPOND, "match": "item"}, "SV115", "match", "recurs: every", "recurs: every"),
    "stop_all without every": ({**RESPOND, "recurs": "each", "stop_all": "x"}, "SV115", "stop_all", "recurs: every", "recurs: every"),
    "a clock that is started and stopped by the same events": (
        {**RESPOND, "start": ["update", "opened"], "stop": ["opened", {"event": "update"}]}, "SV189", "stop", "start this clock and stop it at once", "recurs: each"),
    "the same under a condition": (
        {**RESPOND, "start": {"event": "u", "where": {"a": 1}}, "stop": {"event": ["u"], "where": {"a": {"eq": 1}}}}, "SV189", "stop", "at once", "recurs: each"),
    "a span from an event to itself": ({**QUANTITY, "span": ["a", {"event": "a"}], "at_most": "1 hour"}, "SV189", "span", "over as it begins", "recurs: each"),
    "reopen under every": ({**RESPOND, "recurs": "every", "reopen": "resume"}, "SV115", "reopen", "a clock of its own", "recurs: once"),
    "reopen_on under every": (
        {**RESPOND, "recurs": "every", "reopen_on": "again"}, "SV115", "reopen_on", "a clock of its own", "recurs: once"),
    "reopen_on that opens nothing": ({**RESPOND, "reopen_on": "again"}, "SV115", "reopen_on", "without `reopen`", "reopen: resume"),
    "reopen under each without its events": (
        {**RESPOND, "recurs": "each", "reopen": "count"}, "SV115", "reopen", "opens a new clock", "reopen_on: "),
    "reopen of updates without its events": (
        {"kind": "respond", "every": "1 hour", "event": "told", "reopen": "new"}, "SV115", "reopen", "opens a new clock", "reopen_on: "),
    "a change in mid-flight under updates": (
        {"kind": "respond", "every": "1 hour", "event": "told", "on_change": "restart"}, "SV115", "on_change", "when it began", "leave `on_change` out"),
    "all under every": ({**RESPOND, "recurs": "every", "stop": {"all": ["a", "b"]}}, "SV115", "recurs", "told apart", "recurs: each"),
    "an extension without a limit": ({**RESPOND, "extend": {"event": "x"}}, "SV118", "extend", "`within` or `by`", "within"),
    "an extension with two limits": ({**RESPOND, "extend": {"event": "x", "within": "2 hours", "by": "1 hour"}}, "SV118", "extend", "`within` or `by`", "within"),
    # -- check
    "an expectation of nothing": ({"kind": "check", "event": "checked"}, "SV104", "expect", "missing", "expect:"),
    "a number of items without a list": ({**CHECK, "require": "90%"}, "SV116", "require", "none are listed", "for_each"),
    "a number of items that cannot be read": ({**CHECK, "for_each": "seats", "require": "most"}, "SV116", "require", "no number of items", "90%"),
    "more than all of the items": ({**CHECK, "for_each": "seats", "require": "101%"}, "SV116", "require", "no number of items", "90%"),
    "at least none of the items": ({**CHECK, "for_each": "seats", "require": {"at_least": 0}}, "SV116", "require", "no number of items", "at_least"),
    "time that a field bounds without a unit": ({"kind": "quantity", "span": ["a", "b"], "ends": "b", "at_least": "0.9 * $planned"}, "SV120", "at_least", "without a unit", "0.9 * $planned minutes"),
    "less than nothing": ({**RESPOND, "within": "0 minutes", "boundary": "exclusive"}, "SV123", "boundary", "not even at once", "at_most: 0"),
    "three ends of a stretch": ({"kind": "check", "event": "c", "between": ["a", "b", "c"]}, "SV118", "between", "two ends", ""),
    # -- gauge
    "a level that nothing moves": ({"kind": "gauge", "level": {"initial": 3}, "above": 3}, "SV117", "level", "a level needs", "plus"),
    "a level that is moved and set": (
        {"kind": "gauge", "level": {"plus": "a", "set": "$x", "on": "b"}, "above": 3}, "SV117", "level", "a level needs", "plus"),
    "a level that is set by nothing": ({"kind": "gauge", "level": {"set": "$x"}, "above": 3}, "SV117", "level", "a level needs", "set"),
    "a gauge without a bound": (GAUGE, "SV117", "", "without a bound", "above"),
    "a reaction without a limit": ({**GAUGE, "above": 3, "then": "queue.opened"}, "SV117", "", "belong together", "both"),
    "a limit without a reaction": ({**GAUGE, "above": 3, "within": "2 minutes"}, "SV117", "", "belong together", "both"),
    "a gauge without a level": ({"kind": "gauge", "above": 3}, "SV117", "", "either `level` or `levels`", "one"),
    "a window beside a reaction": ({**GAUGE, "above": 3, "then": "a", "within": "1 hour", "per": "day"}, "SV117", "per", "no meaning", "leave it out"),
    # -- order
    "an order that needs nothing": (ORDER, "SV118", "", "either `needs` or `position`", "needs:"),
    "an order that needs two things": ({**ORDER, "needs": "a", "position": "first"}, "SV118", "", "either `needs` or `position`", "needs:"),
    "two words for the same limit": ({**ORDER, "needs": "a", "within": "1 hour", "at_most": "1 hour"}, "SV118", "within", "say the same", "leave one out"),
    "a position with a distance": ({**ORDER, "position": "first", "at_least": "1 hour"}, "SV118", "position", "no distance", "leave out"),
    "the last of a case that never ends": ({**ORDER, "position": "last"}, "SV119", "ends", "only when the case ends", "ends:"),
    # -- quantity
    "a quantity of nothing": ({**QUANTITY, "at_most": 3}, "SV118", "", "one of `count`", "count:"),
    "a quantity of two things": ({**QUANTITY, "count": "a", "span": ["a", "b"], "at_most": 3}, "SV118", "", "one of `count`", "count:"),
    "a quantity without a bound": ({**QUANTITY, "count": "a"}, "SV118", "", "promises nothing", "at_most"),
    "a window beside a scope": ({**QUANTITY, "count": "a", "at_most": 3, "per": "day", "after": "b"}, "SV118", "per", "scope of its own", "leave out"),
    "a slip of match": (
        {**QUANTITY, "time_in": {"from": "a", "to": "b", "mach": "i"}, "at_most": "1 hour", "per": "day"}, "SV102", "time_in.mach", "unknown key", "match"),
    "a slip of from beside match": (
        {**QUANTITY, "time_in": {"frm": "a", "to": "b"}, "at_most": "1 hour", "per": "day"}, "SV102", "time_in.frm", "unknown key", "from"),
    "a match that names no field": (
        {**QUANTITY, "time_in": {"from": "a", "to": "b", "match": 3}, "at_most": "1 hour", "per": "day"}, "SV192", "time_in.match", "is none", "incident_id"),
    "a match of nothing": (
        {**QUANTITY, "count": "c", "at_most": 1, "per": "day", "while": {"from": "a", "to": "b", "match": [" "]}}, "SV192", "while.match", "is none", "match: incident_id"),
    "the most of what never ends": ({**QUANTITY, "count": "a", "at_most": 3}, "SV119", "at_most", "kept only when something ends", "ends:"),
    "the most time of what never ends": (
        {**QUANTITY, "time_in": {"status": "down"}, "at_most": "3 hours"}, "SV119", "at_most", "kept only when something ends", "per:"),
    "the most for some cases of what never ends": (
        {**QUANTITY, "count": "a", "overrides": [{"when": {"plan": "gold"}, "at_most": 3}]}, "SV119", "overrides", "`at_most` can be kept", "ends:"),
    "a notice by an instant": ({**ORDER, "needs": "told", "at_least": "30 minutes before $to"}, "SV190", "at_least", "30 minutes before the to is an instant", "kind: check"),
    "a notice by an instant among others": (
        {**ORDER, "needs": "told", "at_least": {"latest_of": ["2 hours", "$to"]}}, "SV190", "at_least", "the to is an instant", "30 minutes"),
    "a notice by an instant for some cases": (
        {**ORDER, "needs": "told", "at_least": "1 hour", "overrides": [{"when": {"a": 1}, "at_least": "$to"}]}, "SV190", "overrides", "is an instant", ""),
    "a notice by a date that comes round": (
        {**ORDER, "needs": "told", "at_least": {"next": "month_end"}}, "SV190", "at_least", "the next month end is an instant", "30 minutes"),
    "the least of what never ends": ({**QUANTITY, "count": "a", "at_least": 3}, "SV119", "at_least", "when something ends", "until:"),
}  # fmt: skip


def problems_of(standard: dict[str, Any]) -> list[Any]:
    office = {"timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:00"}}
    with pytest.raises(StandardsError) as refusal:
        servstd.Book(standards=[{"id": "s", "case": "c", **standard}], calendars={"office": office})
    return refusal.value.problems


@pytest.mark.parametrize(
    ("standard", "code", "path", "message", "remedy"), REFUSED.values(), ids=REFUSED.keys()
)
def test_it_is_refused(standard, code, path, message, remedy):
    problems = problems_of(standard)
    found = [one for one in problems if one.code == code]
    assert found, problems
    assert found[0].path == ".".join(part for part in ("standards[0]", path) if part).replace(".[", "[")
    assert message in found[0].message
    assert remedy in found[0].help


def test_every_problem_is_told_at_once():
    both = {**QUANTITY, "per": "day", "after": "b"}
    assert [one.code for one in problems_of(both)] == ["SV118"] * 3


def test_what_is_wrong_in_two_standards_is_told_of_both():
    with pytest.raises(StandardsError) as refusal:
        servstd.Book(case="c", standards=[{"id": "one", **ORDER}, {"id": "two", **QUANTITY, "count": "a"}])
    assert [one.path for one in refusal.value.problems] == ["standards[0]", "standards[1]"]
