"""Arithmetic in the fields of an event and its case: names are put in as fractions, and Python reckons."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from oracle.conditions import ABSENT, Facts

NAME = re.compile(r"\$([\w.]+)")


def number_of(value: object) -> Fraction | None:
    """Return what a number, or a text of digits, says; true and false are none."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return Fraction(str(value)) if is_number or re.fullmatch(r"-?\d+", str(value)) else None


def is_arithmetic(text: object) -> bool:
    """Say whether a text is more than a name, and no time before or after an instant."""
    return isinstance(text, str) and "$" in text and bool(re.search(r"[-+*/(]", text))


def reckon(text: str, facts: Facts) -> Fraction | None:
    """Return what arithmetic gives; None where a field is not carried, or is no number."""
    held = {
        name: number_of(value) for name in NAME.findall(text) if (value := facts.read(name)) is not ABSENT
    }
    if set(held) != set(NAME.findall(text)) or None in held.values():
        return None
    names = {"ceil": math.ceil, "floor": math.floor, "min": min, "max": max, "Fraction": Fraction}
    written = re.sub(r"(?<![\w$.])(\d+(?:\.\d+)?)", r"Fraction('\1')", text)
    written = NAME.sub(lambda found: f"Fraction('{held[found[1]]}')", written)
    return Fraction(eval(written, {"__builtins__": {}}, names))  # noqa: S307 - what is put in are fractions
