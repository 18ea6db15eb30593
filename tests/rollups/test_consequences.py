"""What follows from a breach, by hand: flat, by stretches of time, by tiers, at most so much."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from servstd.calendars import ALWAYS, Calendar
from servstd.errors import StandardsError
from servstd.expressions.values import FieldFacts
from servstd.intervals import instant_us
from servstd.rollups.consequences import Outgoing, Reckoning, totals
from servstd.rollups.lateness import Cause, Claim, Lateness
from servstd.standards import Surroundings
from servstd.standards.consequence import Consequence

LONDON = ZoneInfo("Europe/London")
HOUR = 3_600_000_000
OFFICE = Calendar(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"})


def at(text: str) -> int:
    return instant_us(datetime.fromisoformat(text).replace(tzinfo=LONDON))


def cause(
    started: str,
    due: str | None,
    ended: str | None,
    *,
    over: int | Decimal | None = None,
    elapsed: int | Decimal | None = None,
    counts_time: bool = False,
    share: Fraction | None = None,
    claim: Claim | None = None,
) -> Cause:
    return Cause(
        "C1", 1, "", "", at(started), at(due or started), at(due) if due else None, at(ended) if ended else None,
        elapsed, over, counts_time, share, claim=claim,
    )  # fmt: skip


def follows(
    written: dict[str, object],
    of: Cause,
    facts: dict[str, object] | None = None,
    *,
    as_of: str = "2026-06-01T00:00",
    calendar: Calendar = ALWAYS,
) -> Outgoing | None:
    model = Consequence(standard="it", **written)
    dated = calendar if calendar is not ALWAYS else ALWAYS.in_zone("Europe/London")
    lateness = Lateness(calendar, dated, at(as_of), with_due_date=model.day_one == "same")
    environment = Surroundings(timezone="Europe/London").environment(None)
    known = FieldFacts({}, facts or {}, time_us=of.started_us)
    return Reckoning.of(model, environment).follow(of, known, lateness)


# Due on Wednesday 4 March at midnight: the first instant of the 5th is late.
DAYS_LATE = [
    pytest.param("2026-03-05T00:00", 1, id="at midnight the 5th has begun"),
    pytest.param("2026-03-05T10:00", 1, id="on the 5th"),
    pytest.param("2026-03-07T10:00", 3, id="on the 7th: the 5th, 6th and 7th"),
]


@pytest.mark.parametrize(("ended", "days"), DAYS_LATE)
def test_each_date_begun_past_the_end_of_a_day_counts(ended, days):
    found = follows(
        {"per_started": "1 day", "amount": "10.34 GBP"}, cause("2026-03-02T09:00", "2026-03-05T00:00", ended)
    )
    assert (found.amount, found.unit) == (days * Decimal("10.34"), "GBP")


@pytest.mark.parametrize(("ended", "days"), DAYS_LATE)
def test_the_due_date_counts_too_where_the_words_include_it(ended, days):
    found = follows(
        {"per_started": "1 day", "amount": "6.46 GBP", "day_one": "same"},
        cause("2026-03-02T09:00", "2026-03-05T00:00", ended),
    )
    assert found.amount == (days + 1) * Decimal("6.46")


def test_a_day_of_the_clock_change_is_one_day():
    found = follows(
        {"per_started": "1 day", "amount": "10 GBP"},
        cause("2026-03-27T09:00", "2026-03-29T00:00", "2026-03-30T00:30"),  # the 29th lasts 23 hours
    )
    assert found.amount == 20


@pytest.mark.parametrize(
    ("ended", "days", "business", "with_due_date"),
    [
        pytest.param("2026-03-06T09:00", 0, 0, 0, id="on the due date, a Friday, before its end"),
        pytest.param("2026-03-07T00:00", 0, 0, 1, id="as Saturday begins the due date is over"),
        pytest.param("2026-03-08T12:00", 1, 0, 2, id="on Sunday Saturday is over, which is no business day"),
        pytest.param("2026-03-09T23:59", 2, 0, 3, id="Monday is not over in its last minute"),
        pytest.param("2026-03-10T00:00", 3, 1, 4, id="Monday is over"),
        pytest.param("2026-03-14T12:00", 7, 5, 8, id="on the next Saturday its five business days are over"),
    ],
)
def test_days_that_are_over_leave_out_that_of_the_end(ended, days, business, with_due_date):
    of = cause("2026-03-02T09:00", "2026-03-07T00:00", ended)
    paid = {"then": {"per": "1 day", "amount": "1 GBP"}}
    assert follows(paid, of, calendar=OFFICE).amount == days
    assert follows(paid | {"day_one": "same"}, of, calendar=OFFICE).amount == with_due_date
    assert (
        follows({"then": {"per": "1 business day", "amount": "1 GBP"}}, of, calendar=OFFICE).amount
        == business
    )


def test_business_days_past_the_due_are_open_dates():
    found = follows(
        {"per_started": "1 business day", "amount": "10 GBP"},
        cause(
            "2026-03-05T09:00", "2026-03-07T00:00", "2026-03-10T12:00"
        ),  # Friday's end, then Monday and Tuesday
        calendar=OFFICE,
    )
    assert found.amount == 20


@pytest.mark.parametrize(
    ("per", "ended", "amount"),
    [
        pytest.param("per", "2026-03-02T21:00", 95, id="not one further 12 hours is over"),
        pytest.param("per", "2026-03-03T12:00", 140, id="15 hours late: one is over"),
        pytest.param("per_started", "2026-03-03T12:00", 185, id="15 hours late: two have begun"),
        pytest.param("per_started", "2026-03-03T09:00", 140, id="exactly 12 hours late: one has begun"),
    ],
)
def test_a_flat_payment_and_more_for_each_further_stretch(per, ended, amount):
    """UK electricity guaranteed standards: 95 GBP, and 45 GBP for each further 12 hours."""
    late = at(ended) - at("2026-03-02T21:00")
    found = follows(
        {"flat": "95 GBP", "then": {per: "12 hours", "amount": "45 GBP"}},
        cause("2026-03-02T09:00", "2026-03-02T21:00", ended, over=late, counts_time=True),
    )
    assert (found.amount, found.is_running) == (amount, False)


def test_paused_and_closed_time_does_not_make_it_later_but_the_wall_clock_does():
    of = cause("2026-03-02T09:00", "2026-03-02T17:00", "2026-03-04T09:00", over=2 * HOUR, counts_time=True)
    assert follows({"per": "1 hour", "amount": "1 GBP"}, of).amount == 2
    assert follows({"per": "1 calendar hour", "amount": "1 GBP"}, of).amount == 40


def test_what_nothing_has_ended_grows_until_now():
    of = cause("2026-03-02T09:00", "2026-03-05T00:00", None)
    found = follows({"per_started": "1 day", "amount": "10 GBP"}, of, as_of="2026-03-06T12:00")
    assert (found.amount, found.is_running) == (20, True)
    assert not follows({"flat": "10 GBP"}, of).is_running


def test_a_cap_is_the_most_and_says_so():
    found = follows(
        {"flat": "95 GBP", "then": {"per": "12 hours", "amount": "45 GBP"}, "cap": "120 GBP"},
        cause("2026-03-02T09:00", "2026-03-02T21:00", "2026-03-03T09:00", over=12 * HOUR, counts_time=True),
    )
    assert (found.amount, found.how) == (120, "95 GBP + 1 × 45 GBP, at most 120 GBP")


DELAY = {
    "tiers": [
        ["15 minutes", "25% of $single GBP"],
        ["30 minutes", "50% of $single GBP"],
        ["60 minutes", "100% of $single GBP"],
        ["120 minutes", "100% of $return GBP"],
    ]
}


@pytest.mark.parametrize(
    ("ended", "amount"),
    [
        ("09:14", None), ("09:15", "2.50"), ("09:29", "2.50"), ("09:30", "5.01"), ("10:00", "10.01"),
        ("11:00", "18.00"),
    ],
)  # fmt: skip
def test_the_last_tier_that_is_reached_holds(ended, amount):
    """UK delay repay, on a single of 10.01 and a return of 18: 2.5025 is paid as 2.50, 5.005 as 5.01."""
    found = follows(
        DELAY,
        cause("2026-03-02T08:00", "2026-03-02T09:00", f"2026-03-02T{ended}"),
        {"single": "10.01", "return": 18},
    )
    assert (found.amount if found else None) == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(("km", "amount"), [(1500, 250), (1501, 400), (3500, 400), (3501, 600)])
def test_tiers_by_a_field_of_the_case(km, amount):
    """EU 261/2004 article 7: up to 1,500 km, up to 3,500, more."""
    tiers = [["0", "250 EUR"], {"above": 1500, "flat": "400 EUR"}, {"above": 3500, "flat": "600 EUR"}]
    found = follows({"tiers": tiers, "by": "$km"}, cause("2026-03-02T08:00", None, None), {"km": km})
    assert found.amount == amount


@pytest.mark.parametrize(("over", "amount"), [("0.4", None), ("0.5", 3), ("26.249", 3), ("26.25", 4)])
def test_tiers_of_points_have_decimals_as_they_are_written(over, amount):
    """A scorecard misses 85 points by so many: a JSON number of 26.25 is 26.25, whatever floats make of it."""
    found = follows(
        {"tiers": [[0.5, "3 GBP"], [26.25, "4 GBP"]]},
        cause("2026-03-02T09:00", None, None, over=Decimal(over)),
    )
    assert (found.amount if found else None) == amount


@pytest.mark.parametrize(
    ("ended", "amount"),
    [("2026-03-05T23:00", None), ("2026-03-06T00:00", 7), ("2026-03-09T23:00", 7), ("2026-03-10T00:00", 15)],
)
def test_tiers_by_the_dates_that_passed(ended, amount):
    """TRAI: pending for more than 3 days earns 7 days of rent, more than 7 earns 15; reported on 2 March."""
    tiers = [{"above": "3 days", "flat": "7 days of rent"}, {"above": "7 days", "flat": "15 days of rent"}]
    found = follows({"tiers": tiers, "by": "elapsed"}, cause("2026-03-02T18:00", "2026-03-05T00:00", ended))
    assert (found.amount if found else None) == amount


def test_tiers_by_the_value_of_a_window():
    """A cloud credit: 10 % under 99.99 %, 30 % under 99 %."""
    tiers = [{"below": "99.99%", "flat": "10 % credit"}, {"below": "99%", "flat": "30 % credit"}]
    of = cause("2026-03-01T00:00", None, None, share=Fraction(9_989, 10_000))._replace(window="2026-03")
    found = follows({"on": "missed", "tiers": tiers, "by": "value"}, of)
    assert (found.amount, found.unit, found.window, found.is_running) == (10, "% credit", "2026-03", False)


def test_an_override_holds_for_its_cases():
    written = {"flat": "95 GBP", "overrides": [{"when": {"business": "yes"}, "flat": "190 GBP"}]}
    of = cause("2026-03-02T09:00", "2026-03-02T21:00", "2026-03-02T22:00")
    assert follows(written, of, {"business": "yes"}).amount == 190
    assert follows(written, of, {"business": "no"}).amount == 95
    assert follows(written, of).amount == 95


def test_a_condition_and_dates_say_when_it_holds():
    written = {"flat": "95 GBP", "when": {"claimed": "yes"}, "effective": {"from": "2026-03-02"}}
    of = cause("2026-03-02T00:00", "2026-03-02T21:00", None)
    assert follows(written, of, {"claimed": "yes"}).amount == 95
    assert follows(written, of, {"claimed": "no"}) is None
    unknown = follows(written, of)
    assert (unknown.status, unknown.amount, unknown.how) == (
        "unknown",
        None,
        "not known whether claimed is yes",
    )
    before = cause("2026-03-01T23:59", "2026-03-02T21:00", None)
    assert follows(written, before, {"claimed": "yes"}) is None


def test_what_the_case_does_not_carry_makes_it_unknown_and_is_named():
    found = follows({"flat": "10% of $fee GBP"}, cause("2026-03-02T09:00", "2026-03-02T21:00", None))
    assert (found.status, found.amount, found.how) == ("unknown", None, "no fee is carried")


@pytest.mark.parametrize(
    ("fee", "how"),
    [
        (-5, "fee is under 0, and nobody is paid less than nothing"),
        ("free", "no fee is carried"),
        (True, "no fee is carried"),
    ],
)
def test_what_is_no_amount_is_unknown_and_never_negative(fee, how):
    found = follows(
        {"flat": "10% of $fee GBP"}, cause("2026-03-02T09:00", "2026-03-02T21:00", None), {"fee": fee}
    )
    assert (found.status, found.amount, found.how) == ("unknown", None, how)


def test_great_payments_are_exact_and_so_are_their_sums():
    of, facts = cause("2026-03-02T09:00", "2026-03-02T21:00", None), {"fee": 10**40 + 1}
    rows = [follows({"flat": text}, of, facts) for text in ("1% of $fee GBP", "0.01 GBP")]
    assert str(rows[0].amount) == "1" + "0" * 38 + ".01"
    assert str(totals(rows)["GBP"]) == "1" + "0" * 38 + ".02"


def test_nothing_is_late_where_nothing_was_due():
    """A check is broken on the spot: hours and days past an instant that there is not are unknown, not none."""
    of = cause("2026-03-02T09:00", None, "2026-03-02T09:00", over=1)
    for written in (
        {"per": "1 hour", "amount": "1 GBP"},
        {"per_started": "1 day", "amount": "1 GBP"},
        {"tiers": [["1 hour", "1 GBP"]]},
    ):
        found = follows(written, of)
        assert (found.status, found.how) == ("unknown", "nothing was due at an instant, so nothing is late")
    assert follows({"tiers": [[1, "1 GBP"]]}, of).amount == 1  # one item failed


def test_an_instant_in_time_has_its_own_date_as_the_due_date():
    """Promised for the 5th at 00:00, and in time then: half an hour later it is late, but on the due date still."""
    due = at("2026-03-05T00:00")
    half = cause("2026-03-02T09:00", "2026-03-05T00:00", "2026-03-05T00:30")._replace(at_us=due + 1)
    assert follows({"per_started": "1 day", "amount": "10 GBP"}, half).amount == 0
    assert follows({"per_started": "1 day", "amount": "10 GBP", "day_one": "same"}, half).amount == 10
    exclusive = half._replace(at_us=due)
    assert follows({"per_started": "1 day", "amount": "10 GBP"}, exclusive).amount == 10


@pytest.mark.parametrize(
    ("ended", "months"),
    [("2026-01-31T09:00", 0), ("2026-02-01T00:00", 1), ("2026-02-28T23:59", 1), ("2026-03-01T00:00", 2), ("2026-03-31T12:00", 2), ("2026-04-01T00:00", 3)],
)  # fmt: skip
def test_months_past_the_due_date_are_clamped_to_their_last_day(ended, months):
    """Due by the end of 31 January: the first month is over with 28 February, the second with 31 March."""
    found = follows(
        {"per_started": "1 month", "amount": "10 GBP"}, cause("2026-01-02T09:00", "2026-02-01T00:00", ended)
    )
    assert found.amount == 10 * months
    over = follows(
        {"per": "1 month", "amount": "10 GBP"}, cause("2026-01-02T09:00", "2026-02-01T00:00", ended)
    )
    assert over.amount == 10 * max(months - 1, 0)


def test_months_of_centuries_are_counted_at_once():
    found = follows(
        {"per": "1 month", "amount": "1 GBP"},
        cause("1900-01-02T09:00", "1900-02-01T00:00", "2199-02-01T12:00"),
    )
    assert found.amount == 299 * 12


@pytest.mark.parametrize(
    ("span", "amount"),
    [
        ("7 hours", 1),
        ("8 hours", None),
        ("39 calendar hours", 1),
        ("41 calendar hours", None),
        ("2 days", 1),
        ("3 days", None),
    ],
)
def test_tiers_by_the_time_taken_count_on_the_clock_that_they_name(span, amount):
    """Seven hours of the clock from Monday 9:00 to Wednesday 1:00, which are 40 of the wall and two dates."""
    of = cause(
        "2026-03-02T09:00",
        "2026-03-02T17:00",
        "2026-03-04T01:00",
        elapsed=7 * HOUR,
        over=-HOUR,
        counts_time=True,
    )
    found = follows({"tiers": [[span, "1 GBP"]], "by": "elapsed"}, of)
    assert (found.amount if found else None) == amount


def test_a_tier_measures_the_objective_of_its_own_unit():
    tiers = [{"below": "99%", "flat": "1 GBP"}, {"above": "68 seconds", "label": "grade B"}]
    of = cause("2026-03-01T00:00", None, None, share=Fraction(1, 2))._replace(window="2026-03")
    share, mean = of._replace(unit="share"), of._replace(unit="time", share=Fraction(70_000_000))
    written = {"on": "missed", "by": "value", "tiers": tiers}
    assert (follows(written, share).amount, follows(written, share).label) == (1, "")
    assert (follows(written, mean).amount, follows(written, mean).label) == (None, "grade B")


def test_a_label_follows_without_a_payment():
    found = follows({"label": "deemed approved"}, cause("2026-03-02T09:00", "2026-03-02T21:00", None))
    assert (found.label, found.amount, found.status) == ("deemed approved", None, "owed")


def test_a_claim_decides_whether_it_is_owed():
    of = cause(
        "2026-03-02T09:00", "2026-03-02T21:00", None, claim=Claim("lapsed", at("2026-03-30T21:00"), None)
    )
    found = follows({"flat": "95 GBP", "claim": "claim.made", "claim_within": "28 days"}, of)
    assert (found.status, found.claim_until.isoformat()) == ("lapsed", "2026-03-30T20:00:00+00:00")


def test_units_are_never_added_to_each_other():
    of = cause("2026-03-02T09:00", "2026-03-02T21:00", None)
    rows = [follows({"flat": text}, of) for text in ("95 GBP", "20 EUR", "5.50 GBP")]
    assert totals(rows) == {"GBP": Decimal("100.50"), "EUR": Decimal("20.00")}
    assert totals(rows, "lapsed") == {}


BAD = [
    pytest.param({}, "SV704", id="nothing follows"),
    pytest.param({"flat": "95"}, "SV701", id="a number without a unit"),
    pytest.param({"flat": "lots of money"}, "SV700", id="no payment"),
    pytest.param({"per_started": "1 day"}, "SV702", id="time without an amount"),
    pytest.param({"amount": "10 GBP"}, "SV702", id="an amount without time"),
    pytest.param(
        {"per_started": "1 day", "amount": "1 GBP", "then": {"per": "1 day", "amount": "1 GBP"}}, "SV702",
        id="time said twice",
    ),
    pytest.param({"then": {"amount": "1 GBP"}}, "SV702", id="no stretch"),
    pytest.param({"then": {"per": "0 hours", "amount": "1 GBP"}}, "SV702", id="a stretch of nothing"),
    pytest.param({"tiers": [["1 hour", "1 GBP", "2 GBP"]]}, "SV703", id="a short tier of three"),
    pytest.param({"tiers": [3]}, "SV703", id="a number for a tier"),
    pytest.param({"tiers": ["1 hour"]}, "SV703", id="a text for a tier"),
    pytest.param({"tiers": [{"flat": "1 GBP"}]}, "SV703", id="a tier without threshold"),
    pytest.param({"tiers": [{"from": "1 hour"}]}, "SV703", id="a tier without payment"),
    pytest.param({"tiers": [["1 hour", "1 GBP"]], "by": "km"}, "SV705", id="a field without its dollar"),
    pytest.param({"tiers": [["1%", "1 GBP"]], "on": "missed"}, "SV705", id="a window that is late"),
    pytest.param({"per": "1 hour", "amount": "1 GBP", "on": "missed"}, "SV705", id="a window paid by time"),
    pytest.param({"flat": "1 GBP", "claim_within": "28 days"}, "SV706", id="a claim time without a claim"),
    pytest.param({"flat": "1 GBP", "on": "missed", "claim": "claim.made"}, "SV706", id="a claim for a window"),
    pytest.param({"flat": "1 GBP", "cap": "10 EUR"}, "SV707", id="two units under one cap"),
    pytest.param({"flat": "1 GBP", "tiers": [["1 hour", "1 EUR"]]}, "SV707", id="a tier in another unit than what it is added to"),
    pytest.param({"flat": "1 GBP", "cap": "9 GBP", "overrides": [{"when": {"a": 1}, "flat": "1 EUR"}]}, "SV707", id="an override in another unit than the cap"),
    pytest.param({"tiers": [["10%", "1 GBP"]]}, "SV705", id="a share of lateness"),
    pytest.param({"tiers": [["1 hour", "1 GBP"]], "by": "share"}, "SV705", id="hours as a share"),
    pytest.param({"tiers": [["2 hours", "9 GBP"], ["60 minutes", "1 GBP"]]}, "SV703", id="a tier that the next one hides"),
    pytest.param({"tiers": [["1 hour", "1 GBP"], ["60 minutes", "2 GBP"]]}, "SV703", id="two tiers from one time on"),
    pytest.param({"tiers": [{"above": "1 hour", "flat": "2 GBP"}, ["1 hour", "1 GBP"]]}, "SV703", id="a tier past a time before one from it on"),
    pytest.param({"tiers": [["3 days", "9 GBP"], ["2 days", "1 GBP"]]}, "SV703", id="days the wrong way round"),
    pytest.param({"tiers": [{"below": "95%", "flat": "9 GBP"}, {"below": "99%", "flat": "1 GBP"}], "by": "share"}, "SV703", id="shares the wrong way round"),
    pytest.param({"flat": "1 GBP", "overrides": [{"when": {"a": 1}, "tiers": [["2 hours", "9 GBP"], ["1 hour", "1 GBP"]]}]}, "SV703", id="tiers of an override the wrong way round"),
    pytest.param({"tiers": [["1 hour", "1 GBP"]], "by": "$km"}, "SV705", id="hours of a field"),
    pytest.param({"flat": "1 GBP", "claim": "c", "claim_within": "soon"}, "SV122", id="a claim time that is none"),
    pytest.param({"flat": "1 GBP", "on": ["breached", "missed"]}, "SV714", id="verdicts and windows at once"),
    pytest.param({"flat": "1 GBP", "on": []}, "SV714", id="of nothing"),
    pytest.param({"flat": "1 GBP", "on": "missed", "when": {"a": 1}}, "SV714", id="a window of some cases"),
    pytest.param({"flat": "$fee GBP", "on": "missed"}, "SV714", id="a field of a window"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code"), BAD)
def test_what_cannot_be_meant_is_refused(written, code):
    with pytest.raises(StandardsError) as refused:
        Consequence(standard="it", **written)
    assert code in {problem.code for problem in refused.value.problems}


GOOD = [
    pytest.param(
        [["1 hour", "1 GBP"], {"above": "1 hour", "flat": "2 GBP"}], "late", id="at a time, then past it"
    ),
    pytest.param([["1 hour", "1 GBP"], ["1 business hour", "2 GBP"]], "late", id="on two clocks"),
    pytest.param([["2 days", "1 GBP"], ["30 hours", "2 GBP"]], "late", id="dates and hours"),
    pytest.param(
        [{"below": "99%", "flat": "1 GBP"}, {"below": "95%", "flat": "9 GBP"}],
        "share",
        id="worse shares below",
    ),
    pytest.param(
        [["5%", "1 GBP"], {"below": "9%", "flat": "9 GBP"}], "share", id="from below and from above"
    ),
]


@pytest.mark.parametrize(("tiers", "by"), GOOD)
def test_tiers_of_which_each_may_hold_are_taken(tiers, by):
    assert len(Consequence(standard="it", tiers=tiers, by=by).terms.tiers) == 2


def test_a_threshold_may_be_a_fraction_as_yaml_reads_it():
    """`0.5` is a number in YAML: half a kilometre is reached at 0.5 and not at 0.49."""
    written = {"tiers": [[0.5, "5 GBP"]], "by": "$km"}
    of = cause("2026-03-02T08:00", None, None)
    assert follows(written, of, {"km": "0.5"}).amount == 5
    assert follows(written, of, {"km": "0.49"}) is None


SWEDISH = {
    "by": "elapsed",
    "tiers": [
        ["12 hours", "max(0.125 * $fee, 1200) SEK"],
        {"above": "24 hours", "flat": "max(0.125 * $fee, 1200) + max(0.25 * $fee, 1200) SEK"},
    ],
    "cap": "3 * $fee SEK",
}


@pytest.mark.parametrize(
    ("fee", "ended", "amount"),
    [
        pytest.param(20000, "2026-03-02T21:00", "2500.00", id="an eighth of the fee"),
        pytest.param(4000, "2026-03-02T21:00", "1200.00", id="an eighth is 500, and the least is 1200"),
        pytest.param(
            4000, "2026-03-03T10:00", "2400.00", id="a quarter is 1000, and the least is 1200 again"
        ),
        pytest.param(500, "2026-03-03T10:00", "1500.00", id="2400, and the most is three times the fee"),
    ],
)
def test_a_share_may_be_paid_at_the_least_and_at_the_most(fee, ended, amount):
    found = follows(SWEDISH, cause("2026-03-02T09:00", "2026-03-02T21:00", ended), {"fee": fee})
    assert (str(found.amount), found.unit) == (amount, "SEK")


def test_arithmetic_of_what_is_not_carried_is_unknown():
    found = follows({"flat": "max(0.1 * $fee, 20) GBP"}, cause("2026-03-02T09:00", "2026-03-02T12:00", None))
    assert (found.amount, found.status, found.how) == (
        None,
        "unknown",
        "no fee is carried",
    )


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param("0.5 * $fee", "SV701", id="no unit"),
        pytest.param("0.5 * fee GBP", "SV194", id="a field without its dollar"),
        pytest.param("2 * hours(elapsed) GBP", "SV194", id="a figure without its dollar"),
        pytest.param("25% of $fee + 5 GBP", "SV700", id="a sum of which nobody knows what the share is of"),
        pytest.param("$fee GBP) + 3", "SV700", id="more than a unit behind the figure"),
        pytest.param("3 - 5 GBP", "SV700", id="less than nothing"),
        pytest.param("max(10% of $fee, 5) GBP", "SV130", id="a percentage within arithmetic"),
        pytest.param("$fee * $days GBP", "SV132", id="fields times fields"),
    ],
)
def test_arithmetic_that_is_no_payment_is_refused(written, code):
    with pytest.raises(StandardsError) as refused:
        Consequence(standard="it", flat=written)
    assert [problem.code for problem in refused.value.problems] == [code]
