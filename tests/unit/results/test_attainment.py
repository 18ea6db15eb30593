from __future__ import annotations

from datetime import UTC, datetime

import pytest

from servstd.intervals import instant_us
from servstd.rollups import attain
from servstd.rollups.figures import share_text
from servstd.rollups.windowing import Span
from servstd.standards.objective import parse_objective


def us(text: str) -> int:
    return instant_us(datetime.fromisoformat(text).replace(tzinfo=UTC))


FIRST, AS_OF = us("2026-01-01"), us("2026-04-01")


def columns(*verdicts: dict) -> dict[str, list]:
    base = {
        "outcome": "met", "started_at": us("2026-02-10"), "due_at": None, "ended_at": None, "breached_at": None,
        "elapsed": 0, "segments": {}, "weights": {},
    }  # fmt: skip
    rows = [{**base, **verdict} for verdict in verdicts]
    return {name: [row[name] for row in rows] for name in base}


def attained(spec, *verdicts, first=FIRST, as_of=AS_OF, zone="UTC"):
    made = columns(*verdicts)
    return attain(
        "s", parse_objective(spec), made, range(len(verdicts)), timezone=zone, span=Span(first, as_of)
    )


def outcomes(**numbers: int) -> list[dict]:
    return [{"outcome": name} for name, number in numbers.items() for _ in range(number)]


@pytest.mark.parametrize(
    ("spec", "numbers", "status"),
    [
        pytest.param("95% overall", {"met": 19, "breached": 1}, "met", id="the bound reached exactly"),
        pytest.param("95% overall", {"met": 18, "breached": 1}, "missed", id="just below"),
        pytest.param(
            "more than 95% overall", {"met": 19, "breached": 1}, "missed", id="reached where more is wanted"
        ),
        pytest.param("100% overall", {"met": 5}, "met", id="all met"),
        pytest.param(
            "100% overall", {"met": 999, "breached": 1}, "missed", id="one breach and a budget of none"
        ),
        pytest.param("100% overall", {}, "no_data", id="nothing is never green"),
        pytest.param("100% overall", {"open": 3}, "no_data", id="only open ones"),
        pytest.param(
            "50% overall", {"excluded": 2, "cancelled": 3}, "no_data", id="only ones that do not count"
        ),
        pytest.param("0% overall", {}, "no_data", id="a share of nothing over nothing"),
        pytest.param("0% overall", {"breached": 2}, "met", id="a share of nothing of something"),
        pytest.param(
            "50% overall", {"met": 1, "open": 9, "excluded": 9, "cancelled": 9}, "met", id="denominator"
        ),
        pytest.param("50% overall", {"met": 99, "unknown": 1}, "met", id="1% unknown is allowed"),
        pytest.param("50% overall", {"met": 98, "unknown": 1}, "insufficient", id="more than 1% unknown"),
        pytest.param("50% overall", {"unknown": 1}, "insufficient", id="only unknown"),
        pytest.param(
            {"share": "50%", "window": "all", "max_unknown": "60%"},
            {"met": 1, "unknown": 1},
            "met",
            id="as allowed",
        ),
        pytest.param(
            {"share": "50%", "window": "all", "min_sample": 3}, {"met": 2}, "insufficient", id="too few"
        ),
        pytest.param({"share": "50%", "window": "all", "min_sample": 3}, {"met": 3}, "met", id="just enough"),
    ],
)
def test_what_an_objective_over_everything_decides(spec, numbers, status):
    (one,) = attained(spec, *outcomes(**numbers))
    assert one.status == status
    assert one.judged == numbers.get("met", 0) + numbers.get("breached", 0)
    for name in ("met", "breached", "open", "excluded", "cancelled", "unknown"):
        assert getattr(one, name) == numbers.get(name, 0)


@pytest.mark.parametrize(
    ("first", "as_of", "status"),
    [
        pytest.param(
            "2026-01-31", "2026-03-01", "met", id="over at the very instant at which the next begins"
        ),
        pytest.param("2026-02-01", "2026-03-01", "met", id="the log begins with it"),
        pytest.param(
            "2026-01-31", "2026-02-28T23:59:59.999999", "provisional", id="a microsecond is missing"
        ),
        pytest.param(
            "2026-02-01T00:00:00.000001", "2026-03-01", "partial", id="the log begins a microsecond late"
        ),
        pytest.param("2026-02-02", "2026-02-27", "provisional", id="cut at both ends"),
    ],
)
@pytest.mark.parametrize("outcome", ["met", "breached"])
def test_a_window_that_is_cut_decides_nothing(first, as_of, status, outcome):
    found = attained("95% a month", {"outcome": outcome}, first=us(first), as_of=us(as_of))
    february = next(one for one in found if one.window == "2026-02")
    expected = status if status != "met" or outcome == "met" else "missed"
    assert february.status == expected
    assert february.is_decided is (status == "met")


def test_everything_is_decided_although_some_are_open():
    (one,) = attained("50% overall", *outcomes(met=1, open=1), as_of=us("2026-02-11"))
    assert one.status == "met"


@pytest.mark.parametrize(
    ("spec", "numbers", "why"),
    [
        pytest.param(
            "80% a month", {"met": 8, "breached": 2, "open": 1}, "1 open may change it", id="8 of 11"
        ),
        pytest.param("80% a month", {"met": 9, "breached": 1, "open": 1}, "", id="9 of 11 is kept as well"),
        pytest.param(
            "80% a month", {"met": 7, "breached": 3, "open": 5}, "5 open may change it", id="12 of 15"
        ),
        pytest.param(
            "80% a month", {"met": 7, "breached": 3, "open": 4}, "", id="11 of 14 is missed as well"
        ),
        pytest.param("80% a month", {"met": 8, "breached": 2, "unknown": 0}, "", id="nothing is open"),
    ],
)
def test_a_decision_says_whether_what_is_open_may_turn_it(spec, numbers, why):
    """9 of 11 are 81.8 % if the open one breaks; 8 of 11 are 72.7 %."""
    (one,) = [row for row in attained(spec, *outcomes(**numbers)) if row.judged]
    assert (one.status in ("met", "missed"), one.why) == (True, why)


def test_windows_that_the_log_covers_and_nothing_falls_into_are_no_data():
    found = attained("95% a month", {"outcome": "met"})
    assert [(one.window, one.status) for one in found] == [
        ("2026-01", "no_data"),
        ("2026-02", "met"),
        ("2026-03", "no_data"),
    ]


def test_a_standard_without_verdicts_has_a_row_all_the_same():
    found = attained("95% a year", first=us("2026-02-01"), as_of=us("2026-03-01"))
    assert [(one.window, one.status, one.judged) for one in found] == [("2026", "no_data", 0)]


def test_windows_begin_at_local_midnight():
    verdict = {"started_at": us("2026-06-30T23:30")}  # 1 July 00:30 in London
    found = attained(
        "95% a month", verdict, first=us("2026-06-01"), as_of=us("2026-09-01"), zone="Europe/London"
    )
    assert {one.window: one.judged for one in found} == {"2026-07": 1, "2026-08": 0}
    july = found[0]
    assert july.window_start == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert july.window_end == datetime(2026, 7, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("by", "verdict", "window"),
    [
        pytest.param(
            "start", {"started_at": us("2026-01-20"), "ended_at": us("2026-02-02")}, "2026-01", id="start"
        ),
        pytest.param(
            "end", {"started_at": us("2026-01-20"), "ended_at": us("2026-02-02")}, "2026-02", id="end"
        ),
        pytest.param(
            "end",
            {"outcome": "breached", "started_at": us("2026-01-20"), "breached_at": us("2026-02-03")},
            "2026-02",
            id="a breach without an end by the breach",
        ),
        pytest.param(
            "end",
            {"outcome": "breached", "breached_at": us("2026-02-03"), "ended_at": us("2026-03-03")},
            "2026-03",
            id="a breach that ended by its end",
        ),
        pytest.param("due", {"due_at": us("2026-03-05"), "ended_at": us("2026-02-03")}, "2026-03", id="due"),
        pytest.param(
            "due", {"due_at": us("2026-03-01")}, "2026-02", id="due by the end of the last of February"
        ),
        pytest.param("due", {"ended_at": us("2026-02-03")}, "2026-02", id="never due, so by its end"),
        pytest.param(
            "end",
            {"outcome": "open", "started_at": us("2026-01-20")},
            "2026-04",
            id="open ones lie where we are",
        ),
    ],
)
def test_what_dates_a_verdict(by, verdict, window):
    found = attained({"share": "95%", "window": "month", "dated_by": by}, verdict, as_of=us("2026-04-10"))
    assert [one.window for one in found if one.judged + one.open] == [window]


def test_an_objective_may_have_a_limit_of_its_own():
    second = 1_000_000
    verdicts = [
        {"outcome": "met", "elapsed": 15 * second, "ended_at": AS_OF},
        {"outcome": "met", "elapsed": 15 * second + 1, "ended_at": AS_OF},
        {"outcome": "breached", "elapsed": 25 * second, "ended_at": AS_OF},
        {"outcome": "open", "elapsed": 10 * second},
        {"outcome": "open", "elapsed": 16 * second},
        {"outcome": "excluded", "elapsed": 99 * second},
        {"outcome": "met", "elapsed": None},
    ]
    (strict,) = attained(
        {"share": "50%", "window": "all", "within": "15 seconds", "max_unknown": "100%"}, *verdicts
    )
    assert (strict.met, strict.breached, strict.open, strict.excluded, strict.unknown) == (1, 3, 1, 1, 1)
    (loose,) = attained(
        {"share": "50%", "window": "all", "within": "30 seconds", "max_unknown": "100%"}, *verdicts
    )
    assert (loose.met, loose.breached, loose.open) == (3, 0, 2)


def test_segments_are_judged_apart():
    verdicts = [
        {"outcome": "met", "segments": {"region": "north"}},
        {"outcome": "breached", "segments": {"region": "south"}},
        {"outcome": "met"},
    ]
    found = attained({"share": "100%", "window": "all", "by": ["region"]}, *verdicts)
    assert [(one.segment, one.status) for one in found] == [
        ("region=north", "met"),
        ("region=not carried", "met"),
        ("region=south", "missed"),
    ]


@pytest.mark.parametrize(
    ("numbers", "allowed", "left"),
    [
        ({"met": 100}, 1, 1),
        ({"met": 99, "breached": 1}, 1, 0),
        ({"met": 97, "breached": 3}, 1, -2),
        ({"met": 50}, 0, 0),
    ],
)
def test_the_budget_is_counted_in_events_and_signed(numbers, allowed, left):
    (one,) = attained("99% overall", *outcomes(**numbers))
    assert (one.budget_allowed, one.budget_left) == (allowed, left)


@pytest.mark.parametrize(
    ("met", "judged", "text"),
    [
        (1, 1, "100%"),
        (0, 7, "0%"),
        (2, 3, "66.7%"),
        pytest.param(99_999, 100_000, "99.999%", id="never rounded up to everything"),
        pytest.param(1, 100_000, "0.001%", id="never rounded down to nothing"),
    ],
)
def test_shares_are_written_for_readers(met, judged, text):
    assert share_text(met, judged) == text


def test_a_share_below_its_bound_never_looks_like_it():
    (one,) = attained("95% overall", *outcomes(met=9_499, breached=501))
    assert one.status == "missed"
    assert one.value_text == "94.99%"
    (reached,) = attained("95% overall", *outcomes(met=9_501, breached=499))
    assert reached.value_text == "95.01%"
