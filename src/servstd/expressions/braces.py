"""Names of fields with blanks or signs in them, which stand in braces: `${Due by Time}`."""

from __future__ import annotations

import re

_SPAN_BEFORE = re.compile(r"^[0-9$][^{}]{0,60}?\s(?:before|after)\s+", re.IGNORECASE)
_IN_BRACES = re.compile(r"\{\s*\$?\s*(?P<name>[^\W\d][^{}$]*?)\s*\}")
_BARE = re.compile(r"\$\s*(?P<name>[^\W\d][\w.]*(?:[ /&'#-]+[^\W\d_][\w.]*)+)")


def in_braces(text: str) -> str:
    """Return the remedy for a name that is not in braces and has to be; empty where no such name stands.

    Args:
        text: What cannot be read.

    Example:
        >>> in_braces("48 hours before $Due by Time")
        'a name with blanks or signs stands in braces: write `"48 hours before ${Due by Time}"`.'
        >>> in_braces("$due_at")
        ''
    """
    if "${" in text or len(text) > 200:
        return ""
    found = _IN_BRACES.search(text) or _BARE.search(text, _start_of_name(text))
    if found is None or not re.search(r"[^\w.]", found["name"]):
        return ""
    written = f"{text[: found.start()]}${{{found['name']}}}{text[found.end() :]}"
    return f'a name with blanks or signs stands in braces: write `"{written}"`.'


def _start_of_name(text: str) -> int:
    """Return from where the name of a field stands: behind a span, which may count by another field."""
    span = _SPAN_BEFORE.match(text)
    return span.end() if span else 0
