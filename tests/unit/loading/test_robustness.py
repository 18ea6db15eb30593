"""Whatever a file holds, loading gives a book or a `StandardsError`, and soon."""

from __future__ import annotations

import contextlib
import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servstd.conditions import Environment, FieldFacts, parse_condition
from servstd.errors import ServstdError, StandardsError
from servstd.expressions import parse_expression
from servstd.intervals import Instant
from servstd.loading import loads

BOOK = b"""\
servstd: 1
timezone: Europe/London
case: ticket_id
calendars:
  office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:30"}, holidays: ["2026-12-25"]}
standards:
  - id: reply
    kind: respond
    start: inquiry.received
    stop: {event: reply.sent, where: {by: human, minutes: {ge: 1.50}, code: "22:30"}}
    within: {by: priority, P1: 4 hours, else: 3 business days}
    calendar: office
    pauses: shift
    pause_while: {any: [{status: waiting}, {not: {owner: {exists: true}}}]}
    objective: 95% a month
  - {id: belts, kind: check, case: flight_id, event: cabin.checked, for_each: passengers, expect: {belt: fastened}}
"""
PIECES = [b"\x00", b"\t", b"- ", b"[", b"]", b"{", b"}", b": ", b"*a", b"&a ", b"!t ", b"<<: ", b"\xff", b"$x", b"%", b">", b"|", b"#", b'"', b"'", b"\n", b"null", b"9" * 400, b"1e999", b"---\n", b"? ", b", "]  # fmt: skip


def mutated(seed: int) -> bytes:
    dice = random.Random(seed)
    data = bytearray(BOOK)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data))
        move = dice.randrange(4)
        if move == 0:
            data[at:at] = dice.choice(PIECES)
        elif move == 1:
            del data[at : at + dice.randint(1, 12)]
        elif move == 2:
            other = dice.randrange(len(data))
            data[at:at] = data[other : other + dice.randint(1, 30)]
        else:
            data[at] = dice.randrange(256)
    return bytes(data)


def assert_is_a_book_or_an_error(data: bytes, form: str = "yaml") -> None:
    try:
        loads(data, format=form, name="b")
    except StandardsError as failure:
        assert failure.problems  # noqa: PT017 - either is right
        for problem in failure.problems:
            assert problem.code.startswith("SV")
            assert problem.where.startswith("b")
            assert len(str(problem)) < 3000


def test_the_book_itself_loads() -> None:
    assert len(loads(BOOK)) == 2


@pytest.mark.parametrize("block", range(4))
def test_a_damaged_book_is_a_book_or_an_error(block: int) -> None:
    for seed in range(block * 40, block * 40 + 40):
        assert_is_a_book_or_an_error(mutated(seed))


@pytest.mark.fuzz
def test_many_damaged_books_are_books_or_errors() -> None:
    for seed in range(1000, 21_000):
        assert_is_a_book_or_an_error(mutated(seed))


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["yaml", "json", "toml"]))
def test_any_bytes_are_a_book_or_an_error(data: bytes, form: str) -> None:
    assert_is_a_book_or_an_error(data, form)


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.floats(), st.binary(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(["all", "any", "not", "x", "in", "ge", "like", "mentions", "matches", "time"]), st.text(max_size=4), st.integers()), inner, max_size=3),
    ),
    max_leaves=8,
)  # fmt: skip
VALUES = st.one_of(ANYTHING, st.integers(-(10**18), 10**18).map(Instant))


@settings(max_examples=200, deadline=None)
@given(ANYTHING, st.dictionaries(st.sampled_from(["x", "y", "all"]), VALUES))
def test_any_data_is_a_condition_that_decides_or_an_error(data: Any, fields: dict[str, object]) -> None:
    with contextlib.suppress(ServstdError):
        condition = parse_condition(data)
        assert condition.sentence()
        assert condition.compile(Environment(timezone="UTC"))(FieldFacts(fields)) in (True, False, None)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=30), st.text("$xy()+-*/., 0123456789ceilmin{}", max_size=40)))
def test_any_text_is_an_expression_or_an_error(text: str) -> None:
    with contextlib.suppress(ServstdError):
        expression = parse_expression(text)
        expression.evaluate(FieldFacts({"x": 5, "y": "7"}), Environment(timezone="UTC"))
        assert isinstance(expression.sentence(), str)


def test_five_megabytes_of_a_book_take_seconds() -> None:
    line = "  - {id: a%d, kind: respond, start: a, stop: b, within: 60}\n"
    text = "case: c\nstandards:\n" + "".join(line % number for number in range(2000))
    begun = time.process_time()
    with pytest.raises(StandardsError) as caught:
        loads(text)
    assert [problem.code for problem in caught.value.problems] == ["SV120"] * 100 + ["SV164"]
    assert time.process_time() - begun < 15
