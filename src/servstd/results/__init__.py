"""Results: verdicts in columns, the report over them, and the evidence for each."""

from __future__ import annotations

from servstd.results.evidence import Evidence, EvidenceInterval
from servstd.results.report import Judged, Report
from servstd.results.verdict import Verdict
from servstd.results.verdicts import Verdicts

__all__ = ["Evidence", "EvidenceInterval", "Judged", "Report", "Verdict", "Verdicts"]
