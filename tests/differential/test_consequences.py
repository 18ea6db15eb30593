"""Consequences against the oracle, which walks days and counts stretches one by one: every amount, status and date."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import consequences as oracle
from oracle.calendars import map_local

import servstd
from servstd.engine.obligation import Obligation
from servstd.intervals import instant_us
from servstd.results.following import outgoings
from servstd.results.report import Judged

HOUR = 3_600_000_000
ZONES = ("UTC", "Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")
FIRST = instant_us(datetime(2026, 3, 20, tzinfo=UTC))
SPAN_HOURS = 24 * 80

BOOK = """
servstd: 1
case: id
calendars: {{office: {{timezone: {zone}, hours: {{mon-fri: "09:00-17:00"}}}}}}
calendar: office
standards:
  - {{id: clock, kind: respond, start: asked, stop: answered, within: 8 hours, recurs: every}}
  - {{id: dates, kind: respond, start: asked, stop: answered, within: 3 business days, recurs: every}}
consequences: []
"""

# -- what is generated -------------------------------------------------------------------------------------------------


def instants(zone):
    """Make hours, midnights of the place and what lies a microsecond beside them, and anything else."""
    first = date(2026, 3, 20)
    midnights = st.integers(0, SPAN_HOURS // 24).map(lambda day: map_local(first + timedelta(days=day), 0, ZoneInfo(zone)))  # fmt: skip
    return st.one_of(
        st.integers(0, SPAN_HOURS).map(lambda number: FIRST + number * HOUR),
        midnights,
        st.builds(lambda at, more: at + more, midnights, st.sampled_from([-1, 0, 1])),
        st.integers(0, SPAN_HOURS * HOUR).map(lambda more: FIRST + more),
    )


shifts = st.sampled_from([0, 1, HOUR, 24 * HOUR, 31 * 24 * HOUR])


@st.composite
def verdicts(draw, zone):
    """Make a verdict of which the times are in order: start, due, breach, end, claim."""
    at_any = instants(zone)
    started, due = sorted([draw(at_any), draw(at_any)])
    outcome = draw(st.sampled_from(["breached", "breached", "met", "cancelled", "open", "excluded"]))
    breached = due + draw(st.sampled_from([0, 1, 16 * HOUR])) if outcome == "breached" else None
    ended = draw(st.one_of(st.none(), at_any, at_any, st.just(due), shifts.map(lambda more: due + more)))
    if breached is not None and ended is not None:
        ended = max(ended, breached)
    if outcome in ("met", "cancelled"):
        ended = min(started if ended is None else ended, due)
    at = breached if breached is not None else ended
    at = started if at is None else at
    claimed = draw(
        st.one_of(st.none(), st.none(), at_any, shifts.map(lambda more: (ended or at) + more * 3)).map(
            lambda one: None if one is None else max(one, at)
        )
    )
    standard = draw(st.sampled_from(["clock", "dates"]))
    has_due = draw(st.integers(0, 9)) > 0
    used, over = draw(st.integers(0, 60 * HOUR)), draw(st.integers(-HOUR, 40 * HOUR))
    counts = standard == "clock"
    return {
        "standard": standard, "outcome": outcome, "started_at": started, "due_at": due if has_due else None,
        "ended_at": ended, "breached_at": breached, "at": at, "claimed_at": claimed,
        "elapsed": used if counts else draw(st.integers(0, 9)), "margin": -over,
        "used": used if counts else None, "over": over if counts else None,
    }  # fmt: skip


payments = st.sampled_from(
    ["20 GBP", "0.01 GBP", "10.34 GBP", "$fee GBP", "25% of $fee GBP", "33.3% of $fee GBP"]
    + [f"{text} GBP" for text in oracle.FORMULAS]
)
lengths = st.sampled_from(
    [
        "1 hour", "12 hours", "30 minutes", "1 calendar hour", "24 calendar hours", "2 business hours", "1 day", "2 days",
        "1 business day", "3 business days", "1 month", "2 months",
    ]
)  # fmt: skip
thens = st.builds(
    lambda name, stretch, amount: {name: stretch, "amount": amount},
    st.sampled_from(["per", "per_started"]),
    lengths,
    payments,
)
sides = st.sampled_from(["from", "above", "below"])
tiers = st.lists(
    st.builds(lambda side, length, flat: {side: length, "flat": flat}, sides, lengths, payments), max_size=3
)
tiers_of_fields = st.lists(
    st.builds(
        lambda side, at, flat: {side: at, "flat": flat}, sides, st.sampled_from([0, 1500, 3500]), payments
    ),
    min_size=1,
    max_size=3,
)
whens = st.sampled_from([{"business": "yes"}, {"vip": "yes"}])


overrides = st.fixed_dictionaries(
    {"when": whens},
    optional={"flat": payments, "then": thens, "cap": st.just("30 GBP"), "label": st.just("sorrier")},
)


def without_hidden(tiers, by):
    """Return tiers without those that a later one hides, which no book may hold."""
    try:
        servstd.Consequence(standard="clock", by=by, tiers=in_figures(tiers, USED["clock"]), flat="1 GBP")
    except servstd.StandardsError as failure:
        hidden = {problem.path for problem in failure.problems if problem.code == "SV703"}
        return [tier for place, tier in enumerate(tiers) if f"tiers[{place}]" not in hidden]
    return tiers


@st.composite
def specs(draw):
    spec = draw(
        st.fixed_dictionaries(
            {
                "on": st.sampled_from(
                    ["breached", "breached", "met", ["breached", "met"], ["cancelled", "breached"]]
                )
            },
            optional={
                "flat": payments,
                "then": thens,
                "cap": st.sampled_from(["50 GBP", "$fee GBP", "2 * $fee GBP", "USED GBP"]),
                "label": st.just("sorry"),
                "day_one": st.sampled_from(["next", "same"]),
                "overrides": st.lists(overrides, max_size=2),
            },
        )
    )
    if draw(st.integers(0, 4)) == 0:
        spec["when"] = draw(whens)
    by = draw(st.sampled_from(["", "late", "elapsed", "$km"]))
    if by:
        spec |= {"by": by, "tiers": without_hidden(draw(tiers_of_fields if by == "$km" else tiers), by)}
    if draw(st.booleans()):
        spec["claim"] = "claim.made"
        if draw(st.integers(0, 3)):
            spec["claim_within"] = draw(lengths.filter(lambda text: "minutes" not in text))
    if not {"flat", "then", "label"} & spec.keys() and not spec.get("tiers"):
        spec["flat"] = "5 GBP"
    return spec


def carried(name, *values):
    """Make a field that nearly every case carries."""
    return st.sampled_from([{name: value} for value in values] * 3 + [{}])


fields = st.tuples(
    carried("fee", 0, 1, 40, 59, -3, 10**30 + 1),
    carried("km", 0, 1500, 1501, 9000),
    carried("business", "yes", "no"),
    carried("vip", "yes", "no"),
    carried("elapsed", 0, 7),
).map(lambda parts: {name: value for part in parts for name, value in part.items()})

# -- how it is compared ------------------------------------------------------------------------------------------------


USED = {"clock": "hours($elapsed)", "dates": "$elapsed"}
"""How what was used is written as a number: a clock counts time, a limit of dates counts these."""


def in_figures(spec, used):
    """Return a consequence with the figure of its standard written out."""
    if isinstance(spec, dict):
        return {key: in_figures(value, used) for key, value in spec.items()}
    if isinstance(spec, list):
        return [in_figures(one, used) for one in spec]
    return spec.replace("USED", used) if isinstance(spec, str) else spec


def book_of(spec, zone):
    base = servstd.loads(BOOK.format(zone=zone))
    told = [{"id": name, "standard": name, **in_figures(spec, used)} for name, used in USED.items()]
    given_ = {name: getattr(base, name) for name in base.model_fields_set}
    return servstd.Book(**given_ | {"consequences": told})


def judged_of(book, cases):
    """Return the verdicts as an executor would hand them over, then those of the claims."""
    by_id = {entry.standard.id: (entry.standard, plan) for entry, plan in zip(book.entries, book.compiled, strict=True)}  # fmt: skip
    for place, (verdict, known) in enumerate(cases):
        standard, plan = by_id[verdict["standard"]]
        names = ("outcome", "started_at", "due_at", "ended_at", "breached_at", "elapsed", "margin")
        told = Obligation(
            opened_by=0, in_dates=verdict["standard"] == "dates", **{name: verdict[name] for name in names}
        )
        yield Judged(standard, plan, (str(place),), 1, told, fields=known)
        claim = by_id.get(f"{verdict['standard']}.claim")
        if claim is not None and verdict["claimed_at"] is not None:
            told = Obligation(
                opened_by=0, started_at=verdict["at"], ended_at=verdict["claimed_at"], outcome="met"
            )
            yield Judged(*claim, (str(place),), 1, told)


def said(spec, cases, zone, as_of):
    book = book_of(spec, zone)
    rows = outgoings(book, list(judged_of(book, cases)), (), as_of_us=as_of)
    return {
        (int(one.case), one.standard): oracle.Row(
            None if one.amount is None else str(one.amount), one.unit, one.label, one.status, one.is_running,
            None if one.claim_until is None else instant_us(one.claim_until),
        )
        for one in rows
    }  # fmt: skip


def expected_of(spec, cases, zone, as_of):
    place = oracle.Place(ZoneInfo(zone), as_of)
    found = {
        (number, verdict["standard"]): oracle.follows(spec, verdict, known, place)
        for number, (verdict, known) in enumerate(cases)
    }
    return {key: row for key, row in found.items() if row is not None}


@st.composite
def situations(draw):
    """Make a consequence, cases at one place, and how many hours later they are judged."""
    zone = draw(st.sampled_from([*ZONES, "Europe/London"]))
    cases = draw(st.lists(st.tuples(verdicts(zone), fields), min_size=2, max_size=5))
    return draw(specs()), cases, zone, draw(st.one_of(st.integers(0, 48), st.integers(0, 24 * 60)))


def as_of_of(cases, more):
    """Return an instant of the judgement after all that has happened."""
    times = [
        verdict[name]
        for verdict, _ in cases
        for name in ("started_at", "ended_at", "breached_at", "claimed_at")
    ]
    return max(one for one in times if one is not None) + more * HOUR


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(situations())
def test_what_follows_is_what_the_oracle_counts(situation):
    spec, cases, zone, more = situation
    as_of = as_of_of(cases, more)
    assert said(spec, cases, zone, as_of) == expected_of(spec, cases, zone, as_of)


@pytest.mark.parametrize("fee", [0, 40, 59, -3, None])
@pytest.mark.parametrize("text", oracle.FORMULAS)
def test_what_is_reckoned_is_what_the_oracle_reckons(text, fee):
    """A clock that ran for 45 and a half hours, and a limit of dates that saw 9, by the fee of the case."""
    start = instant_us(datetime(2026, 3, 2, 9, tzinfo=UTC))
    verdict = {
        "outcome": "breached", "started_at": start, "due_at": start + HOUR, "ended_at": start + 91 * HOUR // 2,
        "breached_at": start + HOUR, "at": start + HOUR, "claimed_at": None, "margin": -HOUR, "over": None, "used": None,
    }  # fmt: skip
    known = {"elapsed": 7} | ({} if fee is None else {"fee": fee})
    cases = [
        ({**verdict, "standard": "clock", "elapsed": 91 * HOUR // 2}, known),
        ({**verdict, "standard": "dates", "elapsed": 9}, known),
    ]
    spec, as_of = {"on": "breached", "flat": f"{text} GBP"}, start + 99 * HOUR
    assert said(spec, cases, "UTC", as_of) == expected_of(spec, cases, "UTC", as_of)


def test_no_status_is_rare_among_what_is_generated():
    """A generator that never makes a status, or an amount, would agree about it for nothing."""
    seen: Counter[str] = Counter()

    @settings(
        max_examples=600,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(situations())
    def gather(situation):
        spec, cases, zone, more = situation
        for row in expected_of(spec, cases, zone, as_of_of(cases, more)).values():
            seen.update(
                [row.status, "paid" if row.amount else "unpaid", "running" if row.is_running else "over"]
            )

    gather()
    rare = {
        name
        for name in ("owed", "claimable", "lapsed", "unknown", "paid", "unpaid", "running", "over")
        if seen[name] < 8
    }
    assert rare == set(), seen


@pytest.mark.parametrize(
    ("spec", "amount"),
    [
        ({"then": {"per_started": "1 day", "amount": "10 GBP"}}, "20.00"),
        ({"then": {"per": "1 day", "amount": "10 GBP"}}, "10.00"),
        ({"then": {"per_started": "1 business day", "amount": "10 GBP"}}, "10.00"),
        ({"then": {"per_started": "1 day", "amount": "10 GBP"}, "day_one": "same"}, "30.00"),
        ({"tiers": [{"from": "2 days", "flat": "5 GBP"}, {"above": "2 days", "flat": "9 GBP"}]}, "5.00"),
    ],
)
def test_the_oracle_itself_counts_what_a_calendar_shows(spec, amount):
    """Due by the end of Friday 27 March 2026 in London, and over on Sunday at noon: two dates, neither a weekday…

    but Monday: it is Monday 30 March at 8:00 where business days are asked, of which the first has begun.
    """
    zone = ZoneInfo("Europe/London")
    due = instant_us(datetime(2026, 3, 28, tzinfo=zone))
    is_business = "business" in str(spec)
    end = instant_us(datetime(2026, 3, 30 if is_business else 29, 8 if is_business else 12, tzinfo=zone))
    verdict = {
        "outcome": "breached", "started_at": due - 3 * 24 * HOUR, "due_at": due, "at": due, "ended_at": end,
        "over": None, "used": None, "claimed_at": None, "standard": "dates", "elapsed": 0,
    }  # fmt: skip
    row = oracle.follows({"on": "breached", **spec}, verdict, {}, oracle.Place(zone, end + timedelta(days=9) // timedelta(microseconds=1)))  # fmt: skip
    assert row is not None
    assert row.amount == amount
