"""A dotted name means the same everywhere a book may name a field: what is nested is judged as what is flat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import servstd
from servstd.errors import EvaluationError

AT = "2026-03-02T{}:00Z"
ROWS = [
    (AT.format("08:00"), "storm", {"site": {"region": "north", "zone": "Europe/London"}}),
    (AT.format("08:30"), "calm", {"site": {"region": "north"}}),
    (AT.format("09:00"), "opened", {
        "ticket": {"id": "T1", "due": AT.format("11:00"), "hours": "2:00", "parts": [{"sku": {"ok": True}}]},
        "customer": {"id": "K", "plan": {"name": "gold"}, "seats": 3, "fee": "100"},
        "site": {"region": "south", "zone": "Europe/London"},
    }),
    (AT.format("09:00"), "opened", {
        "ticket": {"id": "T2", "due": AT.format("09:30"), "hours": "1", "parts": [{"sku": {"ok": False}}]},
        "customer": {"id": "L", "plan": {"name": "basic"}, "seats": 1, "fee": "50"},
        "site": {"region": "north", "zone": "Europe/London"},
    }),
    (AT.format("09:15"), "worked", {"ticket": {"id": "T1"}, "work": {"by": {"name": "Ann"}, "took": "20 min", "level": 4}}),
    (AT.format("09:20"), "worked", {"ticket": {"id": "T2"}, "work": {"by": {"name": "Bo"}, "took": "50 min", "level": 1}}),
    (AT.format("10:00"), "closed", {"ticket": {"id": "T2"}}),
    (AT.format("11:00"), "closed", {"ticket": {"id": "T1"}}),
    (AT.format("12:00"), "reviewed", {"ticket": {"id": "T1"}, "form": {"tone": "yes", "score": {"all": 5}}, "who": {"name": "Ann"}}),
    (AT.format("12:00"), "reviewed", {"ticket": {"id": "T2"}, "form": {"tone": "no", "score": {"all": 1}}, "who": {"name": "Bo"}}),
]  # fmt: skip
HEAD = "servstd: 1\ncase: ticket.id\ntimezone: UTC\n"
CLOCK = "kind: respond, start: opened, stop: closed"
BOOKS = {
    "a table, a field as limit, an instant": f"""
standards:
  - {{id: a, {CLOCK}, within: {{by: customer.plan.name, gold: 3 hours, else: 30 minutes}}}}
  - {{id: b, {CLOCK}, within: $ticket.hours hours}}
  - {{id: c, {CLOCK}, within: $ticket.due}}
  - {{id: d, {CLOCK}, within: 30 minutes before $ticket.due}}
""",
    "conditions of every sort": f"""
standards:
  - {{id: a, {CLOCK}, within: 1 hour, applies_to: {{any: [{{customer.plan.name: gold}}, {{customer.seats: {{lt: 1}}}}]}}}}
  - {{id: b, {CLOCK}, within: 1 hour, exclude: [{{when: {{customer.plan.name: [basic]}}, reason: basic}}]}}
  - {{id: c, {CLOCK}, within: 1 hour, pause_while: {{work.by.name: Ann}}}}
  - {{id: d, kind: respond, start: opened, stop: {{event: worked, where: {{$event.work.level: {{ge: 4}}}}}}, within: 1 hour}}
  - {{id: e, kind: check, event: worked, expect: {{work.level: {{ge: 3}}, $case.customer.plan.name: gold}}}}
  - {{id: f, kind: check, event: opened, for_each: ticket.parts, expect: {{sku.ok: true}}}}
""",
    "overrides, tables, agreements": f"""
standards:
  - {{id: a, {CLOCK}, within: 1 hour, overrides: [{{when: {{customer.plan.name: gold}}, within: 4 hours}}]}}
  - {{id: b, {CLOCK}, within: 1 hour, overrides: [{{by: [customer.plan.name, site.region], set: [within], rows: [[gold, south, 4 hours], [any, any, 1 hour]]}}]}}
agreements:
  - {{id: k, for: {{customer.id: L}}, terms: {{a: {{within: 10 minutes}}}}}}
""",
    "objectives by segment, weight, statistic": f"""
segments: {{tier: {{top: {{customer.plan.name: gold}}, rest: any}}}}
standards:
  - {{id: a, {CLOCK}, within: 90 minutes, objective: {{share: 60%, window: all, weight: $customer.seats, by: [site.region]}}}}
  - {{id: b, {CLOCK}, within: 90 minutes, objective: {{share: 60%, window: all, by: [tier]}}}}
""",
    "quantities and gauges": """
standards:
  - {id: a, kind: quantity, sum: {field: work.took, of: worked}, at_most: 30 minutes, ends: closed}
  - {id: b, kind: quantity, time_in: {work.by.name: Ann}, at_most: 1 hour, ends: reviewed}
  - {id: c, kind: quantity, sum: {field: work.level, of: worked}, at_most: 2 * $customer.seats, ends: closed}
  - {id: d, kind: gauge, level: {set: $work.level, on: worked}, above: 3}
  - {id: e, kind: gauge, case: site.region, level: {oldest: opened, until: closed, item: ticket.id}, above: 30 minutes}
""",
    "a calendar in the zone of the case": f"""
calendars: {{c: {{timezone: $site.zone, hours: {{daily: "10:00-17:00"}}}}}}
standards:
  - {{id: a, {CLOCK}, within: 30 minutes, calendar: c}}
""",
    "stretches that exclude": f"""
standards:
  - {{id: a, {CLOCK}, within: 10 minutes, exclude: [{{during: {{from: storm, to: closed, match: [site.region]}}, reason: storm}}]}}
  - {{id: b, kind: respond, start: opened, stop: closed, within: 10 minutes, recurs: every, match: ticket.id, case: ticket.id}}
""",
    "verdicts that others read": f"""
standards:
  - {{id: a, {CLOCK}, within: 1 hour}}
  - {{id: p, kind: respond, case: customer.id, start: {{standard: a, change: breached}}, recurs: every, stop: paid, within: 1 hour}}
  - {{id: b, kind: bundle, case: customer.id, of: [{{standard: a, on: customer.id}}]}}
consequences:
  - {{standard: a, on: breached, flat: 25% of $customer.fee GBP}}
""",
    "scorecards and metrics": """
standards:
  - {id: a, kind: scorecard, event: reviewed, reviewer: who.name, items: [{id: tone, answer: form.tone, weight: 1}, {id: all, answer: form.score.all, scale: [1, 5], weight: 1}], at_least: 85 points}
  - {id: b, kind: metric, measure: csat, formula: top_box, of: {kind: check, event: reviewed}, field: form.score.all, scale: [1, 5], at_least: 50%, window: all}
  - {id: c, kind: metric, measure: aht, of: {kind: respond, start: opened, stop: closed, within: none}, field: work.took, at_most: 40 minutes, window: all}
""",
}  # fmt: skip


def flat(value: dict[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from flat(inner, f"{before}{name}.")
        else:
            yield f"{before}{name}", inner


def judged(book: str, *, is_flat: bool) -> servstd.Report:
    rows = [
        {"time": at, "event": kind, **(dict(flat(fields)) if is_flat else fields)}
        for at, kind, fields in ROWS
    ]
    return servstd.evaluate(servstd.loads(HEAD + book), servstd.read_events(rows, time="time", event="event"))


@pytest.mark.parametrize("name", BOOKS)
def test_what_is_nested_is_judged_as_what_is_flat(name: str) -> None:
    nested, plain = (judged(BOOKS[name], is_flat=is_flat) for is_flat in (False, True))
    assert nested.verdicts.to_dicts() == plain.verdicts.to_dicts()
    assert [one.to_dict() for one in nested.attainments] == [one.to_dict() for one in plain.attainments]
    assert list(nested.consequences) == list(plain.consequences)
    assert nested.notes == plain.notes
    book = servstd.loads(HEAD + BOOKS[name])
    assert [str(one) for one in book.lint(nested.log)] == [str(one) for one in book.lint(plain.log)]


WANTED = {  # worked by hand, so that the law above cannot hold by reading nothing
    "a table, a field as limit, an instant": {
        "a": ("met", "breached"), "b": ("met", "met"), "c": ("met", "breached"), "d": ("breached", "breached"),
    },
    "conditions of every sort": {
        "a": ("breached",), "b": ("breached", "excluded"), "c": ("met", "met"), "d": ("met", "breached"),
        "e": ("met", "breached"), "f": ("met", "breached"),
    },
    "overrides, tables, agreements": {"a": ("met", "breached"), "b": ("met", "met")},
    "quantities and gauges": {
        "a": ("met", "breached"), "b": ("breached", "met"), "c": ("met", "met"), "d": ("breached", "open"),
        "e": ("breached", "breached"),
    },
    "a calendar in the zone of the case": {"a": ("breached", "met")},
    "stretches that exclude": {"a": ("breached", "excluded"), "b": ("breached", "breached")},
    "verdicts that others read": {"a": ("breached", "met"), "p": ("breached",), "b": ("breached", "met")},
    "scorecards and metrics": {"a": ("met", "breached")},
}  # fmt: skip


@pytest.mark.parametrize("name", WANTED)
def test_the_verdicts_are_those_by_hand(name: str) -> None:
    found: dict[str, list[str]] = {}
    for one in judged(BOOKS[name], is_flat=False).verdicts:
        found.setdefault(one.standard, []).append(one.outcome)
    assert {standard: tuple(outcomes) for standard, outcomes in found.items()} == WANTED[name]


def test_figures_and_payments_by_hand() -> None:
    rows = judged(BOOKS["objectives by segment, weight, statistic"], is_flat=False).attainments
    assert [(one.standard, one.segment, one.status) for one in rows] == [
        ("a", "site.region=north", "met"), ("a", "site.region=south", "missed"),
        ("b", "tier=rest", "met"), ("b", "tier=top", "missed"),
    ]  # fmt: skip
    (paid,) = judged(BOOKS["verdicts that others read"], is_flat=False).consequences
    assert (str(paid.amount), paid.unit) == ("25.00", "GBP")
    metrics = judged(BOOKS["scorecards and metrics"], is_flat=False).attainments
    assert [(one.standard, one.value_text) for one in metrics][1:] == [("b", "50%"), ("c", "35m")]


def test_a_trait_may_be_a_dotted_name_that_the_book_never_wrote() -> None:
    report = judged(f"standards: [{{id: a, {CLOCK}, within: 1 minute}}]", is_flat=False)
    assert [row.value for row in report.pareto(by="customer.plan.name").rows] == ["basic", "gold"]
    with pytest.raises(EvaluationError, match=r"SV685(.|\n)*`customer.plan.name`"):
        report.pareto(by="customer.plan.nam")


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("ticket.idd", "no event carries `ticket.idd`(.|\n)*write `case: ticket.id`"),
        ("ticket", "`ticket` holds objects(.|\n)*write `case: ticket.id`"),
        ("nothing", "no event carries `nothing`(.|\n)*Carried: (.|\n)*`ticket.id`"),
    ],
)
def test_a_case_that_nothing_names_is_refused_with_the_names_that_there_are(key: str, says: str) -> None:
    with pytest.raises(EvaluationError, match=f"SV404(.|\n)*{says}"):
        judged(f"standards: [{{id: a, case: {key}, {CLOCK}, within: 1 hour}}]", is_flat=False)


def test_the_lint_names_the_nearest_dotted_name() -> None:
    book = servstd.loads(
        f"{HEAD}standards: [{{id: a, {CLOCK}, within: 1 hour, applies_to: {{customer.plan.nam: gold}}}}]"
    )
    log = judged(BOOKS["quantities and gauges"], is_flat=False).log
    (found,) = [one for one in book.lint(log) if one.code == "SV563"]
    assert found.help == "write `customer.plan.name`."
