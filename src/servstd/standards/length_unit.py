"""The unit of time behind a figure: `2 * $minutes minutes`."""

from __future__ import annotations

import re

from servstd.durations import Span, parse_span
from servstd.errors import Problem, ServstdError, StandardsError
from servstd.standards.said import meant

_UNIT = re.compile(r"[^\W\d_]+(?: +[^\W\d_]+)*")


def one_of(unit: str, text: str) -> Span:
    """Return one of a unit of time: `minutes`, `business hours`.

    Args:
        unit: What stands behind a figure.
        text: The limit as written, for the message.

    Raises:
        StandardsError: SV122 the unit is none; SV130 more than a unit stands there.
    """
    if not _UNIT.fullmatch(unit):
        raise StandardsError(
            Problem(
                "SV130",
                f"cannot read `{text}` at `{unit[:20]}`.",
                help="after the figure stands its unit alone.",
            )
        )
    try:
        return parse_span(f"1 {unit}")
    except ServstdError as failure:
        raise StandardsError([meant(one, text) for one in failure.problems]) from None


def unitless(text: str) -> Problem:
    """Return the problem of arithmetic that is to be a length of time and names no unit."""
    return Problem(
        "SV120",
        f"`{text}` is a number without a unit, so nobody can tell seconds from hours.",
        help=f"write `{text} minutes`, `{text} hours`, or the unit you mean.",
    )
