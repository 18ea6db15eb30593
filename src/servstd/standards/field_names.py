"""Names of fields, where a book names some and nothing can be reckoned: `case`, `by`, `match`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import AfterValidator

from servstd.errors import StandardsError
from servstd.expressions import parse_name


def bare(written: Any) -> Any:
    """Return a name, or several, without their dollar signs.

    Args:
        written: `region`, `$region`, `${Due by Time}`, a list of such names, or None.

    Raises:
        StandardsError: SV197, more than a name.

    Example:
        >>> bare("$region"), bare(["$region", "team"]), bare(None)
        ('region', ['region', 'team'], None)
    """
    if isinstance(written, str):
        return parse_name(written).name
    if not isinstance(written, Sequence):
        return written
    found = []
    for place, name in enumerate(written):
        try:
            found.append(bare(name))
        except StandardsError as failure:
            raise StandardsError([one.at(path=f"[{place}]") for one in failure.problems]) from None
    return found


NAMES: Final = AfterValidator(bare)
"""Marks a field of a model that takes the names of fields."""
