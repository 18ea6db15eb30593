"""Attainments against the oracle, which was written from the meaning alone: every figure, window and status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import attainments as oracle

from servstd.rollups import attain
from servstd.rollups.windowing import Span
from servstd.standards.objective import parse_objective
from servstd.standards.statistic import Bounded

MINUTE = 60_000_000
ZONES = ("UTC", "Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")
BASE = datetime(
    2026, 3, 20, tzinfo=UTC
)  # the clocks of London change on the 29th, those of Lord Howe on 5 April
SPAN_HOURS = 24 * 24


def us(at: datetime) -> int:
    return (at - oracle.EPOCH) // timedelta(microseconds=1)


MIDNIGHTS = st.integers(0, SPAN_HOURS // 24).map(
    lambda day: day * 24 - 1
)  # of London after its change of clocks
hours = st.one_of(st.integers(0, SPAN_HOURS), MIDNIGHTS).map(
    lambda number: us(BASE + timedelta(hours=number))
)
later = st.one_of(st.none(), hours)


@st.composite
def verdicts(draw):
    started = draw(hours)
    elapsed = draw(st.one_of(st.none(), st.integers(0, 12).map(lambda minutes: minutes * MINUTE)))
    return {
        "outcome": draw(st.sampled_from([*oracle.COUNTED, "met", "breached"])),
        "started_at": started,
        "due_at": draw(later),
        "ended_at": draw(later),
        "breached_at": draw(later),
        "elapsed": elapsed,
        "segments": draw(st.sampled_from([{}, {"site": "a"}, {"site": "b"}])),
        "weights": draw(st.sampled_from([{}, {"$n": 0}, {"$n": 1}, {"$n": 3}])),
    }


comparisons = st.sampled_from(["ge", "gt", "le", "lt"])
minutes = st.integers(0, 12).map(lambda number: f"{number} minutes")
days = st.integers(0, 12).map(lambda number: f"{number} business days")
percents = st.sampled_from(["0%", "50%", "66.6%", "90%", "100%"])
few = st.sampled_from(["3%", "33.4%", "50%", "100%"])

figures = st.one_of(
    st.fixed_dictionaries({"share": percents}, optional={"within": minutes, "weight": st.just("$n")}),
    st.fixed_dictionaries({"share": st.just({"gt": "50%"})}),
    st.builds(lambda op, most: {"share": {op: most}}, st.sampled_from(["le", "lt"]), few),
    st.builds(
        lambda words, most: {"share": f"{words} {most}"},
        st.sampled_from(["less than", "fewer than", "at most"]),
        few,
    ),
    st.fixed_dictionaries(
        {"share": few, "of": st.just("breached")}, optional={"within": minutes, "weight": st.just("$n")}
    ),
    st.builds(
        lambda words, bound: {"mean": f"{words} {bound}"},
        st.sampled_from(["less than", "more than", "at least"]),
        minutes,
    ),
    st.builds(lambda name, bound: {name: bound}, st.sampled_from(["mean", "median", "max", "p90"]), days),
    st.fixed_dictionaries({"mean": minutes}, optional={"weight": st.just("$n")}),
    st.builds(lambda op, bound: {"mean": {op: bound}}, comparisons, minutes),
    st.builds(
        lambda name, bound: {name: bound},
        st.sampled_from(["median", "max", "p1", "p50", "p90", "p99"]),
        minutes,
    ),
    st.builds(
        lambda name, op, bound: {name: {op: bound}}, st.sampled_from(["median", "p75"]), comparisons, minutes
    ),
    st.builds(
        lambda bound, of: {"count": bound, "of": of},
        st.integers(0, 4),
        st.sampled_from(["breached", "met", "judged", "open", "cancelled", "unknown"]),
    ),
    st.builds(lambda most: {"rate": f"{most} per 100"}, st.integers(0, 60)),
    st.builds(lambda most: {"rate": f"{most} per day"}, st.integers(0, 3)),
)
windows = st.sampled_from(
    [
        "hour", "day", "week", "month", "quarter", "year", "all", {"week": "sunday"}, {"fiscal_month": "03-28"},
        {"fiscal_quarter": "04-06"}, {"fiscal_year": "04-01"}, {"rolling": "1 day"}, {"rolling": "5 days"},
        {"rolling": "1 week"}, {"rolling": "1 month"}, {"blocks": [["2026-03-22", "2026-03-30"], ["2026-04-01", "2026-04-06"]]},
        {"busiest": "hour", "of": "day"}, {"busiest": "day", "of": "week"}, {"census": "day"}, {"census": "day"}, {"census": "week"},
    ]
)  # fmt: skip
settings_of = st.fixed_dictionaries(
    {},
    optional={
        "way": st.sampled_from(["le", "lt", "ge"]),
        "by": st.just(["site"]),
        "dated_by": st.sampled_from(["start", "end", "due"]),
        "min_sample": st.integers(1, 3),
        "max_unknown": st.sampled_from(["1%", "50%", "100%"]),
    },
)


def fits(spec: dict) -> bool:
    """Tell whether a specification can be meant: nothing is less than none, some figures do not go with some windows."""
    name, op, bound = oracle.figure_of(spec)
    if (op == "lt" and str(bound).startswith("0 ")) or ("within" in spec and spec.get("way") == "ge"):
        return False
    if spec["window"] == "all" and "day" in str(spec.get("rate", "")):
        return False
    if isinstance(spec["window"], dict) and "census" in spec["window"]:
        return name in ("share", "count") and not {"within", "dated_by"} & spec.keys()
    return True


specs = st.builds(
    lambda figure, window, more: {**figure, "window": window, **more}, figures, windows, settings_of
).filter(fits)


def said(spec, told, *, zone, as_of, first):
    columns = {name: [one[name] for one in told] for name in ("outcome", "started_at", "due_at", "ended_at", "breached_at", "elapsed", "segments", "weights")}  # fmt: skip
    written = {key: value for key, value in spec.items() if key != "way"}
    found = attain(
        "s",
        parse_objective(written).of_standard(Bounded(spec.get("way", "le"))),
        columns,
        range(len(told)),
        timezone=zone,
        span=Span(None if first is None else us(first), us(as_of)),
    )
    return [
        oracle.Row(
            one.segment, one.window_start, one.window_end,
            (one.met, one.breached, one.open, one.excluded, one.cancelled, one.unknown), one.exact_value, one.status,
        )
        for one in found
    ]  # fmt: skip


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(
    spec=specs,
    told=st.lists(verdicts(), max_size=14),
    zone=st.sampled_from([*ZONES, "Europe/London"]),
    until=st.integers(0, SPAN_HOURS),
    since=st.one_of(st.none(), st.integers(0, SPAN_HOURS)),
)
def test_attainments_are_those_of_the_oracle(spec, told, zone, until, since):
    if "days" in str(spec):
        told = [{**one, "elapsed": one["elapsed"] and one["elapsed"] // MINUTE} for one in told]
    as_of = BASE + timedelta(hours=until)
    first = None if since is None else min(BASE + timedelta(hours=since), as_of)
    expected = oracle.attainments(spec, told, zone=zone, as_of=as_of, first=first)
    assert said(spec, told, zone=zone, as_of=as_of, first=first) == expected


@st.composite
def decided(draw):
    """Return few verdicts of one day, all judged: whatever an objective says of them, it decides."""
    few = draw(st.sampled_from([1, 2, 2, 2, 4]))
    used = draw(st.lists(st.integers(0, 2), min_size=few, max_size=few))
    kept = draw(st.lists(st.booleans(), min_size=few, max_size=few))
    return [
        {
            "outcome": "met" if is_kept else "breached", "started_at": us(BASE), "due_at": None, "ended_at": us(BASE),
            "breached_at": None if is_kept else us(BASE), "elapsed": count * MINUTE, "segments": {}, "weights": {"$n": count},
        }
        for count, is_kept in zip(used, kept, strict=True)
    ]  # fmt: skip


low = st.integers(1, 2)
halves = st.sampled_from(["50%", "50%", "25%", "75%"])
directed = st.one_of(
    st.builds(
        lambda name, unit, number, way: {name: f"{number} {unit}", "way": way},
        st.sampled_from(["mean", "median", "max", "p75"]), st.sampled_from(["minutes", "business days"]), low,
        st.sampled_from(["le", "lt", "ge"]),
    ),
    st.builds(
        lambda words, number: {"mean": f"{words} {number} minutes"},
        st.sampled_from(["less than", "fewer than", "more than", "at least", "at most"]), low,
    ),
    st.builds(lambda op, part: {"share": {op: part}}, st.sampled_from(["le", "lt", "ge", "gt"]), halves),
    st.builds(
        lambda words, part, weight: {"share": f"{words} {part}", **weight},
        st.sampled_from(["less than", "fewer than", "more than", "at least", "at most"]), halves,
        st.sampled_from([{}, {"weight": "$n"}]),
    ),
    st.builds(lambda part: {"share": part, "of": "breached"}, halves),
    st.builds(
        lambda part, number, way: {"share": part, "within": f"{number} minutes", "way": way},
        halves, low, st.sampled_from(["le", "lt"]),
    ),
)  # fmt: skip


@settings(max_examples=1000, deadline=None)
@given(figure=directed, told=decided(), window=st.sampled_from(["all", "month"]))
def test_every_direction_decides_as_the_oracle_does(figure, told, window):
    spec = {**figure, "window": window}
    if "days" in str(spec):
        told = [{**one, "elapsed": one["elapsed"] // MINUTE} for one in told]
    when = {"zone": "UTC", "as_of": BASE + timedelta(days=90), "first": BASE - timedelta(days=90)}
    assert said(spec, told, **when) == oracle.attainments(spec, told, **when)


@pytest.mark.parametrize("status", ["met", "missed", "no_data", "insufficient", "provisional", "partial"])
def test_no_status_is_rare_among_what_is_generated(status):
    """A generator that never makes a status would agree about it for nothing."""
    from random import Random

    from hypothesis import find

    def has_status(case):
        spec, told = case
        rows = oracle.attainments(
            spec, told, zone="UTC", as_of=BASE + timedelta(days=20), first=BASE + timedelta(days=3)
        )
        return any(row.status == status for row in rows)

    assert find(st.tuples(specs, st.lists(verdicts(), max_size=14)), has_status, random=Random(1), settings=settings(max_examples=300, deadline=None, database=None))  # fmt: skip
