"""What Declare's templates mean, read off their definitions over finite traces; slow, and nothing of the library in it.

A trace is a sequence of letters and not empty, as in LTL over finite traces (De Giacomo and Vardi, IJCAI 2013).
"""

from __future__ import annotations


def _count(trace, letter):
    return sum(one == letter for one in trace)


def _each(trace, letter, holds):
    return all(holds(trace[:place], trace[place + 1 :]) for place, one in enumerate(trace) if one == letter)


def _between(sequence, wanted, barred):
    """Tell whether `wanted` comes before the first `barred`."""
    for one in sequence:
        if one == wanted:
            return True
        if one == barred:
            return False
    return False


def _response(t, a, b):
    return _each(t, a, lambda _, after: b in after)


def _precedence(t, a, b):
    return _each(t, b, lambda before, _: a in before)


def _alternate_response(t, a, b):
    return _each(t, a, lambda _, after: _between(after, b, a))


def _alternate_precedence(t, a, b):
    return _each(t, b, lambda before, _: _between(before[::-1], a, b))


def _chain_response(t, a, b):
    return _each(t, a, lambda _, after: after[:1] == (b,))


def _chain_precedence(t, a, b):
    return _each(t, b, lambda before, _: before[-1:] == (a,))


MEANING = {
    "existence": lambda t, a, _: _count(t, a) >= 1,
    "existence_2": lambda t, a, _: _count(t, a) >= 2,
    "absence": lambda t, a, _: _count(t, a) == 0,
    "at_most_one": lambda t, a, _: _count(t, a) <= 1,
    "exactly_one": lambda t, a, _: _count(t, a) == 1,
    "exactly_2": lambda t, a, _: _count(t, a) == 2,
    "init": lambda t, a, _: t[0] == a,
    "last": lambda t, a, _: t[-1] == a,
    "responded_existence": lambda t, a, b: a not in t or b in t,
    "co_existence": lambda t, a, b: (a in t) == (b in t),
    "response": _response,
    "alternate_response": _alternate_response,
    "chain_response": _chain_response,
    "precedence": _precedence,
    "alternate_precedence": _alternate_precedence,
    "chain_precedence": _chain_precedence,
    "succession": lambda t, a, b: _response(t, a, b) and _precedence(t, a, b),
    "alternate_succession": lambda t, a, b: _alternate_response(t, a, b) and _alternate_precedence(t, a, b),
    "chain_succession": lambda t, a, b: _chain_response(t, a, b) and _chain_precedence(t, a, b),
    "not_co_existence": lambda t, a, b: a not in t or b not in t,
    "not_succession": lambda t, a, b: _each(t, a, lambda _, after: b not in after),
    "not_chain_succession": lambda t, a, b: _each(t, a, lambda _, after: after[:1] != (b,)),
    "choice": lambda t, a, b: a in t or b in t,
    "exclusive_choice": lambda t, a, b: (a in t) != (b in t),
}
