"""What the lint finds: a problem of a book that loads, with how much it matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from servstd.errors import Problem

Severity: TypeAlias = Literal["error", "warning", "info"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")
"""The gravest first."""


@dataclass(frozen=True, slots=True)
class Finding(Problem):
    """Say what loads but cannot be meant: a problem with its severity and the standard that it is about.

    Args:
        severity: `error`: the book contradicts itself, or holds what can have no effect. `warning`: hardly meant.
            `info`: worth a look, often meant.
        standard: The id of the standard; empty where the finding is about the book.

    Example:
        >>> print(Finding("SV551", "no standard counts on the calendar `night`.", path="calendars.night"))
        SV551 warning  calendars.night
          no standard counts on the calendar `night`.
    """

    severity: Severity = "warning"
    standard: str = ""

    @property
    def label(self) -> str:
        """Its code and severity."""
        return f"{self.code} {self.severity}"
