"""Names that tables of overrides set: limits read them, and nothing else does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from servstd.conditions import Condition
from servstd.errors import Problem
from servstd.models import Model, join_path
from servstd.standards.selector import Selection

if TYPE_CHECKING:
    from servstd.standards.base import Standard

TERMS: Final = ("within", "calendar", "at_least", "at_most", "objective")
"""What a row of a table may set besides names of its own."""
_LIMITS: Final = ("within", "every", "at_least", "at_most", "extend.within", "extend.by")
_WORDS: Final = ("title", "description", "owner", "tags", "source", "accepted", "readings")
_NAMED = re.compile(r"\$(?:case\.|event\.)?([^\W\d]\w*)")


def misread(standard: Standard) -> Iterator[Problem]:
    """Yield a problem for each place that reads a name of a table, and where no table reaches.

    A row of a table is chosen when a limit is. Conditions are asked of every event, before there is a row: there such
    a name would be a field that no event carries, and what reads it would never hold.

    Args:
        standard: Its overrides and keys as read.
    """
    names = {
        name
        for row in standard.override_rows
        for line in row.lines
        for name in line.sets
        if name not in TERMS
    }
    if not names:
        return
    for key, field in type(standard).model_fields.items():
        if key not in (*_WORDS, "overrides"):
            yield from _misread(field.alias or key, getattr(standard, key), names)
    for place, row in enumerate(standard.override_rows):
        yield from _misread(f"overrides[{place}].when", row.when, names)


def _misread(path: str, value: object, names: set[str]) -> Iterator[Problem]:
    if path in _LIMITS:
        return
    for name in sorted(names & _read_by(value)):
        yield Problem(
            "SV188",
            f"`${name}` is set by a table of overrides, which only limits read, and not `{path}`.",
            help="write a condition for each value, `any: [{plan: gold, minutes: {gt: 5}}, …]`; or let the events "
            f"carry `{name}`, and take it out of `set:`.",
            path=path,
        )
    if isinstance(value, Selection | Condition | str):
        return
    if isinstance(value, Model):
        for key, field in type(value).model_fields.items():
            yield from _misread(join_path(path, field.alias or key), getattr(value, key), names)
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield from _misread(join_path(path, str(key)), held, names)
    elif isinstance(value, Sequence):
        for place, held in enumerate(value):
            yield from _misread(f"{path}[{place}]", held, names)


def _read_by(value: object) -> frozenset[str]:
    if isinstance(value, Selection | Condition):
        return value.fields
    return frozenset(_NAMED.findall(value)) if isinstance(value, str) else frozenset()
