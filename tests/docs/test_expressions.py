"""The page on expressions says where they stand, and there each is read whole: nothing after it is left unread."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

import pytest
from meta.project import ROOT, section

from servstd import StandardsError, loads

PAGE = (ROOT / "docs" / "language" / "expressions.md").read_text(encoding="utf-8")


class Slot(NamedTuple):
    """Be one place where an expression stands, in a book."""

    row: str
    book: dict[str, Any]
    good: str
    gives: str = "number"


def book(standard: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"case": "c", "timezone": "UTC", "standards": [{"id": "a", **standard}], **more}


CLOCK = {"kind": "respond", "start": "o", "stop": "p", "within": "1 hour"}
COUNT = {"kind": "quantity", "count": "o", "per": "month", "at_most": 3}
CHECK = {"kind": "check", "event": "o", "expect": {"x": 1}}
LIMITS = "`within`, `every`, and other limits"
BOUNDS = "`at_least`, `at_most` of a `quantity`"
PAID = "`flat`, `cap`, `amount` and tiers of a consequence"


def paid(**keys: Any) -> dict[str, Any]:
    return book(CLOCK, consequences=[{"standard": "a", **keys}])


def level(**keys: Any) -> dict[str, Any]:
    return book({"kind": "gauge", "above": 3, **keys})


SLOTS = {
    "a value": Slot("the value of a condition", book({**CHECK, "expect": {"x": {"ge": "@"}}}), "2 * $n", "anything"),
    "an end": Slot("`between` of a `check`", book({**CHECK, "between": ["@", "$at"]}), "15 minutes before $at", "instant"),
    "an instant": Slot(LIMITS, book({**CLOCK, "within": "@"}), "1 day after $at", "instant"),
    "a length": Slot(LIMITS, book({**CLOCK, "within": "@"}), "2 * $n minutes", "length"),
    "dates": Slot(LIMITS, book({**CLOCK, "within": "@"}), "ceil($n / 2) days", "length"),
    "a length of a table": Slot(LIMITS, book({**CLOCK, "within": {"by": "p", "P1": "@"}}), "$n hours", "length"),
    "the earliest of several": Slot(LIMITS, book({**CLOCK, "within": {"earliest_of": ["1 hour", "@"]}}), "$n hours", "length"),
    "a period": Slot(LIMITS, book({"kind": "respond", "start": "o", "until": "q", "event": "p", "every": "@"}), "$n minutes", "length"),
    "an override": Slot(LIMITS, book({**CLOCK, "overrides": [{"when": {"p": 1}, "within": "@"}]}), "$n minutes", "length"),
    "a scheduled start": Slot("`at` of a selector", book({**CLOCK, "start": {"at": "@"}}), "1 hour before $at", "instant"),
    "a bound": Slot(BOUNDS, book({**COUNT, "at_most": "@"}), "2 * $n"),
    "a least": Slot(BOUNDS, book({**COUNT, "at_most": None, "at_least": "@"}), "ceil($n / 2)"),
    "a bound of time": Slot(BOUNDS, book({"kind": "quantity", "time_in": {"s": 1}, "per": "month", "at_most": "@"}), "0.9 * $n minutes", "length"),
    "a bound of an override": Slot(BOUNDS, book({**COUNT, "overrides": [{"when": {"p": 1}, "at_most": "@"}]}), "2 * $n"),
    "a sum": Slot("`field` of a `sum`", book({**COUNT, "count": None, "sum": {"field": "@", "of": "o"}}), "60 - $n", "number or name"),
    "what sets a level": Slot("`set` of a `level`", level(level={"set": "@", "on": "o"}), "$n - $m"),
    "how much a level moves": Slot("`amount` of a `level`", level(level={"plus": "o", "minus": "p", "amount": "@"}), "2 * $n"),
    "a most": Slot("`above`, `below` of a `gauge`", level(level={"plus": "o", "minus": "p"}, above="@"), "0.05 * $n"),
    "a lower end": Slot("`above`, `below` of a `gauge`", level(level={"plus": "o", "minus": "p"}, below="@"), "0.05 * $n"),
    "a weight": Slot("`weight` of an objective", book({**CLOCK, "objective": {"share": "90%", "window": "all", "weight": "@"}}), "$n + 0.5 * $m"),
    "a payment": Slot(PAID, paid(flat="@"), "2 * hours($elapsed) GBP", "payment"),
    "a share": Slot(PAID, paid(flat="@"), "25% of ($n + $m) GBP", "payment"),
    "a share of time": Slot(PAID, book({"kind": "quantity", "time_in": {"s": 1}, "per": "month", "at_most": "1 hour"}, consequences=[{"standard": "a", "flat": "@"}]), "share of $n GBP", "payment"),
    "a cap": Slot(PAID, paid(flat="$n GBP", cap="@"), "3 * $n GBP", "payment"),
    "what time adds": Slot(PAID, paid(per_started="1 day", amount="@"), "min($n, 5) GBP", "payment"),
    "what time adds otherwise": Slot(PAID, paid(then={"per": "1 day", "amount": "@"}), "min($n, 5) GBP", "payment"),
    "a tier": Slot(PAID, paid(tiers=[["1 hour", "@"]]), "2 * $n GBP", "payment"),
    "a payment of an override": Slot(PAID, paid(flat="9 GBP", overrides=[{"when": {"p": 1}, "flat": "@"}]), "2 * $n GBP", "payment"),
    "what tiers measure": Slot("`by` of tiers", paid(by="@", tiers=[[3, "5 GBP"]]), "$n - $m", "measured"),
}  # fmt: skip


def rows() -> list[str]:
    """Return the first cells of the table on the page."""
    table = section(PAGE, "Where they stand")
    return [row for row in re.findall(r"^\| (.+?) \| ", table, re.MULTILINE) if row not in ("where", "---")]


def put(slot: Slot, text: str) -> str:
    """Return the book of a slot with a text in it, as JSON, without the keys that hold nothing."""
    told = json.loads(json.dumps(slot.book).replace('"@"', json.dumps(text)))
    for one in told["standards"]:
        for key in [key for key, value in one.items() if value is None]:
            del one[key]
    return json.dumps(told)


def refused(slot: Slot, text: str) -> list[tuple[str, str]]:
    """Return the code and the message of each problem of a slot with a text in it."""
    with pytest.raises(StandardsError) as failure:
        loads(put(slot, text))
    return [(problem.code, f"{problem.message} {problem.help}") for problem in failure.value.problems]


def test_the_page_says_where_they_stand():
    assert sorted(set(rows())) == sorted({slot.row for slot in SLOTS.values()})
    assert len(set(rows())) == len(rows())


@pytest.mark.parametrize("slot", SLOTS.values(), ids=SLOTS)
def test_it_is_read(slot):
    loads(put(slot, slot.good))
    loads(put(slot, slot.good.replace("$n", "${Number of them}")))


@pytest.mark.parametrize("rest", [") 5", " 5", " * $x", " $x", " ,"])
@pytest.mark.parametrize("slot", SLOTS.values(), ids=SLOTS)
def test_nothing_behind_it_is_left_unread(slot, rest):
    """`2 * $n * $x` is read, and multiplies fields with each other; no other is read at all."""
    for code, message in refused(slot, slot.good + rest):
        assert code in ("SV130", "SV132", "SV133", "SV195", "SV700", "SV122"), (code, message)
        assert slot.good[:6] in message


@pytest.mark.parametrize("slot", SLOTS.values(), ids=SLOTS)
def test_a_name_without_its_dollar_is_no_number(slot):
    if slot.gives in ("anything", "number or name"):
        loads(put(slot, "people"))
        return
    ((code, message),) = refused(slot, "people")
    assert code in ("SV122", "SV120", "SV142", "SV194", "SV195", "SV604", "SV700", "SV705"), (code, message)
    if slot.gives == "number":
        assert "$" in message


@pytest.mark.parametrize("slot", SLOTS.values(), ids=SLOTS)
def test_an_unknown_function_is_refused_with_those_there_are(slot):
    unit = slot.good.rpartition(" ")[2] if slot.gives in ("length", "payment") else ""
    ((code, message),) = refused(slot, f"ceiling($n) {unit}".strip())
    assert code == "SV131"
    assert "`ceil(…)`" in message
