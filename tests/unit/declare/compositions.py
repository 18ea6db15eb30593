"""Declare's templates as compositions of the kinds: a trace is a case whose last event is `end`.

A template is one standard or several, and holds for a trace when none of those that decide is breached. Those named in
`ASKED` only feed others, which read their verdicts as events.
"""

from __future__ import annotations

ASKED = frozenset({"before", "after", "next"})
"""The ids, before the template's own name, of standards that are asked and decide nothing."""

_BEFORE_THE_END = {"count": 0, "of": "end"}
_AT_ONCE = {"count": 0, "of": "*"}


def existence(a, n=1):
    return [{"id": "existence", "kind": "quantity", "count": a, "at_least": n, "ends": "end"}]


def absence(a, n=0):
    return [{"id": "absence", "kind": "quantity", "count": a, "at_most": n, "ends": "end"}]


def exactly(a, n=1):
    return [{"id": "exactly", "kind": "quantity", "count": a, "at_least": n, "at_most": n, "ends": "end"}]


def init(a):
    return [{"id": "init", "kind": "order", "event": a, "position": "first"}]


def last(a):
    return [{"id": "last", "kind": "order", "event": a, "position": "last", "ends": "end"}]


def response(a, b, within=None):
    """Ask for a `b` after each `a`: no `end` may come between; under `alternate` no other `a`, under `chain` nothing."""
    limit = within or _BEFORE_THE_END
    return [{"id": "response", "kind": "respond", "start": a, "stop": b, "within": limit, "recurs": "each"}]


def alternate_response(a, b):
    return response(a, b, {"count": 0, "of": [a, "end"]})


def chain_response(a, b):
    return response(a, b, _AT_ONCE)


def precedence(a, b, **how):
    return [{"id": "precedence", "kind": "order", "event": b, "needs": a, **how}]


def alternate_precedence(a, b):
    return precedence(a, b, fresh=True)


def chain_precedence(a, b):
    return precedence(a, b, immediately=True)


def succession(a, b):
    return [*response(a, b), *precedence(a, b)]


def alternate_succession(a, b):
    return [*alternate_response(a, b), *alternate_precedence(a, b)]


def chain_succession(a, b):
    return [*chain_response(a, b), *chain_precedence(a, b)]


def responded_existence(a, b, tag=""):
    """Ask for a `b` somewhere: an `a` that has none before it demands one after it."""
    asked = {"id": f"before{tag}", "kind": "order", "event": a, "needs": b}
    start = {"standard": asked["id"], "change": "breached"}
    demand = {
        "id": f"somewhere{tag}",
        "kind": "respond",
        "start": start,
        "stop": b,
        "within": _BEFORE_THE_END,
    }
    return [asked, demand]


def co_existence(a, b):
    return [*responded_existence(a, b, "-ab"), *responded_existence(b, a, "-ba")]


def not_succession(a, b, tag=""):
    return [{"id": f"never{tag}", "kind": "quantity", "count": b, "at_most": 0, "after": a, "ends": "end"}]


def not_co_existence(a, b):
    return [*not_succession(a, b, "-ab"), *not_succession(b, a, "-ba")]


def not_chain_succession(a, b):
    asked = {"id": "next", "kind": "order", "event": b, "needs": a, "immediately": True}
    count = {"standard": "next", "change": "met"}
    return [asked, {"id": "never", "kind": "quantity", "count": count, "at_most": 0, "ends": "end"}]


def choice(a, b):
    return existence([a, b])


def exclusive_choice(a, b):
    return [*choice(a, b), *not_co_existence(a, b)]


UNARY = {
    "existence": existence, "existence_2": lambda a: existence(a, 2), "absence": absence,
    "at_most_one": lambda a: absence(a, 1), "exactly_one": exactly, "exactly_2": lambda a: exactly(a, 2),
    "init": init, "last": last,
}  # fmt: skip

BINARY = {
    "responded_existence": responded_existence, "co_existence": co_existence, "response": response,
    "alternate_response": alternate_response, "chain_response": chain_response, "precedence": precedence,
    "alternate_precedence": alternate_precedence, "chain_precedence": chain_precedence, "succession": succession,
    "alternate_succession": alternate_succession, "chain_succession": chain_succession,
    "not_co_existence": not_co_existence, "not_succession": not_succession,
    "not_chain_succession": not_chain_succession, "choice": choice, "exclusive_choice": exclusive_choice,
}  # fmt: skip

EIGHTEEN = (
    "existence", "at_most_one", "init", "last", "responded_existence", "response", "alternate_response",
    "chain_response", "precedence", "alternate_precedence", "chain_precedence", "co_existence", "succession",
    "alternate_succession", "chain_succession", "not_chain_succession", "not_succession", "not_co_existence",
)  # fmt: skip
"""The repertoire of Di Ciccio and Mecella, "On the Discovery of Declarative Control Flows for Artful Processes",
ACM TMIS 5(4), 2015, table 1. The others are those that pm4py and the Declare tool know besides."""


def composed(name):
    """Return the standards of a template over `a` and `b`."""
    return UNARY[name]("a") if name in UNARY else BINARY[name]("a", "b")


def is_asked(standard_id):
    return standard_id.split("-")[0] in ASKED
