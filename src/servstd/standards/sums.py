"""What a quantity adds up, spans and bounds, as the author wrote it: what is added, and everything wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from servstd.errors import Problem, ServstdError, StandardsError
from servstd.expressions import Expression, Field, is_arithmetic, parse_figure
from servstd.expressions.nodes import of_event
from servstd.keys import unknown_key_among
from servstd.models import join_path, shown
from servstd.standards.selector import parse_selection

if TYPE_CHECKING:
    from servstd.standards.quantity import Quantity

BOUNDS = ("at_least", "at_most")
_KEYS = ["field", "of"]
_NAME: Final = re.compile(r"[^\W\d][\w.-]*(?: \w[\w.-]*)*")
"""A field as it may stand without `$`: a name, or words. What begins with a digit or has other signs is arithmetic."""


def summed(written: object) -> Expression:
    """Return what each event adds: a field of the event, or arithmetic.

    A name reads the event that is added up, never what an earlier one carried; `$case.x` reads the case.

    Args:
        written: `amount`, `$amount`, `60 - $wait_s`.

    Raises:
        StandardsError: SV118 no text, SV130 to SV132 no arithmetic, SV194 a name without `$` in arithmetic.

    Example:
        >>> summed("amount"), summed("60 - $wait_s").fields
        (Field(name='amount', scope='event'), frozenset({'wait_s'}))
    """
    if not isinstance(written, str):
        raise StandardsError(
            Problem(
                "SV118",
                f"`{shown(written)}` names no field.",
                help="write the name of the field that is added up: `amount`; or arithmetic: `60 - $wait_s`.",
            )
        )
    if not is_arithmetic(written) and _NAME.fullmatch(written.strip()):
        return Field(written.strip(), "event")
    return of_event(parse_figure(written))


def summed_words(written: object) -> str:
    """Return what is added up, in words: a field by its name, arithmetic as it is said."""
    expression = summed(written)
    return expression.name.replace("_", " ") if isinstance(expression, Field) else expression.sentence()


def endless_problems(quantity: Quantity) -> Iterator[Problem]:
    """Yield the bounds that are kept only when something ends, where nothing does."""
    if quantity.per or any(
        getattr(quantity, name) is not None for name in ("until", "within", "ends", "span")
    ):
        return
    lines = [line for row in quantity.override_rows for line in row.lines]
    for name in BOUNDS:
        is_own = getattr(quantity, name) is not None
        if is_own or any(name in line.sets for line in lines):
            yield Problem(
                "SV119",
                f"`{name}` can be kept only when something ends, and nothing does.",
                help="write `ends:` with the event that ends the case, or `per:`, `until:` or `within:`.",
                path=name if is_own else "overrides",
            )


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
    if "field" in written:
        try:
            summed(written["field"])
        except StandardsError as failure:
            yield from (problem.at(path="sum.field") for problem in failure.problems)
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


def _unreadable(written: object, path: str) -> Iterator[Problem]:
    try:
        parse_selection(written)
    except ServstdError as failure:
        yield from (problem.at(path=join_path(path, problem.path)) for problem in failure.problems)
