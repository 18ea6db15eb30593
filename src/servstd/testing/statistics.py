"""What generated scenarios exercise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from servstd.testing.scenarios import Scenario
from servstd.testing.selectors import SELECTORS, kinds_in


@dataclass
class Statistics:
    """Count what generated scenarios exercise, to see that nothing that matters is rare.

    Example:
        >>> statistics = Statistics()
        >>> statistics.add(Scenario({"standards": []}, [], 0), [])
        >>> str(statistics).splitlines()[0]
        '1 scenarios, 0 events, 0 verdicts'
    """

    scenarios: int = 0
    events: int = 0
    verdicts: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, scenario: Scenario, verdicts: Iterable[Mapping[str, Any]]) -> None:
        """Count one scenario and its verdicts.

        Args:
            scenario: What was judged.
            verdicts: Its verdicts: mappings with at least `standard`, `outcome`, `margin`, `paused`, `tie`
                and the instants.
        """
        self.scenarios += 1
        self.events += len(scenario.events)
        specs = {standard["id"]: standard for standard in scenario.book["standards"]}
        for standard in specs.values():
            self._add_settings(standard)
            self._add_signals(standard, scenario.events)
        stamps = Counter(
            (event["t"], event["sequence"], str(event["fields"].get("case"))) for event in scenario.events
        )
        self.counts["event", "shares its stamp"] += sum(number for number in stamps.values() if number > 1)
        for verdict in verdicts:
            self.verdicts += 1
            self._add_verdict(specs[verdict["standard"]], verdict)

    def _add_settings(self, standard: Mapping[str, Any]) -> None:
        kind = standard["kind"]
        for name in (
            "recurs", "reopen", "boundary", "on_return", "pauses", "calendar", "on_change", "per", "position",
        ):  # fmt: skip
            if isinstance(standard.get(name), str):
                self.counts[f"{kind} {name}", standard[name]] += 1
            elif isinstance(standard.get(name), dict):
                self.counts[f"{kind} {name}", next(iter(standard[name]))] += 1
        if kind == "respond":
            self.counts["respond limit", _sort_of(standard)] += 1
        for name in standard:
            self.counts[f"{kind} has", name] += 1

    def _add_signals(self, standard: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> None:
        selectors = [kinds_in(standard.get(name)) for name in SELECTORS]
        for event in events:
            several = sum(event["kind"] in kinds for kinds in selectors) > 1
            self.counts["event", "gives several signals"] += several

    def _add_verdict(self, standard: Mapping[str, Any], verdict: Mapping[str, Any]) -> None:
        marks = {
            "exactly at the limit": verdict["margin"] == 0,
            "tie": bool(verdict["tie"]),
            "breached by silence": verdict["outcome"] == "breached" and verdict["ended_at"] is None,
            "ended after its breach": verdict["outcome"] == "breached" and verdict["ended_at"] is not None,
            "paused": bool(verdict["paused"]),
            "no due instant": verdict["due_at"] is None,
            "opened and ended at once": verdict["started_at"] == verdict["ended_at"],
            "a later one of its case": verdict.get("occurrence", 1) > 1,
        }
        self.counts[standard["kind"], verdict["outcome"]] += 1
        for mark, is_so in marks.items():
            self.counts["verdict", mark] += is_so

    def __str__(self) -> str:
        head = f"{self.scenarios} scenarios, {self.events} events, {self.verdicts} verdicts"
        rows = [
            f"{group:<22} {name:<28} {number:>7}" for (group, name), number in sorted(self.counts.items())
        ]
        return "\n".join([head, *rows])


def _sort_of(standard: Mapping[str, Any]) -> str:
    """Return what sort of limit a clock has."""
    within = standard.get("within", standard.get("every"))
    if isinstance(within, dict):
        return "by a table" if "by" in within else "of several"
    if any("rows" in row for row in standard.get("overrides", ())):
        return "by a table"
    if "$" in within:
        return "instant" if "promised" in within else "by a field"
    if within.endswith(" call.ring"):
        return "count"
    return "dates" if within.rstrip("s").endswith(("day", "week", "month")) else "duration"
