"""What loads but cannot be meant: a table of sorts of finding, each a small pure function over a book and a log."""

from __future__ import annotations

from servstd.lint.finding import SEVERITIES, Finding, Severity
from servstd.lint.running import lint

__all__ = ["SEVERITIES", "Finding", "Severity", "lint"]
