"""The public face as a type checker sees it: every spelling of a field, and the type of what comes back.

`mypy --strict` reads this file, and the test beside it runs it. Nothing here needs a plugin.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, assert_type

import servstd
from servstd.results import Verdict
from servstd.standards import Exclude, Override

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def calendars() -> None:
    office = servstd.Calendar(
        timezone="Europe/London",
        hours={"mon-fri": "09:00-17:00", "sat": ["10:00-12:00", "13:00-14:00"], "sun": "closed"},
        breaks={"mon-fri": "12:00-12:30", "2026-05-01": ["10:00-11:00"]},
        holidays=["2026-12-25", {"country": "GB", "subdivision": "ENG"}, date(2026, 12, 28)],
        exceptions={"2026-12-24": "09:00-12:00", "2026-12-31": []},
    )
    shop = servstd.Calendar(timezone="Europe/London", hours={"daily": "08:00-20:00"}, holidays=["2026-12-25"])
    assert_type(office.elapsed(MONDAY, MONDAY + timedelta(days=1)), timedelta)
    assert_type(office.add(MONDAY, timedelta(hours=8)), datetime)
    assert_type(office.subtract(MONDAY, timedelta(hours=8)), datetime)
    assert_type(office.due("10 business days", start=MONDAY), datetime)
    assert_type(office.is_open(MONDAY), bool)
    assert_type(office.next_open(MONDAY), datetime)
    assert_type(office.next_close(MONDAY), datetime)
    for combined in (office | shop, office & shop, shop - office, ~office, office | servstd.ALWAYS):
        assert_type(combined, servstd.Calendar)


def standards() -> Sequence[
    servstd.Respond | servstd.Check | servstd.Gauge | servstd.Order | servstd.Quantity
]:
    return [
        servstd.Respond(
            id="reply",
            title="Reply within 60 minutes",
            case=["site", "ticket_id"],
            start="inquiry.received",
            stop={"event": "reply.sent", "where": {"by": "human", "minutes": {"ge": 5}}},
            within="60 minutes",
            recurs="each",
            applies_to={"plan": ["gold", "silver"]},
            objective="95% a month",
        ),
        servstd.Respond(
            id="resolve",
            case="ticket_id",
            start=["problem.opened", {"event": "problem.reported", "where": {"kind": "call"}}],
            stop={"all": ["problem.resolved", "customer.told"]},
            within={"by": "priority", "P1": "4 hours", "else": "3 days"},
            pause_while=servstd.field("status") == "waiting",
            pauses="shift",
            reopen="resume",
            reopen_on="problem.reopened",
            objectives=[
                servstd.Objective(share="90%", window="month"),
                {"share": {"gt": "99%"}, "window": "year"},
            ],
            overrides=[
                {"when": {"priority": "P1"}, "within": "1 hour"},
                Override(when={"vip": True}, calendar="always"),
            ],
            exclude=[
                {"when": {"cause": "customer"}, "reason": "customer_caused"},
                Exclude(when={"test": True}, reason="test"),
            ],
            effective={"from": "2026-01-01"},
            source={"citation": "Service charter, 3.2"},
            day_rule={"cutoff": "14:00", "closed_start": "next_open"},
        ),
        servstd.Respond(
            id="rings", case="call_id", start="ringing", stop="answered", within={"count": 3, "of": "ring"}
        ),
        servstd.Respond(
            id="promised",
            case="visit_id",
            start={"at": "$booked_at"},
            stop="arrived",
            within="2 hours after $visit_at",
        ),
        servstd.Check(
            id="belts",
            case="flight_id",
            event="cabin.checked",
            for_each="passengers",
            expect={"belt": "fastened"},
        ),
        servstd.Check(
            id="polite",
            case="call_id",
            event="call.ended",
            expect=servstd.field("minutes") >= 5,
            require="all",
            missing_by=["call.closed"],
        ),
        servstd.Check(
            id="most",
            case="flight_id",
            event="cabin.checked",
            for_each="rows",
            expect={"ok": True},
            require={"at_least": 3},
        ),
        servstd.Gauge(
            id="queue",
            case="site_id",
            level={"plus": "joined", "minus": ["served", "left"], "initial": 0},
            above=3,
            then="queue.opened",
            within="2 minutes",
        ),
        servstd.Gauge(
            id="cold", case="van", level={"set": "$temperature", "on": "temp.read"}, above="$most", below=2.5
        ),
        servstd.Order(
            id="notice", case="works_id", event="supply.cut", needs="notice.sent", at_least="48 hours"
        ),
        servstd.Quantity(id="bills", case="customer_id", count="bill.sent", at_least=2, per="year"),
    ]


def rollups() -> list[servstd.Bundle | servstd.Scorecard | servstd.Metric]:
    greeting = servstd.Check(id="", event="greeting", expect={"polite": "yes"})
    return [
        servstd.Bundle(
            id="both",
            case="ticket_id",
            of=["reply", {"standard": "bills", "on": "customer_id"}, greeting],
            require={"at_least": 2},
            absent="wait",
        ),
        servstd.Bundle(
            id="journey", case="customer_id", phases={"before": ["quote"], "after": {"of": ["repair"]}}
        ),
        servstd.Scorecard(
            id="quality",
            case="call_id",
            event={"event": "reviewed", "where": {"by": "lead"}},
            items=[
                {"id": "tone", "weight": 2, "answer": "tone", "scale": [1, 5], "auto_fail": {"below": 2}},
                {"id": "hello", "standard": greeting},
            ],
            at_least="85 points",
        ),
        servstd.Metric(
            id="level",
            measure="service_level",
            formula="abandoned_in_base",
            of=servstd.Respond(id="", start="offered", stop="answered", cancel="gone"),
            threshold="20 seconds",
            at_least="80%",
            window={"rolling": "30 days"},
            by=["queue"],
            decide_on={"interval": "wilson", "side": "adverse"},
        ),
    ]


def questions(report: servstd.Report) -> None:
    assert_type([tier.place for tier in servstd.rank(report.attainments)], list[int])
    assert_type([one.item for one in report.calibration("quality")], list[str])
    assert_type([one.words for one in report.watermelons], list[str])
    assert_type(len(report.measures), int)


def books(folder: Path) -> None:
    book = servstd.Book(
        case="ticket_id",
        calendar="office",
        timezone="Europe/London",
        calendars={"office": servstd.Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"})},
        standards=[servstd.Respond(id="reply", start="asked", stop="answered", within="1 hour")],
    )
    assert_type(book.to_yaml(), str)
    (folder / "book.yaml").write_text(book.to_yaml(), encoding="utf-8")
    assert_type(servstd.load(folder / "book.yaml"), servstd.Book)
    assert_type(servstd.loads(book.to_yaml()), servstd.Book)
    assert_type(book["reply"].id, str)


def reports() -> None:
    rows: list[dict[str, Any]] = [
        {"time": MONDAY, "event": "asked", "id": 1},
        {"time": MONDAY + timedelta(minutes=30), "event": "answered", "id": 1},
    ]
    log = servstd.read_events(rows, time="time", event="event")
    assert_type(log, servstd.Log)
    assert_type(len(log), int)
    book = servstd.loads(
        "standards: [{id: a, kind: respond, case: id, start: asked, stop: answered, within: 1 hour}]"
    )
    report = servstd.evaluate(book, log, as_of=MONDAY + timedelta(hours=2))
    assert_type(report, servstd.Report)
    assert_type(report.met, bool)
    verdict = report.verdicts[0]
    assert_type(verdict.standard, str)
    assert_type(verdict.started_at, datetime)
    assert_type(verdict.due_at, datetime | None)
    assert_type(verdict.ended_at, datetime | None)
    assert_type(verdict.case_key, tuple[str, ...])
    assert_type(report.verdicts.where(case=("1",))[0].next_warning_at, datetime | None)
    assert_type(report.verdicts.to_dicts(), list[dict[str, Any]])
    as_sequence: Sequence[Verdict] = report.verdicts
    assert len(as_sequence) == 1
    assert_type(report.select(standards="a", window="last", segment=None), servstd.Report)
    assert_type(report.select(["a"], window="2026-03..2026-05"), servstd.Report)
    assert_type(report.attainments[0].value, float | None)
    assert_type(report.explain("a", case="1").sentence, str)
    assert_type(report.to_json(), str)
    assert verdict.outcome == "met"


def errors() -> None:
    try:
        servstd.loads("standards: [{id: a, kind: respnd}]")
    except servstd.StandardsError as error:
        assert_type(error.problems, tuple[servstd.Problem, ...])
