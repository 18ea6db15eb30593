"""Bundles: what several standards come to together for one case, how it is told, and what is refused."""

from __future__ import annotations

import pickle

import pytest
from stories import report

import servstd
from servstd.errors import StandardsError

ORDER = """
timezone: UTC
case: order
standards:
- {id: pick, kind: respond, start: ordered, stop: picked, within: 1 hour, cancel: recalled}
- {id: ship, kind: respond, start: ordered, stop: shipped, within: 4 hours}
- {id: whole, kind: check, event: delivered, expect: {missing: 0}}
- {id: perfect, title: Deliver each order perfectly, kind: bundle, of: [pick, ship, whole]REQUIRE}
"""


def orders(require: str, *lines: str, as_of: str | None = None) -> servstd.Report:
    return report(ORDER.replace("REQUIRE", f", {require}" if require else ""), *lines, as_of=as_of)


def perfect(require: str, *lines: str, as_of: str = "20:00") -> servstd.Report:
    return orders(require, "08:00 ordered order=O", *lines, as_of=as_of).verdicts.where(standard="perfect")[0]


PICKED, SHIPPED, WHOLE = "08:30 picked order=O", "11:00 shipped order=O", "15:00 delivered order=O missing=0"
LATE_PICK, LATE_SHIP, BROKEN = (
    "09:30 picked order=O",
    "12:30 shipped order=O",
    "15:00 delivered order=O missing=2",
)

CASES = {
    "all kept": ("", (PICKED, SHIPPED, WHOLE), "met", 0, "15:00", None),
    "one broken": ("", (PICKED, LATE_SHIP, WHOLE), "breached", -1, "15:00", "12:00:00.000001"),
    "two broken: the first breaks it": ("", (LATE_PICK, SHIPPED, BROKEN), "breached", -2, "15:00", "09:00:00.000001"),
    "one may be broken, and is": ("require: {at_least: 2}", (LATE_PICK, SHIPPED, WHOLE), "met", 0, "15:00", None),
    "one may be, two are: the second breaks it": (
        "require: {at_least: 2}", (LATE_PICK, SHIPPED, BROKEN), "breached", -1, "15:00", "15:00:00",
    ),
    "one is enough: kept with the first": ("require: any", (PICKED, LATE_SHIP), "met", 0, "08:30", None),
    "none of any: the last breaks it": (
        "require: any", (LATE_PICK, LATE_SHIP, BROKEN), "breached", -1, "15:00", "15:00:00",
    ),
    "a cancelled member is left out": ("", ("08:10 recalled order=O", SHIPPED, WHOLE), "met", 0, "15:00", None),
    "a member that never began is left out": ("", (PICKED, SHIPPED), "met", 0, "11:00", None),
    "fewer count than are demanded: all of these": (
        "require: {at_least: 3}", (PICKED, SHIPPED), "met", 0, "11:00", None,
    ),
    "a member that never began is waited for": ("absent: wait", (PICKED, SHIPPED), "open", 0, None, None),
    "what is not known keeps it from being kept": ("", (PICKED, SHIPPED, "15:00 delivered order=O"), "unknown", None, "15:00", None),
    "broken is broken, whatever is not known": ("", (LATE_PICK, SHIPPED, "15:00 delivered order=O"), "breached", -1, "15:00", "09:00:00.000001"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("require", "lines", "outcome", "margin", "ended", "breached"), CASES.values(), ids=CASES
)
def test_what_members_come_to(  # noqa: PLR0917 - the columns of the table
    require, lines, outcome, margin, ended, breached
):
    one = perfect(require, *lines)
    assert (one.outcome, one.margin, one.unit) == (outcome, margin, "members")
    assert f"{one.started_at:%H:%M}" == "08:00"
    assert (one.ended_at and f"{one.ended_at:%H:%M}") == ended
    assert (one.breached_at and str(one.breached_at.time())) == breached


def test_what_is_open_is_due_when_silence_would_break_it():
    # under `all` the first due of what is not kept yet; with one to spare the second
    now = {"as_of": "08:20"}
    assert f"{perfect('', **now).due_at:%H:%M}" == "09:00"
    assert f"{perfect('', '08:10 picked order=O', **now).due_at:%H:%M}" == "12:00"
    assert f"{perfect('require: any', **now).due_at:%H:%M}" == "12:00"


def test_a_member_broken_once_is_broken():
    book = """
    case: id
    standards:
    - {id: answer, kind: respond, start: asked, stop: answered, within: 1 hour, recurs: each}
    - {id: all, kind: bundle, of: [answer]}"""
    told = ["08:00 asked id=1", "08:10 answered id=1", "09:00 asked id=1", "11:00 answered id=1"]
    (one,) = report(book, *told).verdicts.where(standard="all")
    assert (one.outcome, f"{one.started_at:%H:%M}", f"{one.ended_at:%H:%M}") == ("breached", "08:00", "11:00")


JOURNEY = """
timezone: UTC
case: customer
standards:
- {id: quote, kind: respond, start: asked, stop: quoted, within: 1 hour}
- {id: repair, kind: respond, case: fault, start: reported, stop: fixed, within: 4 hours}
- id: journey
  kind: bundle
  phases:
    before: [quote]
    after: {of: [{standard: repair, on: customer}, {kind: check, event: billed, expect: {wrong: 0}}], require: any}
"""


def test_a_journey_is_a_bundle_of_phases_over_one_customer():
    found = report(
        JOURNEY, "08:00 asked customer=C", "08:10 quoted customer=C", "09:00 reported customer=C fault=F",
        "15:00 fixed fault=F", "16:00 billed customer=C wrong=0", "09:00 reported customer=D fault=G", as_of="20:00",
    )  # fmt: skip
    told = {(one.standard, one.case): one.outcome for one in found.verdicts}
    assert told["journey.before", "C"] == told["journey.after", "C"] == told["journey", "C"] == "met"
    assert told["journey", "D"] == "breached"
    assert {row.standard for row in found.attainments} == {"quote", "repair", "journey"}


def test_a_verdict_joins_the_case_of_each_element_of_a_list():
    book = """
    standards:
    - {id: visit, kind: check, case: visit, event: visited, expect: {done: 1}}
    - {id: home, kind: bundle, case: tenant, of: [{standard: visit, on: tenants}]}"""
    log = servstd.read_events(
        [{"time": "2026-03-06T08:00Z", "event": "visited", "visit": 7, "tenants": ["A", "B"], "done": 1}]
    )
    found = servstd.evaluate(servstd.loads(book), log).verdicts.where(standard="home")
    assert [(one.case, one.outcome) for one in found] == [("A", "met"), ("B", "met")]


def test_a_bundle_applies_and_excludes_by_what_its_case_carries():
    frame = ", applies_to: {plan: gold}, exclude: [{when: {storm: 'yes'}, reason: storm}], objective: {share: 100%, window: all, by: [region]}"
    book = ORDER.replace("REQUIRE", frame)
    lines = [
        f"08:00 ordered order={name} plan={plan} storm={storm} region=N"
        for name, plan, storm in (("A", "gold", "no"), ("B", "gold", "yes"), ("C", "tin", "no"))
    ]
    found = report(book, *lines, "08:00 ordered order=D", as_of="20:00")
    told = [
        (one.case, one.outcome, one.outcome_otherwise) for one in found.verdicts.where(standard="perfect")
    ]
    assert told == [("A", "breached", None), ("B", "excluded", "breached"), ("D", "unknown", None)]
    (row,) = [row for row in found.attainments if row.standard == "perfect" and row.segment == "region=N"]
    assert (row.judged, row.breached, row.excluded) == (1, 1, 1)


def test_a_bundle_of_bundles_and_its_breach_as_an_event():
    book = ORDER.replace("REQUIRE", "") + (
        "- {id: every, kind: bundle, of: [perfect, whole]}\n"
        "- {id: sorry, kind: respond, start: {standard: every, change: breached}, stop: apologised, within: 1 hour}\n"
    )
    found = report(book, "08:00 ordered order=O", "09:20 apologised order=O", as_of="20:00")
    (sorry,) = found.verdicts.where(standard="sorry")
    assert (sorry.outcome, str(sorry.started_at.time())) == ("met", "09:00:00.000001")


def test_the_evidence_names_the_members_and_adds_up():
    found = orders("", "08:00 ordered order=O", PICKED, LATE_SHIP, WHOLE)
    for one in (found.explain("perfect"), pickle.loads(pickle.dumps(found)).explain("perfect")):  # noqa: S301
        assert one.sentence == (
            "O broke “Deliver each order perfectly”: ship (just after Fri 6 Mar 2026 12:00) was broken; "
            "pick and whole were kept."
        )
        assert one.wall_us == sum(one.totals.values()) == 7 * 3_600_000_000
        assert (
            "\n  ship    breached  Fri 6 Mar 2026 08:00  Fri 6 Mar 2026 12:00  Fri 6 Mar 2026 12:30"
            in str(one)
        )
        assert [row["outcome"] for row in one.to_dict()["parts"]] == ["met", "breached", "met"]
        assert "<td" in one._repr_html_()


def test_the_report_tells_which_members_were_broken():
    assert "perfect  O  broken: pick, ship; due 6 Mar 2026 09:00" in str(
        orders("", "08:00 ordered order=O", as_of="20:00")
    )


def test_a_book_with_bundles_comes_back_from_yaml_in_its_spelling():
    for text in (JOURNEY, ORDER.replace("REQUIRE", ", require: {at_least: 2}")):
        book = servstd.loads(text)
        assert servstd.loads(book.to_yaml()) == book
    member = servstd.Check(id="", event="billed", expect={"wrong": 0})
    made = servstd.Book(standards=[servstd.Bundle(id="b", case="c", of=[member], require="any")])
    assert servstd.loads(made.to_yaml()) == made
    assert [entry.standard.id for entry in made.entries] == ["b", "b.1"]


def test_a_bundle_is_said_in_english():
    book = servstd.loads(JOURNEY)
    assert book["journey"].sentence(book.surroundings) == (
        "For each customer: all of `journey.before` (all of `quote`) and `journey.after` (at least one of `repair` "
        "and `journey.after.2` (at billed it must be so that wrong is 0)) must be kept."
    )
    assert (
        book["journey.after"]
        .sentence(book.surroundings)
        .startswith("For each customer: at least one of `repair`")
    )


A = "{id: a, kind: respond, start: x, stop: y, within: 1 hour}"
REFUSED = {
    "no members": ("{id: b, kind: bundle}", "SV630", "standards[1]"),
    "an empty list": ("{id: b, kind: bundle, of: []}", "SV630", "standards[1]"),
    "members and phases": ("{id: b, kind: bundle, of: [a], phases: {p: [a]}}", "SV630", "standards[1]"),
    "a member that is no standard": ("{id: b, kind: bundle, of: [7]}", "SV630", "standards[1].of[0]"),
    "an unknown member": ("{id: b, kind: bundle, of: [aa]}", "SV108", "standards[1].of[0]"),
    "an unknown key of a member": ("{id: b, kind: bundle, of: [{standard: a, onn: c}]}", "SV102", "standards[1].of[0].onn"),
    "a member in place with a fault": ("{id: b, kind: bundle, of: [{kind: check}]}", "SV104", "standards[1].of[0].event"),
    "a member of an unknown kind": ("{id: b, kind: bundle, of: [{kind: chek}]}", "SV160", "standards[1].of[0].kind"),
    "a member twice": ("{id: b, kind: bundle, of: [a, a]}", "SV635", "standards[1].of[1]"),
    "more demanded than there are": ("{id: b, kind: bundle, of: [a], require: {at_least: 2}}", "SV633", "standards[1].require"),
    "a demand that cannot be read": ("{id: b, kind: bundle, of: [a], require: most}", "SV116", "standards[1].require"),
    "another case without a join": ("{id: b, kind: bundle, case: d, of: [a]}", "SV632", "standards[1].of[0]"),
    "a join with too many fields": ("{id: b, kind: bundle, case: d, of: [{standard: a, on: [d, e]}]}", "SV632", "standards[1].of[0].on"),
    "a setting about events": ("{id: b, kind: bundle, of: [a], ends: z}", "SV631", "standards[1].ends"),
    "an exclusion during something": (
        "{id: b, kind: bundle, of: [a], exclude: [{during: {standard: a}}]}", "SV631", "standards[1].exclude[0].during",
    ),
    "an objective in a member in place": (
        "{id: b, kind: bundle, of: [{kind: check, event: e, expect: {f: 1}, objective: 90% overall}]}", "SV636", "standards[1].of[0]",
    ),
    "a bundle in itself": ("{id: b, kind: bundle, of: [a, b]}", "SV182", "standards[1]"),
    "a circle through an event": (
        "{id: b, kind: bundle, of: [a, {id: c, kind: respond, start: {standard: b, change: met}, stop: z, within: 1 hour}]}",
        "SV182", "standards[1]",
    ),
    "an id that a member in place takes": (
        "{id: b, kind: bundle, of: [{id: a, kind: check, event: e, expect: {f: 1}}]}", "SV107", "standards[1].of[0].id",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("spec", "code", "path"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_meant_is_refused(spec, code, path):
    with pytest.raises(StandardsError) as caught:
        servstd.loads(f"case: c\nstandards:\n- {A}\n- {spec}\n")
    assert (code, path) in {(problem.code, problem.path) for problem in caught.value.problems}
    assert all(problem.where for problem in caught.value.problems)


def test_a_bundle_is_excluded_for_the_first_reason_that_holds():
    book = """
case: c
timezone: UTC
standards:
  - {id: a, kind: respond, start: s, stop: t, within: 1 hour, objective: none}
  - {id: b, kind: bundle, of: [a], exclude: [{when: {storm: true}, reason: storm}, {when: {strike: true}, reason: strike}]}
"""
    rows = [
        {"time": "2026-03-02T09:00Z", "event": "s", "c": "1", "storm": True, "strike": True},
        {"time": "2026-03-02T11:00Z", "event": "t", "c": "1"},
    ]
    found = servstd.evaluate(servstd.loads(book), servstd.read_events(rows, time="time", event="event"))
    (verdict,) = found.verdicts.where(standard="b")
    assert (verdict.outcome, verdict.outcome_otherwise, verdict.reason) == ("excluded", "breached", "storm")


# -- windows -----------------------------------------------------------------------------------------------------------

BY_THE_HOUR = """
timezone: UTC
case: desk
standards:
- {id: reply, kind: respond, start: asked, stop: answered, within: 10 minutes, recurs: each}
- {id: calm, kind: quantity, count: fault, at_most: 1, per: day}
- {id: it, kind: bundle, PARTS, per: day}
"""


@pytest.mark.parametrize("parts", ["of: [reply, calm]", "phases: {before: [reply], after: [calm]}"])
def test_a_bundle_by_windows_has_one_verdict_each_and_so_have_its_phases(parts):
    rows = [
        ("01", "begun"),
        ("03", "asked"),
        ("03", "answered"),
        ("04", "asked"),
        ("05", "asked"),
        ("05", "answered"),
    ]
    log = servstd.read_events(
        [
            {"time": f"2026-03-{day}T1{number}:00Z", "event": kind, "desk": None if kind == "begun" else "A"}
            for number, (day, kind) in enumerate(rows)
        ]
    )
    report_ = servstd.evaluate(servstd.loads(BY_THE_HOUR.replace("PARTS", parts)), log)
    found = [(one.started_at.day, one.outcome) for one in report_.verdicts.where(standard="it")]
    # asked on the 3rd at 11:00 and answered at 12:00, an hour later; nothing is asked again while a clock runs
    assert found == [(3, "breached"), (4, "breached"), (5, "open")]


@pytest.mark.parametrize(
    ("spec", "code", "path"),
    [
        ("of: [a], per: {rolling: 30 days}", "SV616", ".per"),
        ("of: [a], per: fortnight", "SV161", ".per"),
    ],
)
def test_windows_that_a_bundle_cannot_have_are_refused(spec, code, path):
    text = f"""
    timezone: UTC
    case: id
    standards:
    - {{id: a, kind: respond, start: asked, stop: answered, within: 1 hour}}
    - {{id: it, kind: bundle, {spec}}}"""
    with pytest.raises(StandardsError) as failure:
        servstd.loads(text)
    assert [(one.code, one.path) for one in failure.value.problems] == [(code, f"standards[1]{path}")]


def test_windows_need_a_zone():
    with pytest.raises(StandardsError) as failure:
        servstd.loads(BY_THE_HOUR.replace("PARTS", "of: [reply, calm]").replace("timezone: UTC", ""))
    assert {one.code for one in failure.value.problems} == {"SV106"}


def test_a_bundle_by_windows_says_so_and_comes_back_from_yaml():
    book = servstd.loads(BY_THE_HOUR.replace("PARTS", "of: [reply, calm]"))
    assert (
        book["it"].sentence()
        == "For each case: all of `reply` and `calm` must be kept, with one verdict a day."
    )
    assert servstd.loads(book.to_yaml()) == book
