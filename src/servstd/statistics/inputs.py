"""What every function of this room asks of its numbers, said the same way everywhere."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real
from operator import index

from servstd.errors import Problem, StatisticsError, closest, listed

Number = int | float | Fraction | Decimal
"""What is taken for a number; a float is read as it is written, so 0.99 is 99/100."""


def refuse(*found: Problem | None) -> None:
    """Raise all problems that were found, at once; return if there are none.

    Raises:
        StatisticsError: with every problem.

    Example:
        >>> refuse(None, None)
    """
    problems = [one for one in found if one is not None]
    if problems:
        raise StatisticsError(problems)


def exact(value: Number) -> Fraction:
    """Return a number as a fraction; a float by its shortest spelling, so that 0.1 is a tenth.

    Example:
        >>> exact(0.99), exact(Decimal("0.5"))
        (Fraction(99, 100), Fraction(1, 2))
    """
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))  # NumPy's would overflow
    if isinstance(value, Decimal):
        return Fraction(value)
    return Fraction(repr(float(value)))


def bad_count(name: str, value: object, *, least: int = 0) -> Problem | None:
    """Return what is wrong with a count: not whole, or less than `least`."""
    try:
        number = index(value)  # type: ignore[arg-type]
    except TypeError:
        return Problem("SV670", f"`{name}` is `{value!r:.40}`: a whole number is expected.", path=name)
    if number < least:
        return Problem("SV670", f"`{name}` is {number}: at least {least} is expected.", path=name)
    return None


def bad_part(name: str, part: object, whole_name: str, whole: object) -> Problem | None:
    """Return what is wrong with a count that is part of another."""
    wrong = bad_count(name, part) or bad_count(whole_name, whole)
    if wrong is None and index(part) > index(whole):  # type: ignore[arg-type]
        wrong = Problem("SV671", f"`{name}` is {part}, more than `{whole_name}`, {whole}.", path=name)
    return wrong


def bad_number(
    name: str, value: object, *, least: float | None = None, above: float | None = None
) -> Problem | None:
    """Return what is wrong with a number: none at all, not finite, or too small."""
    if not _is_finite(value):
        return Problem("SV672", f"`{name}` is `{value!r:.40}`: a finite number is expected.", path=name)
    if least is not None and value < least:  # type: ignore[operator]
        return Problem("SV672", f"`{name}` is {value}: at least {least} is expected.", path=name)
    if above is not None and value <= above:  # type: ignore[operator]
        return Problem("SV672", f"`{name}` is {value}: more than {above} is expected.", path=name)
    return None


def _is_finite(value: object) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, Rational) or (isinstance(value, Real) and math.isfinite(value))


def bad_float(name: str, value: object) -> Problem | None:
    """Return what is wrong with a number that a formula takes a root of: none at all, or beyond every float."""
    wrong = bad_number(name, value)
    if wrong is None and not _has_float(value):
        wrong = Problem("SV672", f"`{name}` is greater than any float, and so is its root.", path=name)
    return wrong


def _has_float(value: object) -> bool:
    try:
        return math.isfinite(float(value))  # type: ignore[arg-type]
    except OverflowError:
        return False


def bad_numbers(name: str, values: Iterable[object], *, least: float | None = None) -> list[Problem]:
    """Return what is wrong with each number of a sequence, by its place."""
    found = (bad_number(f"{name}[{place}]", value, least=least) for place, value in enumerate(values))
    return [one for one in found if one is not None]


def bad_share(name: str, value: object) -> Problem | None:
    """Return what is wrong with a share, which lies between 0 and 1, both included."""
    wrong = bad_number(name, value)
    if wrong is None and not 0 <= value <= 1:  # type: ignore[operator]
        wrong = Problem(
            "SV673",
            f"`{name}` is {value}: a share lies between 0 and 1.",
            help="95 % is 0.95, or Fraction(95, 100).",
            path=name,
        )
    return wrong


def bad_confidence(value: object) -> Problem | None:
    """Return what is wrong with a confidence, which lies between 0 and 1, neither included."""
    wrong = bad_share("confidence", value)
    if wrong is None and value in (0, 1):
        wrong = Problem(
            "SV673",
            f"`confidence` is {value}: nothing short of everything is certain.",
            help="give a share between 0 and 1, such as 0.95.",
            path="confidence",
        )
    elif wrong is None and (1 + float(value)) / 2 == 1:  # type: ignore[arg-type]
        message = "`confidence` is too near to 1 to be told apart from it."
        wrong = Problem("SV673", message, help="give a share such as 0.95.", path="confidence")
    return wrong


def bad_choice(name: str, value: object, known: Iterable[str]) -> Problem | None:
    """Return what is wrong with a name that must be one of several."""
    names = tuple(known)
    if value in names:
        return None
    near = closest(str(value)[:40], names)
    return Problem(
        "SV674",
        f"unknown {name} `{str(value)[:40]}`. Known: {listed(names)}.",
        help=f"write `{near}`." if near else "",
        path=name,
    )


def too_few(name: str, count: int, least: int) -> Problem | None:
    """Return the problem of a sequence that is too short for the formula."""
    if count >= least:
        return None
    return Problem("SV675", f"`{name}` holds {count}: at least {least} are needed.", path=name)
