"""Selectors for people, and which of them lie inside which."""

from __future__ import annotations

from collections.abc import Sequence

from servstd.lint.domains import implies
from servstd.standards.selector import Part, Selection, VerdictPart


def event_words(selection: Selection) -> str:
    """Return the events of a selector for a message: `` `reply.sent` ``."""
    names = sorted(selection.events)
    return listed_or(names) if names else f"“{selection.sentence()}”"


def listed_or(names: Sequence[object]) -> str:
    """Return names in backticks, joined by `or`.

    Example:
        >>> listed_or(["a", "b", "c"])
        '`a`, `b` or `c`'
    """
    ticked = [f"`{name}`" for name in names]
    return ticked[0] if len(ticked) == 1 else f"{', '.join(ticked[:-1])} or {ticked[-1]}"


def counted(count: int, what: str) -> str:
    """Return a number of things.

    Example:
        >>> counted(1, "case"), counted(1200, "case")
        ('1 case', '1,200 cases')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def inside(one: Selection, other: Selection) -> list[Part]:
    """Return the parts of a selector all of whose events another selector takes as well."""
    return [part for part in one.any_of if any(_takes(wider, part) for wider in other.any_of)]


def _takes(wider: Part, part: Part) -> bool:
    if _name(wider) != _name(part):
        return False
    if wider.where is None or wider.where == part.where:
        return True
    return part.where is not None and implies(part.where.root, wider.where.root)


def _name(part: Part) -> str:
    return part.event if isinstance(part, VerdictPart) else part.name
