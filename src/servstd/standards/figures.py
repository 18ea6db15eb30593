"""The figures of a verdict as payments and weights read them: `hours($elapsed)`, `$margin`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from servstd.engine.obligation import FIGURES
from servstd.errors import Problem, listed
from servstd.expressions import Call, Expression, Field
from servstd.expressions.nodes import LENGTHS, walked

READ: Final = ("elapsed", "limit", "margin")
"""The figures that are lengths of time or numbers, in which something can be reckoned."""

GROWING: Final = ("elapsed", "margin")
"""Those that change as long as nothing has ended what they are figures of."""


def unreckonable(expression: Expression, kinds: Collection[str], *, path: str) -> Iterator[Problem]:
    """Yield the problem of each name in what is reckoned from a verdict that can never give a number there.

    A name is that of a figure of the verdict, else of a field that its case carries at last. `$case.limit` is always
    the field.

    Args:
        expression: What is reckoned.
        kinds: What the standard counts: `time`, `dates`, `number`; several where its limits differ.
        path: Where it stands.
    """
    inside = {
        one
        for part in walked(expression)
        if isinstance(part, Call) and part.function in LENGTHS
        for one in part.arguments
    }
    for one in sorted(expression.references, key=lambda field: (field.name, field.scope)):
        if (found := _wrong(one, kinds, is_length=one in inside)) is not None:
            said, help_ = found
            yield Problem("SV196", said, help=help_, path=path)


def _wrong(one: Field, kinds: Collection[str], *, is_length: bool) -> tuple[str, str] | None:
    """Return what is wrong with a name, and how it is mended; None where nothing is."""
    if one.scope == "event" or one.is_time:
        said = f"`{one.spelled}` is of an event, and this is reckoned when all events are known."
        return said, f"write `${one.name}`, what the case carried at last; or a figure: {_known()}."
    if one.scope or one.name not in FIGURES:
        return None
    own = f"a field of the case that is called so is `$case.{one.name}`"
    if one.name not in READ:
        return f"`${one.name}` is no number.", f"read a figure that is: {_known()}; {own}."
    if not is_length and set(kinds) == {"time"}:
        said = f"`${one.name}` is a length of time here, and a number is asked for."
        return said, f"write `hours(${one.name})` or `minutes(${one.name})`; {own}."
    if is_length and "time" not in kinds:
        return f"`${one.name}` is no length of time here but a number.", f"write `${one.name}` alone; {own}."
    return None


def _known() -> str:
    return listed([f"${name}" for name in READ])
