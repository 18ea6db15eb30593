"""Which kinds of event a standard of plain data names, for what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SELECTORS = ("start", "stop", "stop_all", "cancel", "reset", "pause", "resume", "reopen_on",
              "event", "missing_by", "then", "needs", "count", "ends", "extend", "after", "until")  # fmt: skip


def weighted(standard: Mapping[str, Any]) -> list[str]:
    """Return the kinds of event to draw from: those that open and close more often than the rest."""
    often = [standard.get(name) for name in ("start", "stop", "start", "stop", "event", "needs", "then")]
    level = standard.get("level") or {}
    often += [level.get(name) for name in ("plus", "plus", "plus", "on", "on", "minus")]
    return sorted(kinds_named(standard)) + [kind for each in often for kind in sorted(kinds_in(each))]


def kinds_named(standard: Mapping[str, Any]) -> set[str]:
    """Return the kinds of event that a standard names."""
    found: set[str] = set()
    for name in SELECTORS:
        found |= kinds_in(standard.get(name))
    level = standard.get("level") or {}
    for name in ("plus", "minus", "on"):
        found |= kinds_in(level.get(name))
    found |= kinds_in((standard.get("sum") or {}).get("of"))
    state = standard.get("time_in") or {}
    found |= kinds_in([state[name] for name in ("from", "to") if name in state])
    within = standard.get("within")
    if isinstance(within, str) and within.endswith(" call.ring"):
        found.add("call.ring")
    return found


def kinds_in(selector: Any) -> set[str]:
    """Return the kinds of event in a selector: text, a list of them, or a mapping with `event`."""
    if isinstance(selector, str):
        return {selector}
    if isinstance(selector, list):
        return {kind for each in selector for kind in kinds_in(each)}
    return kinds_in(selector.get("event")) if isinstance(selector, dict) else set()
