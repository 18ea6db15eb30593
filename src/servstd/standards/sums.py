"""What a quantity adds up or spans: what is wrong with it as written, and how its amounts are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from servstd.errors import Problem, ServstdError
from servstd.expressions.nodes import exact_number
from servstd.expressions.values import Duration, Number, length_from
from servstd.keys import unknown_key_among
from servstd.models import join_path, shown
from servstd.standards.selector import parse_selection

_KEYS = ["field", "of"]


def sum_problems(written: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with `{field: amount, of: refund.paid}`: both must be there, and nothing else.

    Example:
        >>> [problem.help for problem in sum_problems({"fild": "amount", "of": "refund.paid"})]
        ['write `field`.']
    """
    strangers = [str(key) for key in written if key not in _KEYS]
    yield from (unknown_key_among(key, _KEYS).at(path=f"sum.{key}") for key in strangers)
    missing = [key for key in _KEYS if key not in written]
    if missing and not strangers:
        yield Problem(
            "SV118",
            f"`sum` needs `{missing[0]}`.",
            help="write `sum: {field: amount, of: refund.paid}`.",
            path="sum",
        )
    if "field" in written and not isinstance(written["field"], str):
        yield Problem(
            "SV118",
            f"`{shown(written['field'])}` names no field.",
            help="write the name of the field that is added up: `amount`.",
            path="sum.field",
        )
    if "of" in written:
        yield from _unreadable(written["of"], "sum.of")


def span_problems(written: Sequence[Any]) -> Iterator[Problem]:
    """Yield what is wrong with `[visit.begun, visit.ended]`: two selectors, no more and no fewer."""
    if len(written) != len(("first", "last")):
        yield Problem(
            "SV118",
            f"`span` has two events, the first and the last, not {len(written)}.",
            help="write `span: [visit.begun, visit.ended]`.",
            path="span",
        )
    unreadable = [one for place, end in enumerate(written) for one in _unreadable(end, f"span[{place}]")]
    yield from unreadable
    ends = [] if unreadable else [parse_selection(end) for end in written]
    if len(ends) == len(("first", "last")) and ends[0].is_same(ends[1]):
        yield Problem(
            "SV189",
            "both ends of `span` are the same events, so that it would be over as it begins.",
            help="for the time from each to the next: `kind: respond`, `recurs: each`, `within: none`.",
            path="span",
        )


def reader_of_amounts(bounds: Sequence[str], *, is_time: bool) -> Callable[[object], Number | None]:
    """Return how the amounts of a sum are read: lengths where a length bounds them, numbers where a number does.

    A bare number is no length, and a length no number: such an amount is missing.

    Args:
        bounds: What bounds the sum, as written.
        is_time: Whether lengths do.
    """
    if not bounds or any("$" in bound for bound in bounds):
        return figure
    return length_from if is_time else exact_number


def figure(value: object) -> Number | None:
    """Return a number that adds up exactly, or a duration as its microseconds."""
    return int(value) if isinstance(value, Duration) else exact_number(value)


def _unreadable(written: object, path: str) -> Iterator[Problem]:
    try:
        parse_selection(written)
    except ServstdError as failure:
        yield from (problem.at(path=join_path(path, problem.path)) for problem in failure.problems)
