"""When to warn: at a share of the limit, or some time before it ends."""

from __future__ import annotations

from fractions import Fraction

from servstd.durations import parse_duration
from servstd.errors import Problem, StandardsError
from servstd.expressions.values import number_from
from servstd.plan.plan import WarnAt


def parse_warning(text: str) -> WarnAt:
    """Read when to warn: `80%`, or `10 minutes before`.

    Raises:
        StandardsError: SV181, it is neither.

    Example:
        >>> parse_warning("80%").share
        Fraction(4, 5)
    """
    share = text.strip().removesuffix("%")
    if share != text.strip():
        held = number_from(share)
        if held is not None and 0 < held < 100:
            return WarnAt(share=Fraction(held) / 100)
    elif text.strip().endswith(" before"):
        return WarnAt(before=parse_duration(text.strip().removesuffix(" before")))
    raise StandardsError(
        Problem("SV181", f"`{text}` says no time to warn at.", help="write `80%`, or `10 minutes before`.")
    )
