"""The stepper against the oracle, as integers, on generated books and logs; and what the generator exercises.

Nothing that matters may be rare among what is generated, or agreement would say little: `-s` prints how often each
outcome, mark and mode occurs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from differential import agreement
from hypothesis import HealthCheck, given, seed, settings

from servstd.testing import KINDS, Scenario, Statistics, logs, scenarios

SLOW: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "suppress_health_check": [
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
}
BATCHES = dict.fromkeys(KINDS, 4) | {"respond": 10, "gauge": 8, "quantity": 8}
EXAMPLES = 50  # a batch; each has a seed of its own, for one alone dwells on what it found first
MANY = 3000
SEEN: dict[str, Statistics] = {}

OUTCOMES = {
    "respond": ("met", "breached", "open", "cancelled", "excluded", "unknown"),
    "check": ("met", "breached", "excluded", "unknown"),
    "gauge": ("met", "breached", "open", "cancelled", "excluded", "unknown"),
    "order": ("met", "breached", "open", "excluded", "unknown"),
    "quantity": ("met", "breached", "open", "cancelled", "excluded", "unknown"),
}
MARKS = {  # the least share of all verdicts, in percent
    "exactly at the limit": 2,
    "tie": 2,
    "breached by silence": 2,
    "ended after its breach": 2,
    "paused": 2,
    "no due instant": 2,
    "opened and ended at once": 2,
    "a later one of its case": 2,
}
MODES = {
    "respond recurs": ("once", "each", "latest", "every"),
    "respond reopen": ("ignore", "resume", "count", "new"),
    "respond on_change": ("carry", "recompute", "restart", "freeze"),
    "respond pauses": ("shift", "ignore"),
    "gauge on_return": ("cancel", "keep"),
    "quantity per": ("day", "week", "month", "fiscal_year", "fiscal_quarter", "rolling"),
    "order position": ("first", "last"),
}
SETTINGS = {
    "respond has": (
        "applies_to", "boundary", "calendar", "cancel", "day_rule", "ends", "exclude", "extend", "match",
        "on_change", "overrides", "pause", "pause_while", "recurs", "reopen", "reopen_on", "reset", "stop_all",
    ),
    "check has": ("applies_to", "exclude", "for_each", "missing_by"),
    "gauge has": ("above", "below", "applies_to", "calendar", "ends", "exclude", "then"),
    "order has": ("applies_to", "at_least", "at_most", "calendar", "exclude", "fresh", "immediately", "within"),
    "quantity has": (
        "after", "applies_to", "at_least", "at_most", "calendar", "count", "ends", "exclude", "per", "sum",
        "time_in", "until", "within",
    ),
}  # fmt: skip
LIMITS = ("duration", "dates", "instant", "count", "of several", "by a table", "by a field")


def judged_alike(kind: str, *, most: int, statistics: Statistics | None = None) -> Callable[[], None]:
    @given(scenarios([kind], most_standards=most))
    def agree(scenario: Scenario) -> None:
        report = agreement.report_of(scenario)
        got = [agreement.as_integers(row) for row in report.verdicts.to_dicts()]
        assert agreement.parted(got, agreement.expected(scenario)) == []
        assert agreement.gaps(scenario, report) == []
        if statistics is not None:
            statistics.add(scenario, got)

    return agree


@pytest.mark.parametrize("kind", KINDS)
def test_stepper_and_oracle_agree(kind: str) -> None:
    tried(kind, made_by=judged_alike)


def tried(kind: str, *, made_by: Callable[..., Callable[[], None]]) -> None:
    """Go through what is generated for a kind, and note what it was."""
    SEEN[kind] = Statistics()
    for number in range(BATCHES[kind]):
        each = made_by(kind, most=1, statistics=SEEN[kind])
        seed(number)(settings(max_examples=EXAMPLES, **SLOW)(each))()


def made(kind: str, *, most: int, statistics: Statistics) -> Callable[[], None]:
    @given(scenarios([kind], most_standards=most))
    def make(scenario: Scenario) -> None:
        report = agreement.report_of(scenario)
        statistics.add(scenario, [agreement.as_integers(row) for row in report.verdicts.to_dicts()])

    return make


FIXED: dict[str, dict[str, Any]] = {
    "updates from a start": {
        "kind": "respond", "start": "opened", "every": "30 minutes", "event": "update", "until": "closed",
        "cancel": "cancelled",
    },
    "updates from the first event": {
        "kind": "respond", "every": "30 minutes", "event": ["update", "note"], "until": ["closed", "update"],
    },
    "planned starts": {
        "kind": "respond", "start": {"at": "$promised"}, "stop": "closed", "cancel": "cancelled",
        "within": "30 minutes", "recurs": "each",
    },
    "planned starts, each with a clock of its own": {
        "kind": "respond", "start": {"at": "30 minutes before $promised"}, "stop": "closed", "cancel": "cancelled",
        "within": "30 minutes", "recurs": "every",
    },
    "a planned start that may be opened again": {
        "kind": "respond", "start": {"at": "$promised"}, "stop": ["closed", "update"], "within": "30 minutes",
        "reopen": "resume", "reopen_on": "reopened", "pause": "held", "resume": "released", "calendar": "office",
    },
    "a frozen standard that does not apply to some starts": {
        "kind": "respond", "start": ["opened", "update"], "stop": "closed", "within": {"by": "priority", "P1": "30 minutes",
        "else": "60 minutes"}, "recurs": "each", "on_change": "freeze", "applies_to": {"by": {"ne": "bot"}},
    },
    "promises made anew": {
        "kind": "respond", "start": ["opened", "update"], "stop": "closed", "within": "30 minutes after $promised",
        "recurs": "latest",
    },
    "limits frozen at the latest start": {
        "kind": "respond", "start": ["opened", "update"], "stop": "closed", "within": "$minutes minutes",
        "recurs": "latest", "on_change": "freeze",
    },
    "closed time that counts, while it changes whether the standard applies": {
        "kind": "respond", "start": "opened", "stop": "closed", "reopen": "count", "reopen_on": "reopened",
        "within": {"by": "priority", "P1": "30 minutes", "else": "2 hours"}, "applies_to": {"not": {"by": "bot"}},
    },
    "closed time that counts, held or not, while terms restart": {
        "kind": "respond", "start": "opened", "stop": "closed", "reopen": "count", "reopen_on": "reopened",
        "within": {"by": "priority", "P1": "30 minutes", "else": "2 hours"}, "on_change": "restart",
        "pause": "held", "resume": "released",
    },
    "closed time that counts, on dates": {
        "kind": "respond", "start": "opened", "stop": "closed", "reopen": "count", "reopen_on": "reopened",
        "within": {"by": "priority", "P1": "1 day", "else": "2 business days"}, "calendar": "office",
        "pause_while": {"status": "waiting"}, "pauses": "shift",
    },
    "closed time that counts, in events": {
        "kind": "respond", "start": "opened", "stop": "closed", "reopen": "count", "reopen_on": "reopened",
        "within": "2 call.ring", "reset": "moved", "applies_to": {"cause": {"ne": "customer"}},
    },
    "a case that is opened again, while it changes whether the standard applies": {
        "kind": "respond", "start": "opened", "stop": "closed", "reopen": "resume", "reopen_on": "reopened",
        "within": {"by": "priority", "P1": "30 minutes", "else": "2 hours"}, "applies_to": {"not": {"by": "bot"}},
    },
    "a case that is opened again, while its terms restart": {
        "kind": "respond", "start": "opened", "stop": "closed", "reopen": "resume", "reopen_on": "reopened",
        "within": "$minutes minutes", "on_change": "restart", "applies_to": {"cause": {"ne": "customer"}},
    },
    "a case that is opened again, measured anew": {
        "kind": "respond", "start": "opened", "stop": "closed", "reopen": "resume", "reopen_on": "reopened",
        "within": "$minutes minutes", "on_change": "recompute", "overrides": [
            {"when": {"priority": "P1"}, "calendar": "office"},
        ],
    },
    "an extension of what is not known to apply": {
        "kind": "respond", "start": ["opened", "update"], "stop": "closed", "within": "30 minutes", "recurs": "latest",
        "extend": {"event": "held", "by": "30 minutes", "times": 2}, "reset": "moved",
        "applies_to": {"cause": {"ne": "customer"}},
    },
    "the latest of a time and a promise that moves": {
        "kind": "respond", "start": "opened", "stop": "closed", "on_change": "carry", "reset": "moved",
        "within": {"latest_of": ["30 minutes", "$minutes minutes", "$promised"]},
    },
    "the earliest of a time and a promise that moves, where it is not known whether the standard applies": {
        "kind": "respond", "start": "opened", "stop": "closed", "on_change": "carry", "reopen": "count",
        "reopen_on": "reopened", "within": {"earliest_of": ["2 hours", "$promised"]},
        "applies_to": {"cause": {"ne": "customer"}},
    },
    "at most in any 24 hours": {
        "kind": "quantity", "count": "call.ring", "at_most": 2, "per": {"rolling": "24 hours"}, "ends": "ended",
    },
    "at least in any 2 days": {
        "kind": "quantity", "count": ["call.ring", "note"], "at_least": 2, "per": {"rolling": "2 days"},
        "ends": "ended", "applies_to": {"priority": ["P1", "P2"]},
    },
    "a sum in any 4 hours": {
        "kind": "quantity", "sum": {"field": "minutes", "of": "call.ring"}, "at_most": 60,
        "per": {"rolling": "4 hours"},
    },
    "time in a state in any 4 hours": {
        "kind": "quantity", "time_in": {"status": "waiting"}, "at_most": "60 minutes", "per": {"rolling": "4 hours"},
    },
    "time between events in any 2 days": {
        "kind": "quantity", "time_in": {"from": ["held", "update"], "to": "released"}, "at_most": "2 hours",
        "per": {"rolling": "2 days"}, "calendar": "office",
    },
    "the least sum in any 4 hours": {
        "kind": "quantity", "sum": {"field": "minutes", "of": ["call.ring", "note"]}, "at_least": 45,
        "per": {"rolling": "4 hours"},
    },
    "time between events that overlap in any 4 hours": {
        "kind": "quantity", "time_in": {"from": ["held", "update"], "to": ["released", "update"], "match": "item"},
        "at_most": "60 minutes", "per": {"rolling": "4 hours"},
    },
    "updates whose length changes, in office hours or not": {
        "kind": "respond", "every": {"by": "priority", "P1": "15 minutes", "else": "60 minutes"}, "event": ["update", "note"],
        "until": "closed", "applies_to": {"not": {"by": "bot"}}, "overrides": [{"when": {"by": "human"}, "calendar": "office"}],
    },
    "updates whose length is not always said": {
        "kind": "respond", "start": "opened", "every": "$minutes minutes", "event": "update", "until": "closed",
        "cancel": "cancelled", "pause": "held", "resume": "released",
    },
    "clocks side by side, each with the terms of its start": {
        "kind": "respond", "start": ["opened", "update"], "stop": "closed", "within": "60 minutes", "recurs": "every",
        "match": "item", "cancel": ["cancelled", "note"], "overrides": [
            {"when": {"$event.kind": "update"}, "within": "15 minutes"},
            {"effective": {"from": "2026-03-06T11:00:00Z", "until": "2026-10-23T11:00:00Z"}, "within": "30 minutes"},
        ],
    },
    "what is born closed or cancelled": {
        "kind": "respond", "start": ["opened", "update"], "within": "30 minutes", "reopen": "resume",
        "stop": {"event": ["opened", "update", "closed"], "where": {"status": ["working", "waiting"]}},
        "cancel": {"event": ["opened", "update", "closed"], "where": {"status": ["dropped", "waiting"]}},
    },
    "calendar hours for some cases, held": {
        "kind": "respond", "start": "opened", "stop": "closed", "calendar": "office", "reset": "moved",
        "within": {"by": "priority", "P1": "30 calendar minutes", "P2": "8 calendar hours", "else": "60 minutes"},
        "pause": "held", "resume": "released", "reopen": "resume", "reopen_on": "reopened",
    },
    "the earliest of calendar hours, open hours and events": {
        "kind": "respond", "start": ["opened", "update"], "stop": "closed", "calendar": "office", "recurs": "latest",
        "within": {"earliest_of": ["2 calendar hours", "60 minutes", "1 call.ring", "$promised"]}, "reset": "moved",
    },
    "breaches on hours that change, measured anew": {
        "kind": "respond", "start": ["opened", "update"], "stop": "closed", "calendar": "office", "recurs": "latest",
        "within": "$minutes minutes", "on_change": "recompute", "reset": "moved",
        "overrides": [{"when": {"priority": "P1"}, "calendar": "always"}],
    },
    "extensions of a limit that is frozen": {
        "kind": "respond", "start": ["opened", "update"], "stop": "closed", "within": "$minutes minutes", "on_change": "freeze",
        "extend": {"event": ["held", "note"], "within": "90 minutes", "times": 2}, "reset": "moved", "recurs": "latest",
    },
    "the least time between events in any 4 hours": {
        "kind": "quantity", "time_in": {"from": "held", "to": "released"}, "at_least": "30 minutes",
        "per": {"rolling": "4 hours"}, "ends": "ended",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", FIXED)
def test_stepper_and_oracle_agree_on_what_is_rarely_generated(name: str) -> None:
    standard = {"id": "s", **FIXED[name]}
    office = {"timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:00"}}
    book = {
        "servstd": 1, "case": "case", "timezone": "Europe/London", "calendars": {"office": office},
        "standards": [standard],
    }  # fmt: skip

    @given(logs(book))
    def agree(events: list[dict[str, Any]]) -> None:
        scenario = Scenario(
            book, events, max([event["t"] for event in events if event["t"] is not None], default=0)
        )
        assert agreement.differences(scenario) == []

    seed(0)(settings(max_examples=120, **SLOW)(agree))()


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", KINDS)
def test_stepper_and_oracle_agree_thousands_of_times(kind: str) -> None:
    settings(max_examples=MANY, **SLOW)(judged_alike(kind, most=2))()


@pytest.fixture(scope="module")
def statistics() -> Statistics:
    """Return what the tests above see, all kinds together; of those that another process tries it is made anew."""
    for kind in set(KINDS) - set(SEEN):
        tried(kind, made_by=made)
    found = Statistics()
    for each in SEEN.values():
        found.scenarios += each.scenarios
        found.events += each.events
        found.verdicts += each.verdicts
        found.counts += each.counts
    print(found)  # noqa: T201 - seen with `-s`
    return found


def test_no_outcome_of_a_kind_is_rare(statistics: Statistics) -> None:
    counts = statistics.counts
    rare = {}
    for kind, outcomes in OUTCOMES.items():
        total = sum(counts[kind, outcome] for outcome in outcomes)
        rare |= {
            (kind, outcome): (counts[kind, outcome], total)
            for outcome in outcomes
            if counts[kind, outcome] * 100 < total
        }
    assert rare == {}


def test_no_mark_of_a_verdict_is_rare(statistics: Statistics) -> None:
    rare = {
        mark: (statistics.counts["verdict", mark], statistics.verdicts)
        for mark, percent in MARKS.items()
        if statistics.counts["verdict", mark] * 100 < statistics.verdicts * percent
    }
    assert rare == {}


@pytest.mark.parametrize("group", MODES)
def test_no_mode_of_a_setting_is_rare(statistics: Statistics, group: str) -> None:
    found = Counter({mode: statistics.counts[group, mode] for mode in MODES[group]})
    assert min(found.values()) * 100 >= books_of(statistics, group), (
        found
    )  # at least 1 % of the books of its kind


@pytest.mark.parametrize("group", SETTINGS)
def test_no_setting_is_rare(statistics: Statistics, group: str) -> None:
    found = Counter({name: statistics.counts[group, name] for name in SETTINGS[group]})
    assert min(found.values()) * 100 >= 2 * books_of(statistics, group), found


def test_no_sort_of_limit_is_rare(statistics: Statistics) -> None:
    found = Counter({sort: statistics.counts["respond limit", sort] for sort in LIMITS})
    assert min(found.values()) * 100 >= 3 * books_of(statistics, "respond"), found


def test_many_events_share_a_stamp_and_at_least_one_in_twenty_gives_several_signals(
    statistics: Statistics,
) -> None:
    assert statistics.counts["event", "shares its stamp"] * 4 >= statistics.events
    assert statistics.counts["event", "gives several signals"] * 20 >= statistics.events


def books_of(statistics: Statistics, group: str) -> int:
    return statistics.counts[f"{group.split(maxsplit=1)[0]} has", "kind"]
