"""What nobody can mean in objectives, agreements and consequences is refused, each with its code, place and remedy."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

import servstd
from servstd.errors import StandardsError

BOOK = """
case: id
timezone: UTC
standards:
  - {id: reply, kind: respond, start: asked, stop: answered, within: 1 hour%s}
"""
ALERT = ", objective: {share: 99%%, window: month, alerts: [{long: 1 hour, short: 5 minutes, factor: %s}]}"

# What the standard says, what the book says beside it; the code, the place, a part of the message, a part of the remedy.
REFUSED: dict[str, tuple[str, str, str, str, str, str]] = {
    "a burn rate divided by nothing": (ALERT % "1/0", "", "SV610", "standards[0].objective.alerts[0].factor", "`1/0`", "short: 5 minutes"),
    "a burn rate of a billion digits": (ALERT % "1e9999999999", "", "SV610", "standards[0].objective.alerts[0].factor", "no burn rate", "short: 5 minutes"),
    "a burn rate that nothing reaches": (ALERT % "1e300", "", "SV610", "standards[0].objective.alerts[0].factor", "no burn rate", "short: 5 minutes"),
    "less than no breach": (", objective: {count: {lt: 0}, window: month}", "", "SV603", "standards[0].objective.count", "the least there can be is 0", "that is meant"),
    "less than no time": (", objective: {mean: {lt: 0 minutes}, window: month}", "", "SV603", "standards[0].objective.mean", "the least there can be is 0s", "that is meant"),
    "less than none of a thousand": (", objective: {rate: {lt: 0 per 1000}, window: month}", "", "SV603", "standards[0].objective.rate", "the least there can be is 0", "that is meant"),
    "an interval around what is no part of those judged": (
        ", objective: {rate: 5 per 100, of: open, window: month, decide_on: {interval: exact, side: adverse}}", "",
        "SV604", "standards[0].objective.decide_on", "of: open", "leave it out"),
    "a row with one objective and several": (
        ", overrides: [{when: {plan: gold}, objective: 99% a month, objectives: [98% a week]}]", "",
        "SV112", "standards[0].overrides[0].objective", "both", "into the list"),
    "a standard that holds from no date": (", effective: {from: 2026-13-01}", "", "SV142", "standards[0].effective.from", "`2026-13-01`", "2026-04-01"),
    "a standard from the seconds since 1970": (", effective: {from: 20260101}", "", "SV142", "standards[0].effective.from", "`20260101`", "2026-04-01"),
    "a standard until a list": (", effective: {until: [2026-01-01]}", "", "SV142", "standards[0].effective.until", "`[2026-01-01]`", "2026-04-01"),
    "a tier of nothing": (
        "", "consequences: [{standard: reply, tiers: [null]}]", "SV703", "consequences[0].tiers[0]", "`null` is no tier", "15 minutes"),
    "a tier that is a threshold": (
        "", "consequences: [{standard: reply, tiers: [15 minutes, [1 hour, 5 GBP]]}]", "SV703", "consequences[0].tiers[0]", "no tier", "15 minutes"),
    "a member that is a number": (
        "}\n  - {id: both, kind: bundle, of: [reply, 1.5]", "", "SV630", "standards[1].of[1]", "`1.5` names no standard", ""),
    "a row until no date": (
        ", overrides: [{within: 2 hours, effective: {until: soon}}]", "", "SV142", "standards[0].overrides[0].effective.until", "`soon`", "2026-04-01"),
    "a standard from and until nothing": (", effective: {}", "", "SV118", "standards[0].effective", "names no date", "leave it out"),
    "a consequence from and until nothing": (
        "", "consequences: [{standard: reply, flat: 5 GBP, effective: {}}]", "SV118", "consequences[0].effective", "names no date", "leave it out"),
    "an agreement that holds from no date": (
        "", "agreements: [{id: acme, for: {customer: acme}, effective: {from: 2026-02-30}, terms: {reply: {within: 5 minutes}}}]",
        "SV142", "agreements[0].effective.from", "neither a date nor an instant", "2026-04-01"),
    "an agreement with empty terms": (
        "", "agreements: [{id: acme, for: {customer: acme}, terms: {reply: {}}}]", "SV710", "agreements[0].terms.reply", "nothing is agreed on `reply`", "within"),
    "an agreement with no rows": (
        "", "agreements: [{id: acme, for: {customer: acme}, terms: {reply: []}}]", "SV710", "agreements[0].terms.reply", "nothing is agreed", "within"),
    "an agreement with a row that sets nothing": (
        "", "agreements: [{id: acme, for: {customer: acme}, terms: {reply: [{within: 5 minutes, when: {a: b}}, {when: {c: d}}]}}]",
        "SV710", "agreements[0].terms.reply[1]", "nothing is agreed", "within"),
    "terms that are no mapping": (
        "", "agreements: [{id: acme, for: {customer: acme}, terms: {reply: 5 minutes}}]", "SV101", "agreements[0].terms.reply", "a mapping or a list", ""),
    "a claim before the breach is over": (
        "", "consequences: [{standard: reply, flat: 5 GBP, claim: c, claim_within: -3 days}]", "SV123", "consequences[0].claim_within", "backwards", "28 days"),
    "a claim within no time": (
        "", "consequences: [{standard: reply, flat: 5 GBP, claim: c, claim_within: 0 hours}]", "SV706", "consequences[0].claim_within", "no time", "28 days"),
    "a tier of days backwards": (
        "", "consequences: [{standard: reply, tiers: [[-3 days, 5 GBP]]}]", "SV123", "consequences[0].tiers[0]", "backwards", "28 days"),
    "tiers of time for the windows of a share": (
        "", "consequences: [{standard: reply, on: missed, by: value, tiers: [[15 minutes, 5 GBP]]}]",
        "SV713", "consequences[0].tiers", "no figure of `reply`: `100%`", "99%"),
    "tiers of a share for the windows of a mean": (
        ", objective: {mean: 5 minutes, window: month}",
        "consequences: [{standard: reply, on: missed, by: value, tiers: [{below: 99%, flat: 5 GBP}]}]",
        "SV713", "consequences[0].tiers", "`≤ 5m`", "40 minutes"),
    "tiers of a share for what an agreement counts": (
        ", objective: 95% a month",
        ("agreements: [{id: acme, for: {customer: acme}, terms: {reply: {objective: {count: 3, window: month}}},"
        " consequences: [{standard: reply, on: missed, by: value, tiers: [{below: 99%, flat: 5 GBP}]}]}]"),
        "SV713", "agreements[0].consequences[0].tiers", "`≤ 3`", "`3`"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused(name: str) -> None:
    told, beside, code, path, message, remedy = REFUSED[name]
    with pytest.raises(StandardsError) as caught:
        servstd.loads(BOOK % told + beside)
    problem = next(one for one in caught.value.problems if one.code == code)
    assert (problem.path, message in problem.message, remedy in problem.help) == (path, True, True), problem


def test_an_unknown_cause_is_one_problem_that_names_all_causes():
    with pytest.raises(StandardsError) as caught:
        servstd.loads(BOOK % "" + "consequences: [{standard: reply, on: broken, flat: 5 GBP}]")
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("SV161", "consequences[0].on")
    assert "`breached`, `met`, `cancelled`, `missed`, `reached`" in problem.message


def test_a_part_of_a_member_is_one_problem():
    with pytest.raises(StandardsError) as caught:
        servstd.loads(BOOK % "" + "  - {id: both, kind: bundle, of: [reply], require: {at_least: 1.5}}\n")
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("SV101", "standards[1].require.at_least")


def test_the_time_of_the_event_is_not_compared_with_what_is_no_time():
    text = "case: id\ntimezone: UTC\nstandards: [{id: s, kind: check, event: a, expect: {time: {ge: %s}}}]"
    with pytest.raises(StandardsError, match=r"(?s)SV142.*`09:00` is neither a date nor an instant.*open_in"):
        servstd.loads(text % "09:00")


def amounts(*told: Any, objectives: str) -> servstd.Report:
    """Judge the sum of what two events of each of several cases carry, each case over one hour."""
    book = servstd.loads(
        "case: id\ntimezone: UTC\nstandards:\n  - {id: spent, kind: quantity, sum: {field: amount, of: paid}, "
        f"at_most: 5, ends: closed, objectives: {objectives}}}"
    )
    rows = []
    for number, amount in enumerate(told):
        rows.append({"time": "2026-03-02T09:00Z", "event": "paid", "id": number, "amount": amount})
        rows.append({"time": "2026-03-02T10:00Z", "event": "closed", "id": number})
    return servstd.evaluate(book, servstd.read_events(rows, time="time", event="event"))


def test_an_amount_greater_than_any_float_is_judged_and_written_in_every_format():
    """Of 10^400 and 1 the mean is half of 10^400: more than 5, exactly, and the greatest float for reading."""
    report = amounts("1e400", 1, objectives="[{mean: 5, window: all}]")
    (row,) = report.attainments
    assert (row.status, row.exact_value) == ("missed", (10**400 + 1) / Fraction(2))
    assert row.value is not None
    assert row.value > 1e308
    assert json.loads(report.to_json())["attainments"][0]["status"] == "missed"
    for format_ in ("text", "markdown", "junit", "github", "html"):
        assert "spent" in report.render(format_)


def test_no_interval_is_known_around_amounts_greater_than_any_float():
    decided = "[{mean: 5, window: all, decide_on: {interval: t, side: adverse}}]"
    (row,) = amounts("1e400", 1, objectives=decided).attainments
    assert (row.status, row.why) == ("insufficient", "no interval is known")


def test_frames_hold_amounts_of_any_size_as_floats_and_columns_hold_them_exactly():
    arrow = pytest.importorskip("pyarrow")
    verdicts = amounts("1e400", 2**63, 2**63 - 1, objectives="[{mean: 5, window: all}]").verdicts
    elapsed = arrow.table(verdicts)["elapsed_number"]
    assert elapsed.to_pylist() == [pytest.approx(1.7976931348623157e308), float(2**63), float(2**63 - 1)]
    assert verdicts.columns["elapsed"] == [10**400, 2**63, 2**63 - 1]
