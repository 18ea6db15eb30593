"""What is open at the end of a month, weighed and at its last instant; and months in which nothing happens."""

from __future__ import annotations

from fractions import Fraction

import servstd


def judged(
    objective: str, *rows: tuple[str, str, str], as_of: str, **fields: dict[str, int]
) -> servstd.Report:
    book = servstd.loads(
        "case: id\ntimezone: UTC\nstandards: [{id: s, kind: respond, start: asked, stop: answered, within: 1 hour, "
        f"objective: {objective}}}]"
    )
    told = [{"time": at, "event": event, "id": case, **fields.get(case, {})} for at, event, case in rows]
    return servstd.evaluate(book, servstd.read_events(told, time="time", event="event"), as_of=as_of)


def test_what_is_open_weighs_in_a_census_as_it_does_elsewhere():
    """At the end of March one of weight 1 is late and one of weight 3 has half an hour left: three quarters."""
    report = judged(
        "{share: 75%, weight: $n, window: {census: month}}",
        ("2026-03-01T00:00Z", "asked", "z"),
        ("2026-03-01T00:30Z", "answered", "z"),
        ("2026-03-31T09:00Z", "asked", "late"),
        ("2026-03-31T23:30Z", "asked", "new"),
        as_of="2026-04-01T00:00Z",
        z={"n": 9},
        late={"n": 1},
        new={"n": 3},
    )
    march = next(row for row in report.attainments if row.window == "2026-03")
    assert (march.status, march.exact_value, march.met, march.breached) == ("met", Fraction(3, 4), 1, 1)


def test_what_is_late_from_the_instant_of_the_end_on_is_late_in_the_next_census():
    """Due at the last microsecond of March it is late from midnight on, and midnight is April's."""
    report = judged(
        "{share: 100%, window: {census: month}}",
        ("2026-03-01T00:00Z", "asked", "z"),
        ("2026-03-01T00:30Z", "answered", "z"),
        ("2026-03-31T22:59:59.999999Z", "asked", "1"),
        as_of="2026-05-01T00:00Z",
    )
    found = {row.window: (row.status, row.met, row.breached) for row in report.attainments}
    assert (found["2026-03"], found["2026-04"]) == (("met", 1, 0), ("missed", 0, 1))


def test_a_month_that_begins_with_the_log_is_told_though_nothing_is_judged_in_it():
    """The log begins in the first instant of March with something else, and the first question comes in May."""
    report = judged(
        "95% a month",
        ("2026-03-01T00:00Z", "opened", "shop"),
        ("2026-05-04T09:00Z", "asked", "1"),
        ("2026-05-04T09:30Z", "answered", "1"),
        as_of="2026-06-01T00:00Z",
    )
    assert [(row.window, row.status) for row in report.attainments] == [
        ("2026-03", "no_data"),
        ("2026-04", "no_data"),
        ("2026-05", "met"),
    ]
