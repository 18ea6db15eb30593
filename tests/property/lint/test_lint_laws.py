"""What the lint calls impossible is impossible: held against the conditions themselves, and against evaluation."""

from __future__ import annotations

from itertools import product

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

import servstd
from servstd.conditions import parse_condition
from servstd.expressions import FieldFacts
from servstd.lint.domains import implies, inner_contradiction
from servstd.testing import rows_of, scenarios

VALUES = {"plan": ("gold", "silver", None), "minutes": (3, 5, 7, None)}
CASES = [dict(zip(VALUES, values, strict=True)) for values in product(*VALUES.values())]

TESTS = st.one_of(
    st.sampled_from(
        ["gold", "silver", ["gold", "silver"], {"ne": "gold"}, {"exists": False}, {"not_in": ["gold"]}]
    ).map(lambda told: {"plan": told}),
    st.dictionaries(
        st.sampled_from(["lt", "le", "gt", "ge"]), st.sampled_from([3, 4, 5, 7]), min_size=1, max_size=2
    ).map(lambda told: {"minutes": told}),
    st.sampled_from([5, [3, 7], {"exists": True}]).map(lambda told: {"minutes": told}),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)).map(
        lambda told: {told[0]: told[1]}
    ),
    max_leaves=5,
)


def holding(condition):
    """Return the cases of which a condition is true: every value that it could tell apart is among them."""
    decide = parse_condition(condition).compile()
    return [
        case for case in CASES if decide(FieldFacts({k: v for k, v in case.items() if v is not None})) is True
    ]


@given(st.lists(TESTS, min_size=1, max_size=4))
def test_a_contradiction_is_true_of_nothing(tests):
    condition = {"all": tests}
    if inner_contradiction(parse_condition(condition).root) is not None:
        event("contradiction")
        assert holding(condition) == []


@given(CONDITIONS, CONDITIONS)
def test_what_is_implied_holds_wherever_the_other_does(one, other):
    if implies(parse_condition(one).root, parse_condition(other).root):
        event("implied")
        assert [case for case in holding(one) if case not in holding(other)] == []


@given(scenarios())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_book_and_log_can_be_looked_at(scenario):
    book = servstd.Book(**scenario.book)
    assume(scenario.events)
    log = servstd.read_events(rows_of(scenario.events))
    found = book.lint(log)
    for one in found:
        event(one.code)
        assert one.path.startswith(("standards[", "calendars.", "recurrences."))
    assert book.lint(log) == found


WHENS = [
    {"plan": "gold"},
    {"plan": ["gold", "silver"]},
    {"plan": {"ne": "gold"}},
    {"plan": {"exists": True}},
    {"minutes": 5},
    {"minutes": {"ge": 5}},
    {"minutes": {"gt": 5}},
    {"minutes": {"le": 5, "gt": 3}},
    {"plan": "gold", "minutes": {"lt": 7}},
    {"any": [{"plan": "gold"}, {"minutes": 3}]},
]


def test_a_hidden_override_may_be_taken_out():
    """Each case ends after an hour, so that every limit decides one way or the other."""
    hidden = 0
    for first, second in product(WHENS, repeat=2):
        rows = [{"when": first, "within": "10 minutes"}, {"when": second, "within": "90 minutes"}]
        book = desk(rows)
        if any(one.code == "SV530" for one in book.lint()):
            hidden += 1
            assert verdicts(desk(rows[:1])) == verdicts(book), (first, second)
    assert hidden > len(WHENS)  # each hides itself, and some hide others


def desk(rows):
    clock = {
        "kind": "respond",
        "start": "opened",
        "stop": "closed",
        "within": "60 minutes",
        "overrides": rows,
    }
    return servstd.Book(case="ticket", standards=[{"id": "reply", **clock}])


def verdicts(book):
    events = [
        {
            "time": f"2026-03-02T{hour}:00Z",
            "event": name,
            "ticket": f"T{number}",
            **{k: v for k, v in case.items() if v},
        }
        for number, case in enumerate(CASES)
        for hour, name in (("09", "opened"), ("10", "closed"))
    ]
    report = servstd.evaluate(book, servstd.read_events(events))
    return [(one["case"], one["outcome"], one["limit"]) for one in report.verdicts.to_dicts()]
